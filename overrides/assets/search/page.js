// The page /search/: the query is in its address, the results are below its form.
import { ROOT, IndexChanged, MissingFile } from "./files.js";
import { findExcerpts } from "./excerpts.js";
import { loadPages } from "./pages.js";
import { FACETS, SHOWN, prepare, reset, search } from "./search.js";
import { createElement, createLink } from "./making.js";
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
const PAUSE = 50; // Milliseconds without a key pressed.
const TITLE = document.title;
const container = document.getElementById("gk-find");
const field = document.getElementById("gk-find-q");
const headerField = document.querySelector("form.gk-search input[name=q]");
const status = createElement("p", { className: "gk-status", role: "status", "aria-live": "polite" });
const output = createElement("div");
let request = 0; // Answers to earlier requests are dropped.
let focused = null; // What had the focus when the output was replaced.

const urlParams = () => new URLSearchParams(location.search);
const currentOrder = () => {
  const order = urlParams().get("sort") ?? "";
  return Object.hasOwn(ORDERS, order) ? order : "";
};
const fillFields = (words) => [field, headerField].forEach((input) => input && (input.value = words));
const searchUrl = (changes) => {
  const params = urlParams();
  params.delete("page");
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  return `?${params}`;
};
const valueLabel = (index, name, value) =>
  name === "unit" ? (index.units.find(({ slug }) => slug === value)?.name ?? value) : value;

function countText({ least, most }) {
  if (!least && most) return `先看的网页里还没有找到；可能含有的至多还有 ${most} 个网页，尚未逐页核对`;
  if (least === most) return `找到 ${most} 个网页`;
  return `找到至少 ${least} 个网页（至多 ${most} 个，其余尚未逐页核对）`;
}

function createExcerpt(excerpt) {
  return createElement("span", {}, excerpt.before, createElement("mark", {}, excerpt.match), excerpt.after);
}

function createResult({ page, url, title, figures, heading, sections }, { index, text }) {
  const { kind, year, grade, unit } = index.columns;
  const href = new URL(url, ROOT).href;
  const about = [index.units[unit[page]].name, index.values.kind[kind[page]], index.values.year[year[page]], ...figures];
  if (grade[page]) about.push(index.values.grade[grade[page]]);
  const row = createElement("li", {}, createElement("h2", {}, createLink(href, title)));
  row.append(createElement("p", { className: "gk-about" }, about.filter(Boolean).join("　")));
  for (const excerpt of findExcerpts(heading, sections, text)) {
    const target = `${href}#${excerpt.anchor}:~:text=${encodeURIComponent(excerpt.firstLine)}`;
    const section = excerpt.anchor && excerpt.name ? [" ", createLink(target, excerpt.name, "gk-where")] : [];
    row.append(createElement("p", { className: "gk-excerpt" }, createExcerpt(excerpt), ...section));
  }
  return row;
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

function createPager({ most, more }, page) {
  const last = more ? page : Math.ceil(most / SHOWN);
  if (last < 2) return "";
  const pageLink = (number, text) => {
    const anchor = createLink(searchUrl({ page: number > 1 ? String(number) : "" }), text);
    if (number === page) anchor.setAttribute("aria-current", "page");
    return createElement("li", {}, anchor);
  };
  const numbers = [1, page - 2, page - 1, page, page + 1, page + 2, last].filter((number) => number >= 1 && number <= last);
  const links = [...new Set(numbers)].map((number) => pageLink(number, String(number)));
  if (page > 1) links.unshift(pageLink(page - 1, "上一页"));
  if (page < last) links.push(pageLink(page + 1, "下一页"));
  return createElement("nav", { className: "gk-pager", "aria-label": "翻页" }, createElement("ul", {}, ...links));
}

function createVerifyButtons(answer) {
  if (answer.least === answer.most) return "";
  const createButton = (text, whole) => {
    const button = createElement("button", { type: "button" }, text);
    button.addEventListener("click", () => update(whole));
    return button;
  };
  return createElement("p", { className: "gk-more" }, answer.more ? createButton("继续找", false) : "", " ", createButton("逐页核对，得出准确数目", true));
}

async function createPinyinSection(words) {
  if (!/^[a-z' ]+$/i.test(words.normalize("NFKC"))) return "";
  const { suggest } = await import("./names.js");
  const suggestions = await suggest(words, 6);
  if (!suggestions.length) return "";
  const rows = suggestions.map(({ name, detail, url }) =>
    createElement("li", {}, createLink(new URL(url, ROOT).href, name), detail ? ` ${detail}` : ""),
  );
  return createElement("section", { className: "gk-pinyin" }, createElement("h2", {}, "按拼音"), createElement("ul", {}, ...rows));
}

async function createHints(words, answer) {
  const hints = [];
  const params = urlParams();
  const terms = words.split(/\s+/).filter(Boolean);
  const filtered = FACETS.some((name) => params.get(name));
  if (filtered) {
    hints.push(createElement("li", {}, createLink(searchUrl(Object.fromEntries(FACETS.map((name) => [name, ""]))), "去掉筛选，在全站里找")));
  }
  if (terms.length > 1) {
    hints.push(createElement("li", {}, "各词不必连在一起的，请分别搜索：", ...terms.flatMap((term) => [createLink(`?q=${encodeURIComponent(term)}`, term), " "])));
  }
  if (answer.fragment) hints.push(createElement("li", {}, "只找其中一段：", createLink(`?q=${encodeURIComponent(answer.fragment)}`, answer.fragment)));
  hints.push(createElement("li", {}, "数字请照原样输入，例如 128.50；单位名称可以只写几个字，或拼音首字母。"));
  const lists = [createLink(new URL("units/", ROOT).href, "各单位"), " 或 ", createLink(new URL("years/", ROOT).href, "各年度")];
  hints.push(createElement("li", {}, "也可以从 ", ...lists, " 的目录里查找。"));
  return createElement("div", { className: "gk-nothing" }, createElement("p", {}, `${filtered ? "筛选的范围里" : ""}没有网页含有“${words}”。`), createElement("ul", {}, ...hints));
}

function showError(error) {
  const retry = createElement("button", { type: "button" }, "重试");
  retry.addEventListener("click", () => {
    reset();
    update();
  });
  const reason = error instanceof MissingFile ? error.message : `程序出错：${error.message}`;
  status.textContent = `搜索没有完成：${reason}。`;
  output.replaceChildren(createElement("p", {}, "可能是网络中断，或者网站刚刚更新。", retry));
}

async function update(whole = false, isRetry = false) {
  request += 1;
  const current = request;
  const params = urlParams();
  const words = params.get("q") ?? "";
  const page = Math.max(1, Number.parseInt(params.get("page") ?? "1", 10) || 1);
  for (const input of [field, headerField]) if (input && input.value !== words && document.activeElement !== input) input.value = words;
  document.title = normalize(words) ? TITLE.replace(/^[^-]*-/, () => `搜索 ${words} -`) : TITLE;
  if (!normalize(words)) {
    container.setAttribute("aria-busy", "false");
    status.textContent = "请输入要找的文字、数字，或单位名称的拼音首字母。";
    return output.replaceChildren();
  }
  container.setAttribute("aria-busy", "true");
  if (output.contains(document.activeElement)) focused = document.activeElement;
  try {
    const filters = Object.fromEntries(FACETS.map((name) => [name, params.get(name)]));
    const onProgress = (done, total) => {
      if (current === request && (whole || done > 20)) status.textContent = `正在核对：${done} / ${total}`;
    };
    const list = createElement("ol", { className: "gk-results", start: (page - 1) * SHOWN + 1 });
    const onResult = (result, query) => {
      if (current !== request) return;
      if (!list.isConnected) output.replaceChildren(createElement("div", { className: "gk-columns" }, createElement("div", {}, list)));
      list.append(createResult(result, query));
    };
    const answer = await search(words, { filters, order: currentOrder(), from: (page - 1) * SHOWN, whole, onProgress, onResult });
    const pinyinSection = await createPinyinSection(words);
    if (current !== request) return undefined;
    // An old bookmark may lead past the last page: show the last one.
    if (answer.least && !answer.results.length) return navigate(searchUrl({ page: String(Math.ceil(answer.least / SHOWN)) }), { replace: true });
    await showAnswer(words, answer, list, pinyinSection, page);
  } catch (error) {
    if (current === request && error instanceof IndexChanged && !isRetry) {
      reset();
      return update(whole, true);
    }
    if (current === request) showError(error);
  } finally {
    if (current === request) {
      if (focused && document.activeElement === document.body) (document.getElementById(focused.id || "-") ?? status).focus({ preventScroll: true });
      focused = null;
      container.setAttribute("aria-busy", "false");
    }
  }
  return undefined;
}

async function showAnswer(words, answer, list, pinyinSection, page) {
  status.textContent = answer.most ? `${countText(answer)}${page > 1 ? `，第 ${page} 页` : ""}。` : "找到 0 个网页。";
  const facets = answer.facets.map((facet) => createFacet(facet, answer.index)).filter(Boolean);
  const note = answer.exact ? "" : createElement("p", { className: "gk-note" }, "各项数目尚未逐页核对，可能略多。");
  const aside = facets.length ? createElement("aside", { className: "gk-facets", "aria-label": "筛选" }, ...facets, note) : "";
  const main = answer.most ? createElement("div", {}, createOrderSelect(), list, createVerifyButtons(answer), createPager(answer, page)) : await createHints(words, answer);
  output.replaceChildren(createFilterTags(answer.index), pinyinSection, createElement("div", { className: "gk-columns" }, main, aside));
}

function navigate(href, { replace = false } = {}) {
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  update();
}

output.addEventListener("click", (event) => {
  const href = event.target.closest("a")?.getAttribute("href");
  if (!href?.startsWith("?") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
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
for (const input of [field, headerField]) for (const name of ["input", "compositionend"]) input?.addEventListener(name, onTyping);
for (const form of document.querySelectorAll("form.gk-search, form.gk-find")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = new FormData(form).get("q");
    fillFields(words);
    navigate(`?${new URLSearchParams({ q: words })}`);
  });
}
window.addEventListener("popstate", () => {
  fillFields(urlParams().get("q") ?? "");
  update();
});
status.tabIndex = -1;
container.append(status, output);
loadPages().catch(() => undefined); // Prefetched for the first search.
update();
