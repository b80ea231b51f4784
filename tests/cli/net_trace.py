"""--trace of networks: what each node makes, against NumPy on the values themselves."""
import json
import os

import numpy as np

import net
import support
from support import check, equal, images, ok, run, write

CNN = os.path.join(net.NETWORKS, "digits-cnn.onnx")
SEVEN = os.path.join(net.NETWORKS, "digits", "7.png")


def agree(node, values, rtol=1e-5):
    equal(node["shape"], list(values.shape), node["output"])
    equal(node["numbers"], values.size, node["output"])
    finite = values[np.isfinite(values)].astype("f8")
    np.testing.assert_allclose([node["min"], node["mean"], node["max"]],
                               [finite.min(), finite.mean(), finite.max()], rtol, 1e-6)
    np.testing.assert_allclose(node["zeros"], (values == 0).mean(), atol=1e-12)
    equal(node["not_finite"], values.size - finite.size)
    check(0 <= node["seconds"] < 60, "a time")


def test_numbers():
    """Every node of a run on numbers, whole batches."""
    x = np.load(os.path.join(net.NETWORKS, "digits-held-out.npy"))[:7].astype("f4") / 16
    np.save("x.npy", x)
    told = json.loads(ok("net", CNN, "image=x.npy", "--trace", "--json"))
    names = [node["output"] for node in told["nodes"]]
    equal(names, [node["output"] for node in json.loads(ok("net", CNN, "--json"))["nodes"]])
    outputs = [word for name in names for word in ("-o", "%s=%s.npy" % (name, name))]
    ok("net", CNN, "image=x.npy", *outputs)
    for node in told["nodes"]:
        agree(node, np.load(node["output"] + ".npy"))
    lines = ok("net", CNN, "image=x.npy", "--trace").decode().splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("operator"))
    equal(lines[head].split(), "operator output shape ms minimum mean maximum zeros".split())
    relu = next(line for line in lines if line.startswith("Conv + Relu  relu1")).split()
    check(relu[-1] == "%.1f%%" % (100 * (np.load("relu1.npy") == 0).mean()), str(relu))
    check(lines[-1].startswith("in all: ") and lines[-1].endswith(" ms"), lines[-1])


def test_what_is_not_finite():
    net.two_layers()
    x = np.ones((1, 1, 4, 5), "f4")
    x[0, 0, 2, 2] = np.inf
    np.save("x.npy", x)
    told = json.loads(ok("net", "two.onnx", "x=x.npy", "--trace", "--json"))["nodes"]
    ok("net", "two.onnx", "x=x.npy", "-o", "middle=m.npy")
    agree(told[0], np.load("m.npy"))
    equal(told[0]["not_finite"] > 0, True)


def test_rows_of_a_picture():
    """By rows each row counts once, however they are made."""
    net.two_layers()
    write("tall.pgm", support.pgm(23, 301, support.noise(23 * 301)))
    np.save("x.npy", (net.gray("tall.pgm") / np.float32(255)).astype("f4")[None, None])
    ok("net", "two.onnx", "x=x.npy", "-o", "middle=m.npy", "-o", "y=y.npy")
    done = run("net:two.onnx,sobel", "tall.pgm", "o.pgm", "--trace", "--json", "-j4")
    equal(done.returncode, 0)
    stages = images(done.stdout)[0]["trace"]
    equal((stages[0]["name"], stages[0]["in"], stages[0]["out"]),
          ("net:two.onnx", [23, 301, 1], [23, 301, 1]))
    equal(([stage["field"] for stage in stages[:2]], stages[0]["jump"]),
          ([[3, 3], [5, 5]], [1, 1]))
    equal(stages[0]["products"], 20 * 23 * 301)
    check(all("nodes" not in stage for stage in stages[1:]), "they are the network's")
    for node, name in zip(stages[0]["nodes"], ["m.npy", "y.npy"]):
        agree(node, np.load(name))
    text = run("net:two.onnx,sobel", "tall.pgm", "o.pgm", "--trace").stdout.decode()
    check("\nthe network's nodes\noperator " in text and max(map(len, text.splitlines())) <= 100,
          text)
    plain = net.numbers("net:two.onnx", "tall.pgm")
    check((net.numbers("net:two.onnx", "tall.pgm", "-q") == plain).all(), "the same result")


def test_with_classes_and_batches():
    lines = ok("net", CNN, SEVEN, "--top", "1", "--trace").decode().splitlines()
    equal(lines[1].split()[0], "7")
    check(lines[2].startswith("operator ") and len(lines) == 12, str(lines))
    told = [json.loads(line) for line in
            ok("net", CNN, SEVEN, "--top", "1", "--trace", "--json").splitlines()]
    equal(told[1]["nodes"][-1]["output"], "probabilities")
    net.two_layers()
    os.mkdir("out")
    done = run("net:two.onnx", "in.pgm", "step.pgm", "out", "--trace", "--json")
    for image in images(done.stdout):
        nodes = image["trace"][0]["nodes"]
        equal([node["numbers"] for node in nodes],
              [count * image["to"]["width"] * image["to"]["height"] for count in (2, 1)])


def test_needs_numbers():
    net.two_layers()
    net.fails(2, r"convtool: two.onnx: --trace: the network runs only with numbers .* x=a.npy",
              "net", "two.onnx", "--trace")
