"""One look for every plate: the paper's grey field, ink, one accent for what is chosen, one green for what is true."""

from contextlib import contextmanager

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

INK = "#202020"
SOFT = "#666666"  # second voice: labels, remarks
FAINT = "#d6d6d6"  # rules, grids
EXCITES = "#b2b2b2"  # an arc of positive weight; inhibitory arcs are INK
FIELD = "#9a9a9a"  # behind white and black squares, as in Figs 3 and 4
ACCENT = "#2563a8"
TRUE = "#2e7d32"
PAPER = "white"

FONT = "DejaVu Sans"  # comes with matplotlib, so that a plate looks the same everywhere
SIZE = 9
SMALL = 8


@contextmanager
def fixed_look(**more):
    """Draw with matplotlib's own settings and `more`, whatever the matplotlibrc here says. A decorator, too."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(more)
        yield


def sheet(width, height):
    """An empty figure of `width` by `height` inches that pyplot does not know."""
    return Figure(figsize=(width, height), facecolor=PAPER)


def place(figure, left, bottom, width, height):
    """Axes at a fixed place, in inches from the lower left corner of the sheet."""
    w, h = figure.get_size_inches()
    return figure.add_axes((left / w, bottom / h, width / w, height / h))


def write(ax, x, y, text, **how):
    """Text in the plate's font, centred at (x, y) by default."""
    return ax.text(
        x, y, text, **{"family": FONT, "size": SIZE, "color": INK, "ha": "center", "va": "center", "zorder": 5, **how}
    )


def headline(ax, text, remark=""):
    """A heading above `ax`, flush left, and a remark flush right."""
    above = {"xycoords": "axes fraction", "textcoords": "offset points", "family": FONT, "annotation_clip": False}
    ax.annotate(text, (0, 1), (0, 7), size=SIZE + 1, weight="bold", color=INK, ha="left", **above)
    if remark:
        ax.annotate(remark, (1, 1), (0, 7), size=SMALL, color=SOFT, ha="right", **above)


def signed(value, digits=1):
    """A weight as it is written on an arc: +2.4, −1.9, and 0.0 without a sign."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text[1:] if not float(text.replace("−", "-")) else text


def percent(share, digits=0):
    """A share as it is written: 31 %."""
    return f"{share:.{digits}%}".replace("%", " %")


def bare(ax, xlim, ylim):
    """Make `ax` a drawing without axes, its units equally long both ways; ``ylim`` may run downward."""
    ax.set(xlim=xlim, ylim=ylim, aspect="equal", anchor="N")
    ax.set_axis_off()


def points_per_unit(ax):
    """How many points one data unit of a `bare` drawing takes on paper."""
    box, dpi = ax.get_window_extent(), ax.figure.dpi
    wide, high = abs(np.diff(ax.get_xlim())[0]), abs(np.diff(ax.get_ylim())[0])
    return min(box.width / wide, box.height / high) * 72 / dpi


def plain_axes(ax):
    """Two thin axes, tabular numbers with thousands marked, nothing that is not read."""
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.spines["bottom"].set(color=SOFT, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.grid(axis="y", color=FAINT, linewidth=0.6)
    ax.tick_params(colors=SOFT, labelsize=SMALL, labelfontfamily=FONT, length=3, width=0.8)
    ax.tick_params(axis="y", which="both", length=0)
    ax.xaxis.set_major_formatter("{x:,.0f}")


def frame(ax, *, ticks=False):
    """A thin frame with small tabular numbers; with `ticks`, numbers of columns and rows without a frame."""
    for spine in ax.spines.values():
        spine.set(color=SOFT, linewidth=0.8 if not ticks else 0)
    ax.tick_params(colors=SOFT, labelsize=SMALL, labelfontfamily=FONT, length=0 if ticks else 3, width=0.8)
