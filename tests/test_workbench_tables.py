"""Tables in the workbench without a page: their columns get other roles, and all that was decided is said."""

import warnings

import numpy as np

import bpcore as bp
from labs import Workbench
from labs.workbench.source import python_cases
from tests.test_workbench import said_by, upload


def test_a_table_that_makes_no_cases_yet_shows_its_columns_and_is_learnt_with_other_roles():
    lab = Workbench()
    sentences = said_by(lab)
    upload(lab, "dates.csv", b"day,temp\n2024-01-01,1\n2024-01-02,2\n2024-01-03,5\n")
    assert sentences[-1].startswith("dates.csv, line 2, column 1 ('day'): '2024-01-01' is a date; make it a number")
    assert lab.shape.startswith("truth table")
    day, how = lab.panel._lines["day"]
    assert (day.value, how.value.startswith("because &#x27;2024-01-01&#x27; is a date")) == ("left out", True)
    assert lab.panel._about.value == "dates.csv: 3 cases were read; give its columns other roles to learn them."
    day.value = "input, as words"
    assert lab.shape == "dates.csv · 3–4–1 · 3 cases"
    assert (lab.panel._said.value, sentences[-1]) == ("", "")


def test_a_column_that_can_be_read_both_ways_is_clicked():
    lab = Workbench()
    upload(lab, "pop.csv", b'pop,x,kind\n"1,234",1,a\n"2,345",2,b\n"3,456",3,a\n')
    assert lab.shape == "pop.csv · 1–4–1 · 3 cases"
    role, how = lab.panel._lines["pop"]
    assert role.value == "left out"
    role.value = "input, decimal comma"
    assert how.value.startswith("with decimal commas, 1.234 to 3.456 became -1 to 1")
    role.value = "input, decimal point"
    assert how.value.startswith("with commas between thousands, 1234 to 3456 became -1 to 1")
    assert lab.shape == "pop.csv · 2–4–1 · 3 cases"
    other = Workbench.with_chosen(lab.chosen(), hidden=(4,))
    assert other.coded.codings == lab.coded.codings
    lab.panel._lines["kind"][0].value = "left out"
    assert "no column is an output" in lab.panel._said.value


def test_the_first_line_can_be_taken_for_names_or_a_case():
    lab = Workbench()
    upload(lab, "iris.data", b"5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,versicolor\n")
    assert lab.shape == "iris.data · 2–4–1 · 3 cases"
    assert "line 1 was taken for a case" in lab.panel._about.value
    assert [*lab.panel._lines] == ["column 1", "column 2", "column 3"]
    upload(lab, "words.csv", b"hot,dry\ncold,wet\nwarm,moist\n")
    assert lab.shape == "words.csv · 1–4–1 · 2 cases"
    lab.panel._names.value = False
    assert lab.shape == "words.csv · 3–4–3 · 3 cases"
    assert [*lab.panel._lines] == ["column 1", "column 2"]
    other = Workbench.with_chosen(lab.chosen(), hidden=(4,))
    assert other.cases.names == lab.cases.names == ("line 1: dry", "line 2: wet", "line 3: moist")


def test_cases_with_missing_cells_are_counted_on_the_screen():
    lab = Workbench()
    upload(lab, "penguins.csv", b"mass,sex,species\n3750,male,a\n3800,female,a\n3900,NA,b\n4500,female,b\n")
    assert lab.shape == "penguins.csv · 2–4–1 · 3 cases"
    assert "1 of 4 cases are left out: &#x27;sex&#x27; is &#x27;NA&#x27;." in lab.panel._about.value
    lab.panel._lines["sex"][0].value = "left out"
    assert lab.shape == "penguins.csv · 1–4–1 · 4 cases"


def test_an_older_ticket_makes_the_cases_that_it_made():
    table = 'x,y,z,kind\n1.234,?,"1,2",a\n2.345,none,"2,5",b\n'
    about = {"name": "old.csv", "table": table, "outputs": ["kind"], "inputs": ["x", "y"], "words": ["y", "kind"]}
    lab = Workbench.with_chosen(about, hidden=(4,))
    assert lab.cases.inputs["input"].tolist() == [[-1, 0], [1, 1]]
    again = Workbench.with_chosen(lab.chosen(), hidden=(4,))
    assert again.cases.inputs["input"].tolist() == lab.cases.inputs["input"].tolist()


def test_a_script_reads_the_table_as_the_workbench_does():
    lab = Workbench()
    for content in (b"hot,dry\ncold,wet\nwarm,moist\n", b"x;y;kind\n1,5;;a\n2,5;3;b\n3,5;4;a\n", b"1,2\n3,4\n5,5\n"):
        upload(lab, "mine.csv", content)
        lab.assign(names=lab._source.table.has_names and lab._source.table.names[0] != "hot")
        made = {"bp": bp}
        with warnings.catch_warnings(action="ignore"):  # of the case that is left out
            exec(python_cases(lab._source), made)
        for kind in ("inputs", "desired"):
            np.testing.assert_equal(getattr(made["cases"], kind), getattr(lab.cases, kind))
        assert made["cases"].names == lab.cases.names
