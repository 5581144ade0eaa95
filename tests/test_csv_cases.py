"""Tables from files: what is read, how it is coded, and one sentence with line and column for whatever is wrong."""

import csv
import io
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpcore as bp
from bpcore.tables import reading, text
from bpcore.tables.coding import code, truth_table
from bpcore.tables.numbers import is_number
from bpcore.tables.reading import read_csv

DATA = Path(__file__).parents[1] / "labs" / "data"


def refused(source, **how):
    """The sentence that a table is refused with."""
    with pytest.raises(ValueError, match=r"t\.csv") as wrong:
        code(read_csv(source, "t.csv"), **how)
    sentence = str(wrong.value)
    assert "\n" not in sentence
    assert len(sentence) < 260
    return sentence


# --- what is wrong with a file -------------------------------------------------------------------------------------

HEAD = b"size,colour,kind\n1,red,yes\n2,blue,no\n"
BROKEN = {
    "empty": (b"", "line 1, column 1: the file is empty"),
    "blank": (b"\n \n\n", "line 1, column 1: the file is empty"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "line 1, column 1: the file is empty"),
    "names alone": (b"size,kind\n", "line 2, column 1: no case follows the names"),
    "one column": (b"size\n1\n2\n", "line 1, column 1: no comma, semicolon or tab"),
    "another separator below": (b"size,kind\n1;yes\n", "line 2, column 2: 'kind' is missing.*another separator"),
    "a cell too few": (HEAD + b"3,red\n", "line 4, column 3: 'kind' is missing: 3 cells are expected, but there are 2"),
    "a cell too many": (HEAD + b"3,red,yes,9\n", "line 4, column 4: '9' has no name above it"),
    "two columns of one name": (b"a,b,a\n1,2,3\n", "line 1, column 3: 'a' is the name of column 1 already"),
    "a number too large": (b"a,b\n1e999,0\n2,1\n", r"line 2, column 1 \('a'\): 1e999 is too large"),
    "one class of words": (b"a,b\n1,yes\n2,yes\n", r"line 2, column 2 \('b'\): it is 'yes' in every case"),
    "one class of numbers": (b"a,b\n1,1\n2,1.0\n", r"line 2, column 2 \('b'\): every number is 1"),
    "one class of zeros": (b"a,b\n1,0\n2,0.0\n", r"line 2, column 2 \('b'\): every number is 0"),
    "a single case": (b"a,b\n1,0\n", r"line 2, column 2 \('b'\): it is '0' in every case"),
    "nothing but NaN": (b"a,b\nnan,1\nnan,0\n", r"line 2, column 1 \('a'\): every cell is empty"),
    "no case that is whole": (b"a,b,c\n1,,x\n,2,y\n", r"line 3, column 1 \('a'\): every case lacks a cell; 1 lack"),
    "thousands or not": (b'a,b\n"1,500",0\n2,1\n3,1\n', r"line 2, column 1 \('a'\): '1,500' can be 1500 or 1.5; say"),
    "dates": (b"a,b\n2024-01-31,0\n2024-02-01,1\n", r"line 2, column 1 \('a'\): '2024-01-31' is a date; make"),
    "neither UTF-8 nor Latin-1": (HEAD + b"3,gr\x81n,yes\n", "line 4, column 2: the byte 0x81 is no UTF-8, and the"),
    "two separators": (b"x;y,z\na;b,c\n", "line 1, column 1: commas and semicolons fit equally well"),
    "UTF-16 without its mark": ("a,b\n1,0\n".encode("utf-16-le"), "line 1, column 1: a zero byte"),
    "binary": (HEAD + b"3,\x00\x01\x02,yes\n", "line 4, column 2: a zero byte"),
    "a spreadsheet": (b"PK\x03\x04\x14\x00", "line 1, column 1: this looks like a zip archive or a spreadsheet"),
    "PDF": (b"%PDF-1.7\n", "line 1, column 1: this looks like PDF"),
    "an open quotation mark": (HEAD + b'3,"red,yes\n4,red,no\n', "line 4, column 2: a quotation mark is opened"),
    "text after a quotation mark": (HEAD + b'3,"red"dish,yes\n', "line 4, column 2: something stands after a closing"),
    "the same after a separator within": (HEAD + b'3,"r,d"x,yes\n', "line 4, column 2: something stands after"),
    "an endless cell": (b"a,b\n1," + b"x" * 140_000 + b"\n", "line 2, column 2: a cell is longer than 131,072"),
    "too many columns": (b",".join(b"c%d" % k for k in range(300)), "line 1, column 201: there are 300 columns"),
    "a web page": (b"<!DOCTYPE html>\n<html></html>\n", "line 1, column 1: no comma, semicolon or tab"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_one_sentence_with_line_and_column(name):
    content, sentence = BROKEN[name]
    assert re.match(f"t.csv, {sentence}", refused(content))


def test_a_file_of_a_gigabyte_is_refused_by_its_size_alone(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    with path.open("wb") as file:
        file.truncate(10**9)
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("it was read"))
    assert refused(path) == ("t.csv has 1,000,000,000 bytes; 10,000,000 are read at most, so take fewer lines of it")
    assert "10,000,001 bytes" in refused(bytes(text.LARGEST + 1))


def test_too_many_lines_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MOST_CASES", 3)
    assert refused(b"a,b\n" + b"1,2\n" * 4).startswith("t.csv, line 5, column 1: 3 cases are read at most")


def test_what_is_no_file_gets_a_sentence(tmp_path):
    assert refused(tmp_path / "t.csv").startswith("there is no file 't.csv' in ")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match="folder is not a file; a CSV file is expected"):
        read_csv(tmp_path / "folder")
    with pytest.raises(ValueError, match="cannot be read"):
        read_csv(tmp_path / ("x" * 5000))
    with pytest.raises(ValueError, match="the name of the file holds a zero byte"):
        read_csv("a\0b.csv")


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"outputs": ["knd"]}, "t.csv: there is no column 'knd'; the columns are 'size', 'colour', 'kind'"),
        ({"outputs": []}, "t.csv: no column is an output; at least one is expected"),
        ({"outputs": ["size", "colour", "kind"]}, "t.csv: no column is an input; at least one is expected"),
        ({"inputs": ["kind", "size"]}, "t.csv: column 'kind' is given as input and as output; one of them is expected"),
        ({"words": ["weight"]}, "t.csv: there is no column 'weight'"),
    ],
)
def test_roles_that_cannot_be_get_a_sentence(how, sentence):
    assert refused(HEAD, **how).startswith(sentence)


UNUSABLE = {
    "infinite": (HEAD + b"-inf,red,yes\n", "size", "line 4, column 1 ('size'): '-inf' is no number"),
    "text among numbers": (HEAD + b"big,red,yes\n", "size", "line 4, column 1 ('size'): 'big' is no number, but"),
    "a number among words": (HEAD + b"3,7,yes\n", "colour", "line 4, column 2 ('colour'): 7 is a number among words"),
    "points and commas": (b'a,b,c\n"1,5",0,0\n2.5,1,1\n', "a", "line 2, column 1 ('a'): '1,5' is written in another"),
    "underscores": (b"a,b,c\n1_5,0,0\n2,1,1\n3,1,1\n", "a", "line 2, column 1 ('a'): '1_5' is no number"),
    "dates": (b"a,b,c\n31.1.24,0,0\n1.2.24,1,1\n", "a", "line 2, column 1 ('a'): '31.1.24' is a date"),
    "times": (b"a,b,c\n12:01,0,0\n0:02,1,1\n", "a", "line 2, column 1 ('a'): '12:01' is a date"),
    "odd thousands": (b'a,b,c\n"1,23,456",0,0\n5,1,1\n', "a", "line 2, column 1 ('a'): '1,23,456' is written in"),
    "empty": (b"a,b,c\n,0,0\n?,1,1\n", "a", "line 2, column 1 ('a'): every cell is empty"),
    "too many words": (
        b"a,b,c\n" + b"".join(b"w%d,%d,%d\n" % (k, k % 2, k % 3) for k in range(60)),
        "a",
        "line 52, column 1 ('a'): 'w50' is word number 51 of 60",
    ),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_column_that_cannot_be_used_is_left_out_and_said_and_refused_if_it_is_asked_for(name):
    content, column, sentence = UNUSABLE[name]
    table = read_csv(content, "t.csv")
    coding = code(table).codings[table.column(column)]
    assert (coding.role, coding.how[:8]) == ("left out", "because ")
    assert coding.how.removeprefix("because ") in refused(content, inputs=[column])
    assert refused(content, inputs=[column]).startswith(f"t.csv, {sentence}")


# --- what is read --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,x\n2,y\n",
        b"a;b\n1;x\n2;y\n",
        b"a\tb\n1\tx\n2\ty\n",
        b"a,b\r\n1,x\r\n2,y\r\n",
        b"a,b\r1,x\r2,y",
        b"\xef\xbb\xbfa,b\n1,x\n2,y\n",
        b'"a","b"\n"1", x \n"2","y"\n',
        b"\na,b\n\n1,x\n,\n2,y\n\n",
    ],
)
def test_the_usual_ways_to_write_a_table_read_the_same(content):
    table = read_csv(content)
    assert (table.names, table.rows) == (("a", "b"), (("1", "x"), ("2", "y")))


def test_lines_are_those_of_the_file_even_where_cells_go_over_several():
    table = read_csv(b'a,b\n\n"1\n1",x\n2,y\n')
    assert table.lines == (3, 5)
    assert table.at(1, 0) == "the table, line 5, column 1 ('a')"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("3", True), ("-.5", True), ("+1e-3", True), ("2.", True)]
    + [(cell, False) for cell in ("", "e", "1_0", "inf", "nan", "0x1", "1 2", "--1", "٣", "1e", ".")],
)
def test_a_number_is_digits_with_a_point_and_a_power_of_ten(cell, expected):
    assert is_number(cell) is expected


def test_numbers_are_stretched_and_it_is_said_how():
    coded = code(read_csv(b"a,b,c,d\n2,0,5,10\n4,1,5,30\n3,1,5,20\n"))
    np.testing.assert_allclose(coded.cases.inputs["input"], [[-1, 0, 0], [1, 1, 0], [0, 1, 0]])
    np.testing.assert_allclose(coded.cases.desired["output"], [[0], [1], [0.5]])
    assert str(coded).splitlines() == [
        "a: input, 2 to 4 became -1 to 1",
        "b: input, 0 and 1, as they are",
        "c: input, always 5, taken as 0",
        "d: output, 10 to 30 became 0 to 1",
    ]
    assert not coded.all_or_none


def test_words_become_a_unit_each_and_two_words_one_unit():
    coded = code(read_csv(b"a,b,c\nx,no,p\ny,yes,q\nx,yes,r\n"), outputs=["b"], inputs=["a", "c"])
    np.testing.assert_array_equal(coded.cases.inputs["input"], [[0, 1, 0, 0], [1, 0, 1, 0], [0, 0, 0, 1]])
    np.testing.assert_array_equal(coded.cases.desired["output"], [[0], [1], [1]])
    assert coded.units == {"input": ("a y", "c p", "c q", "c r"), "output": ("b yes",)}
    assert coded.codings[2].how == "a unit for each of 'p', 'q', 'r' (3)"
    assert coded.all_or_none


def test_numbers_that_are_names_of_kinds_can_be_taken_as_words():
    coded = code(read_csv(b"a,b\n1,3\n2,7\n3,9\n"), words=["b"])
    np.testing.assert_array_equal(coded.cases.desired["output"], np.eye(3))


def test_columns_can_be_left_out():
    coded = code(read_csv(HEAD), outputs=["kind"], inputs=["size"])
    assert [c.role for c in coded.codings] == ["input", "left out", "output"]
    assert coded.cases.inputs["input"].shape == (2, 1)
    assert coded.cases.names == ("line 2: yes", "line 3: no")


def test_cases_that_contradict_each_other_are_noted():
    coded = code(read_csv(b"a,b\n1,0\n2,1\n1,1\n"))
    assert coded.notes == (
        "line 2 and line 4 have the same inputs and different outputs: no network can get both right",
    )


def test_cases_come_from_a_csv_in_one_call():
    cases = bp.Cases.from_csv(DATA / "iris.csv", outputs=["species"])
    assert (cases.inputs["input"].shape, cases.desired["output"].sum(0).tolist()) == ((150, 4), [50, 50, 50])


# --- truth tables --------------------------------------------------------------------------------------------------


def test_a_truth_table_is_typed():
    coded = truth_table("0 0 | 0  # both off\n\n0 1|1\n 1 0 | 1\n1 1 | 0\n")
    assert coded.cases.names == ("00", "01", "10", "11")
    assert coded.cases.desired["output"].ravel().tolist() == [0, 1, 1, 0]
    assert coded.units == {"input": ("input 1", "input 2"), "output": ("output",)}
    assert truth_table("0|1 0\n1|0 1").units["output"] == ("output 1", "output 2")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1, column 1: the truth table is empty"),
        ("# nothing\n\n", "line 1, column 1: the truth table is empty"),
        ("0 1 1", "line 1, column 4: there is no |"),
        ("0 1 | 1\n0 2 | 1", "line 2, column 2: '2' is found; 0 or 1 is expected"),
        ("0 1 | 1 | 0", "line 1, column 4: '|' is found; 0 or 1 is expected"),
        ("01 | 1", "line 1, column 1: '01' is found"),
        ("0 1 |", "line 1, column 3: there are no outputs"),
        ("| 1", "line 1, column 1: there are no inputs"),
        ("0 1 | 1\n\n1 | 0", "line 3, column 2: 1 inputs, but the first line has 2"),
        ("0 1 | 1\n1 1 | 0 1", "line 2, column 4: 2 outputs, but the first line has 1"),
    ],
)
def test_a_truth_table_that_cannot_be_gets_one_sentence(text, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        truth_table(text)


def test_a_truth_table_notes_a_contradiction():
    assert truth_table("1 | 0\n1 | 1").notes[0].startswith("line 1 and line 2 have the same inputs")


# --- anything at all -----------------------------------------------------------------------------------------------


def made_or_refused(make, *arguments):
    """What `make` makes; None where it refuses with a sentence, and nothing else may be raised."""
    try:
        return make(*arguments)
    except ValueError as wrong:
        sentence = str(wrong)
    assert sentence.strip()
    assert "\n" not in sentence
    return None


def check(coded):
    """Coded cases are finite, in range and as wide as their units are many."""
    for kind, states in (("input", coded.cases.inputs["input"]), ("output", coded.cases.desired["output"])):
        assert (states >= (-1 if kind == "input" else 0)).all()
        assert (states <= 1).all()
        assert states.shape[1] == len(coded.units[kind])


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_a_sentence(content):
    coded = made_or_refused(code, made_or_refused(read_csv, content) or "no file of this name")
    if coded:
        check(coded)


CELLS = st.one_of(
    st.sampled_from(
        ["0", "1", "-3.5", "1e300", "5e-324", "1e999", "", "nan", "?", "yes", "no", "1,5", '"', "\r", "a\nb", "é"]
    ),
    st.floats().map(repr),
    st.integers().map(str),
    st.text(max_size=5),
)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8), st.sampled_from(",;\t"), st.booleans())
def test_any_table_is_read_or_refused_in_a_sentence(rows, separator, quoted):
    if quoted:
        file = io.StringIO()
        csv.writer(file, delimiter=separator).writerows([["a", "b", "c", "d"][: len(rows[0]) if rows else 2], *rows])
        text = file.getvalue()
    else:
        text = "\n".join(separator.join(row) for row in rows)
    table = made_or_refused(read_csv, text.encode("utf-8", "surrogatepass"))
    coded = table and made_or_refused(code, table)
    if coded:
        check(coded)


NUMBERS = st.lists(st.floats(-1e100, 1e100), min_size=2, max_size=20)


@given(NUMBERS, NUMBERS)
def test_every_table_of_numbers_is_read_and_keeps_their_order(given_numbers, wanted):
    pairs = list(zip(given_numbers, wanted, strict=False))
    if len({b for _, b in pairs}) < 2:
        return
    coded = code(read_csv(("a,b\n" + "".join(f"{a!r},{b!r}\n" for a, b in pairs)).encode()))
    check(coded)
    order = np.argsort([b for _, b in pairs], kind="stable")
    assert (np.diff(coded.cases.desired["output"][order, 0]) >= 0).all()


@given(st.text(alphabet="01| #\n2x", max_size=60))
def test_any_truth_table_is_read_or_refused_in_a_sentence(text):
    coded = made_or_refused(truth_table, text)
    if coded:
        check(coded)


# --- the tables that are shipped -----------------------------------------------------------------------------------


def rows_of(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_circle_is_its_formula():
    rows = rows_of("circle.csv")
    assert len({(row["x"], row["y"]) for row in rows}) == len(rows) == 121
    assert all((float(r["x"]) ** 2 + float(r["y"]) ** 2 < 0.5) == (r["inside"] == "yes") for r in rows)


def test_the_spirals_are_their_formula():
    rows = rows_of("two_spirals.csv")
    assert len(rows) == 194
    for k, row in enumerate(rows):
        angle, radius = (k // 2) * math.pi / 16, 6.5 * (104 - k // 2) / 104 * (-1) ** k
        assert float(row["x"]) == pytest.approx(radius * math.sin(angle), abs=6e-5)
        assert float(row["y"]) == pytest.approx(radius * math.cos(angle), abs=6e-5)
        assert row["spiral"] == ("first", "second")[k % 2]


def test_the_irises_have_the_sums_of_fishers_table():
    """Means of each species, as Fisher's Table II prints them."""
    means = {
        "setosa": (5.006, 3.428, 1.462, 0.246),
        "versicolor": (5.936, 2.770, 4.260, 1.326),
        "virginica": (6.588, 2.974, 5.552, 2.026),
    }
    columns = ("sepal length", "sepal width", "petal length", "petal width")
    rows = rows_of("iris.csv")
    for species, expected in means.items():
        found = [[float(row[column]) for column in columns] for row in rows if row["species"] == species]
        assert len(found) == 50
        np.testing.assert_allclose(np.mean(found, axis=0), expected, atol=1e-9)


def test_every_shipped_table_has_its_source():
    sources = (DATA / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in DATA.glob("*.csv") if f"`{path.name}`" not in sources] == []
