"""A race of several (epsilon, alpha) from one start, at one moment: what a lab shows when no kernel draws it."""

from .plate import Plate
from .style import FONT, SMALL, SOFT, fixed_look, headline, place, plain_axes, sheet

LANES = ("#1145c0", "#e06a00", "#073b2e", "#bf7a98", "#7a2b0a", "#149be6")
"""Colours that everybody can tell apart; the dashes say it again."""
DASHES = ("-", (0, (9, 3)), (0, (2, 3)), (0, (9, 3, 2, 3)), (0, (14, 4)), (0, (5, 5)))
"""The same as on the lab's canvas."""


@fixed_look()
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
    for k, ((epsilon, alpha), colour, dash) in enumerate(zip(lanes, LANES, DASHES, strict=False)):
        name = f"{k + 1}: ε {epsilon:g}, α {alpha:g}"
        ax.plot(run.E[:, k], color=colour, linestyle=dash, linewidth=1.4, label=name)
    ax.set_xlim(0, max(run.sweeps, 1))
    ax.set_ylim(bottom=0)
    ax.set_xlabel("sweeps", family=FONT, size=SMALL, color=SOFT)
    figure.legend(loc="upper right", bbox_to_anchor=(0.99, 0.9), frameon=False, prop={"family": FONT, "size": SMALL})
    return Plate(figure, words)
