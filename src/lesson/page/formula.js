// The arithmetic of one output number in a line or two, as one writes it on a blackboard.
import { element } from "./dom.js";
import { inBrackets, numberOf, show, together, undivided, weightsTogether } from "./numbers.js";

const TIMES = "\u00b7";

const MOST_TERMS = 12;

// "=" where the numbers as they are written give the result as it is written, else "\u2248".
const equals = (value, result) => (Math.abs(value - numberOf(result)) <= 1e-9 * Math.abs(value)
  ? "=" : "\u2248");

// Which of more weights than MOST_TERMS are written, in order, and the text that says which: the
// greatest, and of those that are equally great all; if these are too many, the first.
function heaviest(indices, weights) {
  const size = (i) => Math.abs(weights[i]);
  const sorted = [...indices].sort((i, j) => size(j) - size(i));
  const limit = size(sorted[MOST_TERMS]) * (1 + 1e-5);
  const chosen = sorted.slice(0, MOST_TERMS).filter((i) => size(i) > limit);
  return chosen.length ? { shown: chosen.sort((i, j) => i - j), which: "terms-shown" }
    : { shown: indices.slice(0, MOST_TERMS - 1), which: "first-terms-shown" };
}

// The terms with "…" where some are left out.
function joined(parts, shown, all) {
  const out = [];
  let next = 0;
  for (const i of shown) {
    const at = all.indexOf(i);
    if (at > next) out.push("\u2026");
    out.push(parts.get(i));
    next = at + 1;
  }
  if (next < all.length) out.push("\u2026");
  return out.join(" + ");
}

// "36·(−1) + 25·2 = 14"; weights that are 0 are left out. Numbers are written as in the tables. Of
// many terms the heaviest are written, and `words` says how many they are.
export function sumLine(term, divisor, words) {
  const by = divisor || 1;
  const whole = undivided(term.weights, by);
  const value = together(term.values), weight = weightsTogether(whole);
  const parts = new Map();
  let total = 0;
  for (let i = 0; i < term.values.length; i++) {
    if (whole[i] === 0) continue;
    const [a, b] = [value(term.values[i]), weight(whole[i])];
    total += numberOf(a) * numberOf(b);
    parts.set(i, inBrackets(a) + TIMES + inBrackets(b));
  }
  const sum = show(term.sum, 6), all = [...parts.keys()];
  if (all.length === 0) return "0";
  const many = all.length > MOST_TERMS;
  if (many && by !== 1) {
    const undividedSum = show(term.sum * by, 6);
    return `${undividedSum} / ${inBrackets(show(by))} ` +
      `${equals(numberOf(undividedSum) / by, sum)} ${sum}`;
  }
  const { shown, which } = many ? heaviest(all, whole) : { shown: all };
  const terms = joined(parts, shown, all), sign = equals(total / by, sum);
  const line = by === 1 ? `${terms} ${sign} ${sum}`
    : `(${terms}) / ${inBrackets(show(by))} ${sign} ${sum}`;
  return many ? `${line} (${words(which, shown.length, all.length)})` : line;
}

// "(0 + 0 + 0 + 28) / 4 = ", where the mean is that of few enough numbers.
function meanOf(values, made) {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return values.length > 1 && values.length <= MOST_TERMS && show(mean, 6) === show(made, 6)
    ? `(${values.map((v) => inBrackets(show(v))).join(" + ")}) / ${values.length} = ` : "";
}

// "0, 0, [28], 30, 31: " of few enough numbers.
function sortedIn(values) {
  if (values.length > 25 || values.some(Number.isNaN)) return "";
  const sorted = [...values].sort((a, b) => a - b).map((v) => show(v));
  const middle = (sorted.length - 1) / 2;
  sorted[middle] = `[${sorted[middle]}]`;
  return sorted.join(", ") + ": ";
}

const named = (found, name) => found.terms.find((t) => t.name === name)?.sum ?? 0;

// What becomes of the sums: lines, by the rule of the stage. `words` has the sentences.
const RULES = {
  magnitude: (f) => {
    const x = inBrackets(show(named(f, "x"))), y = inBrackets(show(named(f, "y")));
    return `\u221a(x\u00b2 + y\u00b2) = \u221a(${x}\u00b2 + ${y}\u00b2) = ${show(f.made, 6)}`;
  },
  x: () => null,
  y: () => null,
  resize: () => null,
  l1: (f) => `|x| + |y| = |${show(named(f, "x"))}| + |${show(named(f, "y"))}| = ${show(f.made, 6)}`,
  squared: (f) => `x\u00b2 + y\u00b2 = ${show(f.made, 6)}`,
  angle: (f, w) => `${w("rule-angle")}: atan2(y, x) = ${show(f.made / f.b * 360, 5)}\u00b0, ` +
    `${TIMES} ${show(f.b)} / 360 = ${show(f.made, 6)}`,
  compass: (f, w) => {
    const best = f.terms.reduce((a, b) => (b.sum > a.sum ? b : a));
    return `${w("rule-compass")}: ${best.name}, ${show(f.made, 6)}`;
  },
  correlate: (f) => (f.offset
    ? `${show(f.terms[0].sum, 6)} + ${inBrackets(show(f.offset))} = ${show(f.made, 6)}` : null),
  layer: (f) => {
    const sums = f.terms.map((t) => inBrackets(show(t.sum))).join(" + ");
    const bias = f.bias ? ` + ${inBrackets(show(f.bias))}` : "";
    const all = sums + bias;
    return f.terms.length === 1 && !f.bias && !f.relu ? null
      : (f.relu ? `max(0, ${all})` : all) + ` = ${show(f.made, 6)}`;
  },
  maxpool: (f, w) => `${w("rule-maxpool")}: ${show(f.made, 6)}`,
  minpool: (f, w) => `${w("rule-minpool")}: ${show(f.made, 6)}`,
  nearestpool: (f, w) => `${w("rule-nearestpool")}: ${show(f.made, 6)}`,
  avgpool: (f, w) => `${w("rule-avgpool")}: ${meanOf(f.terms?.[0]?.values || [], f.made)}` +
    show(f.made, 6),
  median: (f, w) => `${w("median-of", f.terms[0].values.length)}: ` +
    `${sortedIn(f.terms[0].values)}${show(f.made, 6)}`,
  unsharp: (f) => {
    const [term] = f.terms, c = show(term.values[f.anchor[1] * f.size[0] + f.anchor[0]]);
    const line = (centre) => `${centre} + ${inBrackets(show(f.amount))}${TIMES}` +
      `(${centre} \u2212 ${inBrackets(show(term.sum))})`;
    return `${line("c")} = ${line(inBrackets(c))} = ${show(f.made, 6)}`;
  },
  suppress: (f, w) => `${f.made < 0 ? w("suppress-not", show(-f.made, 6))
    : w("suppress-kept")}: ${show(f.made, 6)}`,
  gray: (f) => `${[0.299, 0.587, 0.114].map((w, c) =>
    w + TIMES + inBrackets(show(f.from[c], 6))).join(" + ")} = ${show(f.made, 6)}`,
  abs: (f) => `|${show(f.from[f.channel])}| = ${show(f.made, 6)}`,
  relu: (f) => `max(0, ${show(f.from[f.channel])}) = ${show(f.made, 6)}`,
  scale: (f) => `${inBrackets(show(f.from[f.channel], 6))}${TIMES}${inBrackets(show(f.a))} + ` +
    `${inBrackets(show(f.b))} = ${show(f.made, 6)}`,
  otsu: (f, w) => {
    const [value, limit] = [f.from[f.channel], f.threshold].map((v) => show(v, 6));
    const over = f.from[f.channel] > f.threshold ? ">" : "\u2264";
    return `${w("rule-otsu")}: ${limit}; ` +
      `${f.marks ? value : `${value} ${over} ${limit}`} \u2192 ${show(f.made, 6)}`;
  },
  threshold: (f) => `${show(f.from[f.channel])} ${f.from[f.channel] >= f.a ? "\u2265" : "<"} ` +
    `${show(f.a)} \u2192 ${show(f.made, 6)}`,
};

// The lines below the tables.
export function resultLines(found, words, divisorOf) {
  const lines = [];
  if (found.kept) {
    return [`${words("rule-kept")}: ${show(found.made, 6)}`];
  }
  for (const term of found.terms || []) {
    if (!term.weights) continue;
    const name = found.terms.length > 1
      ? (term.name === "channel" ? words("channel") + " " + term.channel : term.name) + " = " : "";
    lines.push(name + sumLine(term, divisorOf(term), words));
  }
  const rule = RULES[found.rule];
  const own = rule ? rule(found, words)
    : `${words.maybe("rule-" + found.rule, found.rule)}: ${show(found.made, 6)}`;
  if (own) lines.push(own);
  return lines.length > 9 ? [...lines.slice(0, 7), "\u2026", lines[lines.length - 1]] : lines;
}

// A line's parts: it may break before a sign, not between the sign and what comes after it.
export const lineParts = (line) => line.split(/([+=\u2248\u2192/\u2212] (?:\p{L}+ )?\S+)(?= |$)/u)
  .map((part, i) => (i % 2 ? element("span", { class: "whole" }, part) : part));

// The last step: a float becomes the sample that is written.
export function roundingLine(made, words) {
  if (Number.isNaN(made)) return `NaN \u2192 0`;
  const rounded = Math.abs(made % 1) === 0.5 ? 2 * Math.round(made / 2) : Math.round(made);
  const kept = Math.min(255, Math.max(0, rounded));
  const why = rounded < 0 ? ` (${words("negative-so-0")})`
    : rounded > 255 ? ` (${words("above-white")})` : "";
  return `${show(made, 6)} \u2192 ${show(rounded)} \u2192 ${words("pixel")} ${kept}${why}`;
}
