"""What came before: the perceptron-convergence procedure (ref. 1), and proofs of what is beyond it (ref. 2).

"One simple task that cannot be done by just connecting the input units to the output units is the detection of
symmetry."
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm

import numpy as np

from ..validate import whole


@dataclass(frozen=True)
class PerceptronRun:
    """What the perceptron-convergence procedure did.

    Attributes
    ----------
    w : (sweeps + 1, units, inputs + 1) array
        Weights into each output unit before the first sweep and after every one; the bias last.
    mistakes : (sweeps, units) array of int
        Wrong answers during each sweep.
    settled_at : int
        Sweeps after which every answer is right; -1 never.
    repeats : (int, int) or None
        The first sweep after which the weights are just as they were, and after which sweep they were so: from there on
        the same sweeps come again for ever. Whole numbers as inputs make this exact.
    """

    w: np.ndarray
    mistakes: np.ndarray
    settled_at: int
    repeats: tuple | None


def perceptron(task, sweeps=1000, *, w=None):
    """The perceptron-convergence procedure: if an answer is wrong, add the input or subtract it.

    Each output unit is on if its total input is above 0. Cases are shown in their order; sweeping ends after a sweep
    without a mistake, or when the weights are as they were before, which can only go on for ever.

    Parameters
    ----------
    task : Task
        Its cases; its network is not used. Outputs should be on if their desired state is above .5.
    sweeps : int
        At most so many.
    w : (units, inputs + 1) array, optional
        A start other than 0.

    Returns
    -------
    PerceptronRun

    References
    ----------
    Rosenblatt, Principles of Neurodynamics (1961).
    """
    inputs, on = _patterns(task)
    w = np.zeros((on.shape[1], inputs.shape[1])) if w is None else np.array(w, float)
    if w.shape != (on.shape[1], inputs.shape[1]):
        raise ValueError(f"w has shape {w.shape}; (units, inputs + 1) = {(on.shape[1], inputs.shape[1])} is expected")
    history, mistakes, seen, repeats = [w], [], {w.tobytes(): 0}, None
    for sweep in range(1, whole(sweeps, "the number of sweeps") + 1):
        w, wrong = _sweep(w, inputs, on)
        history.append(w)
        mistakes.append(wrong)
        if not wrong.any():
            return PerceptronRun(np.array(history), np.array(mistakes), sweep - 1, None)
        if w.tobytes() in seen:
            repeats = (sweep, seen[w.tobytes()])
            break
        seen[w.tobytes()] = sweep
    return PerceptronRun(np.array(history), np.array(mistakes).reshape(-1, on.shape[1]), -1, repeats)


def _sweep(w, inputs, on):
    w, mistakes = w.copy(), np.zeros(len(w), int)
    for x, should in zip(inputs, on, strict=True):
        wrong = (w @ x > 0) != should
        w[wrong] += np.outer(np.where(should[wrong], 1, -1), x)
        mistakes += wrong
    return w, mistakes


@dataclass(frozen=True)
class Weights:
    """A proof that a task can be done by direct connections: weights that do it, in whole numbers.

    Attributes
    ----------
    w : tuple of int
        One an input, the bias last: the total input is above 0 if the output should be on, else below 0.
    """

    w: tuple


@dataclass(frozen=True)
class Balance:
    """A proof that a task cannot be done by direct connections: cases that balance.

    The patterns that should be on, each taken as often as told, add up to the same as those that should be off, and
    they are as many. Any weights give both sides the same total input, bias included; but one side would have to be
    above 0 in every case, and the other not.

    Attributes
    ----------
    on, off : tuple of int
        Cases (rows) that should be on, and off.
    times_on, times_off : tuple of int
        How often each is taken.
    """

    on: tuple
    off: tuple
    times_on: tuple
    times_off: tuple


def separate(task, unit=0):
    """Decide exactly whether direct connections can do a task, and prove it either way.

    Two and two cases that balance are looked for first, since they are seen at a glance (no weights separate exclusive
    or, or symmetry); else linear programming in fractions finds the proof, whichever way it goes.

    Parameters
    ----------
    task : Task
    unit : int
        Which output unit, counted over all output groups.

    Returns
    -------
    proof : Weights or Balance
        `check_proof` verifies it.
    """
    patterns, on = _exact(task, unit)
    proof = _two_and_two(patterns, on) or _by_linear_programming(patterns, on)
    check_proof(task, proof, unit)
    return proof


def check_proof(task, proof, unit=0):
    """Verify a proof of `separate` in exact arithmetic.

    Raises
    ------
    ValueError
        If it proves nothing, saying where it fails.
    """
    patterns, on = _exact(task, unit)
    if isinstance(proof, Weights):
        for case, (x, should) in enumerate(zip(patterns, on, strict=True)):
            total = sum(w * v for w, v in zip(proof.w, x, strict=True))
            if (total > 0) != should or total == 0:
                side = "above" if should else "below"
                raise ValueError(f"case {task.cases.names[case]} gets a total input of {total}; {side} 0 is expected")
        return
    if not proof.on or min((*proof.times_on, *proof.times_off), default=0) < 1:
        raise ValueError("the balance is empty; every case in it has to be taken once at least")
    for cases, should in ((proof.on, True), (proof.off, False)):
        for case in cases:
            if on[case] != should:
                found = "off" if should else "on"
                raise ValueError(f"case {task.cases.names[case]} should be {found}, but stands on the other side")
    left, right = _sum(patterns, proof.on, proof.times_on), _sum(patterns, proof.off, proof.times_off)
    if left != right:
        raise ValueError(f"the sides add up to {_written(left)} and {_written(right)}; the same is expected")


def _patterns(task):
    """Inputs with a last one that is always 1, (cases, inputs + 1), and which outputs should be on (cases, units)."""
    inputs = np.hstack([task.cases.inputs[name] for name in task.network.input_names])
    on = np.hstack(list(task.cases.desired.values())) > 0.5
    return np.hstack([inputs, np.ones((len(inputs), 1))]), on


def _exact(task, unit):
    inputs, on = _patterns(task)
    if unit not in range(on.shape[1]):
        raise ValueError(f"output unit {unit!r}; a whole number from 0 to {on.shape[1] - 1} is expected")
    return [tuple(map(Fraction, row)) for row in inputs.tolist()], on[:, unit].tolist()


def _two_and_two(patterns, on):
    """The first two cases that should be on and two that should be off with the same sum; or None."""
    cases = range(len(patterns))
    sums = {}
    for pair in combinations((case for case in cases if on[case]), 2):
        sums.setdefault(_sum(patterns, pair, (1, 1)), pair)
    for pair in combinations((case for case in cases if not on[case]), 2):
        if _sum(patterns, pair, (1, 1)) in sums:
            return Balance(sums[_sum(patterns, pair, (1, 1))], pair, (1, 1), (1, 1))
    return None


def _by_linear_programming(patterns, on):
    """Shares of the cases, none below 0 and 1 together, that balance; or else the weights that forbid it.

    The simplex method on the rows "on minus off = 0" for every input and the bias, and "all shares = 1". It begins with
    a helper column for each row, and makes what the helpers hold as small as it can: 0 if there is a balance.
    """
    rows = [[x[i] if o else -x[i] for x, o in zip(patterns, on, strict=True)] for i in range(len(patterns[0]))]
    rows.append([Fraction(1)] * len(patterns))
    last = len(rows) - 1
    table = [[*row, *(Fraction(k == i) for k in range(len(rows))), Fraction(i == last)] for i, row in enumerate(rows)]
    cost = [-sum(column) for column in zip(*rows, strict=True)] + [Fraction(0)] * len(rows) + [Fraction(-1)]
    basis = _simplex(table, cost, len(patterns))
    if cost[-1] == 0:
        return _balance(on, {column: row[-1] for column, row in zip(basis, table, strict=True) if row[-1]})
    return Weights(_whole([held - 1 for held in cost[len(patterns) : -2]]))


def _simplex(table, cost, columns):
    """Bring `table` and `cost` to their optimum in place; return which column each row stands for."""
    basis = list(range(columns, columns + len(table)))
    # Always the first column that helps (Bland's rule), so that no choice comes round again.
    while (enters := next((column for column in range(columns) if cost[column] < 0), None)) is not None:
        ratios = [(row[-1] / row[enters], basis[r], r) for r, row in enumerate(table) if row[enters] > 0]
        leaves = min(ratios)[2]
        basis[leaves] = enters
        table[leaves] = [value / table[leaves][enters] for value in table[leaves]]
        for row in (*table[:leaves], *table[leaves + 1 :], cost):
            if row[enters]:
                row[:] = [value - row[enters] * other for value, other in zip(row, table[leaves], strict=True)]
    return basis


def _balance(on, shares):
    times = dict(zip(shares, _whole(list(shares.values())), strict=True))
    sides = [[case for case in sorted(times) if on[case] == should] for should in (True, False)]
    return Balance(*(tuple(side) for side in sides), *(tuple(times[case] for case in side) for side in sides))


def _whole(fractions):
    """The smallest whole numbers in the same proportion."""
    up = lcm(*(value.denominator for value in fractions))
    numbers = [int(value * up) for value in fractions]
    return tuple(number // (gcd(*numbers) or 1) for number in numbers)


def _sum(patterns, cases, times):
    """Sum of patterns, each taken so many times."""
    chosen = [patterns[case] for case in cases]
    return tuple(sum(t * v for t, v in zip(times, values, strict=True)) for values in zip(*chosen, strict=True))


def _written(sums):
    return "(" + ", ".join(map(str, sums)) + ")"
