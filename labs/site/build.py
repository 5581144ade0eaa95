"""Build the site: JupyterLab with the real notebooks, the same as pages without code, the docs, and a front page."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from . import pages, pyodide
from .wheels import PRELOADED, ROOT, write_distribution

HERE = Path(__file__).parent
MARK = "site.json"
"""File by which a folder is known to be a site: its content may be replaced."""
CACHE = ROOT / ".pyodide"
BYTECODE = ROOT / ".pyodide-bytecode"
_EXTENSIONS = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
_NEEDED = ("@jupyter-widgets/jupyterlab-manager", "anywidget")
_KERNEL = "@jupyterlite/pyodide-kernel-extension"
_LONG_AGO = 1_000_000_000  # a browser keeps a file the longer, the longer ago it was changed
_TO_RUN = "In JupyterLab, begin with"
_NOTES = ("*.ipynb", "*.csv", "*.md", "*.png")


def build(folder, source=None):
    """Build a site, or build it anew.

    Parameters
    ----------
    folder : path
        Is replaced when all is made; until then an earlier site stays as it is.
    source : path, optional
        Where the files of Pyodide are looked for first (see `pyodide.fetch`).

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    pyodide.Problem
        If the folder holds something else, or a file of Pyodide was not found.
    """
    folder = Path(folder).resolve()
    if folder.exists() and not (folder.is_dir() and ((folder / MARK).exists() or not any(folder.iterdir()))):
        raise pyodide.Problem(f"{folder} is not a site, so it is left as it is: name a new folder.")
    files = pyodide.fetch(CACHE, source)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=folder.parent) as scratch:
        made = Path(scratch) / "made"
        _jupyterlite(Path(scratch) / "lite", made, files)
        _arrive(made)
        pages.write(made)
        (made / MARK).write_text(json.dumps({"pyodide": pyodide.VERSION}), encoding="utf-8")
        if folder.exists():
            folder.rename(Path(scratch) / "before")
        made.rename(folder)
    return folder


def _jupyterlite(lite, made, files):
    """Let JupyterLite build what is its own."""
    kernel = _unpack(files / pyodide.KERNEL, lite.parent / "kernel")
    write_distribution(lite / "static" / "pyodide", files, kernel / "static" / "pypi", BYTECODE)
    _copy_contents(lite / "contents")
    server = HERE.parent / "server" / "labconfig"
    unwanted = json.loads((server / "page_config.json").read_text(encoding="utf-8"))["disabledExtensions"]
    shutil.copy(server / "default_setting_overrides.json", lite / "overrides.json")
    kernel_settings = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": list(PRELOADED)}}
    page = {
        "appName": "Backprop 1986",
        "defaultKernelName": "python",
        "disabledExtensions": list(unwanted),
        "enableMemoryStorage": False,
        "exposeAppInBrowser": True,
        "litePluginSettings": {f"{_KERNEL}:kernel": kernel_settings},
    }
    _write(lite / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": page})
    how = {
        "apps": ["lab"],
        "contents": [str(lite / "contents")],
        "federated_extensions": [*(str(_EXTENSIONS / name) for name in _NEEDED), str(kernel)],
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(made),
    }
    _write(lite / "jupyter_lite_config.json", {"LiteBuildConfig": how})
    # Without the user's own settings: what else is on this machine must not get into the site.
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "JUPYTER"))}
    own |= {"JUPYTER_NO_CONFIG": "1", "PYTHONPATH": str(lite.parent / "kernel")}
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build"],
        cwd=lite, env=own, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise pyodide.Problem("JupyterLite could not build the site: the reason is in the lines above.")


def _unpack(wheel, folder):
    """Unpack JupyterLite's kernel to a folder to import it from; gives where its extension of JupyterLab is."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return next(folder.glob("*.data/data/share/jupyter/labextensions")) / _KERNEL


def _copy_contents(contents):
    """What can be opened in JupyterLab. Notebooks run by themselves here, with another kernel than elsewhere."""
    for part in ("labs", "labs/data", "figures", "docs"):
        (contents / part).mkdir(parents=True)
        for path in (path for kind in _NOTES for path in (ROOT / part).glob(kind)):
            shutil.copy(path, contents / part)
    runs = contents / "labs" / "runs"
    runs.mkdir()  # if Python made it, JupyterLite would ask the server for a folder that is not there
    (runs / "README.md").write_text("What you answer in the labs is kept in this folder.\n", encoding="utf-8")
    kernel = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
    for path in contents.rglob("*.ipynb"):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        notebook["metadata"]["kernelspec"] = kernel
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                parts = "".join(cell["source"]).split("\n\n")
                cell["source"] = "\n\n".join(part for part in parts if not part.startswith(_TO_RUN))
        _write(path, notebook)


def _write(path, content):
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _arrive(made):
    """Add to JupyterLab what a person sees while it and Python are loaded, and let browsers keep what never changes."""
    for name in ("arrive.js", "arrive.css"):
        shutil.copy(HERE / "page" / name, made)
    worker = made / "service-worker.js"
    ours = (HERE / "page" / "offline.js").read_text(encoding="utf-8")
    worker.write_text(ours + worker.read_text(encoding="utf-8"), encoding="utf-8")
    lab = made / "lab" / "index.html"
    text = lab.read_text(encoding="utf-8")
    lab.write_text(text.replace("<head>", f"<head>\n{pages.arrival(made, '../')}", 1), encoding="utf-8")
    for part in ("static/pyodide", "build", "extensions"):
        for path in (made / part).rglob("*"):
            if path.is_file() and path.name != "pyodide-lock.json":
                os.utime(path, (_LONG_AGO, _LONG_AGO))
