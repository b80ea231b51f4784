#!/usr/bin/python3
"""Compares convtool with ONNX Runtime on random networks: chains and branches of what convolutional
networks are made of, with random settings and sizes.

$CONVTOOL is the program; $CONVTOOL_CASES says how many, $CONVTOOL_SEED which. `net_random.py N`
tries the N-th alone, and leaves its files in build/net-random. Without npm, Node.js or the network
it skips, with a line that says so; else prints what differs, and "N passed, N failed".
"""
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

sys.dont_write_bytecode = True

import published_files  # noqa: E402
from runtime import Runtime  # noqa: E402

CONVTOOL = os.environ.get("CONVTOOL", str(published_files.ROOT / "build/convtool"))
CASES = int(os.environ.get("CONVTOOL_CASES", "80"))
SEED = int(os.environ.get("CONVTOOL_SEED", "20240607"))
TOLERANCE = 1e-4   # of the range
MOST = 1 << 17     # numbers of a tensor
OPSET = 13


class Network:
    """A network that grows node by node. `at` is where it grows: a name, and the sizes."""

    def __init__(self, random):
        self.random, self.nodes, self.constants, self.made = random, [], [], []
        self.sizes = (self.pick(1, 1, 2), self.integer(1, 6), self.integer(5, 40),
                      self.integer(5, 40))
        self.start, self.at = self.sizes, "x"
        self.older = [("x", self.sizes)]  # where branches may begin, or be joined

    def integer(self, low, high):
        return int(self.random.integers(low, high + 1))

    def pick(self, *items):
        return items[self.integer(0, len(items) - 1)]

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def numbers(self, *shape, scale=1.0):
        return self.constant((scale * self.random.standard_normal(shape)).astype(np.float32))

    def scalar(self, value):
        return self.constant(np.float32(value))

    def node(self, kind, *inputs, **attributes):
        """Adds a node; returns its output."""
        name = f"t{len(self.made)}"
        self.made.append(name)
        self.nodes.append(helper.make_node(kind, inputs, [name], name=f"{kind}-{name}",
                                           **attributes))
        return name

    def model(self, outputs):
        value = helper.make_tensor_value_info
        graph = helper.make_graph(self.nodes, "random", [value("x", TensorProto.FLOAT, self.start)],
                                  [value(name, TensorProto.FLOAT, None) for name in outputs],
                                  self.constants)
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        made.ir_version = 7
        return made

    def grow(self):
        """One step, unless its result would be empty or large."""
        nodes, constants, made = len(self.nodes), len(self.constants), len(self.made)
        name = self.pick(*STEPS)(self)
        inferred = onnx.shape_inference.infer_shapes(self.model([name]), strict_mode=True)
        sizes = tuple(d.dim_value for d in inferred.graph.output[0].type.tensor_type.shape.dim)
        if len(sizes) != 4 or min(sizes) < 1 or np.prod(sizes, dtype=np.int64) > MOST:
            del self.nodes[nodes:], self.constants[constants:], self.made[made:]
            return
        self.at, self.sizes = name, sizes
        self.older.append((name, sizes))
        if self.random.random() < 0.15:  # a branch begins at an older tensor
            self.at, self.sizes = self.older[self.integer(0, len(self.older) - 1)]


def sides(net, low, high):
    return [net.integer(low, high), net.integer(low, high)]


def window(net, high):
    kernel = [net.integer(1, min(high, size)) for size in net.sizes[2:]]
    stride = sides(net, 1, net.pick(1, 1, 2, 3))
    settings = {"kernel_shape": kernel, "strides": stride}
    if all(s <= k for s, k in zip(stride, kernel)) and net.random.random() < 0.15:
        settings["auto_pad"] = net.pick("SAME_UPPER", "SAME_LOWER", "VALID")
    else:
        settings["pads"] = [net.integer(0, k // 2) for k in kernel * 2]
    return settings


def activation(net, x):
    """As networks have them, some spelled out."""
    kind = net.pick("Relu", "LeakyRelu", "Clip", "Sigmoid", "HardSigmoid", "Tanh", "Elu", "PRelu",
                    "swish", "hardswish", "gelu", "none", "none")
    if kind == "Clip":
        return net.node("Clip", x, net.scalar(0), net.scalar(6))
    if kind == "PRelu":
        return net.node("PRelu", x, net.numbers(net.channels, 1, 1))
    if kind == "swish":
        return net.node("Mul", x, net.node("Sigmoid", x))
    if kind == "hardswish":
        six = net.node("Clip", net.node("Add", x, net.scalar(3)), net.scalar(0), net.scalar(6))
        return net.node("Div", net.node("Mul", x, six), net.scalar(6))
    if kind == "gelu":
        half = net.node("Erf", net.node("Div", x, net.scalar(np.sqrt(2))))
        return net.node("Mul", net.node("Mul", x, net.node("Add", half, net.scalar(1))),
                        net.scalar(0.5))
    if kind == "none":
        return x
    return net.node(kind, x, **({"alpha": 0.2} if kind in ("LeakyRelu", "Elu") else {}))


def normalised(net, x):
    channels = net.channels
    kind = net.pick("none", "none", "BatchNormalization", "factor", "term")
    if kind == "BatchNormalization":
        variance = net.constant(net.random.uniform(0.5, 2, channels).astype(np.float32))
        return net.node(kind, x, net.numbers(channels), net.numbers(channels),
                        net.numbers(channels), variance)
    if kind == "factor":
        return net.node("Mul", x, net.numbers(1, channels, 1, 1))
    if kind == "term":
        return net.node("Add", net.numbers(channels, 1, 1), x)
    return x


def conv(net):
    channels, settings = net.sizes[1], window(net, 5)
    group = net.pick(1, 1, 1, channels, *(g for g in (2, 3) if channels % g == 0))
    net.channels = group * net.integer(1, max(1, 12 // group))
    if "auto_pad" not in settings:
        wide = all(2 * k <= size for k, size in zip(settings["kernel_shape"], net.sizes[2:]))
        settings["dilations"] = sides(net, 1, 2 if wide and net.random.random() < 0.3 else 1)
    inside = channels // group * np.prod(settings["kernel_shape"])
    inputs = [net.numbers(net.channels, channels // group, *settings["kernel_shape"],
                          scale=inside ** -0.5)]
    if net.random.random() < 0.7:
        inputs.append(net.numbers(net.channels))
    out = net.node("Conv", net.at, *inputs, group=group, **settings)
    return activation(net, normalised(net, out))


def transposed(net):
    channels, kernel = net.sizes[1], sides(net, 1, 4)
    stride = [net.integer(1, k) for k in kernel]
    group = net.pick(1, 1, channels)
    net.channels = group * net.integer(1, 4)
    weights = net.numbers(channels, net.channels // group, *kernel, scale=channels ** -0.5)
    out = net.node("ConvTranspose", net.at, weights, net.numbers(net.channels), group=group,
                   strides=stride, pads=[net.integer(0, k // 2) for k in kernel * 2],
                   output_padding=[net.integer(0, s - 1) for s in stride])
    return activation(net, out)


def pool(net):
    settings = window(net, 4)
    if "pads" in settings:
        settings["pads"] = [min(p, k - 1)
                            for p, k in zip(settings["pads"], settings["kernel_shape"] * 2)]
        settings["ceil_mode"] = net.integer(0, 1)
    if net.random.random() < 0.5:
        return net.node("AveragePool", net.at, count_include_pad=net.integer(0, 1),
                        **{**settings, **({"ceil_mode": 0} if "pads" in settings else {})})
    return net.node("MaxPool", net.at, **settings)


def join(net):
    """With an older tensor of the same height and width; one of the same shape is added."""
    fits = [name for name, sizes in net.older if sizes == net.sizes]
    beside = [name for name, sizes in net.older
              if (sizes[0], *sizes[2:]) == (net.sizes[0], *net.sizes[2:])]
    if net.random.random() < 0.6:
        net.channels = net.sizes[1]
        return activation(net, net.node(net.pick("Add", "Add", "Sub", "Mul", "Max"), net.at,
                                        net.pick(*fits)))
    return net.node("Concat", net.at, *(net.pick(*beside) for _ in range(net.integer(1, 2))),
                    axis=1)


def resize(net):
    mode, at = net.pick(("nearest", "asymmetric"), ("nearest", "half_pixel"),
                        ("linear", "half_pixel"), ("linear", "asymmetric"),
                        ("cubic", "half_pixel"), ("linear", "align_corners"))
    scales = [1, 1, net.pick(1, 2, 2, 3), net.pick(1, 2, 2, 3)]
    settings = {"nearest_mode": net.pick("floor", "round_prefer_floor")} if mode == "nearest" \
        else {}
    return net.node("Resize", net.at, "", net.constant(np.array(scales, np.float32)), mode=mode,
                    coordinate_transformation_mode=at, **settings)


def blocks(net):
    if net.sizes[1] % 4 == 0 and net.random.random() < 0.6:
        return net.node("DepthToSpace", net.at, blocksize=2, mode=net.pick("DCR", "CRD"))
    if net.sizes[2] % 2 == 0 and net.sizes[3] % 2 == 0:
        return net.node("SpaceToDepth", net.at, blocksize=2)
    return conv(net)


def padded(net):
    most = [min(3, size - 1) for size in net.sizes[2:]]
    pads = [0, 0, *(net.integer(0, m) for m in most)] * 2
    return net.node("Pad", net.at, net.constant(np.array(pads, np.int64)), net.scalar(0.5),
                    mode=net.pick("constant", "reflect", "edge"))


def squeezed(net):
    """What channels matter, by their means over the whole picture."""
    channels = net.sizes[1]
    mean = net.node(net.pick("GlobalAveragePool", "GlobalMaxPool"), net.at)
    weights = net.numbers(channels, channels, 1, 1, scale=channels ** -0.5)
    return net.node("Mul", net.at, net.node("HardSigmoid", net.node("Conv", mean, weights)))


def cut(net):
    """Some channels, rows or columns."""
    axis = net.integer(1, 3)
    first = net.integer(0, net.sizes[axis] - 1)
    indices = [[first], [net.integer(first + 1, net.sizes[axis])], [axis],
               [net.pick(1, 1, 2)]]
    return net.node("Slice", net.at, *(net.constant(np.array(i, np.int64)) for i in indices))


def turned(net):
    return net.node("Transpose", net.at, perm=[0, 1, 3, 2])


STEPS = [conv] * 8 + [pool] * 2 + [join] * 3 + [resize, transposed, blocks, padded, squeezed, cut,
                                                turned]


def network(number):
    """The model, its input, and the names of its outputs: the last tensor, and maybe another."""
    random = np.random.default_rng((SEED, number))
    net = Network(random)
    for _ in range(net.integer(2, 14)):
        net.grow()
    while not net.made:
        net.grow()
    outputs = {net.made[-1]}
    if random.random() < 0.3:
        outputs.add(net.pick(*net.made))
    return net.model(sorted(outputs)), random.standard_normal(net.start, np.float32)


def ours(folder, model, image):
    """{name: array} of each output."""
    path = os.path.join(folder, "model.onnx")
    onnx.save(model, path)
    np.save(os.path.join(folder, "x.npy"), image)
    words = [CONVTOOL, "net", "-q", "-f", path, f"x={folder}/x.npy"]
    names = [value.name for value in model.graph.output]
    for name in names:
        words += ["-o", f"{name}={folder}/{name}.npy"]
    run(words)
    return {name: np.load(f"{folder}/{name}.npy") for name in names}


def run(words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=120)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip() or f"status {done.returncode}")


def in_a_chain(folder, image):
    """The output as a picture's rows, which is how networks of local operators run in bands. White
    is 255 in such a file, and so the numbers stay as they are."""
    np.save(f"{folder}/rows.npy", np.ascontiguousarray(image[0].transpose(1, 2, 0)))
    run([CONVTOOL, "-q", "-f", f"net:{folder}/model.onnx:range=0..255", f"{folder}/rows.npy",
         f"{folder}/made.npy"])
    made = np.load(f"{folder}/made.npy")
    return made.reshape(*made.shape[:2], -1).transpose(2, 0, 1)[None]


def apart(what, got, want):
    """How they differ, or ""."""
    if got.shape != want.shape:
        return f"{what}: {got.shape} instead of {want.shape}"
    if not want.size:
        return ""
    size = np.ptp(want) or np.abs(want).max() or 1
    error = float(np.abs(got - want).max() / size)
    return "" if error <= TOLERANCE else f"{what}: error {error:.3g}"


def problem_of(folder, model, image, runtime):
    """What is wrong, or ""."""
    try:
        got = ours(folder, model, image)
        # Where a pool rounds up, ONNX's shape inference isn't exact, and a cut may leave nothing.
        if len(got) == 1 and image.shape[0] == 1 and all(made.size for made in got.values()):
            got["in a chain"] = in_a_chain(folder, image)
    except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    try:
        session = runtime.open(os.path.join(folder, "model.onnx"))
        want = session.run({"x": image})
        session.close()
    except RuntimeError as error:
        return str(error)
    for name, numbers in got.items():
        problem = apart(name, numbers, want[name if name in want else [*want][0]])
        if problem:
            return problem
    return ""


def main():
    chosen = [int(word) for word in sys.argv[1:]] or range(CASES)
    passed = failed = 0
    try:
        with Runtime() as runtime, tempfile.TemporaryDirectory() as folder:
            if sys.argv[1:]:
                folder = str(published_files.ROOT / "build/net-random")
                pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
            for number in chosen:
                model, image = network(number)
                problem = problem_of(folder, model, image, runtime)
                if problem:
                    failed += 1
                    kinds = " ".join(node.op_type for node in model.graph.node)
                    print(f"network {number}: {problem}; its nodes: {kinds}")
                else:
                    passed += 1
    except published_files.NotHere as reason:
        print(f"skipped: random networks: {reason}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
