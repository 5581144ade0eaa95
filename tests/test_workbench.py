"""The workbench without a page: any table, truth table or task, any network."""

from pathlib import Path

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from bpcore.measures import right_cases
from bpcore.tables.coding import code, truth_table
from labs import Workbench
from labs.workbench.building import count_right
from labs.workbench.cases_panel import TABLES
from labs.workbench.lab import DATA, DRAWN

IRIS = DATA / "iris.csv"
AND = "0 0 | 0\n0 1 | 0\n1 0 | 0\n1 1 | 1"


def said_by(lab):
    """What a lab says on the screen."""
    sentences = []
    lab.view.stage.say = sentences.append
    return sentences


def table_of(cases, columns, seed=0):
    """A CSV file of so many lines and columns; the last says whether the sum of the others is above 0."""
    values = np.random.default_rng(seed).normal(size=(cases, columns - 1)).round(4)
    lines = [",".join([*(f"c{k}" for k in range(columns - 1)), "above"])]
    lines += [",".join([*map(str, row), "yes" if row.sum() > 0 else "no"]) for row in values]
    return "\n".join(lines).encode()


# --- what it makes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "hidden", "network"),
    [
        ({}, (4,), {}),
        ({"hidden": 7}, (7,), {}),
        ({"hidden": ()}, (), {}),
        ({"hidden": (5, 3), "skips": True, "units": "tanh"}, (5, 3), {"skips": True, "unit": bp.tanh}),
        ({"hidden": (3, 3, 3), "tied": True}, (3, 3, 3), {"tied": True}),
    ],
)
def test_a_workbench_makes_the_run_that_its_task_makes(how, hidden, network):
    lab = Workbench.from_csv(IRIS, seed=3, epsilon=0.02, alpha=0.8, **how)
    lab.step(20)
    cases = bp.Cases.from_csv(IRIS)
    run = bp.train(
        bp.Task("iris", cases.network(hidden, **network), cases), seeds=3, sweeps=20, epsilon=0.02, alpha=0.8
    )
    np.testing.assert_allclose(lab.run.E, run.E, rtol=1e-9)


def test_a_task_brings_its_own_network_until_another_is_asked_for():
    task = tasks.family_trees()
    lab = Workbench(task)
    assert lab.run.task.network == task.network
    assert (lab.hidden_units, lab.hidden_groups) == (6, 4)
    lab.hidden = (8,)
    assert lab.shape == "family trees · 24–12–8–24 · 100 cases"
    lab.hidden = None
    assert lab.run.task.network == task.network
    lab.skips = True
    assert lab.hidden == (6, 6, 12, 6)


@pytest.mark.parametrize("what", [None, truth_table(AND), bp.Cases({"a": [[0], [1]]}, {"b": [[1], [0]]}), tasks.xor()])
def test_whatever_holds_cases_can_be_worked_on(what):
    lab = Workbench(what)
    lab.step(5)
    assert lab.run.sweeps == 5
    assert lab.picture().text.startswith("Workbench")


def test_every_shipped_table_is_learnt_without_any_setting():
    right = {}
    for name, file in TABLES.items():
        lab = Workbench.from_csv(DATA / file, hidden=(5, 5, 5) if name == "two spirals" else 4)
        lab.step(1000)
        right[name] = right_cases(lab.run.task, lab.run.state.w).mean()
    assert right["circle"] == 1
    assert right["iris"] > 0.95
    assert 0.4 < right["two spirals"] < 1  # the hard one


def test_held_out_cases_are_not_trained_and_are_counted():
    lab = Workbench.from_csv(IRIS, held_out=0.2)
    lab.step(500)
    assert (len(lab.run.task.cases), len(lab.run.task.held_out)) == (120, 30)
    counted = right_cases(lab.run.task, lab.run.state.w, lab.run.task.held_out).sum()
    assert f"· {counted} of 30 held out cases right" in lab.digest() or counted == 30
    lab.held_out = 0
    assert lab.run.task.held_out is None


def test_numbers_as_outputs_are_right_within_a_tenth_of_their_range():
    lab = Workbench(code(b"x,y\n0,3\n1,4\n2,7\n"))
    assert lab.run.task.right_within == 0.1
    assert "of 3 cases right, within 0.1" in lab.digest()


def test_weights_are_called_after_the_columns():
    names = Workbench.from_csv(IRIS, hidden=2).scene()["weight_names"]
    assert names[:5] == ["h1 ← sepal length", "h1 ← sepal width", "h1 ← petal length", "h1 ← petal width",
                         "h2 ← sepal length"]  # fmt: skip
    assert names[-1] == "bias of species virginica"
    assert len(set(names)) == len(names)
    names = Workbench.from_csv(IRIS, hidden=(3, 3, 3), tied=True).scene()["weight_names"]
    assert ("tied unit 1 ← 2 below" in names, "tied bias of unit 3" in names) == (True, True)
    assert len(set(names)) == len(names)


# --- large tables --------------------------------------------------------------------------------------------------


def test_the_page_is_given_some_cases_of_a_large_table_and_it_says_so():
    lab = Workbench(code(table_of(5000, 20)))
    scene = lab.scene()
    assert len(scene["names"]) == len(scene["inputs"]["input"]) == DRAWN
    assert (scene["names"][0][:7], scene["names"][-1][:10], scene["all_cases"]) == ("line 2:", "line 5001:", 5000)
    lab.step(25)
    assert "256 of them are drawn, evenly spread; E and counts are for all" in lab.digest()
    right = right_cases(lab.run.task, lab.run.state.w).sum()
    assert f"{right:,} of 5,000 cases right" in lab.digest()
    assert "drawn" not in Workbench().digest()


def test_many_weights_and_many_cases_are_counted_in_parts(monkeypatch):
    lab = Workbench.from_csv(IRIS)
    lab.step(40)
    w = lab.run.kept[1][:, 0]
    whole = count_right(lab.run.task, w, lab.run.task.cases)
    monkeypatch.setattr("labs.workbench.building._AT_ONCE", 150 * 11 * 3)
    np.testing.assert_array_equal(count_right(lab.run.task, w, lab.run.task.cases), whole)


# --- other cases ---------------------------------------------------------------------------------------------------


def test_other_cases_begin_a_new_run_with_the_same_hidden_units():
    lab = Workbench.from_csv(IRIS, hidden=(3, 3), units="tanh", skips=True)
    lab.step(5)
    lab.load(DATA / "circle.csv")
    assert (lab.run.sweeps, lab.shape) == (0, "circle.csv · 2–3–3–1 with skips · 121 cases")
    assert (lab.units, lab.epsilon) == ("tanh", 0.053)
    lab.type(AND)
    assert lab.shape == "truth table · 2–3–3–1 with skips · 4 cases"
    lab.load(tasks.xor())
    assert lab.run.task.network == tasks.xor().network
    lab.load(IRIS, outputs=["petal width"])
    assert lab.shape == "iris.csv · 6–4–1 · 150 cases"


def test_cases_that_cannot_be_change_nothing():
    lab = Workbench.from_csv(IRIS)
    lab.step(5)
    for wrong in (lambda: lab.load(b"a,b\n1,x\n2\n"), lambda: lab.type("0 1"), lambda: lab.assign(["color"])):
        with pytest.raises(ValueError, match=r"column"):
            wrong()
    assert (lab.run.sweeps, lab.shape) == (5, "iris.csv · 4–4–3 · 150 cases")


def test_columns_of_a_table_take_other_roles():
    lab = Workbench.from_csv(IRIS)
    lab.assign(["petal width", "species"], ["petal length"])
    assert lab.shape == "iris.csv · 1–4–4 · 150 cases"
    assert [c.role for c in lab.coded.codings] == ["left out", "left out", "input", "output", "output"]
    with pytest.raises(ValueError, match="these cases did not come from a CSV file"):
        Workbench().assign(["x"])


# --- by hand -------------------------------------------------------------------------------------------------------


def test_controls_build_the_network():
    lab = Workbench.from_csv(IRIS)
    lab.view.controls["hidden_groups"].field.value = 3
    assert lab.hidden == (4, 4, 4)
    lab.view.controls["hidden_units"].field.value = 6
    assert lab.hidden == (6, 6, 6)
    lab.view.choices["tied"].widget.value = True
    assert lab.shape == "iris.csv · 4–6–6–6–3, tied · 150 cases"
    lab.view.choices["tied"].widget.value = False
    lab.view.controls["hidden_groups"].field.value = 0
    assert lab.hidden == ()
    lab.view.choices["skips"].widget.value = True
    lab.view.controls["hidden_groups"].field.value = 1
    assert lab.shape == "iris.csv · 4–6–3 with skips · 150 cases"  # six, as before
    lab.view.controls["hidden_groups"].field.value = 0
    lab.view.controls["hidden_units"].field.value = 5
    assert lab.hidden == (5,)
    lab.held_out = 0.2
    assert lab.shape == "iris.csv · 4–5–3 with skips · 120 of 150 cases"
    lab.as_in_the_paper()
    assert (lab.hidden, lab.skips) == ((4,), False)


def test_a_network_that_cannot_be_is_said_and_the_controls_go_back():
    lab = Workbench.from_csv(IRIS)
    sentences = said_by(lab)
    lab.view.choices["tied"].widget.value = True
    assert sentences[-1] == "tied weights need three hidden groups or more, all of one size; the sizes are 4."
    assert lab.view.choices["tied"].widget.value is False


def test_a_truth_table_is_typed_on_the_screen():
    lab = Workbench()
    sentences, panel = said_by(lab), lab.panel
    panel._typed.value = "0 1 | 1\n0 x | 1"
    lab.panel._do["type"](panel._typed.value)
    assert sentences[-1] == "line 2, column 2: 'x' is found; 0 or 1 is expected."
    assert "line 2, column 2" in panel._said.value
    panel._typed.value = AND
    lab.panel._do["type"](panel._typed.value)
    assert lab.cases.desired["output"].ravel().tolist() == [0, 0, 0, 1]
    assert panel._said.value == ""


def test_no_line_of_a_truth_table_is_held_out_because_some_were_before():
    lab = Workbench.from_csv(IRIS, held_out=0.2)
    lab.type(AND)
    assert len(lab.cases) == 4
    lab.load(IRIS)
    assert lab.held_out == 0


def upload(lab, name, content):
    """Give the lab a file as its page does."""
    file = {
        "name": name,
        "type": "text/csv",
        "size": len(content),
        "content": memoryview(content),
        "last_modified": None,
    }
    lab.panel._opened({"new": (file,)})


def test_a_file_is_opened_on_the_screen_and_what_is_wrong_is_said():
    lab = Workbench()
    sentences = said_by(lab)
    upload(lab, "mine.csv", b"size,kind\n1,yes\nbig,no\n2,no\n")
    assert sentences[-1] == "mine.csv, line 3, column 1 ('size'): 'big' is no number, but stands among numbers."
    assert lab.shape.startswith("truth table")
    upload(lab, "<b>.csv", b"size,<i>\n1,yes\n2,no\n")
    assert lab.shape.startswith("<b>.csv · 1–4–1")
    assert "&lt;b&gt;.csv: 2 cases, 1 input unit, 1 output unit." in lab.panel._about.value


def test_roles_are_clicked_and_every_column_says_how_it_was_coded():
    lab = Workbench.from_csv(IRIS)
    sentences, lines = said_by(lab), lab.panel._lines
    assert [role.value for role, _ in lines.values()] == ["input"] * 4 + ["output, as words"]
    assert lines["sepal width"][1].value.startswith("2 to 4.4 became -1 to 1 · ")
    lines["species"][0].value = "left out"
    assert sentences[-1] == "iris.csv: no column is an output; at least one is expected."
    lines["petal width"][0].value = "output"
    assert lab.shape == "iris.csv · 3–4–1 · 150 cases"
    assert lines["petal width"][1].value.startswith("0.1 to 2.5 became 0 to 1 · ")
    lines["petal width"][0].value = "output, as words"
    assert lab.shape == "iris.csv · 3–4–22 · 150 cases"
    assert lab.panel._said.value == ""


def test_roles_that_are_shown_anew_choose_nothing():
    lab = Workbench.from_csv(IRIS)
    sentences, lines = said_by(lab), lab.panel._lines
    lines["species"][0].value = "left out"
    lines["sepal length"][0].value = "left out"
    said = len(sentences)
    lab.load(IRIS)
    assert lab.shape.startswith("iris.csv · 4–4–3")
    assert [role.value for role, _ in lines.values()] == ["input"] * 4 + ["output, as words"]
    assert lab.panel._said.value == ""
    assert not any(sentences[said:])


def test_columns_beyond_those_that_can_be_clicked_keep_their_roles():
    lab = Workbench(code(table_of(30, 40)))
    lab.load(table_of(30, 40), name="wide.csv")
    assert len(lab.panel._lines) == 24
    assert "16 more can be given roles by lab.assign" in lab.panel._about.value
    lab.panel._lines["c0"][0].value = "left out"
    assert lab.shape == "wide.csv · 38–4–1 · 30 cases"


# --- what cannot be ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"hidden": (4, 0)}, "the number of units of a hidden group is 0; a whole number from 1 to 200 is expected"),
        ({"hidden": (2,) * 7}, "there are 7 hidden groups; 6 at most are expected"),
        ({"hidden": "four"}, "the number of units of a hidden group is 'four'"),
        ({"units": "step"}, "units is 'step'; one of 'logistic'"),
        ({"tied": True}, "tied weights need three hidden groups"),
        ({"held_out": 1}, "the share that is held out is 1; a number from 0 to 0.9 is expected"),
        ({"epsilon": [0.1, 0.2]}, "one number is expected"),
        ({"momentum": 1}, "there is no setting 'momentum'"),
        ({"what": "iris.csv"}, "a workbench takes a Cases, a Coded or a Task, but str is given"),
    ],
)
def test_settings_that_cannot_be_get_one_sentence(how, sentence):
    with pytest.raises(ValueError, match=sentence):
        Workbench(**how)


def test_files_that_cannot_be_get_one_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"there is no file 'no.csv' in"):
        Workbench.from_csv(tmp_path / "no.csv")
    with pytest.raises(ValueError, match=r"line 1, column 4: there is no \|"):
        Workbench.from_table("0 1 1")
    assert Path(IRIS).exists()
