"""The compiled kernel in numba's cache: load it, or have another process put it there."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from numba import boolean, types
from numba import float64 as f8
from numba import int64 as i8
from numba.core.event import Listener, install_listener

from .sweeps import learn_all

_NET, _TABLE, _EACH = types.Tuple((i8[:, ::1], i8[::1], i8, i8)), f8[:, ::1], f8[::1]
_HOW, _KEPT = types.Tuple((_EACH, _EACH, f8, boolean, boolean, f8)), types.UniTuple(f8[:, :, ::1], 2)
SIGNATURE = (
    *(_NET, _TABLE, _TABLE, _HOW, _EACH, _EACH),
    *(_TABLE, _TABLE, _TABLE, i8, i8, _KEPT, _TABLE, _TABLE, i8[::1]),
)  # fmt: skip
"""Of `learn_all`."""


def load():
    """Load the machine code that an earlier process has left; False if there is none."""
    try:
        with install_listener("numba:compile", _Refusal()):
            learn_all.compile(SIGNATURE)
    except _NotCachedError:
        return False
    return True


def compile_and_load():
    """Let another process compile, and load what it leaves.

    A process that compiles calls functions that were optimized one by one, but what it leaves in the cache holds copies
    that were optimized together: they differ in the last bits of a sum. So a process always loads code from the cache.
    """
    program = "import sys; sys.path.insert(0, sys.argv[1]); from bpcore.engines.kernel.cache import fill; fill()"
    with suppress(OSError):  # not every Python can start another process; then this one compiles
        subprocess.run(  # noqa: S603 - this Python, and a program that is written here
            [sys.executable, "-c", program, Path(__file__).parents[3]], check=False, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    learn_all.compile(SIGNATURE)


def fill():
    """Compile everything, and leave it to later processes."""
    learn_all.compile(SIGNATURE)


class _NotCachedError(Exception):
    """No earlier process has left the machine code."""


class _Refusal(Listener):
    """Stops numba when it begins to compile a function that should be in the cache."""

    def on_start(self, event):
        if event.data["dispatcher"] is learn_all:
            raise _NotCachedError

    def on_end(self, event):
        pass
