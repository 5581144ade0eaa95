"""Iterative nets "learn to perform iterative searches or learn sequential structures" (Fig. 5): the tasks."""

import re

import numpy as np
import pytest

import bpcore as bp
from bpcore import measures, tasks
from bpcore.tasks.search import pictures, settled, watched
from bpcore.tasks.shift_register import copies, copies_in_words

from .each_engine import compiled_or_skip

DIGITS_OF = {"A": "12", "B": "23", "C": "31", "D": "21", "E": "13"}

# --- sequences


def told(task, cases, c):
    """One case as it happens, a string a step: what is given before each step and what is desired after it."""
    at = lambda tables, name, c: "" if name not in tables else tables[name][c]  # noqa: E731
    read = lambda states, names: "".join(n for n, on in zip(names, states, strict=False) if on)  # noqa: E731
    steps = range(task.network.steps + 1)
    given = [read(at(cases.inputs, f"letters at {t}", c), "ABCDE") for t in steps]
    desired = [read(at(cases.desired, f"digits at {t}", c), "123") for t in steps]
    return given, desired


@pytest.mark.parametrize("hold", [1, 2, 3])
def test_two_letters_are_given_one_after_the_other_and_their_four_digits_are_desired(hold):
    task = tasks.sequences(hold=hold)
    assert (len(task.cases), len(task.held_out), task.network.steps) == (20, 5, 6 * hold)
    assert len({*task.cases.names, *task.held_out.names}) == 25
    for cases in (task.cases, task.held_out):
        for c, name in enumerate(cases.names):
            given, desired = told(task, cases, c)
            assert name == name[:2] + DIGITS_OF[name[0]] + DIGITS_OF[name[1]]
            assert "".join(given) == "".join(letter * hold for letter in name[:2])
            assert "".join(given[: 2 * hold]) == "".join(given)
            assert desired == [""] * (2 * hold + 1) + [digit for digit in name[2:] for _ in range(hold)]


def test_everything_is_recurrent_or_hidden_units_alone():
    everything, hidden = (tasks.sequences(recurrent=which).network for which in ("everything", "hidden"))
    assert everything.n_weights == 33 * (5 + 33 + 1)
    assert hidden.n_weights == 30 * (5 + 30 + 1) + 3 * (30 + 1)


def test_what_is_held_out_is_drawn_or_named():
    assert tasks.sequences(held_out=["AA1212", "EB1323"]).held_out.names == ("AA1212", "EB1323")
    assert tasks.sequences(held_out=0).held_out is None
    assert tasks.sequences(held_out_seed=1).held_out.names != tasks.sequences(held_out_seed=2).held_out.names


def test_eighteen_of_twenty_seeds_have_learnt_all_sequences_by_sweep_400():
    compiled_or_skip()
    task = tasks.sequences()
    assert task.recipe == bp.Recipe((bp.Phase(0, 0.1, 0.9),), tolerance=bp.Tolerance(0.2), start=bp.Start(0.3))
    run = bp.train(task, range(20), 400, keep_every=400)
    right = measures.right_cases(task, run.state.w)
    assert right.shape == (20, 20)
    assert (right.all(1)).sum() >= 18
    assert (run.solved_at > 0).sum() >= 18


def test_decay_and_fewer_recurrent_links_raise_what_is_right_of_the_held_out():
    compiled_or_skip()
    right = []
    for recurrent, decay in (("everything", 0.0), ("everything", 0.002), ("hidden", 0.002)):
        task = tasks.sequences(recurrent=recurrent)
        recipe = task.recipe.throughout(weight_decay=decay)
        run = bp.train(task, range(20), 1000, recipe=recipe, keep_every=1000)
        right.append(measures.score(task, run.state.w).held_out.mean())
    assert right[0] < 2.5 < right[1] < right[2]


# --- the shift register


@pytest.mark.parametrize(("n", "steps"), [(2, 1), (3, 2), (3, 4), (5, 3)])
@pytest.mark.parametrize("answers", ["last", "every"])
def test_a_pattern_moves_on_by_one_place_per_step(n, steps, answers):
    task = tasks.shift_register(n, steps, answers=answers)
    assert len(set(task.cases.names)) == len(task.cases) == 2**n
    times = [steps] if answers == "last" else range(1, steps + 1)
    assert list(task.cases.desired) == [f"ring at {t}" for t in times]
    for c, name in enumerate(task.cases.names):
        assert "".join(str(int(on)) for on in task.cases.inputs["ring at 0"][c]) == name
        for t in times:
            rotated = "".join(name[(j - t) % n] for j in range(n))
            assert "".join(str(int(on)) for on in task.cases.desired[f"ring at {t}"][c]) == rotated


@pytest.mark.parametrize("steps", [2, 3])
def test_nine_of_ten_seeds_learn_the_shift_register_of_three(steps):
    compiled_or_skip()
    task = tasks.shift_register(3, steps)
    run = bp.train(task, range(10), 1000, keep_every=1000)
    assert measures.right_cases(task, run.state.w).all(1).sum() >= 9


def test_with_answers_at_every_step_all_find_the_same_way():
    compiled_or_skip()
    task = tasks.shift_register(answers="every")
    run = bp.train(task, range(10), 200, keep_every=200)
    assert copies(task.network, run.state.w).tolist() == [[3, 1, 2]] * 10


def by_hand(rows, biases):
    net = tasks.shift_register().network
    w = np.zeros((1, net.n_weights))
    net.blocks(w)["ring", "ring"][0], net.blocks(w)["one", "ring"][0, :, 0] = rows, biases
    return net, w


@pytest.mark.parametrize(
    ("rows", "biases", "copied", "words"),
    [
        (
            [[0, 0, 9], [9, 0, 0], [0, 9, 0]], [-4, -4, -4], [3, 1, 2],
            "unit 1 copies unit 3; unit 2 copies unit 1; unit 3 copies unit 2: a pattern moves on by one place",
        ),
        (
            [[0, 0, -9], [-9, 0, 0], [0, -9, 0]], [4, 4, 4], [-3, -1, -2],
            "unit 1 takes the opposite of unit 3; .*: a pattern moves on by one place and is turned into its opposite",
        ),
        (
            [[7, 7, -7], [0, 0, 0], [-7, -7, -7]], [-3.5, 9, 10.5], [0, 0, 0],
            r"unit 1 is on where two of these .* 1 on, unit 2 on, unit 3 off; unit 2 copies no .* 2 off, unit 3 off$",
        ),
        ([[0, 9, 0], [0, 0, -9], [9, 0, 0]], [-4, 4, -4], [2, -3, 1], "unit 1 copies unit 2; .* copies unit 1$"),
    ],
)  # fmt: skip
def test_the_words_say_which_unit_copies_which(rows, biases, copied, words):
    net, w = by_hand(rows, biases)
    assert copies(net, w).tolist() == [copied]
    assert re.match(words, copies_in_words(net, w))


# --- the search


def test_a_fifth_of_every_picture_is_spoilt_and_the_letter_it_was_made_from_is_the_nearest():
    task = tasks.search(spoilt=30)
    letters = np.array([*pictures().values()])
    assert len(task.held_out) == 100
    assert len(task.cases) == 5 + 5 * 30
    for cases, spoilt in ((task.held_out, slice(None)), (task.cases, slice(5, None))):
        given = np.hstack([cases.inputs[f"row {k} at 0"] for k in range(1, 6)])[spoilt]
        distance = np.abs(given[:, None] - letters).sum(-1)
        assert (distance.min(1) == 5).all()
        assert (np.sort(distance)[:, 1] > 5).all()
        assert [list(pictures())[k] for k in distance.argmin(1)] == list(cases.names[spoilt])
        for t in range(4, 9):
            desired = np.hstack([cases.desired[f"row {k} at {t}"] for k in range(1, 6)])[spoilt]
            np.testing.assert_array_equal(desired, letters[distance.argmin(1)])
    assert len(np.unique(given, axis=0)) == len(given) == 150


@pytest.mark.parametrize(("steps", "first"), [(2, 1), (4, 2), (6, 3), (8, 4), (12, 4)])
def test_the_letter_is_desired_from_the_fourth_step_on_or_from_half_way(steps, first):
    assert tasks.search(1, steps=steps).network.desired["row 3"] == tuple(range(first, steps + 1))


def test_a_row_is_linked_to_itself_and_its_neighbours():
    links = {(link.source, link.target) for link in tasks.search(1).network.step_links if link.source != "one"}
    near = {(f"row {j}", f"row {k}") for j in range(1, 6) for k in range(1, 6) if abs(j - k) < 2}
    assert links == near
    assert len(tasks.search(1, reach=4).network.step_links) == 25 + 5


def test_ninety_of_a_hundred_spoilt_letters_are_found_and_stay_for_twice_the_steps():
    compiled_or_skip()
    task = tasks.search()
    run = bp.train(task, [0, 1], 3000, keep_every=3000)
    found = settled(task, run.state.w)
    assert found.shape == (17, 2, 100)
    assert (found[8].sum(1) >= 90).all()
    assert (found[8:].all(0).sum(1) >= 90).all()
    # It is a search: nothing is found at once, and what one row knows needs steps to reach another.
    assert (found[:2].mean((1, 2)) < 0.05).all()
    assert found[2].mean() < 0.5 < found[5].mean()
    pictures_seen, cases = watched(task, run.state.w, steps=3)
    assert pictures_seen.shape == (4, 2, 25, 100)
    assert cases is task.held_out
    found_again = measures.right_cases(task, run.state.w, task.held_out)
    np.testing.assert_array_equal(found_again, found[4:9].all(0))


# --- what cannot be


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: tasks.sequences(hold=0), "hold, the steps of an item, is 0; a whole number of at least 1"),
        (lambda: tasks.sequences(hidden=0), "the number of hidden units is 0"),
        (lambda: tasks.sequences(recurrent="all"), "recurrent is 'all'; 'everything' or 'hidden' is expected"),
        (lambda: tasks.sequences(held_out=["AA"]), "there is no case 'AA' to hold out; one such as 'AA1212'"),
        (lambda: tasks.shift_register(1), "the number of units in the ring is 1"),
        (lambda: tasks.shift_register(3, 0), "the number of steps is 0; a whole number of at least 1 is expected"),
        (lambda: tasks.search(0), "the number of spoilt pictures is 0"),
        (lambda: tasks.search(flipped=26), "the number of flipped units is 26; a whole number from 0 to 25"),
        (lambda: tasks.search(reach=5), "the reach of a row is 5; a whole number from 0 to 4 is expected"),
        (lambda: tasks.search(steps=1), "the number of steps is 1; a whole number of at least 2 is expected"),
        (lambda: tasks.shift_register(answers="first"), "answers is 'first'; 'last' or 'every' is expected"),
    ],
)
def test_tasks_that_cannot_be_are_refused(make, sentence):
    with pytest.raises(ValueError, match=sentence):
        make()
