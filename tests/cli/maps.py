"""Feature maps as pictures: sheets, scalings and colour maps. NumPy makes the maps, and says what
their pixels must be."""
import json
import os
import resource

import numpy as np

import support
from faults import limited
from memory import SANITIZED
from replacing import RENAME
from support import check, equal, ok, read, run, temporary_files, write

BACKGROUND, INK = 38, 214
GAP, TEXT = 10, 12  # dots: between cells, and a line of a caption with the space below it


def pixels(path):
    image = support.Image(read(path))
    shape = (image.height, image.width) + ((3,) if image.channels == 3 else ())
    return np.array(image.values, np.uint8).reshape(shape)


def cell(sheet, width, height, columns, i, dot=1, lines=1):
    """The i-th cell's caption and picture."""
    left = GAP * dot + i % columns * (width + GAP * dot)
    top = GAP * dot + i // columns * (height + (GAP + TEXT * lines) * dot)
    middle = top + TEXT * lines * dot
    return (sheet[top:middle, left:left + width], sheet[middle:middle + height, left:left + width])


def levels(numbers, low, high):
    part = np.clip((numbers.astype("f8") - low) / (high - low), 0, 1)
    return np.rint(part * 255).astype("u1")


def random_maps(height, width, channels):
    maps = np.random.default_rng(5).normal(0, 100, (height, width, channels)).astype("f4")
    maps *= np.arange(1, channels + 1)
    np.save("maps.npy", maps.astype("f4"))
    return maps.astype("f4")


def test_scalings_of_a_sheet():
    maps = random_maps(131, 140, 5)
    ranges = {
        "each": [(maps[..., c].min(), maps[..., c].max()) for c in range(5)],
        "common": [(maps.min(), maps.max())] * 5,
        "fixed=-50,1/2": [(-50, 0.5)] * 5,
    }
    for scaling, wanted in ranges.items():
        ok("scale:1", "--maps", "--grid", "3", "--scaling", scaling, "maps.npy", "out.pgm")
        sheet = pixels("out.pgm")
        equal(sheet.shape, (2 * (131 + GAP + TEXT) + GAP, 3 * 150 + GAP), scaling)
        for c, (low, high) in enumerate(wanted):
            _, picture = cell(sheet, 140, 131, 3, c)
            check(np.array_equal(picture, levels(maps[..., c], np.float64(low), np.float64(high))),
                  "%s, map %d" % (scaling, c))
        _, empty = cell(sheet, 140, 131, 3, 5)
        check((empty == BACKGROUND).all(), "the last place is empty")
    ok("scale:1", "--maps", "--grid", "3", "maps.npy", "usual.pgm")
    ok("scale:1", "--maps", "--grid", "3x2", "--scaling", "each", "maps.npy", "out.pgm")
    check(np.array_equal(pixels("usual.pgm"), pixels("out.pgm")), "each is the default")


def test_small_maps_are_enlarged_below_their_numbers():
    """Drawn by hand: the digit 1, and a map of 2x1 pixels, 64 times as large."""
    np.save("maps.npy", np.array([[[0, 4], [1, 3]]], "f4"))
    ok("scale:1", "--maps", "maps.npy", "out.pgm")
    sheet = pixels("out.pgm")
    equal(sheet.shape, (GAP + TEXT + 64 + GAP, 2 * (128 + GAP) + GAP))
    caption, picture = cell(sheet, 128, 64, 2, 1)
    one = ["..#..", ".##..", "..#..", "..#..", "..#..", "..#..", ".###."]
    drawn = ["".join("#" if v == INK else "." for v in row) for row in caption[:9, :6]]
    equal(drawn, [row + "." for row in one] + ["......"] * 2)
    check((caption[:, 6:] == BACKGROUND).all() and (caption[9:] == BACKGROUND).all(), "no more")
    check((picture[:, :64] == 255).all() and (picture[:, 64:] == 0).all(), "4 is white, 3 black")
    _, first = cell(sheet, 128, 64, 2, 0)
    check((first[:, :64] == 0).all() and (first[:, 64:] == 255).all(), "0 is black, 1 white")


def test_lists_are_enlarged_across():
    """A row of 100 numbers, and a column of 100: 16 pixels wide instead of one."""
    for shape, (height, width) in [((1, 100), (16, 100)), ((100, 1), (100, 16))]:
        values = np.arange(100, dtype="f4").reshape(*shape, 1)
        np.save("maps.npy", values)
        ok("scale:1", "--maps", "-f", "maps.npy", "out.pgm")
        sheet = pixels("out.pgm")
        picture = sheet[GAP + TEXT:GAP + TEXT + height, GAP:GAP + width]
        wanted = np.rint(values[..., 0] / 99 * 255)
        check((picture == np.kron(wanted, np.ones((height // shape[0], width // shape[1])))).all(),
              "%s: each number is a bar" % (shape,))


def test_flat_maps_and_nan():
    maps = np.zeros((128, 128, 3), "f4")
    maps[..., 0] = 7
    maps[..., 1] = 1000 + np.arange(128) % 2 * 1e-4  # a rounding error of what is about 1000
    maps[0, 0, 2], maps[0, 1, 2] = np.nan, 5
    np.save("maps.npy", maps)
    ok("scale:1", "--maps", "--grid", "3", "--allow-nonfinite", "maps.npy", "out.pgm")
    sheet = pixels("out.pgm")
    for c, wanted in enumerate([[0, 0], [0, 0], [0, 255]]):
        equal(list(cell(sheet, 128, 128, 3, c)[1][0, :2]), wanted, "map %d" % c)


def test_coolwarm_has_zero_in_the_middle():
    """Colours of matplotlib 3.6.3: levels 0, 51 and 96 of 256, the middle, and the highest."""
    lowest, fifth, less, middle, highest = np.array([
        (58, 76, 192), (123, 158, 248), (184, 207, 248), (221, 220, 219), (179, 3, 38)])

    def near(text, options, wanted):
        write("in.txt", text)
        ok("scale:1", *options, "--colormap", "coolwarm", "in.txt", "out.ppm")
        got = pixels("out.ppm")[0].astype(int)
        check(np.abs(got - np.array(wanted)).max() <= 1, "%r: %r" % (options, got))

    near(b"-1 0 4\n", ["--scaling", "each"], [less, middle, highest])
    near(b"-1 0 4\n", ["--scaling", "fixed=-1,4"], [lowest, fifth, highest])
    near(b"-255 0 255 -1000 1000\n", [], [lowest, middle, highest, lowest, highest])
    near(b"3 3\n", ["--scaling", "each"], [highest] * 2)
    near(b"0 0\n", ["--scaling", "each"], [middle] * 2)


def test_a_colormap_of_one_channel_is_a_picture_like_any():
    chain = "sobel,scale:1/8"
    ok(chain, "noise.pgm", "gray.pgm")
    write("levels.pgm", support.pgm(256, 1, range(256)))
    write("nine.pgm", support.pgm(3, 1, [0, 4, 9], 9))
    for name in ("viridis", "magma", "turbo"):
        ok("scale:1", "--colormap", name, "levels.pgm", "table.ppm")
        table = pixels("table.ppm")[0]
        ok(chain, "--colormap", name, "noise.pgm", "out.ppm")
        check(np.array_equal(pixels("out.ppm"), table[pixels("gray.pgm")]), name)
        ok("scale:1", "--colormap", name, "nine.pgm", "out.ppm")
        check(np.array_equal(pixels("out.ppm")[0], table[[0, 256 * 4 // 9, 255]]), "white is 9")
        ok("scale:1", "--colormap", name, "deep.pgm", "out.ppm")
        check(np.array_equal(pixels("out.ppm").reshape(4, 3), table[[0, 3, 117, 255]]), "16 bits")
    ok(chain, "--colormap", "gray", "noise.pgm", "out.pgm")
    check(np.array_equal(pixels("out.pgm"), pixels("gray.pgm")), "gray")


def test_each_of_one_channel_is_minmax():
    ok("laplacian", "--scaling", "each", "noise.pgm", "a.pgm")
    ok("laplacian", "--map", "minmax", "noise.pgm", "b.pgm")
    equal(support.without_record(read("a.pgm")), support.without_record(read("b.pgm")))


def test_memory_of_a_sheet_is_the_result():
    maps = random_maps(300, 300, 4)
    done = run("scale:1", "--maps", "--max-memory", "1M", "maps.npy", "out.pgm")
    equal(done.returncode, 1)
    check(b"300x300 pixels need 1.37 MiB" in done.stderr, done.stderr)
    equal(maps.nbytes, 4 * 300 * 300 * 4)
    equal(temporary_files(), [])


def test_a_sheet_is_replaced_and_resumed():
    random_maps(40, 50, 7)
    call = ["scale:1", "--maps", "--colormap", "magma", "maps.npy", "out.png"]
    ok(*call)
    before = read("out.png")
    ok(*call)
    equal(read("out.png"), before)
    done = run(*call, "--resume")
    check(b"up to date" in done.stderr, done.stderr)
    done = run(*call, "--resume", "--grid", "7")
    equal([done.returncode, done.stderr], [0, b""])
    check(read("out.png") != before, "another grid")


# ---- a file for each map ----

def test_files_of_maps():
    maps = random_maps(9, 7, 12)
    ok("scale:1", "-o", "{stem}-{map:02}.npy", "maps.npy")
    for c in range(12):
        check(np.array_equal(np.load("maps-%02d.npy" % c), maps[..., c]), "map %d" % c)
    ok("scale:1", "-o", "m{map}/{stem}.pgm", "--mkdir", "--scaling", "common", "maps.npy")
    low, high = np.float64(maps.min()), np.float64(maps.max())
    for c in range(12):
        check(np.array_equal(pixels("m%d/maps.pgm" % c), levels(maps[..., c], low, high)),
              "map %d" % c)
    ok("identity", "-o", "plain-{map}.pgm", "noise.ppm")
    colors = support.Image(read("noise.ppm")).values
    for c in range(3):
        equal(support.Image(read("plain-%d.pgm" % c)).values, colors[c::3], "channel %d" % c)
    ok("identity", "-o", "turbo-{map}.ppm", "--colormap", "turbo", "noise.ppm")
    ok("identity", "--colormap", "turbo", "plain-1.pgm", "one.ppm")
    check(np.array_equal(pixels("turbo-1.ppm"), pixels("one.ppm")), "as one channel is coloured")


def test_files_of_maps_of_a_pipe():
    data = read("noise.ppm")
    ok("identity", "-o", "{stem}-{map}.pgm", "-", stdin=data)
    ok("identity", "-o", "stdin-{map}.pgm", "noise.ppm")
    write("stdin-2.pgm", b"precious")
    done = run("identity", "-o", "stdin-{map}.pgm", "-", stdin=data)
    equal([done.returncode, done.stderr],
          [1, b"convtool: stdin-2.pgm: already exists, and convtool didn't write it; -f replaces "
              b"it\n"])
    os.mkdir("taken-1.pgm")
    for options in [[], ["--json"]]:
        done = run("identity", *options, "-o", "taken-{map}.pgm", "-", stdin=data)
        said = json.loads(done.stdout.splitlines()[0])["error"] + "\n" if options else \
            done.stderr.decode().removeprefix("convtool: ")
        equal([done.returncode, said], [1, "taken-1.pgm: is a directory; expected a file\n"])


def test_files_of_maps_obey_the_rules():
    call = ["identity", "-o", "out-{map}.pgm", "noise.ppm"]
    refusal = b"convtool: out-1.pgm: already exists, and convtool didn't write it; -f replaces it\n"
    write("out-1.pgm", b"precious")
    done = run(*call)
    equal([done.returncode, done.stderr], [2, refusal])
    equal([os.path.exists("out-0.pgm"), read("out-1.pgm")], [False, b"precious"])
    ok(*call, "-n")
    equal([os.path.exists("out-0.pgm"), read("out-1.pgm")], [True, b"precious"])
    done = run(*call, "-n")
    equal(done.stderr, b"convtool: out-{map}.pgm: already exists and was kept\n")
    ok(*call, "-f")
    check(read("out-1.pgm") != b"precious", "-f replaces it")
    ok(*call)
    done = run(*call, "--resume")
    equal(done.stderr, b"convtool: out-{map}.pgm: is up to date and was kept\n")
    os.unlink("out-2.pgm")
    equal(run(*call, "--resume").stderr, b"")
    check(os.path.exists("out-2.pgm"), "one was missing")
    report = support.images(ok(*call, "--json"))[0]
    equal([report["output"], report["outputs"], report["to"]["channels"], report["bytes"]],
          ["out-{map}.pgm", ["out-0.pgm", "out-1.pgm", "out-2.pgm"], 1,
           sum(os.path.getsize("out-%d.pgm" % c) for c in range(3))])
    equal(ok(*call, "--dry-run"), b"noise.ppm -> out-{map}.pgm: 20x15, 1 channel, 8-bit, pgm, "
                                  b"3 files\n")
    write("in-1.pgm", read("in.pgm"))
    done = run("identity", "-f", "-o", "in-{map}.pgm", "noise.ppm", "in-1.pgm")
    equal([done.returncode, done.stderr], [2, b"convtool: in-0.pgm: would be the output of both "
                                              b"noise.ppm and in-1.pgm; give the outputs different "
                                              b"names\n"])
    done = run("identity", "-f", "-o", "{stem}-{map}.pgm", "in.pgm", "in-1.pgm")
    equal(done.returncode, 0, done.stderr)
    write("noise-2.pgm", read("in.pgm"))
    done = run("identity", "-f", "-o", "{stem}-{map}.pgm", "noise.ppm", "noise-2.pgm")
    equal([done.returncode, done.stderr],
          [2, b"convtool: noise-2.pgm: is also an input; use --in-place to replace inputs\n"])


def test_files_of_maps_appear_together():
    random_maps(100, 100, 4)
    done = limited(resource.RLIMIT_FSIZE, 30000, "scale:1", "-o", "out-{map}.npy", "maps.npy")
    equal([done.returncode, done.stderr],
          [1, b"convtool: out-0.npy: can't write: File too large\n"])
    equal([name for name in os.listdir() if name.startswith(("out", ".convtool"))], [])
    # More than is held back: a row's write fails, and the file it was for is named.
    random_maps(400, 400, 2)
    done = limited(resource.RLIMIT_FSIZE, 30000, "scale:1", "-o", "out-{map}.npy", "maps.npy")
    equal([done.returncode, done.stderr],
          [1, b"convtool: out-0.npy: can't write: File too large\n"])
    random_maps(100, 100, 4)
    if SANITIZED:
        return
    ok("scale:1", "-o", "out-{map}.npy", "maps.npy")
    os.unlink("out-0.npy")
    os.unlink("out-2.npy")
    # The third name is taken when the first two files are there, of which one is new.
    done = run("scale:1", "-o", "out-{map}.npy", "maps.npy",
               env={"LD_PRELOAD": RENAME, "BEFORE_RENAME_4": "echo precious > out-2.npy"})
    equal([done.returncode, done.stderr],
          [1, b"convtool: out-2.npy: appeared while convtool was running; -f replaces it\n"])
    equal(sorted(name for name in os.listdir() if name.startswith(("out", ".convtool"))),
          ["out-1.npy", "out-2.npy", "out-3.npy"])
    equal(read("out-2.npy"), b"precious\n")


def test_files_of_maps_are_written_as_rows_come():
    """Within less memory than the result takes; with a scaling it's held."""
    np.save("maps.npy", np.zeros((500, 400, 8), "u1"))
    ok("scale:1", "-o", "out-{map}.pgm", "--max-memory", "500K", "maps.npy")
    equal(len(support.Image(read("out-7.pgm")).values), 500 * 400)
    done = run("scale:1", "-o", "out-{map}.pgm", "--scaling", "each", "--max-memory", "500K",
               "maps.npy")
    check(done.returncode == 1 and b"6.10 MiB of memory" in done.stderr, done.stderr)
