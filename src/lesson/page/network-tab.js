// The tab with a network on a digit drawn by hand: every layer's maps, weights, states, and what it
// takes the digit for. The networks are those of samples/networks.
import { bytesOf } from "./base64.js";
import { attentionOf, productOf } from "./attention.js";
import { byId, clamp, element, fillSelect, oncePerFrame } from "./dom.js";
import { loadEngine } from "./engine.js";
import { GATES, gatesOf } from "./gates.js";
import { barsOf, mapsOf, statesOf, vectorOf, weightsOf } from "./layers.js";
import { lstmOf, PARTS } from "./lstm.js";
import { Pad } from "./pad.js";
import { fromFile } from "./pictures.js";
import { tablesOf } from "./tables.js";

// All that a residual block makes, in order; `fits`: a convolution is on its shortcut.
const block = (name, fits) => [...["conv1", "norm1", "relu1", "conv2", "norm2",
  ...(fits ? ["fit"] : []), "sum"].map((part) => [`${name}.${part}`, "maps"]), [name, "maps"]];

// What is shown of each network: [tensor, kind, more]. More: `weights`, tensors whose nodes'
// weights are shown and not its own; of a product the tensors `left`, `right`, and `whole`, where
// that is divided by the root of the inner size. To add a network: a row here, its texts in
// texts.js, and its file in lesson.mk.
const SHOWN = {
  cnn: [["conv1", "maps"], ["relu1", "maps"], ["pool1", "maps"], ["conv2", "maps"],
    ["relu2", "maps"], ["pool2", "maps"], ["full", "vector"], ["hidden", "vector"],
    ["scores", "vector"]],
  residual: [["conv", "maps"], ["norm", "maps"], ["relu", "maps"], ...block("block1", false),
    ...block("block2", true), ...block("block3", false), ["mean", "maps"], ["scores", "vector"]],
  attention: [["patches", "maps"],
    ["likeness", "product", { left: "query.heads", right: "key.heads", whole: "likeness.whole",
      weights: ["query.matmul", "key.matmul"] }],
    ["attention", "attention"],
    ["attended.heads", "product", { left: "attention", right: "value.heads",
      weights: ["value.matmul"] }],
    ["mean", "vector"], ["scores", "vector"]],
  rnn: [["rows", "states"], ["hidden", "states", { weights: ["cell.rnn"] }], ["scores", "vector"]],
  lstm: [["rows", "states"], ["cell.lstm", "lstm"], ["hidden", "states"], ["scores", "vector"]],
};
const RESULT = "probabilities";
const IN_BLOCK = /^block(\d+)(?:\.(\w+))?$/; // its number, and the layer in it

const PLACES = { patch: "patch", "patch-column": "column", time: "time", unit: "unit" };

const AT_ONCE = 4; // milliseconds for cards that aren't seen

function isSeen(card) {
  const { top, bottom } = card.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}

// Puts the parts into the box; those that are there stay, so that they aren't laid out again.
function fill(box, parts) {
  if (parts[0] === box.firstElementChild) box.lastElementChild.replaceWith(...parts.slice(1));
  else box.replaceChildren(...parts);
}

export class NetworkTab {
  // networks: {name: base64}; digits: data URLs of the samples.
  constructor(module, { networks, digits }, words, state, changed) {
    Object.assign(this, { module, networks, digits, words, state, changed });
    this.run = oncePerFrame(() => this.compute());
  }

  // When the tab is shown for the first time: loads the engine and the network.
  async open() {
    if (this.pad) {
      this.pad.draw();
      this.run();
      return;
    }
    const { words, state } = this;
    this.pad = new Pad(byId("pad"), () => {
      state.drawing = this.pad.text;
      this.changed();
      this.run();
    });
    fillSelect(byId("network-name"), Object.keys(SHOWN).filter((name) => this.knows(name))
      .map((name) => [name, words("network-" + name)]), state.network);
    byId("network-name").addEventListener("change", () => this.load(byId("network-name").value));
    for (const [id, what] of Object.entries(PLACES)) {
      const take = (given) => {
        state[what] = clamp(Math.round(Number(given)) || 0, 0, Number(byId(id).max));
      };
      const write = () => { byId(id).value = state[what]; };
      byId(id).addEventListener("input", () => {
        take(byId(id).value);
        this.changed();
        this.run();
      });
      byId(id).addEventListener("change", write);
      take(state[what]); // a link may have any number
      write();
    }
    byId("pad-clear").addEventListener("click", () => this.pad.clear());
    byId("digits").replaceChildren(...this.digits.map((_, digit) => element("button",
      { type: "button", onclick: () => this.choose(digit),
        "aria-label": words("sample-digit", digit) }, String(digit))));
    this.engine = await loadEngine(this.module);
    this.shrinker = await loadEngine(this.module);
    const unknown = this.unknown(); // of the link
    if (state.drawing) this.pad.text = state.drawing;
    else await this.choose(state.digit);
    this.load(state.network);
    byId("network-message").append(...unknown);
  }

  // What is said of a network and a sample that the page doesn't have; others take their place.
  unknown() {
    const { digit, drawing, network } = this.state, { words } = this;
    return [this.knows(network) ? "" : words("no-such-network", network) + " ",
      drawing || this.digits[digit] ? "" : words("no-such-digit", digit)];
  }

  knows(name) {
    return Object.hasOwn(SHOWN, name) && Boolean(this.networks?.[name]);
  }

  async choose(digit) {
    const chosen = this.digits[digit] ? digit : 0;
    const blob = new Blob([bytesOf(this.digits[chosen])], { type: "image/png" });
    this.pad.fromDigit(await fromFile(blob));
    byId("network-message").textContent = "";
    this.state.digit = chosen;
    this.state.drawing = "";
    this.changed();
    this.run();
  }

  load(name) {
    const known = this.knows(name) ? name : "cnn";
    const message = byId("network-message");
    message.textContent = "";
    clearTimeout(this.timer); // what waits is of the network before
    this.waiting = [];
    try {
      const wanted = SHOWN[known].flatMap(([tensor, , more = {}]) =>
        [tensor, more.left, more.right, more.whole].filter(Boolean));
      this.steps = this.engine.loadNetwork(bytesOf(this.networks[known]),
        [...new Set(wanted), RESULT]).steps;
    } catch (error) {
      message.textContent = this.words.said(error.message);
      return;
    }
    this.state.network = known;
    this.shown = SHOWN[known];
    byId("network-about").textContent = this.words("about-" + known);
    byId("patch-line").hidden = known !== "attention";
    byId("time-line").hidden = known !== "lstm";
    this.build();
    this.changed();
    this.run();
  }

  // What a layer does, in words.
  captionOf(step) {
    const { words } = this;
    const [found, , part] = IN_BLOCK.exec(step.name) || [];
    if (found) return words("block-" + (part || "out"), ...step.inputs);
    return words.maybe(`layer-${this.state.network}-${step.name}`,
      words.maybe("operator-" + step.operator, step.operator));
  }

  // A card for each tensor, filled by each run; the weights only once.
  build() {
    this.boxes = this.shown.map(([name, kind, more = {}]) => {
      const step = this.stepOf(name);
      const box = element("div", { class: "layer-body" });
      const title = element("h4", {}, name, " ", element("span", { class: "size" },
        `${this.captionOf(step)} \u00b7 ` +
        `${step.shape.filter((n, i) => (kind === "lstm" ? n > 1 : i > 0)).join(" \u00d7 ")}` +
        (step.parameters > 1
          ? ` \u00b7 ${this.words("parameter-count", step.parameters.toLocaleString())}` : "")));
      const entry = { name, kind, more, box };
      entry.card = element("section", { class: "layer" }, title, box, this.numbersCard(entry),
        this.weightsCard(more.weights || [name]));
      return entry;
    });
    byId("layers").replaceChildren(...this.grouped());
  }

  stepOf(name) {
    return this.steps.find((step) => step.name === name);
  }

  // The cards; those of a block in a frame with its number.
  grouped() {
    const groups = [];
    for (const { name, card } of this.boxes) {
      const number = IN_BLOCK.exec(name)?.[1];
      if (number && groups.at(-1)?.dataset?.block !== number) {
        groups.push(element("div", { class: "block", "data-block": number },
          element("p", {}, this.words("block-title", number))));
      }
      if (number) groups.at(-1).append(card);
      else groups.push(card);
    }
    return groups;
  }

  // A card's numbers, which are written when it is opened, and at each run as long as it is.
  numbersCard(entry) {
    const { words } = this;
    const box = element("div", { class: "scroll number-tables", tabindex: "0", role: "group",
      "aria-label": `${entry.name}: ${words("the-numbers")}` });
    const card = element("details", {}, element("summary", {}, words("the-numbers")), box);
    const label = (i) => words(entry.kind === "maps" ? "map-of" : "head-number", i);
    entry.tell = () => card.open && box.replaceChildren(...this.tensorsOf(entry)
      .flatMap((tensor) => tablesOf(tensor, label)));
    card.addEventListener("toggle", entry.tell);
    return card;
  }

  // What a card shows, of the last run.
  tensorsOf({ name, kind, more }) {
    if (kind === "lstm") {
      const parts = this.engine.lstm(name);
      return PARTS.map((part) => ({ ...parts[part], name: this.words("part-" + part) }));
    }
    return [more.left, more.right, name].filter(Boolean).map((one) => this.made[one]);
  }

  // The weights of the nodes that make these tensors, drawn when it is opened; null: none.
  weightsCard(names) {
    const { words } = this;
    const nodes = names.map((name) => ({ operator: this.stepOf(name).operator,
      tensors: this.engine.weights(name).filter((t) => t.data && t.data.length > 3) }))
      .filter(({ tensors }) => tensors.length);
    if (!nodes.length) return null;
    const box = element("div");
    const card = element("details", {}, element("summary", {}, words("weights")), box);
    card.addEventListener("toggle", () => card.open && !box.children.length &&
      box.append(...nodes.flatMap(({ operator, tensors }) => (GATES[operator]
        ? gatesOf(operator, tensors, words)
        : tensors.map((tensor) => weightsOf(tensor, words))))));
    return card;
  }

  // Without waiting, for paper.
  drawNow() {
    this.pad?.draw();
    this.compute();
    while (this.waiting?.length) this.waiting.shift()();
  }

  // Draws the cards that are seen at once; the others when there is time.
  compute() {
    if (!this.shown || this.state.tab !== "network") return;
    /* Before anything changes, as the browser would then have to lay it out first. */
    const seen = new Set(this.boxes.filter(({ card }) => isSeen(card)));
    const input = this.pixels();
    const made = this.made = this.engine.runNetwork(input);
    byId("network-input").replaceChildren(...mapsOf({ name: "image", shape: [1, 1, 8, 8],
      data: input }, this.words, byId("network-input")));
    const draw = (entry) => {
      fill(entry.box, [this.contentOf(entry, made)].flat());
      entry.tell();
    };
    byId("network-result").replaceChildren(input.some((v) => v > 0)
      ? barsOf(made[RESULT], this.words) : element("p", {}, this.words("empty-pad")));
    seen.forEach(draw);
    this.waiting = this.boxes.filter((b) => !seen.has(b)).map((b) => () => draw(b));
    byId("layers").setAttribute("aria-busy", "true");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.drawWaiting());
  }

  // The 8 x 8 pixels, 0 to 1: a sample's own, as the program reads them, else what the engine makes
  // of the drawing: the mean of each block of 4 x 4 cells.
  pixels() {
    if (this.pad.small) return Float32Array.from(this.pad.small, (v) => v / 255);
    this.shrinker.setImage(this.pad.picture());
    this.shrinker.setChain("avgpool:4");
    this.shrinker.run(true);
    return this.shrinker.values(1).data.map((v) => v / 255);
  }

  drawWaiting() {
    const start = performance.now();
    while (this.waiting.length && performance.now() - start < AT_ONCE) this.waiting.shift()();
    if (this.waiting.length) this.timer = setTimeout(() => this.drawWaiting());
    else byId("layers").removeAttribute("aria-busy");
  }

  // At other places, after a click.
  look(places) {
    Object.assign(this.state, places);
    for (const [id, what] of Object.entries(PLACES)) byId(id).value = this.state[what];
    this.changed();
    this.run();
  }

  // What a card shows of a run.
  contentOf({ name, kind, more, box }, made) {
    const { words, state } = this, tensor = made[name];
    const choose = (patch, column = state.column) => this.look({ patch, column });
    const kinds = {
      maps: () => mapsOf(tensor, words, box),
      vector: () => vectorOf(tensor, words),
      states: () => statesOf(tensor, words),
      lstm: () => lstmOf(this.engine.lstm(name), made.hidden, words, [state.time, state.unit],
        (time, unit) => this.look({ time, unit })),
      attention: () => attentionOf(tensor, words, state.patch, choose),
      product: () => {
        const left = made[more.left], right = made[more.right];
        const over = more.whole && { whole: made[more.whole], d: left.shape[3] };
        return productOf({ left, right, made: tensor, over }, words, [state.patch, state.column],
          choose);
      },
    };
    return kinds[kind]();
  }
}
