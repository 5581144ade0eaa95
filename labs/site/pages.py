"""Pages of the site beside JupyterLab: the front page, the labs and plates without code, and the docs."""

import html
import json
import os
import re
import shutil
from pathlib import Path
from string import Template

import mistune
import nbformat
from traitlets.config import Config
from voici_core import exporter, tree_exporter
from voila.configuration import VoilaConfiguration

from ..page import embed
from ..page.front import front_page, plates
from ..server.pages import LIVE, only_what_lives
from .wheels import ROOT

HERE = Path(__file__).parent
_IN_PAGE = 'import os\nos.environ["BP_PAGE"] = "1"'  # see labs/kit/environment.py
_NAV = [
    ("lab/index.html?path=labs/00_start_here.ipynb", "Start here"),
    ("#labs", "Labs"),
    ("#figures", "Figures"),
    ("docs/teaching.html", "For teachers"),
]
_KEPT = 4_000_000  # bytes; what is larger a private window may not keep, and would load twice
_TO_DOC = re.compile(r'href="(?!\w+:)([^"]+)\.md(#[^"]*)?"')
_TO_FILE = re.compile(r'(href|src)="(?!\w+:|#)(?:\.\./)?(docs/|figures/|labs/)?([^"/]+\.(?:png|ipynb|csv))"')


def write(made):
    """Write all pages into a site that JupyterLite has built."""
    os.environ["JUPYTER_PATH"] = str(HERE / "share")  # there is the template of the pages without code
    shutil.copytree(Path(exporter.__file__).parent / "static" / "build", made / "voici" / "build")
    names = sorted(path for part in ("labs", "figures") for path in (made / "files" / part).glob("*.ipynb"))
    for path in names:
        _without_code(made, path)
    shutil.copytree(ROOT / "docs", made / "docs", ignore=lambda _, names: [n for n in names if not n.endswith(".png")])
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        _doc(made, path)
    listed = plates(ROOT / "figures", lambda name: f"voici/render/figures/{name}.html")
    below, head = ((HERE / "page" / name).read_text(encoding="utf-8") for name in ("below.html", "front_head.html"))
    front = front_page(_links, _NAV, Template(below).substitute(plates=listed), head)
    (made / "index.html").write_text(front, encoding="utf-8")
    (made / embed.NAME).write_text(embed.embed_module(), encoding="utf-8")


def arrival(made, up, without_code=False):
    """HTML that shows a person how far the lab is while it is loaded; `up` leads from the page to the site."""
    pyodide = sorted((made / "static" / "pyodide").iterdir())
    files = {path.relative_to(made).as_posix(): path.stat().st_size for path in pyodide}
    large = [name for name, size in files.items() if size >= _KEPT]
    files = {name: size for name, size in files.items() if size < _KEPT}
    pictures = {path.stem: picture(path.stem) for path in (ROOT / "labs").glob("*.ipynb")}
    about = json.dumps({"up": up, "files": files, "large": large, "pictures": pictures, "withoutCode": without_code})
    return (
        f'<link rel="stylesheet" href="{up}arrive.css">\n'
        f'<script id="bp-arrival" type="application/json">{about}</script>\n'
        f'<script src="{up}arrive.js"></script>\n'
        "<script nomodule>document.write('<p>This browser is too old for the lab: one of the last three years is "
        "needed.</p>')</script>"
    )


def picture(lab):
    """The picture of a lab in docs/, by its file name."""
    own = f"{lab.partition('_')[2].removeprefix('the_')}.png"
    return own if (ROOT / "docs" / own).exists() else "lab.png"


def _without_code(made, path):
    notebook = only_what_lives(nbformat.read(path, 4))
    lives = any(cell.cell_type == "code" and LIVE in cell.metadata.get("tags", ()) for cell in notebook.cells)
    if lives:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(_IN_PAGE))
    config = json.loads((made / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    below = Path(path.parent.name)
    how = VoilaConfiguration(config=Config(), template="site", strip_sources=True, show_tracebacks=False)
    page = tree_exporter.patch_page_config(config | {"baseUrl": "/"}, below, how)
    page["notebookPath"] = f"{below}/{path.name}"
    made_by = exporter.VoiciExporter(
        voici_config=how, page_config=page, base_url=page["baseUrl"], notebook_path=str(path),
        files_url_prefix=f"../../../files/{below}/",
    )  # fmt: skip
    text = made_by.from_notebook_node(notebook, {"metadata": {"name": path.stem}})[0]
    if lives:
        text = text.replace("<head>", f"<head>\n{arrival(made, '../../../', True)}", 1)
    else:  # a plate needs no Python, and is there at once
        text = re.sub(r'<script src="[^"]*voici\.js"></script>', "", text)
    text = text.replace('src="../docs/', 'src="../../../docs/')
    target = made / "voici" / "render" / below / f"{path.stem}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def _links(name):
    """Where a card of the front page leads."""
    return [(f"lab/index.html?path=labs/{name}.ipynb", ""), (f"voici/render/labs/{name}.html", "without code")]


def _doc(made, path):
    """A page of the docs; links to other pages of the docs lead to their pages."""
    body = mistune.html(path.read_text(encoding="utf-8"))
    body = _TO_DOC.sub(lambda link: f'href="{Path(link[1]).name}.html{link[2] or ""}"', body)
    body = _TO_FILE.sub(_to_file, body)
    title = html.escape(body.partition("<h1>")[2].partition("</h1>")[0] or path.stem)
    frame = Template((HERE / "page" / "doc.html").read_text(encoding="utf-8"))
    target = made / "docs" / f"{path.stem}.html"
    target.write_text(frame.substitute(title=title, body=body), encoding="utf-8")


def _to_file(link):
    folder, name = link[2] or "docs/", link[3]
    if name.endswith(".png"):
        return f'{link[1]}="{name}"'
    if name.endswith(".ipynb"):
        return f'{link[1]}="../lab/index.html?path={folder}{name}"'
    return f'{link[1]}="../files/{folder}{name}"'
