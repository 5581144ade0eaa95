"""Sequence completion: "These nets can then ... learn sequential structures" (Fig. 5, and reference 4).

Each of five letters stands for two digits. A sequence is two letters and the four digits that they stand for: AC1231.
The letters are given one after the other; the net has to go on with the digits.
"""

from dataclasses import fields, replace

import numpy as np

from .. import measures
from ..descent import Phase, Recipe
from ..error import Tolerance
from ..history import train
from ..iterative import iterative
from ..task import Task
from ..validate import choice, whole
from ..weights import Start

PAIRS = {"A": "12", "B": "23", "C": "31", "D": "21", "E": "13"}
"""What each letter stands for."""

RECURRENT = {
    "everything": (
        ("letters", "hidden"),
        ("hidden", "hidden"),
        ("digits", "hidden"),
        ("letters", "digits"),
        ("hidden", "digits"),
        ("digits", "digits"),
    ),
    "hidden": (("letters", "hidden"), ("hidden", "hidden"), ("hidden", "digits")),
}
"""Links of one step: everything leads to hidden units and digits, or hidden units alone carry on what was before."""


def sequences(*, held_out=5, held_out_seed=0, hidden=30, recurrent="everything", hold=1):
    """Complete sequences of two letters and four digits: 25 of them, 20 trained and 5 held out.

    The first letter is given at step 0 and the second at step 1; the digits are desired at steps 3 to 6.

    Parameters
    ----------
    held_out : int or iterable of str
        Sequences that are not trained, in ``task.held_out``: so many drawn at random, or by name, as "AC1231".
    held_out_seed : int
        Of that draw.
    hidden : int
        Hidden units; 30 in reference 4.
    recurrent : {"everything", "hidden"}
        See `RECURRENT`.
    hold : int
        For how many steps each letter is given and each digit desired; 2 is half speed.

    Returns
    -------
    Task
    """
    hidden, hold = whole(hidden, "the number of hidden units", 1), whole(hold, "hold, the steps of an item,", 1)
    choice(recurrent, "recurrent is", RECURRENT)
    network = iterative(
        {"letters": len(PAIRS), "hidden": hidden, "digits": 3},
        RECURRENT[recurrent],
        steps=6 * hold,
        given={"letters": range(2 * hold)},
        desired={"digits": range(2 * hold + 1, 6 * hold + 1)},
    )
    names = [a + b + PAIRS[a] + PAIRS[b] for a in PAIRS for b in PAIRS]
    cases = network.cases(
        {"letters": [_states(name[:2], "".join(PAIRS), hold) for name in names]},
        {"digits": [_states(name[2:], "123", hold) for name in names]},
        names,
    )
    trained, held = cases.hold_out(held_out, held_out_seed)
    return Task(
        name="sequences",
        network=network,
        cases=trained,
        recipe=Recipe((Phase(epsilon=0.1, alpha=0.9),), tolerance=Tolerance(0.2), start=Start(0.3)),
        held_out=held,
    )


def held_out_study(splits=10, seeds=10, sweeps=1000, *, weight_decay=0.0, half_range=0.3, **how):
    """Learn with other sequences held out each time, and count.

    Parameters
    ----------
    splits, seeds : int
        Draws of the held-out sequences, and runs for each; no two runs have the same seed.
    sweeps : int
    weight_decay, half_range : float
        Of the recipe.
    **how
        As in `sequences`.

    Returns
    -------
    Score
        Arrays over splits x seeds runs.
    """
    scores = []
    for draw in range(splits):
        task = sequences(held_out_seed=draw, **how)
        recipe = replace(task.recipe.throughout(weight_decay=weight_decay), start=Start(half_range))
        run = train(task, range(draw * seeds, (draw + 1) * seeds), sweeps, recipe=recipe, keep_every=sweeps)
        scores.append(measures.score(task, run.state.w))
    return measures.Score(
        *(np.concatenate([getattr(one, field.name) for one in scores]) for field in fields(measures.Score))
    )


def _states(items, alphabet, hold):
    """One unit on for each item, (steps, units) array."""
    return np.repeat([[float(item == one) for one in alphabet] for item in items], hold, axis=0)
