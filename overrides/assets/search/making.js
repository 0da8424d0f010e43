// DOM elements; strings become text nodes, never HTML.
export function createElement(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && !name.includes("-") && name !== "role") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== ""));
  return element;
}

export function createLink(href, text, className = "") {
  const anchor = createElement("a", { href }, text);
  if (className) anchor.className = className;
  return anchor;
}
