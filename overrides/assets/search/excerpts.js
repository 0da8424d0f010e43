// Excerpts of a page: the surroundings of a match, and the section to which it links.
import { normalize, originalPositions } from "./words.js";

const CONTEXT = 36; // Characters before and after a match.
const LIMIT = 2;
const joinLines = (text) => text.replaceAll("\n", " ");

// Up to two excerpts: anchor and name of the section, and the text before, at and after the match.
// The page's title, which is shown anyway, counts only if the text occurs nowhere else. `heading` is
// the one in force above the sections; empty if they are the page's first.
export function findExcerpts(heading, sections, text) {
  const parts = [];
  let name = heading;
  let whole = "";
  for (const [anchor, sectionHeading, body] of sections) {
    name = sectionHeading || name;
    for (const original of [sectionHeading, body]) {
      const from = whole.length;
      whole += normalize(original);
      parts.push({ anchor, name, original, from, to: whole.length });
    }
  }
  const title = heading ? undefined : parts.find((part) => part.original);
  const excerpts = new Map();
  for (let start = whole.indexOf(text); start >= 0 && excerpts.size <= LIMIT; start = whole.indexOf(text, start + 1)) {
    const part = parts.find(({ to }) => start < to);
    if (!excerpts.has(part)) excerpts.set(part, cutExcerpt(part, start, start + text.length));
  }
  if (excerpts.size > 1) excerpts.delete(title);
  return [...excerpts.values()].slice(0, LIMIT);
}

function cutExcerpt({ anchor, name, original, from, to }, start, end) {
  const positions = originalPositions(original);
  const [first, last] = [positions[start - from], positions[Math.min(end, to) - from]];
  const contextStart = Math.max(0, first - CONTEXT);
  const contextEnd = Math.min(original.length, last + CONTEXT);
  const match = original.slice(first, last).trimEnd();
  return {
    anchor,
    name,
    before: (contextStart ? "…" : "") + joinLines(original.slice(contextStart, first)),
    match: joinLines(match),
    after: joinLines(original.slice(first + match.length, contextEnd)) + (contextEnd < original.length ? "…" : ""),
    firstLine: match.split("\n")[0],
  };
}
