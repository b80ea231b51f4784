// Starts the page: the engine, the state that the link holds, the tabs, the tools in the bar.
import { optionOf } from "./arguments.js";
import { bytesOf } from "./base64.js";
import { byId, fillSelect, oncePerFrame } from "./dom.js";
import { loadEngine, runChain } from "./engine.js";
import { FilterTab } from "./filter-tab.js";
import { KernelEditor } from "./kernels.js";
import { catalogueFor } from "./messages.js";
import { NetworkTab } from "./network-tab.js";
import { setPaper } from "./numbers.js";
import { drawSamples, namedPicture } from "./pictures.js";
import { RowView } from "./row.js";
import { addSources } from "./sources.js";
import { readState, writeState } from "./state.js";
import { languageOf, languages, translate, wordsOf } from "./words.js";

const TABS = ["picture", "kernel", "row", "network"];

async function unpack(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}

// What `convtool lesson` put into the page: a chain, and pictures that come first. A sample that is
// among them isn't listed again, and doesn't take the place of one of the same name.
const own = JSON.parse(byId("lesson")?.textContent || "{}");
const embedded = JSON.parse(byId("embedded").textContent || "{}");
const mine = own.pictures || {};
const given = { chain: own.chain, picture: Object.keys(mine)[0] };
embedded.pictures = { ...mine, ...Object.fromEntries(Object.entries(embedded.pictures || {})
  .filter(([name, data]) => !(name in mine) && !Object.values(mine).includes(data))) };
const state = readState(location.hash, given);
const words = wordsOf(languageOf(state.lang));
document.documentElement.lang = words.language === "zh" ? "zh-Hans" : words.language;
document.title = words("title");
if (state.theme) document.documentElement.dataset.theme = state.theme;
translate(document.body, words);

// The first picture is decoded meanwhile.
const first = namedPicture(state.picture, embedded.pictures).catch(() => null);
const module = await WebAssembly.compile(await unpack(byId("engine").textContent));
const [engine, rowEngine, kernelEngine, consoleEngine] =
  await Promise.all([0, 1, 2, 3].map(() => loadEngine(module)));
const catalogue = catalogueFor(engine.list(), words.language);

// For the console: convtool.run("sobel", {width, height, channels, data}).
globalThis.convtool = {
  run: (chain, image, options) => runChain(consoleEngine, chain, image, options),
  list: () => structuredClone(catalogue),
};

function writeLink() {
  const link = writeState(state, given);
  if (link !== location.hash) {
    history.replaceState(null, "", link || location.pathname + location.search);
  }
}

// Browsers allow some 200 changes of the address in half a minute.
const PERIOD = 250;
let saving = 0;
const save = () => {
  saving ||= setTimeout(() => {
    saving = 0;
    writeLink();
  }, PERIOD);
};

const notice = (text) => { byId("notice").textContent = text; };

// ---- the tabs ----

const filters = new FilterTab(engine, catalogue, words, state, save);
const row = new RowView(rowEngine, words, state, save);
fillSelect(byId("row-padding"), catalogue.paddings
  .filter((p) => !p.takes_value && p.name !== "keep").map(optionOf), state.padding);

// The picture, filtered by the kernel in the editor.
const preview = oncePerFrame(() => {
  if (!filters.picture || state.tab !== "kernel") return;
  try {
    kernelEngine.setImage(filters.picture);
    const text = kernels.spec().replace(/[\\,:]/g, "\\$&");
    const map = kernels.cells.some((w) => w < 0) &&
      Math.abs(kernels.cells.reduce((a, b) => a + b, 0)) < 1e-9 ? "signed" : "clamp";
    kernelEngine.setChain(`conv:${text}`, { map });
    const made = kernelEngine.run();
    drawSamples(byId("kernel-preview"), made);
    byId("kernel-preview").classList.toggle("tiny", made.width <= 64);
    byId("kernel-preview").style.setProperty("--ratio", String(made.width / made.height));
  } catch (error) {
    notice(words.said(error.message));
  }
});
const kernels = new KernelEditor(kernelEngine, catalogue, words, state, () => {
  save();
  preview();
}, (chain) => {
  filters.setChain(chain, true);
  showTab("picture");
});
const network = new NetworkTab(module, embedded, words, state, save);

function showTab(name) {
  state.tab = TABS.includes(name) ? name : "picture";
  for (const tab of TABS) {
    const chosen = tab === state.tab;
    byId(`tab-${tab}`).setAttribute("aria-selected", String(chosen));
    byId(`tab-${tab}`).tabIndex = chosen ? 0 : -1;
    byId(`panel-${tab}`).hidden = !chosen;
  }
  if (state.tab === "picture") filters.draw();
  if (state.tab === "kernel") {
    kernels.load(state.kernel);
    preview();
  }
  if (state.tab === "row") row.compute();
  if (state.tab === "network") network.open();
  save();
}

TABS.forEach((tab, i) => {
  byId(`tab-${tab}`).addEventListener("click", () => showTab(tab));
  byId(`tab-${tab}`).addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    showTab(TABS[(i + by + TABS.length) % TABS.length]);
    byId(`tab-${state.tab}`).focus();
  });
});

// ---- the tools ----

fillSelect(byId("language"), Object.entries(languages), words.language);
byId("language").addEventListener("change", (event) => {
  state.lang = event.target.value;
  history.replaceState(null, "", writeState(state, given));
  location.reload();
});
byId("theme").addEventListener("click", () => {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
  state.theme = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = state.theme;
  showTab(state.tab);
});
byId("full").addEventListener("click", () => (document.fullscreenElement
  ? document.exitFullscreen() : document.documentElement.requestFullscreen()));
byId("print").addEventListener("click", () => print());

// What is drawn in a dark theme's colours is drawn again for paper, at once: a browser prints what
// is there when this returns.
function redraw(onPaper) {
  setPaper(onPaper);
  if (state.tab === "picture") filters.drawNow();
  if (state.tab === "kernel") kernels.analyse();
  if (state.tab === "row") row.show();
  if (state.tab === "network") network.drawNow();
}
addEventListener("beforeprint", () => redraw(true));
addEventListener("afterprint", () => redraw(false));
matchMedia("print").addEventListener("change", (event) => redraw(event.matches));
byId("share").addEventListener("click", async () => {
  writeLink();
  try {
    await navigator.clipboard.writeText(location.href);
    notice(words(byId("source").value === "own" ? "link-without-picture" : "link-copied"));
  } catch {
    notice(words("link-is", location.href));
  }
  setTimeout(() => notice(""), 4000);
});
addEventListener("hashchange", () =>
  location.hash !== writeState(state, given) && location.reload());

// ---- the first picture ----

const sources = addSources({ select: byId("source"), file: byId("file"), camera: byId("camera") },
  embedded.pictures || {}, (name) => !(name in mine), words, (picture, name) => {
  notice(picture.shrunk ? words("made-smaller", picture.width, picture.height) : "");
  const before = filters.picture; // the camera's next frame keeps the place
  if (name === "own" ? picture.width !== before?.width || picture.height !== before.height
    : name !== state.picture) {
    state.at = "";
  }
  state.picture = name === "own" ? state.picture : name;
  filters.setPicture(picture);
  preview();
}, notice);
sources.list(state.picture);
filters.showChips();
showTab(state.tab);
await sources.choose(state.picture, await first);
document.body.dataset.started = "";
