"""Surfaces, paths, maps and censuses, by what is on them."""

import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.quiver import Quiver

import bpcore as bp
from bpcore import tasks
from bpcore.analysis import landscape
from bpcore.analysis.diagnosis import NAMES, Finding, trap, where_after
from figures import place, sheet
from figures.counts import COLOURS, draw_census, draw_key, draw_map, draw_success
from figures.landscape import census_plate, draw_surface, path_plate, ravine_plate, success_plate


@pytest.fixture
def ax():
    return place(sheet(6, 6), 0.5, 0.5, 5, 5)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def colour(patch):
    return to_hex(patch.get_facecolor())


def boxes(figure):
    """Where every visible text of the figure stands, in pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer, found = canvas.get_renderer(), []
    for ax in figure.axes:
        shown = [*ax.texts, *([ax.xaxis.label, ax.yaxis.label] if ax.axison else [])]
        if ax.axison:
            for axis, k in ((ax.xaxis, 0), (ax.yaxis, 1)):
                low, high = sorted(axis.get_view_interval())
                shown += [label for label in axis.get_ticklabels() if low <= label.get_position()[k] <= high]
        found += [text.get_window_extent(renderer) for text in shown if text.get_visible() and text.get_text()]
    return found, figure.bbox


def assert_readable(figure):
    """Nothing leaves the sheet, and no words lie on others."""
    found, page = boxes(figure)
    for box in found:
        assert page.x0 <= box.x0
        assert box.x1 <= page.x1
        assert page.y0 <= box.y0
        assert box.y1 <= page.y1
    for k, box in enumerate(found):
        for other in found[k + 1 :]:
            across, up = (min(a1, b1) - max(a0, b0) for a0, a1, b0, b1 in (
                (box.x0, box.x1, other.x0, other.x1), (box.y0, box.y1, other.y0, other.y1)))  # fmt: skip
            assert across <= 1 or up <= 1


# --- surfaces


def bowl(n=41):
    a = np.linspace(-2, 2, n)
    return a, a, 0.5 * (a[None] ** 2 + a[:, None] ** 2)


def test_contours_lie_where_e_is_as_high_as_they_say(ax):
    apart = draw_surface(ax, *bowl())
    lines = [c for c in ax.collections if len(getattr(c, "levels", ())) and not c.filled]
    assert np.diff(lines[0].levels) == pytest.approx(apart)
    for level, path in zip(lines[0].levels, lines[0].get_paths(), strict=True):
        if len(path.vertices):
            assert 0.5 * (path.vertices**2).sum(1) == pytest.approx(level, abs=0.01)
    assert ax.get_xlim() == (-2, 2)


def test_a_path_is_drawn_from_its_dot_to_its_ring(ax):
    path = np.array([[-1, 1], [0, 1], [1, -1.0]])
    draw_surface(ax, *bowl(), path, label="α = .9")
    line, start, end = ax.lines
    assert np.transpose(line.get_data()).tolist() == path.tolist()
    assert np.ravel(start.get_data()).tolist() == [-1, 1]
    assert np.ravel(end.get_data()).tolist() == [1, -1]
    assert to_hex(end.get_markerfacecolor()) != to_hex(start.get_markerfacecolor())
    assert texts(ax) == ["α = .9"]


def test_arrows_point_along_the_velocity_and_are_as_long_as_it_is_fast(ax):
    path = np.stack([np.linspace(-1.5, 1.5, 31), np.zeros(31)], -1)
    velocity = np.stack([np.linspace(0, 3, 31), np.linspace(0, 1, 31)], -1)
    draw_surface(ax, *bowl(), path, velocity, arrows=5)
    (arrows,) = [c for c in ax.collections if isinstance(c, Quiver)]
    drawn = np.stack([arrows.U, arrows.V], -1)
    assert len(drawn) == 5
    starts = np.asarray(arrows.XY)
    expected = np.stack([np.interp(starts[:, 0], path[:, 0], velocity[:, k]) for k in (0, 1)], -1)
    ratio = drawn / expected
    assert ratio == pytest.approx(np.full_like(ratio, ratio[0, 0]))
    assert np.diff(starts[:, 0]) == pytest.approx(np.full(4, 0.5), abs=0.06)


def test_another_path_on_the_same_surface(ax):
    draw_surface(ax, *bowl())
    surfaces = len(ax.collections)
    assert np.isnan(draw_surface(ax, None, None, None, [[0, 0], [1, 1]]))
    assert len(ax.collections) == surfaces


# --- maps


def test_areas_of_a_map_are_the_shares_solved(ax):
    share = np.array([[1, 0.25, np.nan], [0, 0.5, 0.09]])
    draw_map(ax, [0.01, 0.1, 1], [0, 0.9], share, [[100, 2500, np.nan], [np.nan, 40, 7]])
    squares = [p for p in ax.patches if colour(p) == to_hex(COLOURS["on the way"])]
    cells = [p for p in ax.patches if p not in squares]
    centres = {(p.get_y() + p.get_height() / 2, p.get_x() + p.get_width() / 2): p for p in squares}
    whole = cells[0].get_width() ** 2
    assert len(cells) == 5  # nothing was tried in the sixth
    for (row, column), p in {(round(y), round(x)): p for (y, x), p in centres.items()}.items():
        assert p.get_width() * p.get_height() == pytest.approx(whole * share[row, column])
    assert texts(ax) == ["100", "2,500", "40", "7"]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["0.01", "0.1", "1"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["0", "0.9"]


def test_a_map_of_the_wrong_shape_is_refused(ax):
    with pytest.raises(ValueError, match=r"share_solved has shape \(3, 2\); \(alphas, epsilons\) = \(2, 3\)"):
        draw_map(ax, [0.01, 0.1, 1], [0, 0.9], np.zeros((3, 2)))


# --- success and census


def test_success_is_a_line_for_each_condition_with_its_name_at_the_end(ax):
    draw_success(ax, [2, 3, 8], {"ε = .1": [0.8, 0.5, 0.2], "ε = .03": [1, 1, 1]})
    assert [line.get_ydata().tolist() for line in ax.lines] == [[0.8, 0.5, 0.2], [1, 1, 1]]
    assert texts(ax) == ["ε = .1", "ε = .03"]
    assert [t.xy[1] for t in ax.texts] == pytest.approx([0.2, 1])
    assert [t.get_text() for t in ax.get_xticklabels()] == ["2", "3", "8"]


def test_names_of_lines_that_end_together_stand_apart(ax):
    draw_success(ax, [1, 2], {name: [0, end] for name, end in (("a", 0.5), ("b", 0.5), ("c", 0.51), ("d", 0.1))})
    heights = sorted(t.xy[1] for t in ax.texts)
    assert min(np.diff(heights)) >= 0.07
    assert min(ax.texts, key=lambda t: t.xy[1]).get_text() == "d"


def test_bars_of_a_census_are_as_long_as_the_counts(ax):
    rows = {"early": {"saddle": 30, "solved": 10}, "late": {"solved": 38, "true minimum": 2}}
    draw_census(ax, rows)
    drawn = [(round(p.get_y() + p.get_height() / 2), colour(p), p.get_width()) for p in ax.patches if p.get_width()]
    assert drawn == [
        (0, to_hex(COLOURS["solved"]), 0.25),
        (0, to_hex(COLOURS["saddle"]), 0.75),
        (1, to_hex(COLOURS["solved"]), 0.95),
        (1, to_hex(COLOURS["true minimum"]), pytest.approx(0.05)),
    ]
    assert texts(ax) == ["early", "10", "30", "late", "38", "2"]


def test_a_name_that_is_none_is_refused(ax):
    with pytest.raises(ValueError, match="row 'early' counts 'stuck'; one of solved, on the way"):
        draw_census(ax, {"early": {"stuck": 3}})


def test_every_name_has_a_colour_of_its_own_and_a_place_in_the_key():
    assert set(COLOURS) == set(NAMES)
    assert len(set(COLOURS.values())) == len(NAMES)
    figure = sheet(8, 1)
    draw_key(place(figure, 0.2, 0.4, 6.7, 0.22))
    assert texts(figure.axes[0]) == list(NAMES)
    assert_readable(figure)


# --- plates


def test_the_ravine_plate_says_how_low_each_gets():
    runs = {f"α = {a:g}": bp.train(landscape.ravine(20, 0.04, a), w=[[0.5, -6.0]], sweeps=40) for a in (0, 0.8)}
    plate = ravine_plate(landscape.ravine(20), runs, 40)
    for label, run in runs.items():
        assert f"{label}: E = {run.E[40, 0]:.2g} after 40 sweeps" in plate.text
    assert "from side to side 0 times, along the floor 0 times" in plate.facts[0]
    surfaces = [ax for ax in plate.figure.axes if ax.axison]
    assert len(surfaces) == 2
    assert surfaces[0].get_xlim() == surfaces[1].get_xlim()
    assert_readable(plate.figure)


def test_the_path_plate_shows_the_run_and_what_the_plane_holds():
    run = bp.train(trap(), 0, 300)
    plate = path_plate(run, "The trap", last=200)
    surface, curve = (ax for ax in plate.figure.axes if ax.axison)
    points = np.transpose(surface.lines[0].get_data())
    assert points.tolist() == landscape.path_of(run, last=200).points.tolist()
    assert curve.lines[0].get_ydata().tolist() == run.E[:201, 0].tolist()
    share = float(re.search(r"the plane holds ([\d.]+) %", plate.text)[1])
    assert share == pytest.approx(100 * landscape.path_of(run, last=200).share, abs=0.06)
    assert_readable(plate.figure)


def test_what_the_plane_holds_is_never_rounded_up_to_all():
    run = bp.train(landscape.ravine(4, 0.1, 0.5), w=[[1.0, 2.0]], sweeps=20)
    assert "the plane holds more than 99.9 %" in path_plate(run, "Flat").text


def test_the_success_plate_counts_what_was_solved():
    solved_at = {"ε = .1": [[5, -1, 7], [-1, -1, -1]], "ε = .03": [[1, 2, 3], [4, 5, 6]]}
    plate = success_plate([2, 8], solved_at, 100, "Symmetry")
    assert plate.facts == (
        "ε = .1: 2 hidden: 2 of 3, median 6; 8 hidden: 0 of 3",
        "ε = .03: 2 hidden: 3 of 3, median 2; 8 hidden: 3 of 3, median 5",
    )
    assert [line.get_ydata().tolist() for line in plate.figure.axes[0].lines] == [[2 / 3, 0], [1, 1]]
    assert_readable(plate.figure)


def test_the_census_plate_counts_and_gives_a_reason_for_each_name():
    rows = {f"exclusive or, sweep {n}": where_after(tasks.xor(), range(20), n) for n in (100, 5000)}
    plate = census_plate(rows, "Where 20 runs stand")
    for label, found in rows.items():
        solved = sum(finding.name == "solved" for finding in found)
        assert isinstance(found[0], Finding)
        assert f"{label}: {solved} solved" in plate.text or not solved
    for name in {finding.name for found in rows.values() for finding in found}:
        assert any(fact.startswith(f"for example {name}: exclusive or, sweep ") for fact in plate.facts)
    assert_readable(plate.figure)
