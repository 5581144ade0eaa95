"""The kernels are made of the present source; the browser's agrees with the numpy engine to 1e-10 in Pyodide."""

import hashlib
import json
import os
import pickle
import shutil
import subprocess
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import bpcore as bp
from bpcore import tasks
from bpcore.engines.kernel import build_wasm, intermediate
from bpcore.engines.kernel.plan import plan
from bpcore.learning import starting_point

from .networks import drawn

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests"
PYODIDE = Path(os.environ.get("BP_PYODIDE", ROOT / ".pyodide"))  # what run.py site has fetched
RECORD = json.loads(build_wasm.RECORD.read_text(encoding="utf-8"))
BUILT_IN = ("logistic", "tanh", "linear", "softplus")

# --- what the bytes were made from --------------------------------------------------------------------------------


def test_the_bytes_were_made_from_the_present_source():
    assert RECORD["source"] == intermediate.fingerprint(), "the kernel has changed: run python3 run.py kernel"
    for made in build_wasm.MADE:
        assert RECORD[made] == hashlib.sha256((build_wasm.HERE / made).read_bytes()).hexdigest()


def test_the_versions_that_make_them_are_pinned():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert sorted(extras["kernel"]) == [f"{name}=={RECORD[name]}" for name in ("llvmlite", "numba")]


@pytest.mark.parametrize("name", intermediate.SOURCES)
def test_line_ends_do_not_count_and_every_word_does(tmp_path, monkeypatch, name):
    before = intermediate.fingerprint()
    for source in intermediate.SOURCES:
        text = (build_wasm.HERE / source).read_bytes().replace(b"\r\n", b"\n")
        (tmp_path / source).write_bytes(text.replace(b"\n", b"\r\n"))
    monkeypatch.setattr(intermediate, "HERE", tmp_path)
    assert intermediate.fingerprint() == before
    with (tmp_path / name).open("a") as source:
        source.write("# more\n")
    assert intermediate.fingerprint() != before


# --- under node -----------------------------------------------------------------------------------------------------


def node(*arguments):
    if not shutil.which("node"):
        pytest.skip("node is not installed")
    command = ["node", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def options():
    """Of node, with which it knows relaxed vectors; from version 21 on it does without."""
    return ["--experimental-wasm-relaxed-simd"] if int(node("--version").lstrip("v").split(".")[0]) < 21 else []


@cache
def fixed():
    """Tasks by name: (task, w, sweeps, how to train)."""
    symmetry, xor, trees, sequences = tasks.symmetry(), tasks.xor(), tasks.family_trees(), tasks.sequences()
    linear = bp.Network([bp.Group("input", 6), bp.Group("output", 1, unit=bp.linear)], [bp.Link("input", "output")])
    runaway = bp.Task("linear", linear, symmetry.cases, symmetry.recipe.throughout(epsilon=0.3))
    phases = (bp.Phase(0, 0.1, 0.9, 0.001), bp.Phase(57, 0.05, 0.95, 0.0))
    held = replace(symmetry, recipe=replace(symmetry.recipe, held=(0, 5, 15), phases=phases))
    by_case = replace(symmetry, recipe=replace(symmetry.recipe, update="case"))
    by_sum = replace(sequences, recipe=replace(sequences.recipe, tied="sum").throughout(epsilon=0.005))
    each = replace(symmetry, recipe=symmetry.recipe.throughout(epsilon=np.linspace(0.05, 0.2, 50)))
    wide = tasks.symmetry(12, 2)
    wide = replace(wide, recipe=wide.recipe.throughout(epsilon=0.002))
    told = {
        "symmetry": (symmetry, 1, 1425, {}),
        "xor": (xor, 3, 1000, {}),
        "xor, until solved": (xor, 5, 1500, {"stop_when_solved": True}),
        "family trees": (trees, 1, 300, {}),
        "family trees, every third kept": (trees, 1, 30, {"keep_every": 3}),
        "sequences, tied": (sequences, 1, 300, {}),
        "sequences, tied by sum": (by_sum, 1, 100, {}),
        "50 runs, an epsilon each": (each, 50, 800, {"stop_when_solved": True, "keep_every": 7}),
        "diverging": (runaway, 2, 600, {}),
        "weights changed after every case": (by_case, 2, 100, {"keep_every": 10}),
        "held weights, decay, phases": (held, 2, 200, {"keep_every": 5}),
        "4,096 cases in blocks": (wide, 3, 30, {}),
    }
    return {name: (task, starting_point(task, task.recipe, range(runs))[0], sweeps, how)
            for name, (task, runs, sweeps, how) in told.items()}  # fmt: skip


def random(n):
    """Such networks as the other tests of the engines draw."""
    found = {}

    @settings(max_examples=n, derandomize=True, database=None, deadline=None)
    @given(drawn(runs=3, units=BUILT_IN))
    def note(one):
        found[f"random {len(found)}"] = (one.task, one.w, 6, {})

    note()
    return found


@pytest.fixture(scope="module", params=[build_wasm.WASM.name, build_wasm.RELAXED.name])
def in_browser(request, tmp_path_factory):
    """What agreement_in_browser.py has found, with either file."""
    if not (PYODIDE / "pyodide.js").exists() or not any(PYODIDE.glob("numpy-*.whl")):
        pytest.skip(f"Pyodide and its numpy are not in {PYODIDE}: python3 run.py site fetches them")
    scratch = tmp_path_factory.mktemp("pyodide")
    (scratch / "tasks.pickle").write_bytes(pickle.dumps(fixed() | random(80)))
    (scratch / "file").write_text(request.param)
    node(*options(), TESTS / "in_pyodide.js", PYODIDE, ROOT, scratch, TESTS / "agreement_in_browser.py")
    found = json.loads((scratch / "found.json").read_text(encoding="utf-8"))
    assert found["file"] == request.param
    return found


@pytest.mark.parametrize("name", fixed())
def test_the_browser_learns_what_numpy_learns(in_browser, name):
    away = {array: far for array, far in in_browser["distances"][name].items() if array != "exploded"}
    assert max(away.values()) < 1e-10, away


def test_the_browser_agrees_on_any_network_and_recipe(in_browser):
    found = {name: away for name, away in in_browser["distances"].items() if name.startswith("random")}
    tame = {name: away for name, away in found.items() if not away["exploded"]}
    assert len(tame) > 60
    assert {name: away for name, away in tame.items() if not max(away.values()) < 1e-10} == {}


def test_the_browser_has_one_core_and_chooses_the_kernel_by_itself(in_browser):
    assert [in_browser[name] for name in ("in browser", "cores", "available", "chosen")] == [
        True, 1, True, "compiled",
    ]  # fmt: skip
    assert in_browser["study"] == [[2, 6], "compiled"]


def test_a_block_of_the_map_lets_the_page_breathe(in_browser):
    assert 10 <= in_browser["runs at once"] <= 64


@pytest.mark.parametrize("fault", ["missing", "cut off", "no SIMD"])
def test_a_browser_that_cannot_take_the_kernel_has_numpy_and_is_told_once(in_browser, fault):
    found = in_browser["broken"][fault]
    assert found["engines"] == ["numpy"] * 3
    (said,) = found["said"]
    assert said.startswith("sweeps are made by numpy, which is slower: this browser did not take the machine code (")
    assert "\n" not in said


# --- a page without Python ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["symmetry", "family trees, every third kept", "sequences, tied"])
def test_a_page_without_python_can_use_the_same_file(tmp_path, name):
    task, w, sweeps, _ = fixed()[name]
    sweeps = min(sweeps, 100)
    links, outputs, units, block = plan(task.network, task.cases)
    (phase,) = task.recipe.phases[:1]
    margin = task.recipe.tolerance.margin if task.recipe.tolerance else 0.0
    edge = bool(margin) and task.recipe.tolerance.reading == "edge"
    share = np.ones(task.network.n_weights)
    for of_block, uses in task.network.block_uses.items():
        task.network.blocks(share)[of_block][...] = 1 / uses
    keep = task.recipe.kept_by_decay(phase, task.network.is_bias)
    told = {
        "links": links, "outputs": outputs, "units": units, "block": block,
        "inputs": np.concatenate([task.cases.inputs[group].T for group in task.network.input_names]),
        "desired": np.concatenate([rows.T for rows in task.cases.desired.values()]),
        "keep": np.ones(task.network.n_weights) if keep is None else keep, "share": share, "w": w,
        "epsilon": phase.epsilon, "alpha": phase.alpha, "margin": margin, "edge": edge, "sweeps": sweeps,
    }  # fmt: skip
    (tmp_path / "told.json").write_text(json.dumps(told, default=np.ndarray.tolist))
    made = json.loads(node(TESTS / "kernel_in_page.js", build_wasm.WASM, tmp_path / "told.json"))
    assert set(made["imports"]) <= {"memory", "__stack_pointer", "malloc", "free", "exp", "log1p"}
    alone = replace(task, recipe=replace(task.recipe, phases=(phase,)))
    run = bp.train(alone, w=w, sweeps=sweeps, engine="numpy")
    np.testing.assert_allclose(made["E"], run.E[1:, 0], rtol=1e-10)
    np.testing.assert_allclose(made["w"], run.state.w[0], rtol=1e-10, atol=1e-12)
