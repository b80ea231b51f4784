// Numbers as people read them, and as colours.

const MINUS = "\u2212";

// At most `digits` significant digits, a true minus, no trailing zeros.
export function show(value, digits = 5) {
  if (value === null || Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? MINUS + "\u221e" : "\u221e";
  const text = Number.isInteger(value) && Math.abs(value) < 1e9
    ? String(value)
    : String(Number(value.toPrecision(digits)));
  return text.replace("-", MINUS).replace(/^(\u2212?)0$/, "0");
}

// A number that is written behind a sign.
export const inBrackets = (text) => (text.startsWith("\u2212") ? `(${text})` : text);

// A fraction with a small divisor where the number is one: 1/9, -2/16; else null.
export function asFraction(value) {
  for (let divisor = 2; divisor <= 256; divisor++) {
    const top = value * divisor;
    if (Math.abs(top - Math.round(top)) < 1e-9 && Math.round(top) !== 0) {
      return `${show(Math.round(top))}/${divisor}`;
    }
  }
  return null;
}

// Numbers to be read together, as a row, a window or its products: with the same decimals, as many
// as they need, up to three (five where all are below 1). Gives back the function for their text.
export function together(values) {
  const largest = values.reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 0);
  const most = largest < 1 ? 5 : 3;
  const needed = (v) => (Number.isFinite(v) && Math.abs(v) < 1e7
    ? v.toFixed(most).replace(/0+$/, "").length - v.toFixed(0).length - 1 : 0);
  const decimals = values.reduce((m, v) => Math.max(m, Math.min(most, needed(v))), 0);
  return (value) => {
    const text = Number.isFinite(value) && Math.abs(value) < 1e7 ? value.toFixed(decimals) : "";
    const gone = value !== 0 && Number(text) === 0;
    return text === "" || gone ? show(value, gone ? 1 : 6)
      : value === 0 ? "0" : text.replace("-", MINUS);
  };
}

const RAISED = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
const RAISED_MINUS = "\u207b";
const POWER = "\u00b710"; // "·10⁻⁵"

// Three significant digits; below 0.0001 with a power of ten: 4.92·10⁻⁶.
function threeDigits(value) {
  if (Math.abs(value) >= 1e-4 || value === 0) return show(value, 3);
  const [digits, power] = value.toExponential(2).split("e");
  return show(Number(digits)) + POWER +
    power.replace(/\d/g, (d) => RAISED[d]).replace("-", RAISED_MINUS);
}

// The number that such a text stands for.
export function numberOf(text) {
  const [digits, power = ""] = text.replace(MINUS, "-").split(POWER);
  return Number(digits + (power && "e" + [...power].map((c) => (c === RAISED_MINUS ? "-"
    : RAISED.indexOf(c))).join("")));
}

// Weights: together, but those that this would change by more than 0.5% with three significant
// digits, as the rim of a wide blur is tiny beside its centre.
export function weightsTogether(values) {
  const text = together(values);
  return (value) => (Math.abs(numberOf(text(value)) - value) <= 0.005 * Math.abs(value)
    ? text(value) : threeDigits(value));
}

// The smallest number by which all weights become whole, up to 1024; 0: there's none.
export function commonDivisor(weights) {
  const whole = (n, w) => Math.abs(n - Math.round(n)) <= 1e-7 * Math.max(1, Math.abs(n)) &&
    (Math.round(n) !== 0 || w === 0);
  for (let divisor = 1; divisor <= 1024; divisor++) {
    if (weights.every((w) => whole(w * divisor, w))) return divisor;
  }
  return 0;
}

// The weights before they were divided, whole where they nearly are.
export const undivided = (weights, divisor) => weights.map((w) => {
  const n = w * divisor;
  return Math.abs(n - Math.round(n)) <= 1e-7 * Math.max(1, Math.abs(n)) &&
    (Math.round(n) !== 0 || w === 0) ? Math.round(n) : n;
});

// ---- colours ----

const RED = [178, 34, 52];
const BLUE = [28, 98, 178];

// Paper is white.
let paper = false;
export const setPaper = (on) => { paper = on; };

export const isDark = () => {
  if (paper) return false;
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

const mix = (from, to, share) => from.map((c, i) => Math.round(c + (to[i] - c) * share));

// Red for negative, blue for positive, paper for 0; most: the value of the full colour.
export function signedColor(value, most, dark) {
  const paper = dark ? [30, 33, 40] : [255, 255, 255];
  const share = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
  return mix(paper, value < 0 ? RED : BLUE, Math.sqrt(share));
}

export const css = ([r, g, b]) => `rgb(${r},${g},${b})`;

// Black or white, whichever is read more easily on the colour.
export function inkOn([r, g, b]) {
  const linear = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92
    : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] > 0.18 ? "#000" : "#fff";
}

// A light-to-dark scale for magnitudes, from 0 to 1.
export function heatColor(share) {
  const stops = [[24, 16, 52], [84, 39, 107], [158, 58, 98], [221, 98, 74], [250, 168, 83],
    [252, 237, 176]];
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(at));
  return mix(stops[i], stops[i + 1], at - i);
}
