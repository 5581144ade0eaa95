"""The error surface, cut by a plane: E at every point of a grid, and the path of a run across it.

"The current gradient is used to modify the velocity of the point in weight space instead of its position": equation (9)
is a heavy point on this surface, and alpha says how much of its velocity it keeps.
"""

from dataclasses import dataclass

import numpy as np

from ..cases import Cases
from ..descent import Phase, Recipe
from ..network import Group, Link, Network
from ..task import Task
from ..units import linear
from ..validate import number, whole
from .curvature import error_at


@dataclass(frozen=True)
class Plane:
    """A plane in weight space.

    Parameters
    ----------
    origin : (weights,) array
    directions : (2, weights) array
        What one step along each axis adds to the weights; not parallel.

    Raises
    ------
    ValueError
        For shapes that do not fit, or directions that are parallel.
    """

    origin: np.ndarray
    directions: np.ndarray

    def __post_init__(self):
        origin, directions = np.array(self.origin, float), np.array(self.directions, float)
        if origin.ndim != 1 or directions.shape != (2, len(origin)):
            found = f"an origin of shape {origin.shape} and directions of shape {directions.shape}"
            raise ValueError(f"{found}; (weights,) and (2, weights) are expected")
        if np.linalg.matrix_rank(directions) < 2:
            raise ValueError("the two directions of a plane are parallel, or 0; two different ones are expected")
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "directions", directions)

    def weights(self, a, b):
        """Points of the plane, (..., weights), from their coordinates `a` and `b`, both (...)."""
        a, b = (np.asarray(c, float)[..., None] for c in (a, b))
        return self.origin + a * self.directions[0] + b * self.directions[1]

    def coordinates(self, w):
        """Coordinates (..., 2) of the points of the plane that are nearest to `w`, (..., weights)."""
        return self.along(np.asarray(w, float) - self.origin)

    def along(self, velocity):
        """The part of velocities (..., weights) that lies in the plane, (..., 2)."""
        return np.asarray(velocity, float) @ np.linalg.pinv(self.directions)


def plane_of_weights(w, first, second):
    """The plane in which two weights change and all others stay as they are; its coordinates are those two weights.

    Parameters
    ----------
    w : (weights,) array
    first, second : int
        Places in the weight vector: ``network.place(block)`` says where a block begins.
    """
    w = np.array(w, float).ravel()
    chosen = [whole(place, "the place of a weight", 0, len(w) - 1) for place in (first, second)]
    w[chosen] = 0.0
    return Plane(w, np.eye(len(w))[chosen])


def main_plane(path):
    """The plane nearest to a path: through its middle, along the two directions in which it is longest.

    Parameters
    ----------
    path : (points, weights) array
        Weights that were kept, in order. Each direction points the way the path goes, from its first point to its last.
    """
    path = np.asarray(path, float)
    middle = path.mean(0)
    directions = np.linalg.svd(path - middle, full_matrices=False)[2][:2]
    forth = directions @ (path[-1] - path[0]) >= 0
    return Plane(middle, np.where(forth[:, None], directions, -directions))


@dataclass(frozen=True)
class Path:
    """The path of a run, seen in a plane.

    Attributes
    ----------
    plane : Plane
    sweeps : (points,) array of int
    points : (points, 2) array
        Coordinates in the plane.
    velocity : (points, 2) array
        The part of delta w, equation (9), that lies in the plane: the last step that was made.
    E : (points,) array
        Error of the run itself, wherever it is.
    share : float
        How much of the path lies in the plane: 1 less the squared distances from the plane, as a share of those from
        the middle of the path.
    """

    plane: Plane
    sweeps: np.ndarray
    points: np.ndarray
    velocity: np.ndarray
    E: np.ndarray
    share: float


def path_of(run, plane=None, *, number=0, last=None):
    """The path of a run over the sweeps whose weights were kept.

    Parameters
    ----------
    run : History
    plane : Plane, optional
        The plane nearest to the path by default.
    number : int
        Which of its runs.
    last : int, optional
        Leave out what comes after this sweep.

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If fewer than three points were kept.
    """
    sweeps, w, delta_w = run.kept
    kept = sweeps <= (run.sweeps if last is None else last)
    sweeps, w, delta_w = sweeps[kept], w[kept, number], delta_w[kept, number]
    if len(sweeps) < 3:
        raise ValueError(f"a path of {len(sweeps)} kept points; 3 at least are expected: keep the weights more often")
    plane = plane or main_plane(w)
    points = plane.coordinates(w)
    away, size = w - plane.weights(*points.T), w - w.mean(0)
    share = 1 - np.sum(away**2) / np.sum(size**2)
    return Path(plane, sweeps, points, plane.along(delta_w), run.E[sweeps, number], float(share))


def surface(task, plane, a, b):
    """E at every point of a grid in a plane.

    Parameters
    ----------
    task : Task
    plane : Plane
    a, b : (n,) and (m,) arrays
        Coordinates along its two directions.

    Returns
    -------
    E : (m, n) array
        One row for each of `b`.
    """
    across, up = np.meshgrid(a, b)
    return error_at(task, plane.weights(across.ravel(), up.ravel())).reshape(across.shape)


def around(points, margin=0.25, n=80):
    """Coordinates `a` and `b` of a grid that holds `points` (..., 2), and `margin` of their extent on every side."""
    points = np.asarray(points, float).reshape(-1, 2)
    low, high = points.min(0), points.max(0)
    edge = margin * np.maximum(high - low, 1e-9)
    return tuple(np.linspace(low[k] - edge[k], high[k] + edge[k], n) for k in (0, 1))


def ravine(steep=16.0, epsilon=0.1, alpha=0.0):
    """Two weights and an error surface that is a ravine: `steep` times as curved across as along it.

    A linear unit has two inputs and no bias; each is on in a case of its own, and 0 is desired. So
    E = 1/2 (steep w_1^2 + w_2^2), and equation (9) is that of a ball that rolls in it, with friction 1 - alpha.

    Parameters
    ----------
    steep : float
        Curvature along the first weight; along the second it is 1.
    """
    across = np.sqrt(number(steep, "the curvature of the ravine", 0))
    network = Network([Group("input", 2), Group("output", 1, linear, biases=False)], [Link("input", "output")])
    cases = Cases({"input": [[across, 0], [0, 1]]}, {"output": [[0], [0]]})
    return Task("ravine", network, cases, Recipe((Phase(0, epsilon, alpha),)))
