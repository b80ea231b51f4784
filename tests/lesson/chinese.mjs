// The page in Chinese: that nothing of it is still English, neither what the engine says of some
// 150 wrong chains nor its catalogue, nor the names of steps and maps; and that each text of the
// tables is needed.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { PHONE, WIDE, text } from "./harness.mjs";
import { rowOf } from "../../src/lesson/page/messages.js";
import { messages, steps } from "../../src/lesson/page/texts-messages.js";

// Each chain is wrong in another way; in groups by the picture that they run on: "digit" has one
// channel, "coffee" three.
const WRONG = {
  digit: ["", "gray,", ",gray", "sobl", "qqq", "lisp", "blur", "sobel-x", "prewitt-y", "kirsch-n",
    "sobel-w", "sobel gray", "sobel=x", "gaussian:1,5", "maxpool:3,3", "gaussian 2", "gaussian(2)",
    "gaussian:1,size=5", "conv:1,2", "crop:8x8,1,1", "conv:1 2;3,4", "net", "gray,net:x", "net:x",
    "net:x:range=1", "net:x:mean=a", "net:x:std=0", "net:x:order=abc",
    "sobel:sise=5", "box:zero=1", "box:qqqqq=1", "relu:qqqqq=1", "conv:kernl=box3", "conv:q9=1",
    "bank:qqqqq=1", "crop:qqqqq=1", "normalize:qqqqq=1", "net:qqqqq=1",
    "threshold:1:2", "scale:1:2:3", "sharpen:2", "relu:2", "box:size=3:1", "box:padding=zero:3",
    "box:3:size=5", "box:size=", "box::3", "box:", "gaussian:size=4", "gaussian:1:x", "maxpool:0",
    "maxpool:x", ":2", "box:0", "box:9999", "sobel:size=4", "box:3x", "bank:random:seed=x",
    "gaussian:0", "gaussian:1e9", "gaussian:x", "gaussian:0\\,5", "scale:1\\,2\\,3", "threshold:x",
    "normalize:x", "box:anchor=1", "resize:x%", "resize:0%", "resize:8", "resize:x", "resize:0x0",
    "sobel:out=z", "gaussian:weights=z", "rotate:45", "flatten:x", "leaky:x", "canny:x",
    "threshold", "resize", "crop", "canny:50%:10%", "dog:2:1", "maxpool:all:1",
    "box:pad=1:padding=valid", "box:pad=1:padding=zero\\:2", "box:padding=zer", "box:padding=qqqqq",
    "box:padding=constant", "box:padding=zero=1", "box:padding=valid\\:2",
    "box:padding=constant=x", "box:padding=keep:stride=2", "box:padding=zero\\:x",
    "conv", "conv:gaussian", "conv:sobel-z", "conv:qqqqq", "conv:ancor 1 1", "conv:abc 1",
    "conv:1 x", "conv:1 2;3", "conv:1;2 3", "conv:1e300 1", "conv:1 1;divide 2;divide 3",
    "conv:1 1;divide 0", "conv:1 1;anchor 0 0;anchor 0 0", "conv:1 1;anchor x 0",
    "conv:1 1;anchor 0 0 1", "conv:1\\,\\,2", "conv:1e36 1e36", "conv:;", "conv:1 1;anchor 5 5",
    "conv:1e38 1;divide 1e-9", "conv:" + "1 ".repeat(256), "conv:" + "1;".repeat(256),
    "conv:1e30:bias=1e300", "scale:1e300",
    "bank", "bank:edges", "bank:qqqqq", "bank:haar:seed=2", "bank:haar:bias=x",
    "bank:random:filters=4000:size=99", "bank:edges8,bank:haar", "bank:edges8:groups=3",
    "bank:random:groups=3", "bank:random:filters=5:groups=2,bank:random:groups=3",
    "bank:laws,bank:laws:groups=25:bias=1,bank:haar", "bank:edges8,gray", "bank:random:filters=0",
    "box:anchor=9x9", "maxpool:2:padding=2", "maxpool:999", "crop:999x999", "crop:8x8:900:0",
    "box:stride=0", "box:dilation=99999", "box:pad=99999", "box:999:padding=valid", "median:999",
    "resize:10000000x10000000", "resize:40000x40000,normalize,maxpool:all", "nearestpool:all",
    "argmax:1", "resize:16777216x1,box:3x1:pad=60000x0", "box:4095:dilation=60000",
    "resize:60000x260" + ",box:255".repeat(20),
    "bank:random:filters=6:groups=2",
    "resize:16777216x1,bank:random:filters=99,box", "a".repeat(70000)],
  coffee: ["bank:edges8:groups=2", "bank:edges8,bank:edges8", "bank:random:groups=2", "norm:l3",
    "store:up", "laplacian:5", "resize:50x:filter=cubic"],
};

// With the colour "each".
const EACH = ["bank:laws,bank:laws,bank:laws"];

// Links whose map or colour isn't one.
const LINKS = ["map=clmp", "map=qqqqq", "color=eahc", "color=qqqqq"];

// Right chains: one that is warned of, and one whose stages take too much memory to be shown.
const TOLD = ["conv:0 -1 0\\, -1 5 -1\\, 0 -1 0", "resize:4000x4000" + ",relu".repeat(33)];

// Words that stay as they are: names, which are typed in English, signs for numbers, units.
const names = (catalogue) => {
  const lists = [...catalogue.stages, ...catalogue.kernels, ...catalogue.banks,
    ...catalogue.paddings, { arguments: catalogue.window_arguments }];
  const found = lists.flatMap((entry) => [entry.name, ...entry.aliases || [],
    ...(entry.arguments || []).flatMap((a) => [a.name, ...(a.choices || []).map((c) => c.name)])]);
  return new Set([...found.filter(Boolean), "signed", "minmax", "each", "all", "auto", "white",
    "XxY", "x8", "KiB", "MiB", "GiB"]);
};

// The English words in a text: not what is quoted, nor the chain itself, nor names.
function english(said, chain, known) {
  const own = said.split(chain || "\0").join(" ").replace(/“[^]*?”/g, " ");
  return (own.match(/(?<!\w)[A-Za-z][\w'-]*\w/g) || []).filter((word) => !known.has(word));
}

// What the page says of each of the chains.
const answers = (page, chains) => page.evaluate(async (given) => {
  const input = document.querySelector("#chain"), message = document.querySelector("#message");
  const type = async (chain, invalid) => {
    input.value = chain;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    for (let i = 0; i < 2 || (i < 200 && input.ariaInvalid !== invalid); i++) {
      await new Promise(requestAnimationFrame);
    }
  };
  const said = [];
  for (const chain of given) {
    await type("gray", "false");
    await type(chain, "true");
    said.push(input.ariaInvalid === "true" ? message.textContent : "");
  }
  return said;
}, chains);

const STILL = /([\s。]*下方变淡的仍是 [^]* 的结果。|(\.|(?<=\?)) Below, pale: what [^]* makes\.)$/;

// What the links' pages say, and what is said of a chain that is right.
async function otherMessages(t, lang) {
  const said = [];
  for (const link of LINKS) {
    const page = await t.open(`#lang=${lang}&tab=kernel&picture=digit&${link}`);
    await page.click("#tab-picture");
    await page.waitForFunction(() => document.querySelector("#message").textContent);
    said.push([link, await text(page, "#message")]);
    await t.close(page, link);
  }
  for (const chain of TOLD) {
    const page = await t.open(`#lang=${lang}&picture=digit&chain=${encodeURIComponent(chain)}`);
    await page.waitForFunction(() => document.querySelector("#message").textContent);
    said.push([chain, await text(page, "#message")]);
    await t.close(page, chain);
  }
  return said;
}

// [chain or link, message] of all of them, in that language.
async function allMessages(t, lang) {
  const page = await t.open(`#lang=${lang}&picture=digit`);
  const said = [];
  const ask = async (chains) => {
    const all = await answers(page, chains);
    said.push(...chains.map((chain, i) => [chain, all[i].replace(STILL, "")]));
  };
  await ask(WRONG.digit);
  await page.selectOption("#color", "each");
  await ask(EACH);
  await page.selectOption("#color", "auto");
  await t.after(page, () => page.selectOption("#source", "coffee"));
  await ask(WRONG.coffee);
  await t.close(page, `messages in ${lang}`);
  return said.concat(await otherMessages(t, lang));
}

async function messagesInChinese(t) {
  const page = await t.open("#lang=zh&picture=digit");
  const known = names(await page.evaluate(() => convtool.list()));
  await t.close(page, "words that stay");
  const said = await allMessages(t, "zh");
  for (const [chain, message] of said) {
    t.check(`'${chain.slice(0, 80)}' is said in Chinese`, /[\u4e00-\u9fff]/.test(message) &&
      english(message, chain, known).length === 0, message.slice(-200));
  }
  const seen = new Set(said.map(([, message]) => message));
  t.check("many messages", seen.size > 120, seen.size);
  /* By the English message, as rows that are mostly places read alike in Chinese. */
  const rows = new Set((await allMessages(t, "en")).map(([, message]) => rowOf(message)?.row));
  const rare = "out of memory"; // chains that would need it are refused before
  for (const row of messages) {
    t.check(`'${row[0]}' is said of some chain`, rows.has(row) || row[0] === rare);
  }
}

// The sentences and words of the page's arguments in English, and the labels that they need.
function argumentTexts(catalogue) {
  const all = [...catalogue.stages.flatMap((s) => s.arguments), ...catalogue.window_arguments];
  const choices = all.flatMap((a) => a.choices || []);
  return { names: new Set(all.map((a) => a.name)),
    sentences: new Set([...all, ...choices].map((a) => a.meaning).filter(Boolean)),
    defaults: new Set(all.map((a) => a.default).filter(Boolean)) };
}

// The names that trace.c gives to steps: those that aren't filters' have a Chinese one.
async function stepsInChinese(t) {
  const source = await readFile(t.folder + "/src/app/run/trace.c", "utf8");
  const table = source.slice(source.indexOf("[CONV_GRAY]"), source.indexOf("\"inserted\"") + 10);
  const page = await t.open("#lang=zh&picture=digit&chain=canny");
  const stages = new Set((await page.evaluate(() => convtool.list())).stages.map((s) => s.name));
  t.equal("names of steps", [...table.matchAll(/"([^"]+)"/g)].map(([, name]) => name)
    .filter((name) => !stages.has(name)).sort(), Object.keys(steps).sort());
  t.equal("canny's", await page.locator("#shapes th[scope=row]").allInnerTexts(),
    ["模糊", "细化的梯度", "双阈值", "canny"]);
  await t.close(page, "steps in Chinese");
}

async function catalogueInChinese(t) {
  const { labels, meanings, summaries } = await import(pathToFileURL(t.folder +
    "/src/lesson/page/texts-catalogue.js"));
  const open = async (hash) => {
    const page = await t.open(hash);
    const catalogue = await page.evaluate(() => convtool.list());
    return [page, catalogue];
  };
  const [other, english] = await open("#lang=en&picture=digit");
  await t.close(other, "the catalogue in English");
  const [page, chinese] = await open("#lang=zh&picture=digit&chain=gaussian:1:size=5");
  const missing = (wanted, there) => [...wanted].filter((one) => !there.has(one));
  for (const [list, texts] of Object.entries(summaries)) {
    const names = new Set(english[list].map((entry) => entry.name));
    const there = new Set(Object.keys(texts));
    t.equal(`${list} without a Chinese sentence`, missing(names, there), []);
    t.equal(`sentences of no ${list}`, missing(there, names), []);
    for (const { name, summary } of chinese[list]) {
      t.check(`${list}: ${name} is in Chinese`, /[\u4e00-\u9fff]/.test(summary), summary);
    }
  }
  const { names, sentences, defaults } = argumentTexts(english);
  const known = new Set(meanings.map(([text]) => text));
  t.equal("no sentence twice", known.size, meanings.length);
  t.equal("arguments without a label", missing(names, new Set(Object.keys(labels))), []);
  t.equal("labels of no argument", missing(Object.keys(labels), names), []);
  t.equal("meanings that are missing", missing(sentences, known), []);
  t.equal("defaults of several words", [...defaults].filter((d) => / /.test(d) && !known.has(d)),
    []);
  t.equal("meanings of nothing", missing(known, new Set([...sentences, ...defaults])), []);
  for (const sentence of argumentTexts(chinese).sentences) {
    t.check(`'${sentence}' is in Chinese`, /[\u4e00-\u9fff]|^[-\d; ]+$/.test(sentence));
  }
  t.check("a summary is shown", (await text(page, "#arguments")).startsWith("高斯模糊"));
  t.equal("a meaning is shown", await page.locator(".argument").first().getAttribute("title"),
    "高斯的标准差，以样本为单位");
  await page.locator("#chain").fill("gau");
  t.equal("a completion is shown", await text(page, "#completions li:first-child span"),
    "高斯模糊");
  t.check("presets are, too", (await page.locator("#kernel-preset option").allTextContents())
    .includes("box3 – 3×3 样本的平均值"));
  await t.close(page, "the catalogue in Chinese");
}

// The stages of the pixel view: those that the chain doesn't have are told in Chinese alone.
async function stagesInChinese(t) {
  const page = await t.open("#lang=zh&chain=box&picture=coffee");
  const told = async (chain) => {
    await t.setChain(page, chain);
    return page.locator("#pixel-stage option").allInnerTexts();
  };
  const known = names(await page.evaluate(() => convtool.list()));
  t.equal("Canny's", await told("canny"), ["1. canny (灰度)", "2. canny (乘积之和)", "3. canny (仅保留极大值)",
    "4. canny (强弱标记)", "5. canny (与强标记相连)"]);
  for (const chain of ["gaussian:1,sobel", "leaky:0.2,sigmoid,tanh", "gray,threshold:otsu"]) {
    for (const stage of await told(chain)) {
      t.check(`'${stage}' of ${chain} is in Chinese`, /[\u4e00-\u9fff]/.test(stage) &&
        english(stage, "", known).length === 0, stage);
    }
  }
  await page.selectOption("#map", "abs");
  t.equal("the map's", (await told("gray,sobel:x")).at(-1), "3. 绝对值");
  await page.selectOption("#map", "clamp");
  await t.after(page, () => page.evaluate(async () => {
    const canvas = new OffscreenCanvas(20, 10);
    canvas.getContext("2d").fillRect(3, 3, 5, 5);
    const transfer = new DataTransfer();
    transfer.items.add(new File([await canvas.convertToBlob()], "own.png", { type: "image/png" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true,
      cancelable: true }));
  }));
  t.equal("alpha's", await told("box"), ["1. box (颜色乘透明度)", "2. box (乘积之和)",
    "3. box (颜色除以透明度)"]);
  const source = await readFile(t.folder + "/src/lesson/window.c", "utf8");
  const rules = source.slice(source.indexOf("lesson_rule("), source.indexOf("/* ---- the window"));
  const { texts } = await import(pathToFileURL(t.folder + "/src/lesson/page/texts.js"));
  t.equal("rules without a text: those that have kinds, which have their own",
    [...rules.matchAll(/"([^"]+)"/g)].map(([, rule]) => rule)
      .filter((rule) => !texts["rule-" + rule]), ["gradient", "pool", "point"]);
  await t.close(page, "stages in Chinese");
}

// Maps have names, and where there is one of each colour these say which.
async function mapsInChinese(t) {
  const page = await t.open("#lang=zh&chain=bank:haar&picture=coffee&color=each");
  const captions = () => page.locator("#maps figcaption b").allInnerTexts();
  t.equal("Haar's, for each colour", await captions(), [0, 1, 2].flatMap((c) =>
    ["平均", "竖直", "水平", "对角"].map((name) => `${name}，输入通道 ${c}`)));
  t.check("the result's name", (await text(page, "#output-size")).includes("平均，输入通道 0"));
  t.equal("the choice's", await page.locator("#pixel-channel option").nth(5).innerText(),
    "5: 竖直，输入通道 1");
  const catalogue = await page.evaluate(() => convtool.list());
  const known = names(catalogue);
  const directions = new Set(["ne", "se", "sw", "nw"]);
  for (const { name } of catalogue.banks) {
    await t.setChain(page, `bank:${name}`);
    for (const caption of await captions()) {
      t.equal(`'${caption}' of ${name}`, english(caption, "", known)
        .filter((word) => !directions.has(word) && !/^[leswr]5[leswr]5$/.test(word)), []);
    }
  }
  await t.close(page, "maps in Chinese");
}

// Paddings and choices, which are typed in English, are told in Chinese as well.
async function choicesInChinese(t) {
  const page = await t.open("#lang=zh&chain=gray,sobel&picture=digit");
  const plain = new Set(["4", "8", "x", "y", "l1", "l2", "linf", "90", "180", "270", "rgb", "bgr",
    "chw", "hwc", "lanczos"]);
  const catalogue = await page.evaluate(() => convtool.list());
  const all = [...catalogue.stages, { arguments: catalogue.window_arguments }]
    .flatMap((s) => s.arguments).filter((a) => a.kind === "choice").flatMap((a) => a.choices)
    .concat(catalogue.paddings);
  for (const { name, label } of all) {
    t.check(`choice ${name}`, plain.has(name) ? label === undefined
      : /^[\u4e00-\u9fff]+ /.test(label) && label.endsWith(` ${name}`), label);
  }
  const { choices } = await import(pathToFileURL(t.folder +
    "/src/lesson/page/texts-catalogue.js"));
  t.equal("words of no choice", Object.keys(choices).filter((name) =>
    !all.some((choice) => choice.name === name)), []);
  await page.locator("#chips button").last().click();
  const shown = (label) => page.locator(".argument", { hasText: label }).locator("option")
    .allInnerTexts();
  t.equal("the list of flip", await shown("翻转"), ["否 no", "是 yes"]);
  t.equal("of paddings", (await shown("填充")).slice(0, 2), ["镜像 mirror", "对称 symmetric"]);
  t.check("and of a row's", (await page.locator("#row-padding option").allTextContents())
    .includes("零 zero"));
  await t.after(page, () => page.locator(".argument", { hasText: "翻转" }).locator("select")
    .selectOption("yes"));
  t.equal("the chain has the name", await page.locator("#chain").inputValue(),
    "gray,sobel:flip=yes");
  await t.close(page, "choices in Chinese");
}

// The longest messages and lists of arguments, in a window and on a phone.
async function chineseFits(t) {
  for (const size of [WIDE, PHONE]) {
    const page = await t.open("#lang=zh&picture=digit", { size });
    for (const chain of ["bank:gabor", "canny", "box:qqqqq=1", "bank:qqqqq=1", "conv",
      "avgpool:x"]) {
      await page.fill("#chain", chain);
      await page.waitForFunction((c) => document.querySelector("#chips").textContent
        .includes(c.split(":")[0]), chain);
      await page.waitForTimeout(100);
      t.equal(`${chain} at ${size.width} isn't cut`, await page.evaluate(() => {
        const cards = [...document.querySelectorAll(".argument, .argument *, #message, select")];
        const wide = cards.filter((e) => e.checkVisibility() && e.closest(".card") &&
          e.getBoundingClientRect().right > e.closest(".card").getBoundingClientRect().right + 1);
        return [wide.length, Math.max(0, document.documentElement.scrollWidth - innerWidth)];
      }), [0, 0]);
    }
    await t.close(page, `Chinese at ${size.width}`);
  }
}

export const tests = { messagesInChinese, stepsInChinese, stagesInChinese, mapsInChinese,
  choicesInChinese, catalogueInChinese, chineseFits };
