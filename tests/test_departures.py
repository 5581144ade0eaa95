"""The study of which departures are needed keeps what it has found."""

import csv

import pytest

from benchmarks import departures
from bpcore.tasks.family_trees import PRINTED, Settings


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Two departures and hardly any sweeps."""
    monkeypatch.setattr(departures, "PRINTED", Settings(sweeps=1))
    monkeypatch.setattr(departures, "WORKING", Settings(sweeps=2, half_range=2.0))
    monkeypatch.setattr(departures, "DEPARTURES", ("half_range", "sweeps"))


def test_every_set_of_departures_is_tried_once():
    names = departures.subsets()
    assert names == [(), ("half_range",), ("sweeps",), ("half_range", "sweeps")]
    assert departures.settings(("sweeps",)) == Settings(sweeps=2)
    assert Settings() == PRINTED


def test_an_interrupted_study_goes_on_where_it_stopped(tmp_path, monkeypatch):
    learn, made = departures.learn, []

    def interrupted(some, seed):
        if len(made) == 4:
            raise KeyboardInterrupt
        made.append((some[0], seed))
        return learn(some, seed)

    def counted(some, seed):
        made.append((some[0], seed))
        return learn(some, seed)

    file, seeds = tmp_path / "runs.sqlite", range(3)
    monkeypatch.setattr(departures, "learn", interrupted)
    with pytest.raises(KeyboardInterrupt):
        departures.study(departures.Runs(file), seeds, 1)
    kept = len(list(departures.summary(departures.Runs(file), seeds)))
    assert kept > 0
    monkeypatch.setattr(departures, "learn", counted)
    departures.study(departures.Runs(file), seeds, 2)
    assert len(set(made)) == len(made) == 6  # two starts, each learning for 1 sweep and then for 2
    whole = departures.Runs(tmp_path / "whole.sqlite")
    departures.study(whole, seeds, 1)
    assert list(departures.summary(departures.Runs(file), seeds)) == list(departures.summary(whole, seeds))


def test_the_table_says_what_was_changed_and_what_came_of_it(tmp_path, capsys):
    table = tmp_path / "data" / "table.csv"
    departures.main(["--seeds", "2", "--cores", "1", "--runs", str(tmp_path / "runs.sqlite"), "--table", str(table)])
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["half_range"], row["sweeps"]) for row in rows] == [("", ""), ("2.0", ""), ("", "2"), ("2.0", "2")]
    assert {row["seeds"] for row in rows} == {"2"}
    assert capsys.readouterr().out.count("\n") == 2 + len(rows)  # nothing is enough after two sweeps


def test_the_smallest_changes_that_are_enough_have_no_part_that_is():
    rows = [
        {"half_range": "", "sweeps": "", "enough": False},
        {"half_range": 2.0, "sweeps": "", "enough": True},
        {"half_range": 2.0, "sweeps": 2, "enough": True},
    ]
    assert departures.smallest(rows) == rows[1:2]
