"""Weights changed by hand in the page: typed, dragged, cut, frozen, undone; and kept curves."""

import pytest
from playwright.sync_api import expect

from tests.browser.gestures import Keyboard
from tests.browser.lab_page import ask, canvas, do, message, pixels, to_spot, until, wait

MAKE = "from labs import SymmetryLab\nlab = SymmetryLab(seed=10)\nlab"


@pytest.fixture(scope="module")
def opened(in_notebook):
    return in_notebook(MAKE, viewport={"width": 1280, "height": 1000})


@pytest.fixture
def page(opened, begin):
    """The page, with the lab solved at sweep 1,600."""
    canvas(opened).press("Escape")
    start = "lab.pause(); lab.forget(); lab.reset(); lab.step(1600)"
    return begin(opened, start, "d.sweep === '1600' && d.playing === 'false'")


def editor(page):
    return page.locator(".bp-edit").first


def test_a_number_is_typed_and_undone(page, hands):
    hands.choose(page, "h2 ← input 3")
    box = editor(page)
    expect(box).to_be_visible()
    w = ask(page, "float(lab.run.state.w[0, lab.weight_names.index('h2 ← input 3')])")
    expect(box.get_by_role("spinbutton", name="h2 ← input 3")).to_have_value(f"{w:.3f}")
    hands.enter(box.get_by_role("spinbutton"), "-1.5")
    told = wait(page, "d.sweep === '0'")
    assert ask(page, "float(lab.run.state.w[0, lab.weight_names.index('h2 ← input 3')])") == -1.5
    assert float(told["error"]) == pytest.approx(ask(page, "float(lab.run.E[0, 0])"), rel=1e-5)
    assert ask(page, "int(lab.run.worst[-1, 0] < .5)") == 0  # it breaks some cases
    hands.push(box.get_by_role("button", name="undo"))
    wait(page, "d.sweep === '1600'")


def test_a_weight_is_dragged_and_one_undo_takes_it_back(page):
    to_spot(page, "h1 ← input 1")
    tip = page.locator(".bp-tip").first.bounding_box()
    canvas(page).press("Escape")
    x, y = tip["x"] + tip["width"] / 2, tip["y"] + tip["height"] + 12
    before = ask(page, "lab.run.state.w[0].tolist()")
    page.mouse.move(x, y)
    page.mouse.down()
    for dy in (6, 14, 22, 30):
        page.mouse.move(x, y - dy)
        page.wait_for_timeout(60)
    page.mouse.up()
    wait(page, "d.sweep === '0'")
    after = ask(page, "lab.run.state.w[0].tolist()")
    changed = [k for k, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    assert len(changed) == 1
    assert after[changed[0]] > before[changed[0]]
    editor(page).get_by_role("button", name="undo").click()
    wait(page, "d.sweep === '1600'")
    assert ask(page, "lab.run.state.w[0].tolist()") == before


def test_a_weight_is_moved_by_arrow_keys_and_one_undo_takes_it_back(page):
    before = ask(page, "lab.run.state.w[0].tolist()")
    keys = Keyboard()
    keys.choose(page, "h1 ← input 1")
    field = editor(page).get_by_role("spinbutton", name="h1 ← input 1")
    expect(field).to_be_focused()
    was = float(field.input_value())
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    wait(page, "d.sweep === '0'")
    expect(field).to_have_value(f"{was + 3:.3f}")
    k = ask(page, "lab.weight_names.index('h1 ← input 1')")
    until(page, f"abs(lab.run.state.w[0, {k}] - {was + 3}) < 1e-6")
    keys.push(editor(page).get_by_role("button", name="undo"))
    wait(page, "d.sweep === '1600'")
    assert ask(page, "lab.run.state.w[0].tolist()") == before
    page.keyboard.press("Escape")
    expect(canvas(page)).to_be_focused()


def test_a_link_is_cut_and_a_weight_frozen(page, hands):
    hands.choose(page, "h2 ← input 5")
    box = editor(page)
    expect(box).to_be_visible()
    hands.push(box.get_by_role("button", name="cut"))
    wait(page, "d.sweep === '0'")
    do(page, "lab.step(50)")
    wait(page, "d.sweep === '50'")
    assert ask(page, "float(lab.run.state.w[0, lab.weight_names.index('h2 ← input 5')])") == 0
    freeze = box.get_by_role("button", name="freeze")
    expect(freeze).to_have_attribute("aria-pressed", "true")
    hands.push(freeze)  # again: free
    wait(page, "d.sweep === '0'")
    expect(freeze).to_have_attribute("aria-pressed", "false")
    assert ask(page, "sorted(lab.frozen)") == []
    box.get_by_role("spinbutton").press("Escape")
    expect(box).to_be_hidden()


def test_nothing_to_undo_is_one_sentence(page, hands):
    hands.choose(page, "h2 ← input 3")
    hands.push(editor(page).get_by_role("button", name="undo"))
    expect(message(page)).to_contain_text("there is nothing to undo")
    hands.push(editor(page).get_by_role("button", name="close"))
    expect(editor(page)).to_be_hidden()
    expect(canvas(page)).to_be_focused()


def test_a_kept_curve_is_drawn_over_the_next_run(page, hands):
    do(page, "lab.set_seed(10)")
    wait(page, "d.sweep === '0'")
    empty = pixels(page)
    do(page, "lab.step(300)")
    wait(page, "d.sweep === '300'")
    hands.press(page, "Keep")
    hands.press(page, "Restart")
    wait(page, "d.sweep === '0'")
    page.wait_for_function("was => document.querySelector('.bp-lab canvas').toDataURL() !== was", arg=empty)
    hands.choose(page, "kept to compare: start 10, ε 0.1, α 0.9")
    page.keyboard.press("Escape")
    page.wait_for_function("was => document.querySelector('.bp-lab canvas').toDataURL() === was", arg=empty)


def test_a_finger_points_at_a_kept_curve_first_and_forgets_it_then(page):
    do(page, "lab.set_seed(10); lab.step(300); lab.keep(); lab.reset()")
    wait(page, "d.sweep === '0'")
    until(page, "len(lab.kept_curves) == 1")
    to_spot(page, "kept to compare")
    tip = page.locator(".bp-tip").first
    box = tip.bounding_box()  # above the name
    at = {"clientX": box["x"] + box["width"] / 2, "clientY": box["y"] + box["height"] + 12}
    canvas(page).press("Escape")
    tap = """(canvas, at) => canvas.dispatchEvent(
        new PointerEvent("click", { ...at, pointerType: "touch", bubbles: true }))"""
    canvas(page).evaluate(tap, at)
    expect(tip).to_be_visible()
    assert tip.inner_text().startswith("kept to compare: start 10, ε 0.1, α 0.9")
    page.wait_for_timeout(700)  # since the last was forgotten: a double click is not meant for two
    assert ask(page, "len(lab.kept_curves)") == 1
    canvas(page).evaluate(tap, at)
    until(page, "len(lab.kept_curves) == 0")
