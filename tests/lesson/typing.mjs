// What somebody types that isn't right, or isn't yet: what the page says, and what it shows.
import { pixels, text, value } from "./harness.mjs";

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
  t.equal("another picture is filtered by the last right one", [width, new Set(data).size], [15, 2]);
  await t.after(page, () => page.fill("#chain", "flatten"));
  t.check("no frames where nothing is computed", await page.locator("#input-spot").isHidden());
  await t.close(page, "wrong chains");
  const other = await t.open("#tab=row&chain=sobl&picture=digit");
  await other.click("#tab-picture");
  await other.waitForFunction(() => document.querySelector("#message").textContent);
  t.check("a link with a wrong chain has no numbers",
    await other.locator("#pixel-view").isHidden());
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

export const tests = { wrongChains, constantPadding };
