"""The study of which departures are needed keeps what it has found."""

import csv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

import bpcore as bp
from benchmarks import departures
from bpcore import measures, tasks
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


def test_an_interrupted_study_goes_on_where_it_stopped(tmp_path):
    def interrupt(done, _rows):
        if done == 4:
            raise KeyboardInterrupt

    file, seeds, made = tmp_path / "runs.sqlite", range(3), []
    with pytest.raises(KeyboardInterrupt):
        departures.studies(file, seeds)[0].run(interrupt)
    assert list(departures.summary(departures.studies(file, seeds)))
    with ThreadPoolExecutor(2) as pool:
        for study in departures.studies(file, seeds, pool):
            study.run(lambda _done, rows, sweeps=study.sweeps: made.append((sweeps, *rows[["setting", "seed"]].item())))
    assert len(set(made)) == len(made) == 12 - 4  # two starts and two numbers of sweeps, each on three seeds
    whole = departures.studies(tmp_path / "whole.sqlite", seeds)
    for study in whole:
        study.run(None)
    assert list(departures.summary(departures.studies(file, seeds))) == list(departures.summary(whole))
    for study in whole:  # the rows are those of runs that are made by themselves
        for row in study.table()[::3]:
            one = replace(Settings(), half_range=row["half_range"])
            run = bp.train(tasks.family_trees(held_out_seed=row["seed"], recipe=one), row["seed"], study.sweeps)
            assert row["held_out_strongest"] == measures.score(run.task, run.state.w).held_out_strongest


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
