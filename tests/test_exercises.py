"""The exercises: every check takes the model answer, refuses plausible wrong ones, and survives nonsense."""

import asyncio
import json
import math
import re
import time
from pathlib import Path

import numpy as np
import pytest

import bpcore as bp
from bpcore.tables.coding import truth_table
from labs import EpsilonAlphaLab, FamilyTreesLab, IterativeLab, LocalMinimaLab, SymmetryLab, Workbench
from labs.kit.environment import PAGE
from labs.kit.exercises import ExerciseBox, exercise, exercises, progress
from labs.kit.exercises.bounded import EndlessError, bounded
from labs.kit.exercises.kinds import Choice, Done, Explain, Function, Number, Written, numbers_in
from labs.kit.exercises.progress import Progress
from labs.workbench.lab import DATA

ROOT = Path(__file__).parents[1]
SWITCHED_BACK = {"half_range": 0.3, "weight_decay": 0.002}

EXPLAINED = {number: one for number, one in exercises().items() if isinstance(one, Explain)}
EXERCISES = {number: one for number, one in exercises().items() if number not in EXPLAINED}


def after(sweeps, make, *arguments, **settings):
    """A lab that has learnt for so many sweeps; made when it is asked for."""

    def made():
        lab = make(*arguments, **settings)
        lab.step(sweeps)
        return lab

    return made


def table(file, sweeps, **settings):
    """A workbench that has learnt a table for so many sweeps; made when it is asked for."""
    return after(sweeps, Workbench.from_csv, DATA / file, **settings)


# number -> (model answers, wrong answers). Functions are the student's; labs are made when they are needed.
ANSWERS = {
    "00.1": (["1", 1, " 1.0 "], [64, 8, 0]),
    "00.2": ([".065", 0.065, "0,065", "6.5/100", "13/200"], [0.13, 0.0325, 0.25]),
    "00.3": (["The paper's value", 2], [1, 3, "The value that learns quickest"]),
    "01.1": (["1/4", 0.25, "25 %", "0,25", "¼"], [0.5, 1, 0]),
    "01.2": ([0.009801, ".0098"], [0.99, 0.0099, -0.0098]),
    "01.3": (
        [lambda dE_dx, w: w.T @ dE_dx, lambda dE_dx, w: np.einsum("ji,jc->ic", w, dE_dx)],
        [
            lambda dE_dx, w: -w.T @ dE_dx,
            lambda dE_dx, w: w @ dE_dx,
            lambda dE_dx, w: w.T.mean(1, keepdims=True) * dE_dx,
        ],
    ),
    "01.4": (
        [lambda dE_dw, delta_w, epsilon, alpha: -epsilon * dE_dw + alpha * delta_w],
        [lambda g, v, e, a: -e * g, lambda g, v, e, a: e * g + a * v, lambda g, v, e, a: -e * (g + a * v)],
    ),
    "01.5": (["2,000,000", "2e6", 2_000_000], [1_000_000, 2, 18]),
    "01.6": ([2, "They stay alike for ever and act as one unit"], [1, 3, "They drift apart, slowly at first"]),
    "02.1": ([8, "8.3"], [16, 32, 4]),
    "02.2": ([4], [8, 28, 56]),
    "02.3": ([3], [1, 2, 4]),
    "02.4": (["2 3 4", "4, 2, 3", "2 : 3 : 4"], ["1 2 4", "1 2 3", "1 3 4"]),
    "02.5": (
        [after(5000, SymmetryLab, seed=3)],
        [after(0, SymmetryLab, seed=3), after(5000, SymmetryLab, seed=10), after(5000, SymmetryLab, seed=4)],
    ),
    "02.6": ([3], [1, 2, 4]),
    "02.7": ([2, "2.0"], [4, 1, 0, 8]),
    "02.8": (["2 3 4 8", "3, 5, 6, 7", "10 : 4 : 3 : 2"], ["1 2 4 8", "1 2 3 8", "1 3 9 27", "2 3 4"]),
    "02.9": (
        [after(2500, SymmetryLab, seed=0, width=8, epsilon=0.01)],
        [
            after(2000, SymmetryLab, seed=0, width=8, epsilon=0.01),
            after(2500, SymmetryLab, seed=10),
            after(0, SymmetryLab, width=8),
        ],
    ),
    "03.1": ([0.125, "2/16", "1/8"], [0.0625, 2, 0.13]),
    "03.2": ([0.2375, "3.8/16"], [0.125, 0.0125, 1.25]),
    "03.3": ([10], [9, 1.9, 0.1]),
    "03.4": ([2], [1, 3, "They are never quicker"]),
    "03.5": (
        [after(600, EpsilonAlphaLab, lanes=((0.1, 0.9), (0.1, 0.8)))],
        [
            after(600, EpsilonAlphaLab),
            after(1400, EpsilonAlphaLab, lanes=((0.1, 0.9),)),
            after(600, EpsilonAlphaLab, seed=11, lanes=((0.1, 0.8),)),
            after(100, EpsilonAlphaLab, lanes=((0.1, 0.8),), update="case"),
        ],
    ),
    "04.1": ([8], [4, 112, 2]),
    "04.2": ([0.05, ".0497", "5 %"], [0.998, 0.95, 3]),
    "04.3": (
        [lambda y, d: np.where(np.abs(y - d) > 0.2, y - d, 0)],
        [
            lambda y, d: y - d,
            lambda y, d: d - y,
            lambda y, d: y - d - np.clip(y - d, -0.2, 0.2),
            lambda y, d: np.where(y - d > 0.2, y - d, 0),
        ],
    ),
    "04.4": (
        [after(20_000, FamilyTreesLab, **SWITCHED_BACK)],
        [
            after(20_000, FamilyTreesLab),
            after(2000, FamilyTreesLab, **SWITCHED_BACK),
            after(1500, FamilyTreesLab, recipe="printed"),
            after(0, FamilyTreesLab, **SWITCHED_BACK, units=12),
        ],
    ),
    "04.5": ([2], [1, 3, "It tells the families"]),
    "05.1": (["5,400", 5400], [900, 180, 1287]),
    "05.2": ([0.6], [0.1 / 6, 0.1, 6]),
    "05.3": (
        [lambda each: each.mean(0), lambda each: each.sum(axis=0) / len(each)],
        [lambda each: each.sum(0), lambda each: each[-1], lambda each: each.mean()],
    ),
    "05.4": ([3], [1, 2, 4]),
    "05.5": (
        [after(400, IterativeLab, "shift register", seed=0), after(400, IterativeLab, "shift register", seed=1)],
        [
            after(0, IterativeLab, "shift register", seed=0),
            after(0, IterativeLab),
            after(400, IterativeLab, "shift register", seed=7),
            after(400, IterativeLab, "shift register", seed=0, steps=1),
        ],
    ),
    "06.1": ([3], [1, 2, 4]),
    "06.2": ([56], [8, 57, 32]),
    "06.3": (
        ["000000 100001 100000 000001", "110011 001100 with 101010 010101"],
        ["000000 110011 100000 010001", "000000 000000 000000 000000", "100000 010000 001000 000100", "000000 100001"],
    ),
    "06.4": ([3], [1, 2, 4]),
    "06.5": (
        [after(5000, LocalMinimaLab, seed=4, biases="zero"), after(5000, LocalMinimaLab, seed=4, epsilon=0.03)],
        [
            after(5000, LocalMinimaLab, seed=4),
            after(5000, LocalMinimaLab, seed=10),
            after(1000, LocalMinimaLab, "encoder", seed=4),
        ],
    ),
    "07.1": (
        [table("circle.csv", 1000, seed=1, hidden=3), table("circle.csv", 1000, seed=2, hidden=(3,))],
        [
            table("circle.csv", 0, hidden=3),
            table("circle.csv", 3000, hidden=2),
            table("circle.csv", 1000, hidden=4),
            table("circle.csv", 3000, hidden=2, skips=True),
            table("circle.csv", 1000, hidden=3, held_out=0.5),
            table("iris.csv", 1000),
        ],
    ),
    "07.2": (
        [
            lambda column: 2 * (column - column.min()) / (column.max() - column.min()) - 1,
            lambda column: np.interp(column, (column.min(), column.max()), (-1, 1)),
        ],
        [
            lambda column: (column - column.min()) / np.ptp(column),
            lambda column: (column - column.mean()) / column.std(),
            lambda column: column / column.max(),
            lambda column: column,
        ],
    ),
    "07.3": ([3], [1, 2, 4]),
    "07.4": (
        [table("iris.csv", 60, seed=seed, held_out=0.2) for seed in range(10)],
        [
            *[table("iris.csv", 500, seed=seed, held_out=0.2) for seed in range(10)],
            table("iris.csv", 0, held_out=0.2),
            table("iris.csv", 60, held_out=0.1),
            table("iris.csv", 60),
            table("circle.csv", 60, held_out=0.2),
        ],
    ),
    "07.5": (["1/3", 0.3333, ".33", "⅓"], [0.25, 0.375, 0.5, 0]),
}


def made(answer):
    """The answer itself; a lab is made now."""
    return answer() if getattr(answer, "__qualname__", "").startswith("after.") else answer


CASES = [
    (number, right, answer)
    for number, both in ANSWERS.items()
    for right, answers in zip((True, False), both, strict=True)
    for answer in answers
]


def test_every_lab_has_three_to_nine_exercises_and_the_table_all_of_them():
    assert set(ANSWERS) == set(EXERCISES)
    for lab in range(8):
        numbers = [number for number in EXERCISES if number.startswith(f"{lab:02}.")]
        assert numbers == [f"{lab:02}.{k}" for k in range(1, len(numbers) + 1)]
        assert 3 <= len(numbers) <= 9
    assert all(len(wrong) >= 3 for _, wrong in ANSWERS.values())


@pytest.mark.parametrize(("number", "right", "answer"), CASES)
def test_model_answers_are_right_and_plausible_ones_are_not_yet(number, right, answer):
    verdict = EXERCISES[number].check(made(answer))
    assert verdict.right == right, str(verdict)
    assert str(verdict).startswith("✓ Right. " if right else "· Not yet. ")
    assert len(verdict.sentence) > 20


# --- nonsense ------------------------------------------------------------------------------------------------------


class Hostile:
    def __str__(self):
        raise RuntimeError("no")

    def __array__(self, *_):
        raise MemoryError

    def __getattr__(self, name):
        raise ZeroDivisionError


def raises(*_):
    raise ValueError("I do not know")


def ends_the_program(*_):
    raise SystemExit(3)


def for_ever(*_):
    while True:
        pass


def asleep(*_):
    time.sleep(30)


def itself(*_):
    return itself(*_)


NONSENSE = [
    None, "", "   ", "help", "nan", "inf", "-inf", "1e999", "1/0", "½", "1,2,3", "1..2", "9" * 4000, "\x00", "0x10",
    "<b>", math.nan, math.inf, True, object(), object, [], [1, 2], {}, 1j, b"1", np.nan, np.full(3, np.nan),
    np.zeros((2, 5)),
    np.array(["a"]), Hostile(), Exception("x"), raises, len, print, ends_the_program, itself,
    lambda: 1, lambda *_: None, lambda *_: "text", lambda *_: np.nan, lambda *_: np.zeros((7, 7, 7)),
    lambda *_: [[1], [2, 3]],
    lambda *_: 1j, lambda *_: Hostile(), lambda *a: np.full_like(a[0], np.nan), lambda *a: a[0], lambda *_: object(),
]  # fmt: skip


@pytest.mark.parametrize("number", EXERCISES)
def test_nonsense_gets_a_sentence(number, capfd):
    for answer in NONSENSE:
        verdict = EXERCISES[number].check(answer)
        if answer is True and EXERCISES[number].check(1).right:
            continue  # for a program, yes is 1
        assert not verdict.right, (answer if not isinstance(answer, Hostile) else "Hostile", verdict)
        assert 20 < len(verdict.sentence) < 260


@pytest.mark.parametrize("number", [number for number, one in EXERCISES.items() if isinstance(one, Function)])
@pytest.mark.parametrize("endless", [for_ever, asleep])
def test_a_function_that_never_ends_gets_a_sentence(number, endless):
    assert EXERCISES[number].check(endless).sentence == "Not yet. Your function did not end within 1 second."


def test_a_loop_that_never_ends_is_ended():
    counted = []

    def counting():
        while True:
            counted.append(1)

    with pytest.raises(EndlessError):
        bounded(counting, 0.05)
    for _ in range(200):  # the thread ends at its next line, on a busy machine a little later
        so_far = len(counted)
        time.sleep(0.02)
        if len(counted) == so_far:
            break
    assert len(counted) == so_far


def test_a_function_cannot_spoil_what_it_is_given():
    def greedy(dE_dx, w):
        given = w.T @ dE_dx
        dE_dx[...], w[...] = 0, 0
        return given

    assert EXERCISES["01.3"].check(greedy).right
    assert EXERCISES["01.3"].check(greedy).right


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("1,425", {1.425, 1425}),
        ("−0,5", {-0.5}),
        ("1/8", {0.125}),
        ("12 %", {0.12}),
        ("2 000", {2000}),
        ("1,2,3", set()),
    ],
)
def test_numbers_are_read_as_people_write_them(said, means):
    assert set(numbers_in(said)) == means


# --- what is said --------------------------------------------------------------------------------------------------


def words_of(one):
    """Everything that is said to wrong answers of a number."""
    return [one.hint, *(sentence for _, sentence in one.mistakes)]


@pytest.mark.parametrize("number", [number for number, one in EXERCISES.items() if isinstance(one, Number)])
def test_no_sentence_to_a_wrong_number_gives_the_number_away(number):
    one = EXERCISES[number]
    for sentence in words_of(one):
        told = [word.strip(".,:;?") for word in sentence.replace("−", "-").split()]
        assert not any(one.check(word).right for word in told), sentence


@pytest.mark.parametrize("number", [number for number, one in EXERCISES.items() if isinstance(one, Number)])
def test_each_known_slip_has_a_sentence_of_its_own(number):
    one = EXERCISES[number]
    for slip, sentence in one.mistakes:
        assert one.check(slip).sentence == f"Not yet. {sentence}"


@pytest.mark.parametrize("number", [number for number, one in EXERCISES.items() if isinstance(one, Choice)])
def test_one_sentence_of_a_choice_is_right(number):
    options = EXERCISES[number].options
    assert len([why for why in options.values() if why is None]) == 1
    right = next(option for option, why in options.items() if why is None)
    assert not any(right in why for why in options.values() if why)


def test_each_known_slip_of_a_function_is_named():
    for one in EXERCISES.values():
        if isinstance(one, Function):
            for slip, sentence in one.mistakes:
                assert one.check(slip).sentence in (f"Not yet. {sentence}", *shapes(one.check(slip).sentence))


def shapes(sentence):
    """A slip may change the shape; then that is said."""
    return [sentence] if "shape" in sentence else []


def test_the_model_answers_of_the_guide_are_those_of_the_table():
    guide = (ROOT / "docs" / "model_answers.md").read_text(encoding="utf-8")
    assert [number for number in EXERCISES if f"**{number}**" not in guide] == []


def test_each_wrong_answer_of_lab_07_has_a_sentence_of_its_own():
    for number in ("07.1", "07.2", "07.3"):
        said = [EXERCISES[number].check(made(answer)).sentence for answer in ANSWERS[number][1]]
        assert len(set(said)) == len(said)


def test_a_table_that_contradicts_itself_ends_where_exercise_07_5_says():
    table = truth_table("0 | 0\n1 | 0\n1 | 1\n1 | 1")
    for hidden in (4, 8):
        task = bp.Task("contradiction", table.cases.network((hidden,)), table.cases)
        run = bp.train(task, seeds=range(10), sweeps=10_000, epsilon=0.5, keep_every=10_000)
        assert [bool(EXERCISES["07.5"].check(E).right) for E in run.E[-1]] == [True] * 10


def test_an_exercise_that_nobody_has_written_yet_says_so():
    def hear(dE_dx, w):
        return ...

    assert "three dots" in EXERCISES["01.3"].check(hear).sentence


# --- in the notebooks ----------------------------------------------------------------------------------------------


def cells_of(lab):
    (path,) = (ROOT / "labs").glob(f"{lab:02}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("lab", range(8))
def test_every_exercise_stands_in_its_notebook_once_and_in_order(lab):
    asked = re.findall(r'^exercise\("(\d\d\.\d+)"', "\n".join(cells_of(lab)), re.MULTILINE)
    assert asked == [number for number in EXERCISES if number.startswith(f"{lab:02}.")]


@pytest.mark.parametrize("lab", range(8))
def test_every_exercise_is_given_what_it_asks_for(lab):
    for cell in cells_of(lab):
        for number, given in re.findall(r'^exercise\("(\d\d\.\d+)"(?:, (\w+))?\)', cell, re.MULTILINE):
            one = EXERCISES[number]
            assert bool(given) == one.takes_object
            if isinstance(one, Function):
                assert cell == f'def {one.form}:\n    return ...  # yours\n\nexercise("{number}", {given})'
                assert one.form.startswith(f"{given}(")


# --- on the screen -------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def kept_here(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "FOLDER", tmp_path)
    return tmp_path


def test_text_is_the_question_whatever_was_answered():
    box = exercise("02.1")
    before = repr(box)
    assert box._repr_mimebundle_()["text/plain"] == before
    assert " ".join(before.split()) == f"Exercise 02.1: {EXERCISES['02.1'].question}"
    assert max(map(len, before.splitlines())) <= 96, "a notebook breaks longer lines inside words"
    box.check("8")
    assert repr(box) == repr(exercise("02.1")) == before


def test_a_choice_in_words_has_its_options():
    assert "\n  2. The paper's value" in repr(exercise("00.3"))


def test_check_says_the_sentence_and_escapes_what_was_typed():
    box = exercise("02.1")
    box._field.value = "<img src=x>"
    box._button.click()
    assert not box.verdict.right
    assert "<img" not in box._said.value
    assert 'role="alert"' in box._said.value
    box._field.value = "8"
    box._button.click()
    assert box.verdict.right
    assert "✓" in box._said.value


def test_enter_checks_what_was_typed_though_it_arrives_after_enter():
    async def enter(box):
        box._field._handle_custom_msg({"event": "submit"}, [])
        box._field.value = "8"
        while box.verdict is None:
            await asyncio.sleep(0.01)

    box = exercise("02.1")
    asyncio.run(asyncio.wait_for(enter(box), 10))
    assert box.verdict.right


def test_a_function_and_a_lab_are_given_with_the_number():
    assert exercise("01.3", ANSWERS["01.3"][0][0]).check().right
    lab = SymmetryLab(seed=3)
    box = exercise("02.5", lab)
    assert "at sweep 0" in box.check().sentence.lower()
    lab.step(5000)
    assert box.check().right


def test_without_its_lab_an_exercise_says_what_it_needs():
    assert "SymmetryLab" in exercise("02.5").check().sentence


def test_in_a_page_without_code_a_function_wants_a_notebook(monkeypatch):
    monkeypatch.setenv(PAGE, "1")
    shown = exercise("01.3", lambda dE_dx, w: ...)
    assert "needs a notebook" in shown_words(shown.widget)
    assert shown._button not in within(shown.widget)
    other = exercise("02.1")
    assert other._button in within(other.widget)
    assert repr(shown) == repr(exercise("01.3"))


def within(widget):
    """A widget and all that is in it."""
    return [widget, *(inner for child in getattr(widget, "children", ()) for inner in within(child))]


def shown_words(widget):
    return " ".join(str(part.value) for part in within(widget) if hasattr(part, "value"))


def test_an_unknown_exercise_is_named():
    with pytest.raises(ValueError, match=r"there is no exercise '09\.1'; one of 00\.1, "):
        exercise("09.1")


# --- progress ------------------------------------------------------------------------------------------------------


def test_progress_survives_a_restart():
    exercise("02.1").check("16")
    assert exercise("02.1")._field.value == "16"
    assert exercise("02.1").verdict is None
    exercise("02.1").check("8")
    again = exercise("02.1")
    assert again._field.value == "8"
    assert again.verdict.right
    again.check("9")
    assert exercise("02.1").verdict.right  # once right, it stays right


def test_a_choice_is_chosen_again():
    box = exercise("00.3")
    box._field.value = "The paper's value"
    box.check()
    assert exercise("00.3")._field.value == "The paper's value"


def test_two_labs_write_two_files(kept_here):
    exercise("02.1").check("8")
    exercise("03.3").check("10")
    assert sorted(path.name for path in kept_here.iterdir()) == ["exercises_02.json", "exercises_03.json"]


def test_a_crash_while_writing_leaves_the_old_file(kept_here, monkeypatch):
    exercise("02.1").check("8")
    before = (kept_here / "exercises_02.json").read_bytes()
    monkeypatch.setattr(progress.json, "dump", lambda what, out, **_: (out.write('{"02.1"'), raises()))
    with pytest.raises(ValueError, match="I do not know"):
        Progress("02").note("02.2", True, "4")
    assert [path.name for path in kept_here.iterdir()] == ["exercises_02.json"]
    assert (kept_here / "exercises_02.json").read_bytes() == before


@pytest.mark.parametrize(
    "spoilt", ["", "{", "[]", "null", '{"02.1": 3}', '{"02.1": {"right": "x", "tries": "y"}}', "\ud800"]
)
def test_a_spoilt_file_is_begun_anew(kept_here, spoilt):
    path = kept_here / "exercises_02.json"
    path.write_bytes(spoilt.encode("utf-8", "surrogatepass"))
    box = exercise("02.1")
    assert box.verdict is None
    box.check("8")
    assert json.loads(path.read_text(encoding="utf-8"))["02.1"] == {"right": True, "answer": "8", "tries": 1}


def test_where_nothing_can_be_written_the_check_says_so(kept_here):
    (kept_here / "file").write_text("")
    box = ExerciseBox(EXERCISES["02.1"], progress=Progress("02", kept_here / "file"))
    assert box.check("8").right
    assert "could not be kept" in box._said.value


def test_a_page_without_code_keeps_nothing(kept_here, monkeypatch):
    monkeypatch.setenv(PAGE, "1")
    exercise("02.1").check("8")
    assert list(kept_here.iterdir()) == []
    assert exercise("02.1").verdict is None


def test_progress_is_kept_beside_the_notebook(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "FOLDER", "runs")
    monkeypatch.chdir(tmp_path)
    exercise("02.1").check("8")
    assert (tmp_path / "runs" / "exercises_02.json").exists()


def test_every_kind_is_used():
    assert {type(one) for one in EXERCISES.values()} == {Number, Choice, Written, Function, Done}


@pytest.mark.parametrize("lab", range(1, 8))
def test_every_lab_has_one_explanation_to_write_and_another_to_compare(lab):
    number = f"{lab:02}.explain"
    assert sum(f'exercise("{number}")' in cell for cell in cells_of(lab)) == 1
    box = exercise(number)
    assert not box.check("no idea").right
    verdict = box.check("The derivative is zero because this input is off.")
    assert verdict.right
    assert EXPLAINED[number].right in verdict.sentence
    assert exercise(number)._field.value == "The derivative is zero because this input is off.", "kept"
