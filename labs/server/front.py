"""The front page of `run.py app`, as a template of Voila. A process of its own makes it: it needs numpy and more."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_BASE = "BASE_URL/"  # of the server, which only Voila knows
_NAMES = "{% raw %}", "{% endraw %}"


def make(folder):
    """Write the template to where Voila looks for it below `folder`; the one in share/ is used if that fails."""
    subprocess.run([sys.executable, "-m", __spec__.name, folder], cwd=_ROOT, check=False)  # noqa: S603 - of this project


def _links(name):
    return [(f"{_BASE}voila/render/labs/{name}.ipynb", "")]


def _page():
    from labs.page.front import front_page, plates

    listed = plates(_ROOT / "figures", lambda name: f"{_BASE}voila/render/figures/{name}.ipynb")
    below = f'<section id="figures"><h2>The figures</h2><ul>\n{listed}\n</ul></section>'
    start = f"{_BASE}voila/render/labs/00_start_here.ipynb"
    return front_page(_links, [(start, "Start here"), ("#labs", "Labs"), ("#figures", "Figures")], below)


if __name__ == "__main__":
    target = Path(sys.argv[1]) / "voila" / "templates" / "labs"
    target.mkdir(parents=True)
    raw, end = _NAMES
    page = _page().replace(_BASE, f"{end}{{{{ base_url }}}}{raw}")
    (target / "tree-lab.html").write_text(f"{raw}{page}{end}", encoding="utf-8")
