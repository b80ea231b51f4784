// The engine's messages and its catalogue name commands, options and files of the terminal, which a
// page doesn't have. To add one: a row, [what is found, what the page says].
const CHANGES = [
  [/^the chain is empty; see .*/, "the chain is empty; the arrow-down key lists the filters"],
  [/conv:NAME, conv:FILE, or -k/, "conv:NAME or conv:NUMBERS, as in conv:0 1 0; 1 -4 1; 0 1 0"],
  [/ by name, by file, or by -k/, " by name or as numbers"],
  [/^the one given by -k$/, ""],
  [/NAME\|FILE/, "NAME"],
  [/, a text file, or a \.npy file of shape [^;]*/, ""],
  [/, or a file \(text or \.npy\) with one for each/, ""],
  [/use --map signed/, "use the map 'signed'"],
  [/with --color each/, "with the colour 'each channel'"],
  [/, like N in --padding MODE:N/, ""],
  [/; (see |the option is )?'?(convtool|--)[^;]*$/, ""],
];

const inText = (text) => CHANGES.reduce((now, [found, said]) => now.replace(found, said), text);

// A text, or all texts of a catalogue.
export function forPage(given) {
  if (typeof given === "string") return inText(given);
  if (Array.isArray(given)) return given.map(forPage);
  return given && typeof given === "object"
    ? Object.fromEntries(Object.entries(given).map(([key, value]) => [key, forPage(value)]))
    : given;
}
