#!/usr/bin/python3
"""Runs the ```console blocks of README.md and of the texts in samples: commands after "$ ", with
their output below. A command that ends in a backslash goes on in the next line.

  tests/readme.py [FILE...]           compares; the closing line is "N passed, N failed"
  tests/readme.py --update [FILE...]  writes what the commands print into the files

$CONVTOOL is the program. Each file's commands run in a folder of their own, with samples/. Where
`make lesson` wasn't run, `convtool lesson` fills the page's source instead, without its engine.
"""
import math
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDERS = {"samples/networks/README.md": "samples/networks"}  # where commands run; else at the top
TEXTS = ["README.md", *FOLDERS,
         *sorted(str(p.relative_to(ROOT)) for p in ROOT.glob("samples/class/*.md"))]
CONVTOOL = pathlib.Path(os.environ.get("CONVTOOL", ROOT / "build/convtool")).resolve()


def untimed(text):
    """The last line of a batch, without how long it took."""
    return re.sub(r" in \d+\.\d s$", " in 0.0 s", text, flags=re.M)


def same(expected, output):
    """Equal, but for the last digits of fractions: those are the processor's."""
    texts = [re.split(r"(-?\d+\.\d+(?:e[-+]\d+)?)", text) for text in (expected, output)]
    return len(texts[0]) == len(texts[1]) and all(
        a == b or (i % 2 == 1 and math.isclose(float(a), float(b), rel_tol=2e-5, abs_tol=1e-7))
        for i, (a, b) in enumerate(zip(*texts)))


def run_block(block, folder, environment):
    """The block with the actual output, and a list of (command, expected output, output)."""
    lines, results = [], []
    for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command = re.match(r"(?:.*\\\n)*.*", step).group()
        expected = untimed(step[len(command) + 1:])
        done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60)
        output = untimed(done.stdout)
        lines.append(f"$ {command}\n{expected if same(expected, output) else output}")
        results.append((command, expected, output))
    return "".join(lines), results


def prepare(folder):
    """Puts the program, its page and the samples there; the environment to run it in."""
    binaries = pathlib.Path(folder, ".bin")
    page = CONVTOOL.parent / "lesson/index.html"
    (binaries / "lesson").mkdir(parents=True)
    shutil.copy(CONVTOOL, binaries / "convtool")  # it looks for the page beside itself
    (binaries / "lesson/index.html").symlink_to(
        page if page.exists() else ROOT / "src/lesson/page/page.html")
    shutil.copytree(ROOT / "samples", pathlib.Path(folder, "samples"))
    return dict(os.environ, PATH=f"{binaries}:{os.environ['PATH']}", LC_ALL="C.UTF-8")


def run_text(name, text):
    """The text with the actual output, and the results of all its commands."""
    pieces, results = re.split(r"(^```console\n.*?^```$)", text, flags=re.M | re.S), []
    with tempfile.TemporaryDirectory() as folder:
        environment = prepare(folder)
        for i, piece in enumerate(pieces):
            if piece.startswith("```console\n"):
                block = piece[len("```console\n"):-len("```")]
                printed, made = run_block(
                    block, pathlib.Path(folder, FOLDERS.get(name, ".")), environment)
                pieces[i] = f"```console\n{printed}```"
                results += [(name, *result) for result in made]
    return "".join(pieces), results


def main(arguments):
    update = arguments[:1] == ["--update"]
    passed = failed = 0
    for name in arguments[update:] or TEXTS:
        path = ROOT / name
        text, results = run_text(name, path.read_text())
        if update:
            path.write_text(text)
            continue
        for file, command, expected, output in results:
            if same(expected, output):
                passed += 1
            else:
                failed += 1
                print(f"$ {command}\n--- {file}\n{expected}--- program\n{output}")
    if not update:
        print(f"{passed} passed, {failed} failed")
    return 1 if not update and (failed or not passed) else 0


sys.exit(main(sys.argv[1:]))
