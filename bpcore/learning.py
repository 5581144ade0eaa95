"""Learning: sweep after sweep through the cases, changing the weights on the way."""

from dataclasses import dataclass

import numpy as np

from .descent import descend
from .passes import Passes
from .weights import seed_list, start


@dataclass(frozen=True)
class State:
    """Where the runs are after a number of sweeps. Never changed after it was made; its arrays are read-only.

    Attributes
    ----------
    sweep : int                       weight changes (of whole sweeps) so far
    w : (runs, weights) array         points in weight space
    delta_w : (runs, weights) array   their velocities, equation (9)
    E : (runs,) array                 total error of w, equation (3)
    """

    sweep: int
    w: np.ndarray
    delta_w: np.ndarray
    E: np.ndarray

    def __post_init__(self):
        for name in ("w", "delta_w", "E"):
            array = np.array(getattr(self, name), float)
            array.flags.writeable = False
            object.__setattr__(self, name, array)


class NumpyEngine:
    """Whole sweeps by the definition in passes.py, in place.

    A run whose error is no longer finite has diverged: it keeps its last finite weights, and its error is NaN from
    then on.

    Parameters
    ----------
    task : Task
        Its network and cases.
    recipe : Recipe
        Tolerance, update and tied weights; epsilon and alpha are taken from the recipe given to `sweeps`.
    w, delta_w : (runs, weights) array
        Copied.
    """

    name = "numpy"

    def __init__(self, task, recipe, w, delta_w):
        self.w, self.delta_w = np.array(w, float), np.array(delta_w, float)
        self._cases, self._is_bias = task.cases, task.network.is_bias
        settings = {"tolerance": recipe.tolerance, "tied": recipe.tied}
        self._passes = Passes(task.network, self.w, task.cases.inputs, task.cases.desired, **settings)
        self._one_case = None
        if recipe.update == "case":
            first = [{name: rows[:1] for name, rows in t.items()} for t in (task.cases.inputs, task.cases.desired)]
            self._one_case = Passes(task.network, self.w, *first, **settings)
        self._last_w = self.w.copy()
        self.diverged = np.zeros(len(self.w), bool)
        with np.errstate(over="ignore", invalid="ignore"):
            self.E, self.worst = self._error()

    def sweeps(self, first, n, recipe, every=1, kept=None):
        """Make `n` sweeps, the first of which is number `first`; fewer where all runs diverge.

        Parameters
        ----------
        first, n : int
        recipe : Recipe
            Its phases.
        every, kept : int, pair of (k, runs, weights) arrays, optional
            w and delta_w after every sweep whose number is a multiple of `every` are written there, in order.

        Returns
        -------
        E, worst : (sweeps made, runs) array
            After each sweep: the total error, and the largest distance of any output from its desired state.
        """
        E, worst = np.empty((n, len(self.w))), np.empty((n, len(self.w)))
        phase_ends, k = first, 0
        with np.errstate(over="ignore", invalid="ignore"):
            for i in range(n):
                t = first + i
                if t == phase_ends:
                    phase, phase_ends = recipe.phase(t), recipe.next_phase_start(t)
                    settings = self._settings(phase, recipe)
                self._change(*settings)
                self.E, self.worst = E[i], worst[i] = self._error()
                if kept is not None and (t + 1) % every == 0:
                    kept[0][k], kept[1][k] = self.w, self.delta_w
                    k += 1
                if self.diverged.all():
                    return E[: i + 1], worst[: i + 1]
        return E, worst

    def _settings(self, phase, recipe):
        epsilon, alpha = self._for_each_run(phase.epsilon, "epsilon"), self._for_each_run(phase.alpha, "alpha")
        keep = None
        if phase.weight_decay:
            keep = np.where(self._is_bias & (not recipe.decay_biases), 1.0, 1.0 - phase.weight_decay)
        return epsilon, alpha, keep

    def _for_each_run(self, value, what):
        if np.ndim(value) == 0:
            return value
        if len(value) != len(self.w):
            found = f"{len(value)} runs, but there are {len(self.w)}"
            raise ValueError(f"{what} is given for {found}; one number for each run, or one for all, is expected")
        return value[:, None]

    def _change(self, epsilon, alpha, keep):
        np.copyto(self._last_w, self.w)
        if self._one_case is None:
            self._passes.backward()
            descend(self.w, self.delta_w, self._passes.dE_dw, epsilon, alpha, keep)
        else:
            for case in range(len(self._cases)):
                self._present(case)
                self._one_case.forward()
                self._one_case.compare()
                self._one_case.backward()
                descend(self.w, self.delta_w, self._one_case.dE_dw, epsilon, alpha, keep)
        if self.diverged.any():
            self._hold()

    def _present(self, case):
        for name, rows in self._cases.inputs.items():
            self._one_case.y[name][0, :, 0] = rows[case]
        for name, rows in self._cases.desired.items():
            self._one_case.d[name][:, 0] = rows[case]

    def _error(self):
        self._passes.forward()
        E, worst = self._passes.compare()
        if not np.isfinite(E).all() or self.diverged.any():
            self.diverged |= ~np.isfinite(E)
            self._hold()
            E[self.diverged] = worst[self.diverged] = np.nan
        return E, worst

    def _hold(self):
        self.w[self.diverged] = self._last_w[self.diverged]
        self.delta_w[self.diverged] = 0.0


ENGINES = {"numpy": NumpyEngine}


def make_engine(task, recipe, w, delta_w, engine=None):
    """Return the engine called `engine`, or the fastest that can do the task."""
    if engine is not None and engine not in ENGINES:
        raise ValueError(f"engine {engine!r}; one of {', '.join(map(repr, ENGINES))} is expected")
    return ENGINES[engine or "numpy"](task, recipe, w, delta_w)


def starting_point(task, recipe, seeds, w=None, delta_w=None):
    """w and delta_w, (runs, weights) arrays, of a start: drawn by the recipe from the seeds, or given.

    Raises
    ------
    ValueError
        For weights of the wrong shape or that are not finite, naming the shape that is expected.
    """
    if w is None:
        w = start(task.network, seed_list(seeds), recipe.start.half_range, recipe.start.biases)
    w = _point(w, "w")
    delta_w = np.zeros_like(w) if delta_w is None else _point(delta_w, "delta_w")
    for what, array in (("w", w), ("delta_w", delta_w)):
        if array.shape != (len(w), task.network.n_weights) or not array.size:
            expected = f"(runs, {task.network.n_weights}) is expected, with at least one run"
            raise ValueError(f"{what} has shape {array.shape}; {expected}")
        if not np.isfinite(array).all():
            raise ValueError(f"{what} holds {array[~np.isfinite(array)][0]}; finite numbers are expected")
    return w, delta_w


def _point(values, what):
    try:
        return np.atleast_2d(np.array(values, float))
    except (TypeError, ValueError):
        raise ValueError(f"{what} holds something that is no number; an array of numbers is expected") from None


def recipe_with(task, recipe=None, epsilon=None, alpha=None):
    """`recipe`, or the task's, with epsilon and alpha in every phase where they are given."""
    given = {name: value for name, value in (("epsilon", epsilon), ("alpha", alpha)) if value is not None}
    recipe = recipe or task.recipe
    return recipe.throughout(**given) if given else recipe


def learn(task, seeds=(0,), *, epsilon=None, alpha=None, recipe=None, w=None, delta_w=None, engine=None):
    """Learn sweep by sweep: an endless generator of State, the first of which is the start. Stop when you like.

    Parameters
    ----------
    task : Task
    seeds : int or iterable of int
        One run a seed.
    epsilon, alpha : float or (runs,) array, optional
        In place of the recipe's, in every phase.
    recipe : Recipe, optional
        In place of the task's.
    w, delta_w : (runs, weights) array, optional
        A start of your own instead of one drawn from the seeds.
    engine : {"numpy"}, optional

    Yields
    ------
    State
    """
    recipe = recipe_with(task, recipe, epsilon, alpha)
    running = make_engine(task, recipe, *starting_point(task, recipe, seeds, w, delta_w), engine)
    sweep = 0
    while True:
        yield State(sweep, running.w, running.delta_w, running.E)
        running.sweeps(sweep, 1, recipe)
        sweep += 1
