"""The paper written out one unit, one case and one weight at a time, in plain Python.

It shares no code and no array with bpcore: a network is a list of groups and links, the weights are a dict
``{(block, j, i): w_ji}``, and every equation is the loop that the paper's indices describe. What is slow and obvious
here decides about what is fast there.
"""

import math
from dataclasses import dataclass, field


@dataclass
class Sketch:
    """A layered network, from the bottom up."""

    groups: list  # (name, size, name of the unit function)
    links: list  # (source, target, block); the source "one" is the unit that is always 1

    def into(self, name):
        return [link for link in self.links if link[1] == name]

    @property
    def sizes(self):
        return {"one": 1} | {name: size for name, size, _ in self.groups}

    @property
    def inputs(self):
        return [name for name, _, _ in self.groups if not self.into(name)]

    @property
    def biases(self):
        return {
            (block, j, 0) for source, target, block in self.links if source == "one" for j in range(self.sizes[target])
        }


@dataclass
class Settings:
    """What the oracle is told about learning."""

    phases: list = field(default_factory=lambda: [(0, 0.1, 0.9, 0.0)])  # (first sweep, epsilon, alpha, weight decay)
    decay_biases: bool = True
    margin: float | None = None
    reading: str = "printed"
    update: str = "sweep"
    tied: str = "average"


UNITS = {
    "logistic": (lambda x: 1 / (1 + math.exp(-x)), lambda y, x: y * (1 - y)),  # (2)
    "tanh": (math.tanh, lambda y, x: 1 / math.cosh(x) ** 2),
    "linear": (lambda x: x, lambda y, x: 1.0),
    "softplus": (lambda x: math.log(1 + math.exp(x)), lambda y, x: math.exp(x) / (1 + math.exp(x))),
    "arctan": (math.atan, lambda y, x: 1 / (1 + x * x)),
}


def forward(net, w, inputs):
    """x and y of every unit for one case: {(group, j): number}."""
    x, y = {}, {("one", 0): 1.0}
    for name, size, unit in net.groups:
        for j in range(size):
            if name in net.inputs:
                y[name, j] = inputs[name][j]
                continue
            x[name, j] = 0.0
            for source, _, block in net.into(name):
                for i in range(net.sizes[source]):
                    x[name, j] += y[source, i] * w[block, j, i]  # (1)
            y[name, j] = UNITS[unit][0](x[name, j])  # (2)
    return x, y


def difference(y, d, settings):
    """What counts of y - d."""
    off = y - d
    if settings.margin is not None:
        if abs(off) < settings.margin:
            return 0.0
        if settings.reading == "edge":
            return off - settings.margin if off > 0 else off + settings.margin
    return off


def error(net, w, cases, settings):
    """Equation (3)."""
    E = 0.0
    for inputs, desired in cases:
        _, y = forward(net, w, inputs)
        for name, d in desired.items():
            for j in range(len(d)):
                E += 0.5 * difference(y[name, j], d[j], settings) ** 2  # (3)
    return E


def gradient(net, w, cases, settings):
    """dE/dw accumulated over the cases, as {weight: number}."""
    dE_dw = dict.fromkeys(w, 0.0)
    for inputs, desired in cases:
        x, y = forward(net, w, inputs)
        dE_dy = dict.fromkeys(y, 0.0)
        for name, d in desired.items():
            for j in range(len(d)):
                dE_dy[name, j] = difference(y[name, j], d[j], settings)  # (4)
        for name, size, unit in reversed(net.groups):
            for j in range(size if net.into(name) else 0):
                dE_dx = dE_dy[name, j] * UNITS[unit][1](y[name, j], x[name, j])  # (5)
                for source, _, block in net.into(name):
                    for i in range(net.sizes[source]):
                        dE_dw[block, j, i] += dE_dx * y[source, i]  # (6)
                        dE_dy[source, i] += dE_dx * w[block, j, i]  # (7)
    if settings.tied == "average":  # "we average dE/dw for all the weights in each set of corresponding weights"
        for key in dE_dw:
            dE_dw[key] /= sum(block == key[0] for _, _, block in net.links)
    return dE_dw


def learn(net, w, cases, settings, sweeps):
    """Weights, velocities and E after each sweep, as [(w, delta_w, E)]; the first is the start."""
    w, delta_w = dict(w), dict.fromkeys(w, 0.0)
    after = [(dict(w), dict(delta_w), error(net, w, cases, settings))]
    for t in range(sweeps):
        _, epsilon, alpha, decay = [phase for phase in settings.phases if phase[0] <= t][-1]
        for some in [cases] if settings.update == "sweep" else [[case] for case in cases]:
            dE_dw = gradient(net, w, some, settings)
            for key in w:
                delta_w[key] = -epsilon * dE_dw[key] + alpha * delta_w[key]  # (9)
                w[key] += delta_w[key]
                if settings.decay_biases or key not in net.biases:
                    w[key] -= decay * w[key]  # "decrementing every weight by 0.2% after each weight change"
        after.append((dict(w), dict(delta_w), error(net, w, cases, settings)))
    return after


def slopes(net, w, cases, settings, step=1e-3):
    """dE/dw by finite differences: E at two points on either side, whose errors of order step^2 cancel."""

    def moved(key, by):
        return error(net, w | {key: w[key] + by}, cases, settings)

    return {
        key: (8 * (moved(key, step) - moved(key, -step)) - (moved(key, 2 * step) - moved(key, -2 * step))) / (12 * step)
        for key in w
    }
