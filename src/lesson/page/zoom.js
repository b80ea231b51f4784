// A part of an image, a cell for each pixel, with what lies beyond its edges; the window on it.
import { css, inkOn, isDark, show, signedColor } from "./numbers.js";

const MOST_NUMBERS = 18; // columns up to which cells show their numbers

// The columns [first, first + count) around the window, with a margin.
export function cutAround(first, reach, size, most) {
  const count = Math.max(Math.min(reach + 4, most), Math.min(reach, most));
  let start = Math.round(first + reach / 2 - count / 2);
  const low = Math.min(first, -1), high = Math.max(first + reach, size + 1);
  if (start < low) start = low;
  if (start + count > high) start = Math.max(low, high - count);
  return { start, count };
}

// image {width, height, channels, data}; view {x: {start, count}, y}; look {channel, low, high,
// signed}; marks: [{x, y, width, height, step_x, step_y, kind}]; beyond(x, y): the number that a
// cell outside has, or null.
export function drawZoom(canvas, image, view, look, marks, beyond) {
  const dark = isDark(), ratio = Math.min(3, window.devicePixelRatio || 1);
  const size = Math.max(4, Math.floor(canvas.clientWidth * ratio / view.x.count));
  canvas.width = size * view.x.count;
  canvas.height = size * view.y.count;
  canvas.style.aspectRatio = `${view.x.count} / ${view.y.count}`;
  const context = canvas.getContext("2d");
  const font = Math.max(7 * ratio, Math.min(14 * ratio, size / 3.1));
  context.textAlign = "center";
  context.textBaseline = "middle";
  const numbers = view.x.count <= MOST_NUMBERS && size >= 22 * ratio;
  const theme = { dark, look, numbers, font, size };
  for (let j = 0; j < view.y.count; j++) {
    for (let i = 0; i < view.x.count; i++) {
      const x = view.x.start + i, y = view.y.start + j;
      const inside = x >= 0 && y >= 0 && x < image.width && y < image.height;
      const value = inside
        ? image.data[(y * image.width + x) * image.channels + look.channel] : beyond(x, y);
      drawCell(context, theme, i * size, j * size, value, inside);
    }
  }
  for (const mark of marks) drawMark(context, theme, view, mark, ratio);
}

function drawCell(context, theme, left, top, value, inside) {
  const { size, look, dark } = theme;
  const known = value !== null && value !== undefined;
  const level = known ? colorOf(value, look, dark) : dark ? [38, 41, 48] : [236, 235, 231];
  context.fillStyle = css(level);
  context.fillRect(left, top, size, size);
  if (!inside) hatch(context, left, top, size, dark);
  context.strokeStyle = dark ? "rgba(255,255,255,.13)" : "rgba(0,0,0,.13)";
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, size - 1, size - 1);
  if (!known || !theme.numbers) return;
  const text = show(value, 3);
  const fits = Math.min(theme.font, size * 1.45 / Math.max(2, text.length));
  context.font = `${inside ? "" : "italic "}${fits}px ui-monospace, monospace`;
  context.fillStyle = inkOn(level);
  context.fillText(text, left + size / 2, top + size / 2 + 1);
}

function colorOf(value, look, dark) {
  if (look.signed) return signedColor(value, Math.max(-look.low, look.high), dark);
  const share = look.high > look.low ? (value - look.low) / (look.high - look.low) : 0;
  const level = Math.round(255 * Math.min(1, Math.max(0, share)));
  return [level, level, level];
}

// Padding isn't the image: stripes over it.
function hatch(context, left, top, size, dark) {
  context.save();
  context.beginPath();
  context.rect(left, top, size, size);
  context.clip();
  context.strokeStyle = dark ? "rgba(240,180,60,.38)" : "rgba(190,120,0,.34)";
  context.lineWidth = Math.max(1, size / 16);
  context.beginPath();
  for (let at = -size; at < size; at += Math.max(5, size / 4)) {
    context.moveTo(left + at, top + size);
    context.lineTo(left + at + size, top);
  }
  context.stroke();
  context.restore();
}

// The cells of a window (with gaps where it's dilated), or one lit cell.
function drawMark(context, { size }, view, mark, ratio) {
  const across = mark.step_x || 1, down = mark.step_y || 1;
  const left = (mark.x - view.x.start) * size, top = (mark.y - view.y.start) * size;
  const width = ((mark.width - 1) * across + 1) * size;
  const height = ((mark.height - 1) * down + 1) * size;
  context.strokeStyle = mark.kind === "lit" ? "#e8890c" : "#e8890c";
  context.lineWidth = (mark.kind === "cell" ? 2 : 3) * ratio;
  if (mark.kind === "window" && (across > 1 || down > 1) && mark.width * mark.height <= 400) {
    for (let j = 0; j < mark.height; j++) {
      for (let i = 0; i < mark.width; i++) {
        context.strokeRect(left + i * across * size + 1.5, top + j * down * size + 1.5, size - 3,
          size - 3);
      }
    }
    context.lineWidth = 1 * ratio;
    context.setLineDash([4 * ratio, 4 * ratio]);
  }
  context.strokeRect(left + 1, top + 1, width - 2, height - 2);
  context.setLineDash([]);
}
