"""The same task for other networks."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import measures, tasks
from bpcore.variants import direct, with_skips, with_units


def test_direct_connections_learn_of_symmetry_only_that_it_is_rare():
    """The best that weights without hidden units can say is "one in eight", E = 3.5: "no" to everything, 56 right."""
    task = direct(tasks.symmetry())
    assert [(link.source, link.target) for link in task.network.links] == [("input", "output"), ("one", "output")]
    run = bp.train(task, range(20), 5000, epsilon=0.01, keep_every=5000)
    assert run.E[-1] == pytest.approx(3.5, abs=1e-3)
    assert measures.right_cases(task, run.state.w).sum(1).tolist() == [56] * 20


def test_skips_are_added_once_and_the_rest_stays():
    task = with_skips(tasks.symmetry())
    ends = [(link.source, link.target) for link in task.network.links]
    assert ends.count(("input", "output")) == 1
    assert task.network.n_weights == tasks.symmetry().network.n_weights + 6
    assert with_skips(task).network == task.network


def test_units_are_changed_where_told_and_weights_keep_their_places():
    task = tasks.symmetry()
    for groups, expected in (
        (None, ["logistic", "tanh", "logistic"]),
        (["output"], ["logistic", "logistic", "tanh"]),
        (["hidden", "output"], ["logistic", "tanh", "tanh"]),
    ):
        changed = with_units(task, bp.tanh, groups)
        assert [group.unit.name for group in changed.network.groups] == expected
        assert changed.network.links == task.network.links
    with pytest.raises(ValueError, match="group 'input' cannot have other units; one of hidden, output is expected"):
        with_units(task, bp.tanh, ["input"])


def squash(x):
    return 0.5 + np.arctan(2 * x) / np.pi


def squash_slope(_y, x):
    return 2 / (np.pi * (1 + 4 * x * x))


ARCTAN = bp.UnitFunction("arctan", squash, squash_slope)


@pytest.mark.parametrize(
    ("unit", "groups", "epsilon", "least"),
    [
        (bp.softplus, ["hidden"], 0.03, 27),
        (ARCTAN, ["hidden", "output"], 0.03, 21),
        (bp.tanh, ["hidden"], 0.03, 3),
        (bp.tanh, ["hidden", "output"], 0.01, 8),
    ],
    ids=["softplus below", "arctan of one's own", "tanh below", "tanh everywhere"],
)
def test_any_function_with_a_bounded_derivative_will_do(unit, groups, epsilon, least):
    """Symmetry is learnt with others too, but not as often with each; of 30 starts, at least so many."""
    task = with_units(tasks.symmetry(), unit, groups)
    run = bp.train(task, range(30), 6000, epsilon=epsilon, keep_every=6000, stop_when_solved=True)
    assert (run.solved_at >= 0).sum() >= least
