"""Exercises of lab 02: symmetry, Fig. 1."""

import re

import numpy as np

from bpcore import measures
from bpcore.analysis.solution_families import family_of

from ..kit.exercises.kinds import Choice, Done, Explain, Number, Written, right_count
from .lab import SymmetryLab


def _sizes(said):
    found = re.findall(r"[-+]?\d+\.?\d*", said)
    if len(found) != 3:
        return "Write three numbers, like 1 2 2."
    sizes = sorted(float(size) for size in found)
    if sizes[0] <= 0 or sizes[-1] > 4 or any(size != int(size) for size in sizes):
        return "Whole numbers from 1 to 4 are asked for."
    if sizes == [1, 2, 4]:
        return "These are the paper's. One other set works too."
    halves = np.array([[k >> 2 & 1, k >> 1 & 1, k & 1] for k in range(8)])
    sums = len(set((halves @ sizes).tolist()))
    return None if sums == 8 else f"They give {sums} different sums of 8: two halves that differ would look the same."


def _four_sizes(said):
    found = re.findall(r"[-+]?\d+\.?\d*", said)
    if len(found) != 4:
        return "Write four numbers, like 1 2 2 5."
    sizes = sorted(float(size) for size in found)
    if sizes[0] <= 0 or any(size != int(size) for size in sizes):
        return "Whole numbers above 0 are asked for."
    family = family_of(sizes)
    if family is None:
        halves = np.arange(16)[:, None] >> np.arange(4) & 1
        return f"They give {len(set((halves @ sizes).tolist()))} different sums of 16: some halves would look the same."
    if family == (1, 2, 4, 8):
        return "Each is larger than all smaller ones together: that is the family 1 : 2 : 4 : 8 again."
    return None


def _eight_inputs(lab):
    if lab.width != 8:
        return f"The network has {lab.width} inputs. Set “inputs” to 8."
    right = right_count(lab)
    if right < 256:
        return f"{right} of 256 cases are right at sweep {lab.run.sweeps:,}: let it learn, or take a smaller ε."
    return None


def _other_solution(lab):
    if lab.width != 6:
        return f"The network has {lab.width} inputs; this exercise is about six."
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
    sizes = " : ".join(f"{size:.1f}" for size in structure.ratios[0, 0]).replace("1.0", "1", 1)
    return (
        f"It is solved, but its sizes are still changing: {sizes} at sweep {lab.run.sweeps:,}. Press Play to let it "
        "learn longer, or take another start."
    )


EXERCISES = (
    Number(
        "02.1",
        "Before the first sweep every output is near ½. There are 64 cases and one output unit. Where does E start, "
        "about, by equation (3)?",
        "64 · ½ · (½)². One hundred starts have 8.3 on average, since the outputs are not exactly ½.",
        value=8,
        hint="Each case adds the same: half of the square of the output's error.",
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
        "8 · ½ · 1². On this plateau a third of all starts still wait after 5,000 sweeps.",
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
        "On the plateau the error is large, and yet the weights hardly change. Why?",
        "The outputs are close to 0, so y(1 − y) in (5) is too: hardly anything of a large ∂E/∂y comes through.",
        options={
            "It is a local minimum: every change of the weights makes E larger": "Then there would be no way down. "
            "Starts have left this plateau after thousands of sweeps.",
            "The hidden units are turned off": "They may be low, but they are not 0, and the weights above them would "
            "still change if error came back. Where on its way back is the error lost first?",
            "The output unit is saturated, so that hardly any error comes back through it": None,
            "ε is too small for this task": "With a larger ε even fewer starts leave it. What does ε multiply?",
        },
    ),
    Written(
        "02.4",
        "The paper's weights have sizes 1 : 2 : 4. Which other set of three sizes, whole numbers from 1 to 4, gives "
        "the eight patterns of one half eight different sums?",
        "All eight sums differ: the procedure finds this second solution too, in about one solved start of five.",
        judge=_sizes,
        example="1 2 2",
    ),
    Done(
        "02.5",
        "In the lab: find a start that is solved with the sizes of exercise 02.4 instead of 1 : 2 : 4. Then press "
        "Check here.",
        "Two networks, the same task, the same answers, and different weights: the task does not fix what is learnt.",
        lab=SymmetryLab,
        judge=_other_solution,
    ),
    Choice(
        "02.6",
        "Call the sizes of three mirror pairs a < b < c. Two hidden units can detect symmetry if no signed sum of them "
        "is 0, such as b − a or c − a − b. Why are there exactly two families of solutions?",
        "All other signed sums have the sign of their largest size. Only c − (a + b) can be positive, as in 1 : 2 : 4, "
        "or negative, as in 2 : 3 : 4, and one cannot become the other without passing 0.",
        options={
            "Only 1 : 2 : 4 and the sizes of exercise 02.4 give eight different sums": "1 : 2 : 5 does too, and "
            "4 : 5 : 6. Which family does each belong to?",
            "There are two hidden units, and each finds one": "Look at a solved run: are the sizes of the two units "
            "different?",
            "Once the sizes are in order, the sign of c − (a + b) is the only one that is still open": None,
            "Learning has not found a third one yet": "Then a third one could exist. Write down all the signed sums of "
            "three sizes and look at their signs.",
        },
    ),
    Number(
        "02.7",
        "A network has solved six inputs with the sizes of exercise 02.4, and its largest weight is 8. How much, at "
        "least, does a pattern that is not symmetric send to a hidden unit?",
        "The sizes are 4, 6 and 8, and 6 − 4 = 8 − 6 = 2. With 1 : 2 : 4 and the same largest weight it is 2 as well.",
        value=2,
        hint="Which are the sizes? In a pattern, each pair adds its size, subtracts it, or cancels.",
        within=0.01,
        mistakes=(
            (4, "That is the smallest size. Two pairs that differ can work against each other."),
            (1, "That is in parts of the ratio: the largest weight is 8, not 4."),
            (0, "Then the pattern would pass for a symmetric one, and the network would not be a solution."),
        ),
    ),
    Written(
        "02.8",
        "Eight inputs have four mirror pairs and fourteen families. Find four sizes that solve it, and that are not of "
        "the family 1 : 2 : 4 : 8.",
        "All sixteen sums differ, and in another order than those of 1 : 2 : 4 : 8.",
        judge=_four_sizes,
        example="1 2 2 5",
    ),
    Done(
        "02.9",
        "In the lab: set “inputs” to 8 (under “New run …”) and find a run that gets all 256 patterns right. The "
        "paper's ε is too large for most starts.",
        "Which of the fourteen families is it? “What it has learnt” names it.",
        lab=SymmetryLab,
        judge=_eight_inputs,
    ),
    Explain(
        "02.explain",
        "What does the network learn first? What changes in the weights just before E begins to fall?",
        "First the output's bias falls, so that it says “no” to everything: most answers are “no”. Just before E "
        "falls, the weights of mirror inputs become equal and opposite, pair by pair, so that symmetric patterns "
        "send 0 to the hidden units and the others do not.",
    ),
)
