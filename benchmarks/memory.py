"""What a long run costs in memory: `python run.py bench memory`.

The symmetry lab is left playing; at the end kernel and tab are compared with what they held before it began. The speed
is such that its 100,000 sweeps take the whole time; with --speed they may take less, and it then begins again.
"""

import argparse
import sys
import time

import psutil

from benchmarks.bench import CANVAS, do, machine, opened_lab, table
from tests.browser import jupyter

BAR = 100  # MB, each
SWEEPS = 100_000
MB = 1e6


def tab_process():
    """The process of the tab: of Chromium's renderers the largest."""
    renderers = [p for p in psutil.Process().children(recursive=True) if "--type=renderer" in p.cmdline()]
    return max(renderers, key=lambda process: process.memory_info().rss)


def held(page, devtools, tab):
    """MB held by the kernel, by the tab's process, and by what JavaScript still needs; and how far the run is."""
    devtools.send("HeapProfiler.collectGarbage")
    metrics = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
    kernel = jupyter.ask_python(page, "__import__('psutil').Process().memory_info().rss")
    return int(kernel) / MB, tab.memory_info().rss / MB, metrics["JSHeapUsedSize"] / MB


def leave_playing(page, minutes, speed):
    """Rows of the table, one for each fifth of the time, and whether the bar is kept: growth since before it played."""
    devtools, tab = page.context.new_cdp_session(page), tab_process()
    devtools.send("Performance.enable")
    do(page, f"lab.pause(); lab.as_in_the_paper(); lab.speed = {speed}")
    made, runs, rows, numbers = 0, 1, [], [held(page, devtools, tab)]
    do(page, "lab.play()")
    began = time.monotonic()
    while True:
        minute = (time.monotonic() - began) / 60
        data = page.evaluate("canvas => ({...document.querySelector(canvas).dataset})", CANVAS)
        if minute >= len(rows) * minutes / 5:
            numbers.append(held(page, devtools, tab))
            mb = (f"{number:.0f}" for number in numbers[-1])
            rows.append((f"{minute:.1f}", f"{made + int(data['sweep']):,}", data["every"], *mb))
            print(" | ".join(rows[-1]), file=sys.stderr, flush=True)
        if minute >= minutes:
            break
        if int(data["sweep"]) >= SWEEPS and minute < 0.98 * minutes:
            made, runs = made + SWEEPS, runs + 1
            do(page, "lab.new_start(); lab.play()")
            page.wait_for_function(
                "([canvas, most]) => document.querySelector(canvas).dataset.sweep < most", arg=[CANVAS, SWEEPS]
            )
        page.wait_for_timeout(500)
    growth = [last - first for last, first in zip(numbers[-1], numbers[0], strict=True)]
    rows.append(("grown by", f"runs: {runs}", "", *(f"{mb:+.0f} MB" for mb in growth)))
    rows.append(("bar", "", "", *[f"{BAR} MB"] * 3))
    return rows, max(growth) < BAR


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="run.py bench memory", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--speed", type=float, help=f"sweeps a second; so that {SWEEPS:,} take the time, if not given")
    options = parser.parse_args(arguments)
    speed = options.speed or 1.02 * SWEEPS / (60 * options.minutes)
    about = machine()
    with opened_lab() as page:
        rows, kept = leave_playing(page, options.minutes, speed)
        errors = page.console_errors
    print(f"\nThe symmetry lab left playing at {speed:,.0f} sweeps a second, in MB. {about}\n")
    print(table(("minute", "sweeps", "weights kept every", "kernel", "tab", "of it JavaScript"), rows))
    print(
        f"\n{'The bar is kept.' if kept else 'THE BAR IS NOT KEPT.'} Console errors: {len(errors)}.", *errors, sep="\n"
    )
    return 0 if kept and not errors else 1


if __name__ == "__main__":
    sys.exit(main())
