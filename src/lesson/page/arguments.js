// Sliders, choices and numbers for the arguments of the chain's stages.
import { parseChain, joinChain, readArguments, withArgument } from "./chain.js";
import { element, fillSelect } from "./dom.js";

// How far a slider goes, where the engine's own range is wider than a lesson needs: [low, high,
// step]. By name, else by kind.
const REACH = {
  sigma: [0.3, 10, 0.1], sigma2: [0.3, 16, 0.1], amount: [-2, 5, 0.1], size: [1, 31, 1],
  "sobel:size": [3, 31, 2], stride: [1, 8, 1], dilation: [1, 8, 1], pad: [0, 12, 1],
  padding: [0, 8, 1], factor: [-4, 4, 0.05], slope: [0, 1, 0.01], filters: [1, 32, 1],
  seed: [0, 50, 1], orientations: [1, 12, 1], scales: [1, 5, 1], groups: [1, 8, 1],
  edge: [0, 1, 0.05],
};
const BY_KIND = { level: [0, 255, 1], number: [-255, 255, 1], integer: [0, 64, 1] };

// A pooling window reaches half its size beyond the edge at most.
function halfSize(argument, values, definitions) {
  const size = argument.name === "padding" && definitions.find((a) => a.kind === "pool");
  if (!size) return NaN;
  const sides = (values[size.name] || size.default).split("x").map(Number);
  return Math.floor(Math.min(...sides) / 2);
}

function reachOf(stage, argument, values, definitions) {
  const own = REACH[`${stage}:${argument.name}`] || REACH[argument.name] ||
    BY_KIND[argument.kind] || [1, 15, 1];
  const [low, high, step] = own;
  const odd = argument.kind === "odd";
  const least = argument.range ? Math.max(low, argument.range[0]) : low;
  const half = halfSize(argument, values, definitions);
  const most = half >= 0 ? half : argument.range ? Math.min(high, argument.range[1]) : high;
  return odd ? [least | 1, most, 2] : [least, most, step];
}

// Of a list of the catalogue's entries, for fillSelect.
export const optionOf = ({ name, label }) => [name, label ?? name];

const SLIDES = ["number", "level", "integer", "odd", "size", "pool"];
let serial = 0;

// A slider and a field for the same argument; `set(text)` with "" for the default.
function slider([low, high, step], argument, value, label, set) {
  const number = parseFloat(value ?? argument.default);
  const id = `argument-${serial++}`;
  const range = element("input", { type: "range", min: String(low), max: String(high),
    step: String(step), "aria-label": label });
  range.value = String(Number.isFinite(number) ? number : low);
  const usual = argument.default || "", long = usual.includes(" "); // that has no room in the field
  const field = element("input", { type: "text", id, value: value ?? "", size: "6",
    placeholder: long ? " " : usual, autocomplete: "off", spellcheck: "false" });
  range.addEventListener("input", () => {
    field.value = range.value;
    set(range.value);
  });
  field.addEventListener("input", () => {
    const typed = parseFloat(field.value || argument.default);
    if (Number.isFinite(typed)) range.value = String(typed);
    set(field.value.trim());
  });
  return row(argument, label, id, range, field,
    long ? element("span", { class: "hint default" }, usual) : null);
}

function choice(argument, value, label, options, set) {
  const id = `argument-${serial++}`;
  const select = element("select", { id });
  fillSelect(select, options, value ?? argument.default ?? "");
  select.addEventListener("change", () => set(select.value));
  return row(argument, label, id, select);
}

// A padding; one that takes a value has a field for it.
function paddings(argument, value, label, catalogue, set) {
  const id = `argument-${serial++}`;
  const [name, number] = /^([^=:]*)=?(.*)$/.exec(value ?? argument.default).slice(1);
  const takes = (wanted) => Boolean(catalogue.paddings.find((p) => p.name === wanted)?.takes_value);
  const select = element("select", { id });
  const field = element("input", { type: "text", inputmode: "decimal", class: "value",
    hidden: !takes(name), "aria-label": `${label}: ${name}`, autocomplete: "off" });
  field.value = number || "0";
  fillSelect(select, withOwn(catalogue.paddings.map(optionOf), name), name);
  const send = () => set(takes(select.value) ? `${select.value}=${field.value || 0}`
    : select.value);
  select.addEventListener("change", () => {
    field.hidden = !takes(select.value);
    field.setAttribute("aria-label", `${label}: ${select.value}`);
    send();
  });
  field.addEventListener("input", send);
  return row(argument, label, id, select, field);
}

function text(argument, value, label, set) {
  const id = `argument-${serial++}`;
  const field = element("input", { type: "text", id, value: value ?? "", autocomplete: "off",
    placeholder: argument.default || "", spellcheck: "false" });
  field.addEventListener("input", () => set(field.value.trim()));
  return row(argument, label, id, field);
}

const row = (argument, label, id, ...controls) => element("div",
  { class: "argument", title: argument.meaning },
  element("label", { for: id }, label), ...controls);

// The options of a choice; null: it isn't one.
function optionsOf(argument, catalogue) {
  if (argument.choices && argument.kind === "choice") return argument.choices.map(optionOf);
  if (argument.kind === "kernel") return [["", "\u2026"], ...catalogue.kernels.map(optionOf)];
  if (argument.kind === "bank") return [["", "\u2026"], ...catalogue.banks.map(optionOf)];
  return null;
}

// The arguments that count for the stage as it is: a bank's own alone, as its usage has them.
function inUse(definition, values, catalogue) {
  const source = definition.arguments.find((a) => a.kind === "bank");
  const bank = source && catalogue.banks.find((b) => b.name === values[source.name]);
  if (!bank) return definition.arguments;
  const names = (usage) => usage.split(" ").map((word) => word.split("=")[0]);
  const others = new Set(catalogue.banks.flatMap((b) => names(b.usage)));
  return definition.arguments.filter((a) => !others.has(a.name) ||
    names(bank.usage).includes(a.name));
}

// Fills `box` with the controls of the stage at `index` of the chain; change(chain) gets its text.
export function showArguments(box, catalogue, chain, index, words, change) {
  const stages = parseChain(chain);
  const stage = stages[index];
  const definition = stage && catalogue.stages.find((s) => s.name === stage.name);
  box.replaceChildren();
  if (!definition) {
    box.append(element("p", { class: "hint" }, words("no-arguments")));
    return;
  }
  let current = stage;
  const limits = []; // of sliders, as they follow from the other arguments
  const own = definition.arguments;
  const values = readArguments(stage, own);
  const all = inUse(definition, values, catalogue)
    .concat(definition.window ? catalogue.window_arguments : []);
  for (const argument of all) {
    const set = (value) => {
      current = withArgument(current, own, argument.name, value, argument.default);
      for (const limit of limits) limit(readArguments(current, own));
      change(joinChain(stages.map((s, i) => (i === index ? current : s))));
    };
    const label = argument.label || argument.name;
    const options = optionsOf(argument, catalogue);
    const value = values[argument.name];
    if (argument.kind === "padding") {
      box.append(paddings(argument, value, label, catalogue, set));
    } else if (options) box.append(choice(argument, value, label, withOwn(options, value), set));
    else if (SLIDES.includes(argument.kind)) {
      const reach = (now) => reachOf(stage.name, argument, now, own);
      const made = slider(reach(values), argument, value, label, set);
      limits.push((now) => { made.querySelector("input").max = reach(now)[1]; });
      box.append(made);
    } else box.append(text(argument, value, label, set));
  }
  box.prepend(element("p", { class: "hint" }, definition.summary));
}

// A value that the list doesn't have, such as a kernel's numbers, stays choosable.
const withOwn = (options, value) => (value === undefined || options.some(([v]) => v === value)
  ? options : [...options, [value, value.length > 24 ? value.slice(0, 23) + "\u2026" : value]]);
