"""A race of several (epsilon, alpha) from one start, at one moment: what a lab shows where no kernel draws it."""

from .plate import Plate
from .style import FONT, SMALL, SOFT, headline, place, plain_axes, sheet

LANES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")
"""Colours that everybody can tell apart."""


def race_plate(run, lanes, words):
    """Errors of all lanes on shared axes.

    Parameters
    ----------
    run : History
        One run a lane.
    lanes : sequence of (epsilon, alpha)
    words : list of str
        The facts of the plate.

    Returns
    -------
    Plate
    """
    figure = sheet(9.6, 3.6)
    ax = place(figure, 0.45, 0.6, 6.4, 2.5)
    headline(ax, "Error E", f"sweep {run.sweeps:,}")
    plain_axes(ax)
    for k, ((epsilon, alpha), colour) in enumerate(zip(lanes, LANES, strict=False)):
        ax.plot(run.E[:, k], color=colour, linewidth=1.4, label=f"{k + 1}: ε {epsilon:g}, α {alpha:g}")
    ax.set_xlim(0, max(run.sweeps, 1))
    ax.set_ylim(bottom=0)
    ax.set_xlabel("sweeps", family=FONT, size=SMALL, color=SOFT)
    figure.legend(loc="upper right", bbox_to_anchor=(0.99, 0.9), frameon=False, prop={"family": FONT, "size": SMALL})
    return Plate(figure, words)
