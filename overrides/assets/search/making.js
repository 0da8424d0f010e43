// Elements of the page; texts become text, never HTML.
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && !name.includes("-") && name !== "role") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== ""));
  return made;
}

export function link(to, text, className = "") {
  const made = make("a", { href: to }, text);
  if (className) made.className = className;
  return made;
}
