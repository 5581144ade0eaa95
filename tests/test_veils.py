"""Nothing on screen or stored in a notebook gives an exercise's answer before it was answered or given up.

SPOILERS, of spoilers.py, is the table: for every exercise what would give it away, and how that is veiled. What is
drawn is searched in browser/test_veils.py.
"""

import json
import re
from pathlib import Path

import pytest

from labs import FamilyTreesLab, LocalMinimaLab, ProcedureLab, SymmetryLab, Workbench
from labs.kit.exercises import exercise, exercises, progress, show_answers, veils
from labs.kit.exercises.kinds import Explain
from tests.spoilers import SPOILERS

LABS = Path(__file__).parents[1] / "labs"


@pytest.fixture(autouse=True)
def kept_here(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "FOLDER", tmp_path)
    monkeypatch.delenv(veils.SHOW, raising=False)


def cells_of(lab):
    """Cells of the notebook of a lab, "02"."""
    return json.loads(next(LABS.glob(f"{lab}_*.ipynb")).read_text(encoding="utf-8"))["cells"]


def cells_before(number):
    """Cells of the exercise's notebook up to where it stands."""
    for cell in cells_of(number[:2]):
        if f'exercise("{number}"' in "".join(cell["source"]):
            return
        yield cell


def seen(cell):
    """What the page shows of a stored output: never what is closed."""
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        shown = (
            "".join(data.get("text/html", ())) or "".join(data.get("text/plain", ())) or "".join(output.get("text", ()))
        )
        yield closed_out(shown)


def closed_out(text):
    """A text without what is closed in it."""
    return re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)


def test_the_table_has_every_exercise():
    assert set(SPOILERS) == {number for number, one in exercises().items() if not isinstance(one, Explain)}


@pytest.mark.parametrize("number", SPOILERS)
def test_no_output_before_an_exercise_gives_its_answer(number):
    outputs = "\n".join(text for cell in cells_before(number) for text in seen(cell))
    assert [pattern for pattern in SPOILERS[number][0] if re.search(pattern, outputs)] == []


NAMES = {"06.1": r"saturation|saddle"}  # what is no answer in a text: it names the kinds of flat curves at the start


@pytest.mark.parametrize("number", SPOILERS)
def test_no_text_of_the_notebook_gives_the_answer_above_or_below_the_exercise(number):
    lab = number[:2]
    texts = [closed_out("".join(cell["source"])) for cell in cells_of(lab)]
    for other, one in exercises().items():
        if other.startswith(lab):
            texts += [one.question, *(getattr(one, "options", ()) if other != number else ())]
    said = re.sub(NAMES.get(number, "$^"), "", "\n".join(texts))
    assert [pattern for pattern in SPOILERS[number][0] if re.search(pattern, said)] == []


@pytest.mark.parametrize("lab", [f"{k:02}" for k in range(8)])
def test_every_result_that_waits_for_a_prediction_comes_after_one(lab):
    text = ""
    for cell in cells_of(lab):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            text = source
        elif 'veil("your prediction")' in source:
            assert "Predict" in text, source


def at(sweeps, lab):
    lab.step(sweeps) if sweeps else None
    return lab


LIVE = {  # exercise: the lab at a moment whose words would give it away
    "02.1": lambda: SymmetryLab(seed=10),
    "02.2": lambda: at(200, SymmetryLab(seed=4)),
    "02.3": lambda: at(600, SymmetryLab(seed=4)),
    "02.4": lambda: at(5000, SymmetryLab(seed=3)),
    "02.8": lambda: at(10_000, SymmetryLab(seed=0, width=8, epsilon=0.01)),
    "04.5": lambda: at(1200, FamilyTreesLab(seed=170)),
    "06.1": lambda: at(900, LocalMinimaLab("symmetry", seed=4)),
    "06.2": lambda: at(900, LocalMinimaLab("symmetry", seed=4)),
    "07.5": lambda: at(3000, Workbench.from_table("0 | 0\n1 | 0\n1 | 1\n1 | 1", seed=0)),
}


def test_sizes_that_are_not_settled_name_no_family_before_it_is_found():
    lab = at(1607, SymmetryLab(seed=3))  # just solved
    assert "of the family 2 : 3 : 4" in repr(lab)
    exercise("02.4")
    assert "of the family" not in repr(lab)


@pytest.mark.parametrize("number", LIVE)
def test_a_lab_says_it_only_once_the_exercise_is_settled(number):
    lab = LIVE[number]()
    told = lab.veiled_digest()
    assert told == lab.digest(), "no exercise was shown"
    spoils = [p for p in SPOILERS[number][0] if re.search(p, told)] or [r"E = 4\.\d+"]
    box = exercise(number)
    assert not any(re.search(pattern, repr(lab)) for pattern in spoils)
    assert f"exercise {number}" in repr(lab)
    show_answers()
    assert repr(lab) == told
    show_answers(False)
    assert repr(lab) != told
    box.give_up()
    assert repr(lab) == told
    veils.forget()
    exercise(number)
    assert repr(lab) == told, "given up for good"


def test_the_page_is_told_at_once(monkeypatch):
    lab, told = SymmetryLab(seed=10), []
    monkeypatch.setattr(lab.view.stage, "show", lambda *_, **status: told.append(status["veiled"]) or True)
    box = exercise("02.1")
    box.check("16")
    box.check("8")
    assert told[0] == ["02.1"]
    assert told[-1] == []


def test_the_lab_of_a_lesson_stores_no_picture_of_an_answer():
    lab = SymmetryLab(seed=10)
    assert "image/png" in lab._repr_mimebundle_()
    exercise("02.1")
    shown = lab._repr_mimebundle_()
    assert "image/png" not in shown
    assert "8.27" not in shown["text/html"]
    assert "8.270" in shown["text/plain"], "nbval compares the facts"


def test_next_step_asks_for_the_number_first():
    lab = ProcedureLab()
    lab._press_next()
    assert lab.moment.step == 1, "no lesson"
    exercise("01.1")
    lab._press_next()
    assert lab.moment.step == 1
    assert "First your number" in lab._reply[1]
    lab._on_message({"type": "show_me"})
    assert lab.moment.step == 2
    lab.next()
    assert lab.moment.step == 3, "Python is not asked"
