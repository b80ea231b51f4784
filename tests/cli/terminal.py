"""What a terminal changes: colour and progress, and that no image is written to it."""
import concurrent.futures
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import time

import support
from support import check, equal, ok

BOLD = b"\x1b["


def read_all(master):
    """Everything written to a terminal whose other end is closed."""
    text = b""
    while True:
        try:
            piece = os.read(master, 4096)
        except OSError:  # EIO: the last writer is gone
            return text
        if not piece:
            return text
        text += piece


def on_terminal(arguments, streams, env=None, feed=None, size=None):
    """Runs with `streams`, of stdout and stderr, on one terminal: (status, what it showed, the
    rest). `size`: its rows and columns, then its width and height in pixels."""
    master, slave = pty.openpty()
    if size:
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size))
    given = {name: slave if name in streams else subprocess.PIPE for name in ["stdout", "stderr"]}
    environment = {k: v for k, v in {**support.ENVIRONMENT, **(env or {})}.items() if v is not None}
    process = subprocess.Popen([support.CONVTOOL, *arguments], env=environment,
                               stdin=subprocess.PIPE if feed else subprocess.DEVNULL, **given)
    os.close(slave)
    # A terminal holds few bytes that nobody reads.
    pool = concurrent.futures.ThreadPoolExecutor(1)
    text = pool.submit(read_all, master)
    try:
        if feed:
            feed(process.stdin)
        rest = b"".join(process.stdout.read() if s == "stdout" else process.stderr.read()
                        for s in ["stdout", "stderr"] if s not in streams)
        return process.wait(60), text.result(60), rest
    finally:
        process.kill()
        process.wait()
        pool.shutdown()
        os.close(master)
        for pipe in [process.stdin, process.stdout, process.stderr]:
            if pipe:
                pipe.close()


def test_no_image_goes_to_a_terminal():
    for chain in [["sobel", "in.pgm", "-"], ["sobel", "in.pgm", "-o", "-"],
                  ["sobel", "--format", "png", "in.pgm", "-"], ["sobel", "in.pgm", "/dev/stdout"],
                  ["sobel", "in.pgm", "/dev/fd/1"], ["sobel", "in.pgm", "/proc/self/fd/1"]]:
        status, shown, said = on_terminal(chain, ["stdout"])
        equal([status, shown], [2, b""], repr(chain))
        check(b"is a terminal, and an image is binary; name a file, or see the picture "
              b"with --view, or its numbers with --format txt" in said, repr(said))


def test_no_image_goes_to_a_terminal_by_name():
    master, slave = pty.openpty()
    done = support.run("sobel", "in.pgm", os.ttyname(slave))
    os.close(slave)
    equal([done.returncode, read_all(master)], [2, b""])
    os.close(master)


def test_a_table_goes_to_a_terminal():
    support.write("t.txt", b"1 2\n3 4\n")
    for chain in [["scale:2", "t.txt", "-"], ["scale:2", "t.txt", "/dev/stdout"],
                  ["scale:2", "--format", "txt", "t.txt", "-"]]:
        status, shown, _ = on_terminal(chain, ["stdout"])
        equal([status, shown], [0, b"2 4\r\n6 8\r\n"], repr(chain))
    ok("identity", "t.txt", "recorded.txt")
    check(support.read("recorded.txt").startswith(b"# convtool "), "a comment comes first")
    status, shown, _ = on_terminal(["identity", "recorded.txt", "-"], ["stdout"])
    equal([status, shown], [0, b"1 2\r\n3 4\r\n"])
    status, shown, _ = on_terminal(["scale:2", "--format", "csv", "in.pgm", "-"], ["stdout"])
    equal([status, shown[:7]], [0, b"20,40,6"])
    status, shown, _ = on_terminal(["scale:2", "-", "-"], ["stdout"],
                                   feed=lambda pipe: (pipe.write(b"5 6\n"), pipe.close()))
    equal([status, shown], [0, b"10 12\r\n"])


def test_no_picture_from_a_pipe_goes_to_a_terminal():
    """Only once it's read is it known what the input is."""
    status, shown, said = on_terminal(
        ["sobel", "-", "-"], ["stdout"],
        feed=lambda pipe: (pipe.write(support.read("in.pgm")), pipe.close()))
    equal([status, shown], [1, b""])
    check(b"standard output: is a terminal, and an image is binary" in said, repr(said))
    status, shown, said = on_terminal(["sobel", "--format", "npy", "in.pgm", "-"], ["stdout"])
    equal([status, shown], [2, b""])


def test_text_goes_to_a_terminal():
    for arguments in [["list"], ["show", "box3"], ["--help"], ["--version"]]:
        status, shown, _ = on_terminal(arguments, ["stdout"], {"NO_COLOR": "1"})
        equal([status, shown.replace(b"\r\n", b"\n")], [0, ok(*arguments)], arguments[0])


def test_kernels_have_colour_on_a_terminal():
    """Red where they are negative, blue where they are positive, white where they are 0."""
    status, shown, _ = on_terminal(["show", "9 0 -9"], ["stdout"])
    equal(status, 0)
    cells = re.findall(rb"\x1b\[48;5;(\d+);38;5;\d+m +(-?\d+) \x1b\[0m", shown)
    equal([(levels(int(color)), number) for color, number in cells],
          [((0, 1, 3), b"9"), ((5, 5, 5), b"0"), ((4, 0, 0), b"-9")])


def levels(color):
    """Red, green and blue of the terminal's cube, 0 to 5."""
    return (color - 16) // 36, (color - 16) // 6 % 6, (color - 16) % 6


def explained(env):
    status, shown, _ = on_terminal(["explain", "sobel", "--at", "0,0", "in.pgm"], ["stdout"], env)
    equal(status, 0)
    return shown


def test_explain_has_colour_on_a_terminal():
    check(BOLD in explained({}), "no colour")
    check(BOLD in explained({"NO_COLOR": ""}), "an empty NO_COLOR counts")


def test_no_colour_where_it_is_not_wanted():
    plain = ok("explain", "sobel", "--at", "0,0", "in.pgm")
    check(BOLD not in plain, "colour in a pipe")
    for env in [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}, {"TERM": None}]:
        equal(explained(env).replace(b"\r\n", b"\n"), plain, repr(env))


def test_messages_have_no_colour():
    status, shown, _ = on_terminal(["sobl", "in.pgm", "out.pgm"], ["stderr"])
    said = b"convtool: unknown filter or command 'sobl'; did you mean 'sobel'?\r\n"
    equal([status, shown], [2, said])


def slowly(stream):
    """Writes an image of 400 rows, the second half half a second after the work began."""
    row = bytes(2000)
    stream.write(b"P5 2000 400 255\n" + row * 200)
    stream.flush()
    while not support.temporary_files():
        time.sleep(0.01)
    time.sleep(0.5)
    stream.write(row * 200)
    stream.close()


def test_progress_on_a_terminal():
    status, shown, _ = on_terminal(["box", "-", "out.pgm"], ["stderr"], feed=slowly)
    equal(status, 0)
    check(b"% standard input" in shown, repr(shown))
    check(shown.endswith(b"\r\x1b[K"), "the line isn't wiped: %r" % shown)


def test_progress_of_a_batch_counts_images():
    status, shown, _ = on_terminal(["box", "-j1", "-", "in.pgm", "-o", "{n}.pgm"], ["stderr"],
                                   feed=slowly)
    equal(status, 0)
    check(b"\r0/2 images\x1b[K" in shown, repr(shown))
    check(b"\r\x1b[Kconvtool: 2 written" in shown, "the line isn't wiped: %r" % shown)


def test_progress_of_a_stream_counts_frames():
    def frames(stream):
        stream.write(b"YUV4MPEG2 W16 H16 Cmono\n")
        stream.flush()
        time.sleep(1)  # frames that waited for a program that starts slowly would come at once
        for _ in range(100):
            stream.write(b"FRAME\n" + bytes(256))
            stream.flush()
            time.sleep(0.01)
        stream.close()

    begin = time.monotonic()
    status, shown, _ = on_terminal(["box", "-j1", "-", "out.y4m"], ["stderr"], feed=frames)
    seconds = time.monotonic() - begin
    equal(status, 0)
    drawn = [(int(n), float(rate)) for n, rate in
             re.findall(rb"\rframe (\d+), ([\d.]+)/s standard input\x1b\[K", shown)]
    numbers = [n for n, _ in drawn]
    check(2 <= len(drawn) <= 10 * seconds + 1, "%d times in %.1f s" % (len(drawn), seconds))
    check(numbers == sorted(set(numbers)) and 1 < numbers[0] < numbers[-1] <= 100, repr(shown))
    check(all(n / seconds <= rate + 1 and rate <= 110 for n, rate in drawn), repr(drawn))
    check(shown.endswith(b"\r\x1b[K"), "the line isn't wiped: %r" % shown)


def test_progress_nowhere_else():
    done = subprocess.Popen([support.CONVTOOL, "box", "-", "out.pgm"], stdin=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=support.ENVIRONMENT)
    slowly(done.stdin)
    equal([done.stderr.read(), done.wait(60)], [b"", 0])
    done.stderr.close()


def test_progress_is_quiet_with_q_and_on_dumb_terminals():
    for arguments, env in [(["-q"], {}), ([], {"TERM": "dumb"}), ([], {"TERM": None})]:
        status, shown, _ = on_terminal(["box", "-", "out.pgm", *arguments], ["stderr"], env, slowly)
        equal([status, shown], [0, b""], repr((arguments, env)))


def test_a_terminal_does_not_change_the_result():
    status, _, _ = on_terminal(["gaussian:2", "noise.pgm", "a.pgm"], ["stdout", "stderr"])
    equal(status, 0)
    ok("gaussian:2", "noise.pgm", "b.pgm")
    equal(support.read("a.pgm"), support.read("b.pgm"))
