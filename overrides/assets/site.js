// What makes reading easier where scripts run; without them every text and link is there as well.
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

function remember(name, on) {
  try {
    localStorage.setItem("gk-" + name, on ? "on" : "off");
  } catch {
    // It holds for this page at least.
  }
}

for (const button of document.querySelectorAll("[data-gk-toggle]")) {
  const [isOn, turn] = modes[button.dataset.gkToggle];
  const show = () => button.setAttribute("aria-pressed", String(isOn()));
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    turn(!isOn());
    remember(button.dataset.gkToggle, isOn());
    show();
  });
}

// The columns of the site: on a narrow screen behind a button.
const menu = document.querySelector(".gk-menu");
const nav = document.getElementById("gk-nav");
menu.hidden = false;
menu.addEventListener("click", () => open(menu.getAttribute("aria-expanded") !== "true"));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu.getAttribute("aria-expanded") === "true") {
    open(false);
    menu.focus();
  }
});
function open(on) {
  menu.setAttribute("aria-expanded", String(on));
  nav.classList.toggle("gk-open", on);
}

// Today's date, where a citation or a print asks for it.
const now = new Date();
const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()]
  .map((part) => String(part).padStart(2, "0"))
  .join("-");
for (const place of document.querySelectorAll("[data-gk-today]")) {
  place.textContent = place.dataset.gkToday + today;
}

// Leaving the site is announced.
for (const link of document.querySelectorAll("a[href^='http']")) {
  if (link.host === location.host) continue;
  link.rel = "noopener external";
  link.classList.add("gk-external");
  link.addEventListener("click", (event) => {
    if (!confirm(`您将离开本站，前往 ${link.host}。`)) event.preventDefault();
  });
}

// On a phone each row of a table is a card: each value is told with its column's heading, and the
// roles are said in words, for a table that is not drawn as one is no table to a screen reader.
const narrow = matchMedia("(max-width: 40em)");
const cards = () => narrow.matches && document.querySelectorAll(".gk-table").forEach(card);
narrow.addEventListener("change", cards);
cards();

function card(table) {
  if (table.classList.contains("gk-card-table") || !table.tHead) return;
  const labels = headings(table.tHead);
  table.setAttribute("role", "table");
  for (const part of [table.tHead, ...table.tBodies, table.tFoot].filter(Boolean)) {
    part.setAttribute("role", "rowgroup");
    const taken = [];
    for (const row of part.rows) {
      row.setAttribute("role", "row");
      place(row, taken, (cell, column) => {
        cell.setAttribute("role", role(cell));
        if (part !== table.tHead && cell.tagName === "TD") cell.dataset.label = labels[column] ?? "";
      });
    }
  }
  table.classList.add("gk-card-table");
}

function role(cell) {
  if (cell.tagName === "TD") return "cell";
  return cell.scope.startsWith("col") ? "columnheader" : "rowheader";
}

function headings(head) {
  const labels = [];
  const taken = [];
  for (const row of head.rows) {
    place(row, taken, (cell, column) => {
      for (let i = 0; i < cell.colSpan; i++) {
        const above = labels[column + i];
        const own = (cell.querySelector("button") ?? cell).textContent.trim();
        labels[column + i] = above && own ? `${above} ${own}` : own || above || "";
      }
    });
  }
  return labels;
}

// Call with each cell of a row and the column that it begins in; `taken` holds the spans from above.
function place(row, taken, call) {
  let column = 0;
  for (const cell of row.cells) {
    while (taken[column] > 0) taken[column++]--;
    call(cell, column);
    for (let i = 0; i < cell.colSpan; i++) taken[column++] = cell.rowSpan - 1;
  }
  while (column < taken.length) {
    if (taken[column] > 0) taken[column]--;
    column++;
  }
}
