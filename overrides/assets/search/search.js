// Find, rank and verify: what is shown is known to hold what was asked for.
import { aged, forget, json } from "./files.js";
import { pages, place } from "./pages.js";
import { candidates, Changed, early } from "./postings.js";
import { folded } from "./words.js";

export const SHOWN = 10;
export const FACETS = ["year", "unit", "department", "kind", "grade"];
const FREE = 12;
const AT_ONCE = 20;
const FIRST = 2;
const LOOK = 13;
const TRIED = 10;
const SHARDS = 5;
const TITLE = 4;
const LATER = 7;
const UNIT = 1;
const PAGES = 2 ** 24;
const [UNKNOWN, YES, NO] = [0, 1, 2];

let last = { asked: null };
let coming = { asked: null };

// Nothing that was fetched is relied upon any more: the site may have changed.
export function renew() {
  forget();
  last = { asked: null };
  coming = { asked: null };
}

// Make ready for what is being typed, as far as that is sure to be needed.
export async function ready(words) {
  const asked = folded(words);
  if (!asked || [last.asked, coming.asked].includes(asked) || !(await early(asked, await pages()))) return;
  coming = { asked, state: fresh(asked) };
  coming.state.catch(() => { coming = { asked: null }; });
}

// The pages that may hold a text, best first; verified as far as anyone has asked.
async function found(asked) {
  if (aged()) renew();
  if (last.asked === asked) return last;
  try {
    last = await (coming.asked === asked ? coming.state : fresh(asked));
  } catch (error) {
    if (!(error instanceof Changed)) throw error;
    renew();
    last = await fresh(asked);
  }
  return last;
}

async function fresh(asked) {
  const all = await pages();
  const { marks, held, sure, shards } = await candidates(asked, all);
  // How good a page is: 1 and 2 a unit called so, 3 a unit called nearly so, 4 by title, 5 by a name,
  // 6 by its text, 7 where others were better (see search).
  const tiers = new Uint8Array(all.count);
  const list = [];
  for (const piece of held) {
    const page = all.owner[piece];
    if (!tiers[page]) list.push(page);
    tiers[page] = Math.min(tiers[page] || LATER, 7 - marks[piece]);
  }
  for (const unit of all.units) {
    if (tiers[unit.first] !== TITLE || all.columns.kind[unit.first] !== UNIT) continue;
    const names = [unit.name, ...unit.others].map(folded);
    if (names.includes(asked)) tiers[unit.first] = names[0] === asked ? 1 : 2;
    else if (names.some((name) => name.includes(asked))) tiers[unit.first] = 3;
  }
  return { asked, all, sure, shards, marks, list, tiers, holds: new Uint8Array(all.count), wrong: false, places: new Map() };
}

// Pages by tier, then the newest year, then kind; or by year first. They are counted, then put in place.
function ranked({ all, tiers }, list, yearFirst) {
  const { old, ages, columns } = all;
  const key = (page) => (yearFirst ? old[page] * 8 + tiers[page] : tiers[page] * ages + old[page]) * 16 + columns.kind[page];
  const next = new Uint32Array(8 * ages * 16 + 1);
  for (let at = 0; at < list.length; at += 1) next[key(list[at]) + 1] += 1;
  for (let at = 1; at < next.length; at += 1) next[at] += next[at - 1];
  const made = new Uint32Array(list.length);
  for (let at = 0; at < list.length; at += 1) {
    const place = key(list[at]);
    made[next[place]] = list[at];
    next[place] += 1;
  }
  return made;
}

async function sorted(state, list, order) {
  const [by, way] = order.split("-");
  const best = ranked(state, list, by === "year");
  if (!["score", "amount"].includes(by)) return best;
  const figures = (await json("figures.json.bin"))[by];
  const sign = way === "asc" ? 1 : -1;
  const value = (page) => (figures[page] === null ? Number.MAX_VALUE : sign * figures[page]);
  return best.sort((one, other) => value(one) - value(other));
}

// Where in a page the text stands; null if it is not there.
function looked(state, page) {
  if (!state.places.has(page)) {
    const may = (piece) => state.marks[piece] > 0;
    const looking = place(state.all, page, state.asked, may).then((found) => {
      state.holds[page] = found ? YES : NO;
      state.wrong ||= !found;
      return found;
    });
    looking.catch(() => state.places.delete(page));
    state.places.set(page, looking);
  }
  return state.places.get(page);
}

// Look at pages, in order, until so many hold the text; each that does is told of at once. Unless
// all are wanted (`enough` is Infinity) it ends after LOOK pages, those `before` among them, or TRIED
// of which none is right. `rest` tells whether there are more.
async function verified(state, list, { enough, from = 0, before = 0, tell, yes }) {
  const right = [];
  const wrong = [];
  let at = 0;
  for (let looks = 0; at < list.length && right.length < enough;) {
    const left = enough === Infinity ? AT_ONCE : (right.length > from ? LOOK - before : TRIED) - looks;
    if (left <= 0) break;
    const some = [...list.subarray(at, at + Math.min(at ? AT_ONCE : FIRST, enough - right.length, left))];
    looks += some.filter((page) => !state.holds[page]).length;
    const looking = some.map((page) => looked(state, page));
    for (const [number, page] of some.entries()) {
      const found = await looking[number];
      if (found) yes(right.push(page) - 1, { page, ...found });
      else wrong.push(page);
    }
    at += some.length;
    tell?.(at, list.length);
  }
  return { right, wrong, rest: at < list.length };
}

// Pages like those that have proved to be wrong come last, where nobody has looked at them yet.
function postpone({ all, list, tiers, holds }, wrong) {
  const like = (page) => tiers[page] * 16 + all.columns.kind[page];
  const kinds = new Set(wrong.map(like));
  for (const page of list) if (holds[page] === UNKNOWN && kinds.has(like(page))) tiers[page] = LATER;
}

// The facets that are asked for, and the value that each must have.
const restricted = ({ all }, filters) =>
  FACETS.filter((name) => filters[name]).map((name) => [all.columns[name], all.values[name].indexOf(filters[name])]);

// The pages that pass all filters.
function passing(state, filters) {
  const wanted = restricted(state, filters);
  if (!wanted.length && !state.wrong) return state.list;
  return state.list.filter((page) => state.holds[page] !== NO && wanted.every(([column, value]) => column[page] === value));
}

// For each facet how many pages each of its values would leave; whether all of them are known to be right.
function counted(state, filters) {
  const { all, list, holds } = state;
  const wanted = restricted(state, filters);
  let sure = true;
  const facets = FACETS.map((name) => {
    const column = all.columns[name];
    const counts = new Uint32Array(all.values[name].length);
    const others = wanted.filter(([each]) => each !== column);
    for (const page of list) {
      if (holds[page] === NO || !others.every(([each, value]) => each[page] === value)) continue;
      counts[column[page]] += 1;
      if (holds[page] !== YES) sure = false;
    }
    return { name, counts };
  });
  return { facets, sure };
}

// What it costs to look at all pages: how many blocks of texts are to be fetched.
function cost({ all, marks }, list) {
  if (list.length > 20 * FREE) return Infinity;
  const blocks = new Set();
  for (const page of list) {
    const first = all.opening[page];
    for (let piece = first; piece < all.opening[page + 1]; piece += 1) {
      if (marks[piece]) blocks.add(all.columns.unit[page] * PAGES + all.block[page] + piece - first);
    }
  }
  return blocks.size;
}

// What is found, of the whole only SHOWN pages, each told of by `show` as soon as it is known; fewer,
// and `more`, where LOOK pages have been looked at, at first even if none of them is right, so
// that nobody loads a lot unasked; a shard beyond SHARDS counts as a page. `whole` has all verified.
export async function search(words, { filters = {}, order = "", from = 0, whole = false, tell, show } = {}) {
  const asked = folded(words);
  if (!asked) return null;
  const state = await found(asked);
  const { all, sure } = state;
  let list = await sorted(state, passing(state, filters), order);
  const results = [];
  const yes = (number, result) => {
    if (number < from || number >= from + SHOWN) return;
    results.push(result);
    show?.(result, state);
  };
  let [right, wrong, rest] = [list, [], false];
  if (sure) {
    await verified(state, list.subarray(from, from + SHOWN), { enough: SHOWN, yes: (number, each) => yes(from + number, each) });
  } else {
    const enough = whole || cost(state, list) <= FREE ? Infinity : from + SHOWN;
    for (let before = Math.max(0, state.shards - SHARDS); ; before += wrong.length) {
      ({ right, wrong, rest } = await verified(state, list, { enough, from, before, tell, yes }));
      if (right.length > from || !rest || (!from && before + wrong.length >= LOOK)) break;
      postpone(state, wrong);
      list = await sorted(state, passing(state, filters), order);
    }
  }
  const { facets, sure: checked } = counted(state, filters);
  return {
    asked,
    all,
    least: right.length,
    most: sure ? list.length : passing(state, filters).length,
    more: rest && right.length < from + SHOWN,
    results,
    facets,
    exact: sure || checked,
    piece: state.list.length ? "" : await piece(asked, all),
  };
}

// Where nothing is found: the longest piece from either end that may be somewhere.
async function piece(asked, all) {
  const signs = [...asked];
  for (let length = Math.min(signs.length - 1, 6); length >= 2; length -= 1) {
    for (const tried of [signs.slice(0, length).join(""), signs.slice(-length).join("")]) {
      if ((await candidates(tried, all)).held.length) return tried;
    }
  }
  return "";
}
