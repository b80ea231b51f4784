"""A batch on a bad day: the good images are done, the bad ones are named, nothing else is left."""
import os
import resource
import shutil
import subprocess

import support
from atomic import nobody, run_as, small_disk, start
from damage import SIGNATURE, header
from memory import PRELOAD, SANITIZED
from metadata import chunk
from support import check, equal, ok, read, run, split_counts, temporary_files, write


def outcome(status, said):
    """Status, messages, and how many images were written and failed."""
    said, written, failed = split_counts(said)
    return status, said.decode(), written, failed


def limited(kind, most, *arguments, program=support.CONVTOOL, **options):
    """A run with a limit of that kind (resource.RLIMIT_...)."""
    return subprocess.run([program, *arguments], env=support.ENVIRONMENT,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False,
                          preexec_fn=lambda: resource.setrlimit(kind, (most, most)), **options)


# ---- files ----

BAD = [
    ("bad.pgm", None, "the file ends in row 1 of 4"),
    ("empty.png", b"", "the file is empty"),
    ("text.txt", None, "not a known image format; expected PNG, JPEG, PNM, PAM, PFM, "
     "YUV4MPEG2, .npy or a table of numbers"),
    ("huge.pgm", b"P5 60000 60000 255\n" + bytes(99),
     "60000x60000 pixels: more than the limit of 268435456 pixels (--max-pixels)"),
    ("wide.png", SIGNATURE + header(70000, 10, 8, 6) + chunk(b"IDAT", b"x") + chunk(b"IEND", b""),
     "70000x10 pixels: wider than the limit of 65535 (--max-side)"),
    ("closed.pgm", b"P5 1 1 255 x", "can't open: Permission denied"),
    ("missing.pgm", None, "can't open: No such file or directory"),
    ("folder", None, "is a directory; expected an image: name those in it, as in folder/*, or "
                     "add -r"),
]


def test_bad_files_among_good_ones():
    user = nobody()
    os.mkdir("folder")
    os.mkdir("out")
    names = ["in.pgm"]
    for name, data, _ in BAD:
        if data is not None:
            write(name, data)
        names += [name, "noise.ppm"]
    os.chmod("closed.pgm", 0)
    os.chmod("out", 0o777)
    ok("box", "in.pgm", "one.pam")
    ok("box", "noise.ppm", "two.pam")
    bad = "".join("convtool: %s: %s\n" % (name, why) for name, _, why in BAD)
    for jobs in ["-j1", "-j8"]:
        status, said = run_as(user, "box", jobs, "-f", *names, "-o", "out/{n:02}.pam")
        counts = "convtool: 9 written, 8 failed, 0 kept in "
        equal([status, said[:len(bad) + len(counts)]], [1, bad + counts], jobs)
        made = ["%02d.pam" % n for n in range(1, 18, 2)]
        equal(sorted(os.listdir("out")), made, jobs)
        for name in made:
            equal(read("out/" + name), read("one.pam" if name == "01.pam" else "two.pam"), name)
            os.unlink("out/" + name)


def test_what_vanishes_meanwhile():
    """An input, and the directory of an output, while the first image is being made."""
    for stem in ["pipe", "a", "b", "c"]:
        os.mkdir("to-" + stem)
        write(stem + ".pgm", read("in.pgm"))
    os.unlink("pipe.pgm")
    os.mkfifo("pipe.pgm")
    process = start("identity", "-j1", "pipe.pgm", "a.pgm", "b.pgm", "c.pgm", "-o",
                    "to-{stem}/out.pam")
    with open("pipe.pgm", "wb") as pipe:  # waits until it was opened
        os.unlink("a.pgm")
        os.rmdir("to-b")
        pipe.write(read("in.pgm"))
    process.wait(60)
    equal(outcome(process.returncode, process.communicate()[1]),
          (1, "convtool: a.pgm: can't open: No such file or directory\n"
              "convtool: to-b/out.pam: can't create a file in its directory: "
              "No such file or directory\n", 2, 2))
    ok("identity", "in.pgm", "one.pam")
    equal([read("to-pipe/out.pam"), read("to-c/out.pam"), os.listdir("to-a")],
          [read("one.pam")] * 2 + [[]])


def test_read_only_outputs():
    user = nobody()
    for directory in ["in/a", "in/b", "out/a", "out/b"]:
        os.makedirs(directory)
    for name in ["in/1.pgm", "in/a/2.pgm", "in/a/3.pgm", "in/b/4.pgm"]:
        write(name, read("in.pgm"))
    write("out/1.pgm", b"old bytes")
    os.chmod("out/1.pgm", 0o444)
    os.chmod("out/a", 0o555)
    os.chmod("out/b", 0o777)
    os.chmod("out", 0o777)
    for jobs in ["-j1", "-j4"]:
        status, said = run_as(user, "box", "-f", jobs, "-r", "in", "out")
        denied = "can't create a file in its directory: Permission denied\n"
        equal((status, *split_counts(said.encode())),
              (1, ("convtool: out/1.pgm: can't write: Permission denied\nconvtool: out/a/2.pgm: "
                   + denied + "convtool: out/a/3.pgm: " + denied).encode(), 1, 3), jobs)
        equal([read("out/1.pgm"), os.listdir("out/a"), os.listdir("out/b"), os.listdir("out")],
              [b"old bytes", [], ["4.pgm"], os.listdir("out")], jobs)
        equal(temporary_files("out") + temporary_files("out/b"), [], jobs)


def test_a_disk_that_becomes_full():
    """Every image is whole or named, whoever filled the disk; alone, a small one still fits."""
    sizes = [20, 300, 21, 22, 310, 23, 24, 320]
    for i, side in enumerate(sizes):
        write("%d.pgm" % i, support.pgm(side, side, [side & 255] * side ** 2))
    names = ["%d.pgm" % i for i in range(len(sizes))]
    os.mkdir("whole")
    ok("box", *names, "whole")
    with small_disk("64k") as mounted:
        for jobs in ["-j1", "-j8"] if mounted else []:
            done = run("box", "-f", jobs, *names, "disk")
            status, said, written, failed = outcome(done.returncode, done.stderr)
            full = ["convtool: disk/%s: can't write: No space left on device" % name
                    for name in names if not os.path.exists("disk/" + name)]
            equal([status, said.splitlines(), written + failed, failed],
                  [1, full, len(names), len(full)], jobs)
            for name in os.listdir("disk"):
                equal(read("disk/" + name) == read("whole/" + name), True, name)
                os.unlink("disk/" + name)
            check("disk/1.pgm" in said and (failed == 3 or jobs == "-j8"), said)


# ---- limits ----

def many(count):
    """So many images of different content, the arguments to filter them, and the outputs' bytes."""
    for i in range(count):
        write("many-%02d.pgm" % i, support.pgm(60, 60, support.noise(3600, i)))
    names = ["many-%02d.pgm" % i for i in range(count)]
    for directory in ["one", "out"]:
        os.mkdir(directory)
    ok("gaussian:9,sobel", "-j1", *names, "one")
    os.chmod("out", 0o777)
    return ["gaussian:9,sobel", "-fj8", *names, "out"], {n: read("one/" + n) for n in names}


def made():
    return {name: read("out/" + name) for name in os.listdir("out")}


def test_few_descriptors():
    """Standard streams have three; an image needs two."""
    arguments, expected = many(24)
    for most in [5, 6, 8, 11, 16]:
        done = limited(resource.RLIMIT_NOFILE, most, *arguments)
        equal(outcome(done.returncode, done.stderr), (0, "", 24, 0), most)
        equal(made() == expected, True, most)
    done = limited(resource.RLIMIT_NOFILE, 4, "box", "-f", "in.pgm", "step.pgm", "out")
    cause = ": can't create a file in its directory: Too many open files\n"
    equal(outcome(done.returncode, done.stderr),
          (1, "convtool: out/in.pgm%sconvtool: out/step.pgm%s" % (cause, cause), 0, 2))


def test_no_more_threads():
    if SANITIZED:  # they need threads themselves
        return
    arguments, expected = many(24)
    user = nobody()
    program = support.CONVTOOL
    if user:
        program = shutil.copy(program, "/tmp/" + os.path.basename(os.getcwd()) + "-program")
    try:
        for most in [1, 4]:
            done = limited(resource.RLIMIT_NPROC, most, *arguments, program=program, **user)
            equal(outcome(done.returncode, done.stderr), (0, "", 24, 0), most)
            equal(made() == expected, True, most)
    finally:
        if user:
            os.unlink(program)


def all_whole_or_named(done, expected, what):
    """Images that were lost are named, as wanting memory, and leave nothing."""
    status, said, written, failed = outcome(done.returncode, done.stderr)
    lost = [name for name in expected if not os.path.exists("out/" + name)]
    named = [line.split(": ")[1].split("/")[-1] for line in said.splitlines()]
    equal([status, named, written, failed],
          [1 if lost else 0, lost, len(expected) - len(lost), len(lost)], what + ": " + said)
    check(said.count("out of memory\n") == len(lost), what + ": " + said)
    got = made()
    equal(got == {n: expected[n] for n in expected if n not in lost}, True, what)
    for name in got:
        os.unlink("out/" + name)
    return len(lost)


def test_little_address_space():
    """There's room for the small images, and not for the range of the large one's values."""
    if SANITIZED:
        return
    _, expected = many(8)
    write("large.pgm", b"P5 8000 8000 255\n" + bytes(8000) * 8000)
    ok("normalize", "-fj1", *expected, "one")
    expected = {name: read("one/" + name) for name in expected}
    done = limited(resource.RLIMIT_AS, 250 << 20, "normalize", "-fj2", *expected, "large.pgm",
                   "out")
    equal(all_whole_or_named(done, {**expected, "large.pgm": b""}, "of 250 MiB"), 1)


def test_an_allocation_fails_in_a_batch():
    if SANITIZED:
        return
    arguments, expected = many(6)
    arguments[1] = "-fj4"
    count = 0
    for fails_at in range(1, 400, 9):
        done = run(*arguments, env={"LD_PRELOAD": PRELOAD, "MEMORY_FAILS_AT": str(fails_at)})
        if done.returncode != 2:  # before the first image
            count += all_whole_or_named(done, expected, "allocation %d" % fails_at)
    check(count > 5, "%d images were lost" % count)
