"""A task, as plain values, comes back the same, through JSON too."""

import json

import numpy as np
import pytest
from hypothesis import given, settings

import bpcore as bp
from bpcore import tasks

from .networks import arctan, drawn


def through_json(plain):
    return json.loads(json.dumps(plain))


def same(one, other):
    tables = [(cases.inputs, cases.desired) for cases in (one, other)]
    np.testing.assert_equal(*tables)
    return one.names == other.names


@settings(max_examples=25, deadline=None)
@given(drawn(runs=2))
def test_every_task_comes_back_the_same(one):
    task = one.task
    again = bp.Task.from_dict(through_json(task.to_dict()), [arctan])
    assert (again.name, again.network, again.right_within) == (task.name, task.network, task.right_within)
    assert repr(again.recipe) == repr(task.recipe)
    assert same(again.cases, task.cases)


def test_held_out_cases_their_names_and_shared_blocks_come_back():
    task = tasks.sequences(hidden=3)
    again = bp.Task.from_dict(through_json(task.to_dict()))
    assert same(again.cases, task.cases)
    assert same(again.held_out, task.held_out)
    assert again.network.links == task.network.links
    assert again.network.n_weights == task.network.n_weights


def test_a_recipe_with_everything_chosen_comes_back():
    phases = [bp.Phase(0, [0.1, 0.2], [0.9, 0.5], 0.002), bp.Phase(5, 0.3, 0.5)]
    recipe = bp.Recipe(phases, False, bp.Tolerance(0.1, "edge"), "case", "sum", bp.Start(0.7, "zero"), (3, 1))
    assert repr(bp.Recipe.from_dict(through_json(recipe.to_dict()))) == repr(recipe)


def test_usual_names_of_cases_are_left_out():
    assert tasks.xor().cases.to_dict()["names"] == []
    assert tasks.xor().cases.some([3, 1]).to_dict() == {
        "inputs": {"input": [[1, 1], [0, 1]]}, "desired": {"output": [[0], [1]]}, "names": [],
    }  # fmt: skip


def test_a_unit_function_that_is_not_known_is_refused():
    plain = bp.layered({"in": 1, "out": 1}, unit=arctan).to_dict()
    with pytest.raises(ValueError, match=r"^the unit function is 'arctan'; one of 'logistic', .* is expected$"):
        bp.Network.from_dict(plain)
    assert bp.Network.from_dict(plain, [arctan])["out"].unit is arctan
