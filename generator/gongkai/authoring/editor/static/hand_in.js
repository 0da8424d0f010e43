// Handing in and approving: conflicts are settled value by value, then it is tried again.
import { post, settleValues } from "./common.js";

const { root } = document.body.dataset;
const status = document.getElementById("status");
const detail = document.getElementById("detail");

function say({ message, detail: words }, isFault) {
  status.textContent = message;
  status.classList.toggle("fault", isFault);
  detail.hidden = !words;
  detail.querySelector("pre").textContent = words || "";
}

async function submit(form, address, content) {
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  status.textContent = "正在交，请稍候…";
  let { ok, answer } = await post(address, content);
  while (!ok && answer.conflicts) {
    say(answer, true);
    const choices = await settleValues(answer.conflicts, "照选的再交");
    if (!choices) break;
    ({ ok, answer } = await post(address, Object.assign({ choices }, content)));
  }
  say(answer, !ok);
  button.disabled = ok;
}

const handIn = document.getElementById("hand-in");
if (handIn) {
  handIn.addEventListener("submit", event => {
    event.preventDefault();
    const content = {};
    handIn.querySelectorAll("[name]").forEach(input => { content[input.name] = input.value; });
    submit(handIn, `${root}api/${handIn.dataset.unit}/hand-in`, content);
  });
}
const approve = document.getElementById("approve");
if (approve) {
  approve.addEventListener("submit", event => {
    event.preventDefault();
    submit(approve, `${root}api/review/approve`, { branch: approve.dataset.branch });
  });
}
