#!/usr/bin/python3
"""Tests the page of `make lesson` in Chromium, without a network: tests/lesson/*.mjs, through
playwright-core and axe-core from npm (published_files.py).
    lesson_page.py [WORD]     only tests with WORD in their names
    lesson_page.py --bench    prints times instead: the first picture, a frame of each filter

$BUILD is where lesson/index.html is. Prints "N passed, N failed". Without Chromium, Node.js, npm,
the network or the page it skips, with a line that says so.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True

import published_files  # noqa: E402

ROOT = str(published_files.ROOT)
BUILD = os.environ.get("BUILD", os.path.join(ROOT, "build"))
CONVTOOL = os.environ.get("CONVTOOL", os.path.join(BUILD, "convtool"))
PAGE = os.path.abspath(os.path.join(BUILD, "lesson/index.html"))


def skip(why):
    print(f"skipped: the page in a browser ({why})")
    print("0 passed, 0 failed")
    return 0


def main():
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium or not shutil.which("node"):
        return skip("Chromium or Node.js isn't there")
    if not os.path.exists(PAGE):
        return skip("`make lesson` wasn't run")
    try:
        playwright = published_files.folder("playwright-core") / "index.js"
        axe = published_files.folder("axe-core") / "axe.min.js"
    except published_files.NotHere as why:
        return skip(why)
    with tempfile.TemporaryDirectory() as folder:
        check_order(folder)
        return run(playwright, axe, chromium, teachers_page(folder))


def check_order(folder):
    """A page begins with the picture named first, also where JavaScript's order is another."""
    out = os.path.join(folder, "order.html")
    subprocess.run([CONVTOOL, "lesson", "gray", os.path.join(ROOT, "samples/chelsea.png"),
                    os.path.join(ROOT, "samples/networks/digits/7.png"), "-o", out], check=True)
    with open(out, encoding="utf-8") as file:
        given = re.search(r'id="lesson">(.*?)</script>', file.read()).group(1)
    keys = subprocess.run(
        ["node", "-e", "const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
         "console.log(Object.keys(given.pictures).join())"],
        input=given, check=True, stdout=subprocess.PIPE, text=True).stdout
    if keys != "chelsea,7.png\n":
        raise RuntimeError(f"the page's pictures, in order: {keys}")


def teachers_page(folder):
    """A page with a chain and pictures of its own: one whose name would end the script if it could,
    one that the page has as well, and one with a name of the page's."""
    picture = os.path.join(folder, "<!--<script>7.png")
    shutil.copy(os.path.join(ROOT, "samples/networks/digits/7.png"), picture)
    coffee = os.path.join(folder, "coffee.png")
    shutil.copy(os.path.join(ROOT, "samples/networks/digits/5.png"), coffee)
    out = os.path.join(folder, "page.html")
    words = [CONVTOOL, "lesson", "gray,sobel:x", picture,
             os.path.join(ROOT, "samples/chelsea.png"), coffee, "-o", out]
    subprocess.run(words, check=True)
    subprocess.run(words, check=True)  # it may replace its own
    with open(out, "w", encoding="utf-8") as file:
        file.write("<!DOCTYPE html>somebody else's")
    refused = subprocess.run(words, check=False, stderr=subprocess.PIPE, text=True)
    if refused.returncode != 1 or "-f replaces it" not in refused.stderr:
        raise RuntimeError(f"somebody else's page isn't refused: {refused}")
    subprocess.run([*words, "-f"], check=True)
    return out


def run(playwright, axe, chromium, page):
    script = os.path.join(ROOT, "tests/lesson/page.mjs")
    return subprocess.run(["node", script, playwright, axe, chromium, PAGE, ROOT, *sys.argv[1:2]],
                          env=dict(os.environ, LESSON_PAGE=page, CONVTOOL=CONVTOOL),
                          timeout=1200, check=False).returncode


sys.exit(main())
