"""A page that is slow to start, as on a telephone: anywidget has given up its modules before they came."""

import pytest
from playwright.sync_api import expect

from labs import SymmetryLab
from tests.browser import jupyter
from tests.browser.lab_page import canvas, message, press, wait

GIVEN_UP = """
const timeout = AbortSignal.timeout.bind(AbortSignal);
AbortSignal.timeout = (milliseconds) => {
  if (milliseconds !== 2000) return timeout(milliseconds);
  const patience = new AbortController();
  queueMicrotask(() => patience.abort());
  return patience.signal;
};
"""


@pytest.fixture
def slow(browser):
    """A page in which no module is there in time."""
    with jupyter.new_page(browser) as page:
        page.context.add_init_script(GIVEN_UP)
        yield page
        assert set(page.console_errors) == {"[anywidget] Failed to initialize model."}


def play_and_save(page):
    canvas(page).scroll_into_view_if_needed()
    wait(page, "d.sweep === '0'")
    press(page, "Play")
    wait(page, "Number(d.sweep) > 100 && d.playing === 'true'")
    press(page, "Pause")
    wait(page, "d.playing === 'false'")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save").first.click()
    assert download.value.suggested_filename.endswith(".svg")


def test_in_jupyterlab_the_lab_hears_its_kernel_all_the_same(slow, server):
    jupyter.write_notebook(server.root / "labs/slow_test.ipynb", "from labs import SymmetryLab\nSymmetryLab()")
    jupyter.open_notebook(slow, server, "labs/slow_test.ipynb")
    jupyter.run_all(slow)
    play_and_save(slow)
    jupyter.end_kernels(server)


def test_in_a_page_without_code_too_and_it_follows_a_link(slow, app):
    slow.goto(f"{app.url}/voila/render/labs/02_symmetry.ipynb?token={app.token}")
    play_and_save(slow)
    lab = SymmetryLab(3)
    lab.step(50)
    slow.evaluate("ticket => { location.hash = ticket; }", lab.ticket())
    wait(slow, "d.sweep === '50'")
    assert message(slow).inner_text() == ""


def test_the_procedure_goes_through_its_steps(slow, app):
    slow.goto(f"{app.url}/voila/render/labs/01_the_procedure.ipynb?token={app.token}")
    slow.locator(".bp-procedure").first.scroll_into_view_if_needed()
    press(slow, "Next step")
    expect(slow.locator(".bp-procedure canvas").first).to_have_attribute("data-step", "1")
