// The kernel editor: cells to type or drag, presets, sum and gain, its picture and its frequency
// response. What the numbers mean is the engine's answer.
import { escaped } from "./chain.js";
import { byId, element, fillSelect } from "./dom.js";
import { drawCurve, drawKernel, drawResponse } from "./heat.js";
import { commonDivisor, css, inkOn, isDark, show, signedColor } from "./numbers.js";

const SIDES = [1, 2, 3, 4, 5, 7, 9];

export class KernelEditor {
  // changed(): the state's kernel is another; use(chain): filter the picture with it.
  constructor(engine, catalogue, words, state, changed, use) {
    Object.assign(this, { engine, words, state, changed, use });
    const presets = byId("kernel-preset");
    fillSelect(presets, [["", words("own-kernel")],
      ...catalogue.kernels.map((k) => [k.name, `${k.name} \u2013 ${k.summary}`])], state.kernel);
    presets.addEventListener("change", () => presets.value && this.load(presets.value));
    for (const id of ["kernel-width", "kernel-height"]) {
      byId(id).addEventListener("change", () => this.resize());
    }
    byId("kernel-use").addEventListener("click", () => this.use(`conv:${escaped(this.spec())}`));
    byId("kernel-divisor").addEventListener("input", () => {
      const value = this.takes(byId("kernel-divisor"), words("divisor"), (n) => n !== 0);
      if (value === null) return;
      this.divisor = value.number;
      this.edited();
    });
    for (const name of ["transpose", "flip", "negate"]) {
      byId(`kernel-${name}`).addEventListener("click", () => this.turn(name));
    }
  }

  // Takes a name, or numbers such as "1/9 * 3 of them".
  load(spec) {
    try {
      const found = this.engine.kernel(spec);
      this.width = found.width;
      this.height = found.height;
      this.divisor = commonDivisor(found.weights) || 1;
      this.cells = found.weights.map((w) => Number((w * this.divisor).toPrecision(9)));
      this.state.kernel = spec;
      this.build();
      byId("kernel-preset").value = spec;
      byId("kernel-preset").value ||= ""; // it isn't one of the list
    } catch (error) {
      if (!this.cells) this.load("sobel-x");
      byId("kernel-message").textContent = this.words.said(error.message);
    }
  }

  // The kernel as text that the engine reads, and a person too.
  spec() {
    const rows = [];
    for (let y = 0; y < this.height; y++) {
      rows.push(this.cells.slice(y * this.width, (y + 1) * this.width)
        .map((w) => (this.divisor === 1 || w === 0 ? String(w) : `${w}/${this.divisor}`))
        .join(" "));
    }
    return rows.join("; ");
  }

  build() {
    byId("kernel-message").textContent = "";
    byId("kernel-divisor").setAttribute("aria-invalid", "false");
    byId("kernel-divisor").value = this.divisor;
    fillSelect(byId("kernel-width"), this.sides(this.width), this.width);
    fillSelect(byId("kernel-height"), this.sides(this.height), this.height);
    const rows = [];
    this.fields = [];
    for (let y = 0; y < this.height; y++) {
      const cells = [];
      for (let x = 0; x < this.width; x++) cells.push(element("td", {}, this.field(x, y)));
      rows.push(element("tr", {}, cells));
    }
    byId("kernel-cells").style.setProperty("--columns", String(this.width));
    byId("kernel-cells").classList.toggle("many", this.width > 5);
    byId("kernel-cells").replaceChildren(
      element("caption", {}, this.words("kernel-cells")), element("tbody", {}, rows));
    this.analyse();
  }

  sides(own) {
    return [...new Set([...SIDES, own])].sort((a, b) => a - b).map((n) => [n, n]);
  }

  field(x, y) {
    const i = y * this.width + x;
    const field = element("input", { type: "text", inputmode: "decimal", size: "4",
      autocomplete: "off", value: String(this.cells[i]),
      "aria-label": this.words("kernel-cell", x, y) });
    field.addEventListener("input", () => {
      const value = this.takes(field, this.words("kernel-cell", x, y));
      if (value === null) return;
      this.cells[i] = value.number;
      this.edited();
    });
    field.addEventListener("keydown", (event) => {
      const moves = { ArrowUp: -this.width, ArrowDown: this.width };
      if (moves[event.key] && event.altKey) this.nudge(i, event.key === "ArrowUp" ? 1 : -1);
      else if (moves[event.key]) this.fields[i + moves[event.key]]?.focus();
      else return;
      event.preventDefault();
    });
    this.addDrag(field, i);
    this.fields.push(field);
    return field;
  }

  // What the field has: {number}; null: it is none, or isn't `right`, which the page then says.
  takes(field, name, right = () => true) {
    const number = readNumber(field.value);
    const good = Number.isFinite(number) && right(number);
    field.setAttribute("aria-invalid", String(!good));
    if (!good) field.says = this.words("kernel-wrong", name, field.value);
    const wrong = [field, ...this.fields, byId("kernel-divisor")]
      .find((other) => other.getAttribute("aria-invalid") === "true");
    byId("kernel-message").textContent = wrong ? wrong.says : "";
    return good ? { number } : null;
  }

  // Up and down with the pointer changes the number.
  addDrag(field, i) {
    field.addEventListener("pointerdown", (down) => {
      const from = this.cells[i];
      const move = (event) => {
        const by = Math.round((down.clientY - event.clientY) / 8);
        if (by === 0 && this.cells[i] === from) return;
        this.cells[i] = from + by;
        this.write(i);
        this.edited();
        event.preventDefault();
      };
      const end = () => {
        removeEventListener("pointermove", move);
        removeEventListener("pointerup", end);
      };
      addEventListener("pointermove", move);
      addEventListener("pointerup", end);
    });
  }

  nudge(i, by) {
    this.cells[i] += by;
    this.write(i);
    this.edited();
  }

  write(i) {
    this.fields[i].value = String(this.cells[i]);
    this.takes(this.fields[i], "");
  }

  edited() {
    byId("kernel-preset").value = "";
    this.state.kernel = this.spec();
    this.analyse();
    this.changed();
  }

  resize() {
    const width = Number(byId("kernel-width").value), height = Number(byId("kernel-height").value);
    const left = Math.floor((width - this.width) / 2), top = Math.floor((height - this.height) / 2);
    const cells = new Array(width * height).fill(0);
    this.cells.forEach((w, i) => {
      const x = i % this.width + left, y = Math.floor(i / this.width) + top;
      if (x >= 0 && y >= 0 && x < width && y < height) cells[y * width + x] = w;
    });
    Object.assign(this, { width, height, cells });
    this.build();
    this.edited();
  }

  turn(how) {
    const { width, height, cells } = this;
    if (how === "negate") this.cells = cells.map((w) => (w === 0 ? 0 : -w));
    if (how === "flip") this.cells = cells.slice().reverse();
    if (how === "transpose") {
      this.cells = cells.map((_, i) => cells[i % height * width + Math.floor(i / height)]);
      [this.width, this.height] = [height, width];
    }
    this.build();
    this.edited();
  }

  fail(error) {
    byId("kernel-facts").replaceChildren(element("p", { class: "error" },
      this.words.said(error.message)));
  }

  // Asks the engine, and shows what it says.
  analyse() {
    const dark = isDark();
    const most = this.cells.reduce((m, w) => Math.max(m, Math.abs(w)), 0);
    this.fields.forEach((field, i) => {
      const color = signedColor(this.cells[i], most, dark);
      field.style.setProperty("--cell", css(color));
      field.style.color = inkOn(color);
    });
    let found;
    try {
      found = this.engine.kernel(this.spec());
    } catch (error) {
      this.fail(error);
      return;
    }
    const rounded = Math.abs(found.sum) < 1e-12 ? 0 : found.sum;
    const facts = [[this.words("kernel-sum"), show(rounded, 6)],
      [this.words("kernel-gain"), this.words(rounded === 0 ? "gain-zero"
        : Math.abs(rounded - 1) < 1e-9 ? "gain-one" : "gain-other", show(rounded, 4))],
      [this.words("kernel-separable"), found.row
        ? this.words("separable-yes", factor(found.column), factor(found.row))
        : this.words("separable-no")]];
    byId("kernel-facts").replaceChildren(element("dl", {}, facts.flatMap(([name, value]) =>
      [element("dt", {}, name), element("dd", {}, value)])));
    drawKernel(byId("kernel-picture"), found);
    drawResponse(byId("kernel-response"), found);
    drawCurve(byId("kernel-curve"), found);
  }
}

// "0.5", "−2", "1/3"; NaN where it's something else.
function readNumber(text) {
  const parts = text.replace("\u2212", "-").replace(",", ".").split("/");
  const all = parts.map((part) => (/^\s*[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?\s*$/i.test(part)
    ? Number(part) : NaN));
  return all.length === 1 ? all[0] : all.length === 2 ? all[0] / all[1] : NaN;
}

// "(1, 2, 1)/4", in whole numbers where that is possible.
function factor(weights) {
  const divisor = commonDivisor(weights) || 1;
  const whole = weights.map((w) => show(w * divisor, 4)).join(", ");
  return `(${whole})` + (divisor > 1 ? `/${divisor}` : "");
}
