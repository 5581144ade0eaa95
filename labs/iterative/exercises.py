"""Exercises of lab 05: iterative nets, Fig. 5."""

import numpy as np

import bpcore as bp
from bpcore import tasks
from bpcore.tasks.shift_register import copies

from ..kit.exercises.kinds import Choice, Done, Explain, Function, Number, right_count
from .lab import IterativeLab


def _corresponding():
    """What the engine makes of the derivatives of corresponding weights."""
    for hidden in (30, 4):
        task = tasks.sequences(hidden=hidden)
        net, w = task.network, bp.start(task.network, seeds=[0])
        each = net.gradient_of_places(w, task.cases, task.recipe.tolerance)["hidden", "hidden"][:, 0]
        together = net.blocks(bp.gradient(net, w, task.cases, task.recipe))["hidden", "hidden"][0]
        yield (each.copy(),), together.copy()


def _another_way(lab):
    if lab.settings["task"] != "shift register":
        return "The lab shows another task: choose the shift register."
    right, count = right_count(lab), len(lab.run.task.cases)
    if right < count:
        return f"{right} of {count} patterns are right at sweep {lab.run.sweeps:,}: let it learn."
    if lab.settings["steps"] != 2 or lab.settings["hidden"] != 3:
        return "Stay with three units and two steps."
    if (copies(lab.run.task.network, np.array(lab.run.state.w)) > 0).all():
        return "It is solved by copying. Try other starts."
    return None


EXERCISES = (
    Number(
        "05.1",
        "The sequences' net has 30 hidden units, all linked to all, and is unrolled over six steps. If the six places "
        "of this link were not tied, how many weights would it have instead of 900?",
        "Six times as many, and what was learnt at one step would say nothing about the next, or about a seventh.",
        value=5400,
        hint="Each place would have weights of its own.",
        mistakes=(
            (900, "That is tied: the same weights in all places."),
            (180, "Those are units: 30 at each of six steps."),
            (1287, "Those are all weights of the tied net."),
            (150, "That is 900 divided by six."),
        ),
    ),
    Number(
        "05.2",
        "Fig. 5 averages ∂E/∂w over corresponding weights. A program takes the sum over the six places instead, with "
        "the same ε = .1. With which ε would the average do the same?",
        "The sum is six times the average: six times the step, and some runs get stuck.",
        value=0.6,
        hint="How many times the average is the sum?",
        mistakes=(
            (0.1 / 6, "The other way round: that ε would make the sum act as the average does now."),
            (0.1, "Then the sum would be the average."),
            (6, "Six times what?"),
        ),
    ),
    Function(
        "05.3",
        "“We average ∂E/∂w for all the weights in each set of corresponding weights.” Write `together(each)`: from the "
        "derivatives of all places, an array (places, to, from), make the one that changes them all, (to, from).",
        "Your function gives what the engine gives: so corresponding weights stay equal.",
        form="together(each)",
        cases=_corresponding,
        hint="An average over the places, the first axis.",
        mistakes=(
            (lambda each: each.sum(0), "That is the sum, as the 1988 program had it; Fig. 5 says something else."),
            (lambda each: each[-1], "That is one place alone."),
            (lambda each: np.median(each, 0), "That is the middle one; Fig. 5 averages."),
        ),
    ),
    Choice(
        "05.4",
        "A shift register has learnt to be right after two steps: each unit takes the opposite of the one before it. "
        "It is now asked after other numbers of steps. When is it right?",
        "Twice the opposite is the same, so an even number of steps is right and an odd one is the opposite.",
        options={
            "After any number of steps": "Write down what it makes of 110 in one step.",
            "After two steps only": "Begin again with what it has after two steps, and go two more.",
            "After four and six, not after one and three": None,
            "After one and three, not after four": "Write down what it makes of 110 in one step.",
        },
    ),
    Done(
        "05.5",
        "In the lab of the shift register (three units, two steps): find a start that solves it in another way than "
        "copying.",
        "After one step this net is not where you would expect: it was never trained on that step.",
        lab=IterativeLab,
        judge=_another_way,
    ),
    Explain(
        "05.explain",
        "Why is the derivative in the last places 0 or small for some weights? What would the net do at a seventh"
        " step if each place changed on its own?",
        "What a hidden unit sends on at the last step comes too late to reach an output, so nothing comes back to"
        " that place. If each place changed on its own, the six copies would drift apart, and there would be no "
        "weights for a seventh step.",
    ),
)
