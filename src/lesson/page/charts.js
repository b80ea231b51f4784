// Pictures made by code: the charts of samples/charts.c, and tiny ones whose pixels can be counted.
// A picture is {width, height, channels, data: Uint8ClampedArray}.

const SIZE = 256;

function draw(width, height, value) {
  const data = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = value(x, y);
  }
  return { width, height, channels: 1, data };
}

// Rows of digits: 0 is black, 9 white.
function fromDigits(...rows) {
  return draw(rows[0].length, rows.length, (x, y) => Math.round(Number(rows[y][x]) * 255 / 9));
}

// To add one: a row here, and its name in words.js as "chart-NAME".
export const charts = {
  "zone-plate": () => draw(SIZE, SIZE, (x, y) => {
    const dx = x - SIZE / 2, dy = y - SIZE / 2;
    return 127.5 + 127.5 * Math.cos(Math.PI * (dx * dx + dy * dy) / SIZE);
  }),
  steps: () => draw(SIZE, SIZE, (x) => Math.floor(x / (SIZE / 16)) * 17),
  checkerboard: () => draw(SIZE, SIZE, (x, y) =>
    ((Math.floor(x / 16) + Math.floor(y / 16)) % 2 ? 255 : 0)),
  ramps: () => draw(SIZE, SIZE, (x, y) => (y < SIZE / 2 ? x : (y - SIZE / 2) * 2)),
  disc: () => draw(SIZE, SIZE, (x, y) =>
    (Math.hypot(x - SIZE / 2, y - SIZE / 2) <= SIZE / 3 ? 255 : 0)),
  impulse: () => draw(15, 15, (x, y) => (x === 7 && y === 7 ? 255 : 0)),
  edge: () => draw(12, 9, (x) => (x < 6 ? 30 : 220)),
  corner: () => draw(12, 12, (x, y) => (x > 4 && y > 4 ? 230 : 40)),
  digit: () => fromDigits(
    "000000000000",
    "000379983000",
    "003995369200",
    "000510069500",
    "000000069400",
    "000001599200",
    "000279999500",
    "000000149930",
    "002000004960",
    "007920027950",
    "001799998300",
    "000014520000"),
};
