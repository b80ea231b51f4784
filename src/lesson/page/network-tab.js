// The tab with a network on a digit drawn by hand: every layer's maps, weights, states, and what it
// takes the digit for. The networks are those of samples/networks.
import { bytesOf } from "./base64.js";
import { byId, element, fillSelect, oncePerFrame } from "./dom.js";
import { loadEngine } from "./engine.js";
import { attentionOf, barsOf, mapsOf, statesOf, vectorOf, weightsOf } from "./layers.js";
import { Pad } from "./pad.js";
import { fromFile } from "./pictures.js";

// What is shown of each network: [tensor, kind]. To add one: a row here, its text in texts.js, and
// its file in lesson.mk.
const SHOWN = {
  cnn: [["conv1", "maps"], ["relu1", "maps"], ["pool1", "maps"], ["conv2", "maps"],
    ["relu2", "maps"], ["pool2", "maps"], ["full", "vector"], ["hidden", "vector"],
    ["scores", "vector"]],
  residual: [["relu", "maps"], ["block1.norm2", "maps"], ["block1", "maps"], ["block2", "maps"],
    ["block3", "maps"], ["mean", "maps"], ["scores", "vector"]],
  attention: [["patches", "maps"], ["likeness", "attention"], ["attention", "attention"],
    ["mean", "vector"], ["scores", "vector"]],
  rnn: [["rows", "states"], ["hidden", "states"], ["scores", "vector"]],
  lstm: [["rows", "states"], ["hidden", "states"], ["scores", "vector"]],
};
const RESULT = "probabilities";

export class NetworkTab {
  // networks: {name: base64}; digits: data URLs of the samples.
  constructor(module, { networks, digits }, words, state, changed) {
    Object.assign(this, { module, networks, digits, words, state, changed, patch: 5 });
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
    fillSelect(byId("network-name"), Object.keys(SHOWN).filter((name) => this.networks?.[name])
      .map((name) => [name, words("network-" + name)]), state.network);
    byId("network-name").addEventListener("change", () => this.load(byId("network-name").value));
    byId("patch").addEventListener("input", () => {
      this.patch = Math.min(15, Math.max(0, Math.round(Number(byId("patch").value)) || 0));
      this.run();
    });
    byId("pad-clear").addEventListener("click", () => this.pad.clear());
    byId("digits").replaceChildren(...this.digits.map((_, digit) => element("button",
      { type: "button", onclick: () => this.choose(digit),
        "aria-label": words("sample-digit", digit) }, String(digit))));
    this.engine = await loadEngine(this.module);
    this.shrinker = await loadEngine(this.module);
    if (state.drawing) this.pad.text = state.drawing;
    else await this.choose(state.digit);
    this.load(state.network);
  }

  async choose(digit) {
    const chosen = this.digits[digit] ? digit : 0;
    const blob = new Blob([bytesOf(this.digits[chosen])], { type: "image/png" });
    this.pad.fromDigit(await fromFile(blob));
    this.state.digit = chosen;
    this.state.drawing = "";
    this.changed();
    this.run();
  }

  load(name) {
    const known = this.networks[name] && SHOWN[name] ? name : "cnn";
    const message = byId("network-message");
    message.textContent = "";
    try {
      const wanted = [...SHOWN[known].map(([tensor]) => tensor), RESULT];
      this.steps = this.engine.loadNetwork(bytesOf(this.networks[known]), wanted).steps;
    } catch (error) {
      message.textContent = this.words.said(error.message);
      return;
    }
    this.state.network = known;
    this.shown = SHOWN[known];
    byId("network-about").textContent = this.words("about-" + known);
    byId("patch-line").hidden = known !== "attention";
    this.build();
    this.changed();
    this.run();
  }

  // A card for each tensor, filled by each run; the weights only once.
  build() {
    this.boxes = this.shown.map(([name, kind]) => {
      const step = this.steps.find((s) => s.name === name);
      const box = element("div", { class: "layer-body" });
      const weights = kind === "attention" ? [] : this.engine.weights(name)
        .filter((t) => t.data && t.data.length > 3);
      const title = element("h4", {}, name, " ", element("span", { class: "size" },
        `${this.words.maybe(`layer-${this.state.network}-${name}`,
          this.words.maybe("operator-" + step.operator, step.operator))} \u00b7 ` +
        `${step.shape.slice(1).join(" \u00d7 ")}` + (step.parameters > 1
          ? ` \u00b7 ${step.parameters.toLocaleString()} ${this.words("parameters")}` : "")));
      const more = weights.length ? this.weightsCard(weights) : null;
      return { name, kind, box, card: element("section", { class: "layer" }, title, box, more) };
    });
    byId("layers").replaceChildren(...this.boxes.map((b) => b.card));
  }

  weightsCard(weights) {
    const box = element("div");
    const card = element("details", {}, element("summary", {}, this.words("weights")), box);
    card.addEventListener("toggle", () => card.open && !box.children.length &&
      box.append(...weights.map((tensor) => weightsOf(tensor, this.words))));
    return card;
  }

  // Without waiting, for paper.
  drawNow() {
    this.pad?.draw();
    this.compute();
  }

  compute() {
    if (!this.shown || this.state.tab !== "network") return;
    /* The engine makes the 8 x 8 pixels: the mean of each block of 4 x 4 cells. */
    this.shrinker.setImage(this.pad.picture());
    this.shrinker.setChain("avgpool:4");
    this.shrinker.run(true);
    const input = this.shrinker.values(1).data.map((v) => v / 255);
    const made = this.engine.runNetwork(input);
    byId("network-input").replaceChildren(...mapsOf({ name: "image", shape: [1, 1, 8, 8],
      data: [...input] }, this.words));
    for (const { name, kind, box } of this.boxes) {
      const tensor = made[name];
      const content = kind === "maps" ? mapsOf(tensor, this.words)
        : kind === "vector" ? vectorOf(tensor, this.words)
          : kind === "states" ? statesOf(tensor, this.words)
            : attentionOf(tensor, this.words, input, this.patch, (patch) => {
              this.patch = patch;
              byId("patch").value = patch;
              this.run();
            });
      box.replaceChildren(...[content].flat());
    }
    byId("network-result").replaceChildren(barsOf(made[RESULT], this.words));
  }
}
