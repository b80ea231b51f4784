"""--shard: every input is in exactly one share, and shares are about equal."""
import os
import random

import support
from support import check, equal, ok, run


def make_inputs(count, seed=1):
    """Images of very different sizes, and their names."""
    rng = random.Random(seed)
    names = []
    for i in range(count):
        width = int(10 ** rng.uniform(0, 4))
        names.append("i%03d.pgm" % i)
        support.write(names[-1], support.pgm(width, 1, [i % 256] * width))
    return names


def share(names, shard, *options, env=None):
    """The inputs that fall to the shard, in order."""
    listed = "\n".join(names).encode()
    done = run("identity", "-q", "--files-from", "-", "--dry-run", "--mkdir", "-o",
               "out/{stem}.pgm", "--shard", shard, *options, stdin=listed, env=env)
    equal((done.returncode, done.stderr), (0, b""), "shard %s" % shard)
    return [line.split(b" -> ")[0].decode() for line in done.stdout.splitlines()]


def sizes(names):
    return sum(len(support.read(name)) for name in names)


def test_each_input_is_in_one_shard_whatever_the_order():
    names = make_inputs(60)
    for shards in [1, 2, 3, 7, 60, 64]:
        parts = [share(names, "%d/%d" % (k + 1, shards)) for k in range(shards)]
        equal(sorted(sum(parts, [])), names, "all of %d shards" % shards)
        mixed = random.Random(2).sample(names, len(names))
        for k in [0, shards - 1]:
            again = share(mixed, "%d/%d" % (k + 1, shards))
            equal(sorted(again), parts[k], "another order, shard %d of %d" % (k + 1, shards))
            equal(again, [name for name in mixed if name in again], "the order of the list")


def test_shards_have_about_the_same_size():
    names = make_inputs(60)
    largest = max(sizes([name]) for name in names)
    parts = [sizes(share(names, "%d/4" % k)) for k in [1, 2, 3, 4]]
    check(max(parts) - min(parts) <= largest, "%r, the largest file has %d" % (parts, largest))
    check(max(parts) < 1.2 * sum(parts) / 4, "%r" % parts)


def test_the_rule_itself():
    """Largest first, each to the shard with the least; a file costs 4096 more than its bytes."""
    for name, size in [("a", 6000), ("b", 3000), ("c", 2900), ("d", 50)]:
        support.write(name + ".pgm", support.pgm(size, 1, [0] * size))
    names = [name + ".pgm" for name in "dcba"]
    equal(share(names, "1/2"), ["d.pgm", "a.pgm"])  # a: 10096, d: less than b and c, 14092
    equal(share(names, "2/2"), ["c.pgm", "b.pgm"])


def test_numbers_are_those_of_the_whole_list():
    names = make_inputs(6)
    got = []
    for k in [1, 2, 3]:
        got += ok("identity", *names, "--dry-run", "-o", "{n}.pgm", "--shard", "%d/3" % k,
                  ).decode().splitlines()
    numbers = {line.split(" -> ")[0]: line.split(" -> ")[1].split(".")[0] for line in got}
    equal(numbers, {name: str(i + 1) for i, name in enumerate(names)})


def test_a_shard_of_a_tree_writes_only_its_own():
    os.makedirs("p/a")
    for i in range(8):
        support.write("p/a/%d.pgm" % i, support.pgm(2, 1, [i, i]))
    ok("identity", "-r", "p", "out/", "--mkdir", "--shard", "1/2")
    first = sorted(os.listdir("out/a"))
    equal(len(first), 4)
    ok("identity", "-r", "p", "out/", "--mkdir", "--shard", "2/2")
    equal(len(os.listdir("out/a")), 8)


def slurm(task, count, first, **more):
    env = {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": str(count),
           "SLURM_ARRAY_TASK_MIN": str(first)}
    return {**env, **{"SLURM_ARRAY_TASK_" + name: str(value) for name, value in more.items()}}


def test_slurm_arrays_start_anywhere():
    names = make_inputs(12)
    for k in [1, 2, 3]:
        expected = share(names, "%d/3" % k)
        for env in [slurm(k, 3, 1), slurm(k - 1, 3, 0, MAX=2, STEP=1), slurm(k + 9, 3, 10),
                    slurm(3 + 4 * k, 3, 7, MAX=15, STEP=4)]:
            equal(share(names, "auto", env=env), expected, "%r" % env)
            equal(share(names, "auto/3", env=env), expected, "%r" % env)


def test_gnu_parallel():
    names = make_inputs(12)
    for k in [1, 2, 3]:
        equal(share(names, "auto/3", env={"PARALLEL_SEQ": str(k)}), share(names, "%d/3" % k))


def refused(shard, env=None):
    done = run("identity", "in.pgm", "out.pgm", "--shard", shard, env=env)
    equal((done.returncode, done.stdout), (2, b""))
    return done.stderr.decode().removeprefix("convtool: --shard: ").rstrip("\n")


def test_what_is_wrong_is_said():
    wanted = ("expected K/N with K from 1 to N (at most 1000000), as in 1/8, or auto, or auto/N, "
              "got '%s'")
    for wrong in ["0/8", "9/8", "1", "1/", "/8", "x/8", "1/0", "1/1000001", "auto/", "auto/x",
                  "autos", "Auto", "1/8/9", "-1/8", ""]:
        equal(refused(wrong), wanted % wrong)
    equal(refused("auto"), "auto: neither SLURM_ARRAY_TASK_ID (of a Slurm array) nor PARALLEL_SEQ "
          "(of GNU parallel) is set; expected K/N, as in 1/8")
    equal(refused("auto", {"PARALLEL_SEQ": "1"}), "auto: PARALLEL_SEQ is set, but GNU parallel "
          "doesn't say how many jobs there are; expected auto/N")
    equal(refused("auto/3", {"PARALLEL_SEQ": "4"}), "auto/3: PARALLEL_SEQ is 4; expected 1 to 3")
    equal(refused("auto/3", {"PARALLEL_SEQ": "x"}),
          "auto: PARALLEL_SEQ: expected a whole number from 0 to 1000000000, got 'x'")
    equal(refused("auto", {"PARALLEL_SEQ": "1", **slurm(1, 3, 1)}), "auto: both "
          "SLURM_ARRAY_TASK_ID and PARALLEL_SEQ are set; expected K/N, as in 1/8")
    equal(refused("auto", {"SLURM_ARRAY_TASK_ID": "1"}), "auto: SLURM_ARRAY_TASK_COUNT isn't set, "
          "though other variables of the array are")
    equal(refused("auto/4", slurm(1, 3, 1)), "auto/4: the Slurm array has 3 tasks; to run only "
          "some of the shards give K/4")
    for env in [slurm(4, 3, 1, MAX=4), slurm(1, 3, 1, MAX=4), slurm(4, 3, 1), slurm(0, 3, 1),
                slurm(2, 3, 1, STEP=2), slurm(1, 0, 1)]:
        check(refused("auto", env).startswith("auto: the Slurm array has gaps ("), "%r" % env)
    done = run("identity", "--in-place", "--shard", "1/2", "in.pgm")
    equal((done.returncode, done.stderr), (2, b"convtool: --in-place: can't be combined with "
          b"--shard: inputs that change would be dealt out differently the next time\n"))


def test_outputs_that_meet_in_other_shards_are_refused_in_all():
    for k in [1, 2, 3]:
        done = run("identity", "in.pgm", "step.pgm", "rgb.ppm", "-o", "{ext}.pam", "--shard",
                   "%d/3" % k, "--dry-run")
        check(b"would be the output of both in.pgm and step.pgm" in done.stderr, done.stderr)
        equal(done.returncode, 2)


def test_an_existing_output_matters_only_to_its_own_shard():
    support.write("out-1.pgm", b"somebody else's")
    statuses = [run("identity", "in.pgm", "noise.pgm", "-o", "out-{n}.pgm", "--shard",
                    "%d/2" % k).returncode for k in [1, 2]]
    equal(sorted(statuses), [0, 2])


def test_what_is_left_is_said():
    done = run("identity", "in.pgm", "out.pgm", "--shard", "2/2")
    equal((done.returncode, done.stderr),
          (0, b"convtool: shard 2/2: 0 of 1 input, 0 bytes; nothing to do\n"))
    equal(ok("identity", "in.pgm", "out.pgm", "--shard", "2/2", "-q"), b"")
    done = run("identity", "in.pgm", "out.pgm", "--shard", "1/2", "-v", "--dry-run")
    check(b"shard 1/2: 1 of 1 input, 23 bytes\n" in done.stderr, done.stderr)
