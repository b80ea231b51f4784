// The tab with the picture and the chain: runs the chain, and shows what it makes.
import { showArguments } from "./arguments.js";
import { parseChain, stageAt } from "./chain.js";
import { addCompletions } from "./complete.js";
import { byId, clamp, element, fillSelect, oncePerFrame } from "./dom.js";
import { showMaps } from "./maps.js";
import { show } from "./numbers.js";
import { drawSamples, drawValues, isPicture, rangeOf } from "./pictures.js";
import { PixelView } from "./pixels.js";
import { showShapes } from "./shapes.js";

const EXAMPLES = ["gaussian:1.4,sobel", "box:5", "sharpen", "unsharp:2:1.5", "emboss", "median:5",
  "sobel:x", "gray,sobel,maxpool:2", "gray,maxpool:4", "gray,conv:0 -1 0; -1 5 -1; 0 -1 0",
  "gray,sobel:x:stride=2:padding=zero", "gaussian:1:dilation=4", "laplacian", "kirsch", "canny",
  "gray,threshold:otsu", "gray,bank:edges8", "gray,bank:gabor", "gray,bank:haar,relu,maxpool:2"];
const QUIET = 70; // milliseconds without a change, after which the numbers are shown too
const LONGEST = 500; // or after so many, as with a camera it is never quiet
const MOST_SAMPLES = 16e6; // that a stage may make: more take longer than a second
const TINY = 64; // columns up to which pixels stay sharp squares

export class FilterTab {
  constructor(engine, catalogue, words, state, changed) {
    Object.assign(this, { engine, catalogue, words, state, changed });
    this.chosen = parseChain(state.chain).length - 1;
    this.pixels = new PixelView(engine, words, state, changed);
    this.pixels.onChannel = () => {
      if (this.chain && !isPicture(this.result)) this.showResult(this.result);
    };
    this.pixels.onMove = (found, stage) => this.showSpots(found, stage);
    this.draw = oncePerFrame(() => this.filter());
    const input = byId("chain");
    input.value = state.chain;
    const edited = () => this.setChain(input.value, false);
    input.addEventListener("input", edited);
    input.addEventListener("click", () =>
      this.chooseChip(stageAt(input.value, input.selectionStart)));
    addCompletions(input, byId("completions"), byId("message"), catalogue, edited);
    fillSelect(byId("map"), ["clamp", "abs", "signed", "minmax"].map((m) => [m, words("map-" + m)]),
      state.map);
    fillSelect(byId("color"), ["auto", "gray", "each"].map((c) => [c, words("color-" + c)]),
      state.color);
    fillSelect(byId("example"), [["", words("examples")], ...EXAMPLES.map((e) => [e, e])], "");
    for (const id of ["map", "color"]) {
      byId(id).addEventListener("change", () => {
        state[id] = byId(id).value;
        this.refresh();
      });
    }
    byId("example").addEventListener("change", (event) => {
      if (event.target.value) this.setChain(event.target.value, true);
      event.target.value = "";
    });
    for (const id of ["input-picture", "output-picture"]) {
      byId(id).addEventListener("click", (event) => this.clicked(event));
    }
  }

  setPicture(picture) {
    this.picture = picture;
    this.chain = null;
    this.engine.setImage(picture);
    drawSamples(byId("input-picture"), picture);
    this.fit(byId("input-picture"), picture);
    byId("input-size").textContent = sizeText(picture);
    this.refresh();
  }

  setChain(chain, typed) {
    this.state.chain = chain;
    this.state.at = "";
    this.state.stage = -1;
    if (typed) byId("chain").value = chain;
    this.chosen = clamp(this.chosen, 0, parseChain(chain).length - 1);
    this.showChips();
    this.refresh();
  }

  refresh() {
    this.changed();
    this.draw();
  }

  // ---- the arguments ----

  chooseChip(i) {
    if (i === this.chosen) return;
    this.chosen = i;
    this.showChips();
  }

  showChips() {
    const stages = parseChain(this.state.chain);
    byId("chips").replaceChildren(...stages.map((stage, i) => element("button",
      { type: "button", "aria-pressed": String(i === this.chosen),
        onclick: () => { this.chosen = i; this.showChips(); } }, stage.name || "\u2026")));
    showArguments(byId("arguments"), this.catalogue, this.state.chain, this.chosen, this.words,
      (chain) => {
        this.state.chain = chain;
        byId("chain").value = chain;
        this.refresh();
      });
  }

  // ---- a run ----

  // Takes the chain, runs it, draws the result; the numbers follow once it is quiet. While the
  // chain is wrong the last good one is what all parts of the tab show, pale.
  filter() {
    if (!this.picture) return;
    const message = byId("message");
    const { error, chain } = this.attempt(this.state.chain);
    if (!error) this.good = this.state.chain;
    else if (this.good !== undefined) this.attempt(this.good);
    if (!this.chain) this.showNothing();
    byId("chain").setAttribute("aria-invalid", String(Boolean(error)));
    message.className = error ? "error" : "hint";
    const said = this.words.said(error ? error.message : chain.warning || "");
    message.textContent = !error || !this.chain ? said
      : said + (/\?$/.test(said) ? " " : this.words("stop")) + this.words("still-shown", this.good);
    byId("panel-picture").classList.toggle("stale", Boolean(error));
    clearTimeout(this.timer);
    if (!this.chain) return;
    this.since ||= performance.now();
    const left = this.since + LONGEST - performance.now();
    if (left <= 0) this.showNumbers(); // a timer would come after the camera's next frame
    else this.timer = setTimeout(() => this.showNumbers(), Math.min(QUIET, left));
  }

  // Runs that chain and draws what it makes: {chain}, as the engine has it, or {error}.
  attempt(text) {
    this.chain = null;
    try {
      const chain = this.engine.setChain(text, { map: this.state.map, color: this.state.color });
      this.checkSizes(chain);
      chain.names = chain.names?.map(this.words.filterName);
      const start = performance.now();
      const result = this.engine.run(false);
      this.took = performance.now() - start;
      this.chain = chain;
      this.showResult(result);
      return { chain };
    } catch (error) {
      return { error };
    }
  }

  // Refuses a chain before it runs, and the page stands still.
  checkSizes({ engine }) {
    const large = engine.find(({ out: [width, height, channels] }) =>
      width * height * channels > MOST_SAMPLES);
    if (large) {
      throw new Error(this.words("too-large", large.text, large.out.join(" \u00d7 "),
        MOST_SAMPLES / 1e6));
    }
  }

  // No chain ran on this picture.
  showNothing() {
    const canvas = byId("output-picture");
    canvas.width = canvas.height = 1;
    byId("output-size").textContent = byId("range").textContent = "";
    byId("pixel-view").hidden = byId("maps-card").hidden = true;
    byId("shapes-card").hidden = true;
    hideSpots();
  }

  // Without waiting, for paper.
  drawNow() {
    this.filter();
    clearTimeout(this.timer);
    this.showNumbers();
  }

  showResult(result) {
    const canvas = byId("output-picture");
    this.result = result;
    let what = "";
    if (isPicture(result)) drawSamples(canvas, result);
    else {
      const channel = Math.min(this.state.channel, result.channels - 1);
      const name = this.chain.names?.[channel];
      what = " \u00b7 " + this.words("shown-channel", channel + (name ? `: ${name}` : ""));
      drawValues(canvas, result, channel, ...rangeOf(result, channel), false, false);
    }
    this.fit(canvas, result);
    if (!this.shown) performance.mark("first-picture");
    this.shown = true;
    byId("output-size").textContent = `${sizeText(result)}${what} \u00b7 ${show(this.took, 2)} ms`;
    this.showRange();
  }

  // The stage that the map put at the end of the engine's; their count: none did.
  mapStage() {
    const stages = this.chain.engine, last = stages[stages.length - 1];
    const is = last?.origin === -1 && this.state.map !== "clamp" &&
      ["abs", "scale", "normalize"].includes(last.rule);
    return is ? stages.length - 1 : stages.length;
  }

  // The range of the values, and of the mapped ones where that is another thing. The values before
  // the map are known where the run kept them.
  showRange() {
    const { negative, above, samples, min, max } = this.engine.report;
    const lost = (negative + above) / samples * 100;
    const at = this.mapStage(), mapped = at < this.chain.engine.length;
    const texts = [];
    const own = mapped && this.engine.kept && this.engine.values(at);
    if (own) {
      const channels = own.channels - (this.chain.alpha ? 1 : 0);
      const ranges = Array.from({ length: channels }, (_, c) => rangeOf(own, c)).flat();
      texts.push(this.words("range", show(Math.min(...ranges), 4), show(Math.max(...ranges), 4)));
    }
    texts.push(this.words(mapped ? "range-mapped" : "range", show(min, 4), show(max, 4)));
    if (lost >= 0.5) texts.push(this.words("clamped", show(Math.round(lost))));
    else if (lost > 0) texts.push(this.words("few-clamped", show(lost, 1)));
    if (isPicture(this.result) && max > 0 && max <= 1) texts.push(this.words("black"));
    byId("range").textContent = texts.join(" ");
  }

  showNumbers() {
    if (!this.chain || this.state.tab !== "picture") return;
    this.since = 0;
    byId("shapes-card").hidden = false;
    showShapes(byId("shapes"), this.chain, this.words);
    if (this.keeps()) this.showStages();
    document.body.dataset.ready = String(Number(document.body.dataset.ready || 0) + 1);
  }

  // Whether what every stage makes fits into memory beside the picture that is shown.
  keeps() {
    try {
      this.engine.run(true);
      return true;
    } catch (error) {
      byId("pixel-view").hidden = byId("maps-card").hidden = true;
      hideSpots();
      const message = byId("message"), before = message.textContent; // of a wrong chain
      message.className = "error";
      message.textContent = (before && `${before} `) +
        this.words("no-stages", this.words.said(error.message));
      return false;
    }
  }

  showStages() {
    this.pixels.update(this.chain, this.mapStage());
    this.showRange();
    if (this.chain.engine.length === 0) hideSpots();
    const count = this.chain.engine.length;
    const image = this.engine.values(count);
    const many = image && !isPicture(this.result);
    byId("maps-card").hidden = !many;
    if (many) {
      byId("maps").classList.toggle("tiny", image.width <= TINY);
      showMaps(byId("maps"), image, this.chain.names, this.words, (c) => {
        this.state.channel = c;
        this.state.stage = count - 1;
        this.pixels.update(this.chain, this.mapStage());
        this.showResult(this.result);
        this.changed();
        byId("pixel-view").scrollIntoView({ behavior: "smooth" });
      });
    }
  }

  // ---- where the numbers are taken ----

  fit(canvas, { width, height }) {
    canvas.classList.toggle("tiny", width <= TINY);
    canvas.parentElement.style.setProperty("--ratio", String(width / height));
  }

  // Frames on both pictures, by shares of the images of the pixel view's stage, which may be an
  // inner one.
  showSpots(found, stage) {
    const [width, height] = found.size || [1, 1];
    const [x, y] = found.first || found.at;
    const [across, down] = found.dilation || [1, 1];
    place(byId("input-spot"), x / stage.in[0], y / stage.in[1],
      ((width - 1) * across + 1) / stage.in[0], ((height - 1) * down + 1) / stage.in[1]);
    place(byId("output-spot"), found.at[0] / stage.out[0], found.at[1] / stage.out[1],
      1 / stage.out[0], 1 / stage.out[1]);
  }

  clicked(event) {
    if (!this.pixels.stage) return;
    const box = event.target.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width, y = (event.clientY - box.top) / box.height;
    const stage = this.pixels.stage;
    if (event.target.id === "output-picture") {
      this.pixels.player.go(Math.floor(x * stage.out[0]), Math.floor(y * stage.out[1]));
    } else {
      this.pixels.goToInput(Math.floor(x * stage.in[0]), Math.floor(y * stage.in[1]));
    }
  }
}

function hideSpots() {
  for (const id of ["input-spot", "output-spot"]) place(byId(id), 0, 0, 0, 0);
}

function place(box, x, y, width, height) {
  box.hidden = width === 0;
  Object.assign(box.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${width * 100}%`,
    height: `${height * 100}%` });
}

const sizeText = ({ width, height, channels }) => `${width} \u00d7 ${height}` +
  (channels === 1 ? "" : ` \u00d7 ${channels}`);
