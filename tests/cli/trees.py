"""Directories and lists as inputs, where a text case can't show it: what may not be read, depth,
numbers."""
import json
import os
import shutil
import time

import support
from atomic import nobody, run_as
from support import check, equal, ok, run


def test_what_cannot_be_read_fails_and_the_rest_is_done():
    user = nobody()
    for name in ["p/secret", "p/open", "out"]:
        os.makedirs(name)
        os.chmod(name, 0o777)
    for name in ["p/secret/1.pgm", "p/open/2.pgm", "p/open/3.pgm"]:
        shutil.copy("in.pgm", name)
    os.chmod("p/secret", 0)
    os.chmod("p/open/3.pgm", 0)
    status, said = run_as(user, "identity", "-r", "p", "out")
    os.chmod("p/secret", 0o777)
    equal((os.listdir("out/open"), status), (["2.pgm"], 1))
    equal(support.split_counts(said.encode()),
          (b"convtool: p/secret: can't read the directory: Permission denied\n"
           b"convtool: p/open/3.pgm: can't open: Permission denied\n", 1, 1))


def test_a_directory_that_cannot_be_read_is_a_failure_by_itself():
    user = nobody()
    os.makedirs("p")
    os.makedirs("out")
    os.chmod("out", 0o777)
    os.chmod("p", 0)
    status, said = run_as(user, "identity", "-r", "p", "out")
    os.chmod("p", 0o777)
    equal((status, said), (1, "convtool: p: can't read the directory: Permission denied\n"))


def test_a_deep_tree():
    deep = "/".join(["p"] + ["d"] * 500)
    os.makedirs(deep)
    shutil.copy("in.pgm", deep + "/x.pgm")
    ok("identity", "-r", "p", "out/", "--mkdir")
    equal(support.Image(support.read(deep.replace("p/", "out/", 1) + "/x.pgm")).values[0], 10)


def test_bytes_of_names():
    os.makedirs(b"p/\xff\n")
    shutil.copy("in.pgm", b"p/\xff\n/ a\t.pgm")
    ok("identity", "-r", "p", "out/", "--mkdir")
    check(os.path.exists(b"out/\xff\n/ a\t.pgm"), "the same bytes")


def test_json_says_how_many_files_were_skipped():
    os.makedirs("p")
    for name in ["in.pgm", "text.txt", "bad.pgm"]:
        shutil.copy(name, "p")
    report = run("identity", "-r", "p", "out/", "--mkdir", "--json", "-q").stdout.splitlines()
    counts = json.loads(report[-1])
    equal((counts["failed"], counts["skipped"], len(report)), (1, 1, 3))
    counts = json.loads(run("identity", "in.pgm", "out.pgm", "--json").stdout.splitlines()[-1])
    equal((counts["failed"], counts["skipped"]), (0, 0))


def test_the_time_grows_with_the_number_of_inputs():
    """Nothing is compared with everything: that would take minutes."""
    names = "".join("d%d/image-%06d.pgm\n" % (i % 100, i) for i in range(200000)).encode()
    start = time.monotonic()
    done = run("identity", "--files-from", "-", "-o", "out/{stem}.pgm", "--mkdir", "--shard",
               "1/100000", "-q", stdin=names)
    equal(done.returncode, 1, "two inputs that don't exist")
    check(time.monotonic() - start < 20, "%.1f s" % (time.monotonic() - start))
