"""Bytecode of what Python in the browser imports: compiling the sources would take it half of its start.

The file is also a program, for a Python of the browser's version: `python bytecode.py SOURCES TARGET`, two archives.
"""

import importlib.util
import json
import marshal
import shutil
import subprocess
import sys
import tempfile
import warnings
import zipfile
from pathlib import Path

UNDER_NODE = """
const { loadPyodide } = require(process.argv[1] + "/pyodide.js"), [, , program, folder] = process.argv;
loadPyodide({ indexURL: process.argv[1], lockFileURL: folder + "/pyodide-lock.json" }).then((python) => {
  python.FS.mkdirTree("/scratch");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/scratch");
  python.runPython("import sys; sys.argv = ['', '/scratch/sources.zip', '/scratch/made.zip']");
  python.runPython(require("fs").readFileSync(program, "utf8"));
});
"""
_HEAD = importlib.util.MAGIC_NUMBER + b"\1\0\0\0" + bytes(8)  # nobody compares it with the source


def compiled(sources, pyodide, info):
    """Compile sources with whichever is here: this Python, another of the browser's version, or Pyodide under Node.js.

    Parameters
    ----------
    sources : dict
        Where Python in the browser will look for it, such as "python3.12/site-packages/a.py" -> source, as bytes.
    pyodide : Path
        Where the files of Pyodide are.
    info : dict
        What the lock file says of Pyodide, such as the version of its Python.

    Returns
    -------
    dict
        Path -> bytecode, without what cannot be compiled; empty, if none of the three is here.
    """
    minor = info["python"].rpartition(".")[0]
    with tempfile.TemporaryDirectory() as scratch:
        given, made, lock = (Path(scratch) / name for name in ("sources.zip", "made.zip", "pyodide-lock.json"))
        _write(given, sources)
        for python in (sys.executable, f"python{minor}"):
            about = _output([python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
            if about == minor and _output([python, "-I", __file__, given, made]) is not None:
                return _read(made)
        lock.write_text(json.dumps({"info": info, "packages": {}}), encoding="utf-8")
        if _output(["node", "-e", UNDER_NODE, pyodide, __file__, scratch]) is not None and made.exists():
            return _read(made)
    return {}


def _output(command):
    """What a command prints, or None if it is missing or fails."""
    if not shutil.which(command[0]):
        return None
    done = subprocess.run(  # noqa: S603 - another Python, or Node.js
        [*map(str, command)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    return None if done.returncode else done.stdout.strip()


def _write(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def _read(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def compile_all(given, target):
    """Compile what an archive holds; what this Python cannot compile is left out."""
    made = {}
    for path, source in _read(given).items():
        try:
            code = compile(source, f"/lib/{path}", "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        made[path] = _HEAD + marshal.dumps(code)
    _write(target, made)


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # of the sources of others
    compile_all(*sys.argv[1:])
