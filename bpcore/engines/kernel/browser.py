"""The kernel in a browser's Python: kernel.wasm, which build_wasm.py has made. It is one core."""

import ctypes
from pathlib import Path

from .interface import KINDS, on_arrays

_function = ctypes.CDLL(str(Path(__file__).with_name("kernel.wasm"))).learn_all
_function.argtypes = KINDS
for_net = on_arrays(_function)
