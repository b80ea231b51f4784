// The layers of the networks: the numbers that the page shows are those that `convtool net` writes.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { execFileSync } from "node:child_process";
import { answered } from "./harness.mjs";

const DIGIT = 7;

// The floats of a .npy file.
function floatsOf(file) {
  const bytes = fs.readFileSync(file);
  const header = bytes.subarray(10, 10 + bytes.readUInt16LE(8)).toString("latin1");
  if (!header.includes("'<f4'") || !header.includes("'fortran_order': False")) {
    throw new Error(`${file}: ${header}`);
  }
  const data = bytes.subarray(10 + bytes.readUInt16LE(8));
  return Array.from({ length: data.length / 4 }, (_, i) => data.readFloatLE(4 * i));
}

// What canvases say of each of their width x height cells, one canvas after the other.
const told = (canvases, width, height) => canvases.evaluateAll((all, [across, down]) =>
  all.flatMap((canvas) => {
    const box = canvas.getBoundingClientRect();
    return Array.from({ length: across * down }, (_, i) => {
      const clientX = box.left + (i % across + 0.5) / across * box.width;
      const clientY = box.top + (Math.floor(i / across) + 0.5) / down * box.height;
      canvas.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY }));
      return Number(/: (\S+)$/.exec(canvas.title)[1].replace("\u2212", "-"));
    });
  }), [width, height]);

// {name: numbers} of the network on the sample, by the program.
async function program(t, page, network, names) {
  const input = await told(page.locator("#network-input canvas"), 8, 8);
  t.equal("the sample's first rows", input.slice(0, 16), [0, 0, 48, 239, 223, 16, 0, 0, 0, 0, 207,
    255, 255, 96, 0, 0].map((v) => Number((v / 255).toPrecision(5))));
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "layers-"));
  const file = (name) => path.join(folder, `${name}.npy`);
  try {
    execFileSync(process.env.CONVTOOL, ["net", "-q",
      path.join(t.folder, `samples/networks/digits-${network}.onnx`),
      `image=${path.join(t.folder, `samples/networks/digits/${DIGIT}.png`)}`,
      ...names.flatMap((name) => ["-o", `${name}=${file(name)}`])]);
    return Object.fromEntries(names.map((name) => [name, floatsOf(file(name))]));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

async function opened(t, network) {
  const page = await t.open(`#tab=network&network=${network}&digit=${DIGIT}`);
  await answered(page);
  return page;
}

const card = (page, name) => page.locator("#layers .layer", { has: page.locator("h4",
  { hasText: new RegExp(`^${name.replaceAll(".", "\\.")} `) }) });

// Numbers are written with 5 digits; the program joins some operators, the page doesn't.
function same(t, what, shown, expected) {
  const most = Math.max(...expected.map(Math.abs));
  const error = expected.map((v, i) => Math.abs(v - shown[i]))
    .reduce((a, b) => Math.max(a, b), 0);
  t.check(what, shown.length === expected.length && error <= 6e-5 * most,
    [shown.length, expected.length, error / most]);
}

// Every layer of each block: its maps, and the weights of its convolutions.
async function residualBlocks(t) {
  const sizes = { block1: [16, 8], block2: [24, 4], block3: [24, 4] };
  const page = await opened(t, "residual");
  const names = ["conv", ...Object.keys(sizes).flatMap((block) => ["conv1", "norm1", "relu1",
    "conv2", "norm2", "sum"].map((part) => `${block}.${part}`)), "block2.fit", "block1"];
  const weights = ["conv.weight", "block1.conv1.weight", "block2.conv2.weight",
    "block2.fit.weight"];
  const expected = await program(t, page, "residual", [...names, ...weights]);
  for (const name of names) {
    const [, side] = sizes[name.split(".")[0]] || [16, 8];
    same(t, `the maps of ${name}`, await told(card(page, name).locator(".layer-body canvas"), side,
      side), expected[name]);
  }
  for (const weight of weights) {
    const layer = card(page, weight.replace(/\.weight$/, ""));
    await layer.locator("summary").last().click();
    await layer.locator(".kernels canvas").first().waitFor();
    const side = weight.includes("fit") ? 1 : 3;
    same(t, `the kernels of ${weight}`, await told(layer.locator(".kernels canvas"), side, side),
      expected[weight]);
  }
  t.equal("each block has its title and layers", await page.locator("#layers .block")
    .evaluateAll((all) => all.map((b) => [b.querySelector("p").textContent,
      b.querySelectorAll(".layer").length])), [1, 2, 3].map((n) =>
    [`Block ${n}: convolution, convolution, + shortcut`, n === 2 ? 8 : 7]));
  const sums = await page.locator(".block h4", { hasText: /^\S+\.sum / }).allInnerTexts();
  t.equal("what is added", sums.map((head) => /sum: (.*?),/.exec(head)[1]),
    ["block1.norm2 + relu", "block2.norm2 + block2.fit", "block3.norm2 + block2"]);
  await t.close(page, "residual blocks");
}

// Row y of left times column x of right, of a head's 16 x 16 numbers.
const dot = (left, right, y, x) => Array.from({ length: 16 }, (_, k) =>
  left[y * 16 + k] * right[k * 16 + x]).reduce((a, b) => a + b);

// Q, K and V of each head, and that the shown ones give the shown products.
async function attentionMatrices(t) {
  const page = await opened(t, "attention");
  const products = { likeness: ["query.heads", "key.heads", "likeness"],
    "attended.heads": ["attention", "value.heads", "attended.heads"] };
  const expected = await program(t, page, "attention", [...new Set(Object.values(products).flat()),
    "likeness.whole", "query.matmul", "patches"]);
  for (const [name, [left, right, made]] of Object.entries(products)) {
    const canvases = card(page, name).locator(".product canvas");
    const shown = await told(canvases, 16, 16);
    for (let head = 0; head < 2; head++) {
      const [a, b, c] = [0, 1, 2].map((i) => shown.slice((3 * head + i) * 256,
        (3 * head + i + 1) * 256));
      const of = (tensor) => expected[tensor].slice(head * 256, (head + 1) * 256);
      same(t, `${left} of head ${head}`, a, of(left));
      same(t, `${right} of head ${head}`, b, of(right));
      same(t, `${made} of head ${head}`, c, of(made));
      const by = name === "likeness" ? Math.sqrt(16) : 1;
      same(t, `${name} is the product`, Array.from(c, (_, i) =>
        dot(a, b, Math.floor(i / 16), i % 16) / by), c);
    }
  }
  const scores = card(page, "likeness").locator(".product canvas").nth(2);
  const { width, height } = await scores.boundingBox();
  await scores.click({ position: { x: 3.5 / 16 * width, y: 9.5 / 16 * height } });
  const line = card(page, "likeness").locator(".sum-of").first();
  await line.filter({ hasText: "[9, 3]: " }).waitFor();
  const said = (await line.innerText()).replaceAll("\u2212", "-");
  const [, whole, d, result] = /\) \/ √\d+ ≈ (\S+) \/ √(\d+) ≈ (\S+)$/.exec(said).map(Number);
  const at = 9 * 16 + 3;
  t.equal("the sum of a score", [whole, result],
    [expected["likeness.whole"][at], expected.likeness[at]].map((v) => Number(v.toPrecision(4))));
  t.equal("divided by the root of Q's columns", d, 16);
  const numbers = card(page, "attention").locator("details").first();
  await numbers.locator("summary").focus();
  await page.keyboard.press("Enter");
  const cells = numbers.locator("tbody td");
  await cells.first().waitFor();
  same(t, "the table's numbers", (await cells.allInnerTexts())
    .map((v) => Number(v.replace("\u2212", "-"))), expected.attention);
  t.equal("a table for each head", await numbers.locator("caption").allInnerTexts(),
    ["attention: Head 0", "attention: Head 1"]);
  const before = await cells.first().innerText();
  await page.locator("#digits button").nth(1).click();
  await page.waitForFunction((text) => document.querySelector("#layers .number-tables tbody td")
    .textContent !== text, before);
  await page.locator("#digits button").nth(DIGIT).click();
  await page.fill("#patch-column", "4");
  await line.filter({ hasText: "[9, 4]: " }).waitFor();
  t.equal("another column by keys", Number(/≈ (\S+)$/.exec((await line.innerText())
    .replaceAll("\u2212", "-"))[1]), Number(expected.likeness[9 * 16 + 4].toPrecision(4)));
  t.equal("its first factors", said.split(": ")[1].split(" + ")[0].replaceAll(/[()]/g, ""),
    [expected["query.heads"][9 * 16], expected["key.heads"][3]]
      .map((v) => String(Number(v.toPrecision(3)))).join("·"));
  await t.close(page, "attention's matrices");
}

const sigmoid = (v) => 1 / (1 + Math.exp(-v));

// Gates and memory after each row, by the LSTM's formulas, of the program's own x, h and weights.
function partsOf(made, units, inputs) {
  const x = made["cell.transpose"], h = made["cell.lstm"];
  const steps = x.length / inputs, parts = { i: [], o: [], f: [], g: [], c: [] };
  const sum = (t, gate, u) => {
    const line = gate * units + u;
    let total = made["cell.lstm.B"][line] + made["cell.lstm.B"][4 * units + line];
    for (let k = 0; k < inputs; k++) {
      total += made["cell.lstm.W"][line * inputs + k] * x[t * inputs + k];
    }
    for (let k = 0; k < units && t > 0; k++) {
      total += made["cell.lstm.R"][line * units + k] * h[(t - 1) * units + k];
    }
    return total;
  };
  for (let t = 0; t < steps; t++) {
    for (let u = 0; u < units; u++) {
      const before = t > 0 ? parts.c[(t - 1) * units + u] : 0;
      [..."iof"].forEach((gate, k) => parts[gate].push(sigmoid(sum(t, k, u))));
      parts.g.push(Math.tanh(sum(t, 3, u)));
      parts.c.push(parts.f.at(-1) * before + parts.i.at(-1) * parts.g.at(-1));
    }
  }
  return parts;
}

// The line that tells how the number at `time` of `unit` is made.
async function madeOf(t, page, [time, unit], parts, h) {
  const units = h.length / 8, of = (numbers, at = time) =>
    (at < 0 ? 0 : Number(numbers[at * units + unit].toPrecision(3)));
  const line = card(page, "cell.lstm").locator(".sum-of");
  await line.filter({ hasText: `t = ${time}, unit ${unit}: ` }).waitFor();
  const said = (await line.innerText()).replaceAll("\u2212", "-");
  const numbers = said.split(": ")[1].match(/-?\d+(\.\d+)?(e-?\d+)?/g).map(Number);
  t.equal(`how c and h of t = ${time}, unit ${unit} are made`, numbers, [of(parts.f),
    of(parts.c, time - 1), of(parts.i), of(parts.g), of(parts.c), of(parts.o), of(parts.c), of(h)]);
  const lit = await page.locator(".parts .lit").evaluateAll((all) => all.map((one) =>
    [one.style.left, one.style.top]));
  t.equal("the cell is marked in each picture", lit,
    Array(5).fill([`${unit / units * 100}%`, `${time / 8 * 100}%`]));
}

// The LSTM's gates and memory beside its output, and its weights by gates.
async function lstmMemory(t) {
  const page = await opened(t, "lstm"), units = 40, inputs = 8;
  const expected = await program(t, page, "lstm", ["cell.transpose", "cell.lstm", "cell.lstm.2",
    "cell.lstm.W", "cell.lstm.R", "cell.lstm.B", "hidden"]);
  const memory = card(page, "cell.lstm"), canvases = memory.locator("canvas.states");
  const parts = partsOf(expected, units, inputs), shown = await told(canvases, units, 8);
  ["f", "i", "g", "c", "o"].forEach((part, k) => same(t, `${part} after each row`,
    shown.slice(k * 8 * units, (k + 1) * 8 * units), parts[part]));
  same(t, "c at the end", parts.c.slice(-units), expected["cell.lstm.2"]);
  same(t, "h after each row", await told(card(page, "hidden").locator("canvas.states"), units, 8),
    expected.hidden);
  await madeOf(t, page, [3, 0], parts, expected.hidden);
  const { width, height } = await canvases.nth(1).boundingBox();
  await canvases.nth(1).click({ position: { x: 7.5 / units * width, y: 0.5 / 8 * height } });
  await madeOf(t, page, [0, 7], parts, expected.hidden);
  t.equal("the fields follow", [await page.inputValue("#time"), await page.inputValue("#unit")],
    ["0", "7"]);
  await page.fill("#time", "7");
  await madeOf(t, page, [7, 7], parts, expected.hidden);
  await page.fill("#unit", "99");
  await madeOf(t, page, [7, 39], parts, expected.hidden);
  const numbers = memory.locator("details").first();
  await numbers.locator("summary").click();
  await numbers.locator("caption").first().waitFor();
  t.equal("a table for each part", (await numbers.locator("caption").allInnerTexts())
    .map((text) => text.split(/ = /)[0]), ["forget gate f", "input gate i", "candidate g",
    "memory c′", "output gate o"]);
  await memory.locator("summary").last().click();
  await memory.locator(".gate").first().waitFor();
  t.equal("the gates", await memory.locator(".gates p").allInnerTexts(),
    ["input gate i", "output gate o", "forget gate f", "candidate g"]);
  const both = expected["cell.lstm.B"];
  for (const [name, nth, width, weights] of [["W", 0, inputs, expected["cell.lstm.W"]],
    ["R", 1, units, expected["cell.lstm.R"]],
    ["b", 2, 2, both.slice(0, 4 * units).flatMap((v, i) => [v, both[4 * units + i]])]]) {
    const drawn = memory.locator(`.gate figure:nth-child(${nth + 1}) canvas`);
    same(t, `${name} of all gates`, await told(drawn, width, units), weights);
  }
  await t.close(page, "the LSTM's memory");
}

export const tests = { residualBlocks, attentionMatrices, lstmMemory };
