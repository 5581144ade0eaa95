"""Exclusive or, parity and the encoder: the classic tasks of the paper's companion chapter (ref. 4)."""

from dataclasses import replace

import numpy as np

from ..cases import Cases
from ..descent import Phase, Recipe
from ..network import layered
from ..task import Task, made_once
from ..validate import whole
from .patterns import all_patterns

XOR_1988 = {
    ("input", "hidden"): [[0.432171, 0.448781], [-0.038413, 0.036489]],
    ("one", "hidden"): [[-0.276589], [-0.402498]],
    ("hidden", "output"): [[0.272080, 0.081714]],
    ("one", "output"): [[0.279299]],
}
"""Starting weights of the exclusive-or example in the 1988 handbook's program."""

XOR_1988_TSS = {
    1: 1.050652,
    2: 1.035267,
    10: 1.009586,
    30: 1.002386,
    100: 0.999846,
    200: 0.950867,
    240: 0.657890,
    280: 0.069439,
}
"""What that program prints: epoch -> tss = sum of (d - y)^2, which is 2 E, before the weights change in that epoch."""
XOR_1988_STOP = (289, 0.04)
"""It stops at epoch 289, the first whose tss is below .04: it is .0397615 there."""


@made_once
def xor():
    """Exclusive or with a 2-2-1 network, as in the 1988 program: epsilon .5, alpha .9.

    Start from `xor_1988_start` to follow that program's trajectory (McClelland & Rumelhart, Explorations in Parallel
    Distributed Processing, 1988).
    """
    return replace(parity(2), name="xor", recipe=Recipe((Phase(epsilon=0.5, alpha=0.9),)))


def xor_1988_start(task):
    """Starting weights of the 1988 program for the task `xor`, (1, weights) array."""
    w = np.zeros((1, task.network.n_weights))
    for block, values in task.network.blocks(w).items():
        values[0] = XOR_1988[block]
    return w


@made_once
def parity(n=4, hidden=None):
    """Is the number of active inputs odd? With n hidden units by default.

    Parameters
    ----------
    n : int            input units
    hidden : int       hidden units
    """
    patterns = all_patterns(whole(n, "the width of the input", 1))
    sizes = {"input": n, "hidden": n if hidden is None else whole(hidden, "the number of hidden units", 1), "output": 1}
    return Task(
        name=f"parity({n})",
        network=layered(sizes),
        cases=Cases({"input": patterns}, {"output": patterns.sum(1, keepdims=True) % 2}),
        recipe=Recipe((Phase(epsilon=0.1, alpha=0.9),)),
    )


@made_once
def encoder(n=8, hidden=None):
    """Pass one active unit of n through a narrow middle: n - log2(n) - n by default.

    Parameters
    ----------
    n : int            input units, output units and cases
    hidden : int       units in the middle; log2(n), rounded up, by default
    """
    n = whole(n, "the number of patterns", 2)
    hidden = int(np.ceil(np.log2(n))) if hidden is None else whole(hidden, "the number of hidden units", 1)
    return Task(
        name=f"encoder({n})",
        network=layered({"input": n, "hidden": hidden, "output": n}),
        cases=Cases({"input": np.eye(n)}, {"output": np.eye(n)}),
        recipe=Recipe((Phase(epsilon=0.1, alpha=0.9),)),
    )
