// What the page shows, as a link holds it: #chain=sobel&picture=cat&at=10,20.

// To add a member: a row here. Members with their default aren't in the link.
const DEFAULTS = {
  chain: "gaussian:1.4,sobel",
  picture: "cat",
  map: "clamp",
  color: "auto",
  tab: "picture",
  stage: -1, // of the engine's, in the pixel view; -1: the last with a window
  at: "", // X,Y of that stage's output; "": the middle
  channel: 0,
  kernel: "sobel-x",
  row: "0 0 0 9 9 9 0 0 3 6 9 6 3 0 0",
  weights: "1 2 1",
  divisor: 4,
  padding: "zero",
  stride: 1,
  place: 0, // of the row's output
  digit: 3, // 0 to 9: a sample
  drawing: "", // or what was drawn, see pad.js
  network: "cnn",
  patch: 5, // of attention, and the column of the number whose sum is shown
  column: 6,
  time: 3, // of the LSTM, and the unit
  unit: 0,
  lang: "",
  theme: "",
};

// `given`: the page's own chain and picture, instead of the defaults here.
const defaultsOf = (given) => ({ ...DEFAULTS,
  ...Object.fromEntries(Object.entries(given || {}).filter(([, value]) => value)) });

export function readState(hash, given) {
  const state = defaultsOf(given);
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (!(key in DEFAULTS)) continue;
    const number = Number(value);
    const wanted = typeof DEFAULTS[key] === "number";
    if (!wanted) state[key] = value;
    else if (Number.isFinite(number)) state[key] = number;
  }
  return state;
}

export function writeState(state, given) {
  const usual = defaultsOf(given);
  const parts = Object.keys(usual)
    .filter((key) => String(state[key]) !== String(usual[key]))
    .map((key) => `${key}=${encodeURIComponent(state[key])
      .replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%20/g, "+")}`);
  return parts.length ? "#" + parts.join("&") : "";
}
