"""The plate of Fig. 2: two trees, and how many triples follow from them."""

from dataclasses import replace
from pathlib import Path

from bpcore.tasks.family_trees import ENGLISH, ITALIAN
from figures import fig2

from .test_drawings import overlaps

LISTED = Path(__file__).parents[1] / "family_tree_triples.tsv"


def test_everybody_is_on_the_plate_once_and_nothing_overlaps():
    plate = fig2.family_trees_plate()
    written = sorted(text.get_text() for ax in plate.figure.axes for text in ax.texts)
    assert written == sorted([*ENGLISH.people, *ITALIAN.people, "The English family", "The Italian family"])
    assert not overlaps(plate.figure)


def test_the_counts_are_those_of_the_list_made_by_hand():
    listed = [line.split() for line in LISTED.read_text(encoding="utf-8").splitlines() if line[:1].isupper()]
    text = str(fig2.family_trees_plate())
    assert f"triples (person 1)(relationship)(person 2): {len(listed)}" in text
    assert f"with an answer: {len({(one, relationship) for one, relationship, *_ in listed})} of 288" in text
    for relationship in {line[1] for line in listed}:
        assert f"{relationship.removeprefix('has-')} {[line[1] for line in listed].count(relationship)}" in text


def test_trees_that_differ_are_not_called_isomorphic():
    assert "isomorphic: yes" in str(fig2.family_trees_plate())
    divorced = replace(ITALIAN, marriages=ITALIAN.marriages[:-1])
    assert "isomorphic: no" in str(fig2.family_trees_plate((ENGLISH, divorced)))
