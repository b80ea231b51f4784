#!/usr/bin/python3
"""Runs the whole program, $CONVTOOL, on damaged files: it must end with status 0 and a whole
output, or with status 1 (2 if the output's format can't hold the image), exactly one line of error,
and no output; in time, and without leaving a temporary file.
    tests/fuzz/program.py [COUNT [SEED]]        ends with "N passed, N failed" """
import os
import random
import subprocess
import sys
import tempfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
CONVTOOL = os.path.abspath(os.environ.get("CONVTOOL", "build/convtool"))
SECONDS = 30
CALLS = [["sobel"], ["gray,box:3"], ["sharpen", "-j", "3"], ["normalize,maxpool:2"]]
# What a whole file ends with, by the output's extension.
ENDS = {"png": b"IEND\xaeB`\x82", "jpg": b"\xff\xd9", "ppm": b"", "pam": b"", "y4m": b""}


def seeds():
    for kind in ("png", "jpeg", "pnm", "y4m", "npy", "table"):
        directory = os.path.join(HERE, "corpus", kind)
        for name in sorted(os.listdir(directory)):
            with open(os.path.join(directory, name), "rb") as file:
                yield kind, file.read()


def mend(file):
    """Corrects the CRCs of a PNG's chunks."""
    file, at = bytearray(file), 8
    while at + 12 <= len(file):
        end = at + 8 + int.from_bytes(file[at:at + 4], "big")
        if end + 4 > len(file):
            break
        file[end:end + 4] = zlib.crc32(file[at + 4:end]).to_bytes(4, "big")
        at = end + 4
    return bytes(file)


def damaged(kind, file, rng):
    file = bytearray(file)
    for _ in range(rng.randint(0, 3)):
        at = rng.randrange(len(file))
        how = rng.randrange(4)
        if how == 0:
            file[at] ^= 1 << rng.randrange(8)
        elif how == 1:
            file[at] = rng.choice([0, 1, 127, 128, 255])
        elif how == 2:
            del file[at:at + rng.randint(1, 30)]
        else:
            file[at:at] = file[at - 20:at]
        if not file:
            return b"\0"
    return mend(file) if kind == "png" and rng.random() < 0.8 else bytes(file)


def check_errors(result, count):
    lines = result.stderr.decode("utf-8", "replace").splitlines()
    errors = [line for line in lines if line.startswith("convtool: ")]
    assert errors == lines, "not a message: %r" % result.stderr
    if count is not None:
        assert len(lines) == count, "%d lines of error: %r" % (len(lines), result.stderr)


def check_output(path):
    with open(path, "rb") as file:
        data = file.read()
    extension = path.rsplit(".", 1)[1]
    assert data and data.endswith(ENDS[extension]), "%s isn't whole" % path
    again = subprocess.run([CONVTOOL, "-q", "identity", path, "-", "--format", "pam"],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS)
    assert again.returncode == 0, "the output can't be read: %r" % again.stderr


def one(i, kind, file, rng):
    source, target = "in.bin", "out." + rng.choice(sorted(ENDS))
    call = [CONVTOOL, "-q"] + CALLS[i % len(CALLS)]
    data = damaged(kind, file, rng)
    with open(source, "wb") as out:
        out.write(data)
    if i % 3:
        result = subprocess.run(call + [source, target], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=SECONDS)
    else:  # through a pipe
        result = subprocess.run(call + ["-", target], input=data, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, timeout=SECONDS)
    about_output = b"convtool: %s: " % target.encode()
    unfit = (result.stderr.startswith(about_output)
             and not result.stderr.startswith(about_output + b"frame "))
    expected = (2,) if unfit else (0, 1)
    assert result.returncode in expected, "status %d: %r" % (result.returncode, result.stderr)
    assert not result.stdout, "something on standard output"
    check_errors(result, 1 if result.returncode else 0)
    expected = {source} if result.returncode else {source, target}
    assert set(os.listdir(".")) == expected, "what is there: %s" % os.listdir(".")
    if result.returncode == 0:
        check_output(target)
    return result.returncode


def run(name, test, *arguments):
    """1 if the test failed; the file is then kept."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        try:
            test(*arguments)
            return 0
        except (AssertionError, subprocess.TimeoutExpired) as error:
            print("FAILED %s: %s" % (name, error))
            return 1
        finally:
            os.chdir(before)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    files = list(seeds())
    failed = 0
    for i in range(count):
        kind, file = files[i % len(files)]
        name = "file %d of seed %d" % (i, seed)
        failed += run(name, one, i, kind, file, random.Random(seed * 1000003 + i))
    print("%d passed, %d failed" % (count - failed, failed))
    return 1 if failed or not count else 0


sys.exit(main())
