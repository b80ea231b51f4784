// Where things are: on a phone, in their cards, on paper; files dropped on the page.
import { PHONE, WIDE, text } from "./harness.mjs";

// A small picture, or a small result, is as large as the card allows.
async function smallPictures(t) {
  for (const [chain, picture] of [["gray,sobel:x", "digit"], ["maxpool:16", "cat"]]) {
    const page = await t.open(`#chain=${chain}&picture=${picture}`, { size: PHONE });
    for (const id of ["input-picture", "output-picture"]) {
      const found = await page.locator(`#${id}`).evaluate((canvas) => {
        const box = canvas.getBoundingClientRect();
        return { width: box.width, height: box.height, ratio: canvas.width / canvas.height };
      });
      t.check(`${id} of ${chain} fills a phone's card`, found.width >= 200 && found.height >= 200,
        found);
      t.check(`${id} of ${chain} isn't stretched`,
        Math.abs(found.width / found.height / found.ratio - 1) < 0.02, found);
    }
    await t.close(page, `${chain} on a phone`);
  }
  const editor = await t.open("#tab=kernel&picture=digit");
  const preview = await editor.locator("#kernel-preview").boundingBox();
  t.check("nor is it in the editor", preview.width >= 200, preview);
  await t.close(editor, "the editor");
  const page = await t.open("", { size: { width: 800, height: 1000 } });
  const found = await page.locator("#input-picture").evaluate((canvas) =>
    [canvas.clientWidth / canvas.clientHeight, canvas.width / canvas.height]);
  t.check("no bands beside the picture", Math.abs(found[0] / found[1] - 1) < 0.02, found);
  await t.close(page, "a tablet");
}

// What of the elements lies outside their cards, and how much wider than the window the page is.
const outside = (page, selector) => page.evaluate((s) => {
  const found = [...document.querySelectorAll(s)].filter((e) => e.checkVisibility()).filter((e) => {
    const box = e.getBoundingClientRect(), card = e.closest(".card").getBoundingClientRect();
    return box.left < card.left || box.right > card.right;
  });
  return [found.length, Math.max(0, document.documentElement.scrollWidth - innerWidth)];
}, selector);

async function cards(t) {
  for (const size of [WIDE, PHONE]) {
    for (const side of ["7", "9"]) {
      const page = await t.open("#tab=kernel", { size });
      await page.selectOption("#kernel-width", side);
      const cells = page.locator("#kernel-cells input");
      t.equal(`${side} columns`, await cells.count(), 3 * Number(side));
      t.equal(`${side} columns are in their card at ${size.width}`,
        await outside(page, "#kernel-cells input"), [0, 0]);
      const { width } = await cells.first().boundingBox();
      t.check(`and wide enough to type in at ${size.width}`, width >= 28, width);
      await t.close(page, `${side} columns at ${size.width}`);
    }
    for (const name of ["cnn", "attention", "lstm"]) {
      const page = await t.open(`#tab=network&network=${name}`, { size });
      await page.waitForSelector("#network-result .best");
      t.equal(`the layers of ${name} are in their card at ${size.width}`,
        await outside(page, "#layers canvas, #layers span, #layers figcaption"), [0, 0]);
      await t.close(page, `${name} at ${size.width}`);
    }
  }
}

// A file dragged over the page lights it up wherever it is; the browser keeps the page.
async function dragging(t) {
  const page = await t.open();
  const found = await page.evaluate(() => {
    const drag = (name, target, transfer) => {
      const event = new DragEvent(name, { dataTransfer: transfer, bubbles: true,
        cancelable: true });
      document.querySelector(target).dispatchEvent(event);
      const style = getComputedStyle(document.querySelector("main"));
      return [event.defaultPrevented, style.outlineStyle];
    };
    const file = new DataTransfer(), words = new DataTransfer();
    file.items.add(new File(["?"], "no.png", { type: "image/png" }));
    words.items.add("sobel", "text/plain");
    return { text: drag("dragover", "#chain", words), over: drag("dragover", "#pixel-view", file),
      left: drag("dragleave", "#pixel-view", file), again: drag("dragover", "header", file),
      dropped: drag("drop", "footer", file) };
  });
  t.equal("text is left to the fields", found.text, [false, "none"]);
  t.equal("a file beside the input is taken", found.over, [true, "dashed"]);
  t.equal("the light goes with it", found.left, [false, "none"]);
  t.equal("and comes back", found.again, [true, "dashed"]);
  t.equal("and goes when it's dropped", found.dropped, [true, "none"]);
  await page.waitForFunction(() => document.querySelector("#notice").textContent);
  t.check("what isn't an image is said", (await text(page, "#notice")).startsWith("no.png"));
  await t.close(page, "dragging");
}

// Each layer of a network says from where to where its colours go.
async function scales(t) {
  const expected = { cnn: ["conv1", "signed"], attention: ["attention", "heat"],
    lstm: ["hidden", "signed"], residual: ["relu", "gray"] };
  for (const [name, [layer, kind]] of Object.entries(expected)) {
    const page = await t.open(`#tab=network&network=${name}&digit=3`);
    await page.waitForSelector("#network-result .best");
    const bare = await page.evaluate(() => [...document.querySelectorAll("#layers .layer")]
      .filter((e) => !e.querySelector(".scale")).map((e) => e.querySelector("h4").innerText));
    t.equal(`every layer of ${name} has a scale`, bare, []);
    const card = page.locator("#layers .layer", { has: page.locator("h4",
      { hasText: new RegExp(`^${layer} `) }) });
    const [low, high] = (await card.locator(".scale").first().innerText()).split("\n")
      .map((end) => Number(end.replace("\u2212", "-")));
    t.check(`${layer} of ${name} goes up`, low < high, [low, high]);
    t.check(`${layer} of ${name} begins where it should`, kind === "signed" ? low === -high
      : low === 0, [low, high]);
    if (name === "cnn") {
      const heads = await page.locator("#layers h4").allInnerTexts();
      const full = heads.find((head) => head.startsWith("full "));
      t.check("the layer with most parameters is there", full?.includes("6,192"), heads);
    }
    if (name === "attention") {
      t.equal("a scale for each of its pictures", await card.locator(".scale").count(),
        await card.locator("canvas").count());
    }
    if (name === "lstm") {
      const head = await card.locator("h4").innerText();
      t.check("h is the output", head.includes("output h over time"), head);
    }
    await t.close(page, `scales of ${name}`);
  }
}

export const tests = { smallPictures, cards, dragging, scales };
