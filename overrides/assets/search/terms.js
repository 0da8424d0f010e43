// The words of a query in the index: which pages may contain them, in which forms, and whether they do.
import { parseAmount } from "./amounts.js";
import { findAmountInPage, findInPage } from "./pages.js";
import { findAmountCandidates, findCandidates, narrowCandidates } from "./postings.js";
import { normalize } from "./words.js";

// Levels of a page for a term, by where the term is.
export const [TITLE, UNIT, NAME, TEXT] = [4, 3, 2, 1];
const LEVELS = [0, TEXT, NAME, TITLE]; // By hit level of a piece.

// The forms of a term: the text as it was typed, and others that mean the same.
export function formsOf(term) {
  const forms = [{ kind: "typed", text: term.text }];
  const amount = term.quoted ? null : parseAmount(term.text);
  if (amount) forms.push({ kind: "amount", text: term.text, amount });
  return forms;
}

async function loadForm(form, index) {
  const candidates = form.amount ? findAmountCandidates(form.amount.key, index) : findCandidates(form.text, index);
  return { ...form, candidates: await candidates };
}

export async function loadTerm(term, index) {
  const forms = await Promise.all(formsOf(term).map((form) => loadForm(form, index)));
  return rankTerm({ ...term, forms }, index);
}

// The term with its candidates narrowed by what follows its n-grams.
export async function narrowTerm(term, index) {
  const narrow = async (form) => (form.candidates.exact || !form.candidates.contexts.length ? form : { ...form, candidates: await narrowCandidates(form.candidates, index) });
  return rankTerm({ ...term, forms: await Promise.all(term.forms.map(narrow)) }, index);
}

// Add the level of every page (0 if it cannot contain the term), and whether it is sure to contain it.
function rankTerm(term, index) {
  const levels = new Uint8Array(index.count);
  const sure = new Uint8Array(index.count);
  const isInName = index.units.map(({ name, otherNames }) => [name, ...otherNames].some((text) => normalize(text).includes(term.text)));
  for (const { candidates } of term.forms) {
    for (const piece of candidates.pieces) {
      const page = index.pageOf[piece];
      const unit = isInName[index.columns.unit[page]] ? UNIT : 0;
      levels[page] = Math.max(levels[page], LEVELS[candidates.hitLevels[piece]], unit);
      if (candidates.exact) sure[page] = 1;
    }
  }
  return { ...term, levels, sure };
}

// Look for a term in a page: what of it was found and where; null if it is not there.
export async function findTerm(term, index, page) {
  for (const { text, amount, candidates } of term.forms) {
    const mayContain = (piece) => candidates.hitLevels[piece] > 0;
    const found = amount ? await findAmountInPage(index, page, amount.parts, mayContain) : await findInPage(index, page, text, mayContain);
    if (found) return { ...found, texts: found.forms || [text] };
  }
  return null;
}
