"""How often a task is learnt, and where runs stand: a map, lines, and bars."""

import numpy as np
from matplotlib.patches import Rectangle

from bpcore.analysis.diagnosis import NAMES

from .style import ACCENT, FAINT, FIELD, FONT, INK, PAPER, SMALL, SOFT, TRUE, frame, plain_axes, write

COLOURS = dict(zip(NAMES, (TRUE, "#9cc39e", "#b3261e", "#e0a33a", FIELD, FAINT), strict=True))
"""Of the names that bpcore.analysis.diagnosis gives: solved, on the way, true minimum, saddle, saturation, plateau."""


def draw_map(ax, epsilons, alphas, share_solved, median_sweeps=None):
    """Draw what share of starts is solved for each epsilon and alpha: a square's area, and the median number of sweeps.

    Parameters
    ----------
    ax : matplotlib Axes
    epsilons, alphas : (n,) and (m,) arrays
        In order; every value gets a column or a row.
    share_solved : (m, n) array
        From 0 to 1; one row for each alpha. NaN if nothing was tried.
    median_sweeps : (m, n) array, optional
        Of the starts that are solved; NaN if none is.
    """
    share = np.asarray(share_solved, float)
    if share.shape != (len(alphas), len(epsilons)):
        raise ValueError(
            f"share_solved has shape {share.shape}; (alphas, epsilons) = {(len(alphas), len(epsilons))} is expected"
        )
    for (row, column), value in np.ndenumerate(share):
        if np.isnan(value):
            continue
        side = 0.94 * np.sqrt(value)
        ax.add_patch(_square(column, row, 0.94, FAINT, 1))
        ax.add_patch(_square(column, row, side, COLOURS["on the way"], 2))
        sweeps = np.nan if median_sweeps is None else np.asarray(median_sweeps, float)[row, column]
        if np.isfinite(sweeps):
            write(ax, column, row, f"{sweeps:,.0f}", size=SMALL - 1)
    ax.set(xlim=(-0.5, len(epsilons) - 0.5), ylim=(-0.5, len(alphas) - 0.5))
    ax.set_xticks(range(len(epsilons)), [f"{value:g}" for value in epsilons])
    ax.set_yticks(range(len(alphas)), [f"{value:g}" for value in alphas])
    frame(ax, ticks=True)
    ax.set_xlabel("ε", family=FONT, size=SMALL + 1, color=SOFT)
    ax.set_ylabel("α", family=FONT, size=SMALL + 1, color=SOFT, rotation=0, labelpad=14)


def draw_success(ax, hidden, shares, *, colours=None):
    """Draw the share of starts that are solved against the number of hidden units, a line for each condition.

    Parameters
    ----------
    ax : matplotlib Axes
    hidden : (n,) sequence of int
    shares : dict of {str: (n,) array}
        What is written at the end of each line, and shares from 0 to 1.
    colours : dict of {str: str}, optional
    """
    plain_axes(ax)
    places = np.arange(len(hidden))
    palette = [ACCENT, TRUE, "#b3261e", "#e0a33a", SOFT]
    ends = _apart([values[-1] for values in shares.values()], 0.075)
    for k, ((name, values), end) in enumerate(zip(shares.items(), ends, strict=True)):
        colour = (colours or {}).get(name, palette[k % len(palette)])
        ax.plot(places, values, "o-", color=colour, markersize=4.5, linewidth=1.4, clip_on=False, zorder=3 + k)
        ax.annotate(name, (places[-1], end), (9, 0), textcoords="offset points", va="center", size=SMALL,
                    color=colour, family=FONT, annotation_clip=False)  # fmt: skip
    ax.set(xlim=(-0.2, len(hidden) - 0.8), ylim=(0, 1))
    ax.set_xticks(places, [str(n) for n in hidden])
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    ax.set_xlabel("hidden units", family=FONT, size=SMALL, color=SOFT)


def draw_census(ax, rows, *, names=NAMES):
    """Draw how many runs stand where, a bar for each row: in the colours of `COLOURS`, with the number of each.

    Parameters
    ----------
    ax : matplotlib Axes
    rows : dict of {str: dict of {str: int}}
        What is written before each bar, and how many runs have each name; the first row on top.
    names : sequence of str
        In this order, from the left.
    """
    for r, (label, counts) in enumerate(rows.items()):
        unknown = set(counts) - set(names)
        if unknown:
            raise ValueError(f"row '{label}' counts '{min(unknown)}'; one of {', '.join(names)} is expected")
        total, left = sum(counts.values()), 0.0
        write(ax, -0.012, r, label, ha="right", size=SMALL)
        for name in names:
            share = counts.get(name, 0) / total
            ax.barh(r, share, 0.78, left, color=COLOURS[name], edgecolor=PAPER, linewidth=0.6)
            if share > 0.015:
                dark = name in {"solved", "true minimum"}
                write(ax, left + share / 2, r, counts[name], size=SMALL - 1, color=PAPER if dark else INK)
            left += share
    ax.set(xlim=(0, 1), ylim=(len(rows) - 0.4, -0.6))
    ax.set_axis_off()


def draw_key(ax, names=NAMES):
    """Draw what the colours of a census mean, in one line."""
    box, left = ax.get_window_extent(), 0.0
    for name in names:
        ax.add_patch(_square(left + 0.4, 0.5, 0.7, COLOURS[name], 2))
        write(ax, left + 1.0, 0.5, name, ha="left", size=SMALL, color=SOFT)
        left += 2.2 + 0.32 * len(name)
    ax.set(xlim=(0, box.width / box.height), ylim=(0, 1))
    ax.set_axis_off()


def _square(x, y, side, colour, zorder):
    return Rectangle((x - side / 2, y - side / 2), side, side, facecolor=colour, linewidth=0, zorder=zorder)


def _apart(values, gap):
    """The values, moved as little as it takes to keep them `gap` apart."""
    values = np.asarray(values, float)
    order = np.argsort(values, kind="stable")
    placed = values[order]
    for _ in range(100):
        short = gap - np.diff(placed)
        if (short <= 1e-9).all():
            break
        push = np.where(short > 0, short / 2, 0)
        placed[:-1] -= push
        placed[1:] += push
    return placed[np.argsort(order)]
