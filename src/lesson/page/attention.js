// Attention as matrices: Q, K and V, their products, and what each patch looks at.
import { element } from "./dom.js";
import { cellAt, figure, greatest, heatScale, signedScale, telling } from "./layers.js";
import { heatColor, inBrackets, isDark, show, signedColor } from "./numbers.js";

const SIDE = 192; // pixels of a matrix, at most

// (1, heads, patches, patches): who looks at whom. `patch`: the one whose row is laid on the digit.
export function attentionOf({ name, shape, data }, words, patch, choose) {
  const [, heads, count] = shape;
  const side = Math.round(Math.sqrt(count)), size = count * count;
  return element("div", { class: "heads" }, Array.from({ length: heads }, (_, h) => {
    const part = Float32Array.from(data.slice(h * size, (h + 1) * size));
    const [low, high] = [Math.min(0, ...part), Math.max(...part)];
    const canvas = telling(element("canvas", { class: "attention" }), count, count, part, words);
    paint(canvas, count, count, (i) => heatColor((part[i] - low) / (high - low || 1)));
    canvas.addEventListener("click", (event) => choose(cellAt(canvas, event, count, count)[1]));
    const row = part.slice(patch * count, (patch + 1) * count);
    const on = telling(element("canvas", { class: "attention" }), side, side, row, words);
    const top = Math.max(...row);
    paint(on, side, side, (i) => heatColor((row[i] - low) / (top - low || 1)));
    mark(on, side, [patch % side, Math.floor(patch / side), 1, 1]);
    return element("div", { class: "head" },
      figure(canvas, `${name}: ${words("head", h)}`, words("head", h),
        heatScale(low, high, words)),
      figure(on, words("looks-at", patch), words("looks-at", patch), heatScale(low, top, words)));
  }));
}

// left (1, heads, rows, inner) times right (1, heads, inner, columns), and what is made of it, each
// head's as matrices, with the sum of one number; `over`: {whole, d} where the product `whole` is
// divided by the root of d. at: [row, column]; choose(row, column) after a click.
export function productOf({ left, right, made, over }, words, at, choose) {
  const [, heads, rows, inner] = left.shape, columns = right.shape[3];
  const row = Math.min(at[0], rows - 1), column = Math.min(at[1], columns - 1);
  const divided = over ? ["/", `\u221a${over.d}`] : [];
  return element("div", { class: "products" }, Array.from({ length: heads }, (_, h) => {
    const matrix = (tensor, lit, pick) => matrixOf(tensor, h, words, lit, pick);
    return element("div", {}, element("p", {}, words("head-number", h)),
      element("div", { class: "product" },
        matrix(left, [0, row, inner, 1], (x, y) => choose(y, column)), sign("\u00b7"),
        matrix(right, [column, 0, 1, inner], (x) => choose(row, x)),
        divided.map(sign), sign("="),
        matrix(made, [column, row, 1, 1], (x, y) => choose(y, x))),
      element("p", { class: "sum-of" }, sumOf({ left, right, made, over }, h, row, column)));
  }));
}

const sign = (text) => element("span", { class: "sign", "aria-hidden": "true" }, text);

// "[5, 3]: (0.12·0.3 + ... + 1.1·0.2) / √16 ≈ 2.1 / √16 ≈ 0.53": the engine's numbers, rounded.
function sumOf({ left, right, made, over }, h, row, column) {
  const inner = left.shape[3];
  const at = (tensor, y, x) => tensor.data[(h * tensor.shape[2] + y) * tensor.shape[3] + x];
  const terms = Array.from({ length: inner }, (_, k) => [at(left, row, k), at(right, k, column)]
    .map((v) => inBrackets(show(v, 3))).join("\u00b7"));
  if (terms.length > 5) terms.splice(3, terms.length - 4, "\u2026");
  const sum = terms.join(" + "), result = show(at(made, row, column), 4);
  const root = over && ` / \u221a${over.d}`;
  return `[${row}, ${column}]: ` + (over
    ? `(${sum})${root} \u2248 ${show(at(over.whole, row, column), 4)}${root} \u2248 ${result}`
    : `${sum} \u2248 ${result}`);
}

// A head's matrix. lit: [column, row, columns, rows]; pick(column, row) after a click.
function matrixOf({ name, shape, data }, head, words, lit, pick) {
  const [, , height, width] = shape, size = width * height;
  const part = Float32Array.from(data.slice(head * size, (head + 1) * size));
  const most = greatest(part), dark = isDark();
  const canvas = telling(element("canvas", { class: "attention" }), width, height, part, words);
  paint(canvas, width, height, (i) => signedColor(part[i], most, dark));
  mark(canvas, width, lit);
  canvas.addEventListener("click", (event) => pick(...cellAt(canvas, event, width, height)));
  const caption = words("matrix-" + name);
  return figure(canvas, `${caption}, ${words("head-number", head)}`, caption,
    signedScale(most, words));
}

// color(i): [r, g, b] of a cell. All at once, then enlarged: thousands of squares take long.
function paint(canvas, width, height, color) {
  const size = Math.max(1, Math.floor(SIDE / width));
  canvas.width = width * size;
  canvas.height = height * size;
  const small = new OffscreenCanvas(width, height), on = small.getContext("2d");
  const image = on.createImageData(width, height);
  for (let i = 0; i < width * height; i++) image.data.set([...color(i), 255], 4 * i);
  on.putImageData(image, 0, 0);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

// A frame around cells: white within black, for all colours.
function mark(canvas, width, [x, y, columns, rows]) {
  const size = canvas.width / width, context = canvas.getContext("2d");
  for (const [color, line] of [["#000", 5], ["#fff", 2]]) {
    context.strokeStyle = color;
    context.lineWidth = line;
    context.strokeRect(x * size + 1, y * size + 1, columns * size - 2, rows * size - 2);
  }
}
