"""What one unit makes of every point in the plane of a network's two inputs."""

import numpy as np

import bpcore as bp

from .style import ACCENT, PAPER, bare

_POINTS = 120  # along a side
_RIM = 0.15  # beyond the outermost cases, as a share of where they reach
_DARK, _LIGHT = 30 / 255, 245 / 255  # off and on, as on the lab's canvas


def is_flat(task):
    """Whether a network has two inputs, in one group, so that all they can be is a plane."""
    return [rows.shape[1] for rows in task.cases.inputs.values()] == [2]


def draw_plane(ax, task, w, group=None, unit=0):
    """Draw the output of one unit over the plane of the two inputs: light where it is on, a line where it is half on.

    Cases that should be on are white points, those that should be off black ones.

    Parameters
    ----------
    ax : matplotlib Axes
    task : Task
        With two inputs, see `is_flat`.
    w : (weights,) array
    group : str, optional
        Of the unit; by default the first group of outputs.
    unit : int
        Its place in the group.
    """
    (source, points), (output, desired) = *task.cases.inputs.items(), next(iter(task.cases.desired.items()))
    least, most = points.min(0), points.max(0)
    rim = _RIM * np.where(most > least, most - least, 1)
    x, y = (np.linspace(*ends, _POINTS) for ends in zip(least - rim, most + rim, strict=True))
    everywhere = np.stack(np.meshgrid(x, y), -1).reshape(-1, 2)
    made = bp.forward(task.network, w, {source: everywhere})[group or output][0, unit].reshape(_POINTS, _POINTS)
    unit_function = next(g.unit for g in task.network.groups if g.name == (group or output))
    low, high = {"logistic": (0, 1), "tanh": (-1, 1)}.get(unit_function.name, (made.min(), made.max()))
    grey = np.clip(_DARK + (_LIGHT - _DARK) * (made - low) / ((high - low) or 1), 0, 1)
    bare(ax, x[[0, -1]], y[[0, -1]])
    ax.set_aspect("auto")
    ax.imshow(grey, "gray", vmin=0, vmax=1, extent=(*x[[0, -1]], *y[[0, -1]]), origin="lower", aspect="auto", zorder=1,
              interpolation="bilinear")  # fmt: skip
    if made.min() < (low + high) / 2 < made.max():
        ax.contour(x, y, made, [(low + high) / 2], colors=ACCENT, linewidths=1.6, zorder=2)
    on = (task.cases.desired[group][:, unit] if group in task.cases.desired else desired[:, 0]) > 0.5
    for those, fill, rim_colour in ((on, PAPER, "black"), (~on, "black", PAPER)):
        ax.scatter(*points[those].T, s=14, c=fill, edgecolors=rim_colour, linewidths=0.7, zorder=3)
