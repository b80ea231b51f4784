// The page as a whole: labels and contrast (axe), languages, tools, keyboard, the console, paper.
import fs from "node:fs";
import { PHONE, WIDE, answered, linkHas, text } from "./harness.mjs";
import { texts } from "../../src/lesson/page/texts.js";

const TABS = ["picture", "kernel", "row", "network"];

export function axeTests(axe) {
  const script = fs.readFileSync(axe, "utf8");
  async function axeFinds(t) {
    const open = (page) => page.evaluate(() => {
      document.querySelector("#tables details")?.toggleAttribute("open");
      if (document.querySelector("#panel-network").checkVisibility()) {
        document.querySelector("#pad-clear").click();
      }
    });
    for (const tab of [...TABS, "picture&chain=gray,box:31", "network&network=rnn"]) {
      for (const [size, scheme, lang] of [[WIDE, "light", "en"], [PHONE, "dark", "zh"]]) {
        const page = await t.open(`#tab=${tab}&lang=${lang}`, { size, scheme });
        if (tab === "network") await answered(page);
        if (tab.includes("&")) await open(page);
        if (tab.includes("box")) await page.waitForSelector("#tables [aria-busy=false] table");
        if (tab.includes("rnn")) await page.waitForSelector("#network-result > p");
        await page.evaluate(script);
        const found = await page.evaluate(async () => (await globalThis.axe.run()).violations
          .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(", ")}`));
        t.equal(`axe on ${tab}, ${scheme}, ${lang}`, found, []);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth -
          innerWidth);
        t.check(`${tab} isn't wider than ${size.width}`, wider <= 0, wider);
        await t.close(page, `axe on ${tab}`);
      }
    }
  }
  return { axeFinds };
}

async function languages(t) {
  for (const [key, column] of Object.entries(texts)) {
    t.check(`text '${key}' in both languages`, column.length === 2 &&
      column.every((word) => typeof word === "string"));
    const marks = column.map((word) => (word.match(/\{\d\}/g) || []).sort().join());
    t.check(`text '${key}' has the same places`, marks[0] === marks[1], marks);
  }
  const page = await t.open("", { locale: "zh-CN" });
  t.equal("Chinese by the browser's language", await text(page, "#tab-kernel"), "卷积核");
  await Promise.all([page.waitForNavigation(), page.selectOption("#language", "en")]);
  await t.ready(page);
  t.equal("English when chosen", await text(page, "#tab-kernel"), "Kernel");
  t.check("and in the link", page.url().includes("lang=en"), page.url());
  await t.close(page, "languages");
}

async function tools(t) {
  const page = await t.open();
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await paper();
  await page.click("#theme");
  t.check("dark", await paper() !== before, await paper());
  await page.click("#full");
  t.check("full screen", await page.evaluate(() => Boolean(document.fullscreenElement)));
  await page.click("#full");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("#share");
  await page.waitForFunction(() => document.querySelector("#notice").textContent);
  t.check("the link is said or copied", /link/i.test(await text(page, "#notice")));
  const lost = await t.open("#picture=dgit");
  t.equal("a picture that isn't there", await text(lost, "#notice"),
    "The page has no picture dgit.");
  await t.close(lost, "no such picture");
  await page.evaluate(() => { globalThis.print = () => { globalThis.printed = true; }; });
  await page.click("#print");
  t.check("it prints", await page.evaluate(() => globalThis.printed));
  await page.emulateMedia({ media: "print" });
  t.check("paper has no buttons", await page.locator(".transport").first().isHidden());
  t.check("but the picture", await page.locator("#output-picture").isVisible());
  await t.close(page, "tools");
}

// Everything that can be clicked is reached with Tab, and the tabs with arrows.
async function keyboard(t) {
  const page = await t.open();
  await page.locator("#tab-picture").focus();
  await page.keyboard.press("ArrowRight");
  t.equal("the next tab", await page.getAttribute("#tab-kernel", "aria-selected"), "true");
  await page.keyboard.press("ArrowLeft");
  const wanted = await page.evaluate(() => [...document.querySelectorAll("button, select, input")]
    .filter((e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0 &&
      e.closest("[hidden]") === null).map((e) => e.id).filter(Boolean));
  const reached = new Set();
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press("Tab");
    const id = await page.evaluate(() => document.activeElement.id);
    reached.add(id);
  }
  t.equal("reached by Tab", wanted.filter((id) => !reached.has(id)), []);
  t.check("the cells too", reached.has("zoom-in") && reached.has("zoom-out"));
  await t.close(page, "keyboard");
}

async function console(t) {
  const page = await t.open();
  const found = await page.evaluate(() => {
    const { run } = globalThis.convtool;
    const image = { width: 3, height: 3, channels: 1,
      data: Uint8ClampedArray.of(0, 0, 0, 0, 90, 0, 0, 0, 0) };
    const floats = { ...image, data: Float32Array.from(image.data) };
    let said = "";
    try { run("sobl", image); } catch (error) { said = error.message; }
    let short = "";
    try { run("box", { ...image, width: 4 }); } catch (error) { short = error.message; }
    return { box: [...run("box:padding=zero", image).data], said, short,
      float: [...run("conv:1/4:padding=zero", floats).data],
      map: [...run("scale:-1", image, { map: "abs" }).data],
      shape: run("maxpool:3", image), kind: run("box", floats).data.constructor.name };
  });
  t.equal("bytes", found.box, [10, 10, 10, 10, 10, 10, 10, 10, 10]);
  t.equal("floats", found.float, [0, 0, 0, 0, 22.5, 0, 0, 0, 0]);
  t.equal("an option", found.map, [0, 0, 0, 0, 90, 0, 0, 0, 0]);
  t.equal("the size", [found.shape.width, found.shape.height, found.shape.channels], [1, 1, 1]);
  t.equal("floats give floats", found.kind, "Float32Array");
  t.equal("the engine's message", found.said, "unknown filter 'sobl'; did you mean 'sobel'?");
  t.check("a wrong size", found.short.startsWith("data: expected 4 x 3 x 1"), found.short);
  await t.close(page, "console");
}

// What `convtool lesson 'gray,sobel:x' DIGIT.png chelsea.png coffee.png -o FILE` wrote;
// lesson_page.py did that.
async function teachers(t) {
  const page = await t.open("", { file: process.env.LESSON_PAGE });
  t.equal("the teacher's chain", await page.locator("#chain").inputValue(), "gray,sobel:x");
  t.equal("the teacher's picture", await text(page, "#input-size"), "8 × 8");
  t.equal("by its name", await page.locator("#source option").first().innerText(), "<!--<script>7");
  t.equal("a sample of theirs isn't listed twice", (await page.locator("#source option")
    .allInnerTexts()).filter((name) => /chelsea|cat|coffee/.test(name)),
  ["chelsea", "coffee"]);
  t.equal("the link is empty", await page.evaluate(() => location.hash), "");
  await t.after(page, () => page.selectOption("#source", "coffee"));
  t.equal("a sample's name is theirs", await text(page, "#input-size"), "8 × 8");
  await t.after(page, () => page.selectOption("#source", "<!--<script>7"));
  await t.setChain(page, "box");
  await linkHas(page, "#chain=box");
  await t.close(page, "a teacher's page");
}

export const tests = { teachers, languages, tools, keyboard, console };
