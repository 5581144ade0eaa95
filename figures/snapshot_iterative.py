"""An iterative net's run at one moment: what a lab shows when no kernel draws it."""

import numpy as np

from .curves import draw_error_curve
from .plate import Plate
from .squares import draw_hinton
from .style import fixed_look, headline, place, sheet


@fixed_look()
def run_plate(run, words, marks=()):
    """The present moment of a run: its error and the weights of one step.

    Parameters
    ----------
    run : History
        Of a task whose network is iterative, one run.
    words : list of str
        What is said of it; the facts of the plate.
    marks : list of (sweep, text)
        Sliders that were moved.

    Returns
    -------
    Plate
    """
    figure = sheet(9.6, 4)
    ax = place(figure, 0.45, 0.6, 3.9, 2.8)
    headline(ax, "Error E", f"sweep {run.sweeps:,}, E = {run.E[-1, 0]:.3f}")
    draw_error_curve(ax, run.E, marks=marks, solved_at=run.solved_at[0], sweep=run.sweeps)
    ax.set_xlim(0, 1.02 * max(run.sweeps, 1))
    ax = place(figure, 5.1, 0.3, 4.2, 3.2)
    headline(ax, "The weights of one step")
    draw_hinton(ax, one_step(run.task.network, run.state.w[0]), row_gap=0)
    return Plate(figure, words)


def one_step(network, w):
    """Weights of one step as a matrix: a row for each unit that is fed, a column for each unit, the bias last.

    Returns
    -------
    weights : (units fed, units + 1) array
        NaN if there is no link.
    """
    names = [group.name for group in network.step_groups]
    first = dict(zip([*names, "one"], np.cumsum([0, *(group.size for group in network.step_groups)]), strict=True))
    weights = np.full((first["one"], first["one"] + 1), np.nan)
    for link in network.step_links:
        block = network.blocks(w)[link.block]
        to, source = first[link.target], first[link.source]
        weights[to : to + block.shape[0], source : source + block.shape[1]] = block
    return weights[~np.isnan(weights).all(1)]
