// One output number at a time: the window on the input, the kernel, the products, their sum, and
// the output cell that it becomes.
import { cellTable } from "./cells.js";
import { byId, element, fillSelect } from "./dom.js";
import { lineParts, resultLines, roundingLine } from "./formula.js";
import { commonDivisor, show, undivided } from "./numbers.js";
import { rangeOf } from "./pictures.js";
import { Player } from "./player.js";
import { cutAround, drawZoom } from "./zoom.js";

const MOST_CELLS = 13; // columns or rows of a window that is shown cell by cell
const MOST_FOLDED = 64 * 64; // cells of one that is shown so when it is asked for
const QUIET = 150; // milliseconds without a step, after which that is done
const MOST_TERMS = 2; // shown at once

// How numbers of an image become colours.
function lookOf(image, channel) {
  const [low, high] = rangeOf(image, channel);
  if (low < -1e-3 * Math.max(1e-6, high)) return { channel, low, high, signed: true };
  return { channel, low: 0, high: high > 255 ? high : high <= 1.5 ? high : 255, signed: false };
}

// The channel of a stage's input to be looked at beside channel c of its output.
const inputChannel = (found, c, channels) => found.terms?.[0]?.channel ?? Math.min(c, channels - 1);

export class PixelView {
  constructor(engine, words, state, changed) {
    Object.assign(this, { engine, words, state, changed, term: -1 });
    this.player = new Player(() => this.outputSize(), (x, y) => this.moved(x, y),
      (playing) => this.tellPlaying(playing));
    byId("play").addEventListener("click", () => this.player.toggle());
    byId("step").addEventListener("click", () => this.player.step(1));
    byId("back").addEventListener("click", () => this.player.step(-1));
    byId("slower").addEventListener("click", () => this.changeSpeed(-1));
    byId("faster").addEventListener("click", () => this.changeSpeed(1));
    for (const id of ["at-x", "at-y"]) {
      byId(id).addEventListener("input", () => {
        if (Number(byId(id).value) > Number(byId(id).max)) byId(id).value = byId(id).max;
        this.player.go(Number(byId("at-x").value) || 0, Number(byId("at-y").value) || 0);
      });
      byId(id).addEventListener("change", () => { byId(id).value = this.player[id.slice(3)]; });
    }
    byId("pixel-stage").addEventListener("change", () => this.chooseStage());
    byId("pixel-channel").addEventListener("change", (event) => {
      this.state.channel = Number(event.target.value);
      this.show();
      this.onChannel?.();
      this.changed();
    });
    for (const id of ["zoom-in", "zoom-out"]) {
      byId(id).addEventListener("click", (event) => this.clicked(event));
    }
    byId("pixel-view").addEventListener("keydown", (event) => this.key(event));
    this.changeSpeed(0);
  }

  get stage() {
    return this.chain.engine[this.index];
  }

  outputSize() {
    return this.stage ? this.stage.out : [1, 1];
  }

  // After a run that kept its values: shows the stage that the state names. `mapped`: the index of
  // the map's own stage, or the count of stages.
  update(chain, mapped) {
    this.chain = chain;
    this.mapped = mapped;
    const count = chain.engine.length;
    byId("pixel-view").hidden = count === 0;
    if (count === 0) return;
    const windowed = chain.engine.map((s) => s.windowed).lastIndexOf(1);
    const wanted = this.state.stage;
    this.index = wanted >= 0 && wanted < count ? wanted : windowed >= 0 ? windowed : count - 1;
    fillSelect(byId("pixel-stage"), chain.engine.map((s, i) => [i, `${i + 1}. ${this.titleOf(s)}`]),
      this.index);
    this.input = this.engine.values(this.index);
    this.output = this.engine.values(this.index + 1);
    const [width, height, channels] = this.stage.out;
    this.state.channel = Math.min(this.state.channel, channels - 1);
    fillSelect(byId("pixel-channel"), Array.from({ length: channels },
      (_, c) => [c, this.channelName(c, channels)]), this.state.channel);
    byId("pixel-channel").parentElement.hidden = channels === 1;
    byId("at-x").max = width - 1;
    byId("at-y").max = height - 1;
    const at = /^(\d+),(\d+)$/.exec(this.state.at);
    this.player.x = Math.min(width - 1, at ? Number(at[1]) : Math.floor((width - 1) / 2));
    this.player.y = Math.min(height - 1, at ? Number(at[2]) : Math.floor((height - 1) / 2));
    this.show();
  }

  // The stage as the chain has it, and what it does; of an inserted one that alone.
  titleOf({ origin, text, rule }) {
    const does = this.words.maybe("rule-" + rule, rule);
    return origin < 0 || text === does ? does : `${text} (${does})`;
  }

  channelName(c, channels) {
    const names = this.index === this.chain.engine.length - 1 && this.chain.names;
    if (names) return `${c}: ${names[c]}`;
    return channels === 3 ? ["R", "G", "B"][c] : String(c);
  }

  chooseStage() {
    this.state.stage = Number(byId("pixel-stage").value);
    this.state.at = "";
    this.term = -1;
    this.update(this.chain, this.mapped);
    this.changed();
  }

  moved(x, y) {
    this.state.at = `${x},${y}`;
    this.show();
    this.changed();
  }

  // ---- what is shown ----

  show() {
    if (!this.engine.kept || !this.stage || !this.input || !this.output) return;
    const { x, y } = this.player;
    for (const [id, value] of [["at-x", x], ["at-y", y]]) {
      if (document.activeElement !== byId(id) || byId(id).value === "") byId(id).value = value;
    }
    const found = this.engine.explain(this.index, x, y, this.state.channel);
    this.found = found;
    this.drawZooms(found, x, y);
    this.showTables(found);
    const last = this.index === this.chain.engine.length - 1;
    const lines = resultLines(found, this.words, (term) => commonDivisor(term.weights));
    let written = last ? found.made : null;
    if (this.index === this.mapped - 1 && !last) { // what the map makes of it belongs here too
      const map = this.engine.explain(this.mapped, x, y, this.state.channel);
      lines.push(...resultLines(map, this.words, () => 1)
        .map((line) => `${this.words("map-" + this.state.map)}: ${line}`));
      written = map.made;
    }
    byId("formula").replaceChildren(
      ...lines.map((line) => element("p", {}, lineParts(line))),
      written !== null && !this.engine.floats
        ? element("p", { class: "pixel" }, lineParts(roundingLine(written, this.words))) : "");
    this.onMove?.(found, this.stage);
  }

  drawZooms(found, x, y) {
    const [width, height] = found.size || [1, 1];
    const [first_x, first_y] = found.first || found.source || [x, y];
    const [step_x, step_y] = found.dilation || [1, 1];
    const reach_x = (width - 1) * step_x + 1, reach_y = (height - 1) * step_y + 1;
    const channel = inputChannel(found, this.state.channel, this.input.channels);
    const marks = [{ x: first_x, y: first_y, width, height, step_x, step_y, kind: "window" }];
    if (found.chosen >= 0) {
      marks.push({ x: first_x + found.chosen % width * step_x, kind: "lit", width: 1, height: 1,
        y: first_y + Math.floor(found.chosen / width) * step_y });
    }
    const beyond = (cx, cy) => {
      const i = (cx - first_x) / step_x, j = (cy - first_y) / step_y;
      const hit = found.terms && Number.isInteger(i) && Number.isInteger(j) && i >= 0 && j >= 0 &&
        i < width && j < height;
      return hit && found.border !== "none" ? found.terms[0].values[j * width + i] : null;
    };
    const cuts = { x: cutAround(first_x, reach_x, this.input.width, 25),
      y: cutAround(first_y, reach_y, this.input.height, 25) };
    this.inputCut = cuts;
    drawZoom(byId("zoom-in"), this.input, cuts, lookOf(this.input, channel), marks, beyond);
    const across = Math.min(9, cuts.x.count), down = Math.min(9, cuts.y.count);
    const out = { x: cutAround(x - 2, 5, this.output.width, across),
      y: cutAround(y - 2, 5, this.output.height, down) };
    this.outputCut = out;
    drawZoom(byId("zoom-out"), this.output, out, lookOf(this.output, this.state.channel),
      [{ x, y, width: 1, height: 1, kind: "lit" }], () => null);
  }

  showTables(found) {
    const box = byId("tables");
    const [width, height] = found.size || [1, 1];
    const chooser = byId("pixel-term");
    chooser.parentElement.hidden = true;
    if (!found.terms) {
      box.replaceChildren(this.pointTable(found, "from"), arrow("\u2192"),
        this.pointTable(found, "to"));
      return;
    }
    if (width * height > MOST_FOLDED) {
      box.replaceChildren(element("p", { class: "hint" },
        this.words("large-window", `${width}\u00d7${height}`)));
      return;
    }
    let terms = found.terms;
    if (terms.length > MOST_TERMS) {
      const best = found.rule === "compass"
        ? terms.reduce((b, t, i) => (t.sum > terms[b].sum ? i : b), 0) : 0;
      const chosen = this.term >= 0 && this.term < terms.length ? this.term : best;
      fillSelect(chooser, terms.map((t, i) => [i, t.name === "channel" ? String(t.channel)
        : t.name]), chosen);
      chooser.onchange = () => { this.term = Number(chooser.value); this.showTables(found); };
      chooser.parentElement.hidden = false;
      terms = [terms[chosen]];
    }
    const tables = () => terms.flatMap((term, i) => this.termTables(found, term, i));
    if (Math.max(width, height) > MOST_CELLS) this.fold(`${width}\u00d7${height}`, tables);
    else box.replaceChildren(...tables());
  }

  // Tables that would take several frames to make: as long as they are open, they are made once it
  // is quiet.
  fold(size, tables) {
    const box = byId("tables"), { words } = this;
    if (this.folded?.parentElement !== box || this.folded.dataset.size !== size) {
      const text = words("folded-window", size);
      this.folded = element("details", { "data-size": size, ontoggle: () => this.unfold() },
        element("summary", {}, text),
        element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": text }));
      box.replaceChildren(this.folded);
    }
    this.foldedTables = tables;
    this.unfold();
  }

  unfold() {
    const { open, lastElementChild: inner } = this.folded;
    clearTimeout(this.unfolding);
    inner.setAttribute("aria-busy", String(open));
    if (!open) {
      inner.replaceChildren();
      return;
    }
    this.unfolding = setTimeout(() => {
      inner.replaceChildren(...this.foldedTables());
      inner.setAttribute("aria-busy", "false");
    }, QUIET);
  }

  // A line of a term's tables; where it has no room for all, a sign goes with what comes after it.
  termTables(found, term, i) {
    const [width, height] = found.size;
    const axis = (at) => Array.from({ length: found.size[at] },
      (_, k) => found.first[at] + k * found.dilation[at]);
    const where = (k) => found.border === "none" || found.from_x[k] < 0 || found.from_y[k] < 0
      ? this.words("border-" + found.border) : `${found.from_x[k]},${found.from_y[k]}`;
    const centre = found.border === "none" ? -1 : found.anchor[1] * width + found.anchor[0];
    const values = { caption: this.words("window") + (term.name === "channel"
      ? ` (${this.words("channel")} ${term.channel})` : ""), width, height, values: term.values,
      kind: "samples", white: Math.max(255, ...term.values.map(Math.abs)), columns: axis(0),
      rows: axis(1), beyond: found.beyond.map((b, k) => (b ? where(k) : "")),
      left: found.border === "none", marked: found.chosen, centre };
    if (values.values.some((v) => v < 0)) values.kind = "signed";
    if (values.values.every((v) => Math.abs(v) <= 1.5)) values.white = 1;
    if (!term.weights) return [cellTable(values)];
    const scale = commonDivisor(term.weights) || 1;
    const whole = undivided(term.weights, scale);
    const name = found.terms.length > 1 && term.name !== "channel" ? ` ${term.name}` : "";
    const by = scale > 1 ? ` (\u00b7 1/${scale})` : "";
    const kernel = { caption: this.words("kernel") + name + by, width, height,
      values: whole, weights: true, kind: "signed", centre };
    const products = { caption: this.words("products"), width, height, kind: "signed",
      values: term.values.map((v, k) => v * whole[k]) };
    const part = (...children) => element("div", { class: "part" }, children);
    return [element("div", { class: "term" }, i === 0 || found.terms[0].channel !== term.channel
      ? cellTable(values) : element("div", { class: "same" }, "\u2033"),
    part(arrow("\u00d7"), cellTable(kernel)),
    part(arrow("="), cellTable(products), part(arrow("\u2192"),
      element("div", { class: "sum" }, element("span", {}, "\u03a3"),
        scale > 1 ? element("span", {}, `${show(term.sum * scale, 6)} / ${scale} =`) : null,
        element("b", {}, show(term.sum, 6))))))];
  }

  pointTable(found, side) {
    const values = found[side] || [found.made];
    return cellTable({ caption: this.words(side), width: values.length, height: 1, values,
      kind: "plain", columns: values.map((_, c) => c) });
  }

  // ---- moving ----

  clicked(event) {
    const input = event.target.id === "zoom-in";
    const cut = input ? this.inputCut : this.outputCut;
    const box = event.target.getBoundingClientRect();
    const x = cut.x.start + Math.floor((event.clientX - box.left) / box.width * cut.x.count);
    const y = cut.y.start + Math.floor((event.clientY - box.top) / box.height * cut.y.count);
    if (input) this.goToInput(x, y);
    else this.player.go(x, y);
  }

  // The output pixel whose window has its anchor near that input pixel.
  goToInput(x, y) {
    if (!this.engine.kept) return;
    const [across, down] = this.stage.stride;
    const found = this.engine.explain(this.index, 0, 0, 0);
    if (found.source) {
      this.player.go(...this.turned(found.source, x, y));
      return;
    }
    const resized = this.stage.in[0] / this.stage.out[0];
    if (!this.stage.windowed || this.stage.rule === "resize") {
      this.player.go(Math.floor(x / resized), Math.floor(y / resized));
      return;
    }
    const middle = (at) => found.first[at] + (found.border === "none"
      ? (found.size[at] - 1) / 2 : this.stage.anchor[at] * found.dilation[at]);
    this.player.go(Math.round((x - middle(0)) / across), Math.round((y - middle(1)) / down));
  }

  // Where a turn, which takes its pixel 0,0 from `corner`, moves the input's pixel x, y.
  turned(corner, x, y) {
    return [[1, 0], [0, 1]].map(([right, below], axis) => {
      if (this.stage.out[axis] < 2) return 0;
      const next = this.engine.explain(this.index, right, below, 0).source;
      return (x - corner[0]) * (next[0] - corner[0]) + (y - corner[1]) * (next[1] - corner[1]);
    });
  }

  key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (!["CANVAS", "BUTTON"].includes(event.target.tagName)) return;
    if (moves[event.key]) {
      this.player.go(this.player.x + moves[event.key][0], this.player.y + moves[event.key][1]);
    } else if (event.key === " " && event.target.tagName === "CANVAS") {
      this.player.toggle();
    } else {
      return;
    }
    event.preventDefault();
  }

  changeSpeed(by) {
    this.player.change(by);
    byId("speed").textContent = this.words("per-second", show(this.player.stepsPerSecond));
    byId("slower").disabled = this.player.speed === 0;
    byId("faster").disabled = this.player.stepsPerSecond === 60;
  }

  tellPlaying(playing) {
    byId("play").textContent = playing ? "\u275a\u275a" : "\u25b6";
    byId("play").setAttribute("aria-label", this.words(playing ? "pause" : "play"));
    byId("play").title = this.words(playing ? "pause" : "play");
  }
}

const arrow = (sign) => element("span", { class: "sign", "aria-hidden": "true" }, sign);
