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

// Buttons under the title: print, copy the citation, read aloud where the browser speaks Chinese.
const dateline = document.querySelector("[data-gk-page-tools]");
if (dateline) {
  addButton("打印", () => print());
  const citation = document.querySelector(".gk-citation");
  if (citation && navigator.clipboard) {
    const copy = addButton("复制引用", async () => {
      try {
        await navigator.clipboard.writeText(citation.textContent.trim());
        copy.textContent = "已复制";
      } catch {
        getSelection().selectAllChildren(citation); // Copying is not allowed: the reader copies.
        citation.scrollIntoView({ block: "center" });
      }
    });
  }
  if ("speechSynthesis" in globalThis) {
    offerSpeech();
    if (speechSynthesis.addEventListener) speechSynthesis.addEventListener("voiceschanged", offerSpeech);
  }
}

function addButton(textContent, act) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent });
  button.addEventListener("click", act);
  dateline.append(button);
  return button;
}

function offerSpeech() {
  const voice = speechSynthesis.getVoices().find(({ lang }) => /^(zh|cmn)/i.test(lang));
  if (!voice || dateline.dataset.gkSpeech) return;
  dateline.dataset.gkSpeech = "on";
  const button = addButton("朗读概要", () => {
    if (speechSynthesis.speaking) return speechSynthesis.cancel();
    const parts = document.querySelectorAll("main h1, .gk-summary p");
    const text = [...parts].map((part) => part.textContent.replace(/#$/, "")).join("。");
    const speech = Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang });
    speech.onstart = () => (button.textContent = "停止朗读");
    speech.onend = speech.onerror = () => (button.textContent = "朗读概要");
    speechSynthesis.speak(speech);
  });
}

// On a wide screen the contents are always open.
const contents = document.querySelector(".gk-toc");
const wide = matchMedia("(min-width: 95em)");
const updateContents = () => contents && (contents.open = wide.matches);
wide.addListener(updateContents); // Safari 13 has no addEventListener here.
updateContents();

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
const narrow = matchMedia("screen and (max-width: 40em)");
const updateCards = () => narrow.matches && document.querySelectorAll(".gk-table").forEach(showAsCards);
narrow.addListener(updateCards);
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
        if (part !== table.tHead && cell.tagName === "TD") cell.dataset.label = labels[column] || "";
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
        const own = (cell.querySelector("button") || cell).textContent.trim();
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
