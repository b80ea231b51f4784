"""Runs what `convtool show --as LIBRARY FILTER` prints, and compares it with convtool.

A part of likes.py, so that PyTorch is loaded once. Prints each case that differs by more than a
level.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np

import likes

CONVTOOL = os.path.abspath(os.environ.get("CONVTOOL", "build/convtool"))
folder = tempfile.TemporaryDirectory()
passed = failed = 0

# What every language does, and what Python does besides.
EVERY = """
conv:gaussian5:padding=replicate emboss:padding=replicate sharpen:padding=replicate:dilation=2
sobel:padding=replicate sobel:y:padding=replicate scharr:l1:padding=replicate
kirsch:padding=replicate gaussian:padding=replicate median:padding=replicate invert scale:0.5:10
threshold:128
""".split()
# What all but vips do.
BORDERS = """
sharpen sharpen:padding=valid emboss:flip:padding=symmetric prewitt:padding=wrap laplacian:8
sobel:padding=zero sobel:x:padding=zero laplacian:padding=zero kirsch:padding=zero
box:5x3:padding=zero gaussian:2 median:5:padding=replicate
""".split()
PYTHON = """
conv:box3 conv:line-h outline identity sobel:x roberts robinson gray abs relu laplacian
sobel:size=5 sobel:angle log:1.2 dog unsharp unsharp:2:1.5:10 box:4 box:4x2:padding=zero
conv:motion5:anchor=0x0 sobel:stride=2 gaussian:1.4:stride=3x2 box:3:padding=zero:pad=2x1
gaussian:padding=constant=80 sharpen:padding=keep conv:emboss:bias=20 median:padding=zero
median:9:stride=2 median:3x5 maxpool avgpool:3:2 minpool:3:1:1 avgpool:3x2:2:1
avgpool:3:2:1:ceil=yes maxpool:2:3:ceil=yes nearestpool:3 normalize normalize:16:235
gray,gaussian:1.4,sobel,maxpool:2 store:half store:down,box box:7x1:0.3 gaussian:2:9x5
sobel:x,leaky:0.2 scale:1/32:-4,sigmoid,scale:200 scale:1/64:-2,tanh,scale:100:100
scale:1/64,softmax,scale:100 argmax,scale:100 norm:l2,scale:1/2 norm:l1,scale:1/3 norm:linf
rotate rotate:180 gray,rotate:270 crop:20x10:3:5 crop:20x10 resize:50% resize:20x17:area
resize:20x17:lanczos
bank:sobel2 bank:edges8:stride=2:padding=zero:bias=20 bank:random:3:4:3x2:bias=9:dilation=2
bank:random:3:6:groups=3:padding=valid,relu bank:haar:stride=2,abs,maxpool:2
""".split()
# What commands have got wrong: a kernel whose sum isn't 1, an anchor at a corner, a threshold of
# colours, a factor below 0. Underscores stand for blanks.
COMMANDS = """
conv:1_2_1;2_4_2;1_2_1 conv:1_0_0;0_2_0;0_0_1;divide_8 conv:1_1_1;1_-8_1;1_1_1 roberts
roberts:x conv:1_2;3_4;divide_10 threshold:50% threshold:64.5 scale:-0.5:200 gray,threshold:128
unsharp
""".split()
COMMANDS = [chain.replace("_", " ") for chain in COMMANDS]
BANKS = [chain for chain in PYTHON if chain.startswith("bank:")]
# A crop from the middle, and shares of the size, depend on the image.
RESIZES = {chain for chain in PYTHON if chain.startswith("resize")} | {"crop:20x10"}
# Refused in a language, where it says why.
REFUSED = {
    "numpy": {*RESIZES, "avgpool:3:2:1:ceil=yes", "maxpool:2:3:ceil=yes"},
    "scipy": {*RESIZES, "avgpool:3:2:1:ceil=yes", "maxpool:2:3:ceil=yes"},
    "opencv": {*BANKS, *RESIZES - {"resize:20x17:area"}, "avgpool:3:2:1:ceil=yes",
               "maxpool:2:3:ceil=yes", "median:3x5"},
    "torch": {*RESIZES, "emboss:flip:padding=symmetric"},
    "imagemagick": {"gray,threshold:128", "unsharp"},
    "ffmpeg": {"conv:1 2 1;2 4 2;1 2 1", "conv:1 0 0;0 2 0;0 0 1;divide 8", "roberts",
               "roberts:x", "conv:1 2;3 4;divide 10", "gray,threshold:128", "unsharp"},
    "vips": {*BORDERS, *COMMANDS} - {"threshold:50%", "threshold:64.5", "scale:-0.5:200",
                                     "gray,threshold:128"},
}
own = {}


def show(language, chain):
    """The printed lines, or None with the message where it's refused."""
    done = subprocess.run([CONVTOOL, "show", "--as", language, chain], capture_output=True,
                          text=True)
    if done.returncode == 1 and done.stderr.count("\n") == 1:
        return None, done.stderr.strip()
    if done.returncode != 0 or done.stderr:
        raise RuntimeError(f"show --as {language} {chain}: {done.returncode}, {done.stderr}")
    return done.stdout, ""


def ours(chain, image):
    """convtool's result; each is needed for several languages."""
    key = (chain, image.ndim)
    if key not in own:
        own[key] = likes.run(image, chain)
    return own[key]


def by_python(language, lines, image):
    reverse = language == "opencv" and image.ndim == 3  # blue, green, red
    names = {"image": np.ascontiguousarray(image[..., ::-1]) if reverse else image.copy()}
    exec(lines, names)
    result = names["result"]
    return result[..., ::-1] if reverse and result.ndim == 3 else result


def by_command(_, lines, image):
    write_png(os.path.join(folder.name, "in.png"), image)
    done = subprocess.run(["sh", "-ec", lines], cwd=folder.name, capture_output=True, text=True,
                          env={**os.environ, "PATH": "/usr/bin:" + os.environ["PATH"]})
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return read_png(os.path.join(folder.name, "out.png"))


def write_png(path, image):
    with open(path + ".npy", "wb") as file:
        np.save(file, image)
    subprocess.run([CONVTOOL, "identity", "-qf", "--depth", "8", path + ".npy", path], check=True)


def read_png(path):
    subprocess.run([CONVTOOL, "identity", "-qf", "--depth", "8", path, path + ".npy"], check=True)
    return np.load(path + ".npy")


def compare(language, chain, run, image):
    global passed, failed
    kind = "gray" if image.ndim == 2 else "colour"
    lines, message = show(language, chain)
    problem = ""
    if (lines is None) != (chain in REFUSED[language]):
        problem = message or "isn't refused"
    elif lines is not None:
        try:
            got, want = run(language, lines, image), ours(chain, image)
        except Exception as error:  # whatever the code raises is a failure of the code
            got, problem = None, f"{type(error).__name__}: {error}\n{lines}"
        if got is not None:
            if got.ndim == 3 and want.ndim == 2 and (got == got[..., :1]).all():
                got = got[..., 0]  # gray as three equal channels
            if want.ndim == 3 and got.ndim == 2 and (want == want[..., :1]).all():
                want = want[..., 0]  # equal channels as gray
            if got.shape != want.shape:
                problem = f"{got.shape} instead of {want.shape}\n{lines}"
            else:
                apart = np.abs(got.astype(int) - want.astype(int))
                if apart.max() > 1:
                    problem = f"{apart.max()} apart, {np.mean(apart > 1):.2%}\n{lines}"
    if problem:
        failed += 1
        print(f"  show --as {language} {chain} ({kind}): {problem}")
    else:
        passed += 1


def main():
    for language, needs in (("numpy", "numpy"), ("scipy", "scipy"), ("opencv", "cv2"),
                            ("torch", "torch")):
        try:
            __import__(needs)
        except ImportError as missing:
            print(f"skipped: show --as {language} ({missing})")
            continue
        for chain in EVERY + BORDERS + PYTHON:
            compare(language, chain, by_python, likes.COLOR)
        for chain in ("sobel", "gaussian", "maxpool"):
            compare(language, chain, by_python, likes.GRAY)
    for language, program in (("imagemagick", "/usr/bin/convert"), ("ffmpeg", "ffmpeg"),
                              ("vips", "vips")):
        if not shutil.which(program):
            print(f"skipped: show --as {language} (no {program})")
            continue
        for chain in EVERY + BORDERS:
            compare(language, chain, by_command, likes.GRAY)
        for chain in COMMANDS:
            compare(language, chain, by_command, likes.COLOR)
        # FFmpeg's gray is whole numbers, whose rounding a gradient would multiply.
        for chain in ("sharpen:padding=replicate", "gray", "sobel:padding=replicate"):
            if (language, chain[:5]) != ("ffmpeg", "sobel"):
                compare(language, chain, by_command, likes.COLOR)
    return passed, failed
