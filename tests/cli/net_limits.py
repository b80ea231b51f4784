"""Networks with settings, sizes and inputs that make no sense, or that need more memory than they
may have. As in net_hostile.py, each is refused with one line, and nothing is written."""
import json
import resource
from functools import partial

from faults import limited
from net_hostile import (SKIPPED, all_refused, computed, launch, made, npy, refused,  # noqa: F401
                         table)
from onnx_bytes import INT64, graph, in_tensor, model, node, simple, tensor, value
from support import equal, write

RELU = node("Relu", "x", "y")


def about(kind):
    """What a message about a node begins with, but not one about an operator that isn't known."""
    return r"node 'the%s' \(%s\): " % (kind, kind)


# ---- memory ----

def test_outputs_too_large_to_count():
    large = tensor("n", [1], [1 << 40], INT64)
    cases = {}
    for i, (nodes, tensors) in enumerate([
            ([node("ConstantOfShape", "n", "big"), node("Mul", "big x", "y")], [large]),
            ([node("Expand", "x n", "y")], [tensor("n", [3], [1 << 40, 1 << 40, 4], INT64)]),
            ([node("Tile", "x n", "y")], [large]),
            ([node("Tile", "x n", "t"), node("Tile", "t n", "y")],
             [tensor("n", [1], [1 << 62], INT64)]),
            ([node("Pad", "x n", "y")], [tensor("n", [2], [1 << 61, 1 << 62], INT64)]),
            ([node("Range", "zero n one", "big"), node("Cast", "big", "y", to=1)],
             [tensor("zero", [], [0], INT64), tensor("n", [], [1 << 50], INT64),
              tensor("one", [], [1], INT64)]),
            ([node("Reshape", "x n", "y")], [tensor("n", [3], [1 << 32, 1 << 32, 4], INT64)])]):
        cases["case %d" % i] = partial(computed, simple(nodes, tensors)), "node 'the.*: |memory"
    all_refused(cases, status=1)


def test_more_memory_than_allowed():
    # 4 numbers become 4 million, which nothing keeps from being small again.
    nodes = [node("Tile", "x n", "big"), node("Relu", "big", "big2"),
             node("ReduceSum", "big2", "y", keepdims=0)]
    data = simple(nodes, [tensor("n", [1], [1 << 20], INT64)])
    made(data, [10 * (1 << 20)])
    refused(computed(data, "--max-memory", "1M"), "memory", status=1)
    weights = simple([node("Add", "x w", "y")], [tensor("w", [4], [1, 2, 3, 4])])
    made(weights, [2, 4, 6, 8], "--max-memory", "1M")
    large = simple([node("MatMul", "x w", "y")], [tensor("w", [4, 1 << 18], b"\0" * (1 << 22))])
    write("bad.onnx", large)
    refused(launch("net", "--max-memory", "1M", "bad.onnx"), "memory")


def test_inputs_that_want_more_memory_than_allowed():
    product = model(graph([node("MatMul", "x t", "p"), node("ReduceMax", "p", "y", keepdims=0)],
                          [value("x", ["n", 1]), value("t", [1, "n"])], [value("y")]))
    count = 1 << 14  # the product has 2^28 numbers
    column, row = npy([count, 1], [1] * count), npy([1, count], [1] * count)
    refused(computed(product, "--max-memory", "64M", x=column, t=row), "memory", status=1)
    made(product, [1], "--max-memory", "64M", x=npy([9, 1], [1] * 9), t=npy([1, 9], [1] * 9))


# ---- operators with the wrong settings ----

# The node, its constants and the sizes of x; what the message must have, besides the node's name.
WRONG = [
    ("Conv", dict(strides=[0, 1]), (1, 1, 4, 4), "stride"),
    ("Conv", dict(strides=[-1, 1]), (1, 1, 4, 4), "stride"),
    ("Conv", dict(strides=[1 << 62, 1]), (1, 1, 4, 4), ""),
    ("Conv", dict(strides=[1]), (1, 1, 4, 4), "strides"),
    ("Conv", dict(dilations=[0, 1]), (1, 1, 4, 4), "dilation"),
    ("Conv", dict(dilations=[1 << 62, 1]), (1, 1, 4, 4), ""),
    ("Conv", dict(pads=[1 << 62] * 4), (1, 1, 4, 4), ""),
    ("Conv", dict(pads=[-9, -9, -9, -9]), (1, 1, 4, 4), ""),
    ("Conv", dict(group=0), (1, 1, 4, 4), "group"),
    ("Conv", dict(group=7), (1, 1, 4, 4), "group|7"),
    ("Conv", dict(kernel_shape=[5, 5]), (1, 1, 4, 4), "kernel_shape"),
    ("Conv", dict(), (1, 2, 4, 4), "channel|2"),
    ("Conv", dict(), (1, 1, 1, 1), ""),
    ("Conv", dict(), (4,), ""),
    ("MaxPool", dict(), (1, 1, 4, 4), "kernel_shape"),
    ("MaxPool", dict(kernel_shape=[0, 2]), (1, 1, 4, 4), "kernel"),
    ("MaxPool", dict(kernel_shape=[1 << 40, 1 << 40]), (1, 1, 4, 4), ""),
    ("Softmax", dict(axis=9), (4,), "axis"),
    ("Softmax", dict(axis=-9), (4,), "axis"),
    ("Transpose", dict(perm=[0, 0]), (2, 2), "perm"),
    ("Transpose", dict(perm=[0, 7]), (2, 2), "perm"),
    ("DepthToSpace", dict(blocksize=0), (1, 4, 2, 2), "blocksize"),
    ("DepthToSpace", dict(blocksize=1 << 40), (1, 4, 2, 2), "blocksize|channel"),
    ("Flatten", dict(axis=5), (2, 2), "axis"),
    ("Cast", dict(to=99), (4,), "99|type"),
    ("Cast", dict(), (4,), "to"),
]


def test_operators_with_settings_that_make_no_sense():
    cases = {}
    for kind, settings, dims, word in WRONG:
        weights = [tensor("w", [2, 1, 3, 3], [0] * 18)] if kind == "Conv" else []
        data = simple([node(kind, "x w" if weights else "x", "y", **settings)], weights, dims=dims)
        cases["%s %r %r" % (kind, settings, dims)] = partial(table, data), about(kind), word
    all_refused(cases)


def test_constants_that_make_no_sense():
    def ints(*numbers):
        return tensor("n", [len(numbers)], list(numbers), INT64)
    cases = {}
    for i, (kind, constant, dims) in enumerate([
            ("Reshape", ints(3), (4,)), ("Reshape", ints(-1, -1), (4,)),
            ("Reshape", ints(-7), (4,)),
            ("Reshape", ints(0, 0), (4,)), ("Expand", ints(3), (4,)), ("Expand", ints(-3), (4,)),
            ("Tile", ints(1, 1), (4,)), ("Tile", ints(-1), (4,)), ("Unsqueeze", ints(0, 0), (4,)),
            ("Squeeze", ints(0), (4,)), ("Pad", ints(1), (4,)), ("Pad", ints(-3, -3), (4,)),
            ("Split", ints(1, 1), (4,)), ("Gather", ints(4), (4,)), ("Gather", ints(-5), (4,)),
            ("Reshape", tensor("n", [1], [4.0]), (4,))]):
        data = simple([node(kind, "x n", "y")], [constant], dims=dims)
        cases["%s, case %d" % (kind, i)] = partial(computed, data), about(kind)
    all_refused(cases, status=1)
    constant = node("Constant", "", "c", value=in_tensor(tensor("", [3], [1, 2])))
    refused(table(simple([constant, node("Add", "x c", "y")])), "theConstant")


def test_scales_that_make_no_sense():
    cases = {}
    for kind, names, opset in [("Resize", "x none s", 13), ("Upsample", "x s", 9)]:
        for scale in (float("inf"), float("nan"), 0.0, -1.0, 1e30):
            tensors = [tensor("none", [0], []), tensor("s", [4], [1, 1, scale, 1])]
            data = simple([node(kind, names, "y")], tensors, dims=(1, 1, 4, 4), opset=opset)
            cases["%s by %r" % (kind, scale)] = partial(table, data), about(kind), "scale|large"
    all_refused(cases)


def test_indices_in_the_inputs():
    data = model(graph([node("Gather", "x n", "y")], [value("x", [4]), value("n", ["k"], INT64)],
                       [value("y")]))
    numbers = npy([4], [1, 2, 3, 4])
    made(data, [4, 1], x=numbers, n=npy([2], [-1, 0], "<i8"))
    for index in (4, -5, 1 << 40, -(1 << 63)):
        refused(computed(data, x=numbers, n=npy([2], [0, index], "<i8")), "theGather",
                status=1)


# ---- inputs ----

def test_inputs_that_do_not_fit():
    data = simple([RELU])
    refused(computed(data, x=npy([5], range(5))), "x", "5", "4", status=1)
    refused(computed(data, x=npy([2, 2], range(4))), "x", status=1)
    made(data, [0, 1, 2, 3], x=npy([4], range(4), "<i8"))  # what numbers mean isn't in doubt
    refused(computed(data, X=npy([4], range(4))), "'X'", "it has x")
    more = model(graph([node("Add", "x n", "y")], [value("x", [4]), value("n", ["k"])],
                       [value("y")]))
    refused(computed(more), "'n'")
    write("x.npy", npy([4], [1, 2, 3, 4])[:-3])
    refused(launch("net", "bad.onnx", "x=x.npy", "-o", "y=y.npy"), where="x.npy", status=1)
    write("x.npy", npy([4], [1, 2, 3, 4]))
    write("bad.onnx", data)
    refused(launch("net", "bad.onnx", "x=x.npy", "-o", "z=y.npy"), "'z'")


def test_many_nodes():
    """Time grows with the number of nodes, not with its square: 60000 take less than a second, and
    far more than the limit if each looks at all others. Sizes with names, values that are used
    twice, and what sees more and more."""
    count, weights = 60000, [tensor("w", [1, 1, 3, 3], [0.0] * 9)]
    chain = [node("Conv", "v%d w" % i, "v%d" % (i + 1)) for i in range(count)]
    pairs = [pair for i in range(count // 2)
             for pair in (node("Conv", "v%d w" % i, "c%d" % i, pads=[1, 1, 1, 1]),
                          node("Mul", "v%d c%d" % (i, i), "v%d" % (i + 1)))]
    residual = [pair for i in range(count // 2)
                for pair in (node("Conv", "v%d w" % i, "c%d" % i, pads=[1, 1, 1, 1]),
                             node("Add", "v%d c%d" % (i, i), "v%d" % (i + 1)))]
    scaled = [pair for i in range(count // 2)
              for pair in (node("Upsample", "v%d s" % i, "c%d" % i),
                           node("MaxPool", "c%d" % i, "v%d" % (i + 1), kernel_shape=[2, 2],
                                strides=[2, 2]))]
    twice = tensor("s", [4], [1.0, 1, 2, 2])
    for what, nodes, tensors, dims, opset in [
            ("names", chain, weights, [1, 1, "h", "w"], 13),
            ("used twice", pairs, weights, [1, 1, 64, 64], 13),
            ("residual", residual, weights, [1, 1, 64, 64], 13),
            ("scaled", scaled, [twice], [1, 1, 64, 64], 9)]:
        last = "v%d" % (count if nodes is chain else count // 2)
        write("many.onnx", model(graph(nodes, [value("v0", dims)], [value(last)], tensors), opset))
        done = limited(resource.RLIMIT_CPU, 40, "net", "many.onnx", "--json")
        equal((done.returncode, done.stderr), (0, b""), what)
        told = json.loads(done.stdout)["nodes"]
        equal(len(told), count // 2 if nodes is residual else count, what)
        if nodes is not scaled:  # of that, fields are only known for as many as is quick
            equal(told[-1]["field"], [2 * count + 1 if nodes is chain else count + 1] * 2, what)
        else:
            equal([told[1]["field"], told[199]["field"]], [[1, 1]] * 2, what)
