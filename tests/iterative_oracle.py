"""An iterative net run step by step, one unit and one link at a time, without unrolling it.

It shares no code with bpcore: the net is one step, kept as lists; time is a loop; the backward pass walks back through
the stored history. What it finds decides about the unrolled net.
"""

import math
from dataclasses import dataclass

UNITS = {
    "logistic": (lambda x: 1 / (1 + math.exp(-x)), lambda y, x: y * (1 - y)),
    "tanh": (math.tanh, lambda y, x: 1 / math.cosh(x) ** 2),
    "linear": (lambda x: x, lambda y, x: 1.0),
}


@dataclass
class Net:
    """One time step of an iterative net."""

    sizes: dict  # units of each group
    units: dict  # name of the unit function of each group that links lead into
    links: list  # (source, target, block); the source "one" is the unit that is always 1

    def size(self, name):
        return 1 if name == "one" else self.sizes[name]

    def reached(self, given, steps):
        """Every (group, step) that a given state has a path to, walked back from there."""

        def comes(name, t):
            if t in given.get(name, ()):
                return True
            return t > 0 and any(comes(source, t - 1) for source, target, _ in self.links if target == name)

        return {(name, t) for name in self.sizes for t in range(steps + 1) if comes(name, t)}


def run(net, w, steps, given, before):
    """History of one case: x and y, {(step, group, unit): number}. given: {(group, step): states}."""
    x, y = {}, {}
    for t in range(steps + 1):
        y[t, "one", 0] = 1.0
        for name, size in net.sizes.items():
            for j in range(size):
                if (name, t) in given:
                    y[t, name, j] = given[name, t][j]
                elif t == 0:
                    y[t, name, j] = before[name][j]
                elif name not in net.units:
                    y[t, name, j] = 0.0
                else:
                    x[t, name, j] = sum(
                        w[block, j, i] * y[t - 1, source, i]
                        for source, target, block in net.links
                        if target == name
                        for i in range(net.size(source))
                    )
                    y[t, name, j] = UNITS[net.units[name]][0](x[t, name, j])
    return x, y


def error(net, w, steps, cases, before):
    """E of all cases: half the sum of squares over every unit and step that has a desired state."""
    E = 0.0
    for given, desired in cases:
        _, y = run(net, w, steps, given, before)
        E += sum((y[t, name, j] - d) ** 2 / 2 for (name, t), states in desired.items() for j, d in enumerate(states))
    return E


def gradients(net, w, steps, cases, before):
    """dE/dw at each step and link apart, {(block, j, i): [(step, source, target, number), ...]}."""
    found = {}
    for given, desired in cases:
        x, y = run(net, w, steps, given, before)
        to_come = {}  # dE/dy of states at the step that the walk back has come to
        for t in range(steps, 0, -1):
            dE_dy, to_come = to_come, {}
            for name, unit in net.units.items():
                for j in range(net.sizes[name]):
                    slope = UNITS[unit][1](y[t, name, j], x[t, name, j])
                    off = y[t, name, j] - desired[name, t][j] if (name, t) in desired else 0.0
                    dE_dx = (dE_dy.get((name, j), 0.0) + off) * slope
                    for source, target, block in net.links:
                        for i in range(net.size(source) if target == name else 0):
                            key = (t, source, target)
                            places = found.setdefault((block, j, i), {})
                            places[key] = places.get(key, 0.0) + dE_dx * y[t - 1, source, i]
                            to_come[source, i] = to_come.get((source, i), 0.0) + dE_dx * w[block, j, i]
    return found
