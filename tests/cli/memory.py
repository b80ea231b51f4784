"""Out of memory is an error everywhere: each allocation of a few runs fails once.

A run then ends with status 1 or 2 and a line that says so, and leaves no output; or it does without
that memory, and the output is as usual. To add a run: a line in RUNS. Skipped where the program was
built with a sanitizer, which has allocations of its own."""
import os

import support
from damage import gray
from metadata import chunk, decorated, exif, jpeg_with, profile
from support import check, equal, read, run, write

PRELOAD = os.path.join(os.path.dirname(support.CONVTOOL), "tests", "preload", "memory.so")
SANITIZED = any(name in read(support.CONVTOOL) for name in [b"__asan_init", b"__tsan_init"])


def inputs():
    """Files that take different paths through the readers, with all kinds of metadata."""
    image = support.Image(read("noise.ppm"))
    write("in.png", decorated(image))
    write("turned.png", gray(chunk(b"eXIf", exif(6)), chunk(b"cICP", b"\x09\x10\0\1")))
    # Few values, so that they aren't stored as they are: of such data stb takes all or nothing.
    few = support.ppm(20, 15, [value & 15 for value in support.noise(900, 7)])
    write("cut.png", decorated(support.Image(few))[:-80])
    write("turned.jpg", jpeg_with([(0xe1, b"Exif\0\0" + exif(6)),
                                   (0xe2, b"ICC_PROFILE\0\x01\x01" + profile())]))
    support.ok("identity", "noise.ppm", "in.pfm")
    write("large.pgm", support.pgm(300, 400, support.noise(120000)))
    os.makedirs("tree/a")
    write("tree/a/b.pgm", read("noise.pgm"))
    write("tree/c.txt", b"no image")
    write("list", b"in.pgm\nnoise.pgm\n")
    write("stream.pnm", read("noise.pgm") + read("noise.ppm") + read("in.pfm"))
    write("in.y4m", b"YUV4MPEG2 W4 H2\n" + (b"FRAME\n" + bytes(range(12))) * 2)
    write("kernel.txt", b"1 2 1\n2 4 2\n1 2 1\n")


# The arguments, and the file that is written; None: standard output.
RUNS = [
    (["sobel", "-j1", "noise.pgm", "out.pgm"], "out.pgm"),
    (["box", "-j1", "in.png", "out.png"], "out.png"),
    (["identity", "-j1", "turned.png", "out.png"], "out.png"),
    (["identity", "-j1", "--lenient", "cut.png", "out.pam"], "out.pam"),
    (["identity", "-j1", "--compression", "6", "in.png", "out.png"], "out.png"),
    (["identity", "-j1", "turned.jpg", "out.jpg"], "out.jpg"),
    (["sobel", "-j1", "turned.jpg", "out.pam"], "out.pam"),
    (["identity", "-j1", "in.pfm", "out.pfm"], "out.pfm"),
    (["box", "-j1", "--depth", "8", "stream.pnm", "out.pam"], "out.pam"),
    (["box", "-j1", "in.y4m", "out.y4m"], "out.y4m"),
    (["identity", "-j1", "rgba.pam", "out.pam"], "out.pam"),
    (["box,avgpool:all,softmax", "-j2", "in.png", "out.npy"], "out.npy"),
    (["gray,normalize", "-j1", "in.png", "out.jpg"], "out.jpg"),
    (["conv", "-j1", "-k", "kernel.txt", "noise.pgm", "out.pgm"], "out.pgm"),
    (["gaussian:2,sobel,maxpool:2", "-j4", "in.png", "out.png"], "out.png"),
    (["identity", "-j4", "noise.ppm", "out.jpg"], "out.jpg"),
    (["identity", "-j1", "noise.ppm", "noise.pgm", "many"], "many/noise.ppm"),
    (["identity", "-j1", "-r", "tree", "many", "--shard", "1/1", "-v"], "many/a/b.pgm"),
    (["identity", "-j1", "--files-from", "list", "-o", "many/new/{dir}/{n:02}.pgm", "--mkdir"],
     "many/new/./02.pgm"),
    (["kirsch", "-j1", "noise.pgm", "out.pgm"], "out.pgm"),  # it warns
    (["show", "gaussian5"], None),
    (["gaussian:3,kirsch", "-j8", "large.pgm", "out.pgm"], "out.pgm"),
    (["explain", "sobel", "--at", "3,3", "in.png"], None),
    (["shape", "gray,gaussian,maxpool:2", "40x30x3"], None),
    (["box,sobel", "-j1", "--trace", "--tap", "1=tap.png", "in.png", "out.png"], "out.png"),
]


def attempt(arguments, output, fails_at):
    """Status, messages and output of a run; None if nothing was written."""
    if output and os.path.exists(output):
        os.remove(output)
    done = run(*arguments, env={"LD_PRELOAD": PRELOAD, "MEMORY_FAILS_AT": str(fails_at),
                                "MEMORY_COUNT": "count"})
    made = done.stdout if not output else read(output) if os.path.exists(output) else None
    return done.returncode, done.stderr, made


def try_all(arguments, output):
    status, messages, expected = attempt(arguments, output, 0)
    check(status == 0 and expected, "%r: status %d, %r" % (arguments, status, messages))
    count = int(read("count"))
    check(count > 0, "%r: %d allocations were seen" % (arguments, count))
    for n in range(1, count + 1):
        status, messages, made = attempt(arguments, output, n)
        what = "%r, allocation %d of %d: status %d, %r" % (arguments, n, count, status, messages)
        if status == 0:
            check(made == expected, what + ": another output")
            check(b"memory" not in messages, what)
        else:
            check(status in (1, 2), what)
            check(messages.startswith(b"convtool: ") and b"memory" in messages, what)
            # With several images, the others are written.
            left = [None, expected] if output and output.startswith("many/") else [None]
            check(not output or made in left, what + ": there is an output")
        equal(support.temporary_files() + support.temporary_files("many"), [], what)


def test_every_allocation_fails_once():
    if SANITIZED:
        return
    check(os.path.exists(PRELOAD), PRELOAD + " is missing; make tests")
    inputs()
    os.mkdir("many")
    for arguments, output in RUNS:
        try_all(arguments, output)
