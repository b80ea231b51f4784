// The tab with the picture: chain, completions, sliders, pictures of one's own, maps, shapes.
import { linkHas, pixels, slide, text, value } from "./harness.mjs";

async function chains(t) {
  const page = await t.open();
  const before = (await pixels(page, "#output-picture")).data;
  await t.setChain(page, "box:7");
  t.check("a chain changes the result", before.join() !== (await pixels(page,
    "#output-picture")).data.join());
  await page.fill("#chain", "sobl");
  await page.waitForFunction(() => document.querySelector("#message").textContent);
  t.check("the engine's message", (await text(page, "#message"))
    .startsWith("unknown filter 'sobl'; did you mean 'sobel'?"), await text(page, "#message"));
  t.equal("it's marked", await page.getAttribute("#chain", "aria-invalid"), "true");
  await page.fill("#chain", "");
  await page.locator("#chain").pressSequentially("gray,sob");
  await page.keyboard.press("ArrowDown");
  t.equal("a completion is chosen", await page.getAttribute("#chain", "aria-activedescendant"),
    "completion-0");
  await t.after(page, () => page.keyboard.press("Enter"));
  t.equal("and taken", await value(page, "#chain"), "gray,sobel");
  await page.locator("#chain").pressSequentially(":pad");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  t.equal("arguments too", await value(page, "#chain"), "gray,sobel:padding=");
  const listed = await page.locator("#completions li").allInnerTexts();
  t.check("and their values", listed.some((line) => line.startsWith("wrap")), listed);
  await page.keyboard.press("Escape");
  t.check("Escape closes the list", await page.locator("#completions").isHidden());
  await t.after(page, () => page.selectOption("#example", "gray,bank:edges8"));
  t.equal("an example is taken", await value(page, "#chain"), "gray,bank:edges8");
  await page.locator("#maps figure").nth(7).waitFor(); // the chain before it may come first
  t.equal("a map for each channel", await page.locator("#maps figure").count(), 8);
  await page.locator("#maps button").nth(3).click();
  t.equal("a map chooses the channel", await value(page, "#pixel-channel"), "3");
  await t.after(page, () => page.selectOption("#map", "minmax"));
  await linkHas(page, "map=minmax");
  await t.after(page, () => page.selectOption("#color", "gray"));
  await t.setChain(page, "box");
  t.check("gray is one channel", !(await text(page, "#output-size")).includes("× 3 "));
  await t.close(page, "chains");
}

async function sliders(t) {
  const page = await t.open("#chain=gaussian:1.4,sobel");
  await page.locator("#chips button", { hasText: "gaussian" }).click();
  await t.after(page, () => slide(page, ".argument input[type=range]", 4));
  t.equal("a slider writes the chain", await value(page, "#chain"), "gaussian:4,sobel");
  const field = page.locator(".argument input[type=text]").first();
  await t.after(page, () => field.fill("0.7"));
  t.equal("a field too", await value(page, "#chain"), "gaussian:0.7,sobel");
  await t.after(page, () => page.locator(".argument", { hasText: "padding" }).locator("select")
    .selectOption("wrap"));
  t.equal("a choice too", await value(page, "#chain"), "gaussian:0.7:padding=wrap,sobel");
  await t.after(page, () => page.locator(".argument", { hasText: "stride" })
    .locator("input[type=range]").evaluate((range) => {
      range.value = "2";
      range.dispatchEvent(new Event("input", { bubbles: true }));
    }));
  t.check("stride halves the result", (await text(page, "#output-size")).startsWith("226 × 150"));
  const shapes = await page.locator("#shapes tbody tr").allInnerTexts();
  const formula = /⌊\(451 \+ .*\) \/ 2⌋ \+ 1 = 226/;
  t.check("shapes have the formula", shapes.some((line) => formula.test(line)), shapes);
  t.check("and the receptive field", shapes[shapes.length - 1].includes(" + (3 − 1)·1·2 = "),
    shapes);
  await t.close(page, "sliders");
}

async function ownPictures(t) {
  const page = await t.open("#chain=box");
  for (const [name, size] of [["coffee", "600 × 400"], ["disc", "256 × 256"],
    ["digit", "12 × 12"]]) {
    await t.after(page, () => page.selectOption("#source", name));
    t.check(`picture ${name}`, (await text(page, "#input-size")).startsWith(size),
      await text(page, "#input-size"));
  }
  await t.after(page, () => page.setInputFiles("#file",
      `${t.folder}/samples/networks/digits/7.png`));
  t.equal("a file", await text(page, "#input-size"), "8 × 8");
  t.equal("is one's own", await value(page, "#source"), "own");
  await page.setInputFiles("#file", `${t.folder}/LICENSE`);
  await page.waitForFunction(() => document.querySelector("#notice").textContent);
  t.check("no image is said", (await text(page, "#notice")).startsWith("LICENSE"));
  for (const [name, kind] of [["drop", "dataTransfer"], ["paste", "clipboardData"]]) {
    await t.after(page, () => page.evaluate(async ([event, member]) => {
      const canvas = new OffscreenCanvas(20, event === "drop" ? 10 : 11);
      canvas.getContext("2d").fillRect(3, 3, 5, 5);
      const transfer = new DataTransfer();
      transfer.items.add(new File([await canvas.convertToBlob()], "own.png", { type: "image/png"
          }));
      const target = event === "drop" ? document.querySelector("footer") : document.body;
      const Kind = event === "drop" ? DragEvent : ClipboardEvent;
      target.dispatchEvent(new Kind(event, { [member]: transfer, bubbles: true,
        cancelable: true }));
    }, [name, kind]));
    t.equal(`a ${name}`, await text(page, "#input-size"), name === "drop" ? "20 × 10 × 4"
      : "20 × 11 × 4");
  }
  await t.after(page, () => page.click("#camera"));
  t.check("the camera", (await text(page, "#input-size")).startsWith("640 × 480"));
  t.equal("it runs", await page.getAttribute("#camera", "aria-pressed"), "true");
  await page.click("#camera");
  t.equal("and stops", await page.getAttribute("#camera", "aria-pressed"), "false");
  await t.close(page, "pictures");
}

async function links(t) {
  const page = await t.open("#chain=gray,sobel:x:stride=2&picture=digit&map=signed&at=3,2&stage=0");
  t.equal("the link's chain", await value(page, "#chain"), "gray,sobel:x:stride=2");
  t.equal("the link's picture", await value(page, "#source"), "digit");
  t.equal("the link's place", [await value(page, "#at-x"), await value(page, "#at-y")], ["3", "2"]);
  await t.setChain(page, "median:5");
  await linkHas(page, "chain=median:5");
  const link = await page.evaluate(() => location.href);
  await page.goto("about:blank");
  await page.goto(link);
  await t.ready(page);
  t.equal("the link brings it back", await value(page, "#chain"), "median:5");
  await t.close(page, "links");
}

export const tests = { chains, sliders, ownPictures, links };
