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
  digit: 3, // 0 to 9: a sample
  drawing: "", // or what was drawn, see pad.js
  network: "cnn",
  lang: "",
  theme: "",
};

export function readState(hash) {
  const state = { ...DEFAULTS };
  for (const [key, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (!(key in DEFAULTS)) continue;
    const number = Number(value);
    const wanted = typeof DEFAULTS[key] === "number";
    if (!wanted) state[key] = value;
    else if (Number.isFinite(number)) state[key] = number;
  }
  return state;
}

export function writeState(state) {
  const parts = Object.keys(DEFAULTS)
    .filter((key) => String(state[key]) !== String(DEFAULTS[key]))
    .map((key) => `${key}=${encodeURIComponent(state[key])
      .replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%20/g, "+")}`);
  return parts.length ? "#" + parts.join("&") : "";
}
