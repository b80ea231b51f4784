"""`convtool explain` agrees with what the filter writes for a pixel."""
import os
import re
import struct
import subprocess

import support
from support import check, equal, ok

CHAINS = [
    "identity", "sobel", "sobel:x", "scharr:l1", "prewitt:angle", "roberts", "kirsch",
    "robinson:stride=2", "laplacian:8", "log:0.7", "dog:0.6", "sharpen", "emboss:flip",
    "unsharp:0.6:1.5", "unsharp:0.5:2:20", "box:2x3:padding=wrap", "gaussian:0.6:padding=zero",
    "conv:motion5:padding=constant=99", "box:3:dilation=2:padding=symmetric",
    "conv:diff-x:padding=valid:stride=2x1", "maxpool:3:2:1", "avgpool:2:padding=1",
    "avgpool:3:ceil=yes:count_include_pad=no", "minpool:2x1", "nearestpool:3", "gray,invert",
    "scale:-2:300,abs", "scale:1:-100,relu", "threshold:100", "normalize:10:200",
    "gray,gaussian:0.5,sobel,maxpool:2", "normalize,box:3,scale:1/2",
    "box,flatten:20", "invert,flatten", "sobel:x,leaky:0.2", "scale:1/32:-4,sigmoid,tanh",
    "scale:1/64,softmax,scale:100", "argmax", "norm", "norm:l1", "norm:linf",
    "avgpool:all", "box:3,maxpool:all,invert", "minpool:all,normalize,scale:2:10",
    "crop:4x3:1:2", "resize:3x", "resize:20x9:bicubic", "rotate",
    "resize:80%:area,rotate:270,crop:2", "gray,rotate:180,normalize",
    "gaussian:0.6,resize:x3:nearest", "crop:5x4,resize:3x7:bilinear,sobel",
    "bank:sobel2:bias=7,abs", "bank:random:3:2:bias=-1,box",
    "bank:haar:stride=2:padding=zero", "bank:random:2:4:2x3:dilation=2:flip",
    "canny:20:40:0.5", "canny:auto:sigma=0.6",
    "canny:5:auto:0:stride=2", "dog:0.6,zerocross", "log:0.5,zerocross:5%", "threshold:otsu",
    "gray,threshold:otsu,canny:high=60:sigma=0",
]
OPTIONS = [
    ["--linear"], ["--map", "signed"], ["--map", "minmax"], ["--map", "abs", "-c", "each"],
    ["-c", "gray", "--scale", "1/3", "--bias", "7"], ["--depth", "16", "--normalize"],
    ["--depth", "8", "--pool", "avg:2"], ["-p", "replicate:3", "-s", "2", "-d", "2"],
    ["--flip", "--anchor", "0,1"],
]


def images():
    support.write("small.pgm", support.pgm(9, 7, support.noise(63, 3)))
    support.write("small.ppm", support.ppm(8, 6, support.noise(144, 4)))
    # In the last row alpha is 0.
    values = support.noise(6 * 5 * 4, 5)
    support.write("small.pam", support.pam(6, 5, 4, [
        0 if i % 4 == 3 and i >= 96 else v for i, v in enumerate(values)]))
    deep = [256 * a + b for a, b in zip(support.noise(48, 6), support.noise(48, 8))]
    support.write("small16.pgm", support.pgm(8, 6, deep, 65535))
    return ["small.pgm", "small.ppm", "small.pam", "small16.pgm"]


def points(image):
    """Two corners, an edge, the middle."""
    right, bottom = image.width - 1, image.height - 1
    return {(0, 0), (right, bottom), (right // 2, 0), (right // 2, bottom // 2)}


def pixel_of(text):
    """The numbers under `Output:`, with their channels in order."""
    output = text.split("\nOutput:\n")[1]
    found = re.findall(r"pixel (\S+) \(channel (\d+)(?:, .*)?\)$", output, re.M)
    equal([int(channel) for _, channel in found], list(range(len(found))), "channels")
    only = re.findall(r"pixel (\S+)$", output, re.M)  # of one channel, which isn't named
    return [float(value) for value in only or [value for value, _ in found]]


def check_explained(chain, options, name):
    done = support.run(chain, *options, "-q", name, "out.pam")
    check(done.returncode == 0, "%s %s: %r" % (chain, options, done.stderr))
    image = support.Image(support.read("out.pam"))
    for x, y in sorted(points(image)):
        what = "%s %s --at %d,%d %s" % (chain, " ".join(options), x, y, name)
        text = ok("explain", chain, *options, "--at", "%d,%d" % (x, y), name).decode()
        equal(pixel_of(text), image.pixel(x, y), what)
        check("The arithmetic shown agrees with the filter.\n" in text, what + "\n" + text)
        check(max(map(len, text.splitlines())) <= 80, "over 80 columns: %s\n%s" % (what, text))


def test_lines_break_between_words():
    """No line is longer than the terminal is wide, which would break it anywhere."""
    images()
    narrow = dict(os.environ, COLUMNS="60", LC_ALL="C.UTF-8")
    for chain in CHAINS + ["gaussian:1.5", "unsharp:2:1.5", "resize:3x"]:
        for name in ["small.pgm", "small.ppm"]:
            done = subprocess.run([support.CONVTOOL, "explain", chain, "-v", "--at", "0,0", name],
                                  env=narrow, check=True, stdout=subprocess.PIPE)
            for line in done.stdout.decode().splitlines():
                check(len(line) <= 60, "%s %s: %r" % (chain, name, line))


def test_rows_and_columns_keep_their_names():
    """At every width, and no line is longer; side by side where fewer decimals make room."""
    support.write("wide.ppm", support.ppm(400, 12, support.noise(400 * 12 * 3)))
    for columns in range(60, 101, 4):
        for chain in ["sobel", "gaussian:2", "box:3", "median"]:
            lines = ok("explain", chain, "--at", "220,5", "--channel", "0", "wide.ppm",
                       env={"COLUMNS": str(columns)}).decode().splitlines()
            check(max(map(len, lines)) <= columns, [chain, columns])
            heads = [i for i, line in enumerate(lines) if re.match(r" +(column +)?2\d\d +2", line)]
            equal(len(heads), 1 + (chain == "sobel"), [chain, columns])
            for i in heads:
                check(lines[i].startswith("   column "), lines[i])
                check(re.match(r"   row +-?\d+ ", lines[i + 1]), lines[i + 1])
    text = ok("explain", "sobel", "--at", "220,5", "wide.ppm", env={"COLUMNS": "80"}).decode()
    equal([len(part) for part in table(text)], [18, 18, 18])


def test_chains_on_gray():
    images()
    for chain in CHAINS:
        check_explained(chain, [], "small.pgm")


def test_chains_on_colour():
    images()
    for chain in CHAINS[::2]:
        check_explained(chain, [], "small.ppm")


def test_chains_on_alpha():
    images()
    for chain in CHAINS[1::2]:
        check_explained(chain, [], "small.pam")


def test_chains_on_16_bits():
    images()
    for chain in CHAINS[::3]:
        check_explained(chain, [], "small16.pgm")


def test_options():
    for number, options in enumerate(OPTIONS):
        for chain in ["box:3x3", "sobel", "gray,sharpen"]:
            check_explained(chain, options, images()[number % 4])


def test_floats_are_written_as_they_are():
    ok("scale:1/3", "in.pgm", "in.pfm")
    ok("laplacian", "in.pfm", "out.pfm")
    image = support.Image(support.read("out.pfm"))
    for x, y in points(image):
        got = pixel_of(ok("explain", "laplacian", "--at", "%d,%d" % (x, y), "in.pfm").decode())
        check(abs(got[0] - image.pixel(x, y)[0]) <= 1e-6, "%d,%d: %r" % (x, y, got))


def test_verbose_shows_every_stage():
    chain = "gray,gaussian:0.5,sobel,maxpool:2"
    short = ok("explain", chain, "--at", "1,1", "noise.ppm").decode()
    full = ok("explain", chain, "--at", "1,1", "noise.ppm", "-v").decode()
    equal(re.findall(r"^(\d)\. ", short, re.M), list("1234"))
    equal(re.findall(r"^(\d)\. ", full, re.M), list("1234"))
    equal(short.count("(-v shows how)"), 2, "stages in short")
    equal(full.count("(-v shows how)"), 0, "stages in short")
    equal(pixel_of(short), pixel_of(full))


def test_one_channel():
    text = ok("explain", "box", "--at", "3,3", "--channel", "2", "noise.ppm").decode()
    ok("box", "noise.ppm", "out.ppm")
    expected = support.Image(support.read("out.ppm")).pixel(3, 3)[2]
    check("pixel %d (channel 2, blue)" % expected in text and "channel 1" not in text, text)


def table(text):
    """The rows of `window x kernel = products`, as three lists of texts."""
    rows = re.findall(r"^ +row +-?\d+ +(.*) × +(.*) = +(.*)$", text, re.M)
    return [" ".join(column).split() for column in zip(*rows)]


def test_a_window_worked_out_by_hand():
    """The plane 10 20 30 40 / 50 ... at its corner: mirrored cells are marked, and products add
    up."""
    text = ok("explain", "conv", "-k", "1 2 3; 4 5 6; 7 8 9", "--scale", "1/100", "--at", "0,0",
              "in.pgm").decode()
    window, kernel, products = table(text)
    equal(window, ["[60]", "[50]", "[60]", "[20]", "<10>", "20", "[60]", "50", "60"], "window")
    equal(kernel, list("123456789"), "kernel")
    equal(products, ["60", "100", "180", "80", "50", "120", "420", "400", "540"], "products")
    for line in ["sum of the products = 1950", "v × 0.01 + 0",
                 "window 3×3 around column 0, row 0\n",
                 "[ ] is beyond the edge: padding=mirror takes column 1 for -1, row 1 for -1\n",
                 "   column  -1    0    1     kernel    products\n",
                 "19.5 -> rounded 20 -> pixel 20\n"]:
        check(line in text, "%s is missing in\n%s" % (line, text))


def test_cells_beyond_the_edge_are_marked():
    def marked(at, *options):
        text = ok("explain", "box", "--at", at, *options, "in.pgm").decode()
        return len(re.findall(r"\[\d+\]", text))

    equal([marked("0,0"), marked("1,0"), marked("3,2"), marked("1,1")], [5, 3, 5, 0], "mirror")
    equal([marked("0,0", "-p", "zero"), marked("0,1", "-p", "wrap")], [5, 3], "zero, wrap")
    equal(marked("0,0", "-p", "valid"), 0, "valid")


def test_clamping_is_told():
    text = ok("explain", "outline", "--at", "0,0", "in.pgm").decode()
    check("-300 -> rounded -300 -> negative, so 0 -> pixel 0" in text, text)
    text = ok("explain", "outline", "--at", "3,2", "in.pgm").decode()
    check("300 -> rounded 300 -> above white, so 255 -> pixel 255" in text, text)


def test_standard_input():
    text = ok("explain", "box", "--at", "1,1", "-", stdin=support.read("in.pgm")).decode()
    check(text.startswith("standard input: 4x3, 1 channel; output 4x3"), text)
    equal(pixel_of(text), [60])


def test_memory_is_limited():
    """That of whole images: the input's own samples, and floats before stages that need all of
    them."""
    support.write("wide.pgm", support.pgm(64, 64, support.noise(4096)))
    for chain, least, said in [
            ("box", 4096, "64x64 pixels of 1 channel need 4 KiB of memory; the limit is 4095 bytes "
                          "(--max-memory)"),
            ("normalize", 16384, "need 16 KiB of memory; the limit is 16.00 KiB")]:
        ok("explain", chain, "--at", "1,1", "--max-memory", str(least), "wide.pgm")
        done = support.run("explain", chain, "--at", "1,1", "--max-memory", str(least - 1),
                           "wide.pgm")
        equal(done.returncode, 1, chain)
        check(said in done.stderr.decode(), done.stderr)


def test_long_chains():
    """After 64 stages the engine starts from a held image; the values are the same."""
    images()
    chain = ",".join(["gaussian:0.5", "sharpen", "normalize:0:200", "box:3"] * 25)
    check_explained(chain, [], "small.pgm")
    check_explained(",".join(["gray", "maxpool:1"] * 70), [], "small.ppm")


def test_one_explanation_gives_one_number_once():
    """Numbers that differ only by float rounding are printed the same: a compass kernel's sum and
    the largest, a sum along x and the length of a gradient only along x."""
    images()
    for chain in ["kirsch", "robinson", "sobel", "sobel:x", "scharr:y", "prewitt:l1", "unsharp",
                  "sharpen", "gaussian:0.7,kirsch", "avgpool:1"]:
        for name in ["small.ppm", "small.pam"]:
            for at in ["0,0", "1,3", "2,2", "3,1", "4,4", "5,2"]:
                text = ok("explain", chain, "--at", at, name).decode()
                found = re.findall(r"(?:=|\): |->) *(-?[0-9.]+)", text)
                numbers = sorted({abs(float(number)) for number in found})
                for a, b in zip(numbers, numbers[1:]):
                    check(b - a > 2.1e-6 * b, "%s --at %s %s: %g, %g" % (chain, at, name, a, b))


def test_numbers_beyond_floats():
    support.write("big.pfm", b"Pf\n3 1\n-1\n" + struct.pack("<3f", 3e38, -3e38, 3e38))
    for chain, last in [
            ("conv:kernel=9", "-inf -> rounded -inf -> negative, so 0 -> pixel 0"),
            ("scale:9,invert", "inf -> rounded inf -> above white, so 255 -> pixel 255"),
            ("scale:9,scale:0", "nan -> not a number, so 0 -> pixel 0")]:
        text = ok("explain", chain, "--depth", "8", "--at", "1,0", "big.pfm").decode()
        check("   %s\nThe arithmetic shown agrees" % last in text, text)


def test_no_gradient_has_no_angle():
    support.write("flat.pgm", support.pgm(4, 4, [77] * 16))
    support.write("flat.ppm", support.ppm(4, 4, [131, 77, 201] * 16))
    for chain in ["sobel:angle", "scharr:angle", "prewitt:angle"]:
        for name in ["flat.pgm", "flat.ppm"]:
            text = ok("explain", chain, "--at", "1,1", name).decode()
            check("no gradient: the angle is 0 = 0\n" in text, text)


def test_numbers_that_are_none():
    """A weight of 0 leaves them out; where the engine multiplies by 0 all the same, it is said."""
    support.write("none.txt", b"1 nan 3 4 5\n4 5 6 4 -inf\n7 8 9 4 7\n7 inf 9 4 5\n")
    for chain in ["identity", "sobel:x", "sobel", "laplacian", "conv:diff-x", "conv:sobel-x", "box",
                  "gaussian", "log:0.7", "kirsch", "robinson", "bank:sobel2", "roberts:l1",
                  "unsharp", "median", "maxpool", "relu", "bank:random:2,relu", "abs", "tanh"]:
        for y in range(4):
            for x in range(5):
                if "pool" in chain and (x > 1 or y > 1):
                    continue
                text = ok("explain", chain, "--allow-nonfinite", "--at", "%d,%d" % (x, y),
                          "none.txt").decode()
                check("DIFFERS" not in text, "%s at %d,%d\n%s" % (chain, x, y, text))
    text = ok("explain", "identity", "--allow-nonfinite", "--at", "1,1", "none.txt").decode()
    check("sum of the products = 5\n" in text, text)
    text = ok("explain", "kirsch", "--allow-nonfinite", "--at", "1,0", "none.txt").decode()
    check("nan (nan spreads; by the products shown: " in text, text)
