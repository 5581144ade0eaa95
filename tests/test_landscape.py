"""Cuts through the error surface, and paths across it."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from bpcore.analysis import landscape
from bpcore.tasks.classics import xor_1988_start


def error(task, w):
    """E by equation (3), of one run."""
    y = bp.forward(task.network, w, task.cases.inputs)["output"][0]
    return 0.5 * np.sum((y - task.cases.desired["output"].T) ** 2)


# --- planes and surfaces


def test_a_grid_holds_the_error_of_each_point():
    task = tasks.xor()
    w = bp.start(task.network, 5, 2.0)[0]
    plane = landscape.Plane(w, np.random.default_rng(0).normal(size=(2, 9)))
    a, b = np.linspace(-1, 1, 5), np.linspace(-2, 3, 4)
    E = landscape.surface(task, plane, a, b)
    assert E.shape == (4, 5)
    for row, column in ((0, 0), (3, 1), (2, 4)):
        there = w + a[column] * plane.directions[0] + b[row] * plane.directions[1]
        assert E[row, column] == pytest.approx(error(task, there), abs=1e-12)


def test_a_grid_of_more_points_than_fit_side_by_side():
    task = landscape.ravine(steep=4)
    a = np.linspace(-2, 2, 70)
    grid = landscape.surface(task, landscape.plane_of_weights([9, 9], 0, 1), a, a)
    assert grid == pytest.approx(0.5 * (4 * a[None] ** 2 + a[:, None] ** 2))


def test_the_coordinates_in_a_plane_of_two_weights_are_the_weights():
    w = np.arange(9.0)
    plane = landscape.plane_of_weights(w, 7, 2)
    assert plane.coordinates(w).tolist() == [7, 2]
    moved = w.copy()
    moved[[7, 2]] = [0.5, -4]
    assert (plane.weights(0.5, -4) == moved).all()


def test_coordinates_are_found_again_in_a_plane_that_is_not_square():
    plane = landscape.Plane([1, 2, 3], [[1, 1, 0], [0, 2, 1]])
    points = np.array([[0.5, -1], [2, 3]])
    assert plane.coordinates(plane.weights(*points.T)) == pytest.approx(points)
    off = np.cross(*plane.directions)
    assert plane.coordinates(plane.weights(*points.T) + off) == pytest.approx(points)
    assert plane.along(off) == pytest.approx([0, 0])


@pytest.mark.parametrize(
    ("origin", "directions", "message"),
    [
        ([0, 0, 0], [[1, 2, 3], [2, 4, 6]], "parallel, or 0"),
        ([0, 0, 0], [[0, 0, 0], [2, 4, 6]], "parallel, or 0"),
        ([0, 0], [[1, 2, 3], [2, 4, 7]], r"origin of shape \(2,\) and directions of shape \(2, 3\); \(weights,\)"),
    ],
)
def test_what_spans_no_plane_is_refused(origin, directions, message):
    with pytest.raises(ValueError, match=message):
        landscape.Plane(origin, directions)


def test_a_weight_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="the place of a weight is 9; a whole number from 0 to 8 is expected"):
        landscape.plane_of_weights(np.zeros(9), 0, 9)


def test_a_grid_around_points_has_its_margin():
    a, b = landscape.around([[0, 10], [4, 10], [2, 12]], margin=0.5, n=3)
    assert a.tolist() == [-2, 2, 6]
    assert b.tolist() == [9, 11, 13]


# --- paths


def test_the_main_plane_of_a_flat_path_holds_all_of_it():
    numbers = np.random.default_rng(1)
    flat = numbers.normal(size=(2, 6))
    turn = np.linspace(0, 3, 40)
    path = np.stack([5 * np.cos(turn), np.sin(turn)], -1) @ flat + numbers.normal(size=6)
    plane = landscape.main_plane(path)
    assert plane.weights(*plane.coordinates(path).T) == pytest.approx(path)
    assert plane.directions @ plane.directions.T == pytest.approx(np.eye(2))
    spread = plane.coordinates(path).std(0)
    assert spread[0] > spread[1]
    assert (plane.coordinates(path[-1]) >= plane.coordinates(path[0])).all()


@pytest.fixture(scope="module")
def xor_run():
    task = tasks.xor()
    return bp.train(task, w=xor_1988_start(task), sweeps=400)


def test_the_path_of_a_run_says_how_much_of_it_lies_in_the_plane(xor_run):
    """Against the singular values of the kept weights, which say the same."""
    path = landscape.path_of(xor_run)
    w = np.array([xor_run.at(t).w[0] for t in range(401)])
    sizes = np.linalg.svd(w - w.mean(0), compute_uv=False) ** 2
    assert path.share == pytest.approx(sizes[:2].sum() / sizes.sum())
    assert 0.8 < path.share < 1
    assert path.sweeps.tolist() == list(range(401))
    assert path.E.tolist() == xor_run.E[:, 0].tolist()


def test_the_velocity_is_the_last_step_that_was_made(xor_run):
    path = landscape.path_of(xor_run)
    assert path.velocity[1:] == pytest.approx(np.diff(path.points, axis=0), abs=1e-12)
    assert path.velocity[0].tolist() == [0, 0]


def test_a_path_can_be_cut_and_be_seen_in_a_plane_of_two_weights(xor_run):
    plane = landscape.plane_of_weights(xor_run.state.w, 0, 1)
    path = landscape.path_of(xor_run, plane, last=50)
    assert path.sweeps[-1] == 50
    assert path.points[-1].tolist() == xor_run.at(50).w[0, :2].tolist()
    assert path.share < landscape.path_of(xor_run, last=50).share


def test_each_run_has_its_own_path():
    run = bp.train(tasks.xor(), [3, 4], 30)
    alone = landscape.path_of(bp.train(tasks.xor(), 4, 30))
    assert landscape.path_of(run, number=1).points == pytest.approx(alone.points)


def test_too_short_a_path_is_refused():
    run = bp.train(tasks.xor(), 0, 100, keep_every=100)
    with pytest.raises(ValueError, match="a path of 2 kept points; 3 at least are expected"):
        landscape.path_of(run)


# --- the ravine


def rolled(steep, epsilon, alpha, start, sweeps):
    """Equation (9) on E = 1/2 (steep a^2 + b^2), written out."""
    curved, w, v, points = np.array([steep, 1.0]), np.array(start, float), np.zeros(2), []
    for _ in range(sweeps):
        points.append(w)
        v = -epsilon * curved * w + alpha * v
        w = w + v
    return np.array([*points, w])


@pytest.mark.parametrize("alpha", [0.0, 0.5, 0.9])
def test_a_run_in_the_ravine_rolls_by_equation_9(alpha):
    task = landscape.ravine(16, epsilon=0.1, alpha=alpha)
    run = bp.train(task, w=[[1.0, -5.0]], sweeps=60)
    path = landscape.path_of(run, landscape.plane_of_weights([0, 0], 0, 1))
    assert path.points == pytest.approx(rolled(16, 0.1, alpha, (1, -5), 60), abs=1e-9)
    assert path.share == 1


def test_alpha_gets_along_a_ravine_where_gradient_descent_crawls_or_is_thrown_out():
    """Without velocity the step is limited by the steep direction; with it the flat one is covered far sooner."""
    steep, start = 100, [[0.1, -5.0]]

    def sweeps_needed(epsilon, alpha):
        E = bp.train(landscape.ravine(steep, epsilon, alpha), w=start, sweeps=2000).E[:, 0]
        low = np.flatnonzero(~(E > 0.01))
        return low[0] if np.isfinite(E).all() and len(low) else None

    assert sweeps_needed(0.021, 0.0) is None  # epsilon times curvature above 2: thrown from side to side, ever higher
    crawling = min(sweeps_needed(epsilon, 0.0) for epsilon in (0.005, 0.01, 0.015, 0.019))
    assert sweeps_needed(0.019, 0.7) < crawling / 2
