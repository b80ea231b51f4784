"""explain for a class: its numbers are SciPy's, its tables are named, and it fits the terminal."""
import json
import re

import numpy as np
from scipy import ndimage

import support
from support import check, equal, ok

WEIGHTS = np.array([0.299, 0.587, 0.114])


def explained(chain, at, name, *options):
    return json.loads(ok("explain", chain, *options, "--at", "%d,%d" % at, "--json", name))


def picture():
    """9 columns, 7 rows, three colours."""
    values = np.array(support.noise(9 * 7 * 3, 11)).reshape(7, 9, 3)
    support.write("class.ppm", support.ppm(9, 7, values.ravel().tolist()))
    return values.astype(float)


def part_of(image, x, y, size, mode):
    """The window around x, y, with what lies beyond the edge."""
    r = size // 2
    return np.pad(image, r, mode=mode)[y:y + size, x:x + size]


def test_a_gradient_is_scipys():
    gray = picture() @ WEIGHTS
    x_all, y_all = (ndimage.sobel(gray, axis=axis, mode="mirror") for axis in (1, 0))
    for at in [(0, 0), (4, 3), (8, 6), (3, 0)]:
        x, y = at
        said = explained("sobel", at, "class.ppm")
        first, second = said["stages"]
        np.testing.assert_allclose(first["to"], [gray[y, x]], rtol=1e-6)
        window = second["window"]
        np.testing.assert_allclose(window["values"][0], part_of(gray, x, y, 3, "reflect"),
                                   rtol=1e-6)
        equal([window["column"], window["row"], window["centre"]], [x - 1, y - 1, [1, 1]])
        sums = [np.sum(np.array(k) * window["values"][0]) for k in second["kernels"]]
        np.testing.assert_allclose(sums, [x_all[y, x], y_all[y, x]], rtol=1e-5, atol=1e-4)
        expected = np.hypot(x_all, y_all)[y, x]
        np.testing.assert_allclose(second["to"], [expected], rtol=1e-5)
        equal([said["pixel"], said["agrees"]], [[min(255, round(expected))], True])


def test_the_numbers_are_put_into_the_root():
    gray = picture() @ WEIGHTS
    x, y = (ndimage.sobel(gray, axis=axis, mode="mirror")[3, 4] for axis in (1, 0))
    text = ok("explain", "sobel", "--at", "4,3", "class.ppm").decode()
    found = re.search(r"magnitude = sqrt\((\S+)² \+ (\S+)²\) = (\S+)\n", text)
    numbers = [float(n.strip("()")) for n in found.groups()]
    np.testing.assert_allclose(numbers, [x, y, np.hypot(x, y)], rtol=1e-5)
    equal([n.startswith("(") for n in found.groups()[:2]], [x < 0, y < 0], "brackets")
    red, green, blue = picture()[3, 4]
    check("   gray = 0.299·%d + 0.587·%d + 0.114·%d = %.6g\n"
          % (red, green, blue, gray[3, 4]) in text, text)
    equal(re.findall(r"^\d\. \w+", text, re.M), ["1. sobel"], "gray is part of the stage")
    check("channel" not in text.split("\n", 1)[1], text)


def test_rows_and_columns_have_names():
    picture()
    text = ok("explain", "box", "--at", "4,3", "--channel", "0", "class.ppm").decode()
    check(re.search(r"^   column +3 +4 +5 +kernel / 9 +products$", text, re.M), text)
    equal(re.findall(r"^   row +(\d+) ", text, re.M), ["2", "3", "4"], text)
    text = ok("explain", "box:dilation=2:stride=2", "--at", "2,1", "--channel", "0",
              "class.ppm").decode()
    check(re.search(r"^   column +2 +4 +6 ", text, re.M), text)
    equal(re.findall(r"^   row +(\d+) ", text, re.M), ["0", "2", "4"], text)
    check("   stride: column 2 × 2 = 4, row 1 × 2 = 2\n" in text, text)
    check("   dilation 2×2:" in text, text)


def test_the_divisor_is_kept():
    values = picture()
    kernel = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
    expected = ndimage.correlate(values[:, :, 1], kernel / 16, mode="mirror")[2, 5]
    text = ok("explain", "conv:gaussian3", "--at", "5,2", "--channel", "1", "class.ppm").decode()
    found = re.search(r"sum of the products = \((.*)\) / 16\s+= (\S+)\n", text, re.S)
    terms = [term.split("·") for term in found[1].replace("\n", " ").split(" + ")]
    sum_of = sum(float(a) * float(b) for a, b in terms)
    np.testing.assert_allclose([sum_of / 16, float(found[2])], [expected] * 2, rtol=1e-5)
    np.testing.assert_array_equal([float(b) for _, b in terms],
                                  part_of(values[:, :, 1], 5, 2, 3, "reflect").ravel())
    for kernel, divisor in [("box:5", 25), ("conv:1/3 1/6 1/2", 6), ("conv:0.25 0.5 0.25", 4),
                            ("gaussian:1", None), ("sobel:x", None), ("conv:3 1 2", None)]:
        text = ok("explain", kernel, "--channel", "0", "class.ppm").decode()
        equal(re.findall(r"kernel / (\d+)", text), [str(divisor)] if divisor else [], kernel)


def test_border_cells_are_explained():
    picture()
    for options, line in [
            ([], "padding=mirror takes column 1 for -1, row 1 for -1"),
            (["-p", "replicate"], "padding=replicate takes column 0 for -1, row 0 for -1"),
            (["-p", "wrap"], "padding=wrap takes column 8 for -1, row 6 for -1"),
            (["-p", "zero"], "padding=zero puts 0 there"),
            (["-p", "constant=9"], "padding=constant puts 9 there")]:
        text = ok("explain", "box", "--at", "0,0", *options, "class.ppm").decode()
        equal(text.count("   [ ] is beyond the edge: " + line + "\n"), 1, text)
    text = ok("explain", "box", "--at", "4,3", "class.ppm").decode()
    check("beyond" not in text, text)
    text = ok("explain", "maxpool:3:2:1", "--at", "0,0", "class.ppm").decode()
    check("[-] is beyond the edge: it doesn't count\n" in text, text)


def test_the_middle_is_explained_unless_told():
    picture()
    for chain, place in [("box", "4,3"), ("maxpool:2", "1,1"), ("resize:1x1", "0,0")]:
        text = ok("explain", chain, "class.ppm").decode()
        check("output pixel %s;" % place in text, text)


def test_plain_characters_where_the_locale_has_no_others():
    picture()
    for chain in ["sobel", "box", "conv:gaussian3", "unsharp", "sobel:angle", "scale:2"]:
        for env in [{"LC_ALL": "C"}, {"LC_ALL": "de_DE.ISO-8859-1"},
                    {"LC_ALL": "", "LC_CTYPE": "C", "LANG": "C.UTF-8"}]:
            text = ok("explain", chain, "class.ppm", env=env)
            check(text.isascii(), repr(text))
        check(not ok("explain", chain, "class.ppm").isascii() or chain == "sobel:angle", chain)
    text = ok("explain", "sobel", "--at", "4,3", "class.ppm", env={"LC_ALL": "C"}).decode()
    check(re.search(r"sqrt\(\S+\^2 \+ \S+\^2\)", text) and " x " in text, text)


def test_it_is_as_wide_as_the_terminal():
    picture()
    for chain in ["sobel", "box", "log:1", "unsharp:1", "conv:gaussian3", "gaussian:2", "median:5",
                  "resize:50%", "canny", "avgpool:3:1:1", "kirsch", "box:3:padding=wrap,box:5"]:
        for columns in [40, 60, 72, 80, 120, 160]:
            text = ok("explain", chain, "-v", "class.ppm", env={"COLUMNS": str(columns)}).decode()
            widest = max(map(len, text.splitlines()[1:]))
            check(widest <= max(60, columns), "%s, %d columns:\n%s"
                  % (chain, columns, text))
    for columns, side_by_side in [("60", False), ("160", True)]:
        text = ok("explain", "gaussian:1", "--channel", "0", "class.ppm",
                  env={"COLUMNS": columns}).decode()
        equal(bool(re.search(r"^ .* kernel +products$", text, re.M)), side_by_side, text)
        equal(len(re.findall(r"^   (?:kernel|products)$", text, re.M)), 0 if side_by_side else 2)


def test_a_network_layer_and_pooling_as_json():
    values = picture()
    said = explained("maxpool:2", (1, 1), "class.ppm")
    block = values[2:4, 2:4]
    equal(said["stages"][0]["to"], block.max((0, 1)).tolist())
    equal(said["stages"][0]["window"]["values"], block.transpose(2, 0, 1).tolist())
    said = explained("bank:sobel2", (4, 3), "class.ppm", "-c", "gray")
    kernels = np.array(said["stages"][-1]["kernels"])
    window = np.array(said["stages"][-1]["window"]["values"][0])
    np.testing.assert_allclose((kernels * window).sum((1, 2)), said["stages"][-1]["to"], rtol=1e-5)
    said = explained("maxpool:3:2:1", (0, 0), "class.ppm")
    equal(said["stages"][0]["window"]["values"][0][0], [None] * 3)
    equal(said["stages"][0]["window"]["beyond"][1], [True, False, False])


def test_red_is_negative_and_blue_positive():
    import terminal
    status, shown, _ = terminal.on_terminal(["explain", "sobel", "--at", "0,0", "in.pgm"],
                                            ["stdout"])
    equal(status, 0)
    # The x kernel's first row.
    check(b"\x1b[91m-1\x1b[0m  0  \x1b[94m1\x1b[0m" in shown, repr(shown))


def test_show_knows_every_filter():
    """Those without a kernel too; and SciPy's Gaussian is the same."""
    examples = {"crop": "crop:2", "resize": "resize:50%", "scale": "scale:2",
                "threshold": "threshold:9", "rotate": "rotate:90", "bank": "bank:haar",
                "conv": "conv:box3"}
    for stage in json.loads(ok("list", "stages", "--json"))["stages"]:
        if stage["name"] != "net":
            check(ok("show", examples.get(stage["name"], stage["name"])), stage["name"])
    kernel = json.loads(ok("show", "gaussian:2", "--json"))["kernels"][0]
    impulse = np.zeros((13, 13))
    impulse[6, 6] = 1
    np.testing.assert_allclose(kernel["weights"],
                               ndimage.gaussian_filter(impulse, 2, truncate=3, mode="constant"),
                               rtol=1e-12, atol=1e-15)
    equal([k["name"] for k in json.loads(ok("show", "scharr", "--json"))["kernels"]],
          ["scharr, x", "scharr, y"])


def test_a_kernels_picture():
    from PIL import Image
    ok("show", "-o", "kernel.png", "--", "-2 0 2; -1 1 0")
    image = np.array(Image.open("kernel.png").convert("RGB")).astype(int)
    cell = 64
    top = (image.shape[0] - 2 * cell) // 2
    left = (image.shape[1] - 3 * cell) // 2
    cells = [[image[top + y * cell + cell // 2, left + x * cell + cell // 2] for x in range(3)]
             for y in range(2)]
    red, white, blue = cells[0]
    check(red[0] > 180 and max(red[1:]) < 60, str(red))
    check(blue[2] > 180 and blue[0] < 60, str(blue))
    equal(white.tolist(), [255] * 3)
    np.testing.assert_allclose(cells[1][0], (red + 255) / 2, atol=1)
    np.testing.assert_allclose(cells[1][1], (blue + 255) / 2, atol=1)
    # It's replaced as ours; another's isn't, and two kernels lie beside each other.
    ok("show", "-o", "kernel.png", "sobel")
    check(Image.open("kernel.png").width > 2 * 3 * cell, "x and y")
    support.write("other.png", b"not ours")
    done = support.run("show", "-o", "other.png", "sobel")
    equal([done.returncode, support.read("other.png")], [1, b"not ours"])
    check(b"other.png: already exists, and convtool didn't write it" in done.stderr, done.stderr)
    ok("show", "-o", "other.png", "-f", "sobel")
