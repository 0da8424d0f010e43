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

// Put children in place of all that an element contains; false, null and "" are left out.
export function replaceContent(element, ...children) {
  while (element.firstChild) element.removeChild(element.firstChild);
  element.append(...children.filter((child) => child));
}
