"""What the program lists works, and everything made from its tables agrees with them."""
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
# Required ones.
STAGE_ARGUMENTS = {"conv": ":box3", "threshold": ":100", "bank": ":sobel2", "resize": ":7x5",
                   "crop": ":2x1", "net": ":model.onnx"}


def listed(what):
    return json.loads(ok("list", what, "--json"))[what]


def names(what):
    return [entry["name"] for entry in listed(what)]


def options():
    """Long names and letters, as in the help."""
    text = ok("--help").decode()
    return (re.findall(r"^  (?:-\w, |    )--([a-z-]+)", text, re.M),
            re.findall(r"^  -(\w), --", text, re.M))


def test_ways_to_compute_in_the_manual():
    """CONVTOOL_PATH: those that an error lists."""
    done = support.run("identity", "in.pgm", "out.pgm", env={"CONVTOOL_PATH": "magic"})
    ways = done.stderr.decode().strip().split("expected one of ")[1].split(", ")
    with open(os.path.join(support.ROOT, "man", "convtool.1")) as file:
        section = file.read().split(".It Ev CONVTOOL_PATH\n")[1].split("\n.It Ev")[0]
    told = re.findall(r"^\.(?:Cm|Pq Cm) (\S+)", section.replace("\\-", "-"), re.M)
    told = [name for name in told if name not in ("show", "-bytes")]
    equal(sorted(told), sorted(way for way in ways if not way.endswith("-bytes")))
    check(all(way.replace("-bytes", "") in ways for way in ways if way != "bytes"), ways)


SIZE, MIDDLE = 25, 12


def response(chain):
    """A chain's output for a 1 in the middle of zeros: a symmetric kernel itself."""
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


WORDS = {"the one given by -k": "box3", None: "7", "size": "2", "1.6*sigma": "1.6", "white": "255",
         "2*low": "51", "OUTPUT": "y"}
CENTRED = {"x": "19", "y": "14"}  # of 2x1 in noise.pgm


# The banks that have these arguments.
BANKS = {"seed": "random", "filters": "random", "size": "random", "orientations": "gabor",
         "scales": "gabor"}


def values_of(argument):
    """The values that an argument can have according to the list, its default first."""
    if argument["default"] == "centred":
        return [CENTRED[argument["name"]]]
    if argument["kind"] == "bank":
        return names("banks")
    default = WORDS.get(argument["default"], argument["default"])
    if argument["kind"] == "file":
        default = "model.onnx"
    if argument["kind"] == "extent":
        default = "7x"
    choices = [choice["name"] for choice in argument["choices"] or []]
    return [default] + [name for name in choices if name != default]


def chain_with(stage, argument, value):
    """A chain with the stage, and the same without the argument; both with what else it needs."""
    needed = STAGE_ARGUMENTS.get(stage["name"], "")
    if stage["name"] == "bank":
        needed = ":" + BANKS.get(argument["name"], "sobel2")
    first = stage["arguments"][0] is argument
    without = stage["name"] + needed
    return "%s:%s=%s" % (stage["name"] if first else without, argument["name"], value), without


def test_every_argument_of_every_stage_is_accepted():
    for stage in listed("stages"):
        for argument in stage["arguments"]:
            for value in values_of(argument):
                ok(chain_with(stage, argument, value)[0], "-q", "noise.pgm", "out.txt")


def pixels(name):
    return support.Image(support.read(name)).text()


def test_every_window_argument_is_accepted():
    values = {"as needed to keep the size": "1", "(size-1)/2": "1x1"}
    for argument in json.loads(ok("list", "stages", "--json"))["window_arguments"]:
        default = argument["default"]
        chain = "sobel:%s=%s" % (argument["name"], values.get(default, default))
        ok(chain, "-q", "noise.pgm", "given.pgm")
        ok("sobel", "-q", "noise.pgm", "left-out.pgm")
        check(pixels("given.pgm") == pixels("left-out.pgm"), chain)


def test_every_default_is_what_the_list_says():
    for stage in listed("stages"):
        for argument in stage["arguments"]:
            if argument["default"] in (None, "the one given by -k"):
                continue
            chain, without = chain_with(stage, argument, values_of(argument)[0])
            left_out = ok(without, "-q", "noise.pgm", "-", "--format", "txt")
            equal(ok(chain, "-q", "noise.pgm", "-", "--format", "txt"), left_out, chain)


def test_every_range_is_what_the_list_says():
    """The limits themselves are accepted, or refused for another reason; values beyond them
    aren't. On a very small image, as the largest kernels are slow under the sanitizers."""
    ends = {"size": "%d", "pool": "%d", "odd": "%d", "integer": "%d", "number": "%.9g",
            "level": "%.9g"}
    for stage in listed("stages"):
        for argument in stage["arguments"]:
            if not argument["range"]:
                continue
            low, high = argument["range"]
            step = 0.001 if argument["kind"] in ("number", "level") else 1
            for number, good in [(low, 1), (high, 1), (low - step, 0), (high * 1.01 + step, 0)]:
                text = ends[argument["kind"]] % number
                done = support.run(chain_with(stage, argument, text)[0], "-q", "step.pgm",
                                   "out.txt")
                refused = b": expected " in done.stderr
                check(refused == (not good), "%s:%s=%s: %r" % (stage["name"], argument["name"],
                                                               text, done.stderr))


def test_stages_without_a_needed_argument_say_so():
    for name, argument in STAGE_ARGUMENTS.items():
        # `net` alone is the command.
        done = support.run(name + "," if name == "net" else name, "in.pgm", "out.pgm")
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
    """The weights minus their mean, so that they sum to 0."""
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
        left, _, right = padding["pattern"].split("|")
        filled = {"0": "\0", "v": "\7"}
        expected = "".join(filled.get(c, c) for c in left + "abcd" + right)
        for name in [padding["name"], *padding["aliases"]]:
            value = name + "=7" if padding["takes_value"] else name
            size = ":2x0" if left else ""
            out = ok("conv", "-k", "1", "-p", value + size, "row.pgm", "-")
            equal(support.Image(out).values, [ord(c) for c in expected], name)


def test_list_says_the_same_as_json():
    text = ok("list").decode()
    for what in ["stages", "kernels", "banks", "paddings"]:
        check("\n%s:\n" % what in "\n" + text, what)
        single = ok("list", what).decode()
        check(single in text, "list %s is no part of list" % what)
        for entry in listed(what):
            check(re.search(r"^  %s .*%s" % (re.escape(entry["name"]),
                                             re.escape(entry["summary"])), single, re.M),
                  entry["name"])
            check(entry.get("usage", "") in unwrapped(single), entry["name"])
            check(", ".join(entry.get("aliases", [])) in single, entry["name"])


def narrow(text):
    """The text, if no line has more than 80 columns."""
    equal([line for line in text.splitlines() if len(line) > 80], [], "lines beyond 80 columns")
    return text


def unwrapped(text):
    return " ".join(text.split())


def check_argument(argument, text):
    """Checks that the help explains the argument: default, limits, values and meaning."""
    name = argument["name"]
    check(re.search(r"^  %s\s" % re.escape(name), text, re.M), name + " in " + text)
    words = unwrapped(text)
    default = "(default: %s)" % argument["default"] if argument["default"] else "(no default)"
    for part in [argument["meaning"], default, *map("%.10g".__mod__, argument["range"] or []),
                 *(c["name"] + " " + c["meaning"] for c in argument["choices"] or []
                   if c["meaning"])]:
        if part not in ("1000000000", "-1000000000"):
            check(unwrapped(part) in words, "%s: no %s in\n%s" % (name, part, text))


def test_help_of_every_stage():
    for stage in listed("stages"):
        text = narrow(ok("help", stage["name"]).decode())
        check(stage["summary"] in text and stage["usage"] in unwrapped(text), text)
        check(unwrapped(stage["formula"]) in unwrapped(text), text)
        check(max(map(len, stage["formula"].splitlines())) <= 66, stage["formula"])
        equal([word.split("=")[0] for word in stage["usage"].split()],
              [argument["name"] for argument in stage["arguments"]], "usage of " + stage["name"])
        check("convtool %s in.png out.png" % stage["example"] in text, text)
        check(("help window" in text) == stage["window"], text)
        check(("drops alpha" in text) == stage["edge"], text)
        for argument in stage["arguments"]:
            check_argument(argument, text)


def test_the_edge_filters_are_listed():
    text = ", ".join(stage["name"] for stage in listed("stages") if stage["edge"])
    help_text = unwrapped(ok("help", "--color").decode())
    check(text.replace(", zerocross", " and zerocross") in help_text, text)
    with open(os.path.join(support.ROOT, "README.md"), encoding="utf-8") as file:
        check("(%s)" % text in unwrapped(file.read()), text)


def test_as_for_another_stage_means_the_same_arguments():
    with open(os.path.join(support.ROOT, "man", "convtool.1"), encoding="utf-8") as file:
        page = file.read()
    arguments = {stage["name"]: [a["name"] for a in stage["arguments"]]
                 for stage in listed("stages")}
    same = re.findall(r"\.It Cm (\w+)\n(?:(?!\.It ).*\n)*?Arguments: as for\n\.Cm (\w+) \.", page)
    check(("minpool", "maxpool") in same, same)
    for stage, other in same:
        equal(arguments[stage], arguments[other], stage)


def test_help_of_the_window_arguments():
    text = narrow(ok("help", "window").decode())
    arguments = json.loads(ok("list", "stages", "--json"))["window_arguments"]
    equal([a["name"] for a in arguments],
          ["padding", "pad", "stride", "dilation", "anchor", "flip"])
    for argument in arguments:
        check_argument(argument, text)


def test_the_example_of_every_stage_runs():
    sample = os.path.join(support.ROOT, "samples", "chelsea.png")
    for stage in listed("stages"):
        done = subprocess.run(["sh", "-c", "convtool %s %s out.png" % (stage["example"], sample)],
                              env=support.ENVIRONMENT, capture_output=True, check=False)
        equal(done.returncode, 0, "%s: %r" % (stage["example"], done.stderr))
        check(stage["name"] in re.split("[,: ]", stage["example"]), stage["example"])
        check(os.path.getsize("out.png") > 0, stage["example"])


def test_help_answers_every_word():
    """Kernels, paddings, options in each form, arguments, values, formats, names in other
    programs."""
    long, letters = options()
    words = [*names("kernels"), *names("banks"), "banks", *long, *letters,
             *("--" + n for n in long),
             *("-" + c for c in letters), "kernels", "paddings", "stages", "filters", "formats",
             "chain", "window", "stage", "filter", "correlation", "pooling", "template",
             "templates", "white", "png", "jpeg", "minmax", "signed", "l1", "max", "blur", "edges",
             "sobel:x", "gray,sobel"]
    for padding in listed("paddings"):
        words += [padding["name"], *padding["aliases"]]
    for stage in listed("stages"):
        words += [argument["name"] for argument in stage["arguments"]]
    for word in words:
        text = narrow(ok("help", word).decode())
        check(len(text) > 25, "help %s: %s" % (word, text))


def test_names_in_other_programs_are_of_stages_here():
    with open(os.path.join(support.ROOT, "src/filter/elsewhere.c"), encoding="utf-8") as file:
        rows = re.findall(r'^    \{"(\w+)", \{(.*)\}\},$', file.read(), re.M)
    equal([name for name, _ in rows], sorted({name for name, _ in rows}))
    check(len(rows) > 20 and not {name for name, _ in rows} & set(names("stages")), rows)
    for name, here in rows:
        here = re.findall(r'"(\w+)"', here)
        check(set(here) <= set(names("stages")), here)
        done = support.run(name, "in.pgm", "out.pgm")
        equal(done.stderr.decode().split("; ")[1],
              "did you mean %s?\n" % " or ".join("'%s'" % stage for stage in here))


def test_help_of_every_command():
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
    named = re.findall(r"^\.It Fl .*?-([a-z][a-z-]+)(?: Ar .*| Ns Oo Ns = .* Oc)?$", page, re.M)
    equal(sorted(named), sorted(long), "options of the man page")
    for letter in letters:
        check(re.search(r"^\.It Fl %s ," % letter, page, re.M), "-%s in the man page" % letter)


def test_man_page_is_up_to_date():
    done = subprocess.run([sys.executable, MANPAGE], env={**support.ENVIRONMENT,
                          "CONVTOOL": support.CONVTOOL}, capture_output=True, check=False)
    equal((done.returncode, done.stderr), (0, b""), "manpage.py")


def completed(*words):
    """The candidates for the last word, without blanks and meanings."""
    lines = ok("completion", "words", "--", *words).decode().splitlines()
    return [line.split("\t")[0].strip() for line in lines[2:]]


def test_completions_know_everything():
    commands = re.findall(r"^  (\w+)", ok("--help").decode().partition("Commands:")[2], re.M)
    equal(sorted(completed("")), sorted(commands + names("stages")))
    equal(sorted(completed("gray,")), sorted(names("stages")))
    long, letters = options()
    # An option whose argument may be left out is offered with it, too.
    optional = re.findall(r"^      --([a-z-]+)\[(=\w+)\]", ok("--help").decode(), re.M)
    equal(optional, [("view", "=both")])
    long += [name + argument for name, argument in optional]
    equal(sorted(completed("--")), sorted("--" + name for name in long))
    equal(sorted(completed("-")), sorted(["--" + n for n in long] + ["-" + c for c in letters]))
    both = set(names("kernels")) | set(names("stages"))
    equal(sorted(completed("show", "")), sorted(both))
    for stage in listed("stages"):
        keys = [key for key in completed(stage["name"] + ":") if key.endswith("=")]
        window = ["padding=", "pad=", "stride=", "dilation=", "anchor=", "flip="]
        equal(keys, [a["name"] + "=" for a in stage["arguments"]] + window * stage["window"])
        for argument in stage["arguments"]:
            values = completed("%s:%s=" % (stage["name"], argument["name"]))
            if argument["choices"]:
                equal(values, [choice["name"] for choice in argument["choices"]])


def test_what_is_completed_is_accepted():
    """Each value offered for an option is."""
    for option in ["--map", "--color", "--depth", "--format", "--compression"]:
        values = completed("sobel", option, "")
        check(values, option)
        for value in values:
            format_too = [] if option == "--format" else ["--format", "pgm"]
            ok("sobel", option, value, "-f", "-q", "in.pgm", "out", *format_too)


def test_completions_parse():
    for shell in ["bash", "zsh", "fish"]:
        support.write("completion." + shell, ok("completion", shell))
        if shutil.which(shell):
            subprocess.run([shell, "-n", "completion." + shell], check=True)
