"""The functions of jupyter.py for the static site, where Python runs in the page: with BP_SITE the same tests use it.

BP_SITE=/folder/of/a/site python -m pytest tests/browser/test_symmetry.py
"""

import contextlib
import json
import os
import tempfile
import threading
from pathlib import Path

from labs.site import serve as server_of_site
from tests.browser import jupyter

KERNEL = {"name": "python", "display_name": "Python (Pyodide)"}  # of any other name a dialog asks
LINKS = (
    "test_in_jupyterlab_the_first_lab_follows_the_link_and_a_reload_leaves_later_work_alone",
    "test_another_notebook_that_is_opened_in_the_same_page_does_not_follow",
)
ENVIRONMENT = {}  # address of a server -> environment variables of the kernels that belong to it
SAVE_AND_OPEN = """async ([path, content]) => {
    const app = window.jupyterapp;
    await app.restored;
    await app.serviceManager.contents.save(path, {type: 'notebook', format: 'json', content});
    await app.commands.execute('docmanager:open', {path});
}"""
ASK = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code, store_history: false});
    let said = '', wrong = '';
    future.onIOPub = ({content}) => { said += content.text ?? ''; wrong += content.evalue ?? ''; };
    if ((await future.done).content.status !== 'ok') throw new Error(wrong);
    return said;
}"""


@contextlib.contextmanager
def serve_folder(site):
    """Serve a site and give its address."""
    server = server_of_site.serve(site, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def serve(folder=None, **environment):
    """Serve the site of BP_SITE; the notebooks of `folder` are put into it when they are opened."""
    with tempfile.TemporaryDirectory(prefix="bp-site-") as scratch, serve_folder(os.environ["BP_SITE"]) as url:
        root = Path(folder) if folder else jupyter.copy_notebooks(Path(scratch) / "root")
        log = Path(scratch) / "log"
        log.touch()
        ENVIRONMENT[url] = environment
        yield jupyter.Server(url, "", root, log, None)


def end_kernels(_server):
    """Nothing is left to end: a kernel ends with its page."""


def open_notebook(page, server, path):
    """Open a notebook over the whole width and wait until its kernel is idle."""
    if not hasattr(page, "console_errors"):
        jupyter.listen(page)
    note_strangers(page, server.url)
    page.goto(f"{server.url}/lab/index.html")
    page.wait_for_function("() => window.jupyterapp?.shell && window.jupyterapp.serviceManager?.isReady")
    content = json.loads((server.root / path).read_text(encoding="utf-8"))
    content["metadata"]["kernelspec"] = KERNEL
    jupyter.promised(page, SAVE_AND_OPEN, [path, content])
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.content?.model")
    page.evaluate("() => { const shell = window.jupyterapp.shell; shell.collapseLeft(); shell.collapseRight(); }")
    jupyter.wait_until_idle(page, 120)
    ask_python(page, f"__import__('os').environ.update({ENVIRONMENT.get(server.url, {})!r})")
    return page


def forget_answers(page, _server):
    """Begin anew with all exercises: the answers are in the storage of the page."""
    ask_python(page, "[path.unlink() for path in __import__('pathlib').Path('runs').glob('*.json')]")


def note_strangers(page, url):
    """Collect requests that leave the site: they are errors of the page."""
    if not hasattr(page, "strangers"):
        page.strangers = []
        page.on("request", lambda request: None if request.url.startswith((url, "data:", "blob:"))
                else page.strangers.append(request.url))  # fmt: skip


def ask_python(page, expression):
    """The value of a Python expression in the kernel of the open notebook, as its repr."""
    return jupyter.promised(page, ASK, f"print(repr(({expression})), end='')")


def why_not(item):
    """Why a test cannot hold in the site, in a sentence; "" if it can."""
    if "app" in item.fixturenames or item.path.name == "test_app.py":
        return "the pages of run.py app have a kernel on a server"
    if item.originalname in LINKS:
        return "it opens an address of Jupyter's server; test_static_site.py follows the site's links"
    if item.originalname == "test_a_notebook_that_is_closed_and_opened_again_shows_the_run_that_went_on":
        return "to open a notebook again, these functions put it there anew, without its outputs"
    if item.name.startswith("test_the_theme_changes_and_messages_are_not_delayed"):
        return "it reads the sockets of Jupyter's server"
    return ""


INSTEAD = {function.__name__: function for function in (serve, end_kernels, open_notebook, forget_answers, ask_python)}
