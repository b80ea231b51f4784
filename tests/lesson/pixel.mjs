// The pixel view: the window, its arithmetic, the player; padding, stride, dilation, anchor.
import { pixels, text, value } from "./harness.mjs";

// What the last line says the pixel becomes, and what the result has there.
async function agrees(t, page, what) {
  const stages = await page.locator("#pixel-stage option").count();
  await page.selectOption("#pixel-stage", String(stages - 1));
  const x = Number(await value(page, "#at-x")), y = Number(await value(page, "#at-y"));
  const line = await text(page, "#formula .pixel");
  const said = Number(/pixel (\d+)/.exec(line)[1]);
  const { width, data } = await pixels(page, "#output-picture");
  t.equal(`${what}: the pixel at ${x},${y}`, said, data[4 * (y * width + x)]);
}

const cells = (page, nth) => page.locator("#tables table").nth(nth).locator("td:not(.corner)")
  .allInnerTexts();
const at = async (page) => [await value(page, "#at-x"), await value(page, "#at-y")].map(Number);

async function arithmetic(t) {
  const page = await t.open("#chain=gray,conv:gaussian3&picture=digit&at=6,2");
  await agrees(t, page, "gaussian3");
  const number = (cell) => Number(cell.replace("−", "-"));
  const window = (await cells(page, 0)).map(number), kernel = (await cells(page, 1)).map(number);
  t.equal("the kernel in whole numbers", kernel, [1, 2, 1, 2, 4, 2, 1, 2, 1]);
  const sum = window.reduce((total, v, i) => total + v * kernel[i], 0) / 16;
  t.check("the sum by hand", Math.abs(sum - number(await text(page, ".sum b"))) < 0.01, sum);
  for (const chain of ["gray,sobel", "gray,sobel:x", "kirsch", "gray,laplacian", "gray,unsharp",
    "gray,median", "gray,avgpool:3", "gray,conv:gaussian5:flip=yes:anchor=0x0", "box:5,gray",
    "gray,threshold:100", "gray,resize:50%", "gray,bank:haar,norm", "log:1,zerocross"]) {
    await t.setChain(page, chain);
    await agrees(t, page, chain);
  }
  await t.setChain(page, "kirsch:flip=yes");
  t.check("a turned compass begins at south", (await text(page, "#formula")).startsWith("s = "));
  t.equal("the best one is shown", await value(page, "#pixel-term"),
    String((await page.locator("#pixel-term option").allInnerTexts())
      .indexOf(/: (\w+),/.exec(await text(page, "#formula"))[1])));
  await t.setChain(page, "gray,maxpool:3");
  const marked = await page.locator("#tables td.marked").innerText();
  const all = (await cells(page, 0)).map(number);
  t.equal("the winner of the pool", number(marked), Math.max(...all));
  await t.close(page, "arithmetic");
}

async function edges(t) {
  const page = await t.open("#chain=gray,sobel:x&picture=digit&at=0,0");
  const beyond = page.locator("#tables table").first().locator("td.beyond");
  t.equal("cells beyond a corner", await beyond.count(), 5);
  t.equal("where they come from", await beyond.first().getAttribute("title"), "1,1");
  for (const [padding, word] of [["zero", "constant"], ["replicate", "0,0"], ["wrap", "11,11"],
    ["symmetric", "0,0"]]) {
    await t.setChain(page, `gray,sobel:x:padding=${padding}`);
    await page.fill("#at-x", "0");
    await page.fill("#at-y", "0");
    t.equal(`${padding} says where`, await beyond.first().getAttribute("title"), word);
  }
  await t.setChain(page, "gray,sobel:x:padding=valid:stride=2");
  await page.fill("#at-x", "1");
  await page.fill("#at-y", "0");
  const columns = page.locator("#tables table").first().locator("thead th");
  t.equal("stride moves the window", await columns.allInnerTexts(), ["2", "3", "4"]);
  t.equal("nothing is beyond", await beyond.count(), 0);
  await t.setChain(page, "gray,sobel:x:dilation=2");
  t.equal("dilation spreads it", await columns.allInnerTexts(), ["3", "5", "7"]);
  await t.setChain(page, "gray,sobel:x:anchor=0x0");
  t.equal("the anchor shifts it", await columns.allInnerTexts(), ["5", "6", "7"]);
  await t.close(page, "edges");
}

async function moving(t) {
  const page = await t.open("#chain=gray,box&picture=corner&at=4,4");
  await page.click("#step");
  t.equal("a step on", await at(page), [5, 4]);
  await page.click("#back");
  await page.click("#back");
  t.equal("two back", await at(page), [3, 4]);
  await page.locator("#zoom-out").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  t.equal("arrow keys", await at(page), [4, 5]);
  const speed = await text(page, "#speed");
  for (let i = 0; i < 4; i++) await page.click("#faster");
  t.check("faster", await text(page, "#speed") !== speed, await text(page, "#speed"));
  await page.locator("#zoom-in").focus();
  await page.keyboard.press(" ");
  await page.waitForFunction(() => document.querySelector("#at-y").value !== "5" ||
    Number(document.querySelector("#at-x").value) > 7);
  t.equal("it plays", await page.getAttribute("#play", "aria-label"), "Pause");
  await page.click("#play");
  const stopped = await at(page);
  await page.waitForTimeout(300);
  t.equal("and stops", await at(page), stopped);
  for (let i = 0; i < 7; i++) if (await page.isEnabled("#slower")) await page.click("#slower");
  t.equal("slowest", await text(page, "#speed"), "0.5 / s");
  const box = await page.locator("#output-picture").boundingBox();
  await page.mouse.click(box.x + box.width * 0.63, box.y + box.height * 0.13);
  t.equal("a click on the result", await at(page), [7, 1]);
  const input = await page.locator("#input-picture").boundingBox();
  await page.mouse.click(input.x + input.width * 0.21, input.y + input.height * 0.55);
  t.equal("a click on the input", await at(page), [2, 6]);
  const before = await at(page);
  const zoom = await page.locator("#zoom-in").boundingBox();
  await page.mouse.click(zoom.x + 5, zoom.y + 5);
  t.check("a click on the cells", (await at(page)).join() !== before.join());
  await page.selectOption("#pixel-stage", "0");
  t.equal("a stage is chosen", await value(page, "#pixel-stage"), "0");
  await t.close(page, "moving");
}

// A point's numbers stand below their channels.
async function points(t) {
  const page = await t.open("#chain=softmax&picture=coffee");
  const middles = (part) => page.locator(`#tables ${part}`).evaluateAll((all) => all.map((e) => {
    const { left, right } = e.getBoundingClientRect();
    return Math.round((left + right) / 2);
  }));
  t.equal("channels", await page.locator("#tables th").allInnerTexts(),
    ["0", "1", "2", "0", "1", "2"]);
  t.equal("numbers below them", await middles("td"), await middles("th"));
  await t.close(page, "points");
}

// The cells of a large window are tables too, made when they are asked for.
async function foldedWindow(t) {
  const page = await t.open("#chain=gray,box:31&at=3,200");
  const tables = page.locator("#tables table"), folded = page.locator("#tables details");
  const made = () => page.waitForSelector("#tables [aria-busy=false] table");
  t.equal("closed at first", await tables.count(), 0);
  await folded.locator("summary").focus();
  await page.keyboard.press("Enter");
  await made();
  t.equal("window, kernel, products", [await tables.locator("caption").allInnerTexts(),
    await tables.locator("td:not(.corner)").count()],
  [["window", "kernel (· 1/961)", "products"], 3 * 961]);
  const columns = () => tables.first().locator("thead th").allInnerTexts();
  t.equal("columns by their places", (await columns()).slice(0, 2), ["−12", "−11"]);
  t.equal("rows too", (await tables.first().locator("tbody th").allInnerTexts()).slice(-1),
    ["215"]);
  t.check("cells beyond the edge say where they are read", / \(12,185\)$/.test(
    await tables.first().locator("td.beyond").first().textContent()));
  const numbers = (await cells(page, 2)).map(Number);
  t.check("products that give the sum", Math.abs(numbers.reduce((a, b) => a + b) / 961 -
    Number(await text(page, "#tables .sum b"))) < 0.01, await text(page, "#tables .sum"));
  await page.click("#step");
  t.check("a step doesn't wait for them", await page.locator("#tables [aria-busy=true]").count());
  await made();
  t.equal("they follow", (await columns())[0], "−11");
  await folded.locator("summary").press("Enter");
  await page.waitForFunction(() => !document.querySelector("#tables table"));
  await page.click("#step");
  t.equal("and go when it's closed", await tables.count(), 0);
  await t.setChain(page, "gray,bank:gabor");
  t.check("a bank's", (await folded.innerText()).includes("29×29"), await folded.innerText());
  await t.setChain(page, "gray,box:101");
  t.equal("not of ten thousand", [await folded.count(), await text(page, "#tables")],
    [0, "The window has 101×101 cells: too many to show one by one."]);
  await t.setChain(page, "box");
  t.equal("small ones are seen", await tables.count(), 3);
  await t.close(page, "a folded window");
}

// A turn takes each pixel from another place; a click on that place leads back.
async function turns(t) {
  const page = await t.open("#chain=crop:7x9,rotate:90&picture=digit");
  for (const [angle, from] of [[90, (x, y) => [y, 8 - x]], [180, (x, y) => [6 - x, 8 - y]],
    [270, (x, y) => [6 - y, x]]]) {
    await t.setChain(page, `crop:7x9,rotate:${angle}`);
    await page.selectOption("#pixel-stage", "0");
    const image = {};
    for (const [x, y] of Array.from({ length: 63 }, (_, i) => [i % 7, Math.floor(i / 7)])) {
      await page.fill("#at-x", String(x));
      await page.fill("#at-y", String(y));
      [image[[x, y]]] = await cells(page, 0);
    }
    await page.selectOption("#pixel-stage", "1");
    for (const [x, y] of [[0, 0], [2, 5], [4, 3], [1, 6]]) {
      await page.fill("#at-x", String(x));
      await page.fill("#at-y", String(y));
      const want = image[from(x, y)];
      t.equal(`${angle} degrees: ${x},${y} is ${from(x, y)}`, [(await cells(page, 0))[0],
        (await cells(page, 1))[0]], [want, want]);
      const [column, row] = from(x, y), target = [column > 3 ? column - 1 : column + 1, row];
      const begin = (i, size) => Math.min(Math.max(i - 2, -1), size - 4); // of the cells shown
      const box = await page.locator("#zoom-in").boundingBox();
      await page.locator("#zoom-in").click({ position: {
        x: (target[0] - begin(column, 7) + 0.5) / 5 * box.width,
        y: (row - begin(row, 9) + 0.5) / 5 * box.height } });
      t.equal(`${angle} degrees: a click on ${target}`, from(...await at(page)), target);
    }
  }
  await t.close(page, "turns");
}

// The threshold that Otsu's method finds is named, as `explain` names it.
async function otsu(t) {
  const page = await t.open("#chain=threshold:otsu&picture=digit&at=5,3");
  const line = await text(page, "#formula");
  const [, limit, pixel, sign, other, made] =
    /threshold: (\S+); (\S+) (>|≤) (\S+) → (\S+)/.exec(line);
  t.equal("the threshold stands on both sides", limit, other);
  t.equal("what is above it is white", Number(made), Number(pixel) > Number(limit) ? 255 : 0);
  t.equal("and the sign says so", sign, Number(pixel) > Number(limit) ? ">" : "≤");
  t.check("it lies within the image", Number(limit) > 0 && Number(limit) < 255, limit);
  await t.close(page, "otsu");
}

export const tests = { arithmetic, turns, otsu, edges, moving, points, foldedWindow };
