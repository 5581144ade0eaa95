"""The family trees, Figs 2 to 4: what is true of the two families, and what is learnt of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import bpcore as bp
from bpcore import measures, tasks
from bpcore.tasks import family_measures
from bpcore.tasks.families import RELATIONSHIPS, triples
from bpcore.tasks.family_trees import ENGLISH, ITALIAN, PAPER, PRINTED, WORKING

LISTED = Path(__file__).with_name("family_tree_triples.tsv")


# --- the two families ----------------------------------------------------------------------------------------------


def test_the_derived_triples_are_those_of_figure_2():
    lines = LISTED.read_text(encoding="utf-8").splitlines()[1:]
    assert len(lines) == 112
    assert sorted(triples(PAPER)) == sorted(tuple(line.split("\t")) for line in lines)


def test_the_families_are_isomorphic():
    italian = dict(zip(ENGLISH.people, ITALIAN.people, strict=True))
    translated = {(italian[one], relationship, italian[two]) for one, relationship, two in triples([ENGLISH])}
    assert translated == set(triples([ITALIAN]))
    labels = family_measures.features()
    for feature in ("generation", "branch"):
        assert labels[feature][:12] == labels[feature][12:]


def test_colin_has_two_aunts_one_of_them_by_marriage():
    assert ENGLISH.related("Colin", "aunt") == ("Jennifer", "Margaret")
    assert ENGLISH.related("Margaret", "nephew") == ("Colin",)
    assert ENGLISH.related("Colin", "wife") == ()


def test_generation_and_branch_follow_from_marriages_and_children():
    generations = [{p for p in ENGLISH.people if ENGLISH.generation(p) == k} for k in range(3)]
    assert generations[0] == {"Christopher", "Penelope", "Andrew", "Christine"}
    assert generations[2] == {"Colin", "Charlotte"}
    first, second, both = ({p for p in ENGLISH.people if ENGLISH.branch(p) == b} for b in ((0,), (1,), (0, 1)))
    assert first == {"Christopher", "Penelope", "Arthur", "Margaret", "Victoria"}
    assert second == {"Andrew", "Christine", "James", "Jennifer", "Charles"}
    assert both == {"Colin", "Charlotte"}


# --- the task ------------------------------------------------------------------------------------------------------


def test_there_are_104_cases_of_which_8_have_two_answers():
    cases = tasks.family_trees(held_out=0).cases
    assert len(set(cases.names)) == len(cases) == 104
    answers = dict(zip(cases.names, cases.desired["answer"].sum(1), strict=True))
    assert {name for name, n in answers.items() if n == 2} == {
        f"{person} has-{relationship}"
        for person in ("Colin", "Charlotte", "Alfonso", "Sophia")
        for relationship in ("uncle", "aunt")
    }
    assert sum(answers.values()) == 112


def test_a_case_says_who_is_asked_for_and_who_is_the_answer():
    cases = tasks.family_trees(held_out=0).cases
    people = np.array(ENGLISH.people + ITALIAN.people)
    for name, person, relationship, answer in zip(
        cases.names, cases.inputs["person"], cases.inputs["relationship"], cases.desired["answer"], strict=True
    ):
        assert person.sum() == relationship.sum() == 1
        who, what = people[person == 1][0], np.array(RELATIONSHIPS)[relationship == 1][0]
        assert name == f"{who} has-{what}"
        family = ENGLISH if who in ENGLISH.people else ITALIAN
        assert set(people[answer == 1]) == set(family.related(who, what))


def test_the_network_is_that_of_figure_3():
    network = tasks.family_trees().network
    sizes = {group.name: group.size for group in network.groups}
    assert sizes == {
        "person": 24, "relationship": 12, "person code": 6, "relationship code": 6, "centre": 12, "answer code": 6,
        "answer": 24,
    }  # fmt: skip
    assert network.input_names == ("person", "relationship")
    assert network.n_weights == 24 * 6 + 12 * 6 + 12 * 12 + 12 * 6 + 6 * 24 + (6 + 6 + 12 + 6 + 24)


def test_the_printed_recipe_is_the_caption_of_figure_4():
    recipe = tasks.family_trees(recipe="printed").recipe
    assert recipe.phases == (bp.Phase(0, 0.005, 0.5, 0.002), bp.Phase(20, 0.01, 0.9, 0.002))
    assert recipe.tolerance == bp.Tolerance(0.2, "printed")
    assert recipe.decay_biases
    assert recipe.start == bp.Start(0.3)
    assert PRINTED.sweeps == 1500


def test_every_departure_is_a_switch_of_its_own():
    recipe = tasks.family_trees(recipe=replace(PRINTED, epsilon_factor=10)).recipe
    assert [phase.epsilon for phase in recipe.phases] == pytest.approx([0.05, 0.1])
    assert replace(recipe, phases=PRINTED.recipe().phases) == PRINTED.recipe()
    assert tasks.family_trees(recipe=replace(PRINTED, reading=None)).recipe.tolerance is None
    assert tasks.family_trees(recipe=replace(PRINTED, half_range=2)).recipe.start == bp.Start(2)
    assert not tasks.family_trees(recipe=replace(PRINTED, decay_biases=False)).recipe.decay_biases
    assert tasks.family_trees().recipe == WORKING.recipe()


@pytest.mark.parametrize("seed", range(20))
def test_held_out_cases_are_never_trained(seed):
    task = tasks.family_trees(held_out_seed=seed)
    assert (len(task.cases), len(task.held_out)) == (100, 4)
    assert set(task.cases.names) | set(task.held_out.names) == set(tasks.family_trees(held_out=0).cases.names)
    again = tasks.family_trees(held_out_seed=seed)
    assert again.held_out.names == task.held_out.names


def test_held_out_cases_can_be_chosen_by_name():
    task = tasks.family_trees(held_out=["Colin has-aunt", "Gina has-husband"])
    assert task.held_out.names == ("Colin has-aunt", "Gina has-husband")
    assert len(task.cases) == 102
    assert tasks.family_trees(held_out=0).held_out is None


def test_a_saved_run_keeps_what_was_held_out(tmp_path):
    run = bp.train(tasks.family_trees(held_out=["Colin has-aunt"]), [1], 3)
    bp.save(run, tmp_path / "run.npz")
    again = bp.load(tmp_path / "run.npz").task
    assert again.held_out.names == ("Colin has-aunt",)
    for kind in ("inputs", "desired"):
        for name, rows in getattr(run.task.held_out, kind).items():
            np.testing.assert_array_equal(getattr(again.held_out, kind)[name], rows)
    assert again.cases.names == run.task.cases.names
    bp.save(bp.train(tasks.xor(), [1], 3), tmp_path / "xor.npz")
    assert bp.load(tmp_path / "xor.npz").task.held_out is None


# --- a family of one's own -----------------------------------------------------------------------------------------

OWN = {"name": "Own", "men": ["Max", "Tom"], "women": ["Ida", "Eva"], "marriages": [("Max", "Ida")]}


def test_a_family_of_ones_own_makes_a_task():
    family = tasks.Family(**OWN, children={("Max", "Ida"): ["Tom", "Eva"]})
    task = tasks.family_trees(family, held_out=["Tom has-sister"])
    assert task.network.size("person") == task.network.size("answer") == 4
    assert set(triples([family])) == {
        ("Max", "wife", "Ida"), ("Max", "son", "Tom"), ("Max", "daughter", "Eva"),
        ("Ida", "husband", "Max"), ("Ida", "son", "Tom"), ("Ida", "daughter", "Eva"),
        ("Tom", "father", "Max"), ("Tom", "mother", "Ida"), ("Tom", "sister", "Eva"),
        ("Eva", "father", "Max"), ("Eva", "mother", "Ida"), ("Eva", "brother", "Tom"),
    }  # fmt: skip
    run = bp.train(tasks.family_trees(family, held_out=0), [0], 2000, keep_every=2000)
    assert measures.right_cases(run.task, run.state.w).mean() > 0.9


def test_one_parent_and_families_of_any_depth_are_possible():
    line = tasks.Family("Line", ["A", "B", "C", "D"], ["X"], children={("A",): ["B"], ("B", "X"): ["C"], "C": "D"})
    assert [line.generation(name) for name in line.people] == [0, 1, 2, 3, 0]
    assert line.related("D", "father") == ("C",)
    assert family_measures.features([line])["generation"] == ("oldest", "2.", "3.", "youngest", "oldest")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"men": ["Max", "Tom", "Jim"], "children": {("Max", "Ida"): ["Eva"], ("Jim",): ["Eva"]}},
            "Eva has 3 parents, Max, Jim and Ida; at most two are expected",
        ),
        ({"children": {("Max",): ["Tom"], ("Tom",): ["Max"]}}, "Max is an ancestor of Max"),
        ({"children": {("Max",): ["Max"]}}, "Max is an ancestor of Max"),
        ({"marriages": [("Max", "Ida"), ("Max", "Eva")]}, "Max is married to Ida and Eva at once; one husband or wife"),
        ({"marriages": [("Max", "Max")]}, "a marriage is between Max and Max; two people are expected"),
        ({"marriages": [("Max", "Uma")]}, "Uma is married in the Own family, but is not among its men or its women"),
        ({"children": {("Max", "Ida"): ["Uma"]}}, "Uma is a child of Max and Ida in the Own family, but is not among"),
        ({"children": {("Uma",): ["Tom"]}}, "Uma is a parent in the Own family, but is not among"),
        ({"men": ["Max", "Tom", "Tom"]}, "two people of the Own family are called Tom; every person needs a name"),
        ({"men": ["Max", "Ida"]}, "Ida is among the men and the women of the Own family; one is expected"),
        ({"men": ["Max", ""]}, "a person of the Own family is called ''; a name is expected"),
        ({"men": [], "women": [], "marriages": []}, "the Own family has nobody in it"),
    ],
)
def test_a_family_that_cannot_be_gets_one_sentence(changes, sentence):
    with pytest.raises(ValueError, match=sentence) as caught:
        tasks.Family(**OWN | changes)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"families": ()}, "no family is given"),
        ({"families": (ENGLISH, ENGLISH)}, "two people of the families are called Christopher"),
        ({"families": tasks.Family("Alone", ["Max"], [])}, "nobody in the families is related to anybody"),
        ({"held_out": ["Colin has-car"]}, "there is no case 'Colin has-car' to hold out"),
        ({"held_out": 104}, "the number of held-out cases is 104; a whole number from 0 to 103 is expected"),
        ({"held_out": "Colin has-aunt"}, "held_out is 'Colin has-aunt'; a number of cases or a list"),
        ({"recipe": "best"}, "the recipe is 'best'; 'working', 'printed' or Settings are expected"),
        ({"sizes": {"person": 3}}, "group 'person' cannot be given a size"),
        ({"sizes": {"person code": 0}}, "group 'person code' has 0 units"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        tasks.family_trees(**settings)


# --- measures, on weights made by hand -----------------------------------------------------------------------------


def by_hand(**units):
    """A weight vector whose person code has these fields, units of 24 weights each."""
    network = tasks.family_trees().network
    w = np.zeros((1, network.n_weights))
    for k, weights in enumerate(units.values()):
        network.blocks(w)["person", "person code"][0, k] = weights
    return network, w


LABELS = family_measures.features()
NATIONALITY, GENERATION, BRANCH = (np.unique(LABELS[name], return_inverse=True)[1] for name in LABELS)


def test_a_unit_that_is_one_feature_is_explained_by_it_alone():
    network, w = by_hand(one=1 - 2 * NATIONALITY, two=GENERATION, six=BRANCH, mixed=3 * NATIONALITY + GENERATION)
    shares = family_measures.explained(network, w)
    assert shares["nationality"][0] == pytest.approx([1, 0, 0, 9 / 4 / (9 / 4 + GENERATION.var()), 0, 0])
    assert shares["generation"][0, [0, 1]] == pytest.approx([0, 1])
    assert shares["branch"][0, [0, 2]] == pytest.approx([0, 1])
    assert shares["generation"][0, 3] + shares["nationality"][0, 3] == pytest.approx(1)


def test_chance_explains_one_part_in_23_for_each_group_but_one():
    network = tasks.family_trees().network
    shares = family_measures.explained(network, bp.start(network, range(400)))
    assert shares["nationality"].mean() == pytest.approx(1 / 23, rel=0.15)
    assert shares["generation"].mean() == pytest.approx(2 / 23, rel=0.15)


def test_likeness_compares_people_with_their_equivalents():
    english = np.arange(12.0)
    fields = [english, english], [english, -english], [english, 3 * english + 7], [english, np.zeros(12)]
    network, w = by_hand(**{str(k): np.concatenate(field) for k, field in enumerate(fields)})
    assert family_measures.likeness(network, w)[0, :4] == pytest.approx([1, -1, 1, 0])
    with pytest.raises(ValueError, match=r"the families have \[12\] people; two families of as many people"):
        family_measures.likeness(network, w, [ENGLISH])


def test_captions_say_in_words_what_a_unit_codes():
    odd = np.random.default_rng(3).normal(size=24)
    network, w = by_hand(one=NATIONALITY == 0, two=GENERATION == 1, six=BRANCH, odd=odd)
    captions = family_measures.captions(network, w[0])
    assert captions[0] == "nationality (100 %): high for English, low for Italian"
    assert captions[1].startswith("generation (100 %): high for ")
    assert captions[2].startswith("branch (100 %): high for ")
    assert captions[3].startswith("no single feature: nationality ")


def test_right_is_read_in_two_ways():
    task = tasks.family_trees(held_out=["Colin has-aunt"])
    w = np.zeros((1, task.network.n_weights))
    biases = task.network.blocks(w)["one", "answer"][0, :, 0]
    aunts = task.held_out.desired["answer"][0] == 1
    biases[:] = np.where(aunts, -1, -2)  # the aunts are the strongest, but nobody is on
    found = measures.score(task, w)
    assert (found.held_out, found.held_out_strongest) == (0, 1)
    biases[aunts] = 1
    assert (measures.score(task, w).held_out, found.trained) == (1, 0)
    biases[np.flatnonzero(aunts)[0]] = -2  # one aunt is not enough
    assert measures.score(task, w).held_out_strongest == 0
    assert measures.score(tasks.xor(), np.zeros((2, tasks.xor().network.n_weights))).held_out.tolist() == [0, 0]


# --- learning ------------------------------------------------------------------------------------------------------


def test_as_printed_nobody_leaves_the_plateau():
    """Nearly every unit of the answer stays off: E is near 1/2 for each of the hundred answers that should be on."""
    run = bp.train(tasks.family_trees(recipe="printed"), range(6), PRINTED.sweeps, keep_every=PRINTED.sweeps)
    assert run.E[-1].min() > 40
    assert measures.score(run.task, run.state.w).trained.max() == 0


def test_the_working_recipe_learns_and_answers_what_it_never_saw():
    runs = [bp.train(tasks.family_trees(held_out_seed=seed), seed, 10_000, keep_every=10_000) for seed in range(6)]
    found = [measures.score(run.task, run.state.w) for run in runs]
    assert sum(score.trained[0] >= 99 for score in found) >= 5
    assert sum(score.held_out_strongest[0] for score in found) >= 9  # of 24; guessing would have 1
