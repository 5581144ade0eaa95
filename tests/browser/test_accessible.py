"""axe-core finds no serious fault in any lab, in the light and in the dark theme."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from labs import widgets
from tests.browser import jupyter
from tests.browser.lab_page import do

MAKE = "from labs import widgets\nlab = widgets.{name}()\nlab"
STEPS = {"ProcedureLab": "lab.next()"}


@pytest.fixture(scope="module")
def opened(browser, server):
    """One page; every lab gets a notebook of its own in it."""
    context = browser.new_context(viewport=jupyter.VIEWPORT)
    page = jupyter.listen(context.new_page())
    page.set_default_timeout(20_000)
    yield page
    context.close()
    jupyter.end_kernels(server)


@pytest.mark.parametrize("name", widgets.__all__)
def test_axe_finds_no_serious_fault(opened, server, name):
    jupyter.write_notebook(server.root / "labs" / f"accessible_{name}.ipynb", MAKE.format(name=name))
    jupyter.open_notebook(opened, server, f"labs/accessible_{name}.ipynb")
    jupyter.run_all(opened)
    opened.locator(".bp-lab, .bp-procedure").first.wait_for()
    do(opened, STEPS.get(name, "lab.step(20)"))
    faults = []
    for theme in ("JupyterLab Light", "JupyterLab Dark"):
        jupyter.theme(opened, theme)
        opened.wait_for_timeout(1500)
        found = Axe().run(opened, ".jp-OutputArea-output")
        for fault in found.response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                faults += [f"{theme}: {fault['id']}: {node['html'][:160]}" for node in fault["nodes"]]
    jupyter.theme(opened, "JupyterLab Light")
    assert faults == []
