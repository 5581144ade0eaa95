"""The other labs as pages that learn: family trees, local minima, a table of one's own; each is held to the lab."""

import contextlib

import pytest
from playwright.sync_api import expect

from labs import EpsilonAlphaLab, FamilyTreesLab, LocalMinimaLab, Workbench
from labs.workbench.lab import DATA
from tests.browser import jupyter
from tests.browser.lab_page import click_on, data, field, message, press, wait


@pytest.fixture
def open_page(browser, tmp_path):
    pages, opened = contextlib.ExitStack(), []

    def open_page(lab):
        page = pages.enter_context(jupyter.new_page(browser, offline=True))
        page.goto(lab.export(tmp_path / "run.html").as_uri())
        wait(page, "true")
        opened.append(page)
        return page

    with pages:
        yield open_page
        assert [page.console_errors for page in opened] == [[]] * len(opened)


def is_at(page, lab):
    """Wait until the page is where the lab is, E included."""
    wait(page, f"d.sweep === '{lab.run.sweeps}' && Math.abs(Number(d.error) - {lab.run.E[-1, 0]}) < 1e-4")


def same_ticket(page, lab):
    press(page, "Make ticket")
    expect(page.get_by_label("Ticket")).to_have_value(lab.ticket())


def said(page):
    items = page.locator(".bp-words li").all()
    return [[item.get_attribute("data-mark"), item.inner_text().replace("\u00a0", " ")] for item in items]


def step(page, lab, sweeps):
    lab.step(sweeps)
    for _ in range(sweeps):
        press(page, "One sweep")
    is_at(page, lab)


# ---- family trees


def test_the_trees_learn_as_in_the_lab_and_give_its_ticket(open_page):
    lab = FamilyTreesLab()
    lab.step(18)
    page = open_page(lab)
    is_at(page, lab)
    step(page, lab, 4)  # the caption's second phase has begun
    field(page, "α momentum").fill("0.8")
    page.keyboard.press("Enter")
    lab.alpha = 0.8
    wait(page, "d.alpha === '0.8'")
    step(page, lab, 2)
    assert said(page) == [words[:2] for words in lab.words([lab.run.sweeps], [lab.run.state.w[0]])[0]]
    same_ticket(page, lab)


def test_another_start_holds_out_other_facts(open_page):
    lab = FamilyTreesLab()
    page = open_page(lab)
    press(page, "New start")
    lab.new_start()
    is_at(page, lab)
    assert data(page)["held"] == ", ".join(lab.run.task.held_out.names)
    same_ticket(page, lab)


def test_the_printed_recipe_is_one_press_away_and_its_parts_are_switches(open_page):
    lab = FamilyTreesLab()
    page = open_page(lab)
    press(page, "printed")
    lab.recipe = "printed"
    is_at(page, lab)
    press(page, "start ± 1")
    lab.half_range = 1.0
    is_at(page, lab)
    field(page, "units for a person").fill("4")
    page.keyboard.press("Enter")
    lab.units = 4
    is_at(page, lab)
    step(page, lab, 2)
    same_ticket(page, lab)


def test_a_fact_is_held_out_by_its_button(open_page):
    lab = FamilyTreesLab()
    page = open_page(lab)
    click_on(page, "begins a new run")
    lab.held_out = [*lab.run.task.held_out.names, "Colin has-aunt"]
    wait(page, "d.held.includes('Colin has-aunt')")
    is_at(page, lab)


def test_a_ticket_of_the_trees_is_followed(open_page):
    page, lab = open_page(FamilyTreesLab()), FamilyTreesLab(5, held_out=["Colin has-aunt"], units=3)
    lab.step(30)
    page.get_by_label("Ticket").fill(lab.ticket())
    page.get_by_label("Ticket").press("Enter")
    is_at(page, lab)
    assert message(page).inner_text() == ""
    assert data(page)["held"] == "Colin has-aunt"


def test_a_long_run_of_the_trees_is_a_recording():
    lab = FamilyTreesLab()
    assert lab.learns_in_page
    lab.step(301)
    assert not lab.learns_in_page


# ---- local minima, workbench


def test_another_task_brings_its_own_settings(open_page):
    lab = LocalMinimaLab("xor", seed=3)
    lab.step(20)
    page = open_page(lab)
    is_at(page, lab)
    for task in ("encoder", "symmetry", "xor"):
        press(page, task)
        lab.task = task
        is_at(page, lab)
        expect(field(page, "ε learning rate")).to_have_value(f"{lab.epsilon:g}")
    press(page, "all")  # skip links
    lab.skips = True
    is_at(page, lab)
    step(page, lab, 3)
    same_ticket(page, lab)


def test_the_workbench_learns_the_table_it_was_exported_with(open_page):
    lab = Workbench.from_csv(DATA / "circle.csv", seed=1)
    lab.step(50)
    page = open_page(lab)
    is_at(page, lab)
    press(page, "tanh")
    lab.units = "tanh"
    is_at(page, lab)
    for name, value in (("hidden units", 5), ("hidden groups", 2), ("hidden groups", 0), ("hidden groups", 1)):
        field(page, name).fill(str(value))
        page.keyboard.press("Enter")
        lab.build(**{name.split()[1]: value})
        is_at(page, lab)
    step(page, lab, 3)
    assert said(page) == [words[:2] for words in lab.words([lab.run.sweeps], [lab.run.state.w[0]])[0]]
    same_ticket(page, lab)


# ---- the race


def test_a_race_is_run_and_each_lane_steered(open_page):
    lab = EpsilonAlphaLab()
    lab.step(20)
    page = open_page(lab)
    is_at(page, lab)
    field(page, "ε of the lane").fill("0.4")
    page.keyboard.press("Enter")
    lab.epsilon = 0.4
    wait(page, "d.epsilon === '0.4'")
    step(page, lab, 3)
    assert said(page) == [words[:2] for words in lab.words([lab.run.sweeps], [lab.run.state.w[0]])[0]]
    same_ticket(page, lab)


def test_a_lane_is_added_and_another_removed(open_page):
    lab = EpsilonAlphaLab()
    page = open_page(lab)
    press(page, "Add a lane")
    lab.add_lane(*lab.lanes[0])
    step(page, lab, 2)
    same_ticket(page, lab)
    field(page, "hidden units").fill("3")
    page.keyboard.press("Enter")
    lab.hidden = 3
    is_at(page, lab)
    press(page, "Remove it")
    lab.remove_lane()
    step(page, lab, 2)
    assert len(page.locator(".bp-words li").all()) == len(lab.lanes)
