"""What the program lists exists and works, and everything made from its tables agrees with them."""
import json
import math
import os
import re
import shutil
import subprocess
import sys

import support
from support import check, equal, ok

MANPAGE = os.path.join(support.ROOT, "tests", "cli", "manpage.py")
STAGE_ARGUMENTS = {"conv": ":box3", "threshold": ":100"}  # those that must be given


def listed(what):
    return json.loads(ok("list", what, "--json"))[what]


def names(what):
    return [entry["name"] for entry in listed(what)]


def options():
    """Long names, and letters, as the help shows them."""
    text = ok("--help").decode()
    return (re.findall(r"^  (?:-\w, |    )--([a-z-]+)", text, re.M),
            re.findall(r"^  -(\w), --", text, re.M))


SIZE, MIDDLE = 25, 12


def response(chain):
    """What a chain makes of a 1 in the middle of zeros: a symmetric kernel itself."""
    values = [0] * (SIZE * SIZE)
    values[SIZE * MIDDLE + MIDDLE] = 1
    support.write("impulse.pgm", support.pgm(SIZE, SIZE, values))
    ok("-f", chain, "impulse.pgm", "out.pfm", "--scale", "255")
    return support.Image(support.read("out.pfm")).values


def correlate(image, rows):
    """A plain correlation with zeros beyond the edge; the anchor is (size - 1) / 2."""
    out = []
    for y in range(image.height):
        for x in range(image.width):
            total = 0
            for j, row in enumerate(rows):
                for i, weight in enumerate(row):
                    u, v = x + i - (len(row) - 1) // 2, y + j - (len(rows) - 1) // 2
                    if 0 <= u < image.width and 0 <= v < image.height:
                        total += weight * image.pixel(u, v)[0]
            out.append(total)
    return out


def check_near(got, expected, tolerance, what):
    for i, (a, b) in enumerate(zip(got, expected)):
        check(abs(a - b) <= tolerance, "%s, number %d: got %g, expected %g" % (what, i, a, b))
    equal(len(got), len(expected), what + ": how many")


def test_every_stage_runs_on_every_kind_of_image():
    for name in names("stages"):
        for image in ["noise.pgm", "noise.ppm", "rgba.pam", "deep.pgm"]:
            chain = name + STAGE_ARGUMENTS.get(name, "")
            if name.endswith("pool"):
                chain += ":1x1"
            done = support.run(chain, "-q", image, "out.pam")
            check(done.returncode == 0 and not done.stderr, "%s %s: %r" % (chain, image, done))
            support.Image(support.read("out.pam"))


def test_every_argument_of_every_stage_is_accepted():
    for stage in listed("stages"):
        for argument in stage["arguments"].split():
            key, value = argument.split("=")
            value = {"NAME|FILE": "box3", "N": "7", "size": "2", "1.6*sigma": "2.5",
                     "white": "9"}.get(value, value)
            for choice in value.split("|"):
                chain = "%s:%s=%s" % (stage["name"], key, choice)
                ok(chain, "-q", "noise.pgm", "out.pgm")


def test_stages_without_a_needed_argument_say_so():
    for name, argument in STAGE_ARGUMENTS.items():
        done = support.run(name, "in.pgm", "out.pgm")
        check(done.returncode == 2 and b"needs a" in done.stderr, "%s: %r" % (name, done))


def test_every_kernel_computes_what_show_shows():
    image = support.Image(support.read("noise.pgm"))
    for name in names("kernels"):
        shown = json.loads(ok("show", name, "--json"))
        equal(shown["name"], name)
        equal([len(shown["weights"][0]), len(shown["weights"])], [shown["width"], shown["height"]])
        ok("-f", "conv:" + name, "-p", "zero", "--scale", "255", "noise.pgm", "out.pfm")
        got = support.Image(support.read("out.pfm")).values
        expected = correlate(image, shown["weights"])
        check_near(got, expected, 1e-3 * max(map(abs, expected)), name)


def test_show_adds_up():
    for name in names("kernels") + ["1 2 3; 4 5 6", "1/3 -1/3", "7"]:
        shown = json.loads(ok("show", name, "--json"))
        flat = [w for row in shown["weights"] for w in row]
        check_near([shown["sum"], shown["absolute"], *shown["range8"]],
                   [sum(flat), sum(map(abs, flat)), 255 * sum(min(w, 0) for w in flat),
                    255 * sum(max(w, 0) for w in flat)], 1e-9, name)
        if shown["separable"]:
            products = [c * r for c in shown["column"] for r in shown["row"]]
            check_near(products, flat, 1e-9, name + ", column times row")
        else:
            equal([shown["column"], shown["row"]], [None, None], name)
        text = ok("show", name).decode()
        check(max(map(len, text.splitlines())) <= 80, name + ": more than 80 columns")


def test_compass_kernels_are_turned_by_an_eighth():
    ring = [(0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0)]
    first = {"kirsch": [5, 5, 5, -3, -3, -3, -3, -3], "robinson": [1, 2, 1, 0, -1, -2, -1, 0]}
    for name, values in first.items():
        for turn, direction in enumerate(["n", "ne", "e", "se", "s", "sw", "w", "nw"]):
            rows = json.loads(ok("show", "%s-%s" % (name, direction), "--json"))["weights"]
            equal([rows[y][x] for y, x in ring], values[8 - turn:] + values[:8 - turn], direction)


def distances(reach):
    """The squared distance of each cell from the middle; None beyond the reach."""
    for y in range(-MIDDLE, MIDDLE + 1):
        for x in range(-MIDDLE, MIDDLE + 1):
            yield x * x + y * y if max(abs(x), abs(y)) <= reach else None


def normal(sigma, reach):
    weights = [0 if r2 is None else math.exp(-r2 / (2 * sigma ** 2)) for r2 in distances(reach)]
    return [w / sum(weights) for w in weights]


def centred(weights, reach):
    """Less their mean, so that they sum to 0."""
    mean = sum(weights) / (2 * reach + 1) ** 2
    return [0 if r2 is None else w - mean for w, r2 in zip(weights, distances(reach))]


def test_gaussian_log_and_dog_follow_their_formulas():
    check_near(response("gaussian:1.4"), normal(1.4, 4), 1e-6, "gaussian")
    difference = [wide - narrow for wide, narrow in zip(normal(2.4, 7), normal(1.5, 7))]
    check_near(response("dog:1.5:2.4"), centred(difference, 7), 1e-6, "dog")
    laplacian = [0 if r2 is None else (r2 - 2 * 1.5 ** 2) / 1.5 ** 4 * w
                 for r2, w in zip(distances(6), normal(1.5, 6))]
    check_near(response("log:1.5"), centred(laplacian, 6), 1e-6, "log")


def test_paddings_look_like_their_picture():
    """`cb|abcd|cb` says what two samples to the left and right of abcd are."""
    support.write("row.pgm", support.pgm(4, 1, [97, 98, 99, 100]))
    for padding in listed("paddings"):
        left, _, right = padding["detail"].split("|")
        filled = {"0": "\0", "v": "\7"}
        expected = "".join(filled.get(c, c) for c in left + "abcd" + right)
        also = padding["arguments"].split(",") if padding["arguments"] else []
        for name in [padding["name"], *also]:
            value = name + "=7" if name == "constant" else name
            size = ":2x0" if left else ""
            out = ok("conv", "-k", "1", "-p", value + size, "row.pgm", "-")
            equal(support.Image(out).values, [ord(c) for c in expected], name)


def test_list_says_the_same_as_json():
    text = ok("list").decode()
    for what in ["stages", "kernels", "paddings"]:
        check("\n%s:\n" % what in "\n" + text, what)
        single = ok("list", what).decode()
        check(single in text, "list %s is no part of list" % what)
        for entry in listed(what):
            check(re.search(r"^  %s .*%s" % (re.escape(entry["name"]),
                                             re.escape(entry["summary"])), single, re.M),
                  entry["name"])
            check(entry["arguments"] in single, entry["name"])


def test_help_of_every_stage_and_command():
    for stage in listed("stages"):
        text = ok("help", stage["name"]).decode()
        check(stage["summary"] in text and stage["arguments"] in text, text)
    for command in ["list", "show", "explain", "completion", "help", "version"]:
        text = ok("help", command).decode()
        check(text.startswith("convtool " + command), text)
        equal(ok(command, "--help").decode(), text)
        check(not {command} & set(names("stages")), command + " is a filter, too")


def test_help_fits_and_names_what_the_man_page_names():
    for text in [ok("--help"), ok("list"), ok()]:
        wide = [line for line in text.decode().splitlines() if len(line) > 80]
        equal(wide, [], "lines of more than 80 columns")
    with open(os.path.join(support.ROOT, "man", "convtool.1"), encoding="utf-8") as file:
        page = file.read().replace("\\-", "-")
    long, letters = options()
    check(len(long) >= 30, "only %d options in the help" % len(long))
    named = re.findall(r"^\.It Fl .*?-([a-z][a-z-]+)(?: Ar .*)?$", page, re.M)
    equal(sorted(named), sorted(long), "options of the man page")
    for letter in letters:
        check(re.search(r"^\.It Fl %s ," % letter, page, re.M), "-%s in the man page" % letter)


def test_man_page_is_up_to_date():
    done = subprocess.run([sys.executable, MANPAGE], env={**support.ENVIRONMENT,
                          "CONVTOOL": support.CONVTOOL}, capture_output=True, check=False)
    equal((done.returncode, done.stderr), (0, b""), "manpage.py")


def test_completions_parse_and_name_everything():
    long, _ = options()
    for shell in ["bash", "zsh", "fish"]:
        text = ok("completion", shell)
        support.write("completion." + shell, text)
        for name in long:
            dashes = "-l " if shell == "fish" else "--"
            check(dashes + name in text.decode(), "%s lacks --%s" % (shell, name))
        for word in names("stages") + ["list", "show", "explain", "completion"]:
            check(re.search(r"[ '(]%s[ ')]" % word, text.decode()), "%s lacks %s" % (shell, word))
        if shutil.which(shell):
            subprocess.run([shell, "-n", "completion." + shell], check=True)


def test_bash_completes():
    def completed(*words):
        script = (". ./completion.bash; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _convtool;"
                  " printf '%s\\n' \"${COMPREPLY[@]}\"")
        done = subprocess.run(["bash", "-c", script, "bash", "convtool", *words],
                              capture_output=True, check=True, text=True)
        equal(done.stderr, "", "bash")
        return done.stdout.split()

    support.write("completion.bash", ok("completion", "bash"))
    equal(completed("sob"), ["sobel"])
    equal(completed("expl"), ["explain"])
    equal(completed("sobel", "--dil"), ["--dilation"])
    equal(completed("sobel", "--map", "m"), ["minmax"])
    equal(completed("sobel", "noise.p"), ["noise.pgm", "noise.ppm"])
    equal(completed("conv", "-k", "sharpen"), ["sharpen", "sharpen8"])
    equal(completed("list", "pad"), ["paddings"])
