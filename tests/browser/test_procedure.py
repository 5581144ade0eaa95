"""The procedure lab in the real JupyterLab: by mouse, by keyboard, in both themes."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import jupyter
from tests.browser.gestures import Keyboard, tab_to
from tests.browser.lab_page import run_cell

MAKE = "from labs import ProcedureLab\nlab = ProcedureLab()\nlab"
STEPS = [
    "hidden units", "output unit", "compare with", "through the output", "to the hidden", "through the hidden",
    "every weight",
]  # fmt: skip
PARTS = [".bp-steps", ".bp-explain", ".bp-say", ".bp-check", ".bp-ask", ".bp-settings"]
WHAT_HAS_THE_FOCUS = """() => {
    const on = document.activeElement;
    if (!on.closest('.bp-procedure')) return '';
    return on.getAttribute('aria-label') || on.textContent.trim() || on.labels?.[0]?.textContent || on.title;
}"""
PALE_AND_DARK_PIXELS = """() => {
    const canvas = document.querySelector('.bp-procedure canvas');
    const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let pale = 0, dark = 0;
    for (let k = 0; k < data.length; k += 4) if (data[k + 3] > 200) { pale += data[k] > 200; dark += data[k] < 60; }
    return [pale, dark];
}"""
WIDER_THAN_THEIR_PLACE = """() =>
    [...document.querySelectorAll('.jp-WindowedPanel-outer, .bp-procedure, .bp-procedure div, .bp-procedure p')]
        .filter(part => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).overflowX !== 'visible')
        .map(part => part.className)"""


@pytest.fixture(scope="module")
def opened(in_notebook):
    return in_notebook(MAKE, run=False)


@pytest.fixture
def page(opened):
    """The page with a fresh lab at step 0 of sweep 1; afterwards nobody has complained."""
    run_cell(opened, 0)
    at(opened, 0, case=0, sweep=1)
    yield opened
    assert opened.console_errors == []


def canvas(page):
    return page.locator(".bp-procedure canvas").first


def at(page, step, **more):
    """Wait until the drawing shows this step."""
    for name, value in {"step": step, **more}.items():
        expect(canvas(page)).to_have_attribute(f"data-{name}", str(value))


def press(page, name):
    page.locator(".bp-head").first.get_by_role("button", name=name).click()


def checked(page, name):
    """The row of a weight in the check table."""
    return page.locator(".bp-check tbody tr", has=page.get_by_role("cell", name=name, exact=True)).first


def answer_field(page):
    return page.get_by_role("textbox", name=re.compile("Your turn"))


def places(page):
    top = page.locator(".bp-procedure").first.bounding_box()["y"]
    boxes = [page.locator(part).first.bounding_box() for part in PARTS]
    return [(round(box["x"]), round(box["y"] - top), round(box["width"])) for box in boxes]


def test_all_steps_of_a_case_by_mouse(page):
    page.get_by_role("button", name="0 1 → 1").click()
    at(page, 0, case=1)
    first = places(page)
    for step, name in enumerate(STEPS, start=1):
        press(page, "Next step")
        at(page, step, case=1)
        expect(page.locator(".bp-steps li.bp-now").first).to_contain_text(name)
        assert f"step {step} of 8" in canvas(page).get_attribute("aria-label")
        assert places(page) == first, "something moved"
    expect(page.locator(".bp-numbers").first).to_contain_text("−0.0498")
    press(page, "Back")
    at(page, 6, case=1)
    press(page, "Whole case")
    at(page, 7, case=1)
    press(page, "Whole sweep")
    at(page, 8, sweep=1)
    assert places(page) == first
    expect(page.locator(".bp-E").first).to_contain_text("tss = 2 E = 1.050652")
    press(page, "Next step")
    at(page, 1, sweep=2)
    press(page, "1988 start")
    at(page, 0, sweep=1, case=0)
    assert jupyter.ask_python(page, "lab.moment.step, lab.moment.sweep") == "(0, 0)"

    press(page, "Next step")
    at(page, 1)
    run_cell(page, 0)  # again: a fresh lab, and no complaint
    at(page, 0, sweep=1)
    press(page, "Next step")
    at(page, 1)


def test_all_of_it_by_keyboard(page):
    tab_to(page.locator(".bp-head").first.get_by_role("button", name="Next step"))
    for step in range(1, 7):
        page.keyboard.press("Enter" if step % 2 else "Space")
        at(page, step)
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    at(page, 5)

    # On to the drawing, over its weights, and into the table.
    tab_to(canvas(page))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(canvas(page)).to_have_attribute("data-lit", re.compile(r"w\d"))
    tip = page.locator(".bp-procedure .bp-tip").first.inner_text()
    assert "accumulated ∂E/∂w" in tip
    page.keyboard.press("Enter")
    expect(checked(page, tip.split(":")[0].replace("₁", "1").replace("₂", "2"))).to_contain_text("at step 7")
    page.keyboard.press("Escape")
    expect(canvas(page)).to_have_attribute("data-lit", "")

    # What is typed into the field is no command to the notebook.
    page.keyboard.press("Tab")
    expect(answer_field(page)).to_be_focused()
    cells = page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")
    page.keyboard.type("1abdd")
    page.keyboard.press("Enter")
    expect(page.locator(".bp-reply").first).to_contain_text("“1abdd” is not a number")
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length") == cells

    keys = Keyboard()
    keys.enter(page.get_by_role("spinbutton", name="α momentum"), "0.3")
    keys.push(page.get_by_role("button", name="0 1 → 1"))
    at(page, 0, case=1)
    keys.press(page, "Whole case")
    at(page, 7, case=1)
    assert jupyter.ask_python(page, "lab.alpha") == "0.3"
    keys.press(page, "1988 start")
    at(page, 0, sweep=1, case=0)
    tab_to(page.locator(".bp-head").first.get_by_role("button", name="Next step"))
    names = ""
    for _ in range(20):
        page.keyboard.press("Tab")
        names += page.evaluate(WHAT_HAS_THE_FOCUS) + "\n"
    wanted = [
        "Whole case",
        "Whole sweep",
        "1988 start",
        "0 0 → 0",
        "1 1 → 0",
        "Arrow keys",
        "Your turn",
        "Check",
        "sweep",
    ]
    assert [name for name in [*wanted, "ε learning rate", "α momentum"] if name not in names] == []


def test_weights_are_checked_questions_answered_and_python_sees_the_same(page):
    press(page, "Whole case")
    at(page, 7)
    middle = canvas(page).bounding_box()["width"] / 2
    canvas(page).click(position={"x": middle - 80, "y": 62})  # the bias of the output, by its label
    expect(checked(page, "o ← bias")).to_contain_text("✓")
    cells = checked(page, "o ← bias").locator("td").all_inner_texts()
    assert cells[1] == cells[2] == "0.144661"
    canvas(page).click(position={"x": middle - 103, "y": 385})  # an arc, between its label and its end
    expect(checked(page, "h1 ← input 1")).to_contain_text("✓")
    canvas(page).click(position={"x": middle - 80, "y": 62})
    expect(checked(page, "o ← bias")).to_have_count(0)

    page.get_by_role("button", name="0 1 → 1").click()
    at(page, 0, case=1)
    for step in range(1, 6):
        press(page, "Next step")
        at(page, step)
    expect(page.locator(".bp-ask h4").first).to_have_text("Your turn: what will ∂E/∂x1 be?")
    reply = page.locator(".bp-reply").first
    answer_field(page).fill("0.0062")
    page.locator(".bp-ask").first.get_by_role("button", name="Check", exact=True).click()
    expect(reply).to_contain_text("the sign is not")
    answer_field(page).fill("-0.0062")
    answer_field(page).press("Enter")
    expect(reply).to_contain_text("Right: ∂E/∂x1 = −0.0062.")
    press(page, "Next step")
    at(page, 6)
    expect(reply).to_be_empty()
    expect(answer_field(page)).to_have_value("")

    jupyter.ask_python(page, "lab.case('11') or lab.next(4)")
    at(page, 4, case=3)
    expect(page.get_by_role("button", name="1 1 → 0")).to_have_attribute("aria-pressed", "true")
    jupyter.ask_python(page, "lab.set(update='case', epsilon=0.25)")
    expect(page.get_by_role("spinbutton", name="ε learning rate")).to_have_value("0.25")
    page.get_by_role("spinbutton", name="α momentum").fill("0.3")
    page.get_by_role("spinbutton", name="α momentum").press("Enter")
    press(page, "Whole case")
    at(page, 8)
    assert jupyter.ask_python(page, "lab.alpha, lab.moment.change.alpha, lab.moment.step") == "(0.3, 0.3, 8)"


def test_both_themes_at_1280_x_800_and_on_a_phone_without_scrolling_sideways(page, theme):
    press(page, "Next step")
    at(page, 1)
    pixels = {}
    for name in ("JupyterLab Light", "JupyterLab Dark"):
        theme(name)
        page.wait_for_timeout(1500)
        pixels[name] = page.evaluate(PALE_AND_DARK_PIXELS)
        assert page.evaluate(WIDER_THAN_THEIR_PLACE) == []
    (pale, dark), (pale_at_night, dark_at_night) = pixels.values()
    assert pale > dark
    assert dark_at_night > pale_at_night
    assert page.locator(".bp-procedure").first.bounding_box()["height"] <= 640
    theme("JupyterLab Light")
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(500)
    lab, drawing = page.locator(".bp-procedure").first.bounding_box(), canvas(page).bounding_box()
    assert lab["x"] <= drawing["x"]
    assert drawing["x"] + drawing["width"] <= lab["x"] + lab["width"]
    page.set_viewport_size(jupyter.VIEWPORT)


def test_a_kernel_that_restarts_says_so_and_nothing_can_be_pressed(page):
    press(page, "Next step")
    at(page, 1)
    jupyter.restart(page)
    expect(page.locator(".bp-message").first).to_contain_text("Run the cell again to go on.")
    for part in (".bp-head", ".bp-choose", ".bp-settings", ".bp-ask"):
        expect(page.locator(part).first).to_have_attribute("inert", "")
    jupyter.wait_until_idle(page)
    run_cell(page, 0)
    at(page, 0, sweep=1)
