"""The four places that look alike on the error curve, on cases where it is known which is which."""

from collections import Counter

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from bpcore.analysis import curvature
from bpcore.analysis.diagnosis import FLAT, NAMES, trap, where, where_after
from bpcore.variants import direct


def error(task, w):
    """E by equation (3), of each run."""
    y = bp.forward(task.network, w, task.cases.inputs)["output"]
    return 0.5 * np.sum((y - task.cases.desired["output"].T) ** 2, axis=(1, 2))


def only(findings):
    (finding,) = findings
    return finding


def blocks_of(task, **values):
    """Weights by hand, (1, weights): 0 but for the blocks given as source_target."""
    w = np.zeros((1, task.network.n_weights))
    for ends, value in values.items():
        task.network.blocks(w)[tuple(ends.split("_"))][0] = value
    return w


# --- constructed cases


@pytest.fixture(scope="module")
def pit():
    """The bottom of the trap."""
    return curvature.walk_to_the_bottom(trap(), bp.train(trap(), 0, 5000, keep_every=5000).state.w)


def test_a_true_local_minimum_is_one_and_is_found_out(pit):
    """Gradient 0 to 1e-10, E curves upward everywhere, every step around it leads up, and elsewhere E is lower."""
    task = trap()
    assert np.abs(bp.gradient(task.network, pit, task.cases)).max() < 1e-10
    assert np.linalg.eigvalsh(curvature.hessian(task, pit)).min() > 1e-4
    around = np.random.default_rng(0).normal(size=(500, 4))
    around *= 0.01 / np.linalg.norm(around, axis=1, keepdims=True)
    assert (error(task, pit + around) > error(task, pit)).all()
    elsewhere = blocks_of(task, input_hidden=1.318, one_hidden=-11.768, hidden_output=-2.729, one_output=0)
    assert error(task, elsewhere) == pytest.approx(0.1300, abs=1e-4)
    assert error(task, pit) == pytest.approx(0.1435, abs=1e-4)

    found = only(where(task, pit))
    assert found.name == "true minimum"
    assert found.away < 1e-6
    for number in (f"{found.E:.3g}", f"{found.least_curvature:.2g}", f"{found.wrong} of 6 cases wrong"):
        assert number in found.why


def test_a_second_hidden_unit_is_a_way_around():
    """ "Adding a few more connections creates extra dimensions ... paths around the barriers"."""
    share = {}
    for hidden in (1, 2, 3):
        task = trap(hidden)
        found = where(task, bp.train(task, range(50), 20_000, keep_every=20_000).state.w)
        share[hidden] = Counter(finding.name for finding in found)
    assert share[1]["true minimum"] >= 30
    assert share[1]["solved"] == 0
    assert share[2]["true minimum"] == 0
    assert share[2]["solved"] >= 40
    assert share[3]["solved"] == 50


def test_weights_of_zero_are_a_saddle():
    """1-1-1, output like input: the gradient is 0 by symmetry, and the two weights must grow together to get away."""
    cases = bp.Cases({"input": [[-1], [1]]}, {"output": [[0], [1]]})
    task = bp.Task("copy", bp.layered({"input": 1, "hidden": 1, "output": 1}), cases)
    w = np.zeros((1, 4))
    assert np.abs(bp.gradient(task.network, w, task.cases)).max() < 1e-15
    together = blocks_of(task, input_hidden=0.1, hidden_output=0.1)
    apart = blocks_of(task, input_hidden=0.1, hidden_output=-0.1)
    assert error(task, together) < error(task, w) < error(task, apart)
    found = only(where(task, w))
    assert found.name == "saddle"
    assert found.least_curvature < 0 < found.most_curvature
    assert "curves downward" in found.why


@pytest.mark.parametrize("off", [-9.0, -15.0, -40.0, -800.0])
def test_an_output_that_says_no_to_everything_is_saturated(off):
    """Symmetry's plateau at E = 4: however far the output is off, this is no minimum."""
    task = tasks.symmetry()
    w = bp.start(task.network, 3)
    task.network.blocks(w)["one", "output"][:] = off
    found = only(where(task, w))
    assert found.name == "saturation"
    assert found.group == "output"
    assert abs(found.E - 4) < 0.01
    assert found.wrong == 8
    y = bp.forward(task.network, w, task.cases.inputs)["output"][0, 0][task.cases.desired["output"][:, 0] == 1]
    assert found.slope == pytest.approx(np.mean(y * (1 - y)))
    assert "8 wrong cases" in found.why
    assert "'output'" in found.why


def test_hidden_units_can_be_saturated_while_the_output_is_not():
    task = tasks.xor()
    w = blocks_of(task, input_hidden=[[30, 30], [30, 30]], one_hidden=[[15], [15]])
    found = only(where(task, w))
    assert (found.name, found.group) == ("saturation", "hidden")
    assert found.slope < 1e-6


def test_tanh_units_are_measured_by_their_own_slope():
    network = bp.layered({"input": 2, "hidden": 2, "output": 1}, unit=bp.tanh)
    task = bp.Task("tanh", network, tasks.xor().cases)
    w = bp.start(network, 0)
    network.blocks(w)["one", "output"][:] = -4.0
    found = only(where(task, w))
    assert found.name == "saturation"
    y = bp.forward(network, w, task.cases.inputs)["output"][0, 0]
    far = np.abs(y - task.cases.desired["output"][:, 0]) >= 0.5
    assert found.passed_on == pytest.approx(np.mean(1 - y[far] ** 2))


def test_a_tail_that_curves_upward_for_ever_is_no_minimum():
    """1 - y of tanh falls as e^-2x, here e^-4w: Newton's step is 1/4, which is near, but it is 1/4 again from there."""
    cases = bp.Cases({"input": [[2]]}, {"output": [[2]]})
    groups = [bp.Group("input", 1), bp.Group("output", 1, bp.tanh, biases=False)]
    task = bp.Task("out of reach", bp.Network(groups, [bp.Link("input", "output")]), cases)
    for w in (2.0, 2.5, 3.0):
        found = only(where(task, [[w]]))
        assert found.least_curvature > 0
        assert found.away == pytest.approx(0.25, abs=0.01)
        assert found.left == pytest.approx(0.25, abs=0.01)
        assert found.name == "saturation"


def test_a_nearly_level_floor_without_a_bottom_is_a_plateau():
    """One weight from an input that is hardly on: E falls steadily, but very little, and no unit is saturated."""
    cases = bp.Cases({"input": [[0.01]]}, {"output": [[1]]})
    network = bp.Network([bp.Group("input", 1), bp.Group("output", 1, biases=False)], [bp.Link("input", "output")])
    found = only(where(bp.Task("faint", network, cases), [[-0.1]]))
    assert found.name == "plateau"
    assert found.gradient < FLAT
    assert found.away > 1


def test_a_solved_net_is_solved_and_a_start_is_on_the_way():
    task = tasks.xor()
    run = bp.train(task, 0, 5000, keep_every=5000)
    assert run.solved_at[0] > 0
    found = only(where(task, run.state.w))
    assert found.name == "solved"
    assert found.why.startswith("solved: all 4 cases right")
    assert only(where(tasks.symmetry(), bp.start(tasks.symmetry().network, 0))).name == "on the way"


# --- runs


def names(task, sweeps, runs=100, **how):
    run = bp.train(task, range(runs), sweeps, keep_every=sweeps, **how)
    found = where(task, run.state.w)
    assert {finding.name for finding in found} <= set(NAMES)
    solved = run.worst[-1] < task.right_within
    assert [finding.name == "solved" for finding in found] == solved.tolist()
    return Counter(finding.name for finding in found)


def test_what_keeps_symmetry_waiting_is_saturation_and_never_a_minimum():
    found = names(tasks.symmetry(), 5000)
    assert found["saturation"] >= 0.8 * (100 - found["solved"]) > 20
    assert not found["true minimum"]


def test_exclusive_or_waits_on_a_saddle_and_the_few_stuck_for_good_are_saturated():
    early, late = names(tasks.xor(), 100), names(tasks.xor(), 5000)
    assert early["saddle"] >= 80
    assert late["saddle"] == late["true minimum"] == 0
    assert 1 <= late["saturation"] <= 5
    assert late["saturation"] + late["solved"] == 100


def test_the_encoder_is_never_stuck_but_where_the_step_is_too_large():
    assert names(tasks.encoder(8), 5000)["solved"] >= 98
    found = names(tasks.encoder(8), 5000, epsilon=0.5)
    assert found["saturation"] >= 85


def test_direct_connections_on_symmetry_end_in_the_one_true_minimum_there_is():
    """Without hidden units E has a bottom, 3.5, where the answer is "one in eight" to everything."""
    task = direct(tasks.symmetry())
    found = names(task, 5000, runs=20, epsilon=0.01)
    assert found["true minimum"] >= 15


def test_more_hidden_units_are_thrown_further_into_saturation():
    """Why they make symmetry worse at epsilon .1: the wrong outputs are left with less and less slope."""
    slopes = {}
    for hidden in (2, 8):
        found = where_after(tasks.symmetry(hidden=hidden), range(30), 100)
        slopes[hidden] = np.median([finding.slope for finding in found])
    assert 0 < slopes[8] < slopes[2] / 30
