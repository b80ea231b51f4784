"""Whole processes: their wall time and peak memory."""
import os
import statistics
import subprocess
import tempfile

import engine_jobs
import table

BUILD = os.environ.get("BUILD", "build")
CONVTOOL = os.environ.get("CONVTOOL", BUILD + "/convtool")


def run_process(*words):
    """Whole-process milliseconds and peak MiB, by the small launcher: a fork of this large process
    would count its memory as the program's."""
    done = subprocess.run([BUILD + "/tests/bench/launch", *words], stdout=subprocess.PIPE,
                          text=True, check=True)
    wall, peak = done.stdout.split()[-2:]
    return float(wall), int(peak) / 1024


def write_pgm(path, image):
    with open(path, "wb") as file:
        file.write(b"P5\n%d %d\n255\n" % (image.shape[1], image.shape[0]))
        file.write(image.tobytes())


def run(wanted):
    with tempfile.TemporaryDirectory() as folder:
        large, small, out = (folder + "/" + n for n in ("large.pgm", "small.pgm", "out.pgm"))
        chain = "gray,gaussian:1.4,sobel,maxpool:2"
        jobs = [
            ("convtool --version", ["--version"], 50, 5.0, None),
            ("convtool sobel, 64x64 PGM", ["-q", "sobel", small, out], 50, 5.0, None),
            ("convtool -j1 sobel, 12 MP PGM", ["-j1", "-q", "sobel", large, out], 5, None, None),
            ("convtool chain of 4, 12 MP PGM", ["-q", chain, large, out], 5, None, 16),
        ]
        jobs = [job for job in jobs if wanted(job[0])]
        if jobs:
            write_pgm(large, engine_jobs.gray())
            write_pgm(small, engine_jobs.gray()[:64, :64])
            table.line("\nWhole processes: median ms, peak MiB")
        for job, words, rounds, most_ms, most_mib in jobs:
            runs = [run_process(CONVTOOL, *words) for _ in range(rounds + 1)][1:]
            wall, peak = statistics.median(r[0] for r in runs), max(r[1] for r in runs)
            cells = [table.judge(job, "ms", wall, most_ms, False) if most_ms else table.short(wall),
                     table.judge(job, "MiB", peak, most_mib, False) if most_mib
                     else table.short(peak)]
            table.line(f"{job:<36}" + "".join(f" {cell:>9}" for cell in cells))
