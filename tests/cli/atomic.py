"""Outputs appear whole or not at all, whatever ends the program."""
import contextlib
import os
import pwd
import random
import re
import resource
import shutil
import signal
import stat
import subprocess
import time

import support
from unrecorded import without_record
from support import check, equal, ok, read, run, temporary_files, write

IS_ROOT = os.geteuid() == 0


def start(*arguments, preexec_fn=None, **options):
    def prepare():
        support.signals_as_usual()
        if preexec_fn:
            preexec_fn()
    return subprocess.Popen([support.CONVTOOL, *arguments], env=support.ENVIRONMENT,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=prepare,
                            **{"stdin": subprocess.PIPE, **options})


@contextlib.contextmanager
def half_done(output, *arguments, **options):
    """A run that has written part of its output and waits for more input."""
    process = start("identity", "-", output, "-j", "1", *arguments, **options)
    process.stdin.write(b"P5 1000 1000 255\n" + bytes(range(250)) * 3000)
    process.stdin.flush()
    try:
        for _ in range(2000):
            if temporary_files(os.path.dirname(output) or "."):
                break
            time.sleep(0.01)
        else:
            raise AssertionError("no temporary file appeared")
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in [process.stdin, process.stdout, process.stderr]:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def finish(process):
    """Sends the rest of the input; returns status and messages."""
    process.stdin.write(bytes(250000))
    process.stdin.close()
    said = process.stderr.read().decode()
    return process.wait(60), said


def nobody():
    """A user who is bound by permissions; ourselves if we aren't root."""
    if not IS_ROOT:
        return {}
    os.chmod(".", 0o777)
    return {"user": pwd.getpwnam("nobody").pw_uid, "group": pwd.getpwnam("nobody").pw_gid,
            "extra_groups": []}


def run_as(user, *arguments):
    """Runs a copy of the program, as the user may not see its directory: (status, messages)."""
    program = support.CONVTOOL
    if user:
        program = shutil.copy(program, "/tmp/" + os.path.basename(os.getcwd()) + "-program")
    try:
        done = subprocess.run([program, *arguments], env=support.ENVIRONMENT, capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False, **user)
        return done.returncode, done.stderr.decode()
    finally:
        if user:
            os.unlink(program)


def test_killed_at_any_moment():
    """kill -9 leaves the old bytes or the new ones, never others."""
    write("big.pgm", b"P5 2000 1000 255\n" + bytes(support.noise(2000)) * 1000)
    begin = time.monotonic()
    ok("gaussian:3", "big.pgm", "new.pgm")
    length = time.monotonic() - begin
    old, new = b"old bytes", read("new.pgm")
    ends = set()
    for _ in range(40):
        write("out.pgm", old)
        process = start("gaussian:3", "-f", "big.pgm", "out.pgm")
        time.sleep(random.uniform(0, 1.2 * length))
        process.kill()
        process.communicate()
        got = read("out.pgm")
        check(got in (old, new), "%d other bytes under the name" % len(got))
        ends.add(got == new)
        for name in temporary_files():
            os.unlink(name)
    check(False in ends, "no run was killed before its end")


def test_nothing_shows_before_the_end():
    write("out.pgm", b"old bytes")
    with half_done("out.pgm", "-f") as process:
        equal(read("out.pgm"), b"old bytes", "before the end")
        names = temporary_files()
        equal(len(names), 1)
        check(names[0].endswith(".tmp"), names[0])
        equal(finish(process), (0, ""))
    equal(len(without_record(read("out.pgm"))), len(b"P5\n1000 1000\n255\n") + 10 ** 6,
          "bytes at the end")
    equal(temporary_files(), [])


def test_signals_leave_no_temporary_file():
    for number in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]:
        write("out.pgm", b"old bytes")
        with half_done("out.pgm", "-f") as process:
            process.send_signal(number)
            equal(process.wait(60), -number, "status after %s" % number.name)
        equal([temporary_files(), read("out.pgm")], [[], b"old bytes"], number.name)


def begun_batch():
    """A batch whose first image waits for more input, as half_done's."""
    process = start("identity", "-j", "1", "-", "in.pgm", "step.pgm", "-o", "out-{n}.pgm")
    process.stdin.write(b"P5 1000 1000 255\n" + bytes(range(250)) * 3000)
    process.stdin.flush()
    while not temporary_files():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    return process


def test_a_first_interrupt_finishes_the_image_in_hand():
    process = begun_batch()
    process.stdin.write(bytes(250000))
    _, said = process.communicate(timeout=60)
    equal(process.returncode, -signal.SIGINT, "status")
    counts = rb"\Aconvtool: interrupted: 1 written, 0 failed, 0 kept, 2 not begun in [\d.]+ s\n\Z"
    check(re.search(counts, said), repr(said))
    equal([temporary_files(), os.path.exists("out-1.pgm"), os.path.exists("out-2.pgm")],
          [[], True, False])


def test_a_second_interrupt_stops_at_once():
    process = begun_batch()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    equal([process.returncode, temporary_files(), os.path.exists("out-1.pgm")],
          [-signal.SIGINT, [], False])


def test_signals_leave_no_temporary_file_of_any_thread():
    """Eight images at once, each from a pipe that has sent half of it."""
    pipes = []
    for i in range(8):
        os.mkfifo("%d.fifo" % i)
    process = start("identity", "-j", "8", *["%d.fifo" % i for i in range(8)], "-o", "{n}.pgm")
    try:
        for i in range(8):
            pipes.append(open("%d.fifo" % i, "wb", buffering=0))
            pipes[i].write(b"P5 1000 1000 255\n" + bytes(60000))
        while len(temporary_files()) < 8:
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    finally:
        process.kill()
        for pipe in pipes:
            pipe.close()
    equal([process.returncode, temporary_files()], [-signal.SIGTERM, []])


def test_an_ignored_signal_stays_ignored():
    """As under nohup."""
    ignore = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)}
    with half_done("out.pgm", "-f", **ignore) as process:
        process.send_signal(signal.SIGHUP)
        time.sleep(0.05)
        equal(finish(process), (0, ""))


def test_an_input_that_ends_early():
    write("out.pgm", b"old bytes")
    with half_done("out.pgm", "-f") as process:
        process.stdin.close()
        said = process.stderr.read().decode()
        equal([process.wait(60), said],
              [1, "convtool: standard input: the file ends in row 751 of 1000\n"])
    equal([temporary_files(), read("out.pgm")], [[], b"old bytes"])


def into_full(*arguments):
    """Runs with /dev/full as standard output: (status, messages)."""
    with open("/dev/full", "wb") as full:
        done = subprocess.run([support.CONVTOOL, *arguments], stdout=full, stderr=subprocess.PIPE,
                              env=support.ENVIRONMENT, check=False)
    return done.returncode, done.stderr.decode()


def test_full_devices():
    for arguments, name in [(["in.pgm", "-"], "standard output"),
                            (["in.pgm", "/dev/full"], "/dev/full"),
                            (["noise.ppm", "-", "--format", "png"], "standard output")]:
        equal(into_full("box", *arguments),
              (1, "convtool: %s: can't write: No space left on device\n" % name))


def test_text_on_full_devices():
    for arguments in [["list"], ["show", "box3"], ["--help"], [], ["--version"],
                      ["explain", "box", "--at", "0,0", "in.pgm"], ["completion", "fish"],
                      ["box", "--json", "in.pgm", "out.pgm"]]:
        equal(into_full(*arguments),
              (1, "convtool: standard output: can't write: No space left on device\n"))


def test_a_file_that_may_not_grow():
    """As with `ulimit -f`: an error like any other, not a death by SIGXFSZ."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))

    write("out.pgm", b"old bytes")
    process = start("box", "noise.pgm", "in.pgm", "-o", "{stem}-out.pgm", preexec_fn=limit,
                    stdin=subprocess.DEVNULL)
    _, said = process.communicate()
    equal([process.returncode, support.split_counts(said)],
          [1, (b"convtool: noise-out.pgm: can't write: File too large\n", 1, 1)])
    equal([temporary_files(), os.path.exists("noise-out.pgm"), os.path.exists("in-out.pgm")],
          [[], False, True])


@contextlib.contextmanager
def small_disk(size):
    """A directory, `disk`, on a disk of that size; False where mounting isn't allowed."""
    os.mkdir("disk")
    command = ["mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", "disk"]
    if not IS_ROOT or subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode:
        print("not tested: a full disk, as mounting isn't allowed here")
        yield False
        return
    try:
        yield True
    finally:
        subprocess.run(["umount", "disk"], check=True)


def test_a_full_disk():
    with small_disk("16k") as mounted:
        if not mounted:
            return
        write("disk/out.pgm", b"old bytes")
        write("big.pgm", support.pgm(200, 200, [7] * 40000))
        done = run("identity", "-f", "big.pgm", "disk/out.pgm")
        equal([done.returncode, done.stderr.decode()],
              [1, "convtool: disk/out.pgm: can't write: No space left on device\n"])
        equal([temporary_files("disk"), read("disk/out.pgm")], [[], b"old bytes"])
        # Several threads that write side by side.
        write("big.pgm", support.pgm(400, 400, [7] * 160000))
        for name in ["disk/out.pgm", "disk/out.pfm"]:
            done = run("box", "-f", "-j", "4", "big.pgm", name)
            equal([done.returncode, done.stderr.decode()],
                  [1, "convtool: %s: can't write: No space left on device\n" % name])
            equal([temporary_files("disk"), os.listdir("disk")], [[], ["out.pgm"]])


def test_a_closed_pipe():
    write("big.pgm", support.pgm(1000, 1000, [9] * 10 ** 6))
    process = start("identity", "big.pgm", "-", stdin=subprocess.DEVNULL)
    process.stdout.close()
    equal(process.stderr.read(), b"convtool: standard output: can't write: Broken pipe\n")
    process.stderr.close()
    equal(process.wait(60), 1)


def test_text_into_a_closed_pipe_says_nothing():
    """`convtool list | head -n 1`"""
    for arguments in [["list"], ["--help"], ["completion", "bash"]]:
        ours, theirs = os.pipe()
        os.close(ours)
        done = subprocess.run([support.CONVTOOL, *arguments], stdout=theirs, check=False,
                              stderr=subprocess.PIPE, env=support.ENVIRONMENT)
        os.close(theirs)
        equal([done.returncode, done.stderr], [1, b""], arguments[0])


def test_streams_that_are_closed():
    for redirection, arguments in [(">&-", "list"), (">&-", "identity in.pgm -"),
                                   ("<&-", "identity - out.pgm"), ("<&- >&-", "identity - -")]:
        done = subprocess.run(["sh", "-c", "convtool %s %s" % (arguments, redirection)],
                              env=support.ENVIRONMENT, capture_output=True, check=False)
        check(done.returncode == 1 and done.stderr.startswith(b"convtool: standard ") and
              b"Bad file descriptor" in done.stderr, "%s %s: %r" % (arguments, redirection, done))
    done = subprocess.run(["sh", "-c", "convtool identity in.pgm out.pgm <&- >&- 2>&-"],
                          env=support.ENVIRONMENT, check=False)
    equal([done.returncode, without_record(read("out.pgm"))], [0, read("in.pgm")])


def test_permissions_are_kept():
    write("out.pgm", b"old bytes")
    os.chmod("out.pgm", 0o640)
    ok("box", "-f", "in.pgm", "out.pgm")
    equal(stat.S_IMODE(os.stat("out.pgm").st_mode), 0o640)
    ok("box", "--in-place", "out.pgm")
    equal(stat.S_IMODE(os.stat("out.pgm").st_mode), 0o640)


def test_new_files_obey_the_umask():
    for mask in [0o022, 0o077]:
        subprocess.run([support.CONVTOOL, "box", "in.pgm", "%o.pgm" % mask], check=True, umask=mask,
                       env=support.ENVIRONMENT)
        equal(stat.S_IMODE(os.stat("%o.pgm" % mask).st_mode), 0o666 & ~mask)


def test_the_owner_is_kept():
    if IS_ROOT:
        write("out.pgm", b"old bytes")
        os.chown("out.pgm", 1234, 2345)
        ok("box", "-f", "in.pgm", "out.pgm")
        equal([os.stat("out.pgm").st_uid, os.stat("out.pgm").st_gid], [1234, 2345])


def test_protected_files_and_directories():
    user = nobody()
    os.mkdir("closed")
    write("kept.pgm", b"old bytes")
    os.chmod("kept.pgm", 0o444)
    os.chmod("closed", 0o555)
    equal(run_as(user, "box", "-f", "in.pgm", "kept.pgm"),
          (1, "convtool: kept.pgm: can't write: Permission denied\n"))
    equal(read("kept.pgm"), b"old bytes")
    equal(run_as(user, "box", "in.pgm", "closed/out.pgm"),
          (1, "convtool: closed/out.pgm: can't create a file in its directory: "
              "Permission denied\n"))
    os.chmod("in.pgm", 0)
    equal(run_as(user, "box", "in.pgm", "out.pgm"),
          (1, "convtool: in.pgm: can't open: Permission denied\n"))


def test_links():
    os.mkdir("d")
    write("d/target.pgm", b"old bytes")
    os.symlink("d/target.pgm", "link.pgm")
    os.link("d/target.pgm", "other.pgm")
    ok("identity", "-f", "in.pgm", "link.pgm")
    check(os.path.islink("link.pgm"), "the link was replaced")
    equal(without_record(read("d/target.pgm")), read("in.pgm"), "the link's target")
    equal(read("other.pgm"), b"old bytes", "the target's other name")
    for name, target in [("lost.pgm", "nowhere"), ("loop.pgm", "loop.pgm")]:
        os.symlink(target, name)
        done = run("identity", "in.pgm", name)
        check(b"a symbolic link whose target can't be reached" in done.stderr, repr(done))
        equal(done.returncode, 1, name)
        equal(run("identity", "-n", "-q", "in.pgm", name).returncode, 0, "-n " + name)
        check(os.path.islink(name) and not os.path.exists("nowhere"), name)


def test_devices_and_pipes_are_written_directly():
    ok("identity", "in.pgm", "/dev/null")
    check(stat.S_ISCHR(os.stat("/dev/null").st_mode), "/dev/null was replaced")
    os.mkfifo("pipe")
    process = start("identity", "in.pgm", "pipe")
    equal(read("pipe"), read("in.pgm"))
    process.communicate()
    equal(process.returncode, 0)


def test_directories_in_the_way():
    os.mkdir("out.pgm")
    done = run("identity", "in.pgm", "out.pgm")
    equal([done.returncode, os.listdir("out.pgm")], [0, ["in.pgm"]])
    os.mkdir("out.pgm/step.pgm")
    done = run("identity", "step.pgm", "in.pgm", "out.pgm")
    equal([done.returncode, support.split_counts(done.stderr)],
          [1, (b"convtool: out.pgm/step.pgm: is a directory; expected a file\n", 1, 1)])
