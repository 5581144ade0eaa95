"""Exercises of lab 04: family trees, Figs 2 to 4."""

import numpy as np

import bpcore as bp
from bpcore.error import output_derivative

from ..kit.exercises.kinds import Choice, Done, Explain, Function, Number, right_count
from .lab import RECIPES, FamilyTreesLab

SPARED = ("epsilon", "half_range", "weight_decay", "reading", "sweeps")
MOST = 3
"""Departures from the printed recipe that are enough."""


def _with_tolerance():
    """The printed reading of the tolerance, as the engine has it."""
    draw = np.random.default_rng(1986)
    for shape in ((6, 5), (24, 3)):
        y, d = draw.uniform(0.01, 0.99, shape), draw.integers(0, 2, shape).astype(float)
        yield (y, d), output_derivative(y[None], d.T, bp.Tolerance(0.2, "printed"))[0]


def _from_the_edge(y, d):
    return y - d - np.clip(y - d, -0.2, 0.2)


def _spared(lab):
    if lab.settings["units"] != 6 or len(lab.run.task.held_out or ()) != 4 or len(lab.run.task.cases) != 100:
        return "Keep the paper's two families, six units for a person, and four held-out facts."
    printed = RECIPES["printed"]
    made = [name for name in SPARED if lab.settings[name] != printed[name]]
    others = [name for name in printed if name not in SPARED and lab.settings[name] != printed[name]]
    if others:
        return f"Leave {others[0]} as the paper has it: the five buttons under “What was changed” are enough."
    right = right_count(lab)
    if len(made) > MOST:
        return f"{len(made)} departures are made; {MOST} are enough."
    if right < 100:
        return f"With {len(made)} departures {right} of 100 trained facts are right at sweep {lab.run.sweeps:,}."
    return None


EXERCISES = (
    Number(
        "04.1",
        "Of the 104 questions some have two answers: Colin has two aunts. How many such questions are there?",
        "Four children, who each have two uncles and two aunts: 104 questions and 112 triples.",
        value=8,
        hint="Count the people with two aunts, then think of uncles, in both families.",
        mistakes=(
            (4, "In one family, or only one of the two relationships."),
            (2, "In one family, of one relationship."),
            (112, "Those are all triples: questions with their answers."),
            (16, "Those are the answers to them."),
        ),
    ),
    Number(
        "04.2",
        "Weight decay takes .2 % of every weight after each change. If no gradient held it, what share of a weight "
        "would be left after the paper's 1,500 sweeps?",
        ".998 to the power of 1,500, a twentieth. What is still large has been held there by ∂E/∂w.",
        value=0.998**1500,
        hint="What is left after two sweeps? It is .998 of .998.",
        within=0.03,
        mistakes=(
            (0.998, "That is after one sweep."),
            (0.95, "The question is what is left, not what is lost."),
            (3, "You added up the shares, but each is taken of what is left."),
            (-2, "You took the share of the starting weight each time; it is taken of what is left."),
        ),
    ),
    Function(
        "04.3",
        "“The error was considered to be zero if output units that should be on had activities above 0.8 and output "
        "units that should be off had activities below 0.2.” Write `difference(y, d)`, two arrays (units, cases): "
        "∂E/∂y by (4), and 0 where the paper says that there is no error.",
        "Your function gives what the engine gives for the printed reading. It jumps at .2; measured from the edge it "
        "would not.",
        form="difference(y, d)",
        cases=_with_tolerance,
        hint="Is it y − d where a unit is further off than .2, and 0 elsewhere?",
        mistakes=(
            (_from_the_edge, "That is the other reading, measured from the edge; the question is y − d outside."),
            (lambda y, d: y - d, "That is (4) alone: some of these units count as right."),
            (lambda y, d: (d - y) * (np.abs(y - d) >= 0.2), "Mind the sign: (4) is y − d."),
            (lambda y, d: (y - d) * (np.abs(y - d) < 0.2), "That keeps what should be 0, and drops the rest."),
        ),
    ),
    Done(
        "04.4",
        f"In the lab: get all 100 trained facts right with no more than {MOST} of the five departures from the printed "
        "recipe (the switches under “What was changed …”).",
        "Three are enough. Would two be? All 32 sets of departures are on the plate of part 2.",
        lab=FamilyTreesLab,
        judge=_spared,
    ),
    Choice(
        "04.5",
        "Five of the six units treat an English person and the Italian equivalent alike, one does the opposite. What "
        "is that one good for?",
        "It tells nationality, so the others need not: what is learnt about one family serves the other.",
        options={
            "It has not learnt yet: with more sweeps it would be like the others": "Without it, how would the net "
            "know which of two equivalent people to answer?",
            "It tells the families apart": None,
            "It holds the four facts that were never trained": "No unit has ever seen those.",
        },
    ),
    Explain(
        "04.explain",
        "What does a weight of size 0 say about its unit? Could the authors have read Fig. 4 without decay?",
        "With decay, a weight stays large only if ∂E/∂w keeps pushing against it. So a weight of 0 says that its "
        "unit does not need to know this person. Without decay, random starting weights that do nothing would "
        "remain, and large weights would not have to be useful ones.",
    ),
)
