"""Where a run stands: solved, on the way, or at one of four places that look alike on the error curve.

"The most obvious drawback of the learning procedure is that the error-surface may contain local minima". A curve that
has gone flat does not say what it is; the gradient, the slopes of the units and the curvature do.
"""

from dataclasses import dataclass

import numpy as np

from ..cases import Cases
from ..descent import Phase, Recipe
from ..history import train
from ..network import layered
from ..passes import Passes
from ..task import Task
from ..validate import whole
from ..weights import Start
from .curvature import gradient_at, hessian, newton_step

NAMES = ("solved", "on the way", "true minimum", "saddle", "saturation", "plateau")
FLAT = 0.01
"""A gradient that is smaller is small: at epsilon .1 and alpha .9, E falls by less than .0001 a sweep."""
NEAR = 0.5
"""A level point that Newton's step reaches within this distance is near."""
CLOSER = 0.5, 1e-6
"""Near a bottom, a second step is shorter than this share of the first, or than this. Down an endless tail, e^-x, every
one of Newton's steps is 1."""
CURVED = 1e-7, 1e-12
"""Curvatures that are smaller, as a share of the largest or in themselves, are 0 as far as differences can tell."""
PASSED_ON = 0.05
"""Units whose mean slope is a smaller share than this of the largest they could have are saturated."""


@dataclass(frozen=True)
class Finding:
    """Where one run stands, and the numbers that say so.

    Attributes
    ----------
    name : str
        Of NAMES. "solved": every answer is right. "on the way": the gradient is not small. With a small gradient,
        "true minimum": a level point is near, Newton's steps close in on it, and E curves upward in every direction;
        "saturation": units are so far on or off that next to nothing of the error passes them; "saddle": a level point
        is near, and E curves downward in some direction; "plateau": none of these, the ground is just nearly level.
    E : float
        Total error, equation (3).
    wrong, cases : int
        Cases answered wrongly, of how many.
    gradient : float
        Length of dE/dw.
    slope : float
        Mean slope, y(1 - y) of logistic units, in the group that passes on the smallest share: of the wrong outputs,
        or of the hidden units in the wrong cases. NaN if no case is wrong.
    group : str
        That group.
    passed_on : float
        That slope as a share of the largest that such units can have.
    least_curvature, most_curvature : float
        Smallest and largest eigenvalue of the second derivatives.
    away : float
        How far it is to a level point by Newton's step.
    left : float
        How far it is from there, by another. NaN if the first is too long to be made.
    """

    name: str
    E: float
    wrong: int
    cases: int
    gradient: float
    slope: float
    group: str
    passed_on: float
    least_curvature: float
    most_curvature: float
    away: float
    left: float

    @property
    def why(self):
        """One sentence, with the numbers that decide."""
        small = f"the gradient is small, {_short(self.gradient)}"
        level = f"level ground is {_short(self.away)} away" if self.away < 1e6 else "there is no level ground near"
        return {
            "solved": f"solved: all {self.cases} cases right, E = {self.E:.3g}",
            "on the way": f"on the way: {self._some_wrong}, but the gradient is {_short(self.gradient)}",
            "true minimum": f"true minimum: {small}, {level}, and E curves upward in every direction, by "
            f"{_short(self.least_curvature)} at least; E = {self.E:.3g}, {self._some_wrong}",
            "saddle": f"saddle: {small}, {level}, but E curves downward in some direction, by "
            f"{_short(self.least_curvature)}; E = {self.E:.3g}, {self._some_wrong}",
            "saturation": f"saturation: in the {self.wrong} wrong cases the units of group '{self.group}' have slopes "
            f"of {_short(self.slope)} on average, {_short(100 * self.passed_on)} % of what they can have, so {small}; "
            f"E = {self.E:.3g}",
            "plateau": f"plateau: {small}, no minimum and no saddle is near, and no group is saturated (slopes of "
            f"{_short(self.slope)} in '{self.group}'); E = {self.E:.3g}, {self._some_wrong}",
        }[self.name]

    @property
    def _some_wrong(self):
        return f"{self.wrong} of {self.cases} cases wrong"


def where(task, w):
    """Say where each run stands, and why.

    Parameters
    ----------
    task : Task
    w : (runs, weights) or (weights,) array

    Returns
    -------
    findings : list of Finding
        One a run; ``collections.Counter(finding.name for finding in findings)`` counts them.
    """
    w = np.atleast_2d(np.asarray(w, float))
    dE_dw, H = gradient_at(task, w), hessian(task, w)
    curvature, step = np.linalg.eigvalsh(H), newton_step(H, dE_dw)
    away, left = np.linalg.norm(step, axis=1), np.full(len(w), np.nan)
    if (near := away < NEAR).any():
        there = (w + step)[near]
        left[near] = np.linalg.norm(newton_step(hessian(task, there), gradient_at(task, there)), axis=1)
    E, wrong, slopes = _answers(task, w)
    findings = []
    for run in range(len(w)):
        group = min(slopes, key=lambda name: _passed_on(task, name, slopes[name][run]), default="")
        slope = float(slopes[group][run]) if group and wrong[run] else np.nan
        numbers = {
            "E": float(E[run]),
            "wrong": int(wrong[run]),
            "cases": len(task.cases),
            "gradient": float(np.linalg.norm(dE_dw[run])),
            "slope": slope,
            "group": group,
            "passed_on": _passed_on(task, group, slope),
            "least_curvature": float(curvature[run, 0]),
            "most_curvature": float(curvature[run, -1]),
            "away": float(away[run]),
            "left": float(left[run]),
        }
        findings.append(Finding(_name(**numbers), **numbers))
    return findings


def where_after(task, seeds, sweeps, **how):
    """Where each of many runs stands after so many sweeps: a list of Finding; `how` goes to `train`."""
    return where(task, train(task, seeds, sweeps, keep_every=max(sweeps, 1), **how).state.w)


def _name(*, wrong, gradient, passed_on, least_curvature, most_curvature, away, left, **_):
    if not wrong:
        return "solved"
    if gradient >= FLAT:
        return "on the way"
    zero = max(CURVED[0] * max(most_curvature, -least_curvature), CURVED[1])
    if least_curvature > zero and away < NEAR and left < max(CLOSER[0] * away, CLOSER[1]):
        return "true minimum"
    if passed_on < PASSED_ON:
        return "saturation"
    return "saddle" if least_curvature < -zero and away < NEAR else "plateau"


def _answers(task, w):
    """E (runs,), wrong cases (runs,), and the mean slope of each group in them, {group: (runs,)}."""
    passes = Passes(task.network, w, task.cases.inputs, task.cases.desired, task.recipe.tolerance)
    passes.forward()
    off = {name: np.abs(passes.y[name] - d) >= task.right_within for name, d in passes.d.items()}
    wrong = np.any([far.any(1) for far in off.values()], axis=0)
    E, _ = passes.compare()
    slopes = {}
    for group in task.network.upward:
        slope = np.broadcast_to(
            group.unit.slope(passes.y[group.name], passes.x[group.name]), passes.y[group.name].shape
        )
        counts = off.get(group.name, np.broadcast_to(wrong[:, None], slope.shape))
        slopes[group.name] = np.sum(slope * counts, axis=(1, 2)) / np.maximum(counts.sum((1, 2)), 1)
    return E, wrong.sum(1), slopes


def _passed_on(task, name, slope):
    if not name or np.isnan(slope):
        return np.nan
    x = np.linspace(-10, 10, 201)
    unit = task.network[name].unit
    return float(slope / np.max(unit.slope(unit.output(x), x)))


def _short(number):
    return f"{number:.2g}".replace("-", "−")


def trap(hidden=1):
    """A task with a true local minimum for a network with one hidden unit (1-1-1).

    The outputs rise with the input, but for one far case where almost nothing is desired. The unit can rise along the
    five and miss the sixth, which is a minimum (E = .1435, where most starts end), or stay level and fall for the sixth
    (E down to .1301, far away). A second hidden unit is "a few more connections": with it there is a way around.

    Parameters
    ----------
    hidden : int
        Hidden units.
    """
    inputs, desired = [-2, -1, 0, 1, 2, 10], [0.2, 0.3, 0.5, 0.7, 0.8, 0.1]
    return Task(
        name="trap",
        network=layered({"input": 1, "hidden": whole(hidden, "the number of hidden units", 1), "output": 1}),
        cases=Cases({"input": np.transpose([inputs])}, {"output": np.transpose([desired])}),
        recipe=Recipe((Phase(epsilon=0.3, alpha=0.9),), start=Start(3.0)),
        right_within=0.1,
    )
