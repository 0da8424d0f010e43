// Where in a page a text stands: its surroundings, and the section to go to.
import { folded, places } from "./words.js";

const AROUND = 36;
const MOST = 2;
const flat = (text) => text.replaceAll("\n", " ");

// Up to two places: the anchor and name of the section, and text before, at and after it.
// The title, which is shown anyway, only where the text stands nowhere else. `heading` is that in
// force above the sections; empty where they are the page's first.
export function excerpts(heading, sections, asked) {
  const parts = [];
  let name = heading;
  let whole = "";
  for (const [anchor, own, words] of sections) {
    name = own || name;
    for (const text of [own, words]) {
      const from = whole.length;
      whole += folded(text);
      parts.push({ anchor, name, text, from, to: whole.length });
    }
  }
  const title = heading ? undefined : parts.find((part) => part.text);
  const found = new Map();
  for (let start = whole.indexOf(asked); start >= 0 && found.size <= MOST; start = whole.indexOf(asked, start + 1)) {
    const part = parts.find((each) => start < each.to);
    if (!found.has(part)) found.set(part, excerpt(part, start, start + asked.length));
  }
  if (found.size > 1) found.delete(title);
  return [...found.values()].slice(0, MOST);
}

function excerpt({ anchor, name, text, from, to }, start, end) {
  const place = places(text);
  const [first, last] = [place[start - from], place[Math.min(end, to) - from]];
  const opening = Math.max(0, first - AROUND);
  const closing = Math.min(text.length, last + AROUND);
  const hit = text.slice(first, last).trimEnd();
  return {
    anchor,
    name,
    before: (opening ? "…" : "") + flat(text.slice(opening, first)),
    hit: flat(hit),
    after: flat(text.slice(first + hit.length, closing)) + (closing < text.length ? "…" : ""),
    line: hit.split("\n")[0],
  };
}
