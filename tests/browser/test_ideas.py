"""The pictures of the paper's ideas show the engine's numbers, at every moment of a run; seen in exported pages."""

import re
from itertools import pairwise

import numpy as np
import pytest

import bpcore as bp
from labs import EpsilonAlphaLab, FamilyTreesLab, IterativeLab, LocalMinimaLab, SymmetryLab
from tests.browser import jupyter
from tests.browser.lab_page import wait

PRESS = """key => {
    const canvas = document.querySelector('.bp-lab canvas'), spot = canvas.spots.find(one => one.key === key);
    const box = canvas.getBoundingClientRect(), clientX = box.left + spot.x + spot.w / 2;
    for (const type of ['pointermove', 'click']) {
        const clientY = box.top + spot.y + spot.h / 2;
        canvas.dispatchEvent(new PointerEvent(type, { clientX, clientY, bubbles: true, pointerType: 'mouse' }));
    }
    canvas.dispatchEvent(new PointerEvent('pointerleave'));
}"""
ABOUT = "key => document.querySelector('.bp-lab canvas').spots.find(one => one.key === key)?.about()"


@pytest.fixture(scope="module")
def page_of(browser, tmp_path_factory):
    """The exported page of a lab, in a page of the browser that all tests here share."""
    folder = tmp_path_factory.mktemp("ideas")
    with jupyter.new_page(browser) as page:

        def page_of(lab):
            page.goto(lab.export(folder / "idea.html").as_uri())
            wait(page, f"Number(d.sweep) === {lab.run.sweeps}")
            return page

        yield page_of
        assert page.console_errors == []


def numbers(text):
    """The numbers in a text, without the subscripts of names."""
    return [float(found.replace("\u2212", "-")) for found in re.findall(r"[-+\u2212]?\d*\.\d+|[-+\u2212]\d+", text)]


def press(page, key):
    painted = int(wait(page, "true")["painted"])
    page.evaluate(PRESS, key)
    wait(page, f"Number(d.painted) > {painted}")


def look_back(page, sweep):
    page.locator(".bp-time").fill(str(sweep))
    wait(page, f"Number(d.shown) === {sweep}")


def label(page):
    return page.locator(".bp-lab canvas").get_attribute("aria-label")


def test_the_balance_has_the_sums_of_the_two_halves_at_any_sweep(page_of):
    lab = SymmetryLab(10)
    lab.step(1425)
    page, case = page_of(lab), np.array([1, 0, 1, 1, 0, 1.0])
    halves = (np.arange(8)[:, None] >> [2, 1, 0]) & 1
    for sweep in (1425, 900, 0):
        look_back(page, sweep)
        weights = lab.run.task.network.blocks(lab.run.at(sweep).w[0])["input", "hidden"]
        for j, w in enumerate(weights):
            left, right, total, *_ = numbers(page.evaluate(ABOUT, f"balance{j}").split(":", 1)[1])
            expected = [w[:3] @ case[:3], w[3:] @ case[3:], w @ case]
            np.testing.assert_allclose([left, right, total], expected, atol=0.051)
            sums = np.sort(halves @ w[:3])
            apart = np.diff(sums)[np.diff(sums) > 0.04 * np.abs(sums).max()]
            assert f"{len(apart) + 1} of 8 sums differ" in page.evaluate(ABOUT, f"balance{j}")
            if sweep == 1425:
                assert len(apart) == 7
        assert page.evaluate(ABOUT, "balance1") in label(page)


def test_the_chosen_unit_stands_on_the_logistic_curve(page_of):
    lab = SymmetryLab(10)
    lab.step(1425)
    page = page_of(lab)
    case = lab.run.task.cases.names.index("101101")
    for key, group, j in (("uoutput", "output", 0), ("u1", "hidden", 1)):
        press(page, key)
        for sweep in (1425, 300):
            look_back(page, sweep)
            y = bp.forward(lab.run.task.network, lab.run.at(sweep).w, lab.run.task.cases.inputs)[group][0, j, case]
            x, output, *slope = numbers(page.evaluate(ABOUT, key).split(":", 1)[1])
            assert x == pytest.approx(np.log(y / (1 - y)), abs=0.06)
            assert output == pytest.approx(y, abs=0.006)
            if y * (1 - y) >= 0.0001:
                assert slope == [pytest.approx(y * (1 - y), rel=0.06, abs=0.00006)]
            assert page.evaluate(ABOUT, key).removeprefix("h2").removeprefix("output") in label(page)


def test_a_saturated_unit_is_on_the_flat_tail(page_of):
    lab = LocalMinimaLab("symmetry", 4)
    lab.step(900)
    assert "slope y(1 \u2212 y) less than .0001" in label(page_of(lab))
    lab.units = "tanh"
    lab.step(20)
    page = page_of(lab)
    press(page, "uhidden.0")
    assert "slope 1 \u2212 y\u00b2" in label(page)


def test_people_are_sorted_by_what_units_code_and_a_unit_is_painted_on_the_trees(page_of):
    lab = FamilyTreesLab(170)
    lab.step(3000)
    page, labels = page_of(lab), lab.scene()["features"]
    for order in ("branch", "paper", "generation"):
        press(page, f"order{order}")
        at = page.evaluate("""() => document.querySelector('.bp-lab canvas').spots
            .filter(one => one.kind === 'weight' && one.index < 12).map(one => one.x)""")
        people = np.argsort(at)
        if order == "paper":
            assert people.tolist() == list(range(12))
        else:
            sorted_labels = [labels[order][k] for k in people]
            changes = sum(a != b for a, b in pairwise(sorted_labels))
            assert changes == len(set(sorted_labels)) - 1, "equal ones stand together"
    press(page, "field5")
    assert "the weights of unit 6 are painted on the trees" in label(page)


def test_a_held_out_question_is_asked_by_its_card_and_judged_as_by_the_engine(page_of):
    lab = FamilyTreesLab(170)
    lab.step(6000)
    page, held = page_of(lab), lab.run.task.held_out
    y = bp.forward(lab.run.task.network, lab.run.state.w, held.inputs)["answer"][0]
    people = [name for family in lab.families for name in family.people]
    for c, name in enumerate(held.names):
        assert page.evaluate(ABOUT, f"held{c}") == f"{name}: not asked yet; click or Enter asks it"
        press(page, f"held{c}")
        wait(page, f"d.question === {name!r}")
        right = np.array_equal(y[:, c] > 0.5, held.desired["answer"][c] > 0.5)
        strongest = people[int(y[:, c].argmax())]
        said = page.evaluate(ABOUT, f"held{c}")
        assert said == f"{name}: {strongest} {y[:, c].max():.2f}, {'right' if right else 'wrong'}"


def test_the_search_shows_the_letter_it_ends_at(page_of):
    lab = IterativeLab("search", seed=0)
    lab.step(900)
    page = page_of(lab)
    wait(page, "d.answered.includes('becomes')")
    page.wait_for_function("() => (" + ABOUT + ")('picture10').includes('after 16 steps')")  # the wave has gone through
    texts = [[page.evaluate(ABOUT, f"picture{n}{k}") for k in range(25)] for n in range(3)]
    given, now, letter = ([numbers(text)[-1] > 0.5 for text in some] for some in texts)
    assert given == [on > 0.5 for on in lab.scene()["presented"]]
    [name] = [one["letter"] for one in lab.scene()["pictures"] if [on > 0.5 for on in one["pixels"]] == letter]
    assert f"becomes {name} " in page.evaluate("() => document.querySelector('canvas').dataset.answered")
    assert now == letter != given


def test_the_error_surface_is_blue_below_always_no_and_orange_above(page_of):
    lab = EpsilonAlphaLab()
    lab.step(900)
    lab.draw_surface()
    page = page_of(lab)
    wait(page, "d.surface === '1'")
    found = page.evaluate("""() => {
        const canvas = document.querySelector('.bp-lab canvas'), { data } = canvas.getContext('2d')
            .getImageData(0, 0, canvas.width, canvas.height), count = { blue: 0, orange: 0 };
        for (let k = 0; k < data.length; k += 4) {
            if (data[k + 2] > data[k] + 15 && data[k] > 150) count.blue += 1; // pale: the surface, not a curve
            if (data[k] > data[k + 2] + 60 && data[k + 1] > 110) count.orange += 1;
        }
        return count;
    }""")
    assert found["blue"] > 300
    assert found["orange"] > 1000
