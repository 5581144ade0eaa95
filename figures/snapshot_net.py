"""The run of any network at one moment: what a lab shows when no kernel draws it."""

import numpy as np

from bpcore.tables.text import shortened

from .curves import draw_error_curve
from .plane import draw_plane, is_flat
from .plate import Plate
from .squares import draw_hinton
from .style import SMALL, SOFT, fixed_look, headline, place, sheet, write


@fixed_look()
def run_plate(run, words, marks=(), names=None):
    """The present moment of a run: its error, all its weights, and, if there are two inputs, their plane.

    Parameters
    ----------
    run : History
        One run.
    words : list of str
        What is said of it; the facts of the plate.
    marks : list of (sweep, text)
        Sliders that were moved.
    names : dict of str to sequence of str, optional
        Names of the units of groups.

    Returns
    -------
    Plate
    """
    task, w = run.task, run.state.w[0]
    flat = is_flat(task)
    figure = sheet(13.2 if flat else 9.6, 4)
    ax = place(figure, 0.6, 0.6, 3.75, 2.8)
    headline(ax, "Error E", f"sweep {run.sweeps:,}, E = {run.E[-1, 0]:.3f}")
    draw_error_curve(ax, run.E, marks=marks, solved_at=run.solved_at[0], sweep=run.sweeps)
    ax.set_xlim(0, 1.02 * max(run.sweeps, 1))
    ax = place(figure, 5.1, 0.3, 4.2, 3.1)
    headline(ax, "The weights", "a row for each unit, the bias last")
    draw_hinton(ax, matrix(task.network, w), row_gap=0)
    if flat:
        ax = place(figure, 9.8, 0.6, 2.8, 2.8)
        (source, points), output = *task.cases.inputs.items(), next(iter(task.cases.desired))
        named = {source: [f"input {k + 1}" for k in range(points.shape[1])], output: [output]} | (names or {})
        headline(ax, "The plane of the two inputs")
        draw_plane(ax, task, w)
        one, other, unit = map(shortened, (*named[source], named[output][0]))
        for y, text in ((-0.06, f"→ {one}   ↑ {other}"), (-0.13, f"light: {unit} is on; white points: it should be")):
            write(ax, 0, y, text, transform=ax.transAxes, ha="left", size=SMALL, color=SOFT)
    return Plate(figure, words)


def matrix(network, w):
    """All weights of a network: a row for each unit that is fed, a column for each that feeds, the bias last.

    Returns
    -------
    weights : (units fed, units + 1) array
        NaN if there is no link.
    """
    names = [group.name for group in network.groups]
    first = dict(zip([*names, "one"], np.cumsum([0, *(group.size for group in network.groups)]), strict=True))
    weights = np.full((first["one"], first["one"] + 1), np.nan)
    for link in network.links:
        block = network.blocks(w)[link.block]
        to, source = first[link.target], first[link.source]
        weights[to : to + block.shape[0], source : source + block.shape[1]] = block
    weights = weights[~np.isnan(weights).all(1)]
    return weights[:, ~np.isnan(weights).all(0)]
