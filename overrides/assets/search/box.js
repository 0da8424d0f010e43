// Suggestions below the search field; what they need is fetched when somebody begins to type.
const fields = document.querySelectorAll("form.gk-search input[name=q], form.gk-find input[name=q]");
const root = new URL("../../", import.meta.url);
const PAUSE = 200; // Milliseconds: whoever types on and presses Enter need not wait for suggestions.

function enhance(field, number) {
  const list = document.createElement("ul");
  list.id = `gk-suggestions-${number}`;
  list.className = "gk-suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "单位和项目");
  list.hidden = true;
  field.form.append(list);
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": "false",
  })) field.setAttribute(name, value);
  let turn = 0;
  let chosen = -1;
  let waiting;

  const close = () => {
    clearTimeout(waiting);
    turn += 1;
    chosen = -1;
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const choose = (next) => {
    const options = [...list.children];
    chosen = (next + options.length + 1) % (options.length + 1);
    options.forEach((each, at) => each.setAttribute("aria-selected", String(at === chosen)));
    if (options[chosen]) field.setAttribute("aria-activedescendant", options[chosen].id);
    else field.removeAttribute("aria-activedescendant");
    options[chosen]?.scrollIntoView({ block: "nearest" });
  };

  const option = ({ name, more, url }, at) => {
    const item = document.createElement("li");
    item.id = `${list.id}-${at}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.to = new URL(url, root).href;
    item.append(name);
    if (more) {
      const told = document.createElement("small");
      told.append(more);
      item.append(" ", told);
    }
    return item;
  };

  const suggest = async () => {
    const words = field.value;
    turn += 1;
    const mine = turn;
    if (!words.trim()) return close();
    let found = [];
    try {
      const { suggestions } = await import("./names.js");
      if (mine !== turn) return undefined;
      found = await suggestions(words);
    } catch {
      // Without suggestions the form works as it is.
    }
    if (mine !== turn || document.activeElement !== field) return undefined;
    list.replaceChildren(...found.map(option));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(Boolean(found.length)));
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    return undefined;
  };

  field.addEventListener("focus", () => import("./names.js").catch(() => undefined), { once: true });
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(suggest, PAUSE);
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
  field.form.addEventListener("submit", close);
  list.addEventListener("click", (event) => location.assign(event.target.closest("li").dataset.to));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? list.children.length - 1 : chosen - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && chosen >= 0 && list.children[chosen]) {
      list.children[chosen].click();
    } else return;
    event.preventDefault();
  });
}

fields.forEach(enhance);
