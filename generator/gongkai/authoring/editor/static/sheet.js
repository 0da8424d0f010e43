// The form as a sheet: moving between its cells, blocks copied and pasted, rows added and moved.
import { ask, element, empty, post } from "./common.js";
import "./problems.js";
import {
  act, beginStep, change, dirtyInputs, filedValue, flush, inputAt, inputs, onState, redo, remember, restoring, save, say, typed, undo,
} from "./session.js";

const page = document.getElementById("document");
const rowTools = document.querySelector(".rowtools");
let isEditing = false; // Whether arrow keys move the caret (F2, a second click) or between cells.
let picked = null; // The block of cells that is selected: {table, from: [row, column], to}.
let startValue = "";
const grids = new WeakMap();

const isCell = node => Boolean(node && node.classList && node.classList.contains("cell"));
const activeCell = () => (isCell(document.activeElement) ? document.activeElement : null);
const tdOf = cell => cell.closest("td, th");
const inputIn = td => (td ? td.querySelector(".cell") : null);

// The cells of a table by row and column, merged cells in all their places.
function gridOf(table) {
  if (grids.has(table)) return grids.get(table);
  const rows = Array.from(table.rows).map(() => []);
  Array.from(table.rows).forEach((tr, row) => {
    let column = 0;
    Array.from(tr.cells).forEach(td => {
      while (rows[row][column]) column += 1;
      for (let down = 0; down < td.rowSpan && row + down < rows.length; down += 1) {
        for (let right = 0; right < td.colSpan; right += 1) rows[row + down][column + right] = td;
      }
      column += td.colSpan;
    });
  });
  grids.set(table, rows);
  return rows;
}

function positionOf(td) {
  const grid = gridOf(td.closest("table"));
  const row = td.parentNode.rowIndex;
  return { grid, row, column: grid[row].indexOf(td) };
}

// Return the next input in a direction, within the table; null at its edge.
function neighbour(cell, down, right) {
  const td = tdOf(cell);
  if (!td) return null;
  const { grid, row, column } = positionOf(td);
  let [nextRow, nextColumn] = [row, column];
  for (;;) {
    nextRow += down;
    nextColumn += right;
    const next = grid[nextRow] && grid[nextRow][nextColumn];
    if (!next) return null;
    if (next !== td && inputIn(next)) return inputIn(next);
  }
}

function move(cell, down, right) {
  const next = neighbour(cell, down, right);
  if (next) {
    next.focus();
    return true;
  }
  if (!down) return false;
  const all = inputs();
  const table = cell.closest("table");
  const beyond = all.filter(input => !table || input.closest("table") !== table);
  const isAfter = input => cell.compareDocumentPosition(input) & Node.DOCUMENT_POSITION_FOLLOWING;
  const target = down > 0 ? beyond.find(isAfter) : beyond.filter(input => !isAfter(input)).pop();
  if (target) target.focus();
  return Boolean(target);
}

export function grow(cell) {
  if (cell.tagName !== "TEXTAREA") return;
  cell.style.height = "auto";
  cell.style.height = `${cell.scrollHeight}px`;
}

function growAll() {
  const cells = Array.from(page.querySelectorAll("textarea.cell"));
  cells.forEach(cell => { cell.style.height = "auto"; });
  const heights = cells.map(cell => cell.scrollHeight);
  cells.forEach((cell, number) => { cell.style.height = `${heights[number]}px`; });
}

const NOT_APPLICABLE = ["—", "——", "–", "－", "-", "--", "/", "／", "不适用", "原件未载"];

// Show whether a cell is blank, 0 or not applicable.
function mark(cell) {
  const text = cell.value.trim();
  cell.classList.toggle("is-blank", text === "");
  cell.classList.toggle("is-na", NOT_APPLICABLE.includes(text));
  cell.classList.toggle("is-zero", /^0(\.0+)?\D*$/.test(text));
}

function prepare() {
  remember();
  inputs().forEach(mark);
  growAll();
}

function select(cell) {
  if (cell.tagName === "TEXTAREA") cell.select();
}

function beginEditing(cell) {
  isEditing = true;
  if (cell.tagName === "TEXTAREA") cell.setSelectionRange(cell.value.length, cell.value.length);
}

page.addEventListener("focusin", event => {
  if (!isCell(event.target)) return;
  if (restoring.on) {
    showRowTools(event.target);
    return;
  }
  isEditing = false;
  startValue = event.target.value;
  beginStep(event.target.dataset.place);
  select(event.target);
  if (!picked || !picked.isDragging) unpick();
  showRowTools(event.target);
});

page.addEventListener("focusout", event => {
  if (isCell(event.target) && dirtyInputs().length) flush();
});

page.addEventListener("input", event => {
  if (!isCell(event.target)) return;
  grow(event.target);
  mark(event.target);
  if (!event.isComposing) typed();
});

function setValue(cell, value) {
  if (cell.tagName === "SELECT" && !Array.from(cell.options).some(option => option.value === value)) {
    cell.append(element("option", { value }, value));
  }
  cell.value = value;
  grow(cell);
  mark(cell);
}

// Mouse: the first click selects the whole cell, a second one sets the caret; dragging selects a block.
page.addEventListener("mousedown", event => {
  const cell = event.target.closest("td, th") && inputIn(event.target.closest("td, th"));
  if (event.button || !cell || cell.tagName !== "TEXTAREA") return;
  if (event.target === cell && document.activeElement === cell) {
    isEditing = true;
    unpick();
    return;
  }
  if (event.shiftKey && activeCell() && pick(tdOf(activeCell()), tdOf(cell))) {
    event.preventDefault();
    return;
  }
  if (event.target !== cell && isCell(event.target)) return;
  event.preventDefault();
  cell.focus();
  picked = { isDragging: true, start: tdOf(cell) };
});
page.addEventListener("mouseover", event => {
  if (!picked || !picked.isDragging || !(event.buttons & 1)) return;
  const td = event.target.closest("td, th");
  if (td && td !== picked.start && pick(picked.start, td)) picked.isDragging = true;
});
document.addEventListener("mouseup", () => {
  if (!picked) return;
  if (picked.table) picked.isDragging = false;
  else picked = null;
});

// Select the block between two cells of one table.
function pick(start, end) {
  const table = start && start.closest("table");
  if (!table || !end || end.closest("table") !== table) return false;
  unpick();
  const from = positionOf(start);
  const to = positionOf(end);
  picked = {
    table,
    start,
    end,
    rows: [Math.min(from.row, to.row), Math.max(from.row, to.row)],
    columns: [Math.min(from.column, to.column), Math.max(from.column, to.column)],
  };
  blockCells().forEach(td => td.classList.add("picked"));
  return true;
}

function unpick() {
  page.querySelectorAll(".picked").forEach(td => td.classList.remove("picked"));
  picked = null;
}

function blockRows() {
  const grid = gridOf(picked.table);
  const rows = [];
  for (let row = picked.rows[0]; row <= picked.rows[1]; row += 1) {
    rows.push(grid[row].slice(picked.columns[0], picked.columns[1] + 1));
  }
  return rows;
}

const blockCells = () => Array.from(new Set([].concat(...blockRows()))).filter(Boolean);

function textOf(td) {
  const cell = inputIn(td);
  return cell ? cell.value : td.textContent.trim();
}

const quoteTsv = text => (/[\t\n"]/.test(text) ? `"${text.replace(/"/g, "\"\"")}"` : text);

// Text of a block as Excel copies it: merged cells have their text in the first place only.
function blockText() {
  const seen = new Set();
  const once = td => {
    if (!td || seen.has(td)) return "";
    seen.add(td);
    return quoteTsv(textOf(td));
  };
  return blockRows().map(row => row.map(once).join("\t")).join("\r\n");
}

document.addEventListener("copy", event => {
  const cell = activeCell();
  if (!cell || isEditing) return;
  const text = picked && picked.table ? blockText() : quoteTsv(cell.value);
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
});

document.addEventListener("cut", event => {
  const cell = activeCell();
  if (!cell || isEditing) return;
  const hasBlock = picked && picked.table;
  event.clipboardData.setData("text/plain", hasBlock ? blockText() : quoteTsv(cell.value));
  clear(hasBlock ? blockCells().map(inputIn).filter(Boolean) : [cell]);
  event.preventDefault();
});

function clear(cells) {
  cells.forEach(cell => setValue(cell, ""));
  flush();
}

// Rows of what Excel, WPS or Word copied: tabs between cells, quotation marks around line breaks.
export function parseTsv(text) {
  const rows = [[]];
  let [field, isQuoted, at] = ["", false, 0];
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  const endField = () => { rows[rows.length - 1].push(field.trim()); field = ""; };
  while (at < plain.length) {
    const character = plain[at];
    if (isQuoted) {
      if (character === "\"" && plain[at + 1] === "\"") { field += "\""; at += 1; }
      else if (character === "\"") isQuoted = false;
      else field += character;
    } else if (character === "\"" && field === "" && /"(?:[^"]|"")*"(?:[\t\n]|$)/.test(plain.slice(at))) isQuoted = true;
    else if (character === "\t") endField();
    else if (character === "\n") { endField(); rows.push([]); }
    else field += character;
    at += 1;
  }
  endField();
  return rows;
}

document.addEventListener("paste", event => {
  const cell = activeCell();
  if (!cell) return;
  const rows = parseTsv(event.clipboardData.getData("text/plain"));
  const isBlock = rows.length > 1 || rows[0].length > 1;
  if (isEditing || (!isBlock && !/[\r\n]/.test(event.clipboardData.getData("text/plain")))) return;
  event.preventDefault();
  if (isBlock) pasteBlock(cell, rows);
  else {
    setValue(cell, rows[0][0]);
    flush();
  }
});

// Fill a block in from a cell to the right and down; rows that are missing are added.
async function pasteBlock(cell, rows) {
  say("正在粘贴…");
  await flush();
  const td = tdOf(cell);
  if (!td) {
    setValue(cell, rows.map(row => row.join(" ")).join("\n"));
    flush();
    return;
  }
  const { grid, row, column } = positionOf(td);
  const own = linesFrom(cell, grid, row, column);
  let kept = rows.length;
  if (own && rows.length > own.count) {
    const answer = own.isLast ? "add" : await askForRows(rows.length, own);
    if (!answer) return;
    if (answer === "add") kept = own.count;
    else kept = Math.min(rows.length, grid.length - row);
  }
  const edits = [];
  let skipped = 0;
  const seen = new Set();
  rows.slice(0, kept).forEach((texts, down) => texts.forEach((text, right) => {
    const target = grid[row + down] && grid[row + down][column + right];
    const input = inputIn(target);
    const isFirst = target && !seen.has(target);
    if (target) seen.add(target);
    if (input && isFirst) edits.push({ input, place: JSON.parse(input.dataset.place), value: text, old: filedValue(input), where: input.dataset.where });
    else if (text && (!target || (isFirst && target.textContent.trim() !== text))) skipped += 1;
  }));
  if (kept < rows.length) edits.push(...newLines(grid, row + kept - 1, column, rows.slice(kept)));
  const changed = edits.filter(edit => !edit.input || edit.value !== edit.old);
  changed.forEach(({ input, value }) => { if (input) setValue(input, value); });
  if (changed.length) await change(changed, { redraw: true, focus: cell.dataset.place });
  const count = [`贴了 ${rows.length} 行`];
  if (kept < rows.length) count.push(`加了 ${rows.length - kept} 行`);
  if (skipped) count.push(`${skipped} 格没有地方放，没有贴`);
  say(count.join("，"), skipped > 0);
}

// Return how many lines of the same list stand from a row downwards; null outside lists.
function linesFrom(cell, grid, row, column) {
  const list = cell.dataset.list;
  if (!list) return null;
  let count = 0;
  for (let at = row; at < grid.length; at += 1) {
    const input = inputIn(grid[at][column]);
    if (!input || input.dataset.list !== list) break;
    count += 1;
  }
  const next = grid[row + count] && inputIn(grid[row + count][column]);
  return { count, isLast: !next || !next.dataset.list, name: cell.dataset.line };
}

function askForRows(count, own) {
  const text = `贴的有 ${count} 行，这一组从这里起只有 ${own.count} 行。`;
  return ask("加行，还是接着往下填？", [element("p", {}, text)], [
    ["add", `在这一组里加 ${count - own.count} 行`, "primary"],
    ["on", "接着填下面各组"],
  ]);
}

// Edits that add rows after the line in a row of the table, with texts from a column to the right.
function newLines(grid, row, column, rows) {
  const cells = grid[row].slice(column).map(inputIn);
  const first = cells.find(input => input && input.dataset.list);
  if (!first) return [];
  const list = JSON.parse(first.dataset.list);
  const index = Math.max(Number(first.dataset.index), 0);
  return rows.map((texts, number) => {
    const value = {};
    texts.forEach((text, right) => {
      const input = cells[right];
      if (!input || !text || input.dataset.list !== first.dataset.list) return;
      const path = JSON.parse(input.dataset.place);
      value[path[path.length - 1]] = text;
    });
    const place = [...list, index + 1 + number];
    return { kind: "insert", place, value, anchor: JSON.parse(first.dataset.place), where: first.dataset.where };
  });
}

// Keys, as in Excel.
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

page.addEventListener("keydown", event => {
  const cell = event.target;
  if (!isCell(cell) || event.isComposing || event.keyCode === 229) return;
  const isText = cell.tagName === "TEXTAREA";
  if (event.key === "Enter" && event.altKey && isText) {
    event.preventDefault();
    document.execCommand("insertText", false, "\n");
  } else if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    changeRows("add");
  } else if (event.key === "Enter") {
    event.preventDefault();
    move(cell, event.shiftKey ? -1 : 1, 0);
  } else if (event.key === "F2") {
    event.preventDefault();
    beginEditing(cell);
  } else if (event.key === "Escape" && cell.value !== startValue) {
    event.preventDefault();
    setValue(cell, startValue);
    flush();
    select(cell);
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    if (!isText) return;
    event.preventDefault();
    changeRows(event.key === "ArrowUp" ? "up" : "down");
  } else if (ARROWS[event.key] && !isEditing && !event.ctrlKey && !event.metaKey) {
    if (!isText && event.key.match(/Up|Down/)) return;
    const [down, right] = ARROWS[event.key];
    event.preventDefault();
    if (event.shiftKey) extend(cell, down, right);
    else move(cell, down, right);
  } else if ((event.key === "Delete" || event.key === "Backspace") && picked && picked.table) {
    event.preventDefault();
    clear(blockCells().map(inputIn).filter(Boolean));
  }
});

function extend(cell, down, right) {
  const start = tdOf(cell);
  if (!start) return;
  const end = picked && picked.end ? picked.end : start;
  const { grid, row, column } = positionOf(end);
  const next = grid[row + down * (down > 0 ? end.rowSpan : 1)];
  const target = next && next[column + right * (right > 0 ? end.colSpan : 1)];
  if (target) pick(start, target);
}

document.addEventListener("keydown", event => {
  const isCommand = event.ctrlKey || event.metaKey;
  if (!isCommand || event.altKey) return;
  const key = event.key.toLowerCase();
  const isOwnText = event.target.closest && event.target.closest("#dialog, .source");
  if (key === "s") {
    event.preventDefault();
    document.getElementById("save").click();
  } else if (!isOwnText && key === "z" && !event.shiftKey) {
    event.preventDefault();
    undo();
  } else if (!isOwnText && (key === "y" || (key === "z" && event.shiftKey))) {
    event.preventDefault();
    redo();
  }
});

// Rows: the buttons act on the row of the cell that has the focus.
let rowCell = null;

function showRowTools(cell) {
  rowCell = cell.dataset.list ? cell : null;
  if (!rowTools) return;
  rowTools.hidden = !rowCell;
  if (!rowCell) return;
  const { index, line, below, belowLine, printed } = cell.dataset;
  document.getElementById("row-name").textContent = `${line}：`;
  const button = name => rowTools.querySelector(`[data-row="${name}"]`);
  button("below").hidden = !below;
  button("below").textContent = `加${belowLine || "下级"}`;
  button("up").disabled = Number(index) < 1;
  button("down").disabled = index === "-1";
  button("remove").disabled = index === "-1" || Boolean(printed);
}

if (rowTools) {
  rowTools.addEventListener("mousedown", event => event.preventDefault());
  rowTools.addEventListener("click", event => {
    if (event.target.dataset.row) changeRows(event.target.dataset.row);
  });
}

async function changeRows(action) {
  const cell = rowCell;
  if (!cell) return;
  await flush();
  const fresh = cell.isConnected ? cell : inputAt(cell.dataset.place);
  if (!fresh) return;
  const { list, index, below } = fresh.dataset;
  const path = JSON.parse(list);
  const number = Number(index);
  const key = fresh.dataset.line;
  const at = (position, from) => JSON.stringify([...path, position, ...from.slice(path.length + 1)]);
  const here = JSON.parse(fresh.dataset.place);
  const anchored = edit => [Object.assign({ anchor: here, where: fresh.dataset.where }, edit)];
  const blank = name => ({ [name]: "" });
  if (action === "add" && number >= 0) {
    const name = nameKey(path, key);
    await change(anchored({ kind: "insert", place: [...path, number + 1], value: blank(name) }), { redraw: true, focus: place([...path, number + 1, name]) });
  } else if (action === "below" && below) {
    const inner = JSON.parse(below);
    const name = fresh.dataset.belowLine;
    const count = inputs().filter(input => input.dataset.list === below && input.dataset.index !== "-1");
    const next = new Set(count.map(input => input.dataset.index)).size;
    await change(anchored({ kind: "insert", place: [...inner, next], value: blank(name) }), { redraw: true, focus: place([...inner, next, name]) });
  } else if (action === "remove" && number >= 0) {
    await change(anchored({ kind: "remove", place: [...path, number] }), { redraw: true });
  } else if (action === "up" && number > 0) {
    await change(anchored({ kind: "move", place: [...path, number], to: number - 1 }), { redraw: true, focus: spaced(at(number - 1, here)) });
  } else if (action === "down" && number >= 0) {
    await change(anchored({ kind: "move", place: [...path, number], to: number + 1 }), { redraw: true, focus: spaced(at(number + 1, here)) });
  }
}

// The id of a place, as the server writes it.
const place = path => `[${path.map(part => JSON.stringify(part)).join(", ")}]`;
const spaced = id => place(JSON.parse(id));

// The key of a line's name: that of the first cell in it.
function nameKey(list, label) {
  const first = inputs().find(input => input.dataset.list === place(list) && input.dataset.line === label);
  const path = first ? JSON.parse(first.dataset.place) : [label];
  return path[path.length - 1];
}

document.getElementById("save").addEventListener("click", save);
const forget = document.getElementById("forget");
if (forget) {
  forget.addEventListener("click", async () => {
    const { ok } = await post(`${document.body.dataset.api}forget`, {});
    if (ok) document.getElementById("unread").remove();
  });
}
document.getElementById("undo").addEventListener("click", undo);
document.getElementById("redo").addEventListener("click", redo);
document.getElementById("new-project").addEventListener("click", async () => {
  await flush();
  const name = element("input", { name: "name", required: "required" });
  const choice = await ask("新的项目", [element("label", {}, "项目名称", name)], [["ok", "新建", "primary"], ["", "取消"]]);
  if (choice !== "ok") return;
  const answer = await act("project", { name: name.value });
  if (answer && answer.file) location.href = document.body.dataset.year + answer.file;
});
document.addEventListener("redrawn", prepare);
document.addEventListener("click", event => {
  const list = event.target.dataset && event.target.dataset.remove;
  if (list) change([{ kind: "remove", place: [...JSON.parse(list), Number(event.target.dataset.index)] }], { redraw: true });
});
onState(({ can_undo: canUndo, can_redo: canRedo, unsaved }) => {
  document.getElementById("undo").disabled = !canUndo;
  document.getElementById("redo").disabled = !canRedo;
  document.getElementById("save").disabled = !unsaved.length;
});
window.addEventListener("resize", growAll);
if (document.fonts && document.fonts.ready) document.fonts.ready.then(growAll);
prepare();
act("state", {});
