"""How much faster are methods that use second derivatives? `python -m benchmarks.second_order`.

"This method does not converge as rapidly as methods which make use of the second derivatives." All methods start from
the same weights and are given the same E and gradient, one pass over the cases for both together. A pass counts
whatever it is for: a sweep, a trial step of a line search, or the second derivative along a direction, which SciPy's
Newton-CG takes from one more gradient. Reported are the first pass that finds a total error below the goal, and the
places at which the other runs end. A second table starts at the weights with which (9) has just got every answer right:
from there, all that is left is to converge.
"""

import argparse
import contextlib
import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

import bpcore as bp
from benchmarks.bench import table
from bpcore import tasks
from bpcore.analysis.diagnosis import where
from bpcore.passes import Passes

GOAL, CLOSE = 0.1, 0.001
LIMIT = 20_000
SEEDS = 50
REMEMBERED = 8


class Enough(Exception):  # noqa: N818 - nothing went wrong
    """The goal is reached, or the passes are used up."""


class Counted:
    """E and dE/dw of one net, and how many passes over the cases they took.

    Asked again for one of the last few points, it does not pass again: what SciPy has forgotten is not held against it.

    Attributes
    ----------
    passes : int
        Made so far.
    reached : int
        The first pass with E below the goal; -1 not yet.
    """

    def __init__(self, task, goal=GOAL, limit=LIMIT):
        self.passes, self.reached, self._goal, self._limit, self._last = 0, -1, goal, limit, {}
        self._w, cases = np.zeros((1, task.network.n_weights)), task.cases
        self._nets = Passes(task.network, self._w, cases.inputs, cases.desired, task.recipe.tolerance, tied="sum")

    def __call__(self, w):
        """E and dE/dw at `w`, (weights,); Enough at the goal and at the limit."""
        if w.tobytes() not in self._last:
            if self.passes == self._limit:
                raise Enough
            self._last[w.tobytes()] = E, _ = self._pass(w)
            if self._goal > E:
                self.reached = self.passes
                raise Enough
            if len(self._last) > REMEMBERED:
                del self._last[next(iter(self._last))]
        E, dE_dw = self._last[w.tobytes()]
        return E, dE_dw.copy()

    def _pass(self, w):
        self.passes += 1
        self._w[0] = w
        self._nets.forward()
        E, _ = self._nets.compare()
        self._nets.backward()
        return float(E[0]), self._nets.dE_dw[0].copy()


def second_order(method, **options):
    """A method of SciPy, as a function of (task, w, goal, limit); see `Found` for what it returns."""

    def passes(task, w, goal, limit):
        counted = Counted(task, goal, limit)
        with contextlib.suppress(Enough):
            # Never content with a small gradient: a plateau has one too.
            w = minimize(counted, w, jac=True, method=method, options={"maxiter": 1 << 30, **options}).x
        return counted.reached, counted.passes, w

    return passes


def descent(epsilon, alpha):
    """Equation (9), or (8) if alpha is 0, as such a function: a sweep is a pass."""

    def passes(task, w, goal, limit):
        run = bp.train(task, w=w[None], sweeps=limit - 1, epsilon=epsilon, alpha=alpha, keep_every=limit)
        low = np.flatnonzero(run.E[:, 0] < goal)
        reached = int(low[0]) + 1 if len(low) else -1  # E[t] is found by pass number t + 1
        return reached, max(reached, 0) or limit, run.state.w[0]

    return passes


L_BFGS = second_order("L-BFGS-B", maxfun=1 << 30, ftol=0.0, gtol=0.0)
NEWTON = second_order("Newton-CG", xtol=0.0)
METHODS = {
    "symmetry": {
        "(8): ε .1, α 0": descent(0.1, 0.0),
        "(9): ε .1, α .9": descent(0.1, 0.9),
        "(9): ε .03, α .9": descent(0.03, 0.9),
        "L-BFGS": L_BFGS,
        "Newton-CG": NEWTON,
    },
    "xor": {
        "(8): ε .5, α 0": descent(0.5, 0.0),
        "(9): ε .5, α .9": descent(0.5, 0.9),
        "L-BFGS": L_BFGS,
        "Newton-CG": NEWTON,
    },
}


@dataclass(frozen=True)
class Found:
    """What one method did on many starts.

    Attributes
    ----------
    reached : (seeds,) array of int
        First pass with E below the goal; -1 never.
    made : (seeds,) array of int
        Passes until then, or until the method or the limit ended it.
    w : (seeds, weights) array
        Where it ended, of those that did not get there.
    """

    reached: np.ndarray
    made: np.ndarray
    w: np.ndarray

    def row(self, task):
        """How many get there, quartiles of their passes, and what the places are called where the others end."""
        there = self.reached[self.reached >= 0]
        quartiles = [f"{q:,.0f}" for q in np.percentile(there, (25, 50, 75))] if len(there) else ["-"] * 3
        return [f"{len(there)} of {len(self.reached)}", *quartiles, self._ends(task)]

    def _ends(self, task):
        lost = self.reached < 0
        if not lost.any():
            return "-"
        found = where(task, self.w[lost])
        names = ", ".join(f"{n} {name}" for name, n in Counter(one.name for one in found).most_common())
        after = np.median(self.made[lost])
        return f"{names}; E {np.median([one.E for one in found]):.2g}, {after:,.0f} passes"


def measure(task, method, starts, goal=GOAL, limit=LIMIT):
    """What a method does from each of the `starts`, (seeds, weights)."""
    return Found(*map(np.array, zip(*(method(task, w, goal, limit) for w in starts), strict=True)))


def just_solved(task, starts, limit):
    """Weights of the runs of (9), at the recipe's settings, after the sweep that gets every answer right."""
    run = bp.train(task, w=starts, sweeps=limit, keep_every=limit, stop_when_solved=True)
    return run.state.w[run.solved_at >= 0]


def compare(task, starts, goal, limit):
    """Rows of the table: one for each method."""
    for name, method in METHODS[task.name].items():
        yield [task.name, name, *measure(task, method, starts, goal, limit).row(task)]


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="benchmarks.second_order", description=__doc__)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--limit", type=int, default=LIMIT, help="passes over the cases")
    options = parser.parse_args(arguments)
    from_start, from_solved = [], []
    for task in (tasks.symmetry(), tasks.xor()):
        starts = bp.start(task.network, range(options.seeds), task.recipe.start.half_range, task.recipe.start.biases)
        from_start += compare(task, starts, GOAL, options.limit)
        solved = just_solved(task, starts, options.limit)
        from_solved += compare(task, solved, CLOSE, options.limit) if len(solved) else []
    for title, goal, rows in (
        (f"From {options.seeds} starts to E < {GOAL:g}", GOAL, from_start),
        (f"From where (9) has just got every answer right to E < {CLOSE:g}", CLOSE, from_solved),
    ):
        header = (
            "task",
            "method",
            f"E < {goal:g}",
            "quarter by",
            "half by",
            "3 quarters by",
            "the others end (medians)",
        )
        print(f"{title}, in passes over the cases, {options.limit:,} at most:\n\n{table(header, rows)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
