"""The engines compared with their peers: `python run.py bench`.

Ratios come from interleaved rounds in one process, after the results have been found equal. On one core by default, in
processor time, so that other programs on the same machine count as little as possible. A full run writes docs/speed.md
and docs/speed.png.

    python run.py bench               everything (about ten minutes)
    python run.py bench single        one run of each workload; also: call, ensembles, cores, growth, shapes, memory_of,
                                      setup
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
from concurrent.futures import ThreadPoolExecutor  # noqa: E402
from dataclasses import replace  # noqa: E402
from importlib.metadata import PackageNotFoundError, version  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

import bpcore as bp  # noqa: E402
from bpcore import tasks  # noqa: E402
from bpcore.engines import is_wide, machine_code, make_engine  # noqa: E402

from . import workloads  # noqa: E402
from .bench import machine, table  # noqa: E402
from .peers import NOT_THE_SAME, available, c_code, ours  # noqa: E402

DOCS = Path(__file__).parent.parent / "docs"
BASE, C = "compiled (ours)", "C -O3 -ffast-math"


def seconds(run, w, clock=time.process_time):
    """Seconds of ``run(w)``: of the processor, all threads of this process together, or by another clock."""
    start = clock()
    run(w)
    return clock() - start


def rounds(runs, w, how_many, most_seconds=120, clock=time.process_time):
    """Seconds of each peer in each round, the peers in turn: {name: (rounds,) array}."""
    times, began = {name: [] for name in runs}, time.perf_counter()
    for _ in range(how_many):
        for name, run in runs.items():
            times[name].append(seconds(run, w, clock))
        if time.perf_counter() - began > most_seconds:
            break
    return {name: np.array(found) for name, found in times.items()}


def compare(title, work, how_many=15, check_sweeps=50):
    """Check that all give the same weights, then time them. Returns Markdown and {name: µs a sweep and run}."""
    few = replace(work, sweeps=check_sweeps)
    expected = ours("numpy")(few)(few.w[:2])
    for name, run in available(few)[0].items():
        if name == NOT_THE_SAME:
            continue
        np.testing.assert_allclose(run(few.w[:2]), expected, rtol=1e-9, atol=1e-9, err_msg=name)
    runs, missing = available(work)
    for run in runs.values():
        run(work.w)  # compile, and fill the caches
    times = rounds(runs, work.w, how_many)
    found = {name: float(np.median(spent)) / work.sweeps / len(work.w) * 1e6 for name, spent in times.items()}
    rows = [
        (name, f"{found[name]:.3g}", *(_ratio(spent, times.get(other)) for other in (BASE, C)))
        for name, spent in times.items()
    ]
    size = f"{len(work.task.cases)} cases, {work.sweeps:,} sweeps, {len(work.w):,} run(s)"
    text = f"**{title}**: {work.name}, {size}\n\n{table(('', 'µs a sweep and run', 'times ours', 'times C'), rows)}"
    return text + "".join(f"\n\n{name}: not here ({why})." for name, why in missing.items()), found


def _ratio(spent, other):
    return "" if other is None else f"{np.median(spent / other):.2f}"


def single():
    """One run of each workload, compared with all peers."""
    works = {"symmetry": workloads.symmetry(sweeps=10_000), "family-tree shape": workloads.trees(1000)}
    found = {name: compare("One run", work, 15) for name, work in works.items()}
    return "\n\n".join(text for text, _ in found.values()), {name: times for name, (_, times) in found.items()}


def call():
    """The whole call that makes Fig. 1, from the task to the history, compared with the sweeps alone."""
    work = workloads.symmetry()

    def train(_w):
        bp.train(tasks.symmetry(), seeds=[0], sweeps=work.sweeps, keep_every=work.sweeps)

    runs = {"bp.train(tasks.symmetry(), ...)": train, **available(work, (BASE, C))[0]}
    for run in runs.values():
        run(work.w)
    times = rounds(runs, work.w, 201)
    rows = [(name, f"{np.median(spent) * 1e3:.3g}", _ratio(spent, times.get(C))) for name, spent in times.items()]
    return f"**One call**: symmetry, {work.sweeps:,} sweeps, 1 run\n\n{table(('', 'ms', 'times C'), rows)}", None


def ensembles():
    """1,024 runs side by side, on one core."""
    works = workloads.symmetry(sweeps=100, runs=1024), workloads.trees(sweeps=10, runs=1024)
    return "\n\n".join(compare("Ensemble", work, 7, check_sweeps=10)[0] for work in works), None


def cores():
    """Two cores compared with one, by the wall clock; C shows what the machine can give."""
    work = workloads.symmetry(sweeps=500, runs=1024)
    of_c, rows = c_code(work), []

    def c_on(threads):
        def run(w):
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(of_c, np.array_split(w, 8 * threads)))

        return run

    def ours_on(threads):
        run = ours("compiled")(work)

        def on(w):
            machine_code.threads = threads
            run(w)

        return on

    for name, on in ((BASE, ours_on), (C, c_on)):
        times = rounds({n: on(n) for n in (1, 2)}, work.w, 31, clock=time.perf_counter)
        rows.append((name, f"{np.median(times[1] / times[2]):.2f}", f"{times[1].min() / times[2].min():.2f}"))
    machine_code.threads = 1
    header = ("two cores, times one", "median of rounds", "best of each")
    return f"**Two cores**: symmetry, 1,024 runs, {machine()}\n\n{table(header, rows)}", None


def growth():
    """How time grows, and its exponent over the multiply-adds, compared with the numpy engine."""
    series = {
        "runs": {n: workloads.symmetry(runs=n) for n in (1, 16, 256, 4096)},
        "cases": {2**n: workloads.symmetry(width=n, epsilon=1e-4) for n in (6, 8, 10, 12, 14, 16)},
        "hidden units": {n: workloads.symmetry(hidden=n, epsilon=1e-3) for n in (32, 64, 128, 256, 512, 1024)},
    }
    rows, curves = [], {}
    for what, works in series.items():
        arithmetic = np.array([w.task.network.n_weights * len(w.task.cases) * len(w.w) for w in works.values()])
        fast, slow = ([_a_sweep(work, engine) for work in works.values()] for engine in ("compiled", "numpy"))
        exponent = np.polyfit(np.log(arithmetic), np.log(fast), 1)[0]
        sizes = list(works)
        rows.append((f"{what} {sizes[0]:,} to {sizes[-1]:,}", f"{exponent:.2f}", f"{slow[-1] / fast[-1]:.1f}"))
        curves[what] = (sizes, fast, slow)
    header = ("growth of", "exponent of time over multiply-adds", "numpy engine, times compiled, at the largest")
    return f"**Growth**: symmetry networks\n\n{table(header, rows)}", curves


def shapes():
    """The two engines on wide and deep layers, in turn, one run: where matrix products of a library win."""
    sizes = (
        (2, 2, 2),
        (32, 32, 32),
        (128, 128, 128),
        (256, 256, 256),
        (512, 512, 512),
        (1024, 1024, 1024),
        (784, 30, 10),
        (784, 128, 10),
        (512, 16, 512),
        (2000, 100, 2000),
    )
    many = (4, 16, 64, 256, 1024)
    found, worst = {}, (0.0, "")
    for layers in sizes:
        name = "–".join(map(str, layers))
        found[name] = []
        for cases in many:
            work = _of_layers(layers, cases)
            times = [[_a_sweep(work, engine, 1) for engine in ("numpy", "compiled")] for _ in range(5)]
            ratio = float(np.median(np.divide(*np.transpose(times))))
            found[name].append(ratio)
            worst = max(worst, (ratio if is_wide(work.task) else 1 / ratio, f"{name} with {cases:,} cases"))
    rows = [(name, *(f"{ratio:.2g}" for ratio in ratios)) for name, ratios in found.items()]
    header = ("layers", *(f"{cases:,} cases" for cases in many))
    text = (
        f"**Shapes**: numpy engine, times compiled; one run, {machine()}\n\n{table(header, rows)}\n\n"
        f"The default engine takes at most {max(1.0, worst[0]):.2f} times as long as the other: {worst[1]}."
    )
    return text, (many, found)


def _of_layers(layers, cases):
    network = bp.layered({f"layer {k}": n for k, n in enumerate(layers)})
    draw = np.random.default_rng(1986)
    first, last = (draw.integers(0, 2, (cases, n)).astype(float) for n in (layers[0], layers[-1]))
    given = bp.Cases({"layer 0": first}, {f"layer {len(layers) - 1}": last}, [str(k) for k in range(cases)])
    recipe = bp.Recipe((bp.Phase(0, 0.01 / cases, 0.5),))
    return workloads.Workload("", bp.Task("", network, given, recipe), (), bp.start(network, [0]), 1)


def _a_sweep(work, engine, how_many=9):
    """Median seconds of one sweep, after the first; each measurement takes some hundredths of a second."""
    made = make_engine(work.task, work.task.recipe, work.w, np.zeros(work.w.shape), engine)

    def sweeps(n):
        made.sweeps(0, n, work.task.recipe)

    sweeps(1)
    n = max(1, round(0.03 / seconds(sweeps, 2, time.perf_counter) * 2))
    return float(np.median([seconds(sweeps, n) / n for _ in range(how_many)]))


def memory_of():
    """What an engine without a history adds to the starting weights it is given, in a process of its own (Linux)."""
    if not Path("/proc/self/statm").exists():
        return "**Memory**: not measured on this system.", None
    program = (
        "import numpy as np; from benchmarks import workloads; from benchmarks.engines import make_engine, resident;"
        "few, work = (workloads.{0}(runs=n) for n in (8, {1})); start = few.task, few.task.recipe;"
        "make_engine(*start, few.w, few.w, 'compiled'); before = resident();"
        "made = make_engine(*start, work.w, np.zeros(work.w.shape), 'compiled'); made.sweeps(0, 2, work.task.recipe);"
        "print(work.w.nbytes, resident() - before)"
    )
    rows = []
    for name, network, runs in (("symmetry", "symmetry 6-2-1", 1 << 19), ("trees", "family-tree shape", 1 << 15)):
        given, added = map(int, _python(program.format(name, runs)))
        rows.append((network, f"{runs:,}", f"{given / 2**20:.0f}", f"{added / given:.2f}"))
    header = ("", "runs", "MiB of starting weights", "the engine adds, times those")
    return f"**Memory** of an ensemble without a history\n\n{table(header, rows)}", None


def resident():
    """Bytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _python(program, **more):
    """What a program prints in a process of its own, word by word."""
    return subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **more}, capture_output=True, text=True, check=True
    ).stdout.split()


def setup():
    """What a start costs, import and first sweep, with and without what an earlier process compiled."""
    program = (
        "import time; t = time.perf_counter(); import bpcore as bp; a = time.perf_counter() - t;"
        "bp.train(bp.tasks.symmetry(), sweeps=1{}); print(a, time.perf_counter() - t, time.process_time())"
    )
    rows = []
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as another:
        for name, more, kept in (
            ("the first time, by numpy if compiling takes over 2 s", "", one),
            ("the first time, compiled", ", engine='compiled'", another),
            ("compiled before", ", engine='compiled'", another),
        ):
            found = _python(program.format(more), BP_KERNEL_CACHE=kept)
            rows.append((name, *(f"{float(number):.2f}" for number in found)))
    header = ("by the clock on the wall", "import", "import and first sweep", "of that the processor worked")
    return f"**Setting up**, seconds; {machine()}\n\n{table(header, rows)}", None


def heading():
    """The machine and what runs on it."""
    packages = []
    for name in ("numpy", "llvmlite", "jax", "torch"):
        try:
            packages.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            packages.append(f"without {name}")
    return f"{machine()} Python {platform.python_version()}, {', '.join(packages)}."


def main(wanted):
    parts = {part.__name__: part for part in (single, call, ensembles, cores, growth, shapes, memory_of, setup)}
    unknown = [name for name in wanted if name not in parts]
    if unknown:
        names = f"{', '.join(parts)}, live, memory, study or classroom"
        print(f"There is no benchmark '{unknown[0]}': choose {names}.", file=sys.stderr)
        return 1
    machine_code.threads = 1
    texts, numbers = [heading()], {}
    print(texts[0], flush=True)
    for name, part in parts.items():
        if not wanted or name in wanted:
            text, numbers[name] = part()
            texts.append(text)
            print(f"\n{text}", flush=True)
    if not wanted:
        from .speed_picture import draw, draw_shapes

        speed = DOCS / "speed.md"
        _, heading_of_limit, limit = speed.read_text(encoding="utf-8").partition("## The limit\n")  # a person's words
        texts.append((heading_of_limit + limit).rstrip())
        speed.write_text("\n\n".join(["# Speed", *texts]) + "\n", encoding="utf-8")
        draw(numbers["single"], numbers["growth"], DOCS / "speed.png")
        draw_shapes(*numbers["shapes"], DOCS / "speed_shapes.png")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
