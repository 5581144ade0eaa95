"""The lab of epsilon and alpha in the real JupyterLab: the race, a click on a cell of the map, a cancelled study.

One page is shared; every test begins with the lab reset. The canvas says in data attributes what it shows.
"""

import pytest
from playwright.sync_api import expect

from tests.browser import jupyter
from tests.browser.lab_page import (
    ask,
    data,
    do,
    field,
    outside,
    pixels,
    press,
    slider,
    to_spot,
    wait,
)

MAKE = "from labs import EpsilonAlphaLab\nlab = EpsilonAlphaLab(seed=10)\nlab"


@pytest.fixture(scope="module")
def opened(in_notebook):
    return in_notebook(MAKE)


@pytest.fixture
def page(opened, begin):
    """The page, with the lab at sweep 0 and the lanes it begins with."""
    start = "lab.pause(); lab.cancel_map(); lab.speed = 300; lab.as_in_the_paper(); lab.set_seed(10)"
    lanes = "0.1 0.9, 0.1 0, 0.3 0.9, 0.03 0.9"
    return begin(opened, start, f"d.sweep === '0' && d.playing === 'false' && d.lanes === '{lanes}'")


def test_all_lanes_race_and_the_chosen_one_is_steered(page, hands):
    hands.press(page, "Play")
    wait(page, "d.playing === 'true' && d.sweep > 30")
    hands.choose(page, "lane 3: ")
    wait(page, "d.lane === '3'")
    expect(field(page, "ε of the lane")).to_have_value("0.3")
    hands.move(slider(page, "ε of the lane"), 5)
    lanes = wait(page, "!d.lanes.includes('0.3 0.9')")["lanes"].split(", ")
    assert [lanes[0], lanes[1], lanes[3]] == ["0.1 0.9", "0.1 0", "0.03 0.9"]
    press(page, "Pause")
    told = wait(page, "d.playing === 'false'")
    E = ask(page, f"lab.run.E[{told['sweep']}].tolist()")
    assert [float(e) for e in told["errors"].split()] == pytest.approx(E, rel=1e-4)


def test_the_map_fills_and_a_cell_of_it_is_played(page, hands):
    do(page, "lab.fill_map(seeds=4)")
    told = wait(page, "d.made === '1600' && d.filling === 'false'")
    assert told["of"] == "1600"
    share = ask(page, "float((lab.map['solved_at'][13, 8] >= 0).mean())")
    epsilon, alpha = ask(page, "(lab.view.stage.scene['epsilons'][8], lab.view.stage.scene['alphas'][13])")
    name = f"ε {epsilon}, α {alpha}: "
    assert to_spot(page, name).startswith(f"{name}{round(100 * share)} % solved")
    hands.choose(page, name, way=["Home", "PageDown", *["ArrowUp"] * 13])
    told = wait(page, "d.playing === 'true' && d.sweep > 10")
    assert told["lanes"].startswith(f"{epsilon:g} {alpha:g}, ")
    press(page, "Pause")


def test_a_study_is_cancelled_and_keeps_what_it_has(page, hands):
    hands.press(page, "Fill the map")
    wait(page, "d.filling === 'true' && d.made > 400")
    hands.move(slider(page, "ε of the lane"), 5)  # the lab answers meanwhile
    wait(page, "!d.lanes.startsWith('0.1 0.9')")
    hands.press(page, "Cancel")
    told = wait(page, "d.filling === 'false'")
    assert 400 < int(told["made"]) < int(told["of"]) == 40_000
    assert ask(page, "lab.map['made']") == int(told["made"])


def test_the_surface_is_drawn_under_the_path_and_goes_with_a_restart(page, hands):
    hands.press(page, "Draw the surface")
    expect(page.locator(".bp-message").first).to_contain_text("3 at least are expected")
    do(page, "lab.step(300)")
    wait(page, "d.sweep === '300'")
    before = pixels(page)
    hands.press(page, "Draw the surface")
    wait(page, "d.surface === '1'")
    assert pixels(page) != before
    drawn = pixels(page)
    page.locator(".bp-time").first.press("Home")
    wait(page, "d.shown === '0'")
    assert pixels(page) != drawn
    hands.press(page, "Restart")
    wait(page, "d.sweep === '0' && d.surface === ''")


def test_lanes_are_added_and_removed_by_buttons(page, hands):
    hands.press(page, "Add a lane")
    wait(page, "d.lanes.split(', ').length === 5 && d.lane === '5'")
    hands.press(page, "Remove it")
    wait(page, "d.lanes.split(', ').length === 4")
    for _ in range(3):
        hands.press(page, "Add a lane")
    expect(page.locator(".bp-message").first).to_contain_text("There are 6 lanes")
    assert len(data(page)["lanes"].split(", ")) == 6


@pytest.mark.parametrize("viewport", [jupyter.VIEWPORT, {"width": 480, "height": 1200}])
def test_nothing_sticks_out_sideways(page, viewport):
    assert outside(page, viewport) == []
