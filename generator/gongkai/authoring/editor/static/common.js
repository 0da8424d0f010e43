// What every screen has: leaving the editor, finding a unit, dialogues.
const root = document.body.dataset.root;

// Send JSON; the status is 0 if the server cannot be reached.
export async function post(address, content) {
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
    });
  } catch (error) {
    return { ok: false, status: 0, answer: { message: "填报台已经关闭" } };
  }
  const answer = await response.json().catch(() => ({ message: "填报台没有回答" }));
  return { ok: response.ok, status: response.status, answer };
}

export function element(tag, attributes, ...children) {
  const node = document.createElement(tag);
  Object.keys(attributes || {}).forEach(name => {
    if (attributes[name] !== "" && attributes[name] !== false) node.setAttribute(name, attributes[name]);
  });
  node.append(...children);
  return node;
}

export function empty(node) {
  while (node.firstChild) node.removeChild(node.firstChild);
  return node;
}

// Show a dialogue; resolves with the value of the button, "" if it is closed. The focus stays in it.
export function ask(title, content, buttons) {
  const dialog = document.getElementById("dialog");
  const before = document.activeElement;
  const row = element("p", { class: "buttons" });
  const form = element("form", {}, element("h2", { id: "dialog-title" }, title), ...content, row);
  empty(dialog).append(form);
  return new Promise(resolve => {
    const close = value => {
      dialog.parentNode.hidden = true;
      document.removeEventListener("keydown", keep, true);
      if (before && before.isConnected) before.focus();
      resolve(value);
    };
    // A button without a value closes the dialogue whatever is filled in.
    buttons.forEach(([value, text, kind]) => {
      const button = element("button", { type: "button", class: kind || "" }, text);
      button.addEventListener("click", () => {
        if (value === "" || form.reportValidity()) close(value);
      });
      row.append(button);
    });
    form.addEventListener("submit", event => {
      event.preventDefault();
      close(buttons[0][0]);
    });
    const keep = event => {
      if (event.key === "Escape") close("");
      if (event.key === "Enter" && event.target.tagName === "INPUT") {
        event.preventDefault();
        if (form.reportValidity()) close(buttons[0][0]);
      }
      if (event.key !== "Tab") return;
      const stops = Array.from(form.querySelectorAll("button, input, textarea"));
      const [first, last] = [stops[0], stops[stops.length - 1]];
      if (event.shiftKey ? event.target !== first : event.target !== last) return;
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    };
    document.addEventListener("keydown", keep, true);
    dialog.parentNode.hidden = false;
    (form.querySelector("input, textarea") || row.firstChild).focus();
  });
}

// Ask which of two values to use, for every one that both sides changed; null if that is put off.
export async function settleValues(conflicts, words) {
  const option = (name, value, text) => element("label", { class: "option" },
    element("input", { type: "radio", name, value, checked: value === "mine" ? "checked" : "" }), ` ${text}`);
  const rows = conflicts.map(({ id, place, mine, theirs }) => element("fieldset", {},
    element("legend", {}, place), option(id, "mine", `我填的：${mine}`), option(id, "theirs", `那边的：${theirs}`)));
  const title = `有 ${rows.length} 处在别处也改过，用哪一个？`;
  if (await ask(title, rows, [["ok", words, "primary"], ["", "先不"]]) !== "ok") return null;
  const choices = {};
  document.querySelectorAll("#dialog input:checked").forEach(({ name, value }) => { choices[name] = value; });
  return choices;
}

document.getElementById("quit").addEventListener("click", async () => {
  const { answer } = await post(root + "api/quit", {});
  empty(document.body).append(element("main", { class: "page" }, element("h1", {}, answer.message)));
});

const finder = document.getElementById("find-unit");
if (finder) {
  finder.addEventListener("input", () => {
    document.querySelectorAll(".units li").forEach(entry => {
      entry.hidden = !entry.textContent.includes(finder.value.trim());
    });
  });
}

// A new year: where several forms apply, the answer lists them to choose from.
document.querySelectorAll(".new-year").forEach(form => form.addEventListener("submit", async event => {
  event.preventDefault();
  const { unit } = form.dataset;
  const checked = name => Array.from(form.querySelectorAll(`[name="${name}"]:checked`)).map(box => box.value);
  const { ok, answer } = await post(`${root}api/${unit}/new`, {
    year: form.elements.year.value,
    takes_over: checked("takes_over").length > 0,
    projects: checked("projects"),
    forms: checked("forms"),
  });
  if (ok) location.href = `${root}units/${unit}/${answer.year}/`;
  form.querySelector(".fault").textContent = ok ? "" : answer.message;
  const list = form.querySelector(".forms");
  if (answer.forms && !list.firstChild) {
    list.append(...answer.forms.map(({ id, name, kind }) => element("p", {}, element("label", {},
      element("input", { type: "checkbox", name: "forms", value: id }), ` ${kind}：${name}`))));
  }
}));
