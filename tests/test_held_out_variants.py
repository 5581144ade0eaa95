"""Recipes for the held-out facts: what each setting changes, which facts have a twin, and that runs are kept."""

import csv
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

import bpcore as bp
from benchmarks import held_out, held_out_variants
from benchmarks.held_out_variants import Runs, Setting, drawn, has_pair, has_twin, undecayed
from bpcore import tasks
from bpcore.tasks.family_trees import PAPER

QUICK = Setting(sweeps=30, turn=25)


def test_the_recipe_that_variants_start_from_is_the_best_of_the_study_of_decay():
    ours, theirs = Setting().task(3), held_out.task(3, 0.008, 0.002, 10.0, 1.0)
    assert ours.held_out.names == theirs.held_out.names
    for of_recipe in ("phases", "tolerance", "decay_biases", "update", "start"):
        assert getattr(ours.recipe, of_recipe) == getattr(theirs.recipe, of_recipe)
    a, b = (bp.train(task, 3, 30).state.w for task in (ours, theirs))
    assert np.array_equal(a, b)
    assert Setting().key == "as it is"
    assert Setting(turn=10, margin=0.1).key == "turn 10, margin 0.1"


def test_wives_husbands_brothers_and_sisters_are_nobody_elses():
    cases = tasks.family_trees(held_out=0).cases
    for fact, twin in zip(cases.names, has_twin(cases), strict=True):
        person, relationship = fact.split(" has-")
        family = next(family for family in PAPER if person in family.people)
        answers = [set(family.related(other, relationship) or ()) for other in family.people if other != person]
        assert twin == (set(family.related(person, relationship)) in answers), fact
        assert twin == (relationship not in {"wife", "husband", "brother", "sister"}), fact
    assert has_twin(cases).sum() == 72


def test_the_oldest_couples_and_the_youngest_children_are_pairs():
    cases = tasks.family_trees(held_out=0).cases
    pairs = {name for name, pair in zip(cases.names, has_pair(cases), strict=True) if pair}
    english = {f"{man} has-wife" for man in ("Christopher", "Andrew")} | {"Colin has-sister", "Charlotte has-brother"}
    assert english | {f"{woman} has-husband" for woman in ("Penelope", "Christine")} < pairs
    assert len(pairs) == 12


@pytest.mark.parametrize("hold", ["twins", "no twins"])
def test_held_out_facts_are_drawn_from_those_with_twins_or_without(hold):
    names = Setting(hold=hold).task(5).held_out.names
    alone = {"wife", "husband", "brother", "sister"}
    assert len(set(names)) == 4
    assert {name.split("has-")[1] in alone for name in names} == {hold == "no twins"}
    assert set(names) == set(drawn(hold, 5)) != set(drawn(hold, 6))


@pytest.mark.parametrize(
    ("decays", "groups"),
    [
        ("into codes", {"person code", "relationship code"}),
        ("above codes", {"centre", "answer code", "answer"}),
        ("into answer", {"answer"}),
        ("no biases", {"person code", "relationship code", "centre", "answer code", "answer"}),
    ],
)
def test_only_the_weights_that_are_named_decay(decays, groups):
    task = Setting(decays=decays, epsilon_factor=0.0).task(0)
    first, _, third = islice(bp.learn(task, 0), 3)
    before, after = (task.network.blocks(state.w[0]) for state in (first, third))
    for source, target in before:
        kept = 1.0 if target not in groups or (decays == "no biases" and source == bp.ONE) else 0.992**2
        assert after[source, target] == pytest.approx(kept * before[source, target], rel=1e-12)
    assert undecayed("all") == ()


def test_layers_reversed_only_draw_other_weights():
    task = Setting().task(0)
    plain, other = (Setting(start=start).start_of(task, 4) for start in ("uniform", "reversed"))
    assert sorted(plain[0]) == sorted(other[0])
    assert task.network.blocks(other[0])["answer code", "answer"].ravel() == pytest.approx(plain[0, :144], abs=0)


def test_a_fan_in_start_is_smaller_where_many_units_feed_one():
    task = Setting().task(0)
    ratio = Setting(start="fan-in").start_of(task, 1) / Setting().start_of(task, 1)
    blocks = task.network.blocks(ratio[0])
    assert blocks["person", "person code"] == pytest.approx(0.5)
    assert blocks["person code", "centre"] == pytest.approx(np.sqrt(0.5))  # fed by both codes
    assert blocks["answer code", "answer"] == pytest.approx(1)


def test_runs_are_kept_and_not_made_again(tmp_path, monkeypatch):
    tried = ((QUICK, range(3)), (replace(QUICK, update="case"), range(2)))
    monkeypatch.setattr(held_out_variants, "TRIED", tried)
    paths = [tmp_path / name for name in ("runs.sqlite", "recipes.csv", "facts.csv")]
    arguments = [f"--{name}={path}" for name, path in zip(("runs", "table", "facts"), paths, strict=True)]
    held_out_variants.main(arguments)
    found = Runs(paths[0]).of(QUICK, range(3))
    trained, names, right, strongest = QUICK.learn(1)
    assert found[1][:2] == (trained, list(names))
    assert [list(some) for some in found[1][2:]] == [list(right), list(strongest)]
    monkeypatch.setattr(Setting, "learn", None)  # nothing is left to learn
    held_out_variants.main(arguments)
    with paths[1].open(encoding="utf-8") as recipes, paths[2].open(encoding="utf-8") as facts:
        rows = list(csv.DictReader(recipes))
        assert [row["seeds"] for row in rows] == ["3", "2"]
        assert float(rows[0]["strongest"]) == pytest.approx(
            np.mean([some[3].sum() for some in found.values()]), abs=1e-3
        )
        assert len(list(csv.DictReader(facts))) == 104
