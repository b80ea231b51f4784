"""JPEG from the command line: gray as it's stored, damage with and without --lenient, limits."""
import re

import support
from support import check, equal, ok, pgm, read, run, write

TURBO = b"libjpeg" in run("--version").stdout


def photo():
    """A smooth colour picture as JPEG."""
    values = [v for y in range(40) for x in range(50) for v in (4 * x, 5 * y, 200 - 2 * (x + y))]
    write("photo.ppm", support.ppm(50, 40, values))
    ok("identity", "photo.ppm", "photo.jpg", "--quality", "95")


def large_photo(quality):
    """A JPEG that is high enough to be decoded in bands."""
    values = bytes((x * 7 + y * (c + 1) + x * y // 50) % 256
                   for y in range(500) for x in range(300) for c in range(3))
    write("large.ppm", b"P6 300 500 255\n" + values)
    ok("identity", "large.ppm", "large.jpg", "--quality", str(quality), "-f")


def test_threads_decode_the_same_pixels():
    for quality in [80, 95]:
        large_photo(quality)
        for chain in ["identity", "sharpen", "sobel"]:
            ok("-qf", "-j1", chain, "large.jpg", "one.pam")
            for jobs in ["2", "3", "8"]:
                ok("-qf", "-j" + jobs, chain, "large.jpg", "many.pam")
                check(read("one.pam") == read("many.pam"), "%s, -j%s" % (chain, jobs))


def test_threads_find_the_same_damage():
    large_photo(80)
    good, refused = read("large.jpg"), 0
    for part in range(1, 12):
        at = len(good) * part // 12
        write("bad.jpg", good[:at] + bytes([good[at] ^ 0x5A]) + good[at + 1:])
        told = {jobs: run("-qf", "-j" + jobs, "sharpen", "bad.jpg", "out.pam")
                for jobs in ["1", "3", "8"]}
        for jobs, done in told.items():
            equal((done.returncode, done.stderr), (told["1"].returncode, told["1"].stderr), jobs)
        refused += told["1"].returncode == 1
    check(refused > 2, "%d of 11 were refused" % refused)


def test_gray_is_nearly_the_sum_of_the_colours():
    photo()
    ok("gray", "photo.jpg", "gray.pgm")
    ok("identity", "photo.jpg", "back.ppm")
    gray, back = support.Image(read("gray.pgm")), support.Image(read("back.ppm"))
    for i, value in enumerate(gray.values):
        r, g, b = back.values[3 * i:3 * i + 3]
        check(abs(0.299 * r + 0.587 * g + 0.114 * b - value) < 2, "sample %d: %d" % (i, value))


def test_explain_shows_what_the_filter_computes():
    photo()
    for chain in ["gray", "sobel", "gray,box", "laplacian", "sharpen", "gray,normalize"]:
        ok("-q", chain, "photo.jpg", "out.pam")
        out = support.Image(read("out.pam"))
        for x, y in [(0, 0), (17, 23), (49, 39)]:
            text = ok("explain", chain, "--at", "%d,%d" % (x, y), "photo.jpg").decode()
            found = [int(v) for v in re.findall(r"-> pixel (\d+)\b", text)]
            equal(found, list(out.pixel(x, y)), "%s at %d,%d" % (chain, x, y))
            check("agrees" in text, text)


def test_verbose_and_explain_tell_that_gray_was_read():
    photo()
    told = run("sobel", "-v", "photo.jpg", "out.png").stderr
    equal(b"only gray is decoded" in told, TURBO, "said with -v")
    text = ok("explain", "sobel", "--at", "1,1", "photo.jpg")
    equal(b"3 channels, read as its stored gray" in text, TURBO, "said by explain")
    check(b"only gray" not in run("sharpen", "-v", "photo.jpg", "out.png").stderr, "RGB")


def test_report_tells_the_files_channels():
    photo()
    done = run("sobel", "--json", "photo.jpg", "out.png")
    image = support.images(done.stdout)[0]
    equal([image["from"]["channels"], image["to"]["channels"], image["warnings"]], [3, 1, []])


def test_gray_jpeg_is_read_as_gray():
    write("flat.pgm", pgm(9, 9, [77] * 81))
    ok("identity", "flat.pgm", "flat.jpg")
    image = support.images(run("identity", "--json", "flat.jpg", "x.pam").stdout)[0]
    equal(image["from"]["channels"], 1 if TURBO else 3, "channels")


def test_cut_off():
    photo()
    write("cut.jpg", read("photo.jpg")[:900])
    said = b"cut.jpg: truncated: the file ends before its end-of-image marker"
    done = run("sobel", "cut.jpg", "out.png")
    equal([done.returncode, done.stderr.strip()], [1, b"convtool: " + said])
    warned = b"convtool: warning: " + said + b"; accepted because of --lenient"
    equal(support.temporary_files(), [], "left over")
    if not TURBO:
        return
    done = run("box", "--lenient", "cut.jpg", "out.png")
    equal([done.returncode, done.stderr.strip()], [0, warned])
    ok("box", "--lenient", "-q", "cut.jpg", "out.png")
    image = support.images(run("box", "--lenient", "--json", "cut.jpg", "out.png").stdout)[0]
    equal(image["warnings"], [said.decode().split(": ", 1)[1]])
    done = run("explain", "box", "--lenient", "--at", "0,0", "cut.jpg")
    equal([done.returncode, done.stderr.strip()], [0, warned])


def test_limits():
    photo()
    for name in ["photo.jpg", "photo.ppm"]:
        done = run("box", "--max-side", "49", name, "out.ppm")
        equal(done.stderr.decode().strip(),
              "convtool: %s: 50x40 pixels: wider than the limit of 49 (--max-side)" % name)
        done = run("box", "--max-pixels", "1999", name, "out.ppm")
        equal(done.stderr.decode().strip(),
              "convtool: %s: 50x40 pixels: more than the limit of 1999 pixels (--max-pixels)"
              % name)
        ok("box", "--max-side", "50", "--max-pixels", "2000", name, "out.ppm")
    for option, enough, little in [("--max-side", "2^6", "2^5"), ("--max-pixels", "2K", "1K"),
                                   ("--max-pixels", "2^11", "2^10"), ("--max-side", "1k", "0K")]:
        ok("box", option, enough, "photo.ppm", "out.ppm")
        check(run("box", option, little, "photo.ppm", "out.ppm").returncode != 0, option)
    done = run("explain", "box", "--max-side", "49", "--at", "0,0", "photo.ppm")
    check(b"wider than the limit of 49 (--max-side)" in done.stderr, done.stderr)
    done = run("gray,normalize", "--max-memory", "1K", "photo.ppm", "out.pgm")
    check(b"held in memory" in done.stderr and done.returncode == 1, done.stderr)
    ok("gray,normalize", "--max-memory", "1M", "photo.ppm", "out.pgm")


def test_limits_that_are_no_numbers():
    pixels = "a whole number from 1 to 2^48, as in 1000000, 256M or 2^28"
    side = "a whole number from 1 to 2^24, as in 65535, 64K or 2^16"
    size = "a number of bytes from 1 to 2^50, as in 1000000, 512M or 4G"
    for option, value, expected in [
            ("--max-pixels", "0", pixels), ("--max-pixels", "1e6", pixels),
            ("--max-pixels", "2^49", pixels), ("--max-pixels", "-1", pixels),
            ("--max-side", "x", side), ("--max-side", "17M", side), ("--max-memory", "", size),
            ("--max-memory", "G", size), ("--max-memory", "5P", size)]:
        done = run("box", option, value, "in.pgm", "out.pgm")
        equal([done.returncode, done.stderr.decode().strip()],
              [2, "convtool: %s: expected %s, got '%s'" % (option, expected, value)])
