// Shapes and receptive fields of the chain's stages, with the formulas they come from.
import { element } from "./dom.js";
import { show } from "./numbers.js";

const TIMES = "\u00d7";
const shape = ([width, height, channels]) => `${width} ${TIMES} ${height} ${TIMES} ${channels}`;
const pair = ([x, y]) => (x === y ? show(x) : `${show(x)} ${TIMES} ${show(y)}`);

const isEven = ({ window, padding }) => !window || padding[0] === padding[1];

// "2·1" where both sides are padded alike, as one writes it; else "1 + 2".
const paddingOf = ([left, right]) => (left === right ? `2\u00b7${left}` : `${left} + ${right}`);

// floor((in + 2·padding − dilation·(k − 1) − 1) / stride) + 1, with the numbers of one axis.
function sizeFormula(row, axis) {
  if (!row.window) return "";
  const padding = paddingOf(row.padding.slice(2 * axis));
  const k = row.window[axis], d = row.dilation[axis], s = row.stride[axis];
  return `\u230a(${row.in[axis]} + ${padding} \u2212 ${d}\u00b7(${k} \u2212 1) \u2212 1) / ${s}` +
    `\u230b + 1 = ${row.out[axis]}`;
}

// r + (k − 1)·dilation·jump, with the numbers of one axis.
function fieldFormula(row, before, axis) {
  if (!row.window || !row.field) return "";
  const k = row.window[axis], d = row.dilation[axis];
  return `${show(before.field[axis])} + (${k} \u2212 1)\u00b7${d}\u00b7` +
    `${show(before.jump[axis])} = ${show(row.field[axis])}`;
}

export function showShapes(table, chain, words) {
  const heads = ["stage", "shape", "shape-formula", "field", "field-formula", "jump", "parameters",
    "products-count"];
  const sides = words(chain.trace.every(isEven) ? "even-padding" : "uneven-padding");
  let before = { field: [1, 1], jump: [1, 1] };
  const rows = chain.trace.map((row) => {
    const made = element("tr", {},
      element("th", { scope: "row" }, words.said(row.name)),
      element("td", {}, shape(row.out)),
      element("td", { class: "formula" }, sizeFormula(row, 0)),
      element("td", {}, row.field ? pair(row.field) : words("whole-image")),
      element("td", { class: "formula" }, before.field ? fieldFormula(row, before, 0) : ""),
      element("td", {}, pair(row.jump)),
      element("td", {}, row.parameters.toLocaleString()),
      element("td", {}, row.products.toLocaleString()));
    before = row;
    return made;
  });
  table.replaceChildren(
    element("caption", {}, words("shapes-caption")),
    element("thead", {}, element("tr", {},
      heads.map((head) => element("th", { scope: "col" }, words(head, sides))))),
    element("tbody", {}, rows));
}
