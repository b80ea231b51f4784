"""NumPy's .npy files: NumPy wrote them, and NumPy reads ours."""
import io
import os

import numpy as np

import support
from support import check, equal, ok, read, write

INTEGERS = ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8"]
SHAPES = [(7,), (3, 5), (4, 1), (1, 6), (3, 5, 2), (2, 3, 4), (5, 4, 1), (2, 1, 70)]


def numbers(shape, code, random):
    """What every type holds, as far as floats have the digits."""
    if code == "b1":
        return random.integers(0, 2, shape).astype("b1")
    if code in INTEGERS:
        info = np.iinfo(code)
        return random.integers(max(info.min, -2**24), min(info.max, 2**24), shape,
                               endpoint=True).astype(code)
    return random.normal(0, 1000, shape).astype(code)


def through(array, *options):
    """What NumPy reads of convtool's output for the array."""
    np.save("in.npy", array)
    ok("identity", "-f", *options, "in.npy", "out.npy")
    return np.load("out.npy")


def expected(array):
    """The array as floats, with at least two dimensions, and without one for a single channel."""
    array = array.astype("f4")
    array = array.reshape(1, -1) if array.ndim == 1 else array
    return array[:, :, 0] if array.ndim == 3 and array.shape[2] == 1 else array


def same(got, wanted, what):
    equal([got.dtype.str, got.shape], [wanted.dtype.str, wanted.shape], what)
    check(np.array_equal(got, wanted), "%s: %r instead of %r" % (what, got, wanted))


def test_every_type_order_and_shape():
    random = np.random.default_rng(1)
    for code in ["b1", *INTEGERS, "f2", "f4", "f8"]:
        for i, shape in enumerate(SHAPES):
            array = numbers(shape, code, random).astype(">" + code if i % 2 else "<" + code)
            for form in [array, np.asfortranarray(array)]:
                same(through(form), expected(array), "%s %r" % (array.dtype.str, shape))


def test_layout_chw():
    array = np.random.default_rng(2).normal(0, 1, (3, 4, 5)).astype("f4")
    for form in [array, np.asfortranarray(array)]:
        same(through(form, "--layout", "chw"), array, "chw")
    ok("identity", "-f", "--layout", "chw", "in.npy", "out.pfm")
    ok("identity", "-f", "out.pfm", "hwc.npy")
    same(np.load("hwc.npy"), array.transpose(1, 2, 0), "hwc")
    same(through(array[0], "--layout", "chw"), array[:1], "one channel has three dimensions, too")


def test_versions_of_headers():
    array = np.arange(6, dtype="f4").reshape(2, 3)
    for version in [(1, 0), (2, 0), (3, 0)]:
        file = io.BytesIO()
        np.lib.format.write_array(file, array, version)
        write("in.npy", file.getvalue())
        ok("identity", "-f", "in.npy", "out.npy")
        same(np.load("out.npy"), array, repr(version))


def test_what_we_write_is_what_numpy_would():
    """But for the record, which only named files have."""
    for channels in [1, 3, 9]:
        shape = (2, 7) if channels == 1 else (2, 7, channels)
        array = np.random.default_rng(3).normal(0, 1, shape).astype("f4")
        np.save("in.npy", array)
        equal(ok("identity", "in.npy", "-"), read("in.npy"), "the whole file")
    ok("identity", "-f", "in.npy", "out.npy")
    data = read("out.npy")
    check(b" # convtool identity #" in data, "the record")
    equal((len(data) - array.nbytes) % 64, 0, "where the elements begin")
    ok("invert", "in.npy", "out.npy")  # our own may be replaced


def test_depth():
    array = np.array([[-1, 0.5, 1.5, 300, 70000]], "f4")
    same(through(array, "-q", "--depth", "8"), np.array([[0, 0, 2, 255, 255]], "u1"), "8")
    same(through(array, "-q", "--depth", "16"), np.array([[0, 0, 2, 300, 65535]], "u2"), "16")
    deep = np.array([[0, 1000, 65535]], "u2")
    same(through(deep), deep.astype("f4"), "floats unless asked")
    same(through(deep, "--depth", "16"), deep, "unchanged")


def test_pictures_keep_their_numbers():
    ok("identity", "rgb.ppm", "rgb.npy")
    wanted = support.Image(read("rgb.ppm"))
    equal(np.load("rgb.npy").ravel().tolist(), [float(v) for v in wanted.values])
    ok("identity", "rgb.npy", "back.ppm")
    equal(support.Image(read("back.ppm")).text(), wanted.text())
    ok("identity", "deep.pgm", "deep.npy")
    np.save("u2.npy", np.load("deep.npy").astype("u2"))
    ok("identity", "u2.npy", "back.pgm")
    equal(support.Image(read("back.pgm")).text(), support.Image(read("deep.pgm")).text())


def test_text_and_numpy_agree():
    array = np.random.default_rng(4).normal(0, 1, (20, 9)) * 10.0 ** np.arange(-12, 24, 4)
    for delimiter, name in [(" ", "in.txt"), (",", "in.csv"), ("\t", "in.tsv")]:
        np.savetxt(name, array, delimiter=delimiter, header="a comment\nof two lines")
        ok("identity", "-qf", name, "out.npy")  # of doubles, some are whole numbers
        same(np.load("out.npy"), array.astype("f4"), name)
        ok("identity", "-f", "out.npy", "out" + name[2:])
        again = np.loadtxt("out" + name[2:], delimiter=delimiter, dtype="f4")
        same(again, array.astype("f4"), "written " + name)
    lines = read("out.tsv").decode().split("\n")
    for value, text in zip(array[0].astype("f4"), lines[0].split("\t")):
        shortest = np.format_float_scientific(value, trim="-")
        equal(len(text.lstrip("-").split("e")[0].replace(".", "").strip("0")),
              len(shortest.lstrip("-").split("e")[0].replace(".", "").strip("0")),
              "digits of %s and %s" % (text, shortest))


def said(*arguments):
    done = support.run(*arguments)
    return [done.returncode, done.stderr.decode().replace("convtool: ", "", 1).strip()]


def test_nonfinite_and_overflow():
    places = [((7,), (4,), "[4]", []), ((3, 5), (2, 1), "[2, 1]", []),
              ((3, 4, 5), (2, 1, 4), "[2, 1, 4]", []),
              ((3, 4, 5), (2, 1, 4), "[2, 1, 4]", ["--layout", "chw"])]
    for shape, at, text, options in places:
        for code in ["f2", ">f4", "f8"]:
            array = np.zeros(shape, code)
            array[at] = np.nan
            np.save("in.npy", array)
            equal(said("identity", *options, "in.npy", "out.npy"),
                  [1, "in.npy: the number at %s is nan; --allow-nonfinite accepts it" % text])
            got = through(array, "--allow-nonfinite", *options)
            equal(np.isnan(got).sum(), 1)
    array = np.zeros((2, 2))
    array[1, 0] = -1e300
    np.save("in.npy", array)
    for options in [[], ["--allow-nonfinite"]]:
        equal(said("identity", "-f", *options, "in.npy", "out.npy"),
              [1, "in.npy: the number at [1, 0] is -1e+300, more than a float can hold, which is "
                  "about 3.4e38"])


def test_lost_digits():
    for code in ["u4", "i4", "u8", "i8"]:
        np.save("in.npy", np.array([1, 2**24 + 1], code))
        status, text = said("identity", "-f", "in.npy", "out.npy")
        check(status == 0 and "beyond 2^24" in text, text)
    for code, number in [("f8", 2**24 + 1), (">f8", -2.0**53 + 1)]:
        np.save("in.npy", np.array([0.5, number], code))
        check("beyond 2^24" in said("identity", "-f", "in.npy", "out.npy")[1], code)
    np.save("in.npy", np.array([16777217.5, 2.0**60 + 2**10, 1e30, 2.0**40], "f8"))
    equal(said("identity", "-f", "in.npy", "out.npy"), [0, ""])
    np.save("in.npy", np.array([1, 2**31 - 2**10, -2**40], "i8"))
    equal(said("identity", "-f", "in.npy", "out.npy"), [0, ""])


def test_what_is_not_an_array_of_numbers():
    for array, text in [(np.zeros((1, 2, 3, 4)), "4 dimensions"), (np.float32(1), "0 dimensions"),
                        (np.zeros((0, 3)), "without numbers"), (np.zeros(3, "c8"), "type '<c8'"),
                        (np.array(["a"]), "type '<U1'"), (np.zeros(2, [("a", "f4")]), "structs")]:
        np.save("in.npy", array)
        status, message = said("identity", "in.npy", "out.npy")
        check(status == 1 and text in message, message)
        check(not os.path.exists("out.npy"), "there is an output")


def test_arrays_of_channels_first():
    np.save("in.npy", np.ones((3, 40, 60), "f4"))
    status, text = said("identity", "-f", "in.npy", "out.npy")
    equal([status, text], [0, "warning: in.npy: its shape (3, 40, 60) is taken for (height, width, "
                              "channels); if channels come first, add --layout chw"])
    equal(said("identity", "-f", "--layout", "chw", "in.npy", "out.npy"), [0, ""])
    np.save("in.npy", np.ones((1, 5, 5000), "f4"))
    equal(said("identity", "in.npy", "a.npy"),
          [1, "in.npy: 5000 channels; expected 1 to 4096; if channels come first, "
              "add --layout chw"])
    for shape in [(3, 4, 60), (3, 40, 16), (7, 7, 512), (30, 40)]:
        np.save("in.npy", np.ones(shape, "f4"))
        equal(said("identity", "-f", "in.npy", "out.npy"), [0, ""], repr(shape))


def test_types_in_one_letter():
    for letter, code in zip("?bBhHiIqQefd", ["b1", "i1", "u1", "i2", "u2", "i4", "u4",
                                             "i8", "u8", "f2", "f4", "f8"]):
        np.save("in.npy", np.arange(2).astype(code))
        descr = np.dtype(code).str.encode()
        write("in.npy", read("in.npy").replace(b"'%s'" % descr, b"'%s%s'" % (
            descr[:1], letter.encode()) + b" "))
        equal(np.load("in.npy").dtype, np.dtype(code))
        same(through(np.load("in.npy")), np.array([[0, 1]], "f4"), letter)


def test_a_shape_that_python_takes_for_a_number():
    np.save("in.npy", np.zeros(6, "f4"))
    write("in.npy", read("in.npy").replace(b"(6,)", b"(6) "))
    check("expected ','" in said("identity", "in.npy", "out.npy")[1], "(6) is a number in Python")


def test_pictures_of_numbers_from_0_to_1():
    random = np.random.default_rng(8)
    advice = "no value is above 1, and white is %d: the picture is black; try %s--map minmax"
    for array in [random.random((20, 30)).astype("f4"), random.random((20, 30)) < 0.5]:
        np.save("in.npy", array)
        equal(said("identity", "-f", "in.npy", "out.png"),
              [0, "warning: in.npy: " + advice % (255, "--scale 255 or ")])
        equal(said("identity", "-f", "--map", "minmax", "in.npy", "out.png"), [0, ""])
        equal(said("identity", "-f", "--scale", "255", "in.npy", "out.png"), [0, ""])
    equal(said("identity", "-f", "--scale", "1/2", "in.npy", "out.png"),
          [0, "warning: in.npy: " + advice % (255, "")])
    equal(said("sigmoid", "-f", "noise.pgm", "out.pgm"),
          [0, "warning: noise.pgm: " + advice % (255, "--scale 255 or ")])
    equal(said("identity", "-f", "in.npy", "out.npy"), [0, ""])
    np.save("in.npy", np.zeros((4, 4), "f4"))
    equal(said("identity", "-f", "in.npy", "out.png"), [0, ""])
    np.save("a.npy", array)
    os.mkdir("many")
    status, text = said("identity", "a.npy", "in.npy", "-o", "many/{stem}.png")
    check("1 of 2 images have no value above 1, where white is 255, and are black, as a.npy; try "
          "--scale 255 or --map minmax" in text, text)


def test_a_dark_picture_of_small_numbers_says_so():
    """Those of a table go to 9, not to 255; what it says to add gives a picture."""
    advice = "warning: %s: no value is above %d, and white is %d: the picture is nearly black; " \
        "try %s--map minmax"
    write("in.txt", b"0 1 2 9\n3 4 5 6\n")
    for call in [["view", "in.txt"], ["identity", "--view", "in.txt"],
                 ["view", "--view=both", "identity", "in.txt"],
                 ["identity", "-f", "in.txt", "out.png"]]:
        equal(said(*call), [0, advice % ("in.txt", 9, 255, "--scale 28 or ")], call)
        for more in [["-q"], ["--scale", "28"], ["--map", "minmax"]]:
            equal(said(*call, *more), [0, ""], [call, more])
    ok("identity", "-f", "--scale", "28", "in.txt", "out.pgm")
    equal(read("out.pgm")[-5], 252, "white, nearly")
    equal(said("view", "sobel", "in.txt"), [0, advice % ("in.txt", 20, 255, "--scale 12 or ")])
    equal(said("view", "--scale", "2", "in.txt"), [0, advice % ("in.txt", 18, 255, "")])
    equal(said("identity", "-f", "--depth", "16", "in.txt", "out.pgm"),
          [0, advice % ("in.txt", 9, 65535, "--scale 7200 or ")])
    write("more.txt", b"7.2 0.25\n")
    equal(said("view", "more.txt"), [0, advice % ("more.txt", 8, 255, "--scale 35 or ")])
    equal(said("view", "more.txt", "in.txt"), [
        0, "warning: 2 of 2 images have no value above 9, where white is 255, and are nearly "
           "black, as more.txt; try --scale 28 or --map minmax"])


def test_a_picture_of_numbers_that_can_be_seen_needs_no_word():
    for text in [b"31 32\n", b"0 0\n", b"9 -40\n"]:
        write("in.txt", text)
        check("black" not in said("view", "in.txt")[1], text)
    write("dim.pgm", support.pgm(2, 1, [0, 9]))
    equal(said("view", "dim.pgm"), [0, ""], "an image says itself what is white")
    write("many.txt", b"0 1 9\n")
    equal(said("identity", "-f", "many.txt", "out.npy"), [0, ""], "numbers stay numbers")


def test_results_that_no_float_holds():
    np.save("in.npy", np.array([[1e30, 2, -1e30], [0, 1, 2]], "f4"))
    infinite = "warning: in.npy: 2 of 6 values are infinite: they are more than a float holds, " \
        "about 3.4e38"
    equal(said("scale:1e9", "-f", "in.npy", "out.npy"), [0, infinite])
    nan = said("scale:1e9,scale:0", "-f", "in.npy", "out.npy")
    equal(nan, [0, "warning: in.npy: 2 of 6 values aren't numbers (NaN)"])
    equal(said("scale:1e9", "--allow-nonfinite", "-f", "in.npy", "out.npy"), [0, ""])
    equal(said("scale:1e9,scale:1e9,scale:1e9,scale:1e9,scale:1e9", "-f", "in.pgm", "out.npy"),
          [0, "warning: in.pgm: 12 of 12 values are infinite: they are more than a float holds, "
              "about 3.4e38"])


def test_a_bank_s_many_channels():
    array = np.random.default_rng(5).normal(0, 1, (6, 7, 200)).astype("f4")
    np.save("in.npy", array)
    ok("conv", "-k", "-1 1", "-p", "valid", "in.npy", "out.npy")
    same(np.load("out.npy"), array[:, 1:] - array[:, :-1], "differences")
    ok("identity", "-f", "--channels", "199,0-2", "in.npy", "out.npy")
    same(np.load("out.npy"), array[:, :, [199, 0, 1, 2]], "picked")


def test_arrays_behind_the_first():
    """np.save called twice: one is read, and a warning says so, in a file and in a pipe."""
    np.save("in.npy", np.ones((2, 3), "f4"))
    twice = read("in.npy") * 2
    write("twice.npy", twice)
    for arguments, name in [(["twice.npy"], "twice.npy"), (["-"], "standard input")]:
        done = support.run("identity", "-f", *arguments, "out.npy", stdin=twice)
        equal([done.returncode, done.stderr.decode()],
              [0, "convtool: warning: %s: has more bytes than its array needs; only the array is "
                  "read\n" % name])
        same(np.load("out.npy"), np.ones((2, 3), "f4"), name)
