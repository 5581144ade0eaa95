"""Nothing on screen or stored in a notebook gives an exercise's answer before it was answered or given up.

SPOILERS is the table: for every exercise, what would give it away. An exercise whose answer is a function or something
done in a lab has no words that give it away; such ones are listed with no patterns.
"""

import json
import re
from pathlib import Path

import pytest

from labs import ProcedureLab, SymmetryLab
from labs.kit.exercises import exercise, exercises, progress, show_answers, veils
from labs.kit.exercises.kinds import Explain

LABS = Path(__file__).parents[1] / "labs"
SPOILERS = {
    "00.1": (r"weights change once",),
    "00.2": (r"\.065\b",),
    "00.3": (),  # the guide above it names the mark: it is a question of reading
    "01.1": (r"= \.25\b", r"= 0\.25\b"),
    "01.2": (r"\.0098",),
    "01.3": (),
    "01.4": (),
    "01.5": (r"2,000,000",),
    "01.6": (r"alike for ever",),
    "02.1": (r"8\.3\b", r"8\.27"),
    "02.2": (r"E = 4\b", r"\b4\.0\b"),
    "02.3": (r"always “no”: y\(1 − y\)", r"only that share of the error comes back"),
    "02.4": (r"2 : 3 : 4, the other way",),
    "02.5": (),
    "02.6": (r"the only one that is still open",),
    "02.7": (),
    "02.8": (r"3 : 5 : 6 : 7: \d",),
    "02.9": (),
    "03.1": (r"\b0\.125\b",),
    "03.2": (r"0\.2375",),
    "03.3": (r"10 times",),
    "03.4": (),  # the table above it is what it asks about
    "03.5": (),
    "04.1": (r"112 triples",),
    "04.2": (r"\.0497", r"a twentieth"),
    "04.3": (),
    "04.4": (),
    "04.5": (r"tells the families apart",),
    "05.1": (r"5,?400\b",),
    "05.2": (r"ε = \.6\b", r"ε = 0\.6\b"),
    "05.3": (),
    "05.4": (r"even number of steps",),
    "05.5": (),
    "06.1": (r"curves? upward in every direction",),
    "06.2": (r"56 of 64 cases right", r"\b56 right"),
    "06.3": (),
    "06.4": (),
    "06.5": (),
    "07.1": (r"\(3,\)    18 of 20",),
    "07.2": (),
    "07.3": (),
    "07.4": (),
    "07.5": (r"E = 0\.25",),
}


@pytest.fixture(autouse=True)
def kept_here(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "FOLDER", tmp_path)
    monkeypatch.delenv(veils.SHOW, raising=False)


def cells_before(number):
    """Cells of the exercise's notebook up to where it stands."""
    file = next(LABS.glob(f"{number[:2]}_*.ipynb"))
    for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]:
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
        yield re.sub(r"<details>.*?</details>", "", shown, flags=re.DOTALL)


def test_the_table_has_every_exercise():
    assert set(SPOILERS) == {number for number, one in exercises().items() if not isinstance(one, Explain)}


@pytest.mark.parametrize("number", SPOILERS)
def test_no_output_before_an_exercise_gives_its_answer(number):
    outputs = "\n".join(text for cell in cells_before(number) for text in seen(cell))
    assert [pattern for pattern in SPOILERS[number] if re.search(pattern, outputs)] == []


def at(sweeps, lab):
    lab.step(sweeps) if sweeps else None
    return lab


LIVE = {  # exercise: the lab at a moment whose words would give it away
    "02.1": lambda: SymmetryLab(seed=10),
    "02.2": lambda: at(200, SymmetryLab(seed=4)),
    "02.3": lambda: at(600, SymmetryLab(seed=4)),
    "02.4": lambda: at(5000, SymmetryLab(seed=3)),
}


@pytest.mark.parametrize("number", LIVE)
def test_a_lab_says_it_only_once_the_exercise_is_settled(number):
    lab = LIVE[number]()
    told = lab.veiled_digest()
    assert told == lab.digest(), "no exercise was shown"
    spoils = [p for p in SPOILERS[number] if re.search(p, told)] or [r"E = 4\.\d+"]
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
