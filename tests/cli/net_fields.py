"""The table of convtool net MODEL: how far a layer sees and how many products it takes, against
what an impulse in each column and row of the input reaches, NumPy's counts, and convtool shape."""
import json
import random

import numpy as np

import net
import onnx_bytes as onnx
from support import check, equal, ok, write

SIDE = 96


class Network:
    """Nodes from `x`, one after another; weights are above 0, so that nothing cancels out."""

    def __init__(self):
        self.nodes, self.tensors, self.last, self.channels = [], [], "x", 1

    def add(self, kind, inputs=None, **attributes):
        made = "v%d" % len(self.nodes)
        self.nodes.append(onnx.node(kind, inputs or self.last, made, name=made, **attributes))
        self.last = made
        return self

    def weights(self, dims, data=None):
        name = "w%d" % len(self.tensors)
        data = np.ones(dims, "f4") if data is None else np.asarray(data, "f4")
        self.tensors.append(onnx.tensor(name, dims, data.astype("<f4").tobytes()))
        return name

    def conv(self, kernel, out=1, pads=(0, 0, 0, 0), **more):
        w = self.weights([out, self.channels, *kernel])
        self.channels = out
        return self.add("Conv", "%s %s" % (self.last, w), pads=list(pads), **more)

    def transposed(self, kernel, stride, pads=(0, 0, 0, 0)):
        w = self.weights([self.channels, 1, *kernel])
        self.channels = 1
        return self.add("ConvTranspose", "%s %s" % (self.last, w), strides=list(stride),
                        pads=list(pads))

    def pool(self, kind, kernel, stride, pads=(0, 0, 0, 0)):
        return self.add(kind, kernel_shape=list(kernel), strides=list(stride), pads=list(pads))

    def resize(self, scales, **how):
        region, w = self.weights([0], []), self.weights([4], [1, 1, *scales])
        return self.add("Resize", "%s %s %s" % (self.last, region, w), **how)

    def save(self, path, dims=("n", 1, SIDE, SIDE)):
        write(path, onnx.model(onnx.graph(self.nodes, [onnx.value("x", dims)],
                                          [onnx.value(self.last)], self.tensors)))
        return path


def nodes_of(path, *more):
    return json.loads(ok("net", path, "--json", *more))["nodes"]


def seen(path, along):
    """For each output sample along an axis (0: rows), whether each of the input's reaches it."""
    x = np.zeros((SIDE, 1, SIDE, SIDE), "f4")
    for i in range(SIDE):
        x[(i, 0, i, slice(None)) if along == 0 else (i, 0, slice(None), i)] = 1
    np.save("x.npy", x)
    np.save("none.npy", np.zeros((1, 1, SIDE, SIDE), "f4"))
    ok("net", path, "x=x.npy", "-o", "%s=y.npy" % nodes_of(path)[-1]["output"], "-f")
    y = np.load("y.npy")
    return (y != 0).any(axis=(1, 3 - along)).T


def measured(path, along):
    """The widest field, and the jump, of samples in the middle."""
    reach = seen(path, along)
    count = len(reach)
    middle = range(count * 2 // 5, count * 3 // 5)
    ends = np.array([[np.flatnonzero(reach[o])[0], np.flatnonzero(reach[o])[-1]] for o in middle])
    slope = np.polyfit(np.arange(len(ends)), ends.mean(1), 1)[0]
    return int((ends[:, 1] - ends[:, 0]).max()) + 1, slope


def agree(network, what):
    path = network.save("m.onnx")
    told = nodes_of(path)[-1]
    for along, axis in [(0, 1), (1, 0)]:
        field, jump = measured(path, along)
        equal(told["field"][axis], field, "%s: the field along %s" % (what, "yx"[along]))
        check(abs(told["jump"][axis] - jump) < 0.06 * jump,
              "%s: a jump of %s, measured %s" % (what, told["jump"], jump))


def test_fields_as_they_are():
    two, down = (2, 2), [2, 2]
    agree(Network().conv((3, 5)), "one layer")
    agree(Network().conv((3, 1), dilations=[2, 1]).conv((5, 3), strides=[2, 3]).conv((3, 3)),
          "strides")
    agree(Network().conv((3, 3)).pool("MaxPool", two, down).conv((3, 3))
          .pool("AveragePool", (3, 2), [3, 1]).add("Relu"), "pooling")
    agree(Network().conv((3, 3)).transposed(two, down).conv((3, 3)), "transposed")
    agree(Network().conv((2, 2), strides=down).transposed((4, 3), down, (1, 1, 1, 1)), "down, up")
    agree(Network().conv((3, 3)).resize(two, mode="nearest",
                                        coordinate_transformation_mode="asymmetric",
                                        nearest_mode="floor").conv((5, 5)), "nearest")
    agree(Network().conv((3, 3)).resize(two, mode="linear"), "linear")
    agree(Network().conv((3, 3), out=4).add("DepthToSpace", blocksize=2), "depth to space")
    agree(Network().add("SpaceToDepth", blocksize=2), "space to depth")


def test_fields_of_branches():
    """What the branches see together, also where one is moved by its padding."""
    for pads, name in [((2, 2, 2, 2), "centred"), ((4, 4, 0, 0), "moved up"),
                       ((0, 0, 4, 4), "moved down")]:
        network = Network().conv((3, 3), pads=(1, 1, 1, 1)).add("Relu")
        one = network.last
        network.conv((5, 5), pads=pads).add("Add", "%s %s" % (one, network.last))
        agree(network, name)
        network.add("Concat", "%s x" % network.last, axis=1)
        agree(network, name + ", with the input")


def test_fields_of_random_chains():
    choose = random.Random(4)
    for case in range(12):
        network = Network()
        for _ in range(choose.randint(2, 4)):
            side, pad = (choose.randint(1, 4), choose.randint(1, 4)), choose.randint(0, 1)
            kind = choose.choice(["Conv", "Conv", "MaxPool", "AveragePool", "up"])
            stride = [choose.randint(1, 2), choose.randint(1, 2)]
            pads = [min(pad, side[0] - 1), min(pad, side[1] - 1)] * 2
            if kind == "Conv":
                network.conv(side, pads=pads, strides=stride)
            elif kind == "up":
                network.transposed((2, 2), (2, 2))
            else:
                network.pool(kind, side, stride, pads)
        agree(network, "case %d" % case)


def test_where_there_is_no_field():
    """Behind what looks at everything, and where an input isn't an image."""
    network = Network().conv((3, 3), out=2).add("GlobalAveragePool").add("Relu")
    equal([node["field"] for node in nodes_of(network.save("m.onnx"))], [[3, 3], None, None])
    network = Network().conv((3, 3)).add("Transpose", perm=[0, 1, 3, 2])
    equal(nodes_of(network.save("m.onnx"))[-1]["jump"], None)


def test_the_same_as_shape():
    """For the chain of such convolutions and pools: fields, jumps, sizes, products."""
    network = (Network().conv((3, 3), pads=(1, 1, 1, 1)).pool("MaxPool", (2, 2), [2, 2])
               .conv((5, 5), strides=[2, 2], pads=(2, 2, 2, 2)).conv((3, 3), dilations=[3, 3]))
    there = nodes_of(network.save("m.onnx", ["n", 1, "h", "w"]), "x=1x1x64x50")
    stages = json.loads(ok("shape", "--json", "-p", "zero", "box:3,maxpool:2,box:5:stride=2,box:3:"
                           "dilation=3:padding=valid", "50x64x1"))["stages"]
    for key in ["field", "jump", "products"]:
        equal([node[key] for node in there], [stage[key] for stage in stages], key)
    equal([node["shape"][:1:-1] for node in there], [stage["out"][:2] for stage in stages])


def test_products():
    """Counted from the shapes; for one image where the batch isn't known."""
    network = Network().conv((3, 3), out=6).conv((3, 2), out=4)
    for inputs in [["x=1x1x12x9"], ["x=5x1x12x9"], []]:
        told = nodes_of(network.save("m.onnx", ["n", 1, 12, 9]), *inputs)
        batch = int(inputs[0][2]) if inputs else 1
        equal([node["products"] for node in told],
              [batch * 6 * 10 * 7 * 9, batch * 4 * 8 * 6 * 6 * 6], str(inputs))
    a, b = onnx.tensor("w", [7, 5], [1] * 35), onnx.tensor("v", [5, 4], [1] * 20)
    write("m.onnx", onnx.simple([onnx.node("MatMul", "x w", "a"), onnx.node("Gemm", "a v", "y")],
                                [a, b], dims=[3, 7]))
    equal([node["products"] for node in nodes_of("m.onnx")], [3 * 7 * 5, 3 * 5 * 4])
    network = Network().conv((3, 3), out=6)
    equal(nodes_of(network.save("m.onnx", ["n", 1, "h", "w"]))[0]["products"], None)


def test_no_line_is_too_long():
    """However long the names, the shapes and the list: their middle is left out."""
    network, long = Network(), "/very/long/name/of/a/layer/" * 5
    network.nodes.append(onnx.node("Relu", "x", long + "é" * 40))
    network.nodes.append(onnx.node("Relu", long + "é" * 40, "short"))
    network.last = "short"
    for _ in range(400):
        network.conv((1, 1))
    network.save("m.onnx", ["n" * 90, 1, "height" * 20, "width" * 20])
    lines = ok("net", "m.onnx").decode().splitlines()
    equal(max(map(len, lines)) <= 100, True, max(lines, key=len))
    check(any("..." in line and "é" in line for line in lines), "names keep their ends")
    equal(len([line for line in lines if line.startswith("Conv ")]), 400)


def test_totals():
    net.two_layers()
    equal(ok("net", "two.onnx", "x=1x1x6x5").decode().splitlines()[-1],
          "in all: 20 parameters, 600 products")
    equal(ok("net", "two.onnx").decode().splitlines()[-1],
          "in all: 20 parameters; give the input a size to count all: x=1x1x64x64")
