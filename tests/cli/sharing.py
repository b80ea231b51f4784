"""Several images at once share --max-memory: each waits until the memory that it takes is free."""
import fcntl
import json
import os
import signal
import struct
import subprocess
import sys
import termios
import time
import zlib

import support
from damage import SIGNATURE, header
from memory import SANITIZED
from metadata import chunk, exif
from support import check, equal, ok, read, temporary_files, write

ISAL = b"ISA-L" in support.run("--version").stdout

# ---- how much they hold ----

MIB = 1 << 20
SPARE = 32 * MIB  # the program itself, its threads, and what doesn't grow with an image


def black_rows(width, height, interlaced):
    """A PNG's filtered rows."""
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
              (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    return bytes(sum((height - y + dy - 1) // dy * (1 + (width - x + dx - 1) // dx)
                     for x, y, dx, dy in passes))


def black_png(width, height, interlaced, *extra):
    return (SIGNATURE + header(width, height, 8, 0, interlaced) + b"".join(extra)
            + chunk(b"IDAT", zlib.compress(black_rows(width, height, interlaced), 1))
            + chunk(b"IEND", b""))


# Until a process becomes another program, its parent's memory counts as its own: a small parent.
LAUNCHER = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def peak(*arguments):
    """Bytes that a run had at most; it must succeed."""
    launch = [sys.executable, "-I", "-S", "-c", LAUNCHER, support.CONVTOOL]
    done = subprocess.run([*launch, *arguments],
                          env=support.ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, check=False)
    check(done.returncode == 0 and not support.split_counts(done.stderr)[0],
          "%r: status %d, %r" % (arguments, done.returncode, done.stderr))
    return int(done.stdout) * 1024


def held_at_once(name, data, chain, size):
    """Four images of which each holds `size` bytes, where there is room for one and a half."""
    write(name, data)
    names = ["%d-%s" % (i, name) for i in range(4)]
    for link in names:
        os.link(name, link)
    ok(chain, "-j1", name, "one.pgm")
    limit = size * 3 // 2
    got = peak(chain, "-j4", "--max-memory", str(limit), *names, "-o", "{stem}.pgm")
    check(size < got < limit + SPARE,
          "%s: %d MiB; the limit is %d MiB" % (name, got // MIB, limit // MIB))
    for link in names:
        equal(read(link[:-4] + ".pgm") == read("one.pgm"), True, link)
        os.unlink(link)


def test_the_limit_is_for_all_images_together():
    if SANITIZED:
        return
    side = 5000
    # Waiting for the range of its values: as floats.
    held_at_once("bits.pbm", b"P4 %d %d\n" % (side, side)
                 + bytes(support.noise(side // 8)) * side, "normalize,maxpool:8", 4 * side ** 2)
    # Decoders that hold the image; stb holds it four times while it decodes.
    if ISAL:
        held_at_once("inter.png", black_png(8000, 8000, 1), "maxpool:8", 8000 ** 2)
        held_at_once("turned.png", black_png(8000, 8000, 0, chunk(b"eXIf", exif(6))), "maxpool:8",
                     8000 ** 2)


def test_images_behind_the_first_share_the_limit():
    """Two streams of a small image and a large one: each waits again for the large one, with
    nothing but its bytes."""
    if SANITIZED:
        return
    side = 5000
    large = side ** 2
    for name in ["a.pnm", "b.pnm"]:
        write(name, b"P5 10 10 255\n" + bytes(100) + b"P5 %d %d 255\n" % (side, side)
              + bytes(support.noise(side)) * side)
    ok("sobel,normalize,maxpool:8", "-j1", "a.pnm", "one.pnm")
    alone, limit = 5 * large, 6 * large  # as floats, and as it was read
    got = peak("sobel,normalize,maxpool:8", "-j2", "--max-memory", str(limit), "a.pnm", "b.pnm",
               "-o", "{stem}.out.pnm")
    check(alone < got < limit + large + SPARE,
          "%d MiB; the limit is %d MiB" % (got // MIB, limit // MIB))
    equal([read("a.out.pnm"), read("b.out.pnm")], [read("one.pnm")] * 2)


def test_threads_that_decode_one_jpeg():
    """However many they are, the groups of rows that they decode don't become the whole image."""
    if SANITIZED or b"libjpeg-turbo" not in support.run("--version").stdout:
        return
    width, height = 6000, 6000
    write("black.ppm", b"P6 %d %d 255\n" % (width, height) + bytes(3 * width * height))
    ok("identity", "--quality", "75", "black.ppm", "black.jpg")  # 2x2 pixels share their chroma
    got = peak("identity", "-j16", "black.jpg", "-f", "black.ppm")
    check(got < 3 * width * height * 7 // 8, "%d MiB" % (got // MIB))


# ---- who waits for whom ----

class Pipes:
    """Images that come through pipes, as fast as the test wants."""

    def __init__(self, *sides):
        self.sides = sides
        self.names = ["%d.fifo" % i for i in range(len(sides))]
        for name in self.names:
            os.mkfifo(name)
        self.ends = []

    def start(self, *arguments):
        """A run with a thread for each; all have opened their pipes."""
        self.process = subprocess.Popen(
            [support.CONVTOOL, "normalize", "-j%d" % len(self.sides), *arguments, *self.names,
             "-o", "{stem}.pgm"], env=support.ENVIRONMENT, preexec_fn=support.signals_as_usual,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.ends = [open(name, "wb", buffering=0) for name in self.names]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
        for end in self.ends:
            end.close()

    def head(self, i, maximum=255):
        """Sends an image's header and first row, and waits until they were read."""
        side = self.sides[i]
        self.ends[i].write(b"P5 %d %d %d\n" % (side, side, maximum) + bytes(side))
        while struct.unpack("i", fcntl.ioctl(self.ends[i], termios.FIONREAD, b"0000"))[0]:
            time.sleep(0.001)

    def rows(self, i, value=9):
        left = bytes([value]) * (self.sides[i] - 1) * self.sides[i]
        while left:
            left = left[self.ends[i].write(left):]
        self.ends[i].close()

    def finish(self):
        """Status and messages."""
        _, said = self.process.communicate(timeout=20)
        return self.process.returncode, said.decode()


def at_work(count):
    """Waits until so many images are being made; a while later there are no more."""
    until = time.monotonic() + 20
    while len(temporary_files()) != count and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(0.2)
    equal(len(temporary_files()), count, "images at once")


def test_those_that_fit_run_together():
    for limit, together in [("4G", 3), ("1M", 3), ("250K", 2), ("120K", 1)]:
        with Pipes(100, 100, 100) as pipes:
            pipes.start("--max-memory", limit, "-f")
            for i in range(3):
                pipes.head(i)
            at_work(together)
            for i in range(3):
                pipes.rows(i)
            status, said = pipes.finish()
            equal([status, said[:39]], [0, "convtool: 3 written, 0 failed, 0 kept i"], limit)
        for name in pipes.names:
            os.unlink(name)


def test_threads_of_those_that_wait_help():
    """The first begins by itself; those that waited have all threads, as there is room for one."""
    with Pipes(600, 600, 600) as pipes:
        pipes.start("--max-memory", "2500K", "--json")
        for i in range(3):
            pipes.head(i)
            at_work(1)  # they wait in this order
        for i in range(3):
            at_work(1)
            pipes.rows(i)
            while not os.path.exists("%d.pgm" % i):
                time.sleep(0.002)
        said, _ = pipes.process.communicate(timeout=20)
        equal([json.loads(line)["jobs"] for line in said.splitlines()[:3]], [1, 3, 3])


def test_a_large_one_is_not_overtaken():
    """The third would fit beside the first; but the second came before it, and needs nearly all
    that there is."""
    with Pipes(100, 1020, 100) as pipes:
        pipes.start("--max-memory", "4M")
        pipes.head(0)
        at_work(1)
        pipes.head(1)
        time.sleep(0.2)
        pipes.head(2)
        at_work(1)
        pipes.rows(0)
        while not os.path.exists("0.pgm"):
            time.sleep(0.002)
        at_work(1)
        pipes.rows(1)
        while not os.path.exists("1.pgm"):
            time.sleep(0.002)
        at_work(1)
        pipes.rows(2)
        equal(pipes.finish()[0], 0)


def stopped(*arguments):
    """Three images of which one may begin, and the others wait."""
    pipes = Pipes(100, 100, 100)
    pipes.start("--max-memory", "120K", *arguments)
    pipes.head(0, maximum=99)
    at_work(1)
    pipes.head(1)
    pipes.head(2)
    at_work(1)
    return pipes


def test_an_interrupt_turns_those_away_that_wait():
    with stopped() as pipes:
        pipes.process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        pipes.rows(0)
        status, said = pipes.finish()
        equal([status, said.rsplit(" in ", 1)[0]],
              [-signal.SIGINT, "convtool: interrupted: 1 written, 0 failed, 0 kept, 2 not begun"])
    equal([temporary_files(), sorted(n for n in os.listdir(".") if n[0] in "012")],
          [[], ["0.fifo", "0.pgm", "1.fifo", "2.fifo"]])


def test_so_does_fail_fast():
    with stopped("--fail-fast") as pipes:
        pipes.rows(0, value=100)
        status, said = pipes.finish()
        equal([status, said.rsplit(" in ", 1)[0]],
              [1, "convtool: 0.fifo: row 2: the sample 100 is above the header's maximum of 99\n"
                  "convtool: 0 written, 1 failed, 0 kept, 2 not begun"])
    equal(temporary_files(), [])
