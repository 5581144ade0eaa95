"""Writes the front page of `run.py app` as a template of Voila: python -m labs.page.of_app FOLDER."""

import sys
from pathlib import Path

from .front import front_page, plates

_ROOT = Path(__file__).resolve().parents[2]
_BASE = "BASE_URL/"  # of the server, which only Voila knows
_RAW, _END = "{% raw %}", "{% endraw %}"


def _links(name):
    return [(f"{_BASE}voila/render/labs/{name}.ipynb", "")]


def template():
    """Write the template."""
    listed = plates(_ROOT / "figures", lambda name: f"{_BASE}voila/render/figures/{name}.ipynb")
    below = f'<section id="figures"><h2>The figures</h2><ul>\n{listed}\n</ul></section>'
    start = f"{_BASE}voila/render/labs/00_start_here.ipynb"
    page = front_page(_links, [(start, "Start here"), ("#labs", "Labs"), ("#figures", "Figures")], below)
    return f"{_RAW}{page.replace(_BASE, f'{_END}{{{{ base_url }}}}{_RAW}')}{_END}"


if __name__ == "__main__":
    target = Path(sys.argv[1]) / "voila" / "templates" / "labs"
    target.mkdir(parents=True)
    (target / "tree-lab.html").write_text(template(), encoding="utf-8")
