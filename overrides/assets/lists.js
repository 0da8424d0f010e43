// Long lists: sorted, filtered and taken away as a table; without scripts every row is there.
//
// <table class="gk-list" data-gk-list id=…> with one row of heads and one tbody.
// th[data-filter]: a choice of its values. td[data-sort]: what it is sorted by, a number.
// What is chosen stands in the address (?sort=得分&dir=desc&q=…&级别=县级; several lists on one
// page: list-id.sort=…).
const STEP = 100;
const ENOUGH = 150;
const LONGEST_NAME = 80;
const order = new Intl.Collator("zh-CN", { numeric: true });
const narrow = matchMedia("(max-width: 40em)");
const tables = [...document.querySelectorAll("table[data-gk-list]")].filter(
  (table) => table.tHead?.rows.length && table.tBodies[0]?.rows.length > 1,
);
let count = 0;
for (const table of tables) list(table, tables.length > 1 ? `${table.id || `list${++count}`}.` : "");

// What differs in width, case or accents only is the same.
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

function make(tag, given = {}, ...children) {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...children);
  return made;
}

function said(cell) {
  return cell ? cell.textContent.replace(/\s+/g, " ").trim() : "";
}

function list(table, prefix) {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row, place) => ({ row, place }));
  const columns = [...table.tHead.rows[0].cells].map((head, index) => ({
    head,
    index,
    name: said(head),
    numeric: rows.some(({ row }) => row.cells[index]?.dataset.sort),
  }));
  const state = { sort: null, down: false, words: "", chosen: new Map(), shown: STEP };
  let found = rows;

  // The tools above the list.
  const query = make("input", { type: "search", className: "gk-list-query" });
  const status = make("p", { className: "gk-list-count", role: "status" });
  status.setAttribute("aria-live", "polite");
  const save = make("button", { type: "button", className: "gk-list-save", textContent: "下载当前筛选结果（CSV）" });
  status.id = `gk-list-${tables.indexOf(table)}-count`;
  save.setAttribute("aria-describedby", status.id);
  const more = make("button", { type: "button", className: "gk-list-more", textContent: `再显示 ${STEP} 行` });
  const filters = columns.filter(({ head }) => "filter" in head.dataset).map(filter);
  const sorter = make("select", { className: "gk-list-sorter" });
  sorter.append(make("option", { value: "", textContent: "原来的顺序" }));
  for (const { name, index, numeric } of columns) {
    const words = numeric ? ["从小到大", "从大到小"] : ["顺序", "倒序"];
    words.forEach((word, down) =>
      sorter.append(make("option", { value: `${index} ${down}`, textContent: `${name}：${word}` })),
    );
  }
  const tools = make(
    "div",
    { className: "gk-list-tools" },
    make("label", {}, "查找 ", query),
    ...filters.map(({ label }) => label),
    make("label", { className: "gk-list-order" }, "排序 ", sorter),
    save,
    status,
  );
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", `查找与筛选：${said(table.caption) || "列表"}`);
  const frame = table.closest(".gk-wide") ?? table;
  frame.before(tools);
  frame.after(more);

  for (const column of columns) {
    if (!column.name) continue;
    column.button = make("button", { type: "button", className: "gk-list-sort" });
    column.button.append(...column.head.childNodes);
    column.head.append(column.button);
    column.button.addEventListener("click", () => {
      if (state.sort !== column) Object.assign(state, { sort: column, down: false });
      else if (!state.down) state.down = true;
      else state.sort = null;
      changed();
    });
  }
  const reachable = () => {
    // On a phone the heads cannot be seen: there one sorts by the choice above.
    for (const { button } of columns) if (button) button.tabIndex = narrow.matches ? -1 : 0;
  };
  narrow.addEventListener("change", reachable);
  reachable();

  function filter({ index, name }) {
    const counts = new Map();
    for (const each of rows) {
      const value = said(each.row.cells[index]);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    const select = make("select", {}, make("option", { value: "all", textContent: "全部" }));
    for (const [value, times] of [...counts].sort(([one], [other]) => order.compare(one, other))) {
      const textContent = `${value || "（空白）"}（${times.toLocaleString("en")}）`;
      select.append(make("option", { value: `=${value}`, textContent }));
    }
    select.addEventListener("change", () => {
      choose(name, select.value === "all" ? null : select.value.slice(1));
      changed();
    });
    return { index, name, select, counts, label: make("label", {}, `${name} `, select) };
  }

  function choose(name, value) {
    if (value === null) state.chosen.delete(name);
    else state.chosen.set(name, value);
  }

  // Blank cells come last, whichever way it is sorted.
  function sorted(some) {
    if (!state.sort) return [...some].sort((one, other) => one.place - other.place);
    const { index, numeric } = state.sort;
    const sign = state.down ? -1 : 1;
    const keyed = some.map((each) => [key(each.row.cells[index], numeric), each]);
    const compare = numeric ? (one, other) => one - other : order.compare;
    keyed.sort(([one, a], [other, b]) => {
      if (one === null || other === null) return (one === null) - (other === null) || a.place - b.place;
      return sign * compare(one, other) || a.place - b.place;
    });
    return keyed.map(([, each]) => each);
  }

  function key(cell, numeric) {
    if (!numeric) return said(cell) || null;
    const number = Number.parseFloat(cell?.dataset.sort);
    return Number.isNaN(number) ? null : number;
  }

  let arranged = "null false";
  let lined = rows;
  function show() {
    const words = plain(state.words).split(" ").filter(Boolean);
    const wanted = filters.filter(({ name }) => state.chosen.has(name));
    const arrangement = `${state.sort?.index ?? null} ${state.down}`;
    if (arranged !== arrangement) {
      arranged = arrangement;
      lined = sorted(rows);
      body.append(...lined.map(({ row }) => row));
    }
    found = lined.filter(
      (each) =>
        words.every((word) => (each.text ??= plain(each.row.textContent)).includes(word)) &&
        wanted.every(({ index, name }) => said(each.row.cells[index]) === state.chosen.get(name)),
    );
    reveal();
    for (const { head } of columns) head.removeAttribute("aria-sort");
    state.sort?.head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
  }

  function reveal() {
    const limit = found.length > ENOUGH ? state.shown : found.length;
    const visible = new Set(found.slice(0, limit));
    for (const each of rows) {
      const hidden = !visible.has(each);
      if (each.row.hidden !== hidden) each.row.hidden = hidden;
    }
    more.hidden = limit >= found.length;
    const [now, all, every] = [visible.size, found.length, rows.length].map((n) => n.toLocaleString("en"));
    const narrowed = found.length < rows.length && limit < found.length;
    status.textContent = narrowed
      ? `显示 ${now} / ${all} 行（共 ${every} 行）`
      : `显示 ${now} / ${every} 行${found.length ? "" : "，没有符合条件的"}`;
  }

  more.addEventListener("click", () => {
    const next = found[state.shown];
    state.shown += STEP;
    reveal();
    const target = next?.row.querySelector("a") ?? next?.row;
    if (target === next?.row) target.tabIndex = -1;
    target?.focus();
  });

  // What is chosen, in the address and back.
  let waiting;
  function changed({ typed = false } = {}) {
    clearTimeout(waiting);
    Object.assign(state, { words: query.value, shown: STEP });
    show();
    write(typed);
    controls();
  }

  function write(typed) {
    const given = new URLSearchParams(location.search);
    const set = (name, value) => (value ? given.set(prefix + name, value) : given.delete(prefix + name));
    set("sort", state.sort?.name);
    set("dir", state.sort && state.down ? "desc" : "");
    set("q", state.words.trim());
    for (const { name } of filters) {
      given.delete(prefix + name);
      if (state.chosen.has(name)) given.set(prefix + name, state.chosen.get(name));
    }
    const search = given.toString();
    const address = location.pathname + (search && `?${search}`) + location.hash;
    history[typed ? "replaceState" : "pushState"](null, "", address);
  }

  function restore() {
    const given = new URLSearchParams(location.search);
    const name = given.get(`${prefix}sort`);
    state.sort = columns.find((column) => column.name && column.name === name) ?? null;
    state.down = given.get(`${prefix}dir`) === "desc";
    state.words = given.get(`${prefix}q`) ?? "";
    for (const each of filters) {
      const value = given.get(prefix + each.name);
      choose(each.name, each.counts.has(value) ? value : null);
    }
    state.shown = STEP;
    show();
    controls();
  }

  function controls() {
    if (query.value !== state.words) query.value = state.words;
    sorter.value = state.sort ? `${state.sort.index} ${Number(state.down)}` : "";
    for (const { name, select } of filters) {
      select.value = state.chosen.has(name) ? `=${state.chosen.get(name)}` : "all";
    }
  }

  const typed = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => changed({ typed: true }), 120);
  };
  query.addEventListener("input", (event) => event.isComposing || typed());
  query.addEventListener("compositionend", typed);
  sorter.addEventListener("change", () => {
    const [index, down] = sorter.value.split(" ");
    state.sort = sorter.value ? columns[index] : null;
    state.down = down === "1";
    changed();
  });
  addEventListener("popstate", restore);

  // On paper every row that was found.
  addEventListener("beforeprint", () => {
    for (const { row } of found) row.hidden = false;
  });
  addEventListener("afterprint", reveal);

  save.addEventListener("click", () => {
    const lines = [columns.map(({ name }) => name)];
    for (const { row } of found) lines.push(columns.map(({ index }) => said(row.cells[index])));
    const text = lines.map((line) => line.map(quoted).join(",")).join("\r\n");
    const url = URL.createObjectURL(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv;charset=utf-8" }));
    const link = make("a", { href: url, download: named() });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });

  // The list's name and what was chosen, as the name of a file on any system.
  function named() {
    const chosen = filters
      .filter(({ name }) => state.chosen.has(name))
      .map(({ name }) => `${name}=${state.chosen.get(name) || "空白"}`);
    const parts = [said(table.caption) || document.title, ...chosen, state.words.trim()];
    const whole = parts.filter(Boolean).join("_").replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, " ");
    return `${[...whole].slice(0, LONGEST_NAME).join("").trim()}.csv`;
  }

  restore();
}

// What a spreadsheet would take for a formula is text.
function quoted(value) {
  const text = /^[=+\-@]/.test(value) && !/^[+-]?[\d.,]+%?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
