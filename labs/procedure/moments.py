"""The procedure in steps that a pencil can follow: one case at a time, one layer at a time, up and down again.

Every number comes from bpcore: the two passes over one case, and one change of the weights.
"""

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

import bpcore as bp
from bpcore import tasks
from bpcore.descent import descend
from bpcore.names import unit_names, weight_ends
from bpcore.passes import Passes

TASK = tasks.xor()
LAST_OF_CASE, CHANGE = 7, 8
NUDGE = 1e-6


ENDS = tuple((upper, lower or "bias") for upper, lower in weight_ends(TASK.network))
"""Both ends of every weight, as ("h1", "input 2") or ("h1", "bias"), in the order of the weight vector."""
UNITS = unit_names(TASK.network)


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
    """Where you are when you work the procedure by hand.

    Attributes
    ----------
    w, delta_w : (weights,) array
    dE_dw : (weights,) array
        The sum of the derivatives that were gathered.
    sweep : int         whole sweeps made
    case : int          the case on the table
    step : int          steps that are done for it; 0: it was only presented
    counted : dict      the cases of this sweep that are done, and the error of each
    gathered : tuple    those of them whose derivatives wait for the next change
    again : bool        whether the case was counted in this sweep before; from step 7 on
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
    again: bool = False
    change: Change | None = None

    @classmethod
    def first(cls, w):
        """Nothing computed yet."""
        return cls(w=w, delta_w=np.zeros_like(w), dE_dw=np.zeros_like(w))

    @property
    def used(self):
        """Weights that the case was worked with: those before the change, if there was one."""
        return self.change.w if self.change else self.w

    @property
    def sweep_is_over(self):
        """Whether every case of the sweep is done."""
        return len(self.counted) == len(TASK.cases)

    def present(self, case):
        """Put a case on the table; what was gathered stays, what was begun of another case is given up."""
        over = self.sweep_is_over and not self.gathered
        return replace(self, case=case, step=0, change=None, counted={} if over else self.counted)

    def next(self, *, epsilon, alpha, update):
        """The Moment after the next step.

        Raises
        ------
        ValueError
            If the weights would no longer be finite numbers.
        """
        if self.step < LAST_OF_CASE:
            return replace(self, step=self.step + 1, **(self._count() if self.step + 1 == LAST_OF_CASE else {}))
        if self.step == LAST_OF_CASE and self.gathered and (update == "case" or self.sweep_is_over):
            return self._change(epsilon, alpha)
        cases = len(TASK.cases)
        ahead = [(self.case + k) % cases for k in range(1, cases + 1)]
        case = 0 if self.sweep_is_over else next(c for c in ahead if c not in self.counted)
        return replace(self.present(case), step=1)

    def _count(self):
        if self.case in self.counted:  # looked at again: each case counts once in a sweep
            return {"again": True}
        passes, E = passes_of(self.w, self.case)
        counted, gathered = {**self.counted, self.case: E}, (*self.gathered, self.case)
        return {"counted": counted, "gathered": gathered, "dE_dw": self.dE_dw + passes.dE_dw[0], "again": False}

    def _change(self, epsilon, alpha):
        w, delta_w = self.w.copy()[None], self.delta_w.copy()[None]
        with np.errstate(over="ignore", invalid="ignore"):
            descend(w, delta_w, self.dE_dw.copy()[None], epsilon, alpha)
        if not np.isfinite(w).all():
            wrong = f"with epsilon {epsilon:g} the weights would no longer be finite numbers"
            raise ValueError(f"{wrong}; try a smaller one")
        made = Change(epsilon, alpha, self.dE_dw, self.w, self.delta_w)
        new = {"w": w[0], "delta_w": delta_w[0], "dE_dw": np.zeros_like(self.dE_dw), "gathered": (), "change": made}
        return replace(self, step=CHANGE, sweep=self.sweep + self.sweep_is_over, **new)


def passes_of(w, case):
    """Both passes over one case: the Passes, and the error of the case."""
    kinds = TASK.cases.inputs, TASK.cases.desired
    one = [{name: rows[case : case + 1] for name, rows in kind.items()} for kind in kinds]
    passes = Passes(TASK.network, np.array(w)[None], *one)
    passes.forward()
    E, _ = passes.compare()
    passes.backward()
    return passes, float(E[0])


class Worked:
    """Everything that the case of a moment gives, whether it was shown yet or not.

    Parameters
    ----------
    now : Moment
    alone : bool    whether weights change after each case

    Attributes
    ----------
    x, y, dE_dy, dE_dx, d : dict
        By the names of units.
    w, dE_dw : dict
        By the ends of weights: the weights that the case was worked with, and its derivatives.
    E : float           the error of the case
    gathered, delta_w : dict
        By the ends of weights: the accumulated dE/dw that was used, or waits, and the last change of each weight.
    delta_w_before : dict
        At the last step: the change before that.
    case : str          the name of the case
    """

    def __init__(self, now, alone=False):
        self.now, self.alone, self.case = now, alone, case_name(now.case)
        passes, self.E = passes_of(now.used, now.case)
        self.x, self.y, self.dE_dy, self.dE_dx = map(_by_unit, (passes.x, passes.y, passes.dE_dy, passes.dE_dx))
        self.d = _by_unit({group: rows[[now.case]].T[None] for group, rows in TASK.cases.desired.items()})
        self.w, self.dE_dw, self.delta_w = by_ends(now.used), by_ends(passes.dE_dw[0]), by_ends(now.delta_w)
        self.gathered = by_ends(now.change.dE_dw if now.change else now.dE_dw)
        self.delta_w_before = now.change and by_ends(now.change.delta_w)


def _by_unit(groups):
    """Numbers of groups, {group: (1, units, 1) array}, by the names of units."""
    pairs = ((UNITS[group], values[0, :, 0].tolist()) for group, values in groups.items())
    return {unit: value for units, values in pairs for unit, value in zip(units, values, strict=True)}


def by_ends(weights):
    """A number of every weight, (weights,) array, by the ends of weights."""
    return dict(zip(ENDS, weights.tolist(), strict=True))


def case_name(case):
    """A case as it stands on its button: "0 1 → 1"."""
    inputs, desired = TASK.cases.inputs["input"][case], TASK.cases.desired["output"][case, 0]
    return f"{' '.join(f'{v:.0f}' for v in inputs)} → {desired:.0f}"


def total_error(w, cases=slice(None)):
    """E over the cases, equation (3), of one point in weight space, or of several, (runs,) array."""
    y = bp.forward(TASK.network, w, {name: rows[cases] for name, rows in TASK.cases.inputs.items()})
    return sum(bp.total_error(y[name], rows[cases]) for name, rows in TASK.cases.desired.items())


class Nudge(NamedTuple):
    """A derivative of the case's error by a weight, computed and measured."""

    by_6: float
    by_nudging: float


def nudge(n, ends):
    """The derivative by the weight with these ends: by equation (6), and by nudging it up and down; n is a Worked."""
    both = np.array([n.now.used, n.now.used])
    both[:, ENDS.index(ends)] += NUDGE, -NUDGE
    up, down = total_error(both, slice(n.now.case, n.now.case + 1))
    return Nudge(n.dE_dw[ends], float(up - down) / (2 * NUDGE))
