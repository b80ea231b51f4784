"""explain of a network's layer: what it says a value is made of, against the run's own values."""
import os
import random
import re

import numpy as np

import net
import onnx_bytes as onnx
import support
from net_fields import Network
from support import check, equal, ok, run

SEVEN = os.path.join(net.NETWORKS, "digits", "7.png")


def explained(chain, image, x, y, channel, *more):
    return ok("explain", chain, image, "--at", "%d,%d" % (x, y), "--channel", str(channel),
              *more).decode()


def last_number(text):
    """The value of the last line that has one."""
    lines = [line for line in text.splitlines() if " = " in line]
    return float(lines[-1].split(" = ")[-1])


def agree(model, image, names, choose, times=3):
    """Values at some places, and that the arithmetic shown gives them."""
    for name in names:
        ok("net:%s:out=%s" % (model, name), image, "layer.npy", "-qf")
        layer = np.load("layer.npy")
        layer = layer[..., None] if layer.ndim == 2 else layer
        for _ in range(times):
            y, x, c = [choose.randrange(side) for side in layer.shape]
            text = explained("net:%s:out=%s" % (model, name), image, x, y, c)
            check("shown agrees with the network" in text, text)
            np.testing.assert_allclose(last_number(text), layer[y, x, c], rtol=2e-5, atol=1e-6,
                                       err_msg="%s at %d,%d of %d" % (name, x, y, c))


def test_networks_of_digits():
    choose = random.Random(1)
    for kind, names in [
            ("cnn", "conv1 relu1 pool1 conv2 relu2 pool2 full hidden scores probabilities"),
            ("residual", "norm block1.norm2 block1 block2.fit block3.sum block3 mean scores"),
            ("attention", "patches placed query.matmul query likeness attention gelu scores")]:
        agree(os.path.join(net.NETWORKS, "digits-%s.onnx" % kind), SEVEN, names.split(), choose)


def test_windows():
    """Strides, dilation, padding on each side, groups, pooling that counts padding or not."""
    choose, rng = random.Random(2), np.random.default_rng(2)
    network = Network()
    network.weights = lambda dims, data=None, own=network.weights: own(
        dims, rng.normal(size=dims) if data is None else data)
    network.conv((3, 2), out=6, pads=(2, 0, 1, 1), strides=[2, 1], dilations=[1, 2])
    w = network.weights([4, 3, 3, 3])
    network.channels = 4
    network.add("Conv", "%s %s" % (network.last, w), group=2, auto_pad="SAME_UPPER",
                strides=[1, 2])
    network.add("LeakyRelu", alpha=0.25)
    network.add("AveragePool", kernel_shape=[3, 2], pads=[0, 1, 2, 1], count_include_pad=1)
    network.add("AveragePool", kernel_shape=[2, 3], pads=[1, 1, 0, 0], strides=[1, 2])
    network.add("MaxPool", kernel_shape=[2, 2], pads=[0, 1, 1, 0])
    network.add("Tanh")
    network.add("GlobalAveragePool")
    network.save("m.onnx", ["n", 1, "h", "w"])
    agree("m.onnx", "noise.pgm", ["v%d" % i for i in range(len(network.nodes))], choose, 6)


def test_products():
    """Turned matrices, factors, batches."""
    rng = np.random.default_rng(3)
    a, b, c = (rng.normal(size=size).astype("<f4") for size in [(5, 7), (5, 4), (4, 1)])
    gemm = onnx.node("Gemm", "x b c", "g", transA=1, transB=0, alpha=0.5, beta=-2.0)
    side = onnx.node("MatMul", "x3 a", "m")
    tensors = [onnx.tensor("b", [3, 4], rng.normal(size=12).astype("<f4").tobytes()),
               onnx.tensor("c", [4, 1], c.tobytes()), onnx.tensor("a", a.shape, a.tobytes())]
    support.write("g.onnx", onnx.model(onnx.graph([gemm], [onnx.value("x", [3, 4])],
                                                  [onnx.value("g")], tensors[:2])))
    support.write("m.onnx", onnx.model(onnx.graph([side], [onnx.value("x3", [1, 2, "h", 5])],
                                                  [onnx.value("m")], tensors[2:])))
    support.write("p.pgm", support.pgm(4, 3, support.noise(12)))
    agree("g.onnx", "p.pgm", ["g"], random.Random(3), 8)
    np.save("q.npy", rng.random((6, 5, 2), "f4"))
    agree("m.onnx", "q.npy", ["m"], random.Random(4), 8)


def test_softmax():
    """Along each axis, and, until opset 12, over all dimensions from the axis on."""
    choose = random.Random(5)
    for kind, axis, opset in [("Softmax", 1, 13), ("Softmax", 2, 13), ("LogSoftmax", -1, 13),
                              ("LogSoftmax", 2, 11), ("Softmax", -1, 11)]:
        node = onnx.node(kind, "x", "y", axis=axis)
        support.write("s.onnx", onnx.model(onnx.graph(
            [node], [onnx.value("x", [1, "c", "h", "w"])], [onnx.value("y")]), opset=opset))
        np.save("r.npy", np.random.default_rng(axis + 9).normal(size=(4, 5, 3)).astype("f4") * 9)
        agree("s.onnx", "r.npy", ["y"], choose, 6)


def test_factors_powers_and_names_are_shown():
    model = os.path.join(net.NETWORKS, "digits-cnn.onnx")
    text = explained("net:%s:out=scores" % model, SEVEN, 7, 0, 0, "-v")
    parts = re.findall(r"input (\d+): (\S+) × (\S+) = (\S+)", text)
    equal([int(part[0]) for part in parts], list(range(48)))
    _, inputs, weights, products = np.array(parts, float).T
    np.testing.assert_allclose(inputs * weights, products, rtol=1e-4, atol=1e-9)
    ok("net:%s:out=hidden" % model, SEVEN, "h.npy", "-qf")
    np.testing.assert_allclose(inputs, np.load("h.npy").ravel(), rtol=1e-4, atol=1e-6)
    sum_of = "net:%s:out=block1.sum" % os.path.join(net.NETWORKS, "digits-residual.onnx")
    text = explained(sum_of, SEVEN, 3, 3, 5)
    a, b = (float(re.search(r"\n   %s = (\S+)\n" % name, text)[1])
            for name in ("from block1.norm2", "and relu"))
    np.testing.assert_allclose(last_number(text), a + b, rtol=1e-4)
    text = explained("net:" + model, SEVEN, 7, 0, 0)
    powers = re.findall(r"number \d: exp\((\S+) - m\) = (\S+)", text)
    scores, powers = np.array(powers, float).T
    equal(len(scores), 10)
    np.testing.assert_allclose(powers, np.exp(scores - scores.max()), rtol=1e-4)
    np.testing.assert_allclose(last_number(text), powers[7] / powers.sum(), rtol=1e-4)


def test_what_is_shown():
    net.two_layers()
    text = explained("net:two.onnx:out=middle", "noise.pgm", 0, 2, 1)
    window = net.gray("noise.pgm")[1:4, :2] / 255
    row = re.search(r"column .*kernel +products\n(.*)\n", text)[1].split("×")[0]
    np.testing.assert_allclose([float(cell.strip("[<>]")) for cell in row.split()[-3:]],
                               [0, window[0, 0], window[0, 1]], atol=0.005)
    many = Network().conv((3, 3), out=20).conv((1, 1))
    many.save("many.onnx", ["n", 1, "h", "w"])
    text = explained("net:many.onnx", "noise.pgm", 3, 3, 0)
    check("the other 12 (-v shows them) = " in text and "which adds most" in text, text)
    equal(len(re.findall("products' sum", text)), 8)
    text = explained("net:many.onnx", "noise.pgm", 3, 3, 0, "-v")
    equal((len(re.findall("products' sum", text)), "the other" in text), (20, False))


def test_refused():
    net.two_layers()
    flat = "net:%s/digits-cnn.onnx:out=flat" % net.NETWORKS
    net.fails(2, r"convtool: explain: --json isn't there for a network's layers",
              "explain", "net:two.onnx", "in.pgm", "--json")
    for pattern, call in [
            (r".*'flat' is made by Flatten; explain can tell of Conv, pooling, Gemm, .*",
             [flat, SEVEN, "--at", "0,0"]),
            (r".*'x' is the network's input; nothing makes it",
             ["net:two.onnx:out=x", "in.pgm", "--at", "0,0"]),
            (r"convtool: in.pgm: --at 4,0 lies outside 'y', which is 4x3",
             ["net:two.onnx", "in.pgm", "--at", "4,0"]),
            (r"convtool: in.pgm: --channel 2: 'middle' has 2 channels, counted from 0",
             ["net:two.onnx:out=middle", "in.pgm", "--at", "0,0", "--channel", "2"])]:
        net.fails(2, pattern, "explain", *call)
    equal(run("explain", "net:two.onnx", "bad.pgm", "--at", "0,0").returncode, 1)


def test_products_of_two_values_name_both():
    model = os.path.join(net.NETWORKS, "digits-attention.onnx")
    for value, said in [("likeness.whole", "16 products of query.heads and key.heads"),
                        ("query.matmul", "32 products of an input and its weight")]:
        text = ok("explain", "net:%s:out=%s" % (model, value), "--at", "3,5", SEVEN).decode()
        check("   %s\n" % said in text, text)
