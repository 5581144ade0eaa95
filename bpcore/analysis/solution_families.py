"""The families of solutions of mirror symmetry: which sizes the mirror pairs of Fig. 1 may have.

Whatever is symmetric must give a hidden unit nothing, and everything else something. A pattern gives it a signed sum of
the sizes: each pair adds its size, subtracts it, or cancels. So no signed sum may be 0; in other words, the sums of all
subsets of the sizes must differ. Sizes that put these sums in the same order are of one family: each can be changed
into the other without a sum ever being 0 on the way. With three pairs there are two families, 1 : 2 : 4, which the
paper shows, and 2 : 3 : 4; with four there are fourteen and with five 516.
"""

from functools import lru_cache
from itertools import combinations

import numpy as np

from ..validate import whole

_MOST_PAIRS = 5


def families_of(pairs):
    """Every family of sizes for so many mirror pairs.

    Parameters
    ----------
    pairs : int
        Half the width of the input: 3 in the paper, at most 5.

    Returns
    -------
    families : tuple of tuple of int
        Each by its smallest member in whole numbers: the one whose largest size is smallest, then by the sizes in
        order. ``((1, 2, 4), (2, 3, 4))`` for three pairs.

    Raises
    ------
    ValueError
        For a number of pairs that is not from 1 to 5.
    """
    if whole(pairs, "the number of mirror pairs", 1) > _MOST_PAIRS:
        raise ValueError(f"the number of mirror pairs is {pairs}; a whole number from 1 to {_MOST_PAIRS} is expected")
    return tuple(sorted(_by_order(pairs).values()))


def family_of(sizes):
    """The family that sizes belong to.

    Parameters
    ----------
    sizes : sequence of float
        Sizes of at most five mirror pairs, in any order and of any scale.

    Returns
    -------
    family : tuple of int or None
        Its smallest member, as `families_of` has it: ``(2, 3, 4)`` for sizes 2.02, 1 and 1.52. None if two subsets of
        the sizes have the same sum, so that some pattern that is not symmetric would pass for one.

    Raises
    ------
    ValueError
        If there are no sizes or more than five, or if one is not a finite number of at least 0.
    """
    sizes = np.sort(np.asarray(sizes, float))
    if sizes.ndim != 1 or not 1 <= len(sizes) <= _MOST_PAIRS or not (np.isfinite(sizes).all() and (sizes >= 0).all()):
        raise ValueError(f"the sizes are {sizes.tolist()}; one to {_MOST_PAIRS} finite numbers from 0 up are expected")
    sums = _subset_sums(sizes[None])[0]
    order = sums.argsort()
    if (np.diff(sums[order]) <= 1e-9 * sums[-1]).any():
        return None
    return _by_order(len(sizes))[tuple(order)]


def pair_sizes(network, w):
    """Sizes of the mirror pairs of every hidden unit, from the outermost pair to the one at the centre.

    Parameters
    ----------
    network : Network
        With groups "input" and "hidden".
    w : (runs, weights) array

    Returns
    -------
    sizes : (runs, hidden, pairs) array
        Mean size of the two weights of each pair.
    """
    w_in = np.abs(network.blocks(np.atleast_2d(w))["input", "hidden"])
    half = w_in.shape[-1] // 2
    return (w_in[..., :half] + w_in[..., ::-1][..., :half]) / 2


def found(network, w):
    """The family of each run, by the sizes of its first hidden unit.

    Where two hidden units solve the task, both are of one family: else some pattern would give less than 0 to both.

    Parameters
    ----------
    network, w : as for `pair_sizes`

    Returns
    -------
    families : list of tuple of int or None
    """
    return [family_of(sizes[0]) for sizes in pair_sizes(network, w)]


def margin(sizes):
    """Smallest signed sum of the sizes, as a share of the largest size: how clearly the closest patterns differ.

    Parameters
    ----------
    sizes : sequence of float

    Returns
    -------
    share : float
        1/4 for 1 : 2 : 4 and for 2 : 3 : 4, and 0 if two subsets have the same sum.
    """
    sums = np.sort(_subset_sums(np.asarray(sizes, float)[None])[0])
    return float(np.diff(sums).min() / max(np.max(sizes), 1e-300))


def named(family):
    """A family as text, "2 : 3 : 4", or "none"."""
    return " : ".join(map(str, family)) if family else "none"


@lru_cache
def _by_order(pairs):
    """The smallest member of every family, by the order in which it puts the subset sums.

    No largest size need be above 2^pairs: up to there every family has a member, which the tests prove by counting the
    families in another way.
    """
    sizes = np.array(list(combinations(range(1, 2**pairs + 1), pairs)), np.int16)
    sizes = sizes[np.lexsort((*sizes.T[::-1], sizes[:, -1]))]
    sums = _subset_sums(sizes)
    order = sums.argsort(1).astype(np.uint8)
    differ = (np.diff(np.take_along_axis(sums, order, 1)) > 0).all(1)
    sizes, order = sizes[differ], order[differ]
    _, first = np.unique(order, axis=0, return_index=True)
    return {tuple(order[k].tolist()): tuple(sizes[k].tolist()) for k in first}


def _subset_sums(sizes):
    """Sums of all subsets, (members, 2^pairs) array; the whole set's is last."""
    pairs = sizes.shape[1]
    chosen = np.arange(2**pairs)[:, None] >> np.arange(pairs) & 1
    return sizes @ chosen.T.astype(sizes.dtype)
