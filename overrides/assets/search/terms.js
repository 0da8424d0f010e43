// The words of a query in the index: which pages may contain them, in which forms, and whether they do.
import { formsOf } from "./forms.js";
import { findAmountInPage, findInPage } from "./pages.js";
import { findAmountCandidates, findCandidates, narrowCandidates } from "./postings.js";
import { normalize } from "./words.js";

// Levels of a page for a term, by where the term is.
export const [TITLE, UNIT, NAME, TEXT] = [4, 3, 2, 1];
const LEVELS = [0, TEXT, NAME, TITLE]; // By hit level of a piece.

async function loadForm(form, index) {
  const candidates = form.amount ? findAmountCandidates(form.amount.key, index) : findCandidates(form.text, index);
  return { ...form, candidates: await candidates };
}

// The term with all its forms (see formsOf) and their candidates; `names` are further forms.
export async function loadTerm(term, index, literal) {
  const names = (term.names || []).map((text) => ({ kind: "pinyin", text: normalize(text) }));
  const forms = [...(await formsOf(term, literal)), ...names];
  return rankTerm({ ...term, forms: await Promise.all(forms.map((form) => loadForm(form, index))) }, index);
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
  const texts = term.forms.filter(({ kind }) => kind !== "synonym").map(({ text }) => text);
  const isInName = index.units.map(({ name, otherNames }) => [name, ...otherNames].map(normalize).some((name) => texts.some((text) => name.includes(text))));
  for (const { kind, candidates } of term.forms) {
    for (const piece of candidates.pieces) {
      const page = index.pageOf[piece];
      const unit = isInName[index.columns.unit[page]] ? UNIT : 0;
      const level = kind === "synonym" ? TEXT : LEVELS[candidates.hitLevels[piece]]; // What was typed comes first.
      levels[page] = Math.max(levels[page], level, unit);
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
