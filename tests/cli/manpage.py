#!/usr/bin/env python3
"""man/convtool.1 holds exactly what the tables print: manpage.py compares, --update writes."""
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PAGE = os.path.join(ROOT, "man", "convtool.1")
SECTIONS = ["stages", "window", "kernels", "own", "banks", "own-banks",
            "paddings", "options", "commands"]


def generated(convtool, section):
    return subprocess.run([convtool, "completion", "man-" + section], check=True,
                          capture_output=True, text=True).stdout


def refreshed(text, convtool):
    for section in SECTIONS:
        pattern = re.compile(r'(\.\\" BEGIN %s\n).*?(\.\\" END %s\n)' % (section, section), re.S)
        new, count = pattern.subn(
            lambda m: m.group(1) + generated(convtool, section) + m.group(2), text)
        if count != 1:
            raise SystemExit("man/convtool.1: no section %s" % section)
        text = new
    return text


if __name__ == "__main__":
    program = os.environ.get("CONVTOOL", os.path.join(ROOT, "build", "convtool"))
    with open(PAGE, encoding="utf-8") as file:
        old = file.read()
    new = refreshed(old, program)
    if "--update" in sys.argv:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(new)
    elif new != old:
        sys.exit("man/convtool.1 is behind the tables: run tests/cli/manpage.py --update")
