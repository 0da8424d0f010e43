// The report's text: its outline, figures that contradict the tables, tables pasted from Word or Excel.
import { element, empty } from "./common.js";
import { parseTsv } from "./sheet.js";
import { act, flush, onState, typed } from "./session.js";

const PAUSE = 400;
let problems = [];
let firstLine = 1;
let timer = 0;

const source = () => document.getElementById("source");
const isReport = () => Boolean(source().dataset.place);

function grow() {
  const text = source();
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight}px`;
}

// Chapters: what the text has, and what the form asks for and the text lacks.
function showOutline() {
  const list = document.getElementById("outline");
  if (!list) return;
  const lines = source().value.split("\n");
  const headings = lines.map((text, number) => ({ text, number })).filter(({ text }) => /^#{1,6} /.test(text));
  empty(list);
  headings.forEach(({ text, number }) => {
    const level = text.match(/^#+/)[0].length;
    const button = element("button", { type: "button", class: `quiet level-${level}` }, text.replace(/^#+ /, ""));
    button.addEventListener("click", () => showLine(number));
    list.append(element("li", {}, button));
  });
  const bare = text => text.replace(/[#\s（）()、，,.．一二三四五六七八九十\d]/g, "");
  const present = headings.map(({ text }) => bare(text));
  list.dataset.chapters.split("|").filter(Boolean).forEach(chapter => {
    if (present.some(heading => heading.includes(bare(chapter)))) return;
    const button = element("button", { type: "button" }, `加上“${chapter}”`);
    button.addEventListener("click", () => {
      const text = source();
      text.value = `${text.value.replace(/\s+$/, "")}\n\n## ${chapter}\n\n`;
      changed();
      showLine(text.value.split("\n").length - 1);
    });
    list.append(element("li", { class: "lacking" }, "还没有：", button));
  });
}

// Lines with problems are marked behind the text, figures that contradict the tables by themselves.
function showMarks() {
  const lines = source().value.split("\n");
  const marks = empty(document.getElementById("marks"));
  lines.forEach((text, number) => {
    const own = problems.filter(problem => problem.line - firstLine === number);
    const spans = own.map(problem => spanOf(text, problem)).filter(Boolean).sort((one, other) => one.start - other.start);
    let at = 0;
    spans.forEach(({ start, end, level }) => {
      if (start < at) return;
      marks.append(text.slice(at, start), element("mark", { class: level }, text.slice(start, end)));
      at = end;
    });
    marks.append(text.slice(at), "\n");
  });
}

function spanOf(text, { filed, column, level, text: words }) {
  if (level === "I") return null;
  const start = filed ? text.indexOf(filed, Math.max(column - 1 - filed.length, 0)) : -1;
  if (start >= 0) return { start, end: start + filed.length, level };
  const quoted = Array.from(words.matchAll ? words.matchAll(/“([^”]+)”/g) : []).map(match => match[1]);
  const quote = quoted.find(part => text.includes(part));
  if (quote) return { start: text.indexOf(quote), end: text.indexOf(quote) + quote.length, level };
  return text.length ? { start: 0, end: text.length, level } : null;
}

function showLine(number, words) {
  const text = source();
  const lines = text.value.split("\n");
  const start = lines.slice(0, number).join("\n").length + (number ? 1 : 0);
  const within = words ? lines[number].indexOf(words) : -1;
  text.focus();
  if (within >= 0) text.setSelectionRange(start + within, start + within + words.length);
  else text.setSelectionRange(start, start + (lines[number] || "").length);
  const height = text.scrollHeight / lines.length;
  const marks = document.getElementById("marks");
  const node = marks.childNodes.length ? lineNode(marks, number) : null;
  if (node && node.scrollIntoView) node.scrollIntoView({ block: "center" });
  else window.scrollTo(0, text.getBoundingClientRect().top + window.scrollY + height * number - window.innerHeight / 3);
}

// The first mark of a line; null if it has none.
function lineNode(marks, number) {
  let line = 0;
  for (const node of Array.from(marks.childNodes)) {
    if (line === number && node.nodeType === Node.ELEMENT_NODE) return node;
    line += (node.textContent.match(/\n/g) || []).length;
    if (line > number) return null;
  }
  return null;
}

function changed() {
  grow();
  showMarks();
  clearTimeout(timer);
  timer = setTimeout(showOutline, PAUSE);
  if (isReport()) typed();
  else {
    clearTimeout(changed.timer);
    changed.timer = setTimeout(() => act("text", { text: source().value }), PAUSE);
  }
}

// A table as Markdown; a vertical bar in a cell is written as its entity.
function markdownTable(rows) {
  const width = Math.max(...rows.map(row => row.length));
  const line = cells => `| ${Array.from({ length: width }, (_, column) => (cells[column] || "").replace(/\|/g, "&#124;").replace(/\s*\n\s*/g, " ")).join(" | ")} |`;
  return [line(rows[0]), `|${" --- |".repeat(width)}`, ...rows.slice(1).map(line)].join("\n");
}

document.addEventListener("paste", event => {
  if (event.target !== source() || !isReport()) return;
  const text = event.clipboardData.getData("text/plain");
  const rows = parseTsv(text);
  if (!text.includes("\t") || rows.length < 2) return;
  event.preventDefault();
  const area = source();
  const before = area.value.slice(0, area.selectionStart);
  const gap = before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const table = `${gap}${markdownTable(rows)}\n\n`;
  area.setRangeText(table, area.selectionStart, area.selectionEnd, "end");
  changed();
});

document.addEventListener("input", event => {
  if (event.target === source()) changed();
});
document.addEventListener("focusout", event => {
  if (event.target === source() && isReport()) flush();
});
document.addEventListener("line", event => showLine(Math.max(event.detail.line - firstLine, 0), event.detail.filed));
document.addEventListener("redrawn", () => {
  grow();
  showOutline();
  showMarks();
});
onState(state => {
  firstLine = state.body_line || 1;
  problems = state.problems.filter(problem => problem.file === document.body.dataset.file);
  showMarks();
});
window.addEventListener("resize", grow);
grow();
showOutline();
