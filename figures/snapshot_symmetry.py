"""A symmetry run at one moment: what a lab shows when no kernel draws it."""

import numpy as np

from bpcore import forward

from .curves import draw_error_curve
from .fig1 import LAYERS
from .network import draw_network
from .plate import Plate
from .squares import draw_cases, draw_hinton
from .style import fixed_look, headline, place, sheet


@fixed_look()
def run_plate(run, words, marks=()):
    """The present moment of a run: error, cases, network and weights.

    Parameters
    ----------
    run : History
        Of the task symmetry, one run.
    words : list of str
        What is said of it; the facts of the plate.
    marks : list of (sweep, text)
        Sliders that were moved.

    Returns
    -------
    Plate
    """
    task, w = run.task, run.state.w
    blocks = {ends: values[0] for ends, values in task.network.blocks(w).items()}
    y, d = forward(task.network, w, task.cases.inputs)["output"][0, 0], task.cases.desired["output"][:, 0]
    w_hidden, b_hidden, w_output, b_output = (blocks[ends] for ends in LAYERS)
    hidden, inputs = w_hidden.shape

    figure = sheet(9.6, 4.6)
    ax = place(figure, 0.45, 2.3, 4.0, 1.9)
    headline(ax, "Error E", f"sweep {run.sweeps:,}, E = {run.E[-1, 0]:.3f}")
    draw_error_curve(ax, run.E, marks=marks, solved_at=run.solved_at[0], sweep=run.sweeps)
    ax.set_xlim(0, 1.02 * max(run.sweeps, 1))
    ax = place(figure, 0.3, 0.3, 4.2, 1.2)
    headline(ax, f"The {len(d)} cases", "white = output on, dot = should be on")
    draw_cases(ax, y, d)
    ax = place(figure, 5.1, 1.75, 4.2, 2.5)
    headline(ax, "The network")
    draw_network(ax, w_hidden, b_hidden, w_output, b_output)
    ax = place(figure, 5.1, 0.25, 4.2, 1.05)
    headline(ax, "The weights")
    rows = np.full((hidden + 1, max(inputs, hidden) + 2), np.nan)  # one column stays empty before the biases
    rows[:-1, :inputs], rows[:-1, -1] = w_hidden, b_hidden[:, 0]
    rows[-1, :hidden], rows[-1, -1] = w_output[0], b_output[0, 0]
    draw_hinton(ax, rows)
    return Plate(figure, words)
