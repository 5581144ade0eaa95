"""Equations (8) and (9), weight decay, and recipes."""

import numpy as np
import pytest

import bpcore as bp
from bpcore.descent import descend


def test_without_velocity_a_weight_goes_epsilon_down_the_gradient():
    w, delta_w = np.array([[1.0, 2.0]]), np.zeros((1, 2))
    descend(w, delta_w, np.array([[10.0, -4.0]]), epsilon=0.1, alpha=0.0)
    assert w.tolist() == [[0.0, 2.4]]


def test_on_a_steady_slope_the_step_grows_to_1_over_1_minus_alpha():
    w, delta_w = np.zeros((1, 1)), np.zeros((1, 1))
    for _ in range(300):
        descend(w, delta_w, np.ones((1, 1)), epsilon=0.1, alpha=0.9)
    assert delta_w == pytest.approx(-0.1 / (1 - 0.9))


def test_decay_takes_its_share_of_the_weight_after_the_change():
    w, delta_w = np.array([[1.0, 1.0]]), np.zeros((1, 2))
    descend(w, delta_w, np.array([[1.0, 1.0]]), epsilon=0.5, alpha=0.9, keep=np.array([0.998, 1.0]))
    assert w.tolist() == [[0.5 * 0.998, 0.5]]
    assert delta_w.tolist() == [[-0.5, -0.5]]


def test_a_phase_holds_from_its_first_sweep_on():
    recipe = bp.Recipe([bp.Phase(0, 0.005, 0.5), bp.Phase(20, 0.01, 0.9)])
    assert [recipe.phase(t).epsilon for t in (0, 19, 20, 1500)] == [0.005, 0.005, 0.01, 0.01]


def test_a_steered_recipe_forgets_what_was_planned_later():
    recipe = bp.Recipe([bp.Phase(0, 0.005, 0.5, 0.002), bp.Phase(20, 0.01, 0.9)])
    assert recipe.steered(7, epsilon=0.3).phases == (bp.Phase(0, 0.005, 0.5, 0.002), bp.Phase(7, 0.3, 0.5, 0.002))
    assert recipe.steered(0, alpha=0.0).phases == (bp.Phase(0, 0.005, 0.0, 0.002),)
    assert recipe.steered(20, alpha=0.0).phases == (recipe.phases[0], bp.Phase(20, 0.01, 0.0))


BAD = [
    ({"epsilon": float("nan")}, "epsilon is nan; a number of at least 0 is expected"),
    ({"epsilon": float("inf")}, "epsilon is inf; a number of at least 0 is expected"),
    ({"epsilon": -0.1}, "epsilon is -0.1; a number of at least 0 is expected"),
    ({"epsilon": "fast"}, "epsilon is 'fast'; a number of at least 0 is expected"),
    ({"epsilon": "0.1"}, "epsilon is '0.1'; a number of at least 0 is expected"),
    ({"epsilon": None}, "epsilon is None; a number of at least 0 is expected"),
    ({"epsilon": True}, "epsilon is True; a number of at least 0 is expected"),
    ({"epsilon": [0.1, float("inf")]}, "epsilon is inf; a number of at least 0 is expected"),
    ({"epsilon": [0.1, -2]}, "epsilon is -2; a number of at least 0 is expected"),
    ({"epsilon": ["0.1", "0.2"]}, r"epsilon is \['0.1', '0.2'\]; a number of at least 0 is expected"),
    ({"epsilon": []}, r"epsilon is \[\]; a number of at least 0 is expected"),
    ({"epsilon": [[0.1]]}, r"epsilon is \[\[0.1\]\]; a number of at least 0 is expected"),
    ({"epsilon": 1j}, "epsilon is 1j; a number of at least 0 is expected"),
    ({"epsilon": 10**400}, r"epsilon is 10+; a number of at least 0 is expected"),
    ({"alpha": float("nan")}, "alpha is nan; a number from 0 to 1 is expected"),
    ({"alpha": -0.5}, "alpha is -0.5; a number from 0 to 1 is expected"),
    ({"alpha": 1.01}, "alpha is 1.01; a number from 0 to 1 is expected"),
    ({"alpha": [0.5, 1.5]}, "alpha is 1.5; a number from 0 to 1 is expected"),
    ({"alpha": "big"}, "alpha is 'big'; a number from 0 to 1 is expected"),
    ({"weight_decay": 2}, "the weight decay is 2; a number from 0 to 1 is expected"),
    ({"weight_decay": "0.2%"}, "the weight decay is '0.2%'; a number from 0 to 1 is expected"),
    ({"start": -1}, "the first sweep of a phase is -1; a whole number of at least 0 is expected"),
    ({"start": 2.5}, "the first sweep of a phase is 2.5; a whole number of at least 0 is expected"),
    ({"start": True}, "the first sweep of a phase is True; a whole number of at least 0 is expected"),
]


@pytest.mark.parametrize(("values", "sentence"), BAD)
def test_numbers_that_cannot_be_are_refused_with_a_sentence(values, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}$"):
        bp.Phase(**values)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"phases": [bp.Phase(5)]}, r"the phases start at sweeps \[5\]; 0 first"),
        ({"phases": [bp.Phase(0), bp.Phase(9), bp.Phase(4)]}, r"the phases start at sweeps \[0, 9, 4\]"),
        ({"phases": [bp.Phase(0), bp.Phase(0)]}, r"the phases start at sweeps \[0, 0\]"),
        ({"phases": []}, r"the phases start at sweeps \[\]"),
        ({"update": "batch"}, "update is 'batch'; 'sweep' or 'case' is expected"),
        ({"tied": "mean"}, "tied is 'mean'; 'average' or 'sum' is expected"),
    ],
)
def test_recipes_that_cannot_be_are_refused_with_a_sentence(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.Recipe(**values)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"margin": -0.2}, "the tolerance is -0.2; a number of at least 0 is expected"),
        ({"reading": "loose"}, "the tolerance is read 'loose'; 'printed' or 'edge' is expected"),
    ],
)
def test_tolerances_that_cannot_be_are_refused_with_a_sentence(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.Tolerance(**values)
