"""--json, --verbose and --dry-run: what they say is what happened."""
import json
import os
import re
import struct

import support
from support import check, equal, ok, run


def report(*arguments, status=0, **options):
    done = run("--json", *arguments, **options)
    equal(done.returncode, status, "status of %r (%r)" % (arguments, done.stderr))
    text = done.stdout.decode("utf-8", "surrogateescape")
    return [json.loads(line) for line in text.splitlines()], done.stderr.decode(
        "utf-8", "surrogateescape")


def one(*arguments, **options):
    """The report's only image."""
    (image, counts), _ = report(*arguments, **options)
    equal(counts["images"], 1, "images")
    return image


def documented():
    """The names in .Li in the man page's section on the report."""
    with open(os.path.join(support.ROOT, "man", "convtool.1"), encoding="utf-8") as file:
        section = file.read().split(".Sh JSON REPORT\n")[1].split(".Sh ")[0]
    section = section.split(".Fl \\-trace\n")[0]  # what it adds is in tracing.py
    lines = re.findall(r"^\.Li (.*)$", section, re.M)
    return {name for line in lines for name in re.findall(r"[a-z_]+", line)}


def test_members_are_those_of_the_man_page():
    (image, counts), _ = report("box", "in.pgm", "out.pgm")
    equal(sorted(image["from"]), sorted(image["to"]), "from and to")
    inner = {"format", "width", "height", "channels", "depth", "float", "white"}
    equal(set(image["from"]), inner, "from")
    (maps, _), _ = report("box", "-o", "{map}.pgm", "noise.ppm")
    equal(set(maps) - set(image), {"outputs"}, "of maps")
    equal(set(counts) | set(maps), documented(), "members")


def test_what_was_written():
    image = one("gray,sharpen,maxpool:2", "-j", "1", "noise.ppm", "out.pgm")
    equal([image["input"], image["output"]], ["noise.ppm", "out.pgm"])
    equal([image["status"], image["error"]], ["written", None])
    equal(image["from"], {"format": "ppm", "width": 20, "height": 15, "channels": 3, "depth": 8,
                          "float": False, "white": 255})
    equal(image["to"], {"format": "pgm", "width": 10, "height": 7, "channels": 1, "depth": 8,
                        "float": False, "white": 255})
    equal([image["samples"], image["bytes"]], [70, os.path.getsize("out.pgm")])
    equal(image["jobs"], 1)
    floats = one("gray,sharpen,maxpool:2", "-q", "noise.ppm", "out.pfm")
    for end in ["min", "max"]:
        check(abs(image[end] - 255 * floats[end]) < 1e-3, "%s of %r, %r" % (end, image, floats))
    check(0 < image["band"] and 0 <= image["seconds"] < 60, repr(image))


def write_large():
    """An image that several threads share."""
    rows = bytes((x * y + x // 7) % 256 for y in range(700) for x in range(1000))
    support.write("large.pgm", b"P5 1000 700 255\n" + rows)


def test_where_the_time_went():
    write_large()
    image = one("gaussian:2", "-q", "-j", "2", "large.pgm", "out.pgm")
    times = image["times"]
    equal(set(times), {"decoding", "computing", "encoding", "waiting", "serial"}, "times")
    check(all(times[name] >= 0 for name in times) and times["computing"] > 0, repr(times))
    piped = support.run("gaussian:2", "-v", "-j", "2", "-", "-", "--format", "png",
                        stdin=support.read("large.pgm")).stderr.decode()
    said = re.search(r"processor time: decoding ([\d.]+) s, computing ([\d.]+) s, encoding "
                     r"([\d.]+) s; ([\d.]+)% of it can't be shared among threads\n", piped)
    check(said, piped)
    in_order = one("gaussian:2", "-q", "-j", "2", "-", "out.pgm",
                   stdin=support.read("large.pgm"))["times"]
    busy = sum(in_order[kind] for kind in ["decoding", "computing", "encoding"])
    check(in_order["serial"] * busy > in_order["decoding"] - 1e-5, "a pipe is read in order")
    threads = re.findall(r"thread (\d): decoding ([\d.]+) s, computing ([\d.]+) s, encoding "
                         r"([\d.]+) s, waiting [\d.]+ s\n", piped)
    equal([number for number, *_ in threads], ["1", "2"], "threads")
    for kind in range(3):
        of_threads = sum(float(thread[kind + 1]) for thread in threads)
        check(of_threads <= float(said[kind + 1]) + 0.003, "more than all: " + piped)
    many = support.run("box", "-v", "-j", "9", "large.pgm", "many.pgm").stderr.decode()
    said = re.search(r"each thread: worked ([\d.]+) to ([\d.]+) s, waited [\d.]+ s at most\n", many)
    check(said and float(said[1]) <= float(said[2]) and "thread 1:" not in many, many)
    equal(one("box", "-j", "1", "large.pgm", "one.pgm")["times"]["serial"], None, "one thread")


def test_files_of_every_kind_for_any_number_of_threads():
    """Files that threads read and write side by side are those of one thread."""
    write_large()
    for chain, name in [("gaussian:2", "a.pgm"), ("sobel", "a.pfm"), ("emboss,maxpool:3", "a.ppm"),
                        ("normalize", "a.pam"), ("laplacian", "deep.pgm")]:
        deep = ["--depth", "16"] if name == "deep.pgm" else []
        for source in ["large.pgm", name]:
            made = []
            for jobs in "128":
                ok(chain, *deep, "-fqj", jobs, source, jobs + name)
                made.append(support.read(jobs + name))
            check(made[0] == made[1] == made[2] and len(made[0]) > 20000, chain + " " + source)
            os.replace("1" + name, name)


def test_counts_of_clamped_values():
    """sharpen of the plane, minus 70: 6 are below 0; three times the plane: 4 are above 255."""
    image = one("sharpen", "--bias", "-70", "-q", "in.pgm", "out.pgm")
    equal([image["samples"], image["negative"], image["above"]], [12, 6, 0])
    image = one("scale:3", "-q", "in.pgm", "out.pgm")
    equal([image["samples"], image["negative"], image["above"]], [12, 0, 4])


def test_alpha_is_not_counted():
    image = one("scale:-1", "-q", "rgba.pam", "out.pam")
    equal([image["samples"], image["negative"]], [6, 6])


def test_counts_above_a_white_of_the_files_own():
    """Times 100: 900 is above 255 too, 100 isn't. Alpha is clamped, and not counted."""
    support.write("nine.pgm", support.pgm(4, 1, [0, 1, 9, 2], 9))
    image = one("scale:100", "-q", "nine.pgm", "out.pgm")
    equal([image["samples"], image["negative"], image["above"]], [4, 0, 3])
    equal([image["from"]["white"], image["to"]["white"], image["to"]["depth"]], [9, 9, 8])
    equal(support.Image(support.read("out.pgm")).text(), "4x1x1/9: 0 9 9 9")
    image = one("scale:100", "--depth", "8", "-q", "nine.pgm", "out.pgm")
    equal([image["above"], image["to"]["white"]], [3, 255])
    support.write("deep.pgm", support.pgm(3, 1, [0, 700, 1000], 1000))
    image = one("scale:1.5", "-q", "deep.pgm", "out.pgm")
    equal([image["above"], image["to"]["white"], image["to"]["depth"]], [2, 1000, 16])
    head = b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 9\nTUPLTYPE GRAYSCALE_ALPHA\nENDHDR\n"
    support.write("alpha.pam", head + bytes([1, 9, 8, 3]))
    image = one("scale:2", "-q", "alpha.pam", "out.pam")
    equal([image["samples"], image["above"]], [2, 1])
    equal(support.Image(support.read("out.pam")).text(), "2x1x2/9: 2 9 9 3")


def test_floats_tell_their_range():
    image = one("scale:-2:300", "in.pgm", "out.pfm")
    check(abs(image["min"] - 60 / 255) < 1e-6 and abs(image["max"] - 280 / 255) < 1e-6, repr(image))
    equal([image["to"]["depth"], image["to"]["float"]], [32, True])


def test_a_range_of_mere_rounding_is_told_as_it_is():
    rows = [30000 + (i * 7 + i // 64 * 3) % 3 for i in range(4096)]
    support.write("faint.pgm", support.pgm(64, 64, rows, 65535))
    image = one("gaussian:2,laplacian", "faint.pgm", "out.pfm")
    data = support.read("out.pfm")
    values = struct.unpack("<4096f", data[-4 * 4096:])
    check(max(values) > min(values), "a flat image tests nothing")
    equal([image["min"], image["max"]], [min(values), max(values)], "the range")


def test_what_is_no_number_has_no_range():
    support.write("nan.pfm", b"Pf 2 1 1\n" + b"\x7f\xc0\0\0" * 2)
    image = one("identity", "--allow-nonfinite", "nan.pfm", "out.pfm")
    equal([image["min"], image["max"], image["samples"], image["nan"]], [None, None, 2, 2])
    support.write("half.pfm", b"Pf 2 1 1\n" + b"\x7f\xc0\0\0" + struct.pack(">f", 2))
    image = one("identity", "--map", "minmax", "-q", "--allow-nonfinite", "half.pfm", "out.pgm")
    equal([image["nan"], image["negative"], image["above"]], [1, 0, 0])
    said = support.run("identity", "--map", "minmax", "--allow-nonfinite", "half.pfm",
                       "out.pgm").stderr
    equal(said, b"convtool: warning: half.pfm: 50% of values weren't numbers (NaN) and became 0\n")


def test_messages_are_the_same_with_a_report():
    """A report takes other paths through the engine than a run without one."""
    support.write("white.pgm", support.pgm(2, 1, [200, 200]))
    for chain in ["threshold:128", "sharpen", "scale:9", "sobel"]:
        for name in ["white.pgm", "noise.pgm", "deep.pgm"]:
            said = [support.run(chain, *report, name, "out.pgm").stderr
                    for report in [[], ["--json"]]]
            equal(said[1], said[0], chain + " " + name)


def test_the_error_is_the_first_one():
    """Of several threads, the one that reads the damage reports it, before any other error."""
    head = b"P3 600 400 255\n"
    broken = head + b"7 " * (600 * 3 * 201) + b"x " + b"7 " * 1000
    said = {support.run("sobel", "--jobs", "8", "--format", "pgm", "-", "out.pgm",
                        stdin=broken).stderr for _ in range(60)}
    equal(len(said), 1, repr(said))
    check(b"'x'" in said.pop(), "the damage isn't named")


def test_a_batch_with_failures():
    os.mkdir("d")
    (*images, counts), said = report("invert", "in.pgm", "no.pgm", "bad.pgm", "step.pgm", "d",
                                     status=1)
    equal([counts[name] for name in ["images", "written", "failed", "kept", "not_begun"]],
          [4, 2, 2, 0, 0])
    equal([image["status"] for image in images], ["written", "failed", "failed", "written"])
    errors = [image["error"] for image in images if image["error"]]
    equal(errors[0], "no.pgm: can't open: No such file or directory", "a missing file")
    equal(said.splitlines()[:2], ["convtool: " + error for error in errors])
    equal(one("invert", "-", "out.pgm", status=1)["error"], "standard input: the file is empty")
    missing = images[1]
    equal([missing["from"], missing["to"]], [None, None])
    check("bytes" not in missing and "samples" not in missing, repr(missing))


def test_kept_and_planned():
    image = one("invert", "-n", "-q", "in.pgm", "step.pgm")
    equal([image["status"], image["error"], image["from"]], ["kept", None, None])
    image = one("maxpool:2", "--dry-run", "in.pgm", "out.png")
    equal([image["status"], image["to"]["format"], image["to"]["width"]], ["planned", "png", 2])
    check(not os.path.exists("out.png") and "bytes" not in image, repr(image))


def test_a_wrong_call_prints_no_report():
    for arguments in [["sobl", "in.pgm", "out.pgm"], ["sobel", "in.pgm", "in.pgm"],
                      ["dog:2:1", "in.pgm", "out.pgm"]]:
        done = run("--json", *arguments)
        equal([done.returncode, done.stdout], [2, b""])


def test_names_of_every_kind():
    for name in ['quo"te.pgm', "back\\slash.pgm", "new\nline.pgm", "tab\t\x01.pgm", "ä€😀.pgm",
                 os.fsdecode(b"\xff\xc3.pgm"), os.fsdecode(b"\xed\xa0\x80.pgm")]:
        support.write(name, support.read("in.pgm"))
        image = one("identity", name, "out.pgm")
        equal(image["input"], name)


def test_json_is_a_line_for_each_image_and_one_for_all():
    (*images, counts), said = report("identity", "-j", "3", "-v", "in.pgm", "noise.pgm", "-o",
                                     "{stem}.png")
    equal([image["output"] for image in images], ["in.png", "noise.png"])
    check("written: 40x30" in said and counts["convtool"], said)
    version = ok("--version").decode()
    check(version.startswith("convtool %s\n" % counts["convtool"]), version)
    check("instruction set: %s (" % counts["isa"] in version, version)


def test_verbose_says_what_was_done():
    done = run("box:3,sobel", "-v", "-j", "1", "noise.pgm", "out.png")
    text = done.stderr.decode()
    for line in ["noise.pgm: read: 40x30, 1 channel, 8-bit, pgm", "noise.pgm: stage 1: box:3",
                 "noise.pgm: stage 2: sobel",
                 "out.png: written: 40x30, 1 channel, 8-bit, png, %d bytes"
                 % os.path.getsize("out.png")]:
        check("convtool: " + line in text, "%s is missing in\n%s" % (line, text))
    equal(done.stdout, b"")


def test_dry_run_promises_what_then_comes():
    arguments = ["gray,box:padding=valid,maxpool:3:2", "noise.ppm", "noise.pgm", "-o", "{n}.pam"]
    promised = ok("--dry-run", *arguments).decode().splitlines()
    check(not os.path.exists("1.pam"), "a dry run wrote something")
    ok(*arguments)
    for n, name in enumerate(["noise.ppm", "noise.pgm"], 1):
        image = support.Image(support.read("%d.pam" % n))
        equal(promised[n - 1], "%s -> %d.pam: %dx%d, 1 channel, 8-bit, pam"
              % (name, n, image.width, image.height))
