// What somebody types that isn't right, or isn't yet: what the page says, and what it shows.
import { pixels, slide, text, value } from "./harness.mjs";

// Types a chain that is right on the way ("gray") and wrong at its end.
async function wrongChains(t) {
  const page = await t.open("#chain=box:3");
  const stages = () => page.locator("#pixel-stage option").allInnerTexts();
  const pale = (id) => page.locator(id).evaluate((e) => Number(getComputedStyle(e).opacity) < 1);
  t.equal("nothing is pale", await pale("#pixel-view"), false);
  await page.fill("#chain", "");
  await page.locator("#chain").pressSequentially("gray,so", { delay: 20 });
  await page.waitForTimeout(700);
  t.equal("the numbers are the result's", (await stages())[0], "1. gray");
  for (const id of ["#output-picture", "#pixel-view", "#shapes"]) {
    t.check(`${id} is pale while the chain is wrong`, await pale(id));
  }
  t.check("it says whose they are", (await text(page, "#message")).includes("what gray makes"),
    await text(page, "#message"));
  await page.click("#step");
  t.equal("they can be looked at", await page.locator("#at-x").inputValue(), "226");
  await t.setChain(page, "gray,sobel");
  t.equal("a right one isn't pale", await pale("#pixel-view"), false);
  await page.fill("#chain", "gray,sobl");
  await t.after(page, () => page.selectOption("#source", "impulse"));
  const { width, data } = await pixels(page, "#output-picture");
  t.equal("another picture, filtered by the last right one", [width, new Set(data).size], [15, 2]);
  await t.after(page, () => page.fill("#chain", "flatten"));
  t.check("no frames where nothing is computed", await page.locator("#input-spot").isHidden());
  await t.close(page, "wrong chains");
  const wide = await t.open("#chain=resize:2300x2300" + ",relu".repeat(33) + "&picture=cat");
  await wide.waitForFunction(() => document.querySelector("#message").textContent);
  t.equal("what the stages make doesn't fit into memory, the result does",
    [await text(wide, "#message"), await wide.locator("#pixel-view").isHidden()],
    ["The pixels of the stages can't be shown: the images take more than 2 GiB", true]);
  await wide.fill("#chain", "gray,sobl");
  await wide.waitForFunction(() => /sobl.* can't be shown/
    .test(document.querySelector("#message").textContent));
  await t.setChain(wide, "sobel");
  t.equal("and then they fit", [await text(wide, "#message"),
    await wide.locator("#pixel-view").isHidden()], ["", false]);
  await t.close(wide, "too much memory");
  const other = await t.open("#tab=row&chain=sobl&picture=digit");
  await other.click("#tab-picture");
  await other.waitForFunction(() => document.querySelector("#message").textContent);
  t.check("a link with a wrong chain has no numbers",
    await other.locator("#pixel-view").isHidden());
  t.check("nor a card without its table of shapes",
    await other.locator("#shapes-title").isHidden());
  await t.close(other, "a wrong link");
}

// Paddings in the list, the one with a value too.
async function constantPadding(t) {
  const page = await t.open("#chain=gray,box&picture=digit&at=0,0");
  await page.locator("#chips button").last().click();
  const padding = page.locator(".argument", { hasText: "padding" });
  t.check("no value for mirror", await padding.locator("input").isHidden());
  await t.after(page, () => padding.locator("select").selectOption("constant"));
  t.equal("a value that can be used", await value(page, "#chain"), "gray,box:padding=constant=0");
  await t.after(page, () => padding.locator("input").fill("90"));
  t.equal("a value typed", await value(page, "#chain"), "gray,box:padding=constant=90");
  t.check("it's what lies beyond", (await page.locator("#tables td.beyond").first().innerText())
    .startsWith("90"));
  await page.locator("#chips button").first().click();
  await page.locator("#chips button").last().click();
  t.equal("the chain's value is read", [await padding.locator("select").inputValue(),
    await padding.locator("input").inputValue()], ["constant", "90"]);
  await padding.locator("input").fill("x");
  await page.waitForFunction(() => /got 'x'/.test(document.querySelector("#message").textContent));
  await t.after(page, () => padding.locator("select").selectOption("wrap"));
  t.equal("another padding", await value(page, "#chain"), "gray,box:padding=wrap");
  await t.close(page, "paddings");
}

// Every slider's ends are something that the engine takes.
async function sliderEnds(t) {
  const page = await t.open("#chain=gray,bank:gabor&picture=digit");
  for (const chain of ["gray,bank:gabor", "gray,bank:haar", "gray,bank:random", "gray,maxpool:4",
    "gray,maxpool", "gray,avgpool:3:1"]) {
    await t.setChain(page, chain);
    await page.locator("#chips button").last().click();
    const count = await page.locator(".argument input[type=range]").count();
    for (let i = 0; i < count; i++) {
      for (const end of ["min", "max"]) {
        const range = page.locator(".argument input[type=range]").nth(i);
        const name = await range.getAttribute("aria-label");
        if (["stride", "dilation", "pad", "groups", "size"].includes(name)) continue;
        await slide(page, `.argument input[type=range] >> nth=${i}`, await range.getAttribute(end));
        await page.waitForTimeout(60);
        t.equal(`${chain}: ${name} at its ${end}`, await text(page, "#message"), "");
      }
    }
    await t.setChain(page, "gray");
  }
  await t.setChain(page, "gray,maxpool:6:padding=0");
  await page.locator("#chips button").last().click();
  await t.after(page, () => slide(page, ".argument input[type=range]", 4));
  t.equal("padding's end follows the size", await page.locator("[type=range][aria-label=padding]")
    .getAttribute("max"), "2");
  await t.setChain(page, "gray,bank:random");
  await page.locator("#chips button").first().click();
  await page.locator("#chips button").last().click();
  t.check("random has its seed", await page.locator(".argument", { hasText: "seed" }).count() > 0);
  await t.close(page, "sliders' ends");
}

async function completionList(t) {
  const page = await t.open("#chain=box");
  const chain = page.locator("#chain"), list = page.locator("#completions");
  await page.fill("#chain", "");
  await page.waitForFunction(() => document.querySelector("#message").textContent);
  t.check("an empty chain says what helps here", (await text(page, "#message"))
    .startsWith("the chain is empty; the arrow-down key lists the filters"));
  await chain.pressSequentially("gray,sobe");
  const box = async (selector) => page.locator(selector).boundingBox();
  await page.waitForFunction(() => /sobe/.test(document.querySelector("#message").textContent));
  await page.waitForTimeout(50);
  const message = await box("#message"), listed = await box("#completions");
  t.check("the list leaves the message free", listed.y >= message.y + message.height - 1,
    [message, listed]);
  await page.keyboard.press("Tab");
  t.equal("Tab completes", await value(page, "#chain"), "gray,sobel");
  t.check("in the field", await chain.evaluate((e) => e === document.activeElement));
  await page.keyboard.press("Tab");
  t.check("then leaves it", await chain.evaluate((e) => e !== document.activeElement));
  await chain.press("End");
  await chain.pressSequentially(":");
  const names = await list.locator("b").allInnerTexts();
  for (const name of ["x", "angle", "padding=", "anchor=", "flip="]) {
    t.check(`${name} is listed`, names.includes(name), names);
  }
  t.check("no note is cut", await list.locator("li").evaluateAll((all) =>
    all.every((li) => li.scrollWidth <= li.clientWidth)));
  for (const [typed, said] of [["gray,qqq", "unknown filter 'qqq'"],
    ["bank:qqq", "bank:qqq: unknown bank 'qqq'"], ["conv", "conv: needs a kernel: conv:NAME or"]]) {
    await page.fill("#chain", typed);
    await page.waitForFunction((s) => document.querySelector("#message").textContent.startsWith(s),
      said);
    t.check(`${typed}: nothing of the terminal's`, !/convtool|-k\b/.test(await text(page,
      "#message")), await text(page, "#message"));
  }
  await page.fill("#chain", "");
  await chain.pressSequentially("gray, sobe");
  await list.locator("li").first().waitFor();
  await page.keyboard.press("Tab");
  t.equal("a blank behind a comma stays", await value(page, "#chain"), "gray, sobel");
  await t.setChain(page, "box:3 , gray");
  t.equal("blanks around commas don't count", [await page.locator("#chips button").allInnerTexts(),
    await text(page, "#message")], [["box", "gray"], ""]);
  await page.locator("#chips button").first().click();
  await t.after(page, () => slide(page, ".argument input[type=range]", 2));
  t.equal("a slider leaves them out", await value(page, "#chain"), "box:2,gray");
  await t.close(page, "completions");
  const other = await t.open("#chain=conv:box3&picture=digit");
  t.check("a summary neither", !/-k\b/.test(await text(other, "#arguments")),
    await text(other, "#arguments"));
  await t.close(other, "a summary");
}

async function kernelCells(t) {
  const page = await t.open("#tab=kernel&kernel=1+2+1;2+4+2;1+2+1");
  const cell = page.locator("#kernel-cells input").first();
  const divisor = page.locator("#kernel-divisor");
  const message = () => page.locator("#kernel-message").innerText();
  const invalid = (field) => field.getAttribute("aria-invalid");
  const facts = () => text(page, "#kernel-facts");
  for (const [wrong, field] of [["abc", cell], ["", cell], ["1e400", cell], ["1/0", cell],
    ["1/2/3", cell], ["0x10", cell], ["0", divisor], ["", divisor], ["x", divisor]]) {
    const before = await facts(), right = await field.inputValue();
    await field.fill(wrong);
    t.equal(`'${wrong}' is marked`, await invalid(field), "true");
    t.check(`'${wrong}' is said`, (await message()).includes(`got “${wrong}”`), await message());
    t.equal(`'${wrong}': the number before counts`, await facts(), before);
    await field.fill(right);
    t.equal(`'${right}' isn't marked`, [await invalid(field), await message()], ["false", ""]);
  }
  await divisor.fill("3");
  await cell.fill("1/3");
  t.check("a fraction counts", /Sum\s*5\.11111/.test(await facts()), await facts());
  await cell.fill("abc");
  await divisor.fill("0");
  await divisor.fill("3");
  t.check("the other one is still said", (await message()).includes("abc"), await message());
  await cell.focus();
  await page.keyboard.press("Alt+ArrowUp");
  t.equal("a number by keys clears it", [await invalid(cell), await message()], ["false", ""]);
  await page.fill("#kernel-divisor", "0");
  await page.click("#kernel-flip");
  t.equal("what counts is shown again", [await divisor.inputValue(), await message()], ["3", ""]);
  await t.close(page, "kernel cells");
  const row = await t.open("#tab=row");
  await row.fill("#row-divisor", "0");
  t.check("a row's divisor too", (await text(row, "#row-message")).startsWith("divided by:"));
  await t.close(row, "a row's divisor");
}

export const tests = { wrongChains, constantPadding, sliderEnds, completionList, kernelCells };
