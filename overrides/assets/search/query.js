// A query taken apart: words that must all occur, "exact" ones, and −words that must not occur.
import { normalize } from "./words.js";

const TOKEN = /([-－−–]?)(?:["“”]([^"“”]*)["“”](?=\s|$)|(\S+))/g;
const PUNCTUATION = /^[-–—−、,。;/|+&?!:]+$/; // Ignored as a word of its own.
export const MAX_LENGTH = 500;

// The terms of a query: text (normalized), whether it is excluded, whether it was quoted.
export function parseQuery(words) {
  const terms = [];
  for (let match = TOKEN.exec(words); match; match = TOKEN.exec(words)) {
    const [whole, sign, quoted, plain] = match;
    const atStart = !match.index || /\s/.test(words[match.index - 1]);
    const excluded = Boolean(sign) && atStart && !/^[\d.]/.test(plain || "");
    const isQuoted = quoted !== undefined;
    const text = normalize(isQuoted ? quoted : excluded ? plain : whole);
    if (text && !terms.some((term) => term.text === text && term.excluded === excluded)) terms.push({ text, excluded, quoted: isQuoted });
  }
  const meaningful = terms.filter(({ text, quoted }) => quoted || !PUNCTUATION.test(text));
  if (meaningful.some(({ excluded }) => !excluded)) return meaningful;
  const text = normalize(words);
  return text ? [{ text, excluded: false, quoted: false }] : [];
}
