"""An iterative search (Fig. 5): a picture of a letter, a fifth of it spoilt, settles to the letter it was made from.

The picture is five rows of five units, and a row is only linked to itself and its neighbours. No row sees enough to
know the letter, so what one row knows has to travel, and the picture is set right step by step.
"""

import numpy as np

from ..descent import Phase, Recipe
from ..error import Tolerance
from ..iterative import iterative
from ..task import Task
from ..validate import whole
from ..weights import Start

PICTURES = {
    "T": "##### ..#.. ..#.. ..#.. ..#..",
    "X": "#...# .#.#. ..#.. .#.#. #...#",
    "O": ".###. #...# #...# #...# .###.",
    "A": "..#.. .#.#. ##### #...# #...#",
    "K": "#..#. #.#.. ##... #.#.. #..#.",
}
"""Any two of them differ in at least 11 units, so if 5 are flipped, the letter it was made from is still nearest."""
ROWS = tuple(f"row {k}" for k in range(1, 6))


def search(spoilt=200, *, flipped=5, steps=8, reach=1, seed=0):
    """Settle from a spoilt letter to the letter that it was made from.

    The picture is given at step 0. The letter is desired at every step from the fourth on (from half-way,
    if there are fewer than 8), so that a letter once found is kept; if desired only later, it was not learnt. The
    letters and `spoilt` pictures of each are trained; 20 others of each are held out.

    Parameters
    ----------
    spoilt : int
        Spoilt pictures of each letter that are trained.
    flipped : int
        Units of the 25 that are flipped in each, at random.
    steps : int
    reach : int
        How many rows up and down a row is linked to; 4 links every unit to every unit.
    seed : int
        Of the spoilt pictures.

    Returns
    -------
    Task
    """
    steps, reach = whole(steps, "the number of steps", 2), whole(reach, "the reach of a row", 0, 4)
    answers = range(min(4, (steps + 1) // 2), steps + 1)
    network = iterative(
        dict.fromkeys(ROWS, 5),
        [(ROWS[j], ROWS[k]) for k in range(5) for j in range(5) if abs(j - k) <= reach],
        steps,
        given=dict.fromkeys(ROWS, (0,)),
        desired=dict.fromkeys(ROWS, answers),
    )
    spoilt, seed = whole(spoilt, "the number of spoilt pictures", 1), whole(seed, "the seed of the spoilt pictures")
    trained, held_out = (np.random.default_rng([seed, k]) for k in range(2))
    letters = pictures()
    names, given = spoil(spoilt, flipped, trained)
    names, given = (*letters, *names), np.concatenate([[*letters.values()], given])
    return Task(
        name="search",
        network=network,
        cases=_cases(network, names, given),
        recipe=Recipe(
            (Phase(epsilon=0.001, alpha=0.9, weight_decay=0.0003),), tolerance=Tolerance(0.2), start=Start(0.3)
        ),
        held_out=_cases(network, *spoil(20, flipped, held_out)),
    )


def pictures():
    """The letters, dict of {str: (25,) array}, row by row."""
    return {letter: np.array([float(c == "#") for c in rows.replace(" ", "")]) for letter, rows in PICTURES.items()}


def spoil(each, flipped, draw):
    """Spoilt pictures of every letter.

    Parameters
    ----------
    each : int
        How many of each letter.
    flipped : int
        Units that are flipped, others in every picture.
    draw : numpy Generator

    Returns
    -------
    names : tuple of str
        The letter that each was made from.
    spoilt : (pictures, 25) array
    """
    names = tuple(letter for letter in PICTURES for _ in range(whole(each, "the number of spoilt pictures", 1)))
    flipped = whole(flipped, "the number of flipped units", 0, 25)
    which = draw.permuted(np.tile(np.arange(25) < flipped, (len(names), 1)), axis=1)
    return names, np.abs(np.array([pictures()[name] for name in names]) - which)


def settled(task, w, cases=None, steps=None):
    """At which steps the state is the letter that the picture was made from.

    Parameters
    ----------
    task : Task
        Search.
    w : (runs, weights) array
    cases : Cases, optional
        In place of ``task.held_out``.
    steps : int, optional
        How long to watch, twice as long as was trained by default.

    Returns
    -------
    settled : (steps + 1, runs, cases) array of bool
    """
    y, cases = watched(task, w, cases, steps)
    letters = np.array([pictures()[name] for name in cases.names]).T
    return (np.abs(y - letters) < task.right_within).all(2)


def watched(task, w, cases=None, steps=None):
    """The pictures at all steps; parameters as in `settled`.

    Returns
    -------
    y : (steps + 1, runs, 25, cases) array
    cases : Cases
    """
    cases, net = cases or task.held_out, task.network
    y = net.unrolled(2 * net.steps if steps is None else steps).states(w, cases)
    return np.concatenate([y[row] for row in ROWS], axis=2), cases


def _cases(network, names, given):
    """`given` settles to the pictures of the letters `names`."""
    desired = np.array([pictures()[name] for name in names])
    tables = {}
    for what, pixels in (("given", given), ("desired", desired)):
        times = len(getattr(network, what)[ROWS[0]])
        rows = np.split(pixels, 5, axis=1)
        tables[what] = {name: np.repeat(row[:, None], times, axis=1) for name, row in zip(ROWS, rows, strict=True)}
    return network.cases(tables["given"], tables["desired"], names)
