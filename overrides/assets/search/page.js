// The page /search/: the query is in its address, the results are below its form.
import { ROOT, IndexChanged, MissingFile, OutdatedPage } from "./files.js";
import { findExcerpts, findRow } from "./excerpts.js";
import { loadPages } from "./index.js";
import { FACETS, SHOWN, prepare, reset, search } from "./search.js";
import { MAX_LENGTH } from "./query.js";
import { normalize } from "./words.js";

const LABELS = { year: "年度", unit: "单位", department: "主管部门", kind: "类别", grade: "等级" };
const ORDERS = {
  "": "相关程度",
  year: "年度从新到旧",
  "score-desc": "得分从高到低",
  "score-asc": "得分从低到高",
  "amount-desc": "预算金额从大到小",
  "amount-asc": "预算金额从小到大",
};
const MAX_VALUES = 8; // Values of a facet that are shown without opening the rest.
const MAX_TITLE = 100; // Characters of the query in the page's title.
const PAUSE = 50; // Milliseconds without a key pressed.
const TITLE = document.title;
const container = document.getElementById("gk-find");
const field = document.getElementById("gk-find-q");
const headerField = document.querySelector("form.gk-search input[name=q]");
const status = createElement("p", { className: "gk-status", role: "status", "aria-live": "polite" });
const output = createElement("div");
let request = 0; // Answers to earlier requests are dropped.
let focused = null; // What had the focus when the output was replaced.

// DOM elements; strings become text nodes, never HTML.
function createElement(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && !name.includes("-") && name !== "role") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== ""));
  return element;
}

function createLink(href, text, className = "") {
  const anchor = createElement("a", { href }, text);
  if (className) anchor.className = className;
  return anchor;
}

// Put children in place of all that an element contains; false, null and "" are left out.
function replaceContent(element, ...children) {
  while (element.firstChild) element.removeChild(element.firstChild);
  element.append(...children.filter((child) => child));
}

const urlParams = () => new URLSearchParams(location.search);
const currentOrder = () => {
  const order = urlParams().get("sort") || "";
  return Object.keys(ORDERS).includes(order) ? order : "";
};
const fillFields = (words) => [field, headerField].forEach((input) => input && (input.value = words));
const searchUrl = (changes) => {
  const params = urlParams();
  params.delete("page");
  params.delete("exact");
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  return `?${params}`;
};
const unitName = (index, slug) => {
  const row = index.units.find((unit) => unit.slug === slug);
  return row ? row.name : slug;
};
const valueLabel = (index, name, value) => (name === "unit" ? unitName(index, value) : value);
const countText = ({ count, isExact }) => (isExact ? `找到 ${count} 个网页` : `找到约 ${count} 个网页`);
const canMarkText = "fragmentDirective" in document; // Else such an address would not even find its section.

function createExcerpt({ parts }) {
  return createElement("span", {}, ...parts.map(({ text, isMarked }) => (isMarked ? createElement("mark", {}, text) : text)));
}

function createResult({ page, url, title, figures, finds, values, rows }, { index }) {
  const { kind, year, unit } = index.columns;
  const href = new URL(url, ROOT).href;
  const labels = values.map(({ label }) => `${label} `);
  const mark = (figure) => (labels.some((label) => figure.startsWith(label)) ? createElement("mark", {}, figure) : figure);
  const about = [index.units[unit[page]].name, index.values.kind[kind[page]], index.values.year[year[page]], ...figures.map(mark)];
  const row = createElement("li", {}, createElement("h2", {}, createLink(href, title)));
  row.append(createElement("p", { className: "gk-about" }, ...about.filter(Boolean).flatMap((part, number) => (number ? ["　", part] : [part]))));
  for (const excerpt of [...rows.map(findRow), ...findExcerpts(finds, title)]) {
    const target = `${href}#${excerpt.anchor}${canMarkText && excerpt.firstLine ? `:~:text=${encodeURIComponent(excerpt.firstLine)}` : ""}`;
    const isHeading = excerpt.name && excerpt.plain === normalize(excerpt.name);
    const parts = isHeading ? [createLink(target, createExcerpt(excerpt), "gk-where")] : [createExcerpt(excerpt)];
    if (excerpt.anchor && excerpt.name && excerpt.name !== title && !isHeading) parts.push(" ", createLink(target, excerpt.name, "gk-where"));
    row.append(createElement("p", { className: "gk-excerpt" }, ...parts));
  }
  const more = values.filter(({ anchor }) => anchor).length - rows.length;
  if (more > 0) row.append(createElement("p", { className: "gk-about" }, `还有 ${more} 项也是这样`));
  return row;
}

// A list to which results are added; in the order of relevance those of one unit stand together.
function createResultList(start) {
  const list = createElement("ol", { className: "gk-results", start });
  const lastOfUnit = new Map();
  const firstOfUnit = new Map();
  const add = (result, query) => {
    const unit = query.index.columns.unit[result.page];
    const row = createResult(result, query);
    const before = currentOrder() ? null : lastOfUnit.get(unit);
    if (before) before.after(row);
    else list.append(row);
    if (before) row.className = "gk-same-unit";
    if (!firstOfUnit.has(unit)) firstOfUnit.set(unit, row);
    lastOfUnit.set(unit, row);
  };
  return { list, add, firstOfUnit };
}

// Below the first result of a unit: how many of its pages were found, year by year.
function addYears({ firstOfUnit }, { index, years, isExact }) {
  if (urlParams().get("unit")) return;
  for (const [unit, row] of firstOfUnit) {
    const { slug, name } = index.units[unit];
    const counts = years.get(unit) || new Map();
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (total < 2 || slug.startsWith("site.")) continue;
    const links = [...counts.keys()].filter(Boolean).sort((left, right) => right - left).map((year) => createLink(searchUrl({ unit: slug, year: index.values.year[year] }), `${index.values.year[year]}（${counts.get(year)}）`));
    const all = createLink(searchUrl({ unit: slug }), `${name}${isExact ? "" : "约"} ${total} 个网页`);
    row.append(createElement("p", { className: "gk-years" }, all, ...(links.length ? ["：", ...links.flatMap((link, number) => (number ? ["、", link] : [link]))] : [])));
  }
}

function createFilterTags(index) {
  const params = urlParams();
  const active = FACETS.filter((name) => params.get(name));
  if (!active.length) return "";
  const tags = active.map((name) => {
    const text = `${LABELS[name]}：${valueLabel(index, name, params.get(name))}`;
    const removal = createLink(searchUrl({ [name]: "" }), `${text} ×`);
    removal.setAttribute("aria-label", `去掉筛选 ${text}`);
    return createElement("li", {}, removal);
  });
  const cleared = Object.fromEntries(active.map((name) => [name, ""]));
  if (active.length > 1) tags.push(createElement("li", {}, createLink(searchUrl(cleared), "全部去掉")));
  return createElement("ul", { className: "gk-tags", "aria-label": "已用的筛选" }, ...tags);
}

function createFacet({ name, counts }, index) {
  const values = index.values[name]
    .map((value, code) => ({ value, count: counts[code] }))
    .filter(({ value, count }) => value && count && !(name === "unit" && value.startsWith("site.")));
  if (name === "year") values.reverse();
  else if (name !== "grade" && name !== "kind") values.sort((left, right) => right.count - left.count);
  if (values.length < (urlParams().get(name) ? 1 : 2)) return "";
  const rows = values.slice(0, 200).map(({ value, count }) => {
    const text = `${valueLabel(index, name, value)}（${count}）`;
    const active = urlParams().get(name) === value;
    const choice = createLink(searchUrl({ [name]: active ? "" : value }), text);
    if (active) choice.setAttribute("aria-current", "true");
    return createElement("li", {}, choice);
  });
  const first = createElement("ul", {}, ...rows.slice(0, MAX_VALUES));
  const rest = rows.length > MAX_VALUES ? createElement("details", {}, createElement("summary", {}, `其余 ${rows.length - MAX_VALUES} 个`), createElement("ul", {}, ...rows.slice(MAX_VALUES))) : "";
  return createElement("section", {}, createElement("h2", {}, LABELS[name]), first, rest);
}

function createOrderSelect() {
  const select = createElement("select", { id: "gk-order" });
  for (const [value, text] of Object.entries(ORDERS)) {
    select.append(createElement("option", { value, selected: value === currentOrder() }, text));
  }
  select.addEventListener("change", () => navigate(searchUrl({ sort: select.value })));
  return createElement("p", { className: "gk-order" }, createElement("label", { htmlFor: "gk-order" }, "排序 "), select);
}

function createPager({ page, pages }) {
  if (pages < 2) return "";
  const pageLink = (number, text) => {
    const anchor = createLink(searchUrl({ page: number > 1 ? String(number) : "", exact: urlParams().get("exact") }), text);
    if (number === page) anchor.setAttribute("aria-current", "page");
    return createElement("li", {}, anchor);
  };
  const numbers = [1, page - 2, page - 1, page, page + 1, page + 2, pages].filter((number) => number >= 1 && number <= pages);
  const links = [...new Set(numbers)].map((number) => pageLink(number, String(number)));
  if (page > 1) links.unshift(pageLink(page - 1, "上一页"));
  if (page < pages) links.push(pageLink(page + 1, "下一页"));
  return createElement("nav", { className: "gk-pager", "aria-label": "翻页" }, createElement("ul", {}, ...links));
}

function createVerifyLink({ isExact, page }) {
  if (isExact) return "";
  const link = createLink(searchUrl({ exact: "1" }), "逐页核对，得出准确数目");
  return createElement("p", { className: "gk-more" }, page > 1 ? "" : "数目是估计的；列出的网页都确实含有所搜的文字。", " ", link);
}

// What was searched for besides the words themselves, and how to search for these only.
function createNote({ terms, apart, meant, valueQuery, offered, unknown, literalCount }) {
  if (valueQuery) return createValuesNote(valueQuery, unknown, literalCount);
  if (offered) return createElement("p", { className: "gk-understood" }, "照原样查了这些字。也可以查：", createLink(`?q=${encodeURIComponent(offered.spelled)}`, offered.sentence));
  const added = (kind) => [...new Set(terms.flatMap(({ forms }) => forms.filter((form) => form.kind === kind && form.candidates.pieces.length).map(({ text }) => text)))].join("、");
  const notes = [
    apart ? `没有网页含有整句话，已拆成：${terms.map(({ text }) => text).join("、")}` : "",
    ...[["pinyin", "按拼音查了"], ["simplified", "也查了简体"], ["synonym", "也查了"]].map(([kind, text]) => added(kind) && `${text}：${added(kind)}`),
  ].filter(Boolean);
  if (!notes.length) return "";
  const others = (meant || []).flatMap((text) => [createLink(`?q=${encodeURIComponent(text)}`, text), " "]);
  const question = others.length ? ["您是不是要找：", ...others] : [];
  return createElement("p", { className: "gk-understood" }, `${notes.join("；")}。`, ...question, createLink(searchUrl({ only: "1" }), "只查原来的字"));
}

// What values were searched for, and how to search for the words themselves.
function createValuesNote({ sentence, conditions }, unknown, literalCount) {
  const left = unknown ? `另有 ${unknown} 个网页没有填这个数，或填的不是数字，没有列出。` : "";
  const isRanking = conditions.every(({ limits }) => limits[0].number === null);
  const text = `查的是：${sentence}。${isRanking ? "" : "填报的数与复算不一致的，有一个符合就列出。"}${left}${literalCount ? `另有 ${literalCount} 个指南网页原样有这些字。` : ""}`;
  return createElement("p", { className: "gk-understood" }, text, createLink(searchUrl({ only: "1" }), "只查原来的字"));
}

async function createHints(words, answer) {
  const hints = [];
  const params = urlParams();
  const filtered = FACETS.some((name) => params.get(name));
  if (filtered) {
    hints.push(createElement("li", {}, createLink(searchUrl(Object.fromEntries(FACETS.map((name) => [name, ""]))), "去掉筛选，在全站里找")));
  }
  const missing = answer.required.filter(({ levels }) => !levels.some(Boolean)).map(({ text }) => text);
  if (answer.required.length > 1) {
    const others = answer.required.filter(({ text }) => !missing.includes(text)).map(({ text }) => createLink(`?q=${encodeURIComponent(text)}`, text));
    if (missing.length) hints.push(createElement("li", {}, `全站没有网页含有${missing.map((text) => `“${text}”`).join("、")}。`));
    else hints.push(createElement("li", {}, "各词都有网页含有，但没有一个网页同时含有它们。"));
    if (others.length) hints.push(createElement("li", {}, "分别查找：", ...others.flatMap((link) => [link, " "])));
  }
  if (answer.meant && answer.meant.length) {
    hints.unshift(createElement("li", {}, "您是不是要找：", ...answer.meant.flatMap((text) => [createLink(`?q=${encodeURIComponent(text)}`, text), " "])));
  }
  if (answer.fragment) hints.push(createElement("li", {}, "只找其中一段：", createLink(`?q=${encodeURIComponent(answer.fragment)}`, answer.fragment)));
  hints.push(createElement("li", {}, "数字请照原样输入，例如 128.50；单位名称可以只写几个字，或拼音首字母。"));
  const lists = [createLink(new URL("units/", ROOT).href, "各单位"), " 或 ", createLink(new URL("years/", ROOT).href, "各年度")];
  hints.push(createElement("li", {}, "也可以从 ", ...lists, " 的目录里查找。"));
  return createElement("div", { className: "gk-nothing" }, createElement("p", {}, `${filtered ? "筛选的范围里" : ""}${answer.valueQuery ? `没有${answer.valueQuery.sentence}` : `没有网页含有“${words}”`}。`), createElement("ul", {}, ...hints));
}

function showError(error) {
  const retry = createElement("button", { type: "button" }, "重试");
  retry.addEventListener("click", () => {
    reset();
    update();
  });
  const isKnown = error instanceof MissingFile;
  status.textContent = `搜索没有完成：${isKnown ? error.message : `程序出错：${error.message}`}。`;
  replaceContent(output, createElement("p", {}, isKnown ? "可能是网络中断，或者网站刚刚更新。" : "请用各单位、各年度的目录查找，并把这句话告诉本站。", retry));
}

function showMessage(text) {
  container.setAttribute("aria-busy", "false");
  status.textContent = text;
  replaceContent(output);
}

// Whether the page has just been reloaded, which would not help again.
const wasReloaded = () => performance.getEntriesByType("navigation").some(({ type }) => type === "reload");

async function update(isRetry = false) {
  request += 1;
  const current = request;
  const params = urlParams();
  const words = params.get("q") || "";
  const whole = params.get("exact") === "1";
  const literal = params.get("only") === "1";
  const page = Math.max(1, Number.parseInt(params.get("page") || "1", 10) || 1);
  for (const input of [field, headerField]) if (input && input.value !== words && document.activeElement !== input) input.value = words;
  document.title = normalize(words) ? TITLE.replace(/^[^-]*-/, () => `搜索 ${words.slice(0, MAX_TITLE)} -`) : TITLE;
  if (!normalize(words)) return showMessage("请输入要找的文字、数字，或单位名称的拼音首字母。");
  if (words.length > MAX_LENGTH) return showMessage(`没有搜索：所输的文字有 ${words.length} 个字，最多 ${MAX_LENGTH} 个；请只留其中一段。`);
  container.setAttribute("aria-busy", "true");
  if (output.contains(document.activeElement)) focused = document.activeElement;
  try {
    const filters = Object.fromEntries(FACETS.map((name) => [name, params.get(name)]));
    const onProgress = (done, total) => {
      if (current === request && total > 20) status.textContent = `正在核对：${done} / ${total}`;
    };
    const results = createResultList((page - 1) * SHOWN + 1);
    const onResult = (result, query) => {
      if (current !== request) return;
      if (!results.list.isConnected) replaceContent(output, createElement("div", { className: "gk-columns" }, createElement("div", {}, results.list)));
      results.add(result, query);
    };
    const answer = await search(words, { filters, order: currentOrder(), page, whole, literal, onProgress, onResult });
    if (current !== request) return undefined;
    if (answer.page !== page) history.replaceState(null, "", searchUrl({ page: answer.page > 1 ? String(answer.page) : "", exact: whole ? "1" : "" }));
    results.list.start = (answer.page - 1) * answer.size + 1;
    addYears(results, answer);
    await showAnswer(words, answer, results.list);
  } catch (error) {
    if (current === request && error instanceof IndexChanged && !isRetry) {
      reset();
      return update(true);
    }
    if (current === request && error instanceof OutdatedPage && !wasReloaded()) return location.reload();
    if (current === request) showError(error);
  } finally {
    if (current === request) {
      if (focused && document.activeElement === document.body) (document.getElementById(focused.id || "-") || status).focus({ preventScroll: true });
      focused = null;
      container.setAttribute("aria-busy", "false");
    }
  }
  return undefined;
}

async function showAnswer(words, answer, list) {
  const found = answer.count > 0 && (answer.results.length > 0 || !answer.isExact);
  status.textContent = found ? `${countText(answer)}${answer.page > 1 ? `，第 ${answer.page} 页` : ""}。` : "找到 0 个网页。";
  const facets = found ? answer.facets.map((facet) => createFacet(facet, answer.index)).filter(Boolean) : [];
  const note = answer.allVerified ? "" : createElement("p", { className: "gk-note" }, "各项数目尚未逐页核对，可能略多。");
  const aside = facets.length ? createElement("aside", { className: "gk-facets", "aria-label": "筛选" }, ...facets, note) : "";
  const none = answer.results.length ? "" : createElement("p", {}, "这一段里核对过的网页都不含所搜的文字，请看下一页。");
  const main = found ? createElement("div", {}, createOrderSelect(), none, list, createPager(answer), createVerifyLink(answer)) : await createHints(words, answer);
  replaceContent(output, createFilterTags(answer.index), createNote(answer), createElement("div", { className: "gk-columns" }, main, aside));
}

function navigate(href, { replace = false } = {}) {
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  update();
}

output.addEventListener("click", (event) => {
  const anchor = event.target.closest("a");
  const href = anchor ? anchor.getAttribute("href") : "";
  if (!href.startsWith("?") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  navigate(href);
  status.scrollIntoView({ block: "nearest" });
  status.focus({ preventScroll: true });
});
// Prefetch while somebody types, as far as the files are sure to be needed.
let timer;
function onTyping({ isComposing, target }) {
  clearTimeout(timer);
  if (!isComposing) timer = setTimeout(() => prepare(target.value).catch(() => undefined), PAUSE);
}
for (const input of [field, headerField]) for (const name of ["input", "compositionend"]) if (input) input.addEventListener(name, onTyping);
for (const form of document.querySelectorAll("form.gk-search, form.gk-find")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = new FormData(form).get("q");
    fillFields(words);
    navigate(`?${new URLSearchParams({ q: words })}`);
  });
}
window.addEventListener("popstate", () => {
  fillFields(urlParams().get("q") || "");
  update();
});
status.tabIndex = -1;
container.append(status, output);
loadPages().catch(() => undefined); // Prefetched for the first search.
update();
