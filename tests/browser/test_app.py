"""Pages without code, as `run.py app` serves them: each lab comes, learns, and asks nothing of the network."""

import json
import re
import sys
import time
import urllib.error

import psutil
import pytest
from playwright.sync_api import expect

from labs import SymmetryLab
from tests.browser import jupyter
from tests.browser.lab_page import data, message, press, wait

LABS = sorted(path.stem for path in (jupyter.ROOT / "labs").glob("0[1-7]*.ipynb"))


@pytest.fixture
def page(browser, app):
    """A page that asks for the token once, with its first address."""
    context = browser.new_context(viewport=jupyter.VIEWPORT)
    page = jupyter.listen(context.new_page())
    page.set_default_timeout(30_000)
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


def open_lab(page, app, name):
    page.goto(f"{app.url}/voila/render/labs/{name}.ipynb?token={app.token}")
    look_at_the_lab(page)


def look_at_the_lab(page):
    """Exercises may stand before it."""
    page.locator(".bp-lab canvas, .bp-procedure").first.scroll_into_view_if_needed(timeout=60_000)
    page.locator(".bp-lab canvas[data-painted], .bp-procedure").first.wait_for()


def test_the_bare_address_leads_to_the_labs_and_on_to_one(page, app):
    page.goto(f"{app.url}/?token={app.token}")
    page.get_by_role("link", name="02 · Symmetry").first.click()
    look_at_the_lab(page)
    wait(page, "d.sweep === '0'")
    press(page, "Play")
    wait(page, "Number(d.sweep) > 100 && d.playing === 'true'")
    press(page, "Pause")
    paused = wait(page, "d.playing === 'false'")
    page.wait_for_timeout(500)
    assert data(page)["sweep"] == paused["sweep"]
    assert page.console_errors == []


@pytest.mark.parametrize("name", LABS)
def test_every_lab_comes_without_its_code_and_without_a_network(page, app, name):
    open_lab(page, app, name)
    assert page.locator(".jp-InputArea-editor, .jp-OutputArea-output[data-mime-type$='stderr']").count() == 0
    assert page.get_by_text("There was an error").count() == 0
    elsewhere = [url for url in page.asked if not url.startswith((app.url, "data:", "blob:"))]
    assert elsewhere == []
    assert page.console_errors == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_plate_leads_back_to_all_labs_and_so_does_a_page_that_is_not_there(page, app):
    page.goto(f"{app.url}/voila/render/figures/fig2_family_trees.ipynb?token={app.token}")
    page.get_by_role("link", name="All labs").click()
    page.get_by_role("heading", name="Start here").wait_for()
    page.goto(f"{app.url}/voila/render/figures/fig7.ipynb")
    page.get_by_role("heading", name="There is no such page").wait_for()
    back = page.get_by_role("link", name="To all labs")
    assert back.get_attribute("href") == "/voila/render/labs/00_start_here.ipynb"
    assert [url for url in page.asked if not url.startswith((app.url, "data:", "blob:"))] == []


def test_who_is_asked_for_the_token_gets_the_lab_of_the_link_in_both_themes(page, app):
    lab = SymmetryLab(3)
    lab.step(40)
    page.goto(f"{app.url}/voila/render/labs/02_symmetry.ipynb#{lab.ticket()}")
    page.get_by_label("token").fill("not it")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the token.")
    page.get_by_label("token").fill(app.token)
    page.get_by_role("button", name="Open").click()
    look_at_the_lab(page)
    wait(page, "d.sweep === '40'")
    page.get_by_role("link", name="Dark").click()
    page.wait_for_function("() => document.body?.dataset.jpThemeLight === 'false'")
    look_at_the_lab(page)
    wait(page, "d.sweep === '40'")


def test_a_page_that_is_no_longer_let_in_says_so(page, app):
    open_lab(page, app, "02_symmetry")
    page.context.clear_cookies()  # as if the server was started anew, with another token
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert").filter(has_text="started anew, with another token")).to_be_visible()


def test_the_dark_theme_is_one_click_away(page, app):
    open_lab(page, app, "02_symmetry")
    page.get_by_role("link", name="Dark").click()
    look_at_the_lab(page)
    assert page.evaluate("() => document.body.dataset.jpThemeLight") == "false"
    page.get_by_role("link", name="Light").wait_for()


def test_a_page_says_that_its_kernel_has_ended(page, app):
    open_lab(page, app, "02_symmetry")
    assert post(page, f"{app.url}/voila/api/shutdown/{kernel_of(page)}").status == 204
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("alert").filter(has_text="its kernel was put away")).to_be_visible()


def test_a_lab_whose_kernel_was_killed_says_how_to_go_on(page, app):
    """As the system does where memory is short; the server starts it anew, without the lab."""
    open_lab(page, app, "02_symmetry")
    next(kernel for kernel in kernels(app) if kernel_of(page) in " ".join(kernel.cmdline())).kill()
    expect(message(page)).to_contain_text("Reload the page to begin again.")


def test_a_kernel_that_nobody_uses_is_put_away():
    with jupyter.serve_app(BP_IDLE_SECONDS="4") as app:
        address = f"{app.url}/voila/render/labs/00_start_here.ipynb?token={app.token}"
        text, deadline = "", time.monotonic() + 60
        with jupyter.opener().open(address, timeout=60) as answer:  # Voila sends signs of life until all is done
            while not (found := re.search(r'"kernelId": "([^"]+)"', text)) and time.monotonic() < deadline:
                text += answer.read1().decode(errors="replace")
        while is_there(app, found.group(1)):
            assert time.monotonic() < deadline
            time.sleep(0.2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such priorities")
def test_a_kernel_yields_to_the_server_that_passes_all_frames_on(page, app):
    open_lab(page, app, "02_symmetry")
    server = psutil.Process(app.process.pid)
    assert kernels(app)
    assert all(kernel.nice() > server.nice() for kernel in kernels(app))


def test_a_page_that_is_left_ends_its_kernel(page, app):
    """Also where the class was given the address of this one lab."""
    open_lab(page, app, "01_the_procedure")
    kernel = kernel_of(page)
    assert is_there(app, kernel)
    page.get_by_role("link", name="All labs").click()
    page.get_by_role("heading", name="Start here").wait_for()
    for _ in range(100):
        if not is_there(app, kernel):
            return
        page.wait_for_timeout(100)
    pytest.fail("its kernel runs on")


def kernels(app):
    children = psutil.Process(app.process.pid).children(recursive=True)
    return [child for child in children if "ipykernel_launcher" in child.cmdline()]


def kernel_of(page):
    return page.evaluate("() => JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")


def post(page, address):
    xsrf = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "_xsrf")
    return page.request.post(address, headers={"X-XSRFToken": xsrf})


def is_there(app, kernel):
    try:
        return bool(jupyter.ask(app, f"/api/kernels/{kernel}"))
    except urllib.error.HTTPError as answer:
        if answer.code != 404:
            raise
        return False


def test_nobody_gets_in_without_the_token_and_no_file_gets_out(app, page):
    with pytest.raises(urllib.error.HTTPError) as refused:
        jupyter.ask(jupyter.Server(app.url, "not it", app.root, app.log, app.process), "/voila/files/README.md")
    assert refused.value.code in (403, 404)
    page.goto(f"{app.url}/?token={app.token}")
    answer = page.request.get(f"{app.url}/voila/files/labs/02_symmetry.ipynb")
    assert answer.status in (403, 404)
    stranger = page.context.browser.new_context()
    page = stranger.new_page()
    page.goto(f"{app.url}/voila/render/labs/02_symmetry.ipynb")
    assert page.locator(".bp-lab").count() == 0
    stranger.close()


def test_a_page_cannot_have_code_run(page, app):
    open_lab(page, app, "02_symmetry")
    before = data(page)["sweep"]
    page.evaluate(
        """async () => {
            const {kernelId} = JSON.parse(document.getElementById('jupyter-config-data').textContent);
            const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/api/kernels/${kernelId}/channels`);
            await new Promise(resolve => socket.onopen = resolve);
            const header = {msg_id: '1', msg_type: 'execute_request', session: 's', version: '5.2'};
            socket.send(JSON.stringify({channel: 'shell', buffers: [], metadata: {}, parent_header: {}, header,
                content: {code: 'lab.step(7)', silent: false, store_history: false, user_expressions: {}}}));
            await new Promise(resolve => setTimeout(resolve, 1500));
        }"""
    )
    assert data(page)["sweep"] == before
    assert json.loads(before) == 0
    assert message(page).inner_text() == ""
