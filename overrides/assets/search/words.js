// How text is cut for the search; the build does the same (generator/grams.py).
const BLANK = /[\s\u001c-\u001f\u0085\u00ad\u200b\u200c\u200d\u2060\ufeff]/u;
const VARIANTS = new Map(
  [..."〔［【〖〘[{"].map((sign) => [sign, "("])
    .concat([..."〕］】〗〙]}"].map((sign) => [sign, ")"]))
    .concat([["≧", "≥"], ["⩾", "≥"], ["≦", "≤"], ["⩽", "≤"], ["═", "="]]),
);
const known = new Map();

function fold(sign) {
  if (!known.has(sign)) {
    const narrow = [...sign.normalize("NFKC").toLowerCase()];
    known.set(sign, narrow.map((each) => VARIANTS.get(each) ?? each).filter((each) => !BLANK.test(each)).join(""));
  }
  return known.get(sign);
}

// Without blanks; full-width signs, capitals, brackets and ≧ as their plain forms.
export function folded(text) {
  let made = "";
  for (const sign of text) made += fold(sign);
  return made;
}

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

export function hash(gram) {
  const [first, second] = [...gram].map((sign) => sign.codePointAt(0));
  let mixed = (Math.imul(first, 0x9e3779b1) + Math.imul(second ?? 0, 0x85ebca6b)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> 0;
  return (mixed ^ (mixed >>> 13)) >>> 16;
}

// Sequences of two that together cover a folded text, evenly spread where there are many.
export function grams(text, most) {
  const signs = [...text];
  if (signs.length < 2) return signs;
  const all = signs.slice(1).map((sign, at) => signs[at] + sign);
  const last = all.length - 1;
  if (last < most) return [...new Set(all)];
  const spread = Array.from({ length: most }, (_, at) => all[Math.round((at * last) / (most - 1))]);
  return [...new Set(spread)];
}
