"""A new lab is one short file in a folder of its own, and nothing else: CONTRIBUTING.md shows this one."""

import json
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

import bpcore as bp
import labs
from labs.kit.ticket import lab_of

EXAMPLES = Path(__file__).parent / "example_labs"


@pytest.fixture
def lab(monkeypatch):
    monkeypatch.setattr(labs, "__path__", [*labs.__path__, str(EXAMPLES)])
    made = labs.EncoderLab(seed=1)
    made.step(300)
    return made


def test_it_is_one_file_of_25_lines_and_contributing_shows_it():
    text = (EXAMPLES / "encoder" / "lab.py").read_text(encoding="utf-8")
    assert len([line for line in text.splitlines() if line.strip()]) <= 25
    assert [path.name for path in (EXAMPLES / "encoder").iterdir() if path.suffix] == ["lab.py"]
    assert text in (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_it_learns_what_the_engine_learns(lab):
    run = bp.train(bp.tasks.encoder(8, 3), seeds=1, sweeps=300, epsilon=0.5, alpha=0.9)
    np.testing.assert_array_equal(lab.run.E, run.E)
    assert "different code words of 8" in lab.digest()


def test_it_has_a_ticket(lab):
    lab.epsilon = 0.3
    lab.step(20)
    other = lab_of(lab.ticket())
    assert type(other) is type(lab)
    assert other.ticket() == lab.ticket()
    assert other.digest() == lab.digest()


def test_its_weights_can_be_changed_and_changed_back(lab):
    before = lab.run
    lab.edit("h2 ← input 3", 1.5)
    lab.cut("bias of h1")
    assert lab.run.state.w[0, lab.weight_names.index("h2 ← input 3")] == 1.5
    lab.undo()
    lab.undo()
    assert lab.run is before


def test_it_shows_its_sliders_and_acts_when_one_is_moved(lab):
    lab.view.controls["epsilon"].field.value = 0.25
    assert lab.epsilon == 0.25
    lab.view.controls["hidden"].field.value = 4
    assert lab.run.task.network.size("hidden") == 4


@pytest.mark.parametrize("ending", [".svg", ".pdf", ".png", ".csv", ".npz", ".py", ".html"])
def test_it_is_exported_as_every_file(lab, tmp_path, ending):
    assert lab.export(tmp_path / f"encoder{ending}").stat().st_size > 300


def test_every_lab_says_its_settings_as_plain_data_too():
    for folder in labs.folders():
        for kind in vars(import_module(f"labs.{folder}.lab")).values():
            if isinstance(kind, type) and hasattr(kind, "declared") and getattr(kind, "title", ""):
                told = json.loads(json.dumps([one.to_dict() for one in kind.declared.values()]))
                assert [one["name"] for one in told] == list(kind.declared)
                assert all(one["help"] for one in told)
