// An LSTM's gates and memory over time, and how one number of them is made of the others.
import { element } from "./dom.js";
import { cellAt, statesOf } from "./layers.js";
import { inBrackets, show } from "./numbers.js";

export const PARTS = ["f", "i", "g", "c", "o"]; // in the order of their use

// parts: {f, i, g, c, o}, and the output h, each (1, times, units). at: [time, unit] of the number
// whose sum is shown; choose(time, unit) after a click.
export function lstmOf(parts, h, words, at, choose) {
  const [, times, units] = h.shape;
  const [time, unit] = [Math.min(at[0], times - 1), Math.min(at[1], units - 1)];
  return [element("div", { class: "parts" },
    PARTS.map((part) => partOf(parts[part], words, [time, unit], choose))),
  element("p", { class: "sum-of" }, sumOf(parts, h, words, time, unit))];
}

function partOf(tensor, words, [time, unit], choose) {
  const [, times, units] = tensor.shape;
  const [states, scale] = statesOf(tensor, words);
  const canvas = states.querySelector("canvas");
  const lit = element("span", { class: "lit", "aria-hidden": "true" });
  Object.assign(lit.style, { left: `${unit / units * 100}%`, top: `${time / times * 100}%`,
    width: `${100 / units}%`, height: `${100 / times}%` });
  canvas.after(lit);
  canvas.addEventListener("click", (event) =>
    choose(...cellAt(canvas, event, units, times).reverse()));
  return element("div", {}, element("p", {}, words("part-" + tensor.name)), states, scale);
}

// "t = 3, unit 5: c′ = f·c + i·g ≈ 0.98·0.5 + 0.1·(−0.2) ≈ 0.47; h′ = …": the engine's numbers,
// rounded.
function sumOf(parts, h, words, time, unit) {
  const units = h.shape[2];
  const at = (tensor, t = time) => (t < 0 ? "0" : show(tensor.data[t * units + unit], 3));
  const [f, i, g, o, before] = [at(parts.f), at(parts.i), at(parts.g), at(parts.o),
    at(parts.c, time - 1)].map(inBrackets);
  return `t = ${time}, ${words("unit", unit)}: ` +
    `c′ = f·c + i·g ≈ ${f}·${before} + ${i}·${g} ≈ ${at(parts.c)}; ` +
    `h′ = o·tanh(c′) ≈ ${o}·tanh(${at(parts.c)}) ≈ ${at(h)}`;
}
