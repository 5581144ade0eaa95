"""The family-tree lab in the real JupyterLab: questions asked on the trees, held-out facts, switches, looking back.

One page is shared; every test begins with the lab reset. The canvas says in data attributes what it shows.
"""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import jupyter
from tests.browser.lab_page import (
    ask,
    canvas,
    data,
    do,
    drag,
    field,
    outside,
    pixels,
    press,
    slider,
    to_spot,
    unfold,
    wait,
)

MAKE = "from labs import FamilyTreesLab\nlab = FamilyTreesLab(seed=7)\nlab"
WIDE, NARROW = jupyter.VIEWPORT, {"width": 480, "height": 1200}


@pytest.fixture(scope="module")
def opened(in_notebook):
    return in_notebook(MAKE, reduced_motion="reduce")


@pytest.fixture
def page(opened, begin):
    """The page, with the lab at sweep 0 of the working recipe."""
    start = "lab.pause(); lab.speed = 1000; lab.set(units=6, held_out=4); lab.recipe = 'working'; lab.set_seed(7)"
    there = "d.sweep === '0' && d.playing === 'false' && d.epsilon === '0.05' && d.question === 'Colin has-aunt'"
    return begin(opened, f"{start}; lab.ask('Colin', 'aunt')", there)


def learn(page, sweeps):
    do(page, f"lab.step({sweeps})")
    return wait(page, f"d.sweep === '{sweeps}'")


# --- questions ------------------------------------------------------------------------------------------------------


def test_a_person_and_a_relationship_are_chosen_and_the_answer_is_shown(page, hands):
    learn(page, 6000)
    hands.choose(page, "Sophia: ")
    wait(page, "d.question === 'Sophia has-aunt'")
    hands.choose(page, "ask for the mother of Sophia")
    told = wait(page, "d.question === 'Sophia has-mother'")
    answers = ask(page, "lab.answers()")
    assert told["desired"] == "Lucia"
    assert set(filter(None, told["answered"].split(", "))) == {name for name, y in answers.items() if y > 0.5}
    assert ask(page, "list(lab.asked)") == ["Sophia", "mother"]
    expect(page.locator(".bp-voice").first).to_contain_text("It is asked Sophia has-mother and answers ")


def test_what_python_asks_is_seen_in_the_page(page):
    do(page, "lab.ask('Charlotte', 'uncle')")
    assert wait(page, "d.question === 'Charlotte has-uncle'")["desired"] == "Arthur, Charles"


def test_the_activity_in_the_page_is_that_of_the_engine(page):
    learn(page, 2000)
    answers = ask(page, "lab.answers()")
    for name in ("Jennifer", "Margaret", "Colin", "Sophia"):
        shown = to_spot(page, f"{name}: ").removeprefix(f"{name}: ")[:4]
        assert float(shown) == pytest.approx(answers[name], abs=0.0051)


def test_a_question_without_an_answer_may_be_asked(page, hands):
    hands.choose(page, "Colin has no wife; ask all the same")
    assert wait(page, "d.question === 'Colin has-wife'")["desired"] == ""


# --- Fig. 4 ---------------------------------------------------------------------------------------------------------


def test_weights_tell_their_size_and_what_the_gradient_holds(page):
    learn(page, 3000)
    text = to_spot(page, "Christopher → unit 1")
    told = [part.split("= ")[-1].split(" ")[-1].replace("−", "-") for part in text.replace(";", ",").split(", ")]
    w, g, held = (float(number) for number in told)
    expected = ask(
        page,
        "(lambda t, w: (lambda g: [float(t.network.blocks(w)['person', 'person code'][0, 0, 0]), "
        "float(t.network.blocks(g)['person', 'person code'][0, 0, 0])])"
        "(__import__('bpcore').gradient(t.network, w, t.cases, t.recipe)))(lab.run.task, lab.run.state.w)",
    )
    assert [w, g] == pytest.approx(expected, abs=0.0011)
    decay = ask(page, "lab.weight_decay")
    assert held == pytest.approx(-0.1 * (1 - decay) / (0.1 * decay) * expected[1], abs=0.011)


def test_the_diagram_of_what_the_gradient_holds_takes_the_place_of_the_weights(page, hands):
    learn(page, 300)
    canvas(page).press("Escape")
    page.mouse.move(5, 5)
    wait(page, "d.lit === ''")
    before = pixels(page)
    hands.choose(page, "in place of each weight")
    wait(page, "d.forces === 'true'")
    assert pixels(page) != before
    hands.choose(page, "in place of each weight")
    wait(page, "d.forces === 'false'")
    canvas(page).press("Escape")
    page.wait_for_function("was => document.querySelector('.bp-lab canvas').toDataURL() === was", arg=before)


def test_the_time_slider_moves_weights_answers_and_words(page):
    learn(page, 3000)
    end = pixels(page)
    time = page.locator(".bp-time").first
    time.scroll_into_view_if_needed()
    box = time.bounding_box()
    drag(
        page,
        {"x": box["x"] + box["width"] - 8, "y": box["y"], "width": 0, "height": box["height"]},
        -0.7 * box["width"],
    )
    middle = wait(page, "Number(d.shown) < Number(d.sweep) && d.shown > 100")
    assert pixels(page) != end
    said = page.locator(".bp-words").first.locator("li").all_inner_texts()
    at = ask(page, f"[said[1] for said in lab.words([0], [lab.run.at({middle['shown']}).w[0]])[0]]")
    assert said == at
    time.press("Home")
    assert wait(page, "d.shown === '0'")["answered"] != ""
    w = ask(page, "lab.run.at(0).w[0].tolist()")
    shown = to_spot(page, "Christopher → unit 1: w = ")
    place = ask(
        page, "int(lab.run.task.network.blocks(__import__('numpy').arange(630))['person', 'person code'][0, 0])"
    )
    assert float(shown.split("= ")[1].split(",")[0].replace("−", "-")) == pytest.approx(w[place], abs=0.0006)
    time.press("End")
    wait(page, "d.shown === d.sweep")


# --- held out -------------------------------------------------------------------------------------------------------


def test_a_fact_is_held_out_and_trained_again(page, hands):
    learn(page, 50)
    drawn = data(page)["held"]
    hands.choose(page, "begins a new run")
    told = wait(page, "d.sweep === '0' && d.held.includes('Colin has-aunt')")
    assert len(told["held"].split(", ")) == 5
    assert "Colin has-aunt" not in ask(page, "list(lab.run.task.cases.names)")
    hands.choose(page, "begins a new run")
    assert set(wait(page, "!d.held.includes('Colin has-aunt')")["held"].split(", ")) == set(drawn.split(", "))


def test_the_chosen_four_stay_over_a_new_start(page):
    do(page, "lab.held_out = ['Colin has-aunt', 'Colin has-uncle', 'Colin has-father', 'Colin has-mother']")
    wait(page, "d.held.startsWith('Colin')")
    press(page, "New start")
    expect(field(page, "seed")).to_have_value("8")
    assert data(page)["held"].count("Colin") == 4


# --- recipes --------------------------------------------------------------------------------------------------------


def test_each_departure_is_a_switch_and_the_recipe_says_where_all_stand(page, hands):
    unfold(page)
    working = page.get_by_role("button", name="working", exact=True)
    printed = page.get_by_role("button", name="printed", exact=True)
    expect(working).to_have_attribute("aria-pressed", "true")
    hands.push(printed)
    wait(page, "d.epsilon === '0.005'")
    expect(printed).to_have_attribute("aria-pressed", "true")
    expect(field(page, "ε")).to_have_value("0.01")
    switch = page.locator(".bp-folded .bp-switch").first
    hands.push(switch)
    expect(switch).to_have_attribute("aria-pressed", "true")
    wait(page, "d.epsilon === '0.05'")
    expect(printed).to_have_attribute("aria-pressed", "false")
    hands.push(switch)
    wait(page, "d.epsilon === '0.005'")
    assert ask(page, "lab.recipe") == "printed"


def test_the_printed_recipe_pauses_on_its_plateau_and_says_why(page):
    do(page, "lab.recipe = 'printed'; lab.speed = 20000; lab.play()")
    told = wait(page, "d.sweep === '1500' && d.playing === 'false'")
    assert float(told["error"]) > 30
    expect(page.locator(".bp-message").first).to_contain_text("1,500 sweeps are done")
    expect(page.locator(".bp-words li").last).to_contain_text("on a plateau: whatever is asked, the answer is the same")
    press(page, "Play")
    wait(page, "d.sweep > 1600")


def test_decay_acts_during_learning(page):
    do(page, "lab.step(500); lab.speed = 300")
    press(page, "Play")
    wait(page, "d.playing === 'true' && d.sweep > 520")
    slider(page, "weight decay").press("ArrowRight")
    before = ask(page, "lab.run.sweeps")
    wait(page, f"d.sweep > {before} + 20")
    phases = ask(page, "[(p.start, round(p.weight_decay, 6)) for p in lab.run.recipe.phases]")
    assert phases[-1][0] > 500
    assert phases[-1][1] != phases[0][1]


# --- how it looks ---------------------------------------------------------------------------------------------------


def test_nothing_moves_when_numbers_change(page):
    places = """() => ['.bp-head', '.bp-controls', '.bp-view', '.bp-learnt', '.bp-head button', '.bp-time', '.bp-scale']
        .map(part => { const r = document.querySelector(part).getBoundingClientRect(); return [r.x, r.y]; })"""
    before = page.evaluate(places)
    for sweeps in (1, 99, 900):
        do(page, f"lab.step({sweeps})")
        wait(page, f"d.sweep === '{ask(page, 'lab.run.sweeps')}'")
        assert page.evaluate(places) == before


@pytest.mark.parametrize("viewport", [WIDE, {"width": 1024, "height": 768}, NARROW])
def test_nothing_sticks_out_sideways(page, viewport):
    assert outside(page, viewport) == []


def test_twelve_units_and_a_family_of_ones_own_are_drawn(page):
    do(page, "lab.units = 12")
    assert to_spot(page, "Colin → unit 12").startswith("Colin → unit 12: w = ")
    assert np.isfinite(ask(page, "float(lab.run.E[0, 0])"))


def test_the_canvas_says_in_words_what_it_shows(page):
    learn(page, 100)
    label = canvas(page).get_attribute("aria-label")
    assert label.startswith("Family trees at sweep 100, E ")
    assert "Arrow keys go through people, relationships, questions that are held out, units and weights" in label
    names = page.locator(".bp-lab .noUi-handle").evaluate_all("all => all.map(h => h.getAttribute('aria-label'))")
    assert names == [
        "ε learning rate",
        "α momentum",
        "weight decay",
        "sweeps a second",
        "units for a person",
        "start number (seed)",
    ]
