"""The real JupyterLab and a real Chromium, as plain functions: for the browser tests and for the benchmarks.

with jupyter.serve(folder) as server, jupyter.chromium() as browser:
    page = jupyter.open_notebook(browser.new_page(), server, "labs/02_symmetry.ipynb")
    jupyter.run_all(page)
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "labs" / "server" / "jupyter_lab_config.py"
VIEWPORT = {"width": 1280, "height": 800}
PATIENCE = 60_000  # milliseconds; only a test that fails waits so long, on a machine with other things to do as well
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Said by JupyterLab or Chromium about themselves, whatever notebook is open.
NOT_OURS = ("favicon", "ResizeObserver loop", "React Router", "plugin_id", "font-display")


@dataclass(frozen=True)
class Server:
    """A server that runs: where it is, what it serves, and where it writes what it has to say."""

    url: str
    token: str
    root: Path
    log: Path
    process: subprocess.Popen


def chromium_path():
    """The Chromium of this machine, or None. BP_CHROMIUM names another one."""
    names = [os.environ.get("BP_CHROMIUM"), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    return next(filter(None, (shutil.which(name) for name in names if name)), None)


@contextlib.contextmanager
def chromium(**options):
    """A browser for a program that is not a test."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS, **options)
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def serve(folder=None, **environment):
    """JupyterLab as run.py serves it, but of `folder` (or of a copy of the notebooks), and with settings of its own."""
    how = ["jupyterlab", f"--config={CONFIG}", "--ServerApp.ip=127.0.0.1", "--LabApp.expose_app_in_browser=True"]
    with _served(how, "ServerApp", folder, environment) as server:
        yield server


@contextlib.contextmanager
def serve_app(folder=None, **environment):
    """The pages without code as run.py serves them, likewise."""
    how = ["voila", f"--Voila.config_file_paths={CONFIG.parent}", "--Voila.ip=127.0.0.1"]
    with _served(how, "Voila", folder, environment) as server:
        yield server


@contextlib.contextmanager
def _served(how, name, folder, environment=None):
    with tempfile.TemporaryDirectory(prefix="bp-lab-", ignore_cleanup_errors=True) as scratch:
        scratch = Path(scratch)
        root = Path(folder) if folder else copy_notebooks(scratch / "root")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        token = secrets.token_hex(16)  # an empty one is answered with 403
        own = {f"JUPYTER_{what}": str(scratch / what.lower()) for what in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")} | {
            "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
            "IPYTHONDIR": str(scratch / "ipython"),
            "JUPYTER_TOKEN": token,
        }
        log = scratch / "server.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", *how, f"--{name}.port={port}", f"--{name}.root_dir={root}"],
                cwd=ROOT, env={**os.environ, **own, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT,
            )  # fmt: skip
        server = Server(f"http://127.0.0.1:{port}", token, root, log, process)
        try:
            _wait_for(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def copy_notebooks(root):
    """The notebooks and what lies beside them, so that saving in the browser does not touch the checkout."""
    root.mkdir(parents=True, exist_ok=True)
    for folder in ("labs", "figures", "docs"):
        (root / folder).mkdir()
        for path in (ROOT / folder).glob("*.*"):
            if path.is_file() and path.suffix != ".py":
                shutil.copy(path, root / folder)
    return root


def write_notebook(path, *cells):
    """Make a notebook of code cells that were not run yet."""
    notebook = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "execution_count": None,
                "metadata": {},
                "outputs": [],
                "source": source,
            }
            for number, source in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(notebook), encoding="utf-8")


def ask(server, path, method="GET"):
    """What the server's REST interface answers, or None where it has nothing to say."""
    request = urllib.request.Request(
        server.url + path, method=method, headers={"Authorization": f"token {server.token}"}
    )
    with opener().open(request, timeout=PATIENCE / 1000) as answer:
        return json.loads(answer.read() or "null")


def opener():
    """What opens addresses of this machine, never through a proxy."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def end_kernels(server):
    """Shut all kernels down, so that one test's clock does not slow the next test."""
    for session in ask(server, "/api/sessions"):
        ask(server, f"/api/sessions/{session['id']}", "DELETE")


def forget_answers(_page, server):
    """Begin anew with all exercises of the notebooks in labs/."""
    shutil.rmtree(server.root / "labs" / "runs", ignore_errors=True)


def _wait_for(server):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        with contextlib.suppress(OSError):
            try:
                ask(server, "/api/status")
            except urllib.error.HTTPError as answer:
                if answer.code != 404:  # Voila has no such page, but answers
                    raise
            return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{server.log.read_text(errors='replace')}")


def listen(page):
    """Collect what goes wrong in the page: page.console_errors grows as errors come."""
    page.console_errors = []

    def note(text):
        if not any(words in text for words in NOT_OURS):
            page.console_errors.append(text)

    page.on("console", lambda message: note(f"{message.text} [{message.location.get('url', '')}]")
            if message.type == "error" else None)  # fmt: skip
    page.on("pageerror", lambda error: note(str(error)))
    page.on("crash", lambda _: note("the page crashed"))
    return page


@contextlib.contextmanager
def new_page(browser, **look):
    """A page that listens to its own errors; `look` are settings of Playwright, such as viewport or reduced_motion."""
    context = browser.new_context(**{"viewport": VIEWPORT} | look)
    try:
        page = listen(context.new_page())
        page.set_default_timeout(PATIENCE)
        yield page
    finally:
        context.close()


def open_notebook(page, server, path):
    """Open a notebook over the whole width and wait until its kernel is idle."""
    if not hasattr(page, "console_errors"):
        listen(page)
    page.goto(f"{server.url}/lab/tree/{path}?reset&token={server.token}")
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.content?.model", timeout=60_000)
    page.evaluate("() => { const shell = window.jupyterapp.shell; shell.collapseLeft(); shell.collapseRight(); }")
    # Before this a cell that is run is lost, because the kernel is replaced once.
    wait_until_idle(page)
    return page


def run_all(page, timeout=120):
    """Run all cells and wait until the last has run; return nothing, leave the notebook at its top."""
    promised(page, "() => window.jupyterapp.commands.execute('notebook:run-all-cells')", timeout=timeout)
    page.wait_for_function(
        """() => {
            const cells = window.jupyterapp.shell.currentWidget.content.widgets;
            return cells.filter(cell => cell.model.type === 'code' && cell.model.sharedModel.source.trim())
                        .every(cell => cell.model.executionCount !== null && cell.model.executionState !== 'running');
        }""",
        timeout=timeout * 1000,
    )
    page.evaluate("() => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")


def wait_until_idle(page, timeout=60):
    """Wait until the kernel of the notebook in front can be asked; the status line may still tell of another's."""
    page.get_by_text("| Idle").first.wait_for(timeout=timeout * 1000)
    page.wait_for_function(
        """() => {
            const context = window.jupyterapp.shell.currentWidget?.sessionContext, kernel = context?.session?.kernel;
            return context?.isReady && kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
        }""",
        timeout=timeout * 1000,
    )


def promised(page, function, argument=None, timeout=60):
    """What an asynchronous function of the page gives; to wait for one that never ends is an error."""
    late = f"() => refuse(new Error('the page or its kernel gave no answer in {timeout} s'))"
    never = f"new Promise((_, refuse) => setTimeout({late}, {1000 * timeout}))"
    return page.evaluate(f"argument => Promise.race([({function})(argument), {never}])", argument)


def execute(page, command, arguments=None):
    """Execute a command of JupyterLab, such as kernelmenu:restart or notebook:close."""
    promised(
        page,
        "async ([command, args]) => { await window.jupyterapp.commands.execute(command, args); }",
        [command, arguments or {}],
    )


def restart(page):
    """Restart the kernel of the open notebook."""
    promised(page, "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")


def theme(page, name):
    """Change to "JupyterLab Dark" or "JupyterLab Light" and wait until it is on the screen."""
    execute(page, "apputils:change-theme", {"theme": name})
    page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)
    at_rest(page)


def at_rest(page):
    """Wait until two frames were painted and every transition of colours and places has ended."""
    promised(page, "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function(
        """() => document.getAnimations().every(animation => {
            const { endTime } = animation.effect.getComputedTiming();
            return animation.playState !== 'running' || endTime === Infinity;
        })"""
    )


def ask_python(page, expression):
    """The value of a Python expression in the kernel of the open notebook, as its repr."""
    return promised(
        page,
        """async expression => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const future = kernel.requestExecute({code: '', user_expressions: {value: expression}, silent: true});
            const answer = (await future.done).content.user_expressions.value;
            if (answer.status !== 'ok') throw new Error(answer.evalue);
            return answer.data['text/plain'];
        }""",
        expression,
    )


if os.environ.get("BP_SITE"):  # a folder that `run.py site` made: the same tests, with Python in the page
    from tests.browser import static_site

    globals().update(static_site.INSTEAD)
