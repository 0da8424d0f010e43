// What does not add up: at its cell, and in a list that leads there.
import { ask, element, empty } from "./common.js";
import { act, flush, inputAt, inputs, onState } from "./session.js";

const list = document.getElementById("problems");
const helpCell = document.getElementById("help-cell");
const helpNotes = document.getElementById("help-notes");
const body = document.body.dataset;
const SHOWN = [["E", "错误：改正，或写差异说明"], ["W", "警告"], ["I", "提示"], ["X", "已写差异说明"]];
const opened = { E: true, W: true };
let byPlace = {};
let sums = {};

onState(state => {
  byPlace = {};
  sums = {};
  state.problems.forEach(problem => {
    if (problem.place) (byPlace[problem.place] = byPlace[problem.place] || []).push(problem);
  });
  state.sums.forEach(sum => { sums[sum.place] = sum; });
  markCells();
  showList(state.problems);
  showCounts(state.errors);
  showHelp(document.activeElement);
});

const worst = problems => SHOWN.map(([level]) => level).find(level => problems.some(problem => problem.level === level));

function markCells() {
  document.querySelectorAll(".tag").forEach(tag => tag.remove());
  inputs().forEach((input, number) => {
    const problems = byPlace[input.dataset.place] || [];
    const sum = sums[input.dataset.place];
    const level = worst(problems);
    ["E", "W", "I", "X"].forEach(name => input.classList.toggle(`has-${name}`, name === level));
    if (level === "E") input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    const words = tagWords(level, problems, sum);
    input.removeAttribute("aria-describedby");
    if (!words) return;
    const tag = element("span", { class: `tag ${level || "sum"}`, id: `tag-${number}` }, words);
    input.after(tag);
    input.setAttribute("aria-describedby", tag.id);
  });
}

const TAGS = { "JG-01": "写法不对", "JG-02": "必填", "JG-03": "必填" };

function tagWords(level, problems, sum) {
  if (sum) return sum.text;
  if (!level || level === "I") return "";
  const first = problems.find(problem => problem.level === level);
  if (level === "X") return "已说明";
  return first.computed && first.computed.length < 14 ? `复算 ${first.computed}` : TAGS[first.rule] || first.name;
}

function showList(problems) {
  empty(list);
  if (!problems.length) list.append(element("p", { class: "fine" }, "没有发现问题。"));
  SHOWN.forEach(([level, title]) => {
    const here = problem => (problem.file === body.file ? 0 : 1);
    const own = problems.filter(problem => problem.level === level).sort((one, other) => here(one) - here(other));
    if (!own.length) return;
    const group = element("details", { class: level, open: opened[level] ? "open" : false },
      element("summary", {}, `${title}（${own.length}）`),
      element("ol", {}, ...own.map(entry)));
    group.addEventListener("toggle", () => { opened[level] = group.open; });
    list.append(group);
  });
}

function entry(problem) {
  const jump = element("button", { type: "button", class: "jump" }, shortPlace(problem), element("span", {}, problem.text));
  jump.addEventListener("click", () => lead(problem));
  return element("li", {}, jump);
}

function shortPlace(problem) {
  const link = Array.from(document.querySelectorAll(".documents a[data-file]")).find(other => other.dataset.file === problem.file);
  const parts = problem.where ? problem.where.split("/") : [link ? link.dataset.title : problem.file];
  const words = parts.length > 3 ? `${parts[0]} … ${parts.slice(-2).join(" / ")}` : parts.join(" / ");
  return element("b", {}, words);
}

// Lead to a problem: to its cell here, or to its document.
function lead(problem) {
  const input = problem.place && inputAt(problem.place);
  if (input) {
    input.focus();
    input.scrollIntoView({ block: "center" });
    return;
  }
  if (problem.file === body.file) {
    document.dispatchEvent(new CustomEvent("line", { detail: problem }));
    return;
  }
  const hash = problem.where ? `#where=${encodeURIComponent(problem.where)}` : `#line=${problem.line}`;
  flush().then(() => { location.href = body.year + problem.file + hash; });
}

function showCounts(errors) {
  document.querySelectorAll(".documents a[data-file]").forEach(link => {
    const count = link.querySelector(".count");
    const number = errors[link.dataset.file] || 0;
    count.textContent = number;
    count.hidden = !number;
  });
}

// The line at the foot: what the cell is, what to fill in, and what is wrong with it.
function showHelp(input) {
  if (!input || !input.dataset || !input.dataset.place) return;
  empty(helpCell).append(element("b", {}, input.getAttribute("aria-label")), ` ${input.dataset.hint || ""}`);
  empty(helpNotes);
  const sum = sums[input.dataset.place];
  if (sum && sum.value) helpNotes.append(element("li", { class: "sum" }, sum.text, fill(input, sum.value)));
  (byPlace[input.dataset.place] || []).forEach(problem => helpNotes.append(helpNote(input, problem)));
}

function fill(input, value) {
  const button = element("button", { type: "button" }, `填 ${value}`);
  button.addEventListener("click", () => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    flush();
    input.focus();
  });
  return button;
}

function helpNote(input, problem) {
  const note = element("li", { class: problem.level }, element("b", {}, problem.word), ` ${problem.text} `);
  const rule = element("a", { href: `${body.root}rules/${problem.rule}`, target: "_blank", rel: "noopener" }, `${problem.rule} ${problem.name}`);
  note.append(rule);
  if (problem.new) note.append(fill(input, problem.new));
  if (problem.can_explain) note.append(dialogueButton("写差异说明", () => explain(problem)));
  if (problem.can_correct) note.append(dialogueButton("写勘误", () => correct(problem)));
  return note;
}

function dialogueButton(words, action) {
  const button = element("button", { type: "button" }, words);
  button.addEventListener("click", action);
  return button;
}

const field = (name, words, value, tag = "input") => {
  const input = element(tag, { name, required: "required", value: tag === "input" ? value : "" });
  return element("label", {}, words, input);
};
const fact = (word, value) => element("p", {}, element("b", {}, `${word}：`), value || "（空白）");
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
const AUTHOR = "gongkai-author";

// 差异说明: rule, place and both values are filled in; the unit adds why, who and when.
async function explain(problem) {
  const { rule, where, filed, computed } = problem;
  await enter("差异说明", `写差异说明：${problem.name}`, problem, [
    fact("位置", where), fact("填报的", filed), fact("复算的", computed),
    field("说明", "为什么不一样（会公开）", "", "textarea"),
    field("说明人", "谁说明的（会公开）", localStorage.getItem(AUTHOR) || ""),
    field("日期", "日期", today()),
  ], { 规则: rule, 位置: where, 申报值: filed, 复算值: computed });
}

// 勘误: the published value was changed; the old and the new one are filled in.
async function correct(problem) {
  const { where, filed, computed } = problem;
  await enter("勘误", "写勘误", problem, [
    fact("位置", where), fact("公开过的", filed), fact("现在的", computed),
    field("原因", "为什么改（会公开）", "", "textarea"), field("日期", "日期", today()),
  ], { 位置: where, 原值: filed, 新值: computed });
}

async function enter(kind, title, problem, content, known) {
  await flush();
  const explanation = element("p", {}, problem.text);
  const choice = await ask(title, [explanation, ...content], [["ok", "确定", "primary"], ["", "取消"]]);
  if (choice !== "ok") return;
  const filled = {};
  document.querySelectorAll("#dialog [name]").forEach(input => { filled[input.name] = input.value; });
  if (filled.说明人) localStorage.setItem(AUTHOR, filled.说明人);
  await act("explain", { kind, entry: Object.assign({}, known, filled), focus: problem.place, redraw: body.file === "disclosure.yml" });
}

document.addEventListener("focusin", event => showHelp(event.target));

// An address may name the cell to show.
function followHash() {
  const where = decodeURIComponent((location.hash.match(/^#where=(.*)$/) || [])[1] || "");
  const line = (location.hash.match(/^#line=(\d+)$/) || [])[1];
  const input = where && inputs().find(other => other.dataset.where === where);
  if (input) {
    input.focus();
    input.scrollIntoView({ block: "center" });
  } else if (line) document.dispatchEvent(new CustomEvent("line", { detail: { line: Number(line) } }));
}
window.addEventListener("hashchange", followHash);
window.addEventListener("load", followHash);
