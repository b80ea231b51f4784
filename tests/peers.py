#!/usr/bin/python3
"""Compares convtool with SciPy, Pillow, PyTorch, matplotlib and scikit-image on random images and
parameters.

Images go through PFM files, whose numbers are neither rounded nor clamped. $CONVTOOL is the
program, $CONVTOOL_SEED the seed. Prints each family's cases and largest error (relative to the sum
of the absolute products, or to the largest value), then "N passed, N failed".
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import matplotlib
import numpy as np
import PIL.Image
import scipy.ndimage as ndi
import skimage.metrics
from scipy import signal
from skimage.feature import canny
from skimage.filters import threshold_otsu
import torch
import torch.nn.functional as F

CONVTOOL = os.environ.get("CONVTOOL", "build/convtool")
LAYER = os.environ.get("BUILD", "build") + "/tests/tools/layer"
SEED = int(os.environ.get("CONVTOOL_SEED", "20240607"))
TOLERANCE = 2e-6  # float32 sums of up to some hundred products
torch.set_num_threads(1)
folder = tempfile.TemporaryDirectory()
passed = failed = 0


def path(name):
    return os.path.join(folder.name, name)


def write_pfm(name, image):
    with open(path(name), "wb") as file:
        kind = b"Pf" if image.ndim == 2 else b"PF"
        file.write(b"%s\n%d %d\n-1.0\n" % (kind, image.shape[1], image.shape[0]))
        file.write(image[::-1].astype("<f4").tobytes())


def read_pfm(name):
    data = pathlib.Path(path(name)).read_bytes()
    kind, size, scale, rest = data.split(b"\n", 3)
    width, height = map(int, size.split())
    assert float(scale) < 0 and kind in (b"Pf", b"PF")
    shape = (height, width) if kind == b"Pf" else (height, width, 3)
    return np.frombuffer(rest, "<f4").reshape(shape)[::-1].astype(np.float64)


def convtool(image, *words):
    """The program's output for an image (float32)."""
    write_pfm("in.pfm", image)
    return run_on("in.pfm", *words)


def run_on(name, *words):
    done = subprocess.run([CONVTOOL, "-f", *words, path(name), path("out.pfm")],
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(" ".join(words) + ": " + done.stderr)
    return read_pfm("out.pfm")


class Family:
    """Cases of one kind: a context manager, called with our result, theirs, and the size of the
    numbers."""

    def __init__(self, name):
        self.name, self.cases, self.bad, self.worst = name, 0, 0, 0.0

    def __enter__(self):
        return self

    def __call__(self, ours, theirs, scale, what, tolerance=TOLERANCE):
        self.cases += 1
        theirs = np.asarray(theirs, np.float64)
        if ours.shape != theirs.shape:
            error = np.inf
            what += f": {ours.shape} instead of {theirs.shape}"
        else:
            error = float(np.max(np.abs(ours - theirs) / scale)) if ours.size else 0.0
        self.worst = max(self.worst, error)
        if not error <= tolerance:
            self.bad += 1
            print(f"  {self.name}: {what}: error {error:.3g}")

    def __exit__(self, *exception):
        global passed, failed
        if exception[0] is not None:
            print(f"  {self.name}: {exception[1]}")
            self.bad += 1
        passed += self.cases - self.bad if self.cases >= self.bad else 0
        failed += self.bad
        print(f"{self.name}: {self.cases} cases, largest error {self.worst:.2g}")
        return exception[0] in (None, RuntimeError)


random = np.random.default_rng(SEED)


def integer(low, high):
    return int(random.integers(low, high + 1))


def random_image(low=1, high=40, channels=None):
    shape = (integer(low, high), integer(low, high))
    if channels == 3 or (channels is None and random.random() < 0.3):
        shape += (3,)
    return random.random(shape, np.float32)


def kernel_text(kernel):
    return ";".join(" ".join(repr(float(v)) for v in row) for row in kernel)


def channels_of(image):
    return [image] if image.ndim == 2 else [image[..., c] for c in range(3)]


def each_channel(image, function):
    parts = [function(c.astype(np.float64)) for c in channels_of(image)]
    return parts[0] if image.ndim == 2 else np.stack(parts, -1)


# ours: SciPy's
MODES = {"mirror": "mirror", "symmetric": "reflect", "replicate": "nearest", "wrap": "wrap",
         "zero": "constant", "constant=0.25": "constant"}


def scipy_correlate():
    for ours, theirs in MODES.items():
        value = 0.25 if "=" in ours else 0.0
        with Family(f"ndimage.correlate, {ours}") as check:
            for _ in range(40):
                image = random_image()
                kernel = random.standard_normal((integer(1, 9), integer(1, 9)))
                # SciPy's centre is size // 2, ours (size - 1) / 2 unless the anchor says otherwise.
                anchor = f"{kernel.shape[1] // 2},{kernel.shape[0] // 2}"
                got = convtool(image, "conv", "-k", kernel_text(kernel), "-p", ours,
                               "--anchor", anchor)
                want = each_channel(
                    image, lambda c: ndi.correlate(c, kernel, mode=theirs, cval=value))
                check(got, want, np.abs(kernel).sum(),
                      f"{image.shape}, kernel {kernel.shape}")
        with Family(f"ndimage.convolve, {ours}, odd kernels") as check:
            for _ in range(15):
                image = random_image()
                kernel = random.standard_normal((2 * integer(0, 3) + 1, 2 * integer(0, 3) + 1))
                got = convtool(image, "conv", "-k", kernel_text(kernel), "-p", ours, "--flip")
                want = each_channel(
                    image, lambda c: ndi.convolve(c, kernel, mode=theirs, cval=value))
                check(got, want, np.abs(kernel).sum(), f"{image.shape}, kernel {kernel.shape}")


def scipy_large_kernels():
    """8-bit images through the engine's paths for large kernels; SciPy's sums are doubles."""
    y, x = np.mgrid[-1:1:31j, -1:1:31j]
    kernels = {
        "random": random.standard_normal((31, 31)),
        "disc": (x * x + y * y <= 1) / np.count_nonzero(x * x + y * y <= 1),
        "blob": (x * x + y * y - 0.25) * np.exp(-8 * (x * x + y * y)),
        "box": np.full((51, 45), 1 / (51 * 45)),
        "wide": random.standard_normal((3, 101)),
        "ones": np.ones((21, 21)),
    }
    with Family("ndimage.correlate, large kernels") as check:
        for name, kernel in kernels.items():
            for mode in ("mirror", "replicate", "zero", "wrap"):
                image = np.random.default_rng(integer(0, 99)).integers(0, 256, (150, 170))
                with open(path("in.pgm"), "wb") as file:
                    file.write(b"P5\n170 150\n255\n" + image.astype(np.uint8).tobytes())
                with open(path("kernel.txt"), "w") as file:
                    file.write("\n".join(" ".join(repr(float(v)) for v in row) for row in kernel))
                got = run_on("in.pgm", "conv:" + path("kernel.txt"), "-p", mode)
                want = ndi.correlate(image / 255, kernel, mode=MODES[mode])
                check(got, want, np.abs(kernel).sum(), f"{name}, {mode}")


def scipy_filters():
    with Family("ndimage.gaussian_filter, truncate=3") as check:
        for _ in range(30):
            image, sigma = random_image(), float(random.uniform(0.2, 8))
            ours, theirs = list(MODES.items())[integer(0, 3)]
            got = convtool(image, f"gaussian:{sigma!r}", "-p", ours)
            want = each_channel(
                image, lambda c: ndi.gaussian_filter(c, sigma, mode=theirs, truncate=3.0))
            check(got, want, 1, f"{image.shape}, sigma {sigma}, {ours}")
    with Family("ndimage.uniform_filter, odd sizes") as check:
        for _ in range(30):
            image, w, h = random_image(), 2 * integer(0, 9) + 1, 2 * integer(0, 9) + 1
            got = convtool(image, f"box:{w}x{h}", "-p", "symmetric")
            want = each_channel(image, lambda c: ndi.uniform_filter(c, (h, w), mode="reflect"))
            check(got, want, 1, f"{image.shape}, {w}x{h}")
    for name, function in (("sobel", ndi.sobel), ("prewitt", ndi.prewitt)):
        with Family(f"ndimage.{name}") as check:
            for out in ("x", "y", "magnitude", "l1", "angle"):
                for _ in range(8):
                    image = random_image(channels=1)
                    if image.ndim == 3:
                        image = image[..., 0]
                    x = function(image.astype(np.float64), axis=1, mode="mirror")
                    y = function(image.astype(np.float64), axis=0, mode="mirror")
                    got = convtool(image, f"{name}:{out}")
                    want = {"x": x, "y": y, "magnitude": np.hypot(x, y),
                            "l1": np.abs(x) + np.abs(y),
                            "angle": np.arctan2(y, x) % (2 * np.pi) / (2 * np.pi)}[out]
                    if out == "angle":  # a full turn is 1; where the length is 0 there is no angle
                        got = np.where(np.hypot(x, y) < 1e-3, want, got)
                        turns = np.round(got - want)
                        got = got - turns
                    check(got, want, 8 if out != "angle" else 1, f"{out}, {image.shape}",
                          TOLERANCE if out != "angle" else 3e-4)


def sobel_kernel(size):
    """The kernel of the gradient along x that OpenCV documents for getDerivKernels: binomials times
    the difference of binomials."""
    smooth, narrow = np.ones(1), np.ones(1)
    for _ in range(size - 1):
        smooth = np.convolve(smooth, [1, 1])
    for _ in range(size - 2):
        narrow = np.convolve(narrow, [1, 1])
    return np.outer(smooth, np.convolve(narrow, [1, -1])[::-1])


def sobel_sizes():
    with Family("ndimage.correlate, larger Sobel kernels") as check:
        for size in range(3, 33, 2):
            kernel = sobel_kernel(size)
            for out in ("x", "y", "magnitude", "l1"):
                image = random_image(channels=1)
                ours, theirs = list(MODES.items())[integer(0, 4)]
                got = convtool(image, f"sobel:{out}:{size}", "-p", ours)
                x, y = (ndi.correlate(image.astype(np.float64), k, mode=theirs)
                        for k in (kernel, kernel.T))
                want = {"x": x, "y": y, "magnitude": np.hypot(x, y),
                        "l1": np.abs(x) + np.abs(y)}[out]
                check(got, want, np.abs(kernel).sum(), f"{size}, {out}, {image.shape}, {ours}")


def scipy_medians():
    """Bit for bit: networks, histograms and lists; 530 rows are more than the histograms go without
    a new start. SciPy 1.10 is wrong where a window reaches beyond twice the image."""
    for ours, theirs in MODES.items():
        value = 0.25 if "=" in ours else 0.0
        with Family(f"ndimage.median_filter, {ours}") as check:
            for w, h in [(3, 3), (5, 5), (7, 1), (1, 5), (21, 9), (23, 25)]:
                image = random_image(13)
                want = each_channel(image, lambda c: ndi.median_filter(
                    c.astype(np.float32), (h, w), mode=theirs, cval=value))
                check(convtool(image, f"median:{w}x{h}", "-p", ours), want, 1,
                      f"floats, {image.shape}, {w}x{h}", 0)
            for (w, h), shape in [((3, 3), (40, 300)), ((5, 5), (30, 90)), ((9, 9), (99, 80)),
                                  ((51, 51), (530, 60)), ((255, 101), (60, 130))]:
                image = random.integers(0, 256, shape, np.uint8)
                write_pgm("in.pgm", image)
                want = ndi.median_filter(image.astype(np.float32), (h, w), mode=theirs, cval=value)
                for jobs in "1", "3":
                    got = run_on("in.pgm", f"median:{w}x{h}", "-p", ours, "-j", jobs) * 255
                    check(np.rint(got * 4) / 4, want, 1, f"bytes, {shape}, {w}x{h}", 0)


PILLOW = {
    "lanczos": PIL.Image.LANCZOS,
    "bilinear": PIL.Image.BILINEAR,
    "bicubic": PIL.Image.BICUBIC,
}


def random_sizes():
    """An image's sides, and new ones: smaller, larger, one of them the same."""
    sides = integer(1, 90), integer(1, 90)
    new = [integer(1, 200 if random.random() < 0.3 else 60) for _ in sides]
    if random.random() < 0.2:
        new[integer(0, 1)] = None
    return sides, [b or a for a, b in zip(sides, new)]


def area_means(image, size, axis):
    """Means over fractions of samples: differences of the integral."""
    integral = np.insert(np.cumsum(image, axis), 0, 0, axis)
    n = image.shape[axis]
    edges = np.linspace(0, n, size + 1)
    at = np.apply_along_axis(lambda line: np.interp(edges, np.arange(n + 1), line), axis, integral)
    return np.diff(at, axis=axis) * size / n


def pillow_resize():
    for name, method in PILLOW.items():
        with Family(f"Pillow's resize, {name}, floats") as check:
            for _ in range(12):
                (h, w), (new_h, new_w) = random_sizes()
                image = random.random((h, w), np.float32)
                want = PIL.Image.fromarray(image, "F").resize((new_w, new_h), method)
                check(convtool(image, f"resize:{new_w}x{new_h}:{name}"), want, 1,
                      f"{w}x{h} to {new_w}x{new_h}", 1e-5)
        with Family(f"Pillow's resize, {name}, bytes") as check:
            # Pillow rounds and clamps between x and y; these grays aren't clamped.
            for _ in range(12):
                (h, w), (new_h, new_w) = random_sizes()
                image = random.integers(64, 192, (h, w), np.uint8)
                write_pgm("in.pgm", image)
                got = run_on("in.pgm", f"resize:{new_w}x{new_h}:{name}") * 255
                want = PIL.Image.fromarray(image).resize((new_w, new_h), method)
                check(np.rint(got), want, 1, f"{w}x{h} to {new_w}x{new_h}", 1)
    with Family("means of areas") as check:
        for _ in range(12):
            (h, w), (new_h, new_w) = random_sizes()
            image = random.random((h, w), np.float32)
            want = area_means(area_means(image.astype(np.float64), new_w, 1), new_h, 0)
            check(convtool(image, f"resize:{new_w}x{new_h}:area"), want, 1,
                  f"{w}x{h} to {new_w}x{new_h}")


def picture(height, width):
    """Smooth shapes and some noise, from 0 to 1."""
    shapes = ndi.gaussian_filter(random.standard_normal((height, width)), random.uniform(0.6, 4))
    shapes = np.tanh(3 * shapes / (np.std(shapes) or 1)) + 0.1 * random.random((height, width))
    return (shapes - shapes.min()) / (np.ptp(shapes) or 1)


def ties(image, sigma, levels, mode):
    """Pixels at which rounding may decide whether a gradient is greatest, or reaches a level. Two
    numbers next to each other on a line through the pixel are compared, whatever the direction."""
    smooth = ndi.gaussian_filter(image.astype(np.float64), sigma, mode=mode)
    y, x = ndi.sobel(smooth, 0), ndi.sobel(smooth, 1)
    length = np.hypot(x, y)
    near = np.zeros(image.shape, bool)
    for level in levels:
        near |= np.abs(length - level) <= 1e-5 * np.max(image)
    share = np.minimum(np.abs(x), np.abs(y)) / np.maximum(np.maximum(np.abs(x), np.abs(y)), 1e-30)
    inner = np.pad(length, 1)
    height, width = image.shape
    for dy, dx in [(0, 1), (1, 0), (0, -1), (-1, 0)]:
        beside = inner[1 + dy:1 + dy + height, 1 + dx:1 + dx + width]
        for turn in (-1, 1):
            cy, cx = (dy, turn) if dy else (turn, dx)
            corner = inner[1 + cy:1 + cy + height, 1 + cx:1 + cx + width]
            near |= np.abs(corner * share + beside * (1 - share) - length) <= 2e-5 * length
    return near & (length >= min(levels) * 0.999)


# ours: scikit-image's
CANNY_MODES = {mode: theirs for mode, theirs in MODES.items() if theirs != "constant"}


def skimage_canny():
    """The same pixels, unless a tie links or cuts an edge: few images have one."""
    with Family("skimage.feature.canny") as check:
        for number in range(40):
            ours, theirs = list(CANNY_MODES.items())[number % 4]
            white = (255, 65535)[number % 3 == 0]
            image = (picture(integer(1, 90), integer(1, 120)) * white).astype(
                (np.uint8, np.uint16)[white > 255])
            sigma = float(random.choice([0, 0.5, 1, 1.4, 3]))
            low = random.uniform(0, 0.3) * white
            high = low + random.uniform(0, 0.4) * white
            write_pgm("in.pgm", image)
            got = run_on("in.pgm", f"canny:{low!r}:{high!r}:{sigma}", "-p", ours) > 0
            want = canny(image, sigma, low, high, mode=theirs)
            loose = int(ties(image, sigma, (low, high), theirs).sum())
            what = f"{image.shape}, {white}, sigma {sigma}, {low:.5g}:{high:.5g}, {ours}"
            check(got, want, 1 if loose == 0 or np.sum(got != want) > 20 * loose else np.inf, what,
                  0)
        for _ in range(5):
            image = picture(60, 70).astype(np.float32)
            check(convtool(image, "canny"), canny(image, mode="mirror"), 1, "floats", 0)
            magnitude = np.hypot(*(ndi.sobel(ndi.gaussian_filter(
                image.astype(np.float64), 1, mode="mirror"), axis) for axis in (0, 1)))
            high = threshold_otsu(magnitude.astype(np.float32))
            check(convtool(image, "canny:auto"), canny(image, 1, high / 2, high, mode="mirror"), 1,
                  "floats, auto", 0)


def threshold_found(name, chain):
    done = subprocess.run([CONVTOOL, "-f", "-v", chain, path(name), path("out.pfm")],
                          stderr=subprocess.PIPE, text=True)
    found = [line for line in done.stderr.splitlines() if "Otsu's threshold: " in line]
    return float(found[0].rpartition(" ")[2])


def skimage_otsu():
    """The values are equal, and so are the pixels above them."""
    with Family("skimage.filters.threshold_otsu") as check:
        for number in range(24):
            white = (255, 65535, 1)[number % 3]
            image = picture(integer(2, 60), integer(2, 90)) ** random.uniform(0.5, 3) * white
            image = image.astype((np.uint8, np.uint16, np.float32)[number % 3])
            name = "in.pfm" if white == 1 else "in.pgm"
            (write_pfm if white == 1 else write_pgm)(name, image)
            want = threshold_otsu(image)
            found = threshold_found(name, "threshold:otsu")
            check(np.float64(found), want, abs(want), f"{image.dtype}, {image.shape}", 1e-6)
            check(read_pfm("out.pfm"), (image > want) * 1.0, 1, f"{image.dtype}, {image.shape}", 0)
        image = (picture(50, 60) * 255).astype(np.uint8)
        write_pgm("in.pgm", image)
        middle = ndi.median_filter(image, 3, mode="mirror")
        check(np.float64(threshold_found("in.pgm", "median:3,threshold:otsu")),
              threshold_otsu(middle), 1, "whole numbers after a stage", 0)


def torch_conv():
    with Family("torch conv2d") as check:
        for _ in range(120):
            image = random_image(12, 40)
            kernel = random.standard_normal((integer(1, 5), integer(1, 5))).astype(np.float32)
            stride, dilation = (integer(1, 4), integer(1, 4)), (integer(1, 2), integer(1, 2))
            pad = (integer(0, 4), integer(0, 4))
            got = convtool(image, "conv", "-k", kernel_text(kernel),
                           "-s", f"{stride[1]}x{stride[0]}", "-d", f"{dilation[1]}x{dilation[0]}",
                           "-p", f"zero:{pad[1]}x{pad[0]}")
            weights = torch.tensor(kernel.astype(np.float64))[None, None]
            want = each_channel(image, lambda c: F.conv2d(
                torch.tensor(c)[None, None], weights, None, stride, pad, dilation)[0, 0].numpy())
            check(got, want, max(np.abs(kernel).sum(), 1e-9),
                  f"{image.shape}, kernel {kernel.shape}, s {stride}, d {dilation}, p {pad}")


# ours: (torch.nn.functional.pad's, conv_border of src/conv/conv.h)
LAYER_BORDERS = {"zeros": ("constant", 4), "mirror": ("reflect", 0), "replicate": ("replicate", 2),
                 "wrap": ("circular", 3)}
LEVELS = [level for level in ("baseline", "v3", "v4") if subprocess.run(
    [LAYER, level] + ["1"] * 15, input=bytes(16), capture_output=True).returncode == 0]


def layer(level, image, weights, bias, relu, border, **window):
    """The engine's output for a layer on (channels, height, width)."""
    channels, height, width = image.shape
    words = [width, height, channels, weights.shape[0], weights.shape[3], weights.shape[2],
             *reversed(window["stride"]), *reversed(window["dilation"]), *reversed(window["pad"]),
             LAYER_BORDERS[border][1], 0, int(relu)]
    floats = [image.transpose(1, 2, 0), weights, bias]
    done = subprocess.run([LAYER, level, *map(str, words)], stdout=subprocess.PIPE, check=True,
                          input=b"".join(np.ascontiguousarray(f).tobytes() for f in floats))
    return np.frombuffer(done.stdout, np.float32).astype(np.float64)


def torch_layers():
    for level in LEVELS:
        with Family(f"torch conv2d, layers, {level}") as check:
            for _ in range(100):
                kernel = (integer(1, 5), integer(1, 5))
                window = {"stride": (integer(1, 3), integer(1, 3)),
                          "dilation": (integer(1, 2), integer(1, 2)),
                          "pad": (integer(0, 4), integer(0, 4))}
                image = random.standard_normal((integer(1, 70), integer(12, 40), integer(12, 40)),
                                               np.float32)
                shape = (integer(1, 70), image.shape[0], *kernel)
                weights = random.standard_normal(shape, np.float32)
                bias = random.standard_normal(shape[0], np.float32)
                relu, border = bool(integer(0, 1)), list(LAYER_BORDERS)[integer(0, 3)]
                got = layer(level, image, weights, bias, relu, border, **window)
                y, x = window["pad"]
                padded = F.pad(torch.tensor(image.astype(np.float64))[None], (x, x, y, y),
                               LAYER_BORDERS[border][0])
                want = F.conv2d(padded, torch.tensor(weights.astype(np.float64)),
                                torch.tensor(bias.astype(np.float64)), window["stride"], 0,
                                window["dilation"])[0]
                want = (F.relu(want) if relu else want).permute(1, 2, 0).numpy()
                scale = np.abs(image).max() * np.abs(weights).sum(axis=(1, 2, 3)).max()
                check(got.reshape(want.shape) if got.size == want.size else got, want, scale,
                      f"{image.shape}, {shape}, {window}, {border}")


BANK_PADDINGS = {"zeros": "zero", "reflect": "mirror", "replicate": "replicate",
                 "circular": "wrap"}


def torch_banks():
    """The stage bank on arrays of many channels, by the command line: groups and biases too."""
    with Family("torch conv2d, banks") as check:
        for _ in range(60):
            groups, inputs, outputs = integer(1, 6), integer(1, 4), integer(1, 5)
            if random.random() < 0.3:
                inputs = outputs = 1
                groups = integer(1, 70)
            kernel, pad = (integer(1, 5), integer(1, 5)), (integer(0, 4), integer(0, 4))
            stride, dilation = (integer(1, 3), integer(1, 3)), (integer(1, 2), integer(1, 2))
            mode = list(BANK_PADDINGS)[integer(0, 3)]
            image = random.standard_normal((groups * inputs, integer(12, 40), integer(12, 40)),
                                           np.float32)
            weights = random.standard_normal((groups * outputs, inputs, *kernel))
            bias = random.standard_normal(groups * outputs)
            for name, numbers in (("in", image), ("weights", weights), ("bias", bias)):
                np.save(path(name + ".npy"), numbers)
            chain = (f"bank:{path('weights.npy')}:bias={path('bias.npy')}:groups={groups}"
                     f":padding={BANK_PADDINGS[mode]}:pad={pad[1]}x{pad[0]}"
                     f":stride={stride[1]}x{stride[0]}:dilation={dilation[1]}x{dilation[0]}")
            done = subprocess.run([CONVTOOL, "-f", "--layout", "chw", chain, path("in.npy"),
                                   path("out.npy")], stderr=subprocess.PIPE, text=True)
            if done.returncode != 0:
                raise RuntimeError(chain + ": " + done.stderr)
            padded = F.pad(torch.tensor(image.astype(np.float64))[None],
                           (pad[1], pad[1], pad[0], pad[0]),
                           "constant" if mode == "zeros" else mode)
            want = F.conv2d(padded, torch.tensor(weights), torch.tensor(bias), stride, 0, dilation,
                            groups)[0].numpy()
            scale = np.abs(weights).sum((1, 2, 3)) * np.abs(image).max() + np.abs(bias)
            check(np.load(path("out.npy")).astype(np.float64), want, scale[:, None, None],
                  f"{image.shape}, {weights.shape}, groups {groups}, {mode}")


def torch_pools():
    for kind in ("max", "avg", "min"):
        with Family(f"torch {kind}_pool2d") as check:
            for _ in range(80):
                image = random_image(8, 40)
                size, stride = (integer(1, 6), integer(1, 6)), (integer(1, 5), integer(1, 5))
                pad = (integer(0, size[0] // 2), integer(0, size[1] // 2))
                ceil, counted = bool(integer(0, 1)), bool(integer(0, 1))
                words = (f"{kind}pool:{size[1]}x{size[0]}:{stride[1]}x{stride[0]}"
                         f":{pad[1]}x{pad[0]}:ceil={'yes' if ceil else 'no'}")
                if kind == "avg":
                    words += f":count_include_pad={'yes' if counted else 'no'}"

                def pool(c):
                    t = torch.tensor(c)[None, None]
                    if kind == "avg":
                        return F.avg_pool2d(t, size, stride, pad, ceil, counted)[0, 0].numpy()
                    sign = 1 if kind == "max" else -1
                    return (sign * F.max_pool2d(sign * t, size, stride, pad, 1, ceil)
                            )[0, 0].numpy()

                check(convtool(image, words), each_channel(image, pool), 1,
                      f"{image.shape}, {words}")
        with Family(f"torch adaptive_{kind}_pool2d to 1x1") as check:
            for number in range(6):
                image = random_image(1, 90)
                words = [f"{kind}pool:all", "-j", str(number % 3 + 1)]

                def pool_all(c):
                    t = torch.tensor(c)[None, None]
                    if kind == "avg":
                        return F.adaptive_avg_pool2d(t, 1)[0, 0].numpy()
                    sign = 1 if kind == "max" else -1
                    return (sign * F.adaptive_max_pool2d(sign * t, 1))[0, 0].numpy()

                check(convtool(image, *words), each_channel(image, pool_all), 1,
                      f"{image.shape}, {words}", 6e-8)
    with Family("nearestpool, by slicing") as check:
        for _ in range(30):
            image, size = random_image(12, 40), integer(1, 6)
            first, height, width = (size - 1) // 2, image.shape[0], image.shape[1]
            want = image[first::size, first::size][:height // size, :width // size]
            check(convtool(image, f"nearestpool:{size}"), want, 1, f"{image.shape}, {size}")


def torch_points():
    """Functions of single numbers and of a pixel's channels, on .npy arrays of 1 to 9 channels."""
    functions = {
        "leaky": F.leaky_relu, "leaky:slope=0.2": lambda t: F.leaky_relu(t, 0.2),
        "leaky:-1.5": lambda t: F.leaky_relu(t, -1.5), "sigmoid": torch.sigmoid,
        "tanh": torch.tanh, "softmax": lambda t: F.softmax(t, -1),
        "argmax": lambda t: t.argmax(-1, True),
        "norm": lambda t: torch.linalg.vector_norm(t, 2, -1, True),
        "norm:l1": lambda t: torch.linalg.vector_norm(t, 1, -1, True),
        "norm:linf": lambda t: torch.linalg.vector_norm(t, torch.inf, -1, True),
    }
    for words, function in functions.items():
        with Family(f"torch's {words}") as check:
            for channels in (1, 2, 3, 4, 9):
                shape = (integer(1, 40), integer(1, 40), channels)
                spread = float(10 ** random.uniform(-1, 2))
                image = (random.standard_normal(shape) * spread).astype(np.float32)
                if words == "argmax":
                    image = np.rint(image)  # with equals
                want = function(torch.tensor(image.astype(np.float64))).numpy()
                got = arrays(image, words)
                check(got.reshape(want.shape) if got.size == want.size else got, want,
                      1 if words in ("sigmoid", "tanh", "softmax") else
                      max(1, np.abs(want).max()), f"{shape}, times {spread}", 4e-7)


def arrays(image, *words):
    """The program's output for an array of any number of channels."""
    np.save(path("in.npy"), image)
    done = subprocess.run([CONVTOOL, "-f", *words, path("in.npy"), path("out.npy")],
                          stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(" ".join(words) + ": " + done.stderr)
    return np.load(path("out.npy")).astype(np.float64)


def chains():
    with Family("SciPy's and PyTorch's calls in a chain") as check:
        for _ in range(20):
            image = random_image(20, 60, channels=3)
            got = convtool(image, "gray,gaussian:1.4,sobel,maxpool:2")
            gray = image.astype(np.float64) @ [0.299, 0.587, 0.114]
            soft = ndi.gaussian_filter(gray, 1.4, mode="mirror", truncate=3.0)
            edges = np.hypot(ndi.sobel(soft, 1, mode="mirror"), ndi.sobel(soft, 0, mode="mirror"))
            want = F.max_pool2d(torch.tensor(edges)[None, None], 2)[0, 0].numpy()
            check(got, want, 8, f"{image.shape}")


def write_pgm(name, image):
    head = b"P5\n%d %d\n%d\n" % (image.shape[1], image.shape[0], np.iinfo(image.dtype).max)
    samples = image.astype(image.dtype.newbyteorder(">"))
    pathlib.Path(path(name)).write_bytes(head + samples.tobytes())


def log_weights(sigma):
    """The Laplacian of a Gaussian out to ceil(4 sigma), minus its mean."""
    x = np.arange(-np.ceil(4 * sigma), np.ceil(4 * sigma) + 1)
    r2 = x[:, None] ** 2 + x[None, :] ** 2
    bell = np.exp(-r2 / (2 * sigma ** 2))
    weights = (r2 - 2 * sigma ** 2) / sigma ** 4 * bell / bell.sum()
    return weights - weights.mean()


def dog_weights(sigma, sigma2):
    x = np.arange(-np.floor(3 * sigma2 + 0.5), np.floor(3 * sigma2 + 0.5) + 1)
    wide, narrow = (np.exp(-x ** 2 / (2 * s ** 2)) for s in (sigma2, sigma))
    wide, narrow = wide / wide.sum(), narrow / narrow.sum()
    return np.outer(wide, wide) - np.outer(narrow, narrow)


def correlate_mirrored(image, weights):
    pad = weights.shape[0] // 2
    return signal.fftconvolve(np.pad(image, pad, mode="reflect"), weights[::-1, ::-1], "valid")


def scipy_long_kernels():
    """Kernels beyond 255 cells, on noise, on black with some white, and on an edge; on bytes and on
    floats. 255 is white; errors are a share of white times the weights."""
    noise = random.integers(0, 256, (331, 420), np.uint8)
    spots = np.where(random.random((331, 420)) < 0.002, 255, 0).astype(np.uint8)
    edge = np.where(np.arange(420) < 200, 255, 0).astype(np.uint8) * np.ones((331, 1), np.uint8)
    with Family("ndimage.gaussian_filter and more, sigma up to 300") as check:
        for number, image in enumerate((noise, spots, edge)):
            pixels = image.astype(np.float64)
            write_pgm("long.pgm", image)
            cases = [(f"gaussian:{sigma}", 1, ndi.gaussian_filter(pixels, sigma, mode="mirror",
                                                                  truncate=3.0))
                     for sigma in (42, 43, 100, 300)]
            cases.append(("box:401x257", 1, ndi.uniform_filter(pixels, (257, 401), mode="mirror")))
            blur = ndi.gaussian_filter(pixels, 60, mode="mirror", truncate=3.0)
            cases.append(("unsharp:60:1.5", 4, pixels + 1.5 * (pixels - blur)))
            for chain, weights in (("log:60", log_weights(60)), ("dog:50:90", dog_weights(50, 90))):
                size = float(np.abs(weights).sum())
                cases.append((chain, size, correlate_mirrored(pixels, weights)))
            for chain, size, want in cases:
                check(run_on("long.pgm", chain) * 255, want, 255 * size, f"{chain}, image {number}",
                      1e-5)
        float_image = random.random((90, 130), np.float32)
        for chain, want in [("gaussian:60", ndi.gaussian_filter(float_image.astype(np.float64), 60,
                                                                mode="mirror", truncate=3.0)),
                            ("box:301", ndi.uniform_filter(float_image.astype(np.float64), 301,
                                                           mode="mirror"))]:
            check(convtool(float_image, chain), want, 1, f"{chain} of floats", 1e-5)
    with Family("torch pooling of whole images") as check:
        image = random_image(260, 400)
        height, width = image.shape[:2]
        for kind, pool in (("avg", F.avg_pool2d), ("max", F.max_pool2d)):
            for size, stride in (((width, height), 1), ((300, height), 40), ((width, 257), 3)):
                words = f"{kind}pool:{size[0]}x{size[1]}:{stride}"
                want = each_channel(image, lambda c: pool(torch.tensor(c)[None, None], size[::-1],
                                                          stride)[0, 0].numpy())
                check(convtool(image, words), want, 1, f"{image.shape}, {words}")


def colormaps():
    """All 256 colours of each map within one level, and the levels of any numbers."""
    numbers = random.normal(0, 3, (40, 50)).astype(np.float32)
    np.save(path("numbers.npy"), numbers)
    write_pgm("levels.pgm", np.arange(256, dtype=np.uint8).reshape(16, 16))
    with Family("matplotlib's colour maps") as check:
        for name in ("gray", "viridis", "magma", "turbo", "coolwarm"):
            peer = matplotlib.colormaps[name]
            colors = np.rint(peer(np.arange(256).reshape(16, 16))[..., :3] * 255)
            check(run_view("levels.pgm", name, "fixed=0,255"), colors, 1, name, 1)
            for low, high, scaling in ((-4, 2.5, "fixed=-4,2.5"),
                                       (numbers.min(), numbers.max(), "each")):
                if scaling == "each" and name == "coolwarm":
                    high = np.abs(numbers).max()
                    low = -high
                share = (numbers.astype(np.float64) - low) / (np.float64(high) - low)
                colors = np.rint(peer(share)[..., :3] * 255)
                check(run_view("numbers.npy", name, scaling), colors, 1, f"{name}, {scaling}", 1)


def similarities():
    """PSNR and SSIM of pictures of 8 bits, gray and RGB."""
    with Family("scikit-image's PSNR and SSIM") as check:
        for shape in ((40, 51), (7, 7), (64, 30, 3)):
            image = random.integers(0, 256, shape, np.uint8)
            image[: shape[0] // 2] //= 4
            PIL.Image.fromarray(image).save(path("in.png"))
            done = subprocess.run([CONVTOOL, "compare", "gaussian:1", "box:3", "median:3", "--diff",
                                   "--json", "-f", path("in.png"), path("sheet.png")],
                                  stdout=subprocess.PIPE, text=True, check=True)
            results = json.loads(done.stdout)["results"]
            first, *others = [(one, made(one["chain"])) for one in results]
            for one, picture in others:
                psnr = skimage.metrics.peak_signal_noise_ratio(first[1], picture, data_range=255)
                ssim = skimage.metrics.structural_similarity(
                    first[1], picture, data_range=255, channel_axis=2 if len(shape) == 3 else None)
                check(np.array([one["psnr"], one["ssim"]]), [psnr, ssim], 1,
                      f"{one['chain']}, {shape}", 1e-9)


def made(chain):
    subprocess.run([CONVTOOL, "-q", "-f", chain, path("in.png"), path("out.png")], check=True)
    return np.asarray(PIL.Image.open(path("out.png")))


def run_view(name, colormap, scaling):
    """The colours, 0..255, of an image of one channel."""
    done = subprocess.run([CONVTOOL, "-f", "scale:1", "--colormap", colormap, "--scaling", scaling,
                           "--format", "ppm" if colormap != "gray" else "pgm", path(name),
                           path("out.ppm")], stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(colormap + ": " + done.stderr)
    pixels = np.asarray(PIL.Image.open(path("out.ppm")), np.float64)
    return pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)


for family in (
        scipy_correlate,
        scipy_large_kernels,
        scipy_filters,
        scipy_long_kernels,
        sobel_sizes,
        scipy_medians,
        skimage_canny,
        skimage_otsu,
        pillow_resize,
        torch_conv,
        torch_layers,
        torch_banks,
        torch_pools,
        torch_points,
        chains,
        colormaps,
        similarities,
):
    family()
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
