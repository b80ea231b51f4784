"""Banks of filters: weights that NumPy wrote, the sums worked out by NumPy, files that are wrong,
show, explain and the formats that can't hold so many channels."""
import json
import re

import numpy as np

import support
from support import check, equal, ok, write

FOUR = (2, 3, 2, 3)  # filters, channels, height, width


def conv2d(image, weights, bias=0, groups=1):
    """PyTorch's conv2d without padding, of (height, width, channels)."""
    filters, inputs, rows, columns = weights.shape
    height, width = image.shape[0] - rows + 1, image.shape[1] - columns + 1
    out = np.zeros((height, width, filters))
    for f in range(filters):
        first = f // (filters // groups) * inputs
        for j in range(rows):
            for i in range(columns):
                part = image[j:j + height, i:i + width, first:first + inputs]
                out[:, :, f] += part @ weights[f, :, j, i]
    return out + bias


def numbers(shape, code, random):
    if code == "b1":
        return random.integers(0, 2, shape).astype("b1")
    if code[0] in "ui":
        return random.integers(0 if code[0] == "u" else -9, 10, shape).astype(code)
    return (random.integers(-32, 33, shape) / 8).astype(code)


def out_of(chain, image, *options):
    np.save("in.npy", image)
    ok(chain, "-f", *options, "in.npy", "out.npy")
    return np.load("out.npy")


def test_weights_of_every_type_and_order():
    random = np.random.default_rng(1)
    image = random.integers(-20, 21, (5, 6, 3)).astype("f4")
    for code in ["b1", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]:
        weights = numbers(FOUR, code, random)
        swapped = weights.astype(weights.dtype.newbyteorder())
        for form in [weights, np.asfortranarray(weights), swapped]:
            np.save("weights.npy", form)
            got = out_of("bank:weights.npy:padding=valid", image)
            check(np.array_equal(got, conv2d(image, weights.astype("f8"))), code)


def test_groups_and_biases():
    random = np.random.default_rng(2)
    for groups, channels, filters in [(3, 6, 9), (5, 5, 5), (4, 4, 8), (2, 34, 38), (1, 7, 3)]:
        image = random.integers(-9, 10, (6, 7, channels)).astype("f4")
        weights = numbers((filters, channels // groups, 3, 2), "f4", random)
        bias = numbers(filters, "f4", random)
        np.save("weights.npy", weights)
        np.save("bias.npy", bias)
        np.savetxt("bias.txt", bias)
        want = conv2d(image, weights.astype("f8"), bias, groups)
        for file in ["bias.npy", "bias.txt"]:
            got = out_of("bank:weights.npy:padding=valid:groups=%d:bias=%s" % (groups, file), image)
            check(np.array_equal(got, want), (groups, file))


def test_three_dimensions_work_on_gray():
    weights = numbers((4, 2, 2), "f8", np.random.default_rng(3))
    np.save("weights.npy", weights)
    ok("bank:weights.npy", "-f", "-p", "valid", "noise.ppm", "out.npy")
    ok("gray", "-f", "noise.ppm", "gray.npy")
    want = conv2d(np.load("gray.npy")[:, :, None].astype("f8"), weights[:, None])
    check(np.allclose(np.load("out.npy"), want, rtol=1e-6, atol=1e-3), "gray")


def test_the_example_of_two_channels():
    """Worked out by hand: 1*1 + 1*5 + 2*1 + 2*1 = 10, and so on."""
    write("in.txt", b"1 2 3\n4 5 6\n7 8 9\n\n1 0 1\n0 1 0\n1 0 1\n")
    write("bank.txt", b"a:\n1 0\n0 1\n\n2 0\n0 2\nb:\n1 1\n1 1\n\n0 0\n0 -1\n")
    equal(ok("bank:bank.txt", "-p", "valid", "in.txt", "-"),
          b"10 8\n12 18\n\n11 16\n24 27\n")
    text = ok("explain", "bank:bank.txt:bias=1", "-p", "valid", "--at", "0,0", "in.txt").decode()
    for line in ["   channel 0 (a):", "   input channel 1:", "   row  0 <1>  0  ×  2 0    =  2 0",
                 "   bias = 1",
                 "   the sums and the bias = 11", "   pixel 12 (channel 1, b)"]:
        check("\n" + line + "\n" in text, line + " in\n" + text)
    check(ok("explain", "bank:bank.txt", "-p", "valid", "--at", "0,0", "--channel", "1",
             "in.txt").decode().count("kernel") == 2, "one filter's two tables")


def test_explain_of_many_channels():
    ok("identity", "-f", "noise.ppm", "in.npy")
    text = ok("explain", "bank:random:1:300", "--at", "3,3", "in.npy").decode()
    check("window" not in text.split("row", 1)[1] and "--channel N shows" in text, text)
    equal(len(re.findall(r" pixel \S+ \(channel \d+, random \d+\)$", text, re.M)), 300)
    check(" ... (300 channels)" in ok("explain", "bank:random:1:300,abs", "-v", "--at", "3,3",
                                      "noise.ppm").decode(), "a long row of numbers")
    check(text.endswith("agrees with the filter.\n"), text[-200:])


def test_show():
    """The bank's kernels, and what a text file names them."""
    shown = json.loads(ok("show", "edges8", "--json"))
    equal([f["name"] for f in shown["filters"]], ["n", "ne", "e", "se", "s", "sw", "w", "nw"])
    for f in shown["filters"]:
        kernel = json.loads(ok("show", "robinson-" + f["name"], "--json"))
        equal(f["weights"], [kernel["weights"]], f["name"])
    np.save("weights.npy", numbers(FOUR, "f4", np.random.default_rng(4)))
    shown = json.loads(ok("show", "bank:weights.npy:groups=2", "--json"))
    equal([f["weights"] for f in shown["filters"]], np.load("weights.npy").tolist())
    text = ok("show", "bank:weights.npy").decode()
    check("2 filters of 3 channels, 3x2, anchor 1,0\n\nfilter 0, channel 0\n" in text, text)
    for name in ["gabor", "laws", "bank:haar:bias=3"]:
        text = ok("show", name).decode()
        check(max(map(len, text.splitlines())) <= 80, text)
    for spec, error in [("gabor:orientation=2", b"did you mean 'orientations'"),
                        ("bank:none.npy", b"show: bank:none.npy: unknown bank"),
                        ("edges8,abs", b"one bank is shown at a time")]:
        done = support.run("show", spec)
        check(done.returncode == 2 and error in done.stderr, done)


def wrong_files():
    """(name, bytes, what the error says)."""
    def npy(shape, body=b"", descr="<f4"):
        head = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n" % (descr, shape)
        return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head.encode() + body
    return [
        (npy("(2, 3)", bytes(24)), "an array of 2 dimensions; expected weights of shape"),
        (npy("(3,)", bytes(12)), "an array of 1 dimension; expected weights of shape"),
        (npy("()", bytes(4)), "an array of 0 dimensions; expected 1 to 4"),
        (npy("(1, 1, 1, 1, 1)", bytes(4)), "an array of 5 dimensions; expected 1 to 4"),
        (npy("(1, 0, 3, 3)"), "an array without numbers: one of its sides is 0"),
        (npy("(4294967296, 4294967296, 4294967296, 4)"), "an array of more than 16777216 numbers"),
        (npy("(65536, 1, 1, 1)", bytes(262144)), "65536 filters of 1 channels and 1x1 cells"),
        (npy("(1, 1, 3, 300)", bytes(3600)), "300x3 cells; expected at most"),
        (npy("(2, 1, 3, 3)", bytes(71)), "the file ends after 17 of its 18 numbers"),
        (npy("(2, 1, 3, 3)", b"\0\0\xc0\x7f" * 18), "the number at [0, 0, 0, 0] is nan"),
        (npy("(1, 1, 1, 2)", bytes(4) + b"\0\0\x80\x7f"), "the number at [0, 0, 0, 1] is inf"),
        (npy("(1, 1, 1, 1)", np.float64(1e300).tobytes(), "<f8"), "number 1e+300 is too large"),
        (npy("(1, 1, 1, 1)", bytes(8), "<c8"), "an array of type '<c8'; expected b1, u1"),
        (b"\x93NUMPY\x01\x00\xff\xff{", "the file ends within its header"),
        (b"\x93NUMPY\x09\x00\x01\x00 ", ".npy of version 9.0; expected"),
        (b"\x89PNG\r\n\x1a\n", "isn't a number"),
        (b"", "no numbers; expected kernels"),
    ]


def test_wrong_files_are_one_clear_line():
    for data, error in wrong_files():
        write("wrong.npy", data)
        for chain in ["bank:wrong.npy", "bank:sobel2:bias=wrong.npy"]:
            done = support.run(chain, "in.pgm", "out.npy")
            equal([done.returncode, done.stdout, done.stderr.count(b"\n")], [2, b"", 1],
                  "%s: %r" % (error, done))
            if chain == "bank:wrong.npy":
                check(error.encode() in done.stderr and b"wrong.npy" in done.stderr,
                      "%s: %r" % (error, done.stderr))


def test_an_array_that_is_shown():
    np.save("w.npy", np.ones((8, 5, 3, 3), "f4"))
    done = support.run("show", "w.npy")
    equal([done.returncode, done.stdout, done.stderr],
          [2, b"", b"convtool: show: w.npy: an array is a bank's: 'convtool show bank:w.npy'\n"])


def test_filters_that_groups_do_not_divide():
    np.save("w.npy", np.ones((8, 5, 3, 3), "f4"))
    write("x.pgm", support.pgm(4, 4, range(16)))
    done = support.run("bank:w.npy:groups=5", "x.pgm", "o.npy")
    equal([done.returncode, done.stderr],
          [2, b"convtool: bank:w.npy:groups=5: 8 filters can't be parted into 5 groups of equal "
              b"size\n"])


def test_channels_that_do_not_fit():
    np.save("weights.npy", np.ones((2, 3, 1, 1)))
    for words, error in [
            (["bank:weights.npy", "noise.pgm", "out.npy"],
             b"its weights are for 3 channels, and the image has 1 here"),
            (["bank:edges8", "noise.pgm", "out.png"],
             b"8 channels, more than png holds: try --maps, "),
            (["bank:random:filters=4096:size=255", "in.pgm", "out.npy"],
             b" weights; expected at most 16777216"),
    ]:
        done = support.run(*words)
        check(done.returncode != 0 and done.stderr.count(b"\n") == 1 and error in done.stderr, done)


def test_a_changed_file_is_another_chain():
    """The record tells them apart, so that --resume doesn't take an old result for a new one."""
    write("bank.txt", b"1 0\n\n0 1\n")
    ok("bank:bank.txt", "noise.pgm", "out.npy")
    first = support.read("out.npy")
    again = support.run("bank:bank.txt", "--resume", "-v", "noise.pgm", "out.npy")
    check(b"is up to date" in again.stderr, again)
    write("bank.txt", b"1 0\n\n0 2\n")
    ok("bank:bank.txt", "--resume", "noise.pgm", "out.npy")
    check(first != support.read("out.npy"), "the old result was kept")
    sheets = []
    for names in [b"left:\n%s\nright:\n%s", b"one:\n%s\ntwo:\n%s"]:  # only captions differ
        write("bank.txt", names % (b"1 0\n", b"0 1\n"))
        ok("bank:bank.txt", "--maps", "--resume", "noise.pgm", "sheet.pgm")
        sheets.append(support.read("sheet.pgm"))
    check(sheets[0] != sheets[1], "the old names were kept")
    for bias in [b"1", b"2"]:
        write("bias.txt", bias)
        ok("bank:bank.txt:bias=bias.txt", "--resume", "noise.pgm", "biased.npy")
        sheets.append(support.read("biased.npy"))
    check(sheets[2] != sheets[3], "the old bias was kept")
