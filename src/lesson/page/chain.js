// The text of a chain, taken apart and put together; what it means is the engine's business.

// Splits at a separator that has no backslash before it.
function split(text, separator) {
  const parts = [""];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\" && i + 1 < text.length) parts[parts.length - 1] += text[i] + text[++i];
    else if (text[i] === separator) parts.push("");
    else parts[parts.length - 1] += text[i];
  }
  return parts;
}

const plain = (text) => text.replace(/\\(.)/g, "$1");
export const escaped = (text) => text.replace(/[\\,:]/g, "\\$&");

// [{name, values: [{key, value}]}]; key null: by position.
export function parseChain(text) {
  return split(text, ",").map((stage) => {
    const [name, ...words] = split(stage.trim(), ":");
    const values = words.map((word) => {
      const [first, ...rest] = split(word, "=");
      return rest.length ? { key: first.trim(), value: plain(rest.join("=")) }
        : { key: null, value: plain(first) };
    });
    return { name: name.trim(), values };
  });
}

export const joinChain = (stages) => stages.map(({ name, values }) =>
  [name, ...values.map(({ key, value }) => (key ? `${key}=` : "") + escaped(value))].join(":"))
  .join(",");

// Which argument a value belongs to, as the engine sees it: those without a key in their order.
// Gives back {name: value}.
export function readArguments(stage, definitions) {
  const found = {};
  let place = 0;
  for (const { key, value } of stage.values) {
    if (key) found[key] = value;
    else if (value === "flip") found.flip = "yes";
    else if (place < definitions.length) found[definitions[place++].name] = value;
  }
  return found;
}

// The stage with the argument set; the default (or "") takes it out. Values get keys, but the first
// ones where the order says it.
export function withArgument(stage, definitions, name, value, fallback) {
  const values = { ...readArguments(stage, definitions), [name]: value };
  if (value === "" || value === fallback) delete values[name];
  const keyed = [];
  let ordered = true;
  for (const definition of definitions) {
    if (definition.name in values) {
      keyed.push({ key: ordered ? null : definition.name, value: values[definition.name] });
      delete values[definition.name];
    } else {
      ordered = false;
    }
  }
  for (const [key, own] of Object.entries(values)) keyed.push({ key, value: own });
  return { name: stage.name, values: keyed };
}

// The last stage of the text, whose blanks in front don't count.
export const lastStage = (text) => split(text, ",").pop().trimStart();

// The index of the stage that position `at` of the text lies in.
export const stageAt = (text, at) => split(text.slice(0, at), ",").length - 1;
