"""Prints the benchmark's rows, and counts the limits that are met."""
import os
import statistics
import textwrap
import time

COLUMNS = 100
met = 0
missed = {}       # row: the names of its missed limits
_row_missed = False


def judge(row, name, value, limit, least=True):
    """A cell: the value beside its limit, a minimum or a maximum. Counts it."""
    global met
    good = value >= limit if least else value <= limit
    if good:
        met += 1
    else:
        miss(row, name)
    return short(value) + (">" if good == least else "<") + short(limit)


def miss(row, name):
    global _row_missed
    missed.setdefault(row, []).append(name)
    _row_missed = True


def short(value):
    """Three digits: 0.12, 1.23, 12.3, 123; whole numbers as they are."""
    if value == round(value) or value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 or value * 10 == round(value * 10) else f"{value:.2f}"


def line(text=""):
    """Prints a row, with MISSED where one of its limits was."""
    global _row_missed
    print(text.rstrip() + (" MISSED" if _row_missed else ""), flush=True)
    _row_missed = False


def busy_seconds():
    """The seconds that all processors have worked, and of these, this process and its children."""
    with open("/proc/stat") as file:
        ticks = [int(word) for word in file.readline().split()[1:9]]
    own = os.times()
    idle = ticks[3] + ticks[4]
    return (sum(ticks) - idle) / os.sysconf("SC_CLK_TCK"), sum(own[:4])


def disturbance():
    """Prints how much other programs worked since the last call, as the figures depend on it."""
    global _before
    busy, own = busy_seconds()
    now = time.monotonic()
    others = (busy - _before[0] - (own - _before[1])) / max(now - _before[2], 1e-3)
    _before = (busy, own, now)
    line(f"meanwhile other programs kept {max(others, 0):.1f} of {os.cpu_count()} cores busy")


_before = (*busy_seconds(), time.monotonic())


def close():
    """Prints the closing line; returns the exit status."""
    total = met + sum(map(len, missed.values()))
    text = f"{met} of {total} limits met"
    if missed:
        text += "; MISSED: " + "; ".join(
            f"{row.strip()} ({', '.join(names)})" for row, names in missed.items())
    line()
    line(textwrap.fill(text, COLUMNS))
    return 1 if missed else 0


def milliseconds(call):
    start = time.perf_counter()
    call()
    return (time.perf_counter() - start) * 1e3


def interleaved(calls, seconds, least=5, most=25, rest=0):
    """{name: the results} of calls {name: function}, which take turns for about `seconds`, after
    `rest` seconds each. The first round warms up, and isn't kept."""
    start = time.perf_counter()
    for call in calls.values():
        call()
    rounds = int(seconds / max(time.perf_counter() - start, 1e-6))
    given = {name: [] for name in calls}
    for _ in range(max(least, min(most, rounds))):
        for name, call in calls.items():
            time.sleep(rest)
            given[name].append(call())
    return given


def medians(given):
    return {name: statistics.median(values) for name, values in given.items()}
