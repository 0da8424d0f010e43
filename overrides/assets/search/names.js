// Suggestions of units and projects by their names, in Han or pinyin.
import { fetchJson, indexFolder } from "./files.js";
import { normalize } from "./words.js";

const LETTERS = /^[a-zü']+$/;
const NO_MATCH = 99;
const MAX_READINGS = 20;
const MAX_FILES = 3;
const MAX_LENGTH = 60; // Characters of a query that may be the beginning of a name.

// Whether the query consists of beginnings of consecutive syllables: xintj, xtjsx.
function matchesSyllables(query, syllables, index = 0) {
  if (!query) return true;
  const next = syllables[index] || "";
  for (let length = Math.min(next.length, query.length); length > 0; length -= 1) {
    if (query.startsWith(next.slice(0, length)) && matchesSyllables(query.slice(length), syllables, index + 1)) return true;
  }
  return false;
}

function isSubsequence(query, initials) {
  let position = 0;
  for (const letter of initials) position += letter === query[position] ? 1 : 0;
  return position === query.length;
}

// Rank of a name for a query: 0 is best, NO_MATCH if it does not match.
function rankName(query, name, spelling) {
  const position = normalize(name).indexOf(query);
  if (position >= 0) return position === 0 ? 0 : 2;
  if (!LETTERS.test(query)) return NO_MATCH;
  const syllables = spelling.split(" ");
  if (matchesSyllables(query, syllables)) return 1;
  if (syllables.some((_, index) => index && matchesSyllables(query, syllables, index))) return 3;
  const initials = syllables.map((syllable) => syllable[0]).join("");
  return query.length > 2 && initials[0] === query[0] && isSubsequence(query, initials) ? 4 : NO_MATCH;
}

// Possible initials of a query: one for Han, for letters as many as there are ways to split them.
function possibleInitials(query, table) {
  if (!LETTERS.test(query)) {
    const letters = [...query].map((char) => (/[a-z]/.test(char) ? char : table.letters.get(char)));
    return [letters.filter(Boolean).join("")];
  }
  const cache = new Map();
  const initialsFrom = (position) => {
    if (position === query.length) return [""];
    if (!cache.has(position)) {
      const rest = query.slice(position);
      const whole = table.sounds.filter((sound) => rest.startsWith(sound)).map((sound) => sound.length);
      const partial = table.sounds.some((sound) => sound.startsWith(rest)) ? [rest.length] : [];
      const tails = [...new Set([1, ...whole, ...partial])].flatMap((length) => initialsFrom(position + length));
      cache.set(position, [...new Set(tails)].slice(0, MAX_READINGS).map((tail) => rest[0] + tail));
    }
    return cache.get(position);
  };
  return initialsFrom(0);
}

async function suggestProjects(query, table, folder) {
  if ([...query].length < 2) return [];
  if (!table.letters) table.letters = new Map((table.signs.match(/.[a-z]/gu) || []).map((pair) => [pair.slice(0, -1), pair[pair.length - 1]]));
  if (!table.sounds) table.sounds = table.syllables.split(" ");
  const candidates = possibleInitials(query, table).filter(Boolean);
  const shards = table.shards.filter((shard) => {
    const initials = shard.replace("0", "");
    return candidates.some((candidate) => initials.startsWith(candidate) || candidate.startsWith(initials));
  });
  const projects = await Promise.all(shards.slice(0, MAX_FILES).map((shard) => fetchJson(`names/${shard}.json.bin`, folder)));
  return projects.flat().map(([name, slug, path, spelling]) => ({
    name,
    detail: table.units[slug][0][0],
    url: `units/${slug}/${path}`,
    rank: rankName(query, name, spelling) + 0.5,
  }));
}

// The best suggestions: name, detail (the unit, or its other name), address, rank.
export async function suggest(words, limit = 8) {
  const query = normalize(words);
  if (!query || query.length > MAX_LENGTH) return [];
  const folder = await indexFolder();
  const table = await fetchJson("names.json.bin", folder);
  const units = Object.entries(table.units).map(([slug, names]) => {
    const best = names
      .map(([name, spelling], index) => ({ name, rank: rankName(query, name, spelling) + (index ? 0.2 : 0) }))
      .reduce((left, right) => (right.rank < left.rank ? right : left));
    const otherName = best.name === names[0][0] ? "" : best.name;
    return { name: names[0][0], detail: otherName, url: `units/${slug}/`, rank: best.rank };
  });
  return [...units, ...(await suggestProjects(query, table, folder))]
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((left, right) => left.rank - right.rank || left.name.length - right.name.length)
    .slice(0, limit);
}
