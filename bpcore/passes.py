"""The two passes, equations (1) to (7): the definition that every other engine must agree with.

"For a given case, the partial derivatives of the error with respect to each weight are computed in two passes."
"""

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
        self.y = {name: np.array(np.transpose(inputs[name]), float, order="C")[None] for name in network.input_names}
        self.d = {name: np.array(np.transpose(d), float, order="C") for name, d in (desired or {}).items()}
        shapes = {group.name: (len(w), group.size, cases) for group in network.upward}
        self.x, y, self.dE_dx, self.dE_dy, self._term = (
            {name: np.zeros(shape) for name, shape in shapes.items()} for _ in range(5)
        )
        self.y |= y
        self.dE_dw = np.zeros_like(w)
        self._weight, self._dE_dw = network.blocks(w), network.blocks(self.dE_dw)
        # A group fed by several links adds them up; a block shared by several links adds up their derivatives.
        self._shared = [block for block, uses in network.block_uses.items() if uses > 1]

    def forward(self):
        """Set the states of all groups, from the bottom up."""
        for group in self.network.upward:
            x, term = self.x[group.name], self._term[group.name]
            into = x
            for link in self.network.into(group.name):
                if link.source == ONE:
                    into[...] = self._weight[link.block]  # the bias, times 1
                else:
                    np.matmul(self._weight[link.block], self.y[link.source], out=into)
                if into is term:
                    x += term  # (1)
                into = term
            group.unit.put_output(x, self.y[group.name])  # (2)

    def compare(self):
        """Compare the outputs with the desired states: dE/dy (4).

        Returns
        -------
        E : (runs,) array
            Total error, equation (3).
        worst : (runs,) array
            Largest distance of any output from its desired state, in any case: below .5 every answer is right.
        """
        E, worst = 0.0, 0.0
        for dE_dy in self.dE_dy.values():
            dE_dy.fill(0.0)
        for name, d in self.d.items():
            dE_dy = self.dE_dy[name]
            np.subtract(self.y[name], d, out=dE_dy)  # (4)
            distance = np.abs(dE_dy, out=self._term[name]).reshape(len(dE_dy), -1).max(-1)
            worst = np.maximum(worst, distance)
            E = E + half_sum_of_squares(apply_tolerance(dE_dy, self.tolerance))  # (3)
        return E, worst

    def backward(self):
        """Propagate derivatives from the top groups back to the bottom ones, leaving dE/dw in `dE_dw`."""
        for block in self._shared:
            self._dE_dw[block].fill(0.0)
        for group in reversed(self.network.upward):
            dE_dx = self.dE_dx[group.name]
            group.unit.put_slope(self.y[group.name], self.x[group.name], dE_dx)
            dE_dx *= self.dE_dy[group.name]  # (5)
            for link in self.network.into(group.name):
                self._accumulate(link, dE_dx)  # (6)
                if link.source in self.dE_dy:
                    back, term = self._weight[link.block].swapaxes(-1, -2), self._term[link.source]
                    self.dE_dy[link.source] += np.matmul(back, dE_dx, out=term)  # (7)
        if self.tied == "average":
            for block in self._shared:
                self._dE_dw[block][...] /= self.network.block_uses[block]

    def _accumulate(self, link, dE_dx):
        """dE/dw of a link, accumulated over the cases, equation (6)."""
        dE_dw = self._dE_dw[link.block]
        place = np.empty_like(dE_dw) if link.block in self._shared else dE_dw
        if link.source == ONE:
            np.add.reduce(dE_dx, -1, out=place, keepdims=True)  # y of the extra unit is 1
        else:
            np.matmul(dE_dx, self.y[link.source].swapaxes(-1, -2), out=place)
        if place is not dE_dw:
            dE_dw += place


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
