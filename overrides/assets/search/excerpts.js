// Excerpts of a page: the sentence, or the row of a table with its heads, and the section to which it links.
import { normalize, originalPositions } from "./words.js";

const CONTEXT = 40; // Characters before and after a match in a long sentence.
const CELL_SIZE = 24; // Characters of the other cells of a row.
const LIMIT = 2;
const MAX_TRIES = 6;
const [CELL, HEAD, CITATION, OPEN_CELL] = ["\u007f", "\u0080", "\u0081", "\u0082"]; // See generator/gongkai/search/article_text.py.
const SENTENCE_END = /[。！？；\n]/;
const SEPARATORS = /[\n\u007f-\u0082]+/g;

// Up to two excerpts for what was found of all terms: anchor and name of the section, the parts of the
// text with marks, and the first line that is marked.
export function findExcerpts(finds, title) {
  const texts = finds.flatMap((found) => found.texts);
  const excerpts = [];
  for (const found of finds) {
    const isShown = found.texts.some((text) => excerpts.some(({ plain }) => plain.includes(text)));
    if (excerpts.length >= LIMIT || (excerpts.length && isShown)) continue;
    for (const excerpt of excerptsOf(found, title, finds.length > 1 ? 1 : LIMIT)) {
      if (!excerpts.some(({ plain }) => plain === excerpt.plain)) excerpts.push(excerpt);
    }
  }
  return excerpts.slice(0, LIMIT).map((excerpt) => ({ ...excerpt, parts: markTexts(excerpt.shown, texts) }));
}

// The excerpt of the row of a table that has an anchor.
export function findRow({ heading, sections, anchor }) {
  const places = locateSections(heading, sections);
  const place = places.find((other) => other.anchor === anchor);
  const raw = places[places.length - 1].before + places[places.length - 1].original;
  const lineStart = raw.lastIndexOf("\n", place.before.length - 1) + 1;
  const line = raw.slice(lineStart, raw.indexOf("\n", place.before.length));
  const shown = cutRow(raw, lineStart, line, -1, -1);
  return { anchor, name: place.name, plain: normalize(shown), parts: [{ text: shown, isMarked: false }], firstLine: "" };
}

// Excerpts of one term. The page's title, which is shown anyway, counts only if the text occurs nowhere
// else; the citation never does.
function excerptsOf({ heading, sections, content, texts }, title, limit) {
  const places = locateSections(heading, sections);
  const raw = places.length ? places[places.length - 1].before + places[places.length - 1].original : "";
  const found = [];
  let inTitle = null;
  const titleText = normalize(title);
  for (const text of texts) {
    let tries = 0;
    for (let start = content.indexOf(text); start >= 0 && tries < MAX_TRIES && found.length < limit; start = content.indexOf(text, start + 1)) {
      tries += 1;
      const excerpt = cutExcerpt(places, raw, start, start + text.length);
      if (!excerpt || found.some(({ plain }) => plain === excerpt.plain)) continue;
      if (!heading && start < titleText.length && content.startsWith(titleText)) inTitle = inTitle || excerpt;
      else found.push(excerpt);
    }
  }
  return found.length || !inTitle ? found : [inTitle];
}

// Where every part of the sections begins, in the original and in the normalized text.
function locateSections(heading, sections) {
  const places = [];
  let [name, before, from] = [heading, "", 0];
  for (const [anchor, sectionHeading, body] of sections) {
    name = sectionHeading || name;
    for (const text of [sectionHeading, body]) {
      if (!text) continue;
      const original = text.endsWith(OPEN_CELL) ? text.slice(0, -1) + CELL : `${text}\n`;
      const to = from + normalize(text).length;
      places.push({ anchor, name, original, before, from, to });
      before += original;
      from = to;
    }
  }
  return places;
}

function cutExcerpt(places, raw, start, end) {
  const place = places.find(({ to }) => start < to);
  const lastPlace = places.find(({ to }) => end <= to) || place;
  if (!place) return null;
  const first = place.before.length + originalPositions(place.original)[start - place.from];
  const lastPositions = originalPositions(lastPlace.original);
  const last = lastPlace.before.length + lastPositions[Math.min(end - lastPlace.from, lastPlace.to - lastPlace.from) - 1] + 1;
  const match = raw.slice(first, last);
  const lineStart = raw.lastIndexOf("\n", first - 1) + 1;
  const lineEnd = raw.indexOf("\n", last - 1) < 0 ? raw.length : raw.indexOf("\n", last - 1);
  if (raw[lineStart] === CITATION) return null;
  const line = raw.slice(lineStart, lineEnd);
  const shown = /[\n\u007f]/.test(match) ? cutAround(raw, first, last) : line.includes(CELL) ? cutRow(raw, lineStart, line, first - lineStart, last - lineStart) : cutSentence(line, first - lineStart, last - lineStart);
  return { anchor: place.anchor, name: place.name, shown, plain: normalize(shown), firstLine: match.split(/[\n\u007f]/)[0].trim() };
}

function cutAround(raw, first, last) {
  const [from, to] = [Math.max(0, first - CONTEXT), Math.min(raw.length, last + CONTEXT)];
  return `${from ? "…" : ""}${raw.slice(from, to).replace(SEPARATORS, " ").trim()}${to < raw.length ? "…" : ""}`;
}

// The sentence around a match, or if that is long, what is next to the match.
function cutSentence(line, first, last) {
  let from = first;
  while (from > 0 && !SENTENCE_END.test(line[from - 1])) from -= 1;
  let to = last;
  while (to < line.length && !SENTENCE_END.test(line[to - 1])) to += 1;
  const start = first - from > 2 * CONTEXT ? first - CONTEXT : from;
  const end = to - last > 2 * CONTEXT ? last + CONTEXT : to;
  const text = line.slice(start, end).replace(SEPARATORS, "").trim();
  return `${start > from ? "…" : ""}${text}${end < to ? "…" : ""}`;
}

// A row: the matching cell, and the others shortened, with the heads of their columns.
function cutRow(raw, lineStart, line, first, last) {
  const cells = line.replace(HEAD, "").split(CELL);
  const heads = findHeads(raw, lineStart, cells.length);
  const shift = line.startsWith(HEAD) ? 1 : 0;
  let position = 0;
  return cells.map((cell, number) => {
    const [from, to] = [first - shift - position, last - shift - position];
    position += cell.length + 1;
    const hasMatch = from >= 0 && to <= cell.length;
    const text = hasMatch ? cutSentence(cell, from, to) : cell.length > CELL_SIZE ? `${cell.slice(0, CELL_SIZE)}…` : cell;
    const head = heads[number] && text ? `${heads[number]}：` : "";
    return text.trim() && head + text.trim();
  }).filter(Boolean).join("　");
}

// The heads of the columns of a row, which has as many cells or fewer, because cells above it span it.
function findHeads(raw, lineStart, count) {
  const headStart = raw.lastIndexOf(`\n${HEAD}`, lineStart - 1);
  if (headStart < 0) return [];
  const [head, ...rows] = raw.slice(headStart + 2, lineStart).split("\n");
  const heads = head.split(CELL);
  const isOneTable = rows.slice(0, -1).every((row) => row.includes(CELL) || heads.length === 1);
  return isOneTable && heads.length >= count ? heads.slice(heads.length - count) : [];
}

// The text in parts, of which those that are one of the texts are marked.
function markTexts(shown, texts) {
  const content = normalize(shown);
  const positions = originalPositions(shown);
  const marked = new Uint8Array(shown.length);
  for (const text of texts) {
    for (let start = content.indexOf(text); start >= 0; start = content.indexOf(text, start + text.length)) {
      marked.fill(1, positions[start], positions[start + text.length - 1] + 1);
    }
  }
  const parts = [];
  for (let index = 0; index < shown.length; index += 1) {
    if (!index || marked[index] !== marked[index - 1]) parts.push({ text: "", isMarked: Boolean(marked[index]) });
    parts[parts.length - 1].text += shown[index];
  }
  return parts;
}
