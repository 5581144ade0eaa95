"""The shift register of reference 4: units in a ring, whose pattern moves on by one place at every step."""

import numpy as np

from ..descent import Phase, Recipe
from ..iterative import iterative
from ..task import Task
from ..validate import choice, whole
from .patterns import all_patterns


def shift_register(n=3, steps=2, *, answers="last"):
    """Rotate a pattern by one place per step: 110 becomes 011, then 101.

    If only the last step has desired states, as in reference 4, every way to get there will do: `copies` tells
    which was found. With desired states at every step there is one way.

    Parameters
    ----------
    n : int
        Units in the ring, each linked to all.
    steps : int
    answers : {"last", "every"}
        At which steps there are desired states.

    Returns
    -------
    Task
    """
    n, steps = whole(n, "the number of units in the ring", 2, 16), whole(steps, "the number of steps", 1)
    choice(answers, "answers is", ("last", "every"))
    at = [steps] if answers == "last" else range(1, steps + 1)
    network = iterative({"ring": n}, [("ring", "ring")], steps, given={"ring": [0]}, desired={"ring": at})
    patterns = all_patterns(n)
    rotated = np.stack([np.roll(patterns, t, axis=1) for t in at], axis=1)
    names = ["".join(map(str, row)) for row in patterns.astype(int)]
    return Task(
        name=f"shift register of {n}",
        network=network,
        cases=network.cases({"ring": patterns[:, None]}, {"ring": rotated}, names),
        recipe=Recipe((Phase(epsilon=0.25, alpha=0.9),)),
    )


def copies(network, w):
    """Which unit of a shift register copies which, as it acts: found by running one step from every pattern.

    Parameters
    ----------
    network : IterativeNetwork
        Of the task `shift_register`.
    w : (runs, weights) array

    Returns
    -------
    copied : (runs, units) array of int
        For each unit, the number of the unit whose state it takes over, counted from 1; below 0 if it takes the
        opposite state; 0 if its state depends on several units, or on none.
    """
    patterns = all_patterns(network["ring at 0"].size)
    on = network.unrolled(1).states(w, {"ring at 0": patterns})["ring"][1] > 0.5  # (runs, units, cases)
    was_on = patterns.T > 0.5
    same = (on[:, :, None] == was_on).all(-1)  # (runs, unit, the unit it might copy)
    opposite = (on[:, :, None] != was_on).all(-1)
    return ((same.astype(int) - opposite) * np.arange(1, len(was_on) + 1)).sum(-1)


def copies_in_words(network, w):
    """Say which unit of a shift register copies which, or what else it goes by, a sentence.

    Parameters
    ----------
    network : IterativeNetwork
    w : (1, weights) or (weights,) array
        One run.
    """
    copied, votes = copies(network, w)[0], _votes(network, w)
    words = "; ".join(f"unit {j} {_does(*of)}" for j, of in enumerate(zip(copied.tolist(), votes, strict=True), 1))
    before = np.roll(np.arange(1, len(copied) + 1), 1)
    if (copied == before).all():
        return f"{words}: a pattern moves on by one place at every step"
    if (copied == -before).all():
        return f"{words}: a pattern moves on by one place and is turned into its opposite at every step"
    return words


def _votes(network, w):
    """For each unit the states, on or off, of which it is on if most hold: a list of (units,) arrays, or None."""
    patterns = all_patterns(network["ring at 0"].size)
    on = network.unrolled(1).states(w, {"ring at 0": patterns})["ring"][1, 0] > 0.5  # (units, cases)
    votes = network.blocks(np.ravel(w))["ring", "ring"] > 0
    most = [2 * (patterns == vote).sum(1) > len(vote) for vote in votes]
    return [vote if (row == these).all() else None for vote, row, these in zip(votes, on, most, strict=True)]


def _does(copied, vote):
    if copied:
        return f"{'copies' if copied > 0 else 'takes the opposite of'} unit {abs(copied)}"
    if vote is None:
        return "copies no single unit"
    states = ", ".join(f"unit {i} {'on' if on else 'off'}" for i, on in enumerate(vote, 1))
    return f"is on where {_NUMBERS.get(len(vote) // 2 + 1, 'most')} of these hold: {states}"


_NUMBERS = {2: "two", 3: "three"}
