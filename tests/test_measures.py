"""Measures, on weights made by hand."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import measures, tasks

TASK = tasks.symmetry()


def by_hand(first=(1, 2, 4, -4, -2, -1), second=(-1, 2, -4, 4, -2, 1), task=TASK):
    """Weights like those of Fig. 1, (1, weights); `first` and `second` feed the two hidden units."""
    w = np.zeros((1, task.network.n_weights))
    blocks = task.network.blocks(w)
    blocks["input", "hidden"][0] = [first, second]
    blocks["one", "hidden"][0] = -2
    blocks["hidden", "output"][0] = -12
    blocks["one", "output"][0] = 6
    return w


def twins(pattern, scale=4):
    """The pattern, and the same with opposite signs."""
    pattern = scale * np.asarray(pattern, float)
    return pattern, -pattern


@pytest.mark.parametrize("pattern", [(1, 2, 4, -4, -2, -1), (2, -4, 1, -1, 4, -2), (-4, 2, -1, 1, -2, 4)])
def test_mirror_weights_equal_and_opposite_in_the_ratio_1_2_4_solve_symmetry(pattern):
    """ "Each of the eight patterns ... sends a unique activation sum to each hidden unit." """
    w = by_hand(*twins(pattern))
    assert measures.right_cases(TASK, w).all()
    found = measures.mirror_structure(TASK.network, w)
    assert found.mirror_error.tolist() == [0]
    assert found.twin_error.tolist() == [0]
    assert found.ratios.tolist() == [[[1, 2, 4], [1, 2, 4]]]
    assert found.ratio_error.tolist() == [0]


def test_two_pairs_of_equal_weights_mistake_patterns_for_symmetrical():
    """Where two pairs weigh the same, a difference in one can be balanced by the other."""
    w = by_hand(*twins((1, 1, 4, -4, -1, -1)))
    right = dict(zip(TASK.cases.names, measures.right_cases(TASK, w)[0].tolist(), strict=True))
    assert not right["100010"]  # +1 for the first unit, -1 for the fifth
    assert right["100000"]
    assert right["100001"]
    found = measures.mirror_structure(TASK.network, w)
    assert found.mirror_error.tolist() == [0]
    assert found.ratios[0, 0].tolist() == [1, 1, 4]
    assert found.ratio_error.tolist() == [0.5]


def test_a_mirror_weight_that_is_off_shows_as_a_share_of_the_largest():
    found = measures.mirror_structure(TASK.network, by_hand((1, 2, 4, -4, -2, -1.2), (-1, -2, -4, 4, 2, 1)))
    assert found.mirror_error == pytest.approx([0.2 / 4])
    assert found.ratios[0, 0] == pytest.approx([1, 2 / 1.1, 4 / 1.1])
    assert found.ratio_error == pytest.approx([1 - 1 / 1.1])
    assert found.twin_error == pytest.approx([0.2 / 4])


def test_same_signs_on_mirror_positions_are_as_far_from_opposite_as_can_be():
    found = measures.mirror_structure(TASK.network, by_hand((1, 2, 4, 4, 2, 1), (-1, -2, -4, 4, 2, 1)))
    assert found.mirror_error.tolist() == [2]


def test_runs_are_measured_side_by_side_and_twins_need_two():
    w = np.concatenate([by_hand(*twins((1, 2, 4, -4, -2, -1))), by_hand(*twins((1, 2, 3, -3, -2, -1)))])
    assert measures.mirror_structure(TASK.network, w).ratio_error.tolist() == [0, 0.25]
    three = tasks.symmetry(hidden=3).network
    assert np.isnan(measures.mirror_structure(three, bp.start(three, range(2))).twin_error).all()


def test_weights_of_zero_are_measured_without_a_warning():
    found = measures.mirror_structure(TASK.network, np.zeros((1, TASK.network.n_weights)))
    assert found.ratio_error.tolist() == [1]


def test_a_case_is_right_where_every_output_is_on_its_side():
    task = tasks.encoder(2)
    w = np.zeros((2, task.network.n_weights))
    blocks = task.network.blocks(w)
    blocks["input", "hidden"][:] = [[10, -10]]
    blocks["hidden", "output"][0] = [[10], [-10]]
    blocks["one", "output"][0] = [[-5], [5]]
    blocks["hidden", "output"][1] = [[10], [10]]  # the second output does as the first
    blocks["one", "output"][1] = [[-5], [-5]]
    assert measures.right_cases(task, w).tolist() == [[True, True], [False, False]]


def test_what_counts_as_right_is_said_by_the_task():
    task = tasks.xor()
    w = np.zeros((1, task.network.n_weights))
    task.network.blocks(w)["one", "output"][:] = np.log(0.3 / 0.7)  # every answer is .3
    assert measures.right_cases(task, w).tolist() == [[True, False, False, True]]
    strict = bp.Task("strict", task.network, task.cases, right_within=0.25)
    assert not measures.right_cases(strict, w).any()
