"""Studies: a row depends on its setting and seed alone, and what was made is kept, whatever happens."""

import csv
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

import bpcore as bp
from bpcore import measures, tasks
from bpcore.studies import store as store_module
from tests import study_to_store
from tests.each_engine import compiled_or_skip
from tests.study_to_store import study

ROOT = Path(__file__).parents[1]


def line(**_nothing):
    """A linear net, which diverges where the step is too large."""
    net = bp.layered({"in": 1, "out": 1}, unit=bp.linear)
    return bp.Task("line", net, bp.Cases({"in": [[1.0], [2.0]]}, {"out": [[1.0], [3.0]]}))


def same(one, other):
    """Whether two studies have the same rows, to the last bit."""
    return repr(one.table()) == repr(other.table())  # NaN is itself


@pytest.fixture(scope="module")
def undisturbed():
    return study().run(None)


@pytest.fixture(params=["compiled", "numpy"])
def engine(request):
    if request.param == "compiled":
        compiled_or_skip()
    return request.param


def start(store):
    """The study in another process."""
    command = [sys.executable, "-m", "tests.study_to_store", str(store)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


# --- what is found


GRID = {"weight_decay": [0.0, 0.01], "alpha": [0.0, 0.9], "epsilon": [0.01, 2.0, 1e60], "half_range": [0.3, 1]}


def test_every_row_is_what_train_gives(engine):
    made = bp.study(line(), [3, 0, 8], GRID, 150, engine=engine, progress=None)
    assert made.shape == (2, 2, 3, 2, 3)
    for k, decay in enumerate(GRID["weight_decay"]):
        for i, alpha in enumerate(GRID["alpha"]):
            for j, epsilon in enumerate(GRID["epsilon"]):
                for h, half_range in enumerate(GRID["half_range"]):
                    recipe = bp.Recipe((bp.Phase(0, epsilon, alpha, decay),), start=bp.Start(half_range))
                    run = bp.train(line(), [3, 0, 8], 150, recipe=recipe, engine=engine)
                    last = run.E[-1] if run.sweeps == 150 else np.full(3, np.nan)
                    for name, expected in (("solved_at", run.solved_at), ("diverged_at", run.diverged_at), ("E", last)):
                        np.testing.assert_array_equal(made[name][k, i, j, h], expected)
    assert (made["diverged_at"] > 0).any()
    assert (made["solved_at"] > 0).any()


def test_values_go_to_the_parameters_of_the_task_or_to_its_recipe():
    grid = {"biases": ["zero", "uniform"], "hidden": [3, 2]}
    made = bp.study(tasks.symmetry, range(4), grid, 50, progress=None)
    for k, biases in enumerate(grid["biases"]):
        for i, hidden in enumerate(grid["hidden"]):
            run = bp.train(tasks.symmetry(hidden=hidden, biases=biases), range(4), 50)
            np.testing.assert_array_equal(made["E"][k, i], run.E[-1])
    by_recipe = bp.study(tasks.symmetry(), range(4), {"biases": ["zero", "uniform"]}, 50, progress=None)
    np.testing.assert_array_equal(by_recipe["E"], made["E"][:, 1])


def test_a_run_may_stop_when_it_is_solved():
    made = bp.study(line(), range(3), {"epsilon": [0.1]}, 150, stop_when_solved=True, progress=None)
    run = bp.train(line(), range(3), 150, epsilon=0.1, stop_when_solved=True)
    np.testing.assert_array_equal(made["E"][0], run.E[-1])
    assert (made["trained"] == 2).all()


def test_held_out_cases_are_scored_and_every_seed_may_hold_out_its_own():
    def task(seed):
        return tasks.family_trees(held_out_seed=seed)

    made = bp.study(task, range(3), {"weight_decay": [0.004, 0.0]}, 300, progress=None)
    for seed in range(3):
        run = bp.train(task(seed), [seed], 300, recipe=task(seed).recipe.throughout(weight_decay=0.0))
        score = measures.score(run.task, run.state.w)
        for name in ("trained", "held_out", "held_out_strongest"):
            assert made[name][1, seed] == getattr(score, name)[0]
    assert made["trained"].max() > 10


def test_rows_do_not_depend_on_how_blocks_are_cut(engine):
    by_default = study(block=None, engine=engine).run(None)
    for block in (1, 7):
        assert same(study(block=block, engine=engine).run(None), by_default)


def test_without_a_grid_a_study_is_many_seeds():
    made = bp.study(tasks.symmetry(), range(5), sweeps=20, progress=None)
    assert made.shape == (5,)
    np.testing.assert_array_equal(made["E"], bp.train(tasks.symmetry(), range(5), 20).E[-1])


# --- while it runs


def test_blocks_come_as_they_are_made_and_fill_the_map_everywhere():
    work, seen = study(block=15), []
    work.run(lambda done, rows: seen.append((done, set(rows["setting"]))))
    assert [done for done, _ in seen] == [*range(15, 121, 15)]
    assert seen[0][1] | seen[1][1] == set(range(6))
    assert work.done == work.total == 120
    assert work.made.all()
    assert list(work) == []


def test_what_is_not_made_yet_is_told_from_what_never_was(undisturbed):
    work = study(block=15)
    rows = next(iter(work))
    assert np.count_nonzero(work["solved_at"] == -2) == 105 == np.count_nonzero(np.isnan(work["E"]))
    assert work.made.sum() == len(work.table()) == len(rows) == 15
    assert same(work.run(None), undisturbed)


def test_cancelled_from_another_thread_it_keeps_what_is_done_and_goes_on_when_told(undisturbed):
    work = study(block=1)
    work.run(lambda done, _rows: done == 5 and on_a_thread(work.cancel))
    assert work.done == 5
    assert same(work.run(None), undisturbed)


def on_a_thread(what):
    thread = threading.Thread(target=what)
    thread.start()
    thread.join()


def test_interrupted_from_the_keyboard_it_keeps_what_is_done(undisturbed, tmp_path):
    def interrupt(done, _rows):
        if done >= 60:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as pool:
        for how in ({}, {"executor": pool}):
            store = tmp_path / f"{len(how)}.sqlite"
            with pytest.raises(KeyboardInterrupt):
                study(store, **how).run(interrupt)
            again = study(store, **how)
            assert 60 <= again.done < 120
            assert same(again.run(None), undisturbed)


def test_a_task_that_cannot_be_made_is_told_and_what_was_made_is_kept():
    def task(seed):
        if seed == 7:
            raise ValueError("seven is not liked")
        return tasks.symmetry()

    for executor in (None, ThreadPoolExecutor(1)):
        work = bp.Study(task, range(10), sweeps=2, block=1, executor=executor)
        with pytest.raises(ValueError, match="seven is not liked"):
            work.run(None)
        assert 7 <= work.done < 10
        assert executor is None or executor.shutdown() is None


def test_the_bar_counts_runs(capsys):
    pytest.importorskip("tqdm")
    study().run()
    assert "120/120" in capsys.readouterr().err


# --- elsewhere


def test_a_pool_of_threads_or_processes_gives_the_same_rows(undisturbed):
    with ThreadPoolExecutor(3) as pool:
        assert same(study(executor=pool).run(None), undisturbed)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert same(study(executor=pool).run(None), undisturbed)


def test_a_task_that_is_sent_to_a_process_is_learnt_by_the_same_engine():
    grid = {"epsilon": [0.1, 0.3]}
    here = bp.study(tasks.symmetry(), range(4), grid, 300, progress=None)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert same(bp.study(tasks.symmetry(), range(4), grid, 300, executor=pool, progress=None), here)
        own = bp.UnitFunction("own", np.sin, cosine)
        sent = pool.submit(names_of_units, bp.layered({"in": 1, "hidden": 1, "out": 1}, unit=own)).result()
    assert sent == [("own", False), ("own", False)]


def cosine(_y, x):
    return np.cos(x)


def names_of_units(network):
    return [(group.unit.name, group.unit is bp.logistic) for group in network.upward]


def test_what_cannot_be_sent_to_a_process_is_told_before_it_is_sent():
    with ProcessPoolExecutor(1) as pool, pytest.raises(ValueError, match=r"^the task cannot be sent .* expected$"):
        bp.Study(lambda hidden: tasks.symmetry(hidden=hidden), 0, {"hidden": [2]}, executor=pool)


def fatal(seed):
    """A task whose fourth seed ends the process that makes it."""
    if seed == 3:
        os._exit(9)
    return tasks.symmetry()


def test_a_worker_process_that_dies_is_one_sentence_and_what_was_made_is_kept(tmp_path):
    store, how = tmp_path / "study.sqlite", {"sweeps": 20, "block": 1}
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        work = bp.Study(fatal, range(10), store=store, executor=pool, **how)
        with pytest.raises(RuntimeError, match=r"^the executor ended .*; 3 of 10 runs are kept; start it again"):
            work.run(None)
    assert bp.Study(fatal, range(10), store=store, **how).done == 3
    assert same(work, bp.study(fatal, range(3), progress=None, **how))


def test_dask_gives_the_same_rows_and_a_worker_that_is_killed_loses_none(undisturbed):
    pytest.importorskip("distributed", reason="dask is not installed: pip install 'dask[distributed]'")
    from distributed import Client, LocalCluster

    quiet = {"dashboard_address": None, "silence_logs": 50}
    with LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster, Client(cluster) as client:
        pids = client.run(os.getpid)
        work = study(executor=client.get_executor(), block=2)
        killed = []

        def kill(done, _rows):
            if done >= 20 and not killed:
                killed.append(next(iter(pids.values())))
                os.kill(killed[0], signal.SIGKILL)

        work.run(kill)
        assert killed
        assert killed[0] not in client.run(os.getpid).values()
    assert work.done == 120
    assert same(work, undisturbed)


# --- the store


def test_killed_in_the_middle_and_started_again_it_ends_with_the_rows_of_an_undisturbed_study(tmp_path, undisturbed):
    store, done = tmp_path / "study.sqlite", [0]
    for seconds in (0.0, 0.005, 0.02):
        with start(store) as process:
            assert process.stdout.readline()  # a block is done, and it waits to be told to go on
            process.stdin.write("\n")
            process.stdin.flush()
            time.sleep(seconds)
            process.kill()
        done.append(study(store).done)
        assert done[-1] > done[-2]
    assert done[-1] < 120
    assert same(study(store).run(None), undisturbed)


def test_two_processes_on_one_store_do_not_spoil_it(tmp_path, undisturbed):
    store = tmp_path / "study.sqlite"
    with start(store) as one, start(store) as other:
        for process in (one, other):
            process.communicate()
            assert process.returncode == 0
    assert study(store).done == 120
    assert same(study(store), undisturbed)


def test_two_studies_that_take_turns_at_one_store_do_not_spoil_it(tmp_path, undisturbed):
    store = tmp_path / "study.sqlite"
    ours, theirs = study(store), study(store)
    assert len(list(zip(ours, theirs, strict=True))) == 20
    assert same(ours, undisturbed)
    assert same(theirs, undisturbed)


def test_a_store_takes_more_seeds_and_more_values_and_makes_what_is_missing(tmp_path):
    store = tmp_path / "study.sqlite"
    small = {"epsilon": [0.1, 0.3], "hidden": [2]}
    large = {"hidden": [3, 2], "epsilon": [0.3, 0.2, 0.1]}
    bp.study(tasks.symmetry, range(3), small, 20, store=store, progress=None)
    work = bp.Study(tasks.symmetry, [5, 1, 2], large, 20, store=store)
    assert work.done == 4
    assert same(work.run(None), bp.study(tasks.symmetry, [5, 1, 2], large, 20, progress=None))
    assert bp.Study(tasks.symmetry, range(3), small, 20, store=store).done == 6


OTHERS = {
    "sweeps is 400 there and 30 here": {"sweeps": 30},
    "stop_when_solved is False there and True here": {"stop_when_solved": True},
    "names in the grid is epsilon there and alpha, epsilon here": {"grid": {"epsilon": [0.1], "alpha": [0.9]}},
    "the network of the task": {"task": tasks.symmetry(hidden=3)},
    "the recipe of the task": {"task": tasks.symmetry(biases="zero")},
    "the cases of the task": {"task": replace(tasks.symmetry(), cases=tasks.parity(6).cases)},
    "right_within of the task is 0.5 there and 0.2 here": {"task": replace(tasks.symmetry(), right_within=0.2)},
}


@pytest.mark.parametrize("found", OTHERS)
def test_a_store_of_another_study_is_refused_by_the_name_of_what_differs(tmp_path, found):
    store = tmp_path / "study.sqlite"
    ours = {"task": tasks.symmetry(), "seeds": 2, "grid": {"epsilon": [0.1]}, "sweeps": 400, "store": store}
    bp.Study(**ours)
    before = store.read_bytes()
    with pytest.raises(ValueError, match=rf"^study.sqlite holds a study of other settings: .*{found}"):
        bp.Study(**ours | OTHERS[found])
    assert store.read_bytes() == before


def test_rows_of_two_engines_do_not_go_into_one_store(tmp_path):
    compiled_or_skip()
    study(tmp_path / "study.sqlite", engine="numpy")
    with pytest.raises(ValueError, match="engine is numpy there and compiled here"):
        study(tmp_path / "study.sqlite", engine="compiled")


def test_a_callable_that_makes_another_task_is_refused(tmp_path):
    store = tmp_path / "study.sqlite"
    bp.Study(lambda hidden: tasks.symmetry(hidden=hidden), 0, {"hidden": [2, 3]}, store=store)
    with pytest.raises(ValueError, match="the network of the task with hidden 3 is another one"):
        bp.Study(lambda hidden: tasks.symmetry(8 if hidden > 2 else 6, hidden), 0, {"hidden": [2, 3]}, store=store)


def test_a_file_of_something_else_is_refused_and_left_alone(tmp_path):
    text, table = tmp_path / "notes.txt", tmp_path / "other.sqlite"
    text.write_text("what I did last summer, in many more words than there are in the head of a file\n" * 20)
    with closing(sqlite3.connect(table)) as file:
        file.execute("CREATE TABLE run (settings TEXT)")
    for path in (text, table):
        before = path.read_bytes()
        with pytest.raises(ValueError, match=rf"^{path.name} holds something else; a store of bp.study"):
            study(path)
        assert path.read_bytes() == before


def test_a_store_where_there_is_no_place_is_one_sentence(tmp_path):
    with pytest.raises(OSError, match=r"^study.sqlite cannot be written: unable to open database file"):
        study(tmp_path / "nowhere" / "study.sqlite")


def test_a_full_disk_is_one_sentence_and_what_was_written_before_is_kept(tmp_path, monkeypatch):
    def many(store=None, **how):
        return bp.Study(tasks.symmetry, range(100), study_to_store.GRID, 5, store=store, block=20, **how)

    connect, store = store_module._connect, tmp_path / "study.sqlite"
    many(store)
    with closing(connect(store)) as file:
        pages = file.execute("PRAGMA page_count").fetchone()[0]

    def on_a_small_disk(path):
        file = connect(path)
        file.execute(f"PRAGMA max_page_count = {pages + 1}")
        return file

    with monkeypatch.context() as small, ThreadPoolExecutor(2) as pool:
        small.setattr(store_module, "_connect", on_a_small_disk)
        for how in ({}, {"executor": pool}):
            with pytest.raises(OSError, match=full_disk()):
                many(store, **how).run(None)
    assert 0 < many(store).done < 600
    assert same(many(store).run(None), many().run(None))


def full_disk():
    return r"^study.sqlite cannot be written: database or disk is full; the rows written before are kept$"


def test_a_read_only_store_is_one_sentence_but_a_finished_one_can_be_read(tmp_path, monkeypatch, undisturbed):
    store, finished = tmp_path / "study.sqlite", tmp_path / "finished.sqlite"
    next(iter(study(store)))
    study(finished).run(None)
    monkeypatch.setattr(store_module, "_connect", read_only)
    with pytest.raises(
        OSError, match=r"^study.sqlite cannot be written: attempt to write a readonly database; the rows"
    ):
        study(store).run(None)
    assert same(study(finished).run(None), undisturbed)


def read_only(path):
    """As where the file's owner does not let us write; root would be let."""
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)


# --- tables


def test_the_table_is_for_pandas_a_spreadsheet_or_sql(tmp_path):
    store = tmp_path / "study.sqlite"
    grid = {"biases": ["zero", "uniform"], "epsilon": [0.1, 0.3]}
    made = bp.study(tasks.symmetry(), range(3), grid, 20, store=store, progress=None)
    rows = made.table()
    assert [(row["biases"], row["epsilon"], row["seed"]) for row in rows[2:5]] == [
        ("zero", 0.1, 2), ("zero", 0.3, 0), ("zero", 0.3, 1),
    ]  # fmt: skip
    made.save_csv(tmp_path / "study.csv")
    with (tmp_path / "study.csv").open(encoding="utf-8", newline="") as file:
        assert [list(row.values()) for row in csv.DictReader(file)] == [[*map(str, row.values())] for row in rows]
    with closing(sqlite3.connect(store)) as file:
        of_view = {row[:3]: row[3:] for row in file.execute("SELECT * FROM study")}
    assert of_view == {tuple(row.values())[:3]: tuple(row.values())[3:] for row in rows}


# --- what cannot be


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"grid": {"epsilom": [0.1]}}, "the grid has 'epsilom'; a recipe value (epsilon, alpha, weight_decay"),
        ({"grid": {"epsilon": 0.1}}, "the grid has 0.1 for 'epsilon'; a list of at least one value is expected"),
        ({"grid": {"epsilon": []}}, "the grid has [] for 'epsilon'; a list of at least one"),
        ({"grid": {"biases": "zero"}}, "the grid has 'zero' for 'biases'; a list of at least one"),
        ({"grid": {"epsilon": [0.1, 0.1]}}, "the grid has 0.1 twice for 'epsilon'; different values are expected"),
        ({"grid": {"epsilon": [0.1, -1]}}, "epsilon is -1; a number of at least 0 is expected"),
        ({"grid": {"alpha": [2]}}, "alpha is 2; a number from 0 to 1 is expected"),
        ({"grid": {"half_range": ["wide"]}}, "the start range is 'wide'; a number of at least 0 is expected"),
        ({"grid": {"epsilon": [{}]}}, "the grid has {} for 'epsilon'; a number, a text, True, False or None"),
        ({"seeds": [1, 2, 1]}, "seed 1 is given 2 times; different seeds are expected"),
        ({"seeds": [1 << 63]}, "seed 9223372036854775808: a whole number below 2^63 is expected"),
        ({"seeds": []}, "no seeds are given; at least one run is expected"),
        ({"sweeps": -1}, "the number of sweeps is -1; a whole number of at least 0 is expected"),
        ({"block": -1}, "the number of runs in a block is -1; a whole number of at least 1"),
        ({"task": 7}, "the task is 7; a Task, or a callable that returns one, is expected"),
        ({"task": lambda: 7}, "the task of {} is 7; a Task is expected"),
        ({"task": lambda e: 7, "grid": {"e": [1]}}, "the grid has 'e', which every row has already; another name"),
    ],
)
def test_what_cannot_be_studied_is_one_sentence(wrong, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        bp.Study(**{"task": tasks.symmetry()} | wrong)


def test_an_unknown_result_is_one_sentence():
    with pytest.raises(KeyError, match="a study has no 'loss'; solved_at, E, trained"):
        bp.Study(tasks.symmetry(), 0)["loss"]
