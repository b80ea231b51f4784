"""A bank of filters: a whole process of ours, from a PGM of 12 megapixels to a .npy file of all
maps, beside PyTorch's conv2d of the same image, in memory and on all cores."""
import os

import images
import table
from process_jobs import CONVTOOL, launch

SECONDS = 8.0

# To add a row: its name, the bank, how many times as long PyTorch must take, and the most MiB.
JOBS = [
    ("bank:edges8 of gray, 12 MP, 8 maps", "edges8", 2, 64),
]


def run_job(folder, name, bank, times, most_mib):
    import json
    import subprocess
    import cv2
    import numpy
    import torch
    source, target = images.path("gray.pgm"), os.path.join(folder, "maps.npy")
    shown = subprocess.run([CONVTOOL, "show", bank, "--json"], check=True, capture_output=True)
    weights = torch.tensor([f["weights"] for f in json.loads(shown.stdout)["filters"]],
                           dtype=torch.float32)
    image = torch.from_numpy(cv2.imread(source, cv2.IMREAD_GRAYSCALE)).float()[None, None]
    inputs = {layout: image.contiguous(memory_format=layout)
              for layout in (torch.contiguous_format, torch.channels_last)}
    runs = []

    def ours():
        if os.path.exists(target):
            os.remove(target)
        runs.append(launch([CONVTOOL, "-q", f"bank:{bank}:padding=zero", source, target]))
        return runs[-1][0]

    def conv2d(layout):
        with torch.no_grad():
            return torch.nn.functional.conv2d(inputs[layout], weights,
                                              padding=weights.shape[2] // 2)

    threads = torch.get_num_threads()
    torch.set_num_threads(os.cpu_count())
    given = table.medians(table.interleaved(
        {"ours": ours, **{str(layout): lambda layout=layout: table.milliseconds(
            lambda: conv2d(layout)) for layout in inputs}}, SECONDS))
    wanted = conv2d(torch.contiguous_format)[0].permute(1, 2, 0).numpy()
    torch.set_num_threads(threads)
    if not numpy.allclose(numpy.load(target, mmap_mode="r"), wanted, atol=1e-2):
        table.miss(name, "other numbers")
    peer = min(given[str(layout)] for layout in inputs)
    peak = max(run[1] for run in runs)
    table.line(f"{name:<40} {table.short(given['ours']):>8} {table.short(peer):>8}"
               f" {table.judge(name, 'time', peer / given['ours'], times):>9}"
               f" {table.judge(name, 'memory', peak, most_mib, False):>9}")


def run(wanted):
    jobs = [job for job in JOBS if wanted(job[0])]
    if not jobs:
        return
    import torch
    images.make_all()
    with images.scratch() as folder:
        table.line(f"\nBanks of filters; median ms, PyTorch's time over ours, and our peak memory "
                   f"in MiB\npeer: PyTorch {torch.__version__} conv2d in memory, on all cores")
        table.line(f"{'':<40} {'ours':>8} {'PyTorch':>8} {'ratio':>9} {'MiB':>9}")
        for job in jobs:
            run_job(folder, *job)
        table.disturbance()
