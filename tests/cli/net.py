"""convtool net, and the stage: models written here field by field, whose numbers NumPy works out,
and the networks in samples/networks, whose accuracy their README tells."""
import json
import os
import re

import numpy as np

import onnx_bytes as onnx
import support
from support import check, equal, ok, pgm, ppm, read, run, write
from unrecorded import without_record

NETWORKS = os.path.join(support.ROOT, "samples", "networks")
PLANE = ["n", 1, "h", "w"]


def conv(weights, x="x", y="y", name="w", **attributes):
    """A node, and the tensor of its weights (out, in, height, width)."""
    weights = np.asarray(weights, "f4")
    return (onnx.node("Conv", "%s %s" % (x, name), y, name="make_" + y, **attributes),
            onnx.tensor(name, weights.shape, weights.astype("<f4").tobytes()))


def save(path, made, dims, out="y", **more):
    nodes, tensors = zip(*made)
    write(path, onnx.model(onnx.graph(nodes, [onnx.value("x", dims)], [onnx.value(out)], tensors),
                           **more))


EDGE = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]], "f4")
MEANS = np.ones((3, 3), "f4") / 9


def two_layers(path="two.onnx", dims=PLANE):
    """x -> middle, of two channels -> y, of their sum."""
    save(path, [conv(np.stack([EDGE, MEANS])[:, None], y="middle", pads=[1, 1, 1, 1]),
                conv(np.ones((1, 2, 1, 1)), x="middle", name="v")], dims)


def correlate(image, kernel):
    """With zeros around it, as the networks here."""
    padded = np.pad(image.astype("f8"), 1)
    height, width = image.shape
    return sum(kernel[y, x] * padded[y:y + height, x:x + width]
               for y in range(3) for x in range(3))


def gray(path):
    """The samples of a PGM with a maximum below 256."""
    data = without_record(read(path))
    head = re.match(rb"P5\s(\d+) (\d+)\s(\d+)\s", data)
    width, height = int(head[1]), int(head[2])
    return np.frombuffer(data[head.end():], "u1").reshape(height, width)


def numbers(*arguments):
    ok(*arguments, "out.npy", "-f")
    return np.load("out.npy").astype("f8")


def fails(status, pattern, *arguments, stdin=None):
    result = run(*arguments, stdin=stdin) if stdin is not None else run(*arguments)
    equal(result.returncode, status, "%s: %s" % (arguments, result.stderr))
    lines = result.stderr.decode().splitlines()
    equal(len(lines), 1, "%s: lines on standard error %s" % (arguments, lines))
    check(re.fullmatch(pattern, lines[0]), "%s\n  got      %s\n  expected %s"
          % (arguments, lines[0], pattern))


# ---- what a network is ----

def test_table():
    two_layers()
    lines = ok("net", "two.onnx").decode().splitlines()
    equal(lines[0], "two.onnx: ONNX, opset 13")
    equal(lines[1], "input   x: float [n, 1, h, w]")
    equal(lines[2], "output  y: float [n, 1, h, w]")
    rows = [line.split() for line in lines[5:7]]
    equal([(row[0], row[1], row[6]) for row in rows], [("Conv", "middle", "18"),
                                                       ("Conv", "y", "2")])
    check(max(map(len, lines)) <= 100, "no line is longer than 100")


def test_json():
    two_layers()
    told = json.loads(ok("net", "two.onnx", "x=1x1x6x5", "--json"))
    equal(told["opset"], 13)
    equal([(v["name"], v["type"], v["shape"]) for v in told["inputs"] + told["outputs"]],
          [("x", "float", [1, 1, 6, 5]), ("y", "float", [1, 1, 6, 5])])
    equal([(n["operator"], n["output"], n["shape"], n["parameters"]) for n in told["nodes"]],
          [("Conv", "middle", [1, 2, 6, 5], 18), ("Conv", "y", [1, 1, 6, 5], 2)])
    told = json.loads(ok("net", "two.onnx", "--json"))
    equal(told["inputs"][0]["shape"], ["n", 1, "h", "w"])


def test_dot():
    two_layers()
    text = ok("net", "two.onnx", "--dot").decode()
    check(text.startswith('digraph "two.onnx" {\n') and text.endswith("}\n"), text)
    check('"x" -> n0;' in text and '"middle" -> n1;' in text, text)


def spelled_out():
    """Layer normalisation as exporters before opset 17 write it, then a product and its bias."""
    random = np.random.default_rng(5)
    rows = {"scale": random.random(24), "shift": random.random(24), "bias": random.random(10)}
    weights = random.standard_normal((24, 10)).astype("f4")
    rows = {name: row.astype("f4") for name, row in rows.items()}
    nodes = [onnx.node("ReduceMean", "x", "mean", axes=[-1]),
             onnx.node("Sub", "x mean", "less"),
             onnx.node("Pow", "less two", "square"),
             onnx.node("ReduceMean", "square", "variance", axes=[-1]),
             onnx.node("Add", "variance epsilon", "more"),
             onnx.node("Sqrt", "more", "deviation"),
             onnx.node("Div", "less deviation", "ratio"),
             onnx.node("Mul", "ratio scale", "scaled"),
             onnx.node("Add", "scaled shift", "normal"),
             onnx.node("MatMul", "normal weights", "product"),
             onnx.node("Add", "bias product", "y")]
    tensors = [onnx.tensor("two", [], [2.0]), onnx.tensor("epsilon", [], [0.25]),
               onnx.tensor("weights", weights.shape, weights.tobytes())]
    tensors += [onnx.tensor(name, row.shape, row.tobytes()) for name, row in rows.items()]
    write("spelled.onnx", onnx.simple(nodes, tensors, ["n", 3, 24]))
    return rows, weights.astype("f8")


def test_spelled_out():
    """What is spelled out is one operator again, with the same numbers, also where a value within
    it is asked for."""
    rows, weights = spelled_out()
    told = json.loads(ok("net", "spelled.onnx", "--json"))
    equal([n["output"] for n in told["nodes"]], ["normal", "y"])
    equal(told["nodes"][0]["operator"], "LayerNormalization")
    lines = ok("net", "spelled.onnx").decode().splitlines()
    equal(lines[-3].split()[:4], ["MatMul", "+", "Add", "y"])
    x = np.random.default_rng(6).standard_normal((2, 3, 24)).astype("f4")
    np.save("x.npy", x)
    ok("net", "spelled.onnx", "x=x.npy", "-o", "y=y.npy", "-o", "scaled=scaled.npy", "-f")
    less = x - x.astype("f8").mean(-1, keepdims=True)
    scaled = less / np.sqrt((less ** 2).mean(-1, keepdims=True) + 0.25) * rows["scale"]
    np.testing.assert_allclose(np.load("scaled.npy"), scaled, atol=1e-5)
    y = (scaled + rows["shift"]) @ weights + rows["bias"]
    np.testing.assert_allclose(np.load("y.npy"), y, atol=1e-4)
    ok("net", "spelled.onnx", "x=x.npy", "-o", "y=y.npy", "-f")
    np.testing.assert_allclose(np.load("y.npy"), y, atol=1e-4)


# ---- tensors ----

def test_tensors():
    two_layers()
    x = np.arange(30, dtype="f4").reshape(1, 1, 6, 5) % 7
    np.save("x.npy", x)
    ok("net", "two.onnx", "x=x.npy", "-o", "y=y.npy", "-o", "middle=m.npy", "-o", "y=y.csv")
    want = np.stack([correlate(x[0, 0], EDGE), correlate(x[0, 0], MEANS)])
    np.testing.assert_allclose(np.load("m.npy")[0], want, atol=1e-5)
    np.testing.assert_allclose(np.load("y.npy")[0, 0], want.sum(0), atol=1e-5)
    np.testing.assert_allclose(np.loadtxt("y.csv", delimiter=","), want.sum(0), atol=1e-5)
    lines = ok("net", "two.onnx", "x=x.npy").decode().splitlines()
    equal(lines[0], "# y: float [1, 1, 6, 5]")
    np.testing.assert_allclose([[float(n) for n in line.split()] for line in lines[1:]],
                               want.sum(0), atol=1e-5)


# ---- pictures ----

def test_picture():
    """Samples are divided by 255, and multiplied again; the depth stays."""
    two_layers()
    image = gray("noise.pgm")
    want = correlate(image, EDGE) + correlate(image, MEANS)
    for call in [("net:two.onnx", "noise.pgm"), ("net", "two.onnx", "noise.pgm")]:
        ok(*call, "out.pgm", "-qf")
        got = gray("out.pgm").astype("f8")
        check(np.abs(got - np.clip(want, 0, 255)).max() <= 0.501, "rounded")
    np.testing.assert_allclose(numbers("net:two.onnx", "noise.pgm"), want / 255, atol=1e-5)
    np.testing.assert_allclose(numbers("net:two.onnx:range=0..255", "noise.pgm"), want, atol=1e-3)
    np.testing.assert_allclose(numbers("net:two.onnx:out=x:mean=0.5:std=0.25", "noise.pgm"),
                               (image / 255 - 0.5) / 0.25, atol=1e-5)
    equal(ok("net", "two.onnx", "deep.pgm", "--dry-run", "o.pgm").decode(),
          "deep.pgm -> o.pgm: 2x2, 1 channel, 16-bit, pgm\n")


def test_colours():
    """Gray is made of colours, colours of gray; blue may come first; alpha is left out."""
    two_layers("gray.onnx")
    colours = numbers("identity", "noise.ppm")
    want = numbers("net:gray.onnx:out=x", "noise.ppm")
    np.testing.assert_allclose(want, colours @ [0.299, 0.587, 0.114] / 255, atol=1e-6)
    save("three.onnx", [conv(np.eye(3)[:, :, None, None])], ["n", 3, "h", "w"])
    np.testing.assert_allclose(numbers("net:three.onnx", "noise.ppm"), colours / 255, atol=1e-6)
    np.testing.assert_allclose(numbers("net:three.onnx:order=bgr", "noise.ppm"),
                               colours[..., ::-1] / 255, atol=1e-6)
    np.testing.assert_allclose(numbers("net:three.onnx", "in.pgm")[..., 1],
                               gray("in.pgm") / 255, atol=1e-6)
    equal(numbers("net:three.onnx", "rgba.pam").shape, (1, 2, 3))
    said = run("net:three.onnx", "rgba.pam", "out.ppm", "-fv").stderr.decode()
    check("assumed: black is 0 and white 1 (range=), red comes first (order=), alpha is left out"
          in said, said)
    check("network: by rows, " in said, said)


def test_chain_behind():
    """What follows works on what the network makes, as on an image of it."""
    two_layers()
    numbers("net:two.onnx", "noise.pgm")
    os.rename("out.npy", "made.npy")
    np.testing.assert_allclose(numbers("net:two.onnx,sobel,maxpool:2", "noise.pgm"),
                               numbers("sobel,maxpool:2", "made.npy"), atol=1e-6)
    equal(json.loads(ok("shape", "--json", "net:two.onnx,maxpool:2", "40x30x1"))["stages"][-1]
          ["out"], [20, 15, 1])
    text = ok("explain", "net:two.onnx,sobel", "noise.pgm", "--at", "3,3").decode()
    check(text.startswith("net:two.onnx comes first"), text)
    check("agrees with the filter" in text, text)
    ok("net:two.onnx,sobel", "noise.pgm", "a.pgm", "-q")
    ok("sobel", "noise.pgm", "b.pgm", "-q")
    ok("compare", "net:two.onnx,sobel", "sobel", "noise.pgm", "sheet.png", "-q")
    ok("net:two.onnx,sobel", "noise.pgm", "c.pgm", "-q", "--tap", "1=tap.pgm")
    ok("net:two.onnx", "noise.pgm", "d.pgm", "-q")
    equal(without_record(read("tap.pgm")), without_record(read("d.pgm")))


def test_threads_rows_and_batches():
    """The same, whatever the threads; by rows as with the whole image (NAME=FILE); an image after
    another as by itself."""
    two_layers()
    write("tall.pgm", pgm(37, 211, support.noise(37 * 211)))
    want = numbers("net:two.onnx", "tall.pgm", "-j1")
    for jobs in ["2", "3", "5"]:
        check((numbers("net:two.onnx", "tall.pgm", "-j", jobs) == want).all(), jobs + " threads")
    np.save("x.npy", (gray("tall.pgm") / np.float32(255)).astype("f4")[None, None])
    ok("net", "two.onnx", "x=x.npy", "-o", "y=y.npy")
    np.testing.assert_allclose(np.load("y.npy")[0, 0], want, atol=1e-6)
    os.mkdir("in")
    os.mkdir("out")
    for i in range(12):
        write("in/%d.pgm" % i, pgm(9 + i // 6, 7, support.noise(7 * (9 + i // 6), i + 1)))
    ok("net:two.onnx", *["in/%d.pgm" % i for i in range(12)], "out", "-q", "-j2")
    for i in range(12):
        ok("net:two.onnx", "in/%d.pgm" % i, "one.pgm", "-qf")
        equal(without_record(read("out/%d.pgm" % i)), without_record(read("one.pgm")), str(i))


def branches(path):
    """Windows, strides and branches of all kinds: some are ahead of others, one skips them all."""
    draw = np.random.default_rng(11)

    def weights(name, *sizes):
        return onnx.tensor(name, sizes, (draw.standard_normal(sizes) / 4).astype("<f4").tobytes())

    nodes = [onnx.node("Conv", "x wide", "a", pads=[2, 2, 2, 2]), onnx.node("Relu", "a", "b"),
             onnx.node("MaxPool", "b", "c", kernel_shape=[3, 3], strides=[2, 2],
                       pads=[1, 1, 1, 1]),
             onnx.node("Conv", "c far", "d", dilations=[3, 3], pads=[3, 3, 3, 3]),
             onnx.node("Add", "c d", "e"), onnx.node("LeakyRelu", "e", "f"),
             onnx.node("ConvTranspose", "f up", "g", strides=[2, 2], pads=[1, 1, 1, 1]),
             onnx.node("Mul", "g b", "h"), onnx.node("Concat", "h b x", "i", axis=1),
             onnx.node("Conv", "i join", "j"), onnx.node("Sigmoid", "j", "k"),
             onnx.node("DepthToSpace", "k", "y", blocksize=2)]
    write(path, onnx.model(onnx.graph(
        nodes, [onnx.value("x", PLANE)], [onnx.value("y")],
        [weights("wide", 8, 1, 5, 5), weights("far", 8, 8, 3, 3), weights("up", 8, 8, 4, 4),
         weights("join", 4, 17, 1, 1)])))


def test_blocks():
    """Bit for bit the same for any number of threads and rows at once, by rows as with the whole
    image."""
    branches("tree.onnx")
    write("tall.pgm", pgm(46, 148, support.noise(46 * 148)))
    np.save("x.npy", gray("tall.pgm").astype("f4")[None, None])
    ok("net", "tree.onnx", "x=x.npy", "-o", "y=y.npy")
    want, said = np.load("y.npy")[0, 0], set()
    for limit in ["185K", "220K", "300K", "600K", "1G"]:
        for jobs in ["1", "2", "3"]:
            args = ["net:tree.onnx:range=0..255", "tall.pgm", "-j", jobs, "--max-memory", limit]
            check((numbers(*args) == want).all(), f"-j{jobs} {limit}")
            lines = run(*args, "out.npy", "-fv").stderr.decode()
            said.add(re.search(r"by rows, (\d threads?), blocks of (\d+ rows?)", lines)[0])
    check({"by rows, %s, blocks of 64 rows" % how for how in ("1 thread", "3 threads")} <= said
          and len(said) > 5, str(said))
    fails(1, r"convtool: tall.pgm: net:tree.onnx: it needs \S+ \S+ of memory by rows, and it may "
          r"have 150 KiB", "net:tree.onnx", "tall.pgm", "o.pgm", "--max-memory", "150K")


def test_what_does_not_depend_on_the_picture():
    """A constant inside, which looks like an image."""
    path = os.path.join(NETWORKS, "digits-rnn.onnx")
    seven = os.path.join(NETWORKS, "digits", "7.png")
    ok("net:%s:out=cell.constantofshape" % path, seven, "out.npy", "-q")
    equal(np.load("out.npy").tolist(), [[0.0] * 48])


def test_maps():
    """A sheet of a layer; more than fits is refused."""
    two_layers()
    ok("net:two.onnx:out=middle", "noise.pgm", "sheet.png", "--maps", "-q")
    fails(2, r"convtool: m.pgm: 2 channels.*try --maps", "net:two.onnx:out=middle", "noise.pgm",
          "m.pgm")


# ---- classes ----

def test_classes():
    """Means over windows of a whole image: the network's answer has its size."""
    save("four.onnx", [conv(np.stack([np.full((1, 3, 4), w) for w in (0.5, -1, 0.125, 0.5)]))],
         ["n", 1, 3, 4])
    write("names.txt", b"low\nbelow\r\nsome\nagain\n")
    total = sum(range(10, 130, 10)) / 255
    lines = ok("net", "four.onnx", "in.pgm", "--labels", "names.txt", "--top", "3").decode()
    rows = [line.split() for line in lines.splitlines()]
    equal(rows[0], ["in.pgm:"])
    equal([row[0] for row in rows[1:]], ["low", "again", "some"])
    equal([row[1] for row in rows[1:]], ["%.4g" % (w * total) for w in (0.5, 0.5, 0.125)])
    equal([len(row[2]) for row in rows[1:]], [40, 40, 10])
    told = [json.loads(line) for line in
            ok("net", "four.onnx", "in.pgm", "step.pgm", "--top", "4", "--json").splitlines()]
    equal([[one["class"] for one in image["classes"]] for image in told], [[0, 3, 2, 1]] * 2)
    equal(told[0]["classes"][0]["name"], None)
    np.save("x.npy", np.ones((2, 1, 3, 4), "f4"))
    lines = ok("net", "four.onnx", "x=x.npy", "--top", "1").decode().splitlines()
    equal([line.split()[:2] for line in lines],
          [["y,", "0:"], ["0", "6"], ["y,", "1:"], ["0", "6"]])
    told = ok("net", "four.onnx", "x=x.npy", "--top", "1", "--json", "-o", "y=y.npy").splitlines()
    equal([json.loads(line)["index"] for line in told], [0, 1])
    equal(np.load("y.npy")[:, 0].ravel().tolist(), [6, 6])
    fails(2, r"convtool: four.onnx: --output: y=y.png: tensors are written as .npy, .*",
          "net", "four.onnx", "x=x.npy", "-o", "y=y.png")
    write("few.txt", b"a\nb\n")
    fails(1, r"convtool: in.pgm: --labels: few.txt has 2 lines, and 'y' has 4 classes",
          "net", "four.onnx", "in.pgm", "--labels", "few.txt")
    fails(2, r"convtool: none.txt: can't open: .*", "net", "four.onnx", "in.pgm", "--labels",
          "none.txt")
    fails(2, r"convtool: --output: --labels and --top print classes; leave it out",
          "net", "four.onnx", "in.pgm", "--top", "1", "-o", "a.png")


# ---- wrong calls ----

def test_models_that_take_no_picture():
    write("both.onnx", onnx.model(onnx.graph([onnx.node("Add", "a b", "y")],
                                             [onnx.value("a", [2]), onnx.value("b", [2])],
                                             [onnx.value("y")])))
    write("list.onnx", onnx.simple([onnx.node("Add", "x x", "y")]))
    write("whole.onnx", onnx.model(onnx.graph(
        [onnx.node("Add", "x x", "y")], [onnx.value("x", PLANE, onnx.INT64)], [onnx.value("y")])))
    fails(2, r"convtool: both.onnx: the model has 2 inputs, and a picture is one; .* NAME=FILE\.*",
          "net:both.onnx", "in.pgm", "o.pgm")
    fails(2, r"convtool: list.onnx: input 'x' has 1 dimension, .* net MODEL x=FILE",
          "net:list.onnx", "in.pgm", "o.pgm")
    fails(2, r"convtool: whole.onnx: input 'x' is int64, .*", "net:whole.onnx", "in.pgm", "o.pgm")


def test_images_that_a_model_does_not_take():
    two_layers("fixed.onnx", [1, 1, 8, 8])
    save("five.onnx", [conv(np.ones((1, 5, 1, 1)))], [1, 5, "h", "w"])
    fails(1, r"convtool: in.pgm: net:fixed.onnx: the model wants 8x8 pixels, and the image has "
          r"4x3; resize it first: .*", "net:fixed.onnx", "in.pgm", "o.pgm")
    fails(1, r"convtool: rgba.pam: net:five.onnx: the model wants 5 channels, and the image has 3 "
          r"beside alpha", "net:five.onnx", "rgba.pam", "o.pgm")
    fails(2, r"convtool: 4x3x2: net:five.onnx: the model wants 5 channels.*", "shape",
          "net:five.onnx", "4x3x2")
    check(not os.path.exists("o.pgm"), "nothing is written")


def test_messages():
    two_layers()
    np.save("x.npy", np.zeros((1, 1, 3, 4), "f4"))
    write("there.npy", b"somebody's")
    for status, pattern, call in [
            (2, r"two.onnx: out: the model has no value 'midle'; did you mean 'middle'\?",
             "net:two.onnx:out=midle in.pgm o.pgm"),
            (2, r"none.onnx: can't open: .*", "net:none.onnx in.pgm o.pgm"),
            (2, r"text.txt: it isn't an ONNX model.*", "net:text.txt in.pgm o.pgm"),
            (2, r"text.txt: it isn't an ONNX model.*", "net text.txt"),
            (2, r"net:two.onnx: a network must come first.*", "sobel,net:two.onnx in.pgm o.pgm"),
            (2, r"net: no OUTPUT after in.pgm; .*", "net two.onnx in.pgm"),
            (2, r"--dot: doesn't apply to net with pictures", "net two.onnx in.pgm o.pgm --dot"),
            (2, r"two.onnx: --output: expected NAME=FILE, as in y=c.npy, got 'y'",
             "net two.onnx x=x.npy -o y"),
            (2, r"two.onnx: --output: the network runs only with numbers .* x=a.npy",
             "net two.onnx -o y=y.npy"),
            (2, r"two.onnx: the model has no input 'z'; it has x", "net two.onnx z=x.npy"),
            (2, r"two.onnx: input 'x' is given twice", "net two.onnx x=x.npy x=x.npy"),
            (2, r"two.onnx: the model has no value 'midle'; did you mean 'middle'\?",
             "net two.onnx x=x.npy -o midle=m.npy"),
            (1, r"none.npy: can't open: .*", "net two.onnx x=none.npy"),
            (2, r"there.npy: exists; use -f to replace it",
             "net two.onnx x=x.npy -o y=there.npy"),
            (2, r"show: net:two.onnx: --as writes code for filters, not for networks.*",
             "show net:two.onnx --as torch"),
            (2, r"none.onnx: can't open: .*", "explain net:none.onnx in.pgm --at 0,0"),
            (2, r"none.onnx: can't open: .*", "compare net:none.onnx in.pgm o.png"),
            (2, r"none.onnx: can't open: .*", "shape net:none.onnx 4x3x1"),
            (2, r"two.onnx: it needs more than the 512 bytes of memory that it may have",
             "net:two.onnx in.pgm o.pgm --max-memory 512")]:
        fails(status, "convtool: " + pattern, *call.split())
    equal(read("there.npy"), b"somebody's")
    check(not os.path.exists("o.pgm") and not os.path.exists("m.npy"), "nothing is written")


def test_model_from_a_pipe():
    two_layers()
    ok("net:two.onnx", "in.pgm", "a.pgm", "-q")
    equal(run("net:-", "in.pgm", "b.pgm", "-q", stdin=read("two.onnx")).returncode, 0)
    equal(without_record(read("a.pgm")), without_record(read("b.pgm")))


# ---- the networks of samples/networks ----

def readme():
    with open(os.path.join(NETWORKS, "README.md")) as file:
        return file.read()


def supported(path):
    """Whether this build has all its operators."""
    return b"aren't supported" not in run("net", path).stderr


def test_digits():
    """As many of the 450 digits kept out are read right as the README says; all at once."""
    digits = np.load(os.path.join(NETWORKS, "digits-held-out.npy")).astype("f4") / 16
    labels = np.load(os.path.join(NETWORKS, "digits-held-out-labels.npy"))
    np.save("digits.npy", digits)
    for name in ["cnn", "residual", "attention", "rnn", "lstm"]:
        path = os.path.join(NETWORKS, "digits-%s.onnx" % name)
        if name in ("rnn", "lstm") and not supported(path):
            continue
        right = int(re.search(r"<!-- digits-%s -->.*?Right on (\d+) of 450" % name, readme(),
                              re.S)[1])
        ok("net", path, "image=digits.npy", "-o", "probabilities=p.npy", "-f")
        chances = np.load("p.npy")
        equal(chances.shape, (450, 10))
        np.testing.assert_allclose(chances.sum(1), 1, atol=1e-4)
        equal(int((chances.argmax(1) == labels).sum()), right, name)
        one = json.loads(ok("net", path, os.path.join(NETWORKS, "digits", "7.png"), "--labels",
                            os.path.join(NETWORKS, "labels.txt"), "--top", "1", "--json"))
        equal(one["classes"][0]["name"], "7", name)


def test_attention_is_a_sheet():
    """The heads are its channels: patches that look, patches that are looked at, heads."""
    path = os.path.join(NETWORKS, "digits-attention.onnx")
    ok("net:%s:out=attention" % path, os.path.join(NETWORKS, "digits", "7.png"), "a.npy")
    heads = np.load("a.npy")
    equal(heads.shape, (16, 16, 2))
    np.testing.assert_allclose(heads.sum(1), 1, atol=1e-5)


def test_upscale():
    """The README's gain over bicubic, measured on the same photograph."""
    from PIL import Image
    path = os.path.join(NETWORKS, "upscale2.onnx")
    row = re.search(r"\| chelsea.png \| \S+ \| (\S+) \| (\S+) \|", readme())
    whole = Image.open(os.path.join(support.ROOT, "samples", "chelsea.png")).convert("RGB")
    width, height = whole.width // 2 * 2, whole.height // 2 * 2
    whole = whole.crop((0, 0, width, height))
    whole.resize((width // 2, height // 2), Image.BICUBIC).save("half.png")
    ok("net:" + path, "half.png", "double.png", "-q")
    bicubic = Image.open("half.png").resize((width, height), Image.BICUBIC)
    for made, said in [(bicubic, row[1]), (Image.open("double.png"), row[2])]:
        off = np.asarray(whole, "f8") - np.asarray(made, "f8")
        equal("%.2f" % (10 * np.log10(255 ** 2 / (off ** 2).mean())), said)
