// Completions of a chain's text: names of filters, arguments, choices, from the catalogue. A
// combobox as the ARIA practices describe it.
import { lastStage } from "./chain.js";
import { element } from "./dom.js";

// What may stand at the end of `before`: [{text, note}], and how many characters it replaces.
export function completions(catalogue, before) {
  const words = lastStage(before).split(":");
  const last = words[words.length - 1];
  if (words.length === 1) {
    return { replaces: last.length, list: named(catalogue.stages, last) };
  }
  const definition = catalogue.stages.find((s) => s.name === words[0]);
  if (!definition) return { replaces: 0, list: [] };
  const all = definition.arguments.concat(definition.window ? catalogue.window_arguments : []);
  const equals = last.indexOf("=");
  if (equals >= 0) {
    const argument = all.find((a) => a.name === last.slice(0, equals));
    const typed = last.slice(equals + 1);
    return { replaces: typed.length, list: argument ? values(catalogue, argument, typed) : [] };
  }
  const first = definition.arguments[words.length - 2];
  const list = (first ? values(catalogue, first, last) : []).concat(
    all.filter((a) => a.name.startsWith(last))
      .map((a) => ({ text: a.name + "=", note: a.meaning })));
  return { replaces: last.length, list };
}

const named = (entries, typed) => entries.filter((e) => e.name.startsWith(typed))
  .map((e) => ({ text: e.name, note: e.summary }));

function values(catalogue, argument, typed) {
  if (argument.kind === "kernel") return named(catalogue.kernels, typed);
  if (argument.kind === "bank") return named(catalogue.banks, typed);
  if (argument.kind === "padding") return named(catalogue.paddings, typed);
  return (argument.choices || []).filter((c) => c.name.startsWith(typed))
    .map((c) => ({ text: c.name, note: c.meaning || argument.meaning }));
}

const NEAR = 120; // pixels

// Gives the input its list, which leaves the message below the input free; `changed` is called
// after a choice.
export function addCompletions(input, list, message, catalogue, changed) {
  let found = { replaces: 0, list: [] };
  let active = -1;

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark() {
    [...list.children].forEach((child, i) =>
      child.setAttribute("aria-selected", String(i === active)));
    if (active >= 0) {
      input.setAttribute("aria-activedescendant", list.children[active].id);
      list.children[active].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function place() {
    const under = message.textContent
      ? message.getBoundingClientRect().bottom - input.getBoundingClientRect().top : 0;
    list.style.top = under > 0 && under < NEAR ? `${under + 4}px` : "";
  }
  new ResizeObserver(place).observe(message);

  function open() {
    found = completions(catalogue, input.value.slice(0, input.selectionStart));
    const typed = input.value.slice(input.selectionStart - found.replaces, input.selectionStart);
    const shown = found.list.filter((c) => c.text !== typed);
    found.begun = typed !== "" && shown.length === found.list.length;
    found.list = shown;
    list.replaceChildren(...shown.map((c, i) => element("li",
      { id: `completion-${i}`, role: "option", "aria-selected": "false",
        onpointerdown: (event) => { event.preventDefault(); take(i); } },
      element("b", {}, c.text), " ", element("span", {}, c.note || ""))));
    active = -1;
    list.hidden = shown.length === 0;
    place();
    input.setAttribute("aria-expanded", String(shown.length > 0));
    input.removeAttribute("aria-activedescendant");
  }

  function take(i) {
    const end = input.selectionStart;
    input.setRangeText(found.list[i].text, end - found.replaces, end, "end");
    close();
    changed();
    input.focus();
    if (found.list[i].text.endsWith("=")) open();
  }

  input.addEventListener("input", open);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const count = list.hidden ? 0 : list.children.length;
    if (event.key === "ArrowDown" && (event.altKey || !count)) open();
    else if (event.key === "ArrowDown") active = (active + 1) % count;
    else if (event.key === "ArrowUp" && count) active = (active + count - 1) % count;
    else if (event.key === "Escape" && count) close();
    else if (event.key === "Enter" && count && active >= 0) take(active);
    else if (event.key === "Tab" && !event.shiftKey && count && (active >= 0 || found.begun)) {
      take(Math.max(0, active));
    } else if (event.key === "Tab") return;
    else if (event.key === "Enter") close();
    else return;
    event.preventDefault();
    if (!list.hidden) mark();
  });
}
