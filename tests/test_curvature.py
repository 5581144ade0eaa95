"""Second derivatives, against surfaces where they are known and against differences of E itself."""

import numpy as np
import pytest
from hypothesis import given, settings

import bpcore as bp
from bpcore import tasks
from bpcore.analysis import curvature
from bpcore.analysis.diagnosis import trap
from bpcore.analysis.landscape import ravine

from .networks import drawn


def error(task, w):
    """E by equation (3), of one run."""
    y = bp.forward(task.network, w, task.cases.inputs)
    return sum(0.5 * np.sum((y[name][0] - d.T) ** 2) for name, d in task.cases.desired.items())


def test_a_ravine_is_as_curved_as_it_was_made():
    found = curvature.hessian(ravine(steep=16), [[0.3, -2.0], [5.0, 1.0]])
    assert found == pytest.approx(np.array([np.diag([16, 1])] * 2), abs=1e-7)


@settings(max_examples=15, deadline=None)
@given(drawn(margin=None))
def test_the_hessian_is_what_differences_of_the_error_give(case):
    """Tied weights too: E changes by the sum of what each of them does."""
    w, h = case.w[0], 1e-4
    H, n = curvature.hessian(case.task, w)[0], case.task.network.n_weights
    steps = h * np.eye(n)
    for i, j in {(0, 0), (0, n - 1), (n // 2, n - 1), (n - 1, n - 1)}:
        corners = [error(case.task, w + a * steps[i] + b * steps[j]) for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))]
        measured = (corners[0] - corners[1] - corners[2] + corners[3]) / (4 * h * h)
        assert H[i, j] == pytest.approx(measured, abs=1e-5 * (1 + abs(measured)))
        assert H[i, j] == H[j, i]


def test_a_product_with_the_hessian_needs_no_hessian():
    task = tasks.encoder(4)
    w = bp.start(task.network, range(3), 1.0)
    v = np.random.default_rng(0).normal(size=w.shape)
    expected = np.einsum("rij,rj->ri", curvature.hessian(task, w), v)
    assert curvature.hessian_product(task, w, v) == pytest.approx(expected, abs=1e-7)
    assert curvature.hessian_product(task, w, 1e6 * v) == pytest.approx(1e6 * expected, abs=0.1)
    assert (curvature.hessian_product(task, w, 0 * v) == 0).all()


def test_newtons_step_goes_straight_to_the_bottom_of_a_ravine():
    task, w = ravine(), np.array([[3.0, -7.0]])
    step = curvature.newton_step(curvature.hessian(task, w), curvature.gradient_at(task, w))
    assert w + step == pytest.approx(np.zeros((1, 2)), abs=1e-7)


def test_many_points_are_the_same_as_each_alone(monkeypatch):
    task = tasks.xor()
    w = bp.start(task.network, range(7))
    alone = [error(task, one) for one in w]
    assert curvature.error_at(task, w) == pytest.approx(alone, abs=1e-12)
    monkeypatch.setattr(curvature, "TOGETHER", 3)
    assert curvature.error_at(task, w) == pytest.approx(alone, abs=1e-12)
    assert curvature.gradient_at(task, w).shape == w.shape


def test_the_bottom_is_where_the_gradient_is_zero():
    task = trap()
    run = bp.train(task, 0, 5000, keep_every=5000)
    w = curvature.walk_to_the_bottom(task, run.state.w)
    assert np.abs(bp.gradient(task.network, w, task.cases)).max() < 1e-14
    assert np.abs(w - run.state.w).max() < 0.05
