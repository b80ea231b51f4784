"""A terminal that is typed into: `explain --steps`."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import support
from support import check, equal


class Terminal:
    """A program on a terminal of its own, of so many columns and rows."""

    def __init__(self, *arguments, columns=80, rows=40, shell=None):
        def prepare():
            support.signals_as_usual()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.master, self.slave = pty.openpty()
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.slave)
        self.text = b""
        self.process = subprocess.Popen(
            shell or [support.CONVTOOL, *arguments], stdin=self.slave, stdout=self.slave,
            stderr=subprocess.PIPE, env=support.ENVIRONMENT, start_new_session=True,
            preexec_fn=prepare)

    def until(self, pattern, after=0):
        """Waits until the pattern is shown behind so many bytes; returns what was shown so far."""
        end = time.monotonic() + 30
        while not re.search(pattern, self.text[after:], re.S):
            check(time.monotonic() < end, "%r isn't in %r" % (pattern, self.text[after:]))
            if select.select([self.master], [], [], 0.1)[0]:
                self.text += os.read(self.master, 65536)
        return len(self.text)

    def type(self, keys, pattern):
        """Types, and waits for what appears."""
        shown = len(self.text)
        os.write(self.master, keys)
        self.until(pattern, shown)
        return self.text[shown:].decode()

    def end(self):
        """The exit status; what the terminal is like is as before."""
        end, shown = time.monotonic() + 30, True
        while shown or self.process.poll() is None:  # it may wait until somebody reads
            check(time.monotonic() < end, "it doesn't end")
            shown = bool(select.select([self.master], [], [], 0.1)[0])
            if shown:
                self.text += os.read(self.master, 65536)
        status = self.process.returncode
        equal(termios.tcgetattr(self.slave)[:4], self.before[:4], "the terminal's settings")
        equal(self.text.count(b"\x1b[?1049h"), self.text.count(b"\x1b[?1049l"), "screens")
        equal(self.text.count(b"\x1b[?25l"), self.text.count(b"\x1b[?25h"), "cursors")
        return status

    def quit(self):
        os.write(self.master, b"q")
        equal(self.end(), 0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        os.close(self.master)
        os.close(self.slave)


def plain(text):
    """Without what moves the cursor and sets colours."""
    return re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", text)


def steps(*arguments, **size):
    terminal = Terminal("explain", *arguments, "--steps", "in.pgm", **size)
    terminal.until(rb"q: end")
    flags = termios.tcgetattr(terminal.slave)[3]
    check(not flags & (termios.ICANON | termios.ECHO), "keys come at once")
    return terminal


def test_keys_move_the_window():
    """in.pgm is 4x3: its middle is 1,1."""
    with steps("box") as terminal:
        check(b"output pixel 1,1;" in terminal.text, repr(terminal.text))
        for keys, place in [(b"\r", "2,1"), (b" ", "3,1"), (b"\n", "0,2"), (b"\x1b[A", "0,1"),
                            (b"\x1b[C", "1,1"), (b"\x1bOB", "1,2"), (b"\x1b[D", "0,2"),
                            (b"\x1b[F", "3,2"), (b"\x1b[A", "3,1"), (b"\x1b[H", "0,1")]:
            shown = terminal.type(keys, b"q: end")
            check("output pixel %s;" % place in shown, "%r: %s" % (keys, shown))
        # Where it can't go it stays, and other keys do nothing.
        shown = terminal.type(b"\x1b[Dx\x1b[Z\x1b[A", b"output pixel 0,0;.*q: end")
        terminal.quit()


def test_every_way_out_restores_the_terminal():
    for leave in ["q", "escape", "end of input", signal.SIGINT, signal.SIGTERM, signal.SIGHUP,
                  signal.SIGQUIT]:
        with steps("sobel") as terminal:
            keys = {"q": b"q", "escape": b"\x1b", "end of input": b"\x04", signal.SIGINT: b"\x03",
                    signal.SIGQUIT: b"\x1c"}.get(leave)
            if keys:
                os.write(terminal.master, keys)
            else:
                os.kill(terminal.process.pid, leave)
            equal(terminal.end(), -leave if isinstance(leave, int) else 0, str(leave))


# Runs the program as a shell with job control does, and once it's stopped lets it go on.
SHELL = """
import os, signal, sys, termios
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execvp("convtool", ["convtool", *sys.argv[1:]])
stopped = os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])
print("stopped, lines", stopped and bool(termios.tcgetattr(0)[3] & termios.ICANON), flush=True)
os.tcsetpgrp(0, child)
os.kill(child, signal.SIGCONT)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_stopped_program_gives_the_terminal_back():
    """By Ctrl-Z."""
    command = [sys.executable, "-c", SHELL, "explain", "box", "--steps", "in.pgm"]
    with Terminal(shell=command) as terminal:
        shown = terminal.until(rb"q: end")
        os.write(terminal.master, b"\x1a")
        terminal.until(rb"\x1b\[\?1049l.*stopped, lines True.*\x1b\[\?1049h.*q: end", shown)
        terminal.quit()


def test_it_fits_the_window():
    with steps("sobel", columns=60, rows=12) as terminal:
        text = terminal.text.split(b"\x1b[2J")[-1].decode()
        lines = plain(text).split("\r\n")
        check(len(lines) <= 12 and "PgDn: more" in lines[-1], text)
        check(max(map(len, lines)) <= 60, repr(lines))
        terminal.type(b"\x1b[6~" * 5, b"agrees with.*PgUp")
        fcntl.ioctl(terminal.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 100, 0, 0))
        os.kill(terminal.process.pid, signal.SIGWINCH)
        shown = len(terminal.text)
        terminal.until(rb"in.pgm: .*agrees with", shown)
        terminal.quit()


def test_keys_fit_beside_a_large_place():
    support.write("large.pgm", support.pgm(451, 300, bytes(451 * 300)))
    for columns in [60, 70]:
        with Terminal("explain", "gaussian:2", "--at", "440,290", "--steps", "large.pgm",
                      columns=columns, rows=12) as terminal:
            terminal.until(rb"q: end \x1b\[0m")
            last = plain(terminal.text.decode()).split("\r\n")[-1]
            check(len(last) <= columns and "PgDn: more" in last and "440,290" in last, repr(last))
            terminal.quit()


def test_a_window_that_is_being_drawn_may_change():
    """As while its border is dragged: nobody reads, so the drawing waits, and is interrupted."""
    with steps("sobel", columns=100, rows=60) as terminal:
        for _ in range(40):
            os.kill(terminal.process.pid, signal.SIGWINCH)
            time.sleep(0.02)
        equal(terminal.process.poll(), None, "it goes on")
        shown = len(terminal.text)
        terminal.until(rb"agrees with.*q: end", shown)
        terminal.quit()
