"""Relu is a part of the convolution or Gemm before it, and so is the sum at the end of a residual
block: the same numbers as apart from it."""
import json

import numpy as np

import net
import onnx_bytes as onnx
from support import equal, ok, write

NOISE = np.random.default_rng(3)


def layer(operator, weights, dims, **attributes):
    """x -> sums -> y = Relu(sums); negative biases, so that many sums are negative."""
    weights = NOISE.standard_normal(weights).astype("<f4")
    filters = weights.shape[1] if operator == "Gemm" else weights.shape[0]
    bias = NOISE.standard_normal(filters).astype("<f4")
    write("layer.onnx", onnx.model(onnx.graph(
        [onnx.node(operator, "x w b", "sums", **attributes), onnx.node("Relu", "sums", "y")],
        [onnx.value("x", dims)], [onnx.value("y")],
        [onnx.tensor("w", weights.shape, weights.tobytes()),
         onnx.tensor("b", bias.shape, bias.tobytes())])))


def agree(what, dims):
    """Asked for, the sums are a node's own output, and Relu a node. NaN stays."""
    x = NOISE.standard_normal(dims).astype("f4")
    x.flat[0] = np.nan
    np.save("x.npy", x)
    nodes = json.loads(ok("net", "layer.onnx", "--json"))["nodes"]
    equal([(node["operator"], node["with"]) for node in nodes], [(nodes[0]["operator"], ["Relu"])],
          what)
    ok("net", "-f", "layer.onnx", "x=x.npy", "-o", "y=y.npy")
    ok("net", "-f", "layer.onnx", "x=x.npy", "-o", "sums=sums.npy", "-o", "y=apart.npy")
    sums, y = np.load("sums.npy"), np.load("y.npy")
    equal([(sums < 0).any(), np.isnan(sums).any()], [True, True], what)
    np.testing.assert_array_equal(y, np.load("apart.npy"), what)
    np.testing.assert_array_equal(y, np.maximum(sums, 0), what)


def test_each_way_of_computing():
    pads = {"pads": [1, 1, 1, 1]}
    for what, weights, dims, more in [
            ("a small image", (16, 3, 3, 3), [1, 3, 9, 8], pads),
            ("filters that don't fill vectors", (5, 2, 3, 3), [1, 2, 9, 8], pads),
            ("rows of the engine", (16, 8, 3, 3), [1, 8, 70, 61], pads),
            ("a batch", (16, 8, 3, 3), [3, 8, 40, 41], pads),
            ("depthwise", (24, 1, 3, 3), [1, 24, 40, 41], {**pads, "group": 24}),
            ("groups", (8, 4, 3, 3), [1, 8, 40, 41], {**pads, "group": 2}),
            ("single pixels", (20, 8, 1, 1), [1, 8, 40, 41], {}),
            ("one channel", (1, 1, 3, 3), [1, 1, 40, 41], pads),
            ("dilation and stride", (7, 2, 3, 3), [1, 2, 40, 41],
             {"dilations": [3, 2], "strides": [2, 1]}),
            ("one axis", (6, 4, 5), [1, 4, 300], {"pads": [2, 2]}),
            ("three axes", (4, 2, 3, 3, 3), [1, 2, 6, 7, 8], {})]:
        layer("Conv", weights, dims, **more)
        agree(what, dims)


def test_gemm():
    for what, weights, dims in [("two rows", (40, 19), [2, 40]), ("rows", (40, 19), [33, 40])]:
        layer("Gemm", weights, dims)
        agree(what, dims)


def block(dims, filters=8, group=1, swapped=False, relu=True, bias=True):
    """x -> first -> second = w first + b -> y = Relu(second + first)"""
    weights = [NOISE.standard_normal((filters, size, 3, 3)).astype("<f4") / 4
               for size in (dims[1], filters // group)]
    biases = NOISE.standard_normal(filters).astype("<f4")
    write("layer.onnx", onnx.model(onnx.graph(
        [onnx.node("Conv", "x u", "first", name="conv1", pads=[1, 1, 1, 1]),
         onnx.node("Conv", "first w b" if bias else "first w", "second", name="conv2",
                   pads=[1, 1, 1, 1], group=group),
         onnx.node("Add", "first second" if swapped else "second first", "sum")]
        + [onnx.node("Relu", "sum", "y")] * relu,
        [onnx.value("x", dims)], [onnx.value("y" if relu else "sum")],
        [onnx.tensor(name, one.shape, one.tobytes())
         for name, one in zip("uwb", [*weights, biases])])))


def test_residual_block():
    """The sum waits for its other image in all ways of running: whole, by rows, in a batch."""
    for what, dims, more in [
            ("a small image", [1, 3, 9, 8], {}),
            ("filters that don't fill vectors", [1, 2, 9, 8], {"filters": 5, "swapped": True}),
            ("rows of the engine", [1, 8, 70, 61], {"filters": 16}),
            ("without a bias or Relu", [1, 8, 40, 41], {"bias": False, "relu": False}),
            ("depthwise", [1, 24, 40, 41], {"filters": 24, "group": 24}),
            ("a batch", [3, 8, 40, 41], {}),
            ("any batch", ["n", 3, 9, 8], {})]:
        block(dims, **more)
        x = NOISE.standard_normal([4 if one == "n" else one for one in dims]).astype("f4")
        np.save("x.npy", x)
        told = json.loads(ok("net", "layer.onnx", "--json"))["nodes"]
        relu = ["Relu"] * more.get("relu", True)
        equal([node["with"] for node in told],
              [[]] * (3 + len(relu)) if what == "a batch" else [[], ["Add"] + relu], what)
        last = "y" if relu else "sum"
        ok("net", "-f", "layer.onnx", "x=x.npy", "-o", last + "=y.npy", "-j2")
        ok("net", "-f", "layer.onnx", "x=x.npy", "-o", "first=a.npy", "-o", "second=b.npy", "-j1")
        total = np.load("a.npy") + np.load("b.npy")
        equal((total < 0).any(), True, what)
        np.testing.assert_array_equal(np.load("y.npy"), np.maximum(total, 0) if relu else total,
                                      what)


def test_residual_block_by_rows():
    """A picture goes through in bands; the fields are those of the block."""
    block([1, 1, "h", "w"], filters=4)
    for threads in ["-j1", "-j3"]:
        made = net.numbers("net:layer.onnx", "noise.pgm", threads)
        first, second = (net.numbers("net:layer.onnx:out=" + name, "noise.pgm", threads)
                         for name in ("first", "second"))
        total = first.astype("f4") + second.astype("f4")
        np.testing.assert_array_equal(made, np.maximum(total, 0))
    fields = [node["field"] for node in json.loads(ok("net", "layer.onnx", "--json"))["nodes"]]
    equal(fields, [[3, 3], [5, 5]])
    text = ok("explain", "net:layer.onnx", "in.pgm", "--at", "1,1", "--channel", "2").decode()
    equal([word in text for word in ("Relu = ", "Add = ", "agrees")], [True, True, True], text)


def test_many_are_joined():
    """All are named; where there are more than seven, the others stay steps of their own."""
    weights = NOISE.standard_normal((4, 2, 1, 1)).astype("<f4")
    two = onnx.tensor("two", [1], np.float32([2]).tobytes())
    nodes = [onnx.node("Conv", "x w", "v0")] + [
        onnx.node("Mul" if i % 2 else "Add", "v%d two" % i, "v%d" % (i + 1)) for i in range(9)]
    nodes += [onnx.node("Relu", "v9", "y")]
    write("layer.onnx", onnx.model(onnx.graph(
        nodes, [onnx.value("x", [1, 2, 6, 7])], [onnx.value("y")],
        [onnx.tensor("w", weights.shape, weights.tobytes()), two])))
    told = json.loads(ok("net", "layer.onnx", "--json"))["nodes"]
    equal([node["with"] for node in told],
          [["Add", "Mul"] * 3 + ["Add"], [], [], []])
    equal([node["operator"] for node in told], ["Conv", "Mul", "Add", "Relu"])
    x = NOISE.standard_normal((1, 2, 6, 7)).astype("f4")
    np.save("x.npy", x)
    ok("net", "layer.onnx", "x=x.npy", "-o", "y=y.npy")
    made = np.einsum("oi,nihw->nohw", weights[..., 0, 0], x)
    for i in range(9):
        made = made * 2 if i % 2 else made + 2
    np.testing.assert_allclose(np.load("y.npy"), np.maximum(made, 0), 1e-4, 1e-4)


def test_the_later_one_is_joined():
    """Of two convolutions that are added: so a sum needs the same memory in either order."""
    def tensors(*shapes):
        return [onnx.tensor("w%d" % i, shape, np.full(shape, 0.01, "<f4").tobytes())
                for i, shape in enumerate(shapes)]
    for order in ["s r", "r s"]:
        write("two.onnx", onnx.model(onnx.graph(
            [onnx.node("Conv", "x w0", "a"), onnx.node("Conv", "a w1", "s"),
             onnx.node("Conv", "a w1", "b"), onnx.node("Conv", "b w2", "c"),
             onnx.node("Conv", "c w1", "r"), onnx.node("Add", order, "y")],
            [onnx.value("x", [1, 1, 256, 256])], [onnx.value("y")],
            tensors([128, 1, 1, 1], [4, 128, 1, 1], [128, 4, 1, 1]))))
        np.save("x.npy", np.ones((1, 1, 256, 256), "f4"))
        told = json.loads(ok("net", "two.onnx", "--json"))["nodes"]
        equal([(node["output"], node["with"]) for node in told][-2:],
              [("c", []), ("y", ["Add"])], order)
        # c and what comes before or after it; with a as well it would be 64 MiB
        ok("net", "-f", "two.onnx", "x=x.npy", "-o", "y=y.npy", "--max-memory", "48M", "-j1")


def test_what_is_not_joined():
    """Where something else reads the sums, or a batch norm comes after Relu."""
    weights = NOISE.standard_normal((4, 2, 3, 3)).astype("<f4")
    tensors = [onnx.tensor("w", weights.shape, weights.tobytes()),
               onnx.tensor("two", [1], np.float32([-2]).tobytes())]
    for nodes in [[onnx.node("Conv", "x w", "sums"), onnx.node("Relu", "sums", "cut"),
                   onnx.node("Add", "sums cut", "y")],
                  [onnx.node("Conv", "x w", "sums"), onnx.node("Relu", "sums", "cut"),
                   onnx.node("Mul", "cut two", "y")]]:
        write("layer.onnx", onnx.model(onnx.graph(nodes, [onnx.value("x", [1, 2, 20, 21])],
                                                  [onnx.value("y")], tensors)))
        np.save("x.npy", NOISE.standard_normal((1, 2, 20, 21)).astype("f4"))
        told = json.loads(ok("net", "layer.onnx", "--json"))["nodes"]
        equal([node["with"] for node in told],
              [[], [], []] if len(told) == 3 else [["Relu"], []])
        equal(len(told), 3 if b"Add" in nodes[2] else 2)
        ok("net", "-f", "layer.onnx", "x=x.npy", "-o", "y=y.npy")
        ok("net", "-f", "layer.onnx", "x=x.npy", "-o", "sums=sums.npy", "-o", "cut=cut.npy")
        sums, cut = np.load("sums.npy"), np.load("cut.npy")
        np.testing.assert_array_equal(cut, np.maximum(sums, 0))
        expected = sums + cut if nodes[2] == onnx.node("Add", "sums cut", "y") else -2 * cut
        np.testing.assert_allclose(np.load("y.npy"), expected, 1e-6)


def test_explain_tells_of_both():
    layer("Conv", (4, 1, 3, 3), [1, 1, "h", "w"], pads=[1, 1, 1, 1])
    text = ok("explain", "net:layer.onnx", "in.pgm", "--at", "1,1", "--channel", "2").decode()
    equal([word in text for word in ("Relu = ", "agrees")], [True, True], text)
