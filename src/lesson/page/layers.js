// Tensors of a network as pictures: maps, vectors, states over time, weights.
import { clamp, element } from "./dom.js";
import { css, heatColor, inkOn, isDark, show, signedColor } from "./numbers.js";
import { drawValues } from "./pictures.js";

export const greatest = (data) => data.reduce((m, v) => Math.max(m, Math.abs(v)), 0);

export function figure(canvas, label, caption, scale = null) {
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return element("figure", {}, canvas, scale, caption ? element("figcaption", {}, caption) : null);
}

// Which of width x height cells a pointer is on: [column, row].
export function cellAt(canvas, event, width, height) {
  const box = canvas.getBoundingClientRect();
  const at = (from, length, count) => clamp(Math.floor(from / length * count), 0, count - 1);
  return [at(event.clientX - box.left, box.width, width),
    at(event.clientY - box.top, box.height, height)];
}

const numbersOf = new WeakMap(); // what canvases show

// The canvas tells the number under the pointer.
export function telling(canvas, width, height, data, words) {
  if (!numbersOf.has(canvas)) {
    canvas.addEventListener("pointermove", (event) => {
      const shown = numbersOf.get(canvas);
      const [x, y] = cellAt(canvas, event, shown.width, shown.height);
      canvas.title = `${words("kernel-cell", x, y)}: ${show(shown.data[y * shown.width + x])}`;
    });
  }
  numbersOf.set(canvas, { width, height, data });
  canvas.title = ""; // it was the last run's
  return canvas;
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
export const signedScale = (most, words) =>
  scaleOf(-most, most, (v) => signedColor(v, most, isDark()), words);

const grayOf = (value, most) => Array(3).fill(most > 0 ? Math.round(value / most * 255) : 0);

const grayScale = (most, words) => scaleOf(0, most, (v) => grayOf(v, most), words);

export const heatScale = (low, high, words) =>
  scaleOf(low, high, (v) => heatColor((v - low) / (high - low || 1)), words);

// (1, channels, height, width): a small picture for each channel, all in the same scale. Those that
// the box has are drawn anew: hundreds of canvases take longer to make than to draw.
export function mapsOf({ name, shape, data }, words, box) {
  const [, channels, height, width] = shape;
  const size = width * height, most = greatest(data), dark = isDark();
  const signed = data.some((v) => v < 0);
  const before = box.querySelector(".feature");
  const maps = before || element("div", { class: "feature" + (width === 1 ? " dots" : "") },
    Array.from({ length: channels }, (_, c) =>
      figure(element("canvas"), `${name}: ${words("map-of", c)}`, null)));
  maps.querySelectorAll("canvas").forEach((canvas, c) => {
    const part = Float32Array.from(data.slice(c * size, (c + 1) * size));
    drawValues(canvas, { width, height, channels: 1, data: part }, 0, signed ? -most : 0, most,
      signed, dark);
    telling(canvas, width, height, part, words);
  });
  return [maps, signed ? signedScale(most, words) : grayScale(most, words)];
}

// A row of cells, one for each number; as of maps, gray where none is negative.
export function vectorOf({ name, data }, words) {
  const most = greatest(data), dark = isDark(), signed = data.some((v) => v < 0);
  const cells = data.length <= 16;
  const vector = element("div", { class: cells ? "vector numbers" : "vector", role: "img",
    "aria-label": `${name}: ${data.length} ${words("numbers")}` },
  Array.from(data, (value, i) => {
    const color = signed ? signedColor(value, most, dark) : grayOf(value, most);
    const cell = element("span", { title: `${i}: ${show(value)}` }, cells ? show(value, 3) : "");
    cell.style.background = css(color);
    cell.style.color = inkOn(color);
    return cell;
  }));
  return [vector, signed ? signedScale(most, words) : grayScale(most, words)];
}

// (1, times, units): a row for each time.
export function statesOf({ name, shape, data }, words) {
  const [, times, units] = shape;
  const most = greatest(data);
  const canvas = drawSigned(units, times, data, most, words);
  canvas.className = "states";
  const states = element("div", { class: "time" },
    element("ol", { class: "times", start: "0", "aria-hidden": "true" },
      Array.from({ length: times }, (_, t) => element("li", {}, `t = ${t}`))),
    figure(canvas, `${name}: ${words("states-label", times, units)}`, null));
  return [states, signedScale(most, words)];
}

// Probabilities as bars.
export function barsOf({ data }, words) {
  const best = data.indexOf(Math.max(...data));
  return element("table", { class: "bars" },
    element("caption", {}, words("probabilities")),
    element("tbody", {}, Array.from(data, (p, i) => {
      const bar = element("span", { class: "fill" });
      bar.style.width = `${p * 100}%`;
      return element("tr", { class: i === best ? "best" : null },
        element("th", { scope: "row" }, String(i)), element("td", { class: "track" }, bar),
        element("td", {}, `${(p * 100).toFixed(1)} %`));
    })));
}

// Numbers as cells, red and blue.
export function drawSigned(width, height, data, most, words) {
  const canvas = element("canvas");
  drawValues(canvas, { width, height, channels: 1, data: Float32Array.from(data) }, 0, -most, most,
    true, isDark());
  return telling(canvas, width, height, data, words);
}

// Weights: kernels as pictures, matrices as one.
export function weightsOf({ name, shape, data }, words) {
  const most = greatest(data);
  const draw = (width, height, part) => drawSigned(width, height, part, most, words);
  const text = `${name}: ${shape.join(" \u00d7 ")}`;
  const card = (content) => element("div", {}, element("p", { class: "hint" }, text), content,
    content && signedScale(most, words));
  if (shape.length === 4) {
    const [filters, channels, height, width] = shape, size = width * height;
    return card(element("div", { class: "feature kernels" },
      Array.from({ length: filters * channels }, (_, k) =>
        figure(draw(width, height, data.slice(k * size, (k + 1) * size)),
          words("kernel-of", Math.floor(k / channels), k % channels), null))));
  }
  const matrix = shape.slice(-2);
  const [height, width] = matrix.length === 2 ? matrix : [1, shape[0] || 1];
  if (!data || width * height !== data.length) return card(null);
  const canvas = draw(width, height, data);
  canvas.className = "matrix";
  return card(figure(canvas, text, null));
}
