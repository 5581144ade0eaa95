"""Exercises in the real JupyterLab: keyboard, what is announced, nothing cut off, and progress that survives.

One page is shared, with an exercise of each kind in it; every test begins with none of them answered.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import jupyter

NUMBERS = ("00.1", "00.3", "02.4", "01.3", "02.5")  # a number, a choice, something written, a function, done in a lab
CELLS = (
    "from labs import SymmetryLab\nfrom labs.kit.exercises import exercise\nlab = SymmetryLab(seed=10)",
    'exercise("00.1")',
    'exercise("00.3")',
    'exercise("02.4")',
    'def hear(dE_dx, w):\n    return ...  # yours\n\nexercise("01.3", hear)',
    'exercise("02.5", lab)',
)
NARROW = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def opened(in_notebook):
    return in_notebook(*CELLS, run=False)


@pytest.fixture
def page(opened, server):
    jupyter.forget_answers(opened, server)
    jupyter.run_all(opened)
    expect(opened.locator(".bp-exercise")).to_have_count(len(NUMBERS))
    yield opened
    assert opened.console_errors == []


def box(page, number):
    return page.locator(".bp-exercise").nth(NUMBERS.index(number))


def verdict(page, number):
    return box(page, number).get_by_role("alert")


def test_enter_checks_and_the_verdict_is_announced(page):
    field = box(page, "00.1").get_by_role("textbox", name="Your answer")
    field.fill("64")
    field.press("Enter")
    expect(verdict(page, "00.1")).to_contain_text("· Not yet. That is the other way")
    field.fill("1")
    field.press("Enter")
    expect(verdict(page, "00.1")).to_contain_text("✓ Right.")


def test_a_quick_click_on_check_judges_what_stands_in_the_field(page):
    field = box(page, "00.1").get_by_role("textbox", name="Your answer")
    for _ in range(8):
        for answer, sentence in (("64", "· Not yet. That is the other way"), ("1", "✓ Right.")):
            field.fill(answer)
            box(page, "00.1").get_by_role("button", name="Check").click()
            expect(verdict(page, "00.1")).to_contain_text(sentence)
            jupyter.wait_until_idle(page)
            expect(verdict(page, "00.1")).to_contain_text(sentence)


def test_the_keyboard_reaches_everything(page):
    box(page, "00.1").get_by_role("textbox").focus()
    page.keyboard.press("Tab")
    expect(box(page, "00.1").get_by_role("button", name="Check")).to_be_focused()
    page.keyboard.press("Tab")
    expect(box(page, "00.1").get_by_role("button", name="Show me")).to_be_focused()
    for name in ("The value that learns quickest", "The paper's value"):
        page.keyboard.press("Tab")
        expect(box(page, "00.3").get_by_role("radio", name=name)).to_be_focused()
    page.keyboard.press("Space")
    expect(box(page, "00.3").get_by_role("radio", name="The paper's value")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(verdict(page, "00.3")).to_contain_text("✓ Right.")


def test_what_is_not_done_yet_is_told(page):
    for number, words in (("01.3", "three dots"), ("02.5", "8 of 64 cases are right at sweep 0")):
        box(page, number).get_by_role("button", name="Check").click()
        expect(verdict(page, number)).to_contain_text(words)


def test_a_function_is_written_in_its_cell(page):
    skeleton, written = CELLS[4], CELLS[4].replace("...", "w.T @ dE_dx")
    write = """async source => {
        const notebook = window.jupyterapp.shell.currentWidget.content;
        notebook.activeCellIndex = 4;
        notebook.activeCell.model.sharedModel.source = source;
        await window.jupyterapp.commands.execute('notebook:run-cell');
    }"""
    page.evaluate(write, written)
    try:
        box(page, "01.3").get_by_role("button", name="Check").click()
        expect(verdict(page, "01.3")).to_contain_text("✓ Right.")
    finally:
        page.evaluate(write, skeleton)


def test_progress_survives_a_restart(page):
    field = box(page, "02.4").get_by_role("textbox")
    field.fill("2 3 4")
    field.press("Enter")
    expect(verdict(page, "02.4")).to_contain_text("✓ Right.")
    jupyter.restart(page)
    jupyter.wait_until_idle(page)
    jupyter.run_all(page)
    expect(box(page, "02.4")).to_contain_text("✓ You had this right before.")
    expect(field).to_have_value("2 3 4")
    expect(box(page, "00.1")).not_to_contain_text("before")


@pytest.mark.parametrize("viewport", [jupyter.VIEWPORT, NARROW])
def test_nothing_is_cut_off(page, viewport):
    for number in NUMBERS:
        if number != "00.3":
            box(page, number).get_by_role("button", name="Check").click()
            expect(verdict(page, number)).to_be_visible()
    page.set_viewport_size(viewport)
    page.wait_for_timeout(300)
    try:
        cut = page.evaluate(
            """() => [...document.querySelectorAll('.bp-exercise, .bp-exercise *')].filter(part => {
                if (!part.getClientRects().length) return false;
                const cell = part.closest('.jp-OutputArea-output').getBoundingClientRect();
                const r = part.getBoundingClientRect();
                const hides = getComputedStyle(part).overflow !== 'visible' && !part.matches('input, code');
                const more = [part.scrollWidth - part.clientWidth, part.scrollHeight - part.clientHeight];
                const isCut = hides && Math.max(...more) > 1;
                return isCut || r.right > cell.right + 1 || r.left < cell.left - 1;
            }).map(part => part.outerHTML.slice(0, 200))"""
        )
        assert cut == []
    finally:
        page.set_viewport_size(jupyter.VIEWPORT)


def test_axe_finds_no_serious_fault_in_an_exercise_of_each_kind(page):
    for number in ("00.1", "01.3", "02.5"):
        box(page, number).get_by_role("button", name="Check").click()
        expect(verdict(page, number)).to_be_visible()
    faults = []
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        jupyter.theme(page, theme)
        for fault in Axe().run(page, ".jp-OutputArea-output").response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                faults += [f"{theme}: {fault['id']}: {node['html'][:160]}" for node in fault["nodes"]]
    jupyter.theme(page, "JupyterLab Light")
    assert faults == []
