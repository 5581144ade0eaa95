"""The closing remarks in pictures: error surfaces with paths, and plates of what was counted."""

from collections import Counter

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from bpcore.analysis.diagnosis import NAMES
from bpcore.analysis.landscape import around, path_of, plane_of_weights, surface

from .counts import draw_census, draw_key, draw_success
from .curves import draw_error_curve
from .plate import Plate
from .style import ACCENT, FONT, PAPER, SMALL, SOFT, fixed_look, frame, headline, percent, place, sheet, write

GREYS = LinearSegmentedColormap.from_list("depth", ["#8f8f8f", "#fafafa"])
"""Low ground is dark."""
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
        Written at the end of the path.
    colour : str
        Of the path.
    ends : bool
        Whether start and end are marked.

    Returns
    -------
    apart : float
        How much E differs from one contour to the next; NaN if none is drawn.
    """
    apart = np.nan
    if E is not None:
        ax.contourf(a, b, E, levels=levels, cmap=GREYS, zorder=1)
        lines = ax.contour(a, b, E, levels=levels, colors=SOFT, linewidths=0.4, zorder=2)
        apart = float(lines.levels[1] - lines.levels[0])
        ax.set(xlim=(a[0], a[-1]), ylim=(b[0], b[-1]))
        frame(ax)
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


# --- plates


@fixed_look()
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


@fixed_look()
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


@fixed_look()
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


@fixed_look()
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
