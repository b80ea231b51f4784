"""What comes in and goes out: layout= and range= of the stage net, against NumPy."""
import numpy as np

import net
import onnx_bytes as onnx
from net_fields import Network
from support import check, equal, ok, run, write


def channels_last(path="last.onnx", dims=("n", "h", "w", 3), doubled=True):
    """y = 2 x + (0, 1, 2) for the channels, which come last."""
    bias = onnx.tensor("b", [3], [0, 1, 2])
    write(path, onnx.model(onnx.graph(
        [onnx.node("Add", "x x", "twice"), onnx.node("Add", "twice b", "y")],
        [onnx.value("x", dims)], [onnx.value("y")], [bias])))


def test_layout():
    """Seen from the shape, or said; rows and columns aren't mixed up."""
    colours = net.numbers("identity", "noise.ppm") / 255
    height, width = colours.shape[:2]
    channels_last()
    np.testing.assert_allclose(net.numbers("net:last.onnx", "noise.ppm"),
                               2 * colours + [0, 1, 2], atol=1e-6)
    said = run("net:last.onnx", "noise.ppm", "o.npy", "-fv").stderr.decode()
    check("channels come last (layout=)" in said and "(layout=hwc)" in said, said)
    said = run("net:last.onnx:layout=hwc", "noise.ppm", "o.npy", "-fv").stderr.decode()
    check("(layout=)" not in said, said)
    channels_last("any.onnx", ("n", "a", "b", "c"))
    net.fails(1, r".*node 'theAdd'.*", "net:any.onnx", "noise.ppm", "o.npy", "-f")
    np.testing.assert_allclose(net.numbers("net:any.onnx:layout=hwc", "noise.ppm"),
                               2 * colours + [0, 1, 2], atol=1e-6)
    channels_last("three.onnx", ("h", "w", 3))
    np.testing.assert_allclose(net.numbers("net:three.onnx", "noise.ppm"),
                               2 * colours + [0, 1, 2], atol=1e-6)
    channels_last("fixed.onnx", (1, height, width, 3))
    np.testing.assert_allclose(net.numbers("net:fixed.onnx:order=bgr", "noise.ppm"),
                               2 * colours[..., ::-1] + [0, 1, 2], atol=1e-6)
    channels_last("small.onnx", (1, 5, 6, 3))
    net.fails(1, r".*the model wants 6x5 pixels, and the image has .*", "net:small.onnx",
              "noise.ppm", "o.npy", "-f")
    net.two_layers()
    ok("net:two.onnx", "noise.pgm", "a.npy", "-q")
    ok("net:two.onnx:layout=chw", "noise.pgm", "b.npy", "-q")
    equal((np.load("a.npy") == np.load("b.npy")).all(), True)


def test_explain_channels_last():
    channels_last()
    made = net.numbers("net:last.onnx", "noise.ppm")
    text = ok("explain", "net:last.onnx", "noise.ppm", "--at", "3,2", "--channel", "1").decode()
    check("agrees" in text and "Add = %.6g\n" % made[2, 3, 1] in text, text)


def test_range_of_a_picture():
    """A picture that comes out has the range's low end as its black."""
    for low, high in [(-1, 1), (0, 255), (2, 6), (-0.5, 0.5)]:
        network = Network().add("Identity")
        network.save("same.onnx", ["n", 1, "h", "w"])
        chain = "net:same.onnx:range=%g..%g" % (low, high)
        ok(chain, "noise.pgm", "same.pgm", "-qf")
        equal((net.gray("same.pgm") == net.gray("noise.pgm")).all(), True, chain)
        ok(chain + ",invert", "noise.pgm", "inverse.pgm", "-qf")
        equal((net.gray("inverse.pgm") == 255 - net.gray("noise.pgm")).all(), True, chain)
        said = run(chain, "noise.pgm", "same.pgm", "-fv").stderr.decode()
        check("what comes out is in the same range (range=)" in said, said)
    gray = net.gray("noise.pgm") / 255
    np.testing.assert_allclose(net.numbers("net:same.onnx:range=-1..1", "noise.pgm"), 2 * gray,
                               atol=1e-6)
    network = Network().conv((1, 1), out=2)
    network.save("maps.onnx", ["n", 1, "h", "w"])
    np.testing.assert_allclose(net.numbers("net:maps.onnx:range=-1..1", "noise.pgm")[..., 0],
                               2 * gray - 1, atol=1e-6, err_msg="layers stay as they are")
