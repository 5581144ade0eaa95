"""Passes over the cases are counted alike for every method."""

from itertools import pairwise

import numpy as np
import pytest

pytest.importorskip("scipy")

import bpcore as bp
from benchmarks import second_order
from bpcore import tasks
from bpcore.analysis.landscape import ravine

METHODS = [(task.name, name) for task in (tasks.symmetry(), tasks.xor()) for name in second_order.METHODS[task.name]]


def error(task, w):
    """E by equation (3), of one run."""
    y = bp.forward(task.network, w, task.cases.inputs)["output"][0]
    return 0.5 * np.sum((y - task.cases.desired["output"].T) ** 2)


@pytest.fixture
def watched(monkeypatch):
    """Points at which SciPy's methods really make a forward pass, and how many backward passes there are."""
    points, back = [], []

    class Watched(second_order.Passes):
        def __init__(self, network, w, *arguments, **more):
            super().__init__(network, w, *arguments, **more)
            self.watched = w

        def forward(self):
            points.append(self.watched[0].copy())
            super().forward()

        def backward(self):
            back.append(len(points))
            super().backward()

    monkeypatch.setattr(second_order, "Passes", Watched)
    return points, back


@pytest.mark.parametrize("method", [second_order.L_BFGS, second_order.NEWTON], ids=["L-BFGS", "Newton-CG"])
def test_every_pass_is_counted_and_the_last_is_the_first_below_the_goal(watched, method):
    points, back = watched
    task = tasks.xor()
    start = bp.start(task.network, 3)[0]
    reached, made, _ = method(task, start, 0.1, 5000)
    assert reached == made == len(points) == len(back)
    assert (points[0] == start).all()
    errors = [error(task, w) for w in points]
    assert min(errors[:-1]) >= 0.1 > errors[-1]
    assert all((one != other).any() for one, other in pairwise(points))


def test_newtons_second_derivatives_are_passes_too(watched):
    """Of the passes through a ravine, many are a hair's breadth from another: that is how it sees the curvature."""
    points, _ = watched
    _, made, w = second_order.NEWTON(ravine(16), np.array([1.0, -5.0]), 1e-12, 100)
    assert made == len(points)
    assert 4 <= made <= 12
    tried = np.linalg.norm(np.diff(points, axis=0), axis=1)
    assert (tried[:2] < 1e-6).any()
    assert error(ravine(16), points[-1]) < 1e-12 or np.abs(w).max() < 1e-6


def test_the_same_point_is_not_passed_twice():
    task = tasks.xor()
    counted = second_order.Counted(task, goal=0, limit=10)
    w = bp.start(task.network, 0)[0]
    E, dE_dw = counted(w)
    assert counted.passes == 1
    assert pytest.approx(error(task, w)) == E
    assert dE_dw == pytest.approx(bp.gradient(task.network, w, task.cases)[0])
    counted(w.copy())
    assert counted.passes == 1
    counted(w + 1)
    counted(w)
    assert counted.passes == 2
    assert (dE_dw == counted(w)[1]).all()


def test_no_pass_is_made_beyond_the_limit(watched):
    points, _ = watched
    task = tasks.xor()
    for method in (second_order.L_BFGS, second_order.NEWTON):
        points.clear()
        reached, made, _ = method(task, bp.start(task.network, 3)[0], 0.0, 7)
        assert (reached, made, len(points)) == (-1, 7, 7)


@pytest.mark.parametrize("alpha", [0.0, 0.5])
def test_a_sweep_of_equation_9_is_a_pass(alpha):
    """In a ravine as wide as long E is known after every sweep: the pass after t sweeps is number t + 1."""
    epsilon, w, velocity, errors = 0.1, np.array([3.0, -4.0]), np.zeros(2), []
    while not errors or errors[-1] >= 0.01:
        errors.append(0.5 * np.sum(w**2))
        velocity = alpha * velocity - epsilon * w
        w = w + velocity
    reached, made, _ = second_order.descent(epsilon, alpha)(ravine(1), np.array([3.0, -4.0]), 0.01, 500)
    assert reached == made == len(errors)
    lost = second_order.descent(epsilon, alpha)(ravine(1), np.array([3.0, -4.0]), 0.01, len(errors) - 1)
    assert lost[:2] == (-1, len(errors) - 1)


def test_a_start_below_the_goal_is_seen_by_the_first_pass():
    task = ravine(4)
    for method in (second_order.L_BFGS, second_order.NEWTON, second_order.descent(0.1, 0.0)):
        assert method(task, np.array([0.0, 0.1]), 0.1, 50)[:2] == (1, 1)


def test_near_a_solution_second_derivatives_are_faster_and_from_afar_they_end_in_saturation():
    """What the paper says holds where the bottom is near; a method that leaps can leap on to a ledge."""
    task = tasks.xor()
    starts = bp.start(task.network, range(12))
    solved = second_order.just_solved(task, starts, 5000)
    ours = second_order.measure(task, second_order.descent(0.5, 0.9), solved, 0.001, 5000)
    lbfgs = second_order.measure(task, second_order.L_BFGS, solved, 0.001, 5000)
    assert len(solved) >= 10
    assert (ours.reached > 10 * lbfgs.reached).all()
    assert (lbfgs.reached > 0).all()
    far = second_order.measure(task, second_order.L_BFGS, starts, 0.1, 5000)
    assert 2 <= np.sum(far.reached > 0) <= 9
    assert "saturation" in far.row(task)[-1]


def test_a_row_says_how_many_and_when():
    w = np.zeros((4, 9))
    found = second_order.Found(np.array([10, -1, 30, 20]), np.array([10, 500, 30, 20]), w)
    assert found.row(tasks.xor())[:4] == ["3 of 4", "15", "20", "25"]
    assert found.row(tasks.xor())[4].endswith("E 0.5, 500 passes")
    never = second_order.Found(np.array([-1]), np.array([7]), w[:1])
    assert never.row(tasks.xor())[:4] == ["0 of 1", "-", "-", "-"]


def test_the_command_prints_both_tables(capsys):
    second_order.main(["--seeds", "2", "--limit", "800"])
    printed = capsys.readouterr().out
    assert "From 2 starts to E < 0.1, in passes over the cases, 800 at most" in printed
    for task, name in METHODS:
        assert f"| {task}".ljust(11) in printed
        assert f"| {name} " in printed
