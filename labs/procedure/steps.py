"""The procedure in steps that a pencil can follow: one case at a time, one layer at a time, up and down again.

Every number comes from bpcore: the two passes over one case, and one change of the weights.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

import bpcore as bp
from bpcore.descent import descend
from bpcore.passes import Passes

from ..kit.scene import unit_name

STEPS = (
    ("hidden units", "(1) (2)"),
    ("output unit", "(1) (2)"),
    ("compare with desired", "(3) (4)"),
    ("through the output unit", "(5)"),
    ("to the hidden units", "(7)"),
    ("through the hidden units", "(5)"),
    ("every weight", "(6)"),
    ("change the weights", "(8) (9)"),
)
LAST_OF_CASE, CHANGE = 7, 8
NUDGE = 1e-6


@dataclass(frozen=True, eq=False)
class Change:
    """One change of the weights: what went into equations (8) and (9)."""

    epsilon: float
    alpha: float
    dE_dw: np.ndarray
    w: np.ndarray
    delta_w: np.ndarray


@dataclass(frozen=True, eq=False)
class Moment:
    """Where somebody is who works the procedure by hand.

    Attributes
    ----------
    w, delta_w : (weights,) array
    sweep : int         whole sweeps made
    case : int          the case on the table
    step : int          steps of STEPS that are done for it; 0: it was only presented
    counted : dict      the cases of this sweep that are done, and the error of each
    gathered : tuple    those of them whose derivatives wait for the next change
    dE_dw : (weights,) array
        The sum of these derivatives.
    change : Change     the change just made, at the last step
    """

    w: np.ndarray
    delta_w: np.ndarray
    dE_dw: np.ndarray
    sweep: int = 0
    case: int = 0
    step: int = 0
    counted: dict = field(default_factory=dict)
    gathered: tuple = ()
    change: Change | None = None

    @classmethod
    def first(cls, w):
        """Nothing computed yet."""
        return cls(w=w, delta_w=np.zeros_like(w), dE_dw=np.zeros_like(w))

    @property
    def used(self):
        """Weights that the case was worked with: those before the change, if there was one."""
        return self.change.w if self.change else self.w


def passes_of(task, w, case):
    """Both passes over one case: the Passes, and the error of the case."""
    one = [
        {name: rows[case : case + 1] for name, rows in kind.items()} for kind in (task.cases.inputs, task.cases.desired)
    ]
    passes = Passes(task.network, np.array(w)[None], *one)
    passes.forward()
    E, _ = passes.compare()
    passes.backward()
    return passes, float(E[0])


def present(task, now, case):
    """Put a case on the table; what was gathered stays, what was begun of another case is given up."""
    over = len(now.counted) == len(task.cases) and not now.gathered
    return replace(now, case=case, step=0, change=None, counted={} if over else now.counted)


def following(task, now, *, epsilon, alpha, update):
    """The Moment after the next step.

    Raises
    ------
    ValueError
        If the weights would no longer be finite numbers.
    """
    if now.step + 1 < LAST_OF_CASE:
        return replace(now, step=now.step + 1)
    if now.step + 1 == LAST_OF_CASE:
        return _count(task, replace(now, step=LAST_OF_CASE))
    if now.step == LAST_OF_CASE and now.gathered and (update == "case" or len(now.counted) == len(task.cases)):
        return _change(task, now, epsilon, alpha)
    cases = len(task.cases)
    over = len(now.counted) == cases
    ahead = [(now.case + k) % cases for k in range(1, cases + 1)]
    case = 0 if over else next(c for c in ahead if c not in now.counted)
    return replace(present(task, now, case), step=1)


def _count(task, now):
    if now.case in now.counted:  # looked at again: each case counts once in a sweep
        return now
    passes, E = passes_of(task, now.w, now.case)
    return replace(
        now,
        counted={**now.counted, now.case: E},
        gathered=(*now.gathered, now.case),
        dE_dw=now.dE_dw + passes.dE_dw[0],
    )


def _change(task, now, epsilon, alpha):
    w, delta_w = now.w.copy()[None], now.delta_w.copy()[None]
    with np.errstate(over="ignore", invalid="ignore"):
        descend(w, delta_w, now.dE_dw.copy()[None], epsilon, alpha)
    if not np.isfinite(w).all():
        raise ValueError(f"with epsilon {epsilon:g} the weights would no longer be finite numbers; try a smaller one")
    return replace(
        now,
        w=w[0],
        delta_w=delta_w[0],
        dE_dw=np.zeros_like(now.dE_dw),
        gathered=(),
        step=CHANGE,
        sweep=now.sweep + (len(now.counted) == len(task.cases)),
        change=Change(epsilon, alpha, now.dE_dw, now.w, now.delta_w),
    )


# ---- everything by name


def ends_of_weights(network):
    """Both ends of every weight, as ("h1", "input 2") or ("h1", "bias"), in the order of the weight vector."""
    ends = [None] * network.n_weights
    places = network.blocks(np.arange(network.n_weights))
    for link in network.links:
        for (j, i), k in np.ndenumerate(places[link.block]):
            lower = "bias" if link.source == bp.ONE else unit_name(network, link.source, i)
            ends[k] = unit_name(network, link.target, j), lower
    return ends


def numbers_of(task, now):
    """Everything the case gives, by the names of units and weights, whether it was shown yet or not."""
    passes, E = passes_of(task, now.used, now.case)
    named = {
        name: {
            unit_name(task.network, group, j): float(values[0, j, 0])
            for group, values in getattr(passes, name).items()
            for j in range(task.network.size(group))
        }
        for name in ("x", "y", "dE_dy", "dE_dx")
    }
    ends = ends_of_weights(task.network)
    d = {
        unit_name(task.network, g, j): float(d)
        for g, rows in task.cases.desired.items()
        for j, d in enumerate(rows[now.case])
    }
    by_end = lambda values: dict(zip(ends, map(float, values), strict=True))  # noqa: E731
    return {**named, "d": d, "E": E, "w": by_end(now.used), "dE_dw": by_end(passes.dE_dw[0])}


def numbers_so_far(task, now):
    """What of `numbers_of` the steps that are done have shown, with what was gathered, and the change."""
    full, step = numbers_of(task, now), now.step
    hidden, output = ("h1", "h2"), ("output",)
    known = {
        "x": (*hidden[: 2 * (step >= 1)], *output[: step >= 2]),
        "y": ("input 1", "input 2", *hidden[: 2 * (step >= 1)], *output[: step >= 2]),
        "dE_dy": (*output[: step >= 3], *hidden[: 2 * (step >= 5)]),
        "dE_dx": (*output[: step >= 4], *hidden[: 2 * (step >= 6)]),
    }
    shown = {"w": full["w"], "d": full["d"]}
    shown |= {name: {unit: full[name][unit] for unit in units} for name, units in known.items()}
    if step >= 3:
        shown["E"] = full["E"]
    shown["dE_dw"] = full["dE_dw"] if step >= LAST_OF_CASE else {}
    ends = list(full["w"])
    gathered = now.change.dE_dw if now.change else now.dE_dw
    shown["gathered"] = dict(zip(ends, gathered.tolist(), strict=True))
    shown["delta_w"] = dict(zip(ends, now.delta_w.tolist(), strict=True))
    if now.change:
        shown["w_before"], shown["w"] = full["w"], dict(zip(ends, now.w.tolist(), strict=True))
        shown["delta_w_before"] = dict(zip(ends, now.change.delta_w.tolist(), strict=True))
    return shown


def total_error(task, w, cases=slice(None)):
    """E over the cases, equation (3), of one point in weight space, or of several, (runs,) array."""
    y = bp.forward(task.network, w, {name: rows[cases] for name, rows in task.cases.inputs.items()})
    return sum(bp.total_error(y[name], rows[cases]) for name, rows in task.cases.desired.items())


class Nudge(NamedTuple):
    """A derivative of the case's error by a weight, computed and measured."""

    by_6: float
    by_nudging: float


def nudge(task, now, ends):
    """The derivative by the weight with these ends: by equation (6), and by nudging it up and down."""
    both, k = np.array([now.used, now.used]), ends_of_weights(task.network).index(ends)
    both[0, k] += NUDGE
    both[1, k] -= NUDGE
    up, down = total_error(task, both, slice(now.case, now.case + 1))
    return Nudge(numbers_of(task, now)["dE_dw"][ends], float(up - down) / (2 * NUDGE))
