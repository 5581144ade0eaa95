"""What Python in the browser imports: Pyodide's files, wheels of this project, and the lock file that names them all.

With everything in the lock file, Pyodide loads the packages side by side and resolves nothing.
"""

import hashlib
import json
import shutil
import tomllib
import zipfile
from pathlib import Path

from .pyodide import DISTRIBUTION, LOADED

ROOT = Path(__file__).parents[2]
STAND_INS = Path(__file__).parent / "stand_ins"
PRELOADED = ("micropip", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "ipython", "backprop-1986-lab")
"""Packages that are loaded while Pyodide starts, with all that they need. The kernel looks for these very names."""
_NEEDS = ["numpy", "matplotlib", "matplotlib-inline", "ipywidgets", "anywidget", "sqlite3", "tqdm"]
_NOT_THERE = ("labs/server/", "labs/site/")  # of no use in a browser


def write_distribution(folder, files, kernel_wheels):
    """Write all that the browser's Python loads.

    Parameters
    ----------
    folder : Path
        Is made.
    files : Path
        Where the files of Pyodide are.
    kernel_wheels : Path
        Where jupyterlite-pyodide-kernel keeps its own wheels.
    """
    folder.mkdir(parents=True)
    for name in LOADED:
        shutil.copy(files / name, folder)
    packages = {name: _entry(name, **entry) for name, entry in DISTRIBUTION["packages"].items()}
    for name, needs in (("ipykernel", []), ("pyodide_kernel", ["ipython", "comm"])):
        with zipfile.ZipFile(next(kernel_wheels.glob(f"{name}-*.whl"))) as wheel:
            kept = {path: f"{name}/LICENSE" if path.endswith("/LICENSE") else path for path in wheel.namelist()}
            content = {here: wheel.read(path) for path, here in kept.items() if ".dist-info/" not in here}
        packages[name.replace("_", "-")] = _of_wheel(
            name, _wheel(folder, name, content | _stand_ins(name)), [name], needs
        )
    stand_ins = _stand_ins("micropip", "piplite")
    packages["micropip"] = _of_wheel("micropip", _wheel(folder, "micropip", stand_ins), ["micropip", "piplite"], [])
    project = _wheel(folder, "backprop-1986-lab", _files_of_project())
    packages["backprop-1986-lab"] = _of_wheel("backprop-1986-lab", project, ["bpcore", "figures", "labs"], _NEEDS)
    lock = {"info": DISTRIBUTION["info"], "packages": dict(sorted(packages.items()))}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def _stand_ins(*packages):
    """Path -> content of the modules that stand in place of those of some packages."""
    paths = [path for package in packages for path in (STAND_INS / package).rglob("*.py")]
    return {path.relative_to(STAND_INS).as_posix(): path.read_bytes() for path in paths}


def _files_of_project():
    """Path -> content of all that a browser needs of this project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    kinds = ["*.py", *project["tool"]["setuptools"]["package-data"]["*"]]
    paths = {path for part in ("bpcore", "figures", "labs") for kind in kinds for path in (ROOT / part).rglob(kind)}
    files = {path.relative_to(ROOT).as_posix(): path for path in paths}
    return {name: path.read_bytes() for name, path in sorted(files.items()) if not name.startswith(_NOT_THERE)}


def _wheel(folder, name, files):
    """Write a wheel whose name changes with its content, so a browser may keep it for ever."""
    digest = hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:8]
    stem = f"{name.replace('-', '_')}-0+{digest}"
    wheel = folder / f"{stem}-py3-none-any.whl"
    about = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0+{digest}\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: labs.site\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in (files | {f"{stem}.dist-info/{part}": said for part, said in about.items()}).items():
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)  # a date would change the wheel
    return wheel


def _of_wheel(name, wheel, imports, depends):
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    version = wheel.name.split("-")[1]
    return _entry(name, version, wheel.name, digest, "package", imports, depends)


def _entry(name, version, file_name, sha256, package_type, imports, depends):
    return {
        "name": name, "version": version, "file_name": file_name, "install_dir": "site", "sha256": sha256,
        "package_type": package_type, "imports": imports, "depends": depends, "unvendored_tests": False,
    }  # fmt: skip
