#!/usr/bin/python3
"""Runs the README's ```console blocks: commands after "$ ", with their output below.

  tests/readme.py            compares; the closing line is "N passed, N failed"
  tests/readme.py --update   writes what the commands print into the README
$CONVTOOL is the program.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
CONVTOOL = pathlib.Path(os.environ.get("CONVTOOL", ROOT / "build/convtool")).resolve()


def untimed(text):
    """The last line of a batch, without how long it took."""
    return re.sub(r" in \d+\.\d s$", " in 0.0 s", text, flags=re.M)


def run_block(block, folder, environment):
    """The block with the actual output, and a list of (command, matches)."""
    lines, results = [], []
    for step in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, _, expected = step.partition("\n")
        done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=60)
        output = untimed(done.stdout)
        lines.append(f"$ {command}\n{output}")
        results.append((command, untimed(expected), output))
    return "".join(lines), results


def main():
    text = README.read_text()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        binaries = pathlib.Path(folder, ".bin")
        binaries.mkdir()
        (binaries / "convtool").symlink_to(CONVTOOL)
        shutil.copytree(ROOT / "samples", pathlib.Path(folder, "samples"))
        environment = dict(os.environ, PATH=f"{binaries}:{os.environ['PATH']}", LC_ALL="C.UTF-8")
        pieces = re.split(r"(^```console\n.*?^```$)", text, flags=re.M | re.S)
        for i, piece in enumerate(pieces):
            if not piece.startswith("```console\n"):
                continue
            block = piece[len("```console\n"):-len("```")]
            printed, results = run_block(block, folder, environment)
            pieces[i] = f"```console\n{printed}```"
            for command, expected, output in results:
                if expected == output:
                    passed += 1
                else:
                    failed += 1
                    print(f"$ {command}\n--- README\n{expected}--- program\n{output}")
    if sys.argv[1:] == ["--update"]:
        README.write_text("".join(pieces))
        return 0
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


sys.exit(main())
