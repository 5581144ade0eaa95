"""Random layered networks, cases and weights for hypothesis to draw: as bpcore has them, and as the oracle has them."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

import bpcore as bp

from . import oracles

arctan = bp.UnitFunction("arctan", np.arctan, lambda _y, x: 1 / (1 + x**2))
"""A function of the user's own."""
UNITS = {unit.name: unit for unit in (bp.logistic, bp.tanh, bp.linear, bp.softplus, arctan)}


@dataclass
class Drawn:
    """One network with cases, recipe and weights, told twice."""

    net: oracles.Sketch
    settings: oracles.Settings
    task: bp.Task
    w: np.ndarray  # (runs, weights)

    @property
    def network(self):
        return self.task.network

    @property
    def cases(self):
        """One (inputs, desired) pair of plain lists a case."""
        tables = self.task.cases.inputs, self.task.cases.desired
        return [
            tuple({name: rows[c].tolist() for name, rows in table.items()} for table in tables)
            for c in range(len(self.task.cases))
        ]

    def weights(self, run=0):
        """Weights of one run as the oracle has them."""
        return by_key(self.network, self.w[run])

    def __repr__(self):
        shape = f"groups {self.net.groups}, links {self.net.links}"
        return f"{shape}, {self.settings}, {len(self.task.cases)} cases, desired {list(self.task.cases.desired)}"


def by_key(network, vector):
    """One weight vector, (weights,), as {(block, j, i): number}."""
    blocks = network.blocks(np.asarray(vector)).items()
    return {(block, j, i): float(value) for block, matrix in blocks for (j, i), value in np.ndenumerate(matrix)}


def vector(network, weights):
    """The inverse of `by_key`."""
    w = np.full(network.n_weights, np.nan)
    blocks = network.blocks(w)
    for (block, j, i), value in weights.items():
        blocks[block][j, i] = value
    return w


@st.composite
def sketches(draw, units=tuple(UNITS)):
    """One to four groups above one or two input groups, any links that lead upward, some of them tied."""
    size, several = st.integers(1, 3), draw(st.integers(1, 4))
    inputs = [(f"in{k}", draw(size), "logistic") for k in range(draw(st.integers(1, 2)))]
    upward = [(f"up{k}", draw(size), draw(st.sampled_from(units))) for k in range(several)]
    groups, links = [*inputs, *upward], []
    for k, (target, _, _) in enumerate(upward, len(inputs)):
        lower = [name for name, _, _ in groups[:k]]
        sources = draw(st.lists(st.sampled_from(lower), min_size=1, max_size=3, unique=True))
        links += [(source, target, (source, target)) for source in sources]
        if draw(st.booleans()):
            links.append(("one", target, ("one", target)))
    return oracles.Sketch(groups, _tied(draw, groups, links))


def _tied(draw, groups, links):
    """The same links, of which some that join as many units to as many share their weights."""
    sizes = {name: size for name, size, _ in groups}
    shapes, tied = {}, []
    for source, target, block in links:
        shape = (source == "one", sizes.get(source, 1), sizes[target])
        shapes.setdefault(shape, block)
        tied.append((source, target, shapes[shape] if draw(st.booleans()) else block))
    return tied


@st.composite
def recipes(draw):
    """Settings of the oracle."""
    rate = st.floats(0.001, 0.1)
    starts = [0, *sorted(draw(st.sets(st.integers(1, 4), max_size=2)))]
    decay = st.sampled_from([0.0, 0.002, 0.05])
    return oracles.Settings(
        phases=[(start, draw(rate), draw(st.floats(0, 0.95)), draw(decay)) for start in starts],
        decay_biases=draw(st.booleans()),
        margin=draw(st.sampled_from([None, 0.1, 0.2])),
        reading=draw(st.sampled_from(["printed", "edge"])),
        update=draw(st.sampled_from(["sweep", "case"])),
        tied=draw(st.sampled_from(["average", "sum"])),
    )


@st.composite
def drawn(draw, runs=1, n_cases=None, units=tuple(UNITS), **fixed):
    """A network with everything it needs to learn; `fixed` are settings that are not drawn."""
    net, settings = draw(sketches(units)), draw(recipes())
    for name, value in fixed.items():
        setattr(settings, name, value)
    # The numbers themselves come from a generator: hypothesis loves 0 and 0.2, where a tolerance has its edge.
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n_cases = n_cases or draw(st.integers(1, 4))
    upward = [name for name, _, _ in net.groups if name not in net.inputs]
    outputs = {upward[-1], *draw(st.lists(st.sampled_from(upward), max_size=2))}
    cases = bp.Cases(
        {name: numbers.uniform(-1, 1, (n_cases, net.sizes[name])) for name in net.inputs},
        {name: numbers.uniform(0, 1, (n_cases, net.sizes[name])) for name in upward if name in outputs},
    )
    network = as_network(net, numbers)
    task = bp.Task("drawn", network, cases, as_recipe(settings))
    return Drawn(net, settings, task, numbers.uniform(-1, 1, (runs, network.n_weights)))


def as_network(net, numbers):
    """`net` as a bpcore Network; the groups are given in any order, as a user may give them."""
    biased = {target for source, target, _ in net.links if source == "one"}
    groups = [bp.Group(name, size, UNITS[unit], name in biased) for name, size, unit in net.groups]
    given = [bp.Link(*link) for link in net.links if link[0] != "one" or link[2] != ("one", link[1])]
    return bp.Network([groups[k] for k in numbers.permutation(len(groups))], given)


def as_recipe(settings):
    """The oracle's settings as a Recipe."""
    return bp.Recipe(
        phases=[bp.Phase(*phase) for phase in settings.phases],
        decay_biases=settings.decay_biases,
        tolerance=None if settings.margin is None else bp.Tolerance(settings.margin, settings.reading),
        update=settings.update,
        tied=settings.tied,
    )


def same(one, other):
    """Are these arrays the same to the last bit, NaN included?"""
    one, other = np.asarray(one), np.asarray(other)
    return one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
