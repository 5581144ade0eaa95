"""Call what somebody else wrote, and come back whatever it does."""

import ctypes
import sys
import threading
import time

import numpy as np

from bpcore.capabilities import threads_start

SECONDS = 1.0
"""How long a student's function may take."""


class EndlessError(Exception):
    """The call did not end in its time."""


def bounded(call, seconds=SECONDS):
    """Call a function, but wait for it no longer than `seconds`.

    Parameters
    ----------
    call : callable        without arguments
    seconds : float

    Returns
    -------
    object                 what it gives

    Raises
    ------
    EndlessError                if it has not ended by then; a loop in Python is ended, anything else is left behind
    BaseException          what it raises, also what would end a program
    """
    if not threads_start():
        return _watched(call, seconds)
    outcome = []

    def work():
        try:
            with np.errstate(all="ignore"):
                outcome.append((call(), None))
        except BaseException as wrong:  # noqa: BLE001 - it is handed on to who called
            outcome.append((None, wrong))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    if not outcome:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(EndlessError))
        raise EndlessError
    result, wrong = outcome[0]
    if wrong is not None:
        raise wrong
    return result


def _watched(call, seconds):
    """The same without a thread: a loop in Python is ended at its next line, one inside numpy runs to its end."""
    end = time.monotonic() + seconds

    def look(_frame, _event, _argument):
        if time.monotonic() > end:
            raise EndlessError
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        with np.errstate(all="ignore"):
            return call()
    finally:
        sys.settrace(before)
