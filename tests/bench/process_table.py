"""Whole processes: wall time, peak memory and the size of what they write."""
import os
import statistics

import images
import process_jobs
import table
from process_jobs import CONVTOOL, DECODE, PEERS, launch

SECONDS = 5.0        # for one row, about
HOPELESS = 1.3       # times the fastest peer's first run: a peer that slow isn't run again
LARGEST_SECONDS = 40  # the largest image is left out if it would take longer


def print_row(name, ours, others, cell=""):
    table.line(f"{name:<30} {ours:>8}" + "".join(f" {other:>8}" for other in others)
               + f" {cell:>9}")


class Runs:
    """A program's runs. If one fails, the program is left out."""

    def __init__(self, command, *outputs):
        self.command, self.walls, self.peak, self.failed = command, [], 0, False
        self.outputs = outputs

    def __call__(self):
        for path in self.outputs:  # every run makes a new file
            if os.path.exists(path):
                os.remove(path)
        result = launch(self.command)
        if result is None:
            self.failed = True
        else:
            self.walls.append(result[0])
            self.peak = max(self.peak, result[1])
        return result

    def median(self):
        return statistics.median(self.walls)


def run_job(job, folder):
    source = images.path(job.source)
    out = folder + "/ours" + job.suffix
    ours = Runs(process_jobs.ours(job.work, source, out), out)
    theirs = folder + "/peer" + job.suffix
    commands = process_jobs.peers(job.work, source, theirs)
    peers = {name: Runs(commands[name], theirs) for name in PEERS}
    decode, library = Runs([DECODE, "rows", source]), Runs([DECODE, "library", source])
    everyone = [ours, *peers.values()] + ([decode, library] if job.decoding else [])
    for runs in everyone:
        runs()
    if ours.failed:
        table.miss(job.name, "failed")
        table.line(job.name)
        return
    first = {name: runs.walls[0] for name, runs in peers.items() if runs.walls}
    hopeful = [peers[name] for name in first if first[name] < HOPELESS * min(first.values())]
    turns = {id(runs): runs for runs in everyone
             if not runs.failed and (runs not in peers.values() or runs in hopeful)}
    for runs in turns.values():
        runs.walls.clear()  # the first one warmed up
    table.interleaved(turns, SECONDS, least=3, most=41)

    best = min(peers[name].median() for name in first)
    print_row(job.name + ", ms", table.short(ours.median()),
              [table.short(p.median()) if p.walls else "failed" for p in peers.values()],
              table.judge(job.name, "time", ours.median() / best, job.limit, False))
    if job.memory:
        print_row("  peak memory, MiB", table.short(ours.peak),
                  [table.short(p.peak) for p in peers.values()],
                  table.judge(job.name, "memory", ours.peak, job.memory, False))
    if job.decoding and decode.failed:
        table.miss(job.name, "decoding")
        table.line("  our reader failed")
    elif job.decoding:
        print_row("  decoding alone, one core, ms", table.short(decode.median()), [""] * len(PEERS),
                  table.judge(job.name, "decoding", ours.median() / decode.median(), job.decoding,
                              False))
        if not library.failed:
            print_row("  inflating, or luma, alone, ms", table.short(library.median()),
                      [""] * len(PEERS), "")
    if job.size:
        size, libpng = os.path.getsize(out), images.libpng_size(out)
        print_row("  size; libpng's of the same, MB", table.short(size / 1e6),
                  [table.short(libpng / 1e6)] + [""] * (len(PEERS) - 1),
                  table.judge(job.name, "size", size / libpng, job.size, False))


def limits(name, command, runs, most_ms=None, most_mib=None):
    """Prints a row with limits of its own; returns the milliseconds, or None after a failure."""
    results = [launch(command)]
    while len(results) < runs and None not in results:
        results.append(launch(command))
    if None in results:
        table.miss(name, "failed")
        table.line(f"{name:<40} failed")
        return None
    wall, peak = statistics.median(r[0] for r in results), max(r[1] for r in results)
    cells = [table.judge(name, "ms", wall, most_ms, False) if most_ms else table.short(wall),
             table.judge(name, "MiB", peak, most_mib, False) if most_mib else table.short(peak)]
    table.line(f"{name:<40}" + "".join(f" {cell:>9}" for cell in cells))
    return wall


def run_large(folder):
    """Four times the pixels may take 4.4 times as long, and no more memory than the limit."""
    def command(side):
        return [CONVTOOL, "-q", "--max-pixels", str(1 << 30), "sobel",
                images.path(f"{side}.png"), folder + "/large.png"]
    half = limits("PNG sobel PNG, 16384x16384", command(16384), 3, None, 64)
    name = "PNG sobel PNG, 32768x32768"
    if half is None or half * 4 > LARGEST_SECONDS * 1e3:
        table.miss(name, "left out")
        table.line(f"{name:<40} left out: "
                   + ("it would take too long" if half else "the smaller one failed"))
        return
    whole = limits(name, command(32768), 1, None, 64)
    if whole is not None:
        table.line(f"{'  its time over that of 16384x16384':<40}"
                   f" {table.judge(name, 'linear', whole / half, 4.4, False):>9}")


# Rows without a peer. To add one: name, command (OUT is the output), runs, most ms, most MiB.
ALONE = [
    ("convtool --version", ["--version"], 50, 5.0, None),
    ("PGM sobel PGM, 64x64", ["-q", "sobel", "small.pgm", "OUT"], 50, 5.0, None),
    ("PGM sobel PGM, 12 MP, -j1", ["-j1", "-q", "sobel", "gray.pgm", "OUT"], 5, None, None),
    ("PGM chain of 4, 12 MP", ["-q", process_jobs.CHAIN, "gray.pgm", "OUT"], 5, None, 16),
]


def run(wanted):
    jobs = [job for job in process_jobs.JOBS if wanted(job.name)]
    alone = [row for row in ALONE if wanted(row[0])]
    large = wanted("PNG sobel PNG, 16384x16384, 32768x32768")
    if not jobs and not alone and not large:
        return
    images.make_all()
    with images.scratch() as folder:
        if jobs:
            peers, ours = process_jobs.versions()
            table.line(f"\nWhole processes, 12 MP RGB; median ms; ours over the fastest peer\n"
                       f"peers: {peers}\nours: {ours}")
            print_row("", "ours", PEERS, "limit")
            for job in jobs:
                run_job(job, folder)
            table.disturbance()
        if alone or large:
            table.line(f"\n{'Whole processes without peers':<40} {'ms':>9} {'MiB':>9}")
            for name, words, runs, most_ms, most_mib in alone:
                words = [folder + "/out.pgm" if w == "OUT" else
                         images.path(w) if w.endswith(".pgm") else w for w in words]
                limits(name, [CONVTOOL, *words], runs, most_ms, most_mib)
            if large:
                run_large(folder)
            table.disturbance()
