"""How the kernel knows a network and its cases. Nothing here needs numba, which a browser lacks."""

import numpy as np

from ...network import ONE
from ...units import linear, logistic, softplus, tanh

UNITS = (logistic, tanh, linear, softplus)
"""Unit functions that the kernel knows, by their place here; all others are left to the numpy engine."""
LOGISTIC, TANH, _LINEAR, SOFTPLUS = range(len(UNITS))

_CACHE = 1 << 18  # bytes of states and derivatives that fit into the processor's cache


def plan(network, cases):
    """How the kernel knows a network and its cases.

    Returns
    -------
    links : (n, 10) array
        From the bottom up. Of the target: first row of its states, units, unit function, place of its biases in the
        weight vector or -1. Of the link: first row of the source, its units, place in the weight vector, whether links
        lead into the source itself, whether it is the first and the last link into its target. Links from a group that
        is 0 in every case are left out.
    outputs : array
        Rows that have a desired state.
    rows : int
        Number of rows.
    block : int
        How many cases go through at a time.
    """
    rows, size = {}, 0
    for name in (*network.input_names, *(group.name for group in network.upward)):
        rows[name] = size
        size += network.size(name)
    links = []
    for group in network.upward:
        into = network.into(group.name)
        biases = next((network.place(link.block) for link in into if link.source == ONE), -1)
        target = (rows[group.name], group.size, UNITS.index(group.unit), biases)
        sources = [
            (rows[link.source], network.size(link.source), network.place(link.block), bool(network.into(link.source)))
            for link in into
            if link.source != ONE and np.any(cases.inputs.get(link.source, 1))
        ] or [(0, 0, 0, False)]
        links += [(*target, *source, k == 0, k == len(sources) - 1) for k, source in enumerate(sources)]
    outputs = [rows[name] + j for name in cases.desired for j in range(network.size(name))]
    whole = -(-len(cases) // 8) * 8  # so that every row begins at a line of the cache
    return (
        np.array(links, np.int64),
        np.array(outputs, np.int64),
        size,
        min(whole, max(128, _CACHE // (16 * size) // 8 * 8)),
    )
