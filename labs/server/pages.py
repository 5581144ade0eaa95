"""A notebook as a page for a class: its labs run, and what it computed besides is shown as it is stored."""

import html
import os
import re
from copy import deepcopy

FOR_CODE = ("In JupyterLab, begin with", "From Python: ")
"""How paragraphs begin that are for who sees the code."""
LIVE = "live"
"""Tag of the cells that show a widget; `run.py notebooks` gives it to them."""


def prepare(handler, notebook, cwd):  # noqa: ARG001 - Voila calls it so
    """What a page is made of, and what it needs to end its kernel when it is left: the cookie against forgery.

    Parameters
    ----------
    handler : tornado.web.RequestHandler
    notebook : NotebookNode

    Returns
    -------
    NotebookNode
    """
    _ = handler.xsrf_token  # to read it is to set the cookie, which else only the page of all labs does
    page = only_what_lives(notebook)
    if os.environ.get("BP_SHOW_ANSWERS"):  # for a teacher nothing is closed
        for cell in page.cells:
            cell.source = cell.source.replace("<details>", "<details open>")
    return page


def only_what_lives(notebook):
    """Leave of a notebook the cells that run in a page: those that show a lab, and those that only prepare.

    The others were run when the notebook was made, and nbval holds them against their outputs: thirty pages need not
    run them again before thirty labs answer. They become text.

    Parameters
    ----------
    notebook : NotebookNode

    Returns
    -------
    NotebookNode
    """
    page = deepcopy(notebook)
    page.cells = [_as_text(cell) if _is_stored(cell) else cell for cell in page.cells]
    for cell in page.cells:
        if cell.cell_type == "markdown":
            cell.source = "\n\n".join(part for part in cell.source.split("\n\n") if not part.startswith(FOR_CODE))
    return page


def to_its_lab(handler, path):
    """Lead a link to its lab if its # has become %23, as some programs make it of what is pasted into them.

    Parameters
    ----------
    handler : voila.handler.VoilaHandler
        Takes this as its `redirect_to_file`: Voila looks for a file of this name, which nobody may have.
    path : str
        "labs/02_symmetry.ipynb#bp1.…", or what else is no notebook.
    """
    where = "render" if ".ipynb#" in path else "files"
    handler.redirect(f"{handler.base_url}voila/{where}/{path}")


def worth_saying(record):
    """Whether the person at the server needs to read this: not that a page was left while its cells still ran."""
    kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
    left = kind in ("DeadKernelError", "WebSocketClosedError") or "Kernel died while waiting" in record.getMessage()
    return not left and "is not trusted" not in record.getMessage()


def _is_stored(cell):
    return cell.cell_type == "code" and bool(cell.outputs) and LIVE not in cell.metadata.get("tags", ())


def _as_text(cell):
    """A code cell as what it has shown; the cell keeps its place and name."""
    cell.cell_type = "markdown"
    streams = "".join(output.text for output in cell.outputs if output.output_type == "stream")
    others = [_richest(output.data) for output in cell.outputs if output.output_type != "stream"]
    cell.source = "\n\n".join([*([_text(streams)] if streams else []), *others])
    for name in ("outputs", "execution_count"):
        del cell[name]
    return cell


def _richest(data):
    """What was shown, as HTML, in the richest form that it is stored in."""
    facts = data.get("text/plain", "")
    if "text/html" in data:
        return _unbroken(data["text/html"])
    if "image/png" in data:
        picture = "".join(data["image/png"].split())
        return f'<img alt="{html.escape(_unbroken(facts))}" src="data:image/png;base64,{picture}">'
    return _text(facts)


def _text(text):
    return f"<pre>{_unbroken(html.escape(text.rstrip()))}</pre>"


def _unbroken(text):
    """Text without blank lines, which would end a block of HTML in markdown."""
    return re.sub(r"\n(?=\n)", "\n&nbsp;", text)
