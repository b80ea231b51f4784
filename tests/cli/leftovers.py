"""What kill -9 leaves behind, a later batch removes, and nothing else."""
import contextlib
import os
import re
import shutil
import subprocess
import time

import support
from atomic import finish, half_done
from support import check, equal, ok, run, temporary_files, write

NAME = re.compile(r"\.convtool-([0-9a-f]{8})-([0-9a-f]+)-([0-9a-f]+)\.tmp")


def killed(output):
    """The name of the temporary file of a run that was killed."""
    with half_done(output) as process:
        process.kill()
        process.wait()
    return temporary_files(os.path.dirname(output))[0]


def batch(*options):
    """Writes two images into d and x/y."""
    done = run("box", "-f", "in.pgm", "step.pgm", "-o", "d/{stem}.pgm", *options)
    equal(done.returncode, 0, repr(done))
    return support.split_counts(done.stderr)[0].decode()


def test_a_name_says_whose_file_it_is():
    with half_done("out.pgm") as process:
        name = temporary_files()[0]
        match = NAME.fullmatch(name)
        check(match, name)
        equal(int(match[2], 16), process.pid)
        age = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - int(match[3], 16)
        check(0 <= age < 60e9, "made %d ns ago" % age)
        equal(finish(process)[0], 0)


def test_a_later_batch_removes_them():
    os.mkdir("d")
    name = killed("d/out.pgm")
    ok("box", "in.pgm", "d/single.pgm")
    equal(temporary_files("d"), [name], "a single image doesn't look")
    batch("--dry-run")
    equal(temporary_files("d"), [name], "--dry-run")
    equal(batch(), "", "what is said")
    equal(temporary_files("d"), [])
    name = killed("d/out.pgm")
    check(batch("-v").startswith("convtool: d: removed %s, left by a convtool that was killed\n"
                                 % name), "-v names it")
    equal(temporary_files("d"), [])


def test_in_every_directory_that_is_written_to():
    for directory in ["p/a", "out/a", "out/b"]:
        os.makedirs(directory)
    shutil.copy("in.pgm", "p/a")
    shutil.copy("in.pgm", "p")
    for directory in ["p", "out", "out/a", "out/b", "."]:
        killed(directory + "/x.pgm")
    ok("box", "-r", "p", "out")
    equal([len(temporary_files(d)) for d in ["p", "out", "out/a", "out/b", "."]],
          [1, 0, 0, 1, 1], "-r")
    ok("box", "-q", "--in-place", "p/in.pgm", "in.pgm")
    equal([len(temporary_files(d)) for d in ["p", "out/b", "."]], [0, 1, 0], "--in-place")
    # What is up to date isn't written.
    killed("out/a/x.pgm")
    ok("box", "-r", "p", "out", "--resume", "-fq")
    os.utime("p/in.pgm", (4e9, 4e9))
    ok("box", "-r", "p", "out", "--resume", "-fq")
    equal([len(temporary_files(d)) for d in ["out", "out/a"]], [0, 1], "--resume")


def test_a_living_run_keeps_its_file():
    os.mkdir("d")
    with half_done("d/out.pgm") as process:
        before = temporary_files("d")
        batch()
        equal(temporary_files("d"), before)
        equal(finish(process), (0, ""))


def test_what_may_be_somebodys_stays():
    """Another machine's, another program's, and what only looks like ours."""
    os.mkdir("d")
    name = killed("d/out.pgm")
    machine, process, made = NAME.fullmatch(name).groups()
    other = "%08x" % (int(machine, 16) ^ 1)
    keep = [".convtool-%s-%s-%s.tmp" % parts for parts in [
        (other, process, made), (machine, "0", made), (machine, "ffffffff", made),
        (machine, "0" + process, made), (machine[1:], process, made), (machine, process, ""),
        (machine, process.upper() + "A", made), (machine, process, "0" + made)]]
    keep += [name + "x", name[1:], name[:-4], name[:-4] + ".old", ".convtool-0123456789abcdef.tmp",
             ".convtool--.tmp", ".convtool-notes.tmp"]
    for file in keep:
        write("d/" + file, b"precious")
    os.mkdir("d/.convtool-%s-%s-1.tmp" % (machine, process))
    batch()
    left = set(os.listdir("d"))
    equal(sorted(set(keep) - left), [], "removed")
    check(name not in left, "the file that is left over")
    equal(len(left), len(keep) + 3)


def test_a_number_that_another_process_has_now():
    """It began after the file was made; a file made since may be its own."""
    os.mkdir("d")
    name = killed("d/out.pgm")
    machine, _, made = NAME.fullmatch(name).groups()
    os.unlink("d/" + name)
    with open("/proc/self/stat", encoding="ascii") as file:
        ticks = int(file.read().rpartition(")")[2].split()[19])
    start = ticks * 10 ** 9 // os.sysconf("SC_CLK_TCK")
    names = [".convtool-%s-%x-%x.tmp" % (machine, os.getpid(), at)
             for at in [1, start - 1, start, int(made, 16)]]
    for name in names:
        write("d/" + name, b"")
    batch()
    equal(sorted(temporary_files("d")), sorted(names[2:]))


def test_one_that_nobody_has_waited_for():
    os.mkdir("d")
    with half_done("d/out.pgm") as process:
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        batch()
        equal(temporary_files("d"), [])


def test_another_container():
    """There, the same numbers are other processes."""
    os.mkdir("d")
    name = killed("d/out.pgm")
    command = ["unshare", "--pid", "--fork", "--mount-proc", support.CONVTOOL, "box", "in.pgm",
               "step.pgm", "d"]
    with contextlib.suppress(FileNotFoundError):
        done = subprocess.run(command, env=support.ENVIRONMENT, capture_output=True, check=False)
        if b"unshare" not in done.stderr:  # allowed here
            equal(done.returncode, 0, repr(done))
            equal(temporary_files("d"), [name])
