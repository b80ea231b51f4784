// Windows, kernels and products as tables: what eyes see as a picture of cells, screen readers read
// with the names of rows and columns.
import { element } from "./dom.js";
import { css, inkOn, isDark, show, signedColor, together, weightsTogether } from "./numbers.js";

// {caption, width, height, values, kind, weights, white, columns, rows, beyond, left, marked,
// centre}. kind: "samples" (black to white), "signed" (red and blue), "plain"; weights: whether
// they are. beyond[i]: "" or the words for a cell outside the image; left: such a cell doesn't
// count. marked, centre: cells' indices.
export function cellTable(of) {
  const dark = isDark();
  const most = of.values.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
  const text = of.weights ? weightsTogether(of.values) : together(of.values);
  const longest = of.values.reduce((m, v) => Math.max(m, text(v).length), 0);
  const size = of.width > 9 || longest > 6 ? " small" : "";
  const corner = of.rows && element("td", { class: "corner" });
  const head = of.columns && element("tr", {}, corner,
    of.columns.map((x) => element("th", { scope: "col" }, show(x))));
  const body = [];
  for (let y = 0; y < of.height; y++) {
    const row = of.rows ? [element("th", { scope: "row" }, show(of.rows[y]))] : [];
    for (let x = 0; x < of.width; x++) row.push(cell(of, y * of.width + x, most, dark, text));
    body.push(element("tr", {}, row));
  }
  const table = element("table", { class: "cells" + size },
    element("caption", {}, of.caption),
    head ? element("thead", {}, head) : null, element("tbody", {}, body));
  /* What cells.css needs to make it as small as the card is. */
  table.style.setProperty("--columns", String(of.width + (of.rows ? 1 : 0)));
  table.style.setProperty("--digits", String(Math.max(2, longest)));
  return table;
}

function cell(of, i, most, dark, text) {
  const value = of.values[i], outside = of.beyond?.[i];
  const classes = [outside ? "beyond" : "", outside && of.left ? "left-out" : "",
    i === of.marked ? "marked" : "", i === of.centre ? "centre" : ""].filter(Boolean).join(" ");
  const made = element("td", { class: classes || null, title: outside || null },
    outside && of.left ? "\u00b7" : text(value));
  if (outside && of.left) return made;
  if (of.kind === "samples") {
    const level = Math.round(Math.min(255, Math.max(0, value / of.white * 255)));
    made.style.setProperty("--cell", css([level, level, level]));
    made.style.color = inkOn([level, level, level]);
  } else if (of.kind === "signed") {
    const color = signedColor(value, most, dark);
    made.style.setProperty("--cell", css(color));
    made.style.color = inkOn(color);
  }
  if (outside) made.append(element("span", { class: "unseen" }, ` (${outside})`));
  return made;
}
