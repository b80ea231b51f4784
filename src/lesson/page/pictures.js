// Pictures on canvases: samples to pixels.
import { bytesOf } from "./base64.js";
import { charts } from "./charts.js";
import { signedColor } from "./numbers.js";

const LONGEST = 1024; // pixels of a side: larger pictures are made smaller

// What a bitmap, or an <img>, shows, as {width, height, channels: 3, data}.
export function fromBitmap(bitmap) {
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const width = Math.max(1, Math.round(bitmap.width * scale));
  const height = Math.max(1, Math.round(bitmap.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0, width, height);
  const rgba = context.getImageData(0, 0, width, height).data;
  let opaque = true, gray = true;
  for (let i = 0; i < rgba.length; i += 4) {
    opaque &&= rgba[i + 3] === 255;
    gray &&= rgba[i] === rgba[i + 1] && rgba[i] === rgba[i + 2];
  }
  const channels = opaque ? (gray ? 1 : 3) : 4;
  if (channels === 4) return { width, height, channels, data: rgba, shrunk: scale < 1 };
  const data = new Uint8ClampedArray(width * height * channels);
  for (let i = 0, from = 0; i < data.length; from += 4) {
    for (let c = 0; c < channels; c++) data[i++] = rgba[from + c];
  }
  return { width, height, channels, data, shrunk: scale < 1 };
}

export async function fromFile(file) {
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none" });
  return fromBitmap(bitmap);
}

// `embedded`: {name: data URL}; a chart's name: the chart.
export async function namedPicture(name, embedded) {
  if (charts[name]) return charts[name]();
  const [head, text] = embedded[name].split(",");
  return fromFile(new Blob([bytesOf(text)], { type: /data:([^;]*)/.exec(head)[1] }));
}

// ---- drawing ----

function put(canvas, width, height, pixel) {
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  pixel(image.data);
  context.putImageData(image, 0, 0);
}

// Whether it has a picture's channels: gray or colours, and alpha or not.
export const isPicture = ({ channels, alpha }) => [1, 3].includes(channels - (alpha ? 1 : 0));

// Bytes of such a picture.
export function drawSamples(canvas, { width, height, channels, data, alpha = channels % 2 === 0 }) {
  put(canvas, width, height, (out) => {
    const color = channels >= 3 ? 1 : 0;
    for (let i = 0, from = 0; i < out.length; i += 4, from += channels) {
      out[i] = data[from];
      out[i + 1] = data[from + color];
      out[i + 2] = data[from + 2 * color];
      out[i + 3] = alpha ? data[from + channels - 1] : 255;
    }
  });
}

// One channel of floats, black to white between low and high; with `signed`, red and blue.
export function drawValues(canvas, { width, height, channels, data }, channel, low, high, signed,
  dark) {
  const most = Math.max(Math.abs(low), Math.abs(high));
  put(canvas, width, height, (out) => {
    for (let i = 0, from = channel; i < out.length; i += 4, from += channels) {
      if (signed) {
        [out[i], out[i + 1], out[i + 2]] = signedColor(data[from], most, dark);
      } else {
        const v = high > low ? (data[from] - low) / (high - low) * 255 : 0;
        out[i] = out[i + 1] = out[i + 2] = v;
      }
      out[i + 3] = 255;
    }
  });
}

export function rangeOf({ channels, data }, channel) {
  let low = Infinity, high = -Infinity;
  for (let i = channel; i < data.length; i += channels) {
    if (data[i] < low) low = data[i];
    if (data[i] > high) high = data[i];
  }
  return [low, high];
}
