// The channels of a result as pictures of their own, as a layer of a network has them.
import { element } from "./dom.js";
import { isDark, show } from "./numbers.js";
import { drawValues, rangeOf } from "./pictures.js";

const MOST = 64;

// image: floats; names: of the channels, or nothing; choose(c) after a click.
export function showMaps(box, image, names, words, choose) {
  const dark = isDark();
  const count = Math.min(MOST, image.channels);
  const figures = [];
  for (let c = 0; c < count; c++) {
    const [low, high] = rangeOf(image, c);
    const canvas = element("canvas", { role: "img",
      "aria-label": words("map-of", names?.[c] ?? c) });
    drawValues(canvas, image, c, low, high, low < 0 && high > low, dark);
    const caption = element("figcaption", {},
      element("b", {}, names?.[c] ?? String(c)), " ",
      element("span", {}, `${show(low, 3)} \u2026 ${show(high, 3)}`));
    const content = choose
      ? element("button", { type: "button", class: "map", onclick: () => choose(c),
        title: words("map-of", names?.[c] ?? c) }, canvas)
      : canvas;
    figures.push(element("figure", {}, content, caption));
  }
  box.replaceChildren(...figures);
  if (image.channels > MOST) {
    box.append(element("p", {}, words("more-maps", image.channels - MOST)));
  }
}
