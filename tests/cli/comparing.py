"""`convtool compare`: the sheet's pictures are those of the chains run one by one; PSNR and SSIM
are those of a naive loop over windows. tests/peers.py compares them with scikit-image."""
import json
import os

import numpy as np

import support
from maps import cell, pixels
from support import check, equal, ok, read, run, temporary_files, write


def picture(chain, source, name="one.ppm"):
    ok(chain, "-q", source, name)
    return pixels(name).astype(int)


def write_images():
    """Gray and colours, large enough for pictures that aren't enlarged."""
    write("gray.pgm", support.pgm(140, 131, support.noise(140 * 131, 3)))
    write("color.ppm", support.ppm(140, 131, support.noise(140 * 131 * 3, 4)))


def colors(gray):
    return np.repeat(gray[..., None], 3, axis=2) if gray.ndim == 2 else gray


def test_pictures_are_those_of_the_chains():
    write_images()
    ok("compare", "box:{3,5}", "sobel:stride=2", "color.ppm", "out.ppm")
    sheet = pixels("out.ppm")
    wanted = [pixels("color.ppm"), picture("box:3", "color.ppm"), picture("box:5", "color.ppm"),
              picture("sobel:stride=2", "color.ppm", "one.pgm")]
    for i, one in enumerate(wanted):
        _, got = cell(sheet, 140, 131, 2, i)
        height, width = one.shape[:2]
        check(np.array_equal(got[:height, :width], colors(one)), "picture %d" % i)
        check((got[height:] == 38).all() and (got[:, width:] == 38).all(), "around %d" % i)
    ok("compare", "box:3", "--map", "minmax", "--no-original", "gray.pgm", "out.pgm")
    _, got = cell(pixels("out.pgm"), 140, 131, 1, 0)
    check(np.array_equal(got, picture("box:3,normalize", "gray.pgm", "one.pgm")), "--map applies")


def test_braces_multiply():
    write_images()
    report = json.loads(ok("compare", "gaussian:{1,2}:padding={zero,wrap}", "invert", "--json",
                           "gray.pgm", "out.png"))
    equal([one["chain"] for one in report["results"]],
          ["gaussian:1:padding=zero", "gaussian:1:padding=wrap", "gaussian:2:padding=zero",
           "gaussian:2:padding=wrap", "invert"])
    equal([report["input"], report["output"], report["reference"]], ["gray.pgm", "out.png", None])
    equal(set(report["results"][0]), {"chain", "width", "height", "channels"})


def naive_ssim(a, b):
    """The index of every window of 7x7, one by one."""
    height, width = a.shape
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    total = []
    for y in range(height - 6):
        for x in range(width - 6):
            p, q = (m[y:y + 7, x:x + 7].ravel().astype(float) for m in (a, b))
            (pp, pq), (_, qq) = np.cov(p, q)
            total.append((2 * p.mean() * q.mean() + c1) * (2 * pq + c2)
                         / ((p.mean() ** 2 + q.mean() ** 2 + c1) * (pp + qq + c2)))
    return np.mean(total)


def test_differences_and_their_numbers():
    a, b = picture("box:3", "noise.ppm"), picture("gaussian:1", "noise.ppm")
    report = json.loads(ok("compare", "box:3", "gaussian:1", "box:3:stride=2", "gray", "--diff",
                           "--json", "noise.ppm", "out.ppm"))
    equal(report["reference"], "box:3")
    first, second, third, fourth = report["results"]
    for one in (first, third, fourth):
        equal([one["psnr"], one["ssim"], one["most"]], [None] * 3)
    equal(second["most"], np.abs(a - b).max())
    check(abs(second["psnr"] - 10 * np.log10(255 ** 2 / np.mean((a - b) ** 2.0))) < 1e-9,
          second["psnr"])
    wanted = np.mean([naive_ssim(a[..., c], b[..., c]) for c in range(3)])
    check(abs(second["ssim"] - wanted) < 1e-9, "%r, not %r" % (second["ssim"], wanted))
    zoomed = np.abs(a - b).repeat(6, axis=0).repeat(6, axis=1)
    # Five columns: the original and four results; below the second one is its difference. The
    # captions of 20 characters take two lines.
    sheet = pixels("out.ppm")
    lines = 2
    equal(sheet.shape[:2], (2 * (90 + 10 + 12 * lines) + 10, 5 * 130 + 10))
    _, got = cell(sheet, 120, 90, 5, 7, lines=lines)
    check(np.array_equal(got, zoomed), "the difference")
    for i in (5, 6, 8, 9):
        caption, got = cell(sheet, 120, 90, 5, i, lines=lines)
        check((caption == 38).all() and (got == 38).all(), "place %d is empty" % i)


def test_one_result_is_compared_with_the_original():
    said = ok("compare", "scale:1", "--diff", "noise.pgm", "out.png")
    equal(said, b"chain    PSNR, dB    SSIM  most\nscale:1       inf  1.0000     0\n")
    write("small.pgm", support.pgm(3, 1, [10, 20, 30]))
    said = ok("compare", "invert", "--diff", "--no-original", "small.pgm", "out.png")
    # The differences are 235, 215 and 195.
    psnr = 10 * np.log10(255 ** 2 * 3 / (235 ** 2 + 215 ** 2 + 195 ** 2))
    equal(said.decode(), "chain   PSNR, dB    SSIM  most\ninvert  %8.2f       -   235\n" % psnr)


def test_alpha_is_laid_on_the_sheet():
    ok("compare", "identity", "--no-original", "rgba.pam", "out.ppm")
    _, got = cell(pixels("out.ppm"), 128, 64, 1, 0)
    equal([list(got[0, 0]), list(got[0, 127])], [[200, 100, 50], [38, 38, 38]])


def test_the_output_obeys_the_rules():
    write_images()
    call = ["compare", "box", "sobel", "-q", "gray.pgm", "out.png"]
    ok(*call)
    before = read("out.png")
    ok("compare", "box", "-q", "gray.pgm", "out.png")
    check(read("out.png") != before, "what convtool wrote is replaced")
    write("out.png", b"precious")
    done = run(*call)
    equal([done.returncode, read("out.png")], [2, b"precious"])
    check(b"already exists, and convtool didn't write it" in done.stderr, done.stderr)
    ok(*call, "-f")
    check(read("out.png") == before, "-f makes the same")
    piped = ok("compare", "box", "sobel", "-q", "-", "-", "--format", "pgm",
               stdin=read("gray.pgm"))
    ok("compare", "box", "sobel", "-q", "gray.pgm", "out.pgm")
    check(piped == support.without_record(read("out.pgm")), "a pipe gets the same, but the record")
    done = run("compare", "box", "gray.pgm", "new.png", "--max-memory", "30K")
    equal([done.returncode, os.path.exists("new.png"), temporary_files()], [1, False, []])
    check(b"more memory than 30 KiB" in done.stderr, done.stderr)
