"""Family trees: where the paper has everybody, and what holds for any family."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import FancyBboxPatch

from bpcore.tasks.families import Family
from bpcore.tasks.family_trees import ENGLISH, ITALIAN
from figures import place, sheet
from figures.trees import bars, draw_tree, tree_layout

from .test_drawings import overlaps


def in_rows(layout):
    """Names row by row, from left to right."""
    rows = [[] for _ in range(layout.rows)]
    for name, (x, row) in layout.places.items():
        rows[row].append((x, name))
    return [[name for _, name in sorted(row)] for row in rows]


# --- the paper's --------------------------------------------------------------------------------------------------

FIG_2 = {
    "English": [
        "Christopher Penelope Andrew Christine",
        "Margaret Arthur Victoria James Jennifer Charles",
        "Colin Charlotte",
    ],
    "Italian": [
        "Roberto Maria Pierro Francesca",
        "Gina Emilio Lucia Marco Angela Tomaso",
        "Alfonso Sophia",
    ],
}


@pytest.mark.parametrize("family", [ENGLISH, ITALIAN], ids=lambda family: family.name)
def test_the_papers_families_stand_as_in_fig_2(family):
    layout = tree_layout(family)
    assert [" ".join(row) for row in in_rows(layout)] == FIG_2[family.name]
    assert layout.rows == 3
    assert layout.unmarried == ()
    assert bars(layout) == (0.5, 0.5, 0.5)


def test_every_line_of_fig_2_goes_down_from_the_middle_of_the_parents_to_the_middle_of_the_children():
    layout = tree_layout(ENGLISH)
    parents = [("Christopher", "Penelope"), ("Andrew", "Christine"), ("Victoria", "James")]
    children = [("Arthur", "Victoria"), ("James", "Jennifer"), ("Colin", "Charlotte")]
    assert [names for _, _, names in layout.descents] == children
    for (x, row, names), couple in zip(layout.descents, parents, strict=True):
        for several in (couple, names):
            assert x == pytest.approx(np.mean([layout.places[name][0] for name in several]))
        assert {layout.places[name][1] for name in couple} == {row}


def test_the_two_trees_are_the_same_tree():
    english, italian = tree_layout(ENGLISH), tree_layout(ITALIAN)
    assert [*english.places.values()] == [*italian.places.values()]


# --- anybody's ----------------------------------------------------------------------------------------------------


@st.composite
def families(draw):
    """Families that can be: children come after their parents, some parents are single, some not married."""
    sexes = draw(st.lists(st.booleans(), min_size=1, max_size=14))
    names = [f"{'M' if man else 'W'}{k}" for k, man in enumerate(sexes)]
    free, marriages, children = set(names), [], {}
    for k, name in enumerate(names):
        others = sorted(free - {name})
        if name in free and others and draw(st.booleans()):
            marriages.append((name, draw(st.sampled_from(others))))
            free -= {*marriages[-1]}
        if k and draw(st.booleans()):
            one = draw(st.sampled_from(names[:k]))
            spouse = [other for couple in marriages if one in couple for other in couple if other != one]
            choices = [(one,), *((one, other) for other in spouse if other in names[:k])]
            choices += [(one, other) for other in names[:k] if other != one]
            children.setdefault(draw(st.sampled_from(choices)), []).append(name)
    men, women = ([name for name in names if name[0] == sex] for sex in "MW")
    return Family("any", men, women, marriages, children)


@settings(max_examples=200, deadline=None)
@given(families())
def test_in_any_family_neighbours_have_room_and_husband_and_wife_stand_side_by_side(family):
    layout = tree_layout(family)
    rows = in_rows(layout)
    x = {name: at for name, (at, _) in layout.places.items()}
    assert set(x) == set(family.people)
    assert all(rows)
    assert all(x[b] - x[a] >= 1 - 1e-6 for row in rows for a, b in pairwise(row))
    assert min(x.values()) == pytest.approx(0.5)
    assert max(x.values()) == pytest.approx(layout.width - 0.5)
    beside = {pair for row in rows for pair in pairwise(row)}
    assert set(layout.marriages) <= beside
    assert {frozenset(couple) for couple in layout.marriages} == {frozenset(couple) for couple in family.marriages}


@settings(max_examples=100, deadline=None)
@given(families())
def test_in_any_family_every_child_hangs_from_a_point_of_its_parents(family):
    layout = tree_layout(family)
    found = {name: (x, row) for x, row, names in layout.descents for name in names}
    assert set(found) == {name for name in family.people if family.parents(name)}
    for name, (x, row) in found.items():
        above = [layout.places[parent] for parent in family.parents(name)]
        assert row == max(r for _, r in above)
        assert min(at for at, _ in above) - 1e-6 <= x <= max(at for at, _ in above) + 1e-6
    assert all(0 < share < 1 for share in bars(layout))


def test_lines_of_two_couples_that_cannot_help_meeting_turn_at_heights_of_their_own():
    sons, daughters = ("s1", "s2", "s3"), ("d1", "d2", "d3")
    family = Family(
        "three brothers and three sisters", ("A", "B", *sons), ("a", "b", *daughters),
        [("A", "a"), ("B", "b"), *zip(sons, daughters, strict=True)], {("A", "a"): sons, ("B", "b"): daughters},
    )  # fmt: skip
    layout = tree_layout(family)
    spans = [[x, *(layout.places[name][0] for name in names)] for x, _, names in layout.descents]
    assert max(map(min, spans)) < min(map(max, spans))
    assert len(set(bars(layout))) == 2


def test_no_line_goes_down_from_somebody_who_is_not_a_parent():
    partners = {("A", other): [f"child of {other}"] for other in "bcd"}
    family = Family("one father", ("A",), ("b", "c", "d", *(f"child of {other}" for other in "bcd")), (), partners)
    layout = tree_layout(family)
    for (x, row, _), parents in zip(layout.descents, partners, strict=True):
        near = [name for name, (at, r) in layout.places.items() if r == row and abs(at - x) < 0.5]
        assert set(near) <= set(parents)


def test_who_descends_from_two_couples_stands_between_them_and_brings_them_together():
    family = Family(
        "three couples", ("A", "B", "C", "son"), ("a", "b", "c", "daughter"),
        [("A", "a"), ("B", "b"), ("C", "c"), ("son", "daughter")],
        {("A", "a"): ["son"], ("C", "c"): ["daughter"]},
    )  # fmt: skip
    assert [" ".join(row) for row in in_rows(tree_layout(family))] == ["A a C c B b", "son daughter"]


# --- drawn --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", [ENGLISH, ITALIAN], ids=lambda family: family.name)
def test_everybody_is_written_once_and_no_two_names_overlap(family):
    figure = sheet(7, 3)
    ax = place(figure, 0.5, 0.5, 6, 2)
    draw_tree(ax, family)
    assert sorted(text.get_text() for text in ax.texts) == sorted(family.people)
    assert not overlaps(figure)


def test_who_is_asked_about_and_the_answers_are_marked():
    figure = sheet(7, 3)
    ax = place(figure, 0.5, 0.5, 6, 2)
    draw_tree(ax, ENGLISH, chosen="Colin", answers=("Jennifer", "Margaret"))
    boxes = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    faces = {text.get_text(): box.get_facecolor() for text, box in zip(ax.texts, boxes, strict=True)}
    assert faces["Jennifer"] == faces["Margaret"]
    assert len({faces[name] for name in ("Colin", "Jennifer", "Charles")}) == 3
    assert faces["Charlotte"] == faces["Charles"]
