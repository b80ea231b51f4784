// Numbers as they are written: a line can be worked out by hand, and gives what it says.
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

async function rowProducts(t) {
  const page = await t.open("#tab=row&row=0+8+8+3&weights=1+2+1&divisor=4&padding=zero");
  const products = () => page.locator("#row-table tbody tr").nth(2).locator("td").allInnerTexts();
  await page.click("#row-step");
  t.equal("products as the line has them", (await products()).filter(Boolean), ["0", "16", "8"]);
  t.equal("the line", await text(page, "#row-formula"), "(0·1 + 8·2 + 8·1) / 4 = 6");
  for (const [weights, divisor] of [["0.5 1 0.5", "2"], ["1 2 1", "-4"], ["1 2 1", "2.5"],
    ["1 -2 1", "3"], ["0.3333 1", "1"]]) {
    await page.fill("#row-weights", weights);
    await page.fill("#row-divisor", divisor);
    const line = await text(page, "#row-formula");
    t.check(`${weights} by ${divisor} works out`, worksOut(line), line);
  }
  await t.close(page, "a row's products");
}

export const tests = { sums, rowProducts };
