"""A page that learns, in a real Chromium, from a file, with the network off: what a lab does, without Python."""

import contextlib
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

import bpcore as bp
from labs import FamilyTreesLab, SymmetryLab
from tests.browser import jupyter
from tests.browser.gestures import Keyboard, tab_to
from tests.browser.lab_page import data, field, message, press, slider, to_spot, unfold, wait


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The page of a symmetry lab of seed 3 at sweep 0."""
    return SymmetryLab(3).export(tmp_path_factory.mktemp("pages") / "symmetry.html").as_uri()


@pytest.fixture
def open_page(browser, address):
    """Open the page, with the network off; nobody complains."""
    pages, opened = contextlib.ExitStack(), []

    def open_page(**look):
        page = pages.enter_context(jupyter.new_page(browser, offline=True, **look))
        page.goto(address)
        wait(page, "true")
        opened.append(page)
        return page

    with pages:
        yield open_page
        assert [page.console_errors for page in opened] == [[]] * len(opened)


def show(page, sweep):
    page.locator(".bp-time").evaluate(
        "(time, sweep) => { time.value = sweep; time.dispatchEvent(new Event('input')); }", sweep
    )
    return wait(page, f"d.shown === '{sweep}'")


def error(page):
    return float(data(page)["error"])


def test_one_sweep_is_one_sweep(open_page, hands):
    page, run = open_page(), SymmetryLab(3).run.extend(2)
    for sweep in (1, 2):
        hands.press(page, "One sweep")
        wait(page, f"d.sweep === '{sweep}'")
        assert error(page) == pytest.approx(run.E[sweep, 0], rel=2e-7)


def test_play_learns_and_a_slider_acts_meanwhile(open_page):
    page = open_page()
    Keyboard().press(page, "Play")
    wait(page, "Number(d.sweep) > 30 && d.playing === 'true'")
    slider(page, "ε learning rate").focus()
    page.keyboard.press("ArrowRight")
    wait(page, "Number(d.epsilon) > 0.1")
    Keyboard().press(page, "Pause")
    made = wait(page, "d.playing === 'false'")
    again = page.evaluate("() => [...document.querySelectorAll('canvas')].map(c => c.dataset.epsilon)")
    assert again == [made["epsilon"]] == ["0.102"]


def test_until_solved_ends_where_every_case_is_right(open_page):
    page = open_page()
    field(page, "sweeps a second").fill("20000")
    page.keyboard.press("Enter")
    press(page, "Until solved")
    run = bp.train(SymmetryLab(3).run.task, 3, 5000, stop_when_solved=True)
    wait(page, f"d.sweep === '{run.sweeps}' && d.playing === 'false'")
    assert error(page) == pytest.approx(run.E[-1, 0], rel=1e-6)


def test_restart_and_new_start_begin_at_the_weights_of_the_seed(open_page):
    page = open_page()
    press(page, "One sweep")
    wait(page, "d.sweep === '1'")
    press(page, "Restart")
    wait(page, "d.sweep === '0'")
    assert error(page) == pytest.approx(SymmetryLab(3).run.E[0, 0], rel=2e-7)
    press(page, "New start")
    wait(page, f"Math.abs(Number(d.error) - {SymmetryLab(4).run.E[0, 0]}) < 1e-5")
    expect(field(page, "start number (seed)")).to_have_value("4")


def test_another_number_of_hidden_units_is_another_task_and_the_papers_comes_back(open_page):
    page = open_page()
    for name, value, lab in (("hidden units", "4", SymmetryLab(3, hidden=4)),
                             ("inputs", "8", SymmetryLab(3, hidden=4, width=8))):  # fmt: skip
        field(page, name).fill(value)
        page.keyboard.press("Enter")
        expect(page.locator(".bp-name span")).to_have_text(lab.shape)
        wait(page, f"Math.abs(Number(d.error) - {lab.run.E[0, 0]}) < 1e-5")
    press(page, "As in the paper")
    expect(page.locator(".bp-name span")).to_have_text(SymmetryLab(3).shape)
    wait(page, f"Math.abs(Number(d.error) - {SymmetryLab(3).run.E[0, 0]}) < 1e-5")


def test_in_instant_mode_a_slider_makes_the_whole_run_anew(open_page):
    page = open_page()
    press(page, "rerun")
    wait(page, "d.sweep === '5000'")
    field(page, "ε learning rate").fill("0.3")
    page.keyboard.press("Enter")
    run = bp.train(SymmetryLab(3, epsilon=0.3).run.task, 3, 5000)
    wait(page, f"d.epsilon === '0.3' && Math.abs(Number(d.error) - {run.E[-1, 0]}) < 1e-5")
    assert page.locator(".bp-words").get_attribute("data-note") == "Weights are kept every 20 sweeps."


def test_a_weight_is_changed_by_hand_and_the_change_taken_back(open_page, hands):
    page, lab = open_page(), SymmetryLab(3)
    for _ in range(3):
        press(page, "One sweep")
    wait(page, "d.sweep === '3'")
    hands.choose(page, "h1 ← input 2")
    edit = page.locator(".bp-edit")
    hands.enter(edit.get_by_role("spinbutton"), "1.5")
    lab.step(3)
    lab.edit("h1 ← input 2", 1.5)
    wait(page, f"d.sweep === '0' && Math.abs(Number(d.error) - {lab.run.E[0, 0]}) < 1e-5")
    edit.get_by_role("button", name="undo").click()
    wait(page, "d.sweep === '3'")
    canvas = page.locator("canvas")
    canvas.press("Escape")
    assert "w = 1.500" not in to_spot(page, "h1 ← input 2")


def test_a_kept_curve_stays_when_another_run_begins(open_page):
    page = open_page()
    for _ in range(4):
        press(page, "One sweep")
    press(page, "Keep")
    press(page, "New start")
    wait(page, "d.sweep === '0'")
    assert to_spot(page, "kept to compare").startswith("kept to compare: start 3, ε 0.1, α 0.9;")


def test_what_diverges_says_so(open_page):
    page = open_page()
    field(page, "ε learning rate").fill("3")
    page.keyboard.press("Enter")
    field(page, "α momentum").fill("0.99")
    page.keyboard.press("Enter")
    unfold(page)
    field(page, "start range ±").fill("3")
    page.keyboard.press("Enter")
    press(page, "Play")
    wait(page, "Number(d.sweep) > 100")  # logistic units saturate, and nothing breaks
    assert message(page).inner_text() == ""


def test_it_learns_in_a_sandboxed_frame(browser, address, tmp_path):
    with jupyter.new_page(browser, offline=True) as page:
        outer = tmp_path / "outer.html"
        outer.write_text(f'<iframe sandbox="allow-scripts" width="1200" height="700" src="{address}"></iframe>')
        page.goto(outer.as_uri())
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="Play").click()
        expect(frame.get_by_role("button", name="Pause")).to_be_visible()
        expect(frame.locator("canvas")).to_have_attribute("data-sweep", re.compile(r"^\d{2,}$"))
        assert page.console_errors == []


@pytest.mark.parametrize("size", [(390, 844), (640, 400)])
def test_on_a_telephone_and_enlarged_play_the_curve_and_epsilon_are_in_view_together(open_page, size):
    page = open_page(viewport=dict(zip(("width", "height"), size, strict=True)), has_touch=True)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    end = 0  # of the part above
    for part in (page.get_by_role("button", name="Play"), page.locator(".bp-time"), slider(page, "ε learning rate")):
        box = part.bounding_box()
        assert box["height"] >= 24
        assert box["y"] >= end
        end = box["y"] + box["height"]
    assert end <= size[1]
    before = data(page)["epsilon"]
    box = slider(page, "ε learning rate").bounding_box()
    page.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    wait(page, f"d.epsilon !== '{before}'")
    page.get_by_role("button", name="Play").tap()
    wait(page, "Number(d.sweep) > 20")


def test_any_sweep_of_a_run_learnt_here_is_shown_as_it_was(open_page):
    page = open_page()
    field(page, "sweeps a second").fill("20000")
    page.keyboard.press("Enter")
    press(page, "Until solved")
    run = bp.train(SymmetryLab(3).run.task, 3, 5000, stop_when_solved=True)
    wait(page, f"d.sweep === '{run.sweeps}'")
    for sweep in (0, 1, 500):
        assert float(show(page, sweep)["error"]) == pytest.approx(run.E[sweep, 0], rel=2e-7)
    weights = [to_spot(page, name) for name in SymmetryLab(3).weight_names[:3]]
    expected = [f"w = {value:.3f}".replace("-", "\u2212") for value in np.asarray(run.at(500).w[0, :3])]
    assert all(text in told for text, told in zip(expected, weights, strict=True))


def ticket_field(page):
    return page.get_by_label("Ticket")


def test_its_ticket_is_that_of_a_lab_with_the_same_run_and_is_followed_there(open_page):
    page, lab = open_page(), SymmetryLab(3)
    press(page, "One sweep")
    lab.step(1)
    field(page, "ε learning rate").fill("0.25")
    page.keyboard.press("Enter")
    lab.epsilon = 0.25
    wait(page, "d.epsilon === '0.25'")
    press(page, "One sweep")
    lab.step(1)
    wait(page, "d.sweep === '2'")
    press(page, "Make ticket")
    expect(ticket_field(page)).to_have_value(lab.ticket())
    other = SymmetryLab()
    other.follow(ticket_field(page).input_value())
    assert (other.run.sweeps, other.epsilon, other.message) == (2, 0.25, "")


def test_a_ticket_of_a_lab_is_followed(open_page):
    page, lab = open_page(), SymmetryLab(7, hidden=3, width=4)
    lab.step(30)
    lab.alpha = 0.5
    lab.step(20)
    ticket_field(page).fill(lab.ticket())
    ticket_field(page).press("Enter")
    wait(page, f"d.sweep === '50' && d.alpha === '0.5' && Math.abs(Number(d.error) - {lab.run.E[-1, 0]}) < 1e-5")
    expect(field(page, "hidden units")).to_have_value("3")
    assert message(page).inner_text() == ""
    press(page, "Make ticket")
    expect(ticket_field(page)).to_have_value(lab.ticket())


def test_what_is_no_ticket_is_told_in_a_sentence(open_page):
    page = open_page()
    ticket_field(page).fill("bp1.x.12345678")
    ticket_field(page).press("Enter")
    expect(message(page)).to_contain_text("the ticket was changed or is cut short")
    ticket_field(page).fill(FamilyTreesLab().ticket())
    ticket_field(page).press("Enter")
    expect(message(page)).to_have_text("the ticket is one of 'FamilyTreesLab'; one of the lab 'Symmetry' is expected.")
    assert data(page)["sweep"] == "0"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(open_page, scheme):
    page = open_page(color_scheme=scheme)
    unfold(page)
    found = Axe().run(page).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []


def test_tab_leads_to_every_control(open_page):
    page = open_page()
    unfold(page)
    for part in (
        page.get_by_role("button", name="Keep"),
        slider(page, "α momentum"),
        slider(page, "sweeps a second"),
        page.get_by_role("button", name="rerun"),
        field(page, "hidden units"),
        page.locator("canvas"),
        page.locator(".bp-time"),
        ticket_field(page),
    ):
        tab_to(part)


def test_a_finger_finds_every_control_large_enough(open_page):
    page = open_page(viewport={"width": 390, "height": 844}, has_touch=True)
    unfold(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.bp-lab :is(button, summary, input, canvas)')].filter((e) => {
            const { width, height } = e.getBoundingClientRect();
            return width && (width < 23.5 || height < 23.5);
        }).map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
