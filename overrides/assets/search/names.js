// Units and projects by their names, in Han or pinyin.
import { json } from "./files.js";
import { folded } from "./words.js";

const LETTERS = /^[a-zü']+$/;
const NEVER = 99;
const WAYS = 20;
const FILES = 3;

// Syllables one after another, each by its beginning: xintj, xtjsx.
function spells(asked, syllables, at = 0) {
  if (!asked) return true;
  const next = syllables[at] ?? "";
  for (let length = Math.min(next.length, asked.length); length > 0; length -= 1) {
    if (asked.startsWith(next.slice(0, length)) && spells(asked.slice(length), syllables, at + 1)) return true;
  }
  return false;
}

function among(asked, initials) {
  let at = 0;
  for (const letter of initials) at += letter === asked[at] ? 1 : 0;
  return at === asked.length;
}

// How well a name fits, 0 best.
export function fits(asked, name, spelling) {
  const place = folded(name).indexOf(asked);
  if (place >= 0) return place === 0 ? 0 : 2;
  if (!LETTERS.test(asked)) return NEVER;
  const syllables = spelling.split(" ");
  if (spells(asked, syllables)) return 1;
  if (syllables.some((_, at) => at && spells(asked, syllables, at))) return 3;
  const initials = syllables.map((each) => each[0]).join("");
  return asked.length > 2 && initials[0] === asked[0] && among(asked, initials) ? 4 : NEVER;
}

// The initials that may be meant: of Han one way, of letters as many as they can be read.
function readings(asked, told) {
  if (!LETTERS.test(asked)) {
    const letters = [...asked].map((sign) => (/[a-z]/.test(sign) ? sign : told.letters.get(sign)));
    return [letters.filter(Boolean).join("")];
  }
  const known = new Map();
  const from = (at) => {
    if (at === asked.length) return [""];
    if (!known.has(at)) {
      const rest = asked.slice(at);
      const whole = told.sounds.filter((each) => rest.startsWith(each)).map((each) => each.length);
      const ends = told.sounds.some((each) => each.startsWith(rest)) ? [rest.length] : [];
      const ways = [...new Set([1, ...whole, ...ends])].flatMap((length) => from(at + length));
      known.set(at, [...new Set(ways)].slice(0, WAYS).map((way) => rest[0] + way));
    }
    return known.get(at);
  };
  return from(0);
}

async function projects(asked, told) {
  if ([...asked].length < 2) return [];
  told.letters ??= new Map(told.signs.match(/.[a-z]/gu)?.map((pair) => [pair.slice(0, -1), pair.at(-1)]));
  told.sounds ??= told.syllables.split(" ");
  const wanted = readings(asked, told).filter(Boolean);
  const near = told.shards.filter((shard) => {
    const initials = shard.replace("0", "");
    return wanted.some((way) => initials.startsWith(way) || way.startsWith(initials));
  });
  const found = await Promise.all(near.slice(0, FILES).map((shard) => json(`names/${shard}.json.bin`)));
  return found.flat().map(([name, slug, path, spelling]) => ({
    name,
    more: told.units[slug][0][0],
    url: `units/${slug}/${path}`,
    fit: fits(asked, name, spelling) + 0.5,
  }));
}

// The best few: name, what else is to be said, address.
export async function suggestions(words, most = 8) {
  const asked = folded(words);
  if (!asked) return [];
  const told = await json("names.json.bin");
  const units = Object.entries(told.units).map(([slug, names]) => {
    const best = names
      .map(([name, spelling], at) => ({ name, fit: fits(asked, name, spelling) + (at ? 0.2 : 0) }))
      .reduce((one, other) => (other.fit < one.fit ? other : one));
    const also = best.name === names[0][0] ? "" : best.name;
    return { name: names[0][0], more: also, url: `units/${slug}/`, fit: best.fit };
  });
  return [...units, ...(await projects(asked, told))]
    .filter(({ fit }) => fit < NEVER)
    .sort((one, other) => one.fit - other.fit || one.name.length - other.name.length)
    .slice(0, most);
}
