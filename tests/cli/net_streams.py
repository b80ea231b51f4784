"""Streams through networks, image by image."""
import json

import net
import support
from support import check, equal, ok, pgm, read, run, write
from unrecorded import without_record
from videos import frames, raw, video, with_ffmpeg


def pictures(count, width=23, height=17):
    return [pgm(width, height, support.noise(width * height, i + 1)) for i in range(count)]


def one_by_one(chain, images):
    made = []
    for image in images:
        write("one.pgm", image)
        ok(chain, "one.pgm", "made.pgm", "-qf")
        made.append(without_record(read("made.pgm")))
    return b"".join(made)


def test_each_image_goes_through():
    """By rows, and with the whole image; with stages behind; from a file and through a pipe."""
    net.two_layers()
    network = net.onnx.model(net.onnx.graph(
        [net.onnx.node("ReduceMean", "x", "mean", axes=[3], keepdims=1),
         net.onnx.node("Sub", "x mean", "y")],
        [net.onnx.value("x", net.PLANE)], [net.onnx.value("y")]))
    write("mean.onnx", network)
    images = pictures(4)
    write("all.pgm", b"".join(images))
    for chain in ["net:two.onnx", "net:mean.onnx", "net:two.onnx,box,threshold:40%"]:
        want = one_by_one(chain, images)
        for jobs in ["-j1", "-j3"]:
            done = run(chain, "-q", jobs, "--format", "pgm", "-", "-", stdin=read("all.pgm"))
            equal((done.returncode, done.stdout == want), (0, True), chain + jobs)
        ok(chain, "all.pgm", "out.pgm", "-qf")
        check(frames(without_record(read("out.pgm"))) == frames(want), chain + ", a file")
    report = json.loads(run("net:two.onnx", "all.pgm", "out.pgm", "-qf", "--json").stdout
                        .splitlines()[0])
    equal(report["frames"], 4)


def test_images_of_another_kind():
    net.two_layers()
    write("two.pgm", pictures(1)[0] + pictures(1, 9, 9)[0])
    done = run("net:two.onnx", "two.pgm", "out.pgm", "-f")
    equal(done.returncode, 1)
    check(b"frame 2: the images of a stream that goes through a network must be of one size"
          in done.stderr, done.stderr)
    write("all.pgm", b"".join(pictures(2)))
    done = run("net:two.onnx", "--trace", "all.pgm", "out.pgm", "-f")
    equal(done.returncode, 1)
    check(b"--trace and --tap take one" in done.stderr, done.stderr)


def test_what_reads_one_image_says_so():
    net.two_layers()
    write("all.pgm", b"".join(pictures(2)))
    for call in ["explain net:two.onnx,box all.pgm --at 1,1",
                 "explain net:two.onnx all.pgm --at 1,1",
                 "compare net:two.onnx box all.pgm o.png"]:
        done = run(*call.split())
        check(b"holds more than one image; only the first is read" in done.stderr,
              (call, done.stderr))


@with_ffmpeg
def test_video():
    """Rate and size stay; each frame is what it is by itself."""
    net.save("same.onnx", [net.conv(net.np.eye(3)[:, :, None, None])], ["n", 3, "h", "w"])
    film = video("yuv444p", "32x24")
    done = run("net:same.onnx", "--format", "y4m", "-", "-", stdin=film)
    equal(done.returncode, 0, done.stderr)
    head = film.split(b"\n")[0].split()
    check(set(word for word in head if word[:1] in b"WHF")
          <= set(done.stdout.split(b"\n")[0].split()), str(done.stdout[:80]))
    same = run("identity", "--format", "y4m", "-", "-", stdin=film).stdout
    equal(raw(done.stdout, "rgb24"), raw(same, "rgb24"))
