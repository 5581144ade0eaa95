"""Every lab for everybody: what axe-core finds, where Tab leads, what a phone shows, what is said aloud, what moves.

All are made one after the other in one page; the tests of each follow each other.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import jupyter
from tests.browser.gestures import Keyboard
from tests.browser.lab_page import canvas, data, do, run_cell, wait

LABS = (
    "EpsilonAlphaLab",
    "FamilyTreesLab",
    "IterativeLab",
    "LocalMinimaLab",
    "ProcedureLab",
    "SymmetryLab",
    "Workbench",
)
MAKE = "from labs import {name}\nlab = {name}()\nlab"
STEPS = {"ProcedureLab": "lab.next()"}
PHONE = {"width": 390, "height": 800}
CONTROLS = ":is(button, summary, input, select, textarea, canvas, .noUi-handle):not(:disabled)"
# What has the focus, as its place among the controls of the lab; -1 outside. And how wide and clear its ring is.
FOCUSED = """controls => {
    const lab = document.querySelector('.bp-lab'), here = document.activeElement;
    const all = [...lab.querySelectorAll(controls)].filter(e => e.checkVisibility() && e.tabIndex >= 0);
    const { outlineWidth, outlineStyle, outlineColor } = getComputedStyle(here);
    const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
    return [all.indexOf(here), all.length, seen, here.outerHTML.slice(0, 160), outlineColor];
}"""
# Controls that are less than 24 pixels, and parts that are cut off or make the page scroll sideways.
TOO_SMALL = """controls => [...document.querySelectorAll(`.bp-lab ${controls}`)]
    .filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.width < 23.5 || r.height < 23.5); })
    .map(e => e.outerHTML.slice(0, 160))"""
CUT_OFF = """() => [document.documentElement, ...document.querySelectorAll(
        '.jp-WindowedPanel-outer, .jp-OutputArea-output, .bp-lab, .bp-lab *:not(.bp-tip, .bp-voice, i, input)')]
    .filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible')
    .map(e => e.className || e.tagName)"""
# Texts of one painting that begin or end outside the canvas.
CUT_TEXTS = """() => new Promise(done => {
    const Context = CanvasRenderingContext2D.prototype, {fillText, setTransform} = Context;
    let texts = new Map();
    Context.setTransform = function (...all) { texts = new Map(); return setTransform.apply(this, all); };
    Context.fillText = function (text, x, y) {
        const wide = this.measureText(text).width, {a, e, f, d} = this.getTransform();
        const left = x - {left: 0, center: wide / 2, right: wide}[this.textAlign], k = devicePixelRatio;
        const [from, to] = [left, left + wide].map(v => (a * v + e) / k);
        texts.set(text, from >= -1 && to <= this.canvas.clientWidth + 1 && (d * y + f) / k <= this.canvas.clientHeight);
        return fillText.call(this, text, x, y);
    };
    const canvas = document.querySelector('.bp-lab canvas');
    const press = key => canvas.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
    ['ArrowRight', 'Escape'].forEach(press); // then it is painted anew
    setTimeout(() => {
        Object.assign(Context, {fillText, setTransform});
        done([texts.size, [...texts].filter(([, fits]) => !fits).map(([text]) => text)]);
    }, 200);
})"""


@pytest.fixture(scope="module")
def page(in_notebook):
    return in_notebook("", run=False)


def make(page, name):
    """Make a lab in the place of the one before."""
    page.evaluate(
        "source => window.jupyterapp.shell.currentWidget.content.widgets[0].model.sharedModel.setSource(source)",
        MAKE.format(name=name),
    )
    run_cell(page, 0)


@pytest.fixture(scope="module", params=LABS)
def opened(request, page):
    """The page with one lab after some sweeps."""
    make(page, request.param)
    do(page, STEPS.get(request.param, "lab.step(20)"))
    yield page
    assert page.console_errors == []


def test_axe_finds_no_serious_fault(opened):
    faults = []
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        jupyter.theme(opened, theme)
        found = Axe().run(opened, ".jp-OutputArea-output")
        for fault in found.response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                faults += [f"{theme}: {fault['id']}: {node['html'][:160]}" for node in fault["nodes"]]
    assert faults == []


def test_tab_leads_to_every_control_and_one_sees_where_it_is(opened):
    jupyter.execute(opened, "notebook:enter-command-mode")
    reached, blind = [], []
    for _ in range(100):
        opened.keyboard.press("Tab")
        at, of, seen, what, _colour = opened.evaluate(FOCUSED, CONTROLS)
        if at >= 0:
            reached.append(at)
            if not seen:
                blind.append(what)
        elif reached:
            break
    assert reached == list(range(of)), "in the order of the page, and the next Tab leaves the lab"
    assert blind == []


def test_keys_pressed_on_a_control_are_no_commands_to_the_notebook(opened):
    cells = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
    jupyter.execute(opened, "notebook:enter-command-mode")
    while opened.evaluate(FOCUSED, CONTROLS)[0] < 0:
        opened.keyboard.press("Tab")
    for key in ("a", "b", "d", "d", "x"):
        opened.keyboard.press(key)
    assert opened.evaluate(cells) == 1
    assert opened.evaluate(FOCUSED, CONTROLS)[0] == 0


def test_a_phone_shows_all_of_it_and_a_finger_finds_every_control(opened):
    opened.set_viewport_size(PHONE)
    try:
        opened.wait_for_timeout(300)
        canvas(opened).scroll_into_view_if_needed()  # else it is not painted
        opened.wait_for_function("() => document.querySelector('.bp-lab canvas').clientWidth < 390")
        assert opened.evaluate(CUT_OFF) == []
        assert opened.evaluate(TOO_SMALL, CONTROLS) == []
        texts, cut = opened.evaluate(CUT_TEXTS)
        assert texts > 10
        assert cut == []
    finally:
        opened.set_viewport_size(jupyter.VIEWPORT)


# --- said and moved -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trees(page):
    """The family trees, for who hears the page or is made dizzy by what moves."""
    make(page, "FamilyTreesLab")
    wait(page, "d.sweep === '0'")
    return page


def test_the_canvas_says_what_it_shows_once_a_second_at_most(trees):
    label = "canvas => { const begun = performance.now(); let said = 0; "
    label += "window.said = () => [said, (performance.now() - begun) / 1000]; "
    label += "new MutationObserver(all => { said += all.length; }).observe("
    label += "canvas, {attributes: true, attributeFilter: ['aria-label']}); }"
    keys, voice = Keyboard(), trees.locator(".bp-voice").first
    expect(canvas(trees)).to_have_accessible_name(re.compile(r"^Family trees at sweep 0, E \d+\.\d+, paused\. "))
    canvas(trees).evaluate(label)
    keys.press(trees, "Play")
    began = wait(trees, "d.playing === 'true'")
    expect(voice).to_have_text("Learning.")
    wait(trees, f"d.painted > {began['painted']} + 60")
    said, seconds = trees.evaluate("() => window.said()")
    assert said <= seconds + 2, "one more when it begins to learn"
    expect(canvas(trees)).to_have_accessible_name(re.compile(r"^Family trees at sweep [\d,]+, E \d+\.\d+, learning\. "))
    keys.press(trees, "Pause")
    stopped = wait(trees, "d.playing === 'false'")
    sweep = f"{int(stopped['sweep']):,}"
    expect(voice).to_have_text(re.compile(rf"^Paused at sweep {sweep}, E \d+\.\d+\. \d+ of 100 trained facts right"))
    expect(canvas(trees)).to_have_accessible_name(re.compile(rf"at sweep {sweep}, E .* It is asked Colin has-aunt"))


def test_what_the_keys_are_on_is_said(trees):
    Keyboard().go(trees, "Sophia: ")
    tip = trees.locator(".bp-tip").first.text_content()
    expect(trees.locator(".bp-voice").first).to_have_text(tip)
    expect(canvas(trees)).to_have_accessible_name(re.compile(re.escape(f"The keys are on {tip}.")))


def frames_of_a_question(page, person):
    """Frames that are painted from a question on, until all is still."""
    before = int(data(page)["painted"])
    do(page, f"lab.ask({person!r}, 'mother')")
    wait(page, f"d.question === '{person} has-mother'")
    page.wait_for_timeout(800)
    return int(data(page)["painted"]) - before


def test_nothing_moves_for_who_wants_less_motion_but_learning_goes_on(trees):
    canvas(trees).press("Escape")
    moving = frames_of_a_question(trees, "Sophia")
    trees.emulate_media(reduced_motion="reduce")
    try:
        still = frames_of_a_question(trees, "Colin")
        assert still <= 3 < moving
        before = data(trees)
        Keyboard().press(trees, "Play")
        wait(trees, f"d.sweep > {before['sweep']} && d.painted > {before['painted']} + 3")
        Keyboard().press(trees, "Pause")
        wait(trees, "d.playing === 'false'")
    finally:
        trees.emulate_media(reduced_motion="no-preference")
