"""Outputs and inputs that are descriptors: written and read from their current position."""
import os
import socket
import subprocess

import support
from support import check, equal, read, write
from unrecorded import record

PGM = support.pgm(4, 3, [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120])


def shell(script, program="sh", **options):
    """Status, standard output and messages."""
    done = subprocess.run([program, "-c", script], env=support.ENVIRONMENT, capture_output=True,
                          timeout=60, check=False, **{"stdin": subprocess.DEVNULL, **options})
    return done.returncode, done.stdout, done.stderr.decode()


NAMES = ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/proc/thread-self/fd/1",
         "/dev/../dev/stdout", "link", "-"]


def test_what_stands_there_stays():
    """A regular file as standard output is written from where it is, however it is named."""
    os.symlink("/dev/stdout", "link")
    for name in NAMES:
        equal(shell("{ echo head; convtool identity in.pgm %s; echo tail; } > file" % name),
              (0, b"", ""), name)
        equal(read("file"), b"head\n" + PGM + b"tail\n", name)
        check(os.path.islink("link"), "the link was replaced")


def test_appending_goes_on_appending():
    for name in NAMES[:-2]:
        write("file", b"before\n")
        equal(shell("convtool identity in.pgm %s >> file" % name), (0, b"", ""), name)
        equal(read("file"), b"before\n" + PGM, name)


def test_the_input_decides_the_format():
    for name in NAMES[:-2]:
        equal(shell("convtool identity in.pgm " + name)[:2], (0, PGM), name)
    equal(shell("convtool identity --format png in.pgm /dev/stdout")[1][:4], b"\x89PNG")
    check(record(shell("convtool identity --format png in.pgm /dev/stdout")[1]) is None,
          "a record in a pipe")


def test_other_descriptors():
    equal(shell("convtool identity in.pgm /dev/fd/3 3> out.pgm"), (0, b"", ""))
    equal(read("out.pgm"), PGM)
    equal(shell("convtool identity in.pgm /proc/$$/fd/1; true"), (0, PGM, ""))
    equal(shell("convtool identity in.pgm >(cat > copy); wait $!", "bash")[::2], (0, ""))
    equal(read("copy"), PGM)
    equal(shell("convtool identity <(cat in.pgm) -", "bash"), (0, PGM, ""))


def test_descriptors_that_are_closed():
    for arguments in ["in.pgm /dev/fd/9", "/dev/fd/9 out.pgm"]:
        equal(shell("convtool identity " + arguments),
              (2, b"", "convtool: /dev/fd/9: this descriptor isn't open\n"))
    equal(shell("convtool identity in.pgm /dev/fd/3 3< step.pgm"),
          (1, b"", "convtool: /dev/fd/3: can't write: Bad file descriptor\n"))
    equal(os.path.exists("out.pgm"), False)


def test_inputs():
    for name in ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "-"]:
        equal(shell("convtool identity %s - < in.pgm" % name), (0, PGM, ""), name)
        # From its current position, as other programs that share it expect.
        equal(shell("{ read line; convtool identity %s -; } < both" % name)
              if not write("both", b"a line\n" + PGM) else None, (0, PGM, ""), name)
    ours, theirs = socket.socketpair()
    theirs.sendall(PGM)
    theirs.close()
    with ours:
        equal(shell("convtool identity /dev/stdin -", stdin=ours), (0, PGM, ""), "a socket")


def test_what_is_read_only_once():
    os.mkdir("d")
    for arguments, name in [("- /dev/stdin", "/dev/stdin"), ("/dev/fd/0 -", "standard input")]:
        equal(shell("convtool identity -o 'd/{n}.pgm' %s < in.pgm" % arguments),
              (2, b"", "convtool: %s: can be read only once\n" % name))
    equal(shell("convtool identity --in-place /dev/stdin < in.pgm"),
          (2, b"", "convtool: /dev/stdin: can't be replaced by --in-place\n"))
    equal(os.listdir("d"), [])


def test_an_output_that_is_an_input():
    for script in ["in.pgm /dev/stdout >> in.pgm", "/dev/stdin /dev/stdout < in.pgm >> in.pgm",
                   "/dev/fd/4 /dev/fd/3 4< in.pgm 3>> in.pgm", "- in.pgm < in.pgm"]:
        status, _, said = shell("convtool invert " + script)
        equal(status, 2, script)
        check("is also an input" in said, said)
    equal(read("in.pgm"), PGM)


def test_reports_need_standard_output():
    for option in ["--json", "--dry-run"]:
        equal(shell("convtool identity %s in.pgm /dev/stdout" % option),
              (2, b"", "convtool: /dev/stdout: is used by %s; name a file for the image\n"
               % option))


def test_no_clobber_keeps_files_alone():
    equal(shell("convtool identity -n in.pgm /dev/stdout"), (0, PGM, ""))
    equal(shell("convtool identity -n in.pgm /dev/null"), (0, b"", ""))
