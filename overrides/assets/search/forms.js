// The forms of a word: as it was typed, and others that mean the same.
import { parseAmount } from "./amounts.js";
import { synonymsOf } from "./synonyms.js";

const MAY_BE_TRADITIONAL = /[\u3400-\u4dff\u4e00-\u9fff]/;
const ALSO_TRADITIONAL = "後於徵麽夥菸甯"; // Although GB 2312 has them.
let common = null; // The characters of GB 2312.

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
export async function formsOf(term, literal) {
  const forms = [{ kind: "typed", text: term.text }];
  if (literal || term.quoted) return forms;
  const add = (kind, text, more = {}) => {
    if (!forms.some((form) => form.text === text && !form.amount) || more.amount) forms.push({ kind, text, ...more });
  };
  const amount = parseAmount(term.text);
  if (amount) add("amount", term.text, { amount });
  if (hasTraditional(term.text)) add("simplified", (await import("./traditional.js")).simplify(term.text));
  if (!term.excluded) for (const { text } of [...forms]) for (const synonym of synonymsOf(text)) add("synonym", synonym);
  return forms;
}
