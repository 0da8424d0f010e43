// For words that stand on no page: the words of a question, names by pinyin, and what was probably meant.
import { suggest } from "./names.js";
import { findCandidates, narrowCandidates, pageContent } from "./index.js";
import { synonymsOf, words as knownWords } from "./synonyms.js";

const LETTERS = /^[a-zü']{2,30}$/;
const FILLERS = /请问|多少钱|有多少|多少|有哪些|哪些|哪个|哪里|什么样|什么|怎么样|怎么|如何|为什么|有没有|是不是|是否|情况如何|[的了吗呢?,。!是在和与及]/g;
const SPENT = /(?:花|用)了?多少钱?/g;
const KNOWN = new RegExp([...knownWords].sort((one, other) => other.length - one.length).join("|"), "g");
const YEARS = /\d{4}年?度?/g;
const MAX_NAMES = 3;
const BEST_RANKS = 4.6; // Names that match from their first syllable on, or by their initials.
const MAX_WORD = 10;
const MAX_WORDS = 6;
const MAX_PAGES = 3;
const MAX_MEANT = 3;

// Names of units and projects that a term is the pinyin of.
export async function namesByPinyin(term) {
  if (!LETTERS.test(term)) return [];
  const names = await suggest(term, MAX_NAMES);
  return names.filter(({ rank }) => rank <= BEST_RANKS).map(({ name }) => name);
}

async function occurs(text, index) {
  const candidates = await findCandidates(text, index);
  if (candidates.exact || !candidates.pieces.length) return candidates.pieces.length > 0;
  return (await narrowCandidates(candidates, index)).pieces.length > 0;
}

// The words of a question or of words written together: those that have synonyms, and the longest that
// occur, from left to right; and the number of characters that belong to none.
export async function takeApart(text, index) {
  const words = [];
  let left = 0;
  for (const part of text.replace(SPENT, " 支出 ").replace(KNOWN, " $& ").replace(FILLERS, " ").replace(YEARS, " $& ").split(" ")) {
    const chars = [...part];
    for (let start = 0; start < chars.length && words.length < MAX_WORDS;) {
      let length = Math.min(MAX_WORD, chars.length - start);
      if (synonymsOf(part).length) length = chars.length;
      else while (length > 1 && !(await occurs(chars.slice(start, start + length).join(""), index))) length -= 1;
      if (length > 1) words.push(chars.slice(start, start + length).join(""));
      else left += 1;
      start += length;
    }
  }
  return { words: [...new Set(words)], left };
}

// What stands on pages with one character more, less or another than a text.
export async function whatWasMeant(text, index) {
  const chars = [...text];
  const counts = new Map();
  for (let position = 0; position < chars.length && chars.length > 2 && chars.length <= MAX_WORD; position += 1) {
    const [left, right] = [chars.slice(0, position).join(""), chars.slice(position + 1).join("")];
    const parts = [left, right].filter(Boolean);
    if (parts.every((part) => [...part].length < 2) && chars.length > 3) continue;
    for (const content of await contentsWith(parts, index)) {
      for (const meant of similarIn(content, left, chars[position], right)) if (meant !== text) counts.set(meant, (counts.get(meant) || 0) + 1);
    }
  }
  return [...counts.keys()].sort((one, other) => counts.get(other) - counts.get(one)).slice(0, MAX_MEANT);
}

// The contents of a few pieces that have all parts.
async function contentsWith(parts, index) {
  const candidates = await Promise.all(parts.map((part) => findCandidates(part, index)));
  const [first, ...rest] = candidates.sort((one, other) => one.pieces.length - other.pieces.length);
  const pieces = first.pieces.filter((piece) => rest.every(({ hitLevels }) => hitLevels[piece]));
  return Promise.all(pieces.slice(0, MAX_PAGES).map((piece) => pageContent(index, piece)));
}

function similarIn(content, left, char, right) {
  const found = [];
  const start = left || right;
  for (let at = content.indexOf(start); at >= 0; at = content.indexOf(start, at + 1)) {
    const after = at + start.length;
    if (!left) found.push(content.slice(at - 1, after));
    else if (!right) found.push(content.slice(at, after + 1));
    else if (content.startsWith(right, after + 1)) found.push(content.slice(at, after + 1 + right.length));
    else if (content.startsWith(char + right, after + 1)) found.push(content.slice(at, after + 2 + right.length));
    else if (content.startsWith(right, after)) found.push(left + right);
  }
  return found.filter((text) => /^[\u4e00-\u9fff]+$/.test(text));
}
