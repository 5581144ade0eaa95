"""The two workloads of the benchmark: the symmetry network of Fig. 1, and the shape of the family-tree network."""

from dataclasses import dataclass, replace

import numpy as np

import bpcore as bp
from bpcore import tasks


@dataclass(frozen=True)
class Workload:
    """A task with the starting weights of some runs.

    `layers` is the same network for peers that only know layers: (target, sources) from the bottom up, with biases.
    """

    name: str
    task: bp.Task
    layers: tuple
    w: np.ndarray
    sweeps: int
    margin: float = 0.0
    decay: float = 0.0

    @property
    def phase(self):
        return self.task.recipe.phases[0]

    def runs(self, n):
        """The same with n runs."""
        return replace(self, w=bp.start(self.task.network, range(n)))


def symmetry(width=6, hidden=2, sweeps=1425, runs=1, epsilon=0.1):
    task = tasks.symmetry(width, hidden)
    task = replace(task, recipe=task.recipe.throughout(epsilon=epsilon))
    layers = (("hidden", ("input",)), ("output", ("hidden",)))
    return Workload(f"symmetry {width}-{hidden}-1", task, layers, bp.start(task.network, range(runs)), sweeps)


def trees(sweeps=1500, runs=1):
    """24+12 -> 6+6 -> 12 -> 6 -> 24 units and 104 cases of made-up facts, with decay and tolerance."""
    layers = (("a", ("person",)), ("b", ("relation",)), ("c", ("a", "b")), ("d", ("c",)), ("answer", ("d",)))
    sizes = {"person": 24, "relation": 12, "a": 6, "b": 6, "c": 12, "d": 6, "answer": 24}
    network = bp.Network(
        [bp.Group(name, size) for name, size in sizes.items()],
        [bp.Link(source, target) for target, sources in layers for source in sources],
    )
    draw, eye = np.random.default_rng(1986), np.eye
    inputs = {"person": eye(24)[draw.integers(24, size=104)], "relation": eye(12)[draw.integers(12, size=104)]}
    cases = bp.Cases(inputs, {"answer": eye(24)[draw.integers(24, size=104)]})
    recipe = bp.Recipe((bp.Phase(0, 0.01, 0.9, 0.002),), tolerance=bp.Tolerance(0.2))
    task = bp.Task("trees", network, cases, recipe)
    return Workload("family-tree shape", task, layers, bp.start(network, range(runs)), sweeps, 0.2, 0.002)
