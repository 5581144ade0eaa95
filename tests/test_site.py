"""The static site: Pyodide's files are checked whatever they come from, and nothing half-made is left. No network."""

import hashlib
import io
import json
import re
import tarfile
import threading
import urllib.error
import urllib.request
import zipfile

import pytest

from labs.site import bytecode, pyodide, serve, wheels

FILES = {"pyodide.asm.wasm": b"\0asm of Pyodide", "numpy-2.0.2.whl": b"numpy", "tqdm-4.whl": b"tqdm"}


@pytest.fixture(autouse=True)
def distribution(monkeypatch):
    """A small distribution, and no way to any network."""
    monkeypatch.setattr(pyodide, "SHA256", {name: hashlib.sha256(what).hexdigest() for name, what in FILES.items()})

    def nothing(missing):
        raise OSError("no network")
        yield

    monkeypatch.setattr(pyodide, "_from_web", nothing)
    monkeypatch.setattr(pyodide, "_from_pypi", nothing)


def folder_of(path, files):
    path.mkdir(parents=True)
    for name, content in files.items():
        (path / name).write_bytes(content)
    return path


def tarball_of(path, files):
    with tarfile.open(path, "w:bz2") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"pyodide/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def wheel_of(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"carrier/assets/{name}", content)
    return path


def held(cache):
    return {path.name: path.read_bytes() for path in cache.iterdir()}


@pytest.mark.parametrize(("make", "name"), [(folder_of, "deep/er"), (tarball_of, "a.tar.bz2"), (wheel_of, "a.whl")])
def test_files_come_from_a_folder_a_tarball_or_a_wheel(tmp_path, make, name):
    source = make(tmp_path / name, FILES | {"something else": b"is left"})
    assert held(pyodide.fetch(tmp_path / "cache", source)) == FILES


def test_what_is_there_is_not_fetched_again(tmp_path):
    folder_of(tmp_path / "cache", FILES)
    assert held(pyodide.fetch(tmp_path / "cache")) == FILES


def test_a_file_that_is_damaged_in_the_cache_is_replaced_and_a_strange_one_goes(tmp_path):
    cache = folder_of(tmp_path / "cache", FILES | {"tqdm-4.whl": b"half", "numpy-1.whl": b"of another version"})
    assert held(pyodide.fetch(cache, folder_of(tmp_path / "source", FILES))) == FILES


def test_a_wrong_file_of_a_given_source_is_named_and_not_kept(tmp_path):
    source = folder_of(tmp_path / "source", FILES | {"numpy-2.0.2.whl": b"something else"})
    with pytest.raises(pyodide.Problem, match=r"^numpy-2\.0\.2\.whl is damaged, or not of Pyodide .*\.$"):
        pyodide.fetch(tmp_path / "cache", source)
    assert "numpy-2.0.2.whl" not in held(tmp_path / "cache")


def test_without_any_source_one_sentence_says_what_is_missing_and_why(tmp_path):
    source = folder_of(tmp_path / "source", {"tqdm-4.whl": b"tqdm"})
    with pytest.raises(pyodide.Problem) as told:
        pyodide.fetch(tmp_path / "cache", source)
    assert str(told.value).startswith("2 of 3 files of Pyodide ")
    assert "(no network; no network)" in str(told.value)
    assert held(tmp_path / "cache") == {"tqdm-4.whl": b"tqdm"}, "what was right is kept for the next attempt"


def test_a_source_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(pyodide.Problem, match=r"There is no .*nowhere to take Pyodide from\."):
        pyodide.fetch(tmp_path / "cache", tmp_path / "nowhere")


@pytest.mark.parametrize("trouble", [KeyboardInterrupt, ConnectionResetError])
def test_an_interrupted_download_leaves_whole_files_only(tmp_path, monkeypatch, trouble):
    def interrupted(missing):
        yield "tqdm-4.whl", FILES["tqdm-4.whl"]
        yield "numpy-2.0.2.whl", FILES["numpy-2.0.2.whl"][:3]  # a server that closed too early
        raise trouble

    monkeypatch.setattr(pyodide, "_from_web", interrupted)
    with pytest.raises((KeyboardInterrupt, pyodide.Problem)):
        pyodide.fetch(tmp_path / "cache")
    assert held(tmp_path / "cache") == {"tqdm-4.whl": b"tqdm"}
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


def test_a_later_source_gives_what_an_earlier_one_lacks(tmp_path, monkeypatch):
    monkeypatch.setattr(pyodide, "_from_web", lambda missing: iter([("numpy-2.0.2.whl", b"not it")]))
    monkeypatch.setattr(pyodide, "_from_pypi", lambda missing: ((name, FILES[name]) for name in missing))
    assert held(pyodide.fetch(tmp_path / "cache")) == FILES


# --- what the repository says of the distribution ------------------------------------------------------------------


def test_every_file_has_its_hash_and_every_package_its_dependencies():
    packages = pyodide.DISTRIBUTION["packages"]
    hashes = [*pyodide.DISTRIBUTION["core"].values(), *(entry["sha256"] for entry in packages.values())]
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in hashes)
    assert {need for entry in packages.values() for need in entry["depends"]} <= set(packages)
    assert set(pyodide.DISTRIBUTION["from_pypi"]) <= set(packages)


def test_the_wheel_of_the_project_has_what_a_browser_needs_and_its_name_changes_with_it(tmp_path):
    files = wheels._files_of_project()
    assert {"bpcore/passes.py", "labs/kit/stage/stage.js", "labs/data/iris.csv", "figures/style.py"} <= set(files)
    assert not [name for name in files if name.startswith(("labs/site/", "labs/server/"))]
    first = wheels._wheel(tmp_path, "a-lab", {"a.py": b"1"})
    again = wheels._wheel(tmp_path, "a-lab", {"a.py": b"1"})
    other = wheels._wheel(tmp_path, "a-lab", {"a.py": b"2"})
    assert first == again != other
    with zipfile.ZipFile(first) as archive:
        assert archive.read("a.py") == b"1"
        assert any(name.endswith(".dist-info/METADATA") for name in archive.namelist())


# --- bytecode --------------------------------------------------------------------------------------------------------

PLACE = "python3.12/site-packages"
INFO = {"python": "3.12.7"}
HEAD = bytes.fromhex("cb0d0d0a01000000") + bytes(8)  # of Python 3.12; not to be compared with a source


def compiled_here(monkeypatch):
    """Let this Python compile, whatever its version is: what it makes is not for a browser."""
    monkeypatch.setattr(bytecode, "_output", lambda command: (
        "3.12" if "-c" in command else bytecode.compile_all(*command[-2:]) or ""
    ))  # fmt: skip


def test_what_can_be_compiled_is_and_the_rest_is_left_out(monkeypatch, tmp_path):
    compiled_here(monkeypatch)
    made = bytecode.compiled({f"{PLACE}/a.py": b"x = 1", f"{PLACE}/b.py": b"print 'Python 2'"}, tmp_path, INFO)
    assert list(made) == [f"{PLACE}/a.py"]
    assert made[f"{PLACE}/a.py"][4:16] == HEAD[4:]


def test_without_who_compiles_there_is_no_bytecode(monkeypatch, tmp_path):
    monkeypatch.setattr(bytecode, "_output", lambda command: None)
    assert bytecode.compiled({f"{PLACE}/a.py": b"x = 1"}, tmp_path, INFO) == {}


def test_packages_of_others_have_bytecode_alone_and_ours_both_and_they_are_made_once(monkeypatch, tmp_path):
    compiled_here(monkeypatch)
    monkeypatch.setattr(wheels, "LOADED", {"numpy-2.0.2-any.whl": "12"})
    with zipfile.ZipFile(tmp_path / "numpy-2.0.2-any.whl", "w") as archive:
        archive.writestr("numpy/a.py", "x = 1")
        archive.writestr("numpy/a.pyi", "x: int")
    ours = {"micropip": {"micropip/b.py": b"y = 2", "micropip/c.css": b""}}
    made = wheels._made(tmp_path, tmp_path / "cache", {"micropip": "1"}, ours)
    inside = {name: zipfile.ZipFile(path).namelist() for name, path in made.items()}
    assert inside["numpy-2.0.2-any.whl"] == ["numpy/a.pyc"]
    assert {"micropip/b.py", "micropip/__pycache__/b.cpython-312.pyc", "micropip/c.css"} < set(inside["micropip"])
    assert re.fullmatch(r"numpy-2\.0\.2\+[0-9a-f]{8}-any\.whl", made["numpy-2.0.2-any.whl"].name)
    (tmp_path / "numpy-2.0.2-any.whl").unlink()
    assert wheels._made(tmp_path, tmp_path / "cache", {"micropip": "1"}, ours) == made


# --- the server ----------------------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path):
    (tmp_path / "static" / "pyodide").mkdir(parents=True)
    (tmp_path / "static" / "pyodide" / "pyodide.asm.wasm").write_bytes(b"\0asm" * 500)
    (tmp_path / "static" / "pyodide" / "pyodide-lock.json").write_text(json.dumps({}))
    (tmp_path / "index.html").write_text("<p>labs</p>")
    server = serve.serve(tmp_path, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def get(url, **headers):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, headers=headers), timeout=30) as answer:
        return answer.headers, answer.read()


def test_webassembly_has_its_type_and_a_browser_may_keep_it_for_ever(site):
    headers, content = get(f"{site}/static/pyodide/pyodide.asm.wasm")
    assert headers["Content-Type"] == "application/wasm"
    assert "immutable" in headers["Cache-Control"]
    assert content == b"\0asm" * 500
    headers, content = get(f"{site}/static/pyodide/pyodide.asm.wasm", **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert len(content) < 200


@pytest.mark.parametrize("path", ["/", "/index.html", "/static/pyodide/pyodide-lock.json"])
def test_what_changes_under_its_name_is_asked_for_again_but_not_sent_again(site, path):
    headers, _ = get(site + path)
    assert headers["Cache-Control"] == "no-cache"
    with pytest.raises(urllib.error.HTTPError) as answer:
        get(site + path, **{"If-Modified-Since": headers["Last-Modified"], "Accept-Encoding": "gzip"})
    assert answer.value.code == 304
    answer.value.close()
