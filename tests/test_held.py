"""Weights that are held stay as they are; all others learn as they would in a net where they are constants."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks

from .each_engine import each_engine  # noqa: F401  (a fixture)


@pytest.mark.parametrize("update", ["sweep", "case"])
@pytest.mark.parametrize("decay", [0.0, 0.01])
def test_a_held_weight_stays_and_the_others_learn(each_engine, update, decay):  # noqa: F811
    task = tasks.symmetry()
    recipe = bp.Recipe((bp.Phase(0, 0.1, 0.9, decay),), update=update, held=(0, 5, 16))
    w = bp.start(task.network, seeds=[1, 2])
    run = bp.train(task, recipe=recipe, w=w, delta_w=np.full_like(w, 0.01), sweeps=20, engine=each_engine)
    moved = run.state.w != w
    assert not moved[:, [0, 5, 16]].any()
    others = np.delete(np.arange(17), [0, 5, 16])
    assert moved[:, others].all()


def test_the_others_move_by_the_gradient_with_the_held_ones_as_constants(each_engine):  # noqa: F811
    task = tasks.symmetry()
    recipe = bp.Recipe((bp.Phase(0, 0.1, 0.0),), held=(3,))
    w = bp.start(task.network, seeds=4)
    run = bp.train(task, recipe=recipe, w=w, sweeps=1, engine=each_engine)
    expected = w - 0.1 * bp.gradient(task.network, w, task.cases, recipe)
    expected[:, 3] = w[:, 3]
    np.testing.assert_allclose(run.state.w, expected, rtol=1e-12)


def test_what_is_held_is_saved_and_replayed(tmp_path):
    task = tasks.symmetry()
    run = bp.train(task, 1, 30, recipe=bp.Recipe(held=(2, 7)), keep_every=10)
    bp.save(run, tmp_path / "run.npz")
    again = bp.load(tmp_path / "run.npz")
    assert again.recipe.held == (2, 7)
    np.testing.assert_array_equal(again.at(17).w, run.at(17).w)


def test_a_recipe_that_begins_later_has_the_phases_that_are_left():
    recipe = bp.Recipe((bp.Phase(0, 0.1), bp.Phase(20, 0.2), bp.Phase(50, 0.3)))
    assert recipe.from_sweep(30).phases == (bp.Phase(0, 0.2), bp.Phase(20, 0.3))
    assert recipe.from_sweep(0) == recipe


@pytest.mark.parametrize(
    ("held", "sentence"), [((17,), "weight 17 is held; places below 17 are expected"), ((-1,), "the place of a weight")]
)
def test_a_weight_that_is_not_there_cannot_be_held(held, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.train(tasks.symmetry(), 1, 1, recipe=bp.Recipe(held=held))
