"""The plate of the departures shows what the stored study found."""

import pytest

from benchmarks import departures as study
from figures.departures import TABLE, departures_plate, read_departures, smallest


@pytest.fixture(scope="module")
def rows():
    return read_departures()


def test_every_set_of_departures_is_there_once(rows):
    sets = [frozenset(row["changes"]) for row in rows]
    assert len(set(sets)) == len(sets) == 2 ** len(study.DEPARTURES)
    assert {row["seeds"] for row in rows} == {study.SEEDS}


def test_the_plate_finds_the_smallest_sets_that_the_study_finds(rows):
    bars = [
        row["all_trained"] >= study.BAR["all_trained"] * row["seeds"]
        and all(row[name] >= study.BAR[name] for name in ("held_out", "held_out_strongest"))
        for row in rows
    ]
    assert bars == [row["enough"] for row in rows]
    best = smallest(rows)
    assert best
    for row in rows:
        parts = [one for one in best if set(one["changes"]) <= set(row["changes"])]
        assert not row["enough"] or parts
        assert row not in best or parts == [row]


def test_the_facts_are_those_of_the_rows(rows):
    text = departures_plate(rows).text
    printed = next(row for row in rows if not row["changes"])
    assert f"as printed: {printed['all_trained']} of {printed['seeds']} learn all" in text
    changed = [dict(row, all_trained=17) if row is printed else row for row in rows]
    assert departures_plate(changed).text != text


def test_another_file_is_no_table_of_departures(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.csv has no column 'all_trained'; a table of departures is expected"):
        read_departures(path)
    assert TABLE.name == "departures.csv"
