"""The kernel in a browser's Python: the first of two files of build_wasm.py that the browser takes. It is one core."""

import ctypes
from contextlib import suppress
from pathlib import Path

from .interface import KINDS, on_arrays


def _opened(name):
    return name, ctypes.CDLL(str(Path(__file__).with_name(name)))


FILE, _library = None, None
with suppress(OSError):
    FILE, _library = _opened("kernel_relaxed.wasm")  # a sixth faster: it multiplies and adds in one instruction
if _library is None:
    FILE, _library = _opened("kernel.wasm")
_function = _library.learn_all
_function.argtypes = KINDS
for_net = on_arrays(_function)
