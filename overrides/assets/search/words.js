// How text is cut for the search; the build does the same (generator/gongkai/search/normalize.py, ngrams.py).
const BLANK = /[\s\u001c-\u001f\u0085\u00ad\u200b\u200c\u200d\u2060\ufeff]/u;
const VARIANTS = new Map(
  [..."〔［【〖〘[{"].map((sign) => [sign, "("])
    .concat([..."〕］】〗〙]}"].map((sign) => [sign, ")"]))
    .concat([["≧", "≥"], ["⩾", "≥"], ["≦", "≤"], ["⩽", "≤"], ["═", "="]]),
);
const BLANKS = /[\n ]+/g;
const OTHERS = /[^\u4e00-\u9fffa-z0-9.]/gu; // What may not stay as it is.
const known = new Map();

function fold(sign) {
  if (!known.has(sign)) {
    const narrow = [...sign.normalize("NFKC").toLowerCase()];
    known.set(sign, narrow.map((each) => VARIANTS.get(each) ?? each).filter((each) => !BLANK.test(each)).join(""));
  }
  return known.get(sign);
}

// Without blanks; full-width signs, capitals, brackets and ≧ as their plain forms.
export const folded = (text) => text.replace(BLANKS, "").replace(OTHERS, fold);

// As much of a text as is sure to stand in one piece of a page (OVERLAP in generator/gongkai/search/documents.py).
export const start = (text) => (text.length > 64 ? [...text].slice(0, 64).join("") : text);

// For each place in the folded text the place in the text itself, and one more for the end.
export function places(text) {
  const found = [];
  let at = 0;
  for (const sign of text) {
    for (let count = fold(sign).length; count > 0; count -= 1) found.push(at);
    at += sign.length;
  }
  found.push(at);
  return found;
}

export function hash([first, second]) {
  let mixed = (Math.imul(first, 0x9e3779b1) + Math.imul(second, 0x85ebca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 0;
  return (mixed ^ (mixed >>> 13)) >>> 16;
}

const BEYOND = 0x110000;
const DIGIT = /[0-9.]/;

// A gram as two numbers: characters; of three the second and third together, beyond all characters.
export function gram(signs) {
  const [first, second = 0, third] = [...signs].map((sign) => sign.codePointAt(0));
  return [first, third === undefined ? second : BEYOND + second * 2 ** 21 + third];
}

// Grams that together cover a folded text, evenly spread where there are many: three characters
// around each digit, else two; `sure` where the only one is the text itself, `open` where the last is
// another as soon as the text goes on.
export function grams(text, most) {
  const signs = [...text];
  const figure = (at) => at >= 0 && at + 2 < signs.length && DIGIT.test(signs[at + 1]);
  const all = [];
  signs.slice(0, Math.max(1, signs.length - 1)).forEach((sign, at) => {
    if (figure(at)) all.push(signs.slice(at, at + 3).join(""));
    else if (!figure(at - 1)) all.push(signs.slice(at, at + 2).join(""));
  });
  const last = all.length - 1;
  const spread = Array.from({ length: most }, (_, at) => all[Math.round((at * last) / (most - 1))]);
  const end = [...(all.at(-1) ?? "")];
  const open = end.length < 2 || (end.length === 2 && DIGIT.test(end[1]));
  return { wanted: [...new Set(last < most ? all : spread)], sure: all[0] === text, open };
}
