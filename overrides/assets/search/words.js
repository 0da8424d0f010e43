// Text normalization and n-grams; the build does the same (generator/gongkai/search/normalize.py, ngrams.py).
const BLANK = /[\s\u001c-\u001f\u007f-\u0082\u0085\u00ad\u200b\u200c\u200d\u2060\ufeff]/u;
const MARKS = /[\u0300-\u0337\u0339-\u036f\u3099\u309a]/g; // Accents, and the marks of voiced kana.
const VARIANTS = new Map(
  [..."〔［【〖〘[{"].map((char) => [char, "("])
    .concat([..."〕］】〗〙]}"].map((char) => [char, ")"]))
    .concat([["≧", "≥"], ["⩾", "≥"], ["≦", "≤"], ["⩽", "≤"], ["═", "="]]),
);
const BLANKS = /[\n\u007f\u0080 ]+/g;
const OTHERS = /[^\u4e00-\u9fffa-z0-9.]/gu; // Characters that may change.
const cache = new Map();

function normalizeChar(char) {
  if (!cache.has(char)) {
    const plain = [...char.normalize("NFKD").replace(MARKS, "").normalize("NFC").toLowerCase()];
    cache.set(char, plain.map((part) => VARIANTS.get(part) || part).filter((part) => !BLANK.test(part)).join(""));
  }
  return cache.get(char);
}

// Text without blanks and accents, with full-width signs, capitals, brackets and ≧ in plain form.
export const normalize = (text) => text.replace(BLANKS, "").replace(OTHERS, normalizeChar);

// The beginning of a text that is always indexed with a single piece of a page (OVERLAP in
// generator/gongkai/search/documents.py).
export const overlapStart = (text) => (text.length > 64 ? [...text].slice(0, 64).join("") : text);

// For every position in the normalized text its position in the text itself, and the end of the text.
export function originalPositions(text) {
  const positions = [];
  let position = 0;
  for (const char of text) {
    for (let count = normalizeChar(char).length; count > 0; count -= 1) positions.push(position);
    position += char.length;
  }
  positions.push(position);
  return positions;
}

export function hashGram([first, second]) {
  let mixed = (Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 0;
  return (mixed ^ (mixed >>> 13)) >>> 16;
}

const CODE_POINT_COUNT = 0x110000;
const FIGURE = /[0-9.]/;

// Encode an n-gram as two numbers: code points; of a trigram the second and third are encoded
// together, as a number above all code points.
export function encodeGram(gram) {
  const [first, second = 0, third] = [...gram].map((char) => char.codePointAt(0));
  return [first, third === undefined ? second : CODE_POINT_COUNT + second * 2 ** 21 + third];
}

// An amount, given by its key, as such a pair of numbers.
export const encodeAmount = (key) => [CODE_POINT_COUNT - 1, key];

const CONTEXT_PARTS = [[1, 4, 11], [2, 4, 7], [4, 7, 0]]; // Following characters, bits of their hash, shift.

// What is known of the context of an n-gram by the text that follows it: the bits, and which of them.
export function contextOf(following) {
  const codes = [...following.slice(0, 8)].map((char) => char.codePointAt(0));
  let mixed = 0x811c9dc5;
  let [value, mask, read] = [0, 0, 0];
  for (const [length, bits, shift] of CONTEXT_PARTS) {
    if (codes.length < length) break;
    for (; read < length; read += 1) mixed = Math.imul(mixed, 0x01000193) ^ codes[read];
    value |= (Math.imul(mixed, 0x9e3779b1) >>> (32 - bits)) << shift;
    mask |= (2 ** bits - 1) << shift;
  }
  return { value, mask };
}

// N-grams that together cover a normalized text, at most `limit`, evenly spaced, with their positions:
// trigrams around digits, else pairs. `exact`: the only n-gram is the text itself. `open`: the last
// n-gram changes when more text is typed.
export function coveringGrams(text, limit) {
  const chars = [...text];
  const isFigure = (index) => index >= 0 && index + 2 < chars.length && FIGURE.test(chars[index + 1]);
  const all = [];
  chars.slice(0, Math.max(1, chars.length - 1)).forEach((_, position) => {
    if (isFigure(position)) all.push({ gram: chars.slice(position, position + 3).join(""), position });
    else if (!isFigure(position - 1)) all.push({ gram: chars.slice(position, position + 2).join(""), position });
  });
  const last = all.length - 1;
  const spaced = Array.from({ length: limit }, (_, index) => all[Math.round((index * last) / (limit - 1))]);
  const end = all.length ? [...all[last].gram] : [];
  const open = end.length < 2 || (end.length === 2 && FIGURE.test(end[1]));
  return { grams: [...new Set(last < limit ? all : spaced)], exact: all.length > 0 && all[0].gram === text, open };
}
