"""Two engines, one meaning: whatever the network, the recipe and the company."""

import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import bpcore as bp
from bpcore import capabilities, engines, tasks
from bpcore.engines import compilation

from .each_engine import compiled_or_skip
from .networks import drawn, same

ROOT = Path(__file__).parents[1]
BUILT_IN = ("logistic", "tanh", "linear", "softplus")


@pytest.fixture(scope="module", autouse=True)
def compiled():
    compiled_or_skip()


def both(task, w, sweeps=6, **how):
    return [bp.train(task, w=w, sweeps=sweeps, engine=engine, **how) for engine in ("numpy", "compiled")]


@settings(max_examples=150, deadline=None)
@given(drawn(runs=3, units=BUILT_IN))
def test_the_engines_agree_on_any_network_and_recipe(one):
    slow, fast = both(one.task, one.w)
    assume(np.nanmax(slow.E) < 1e6 and slow.sweeps == 6)
    for name in ("E", "worst"):
        np.testing.assert_allclose(getattr(fast, name), getattr(slow, name), rtol=1e-10, atol=1e-10)
    for ours, theirs in zip(fast.kept, slow.kept, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@settings(max_examples=30, deadline=None)
@given(drawn(runs=5, units=BUILT_IN), st.integers(1, 4))
def test_epsilon_and_alpha_may_differ_from_run_to_run(one, first):
    numbers = np.random.default_rng(first)
    how = {"epsilon": numbers.uniform(0, 0.1, 5), "alpha": numbers.uniform(0, 0.9, 5)}
    slow, fast = both(one.task, one.w, **how)
    assume(np.nanmax(slow.E) < 1e6 and slow.sweeps == 6)
    np.testing.assert_allclose(fast.E, slow.E, rtol=1e-10, atol=1e-10)
    alone = bp.train(
        one.task, w=one.w[2], sweeps=6, epsilon=how["epsilon"][2], alpha=how["alpha"][2], engine="compiled"
    )
    assert same(alone.E[:, 0], fast.E[:, 2])


def test_the_number_of_cores_changes_nothing(monkeypatch):
    runs = []
    for threads in (1, 2, 5):
        monkeypatch.setattr(engines.machine_code, "threads", threads)
        runs.append(bp.train(tasks.symmetry(), range(37), 400, keep_every=100, engine="compiled"))
    for run in runs[1:]:
        assert same(run.E, runs[0].E)
        assert all(same(a, b) for a, b in zip(run.kept, runs[0].kept, strict=True))


@pytest.mark.parametrize(
    ("asked", "threads"), [("1", 1), ("3", 3), ("64", 4), ("", 4), ("0", 4), ("-1", 4), ("all", 4)]
)
def test_a_machine_that_is_shared_can_bound_the_threads(monkeypatch, asked, threads):
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    monkeypatch.setattr(capabilities.os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    assert capabilities.cores() == threads


def test_a_group_may_have_biases_and_nothing_else_below_it():
    groups = [bp.Group("input", 2), bp.Group("alone", 3), bp.Group("output", 2)]
    links = [bp.Link("one", "alone"), bp.Link("alone", "output"), bp.Link("input", "output")]
    net, numbers = bp.Network(groups, links), np.random.default_rng(5)
    cases = bp.Cases({"input": numbers.random((9, 2))}, {"output": numbers.random((9, 2))})
    slow, fast = both(bp.Task("alone", net, cases), bp.start(net, [1, 2], 1.0), sweeps=20)
    assert (slow.state.w != slow.at(0).w).all()
    np.testing.assert_allclose(fast.state.w, slow.state.w, rtol=1e-10)


@pytest.mark.parametrize("width", [2, 8, 12])
def test_long_tables_of_cases_go_through_in_blocks(width):
    task = tasks.symmetry(width, hidden=9)
    slow, fast = both(task, bp.start(task.network, [1, 2]), sweeps=3, epsilon=0.001)
    np.testing.assert_allclose(fast.E, slow.E, rtol=1e-10)
    np.testing.assert_allclose(fast.state.w, slow.state.w, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("cases", [1, 7, 8, 9, 16, 25, 40])
@pytest.mark.parametrize("sizes", [(4, 5, 6), (7, 8, 1), (2, 9, 11)])
def test_groups_of_any_size_and_any_number_of_cases(sizes, cases):
    names, numbers = ("input", "hidden", "output"), np.random.default_rng(5)
    net = bp.layered(dict(zip(names, sizes, strict=True)), skips=[("input", "output")])
    table = bp.Cases({"input": numbers.random((cases, sizes[0]))}, {"output": numbers.random((cases, sizes[2]))})
    slow, fast = both(bp.Task("any size", net, table), bp.start(net, [1, 2], 1.0), sweeps=20)
    np.testing.assert_allclose(fast.E, slow.E, rtol=1e-10)
    np.testing.assert_allclose(fast.state.w, slow.state.w, rtol=1e-10, atol=1e-12)


def test_what_no_case_turns_on_teaches_nothing():
    groups = [bp.Group("off", 5), bp.Group("input", 4), bp.Group("alone", 3), bp.Group("output", 2)]
    links = [bp.Link("off", "alone"), bp.Link("off", "output"), bp.Link("input", "output"), bp.Link("alone", "output")]
    net, numbers = bp.Network(groups, links), np.random.default_rng(5)
    table = bp.Cases({"off": np.zeros((9, 5)), "input": numbers.random((9, 4))}, {"output": numbers.random((9, 2))})
    slow, fast = both(bp.Task("off", net, table), bp.start(net, [1, 2], 1.0), sweeps=20)
    np.testing.assert_allclose(fast.state.w, slow.state.w, rtol=1e-10)
    from_off = np.concatenate([net.place(link.block) + np.arange(5 * net.size(link.target)) for link in links[:2]])
    moved = fast.state.w != fast.at(0).w
    assert not moved[:, from_off].any()
    assert moved.sum() == 2 * (net.n_weights - len(from_off))


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_a_run_that_is_solved_stops_and_stays(engine):
    task = tasks.xor()
    on = bp.train(task, range(8), 2000, epsilon=0.3, engine=engine)
    stopped = bp.train(task, range(8), 2000, epsilon=0.3, engine=engine, stop_when_solved=True)
    assert (stopped.solved_at == on.solved_at).all()
    for k, t in enumerate(stopped.solved_at):
        if t >= 0:
            assert same(stopped.E[: t + 1, k], on.E[: t + 1, k])
            assert (stopped.E[t:, k] == on.E[t, k]).all()
            assert same(stopped.state.w[k], on.at(int(t)).w[k])


@pytest.mark.parametrize("x", [-800.0, -40.0, -1.0, -1e-9, 0.0, 1e-3, 0.7, 36.0, 800.0])
def test_every_unit_function_is_right_far_out_too(x):
    for unit in (bp.logistic, bp.tanh, bp.linear, bp.softplus):
        net = bp.layered({"input": 1, "output": 1}, unit=unit)
        task = bp.Task("one unit", net, bp.Cases({"input": [[x]]}, {"output": [[0.25]]}))
        w = np.array([[1.0, 0.0]])
        slow, fast = both(task, w, sweeps=0)
        np.testing.assert_allclose(fast.E, slow.E, rtol=1e-12, atol=1e-15)


def test_a_function_of_your_own_is_left_to_numpy():
    own = bp.UnitFunction("arctan", np.arctan, lambda _y, x: 1 / (1 + x**2))
    net = bp.layered({"input": 1, "output": 1}, unit=own)
    task = bp.Task("own", net, bp.Cases({"input": [[1.0]]}, {"output": [[0.5]]}))
    assert bp.train(task, sweeps=2).engine == "numpy"
    with pytest.raises(ValueError, match="does not know the unit function 'arctan'"):
        bp.train(task, sweeps=2, engine="compiled")
    with pytest.raises(ValueError, match="engine 'jax'; 'numpy' or 'compiled' is expected"):
        bp.train(task, sweeps=2, engine="jax")


FIRST = """
import hashlib, bpcore as bp
from bpcore import tasks
from bpcore.engines import machine_code
machine_code.ready(None)
run = bp.train(tasks.family_trees(), seeds=range(3), sweeps=50, engine="compiled")
print(hashlib.sha256(run.state.w.tobytes()).hexdigest())
"""


def test_the_process_that_was_first_has_the_same_bits_as_all_that_follow(tmp_path):
    environment = os.environ | {"BP_KERNEL_CACHE": str(tmp_path)}
    processes = [sys.executable, "-c", FIRST], [sys.executable, "-c", FIRST]
    found = [subprocess.check_output(one, env=environment, text=True, cwd=ROOT) for one in processes]
    assert found[0] == found[1]
    assert len(list(tmp_path.glob("kernel-*.o"))) == 1


def test_machine_code_is_made_anew_for_other_code_another_processor_and_another_llvm_only(tmp_path, monkeypatch):
    from bpcore.engines.kernel import native

    monkeypatch.setenv("BP_KERNEL_CACHE", str(tmp_path))
    files = [native.file()]
    copy = tmp_path / "elsewhere" / "kernel.ll.xz"  # as in an upgrade: the same code, newly installed
    copy.parent.mkdir()
    copy.write_bytes(native.CODE.read_bytes())
    monkeypatch.setattr(native, "CODE", copy)
    assert native.file() == files[0]
    monkeypatch.setenv("BP_PROCESSOR", "generic")
    files.append(native.file())
    monkeypatch.setattr(native.llvmlite, "__version__", "0")
    files.append(native.file())
    copy.write_bytes(b"other code")
    files.append(native.file())
    assert len(set(files)) == 4
    assert {file.parent for file in files} == {tmp_path}


def test_four_processes_that_start_at_once_compile_once(tmp_path):
    program = """
import sys
from bpcore.engines import machine_code
from bpcore.engines.kernel import native
whole = native.compiled
native.compiled = lambda: (print("compiles"), whole())[1]
machine_code.ready(None)
print(machine_code.module() is not None)
"""
    environment = os.environ | {"BP_KERNEL_CACHE": str(tmp_path), "BP_PROCESSOR": "generic"}
    start = [sys.executable, "-c", program]
    four = [subprocess.Popen(start, env=environment, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(4)]
    said = [one.communicate()[0].split() for one in four]
    assert sorted(said) == [["True"]] * 3 + [["compiles", "True"]]
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".o", ".sqlite"]


def test_code_that_cannot_be_kept_is_used_all_the_same(tmp_path, monkeypatch):
    from bpcore.engines.kernel import native

    monkeypatch.setattr(native, "file", lambda: tmp_path / "missing" / "kernel.o")
    monkeypatch.setenv("BP_PROCESSOR", "generic")
    code = compilation.MachineCode()
    assert code.ready(None), code._why_not


def test_one_compiles_and_who_waited_goes_on_beside_the_others(tmp_path):
    path, order, go_on = tmp_path / "compiling.sqlite", [], threading.Barrier(3, timeout=20)

    def wait():
        with compilation.one_at_a_time(path):
            order.append("later")
            go_on.wait()  # only if all three are in here at once

    threads = [threading.Thread(target=wait) for _ in range(3)]
    with compilation.one_at_a_time(path):
        for thread in threads:
            thread.start()
        threads[0].join(0.3)
        order.append("first")
    for thread in threads:
        thread.join(20)
    assert order == ["first", "later", "later", "later"]
    assert not go_on.broken


@pytest.mark.parametrize(
    ("units", "cases", "name"), [(1000, 200, "numpy"), (1000, 199, "compiled"), (199, 1006, "compiled")]
)
def test_very_wide_layers_are_left_to_matrix_products_if_there_are_many_cases(units, cases, name):
    network = bp.layered({"input": units, "hidden": 1000, "output": 1})
    task = bp.Task("wide", network, bp.Cases({"input": np.zeros((cases, units))}, {"output": np.zeros((cases, 1))}))
    compiled_or_skip()
    assert bp.train(task, sweeps=1).engine == name
    assert bp.Study(task, [1], sweeps=1)._how["engine"] == name
    assert bp.train(task, sweeps=1, engine="compiled").engine == "compiled"


@pytest.mark.parametrize("has_sqlite", [True, False])
def test_where_there_can_be_no_lock_nobody_waits(tmp_path, monkeypatch, has_sqlite):
    if not has_sqlite:
        monkeypatch.setattr(compilation, "sqlite3", None)
    with compilation.one_at_a_time(tmp_path / "missing" / "compiling.sqlite"):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("break_it", "why"),
    [
        ("sys.modules['llvmlite'] = None", "llvmlite is not installed"),
        ("import llvmlite.binding as ll\nll.parse_assembly = lambda _: 1 / 0", "compiling failed \\(ZeroDivisionError"),
    ],
)
def test_without_machine_code_numpy_does_everything_and_says_so_once(break_it, why):
    program = f"""
import sys, warnings
{break_it}
import bpcore as bp
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    runs = [bp.train(bp.tasks.xor(), [1], 10) for _ in range(3)]
print(len(said), said[0].message, runs[2].engine)
"""
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert re.match(f"1 sweeps are made by numpy, which is slower: {why}.* numpy$", found)


@pytest.mark.parametrize(("must_compile", "is_ready"), [(False, True), (True, False)])
def test_who_starts_waits_while_code_is_loaded_but_not_while_it_is_compiled(monkeypatch, must_compile, is_ready):
    """Among thirty that start at once, loading takes long; a run begun by numpy would stay with it."""
    may_end = threading.Event()

    def slowly(compiles):
        if must_compile:
            compiles()
        may_end.wait(0.5)
        return "the module"

    monkeypatch.setattr(compilation, "_from_llvm", slowly)
    code = compilation.MachineCode()
    assert code.ready(0.05) is is_ready
    may_end.set()
    assert code.ready(None)
    assert code.module() == "the module"
