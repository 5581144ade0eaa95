"""White and black squares on a grey field: Hinton diagrams (Fig. 4) and the activities of a strip of cases (Fig. 3)."""

import numpy as np
from matplotlib.patches import Circle, Rectangle

from .style import FIELD, PAPER, SMALL, SOFT, bare, write

# Squares are added as artists, not as patches: the limits of the axes are set, and reckoning them anew for each of
# thousands of squares took most of the time.
FILL = 0.9  # side of the largest square, as a share of its cell
BLACK = "black"


def draw_hinton(ax, w, largest=None, row_names=(), column_names=(), row_gap=0.25):
    """Draw weights as the paper's Fig. 4 does: white excites, black inhibits, area is magnitude.

    Parameters
    ----------
    ax : matplotlib Axes
    w : (rows, columns) array
        NaN leaves a hole in the field.
    largest : float, optional
        The magnitude that fills a cell, so that several drawings share one scale; the largest of `w` by default.
    row_names, column_names : sequences of str, optional
    row_gap : float
        Height of the gap between two rows, in cells; 0 for one field.
    """
    w = np.atleast_2d(np.asarray(w, float))
    rows, columns = w.shape
    largest = largest or np.nanmax(np.abs(w), initial=0) or 1.0
    bottom = rows + row_gap * (rows - 1)
    for r in range(rows):
        top = r * (1 + row_gap)
        for c in np.flatnonzero(~np.isnan(w[r])):
            ax.add_artist(Rectangle((c, top), 1, 1, facecolor=FIELD, edgecolor=FIELD, linewidth=0.3))
            ax.add_artist(_square(c + 0.5, top + 0.5, abs(w[r, c]) / largest, PAPER if w[r, c] > 0 else BLACK))
        if len(row_names):
            write(ax, -0.3, top + 0.5, row_names[r], ha="right", color=SOFT)
    for c, name in enumerate(column_names):
        write(ax, c + 0.5, bottom + 0.2, name, va="top", size=SMALL, color=SOFT)
    bare(ax, (0, columns), (bottom, 0))


def draw_cases(ax, y, d, columns=16):
    """Draw a strip of cases: area of the white square is the output's activity, a dot says that it should be on.

    Parameters
    ----------
    ax : matplotlib Axes
    y : (cases,) array      actual state of the output unit
    d : (cases,) array      its desired state
    columns : int           cases in a row

    Returns
    -------
    order : (cases,) array
        Which case stands at each place: those that should be on come first.
    """
    y, d = np.asarray(y, float), np.asarray(d, float)
    order = np.argsort(-d, kind="stable")
    for place, case in enumerate(order):
        row, column = divmod(place, columns)
        ax.add_artist(Rectangle((column + 0.03, row + 0.03), 0.94, 0.94, facecolor=FIELD))
        ax.add_artist(_square(column + 0.5, row + 0.5, y[case], PAPER))
        if d[case] > 0.5:
            ax.add_artist(Circle((column + 0.5, row + 0.5), 0.13, facecolor=BLACK, zorder=3))
    bare(ax, (0, columns), (-(-len(y) // columns), 0))
    return order


def _square(x, y, share, colour):
    side = FILL * np.sqrt(np.clip(share, 0, 1))
    return Rectangle((x - side / 2, y - side / 2), side, side, facecolor=colour, linewidth=0, zorder=2)
