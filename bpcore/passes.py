"""The two passes, equations (1) to (7): the definition that every other engine must agree with.

"For a given case, the partial derivatives of the error with respect to each weight are computed in two passes."
"""

import math
from functools import cached_property, partial, reduce

import numpy as np

from .error import apply_tolerance, half_sum_of_squares
from .network import ONE


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
        self.network, self.tolerance, self.tied = network, tolerance, tied
        cases = len(next(iter(inputs.values())))
        self.y = {name: _room(1, network.size(name), cases) for name in network.input_names}
        for name, y in self.y.items():
            y[...] = np.transpose(inputs[name])
        self.d = {name: np.array(np.transpose(d), float, order="C") for name, d in (desired or {}).items()}
        shapes = {group.name: (len(w), group.size, cases) for group in network.upward}
        self.x, y, self.dE_dx, self.dE_dy = ({name: _room(*shape) for name, shape in shapes.items()} for _ in range(4))
        self.y |= y
        self._w, self.dE_dw = _room(*w.shape), _room(*w.shape)
        self._distance = {name: np.empty(shapes[name]) for name in self.d}
        # Which arrays meet in which equation is the same every time, so each pass is a list of steps, made once.
        self._forward = [partial(np.copyto, self._w, w), *self._upward(network.blocks(self._w))]

    def forward(self):
        """Set the states of all groups, from the bottom up."""
        for step in self._forward:
            step()

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
            worst.append(np.abs(dE_dy, out=self._distance[name]).max((1, 2)))
            E.append(half_sum_of_squares(apply_tolerance(dE_dy, self.tolerance)))  # (3)
        return reduce(np.add, E), reduce(np.maximum, worst)

    def backward(self):
        """Propagate derivatives from the top groups back to the bottom ones, leaving dE/dw in `dE_dw`."""
        for step in self._backward:
            step()

    @cached_property
    def _backward(self):
        """Not made where only states are asked for."""
        y = self.y | {ONE: np.ones((1, 1, next(iter(self.y.values())).shape[2]))}
        return list(self._downward(self.network.blocks(self._w), y, self.network.blocks(self.dE_dw)))

    def _upward(self, weight):
        """Steps of the forward pass."""
        for group in self.network.upward:
            x, y, begun = self.x[group.name], self.y[group.name], False
            for link in sorted(self.network.into(group.name), key=lambda link: link.source != ONE):
                w = weight[link.block]
                if link.source == ONE:
                    yield partial(np.copyto, x, w)  # the bias, times 1
                else:
                    yield from _product(w, self.y[link.source], x, begun)  # (1)
                begun = True
            yield partial(group.unit.put_output, x, y)  # (2)

    def _downward(self, weight, y, dE_dw):
        """Steps of the backward pass."""
        # Sums that hold something by then: of the output groups, what compare() found by (4).
        groups_begun, blocks_begun = set(self.d), set()
        for group in reversed(self.network.upward):
            dE_dx, dE_dy = self.dE_dx[group.name], self.dE_dy[group.name]
            yield partial(group.unit.put_slope, y[group.name], self.x[group.name], dE_dx)
            yield partial(np.multiply, dE_dx, dE_dy, out=dE_dx)  # (5)
            for link in self.network.into(group.name):
                y_i, w, below = _turned(y[link.source]), _turned(weight[link.block]), self.dE_dy.get(link.source)
                yield from _product(dE_dx, y_i, dE_dw[link.block], link.block in blocks_begun)  # (6)
                if below is not None:
                    yield from _product(w, dE_dx, below, link.source in groups_begun)  # (7)
                groups_begun.add(link.source)
                blocks_begun.add(link.block)
        for block, uses in self.network.block_uses.items():
            if uses > 1 and self.tied == "average":
                yield partial(np.divide, dE_dw[block], uses, out=dE_dw[block])


def _product(a, b, total, begun):
    """Steps for ``total = a b``, or for ``total += a b`` where the sum has begun."""
    if not begun:
        return [partial(np.matmul, a, b, out=total)]
    term = _room(*total.shape)
    return [partial(np.matmul, a, b, out=term), partial(np.add, total, term, out=total)]


def _room(runs, *shape):
    """Zeros, (runs, *shape), in which every run begins at a multiple of 16 bytes.

    Where runs lie closer, every second one begins beside it, and on some processors the products of matrices then add
    up in another order: a run would not be the same to the last bit in any company.
    """
    size = math.prod(shape)
    return np.zeros((runs, size + size % 2))[:, :size].reshape(runs, *shape)


def _turned(matrices):
    """Each matrix transposed."""
    return matrices.swapaxes(-1, -2)


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
    counts = {name: len(inputs[name]) for name in network.input_names}
    if len(set(counts.values())) > 1:
        found = ", ".join(f"{count} for '{name}'" for name, count in counts.items())
        raise ValueError(f"every group needs the same number of cases, but there are {found}")
    return inputs
