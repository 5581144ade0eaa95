"""The plate of other recipes and of which facts are held out shows what the stored tables hold."""

import pytest

from figures.held_out_variants import FRESH, read_variants, said, shares, variants_plate


@pytest.fixture(scope="module")
def tables():
    return read_variants()


def test_every_recipe_that_was_tried_is_told_once(tables):
    recipes, facts = tables
    text = variants_plate(recipes, facts).text
    assert len({said(row) for row in recipes}) == len(recipes)
    for row in recipes:
        assert f"{said(row)}: {row['all_trained']} of {row['seeds']} learn all; held out {row['strongest']:.2f}" in text
    assert variants_plate([row | {"all_trained": 1} for row in recipes], facts).text != text


def test_the_best_recipe_is_told_of_seeds_on_which_it_was_not_chosen(tables):
    recipes = tables[0]
    (fresh,) = (row for row in recipes if row["first_seed"] == FRESH)
    said_of_aim = f"over all fresh starts: {said(fresh)}\n"
    assert said_of_aim in variants_plate(*tables).text
    assert said_of_aim not in variants_plate([*recipes[:1], fresh | {"strongest": 2.9}], tables[1]).text
    assert fresh["seeds"] == 200
    assert fresh["recipe"] in {row["recipe"] for row in recipes if row["first_seed"] == 0}


def test_what_is_answered_depends_on_the_kind_of_fact(tables):
    of_relationship = shares(tables[1])
    alone = [share for (_, kind), (share, *_) in of_relationship.items() if kind == "alone"]
    assert {name for name, kind in of_relationship if kind == "alone"} == {"wife", "husband", "brother", "sister"}
    assert max(alone) < min(share for (_, kind), (share, *_) in of_relationship.items() if kind != "alone")


def test_shares_count_answers_and_not_facts():
    rows = [
        {"fact": "Arthur has-wife", "kind": "alone", "held_out": 3, "strongest": 0},
        {"fact": "James has-wife", "kind": "alone", "held_out": 1, "strongest": 1},
        {"fact": "Colin has-aunt", "kind": "twin", "held_out": 0, "strongest": 0},
    ]
    assert shares(rows) == {("wife", "alone"): (0.25, 4, [0, 1])}


def test_recipes_are_told_in_words():
    row = {"recipe": "decay 8e-05, turn 30000, half_range 0.3, margin 0.0, hold no twins", "first_seed": 0}
    assert said(row) == "decay .00008, second decay from sweep 30,000, start ±.3, tolerance 0, held out: no twins"
    assert said({"recipe": "as it is", "first_seed": FRESH}) == "decay .008, then .002, fresh seeds"


def test_another_file_is_no_such_table(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.csv has no column 'all_trained'; a table of held-out facts is"):
        read_variants((path, path))
