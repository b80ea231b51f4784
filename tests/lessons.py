#!/usr/bin/python3
"""Checks the lessons in samples/class: the answers to their questions against NumPy, the links
into pages, and that each command in them is one that tests/readme.py runs.

$CONVTOOL is the program. Prints "N passed, N failed".
"""
import os
import pathlib
import re
import subprocess
import sys
import urllib.parse

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLASS = ROOT / "samples/class"
CONVTOOL = os.environ.get("CONVTOOL", str(ROOT / "build/convtool"))
PARTS = ["Type and see", "Open a page", "On paper", "Questions", "Answers"]
SIDE = 8  # of the digits' pictures


# ---- what the answers should be ----

def slide(row, kernel, at=0):
    """The sums of products where the whole kernel fits on the row; zeros beyond for at > 0."""
    row = np.pad(np.asarray(row, float), at)
    return np.array([np.dot(row[i:i + len(kernel)], kernel)
                     for i in range(len(row) - len(kernel) + 1)])


def window_sum(window, kernel):
    return float(np.sum(np.asarray(window, float) * np.asarray(kernel, float)))


def out(size, window, padding=0, stride=1, dilation=1):
    return (size + 2 * padding - dilation * (window - 1) - 1) // stride + 1


def fields(*layers):
    """The receptive field and jump after layers of (window, stride)."""
    field, jump = 1, 1
    for window, stride in layers:
        field, jump = field + (window - 1) * jump, jump * stride
    return field, jump


def softmax(scores):
    powers = np.exp(np.asarray(scores, float))
    return powers / powers.sum()


def right():
    """{network: (percent, parameters)}, as samples/networks/README.md says."""
    text = (ROOT / "samples/networks/README.md").read_text()
    found = re.findall(r"<!-- (digits-\w+) -->\nSeed \d+\. (\d+) parameters.*?\*\*([\d.]+) %",
                       text, flags=re.S)
    return {name: (float(percent), int(parameters)) for name, parameters, percent in found}


def signal():
    twice = np.convolve([1, 2, 1], [1, 2, 1])
    return [np.mean([2, 4, 9]), slide([1, 2, 3, 4], [0, 0, 1], 1),
            np.convolve([1, 2, 3, 4], [0, 0, 1], "same"),
            set(slide([0, 2, 4, 6, 8], [-1, 0, 1])).pop(), 4 / 2, twice, twice.sum(), 44100 * 5]


def edges():
    x = np.outer([1, 2, 1], [-1, 0, 1])
    ramp, flat = [[1, 2, 3]] * 3, np.full((3, 3), 7)
    sharpen = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    nothing = np.zeros((3, 3), int)
    nothing[1, 1] = 1
    laplacian = nothing - sharpen
    return [window_sum(ramp, x), window_sum(ramp, x.T), np.hypot(3, -4), 255 * x[x > 0].sum(),
            window_sum(flat, sharpen), window_sum(flat, laplacian), 7 * 7, 7 + 7,
            (sharpen - nothing)[1, 1], (sharpen - nothing).sum()]


def padding_stride():
    keep = [next(p for p in range(9) if out(50, w, p) == 50) for w in (3, 5, 7)]
    return [out(28, 5), out(32, 3, 1, 2), out(224, 7, 3, 2), *keep,
            next(n for n in range(99) if out(n, 3, dilation=4) == 1),
            fields((5, 1), (5, 1))[0], *fields((3, 2), (3, 1), (3, 1))]


def pooling():
    four = np.array([[1, 3, 2, 0], [5, 4, 1, 1], [0, 2, 7, 8], [1, 1, 6, 9]], float)
    blocks = four.reshape(2, 2, 2, 2).swapaxes(1, 2)
    spike = np.where(four == 9, 100, four)[2:, 2:]
    window = [-3, -1, -4, -2]
    return [out(out(28, 2, stride=2), 2, stride=2) ** 2, max(window), np.mean(window),
            out(7, 3, stride=2), out(5, 2, stride=2), 0, spike.max(), spike.mean(),
            blocks.mean((2, 3)).sum() * 4]


def cnn():
    """For the last: a window of pool2 is traced back, column by column."""
    first, last = 0, 0
    for window, stride, pad in [(2, 2, 0), (3, 1, 1), (2, 2, 0), (3, 1, 1)]:
        first, last = first * stride - pad, last * stride - pad + window - 1
    seen = sum(0 <= column < SIDE for column in range(first, last + 1))
    a, b = softmax([10, 10 + np.log(3)])
    return [16 * 9 + 16, 32 * 16 * 9 + 32, 128 * 48 + 48,
            *np.maximum([-3, 0, 2.5], 0), softmax([1, 1])[0], a, b, seen]


def newer():
    shares = softmax([0, np.log(4)])
    return [max(2 - 0.5, 0), max(2 - 3, 0), np.dot([1, 2, 0, 2], [2, 1, 5, 2]) / np.sqrt(4),
            softmax([1, 1]) @ [3, 7], shares @ [10, 20], 2 * 16 * 16, shares.sum(),
            1 * 2 + 0, 0.5 * 2 + 1 * -0.5, 4 * 40 * (8 + 40 + 2), 40 * 10 + 10]


LESSONS = {"1-signal.md": signal, "2-edges.md": edges, "3-padding-stride.md": padding_stride,
           "4-pooling.md": pooling, "5-cnn.md": cnn, "6-residual-attention-lstm.md": newer}


# ---- the checks: each gives what is wrong, or nothing ----

def answers(name, text):
    """The numbers in bold among the answers, in their order."""
    bold = " ".join(re.findall(r"\*\*([^*]+)\*\*", text.split("## Answers")[1]))
    said = [float(number) for number in bold.split()]
    computed = [float(n) for answer in LESSONS[name]() for n in np.ravel(answer)]
    if len(said) != len(computed) or not np.allclose(said, computed, rtol=1e-9, atol=1e-9):
        yield f"the answers are {said}, NumPy's {computed}"


def questions(_, text):
    """Each question has an answer."""
    counts = [len(re.findall(r"^\d+\. ", text.split(f"## {part}")[1].split("\n## ")[0], re.M))
              for part in ("Questions", "Answers")]
    if counts[0] != counts[1] or counts[0] < 6:
        yield f"{counts[0]} questions, {counts[1]} answers"


def parts(_, text):
    found = re.findall(r"^## (.*)", text, re.M)
    if found != PARTS:
        yield f"has the parts {found}"
    if "**Goal.**" not in text.split("## ")[0]:
        yield "has no goal"


def commands(_, text):
    """No command stands where tests/readme.py doesn't run it; a page and a sheet are written."""
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S)
    rest = re.sub(r"^```console\n.*?^```$", "", text, flags=re.M | re.S)
    for stray in re.findall(r"`(convtool [^`]*)`|^ {4}(convtool .*)", rest, re.M):
        yield f"not run by a test: {stray}"
    for command in ("convtool lesson ", "convtool worksheet "):
        if not any(command in block and "-o " in block for block in blocks):
            yield f"has no `{command}... -o`"


def links(_, text):
    """Of a link into a page the keys are the page's own, and the chain is one that it can run."""
    state = (ROOT / "src/lesson/page/state.js").read_text()
    known = set(re.findall(r"^  (\w+): ", state.split("const DEFAULTS")[1].split("};")[0], re.M))
    written = set(re.findall(r"-o (\S+\.html)", text))
    for page, hash_text in re.findall(r"`([\w-]+\.html)(#[^`]*)?`", text):
        if page not in written:
            yield f"{page} isn't written by a command"
        given = dict(urllib.parse.parse_qsl(hash_text[1:], keep_blank_values=True))
        if not set(given) <= known:
            yield f"{page}{hash_text}: the page knows {sorted(known)}"
    for chain in re.findall(r"`((?:gray|identity|sobel|\w+pool:)[^`\s]*)`", text):
        done = subprocess.run([CONVTOOL, "shape", chain, "64x64x1"], capture_output=True,
                              text=True, check=False)
        if done.returncode:
            yield f"{chain}: {done.stderr}"


def accuracies(name, text):
    """The table of networks is that of samples/networks."""
    rows = re.findall(r"^\| (digits-\w+) \| ([\d.]+) % \| (\d+) \|$", text, re.M)
    if name.startswith("6") and {n: (float(p), int(c)) for n, p, c in rows} != right():
        yield f"the networks are {right()}"


def contents(name, _):
    """The overview has the lesson."""
    if f"({name})" not in (CLASS / "README.md").read_text():
        yield "isn't in the table of README.md"


ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3}


def beyond(name, text):
    """Where lesson 3 says that pupils should click, each padding puts something else."""
    if name != "3-padding-stride.md":
        return
    chain, picture = re.search(r"convtool lesson (\S+):padding=zero (\S+) -o", text).groups()
    place = re.search(r"click on the (\w+) square in the top row", text)
    if not place:
        yield "where to click isn't said"
        return
    seen = {}
    for padding in ["zero", "mirror", "wrap", "replicate"]:
        done = subprocess.run([CONVTOOL, "explain", f"{chain}:padding={padding}", "--at",
                               f"{ORDINALS[place[1]]},0", str(ROOT / picture)], check=True,
                              stdout=subprocess.PIPE, text=True)
        cells = re.findall(r"\[(\d+)\]", done.stdout)
        other = seen.setdefault(tuple(cells), padding)
        if not cells or other != padding:
            yield f"{padding} and {other} both put {cells} beyond the edge"


CHECKS = [answers, questions, parts, commands, links, accuracies, contents, beyond]


def main():
    passed = failed = 0
    files = sorted(p.name for p in CLASS.glob("*.md") if p.name != "README.md")
    if files != sorted(LESSONS):
        print(f"the lessons are {files}; this test knows {sorted(LESSONS)}")
        failed += 1
    for name in sorted(LESSONS):
        text = (CLASS / name).read_text()
        for check in CHECKS:
            wrong = list(check(name, text))
            passed, failed = passed + (not wrong), failed + bool(wrong)
            for line in wrong:
                print(f"samples/class/{name}: {check.__name__}: {line}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
