"""Second derivatives of E: which way the ground bends under a point in weight space.

The paper needs first derivatives alone. These are taken from differences of its exact gradient, to tell a minimum from
a plateau, and to walk to the bottom of one.
"""

from dataclasses import replace

import numpy as np

from ..error import total_error
from ..passes import forward, gradient

STEP = 1e-5
"""How far apart the points of a difference are: rounding and the third derivative then each leave about 1e-9."""
TOGETHER = 1024
"""Points that are evaluated side by side."""


def error_at(task, w):
    """Total error, equation (3), at many points of weight space.

    Parameters
    ----------
    task : Task
        Its network, cases and tolerance.
    w : (points, weights) array

    Returns
    -------
    E : (points,) array
    """
    return _together(w, lambda some: _error(task, some))


def gradient_at(task, w):
    """dE/dw, equations (4) to (7), at many points of weight space: (points, weights), from (points, weights).

    Corresponding weights of an iterative net have the sum of their derivatives here, which is the slope of E.
    """
    recipe = replace(task.recipe, tied="sum")
    return _together(w, lambda some: gradient(task.network, some, task.cases, recipe))


def hessian(task, w):
    """All second derivatives of E by the weights, from central differences of the gradient.

    Parameters
    ----------
    task : Task
    w : (runs, weights) or (weights,) array

    Returns
    -------
    H : (runs, weights, weights) array
        Symmetrical; right to about 1e-9 if second derivatives are of the order of 1.
    """
    w = np.atleast_2d(np.asarray(w, float))
    steps = STEP * np.eye(w.shape[1])
    ahead, behind = (gradient_at(task, (w[:, None] + side * steps).reshape(-1, w.shape[1])) for side in (1, -1))
    H = ((ahead - behind) / (2 * STEP)).reshape(*w.shape, w.shape[1])
    return (H + H.swapaxes(1, 2)) / 2


def hessian_product(task, w, direction):
    """H v, how the gradient changes along a direction: two passes instead of two for each weight, for larger nets.

    Parameters
    ----------
    task : Task
    w, direction : (runs, weights) or (weights,) arrays

    Returns
    -------
    Hv : (runs, weights) array
    """
    w, v = np.broadcast_arrays(np.atleast_2d(np.asarray(w, float)), np.atleast_2d(np.asarray(direction, float)))
    length = np.linalg.norm(v, axis=1, keepdims=True)
    step = STEP / np.where(length > 0, length, 1.0)
    return (gradient_at(task, w + step * v) - gradient_at(task, w - step * v)) / (2 * step)


def newton_step(H, dE_dw):
    """The step to the point at which the gradient would be 0 if E were as curved everywhere as here: -dE/dw / H.

    Parameters
    ----------
    H : (runs, weights, weights) array
    dE_dw : (runs, weights) array

    Returns
    -------
    step : (runs, weights) array
        The shortest if several would do: it has no part along directions without curvature.
    """
    curvature, along = np.linalg.eigh(H)
    level = np.abs(curvature) <= np.maximum(1e-13 * np.abs(curvature).max(1, keepdims=True), 1e-200)
    slope = np.einsum("rij,ri->rj", along, dE_dw)
    return -np.einsum("rij,rj->ri", along, np.where(level, 0.0, slope / np.where(level, 1.0, curvature)))


def walk_to_the_bottom(task, w, steps=50):
    """Newton's method from a point near a minimum.

    Parameters
    ----------
    task : Task
    w : (weights,) array
    steps : int

    Returns
    -------
    w : (1, weights) array
        Of the points that were visited, the one with the smallest gradient: a minimum, or another level place.
    """
    w = np.atleast_2d(np.asarray(w, float))
    best, least = w, np.inf
    for _ in range(steps):
        dE_dw = gradient_at(task, w)
        size = np.linalg.norm(dE_dw)
        if not np.isfinite(size):
            break
        if size < least:
            best, least = w, size
        w = w + newton_step(hessian(task, w), dE_dw)
    return best


def _error(task, w):
    y = forward(task.network, w, task.cases.inputs)
    return sum(total_error(y[name], d, task.recipe.tolerance) for name, d in task.cases.desired.items())


def _together(w, of):
    w = np.atleast_2d(np.asarray(w, float))
    return np.concatenate([of(w[first : first + TOGETHER]) for first in range(0, len(w), TOGETHER)])
