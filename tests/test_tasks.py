"""The tasks ask what they say they ask."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from bpcore.tasks.symmetry import symmetrical_cases


@pytest.mark.parametrize("width", [2, 4, 6, 8, 10])
def test_symmetry_asks_for_every_pattern_whether_it_reads_the_same_backwards(width):
    task = tasks.symmetry(width)
    assert len(set(task.cases.names)) == len(task.cases) == 2**width
    for name, row, answer in zip(
        task.cases.names, task.cases.inputs["input"], task.cases.desired["output"], strict=True
    ):
        assert name == "".join(str(int(state)) for state in row)
        assert answer == [name == name[::-1]]
    assert symmetrical_cases(task).sum() == 2 ** (width // 2)


def test_symmetry_is_the_network_and_the_recipe_of_figure_1():
    task = tasks.symmetry()
    assert [(group.size, group.unit.name) for group in task.network.groups[1:]] == [(2, "logistic"), (1, "logistic")]
    assert task.network.n_weights == 12 + 2 + 2 + 1
    assert task.recipe == bp.Recipe((bp.Phase(0, 0.1, 0.9, 0.0),), start=bp.Start(0.3, "uniform"))


@pytest.mark.parametrize("width", [5, 18, 1])
def test_symmetry_of_an_odd_or_endless_width_is_refused(width):
    with pytest.raises(ValueError, match=f"the width of the input is {width}; .* is expected"):
        tasks.symmetry(width)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_parity_asks_whether_the_number_of_active_inputs_is_odd(n):
    task = tasks.parity(n)
    assert len(set(task.cases.names)) == 2**n
    for name, answer in zip(task.cases.names, task.cases.desired["output"], strict=True):
        assert answer == [name.count("1") % 2]


def test_exclusive_or_is_parity_of_two():
    task = tasks.xor()
    assert task.cases.names == ("00", "01", "10", "11")
    assert task.cases.desired["output"].ravel().tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(("n", "middle"), [(2, 1), (4, 2), (5, 3), (8, 3)])
def test_the_encoder_asks_for_its_input_through_a_narrow_middle(n, middle):
    task = tasks.encoder(n)
    assert [group.size for group in task.network.groups] == [n, middle, n]
    np.testing.assert_array_equal(task.cases.inputs["input"], task.cases.desired["output"])
    assert (task.cases.inputs["input"].sum(1) == 1).all()
    assert len(np.unique(task.cases.inputs["input"], axis=0)) == n


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: tasks.parity(0), "the width of the input is 0; a whole number of at least 1 is expected"),
        (lambda: tasks.parity(3, hidden=0), "the number of hidden units is 0"),
        (lambda: tasks.encoder(1), "the number of patterns is 1; a whole number of at least 2 is expected"),
        (lambda: tasks.symmetry("6"), "the width of the input is '6'; a whole number"),
        (lambda: tasks.symmetry(hidden=1.5), "the number of hidden units is 1.5; a whole number"),
        (lambda: bp.Task("t", tasks.xor().network, tasks.xor().cases, right_within=-1), "right_within is -1"),
    ],
)
def test_tasks_that_cannot_be_are_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()


@pytest.mark.parametrize(
    ("task", "epsilon", "sweeps"),
    [
        (tasks.parity(3, hidden=4), 0.3, 2000),
        (tasks.encoder(4), 0.5, 500),
        (tasks.symmetry(4, biases="zero"), 0.1, 3000),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_the_tasks_can_be_learnt(task, epsilon, sweeps):
    run = bp.train(task, range(5), sweeps, epsilon=epsilon, keep_every=sweeps)
    assert (run.solved_at > 0).sum() >= 4


def test_the_same_task_is_made_once_and_a_wrong_argument_of_any_kind_is_refused_in_a_sentence():
    assert tasks.symmetry(8) is tasks.symmetry(8)
    assert tasks.symmetry(6, 1) is not tasks.symmetry(6, 2)
    with pytest.raises(ValueError, match="the number of hidden units is True"):
        tasks.symmetry(6, True)  # 1 == True, but it is not remembered as that
    with pytest.raises(ValueError, match=r"the width of the input is \[6\]"):
        tasks.symmetry([6])
