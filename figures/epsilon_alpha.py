"""The map of epsilon and alpha: at which settings how many starts are solved, and when."""

import numpy as np

from .counts import draw_map
from .plate import Plate
from .style import FONT, SMALL, SOFT, fixed_look, headline, percent, place, sheet


@fixed_look()
def map_plate(study, name="symmetry"):
    """The share of starts that are solved, for each epsilon and alpha, and the median number of sweeps.

    Parameters
    ----------
    study : bpcore.Study
        Whose grid has "alpha" and "epsilon", in that order.
    name : str
        Of the task.

    Returns
    -------
    Plate
    """
    solved_at = study["solved_at"]
    alphas, epsilons = (study.grid.values[name] for name in ("alpha", "epsilon"))
    starts = solved_at.shape[-1]
    share = (solved_at >= 0).mean(-1)
    found = np.where(solved_at >= 0, solved_at, np.nan)
    median = np.full(share.shape, np.nan)
    median[share > 0] = np.nanmedian(found[share > 0], axis=-1)
    figure = sheet(9.6, 0.42 * len(alphas) + 1.4)
    ax = place(figure, 0.7, 0.7, 8.6, 0.42 * len(alphas))
    headline(ax, f"Who is solved by sweep {study.sweeps:,}", f"{name}, {starts} starts each; numbers: median sweeps")
    draw_map(ax, epsilons, alphas, share, median)
    ax.set_aspect("auto")
    ax.set_ylabel("α", family=FONT, size=SMALL + 1, color=SOFT, rotation=0, labelpad=8)
    facts = {f"α = {alpha:g}": _line(epsilons, share[row], median[row]) for row, alpha in enumerate(alphas)}
    best = np.unravel_index(np.nanargmin(np.where(share == 1, median, np.inf)), share.shape)
    facts["quickest of those where all are solved"] = (
        f"ε = {epsilons[best[1]]:g}, α = {alphas[best[0]]:g}: half of the starts by sweep {median[best]:,.0f}"
        if (share == 1).any()
        else "none"
    )
    return Plate(figure, facts)


def _line(epsilons, share, median):
    solved = [f"ε {e:g}: {percent(s)} ({m:,.0f})" for e, s, m in zip(epsilons, share, median, strict=True) if s > 0]
    return ", ".join(solved) or "nobody"
