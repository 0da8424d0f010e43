// Sorting, filtering and CSV download of long lists; without scripts all rows are shown.
//
// <table class="gk-list" data-gk-list id=…> with one row of heads and one tbody.
// th[data-filter]: the column gets a filter. td[data-sort]: the cell's sort key, a number.
// th[data-most]: the first click sorts the largest first. Shorter lists have no tools.
// The address holds the selection (?sort=得分&dir=desc&q=…&级别=县级; with several lists on a
// page: list-id.sort=…).
const PAGE_SIZE = 100;
const MAX_UNPAGED = 150;
const FEWEST_ROWS = 8;
const MAX_NAME_LENGTH = 80;
const collator = new Intl.Collator("zh-CN", { numeric: true });
const narrow = matchMedia("screen and (max-width: 40em)");
const tables = [...document.querySelectorAll("table[data-gk-list]")].filter(
  (table) => table.tHead && table.tHead.rows.length && table.tBodies[0] && table.tBodies[0].rows.length >= FEWEST_ROWS,
);
let unnamed = 0;
for (const table of tables) setUpList(table, tables.length > 1 ? `${table.id || `list${++unnamed}`}.` : "");

// Text without differences of width, case, accents and white space.
function normalize(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

function createElement(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function cellText(cell) {
  return cell ? cell.textContent.replace(/\s+/g, " ").trim() : "";
}

// `prefix` precedes the list's parameters in the address.
function setUpList(table, prefix) {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row, position) => ({ row, position }));
  const columns = [...table.tHead.rows[0].cells].map((head, index) => ({
    head,
    index,
    name: cellText(head),
    numeric: rows.some(({ row }) => row.cells[index] && row.cells[index].dataset.sort),
  }));
  const state = { sort: null, down: false, words: "", chosen: new Map(), shown: PAGE_SIZE };
  let matches = rows;

  // The tools above the list.
  const query = createElement("input", { type: "search", className: "gk-list-query" });
  const status = createElement("p", { className: "gk-list-count", role: "status" });
  status.setAttribute("aria-live", "polite");
  const save = createElement("button", {
    type: "button",
    className: "gk-list-save",
    textContent: "下载当前筛选结果（CSV）",
  });
  status.id = `gk-list-${tables.indexOf(table)}-count`;
  save.setAttribute("aria-describedby", status.id);
  const more = createElement("button", {
    type: "button",
    className: "gk-list-more",
    textContent: `再显示 ${PAGE_SIZE} 行`,
  });
  const filters = columns.filter(({ head }) => "filter" in head.dataset).map(createFilter);
  const sorter = createElement("select", { className: "gk-list-sorter" });
  sorter.append(createElement("option", { value: "", textContent: "原来的顺序" }));
  for (const { name, index, numeric } of columns) {
    const words = numeric ? ["从小到大", "从大到小"] : ["顺序", "倒序"];
    words.forEach((word, down) =>
      sorter.append(createElement("option", { value: `${index} ${down}`, textContent: `${name}：${word}` })),
    );
  }
  const tools = createElement(
    "div",
    { className: "gk-list-tools" },
    createElement("label", {}, "查找 ", query),
    ...filters.map(({ label }) => label),
    createElement("label", { className: "gk-list-order" }, "排序 ", sorter),
    save,
    status,
  );
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", `查找与筛选：${cellText(table.caption) || "列表"}`);
  const frame = table.closest(".gk-wide") || table;
  frame.before(tools);
  frame.after(more);

  for (const column of columns) {
    if (!column.name) continue;
    column.button = createElement("button", { type: "button", className: "gk-list-sort" });
    column.button.append(...column.head.childNodes);
    column.head.dataset.name = column.name; // Repeated heads on paper cannot show the button.
    column.head.append(column.button);
    column.button.addEventListener("click", () => {
      const first = "most" in column.head.dataset;
      if (state.sort !== column) Object.assign(state, { sort: column, down: first });
      else if (state.down === first) state.down = !first;
      else state.sort = null;
      applyChange();
    });
  }
  const reachable = () => {
    // On a phone the heads are hidden; the select above the list sorts there.
    for (const { button } of columns) if (button) button.tabIndex = narrow.matches ? -1 : 0;
  };
  narrow.addListener(reachable); // Safari 13 has no addEventListener here.
  reachable();

  function createFilter({ index, name }) {
    const counts = new Map();
    for (const { row } of rows) {
      const value = cellText(row.cells[index]);
      counts.set(value, (counts.get(value) || 0) + 1);
    }
    const select = createElement(
      "select",
      {},
      createElement("option", { value: "all", textContent: "全部" }),
    );
    for (const [value, count] of [...counts].sort(([one], [other]) => collator.compare(one, other))) {
      const textContent = `${value || "（空白）"}（${count.toLocaleString("en")}）`;
      select.append(createElement("option", { value: `=${value}`, textContent }));
    }
    select.addEventListener("change", () => {
      setFilter(name, select.value === "all" ? null : select.value.slice(1));
      applyChange();
    });
    return { index, name, select, counts, label: createElement("label", {}, `${name} `, select) };
  }

  function setFilter(name, value) {
    if (value === null) state.chosen.delete(name);
    else state.chosen.set(name, value);
  }

  // Blank cells come last in both directions.
  function sortRows(unsorted) {
    if (!state.sort) return [...unsorted].sort((one, other) => one.position - other.position);
    const { index, numeric } = state.sort;
    const sign = state.down ? -1 : 1;
    const keyed = unsorted.map((entry) => [sortKey(entry.row.cells[index], numeric), entry]);
    const compare = numeric ? (one, other) => one - other : collator.compare;
    keyed.sort(([one, a], [other, b]) => {
      if (one === null || other === null) return (one === null) - (other === null) || a.position - b.position;
      return sign * compare(one, other) || a.position - b.position;
    });
    return keyed.map(([, entry]) => entry);
  }

  function sortKey(cell, numeric) {
    if (!numeric) return cellText(cell) || null;
    const number = cell ? Number.parseFloat(cell.dataset.sort) : Number.NaN;
    return Number.isNaN(number) ? null : number;
  }

  function searchText(entry) {
    if (entry.text === undefined) entry.text = normalize(entry.row.textContent);
    return entry.text;
  }

  let currentOrder = "null false";
  let sortedRows = rows;
  function show() {
    const words = normalize(state.words).split(" ").filter(Boolean);
    const activeFilters = filters.filter(({ name }) => state.chosen.has(name));
    const newOrder = `${state.sort ? state.sort.index : null} ${state.down}`;
    if (currentOrder !== newOrder) {
      currentOrder = newOrder;
      sortedRows = sortRows(rows);
      body.append(...sortedRows.map(({ row }) => row));
    }
    matches = sortedRows.filter(
      (entry) =>
        words.every((word) => searchText(entry).includes(word)) &&
        activeFilters.every(({ index, name }) => cellText(entry.row.cells[index]) === state.chosen.get(name)),
    );
    showLimited();
    for (const { head } of columns) head.removeAttribute("aria-sort");
    if (state.sort) state.sort.head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
  }

  // On a phone the rows from the eleventh on are hidden until the reader asks for them.
  const cut = table.closest(".gk-cut");
  const whole = cut && cut.querySelector(".gk-all input");
  const markCut = () => (cut.dataset.gkRows = whole.checked ? "all" : "some"); // For browsers without :has().
  if (whole) whole.addEventListener("change", markCut);
  function showLimited() {
    if (whole && matches.length < rows.length) whole.checked = true;
    if (whole) markCut();
    const limit = matches.length > MAX_UNPAGED ? state.shown : matches.length;
    const visible = new Set(matches.slice(0, limit));
    for (const entry of rows) {
      const hidden = !visible.has(entry);
      if (entry.row.hidden !== hidden) entry.row.hidden = hidden;
    }
    more.hidden = limit >= matches.length;
    const counts = [visible.size, matches.length, rows.length];
    const [shown, matching, total] = counts.map((count) => count.toLocaleString("en"));
    const isFilteredAndCut = matches.length < rows.length && limit < matches.length;
    status.textContent = isFilteredAndCut
      ? `显示 ${shown} / ${matching} 行（共 ${total} 行）`
      : `显示 ${shown} / ${total} 行${matches.length ? "" : "，没有符合条件的"}`;
  }

  more.addEventListener("click", () => {
    const next = matches[state.shown];
    state.shown += PAGE_SIZE;
    showLimited();
    if (!next) return;
    const target = next.row.querySelector("a") || next.row;
    if (target === next.row) target.tabIndex = -1;
    target.focus();
  });

  // Write the selection into the address, and read it back.
  let timer;
  function applyChange({ typed = false } = {}) {
    clearTimeout(timer);
    Object.assign(state, { words: query.value, shown: PAGE_SIZE });
    show();
    writeAddress(typed);
    updateControls();
  }

  function writeAddress(typed) {
    const parameters = new URLSearchParams(location.search);
    const set = (name, value) =>
      value ? parameters.set(prefix + name, value) : parameters.delete(prefix + name);
    set("sort", state.sort && state.sort.name);
    set("dir", state.sort && state.down ? "desc" : "");
    set("q", state.words.trim());
    for (const { name } of filters) {
      parameters.delete(prefix + name);
      if (state.chosen.has(name)) parameters.set(prefix + name, state.chosen.get(name));
    }
    const search = parameters.toString();
    const address = location.pathname + (search && `?${search}`) + location.hash;
    history[typed ? "replaceState" : "pushState"](null, "", address);
  }

  function readAddress() {
    const parameters = new URLSearchParams(location.search);
    const name = parameters.get(`${prefix}sort`);
    state.sort = columns.find((column) => column.name && column.name === name) || null;
    state.down = parameters.get(`${prefix}dir`) === "desc";
    state.words = parameters.get(`${prefix}q`) || "";
    for (const { name, counts } of filters) {
      const value = parameters.get(prefix + name);
      setFilter(name, counts.has(value) ? value : null);
    }
    state.shown = PAGE_SIZE;
    show();
    updateControls();
  }

  function updateControls() {
    if (query.value !== state.words) query.value = state.words;
    sorter.value = state.sort ? `${state.sort.index} ${Number(state.down)}` : "";
    for (const { name, select } of filters) {
      select.value = state.chosen.has(name) ? `=${state.chosen.get(name)}` : "all";
    }
  }

  const applyAfterPause = () => {
    clearTimeout(timer);
    timer = setTimeout(() => applyChange({ typed: true }), 120);
  };
  query.addEventListener("input", (event) => event.isComposing || applyAfterPause());
  query.addEventListener("compositionend", applyAfterPause);
  sorter.addEventListener("change", () => {
    const [index, down] = sorter.value.split(" ");
    state.sort = sorter.value ? columns[index] : null;
    state.down = down === "1";
    applyChange();
  });
  addEventListener("popstate", readAddress);

  // Print all matching rows.
  addEventListener("beforeprint", () => {
    for (const { row } of matches) row.hidden = false;
  });
  addEventListener("afterprint", showLimited);

  save.addEventListener("click", () => {
    const lines = [columns.map(({ name }) => name)];
    for (const { row } of matches) lines.push(columns.map(({ index }) => cellText(row.cells[index])));
    const text = lines.map((line) => line.map(csvField).join(",")).join("\r\n");
    const url = URL.createObjectURL(new Blob(["\ufeff", text, "\r\n"], { type: "text/csv;charset=utf-8" }));
    const link = createElement("a", { href: url, download: fileName() });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });

  // A file name for any system, from the list's caption, filters and query.
  function fileName() {
    const chosen = filters
      .filter(({ name }) => state.chosen.has(name))
      .map(({ name }) => `${name}=${state.chosen.get(name) || "空白"}`);
    const parts = [cellText(table.caption) || document.title, ...chosen, state.words.trim()];
    const name = parts
      .filter(Boolean)
      .join("_")
      .replace(/[\\/:*?"<>|\p{Cc}\s]+/gu, " ");
    return `${[...name].slice(0, MAX_NAME_LENGTH).join("").trim()}.csv`;
  }

  readAddress();
}

// A CSV field; an apostrophe keeps spreadsheets from reading text as a formula.
function csvField(value) {
  const text = /^[=+\-@]/.test(value) && !/^[+-]?[\d.,]+%?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}
