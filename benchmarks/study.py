"""What studies find and what they cost: `python run.py bench study`.

symmetry: the numbers known of Fig. 1, found again. map: 20 x 20 settings x 100 seeds, here, in processes, through dask.
scale: what a row, a block and a message cost, for docs/scaling.md.
"""

import argparse
import pickle
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from pathlib import Path

import numpy as np

import bpcore as bp
from benchmarks.bench import machine, table
from bpcore import tasks
from bpcore.studies.blocks import learn_block, work
from bpcore.studies.rows import ROWS
from bpcore.studies.store import Store

SWEEPS = 10_000
STARTS = {"biases": ["uniform", "zero"], "alpha": [0.9, 0.0]}
SIZES = {"epsilon": [0.1, 0.03], "hidden": [2, 3, 4, 8]}
BEFORE = {  # found by other programs: setting, solved by which sweep, how many of how many seeds
    ("uniform", 0.9): {1425: (155, 500), 5000: (325, 500), 10_000: (160, 200)},
    ("zero", 0.9): {1425: (1, 200), 5000: (200, 200), 10_000: (200, 200)},
    ("uniform", 0.0): {1425: (0, 200), 5000: (8, 200), 10_000: (18, 200)},
    (0.1, 2): {10_000: (46, 60)},
    (0.1, 3): {10_000: (34, 60)},
    (0.1, 4): {10_000: (30, 60)},
    (0.1, 8): {10_000: (11, 60)},
    (0.03, 2): {10_000: (60, 60)},
    (0.03, 3): {10_000: (60, 60)},
    (0.03, 4): {10_000: (60, 60)},
    (0.03, 8): {10_000: (60, 60)},
}
MAP = {"epsilon": np.geomspace(0.01, 1.0, 20), "alpha": np.linspace(0, 0.95, 20)}


def apart(found, before):
    """How many standard errors lie between two counts (k of n), by their common share."""
    share = sum(k for k, _ in (found, before)) / sum(n for _, n in (found, before))
    error = np.sqrt(share * (1 - share) * sum(1 / n for _, n in (found, before)))
    return abs(found[0] / found[1] - before[0] / before[1]) / error if error else 0.0


def symmetry(seeds, store):
    """The two tables of Fig. 1's task, from one store, and whether each number is as it was found before."""
    rows, far = [], 0.0
    for grid in (STARTS, SIZES):
        where = None if store is None else store.with_name(f"{store.stem}-{'-'.join(grid)}{store.suffix}")
        study = bp.study(tasks.symmetry, range(seeds), grid, SWEEPS, stop_when_solved=True, store=where)
        solved_at = study["solved_at"].reshape(-1, seeds)
        for setting, at in zip(study.grid.settings, solved_at, strict=True):
            in_time = at[(at >= 0) & (at <= 5000)]
            cells = [", ".join(f"{name} {value}" for name, value in setting.items())]
            for by in (1425, 5000, SWEEPS):
                found = int(np.count_nonzero((at >= 0) & (at <= by))), seeds
                before = BEFORE.get(tuple(setting.values()), {}).get(by)
                cell = f"{found[0] / seeds:.1%}"
                if before:
                    far = max(far, apart(found, before))
                    cell += f" ({before[0] / before[1]:.1%} of {before[1]}; {apart(found, before):.1f})"
                cells.append(cell)
            rows.append((*cells, f"{np.median(in_time):,.0f}" if len(in_time) else "-"))
    print(f"\nSymmetry, {seeds} seeds. In brackets what other programs found before, and standard errors between.\n")
    print(table(("setting", "solved by 1,425", "by 5,000", "by 10,000", "median by 5,000"), rows))
    print(f"\nThe farthest is {far:.1f} standard errors from what was found before; 3.5 are allowed.")
    return far <= 3.5


@contextmanager
def executors(which):
    """The executor called so, of two processes."""
    with ExitStack() as stack:
        if which == "here":
            yield None
        elif which == "processes":
            yield stack.enter_context(ProcessPoolExecutor(2, mp_context=get_context("spawn")))
        else:
            from distributed import Client, LocalCluster

            quiet = {"dashboard_address": None, "silence_logs": 50}
            cluster = stack.enter_context(LocalCluster(n_workers=2, threads_per_worker=1, **quiet))
            yield stack.enter_context(Client(cluster)).get_executor()


def the_map(which):
    """Rows of the table: seconds until the first block, the last, and how many; and whether the rows are the same."""
    rows, first_rows = [], None
    with tempfile.TemporaryDirectory() as folder:
        for name in which:
            with executors(name) as executor:
                if executor:
                    list(executor.map(abs, range(2)))
                began, at = time.perf_counter(), []
                store = Path(folder) / f"{name}.sqlite"
                study = bp.Study(tasks.symmetry(), range(100), MAP, 1425, store=store, executor=executor)
                study.run(lambda _done, _rows, at=at, began=began: at.append(time.perf_counter() - began))
            found = repr(study.table())
            first_rows = first_rows or found
            rows.append((name, study.done, len(at), f"{at[0]:.2f}", f"{at[-1]:.1f}", found == first_rows))
            print(rows[-1], file=sys.stderr, flush=True)
    return rows


def seconds(do, times=5):
    """The best of some times: others work on this machine too."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        do()
        took.append(time.perf_counter() - began)
    return min(took)


def scale(which):
    """What one more row, block or message costs, as a table."""
    rows = []
    study = bp.Study(tasks.symmetry(), range(2500), MAP, 1425, block=1000)
    block = next(study.blocks())
    found = learn_block(block)
    one = seconds(lambda: learn_block(block)) / len(found)
    rows += [
        ("a run of symmetry, 1,425 sweeps, all cores", f"{one * 1e3:.3f} ms"),
        ("the same as the study reckons it, one core", f"{work(tasks.symmetry(), 1425, 'compiled') * 1e3:.3f} ms"),
        ("a block sent, beside its runs", f"{len(pickle.dumps(block)) - block.seed.nbytes * 2:,} bytes"),
        ("a run sent", f"{block.seed.nbytes * 2 / len(found):.0f} bytes"),
        ("a run sent back", f"{len(pickle.dumps(found)) / len(found):.0f} bytes"),
    ]
    rows += [*of_store(study), *of_cutting(study), *of_messages(which)]
    return rows


def of_store(study, blocks=1000):
    """Costs of a million rows in a file."""
    rng, settings = np.random.default_rng(0), len(study.grid.settings)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.sqlite"
        store = Store(path, study.grid.names, study.grid.settings, {})
        took = []
        for k in range(blocks):
            rows = np.zeros(1000, ROWS)
            rows["seed"], rows["setting"] = divmod(np.arange(1000 * k, 1000 * (k + 1)), settings)
            rows["solved_at"], rows["E"] = rng.integers(-1, 1425, 1000), rng.random(1000) * 8
            rows["diverged_at"] = -1
            began = time.perf_counter()
            store.add([rows])
            took.append(time.perf_counter() - began)
        yield "a block of 1,000 rows written, the first 100", f"{np.median(took[:100]) * 1e3:.1f} ms"
        yield "a block of 1,000 rows written, the last 100 of 1,000", f"{np.median(took[-100:]) * 1e3:.1f} ms"
        yield "a row in the file", f"{path.stat().st_size / (1000 * blocks):.1f} bytes"
        read = seconds(lambda: sum(len(rows) for rows in store.rows()), 3)
        yield "a row read", f"{read / (1000 * blocks) * 1e6:.2f} µs"
        places = iter(range(1000 * blocks, 1 << 40, 50_000))

        def add_a_large_block():
            rows, first = np.zeros(50_000, ROWS), next(places)
            rows["seed"], rows["setting"] = divmod(np.arange(first, first + 50_000), settings)
            store.add([rows])

        yield "a row written, 50,000 in a block", f"{seconds(add_a_large_block) / 50_000 * 1e6:.2f} µs"


def of_cutting(study):
    took = seconds(lambda: sum(1 for _ in study.blocks()))
    yield f"a run of {study.total:,} put into a block", f"{took / study.total * 1e6:.3f} µs"


def of_messages(which):
    """Blocks that hardly work: what is left is the executor, the messages and the store."""
    for name in which:
        with executors(name) as executor:
            if executor:
                list(executor.map(abs, range(2)))
            took = seconds(lambda executor=executor: hardly_any_work(executor), 3)
            yield f"a block of one run and no sweeps, {name}", f"{took / 1000 * 1e3:.2f} ms"


def hardly_any_work(executor):
    bp.Study(tasks.symmetry(), range(1000), {}, 0, block=1, executor=executor).run(None)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="run.py bench study", description=__doc__)
    parser.add_argument("what", nargs="?", default="symmetry", choices=("symmetry", "map", "scale"))
    parser.add_argument("--seeds", type=int, default=500)
    parser.add_argument("--store", type=Path, help="keep the rows here, and go on from what is there")
    parser.add_argument("--on", nargs="+", default=["here", "processes", "dask"])
    options = parser.parse_args(arguments)
    if options.what == "symmetry":
        return 0 if symmetry(options.seeds, options.store) else 1
    about = machine()
    if options.what == "map":
        header = ("where", "runs", "blocks", "first block after s", "all after s", "same rows as the first")
        print(f"\n20 x 20 settings x 100 seeds x 1,425 sweeps of symmetry. {about}\n")
        print(table(header, the_map(options.on)))
    else:
        print(f"\nWhat a study costs beside its sweeps. {about}\n")
        print(table(("what", "costs"), scale(options.on)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
