// The index as it is read: the table of all pages, posting lists by which some may contain a text, and the
// texts themselves.
import { fetchBytes, fetchJson, indexFolder } from "./files.js";
import { contextOf, coveringGrams, encodeAmount, encodeGram, hashGram, normalize, overlapStart } from "./words.js";

const ZERO = 48;
const MAX_PIECES = 9; // Pieces over which a text is followed.
const FIRST_OTHER_KIND = 5; // Kinds from this number on are lists and guides.
const GUIDE_KIND = 6;
const MAX_GRAMS = 8;
const MAX_CONTEXTS = 24000; // Pieces in the lists of contexts together; two are read in any case.
const MORE_CONTEXTS = 1 << 15; // Set in a context that is followed by another one of the same piece.
const COLUMNS = { kind: "kinds", year: "years", grade: "grades" };

export async function loadPages() {
  const folder = await indexFolder();
  const data = await fetchJson("pages.json.bin", folder);
  if (!data.parsed) data.parsed = { ...parsePages(data), folder };
  return data.parsed;
}

function parsePages(data) {
  const count = data.blocks.length;
  const unit = new Uint16Array(count);
  const block = new Uint32Array(count);
  const firstPiece = new Uint32Array(count + 1); // By page; its other pieces follow.
  const pageOf = []; // By piece.
  let first = 0;
  const units = data.units.map(([slug, name, otherNames, department, size], number) => {
    const end = first + size;
    unit.fill(number, first, end);
    for (let page = first, next = 0; page < end; page += 1) {
      const blockCount = data.blocks.charCodeAt(page) - ZERO; // Blocks that begin with this page.
      firstPiece[page + 1] = firstPiece[page] + Math.max(1, blockCount);
      block[page] = blockCount ? next : next - 1;
      next += blockCount;
      for (let piece = firstPiece[page]; piece < firstPiece[page + 1]; piece += 1) pageOf.push(page);
    }
    const row = { slug, name, otherNames, department, first, from: firstPiece[first], pieces: firstPiece[end] - firstPiece[first] };
    first = end;
    return row;
  });
  const decodeColumn = (name) => Uint8Array.from(data[COLUMNS[name]], (char) => char.charCodeAt(0) - ZERO);
  const columns = { kind: decodeColumn("kind"), year: decodeColumn("year"), grade: decodeColumn("grade"), unit };
  columns.department = Uint16Array.from(unit, (number) => units[number].department);
  const values = {
    kind: ["", ...data.kind],
    year: ["", ...data.year],
    grade: ["", ...data.grade],
    department: ["", ...data.department],
    unit: units.map(({ slug }) => slug),
  };
  const ageOfYear = (value) => 9999 - Number(value || 9999);
  const ages = [...new Set([0, ...data.year.map(ageOfYear), 9999])].sort((left, right) => left - right);
  const ranks = values.year.map((value) => ages.indexOf(ageOfYear(value)));
  // Age rank of every page: 0 for the newest year and for pages without a year; lists rank as oldest.
  const ageRank = Uint8Array.from(columns.year, (year, page) => (columns.kind[page] >= FIRST_OTHER_KIND ? ages.length - 1 : ranks[year]));
  // Rank by kind: pages of units, then lists, then rules, dictionary and guides.
  const kindRank = Uint8Array.from(columns.kind, (kind) => (kind < FIRST_OTHER_KIND ? 0 : kind < GUIDE_KIND ? 1 : 2));
  return { count, units, block, ageRank, kindRank, ageCount: ages.length, firstPiece, pageOf, columns, values, bits: data.bits };
}

// A piece of a page, by its number: sections, overlap with the next piece, and then what the page is
// (first piece) or the heading in force (other pieces).
async function loadPiece(index, page, number) {
  const unit = index.units[index.columns.unit[page]];
  const texts = await fetchJson(`text/${unit.slug}/${index.block[page] + number}.json.bin`, index.folder);
  let first = page;
  while (first > unit.first && index.block[first - 1] === index.block[page]) first -= 1;
  return texts[page - first];
}

const rawText = (sections) => sections.map(([, heading, body]) => heading + body).join("");

function normalizedPiece(piece) {
  if (piece.content === undefined) piece.content = normalize(rawText(piece[0]));
  return piece.content;
}

// Find a text in a page: the sections that contain it, and the heading in force above them (empty for
// the page's first ones); null if none does. Only pieces for which `mayContain` is true are loaded first.
export async function findInPage(index, page, text, mayContain) {
  const first = index.firstPiece[page];
  const count = index.firstPiece[page + 1] - first;
  for (let number = 0; number < count; number += 1) {
    if (!mayContain(first + number)) continue;
    const piece = await loadPiece(index, page, number);
    let [sections] = piece;
    let content = normalizedPiece(piece);
    let matches = content.includes(text);
    if (!matches && (content + piece[1]).includes(overlapStart(text))) {
      for (let last = number + 1; !matches && last < count && last < number + MAX_PIECES; last += 1) {
        const next = await loadPiece(index, page, last);
        sections = sections.concat(next[0]);
        content += normalizedPiece(next);
        matches = content.includes(text);
      }
    }
    if (matches) return { heading: number ? piece[2] : "", sections, content };
  }
  return null;
}

// Find an amount in a page: as above, with the forms in which it stands there.
export async function findAmountInPage(index, page, { formsIn }, mayContain) {
  const first = index.firstPiece[page];
  for (let number = 0; first + number < index.firstPiece[page + 1]; number += 1) {
    if (!mayContain(first + number)) continue;
    const piece = await loadPiece(index, page, number);
    const forms = [...new Set(piece[0].flatMap(([, , body]) => formsIn(body)))];
    if (forms.length) return { heading: number ? piece[2] : "", sections: piece[0], content: normalizedPiece(piece), forms };
  }
  return null;
}

// The section of a page whose anchor begins like this, among those of its piece; null if there is none.
export async function findSection(index, page, beginning) {
  const count = index.firstPiece[page + 1] - index.firstPiece[page];
  for (let number = 0; number < count; number += 1) {
    const [sections, , heading] = await loadPiece(index, page, number);
    const found = sections.find(([anchor]) => anchor.startsWith(beginning));
    if (found) return { heading: number ? heading : "", sections, anchor: found[0] };
  }
  return null;
}

// Address, title and figures of a page.
export async function describePage(index, page) {
  const [, , url, title, figures] = await loadPiece(index, page, 0);
  return { url, title, figures };
}

// The normalized text of a piece.
export async function pageContent(index, piece) {
  const page = index.pageOf[piece];
  return normalizedPiece(await loadPiece(index, page, piece - index.firstPiece[page]));
}

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
