"""What Python in the browser imports: Pyodide's files, wheels of this project, and the lock file that names them all.

With everything in the lock file, Pyodide loads the packages side by side and resolves nothing.
"""

import hashlib
import json
import re
import shutil
import tempfile
import tomllib
import zipfile
from pathlib import Path

from .bytecode import compiled
from .pyodide import DISTRIBUTION, LOADED

ROOT = Path(__file__).parents[2]
STAND_INS = Path(__file__).parent / "stand_ins"
PRELOADED = ("micropip", "sqlite3", "ipykernel", "comm", "pyodide_kernel", "ipython", "backprop-1986-lab")
"""Packages that are loaded while Pyodide starts, with all that they need. The kernel looks for these very names."""
_NEEDS = ["numpy", "matplotlib", "matplotlib-inline", "ipywidgets", "anywidget", "sqlite3", "tqdm"]
_OWN = {
    "micropip": (["micropip", "piplite"], []),
    "ipykernel": (["ipykernel"], []),
    "pyodide_kernel": (["pyodide_kernel"], ["ipython", "comm"]),
    "backprop-1986-lab": (["bpcore", "figures", "labs"], _NEEDS),
}
"""Packages that are made here -> what can be imported from them, and what they need."""
_SUPERFLUOUS = re.compile(
    r"\.(pyi|h|a|pxd|afm)$|ipywidgets/.*/tests/|mpl-data/sample_data/|ttf/(STIX|DejaVuSerif|DejaVuSansMono-.*Oblique)"
)
_SELDOM = re.compile("(fontTools|mpl_toolkits|numpy/f2py|pygments/(formatters|lexers|styles))/")
"""What no lab imports when it starts stays a source, which is smaller."""
_NOT_THERE = ("labs/server/", "labs/site/")  # of no use in a browser


def write_distribution(folder, files, kernel_wheels, cache):
    """Write all that the browser's Python loads.

    Parameters
    ----------
    folder : Path
        Is made.
    files : Path
        Where the files of Pyodide are.
    kernel_wheels : Path
        Where jupyterlite-pyodide-kernel keeps its own wheels.
    cache : Path
        A folder that keeps bytecode for the next time.
    """
    folder.mkdir(parents=True)
    own = _own(kernel_wheels)
    made = _made(files, cache, {name: _digest(content) for name, content in own.items()}, own)
    for name in LOADED:
        shutil.copy(made.get(name, files / name), folder)
    packages = {}
    for name, entry in DISTRIBUTION["packages"].items():
        packages[name] = _of_wheel(name, made[entry["file_name"]], **entry)
    for name, (imports, depends) in _OWN.items():
        shutil.copy(made[name], folder)
        about = {"version": made[name].name.split("-")[1], "imports": imports, "depends": depends}
        packages[name.replace("_", "-")] = _of_wheel(name, made[name], **about)
    lock = {"info": DISTRIBUTION["info"], "packages": dict(sorted(packages.items()))}
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def _made(files, cache, keys, own):
    """Name of each archive -> the same with bytecode; what was made before is taken from the cache."""
    ours = b"".join((Path(__file__).with_name(name)).read_bytes() for name in ("wheels.py", "bytecode.py"))
    keys = {**keys, **{name: LOADED[name] for name in LOADED if name.endswith((".whl", ".zip"))}}
    places = {name: cache / _digest({name: key, "": ours}) for name, key in keys.items()}
    cache.mkdir(parents=True, exist_ok=True)
    new = {name: own.get(name) or _needed(files / name) for name, place in places.items() if not place.exists()}
    sources = {f"{_where(name)}{path}": source for name, content in new.items()
               for path, source in content.items() if path.endswith(".py") and not _SELDOM.match(path)}  # fmt: skip
    code = compiled(sources, files, DISTRIBUTION["info"]) if sources else {}
    for name, content in new.items():
        made = {path: code[f"{_where(name)}{path}"] for path in content if f"{_where(name)}{path}" in code}
        if sources and not code:  # next time there may be who compiles
            places[name] = cache / f"{places[name].name}-sources"
        with tempfile.TemporaryDirectory(dir=cache.parent) as scratch:  # an interruption leaves nothing half-made
            if name in own:
                _wheel(Path(scratch), name, content | {_beside(path): bytecode for path, bytecode in made.items()})
            else:  # the bytecode alone: sources would double what is sent
                kept = {path: source for path, source in content.items() if path not in made}
                _archive(Path(scratch), name, kept | {f"{path}c": bytecode for path, bytecode in made.items()})
            shutil.copytree(scratch, places[name], dirs_exist_ok=True)
    for path in set(cache.iterdir()) - {*places.values()}:
        shutil.rmtree(path)
    return {name: next(place.iterdir()) for name, place in places.items()}


def _where(archive):
    """Where Python in the browser finds what an archive holds."""
    return "python312.zip/" if archive.endswith(".zip") else "python3.12/site-packages/"


def _own(kernel_wheels):
    """Name of a package that is made here -> path in it -> content."""
    own = {"micropip": _stand_ins("micropip", "piplite"), "backprop-1986-lab": _files_of_project()}
    for name in ("ipykernel", "pyodide_kernel"):
        with zipfile.ZipFile(next(kernel_wheels.glob(f"{name}-*.whl"))) as wheel:
            kept = {path: f"{name}/LICENSE" if path.endswith("/LICENSE") else path for path in wheel.namelist()}
            content = {here: wheel.read(path) for path, here in kept.items() if ".dist-info/" not in here}
        own[name] = content | _stand_ins(name)
    return own


def _needed(archive):
    """Path -> content of an archive of Pyodide, without what no lab and no plate reads."""
    with zipfile.ZipFile(archive) as opened:
        return {path: opened.read(path) for path in opened.namelist() if not _SUPERFLUOUS.search(path)}


def _beside(source):
    """Where Python looks for the bytecode of a source that is there as well."""
    folder, _, name = source.rpartition("/")
    minor = "".join(DISTRIBUTION["info"]["python"].split(".")[:2])
    return f"{folder}/__pycache__/{name.removesuffix('.py')}.cpython-{minor}.pyc".lstrip("/")


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
    stem = f"{name.replace('-', '_')}-0+{_digest(files)}"
    about = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 0+{_digest(files)}\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: labs.site\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    files = files | {f"{stem}.dist-info/{part}": said for part, said in about.items()}
    return _zip(folder / f"{stem}-py3-none-any.whl", files)


def _archive(folder, name, files):
    """Write an archive of Pyodide anew, a wheel under another name if it has changed; gives the name."""
    if name.endswith(".whl"):
        stem, version, rest = name.split("-", 2)
        name = f"{stem}-{version}+{_digest(files)}-{rest}"
    return _zip(folder / name, files).name


def _zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)  # a date would change the wheel
    return path


def _digest(files):
    return hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest()[:8]


def _of_wheel(name, wheel, **about):
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return _entry(name, **{"package_type": "package"} | about | {"file_name": wheel.name, "sha256": digest})


def _entry(name, version, file_name, sha256, package_type, imports, depends):
    return {
        "name": name, "version": version, "file_name": file_name, "install_dir": "site", "sha256": sha256,
        "package_type": package_type, "imports": imports, "depends": depends, "unvendored_tests": False,
    }  # fmt: skip
