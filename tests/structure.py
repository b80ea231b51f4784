#!/usr/bin/python3
"""The rules of the house: which room may include which, and who third-party headers; that files
don't depend on each other in a circle, by includes or by calls; that no path of the engine uses
another; that no line of a text is too long, that the files that comments and CONTRIBUTING.md name
exist, and that the loader of networks knows the attributes that operators read.

Each rule is first tried on small trees of its own, to show that it notices violations."""
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

# room: the rooms whose headers it may include, besides its own. A file belongs to the longest name
# that its path begins with. To add a room: a line here.
ROOMS = {
    "src/base": [],
    "src/conv": ["src/base"],
    "src/conv/rows": ["src/conv", "src/base"],
    "src/conv/path": ["src/conv/rows", "src/conv", "src/base"],
    "src/conv/plan": ["src/conv/path", "src/conv/rows", "src/conv", "src/base"],
    "src/net": ["src/conv/rows", "src/conv", "src/base"],
    "src/net/onnx": ["src/net", "src/conv", "src/base"],
    "src/net/ops": ["src/net", "src/conv/rows", "src/conv", "src/base"],
    "src/net/plan": ["src/net", "src/conv", "src/base"],
    "src/filter": ["src/conv", "src/base"],
    "src/codec": ["src/base"],
    "src/codec/png": ["src/codec", "src/base"],
    "src/codec/jpeg": ["src/codec", "src/base"],
    "src/codec/pnm": ["src/codec", "src/base"],
    "src/codec/y4m": ["src/codec", "src/base"],
    "src/flow": ["src/codec", "src/conv", "src/base"],
    "src/app/call": ["src/filter", "src/net", "src/codec", "src/conv", "src/base"],
    "src/app/complete": ["src/app/call", "src/filter", "src/net", "src/codec", "src/conv",
                         "src/base"],
    "src/app/run": ["src/app/call", "src/flow", "src/filter", "src/net", "src/codec", "src/conv",
                    "src/base"],
    "src/app/commands": ["src/app/complete", "src/app/run", "src/app/call", "src/flow",
                         "src/filter", "src/net", "src/codec", "src/conv", "src/base"],
    "src/lesson": ["src/app/commands", "src/app/run", "src/app/call", "src/flow", "src/filter",
                   "src/net", "src/codec", "src/conv", "src/base"],
    "src/lesson/wasi": [],
    "src/app": ["src/app/commands", "src/app/run", "src/app/call", "src/conv", "src/base"],
    "third_party": ["src/codec", "src/base"],
}
# Where headers of libraries may be included.
LIBRARIES = ("src/codec", "src/net/onnx", "src/lesson/wasi", "third_party")
# Headers of the C library and the system, which every room may include (and <sys/...>).
SYSTEM = """assert complex cpuid ctype dirent errno fcntl fenv float fnmatch getopt glob immintrin
inttypes langinfo libgen limits locale malloc math poll pthread sched signal stdarg
stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string strings termios time
unistd wchar wctype""".split()

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def sources(tree):
    """Paths of all C files of src and third_party, relative to the tree."""
    for top in ("src", "third_party"):
        for folder, _, names in os.walk(os.path.join(tree, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".inc")):
                    yield os.path.relpath(os.path.join(folder, name), tree)


def includes(tree, path):
    """The file's includes: line, quoted or not, header."""
    with open(os.path.join(tree, path), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match[1] == '"', match[2]


def room_of(path):
    folder = os.path.dirname(path)
    while folder and folder not in ROOMS:
        folder = os.path.dirname(folder)
    return folder


def why_not(room, quoted, header):
    """Why the room may not include the header; None where it may."""
    if not room:
        return "is in a folder that has no rule"
    if not quoted:
        system = header.removesuffix(".h") in SYSTEM or header.startswith("sys/")
        if system or room.startswith(LIBRARIES):
            return None
        return "includes a header that only src/codec, src/net/onnx and third_party may"
    other = room_of("src/" + header)
    if not other:
        return "includes a file of no room"
    return None if other == room or other in ROOMS[room] else "includes upward"


def broken_includes(tree):
    for path in sources(tree):
        for number, quoted, header in includes(tree, path):
            why = why_not(room_of(path), quoted, header)
            if why:
                yield "%s:%d: %s: %s" % (path, number, why, header)


# ---- circles ----

def stem(path):
    """A file's module: X.c and X.h are one. Every instruction set has its copy of rows.c."""
    return re.sub(r"/rows-\w+$", "/rows", os.path.splitext(path)[0])


def include_arrows(tree):
    """(a, b) where module a includes a header of module b."""
    for path in sources(tree):
        for _, quoted, header in includes(tree, path):
            if quoted:
                yield stem(path), "src/" + stem(header)


def call_arrows(objects):
    """(a, b) where module a uses a symbol of module b; `objects`: {module: nm's lines}."""
    owner, uses = {}, []
    for module, lines in objects.items():
        for line in lines:
            kind, name = line.split()[-2:]
            if kind == "U":
                uses.append((module, name))
            elif kind in "TDBRV":
                owner[name] = module
    return {(module, owner[name]) for module, name in uses if name in owner}


def read_objects(build):
    """nm's lines of every object file of the program."""
    found, paths = {}, []
    for folder, _, names in os.walk(os.path.join(build, "src")):
        paths += [os.path.join(folder, name) for name in names if name.endswith(".o")]
    if not paths:
        return found
    # One process for all of them: a process each took most of this script's time.
    listed = subprocess.run(["nm", "--print-file-name"] + paths, stdout=subprocess.PIPE,
                            check=True, text=True)
    for line in listed.stdout.splitlines():
        path, symbol = line.split(".o:", 1)
        found.setdefault(stem(os.path.relpath(path, build)), []).append(symbol)
    # The others are left over from deleted sources.
    return {module: lines for module, lines in found.items()
            if os.path.exists(os.path.join(ROOT, module + ".c"))}


def circles(arrows):
    """Modules that reach themselves (Tarjan's strongly connected components), a line per circle."""
    after = {}
    for a, b in arrows:
        if a != b:
            after.setdefault(a, set()).add(b)
            after.setdefault(b, set())
    index, low, stack, found = {}, {}, [], []

    def visit(a):
        index[a] = low[a] = len(index)
        stack.append(a)
        for b in sorted(after[a]):
            if b not in index:
                visit(b)
            if b in stack:
                low[a] = min(low[a], low[b])
        if low[a] == index[a]:
            members = stack[stack.index(a):]
            del stack[stack.index(a):]
            if len(members) > 1:
                found.append("a circle: " + ", ".join(sorted(members)))

    for a in sorted(after):
        if a not in index:
            visit(a)
    return found


# ---- paths of the engine ----

def path_arrows(arrows, objects):
    """The arrows between two paths: modules whose path_NAME the table of paths names."""
    named = {line.split()[-1] for line in objects["src/conv/plan/choose"]
             if re.search(r" U path_\w+$", line)}
    paths = {module for module, lines in objects.items()
             if any(re.search(r" [DR] ", line) and line.split()[-1] in named for line in lines)}
    return ["%s uses %s" % (a, b) for a, b in sorted(arrows)
            if a != b and a in paths and b in paths]


# ---- files that comments name ----

def missing_files(tree):
    """Sources and headers named in comments that exist nowhere in the tree. Lower case only: in
    NAME.c the word stands for any."""
    known = {os.path.basename(path) for path in all_files(tree)}
    for path in sources(tree):
        with open(os.path.join(tree, path), encoding="utf-8") as file:
            for comment in re.findall(r"/\*.*?\*/", file.read(), re.S):
                for name in re.findall(r"\b([a-z]\w*\.(?:c|h|inc))\b", comment):
                    system = name.removesuffix(".h") in SYSTEM + ["jpeglib", "jerror"]
                    if name not in known and name == name.lower() and not system:
                        yield "%s: there is no %s" % (path, name)


# ---- long lines ----

COLUMNS = 100
# Where lines may be longer: seeds and crashers stay as they are.
UNLIMITED = ("tests/fuzz/corpus/", "tests/fuzz/crashers/")


def all_files(tree):
    """Paths relative to the tree: what git tracks, or would; without git, all but build/."""
    if os.path.exists(os.path.join(tree, ".git")) and shutil.which("git"):
        listed = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z", "-co",
                                 "--exclude-standard"], cwd=tree, stdout=subprocess.PIPE,
                                check=True).stdout.decode()
        yield from sorted(set(filter(None, listed.split("\0"))))  # in a conflict git lists several
        return
    for folder, folders, names in os.walk(tree):
        folders[:] = [name for name in folders if name not in ("build", ".git")]
        for name in sorted(names):
            yield os.path.relpath(os.path.join(folder, name), tree)


def long_lines(tree):
    for path in all_files(tree):
        full = os.path.join(tree, path)
        if path.startswith(UNLIMITED) or not os.path.isfile(full):
            continue
        with open(full, "rb") as file:
            data = file.read()
        try:
            lines = [] if b"\0" in data else data.decode().split("\n")
        except UnicodeDecodeError:
            continue  # no text
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS:
                yield "%s:%d: %d columns, more than %d" % (path, number, len(line), COLUMNS)


# ---- attributes of networks ----

KINDS = "src/net/onnx/kinds.c"
READS = {"int": "INT", "numbered_type": "INT", "float": "FLOAT", "text": "TEXT", "ints": "INTS",
         "list_of": "INTS", "floats": "FLOATS", "texts": "TEXTS", "tensor_of": "TENSOR",
         "body": "GRAPH"}


def read_text(tree, path):
    with open(os.path.join(tree, path), encoding="utf-8") as file:
        return file.read()


def unknown_attributes(tree):
    """Attributes that src/net reads by name, which KINDS doesn't have as of that kind: the loader
    would let one of another kind through, which then counts as left out."""
    known = {name: kinds.split(" | ")
             for name, kinds in re.findall(r'\{"(\w+)", ([A-Z |]+)\}', read_text(tree, KINDS))}
    for path in sources(tree):
        if path.startswith("src/net/"):
            for how, name in re.findall(r'\bnet_(%s)\([^;"]*"(\w+)"' % "|".join(READS),
                                        read_text(tree, path)):
                if READS[how] not in known.get(name, []):
                    yield "%s: %s doesn't have '%s' as %s" % (path, KINDS, name, READS[how])


# ---- paths in texts ----

def missing_paths(tree):
    """The paths in backticks in CONTRIBUTING.md that don't exist; words in capitals stand for any
    name."""
    with open(os.path.join(tree, "CONTRIBUTING.md"), encoding="utf-8") as file:
        text = file.read()
    for path in re.findall(r"`((?:src|tests|third_party)\b[\w./*-]*)", text):
        pattern = re.sub(r"\b(KIND|NAME)\b|(?<=_)KIND", "*", path)
        if not glob.glob(os.path.join(tree, pattern)):
            yield "CONTRIBUTING.md: there is no " + path


class Tally:
    """Counts checks, and prints those that fail."""

    def __init__(self):
        self.passed = self.failed = 0

    def expect(self, what, found, count):
        """Expects `found` to have so many complaints."""
        found = list(found)
        if len(found) == count:
            self.passed += 1
            return
        self.failed += 1
        print("%s: %d complaints, expected %d" % (what, len(found), count))
        print("\n".join(found))

    def try_tree(self, rule, files, count):
        """A tree with just these files: {path: text}."""
        with tempfile.TemporaryDirectory() as tree:
            for path, text in files.items():
                os.makedirs(os.path.join(tree, os.path.dirname(path)), exist_ok=True)
                with open(os.path.join(tree, path), "w", encoding="utf-8") as file:
                    file.write(text)
            self.expect("a tree of %s" % files, rule(tree), count)


def check_includes(tally):
    def one(path, line, count):
        tally.try_tree(broken_includes, {path: line + "\n"}, count)

    one("src/conv/a.c", '#include "conv/conv.h"', 0)
    one("src/flow/a.c", '#include "codec/codec.h"', 0)
    one("src/codec/png/a.c", '#include <isa-l/igzip_lib.h>', 0)
    one("src/codec/png/a.c", '#include "codec/format.h"', 0)
    one("src/base/a.c", '#  include <stdio.h>', 0)
    one("src/conv/plan/a.c", '#include "conv/path/path.h"', 0)
    one("src/conv/rows/a.inc", '#include "conv/path/path.h"', 1)
    one("src/conv/a.c", '#include "conv/plan/plan.h"', 1)
    one("src/flow/a.c", '#include "conv/plan/plan.h"', 1)
    one("src/app/call/a.c", '#include "app/run/jobs.h"', 1)
    one("src/codec/png/a.c", '#include "codec/jpeg/walk.h"', 1)
    one("src/conv/a.c", '#include "filter/filter.h"', 1)
    one("src/base/a.h", '#include "conv/conv.h"', 1)
    one("src/filter/a.c", '#include "codec/codec.h"', 1)
    one("src/codec/a.c", '#include "conv/conv.h"', 1)
    one("src/codec/a.c", '#include "flow/flow.h"', 1)
    one("src/flow/a.c", ' # include "app/call/options.h"', 1)
    one("src/app/a.c", '#include <stb/stb_image.h>', 1)
    one("src/conv/a.c", '#include "stb_image.h"', 1)
    one("src/new/a.c", '#include <stdio.h>', 1)
    tally.expect("includes", broken_includes(ROOT), 0)


def check_circles(tally):
    def including(tree):
        return circles(include_arrows(tree))

    tally.try_tree(including, {"src/base/a.c": '#include "base/a.h"\n#include "base/b.h"',
                               "src/base/b.h": ""}, 0)
    tally.try_tree(including, {"src/base/a.h": '#include "base/b.h"',
                               "src/base/b.c": '#include "base/a.h"'}, 1)
    tally.expect("calls one way", circles(call_arrows({"a": ["0 T f", " U g"], "b": ["0 D g"]})), 0)
    tally.expect("calls both ways", circles(call_arrows({"a": ["0 T f", " U g"],
                                                         "b": ["0 D g", " U f"]})), 1)
    objects = read_objects(os.environ.get("BUILD", os.path.join(ROOT, "build")))
    tally.expect("objects", [] if objects else ["nothing is built"], 0)
    arrows = set(include_arrows(ROOT)) | call_arrows(objects)
    tally.expect("circles", circles(arrows), 0)
    two = {"src/conv/plan/choose": [" U path_a", " U path_b"], "a": ["0 R path_a"],
           "b": ["0 D path_b", "0 T f"], "c": ["0 R path_c"]}
    tally.expect("two paths", path_arrows({("a", "b"), ("a", "c"), ("c", "b")}, two), 1)
    tally.expect("paths of the engine", path_arrows(arrows, objects), 0)


def check_long_lines(tally):
    tally.try_tree(long_lines, {"a.md": "x" * 100 + "\n" + "\u00e9" * 100, "b/c": "y\0" * 200}, 0)
    tally.try_tree(long_lines, {"a.md": "\n" + "x" * 101, "src/b.c": "/" * 200}, 2)
    tally.try_tree(long_lines, {"tests/fuzz/corpus/a": "x" * 101}, 0)
    tally.expect("long lines", long_lines(ROOT), 0)


def check_paths(tally):
    files = {"src/conv/a.c": "/* As in b.h and math.h, not\n c.c or NAME.c. */ d.e;", "src/b.h": ""}
    tally.try_tree(missing_files, files, 1)
    tally.expect("files in comments", missing_files(ROOT), 0)
    text = "`src/a.c`, `tests/fuzz_KIND.c`, `src/*.c`, `src` and `make`"
    files = {"CONTRIBUTING.md": text, "src/a.c": "", "tests/fuzz_png.c": ""}
    tally.try_tree(missing_paths, files, 0)
    tally.try_tree(missing_paths, {**files, "CONTRIBUTING.md": text + " `src/b.c` `src/x_*.c`"}, 2)
    tally.expect("paths", missing_paths(ROOT), 0)


def check_attributes(tally):
    read = 'net_int(node, "a", 1); net_list_of(call,\n "b", 1); net_ints(node, name, &x);'
    tally.try_tree(unknown_attributes, {KINDS: '{"a", INT | TEXT},\n{"b", INTS}',
                                        "src/net/ops/a.c": read}, 0)
    tally.try_tree(unknown_attributes, {KINDS: '{"a", TEXT}', "src/net/a.c": read}, 2)
    tally.expect("attributes", unknown_attributes(ROOT), 0)


def main():
    tally = Tally()
    check_includes(tally)
    check_circles(tally)
    check_long_lines(tally)
    check_paths(tally)
    check_attributes(tally)
    print("%d passed, %d failed" % (tally.passed, tally.failed))
    return 1 if tally.failed else 0


sys.exit(main())
