"""backprop-1986.js in a page of somebody else: as an element, and as the widget that anywidget renders."""

import threading

import pytest
from playwright.sync_api import expect

from labs import SymmetryLab
from labs.page.embed import NAME, embed_module
from labs.site import serve
from tests.browser import jupyter
from tests.browser.lab_page import data, press, wait

PLAIN = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>An article</title>
<link rel="icon" href="data:,"><style>body {{ font: 18px Georgia, serif; margin: 2rem }}</style></head><body>
<h1>An article</h1>
<script type="module" src="{name}"></script>
<p>Before.</p>{element}<p>After.</p></body></html>"""
# As anywidget and MyST do: the default export renders a model into an element, here in a shadow root.
WIDGET = """<div id="here"></div><script type="module">
import widget from "./{name}";
const settings = {{ seed: 3, epsilon: 0.2 }}, root = document.getElementById("here").attachShadow({{ mode: "open" }});
const el = root.appendChild(document.createElement("div"));
const model = {{ get: (name) => settings[name], on() {{}}, off() {{}}, set() {{}}, save_changes() {{}} }};
window.end = await widget.render({{ model, el }});
</script>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("article")
    (folder / NAME).write_text(embed_module(), encoding="utf-8")
    return folder


@pytest.fixture
def open_article(browser, folder):
    server = serve.serve(folder, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with jupyter.new_page(browser) as page:

        def open_article(element):
            text = PLAIN.format(name=NAME, element=element.format(name=NAME))
            (folder / "index.html").write_text(text, encoding="utf-8")
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
            return page

        yield open_article
        assert page.console_errors == []
    server.shutdown()
    server.server_close()
    thread.join()


def test_one_line_embeds_a_network_that_learns(open_article):
    page = open_article('<backprop-1986 seed="3" epsilon="0.2" playing></backprop-1986>')
    wait(page, "Number(d.sweep) > 20 && d.epsilon === '0.2'")
    press(page, "Pause")
    press(page, "Restart")
    wait(page, f"d.sweep === '0' && Math.abs(Number(d.error) - {SymmetryLab(3).run.E[0, 0]}) < 1e-5")
    assert page.evaluate("() => getComputedStyle(document.querySelector('h1')).fontFamily").startswith("Georgia")
    page.locator("backprop-1986").evaluate("element => element.remove()")
    expect(page.get_by_text("After.")).to_be_visible()


def test_several_stand_in_one_page_and_a_ticket_says_which_run(open_article):
    lab = SymmetryLab(5, hidden=3)
    lab.step(12)
    other = '<backprop-1986 lab="local minima"></backprop-1986>'
    page = open_article(f'<backprop-1986 ticket="{lab.ticket()}"></backprop-1986>{other}')
    wait(page, f"d.sweep === '12' && Math.abs(Number(d.error) - {lab.run.E[-1, 0]}) < 1e-5")
    wait(page, "d.sweep === '0'", view=1)
    page.locator(".bp-lab").nth(1).get_by_role("button", name="One sweep").click()
    wait(page, "d.sweep === '1'", view=1)
    assert data(page)["sweep"] == "12"


def test_a_lab_that_there_is_not_is_told(open_article):
    page = open_article('<backprop-1986 lab="perceptron"></backprop-1986>')
    expect(page.locator("backprop-1986")).to_contain_text('There is no lab "perceptron"; one of symmetry, local minima')


def test_it_is_a_widget_too(open_article):
    page = open_article(WIDGET)
    canvas = page.locator(".bp-lab canvas")
    expect(canvas).to_have_attribute("data-epsilon", "0.2")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(
        "() => Number(document.getElementById('here').shadowRoot.querySelector('canvas').dataset.sweep) > 20"
    )
    page.evaluate("() => window.end()")
