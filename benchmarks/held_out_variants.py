"""What the paper leaves open about the held-out facts of the family trees: `python -m benchmarks.held_out_variants`.

Each recipe is the best of `benchmarks.held_out` with some of its constants changed. Every seed has a start of its own
and holds out four facts of its own. Each run is kept in a file as soon as it is made: an interrupted study goes on from
there. The tables go to figures/data: held_out_variants.csv, a recipe a row, and held_out_facts.csv, a fact a row.
"""

import argparse
import sqlite3
import sys
from contextlib import closing
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

import bpcore as bp
from benchmarks.bench import table
from benchmarks.census import write
from benchmarks.held_out import ROOT
from bpcore import measures, tasks
from bpcore.engines import available, make_engine
from bpcore.learning import make_sweeps
from bpcore.network import ONE

RUNS = ROOT / "benchmarks" / "held_out_variants.sqlite"
TABLE = ROOT / "figures" / "data" / "held_out_variants.csv"
FACTS = ROOT / "figures" / "data" / "held_out_facts.csv"


@dataclass(frozen=True)
class Setting:
    """A recipe: the best of `benchmarks.held_out`, but for what is given.

    Parameters
    ----------
    decay, later : float       weight decay up to sweep `turn`, and from then on
    turn, sweeps : int
    epsilon_factor : float     multiplies both epsilons of the caption of Fig. 4
    half_range : float         of the starting weights
    start : str                "uniform"; "fan-in": weights and biases times sqrt(6 / units that feed the unit);
                               "reversed": layers draw their weights from the answer down, so other weights, drawn alike
    margin : float             of the tolerance: .2 is the paper's .2 and .8, 0 is none
    reading : str              of the tolerance: "edge", "printed"
    decays : str               what decays: "all", "no biases", or weights and biases "into codes" of person and
                               relationship, "above codes", "into answer"
    update : str               "sweep" or "case"
    hold : str                 what the four held-out facts are drawn from: "any", "twins" or "no twins", see `has_twin`
    """

    decay: float = 0.008
    later: float = 0.002
    turn: int = 15_000
    sweeps: int = 20_000
    epsilon_factor: float = 10.0
    half_range: float = 1.0
    start: str = "uniform"
    margin: float = 0.2
    reading: str = "edge"
    decays: str = "all"
    update: str = "sweep"
    hold: str = "any"

    @property
    def key(self):
        """What differs from the recipe that the variants start from: "turn 10000, later 0"."""
        differs = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        return ", ".join(f"{name} {value}" for name, value in differs.items()) or "as it is"

    def task(self, seed):
        """The family trees by this recipe; each seed holds out four facts of its own."""
        first = bp.Phase(0, 0.005 * self.epsilon_factor, 0.5, self.decay)
        second = bp.Phase(20, 0.01 * self.epsilon_factor, 0.9, self.decay)
        third = replace(second, start=self.turn, weight_decay=self.later)
        recipe = SomeDecay(
            phases=(first, second, third),
            tolerance=bp.Tolerance(self.margin, self.reading) if self.margin else None,
            update=self.update,
            start=bp.Start(self.half_range),
            never=undecayed(self.decays),
        )
        return tasks.family_trees(held_out=drawn(self.hold, seed), held_out_seed=seed, recipe=recipe)

    def start_of(self, task, seed):
        """Starting weights, (1, weights) array."""
        network, w = task.network, bp.start(task.network, seed, self.half_range)
        blocks = network.blocks(w)
        if self.start == "reversed":
            backwards = w[0].copy()
            for group in reversed(network.upward):
                for link in network.into(group.name):
                    block = blocks[link.block]
                    block[...], backwards = backwards[: block.size].reshape(block.shape), backwards[block.size :]
        if self.start == "fan-in":
            for group in network.upward:
                links = network.into(group.name)
                fan_in = sum(network.size(link.source) for link in links if link.source != ONE)
                for link in links:
                    blocks[link.block][...] *= np.sqrt(6 / fan_in)
        return w

    def learn(self, seed):
        """Learn once: facts trained that are right, names of the facts held out, and which of them are right.

        Returns
        -------
        trained : int
        facts : tuple of str
        right, strongest : (facts,) array of bool
        """
        task = self.task(seed)
        w = self.start_of(task, seed)
        running = make_engine(task, task.recipe, w, np.zeros_like(w))
        for _ in make_sweeps(running, task.recipe, 0, self.sweeps, 1000):
            pass
        held = task.held_out
        right, strongest = (of(task, running.w, held)[0] for of in (measures.right_cases, measures.strongest_cases))
        return int(measures.right_cases(task, running.w).sum()), held.names, right, strongest


@dataclass(frozen=True)
class SomeDecay(bp.Recipe):
    """A recipe by which only some weights decay: those at the places `never` do not."""

    never: tuple = ()

    def kept_by_decay(self, phase, is_bias):
        """As that of Recipe, but all of the weights that never decay."""
        keep = super().kept_by_decay(phase, is_bias)
        if keep is not None:
            keep[list(self.never)] = 1.0
        return keep


@lru_cache
def undecayed(decays):
    """Places of the weights that do not decay, for one of `Setting.decays`."""
    network = tasks.family_trees().network
    if decays == "no biases":
        return tuple(np.flatnonzero(network.is_bias).tolist())
    codes = ("person code", "relationship code")
    into = {
        "all": [group.name for group in network.upward],
        "into codes": codes,
        "above codes": [group.name for group in network.upward if group.name not in codes],
        "into answer": ["answer"],
    }[decays]
    never = np.ones(network.n_weights)
    for group in into:
        for link in network.into(group):
            network.blocks(never)[link.block][...] = 0
    return tuple(np.flatnonzero(never).tolist())


def has_twin(cases):
    """Whether anybody else has the same answer by the same relationship, (cases,) array of bool.

    "Christopher has-son Arthur" has one, "Penelope has-son Arthur"; "Christopher has-wife Penelope" has none.
    """
    asked = [(*asks, *says) for asks, says in zip(cases.inputs["relationship"], cases.desired["answer"], strict=True)]
    return np.array([asked.count(one) > 1 for one in asked])


def has_pair(cases):
    """Whether a fact is about two people who share all their other facts, with nobody else: (cases,) array of bool.

    Christopher and Penelope have a son and a daughter, the same, and no more facts but that they are married. Charles
    and Jennifer have a nephew and a niece, the same, but Arthur and Margaret have them too.
    """
    people, asked, says = map(np.array, (*cases.inputs.values(), cases.desired["answer"]))
    facts = list(zip(people.argmax(1).tolist(), asked.argmax(1).tolist(), map(tuple, says), strict=True))
    of_person = [{(by, answer) for who, by, answer in facts if who == one} for one in range(people.shape[1])]
    return np.array(
        [
            [k for k, theirs in enumerate(of_person) if k != who and of_person[who] - {(by, answer)} <= theirs]
            == np.flatnonzero(answer).tolist()
            for who, by, answer in facts
        ]
    )


@lru_cache
def _facts():
    return tasks.family_trees(held_out=0).cases


def drawn(hold, seed):
    """What a seed holds out: 4 of all facts, or the names of 4 with twins or without."""
    if hold == "any":
        return 4
    names = np.array(_facts().names)[has_twin(_facts()) == (hold == "twins")]
    return np.random.default_rng(seed).choice(names, 4, replace=False).tolist()


SCREENED, HUNDRED, ALL, FRESH = range(24), range(100), range(200), range(1000, 1200)
"""Seeds: of recipes that are looked at; of those worth more; and others, for the recipe that was best of all these."""
LONG = Setting(sweeps=40_000, turn=30_000)
TRIED = (
    (Setting(), ALL),
    (LONG, FRESH),
    (LONG, SCREENED),
    (Setting(hold="twins"), HUNDRED),
    (Setting(hold="no twins"), HUNDRED),
    (Setting(start="reversed"), SCREENED),
    (Setting(start="fan-in"), SCREENED),
    (Setting(update="case", decay=0.000_08, later=0.000_02, sweeps=5000, turn=3750), range(12)),
    *(
        (setting, SCREENED)
        for setting in (
            Setting(half_range=0.3),
            Setting(half_range=2.0),
            *(Setting(margin=margin) for margin in (0.0, 0.1, 0.3)),
            Setting(reading="printed"),
            *(Setting(decays=some) for some in ("no biases", "into codes", "above codes", "into answer")),
            Setting(turn=10_000),
            Setting(sweeps=60_000, turn=45_000),
            Setting(later=0.001),
            Setting(decay=0.006),
            Setting(decay=0.004, later=0.006, turn=5000),
            Setting(decay=0.004, later=0.008, turn=10_000),
            Setting(epsilon_factor=5.0, decay=0.004, later=0.001),
            Setting(epsilon_factor=20.0),
            Setting(epsilon_factor=20.0, decay=0.016, later=0.004),
        )
    ),
)


class Runs:
    """The runs in an SQLite file: what is written is complete, and stays."""

    def __init__(self, path):
        self.path = path
        columns = "setting TEXT, seed INTEGER, trained INTEGER, facts TEXT, right TEXT, strongest TEXT"
        self._do(f"CREATE TABLE IF NOT EXISTS run ({columns}, PRIMARY KEY (setting, seed)) WITHOUT ROWID")

    def _do(self, statement, values=()):
        with closing(sqlite3.connect(self.path, timeout=60)) as file, file:
            return file.execute(statement, values).fetchall()

    def add(self, setting, seed, trained, facts, right, strongest):
        """Keep what `Setting.learn` found."""
        marks = ["".join("01"[int(one)] for one in some) for some in (right, strongest)]
        values = setting.key, int(seed), trained, "; ".join(facts), *marks
        self._do("INSERT OR IGNORE INTO run VALUES (?, ?, ?, ?, ?, ?)", values)

    def of(self, setting, seeds):
        """What `Setting.learn` found, a dict by seed: those of `seeds` that have been made."""
        rows = self._do("SELECT * FROM run WHERE setting = ? ORDER BY seed", (setting.key,))
        return {
            seed: (trained, facts.split("; "), *(np.array([one == "1" for one in some]) for some in marks))
            for _, seed, trained, facts, *marks in rows
            if seed in seeds
        }


def complete(runs, tried):
    """Make the runs that are missing."""
    available("compiled")  # else numpy would begin, ten times as slow, while machine code is made
    for setting, seeds in tried:
        made = runs.of(setting, seeds)
        print(f"{len(seeds) - len(made)} of {len(seeds)} missing: {setting.key}", file=sys.stderr, flush=True)
        for seed in seeds:
            if seed not in made:
                runs.add(setting, seed, *setting.learn(seed))


def summary(runs, tried):
    """A row for each recipe: how many seeds learn all 100 facts, and what they answer of the four held out.

    The difference is that from the recipe that the variants start from, on the same seeds and so the same facts.
    """
    plain = runs.of(Setting(), ALL)
    for setting, seeds in tried:
        by_seed = runs.of(setting, seeds)
        found = list(by_seed.values())
        if len(found) < 2:
            continue
        counts = {"held_out": [some[2].sum() for some in found], "strongest": [some[3].sum() for some in found]}
        row = {"recipe": setting.key} | asdict(setting) | {"first_seed": seeds[0], "seeds": len(found)}
        row["all_trained"] = sum(trained == 100 for trained, *_ in found)
        same = [seed for seed in by_seed if seed in plain and by_seed[seed][1] == plain[seed][1]]
        if len(same) > 1:
            counts["difference"] = [by_seed[seed][3].sum() - plain[seed][3].sum() for seed in same]
        row |= dict.fromkeys(("difference", "difference_error"), "")
        for name, some in counts.items():
            row[name] = f"{np.mean(some):.3f}"
            row[f"{name}_error"] = f"{np.std(some, ddof=1) / np.sqrt(len(some)):.3f}"
        yield row | {"four_of_four": f"{np.mean(np.equal(counts['strongest'], 4)):.3f}"}


def facts_table(runs, tried):
    """A row for each of the 104 facts: in how many runs that learn all others it is held out, and answered.

    `tried` are recipes of different seeds, so that no draw of facts counts twice.
    """
    cases, found = _facts(), {}
    for setting, seeds in tried:
        for trained, facts, right, strongest in runs.of(setting, seeds).values():
            for k, fact in enumerate(facts if trained == 100 else ()):
                found.setdefault(fact, []).append((right[k], strongest[k]))
    for name, twin, pair in zip(cases.names, has_twin(cases), has_pair(cases), strict=True):
        of_fact = np.array(found.get(name, np.empty((0, 2))), int)
        counts = {"held_out": len(of_fact), "right": of_fact[:, 0].sum(), "strongest": of_fact[:, 1].sum()}
        yield {"fact": name, "kind": "twin" if twin else "pair" if pair else "alone"} | counts


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="benchmarks.held_out_variants", description=__doc__)
    parser.add_argument("--runs", type=Path, default=RUNS, help="where runs are kept")
    parser.add_argument("--table", type=Path, default=TABLE, help="the CSV of recipes to write")
    parser.add_argument("--facts", type=Path, default=FACTS, help="the CSV of facts to write")
    parser.add_argument("--only-count", action="store_true", help="make no runs, count those that are there")
    options = parser.parse_args(arguments)
    runs = Runs(options.runs)
    complete(runs, () if options.only_count else TRIED)
    rows = list(summary(runs, TRIED))
    write(rows, options.table)
    write(list(facts_table(runs, TRIED[:2])), options.facts)
    shown = ("recipe", "first_seed", "seeds", "all_trained", "strongest", "strongest_error", "difference")
    print(table(shown, [tuple(row[name] for name in shown) for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
