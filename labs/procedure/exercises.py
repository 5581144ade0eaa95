"""Exercises of lab 01: the procedure, equations (1) to (9)."""

import numpy as np

import bpcore as bp
from bpcore import tasks
from bpcore.descent import descend
from bpcore.passes import Passes

from ..kit.exercises.kinds import Choice, Explain, Function, Number


def _heard():
    """Equation (7) as the engine has it: ∂E/∂x of an output group and its weights -> ∂E/∂y of the group below."""
    for sizes in ({"input": 6, "hidden": 2, "output": 1}, {"input": 4, "hidden": 5, "output": 3}):
        net = bp.layered(sizes)
        w, draw = bp.start(net, seeds=[3], half_range=1.0), np.random.default_rng(5)
        inputs = {"input": draw.integers(0, 2, (7, net.size("input"))).astype(float)}
        desired = {"output": draw.integers(0, 2, (7, net.size("output"))).astype(float)}
        passes = Passes(net, w, inputs, desired)
        passes.forward()
        passes.compare()
        passes.backward()
        weights = net.blocks(w)["hidden", "output"][0].copy()
        yield (passes.dE_dx["output"][0].copy(), weights), passes.dE_dy["hidden"][0].copy()


def _steps():
    """Equation (9) as the engine has it, on the gradient of the symmetry task."""
    task = tasks.symmetry()
    w = bp.start(task.network, seeds=[0])
    dE_dw = bp.gradient(task.network, w, task.cases)
    for epsilon, alpha, before in ((0.1, 0.9, 0.5 * w), (0.3, 0.5, -w)):
        after = before.copy()
        descend(w.copy(), after, dE_dw.copy(), epsilon, alpha)
        yield (dE_dw[0].copy(), before[0].copy(), epsilon, alpha), after[0]


EXERCISES = (
    Number(
        "01.1",
        "By (5) the share y(1 − y) of the error comes back through a unit. What is the largest that this share can be?",
        "At y = ½, where x = 0: even there three quarters are lost, at every unit on the way down.",
        value=0.25,
        hint="Try y = .1, .3, .5, .7, .9.",
        mistakes=(
            (0.5, "That is the y at which it is largest; the question is how large."),
            (1, "y and 1 − y are never both 1."),
            (0, "That is the x at which it is largest, or the smallest share; the question is the largest share."),
        ),
    ),
    Number(
        "01.2",
        "An output unit is completely wrong: y = .99 where 0 is desired. What is ∂E/∂x of this unit, by (4) and (5)?",
        ".99 · .99 · .01: the worst mistake sends back less than a hundredth. Such a unit is called saturated.",
        value=0.009801,
        hint="First (4), y − d; then (5), times y, times (1 − y).",
        within=0.003,
        mistakes=(
            (0.99, "That is ∂E/∂y, (4). It still has to come through the unit, by (5)."),
            (0.0099, "That is only the share y(1 − y); it multiplies ∂E/∂y."),
            (0.9801, "The factor (1 − y) is missing."),
        ),
    ),
    Function(
        "01.3",
        "Equation (7) in two lines of numpy or fewer. Write `hear(dE_dx, w)`. It is given ∂E/∂x of the units above, of "
        "shape (above, cases), and the weights, of shape (above, below): w[j, i] is the paper's w_ji. It returns ∂E/∂y "
        "of the units below, of shape (below, cases).",
        "Your function gives what the engine gives: error flows back through the same weights, in the other direction.",
        form="hear(dE_dx, w)",
        cases=_heard,
        hint="(7) adds up, over the units j above, ∂E/∂x_j times w_ji.",
        mistakes=(
            (lambda dE_dx, w: -(w.T @ dE_dx), "It has the opposite sign: (7) has no minus."),
            (lambda dE_dx, w: w.T @ dE_dx / len(w), "That is a mean over the units above; (7) is their sum."),
            (
                lambda dE_dx, w: np.abs(w.T) @ dE_dx,
                "The sign of a weight counts: an inhibiting link reverses the sign of the error.",
            ),
        ),
    ),
    Function(
        "01.4",
        "Equation (9). Write `velocity(dE_dw, delta_w, epsilon, alpha)`. It is given the accumulated ∂E/∂w and the "
        "last Δw, two arrays of shape (weights,), and returns the next Δw.",
        "Your function gives what the engine gives; with alpha = 0 it is equation (8).",
        form="velocity(dE_dw, delta_w, epsilon, alpha)",
        cases=_steps,
        hint="−ε times ∂E/∂w, plus α times the last Δw.",
        mistakes=(
            (
                lambda g, v, epsilon, alpha: epsilon * g + alpha * v,
                "A minus is missing: weights go against their derivative.",
            ),
            (lambda g, _v, epsilon, _alpha: -epsilon * g, "That is (8); where is the last Δw?"),
            (
                lambda g, v, epsilon, _alpha: -epsilon * g + v,
                "You added the whole last Δw, not α of it: then nothing ever slows down.",
            ),
            (
                lambda g, v, epsilon, alpha: alpha * v - (1 - alpha) * epsilon * g,
                "That is a mean that newer programs use; (9) has no factor (1 − α).",
            ),
        ),
    ),
    Number(
        "01.5",
        "A derivative can be measured: nudge a weight up and down, and see how far the errors differ. For a network of "
        "a million weights, how many forward passes over the cases does this take for the whole gradient?",
        "Two for each weight. One forward and one backward pass give the same numbers: that is what made it possible.",
        value=2_000_000,
        hint="Count for one weight first.",
        mistakes=(
            (1_000_000, "Each weight is nudged twice."),
            (2, "Two for one weight; what about the others?"),
            (1, "One pass gives one E; a derivative compares two."),
        ),
    ),
    Choice(
        "01.6",
        "Two hidden units start with the same weights, in and out. What will the procedure make of them?",
        "They hear the same and send the same, so they get the same change. “To break symmetry we start with small "
        "random weights.”",
        options={
            "One of them learns, the other is left alone": "By (7) both hear something. Is there any difference in "
            "what they hear?",
            "They stay alike for ever and act as one unit": None,
            "They drift apart, slowly at first": "What would the first difference come from? Work one case by (6) "
            "and (7).",
        },
    ),
    Explain(
        "01.explain",
        "In the case 0 1, two weights from the inputs have a derivative of exactly 0 after step 7. Why? What "
        "would change that?",
        "By (6) a weight's derivative is ∂E/∂x above it times the state y below it. Input 1 is 0 in this case, so"
        " both of its weights get 0, however wrong the output is. In a case in which input 1 is on they get a "
        "share.",
    ),
)
