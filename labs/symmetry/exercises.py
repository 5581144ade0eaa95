"""Exercises of lab 02: symmetry, Fig. 1."""

import re

import numpy as np

from bpcore import measures

from ..kit.exercises.kinds import Choice, Done, Number, Written, right_count
from .lab import SymmetryLab


def _sizes(said):
    found = re.findall(r"[-+]?\d+\.?\d*", said)
    if len(found) != 3:
        return "Write three numbers, like 1 2 2."
    sizes = sorted(float(size) for size in found)
    if sizes[0] <= 0 or sizes[-1] > 4 or any(size != int(size) for size in sizes):
        return "Whole numbers from 1 to 4 are asked for."
    if sizes == [1, 2, 4]:
        return "These are the paper's; there are others."
    halves = np.array([[k >> 2 & 1, k >> 1 & 1, k & 1] for k in range(8)])
    sums = len(set((halves @ sizes).tolist()))
    return None if sums == 8 else f"They give {sums} different sums of 8: two halves that differ would look the same."


def _other_solution(lab):
    right = right_count(lab)
    if right < 64:
        return f"{right} of 64 cases are right at sweep {lab.run.sweeps:,}: let it learn, or take another start."
    structure = measures.mirror_structure(lab.run.task.network, np.array(lab.run.state.w))
    if structure.other_ratio_error[0] < 0.05:
        return None
    if structure.ratio_error[0] < 0.05:
        return (
            "It is solved with sizes 1 : 2 : 4, the paper's solution. Try other starts: about one in five is different."
        )
    return "It is solved, but the sizes are not settled yet: let it learn on, and read “What it has learnt”."


EXERCISES = (
    Number(
        "02.1",
        "Before the first sweep every output is near ½. There are 64 cases and one output unit. Where does E start, "
        "about, by equation (3)?",
        "64 · ½ · (½)². One hundred starts have 8.3 on average, since the outputs are not exactly ½.",
        value=8,
        hint="Each case has the same share: half of the square of what the output is off by.",
        within=0.05,
        mistakes=(
            (16, "The ½ of (3) is missing."),
            (32, "The distance ½ is squared in (3)."),
            (0.125, "That is one case; (3) adds up all of them."),
        ),
    ),
    Number(
        "02.2",
        "Nearly every start first learns to say “no”, 0, to everything. Eight of the 64 patterns are symmetric, so "
        "that 1 is desired. What is E then?",
        "8 · ½ · 1²: the plateau on which a third of all starts still are after 5,000 sweeps.",
        value=4,
        hint="In how many cases is “no” wrong, and how much does each of them add?",
        within=0.03,
        mistakes=(
            (8, "Right so far, and the ½ of (3) is missing."),
            (28, "That is what “yes” to everything would cost."),
            (56, "Those are the cases in which “no” is right."),
        ),
    ),
    Choice(
        "02.3",
        "On the plateau at E = 4 the error is large, and still hardly a weight changes. Why?",
        "The outputs are close to 0, so y(1 − y) in (5) is too: hardly anything of a large ∂E/∂y comes through.",
        options={
            "It is a local minimum: every change of the weights makes E larger": "Then there would be no way down. "
            "Starts have left this plateau after thousands of sweeps.",
            "The hidden units are turned off": "Look at the network in the lab: is it the hidden units, and do the "
            "first links see a derivative at all?",
            "The output unit is saturated, so that hardly any error comes back through it": None,
            "ε is too small for this task": "With a larger ε even fewer starts leave it. What does ε multiply?",
        },
    ),
    Written(
        "02.4",
        "The paper's weights have sizes 1 : 2 : 4. Find three other sizes, whole numbers from 1 to 4, that give the "
        "eight patterns of one half eight different sums.",
        "All eight sums differ: the procedure finds this second solution too, in about one solved start of five.",
        judge=_sizes,
        example="1 2 2",
    ),
    Done(
        "02.5",
        "In the lab: find a start that solves symmetry with the sizes of exercise 02.4 instead of 1 : 2 : 4, and leave "
        "it there.",
        "Two networks, the same task, the same answers, and different weights: what is learnt is not laid down "
        "beforehand.",
        lab=SymmetryLab,
        judge=_other_solution,
    ),
)
