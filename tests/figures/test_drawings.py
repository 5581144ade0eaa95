"""The drawings, by what is on them: squares, arcs, numbers and where they stand."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle

from figures import draw_cases, draw_error_curve, draw_hinton, draw_network, draw_solved_distribution, place, sheet
from figures.style import EXCITES, FIELD, INK, signed

WHITE, BLACK = "#ffffff", "#000000"


@pytest.fixture
def ax():
    return place(sheet(6, 6), 0.5, 0.5, 5, 5)


def colour(patch):
    return to_hex(patch.get_facecolor())


def squares(ax):
    return [p for p in ax.patches if isinstance(p, Rectangle) and colour(p) in (WHITE, BLACK)]


def centre(patch):
    return patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2


def texts(ax):
    return [text.get_text() for text in ax.texts]


# --- Hinton diagrams ----------------------------------------------------------------------------------------------


def test_areas_of_squares_are_proportional_to_magnitudes_and_colours_say_the_sign(ax):
    w = np.array([[1.0, -2.0, 4.0], [-0.5, 3.0, -4.0]])
    draw_hinton(ax, w, row_gap=0)
    drawn = {tuple(np.floor(centre(p)).astype(int)): p for p in squares(ax)}
    assert len(drawn) == w.size
    area_of_one = drawn[0, 0].get_width() ** 2
    for (row, column), value in np.ndenumerate(w):
        square = drawn[column, row]
        assert square.get_width() == square.get_height()
        assert square.get_width() * square.get_height() == pytest.approx(area_of_one * abs(value))
        assert colour(square) == (WHITE if value > 0 else BLACK)


def test_two_diagrams_with_one_scale_can_be_compared(ax):
    draw_hinton(ax, [[2.0]], largest=8)
    quarter = squares(ax)[0].get_width() ** 2
    other = place(sheet(2, 2), 0, 0, 2, 2)
    draw_hinton(other, [[8.0]], largest=8)
    assert squares(other)[0].get_width() ** 2 == pytest.approx(4 * quarter)


def test_no_square_leaves_its_cell(ax):
    draw_hinton(ax, [[100.0, 1.0]], largest=1)
    assert max(p.get_width() for p in squares(ax)) < 1


def test_the_field_is_the_papers_grey_with_holes_where_there_is_no_weight(ax):
    draw_hinton(ax, [[1.0, np.nan, 2.0]])
    assert sum(colour(p) == FIELD for p in ax.patches) == 2
    assert len(squares(ax)) == 2


def test_weights_of_zero_are_drawn_without_a_warning(ax):
    draw_hinton(ax, np.zeros((2, 3)))
    assert all(p.get_width() == 0 for p in squares(ax))


# --- cases --------------------------------------------------------------------------------------------------------


def test_cases_that_should_be_on_come_first_with_a_dot(ax):
    y, d = np.array([0.04, 0.81, 0.25, 0.64]), np.array([0, 1, 0, 1])
    order = draw_cases(ax, y, d, columns=2)
    assert order.tolist() == [1, 3, 0, 2]
    dots = [p.center for p in ax.patches if isinstance(p, Circle)]
    assert dots == [(0.5, 0.5), (1.5, 0.5)]
    places = [(0.5, 0.5), (1.5, 0.5), (0.5, 1.5), (1.5, 1.5)]
    areas = {centre(p): p.get_width() ** 2 for p in squares(ax)}
    for spot, case in zip(places, order, strict=True):
        assert areas[spot] / areas[0.5, 0.5] == pytest.approx(y[case] / y[order[0]])


# --- the network --------------------------------------------------------------------------------------------------


def random_network(n_inputs, n_hidden, size=50.0):
    rng = np.random.default_rng(n_inputs + 100 * n_hidden)
    draw = rng.uniform
    return (draw(-size, size, (n_hidden, n_inputs)), draw(-9, 9, n_hidden), draw(-size, size, n_hidden), draw(-9, 9))


def test_every_weight_and_every_bias_is_written_once(ax):
    w_hidden, b_hidden, w_output, b_output = random_network(6, 2)
    draw_network(ax, w_hidden, b_hidden, w_output, b_output)
    numbers = [*w_hidden.ravel(), *b_hidden, *w_output, b_output]
    found = sorted(text for text in texts(ax) if text[0] in "+−0")
    assert found == sorted(map(signed, numbers))


def test_weights_stand_above_their_input_in_the_row_of_their_hidden_unit(ax):
    w_hidden = np.arange(1.0, 13).reshape(2, 6)
    draw_network(ax, w_hidden, [0.1, 0.2], [20, 30], 0.3)
    at = {text.get_text(): text.get_position() for text in ax.texts}
    for (k, i), w in np.ndenumerate(w_hidden):
        assert at[signed(w)][0] == i
        assert at[signed(w)][1] == at[signed(w_hidden[k, 0])][1]
    assert at["+1.0"][1] > at["+7.0"][1] > 0


def test_biases_stand_inside_their_nodes(ax):
    draw_network(ax, np.ones((2, 6)), [-1.5, -1.6], [-9, -8], 5.5)
    nodes = {p.center for p in ax.patches if isinstance(p, Circle)}
    at = {text.get_text(): text.get_position() for text in ax.texts}
    assert {at["−1.5"], at["−1.6"], at["+5.5"]} <= nodes


def test_ink_says_the_sign_and_width_the_size_of_an_arc(ax):
    draw_network(ax, [[1.0, -2.0], [3.0, -4.0]], [0, 0], [4.0, -3.0], 0)
    arcs = [line for line in ax.lines if line.get_color() in (EXCITES, INK)]
    assert [line.get_color() for line in arcs] == [EXCITES, INK, EXCITES, EXCITES, INK, INK]
    widths = [line.get_linewidth() for line in arcs]
    sizes = [1, 2, 4, 3, 4, 3]
    slope, at_zero = np.polyfit(sizes, widths, 1)
    assert slope > 0
    np.testing.assert_allclose(at_zero + slope * np.array(sizes), widths)
    boxes = {p.get_x() + p.get_width() / 2: colour(p) for p in ax.patches if isinstance(p, FancyBboxPatch)}
    assert boxes == {0: WHITE, 1: INK}


def test_the_middle_of_the_input_is_marked(ax):
    draw_network(ax, np.ones((2, 6)), [0, 0], [1, 1], 0)
    dashed = [line for line in ax.lines if line.is_dashed()]
    assert [set(line.get_xdata()) for line in dashed] == [{2.5}]
    assert "middle of the input" in texts(ax)


@pytest.mark.parametrize("n_hidden", range(1, 9))
@pytest.mark.parametrize(("n_inputs", "inches"), [(2, 3), (4, 5), (6, 5), (6, 2.5), (10, 6)])
def test_no_two_texts_overlap_and_each_number_fits_its_box(n_inputs, n_hidden, inches):
    figure = sheet(inches + 1, inches + 1)
    ax = place(figure, 0.5, 0.5, inches, inches)
    w_hidden, b_hidden, w_output, b_output = random_network(n_inputs, n_hidden, 99)
    draw_network(ax, w_hidden, b_hidden, w_output, b_output)
    assert not overlaps(figure)
    renderer = FigureCanvasAgg(figure).get_renderer()
    box = next(p for p in ax.patches if isinstance(p, FancyBboxPatch)).get_window_extent(renderer)
    numbers = [text for text in ax.texts if text.get_text()[0] in "+−0"]
    assert max(bounds(text, renderer).width for text in numbers) < box.width
    labels = [bounds(text, renderer) for text in numbers if text.get_bbox_patch()]
    nodes = [p.get_window_extent(renderer) for p in ax.patches if isinstance(p, Circle)]
    assert not any(label.overlaps(node) for label in labels for node in nodes)


def bounds(text, renderer):
    """Where the letters of a text are, without the white behind them."""
    return type(text).get_window_extent(text, renderer) if not text.get_bbox_patch() else _letters(text, renderer)


def _letters(text, renderer):
    behind = text.get_bbox_patch()
    text.set_bbox(None)
    letters = text.get_window_extent(renderer)
    text.set_bbox({"boxstyle": behind.get_boxstyle()})
    return letters


def overlaps(figure):
    figure.canvas.draw()
    renderer = FigureCanvasAgg(figure).get_renderer()
    found = [(text.get_text(), bounds(text, renderer)) for ax in figure.axes for text in ax.texts]
    return [(a, b) for k, (a, here) in enumerate(found) for b, there in found[k + 1 :] if here.overlaps(there)]


# --- over the sweeps ----------------------------------------------------------------------------------------------


def test_the_error_curve_is_the_error(ax):
    E = np.array([4.0, 2.0, 1.0, 0.5])
    draw_error_curve(ax, E, log=True, marks=[(1, "ε .3")], solved_at=2, sweep=3)
    curve, *uprights, dot = ax.lines
    np.testing.assert_array_equal(curve.get_xydata(), np.c_[np.arange(4), E])
    assert [line.get_xdata()[0] for line in uprights] == [1, 2]
    assert texts(ax) == ["ε .3", "solved"]
    assert dot.get_xydata().tolist() == [[3, 0.5]]
    assert ax.get_yscale() == "log"


def test_a_run_that_was_never_solved_gets_no_mark(ax):
    draw_error_curve(ax, [4.0, 4.0], solved_at=-1)
    assert texts(ax) == []


def test_several_runs_are_several_curves(ax):
    draw_error_curve(ax, np.ones((10, 3)))
    assert len(ax.lines) == 3


def test_the_distribution_counts_every_solved_run_once(ax):
    solved_at = np.array([-1, 100, 1425, 1426, 3000, 5000, -1, -1])
    draw_solved_distribution(ax, solved_at, 5000, chosen=1426)
    assert sum(bar.get_height() for bar in ax.patches) == 5
    assert texts(ax) == [
        "the paper: 1,425", "this run: 1,426", "25 % solved by 1,425", "62 % by 5,000", "38 % not yet",
    ]  # fmt: skip
    assert not overlaps(ax.figure)


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "written"), [(2.44, "+2.4"), (-1.86, "−1.9"), (0.0, "0.0"), (-0.04, "0.0"), (0.04, "0.0"), (-12, "−12.0")]
)
def test_a_weight_is_written_with_its_sign(value, written):
    assert signed(value) == written
