"""What was learnt: numbers that say what the weights of a run have become. Measures of one task are beside the task."""

from dataclasses import dataclass

import numpy as np

from .passes import forward
from .tasks.symmetry_measures import MirrorStructure, mirror_structure

__all__ = ["MirrorStructure", "Score", "mirror_structure", "right_cases", "score", "strongest_cases"]


def right_cases(task, w, cases=None):
    """Which cases have every output on the right side, (runs, cases) array of bool; see Task.right_within.

    Parameters
    ----------
    task : Task
    w : (runs, weights) array
    cases : Cases, optional
        In place of the task's, such as ``task.held_out``.
    """
    return _right(task, *_answers(task, w, cases))


def strongest_cases(task, w, cases=None):
    """Which cases have each output that should be on above all that should be off, (runs, cases) array of bool.

    The milder reading of a right answer: the right units are the strongest, however strong. See `right_cases`.
    """
    return _strongest(task, *_answers(task, w, cases))


def _right(task, y, d):
    return (np.abs(y - d) < task.right_within).all(1)


def _strongest(_task, y, d):
    return np.where(d > 0.5, y, np.inf).min(1) > np.where(d > 0.5, -np.inf, y).max(1)


def _answers(task, w, cases):
    """Outputs (runs, units, cases), and what they should be (units, cases)."""
    cases = cases or task.cases
    y = forward(task.network, w, cases.inputs)
    return np.concatenate([y[name] for name in cases.desired], 1), np.concatenate([*cases.desired.values()], 1).T


@dataclass(frozen=True)
class Score:
    """How many cases are right, in both readings. Each a (runs,) array of int.

    Attributes
    ----------
    trained, held_out : (runs,) array
        Every output on its side of .5 (`right_cases`).
    trained_strongest, held_out_strongest : (runs,) array
        The right units the strongest (`strongest_cases`).
    """

    trained: np.ndarray
    held_out: np.ndarray
    trained_strongest: np.ndarray
    held_out_strongest: np.ndarray


def score(task, w):
    """Count right cases among those trained and those held out; if none are held out, none are right."""
    w = np.atleast_2d(w)
    nothing = np.zeros(len(w), int)
    answers = [cases and _answers(task, w, cases) for cases in (task.cases, task.held_out)]
    return Score(*(nothing if a is None else right(task, *a).sum(1) for right in (_right, _strongest) for a in answers))
