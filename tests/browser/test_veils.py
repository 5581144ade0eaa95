"""What an exercise asks for is veiled in the lab until it is answered or given up; Run All Cells ends at the first."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import jupyter

NOTEBOOK = "labs/02_symmetry.ipynb"


@pytest.fixture(scope="module")
def page(browser, chromium_path):
    with jupyter.serve(BP_SHOW_ANSWERS="") as server:
        yield from opened(browser, server)


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
