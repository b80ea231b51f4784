"""Video from and to FFmpeg, whose own conversions are what ours are compared with. Where it isn't
installed the tests are skipped, and a line says so."""
import functools
import os
import re
import shutil
import subprocess

import support
from support import check, equal, ok, read, write

SOURCE = "testsrc2=s=%s:r=30000/1001:d=0.2"
# Exact, and each sample of chroma for all pixels of its block.
EXACT = "flags=neighbor+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact"
# How FFmpeg calls the layouts, and their bits.
LAYOUTS = {"yuv420p": 8, "yuv422p": 8, "yuv444p": 8, "gray": 8, "yuv420p10le": 10,
           "yuv422p10le": 10, "yuv444p10le": 10, "gray10le": 10}


def with_ffmpeg(test):
    @functools.wraps(test)
    def run():
        if shutil.which("ffmpeg"):
            test()
        else:
            print("skipped: %s needs ffmpeg" % test.__name__)
    return run


def ffmpeg(*arguments, stdin=b""):
    done = subprocess.run(["ffmpeg", "-nostdin" if not stdin else "-y", "-v", "error", *arguments],
                          input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=60, check=False)
    check(done.returncode == 0, "ffmpeg %r: %r" % (arguments, done.stderr))
    return done.stdout


def video(layout, size, *more):
    return ffmpeg("-f", "lavfi", "-i", SOURCE % size, *more, "-pix_fmt", layout, "-strict", "-1",
                  "-f", "yuv4mpegpipe", "-")


def raw(data, form, scale=EXACT):
    """The samples that FFmpeg makes of a video."""
    return ffmpeg("-f", "yuv4mpegpipe", "-i", "-", "-vf", "scale=" + scale, "-pix_fmt", form, "-f",
                  "rawvideo", "-", stdin=data)


def frames(data):
    """The images of a stream of binary PGMs or PPMs without comments, as bytes."""
    images = []
    while data:
        magic, width, height, maximum = data.split(None, 4)[:4]
        head = len(b"%s %s %s %s\n" % (magic, width, height, maximum))
        size = int(width) * int(height) * (3 if magic == b"P6" else 1)
        size *= 2 if int(maximum) > 255 else 1
        images.append(data[head:head + size])
        data = data[head + size:]
    return images


def near(got, expected, most, what):
    equal(len(got), len(expected), what + ": samples")
    worst = max(abs(a - b) for a, b in zip(got, expected))
    check(worst <= most, "%s: differs by %g, expected at most %g" % (what, worst, most))


def deep(data, order):
    return [int.from_bytes(data[i:i + 2], order) for i in range(0, len(data), 2)]


@with_ffmpeg
def test_pixels_are_ffmpegs():
    for layout, bits in LAYOUTS.items():
        for size in ["64x48", "34x22"]:
            data = video(layout, size)
            for form, chain in [("gray", "gray"), ("rgb24", "identity")]:
                if layout.startswith("gray") and form == "rgb24":
                    continue
                kind = "ppm" if form == "rgb24" else "pgm"
                got = b"".join(frames(ok(chain, "-", "-", "--format", kind, stdin=data)))
                what = "%s %s as %s" % (layout, size, form)
                if bits == 8:
                    near(got, raw(data, form), 1, what)
                else:
                    # What FFmpeg makes of limited range has white at 255 * 256.
                    white = 65535 if layout == "gray10le" else 65280
                    expected = deep(raw(data, "gray16le" if form == "gray" else "rgb48le"),
                                    "little")
                    near([v * white / 1023 for v in deep(got, "big")],
                         [min(v, white) for v in expected], 96, what)


@with_ffmpeg
def test_large_frames_are_bt709():
    data = video("yuv444p", "1280x16")
    got = b"".join(frames(ok("identity", "-", "-", "--format", "ppm", stdin=data)))
    near(got, raw(data, "rgb24", EXACT + ":in_color_matrix=bt709"), 1, "BT.709")


@with_ffmpeg
def test_full_range():
    data = video("yuvj420p", "64x48")
    check(b"XCOLORRANGE=FULL" in data[:100], "FFmpeg's header")
    got = b"".join(frames(ok("identity", "-", "-", "--format", "ppm", stdin=data)))
    near(got, raw(data, "rgb24", EXACT + ":in_range=full"), 1, "full range")
    again = ok("identity", "-", "-", stdin=data)
    equal(again[:again.index(b"\n")].split(b" XYSCSS")[0].split(b" XCOL")[0],
          data[:data.index(b"\n")].split(b" XYSCSS")[0].split(b" XCOL")[0], "header")


@with_ffmpeg
def test_what_is_written_is_read_as_meant():
    """The video of a stream of PPMs has the colours of the PPMs."""
    pictures = ffmpeg("-f", "lavfi", "-i", SOURCE % "64x48", "-f", "image2pipe", "-c:v", "ppm", "-")
    equal(len(frames(pictures)), 6, "pictures")
    made = ok("identity", "-", "-", "--format", "y4m", stdin=pictures)
    near(raw(made, "rgb24"), b"".join(frames(pictures)), 2, "colours")
    gray = ok("gray", "-", "-", "--format", "y4m", stdin=pictures)
    expected = ok("gray", "-", "-", "--format", "pgm", stdin=pictures)
    near(raw(gray, "gray"), b"".join(frames(expected)), 0, "gray")


@with_ffmpeg
def test_identity_keeps_the_video():
    for layout, bits in LAYOUTS.items():
        data = video(layout, "34x22", "-vf", "eq=contrast=0.5:saturation=0.3")  # within RGB
        made = ok("identity", "-", "-", stdin=data)
        equal(made.count(b"FRAME\n"), data.count(b"FRAME\n"), layout)
        one, other = raw(made, layout), raw(data, layout)
        if bits > 8:
            one, other = deep(one, "little"), deep(other, "little")
        near(one, other, 2, layout)


@with_ffmpeg
def test_edges_of_every_frame():
    """The README's pipe: an edge video, as long as the other; each frame is what the filter makes
    of that frame alone."""
    ffmpeg("-f", "lavfi", "-i", SOURCE % "64x48", "-pix_fmt", "yuv420p", "in.mp4")
    with open(os.path.join(support.ROOT, "README.md"), encoding="utf-8") as file:
        pipe = re.search(r"^    (ffmpeg -i in\.mp4 .* out\.mp4)$", file.read(), re.M)[1]
    done = subprocess.run(["sh", "-c", pipe.replace("| ffmpeg", "| tee out.y4m | ffmpeg")],
                          env=support.ENVIRONMENT, stdin=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, check=False)
    equal(done.returncode, 0, "status (%r)" % done.stderr)
    probe = subprocess.run(
        "ffprobe -v error -count_frames -show_entries stream=width,height,r_frame_rate,pix_fmt,"
        "nb_read_frames -of csv=p=0 out.mp4".split(), stdout=subprocess.PIPE, check=True)
    equal(probe.stdout.decode().strip(), "64,48,yuv420p,30000/1001,6", "out.mp4")
    pictures = ok("gray", "-", "-", "--format", "pgm",
                  stdin=ffmpeg("-i", "in.mp4", "-f", "yuv4mpegpipe", "-"))
    expected = b""
    for i, picture in enumerate(frames(pictures)):
        write("%d.pgm" % i, b"P5 64 48 255\n" + picture)
        support.run("sobel", "-q", "%d.pgm" % i, "e.pgm", "-f")
        expected += frames(ok("identity", "e.pgm", "-"))[0]
    near(raw(read("out.y4m"), "gray"), expected, 1, "edges")
