"""What the tests share: a directory of small images for each test, running the program, and reading
its output."""
import contextlib
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile

from unrecorded import without_record

import onnx_bytes

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
CONVTOOL = os.path.abspath(os.environ.get("CONVTOOL", os.path.join(ROOT, "build", "convtool")))

# The user's own settings don't reach the program.
ENVIRONMENT = {k: v for k, v in os.environ.items()
               if k not in ("CONVTOOL_ISA", "NO_COLOR", "POSIXLY_CORRECT", "PARALLEL_SEQ")
               and not k.startswith("SLURM_")}
ENVIRONMENT.update(LC_ALL="C.UTF-8", TERM="xterm",
                   PATH=os.path.dirname(CONVTOOL) + ":" + os.environ.get("PATH", ""))


def pgm(width, height, values, maximum=255):
    code = "B" if maximum < 256 else "H"
    return b"P5\n%d %d\n%d\n" % (width, height, maximum) + struct.pack(
        ">%d%s" % (len(values), code), *values)


def ppm(width, height, values):
    return b"P6\n%d %d\n255\n" % (width, height) + bytes(values)


def pam(width, height, channels, values):
    kind = {1: b"GRAYSCALE", 2: b"GRAYSCALE_ALPHA", 3: b"RGB", 4: b"RGB_ALPHA"}[channels]
    return (b"P7\nWIDTH %d\nHEIGHT %d\nDEPTH %d\nMAXVAL 255\nTUPLTYPE %s\nENDHDR\n"
            % (width, height, channels, kind)) + bytes(values)


def noise(count, seed=1):
    """Pseudorandom bytes, the same everywhere."""
    out = []
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        out.append(seed >> 16 & 255)
    return out


def fixtures():
    write("in.pgm", pgm(4, 3, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]))
    write("step.pgm", pgm(4, 3, [0, 0, 255, 255] * 3))
    write("rgb.ppm", ppm(2, 2, [255, 0, 0, 0, 255, 0, 0, 0, 255, 100, 100, 100]))
    write("rgba.pam", pam(2, 1, 4, [200, 100, 50, 255, 10, 20, 30, 0]))
    write("deep.pgm", pgm(2, 2, [0, 1000, 30000, 65535], 65535))
    write("noise.pgm", pgm(40, 30, noise(1200)))
    write("noise.ppm", ppm(20, 15, noise(900, 7)))
    write("bad.pgm", b"P5\n4 4\n255\nabc")
    write("text.txt", b"not an image\n")
    write("model.onnx", onnx_bytes.simple([onnx_bytes.node("Identity", "x", "y")],
                                          dims=(1, "channels", "height", "width"),
                                          out=(1, "channels", "height", "width")))


@contextlib.contextmanager
def workspace():
    """An empty directory with the images of fixtures(), current while the test runs."""
    before = os.getcwd()
    path = tempfile.mkdtemp(prefix="convtool-test-")
    try:
        os.chdir(path)
        fixtures()
        yield path
    finally:
        os.chdir(before)
        shutil.rmtree(path)


def write(path, data):
    with open(path, "wb") as file:
        file.write(data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def signals_as_usual():
    """In a child: undoes ignored signals, inherited from nohup or a shell's background jobs."""
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]:
        signal.signal(number, signal.SIG_DFL)


def run(*arguments, stdin=None, env=None, timeout=60):
    """The finished process, with stdout and stderr as bytes."""
    given = {"stdin": subprocess.DEVNULL} if stdin is None else {"input": stdin}
    return subprocess.run([CONVTOOL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**ENVIRONMENT, **(env or {})}, timeout=timeout, check=False, **given)


def images(report):
    """The images of --json's lines, without the last line, which counts them."""
    return [json.loads(line) for line in report.splitlines()[:-1]]


def split_counts(said):
    """Standard error of a batch: what was said, and how many images were written and failed."""
    match = re.search(rb"convtool: (\d+) (?:would be )?written, (\d+) failed, \d+ [^\n]*\n$", said)
    return (said[:match.start()], int(match[1]), int(match[2])) if match else (said, 0, 0)


def ok(*arguments, **options):
    """Standard output of a run that must succeed and say nothing, but for a batch's last line."""
    done = run(*arguments, **options)
    check(done.returncode == 0 and not split_counts(done.stderr)[0],
          "%r: status %d, %r" % (arguments, done.returncode, done.stderr))
    return done.stdout


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def equal(got, expected, what="value"):
    check(got == expected, "%s: got %r, expected %r" % (what, got, expected))


def temporary_files(directory="."):
    return [name for name in os.listdir(directory) if name.startswith(".convtool")]


class Image:
    """A binary PGM, PPM, PAM or PFM as numbers."""

    def __init__(self, data):
        data = without_record(data)
        if data[:2] == b"P7":
            head, _, body = data.partition(b"ENDHDR\n")
            fields = dict(line.split(None, 1) for line in head.splitlines()[1:] if b" " in line)
            self.width, self.height = int(fields[b"WIDTH"]), int(fields[b"HEIGHT"])
            self.channels, self.maximum = int(fields[b"DEPTH"]), int(fields[b"MAXVAL"])
        else:
            magic, width, height, maximum = data.split(None, 4)[:4]
            body = data[len(b"%s %s %s %s\n" % (magic, width, height, maximum)):]
            self.width, self.height = int(width), int(height)
            self.channels = 3 if magic in (b"P6", b"PF") else 1
            self.maximum = float(maximum) if magic in (b"Pf", b"PF") else int(maximum)
        count = self.width * self.height * self.channels
        if isinstance(self.maximum, float):
            code = "<%df" if self.maximum < 0 else ">%df"
        else:
            code = ">%dB" if self.maximum < 256 else ">%dH"
        self.values = list(struct.unpack(code % count, body))
        if isinstance(self.maximum, float):  # PFM begins at the bottom
            size = self.width * self.channels
            rows = [self.values[i:i + size] for i in range(0, count, size)]
            self.values = [v for row in reversed(rows) for v in row]

    def pixel(self, x, y):
        start = (y * self.width + x) * self.channels
        return self.values[start:start + self.channels]

    def text(self):
        return "%dx%dx%d/%s: %s" % (self.width, self.height, self.channels, self.maximum,
                                    " ".join("%g" % v for v in self.values))
