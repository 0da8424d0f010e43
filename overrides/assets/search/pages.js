// What is known of all pages: of which unit, kind, year and grade they are, where their texts lie.
import { json } from "./files.js";
import { folded } from "./words.js";

const ZERO = 48;
const COLUMNS = { kind: "kinds", year: "years", grade: "grades" };

export async function pages() {
  const told = await json("pages.json.bin");
  return (told.made ??= made(told));
}

function made(told) {
  const count = told.blocks.length;
  const unit = new Uint16Array(count);
  const block = new Uint32Array(count);
  const pieces = new Uint16Array(count);
  let first = 0;
  const units = told.units.map(([slug, name, others, department, size], number) => {
    unit.fill(number, first, first + size);
    for (let page = first, next = 0; page < first + size; page += 1) {
      const begin = told.blocks.charCodeAt(page) - ZERO;
      pieces[page] = Math.max(1, begin);
      block[page] = begin ? next : next - 1;
      next += begin;
    }
    first += size;
    return { slug, name, others, department, size, first: first - size };
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
  return { count, units, block, pieces, columns, values, bits: told.bits, key: told.key };
}

// What a page's block of texts tells, and the next blocks where it has several pieces.
async function piece(all, page, number) {
  const unit = all.units[all.columns.unit[page]];
  const texts = await json(`text/${unit.slug}/${all.block[page] + number}.json.bin`);
  let first = page;
  while (first > unit.first && all.block[first - 1] === all.block[page]) first -= 1;
  return texts[page - first];
}

// Address, title, figures of a page, and the piece of it where a text stands; null if it is not there.
export async function place(all, page, asked) {
  const [url, title, told, opening] = await piece(all, page, 0);
  let [heading, sections, before] = ["", opening, ""];
  for (let number = 0; ; ) {
    const own = folded(sections.map(([, name, words]) => name + words).join(""));
    if (own.includes(asked)) return { url, title, told, heading, sections };
    before += own;
    if (number && before.includes(asked)) return { url, title, told, heading: "", sections: await whole(all, page, number) };
    before = before.slice(Math.max(0, before.length - asked.length));
    number += 1;
    if (number === all.pieces[page]) return null;
    [heading, sections] = await piece(all, page, number);
  }
}

// All sections as far as a piece: a text may begin in one and end in the next.
async function whole(all, page, last) {
  const [, , , opening] = await piece(all, page, 0);
  const others = Array.from({ length: last }, (_, number) => piece(all, page, number + 1));
  return [opening, ...(await Promise.all(others)).map(([, sections]) => sections)].flat();
}
