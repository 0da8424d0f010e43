// Which pages may hold a text: the lists of its sequences of two, put together.
import { bytes } from "./files.js";
import { gram, grams, hash, start } from "./words.js";

const MOST = 8;
export class Changed extends Error {}

class Reader {
  constructor(data, at = 0) {
    this.data = data;
    this.at = at;
  }

  number() {
    let made = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = this.data[this.at];
      this.at += 1;
      made += (byte & 127) * shift;
      if (byte < 128) return made;
    }
  }
}

const key = (data) => Array.from(data.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");

const shard = (codes, all) => bytes(`grams/${hash(codes) >>> (16 - all.bits)}.bin`);

// The three lists of a gram (pages, pages with it in a name, in the title); null where it is nowhere.
async function lists(signs, all) {
  const codes = gram(signs);
  const data = await shard(codes, all);
  if (key(data) !== all.key) throw new Changed();
  const reader = new Reader(data, 8);
  while (reader.at < data.length) {
    const same = (reader.number() === codes[0]) & (reader.number() === codes[1]);
    const sizes = [reader.number(), reader.number(), reader.number()];
    if (same) {
      return sizes.map((size) => {
        reader.at += size;
        return data.subarray(reader.at - size, reader.at);
      });
    }
    reader.at += sizes[0] + sizes[1] + sizes[2];
  }
  return null;
}

// Raise the mark of a list's pages that have been in every list before.
function raise(list, all, marks, mark) {
  const reader = new Reader(list);
  const see = (piece) => {
    if (marks[piece] === mark) marks[piece] += 1;
  };
  for (let unit = -1; reader.at < list.length;) {
    unit += reader.number() + 1;
    const { from, pieces } = all.units[unit];
    const head = reader.number();
    if (head === 0) for (let page = 0; page < pieces; page += 1) see(from + page);
    else if (head === 1) see(from + reader.number());
    else {
      for (let byte = 0; byte < head - 1; byte += 1) {
        for (let bits = list[reader.at + byte], bit = 0; bits; bits >>= 1, bit += 1) {
          if (bits & 1) see(from + byte * 8 + bit);
        }
      }
      reader.at += head - 1;
    }
  }
}

// The shards that a text needs, whatever is typed after it, are fetched. Whether these are all it needs.
export async function early(text, all) {
  const { wanted, open } = grams(text, text.length + 1);
  if (wanted.length > MOST) return false;
  const kept = open ? wanted.slice(0, -1) : wanted;
  await Promise.all(kept.map((each) => shard(gram(each), all)));
  return !open;
}

// Marks of the pieces that have all grams: 1 in their text, 2 in a name, 3 in the title; and these pieces.
// `sure` tells whether such a page is known to hold the text itself.
export async function candidates(text, all) {
  const { wanted, sure } = grams(start(text), MOST);
  const found = await Promise.all(wanted.map((each) => lists(each, all)));
  const marks = new Uint8Array(all.owner.length);
  const held = [];
  if (found.includes(null)) return { marks, held, sure: true, shards: wanted.length };
  found.sort((one, other) => one[0].length - other[0].length);
  for (let level = 0; level < 3; level += 1) {
    if (found.some((each) => !each[level].length)) continue;
    const seen = new Uint8Array(marks.length);
    found.forEach((each, at) => raise(each[level], all, seen, at));
    const every = found.length;
    if (!level) for (let piece = seen.indexOf(every); piece >= 0; piece = seen.indexOf(every, piece + 1)) held.push(piece);
    for (const piece of held) if (seen[piece] === every) marks[piece] = level + 1;
  }
  return { marks, held, sure, shards: wanted.length };
}
