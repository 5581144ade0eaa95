"""The two passes, equations (1) to (7): the definition that every other engine must agree with.

"For a given case, the partial derivatives of the error with respect to each weight are computed in two passes."
"""

# ruff: noqa: PLW2901 (sums are made in place)
import math
from functools import reduce
from typing import NamedTuple

import numpy as np

from .error import apply_tolerance, half_sum_of_squares
from .network import ONE
from .units import UnitFunction
from .validate import same_length


class _Link(NamedTuple):
    """The arrays of a link from units i to units j."""

    y_i: np.ndarray
    w: np.ndarray
    dE_dw: np.ndarray
    dE_dy_i: np.ndarray | None  # none if the units i belong to an input group


class _Layer(NamedTuple):
    """The arrays of a group of units j, and the links into it."""

    unit: UnitFunction
    bias: np.ndarray | float
    x: np.ndarray
    y: np.ndarray
    dE_dx: np.ndarray
    dE_dy: np.ndarray
    into: list  # all links
    feeding: list  # those that do not come from the unit that is always 1


class Passes:
    """The two passes of many nets over the same cases, in memory of their own.

    Parameters
    ----------
    network : Network
    w : (runs, weights) array
        Read at every pass: change it in place between passes.
    inputs : dict of (cases, units) arrays
    desired : dict of (cases, units) arrays
    tolerance : Tolerance, optional
    tied : {"average", "sum"}

    Attributes
    ----------
    x, y, dE_dx, dE_dy : dict of (runs, units, cases) arrays
        Total inputs, outputs and derivatives of each group; y of an input group is (1, units, cases).
    dE_dw : (runs, weights) array
    """

    def __init__(self, network, w, inputs, desired=None, tolerance=None, tied="average"):
        self.network, self.tolerance, self.w, cases = network, tolerance, w, len(next(iter(inputs.values())))
        self.y = {name: aligned_zeros(1, network.size(name), cases) for name in network.input_names}
        for name, y in self.y.items():
            y[...] = np.transpose(inputs[name])
        self.d = {name: np.array(np.transpose(d), float, order="C") for name, d in (desired or {}).items()}
        self._w, self.dE_dw = aligned_zeros(*w.shape), aligned_zeros(*w.shape)
        shapes = {group.name: (len(w), group.size, cases) for group in network.upward}
        self.x, y, self.dE_dx, self.dE_dy = (
            {name: aligned_zeros(*shape) for name, shape in shapes.items()} for _ in range(4)
        )
        self.y |= y
        self._sums = [dE_dy for name, dE_dy in self.dE_dy.items() if name not in self.d]
        self._layers = self._look_up(cases)
        gradient, uses = network.blocks(self.dE_dw), network.block_uses
        self._average = [(gradient[k], uses[k]) for k in uses if uses[k] > 1 and tied == "average"]

    def _look_up(self, cases):
        """Which arrays meet in which equation is the same every time: the layers, from the bottom up."""
        net, weight, gradient = self.network, self.network.blocks(self._w), self.network.blocks(self.dE_dw)
        y, layers = self.y | {ONE: np.ones((1, 1, cases))}, []
        for group in net.upward:
            links = net.into(group.name)
            into = [_Link(y[k.source], weight[k.block], gradient[k.block], self.dE_dy.get(k.source)) for k in links]
            bias = next((weight[k.block] for k in links if k.source == ONE), 0.0)
            feeding = [arrays for k, arrays in zip(links, into, strict=True) if k.source != ONE]
            arrays = [of[group.name] for of in (self.x, self.y, self.dE_dx, self.dE_dy)]
            layers.append(_Layer(group.unit, bias, *arrays, into, feeding))
        return layers

    def forward(self):
        """Set the states of all groups, from the bottom up."""
        np.copyto(self._w, self.w)
        for unit, bias, x, y, _, _, _, feeding in self._layers:
            x[...] = bias  # times 1
            for y_i, w, _, _ in feeding:
                x += w @ y_i  # (1)
            unit.put_output(x, y)

    def compare(self):
        """Compare the outputs with the desired states: dE/dy (4).

        Returns
        -------
        E : (runs,) array
            Total error, equation (3).
        worst : (runs,) array
            Largest distance of any output from its desired state, in any case: below .5 every answer is right.
        """
        E, worst = [], []
        for name, d in self.d.items():
            dE_dy = np.subtract(self.y[name], d, out=self.dE_dy[name])  # (4)
            worst.append(np.abs(dE_dy).max((1, 2)))
            E.append(half_sum_of_squares(apply_tolerance(dE_dy, self.tolerance)))
        return reduce(np.add, E), reduce(np.maximum, worst)

    def backward(self):
        """Propagate derivatives from the top groups back to the bottom ones, leaving dE/dw in `dE_dw`."""
        self.dE_dw.fill(0.0)
        for dE_dy in self._sums:
            dE_dy.fill(0.0)
        for unit, _, x, y, dE_dx, dE_dy, into, _ in reversed(self._layers):
            dy_dx = unit.put_slope(y, x, dE_dx)
            np.multiply(dE_dy, dy_dx, out=dE_dx)  # (5)
            for y_i, w, dE_dw, dE_dy_i in into:
                dE_dw += dE_dx @ y_i.mT  # (6)
                if dE_dy_i is not None:
                    dE_dy_i += w.mT @ dE_dx  # (7)
        for dE_dw, uses in self._average:
            dE_dw /= uses


def aligned_zeros(runs, *shape):
    """Zeros, (runs, *shape), in which every run begins at a multiple of 16 bytes.

    If they lie closer, every second run begins 8 bytes off, and some processors then add up products of matrices in
    another order: a run would not be the same to the last bit in any company.
    """
    size = math.prod(shape)
    return np.zeros((runs, size + size % 2))[:, :size].reshape(runs, *shape)


def forward(network, w, inputs):
    """States of all units for all cases, equations (1) and (2).

    Parameters
    ----------
    network : Network
    w : (runs, weights) or (weights,) array
    inputs : dict of (cases, units) arrays
        States of every input group, as ``cases.inputs`` has them.

    Returns
    -------
    y : dict of (runs, units, cases) arrays
        An input group's is (1, units, cases), since all runs share it.
    """
    passes = Passes(network, _runs_of(network, w), _checked(network, inputs))
    passes.forward()
    return passes.y


def gradient(network, w, cases, recipe=None):
    """dE/dw accumulated over the cases, equations (4) to (7).

    Parameters
    ----------
    network : Network
    w : (runs, weights) or (weights,) array
    cases : Cases
    recipe : Recipe, optional
        Its tolerance, and whether tied weights average or sum.

    Returns
    -------
    dE_dw : (runs, weights) array
    """
    cases.check(network)
    how = {} if recipe is None else {"tolerance": recipe.tolerance, "tied": recipe.tied}
    passes = Passes(network, _runs_of(network, w), cases.inputs, cases.desired, **how)
    passes.forward()
    passes.compare()
    passes.backward()
    return passes.dE_dw


def _runs_of(network, w):
    w = np.atleast_2d(np.asarray(w, float))
    if w.ndim != 2 or w.shape[1] != network.n_weights:
        raise ValueError(f"weights of shape {w.shape}; (runs, {network.n_weights}) is expected for this network")
    return w


def _checked(network, inputs):
    for name in network.input_names:
        shape = np.shape(inputs[name]) if name in inputs else "none"
        if shape == "none" or len(shape) != 2 or shape[1] != network.size(name):
            expected = f"(cases, {network.size(name)}) is expected"
            raise ValueError(f"inputs of group '{name}': the shape is {shape}; {expected}")
    same_length([(name, inputs[name]) for name in network.input_names])
    return inputs
