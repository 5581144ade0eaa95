"""The symmetry lab in the real JupyterLab: by mouse, by keyboard, from Python, in both themes, on narrow pages.

One page is shared; every test begins with the lab reset. The canvas says in data attributes what it shows.
"""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

import bpcore as bp
from labs.kit.bundle import bundle
from labs.kit.scene import scene_of
from tests.browser import jupyter
from tests.browser.lab_page import (
    ask,
    canvas,
    click_on,
    data,
    do,
    drag,
    field,
    message,
    pixels,
    press,
    run_cell,
    slider,
    to_spot,
    unfold,
    until,
    wait,
)

IN_PAGE = jupyter.ROOT / "tests/browser/stage_in_page.js"
MAKE = "from labs import SymmetryLab\nlab = SymmetryLab(seed=10)\nlab"
MAKING, SHOWING = 0, 1  # cells of the notebook
CONTROLS = {  # name: value, as the lab begins
    "ε learning rate": "0.1",
    "α momentum": "0.9",
    "sweeps a second": "300",
    "hidden units": "2",
    "inputs": "6",
    "start range ±": "0.3",
    "start number (seed)": "10",
}
CHOICES = ["steer", "rerun", "random", "at 0"]
BUTTONS = ["▶ Play", "One sweep", "Until solved", "Restart", "Keep", "A+"]
FOLDED = ["New start", "As in the paper"]


@pytest.fixture(scope="module")
def opened(in_notebook):
    return in_notebook(MAKE, "lab")


@pytest.fixture
def page(opened, begin):
    """The page, with the lab at sweep 0 and the paper's values."""
    start = "lab.pause(); lab.speed = 300; lab.instant = False; lab.as_in_the_paper(); lab.set_seed(10)"
    return begin(opened, start, "d.sweep === '0' && d.playing === 'false' && d.epsilon === '0.1'")


# --- learning and steering ------------------------------------------------------------------------------------------


def test_epsilon_moved_by_keyboard_acts_while_it_learns(page):
    press(page, "Play")
    wait(page, "d.sweep > 20 && d.playing === 'true'")
    slider(page, "ε").press("ArrowRight")
    after = wait(page, "d.epsilon > 0.1")
    assert float(after["epsilon"]) == pytest.approx(0.1 * 10**0.01, rel=0.01)
    assert field(page, "ε").input_value() == after["epsilon"]
    wait(page, f"d.sweep > {after['sweep']} + 20")
    press(page, "Pause")
    stopped = wait(page, "d.playing === 'false'")
    phases = ask(page, "[(phase.start, phase.epsilon, phase.alpha) for phase in lab.run.recipe.phases]")
    (start, *_), (moved, epsilon, alpha) = phases
    assert (start, epsilon, alpha) == (0, float(after["epsilon"]), 0.9)
    assert 20 < moved <= int(after["sweep"])
    assert ask(page, "lab.marks") == [[moved, f"ε {epsilon:g}"]]
    assert ask(page, "(lab.playing, lab.run.sweeps)") == (False, int(stopped["sweep"]))


def test_alpha_and_epsilon_moved_by_mouse_act_while_it_learns(page):
    press(page, "Play")
    wait(page, "d.sweep > 10")
    drag(page, slider(page, "ε"), 30)  # of 200 pixels for 3.5 powers of ten
    epsilon = float(wait(page, "d.epsilon > 0.3")["epsilon"])
    drag(page, slider(page, "α"), -50)  # of 200 for 1
    alpha = float(wait(page, "d.alpha < 0.7")["alpha"])
    for name, value in (("ε", epsilon), ("α", alpha)):
        expect(field(page, name)).to_have_value(f"{value:g}")
        expect(slider(page, name)).to_have_attribute("aria-valuetext", f"{value:g}")
    wait(page, f"d.playing === 'true' && d.sweep > {data(page)['sweep']}")
    assert ask(page, "(lab.epsilon, lab.alpha)") == (epsilon, alpha)
    assert ask(page, "lab.run.recipe.phases[-1].start") > 10
    replayed = "__import__('bpcore').train(lab.run.task, lab.seed, lab.run.sweeps, recipe=lab.run.recipe)"
    do(page, "lab.pause()")
    assert ask(page, f"bool(({replayed}.E == lab.run.E).all())"), "a run steered by hand can be replayed exactly"


def test_the_buttons(page, hands):
    start = ask(page, "lab.run.state.w[0].tolist()")
    hands.press(page, "One sweep")
    wait(page, "d.sweep === '1'")
    do(page, "lab.speed = 20_000")
    hands.press(page, "Until solved")
    solved = wait(page, "d.sweep > 1000 && d.playing === 'false'")
    assert ask(page, "int(lab.run.solved_at[0])") == 1287
    assert solved["sweep"] == "1287"
    words = page.locator(".bp-words").first
    expect(words).to_contain_text("64 of 64 right, first at sweep 1,287")
    expect(words.locator("li.bp-yes").first).to_have_attribute("data-mark", "✓")
    hands.press(page, "Restart")
    wait(page, "d.sweep === '0'")
    assert ask(page, "lab.run.state.w[0].tolist()") == start
    hands.press(page, "New start")
    expect(field(page, "seed")).to_have_value("11")
    assert ask(page, "lab.seed") == 11
    assert ask(page, "lab.run.state.w[0].tolist()") != start
    hands.move(slider(page, "α"), -5)
    hands.enter(field(page, "hidden"), "5")
    expect(page.locator(".bp-name").first).to_contain_text("6–5–1")
    hands.press(page, "at 0")
    expect(page.get_by_role("button", name="at 0").first).to_have_attribute("aria-pressed", "true")
    until(page, "lab.biases == 'zero'")
    hands.press(page, "As in the paper")
    expect(field(page, "hidden")).to_have_value("2")
    expect(field(page, "α")).to_have_value("0.9")
    expect(page.get_by_role("button", name="random").first).to_have_attribute("aria-pressed", "true")


def test_another_number_of_hidden_units_while_it_learns(page):
    do(page, "lab.play()")
    for hidden in (3, 4, 5, 6, 7, 8, 1):
        handle = slider(page, "hidden units")
        handle.press("Home" if hidden == 1 else "ArrowRight")
        expect(page.locator(".bp-name").first).to_contain_text(f"6–{hidden}–1")
        wait(page, "d.playing === 'true' && d.sweep > 5")
        assert ask(page, "lab.hidden") == hidden


@pytest.mark.parametrize(
    ("name", "typed", "becomes"),
    [
        ("ε", "99", "3"),
        ("ε", "0.0000001", "0.001"),
        ("α", "-4", "0"),
        ("hidden", "12", "8"),
        ("ε", "0.123456", "0.123"),
    ],
)
def test_a_number_that_is_typed_is_taken_or_brought_into_range_visibly(page, name, typed, becomes):
    field(page, name).fill(typed)
    field(page, name).press("Enter")
    expect(field(page, name)).to_have_value(becomes)
    setting = {"ε": "epsilon", "α": "alpha", "hidden": "hidden"}[name]
    until(page, f"lab.{setting} == {float(becomes)}")


@pytest.mark.parametrize("typed", ["", "e", "-"])
def test_what_is_no_number_is_not_taken(page, typed):
    epsilon = field(page, "ε")
    epsilon.click()
    epsilon.press("Control+a")
    epsilon.press("Delete")
    page.keyboard.type(typed)
    epsilon.press("Enter")
    field(page, "α").focus()
    expect(epsilon).to_have_value("0.1")
    assert ask(page, "lab.epsilon") == 0.1


def test_nothing_moves_when_numbers_change(page):
    places = """() => ['.bp-head', '.bp-controls', '.bp-view', '.bp-learnt', '.bp-scale', '.bp-head button', '.bp-lab']
        .map(part => { const r = document.querySelector(part).getBoundingClientRect(); return [r.x, r.y, r.width]; })"""
    whole = "() => document.querySelector('.bp-lab').getBoundingClientRect().height"
    before, height = page.evaluate(places), page.evaluate(whole)
    for sweeps in (1, 9, 400, 700, 400):
        do(page, f"lab.step({sweeps})")
        wait(page, f"d.sweep === '{ask(page, 'lab.run.sweeps')}'")
        assert page.evaluate(places) == before
        assert page.evaluate(whole) == height
    do(page, "lab.play()")
    wait(page, "d.playing === 'true'")
    assert page.evaluate(places) == before


def test_a_lab_in_a_hidden_tab_rests_and_goes_on_when_it_is_seen_again(page):
    hide = """hidden => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    press(page, "Play")
    wait(page, "d.playing === 'true' && d.sweep > 20")
    page.evaluate(hide, True)
    page.wait_for_timeout(300)
    resting = ask(page, "lab.run.sweeps")
    page.wait_for_timeout(400)
    assert ask(page, "lab.run.sweeps") == resting
    page.evaluate(hide, False)
    wait(page, f"d.sweep > {resting} + 20 && d.playing === 'true'")


# --- looking back ---------------------------------------------------------------------------------------------------


def test_scrubbing_moves_all_views_while_it_learns_on(page):
    do(page, "lab.step(1300)")
    wait(page, "d.sweep === '1300'")
    end, words = pixels(page), page.locator(".bp-words").first.inner_text()
    do(page, "lab.speed = 60; lab.play()")  # so slow that the time axis stays as long as it is
    time = page.locator(".bp-time").first
    time.focus()
    time.press("Home")
    first = wait(page, "d.shown === '0'")
    for _ in range(3):
        time.press("ArrowRight")
    wait(page, "d.shown === '3' && d.sweep > 1300")
    assert re.fullmatch(r"sweep 3 of \d,\d\d\d", time.get_attribute("aria-valuetext"))
    now = wait(page, f"d.sweep > {first['sweep']} + 20 && d.shown === '3'")
    assert float(now["error"]) == pytest.approx(ask(page, "float(lab.run.E[3, 0])"), rel=1e-5)
    assert pixels(page) != end
    said = page.locator(".bp-words").first
    assert said.inner_text() != words
    expect(said).to_have_attribute("data-note", re.compile(r"Looking back at sweep 3 of \d,\d\d\d"))
    box = time.bounding_box()
    here = {"x": box["x"] + 8, "y": box["y"], "width": 0, "height": box["height"]}
    drag(page, here, (box["width"] - 16) / 2)
    middle = wait(page, "d.shown > 300")
    assert int(middle["shown"]) < int(middle["sweep"])
    at = ask(page, f"(lambda s: [list(p) for p in lab.words([s], [lab.run.at(s).w[0]])[0]])({middle['shown']})")
    shown = [text.replace("\u00a0", " ") for text in said.locator("li").all_inner_texts()]
    assert shown == [sentence for _, sentence, *_ in at]
    time.press("End")
    follow = wait(page, "d.shown === d.sweep")
    wait(page, f"d.shown === d.sweep && d.sweep > {follow['sweep']}")


def test_a_restart_ends_looking_back(page):
    do(page, "lab.step(50)")
    wait(page, "d.sweep === '50'")
    page.locator(".bp-time").first.press("Home")
    wait(page, "d.shown === '0'")
    do(page, "lab.reset(); lab.step(5)")
    wait(page, "d.sweep === '5' && d.shown === '5'")


def test_play_ends_looking_back(page):
    do(page, "lab.step(50)")
    wait(page, "d.sweep === '50'")
    page.locator(".bp-time").first.press("Home")
    wait(page, "d.shown === '0'")
    page.get_by_role("button", name="Play").first.click()
    wait(page, "d.sweep > 60 && d.shown === d.sweep")


def test_the_error_on_a_logarithmic_scale(page, hands):
    do(page, "lab.step(1400)")
    wait(page, "d.sweep === '1400'")
    linear = pixels(page)
    log = page.get_by_role("button", name="log", exact=True).first
    hands.push(log)
    expect(log).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("was => document.querySelector('.bp-lab canvas').toDataURL() !== was", arg=linear)
    hands.push(log)
    expect(log).to_have_attribute("aria-pressed", "false")
    page.mouse.move(5, 5)
    page.wait_for_function("was => document.querySelector('.bp-lab canvas').toDataURL() === was", arg=linear)


# --- numbers --------------------------------------------------------------------------------------------------------


def number(text):
    return float(text.replace("−", "-"))


def test_weights_and_cases_tell_their_numbers(page):
    do(page, "lab.step(700); lab.epsilon = 0.2; lab.step(600)")
    wait(page, "d.sweep === '1300'")
    page.mouse.move(5, 5)
    nothing_lit = pixels(page)
    w = ask(page, "lab.run.state.w[0].tolist()")
    gradient = "__import__('bpcore').gradient(lab.run.task.network, lab.run.state.w, lab.run.task.cases)[0].tolist()"
    dE_dw = ask(page, gradient)
    outputs = ask(page, "lab.run.task.cases.names, __import__('bpcore').forward(lab.run.task.network, lab.run.state.w, "
                        "lab.run.task.cases.inputs)['output'][0, 0].tolist()")  # fmt: skip
    names = ask(page, "lab.view.stage.scene['weight_names']")
    for name in ("h1 ← input 3", "bias of h2", "output ← h1"):
        tip = to_spot(page, name)
        w_told, dE_dw_told = re.fullmatch(f"{name}: w = (.*), ∂E/∂w = (.*)", tip).groups()
        k = names.index(name)
        wait(page, f"d.lit === 'w{k}'")
        assert number(w_told) == pytest.approx(w[k], abs=6e-4)
        assert number(dE_dw_told) == pytest.approx(dE_dw[k], abs=1e-4)
    box = page.locator(".bp-tip").first.bounding_box()  # it stands above the spot
    canvas(page).press("Escape")
    expect(page.locator(".bp-tip").first).to_be_hidden()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] + 10)
    wait(page, f"d.lit === 'w{k}'")
    assert page.locator(".bp-tip").first.inner_text() == tip
    page.mouse.move(5, 5)
    case = outputs[0].index("010010")
    tip = to_spot(page, "010010")
    wait(page, f"d.lit === 'c{case}'")
    told = re.fullmatch(r"010010: output (.*), should be 1(, wrong)?", tip)
    assert number(told[1]) == pytest.approx(outputs[1][case], abs=6e-3)
    canvas(page).press("Enter")  # keeps the case
    canvas(page).press("Escape")
    wait(page, "d.lit === ''")
    assert pixels(page) != nothing_lit


UNITS = (bp.logistic, bp.tanh, bp.linear, bp.softplus)


def random_task(seed):
    """A layered network of any unit functions, with skips, several inputs and outputs, and random cases."""
    draw = np.random.default_rng(seed)
    unit = lambda: UNITS[draw.integers(len(UNITS))]  # noqa: E731
    names = ["in a", "in b", "low", "middle", "top", "out"][int(draw.integers(2)) :]
    groups = [bp.Group(name, int(draw.integers(1, 5)), unit()) for name in names]
    inputs = [name for name in names if name.startswith("in")]
    hidden = [name for name in names if name not in inputs]
    links = {(below, above) for below, above in zip([inputs[-1], *hidden], hidden, strict=False)}
    links |= {(name, "low") for name in inputs}
    links |= {(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if b not in inputs and draw.random() < 0.4}
    order = sorted(links, key=lambda ends: (names.index(ends[1]), names.index(ends[0])))
    biased = [bp.Link(bp.ONE, name) for name in hidden]
    network = bp.Network(groups=groups, links=[*(bp.Link(a, b) for a, b in order), *biased])
    size = {group.name: group.size for group in groups}
    cases = int(draw.integers(1, 6))
    desired = ["out", "top"][: int(draw.integers(1, 3))]
    tables = [{name: draw.uniform(-1, 1, (cases, size[name])) for name in table} for table in (inputs, desired)]
    task = bp.Task("random", network, bp.Cases(*tables), bp.Recipe())
    return task, draw.normal(size=network.n_weights)


def test_the_two_passes_of_the_page_are_those_of_the_engine(page):
    blank = page.context.new_page()
    blank.add_script_tag(content=bundle(IN_PAGE), type="module")
    blank.wait_for_function("() => window.Net")
    units = set()
    for seed in range(25):
        task, w = random_task(seed)
        scene = scene_of(task, "none", "random")
        outputs, dE_dw = blank.evaluate(
            """([scene, w]) => {
                const net = new Net(scene), states = net.forward(w), y = {};
                for (const {name} of scene.groups) y[name] = states.y[name].map(row => [...row]);
                return [y, [...net.gradient(w)]];
            }""",
            [scene, w.tolist()],
        )
        for name, rows in bp.forward(task.network, w, task.cases.inputs).items():
            np.testing.assert_allclose(outputs[name], rows[0], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(dE_dw, bp.gradient(task.network, w, task.cases)[0], rtol=1e-9, atol=1e-11)
        units |= {
            group["unit"]
            for group in scene["groups"]
            if any(link["target"] == group["name"] for link in scene["links"])
        }
    blank.close()
    assert units == {unit.name for unit in UNITS}


# --- views, cells, kernels ------------------------------------------------------------------------------------------


def test_two_views_of_one_lab(page):
    run_cell(page, SHOWING)
    do(page, "lab.step(30); lab.play()")
    wait(page, "d.sweep > 60", view=1)
    canvas(page, 0).scroll_into_view_if_needed()
    wait(page, "d.sweep > 60")
    page.locator(".bp-time").first.press("Home")
    wait(page, "d.shown === '0'")
    canvas(page, 1).scroll_into_view_if_needed()
    there = wait(page, "d.shown === d.sweep && d.sweep > 100", view=1)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.clearExecution()")
    expect(page.locator(".bp-lab canvas")).to_have_count(1)
    canvas(page).scroll_into_view_if_needed()
    wait(page, f"d.shown === '0' && d.sweep > {there['sweep']} + 30")


def test_a_view_of_the_output_beside_the_notebook(page):
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    jupyter.execute(page, "notebook:create-output-view")
    expect(page.locator(".bp-lab canvas")).to_have_count(2)
    notebook = "() => [...window.jupyterapp.shell.widgets('main')].find(widget => widget.content?.model?.cells)"
    page.evaluate(f"() => window.jupyterapp.shell.activateById(({notebook})().id)")
    page.wait_for_function("() => window.jupyterapp.shell.currentWidget?.sessionContext")
    do(page, "lab.play()")
    both = [wait(page, "d.sweep > 30", view=view) for view in (0, 1)]
    assert all(int(one["painted"]) > 1 for one in both)
    page.evaluate(
        """() => [...window.jupyterapp.shell.widgets('main')]
            .find(widget => !widget.content?.model?.cells && widget.node.querySelector('.bp-lab')).close()"""
    )
    expect(page.locator(".bp-lab canvas")).to_have_count(1)
    wait(page, f"d.sweep > {both[0]['sweep']} + 30")


def test_a_cleared_output_is_all_there_again(page):
    do(page, "lab.step(200); lab.epsilon = 0.3; lab.play()")
    wait(page, "d.sweep > 220")
    page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets[0].model.clearExecution()")
    expect(page.locator(".bp-lab")).to_have_count(0)
    before = ask(page, "lab.run.sweeps")
    run_cell(page, SHOWING)
    after = wait(page, f"d.playing === 'true' && d.sweep > {before} + 20")
    assert after["epsilon"] == "0.3"
    assert field(page, "ε").input_value() == "0.3"
    time = page.locator(".bp-time").first
    time.press("Home")
    wait(page, "d.shown === '0'")
    assert float(data(page)["error"]) == pytest.approx(ask(page, "float(lab.run.E[0, 0])"), rel=1e-5)
    page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets[1].model.clearExecution()")
    run_cell(page, MAKING)


def test_a_cell_that_is_run_again_stops_the_clock_it_started(page):
    do(page, "old = lab; lab.play()")
    wait(page, "d.sweep > 5")
    run_cell(page, MAKING)
    assert ask(page, "(lab is old, old.playing, lab.playing)") == (False, False, False)
    stopped = ask(page, "old.run.sweeps")
    do(page, "lab.play()")
    wait(page, "d.sweep > 20")
    assert ask(page, "old.run.sweeps") == stopped


def test_what_fails_while_it_learns_is_said_on_the_screen(page):
    do(page, "def broken(*_): raise ArithmeticError('the abacus is broken')")
    do(page, "lab.words = broken; lab.play()")
    expect(message(page)).to_have_text("Learning stopped: the abacus is broken")
    expect(page.locator(".bp-head").first).to_contain_text("▶ Play")
    do(page, "del lab.words; lab.reset(); lab.play()")
    wait(page, "d.sweep > 5 && d.playing === 'true'")
    expect(message(page)).to_have_text("")


def test_a_kernel_that_restarts_in_mid_run(page):
    do(page, "lab.play()")
    wait(page, "d.sweep > 100")
    jupyter.restart(page)
    expect(message(page)).to_contain_text("The kernel has stopped or was restarted.")
    expect(message(page)).to_contain_text("Run the cell again to go on.")
    page.locator(".bp-time").first.press("Home")
    wait(page, "d.shown === '0' && d.sweep > 100")
    page.locator(".bp-time").first.press("End")
    wait(page, "d.shown === d.sweep")
    for part in (".bp-head", ".bp-controls"):  # they would do nothing
        expect(page.locator(part).first).to_have_attribute("inert", "")
    jupyter.wait_until_idle(page)
    run_cell(page, MAKING)
    wait(page, "d.sweep === '0'")
    expect(message(page)).to_have_text("")


# --- everyone -------------------------------------------------------------------------------------------------------

TOO_WIDE = """() => {
    const outside = element => {
        const r = element.getBoundingClientRect();
        return r.width && (r.left < -0.5 || r.right > innerWidth + 0.5);
    };
    const scrolls = element => element && element.scrollWidth > element.clientWidth;
    const lab = document.querySelector('.bp-lab'), found = [];
    if (scrolls(document.documentElement)) found.push('the page scrolls');
    for (const part of ['.jp-WindowedPanel-outer', '.jp-OutputArea-output:has(.bp-lab)']) {
        if (scrolls(document.querySelector(part))) found.push(part);
    }
    for (const element of [lab, ...lab.querySelectorAll('*')]) {
        const cut = element.scrollWidth > element.clientWidth + 1 && element.clientWidth &&
            !element.matches('.bp-tip, .bp-voice, i, input') && getComputedStyle(element).overflowX !== 'visible';
        if (cut || (outside(element) && !element.closest('.bp-mark'))) found.push(element.className || element.tagName);
    }
    return found;
}"""
OVERLAPS = """() => {
    const parts = ['.bp-name', '.bp-head button', '.bp-control', '.bp-choice', '.bp-note', '.bp-view', '.bp-learnt'];
    const all = parts.flatMap(part => [...document.querySelector('.bp-lab').querySelectorAll(part)]);
    const boxes = all.map(part => [part.className, part.getBoundingClientRect(), part]), found = [];
    boxes.forEach(([a, p, one], k) => boxes.slice(k + 1).forEach(([b, q, other]) => {
        if (one.closest('.bp-steer') && other.matches('.bp-view')) return; // in the room the canvas leaves: BAD_TEXTS
        const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
        const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
        if (wide > 1 && high > 1) found.push([a, b]);
    }));
    return found;
}"""
# Texts of one painting that leave the canvas, or lie on each other or below a control.
BAD_TEXTS = """() => new Promise(done => {
    const Context = CanvasRenderingContext2D.prototype, {fillText, setTransform} = Context;
    let texts = [];
    Context.setTransform = function (...all) { texts = []; return setTransform.apply(this, all); };
    Context.fillText = function (text, x, y) {
        const m = this.measureText(text);
        const left = x - {left: 0, center: m.width / 2, right: m.width}[this.textAlign];
        const r = {text, left, right: left + m.width};
        Object.assign(r, {top: y - m.actualBoundingBoxAscent, bottom: y + m.actualBoundingBoxDescent});
        const {clientWidth, clientHeight} = this.canvas;
        texts.push({...r, out: left < -1 || r.right > clientWidth + 1 || r.top < -1 || r.bottom > clientHeight + 1});
        return fillText.call(this, text, x, y);
    };
    const canvas = document.querySelector('.bp-lab canvas');
    canvas.focus(); // then the keys paint it anew
    canvas.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
    canvas.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}));
    requestAnimationFrame(() => requestAnimationFrame(() => {
        Object.assign(Context, {fillText, setTransform});
        const bad = texts.filter(t => t.out).map(t => t.text), corner = canvas.getBoundingClientRect();
        for (const control of document.querySelector('.bp-lab').querySelectorAll('.bp-control')) {
            const c = control.getBoundingClientRect();
            const covers = t => t.left + corner.left < c.right && t.right + corner.left > c.left
                && t.top + corner.top < c.bottom && t.bottom + corner.top > c.top;
            bad.push(...texts.filter(covers).map(t => `${t.text} below a control`));
        }
        texts.forEach((a, k) => texts.slice(k + 1).forEach(b => {
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide > 1 && high > 1) bad.push(`${a.text} on ${b.text}`);
        }));
        done([texts.length, bad]);
    }));
})"""


def to_its_top(page):
    """Scroll to the beginning of the lab: further down its head sticks on a phone."""
    page.locator(".bp-lab").first.evaluate("lab => lab.scrollIntoView({ block: 'start' })")


def looks_right(page):
    assert page.evaluate(TOO_WIDE) == []
    to_its_top(page)
    assert page.evaluate(OVERLAPS) == []
    n, bad = page.evaluate(BAD_TEXTS)
    assert n > 30
    assert bad == []


def test_every_number_of_hidden_units_fits_in_both_themes(page):
    pictures = set()
    for theme in ("JupyterLab Light", "JupyterLab Dark", "JupyterLab Light"):
        jupyter.theme(page, theme)
        dark = "Dark" in theme
        page.wait_for_function(
            "accent => getComputedStyle(document.querySelector('.bp-lab')).getPropertyValue('--bp-accent') === accent",
            arg="#7db3ec" if dark else "#2563a8",
        )
        for hidden in (2, 8) if dark else range(1, 9):
            do(page, f"lab.set(hidden={hidden}, epsilon=0.1, alpha=0.9); lab.step(40)")
            do(page, "lab.set(epsilon=1, alpha=0.99); lab.step(200)")
            expect(page.locator(".bp-name").first).to_contain_text(f"6–{hidden}–1")
            wait(page, "d.sweep === '240'")
            looks_right(page)
        pictures.add(pixels(page))
    assert len(pictures) >= 2


@pytest.mark.parametrize(("width", "sidebar"), [(1280, True), (1024, False), (800, False), (390, False)])
def test_narrow_pages(page, width, sidebar):
    try:
        page.set_viewport_size({"width": width, "height": 800})
        if sidebar:
            jupyter.execute(page, "application:toggle-left-area")
            page.locator(".jp-FileBrowser").wait_for()
        do(page, "lab.step(100)")
        canvas(page).scroll_into_view_if_needed()
        wait(page, "d.sweep === '100'")
        page.wait_for_function(
            "() => ['canvas', '.bp-view'].map(part => document.querySelector(`.bp-lab ${part}`).clientWidth)"
            ".reduce((a, b) => a === b)"
        )
        looks_right(page)
        to_its_top(page)
        parts = (".bp-head", ".bp-main", ".bp-time", ".bp-steer", ".bp-view", ".bp-rest")
        tops, ends = places_of(page, parts)
        stacked = tops[".bp-rest"] >= ends[".bp-view"]
        assert stacked == (width == 390)
        if stacked:  # the buttons and the curve, the main sliders in the room that the canvas leaves, the rest
            assert ends[".bp-head"] <= tops[".bp-view"]
            assert ends[".bp-time"] + 20 <= tops[".bp-steer"]
            assert ends[".bp-time"] - tops[".bp-main"] < 600
            below = canvas(page).evaluate("canvas => Math.min(...canvas.spots.map(spot => spot.y))")
            assert ends[".bp-steer"] <= tops[".bp-view"] + below
    finally:
        page.set_viewport_size(jupyter.VIEWPORT)
        if sidebar:
            jupyter.execute(page, "application:toggle-left-area")


def places_of(page, parts):
    """Upper and lower ends of parts of the lab, two dicts."""
    boxes = {part: page.locator(f".bp-lab {part}").first.bounding_box() for part in parts}
    return [{part: box["y"] + share * box["height"] for part, box in boxes.items()} for share in (0, 1)]


def test_every_control_has_a_name_and_a_value(page):
    unfold(page)
    snapshot = page.locator(".bp-lab").first.aria_snapshot()
    lines = [line.strip() for line in snapshot.splitlines()]
    for name, value in CONTROLS.items():
        assert any(line.startswith(f'- spinbutton "{name}"') and line.endswith(f'"{value}"') for line in lines), (
            snapshot
        )
        assert any(line.startswith(f'- slider "{name}"') for line in lines), snapshot
        handle = slider(page, name)
        assert handle.get_attribute("aria-valuetext") == value
        expect(handle).to_have_accessible_name(name)
    for name in [*BUTTONS, *FOLDED, *CHOICES, "log"]:
        assert any(line.startswith(f'- button "{name}"') for line in lines), (name, snapshot)
    assert any(line.startswith('- slider "sweep shown"') for line in lines)
    assert page.locator(".bp-time").first.get_attribute("aria-valuetext") == "sweep 0 of 0"
    expect(canvas(page)).to_have_accessible_name(re.compile(r"Symmetry at sweep 0, E 8\.\d+, paused\. Mirror weights"))
    roles = "button|slider|spinbutton|textbox|img|application"
    nameless = [line for line in lines if re.match(rf"- ({roles})(:| \[|$)", line)]
    assert nameless == []
    slider(page, "ε").press("ArrowRight")
    expect(slider(page, "ε")).to_have_attribute("aria-valuetext", "0.102")


def test_what_begins_a_new_run_is_folded(page):
    fold = page.locator(".bp-lab .bp-fold details").first
    fold.evaluate("fold => { fold.open = false; }")
    expect(page.get_by_role("slider", name="hidden units").first).not_to_be_visible()
    fold.locator("summary").press("Enter")
    expect(page.get_by_role("slider", name="hidden units").first).to_be_visible()


def test_larger_type_can_be_pointed_at_all_the_same(page):
    larger = page.locator(".bp-lab").first.get_by_role("button", name="A+")
    larger.click()
    expect(page.locator(".bp-lab").first).to_have_class(re.compile("bp-large"))
    click_on(page, "101101: ")
    assert "The case shown is 101101" in canvas(page).get_attribute("aria-label")
    larger.click()
    expect(page.locator(".bp-lab").first).not_to_have_class(re.compile("bp-large"))


def test_the_keyboard_alone_reaches_everything(page):
    unfold(page)
    page.locator(".bp-lab").first.get_by_role("button", name="Play").focus()
    focused = """() => {
        const e = document.activeElement;
        if (!e.closest('.bp-lab')) return null;
        return `${e.tagName} ${e.getAttribute('aria-label') ?? e.labels?.[0]?.textContent ?? e.textContent}`;
    }"""
    reached = []
    while (here := page.evaluate(focused)) is not None and len(reached) < 40:
        reached.append(here)
        page.keyboard.press("Tab")
    controls = [f"{kind} {name}" for name in CONTROLS for kind in ("INPUT", "DIV")]
    choices = [f"BUTTON {name}" for name in CHOICES]
    folded = ["SUMMARY New run …", *(f"BUTTON {name}" for name in FOLDED)]
    head = [f"BUTTON {name}" for name in BUTTONS]
    slowly = "BUTTON first 50 sweeps slowly"
    inside = [*head, *controls[:6], slowly, *choices[:2], *folded, *controls[6:], *choices[2:]]
    assert reached[: len(inside)] == inside
    canvas_at, *rest = reached[len(inside) :]
    assert canvas_at.startswith("CANVAS Symmetry at sweep 0")
    last = [
        "INPUT sweep shown",
        "BUTTON log",
        "INPUT Ticket",
        "BUTTON Make ticket",
        "BUTTON Link",
        "SELECT Save as",
        "BUTTON Save",
    ]
    assert rest == last, "and the next Tab leaves the lab"
    page.locator(".bp-lab").first.get_by_role("button", name="Play").focus()
    page.keyboard.press("Space")
    wait(page, "d.playing === 'true' && d.sweep > 3")
    page.keyboard.press("Space")
    wait(page, "d.playing === 'false'")


# --- the notebook itself --------------------------------------------------------------------------------------------


def test_the_notebook_runs_and_its_two_labs_are_one(browser, server):
    with jupyter.new_page(browser) as page:
        jupyter.open_notebook(page, server, "labs/02_symmetry.ipynb")
        jupyter.run_all(page)
        assert page.locator(".jp-OutputArea-output[data-mime-type*='error']").count() == 0
        expect(page.locator(".bp-lab canvas")).to_have_count(2)
        canvas(page, 0).scroll_into_view_if_needed()
        press(page, "One sweep")
        wait(page, "d.sweep === '1'")
        canvas(page, 1).scroll_into_view_if_needed()
        wait(page, "d.sweep === '1'", view=1)
        assert page.console_errors == []
    jupyter.end_kernels(server)


def test_a_notebook_that_is_closed_and_opened_again_shows_the_run_that_went_on(browser, server):
    with jupyter.new_page(browser) as page:
        jupyter.write_notebook(server.root / "labs" / "reopened.ipynb", MAKE, "lab")
        jupyter.open_notebook(page, server, "labs/reopened.ipynb")
        run_cell(page, MAKING)
        do(page, "lab.step(100); lab.epsilon = 0.3; lab.play()")
        before = wait(page, "d.sweep > 150")
        jupyter.execute(page, "docmanager:save")
        jupyter.open_notebook(page, server, "labs/reopened.ipynb")
        canvas(page).scroll_into_view_if_needed()
        after = wait(page, f"d.playing === 'true' && d.sweep > {before['sweep']}")
        assert after["epsilon"] == "0.3"
        assert ask(page, "lab.marks") == [[100, "ε 0.3"]]
        press(page, "Pause")
        wait(page, "d.playing === 'false'")
        assert page.console_errors == []
    jupyter.end_kernels(server)
