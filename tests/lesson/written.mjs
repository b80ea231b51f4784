// Numbers as they are written: a line can be worked out by hand, and gives what it says.
import path from "node:path";
import { execFileSync } from "node:child_process";
import { text } from "./harness.mjs";

const number = (written) => Number(written.replace(/[()]/g, "").replace("−", "-"));

// "(a·b + c·d) / e = f", or with "≈": whether the left side gives f.
function worksOut(line) {
  const [, terms, , divisor, sign, made] =
    /^\(?(?:\w+ = )?\(?(\S+·.*?)\)?( \/ (\S+))? ([=≈]) (\S+)$/.exec(line) || [];
  if (!terms) return false;
  const sum = terms.split(" + ").reduce((total, term) =>
    total + term.split("·").map(number).reduce((a, b) => a * b), 0) / number(divisor || "1");
  const off = Math.abs(sum - number(made));
  return sign === "=" ? off < 1e-9 * Math.abs(sum) + 1e-12 : off < 0.02;
}

async function sums(t) {
  const page = await t.open("#chain=gray,sobel:x&at=225,149");
  const line = async (n = 0) => page.locator("#formula p").nth(n).innerText();
  t.equal("three decimals, as in the tables", await line(),
    "151.839·(−1) + 152.996·1 + 155.839·(−2) + 158.067·2 + 161.708·(−1) + 158.067·1 ≈ 1.97198");
  for (const chain of ["sobel:x", "gray,conv:gaussian3", "gray,gaussian:0.4", "gray,box:3",
    "gray,conv:1/4 1/2 1/4", "gray,conv:0.3 0.7", "gray,laplacian", "log:1,box:3",
    "gray,conv:1 1;1 1.5", "gray,conv:-1/3 2/3 -1/3"]) {
    await t.setChain(page, chain);
    await page.selectOption("#pixel-stage", String(await page.locator("#pixel-stage option").count()
      - 1));
    t.check(`${chain} works out`, worksOut(await line()), await line());
  }
  await t.setChain(page, "box:5");
  const cells = (n) => page.locator("#tables table").nth(n).locator("td:not(.corner)")
    .allInnerTexts();
  t.equal("products of undivided weights", await cells(2), await cells(0));
  const total = (await cells(2)).map(number).reduce((a, b) => a + b);
  t.equal("their sum, then divided", (await page.locator("#tables .sum").innerText())
    .replace(/\s+/g, " "), `Σ ${total} / 25 = ${total / 25}`);
  t.equal("many terms: the sum alone", await line(), `${total} / 25 = ${total / 25}`);
  await t.setChain(page, "gray,scale:-1:255");
  t.check("brackets for a negative factor", /·\(−1\) \+ 255 = /.test(await line()), await line());
  await t.close(page, "sums");
}

// A mean and a median: of which numbers.
async function ofNumbers(t) {
  const page = await t.open("#chain=median&picture=digit&at=3,1");
  const line = () => page.locator("#formula p").first().innerText();
  t.equal("the median", await line(), "the middle one of 9, sorted: " +
    "0, 0, 0, 0, [85], 85, 198, 255, 255: 85");
  await t.setChain(page, "avgpool:2");
  t.equal("the mean", await line(), "the mean: (0 + 0 + 0 + 28) / 4 = 7");
  await t.close(page, "of numbers");
}

async function rowProducts(t) {
  const page = await t.open("#tab=row&row=0+8+8+3&weights=1+2+1&divisor=4&padding=zero");
  const products = () => page.locator("#row-table tbody tr").nth(2).locator("td").allInnerTexts();
  await page.click("#row-step");
  t.equal("products as the line has them", (await products()).filter(Boolean), ["0", "16", "8"]);
  t.equal("the line", await text(page, "#row-formula"), "(0·1 + 8·2 + 8·1) / 4 = 6");
  await page.fill("#row-weights", "0.5 -1 0.5");
  t.equal("weights as the line has them", (await page.locator("#row-table tbody tr").nth(1)
    .locator("td").allInnerTexts()).filter(Boolean), ["0.5", "−1.0", "0.5"]);
  t.check("which has them so", (await text(page, "#row-formula")).includes("·(−1.0) + "));
  for (const [weights, divisor] of [["0.5 1 0.5", "2"], ["1 2 1", "-4"], ["1 2 1", "2.5"],
    ["1 -2 1", "3"], ["0.3333 1", "1"]]) {
    await page.fill("#row-weights", weights);
    await page.fill("#row-divisor", divisor);
    const line = await text(page, "#row-formula");
    t.check(`${weights} by ${divisor} works out`, worksOut(line), line);
  }
  await t.close(page, "a row's products");
}

// "4.92·10⁻⁶" and "−0.5" as numbers.
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const raised = (written) => {
  const [digits, power = ""] = written.replace("−", "-").split("·10");
  return Number(digits) * 10 ** Number([...power].map((c) => (c === "⁻" ? "-"
    : RAISED.indexOf(c))).join(""));
};

// The last stage's window, weights and result, by the program.
function explained(t, chain, at) {
  const { stages } = JSON.parse(execFileSync(process.env.CONVTOOL, ["explain", chain, "--at", at,
    "--json", path.join(t.folder, "samples/chelsea.png")]));
  const { window, kernels, to } = stages.at(-1);
  return { values: window.values.flat(2), weights: kernels.flat(2), made: to[0] };
}

// Weights of a wide kernel have three digits that count; of many products the heaviest are written.
async function wideKernels(t) {
  const page = await t.open("#chain=gray,gaussian:5&at=100,100");
  const written = 9; // a peak and the cells around it
  for (const [chain, column] of [["gray,gaussian:5", "100"], ["gray,log:3", "101"],
    ["gray,gaussian:2", "102"], ["gray,gaussian:1", "103"],
    ["gray,gaussian:5:padding=zero", "0"]]) {
    await t.setChain(page, chain);
    await page.fill("#at-x", column);
    const { values, weights, made } = explained(t, chain,
      `${column},${await page.inputValue("#at-y")}`);
    const line = await page.locator("#formula p").first().innerText();
    const terms = line.split(/ ≈ /)[0].split(" + ").filter((term) => term !== "…")
      .map((term) => /^(\S+?)·\(?(.+?)\)?$/.exec(term).slice(1).map(raised));
    const places = [];
    for (const [value, weight] of terms) {
      places.push(values.findIndex((v, i) => i > (places.at(-1) ?? -1) &&
        Math.abs(v - value) <= 0.0005001 &&
        Math.abs(weights[i] - weight) <= 0.005 * Math.abs(weights[i])));
    }
    t.check(`${chain}: every product written is one of the program's, in order`,
      terms.length === written && !places.includes(-1), [line, places]);
    const least = Math.min(...places.map((p) => Math.abs(weights[p])));
    t.check(`${chain}: they are the heaviest`, weights.every((w, i) => places.includes(i) ||
      Math.abs(w) < least), line);
    t.equal(`${chain}: the sum, and how many are written`, line.split(" ≈ ")[1],
      `${String(Number(made.toPrecision(6))).replace("-", "−")} (written: of ` +
        `${weights.length} products the ${written} with the greatest weights)`);
  }
  const ones = "1 ".repeat(13), many = Array(13).fill(ones).join("; ");
  await t.setChain(page, `gray,conv:${many}`);
  t.check("of equal weights the first", / \(written: the first 11 of 169 products\)$/.test(
    await page.locator("#formula p").first().innerText()),
  await page.locator("#formula p").first().innerText());
  const { weights } = explained(t, "gray,gaussian:2", "0,0");
  await t.setChain(page, "gray,gaussian:2");
  const cells = await page.locator("#tables table").nth(1).locator("td:not(.corner)")
    .allInnerTexts();
  t.check("every cell of the kernel is its weight to three digits", cells.length ===
    weights.length && cells.every((cell, i) => Math.abs(raised(cell) - weights[i]) <=
      0.005 * weights[i]), cells);
  t.equal("the rim with a power of ten", cells[0], "4.92·10⁻⁶");
  await t.close(page, "wide kernels");
}

export const tests = { sums, ofNumbers, rowProducts, wideKernels };
