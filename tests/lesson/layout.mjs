// Where things are: on a phone, in their cards, on paper; files dropped on the page.
import { PHONE, WIDE, answered, text } from "./harness.mjs";

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
      await answered(page);
      t.equal(`the layers of ${name} are in their card at ${size.width}`,
        await outside(page, "#layers canvas, #layers span, #layers figcaption"), [0, 0]);
      await t.close(page, `${name} at ${size.width}`);
    }
  }
}

// Window, kernel, products and sum of large kernels are all seen, without scrolling sideways.
async function wideWindows(t) {
  for (const size of [WIDE, PHONE]) {
    for (const [chain, columns] of [["gaussian:1", 7], ["box:5", 5],
      ...size === WIDE ? [["unsharp:1.3:1.5", 9]] : []]) {
      const page = await t.open(`#chain=${chain}&picture=digit`, { size });
      const found = await page.evaluate(() => {
        const box = document.querySelector("#tables").getBoundingClientRect();
        const parts = [...document.querySelectorAll("#tables td:not(.corner), #tables .sum")];
        return { cells: parts.length, cut: parts.filter((e) => {
          const part = e.getBoundingClientRect();
          return part.left < box.left || part.right > box.right + 0.5;
        }).length, text: Math.min(...parts.map((e) => parseFloat(getComputedStyle(e).fontSize))) };
      });
      t.equal(`${chain} at ${size.width}: three tables and a sum`, found.cells,
        3 * columns * columns + 1);
      t.equal(`${chain} at ${size.width}: nothing is cut off`, found.cut, 0);
      t.check(`${chain} at ${size.width}: it can be read`, found.text >= (size === WIDE ? 8 : 6.5),
        found.text);
      await t.close(page, `${chain} at ${size.width}`);
    }
  }
}

// A sign stands on the line of what comes after it; in a window all of a 3x3 kernel are one line.
async function sumLines(t) {
  for (const size of [WIDE, PHONE]) {
    for (const [chain, lines] of [["gray,bank:edges8", 1], ["gray,bank:random", null],
      ["gray,laplacian", 1], ["gray,sobel", 2], ["gray,bank:laws", null], ["box:3", 1]]) {
      const page = await t.open(`#chain=${chain}`, { size });
      const found = await page.evaluate(() => {
        const lineOf = (e) => {
          const box = e.getBoundingClientRect();
          return (box.top + box.bottom) / 2;
        };
        const parts = [...document.querySelectorAll("#tables .sign")]
          .map((sign) => [sign, sign.nextElementSibling.querySelector(".sum") ||
            sign.nextElementSibling]);
        const terms = [...document.querySelectorAll("#tables .term")];
        return { signs: parts.length,
          alone: parts.filter(([sign, next]) => Math.abs(lineOf(sign) - lineOf(next)) > 12)
            .map(([sign]) => sign.textContent),
          lines: terms.reduce((n, term) => n + new Set([...term.querySelectorAll(
            "table, .same, .sum")].map((e) => Math.round(lineOf(e) / 24))).size, 0) };
      });
      t.check(`${chain} at ${size.width}: signs`, found.signs % 3 === 0 && found.signs > 0, found);
      t.equal(`${chain} at ${size.width}: none stands alone`, found.alone, []);
      if (size === WIDE && lines) t.equal(`${chain}: lines of tables`, found.lines, lines);
      await t.close(page, `${chain} at ${size.width}`);
    }
  }
}

// Where a line of arithmetic breaks, the next begins with a sign: none is left at an end.
async function brokenLines(t) {
  for (const [hash, size, selector] of [["#chain=gray,bank:laws", WIDE, "#formula p"],
    ["#chain=gaussian:1.4,sobel", WIDE, "#formula p"],
    ["#chain=gray,bank:random", PHONE, "#formula p"],
    ["#tab=row&weights=0.5+-1+0.5&row=1+22+333+4.5", PHONE, "#row-formula"]]) {
    const page = await t.open(hash, { size });
    await page.waitForSelector(selector);
    const found = await page.locator(selector).evaluateAll((all) => all.map((p) => {
      const lines = [];
      const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const { data } = walk.currentNode, range = document.createRange();
        for (let i = 0; i < data.length; i++) {
          range.setStart(walk.currentNode, i);
          range.setEnd(walk.currentNode, i + 1);
          const { top, width } = range.getBoundingClientRect();
          if (!width) continue;
          if (!lines.length || Math.abs(lines.at(-1).top - top) > 6) lines.push({ top, text: "" });
          lines.at(-1).text += data[i];
        }
      }
      return lines.map((line) => line.text.trim());
    }));
    t.check(`${hash}: a line is broken`, found.some((lines) => lines.length > 1), found);
    t.equal(`${hash}: no sign at an end`, found.flatMap((lines) => lines.slice(0, -1))
      .filter((line) => /[-+=≈→/−·]$/.test(line)), []);
    await t.close(page, `broken lines of ${hash}`);
  }
}

// Long stages and filters' names don't make a choice wider than its card.
async function longChoices(t) {
  for (const size of [WIDE, PHONE]) {
    for (const lang of ["en", "zh"]) {
      for (const chain of ["gaussian:1.4,sobel", "gray,conv:0 -1 0; -1 5 -1; 0 -1 0", "canny",
        "bank:haar"]) {
        const page = await t.open(`#lang=${lang}&color=each&chain=${encodeURIComponent(chain)}`,
          { size });
        t.equal(`choices of ${chain} at ${size.width}, ${lang}`,
          await outside(page, ".card select, .card input, .card button"), [0, 0]);
        await t.close(page, `${chain} at ${size.width}, ${lang}`);
      }
    }
  }
}

// The samples stand in one line, and the names of a row's lines stay where they are.
async function inPlace(t) {
  for (const size of [WIDE, PHONE]) {
    const page = await t.open("#tab=network", { size });
    const tops = await page.locator("#digits button").evaluateAll((all) =>
      all.map((b) => b.getBoundingClientRect().top));
    t.equal(`samples at ${size.width}`, [tops.length, new Set(tops).size], [10, 1]);
    await t.close(page, `samples at ${size.width}`);
    for (const [network, line] of [["attention", "#patch-line"], ["lstm", "#time-line"]]) {
      const other = await t.open(`#tab=network&network=${network}`, { size });
      await answered(other);
      const places = await other.locator(`${line} > *`).evaluateAll((all) => all.map((e) => {
        const { left, right, top, bottom } = e.getBoundingClientRect();
        return [left, right, (top + bottom) / 2].map(Math.round);
      }));
      const [label, field, second, lower] = places;
      t.check(`${line} at ${size.width}: each field beside its words`, places.length === 4 &&
        Math.abs(label[2] - field[2]) <= 2 && Math.abs(second[2] - lower[2]) <= 2 &&
        field[0] === lower[0] && field[0] >= label[1], places);
      await t.close(other, `${line} at ${size.width}`);
    }
  }
  const page = await t.open("#tab=row", { size: PHONE });
  const left = () => page.locator("#row-table tbody th, #row-table thead th:first-child")
    .evaluateAll((all) => all.map((e) => e.getBoundingClientRect().left));
  const before = await left();
  const moved = await page.evaluate(() => {
    const frame = document.querySelector("#row-table").parentElement;
    frame.scrollLeft = 200;
    return frame.scrollLeft;
  });
  t.check("the row scrolls", moved > 100, moved);
  t.check("the lines' names stay", (await left()).every((x, i) => Math.abs(x - before[i]) <= 6 &&
    x >= 0), [before, await left()]);
  await t.close(page, "a row's names");
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
    await answered(page);
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
      const low = (layer) => page.locator("#layers .layer", { has: page.locator("h4",
        { hasText: new RegExp(`^${layer} `) }) }).locator(".scale span").first().innerText();
      t.equal("a vector without negative numbers is as maps are", [await low("hidden"),
        (await low("scores"))[0], await page.locator("#layers .vector span").evaluateAll((all) =>
          all.filter((e) => /^rgb\((\d+), \1, \1\)$/.test(e.style.background)).length)],
      ["0", "−", 48]);
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
      t.check("h′ is the output", head.includes("output h′ over time"), head);
    }
    await t.close(page, `scales of ${name}`);
  }
}

const A4 = { width: 718, height: 1047 }; // CSS pixels between margins of 1 cm

const cellColors = (page, selector) => page.evaluate((s) => [...document.querySelectorAll(s)]
  .map((cell) => [getComputedStyle(cell).backgroundColor, getComputedStyle(cell).color]), selector);

// The whole page on paper: nothing to press, nothing cut, one page where that's possible.
async function paper(t) {
  for (const [hash, selector, most] of [["#chain=gaussian:1.4,sobel", "main canvas, td", 1],
    ["#tab=row", "#row-table td, canvas", 1], ["#tab=kernel", "#kernel-cells input, canvas", 1],
    ["#tab=network", "#layers canvas", 2],
    ["#tab=row&row=1+22+333+" + "4.5+".repeat(30) + "0", "#row-table td", 1]]) {
    const page = await t.open(hash, { size: A4 });
    if (hash.includes("network")) await answered(page);
    await page.emulateMedia({ media: "print" });
    t.equal(`${hash} on paper is in its cards`, await outside(page, selector), [0, 0]);
    const buttons = await page.evaluate(() => [...document.querySelectorAll("main button")]
      .filter((e) => e.checkVisibility() && !e.matches(".map")).map((e) => e.id));
    t.equal(`${hash} on paper has no buttons`, buttons, []);
    await page.emulateMedia({ media: null });
    const pdf = await page.pdf({ format: "A4", margin: { top: "1cm", bottom: "1cm", left: "1cm",
      right: "1cm" } });
    const pages = pdf.toString("latin1").match(/\/Type \/Page\b/g).length;
    t.check(`${hash} takes ${most} pages at most`, pages <= most, pages);
    await t.close(page, `${hash} on paper`);
  }
}

// Paper is white in a dark theme too, and the theme comes back.
async function darkPaper(t) {
  for (const [hash, cells] of [["#chain=gray,sobel:x&at=225,149", ".pixels .cells td"],
    ["#tab=kernel", "#kernel-cells input"], ["#tab=row", "#row-table td:not(.empty)"],
    ["#tab=network", "#layers .vector span"]]) {
    const colors = {};
    for (const scheme of ["light", "dark"]) {
      const page = await t.open(`${hash}&theme=${scheme}`, { scheme });
      if (hash.includes("network")) await answered(page);
      const before = await cellColors(page, cells);
      await page.emulateMedia({ media: "print" });
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      colors[scheme] = await cellColors(page, cells);
      await page.emulateMedia({ media: "screen" });
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      t.check(`${hash}, ${scheme}: some cells`, before.length >= 9, before.length);
      t.equal(`${hash}, ${scheme}: the theme comes back`, await cellColors(page, cells), before);
      if (scheme === "dark") t.check(`${hash}: dark was another`, before.join() !==
        colors.light.join());
      await t.close(page, `${hash}, ${scheme} on paper`);
    }
    t.equal(`${hash} prints the same in both themes`, colors.dark, colors.light);
  }
}

// On paper nothing covers or cuts what was chosen.
async function printedChoices(t) {
  const page = await t.open("#chain=gray,sobel:x&map=signed", { size: A4 });
  await page.emulateMedia({ media: "print" });
  t.equal("the map and the colour are printed", [await page.locator("#map").isVisible(),
    await page.locator("#color").isVisible(), await page.locator("#example").isVisible()],
  [true, true, false]);
  await t.close(page, "a printed map");
  const other = await t.open("#tab=network&network=lstm", { size: A4 });
  await answered(other);
  await other.emulateMedia({ media: "print" });
  const [has, needs] = await other.locator("#network-name").evaluate((select) => {
    const { width } = select.getBoundingClientRect();
    select.style.width = "max-content";
    return [width, select.getBoundingClientRect().width];
  });
  t.check("the network's name has room", has >= needs, [has, needs]);
  await t.close(other, "a printed network");
  const row = await t.open("#tab=row", { size: A4 });
  await row.emulateMedia({ media: "print" });
  const covering = () => [...document.querySelectorAll("#row-table tbody th")].filter((th) => {
    const style = getComputedStyle(th);
    return style.boxShadow !== "none" || style.position === "sticky" ||
      th.scrollWidth > th.clientWidth + 1;
  }).length;
  await row.waitForFunction(() => matchMedia("print").matches);
  await row.waitForFunction(`(${covering})() === 0`, null, { timeout: 5000 }).catch(() => {});
  t.equal("the lines' names cover nothing", await row.evaluate(covering), 0);
  await row.close();
}

// The list of arguments fades where it goes on, and its last row comes out of that when scrolled
// to; a default that is a sentence is whole.
async function argumentList(t) {
  const page = await t.open("#chain=gaussian:1.4");
  const found = await page.locator("#arguments").evaluate((box) => {
    box.scrollTop = box.scrollHeight;
    const style = getComputedStyle(box), fade = parseFloat(style.paddingBottom);
    return { goesOn: box.scrollHeight > box.clientHeight, fades: style.maskImage
      .includes("gradient"), fade, free: box.getBoundingClientRect().bottom -
        box.lastElementChild.getBoundingClientRect().bottom };
  });
  t.check("it fades", found.goesOn && found.fades && found.fade > 10, found);
  t.check("its last row doesn't", found.free >= found.fade - 1, found);
  const usual = page.locator(".argument .default");
  t.equal("a sentence is whole", [await usual.innerText(), await usual.evaluate((e) =>
    e.scrollWidth <= e.clientWidth)], ["as needed to keep the size", true]);
  await page.locator(".argument", { hasText: "as needed" }).locator("input[type=text]").fill("3");
  t.check("until there is a number", await usual.isHidden());
  await t.close(page, "arguments");
}

export const tests = { smallPictures, cards, dragging, scales, paper, darkPaper, wideWindows,
  sumLines, brokenLines, longChoices, inPlace, printedChoices, argumentList };
