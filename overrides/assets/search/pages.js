// What is known of all pages: of which unit, kind, year and grade they are, where their texts lie.
import { json } from "./files.js";

const COLUMNS = { kind: "kinds", year: "years", grade: "grades" };

export async function pages() {
  const told = await json("pages.json.bin");
  return (told.made ??= made(told));
}

function made(told) {
  const count = told.blocks.length;
  const unit = new Uint16Array(count);
  const block = new Uint32Array(count);
  let first = 0;
  const units = told.units.map(([slug, name, others, department, size], number) => {
    unit.fill(number, first, first + size);
    for (let page = first, at = -1; page < first + size; page += 1) {
      at += told.blocks[page] === "1" ? 1 : 0;
      block[page] = at;
    }
    first += size;
    return { slug, name, others, department, size, first: first - size };
  });
  const column = (name) => Uint8Array.from(told[COLUMNS[name]], (sign) => sign.charCodeAt(0) - 48);
  const columns = { kind: column("kind"), year: column("year"), grade: column("grade"), unit };
  columns.department = Uint16Array.from(unit, (number) => units[number].department);
  const values = {
    kind: ["", ...told.kind],
    year: ["", ...told.year],
    grade: ["", ...told.grade],
    department: ["", ...told.department],
    unit: units.map((each) => each.slug),
  };
  return { count, units, block, columns, values, bits: told.bits, key: told.key };
}

// Address, title, figures and sections of a page, as far as its block of texts tells.
export async function text(all, page) {
  const unit = all.units[all.columns.unit[page]];
  const texts = await json(`text/${unit.slug}/${all.block[page]}.json.bin`);
  let first = page;
  while (first > unit.first && all.block[first - 1] === all.block[page]) first -= 1;
  const [url, title, told, sections] = texts[page - first];
  return { url, title, told, sections };
}
