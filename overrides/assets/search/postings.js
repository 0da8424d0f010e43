// Posting lists: which pages may contain a text, by intersecting the lists of its n-grams.
import { fetchBytes } from "./files.js";
import { coveringGrams, encodeGram, hashGram, overlapStart } from "./words.js";

const MAX_GRAMS = 8;

class Reader {
  constructor(data, position = 0) {
    this.data = data;
    this.position = position;
  }

  // The next LEB128 number.
  readNumber() {
    let number = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.data[this.position];
      this.position += 1;
      number += (byte & 127) * factor;
      if (byte < 128) return number;
    }
  }
}

const fetchShard = (codes, index) => fetchBytes(`grams/${hashGram(codes) >>> (16 - index.bits)}.bin`, index.folder);

// The three lists of an n-gram (pages, pages with it in a name, in the title); null if it occurs nowhere.
async function fetchLists(gram, index) {
  const codes = encodeGram(gram);
  const data = await fetchShard(codes, index);
  const reader = new Reader(data);
  while (reader.position < data.length) {
    const same = (reader.readNumber() === codes[0]) & (reader.readNumber() === codes[1]);
    const sizes = [reader.readNumber(), reader.readNumber(), reader.readNumber()];
    if (same) {
      return sizes.map((size) => {
        reader.position += size;
        return data.subarray(reader.position - size, reader.position);
      });
    }
    reader.position += sizes[0] + sizes[1] + sizes[2];
  }
  return null;
}

// Increment the counts of a list's pieces that were in all lists before, i.e. whose count is `expected`.
function countPieces(list, index, counts, expected) {
  const reader = new Reader(list);
  const increment = (piece) => {
    if (counts[piece] === expected) counts[piece] += 1;
  };
  for (let unit = -1; reader.position < list.length;) {
    unit += reader.readNumber() + 1;
    const { from, pieces } = index.units[unit];
    const head = reader.readNumber();
    if (head === 0) for (let piece = 0; piece < pieces; piece += 1) increment(from + piece);
    else if (head === 1) increment(from + reader.readNumber());
    else {
      for (let byte = 0; byte < head - 1; byte += 1) {
        for (let bits = list[reader.position + byte], bit = 0; bits; bits >>= 1, bit += 1) {
          if (bits & 1) increment(from + byte * 8 + bit);
        }
      }
      reader.position += head - 1;
    }
  }
}

// Fetch the shards that a text needs, whatever is typed after it; return whether these are all.
export async function prefetchShards(text, index) {
  const { grams, open } = coveringGrams(text, text.length + 1);
  if (grams.length > MAX_GRAMS) return false;
  const final = open ? grams.slice(0, -1) : grams;
  await Promise.all(final.map((gram) => fetchShard(encodeGram(gram), index)));
  return !open;
}

// Pieces that contain all n-grams of a text, and the hit level by piece: 1 in their text, 2 in a name,
// 3 in the title. `exact` tells whether such a piece is known to contain the text itself.
export async function findCandidates(text, index) {
  const { grams, exact } = coveringGrams(overlapStart(text), MAX_GRAMS);
  const lists = await Promise.all(grams.map((gram) => fetchLists(gram, index)));
  const hitLevels = new Uint8Array(index.pageOf.length);
  const pieces = [];
  if (lists.includes(null)) return { hitLevels, pieces, exact: true, shards: grams.length };
  lists.sort((left, right) => left[0].length - right[0].length);
  for (let level = 0; level < 3; level += 1) {
    if (lists.some((ofGram) => !ofGram[level].length)) continue;
    const counts = new Uint8Array(hitLevels.length);
    lists.forEach((ofGram, number) => countPieces(ofGram[level], index, counts, number));
    const full = lists.length;
    if (!level) for (let piece = counts.indexOf(full); piece >= 0; piece = counts.indexOf(full, piece + 1)) pieces.push(piece);
    for (const piece of pieces) if (counts[piece] === full) hitLevels[piece] = level + 1;
  }
  return { hitLevels, pieces, exact, shards: grams.length };
}
