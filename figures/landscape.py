"""The closing remarks in pictures: error surfaces with paths, maps, and how often what is learnt."""

from collections import Counter

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from bpcore.analysis.diagnosis import NAMES
from bpcore.analysis.landscape import around, path_of, plane_of_weights, surface

from .curves import draw_error_curve
from .plate import Plate
from .style import (
    ACCENT,
    FAINT,
    FIELD,
    FONT,
    INK,
    PAPER,
    SMALL,
    SOFT,
    TRUE,
    headline,
    percent,
    place,
    plain_axes,
    sheet,
    write,
)

GREYS = LinearSegmentedColormap.from_list("depth", ["#8f8f8f", "#fafafa"])
"""Low ground is dark."""
COLOURS = dict(zip(NAMES, (TRUE, "#9cc39e", "#b3261e", "#e0a33a", FIELD, FAINT), strict=True))
"""Of the names that bpcore.analysis.diagnosis gives: solved, on the way, true minimum, saddle, saturation, plateau."""
_CLEAR = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}


def draw_surface(ax, a, b, E, path=None, velocity=None, *, arrows=8, levels=14, label="", colour=ACCENT, ends=True):
    """Draw an error surface by its contours, with the path of a run and its velocity along it.

    Parameters
    ----------
    ax : matplotlib Axes
    a, b : (n,) and (m,) arrays
        Coordinates; None with E None draws one more path on a surface that is there.
    E : (m, n) array
    path : (points, 2) array, optional
        A dot where it starts, a ring where it ends.
    velocity : (points, 2) array, optional
        The last change of the weights at each of these points, equation (9): arrows, on a scale of their own.
    arrows : int
        At most so many, at equal distances along the path.
    levels : int
        Number of contours.
    label : str
        Written beside the end of the path.
    colour : str
        Of the path.
    ends : bool
        Whether start and end are marked.

    Returns
    -------
    apart : float
        How much E differs from one contour to the next; NaN where none is drawn.
    """
    apart = np.nan
    if E is not None:
        ax.contourf(a, b, E, levels=levels, cmap=GREYS, zorder=1)
        lines = ax.contour(a, b, E, levels=levels, colors=SOFT, linewidths=0.4, zorder=2)
        apart = float(lines.levels[1] - lines.levels[0])
        ax.set(xlim=(a[0], a[-1]), ylim=(b[0], b[-1]))
        _frame(ax)
    if path is None:
        return apart
    path = np.asarray(path, float)
    ax.plot(*path.T, color=colour, linewidth=1.2, zorder=3, solid_joinstyle="round")
    if ends:
        ax.plot(*path[0], "o", color=colour, markersize=5, zorder=4)
        ax.plot(*path[-1], "o", color=PAPER, markeredgecolor=colour, markeredgewidth=1.5, markersize=6, zorder=4)
    if velocity is not None:
        _draw_velocity(ax, path, np.asarray(velocity, float), arrows, colour)
    if label:
        ax.annotate(label, path[-1], (7, 5), textcoords="offset points", size=SMALL, color=colour, family=FONT,
                    bbox=_CLEAR, zorder=6)  # fmt: skip
    return apart


def _draw_velocity(ax, path, velocity, arrows, colour):
    """Arrows from points at equal distances along the path; the longest takes a fifth of the axes."""
    extent = np.array([np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())])
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(path, axis=0) / extent, axis=1))])
    some = np.unique(np.searchsorted(along, np.linspace(0, along[-1], arrows + 2)[1:-1]))
    fastest = np.max(np.linalg.norm(velocity[some] / extent, axis=1), initial=1e-300)
    ax.quiver(*path[some].T, *(velocity[some] * 0.2 / fastest).T, color=colour, angles="xy", scale_units="xy", scale=1,
              width=0.006, headwidth=4, zorder=5)  # fmt: skip


def draw_map(ax, epsilons, alphas, share_solved, median_sweeps=None):
    """Draw what share of starts is solved for each epsilon and alpha: a square's area, and the median number of sweeps.

    Parameters
    ----------
    ax : matplotlib Axes
    epsilons, alphas : (n,) and (m,) arrays
        In order; every value gets a column or a row.
    share_solved : (m, n) array
        From 0 to 1; one row for each alpha. NaN where nothing was tried.
    median_sweeps : (m, n) array, optional
        Of the starts that are solved; NaN where none is.
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
    _frame(ax, ticks=True)
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


def _frame(ax, *, ticks=False):
    """A thin frame with small tabular numbers."""
    for spine in ax.spines.values():
        spine.set(color=SOFT, linewidth=0.8 if not ticks else 0)
    ax.tick_params(colors=SOFT, labelsize=SMALL, labelfontfamily=FONT, length=0 if ticks else 3, width=0.8)


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


# --- plates


def ravine_plate(task, runs, sweeps):
    """The same ravine for several alphas: where the point goes in the same number of sweeps, and how E falls.

    Parameters
    ----------
    task : Task
        ``bpcore.analysis.landscape.ravine``.
    runs : dict of {str: History}
        Runs of one start each, with every sweep kept.
    sweeps : int
        Drawn of each.

    Returns
    -------
    Plate
    """
    figure, facts = sheet(9.6, 0.75 + 1.75 * len(runs)), {}
    paths = {label: path_of(run, plane_of_weights([0, 0], 1, 0), last=sweeps) for label, run in runs.items()}
    every = np.concatenate([path.points for path in paths.values()])
    a, b = around(every, 0.12)
    E = surface(task, plane_of_weights([0, 0], 1, 0), a, b)
    for row, (label, path) in enumerate(paths.items()):
        ax = place(figure, 0.75, 0.8 + 1.75 * (len(runs) - 1 - row), 8.5, 1.25)
        lowest = path.E.argmin()
        headline(ax, label, f"E = {path.E[-1]:.2g} after {sweeps} sweeps")
        apart = draw_surface(ax, a, b, E, path.points, path.velocity, arrows=9)
        ax.set_ylabel("$w_1$", family=FONT, size=SMALL, color=SOFT, rotation=0, labelpad=8)
        facts[label] = (
            f"E = {path.E[-1]:.2g} after {sweeps} sweeps, least {path.E[lowest]:.2g} at sweep {path.sweeps[lowest]}; "
            f"from side to side {_turns(path.points[:, 1])} times, along the floor {_turns(path.points[:, 0])} times"
        )
    ax.set_xlabel("$w_2$, along the floor", family=FONT, size=SMALL, color=SOFT)
    _explain(figure, 0.75, apart)
    return Plate(figure, facts)


def _turns(values):
    """How often the sign changes."""
    signs = np.sign(values[np.abs(values) > 1e-6])
    return int(np.sum(signs[1:] != signs[:-1]))


def path_plate(run, title, *, number=0, last=None):
    """A run in the plane nearest to its path: the surface there, the path with its velocity, and the error curve.

    Parameters
    ----------
    run : History
    title : str
    number : int
        Which of its runs.
    last : int, optional
        The last sweep drawn.

    Returns
    -------
    Plate
    """
    path = path_of(run, number=number, last=last)
    a, b = around(path.points, 0.3)
    E, sweeps = surface(run.task, path.plane, a, b), int(path.sweeps[-1])
    figure = sheet(9.6, 4.75)
    ax = place(figure, 0.7, 0.85, 4.6, 3.5)
    headline(ax, title, f"the plane holds {_most(path.share)} of the path")
    _explain(figure, 0.7, draw_surface(ax, a, b, E, path.points, path.velocity, arrows=10))
    ax.set_xlabel("the direction in which the path is longest", family=FONT, size=SMALL, color=SOFT)
    ax.set_ylabel("the next", family=FONT, size=SMALL, color=SOFT)
    ax = place(figure, 6.0, 0.85, 3.25, 3.5)
    headline(ax, "Error of the run", f"{sweeps:,} sweeps")
    draw_error_curve(ax, run.E[: sweeps + 1, number], solved_at=_solved(run, number, sweeps))
    ax.set_xlabel("sweeps", family=FONT, size=SMALL, color=SOFT)
    fast = np.linalg.norm(path.velocity, axis=1).argmax()
    return Plate(
        figure,
        {
            "sweeps drawn": f"{sweeps:,}, E from {path.E[0]:.2f} to {path.E[-1]:.2g}",
            "of the path in the plane": _most(path.share),
            "fastest": f"at sweep {path.sweeps[fast]:,}, where E = {path.E[fast]:.2f}",
        },
    )


def _most(share):
    """A share, never rounded up to all."""
    return percent(share, 1) if share < 0.9995 else "more than 99.9 %"


def _explain(figure, left, apart):
    words = (
        f"dark: low, a contour every {apart:.2g}; dot: start; ring: end; arrows: the velocity Δw, longer where faster"
    )
    write(place(figure, left, 0.08, 8, 0.2), 0, 0.5, words, ha="left", size=SMALL, color=SOFT).axes.set_axis_off()


def _solved(run, number, sweeps):
    at = run.solved_at[number]
    return at if 0 <= at <= sweeps else None


def success_plate(hidden, conditions, sweeps, title):
    """How often a task is learnt with more and fewer hidden units.

    Parameters
    ----------
    hidden : (n,) sequence of int
    conditions : dict of {str: (n, runs) array}
        When each run was solved, -1 never.
    sweeps : int
        How long they were watched.
    title : str

    Returns
    -------
    Plate
    """
    conditions = {name: np.asarray(solved_at) for name, solved_at in conditions.items()}
    shares = {name: np.mean(solved_at >= 0, axis=1) for name, solved_at in conditions.items()}
    runs = next(iter(conditions.values())).shape[1]
    figure = sheet(9.6, 3.9)
    ax = place(figure, 0.75, 0.6, 7.0, 2.85)
    headline(ax, title, f"share of {runs} starts that are solved by sweep {sweeps:,}")
    draw_success(ax, hidden, shares)
    facts = {
        name: "; ".join(
            f"{n} hidden: {np.sum(at >= 0)} of {runs}"
            + (f", median {np.median(at[at >= 0]):,.0f}" if (at >= 0).any() else "")
            for n, at in zip(hidden, solved_at, strict=True)
        )
        for name, solved_at in conditions.items()
    }
    return Plate(figure, facts)


def census_plate(rows, title):
    """Where runs stand, as `bpcore.analysis.diagnosis.where` names it; of each name, one sentence that says why.

    Parameters
    ----------
    rows : dict of {str: list of Finding}
    title : str

    Returns
    -------
    Plate
    """
    counts = {label: Counter(finding.name for finding in found) for label, found in rows.items()}
    figure = sheet(9.6, 1.0 + 0.27 * len(rows))
    ax = place(figure, 2.6, 0.45, 6.7, 0.27 * len(rows))
    headline(ax, title)
    draw_census(ax, counts)
    draw_key(place(figure, 2.6, 0.1, 6.7, 0.22))
    facts = {
        label: ", ".join(f"{count[name]} {name}" for name in NAMES if count[name]) for label, count in counts.items()
    }
    first = {}
    for label, found in rows.items():
        for k, finding in enumerate(found):
            first.setdefault(finding.name, f"{label}, run {k}: {finding.why}")
    return Plate(figure, facts | {f"for example {name}": first[name] for name in NAMES if name in first})
