"""The static site: every lab and plate computes in the page what is stored, nothing leaves the site, links hold."""

import importlib.util
import json
import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import expect

from benchmarks import site
from labs import SymmetryLab
from tests.browser import jupyter, static_site
from tests.browser.lab_page import data, wait

ROOT = jupyter.ROOT
EVERY = [f"{part}/{path.name}" for part in ("labs", "figures") for path in sorted((ROOT / part).glob("*.ipynb"))]
CHOSEN = ["labs/00_start_here.ipynb", "labs/01_the_procedure.ipynb", "figures/fig2_family_trees.ipynb"]
"""Notebooks that are run here if BP_EVERY_NOTEBOOK is not set: all of them take some minutes."""
OUTPUTS = """() => window.jupyterapp.shell.currentWidget.content.widgets.filter(cell => cell.model.type === 'code')
    .map(cell => cell.model.outputs.toJSON())"""
FINISHED = "path => document.body?.dataset.ran === path"


@pytest.fixture(scope="session")
def folder(chromium_path, tmp_path_factory):
    """A site that is built for these tests, or the one in BP_SITE."""
    if "BP_SITE" in os.environ:
        return os.environ["BP_SITE"]
    place = tmp_path_factory.mktemp("static") / "site"
    if importlib.util.find_spec("voici_core"):  # in a process of its own: here an event loop runs, that of the browser
        make = [sys.executable, "-m", "labs.site", place]
        made = subprocess.run(make, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if made.returncode == 0:
            return place
        reason = made.stdout
    else:
        reason = "voici_core is not installed: python3 run.py site installs it"
    if os.environ.get("BP_REQUIRE_SITE"):
        pytest.fail(reason)
    pytest.skip(reason)
    return None


@pytest.fixture(scope="module")
def url(folder):
    with static_site.serve_folder(folder) as url:
        yield url


@pytest.fixture
def page(browser, url):
    """A page with a storage of its own; in the end nothing may have gone wrong in it, or have left the site."""
    with jupyter.new_page(browser) as page:
        page.set_default_timeout(120_000)
        static_site.note_strangers(page, url)
        yield page
        assert page.strangers == []


def open_by_address(page, url, path, ticket=""):
    page.goto(f"{url}/lab/index.html?path={path}{ticket}")


def texts(outputs):
    """What a cell has said, picture and widgets left out, as nbval compares it."""
    said = {}
    for output in outputs:
        parts = output.get("data", {output.get("name"): output.get("text", output.get("evalue"))})
        for kind, text in parts.items():
            if kind in ("text/plain", "stdout", "stderr", None):
                said[kind] = said.get(kind, "") + "".join(text)
    return said


@pytest.mark.parametrize("path", EVERY if os.environ.get("BP_EVERY_NOTEBOOK") else CHOSEN)
def test_a_notebook_runs_by_itself_and_says_what_is_stored(page, url, path):
    open_by_address(page, url, path)
    expect(page.get_by_role("progressbar")).to_be_visible()
    page.wait_for_function(FINISHED, arg=path, timeout=600_000)
    expect(page.get_by_role("progressbar", name="Loading")).to_have_count(0)
    cells = json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]
    stored = [texts(cell["outputs"]) for cell in cells if cell["cell_type"] == "code"]
    assert [texts(outputs) for outputs in page.evaluate(OUTPUTS)] == stored
    assert page.console_errors == []


def test_the_front_page_leads_to_a_network_that_learns(page, url):
    page.goto(url)
    expect(page.get_by_role("heading", name="02 · Symmetry")).to_be_visible()
    links = page.locator("a[href]").evaluate_all("all => all.map(link => link.href.split('#')[0])")
    assert [link for link in sorted(set(links)) if not page.request.get(link).ok] == []
    wait(page, "Number(d.sweep) > 100 && d.playing === 'true'")
    page.get_by_role("link", name="02 · Symmetry").click()
    wait(page, "d.sweep === '0'")
    page.locator(".bp-lab").first.get_by_role("button", name="Play").click()
    wait(page, "Number(d.sweep) > 100 && d.playing === 'true'")
    assert "path=labs/02_symmetry.ipynb" in page.url
    assert page.console_errors == []


def test_a_link_with_a_ticket_shows_its_run_and_gives_the_same_ticket_back(page, url):
    lab = SymmetryLab(3)
    lab.step(40)
    open_by_address(page, url, "labs/02_symmetry.ipynb", f"#{lab.ticket()}")
    wait(page, "d.sweep === '40'")
    page.wait_for_function(FINISHED, arg="labs/02_symmetry.ipynb")
    row = page.locator(".bp-share").first
    row.get_by_role("button", name="Link").click()
    link = row.get_by_placeholder("paste a ticket")
    page.wait_for_function("field => field.value.includes('#bp1.')", arg=link.element_handle())
    assert link.input_value().startswith(f"{url}/lab/index.html?path=labs%2F02_symmetry.ipynb#bp1.")
    follows = SymmetryLab()
    follows.follow(link.input_value())
    assert follows.run.sweeps == 40
    assert follows.run.state.w == pytest.approx(lab.run.state.w, abs=1e-9)


def test_a_page_without_code_learns_too(page, url):
    page.goto(f"{url}/voici/render/labs/02_symmetry.html")
    page.get_by_text("One simple task that cannot be done").click(trial=True, timeout=5_000)  # nothing stands above it
    expect(page.get_by_role("progressbar")).to_be_visible()
    wait(page, "d.sweep === '0'")
    page.locator(".bp-lab").first.get_by_role("button", name="Play").click()
    wait(page, "Number(d.sweep) > 100 && d.playing === 'true'")
    assert data(page)["playing"] == "true"
    assert page.locator(".jp-InputArea-editor").count() == 0
    assert page.console_errors == []


def test_what_was_opened_once_opens_without_a_network(browser, folder):
    path = "labs/00_start_here.ipynb"
    with jupyter.new_page(browser) as page:
        with static_site.serve_folder(folder) as url:
            open_by_address(page, url, path)
            page.wait_for_function("path => document.body?.dataset.kept === path", arg=path, timeout=120_000)
        open_by_address(page, url, path)
        page.wait_for_function(FINISHED, arg=path, timeout=120_000)


@pytest.mark.parametrize(
    ("handler", "first", "second"), [(site.Plain, 45, 11), (site.Counting, 28, 1)], ids=["plain", "gzipped"]
)
def test_what_a_first_and_a_second_visit_load_is_bounded(browser, folder, handler, first, second):
    """In megabytes. The browser is as in a private window, which does not keep a file of 10 MB."""
    path = "labs/02_symmetry.ipynb"
    with site.serving(handler, folder) as url, jupyter.new_page(browser) as page:
        for megabytes, requests in ((first, 180), (second, 40)):
            site.SENT.clear()
            open_by_address(page, url, path)
            wait(page, "d.sweep === '0'")
            assert sum(size for _, size in site.SENT) < 1e6 * megabytes
            assert len(site.SENT) <= requests
            page.goto("about:blank")


# --- what cannot work is said in one sentence ----------------------------------------------------------------------


def test_without_webassembly_one_sentence_says_so(page, url):
    page.add_init_script("delete window.WebAssembly;")
    open_by_address(page, url, "labs/02_symmetry.ipynb")
    expect(page.get_by_role("alert")).to_contain_text("WebAssembly is turned off or missing")


@pytest.mark.parametrize("name", ["numpy-*.whl", "pyodide.asm.wasm", "bundle.js"])
def test_a_file_that_is_missing_is_named(page, url, name):
    page.route(f"**/{name}*", lambda route: route.fulfill(status=404))
    open_by_address(page, url, "labs/02_symmetry.ipynb")
    named = re.compile(f"The file .*/{name.replace('*', '.*')} is missing")
    expect(page.get_by_role("alert").filter(has_text=named)).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_a_browser_that_stores_nothing_says_so_and_runs(page, url):
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {get() { throw new Error('blocked'); }});")
    open_by_address(page, url, "labs/02_symmetry.ipynb")
    expect(page.get_by_role("alert")).to_contain_text("keeps nothing for this page")


@pytest.mark.parametrize("name", ["index.html", "lab/index.html", "voici/render/labs/02_symmetry.html"])
def test_a_folder_that_was_opened_as_a_file_says_how_to_serve_it(page, folder, name):
    page.goto((jupyter.Path(folder) / name).as_uri())
    expect(page.locator(".bp-obstacle")).to_contain_text("python3 -m http.server")
    page.strangers.clear()


def test_the_site_of_another_folder_is_left_alone(folder, tmp_path):
    build = pytest.importorskip("labs.site.build")
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(build.pyodide.Problem, match="is not a site, so it is left as it is"):
        build.build(tmp_path)
