"""One command for everything: lab, app, site, test, figures, notebooks, bench, kernel.

Needs Python 3.11 or newer and nothing else; what the lab needs is installed into .venv beside this file.
"""

import sys

# Up to here, and in the whole file, an old Python 3 must be able to read the syntax, so that it gets this sentence
# and not a traceback. What it lacks is imported after it.
if sys.version_info < (3, 11):
    sys.exit("This lab needs Python 3.11 or newer, and this is Python %d.%d." % sys.version_info[:2])

import argparse
import contextlib
import errno
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
import tomllib
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"  # there only while .venv is complete
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BASE_PYTHON = getattr(sys, "_base_executable", None) or sys.executable  # not the one in .venv, which may be made anew
CONFIG = ROOT / "labs" / "server" / "jupyter_lab_config.py"
FIRST_LAB = "labs/00_start_here.ipynb"
READABLE = "abcdefghjkmnpqrstuvwxyz23456789"  # of a token that a class types from the board
COMPILE = "from bpcore.engines import machine_code; machine_code.ready(None)"
# A server whose settings failed would run on without them: without its token, too.
STRICT = {"TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1"}
# Settings of the person's other programs, which would let other packages in, other kernels, another look, or have pip
# write elsewhere. Those that say where the network is are kept.
OF_OTHERS = ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "JUPYTER_", "JUPYTERLAB_", "IPYTHON", "MATPLOTLIBRC",
             "MPLBACKEND", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_NO_DEPS", "PIP_REQUIRE",
             "PIP_DRY_RUN", "PIP_CONSTRAINT", "PIP_PYTHON", "PIP_QUIET")  # fmt: skip
OWN_FOLDERS = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "runtime",
               "IPYTHONDIR": "ipython", "MPLCONFIGDIR": "matplotlib"}  # fmt: skip
LIMITS = (("BP_KERNEL_MB", 500, "megabytes"), ("BP_IDLE_SECONDS", 1, "seconds"))  # see docs/classroom.md
# The tests of a file share a page or a kernel, so they stay in one process; tests/conftest.py says which file is first.
PROCESSES = min(8, os.cpu_count() or 1)
SIDE_BY_SIDE = ("--numprocesses=%d" % PROCESSES, "--dist=loadfile", "--no-loadscope-reorder")

NO_DISK = ("No space left on device", "Errno 28", "not enough space on the disk", "Disk quota exceeded")
NO_NETWORK = ("Failed to establish a new connection", "NewConnectionError", "Temporary failure in name resolution",
              "ConnectTimeoutError", "ReadTimeoutError", "ProxyError", "Network is unreachable", "Connection refused",
              "ConnectionResetError", "RemoteDisconnected", "SSLError", "getaddrinfo failed",
              "(from versions: none)")  # fmt: skip
CHANGING = "Installing collected packages"  # says pip before it does
NO_VENV = ("ensurepip is not available", "No module named venv", "No module named ensurepip")


class Problem(Exception):
    """One sentence for the person at the keyboard."""


class Untouched(Problem):
    """The network failed before pip changed anything."""


# --- the set-up ---------------------------------------------------------------------------------------------------


def set_up(extra=""):
    """Make .venv what requirements.txt and pyproject.toml ask for; do nothing where it is that already."""
    wanted, found = wish(), stamp()
    if found is None or found["python"] != wanted["python"] or found["root"] != wanted["root"] or not PYTHON.exists():
        make_room()
        found = {"extras": []}
    elif found["hash"] == wanted["hash"] and (not extra or extra in found["extras"]):
        return
    before = STAMP.read_bytes() if STAMP.exists() else None
    STAMP.unlink(missing_ok=True)
    try:
        install(["-r", "requirements.txt"] + (["-e", ".[%s]" % extra] if extra else []), extra)
    except Untouched:
        if before is not None:
            STAMP.write_bytes(before)  # what worked without this extra still does
        raise
    kept = found["extras"] if found.get("hash") == wanted["hash"] else []
    wanted["extras"] = kept + ([extra] if extra else [])
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")


def wish():
    """What .venv has to answer to. A stamp from elsewhere (a moved checkout, another Python) is worth nothing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = (ROOT / "requirements.txt").read_text(encoding="utf-8") + json.dumps(project["project"], sort_keys=True)
    return {
        "python": "%s %d.%d" % (sys.implementation.name, *sys.version_info[:2]),
        "root": str(ROOT),
        "hash": hashlib.sha256(asked.encode()).hexdigest(),
    }


def stamp():
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
        return found if found.keys() >= {"python", "root", "hash", "extras"} else None
    except (OSError, ValueError, AttributeError):
        return None


def make_room():
    """An empty .venv. A half-made one goes: pip takes a package that was cut off in mid-copy for a whole one."""
    with step("Making .venv with Python %d.%d" % sys.version_info[:2]):
        STAMP.unlink(missing_ok=True)
        made = quietly([BASE_PYTHON, "-m", "venv", "--clear", VENV])
    if any(words in made.stdout for words in NO_VENV):
        raise Problem(
            "This Python cannot make a virtual environment: on Debian or Ubuntu install python3-venv "
            "(sudo apt install python3-venv), elsewhere a Python from python.org, and run this again."
        )
    explain(made, "make .venv")


def install(what, extra):
    names = "requirements.txt" + (" and the %s extra" % extra if extra else "")
    with step("Installing %s (once; a minute or two)" % names):
        pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off", *what]
        done = quietly(pip)
    explain(done, "install %s" % names)


def explain(done, attempt):
    if done.returncode == 0:
        return
    # Not every program says why it failed, so a disk that is full now is the reason.
    if any(words in done.stdout for words in NO_DISK) or shutil.disk_usage(ROOT).free < 50e6:
        raise Problem("The disk is full: could not %s. Free about 1 GB and run this again." % attempt)
    if any(words in done.stdout for words in NO_NETWORK):
        kind = Problem if CHANGING in done.stdout else Untouched
        raise kind("Could not %s: the network, or the package index (PyPI), was not reached." % attempt)
    print(done.stdout.rstrip(), file=sys.stderr)
    raise Problem("Could not %s: the reason is in the lines above." % attempt)


def quietly(command):
    return subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=surroundings(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def surroundings(**more):
    """The environment, without the settings of other programs: those of this one lie in .venv, and last as long."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(OF_OTHERS)}
    if kept.get("ALL_PROXY", kept.get("all_proxy", "")).startswith("socks"):  # neither pip nor JupyterLab knows it
        kept = {name: value for name, value in kept.items() if name.upper() != "ALL_PROXY"}
    own = {name: str(VENV / "home" / folder) for name, folder in OWN_FOLDERS.items()}
    return {**kept, **(own if VENV.exists() else {}), "PIP_USER": "0", "PYTHONUTF8": "1", **more}


@contextlib.contextmanager
def step(what):
    print(what, end=" ... ", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(flush=True)
        raise
    print("%.1f s" % (time.monotonic() - start), flush=True)


# --- the commands -------------------------------------------------------------------------------------------------


def lab(options, rest):
    """Serve the lab and open it in the browser."""
    check_limit(*LIMITS[0])
    set_up()
    port, token = options.port or free_port(), secrets.token_urlsafe(16)
    url = "http://localhost:%d/lab/tree/%s?token=%s" % (port, FIRST_LAB, token)
    serve(options, "JupyterLab", port, token, url,
          ["jupyterlab", "--config=%s" % CONFIG, "--ServerApp.port=%d" % port, *rest])  # fmt: skip


def app(options, rest):
    """Serve the labs as pages without code, for a projector; with --classroom to every computer around."""
    for name, least, unit in LIMITS:
        check_limit(name, least, unit)
    set_up("app")
    port, token, host = options.port or free_port(), secrets.token_urlsafe(16), "localhost"
    if options.classroom:
        rest = ["--Voila.ip=0.0.0.0", *rest]
        token, host = "".join(secrets.choice(READABLE) for _ in range(8)), address()
    serve(options, "Voila", port, token, "http://%s:%d/?token=%s" % (host, port, token),
          ["voila", "--Voila.config_file_paths=%s" % CONFIG.parent, "--port=%d" % port, *rest], **STRICT)  # fmt: skip


def site(options, rest):
    """Build the labs as a folder (by default: site) that any web server can serve; with --serve also serve it."""
    if len(rest) > 1 or (rest[:1] and rest[0].startswith("-")):
        raise Problem("site takes one folder, and these are its words: %s." % " ".join(rest))
    folder = Path(rest[0] if rest else ROOT / "site").resolve()
    set_up("site")
    with step("Building the site (the first time, 30 MB of Pyodide are fetched)"):
        pyodide = [str(Path(options.pyodide).resolve())] if options.pyodide else []
        built = quietly([PYTHON, "-m", "labs.site", folder, *pyodide])
    if built.returncode:
        raise Problem(built.stdout.strip())
    if not options.serve:
        print("\nThe site is in\n\n    %s\n\nAny web server can serve it; python3 run.py site --serve does." % folder)
        return 0
    port = options.port or free_port()
    host, interface = (address(), "0.0.0.0") if options.classroom else ("localhost", "127.0.0.1")
    serve(options, "the site", port, "", "http://%s:%d/" % (host, port),
          ["labs.site.serve", str(folder), str(port), interface])  # fmt: skip
    return 0


def check_limit(name, least, unit):
    """A limit that the settings of a server refuse is told before it is started."""
    text = os.environ.get(name, str(least))
    try:
        fits = least <= float(text) < 1e9
    except ValueError:
        fits = False
    if not fits:
        raise Problem("%s is %r: a number of %s from %d on is expected." % (name, text, unit, least))


def address():
    """The name by which other computers reach this one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing; it only asks which way a message would go
            return probe.getsockname()[0]
        except OSError:
            return socket.gethostname()


def serve(options, name, port, token, url, module, **more):
    """Run a server until it is stopped, and open the lab."""
    if answers(port):
        raise Problem("Port %d is taken by another program: name another with --port, or none." % port)
    if token:  # a site has none, and no kernels here
        # The engine is compiled once, for all kernels to come, while the person in front of the lab still reads.
        quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)  # on Ctrl-C it has nothing to say
        subprocess.Popen([PYTHON, "-c", COMPILE], cwd=ROOT, env=surroundings(), **quiet)
    server = subprocess.Popen([PYTHON, "-m", *module], cwd=ROOT, env=surroundings(JUPYTER_TOKEN=token, **more))
    # Closing the terminal or a polite kill must not leave a server behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with step("Starting %s" % name):
            wait_for(server, port, name)
        print("\nThe lab is at\n\n    %s\n\nCtrl-C here stops it." % url, flush=True)
        if not options.no_browser:
            webbrowser.open(url)
        if server.wait():
            raise Problem("%s stopped by itself: the reason is in the lines above." % name)
    finally:
        stop(server)


def free_port():
    """8888 where it is free, so that the address stays the same from day to day."""
    for port in (8888, 0):
        if port and answers(port):
            continue  # by another name of this machine, or beside who holds all of them
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return probe.getsockname()[1]
    raise Problem("No free port was found for the lab.")


def answers(port):
    """Whether somebody listens at this port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection(("localhost", port), timeout=1):
        return True
    return False


def wait_for(server, port, name):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Problem("%s did not start: the reason is in the lines above." % name)
        if answers(port):
            return
        time.sleep(0.1)
    raise Problem("%s did not answer at port %d within two minutes." % (name, port))


def stop(server):
    """End the server, and give it the time to end its kernels."""
    if os.name != "nt":  # there it would be a kill, and Ctrl-C has reached the server as well
        server.terminate()
    try:
        server.wait(timeout=10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        server.kill()


def test(options, rest):
    """Check everything, or run pytest alone with the arguments given."""
    set_up("test")
    if rest:
        return inside("pytest", *rest)
    failed = inside("ruff", "check", ".")
    with step("Compiling the engine"):  # once; else every process of the tests, and every kernel, would wait for it
        explain(quietly([PYTHON, "-c", COMPILE]), "compile the engine")
    # Browser tests start servers from their own process: no unit test may have left limits or settings in it.
    rest = ["--ignore=tests/browser", "--nbval", "--nbval-current-env", "tests", *notebooks_in("labs", "figures")]
    failed |= inside("pytest", *SIDE_BY_SIDE, *rest)
    return failed | inside("pytest", *SIDE_BY_SIDE, "tests/browser")


def notebooks(options, rest):
    """Rerun every notebook (or those whose path contains a name) from a clean kernel and store its outputs."""
    set_up()
    return rerun([path for path in notebooks_in("labs", "figures") if not rest or any(name in path for name in rest)])


def figures(options, rest):
    """Draw every plate of figures/ anew."""
    set_up()
    return rerun([path for path in notebooks_in("figures") if not rest or any(name in path for name in rest)])


def bench(options, rest):
    """Measure the engines beside their peers; or what is named: live, page, site, memory, study, classroom."""
    if rest[:1] not in (["live"], ["page"], ["site"], ["memory"], ["study"], ["classroom"]):
        set_up()
        return inside("benchmarks.engines", *rest)
    set_up("test")
    return inside("benchmarks.%s" % rest[0], *rest[1:])


def kernel(options, rest):
    """Make the compiled kernel anew: for developers who changed bpcore/engines/kernel."""
    set_up("kernel")
    return inside("bpcore.engines.kernel.build_wasm", *rest)


def inside(module, *arguments):
    """Run a module with the Python of .venv (never its scripts: they remember where they were made)."""
    print("\n> %s %s" % (module, " ".join(arguments)), flush=True)
    return subprocess.call([str(PYTHON), "-m", module, *arguments], cwd=ROOT, env=surroundings())


def notebooks_in(*folders):
    return [path.relative_to(ROOT).as_posix() for folder in folders for path in sorted((ROOT / folder).glob("*.ipynb"))]


def rerun(paths):
    if not paths:
        raise Problem("No such notebook.")
    convert = [PYTHON, "-m", "nbconvert", "--to=notebook", "--execute", "--stdout", "--log-level=ERROR",
               "--ExecutePreprocessor.record_timing=False", "--ExecutePreprocessor.store_widget_state=False",
               "--ExecutePreprocessor.timeout=1800"]  # fmt: skip
    for path in paths:
        with step("Running %s" % path):
            done = subprocess.run(
                [*map(str, convert), path],
                cwd=ROOT,
                env=surroundings(),
                encoding="utf-8",
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                check=False,
            )
        if done.returncode:
            print(done.stderr.rstrip(), file=sys.stderr)
            raise Problem("%s did not run to its end and was left as it was." % path)
        fresh = ROOT / (path + ".new")
        fresh.write_text(tidy(done.stdout), encoding="utf-8", newline="\n")
        fresh.replace(ROOT / path)
    return 0


def tidy(text):
    """A notebook without what differs from run to run and machine to machine, as Jupyter itself would write it."""
    notebook = json.loads(text)
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook["cells"]:
        cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key != "execution"}
        tags = set(cell["metadata"].get("tags", ()))
        if "outputs" in cell:
            cell["outputs"] = joined(cell["outputs"])
        for output in cell.get("outputs", []):
            # A page without the kernel that made the widget cannot show it; it then shows the picture or the text.
            # That a widget was there is remembered: `run.py app` runs this cell anew, and shows others as stored.
            if output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None):
                tags.add("live")
        if tags:
            cell["metadata"]["tags"] = sorted(tags)
    return json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def joined(outputs):
    """Outputs of a cell, with what was printed in one piece; how many the kernel sends it in is chance."""
    whole = []
    for output in outputs:
        if whole and "name" in output and output["name"] == whole[-1].get("name"):
            lines = [*whole[-1]["text"], *output["text"]]
            whole[-1]["text"] = "".join(lines).splitlines(keepends=True)
        else:
            whole.append(output)
    return whole


# --- the command line ---------------------------------------------------------------------------------------------


def main(arguments=None):
    commands = {command.__name__: command for command in (lab, app, site, test, figures, notebooks, bench, kernel)}
    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
        epilog="\n".join("  %-10s %s" % (name, command.__doc__) for name, command in commands.items()))  # fmt: skip
    parser.add_argument("command", nargs="?", help="one of those below; other arguments go to what it starts")
    parser.add_argument("--no-browser", action="store_true", help="lab, app, site: only print the address")
    parser.add_argument("--port", type=int, help="lab, app, site: this port instead of a free one")
    parser.add_argument("--classroom", action="store_true", help="app, site: let other computers of this network in")
    parser.add_argument("--serve", action="store_true", help="site: serve it as well")
    parser.add_argument("--pyodide", help="site: a folder or tarball that has the files of Pyodide")
    parser.add_argument("--show-answers", action="store_true", help="lab, app: for teachers, veil nothing")
    options, rest = parser.parse_known_args(arguments)
    if options.show_answers:
        os.environ["BP_SHOW_ANSWERS"] = "1"
    if options.command is None:
        parser.print_help()
        return 1
    try:
        if options.command not in commands:
            raise Problem("There is no command %r: choose %s." % (options.command, ", ".join(commands)))
        if options.port is not None and not 1 <= options.port <= 65535:
            raise Problem("The port is %d: a number from 1 to 65535 is expected." % options.port)
        if options.classroom and options.command not in ("app", "site"):
            raise Problem("--classroom is an option of app and site: python3 run.py app --classroom")
        if (options.serve or options.pyodide) and options.command != "site":
            raise Problem("--serve and --pyodide are options of site: python3 run.py site --serve")
        return commands[options.command](options, rest) or 0
    except Problem as problem:
        print(problem, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0 if options.command in ("lab", "app", "site") else 130
    except OSError as trouble:
        full = trouble.errno in (errno.ENOSPC, errno.EDQUOT)
        print("The disk is full: free about 1 GB and run this again." if full else trouble, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
