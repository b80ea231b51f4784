"""Networks beside ONNX Runtime, OpenCV's dnn and PyTorch, in memory; loading; and a photograph that
runs through a network by rows."""

import numpy

import engine
import images
import net_jobs
import networks
import process_table
import table
from process_jobs import CONVTOOL

from published_files import NotHere, esrgan, library, model  # noqa: E402 - after net_jobs
from runtime import VERSION, Runtime  # noqa: E402

SECONDS = 6.0      # for one row, about
REST = 0.05        # seconds: a peer's threads look for more work for a while after each run
OTHERS = 0.8       # the most that ours may take of OpenCV's or PyTorch's time
COLUMNS = ["ONNX Runtime", "OpenCV", "PyTorch"]
LOAD = "10 MB network, its table"
LARGE = "ESRGAN-slim x2 PNG to PNG, 12 MP"
PER_PIXEL = 1.15   # of the time a pixel at 256x256
MOST_MIB = 256


def same(job, name, got, want):
    """Whether both made the same numbers, within 1e-3 of their range."""
    size = numpy.ptp(want) or 1
    if got.shape != want.shape or not numpy.abs(got - want).max() <= 1e-3 * size:
        table.miss(job.name, f"other numbers than {name}")


def run_job(job, runtime, threads):
    inputs = job.inputs()
    name = f"{job.name}, {threads}"
    try:
        ours = networks.Network(job.model(), inputs, threads)
    except engine.NotThere as reason:
        table.miss(name, "not there yet")
        table.line(f"{name:<30} not there yet: {str(reason)[:60]}")
        return
    reference = runtime.open(job.model())
    theirs = networks.OnnxRuntime(library(), job.model(), inputs, reference.outputs, threads)
    calls = {"ours": ours.timer(job.times, job.again),
             "ONNX Runtime": theirs.timer(job.times, job.again)}
    for peer, function in net_jobs.peers(job).items():
        calls[peer], one = function(job, inputs, threads)
        if job.times == 1 or peer == "PyTorch":
            compared(job, peer, ours, one())
    compared(job, "ONNX Runtime", ours, reference.run(inputs)[job.output])
    reference.close()
    rest = REST if threads > 1 and job.times == 1 else 0  # short runs would begin too cold
    times = {who: value / job.times for who, value in
             table.medians(table.interleaved(calls, SECONDS, rest=rest)).items()}
    print_row(job, name, times)


def compared(job, name, ours, want):
    if not job.again:  # where the state moved on, tests/published.py compares
        ours.timer()()
        same(job, name, ours.result(job.output), want)


def milliseconds(value):
    """Networks for digits take microseconds."""
    return table.short(value) if value >= 0.1 else f"{value:.4f}"


def print_row(job, name, times):
    cells = []
    for peer in COLUMNS:
        if peer in times:
            limit = job.limit if peer == COLUMNS[0] else OTHERS
            cells += [milliseconds(times[peer]),
                      table.judge(name, peer, times["ours"] / times[peer], limit, False)]
        else:
            cells += ["", ""]
    table.line(f"{name:<30} {milliseconds(times['ours']):>6}"
               + "".join(f" {cell:>8}" for cell in cells))


def in_memory(jobs):
    with Runtime() as runtime:
        table.line("\nNetworks in memory, on as many threads as the name ends with; median ms of a "
                   "run, and our\ntime over the peer's")
        table.line(f"peers: ONNX Runtime {VERSION}, OpenCV {net_jobs.cv2.__version__}, "
                   f"PyTorch {net_jobs.torch.__version__}")
        table.line(f"{'':<30} {'ours':>6}" + "".join(f" {peer.split()[-1]:>8} {'':>8}"
                                                      for peer in COLUMNS))
        for job in jobs:
            for threads in (1, 2):
                run_job(job, runtime, threads)
    table.disturbance()


def large(folder):
    """A photograph by rows: memory, and the time a pixel beside that of a small piece of it."""
    small = images.make("256.png", lambda path: images.write_image(
        path, images.photograph()[1000:1256, 1000:1256], images.LIBPNG))
    chain = f"net:{esrgan(2)}:range=0..255"
    piece = process_table.limits("ESRGAN-slim x2 PNG to PNG, 256x256",
                                 [CONVTOOL, "-q", "-f", chain, small, folder + "/small.png"], 5)
    whole = process_table.limits(LARGE, [CONVTOOL, "-q", "-f", chain, images.path("photo.png"),
                                         folder + "/large.png"], 1, None, MOST_MIB)
    if piece and whole:
        pixels = images.WIDTH * images.HEIGHT / 256 ** 2
        cell = table.judge(LARGE, "a pixel", whole / pixels / piece, PER_PIXEL, False)
        table.line(f"{'  its time a pixel over that':<40} {cell:>9}")


def run(wanted):
    jobs = [job for job in net_jobs.JOBS if wanted(job.name)]
    if not jobs and not wanted(LOAD) and not wanted(LARGE):
        return
    try:
        if jobs:
            in_memory(jobs)
        if wanted(LOAD) or wanted(LARGE):
            images.make_all()
            table.line(f"\n{'Whole processes with networks':<40} {'ms':>9} {'MiB':>9}")
        with images.scratch() as folder:
            if wanted(LOAD):
                process_table.limits(LOAD, [CONVTOOL, "net", str(model("recognition"))], 9, 50)
            if wanted(LARGE):
                large(folder)
    except NotHere as reason:
        table.line(f"left out: networks: {reason}")
