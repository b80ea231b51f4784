// Runs chains in the page's engine, for lesson_engine.py:
//   node lesson_engine.mjs ENGINE.wasm JOBS.json FOLDER
// JOBS: {images: [{width, height, channels, alpha, white, floats, file}, ...],
//        chains: [[image, chain], ...], networks: [{file, wanted, inputs}, ...]}
// Writes FOLDER/N.raw, the samples that chain N makes, and N.f32, its last stage's floats; prints
// {said: [{shape} or {error}, ...], networks: what they make of their inputs}.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";

const [, self, wasm, jobsFile, folder] = process.argv;
const page = path.join(path.dirname(fileURLToPath(pathToFileURL(self))), "../src/lesson/page");
const { loadEngine, runChain } = await import(pathToFileURL(path.join(page, "engine.js")));

const engine = await loadEngine(fs.readFileSync(wasm));
const jobs = JSON.parse(fs.readFileSync(jobsFile, "utf8"));
const images = jobs.images.map((image) => {
  const bytes = fs.readFileSync(image.file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return { ...image, data: new (image.floats ? Float32Array : Uint8ClampedArray)(buffer) };
});

const said = jobs.chains.map(([image, chain], i) => {
  try {
    const made = runChain(engine, chain, images[image]);
    fs.writeFileSync(path.join(folder, `${i}.raw`), new Uint8Array(made.data.buffer));
    engine.run(true);
    const values = engine.values(engine.chain.engine.length);
    if (values) fs.writeFileSync(path.join(folder, `${i}.f32`), new Uint8Array(values.data.buffer));
    return { shape: [made.height, made.width, made.channels] };
  } catch (error) {
    return { error: error.message };
  }
});

// Networks: each tensor's numbers, of each input.
const networks = jobs.networks.map(({ file, wanted, inputs }) => {
  engine.loadNetwork(fs.readFileSync(file), wanted);
  return inputs.map((numbers) => Object.fromEntries(
    Object.entries(engine.runNetwork(Float32Array.from(numbers)))
      .map(([name, tensor]) => [name, [...tensor.data]])));
});
console.log(JSON.stringify({ said, networks }));
