"""The plate of Fig. 1: nbval fails where a weight, a caption or a measure was changed, and only there."""

import os
import platform
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode

import bpcore as bp
from bpcore import tasks
from figures import fig1

from .test_drawings import overlaps

ROOT = Path(__file__).parents[2]
NOTEBOOK = ROOT / "figures" / "fig1_symmetry.ipynb"


def python(*arguments, **more):
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **more}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def nbval(path, **more):
    return python("-m", "pytest", "--nbval", "--nbval-current-env", "-p", "no:cacheprovider", path, **more)


CHANGES = {
    "a weight": ("w = run.at(sweep).w[0]", "w = run.at(sweep).w[0].copy(); w[3] += 0.02"),
    "a weight as drawn": ("\nplate", "\nplate.figure.axes[0].texts[1].set_text('+9.9')\nplate"),
    "a caption": ("\nplate", "\nplate.figure.axes[0].texts[0].set_text('A net')\nplate"),
    "a fact": ("\nplate", "\nplate.facts = plate.facts[:-1]\nplate"),
    "a measure": ("w = ", "fig1.right_cases = lambda *a: measures.right_cases(*a)[:, 1:]\nw = "),
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """The notebook with fewer starts and sweeps, so that it takes seconds, and the plate's cell once more a change."""
    notebook = nbformat.read(NOTEBOOK, 4)
    for cell in notebook.cells:
        cell.source = cell.source.replace("range(500)", "range(70)").replace("sweeps=5000", "sweeps=1800")
    plate = next(cell for cell in notebook.cells if cell.id == "plate")
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    notebook.cells += [NotebookNode(plate, id=name.replace(" ", "-")) for name in CHANGES]
    path = tmp_path_factory.mktemp("small") / "plate.ipynb"
    nbformat.write(notebook, path)
    done = python("-m", "nbconvert", "--to=notebook", "--execute", "--inplace", "--log-level=ERROR", path)
    assert done.returncode == 0, done.stderr
    return path


def test_nbval_fails_where_a_weight_a_caption_or_a_measure_was_changed_and_nowhere_else(small, tmp_path):
    notebook = nbformat.read(small, 4)
    changed = []
    for k, cell in enumerate(notebook.cells):
        for name, (before, after) in CHANGES.items():
            if cell.id == name.replace(" ", "-"):
                head, found, tail = cell.source.rpartition(before)
                assert found
                cell.source = head + after + tail
                changed.append(k)
    path = tmp_path / "plate.ipynb"
    nbformat.write(notebook, path)
    done = nbval(path)
    assert len(changed) == len(CHANGES)
    assert [int(k) for k in re.findall(r"FAILED \S+::Cell (\d+)", done.stdout)] == changed, done.stdout


@pytest.mark.skipif(platform.machine().lower() not in ("x86_64", "amd64"), reason="names processors of one family")
@pytest.mark.parametrize(
    "processor",
    [
        {"OPENBLAS_CORETYPE": "Prescott"},
        {"OPENBLAS_CORETYPE": "Haswell"},
        {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": "every"},
    ],
    ids=["Prescott", "Haswell", "neither AVX2 nor AVX512"],
)
def test_no_stored_digit_depends_on_the_processor(small, tmp_path, processor):
    if "NPY_DISABLE_CPU_FEATURES" in processor:
        # Their names changed with numpy 2.4 (X86_V3 for AVX2), so numpy is asked for them.
        names = "from numpy._core._multiarray_umath import __cpu_dispatch__ as d, __cpu_features__ as f; "
        there = python("-c", names + "print(*(n for n in d if f[n]))").stdout.split()
        processor = {**processor, "NPY_DISABLE_CPU_FEATURES": " ".join(there)}
        assert not python("-c", names + "print(*(n for n in d if f[n]))", **processor).stdout.split()
    notebook = nbformat.read(small, 4)
    notebook.cells = notebook.cells[: -len(CHANGES)]
    path = tmp_path / "plate.ipynb"
    nbformat.write(notebook, path)
    done = nbval(path, **processor)
    assert done.returncode == 0, done.stdout


# --- what the plate says of networks that have not learned --------------------------------------------------------


@pytest.fixture(scope="module")
def facts_at_the_start():
    task = tasks.symmetry(4)
    run = bp.train(task, seeds=range(3), sweeps=10)
    chosen = fig1.Chosen(seed=1, of=np.array([-1, 900, 2000]), sweeps=5000)
    return fig1.network_plate(task, run.at(0).w[1], 0, np.resize(run.E[:, 1], 5001), chosen)


def test_a_network_that_has_learned_nothing_is_not_praised(facts_at_the_start):
    text = str(facts_at_the_start)
    assert "mirror weights equal and opposite: no" in text
    assert "twins of opposite sign: no" in text
    assert "10 of 16 cases right" in text
    assert "of 3 starts: 33 % solved by sweep 1,425, 67 % by 5,000; of the solved, 50 % no later" in text


def test_nothing_on_the_stored_plate_overlaps():
    task = tasks.symmetry()
    run = bp.train(task, seeds=[47], sweeps=1488)
    chosen = fig1.Chosen(seed=0, of=np.array([1421, -1]), sweeps=5000)
    plate = fig1.network_plate(task, run.state.w[0], 1488, np.resize(run.E[:, 0], 5001), chosen)
    assert not overlaps(plate.figure)


def test_both_answers_send_eight_different_sums():
    task = tasks.symmetry()
    runs = {}
    for name, sizes in (("1 : 2 : 4", [1, 2, 4]), ("2 : 3 : 4", [4, -2, 3])):
        w = np.zeros((1, task.network.n_weights))
        task.network.blocks(w)["input", "hidden"][:] = np.r_[sizes, -np.array(sizes)[::-1]]
        runs[name] = w[0]
    plate = fig1.answers_plate(task, runs, {"1 : 2 : 4": 4, "2 : 3 : 4": 1, "neither": 0})
    assert plate.facts == (
        "1 : 2 : 4: 4 runs; a pattern of one half sends 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0",
        "2 : 3 : 4: 1 run; a pattern of one half sends 0.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0",
        "neither: 0 runs",
    )
    assert not overlaps(plate.figure)
