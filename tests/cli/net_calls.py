"""Calls of convtool net: pictures for inputs by name, stages for models, and what wrong ones are
told."""
import json
import os
import re

import numpy as np

import onnx_bytes as onnx
from net import NETWORKS, conv, fails, gray, numbers, readme, save, two_layers
from support import check, equal, ok, pgm, run, write
from support import noise

UINT8 = 2  # as in ONNX


def by_name(model, operand, *more):
    ok("net", model, operand, "-o", "y=named.npy", "-f", *more)
    return np.load("named.npy")


def same(name, *arguments):
    """What `arguments` begin with is a stage; the rest is its picture and options."""
    stage, picture, *more = arguments
    filtered = numbers(stage, picture, *more)
    named = by_name(stage, name + "=" + picture, *more)[0]
    np.testing.assert_allclose(np.moveaxis(named, 0, -1).reshape(filtered.shape), filtered,
                               rtol=1e-5, atol=1e-6, err_msg=str(arguments))
    return filtered


# ---- pictures ----

def test_pictures_by_name():
    """A picture is prepared alike, filtered or by its input's name: range, colours, alpha, depth,
    upright."""
    save("three.onnx", [conv(np.eye(3)[:, :, None, None])], ["n", 3, "h", "w"])
    two_layers()
    for stage, picture in [("net:two.onnx", "in.pgm"), ("net:two.onnx:range=0..255", "in.pgm"),
                           ("net:two.onnx", "deep.pgm"), ("net:two.onnx", "noise.ppm"),
                           ("net:three.onnx:order=bgr:mean=0.5:std=0.25/0.5/1", "noise.ppm"),
                           ("net:three.onnx", "in.pgm"), ("net:three.onnx", "rgba.pam")]:
        same("x", stage, picture)
    write("turned.jpg", turned_jpeg())
    equal(same("x", "net:two.onnx", "turned.jpg").shape, (40, 30))
    np.testing.assert_allclose(by_name("two.onnx", "x=in.pgm", "-o", "middle=m.npy"),
                               by_name("net:two.onnx", "x=in.pgm"))
    said = run("net", "two.onnx", "x=noise.ppm", "-v").stderr.decode()
    equal(said, "convtool: noise.ppm: network: assumed: black is 0 and white 1 (range=), "
                "gray is made of the colours\n")
    equal(run("net", "net:two.onnx:range=0..255", "x=in.pgm", "-v").stderr, b"")


def turned_jpeg():
    """Noise of 40x30 that says it lies on its side."""
    import io

    from PIL import Image
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x112] = 6
    Image.frombytes("L", (40, 30), bytes(noise(1200))).save(out, "jpeg", quality=95, exif=exif)
    return out.getvalue()


def test_numbers_stay():
    """Tables, .npy, and pictures for whole numbers are what they are; range= asks for samples."""
    save("ones.onnx", [conv([[[[1]]]])], ["n", 1, "h", "w"])
    write("t.txt", b"10 20\n30 255\n")
    equal(by_name("ones.onnx", "x=t.txt").ravel().tolist(), [10, 20, 30, 255])
    np.save("x.npy", np.float32([[[[10, 200]]]]))
    equal(by_name("ones.onnx", "x=x.npy").ravel().tolist(), [10, 200])
    equal(by_name("net:ones.onnx:range=0..255", "x=in.pgm").ravel().tolist(),
          gray("in.pgm").ravel().tolist())
    for kind in (onnx.INT64, UINT8):
        write("whole.onnx", onnx.model(onnx.graph(
            [onnx.node("Add", "x x", "y")], [onnx.value("x", ["n", 1, "h", "w"], kind)],
            [onnx.value("y")])))
        write("low.pgm", pgm(2, 1, [3, 100]))
        equal(by_name("whole.onnx", "x=low.pgm").ravel().tolist(), [6, 200])


def test_two_pictures():
    """Each input of several is prepared."""
    plane = ["n", 1, "h", "w"]
    write("both.onnx", onnx.model(onnx.graph(
        [onnx.node("Sub", "a b", "y")], [onnx.value("a", plane), onnx.value("b", plane)],
        [onnx.value("y")])))
    ok("net", "both.onnx", "a=in.pgm", "b=step.pgm", "-o", "y=y.npy")
    want = (gray("in.pgm").astype("f4") - gray("step.pgm")) / 255
    np.testing.assert_allclose(np.load("y.npy")[0, 0], want, atol=1e-6)


# ---- stages ----

def test_stage_for_model():
    """MODEL may be a stage in every form of the call."""
    two_layers()
    equal(ok("net", "net:two.onnx"), ok("net", "two.onnx"))
    ok("net", "net:two.onnx:range=0..255", "in.pgm", "a.pgm", "-q")
    lines = ok("net", "net:two.onnx:out=middle", "x=in.pgm").decode().splitlines()
    equal(lines[0], "# middle: float [1, 2, 3, 4]")
    check(ok("net", "net:two.onnx:out=middle").decode().find("output  middle: ") > 0, "its output")
    fails(2, r"convtool: net: net:two.onnx,sobel: MODEL is a file, or the one stage net:FILE, .*",
          "net", "net:two.onnx,sobel", "x=in.pgm")
    fails(2, r"convtool: two.onnx: the model has no value 'nil'", "net", "net:two.onnx:out=nil")


# ---- wrong calls ----

def test_hints():
    two_layers()
    write("7.pgm", pgm(2, 2, [1, 2, 3, 4]))
    for pattern, call in [
            (r"two.onnx: nothing is behind the = of 'x='; expected NAME=FILE or NAME=SHAPE, .*",
             "net two.onnx x="),
            (r"two.onnx: nothing is behind the = of 'x='; .*", "net two.onnx x= y.pgm"),
            (r"two.onnx: --output: middle={map}.png: {map} names pictures of a value's channels: "
             r"convtool net:two.onnx:out=middle PICTURE -o '{map}.png'",
             "net two.onnx x=in.pgm -o middle={map}.png"),
            (r"two.onnx: --output: y=y.png: tensors are written as .npy, .pb, .csv, .tsv or text; "
             r"for a picture: convtool net:two.onnx:out=y PICTURE y.png",
             "net two.onnx x=in.pgm -o y=y.png"),
            (r"in.pgm: it isn't an ONNX model but a picture; the model comes first",
             "net in.pgm o.pgm"),
            (r"in.pgm: it isn't an ONNX model but a picture; the model comes first", "net in.pgm"),
            (r"none.onnx: can't open: .*", "net none.onnx o.pgm"),
            (r"net: no OUTPUT after in.pgm; or --top 5 prints the best classes, and x=in.pgm all "
             r"numbers", "net two.onnx in.pgm"),
            (r"net: no OUTPUT after in.pgm; .* x=in.pgm all numbers", "net net:two.onnx in.pgm")]:
        fails(2, "convtool: " + pattern, *call.split())
    fails(1, r"convtool: 7: can't open: No such file or directory; did you mean 7.pgm\?",
          "net:two.onnx", "7", "o.pgm")
    said = run("net:two.onnx", "7", "7.pgm", "o.pgm").stderr.decode()
    check("did you mean the filter" not in said, said)
    ok("net:two.onnx:out=middle", "in.pgm", "-o", "{stem}-{map}.pgm", "-q")
    fails(2, r"convtool: m.pgm: 2 channels .*", "net:two.onnx:out=middle", "in.pgm", "m.pgm")
    save("nine.onnx", [conv(np.ones((9, 1, 1, 1)))], ["n", 1, "h", "w"])
    fails(2, r"convtool: m.png: 9 channels, more than png holds: try --maps, or -o "
          r"'{stem}-{map}.png' for a file each, .*", "net:nine.onnx", "in.pgm", "m.png")


def test_exit_status():
    """2 where the call can't be carried out, whatever its form; 1 where an input fails."""
    two_layers()
    np.save("x.npy", np.zeros((1, 1, 3, 4), "f4"))
    np.save("five.npy", np.zeros((1, 5, 3, 4), "f4"))
    for status, call in [
            (2, "net none.onnx"), (2, "net text.txt"), (2, "net text.txt x=x.npy"),
            (2, "net text.txt in.pgm o.pgm"), (2, "net:text.txt in.pgm o.pgm"),
            (2, "net:text.txt in.pgm --at 0,0"), (2, "net text.txt in.pgm --top 1"),
            (2, "net two.onnx x=1x5x3x4"), (2, "net two.onnx x=x.npy --top 1 --labels none"),
            (2, "net two.onnx in.pgm --top 1 --labels none"),
            (1, "net two.onnx x=none.npy"), (1, "net two.onnx x=five.npy"),
            (1, "net two.onnx x=text.txt"), (1, "net two.onnx none.pgm o.pgm"),
            (1, "net:two.onnx none.pgm o.pgm")]:
        equal(run(*call.split()).returncode, status, call)


# ---- parameters ----

def count_parameters(path):
    return json.loads(ok("net", path, "--json"))["parameters"]


def test_parameters():
    """Weights of layers, as PyTorch counts them; not what only says how an operator works."""
    for name, before in re.findall(r"<!-- (\S+) -->\nSeed \d+. (\d+) parameters", readme()):
        normalised = {"digits-residual": 144}  # scales and shifts, which convolutions take in
        equal(count_parameters(os.path.join(NETWORKS, name + ".onnx")),
              int(before) - normalised.get(name, 0), name)
    tensors = [onnx.tensor("scales", [4], [1.0, 1, 2, 2]), onnx.tensor("low", [], [0.0]),
               onnx.tensor("high", [], [1.0]), onnx.tensor("factor", [1, 1, 1, 1], [3.0]),
               onnx.tensor("shift", [2, 1, 1], [1.0, 2]), onnx.tensor("slope", [1], [0.5])]
    tensors += [onnx.tensor("roi", [8], [0.0] * 4 + [1.0] * 4)]
    nodes = [onnx.node("Resize", "x roi scales", "a", mode="nearest"),
             onnx.node("Clip", "a low high", "b"), onnx.node("Mul", "b factor", "c"),
             onnx.node("Add", "c shift", "d"), onnx.node("PRelu", "d slope", "y")]
    write("some.onnx", onnx.model(onnx.graph(nodes, [onnx.value("x", [1, 2, 4, 4])],
                                             [onnx.value("y")], tensors)))
    told = json.loads(ok("net", "some.onnx", "--json"))
    equal([node["parameters"] for node in told["nodes"]], [0, 0, 0, 2, 1])


def test_classes_as_a_picture():
    """Ten shares are ten black pixels: that's said."""
    model = os.path.join(NETWORKS, "digits-cnn.onnx")
    seven = os.path.join(NETWORKS, "digits", "7.png")
    done = run("net:" + model, seven, "o.png")
    equal((done.returncode, done.stderr.decode()),
          (0, "convtool: warning: %s: no value is above 1, and white is 255: the picture is black; "
              "try --scale 255 or --map minmax\n" % seven))
    equal(run("net:" + model, seven, "o.csv").stderr, b"")
