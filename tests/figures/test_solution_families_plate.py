"""The plate of the families of solutions shows what the stored census found."""

import pytest

from bpcore.analysis.solution_families import families_of
from figures.solution_families import families_plate, prediction_facts, read_table, settings


@pytest.fixture(scope="module")
def rows():
    return read_table()


def test_every_solved_run_is_of_a_family_that_there_is(rows):
    for setting, some in settings(rows).items():
        possible = {"-".join(map(str, family)) for family in families_of(int(setting[0]) // 2)}
        assert {row["family"] for row in some if row["runs"]} <= possible
        assert sum(row["runs"] for row in some) == some[0]["solved"] <= some[0]["right"] <= some[0]["seeds"]
        assert some[0]["twins_differ"] == "0" or setting[2] != "2"


def test_the_main_settings_have_as_many_starts_as_were_asked_for(rows):
    by_width = {}
    for setting, some in settings(rows).items():
        by_width.setdefault(int(setting[0]), []).append(some[0])
    assert max(first["seeds"] for first in by_width[6]) >= 1000
    assert max(first["seeds"] for first in by_width[8]) >= 2000
    assert max(first["solved"] for first in by_width[10]) >= 200


def test_shares_and_errors_follow_from_the_counts(rows):
    for row in rows:
        if row["runs"]:
            share = row["runs"] / row["solved"]
            assert float(row["share"]) == pytest.approx(share, abs=1e-4)
            assert float(row["error"]) == pytest.approx((share * (1 - share) / row["solved"]) ** 0.5, abs=1e-4)


def test_the_facts_follow_the_table(rows):
    text = families_plate(rows).text
    assert "6 inputs, 2 hidden units: 2 of 2 families found, no solutions of other kinds" in text
    changed = [row | {"runs": row["runs"] + 1, "share": ".5"} if row["runs"] else row for row in rows]
    assert families_plate(changed).text != text


def test_the_pairs_alone_predict_better_than_anything_else():
    facts = [fact for fact in prediction_facts() if fact.startswith("6 inputs")]
    right = [float(fact.partition("right for ")[2].partition(" %")[0]) for fact in facts[:3]]
    assert right == sorted(right)


def test_another_file_is_no_census(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.csv has no column 'biases'; a table of the census is expected"):
        read_table(path)
