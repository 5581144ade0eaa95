"""A run on disk: it comes back whole, or a sentence says why it does not."""

import io
import json
import os
import pickle
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bpcore as bp
from bpcore import tasks

from .each_engine import each_engine  # noqa: F401 - every test here runs with either engine
from .networks import arctan, drawn, same
from .test_history import same_run, same_state


class Content(bytes):
    """Bytes that hypothesis need not print."""

    def __repr__(self):
        return f"{len(self)} bytes"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A small saved run, as bytes."""
    path = tmp_path_factory.mktemp("saved") / "run.npz"
    bp.save(bp.train(tasks.xor(), [0, 1], 10), path)
    return Content(path.read_bytes())


def altered(saved, **changes):
    """The saved run with other arrays, or without those that are None."""
    with np.load(io.BytesIO(saved)) as file:
        arrays = {name: file[name] for name in file.files} | changes
    into = io.BytesIO()
    np.savez(into, **{name: values for name, values in arrays.items() if values is not None})
    return into.getvalue()


def about(saved, **changes):
    """The saved run with another description."""
    with np.load(io.BytesIO(saved)) as file:
        return altered(saved, about=np.array(json.dumps(json.loads(str(file["about"])) | changes)))


@settings(max_examples=25, deadline=None)
@given(drawn(runs=2), st.integers(0, 12), st.integers(2, 5))
def test_a_run_comes_back_the_same_and_goes_on_to_the_same_bits(tmp_path_factory, one, sweeps, keep):
    path = tmp_path_factory.mktemp("run") / "run.npz"
    run = bp.History(one.task, w=one.w, keep_bytes=keep * 2 * one.w.nbytes).extend(sweeps)
    run.steer(epsilon=0.01)
    run.extend(3)
    bp.save(run, path)
    again = bp.load(path, units=[arctan])
    assert same_run(run, again)
    assert again.recipe == run.recipe
    assert again.seeds == run.seeds
    assert again.task.network == run.task.network
    assert again.task.cases.names == run.task.cases.names
    for t in range(run.sweeps + 1):
        assert same_state(run.at(t), again.at(t))
    run.steer(alpha=0.3)
    again.steer(alpha=0.3)
    run.extend(7)
    again.extend(7)
    assert same(run.E, again.E)
    assert same_state(run.state, again.state)


def test_everything_that_was_chosen_comes_back(tmp_path):
    recipe = bp.Recipe(
        phases=[bp.Phase(0, [0.1, 0.2], [0.9, 0.5], 0.002), bp.Phase(5, 0.3, 0.5)],
        decay_biases=False,
        tolerance=bp.Tolerance(0.1, "edge"),
        update="case",
        tied="sum",
        start=bp.Start(0.7, "zero"),
    )
    groups = [bp.Group("per/son 1", np.int64(2)), bp.Group("größe.npy", 2, bp.tanh, biases=False), bp.Group("out", 1)]
    links = [bp.Link("per/son 1", "größe.npy", ("tied", 1)), bp.Link("größe.npy", "out", "w")]
    cases = bp.Cases({"per/son 1": [[0, 1], [1, 1]]}, {"out": [[0], [1]]}, ["Colin's “aunt”", "\ud800"])
    run = bp.train(bp.Task("mine: ε", bp.Network(groups, links), cases, recipe, 0.2), [4, 9], 20)
    bp.save(run, tmp_path / "run")
    again = bp.load(tmp_path / "run")
    assert repr(again.recipe) == repr(run.recipe)
    assert again.task.name == run.task.name
    assert again.task.right_within == 0.2
    assert again.task.network == run.task.network
    assert again.task.cases.names == cases.names
    assert again.seeds == (4, 9)
    assert same_run(run, again)


def test_a_run_that_diverged_comes_back_diverged(tmp_path):
    net = bp.layered({"in": 1, "out": 1}, unit=bp.linear)
    task = bp.Task("line", net, bp.Cases({"in": [[1.0], [2.0]]}, {"out": [[1.0], [3.0]]}))
    run = bp.train(task, [0, 1], 200, epsilon=[0.1, 50.0])
    bp.save(run, tmp_path / "run.npz")
    again = bp.load(tmp_path / "run.npz")
    assert same_run(run.extend(20), again.extend(20))
    assert again.diverged_at[1] > 0


def test_a_saved_run_holds_no_pickle_and_can_be_read_by_those_who_may_read_the_folder(tmp_path):
    umask = os.umask(0o022)
    try:
        bp.save(bp.train(tasks.xor(), 0, 3), tmp_path / "run.npz")
    finally:
        os.umask(umask)
    with np.load(tmp_path / "run.npz", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)
    if os.name == "posix":
        assert stat.S_IMODE((tmp_path / "run.npz").stat().st_mode) == 0o644


@pytest.mark.parametrize("trouble", [OSError("no space left on device"), KeyboardInterrupt()], ids=["disk", "user"])
def test_a_crash_while_saving_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch, saved, trouble):
    path = tmp_path / "run.npz"
    path.write_bytes(saved)

    def crash(file, **_arrays):
        file.write(b"half a run")
        raise trouble

    monkeypatch.setattr(np, "savez_compressed", crash)
    with pytest.raises(type(trouble)):
        bp.save(bp.train(tasks.xor(), 0, 3), path)
    assert path.read_bytes() == saved
    assert list(tmp_path.iterdir()) == [path]


def test_a_run_is_not_saved_where_there_is_no_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        bp.save(bp.train(tasks.xor(), 0, 3), tmp_path / "nowhere" / "run.npz")


# --- files that are not what they should be


def loaded(tmp_path, content):
    path = tmp_path / "some run.npz"
    path.write_bytes(content)
    return bp.load(path)


def test_a_file_cut_short_is_refused_at_every_length(tmp_path, saved):
    for length in {*range(8), *range(8, len(saved), 97), *range(len(saved) - 30, len(saved))}:
        with pytest.raises(
            ValueError, match=r"^some run.npz is (cut short or damaged|not a saved run); .* is expected$"
        ):
            loaded(tmp_path, saved[:length])


def as_bytes(write, *values):
    into = io.BytesIO()
    write(into, *values)
    return into.getvalue()


def zipped(**files):
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as file:
        for name, content in files.items():
            file.writestr(name, content)
    return into.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"Dear reader, this is not a run.\n",
        b"\x93NUMPY",
        np.random.default_rng(0).bytes(5000),
        pickle.dumps({"about": "bpcore run"}),
        as_bytes(np.save, np.arange(5)),
        as_bytes(lambda into: np.savez(into, a=np.arange(5))),
        as_bytes(lambda into: np.savez(into, about=np.array("no JSON"))),
        as_bytes(lambda into: np.savez(into, about=np.array("[1, 2]"))),
        as_bytes(lambda into: np.savez(into, about=np.array('{"kind": "another program"}'))),
        zipped(readme="hello"),
        zipped(about="hello"),
    ],
)
def test_a_file_that_is_no_run_is_refused(tmp_path, content):
    with pytest.raises(ValueError, match=r"^some run.npz is not a saved run; a file that save\(\) wrote is expected$"):
        loaded(tmp_path, content)


def test_a_file_that_is_not_there_is_another_matter(tmp_path):
    with pytest.raises(FileNotFoundError):
        bp.load(tmp_path / "run.npz")


@pytest.mark.parametrize("version", [2, 99])
def test_a_run_of_a_newer_version_is_refused(tmp_path, saved, version):
    sentence = rf"^some run.npz is of a newer version \(format {version}\); this program reads up to 1$"
    with pytest.raises(ValueError, match=sentence):
        loaded(tmp_path, about(saved, version=version))


def test_a_run_with_a_function_of_the_users_own_needs_it_again(tmp_path):
    task = bp.Task("own", bp.layered({"in": 1, "out": 1}, unit=arctan), bp.Cases({"in": [[1]]}, {"out": [[1]]}))
    run = bp.train(task, 0, 5)
    bp.save(run, tmp_path / "run.npz")
    with pytest.raises(ValueError, match=r"run.npz: the run uses the unit function 'arctan'; give it as load\(path, "):
        bp.load(tmp_path / "run.npz")
    assert same_run(bp.load(tmp_path / "run.npz", units=[arctan]), run)


@pytest.mark.parametrize("name", ["E", "worst", "kept_w", "last_w", "last_delta_w", "kept_sweeps", "inputs input"])
def test_a_run_without_one_of_its_arrays_is_refused(tmp_path, saved, name):
    with pytest.raises(ValueError, match=r"^some run.npz(:| is a saved run, but) .* is expected$"):
        loaded(tmp_path, altered(saved, **{name: None}))


@pytest.mark.parametrize("name", ["E", "worst", "kept_w", "kept_delta_w", "last_w", "last_delta_w", "kept_sweeps"])
@pytest.mark.parametrize(
    "values",
    [np.array(1.0), np.zeros(0), np.zeros((0, 2)), np.zeros((3, 2)), np.zeros((11, 2, 5)), np.full((11, 2), "a")],
    ids=lambda values: f"{values.dtype} {values.shape}",
)
def test_a_run_whose_arrays_do_not_fit_is_refused(tmp_path, saved, name, values):
    with pytest.raises(ValueError, match=r"^some run.npz: .* is expected.*$"):
        loaded(tmp_path, altered(saved, **{name: values}))


@pytest.mark.parametrize(
    "changes",
    [
        {"groups": 5},
        {"groups": [["input", 2]]},
        {"links": [["input", "nowhere", "w"]]},
        {"links": None},
        {"recipe": {}},
        {"recipe": []},
        {"task": "xor"},
        {"seeds": 7.5},
        {"seeds": ["a"]},
        {"keep_every": "often"},
        {"keep_every": 0},
        {"version": "1"},
        {"version": None},
    ],
    ids=str,
)
def test_a_run_whose_description_makes_no_sense_is_refused(tmp_path, saved, changes):
    with pytest.raises(ValueError, match=r"^some run.npz") as refused:
        loaded(tmp_path, about(saved, **changes))
    assert "\n" not in str(refused.value)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_byte_is_changed_a_run_is_loaded_or_a_sentence_says_why_not(tmp_path, saved, data):
    """A zip has a check sum for what it holds, but none for its own table of contents."""
    content = bytearray(saved)
    places = st.integers(0, len(saved) - 1) | st.integers(len(saved) - 1200, len(saved) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=4)):
        content[place] ^= data.draw(st.integers(1, 255))
    refused = ""
    try:
        run = loaded(tmp_path, bytes(content))
    except ValueError as why:
        refused = str(why)
    if refused:
        assert refused.startswith("some run.npz")
        assert "\n" not in refused
    else:
        assert np.isfinite(run.extend(1).state.w).all()


def test_pickled_arrays_are_not_opened(tmp_path):
    content = as_bytes(lambda into: np.savez(into, about=np.array({"kind": "bpcore run"}, dtype=object)))
    with pytest.raises(ValueError, match=r"^some run.npz is cut short or damaged"):
        loaded(tmp_path, content)


def test_a_path_may_be_a_word(tmp_path, monkeypatch, saved):
    monkeypatch.chdir(tmp_path)
    Path("run.npz").write_bytes(saved)
    bp.save(bp.load("run.npz"), "copy.npz")
    assert same_run(bp.load("copy.npz"), bp.load("run.npz"))
