"""What the measurements in the page share: a lab as a person opens it, and a table of what was found.

JupyterLab and Chromium are started by tests/browser/jupyter.py, so that what is measured is what is tested.
"""

import contextlib
import os
from pathlib import Path

from tests.browser import jupyter

CANVAS = ".bp-lab canvas"


@contextlib.contextmanager
def opened_lab(notebook="labs/02_symmetry.ipynb"):
    """A notebook in JupyterLab in Chromium, all cells run, the first of its labs in view."""
    if jupyter.chromium_path() is None:
        raise SystemExit("No Chromium was found: install chromium, or name one in BP_CHROMIUM.")
    with jupyter.serve() as server, jupyter.chromium() as browser:
        page = browser.new_page(viewport=jupyter.VIEWPORT)
        jupyter.open_notebook(page, server, notebook)
        jupyter.run_all(page, timeout=600)  # with BP_SITE on one core
        jupyter.wait_until_idle(page)
        page.mouse.move(*(side / 2 for side in jupyter.VIEWPORT.values()))
        page.mouse.wheel(0, 1)  # who moves the page is not brought to the first exercise
        page.locator(CANVAS).first.wait_for()
        page.evaluate("canvas => document.querySelector(canvas).closest('.bp-lab').scrollIntoView()", CANVAS)
        page.wait_for_function("canvas => document.querySelector(canvas).dataset.painted > 0", arg=CANVAS)
        yield page


def do(page, statement):
    """Run a statement in the kernel, where `lab` is the lab in view."""
    jupyter.ask_python(page, f"exec({statement!r})")


def machine():
    """The processor, its cores, and what else runs on them."""
    model = "unknown processor"
    with contextlib.suppress(OSError), Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), model)
    load = f"; load before the measurement {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores of {model}{load}."


def table(header, rows):
    """A Markdown table."""
    widths = [max(len(str(row[k])) for row in [header, *rows]) for k in range(len(header))]

    def line(cells):
        return "| " + " | ".join(str(cell).ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"

    return "\n".join([line(header), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *map(line, rows)])
