"""The kernel's one function for Python, whatever has made it: a browser's library or this processor's machine code.

Python and the function share one memory, so it works on numpy's own arrays and nothing is copied.
"""

import ctypes

import numpy as np

POINTERS, DOUBLES = 16, 2
"""Its arguments; intermediate.py says what they are."""
KINDS = [ctypes.c_void_p] * POINTERS + [ctypes.c_double] * DOUBLES


def on_arrays(function):
    """`learn_all` of sweeps.py, by a function of ctypes that takes `KINDS`.

    Where arrays lie is asked once for those that stay: that takes a microsecond for each.
    """

    def for_net(net, inputs, desired, share, w, delta_w, now):
        links, outputs, units, block = net
        stay = links, outputs, inputs, desired, share, w, delta_w, now
        at_links, at_outputs, at_inputs, at_desired, at_share, at_w, at_delta_w, at_now = map(_place, stay)
        sizes = len(links), len(outputs), units, block, *inputs.shape, *w.shape

        def learn_all(keep, margin, edge, by_case, stop_within, epsilon, alpha, first, every, kept, E, worst, runs):
            stay  # noqa: B018 (so they do stay)
            whole = np.array([*sizes, *runs, first, every, len(kept[0]), len(E), edge, by_case], np.int64)
            if function(
                at_links, at_outputs, at_inputs, at_desired, _place(keep), at_share, _place(epsilon), _place(alpha),
                at_w, at_delta_w, at_now, *map(_place, kept), _place(E), _place(worst), _place(whole),
                margin, stop_within,
            ):  # fmt: skip
                raise MemoryError("there is not enough memory for the states of the units")

        return learn_all

    return for_net


def _place(array):
    return array.ctypes.data if array.size else None
