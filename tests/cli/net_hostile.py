"""Networks that are wrong, or meant to do harm: each is refused with one line, and nothing is
written. The files are made by onnx_bytes.py."""
import os
import resource
import re
import signal
import struct
import subprocess

import support
from onnx_bytes import (BOOL, FLOAT, INT64, STRING, attribute, graph, in_graph, in_tensor, model,
                        node, number, part, parts, simple, tensor, value)
from support import check, equal, read, write

RELU = node("Relu", "x", "y")
MOST_MEMORY = 128  # MiB, of which the program itself needs some
SKIPPED = ("hostile networks: this convtool was built without protobuf-c"
           if b"without protobuf-c" in support.run("net", "/dev/null").stderr else None)
SANITIZED = any(name in read(support.CONVTOOL) for name in [b"__asan_init", b"__tsan_init"])


def npy(dims, numbers, kind="<f4"):
    header = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }" % (
        kind, "".join("%d," % size for size in dims))
    header += " " * (-(len(header) + 11) % 64) + "\n"
    code = {"<f4": "f", "<i8": "q"}[kind]
    return (b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode()
            + struct.pack("<%d%s" % (len(numbers), code), *numbers))


def limit_memory():
    """Counts the program's own memory alone: what the kernel says of a process's peak includes that
    of the process that started it."""
    if not SANITIZED:
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY << 20, MOST_MEMORY << 20))


def launch(*words):
    """Status, standard error and output of a run that may take 20 seconds, and MOST_MEMORY."""
    with open("said", "wb") as said:
        process = subprocess.Popen([support.CONVTOOL, *words], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=said, env=support.ENVIRONMENT,
                                   preexec_fn=limit_memory)
        previous = signal.signal(signal.SIGALRM, lambda *_: process.kill())
        signal.alarm(60 if SANITIZED else 20)
        printed = process.stdout.read()
        process.stdout.close()
        process.wait()
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)
    said = read("said").decode(errors="replace")
    return process.returncode, said, printed


def table(data):
    """`convtool net` of a file called bad.onnx with these bytes."""
    if data is not None:
        write("bad.onnx", data)
    return launch("net", "bad.onnx")


def computed(data, *words, **inputs):
    """The same with inputs, x = 1 2 3 4 unless they are given, to a file y.npy."""
    if data is not None:
        write("bad.onnx", data)
    inputs = inputs or {"x": npy([4], [1, 2, 3, 4])}
    for name, numbers in inputs.items():
        write(name + ".npy", numbers)
    return launch("net", *words, "bad.onnx", *("%s=%s.npy" % (n, n) for n in inputs), "-o",
                  "y=y.npy")


def refused(result, *words, status=2, where="bad.onnx"):
    """One line that begins with the file's name and has all these words, nothing printed, nothing
    written, not much memory."""
    got, said, printed = result
    what = "status %d, %r" % (got, said)
    check(got == status, what + "; expected status %d" % status)
    equal(printed, b"", "standard output")
    check(said.count("\n") == 1 and said.endswith("\n"), what + "; expected one line")
    check(said.startswith("convtool: ") and where in said, what + "; expected the file's name")
    for word in words:
        check(re.search(word, said), what + "; expected " + word)
    check(all(c >= " " for c in said[:-1]), what + "; control characters")
    check(len(said) < 1200, what + "; a very long line")
    check(not os.path.exists("y.npy"), what + "; there is an output")
    equal(support.temporary_files(), [], "temporary files")


def made(data, expected, *words, **inputs):
    """The counterpart: this must work."""
    got, said, _ = computed(data, *words, **inputs)
    check(got == 0 and said == "", "status %d, %r" % (got, said))
    header = read("y.npy")
    start = 10 + struct.unpack("<H", header[8:10])[0]
    equal(struct.unpack("<%df" % len(expected), header[start:]), tuple(expected), "y")
    os.remove("y.npy")


def all_refused(cases, **more):
    """Of {what: (a function, the words)}: those that aren't refused are named at once."""
    wrong = []
    for what, (run, *words) in cases.items():
        try:
            refused(run(), *words, **more)
        except AssertionError as error:
            wrong.append("%s: %s" % (what, error))
    check(not wrong, "\n".join(wrong))


# ---- no model at all ----

def test_files_that_are_no_networks():
    made(simple([RELU]), [1, 2, 3, 4])
    for data in [b"", b"hello\n", read("in.pgm"), b"\0" * 100, b"\xff" * 100, number(1, 7),
                 part(7, b"")[:1], b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"]:
        refused(table(data))
        refused(computed(data))
    refused(launch("net", "none.onnx"), "none.onnx", where="none.onnx")
    os.mkdir("folder.onnx")
    refused(launch("net", "folder.onnx"), where="folder.onnx")


def test_networks_that_are_cut_off():
    whole = simple([node("MatMul", "x w", "h"), node("Relu", "h", "y")],
                   [tensor("w", [4, 2], list(range(8)))])
    equal(table(whole)[0], 0)
    for length in list(range(1, len(whole), 5)) + [len(whole) - 1]:
        refused(table(whole[:length]))


def test_damaged_networks_do_no_harm():
    whole = simple([node("Conv", "x w", "h", pads=[1, 1, 1, 1]), node("Relu", "h", "y")],
                   [tensor("w", [2, 1, 3, 3], list(range(18)))], dims=(1, 1, 4, 4))
    image = npy([1, 1, 4, 4], range(16))
    for seed in range(40):
        at, to = (support.noise(4, seed + 1)[i] for i in (1, 3))
        at = (at * 7 + seed) % len(whole)
        status, said, _ = computed(whole[:at] + bytes([to]) + whole[at + 1:], "-q", "-f",
                                         x=image)
        check(status in (0, 1, 2) and said.count("\n") == (status != 0),
              "byte %d is %d: status %d, %r" % (at, to, status, said))


def test_opsets():
    refused(table(simple([RELU], opset=None)), "opset")
    for opset in (0, 99, -1, 1 << 62):
        refused(table(simple([RELU], opset=opset)), "opset", str(opset))


# ---- graphs ----

def test_cycles():
    pair = [node("Add", "x b", "a", "first"), node("Relu", "a", "b", "second")]
    refused(table(simple(pair + [node("Relu", "b", "y")])), "cycle", "first|second")
    refused(table(simple([node("Add", "x y", "y", "own")])), "cycle", "own")


def test_tensors_that_are_missing_or_made_twice():
    refused(table(simple([node("Add", "x nowhere", "y")])), "theAdd", "nowhere")
    refused(table(simple([node("Relu", "x", "other")])), "'y'")
    refused(table(simple([RELU, node("Abs", "x", "y")])), "'y'", "two|twice")
    refused(table(simple([RELU], [tensor("w", [1], [1]), tensor("w", [1], [2])])), "'w'")
    refused(table(simple([node("Relu", "", "y")])), "theRelu", "input")
    refused(table(simple([node("Relu", "x", "")])), "output")
    refused(table(simple([node("Relu", "x x x", "y")])), "theRelu", "3 inputs")


def nested(depth, inner, both=False):
    """A graph whose If has the same graph in it, and so on; if `both`, in both branches."""
    for level in range(depth):
        body = in_graph(graph([inner], [], [value("z%d" % level)]))
        inner = node("If", "c", "z%d" % (level + 1), "if%d" % level, then_branch=body,
                     **({"else_branch": body} if both else {}))
    return inner


def test_bodies_within_bodies():
    for depth in (200, 5000):
        outer = nested(depth, node("Relu", "x", "z0"))
        data = model(graph([outer], [value("x", [4]), value("c", [], 9)], [value("z%d" % depth)]))
        refused(table(data), "deep")


def test_bodies_that_make_no_sense():
    # A body can't use what its own node makes.
    body = graph([node("Relu", "y", "z")], [], [value("z")])
    looped = node("If", "c", "y", then_branch=in_graph(body), else_branch=in_graph(body))
    refused(table(model(graph([looped], [value("x", [4]), value("c", [], 9)], [value("y")]))),
            "theIf|theRelu", "cycle|'y'")
    inputs = [value("x", [4]), value("c", [], 9)]
    inner = in_graph(graph([node("Relu", "x", "z")], [], [value("z")]))
    for branches in [{}, dict(then_branch=inner), dict(then_branch=3, else_branch=inner)]:
        chosen = node("If", "c", "y", **branches)
        refused(table(model(graph([chosen], inputs, [value("y")]))), "theIf",
                "then_branch|else_branch")


def test_functions_that_call_themselves():
    again = part(1, "Again") + part(4, "in") + part(5, "out") + part(
        7, node("Again", "in", "out", domain="own")) + part(10, "own")
    refused(table(simple([node("Again", "x", "y", domain="own")], own=1) + part(25, again)),
            "Again", "theAgain", "functions of a model's own aren't supported")


def test_operators_that_are_not_supported():
    nodes = [node("Frobnicate", "x", "a", "one"), node("Relu", "a", "b"),
             node("Conv", "b b", "c", "two", domain="com.example"),
             node("Widget", "c", "y", "three")]
    refused(table(simple(nodes, **{"com.example": 1})), "Frobnicate.*one",
            "com.example.Conv.*two", "Widget.*three", "support")
    inner = graph([node("Gadget", "x", "z", "inside")], [], [value("z")])
    both = [node("If", "c", "a", then_branch=in_graph(inner), else_branch=in_graph(inner)),
            node("Frobnicate", "a", "y", "outside")]
    refused(table(model(graph(both, [value("x", [4]), value("c", [], 9)], [value("y")]))),
            "Gadget.*inside", "Frobnicate.*outside")
    many = [node("Odd%d" % i, "x", "y%d" % i, "odd%d" % i) for i in range(3000)]
    refused(table(simple(many + [RELU])), "Odd0", "more")


def test_names_that_would_spoil_a_terminal():
    refused(table(simple([node("Add", "x nowhere", "y", "n" * 100000)])))
    for name in ("a\nb", "a\x1b[31mb", "a\rb", "a\0b", "\x7f\x80", "n" * 300):
        refused(table(simple([node("Add", "x nowhere", "y", name)])), "nowhere")
        refused(table(simple([node("Frob" + name, "x", "y", name)])), "Frob", "support")
        text = part(1, b"x") + part(1, name) + part(2, b"y") + part(3, b"n") + part(4, b"Add")
        refused(table(simple([text])))


# ---- tensors ----

def with_weight(weight):
    return simple([node("Add", "x w", "y")], [weight])


def test_shapes_that_overflow():
    for dims in [1 << 32, 1 << 32], [1 << 62, 4], [(1 << 63) - 1], [3, 1 << 61, 5]:
        for data in (b"", b"\0" * 16, None):
            refused(table(with_weight(tensor("w", dims, data))), "'w'")
    refused(table(with_weight(tensor("w", [-1], [1]))), "'w'", "-1")
    refused(table(with_weight(tensor("w", [-(1 << 63)], [1]))), "'w'")
    refused(table(with_weight(tensor("w", [1] * 40, [1]))), "'w'", "40")


def test_shapes_that_disagree_with_the_data():
    made(with_weight(tensor("w", [4], [1, 2, 3, 4])), [2, 4, 6, 8])
    for dims, data in [([4], [1, 2, 3]), ([4], [1, 2, 3, 4, 5]), ([4], b"\0" * 15), ([], []),
                       ([2, 2, 2], [1]), ([0], [1]), ([4], None), ([1 << 40], [1])]:
        refused(table(with_weight(tensor("w", dims, data))), "'w'")
    floats = number(1, 4) + number(2, FLOAT) + part(8, "w") + part(4, struct.pack("<3f", 1, 2, 3))
    refused(table(with_weight(floats)), "'w'", "3")
    refused(table(with_weight(tensor("w", [4], b"\0" * 16, kind=99))), "'w'", "99|type|support")
    refused(table(with_weight(tensor("w", [1], None, kind=STRING) + part(6, "text"))), "'w'")
    shorts = number(1, 4) + number(2, FLOAT) + part(8, "w") + part(5, b"\1\2\3\4")
    refused(table(with_weight(shorts)), "'w'")
    wrong = tensor("w", [3], [1, 2, 3])
    refused(table(with_weight(wrong)), "theAdd", "3", "4")


def outside(**said):
    return with_weight(tensor("w", [4], None, outside=said))


def test_data_in_other_files():
    write("w.bin", struct.pack("<6f", 9, 1, 2, 3, 4, 9))
    os.mkdir("sub")
    write("sub/w.bin", struct.pack("<4f", 4, 3, 2, 1))
    made(outside(location="w.bin", offset=4, length=16), [2, 4, 6, 8])
    made(outside(location="sub/w.bin"), [5, 5, 5, 5])
    for said in [dict(location="w.bin", offset=12), dict(location="w.bin", offset=4, length=12),
                 dict(location="w.bin", offset=1 << 62), dict(location="w.bin", offset=-4),
                 dict(location="w.bin", offset="4x"), dict(location="w.bin", length=1 << 63),
                 dict(location="w.bin", offset=(1 << 64) + 4), dict(location=""),
                 dict(location="none.bin"), dict(location="sub"), dict(offset=0)]:
        refused(table(outside(**said)), "'w'")


def test_data_outside_the_folder_of_the_network():
    write("w.bin", struct.pack("<4f", 1, 2, 3, 4))
    os.makedirs("model/deep")
    os.symlink("../w.bin", "model/link.bin")
    os.symlink("..", "model/up")
    os.symlink("/dev/zero", "model/zero")
    os.symlink("deep", "model/inside")
    write("model/deep/w.bin", struct.pack("<4f", 1, 1, 1, 1))
    os.mkfifo("model/pipe")
    for location in [os.path.abspath("w.bin"), "../w.bin", "deep/../../w.bin", "./../w.bin",
                     "link.bin", "up/w.bin", "zero", "pipe", "/dev/zero", "..", ".",
                     "deep/../../model/../w.bin"]:
        write("model/bad.onnx", outside(location=location))
        refused(launch("net", "model/bad.onnx"), "'w'")
        refused(launch("net", "model/bad.onnx", "x=in.pgm", "-o", "y=y.npy"), "'w'")
    write("model/bad.onnx", outside(location="deep/w.bin"))
    equal(launch("net", "model/bad.onnx")[0], 0, "status")


# ---- what would go unnoticed ----

def test_attributes_of_another_kind():
    weight = [tensor("w", [1, 1, 2, 2], [1, 2, 3, 4])]
    for name, given, what in [
            ("strides", 1.0, "a float, where a list of whole numbers"),
            ("pads", "same", "a text, where a list of whole numbers"),
            ("dilations", 3, "a whole number, where a list of whole numbers"),
            ("auto_pad", [1], "a list of whole numbers, where a text"),
            ("group", 2.0, "a float, where a whole number"),
            ("kernel_shape", in_tensor(weight[0]), "a tensor, where a list of whole numbers")]:
        conv = node("Conv", "x w", "y", **{name: given})
        refused(table(simple([conv], weight, dims=(1, 1, 4, 4))),
                r"node 'theConv' \(Conv\): attribute '%s' is %s is expected" % (name, what))
    twice = node("Softmax", "x", "y", axis=0) + part(5, attribute("axis", 0))
    refused(table(simple([twice])), r"node 'theSoftmax' \(Softmax\): .*'axis' twice")
    made(simple([node("LeakyRelu", "x", "y", alpha=0.5, note="of no operator")]), [1, 2, 3, 4])


def looped(condition, *inputs, tensors=(), inside=()):
    """x goes round as it is, as long as the nodes of `condition`, from `on` to `next`, say."""
    body = graph([*condition, node("Identity", "v", "w")],
                 [value("i", [], INT64), value("on", [], BOOL), value("v")],
                 [value("next", [], BOOL), value("w")], inside)
    loop = (parts(1, inputs) + part(2, "y") + part(3, "theLoop") + part(4, "Loop")
            + part(5, attribute("body", in_graph(body))))
    return model(graph([loop], [value("x", [4])], [value("y")], tensors))


def test_loops_that_never_end():
    true, false = (tensor("t", [], data, kind=BOOL) for data in (b"\1", b"\0"))
    same = [node("Identity", "on", "next")]
    many = tensor("n", [], [(1 << 63) - 1], INT64)
    for data in [looped(same, "", "", "x"), looped(same, "", "t", "x", tensors=[true]),
                 looped(same, "n", "", "x", tensors=[many]),
                 looped([node("Identity", "t", "next")], "", "", "x", inside=[true]),
                 looped([node("Constant", "", "next", value=in_tensor(true))], "", "", "x")]:
        refused(table(data), r"node 'theLoop' \(Loop\): it never ends")
        refused(computed(data), r"node 'theLoop' \(Loop\): it never ends", status=1)
    made(looped(same, "", "t", "x", tensors=[false]), [1, 2, 3, 4])
    made(looped(same, "n", "", "x", tensors=[tensor("n", [], [9], INT64)]), [1, 2, 3, 4])
    made(looped([node("Not", "on", "next")], "", "", "x"), [1, 2, 3, 4])


def test_versions_of_the_file():
    whole = simple([RELU])
    rest = whole[len(number(1, 7)):]
    made(number(1, 3) + rest, [1, 2, 3, 4])
    made(number(1, 13) + rest, [1, 2, 3, 4])
    for version in (0, 99, -1, 1 << 62):
        refused(table(number(1, version) + rest), "IR version %d" % version)


def test_files_of_other_formats():
    write("bad.jpg", read("in.pgm"))
    support.ok("identity", "bad.jpg", "real.jpg")
    for data in [read("real.jpg"), b"x = 1\n" * 200, b"PK\3\4" + bytes(60), b"\x89PNG\r\n\x1a\n"]:
        refused(table(data), "isn't an ONNX model")


def test_data_that_is_there_twice_or_sparse():
    both = tensor("w", [4], [1, 2, 3, 4]) + part(4, struct.pack("<4f", 1, 2, 3, 4))
    refused(table(simple([node("Add", "x w", "y")], [both])), "'w'", "2 ways")
    sparse = part(1, tensor("w", [1], [1.0])) + part(2, tensor("", [1], [0], INT64)) + number(3, 4)
    whole = graph([node("Add", "x w", "y")], [value("x", [4])], [value("y")]) + part(15, sparse)
    refused(table(model(whole)), "sparse")
    refused(table(model(graph([RELU], [value("x", [4], STRING)], [value("y")]))), "'x' is text")
    refused(table(model(graph([RELU], [value("x", [4]), value("x", [4])], [value("y")]))),
            "two values 'x'")
    refused(table(simple([RELU], dims=(-3, 4))), "'x' has a size of -3")


def test_a_megabyte_of_branches():
    inner = nested(13, node("Relu", "x", "z0"), both=True)
    data = model(graph([inner], [value("x", [4]), value("c", [], BOOL)], [value("z13")]))
    check(len(data) > 900000, "%d bytes" % len(data))
    status, said, printed = table(data)
    check(status == 0 and said == "" and b"If" in printed, "status %d, %r" % (status, said))
