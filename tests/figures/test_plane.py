"""The plane of two inputs, by what is on it."""

from dataclasses import replace

import numpy as np
import pytest
from matplotlib.colors import to_hex

import bpcore as bp
from bpcore import tasks
from figures import place, sheet
from figures.plane import draw_plane, is_flat
from figures.snapshot_net import run_plate


@pytest.fixture(scope="module")
def run():
    """Exclusive or, solved by two hidden units."""
    task = tasks.parity(2, 2)
    task = replace(task, recipe=replace(task.recipe, start=bp.Start(1.0)))
    return bp.train(task, seeds=1, sweeps=400, epsilon=0.5, alpha=0.9)


@pytest.fixture
def ax():
    return place(sheet(4, 4), 0.5, 0.5, 3, 3)


def grey_at(ax, x, y):
    """The grey that is painted at a point, 0 to 1."""
    (picture,) = ax.images
    left, right, bottom, top = picture.get_extent()
    values = np.asarray(picture.get_array())
    row, column = (y - bottom) / (top - bottom) * len(values), (x - left) / (right - left) * len(values)
    return values[int(row), int(column)]


def test_it_is_light_where_the_output_is_on(ax, run):
    w = run.state.w[0]
    draw_plane(ax, run.task, w)
    points = run.task.cases.inputs["input"]
    outputs = bp.forward(run.task.network, w, run.task.cases.inputs)["output"][0, 0]
    assert outputs.max() - outputs.min() > 0.8
    greys = [grey_at(ax, *point) for point in points]
    np.testing.assert_allclose(greys, (30 + 215 * outputs) / 255, atol=0.02)


def test_the_line_lies_where_the_output_is_half_on(ax, run):
    w = run.state.w[0]
    draw_plane(ax, run.task, w)
    line = ax.collections[0].get_paths()[0].vertices
    assert len(line) > 50
    there = bp.forward(run.task.network, w, {"input": line})["output"][0, 0]
    np.testing.assert_allclose(there, 0.5, atol=0.02)


def test_points_are_white_where_the_case_should_be_on(ax, run):
    draw_plane(ax, run.task, run.state.w[0])
    on, off = ax.collections[1:]
    assert (to_hex(on.get_facecolor()[0]), to_hex(off.get_facecolor()[0])) == ("#ffffff", "#000000")
    assert {*map(tuple, on.get_offsets().tolist())} == {(0, 1), (1, 0)}
    assert {*map(tuple, off.get_offsets().tolist())} == {(0, 0), (1, 1)}


def test_a_hidden_unit_draws_its_own_line(ax, run):
    w = run.state.w[0]
    draw_plane(ax, run.task, w, "hidden", 1)
    hidden = bp.forward(run.task.network, w, run.task.cases.inputs)["hidden"][0, 1]
    greys = [grey_at(ax, *point) for point in run.task.cases.inputs["input"]]
    np.testing.assert_allclose(greys, (30 + 215 * hidden) / 255, atol=0.03)


def test_a_plate_has_it_only_where_there_are_two_inputs(run):
    assert is_flat(run.task)
    assert len(run_plate(run, ["xor"]).figure.axes) == 3
    other = bp.train(tasks.parity(3, 3), seeds=1, sweeps=2)
    assert not is_flat(other.task)
    assert len(run_plate(other, ["parity"]).figure.axes) == 2
