"""The kernel in a browser's Python: the faster of build_wasm.py's two files that this browser takes. It is one core."""

import ctypes
from pathlib import Path

from .interface import KINDS, on_arrays


def _opened(name):
    return ctypes.CDLL(str(Path(__file__).with_name(name)))


try:
    FILE = "kernel_relaxed.wasm"  # it multiplies and adds in one instruction, which saves a sixth of the time
    _library = _opened(FILE)
except OSError:  # an older browser
    FILE = "kernel.wasm"
    _library = _opened(FILE)
_function = _library.learn_all
_function.argtypes = KINDS
for_net = on_arrays(_function)
