"""Learning: sweep after sweep through the cases, changing the weights on the way."""

import math
from dataclasses import dataclass
from itertools import count

import numpy as np

from .engines import make_engine
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


def starting_point(task, recipe, seeds, w=None, delta_w=None):
    """w and delta_w, (runs, weights) arrays, of a start: drawn by the recipe from the seeds, or given.

    Raises
    ------
    ValueError
        For weights of the wrong shape or that are not finite, naming the shape that is expected.
    """
    if w is None:
        w = start(task.network, seed_list(seeds), recipe.start.half_range, recipe.start.biases)
        if delta_w is None:
            return w, np.zeros_like(w)
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
    """`recipe`, or the task's, with epsilon and alpha, if given, in every phase."""
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
    engine : {"compiled", "numpy"}, optional

    Yields
    ------
    State
    """
    recipe = recipe_with(task, recipe, epsilon, alpha)
    engine, sweep = make_engine(task, recipe, *starting_point(task, recipe, seeds, w, delta_w), engine), 0
    yield State(sweep, engine.w, engine.delta_w, engine.E)
    for sweep, E, _ in make_sweeps(engine, recipe):
        yield State(sweep, engine.w, engine.delta_w, E[-1])
    for later in count(sweep + 1):  # every run has diverged, and stays as it is
        yield State(later, engine.w, engine.delta_w, engine.E)


def make_sweeps(engine, recipe, sweep=0, end=math.inf, at_once=1, kept=None):
    """Make sweeps until sweep `end`, or until every run has ended: the one loop of learn(), History and studies.

    Parameters
    ----------
    engine : NumpyEngine or CompiledEngine
    recipe : Recipe
    sweep : int
        Sweeps made so far.
    end : int
    at_once : int
        Sweeps that the engine makes between two yields.
    kept : Kept, optional
        Weights are added to it on the way; it says how many sweeps to make at once.

    Yields
    ------
    sweep : int
        Sweeps made so far.
    E, worst : (sweeps, runs) array
        Total error after each of the new sweeps, and largest distance of any output from its desired state.
    """
    while sweep < end and not engine.ended.all():
        n = min(end - sweep, kept.at_once if kept else at_once)
        room = kept and kept.room(sweep, n)
        E, worst = engine.sweeps(sweep, n, recipe, kept.every if kept else 1, room)
        if kept:
            kept.add(sweep, sweep + len(E), room)
        sweep += len(E)
        yield sweep, E, worst
