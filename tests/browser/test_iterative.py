"""The iterative-nets lab in the real JupyterLab: what is presented, the steps, one weight in all its places.

One page is shared; every test begins with the lab reset. The canvas says in data attributes what it shows.
"""

import pytest
from playwright.sync_api import expect

from tests.browser import jupyter
from tests.browser.lab_page import ask, canvas, data, do, outside, pixels, press, slider, to_spot, wait

MAKE = "import numpy as np\nimport bpcore as bp\nfrom labs import IterativeLab\nlab = IterativeLab()\nlab"


@pytest.fixture(scope="module")
def opened(in_notebook):
    return in_notebook(MAKE, reduced_motion="reduce")


@pytest.fixture
def page(opened, begin):
    """The page, with the lab at sweep 0 of the sequences."""
    start = "lab.pause(); lab.task = 'sequences'; lab.as_in_the_paper(); lab.set_seed(0); lab.present('AC')"
    there = "d.sweep === '0' && d.playing === 'false' && d.task === 'sequences' && d.presented === '0 2'"
    return begin(opened, start, there)


def learn(page, sweeps):
    do(page, f"lab.step({sweeps})")
    return wait(page, f"d.sweep === '{sweeps}'")


def test_letters_are_typed_and_chosen_and_the_answer_is_that_of_the_engine(page, hands):
    learn(page, 400)
    cells = page.locator(".jp-Cell").count()
    canvas(page).focus()
    page.keyboard.type("be")
    told = wait(page, "d.presented === '1 4'")
    assert told["answered"].replace(" ", "").startswith("BE→" + ask(page, "lab.outcome()"))
    assert ask(page, "lab.presented") == [1, 4]
    assert page.locator(".jp-Cell").count() == cells  # the notebook has not taken the b for a new cell
    hands.choose(page, "first letter D")
    told = wait(page, "d.presented === '3 4'")
    assert told["answered"].replace(" ", "").startswith("DE→" + ask(page, "lab.outcome()"))


@pytest.mark.parametrize("task", ["sequences", "shift register", "search"])
def test_run_it_again_presents_the_same(page, hands, task):
    do(page, f"lab.task = {task!r}")
    before = wait(page, f"d.task === {task!r}")["presented"]
    hands.choose(page, "forward through time")
    learn(page, 3)
    assert data(page)["presented"] == before
    assert ask(page, "lab.presented") == [int(number) for number in before.split()]


def test_every_answer_in_the_page_is_that_of_the_engine(page):
    learn(page, 250)
    for a in "ABCDE":
        for b in "CE":
            digits = ask(page, f"lab.present('{a + b}')")
            told = wait(page, f"d.presented === '{'ABCDE'.index(a)} {'ABCDE'.index(b)}'")
            assert told["answered"].replace(" ", "")[3:-1] == digits


def test_one_weight_in_all_its_places_has_the_derivatives_of_the_engine(page):
    learn(page, 100)
    do(page, "lab.present('DB')")
    to_spot(page, "hidden, unit 3 ← hidden, unit 2:")
    told = wait(page, "d.weight === 'hidden, unit 3 ← hidden, unit 2' && d.presented === '3 1'")
    do(
        page,
        "t = lab.run.task; every = [c for c in (t.cases, t.held_out) if any(n.startswith('DB') for n in c.names)][0]\n"
        "k = [n[:2] for n in every.names].index('DB')\n"
        "one = bp.Cases({n: r[[k]] for n, r in every.inputs.items()}, {n: r[[k]] for n, r in every.desired.items()})\n"
        "each = t.network.gradient_of_places(lab.run.state.w, one, t.recipe.tolerance)['hidden', 'hidden'][:, 0, 2, 1]",
    )
    each = ask(page, "each.tolist()")
    assert [float(g) for g in told["places"].split()] == pytest.approx(each, rel=1e-3, abs=1e-8)
    assert float(told["change"]) == pytest.approx(sum(each) / 6, rel=1e-3, abs=1e-8)
    do(page, "lab.tied = 'sum'")
    wait(page, "d.sweep === '0'")
    learn(page, 3)
    told = data(page)
    assert float(told["change"]) == pytest.approx(sum(float(g) for g in told["places"].split()), rel=1e-4, abs=1e-8)


def test_the_activity_at_every_step_is_that_of_the_engine(page):
    learn(page, 60)
    do(page, "y = lab.run.task.network.states(lab.run.state.w, "
             "{'letters at 0': np.eye(5)[[0]], 'letters at 1': np.eye(5)[[2]]})['hidden'][:, 0, 6, 0]")  # fmt: skip
    for t, y in enumerate(ask(page, "y.tolist()")[1:], 1):
        shown = to_spot(page, f"hidden, unit 7 at step {t}: ").split(": ")[1]
        assert float(shown[:4]) == pytest.approx(y, abs=0.0051)


def test_the_search_settles_and_squares_are_flipped(page, hands):
    hands.push(page.get_by_role("button", name="search", exact=True))
    wait(page, "d.task === 'search' && d.sweep === '0'")
    learn(page, 800)
    hands.choose(page, "show the letter K itself")
    wait(page, "d.answered.startsWith('becomes K at step 0')")
    before = data(page)["presented"]
    hands.choose(page, "row 1, unit 3 before the first step")
    after = wait(page, f"d.presented !== '{before}'")
    assert sum(a != b for a, b in zip(before.split(), after["presented"].split(), strict=True)) == 1
    assert after["answered"].startswith("becomes K at step ")
    assert ask(page, "lab.outcome()").startswith("K at step ")
    hands.choose(page, "flip a fifth of the letter")
    spoilt = wait(page, f"d.presented !== '{after['presented']}'")["presented"]
    assert sum(a != b for a, b in zip(before.split(), spoilt.split(), strict=True)) == 5
    assert ask(page, "' '.join(map(str, lab.presented))") == spoilt


def test_the_shift_register_says_which_way_it_has_found(page):
    page.get_by_role("button", name="shift", exact=True).click()
    wait(page, "d.task === 'shift register' && d.presented === '1 1 0'")
    press(page, "Until solved")
    wait(page, "d.playing === 'false' && d.sweep > 5")
    expect(page.locator(".bp-words li").first).to_contain_text("8 of 8 patterns right")
    expect(page.locator(".bp-words li")).to_have_count(2)
    told = data(page)["answered"]
    assert told == f"{ask(page, 'lab.outcome()')} ✓"


def test_epsilon_acts_while_it_learns_and_the_time_slider_goes_back(page):
    press(page, "Play")
    wait(page, "d.playing === 'true' && d.sweep > 10")
    slider(page, "ε").press("ArrowRight")
    wait(page, "d.epsilon !== '0.1'")
    press(page, "Pause")
    end = pixels(page)
    time = page.locator(".bp-time").first
    time.press("Home")
    wait(page, "d.shown === '0'")
    assert pixels(page) != end
    time.press("End")
    wait(page, "d.shown === d.sweep")


@pytest.mark.parametrize("name", ["sequences", "shift register", "search"])
@pytest.mark.parametrize("viewport", [jupyter.VIEWPORT, {"width": 480, "height": 1200}])
def test_nothing_sticks_out_sideways(page, name, viewport):
    do(page, f"lab.task = '{name}'")
    wait(page, f"d.task === '{name}'")
    assert outside(page, viewport) == []


def test_half_speed_is_drawn_in_twice_the_steps(page, hands):
    hands.push(page.get_by_role("button", name="half", exact=True))
    wait(page, "d.sweep === '0' && d.places.split(' ').length === 12")
    expect(page.locator(".bp-name").first).to_contain_text("12 steps")
