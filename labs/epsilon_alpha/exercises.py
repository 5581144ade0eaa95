"""Exercises of lab 03: epsilon and alpha, equations (8) and (9)."""

from ..kit.exercises.kinds import Choice, Done, Explain, Number
from .lab import EpsilonAlphaLab

QUICK = 600
"""Sweeps by which exercise 03.5 wants a lane solved; the paper's ε and α need 1,287 from start 10."""


def _quick(lab):
    if lab.seed != 10 or lab.settings["hidden"] != 2 or lab.settings["biases"] != "uniform":
        return "Stay with start 10, two hidden units and random starting biases; otherwise you measure the start."
    if lab.settings["update"] != "sweep":
        return "Change the weights after each sweep: after each case there are 64 changes in one sweep."
    solved = [int(at) for at in lab.run.solved_at if at >= 0]
    if solved and min(solved) <= QUICK:
        return None
    if solved:
        return f"The quickest lane is solved at sweep {min(solved):,}; {QUICK} is asked for."
    return f"No lane is solved by sweep {lab.run.sweeps:,}."


EXERCISES = (
    Number(
        "03.1",
        "A ravine is curved 16 across and 1 along. With α = 0, above which ε does the point leave the ravine?",
        "2/16: a step is ε · 16 times the distance to the middle, and may be at most twice that distance.",
        value=0.125,
        hint="Across, (8) multiplies the distance by 1 − 16 ε. When does its size grow?",
        mistakes=(
            (0.0625, "There the first step lands right in the middle. It may be longer."),
            (2, "That is for the curvature 1, along the ravine. Across is steeper."),
            (16, "That is the curvature. The steeper, the shorter the step must be."),
        ),
    ),
    Number(
        "03.2",
        "In the same ravine, with α = .9: above which ε does the point leave it?",
        "2(1 + α)/16: α cancels oscillations, so a larger step is allowed.",
        value=0.2375,
        hint="It is larger than without α, by a factor with α in it. Part 1 has two values around it.",
        within=0.02,
        mistakes=(
            (0.125, "That is without α. A velocity that turns round at every step helps."),
            (0.0125, "You multiplied by 1 − α. Does α allow less here?"),
            (1.25, "You divided by 1 − α: that holds for a gradient that keeps its direction."),
        ),
    ),
    Number(
        "03.3",
        "If the gradient stays the same for a long time, how many times as fast as with α = 0 does the point move with "
        "α = .9, at the same ε?",
        "1/(1 − α), the sum of 1 + α + α² and so on.",
        value=10,
        hint="In the end Δw stays the same too: write the same Δw on both sides of (9).",
        mistakes=(
            (9, "Add the step of (8) itself."),
            (1.9, "That is after two sweeps; it keeps growing."),
            (0.1, "Faster, not slower."),
        ),
    ),
    Choice(
        "03.4",
        "“This method does not converge as rapidly as methods which make use of the second derivatives.” What did "
        "the lab measure on the symmetry task?",
        "Once it is just solved they need 15 or 40 passes instead of 4,704; from the starts L-BFGS solves none of 50.",
        options={
            "They are always quicker": "Look at the first line of the table in part 5, at how many of the 50 "
            "get there.",
            "They are quicker near a solution; from the paper's starts most runs end on a plateau": None,
            "They are never quicker": "Look at the last line of the table in part 5.",
        },
    ),
    Done(
        "03.5",
        f"In the lab, from start 10: find an ε and an α with which a lane is solved by sweep {QUICK}.",
        "And from another start? One run is an anecdote: the map counts 100 starts at each place.",
        lab=EpsilonAlphaLab,
        judge=_quick,
    ),
    Explain(
        "03.explain",
        "The white band slants: the larger α is, the smaller ε must be. What does equation (9) do to a velocity "
        "that keeps its direction?",
        "If the gradient stays the same, the velocity grows to −ε ∂E/∂w / (1 − α). A larger α makes each step "
        "longer, as a larger ε would, so ε has to be smaller for the same step.",
    ),
)
