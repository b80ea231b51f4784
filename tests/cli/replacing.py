"""convtool may replace what it wrote; anything else needs -f."""
import os
import shutil
import signal
import stat
import subprocess
import time

import support
from atomic import finish, half_done, nobody, run_as, start
from memory import SANITIZED
from support import check, equal, ok, read, run, temporary_files, write
from unrecorded import record

PHOTO = os.path.join(support.ROOT, "samples", "coffee.jpg")
RENAME = os.path.join(os.path.dirname(support.CONVTOOL), "tests", "preload", "rename.so")
RENAME_EXCHANGE = "2"


def refused(name, *arguments, why="convtool didn't write it", more=""):
    """The call ends with status 2 and this line, and changes nothing."""
    before = {path: (read(path), os.stat(path).st_ino) for path in os.listdir(".")
              if os.path.isfile(path)}
    done = run(*arguments)
    last = "the last name is the OUTPUT, and " if arguments[-1] == name else ""
    equal([done.returncode, done.stdout, done.stderr.decode()],
          [2, b"", "convtool: %s: already exists, and %s; %s-f replaces it%s\n"
           % (name, why, last, more)], arguments)
    for path, (data, inode) in before.items():
        equal((read(path), os.stat(path).st_ino), (data, inode), path)
    equal(temporary_files(), [])


def test_two_photographs_are_safe():
    """`convtool sobel *.jpg` where there are exactly two."""
    shutil.copy(PHOTO, "a.jpg")
    shutil.copy(PHOTO, "b.jpg")
    refused("b.jpg", "sobel", "a.jpg", "b.jpg")
    shutil.copy(os.path.join(support.ROOT, "samples", "chelsea.png"), "a.png")
    refused("b.jpg", "sobel", "a.png", "b.jpg")
    refused("b.jpg", "sobel", "-o", "b.jpg", "a.png")
    shutil.copy(PHOTO, "c.jpg")
    done = run("sobel", "a.jpg", "b.jpg", "c.jpg")
    check(done.returncode == 2 and b"c.jpg: not a directory; several inputs need" in done.stderr,
          done.stderr)


def test_every_format():
    for name in ["out.png", "out.jpg", "out.pgm", "out.ppm", "out.pnm", "out.pam"]:
        ok("gray", "noise.ppm", name)
        ok("gray,invert", "noise.ppm", name)  # not a keystroke more
        equal(record(read(name)), "gray,invert", name)
        # The same image from elsewhere: without the record, as another program writes it.
        ok("gray", "-f", "--strip", "noise.ppm", name)
        refused(name, "sobel", "noise.ppm", name)
        ok("sobel", "-fq", "noise.ppm", name)
        ok("sobel", "-q", "noise.ppm", name)


def test_whatever_its_name_says():
    """The record is looked for in the file's bytes."""
    ok("gray", "--format", "png", "noise.ppm", "out.jpg")
    ok("gray", "noise.ppm", "out.jpg")
    for data in [b"x", b"not an image\n", b"P5\n# made by hand\n1 1\n255\n\0", b"\xff\xd8\xff\xe0"]:
        write("out.png", data)
        refused("out.png", "gray", "noise.ppm", "out.png")


def test_what_another_program_changed():
    """ImageMagick keeps comments, jpegtran too."""
    for command, name in [
            ("mogrify -negate out.jpg", "out.jpg"), ("mogrify -negate out.pgm", "out.pgm"),
            ("mogrify -negate out.png", "out.png"), ("truncate -s -1 out.png", "out.png"),
            ("jpegtran -rotate 90 -outfile out.jpg out.jpg", "out.jpg"),
            ("head -c 200 out.pgm > x; mv x out.pgm", "out.pgm"), ("echo >> out.jpg", "out.jpg")]:
        if shutil.which(command.split()[0]):
            ok("gray", "-f", "noise.ppm", name)
            subprocess.run(["sh", "-c", command], check=True)
            refused(name, "invert", "noise.ppm", name)
    ok("gray", "-f", "noise.ppm", "out.png")
    shutil.copy("out.png", "copy.png")
    ok("gray", "noise.ppm", "copy.png")


def test_pixels_changed_in_place():
    """By a program that keeps the comment and the length."""
    ok("gray", "noise.ppm", "out.pgm")
    clean = read("out.pgm")
    start = clean.index(b"255\n") + 4
    for at in range(start, len(clean), 5):
        write("out.pgm", clean[:at] + bytes([clean[at] ^ 1]) + clean[at + 1:])
        refused("out.pgm", "invert", "noise.ppm", "out.pgm")
    # A large file is looked at in pieces, so here it's a region.
    write("big.pgm", b"P5 1000 1000 255\n" + bytes(1000000))
    ok("invert", "big.pgm", "out.pgm", "-f")
    clean = read("out.pgm")
    write("out.pgm", clean[:400000] + bytes(200000) + clean[600000:])
    refused("out.pgm", "invert", "big.pgm", "out.pgm")
    write("out.pgm", clean)
    ok("identity", "big.pgm", "out.pgm")


def test_files_without_room_for_a_record():
    why = "it has no record that convtool wrote it (%s)"
    ok("gray", "noise.ppm", "out.pfm")
    refused("out.pfm", "gray", "noise.ppm", "out.pfm",
            why=why % "its format has no room for one")
    ok("gray", "--force", "noise.ppm", "out.pfm")
    ok("gray", "--strip", "noise.ppm", "out.png")
    refused("out.png", "gray", "--strip", "noise.ppm", "out.png",
            why=why % "--strip leaves that out")
    ok("gray", "--strip", "-f", "noise.ppm", "out.png")
    # A file with a record may be replaced by one without.
    ok("gray", "noise.ppm", "new.png")
    ok("gray", "--strip", "noise.ppm", "new.png")


def test_empty_files_may_be_replaced():
    """As mktemp makes them."""
    name = subprocess.run(["mktemp", "-p", ".", "XXXXXX.png"], stdout=subprocess.PIPE, check=True,
                          text=True).stdout.strip()
    ok("gray", "noise.ppm", name)
    equal(stat.S_IMODE(os.stat(name).st_mode), 0o600)
    ok("gray", "noise.ppm", name)


def test_batches_are_looked_at_before_anything_is_done():
    os.mkdir("d")
    ok("invert", "in.pgm", "step.pgm", "noise.pgm", "d")
    ok("gray", "in.pgm", "step.pgm", "noise.pgm", "d")
    shutil.copy("noise.pgm", "d/noise.pgm")
    refused("d/noise.pgm", "invert", "in.pgm", "step.pgm", "noise.pgm", "d")
    equal(record(read("d/in.pgm")), "gray", "the first output")
    shutil.copy("in.pgm", "d/in.pgm")
    refused("d/in.pgm", "invert", "in.pgm", "step.pgm", "noise.pgm", "d",
            more=", and 1 more output")
    shutil.copy("step.pgm", "d/step.pgm")
    refused("d/in.pgm", "invert", "--dry-run", "in.pgm", "step.pgm", "noise.pgm", "d",
            more=", and 2 more outputs")
    refused("d/in.pgm", "invert", "--json", "in.pgm", "step.pgm", "noise.pgm", "d",
            more=", and 2 more outputs")
    done = run("invert", "-n", "in.pgm", "step.pgm", "noise.pgm", "d")
    equal([done.returncode, done.stderr.count(b"was kept")], [0, 3])
    ok("invert", "-f", "in.pgm", "step.pgm", "noise.pgm", "d")
    ok("gray", "in.pgm", "step.pgm", "noise.pgm", "d")


def test_force_and_no_clobber_contradict_each_other():
    equal(run("invert", "-fn", "in.pgm", "out.pgm").stderr.decode(),
          "convtool: --force: can't be combined with --no-clobber, which keeps what --force "
          "replaces\n")
    equal(os.path.exists("out.pgm"), False)


def test_in_place_needs_no_force():
    shutil.copy(PHOTO, "a.jpg")
    ok("box", "--in-place", "a.jpg")
    equal(record(read("a.jpg")), "box --in-place")
    shutil.copy(PHOTO, "b.jpg")
    # It's still somebody else's photograph.
    refused("a.jpg", "sobel", "b.jpg", "a.jpg", why="convtool only changed it in place")
    ok("box", "--in-place", "a.jpg")
    ok("sobel", "-f", "-q", "b.jpg", "a.jpg")
    ok("sobel", "-q", "b.jpg", "a.jpg")


def test_links_are_followed():
    os.mkdir("d")
    shutil.copy("noise.pgm", "d/theirs.pgm")
    ok("gray", "noise.pgm", "d/ours.pgm")
    os.symlink("d/theirs.pgm", "theirs.pgm")
    os.symlink("d/ours.pgm", "ours.pgm")
    ok("invert", "noise.pgm", "ours.pgm")
    equal([os.path.islink("ours.pgm"), record(read("d/ours.pgm"))], [True, "invert"])
    refused("theirs.pgm", "invert", "noise.pgm", "theirs.pgm")
    equal(read("d/theirs.pgm"), read("noise.pgm"))


def test_a_file_that_cannot_be_read():
    user = nobody()
    write("out.pgm", b"old bytes")
    os.chmod("out.pgm", 0o200)
    equal(run_as(user, "invert", "in.pgm", "out.pgm"),
          (2, "convtool: out.pgm: already exists, and can't be read to see whether convtool wrote "
              "it: Permission denied; the last name is the OUTPUT, and -f replaces it\n"))
    os.chmod("out.pgm", 0o644)
    equal(read("out.pgm"), b"old bytes")


def race(change, *options, output="out.pgm"):
    """A run during which `change` happens to its output: status and messages."""
    with half_done(output, *options) as process:
        change()
        result = finish(process)
    equal(temporary_files(), [])
    return result


def test_an_output_that_appears_meanwhile():
    def appear():
        write("out.pgm", b"somebody's")

    equal(race(appear),
          (1, "convtool: out.pgm: appeared while convtool was running; -f replaces it\n"))
    equal(read("out.pgm"), b"somebody's")
    os.unlink("out.pgm")
    equal(race(appear, "-n"), (0, "convtool: out.pgm: already exists and was kept\n"))
    equal(read("out.pgm"), b"somebody's")
    os.unlink("out.pgm")
    equal(race(appear, "-f"), (0, ""))
    equal(record(read("out.pgm")), "identity")


def test_a_batch_counts_as_kept_what_appears_meanwhile():
    os.mkfifo("1.pgm")
    process = start("box", "-n", "--json", "1.pgm", "in.pgm", "-o", "out-{stem}.pgm")
    with open("1.pgm", "wb") as pipe:  # its name was free when the run began
        pipe.write(read("noise.pgm")[:100])
        pipe.flush()
        while not temporary_files():
            time.sleep(0.002)
        write("out-1.pgm", b"somebody's")
        pipe.write(read("noise.pgm")[100:])
    reported, said = process.communicate(timeout=60)
    check(said.startswith(b"convtool: out-1.pgm: already exists and was kept\n"
                          b"convtool: 1 written, 0 failed, 1 kept in "), repr(said))
    reports = [(r["status"], r.get("error")) for r in support.images(reported)]
    equal([process.returncode, reports], [0, [("kept", None), ("written", None)]])
    equal([read("out-1.pgm"), temporary_files()], [b"somebody's", []])


def test_what_convtool_wrote_is_replaced_by_somebody_meanwhile():
    def replace():
        write("theirs.pgm", read("out.pgm"))
        os.utime("theirs.pgm", (1, 1))
        os.rename("theirs.pgm", "out.pgm")

    def change():
        with open("out.pgm", "r+b") as file:
            file.write(b"P6")

    for disturb in [replace, change]:
        ok("invert", "-f", "noise.pgm", "out.pgm")
        os.utime("out.pgm", (1, 1))
        equal(race(disturb),
              (1, "convtool: out.pgm: changed while convtool was running; -f replaces it\n"))
        check(record(read("out.pgm")) == "invert", "it was replaced")
        equal(race(disturb, "-f"), (0, ""))
        equal(record(read("out.pgm")), "identity")


def test_it_may_vanish_or_change_its_permissions():
    for disturb in [lambda: os.unlink("out.pgm"), lambda: os.chmod("out.pgm", 0o600)]:
        ok("invert", "-f", "noise.pgm", "out.pgm")
        equal(race(disturb), (0, ""))
        equal(record(read("out.pgm")), "identity")


def disturbed(*commands, without=""):
    """A run that replaces what convtool wrote, with these commands each before a rename, from the
    second on: the first only gives the temporary file another name. `without` is a flag of
    renameat2, which fails. Status and messages."""
    env = {"BEFORE_RENAME_%d" % (n + 2): command for n, command in enumerate(commands)}
    ok("invert", "-f", "noise.pgm", "out.pgm")
    done = run("gray", "noise.pgm", "out.pgm",
               env={**env, "LD_PRELOAD": RENAME, "RENAME_WITHOUT": without})
    return done.returncode, done.stderr.decode()


def test_an_edit_of_the_last_moment():
    """After the last look at the output: tests/preload/rename.c makes it then."""
    if SANITIZED:
        return
    changed = "convtool: out.pgm: changed while convtool was running; -f replaces it\n"
    for command in ["echo precious > out.pgm", "echo precious > new; mv new out.pgm"]:
        equal(disturbed(command), (1, changed))
        equal([read("out.pgm"), temporary_files()], [b"precious\n", []], command)
    # A link, or a directory, has the name by then.
    equal(disturbed("ln -sf in.pgm out.pgm"), (1, changed))
    equal([os.readlink("out.pgm"), temporary_files()], ["in.pgm", []])
    os.unlink("out.pgm")
    equal(disturbed("rm out.pgm; mkdir out.pgm"), (1, changed))
    equal([os.path.isdir("out.pgm"), temporary_files()], [True, []])
    os.rmdir("out.pgm")
    for commands in [[], ["rm out.pgm"], ["chmod 600 out.pgm"]]:
        equal(disturbed(*commands), (0, ""), commands)
        equal([record(read("out.pgm")), temporary_files()], ["gray", []], commands)
    # The file is gone, and then another one is there.
    equal(disturbed("rm out.pgm", "echo precious > out.pgm"),
          (1, "convtool: out.pgm: appeared while convtool was running; -f replaces it\n"))
    equal([read("out.pgm"), temporary_files()], [b"precious\n", []])


def test_an_edit_that_cannot_be_put_back():
    if SANITIZED:
        return
    # Its name is free again, or there's no way back; then it must not be lost.
    equal(disturbed("echo precious > out.pgm", "rm out.pgm"),
          (1, "convtool: out.pgm: changed while convtool was running; -f replaces it\n"))
    equal([read("out.pgm"), temporary_files()], [b"precious\n", []])
    status, said = disturbed("echo precious > out.pgm", "rm out.pgm", "echo other > out.pgm")
    left = temporary_files()
    equal([status, len(left), read("out.pgm")], [1, 1, b"other\n"], said)
    check(left[0].endswith(".old"), "a name that a later run doesn't remove: " + left[0])
    equal(said, "convtool: out.pgm: changed while convtool was running; what it held is in %s: "
                "File exists\n" % left[0])
    equal(read(left[0]), b"precious\n")


def test_a_file_system_that_cannot_swap_names():
    if not SANITIZED:
        equal(disturbed(without=RENAME_EXCHANGE), (0, ""))
        equal([record(read("out.pgm")), temporary_files()], ["gray", []])


def stopped_at_work(*arguments):
    """A run that is stopped while its temporary file exists."""
    for _ in range(50):
        process = start(*arguments, stdin=subprocess.DEVNULL)
        while process.poll() is None and not temporary_files():
            pass
        process.send_signal(signal.SIGSTOP)
        if process.poll() is None and temporary_files():
            return process
        process.communicate()
    raise AssertionError("no run could be stopped at work")


def test_in_place_an_input_that_changes_meanwhile():
    write("big.pgm", b"P5 3000 3000 255\n" + bytes(9000000))
    process = stopped_at_work("gaussian:3", "--in-place", "-j1", "big.pgm")
    os.utime("big.pgm", (1, 1))
    process.send_signal(signal.SIGCONT)
    equal(process.communicate()[1].decode(),
          "convtool: big.pgm: changed while convtool was running; -f replaces it\n")
    equal([process.returncode, temporary_files(), record(read("big.pgm"))], [1, [], None])
