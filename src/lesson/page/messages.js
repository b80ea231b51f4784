// What the engine says, and its catalogue, as the page shows them: both name commands, options and
// files of the terminal, which a page doesn't have, and both are in English.
import { choices, labels, meanings, summaries } from "./texts-catalogue.js";
import { filters, messages, steps, words } from "./texts-messages.js";

// To add one: a row, [what is found, what the page says].
const CHANGES = [
  [/^the chain is empty; see .*/, "the chain is empty; the arrow-down key lists the filters"],
  [/conv:NAME, conv:FILE, or -k/, "conv:NAME or conv:NUMBERS, as in conv:0 1 0; 1 -4 1; 0 1 0"],
  [/ by name, by file, or by -k/, " by name or as numbers"],
  [/^the one given by -k$/, ""],
  [/, so give a kernel's numbers with -k$/, "; put blanks between a kernel's numbers"],
  [/NAME\|FILE/, "NAME"],
  [/: bank:NAME or bank:FILE,/, ": bank:NAME,"],
  [/, a text file, or a \.npy file of shape [^;]*/, ""],
  [/, or a file \(text or \.npy\) with one for each/, ""],
  [/, or a file with one for each filter; there is no file '/, ", got '"],
  [/; in a file's name write \\, instead/, "; write \\, instead"],
  [/; for stages before it, use two commands with a pipe between them$/, ""],
  [/use --map signed/, "use the map 'signed'"],
  [/with --color each/, "with the colour 'each channel'"],
  [/, like N in --padding MODE:N/, ""],
  [/ \(--max-memory\)$/, ""],
  [/; (see |the option is )?'?(convtool|--)[^;]*$/, ""],
];

const changed = (text, changes) =>
  changes.reduce((now, [found, said]) => now.replace(found, said), text);

// ---- in Chinese ----

const plain = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

// The expression for a row of `messages`; each placeholder is a group, by its digit.
function expression(english) {
  const seen = new Set();
  const source = english.split(/('?\{\d\*?\}|\[s\])/).map((part) => {
    const [, quote, digit, many] = /^('?)\{(\d)(\*?)\}$/.exec(part) || [];
    if (part === "[s]") return "s?";
    if (digit === undefined) return plain(part);
    if (seen.has(digit)) return `${quote}\\k<q${digit}>`;
    seen.add(digit);
    return `${quote}(?<q${digit}>${quote || many ? "[^]*?" : "\\S+?"})`;
  });
  return new RegExp(`^${source.join("")}$`);
}

let patterns = null; // made for the first message

function fill(chinese, english, groups) {
  return chinese.replace(/\{(\d)\}/g, (_, digit) => {
    const given = groups[`q${digit}`];
    return english.includes(`'{${digit}}'`) ? given : changed(given, words);
  });
}

// What stands before a message: a stage's text, an argument's name, a place in a kernel.
const placeInChinese = (text) => text
  .replace(/(^|: )kernel:(\d+):(\d+): $/, "$1卷积核第 $2 行第 $3 个字符：")
  .replace(/(^|: )kernel: $/, "$1卷积核：")
  .replace(/: (\w+: |卷积核[^]*)$/, "：$1").replace(/: $/, "：");

// The row of `messages` that a message is of, where it begins, and what stands for its places;
// null: none.
export function rowOf(text) {
  patterns ||= messages.map((row) => ({ row, expression: expression(row[0]) }));
  for (let from = 0; from >= 0;) {
    for (const { row, expression: like } of patterns) {
      const match = like.exec(text.slice(from));
      if (match) return { row, from, groups: match.groups || {} };
    }
    const colon = text.indexOf(": ", from);
    from = colon < 0 ? -1 : colon + 2;
  }
  return null;
}

// A message, or null.
function translated(text) {
  const found = rowOf(text);
  if (!found) return null;
  const [english, chinese] = found.row;
  return placeInChinese(text.slice(0, found.from)) + fill(chinese, english, found.groups);
}

// A message of the engine's in the page's language; one without a translation stays English.
export function said(text, language) {
  const english = changed(text, CHANGES);
  return (language === "zh" && (steps[english] || translated(english))) || english;
}

// The name of a filter of a bank's, or of the map that it makes.
export const filterName = (name, language) => (language === "zh" ? changed(name, filters) : name);

// ---- the catalogue ----

// All texts of `given`, changed.
function everyText(given, change) {
  if (typeof given === "string") return change(given);
  if (Array.isArray(given)) return given.map((one) => everyText(one, change));
  return given && typeof given === "object"
    ? Object.fromEntries(Object.entries(given).map(([key, one]) => [key, everyText(one, change)]))
    : given;
}

const meaning = Object.fromEntries(meanings);

// One of several that can be chosen, as the list has it: in Chinese, and as it is typed.
const withLabel = (entry) =>
  (choices[entry.name] ? { ...entry, label: `${choices[entry.name]} ${entry.name}` } : entry);

function argumentInChinese(argument) {
  const known = (text) => meaning[text] ?? text;
  return { ...argument, label: labels[argument.name] ?? argument.name,
    meaning: known(argument.meaning), default: known(argument.default),
    choices: argument.choices?.map((c) => withLabel({ ...c, meaning: known(c.meaning) })) };
}

function inLanguage(list, key) {
  return list.map((entry) => ({ ...entry,
    summary: summaries[key][entry.name] ?? entry.summary,
    ...entry.arguments && { arguments: entry.arguments.map(argumentInChinese) } }));
}

// The catalogue, with the page's texts in its language.
export function catalogueFor(given, language) {
  const english = everyText(given, (text) => changed(text, CHANGES));
  if (language !== "zh") return english;
  const lists = Object.keys(summaries).map((key) => [key, inLanguage(english[key], key)]);
  const texts = Object.fromEntries(lists);
  return { ...english, ...texts, paddings: texts.paddings.map(withLabel),
    window_arguments: english.window_arguments.map(argumentInChinese) };
}
