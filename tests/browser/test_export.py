"""An exported page in a real Chromium, from a file, with the network off: every sweep of the run as it was.

A page that learns makes the run again and goes on; a recording replays it.
"""

import contextlib

import numpy as np
import pytest
from playwright.sync_api import expect

from labs import SymmetryLab
from labs.kit.export import export
from labs.kit.ticket import ticket_of
from tests.browser import jupyter
from tests.browser.gestures import Keyboard, tab_to
from tests.browser.lab_page import canvas, data, drag, message, pixels, to_spot, wait
from tests.test_ticket import LABS, made


@pytest.fixture(scope="module")
def lab():
    """A run of 1,425 sweeps in which epsilon was moved."""
    lab = SymmetryLab(3)
    lab.step(400)
    lab.epsilon = 0.3
    lab.step(1025)
    return lab


@pytest.fixture
def open_page(browser, tmp_path):
    """Open the page of a lab, with the network off; it asks for nothing but itself, and nobody complains."""
    pages, opened, asked = contextlib.ExitStack(), [], []

    def open_page(lab, what="errors", **look):
        page = pages.enter_context(jupyter.new_page(browser, offline=True, **look))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(export(lab, tmp_path / "run.html", what).as_uri())
        wait(page, "true")
        opened.append(page)
        return page

    with pages:
        yield open_page
        assert [page.console_errors for page in opened] == [[]] * len(opened)
        assert {url for url in asked if not url.startswith("data:")} == {(tmp_path / "run.html").as_uri()}


def show(page, sweep):
    """Move the time slider, as its arrow keys do, and wait until that sweep is painted."""
    page.locator(".bp-time").evaluate(
        "(time, sweep) => { time.value = sweep; time.dispatchEvent(new Event('input')); }", sweep
    )
    return wait(page, f"d.shown === '{sweep}'")


def said(page):
    """The sentences about what was learnt, with their marks."""
    items = page.locator(".bp-words li").all()
    return [[item.get_attribute("data-mark"), item.inner_text().replace("\u00a0", " ")] for item in items]


def test_every_sweep_of_the_run_can_be_shown_as_it_was(open_page, lab):
    page = open_page(lab, "recording")
    assert data(page)["sweep"] == data(page)["shown"] == "1425"
    for sweep in (0, 1, 399, 400, 888, 889, 1425):
        shown = show(page, sweep)
        assert float(shown["error"]) == np.float32(lab.run.E[sweep, 0])
        assert said(page) == [words[:2] for words in lab.words([sweep], [lab.run.at(sweep).w[0]])[0]]


def test_a_page_that_learns_makes_the_same_run_again(open_page, lab):
    page = open_page(lab)
    assert data(page)["sweep"] == data(page)["shown"] == "1425"
    for sweep in (0, 1, 399, 400, 888, 889, 1425):
        assert float(show(page, sweep)["error"]) == pytest.approx(lab.run.E[sweep, 0], rel=2e-7)
        assert said(page) == [words[:2] for words in lab.words([sweep], [lab.run.at(sweep).w[0]])[0]]


def test_the_time_slider_is_dragged_by_hand(open_page, lab):
    page = open_page(lab)
    box = page.locator(".bp-time").bounding_box()
    drag(page, {**box, "x": box["x"] + box["width"] - 16, "width": 16}, -box["width"] / 2)
    shown = int(wait(page, "d.shown !== '1425'")["shown"])
    assert 400 < shown < 1000
    tab_to(page.locator(".bp-time"))
    page.keyboard.press("Home")
    wait(page, "d.shown === '0'")
    expect(page.locator(".bp-time")).to_have_attribute("aria-valuetext", "sweep 0 of 1,425")


def test_pointer_and_keys_tell_the_weights_and_the_cases(open_page, lab, hands):
    page = open_page(lab)
    show(page, 500)
    names, w = lab.scene()["weight_names"], lab.run.at(500).w[0]
    for name in ("h1 ← input 2", "bias of output"):
        assert f"{name}: w = {w[names.index(name)]:.3f}".replace("-", "\u2212") in to_spot(page, name)
    right = canvas(page).evaluate("canvas => canvas.getAttribute('aria-label')")
    assert right.startswith("Symmetry at sweep 500")
    before = pixels(page)
    hands.choose(page, "000000: output")
    canvas(page).press("Escape")
    page.wait_for_function("before => document.querySelector('canvas').toDataURL() !== before", arg=before)
    assert page.locator(".bp-tip").first.is_hidden()


def test_a_weight_cannot_be_changed_in_a_recording(open_page, lab, hands):
    page = open_page(lab, "recording")
    hands.choose(page, "h1 ← input 2")
    assert page.locator(".bp-edit").is_hidden()
    assert message(page).inner_text() == ""


def test_play_of_a_recording_goes_from_the_beginning_to_the_end_and_can_be_paused(open_page, lab, hands):
    page = open_page(lab, "recording")
    hands.press(page, "Play")
    wait(page, "Number(d.shown) > 0 && d.shown !== '1425'")
    hands.press(page, "Pause")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    show(page, 1400)
    hands.press(page, "Play")
    wait(page, "d.shown === '1425'")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


@pytest.mark.parametrize(("scheme", "paper", "other"), [("light", 255, "Dark"), ("dark", 17, "Light")])
def test_the_look_is_the_systems_until_the_person_chooses(open_page, lab, scheme, paper, other):
    page = open_page(lab, color_scheme=scheme)

    def background():
        return page.evaluate("() => getComputedStyle(document.body).backgroundColor")

    assert background() == f"rgb({paper}, {paper}, {paper})"
    before = pixels(page)
    Keyboard().press(page, other)
    page.wait_for_function("before => document.querySelector('canvas').toDataURL() !== before", arg=before)
    assert background() != f"rgb({paper}, {paper}, {paper})"


def test_a_recording_says_how_it_was_made_and_gives_its_ticket(open_page, lab):
    page = open_page(lab, "recording")
    rows = dict(row.inner_text().split("\t") for row in page.locator(".bp-controls tr").all())
    assert rows["start number (seed)"] == "3"
    assert rows["sweeps made"] == "1,425"
    assert rows["epsilon"] == "0.1, 0.3 from\u00a0400"
    assert rows["alpha"] == "0.9"
    assert page.get_by_label("ticket").input_value() == ticket_of(lab)


@pytest.mark.parametrize("what", ["errors", "recording"])
@pytest.mark.parametrize("name", LABS)
def test_the_page_of_every_lab_opens_on_a_telephone_too_and_goes_back_in_time(open_page, name, what):
    lab = made(name)[0]
    page = open_page(lab, what)
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_function("() => document.querySelector('canvas').clientWidth < 390")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    page.set_viewport_size(jupyter.VIEWPORT)
    page.wait_for_function("() => document.querySelector('canvas').clientWidth > 390")
    end = pixels(page)
    page.locator(".bp-time").press("Home")
    wait(page, "d.shown === '0'")
    page.wait_for_function("end => document.querySelector('canvas').toDataURL() !== end", arg=end)
    assert float(data(page)["error"]) == pytest.approx(lab.run.E[0, 0], rel=2e-7)
    page.locator(".bp-time").press("End")
    wait(page, f"d.shown === '{lab.run.sweeps}'")


def test_what_takes_a_lab_says_so_in_a_recording(open_page, hands):
    page = open_page(made("printed_family_trees")[0], "recording")
    hands.choose(page, "begins a new run")
    expect(message(page)).to_have_text("This is a recording. To change something, paste its ticket into a lab.")


def test_local_minima_say_where_the_run_stood(open_page):
    page = open_page(made("local_minima")[0], "recording")
    wait(page, "d.stood === '100'")
    page.locator(".bp-time").press("Home")
    wait(page, "d.stood === '0' && d.standing === 'on the way'")


def test_on_a_telephone_nothing_is_wider_than_the_page(open_page, lab):
    page = open_page(lab, viewport={"width": 390, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    canvas(page).scroll_into_view_if_needed()
    wait(page, "true")
