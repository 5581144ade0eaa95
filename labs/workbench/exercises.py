"""Exercises of lab 07: your own task."""

import numpy as np

from bpcore.tables.coding import code

from ..kit.exercises.kinds import Choice, Done, Explain, Function, Number, right_count
from .lab import DATA, Workbench

FEWEST = 3
"""Hidden units that are enough for the circle."""
SHARE = 0.2
"""Share of the irises that exercise 07.4 wants held out."""


def _stretched():
    """Columns of the irises in centimetres, and the states that the reader of tables makes of them."""
    columns = np.genfromtxt(DATA / "iris.csv", delimiter=",", skip_header=1, usecols=range(4))
    states = code(DATA / "iris.csv").cases.inputs["input"]
    for k in (0, 3):
        yield (columns[:, k].copy(),), states[:, k].copy()


def _not_showing(lab, file):
    """Why a workbench does not show the cases of this file, or None."""
    if lab.cases.names == code(DATA / file).cases.names:
        return None
    return f"The workbench shows other cases: press {file.removesuffix('.csv')}."


def _small(lab):
    other = _not_showing(lab, "circle.csv")
    if other:
        return other
    if lab.run.task.held_out:
        return "Hold nothing out here: the network needs every case."
    if lab.skips:
        return "Set skip links to none: from input to output they draw a line of their own."
    units, cases = sum(lab.hidden), lab.run.task.cases
    right = right_count(lab, cases)
    if right < len(cases):
        return f"With {units} hidden units {right} of {len(cases)} cases are right at sweep {lab.run.sweeps:,}."
    return None if units <= FEWEST else f"All are right, with {units} hidden units. Fewer are enough."


def _general(lab):
    other = _not_showing(lab, "iris.csv")
    if other:
        return other
    held_out, cases = lab.run.task.held_out, lab.run.task.cases
    asked, found = round(SHARE * len(lab.cases)), len(held_out) if held_out else 0
    if found < asked:
        return f"{found} of {len(lab.cases)} cases are held out; {asked} are asked for."
    right = right_count(lab, held_out)
    if right == found:
        return None
    return (
        f"{right} of {found} held-out cases are right at sweep {lab.run.sweeps:,}, and {right_count(lab, cases)} of "
        f"{len(cases)} trained ones. Would more sweeps help, or fewer?"
    )


EXERCISES = (
    Done(
        "07.1",
        "In the lab: get all 121 cases of the circle right, with as few hidden units as you can, and without skip "
        "links.",
        "Three lines are the fewest that enclose anything. (With skip links two units are enough: the links from input "
        "to output draw one more.)",
        lab=Workbench,
        judge=_small,
    ),
    Function(
        "07.2",
        "A column of a table holds numbers of any size. Write `stretched(column)`: it is given an array of them and "
        "returns another, in which the smallest has become −1 and the largest 1.",
        "Your function gives what the reader of tables gives, for the irises' sepal lengths and petal widths.",
        form="stretched(column)",
        cases=_stretched,
        hint="Is its smallest number −1, its largest 1, and does the middle between them become 0?",
        mistakes=(
            (lambda x: (x - x.min()) / (x.max() - x.min()), "That reaches from 0 to 1."),
            (
                lambda x: (x - x.mean()) / x.std(),
                "That gives mean 0 and spread 1, another custom; here it is −1 to 1.",
            ),
            (lambda x: x / x.max(), "The largest becomes 1, but the smallest is not −1."),
            (lambda x: 2 * x / x.max() - 1, "The largest becomes 1, but only a 0 would become −1."),
            (lambda x: 1 - 2 * (x - x.min()) / (x.max() - x.min()), "It is upside down: the smallest becomes 1."),
        ),
    ),
    Choice(
        "07.3",
        "Three output units, one for each, tell the species of an iris: setosa, versicolor or virginica. Why not one "
        "unit that should be 0, ½ or 1?",
        "Numbers have an order and distances; words have none. The paper has a unit for each of 24 people (Fig. 3).",
        options={
            "A unit can only be 0 or 1": "By (2) a unit can have any state between them.",
            "More units learn in fewer sweeps": "Perhaps, perhaps not. What would the one unit have to claim about the "
            "three species?",
            "One unit would say that versicolor lies half-way between the other two": None,
            "(3) needs as many output units as there are species": "(3) adds up over whatever output units there are.",
        },
    ),
    Done(
        "07.4",
        "In the lab: press iris (under “Your own cases”), hold out a fifth of the cases (under “New run …”), and stop "
        "learning when all of those 30 are right.",
        "Ten starts of ten have them all right at sweep 60, and none at 500. But you looked at them to choose when to "
        "stop: only further irises can tell how well it does on new ones.",
        lab=Workbench,
        judge=_general,
    ),
    Number(
        "07.5",
        "A truth table that contradicts itself: 0 | 0, then 1 | 0, 1 | 1 and once more 1 | 1. The network has as "
        "many hidden units as it needs. At which E does it end?",
        "It answers 1 with ⅔, the mean of what is desired: ½ · (4/9 + 1/9 + 1/9). If cases contradict each other, "
        "least squares end at the mean.",
        value=1 / 3,
        hint="One answer y has to do for three cases. Write E as a function of y, and find where it is least.",
        within=0.02,
        mistakes=(
            (0, "Three cases have the same input, so they get the same answer. Can it be right for all?"),
            (0.5, "That is E if it answers 1 with the majority, 1. Is E less somewhere below 1?"),
            (0.375, "That is E if it answers ½. Two of the three desire 1."),
            (0.25, "That is E for one case of each kind; here the 1 stands twice."),
            (2 / 3, "The ½ of (3) is missing, or you gave the answer of the network; the question is E."),
            (1, "That is E if it answers 1 with 0; it can do better."),
        ),
    ),
    Explain(
        "07.explain",
        "Each hidden unit draws one straight line across the plane of the two inputs. How many lines enclose a "
        "circle, and what does the output unit do with them?",
        "Three lines are the fewest that enclose an area: a triangle with rounded corners. The output unit is on "
        "only if all of them say “inside”.",
    ),
)
