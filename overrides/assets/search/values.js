// Queries for values: “得分低于 80”, “支出 > 100万”, “执行率不到 80%”, “满意度 低于 90” become conditions;
// “得分最低” a condition that all numbers meet, the lowest first.
import { fetchJson } from "./files.js";

const FIGURES = {
  score: { label: "自评得分", unit: "分", names: "(?:自评)?(?:总?得分|总分|评分)|分数" },
  rate: { label: "执行率", unit: "%", names: "(?:预算)?执行率|(?:预算)?执行进度|支出进度" },
  spent: { label: "全年支出", unit: "万元", names: "全年执行数|执行数|(?:全年|实际)?支出(?:金额|数)?|花费|花了" },
  budget: { label: "全年预算", unit: "万元", names: "(?:全年)?预算(?:金额|数)?" },
  satisfaction: { label: "满意度", unit: "%", names: "(?:社会公众|公众|服务对象|受益对象|受益群众|群众|对象)?(?:的)?满意[度率]" },
};
const COMPARISONS = {
  ge: { text: "不低于", words: ">=|≥|≧|不低于|不少于|不小于|至少|达到", fits: (number, limit) => number >= limit },
  le: { text: "不超过", words: "<=|≤|≦|不超过|不高于|不多于|不大于|至多|最多", fits: (number, limit) => number <= limit },
  lt: { text: "低于", words: "<|低于|少于|小于|不到|不足|不满|未达到|没有达到|没达到|达不到|未到|未满", fits: (number, limit) => number < limit },
  gt: { text: "超过", words: ">|高于|超过|多于|大于|超出|超", fits: (number, limit) => number > limit },
  eq: { text: "等于", words: "=|等于", fits: (number, limit) => number === limit },
};
const ENDINGS = { ge: "(?:及|\\(含\\))?以上", le: "(?:及|\\(含\\))?以[下内]" };
const POWERS = { 元: -4, 万: 0, 亿: 4 }; // Of ten, for amounts in 万元.
const NUMBER = "(\\d[\\d,]*(?:\\.\\d+)?)\\s*(分|%|亿元?|万元?|元)?";
const CONDITION = new RegExp(
  `(${Object.values(FIGURES).map(({ names }) => `(${names})`).join("|")})\\s*(?:是|为|在|都)?\\s*` +
    `(?:(?:${Object.values(COMPARISONS).map(({ words }) => `(${words})`).join("|")})\\s*${NUMBER}` +
    `|${NUMBER}\\s*(?:${Object.values(ENDINGS).map((words) => `(${words})`).join("|")})` +
    `|${NUMBER}\\s*(?:到|至|[-–—~])\\s*${NUMBER}(?:\\s*之间)?` +
    `|(最[低少小])|(最[高多大]))`,
  "g",
);
const [AFTER_FIGURES, AFTER_WORDS] = [2, 7]; // Groups of CONDITION: names of figures, words of comparisons.
const QUOTED = /["“”][^"“”]*["“”]/g;
const KEPT = "\ue000"; // Stands for what is quoted.
const YEAR = /(?:^|[^\d.])((?:19|20)\d{2})(?:年度?的?|(?=\s|$))/;
const BEFORE = /^(?:请问|查询|查找|列出|有哪些|哪些|哪个|哪几个|所有|全部|的)+/;
const AFTER = /(?:有哪些|是哪些|有多少|的|[？?。，,、])+$/;
const KINDS = { 项目: "项目", 单位: "年度自评", 部门: "年度自评" };
const HAN_PERCENT = /百分之([零一二两三四五六七八九十百千]+|\d[\d.]*)/g;
const HAN_NUMBER = /([<>≤≥=于过到足满少多超])\s*([零一二两三四五六七八九十百千]+)/g;
const HAN_DIGITS = "零一二三四五六七八九";
const HAN_UNITS = { 十: 10, 百: 100, 千: 1000 };

function parseHan(text) {
  let [sum, digit] = [0, 0];
  for (const char of text.replace(/两/g, "二")) {
    if (HAN_UNITS[char]) sum += (digit || 1) * HAN_UNITS[char];
    digit = HAN_UNITS[char] ? 0 : HAN_DIGITS.indexOf(char);
  }
  return sum + digit;
}

// Whether there is one of a list of groups in a match, and which.
const keyAt = (table, match, first) => Object.keys(table).find((_, number) => match[first + number] !== undefined);

// A number as the figure has it: points, percent or 万元; null if it has another unit.
function parseNumber(figure, digits, unit) {
  const plain = digits.replace(/,/g, "");
  if (FIGURES[figure].unit === "万元") return unit && !(unit[0] in POWERS) ? null : Number(`${plain}e${POWERS[(unit || "万")[0]]}`);
  return unit && unit !== FIGURES[figure].unit ? null : Number(plain);
}

function readCondition(match) {
  const figure = keyAt(FIGURES, match, AFTER_FIGURES);
  const groups = match.slice(AFTER_WORDS + Object.keys(COMPARISONS).length);
  const comparison = keyAt(COMPARISONS, match, AFTER_WORDS);
  const [after, afterUnit, before, beforeUnit, ge, le, low, lowUnit, high, highUnit, lowest, highest] = groups;
  const { label, unit } = FIGURES[figure];
  if (lowest) return { figure, limits: [{ kind: "lt", number: null }], text: `${label}从低到高` };
  if (highest) return { figure, limits: [{ kind: "gt", number: null }], text: `${label}从高到低` };
  const limit = (digits, filedUnit, kind) => ({ kind, number: parseNumber(figure, digits, filedUnit) });
  const limits = comparison ? [limit(after, afterUnit, comparison)] : low ? [limit(low, lowUnit || highUnit, "ge"), limit(high, highUnit || lowUnit, "le")] : [limit(before, beforeUnit, ge ? "ge" : "le")];
  if (limits.some(({ number }) => number === null) || (le && ge)) return null;
  const numbers = limits.map(({ number }) => number);
  const tail = unit === "%" ? unit : ` ${unit}`;
  const text = low ? `${label}在 ${numbers.join(" 到 ")}${tail}之间` : `${label}${COMPARISONS[limits[0].kind].text} ${numbers[0]}${tail}`;
  return { figure, limits, text };
}

// The conditions in a query, the year and kind of page that it names, and the words that are left; null
// if it has no condition.
export function readValues(words) {
  const quoted = words.match(QUOTED) || [];
  const plain = words.replace(QUOTED, ` ${KEPT} `).normalize("NFKC");
  const text = plain.replace(HAN_PERCENT, (_, digits) => `${/^\d/.test(digits) ? digits : parseHan(digits)}%`).replace(HAN_NUMBER, (_, before, digits) => before + parseHan(digits));
  const conditions = [];
  let rest = text.replace(CONDITION, (...match) => {
    const condition = readCondition(match);
    if (!condition) return match[0];
    conditions.push(condition);
    return " ";
  });
  if (!conditions.length) return null;
  const year = YEAR.exec(rest);
  if (year) rest = rest.replace(YEAR, " ");
  const tokens = rest.split(/\s+/).map((token) => (token === KEPT ? quoted.shift() : token.replace(BEFORE, "").replace(AFTER, ""))).filter(Boolean);
  const kinds = tokens.map((token) => KINDS[token]).filter(Boolean);
  const left = tokens.filter((token) => !KINDS[token] && !["指标", "且", "并且", "而且"].includes(token));
  return { conditions, year: year ? year[1] : "", kind: kinds[0] || "", rest: left.join(" ") };
}

// A plain sentence of what was understood.
export function describeValues({ conditions, year, kind, rest }) {
  const pages = kind || "年度自评和项目";
  return `${year ? `${year} 年度` : ""}${conditions.map(({ text }) => text).join("、")}的${pages}${rest ? `，并且含有 ${rest}` : ""}`;
}

// A query with the same meaning, in words apart, which never stand on a page like this.
export const spellValues = ({ conditions, year, kind, rest }) => [year && `${year}年`, ...conditions.map(({ text }) => text.replace("从低到高", " 最低").replace("从高到低", " 最高")), kind === "年度自评" ? "单位" : kind, rest].filter(Boolean).join(" ");

const fits = ({ limits }, number) => limits.every((limit) => limit.number === null || COMPARISONS[limit.kind].fits(number, limit.number));

// What of a figure's table meets a condition, page by page, and the pages without a number.
function findMatches(condition, table) {
  const matches = new Map();
  const unknown = new Set();
  let page = 0;
  table.page.forEach((distance, row) => {
    page += distance;
    const [filed, computed] = [].concat(table.number[row]);
    if (filed === null && computed === undefined) unknown.add(page);
    if (![filed, computed].some((number) => typeof number === "number" && fits(condition, number))) return;
    if (!matches.has(page)) matches.set(page, []);
    matches.get(page).push({ label: FIGURES[condition.figure].label, number: filed, computed, anchor: table.anchor[row] });
  });
  return { matches, unknown };
}

// The pages that meet all conditions, with the figures that do; and the number of pages for which that
// cannot be said, because a figure is not filed or no number.
export async function findValues({ conditions, year, kind }, index) {
  const { columns, values, folder } = index;
  const years = values.year.filter((value) => value && (!year || value === year));
  const isOfKind = (page) => !kind || values.kind[columns.kind[page]] === kind;
  let pages = null;
  const unknown = new Set();
  for (const condition of conditions) {
    const tables = await Promise.all(years.map((value) => fetchJson(`values/${value}/${condition.figure}.json.bin`, folder)));
    const next = new Map();
    for (const found of tables.map((table) => findMatches(condition, table))) {
      for (const [page, rows] of found.matches) if (isOfKind(page) && (!pages || pages.has(page))) next.set(page, [...((pages && pages.get(page)) || []), ...rows]);
      for (const page of found.unknown) if (isOfKind(page)) unknown.add(page);
    }
    pages = next;
  }
  return { pages, unknown: [...unknown].filter((page) => !pages.has(page)).length };
}

// For the order of results: the most extreme of a page's values first.
export function extremeValue({ limits }, rows) {
  const numbers = rows.map(({ number, computed }) => (typeof number === "number" ? number : computed));
  return ["lt", "le"].includes(limits[limits.length - 1].kind) ? Math.min(...numbers) : -Math.max(...numbers);
}
