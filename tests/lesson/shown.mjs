// What is shown belongs together: the map, the channel, the camera, the place.
import { pixels, text, value } from "./harness.mjs";

async function maps(t) {
  const page = await t.open("#chain=gray,sobel:y&picture=edge&map=signed");
  t.equal("values before the map, and after", await text(page, "#range"),
    "Values from 0 to 0. Mapped: from 128 to 128.");
  t.equal("the map's line and the pixel", await page.locator("#formula p").allInnerTexts()
    .then((all) => all.slice(-2)), ["signed: zero is gray: 0·0.5 + 128 = 128",
    "128 → 128 → pixel 128"]);
  for (const map of ["abs", "minmax", "signed", "clamp"]) {
    await t.after(page, () => page.selectOption("#map", map));
    await t.setChain(page, "gray,sobel:x");
    const [x, y] = [Number(await value(page, "#at-x")), Number(await value(page, "#at-y"))];
    const { width, data } = await pixels(page, "#output-picture");
    t.equal(`${map}: the last line is the result's pixel`,
      Number(/pixel (\d+)/.exec(await text(page, "#formula .pixel"))?.[1]),
      data[4 * (y * width + x)]);
    t.check(`${map}: the values' own range`, (await text(page, "#range"))
      .startsWith("Values from 0 to "), await text(page, "#range"));
  }
  await t.setChain(page, "median:3");
  t.check("no gap in a stage's name", !(await page.locator("#pixel-stage").innerText())
    .includes("{"), await page.locator("#pixel-stage").innerText());
  await page.fill("#at-x", "99");
  t.equal("a place beyond the picture", await value(page, "#at-x"),
    String((await page.locator("#at-x").getAttribute("max"))));
  await t.setChain(page, "canny");
  await page.selectOption("#pixel-stage", "1");
  await page.fill("#at-x", "0");
  t.check("suppression is explained", (await text(page, "#formula")).includes("along it"),
    await text(page, "#formula"));
  await t.close(page, "maps");
}

async function channels(t) {
  const page = await t.open("#chain=gray,bank:edges8&picture=corner");
  t.check("the result says which map it is", (await text(page, "#output-size"))
    .includes("channel 0: n"), await text(page, "#output-size"));
  const before = (await pixels(page, "#output-picture")).data.join();
  await page.selectOption("#pixel-channel", "2");
  t.check("another channel", (await text(page, "#output-size")).includes("channel 2: e"),
    await text(page, "#output-size"));
  t.check("is shown", before !== (await pixels(page, "#output-picture")).data.join());
  await t.close(page, "channels");
}

async function cameraNumbers(t) {
  const page = await t.open("#chain=gaussian:3,sobel");
  await t.after(page, () => page.click("#camera"));
  await page.fill("#at-x", "7");
  const count = () => page.evaluate(() => Number(document.body.dataset.ready));
  const start = await count();
  // A busy machine: each frame keeps the thread until the next one is there.
  await page.evaluate(() => {
    const busy = () => {
      const end = performance.now() + 110;
      while (performance.now() < end);
      globalThis.busy = setTimeout(busy, 0);
    };
    busy();
  });
  await page.waitForFunction((n) => Number(document.body.dataset.ready) > n + 2, start);
  t.check("the numbers follow the camera", true);
  t.equal("the place stays", await value(page, "#at-x"), "7");
  await page.evaluate(() => clearTimeout(globalThis.busy));
  await page.click("#camera");
  await t.close(page, "the camera's numbers");
}

export const tests = { maps, channels, cameraNumbers };
