"""run.py: what a newcomer sees when something is missing is one sentence, and a half-made .venv is never trusted."""

import ast
import contextlib
import errno
import importlib.util
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).parents[1]
PATIENCE = 300  # seconds; only a test that fails waits so long, on a machine with other things to do as well
DEAD_INDEX = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}


def load(path):
    """A run.py as a module of its own."""
    spec = importlib.util.spec_from_file_location("run_under_test", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path):
    """A checkout of run.py and what it reads, without a .venv."""
    for name in ("run.py", "pyproject.toml", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.fixture
def run(checkout):
    return load(checkout / "run.py")


@pytest.fixture
def pip(run, monkeypatch):
    """Stands for every command of the set-up: notes it, and answers with what the test puts into it."""

    class Pip:
        def __init__(self):
            self.commands = []
            self.answers = []

        def __call__(self, command):
            self.commands.append([str(word) for word in command])
            code, said = self.answers.pop(0) if self.answers else (0, "")
            if code == 0 and "venv" in command:
                run.PYTHON.parent.mkdir(parents=True, exist_ok=True)
                run.PYTHON.touch()
            return subprocess.CompletedProcess(command, code, stdout=said)

        def did(self):
            did = [("venv" if "venv" in command else "install") for command in self.commands]
            self.commands.clear()
            return did

    pip = Pip()
    monkeypatch.setattr(run, "quietly", pip)
    return pip


def said(capsys):
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err
    return captured.err.strip()


# --- Python too old ------------------------------------------------------------------------------------------------


def test_an_old_python_can_read_the_file():
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_gets_one_sentence():
    pretend = f"import sys, runpy; sys.version_info = (3, 9, 1); runpy.run_path({str(ROOT / 'run.py')!r})"
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stderr == "This lab needs Python 3.11 or newer, and this is Python 3.9.\n"


# --- commands ------------------------------------------------------------------------------------------------------


def test_an_unknown_command_gets_one_sentence(run, capsys):
    assert run.main(["lba"]) == 1
    assert said(capsys) == "There is no command 'lba': choose lab, app, site, test, figures, notebooks, bench, kernel."


def test_without_a_command_the_commands_are_listed(run, capsys):
    assert run.main([]) == 1
    shown = capsys.readouterr().out
    assert all(name in shown for name in ("lab", "app", "test", "figures", "notebooks", "bench", "kernel"))


@pytest.mark.parametrize(
    ("words", "module", "rest"),
    [
        (["bench"], "benchmarks.engines", []),
        (["bench", "single"], "benchmarks.engines", ["single"]),
        (["bench", "live"], "benchmarks.live", []),
        (["bench", "memory", "--minutes=1"], "benchmarks.memory", ["--minutes=1"]),
        (["bench", "study", "map"], "benchmarks.study", ["map"]),
        (["bench", "classroom"], "benchmarks.classroom", []),
        (["kernel"], "bpcore.engines.kernel.build_wasm", []),
    ],
)
def test_each_benchmark_is_a_module_of_its_own(run, monkeypatch, words, module, rest):
    called = []
    monkeypatch.setattr(run, "set_up", lambda *_: None)
    monkeypatch.setattr(run, "inside", lambda *arguments: called.append(arguments) or 0)
    assert run.main(words) == 0
    assert called == [(module, *rest)]


def test_arguments_of_pytest_are_passed_on_in_their_order(run, pip, monkeypatch):
    calls = []
    monkeypatch.setattr(run, "inside", lambda *command: calls.append(command) or 0)
    assert run.main(["test", "-k", "mirror", "tests/test_house.py", "-x"]) == 0
    assert calls == [("pytest", "-k", "mirror", "tests/test_house.py", "-x")]


@pytest.mark.parametrize(("lint", "tests", "ends"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 2, 3)])
def test_ruff_then_tests_and_notebooks_then_the_browser(run, pip, checkout, monkeypatch, lint, tests, ends):
    """pytest's closing line is the last of all; whatever fails, the rest is checked too, and the exit code says so."""
    calls, codes = [], {"ruff": lint, "pytest": tests}
    monkeypatch.setattr(run, "inside", lambda module, *rest: calls.append([module, *rest]) or codes[module])
    for folder in ("labs", "figures"):
        (checkout / folder).mkdir()
        (checkout / folder / "tiny.ipynb").touch()
    assert run.main(["test"]) == ends
    ruff, (pytest_, *options, tests, lab, figure), browser = calls
    assert (ruff, pytest_) == (["ruff", "check", "."], "pytest")
    assert (tests, lab, figure) == ("tests", "labs/tiny.ipynb", "figures/tiny.ipynb")
    assert {"--nbval", "--dist=loadfile", "--ignore=tests/browser"} <= set(options)
    assert not any(word.startswith(("-k", "-m", "--deselect")) for word in options)
    assert browser == ["pytest", *run.SIDE_BY_SIDE, "tests/browser"]
    assert pip.commands[-1][-1] == run.COMPILE, "once, before many processes need it"


@pytest.mark.parametrize("order", [1, -1])
def test_notebooks_come_first_and_the_browser_last_and_a_file_stays_in_one_piece(order):
    """A browser leaves an event loop behind that a notebook's client minds; long files first keep all cores busy."""
    from tests import conftest

    names = ["tests/test_units.py", *conftest.LONGEST, "labs/a.ipynb", "tests/browser/test_smoke.py"][::order]
    items = [SimpleNamespace(path=conftest.ROOT / name, number=k) for name in names for k in range(3)]
    conftest.pytest_collection_modifyitems(items)
    files = [item.path.relative_to(conftest.ROOT).as_posix() for item in items]
    browser = [name.startswith("tests/browser/") for name in files]
    assert files[:3] == ["labs/a.ipynb"] * 3
    assert browser == sorted(browser)
    assert [item.number for item in items] == [0, 1, 2] * len(names)
    assert files[-3:] == ["tests/browser/test_smoke.py"] * 3
    assert [name for name in files[::3] if name in conftest.LONGEST] == list(conftest.LONGEST)


# --- the set-up ----------------------------------------------------------------------------------------------------


def test_a_second_start_installs_nothing(run, pip):
    run.set_up()
    assert pip.did() == ["venv", "install"]
    run.set_up()
    assert pip.did() == []


def test_the_test_extra_is_added_once_and_serves_the_lab_too(run, pip):
    run.set_up()
    pip.did()
    run.set_up("test")
    assert pip.did() == ["install"]
    run.set_up("test")
    run.set_up()
    assert pip.did() == []


def test_changed_requirements_are_installed_into_the_same_venv(run, pip, checkout):
    run.set_up()
    pip.did()
    with (checkout / "requirements.txt").open("a") as requirements:
        requirements.write("# and one more\n")
    run.set_up()
    assert pip.did() == ["install"]


def test_an_extra_that_the_network_does_not_give_leaves_the_lab_as_it_was(run, pip, capsys):
    run.set_up()
    pip.did()
    pip.answers = [(1, "NewConnectionError('...')")]
    assert run.main(["app"]) == 1
    assert "the network" in said(capsys)
    pip.did()
    run.set_up()
    assert pip.did() == []
    pip.answers = [(1, "Installing collected packages: voila\nNewConnectionError('...')")]
    assert run.main(["app"]) == 1
    pip.did()
    run.set_up()
    assert pip.did() == ["venv", "install"]


def test_an_interrupted_set_up_is_made_anew(run, pip):
    run.set_up()
    pip.answers = [(1, "Killed")]
    with pytest.raises(run.Problem):
        run.set_up("test")
    pip.did()
    run.set_up()
    assert pip.did() == ["venv", "install"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda run, stamp: run.STAMP.write_text("{"),
        lambda run, stamp: run.STAMP.write_text("[]"),
        lambda run, stamp: run.STAMP.write_text(json.dumps({**stamp, "root": "/somewhere/else"})),
        lambda run, stamp: run.STAMP.write_text(json.dumps({**stamp, "python": "cpython 3.10"})),
        lambda run, stamp: run.PYTHON.unlink(),
    ],
    ids=["stamp cut off", "stamp of another kind", "moved checkout", "other Python", "Python gone"],
)
def test_a_venv_that_does_not_fit_is_made_anew(run, pip, damage):
    run.set_up()
    pip.did()
    damage(run, json.loads(run.STAMP.read_text()))
    run.set_up()
    assert pip.did() == ["venv", "install"]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ([(1, "ensurepip is not available. On Debian ... apt install python3-venv")], "install python3-venv"),
        ([(1, "/usr/bin/python3: No module named venv")], "install python3-venv"),
        ([(1, "OSError: [Errno 28] No space left on device")], "The disk is full: could not make .venv."),
        ([(0, ""), (1, "ERROR: [Errno 28] No space left on device")], "could not install requirements.txt."),
        ([(0, ""), (1, "[WinError 112] There is not enough space on the disk")], "The disk is full"),
        ([(0, ""), (1, "NewConnectionError('...')\nNo matching distribution")], "(PyPI), was not reached."),
        ([(0, ""), (1, "error: cannot build")], "Could not install requirements.txt: the reason is in the lines"),
    ],
)
def test_a_set_up_that_fails_says_why_in_one_sentence(run, pip, capsys, answers, sentence):
    pip.answers = answers
    assert run.main(["lab"]) == 1
    assert sentence in said(capsys).splitlines()[-1]


def test_a_full_disk_is_noticed_where_the_program_does_not_name_it(run, pip, monkeypatch, capsys):
    usage = shutil.disk_usage(ROOT)._replace(free=1000)
    monkeypatch.setattr(run.shutil, "disk_usage", lambda path: usage)
    pip.answers = [(1, "ensurepip returned non-zero exit status 1.")]
    assert run.main(["lab"]) == 1
    assert said(capsys) == "The disk is full: could not make .venv. Free about 1 GB and run this again."


def test_a_full_disk_outside_of_pip_gets_one_sentence_too(run, monkeypatch, capsys):
    def full(extra=""):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run, "set_up", full)
    assert run.main(["lab"]) == 1
    assert said(capsys) == "The disk is full: free about 1 GB and run this again."


def test_without_a_network_the_real_pip_gives_one_sentence_and_no_trust(checkout):
    (checkout / "requirements.txt").write_text("a-package-that-is-nowhere\n")
    env = {**os.environ, **DEAD_INDEX, "PIP_FIND_LINKS": ""}
    done = subprocess.run(
        [sys.executable, "run.py", "lab"], cwd=checkout, env=env, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        "Could not install requirements.txt: the network, or the package index (PyPI), was not reached.\n"
    )
    assert not (checkout / ".venv" / "installed.json").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
def test_ctrl_c_during_the_set_up_leaves_no_trace_and_no_trust(checkout):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # an index that never answers
        index = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": f"http://127.0.0.1:{silent.getsockname()[1]}/simple"}
        process = subprocess.Popen(
            [sys.executable, "-u", "run.py", "lab"], cwd=checkout, env={**os.environ, **index}, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        silent.settimeout(PATIENCE)
        connection, _ = silent.accept()
        with connection:
            os.killpg(process.pid, signal.SIGINT)
            output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode != 1
    assert "Traceback" not in output
    assert output.endswith("Stopped.\n")
    assert not (checkout / ".venv" / "installed.json").exists()


# --- the lab -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["lab", "--classroom"], "--classroom is an option of app and site: python3 run.py app --classroom"),
        (["app", "--serve"], "--serve and --pyodide are options of site: python3 run.py site --serve"),
        (["site", "here", "there"], "site takes one folder, and these are its words: here there."),
        (["site", "--fast"], "site takes one folder, and these are its words: --fast."),
        (["app", "--port", "99999"], "The port is 99999: a number from 1 to 65535 is expected."),
        (["lab", "--port=-5"], "The port is -5: a number from 1 to 65535 is expected."),
    ],
)
def test_options_that_cannot_be_meant_get_a_sentence(run, pip, capsys, words, sentence):
    assert run.main(words) == 1
    assert said(capsys) == sentence
    assert pip.did() == []


def test_a_port_that_somebody_else_serves_is_not_announced(run, pip, capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run.main(["app", "--no-browser", f"--port={port}"]) == 1
    assert said(capsys) == f"Port {port} is taken by another program: name another with --port, or none."


@pytest.mark.parametrize(("name", "text"), [("BP_KERNEL_MB", "300"), ("BP_KERNEL_MB", "abc"), ("BP_IDLE_SECONDS", "")])
def test_a_limit_that_is_none_gets_a_sentence_and_no_server(run, pip, monkeypatch, capsys, name, text):
    monkeypatch.setenv(name, text)
    assert run.main(["app"]) == 1
    assert said(capsys).startswith(f"{name} is {text!r}: a number of ")
    assert pip.did() == []


@pytest.mark.parametrize(("name", "text"), [("BP_KERNEL_MB", "300"), ("BP_IDLE_SECONDS", "30min")])
def test_no_server_runs_without_its_settings(run, name, text):
    """Else it would let everybody in, without a token, to all files."""
    command = [sys.executable, "-m", "voila", f"--Voila.config_file_paths={ROOT / 'labs' / 'server'}"]
    env = {**os.environ, **run.STRICT, name: text, "JUPYTER_TOKEN": "abc"}
    done = subprocess.run([*command, "--port=0"], cwd=ROOT, env=env, capture_output=True, timeout=PATIENCE, check=False)
    assert done.returncode != 0


def test_a_port_that_is_taken_by_another_name_of_this_machine_is_not_chosen(run, monkeypatch):
    monkeypatch.setattr(run, "answers", lambda port: port == 8888)
    assert run.free_port() != 8888


def test_a_taken_port_is_not_chosen(run):
    with socket.create_server(("127.0.0.1", run.free_port())) as taken:
        assert run.free_port() != taken.getsockname()[1]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
@pytest.mark.parametrize(
    ("command", "ending", "shown", "elsewhere"),
    [
        (["lab"], signal.SIGINT, b"jupyter-config-data", "/api/contents"),
        (["lab"], signal.SIGTERM, b"jupyter-config-data", "/api/contents"),
        (["app"], signal.SIGINT, b"00_start_here", "/voila/files/README.md"),
        (["app", "--classroom"], signal.SIGTERM, b"00_start_here", "/voila/files/README.md"),
    ],
    ids=["lab, Ctrl-C", "lab, kill", "app, Ctrl-C", "app for a class, kill"],
)
def test_it_is_served_at_the_printed_address_and_ends_cleanly(command, ending, shown, elsewhere, tmp_path):
    script = tmp_path / "serve.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import run; from pathlib import Path\n"
        f"run.set_up = lambda extra='': None; run.address = lambda: '127.0.0.1'\n"
        f"run.PYTHON = Path({sys.executable!r}); sys.exit(run.main())"
    )
    own = {f"JUPYTER_{what}_DIR": str(tmp_path / what) for what in ("CONFIG", "DATA", "RUNTIME")}
    process = subprocess.Popen(
        [sys.executable, script, *command, "--no-browser"], env={**os.environ, **own}, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.strip().startswith("http"):
                break
        address = lines[-1].strip()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(address, timeout=PATIENCE) as answer:
            assert shown in answer.read()
        with pytest.raises(urllib.error.HTTPError, match="403"):
            opener.open("/".join(address.split("/")[:3]) + elsewhere, timeout=PATIENCE)
        if ending == signal.SIGINT:
            os.killpg(process.pid, ending)  # a terminal sends it to all
        else:
            process.send_signal(ending)
        rest, _ = process.communicate(timeout=PATIENCE)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0
    assert "Traceback" not in "".join(lines) + rest
    assert_nothing_listens(int(address.split(":")[2].split("/")[0]))


HOSTILE = {
    "data/kernels/python3/kernel.json": json.dumps(
        {"argv": ["/nowhere/python"], "display_name": "Other", "language": "c"}
    ),
    "config/jupyter_server_config.py": "1 / 0",
    "config/jupyter_lab_config.py": "1 / 0",
    "config/voila.py": "1 / 0",
    "packages/labs/__init__.py": "1 / 0",
    "packages/numpy.py": "1 / 0",
    "ipython/profile_default/startup/first.py": "import os; os._exit(1)",
    "matplotlibrc": "text.usetex: True",
}
"""What another program has left: a kernel of our kernel's name, settings, packages."""


def reply_of(channels, kind, **content):
    """What a kernel replies to a message of this kind."""
    websocket = pytest.importorskip("websocket")
    header = {"msg_id": "1", "msg_type": f"{kind}_request", "session": "1", "username": "", "version": "5.3"}
    message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": {}, "content": content}
    with contextlib.closing(websocket.create_connection(channels.replace("http", "ws"), timeout=PATIENCE)) as kernel:
        kernel.send(json.dumps(message))
        while (got := json.loads(kernel.recv()))["msg_type"] != f"{kind}_reply":
            pass
        return got["content"]


@pytest.mark.skipif(os.name == "nt", reason="Windows sends Ctrl-C to a whole console")
@pytest.mark.parametrize("command", ["lab", "app"])
def test_what_other_programs_have_set_does_not_reach_the_labs(command, tmp_path):
    place, other = tmp_path / "Labor für 100 % #1", tmp_path / "other"
    for part in ("labs", "bpcore", "figures"):
        shutil.copytree(ROOT / part, place / part, ignore=shutil.ignore_patterns("*.nbc", "*.nbi", "*.sqlite"))
    shutil.copy(ROOT / "run.py", place)
    (place / ".venv").mkdir()
    for name, content in HOSTILE.items():
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        (other / name).write_text(content)
    script = tmp_path / "serve.py"
    script.write_text(
        f"import os, sys; os.umask(0o077); sys.path.insert(0, {str(place)!r}); import run; from pathlib import Path\n"
        f"run.set_up = lambda extra='': None; run.PYTHON = Path({sys.executable!r}); sys.exit(run.main())"
    )
    folders = {
        "JUPYTER_PATH": "data", "JUPYTER_DATA_DIR": "data", "JUPYTER_CONFIG_DIR": "config", "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_PATH": "config", "PYTHONPATH": "packages", "MATPLOTLIBRC": "matplotlibrc", "PIP_TARGET": "",
    }  # fmt: skip
    environment = {**os.environ, "HOME": "/proc/nowhere", "ALL_PROXY": "socks5://127.0.0.1:9"}
    environment |= {name: str(other / folder) for name, folder in folders.items()}
    process = subprocess.Popen(
        [sys.executable, "-I", script, command, "--no-browser"], env=environment, encoding="utf-8",
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        said = []
        for line in process.stdout:
            said.append(line)
            if line.strip().startswith("http"):
                break
        base, _, token = said[-1].strip().partition("?token=")
        root, key = "/".join(base.split("/")[:3]), {"Authorization": f"token {token}"}

        def ask(path, data=None):
            request = urllib.request.Request(root + path, data, key)
            with opener.open(request, timeout=PATIENCE) as answer:
                return answer.read()

        if command == "lab":
            [spec] = json.loads(ask("/api/kernelspecs"))["kernelspecs"].values()
            assert spec["spec"]["argv"][0] == sys.executable
            kernel = json.loads(ask("/api/kernels", b'{"name": "python3"}'))["id"]
            code = {"code": "import sys, labs, matplotlib", "user_expressions": {"python": "sys.executable"}}
            reply = reply_of(f"{root}/api/kernels/{kernel}/channels?token={token}", "execute", **code)
            assert reply["user_expressions"]["python"]["data"]["text/plain"] == repr(sys.executable)
        else:  # its kernels run no code for a page
            page = ask("/voila/render/labs/02_symmetry.ipynb").decode()
            kernel = re.search(r'"kernelId": "([^"]+)"', page)[1]
            reply = reply_of(f"{root}/api/kernels/{kernel}/channels?token={token}", "kernel_info")
            assert reply["language_info"]["version"] == sys.version.split()[0]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        said.append(process.communicate(timeout=PATIENCE)[0])
    assert "Traceback" not in "".join(said)


def test_a_class_gets_an_address_that_can_be_typed_and_others_reach(run, monkeypatch):
    served = []
    monkeypatch.setattr(run, "set_up", lambda extra="": None)
    monkeypatch.setattr(run, "serve", lambda *how, **strict: served.append(how) or strict == run.STRICT or 1 / 0)
    monkeypatch.setattr(run, "address", lambda: "192.0.2.7")
    run.main(["app", "--classroom", "--port", "8123"])
    run.main(["app", "--port", "8123"])
    (*_, for_all, module), (*_, own, alone) = served
    address, _, token = for_all.partition("=")
    assert address == "http://192.0.2.7:8123/?token"
    assert len(token) == 8
    assert set(token) <= set(run.READABLE)
    assert "--Voila.ip=0.0.0.0" in module
    assert own.startswith("http://localhost:8123/?token=")
    assert len(own.partition("=")[2]) > 20
    assert not any("ip" in word for word in alone)


def test_a_site_is_built_then_served_to_whom_it_is_for(run, pip, monkeypatch, tmp_path):
    served = []
    monkeypatch.setattr(run, "serve", lambda *how: served.append(how))
    monkeypatch.setattr(run, "address", lambda: "192.0.2.7")
    folder = str(tmp_path / "lab")
    assert run.main(["site", folder, "--pyodide", "/media/pyodide"]) == 0
    assert served == []
    assert pip.commands[-1][1:] == ["-m", "labs.site", folder, "/media/pyodide"]
    assert run.main(["site", folder, "--serve", "--classroom", "--port", "8123"]) == 0
    assert pip.commands[-1][1:] == ["-m", "labs.site", folder]
    assert run.main(["site", folder, "--serve", "--port", "8123"]) == 0
    assert [how[4:] for how in served] == [
        ("http://192.0.2.7:8123/", ["labs.site.serve", folder, "8123", "0.0.0.0"]),
        ("http://localhost:8123/", ["labs.site.serve", folder, "8123", "127.0.0.1"]),
    ]


def test_why_a_site_was_not_built_is_one_sentence(run, pip, capsys):
    pip.answers = [(0, ""), (0, ""), (1, "numpy.whl is damaged.\n")]
    assert run.main(["site"]) == 1
    assert said(capsys) == "numpy.whl is damaged."


def assert_nothing_listens(port):
    for _ in range(50):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.1)
    pytest.fail(f"something still listens at port {port}")


# --- notebooks -----------------------------------------------------------------------------------------------------


def test_a_notebook_is_stored_without_what_differs_from_run_to_run(run):
    widget = {"application/vnd.jupyter.widget-view+json": {"model_id": "3f"}, "text/plain": ["E = 4"]}
    notebook = {
        "nbformat": 4,
        "metadata": {"widgets": {"state": {}}, "language_info": {"name": "python", "version": "3.11.7"}},
        "cells": [
            {
                "cell_type": "code",
                "metadata": {"execution": {"iopub.status.busy": "2026"}, "tags": ["plate"]},
                "source": ["ε = 1"],
                "outputs": [{"data": {**widget, "image/png": "aa"}}],
            },
            {"cell_type": "markdown", "metadata": {}, "source": ["text"]},
        ],
    }
    stored = run.tidy(json.dumps(notebook))
    cell = json.loads(stored)["cells"][0]
    assert cell["metadata"] == {"tags": ["live", "plate"]}, "a page without code runs this cell anew"
    assert cell["outputs"][0]["data"] == {"text/plain": ["E = 4"], "image/png": "aa"}
    assert json.loads(stored)["metadata"]["language_info"] == {"name": "python"}
    assert run.tidy(stored) == stored
    assert "ε" in stored


def test_what_a_cell_prints_is_stored_in_one_piece(run):
    printed = [{"name": "stdout", "output_type": "stream", "text": [line]} for line in ("a\n", "b =", " 1\n")]
    shown = {"output_type": "display_data", "data": {"text/plain": ["E = 4"]}, "metadata": {}}
    warned = {"name": "stderr", "output_type": "stream", "text": ["c\n"]}
    cell = {"cell_type": "code", "metadata": {}, "source": [], "outputs": [*printed, warned, shown, printed[0]]}
    stored = json.loads(run.tidy(json.dumps({"metadata": {}, "cells": [cell]})))["cells"][0]["outputs"]
    assert [output.get("text") for output in stored] == [["a\n", "b = 1\n"], ["c\n"], None, ["a\n"]]


@pytest.fixture
def notebook(run, checkout, monkeypatch):
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "set_up", lambda extra="": None)

    def write(source):
        from nbformat import v4, write

        path = checkout / "labs" / "tiny.ipynb"
        path.parent.mkdir(exist_ok=True)
        write(v4.new_notebook(cells=[v4.new_code_cell(source, id="one")]), path)
        return path

    return write


def test_a_notebook_is_rerun_and_stored_the_same_every_time(run, notebook):
    path = notebook("import os\nprint(6 * 7)\nos.path.basename(os.getcwd())")
    assert run.main(["notebooks", "tiny"]) == 0
    first = path.read_bytes()
    outputs = json.loads(first)["cells"][0]["outputs"]
    assert outputs[0]["text"] == ["42\n"]
    assert outputs[1]["data"]["text/plain"] == ["'labs'"]
    assert run.main(["notebooks"]) == 0
    assert path.read_bytes() == first


def test_a_notebook_that_fails_is_left_as_it_was(run, notebook, capsys):
    path = notebook("1 / 0")
    before = path.read_bytes()
    assert run.main(["notebooks"]) == 1
    assert "ZeroDivisionError" in (errors := capsys.readouterr().err)
    assert errors.endswith("labs/tiny.ipynb did not run to its end and was left as it was.\n")
    assert path.read_bytes() == before


def test_a_notebook_that_is_not_there_gets_one_sentence(run, notebook, capsys):
    assert run.main(["notebooks", "nowhere"]) == 1
    assert said(capsys) == "No such notebook."
