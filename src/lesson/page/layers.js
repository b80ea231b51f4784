// Tensors of a network as pictures: maps, vectors, states over time, attention, weights.
import { element } from "./dom.js";
import { css, heatColor, inkOn, isDark, show, signedColor } from "./numbers.js";
import { drawValues } from "./pictures.js";

const greatest = (data) => data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

function figure(canvas, label, caption, scale = null) {
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return element("figure", {}, canvas, scale, caption ? element("figcaption", {}, caption) : null);
}

const STOPS = 16; // colours of a strip, with those between

// What the colours mean: a strip of them between its lowest and its highest number, with 0 where
// it lies between. color(value): [r, g, b].
function scaleOf(low, high, color, words) {
  const at = (i) => low + (high - low) * i / STOPS;
  const colors = Array.from({ length: STOPS + 1 }, (_, i) => css(color(at(i))));
  const strip = element("span", { class: "strip" });
  strip.style.background = `linear-gradient(to right, ${colors.join(", ")})`;
  const ends = [show(low, 3), show(high, 3)], label = words("scale-label", ...ends);
  return element("div", { class: "scale", role: "img", "aria-label": label },
    element("span", {}, ends[0]), strip, element("span", {}, ends[1]));
}

// Red, nothing, blue; the same distance on both sides of 0.
const signedScale = (most, words) =>
  scaleOf(-most, most, (v) => signedColor(v, most, isDark()), words);

const grayScale = (most, words) => scaleOf(0, most, (v) => {
  const level = most > 0 ? Math.round(v / most * 255) : 0;
  return [level, level, level];
}, words);

const heatScale = (low, high, words) =>
  scaleOf(low, high, (v) => heatColor((v - low) / (high - low || 1)), words);

// (1, channels, height, width): a small picture for each channel, all in the same scale.
export function mapsOf({ name, shape, data }, words) {
  const [, channels, height, width] = shape;
  const size = width * height, most = greatest(data), dark = isDark();
  const signed = data.some((v) => v < 0);
  const maps = element("div", { class: "feature" + (width === 1 ? " dots" : "") },
    Array.from({ length: channels }, (_, c) => {
      const canvas = element("canvas");
      const part = Float32Array.from(data.slice(c * size, (c + 1) * size));
      drawValues(canvas, { width, height, channels: 1, data: part }, 0, signed ? -most : 0, most,
        signed, dark);
      return figure(canvas, `${name}: ${words("map-of", c)}`, null);
    }));
  return [maps, signed ? signedScale(most, words) : grayScale(most, words)];
}

// A row of cells, one for each number.
export function vectorOf({ name, data }, words) {
  const most = greatest(data), dark = isDark();
  const cells = data.length <= 16;
  const vector = element("div", { class: cells ? "vector numbers" : "vector", role: "img",
    "aria-label": `${name}: ${data.length} ${words("numbers")}` },
  data.map((value, i) => {
    const color = signedColor(value, most, dark);
    const cell = element("span", { title: `${i}: ${show(value)}` }, cells ? show(value, 3) : "");
    cell.style.background = css(color);
    cell.style.color = inkOn(color);
    return cell;
  }));
  return [vector, signedScale(most, words)];
}

// (1, times, units): a row for each time. `lit`: the row that counts at the end.
export function statesOf({ name, shape, data }, words) {
  const [, times, units] = shape;
  const most = greatest(data), dark = isDark();
  const canvas = element("canvas", { class: "states" });
  drawValues(canvas, { width: units, height: times, channels: 1, data: Float32Array.from(data) }, 0,
    -most, most, true, dark);
  const states = element("div", { class: "time" },
    element("ol", { class: "times", start: "0", "aria-hidden": "true" },
      Array.from({ length: times }, (_, t) => element("li", {}, `t = ${t}`))),
    figure(canvas, `${name}: ${words("states-label", times, units)}`, null));
  return [states, signedScale(most, words)];
}

// (1, heads, patches, patches): who looks at whom. `patch`: the one whose row is laid on the digit.
export function attentionOf({ name, shape, data }, words, digit, patch, choose) {
  const [, heads, count] = shape;
  const side = Math.round(Math.sqrt(count)), size = count * count;
  return element("div", { class: "heads" }, Array.from({ length: heads }, (_, h) => {
    const part = Float32Array.from(data.slice(h * size, (h + 1) * size));
    const [low, high] = [Math.min(0, ...part), Math.max(...part)];
    const canvas = element("canvas", { class: "attention" });
    heat(canvas, count, count, (i) => (part[i] - low) / (high - low || 1));
    canvas.addEventListener("click", (event) => {
      const box = canvas.getBoundingClientRect();
      choose(Math.min(count - 1, Math.floor((event.clientY - box.top) / box.height * count)));
    });
    const row = part.slice(patch * count, (patch + 1) * count);
    const on = element("canvas", { class: "attention" });
    const top = Math.max(...row);
    heat(on, side, side, (i) => (row[i] - low) / (top - low || 1));
    mark(on, patch % side, Math.floor(patch / side), side);
    return element("div", { class: "head" },
      figure(canvas, `${name}: ${words("head", h)}`, words("head", h),
        heatScale(low, high, words)),
      figure(on, words("looks-at", patch), words("looks-at", patch), heatScale(low, top, words)));
  }));
}

function heat(canvas, width, height, share) {
  const size = Math.max(1, Math.floor(192 / width));
  canvas.width = width * size;
  canvas.height = height * size;
  const context = canvas.getContext("2d");
  for (let i = 0; i < width * height; i++) {
    context.fillStyle = css(heatColor(share(i)));
    context.fillRect(i % width * size, Math.floor(i / width) * size, size, size);
  }
}

function mark(canvas, x, y, side) {
  const size = canvas.width / side, context = canvas.getContext("2d");
  context.strokeStyle = "#fff";
  context.lineWidth = 3;
  context.strokeRect(x * size + 2, y * size + 2, size - 4, size - 4);
}

// Probabilities as bars.
export function barsOf({ data }, words) {
  const best = data.indexOf(Math.max(...data));
  return element("table", { class: "bars" },
    element("caption", {}, words("probabilities")),
    element("tbody", {}, data.map((p, i) => {
      const bar = element("span", { class: "fill" });
      bar.style.width = `${p * 100}%`;
      return element("tr", { class: i === best ? "best" : null },
        element("th", { scope: "row" }, String(i)), element("td", { class: "track" }, bar),
        element("td", {}, `${(p * 100).toFixed(1)} %`));
    })));
}

// Weights: kernels as pictures, matrices as one.
export function weightsOf({ name, shape, data }, words) {
  const dark = isDark(), most = greatest(data);
  const draw = (width, height, part) => {
    const canvas = element("canvas");
    const image = { width, height, channels: 1, data: Float32Array.from(part) };
    drawValues(canvas, image, 0, -most, most, true, dark);
    return canvas;
  };
  const text = `${name}: ${shape.join(" \u00d7 ")}`;
  if (shape.length === 4) {
    const [filters, channels, height, width] = shape, size = width * height;
    const shown = Math.min(filters * channels, 512);
    return element("div", {}, element("p", { class: "hint" }, text),
      element("div", { class: "feature kernels" }, Array.from({ length: shown }, (_, k) =>
        figure(draw(width, height, data.slice(k * size, (k + 1) * size)),
          words("kernel-of", Math.floor(k / channels), k % channels), null))));
  }
  const matrix = shape.slice(-2);
  const [height, width] = matrix.length === 2 ? matrix : [1, shape[0] || 1];
  if (!data || width * height !== data.length) return element("p", { class: "hint" }, text);
  const canvas = draw(width, height, data);
  canvas.className = "matrix";
  return element("div", {}, element("p", { class: "hint" }, text), figure(canvas, text, null));
}
