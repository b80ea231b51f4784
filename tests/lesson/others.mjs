// The kernel editor, the row of numbers, the network.
import { answered, linkHas, pixels, text, value } from "./harness.mjs";

async function kernels(t) {
  const page = await t.open("#tab=kernel&kernel=gaussian5");
  const facts = () => text(page, "#kernel-facts");
  t.check("a blur is separable", (await facts()).includes("column (1, 4, 6, 4, 1)/256"),
    await facts());
  t.check("and keeps the brightness", (await facts()).includes("it stays as bright"));
  await page.selectOption("#kernel-preset", "sobel-x");
  t.check("sobel's sum is 0", /Sum\s*0/.test(await facts()), await facts());
  const field = page.locator("#kernel-cells input").nth(4);
  await field.fill("5");
  t.check("a typed cell counts", /Sum\s*5/.test(await facts()), await facts());
  t.check("no column times a row", (await facts()).includes("no"), await facts());
  await field.focus();
  await page.keyboard.press("Alt+ArrowUp");
  t.equal("Alt and an arrow", await field.inputValue(), "6");
  const box = await field.boundingBox();
  await page.mouse.move(box.x + 20, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 20, box.y - 12, { steps: 4 });
  await page.mouse.up();
  t.equal("dragged up by 4", await field.inputValue(), "10");
  for (const id of ["picture", "response", "curve"]) {
    const { data } = await pixels(page, `#kernel-${id}`);
    t.check(`#kernel-${id} shows something`, new Set(data).size > 3);
  }
  await page.selectOption("#kernel-width", "5");
  t.equal("wider", await page.locator("#kernel-cells input").count(), 15);
  await page.click("#kernel-transpose");
  t.equal("turned", await value(page, "#kernel-height"), "5");
  await page.click("#kernel-flip");
  await page.click("#kernel-negate");
  await page.fill("#kernel-divisor", "4");
  await t.after(page, () => page.click("#kernel-use"));
  t.check("it filters the picture", (await value(page, "#chain")).startsWith("conv:"),
    await value(page, "#chain"));
  t.check("without a message", await text(page, "#message") === "", await text(page, "#message"));
  await t.close(page, "kernels");
  const lost = await t.open("#tab=kernel&kernel=gaussian7");
  t.check("a link's kernel that isn't one is said", (await text(lost, "#kernel-message"))
    .startsWith("unknown kernel 'gaussian7'"), await text(lost, "#kernel-message"));
  t.equal("another is shown, by its name", [await value(lost, "#kernel-preset"),
    await lost.locator("#kernel-cells input").count()], ["sobel-x", 9]);
  await t.close(lost, "no such kernel");
}

async function row(t) {
  const page = await t.open("#tab=row&row=0+4+8+4+0&weights=1+2+1&divisor=4&padding=zero");
  const output = () => page.locator("#row-table tbody tr").last().locator("td").allInnerTexts();
  t.equal("1 2 1 over 4", (await output()).filter(Boolean), ["1", "4", "6", "4", "1"]);
  await page.click("#row-step");
  t.equal("the sum is written out", await text(page, "#row-formula"),
    "(0·1 + 4·2 + 8·1) / 4 = 4");
  await page.fill("#row-weights", "1 0 -1");
  await page.fill("#row-divisor", "1");
  t.equal("a difference", (await output()).filter(Boolean), ["−4", "−8", "0", "8", "4"]);
  await page.selectOption("#row-padding", "valid");
  t.equal("without padding", (await output()).filter(Boolean), ["−8", "0", "8"]);
  await page.fill("#row-stride", "2");
  t.equal("every second", (await output()).filter(Boolean), ["−8", "8"]);
  await page.fill("#row-stride", "1");
  await page.fill("#row-numbers", "3，6，9");
  await page.fill("#row-weights", "1/3 1/3 1/3");
  t.equal("fractions, and commas of Chinese", (await output()).filter(Boolean), ["6"]);
  await page.fill("#row-numbers", Array.from({ length: 60 }, (_, i) => i).join(" "));
  for (let i = 0; i < 40; i++) await page.click("#row-step");
  t.check("the window is kept in sight", await page.evaluate(() => {
    const frame = document.querySelector("#row-table").parentElement.getBoundingClientRect();
    return [...document.querySelectorAll("#row-table .in-window, #row-table caption span")]
      .every((cell) => cell.getBoundingClientRect().left >= frame.left &&
        cell.getBoundingClientRect().right <= frame.right + 1);
  }));
  await page.fill("#row-numbers", "1 x");
  t.check("nonsense is said", (await text(page, "#row-message")).startsWith("numbers:"));
  await page.fill("#row-numbers", "1 2 3 4 5 6 7");
  await page.click("#row-play");
  await page.waitForFunction(() => document.querySelector("#row-formula").textContent
    .startsWith("3"));
  await page.click("#row-play");
  await page.click("#row-back");
  await t.close(page, "row");
}

const best = (page) => page.locator("#network-result .best th").innerText();

async function network(t) {
  const page = await t.open("#tab=network");
  await answered(page);
  for (let digit = 0; digit < 10; digit++) {
    await page.locator("#digits button").nth(digit).click();
    await page.waitForFunction((d) => document.querySelector("#network-result .best th")
      .textContent === String(d), digit);
  }
  t.check("all digits are read", true);
  t.equal("maps of conv1", await page.locator(".layer", { hasText: "conv1" })
    .locator(".feature canvas").count(), 16);
  const weights = page.locator(".layer", { hasText: "conv1" }).locator("details").last();
  await weights.locator("summary").click();
  await page.waitForFunction(() => document.querySelector("details[open] .kernels canvas"));
  t.equal("its kernels", await weights.locator(".kernels canvas").count(), 16);
  await page.click("#pad-clear");
  const box = await page.locator("#pad").boundingBox();
  const stroke = async (...points) => {
    const [first, ...others] = points.map(([x, y]) => [box.x + box.width * x, box.y + box.height *
        y]);
    await page.mouse.move(...first);
    await page.mouse.down();
    for (const point of others) await page.mouse.move(...point, { steps: 5 });
    await page.mouse.up();
  };
  await stroke([0.55, 0.03], [0.55, 0.97]);
  await stroke([0.48, 0.03], [0.48, 0.97]);
  await page.waitForFunction(() => document.querySelector("#network-result .best th")
    .textContent === "1");
  t.equal("a drawn one", await best(page), "1");
  await linkHas(page, "drawing=");
  for (const name of ["residual", "rnn", "lstm", "attention"]) {
    await page.evaluate(() => document.querySelector("#network-result .best").classList
      .replace("best", "before")); // what the network before has answered stays for a while
    await page.selectOption("#network-name", name);
    await answered(page);
    t.check(`${name} has an answer`, /^\d$/.test(await best(page)));
    if (name === "lstm") t.equal("states", await page.locator("canvas.states").count(), 7);
  }
  const look = () => page.locator(".head figcaption").nth(1).innerText();
  const before = await look();
  const matrix = page.locator("canvas.attention").first();
  await matrix.click({ position: { x: 20, y: 8 } });
  await page.waitForFunction((was) => document.querySelectorAll(".head figcaption")[1]
    .textContent !== was, before);
  t.equal("a row of the matrix is chosen", await look(), "What patch 0 looks at");
  await page.locator("#pad").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press(" ");
  await t.close(page, "network");
}

// Nothing drawn is no digit: that is said, in place of what the network would take it for.
async function emptyPad(t) {
  const result = (page) => page.locator("#network-result");
  const page = await t.open("#tab=network");
  await answered(page);
  await page.click("#pad-clear");
  await result(page).locator(".best").waitFor({ state: "detached" });
  t.equal("said in place of bars", [await result(page).innerText(),
    await result(page).locator("table").count()], ["The pad is empty: this is no digit. The " +
      "network knows only the ten digits, and would still name one of them.", 0]);
  await linkHas(page, "drawing=");
  const link = (await page.evaluate(() => location.hash)) + "&lang=zh&network=attention";
  await page.locator("#pad").focus();
  await page.keyboard.press(" ");
  await answered(page);
  t.equal("a dot is something", await result(page).locator("tr").count(), 10);
  await page.keyboard.press("Delete");
  await result(page).locator(".best").waitFor({ state: "detached" });
  t.check("wiped", (await result(page).innerText()).startsWith("The pad is empty"));
  await t.close(page, "an empty pad");
  const other = await t.open(link);
  await other.waitForSelector("#network-result p");
  t.equal("a link to it, in Chinese", await result(other).innerText(),
    "画板是空的，这不是数字。网络只认识十个数字，对空画板也会硬选一个。");
  await t.close(other, "a link to an empty pad");
}

export const tests = { kernels, row, network, emptyPad };
