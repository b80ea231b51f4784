// ONNX Runtime for tests/runtime.py: node published.js NODE_MODULES
// Each line of standard input is a request in JSON, and gets a line of JSON on standard output:
//   {"open": MODEL}  -> {"id", "inputs", "outputs"}: names
//   {"run": ID, "inputs": {NAME: FILE.npy}, "outputs": {NAME: FILE.npy}} -> {}
//   {"close": ID}    -> {}
// or {"error": MESSAGE}. Runs are on one thread.
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");

const runtime = path.resolve(process.argv[2], "onnxruntime-node");
const { Tensor, env } = require(path.resolve(process.argv[2], "onnxruntime-common"));
const { binding, initOrt } = require(path.join(runtime, "dist/binding.js"));
require(runtime);
env.logLevel = "fatal"; // what is wrong is answered
initOrt();

const TYPES = {
    "<f4": ["float32", Float32Array],
    "<f8": ["float64", Float64Array],
    "<i8": ["int64", BigInt64Array],
    "<i4": ["int32", Int32Array],
    "|i1": ["int8", Int8Array],
    "|u1": ["uint8", Uint8Array],
    "|b1": ["bool", Uint8Array],
};

function readNumpy(file) {
    const bytes = fs.readFileSync(file);
    if (bytes.toString("latin1", 0, 6) !== "\x93NUMPY" || bytes[6] !== 1) {
        throw new Error(`${file}: expected a .npy file of version 1`);
    }
    const start = 10 + bytes.readUInt16LE(8);
    const header = bytes.toString("latin1", 10, start);
    const descr = /'descr': '([^']+)'/.exec(header)[1];
    const dims = /'shape': \(([^)]*)\)/.exec(header)[1].match(/\d+/g) || [];
    if (!TYPES[descr] || !/'fortran_order': False/.test(header)) {
        throw new Error(`${file}: numbers ${descr} in an order that isn't C's, or of another type`);
    }
    const [type, Numbers] = TYPES[descr];
    const data = new Uint8Array(bytes.subarray(start)).buffer; // a copy, which is aligned
    return new Tensor(type, new Numbers(data), dims.map(Number));
}

function writeNumpy(file, tensor) {
    const [descr] = Object.entries(TYPES).find(([, [type]]) => type === tensor.type) || [];
    if (!descr) {
        throw new Error(`${file}: can't write ${tensor.type}`);
    }
    const shape = tensor.dims.join(", ") + (tensor.dims.length === 1 ? "," : "");
    let header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }`;
    header = header.padEnd(Math.ceil((header.length + 11) / 64) * 64 - 11) + "\n";
    const length = Buffer.alloc(2);
    length.writeUInt16LE(header.length);
    const data = tensor.data;
    fs.writeFileSync(file, Buffer.concat([
        Buffer.from("\x93NUMPY\x01\x00", "latin1"), length, Buffer.from(header, "latin1"),
        Buffer.from(data.buffer, data.byteOffset, data.byteLength)]));
}

const sessions = [];

function open({ open: model }) {
    const session = new binding.InferenceSession();
    session.loadModel(model, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: "sequential",
        graphOptimizationLevel: "all",
        logSeverityLevel: 4,
    });
    const names = (list) => list.map((value) => value.name);
    sessions.push({ session, outputs: names(session.outputMetadata) });
    return {
        id: sessions.length - 1,
        inputs: names(session.inputMetadata),
        outputs: names(session.outputMetadata),
    };
}

function read(inputs) {
    return Object.fromEntries(
        Object.entries(inputs).map(([name, file]) => [name, readNumpy(file)]));
}

function all(id) {
    return Object.fromEntries(sessions[id].outputs.map((name) => [name, null]));
}

function run({ run: id, inputs, outputs }) {
    const results = sessions[id].session.run(read(inputs), all(id), {});
    for (const [name, file] of Object.entries(outputs)) {
        if (!results[name]) {
            throw new Error(`no output is called ${name}`);
        }
        writeNumpy(file, results[name]);
    }
    return {};
}

function close({ close: id }) {
    sessions[id].session.dispose();
    sessions[id] = null;
    return {};
}

function answer(line) {
    try {
        const request = JSON.parse(line);
        const kind = [open, run, close].find((one) => one.name in request);
        return kind(request);
    } catch (error) {
        return { error: String(error.message || error) };
    }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
    process.stdout.write(JSON.stringify(answer(line)) + "\n");
});
