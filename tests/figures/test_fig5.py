"""The plates of Fig. 5 show two nets that do the same, and what such nets have learnt."""

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.patches import FancyArrowPatch

import bpcore as bp
from bpcore import tasks
from figures import fig5

from .test_drawings import overlaps


@pytest.fixture(scope="module")
def plate():
    task = fig5.small_net()
    return fig5.equivalence_plate(task, bp.start(task.network, [5], half_range=3)[0])


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_corresponding_weights_have_one_colour_and_one_name(plate):
    iterative, table, layered = plate.figure.axes
    for k, name in enumerate(["w₁", "w₂", "w₃", "w₄"]):
        for ax, how_often in ((iterative, 1), (table, 1), (layered, 3)):
            named = [text for text in ax.texts if text.get_text() == name]
            assert len(named) == how_often
            assert all(same_color(text.get_color(), fig5.COLOURS[k]) for text in named)
    arrows = {ax: [p for p in ax.patches if isinstance(p, FancyArrowPatch)] for ax in (iterative, layered)}
    assert (len(arrows[iterative]), len(arrows[layered])) == (4, 12)
    for k in range(4):
        same = [arrow for arrow in arrows[layered] if same_color(arrow.get_edgecolor(), fig5.COLOURS[k])]
        ways = [np.subtract(*arrow._posA_posB) for arrow in same]  # each a layer up, over the same units
        assert len(same) == 3
        np.testing.assert_allclose(ways, ways[:1] * 3)


def test_the_nodes_show_the_stored_states_and_the_table_the_average(plate):
    task = fig5.small_net()
    w = bp.start(task.network, [5], half_range=3)
    y = bp.forward(task.network, w, task.cases.inputs)
    for t in (1, 2, 3):
        for k in (1, 2, 3):
            assert f"{y[f'unit {k} at {t}'][0, 0, 0]:.2f}" in texts(plate.figure.axes[2])
    average = bp.gradient(task.network, w, task.cases)[0]
    for value in average:
        assert f"{value:+.3f}".replace("-", "−") in texts(plate.figure.axes[1])


def test_the_facts_are_found_true(plate):
    verdicts = [fact.rpartition(": ")[2] for fact in plate.facts[2:6]]
    assert verdicts == ["yes (to 1e-12)"] * 4
    assert "12 units in 4 layers, 12 weights in 4 sets of 3 corresponding ones" in plate.facts[1]


def test_nets_that_differ_are_not_called_equal(monkeypatch):
    task = fig5.small_net()
    w = bp.start(task.network, [5], half_range=3)[0]
    real = fig5.gradient
    monkeypatch.setattr(fig5, "gradient", lambda *a: real(*a) * (1 + 1e-9))
    facts = "\n".join(fig5.equivalence_plate(task, w).facts)
    assert "average over corresponding weights: yes" in facts  # both are off alike
    assert "with each weight by itself: no" in facts
    monkeypatch.setattr(fig5, "gradient", real)
    monkeypatch.setattr(fig5, "forward", lambda *a: {k: y + 1e-9 for k, y in bp.forward(*a).items()})
    assert "has the states of the layered net: no" in "\n".join(fig5.equivalence_plate(task, w).facts)


def test_a_net_that_cannot_be_drawn_is_refused():
    net = bp.iterative({"a": 1, "b": 1}, [("a", "a"), ("a", "b")], 1, given={"a": [0], "b": [0]}, desired={"b": [1]})
    task = bp.Task("loop", net, net.cases({"a": [[[1]]], "b": [[[0]]]}, {"b": [[[1]]]}))
    with pytest.raises(ValueError, match="link a -> a: only links between neighbours in the row are drawn"):
        fig5.equivalence_plate(task, np.zeros(net.n_weights))


def test_the_shift_register_is_told_in_words():
    task = tasks.shift_register()
    w = np.zeros((1, task.network.n_weights))
    blocks = task.network.blocks(w)
    blocks["ring", "ring"][0], blocks["one", "ring"][...] = 9 * np.roll(np.eye(3), 1, axis=0), -4
    plate = fig5.shift_register_plate(task, {"copies": w[0], "nothing": 0 * w[0] + 1e-9})
    assert plate.facts[0].startswith("copies: unit 1 copies unit 3; unit 2 copies unit 1; unit 3 copies unit 2")
    assert plate.facts[1].startswith("nothing: unit 1 copies no single unit")
    assert not overlaps(plate.figure)


def test_a_search_that_has_learnt_nothing_is_not_praised():
    task = tasks.search(1)
    w = np.zeros(task.network.n_weights)
    plate = fig5.search_plate(task, w, fig5.slowest(task, w), [0, 1, 8, 16])
    text = str(plate)
    assert "of 100 new pictures: 0 % are the right letter at step 8, 0 % are it at every step from 8 to 16" in text
    assert "wrong units at steps 0, 1, 8, 16: 5.0" in text
    assert "which are the letter from step never, never, never, never, never on" in text
    assert not overlaps(plate.figure)


def test_nothing_on_the_plate_overlaps(plate):
    assert not overlaps(plate.figure)
