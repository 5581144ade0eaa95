"""The network as Fig. 1 draws it: "The numbers on the arcs are weights and the numbers inside the nodes are biases"."""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch

from .style import EXCITES, FAINT, INK, PAPER, SOFT, bare, points_per_unit, signed, write

# All lengths are in units of the distance between two inputs.
NODE, INPUT = 0.4, 0.2  # radii
BOX = (0.84, 0.3)  # a number of a row above the inputs
ROW = 0.36
LETTERS = 0.2  # size of the numbers; "+123.4" still fits its box


@dataclass(frozen=True)
class Places:
    """Where everything of a drawing stands: x of units and y of layers."""

    inputs: np.ndarray
    hidden: np.ndarray
    middle: float
    rows: np.ndarray
    hidden_y: float
    output_y: float
    label: float  # where on an arc its number stands, 0 at the hidden unit and 1 at the output

    @classmethod
    def of(cls, n_inputs, n_hidden):
        """Places for so many units, in which no two numbers meet."""
        middle = (n_inputs - 1) / 2
        apart = min(3.0, max(0.9, n_inputs / max(n_hidden - 1, 1)))
        hidden = middle + apart * (np.arange(n_hidden) - (n_hidden - 1) / 2)
        rows = 0.55 + ROW * np.arange(n_hidden)[::-1]
        hidden_y = rows[0] + 1.25 + 0.12 * n_hidden
        # Numbers on neighbouring arcs stand (1 - label) times as far apart as the hidden units, and clear of them.
        label = min(0.48, 1 - 0.72 / apart)
        return cls(np.arange(n_inputs), hidden, middle, rows, hidden_y, hidden_y + max(1.5, 0.62 / label), label)


def draw_network(ax, w_hidden, b_hidden, w_output, b_output):
    """Draw a network with one layer of hidden units and one output as Fig. 1: ink says the sign, width the size.

    Weights from the inputs stand in rows above them, a row for each hidden unit.

    Parameters
    ----------
    ax : matplotlib Axes
        At its final place: sizes of letters follow from it.
    w_hidden : (hidden, inputs) array
    b_hidden : (hidden,) array
    w_output : (hidden,) array
    b_output : float
    """
    w_hidden = np.asarray(w_hidden, float)
    b_hidden, w_output = np.ravel(b_hidden), np.ravel(w_output)
    n_hidden, n_inputs = w_hidden.shape
    at = Places.of(n_inputs, n_hidden)
    reach = max(n_inputs / 2 + 0.35, np.ptp(at.hidden) / 2 + NODE + 0.4)
    bare(ax, (at.middle - reach, at.middle + reach), (-0.75, at.output_y + NODE + 0.05))
    unit = points_per_unit(ax)
    letters = LETTERS * unit
    largest = max(np.abs(w_hidden).max(), np.abs(w_output).max(), 1e-300)

    for k, x in enumerate(at.hidden):
        for i, x_input in enumerate(at.inputs):
            _arc(ax, (x_input, at.rows[0] + BOX[1] / 2), (x, at.hidden_y), w_hidden[k, i] / largest, unit)
        _arc(ax, (x, at.hidden_y), (at.middle, at.output_y), w_output[k] / largest, unit)
        x_label = x + at.label * (at.middle - x)
        y_label = at.hidden_y + at.label * (at.output_y - at.hidden_y)
        behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 0.04 * unit}
        write(ax, x_label, y_label, signed(w_output[k]), size=letters, bbox=behind)
        _node(ax, x, at.hidden_y, b_hidden[k], letters)
    _node(ax, at.middle, at.output_y, float(np.squeeze(b_output)), letters)
    for i, x in enumerate(at.inputs):
        ax.plot([x, x], [INPUT, at.rows[0]], color=FAINT, linewidth=0.8, zorder=1)
        ax.add_patch(Circle((x, 0), INPUT, facecolor=PAPER, edgecolor=INK, linewidth=1))
        for k, y in enumerate(at.rows):
            _number(ax, x, y, w_hidden[k, i], letters)
    _names(ax, at, letters)


def _arc(ax, start, end, share, unit):
    colour, above = (EXCITES, 1.5) if share > 0 else (INK, 1.6)
    width = unit * (0.01 + 0.085 * abs(share))
    ax.plot(*zip(start, end, strict=True), color=colour, linewidth=width, solid_capstyle="butt", zorder=above)


def _node(ax, x, y, bias, letters):
    ax.add_patch(Circle((x, y), NODE, facecolor=PAPER, edgecolor=INK, linewidth=1.2, zorder=3))
    write(ax, x, y, signed(bias), size=letters)


def _number(ax, x, y, w, letters):
    face, ink = (PAPER, INK) if w > 0 else (INK, PAPER)
    corner, style = (x - BOX[0] / 2, y - BOX[1] / 2), "round,pad=0,rounding_size=.06"
    ax.add_patch(FancyBboxPatch(corner, *BOX, boxstyle=style, facecolor=face, edgecolor=INK, linewidth=0.7, zorder=4))
    write(ax, x, y - 0.01, signed(w), size=letters, color=ink)


def _names(ax, at, letters):
    quiet = {"size": 0.9 * letters, "color": SOFT}
    names = [f"h{'₁₂₃₄₅₆₇₈₉'[k] if k < 9 else k + 1}" for k in range(len(at.hidden))]
    for name, y in zip(names, at.rows, strict=True):
        write(ax, at.inputs[0] - BOX[0] / 2 - 0.08, y, name, ha="right", **quiet)
    if np.ptp(at.hidden) > 1.8 * (len(names) - 1):
        for name, x in zip(names, at.hidden, strict=True):
            outside = -1 if x < at.middle else 1
            write(ax, x + outside * (NODE + 0.1), at.hidden_y, name, ha="left" if outside > 0 else "right", **quiet)
    write(ax, at.middle + NODE + 0.1, at.output_y, "output", ha="left", **quiet)
    ax.plot([at.middle] * 2, [-0.42, at.rows[0] + BOX[1] / 2], color=SOFT, linewidth=0.9, linestyle=(0, (2, 2)))
    write(ax, at.middle, -0.5, "middle of the input", va="top", **quiet)
