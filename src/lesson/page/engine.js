// The engine: WebAssembly made of convtool's own sources (see engine.c). This file moves bytes and
// texts in and out; it computes nothing.

const decoder = new TextDecoder();
const encoder = new TextEncoder();

// The system calls that the C library names. Only fd_write does anything: what the engine prints on
// standard output is its answer. There are no files (8: bad descriptor; 52: not implemented).
function systemCalls(memory, answer) {
  const refuse = () => 52;
  const calls = {
    fd_write(fd, vectors, count, written) {
      const view = new DataView(memory().buffer);
      let total = 0;
      for (let i = 0; i < count; i++) {
        const start = view.getUint32(vectors + 8 * i, true);
        const length = view.getUint32(vectors + 8 * i + 4, true);
        if (fd === 1) answer.push(new Uint8Array(memory().buffer).slice(start, start + length));
        total += length;
      }
      view.setUint32(written, total, true);
      return 0;
    },
    fd_prestat_get: () => 8,
    clock_time_get(clock, precision, out) {
      const now = BigInt(Math.round(performance.now() * 1e6));
      new DataView(memory().buffer).setBigUint64(out, now, true);
      return 0;
    },
    proc_exit(status) {
      throw new Error(`the engine ended with status ${status}`);
    },
  };
  return new Proxy({}, { get: (_, name) => calls[name] || refuse, has: () => true });
}

// A compiled module, or its bytes -> an engine: one image and one chain. An image's samples are a
// Uint8ClampedArray (0 to 255) or a Float32Array (white is 1, or image.white); its channels are
// interleaved.
export async function loadEngine(given) {
  const answer = [];
  let wasm = null;
  const module = given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given);
  const calls = systemCalls(() => wasm.memory, answer);
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    (imports[from] ||= {})[name] = calls[name];
  }
  wasm = (await WebAssembly.instantiate(module, imports)).exports;
  wasm._initialize();
  return new Engine(wasm, answer);
}

// What an image has as fourth, or second, channel is alpha, as in PNG.
const hasAlpha = (channels) => channels === 2 || channels === 4;

export class Engine {
  constructor(wasm, answer) {
    this.wasm = wasm;
    this.answer = answer;
  }

  // Calls the function; its answer, or its error.
  ask(name, ...values) {
    this.answer.length = 0;
    const ok = this.wasm[name](...values);
    let text = "";
    for (const bytes of this.answer) text += decoder.decode(bytes, { stream: true });
    text += decoder.decode();
    if (!ok) throw new Error(text.slice(text.lastIndexOf("\f") + 1));
    return text && JSON.parse(text);
  }

  putText(text) {
    const bytes = encoder.encode(text);
    if (bytes.length + 1 > this.wasm.lesson_text_room()) throw new Error("the text is too long");
    const room = new Uint8Array(this.wasm.memory.buffer, this.wasm.lesson_text());
    room.set(bytes);
    room[bytes.length] = 0;
  }

  // The image that chains run on from now on: {width, height, channels, data, white, alpha}.
  setImage(image) {
    if (!image || typeof image !== "object") {
      throw new Error(`the image: expected {width, height, channels, data}, got ${image}`);
    }
    const { width, height, channels, data } = image;
    const floats = data instanceof Float32Array;
    if (!floats && !(data instanceof Uint8ClampedArray || data instanceof Uint8Array)) {
      throw new Error("data: expected a Uint8ClampedArray or a Float32Array");
    }
    if (data.length !== width * height * channels) {
      throw new Error(`data: expected ${width} x ${height} x ${channels} numbers, ` +
        `got ${data.length}`);
    }
    const room = this.wasm.lesson_pixels(data.byteLength);
    if (!room) throw new Error("out of memory");
    new Uint8Array(this.wasm.memory.buffer).set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength), room);
    const alpha = image.alpha ?? hasAlpha(channels);
    this.ask("lesson_image", width, height, channels, alpha, floats,
      image.white || (floats ? 1 : 255));
    this.floats = floats;
    this.chain = null;
    this.kept = false;
  }

  // Takes a chain, and what the program's options of these names would be: padding, stride,
  // dilation, anchor, kernel, flip, color, map, linear. Gives back its stages.
  setChain(text, options = {}) {
    const lines = Object.entries(options)
      .filter(([, value]) => value !== undefined && value !== "")
      .map(([name, value]) => `\n${name}=${value}`);
    this.chain = null;
    this.kept = false;
    this.putText(String(text).replace(/[\n\r]/g, " ") + lines.join(""));
    this.chain = this.ask("lesson_chain");
    return this.chain;
  }

  // Runs it; with `keep`, values() and explain() have what every stage made.
  run(keep = false) {
    this.report = this.ask("lesson_run", keep);
    this.kept ||= keep;
    const { width, height, channels, alpha } = this.chain;
    const length = width * height * channels;
    const kind = this.floats ? Float32Array : Uint8ClampedArray;
    const data = new kind(this.wasm.memory.buffer, this.wasm.lesson_result(), length).slice();
    return { width, height, channels, alpha: alpha === 1, data };
  }

  // The image after `count` of the engine's stages, as floats.
  values(count) {
    const at = this.wasm.lesson_values(count);
    const stage = count > 0 ? this.chain.engine[count - 1].out : this.chain.engine[0]?.in;
    if (!at || !stage) return null;
    const [width, height, channels] = stage;
    const data = new Float32Array(this.wasm.memory.buffer, at, width * height * channels).slice();
    return { width, height, channels, data };
  }

  explain(stage, x, y, channel) {
    return this.ask("lesson_explained", stage, x, y, channel);
  }

  kernel(spec) {
    this.putText(spec);
    return this.ask("lesson_kernel");
  }

  stageKernel(stage, k = 0) {
    return this.ask("lesson_stage_kernel", stage, k);
  }

  list() {
    return this.ask("lesson_list");
  }

  // ---- networks ----

  // Loads an ONNX model; `wanted`: the names of the tensors that a run gives back.
  loadNetwork(bytes, wanted) {
    const room = this.wasm.lesson_pixels(bytes.length);
    new Uint8Array(this.wasm.memory.buffer).set(bytes, room);
    this.putText(wanted.join("\n"));
    return this.ask("lesson_network", bytes.length);
  }

  // Runs it on a Float32Array: {name: {name, shape, data}}.
  runNetwork(input) {
    const room = this.wasm.lesson_pixels(input.byteLength);
    new Float32Array(this.wasm.memory.buffer, room, input.length).set(input);
    const made = this.ask("lesson_network_run", input.length);
    return Object.fromEntries(made.map(({ name, shape, at }) => [name, { name, shape,
      data: at && new Float32Array(this.wasm.memory.buffer, at,
        shape.reduce((count, size) => count * size, 1)).slice() }]));
  }

  // The constant tensors of the node that makes `name`.
  weights(name) {
    this.putText(name);
    return this.ask("lesson_weights");
  }

  // The gates and the memory of the LSTM that makes `name`, after each row of the last run's input:
  // {i, o, f, g, c}, each a tensor (1, times, units).
  lstm(name) {
    this.putText(name);
    const { shape: [, times, units], data } = this.ask("lesson_lstm"), size = times * units;
    return Object.fromEntries([..."iofgc"].map((part, k) => [part, { name: part,
      shape: [1, times, units], data: data.slice(k * size, (k + 1) * size) }]));
  }
}

// What the page has as convtool.run.
export function runChain(engine, chain, image, options) {
  engine.setImage(image);
  engine.setChain(chain, options);
  return engine.run();
}
