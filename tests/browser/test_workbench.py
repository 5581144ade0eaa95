"""The workbench in the real JupyterLab: files, truth tables, roles and networks by hand; a large table is live.

One page is shared; every test begins with exclusive or at sweep 0. The canvas says in data attributes what it shows.
"""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import bpcore as bp
from labs import Workbench
from labs.kit.bundle import bundle
from labs.workbench.lab import DATA
from tests.browser import jupyter
from tests.browser.gestures import Mouse
from tests.browser.lab_page import ask, canvas, data, do, field, message, outside, press, to_spot, until, wait
from tests.test_tables import SHAPES, TITANIC

MAKE = "from labs import Workbench\nfrom labs.workbench.lab import XOR\nlab = Workbench()\nlab"
FRAMES, SECONDS = 20, 4
NAME = ".bp-lab .bp-name"


@pytest.fixture(scope="module")
def opened(in_notebook):
    return in_notebook(MAKE)


@pytest.fixture
def page(opened, begin):
    """The page, with exclusive or at sweep 0."""
    start = "lab.pause(); lab.type(XOR); lab.as_in_the_paper(); lab.set_seed(0); lab.speed = 300"
    return begin(opened, start, "d.sweep === '0' && d.playing === 'false'")


def open_file(page, name, content, hands):
    with page.expect_file_chooser() as chooser:
        hands.press(page, "Open a CSV file")
    chooser.value.set_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_file_is_opened_and_learnt(page, hands):
    rows = "".join(f"{x},{y},{'yes' if x + y > 0 else 'no'}\n" for x in range(-4, 5) for y in range(-4, 5))
    open_file(page, "mine.csv", f"x,y,above\n{rows}".encode(), hands)
    expect(page.locator(NAME)).to_contain_text("mine.csv · 2–4–1 · 81 cases")
    expect(page.locator(".bp-cases-panel")).to_contain_text("-4 to 4 became -1 to 1")
    press(page, "Until solved")
    wait(page, "d.playing === 'false' && d.sweep > 5")
    expect(page.locator(".bp-words")).to_contain_text("81 of 81 cases right")
    assert to_spot(page, "bias of above yes").startswith("bias of above yes: w = ")


IRISES = "5.1,3.5,1.4,0.2,Iris-setosa\n7.0,3.2,4.7,1.4,Iris-versicolor\n6.3,3.3,6.0,2.5,Iris-virginica\n" * 5 + "\n"


def test_a_file_without_names_is_read_whole_and_learnt(page, hands):
    open_file(page, "iris.data", IRISES.encode(), hands)
    expect(page.locator(NAME)).to_contain_text("iris.data · 4–4–3 · 15 cases")
    expect(page.locator(".bp-cases-panel")).to_contain_text("line 1 was taken for a case")
    press(page, "Until solved")
    wait(page, "d.playing === 'false' && d.sweep > 5")
    expect(page.locator(".bp-words")).to_contain_text("15 of 15 cases right")


def test_a_table_with_columns_that_cannot_be_used_is_learnt_with_the_others(page, hands):
    open_file(page, "titanic.csv", TITANIC.encode(), hands)
    panel = page.locator(".bp-cases-panel")
    expect(panel).to_contain_text("is word number 51 of 79; 50 at most become units")
    expect(panel).to_contain_text("15 of 79 cases are left out: 'Age' is empty.")
    hands.pick(page.get_by_label("Age", exact=True), "left out")
    expect(message(page)).to_have_text("titanic.csv: no column is an output; at least one is expected.")
    hands.pick(page.get_by_label("Survived", exact=True), "output")
    expect(page.locator(NAME)).to_contain_text("titanic.csv · 2–4–1 · 79 cases")
    press(page, "Play")
    wait(page, "d.playing === 'true' && d.sweep > 20")
    press(page, "Pause")


def test_dates_are_refused_by_name_and_can_be_taken_as_words(page, hands):
    open_file(page, "dates.csv", b"day,temp\n2024-01-01,1\n2024-01-02,2\n2024-01-03,5\n", hands)
    expect(message(page)).to_contain_text("dates.csv, line 2, column 1 ('day'): '2024-01-01' is a date; make")
    hands.pick(page.get_by_label("day", exact=True), "input, as words")
    expect(page.locator(NAME)).to_contain_text("dates.csv · 3–4–1 · 3 cases")
    expect(message(page)).to_have_text("")


# Public tables in their original form -> roles that are clicked, and what is learnt then.
LEARNT = {
    "abalone": ({"column 1": "left out", "column 4": "output, as words"}, "2–4–4 · 4 cases"),
    "breast-cancer-wisconsin": ({"column 1": "left out", "column 4": "left out"}, "2–4–1 · 4 cases"),
    "monks": ({"column 8": "left out", "column 1": "output"}, "6–4–1 · 3 cases"),
    "wine": ({"column 5": "left out", "column 1": "output, as words"}, "3–4–3 · 4 cases"),
    "penguins": ({"sex": "left out", "species": "output"}, "2–4–1 · 2 cases"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_small_public_tables_are_learnt_with_the_roles_that_were_clicked(page, name):
    roles, shape = LEARNT[name]
    open_file(page, f"{name}.data", SHAPES[name].encode(), Mouse())
    for column, role in roles.items():
        Mouse().pick(page.get_by_label(column, exact=True), role)
    expect(page.locator(NAME)).to_contain_text(shape)
    press(page, "Play")
    wait(page, "d.playing === 'true' && d.sweep > 20")
    press(page, "Pause")


def test_a_broken_file_is_said_by_line_and_column_and_changes_nothing(page):
    open_file(page, "mine.csv", b"size,kind\n1,yes\nbig,no\n2,no\n", Mouse())
    sentence = "mine.csv, line 3, column 1 ('size'): 'big' is no number, but stands among numbers."
    expect(message(page)).to_have_text(sentence)
    expect(page.locator(".bp-cases-panel")).to_contain_text(sentence)
    expect(page.locator(NAME)).to_contain_text("truth table · 2–4–1 · 4 cases")


def test_a_file_that_is_too_large_is_said_and_the_next_one_is_read(page):
    open_file(page, "large.csv", b"x,y\n" + b"1,2\n" * 2_800_000, Mouse())
    expect(message(page)).to_contain_text("large.csv has 11,200,004 bytes; 10,000,000 are read at most")
    open_file(page, "small.csv", b"x,y\n1,0\n2,1\n", Mouse())
    expect(page.locator(NAME)).to_contain_text("small.csv · 1–4–1 · 2 cases")


def test_a_truth_table_is_typed(page, hands):
    hands.write(page.get_by_label("truth table"), "0 0 | 1 0\n0 1 | 0 1\n1 0 | 0 1")
    hands.press(page, "Take it")
    expect(page.locator(NAME)).to_contain_text("truth table · 2–4–2 · 3 cases")
    hands.write(page.get_by_label("truth table"), "0 0 | 1 0\n0 1 | 0")
    hands.press(page, "Take it")
    expect(message(page)).to_have_text("line 2, column 4: 1 outputs, but the first line has 2.")


def test_roles_are_picked(page, hands):
    hands.press(page, "iris")
    expect(page.locator(NAME)).to_contain_text("iris.csv · 4–4–3 · 150 cases")
    hands.pick(page.get_by_label("species"), "left out")
    expect(message(page)).to_have_text("iris.csv: no column is an output; at least one is expected.")
    hands.pick(page.get_by_label("petal width"), "output")
    expect(page.locator(NAME)).to_contain_text("iris.csv · 3–4–1 · 150 cases")
    expect(message(page)).to_have_text("")
    assert to_spot(page, "sepal width: ").endswith(" in this case")


def test_a_network_is_built_by_hand_while_it_learns(page, hands):
    hands.press(page, "Play")
    hands.enter(field(page, "hidden groups"), "3")
    hands.push(page.get_by_role("button", name="tied", exact=True))
    hands.push(page.get_by_role("button", name="all", exact=True))
    expect(page.locator(NAME)).to_contain_text("2–4–4–4–1 with skips, tied")
    wait(page, "d.playing === 'true' && d.sweep > 20")
    assert to_spot(page, "tied unit 2 ← 1 below").startswith("tied unit 2 ← 1 below: w = ")
    press(page, "Pause")


def test_a_network_that_cannot_be_is_said(page):
    page.get_by_role("button", name="tied", exact=True).click()
    expect(message(page)).to_contain_text("tied weights need three hidden groups or more")
    expect(page.get_by_role("button", name="free", exact=True)).to_have_class(re.compile("mod-active"))


@pytest.mark.parametrize(
    ("start", "twice"),
    [
        (0.1, "lab.epsilon = 0.3; lab.epsilon = 0.1"),
        (0.1, "for e in (0.3, 0.03, 0.1): lab.epsilon = e; lab.reset(); lab.step(50)"),
        (0.5, "lab.load(DATA / 'iris.csv'); lab.epsilon = 0.5"),
        (0.1, "lab.epsilon = 2; lab.epsilon = 0.1; import time; time.sleep(3)"),
    ],
)
def test_what_is_set_twice_stays_as_it_was_set_last(page, start, twice):
    do(page, f"lab.epsilon = {start}")
    page.wait_for_timeout(2500)
    do(page, f"from labs.workbench.lab import DATA\n{twice}")
    page.wait_for_timeout(1000)
    assert ask(page, "(lab.epsilon, lab.view.controls['epsilon'].field.value)") == (start, start)
    assert ask(page, "lab.marks") == []


def test_a_function_that_has_no_button_is_taken_and_no_button_is_down(page):
    do(page, "lab.units = 'softplus'")
    expect(page.get_by_role("button", name="logistic", exact=True)).not_to_have_class(re.compile("mod-active"))
    page.get_by_role("button", name="tanh", exact=True).click()
    until(page, "lab.units == 'tanh'")


# --- the plane of two inputs -----------------------------------------------------------------------------------------


def test_the_plane_is_that_of_the_engine(page):
    blank = page.context.new_page()
    blank.add_script_tag(content=bundle(jupyter.ROOT / "tests/browser/stage_in_page.js"), type="module")
    blank.wait_for_function("() => window.Plane")
    lab = Workbench.from_csv(DATA / "circle.csv", seed=1, hidden=(4, 3), skips=True, epsilon=0.03)
    lab.step(900)
    network, w, inputs = lab.run.task.network, lab.run.state.w[0], lab.run.task.cases.inputs["input"]
    n, ends, values, line, places, colours = blank.evaluate(
        """([scene, w, points]) => {
            const plane = new Plane(scene), values = [...plane.net.forward(w).y.output[0]];
            const ctx = Object.assign(document.createElement("canvas"), { width: 480, height: 480 }).getContext("2d");
            plane.outline = () => []; // the line lies over what is read
            plane.draw({ ctx, theme: {} }, 0, 0, 480, values, "logistic");
            delete plane.outline;
            const places = points.map(point => plane.place(point));
            const at = share => Math.round(480 * share);
            const colours = places.map(([x, y]) => [...ctx.getImageData(at(x), at(y), 1, 1).data].slice(0, 3));
            return [plane.n, plane.ends, values, plane.outline(values, 0.5), places, colours];
        }""",
        [lab.scene(), w.tolist(), inputs.tolist()],
    )
    blank.close()
    (x0, x1), (y0, y1) = ends

    def output(places):
        x, y = np.asarray(places).T
        points = np.stack([x0 + x * (x1 - x0), y1 - y * (y1 - y0)], 1)
        return points, bp.forward(network, w, {"input": points})["output"][0, 0]

    middles = (np.arange(n) + 0.5) / n
    _, expected = output([(x, y) for y in middles for x in middles])
    np.testing.assert_allclose(values, expected, rtol=1e-9)
    points, at_cases = output(places)
    np.testing.assert_allclose(points, inputs, atol=1e-12)
    share, white = 0.85 * (2 * at_cases[:, None] - 1), np.full(3, 250)
    ends_of_scale = np.where(share > 0, [33, 102, 172], [217, 115, 13])  # blue is on, orange is off
    np.testing.assert_allclose(colours, white + abs(share) * (ends_of_scale - white), atol=30)  # it is smoothed
    assert len(line) > 40
    np.testing.assert_allclose(output([end for piece in line for end in piece])[1], 0.5, atol=0.1)


def test_the_plane_shows_any_unit_and_a_table_of_more_columns_has_none(page, hands):
    press(page, "Until solved")
    wait(page, "d.playing === 'false' && d.sweep > 5 && d.plane === 'output'")
    hands.choose(page, "h2: ")
    wait(page, "d.plane === 'h2'")
    page.keyboard.press("Escape")
    page.mouse.move(5, 5)
    wait(page, "d.plane === 'h2' && d.lit === ''")
    assert "The plane shows h2." in canvas(page).get_attribute("aria-label")
    hands.choose(page, "h2: ")
    page.keyboard.press("Escape")
    wait(page, "d.plane === 'output'")
    press(page, "iris")
    wait(page, "d.plane === ''")


# --- large tables, small windows -------------------------------------------------------------------------------------


def test_a_table_of_5000_lines_and_20_columns_learns_live(page):
    values = np.random.default_rng(0).normal(size=(5000, 19)).round(4)
    rows = "\n".join(",".join([*map(str, row), "yes" if row[:9].sum() > row[9:].sum() else "no"]) for row in values)
    table = ",".join([*(f"c{k}" for k in range(19)), "above"]) + "\n" + rows
    open_file(page, "large.csv", table.encode(), Mouse())
    expect(page.locator(NAME)).to_contain_text("large.csv · 19–4–1 · 5,000 cases")
    expect(page.locator(".bp-words")).to_contain_text("256 of them are drawn")
    canvas(page).scroll_into_view_if_needed()
    press(page, "Play")
    before = wait(page, "d.sweep > 10")
    page.wait_for_timeout(1000 * SECONDS)
    after = data(page)
    press(page, "Pause")
    frames, sweeps = (int(after[name]) - int(before[name]) for name in ("painted", "sweep"))
    print(f"{frames / SECONDS:.0f} frames a second, {sweeps / SECONDS:.0f} sweeps a second")
    assert frames > 0
    assert sweeps >= frames
    assert ask(page, "bool(lab.run.E[-1, 0] < lab.run.E[0, 0])")


@pytest.mark.parametrize("table", ["circle", "iris"])
@pytest.mark.parametrize("viewport", [jupyter.VIEWPORT, {"width": 480, "height": 1200}])
def test_nothing_sticks_out_sideways(page, table, viewport):
    press(page, table)
    assert outside(page, viewport, ".bp-cases-panel", ".bp-cases-panel > *") == []
