// Find, rank and verify pages: every result is known to contain the words.
import { clearFiles, fetchJson, IndexChanged, isStale, loaded } from "./files.js";
import { describePage, findAmountCandidates, findAmountInPage, findCandidates, findInPage, findSection, loadPages, narrowCandidates, prefetchShards } from "./index.js";
import { formsOf, parseQuery } from "./query.js";
import { normalize } from "./words.js";

export const SHOWN = 10; // Results per page.
export const FACETS = ["year", "unit", "department", "kind", "grade"];
const FREE_BLOCKS = 12; // Up to this cost all candidates are verified at once.
const BATCH = 20;
const FIRST_BATCH = 2;
const SAMPLE = 8; // Candidates by which the share of right ones is estimated.
const MAX_SLICE = 30; // Candidates that are verified for a page of results.
const MAX_LEFT = 0.15; // Share of the characters of a question that may belong to no word.
const MAX_EMPTY_SLICES = 3;
const MAY_HAVE_VALUES = /(?:分|率|度|支出|执行数|预算|花)[^"“”]*(?:[\d０-９一二三四五六七八九十百]|最[低少小高多大])/;
const LETTERS = /^[a-z]{2,30}$/;
const HOW = /怎么|怎样|如何|什么是|是什么|什么意思|含义/; // Questions that the guide answers.
const MAX_ROWS = 2; // Rows of a result that meet a condition.
const UNIT_KIND = 1;
const TITLE_TIER = 4;
const LAST_TIER = 7;
const DOUBTFUL = 8; // Tier of pages that most likely contain an excluded term.
const RANKS = 25; // Three kinds of pages with eight tiers, and doubtful pages.
const MAX_BLOCKS_PER_UNIT = 2 ** 24;
const [UNKNOWN, YES, NO] = [0, 1, 2];
const [TITLE, UNIT, NAME, TEXT] = [4, 3, 2, 1]; // Levels of a page for a term, by where the term is.
const LEVELS = [0, TEXT, NAME, TITLE]; // By hit level of a piece.

let current = { key: null };
let prepared = { key: null };

// Drop everything that was fetched: the site may have changed.
export function reset() {
  clearFiles();
  current = { key: null };
  prepared = { key: null };
}

const keyOf = (terms, literal, valueQuery) => JSON.stringify([terms, Boolean(literal), valueQuery || null]);

// Prepare the search for words that are being typed, as far as its shards do not depend on what follows.
export async function prepare(words) {
  const terms = parseQuery(words);
  const key = keyOf(terms);
  if (!terms.length || MAY_HAVE_VALUES.test(words) || [current.key, prepared.key].includes(key)) return;
  const index = await loadPages();
  const closed = await Promise.all(terms.map(({ text }) => prefetchShards(text, index)));
  if (!closed.every(Boolean)) return;
  prepared = { key, query: startQuery(terms) };
  prepared.query.catch(() => { prepared = { key: null }; });
}

// The query for some terms: its candidates, and which of them have been verified so far.
async function loadQuery(terms, literal, valueQuery) {
  if (isStale()) reset();
  const key = keyOf(terms, literal, valueQuery);
  if (current.key === key) return current;
  try {
    current = await (prepared.key === key ? prepared.query : startQuery(terms, literal, valueQuery));
  } catch (error) {
    if (!(error instanceof IndexChanged)) throw error;
    reset();
    current = await startQuery(terms, literal, valueQuery);
  }
  return current;
}

async function startQuery(terms, literal, valueQuery) {
  const index = await loadPages();
  const loadedTerms = await Promise.all(terms.map((term) => loadTerm(term, index, literal)));
  const { findValues } = valueQuery ? await loaded(import("./values.js")) : {};
  const values = valueQuery ? await findValues(valueQuery, index) : {};
  const query = { key: keyOf(terms, literal, valueQuery), index, valueQuery, matches: values.pages, unknown: values.unknown, verified: new Uint8Array(index.count), checks: new Map(), samples: new Map(), isNarrow: false };
  return combine(query, loadedTerms);
}

// Set the pages that may contain all terms, which of them are sure to, and their tiers: 1 and 2 a unit of
// this name, 3 a unit with a similar name, 4 to 7 by where the terms are, on an average, and 8 the doubtful ones.
function combine(query, terms) {
  const { index, matches } = query;
  const required = terms.filter(({ excluded }) => !excluded);
  const excluded = terms.filter(({ excluded }) => excluded);
  const tiers = new Uint8Array(index.count);
  const sure = new Uint8Array(index.count);
  const pages = [];
  for (let page = 0; page < index.count; page += 1) {
    if ((matches && !matches.has(page)) || !required.every(({ levels }) => levels[page]) || excluded.some((term) => term.sure[page])) continue;
    pages.push(page);
    const distance = required.reduce((sum, { levels }) => sum + TITLE - levels[page], 0) / (required.length || 1);
    const isDoubtful = excluded.some(({ levels }) => levels[page]);
    tiers[page] = isDoubtful ? DOUBTFUL : Math.min(LAST_TIER, 4 + Math.ceil(distance));
    sure[page] = required.every((term) => term.sure[page]) && !isDoubtful ? 1 : 0;
  }
  if (required.length === 1) rankUnits(index, required[0], tiers);
  return Object.assign(query, { terms, required, excluded, pages: Uint32Array.from(pages), tiers, sure });
}

function rankUnits(index, { forms, levels }, tiers) {
  for (const { first, name, otherNames } of index.units) {
    if (levels[first] !== TITLE || index.columns.kind[first] !== UNIT_KIND || !tiers[first]) continue;
    const names = [name, ...otherNames].map(normalize);
    for (const { text } of forms) {
      const tier = names[0] === text ? 1 : names.includes(text) ? 2 : names.some((other) => other.includes(text)) ? 3 : LAST_TIER;
      tiers[first] = Math.min(tiers[first], tier);
    }
  }
}

// Counting sort of pages by kind of page, tier, newest year and kind; or by year first. Lists with the terms
// in their title are among the pages of units; guides come last, or first if they are likely to answer. The order never
// depends on what has been verified, so that pages of results neither lose nor repeat a page.
function rankPages({ index, tiers }, pages, { yearFirst, guidesFirst }) {
  const { ageRank, ageCount, kindRank, columns } = index;
  const group = (page) => (guidesFirst ? 2 - kindRank[page] : kindRank[page] === 1 && tiers[page] <= TITLE_TIER ? 0 : kindRank[page]);
  const rank = (page) => (tiers[page] === DOUBTFUL ? RANKS - 1 : group(page) * 8 + tiers[page] - 1);
  const sortKey = (page) => (yearFirst ? ageRank[page] * RANKS + rank(page) : rank(page) * ageCount + ageRank[page]) * 16 + columns.kind[page];
  const starts = new Uint32Array(RANKS * ageCount * 16 + 1);
  for (let position = 0; position < pages.length; position += 1) starts[sortKey(pages[position]) + 1] += 1;
  for (let key = 1; key < starts.length; key += 1) starts[key] += starts[key - 1];
  const ranked = new Uint32Array(pages.length);
  for (let position = 0; position < pages.length; position += 1) {
    const key = sortKey(pages[position]);
    ranked[starts[key]] = pages[position];
    starts[key] += 1;
  }
  return ranked;
}

async function sortPages(query, pages, order, guidesFirst) {
  const [column, direction] = order.split("-");
  const ranked = rankPages(query, pages, { yearFirst: column === "year", guidesFirst });
  if (!column && query.matches) return sortByValue(query, ranked);
  if (!["score", "amount"].includes(column)) return ranked;
  const figures = (await fetchJson("figures.json.bin", query.index.folder))[column];
  const sign = direction === "asc" ? 1 : -1;
  const value = (page) => (figures[page] === null ? Number.MAX_VALUE : sign * figures[page]);
  const positions = new Map([...ranked].map((page, position) => [page, position]));
  return ranked.sort((left, right) => value(left) - value(right) || positions.get(left) - positions.get(right));
}

// Pages of a query for values: the newest year first, and in it the most extreme value.
async function sortByValue({ valueQuery, matches, index }, pages) {
  const { extremeValue } = await loaded(import("./values.js"));
  const value = (page) => extremeValue(valueQuery.conditions[0], matches.get(page));
  const positions = new Map([...pages].map((page, position) => [page, position]));
  return pages.sort((left, right) => index.ageRank[left] - index.ageRank[right] || value(left) - value(right) || positions.get(left) - positions.get(right));
}

// Verify one page: its result, or null if it does not contain the terms.
function checkPage(query, page) {
  if (!query.checks.has(page)) {
    const check = loadResult(query, page).then((result) => {
      query.verified[page] = result ? YES : NO;
      return result;
    });
    check.catch(() => query.checks.delete(page));
    query.checks.set(page, check);
  }
  return query.checks.get(page);
}

async function loadResult({ index, required, excluded, matches }, page) {
  const finds = [];
  for (const term of required) {
    const found = await findTerm(term, index, page);
    if (!found) return null;
    finds.push(found);
  }
  for (const term of excluded) if (term.levels[page] && (await findTerm(term, index, page))) return null;
  const values = (matches && matches.get(page)) || [];
  const places = values.filter(({ anchor }) => anchor).slice(0, MAX_ROWS);
  const rows = await Promise.all(places.map(({ anchor }) => findSection(index, page, `i-${anchor}`)));
  return { page, ...(await describePage(index, page)), finds, values, rows: rows.filter(Boolean) };
}

// Verify pages in order until `enough` are right, and report every right one at once.
async function verifyPages(query, pages, { enough = Infinity, onProgress, onResult } = {}) {
  const right = [];
  let position = 0;
  while (position < pages.length && right.length < enough) {
    const batch = [...pages.slice(position, position + Math.min(position ? BATCH : FIRST_BATCH, enough - right.length))];
    const pending = batch.map((page) => checkPage(query, page));
    for (const check of pending) {
      const result = await check;
      if (result) {
        right.push(result);
        if (onResult) onResult(result);
      }
    }
    position += batch.length;
    if (onProgress) onProgress(position, pages.length);
  }
  return { right, position };
}

// The active filters: pairs of column and required value.
const activeFilters = ({ index }, filters) =>
  FACETS.filter((name) => filters[name]).map((name) => [index.columns[name], index.values[name].indexOf(filters[name])]);

// The candidates that pass all filters.
function filterPages(query, filters) {
  const active = activeFilters(query, filters);
  if (!active.length) return query.pages;
  return query.pages.filter((page) => active.every(([column, value]) => column[page] === value));
}

// The number of pages by value of every facet, and whether all of them are known to be right.
function countFacets(query, filters, isExact) {
  const { index, pages, verified, sure } = query;
  const active = activeFilters(query, filters);
  let allVerified = true;
  const facets = FACETS.map((name) => {
    const facetColumn = index.columns[name];
    const counts = new Uint32Array(index.values[name].length);
    const others = active.filter(([column]) => column !== facetColumn);
    for (const page of pages) {
      if ((isExact && verified[page] === NO) || !others.every(([column, value]) => column[page] === value)) continue;
      counts[facetColumn[page]] += 1;
      if (!sure[page] && verified[page] !== YES) allVerified = false;
    }
    return { name, counts };
  });
  return { facets, allVerified };
}

// The number of pages found of every unit, by year.
function countYears({ index, verified }, candidates, isExact) {
  const { unit, year } = index.columns;
  const years = new Map();
  for (const page of candidates) {
    if (isExact && verified[page] === NO) continue;
    if (!years.has(unit[page])) years.set(unit[page], new Map());
    const counts = years.get(unit[page]);
    counts.set(year[page], (counts.get(year[page]) || 0) + 1);
  }
  return years;
}

// The cost of verifying pages: the number of text blocks to be fetched.
function verificationCost({ index, required }, pages) {
  if (pages.length > 20 * FREE_BLOCKS) return Infinity;
  const blocks = new Set();
  const mayContain = (piece) => required.some(({ forms }) => forms.some(({ candidates }) => candidates.hitLevels[piece]));
  for (const page of pages) {
    const first = index.firstPiece[page];
    for (let piece = first; piece < index.firstPiece[page + 1]; piece += 1) {
      if (mayContain(piece)) blocks.add(index.columns.unit[page] * MAX_BLOCKS_PER_UNIT + index.block[page] + piece - first);
    }
  }
  return blocks.size;
}

const unsurePages = ({ sure }, pages) => pages.filter((page) => !sure[page]);

// Narrow the candidates once if there are too many to be verified.
async function narrowQuery(query) {
  if (query.isNarrow || verificationCost(query, unsurePages(query, query.pages)) <= FREE_BLOCKS) return;
  combine(query, await Promise.all(query.terms.map((term) => narrowTerm(term, query.index))));
  query.isNarrow = true;
}

// The share of right pages among candidates, by a sample that is the same for whoever searches for this.
async function shareOfRight(query, pages) {
  const step = Math.max(1, pages.length / SAMPLE);
  const sample = Array.from({ length: Math.min(SAMPLE, pages.length) }, (_, number) => pages[Math.floor(number * step)]);
  return ((await verifyPages(query, sample)).right.length + 0.25) / (sample.length + 0.25);
}

// A number with two digits that count.
function roundEstimate(number) {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, number))) - 1);
  return Math.max(1, Math.round(number / unit) * unit);
}

// Search for words: page number `page` of the results, which are passed to `onResult` as soon as they are
// verified. Where there are too many candidates to verify all of them, a page of results consists of the
// right ones among an equal part of the candidates, and the count is an estimate; `whole` verifies all.
// Unless they are to be taken literally, words that ask for values filter by these (see values.js), and
// words that stand nowhere are read otherwise (see nearby.js).
export async function search(words, { literal = false, ...options } = {}) {
  const terms = parseQuery(words);
  if (!terms.length) return null;
  const valueQuery = literal ? null : await readValueQuery(words);
  if (valueQuery && terms.length > 1) return searchValues(valueQuery, options);
  const answer = await searchTerms(terms, literal, options);
  if (valueQuery && answer.count && !isOnlyInGuides(answer)) return { ...answer, offered: valueQuery };
  if (valueQuery) return { ...(await searchValues(valueQuery, options)), literalCount: answer.count };
  if ((answer.count && !(isOnlyInGuides(answer) && LETTERS.test(terms[0].text))) || literal || FACETS.some((name) => (options.filters || {})[name])) return answer;
  for (const other of answer.count ? [readAsPinyin] : [readAsPinyin, readApart]) {
    const otherTerms = await other(answer);
    const otherAnswer = otherTerms && (await searchTerms(otherTerms, literal, { ...options, guidesFirst: HOW.test(words) }));
    if (!otherAnswer || !otherAnswer.count) continue;
    const apart = other === readApart;
    return { ...otherAnswer, apart, meant: apart ? await findMeant(answer) : [] }; // It may be a typing error.
  }
  return answer.count ? answer : { ...answer, meant: await findMeant(answer) };
}

// Whether all pages found are guides, in which examples of queries stand; letters there are rather pinyin.
const isOnlyInGuides = ({ facets, index }) => facets.every(({ name, counts }) => name !== "kind" || counts.every((count, code) => !count || code === index.values.kind.length - 1));

// What is valueQuery for, if these are values: the conditions, their sentence, and a query that always means them.
async function readValueQuery(words) {
  if (!MAY_HAVE_VALUES.test(words)) return null;
  const { describeValues, readValues, spellValues } = await loaded(import("./values.js"));
  const valueQuery = readValues(words);
  return valueQuery && { ...valueQuery, sentence: describeValues(valueQuery), spelled: spellValues(valueQuery) };
}

async function searchValues(valueQuery, options) {
  return { ...(await searchTerms(parseQuery(valueQuery.rest), false, options, valueQuery)), valueQuery };
}

const stands = ({ levels }) => levels.some(Boolean);
const plain = ({ text, excluded, quoted }) => ({ text, excluded, quoted });

async function readAsPinyin({ terms }) {
  const { namesByPinyin } = await loaded(import("./nearby.js"));
  const named = await Promise.all(terms.map(async (term) => ({ ...plain(term), names: terms.length > 1 && stands(term) ? [] : await namesByPinyin(term.text) })));
  return named.some(({ names }) => names.length) ? named : null;
}

// A single term in its words, unless characters of it belong to none: that is rather a typing error.
async function readApart({ terms, index }) {
  const [term] = terms;
  if (terms.length > 1 || term.quoted) return null;
  const { takeApart } = await loaded(import("./nearby.js"));
  const { words, left } = await takeApart(term.text, index);
  if (left > MAX_LEFT * term.text.length || !words.length || words[0] === term.text) return null;
  return words.map((text) => ({ text, excluded: false, quoted: false }));
}

async function findMeant({ required, index }) {
  const { whatWasMeant } = await loaded(import("./nearby.js"));
  const missing = required.filter((term) => required.length === 1 || !stands(term));
  return (await Promise.all(missing.map(({ text }) => whatWasMeant(text, index)))).flat();
}

async function searchTerms(terms, literal, { filters = {}, order = "", page = 1, whole = false, guidesFirst = false, onProgress, onResult }, valueQuery) {
  const query = await loadQuery(terms, literal, valueQuery);
  await narrowQuery(query);
  const candidates = await sortPages(query, filterPages(query, filters), order, guidesFirst);
  const unsure = unsurePages(query, candidates);
  const isExact = whole || verificationCost(query, unsure) <= FREE_BLOCKS;
  const report = (result) => { if (onResult) onResult(result, query); };
  const show = isExact ? showExactly : showRoughly;
  const shown = await show(query, candidates, unsure, { page, onProgress, report });
  const { facets, allVerified } = countFacets(query, filters, isExact);
  return { ...shown, unknown: query.unknown, terms: query.terms, required: query.required, index: query.index, isExact, years: countYears(query, candidates, isExact), facets, allVerified, fragment: query.pages.length ? "" : await findFragment(query) };
}

async function showExactly(query, candidates, unsure, { page, onProgress, report }) {
  const results = [];
  let rest = unsure;
  if (page === 1) {
    // The first results are shown while the other candidates are still to be verified.
    const { right, position } = await verifyPages(query, candidates, { enough: SHOWN, onResult: report });
    results.push(...right);
    rest = unsurePages(query, candidates.slice(position));
  }
  await verifyPages(query, rest, { onProgress });
  const right = candidates.filter((candidate) => query.verified[candidate] !== NO);
  const last = Math.max(1, Math.ceil(right.length / SHOWN));
  const number = Math.min(page, last);
  if (page > 1) {
    const shown = right.slice((number - 1) * SHOWN, number * SHOWN);
    results.push(...(await verifyPages(query, shown, { onResult: report })).right);
  }
  return { page: number, count: right.length, pages: last, results, size: SHOWN };
}

async function showRoughly(query, candidates, unsure, { page, onProgress, report }) {
  const sorted = unsure.slice().sort();
  const key = `${sorted.length},${sorted[0]},${sorted[sorted.length - 1]}`;
  if (!query.samples.has(key)) query.samples.set(key, await shareOfRight(query, sorted));
  const share = query.samples.get(key);
  const expected = (candidates.length - unsure.length + share * unsure.length) / candidates.length;
  const size = expected > 0.5 ? SHOWN : Math.min(MAX_SLICE, Math.ceil(SHOWN / Math.max(expected, 0.01)));
  const last = Math.ceil(candidates.length / size);
  let number = Math.min(page, last);
  let results = [];
  for (let tries = 0; tries < MAX_EMPTY_SLICES && number <= last && !results.length; tries += 1) {
    if (tries) number += 1;
    results = (await verifyPages(query, candidates.slice((number - 1) * size, number * size), { onProgress, onResult: report })).right;
  }
  return { page: Math.min(number, last), count: roundEstimate(expected * candidates.length), pages: last, results, size };
}

// For a single term without candidates: its longest fragment from either end that has any.
async function findFragment({ terms, index }) {
  const chars = terms.length === 1 ? [...terms[0].text] : [];
  for (let length = Math.min(chars.length - 1, 6); length >= 2; length -= 1) {
    for (const fragment of [chars.slice(0, length).join(""), chars.slice(-length).join("")]) {
      if ((await findCandidates(fragment, index)).pieces.length) return fragment;
    }
  }
  return "";
}

async function loadForm(form, index) {
  const candidates = form.amount ? findAmountCandidates(form.amount.key, index) : findCandidates(form.text, index);
  return { ...form, candidates: await candidates };
}

// The term with all its forms (see formsOf) and their candidates; `names` are further forms.
async function loadTerm(term, index, literal) {
  const names = (term.names || []).map((text) => ({ kind: "pinyin", text: normalize(text) }));
  const forms = [...(await formsOf(term, literal)), ...names];
  return rankTerm({ ...term, forms: await Promise.all(forms.map((form) => loadForm(form, index))) }, index);
}

// The term with its candidates narrowed by what follows its n-grams.
async function narrowTerm(term, index) {
  const narrow = async (form) => (form.candidates.exact || !form.candidates.contexts.length ? form : { ...form, candidates: await narrowCandidates(form.candidates, index) });
  return rankTerm({ ...term, forms: await Promise.all(term.forms.map(narrow)) }, index);
}

// Add the level of every page (0 if it cannot contain the term), and whether it is sure to contain it.
function rankTerm(term, index) {
  const levels = new Uint8Array(index.count);
  const sure = new Uint8Array(index.count);
  const namesWith = (forms) => index.units.map(({ name, otherNames }) => [name, ...otherNames].map(normalize).some((name) => forms.some(({ text }) => name.includes(text))));
  const isInName = namesWith(term.forms.filter(({ kind }) => kind !== "synonym"));
  const isLikeName = namesWith(term.forms);
  for (const { kind, candidates } of term.forms) {
    for (const piece of candidates.pieces) {
      const page = index.pageOf[piece];
      const unit = isInName[index.columns.unit[page]] ? UNIT : isLikeName[index.columns.unit[page]] ? NAME : 0;
      const level = kind === "synonym" ? TEXT : LEVELS[candidates.hitLevels[piece]]; // What was typed comes first.
      levels[page] = Math.max(levels[page], level, unit);
      if (candidates.exact) sure[page] = 1;
    }
  }
  return { ...term, levels, sure };
}

// Look for a term in a page: what of it was found and where; null if it is not there.
async function findTerm(term, index, page) {
  for (const { text, amount, candidates } of term.forms) {
    const mayContain = (piece) => candidates.hitLevels[piece] > 0;
    const found = amount ? await findAmountInPage(index, page, amount, mayContain) : await findInPage(index, page, text, mayContain);
    if (found) return { ...found, texts: found.forms || [text] };
  }
  return null;
}
