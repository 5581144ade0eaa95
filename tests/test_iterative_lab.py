"""The iterative-nets lab without a page."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import measures, tasks
from bpcore.tasks.search import pictures, settled
from figures.snapshot_iterative import one_step
from labs import IterativeLab
from labs.iterative.lab import TASKS


@pytest.fixture(scope="module")
def learnt():
    """A lab that has learnt the sequences; nobody changes its run."""
    lab = IterativeLab(seed=0)
    lab.step(400)
    return lab


# --- what it does ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("sequences", tasks.sequences(held_out_seed=4)),
        ("shift register", tasks.shift_register(3, 2)),
        ("search", tasks.search()),
    ],
)
def test_a_lab_makes_the_run_that_the_task_makes(name, task):
    lab = IterativeLab(name, seed=4)
    lab.step(20)
    run = bp.train(task, seeds=4, sweeps=20)
    np.testing.assert_allclose(lab.run.E, run.E, rtol=1e-9)
    assert lab.run.recipe == task.recipe


def test_another_task_brings_its_own_settings_and_input():
    lab = IterativeLab(hidden=12, epsilon=0.2)
    lab.step(3)
    lab.task = "search"
    assert lab.settings == {"task": "search"} | TASKS["search"]
    assert lab.run.sweeps == 0
    assert len(lab.presented) == 25
    lab.task = "shift register"
    assert lab.presented == [1, 1, 0]
    lab.hidden = 5
    assert lab.presented == [1, 1, 0, 0, 0]
    lab.view.choices["task"].widget.value = "sequences"
    assert lab.presented == [0, 2]
    assert lab.hidden == 30


def seen(lab):
    """Names of the controls that are not hidden."""
    sliders = {name: control.widget for name, control in lab.view.controls.items()}
    choices = {name: choice.widget for name, choice in lab.view.choices.items()}
    return {name for name, widget in (sliders | choices).items() if widget.layout.display != "none"}


def test_only_the_controls_of_the_task_are_seen():
    lab = IterativeLab()
    common = {"epsilon", "alpha", "weight_decay", "speed", "seed", "task", "tied"}
    assert seen(lab) == common | {"hidden", "hold", "recurrent"}
    lab.task = "shift register"
    assert seen(lab) == common | {"hidden", "steps"}
    lab.task = "search"
    assert seen(lab) == common | {"steps"}


def test_the_sum_begins_a_new_run_and_changes_as_many_times_as_much():
    lab = IterativeLab()
    lab.step(1)
    average = lab.run.state.w - lab.run.at(0).w
    lab.tied = "sum"
    assert lab.run.sweeps == 0
    lab.step(1)
    np.testing.assert_allclose(lab.run.state.w - lab.run.at(0).w, 6 * average, rtol=1e-9, atol=1e-15)


def test_half_speed_takes_twice_the_steps():
    lab = IterativeLab()
    lab.hold = 2
    assert lab.run.task.network.steps == 12
    assert len(lab.present("AC")) == 4


def test_steered_settings_leave_a_mark():
    lab = IterativeLab()
    lab.step(5)
    lab.weight_decay = 0.002
    lab.step(5)
    assert [(p.start, p.weight_decay) for p in lab.run.recipe.phases] == [(0, 0.0), (5, 0.002)]
    assert lab.marks == [[5, "decay 0.002"]]


# --- what it says of an input ---------------------------------------------------------------------------------------


def test_every_sequence_is_answered_as_the_measures_say(learnt):
    task = learnt.run.task
    for cases in (task.cases, task.held_out):
        right = measures.right_cases(task, learnt.run.state.w, cases)[0]
        for name, is_right in zip(cases.names, right, strict=True):
            assert (learnt.present(name[:2]) == name[2:]) or not is_right
    assert learnt.present("ac") == learnt.present("AC") == "1231"


def test_a_pattern_moves_on_one_place_a_step():
    lab = IterativeLab("shift register", seed=3)
    lab.step(400)
    way = dict(reversed(pair) for pair in lab.words([0], [lab.run.state.w[0]])[0])
    assert way["8 of 8 patterns right"] == "✓"
    start, *_, end = lab.present("100").split(" → ")
    assert (start, end) == ("100", "001")
    assert lab.present([0, 1, 1]).startswith("011 → ")


def test_a_spoilt_letter_becomes_the_letter():
    lab = IterativeLab("search", seed=0)
    lab.step(800)
    letter = pictures()["K"].astype(int)
    assert lab.present("K").startswith("K at step 0")
    letter[[0, 7, 12, 18, 24]] ^= 1
    assert lab.present(letter).startswith("K at step ")
    said = [sentence for _, sentence in lab.words([0], [lab.run.state.w[0]])[0]]
    right = settled(lab.run.task, lab.run.state.w)
    assert said[0] == f"{right[8, 0].sum()} of 100 spoilt letters right after 8 steps"
    assert said[1] == f"{right[8:, 0].all(0).sum()} stay right for 8 more"


def test_what_is_chosen_on_the_page_is_known_here(learnt):
    learnt.view.stage.receive({"type": "presented", "presented": [4, 4]})
    assert learnt.presented == [4, 4]
    assert learnt.outcome() == learnt.present("EE")


def test_words_of_many_moments_are_those_of_each(learnt):
    sweeps, w, _ = learnt.run.kept
    some = slice(0, 400, 67)
    together = learnt.words(sweeps[some].tolist(), w[some, 0])
    assert together == [learnt.words([int(t)], [one])[0] for t, one in zip(sweeps[some], w[some, 0], strict=True)]
    assert together[0] != together[-1]


# --- what the page gets ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TASKS)
def test_the_scene_has_every_weight_once(name):
    lab = IterativeLab(name)
    scene, net = lab.scene(), lab.run.task.network
    places = [k for link in scene["stepLinks"] for k in range(link["first"], link["first"] + link["to"] * link["from"])]
    assert sorted(places) == list(range(net.n_weights))
    assert len(set(scene["weight_names"])) == net.n_weights
    panels = {group: panel["units"] for panel in scene["panels"] for group in panel["groups"]}
    assert panels.keys() == {group.name for group in net.step_groups}
    assert len(scene["presented"]) == len(lab.presented)
    assert lab.picture().text.startswith("Iterative nets")


def test_the_matrix_of_one_step_has_the_weights_where_the_links_are():
    net = tasks.sequences(hidden=4).network
    w = np.arange(1.0, net.n_weights + 1)
    matrix = one_step(net, w)
    assert matrix.shape == (7, 13)
    blocks = net.blocks(w)
    np.testing.assert_array_equal(matrix[:4, :5], blocks["letters", "hidden"])
    np.testing.assert_array_equal(matrix[4:, 5:9], blocks["hidden", "digits"])
    np.testing.assert_array_equal(matrix[:4, -1:], blocks["one", "hidden"])


# --- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"task": "sorting"}, "the task is 'sorting'; one of 'sequences', 'shift register', 'search' is expected"),
        ({"momentum": 1}, "there is no setting 'momentum'"),
        ({"epsilon": -1}, "epsilon"),
        ({"tied": "both"}, "tied is 'both'"),
        ({"hidden": 0}, "the number of hidden units"),
        ({"task": "shift register", "hidden": 9}, "the number of units in the ring"),
        ({"task": "shift register", "steps": 0}, "the number of steps"),
        ({"task": "search", "steps": 1}, "the number of steps"),
        ({"recurrent": "some"}, "recurrent is 'some'"),
        ({"hold": 0}, "hold"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(how, sentence):
    with pytest.raises(ValueError, match=sentence):
        IterativeLab(**how)


@pytest.mark.parametrize(
    ("task", "what", "sentence"),
    [
        ("sequences", "A", "'A' is presented; two letters of ABCDE, as 'AC', are expected"),
        ("sequences", "AF", "two letters of ABCDE"),
        ("sequences", [0, 1], "two letters of ABCDE"),
        ("shift register", "1101", "3 times 0 or 1 is expected"),
        ("shift register", [1, 2, 0], "3 times 0 or 1 is expected"),
        ("search", "Q", "one letter of TXOAK, or 25 times 0 or 1 is expected"),
        ("search", [1] * 24, "25 times 0 or 1 is expected"),
    ],
)
def test_an_input_that_cannot_be_gets_one_sentence_and_changes_nothing(task, what, sentence):
    lab = IterativeLab(task)
    before = lab.presented
    with pytest.raises(ValueError, match=sentence):
        lab.present(what)
    assert lab.presented == before


def test_a_setting_that_cannot_be_changes_nothing():
    lab = IterativeLab("shift register")
    lab.step(5)
    before = dict(lab.settings)
    with pytest.raises(ValueError, match="in the ring"):
        lab.hidden = 30
    assert (lab.settings, lab.presented, lab.run.sweeps) == (before, [1, 1, 0], 5)
