// One dimension, as on a blackboard: a row of numbers, a kernel that slides along, the results.
import { escaped } from "./chain.js";
import { byId, element } from "./dom.js";
import { lineParts, sumLine } from "./formula.js";
import { css, inkOn, isDark, show, signedColor, together, undivided,
  weightsTogether } from "./numbers.js";
import { Player } from "./player.js";

const BETWEEN = /[\s;\uff0c\uff1b\u3001]+/; // numbers, besides commas
const DECIMAL = /^[^,]*\d,\d[^,]*$/;

// The numbers' words. Commas separate them as well, unless other signs do: then "1,5" is 1.5.
function wordsIn(text) {
  const parts = text.trim().replaceAll("\u2212", "-").split(BETWEEN);
  const point = (part) => (parts.length > 1 && DECIMAL.test(part) ? part.replace(",", ".") : part);
  return parts.map(point).flatMap((part) => part.split(",")).filter(Boolean);
}

// "0.5", "1/3"; else NaN.
function numberFrom(word) {
  const parts = word.split("/");
  return parts.length > 2 || parts.includes("") ? NaN
    : parts.map(Number).reduce((top, by) => top / by);
}

const MOST = 200; // numbers in the row

export class RowView {
  constructor(engine, words, state, changed) {
    Object.assign(this, { engine, words, state, changed });
    this.player = new Player(() => [this.count, 1], (x) => this.moved(x), (playing) => {
      byId("row-play").textContent = playing ? "\u275a\u275a" : "\u25b6";
      byId("row-play").setAttribute("aria-label", words(playing ? "pause" : "play"));
    });
    this.count = 1;
    this.player.x = Math.round(state.place); // a link may have any number
    byId("row-play").addEventListener("click", () => this.player.toggle());
    byId("row-step").addEventListener("click", () => this.player.step(1));
    byId("row-back").addEventListener("click", () => this.player.step(-1));
    for (const [id, key] of [["row-numbers", "row"], ["row-weights", "weights"],
      ["row-divisor", "divisor"], ["row-padding", "padding"], ["row-stride", "stride"]]) {
      byId(id).value = state[key];
      byId(id).addEventListener("input", () => {
        state[key] = byId(id).value;
        this.compute();
        changed();
      });
    }
  }

  moved(x) {
    if (this.state.place !== x) {
      this.state.place = x;
      this.changed();
    }
    this.show();
  }

  // Runs the engine on the row; what it refuses is said, and the row before stays, pale.
  compute() {
    const message = byId("row-message");
    message.textContent = "";
    byId("row-comma").hidden = !/\d,\d/.test(`${this.state.row} ${this.state.weights}`);
    let error = null;
    try {
      this.run(this.read());
    } catch (found) {
      error = this.words.said(found.message);
      if (this.good) this.run(this.good);
      message.textContent = !this.good ? error
        : error + this.words("stop") + this.words("row-still-shown");
    }
    byId("panel-row").classList.toggle("stale", Boolean(error));
    if (this.good) this.player.go(Math.min(this.player.x, this.count - 1), 0);
  }

  // What is typed, as {numbers, divisor, chain}.
  read() {
    const { row, padding } = this.state, stride = Number(this.state.stride || 1);
    const numbers = wordsIn(row).map(numberFrom);
    const kernel = wordsIn(this.state.weights), weights = kernel.map(numberFrom);
    if (!numbers.length || numbers.length > MOST || !numbers.every(Number.isFinite)) {
      throw new Error(this.words("row-numbers-wrong", MOST));
    }
    if (!weights.length || !weights.every(Number.isFinite)) {
      throw new Error(this.words("row-weights-wrong"));
    }
    if (!Number.isInteger(stride) || stride < 1 || stride > MOST) {
      throw new Error(this.words("row-stride-wrong", MOST, this.state.stride));
    }
    const divisor = this.divisor();
    const text = divisor === 1 ? kernel.join(" ")
      : weights.map((w) => `${w}/${divisor}`).join(" ");
    return { numbers, divisor,
      chain: `conv:${escaped(text)}:padding=${padding}:stride=${stride}x1` };
  }

  // The divisor that is typed; as long as it is none, the one before.
  divisor() {
    const typed = Number(this.state.divisor || NaN), before = this.good?.divisor ?? 1;
    if (Number.isFinite(typed) && typed !== 0) return typed;
    byId("row-message").textContent = this.words("row-divisor-wrong", show(before));
    return before;
  }

  run(good) {
    const { numbers, chain } = good;
    this.engine.setImage({ width: numbers.length, height: 1, channels: 1, white: 255,
      data: Float32Array.from(numbers) });
    this.stages = this.engine.setChain(chain);
    this.engine.run(true);
    Object.assign(this, { good, numbers, made: this.engine.values(1).data });
    this.count = this.made.length;
    this.first = this.engine.explain(0, 0, 0, 0);
    this.last = this.engine.explain(0, this.count - 1, 0, 0);
    byId("row-chain").textContent = chain;
  }

  // Every position that some window covers: {x, value, beyond}.
  positions() {
    const width = this.first.size[0];
    const low = Math.min(0, this.first.first[0]);
    const high = Math.max(this.numbers.length, this.last.first[0] + width);
    return Array.from({ length: high - low }, (_, i) => {
      const x = low + i;
      if (x >= 0 && x < this.numbers.length) return { x, value: this.numbers[x], beyond: false };
      const found = x < 0 ? this.first : this.last;
      return { x, beyond: true, value: found.terms[0].values[x - found.first[0]] };
    });
  }

  show() {
    if (!this.good) return;
    const dark = isDark(), words = this.words, at = this.player.x;
    const found = this.engine.explain(0, at, 0, 0);
    const term = found.terms[0];
    const most = Math.max(...this.numbers.map(Math.abs), 1e-9);
    const places = this.positions();
    const under = (x) => x - found.first[0];
    const inside = (x) => under(x) >= 0 && under(x) < found.size[0];
    const line = (name, cell) => element("tr", {}, element("th", { scope: "row" }, name),
      places.map(cell));
    const scale = this.good.divisor;
    const whole = undivided(term.weights, scale);
    const products = term.values.map((v, i) => v * whole[i]);
    const [written, product, weight] = [together(found.terms[0].values.concat(this.numbers)),
      together(products), weightsTogether(whole)];
    const paint = (value, top, classes, text = show) => {
      const color = signedColor(value, top, dark);
      const td = element("td", { class: classes || null }, text(value));
      td.style.setProperty("--cell", css(color));
      td.style.color = inkOn(color);
      return td;
    };
    const heavy = Math.max(...whole.map(Math.abs), 1e-9);
    const parts = Math.max(...products.map(Math.abs), 1e-9);
    const top = Math.max(...this.made.map(Math.abs), 1e-9);
    const anchor = found.anchor[0], stride = this.stages.engine[0].stride[0];
    const empty = () => element("td", { class: "empty" });
    byId("row-table").replaceChildren(
      element("caption", {}, element("span", {}, words("row-caption", at))),
      element("thead", {}, element("tr", {}, element("th", { scope: "col" }, words("position")),
        places.map((p) => element("th", { scope: "col" }, show(p.x))))),
      element("tbody", {},
        line(words("input"), (p) => {
          const td = paint(p.value, most, [p.beyond ? "beyond" : "",
            inside(p.x) ? "in-window" : ""].join(" ").trim(), written);
          if (p.beyond) td.title = words("border-" + found.border);
          return td;
        }),
        line(words("kernel") + (scale === 1 ? "" : ` \u00b7 1/${show(scale)}`), (p) => (inside(p.x)
          ? paint(whole[under(p.x)], heavy, "", weight) : empty())),
        line(words("products"), (p) => (inside(p.x) ? paint(products[under(p.x)], parts, product)
          : empty())),
        line(words("output"), (p) => {
          const i = (p.x - this.first.first[0] - anchor) / stride;
          if (!Number.isInteger(i) || i < 0 || i >= this.count) return empty();
          const td = paint(this.made[i], top, i === at ? "lit" : "");
          td.addEventListener("click", () => this.player.go(i, 0));
          return td;
        })));
    /* For paper, where the table is made to fit the page. */
    const longest = Math.max(...[...byId("row-table").querySelectorAll("td")]
      .map((td) => td.textContent.length), 2);
    byId("row-table").style.setProperty("--places", String(places.length));
    byId("row-table").style.setProperty("--digits", String(longest));
    byId("row-formula").replaceChildren(...lineParts(sumLine(term, scale, words)));
    this.keepInSight();
    this.drawBars();
  }

  // Where the table is wider than the screen, it is moved to the window, and the page isn't.
  keepInSight() {
    const table = byId("row-table"), frame = table.parentElement.getBoundingClientRect();
    const cells = [...table.querySelectorAll(".in-window")].map((c) => c.getBoundingClientRect());
    if (!cells.length) return;
    const left = cells[0].left, right = cells.at(-1).right;
    const heading = table.querySelector("tbody th").offsetWidth;
    if (left < frame.left + heading || right > frame.right) {
      table.parentElement.scrollLeft += (left + right - frame.left - frame.right - heading) / 2;
    }
  }

  // Both rows as bars, one above the other.
  drawBars() {
    const canvas = byId("row-bars"), dark = isDark();
    const width = canvas.width = 900, height = canvas.height = 220;
    const context = canvas.getContext("2d");
    const all = [...this.numbers, ...this.made, 0];
    const low = Math.min(...all), high = Math.max(...all);
    const y = (v, top) => top + 95 - (v - low) / Math.max(1e-9, high - low) * 90;
    [[this.numbers, 5, dark ? "#9aa3b2" : "#7b8494", -1],
      [this.made, 115, dark ? "#7db4f0" : "#1c62b2", this.player.x]].forEach(
      ([values, top, color, lit]) => {
        const step = width / values.length;
        values.forEach((v, i) => {
          context.fillStyle = i === lit ? "#e8890c" : color;
          const zero = y(0, top), end = y(v, top);
          context.fillRect(i * step + 1, Math.min(zero, end), Math.max(1, step - 2),
            Math.max(1, Math.abs(end - zero)));
        });
      });
  }
}
