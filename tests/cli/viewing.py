"""Pictures in the terminal: --view and the command view. A build without libchafa skips these."""
import os
import re
import shutil
import subprocess
import time

import support
import terminal
from support import check, equal, ok, pam, pgm, ppm, read, run, write

if b"terminal: libchafa" not in run("--version").stdout:
    SKIPPED = "viewing.py: this build has no libchafa"

ASCII = {"LC_ALL": "C", "COLUMNS": "40", "LINES": "14"}
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def shown(*arguments, env=None, **given):
    """The lines on standard output, which isn't a terminal."""
    done = run(*arguments, env={**ASCII, **(env or {})}, **given)
    equal([done.returncode, done.stderr], [0, b""], repr(arguments))
    check(b"\x1b" not in done.stdout, "an escape sequence where there is no terminal")
    return done.stdout.decode().splitlines()


def quarters(width, height):
    """Red and green above blue and white."""
    rows = [[RED] * (width // 2) + [GREEN] * (width // 2)] * (height // 2)
    rows += [[BLUE] * (width // 2) + [WHITE] * (width // 2)] * (height // 2)
    return ppm(width, height, [v for row in rows for pixel in row for v in pixel])


# ---- not a terminal ----

def test_characters_where_there_is_no_terminal():
    """A pixel is a character wide and half as high; small images are enlarged by a whole factor."""
    write("ramp.pgm", pgm(10, 2, [0, 26, 52, 77, 103, 128, 154, 180, 205, 255] * 2))
    equal(shown("view", "ramp.pgm"), ["".join(c * 4 for c in " .:-=+*#%@")] * 4)
    equal(shown("view", "step.pgm"), [" " * 16 + "@" * 16] * 12)
    equal(shown("view", "step.pgm", env={"LINES": "8"}), [" " * 8 + "@" * 8] * 6)
    equal(shown("view", "step.pgm", env={"LC_ALL": "C.UTF-8", "LINES": "8"}),
          [" " * 8 + "\u2588" * 8] * 6)


def test_a_picture_fits_80_by_24():
    write("large.pgm", pgm(1000, 1000, [200] * 1000000))
    lines = shown("view", "large.pgm", env={"COLUMNS": "", "LINES": "x"})
    equal([len(lines), {len(line) for line in lines}], [22, {44}])
    write("wide.pgm", pgm(2000, 100, [200] * 200000))
    lines = shown("view", "wide.pgm", env={"COLUMNS": "", "LINES": "x"})
    equal([len(lines), {len(line) for line in lines}], [2, {80}])


def test_a_line_and_a_point_are_shown():
    write("line.pgm", pgm(3000, 1, [255] * 3000))
    equal(shown("view", "line.pgm"), ["@" * 40])
    write("column.pgm", pgm(1, 3000, [255] * 3000))
    equal(shown("view", "column.pgm"), ["@"] * 12)
    write("point.pgm", pgm(1, 1, [255]))
    equal(shown("view", "point.pgm"), ["@" * 8] * 4)


def test_alpha_is_clear():
    write("clear.pam", pam(2, 1, 4, [255, 255, 255, 255, 255, 255, 255, 0]))
    equal(shown("view", "clear.pam"), ["@" * 8 + " " * 8] * 4)
    write("mixed.pam", pam(320, 192, 2, [255, 255, 0, 0, 0, 0, 0, 0] * 15360))
    equal(set("".join(shown("view", "mixed.pam"))), {":"}, "a quarter of it is white")


def test_names_and_sizes_of_several():
    write("a\nb.pgm", read("step.pgm"))
    env = {"LINES": "4"}
    equal(shown("view", "a\nb.pgm", "noise.pgm", env=env)[0], r"a\nb.pgm: 4x3")
    lines = shown("view", "step.pgm", "in.pgm", env=env)
    equal([line for line in lines if ":" in line and "pgm" in line],
          ["step.pgm: 4x3", "in.pgm: 4x3"])
    equal(shown("view", "scale:1", "step.pgm", "in.pgm", env=env)[0], "step.pgm, scale:1: 4x3")
    equal(shown("view", "step.pgm", "in.pgm", env={**env, "COLUMNS": "9"})[0], "step.p...")


def test_what_fails_is_counted():
    done = run("view", "in.pgm", "bad.pgm", "step.pgm", env=ASCII)
    equal(done.returncode, 1)
    check(b"convtool: bad.pgm: the file ends" in done.stderr, repr(done.stderr))
    check(b"convtool: 2 shown, 1 failed in " in done.stderr, repr(done.stderr))
    check(b"step.pgm: 4x3" in done.stdout, "the others are shown")


def test_standard_input():
    equal(shown("view", "-", stdin=read("step.pgm")), shown("view", "step.pgm"))
    equal(shown("scale:1", "-", "--view", stdin=read("step.pgm")), shown("view", "step.pgm"))
    done = run("view", "-", stdin=read("step.pgm") + read("in.pgm"), env=ASCII)
    equal([done.returncode, done.stdout.decode().splitlines()], [0, shown("view", "step.pgm")])


def test_directories_and_lists():
    os.mkdir("tree")
    write("tree/a.pgm", read("in.pgm"))
    write("tree/b.pgm", read("step.pgm"))
    wanted = shown("view", "tree/a.pgm", "tree/b.pgm")
    for call in [["view", "-r", "tree"], ["view", "--files-from", "-"]]:
        equal(shown(*call, stdin=b"tree/a.pgm\ntree/b.pgm\n"), wanted, repr(call))
    equal(shown("invert", "-r", "tree", "--view"), shown("view", "invert", "-r", "tree"))


# ---- --view ----

def test_what_is_shown_is_what_would_be_written():
    write("wide.pgm", pgm(300, 200, support.noise(60000)))
    write("deep.pgm", pgm(30, 20, [v * 257 for v in support.noise(600)], 65535))
    ok("bank:sobel2", "noise.pgm", "numbers.npy")
    for call in [["sobel", "wide.pgm"], ["gaussian:2", "noise.ppm"], ["invert", "rgba.pam"],
                 ["sobel:x", "noise.pgm", "--map", "signed"], ["box", "deep.pgm"],
                 ["sobel:x", "noise.pgm", "--colormap", "coolwarm"],
                 ["gray", "noise.ppm", "--scaling", "each", "--colormap", "viridis"],
                 ["sobel:x", "noise.pgm", "--map", "minmax"],
                 ["bank:edges8", "noise.pgm", "--maps", "--grid", "2"],
                 ["resize:7x5", "noise.pgm", "--normalize"], ["invert", "in.pgm", "--depth", "16"]]:
        alone = run(*call, "--view", env=ASCII)
        written = run(*call, "out.pam", "--view", env=ASCII)
        equal([alone.returncode, written.returncode], [0, 0], repr(call))
        plain = run("view", "out.pam", env=ASCII)
        check(len(set(plain.stdout)) > 2, "a picture of nothing: %r" % call)
        equal(alone.stdout, plain.stdout, repr(call))
        equal(written.stdout, plain.stdout, repr(call))
        ok(*call, "without.pam", "-q")
        equal(read("out.pam"), read("without.pam"), "--view changed the file of %r" % call)
        os.remove("out.pam")


def test_many_channels_are_a_sheet():
    """As with --maps, also where numbers are written."""
    wanted = shown("bank:edges8", "noise.pgm", "--maps", "--view")
    equal(shown("bank:edges8", "noise.pgm", "--view"), wanted)
    equal(shown("bank:edges8", "noise.pgm", "out.npy", "--view"), wanted)
    equal(shown("view", "out.npy"), shown("scale:1", "out.npy", "--maps", "--view"))
    equal(shown("bank:edges8", "noise.pgm", "-o", "out-{map}.png", "--view", "-q"),
          shown("bank:edges8", "noise.pgm", "--maps", "--scaling", "fixed=0,255", "--view"))
    check(os.path.exists("out-7.png"), "the maps weren't written")


def test_numbers_are_shown_as_a_picture_has_them():
    write("t.txt", b"0 128 255\n0 128 255\n")
    equal(shown("view", "t.txt"), [" " * 8 + "+" * 8 + "@" * 8] * 8)
    ok("scale:1", "step.pgm", "step.npy")
    equal(shown("view", "step.npy"), shown("view", "step.pgm"))
    equal(shown("scale:1", "step.pgm", "again.npy", "--view"), shown("view", "step.pgm"))


def test_both_are_beside_each_other():
    write("left.pgm", pgm(40, 20, ([0] * 20 + [255] * 20) * 20))
    lines = shown("invert", "left.pgm", "--view=both")
    equal(lines[0], "left.pgm: 40x20      invert: 40x20")
    half = lines[1][:19], lines[1][21:]
    equal([len(lines), lines[1][19:21]], [1 + 5, "  "])
    equal([half[0][:9], half[0][10:], half[1][:9], half[1][10:]],
          [" " * 9, "@" * 9, "@" * 9, " " * 9])
    equal(shown("invert", "left.pgm", "out.pgm", "--view=both")[0],
          "left.pgm: 40x20      out.pgm: 40x20")
    equal(shown("view", "invert", "left.pgm", "--view=both"), lines)
    equal([line[21:] for line in shown("invert", "-", "--view=both",
                                       stdin=read("left.pgm"))][1:],
          [line[21:] for line in lines][1:])


def test_names_that_are_cut_end_in_dots():
    """Above two pictures a name has half of the line."""
    long = "a-name-of-many-characters.pgm"
    write(long, read("in.pgm"))
    chain = "gaussian:1,invert,gaussian:2"
    for locale, cut in [("C", "a-name-of-many-c..."), ("C.UTF-8", "a-name-of-many-cha\u2026")]:
        top = shown(chain, long, "--view=both", env={"LC_ALL": locale})[0]
        equal(top[:21], cut + "  ", locale)
        dots = cut[len(cut.rstrip(".\u2026")):]
        equal(top[21:], "gaussian:1,invert,gaussian:2"[:19 - len(dots)] + dots, locale)
    narrow = shown(chain, long, "--view=both", env={"COLUMNS": "6"})[0]
    equal(narrow, "..  ..", "no room for more")
    for columns, cut in [("4", ".  ."), ("3", "   "), ("2", "   "), ("1", "   ")]:
        equal(shown(chain, long, "--view=both", env={"COLUMNS": columns})[0], cut, columns)
    several = shown("view", long, long, env={"COLUMNS": "20"})
    equal(several[0], long[:17] + "...")


def test_both_does_not_change_the_result():
    """Of a JPEG sobel reads only the gray, while the input is shown in its colours."""
    ok("scale:1", "noise.ppm", "in.jpg")
    ok("sobel", "in.jpg", "a.png", "-q")
    done = run("sobel", "in.jpg", "b.png", "--view=both", "-q", env=ASCII)
    equal([done.returncode, read("b.png")], [0, read("a.png")])
    ok("scale:1", "noise.ppm", "in.png")
    ok("sobel", "in.png", "c.png", "-q")
    run("sobel", "-", "d.png", "--view=both", "-q", env=ASCII, stdin=read("in.png"))
    equal(read("d.png"), read("c.png"))


def test_both_in_place():
    """The input is what it was."""
    write("a.pgm", pgm(2, 1, [0, 255]))
    lines = shown("invert", "a.pgm", "--in-place", "--view=both")
    equal(lines[1][:16].rstrip() + "|" + lines[1][16:], "        @@@@@@@@|  @@@@@@@@        ")
    equal(support.Image(read("a.pgm")).values, [255, 0])


def test_a_huge_terminal_takes_little_memory():
    write("large.pgm", pgm(1000, 1000, [200] * 1000000))
    lines = shown("view", "large.pgm", env={"COLUMNS": "9999", "LINES": "9999"})
    equal([len(lines), {len(line) for line in lines}], [498, {996}])


def test_both_of_many_channels():
    ok("bank:edges8", "noise.pgm", "in.npy")
    lines = shown("bank:edges8", "noise.pgm", "--view=both", env={"COLUMNS": "80"})
    check(lines[0].startswith("noise.pgm: 40x30 "), lines[0])
    lines = shown("norm", "in.npy", "--view=both", "-q", env={"COLUMNS": "80"})
    check(lines[0].startswith("in.npy: 40x30x8 ") and lines[0].endswith(" norm: 40x30"), lines[0])
    equal(shown("norm", "-", "--view=both", "-q", env={"COLUMNS": "80"}, stdin=read("in.npy"))[1:],
          lines[1:])


def test_streams():
    """The first image is shown, all are written."""
    frames = b"YUV4MPEG2 W4 H4 Cmono\n" + b"".join(b"FRAME\n" + bytes([v] * 16) for v in [255, 0])
    write("in.y4m", frames)
    for call in [["in.y4m"], ["-"]]:
        for view in ["--view", "--view=both"]:
            lines = shown("invert", *call, "out.y4m", "-f", view, stdin=frames)
            equal(set(lines[-1]) - {"@"}, {" "}, repr((call, view)))
            equal(read("out.y4m").count(b"FRAME"), 2)
    equal(shown("view", "in.y4m", "-q"), ["@" * 24] * 12)


def test_batches_are_shown_in_the_order_of_the_inputs():
    names = ["%03d.pgm" % i for i in range(60)]
    for i, name in enumerate(names):
        size = 300 if i % 7 == 0 else 3
        write(name, pgm(size, size, [i] * (size * size)))
    os.mkdir("out")
    done = run("invert", *names, "out", "-j8", "--view", env=ASCII)
    equal([done.returncode, re.findall(rb"^out/(.*): \d+x\d+$", done.stdout, re.M)],
          [0, [name.encode() for name in names]])
    check(b"60 written, 0 failed" in done.stderr, repr(done.stderr))


def test_memory_is_that_of_rows():
    """12 megapixels of three channels take 36 MB."""
    with open("large.ppm", "wb") as file:
        file.write(b"P6 4000 3000 255\n")
        for _ in range(3000):
            file.write(b"\x10\x80\xf0" * 4000)
    if b"__asan_init" in read(support.CONVTOOL):  # it has memory of its own
        return
    for call in ["view large.ppm", "sobel large.ppm --view=both", "invert large.ppm o.ppm --view"]:
        done = subprocess.run(["sh", "-c", "ulimit -d 20000; exec convtool -j1 " + call],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60,
                              env={**support.ENVIRONMENT, **ASCII}, check=False)
        equal([done.returncode, done.stderr], [0, b""], call)


# ---- terminals ----

def sized(arguments, env, columns=80, rows=24, cell=(0, 0)):
    """What a terminal of that size is sent."""
    environment = {"COLUMNS": None, "LINES": None, "COLORTERM": None, "TMUX": None, "STY": None,
                   "TERM_PROGRAM": None, **env}
    return terminal.on_terminal(arguments, ["stdout"], environment,
                                size=(rows, columns, columns * cell[0], rows * cell[1]))


def test_a_terminal_that_can_is_sent_pixels():
    write("four.ppm", quarters(100, 60))
    for env, begin in [({"TERM": "mlterm"}, b"\x1bP0;1;0q"),
                       ({"TERM": "xterm-kitty"}, b"\x1b_Ga=T,f=32,"),
                       ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"},
                        b"\x1b]1337;File=inline=1;")]:
        status, text, said = sized(["view", "four.ppm"], env, cell=(9, 18))
        equal([status, said], [0, b""])
        check(text.startswith(begin), repr(text[:40]))


def test_sixel_has_the_size_and_the_colours():
    """Five times as large, and a whole number of characters of 9x18: 56 x 17."""
    write("four.ppm", quarters(100, 60))
    _, text, _ = sized(["view", "four.ppm"], {"TERM": "mlterm"}, cell=(9, 18))
    check(text.startswith(b'\x1bP0;1;0q"1;1;504;306#'), repr(text[:40]))
    check(text.rstrip().endswith(b"\x1b\\"), repr(text[-20:]))
    colors = set(re.findall(rb"#\d+;2;(\d+;\d+;\d+)", text))
    check({b"100;0;0", b"0;100;0", b"0;0;100", b"100;100;100"} <= colors, repr(colors))


def test_a_multiplexer_is_sent_characters():
    for env in [{"TERM": "mlterm", "TMUX": "/tmp/x,1,0"}, {"TERM": "tmux-256color"},
                {"TERM": "screen", "KITTY_PID": "1"}]:
        _, text, _ = sized(["view", "step.pgm"], env)
        check(not re.search(rb"\x1b[P_\]]", text), repr((env, text[:40])))


def test_no_colour_where_it_is_not_wanted():
    for env, full in [({"TERM": "dumb"}, "@"), ({"TERM": None}, "@"), ({"TERM": ""}, "@"),
                      ({"NO_COLOR": "1", "TERM": "xterm"}, "\u2588"),
                      ({"NO_COLOR": "1", "TERM": "mlterm", "LC_ALL": "C"}, "@"),
                      ({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, "\u2588")]:
        status, text, _ = sized(["view", "step.pgm"], env, columns=20, rows=8)
        equal([status, text.decode().splitlines()], [0, [" " * 8 + full * 8] * 6], repr(env))


def test_colour_can_be_forced():
    env = {"CLICOLOR_FORCE": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    write("four.ppm", quarters(8, 8))
    done = run("view", "four.ppm", env={**ASCII, **env, "LC_ALL": "C.UTF-8"})
    for color in [b"8;2;255;0;0m", b"8;2;0;255;0m", b"8;2;0;0;255m", b"8;2;255;255;255m"]:
        check(color in done.stdout, "%r isn't in %r" % (color, done.stdout))
    done = run("view", "four.ppm", env={**ASCII, **env, "CLICOLOR_FORCE": "0"})
    check(b"\x1b" not in done.stdout, "0 means no")
    done = run("view", "four.ppm", env={**ASCII, **env, "TERM": "mlterm"})
    check(b"\x1bP" not in done.stdout, "pixels in a pipe")


# ---- tmux ----

class Tmux:
    """A server of its own with one pane; commands are typed into its shell."""

    def __init__(self, columns, rows, env):
        self.name = ["tmux", "-f", "/dev/null", "-S", os.path.abspath("socket")]
        self.env = {**support.ENVIRONMENT, **env, "PS1": "$ ", "ENV": ""}
        self.typed = 0
        self.env.pop("TMUX", None)
        self.ask("new-session", "-d", "-x", str(columns), "-y", str(rows), "sh")

    def ask(self, *words):
        return subprocess.run(self.name + list(words), stdout=subprocess.PIPE, env=self.env,
                              timeout=60, check=True).stdout.decode()

    def type(self, line):
        """Runs the line on a cleared screen; gives the pane's lines, with colours."""
        self.typed += 1  # the screen shows the line before until this one clears it
        self.ask("send-keys", "-l", "clear; %s; echo en''d $? n''%d" % (line, self.typed))
        self.ask("send-keys", "Enter")
        for _ in range(200):
            lines = self.ask("capture-pane", "-e", "-N", "-p").split("\n")
            if any("n%d" % self.typed in line for line in lines):
                return lines
            time.sleep(0.05)
        raise AssertionError("nothing came: %r" % lines)

    def close(self):
        subprocess.run(self.name + ["kill-server"], env=self.env, check=False)


def cells(line):
    """The background of each column of a captured line: (r, g, b), an index, or None. A blank that
    is shown in inverse colours has its foreground's."""
    out, fore, back, inverse = [], None, None, False
    for code, text in re.findall("\x1b\\[([\\d;]*)m|([^\x1b])", line):
        if text:
            check(text == " " or text.isascii(), "a block that isn't one colour: %r" % line)
            out.append(fore if inverse else back)
            continue
        words = [int(word or 0) for word in code.split(";")]
        while words:
            word = words.pop(0)
            if word in (38, 48):
                kind = words.pop(0)
                color = tuple(words.pop(0) for _ in range(3)) if kind == 2 else words.pop(0)
                fore, back = (color, back) if word == 38 else (fore, color)
            elif word == 0:
                fore, back, inverse = None, None, False
            elif word in (7, 27):
                inverse = word == 7
            elif word in (39, 49):
                fore, back = (None, back) if word == 39 else (fore, None)
    return out


def with_tmux(columns, rows, env, lines):
    if not shutil.which("tmux"):
        print("skipped: tmux isn't installed")
        return None
    tmux = Tmux(columns, rows, env)
    try:
        return [tmux.type(line) for line in lines]
    finally:
        tmux.close()


def test_tmux_shows_the_colours():
    write("four.ppm", quarters(300, 200))
    env = {"COLORTERM": "truecolor"}
    panes = with_tmux(60, 20, env, ["convtool view four.ppm", "COLORTERM= convtool view four.ppm"])
    for pane, colors in zip(panes or [], [(RED, GREEN, BLUE, WHITE), (196, 46, 21, 231)]):
        rows = [cells(line) for line in pane]
        left = 27  # 18 rows of a pane of 20, times 300/200, times 2: 54 columns
        for y in range(18):
            first, second = colors[0:2] if y < 9 else colors[2:4]
            equal([rows[y][:left], rows[y][left:2 * left], rows[y][2 * left:]],
                  [[first] * left, [second] * left, []], "row %d" % y)
        check("end 0" in pane[18], repr(pane))


def test_tmux_shows_both_beside_each_other():
    write("red.ppm", ppm(40, 40, list(RED) * 1600))
    panes = with_tmux(60, 20, {"COLORTERM": "truecolor"}, ["convtool invert red.ppm --view=both"])
    for pane in panes or []:
        equal(pane[0], "red.ppm: 40x40" + " " * 17 + "invert: 40x40")
        for line in pane[1:15]:
            equal(cells(line), [RED] * 29 + [None] * 2 + [(0, 255, 255)] * 29)
        check("end 0" in pane[16] or "end 0" in pane[15], repr(pane))


# ---- what can't be done ----

def test_the_library_is_not_there():
    os.mkdir("lib")
    write("lib/libchafa.so.0", b"no library")
    env = {**ASCII, "LD_LIBRARY_PATH": os.path.abspath("lib")}
    for call in [["view", "in.pgm"], ["sobel", "in.pgm", "out.pgm", "--view"]]:
        done = run(*call, env=env)
        equal([done.returncode, done.stdout], [2, b""])
        check(re.fullmatch(rb"convtool: --view: needs libchafa\.so\.0, which can't be loaded; "
                           rb"install libchafa0 \(.*\)\n", done.stderr), repr(done.stderr))
    equal(os.path.exists("out.pgm"), False)
    equal(run("invert", "in.pgm", "out.pgm", env=env).returncode, 0, "nothing else needs it")


def test_the_library_is_loaded_only_for_pictures():
    for call in [["invert", "in.pgm", "o.pgm"], ["list"], ["view"], ["--version"]]:
        done = run(*call, env={"LD_DEBUG": "files"})
        check(b"libchafa" not in done.stderr, repr(call))
    check(b"libchafa.so.0" in run("view", "in.pgm", env={"LD_DEBUG": "files"}).stderr, "view")
