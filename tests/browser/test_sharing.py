"""Links and files in the page: in the real JupyterLab, and in the pages without code that `run.py app` serves."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

import bpcore as bp
from labs import SymmetryLab, Workbench
from labs.kit.export import FORMS
from labs.workbench.lab import DATA
from tests.browser import jupyter
from tests.browser.lab_page import ask, canvas, data, do, message, wait

MAKE = "from labs import SymmetryLab\nlab = SymmetryLab()\nlab"
NOTEBOOK = "labs/sharing_test.ipynb"


@pytest.fixture(scope="module")
def steered():
    lab = SymmetryLab(3)
    lab.step(40)
    lab.epsilon = 0.3
    lab.step(60)
    return lab


@pytest.fixture
def visit(browser, app):
    """Open a lab as a page without code, with a ticket in its address; nobody complains."""
    with jupyter.new_page(browser, permissions=["clipboard-read", "clipboard-write"]) as page:

        def open_page(name, ticket, address="{name}.ipynb?token={token}#{ticket}"):
            page.goto("about:blank")
            page.goto(f"{app.url}/voila/render/labs/" + address.format(name=name, ticket=ticket, token=app.token))
            page.locator(".bp-give select").first.wait_for()
            canvas(page).scroll_into_view_if_needed()
            return page

        yield open_page
        assert page.console_errors == []


def save(page, form, folder):
    """Save a lab by hand; the Path of what the browser has saved."""
    page.get_by_label("Save as").first.select_option(form)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").first.click()
    path = Path(folder) / download.value.suggested_filename
    download.value.save_as(path)
    return path


# --- links ---------------------------------------------------------------------------------------------------------


def load(page, server, ticket):
    page.goto(f"{server.url}/lab/tree/{NOTEBOOK}?reset&token={server.token}#{ticket}")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.content?.model", timeout=60_000)
    jupyter.wait_until_idle(page)


def test_in_jupyterlab_the_first_lab_follows_the_link_and_a_reload_leaves_later_work_alone(page, server, steered):
    jupyter.write_notebook(server.root / NOTEBOOK, MAKE, "lab", "other = SymmetryLab()\nother")
    load(page, server, steered.ticket())
    jupyter.run_all(page)
    canvas(page).scroll_into_view_if_needed()
    shown = wait(page, "d.sweep === '100' && d.epsilon === '0.3'")
    assert float(shown["error"]) == np.float32(steered.run.E[-1, 0])
    assert ask(page, "(lab.run.sweeps, other.run.sweeps)") == (100, 0)
    do(page, "lab.step(30)")
    jupyter.execute(page, "docmanager:save")
    load(page, server, steered.ticket())
    page.reload()
    load(page, server, steered.ticket())
    canvas(page).scroll_into_view_if_needed()
    wait(page, "d.sweep === '130'")
    page.locator(".bp-give select").first.wait_for()
    assert ask(page, "(lab.run.sweeps, other.run.sweeps)") == (130, 0)
    assert page.console_errors == []


def test_another_notebook_that_is_opened_in_the_same_page_does_not_follow(page, server, steered):
    jupyter.write_notebook(server.root / NOTEBOOK, MAKE)
    jupyter.write_notebook(server.root / "labs" / "another_test.ipynb", MAKE)
    load(page, server, steered.ticket())
    jupyter.execute(page, "docmanager:open", {"path": "labs/another_test.ipynb"})
    page.wait_for_function("() => location.pathname.endsWith('another_test.ipynb')")
    jupyter.wait_until_idle(page)
    jupyter.run_all(page)
    canvas(page).scroll_into_view_if_needed()
    page.locator(".bp-give select").first.wait_for()
    wait(page, "d.sweep === '0'")
    assert ask(page, "lab.run.sweeps") == 0


def test_in_a_page_without_code_the_lab_follows_the_link_and_gives_it(visit, app, steered):
    page = visit("02_symmetry", steered.ticket(), "{name}.ipynb%23{ticket}?token={token}")  # as some programs paste it
    wait(page, "d.sweep === '100' && d.epsilon === '0.3'")
    assert message(page).inner_text() == ""
    page.get_by_role("button", name="Link").first.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = f"{app.url}/voila/render/labs/02_symmetry.ipynb#{steered.ticket()}"
    assert page.evaluate("() => navigator.clipboard.readText()") == link
    expect(page.get_by_label("Ticket").first).to_have_value(link)
    expect(page.get_by_role("button", name="Link").first).to_be_visible()


def test_a_workbench_of_a_link_has_its_cases_and_another_link_is_followed_too(visit):
    lab = Workbench.from_csv(DATA / "iris.csv", hidden=(3, 3), held_out=0.2)
    lab.step(50)
    page = visit("07_your_own_task", lab.ticket())
    wait(page, "d.sweep === '50'")
    expect(page.locator(".bp-name").first).to_contain_text("iris.csv · 4–3–3–3 · 120 of 150 cases")
    expect(page.locator(".bp-cases-panel").first).to_contain_text("a unit for each of 'setosa'")
    page.evaluate("ticket => { location.hash = ticket; }", Workbench().ticket())
    expect(page.locator(".bp-name").first).to_contain_text("truth table · 2–4–1 · 4 cases")


def test_a_wrong_link_gets_one_sentence(visit, steered):
    page = visit("02_symmetry", steered.ticket()[:60])
    expect(message(page)).to_have_text(
        "This is no ticket, or only a part of one; a text such as bp1.….1a2b3c4d is expected."
    )
    page = visit("02_symmetry", Workbench().ticket())
    expect(message(page)).to_have_text("The address holds a ticket of the lab 'Workbench'; this is 'Symmetry'.")
    wait(page, "d.sweep === '0'")


# --- files ---------------------------------------------------------------------------------------------------------


def test_every_form_is_saved_by_the_browser_and_reads_back(visit, steered, tmp_path, browser):
    page = visit("02_symmetry", steered.ticket())
    wait(page, "d.sweep === '100'")
    files = {form: save(page, form, tmp_path) for form in FORMS}
    with files["errors (CSV)"].open(newline="", encoding="utf-8") as file:
        np.testing.assert_array_equal([float(row["E"]) for row in csv.DictReader(file)], steered.run.E[:, 0])
    np.testing.assert_array_equal(bp.load(files["run (npz)"]).E, steered.run.E)
    assert files["figure (PNG)"].read_bytes() == steered.picture().png()
    assert files["figure (PDF)"].read_bytes().startswith(b"%PDF")
    assert files["weights (CSV)"].read_text(encoding="utf-8").startswith("sweep,h1 ← input 1")
    assert "bp.Phase(start=40, epsilon=0.3" in files["script (py)"].read_text(encoding="utf-8")
    context = browser.new_context(viewport=jupyter.VIEWPORT, offline=True)
    alone = jupyter.listen(context.new_page())
    alone.goto(files["page (html)"].as_uri())
    wait(alone, "d.sweep === '100'")
    alone.goto(files["figure (SVG)"].as_uri())
    assert alone.evaluate("() => document.documentElement.tagName") == "svg"
    assert alone.evaluate("() => document.documentElement.getBBox().width") > 100
    assert alone.console_errors == []
    context.close()


def test_saving_is_for_the_keyboard_too_and_moves_nothing(visit, steered):
    page = visit("02_symmetry", steered.ticket())
    wait(page, "d.sweep === '100'")
    forms, button = page.get_by_label("Save as").first, page.get_by_role("button", name="Save").first
    expect(forms).to_have_accessible_name("Save as")
    forms.focus()
    before = [part.bounding_box() for part in (forms, button, page.locator(".bp-share").first)]
    page.keyboard.press("ArrowDown")
    assert forms.input_value() == "figure (PDF)"
    page.keyboard.press("Tab")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename == "symmetry_sweep_100.pdf"
    expect(button).to_be_enabled()
    expect(button).to_be_focused()
    assert [part.bounding_box() for part in (forms, button, page.locator(".bp-share").first)] == before


def fits(page, holder):
    """Whether all that can be pressed in the first lab's last row lies inside of what holds the lab."""
    page.locator(".bp-share").first.scroll_into_view_if_needed()
    outer = page.locator(holder).first.bounding_box()
    boxes = [part.bounding_box() for part in page.locator(".bp-share").first.locator("input, button, select").all()]
    assert len(boxes) == 5
    return all(
        outer["x"] <= box["x"] and box["x"] + box["width"] <= outer["x"] + outer["width"] and box["height"] >= 24
        for box in boxes
    )


def test_the_row_fits_a_page_and_a_telephone(visit, steered):
    page = visit("02_symmetry", steered.ticket())
    wait(page, "d.sweep === '100'")
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)
        assert fits(page, "body")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


def test_the_row_fits_a_narrow_cell(page, server):
    jupyter.write_notebook(server.root / NOTEBOOK, MAKE)
    jupyter.open_notebook(page, server, NOTEBOOK)
    jupyter.run_all(page)
    page.locator(".bp-give select").first.wait_for()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)
        assert fits(page, ".jp-OutputArea-output")


def test_what_cannot_be_written_says_so(page, server):
    jupyter.write_notebook(server.root / NOTEBOOK, f"{MAKE}", "lab.picture = lambda: 1 / 0")
    jupyter.open_notebook(page, server, NOTEBOOK)
    jupyter.run_all(page)
    canvas(page).scroll_into_view_if_needed()
    wait(page, "true")
    page.get_by_role("button", name="Save").first.click()
    expect(message(page)).to_have_text("The file was not written: division by zero.")
    expect(page.get_by_role("button", name="Save").first).to_be_enabled()
    assert re.fullmatch(r"\d+", data(page)["sweep"])
