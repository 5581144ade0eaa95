"""What a run leaves behind: the error of every sweep, the weights of every k-th, every change of epsilon and alpha."""

import numpy as np

from .engines import make_engine
from .kept import Kept, Rows
from .learning import State, make_sweeps, recipe_with, starting_point
from .validate import whole
from .weights import seed_list

_KEEP_BYTES = 64 << 20


class History:
    """A run, or many side by side, that can be looked at, carried on, steered, saved and replayed.

    Weights are kept every `keep_every` sweeps. If they would take more than `keep_bytes`, every second one is dropped
    and `keep_every` doubles; ``at(t)`` recomputes the dropped sweeps, from the kept sweep before, to the same bits.

    Parameters
    ----------
    task : Task
    seeds : int or iterable of int
    recipe : Recipe, optional
        In place of the task's.
    w, delta_w : (runs, weights) array, optional
        A start of your own.
    keep_every : int
    keep_bytes : int
        Memory for kept weights.
    engine : {"compiled", "numpy"}, optional
        By default numpy for very wide layers with many cases; else machine code, if it is ready and can do the task.
        They agree to 1e-10.
    stop_when_solved : bool
        End each run with the sweep after which every answer is right.
    diverged : (runs,) array of bool
        Runs that have diverged before.

    Attributes
    ----------
    recipe : Recipe
        As it was really used: a steered run's has a phase for every change.
    """

    def __init__(
        self,
        task,
        seeds=(0,),
        *,
        recipe=None,
        w=None,
        delta_w=None,
        keep_every=1,
        keep_bytes=_KEEP_BYTES,
        engine=None,
        stop_when_solved=False,
        diverged=False,
    ):
        self.task, self.recipe = task, recipe or task.recipe
        w, delta_w = starting_point(task, self.recipe, seeds, w, delta_w)
        seeds = seed_list(seeds)
        self.seeds = seeds if len(seeds) == len(w) else ()
        keep_every = whole(keep_every, "keep_every", 1)
        self._stop_within = task.right_within if stop_when_solved else 0.0
        self._engine = self._make_engine(w, delta_w, engine, diverged)
        self._E, self._worst = Rows(self._engine.E[None]), Rows(self._engine.worst[None])
        self._kept = Kept(np.zeros(1, int), w[None], delta_w[None], keep_every, keep_bytes)

    @classmethod
    def resumed(cls, task, seeds, *, E, worst, kept, last, keep_every, engine=None, stop_when_solved=False):
        """The History that was saved with these arrays (see saving.py)."""
        n, k, runs = E.shape[:1], kept[0].shape[:1], last[0].shape[:1]
        shapes = [n + runs, n + runs, k, k + last[0].shape, k + last[0].shape]
        arrays = [E, worst, *kept]
        if [array.shape for array in arrays] != shapes or not all(a.size and a.dtype.kind in "if" for a in arrays):
            raise ValueError("its arrays do not fit each other; a whole file is expected")
        how = {"keep_every": keep_every, "engine": engine, "stop_when_solved": stop_when_solved}
        run = cls(task, seeds or 0, w=last[0], delta_w=last[1], diverged=np.isnan(E[-1]), **how)
        run._E, run._worst, run._kept = Rows(E), Rows(worst), Kept(*kept, run.keep_every, _KEEP_BYTES)
        return run

    def _make_engine(self, w, delta_w, engine, diverged):
        settings = {"stop_within": self._stop_within, "diverged": diverged}
        return make_engine(self.task, self.recipe, w, delta_w, engine, **settings)

    @property
    def engine(self):
        """Name of the engine that makes the sweeps."""
        return self._engine.name

    @property
    def keep_every(self):
        """Weights are kept every so many sweeps."""
        return self._kept.every

    @property
    def stop_when_solved(self):
        """True if a run ends with the sweep after which every answer is right."""
        return self._stop_within > 0

    @property
    def sweeps(self):
        """Sweeps made so far."""
        return len(self._E) - 1

    @property
    def runs(self):
        """Number of runs side by side."""
        return self._engine.w.shape[0]

    @property
    def E(self):
        """(sweeps + 1, runs) array: E[t] is the total error of the weights after t sweeps, equation (3)."""
        return self._E.rows

    @property
    def worst(self):
        """(sweeps + 1, runs) array: largest distance of any output from its desired state, in any case."""
        return self._worst.rows

    @property
    def kept(self):
        """Kept weights: sweeps (k,), w (k, runs, weights) and delta_w of the same shape."""
        return self._kept.rows

    @property
    def state(self):
        """The present State."""
        return State(self.sweeps, self._engine.w, self._engine.delta_w, self._engine.E)

    @property
    def solved_at(self):
        """(runs,) array: first sweep after which every answer is right (see Task.right_within); -1 never."""
        return self.first_within(self.task.right_within)

    def first_within(self, distance):
        """(runs,) array: first sweep after which all outputs are within `distance` of their desired states; or -1."""
        return _first(self.worst < distance)

    @property
    def diverged_at(self):
        """(runs,) array: sweep after which the error was no longer a finite number; -1 never."""
        return _first(np.isnan(self.E))

    @property
    def waits(self):
        """(k, 2) array: first and end of the sweeps in which each run that was solved waited for the others."""
        E, worst = self.E, self.worst
        solved = worst[:-1] < self.task.right_within
        same = (E[1:] == E[:-1]) & (worst[1:] == worst[:-1])
        waits = np.concatenate([[0], (solved.any(1) & (same | ~solved).all(1)).astype(int), [0]])
        return np.stack([np.flatnonzero(np.diff(waits) == step) for step in (1, -1)], 1)

    def steer(self, **changes):
        """Change epsilon, alpha or weight_decay from the next sweep on; the recipe keeps it as a phase."""
        self.recipe = self.recipe.steered(self.sweeps, **changes)

    def extend(self, sweeps, until_solved=False):
        """Make more sweeps; fewer if every run diverges, or is solved and that was asked for. Returns itself."""
        self._engine.stop_within = self.task.right_within if until_solved else self._stop_within
        end = self.sweeps + whole(sweeps, "the number of sweeps")
        for _, E, worst in make_sweeps(self._engine, self.recipe, self.sweeps, end, kept=self._kept):
            self._E.add(E)
            self._worst.add(worst)
        return self

    def at(self, t):
        """The State after `t` sweeps, recomputed from the kept sweep before it if it was not kept.

        Raises
        ------
        ValueError
            If the run has not come that far.
        """
        t = whole(t, "the sweep")
        if t > self.sweeps:
            raise ValueError(f"sweep {t:,} was asked for, but the run has made {self.sweeps:,}")
        if t == self.sweeps:
            return self.state
        sweeps, w, delta_w = self.kept
        k = np.searchsorted(sweeps, t, side="right") - 1
        w, delta_w = w[k], delta_w[k]
        if sweeps[k] < t:
            w, delta_w = self._again(int(sweeps[k]), t, w, delta_w)
        return State(t, w, delta_w, self.E[t])

    def _again(self, first, end, w, delta_w):
        """w and delta_w after `end` sweeps, from those after `first`; runs that waited then wait again."""
        engine = self._make_engine(w, delta_w, self.engine, np.isnan(self.E[first]))
        waits = [(max(a, first), min(b, end)) for a, b in self.waits.tolist() if a < end and b > first]
        for a, b in [*waits, (end, end)]:
            for until, within in ((a, self._stop_within), (b, self.task.right_within)):
                engine.stop_within = within
                for _ in make_sweeps(engine, self.recipe, first, until, at_once=end):
                    pass
                first = until
        return engine.w, engine.delta_w


def train(
    task,
    seeds=(0,),
    sweeps=1000,
    *,
    epsilon=None,
    alpha=None,
    recipe=None,
    w=None,
    delta_w=None,
    keep_every=1,
    engine=None,
    stop_when_solved=False,
):
    """Learn for a number of sweeps.

    Parameters
    ----------
    task : Task
    seeds : int or iterable of int
        One run a seed, all side by side.
    sweeps : int
    epsilon, alpha : float or (runs,) array, optional
        In place of the recipe's, in every phase.
    recipe : Recipe, optional
        In place of the task's.
    w, delta_w : (runs, weights) array, optional
        A start of your own instead of one drawn from the seeds.
    keep_every : int
        Keep weights every so many sweeps; the History thins them further if they grow too large.
    engine : {"compiled", "numpy"}, optional
        By default numpy for very wide layers with many cases; else machine code, if it is ready and can do the task.
        They agree to 1e-10.
    stop_when_solved : bool
        End each run with the sweep after which every answer is right; it stays as it is while others go on.

    Returns
    -------
    run : History
    """
    recipe = recipe_with(task, recipe, epsilon, alpha)
    how = {"keep_every": keep_every, "engine": engine, "stop_when_solved": stop_when_solved}
    return History(task, seeds, recipe=recipe, w=w, delta_w=delta_w, **how).extend(sweeps)


def _first(true):
    return np.where(true.any(0), true.argmax(0), -1)
