"""Fixtures of the browser tests: `open_lab("02_symmetry")` gives a page in which the notebook has run.

What they are made of is in jupyter.py, which the benchmarks use too. A test states what it sees in the page; whether
the page complained is checked here, after every test.
"""

import contextlib
import os
import shutil

import pytest
from playwright.sync_api import expect

from tests.browser import jupyter, static_site
from tests.browser.gestures import Keyboard, Mouse
from tests.browser.lab_page import canvas, do, run_cell, wait

expect.set_options(timeout=jupyter.PATIENCE)


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(jupyter.ROOT / "tests" / "browser"):
            item.add_marker(pytest.mark.browser)
            if "BP_SITE" in os.environ and (why := static_site.why_not(item)):
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def chromium_path():
    path = jupyter.chromium_path()
    if path is None:
        reason = "no Chromium was found: install chromium, or name one in BP_CHROMIUM"
        if os.environ.get("BP_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args, chromium_path):
    return {**browser_type_launch_args, "executable_path": chromium_path, "args": jupyter.FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": jupyter.VIEWPORT}


@pytest.fixture(scope="session")
def server(chromium_path):
    """One JupyterLab for all tests; it serves a copy of the notebooks, `server.root`."""
    with jupyter.serve(BP_SHOW_ANSWERS="1") as running:
        yield running


@pytest.fixture(scope="session")
def app(chromium_path):
    """The pages without code, served for all tests."""
    with jupyter.serve_app(BP_SHOW_ANSWERS="1") as running:
        yield running


@pytest.fixture
def page(page, server):
    """A page that listens to its own errors; its kernels end with the test."""
    jupyter.listen(page)
    page.set_default_timeout(jupyter.PATIENCE)
    yield page
    jupyter.end_kernels(server)


@pytest.fixture
def open_notebook(page, server):
    """Open a notebook by its path below `server.root`, run all its cells, and give the page."""

    def open_and_run(path, run=True):
        jupyter.open_notebook(page, server, path)
        if run:
            jupyter.run_all(page)
        return page

    return open_and_run


@pytest.fixture
def open_lab(open_notebook, server):
    """Open a lab by its name, without labs/ and .ipynb, from a fresh copy."""

    def open_fresh(name, run=True):
        path = f"labs/{name}.ipynb"
        shutil.copy(jupyter.ROOT / path, server.root / path)
        return open_notebook(path, run)

    return open_fresh


@pytest.fixture(scope="module")
def in_notebook(browser, server, request):
    """Open a notebook of these cells in a page that all tests of a file share, and wait until its lab is painted.

    The first cell is run unless `run` is false. `look` are settings of the page, such as viewport or reduced_motion.
    """
    path = f"labs/{request.path.stem}_shared.ipynb"
    pages = contextlib.ExitStack()

    def in_notebook(*cells, run=True, **look):
        page = pages.enter_context(jupyter.new_page(browser, **look))
        jupyter.write_notebook(server.root / path, *cells)
        jupyter.open_notebook(page, server, path)
        if run:
            run_cell(page, 0)
        return page

    with pages:
        yield in_notebook
    jupyter.end_kernels(server)


@pytest.fixture
def begin():
    """Give each test of a shared page the same lab: begin(page, "lab.reset()", "d.sweep === '0'").

    Runs the statement in the kernel, waits until the condition holds on the canvas, and gives the page. What the test
    before pressed last may reach the kernel after the statement, since widgets have a thread of their own there: then
    the statement is run once more. After the test the page must have no error.
    """
    begun = []

    def begin(page, statement, condition):
        begun.append(page)
        canvas(page).scroll_into_view_if_needed()
        page.mouse.move(5, 5)
        do(page, statement)
        with contextlib.suppress(AssertionError):
            wait(page, condition, patience=jupyter.PATIENCE / 6)
            return page
        do(page, statement)
        wait(page, condition)
        return page

    yield begin
    assert [page.console_errors for page in begun] == [[]] * len(begun)


@pytest.fixture
def theme(page):
    """Change the theme: theme("JupyterLab Dark")."""
    return lambda name: jupyter.theme(page, name)


@pytest.fixture(params=[Mouse, Keyboard], ids=["mouse", "keyboard"])
def hands(request):
    """With the mouse, and by keyboard alone."""
    return request.param()
