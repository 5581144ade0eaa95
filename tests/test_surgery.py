"""Weights changed by hand, frozen and cut, and kept curves, without a page."""

import comm
import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances

import bpcore as bp
from bpcore import tasks
from bpcore.tasks.families import RELATIONSHIPS
from labs import EpsilonAlphaLab, FamilyTreesLab, IterativeLab, LocalMinimaLab, SymmetryLab, Workbench
from labs.kit.ticket import read, written
from tests.pressing import enter

LABS = [SymmetryLab, LocalMinimaLab, FamilyTreesLab, IterativeLab]


def sent_by(lab):
    """What a lab sends to its page beside pieces of the run."""
    messages = []
    lab.view.stage.send = lambda content, buffers=None: messages.append(content)
    return messages


@pytest.mark.parametrize("make", LABS)
def test_a_weight_gets_a_value_and_learning_goes_on_from_there(make):
    lab = make(seed=3)
    lab.step(30)
    w, run = lab.run.state.w.copy(), lab.run
    name = lab.weight_names[4]
    lab.edit(name, 1.25)
    assert lab.run.sweeps == 0
    assert lab.run.state.w[0, 4] == 1.25
    np.testing.assert_array_equal(np.delete(lab.run.state.w[0], 4), np.delete(w[0], 4))
    assert lab.marks == [[0, f"{name} = 1.25"]]
    lab.step(5)
    assert lab.run.state.w[0, 4] != 1.25
    lab.undo()
    assert lab.run is run
    np.testing.assert_array_equal(lab.run.state.w, w)
    assert lab.digest()


@pytest.mark.parametrize("make", LABS)
def test_a_cut_link_stays_cut_and_a_frozen_weight_stays_until_it_is_free(make):
    lab = make(seed=3)
    lab.step(10)
    lab.cut(2)
    lab.freeze(5)
    frozen = lab.run.state.w[0, 5]
    assert lab.frozen == {2, 5}
    lab.step(20)
    assert lab.run.state.w[0, 2] == 0
    assert lab.run.state.w[0, 5] == frozen
    lab.freeze(5, on=False)
    lab.step(5)
    assert lab.run.state.w[0, 5] != frozen
    assert lab.frozen == {2}
    lab.reset()
    assert lab.frozen == set()
    np.testing.assert_array_equal(lab.run.state.w, make(seed=3).run.state.w)


def test_what_goes_on_is_what_the_engine_makes_of_those_weights():
    lab = SymmetryLab(seed=10)
    lab.step(50)
    state = lab.run.state
    w, delta_w = state.w.copy(), state.delta_w.copy()
    lab.cut("h1 ← input 3")
    k = lab.weight_names.index("h1 ← input 3")
    w[:, k] = 0
    recipe = bp.Recipe((bp.Phase(epsilon=0.1, alpha=0.9),), held=(k,))
    run = bp.train(tasks.symmetry(), recipe=recipe, w=w, delta_w=delta_w, sweeps=30)
    lab.step(30)
    np.testing.assert_allclose(lab.run.E, run.E, rtol=1e-12)


def test_an_earlier_moment_is_changed_and_the_phases_that_are_left_go_on():
    lab = FamilyTreesLab(seed=3)
    lab.step(60)
    w = lab.run.at(10).w.copy()
    lab.edit(0, 2.0, sweep=10)
    w[0, 0] = 2.0
    np.testing.assert_array_equal(lab.run.state.w, w)
    assert [(p.start, p.alpha) for p in lab.run.recipe.phases] == [(0, 0.5), (10, 0.9)]


def test_a_drag_is_one_change_to_undo():
    lab = SymmetryLab()
    lab.step(5)
    run = lab.run
    lab.view.stage.receive({"type": "edit", "weight": 1, "value": 0.5, "sweep": 5})
    for value in (0.6, 0.7):
        lab.view.stage.receive({"type": "edit", "weight": 1, "value": value, "more": True, "sweep": 0})
    assert lab.run.state.w[0, 1] == 0.7
    lab.view.stage.receive({"type": "undo"})
    assert lab.run is run


def test_many_changes_are_undone_one_by_one():
    lab = SymmetryLab()
    runs = [lab.run]
    for k in range(4):
        lab.edit(k, 1.0)
        runs.append(lab.run)
    for run in runs[-2::-1]:
        lab.undo()
        assert lab.run is run
    with pytest.raises(ValueError, match="there is nothing to undo"):
        lab.undo()


def test_bad_weights_and_values_get_one_sentence_and_change_nothing():
    lab = SymmetryLab()
    said = []
    lab.view.stage.say = said.append
    lab.step(3)
    run = lab.run
    for how, sentence in (
        (("h9 ← input 1", 1), "there is no weight 'h9 ← input 1'; one such as"),
        ((17, 1), "the place of a weight"),
        ((0, float("nan")), "the value of a weight"),
        ((0, "much"), "the value of a weight"),
    ):
        with pytest.raises(ValueError, match=sentence):
            lab.edit(*how)
    lab.view.stage.receive({"type": "edit", "weight": 99, "value": 1, "sweep": 0})
    lab.view.stage.receive({"type": "undo"})
    assert said[0].startswith("the place of a weight")
    assert "nothing to undo" in said[-1]
    assert lab.run is run


def test_kept_curves_are_sent_and_the_oldest_goes():
    lab = SymmetryLab(seed=10)
    messages = sent_by(lab)
    lab.step(3000)
    lab.keep("first")
    curve = messages[-1]["curves"][0]
    assert curve["name"] == "first"
    assert len(curve["sweeps"]) == len(curve["E"]) == 1000
    assert (curve["sweeps"][0], curve["sweeps"][-1]) == (0, 3000)
    assert curve["E"] == [lab.run.E[t, 0] for t in curve["sweeps"]]
    for seed in range(5):
        lab.set_seed(seed)
        lab.keep()
        lab.keep()  # the same again
    assert [c["name"] for c in messages[-1]["curves"]] == [f"start {seed}, ε 0.1, α 0.9" for seed in (1, 2, 3, 4)]
    for _ in range(2):  # a click that was meant for one is not another's
        lab.view._on_message({"type": "forget", "curve": 1, "name": "start 2, ε 0.1, α 0.9"})
    assert [c["name"] for c in messages[-1]["curves"]] == [f"start {seed}, ε 0.1, α 0.9" for seed in (1, 3, 4)]
    lab.forget()
    assert messages[-1] == {"type": "compared", "curves": []}


def test_a_kept_curve_is_named_by_all_that_was_set_otherwise():
    lab = SymmetryLab(seed=10)
    messages = sent_by(lab)
    lab.set(hidden=4, half_range=0.5, epsilon=0.2)
    lab.keep()
    assert messages[-1]["curves"][0]["name"] == "start 10, ε 0.2, α 0.9, hidden units 4, start range ± 0.5"


# --- tickets, in the lab itself -------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", LABS)
def test_a_lab_follows_the_ticket_of_another_of_its_kind(make):
    one, other = make(seed=5), make(seed=1)
    one.step(20)
    one.epsilon = one.epsilon * 1.5
    one.step(20)
    other.step(3)
    enter(other, one.ticket())
    assert (other.seed, other.settings, other.marks) == (one.seed, one.settings, one.marks)
    np.testing.assert_array_equal(other.run.E, one.run.E)
    assert other.digest() == one.digest()


@pytest.mark.parametrize("make", [SymmetryLab, LocalMinimaLab], ids=["followed", "refused"])
def test_no_page_is_told_of_the_lab_of_a_ticket_and_nothing_is_left_of_it(monkeypatch, make):
    lab = SymmetryLab(seed=1)
    ticket = make().ticket()
    enter(lab, ticket)
    before = set(_instances)
    told = []
    monkeypatch.setattr(comm, "create_comm", lambda **about: told.append(about) or comm.DummyComm(**about))
    enter(lab, ticket)
    assert set(_instances) == before
    assert told == []
    SymmetryLab().step(3)  # a session without a page has no widgets either
    assert told == []
    assert SymmetryLab().widget is not None
    assert len(told) == len(set(_instances) - before) > 50


@pytest.mark.parametrize("make", [*LABS, EpsilonAlphaLab, Workbench])
def test_what_is_on_the_screen_stays_there_when_a_ticket_is_followed(make):
    lab, other = make(seed=1), make(seed=2)
    other.step(3)
    shown = (lab.view, lab.widget, lab.panel, lab.clock)
    enter(lab, other.ticket())
    assert lab.seed == 2
    assert all(now is before for now, before in zip((lab.view, lab.widget, lab.panel, lab.clock), shown, strict=True))


def test_what_is_no_ticket_of_this_lab_changes_nothing_and_is_said():
    lab = SymmetryLab(seed=2)
    said = []
    lab.view.stage.say = said.append
    lab.step(3)
    run = lab.run
    enter(lab, LocalMinimaLab().ticket())
    enter(lab, "bp1.nonsense.00")
    assert said[0] == "The ticket is one of the lab 'Local minima'; one of 'Symmetry' is expected."
    assert len(said) == 2
    assert lab.run is run


def test_a_lab_shows_its_own_ticket():
    lab = SymmetryLab(seed=2)
    lab.step(3)
    run = lab.run
    lab.view.share.tell()
    assert lab.view.share.field.value == lab.ticket()
    assert lab.run is run


def test_a_lab_goes_back_to_its_own_ticket():
    lab = SymmetryLab(seed=2)
    lab.step(3)
    lab.view.share.tell()
    lab.reset()
    enter(lab, lab.view.share.field.value)
    assert lab.run.sweeps == 3


# --- sliders and weights, moved by turns ----------------------------------------------------------------------------


def by_slider(lab, **moves):
    for name, value in moves.items():
        lab.view.moved(name, value)


@pytest.mark.parametrize("make", [*LABS, EpsilonAlphaLab, Workbench])
def test_a_slider_that_is_moved_after_a_weight_takes_nothing_back(make):
    lab = make(seed=3)
    lab.step(30)
    lab.edit(5, 3.0)
    lab.freeze(4)
    by_slider(lab, epsilon=0.06)
    assert (lab.run.state.w[:, 5] == 3.0).all()
    assert lab.frozen == {4}
    lab.undo()
    lab.undo()
    assert lab.run.sweeps == 30


@pytest.mark.parametrize("make", [*LABS, EpsilonAlphaLab, Workbench])
def test_undo_takes_the_sliders_back_too_and_they_can_be_moved_again(make):
    lab = make(seed=3)
    before = lab.epsilon
    lab.step(30)
    lab.edit(5, 3.0)
    by_slider(lab, epsilon=0.06)
    assert lab.epsilon == 0.06
    lab.undo()
    assert lab.epsilon == lab.view.controls["epsilon"].value == before
    by_slider(lab, epsilon=0.06)
    assert (lab.epsilon, np.ravel(lab.run.recipe.phase(30).epsilon)[0]) == (0.06, 0.06)


def test_who_looks_back_and_edits_learns_on_with_what_the_sliders_say():
    lab = SymmetryLab(seed=3)
    lab.step(100)
    lab.epsilon = 0.5
    lab.step(20)
    lab.edit(5, 3.0, sweep=50)
    assert [(phase.start, phase.epsilon) for phase in lab.run.recipe.phases] == [(0, 0.5)]
    lab = FamilyTreesLab(seed=3)
    lab.step(30)
    lab.edit(5, 3.0, sweep=5)
    assert [phase.start for phase in lab.run.recipe.phases] == [0, 15], "the caption's first 20 sweeps"


def test_what_a_task_cannot_do_is_said_and_the_slider_goes_back():
    lab = IterativeLab("shift register")
    by_slider(lab, hidden=12)
    assert "the number of units in the ring is 12" in lab.message
    assert lab.view.controls["hidden"].value == lab.hidden == 3


def test_two_moves_that_wait_are_as_good_as_one_after_the_other():
    lab = Workbench(tasks.xor())
    lab.apply({"seed": 3, "units": "tanh"})
    assert (lab.seed, lab.run.task.network.groups[1].unit.name) == (3, "tanh")
    with pytest.raises(ValueError, match="tied weights need"):
        lab.apply({"seed": 4, "tied": True})
    assert lab.seed == 3


def test_the_race_keeps_the_curve_of_the_lane_that_is_chosen():
    lab = EpsilonAlphaLab(seed=10)
    messages = sent_by(lab)
    lab.step(50)
    lab.lane = 3
    lab.keep()
    curve = messages[-1]["curves"][0]
    assert curve["name"] == "start 10, ε 0.3, α 0.9"
    assert curve["E"] == lab.run.E[:, 2].tolist()
    lab.steer_lane(0.2, 0.5)
    assert "ε 0.2, α 0.5" in lab.digest()
    lab.keep()
    assert messages[-1]["curves"][1]["name"] == "start 10, ε 0.2, α 0.5"


# --- what a ticket brings -------------------------------------------------------------------------------------------


def test_who_follows_a_ticket_is_told_where_its_weights_are_not_reproduced():
    lab = SymmetryLab(seed=1)
    lab.step(20)
    told = read(lab.ticket()) | {"weights": "00000000"}
    lab.follow(written(told))
    assert lab.message.startswith("The weights are not those of the ticket")
    lab.follow(lab.ticket())
    assert lab.message == ""


def test_a_ticket_that_fails_late_leaves_nothing():
    lab = SymmetryLab(seed=1)
    ticket = written(read(lab.ticket()) | {"held": [9999]})
    before = len(_instances)
    with pytest.raises(ValueError, match="the ticket cannot be followed"):
        lab.follow(ticket)
    assert len(_instances) == before


def test_the_page_is_shown_what_was_asked_and_presented_and_no_surface_of_another_run():
    lab, other = FamilyTreesLab(seed=3), FamilyTreesLab(seed=4)
    other.ask("Colin", "aunt")
    messages = sent_by(lab)
    lab.follow(other.ticket())
    places = {"person": lab.people.index("Colin"), "relationship": RELATIONSHIPS.index("aunt")}
    assert {"type": "ask", **places} in messages
    lab, other = IterativeLab(), IterativeLab()
    other.present("BE")
    messages = sent_by(lab)
    lab.follow(other.ticket())
    assert {"type": "present", "presented": other.presented} in messages
    lab = EpsilonAlphaLab()
    lab.step(30)
    lab.draw_surface()
    messages = sent_by(lab)
    lab.follow(EpsilonAlphaLab(hidden=3).ticket())
    assert lab._surface is None
    assert {"type": "surface", "E": None} in messages
