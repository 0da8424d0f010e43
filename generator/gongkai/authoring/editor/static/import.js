// Import: a file is read, its text stands beside the recognised forms, and nothing is written before 采用.
import { post } from "./common.js";

const { api, year } = document.body.dataset;
const status = document.getElementById("status");
const filed = new Map();
let piece = null;

async function read(file) {
  status.textContent = `正在读 ${file.name} …`;
  const response = await fetch(`${api}read-file?name=${encodeURIComponent(file.name)}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  });
  if (response.ok) location.reload();
  else status.textContent = (await response.json()).message;
}

document.getElementById("file").addEventListener("change", event => {
  if (event.target.files[0]) read(event.target.files[0]);
});
const drop = document.getElementById("drop");
document.addEventListener("dragover", event => {
  event.preventDefault();
  drop.classList.add("over");
});
document.addEventListener("dragleave", () => drop.classList.remove("over"));
document.addEventListener("drop", event => {
  event.preventDefault();
  if (event.dataTransfer.files[0]) read(event.dataTransfer.files[0]);
});

function grow(cell) {
  cell.style.height = "auto";
  cell.style.height = `${cell.scrollHeight}px`;
}

const cells = () => Array.from(document.querySelectorAll("#document [data-place]:not(span)"));
cells().forEach(cell => {
  filed.set(cell, cell.value);
  if (cell.tagName === "TEXTAREA") grow(cell);
});

// A piece of the source is picked up by a click, and put into the cell that is clicked or entered next.
document.querySelectorAll(".piece").forEach(button => button.addEventListener("click", () => {
  document.querySelectorAll(".piece.held").forEach(other => other.classList.remove("held"));
  piece = piece === button ? null : button;
  if (piece) piece.classList.add("held");
  status.textContent = piece ? "再点右边的格子，就填进去" : "";
}));
document.addEventListener("focusin", event => {
  const cell = event.target;
  if (!piece || !cell.dataset.place) return;
  cell.value = piece.textContent;
  cell.dispatchEvent(new Event("input", { bubbles: true }));
  piece.classList.remove("held", "leftover");
  piece = null;
  status.textContent = "已填进去";
});
document.addEventListener("input", event => {
  if (event.target.tagName === "TEXTAREA") grow(event.target);
});

const button = document.getElementById("adopt");
if (button) {
  button.addEventListener("click", async () => {
    const edits = cells().filter(cell => cell.value !== filed.get(cell))
      .map(cell => ({ place: JSON.parse(cell.dataset.place), value: cell.value }));
    const { ok, answer } = await post(`${api}adopt`, { edits });
    if (ok) location.href = year + answer.file;
    else status.textContent = answer.message;
  });
}
