"""Weight decay against generalization in the family trees: `python -m benchmarks.held_out`.

Every setting is tried on many seeds, each of which starts from weights of its own and holds out four facts of its own.
Weights decay by `decay` after every change, and by `later` from three quarters of the sweeps on, if that is another
number. Each run is kept in a file as soon as it is made: an interrupted study goes on from there. The table goes to
figures/data/held_out.csv too.
"""

import argparse
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np

import bpcore as bp
from benchmarks.bench import table
from benchmarks.census import write
from bpcore import tasks
from bpcore.tasks.family_trees import WORKING

ROOT = Path(__file__).parents[1]
RUNS = ROOT / "benchmarks" / "held_out.sqlite"
TABLE = ROOT / "figures" / "data" / "held_out.csv"
SEEDS = 200
SWEEPS = 20_000
SAME = -1.0
"""As `later`: weights decay by the same share to the end."""

CORE = {"decay": [0.004, 0.008], "later": [SAME, 0.002], "epsilon_factor": [10.0], "half_range": [1.0]}
WIDE = {
    "decay": [0.002, 0.004, 0.008, 0.012],
    "later": [SAME, 0.002],
    "epsilon_factor": [5.0, 10.0, 20.0],
    "half_range": [0.3, 1.0, 2.0],
}
GRIDS = {
    "core": (CORE, SWEEPS),
    "strong": (CORE | {"decay": [0.012]}, SWEEPS),
    "wide": (WIDE, SWEEPS),
    "long": (CORE, 2 * SWEEPS),
}


def task(seed, decay, later, epsilon_factor, half_range, sweeps=SWEEPS):
    """The family trees by the working recipe but for these; each seed holds out four facts of its own."""
    recipe = replace(WORKING, weight_decay=decay, epsilon_factor=epsilon_factor, half_range=half_range).recipe()
    if later != SAME:
        recipe = recipe.steered(3 * sweeps // 4, weight_decay=later)
    return tasks.family_trees(held_out_seed=seed, recipe=recipe)


def long_task(seed, decay, later, epsilon_factor, half_range):
    """The same, of twice as many sweeps."""
    return task(seed, decay, later, epsilon_factor, half_range, 2 * SWEEPS)


def studies(path, seeds, grids, executor=None):
    """A study for each grid, with a store of its own for each number of sweeps."""
    for name in grids:
        grid, sweeps = GRIDS[name]
        of_sweeps = path.with_stem(f"{path.stem}-{sweeps}")
        make = task if sweeps == SWEEPS else long_task
        yield bp.Study(make, seeds, grid, sweeps, store=of_sweeps, executor=executor, block=1)


def summary(study):
    """A row for each setting: how many seeds learn all 100 facts, and what they answer of the four held out."""
    for setting in study.grid.settings:
        rows = [row for row in study.table() if all(row[name] == value for name, value in setting.items())]
        if not rows:
            continue
        held_out, strongest = (np.array([row[name] for row in rows]) for name in ("held_out", "held_out_strongest"))
        learnt = np.array([row["trained"] == 100 for row in rows])
        yield (
            setting
            | {"sweeps": study.sweeps, "seeds": len(rows), "all_trained": int(learnt.sum())}
            | {
                name: f"{value:.3f}"
                for what, some in (("", np.full(len(rows), True)), ("_of_learnt", learnt))
                for name, value in {
                    f"held_out{what}": _mean(held_out[some]),
                    f"held_out{what}_error": _error(held_out[some]),
                    f"strongest{what}": _mean(strongest[some]),
                    f"strongest{what}_error": _error(strongest[some]),
                    f"four_of_four{what}": _mean(strongest[some] == 4),
                }.items()
            }
            | {"seven_of_eight": f"{seven_of_eight(held_out):.3f}"}
        )


def _mean(some):
    return np.mean(some) if len(some) else np.nan


def _error(some):
    return np.std(some, ddof=1) / np.sqrt(len(some)) if len(some) > 1 else np.nan


def seven_of_eight(right):
    """Share of all pairs of runs that answer 7 or 8 of their 8 held-out facts, as Hinton's two passes did."""
    right = np.asarray(right)
    counts = np.bincount(right, minlength=5)
    together = np.convolve(counts, counts) - np.bincount(2 * right, minlength=9)
    return together[7:].sum() / max(1, len(right) * (len(right) - 1))


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="benchmarks.held_out", description=__doc__)
    parser.add_argument("--grid", nargs="+", default=["core", "strong"], choices=GRIDS)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--cores", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=Path, default=RUNS, help="where runs are kept")
    parser.add_argument("--table", type=Path, default=TABLE, help="the CSV to write")
    parser.add_argument("--only-count", action="store_true", help="make no runs, count those that are there")
    options = parser.parse_args(arguments)
    rows = []
    with ThreadPoolExecutor(options.cores) as pool:
        for study in studies(options.runs, range(options.seeds), options.grid, pool):
            print(f"{study.done} of {study.total} runs are made", file=sys.stderr, flush=True)
            if not options.only_count:
                study.run(None)
            rows += summary(study)
    write(rows, options.table)
    print(table(tuple(rows[0]), [tuple(row.values()) for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
