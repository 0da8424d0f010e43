// Table of all pages: unit, kind, year, grade and text block of every page; search within a page.
import { fetchJson, indexFolder } from "./files.js";
import { amountsIn } from "./amounts.js";
import { normalize, overlapStart } from "./words.js";

const ZERO = 48;
const MAX_PIECES = 9; // Pieces over which a text is followed.
const FIRST_OTHER_KIND = 5; // Kinds from this number on are lists and guides.
const GUIDE_KIND = 6;
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

// Find an amount in a page, given by its parts: as above, with the forms in which it stands there.
export async function findAmountInPage(index, page, parts, mayContain) {
  const first = index.firstPiece[page];
  for (let number = 0; first + number < index.firstPiece[page + 1]; number += 1) {
    if (!mayContain(first + number)) continue;
    const piece = await loadPiece(index, page, number);
    const forms = [...new Set(piece[0].flatMap(([, , body]) => amountsIn(body, parts)))];
    if (forms.length) return { heading: number ? piece[2] : "", sections: piece[0], content: normalizedPiece(piece), forms };
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
