"""What happened over the sweeps: the error of a run, and when many runs were solved."""

import numpy as np

from .style import ACCENT, FIELD, FONT, INK, PAPER, SMALL, SOFT, TRUE, percent, plain_axes

_CLEAR = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}


def draw_error_curve(ax, E, *, log=False, marks=(), solved_at=None, sweep=None):
    """Draw the total error over the sweeps.

    Parameters
    ----------
    ax : matplotlib Axes
    E : (sweeps + 1,) or (sweeps + 1, runs) array
    log : bool
        Logarithmic error.
    marks : sequence of (sweep, text)
        Moments worth a mark, for example where a slider was moved.
    solved_at : int, optional
        First sweep with every case right; None or -1 for never.
    sweep : int, optional
        The sweep that the rest of the picture shows: a dot on the (first) curve.
    """
    E = np.asarray(E, float)
    E = E[:, None] if E.ndim == 1 else E
    plain_axes(ax)
    sweeps = np.arange(len(E))
    ax.plot(sweeps, E, color=ACCENT, linewidth=1.5 if E.shape[1] == 1 else 0.8, solid_joinstyle="round", zorder=3)
    ax.set_xlim(0, max(len(E) - 1, 1))
    if log:
        ax.set_yscale("log")
    else:
        ax.set_ylim(0, 1.08 * max(np.nanmax(E), 1e-12))
    for moment, text in marks:
        _upright(ax, moment, text, SOFT)
    if solved_at is not None and solved_at >= 0:
        _upright(ax, solved_at, "solved", TRUE)
    if sweep is not None:
        ax.plot(
            sweep, E[sweep, 0], "o", markersize=6, color=PAPER, markeredgecolor=ACCENT, markeredgewidth=1.5, zorder=4
        )
    ax.set_ylabel("E", family=FONT, size=SMALL, color=SOFT, rotation=0, labelpad=8)


def draw_solved_distribution(ax, solved_at, sweeps, *, paper=1425, chosen=None, bars=40):
    """Draw at which sweep how many starts were solved, with the paper's number and the chosen run marked.

    Parameters
    ----------
    ax : matplotlib Axes
    solved_at : (runs,) array
        First sweep with every case right; -1 never.
    sweeps : int
        How long every run was watched.
    paper : int
        The paper's sweep.
    chosen : int, optional
        Sweep at which the chosen run was solved.
    bars : int
        Number of bars from 0 to `sweeps`.
    """
    solved_at = np.asarray(solved_at)
    solved = solved_at[solved_at >= 0]
    plain_axes(ax)
    edges = np.linspace(0, sweeps, bars + 1)
    counts, _ = np.histogram(solved, edges)
    ax.bar(edges[:-1], counts, np.diff(edges), align="edge", color=FIELD, edgecolor=PAPER, linewidth=0.6, zorder=2)
    top = 1.3 * max(counts.max(), 1)
    ax.set(xlim=(0, sweeps), ylim=(0, top))
    _upright(ax, paper, f"the paper: {paper:,}", INK)
    if chosen is not None:
        # A dot on the axis: the chosen run is one of the bar above it.
        ax.plot(chosen, 0, "o", markersize=6, color=ACCENT, clip_on=False, zorder=6)
        _beside(ax, chosen, f"this run: {chosen:,}", ACCENT, line=1)
    early, late = np.mean((solved_at >= 0) & (solved_at <= paper)), len(solved) / len(solved_at)
    words = f"{percent(early)} solved by {paper:,}", f"{percent(late)} by {sweeps:,}", f"{percent(1 - late)} not yet"
    for line, text in enumerate(words):
        place = {"xy": (1, 1), "xytext": (0, -2 - 13 * line), "xycoords": "axes fraction", "va": "top", "ha": "right"}
        colour = SOFT if line == 2 else INK
        ax.annotate(text, **place, textcoords="offset points", size=SMALL, color=colour,
                    family=FONT, bbox=_CLEAR)  # fmt: skip
    ax.set_ylabel("starts", family=FONT, size=SMALL, color=SOFT)


def _upright(ax, sweep, text, colour):
    ax.axvline(sweep, color=colour, linewidth=1, linestyle=(0, (1.5, 2)), zorder=2.5)
    _beside(ax, sweep, text, colour)


def _beside(ax, sweep, text, colour, line=0):
    ax.annotate(
        text, (sweep, 1), (5, -2 - 13 * line), xycoords=("data", "axes fraction"), textcoords="offset points",
        va="top", ha="left", size=SMALL, color=colour, family=FONT, bbox=_CLEAR, parse_math=False,
    )  # fmt: skip
