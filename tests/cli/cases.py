r"""Cases in text files.

    == what it shows
    $ a shell command, with convtool on the path (several lines are one script)
    > a line of standard output         >~ a regular expression for a line
    ! a line of standard error          !~ likewise
    ? 2                                 the exit status, where it isn't 0
    @ out.pgm 4x3x1/255: 1 2 3 ...      the image in a file
    + name    - name                    a file that exists, or doesn't
    \ more                              continues the line above, after a blank

Both streams are compared as a whole: other lines must not appear, except after `>*` or `!*`, which
stand for any number of lines. `cmp` compares images except for the record of what made them."""
import os
import re
import subprocess
import sys

import support


def match_lines(text, expected, what):
    """Compares lines with patterns; a last one of kind * stands for any number of lines."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    for i, (kind, pattern) in enumerate(expected):
        if kind == "*":
            return
        got = lines[i] if i < len(lines) else "(nothing)"
        good = re.fullmatch(pattern, got) if kind == "~" else got == pattern
        support.check(good, "%s, line %d\n  got      %s\n  expected %s\n--- all of it\n%s"
                      % (what, i + 1, got, pattern, text))
    support.check(len(lines) <= len(expected), "%s has more lines:\n%s" % (what, text))


CMP = "cmp() { %s -E -S '%s' \"$@\"; }\n" % (
    sys.executable, os.path.join(os.path.dirname(os.path.abspath(__file__)), "unrecorded.py"))


class Case:
    def __init__(self, place):
        self.place = place
        self.script, self.out, self.err, self.files = [], [], [], []
        self.status = 0

    def add(self, line):
        mark, rest = line[0], line[1:]
        text = rest[1:] if rest.startswith(" ") else rest
        if mark == "$":
            self.script.append(text)
        elif mark in ">!":
            kind = rest[0] if rest[:1] in ("~", "*") else "="
            pattern = rest[2:] if kind == "~" else text
            (self.out if mark == ">" else self.err).append((kind, pattern))
        elif mark == "?":
            self.status = int(text)
        elif mark in "@+-":
            self.files.append((mark, text))
        else:
            raise SystemExit("%s: what is this line? %s" % (self.place, line))

    def __call__(self):
        done = subprocess.run(["sh", "-c", CMP + "\n".join(self.script)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              env=support.ENVIRONMENT, timeout=60, check=False)
        out = done.stdout.decode("utf-8", "surrogateescape")
        err = done.stderr.decode("utf-8", "surrogateescape")
        match_lines(err, self.err, "standard error")
        match_lines(out, self.out, "standard output")
        support.equal(done.returncode, self.status, "exit status")
        for mark, text in self.files:
            if mark == "@":
                name, image = text.split(" ", 1)
                support.equal(support.Image(support.read(name)).text(), image, name)
            else:
                support.check(os.path.lexists(text) == (mark == "+"),
                              "%s %s" % (text, "is missing" if mark == "+" else "is there"))
        support.equal(support.temporary_files(), [], "temporary files")


def lines_of(path):
    """(number, text) of each line, those that begin with a backslash joined to the line above."""
    with open(path, encoding="utf-8") as file:
        joined = []
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line.startswith("\\ "):
                joined[-1] = (joined[-1][0], joined[-1][1] + line[1:])
            else:
                joined.append((number, line))
    return joined


def load_all(folder):
    for name in sorted(os.listdir(folder)):
        if not name.endswith(".case"):
            continue
        case = None
        for number, line in lines_of(os.path.join(folder, name)):
            if line.startswith("== "):
                if case:
                    yield case
                case = ("%s: %s" % (name[:-5], line[3:]), Case("%s:%d" % (name, number)))
            elif line and not line.startswith("#"):
                case[1].add(line)
        if case:
            yield case
