"""Exercises of lab 06: local minima, perceptrons, more connections."""

import re

import numpy as np

from ..kit.exercises.kinds import Choice, Done, Explain, Number, Written, right_count
from .lab import LocalMinimaLab

STUCK = 4
"""A start that never leaves E = 4 at the paper's settings."""


def _balance(said):
    names = re.findall(r"[01]+", said)
    if len(names) != 4 or any(len(name) != 6 for name in names):
        return "Write four patterns of six, like 000000 110011 100000 010001."
    if len(set(names)) < 4:
        return "Four different patterns are asked for."
    symmetric = [name for name in names if name == name[::-1]]
    if len(symmetric) != 2:
        return f"{len(symmetric)} of them are symmetric; two are asked for."
    sums = [
        np.sum([[int(c) for c in name] for name in names if (name in symmetric) == which], axis=0)
        for which in (True, False)
    ]
    if (sums[0] == sums[1]).all():
        return None
    places = " and ".join(str(k + 1) for k in np.flatnonzero(sums[0] != sums[1])[:2])
    return f"The two pairs do not add up to the same: look at input {places}."


def _freed(lab):
    if lab.settings["task"] != "symmetry":
        return f"The lab shows {lab.settings['task']}: choose symmetry."
    if lab.seed != STUCK:
        return f"This is start {lab.seed}: free number {STUCK}."
    right, cases = right_count(lab), len(lab.run.task.cases)
    if right < cases:
        return f"Some cases are wrong at sweep {lab.run.sweeps:,}. Where it stands: {lab.where().name}."
    return None


EXERCISES = (
    Choice(
        "06.1",
        "The error curve is flat, and cases are wrong. Which finding would show that it is a true local minimum?",
        "Level ground that curves upward all around. A small gradient alone is found on plateaus and saddles too.",
        options={
            "The gradient is small": "It is also small on a plateau, at a saddle, and if units are saturated.",
            "y(1 − y) is close to 0 in the wrong cases": "That is saturation: the error cannot come back, whatever the "
            "ground is like further on.",
            "The ground is level and curves upward in every direction": None,
            "E has not changed for a thousand sweeps": "Runs have left E = 4 after more than that.",
        },
    ),
    Number(
        "06.2",
        "A network says “no” to everything: how many of symmetry's 64 cases does it get right? (Of 20 networks without "
        "hidden units, the best got 57.)",
        "All those that are not symmetric. So 57 of 64 is one case better than knowing nothing.",
        value=56,
        hint="How many of the 64 patterns are symmetric?",
        mistakes=(
            (8, "Those are the ones it gets wrong."),
            (57, "That is the best of the 20."),
            (32, "The left half decides the right half of a symmetric pattern: how many halves are there?"),
        ),
    ),
    Written(
        "06.3",
        "No weights from input to output alone can detect symmetry. Prove it: write four different patterns, two "
        "symmetric and two not, so that the two pairs add up to the same at every input.",
        "Weights that say “yes” to the first two and “no” to the others would have to tell two equal sums apart.",
        judge=_balance,
        example="000000 110011 100000 010001",
    ),
    Choice(
        "06.4",
        "“Adding a few more connections creates extra dimensions in weight-space.” When did more hidden units help, in "
        "this lab?",
        "Of 50 starts with one hidden unit 42 ended in a true minimum, with two none. On symmetry the trouble is "
        "saturation, and at ε = .1 more units make that worse.",
        options={
            "Always": "Look at symmetry with eight hidden units, at ε = .1.",
            "Never": "Look at the net that was built to have a true minimum, in part 1.",
            "When runs were stuck in a true minimum": None,
            "When the output was saturated": "There more weights changed at once, and the first steps made it worse.",
        },
    ),
    Done(
        "06.5",
        f"In the lab: start number {STUCK} of symmetry never leaves E = 4 with everything as in the paper. Change "
        "something, but not the start number, and get all 64 cases right.",
        "What you changed shows what held it back: was there ever a hill in the way?",
        lab=LocalMinimaLab,
        judge=_freed,
    ),
    Explain(
        "06.explain",
        "The error stays the same for a thousand sweeps. What would you measure to find out whether the run is in"
        " a local minimum?",
        "First the size of the gradient: if it is not 0, there is a way down. Then y(1 − y) in the wrong cases: "
        "if it is close to 0, the unit is saturated. Then the curvature: the point is a minimum only if it is "
        "upward in every direction; if one direction curves down, it is a saddle.",
    ),
)
