// A kernel as a picture, and its frequency response.
import { css, heatColor, isDark, signedColor } from "./numbers.js";

// Cells as coloured squares: red negative, blue positive.
export function drawKernel(canvas, { width, height, weights }) {
  const dark = isDark();
  const most = weights.reduce((m, w) => Math.max(m, Math.abs(w)), 0);
  const size = Math.max(2, Math.floor(240 / Math.max(width, height)));
  canvas.width = width * size;
  canvas.height = height * size;
  const context = canvas.getContext("2d");
  weights.forEach((weight, i) => {
    context.fillStyle = css(signedColor(weight, most, dark));
    context.fillRect(i % width * size, Math.floor(i / width) * size, size, size);
    context.strokeStyle = dark ? "rgba(255,255,255,.15)" : "rgba(0,0,0,.12)";
    context.strokeRect(i % width * size + 0.5, Math.floor(i / width) * size + 0.5, size - 1,
      size - 1);
  });
}

// |H| from -pi to pi along both axes, 0 in the middle.
export function drawResponse(canvas, { frequencies: n, response }) {
  const most = Math.max(...response, 1e-12);
  canvas.width = canvas.height = n;
  const context = canvas.getContext("2d");
  const image = context.createImageData(n, n);
  response.forEach((value, i) => {
    const [r, g, b] = heatColor(value / most);
    image.data.set([r, g, b, 255], 4 * i);
  });
  context.putImageData(image, 0, 0);
}

// The same along the x axis, as a curve.
export function drawCurve(canvas, { frequencies: n, response }) {
  const dark = isDark(), width = canvas.width = 480, height = canvas.height = 240, pad = 16;
  const context = canvas.getContext("2d");
  const middle = (n - 1) / 2;
  const curves = [[(i) => response[middle * n + middle + i], dark ? "#7db4f0" : "#1c62b2"],
    [(i) => response[(middle + i) * n + middle], dark ? "#f0b45a" : "#b86a00"]];
  const most = Math.max(...response, 1e-12);
  context.strokeStyle = dark ? "rgba(255,255,255,.3)" : "rgba(0,0,0,.25)";
  context.strokeRect(pad + 0.5, pad + 0.5, width - 2 * pad, height - 2 * pad);
  for (const [value, color] of curves) {
    context.strokeStyle = color;
    context.lineWidth = 3;
    context.beginPath();
    for (let i = 0; i <= middle; i++) {
      const x = pad + i / middle * (width - 2 * pad);
      const y = height - pad - value(i) / most * (height - 2 * pad);
      if (i === 0) context.moveTo(x, y);
      else context.lineTo(x, y);
    }
    context.stroke();
    context.setLineDash([7, 5]);
  }
}
