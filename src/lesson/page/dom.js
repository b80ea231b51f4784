// Elements in a line.

// element("td", {class: "x", onclick: f}, "text", child...): null children are left out.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key in made && typeof value !== "string") made[key] = value;
    else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(key, value);
    }
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

export const byId = (id) => document.getElementById(id);

// Several calls within a frame become one.
export function oncePerFrame(work) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      work();
    });
  };
}

// A choice: options are [value, text].
export function fillSelect(select, options, chosen) {
  select.replaceChildren(...options.map(([value, text]) =>
    element("option", { value: String(value), selected: String(value) === String(chosen) }, text)));
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
