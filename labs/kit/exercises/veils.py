"""Which exercises are still open in this kernel: what would give their answers away stays veiled until then.

An exercise is open from when it is first shown until it is answered right, or given up with “Show me”. A lab on its
own, in a script or in a notebook without exercises, veils nothing.
"""

import os
from weakref import WeakSet

SHOW = "BP_SHOW_ANSWERS"
"""Environment variable: if it is set, everything is shown at once. For teachers."""

_open = {}  # number of an open exercise -> callable that gives it up
_shown = {}  # numbers of all exercises that this kernel has shown, in this order
_listeners = WeakSet()
_is_lifted = False


def over(mark, sentence, *numbers):
    """A mark and a sentence as they are said now: veiled if an open exercise, one of `numbers`, asks for it."""
    number = next(filter(is_veiled, numbers), None)
    return ["?", f"exercise {number} asks for this"] if number else [mark, sentence]


def without_answers(lab):
    """The digest of a lab, without what an open exercise asks for."""
    told, state = lab.digest(), lab.run.state
    asked = next(filter(is_veiled, lab.asks_for_E[: 2 if state.sweep else 1]), None)
    if asked:
        told = told.replace(f"E = {state.E[0]:.3f}", f"E = ? (exercise {asked})", 1)
    more = lab.spoilers() if hasattr(lab, "spoilers") else []  # rows of ["", text, number, ...]
    for said in [*lab.words_so_far[-1][1], *more]:
        told = told.replace(*(" ".join(pair).strip() for pair in (said[:2], over(*said))))
    return told


def answers_are_shown():
    """Whether a teacher lifted all veils."""
    return _is_lifted or os.environ.get(SHOW, "") != ""


def is_veiled(number):
    """Whether this exercise is open, so that its answer must not be on the screen."""
    return number in _open and not answers_are_shown()


def veiled():
    """Numbers of all open exercises, a sorted list."""
    return [] if answers_are_shown() else sorted(_open)


def is_asked(lab):
    """Whether this kernel has shown an exercise of a lab, "01", and its answers are not for everyone to see."""
    return not answers_are_shown() and any(number.startswith(f"{lab}.") for number in _shown)


def is_first(number):
    """Whether an exercise is the first that this kernel shows."""
    return next(iter(_shown), number) == number


def ask(number, give_up):
    """Note that an open exercise is shown; ``give_up()`` is called by `give_up`."""
    _shown[number] = True
    _open[number] = give_up
    _tell()


def settle(number):
    """Lift what an exercise veils: it was answered or given up."""
    _shown[number] = True
    _open.pop(number, None)
    _tell()


def give_up(number):
    """Give an exercise up, as its “Show me” does; nothing if it is not open."""
    if number in _open:
        _open[number]()


def show_answers(show=True):
    """Lift all veils of this notebook, or put back those of open exercises. For teachers."""
    global _is_lifted  # noqa: PLW0603 - one switch for the kernel
    _is_lifted = bool(show)
    _tell()


def listen(listener):
    """Have ``listener.on_veils()`` called when veils change, as long as it lives."""
    _listeners.add(listener)


def forget():
    """Forget all exercises, as in a new kernel."""
    _open.clear()
    _shown.clear()
    show_answers(False)


def _tell():
    for listener in list(_listeners):
        listener.on_veils()
