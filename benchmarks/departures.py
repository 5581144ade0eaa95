"""Which departures from the caption of Fig. 4 are needed? `python -m benchmarks.departures`.

Every set of departures on the way from the printed settings to the working ones is tried on many seeds, each of which
starts from weights of its own and holds out four cases of its own. Every run is kept in a file as soon as it is made:
what is interrupted goes on where it stopped. The table goes to labs/data/departures.csv too.
"""

import argparse
import csv
import json
import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, fields, replace
from functools import partial
from itertools import combinations, groupby
from pathlib import Path

import bpcore as bp
from benchmarks.bench import table
from bpcore import measures, tasks
from bpcore.engines import available
from bpcore.tasks.family_trees import PRINTED, WORKING

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


def learn(some, seed):
    """The score of one seed after each of `some` settings, which differ in their sweeps at most, the fewest first."""
    task = tasks.family_trees(held_out_seed=seed, recipe=some[0])
    run = bp.History(task, [seed], keep_every=1 << 30)
    scores = (measures.score(task, run.extend(one.sweeps - run.sweeps).state.w) for one in some)
    return [{name: int(count[0]) for name, count in asdict(score).items()} for score in scores]


class Runs:
    """What was found, one row a run, kept as soon as it is there."""

    def __init__(self, path):
        self._file = sqlite3.connect(path, timeout=60)
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS run (settings TEXT, seed INT, found TEXT, UNIQUE(settings, seed))"
        )

    def add(self, one, seed, found):
        with self._file:
            row = (_key(one), seed, json.dumps(found))
            self._file.execute("INSERT OR REPLACE INTO run VALUES (?, ?, ?)", row)

    def found(self, one, seeds):
        """Seed -> score, of those of `seeds` that are there."""
        rows = self._file.execute("SELECT seed, found FROM run WHERE settings = ?", (_key(one),))
        return {seed: json.loads(found) for seed, found in rows if seed in seeds}


def _key(one):
    return json.dumps(asdict(one), sort_keys=True)


def study(runs, seeds, cores, say=lambda _line: None):
    """Make every run that is not there yet."""
    available("compiled")
    every = sorted(map(settings, subsets()), key=lambda one: (_key(replace(one, sweeps=0)), one.sweeps))
    for some in [list(same) for _, same in groupby(every, key=lambda one: replace(one, sweeps=0))]:
        there = set(seeds).intersection(*(runs.found(one, seeds) for one in some))
        left = [seed for seed in seeds if seed not in there]
        say(f"{len(left):3} of {len(seeds)} seeds to go: {_key(some[-1])}")
        with ThreadPoolExecutor(cores) as pool, closing(pool.map(partial(learn, some), left)) as made:
            for seed, scores in zip(left, made, strict=True):
                for one, found in zip(some, scores, strict=True):
                    runs.add(one, seed, found)


def summary(runs, seeds):
    """One row for each set of departures: what was changed, on how many seeds, and what came of it."""
    for departures in subsets():
        one = settings(departures)
        found = list(runs.found(one, seeds).values())
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
    parser.add_argument("--runs", type=Path, default=RUNS, help="the file that keeps every run")
    parser.add_argument("--table", type=Path, default=TABLE, help="the CSV to write")
    options = parser.parse_args(arguments)
    runs, seeds = Runs(options.runs), range(options.seeds)
    study(runs, seeds, options.cores, lambda line: print(line, file=sys.stderr, flush=True))
    rows = list(summary(runs, seeds))
    write(rows, options.table)
    print(table(tuple(rows[0]), [tuple(row.values()) for row in rows]))
    for row in smallest(rows):
        changed = ", ".join(f"{name} {row[name]}" for name in DEPARTURES if row[name] != "")
        print(f"\nEnough, and no part of it is: {changed}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
