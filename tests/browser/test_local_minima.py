"""The lab of local minima in the real JupyterLab: where a run stands, now and earlier; other nets of the same task.

One page is shared; every test begins with the lab reset. The canvas says in data attributes what it shows.
"""

import pytest
from playwright.sync_api import expect

from tests.browser import jupyter
from tests.browser.lab_page import ask, do, field, outside, press, to_spot, wait

MAKE = "from labs import LocalMinimaLab\nlab = LocalMinimaLab(seed=4)\nlab"


@pytest.fixture(scope="module")
def opened(in_notebook):
    return in_notebook(MAKE)


@pytest.fixture
def page(opened, begin):
    """The page, with the lab at sweep 0 of start number 4."""
    start = "lab.pause(); lab.task = 'symmetry'; lab.as_in_the_paper(); lab.set_seed(4)"
    return begin(opened, start, "d.sweep === '0' && d.playing === 'false' && d.standing === 'on the way'")


def test_a_stuck_run_is_named_and_the_time_slider_says_where_it_stood_before(page):
    do(page, "lab.step(2000)")
    wait(page, "d.standing === 'saturation' && d.stood === '2000'")
    page.locator(".bp-time").first.press("Home")
    wait(page, "d.shown === '0' && d.standing === 'on the way' && d.stood === '0'")


def test_while_it_learns_the_finding_follows(page):
    press(page, "Play")
    wait(page, "d.playing === 'true' && Number(d.stood) > 200")
    press(page, "Pause")
    wait(page, "d.playing === 'false' && d.stood === d.sweep")


def test_other_tasks_and_nets_are_drawn(page, hands):
    hands.push(page.get_by_role("button", name="encoder", exact=True))
    wait(page, "d.sweep === '0'")
    expect(page.locator(".bp-name").first).to_contain_text("8–3–8")
    expect(field(page, "hidden units")).to_have_value("3")
    assert to_spot(page, "output 8 ← h3").startswith("output 8 ← h3: w = ")
    hands.push(page.get_by_role("button", name="xor", exact=True))
    hands.push(page.get_by_role("button", name="all", exact=True))
    expect(page.locator(".bp-name").first).to_contain_text("2–2–1 with skips")
    press(page, "Until solved")
    wait(page, "d.playing === 'false' && d.sweep > 5")
    wait(page, "d.standing === 'solved' && d.stood === d.sweep")


def test_a_case_is_chosen_and_its_output_is_that_of_the_engine(page, hands):
    do(page, "lab.step(50)")
    told = to_spot(page, "001100: ")
    y = ask(
        page,
        "float(__import__('bpcore').forward(lab.run.task.network, lab.run.state.w, lab.run.task.cases.inputs)"
        "['output'][0, 0, lab.run.task.cases.names.index('001100')])",
    )
    assert float(told.split(": ")[1].split(",")[0]) == pytest.approx(y, abs=0.0051)
    hands.choose(page, "001100: ")
    wait(
        page, f"d.selected === '{ask(page, 'lab.run.task.cases.names.index(chr(48) * 2 + chr(49) * 2 + chr(48) * 2)')}'"
    )


@pytest.mark.parametrize("name", ["symmetry", "xor", "encoder"])
@pytest.mark.parametrize("viewport", [jupyter.VIEWPORT, {"width": 480, "height": 1200}])
def test_nothing_sticks_out_sideways(page, name, viewport):
    do(page, f"lab.task = '{name}'; lab.skips = True")
    assert outside(page, viewport) == []
