// What a link holds, and what the page says of what it doesn't have, refuses, or shows otherwise
// than one would expect.
import { answered, linkHas, pixels, text, value } from "./harness.mjs";

// Where somebody looked is in the link, and comes back with it.
async function places(t) {
  for (const [name, fields] of [["attention", { patch: "9", "patch-column": "2" }],
    ["lstm", { time: "6", unit: "31" }]]) {
    const page = await t.open(`#tab=network&network=${name}`);
    await answered(page);
    for (const [id, number] of Object.entries(fields)) await page.fill(`#${id}`, number);
    await linkHas(page, name === "lstm" ? "time=6&unit=31" : "patch=9&column=2");
    const line = () => page.locator("#layers .sum-of").first().innerText();
    await page.waitForFunction((at) => document.querySelector("#layers .sum-of").textContent
      .startsWith(at), name === "lstm" ? "t = 6, unit 31" : "[9, 2]");
    const [before, link] = [await line(), await page.evaluate(() => location.hash)];
    await t.close(page, name);
    const other = await t.open(link);
    await answered(other);
    t.equal(`${name}'s sum, from the link`,
      await other.locator("#layers .sum-of").first().innerText(), before);
    for (const [id, number] of Object.entries(fields)) {
      t.equal(`${id}, from the link`, await value(other, `#${id}`), number);
    }
    if (name === "lstm") {
      await other.locator(".parts canvas").first().click({ position: { x: 2, y: 2 } });
      await linkHas(other, "time=0");
      t.equal("a click is in the link", await value(other, "#time"), "0");
    }
    await t.close(other, `${name}'s link`);
  }
  const far = await t.open("#tab=network&network=attention&patch=99&column=-1.5");
  await answered(far);
  t.equal("places that aren't there", [await value(far, "#patch"),
    await value(far, "#patch-column")], ["15", "0"]);
  await t.close(far, "far places");
  const page = await t.open("#tab=row");
  for (let i = 0; i < 4; i++) await page.click("#row-step");
  await linkHas(page, "place=4");
  const formula = await text(page, "#row-formula"), link = await page.evaluate(() => location.hash);
  await t.close(page, "a row's place");
  const other = await t.open(link);
  t.equal("the row's place, from the link", [await text(other, "#row-table caption"),
    await text(other, "#row-formula")], ["The kernel at output 4", formula]);
  await t.close(other, "a row's link");
}

// A network or a sample that the page doesn't have.
async function unknownNetworks(t) {
  const page = await t.open("#tab=network&network=foo&digit=77");
  await answered(page);
  t.equal("both are said", await text(page, "#network-message"),
    "The page has no network foo. The page has no sample 77.");
  t.equal("another is shown", await value(page, "#network-name"), "cnn");
  await page.selectOption("#network-name", "rnn");
  t.equal("until one is chosen", await text(page, "#network-message"), "");
  await t.close(page, "no such network");
  const chinese = await t.open("#tab=network&network=toString&lang=zh");
  await answered(chinese);
  t.equal("in Chinese", await text(chinese, "#network-message"), "本页没有网络 toString。");
  await t.close(chinese, "no such network, in Chinese");
}

// What would keep the page busy for long is refused before it runs.
async function tooLarge(t) {
  const page = await t.open("#chain=gray");
  for (const [chain, shape] of [["resize:20000x20000", "20000 × 300 × 3"],
    ["gray,resize:9000x9000,crop:8x8", "9000 × 9000 × 1"]]) {
    const start = Date.now();
    await page.fill("#chain", chain);
    await page.waitForFunction(() => /million/.test(document.querySelector("#message")
      .textContent));
    const took = Date.now() - start, message = await text(page, "#message");
    t.check(`${chain} is refused soon`, took < 3000, took);
    t.check(`${chain}: which stage, and how large`, message.startsWith(`“${chain.split(",")
      .find((stage) => stage.startsWith("resize"))}” makes ${shape} samples; a stage may have ` +
      "16 million on this page"), message);
    await t.setChain(page, "gray");
  }
  await t.setChain(page, "resize:2300x2300,crop:8x8");
  t.equal("15.9 million are shown", await text(page, "#message"), "");
  await t.close(page, "too large");
}

// Values up to 1 are black, and few that were clamped are told.
async function ranges(t) {
  const page = await t.open("#chain=softmax&picture=coffee");
  const range = () => text(page, "#range");
  const black = "No value is above 1, and white is 255: the picture is black. Try scale:255 at " +
    "the chain’s end, or the map minmax.";
  t.check("softmax is black", (await range()).endsWith(black), await range());
  const { data } = await pixels(page, "#output-picture");
  t.check("as it says", data.every((v, i) => i % 4 === 3 || v <= 1));
  await t.setChain(page, "softmax,scale:255");
  t.check("with scale:255 it isn't", !(await range()).includes("black"), await range());
  await t.setChain(page, "softmax");
  await t.after(page, () => page.selectOption("#map", "minmax"));
  t.check("nor with minmax", !(await range()).includes("black"), await range());
  await t.after(page, () => page.selectOption("#source", "cat"));
  await t.after(page, () => page.selectOption("#map", "signed"));
  await t.setChain(page, "gray,sobel:x");
  await page.waitForFunction(() => /Mapped/.test(document.querySelector("#range").textContent));
  t.check("the share that signed clamps", /Mapped: from −133\.3 to 380\. 0\.\d% were clamped\.$/
    .test(await range()), await range());
  await t.close(page, "ranges");
}

// A row that is wrong leaves the one before, pale.
async function rowMistakes(t) {
  const page = await t.open("#tab=row&row=0+4+8+4&weights=1+2+1&divisor=4");
  const output = async () => (await page.locator("#row-table tbody tr").last().locator("td")
    .allInnerTexts()).filter(Boolean);
  const pale = () => page.locator("#row-table").evaluate((table) =>
    Number(getComputedStyle(table.parentElement).opacity) < 1);
  const good = await output();
  t.equal("right at first", [good, await pale()], [["1", "4", "6", "4"], false]);
  await page.fill("#row-numbers", "1 2 x");
  t.equal("pale while it's wrong", [await output(), await pale(), await text(page,
    "#row-message")], [good, true, "numbers: expected 1 to 200 numbers with blanks between. " +
      "Below, pale: the last row that was right."]);
  await page.click("#row-step");
  t.equal("it can be looked at", await text(page, "#row-formula"), "(0·1 + 4·2 + 8·1) / 4 = 4");
  await page.fill("#row-numbers", "0 4 8 4");
  await page.fill("#row-divisor", "0");
  t.equal("the divisor before counts", [await output(), await pale(), await text(page,
    "#row-message")], [good, false,
    "divided by: expected a number other than 0. Until then 4 counts."]);
  await page.fill("#row-divisor", "4");
  await page.fill("#row-stride", "0");
  t.check("the stride that was typed", (await text(page, "#row-message"))
    .startsWith("stride: expected a whole number from 1 to 200, got “0”. "),
  await text(page, "#row-message"));
  await page.fill("#row-stride", "1");
  await page.selectOption("#row-padding", "valid");
  await page.fill("#row-numbers", "1 2");
  t.check("what the engine refuses", await pale());
  await page.click("#row-back");
  await page.fill("#row-numbers", "4 4 4 4");
  t.equal("and right again", [await output(), await pale(), await text(page, "#row-message")],
    [["4", "4"], false, ""]);
  await t.close(page, "a row's mistakes");
}

// "1,5": a number among others, two numbers alone.
async function commas(t) {
  const page = await t.open("#tab=row&weights=1&divisor=1");
  const read = async (typed) => {
    await page.fill("#row-numbers", typed);
    return (await page.locator("#row-table tbody tr").last().locator("td").allInnerTexts())
      .filter(Boolean).map(Number);
  };
  for (const [typed, expected, hint] of [["1,5 2,5", [1.5, 2.5], true], ["1,5", [1, 5], true],
    ["1,5; 2", [1.5, 2], true], ["1, 2, 3", [1, 2, 3], false], ["1,2,3", [1, 2, 3], true],
    ["3，6，9", [3, 6, 9], false], ["0.5 1", [0.5, 1], false]]) {
    t.equal(`“${typed}”`, await read(typed), expected);
    t.equal(`“${typed}” has a hint`, await page.locator("#row-comma").isVisible(), hint);
  }
  await page.fill("#row-weights", "0,5 0,5");
  t.equal("a kernel's", await read("2 4"), [3, 2]);
  await t.close(page, "commas");
}

// Keys, formulas and what a click tells, in words that everybody sees.
async function wording(t) {
  const page = await t.open("#chain=unsharp:2:1.5&at=225,149");
  const lines = await text(page, "#formula");
  const number = "([\\d.]+)", [, c, blur, made] = new RegExp("c \\+ 1\\.5·\\(c − [\\d.]+\\) = " +
    `${number} \\+ 1\\.5·\\(\\1 − ${number}\\) = ${number}`).exec(lines) || [];
  t.check("unsharp's c", Math.abs(Number(c) + 1.5 * (c - blur) - made) < 0.05, lines);
  t.check("keys of the cells", (await text(page, "#pixel-view")).includes("arrows move"));
  const formulas = async (chain) => {
    await t.setChain(page, chain);
    return text(page, "#shapes");
  };
  let shapes = await formulas("box:3");
  t.check("even padding", shapes.includes("in + 2·padding − ") && shapes.includes("⌊(451 + 2·1 − "),
    shapes);
  shapes = await formulas("box:4");
  t.check("uneven padding", shapes.includes("in + left + right − ") &&
    /⌊\(451 \+ (1 \+ 2|2 \+ 1) − /.test(shapes), shapes);
  t.equal("without an image", await page.evaluate(() => {
    try {
      return globalThis.convtool.run("sobel");
    } catch (error) {
      return error.message;
    }
  }), "the image: expected {width, height, channels, data}, got undefined");
  await t.close(page, "wording");
  const lstm = await t.open("#tab=network&network=lstm");
  await answered(lstm);
  t.check("what a click tells", (await text(lstm, "#network-about"))
    .endsWith("Click on a cell to see how c′ and h′ of its time and unit are made."));
  t.check("the pad's keys", (await text(lstm, "#panel-network"))
    .includes("Keys: arrows move, space draws, Delete wipes."));
  await t.close(lstm, "an LSTM's words");
}

export const tests = { places, unknownNetworks, tooLarge, ranges, rowMistakes, commas, wording };
