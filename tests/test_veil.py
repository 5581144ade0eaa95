"""Results that an exercise or a prediction asks for are closed in the notebooks; nbval compares them all the same."""

import html
import json
import re
from pathlib import Path

import pytest

from labs.kit.exercises import veil
from labs.kit.exercises.veiled import SHOW, Veiled

LABS = Path(__file__).parents[1] / "labs"
VEILED = {  # notebook: what it must not show before it was asked
    "01_the_procedure": ["297", "412", "1839", "w.mT @ dE_dx"],
    "02_symmetry": ["8.3", "4.0", "26 of 100", "(2, 3, 4)"],
    "03_epsilon_and_alpha": ["18 of 50", "45 of 50"],
    "04_family_trees": ["112 triples"],
    "06_local_minima": ["true minimum: the gradient", "'saturation': 19"],
    "07_your_own_task": ["18 of 20", "98% right"],
}
CLOSED = {  # notebook: what its text says of a result, and must not show either
    "02_symmetry": ["one solved start in five", "three starts in ten", "One signed sum is still open"],
    "03_epsilon_and_alpha": ["at .95 the point overshoots"],
    "07_your_own_task": ["as good on the held-out irises"],
}


def test_what_is_printed_is_closed_in_a_page_and_plain_for_nbval(monkeypatch):
    monkeypatch.delenv(SHOW, raising=False)
    found = Veiled("exercise 02.1", "E < 9\n  8.3")
    assert repr(found) == "E < 9\n  8.3"
    assert found._repr_html_() == (
        "<details><summary>First exercise 02.1; then click here for the result</summary>"
        "<pre>E &lt; 9\n  8.3</pre></details>"
    )
    monkeypatch.setenv(SHOW, "1")
    assert found._repr_html_().startswith("<details open>")


def test_a_cell_shows_what_it_prints_as_one_veiled_text(monkeypatch):
    shown = []
    monkeypatch.setattr("labs.kit.exercises.veiled.display", shown.append)
    with veil("your prediction"):
        print("one")
        print("two")
    assert [(one.about, one.text) for one in shown] == [("your prediction", "one\ntwo")]


@pytest.mark.parametrize("name", CLOSED)
def test_no_text_shows_what_a_veiled_result_says(name):
    cells = json.loads((LABS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    text = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    seen = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    for said in CLOSED[name]:
        assert said in text
        assert said not in seen


@pytest.mark.parametrize("name", VEILED)
def test_no_stored_output_shows_what_is_asked(name):
    outputs = [
        output
        for cell in json.loads((LABS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", ())
    ]
    shown = ["".join(output["data"]["text/html"]) for output in outputs if "text/html" in output.get("data", {})]
    closed = "".join(text for text in shown if text.startswith("<details>"))
    seen = json.dumps([output for output in outputs if "<details>" not in json.dumps(output)], ensure_ascii=False)
    for text in VEILED[name]:
        assert text in html.unescape(closed)
        assert not re.search(rf"\b{re.escape(text)}", seen), text
