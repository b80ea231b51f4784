"""--resume makes only what is missing or out of date."""
import json
import os
import shutil
import subprocess
import time

import support
from atomic import start
from support import check, equal, ok, read, run, write
from unrecorded import record

SECOND = 10 ** 9


def counts(*arguments, **options):
    """(written, kept) of a call that says nothing else."""
    done = run("--resume", "--json", *arguments, **options)
    last = json.loads(done.stdout.splitlines()[-1])
    said = support.split_counts(done.stderr)[0]
    if last["images"] == last["kept"] == 1:
        check(said.endswith(b": is up to date and was kept\n"), repr(said))
        said = b""
    equal([done.returncode, said], [0, b""], arguments)
    return last["written"], last["kept"]


def make_tree():
    for name in ["p/a.pgm", "p/b/c.pgm", "p/b/d.png"]:
        os.makedirs(os.path.dirname(name), exist_ok=True)
        ok("identity", "-q", "--format", name[-3:], "noise.pgm", name)


def age(name, seconds, nanoseconds=0):
    """Sets the file's time so much before that of noise.pgm."""
    time = os.stat("noise.pgm").st_mtime_ns - seconds * SECOND - nanoseconds
    os.utime(name, ns=(time, time))


def test_only_what_is_missing_is_made():
    make_tree()
    call = ["box", "-r", "p", "out", "--mkdir"]
    equal(counts(*call), (3, 0), "at first")
    before = {name: os.stat(name).st_ino for name in ["out/a.pgm", "out/b/c.pgm", "out/b/d.png"]}
    equal(counts(*call), (0, 3), "again")
    os.unlink("out/b/c.pgm")
    shutil.copy("step.pgm", "p/b/new.pgm")
    equal(counts(*call), (2, 2), "one missing, one new")
    for name in ["out/a.pgm", "out/b/d.png"]:
        equal(os.stat(name).st_ino, before[name], name)
    equal(record(read("out/b/c.pgm")), "box")


def test_after_a_kill():
    """Whatever kill -9 leaves, the same call makes whole."""
    os.mkdir("p")
    for i in range(200):
        write("p/%03d.pgm" % i, support.pgm(100, 100, support.noise(100, i + 1) * 100))
    call = ["gaussian:9", "-r", "p", "out", "--format", "png"]
    ok(*call[:-3], "all", *call[-2:], "--mkdir")
    os.mkdir("out")
    for seconds in [0.01, 0.03, 0.06]:
        process = start(*call, "--resume", stdin=subprocess.DEVNULL)
        time.sleep(seconds)
        process.kill()
        process.communicate()
    written, kept = counts(*call)
    equal(written + kept, 200)
    for name in os.listdir("all"):
        equal(read("out/" + name), read("all/" + name), name)
    if written > 0:
        equal(support.temporary_files("out"), [])
    equal(counts(*call), (0, 200))


def test_every_way_to_name_inputs_and_outputs():
    make_tree()
    names = "p/a.pgm\np/b/c.pgm\np/b/d.png\n".encode()
    for call, stdin in [(["-r", "p", "-o", "t/{dir}/{n:03}-{stem}.png"], None),
                        (["--files-from", "-", "l/"], names),
                        (["--files-from", "-", "-o", "x/{stem}.{ext}"], names),
                        (["p/a.pgm", "p/b/d.png", "o/"], None),
                        (["-r", "p", "f/", "--format", "jpeg"], None)]:
        total = 2 if call[-1] == "o/" else 3
        equal(counts("box", "--mkdir", *call, stdin=stdin), (total, 0), call)
        equal(counts("box", "--mkdir", *call, stdin=stdin), (0, total), call)
    for shard in ["1/2", "2/2"]:
        first = counts("box", "--mkdir", "-r", "p", "s/", "--shard", shard)
        again = counts("box", "--mkdir", "-r", "p", "s/", "--shard", shard)
        equal(again, first[::-1], shard)
    equal(counts("box", "-r", "p", "s/"), (0, 3), "all shards")


def test_an_output_must_be_at_least_as_new():
    ok("box", "noise.pgm", "out.pgm")
    for seconds, nanoseconds, written in [(0, 0, 0), (-1, 0, 0), (0, -1, 0), (0, 1, 1), (1, 0, 1)]:
        age("out.pgm", seconds, nanoseconds)
        equal(counts("box", "noise.pgm", "out.pgm"), (written, 1 - written),
              "%d s, %d ns older" % (seconds, nanoseconds))
    os.symlink("noise.pgm", "link.pgm")
    os.symlink("out.pgm", "to.pgm")
    equal(counts("box", "link.pgm", "to.pgm"), (0, 1), "links")


def test_another_chain_or_option_makes_it_again():
    for name in ["out.png", "out.jpg", "out.pgm"]:
        for call in ["box", "box:5", "box --linear", "box --map abs", "box -p zero", "box -c gray",
                     "box --scale 1/2", "box"]:
            equal(counts(*call.split(), "noise.pgm", name), (1, 0), name + ": " + call)
            equal(counts(*call.split(), "noise.pgm", name), (0, 1), name + ": again " + call)
    equal(counts("box", "noise.pgm", "out.png", "--compression", "3"), (0, 1), "the default")
    equal(counts("box", "noise.pgm", "out.png", "--compression", "9"), (1, 0), "compression")
    equal(counts("box", "noise.pgm", "out.jpg", "--quality", "50"), (1, 0), "quality")
    equal(counts("box", "noise.pgm", "out.jpg", "--compression", "9"), (1, 0), "quality as usual")
    equal(counts("box", "noise.pgm", "out.jpg", "--format", "png"), (1, 0), "another format")
    write("k.txt", b"0 1 0")
    equal(counts("conv:k.txt", "noise.pgm", "out.pgm"), (1, 0), "a kernel file")
    equal(counts("conv:k.txt", "noise.pgm", "out.pgm"), (0, 1), "a kernel file")
    write("k.txt", b"0 0.9 0")
    equal(counts("conv:k.txt", "noise.pgm", "out.pgm"), (1, 0), "a changed kernel file")


def test_depth():
    """A record names --depth only where it changed the samples."""
    deep_png = run("box", "--depth", "16", "noise.pgm", "deep.png").returncode == 0
    for source in ["noise.pgm", "deep.pgm"]:
        for target in ["out.png", "out.pgm"] if deep_png else ["out.pgm"]:
            ok("box", "-fq", "--strip", source, target)
            ok("box", "-fq", source, target)
            same = "16" if source == "deep.pgm" else "8"
            other = "8" if source == "deep.pgm" else "16"
            equal(counts("box", "--depth", same, source, target), (0, 1), "it has that depth")
            equal(counts("box", "--depth", other, source, target), (1, 0), "it has another")
            equal(counts("box", "--depth", other, source, target), (0, 1), "it has that now")
            equal(counts("box", source, target), (1, 0), "back to the usual")
    ok("box", "-q", "noise.pgm", "out.jpg")
    equal(counts("box", "--depth", "8", "noise.pgm", "out.jpg"), (0, 1), "JPEG")
    write("ten.pgm", support.pgm(2, 1, [0, 1023], 1023))
    ok("box", "-q", "ten.pgm", "ten-out.pgm")
    equal(counts("box", "--depth", "16", "ten.pgm", "ten-out.pgm"), (1, 0), "another white")


def test_what_convtool_did_not_write_is_refused_as_ever():
    said = "convtool: out.pgm: already exists, and %s; the last name is the OUTPUT, and -f " \
           "replaces it\n"
    shutil.copy("noise.pgm", "out.pgm")
    done = run("box", "--resume", "noise.pgm", "out.pgm")
    equal([done.returncode, done.stderr.decode()], [2, said % "convtool didn't write it"])
    ok("box", "--in-place", "out.pgm")
    done = run("box", "--resume", "noise.pgm", "out.pgm")
    equal([done.returncode, done.stderr.decode()], [2, said % "convtool only changed it in place"])
    equal(counts("box", "-f", "noise.pgm", "out.pgm"), (1, 0), "-f")
    equal(counts("box", "-f", "noise.pgm", "out.pgm"), (0, 1), "-f replaces nothing that is done")
    with open("out.pgm", "ab") as file:
        file.write(b"changed")
    equal(run("box", "--resume", "noise.pgm", "out.pgm").returncode, 2, "changed since")
    write("empty.pgm", b"")
    equal(counts("box", "noise.pgm", "empty.pgm"), (1, 0), "as mktemp makes it")


def timed(*arguments):
    """The status, standard error but for the counts, and how many were written and failed."""
    done = run("box", "--resume", *arguments)
    return done.returncode, *support.split_counts(done.stderr)


def test_without_a_record_the_times_decide():
    os.mkdir("d")
    warning = b"convtool: warning: %s; --resume can only go by the times of such files, not by " \
              b"how they were made\n"
    for name, call, why in [
            ("d/in.pfm", ["-o", "d/{stem}.pfm"], b"its format has no room for a record"),
            ("d/in.png", ["--strip", "-o", "d/{stem}.png"],
             b"has no record (--strip leaves that out)")]:
        call += ["in.pgm", "step.pgm", "noise.pgm"]
        equal(timed(*call), (0, b"", 3, 0), "nothing there")
        equal(timed(*call), (0, warning % (name.encode() + b": " + why), 0, 0), "all there")
        equal(timed("-q", *call), (0, b"", 0, 0), "-q")
        age(name, 10)
        status, said, _, _ = timed(*call)
        check(status == 2 and b"; -f replaces it" in said, "out of date: %r" % said)
        status, said, written, _ = timed("-f", *call)
        equal([status, written, said.count(b"warning")], [0, 1, 1], "-f")
    # A record shows that it was made without --strip.
    ok("box", "in.pgm", "new.png")
    equal(counts("box", "--strip", "in.pgm", "new.png"), (1, 0), "with a record")


def test_what_is_said():
    os.mkdir("d")
    ok("box", "in.pgm", "step.pgm", "d")
    call = ["box", "--resume", "in.pgm", "step.pgm", "noise.pgm", "d"]
    plan = run(*call, "--dry-run")
    equal([plan.stdout.decode().splitlines(), plan.stderr],
          [["in.pgm -> d/in.pgm: is up to date and would be kept",
            "step.pgm -> d/step.pgm: is up to date and would be kept",
            "noise.pgm -> d/noise.pgm: 40x30, 1 channel, 8-bit, pgm"],
           b"convtool: 1 would be written, 0 failed, 2 would be kept\n"])
    said = run(*call).stderr.decode()
    check(said.startswith("convtool: 1 written, 0 failed, 2 kept in "), said)
    said = run(*call, "-v").stderr.decode().splitlines()
    equal(said[:3], ["convtool: d/%s.pgm: is up to date and was kept" % name
                     for name in ["in", "step", "noise"]])
    equal(run(*call, "-q").stderr, b"")
    # Nothing counts a single image.
    equal(run("box", "--resume", "in.pgm", "d").stderr,
          b"convtool: d/in.pgm: is up to date and was kept\n")


def test_inputs_without_a_time_are_done_again():
    ok("box", "noise.pgm", "out.pgm")
    equal(counts("box", "-", "out.pgm", stdin=read("noise.pgm")), (1, 0), "a pipe")
    done = run("box", "--resume", "gone.pgm", "out.pgm")
    equal([done.returncode, done.stderr],
          [1, b"convtool: gone.pgm: can't open: No such file or directory\n"])


def test_with_options_that_make_no_sense():
    for call, said in [
            (["--in-place", "noise.pgm"],
             "--in-place: can't be combined with --resume: an image that was replaced leaves no "
             "input to compare it with"),
            (["-n", "noise.pgm", "out.pgm"],
             "--resume: can't be combined with --no-clobber, which keeps every output, even one "
             "that is out of date")]:
        done = run("box", "--resume", *call)
        equal([done.returncode, done.stdout, done.stderr.decode()],
              [2, b"", "convtool: %s\n" % said])


def test_large_files_are_compared_with_threads_too():
    """One of many is out of date, at any number of threads."""
    names = ["i%02d.pgm" % i for i in range(40)]
    for i, name in enumerate(names):
        write(name, support.pgm(16, 16, [i] * 256))
    call = ["box", *names, "-o", "o-{stem}.png"]
    for jobs in ["1", "8"]:
        age("noise.pgm", -10)
        counts(*call, "-j", jobs)
        os.unlink("o-i%02d.png" % 17)
        equal(counts(*call, "-j", jobs), (1, 39), jobs)
        equal(counts(*call, "-j", jobs), (0, 40), jobs)
