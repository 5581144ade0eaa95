"""Which families of solutions does learning find, how often, and why? `python -m benchmarks.census`.

Mirror symmetry of 4, 6, 8 and 10 inputs is learnt from many starts at several settings; a run ends once every output is
within .2 of what is desired, and the sizes of its mirror pairs then tell its family. Each run is kept in a file as soon
as its block is made: an interrupted census goes on from there. The table goes to figures/data/census.csv too.
"""

import argparse
import csv
import sqlite3
import sys
from contextlib import closing
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np

import bpcore as bp
from benchmarks.bench import table
from bpcore import measures, tasks
from bpcore.analysis.solution_families import family_of, pair_sizes
from bpcore.engines import available, make_engine

ROOT = Path(__file__).parents[1]
RUNS = ROOT / "benchmarks" / "census.sqlite"
TABLE = ROOT / "figures" / "data" / "census.csv"
WITHIN = 0.2
"""A run ends once all outputs are this near; later its family cannot change while every answer stays right."""
BLOCK = 50
_LOOKS = 400  # looks at how the pairs grow, in the longest run


@dataclass(frozen=True)
class Setting:
    """One line of the census: a task, a start, and how long."""

    width: int
    epsilon: float
    seeds: int
    sweeps: int
    hidden: int = 2
    half_range: float = 0.3
    biases: str = "uniform"

    def task(self):
        task = tasks.symmetry(self.width, self.hidden)
        start = bp.Start(self.half_range, self.biases)
        return replace(task, recipe=replace(task.recipe.throughout(epsilon=self.epsilon), start=start))

    @property
    def key(self):
        """What tells its runs from those of other settings: everything but how many."""
        return ", ".join(f"{name} {value}" for name, value in asdict(self).items() if name != "seeds")


CENSUS = (
    Setting(6, 0.1, 1000, 10_000),
    Setting(8, 0.01, 2000, 40_000),
    Setting(10, 0.003, 340, 60_000),
    Setting(6, 0.1, 1000, 10_000, biases="zero"),
    Setting(4, 0.1, 200, 10_000),
    Setting(4, 0.3, 200, 10_000),
    Setting(6, 0.003, 200, 100_000),
    Setting(6, 0.01, 500, 40_000),
    Setting(6, 0.03, 500, 20_000),
    Setting(6, 0.3, 500, 10_000),
    Setting(6, 0.03, 200, 20_000, hidden=3),
    Setting(6, 0.03, 200, 20_000, hidden=4),
    Setting(6, 0.03, 500, 20_000, half_range=1.0),
    Setting(8, 0.003, 200, 60_000),
    Setting(8, 0.03, 600, 30_000),
    Setting(8, 0.01, 400, 40_000, half_range=1.0),
    Setting(8, 0.01, 200, 40_000, biases="zero"),
    Setting(8, 0.01, 100, 40_000, hidden=3),
)
"""Every setting of the census, the three that matter most first."""

ROW = ("setting", "seed", "solved_at", "within_at", "E", "mirror_error", "family", "families", "sizes", "grew")
"""Of each run. solved_at: all answers right; within_at: all within .2 (-1 never). family: of its first hidden unit, and
`families` of all; sizes: of the first unit's pairs from the outside in; grew: pairs in the order in which they passed
size 1."""


def make(setting, seeds):
    """Learn from these seeds: a list of rows."""
    task = setting.task()
    available("compiled")  # else numpy would begin, ten times as slow, while machine code is made
    w = bp.start(task.network, seeds, setting.half_range, setting.biases)
    running = make_engine(task, task.recipe, w, np.zeros_like(w), stop_within=WITHIN)
    solved_at, within_at = np.full((2, len(w)), -1)
    passed = np.full((len(w), setting.width // 2), np.inf)
    sweep, at_once = 0, max(1, setting.sweeps // _LOOKS)
    while sweep < setting.sweeps and not running.ended.all():
        _, worst = running.sweeps(sweep, at_once, task.recipe)
        for at, near in ((solved_at, task.right_within), (within_at, WITHIN)):
            fresh = (at < 0) & (worst < near).any(0)
            at[fresh] = sweep + 1 + (worst < near)[:, fresh].argmax(0)
        sweep += len(worst)
        sizes = pair_sizes(task.network, running.w)[:, 0]
        passed[np.isinf(passed) & (sizes > 1)] = sweep
        passed = np.where(passed == sweep, sweep - sizes / 1e6, passed)  # of two in one look, the larger was first
    structure = measures.mirror_structure(task.network, running.w)
    sizes = pair_sizes(task.network, running.w)
    rows = []
    for k, seed in enumerate(seeds):
        found = ["-".join(map(str, family_of(of_unit) or ("none",))) for of_unit in sizes[k]]
        rows.append(
            (
                setting.key,
                int(seed),
                int(solved_at[k]),
                int(within_at[k]),
                float(running.E[k]),
                float(structure.mirror_error[k]),
                found[0],
                " ".join(found),
                " ".join(f"{size:.4f}" for size in sizes[k, 0]),
                "".join(str(i) for i in np.argsort(passed[k]) if np.isfinite(passed[k, i])),
            )
        )
    return rows


class Runs:
    """The rows of the census in an SQLite file: what is written is complete, and stays."""

    def __init__(self, path):
        self.path = path
        kinds = {"seed": "INTEGER", "solved_at": "INTEGER", "within_at": "INTEGER", "E": "REAL", "mirror_error": "REAL"}
        columns = ", ".join(f"{name} {kinds.get(name, 'TEXT')}" for name in ROW)
        self._do(f"CREATE TABLE IF NOT EXISTS run ({columns}, PRIMARY KEY (setting, seed)) WITHOUT ROWID")

    def _do(self, statement, rows=None):
        with closing(sqlite3.connect(self.path, timeout=60)) as file, file:
            return file.executemany(statement, rows) if rows else file.execute(statement).fetchall()

    def add(self, rows):
        self._do(f"INSERT OR IGNORE INTO run VALUES ({', '.join('?' * len(ROW))})", rows)

    def of(self, setting):
        """Rows of a setting by seed, each a dict; those of the seeds that it asks for."""
        rows = [dict(zip(ROW, row, strict=True)) for row in self._do("SELECT * FROM run ORDER BY seed")]
        return {row["seed"]: row for row in rows if row["setting"] == setting.key and row["seed"] < setting.seeds}


def complete(runs, census, seeds=None):
    """Make what is missing, setting by setting, block by block."""
    for setting in census:
        made = runs.of(setting)
        missing = [seed for seed in range(setting.seeds)[:seeds] if seed not in made]
        print(f"{len(missing)} of {setting.seeds} missing: {setting.key}", file=sys.stderr, flush=True)
        for first in range(0, len(missing), BLOCK):
            runs.add(make(setting, missing[first : first + BLOCK]))


def is_solution(row):
    """Whether a run has come so near that its family is certain: all within .2 and mirror weights opposite."""
    return row["within_at"] >= 0


def summary(runs, census):
    """A row for each setting and family: how many of the solved runs have it."""
    for setting in census:
        rows = list(runs.of(setting).values())
        solved = [row for row in rows if is_solution(row)]
        at = np.array([row["solved_at"] for row in rows])
        about = asdict(setting) | {"seeds": len(rows), "right": int((at >= 0).sum())}
        about |= {f"by_{sweep}": int(((at >= 0) & (at <= sweep)).sum()) for sweep in (1425, 5000)}
        about |= {"solved": len(solved), "twins_differ": sum(len(set(row["families"].split())) > 1 for row in solved)}
        found = [row["family"] for row in solved]
        for family in sorted(set(found), key=lambda one: (-found.count(one), one)):
            share = found.count(family) / len(found)
            error = np.sqrt(share * (1 - share) / len(found))
            yield about | {
                "family": family,
                "runs": found.count(family),
                "share": f"{share:.4f}",
                "error": f"{error:.4f}",
            }
        if rows and not solved:
            yield about | {"family": "", "runs": 0, "share": "", "error": ""}


def write(rows, path):
    """The table as CSV, complete or not at all."""
    beside = path.with_name(f"{path.name}.part")
    with beside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    beside.replace(path)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="benchmarks.census", description=__doc__)
    parser.add_argument("--runs", type=Path, default=RUNS, help="where runs are kept")
    parser.add_argument("--table", type=Path, default=TABLE, help="the CSV to write")
    parser.add_argument("--width", type=int, nargs="*", help="only these widths")
    parser.add_argument("--seeds", type=int, help="at most so many of each setting")
    parser.add_argument("--only-count", action="store_true", help="make no runs, count those that are there")
    options = parser.parse_args(arguments)
    census = [setting for setting in CENSUS if not options.width or setting.width in options.width]
    runs = Runs(options.runs)
    complete(runs, [] if options.only_count else census, options.seeds)
    rows = list(summary(runs, CENSUS))
    write(rows, options.table)
    shown = (*(f.name for f in fields(Setting)), "solved", "family", "runs", "share", "error")
    print(table(shown, [tuple(row[name] for name in shown) for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
