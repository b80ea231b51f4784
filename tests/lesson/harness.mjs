// A browser with the page, from file://, without a network; and what tests share.
import { pathToFileURL } from "node:url";

const LAUNCH = ["--no-sandbox", "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream"];
export const WIDE = { width: 1366, height: 768 };
const WAIT = 20000; // milliseconds at most, on a busy machine
export const PHONE = { width: 390, height: 844 };

export class Harness {
  constructor(browser, file, folder) {
    Object.assign(this, { browser, folder, url: pathToFileURL(file).href, pages: [], passed: 0,
      failed: 0 });
  }

  static async start(chromium, program, file, folder) {
    const browser = await chromium.launch({ executablePath: program, args: LAUNCH });
    return new Harness(browser, file, folder);
  }

  // Opens the page at that link; how: {size, scheme}. Gives back a page that notes what it
  // shouldn't do.
  async open(hash = "", how = {}) {
    const context = await this.browser.newContext({ viewport: how.size || WIDE, offline: true,
      colorScheme: how.scheme || "light", locale: how.locale || "en-US", acceptDownloads: false,
      hasTouch: Boolean(how.touch), reducedMotion: "reduce" });
    const page = await context.newPage();
    page.complaints = [];
    this.pages.push(page);
    page.setDefaultTimeout(WAIT);
    page.on("console", (message) => {
      /* The tests read canvases, and Chromium would have them read differently. */
      if (!message.text().includes("willReadFrequently")) {
        page.complaints.push(`console: ${message.text()}`);
      }
    });
    page.on("pageerror", (error) => page.complaints.push(`error: ${error.message}`));
    page.on("request", (request) => {
      if (!/^(file|data|blob):/.test(request.url())) page.complaints.push(request.url());
    });
    await page.goto((how.file ? pathToFileURL(how.file).href : this.url) + hash);
    await page.waitForSelector("body[data-started]");
    if (!/tab=(kernel|row|network)/.test(hash)) await this.ready(page);
    return page;
  }

  // Waits until the numbers are shown again.
  async ready(page, before = 0) {
    await page.waitForFunction((n) => Number(document.body.dataset.ready || 0) > n, before);
  }

  // Does something, then waits for the numbers.
  async after(page, work) {
    const before = await page.evaluate(() => Number(document.body.dataset.ready || 0));
    await work();
    await this.ready(page, before);
  }

  async setChain(page, chain) {
    await this.after(page, () => page.fill("#chain", chain));
  }

  check(what, good, found = "") {
    if (good) {
      this.passed++;
    } else {
      this.failed++;
      console.log(`${what}${found === "" ? "" : ": " + JSON.stringify(found)}`);
    }
  }

  equal(what, found, expected) {
    this.check(what, JSON.stringify(found) === JSON.stringify(expected), found);
  }

  // After the last thing that a page does.
  async close(page, what) {
    this.equal(`${what}: a silent console, nothing asked of the network`, page.complaints, []);
    await page.context().close();
  }

  // A test by name; what it throws is a failure.
  async test(name, work) {
    this.pages = [];
    try {
      await work(this);
    } catch (error) {
      for (const page of this.pages) {
        for (const complaint of page.complaints) console.log(complaint);
      }
      this.check(`${name}: ${error.stack.split("\n").slice(0, 4).join(" | ")}`, false);
    }
  }
}

export const text = (page, selector) => page.locator(selector).innerText();
export const value = (page, selector) => page.locator(selector).inputValue();

// Waits until the link holds that.
export const linkHas = (page, part) => page.waitForFunction((p) => location.hash.includes(p), part);

// The pixels of a canvas, as numbers.
export const pixels = (page, selector) => page.evaluate((s) => {
  const canvas = document.querySelector(s);
  const { width, height } = canvas;
  const image = canvas.getContext("2d").getImageData(0, 0, width, height);
  return { width, height, data: [...image.data] };
}, selector);

// Moves a slider as a hand does.
export const slide = (page, selector, to) => page.locator(selector).first().evaluate((range, v) => {
  range.value = v;
  range.dispatchEvent(new Event("input", { bubbles: true }));
}, String(to));

// Waits until the network has answered and all of its layers are drawn.
export async function answered(page) {
  await page.waitForSelector("#network-result .best");
  await page.waitForSelector("#layers:not([aria-busy]) .layer");
}
