// The page /search/: what is asked for stands in its address, what is found below its form.
import { ROOT, Missing } from "./files.js";
import { excerpts } from "./excerpts.js";
import { pages } from "./pages.js";
import { FACETS, SHOWN, ready, renew, search } from "./search.js";
import { link, make } from "./making.js";
import { folded } from "./words.js";

const LABELS = { year: "年度", unit: "单位", department: "主管部门", kind: "类别", grade: "等级" };
const ORDERS = {
  "": "相关程度",
  year: "年度从新到旧",
  "score-desc": "得分从高到低",
  "score-asc": "得分从低到高",
  "amount-desc": "预算金额从大到小",
  "amount-asc": "预算金额从小到大",
};
const MANY = 8;
const PAUSE = 50; // Milliseconds without a sign typed.
const TITLE = document.title;
const place = document.getElementById("gk-find");
const field = document.getElementById("gk-find-q");
const header = document.querySelector("form.gk-search input[name=q]");
const status = make("p", { className: "gk-status", role: "status", "aria-live": "polite" });
const shown = make("div");
let turn = 0;
let held = null; // What had the focus, where all that is shown is being made anew.

const asked = () => new URLSearchParams(location.search);
const ordered = () => {
  const order = asked().get("sort") ?? "";
  return Object.hasOwn(ORDERS, order) ? order : "";
};
const write = (words) => [field, header].forEach((each) => each && (each.value = words));
const address = (changes) => {
  const query = asked();
  query.delete("page");
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  return `?${query}`;
};
const named = (all, name, value) =>
  name === "unit" ? (all.units.find((each) => each.slug === value)?.name ?? value) : value;

function counted({ least, most }) {
  if (!least && most) return `先看的网页里还没有找到；可能含有的至多还有 ${most} 个网页，尚未逐页核对`;
  if (least === most) return `找到 ${most} 个网页`;
  return `找到至少 ${least} 个网页（至多 ${most} 个，其余尚未逐页核对）`;
}

function marked(text) {
  return make("span", {}, text.before, make("mark", {}, text.hit), text.after);
}

function result({ page, url, title, told, heading, sections }, { all, asked: wanted }) {
  const { kind, year, grade, unit } = all.columns;
  const home = new URL(url, ROOT).href;
  const about = [all.units[unit[page]].name, all.values.kind[kind[page]], all.values.year[year[page]], ...told];
  if (grade[page]) about.push(all.values.grade[grade[page]]);
  const item = make("li", {}, make("h2", {}, link(home, title)));
  item.append(make("p", { className: "gk-about" }, about.filter(Boolean).join("　")));
  for (const text of excerpts(heading, sections, wanted)) {
    const to = `${home}#${text.anchor}:~:text=${encodeURIComponent(text.line)}`;
    const where = text.anchor && text.name ? [" ", link(to, text.name, "gk-where")] : [];
    item.append(make("p", { className: "gk-excerpt" }, marked(text), ...where));
  }
  return item;
}

function tags(all) {
  const query = asked();
  const active = FACETS.filter((name) => query.get(name));
  if (!active.length) return "";
  const items = active.map((name) => {
    const text = `${LABELS[name]}：${named(all, name, query.get(name))}`;
    const away = link(address({ [name]: "" }), `${text} ×`);
    away.setAttribute("aria-label", `去掉筛选 ${text}`);
    return make("li", {}, away);
  });
  const none = Object.fromEntries(active.map((name) => [name, ""]));
  if (active.length > 1) items.push(make("li", {}, link(address(none), "全部去掉")));
  return make("ul", { className: "gk-tags", "aria-label": "已用的筛选" }, ...items);
}

function facet({ name, counts }, all) {
  const values = all.values[name]
    .map((value, code) => ({ value, count: counts[code] }))
    .filter(({ value, count }) => value && count && !(name === "unit" && value.startsWith("site.")));
  if (name === "year") values.reverse();
  else if (name !== "grade" && name !== "kind") values.sort((one, other) => other.count - one.count);
  if (values.length < (asked().get(name) ? 1 : 2)) return "";
  const items = values.slice(0, 200).map(({ value, count }) => {
    const text = `${named(all, name, value)}（${count}）`;
    const now = asked().get(name) === value;
    const choice = link(address({ [name]: now ? "" : value }), text);
    if (now) choice.setAttribute("aria-current", "true");
    return make("li", {}, choice);
  });
  const few = make("ul", {}, ...items.slice(0, MANY));
  const more = items.length > MANY ? make("details", {}, make("summary", {}, `其余 ${items.length - MANY} 个`), make("ul", {}, ...items.slice(MANY))) : "";
  return make("section", {}, make("h2", {}, LABELS[name]), few, more);
}

function sorting() {
  const box = make("select", { id: "gk-order" });
  for (const [value, text] of Object.entries(ORDERS)) {
    box.append(make("option", { value, selected: value === ordered() }, text));
  }
  box.addEventListener("change", () => go(address({ sort: box.value })));
  return make("p", { className: "gk-order" }, make("label", { htmlFor: "gk-order" }, "排序 "), box);
}

function pager({ most, more }, page) {
  const last = more ? page : Math.ceil(most / SHOWN);
  if (last < 2) return "";
  const to = (number, text) => {
    const made = link(address({ page: number > 1 ? String(number) : "" }), text);
    if (number === page) made.setAttribute("aria-current", "page");
    return make("li", {}, made);
  };
  const near = [1, page - 2, page - 1, page, page + 1, page + 2, last].filter((each) => each >= 1 && each <= last);
  const items = [...new Set(near)].map((number) => to(number, String(number)));
  if (page > 1) items.unshift(to(page - 1, "上一页"));
  if (page < last) items.push(to(page + 1, "下一页"));
  return make("nav", { className: "gk-pager", "aria-label": "翻页" }, make("ul", {}, ...items));
}

function checking(found) {
  if (found.least === found.most) return "";
  const button = (text, whole) => {
    const made = make("button", { type: "button" }, text);
    made.addEventListener("click", () => show(whole));
    return made;
  };
  return make("p", { className: "gk-more" }, found.more ? button("继续找", false) : "", " ", button("逐页核对，得出准确数目", true));
}

async function byPinyin(words) {
  if (!/^[a-z' ]+$/i.test(words.normalize("NFKC"))) return "";
  const { suggestions } = await import("./names.js");
  const found = await suggestions(words, 6);
  if (!found.length) return "";
  const items = found.map(({ name, more, url }) =>
    make("li", {}, link(new URL(url, ROOT).href, name), more ? ` ${more}` : ""),
  );
  return make("section", { className: "gk-pinyin" }, make("h2", {}, "按拼音"), make("ul", {}, ...items));
}

async function nothing(words, found) {
  const hints = [];
  const query = asked();
  const parts = words.split(/\s+/).filter(Boolean);
  const some = FACETS.some((name) => query.get(name));
  if (some) {
    hints.push(make("li", {}, link(address(Object.fromEntries(FACETS.map((name) => [name, ""]))), "去掉筛选，在全站里找")));
  }
  if (parts.length > 1) {
    hints.push(make("li", {}, "各词不必连在一起的，请分别搜索：", ...parts.flatMap((each) => [link(`?q=${encodeURIComponent(each)}`, each), " "])));
  }
  if (found.piece) hints.push(make("li", {}, "只找其中一段：", link(`?q=${encodeURIComponent(found.piece)}`, found.piece)));
  hints.push(make("li", {}, "数字请照原样输入，例如 128.50；单位名称可以只写几个字，或拼音首字母。"));
  const lists = [link(new URL("units/", ROOT).href, "各单位"), " 或 ", link(new URL("years/", ROOT).href, "各年度")];
  hints.push(make("li", {}, "也可以从 ", ...lists, " 的目录里查找。"));
  return make("div", { className: "gk-nothing" }, make("p", {}, `${some ? "筛选的范围里" : ""}没有网页含有“${words}”。`), make("ul", {}, ...hints));
}

function failed(error) {
  const again = make("button", { type: "button" }, "重试");
  again.addEventListener("click", () => {
    renew();
    show();
  });
  const why = error instanceof Missing ? error.message : `程序出错：${error.message}`;
  status.textContent = `搜索没有完成：${why}。`;
  shown.replaceChildren(make("p", {}, "可能是网络中断，或者网站刚刚更新。", again));
}

async function show(whole = false) {
  turn += 1;
  const mine = turn;
  const query = asked();
  const words = query.get("q") ?? "";
  const page = Math.max(1, Number.parseInt(query.get("page") ?? "1", 10) || 1);
  for (const each of [field, header]) if (each && each.value !== words && document.activeElement !== each) each.value = words;
  document.title = folded(words) ? TITLE.replace(/^[^-]*-/, () => `搜索 ${words} -`) : TITLE;
  if (!folded(words)) {
    place.setAttribute("aria-busy", "false");
    status.textContent = "请输入要找的文字、数字，或单位名称的拼音首字母。";
    return shown.replaceChildren();
  }
  place.setAttribute("aria-busy", "true");
  if (shown.contains(document.activeElement)) held = document.activeElement;
  try {
    const filters = Object.fromEntries(FACETS.map((name) => [name, query.get(name)]));
    const tell = (at, of) => {
      if (mine === turn && (whole || at > 20)) status.textContent = `正在核对：${at} / ${of}`;
    };
    const list = make("ol", { className: "gk-results", start: (page - 1) * SHOWN + 1 });
    const first = (each, state) => {
      if (mine !== turn) return;
      if (!list.isConnected) shown.replaceChildren(make("div", { className: "gk-columns" }, make("div", {}, list)));
      list.append(result(each, state));
    };
    const found = await search(words, { filters, order: ordered(), from: (page - 1) * SHOWN, whole, tell, show: first });
    const spelt = await byPinyin(words);
    if (mine !== turn) return undefined;
    // Past the last page, as an address may be that was kept: the last one.
    if (found.least && !found.results.length) return go(address({ page: String(Math.ceil(found.least / SHOWN)) }), true);
    await draw(words, found, list, spelt, page);
  } catch (error) {
    if (mine === turn) failed(error);
  } finally {
    if (mine === turn) {
      if (held && document.activeElement === document.body) (document.getElementById(held.id || "-") ?? status).focus({ preventScroll: true });
      held = null;
      place.setAttribute("aria-busy", "false");
    }
  }
  return undefined;
}

async function draw(words, found, list, spelt, page) {
  status.textContent = found.most ? `${counted(found)}${page > 1 ? `，第 ${page} 页` : ""}。` : "找到 0 个网页。";
  const sides = found.facets.map((each) => facet(each, found.all)).filter(Boolean);
  const note = found.exact ? "" : make("p", { className: "gk-note" }, "各项数目尚未逐页核对，可能略多。");
  const side = sides.length ? make("aside", { className: "gk-facets", "aria-label": "筛选" }, ...sides, note) : "";
  const main = found.most ? make("div", {}, sorting(), list, checking(found), pager(found, page)) : await nothing(words, found);
  shown.replaceChildren(tags(found.all), spelt, make("div", { className: "gk-columns" }, main, side));
}

function go(to, replace = false) {
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  show();
}

shown.addEventListener("click", (event) => {
  const to = event.target.closest("a")?.getAttribute("href");
  if (!to?.startsWith("?") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(to);
  status.scrollIntoView({ block: "nearest" });
  status.focus({ preventScroll: true });
});
// What the search needs is fetched while somebody types, as far as it is sure to be needed.
let typing;
function typed({ isComposing, target }) {
  clearTimeout(typing);
  if (!isComposing) typing = setTimeout(() => ready(target.value).catch(() => undefined), PAUSE);
}
for (const each of [field, header]) for (const name of ["input", "compositionend"]) each?.addEventListener(name, typed);
for (const form of document.querySelectorAll("form.gk-search, form.gk-find")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const words = new FormData(form).get("q");
    write(words);
    go(`?${new URLSearchParams({ q: words })}`);
  });
}
window.addEventListener("popstate", () => {
  write(asked().get("q") ?? "");
  show();
});
status.tabIndex = -1;
place.append(status, shown);
pages().catch(() => undefined); // So that they are there when somebody asks.
show();
