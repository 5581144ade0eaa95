"""The front page: a network that learns at once, two sliders that act, and links that lead to the labs."""

import contextlib
import threading

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from labs import SymmetryLab
from labs.page.front import SEED, TITLES, front_page
from labs.site import serve
from tests.browser import jupyter
from tests.browser.gestures import tab_to
from tests.browser.lab_page import click_on, data, drag, press, slider, to_spot, wait

NAV = [("#", name) for name in ("Start here", "Labs", "Figures", "For teachers")]


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("front")
    page = front_page(lambda name: [(f"labs/{name}.html", "")], NAV)
    (folder / "index.html").write_text(page, encoding="utf-8")
    server = serve.serve(folder, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def open_page(browser, url):
    pages, opened = contextlib.ExitStack(), []

    def open_page(**look):
        page = pages.enter_context(jupyter.new_page(browser, **look))
        page.sizes = []
        page.on("requestfinished", lambda request: page.sizes.append(request.sizes()["responseBodySize"]))
        page.goto(url)
        wait(page, "true")
        opened.append(page)
        return page

    with pages:
        yield open_page
        assert [page.console_errors for page in opened] == [[]] * len(opened)


def test_it_learns_without_being_asked_until_all_cases_are_right(open_page):
    page = open_page()
    wait(page, "Number(d.sweep) > 50 && d.playing === 'true'")
    lab = SymmetryLab(SEED)
    lab.step(1789)
    wait(page, "d.right === '64' && d.playing === 'false'")
    assert int(data(page)["sweep"]) > lab.run.solved_at[0]
    assert to_spot(page, "h1 ← input 3")
    assert sum(page.sizes) < 250_000


def test_both_sliders_act_while_it_learns(open_page, hands):
    page = open_page()
    for name, key in (("ε learning rate", "epsilon"), ("α momentum", "alpha")):
        before = data(page)[key]
        hands.move(slider(page, name), 4)
        wait(page, f"d.{key} !== '{before}'")


def test_it_is_started_again_and_from_other_weights(open_page, hands):
    page = open_page()
    wait(page, "Number(d.sweep) > 100")
    hands.press(page, "Pause")
    wait(page, "d.playing === 'false'")
    hands.press(page, "Start again")
    wait(page, "Number(d.sweep) > 5 && d.playing === 'true'")
    first = page.evaluate("() => document.querySelector('canvas').dataset.edition")
    hands.press(page, "Another start")
    wait(page, f"d.edition !== '{first}' && d.playing === 'true'")


def test_a_light_is_turned_on_and_off(open_page):
    page = open_page()
    click_on(page, "light 2 is off")
    wait(page, "d.lights === '111101'")
    assert to_spot(page, "light 2 is on")


def test_a_slider_reruns_the_whole_run_if_that_is_chosen(open_page):
    page = open_page()
    press(page, "rerun")
    wait(page, "d.sweep === '2000' && d.playing === 'false'")
    handle = slider(page, "ε learning rate")
    before = data(page)["error"]
    box = handle.bounding_box()
    drag(page, {**box, "x": box["x"] + box["width"] / 2, "width": 40}, 40)
    wait(page, f"d.sweep === '2000' && d.error !== '{before}'")


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080), (390, 844), (640, 400)])
def test_what_is_needed_is_in_view_at_once(open_page, size):
    page = open_page(viewport=dict(zip(("width", "height"), size, strict=True)))
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    for part in (
        page.get_by_role("heading", name="Watch a network find the mirror"),
        *([page.get_by_text("outlined pair")] if size[1] > 400 else []),
        page.locator(".bp-time"),
        *(slider(page, name) for name in ("ε learning rate", "α momentum")),
        page.locator(".bp-main"),  # Pause; Play, once it has learnt
        *([page.get_by_role("heading", name="Seven labs")] if size[0] > 700 else []),
    ):
        box = part.bounding_box()
        assert box["y"] + box["height"] <= size[1], part


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(open_page, scheme):
    page = open_page(color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []


def test_tab_leads_through_all_of_it(open_page):
    page = open_page()
    for part in (page.locator(".bp-main"), slider(page, "α momentum"), page.locator("canvas")):
        tab_to(part)
    expect(page.locator("canvas")).to_be_focused()


def test_every_lab_has_its_card():
    labs = sorted(path.stem for path in (jupyter.ROOT / "labs").glob("0[1-9]*.ipynb"))
    assert labs == list(TITLES)
