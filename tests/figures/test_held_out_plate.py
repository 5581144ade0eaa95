"""The plate of weight decay against generalization shows what the stored study found."""

import pytest

from benchmarks.held_out import SAME, seven_of_eight, task
from figures.held_out import frontier, held_out_plate, read_held_out, said


@pytest.fixture(scope="module")
def rows():
    return read_held_out()


def test_no_setting_of_the_frontier_is_beaten_in_both(rows):
    best = frontier(rows)
    assert best
    for row in rows:
        beaten = [
            other for other in rows
            if other["all_trained"] * row["seeds"] >= row["all_trained"] * other["seeds"]
            and other["strongest"] >= row["strongest"] and other is not row
        ]  # fmt: skip
        assert (row in best) == (not beaten)


def test_the_facts_are_those_of_the_rows(rows):
    text = held_out_plate(rows).text
    assert f"{said(rows[0])}: {rows[0]['all_trained']} of {rows[0]['seeds']} learn all" in text
    assert held_out_plate([row | {"all_trained": 1} for row in rows]).text != text


def test_seven_of_eight_counts_pairs_of_different_runs():
    assert seven_of_eight([4, 4, 3, 0]) == pytest.approx(6 / 12)  # 4+4, 4+3 and 4+3, both ways
    assert seven_of_eight([4, 0, 0]) == 0


def test_the_second_phase_holds_for_the_last_quarter():
    recipe = task(0, 0.008, 0.002, 10.0, 1.0).recipe
    assert [recipe.phase(sweep).weight_decay for sweep in (0, 14_999, 15_000, 19_999)] == [0.008, 0.008, 0.002, 0.002]
    assert {phase.weight_decay for phase in task(0, 0.008, SAME, 10.0, 1.0).recipe.phases} == {0.008}


def test_another_file_is_no_table_of_held_out_facts(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"other\.csv has no column 'all_trained'; a table of held-out facts is expected"
    ):
        read_held_out(path)
