"""The kernel in a browser's Python: kernel.wasm, which build_wasm.py has made of the same source and describes.

Python and the library share one memory, so it works on numpy's own arrays and nothing is copied. It is one core.
"""

import ctypes
from pathlib import Path

import numpy as np

_learn_all = ctypes.CDLL(str(Path(__file__).with_name("kernel.wasm"))).learn_all
_learn_all.argtypes = [ctypes.c_void_p] * 16 + [ctypes.c_double] * 2


def learn_all(net, inputs, desired, how, epsilon, alpha, w, delta_w, now, first, every, kept, E, worst, runs):
    """`learn_all` of sweeps.py."""
    links, outputs, units, block = net
    keep, share, margin, edge, by_case, stop_within = how
    whole = np.array(
        [len(links), len(outputs), units, block, *inputs.shape, *w.shape, *runs, first, every, len(kept[0]), len(E),
         edge, by_case], np.int64,
    )  # fmt: skip
    arrays = links, outputs, inputs, desired, keep, share, epsilon, alpha, w, delta_w, now, *kept, E, worst, whole
    if _learn_all(*(array.ctypes.data for array in arrays), margin, stop_within):
        raise MemoryError("there is not enough memory for the states of the units")
