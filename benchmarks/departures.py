"""Which departures from the caption of Fig. 4 are needed? `python -m benchmarks.departures`.

Every set of departures on the way from the printed settings to the working ones is tried on many seeds, each of which
starts from weights of its own and holds out four cases of its own. Every run is kept in a file as soon as it is made:
an interrupted study goes on from there. The table goes to labs/data/departures.csv too.
"""

import argparse
import csv
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from itertools import combinations
from pathlib import Path

import bpcore as bp
from benchmarks.bench import table
from bpcore import tasks
from bpcore.tasks.family_trees import PRINTED, WORKING, Settings

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "labs" / "data" / "departures.csv"
RUNS = ROOT / "benchmarks" / "departures.sqlite"
SEEDS = 200

DEPARTURES = tuple(f.name for f in fields(PRINTED) if getattr(PRINTED, f.name) != getattr(WORKING, f.name))
BAR = {"all_trained": 44 / 48, "held_out": 2.3, "held_out_strongest": 2.7}
"""What a recipe must reach: share of seeds with all 100 trained cases right, and means of the four held out."""


def subsets():
    """Every set of departures, the smallest first, as tuples of their names."""
    return [some for n in range(len(DEPARTURES) + 1) for some in combinations(DEPARTURES, n)]


def settings(departures):
    return replace(PRINTED, **{name: getattr(WORKING, name) for name in departures})


def task(seed, epsilon_factor, half_range, reading, weight_decay):
    """The family trees, of which each seed holds out four cases of its own."""
    recipe = Settings(epsilon_factor, half_range, reading, weight_decay)
    return tasks.family_trees(held_out_seed=seed, recipe=recipe)


def studies(path, seeds, executor=None):
    """A study for each number of sweeps, with a store of its own, called after `path`: departures-1500.sqlite."""
    grid = {name: _both(name) for name in ("epsilon_factor", "half_range", "reading", "weight_decay")}
    stores = {sweeps: path.with_stem(f"{path.stem}-{sweeps}") for sweeps in _both("sweeps")}
    how = {"executor": executor, "block": 1}
    return [bp.Study(task, seeds, grid, sweeps, store=store, **how) for sweeps, store in stores.items()]


def _both(name):
    """The printed value and the working one, if it is another."""
    return list(dict.fromkeys(getattr(settings, name) for settings in (PRINTED, WORKING)))


def summary(made):
    """One row for each set of departures: what was changed, on how many seeds, and what came of it."""
    rows = [row | {"sweeps": study.sweeps} for study in made for row in study.table()]
    for departures in subsets():
        one = settings(departures)
        names = (*made[0].grid.names, "sweeps")
        found = [row for row in rows if all(row[name] == getattr(one, name) for name in names)]
        if not found:
            continue
        row = {name: getattr(one, name) if name in departures else "" for name in DEPARTURES} | {"seeds": len(found)}
        row["all_trained"] = sum(score["trained"] == 100 for score in found)
        for name in ("trained", "held_out", "held_out_strongest"):
            row[name] = round(sum(score[name] for score in found) / len(found), 2)
        row["all_held_out"] = sum(score["held_out"] == 4 for score in found)
        row["enough"] = row["all_trained"] >= BAR["all_trained"] * len(found) and all(
            row[name] >= BAR[name] for name in ("held_out", "held_out_strongest")
        )
        yield row


def smallest(rows):
    """Of the rows that are enough, those of which no part is."""
    changes = {k: {name for name in DEPARTURES if row[name] != ""} for k, row in enumerate(rows) if row["enough"]}
    return [rows[k] for k, some in changes.items() if not any(other < some for other in changes.values())]


def write(rows, path):
    """The table as CSV, complete or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    beside.replace(path)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="benchmarks.departures", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--cores", type=int, default=os.cpu_count())
    parser.add_argument("--runs", type=Path, default=RUNS, help="where runs are kept, a file for each number of sweeps")
    parser.add_argument("--table", type=Path, default=TABLE, help="the CSV to write")
    options = parser.parse_args(arguments)
    with ThreadPoolExecutor(options.cores) as pool:
        made = studies(options.runs, range(options.seeds), pool)
        for study in made:
            print(f"{study.done} of {study.total} runs of {study.sweeps} sweeps are made", file=sys.stderr, flush=True)
            study.run()
    rows = list(summary(made))
    write(rows, options.table)
    print(table(tuple(rows[0]), [tuple(row.values()) for row in rows]))
    for row in smallest(rows):
        changed = ", ".join(f"{name} {row[name]}" for name in DEPARTURES if row[name] != "")
        print(f"\nEnough, and no part of it is: {changed}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
