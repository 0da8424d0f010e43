// Posting lists: which pieces of pages may contain a text, by the lists of its n-grams and what follows these.
import { fetchBytes } from "./files.js";
import { contextOf, coveringGrams, encodeAmount, encodeGram, hashGram, overlapStart } from "./words.js";

const MAX_GRAMS = 8;
const MAX_CONTEXTS = 24000; // Pieces in the lists of contexts together; two are read in any case.
const MORE_CONTEXTS = 1 << 15; // Set in a context that is followed by another one of the same piece.

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

  take(size) {
    this.position += size;
    return this.data.subarray(this.position - size, this.position);
  }
}

const shardOf = (codes, index) => hashGram(codes) >>> (16 - index.bits);
const fetchShard = (codes, index) => fetchBytes(`grams/${shardOf(codes, index)}.bin`, index.folder);

// The three lists of an n-gram (pieces, pieces with it in a name, in the title), and its number in the
// shard; null if it occurs nowhere.
async function fetchLists(codes, index) {
  const data = await fetchShard(codes, index);
  const reader = new Reader(data);
  for (let number = 0; reader.position < data.length; number += 1) {
    const same = (reader.readNumber() === codes[0]) & (reader.readNumber() === codes[1]);
    const sizes = [reader.readNumber(), reader.readNumber(), reader.readNumber()];
    if (same) return { number, codes, levels: sizes.map((size) => reader.take(size)) };
    reader.position += sizes[0] + sizes[1] + sizes[2];
  }
  return null;
}

// What follows an n-gram, piece by piece.
async function fetchContexts({ number, codes }, index) {
  const reader = new Reader(await fetchBytes(`contexts/${shardOf(codes, index)}.bin`, index.folder));
  for (let skipped = 0; skipped < number; skipped += 1) reader.take(reader.readNumber());
  return reader.take(reader.readNumber());
}

// Visit the pieces of a list in order.
function visitPieces(list, index, visit) {
  const reader = new Reader(list);
  for (let unit = -1; reader.position < list.length;) {
    unit += reader.readNumber() + 1;
    const { from, pieces } = index.units[unit];
    const head = reader.readNumber();
    if (head === 0) for (let piece = 0; piece < pieces; piece += 1) visit(from + piece);
    else if (head === 1) visit(from + reader.readNumber());
    else {
      for (let byte = 0; byte < head - 1; byte += 1) {
        for (let bits = list[reader.position + byte], bit = 0; bits; bits >>= 1, bit += 1) {
          if (bits & 1) visit(from + byte * 8 + bit);
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
  await Promise.all(final.map(({ gram }) => fetchShard(encodeGram(gram), index)));
  return !open;
}

// Pieces that contain all n-grams of a text, and the hit level by piece: 1 in their text, 2 in a name,
// 3 in the title. `exact` tells whether such a piece is known to contain the text itself.
export async function findCandidates(text, index) {
  const { grams, exact } = coveringGrams(overlapStart(text), MAX_GRAMS);
  const codes = [...new Map(grams.map(({ gram }) => [gram, encodeGram(gram)]))];
  const found = await Promise.all(codes.map(([, pair]) => fetchLists(pair, index)));
  const byGram = new Map(codes.map(([gram], number) => [gram, found[number]]));
  const missing = grams.filter(({ gram }) => !byGram.get(gram)).map(({ gram }) => gram);
  const chars = [...text];
  const contexts = grams.map(({ gram, position }) => ({ ...contextOf(chars.slice(position + [...gram].length).join("")), ...byGram.get(gram) }));
  return { ...intersect(missing.length ? [] : found, index), exact, contexts: missing.length ? [] : contexts.filter(({ mask }) => mask), missing };
}

// Pieces that contain an amount, given by its key.
export async function findAmountCandidates(key, index) {
  const lists = await fetchLists(encodeAmount(key), index);
  return { ...intersect(lists ? [lists] : [], index), exact: false, contexts: [], missing: [] };
}

function intersect(found, index) {
  const hitLevels = new Uint8Array(index.pageOf.length);
  const pieces = [];
  const full = found.length;
  const lists = [...found].sort((left, right) => left.levels[0].length - right.levels[0].length);
  for (let level = 0; full && level < 3; level += 1) {
    if (lists.some(({ levels }) => !levels[level].length)) continue;
    const counts = new Uint8Array(hitLevels.length);
    lists.forEach(({ levels }, number) => {
      // Only pieces that were in all lists before.
      visitPieces(levels[level], index, (piece) => { if (counts[piece] === number) counts[piece] += 1; });
    });
    if (!level) for (let piece = counts.indexOf(full); piece >= 0; piece = counts.indexOf(full, piece + 1)) pieces.push(piece);
    for (const piece of pieces) if (counts[piece] === full) hitLevels[piece] = level + 1;
  }
  return { hitLevels, pieces };
}

// Drop the candidates in which something else follows the rarest n-grams.
export async function narrowCandidates(candidates, index) {
  const { contexts, pieces, hitLevels } = candidates;
  const rarest = [...contexts].sort((left, right) => left.levels[0].length - right.levels[0].length);
  const fits = new Uint8Array(hitLevels.length);
  for (const piece of pieces) fits[piece] = 1;
  let total = 0;
  for (const [number, { value, mask, levels, ...gram }] of rarest.entries()) {
    if (number > 1 && total > MAX_CONTEXTS) break;
    const data = await fetchContexts(gram, index);
    let position = 0;
    visitPieces(levels[0], index, (piece) => {
      let fitsHere = 0;
      let context = MORE_CONTEXTS;
      while (context & MORE_CONTEXTS) {
        context = data[position] | (data[position + 1] << 8);
        if ((context & mask) === value) fitsHere = 1;
        position += 2;
      }
      fits[piece] &= fitsHere;
      total += 1;
    });
  }
  for (const piece of pieces) if (!fits[piece]) hitLevels[piece] = 0;
  return { ...candidates, pieces: pieces.filter((piece) => fits[piece]) };
}
