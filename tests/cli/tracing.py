"""What chains say about themselves: shape, --trace and --tap."""
import json
import os

import numpy as np

import support
from support import check, equal, ok, read, run, write


def stages(chain, shape, *options):
    """What `shape` says of the chain, as a list of stages."""
    return json.loads(ok("shape", "--json", chain, shape, *options))["stages"]


def columns(chain, shape, names, *options):
    return [[stage[name] for name in names] for stage in stages(chain, shape, *options)]


def test_receptive_fields():
    """Worked out by hand: r = r + (k - 1) d j, j = j s (Araujo et al. 2019)."""
    for chain, expected in [
            ("box:3,box:3,box:3", [[3, 1], [5, 1], [7, 1]]),
            ("box:3:stride=2,box:3:stride=2,box:3", [[3, 2], [7, 4], [15, 4]]),
            ("box:3,maxpool:2,box:3,maxpool:2", [[3, 1], [4, 2], [8, 2], [10, 4]]),
            ("maxpool:3:1,box:3,avgpool:3:2", [[3, 1], [5, 1], [7, 2]]),
            ("box:3:dilation=2,box:3:dilation=4,box:3:dilation=8", [[5, 1], [13, 1], [29, 1]]),
            ("box:7:stride=2:pad=3,maxpool:3:2:1,box:3", [[7, 2], [11, 4], [19, 4]]),
            ("threshold:3,scale:2,median:5", [[1, 1], [1, 1], [5, 1]])]:
        got = columns(chain, "64x64x1", ["field", "jump"])
        equal(got, [[[r, r], [j, j]] for r, j in expected], chain)
    equal(columns("box:3x5:stride=2x1,maxpool:1x4", "64x64x1", ["field", "jump"]),
          [[[3, 5], [2, 1]], [[3, 8], [2, 4]]], "width first")
    for chain in ["box,normalize,box", "box,avgpool:all,box"]:
        equal([stage["field"] for stage in stages(chain, "9x9x1")], [[3, 3], None, None], chain)


def test_shapes():
    for chain, shape, expected in [
            ("box:3:padding=valid,maxpool:2", "10x7x3", [[8, 5, 3], [4, 2, 3]]),
            ("maxpool:2:ceil=yes", "9x7x3", [[5, 4, 3]]),
            ("maxpool:3:2:1", "9x8x1", [[5, 4, 1]]),
            ("box:5:stride=3:dilation=2", "20x20x1", [[7, 7, 1]]),
            ("sobel", "8x6x3", [[8, 6, 1], [8, 6, 1]]),
            ("box", "8x6", [[8, 6, 3]]),
            ("box:3", "8x6x3+alpha", [[8, 6, 4]] * 3),
            ("sobel", "8x6x1+alpha", [[8, 6, 1]] * 2)]:
        got = stages(chain, shape)
        equal([stage["out"] for stage in got], expected, chain)
        for before, after in zip(got, got[1:]):
            equal(after["in"], before["out"], chain)
    equal(columns("sobel", "8x6x3", ["stage", "name"]), [[None, "gray"], [1, "sobel"]])
    equal(columns("gray,sobel", "8x6x1", ["stage", "path", "out"])[0], [1, None, [8, 6, 1]])


def test_alpha_is_named_as_it_is_typed():
    lines = ok("shape", "box", "8x6x5+alpha").decode().splitlines()
    equal(lines[0], "input 8x6x5+alpha")
    check(lines[3].split()[:3] == ["1", "box", "8x6x5+alpha"], lines[3])


def test_most_channels():
    equal(stages("box", "4x4x4096")[0]["out"], [4, 4, 4096])
    for shape in ["4x4x4097", "4x4x4096+alpha"]:
        done = run("shape", "box", shape)
        equal(done.returncode, 2, shape)
        check(b"at most 16777216 a side and 4096 channels, got '" + shape.encode() in done.stderr,
              done.stderr)


def test_libraries_make_stages_too():
    """OpenCV's edges are of each channel; ours of gray."""
    equal(columns("sobel", "8x6x3", ["name", "out"], "--like", "opencv")[-1][1], [8, 6, 3])


def test_options_make_stages_too():
    got = stages("sobel", "20x10x1", "-p", "zero:2", "-s", "2", "-d", "3x1", "--pool", "max:2",
                 "--scale", "2", "--normalize")
    equal([stage["name"] for stage in got], ["sobel", "maxpool:2", "scale:factor=2", "normalize"])
    equal([got[0][name] for name in ["window", "stride", "dilation", "padding", "padding_text"]],
          [[3, 3], [2, 2], [3, 1], [2, 2, 2, 2], "zero 2"])
    names = [stage["name"] for stage in stages("box", "4x4x3", "--linear", "--map", "abs")]
    equal(names, ["decode sRGB", "box", "encode sRGB", "absolute value"])


def test_parameters_and_products():
    """Cells x kernels for each output sample."""
    for chain, shape, parameters, products in [
            ("box:3", "10x10x1", 9, 900), ("box:3", "10x10x3", 9, 2700),
            ("gaussian:2:5:stride=2", "10x10x2", 25, 25 * 25 * 2),
            ("sobel", "10x10x1", 18, 1800), ("sobel:x", "10x10x1", 9, 900),
            ("kirsch:padding=valid", "10x10x1", 72, 72 * 64), ("maxpool:2", "10x10x1", 0, 0),
            ("median:3", "10x10x1", 0, 0), ("gray", "10x10x3", 0, 300),
            ("scale:2:1", "10x10x3", 2, 300), ("threshold:9", "10x10x3", 1, 0)]:
        got = columns(chain, shape, ["parameters", "products"])
        equal(got, [[parameters, products]], chain)


def test_the_path_is_the_one_that_runs():
    for chain in ["box:9", "sobel", "gaussian:1,sobel", "log:8", "median:5,maxpool:2"]:
        done = run(chain, "-vf", "noise.pgm", "out.pgm")
        said = [line.split("computed by: ")[1] for line in done.stderr.decode().splitlines()
                if "computed by: " in line]
        paths = [stage["path"] for stage in stages(chain, "40x30x1") if stage["path"]]
        equal([", ".join(paths)], said, chain)


def test_tables_fit_a_line():
    long = "box:3:padding=valid:stride=2:dilation=2,sobel:padding=constant=12.5:pad=1000x20"
    for call in [["shape", long, "16000x16000x3"], ["shape", "sobel:padding=symmetric", "99x9x1"],
                 ["shape", "gaussian:pad=60000x10,normalize,box:dilation=1000", "9000x9000x40"],
                 [long, "--trace", "-q", "big.pgm", "out.pgm"]]:
        write("big.pgm", support.pgm(90, 90, support.noise(8100)))
        for line in ok(*call).decode().splitlines():
            check(len(line) <= 100 and line == line.rstrip(), line)


def shown(path, *arguments):
    """--trace's stages, and the image's report."""
    report = support.images(ok(*arguments, "-fq", "--trace", "--json", path, "out.pfm"))[0]
    return report["trace"], report


def check_values(stage, array, what):
    finite = array[np.isfinite(array)].astype("f8")
    equal([stage["samples"], stage["negative"], stage["nan"], stage["infinite"]],
          [array.size, int((finite < 0).sum()), int(np.isnan(array).sum()),
           int(np.isinf(array).sum())], what)
    for name, value in [("min", finite.min()), ("max", finite.max()), ("mean", finite.mean())]:
        check(abs(stage[name] - value) <= 1e-6 * max(1, np.abs(finite).max()),
              "%s, %s: %r instead of %r" % (what, name, stage[name], value))


def box3(array):
    wide = np.pad(array, 1, mode="reflect").astype("f8")
    height, width = array.shape
    return sum(wide[y:y + height, x:x + width] for y in range(3) for x in range(3)) / 9


def test_values_are_numpys():
    array = np.random.default_rng(5).normal(0, 50, (23, 31)).astype("f4")
    np.save("in.npy", array)
    trace, _ = shown("in.npy", "box,scale:2:-30,abs,maxpool:2,normalize:-1:1")
    steps = [box3(array)]
    steps.append(steps[-1] * 2 - 30)
    steps.append(abs(steps[-1]))
    steps.append(steps[-1][:22, :30].reshape(11, 2, 15, 2).max(axis=(1, 3)))
    low, high = steps[-1].min(), steps[-1].max()
    steps.append((steps[-1] - low) / (high - low) * 2 - 1)
    equal(len(trace), 5)
    for stage, step in zip(trace, steps):
        check_values(stage, step, stage["name"])
        equal(stage["out"][:2], [step.shape[1], step.shape[0]])


def test_values_that_are_no_finite_numbers():
    array = np.array([[1, np.nan, -3], [np.inf, -np.inf, 2]], "f4")
    np.save("in.npy", array)
    trace, _ = shown("in.npy", "scale:2,relu", "--allow-nonfinite")
    check_values(trace[0], array * 2, "scale")
    np.save("in.npy", np.full((2, 2), np.nan, "f4"))
    trace, _ = shown("in.npy", "scale:2", "--allow-nonfinite")
    equal([trace[0][name] for name in ["min", "mean", "max", "nan"]], [None, None, None, 4])


def test_a_mean_of_many_has_all_digits():
    """Sums of floats would lose the small ones."""
    array = np.full((1000, 1000), 0.1, "f4")
    array[::2] = 4e7
    np.save("in.npy", array)
    trace, _ = shown("in.npy", "scale:1")
    equal(trace[0]["mean"], (4e7 + float(np.float32(0.1))) / 2)


def test_alpha_is_not_counted():
    write("in.pam", support.pam(2, 1, 4, [10, 20, 30, 255, 40, 50, 60, 255]))
    report = ok("invert", "-fq", "--trace", "--json", "in.pam", "out.pam")
    stage = support.images(report)[0]["trace"][0]
    equal([stage[n] for n in ["min", "mean", "max", "samples"]], [195, 220, 245, 6])


def test_tables_for_people():
    out = ok("scale:1:-60", "--trace", "-q", "in.pgm", "out.pgm").decode()
    equal(out.splitlines(), [
        "in.pgm -> out.pgm",
        "input 4x3x1",
        "   stage        output  parameters  products  field  jump",
        "1  scale:1:-60  4x3x1            2        12  1x1    1",
        "in all: 2 parameters, 12 products",
        "",
        "   stage        computed by     minimum  mean  maximum  negative",
        "1  scale:1:-60  pixel by pixel      -50     5       60     41.7%"])
    several = ok("box", "--trace", "-q", "-o", "{stem}-box.pgm", "in.pgm", "step.pgm",
                 "noise.pgm").decode()
    heads = [line for line in several.splitlines() if " -> " in line]
    equal(heads, ["%s.pgm -> %s-box.pgm" % (name, name) for name in ["in", "step", "noise"]])


CHAINS = ["sobel,maxpool:2,box", "gaussian:1.4,unsharp:2,log:1", "box:3,normalize,sobel",
          "median:3,box:5:stride=2,gaussian:2:padding=zero", "scale:2,abs,relu,threshold:90",
          "avgpool:3:2:1:ceil=yes,sharpen,invert", "box:padding=wrap,gaussian,minpool:4",
          "gray,gaussian:3,laplacian,abs", "box:stride=5,nearestpool:2,box",
          "emboss:padding=valid,kirsch,scale:1/2:3", "normalize,normalize,box",
          "gaussian,gaussian,gaussian,flatten", "sobel:x,sobel:out=angle,maxpool:2",
          "gaussian,avgpool:all,scale:2:1", "maxpool:all,normalize,box:1",
          "avgpool:all,minpool:all", "softmax,argmax,norm", "box:padding=wrap,maxpool:all",
          "crop:20x18:3:5,crop:17x18,sobel:x,box", "invert,crop:20x18:3:5,gaussian:2",
          "resize:20x19,gaussian,rotate:90,box", "rotate:90,rotate:180,sobel:y,crop:9x9",
          "canny,box,avgpool:all", "gray,threshold:otsu,canny:auto"]


def sources():
    random = np.random.default_rng(9)
    write("a.pgm", support.pgm(41, 37, support.noise(41 * 37)))
    write("b.ppm", support.ppm(40, 33, support.noise(3960)))
    write("c.pam", support.pam(37, 40, 4, support.noise(5920)))
    write("d.pam", support.pam(37, 40, 2, support.noise(2960)))
    np.save("e.npy", random.normal(100, 80, (45, 38, 3)).astype("f4"))
    write("f.pgm", support.pgm(30, 35, [v * 257 for v in support.noise(1050)], 65535))
    return ["a.pgm", "b.ppm", "c.pam", "d.pam", "e.npy", "f.pgm"]


def test_taps_hold_what_the_chain_up_to_there_makes():
    """Whole files, bit for bit, with their records; and nothing else changes."""
    names = sources()
    for i, chain in enumerate(CHAINS):
        typed = chain.split(",")
        taps = [word for k in range(len(typed)) for word in ["--tap", "%d=%d.npy" % (k + 1, k)]]
        for name in names[i % 2::2]:
            ok(chain, "-fq", name, "whole.npy")
            ok(chain, "-fq", "-j", "3", "--trace", *taps, name, "out.npy")
            equal(read("out.npy"), read("whole.npy"), "%s of %s" % (chain, name))
            for k in range(len(typed)):
                ok(",".join(typed[:k + 1]), "-fq", name, "alone.npy")
                check(read("%d.npy" % k) == read("alone.npy"),
                      "%s of %s, stage %d" % (chain, name, k + 1))


def test_taps_have_the_options_of_the_call():
    """As pictures, too: rounded, and mapped as the output is."""
    sources()
    for name, options in [("b.ppm", ["--map", "signed", "-p", "zero"]), ("c.pam", ["--linear"]),
                          ("a.pgm", ["--depth", "16"]), ("e.npy", ["--depth", "8", "-c", "gray"]),
                          ("f.pgm", ["--map", "abs"]), ("b.ppm", ["-k", "1 0 -1"])]:
        first = "conv" if "-k" in options else "sharpen"
        for target in ["tap.pam", "tap.txt", "tap.npy"]:
            ok(first + ",box,abs", "-fq", *options, "--tap", "2=" + target, name, "out.pam")
            ok(first + ",box", "-fq", *options, name, "alone" + target[3:])
            equal(read(target), read("alone" + target[3:]), "%s %r %s" % (name, options, target))
    ok("sobel:x,abs", "-fq", "--maps", "--scaling", "common", "--tap", "1=tap.pam", "a.pgm",
       "out.png")
    ok("sobel:x", "-fq", "a.pgm", "alone.pam")
    equal(read("tap.pam"), read("alone.pam"), "no sheet, and none in its record")
    write("wide.y4m", b"YUV4MPEG2 W4 H2 F25:1 A4:3 Cmono\nFRAME\n01234567")
    ok("rotate,abs", "-fq", "--tap", "1=tap.y4m", "wide.y4m", "out.y4m")
    check(b" W2 H4 F25:1 Ip A3:4 " in read("tap.y4m"), "pixels turn with the image")
    write("nine.pgm", support.pgm(3, 2, [0, 9, 3, 9, 5, 1], 9))
    ok("scale:2,scale:1/2", "-fq", "--tap", "1=tap.pgm", "nine.pgm", "out.pgm")
    equal(support.Image(read("tap.pgm")).text(), "3x2x1/9: 0 9 6 9 9 2")


def test_taps_by_name_and_template():
    ok("box,sobel,maxpool:2", "-q", "--tap", "sobel={stem}-edges.pgm", "-o", "{stem}-out.pgm",
       "in.pgm", "step.pgm")
    for name in ["in", "step"]:
        ok("box,sobel", "-q", name + ".pgm", "alone.pgm")
        equal(read(name + "-edges.pgm"), read("alone.pgm"), name)
        os.remove("alone.pgm")


def refused(text, *arguments):
    before = {name: read(name) for name in os.listdir(".")}
    done = run(*arguments)
    equal([done.returncode, done.stdout, done.stderr.decode()], [2, b"", "convtool: %s\n" % text],
          arguments)
    equal({name: read(name) for name in os.listdir(".")}, before, "the files")


def test_what_taps_refuse():
    tap = ["box,sobel,box", "in.pgm", "out.pgm", "--tap"]
    write("mine.pgm", b"mine")
    for value, text in [
            ("2", "expected K=FILE, as in 2=middle.npy, got '2'"),
            ("2=", "expected K=FILE, as in 2=middle.npy, got '2='"),
            ("4=a.npy", "expected K=FILE, where K is a stage's number, 1 to 3 here, or its name, "
             "got '4=a.npy'"),
            ("blur=a.npy", "expected K=FILE, where K is a stage's number, 1 to 3 here, or its "
             "name, got 'blur=a.npy'"),
            ("box=a.npy", "'box' is the name of stages 1 and 3; give the number"),
            ("2={stem.npy", "a '{' without a '}'; write {{ for a brace")]:
        refused("--tap: " + text, *tap, value)
    refused("in.pgm: is also an input; --tap needs another name", *tap, "2=in.pgm")
    refused("out.pgm: would be two outputs of in.pgm; give them different names", *tap,
            "2=out.pgm")
    refused("./a.npy: would be two outputs of in.pgm; give them different names", *tap, "1=a.npy",
            "--tap", "2=./a.npy")
    refused("mine.pgm: already exists, and convtool didn't write it; -f replaces it", *tap,
            "2=mine.pgm")
    refused("none: no such directory; --mkdir creates it", *tap, "2=none/a.npy")
    refused("--tap: can't be combined with --resume, which only looks at outputs", *tap,
            "2=a.npy", "--resume")
    os.link("in.pgm", "same.pgm")
    for name, text in [("in", "would be two outputs of in.pgm; give them different names"),
                       ("same", "is also an input; --tap needs another name"),
                       ("step", "already exists, and convtool didn't write it; -f replaces it")]:
        refused("%s.pgm: %s" % (name, text), "box", "--in-place", "--tap", "1=%s.pgm" % name,
                "in.pgm")
    refused("--tap: a.npy: several inputs need a template, as in '{stem}-1.npy'", "box", "--tap",
            "1=a.npy", "-o", "{stem}-o.pgm", "in.pgm", "step.pgm")
    refused("standard output: is used by --trace; name a file for the image", "box", "--trace",
            "in.pgm", "-")
    done = run("box,sobel", "in.pgm", "out.pgm", "--tap", "1=a.xyz")
    check(done.returncode == 2 and b"--tap: a.xyz: unknown extension" in done.stderr, done.stderr)
    done = run("bank:edges8,norm", "in.pgm", "out.pgm", "--tap", "1=a.pgm")
    check(done.returncode == 2 and b"a.pgm: " in done.stderr, done)
    check(not os.path.exists("out.pgm"), "nothing is done")


def test_nothing_is_left_of_a_failure():
    """Neither the output nor a tap, whichever fails."""
    for arguments, path in [(["bad.pgm", "out.pgm", "--tap", "1=a.npy"], "bad.pgm"),
                            (["rgba.pam", "out.pam", "--tap", "1=a.jpg"], "a.jpg"),
                            (["in.pgm", "out.pgm", "--tap", "1=a.pgm", "--map", "minmax"],
                             "a.pgm")]:
        before = sorted(os.listdir("."))
        done = run("box,box", *arguments)
        said = b"convtool: %s: " % path.encode()
        check(done.returncode in (1, 2) and done.stderr.startswith(said), done.stderr)
        equal(sorted(os.listdir(".")), before)


def test_existing_taps():
    write("a.pgm", b"mine")
    ok("box,box", "-fq", "--tap", "1=a.pgm", "in.pgm", "out.pgm")
    first = read("a.pgm")
    ok("sobel,box", "-q", "--tap", "1=a.pgm", "in.pgm", "out.pgm")
    check(read("a.pgm") != first, "what convtool wrote, it replaces")
    write("a.pgm", b"mine")
    os.remove("out.pgm")
    ok("box,box", "-nq", "--tap", "1=a.pgm", "in.pgm", "out.pgm")
    equal(read("a.pgm"), b"mine", "-n keeps it")
    check(os.path.exists("out.pgm"), "but makes the output")


def test_a_format_that_a_tap_does_not_fit_in():
    done = run("bank:edges8,abs", "--tap", "1=x.png", "in.pgm", "out.npy")
    equal([done.returncode, done.stderr],
          [2, b"convtool: x.png: --tap 1, after bank:edges8: 8 channels; PNG can hold 1 to 4; "
              b"write .npy or .txt\n"])


def test_streams_of_several_images():
    write("two.pgm", read("in.pgm") + read("in.pgm"))
    done = run("box", "--trace", "two.pgm", "out.pgm")
    equal([done.returncode, done.stdout, done.stderr],
          [1, b"", b"convtool: two.pgm: holds more than one image; --trace and --tap take one\n"])
    check(not os.path.exists("out.pgm"), "no output")


def test_receptive_fields_as_they_are():
    """An impulse in each column, each in a channel of its own: those that reach an output sample
    are the columns that it sees."""
    wide = 120
    np.save("in.npy", np.eye(wide, dtype="f4")[None, :, :])
    for chain in ["box:3x1,box:3x1,box:3x1", "box:3x1:stride=2,maxpool:3x1:2x1,box:5x1",
                  "maxpool:2x1,gaussian:1:5:padding=zero,avgpool:4x1",
                  "box:3x1:dilation=4,box:5x1:stride=3:dilation=2", "median:1,abs"]:
        ok(chain, "-fq", "-p", "zero", "in.npy", "out.npy")
        seen = np.load("out.npy")[0] != 0
        middle = len(seen) // 2
        here, there = [np.flatnonzero(seen[x]) for x in (middle, middle + 1)]
        last = stages(chain, "%dx1x1" % wide, "-p", "zero")[-1]
        equal(int(here[-1] - here[0] + 1), last["field"][0], chain)
        equal(int(there[0] - here[0]), last["jump"][0], chain)
