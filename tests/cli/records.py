"""What an output says about how it was made: the record."""
import os
import shutil
import subprocess

import metadata
import support
from support import check, equal, ok, read, write
from unrecorded import record

SHARPEN = "0 -1 0; -1 5 -1; 0 -1 0"


def recorded(*arguments, source="noise.pgm", target="out.pgm"):
    """The record of a call's output."""
    ok("-fq", *arguments, source, target)
    return record(read(target))


def test_every_format_has_one():
    for name in ["out.png", "out.jpg", "out.pgm", "out.ppm", "out.pnm", "out.pam"]:
        equal(recorded("gray,box:3", target=name), "gray,box:3", name)
    equal(recorded("gray", target="out.pfm"), None)


def test_what_changes_pixels_is_in_it():
    for arguments, text in [
            ("sobel", "sobel"),
            ("gray,gaussian:1.4,sobel,maxpool:2", "gray,gaussian:1.4,sobel,maxpool:2"),
            ("sobel --pool max:2 --scale 1/2 --bias 3 --normalize",
             "sobel,maxpool:2,scale:factor=1/2,scale:factor=1:bias=3,normalize"),
            ("sobel --map signed -c each --linear", "sobel --color each --linear --map signed"),
            ("sobel --map abs", "sobel --map abs"), ("sobel --map minmax", "sobel --map minmax"),
            ("box -c gray", "box --color gray"), ("box --depth 16", "box --depth 16"),
            ("box -p zero", "box:padding=zero"), ("box -p constant=0", "box:padding=zero"),
            ("box -p valid", "box:padding=valid"), ("box -p none", "box:padding=valid"),
            ("box -p constant=7.5:2", "box:padding=constant=7.5:pad=2"),
            ("box -p edge:2x1", "box:padding=replicate:pad=2x1"), ("box -p mirror:2", "box:pad=2"),
            ("box:pad=1 -p zero:3", "box:pad=1:padding=zero"),
            ("box -s 2 -d 2x3", "box:stride=2:dilation=2x3"),
            ("box --anchor 0,2 --flip", "box:anchor=0x2:flip=yes"),
            ("box:padding=wrap,box,maxpool:2 -p zero",
             "box:padding=wrap,box:padding=zero,maxpool:2"),
            ("conv:box3,conv -k sharpen", "conv:box3,conv:kernel=sharpen")]:
        equal(recorded(*arguments.split()), text, arguments)


def test_what_is_the_default_is_not():
    for arguments in ["--map clamp", "-c auto", "-p mirror", "-p reflect101", "-s 1", "-d 1x1",
                      "--depth 8", "--quality 90", "--quality 20", "--compression 9", "-j 1",
                      "--max-side 100", "--format pgm", "-v"]:
        done = support.run("box", *arguments.split(), "noise.pgm", "out.pgm")
        equal([done.returncode, record(read("out.pgm"))], [0, "box"], arguments)


def test_quality_and_compression_count_where_they_are_looked_at():
    equal(recorded("box", "--quality", "80", target="out.jpg"), "box --quality 80")
    equal(recorded("box", "--quality", "90", target="out.jpg"), "box")
    equal(recorded("box", "--depth", "8", source="deep.pgm", target="out.jpg"), "box")
    equal(recorded("box", "--compression", "9", target="out.png"), "box --compression 9")
    equal(recorded("box", "--compression", "3", target="out.png"), "box")


def test_kernels():
    equal(recorded("conv", "-k", SHARPEN), "conv:kernel=" + SHARPEN)
    equal(recorded("conv", "-k", "1/4,1/4;1/4,1/4"), "conv:kernel=1/4\\,1/4;1/4\\,1/4")
    # Line ends are escaped: a PNM comment has one line.
    equal(recorded("conv", "-k", "0 0\n0 1"), "conv:kernel=0 0\\n0 1")
    large = ";".join([" ".join(["1/225"] * 15)] * 15)
    text = recorded("conv", "-k", large)
    check(text.startswith("conv:kernel=15x15#") and len(text) == 26, text)
    equal(recorded("conv", "-k", large.replace(";", "\n")), text, "the same numbers")
    check(recorded("conv", "-k", "9" + large) != text, "other numbers")


def test_kernel_files_are_told_by_their_numbers_too():
    write("k.txt", b"0 0 0\n0 1 0\n0 0 0\n")
    first = recorded("conv:k.txt")
    check(first.startswith("conv:k.txt#") and len(first) == 19, first)
    equal(recorded("conv", "-k", "k.txt")[-8:], first[-8:])
    write("k.txt", b"# the same\n0 0 0; 0 1 0; 0 0 0")
    equal(recorded("conv:k.txt"), first)
    write("k.txt", b"0 0 0\n0 1 0\n0 0 0.25\n")
    check(recorded("conv:k.txt") != first, "other numbers")
    for name, shown in [("a\nb\x1b.txt", "a\\nb\\x1b.txt"), ("k\u00e4.txt", "k\u00e4.txt")]:
        write(name, b"1")
        for target in ["out.pgm", "out.png", "out.jpg", "out.pam"]:
            equal(recorded("conv:" + name, target=target)[:-9], "conv:" + shown, target)
            ok("identity", target, "-")


def test_png_has_text_of_its_own_for_other_letters():
    write("k\u00e4.txt", b"1")
    recorded("conv:k\u00e4.txt", target="out.png")
    check(b"iTXt" in metadata.chunks(read("out.png")), "iTXt")
    recorded("box", target="out.png")
    equal(metadata.chunks(read("out.png"))[b"tEXt"][:-10], b"Software\0convtool box")


def test_a_long_one_is_cut():
    long = ",".join(["gaussian:1.25"] * 20)
    for end in ["", ",abs", ",invert"]:
        text = recorded(long + end, target="out.pam")
        equal([len(text), text[:60], text[-12:-8]], [200, long[:60], "...#"], end)
        ok("identity", "out.pam", "-")
    equal(len({recorded(long + end) for end in ["", ",abs", ",invert"]}), 3, "fingerprints")
    # Never cut within a character.
    for name in ["\u00e4" * 100 + ".txt", "x" + "\u00e4" * 100 + ".txt"]:
        write(name, b"1")
        text = recorded("conv:" + name)
        check(len(text.encode()) <= 200 and "..." in text, text)


def test_only_the_newest_is_there():
    for target in ["out.png", "out.jpg", "out.ppm"]:
        recorded("sharpen", source="noise.ppm", target="a" + target)
        equal(recorded("box:3", source="a" + target, target=target), "box:3")
        check(b"sharpen" not in read(target), target)


def test_strip_and_pipes_have_none():
    for target in ["out.png", "out.jpg", "out.pgm"]:
        equal(recorded("box", "--strip", target=target), None, target)
    equal(record(ok("box", "noise.pgm", "-")), None)
    equal(record(ok("box", "noise.pgm", "/dev/stdout")), None)


def test_others_read_files_that_have_one():
    programs = [("pnmtopng", "out.pgm"), ("pnmtopng", "out.ppm"), ("pamtopng", "out.pam"),
                ("pngtopnm", "out.png"), ("djpeg", "out.jpg"), ("identify", "out.pgm"),
                ("identify", "out.pam"), ("identify", "out.png"), ("identify", "out.jpg")]
    for program, target in programs:
        if shutil.which(program):
            recorded("gray,conv", "-k", SHARPEN, target=target)
            done = subprocess.run([program, target], capture_output=True, check=False)
            check(done.returncode == 0 and done.stdout and not done.stderr, repr(done))


def test_it_does_not_depend_on_jobs():
    for target in ["out.png", "out.jpg", "out.ppm"]:
        recorded("gaussian:2", "-j", "1", source="noise.ppm", target=target)
        one = read(target)
        recorded("gaussian:2", "-j", "7", source="noise.ppm", target=target)
        equal(read(target), one, target)


def test_in_place_somebody_elses_image_stays_theirs():
    for target in ["own.png", "own.pgm"]:
        ok("identity", "-f", "--strip", "noise.pgm", target)
        ok("box", "--in-place", target)
        equal(record(read(target)), "box --in-place", target)
        ok("sharpen", "-q", "--in-place", target)
        equal(record(read(target)), "sharpen --in-place", target)
        ok("identity", "-f", "noise.pgm", target)
        ok("box", "--in-place", target)
        equal(record(read(target)), "box", "convtool's own, " + target)
