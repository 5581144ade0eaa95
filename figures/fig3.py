"""The plate of Fig. 3: activity levels in the five-layer network, from a question up to its answer."""

import numpy as np
from matplotlib.patches import Circle, Polygon

from bpcore import forward
from bpcore.tasks.families import RELATIONSHIPS
from bpcore.tasks.family_trees import PAPER as FAMILIES

from .plate import Plate
from .squares import draw_hinton
from .style import ACCENT, FAINT, INK, SMALL, SOFT, TRUE, fixed_look, headline, place, sheet, write

CELL = 0.3  # inches
_PEOPLE, _ASKED = 0.95, 5.1  # inches from the left edge to the units of people, of relationships
GROUPS = {
    "person": (_PEOPLE, 1.3, 12),
    "relationship": (_ASKED, 1.6, 12),
    "person code": (_PEOPLE + 3 * CELL, 2.75, 6),
    "relationship code": (_ASKED + 3 * CELL, 2.75, 6),
    "centre": (3.0, 3.75, 12),
    "answer code": (3.0 + 3 * CELL, 4.75, 6),
    "answer": (3.0, 5.75, 12),
}
"""Left and lower edge of each group in inches, and units in a row."""


@fixed_look()
def activity_plate(task, w, question):
    """Fig. 3: the area of a white square is a unit's activity; a black dot marks who is a correct answer.

    Parameters
    ----------
    task : Task
        Family trees, the paper's families.
    w : (weights,) array
    question : str
        A case, trained or held out: "Colin has-aunt".

    Returns
    -------
    Plate

    Raises
    ------
    ValueError
        If there is no such case.
    """
    cases, k = _find(task, question)
    y = {name: states[0, :, k] for name, states in forward(task.network, np.atleast_2d(w), cases.inputs).items()}
    d = cases.desired["answer"][k]

    figure = sheet(9.6, 7.8)
    _draw_links(figure, task.network)
    axes = {"title": place(figure, 0.3, 7.35, 9, 0.1)}
    axes["title"].set_axis_off()
    for name, (left, bottom, columns) in GROUPS.items():
        rows = y[name].reshape(-1, columns)
        axes[name] = place(figure, left, bottom, columns * CELL, len(rows) * CELL)
        draw_hinton(axes[name], rows, largest=1, row_gap=0)
    for unit in np.flatnonzero(d > 0.5):
        row, column = divmod(unit, GROUPS["answer"][2])
        axes["answer"].add_patch(Circle((column + 0.5, row + 0.5), 0.13, facecolor="black", zorder=3))
    _write_names(axes, cases, k, np.array(_people())[y["answer"] > 0.5])
    headline(axes["title"], f"Activity after learning: {question}?", "area of a white square = activity, dot = correct")
    return Plate(figure, _facts(task, question, y["answer"], d))


def _find(task, question):
    for cases in filter(None, (task.cases, task.held_out)):
        if question in cases.names:
            return cases, cases.names.index(question)
    raise ValueError(f"there is no case '{question}'; one such as '{task.cases.names[0]}' is expected")


def _draw_links(figure, network):
    """A pale band from each group to those that it sends to: "totally connected"."""
    width, height = figure.get_size_inches()
    ax = place(figure, 0, 0, width, height)
    ax.set(xlim=(0, width), ylim=(0, height))
    ax.set_axis_off()
    for link in network.links:
        if link.source in GROUPS:
            (a, low, n), (b, high, m) = GROUPS[link.source], GROUPS[link.target]
            low += CELL * (2 if link.source == "person" else 1)
            corners = [(a, low), (a + n * CELL, low), (b + m * CELL, high), (b, high)]
            ax.add_patch(Polygon(corners, facecolor=FAINT, alpha=0.45, edgecolor="none"))


def _write_names(axes, cases, k, given):
    """Names of people and relationships next to their units, and the question and its answer."""
    quiet = {"size": SMALL, "color": SOFT, "rotation": 45, "rotation_mode": "anchor", "va": "center"}
    asked, relationship = _asked(cases, k)
    for column, names in enumerate(zip(*(family.people for family in FAMILIES), strict=True)):
        write(axes["person"], column + 0.5, 2.35, ", ".join(names), ha="right", **quiet)
        write(axes["answer"], column + 0.5, -0.35, ", ".join(names), ha="left", **quiet)
    for column, name in enumerate(RELATIONSHIPS):
        write(axes["relationship"], column + 0.5, 1.35, name, ha="right", **quiet)
    for name in ("person", "answer"):
        for row, family in enumerate(FAMILIES):
            write(axes[name], -0.3, row + 0.5, family.name, ha="right", size=SMALL, color=SOFT)
    beside = {"ha": "left", "size": SMALL, "color": SOFT}
    write(axes["person code"], 6.4, 0.5, "encode the person", **beside)
    write(axes["relationship code"], 6.4, 0.5, "encode the relationship", **beside)
    write(axes["answer"], 12.4, 0.5, "person 2, above .5:", **beside)
    right = set(given) == set(np.array(_people())[cases.desired["answer"][k] > 0.5])
    write(axes["answer"], 12.4, 1.5, ", ".join(given) or "nobody", ha="left", color=TRUE if right else INK)
    write(axes["person"], 6, -0.5, f"person 1: {asked}", color=ACCENT)
    write(axes["relationship"], 6, -0.5, f"relationship: {relationship}", color=ACCENT)


def _asked(cases, k):
    """Name of the person and "has-aunt" of a case."""
    units = (cases.inputs[name][k].argmax() for name in ("person", "relationship"))
    person, relationship = next(units), next(units)
    return _people()[person], f"has-{RELATIONSHIPS[relationship]}"


def _people():
    return [name for family in FAMILIES for name in family.people]


def _facts(task, question, y, d):
    on, off = y[d > 0.5], y[d <= 0.5]
    return {
        "question": f"{question}, {'trained' if question in task.cases.names else 'held out'}",
        "answers given (above .5)": ", ".join(np.array(_people())[y > 0.5]) or "nobody",
        "correct answers": ", ".join(np.array(_people())[d > 0.5]),
        "the correct answers are the strongest": "yes" if on.min() > off.max() else "no",
    }
