// The year as the server has it: sends what is typed, and receives problems, sums and the form.
import { ask, element, post, settleValues } from "./common.js";

const PAUSE = 200; // Milliseconds of rest after which what was typed is checked.
const RETRY = 3000;
const body = document.body.dataset;
const filed = new WeakMap(); // What the server has, by input.
const refused = new WeakMap(); // Values that the server refused, by input.
const listeners = [];
let state = { version: -1 };
let timer = 0;
let running = null;
let group = 0;
let focusPlace = "";
let composing = null; // The input in which an input method is composing characters.
let isLost = false; // Whether the server could not be reached.
let waiting = null; // The form to show when it has finished.
export const restoring = { on: false }; // Whether the focus returns to a cell of the new form.

export const inputs = () => Array.from(document.querySelectorAll("[data-place]:not(span)"));
export const inputAt = place => inputs().find(input => input.dataset.place === place);
export const onState = listener => listeners.push(listener);
export const currentState = () => state;

export function say(text, isFault) {
  const status = document.getElementById("status");
  status.textContent = text;
  status.classList.toggle("fault", Boolean(isFault));
}

// Take note of what the server has in every input of the form.
export function remember() {
  inputs().forEach(input => { if (!filed.has(input)) filed.set(input, input.value); });
}

export const filedValue = input => filed.get(input);
const isDirty = input => input !== composing && input.value !== filed.get(input) && input.value !== refused.get(input);
export const dirtyInputs = () => inputs().filter(isDirty);

// A new cell has the focus: what is typed from now on is a step of its own.
export function beginStep(place) {
  group += 1;
  focusPlace = place;
}

export function typed() {
  say("正在填写…");
  clearTimeout(timer);
  timer = setTimeout(flush, PAUSE);
}

const setting = input => ({
  place: JSON.parse(input.dataset.place), value: input.value, old: filed.get(input), where: input.dataset.where, input,
});

// Send everything that is not sent yet; resolves when the server has it.
export async function flush() {
  clearTimeout(timer);
  while (running) await running;
  const edits = dirtyInputs().map(setting);
  if (edits.length) await change(edits, { group: edits.length > 1 ? "" : `${group}` });
}

// Make edits as one step. `redraw` says that rows are added, moved or removed.
export async function change(edits, { group: step = "", redraw = false, focus = "" } = {}) {
  while (running) await running;
  edits = [...newLines(edits), ...edits];
  const isNewLine = edits.some(edit => edit.input && edit.input.dataset.index === "-1");
  const isName = edits.some(edit => edit.input && edit.input.dataset.name);
  const content = {
    edits: edits.map(({ place, value, old, where, kind, to, anchor }) => ({ place, value, old, where, kind, to, anchor })),
    group: step,
    focus: focusPlace,
    redraw: redraw || isNewLine,
    names: isName,
  };
  const sent = edits.filter(edit => edit.input);
  return act("edit", content, () => sent.forEach(({ input, value }) => filed.set(input, value)), {
    refuse: () => sent.forEach(({ input, value }) => refused.set(input, value)),
    focus,
  });
}

// Edits that begin the lines which are typed in for the first time, with a blank name.
function newLines(edits) {
  const lists = new Set();
  edits.forEach(({ input }) => {
    if (input && input.dataset.index === "-1") lists.add(input.dataset.list);
  });
  return Array.from(lists).map(list => {
    const line = inputs().filter(input => input.dataset.list === list && input.dataset.index === "-1");
    const path = JSON.parse(line[0].dataset.place);
    return {
      kind: "insert", place: path.slice(0, -1), value: { [path[path.length - 1]]: "" }, anchor: path, where: line[0].dataset.where,
    };
  });
}

// Ask the server to do something; returns its answer, null if it could not be reached.
export async function act(action, content, accept, { refuse, focus } = {}) {
  let finish;
  running = new Promise(resolve => { finish = resolve; });
  try {
    const { ok, status, answer } = await post(body.api + action, { file: body.file, version: state.version, ...content });
    if (status === 0) {
      isLost = true;
      say("连接不上填报台：运行它的窗口可能关了。填的字还在这一页，请不要关掉", true);
      setTimeout(flush, RETRY);
      return null;
    }
    isLost = false;
    if (ok && accept) accept();
    if (!ok && refuse) refuse();
    if (answer.conflict) forgetTyped(answer.conflict.path);
    if (answer.version !== undefined) apply(answer, focus || answer.focus);
    if (status === 409 && answer.conflict) await settle(answer.conflict);
    if (status === 409 && answer.conflicts) say("别处也改过，还没有保存", true);
    if (!ok && (status !== 409 || answer.message)) say(answer.message || "没有写入", true);
    return answer;
  } finally {
    running = null;
    finish();
  }
}

function apply(answer, focus) {
  state = answer;
  if (answer.html) redraw(answer.html, focus);
  else rename(answer.where);
  listeners.forEach(listener => listener(answer));
  if (dirtyInputs().length) say("正在填写…");
  else if (answer.draft_fault) say(answer.draft_fault, true);
  else if (answer.outside.length) say("文件在别处改过了；保存时逐个值对照，不会盖掉谁的", true);
  else say(answer.unsaved.length ? "改动已存为草稿，还没有保存到文件" : "全部已保存");
}

// Give cells their new key paths, after the name of a row has changed.
function rename(where) {
  inputs().forEach(input => {
    const path = where[input.dataset.place];
    if (!path) return;
    input.dataset.where = path;
    input.setAttribute("aria-label", path.slice(path.indexOf("/") + 1));
  });
}

// Replace the form, and keep the focus and what is being typed.
function redraw(html, focus) {
  if (composing) {
    waiting = [html, focus];
    return;
  }
  const active = document.activeElement;
  const place = focus || (active && active.dataset ? active.dataset.place : "");
  const isSame = active && active.tagName === "TEXTAREA" && active.dataset.place === place;
  const caret = isSame ? [active.selectionStart, active.selectionEnd] : null;
  const kept = dirtyInputs().map(input => [input.dataset.where, input.dataset.place, input.value]);
  document.getElementById("document").innerHTML = html;
  remember();
  kept.forEach(([where, key, value]) => {
    const input = where ? inputs().find(other => other.dataset.where === where) : inputAt(key);
    if (input) input.value = value;
  });
  document.dispatchEvent(new CustomEvent("redrawn"));
  const target = place && inputAt(place);
  restoring.on = Boolean(caret);
  if (target) target.focus();
  if (target && caret) target.setSelectionRange(caret[0], caret[1]);
  restoring.on = false;
}

document.addEventListener("compositionstart", event => { composing = event.target; });
document.addEventListener("compositionend", () => {
  composing = null;
  if (waiting) redraw(...waiting.splice(0));
  waiting = null;
  typed();
});

// What was typed in a cell that somebody else changed is asked about, not kept.
function forgetTyped(path) {
  const input = inputs().find(other => samePlace(other, path));
  if (input) filed.set(input, input.value);
}

async function settle(conflict) {
  const row = (word, value) => element("p", {}, element("b", {}, word), value || "（空白）");
  const choice = await ask("这一格在别处改过", [
    element("p", {}, conflict.place),
    row("您填的：", conflict.mine),
    row("那边填的：", conflict.theirs),
  ], [["mine", "用我填的", "primary"], ["theirs", "用那边填的"]]);
  const input = inputs().find(other => samePlace(other, conflict.path));
  if (choice === "mine" && input) {
    input.value = conflict.mine;
    typed();
  }
}

const samePlace = (input, path) => JSON.stringify(JSON.parse(input.dataset.place)) === JSON.stringify(path);

// Save; where somebody else saved other values meanwhile, ask value by value.
export async function save() {
  await flush();
  const answer = await act("save", {});
  const choices = answer && answer.conflicts && await settleValues(answer.conflicts, "照选的保存");
  if (choices) await act("save", { choices });
}

// Undo or redo, and show where: a step may have been made in another document.
async function travel(action) {
  await flush();
  const answer = await act(action, { redraw: true });
  const file = answer && answer.focus ? JSON.parse(answer.focus)[0] : body.file;
  const link = document.querySelector(`.documents [data-file="${file}"]`);
  if (file !== body.file && link) location.href = link.href;
}

export const undo = () => travel("undo");
export const redo = () => travel("redo");

// What was typed last is sent although the page is left; if the server is gone, leaving is asked about.
window.addEventListener("pagehide", () => {
  const edits = dirtyInputs().map(setting).map(({ place, value, old, where }) => ({ place, value, old, where }));
  if (!edits.length || isLost) return;
  fetch(`${body.api}edit`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ file: body.file, version: state.version, edits }),
    keepalive: true,
  });
});
window.addEventListener("beforeunload", event => {
  if (isLost && dirtyInputs().length) {
    event.preventDefault();
    event.returnValue = "";
  }
});
document.addEventListener("click", async event => {
  const link = event.target.closest ? event.target.closest("a[href]") : null;
  if (!link || link.target || event.ctrlKey || event.metaKey || !dirtyInputs().length) return;
  event.preventDefault();
  await flush();
  location.href = link.href;
});
