"""Many images on few threads: what a thread keeps from one image to the next changes nothing."""
import json
import os
import random

from support import check, equal, ok, pam, pgm, ppm, read, run, split_counts, write

FORMATS = ["png", "png", "jpg", "pgm", "pam", "pfm"]


def picture(generator, width, height, channels):
    """A pattern with noise, so that compressors have something to find."""
    return [(7 * x + 3 * y + 40 * c + generator.randrange(20)) & 255
            for y in range(height) for x in range(width) for c in range(channels)]


def make(generator, name):
    """An image of a random kind and size, small or not, in the format that the name asks for."""
    side = generator.choice([4, 40, 64, 150, 300])
    width, height = generator.choice([(side, side), (side, side // 2), (side + 7, side)])
    channels = 3 if name.endswith("jpg") else generator.choice([1, 3] if name.endswith("pfm")
                                                               else [1, 2, 3, 4])
    if name.endswith("pgm"):
        maximum = generator.choice([9, 255, 255, 65535])
        write(name, pgm(width, height,
                        [generator.randrange(maximum + 1) for _ in range(width * height)], maximum))
        return
    values = picture(generator, width, height, channels)
    image = (pam(width, height, channels, values) if channels in (2, 4) else
             pgm(width, height, values) if channels == 1 else ppm(width, height, values))
    ok("identity", "-", name, stdin=image)


def damage(generator, name):
    """Cuts the file, changes a byte, or replaces it by something else."""
    data = bytearray(read(name))
    how = generator.randrange(3)
    if how == 0:
        data = data[:generator.randrange(len(data))]
    elif how == 1:
        data[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
    else:
        data = b"" if generator.randrange(2) else b"not an image\n"
    write(name, bytes(data))


def make_all(count):
    """Images of which no two neighbours need be alike, some of them broken, and runs of equals."""
    generator = random.Random(11)
    names = []
    for i in range(count):
        name = "in/%03d.%s" % (i, generator.choice(FORMATS))
        if i % 5 == 4 and names[-1].endswith(name[-3:]):
            write(name, read(names[-1]))
        else:
            make(generator, name)
        if i % 7 == 3:
            damage(generator, name)
        names.append(name)
    return names


def one_by_one(names, *options):
    """What each gives alone: its output's bytes, or None, and what was said."""
    expected = {}
    for name in names:
        done = run(*options, "--mkdir", name, "alone/" + os.path.basename(name))
        out = "alone/" + os.path.basename(name)
        expected[name] = (read(out) if os.path.exists(out) else None, done.stderr)
    return expected


def together(names, expected, *options):
    done = run(*options, *names, "out/", "--mkdir")
    said, written, failed = split_counts(done.stderr)
    good = [name for name in names if expected[name][0] is not None]
    equal((written, failed), (len(good), len(names) - len(good)), "counts of %r" % (options,))
    for name in names:
        out, alone = "out/" + os.path.basename(name), expected[name]
        check((read(out) if os.path.exists(out) else None) == alone[0],
              "%r: %s isn't what it is alone" % (options, name))
        check(alone[0] is not None or alone[1] in said, "%r isn't said" % alone[1])
        if os.path.exists(out):
            os.remove(out)


def test_mixed_batches_give_what_each_image_gives_alone():
    os.mkdir("in")
    names = make_all(60)
    for chain in ("sobel", "gaussian:2,normalize", "gray,threshold:100"):
        expected = one_by_one(names, chain)
        check(sum(image is None for image, _ in expected.values()) > 3, "too few broken images")
        for jobs in ("-j1", "-j3"):
            together(names, expected, chain, jobs)
        for name in os.listdir("alone"):
            os.remove("alone/" + name)


def test_many_small_images_of_one_kind():
    os.mkdir("in")
    generator = random.Random(4)
    names = ["in/%03d.png" % i for i in range(40)]
    for name in names:
        ok("identity", "-", name, stdin=ppm(64, 64, picture(generator, 64, 64, 3)))
    expected = one_by_one(names, "sobel")
    check(len({image for image, _ in expected.values()}) == 40, "the images are alike")
    together(names, expected, "sobel", "-j1")
    together(names, expected, "sobel", "-j4")


def test_images_of_one_size_and_several_whites():
    os.mkdir("in")
    names = ["in/%d.pgm" % i for i in range(4)]
    for i, name in enumerate(names):
        maximum = (9, 255)[i % 2]
        write(name, pgm(5, 4, [k * maximum // 19 for k in range(20)], maximum))
        ok("invert", name, "%d.png" % i)
    ok("invert", *names, "out/", "--mkdir", "--format", "png", "-j1")
    for i in range(4):
        equal(read("out/%d.png" % i), read("%d.png" % i), "image %d" % i)


def test_a_large_image_among_small_ones_gets_its_share_of_the_threads():
    """By the bytes of the files: the large one has 6 of 15, and the others one each."""
    side, names = 900, ["%d.pgm" % i for i in range(9)] + ["large.pgm"]
    for name in names:
        width = side if name == "large.pgm" else side // 6
        write(name, pgm(width, side // 2, [7] * (width * (side // 2))))
    for order in [names, names[::-1]]:
        done = run("box", "-j8", "--json", "-f", *order, "-o", "{stem}-out.pgm")
        equal(done.returncode, 0)
        jobs = {line["input"]: line["jobs"]
                for line in map(json.loads, done.stdout.splitlines()) if "input" in line}
        # 6/15 of eight threads at first; all that are left, or nearly so, at the end.
        check(3 <= jobs["large.pgm"] <= 8, repr(jobs))
        equal(max(jobs[name] for name in order[:5] if name != "large.pgm"), 1)


def test_many_files_of_a_tree_are_looked_at_together():
    """Enough for several threads: what is found, skipped and written to is the same as with one.
    What only its bytes tell is skipped in its turn, so by one shard."""
    os.mkdir("tree")
    with open("in.pgm", "rb") as file:
        image = file.read()
    for i in range(1200):
        with open("tree/%04d.%s" % (i, "dat" if i % 14 == 3 else "pgm"), "wb") as file:
            file.write(b"not an image" if i % 7 == 3 else image)
    runs = [run("identity", "-v", "--dry-run", "--shard", "1/20", "-r", "tree", "out/", "--mkdir",
                "-j", jobs) for jobs in ["1", "8"]]
    check(b"tree/0003.dat: skipped" in runs[0].stderr, repr(runs[0].stderr[:300]))
    equal(runs[0].stderr.count(b".dat: skipped: "), len(range(3, 1200, 14)))
    check(0 < runs[0].stderr.count(b".pgm: skipped: ") < 60, repr(runs[0].stderr[-300:]))
    check(40 < len(runs[0].stdout.splitlines()) < 65, repr(runs[0].stdout[:300]))
    equal([runs[0].stdout, runs[0].returncode], [runs[1].stdout, runs[1].returncode])
    equal(runs[0].stderr, runs[1].stderr)
