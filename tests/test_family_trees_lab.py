"""The family-tree lab without a page."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import measures, tasks
from bpcore.tasks.families import Family
from bpcore.tasks.family_trees import ENGLISH, PRINTED, WORKING
from labs import FamilyTreesLab
from labs.family_trees.lab import RECIPES

BERNOULLI = Family(
    "Bernoulli",
    men=("Nikolaus", "Jakob", "Johann", "Daniel"),
    women=("Margarethe", "Dorothea"),
    marriages=(("Nikolaus", "Margarethe"), ("Johann", "Dorothea")),
    children={("Nikolaus", "Margarethe"): ("Jakob", "Johann"), ("Johann", "Dorothea"): ("Daniel",)},
)

DEPARTURES = FamilyTreesLab.switched[:-1]  # without that of the biases, which both recipes have as it is


@pytest.fixture(scope="module")
def learnt():
    """A lab that has learnt; nobody changes it."""
    lab = FamilyTreesLab(seed=170)
    lab.step(6000)
    return lab


# --- its recipes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "settings"), [("printed", PRINTED), ("working", WORKING)])
def test_a_lab_makes_the_run_that_the_named_recipe_makes(name, settings):
    lab = FamilyTreesLab(seed=3, recipe=name)
    lab.step(200)
    run = bp.train(tasks.family_trees(held_out_seed=3, recipe=settings), seeds=3, sweeps=200)
    np.testing.assert_allclose(lab.run.E, run.E, rtol=1e-9)
    assert lab.recipe == name
    assert lab.sweeps == settings.sweeps


@pytest.mark.parametrize("person", [None, -1, 99, "1", 0.5])
def test_a_question_that_cannot_be_is_refused_on_the_screen(person):
    lab = FamilyTreesLab()
    asked = lab.asked
    lab.view.stage.receive({"type": "asked", "person": person, "relationship": 0})
    assert lab.asked == asked
    assert lab.message == f"the person that is asked is {person!r}; a whole number from 0 to 23 is expected."


def test_switching_every_departure_back_gives_the_printed_recipe():
    lab = FamilyTreesLab()
    for name in DEPARTURES:
        assert lab.recipe in ("working", None)
        lab.view.switches[name].widget.value = False
    assert lab.recipe == "printed"
    assert lab.view.choices["recipe"].widget.value == "printed"
    assert {name: lab.settings[name] for name in RECIPES["printed"]} == RECIPES["printed"]
    lab.view.choices["recipe"].widget.value = "working"
    assert lab.recipe == "working"
    assert all(lab.view.switches[name].widget.value for name in DEPARTURES)


def test_a_setting_between_the_two_recipes_belongs_to_neither():
    lab = FamilyTreesLab(half_range=0.5)
    assert lab.recipe is None
    assert lab.view.choices["recipe"].widget.value is None
    assert not lab.view.switches["half_range"].widget.value
    lab.half_range = 1.0
    assert lab.recipe == "working"


def test_the_first_twenty_sweeps_are_the_captions_until_somebody_steers():
    lab = FamilyTreesLab()
    lab.epsilon = 0.2  # at sweep 0: the schedule still comes
    assert [(p.start, p.epsilon, p.alpha) for p in lab.run.recipe.phases] == [(0, 0.1, 0.5), (20, 0.2, 0.9)]
    lab.step(7)
    lab.alpha = 0.8
    assert [(p.start, p.epsilon, p.alpha) for p in lab.run.recipe.phases] == [(0, 0.1, 0.5), (7, 0.2, 0.8)]
    lab.step(30)
    lab.weight_decay = 0.001
    assert lab.run.recipe.phases[-1] == bp.Phase(37, 0.2, 0.8, 0.001)
    assert lab.marks == [[7, "α 0.8"], [37, "decay 0.001"]]
    assert lab.run.sweeps == 37


@pytest.mark.parametrize("change", [{"half_range": 2.0}, {"reading": "printed"}, {"units": 3}, {"held_out": 2}])
def test_other_settings_begin_a_new_run(change):
    lab = FamilyTreesLab()
    lab.step(5)
    lab.set(**change)
    assert lab.run.sweeps == 0


def test_as_in_the_paper_is_the_printed_recipe_with_four_held_out():
    lab = FamilyTreesLab(units=2, held_out=["Colin has-aunt"])
    lab.as_in_the_paper()
    assert lab.recipe == "printed"
    assert lab.run.task.network.size("person code") == 6
    assert len(lab.run.task.held_out) == 4


# --- questions ------------------------------------------------------------------------------------------------------


def test_an_answer_is_that_of_the_network(learnt):
    answers = learnt.ask("Colin", "aunt")
    assert list(answers)[:2] == ["Jennifer", "Margaret"]
    case = learnt.run.task.cases.names.index("Colin has-aunt")
    y = bp.forward(learnt.run.task.network, learnt.run.state.w, learnt.run.task.cases.inputs)["answer"][0, :, case]
    assert list(answers.values()) == pytest.approx(sorted(y, reverse=True))
    assert answers["Jennifer"] == pytest.approx(y[ENGLISH.people.index("Jennifer")])


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (("Kolin", "aunt"), "there is no person 'Kolin'; one such as 'Christopher' is expected"),
        (("Colin", "cousin"), "there is no relationship 'cousin'; one such as 'father' is expected"),
    ],
)
def test_a_question_that_cannot_be_asked_gets_one_sentence(learnt, question, sentence):
    with pytest.raises(ValueError, match=sentence):
        learnt.ask(*question)
    assert learnt.asked == ("Colin", "aunt")


def test_what_is_clicked_on_the_page_is_known_here():
    lab = FamilyTreesLab()
    lab.view.stage.receive({"type": "asked", "person": 23, "relationship": 1})
    assert lab.asked == ("Sophia", "mother")
    lab.view.stage.receive({"type": "hold", "case": "Sophia has-mother"})
    assert "Sophia has-mother" in lab.run.task.held_out.names
    assert "Sophia has-mother" not in lab.run.task.cases.names
    assert len(lab.run.task.held_out) == 5
    lab.view.stage.receive({"type": "hold", "case": "Sophia has-mother"})
    assert len(lab.run.task.held_out) == 4


def test_held_out_cases_are_drawn_with_the_seed_or_chosen():
    lab = FamilyTreesLab(seed=5)
    assert lab.run.task.held_out.names == tasks.family_trees(held_out_seed=5).held_out.names
    drawn = lab.run.task.held_out.names
    lab.new_start()
    assert lab.run.task.held_out.names != drawn
    lab.held_out = ["Colin has-aunt", "Gina has-husband"]
    lab.new_start()
    assert set(lab.run.task.held_out.names) == {"Colin has-aunt", "Gina has-husband"}
    lab.held_out = 0
    assert lab.run.task.held_out is None
    assert "held out: nothing" in lab.digest()


# --- what it says ---------------------------------------------------------------------------------------------------


def test_what_is_said_is_what_the_measures_say(learnt):
    said = dict(reversed(pair[:2]) for pair in learnt.words([6000], [learnt.run.state.w[0]])[0])
    score = measures.score(learnt.run.task, learnt.run.state.w)
    assert said[f"{score.trained[0]} of 100 trained facts right"] == "✓"
    assert any(sentence.startswith(f"{score.held_out[0]} of 4 facts it never saw") for sentence in said)
    assert any(sentence.startswith("unit 4 tells nationality: 9") for sentence in said)
    assert any(sentence.startswith("English ≈ Italian in 1, 2, ") for sentence in said)
    assert "4" not in next(sentence for sentence in said if "≈" in sentence)


def test_the_plateau_of_the_printed_recipe_is_named_and_explained():
    lab = FamilyTreesLab(seed=0, recipe="printed")
    lab.step(1500)
    mark, sentence = lab.words([1500], [lab.run.state.w[0]])[0][-1]
    assert mark == "✗"
    assert "whatever is asked, the answer is the same" in sentence
    assert "it differs by less than .0001" in sentence
    assert "0 of 100 trained facts right" in lab.digest()


def test_a_net_that_has_not_begun_is_not_called_stuck():
    lab = FamilyTreesLab(recipe="printed")
    assert not any(mark == "✗" for mark, _ in lab.words([0], [lab.run.state.w[0]])[0])


def test_words_of_many_moments_are_those_of_each(learnt):
    sweeps, w, _ = learnt.run.kept
    some = slice(0, 600, 97)
    together = learnt.words(sweeps[some].tolist(), w[some, 0])
    alone = [learnt.words([int(t)], [one])[0] for t, one in zip(sweeps[some], w[some, 0], strict=True)]
    assert together == alone


# --- other families -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("families", [ENGLISH, BERNOULLI, (ENGLISH, BERNOULLI)])
def test_families_of_ones_own(families):
    lab = FamilyTreesLab(families=families, held_out=2, seed=1)
    lab.step(50)
    people = [name for family in lab.families for name in family.people]
    assert lab.asked[0] in people
    assert len(lab.ask(people[0], "son")) == len(people)
    scene = lab.scene()
    assert [p for family in scene["families"] for p in family["people"]] == people
    assert len(scene["answers"]) == len(people)
    assert not any("≈" in sentence for _, sentence in lab.words([50], [lab.run.state.w[0]])[0])
    assert lab.picture().text.startswith("Family trees")


def test_the_scene_knows_every_answer():
    lab = FamilyTreesLab()
    scene = lab.scene()
    people = [name for family in lab.families for name in family.people]
    triples = sum(len(found) for of_person in scene["answers"] for found in of_person)
    assert triples == 112
    aunts = scene["answers"][people.index("Colin")][scene["relationships"].index("aunt")]
    assert [people[p] for p in aunts] == ["Jennifer", "Margaret"]
    assert scene["held"] == list(lab.run.task.held_out.names)


# --- bad input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"recipe": "best"}, "the recipe is 'best'; 'printed' or 'working' is expected"),
        ({"momentum": 0.9}, "there is no setting 'momentum'"),
        ({"epsilon": float("nan")}, "epsilon"),
        ({"epsilon": [0.1, 0.2]}, "one number is expected"),
        ({"reading": "loose"}, "the tolerance is read 'loose'"),
        ({"units": 13}, "the number of units that represent a person"),
        ({"sweeps": 0}, "the sweeps after which it pauses"),
        ({"held_out": ["Colin has-cousin"]}, "there is no case 'Colin has-cousin' to hold out"),
        ({"held_out": "Colin has-aunt"}, "a number of cases or a list of their names is expected"),
        ({"families": ()}, "no family is given"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(settings, sentence):
    with pytest.raises(ValueError, match=sentence):
        FamilyTreesLab(**settings)


def test_a_setting_that_cannot_be_changes_nothing():
    lab = FamilyTreesLab()
    lab.step(5)
    before = dict(lab.settings)
    with pytest.raises(ValueError, match="to hold out"):
        lab.set(epsilon=0.2, held_out=["nobody has-nothing"])
    assert lab.settings == before
    assert lab.run.sweeps == 5
