// A layer's numbers as tables: for a finger, for keys and for a screen reader, which can't point at
// a picture.
import { element } from "./dom.js";
import { show } from "./numbers.js";

// A table for each matrix of the last two sizes; sizes of 1 don't count. label(i): the matrix's.
export function tablesOf({ name, shape, data }, label) {
  const sizes = shape.filter((n) => n > 1);
  const [height, width] = [1, 1, ...sizes].slice(-2), size = height * width;
  const head = () => Array.from({ length: width }, (_, x) =>
    element("th", { scope: "col" }, String(x)));
  return Array.from({ length: data.length / size }, (_, i) => {
    const row = (y) => element("tr", {}, element("th", { scope: "row" }, String(y)),
      Array.from(data.slice(i * size + y * width, i * size + (y + 1) * width),
        (v) => element("td", {}, show(v))));
    return element("table", {},
      element("caption", {}, sizes.length > 2 ? `${name}: ${label(i)}` : name),
      element("thead", {}, element("tr", {}, element("td"), head())),
      element("tbody", {}, Array.from({ length: height }, (_, y) => row(y))));
  });
}
