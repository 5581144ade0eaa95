"""Cases that are not trained, to see what a net makes of them."""

import numpy as np

from ..cases import Cases
from ..validate import whole


def split(cases, held_out, seed):
    """Part cases into those that are trained and those that are held out.

    Parameters
    ----------
    cases : Cases
    held_out : int or iterable of str
        So many drawn at random, or by name.
    seed : int
        Of that draw.

    Returns
    -------
    trained : Cases
    held_out : Cases or None
        None where nothing is held out.

    Raises
    ------
    ValueError
        For names that no case has, or where nothing is left to learn.
    """
    held = _held_out(cases.names, held_out, seed)
    return _some(cases, ~held), _some(cases, held) if held.any() else None


def _held_out(names, which, seed):
    """Which cases are held out, (cases,) array of bool."""
    if isinstance(which, str | bool) or np.ndim(which) > 1:
        raise ValueError(f"held_out is {which!r}; a number of cases or a list of their names is expected")
    if np.ndim(which) == 0 and not isinstance(which, set | frozenset):
        which = whole(which, "the number of held-out cases", 0, len(names) - 1)
        seed = whole(seed, "the seed of the held-out cases")
        return np.isin(np.arange(len(names)), np.random.default_rng(seed).permutation(len(names))[:which])
    for name in which:
        if name not in names:
            raise ValueError(f"there is no case '{name}' to hold out; one such as '{names[0]}' is expected")
    if len(set(which)) == len(names):
        raise ValueError(f"all {len(names)} cases are held out; at least one to learn is expected")
    return np.isin(names, list(which))


def _some(cases, which):
    inputs, desired = ({name: rows[which] for name, rows in t.items()} for t in (cases.inputs, cases.desired))
    return Cases(inputs, desired, tuple(np.array(cases.names)[which].tolist()))
