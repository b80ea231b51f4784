// The weights of recurrent cells, gate by gate.
import { element } from "./dom.js";
import { drawSigned, figure, greatest, signedScale } from "./layers.js";

// Each operator's gates, in the order in which ONNX has their weights. To add one: a row, and its
// texts.
export const GATES = { LSTM: ["i", "o", "f", "g"], RNN: ["h"] };

// W (1, gates * units, numbers), R (1, gates * units, units) and b (1, 2 * gates * units): for each
// gate its part of them, a line for each unit.
export function gatesOf(operator, [w, r, b], words) {
  const gates = GATES[operator], units = w.shape[1] / gates.length;
  const most = Math.max(...[w, r, b].map(({ data }) => greatest(data)));
  const draw = (name, gate, width, data) => {
    const canvas = drawSigned(width, units, data, most, words);
    canvas.style.width = `${4 * width}px`;
    return figure(canvas, `${name}, ${words("gate-" + gate)}`, name);
  };
  const part = ({ data }, g, width) => data.slice(g * units * width, (g + 1) * units * width);
  const biases = (g) => Array.from({ length: 2 * units }, (_, i) =>
    b.data[(i % 2 * gates.length + g) * units + Math.floor(i / 2)]);
  return element("div", {}, element("p", { class: "hint" }, words("gates-hint")),
    element("div", { class: "gates" }, gates.map((gate, g) => element("div", {},
      element("p", {}, words("gate-" + gate)), element("div", { class: "gate" },
        draw("W", gate, w.shape[2], part(w, g, w.shape[2])),
        draw("R", gate, units, part(r, g, units)), draw("b", gate, 2, biases(g)))))),
    signedScale(most, words));
}
