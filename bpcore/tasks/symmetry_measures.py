"""Fig. 1's structure in the weights of a symmetry network."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class MirrorStructure:
    """How far hidden units have the structure of Fig. 1. Arrays over runs.

    Attributes
    ----------
    mirror_error : (runs,) array
        Largest |w_i + w_mirror(i)| of any hidden unit, as a share of its largest weight: 0 where "weights that are
        symmetric about the middle of the input vector are equal in magnitude and opposite in sign".
    ratios : (runs, hidden, pairs) array
        Sizes of the mirror pairs of each hidden unit, smallest first and as multiples of it: 1, 2, 4 in the paper.
    ratio_error : (runs,) array
        Largest relative departure of any ratio from 1 : 2 : 4 : ...
    other_ratio_error : (runs,) array
        The same from 2 : 3 : 4, the other sizes that the procedure finds: their sums are all different too, and the
        smallest of them is as large a part of the largest weight. NaN unless there are three pairs.
    twin_error : (runs,) array
        How far the two hidden units are from "identical patterns of weights but with opposite signs": the size of
        their sum as a share of the size of the first. NaN unless there are exactly two.
    """

    mirror_error: np.ndarray
    ratios: np.ndarray
    ratio_error: np.ndarray
    other_ratio_error: np.ndarray
    twin_error: np.ndarray


def mirror_structure(network, w):
    """Fig. 1's structure in the weights of a symmetry network.

    Parameters
    ----------
    network : Network
        With groups "input" and "hidden".
    w : (runs, weights) array

    Returns
    -------
    MirrorStructure
    """
    w_in = network.blocks(np.atleast_2d(w))["input", "hidden"]
    half = w_in.shape[-1] // 2
    left, right = w_in[..., :half], w_in[..., ::-1][..., :half]
    largest = np.maximum(np.abs(w_in).max(-1), 1e-300)
    size = np.sort((np.abs(left) + np.abs(right)) / 2, axis=-1)
    ratios = size / np.maximum(size[..., :1], 1e-300)
    other_ratio_error = np.full(len(w_in), np.nan)
    if half == 3:
        other_ratio_error = _departure(ratios, [1, 1.5, 2])
    twin_error = np.full(len(w_in), np.nan)
    if w_in.shape[1] == 2:
        twin_error = np.abs(w_in[:, 0] + w_in[:, 1]).max(-1) / largest[:, 0]
    return MirrorStructure(
        mirror_error=(np.abs(left + right).max(-1) / largest).max(-1),
        ratios=ratios,
        ratio_error=_departure(ratios, 2.0 ** np.arange(half)),
        other_ratio_error=other_ratio_error,
        twin_error=twin_error,
    )


def _departure(ratios, expected):
    return np.abs(ratios / expected - 1).max((-1, -2))
