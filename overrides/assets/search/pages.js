// What is known of all pages: of which unit, kind, year and grade they are, where their texts lie.
import { json } from "./files.js";
import { folded, start } from "./words.js";

const ZERO = 48;
const REACH = 9;
const LISTS = 5;
const COLUMNS = { kind: "kinds", year: "years", grade: "grades" };

export async function pages() {
  const told = await json("pages.json.bin");
  return (told.made ??= made(told));
}

function made(told) {
  const count = told.blocks.length;
  const unit = new Uint16Array(count);
  const block = new Uint32Array(count);
  const opening = new Uint32Array(count + 1); // A page's first piece; others may follow.
  const owner = []; // A piece's page.
  let first = 0;
  const units = told.units.map(([slug, name, others, department, size], number) => {
    const end = first + size;
    unit.fill(number, first, end);
    for (let page = first, next = 0; page < end; page += 1) {
      const begin = told.blocks.charCodeAt(page) - ZERO;
      opening[page + 1] = opening[page] + Math.max(1, begin);
      block[page] = begin ? next : next - 1;
      next += begin;
      for (let piece = opening[page]; piece < opening[page + 1]; piece += 1) owner.push(page);
    }
    const made = { slug, name, others, department, first, from: opening[first], pieces: opening[end] - opening[first] };
    first = end;
    return made;
  });
  const column = (name) => Uint8Array.from(told[COLUMNS[name]], (sign) => sign.charCodeAt(0) - ZERO);
  const columns = { kind: column("kind"), year: column("year"), grade: column("grade"), unit };
  columns.department = Uint16Array.from(unit, (number) => units[number].department);
  const values = {
    kind: ["", ...told.kind],
    year: ["", ...told.year],
    grade: ["", ...told.grade],
    department: ["", ...told.department],
    unit: units.map((each) => each.slug),
  };
  const age = (value) => 9999 - Number(value || 9999);
  const ages = [...new Set([0, ...told.year.map(age), 9999])].sort((one, other) => one - other);
  const yearly = values.year.map((value) => ages.indexOf(age(value)));
  // Of each page how new it is, 0 the newest and what has no year; lists are oldest.
  const old = Uint8Array.from(columns.year, (year, page) => (columns.kind[page] >= LISTS ? ages.length - 1 : yearly[year]));
  return { count, units, block, old, ages: ages.length, opening, owner, columns, values, bits: told.bits, key: told.key };
}

// A piece of a page, by its number: sections, how the next begins, and what the page is or what
// heading is in force.
async function piece(all, page, number) {
  const unit = all.units[all.columns.unit[page]];
  const texts = await json(`text/${unit.slug}/${all.block[page] + number}.json.bin`);
  let first = page;
  while (first > unit.first && all.block[first - 1] === all.block[page]) first -= 1;
  return texts[page - first];
}

const plain = (sections) => folded(sections.map(([, heading, words]) => heading + words).join(""));

// Address, title, figures of a page, and the sections where a text stands, looked for in pieces that
// may hold it; null if it is not there.
export async function place(all, page, asked, may) {
  const count = all.opening[page + 1] - all.opening[page];
  for (let number = 0; number < count; number += 1) {
    if (!may(all.opening[page] + number)) continue;
    let [sections, next, ...told] = await piece(all, page, number);
    const own = plain(sections);
    let there = own.includes(asked);
    if (!there && (own + next).includes(start(asked))) {
      for (let last = number + 1; !there && last < count && last < number + REACH; last += 1) {
        sections = sections.concat((await piece(all, page, last))[0]);
        there = plain(sections).includes(asked);
      }
    }
    if (there) {
      const heading = number ? told[0] : "";
      const [url, title, figures] = number ? (await piece(all, page, 0)).slice(2) : told;
      return { url, title, told: figures, heading, sections };
    }
  }
  return null;
}
