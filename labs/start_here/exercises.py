"""Exercises of lab 00: the words that all labs use."""

from ..kit.exercises.kinds import Choice, Number

EXERCISES = (
    Number(
        "00.1",
        "A network learns 64 cases as in the paper: derivatives are accumulated over all the cases. "
        "How many times do its weights change in one sweep?",
        "All 64 cases are looked at, then the weights change once. That is why “sweep” is the unit of time here.",
        value=1,
        hint="Ask when the accumulated ∂E/∂w is used.",
        mistakes=(
            (64, "That is the other way: changing the weights after every case."),
            (0, "Then nothing would ever be learnt."),
        ),
    ),
    Number(
        "00.2",
        "Two output units have the states .8 and .3, and the desired states are 1 and 0. What is E by equation (3), "
        "for this case?",
        "Half of .2² + .3². In the labs E is always this sum over all cases, never a mean.",
        value=0.065,
        hint="Square the error of each unit, add the squares, and take half.",
        within=0.01,
        mistakes=(
            (0.13, "The ½ of (3) is missing."),
            (0.0325, "(3) is half the sum; you took a mean as well."),
            (0.25, "You added up the distances; (3) adds up their squares."),
            (0.5, "You added up the distances; (3) adds up their squares."),
        ),
    ),
    Choice(
        "00.3",
        "What does the small ▲ under a slider show?",
        "“As in the paper” brings all sliders back to their ▲.",
        options={
            "The value that learns quickest": "The lab does not know that value: finding it is up to you.",
            "The paper's value": None,
            "The value that the network has chosen by itself": "A network learns its weights; ε and α are yours.",
        },
    ),
)
