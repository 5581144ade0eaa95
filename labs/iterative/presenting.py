"""What is presented to an iterative net, and what becomes of it."""

import numpy as np

from bpcore.tasks.search import PICTURES, ROWS, pictures
from bpcore.tasks.sequences import PAIRS


def first_presented(settings):
    """What a task begins with: AC; 110; a spoilt T."""
    if settings["task"] == "sequences":
        return _letters("AC")
    if settings["task"] == "shift register":
        return [1, 1, *[0] * max(0, int(settings["hidden"]) - 2)]
    spoilt = pictures()["T"].astype(int)
    spoilt[[1, 7, 11, 18, 22]] ^= 1
    return spoilt.tolist()


def presented_as_numbers(settings, what):
    """What is presented, as numbers: two letters, or 0 and 1."""
    which = settings["task"]
    if which == "sequences":
        return _letters(what)
    if which == "search" and isinstance(what, str) and what in PICTURES:
        return pictures()[what].astype(int).tolist()
    count = 25 if which == "search" else settings["hidden"]
    one = f"one letter of {''.join(PICTURES)}, or " if which == "search" else ""
    if isinstance(what, str) and what.strip("01") == "":
        what = [int(c) for c in what]
    bits = np.asarray(what, object).ravel().tolist() if not isinstance(what, str) else []
    if len(bits) != count or not all(bit in (0, 1) for bit in bits):
        raise ValueError(f"{what!r} is presented; {one}{count} times 0 or 1 is expected")
    return [int(bit) for bit in bits]


def _letters(what):
    names = list(PAIRS)
    if not isinstance(what, str) or len(what) != 2 or not set(what.upper()) <= set(names):
        raise ValueError(f"{what!r} is presented; two letters of {''.join(names)}, as 'AC', are expected")
    return [names.index(letter) for letter in what.upper()]


def outcome_of(task, settings, w, presented):
    """What the net makes of what is presented, in words."""
    net, which = task.network, settings["task"]
    if which == "sequences":
        hold, one = settings["hold"], np.eye(len(PAIRS))[presented]
        given = {f"letters at {t}": one[[t // hold]] for t in range(2 * hold)}
        digits = net.states(w, given)["digits"][:, 0, :, 0] > 0.5
        return "".join(_digit(digits[t]) for t in range(3 * hold, 6 * hold + 1, hold))
    if which == "shift register":
        states = net.states(w, {"ring at 0": np.array([presented], float)})["ring"][:, 0, :, 0] > 0.5
        return " → ".join("".join(map(str, state.astype(int))) for state in states)
    rows = np.reshape(np.array(presented, float), (5, 1, 5))
    given = {f"{row} at 0": states for row, states in zip(ROWS, rows, strict=True)}
    states = net.unrolled(2 * net.steps).states(w, given)
    for t, picture in enumerate(np.concatenate([states[row] for row in ROWS], 2)[:, 0, :, 0] > 0.5):
        for letter, pixels in pictures().items():
            if (picture == (pixels > 0.5)).all():
                return f"{letter} at step {t}"
    return "no letter"


def _digit(on):
    return str(np.flatnonzero(on)[0] + 1) if on.sum() == 1 else "?"
