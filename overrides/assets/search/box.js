// Suggestions below the search field; their data is fetched when somebody begins to type.
const fields = document.querySelectorAll("form.gk-search input[name=q], form.gk-find input[name=q]");
const root = new URL("../../", import.meta.url);
const PAUSE = 200; // Milliseconds: whoever types on and presses Enter need not wait for suggestions.

function addSuggestions(field, number) {
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
  let request = 0; // Answers to earlier requests are dropped.
  let selected = -1;
  let timer;

  const close = () => {
    clearTimeout(timer);
    request += 1;
    selected = -1;
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const select = (index) => {
    const options = [...list.children];
    selected = (index + options.length + 1) % (options.length + 1);
    options.forEach((option, position) => option.setAttribute("aria-selected", String(position === selected)));
    if (options[selected]) field.setAttribute("aria-activedescendant", options[selected].id);
    else field.removeAttribute("aria-activedescendant");
    if (options[selected]) options[selected].scrollIntoView({ block: "nearest" });
  };

  const createOption = ({ name, detail, url }, index) => {
    const option = document.createElement("li");
    option.id = `${list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.to = new URL(url, root).href;
    option.append(name);
    if (detail) {
      const small = document.createElement("small");
      small.append(detail);
      option.append(" ", small);
    }
    return option;
  };

  const update = async () => {
    const words = field.value;
    request += 1;
    const current = request;
    if (!words.trim()) return close();
    let suggestions = [];
    try {
      const { suggest } = await import("./names.js");
      if (current !== request) return undefined;
      suggestions = await suggest(words);
    } catch {
      // Without suggestions the form still works.
    }
    if (current !== request || document.activeElement !== field) return undefined;
    while (list.firstChild) list.removeChild(list.firstChild);
    list.append(...suggestions.map(createOption));
    list.hidden = !suggestions.length;
    field.setAttribute("aria-expanded", String(Boolean(suggestions.length)));
    selected = -1;
    field.removeAttribute("aria-activedescendant");
    return undefined;
  };

  field.addEventListener("focus", () => import("./names.js").catch(() => undefined), { once: true });
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(update, PAUSE);
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
  field.form.addEventListener("submit", close);
  list.addEventListener("click", (event) => location.assign(event.target.closest("li").dataset.to));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    if (event.key === "ArrowDown") select(selected + 1);
    else if (event.key === "ArrowUp") select(selected < 0 ? list.children.length - 1 : selected - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && selected >= 0 && list.children[selected]) {
      list.children[selected].click();
    } else return;
    event.preventDefault();
  });
}

fields.forEach(addSuggestions);
