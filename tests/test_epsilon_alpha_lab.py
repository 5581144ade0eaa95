"""The lab of epsilon and alpha without a page."""

import asyncio
import time

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from bpcore.analysis.landscape import path_of
from labs import EpsilonAlphaLab
from labs.epsilon_alpha import solved_map
from labs.epsilon_alpha.lab import LANES
from labs.epsilon_alpha.solved_map import ALPHAS, EPSILONS, MAP_SWEEPS

PAPER = tasks.symmetry()


@pytest.fixture
def sent():
    """A lab, and what it sends to its page beside pieces of the run."""
    lab = EpsilonAlphaLab(seed=10)
    messages = []
    lab.view.stage.send = lambda content, buffers=None: messages.append(content)
    return lab, messages


# --- the race -------------------------------------------------------------------------------------------------------


def test_every_lane_makes_the_run_that_its_epsilon_and_alpha_make():
    lab = EpsilonAlphaLab(seed=10)
    lab.step(60)
    for k, (epsilon, alpha) in enumerate(LANES):
        run = bp.train(PAPER, seeds=10, sweeps=60, epsilon=epsilon, alpha=alpha)
        np.testing.assert_allclose(lab.run.E[:, k], run.E[:, 0], rtol=1e-9)
    assert (lab.run.E[0] == lab.run.E[0, 0]).all()


def test_steering_moves_the_chosen_lane_alone_and_leaves_a_mark():
    lab = EpsilonAlphaLab(seed=10)
    lab.step(20)
    lab.lane = 3
    lab.epsilon = 0.5
    lab.view.controls["alpha"].field.value = 0.2
    lab.step(20)
    assert lab.lanes[2] == (0.5, 0.2)
    assert [lane for k, lane in enumerate(lab.lanes) if k != 2] == [lane for k, lane in enumerate(LANES) if k != 2]
    assert lab.marks == [[20, "ε 0.5"], [20, "α 0.2"]]
    assert [phase.start for phase in lab.run.recipe.phases] == [0, 20]
    other = bp.train(PAPER, seeds=10, sweeps=40, epsilon=LANES[1][0], alpha=LANES[1][1])
    np.testing.assert_allclose(lab.run.E[:, 1], other.E[:, 0], rtol=1e-9)


def test_lanes_come_and_go():
    lab = EpsilonAlphaLab(lanes=[(0.1, 0.9)])
    lab.step(5)
    lab.add_lane(0.2, 0.5)
    assert (lab.lane, lab.epsilon, lab.alpha, lab.run.sweeps, lab.run.runs) == (2, 0.2, 0.5, 0, 2)
    lab.remove_lane()
    assert (lab.lanes, lab.lane, lab.run.runs) == (((0.1, 0.9),), 1, 1)
    with pytest.raises(ValueError, match="there are 0 lanes; 1 to 6 are expected"):
        lab.remove_lane()
    lab.as_in_the_paper()
    assert lab.lanes == LANES


def test_update_per_case_begins_a_new_race():
    lab = EpsilonAlphaLab()
    lab.step(5)
    lab.update = "case"
    assert lab.run.sweeps == 0
    lab.step(3)
    recipe = bp.Recipe((bp.Phase(epsilon=0.1, alpha=0.9),), update="case")
    np.testing.assert_allclose(lab.run.E[:, 0], bp.train(PAPER, 10, 3, recipe=recipe).E[:, 0], rtol=1e-9)


def test_what_is_said_is_which_lane_is_solved():
    lab = EpsilonAlphaLab(seed=10, lanes=[(0.1, 0.9), (0.1, 0)])
    lab.step(1400)
    said = lab.words([0, 1400], None)
    assert [mark for mark, _ in said[0]] == ["·", "·"]
    assert said[1][0] == ["✓", f"1: ε 0.1, α 0.9, solved at {lab.run.solved_at[0]:,}"]
    assert said[1][1] == ["·", "2: ε 0.1, α 0"]
    assert lab.picture().text.startswith("Epsilon and alpha")


# --- the map --------------------------------------------------------------------------------------------------------


def test_the_map_counts_the_runs_that_the_engine_makes(sent):
    lab, messages = sent
    lab.fill_map(seeds=2, wait=True)
    solved_at = lab.map["solved_at"]
    assert solved_at.shape == (20, 20, 2)
    assert lab.map["made"] == 800
    assert not lab.filling
    for row, column in ((13, 10), (0, 15), (19, 19)):
        run = bp.train(PAPER, range(2), MAP_SWEEPS, epsilon=EPSILONS[column], alpha=ALPHAS[row], keep_every=MAP_SWEEPS)
        np.testing.assert_array_equal(solved_at[row, column], run.solved_at)
    maps = [message for message in messages if message["type"] == "map"]
    assert [m["going"] for m in maps] == [True] * (len(maps) - 1) + [False]
    assert maps[-1]["made"] == maps[-1]["of"] == 800
    share = (solved_at >= 0).mean(-1)
    np.testing.assert_allclose(maps[-1]["share"], share)
    assert share.min() == 0
    assert share.max() == 1


def test_a_cancelled_map_keeps_what_it_has():
    lab = EpsilonAlphaLab()
    lab.fill_map(seeds=400)
    while lab.map is None:
        time.sleep(0.01)
    lab.cancel_map()
    assert not lab.filling
    assert 0 < lab.map["made"] < 400 * 400


def test_a_click_on_a_cell_plays_it_in_the_chosen_lane(sent):
    lab, _ = sent
    lab.play = lambda: None  # a script has no loop to play in
    lab.lane = 2
    lab.view.stage.receive({"type": "cell", "row": 10, "column": 12})
    assert lab.lanes[1] == (EPSILONS[12], ALPHAS[10])
    assert lab.run.sweeps == 0
    lab.view.stage.receive({"type": "lane", "lane": 3})
    assert lab.lane == 4


# --- the surface ----------------------------------------------------------------------------------------------------


def test_the_surface_lies_under_the_path_of_the_chosen_lane(sent):
    lab, messages = sent
    lab.step(400)
    lab.lane = 4
    lab.draw_surface()
    found = messages[-1]
    assert (found["type"], found["lane"]) == ("surface", 3)
    E = np.array(found["E"])
    assert E.shape == (41, 41)
    path = path_of(lab.run, number=3)
    w = lab.run.state.w[3]
    at = (w - found["centre"]) @ np.array(found["directions"]).T
    np.testing.assert_allclose(at, path.points[-1], atol=1e-9)
    for (low, high), coordinate in zip((found["x"], found["y"]), at, strict=True):
        assert low < coordinate < high
    middle = found["centre"] + 0 * w
    task = lab.run.task
    y = bp.forward(task.network, middle[None], task.cases.inputs)["output"]
    near = np.abs(E - bp.total_error(y, task.cases.desired["output"])[0]).min()
    assert near < 0.5


def test_a_new_run_takes_the_surface_away(sent):
    lab, messages = sent
    lab.step(10)
    lab.draw_surface()
    lab.reset()
    assert {"type": "surface", "E": None} in messages
    with pytest.raises(ValueError, match="3 at least are expected"):
        lab.draw_surface()


# --- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"lanes": []}, "there are 0 lanes; 1 to 6 are expected"),
        ({"lanes": [(0.1, 0.9)] * 7}, "there are 7 lanes"),
        ({"lanes": [(0.1, 0.9, 3)]}, "a lane is .*; \\(epsilon, alpha\\) is expected"),
        ({"lanes": [(-1, 0.9)]}, "epsilon"),
        ({"lanes": [(0.1, 2)]}, "alpha"),
        ({"hidden": 0}, "the number of hidden units"),
        ({"update": "now"}, "update is 'now'"),
        ({"half_range": [1, 2]}, "one number is expected"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(how, sentence):
    with pytest.raises(ValueError, match=sentence):
        EpsilonAlphaLab(**how)


def test_a_lane_that_cannot_be_changes_nothing():
    lab = EpsilonAlphaLab()
    lab.step(3)
    with pytest.raises(ValueError, match="epsilon"):
        lab.epsilon = float("nan")
    assert lab.lanes == LANES
    with pytest.raises(ValueError, match="the lane"):
        lab.lane = 9
    assert (lab.lane, lab.run.sweeps) == (1, 3)
    with pytest.raises(ValueError, match="the starts of a cell"):
        lab.fill_map(seeds=0)


def test_a_map_that_is_cancelled_at_once_ends_at_once():
    lab = EpsilonAlphaLab()
    lab.fill_map(seeds=40)
    lab.cancel_map()
    assert not lab.filling
    assert lab.map is None or lab.map["made"] < 400 * 40 / 2


def test_without_threads_the_map_fills_in_slices_of_the_event_loop(monkeypatch):
    monkeypatch.setattr(solved_map, "threads_start", lambda: False)
    beats = []

    async def fill():
        lab = EpsilonAlphaLab()
        lab.fill_map(seeds=1)
        assert lab.map is None  # fill_map returns at once
        while lab.filling:
            beats.append(lab.map and lab.map["made"])
            await asyncio.sleep(0)
        return lab.map["solved_at"]

    in_slices = asyncio.run(fill())
    assert len(set(beats)) > 3  # the event loop saw the map grow
    monkeypatch.undo()
    lab = EpsilonAlphaLab()
    lab.fill_map(seeds=1, wait=True)
    np.testing.assert_array_equal(in_slices, lab.map["solved_at"])


def test_without_threads_a_map_can_be_cancelled_and_waited_for(monkeypatch):
    monkeypatch.setattr(solved_map, "threads_start", lambda: False)

    async def cancel():
        lab = EpsilonAlphaLab()
        lab.fill_map(seeds=40)
        while lab.map is None:
            await asyncio.sleep(0.001)
        lab.cancel_map()
        assert not lab.filling
        assert 0 < lab.map["made"] < 400 * 40 / 2
        lab.fill_map(seeds=1, wait=True)
        assert lab.map["made"] == 400

    asyncio.run(cancel())


def test_a_map_says_what_it_is_of():
    lab = EpsilonAlphaLab(hidden=3, biases="zero", update="case", half_range=0.5)
    lab.fill_map(seeds=1)
    while lab.map is None:
        time.sleep(0.01)
    lab.cancel_map()
    assert lab.map["of"] == "3 hidden units, biases at 0, start ±0.5, changed after each case"


def test_lanes_that_are_refused_move_nothing():
    lab = EpsilonAlphaLab()
    lab.lane = 3
    with pytest.raises(ValueError, match="the number of hidden units"):
        lab.set(lanes=[(0.1, 0.9)], hidden=99)
    assert (lab.lane, len(lab.lanes)) == (3, 4)
