"""The kernel's one function for Python, whatever has made it: a browser's library or this processor's machine code.

Python and the function share one memory, so it works on numpy's own arrays and nothing is copied.
"""

import ctypes

import numpy as np

POINTERS, DOUBLES = 16, 2
"""Its arguments; intermediate.py says what they are."""
KINDS = [ctypes.c_void_p] * POINTERS + [ctypes.c_double] * DOUBLES


def on_arrays(function):
    """`learn_all` of sweeps.py, by a function of ctypes that takes `KINDS`."""

    def learn_all(net, inputs, desired, how, epsilon, alpha, w, delta_w, now, first, every, kept, E, worst, runs):
        links, outputs, units, block = net
        keep, share, margin, edge, by_case, stop_within = how
        whole = np.array(
            [len(links), len(outputs), units, block, *inputs.shape, *w.shape, *runs, first, every, len(kept[0]), len(E),
             edge, by_case], np.int64,
        )  # fmt: skip
        arrays = links, outputs, inputs, desired, keep, share, epsilon, alpha, w, delta_w, now, *kept, E, worst, whole
        if function(*(array.ctypes.data for array in arrays), margin, stop_within):
            raise MemoryError("there is not enough memory for the states of the units")

    return learn_all
