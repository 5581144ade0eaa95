"""What an exercise asks for is veiled in the lab until it is answered or given up; Run All Cells ends at the first."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import jupyter
from tests.browser.lab_page import do, run_cell
from tests.spoilers import SPOILERS

NOTEBOOK = "labs/02_symmetry.ipynb"


@pytest.fixture(scope="module")
def asking(chromium_path):
    """A server that shows no answers."""
    with jupyter.serve(BP_SHOW_ANSWERS="") as server:
        yield server


@pytest.fixture(scope="module")
def page(browser, asking):
    yield from opened(browser, asking)


def opened(browser, server):
    page = jupyter.open_notebook(browser.new_page(viewport=jupyter.VIEWPORT), server, NOTEBOOK)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_timeout(3000)
    jupyter.wait_until_idle(page)
    yield page
    page.close()


def canvas(page):
    return page.locator(".bp-stage canvas").first


def test_run_all_leaves_the_reader_at_the_first_exercise(page):
    first = page.locator(".bp-exercise").first
    expect(first).to_be_in_viewport(timeout=30_000)
    expect(first).to_contain_text("Exercise 02.1")


PLACED_LATE = """async source => {
    const { default: { render } } = await import(`data:text/javascript,${encodeURIComponent(source)}`);
    const cell = number => `<div class="jp-Cell" style="height:900px"><p class="jp-InputPrompt">[${number}]:</p></div>`;
    document.body.innerHTML = `<div class="jp-Notebook">${cell(1)}${cell(2)}</div>`;
    const [exercise, last] = document.querySelectorAll(".jp-Cell"), el = document.createElement("div");
    last.scrollIntoView();
    const stop = render({ model: { get: () => Date.now() }, el });
    const later = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
    await later(300); // longer than a quick computer takes
    exercise.append(el);
    for (let tries = 0; tries < 100 && scrollY > 20; tries += 1) await later(50);
    stop();
    return scrollY;
}"""


def test_an_exercise_is_found_that_is_put_into_its_cell_after_it_was_drawn(browser):
    page = browser.new_page(viewport=jupyter.VIEWPORT)
    source = (jupyter.ROOT / "labs/kit/exercises/return.js").read_text(encoding="utf-8")
    assert page.evaluate(PLACED_LATE, source) <= 20  # pixels scrolled; the second cell begins at 900
    page.close()


def test_e_is_veiled_until_the_exercises_about_it_are_answered_or_given_up(page):
    canvas(page).scroll_into_view_if_needed()
    expect(canvas(page)).to_have_attribute("aria-label", re.compile("exercise 02.1 asks for"))
    assert "8.27" not in canvas(page).get_attribute("aria-label")
    box = page.locator(".bp-exercise").first
    box.get_by_role("textbox").fill("8")
    box.get_by_role("button", name="Check").click()
    expect(canvas(page)).to_have_attribute("aria-label", re.compile(r"E 8\.27"))
    page.locator(".bp-exercise").nth(1).get_by_role("button", name="Show me").click()
    expect(page.locator(".bp-exercise").nth(1).get_by_role("alert")).to_contain_text("4. 8 · ½ · 1²")


SPOILING = {  # exercise: a lab at a moment at which it would give the answer away
    "02.3": "SymmetryLab(seed=4); lab.step(600)",
    "04.5": "FamilyTreesLab(seed=170); lab.step(1200)",
    "05.4": "IterativeLab('shift register', seed=7); lab.step(300)",
    "06.1": "LocalMinimaLab('symmetry', seed=4); lab.step(900)",
    "06.2": "LocalMinimaLab('symmetry', seed=4); lab.step(900)",
    "07.5": "Workbench.from_table('0 | 0\\n1 | 0\\n1 | 1\\n1 | 1'); lab.step(3000)",
}
REMEMBER_TEXTS = """() => {
    const Context = CanvasRenderingContext2D.prototype, { fillText, setTransform } = Context;
    Context.setTransform = function (...all) { this.canvas.drawn = []; return setTransform.apply(this, all); };
    Context.fillText = function (...all) { this.canvas.drawn?.push(all[0]); return fillText.apply(this, all); };
}"""
ALL_IT_SAYS = """canvas => [
    ...canvas.drawn, canvas.getAttribute('aria-label'), ...canvas.spots.map(spot => spot.about()),
    canvas.closest('.bp-lab').querySelector('.bp-learnt').innerText,
].join('\\n')"""


def test_a_canvas_gives_no_answer_before_the_exercise_is_settled(browser, asking):
    cells = [
        "import labs\nfrom labs.kit.exercises import exercise, show_answers",
        *(f"asked = exercise({number!r})\nlab = labs.{lab}\nlab" for number, lab in SPOILING.items()),
    ]
    with jupyter.new_page(browser) as page:
        page.add_init_script(f"({REMEMBER_TEXTS})()")
        jupyter.write_notebook(asking.root / "labs" / "spoiling.ipynb", *cells)
        jupyter.open_notebook(page, asking, "labs/spoiling.ipynb")
        do(page, cells[0])
        for k, number in enumerate(SPOILING, 1):
            run_cell(page, k)
            canvas = page.locator(".jp-Cell").nth(k).locator(".bp-lab canvas")
            page.wait_for_timeout(1500)  # what the kernel is asked for comes later
            spoilt = [pattern for pattern in SPOILERS[number][0] if re.search(pattern, canvas.evaluate(ALL_IT_SAYS))]
            assert spoilt == [], number
            do(page, "show_answers()")
            page.wait_for_timeout(1500)
            assert re.search("|".join(SPOILERS[number][0]), canvas.evaluate(ALL_IT_SAYS)), number
            do(page, "show_answers(False)")
        assert page.console_errors == []
