// Find, rank and verify pages: every result is known to contain the text.
import { clearFiles, fetchJson, IndexChanged, isStale } from "./files.js";
import { findInPage, loadPages } from "./pages.js";
import { findCandidates, prefetchShards } from "./postings.js";
import { normalize } from "./words.js";

export const SHOWN = 10; // Results per page.
export const FACETS = ["year", "unit", "department", "kind", "grade"];
const FREE_BLOCKS = 12; // Up to this cost all candidates are verified at once.
const BATCH = 20;
const FIRST_BATCH = 2;
const MAX_CHECKS = 13; // Candidates that are verified before the search pauses.
const MAX_FAILED_CHECKS = 10; // The same where none of them contains the text.
const FREE_SHARDS = 5;
const TITLE_TIER = 4;
const LAST_TIER = 7;
const UNIT_KIND = 1;
const MAX_BLOCKS_PER_UNIT = 2 ** 24;
const [UNKNOWN, YES, NO] = [0, 1, 2];

let current = { text: null };
let prepared = { text: null };

// Drop everything that was fetched: the site may have changed.
export function reset() {
  clearFiles();
  current = { text: null };
  prepared = { text: null };
}

// Prepare the search for a text that is being typed, as far as its shards do not depend on what follows.
export async function prepare(words) {
  const text = normalize(words);
  if (!text || [current.text, prepared.text].includes(text) || !(await prefetchShards(text, await loadPages()))) return;
  prepared = { text, query: startQuery(text) };
  prepared.query.catch(() => { prepared = { text: null }; });
}

// The query for a text: its candidates, and which of them have been verified so far.
async function loadQuery(text) {
  if (isStale()) reset();
  if (current.text === text) return current;
  try {
    current = await (prepared.text === text ? prepared.query : startQuery(text));
  } catch (error) {
    if (!(error instanceof IndexChanged)) throw error;
    reset();
    current = await startQuery(text);
  }
  return current;
}

async function startQuery(text) {
  const index = await loadPages();
  const { hitLevels, pieces, exact, shards } = await findCandidates(text, index);
  // Tier of a page: 1 and 2 a unit of this name, 3 a unit with a similar name, 4 hit in the title, 5 in
  // a name, 6 in the text, 7 postponed (see postpone).
  const tiers = new Uint8Array(index.count);
  const pages = [];
  for (const piece of pieces) {
    const page = index.pageOf[piece];
    if (!tiers[page]) pages.push(page);
    tiers[page] = Math.min(tiers[page] || LAST_TIER, 7 - hitLevels[piece]);
  }
  for (const unit of index.units) {
    if (tiers[unit.first] !== TITLE_TIER || index.columns.kind[unit.first] !== UNIT_KIND) continue;
    const names = [unit.name, ...unit.otherNames].map(normalize);
    if (names.includes(text)) tiers[unit.first] = names[0] === text ? 1 : 2;
    else if (names.some((name) => name.includes(text))) tiers[unit.first] = 3;
  }
  return { text, index, exact, shards, hitLevels, pages, tiers, verified: new Uint8Array(index.count), anyWrong: false, checks: new Map() };
}

// Counting sort of pages by tier, then newest year, then kind; or by year first.
function rankPages({ index, tiers }, pages, { yearFirst }) {
  const { ageRank, ageCount, columns } = index;
  const sortKey = (page) => (yearFirst ? ageRank[page] * 8 + tiers[page] : tiers[page] * ageCount + ageRank[page]) * 16 + columns.kind[page];
  const starts = new Uint32Array(8 * ageCount * 16 + 1);
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

async function sortPages(query, pages, order) {
  const [column, direction] = order.split("-");
  const ranked = rankPages(query, pages, { yearFirst: column === "year" });
  if (!["score", "amount"].includes(column)) return ranked;
  const figures = (await fetchJson("figures.json.bin", query.index.folder))[column];
  const sign = direction === "asc" ? 1 : -1;
  const value = (page) => (figures[page] === null ? Number.MAX_VALUE : sign * figures[page]);
  return ranked.sort((left, right) => value(left) - value(right));
}

// Verify one page: its result, or null if it does not contain the text.
function checkPage(query, page) {
  if (!query.checks.has(page)) {
    const mayContain = (piece) => query.hitLevels[piece] > 0;
    const check = findInPage(query.index, page, query.text, mayContain).then((result) => {
      query.verified[page] = result ? YES : NO;
      query.anyWrong ||= !result;
      return result;
    });
    check.catch(() => query.checks.delete(page));
    query.checks.set(page, check);
  }
  return query.checks.get(page);
}

// Verify pages in order until `enough` contain the text, and report every result at once. Unless all
// are to be verified (`enough` is Infinity) stop after MAX_CHECKS pages, including those `before`, or
// after MAX_FAILED_CHECKS of which none is right. `rest` tells whether there are more pages.
async function verifyPages(query, pages, { enough, from = 0, before = 0, onProgress, onResult }) {
  const right = [];
  const wrong = [];
  let position = 0;
  for (let checks = 0; position < pages.length && right.length < enough;) {
    const left = enough === Infinity ? BATCH : (right.length > from ? MAX_CHECKS - before : MAX_FAILED_CHECKS) - checks;
    if (left <= 0) break;
    const batch = [...pages.subarray(position, position + Math.min(position ? BATCH : FIRST_BATCH, enough - right.length, left))];
    checks += batch.filter((page) => !query.verified[page]).length;
    const pending = batch.map((page) => checkPage(query, page));
    for (const [number, page] of batch.entries()) {
      const result = await pending[number];
      if (result) onResult(right.push(page) - 1, { page, ...result });
      else wrong.push(page);
    }
    position += batch.length;
    onProgress?.(position, pages.length);
  }
  return { right, wrong, rest: position < pages.length };
}

// Move unverified pages of the same tier and kind as wrong ones to the last tier.
function postpone({ index, pages, tiers, verified }, wrong) {
  const groupOf = (page) => tiers[page] * 16 + index.columns.kind[page];
  const groups = new Set(wrong.map(groupOf));
  for (const page of pages) if (verified[page] === UNKNOWN && groups.has(groupOf(page))) tiers[page] = LAST_TIER;
}

// The active filters: pairs of column and required value.
const activeFilters = ({ index }, filters) =>
  FACETS.filter((name) => filters[name]).map((name) => [index.columns[name], index.values[name].indexOf(filters[name])]);

// The pages that pass all filters.
function filterPages(query, filters) {
  const active = activeFilters(query, filters);
  if (!active.length && !query.anyWrong) return query.pages;
  return query.pages.filter((page) => query.verified[page] !== NO && active.every(([column, value]) => column[page] === value));
}

// The number of pages by value of every facet, and whether all of them are verified.
function countFacets(query, filters) {
  const { index, pages, verified } = query;
  const active = activeFilters(query, filters);
  let allVerified = true;
  const facets = FACETS.map((name) => {
    const facetColumn = index.columns[name];
    const counts = new Uint32Array(index.values[name].length);
    const others = active.filter(([column]) => column !== facetColumn);
    for (const page of pages) {
      if (verified[page] === NO || !others.every(([column, value]) => column[page] === value)) continue;
      counts[facetColumn[page]] += 1;
      if (verified[page] !== YES) allVerified = false;
    }
    return { name, counts };
  });
  return { facets, allVerified };
}

// The cost of verifying pages: the number of text blocks to be fetched.
function verificationCost({ index, hitLevels }, pages) {
  if (pages.length > 20 * FREE_BLOCKS) return Infinity;
  const blocks = new Set();
  for (const page of pages) {
    const first = index.firstPiece[page];
    for (let piece = first; piece < index.firstPiece[page + 1]; piece += 1) {
      if (hitLevels[piece]) blocks.add(index.columns.unit[page] * MAX_BLOCKS_PER_UNIT + index.block[page] + piece - first);
    }
  }
  return blocks.size;
}

// Search for words: at most SHOWN results from number `from`, all passed to `onResult` as soon as they
// are verified. After MAX_CHECKS pages the search stops, with fewer results or none, and `more` tells
// that it can go on, so that nobody downloads a lot unintentionally; a shard beyond FREE_SHARDS counts
// as a page. `whole` verifies all pages.
export async function search(words, { filters = {}, order = "", from = 0, whole = false, onProgress, onResult } = {}) {
  const text = normalize(words);
  if (!text) return null;
  const query = await loadQuery(text);
  const { index, exact } = query;
  let pages = await sortPages(query, filterPages(query, filters), order);
  const results = [];
  const addResult = (number, result) => {
    if (number < from || number >= from + SHOWN) return;
    results.push(result);
    onResult?.(result, query);
  };
  let [right, wrong, rest] = [pages, [], false];
  if (exact) {
    await verifyPages(query, pages.subarray(from, from + SHOWN), { enough: SHOWN, onResult: (number, result) => addResult(from + number, result) });
  } else {
    const enough = whole || verificationCost(query, pages) <= FREE_BLOCKS ? Infinity : from + SHOWN;
    for (let before = Math.max(0, query.shards - FREE_SHARDS); ; before += wrong.length) {
      ({ right, wrong, rest } = await verifyPages(query, pages, { enough, from, before, onProgress, onResult: addResult }));
      if (right.length > from || !rest || (!from && before + wrong.length >= MAX_CHECKS)) break;
      postpone(query, wrong);
      pages = await sortPages(query, filterPages(query, filters), order);
    }
  }
  const { facets, allVerified } = countFacets(query, filters);
  return {
    text,
    index,
    least: right.length,
    most: exact ? pages.length : filterPages(query, filters).length,
    more: rest && right.length < from + SHOWN,
    results,
    facets,
    exact: exact || allVerified,
    fragment: query.pages.length ? "" : await findFragment(text, index),
  };
}

// For a text without candidates: the longest fragment from either end that has any.
async function findFragment(text, index) {
  const chars = [...text];
  for (let length = Math.min(chars.length - 1, 6); length >= 2; length -= 1) {
    for (const fragment of [chars.slice(0, length).join(""), chars.slice(-length).join("")]) {
      if ((await findCandidates(fragment, index)).pieces.length) return fragment;
    }
  }
  return "";
}
