"""The house stays in order.

Imports run one way, the root stays bare, and every notebook was run once, in order, from a clean kernel.
"""

import ast
import importlib
import json
import re
import shutil
import subprocess
import sys
import sysconfig
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from labs.kit.canvas import stage_module
from labs.kit.share_row import Giving
from labs.procedure.step_canvas import StepCanvas

ROOT = Path(__file__).parents[1]

# --- imports: bpcore <- figures <- labs <- notebooks -------------------------------------------------------

# What each part may import beside the standard library and itself. The longest part that fits a file counts.
MAY_IMPORT = {
    "bpcore": {"numpy"},
    "bpcore/engines/kernel": {"numpy", "numba", "llvmlite", "bpcore"},
    "bpcore/studies/study.py": {"numpy", "tqdm", "bpcore"},
    "figures": {"bpcore", "numpy", "matplotlib", "PIL"},  # PIL comes with matplotlib, which writes PNGs with it
    "labs": {"labs", "bpcore", "figures", "numpy", "matplotlib", "ipywidgets", "anywidget"}
    | {"comm", "traitlets", "IPython"},  # which come with ipywidgets
    "labs/server": {"jupyter_client", "jupyter_server", "traitlets", "labs.server"},
    "labs/server/voila.py": {"jupyter_server", "labs.server", "voila"},
    "labs/site": {"labs.page", "labs.server", "mistune", "nbformat", "traitlets", "voici_core", "voila"},
    "labs/site/stand_ins": {"micropip", "IPython", "comm", "js"},
    "run.py": set(),
}


def imports(source, package=()):
    """The full names a file imports; `package` is the package the file is in, for relative ones."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield from (".".join(filter(None, (*base, node.module, alias.name))) for alias in node.names)


def forbidden_imports(path, source):
    """The imports of the file at `path` (from the root) that its part of the house may not have."""
    parts = [part for part in MAY_IMPORT if path == part or path.startswith(f"{part}/")]
    if not parts:
        return []
    part = max(parts, key=len)
    itself = part.removesuffix(".py").replace("/", ".")
    allowed = {*MAY_IMPORT[part], itself, *sys.stdlib_module_names}
    found = imports(source, tuple(path.split("/")[:-1]))
    return [name for name in found if not any(name == ok or name.startswith(f"{ok}.") for ok in allowed)]


def below_root(path):
    return path.relative_to(ROOT).as_posix()


def tracked():
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    if listing.returncode:
        pytest.skip("this is not a git checkout")
    return [name for name in listing.stdout.splitlines() if (ROOT / name).exists()]


def test_imports_run_one_way():
    parts = [ROOT / part for part in ("bpcore", "figures", "labs")]
    files = [ROOT / "run.py", *(file for part in parts for file in part.rglob("*.py"))]
    found = {below_root(file): forbidden_imports(below_root(file), file.read_text(encoding="utf-8")) for file in files}
    assert {path: names for path, names in found.items() if names} == {}


def test_no_file_of_the_labs_imports_one_that_imports_it():
    files = [path for path in (ROOT / "labs").rglob("[!_]*.py") if "server" not in path.parts]
    names = {below_root(path).removesuffix(".py").replace("/", "."): path for path in files}
    graph = {
        name: {other for found in imports(path.read_text(encoding="utf-8"), name.split(".")[:-1]) for other in names
               if found == other or found.startswith(f"{other}.")}
        for name, path in names.items()
    }  # fmt: skip
    assert len(list(TopologicalSorter(graph).static_order())) == len(names) > 20


@pytest.mark.parametrize(
    ("path", "line", "expected"),
    [
        ("bpcore/passes.py", "import matplotlib.pyplot", ["matplotlib.pyplot"]),
        ("bpcore/passes.py", "import numba", ["numba"]),
        ("bpcore/engines/kernel/sweeps.py", "import numba", []),
        ("bpcore/engines/compilation.py", "import numba", ["numba"]),
        ("bpcore/passes.py", "import numpy as np, math", []),
        ("bpcore/passes.py", "from .network import Network", []),
        ("bpcore/tasks/symmetry.py", "from ..network import layered", []),
        ("bpcore/passes.py", "from figures import hinton", ["figures.hinton"]),
        ("bpcore/passes.py", "from .. import figures", ["figures"]),
        ("figures/hinton.py", "import labs.kit", ["labs.kit"]),
        ("figures/hinton.py", "from labs import kit", ["labs.kit"]),
        ("figures/hinton.py", "import ipywidgets", ["ipywidgets"]),
        ("figures/hinton.py", "from bpcore import measures", []),
        ("labs/kit/canvas.py", "import anywidget, figures.hinton", []),
        ("labs/symmetry/lab.py", "from ..kit.lab import LiveLab", []),
        ("run.py", "import numpy", ["numpy"]),
    ],
)
def test_an_import_that_runs_the_wrong_way_is_seen(path, line, expected):
    assert forbidden_imports(path, line) == expected


# --- the equations ----------------------------------------------------------------------------------------------------


def test_contributing_says_on_which_line_each_equation_stands():
    rows = re.findall(
        r"^\| (\(\d\)) \| .* \| `(.+)`, line (\d+) \|$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE
    )
    assert [equation for equation, _, _ in rows] == [f"({n})" for n in range(1, 10)]
    for equation, file, line in rows:
        assert (ROOT / file).read_text("utf-8").splitlines()[int(line) - 1].endswith(f"# {equation}")


# --- what the page runs --------------------------------------------------------------------------------------------

# Of each file, and of those that the page runs, each made of several.
RULES_OF_JS = {
    "plugins": [],
    "categories": {"correctness": "off"},
    "env": {"browser": True, "es2024": True},
    "rules": {"no-undef": "error", "no-unused-vars": ["error", {"varsIgnorePattern": "^module[0-9]+$"}]},
}
OXLINT = shutil.which("oxlint", path=sysconfig.get_path("scripts"))
MODULES = {
    **{below_root(path): path.read_text(encoding="utf-8") for path in sorted((ROOT / "labs").rglob("*.js"))},
    "the module of the stage": stage_module(),
    "the module of an exported page": stage_module("player"),
    "the module of the procedure": StepCanvas._esm,
    "the module of the share row": Giving._esm,
}


def faults_of_js(source, folder):
    (folder / "rules.json").write_text(json.dumps(RULES_OF_JS), encoding="utf-8")
    (folder / "module.mjs").write_text(source, encoding="utf-8")
    command = [OXLINT, "--config=rules.json", "--format=unix", "module.mjs"]
    found = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False).stdout
    return [line for line in found.splitlines() if "eslint" in line]


@pytest.mark.skipif(OXLINT is None, reason="oxlint has no package for this machine")
@pytest.mark.parametrize("name", MODULES)
def test_every_name_in_a_module_of_the_page_is_defined(name, tmp_path):
    assert faults_of_js(MODULES[name], tmp_path) == []
    assert len(faults_of_js(MODULES[name] + "\nwhereFrom();", tmp_path)) == 1


# --- the root ------------------------------------------------------------------------------------------------------

AT_THE_ROOT = {
    ".ci", ".gitignore", ".gitattributes", "CHANGELOG.md", "CITATION.cff", "CONTRIBUTING.md", "LICENSE", "README.md",
    "benchmarks", "bpcore", "docs", "figures", "labs", "pyproject.toml", "requirements.txt", "run.py", "tests",
}  # fmt: skip


def test_the_root_holds_nothing_else():
    assert {name.split("/")[0] for name in tracked()} <= AT_THE_ROOT


# --- notebooks -----------------------------------------------------------------------------------------------------

LONGEST_CELL = 12
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b|<[^<>]* object at\b", re.IGNORECASE)
HOME_OF_SOMEONE = re.compile(r"(?<![\w.:/])/(?:home|Users|root|tmp|work|mnt|opt|private|var)/\w|\b[A-Z]:\\\\?\w")


def notebook_faults(notebook):
    """What is wrong with a notebook, one sentence each; an empty list if it was run as it should be."""
    cells = notebook["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code" and text(cell["source"]).strip()]
    counts = [cell["execution_count"] for cell in code]
    faults = []
    if None in counts:
        faults.append(f"code cell {counts.index(None) + 1} was not run")
    elif counts != list(range(1, len(counts) + 1)):
        faults.append(f"the cells were run in the order {counts}")
    for number, cell in enumerate(cells, start=1):
        found = [*source_faults(text(cell["source"]), cell["cell_type"])]
        found += [fault for output in cell.get("outputs", []) for fault in output_faults(output)]
        faults += [f"cell {number} {fault}" for fault in found]
    return faults


def source_faults(source, kind):
    if HOME_OF_SOMEONE.search(source):
        yield "names a path of one machine"
    if kind != "code":
        return
    lines = [line for line in source.splitlines() if line.strip()]
    if len(lines) > LONGEST_CELL:
        yield f"has {len(lines)} lines; {LONGEST_CELL} are enough"
    if "clear_output" in source:
        yield "uses clear_output"
    if re.search(r"\bOutput\(", source):
        yield "makes a bare Output"


def output_faults(output):
    if output["output_type"] == "error":
        yield f"ended with {output['ename']}"
    if output.get("name") == "stderr":
        yield "wrote to stderr"
    if ADDRESS.search(printed(output)):
        yield "shows an address in memory"
    if HOME_OF_SOMEONE.search(printed(output)):
        yield "shows a path of one machine"


def text(lines):
    return lines if isinstance(lines, str) else "".join(lines)


def printed(output):
    """What a person reads of an output; pictures are left out."""
    shown = [value for kind, value in output.get("data", {}).items() if kind.startswith("text/")]
    return "\n".join(map(text, [*shown, output.get("text", ""), output.get("evalue", "")]))


NOTEBOOKS = [below_root(path) for part in ("labs", "figures") for path in sorted((ROOT / part).glob("*.ipynb"))]


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_notebook_was_run_in_order_from_a_clean_kernel(path):
    assert notebook_faults(json.loads((ROOT / path).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_notebook_holds_nothing_of_one_run_or_machine(path):
    notebook = json.loads((ROOT / path).read_text(encoding="utf-8"))
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"}, "run: python3 run.py notebooks"
    assert notebook["metadata"]["language_info"] == {"name": "python"}, "run: python3 run.py notebooks"
    assert not any("execution" in cell["metadata"] for cell in notebook["cells"]), "run: python3 run.py notebooks"


def cell(source="1 + 1", count=1, *outputs):
    return {"cell_type": "code", "source": source, "execution_count": count, "metadata": {}, "outputs": list(outputs)}


def result(shown, kind="text/plain"):
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {kind: shown}}


def stream(name, shown):
    return {"output_type": "stream", "name": name, "text": [shown]}


ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
MARKDOWN = {"cell_type": "markdown", "source": ["# At /home/ada/lab"], "metadata": {}}


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ([cell(), cell(count=None)], "code cell 2 was not run"),
        ([cell(count=2), cell(count=1)], "run in the order [2, 1]"),
        ([cell(count=1), cell(count=3)], "run in the order [1, 3]"),
        ([cell(count=2)], "run in the order [2]"),
        ([cell("x", 1, stream("stderr", "careful"))], "wrote to stderr"),
        ([cell("x", 1, ERROR)], "ended with ValueError"),
        ([cell("x", 1, result("<Lab object at 0x7f30a1b2c3d0>"))], "an address in memory"),
        ([cell("x", 1, stream("stdout", "made by 0x7F30A1B2"))], "an address in memory"),
        ([cell("x", 1, result("<b>&lt;Lab at 0x7f30a1b2&gt;</b>", "text/html"))], "an address in memory"),
        ([cell("x", 1, result("saved in /home/ada/run.npz"))], "shows a path of one machine"),
        ([cell("x", 1, result("saved in C:\\Users\\ada"))], "shows a path of one machine"),
        ([cell("open('/tmp/run.npz')")], "names a path of one machine"),
        ([cell(), MARKDOWN], "names a path of one machine"),
        ([cell("from IPython.display import clear_output")], "uses clear_output"),
        ([cell("widgets.Output()")], "a bare Output"),
        ([cell(["x = 1\n"] * 13)], "has 13 lines"),
    ],
)
def test_a_bad_notebook_is_refused(cells, fault):
    assert [fault in found for found in notebook_faults({"cells": cells})] == [True]


@pytest.mark.parametrize(
    "cells",
    [
        [],
        [cell(), cell(count=2), {**MARKDOWN, "source": "See https://example.org/home/ada and labs/tmp/x."}],
        [cell(), cell(source="", count=None)],
        [cell(["x = 1\n"] * 12 + ["\n"] * 5)],
        [cell("x", 1, result("0x7f30a1b2", "image/png"), stream("stdout", "E = 4, and/or 8"))],
        [cell("lab.run.save('runs/mine.npz')")],
    ],
)
def test_a_good_notebook_is_accepted(cells):
    assert notebook_faults({"cells": cells}) == []


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.stem)
def test_a_measurement_finds_what_it_imports(path):
    if path.stem == "pytorch_departures":
        pytest.importorskip("torch")
    importlib.import_module(f"benchmarks.{path.stem}")
