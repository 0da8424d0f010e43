// A query taken apart: words that must all occur, "exact" ones, and −words that must not occur; and the
// forms of a word: as it was typed, and others that mean the same.
import { loaded } from "./files.js";
import { normalize } from "./words.js";

const TOKEN = /([-－−–]?)(?:["“”]([^"“”]*)["“”](?=\s|$)|(\S+))/g;
const PUNCTUATION = /^[-–—−、,。;/|+&?!:]+$/; // Ignored as a word of its own.
export const MAX_LENGTH = 500;
const MAY_BE_AMOUNT = /^\d.*[元万亿]$/;
const MAY_HAVE_SYNONYMS = /^[\u4e00-\u9fff]{2,10}$/;
const MAY_BE_TRADITIONAL = /[\u3400-\u4dff\u4e00-\u9fff]/;
const ALSO_TRADITIONAL = "後於徵麽夥菸甯"; // Although GB 2312 has them.
let common = null; // The characters of GB 2312.

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

function commonCharacters() {
  const decoder = new TextDecoder("gb2312");
  const bytes = [];
  for (let row = 0xb0; row <= 0xf7; row += 1) for (let cell = 0xa1; cell <= 0xfe; cell += 1) bytes.push(row, cell);
  return new Set(decoder.decode(Uint8Array.from(bytes)));
}

function hasTraditional(text) {
  if (!common) common = commonCharacters();
  return [...text].some((char) => MAY_BE_TRADITIONAL.test(char) && (!common.has(char) || ALSO_TRADITIONAL.includes(char)));
}

// All forms of a term; `literal` and quoted ones have but one.
export async function formsOf({ text, quoted, excluded }, literal) {
  const forms = [{ kind: "typed", text }];
  if (literal || quoted) return forms;
  if (MAY_BE_AMOUNT.test(text)) {
    const amount = (await loaded(import("./amounts.js"))).parseAmount(text);
    if (amount) forms.push({ kind: "amount", text, amount });
  }
  const simplified = hasTraditional(text) ? (await loaded(import("./traditional.js"))).simplify(text) : text;
  if (simplified !== text) forms.push({ kind: "simplified", text: simplified });
  if (!excluded && MAY_HAVE_SYNONYMS.test(text)) {
    const { synonymsOf } = await loaded(import("./synonyms.js"));
    const synonyms = new Set([text, simplified].flatMap(synonymsOf));
    for (const synonym of synonyms) if (![text, simplified].includes(synonym)) forms.push({ kind: "synonym", text: synonym });
  }
  return forms;
}
