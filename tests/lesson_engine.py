#!/usr/bin/python3
"""Compares the page's engine, in Node.js, with the program: every filter of the catalogue, with its
defaults and its example, on three images, and 200 random chains. The results are the same to the
last bit, as both run the row kernels' baseline level; where one refuses, the other says the same.
The networks that read digits are compared on ten of them.

$CONVTOOL is the program, $BUILD where lesson/engine.wasm is. Prints "N passed, N failed". Without
Node.js or engine.wasm (`make lesson` builds it) it skips, with a line that says so.
"""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import PIL.Image

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
BUILD = os.environ.get("BUILD", os.path.join(ROOT, "build"))
CONVTOOL = os.environ.get("CONVTOOL", os.path.join(BUILD, "convtool"))
WASM = os.path.join(BUILD, "lesson/engine.wasm")
BASELINE = dict(os.environ, CONVTOOL_ISA="baseline")
RANDOM = 200
PLAIN_WHITE = 255  # of floats in a .npy
folder = tempfile.TemporaryDirectory()


def path(name):
    return os.path.join(folder.name, str(name))


def make_images():
    """A photograph in colour, noise in gray of odd sizes, one with alpha, and floats."""
    rng = np.random.default_rng(12)
    photo = np.asarray(PIL.Image.open(os.path.join(ROOT, "samples/chelsea.png")))[60:160, 90:213]
    gray = rng.integers(0, 256, (47, 61, 1), dtype=np.uint8)
    alpha = rng.integers(0, 256, (40, 33, 4), dtype=np.uint8)
    alpha[:10, :, 3] = 0
    alpha[10:20, :, 3] = 255
    floats = rng.normal(100, 90, (29, 38, 3)).astype(np.float32)
    images = []
    for i, samples in enumerate([photo, gray, alpha, floats]):
        real = samples.dtype == np.float32
        file = path(f"in{i}" + (".npy" if real else ".png"))
        np.save(file, samples) if real else PIL.Image.fromarray(samples.squeeze()).save(file)
        samples.tofile(path(f"in{i}.raw"))
        height, width, channels = samples.shape
        images.append({"width": width, "height": height, "channels": channels, "input": file,
                       "alpha": channels == 4, "white": PLAIN_WHITE, "floats": real,
                       "file": path(f"in{i}.raw")})
    return images


def one_number(rng, argument):
    low, high = argument["range"] or (-3, 3)
    high = min(high, {"threshold": 300}.get(argument["name"], 8))
    if argument["kind"] in ("integer", "odd", "size", "pool"):
        number = rng.randint(int(low), max(int(low), int(high)))
        return str(number | 1 if argument["kind"] == "odd" else number)
    return f"{rng.uniform(low, max(low, high)):.3g}"


def one_value(rng, argument, catalogue):
    """A value for the argument; None: leave it out."""
    if argument["choices"]:
        return rng.choice(argument["choices"])["name"]
    kind = argument["kind"]
    if kind == "kernel":
        return rng.choice(catalogue["kernels"])["name"]
    if kind == "bank":
        return rng.choice(catalogue["banks"])["name"]
    if kind == "padding":
        name = rng.choice(catalogue["paddings"])["name"]
        return name + "=9" if name == "constant" else name
    if kind == "extent":
        return rng.choice(["50%", "20x", "31x17", "130%"])
    if kind in ("number", "level", "integer", "odd", "size", "pool"):
        return one_number(rng, argument)
    return None


def one_stage(rng, catalogue):
    stage = rng.choice([s for s in catalogue["stages"] if s["name"] != "net"])
    arguments = stage["arguments"] + (catalogue["window_arguments"] if stage["window"] else [])
    text = stage["name"]
    for argument in arguments:
        if argument["default"] in (None, "the one given by -k") or rng.random() < 0.25:
            value = one_value(rng, argument, catalogue)
            text += "" if value is None else f":{argument['name']}={value}"
    return text


def make_chains(images):
    """[[image, chain], ...]"""
    catalogue = json.loads(subprocess.run([CONVTOOL, "list", "--json"], stdout=subprocess.PIPE,
                                          check=True).stdout)
    chains = []
    for stage in catalogue["stages"]:
        if stage["name"] == "net":  # networks are loaded from files
            continue
        example = stage["example"].split()[0]
        named = [stage["name"], example] if example != stage["name"] else [example]
        chains += [[image, chain] for chain in named for image in range(3)]
    rng = random.Random(12)
    for _ in range(RANDOM):
        chain = ",".join(one_stage(rng, catalogue) for _ in range(rng.randint(1, 3)))
        chains.append([rng.randrange(len(images)), chain])
    return chains


def program(chain, image, out):
    """Runs the program; what it said where it refused, else None."""
    done = subprocess.run([CONVTOOL, "-q", "-f", chain, image["input"], out], env=BASELINE,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=120)
    return done.stderr if done.returncode else None


def compare(theirs, file):
    made = np.fromfile(file, theirs.dtype)
    if made.size != theirs.size:
        return f"{made.size} and {theirs.size} samples"
    same = made.tobytes() == theirs.tobytes()
    return "" if same else f"{np.sum(made != theirs.ravel())} of {made.size} samples differ"


def differs(image, chain, ours, i):
    """What is different between the page's result and the program's; "" where nothing is."""
    out = path("out.npy")
    refusal = program(chain, image, out)
    if refusal is not None:
        if "error" not in ours:
            return "the program refuses: " + refusal
        return "" if ours["error"] in refusal else f"{ours['error']!r} and {refusal!r}"
    if "error" in ours:
        return "the page refuses: " + ours["error"]
    theirs = np.load(out)
    shape = theirs.shape if theirs.ndim == 3 else theirs.shape + (1,)
    if tuple(ours["shape"]) != shape:
        return f"{ours['shape']} and {shape}"
    problem = compare(theirs, path(f"{i}.f32")) if os.path.exists(path(f"{i}.f32")) else ""
    if problem or image["floats"] or shape[2] > 4:
        return problem
    out = path("out.pam")
    program(chain, image, out)
    with open(out, "rb") as file:
        samples = file.read().split(b"ENDHDR\n", 1)[1]
    return compare(np.frombuffer(samples, np.uint8), path(f"{i}.raw"))


# ---- networks ----

WANTED = {"cnn": ["conv1", "relu2", "hidden"], "residual": ["block1.norm2", "block3"],
          "attention": ["likeness", "attention"], "rnn": ["hidden"], "lstm": ["rows", "hidden"]}
TOLERANCE = 1e-5  # of the largest number: the program joins some operators, the page doesn't


def make_networks():
    digits = [np.asarray(PIL.Image.open(os.path.join(ROOT, f"samples/networks/digits/{i}.png")))
              for i in range(10)]
    inputs = [(digit.astype(np.float32) / np.float32(255)).reshape(1, 1, 8, 8) for digit in digits]
    return inputs, [{"file": os.path.join(ROOT, f"samples/networks/digits-{name}.onnx"),
                     "wanted": wanted + ["probabilities"],
                     "inputs": [[float(v) for v in given.ravel()] for given in inputs]}
                    for name, wanted in WANTED.items()]


def network_differs(network, given, ours):
    np.save(path("image.npy"), given)
    words = [CONVTOOL, "net", "-q", "-f", network["file"], f"image={path('image.npy')}"]
    for name in network["wanted"]:
        words += ["-o", f"{name}={path(name + '.npy')}"]
    subprocess.run(words, env=BASELINE, check=True, stdout=subprocess.DEVNULL, timeout=120)
    for name in network["wanted"]:
        theirs = np.load(path(name + ".npy")).ravel()
        made = np.array(ours[name])
        if made.shape != theirs.shape:
            return f"{name}: {made.size} and {theirs.size} numbers"
        error = np.abs(made - theirs).max() / np.abs(theirs).max()
        if not error <= TOLERANCE:
            return f"{name}: {error:.2g} apart"
    return ""


def main():
    if not shutil.which("node") or not os.path.exists(WASM):
        what = "Node.js isn't there" if os.path.exists(WASM) else "`make lesson` wasn't run"
        print(f"skipped: the page's engine ({what})")
        print("0 passed, 0 failed")
        return 0
    images = make_images()
    chains = make_chains(images)
    inputs, networks = make_networks()
    with open(path("jobs.json"), "w", encoding="utf-8") as file:
        json.dump({"images": images, "chains": chains, "networks": networks}, file)
    script = os.path.join(ROOT, "tests/lesson_engine.mjs")
    done = subprocess.run(["node", script, WASM, path("jobs.json"), folder.name], check=True,
                          stdout=subprocess.PIPE, timeout=600)
    answer = json.loads(done.stdout)
    passed = failed = refused = 0
    for i, ((image, chain), ours) in enumerate(zip(chains, answer["said"])):
        problem = differs(images[image], chain, ours, i)
        refused += not problem and "error" in ours
        passed += not problem
        failed += bool(problem)
        if problem:
            print(f"{chain} on image {image}: {problem}")
    for network, made in zip(networks, answer["networks"]):
        for digit, ours in enumerate(made):
            problem = network_differs(network, inputs[digit], ours)
            passed += not problem
            failed += bool(problem)
            if problem:
                print(f"{os.path.basename(network['file'])} on {digit}: {problem}")
    if refused > len(chains) / 2:
        failed += 1
        print(f"{refused} of {len(chains)} chains are refused: too few say anything")
    print(f"{len(chains)} chains, {refused} of them refused by both")
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


sys.exit(main())
