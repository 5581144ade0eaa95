"""The perceptron-convergence procedure, and exact proofs of what direct connections can and cannot do."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpcore as bp
from bpcore import tasks
from bpcore.analysis.perceptron import Balance, Weights, check_proof, perceptron, separate


def task_of(inputs, on):
    """A task with one output unit from a list of patterns and what each should be."""
    inputs = np.array(inputs, float)
    network = bp.layered({"input": inputs.shape[1], "output": 1})
    return bp.Task("drawn", network, bp.Cases({"input": inputs}, {"output": np.array(on, float)[:, None]}))


def majority(n=3):
    patterns = list(product((0, 1), repeat=n))
    return task_of(patterns, [sum(pattern) > n / 2 for pattern in patterns])


def answers(task, w):
    """What threshold units with weights `w`, (units, inputs + 1), say to every case."""
    return task.cases.inputs["input"] @ w[:, :-1].T + w[:, -1] > 0


# --- the procedure


@pytest.mark.parametrize("task", [majority(), tasks.encoder(4)], ids=lambda task: task.name)
def test_what_is_separable_is_learnt_and_then_left_alone(task):
    run = perceptron(task)
    assert (answers(task, run.w[-1]) == (task.cases.desired["output"] > 0.5)).all()
    assert run.settled_at == len(run.mistakes) - 1 > 0
    assert run.mistakes[-1].sum() == 0
    assert (run.mistakes[:-1].sum(1) > 0).all()
    assert (run.w[-1] == run.w[-2]).all()
    assert run.repeats is None


def test_each_change_adds_a_wrong_case_or_takes_it_away():
    """Worked by hand: or, from weights of 0, cases 00 01 10 11."""
    run = perceptron(task_of([(0, 0), (0, 1), (1, 0), (1, 1)], [0, 1, 1, 1]))
    assert run.w[1].tolist() == [[0, 1, 1]]  # 01 was wrongly off; then 10 and 11 are on
    assert run.w[2].tolist() == [[1, 1, 1]]  # 00 wrongly on: bias 0; then 10 wrongly off
    assert run.w[3].tolist() == [[1, 1, 0]]
    assert run.mistakes[:, 0].tolist() == [1, 2, 1, 0]


@pytest.mark.parametrize("task", [tasks.xor(), tasks.symmetry(), tasks.parity(3)], ids=lambda task: task.name)
def test_what_is_not_separable_never_settles_but_comes_round_again(task):
    run = perceptron(task, 5000)
    assert run.settled_at == -1
    again, before = run.repeats
    assert again == len(run.mistakes) < 5000
    assert (run.w[again] == run.w[before]).all()
    assert (run.mistakes > 0).all()
    further = perceptron(task, again - before, w=run.w[again])
    assert (further.w == run.w[before:]).all()


def test_it_stops_when_told():
    run = perceptron(tasks.symmetry(), 4)
    assert (run.settled_at, run.repeats, len(run.mistakes), len(run.w)) == (-1, None, 4, 5)


def test_a_start_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"w has shape \(1, 2\); \(units, inputs \+ 1\) = \(1, 3\) is expected"):
        perceptron(tasks.xor(), w=[[1, 2]])


# --- proofs


def test_four_cases_prove_that_symmetry_is_beyond_direct_connections():
    task = tasks.symmetry()
    proof = separate(task)
    names = [[task.cases.names[case] for case in side] for side in (proof.on, proof.off)]
    assert all(name == name[::-1] for name in names[0])
    assert all(name != name[::-1] for name in names[1])
    assert [len(side) for side in names] == [2, 2]
    sums = [sum(np.array(list(map(int, name))) for name in side).tolist() for side in names]
    assert sums[0] == sums[1]


def test_exclusive_or_balances_as_every_textbook_says():
    proof = separate(tasks.xor())
    assert proof == Balance(on=(1, 2), off=(0, 3), times_on=(1, 1), times_off=(1, 1))


def test_cases_may_have_to_be_taken_more_than_once():
    """On in the middle of a line: twice the middle is both ends; at a third, two of one end and one of the other."""
    assert separate(task_of([[0], [1], [2]], [0, 1, 0])) == Balance((1,), (0, 2), (2,), (1, 1))
    assert separate(task_of([[0], [1], [3]], [0, 1, 0])) == Balance((1,), (0, 2), (3,), (2, 1))


def test_one_pattern_that_should_be_both_is_proof_enough():
    assert separate(task_of([[0.1], [0.1]], [0, 1])) == Balance((1,), (0,), (1,), (1,))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_every_task_is_proved_one_way_and_the_procedure_agrees(n, seed):
    """The proof is checked in whole numbers, and by the procedure: it settles where weights exist, and only there."""
    numbers = np.random.default_rng(seed)
    patterns = numbers.integers(-2, 3, (numbers.integers(2, 9), n))
    on = numbers.integers(0, 2, len(patterns)).astype(bool)
    task = task_of(patterns, on)
    proof, run = separate(task), perceptron(task, 20_000)
    ones = np.hstack([patterns, np.ones((len(patterns), 1), int)])
    if isinstance(proof, Weights):
        assert (np.where(on, 1, -1) * (ones @ proof.w) > 0).all()
        assert run.settled_at >= 0
    else:
        left, right = (np.array(times) @ ones[list(cases)] for cases, times in (_side(proof, k) for k in (0, 1)))
        assert (left == right).all()
        assert on[list(proof.on)].all()
        assert not on[list(proof.off)].any()
        assert run.settled_at == -1


def _side(proof, k):
    return ((proof.on, proof.times_on), (proof.off, proof.times_off))[k]


def test_every_output_unit_of_several_groups_has_a_proof_of_its_own():
    assert all(isinstance(separate(tasks.encoder(4), unit), Weights) for unit in range(4))
    with pytest.raises(ValueError, match="output unit 4; a whole number from 0 to 3 is expected"):
        separate(tasks.encoder(4), 4)


@pytest.mark.parametrize(
    ("proof", "message"),
    [
        (Balance((1, 1), (0, 3), (1, 1), (1, 2)), r"add up to \(0, 2, 2\) and \(2, 2, 3\); the same is expected"),
        (Balance((0,), (1,), (1,), (1,)), "case 00 should be off, but stands on the other side"),
        (Balance((), (), (), ()), "the balance is empty"),
        (Balance((1, 2), (0, 3), (0, 0), (0, 0)), "the balance is empty"),
        (Weights((1, 1, -1)), "case 01 gets a total input of 0; above 0 is expected"),
        (Weights((2, 2, -1)), "case 11 gets a total input of 3; below 0 is expected"),
    ],
)
def test_a_false_proof_is_refused(proof, message):
    with pytest.raises(ValueError, match=message):
        check_proof(tasks.xor(), proof)


def test_a_tenth_is_not_taken_for_a_rounded_tenth():
    """.1 + .2 is not .3 in the machine's numbers, and the proof is about those: these two can be told apart."""
    assert isinstance(separate(task_of([[0.1 + 0.2], [0.3]], [1, 0])), Weights)
