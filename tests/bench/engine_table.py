"""The engine beside OpenCV, Pillow and PyTorch, in one process, on one thread each."""
import os

import numpy

import engine
import engine_jobs
import table

SECONDS = 4.0      # for one row, about
LONG_JOB = 5.0     # milliseconds, from which two threads must help
TWO_THREADS = 0.9  # of what two separate runs gain, which is 2 at best: 1.8
AT_LEAST = 1.25    # however long the machine makes two runs wait
# The share of a row's limit that each instruction set must reach; the best one stands for all.
SHARES = {"v3": 2 / 3, "baseline": 1 / 4}


def levels():
    """What to measure: the instruction set that CONVTOOL_ISA names, or the best and the rest."""
    named = os.environ.get("CONVTOOL_ISA")
    if named:
        return [named]
    lower = list(SHARES)
    if engine.BEST in lower:
        lower = lower[lower.index(engine.BEST) + 1:]
    return [engine.BEST] + lower


def head(peer):
    first, *rest = levels()
    table.line(f"\nThe engine at {first} beside {peer}, in one process, one thread each, in "
               "memory; medians in ms;")
    table.line("the peer's time over ours (at other levels too); one thread's time over that of "
               "two,")
    table.line("beside 0.9 of '2 apart': what two runs at once gain here, each of the whole image")
    table.line(f"{'':<30} {'ours':>6} {'peer':>6} {'ratio':>9}"
               + "".join(f" {name:>9}" for name in rest)
               + f" {'2 threads':>9} {'2 in flow':>9} {'2 apart':>9}")


def same(ours, theirs, most=None):
    """Whether both made the same image; in noise every mistake shows. OpenCV rounds to 8 bits
    between steps, a difference of a level or so."""
    theirs = theirs.reshape(ours.shape)
    most = most or (2 if ours.dtype == numpy.uint8 else 1e-4)
    return numpy.abs(ours.astype(numpy.float32) - theirs).mean() < most


def fastest(peers, image):
    """Of a peer's several ways, the one with the fastest of three runs."""
    if len(peers) == 1:
        return peers[0]
    return min(peers, key=lambda p: min(table.milliseconds(lambda: p(image)) for _ in range(3)))


def run_job(job):
    image = job.image()
    try:
        plans = {name: engine.Plan(job.work, image, name) for name in levels()}
    except engine.NotThere as reason:
        if job.limit:
            table.miss(job.name, "not there yet")
        table.line(f"{job.name:<30} not there yet: {str(reason)[:46]}")
        return
    best, *rest = plans
    theirs = job.prepare(image)
    peer = fastest(job.peers, theirs)

    def ours(name, threads=1, flow=False):
        return lambda: table.milliseconds(lambda: plans[name].run(threads, flow))

    calls = {"peer": lambda: table.milliseconds(lambda: peer(theirs))}
    calls.update({name: ours(name) for name in plans})
    ours(best)()  # warms up
    long = job.threads and ours(best)() > LONG_JOB
    if long:
        calls.update({"two": ours(best, 2), "flow 1": ours(best, 1, True),
                      "flow 2": ours(best, 2, True),
                      "apart": lambda: table.milliseconds(plans[best].run_apart)})
    times = table.medians(table.interleaved(calls, SECONDS))
    plans[best].run()
    if not same(plans[best].out, job.finish(peer(theirs)), job.most):
        table.miss(job.name, "other result")
    if long and not numpy.array_equal(plans[best].out, plans[best].other):
        table.miss(job.name, "other result apart")
    print_row(job, times, best, rest, long)


def print_row(job, times, best, rest, long):
    cells = []
    for level in [best] + rest:
        ratio = times["peer"] / times[level]
        cells.append(table.judge(job.name, level, ratio, job.limit * SHARES.get(level, 1))
                     if job.limit else table.short(ratio))
    apart = 2 * times[best] / times["apart"] if long else 0
    if long:
        limit = max(TWO_THREADS * min(apart, 2), AT_LEAST)
        cells += [table.judge(job.name, "2 threads", times[best] / times["two"], limit),
                  table.judge(job.name, "2 in flow", times["flow 1"] / times["flow 2"], limit),
                  f"{apart:7.2f}"]
    table.line(f"{job.name:<30} {times[best]:6.2f} {times['peer']:6.2f}"
               + "".join(f" {cell:>9}" for cell in cells))


def run(wanted):
    """Prints the rows whose names `wanted` accepts."""
    for peer, jobs in [(engine_jobs.OPENCV, engine_jobs.OPENCV_JOBS),
                       (engine_jobs.PILLOW, engine_jobs.PILLOW_JOBS),
                       (engine_jobs.PYTORCH, engine_jobs.PYTORCH_JOBS)]:
        chosen = [job for job in jobs if wanted(job.name)]
        if chosen:
            head(peer)
            for job in chosen:
                run_job(job)
            table.disturbance()
