// Every text of the page, in each language: texts.js has the page's own, texts-catalogue.js and
// texts-messages.js what the engine gives in English. {0}, {1}: what is put in. To add a language:
// a column in all three, and a name in `languages`.
import { filterName, said } from "./messages.js";
import { texts } from "./texts.js";

export const languages = { en: "English", zh: "\u4e2d\u6587" };

export const languageOf = (wanted) => (languages[wanted] ? wanted
  : (navigator.language || "en").startsWith("zh") ? "zh" : "en");

// words(key, ...values) gives a text; words.maybe(key, other) gives `other` where there is none;
// words.said(message) gives a message of the engine's, or the name of one of its steps;
// words.filterName(name) that of a filter of a bank's.
export function wordsOf(language) {
  const column = Object.keys(languages).indexOf(language);
  const find = (key) => texts[key]?.[column];
  const words = (key, ...values) => {
    const text = find(key);
    if (text === undefined) throw new Error(`no text '${key}'`);
    return text.replace(/\{(\d)\}/g, (_, i) => values[i]);
  };
  words.maybe = (key, other) => find(key) ?? other;
  words.said = (message) => said(message, language);
  words.filterName = (name) => filterName(name, language);
  words.language = language;
  return words;
}

// Puts the texts into elements that name them: data-text (content), data-label (aria-label),
// data-title (title and aria-label).
export function translate(root, words) {
  for (const found of root.querySelectorAll("[data-text]")) {
    found.textContent = words(found.dataset.text);
  }
  for (const found of root.querySelectorAll("[data-label]")) {
    found.setAttribute("aria-label", words(found.dataset.label));
  }
  for (const found of root.querySelectorAll("[data-title]")) {
    found.title = words(found.dataset.title);
    found.setAttribute("aria-label", words(found.dataset.title));
  }
}
