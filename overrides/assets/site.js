// Reading modes, menu, dates, external links and cards; without scripts all text and links remain.
const root = document.documentElement;

const modes = {
  large: [() => root.dataset.gkLarge === "on", (on) => set("gkLarge", on ? "on" : null)],
  contrast: [() => root.dataset.gkContrast === "high", (on) => set("gkContrast", on ? "high" : null)],
  dark: [
    () => root.dataset.mdColorScheme === "slate",
    (on) => set("mdColorScheme", on ? "slate" : "default"),
  ],
};

function set(name, value) {
  if (value === null) delete root.dataset[name];
  else root.dataset[name] = value;
}

function storePreference(name, on) {
  try {
    localStorage.setItem("gk-" + name, on ? "on" : "off");
  } catch {
    // Storage is blocked: the choice applies to this page only.
  }
}

for (const button of document.querySelectorAll("[data-gk-toggle]")) {
  const [isOn, setOn] = modes[button.dataset.gkToggle];
  const update = () => button.setAttribute("aria-pressed", String(isOn()));
  button.hidden = false;
  update();
  button.addEventListener("click", () => {
    setOn(!isOn());
    storePreference(button.dataset.gkToggle, isOn());
    update();
  });
}

// On a narrow screen a button opens the navigation.
const menu = document.querySelector(".gk-menu");
const nav = document.getElementById("gk-nav");
menu.hidden = false;
menu.addEventListener("click", () => toggleMenu(menu.getAttribute("aria-expanded") !== "true"));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu.getAttribute("aria-expanded") === "true") {
    toggleMenu(false);
    menu.focus();
  }
});
function toggleMenu(on) {
  menu.setAttribute("aria-expanded", String(on));
  nav.classList.toggle("gk-open", on);
}

// Today's date, in citations and on prints.
const now = new Date();
const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
  .map((part) => String(part).padStart(2, "0"))
  .join("-");
for (const element of document.querySelectorAll("[data-gk-today]")) {
  element.textContent = element.dataset.gkToday + today;
}

// Confirm before leaving the site.
for (const link of document.querySelectorAll("a[href^='http']")) {
  if (link.host === location.host) continue;
  link.rel = "noopener external";
  link.classList.add("gk-external");
  link.addEventListener("click", (event) => {
    if (!confirm(`您将离开本站，前往 ${link.host}。`)) event.preventDefault();
  });
}

// On a phone every row of a table is a card that shows column headings next to the values. Explicit
// roles keep it a table for screen readers, although CSS no longer displays it as one.
const narrow = matchMedia("(max-width: 40em)");
const updateCards = () => narrow.matches && document.querySelectorAll(".gk-table").forEach(showAsCards);
narrow.addEventListener("change", updateCards);
updateCards();

function showAsCards(table) {
  if (table.classList.contains("gk-card-table") || !table.tHead) return;
  const labels = columnLabels(table.tHead);
  table.setAttribute("role", "table");
  for (const part of [table.tHead, ...table.tBodies, table.tFoot].filter(Boolean)) {
    part.setAttribute("role", "rowgroup");
    const rowSpans = [];
    for (const row of part.rows) {
      row.setAttribute("role", "row");
      visitCells(row, rowSpans, (cell, column) => {
        cell.setAttribute("role", roleOf(cell));
        if (part !== table.tHead && cell.tagName === "TD") cell.dataset.label = labels[column] ?? "";
      });
    }
  }
  table.classList.add("gk-card-table");
}

function roleOf(cell) {
  if (cell.tagName === "TD") return "cell";
  return cell.scope.startsWith("col") ? "columnheader" : "rowheader";
}

function columnLabels(head) {
  const labels = [];
  const rowSpans = [];
  for (const row of head.rows) {
    visitCells(row, rowSpans, (cell, column) => {
      for (let i = 0; i < cell.colSpan; i++) {
        const above = labels[column + i];
        const own = (cell.querySelector("button") ?? cell).textContent.trim();
        labels[column + i] = above && own ? `${above} ${own}` : own || above || "";
      }
    });
  }
  return labels;
}

// Visit the cells of a row with their first column; `rowSpans` holds how many further rows the
// cells above still span, by column.
function visitCells(row, rowSpans, visit) {
  let column = 0;
  for (const cell of row.cells) {
    while (rowSpans[column] > 0) rowSpans[column++]--;
    visit(cell, column);
    for (let i = 0; i < cell.colSpan; i++) rowSpans[column++] = cell.rowSpan - 1;
  }
  while (column < rowSpans.length) {
    if (rowSpans[column] > 0) rowSpans[column]--;
    column++;
  }
}
