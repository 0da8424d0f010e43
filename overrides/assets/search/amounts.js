// Amounts of money in 元, 万元 or 亿元; the build does the same (generator/gongkai/search/amounts.py).
import { normalize } from "./words.js";

const AMOUNT = /(\d[\d,]*(?:\.\d+)?)[ \u00a0\u3000]*(万|亿)?元/g;
const TYPED = /^(\d[\d,]*(?:\.\d+)?)(?:(万|亿)元?|元)$/;
const ZEROS = { 万: 4, 亿: 8 };
const DECIMALS = 4; // Of a 元 that count.
const LIMIT = 2 ** 42;
const CHUNK = 7; // Digits that are read at once, so that the numbers stay exact.

// The parts of an amount as text: its digits without leading zeros; null if it has too many decimals.
function partsOf(digits, unit) {
  const [whole, fraction = ""] = digits.replace(/,/g, "").split(".");
  const places = DECIMALS + (unit ? ZEROS[unit] : 0);
  const kept = fraction.replace(/0+$/, "");
  return kept.length > places ? null : (whole + kept.padEnd(places, "0")).replace(/^0+(?=\d)/, "");
}

function keyOf(parts) {
  let key = 0;
  for (let start = 0; start < parts.length; start += CHUNK) {
    const chunk = parts.slice(start, start + CHUNK);
    key = (multiply(key, 10 ** chunk.length) + Number(chunk)) % LIMIT;
  }
  return key;
}

// A product modulo LIMIT: the left factor in two halves, so that no intermediate result is inexact.
function multiply(left, right) {
  const half = 2 ** 21;
  const high = Math.floor(left / half);
  return (((high * right) % half) * half + (left % half) * right) % LIMIT;
}

// The amount that a normalized text is: its key in the index, and a function that finds its forms in a
// text; or null.
export function parseAmount(text) {
  const match = TYPED.exec(text);
  const parts = match && partsOf(match[1], match[2]);
  return parts ? { key: keyOf(parts), formsIn: (other) => amountsIn(other, parts) } : null;
}

// The forms in which a text has an amount, normalized.
function amountsIn(text, parts) {
  const forms = new Set();
  for (let match = AMOUNT.exec(text); match; match = AMOUNT.exec(text)) {
    const isPart = match.index > 0 && /[\d.,]/.test(text[match.index - 1]);
    if (!isPart && partsOf(match[1], match[2]) === parts) forms.add(normalize(match[0]));
  }
  return [...forms];
}
