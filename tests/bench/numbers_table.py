"""Tables of numbers: a whole process of ours, from CSV to .npy, beside the call of a library that
is loaded already, which reads the same file and saves the same array."""
import os

import images
import table
from process_jobs import CONVTOOL, launch

SECONDS = 4.0

# To add a row: its name, the format of numpy.savetxt, and how many times as long the calls of
# NumPy's loadtxt and of pandas' read_csv must take as ours.
JOBS = [
    ("CSV 1000x1000 to .npy, %.18e", "%.18e", 20, 2),
    ("CSV 1000x1000 to .npy, %.6g", "%.6g", 20, 2),
]


def run_job(folder, name, form, loadtxt_times, pandas_times):
    import numpy
    import pandas
    source, target, other = (os.path.join(folder, file) for file in
                             ("in.csv", "out.npy", "peer.npy"))
    numpy.savetxt(source, numpy.random.default_rng(1).standard_normal((1000, 1000)) * 100,
                  fmt=form, delimiter=",")

    def ours():
        return launch([CONVTOOL, "-q", "-f", "identity", source, target])[0]

    def loadtxt():
        return table.milliseconds(
            lambda: numpy.save(other, numpy.loadtxt(source, delimiter=",")))

    def read_csv():
        return table.milliseconds(
            lambda: numpy.save(other, pandas.read_csv(source, header=None).to_numpy()))

    given = table.medians(table.interleaved(
        {"ours": ours, "NumPy": loadtxt, "pandas": read_csv}, SECONDS))
    if not numpy.array_equal(numpy.load(target), numpy.load(other).astype("f4")):
        table.miss(name, "other numbers")
    table.line(f"{name:<30}" + "".join(f" {table.short(given[who]):>8}" for who in given)
               + f" {table.judge(name, 'NumPy', given['NumPy'] / given['ours'], loadtxt_times):>9}"
               f" {table.judge(name, 'pandas', given['pandas'] / given['ours'], pandas_times):>9}")


def run(wanted):
    jobs = [job for job in JOBS if wanted(job[0])]
    if not jobs:
        return
    import numpy
    import pandas
    with images.scratch() as folder:
        table.line(f"\nNumbers; median ms, and how many times as long the library's call takes\n"
                   f"peers: loadtxt of NumPy {numpy.__version__}, "
                   f"read_csv of pandas {pandas.__version__}")
        table.line(f"{'':<30} {'ours':>8} {'NumPy':>8} {'pandas':>8} {'NumPy':>9} {'pandas':>9}")
        for job in jobs:
            run_job(folder, *job)
        table.disturbance()
