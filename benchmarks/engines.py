"""The engines beside their peers: `python run.py bench`. Ratios from interleaved rounds in one process, after the
results have been found equal. Everything runs on one core unless said otherwise.

    python run.py bench               everything (about ten minutes)
    python run.py bench single        one run of each workload; also: ensembles, growth, setup
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import platform  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from dataclasses import replace  # noqa: E402

import numpy as np  # noqa: E402

from bpcore.engines import machine_code  # noqa: E402

from . import workloads  # noqa: E402
from .peers import available, ours  # noqa: E402

BASE = "compiled (ours)"


def rounds(runs, w, how_many, most_seconds=120):
    """Seconds of each peer in each round, the peers in turn: {name: (rounds,) array}."""
    times, began = {name: [] for name in runs}, time.perf_counter()
    for _ in range(how_many):
        for name, run in runs.items():
            start = time.perf_counter()
            run(w)
            times[name].append(time.perf_counter() - start)
        if time.perf_counter() - began > most_seconds:
            break
    return {name: np.array(seconds) for name, seconds in times.items()}


def compare(title, work, how_many=15, names=None, check_sweeps=50):
    """Check that all give the same weights, then time them and print a table."""
    few = replace(work, sweeps=check_sweeps)
    expected = ours("numpy")(few)(few.w[:2])
    for name, run in available(few, names)[0].items():
        np.testing.assert_allclose(run(few.w[:2]), expected, rtol=1e-9, atol=1e-9, err_msg=name)
    runs, missing = available(work, names)
    for run in runs.values():
        run(work.w)  # compile, and fill the caches
    times = rounds(runs, work.w, how_many)
    each = work.sweeps * len(work.w)
    print(f"\n**{title}**: {work.name}, {len(work.task.cases)} cases, {work.sweeps:,} sweeps, {len(work.w):,} run(s)\n")
    print("| | µs a sweep and run | times ours | times C |\n|:--|--:|--:|--:|")
    for name, seconds in times.items():
        of_c = f"{np.median(seconds / times['C -O3 -ffast-math']):.2f}" if "C -O3 -ffast-math" in times else ""
        print(f"| {name} | {np.median(seconds) / each * 1e6:.3g} | {np.median(seconds / times[BASE]):.2f} | {of_c} |")
    for name, why in missing.items():
        print(f"\n{name}: not here ({why})")
    return times


def single():
    compare("One run", workloads.symmetry(), 21)
    compare("One run", workloads.trees(300), 15)


def ensembles():
    compare("Ensemble", workloads.symmetry(sweeps=200, runs=1024), 7)
    compare("Ensemble", workloads.trees(sweeps=10, runs=1024), 5, check_sweeps=10)
    work = workloads.symmetry(sweeps=500, runs=1024)
    runs = {f"{n} core(s)": ours("compiled", n)(work) for n in (1, 2)}
    for name, run in runs.items():
        machine_code.threads = int(name[0])
        run(work.w)
    seconds = {name: [] for name in runs}
    for _ in range(9):
        for name, run in runs.items():
            machine_code.threads = int(name[0])
            start = time.perf_counter()
            run(work.w)
            seconds[name].append(time.perf_counter() - start)
    one, two = map(np.array, seconds.values())
    print(f"\n**Two cores** are {np.median(one / two):.2f} times as fast as one (symmetry, 1,024 runs).")
    machine_code.threads = 1


def growth():
    """How time grows with runs, cases and hidden units: the exponent of time over arithmetic."""
    series = {
        "runs 1 to 4,096": [(workloads.symmetry(sweeps=50, runs=n), n) for n in (1, 16, 256, 4096)],
        "cases 64 to 65,536": [
            (workloads.symmetry(width=n, sweeps=max(1, 20000 >> n), epsilon=1e-4), 2**n * (n + 1) * 2)
            for n in (6, 8, 10, 12, 14, 16)
        ],
        "hidden units 32 to 1,024": [
            (workloads.symmetry(hidden=n, sweeps=max(4, 3200 // n), epsilon=1e-3), n)
            for n in (32, 64, 128, 256, 512, 1024)
        ],
    }
    print("\n**Growth**\n\n| | exponent, compiled | numpy (ours) / compiled at the largest |\n|:--|--:|--:|")
    for name, works in series.items():
        arithmetic, seconds = [], []
        for work, size in works:
            run = ours("compiled", 1)(work)
            run(work.w)
            best = min(_time(run, work.w) for _ in range(7)) / work.sweeps
            arithmetic.append(size)
            seconds.append(best)
        exponent = np.polyfit(np.log(arithmetic[1:]), np.log(seconds[1:]), 1)[0]
        slow = ours("numpy")(work)
        ratio = np.median([_time(slow, work.w) / _time(run, work.w) for _ in range(3)])
        print(f"| {name} | {exponent:.2f} | {ratio:.2f} |", flush=True)


def _time(run, w):
    start = time.perf_counter()
    run(w)
    return time.perf_counter() - start


def setup():
    """What a start costs: import, and the first sweep with and without what an earlier process compiled."""
    program = (
        "import time; t = time.perf_counter(); import bpcore as bp; a = time.perf_counter() - t;"
        "bp.train(bp.tasks.symmetry(), sweeps=1, engine='compiled'); print(a, time.perf_counter() - t)"
    )
    print("\n**Setting up**, seconds\n\n| | import | import and first sweep |\n|:--|--:|--:|")
    with tempfile.TemporaryDirectory() as empty:
        for name, more in (
            ("nothing compiled yet", {"NUMBA_CACHE_DIR": empty}),
            ("compiled before", {"NUMBA_CACHE_DIR": empty}),
        ):
            found = subprocess.run(
                [sys.executable, "-c", program], env={**os.environ, **more}, capture_output=True, text=True, check=True
            ).stdout.split()
            print(f"| {name} | {float(found[0]):.2f} | {float(found[1]):.2f} |", flush=True)


def main(wanted):
    parts = {part.__name__: part for part in (single, ensembles, growth, setup)}
    unknown = [name for name in wanted if name not in parts]
    if unknown:
        print(f"There is no benchmark '{unknown[0]}': choose {', '.join(parts)}, live or memory.", file=sys.stderr)
        return 1
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    machine_code.threads = 1
    for name, part in parts.items():
        if not wanted or name in wanted:
            part()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
