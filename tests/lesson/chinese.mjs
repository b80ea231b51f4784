// The page in Chinese: that nothing of it is still English, neither what the engine says of some
// 150 wrong chains nor its catalogue; and that each text of the tables is needed.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { PHONE, WIDE, text } from "./harness.mjs";

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
    "maxpool:x", "box:0", "box:9999", "sobel:size=4", "box:3x", "bank:random:seed=x",
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
    "resize:16000000x100,box:3x3,maxpool:all", "resize:16000000x100,box:99x99,maxpool:all",
    "resize:14000x14000,normalize,rotate:90,maxpool:all", "bank:random:filters=6:groups=2",
    "resize:16777216x1,bank:random:filters=99,box", "a".repeat(70000)],
  coffee: ["bank:edges8:groups=2", "bank:edges8,bank:edges8", "bank:random:groups=2", "norm:l3",
    "store:up", "laplacian:5", "resize:50x:filter=cubic"],
};

// With the colour "each".
const EACH = ["bank:laws,bank:laws,bank:laws"];

// Links whose map or colour isn't one.
const LINKS = ["map=clmp", "map=qqqqq", "color=eahc", "color=qqqqq"];

// Right chains: one that is warned of, and one whose stages take too much memory to be shown.
const TOLD = ["conv:0 -1 0\\, -1 5 -1\\, 0 -1 0", "resize:24000x24000,nearestpool:1000"];

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

const STILL = /[\s。]*下方变淡的仍是 [^]* 的结果。$/;

// Whether some message in `seen` can be that row's.
function isSeen(chinese, seen) {
  const parts = chinese.split(/\{\d\}/).map((part) =>
    part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const like = new RegExp(`(^|：)${parts.join(".*")}$`);
  return [...seen].some((said) => like.test(said));
}

// What the links' pages say, and what is said of a chain that is right.
async function otherMessages(t) {
  const said = [];
  for (const link of LINKS) {
    const page = await t.open(`#lang=zh&tab=kernel&picture=digit&${link}`);
    await page.click("#tab-picture");
    await page.waitForFunction(() => document.querySelector("#message").textContent);
    said.push([link, await text(page, "#message")]);
    await t.close(page, link);
  }
  for (const chain of TOLD) {
    const page = await t.open(`#lang=zh&picture=digit&chain=${encodeURIComponent(chain)}`);
    await page.waitForFunction(() => document.querySelector("#message").textContent);
    said.push([chain, await text(page, "#message")]);
    await t.close(page, chain);
  }
  return said;
}

async function messagesInChinese(t) {
  const page = await t.open("#lang=zh&picture=digit");
  const known = names(await page.evaluate(() => convtool.list()));
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
  await t.close(page, "messages in Chinese");
  said.push(...await otherMessages(t));
  for (const [chain, message] of said) {
    t.check(`'${chain.slice(0, 80)}' is said in Chinese`, /[\u4e00-\u9fff]/.test(message) &&
      english(message, chain, known).length === 0, message.slice(-200));
  }
  const seen = new Set(said.map(([, message]) => message));
  t.check("many messages", seen.size > 120, seen.size);
  const { messages } = await import(pathToFileURL(t.folder +
    "/src/lesson/page/texts-messages.js"));
  for (const [row, chinese] of messages) {
    t.check(`'${row}' is said of some chain`, isSeen(chinese, seen));
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
  const { steps } = await import(pathToFileURL(t.folder +
    "/src/lesson/page/texts-messages.js"));
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

export const tests = { messagesInChinese, stepsInChinese, catalogueInChinese, chineseFits };
