"""The plate of Fig. 3: activities as areas, dots at the correct answers, and no praise for wrong ones."""

import numpy as np
import pytest
from matplotlib.patches import Circle

import bpcore as bp
from bpcore import tasks
from figures import fig3

from .test_drawings import centre, overlaps, squares


@pytest.fixture(scope="module")
def task():
    return tasks.family_trees(held_out=["James has-daughter"])


@pytest.fixture(scope="module")
def w(task):
    return bp.start(task.network, [3], 2.0)[0]


def answered(task, *people):
    """Weights of a network that answers everything with the same people."""
    w = np.zeros((1, task.network.n_weights))
    names = fig3._people()
    task.network.blocks(w)[bp.ONE, "answer"][0, :, 0] = [2.0 if name in people else -2.0 for name in names]
    return w[0]


def field(plate, name):
    """The Axes of a group, by its place on the sheet."""
    left, bottom, _ = fig3.GROUPS[name]
    wide, high = plate.figure.get_size_inches()
    at = (left / wide, bottom / high)
    return next(ax for ax in plate.figure.axes if np.allclose(ax.get_position().p0, at))


@pytest.mark.parametrize("name", fig3.GROUPS)
def test_the_area_of_each_square_is_the_activity_of_its_unit(task, w, name):
    plate = fig3.activity_plate(task, w, "Colin has-aunt")
    k = task.cases.names.index("Colin has-aunt")
    y = bp.forward(task.network, w[None], task.cases.inputs)[name][0, :, k]
    columns = fig3.GROUPS[name][2]
    areas = {tuple(np.floor(centre(p)).astype(int)): p.get_width() ** 2 for p in squares(field(plate, name))}
    found = [areas[unit % columns, unit // columns] for unit in range(len(y))]
    np.testing.assert_allclose(found, 0.81 * y)


def test_one_person_and_one_relationship_are_on_and_dots_mark_the_two_aunts(task, w):
    plate = fig3.activity_plate(task, w, "Colin has-aunt")
    on = {name: [centre(p) for p in squares(field(plate, name)) if p.get_width() > 0] for name in fig3.GROUPS}
    assert on["person"] == [(5.5, 0.5)]
    assert on["relationship"] == [(7.5, 0.5)]
    dots = [p.center for p in field(plate, "answer").patches if isinstance(p, Circle)]
    assert dots == [(9.5, 0.5), (10.5, 0.5)]
    written = {text.get_text() for ax in plate.figure.axes for text in ax.texts}
    assert {"person 1: Colin", "relationship: has-aunt", "Jennifer, Angela", "Margaret, Gina"} <= written


@pytest.mark.parametrize(
    ("people", "given", "strongest"),
    [
        (("Jennifer", "Margaret"), "Jennifer, Margaret", "yes"),
        (("Jennifer",), "Jennifer", "no"),
        ((), "nobody", "no"),
        (("Jennifer", "Margaret", "Gina"), "Jennifer, Margaret, Gina", "no"),
    ],
)
def test_the_facts_say_what_was_answered_and_whether_it_is_right(task, people, given, strongest):
    plate = fig3.activity_plate(task, answered(task, *people), "Colin has-aunt")
    assert plate.facts == (
        "question: Colin has-aunt, trained",
        f"answers given (above .5): {given}",
        "correct answers: Jennifer, Margaret",
        f"the correct answers are the strongest: {strongest}",
    )
    text = next(text for text in field(plate, "answer").texts if text.get_text() == given)
    assert (text.get_color() == fig3.TRUE) == (strongest == "yes")


def test_a_question_that_was_held_out_is_called_so(task, w):
    assert fig3.activity_plate(task, w, "James has-daughter").facts[0] == "question: James has-daughter, held out"


def test_a_question_that_nobody_can_answer_is_refused(task, w):
    with pytest.raises(ValueError, match="there is no case 'Colin has-wife'; one such as 'Christopher has-wife'"):
        fig3.activity_plate(task, w, "Colin has-wife")


def test_nothing_overlaps(task, w):
    for question in ("Colin has-aunt", "Charlotte has-brother", "James has-daughter"):
        figure = fig3.activity_plate(task, w, question).figure
        for text in [text for ax in figure.axes for text in ax.texts if text.get_rotation()]:
            text.remove()  # their frames overlap where they do not
        assert not overlaps(figure)
