// A pad of 32 x 32 cells to draw a digit on, as the digits that the networks learned from were
// drawn: each of their 8 x 8 pixels counts the black cells of a block of 4 x 4.
import { isDark } from "./numbers.js";

const SIDE = 32, BLOCK = 4, SMALL = SIDE / BLOCK;
const BRUSH = 1.7; // cells

export class Pad {
  // changed() after each stroke.
  constructor(canvas, changed) {
    Object.assign(this, { canvas, changed, cells: new Uint8Array(SIDE * SIDE), cursor: [16, 16] });
    canvas.width = canvas.height = SIDE * 8;
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.value = event.button === 2 || event.shiftKey ? 0 : 1;
      this.last = this.place(event);
      this.stroke(this.last);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (this.last && event.buttons) this.stroke(this.place(event));
    });
    canvas.addEventListener("pointerup", () => { this.last = null; });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => this.draw());
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * SIDE,
      (event.clientY - box.top) / box.height * SIDE];
  }

  // From the last place to this one.
  stroke([x, y]) {
    const [from_x, from_y] = this.last;
    const steps = Math.max(1, Math.ceil(Math.hypot(x - from_x, y - from_y) * 2));
    for (let i = 0; i <= steps; i++) {
      this.dab(from_x + (x - from_x) * i / steps, from_y + (y - from_y) * i / steps);
    }
    this.last = [x, y];
    this.draw();
    this.changed();
  }

  dab(x, y) {
    this.small = null;
    for (let j = 0; j < SIDE; j++) {
      for (let i = 0; i < SIDE; i++) {
        if (Math.hypot(i + 0.5 - x, j + 0.5 - y) <= BRUSH) this.cells[j * SIDE + i] = this.value;
      }
    }
  }

  // Arrows move a cursor, space draws there, Delete wipes there.
  key(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const move = moves[event.key];
    if (move) {
      this.cursor = this.cursor.map((c, i) => Math.min(SIDE - 1, Math.max(0, c + move[i])));
    } else if (event.key === " " || event.key === "Delete") {
      this.value = event.key === " " ? 1 : 0;
      this.dab(this.cursor[0] + 0.5, this.cursor[1] + 0.5);
      this.changed();
    } else {
      return;
    }
    event.preventDefault();
    this.draw();
  }

  clear() {
    this.cells.fill(0);
    this.small = null;
    this.draw();
    this.changed();
  }

  draw() {
    const context = this.canvas.getContext("2d"), size = this.canvas.width / SIDE;
    const dark = isDark();
    context.fillStyle = dark ? "#0f1115" : "#fff";
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.fillStyle = dark ? "#e8e6e1" : "#22262e";
    this.cells.forEach((on, i) => on &&
      context.fillRect(i % SIDE * size, Math.floor(i / SIDE) * size, size, size));
    context.strokeStyle = dark ? "rgba(255,255,255,.14)" : "rgba(0,0,0,.12)";
    for (let at = 0; at <= SIDE; at += BLOCK) {
      context.strokeRect(at * size, 0, 0, this.canvas.height);
      context.strokeRect(0, at * size, this.canvas.width, 0);
    }
    if (document.activeElement === this.canvas) {
      context.strokeStyle = "#e8890c";
      context.lineWidth = 2;
      context.strokeRect(this.cursor[0] * size, this.cursor[1] * size, size, size);
      context.lineWidth = 1;
    }
  }

  // The cells as a picture, black to white.
  picture() {
    return { width: SIDE, height: SIDE, channels: 1,
      data: Uint8ClampedArray.from(this.cells, (on) => on * 255) };
  }

  // Draws a digit of 8 x 8 pixels, 0 to 255: in each block as many cells as it counted, where the
  // pixels around are brightest. `small` has its own pixels, until something is drawn.
  fromDigit({ data }) {
    this.small = data;
    const at = (x, y) => data[Math.min(SMALL - 1, Math.max(0, y)) * SMALL +
      Math.min(SMALL - 1, Math.max(0, x))];
    const smooth = (i, j) => {
      const x = (i + 0.5) / BLOCK - 0.5, y = (j + 0.5) / BLOCK - 0.5;
      const left = Math.floor(x), top = Math.floor(y), a = x - left, b = y - top;
      return (at(left, top) * (1 - a) + at(left + 1, top) * a) * (1 - b) +
        (at(left, top + 1) * (1 - a) + at(left + 1, top + 1) * a) * b;
    };
    this.cells.fill(0);
    for (let block = 0; block < SMALL * SMALL; block++) {
      const x = block % SMALL * BLOCK, y = Math.floor(block / SMALL) * BLOCK;
      const places = Array.from({ length: BLOCK * BLOCK }, (_, k) =>
        [x + k % BLOCK, y + Math.floor(k / BLOCK)]);
      places.sort((p, q) => smooth(...q) - smooth(...p));
      places.slice(0, Math.round(data[block] / 255 * BLOCK * BLOCK))
        .forEach(([i, j]) => { this.cells[j * SIDE + i] = 1; });
    }
    this.draw();
  }

  // For the link: six cells a letter.
  get text() {
    let text = "";
    for (let i = 0; i < this.cells.length; i += 6) {
      let bits = 0;
      for (let k = 0; k < 6; k++) bits = bits * 2 + (this.cells[i + k] || 0);
      text += LETTERS[bits];
    }
    return text;
  }

  set text(text) {
    this.cells.fill(0);
    this.small = null;
    [...text].forEach((letter, i) => {
      const bits = LETTERS.indexOf(letter);
      for (let k = 0; k < 6 && bits > 0; k++) {
        if (i * 6 + k < this.cells.length) this.cells[i * 6 + k] = bits >> (5 - k) & 1;
      }
    });
    this.draw();
  }
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
