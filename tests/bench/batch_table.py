"""Batches of many images, with all files in memory: images a second, memory, busy processors."""
import os
import shutil
import statistics
import subprocess
import tempfile

import images
import process_jobs
import table
from process_jobs import BUILD, CONVTOOL, PYTHON, QUALITY, launch

MEMORY = "/dev/shm"
LARGEST = 6 << 30  # bytes of the largest row's files
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "opencv_batch.py")
RECODE = BUILD + "/tests/bench/recode"
PEAK = 48      # MiB that any of our batches may take
ROUNDS = 3     # of each command, in turns; and one before that, which warms up


class Folder:
    """The files of one row, in memory: inputs, and outputs that every run makes anew."""

    def __init__(self, root):
        self.root = root
        self.peak = 0  # MiB, of our own runs
        os.makedirs(root + "/in")

    def crops(self, count, width, height, suffix, options, folders=1):
        """Crops of the photograph, dealt to folders in/0, in/1 ...; one folder is `in` itself."""
        photo = images.photograph()
        for i in range(count):
            folder = self.root + "/in" + (f"/{i % folders}" if folders > 1 else "")
            os.makedirs(folder, exist_ok=True)
            y = i * 7919 % (images.HEIGHT - height)
            x = i * 104729 % (images.WIDTH - width)
            images.write_image(f"{folder}/{i:05}{suffix}", photo[y:y + height, x:x + width],
                               options)

    def run(self, command, ours=False):
        """(seconds, seconds of processor time) of a run, or None if it failed."""
        shutil.rmtree(self.root + "/out", ignore_errors=True)
        os.makedirs(self.root + "/out")
        result = launch(command)
        if result and ours:
            self.peak = max(self.peak, result[1])
        return result and (result[0] / 1e3, result[2] / 1e3)

    def runs(self, commands, ours=()):
        """{name: median (seconds, processor seconds)} of commands that take turns."""
        given = {name: [] for name in commands}
        for turn in range(ROUNDS + 1):
            for name, command in commands.items():
                result = self.run(command, name in ours)
                if result and turn:
                    given[name].append(result)
        return {name: tuple(map(statistics.median, zip(*results)))
                for name, results in given.items() if results}


def convtool(chain, source, target, jobs, *options):
    return [CONVTOOL, "-q", f"-j{jobs}", "--quality", QUALITY, chain, "-r", source, target + "/",
            *options]


def shell(text):
    return ["sh", "-c", text]


def row(name, value, *cells):
    table.line(f"{name:<62} {value:>10}" + "".join(f" {cell:>12}" for cell in cells))


def judged_peak(name, folder):
    row("  peak memory, MiB", "", table.judge(name, "memory", folder.peak, PEAK, False))


def jpegs(name, folder, count=4000):
    folder.crops(count, 600, 400, ".jpg", [images.cv2.IMWRITE_JPEG_QUALITY, images.QUALITY], 2)
    source, target = folder.root + "/in", folder.root + "/out"
    half = " ".join(convtool("sobel", source + "/{0}", target + "/{0}", 1, "--mkdir"))
    edges = folder.root + "/edges"
    subprocess.run(convtool("sobel", source + "/0", edges, 2, "--mkdir"), check=True)
    everything = folder.root + "/all"
    os.makedirs(everything)
    for part in "01":
        for file in os.listdir(f"{source}/{part}"):
            os.link(f"{source}/{part}/{file}", f"{everything}/{file}")
    done = folder.runs({
        "one": convtool("sobel", source, target, 1),
        "two": convtool("sobel", source, target, 2),
        "apart": shell(f"{half.format(0)} & {half.format(1)} && wait $!"),
        "alone": [RECODE, QUALITY, everything, edges, target],
    }, ours=("one", "two"))
    if not {"one", "two", "apart"} <= done.keys():
        table.miss(name, "failed")
        row(name, "failed")
        return
    one, two, apart = (done[key][0] for key in ("one", "two", "apart"))
    row(name + ", -j1, images/s", table.short(count / one))
    if "alone" in done:
        row("  its time over decoding and encoding alone, in one process", "",
            table.judge(name, "alone", one / done["alone"][0], 1.1, False))
    row("  two processes with half of them each, times as many a second",
        table.short(one / apart))
    # Where the machine doesn't let two processes reach 1.9, nothing can be said.
    most = one / two
    row("  -j2, times as many a second as -j1", "",
        table.judge(name, "-j2", most, 1.9) if one / apart >= 1.9 else table.short(most))
    row("  -j2, of what two processes reach", "", table.judge(name, "of two", apart / two, 0.97))
    judged_peak(name, folder)


def small_pngs(name, folder, count=20000):
    """A core's rate; and for two cores, what two processes reach that write to one folder: there
    the system lets one of them at a time make or rename a file."""
    folder.crops(count, 64, 64, ".png", images.LIBPNG, 2)
    source, target = folder.root + "/in", folder.root + "/out"
    half = " ".join(convtool("sobel", source + "/{0}", target, 1))
    done = folder.runs({
        **{name: [CONVTOOL, "-q", jobs, "sobel", "-r", source + "/0", source + "/1", target]
           for name, jobs in (("one", "-j1"), ("two", "-j2"))},
        "apart": shell(f"{half.format(0)} & {half.format(1)} && wait $!"),
    }, ours=("one", "two"))
    if not {"one", "two", "apart"} <= done.keys():
        table.miss(name, "failed")
        row(name, "failed")
        return
    one, two, apart = (done[key][0] for key in ("one", "two", "apart"))
    row(f"{name}, -j1, images/s a core", "",
        table.judge(name, "-j1", count / one, 10000))
    row("  -j2, images/s a core", table.short(count / two / 2))
    row("  -j2, of what two processes reach", "", table.judge(name, "of two", apart / two, 0.97))
    judged_peak(name, folder)


def peers(name, folder, count=1500):
    folder.crops(count, 256, 256, ".jpg", [images.cv2.IMWRITE_JPEG_QUALITY, images.QUALITY])
    source, target = folder.root + "/in", folder.root + "/out"
    done = folder.runs({
        "ours": convtool("sobel", source, target, 2),
        "IM mogrify": shell(f"exec mogrify -path {target} -colorspace Gray -define "
                            "morphology:compose=Lighten -morphology Convolve 'Sobel:0;Sobel:90' "
                            f"-quality {QUALITY} {source}/*.jpg"),
        "gm mogrify": shell(f"cd {source} && exec gm mogrify -output-directory {target} "
                            f"-colorspace Gray -edge 1 -quality {QUALITY} *.jpg"),
        "OpenCV, 2 processes": [PYTHON, SCRIPT, "sobel", source, target, QUALITY],
    }, ours=("ours",))
    # Once: a process for each step of each image, on one thread each, takes a minute.
    vips = folder.run(shell(f"cd {source} && export VIPS_CONCURRENCY=1 && ls | "
                            f"xargs -P2 -I@ sh -c 'vips colourspace @ {target}/@.v b-w && "
                            f"vips sobel {target}/@.v \"{target}/@[Q={QUALITY}]\"'"))
    if vips:
        done["xargs -P2 vips"] = vips
    if "ours" not in done:
        table.miss(name, "failed")
        row(name, "failed")
        return
    ours = done["ours"][0]
    row(name + ", -j2, images/s", table.short(count / ours))
    for peer, limit in {"IM mogrify": 0.1, "xargs -P2 vips": 0.03, "gm mogrify": 0.1,
                        "OpenCV, 2 processes": 0.4}.items():
        if peer in done:
            row(f"  {peer}; ours over its time", table.short(count / done[peer][0]),
                table.judge(name, peer, ours / done[peer][0], limit, False))
        else:
            row(f"  {peer}", "failed")
    judged_peak(name, folder)


def large_jpegs(name, folder, count=200):
    shutil.copy(images.path("photo.jpg"), folder.root + "/in/0.jpg")
    for i in range(1, count):
        os.link(folder.root + "/in/0.jpg", f"{folder.root}/in/{i}.jpg")
    done = folder.run(convtool("sharpen", folder.root + "/in", folder.root + "/out", 2,
                               "--format", "png"), ours=True)
    if not done:
        table.miss(name, "failed")
        row(name, "failed")
        return
    row(name + ", -j2, images/s", table.short(count / done[0]))
    row("  of two cores' time, busy", "", table.judge(name, "busy", done[1] / done[0] / 2, 0.95))
    judged_peak(name, folder)


def paths(name, folder, count=100000):
    """Real files, one small picture each, in 100 folders."""
    with open(images.path("small.pgm"), "rb") as file:
        picture = file.read()[:200]
    head = b"P5 8 8 255\n"
    for i in range(count):
        os.makedirs(f"{folder.root}/in/{i % 100}", exist_ok=True)
        with open(f"{folder.root}/in/{i % 100}/{i}.pgm", "wb") as file:
            file.write(head + picture[-64:])
    source, target = folder.root + "/in", folder.root + "/done"
    plan = shell(" ".join(convtool("sobel", source, folder.root + "/out", 2, "--dry-run"))
                 + " >/dev/null")
    again = convtool("sobel", source, target, 2, "--resume", "--mkdir")
    if launch(again) is None:
        table.miss(name, "failed")
        row(name, "failed")
        return
    done = folder.runs({"--dry-run": plan, "--resume": again}, ours=("--dry-run", "--resume"))
    for option in ("--dry-run", "--resume"):
        if option in done:
            row(f"{name} through {option}, s", "",
                table.judge(name, option, done[option][0], 1.5, False))
        else:
            table.miss(name, option)
            row(f"{name} through {option}", "failed")
    judged_peak(name, folder)


def video(name, folder, count=300):
    frame = images.photograph()[:1080, :1920]
    planes = images.cv2.cvtColor(frame, images.cv2.COLOR_BGR2YUV_I420).tobytes()
    with open(folder.root + "/in/video.y4m", "wb") as file:
        file.write(b"YUV4MPEG2 W1920 H1080 F30:1 Ip A1:1 C420jpeg\n")
        for _ in range(count):
            file.write(b"FRAME\n" + planes)
    # As into a pipe that somebody empties at once.
    command = f"exec {CONVTOOL} -q -j1 sobel {folder.root}/in/video.y4m - >/dev/null"
    done = folder.runs({"ours": shell(command)}, ours=("ours",))
    if done:
        row(name + ", -j1, frames/s", "",
            table.judge(name, "frames", count / done["ours"][0], 300))
        judged_peak(name, folder)
    else:
        table.miss(name, "failed")
        row(name, "failed")


# To add a row: its name, and the function that makes its files, runs and prints it.
ROWS = {
    "4,000 JPEGs of 600x400, sobel": jpegs,
    "20,000 PNGs of 64x64, sobel": small_pngs,
    "1,500 JPEGs of 256x256, sobel": peers,
    "200 JPEGs of 12 MP, sharpen to PNG": large_jpegs,
    "100,000 paths": paths,
    "300 frames of 1080p, sobel, YUV4MPEG2": video,
}


def run(wanted):
    rows = {name: call for name, call in ROWS.items() if wanted("batch of " + name)}
    if not rows:
        return
    images.make_all()
    table.line(f"\n{'Batches, files in memory; speed limits are for Zen 4':<62} {'':>10}"
               f" {'limit':>12}")
    room = os.statvfs(MEMORY)
    if room.f_bavail * room.f_frsize < LARGEST:
        table.miss("batches", "room")
        table.line(f"left out: they need {LARGEST >> 30} GiB in {MEMORY}")
        return
    for name, call in rows.items():
        with tempfile.TemporaryDirectory(dir=MEMORY) as root:
            call(name, Folder(root))
    table.disturbance()
