// Tests the page in a browser, for lesson_page.py:
//   node page.mjs PLAYWRIGHT AXE CHROMIUM INDEX.html ROOT [WORD|--bench]
// Prints what fails, then "N passed, N failed". WORD: only tests with it in their names; --bench
// prints times instead.
import { pathToFileURL } from "node:url";
import { Harness } from "./harness.mjs";
import { bench } from "./bench.mjs";
import { tests as chinese } from "./chinese.mjs";
import { tests as layers } from "./layers.mjs";
import { tests as layout } from "./layout.mjs";
import { tests as others } from "./others.mjs";
import { tests as picture } from "./picture.mjs";
import { tests as pixel } from "./pixel.mjs";
import { tests as told } from "./told.mjs";
import { tests as typing } from "./typing.mjs";
import { tests as written } from "./written.mjs";
import { tests as shown } from "./shown.mjs";
import { axeTests, tests as whole } from "./whole.mjs";

const [, , playwright, axe, program, file, root, word = ""] = process.argv;
const { default: { chromium } } = await import(pathToFileURL(playwright));
const harness = await Harness.start(chromium, program, file, root);
if (word === "--bench") {
  await bench(harness);
} else {
  const all = { ...picture, ...pixel, ...others,
    ...layers, ...shown, ...told, ...typing,
    ...written, ...chinese, ...layout, ...whole, ...axeTests(axe) };
  for (const [name, work] of Object.entries(all)) {
    if (name.includes(word)) await harness.test(name, work);
  }
  console.log(`${harness.passed} passed, ${harness.failed} failed`);
}
await harness.browser.close();
process.exit(harness.failed ? 1 : 0);
