"""Networks on several threads give what they give on one, to the last bit. `make check-tsan` runs
these under ThreadSanitizer."""
import os

import numpy as np

import onnx_bytes as onnx
import support
from onnx_bytes import node, value
from support import check, equal, ok, ppm, read, run, write
from unrecorded import without_record

SKIPPED = ("threads of networks: this convtool was built without protobuf-c"
           if b"without protobuf-c" in run("net", "/dev/null").stderr else None)
RANDOM = np.random.default_rng(5)


def weights(name, *dims):
    numbers = RANDOM.standard_normal(dims).astype("<f4") / np.sqrt(np.prod(dims[1:]) or 1)
    return onnx.tensor(name, dims, numbers.astype("<f4").tobytes())


def whole(name, *numbers):
    return onnx.tensor(name, [len(numbers)], list(numbers), onnx.INT64)


def same(model, outputs, **inputs):
    """All outputs, with the threads that shared their work."""
    write("threads.onnx", model)
    for name, numbers in inputs.items():
        np.save(name + ".npy", numbers.astype("f4"))
    made = {}
    for jobs in ["1", "2", "4"]:
        ok("net", "threads.onnx", "-j", jobs, "-f", *("%s=%s.npy" % (n, n) for n in inputs),
           *(word for out in outputs for word in ["-o", "%s=%s-%s.npy" % (out, out, jobs)]))
        made[jobs] = [np.load("%s-%s.npy" % (out, jobs)) for out in outputs]
    for out, one, two, four in zip(outputs, made["1"], made["2"], made["4"]):
        check(np.isfinite(one).all() and one.std() > 0, out + " is constant, or not finite")
        check((one == two).all() and (one == four).all(), out + " depends on the threads")


def test_images_as_tensors():
    nodes = [node("Conv", "x w0 b0", "a", pads=[1, 1, 1, 1]), node("Relu", "a", "b"),
             node("Conv", "b w1", "c", pads=[1, 1, 1, 1], group=16), node("Add", "b c", "d"),
             node("MaxPool", "d", "e", kernel_shape=[2, 2], strides=[2, 2]),
             node("AveragePool", "d", "f", kernel_shape=[2, 2], strides=[2, 2]),
             node("Concat", "e f", "g", axis=1), node("Conv", "g w2", "h"),
             node("ConvTranspose", "h w3", "i", strides=[2, 2]),
             node("Softmax", "i", "softmax", axis=1),
             node("Resize", "h none s", "resize", mode="linear"),
             node("GlobalAveragePool", "i", "k"), node("Flatten", "k", "l"),
             node("Gemm", "l w4", "gemm", transB=1)]
    tensors = [weights("w0", 16, 3, 3, 3), weights("b0", 16), weights("w1", 16, 1, 3, 3),
               weights("w2", 24, 32, 1, 1), weights("w3", 24, 8, 2, 2), weights("w4", 10, 8),
               onnx.tensor("none", [0], []), onnx.tensor("s", [4], [1.0, 1.0, 2.0, 1.5])]
    outputs = ["softmax", "resize", "gemm"]
    model = onnx.model(onnx.graph(nodes, [value("x", ["n", 3, "h", "w"])],
                                  [value(out) for out in outputs], tensors))
    same(model, outputs, x=RANDOM.standard_normal((1, 3, 62, 48)))
    same(model, outputs, x=RANDOM.standard_normal((3, 3, 22, 30)))


def test_products_and_sequences():
    nodes = [node("MatMul", "x w0", "q"), node("MatMul", "x w1", "k"),
             node("Transpose", "k", "t", perm=[0, 2, 1]), node("MatMul", "q t", "s"),
             node("Softmax", "s", "p", axis=-1), node("MatMul", "p x", "attention"),
             node("LayerNormalization", "attention w2", "n", axis=-1),
             node("ReduceMean", "n", "m", axes=[1], keepdims=1), node("Sub", "n m", "centred"),
             node("Transpose", "centred", "u", perm=[1, 0, 2]),
             node("LSTM", "u w3 w4", "lstm last", hidden_size=40),
             node("GRU", "u w5 w6", "gru", hidden_size=24),
             node("CumSum", "centred axis", "cumsum"), node("TopK", "p three", "top places")]
    tensors = [weights("w0", 64, 64), weights("w1", 64, 64), weights("w2", 64),
               weights("w3", 1, 160, 64), weights("w4", 1, 160, 40), weights("w5", 1, 72, 64),
               weights("w6", 1, 72, 24), onnx.tensor("axis", [], [1], onnx.INT64),
               whole("three", 3)]
    outputs = ["attention", "lstm", "last", "gru", "cumsum", "top"]
    model = onnx.model(onnx.graph(nodes, [value("x", ["n", "t", 64])],
                                  [value(out) for out in outputs], tensors), opset=17)
    same(model, outputs, x=RANDOM.standard_normal((6, 50, 64)))


def test_pictures():
    """By rows, in bands; several pictures at once, which share the model."""
    path = os.path.join(support.ROOT, "samples", "networks", "upscale2.onnx")
    os.mkdir("in")
    for i in range(5):
        width, height = 40 + 9 * (i // 2), 90
        write("in/%d.ppm" % i, ppm(width, height, support.noise(3 * width * height, i + 1)))
        ok("net:" + path, "in/%d.ppm" % i, "%d.ppm" % i, "-q", "-j1")
    for jobs in ["2", "4"]:
        os.mkdir("out" + jobs)
        ok("net:" + path, *("in/%d.ppm" % i for i in range(5)), "out" + jobs, "-q", "-j", jobs)
        ok("net:" + path, "in/4.ppm", "alone.ppm", "-qf", "-j", jobs)
        equal(without_record(read("alone.ppm")), without_record(read("4.ppm")), jobs)
        for i in range(5):
            equal(without_record(read("out%s/%d.ppm" % (jobs, i))),
                  without_record(read("%d.ppm" % i)), "%s threads, picture %d" % (jobs, i))
