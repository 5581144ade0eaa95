"""Tables as people have them: what is read equals what was written, or one sentence says why not."""

import csv
import io
import warnings

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bpcore as bp
from bpcore.tables import columns
from bpcore.tables.coding import code
from bpcore.tables.numbers import MISSING, notations
from bpcore.tables.reading import read_csv

# --- files that were misread or refused ----------------------------------------------------------------------------

TITANIC = "PassengerId,Survived,Pclass,Name,Age,Cabin\n" + "".join(
    f'{k},{k % 2},{k % 3 + 1},"Sur{k}, Mr. X (""Nick"")",{20 + k if k % 5 else ""},{"" if k % 4 else f"C{k}"}\n'
    for k in range(1, 80)
)
READ = {
    "header_commas_decimal_commas.csv": (
        "Länge, cm;Breite, cm;Art\r\n5,1;3,5;a\r\n4,9;3,0;b\r\n6,3;2,9;a\r\n",
        {"Länge, cm": [5.1, 4.9, 6.3], "Breite, cm": [3.5, 3, 2.9], "Art": ["a", "b", "a"]},
    ),
    "header_commas_in_quotes.csv": (
        '"Länge, cm";"Breite, cm, Blatt";"Art, Name"\n5.1;3.5;a\n4.9;3.0;b\n6.1;2.9;a\n',
        {"Länge, cm": [5.1, 4.9, 6.1], "Breite, cm, Blatt": [3.5, 3, 2.9], "Art, Name": ["a", "b", "a"]},
    ),
    "header_commas_unquoted.csv": (
        "Länge, cm;Breite, cm;Art\r\n5;3;a\r\n4;3;b\r\n6;2;a\r\n",
        {"Länge, cm": [5, 4, 6], "Breite, cm": [3, 3, 2], "Art": ["a", "b", "a"]},
    ),
    "header_quoted_newline.csv": (
        '"petal\nlength (cm)","petal width",kind\n1.4,0.2,a\n4.7,1.4,b\n',
        {"petal length (cm)": [1.4, 4.7], "petal width": [0.2, 1.4], "kind": ["a", "b"]},
    ),
    "vt.csv": ("a\vx,kind\n1,x\n2,y\n", {"a x": [1, 2], "kind": ["x", "y"]}),
    "iris.data": (
        "5.1,3.5,1.4,0.2,Iris-setosa\n7.0,3.2,4.7,1.4,Iris-versicolor\n6.3,3.3,6.0,2.5,Iris-virginica\n\n",
        {
            "column 1": [5.1, 7, 6.3],
            "column 2": [3.5, 3.2, 3.3],
            "column 3": [1.4, 4.7, 6],
            "column 4": [0.2, 1.4, 2.5],
            "column 5": ["Iris-setosa", "Iris-versicolor", "Iris-virginica"],
        },
    ),
    "car.data": (
        "vhigh,low,2,big\nhigh,vhigh,3,small\n",
        {"column 1": ["vhigh", "high"], "column 2": ["low", "vhigh"], "column 3": [2, 3], "column 4": ["big", "small"]},
    ),
    "wine.data": ("1,14.5,1.75\n2,13.5,1.5\n", {"column 1": [1, 2], "column 2": [14.5, 13.5], "column 3": [1.75, 1.5]}),
    "auto-mpg.data": (
        '18.0   8   3504.      1\t"chevrolet x"\n15.0   6   3693.      1\t"buick y"\n',
        {
            "column 1": [18, 15],
            "column 2": [8, 6],
            "column 3": [3504, 3693],
            "column 4": [1, 1],
            "column 5": ["chevrolet x", "buick y"],
        },
    ),
    "heart_header_year.csv": (
        "2019,2020,2021,kind\n1,2,3,a\n2,3,4,b\n",
        {"2019": [1, 2], "2020": [2, 3], "2021": [3, 4], "kind": ["a", "b"]},
    ),
    "percent.csv": ("share,kind\n12%,a\n55.5%,b\n7 %,a\n", {"share": [12, 55.5, 7], "kind": ["a", "b", "a"]}),
    "millions.csv": ('pop,kind\n"1,234,567",a\n"2,345,678",b\n', {"pop": [1234567, 2345678], "kind": ["a", "b"]}),
    "space_thousands.csv": (
        "pop;kind\n1\xa0234;a\n22\xa0345;b\n3 456;a\n",
        {"pop": [1234, 22345, 3456], "kind": ["a", "b", "a"]},
    ),
    "currency.csv": ("price,kind\n$12.50,a\n$7.00,b\n-$3,a\n", {"price": [12.5, 7, -3], "kind": ["a", "b", "a"]}),
    "minus_all.csv": ("t,kind\n−1.5,a\n−2.5,b\n−3,a\n", {"t": [-1.5, -2.5, -3], "kind": ["a", "b", "a"]}),
    "decimal_commas_with_NA.csv": (
        "x;y;kind\n1,5;2.5;a\nNA;3.5;b\n2,75;4.25;a\n3,125;1.5;b\n",
        {"x": [1.5, None, 2.75, 3.125], "y": [2.5, 3.5, 4.25, 1.5], "kind": ["a", "b", "a", "b"]},
    ),
    "penguins_sex.csv": (
        "mass,sex,species\n3750,male,Adelie\n3800,female,Adelie\n3900,NA,Gentoo\n4500,female,Gentoo\n",
        {
            "mass": [3750, 3800, 3900, 4500],
            "sex": ["male", "female", None, "female"],
            "species": ["Adelie", "Adelie", "Gentoo", "Gentoo"],
        },
    ),
    "sep_line.csv": ("sep=;\r\na;b;kind\r\n1;2;x\r\n2;3;y\r\n", {"a": [1, 2], "b": [2, 3], "kind": ["x", "y"]}),
    "double_bom.csv": ("\ufeff\ufeffa,kind\n1,x\n2,y\n", {"a": [1, 2], "kind": ["x", "y"]}),
    "zero_width.csv": ("a,kind\n1,x\n2,x\u200b\n3,y\n", {"a": [1, 2, 3], "kind": ["x", "x", "y"]}),
    "two forms of a letter": (
        "a,kind\n1,gru\u0308n\n2,gr\xfcn\n3,y\n",
        {"a": [1, 2, 3], "kind": ["grün", "grün", "y"]},
    ),
    "trailing_empty_columns.csv": ("a,kind,,\n1,x,,\n2,y,,\n", {"a": [1, 2], "kind": ["x", "y"]}),
    "utf16.csv": ("a\tkind\n1\tx\n2\ty\n".encode("utf-16"), {"a": [1, 2], "kind": ["x", "y"]}),
    "windows1252.csv": ("a;Größe\n1;groß\n2;klein\n".encode("cp1252"), {"a": [1, 2], "Größe": ["groß", "klein"]}),
    "bars": ("a|kind\n1|x\n2|y\n", {"a": [1, 2], "kind": ["x", "y"]}),
    "single quotation marks": ("'a, b','kind'\n1,'x, y'\n2,'z'\n", {"a, b": [1, 2], "kind": ["x, y", "z"]}),
    "an index without a name": (",a,kind\n0,1,x\n1,2,y\n", {"column 1": [0, 1], "a": [1, 2], "kind": ["x", "y"]}),
}


def values_of(table):
    """What a table says, {name: numbers or words}; None for a cell that is missing."""
    found = {}
    for column in columns_of(table):
        whole = column.numbers.values if column.numbers else dict(enumerate(column.cells))
        assert not column.unusable
        found[column.name] = [None if k in column.missing else whole[k] for k in range(len(column.cells))]
    return found


def columns_of(table):
    """The columns of a table, read."""
    return columns.columns_of(table, (), {}, MISSING)


@pytest.mark.parametrize("name", READ)
def test_a_file_that_was_misread_is_read(name):
    content, expected = READ[name]
    assert values_of(read_csv(content if isinstance(content, bytes) else content.encode(), name)) == expected
    if isinstance(content, str):
        assert values_of(read_csv(content)) == values_of(read_csv(io.StringIO(content, newline=""))) == expected


@pytest.mark.parametrize(
    ("name", "note"),
    [
        (
            "iris.data",
            "line 1 was taken for a case, since it looks as the lines below do (5.1, 3.5, 1.4, 0.2, Iris-set",
        ),
        ("heart_header_year.csv", "line 1 was taken for names: 2019, 2020, 2021, kind"),
        ("utf16.csv", "the file was read as UTF-16"),
        (
            "windows1252.csv",
            "the file was read as Windows-1252 (Latin-1), not as UTF-8: see 'Größe' in line 1, column 2",
        ),
        ("zero_width.csv", "characters that nobody sees were taken out"),
        ("header_commas_decimal_commas.csv", "semicolons were taken for what separates the cells"),
        ("decimal_commas_with_NA.csv", "1 of 4 cases are left out: 'x' is 'NA'"),
    ],
)
def test_what_the_reader_decided_is_said(name, note):
    content = READ[name][0]
    coded = code(content if isinstance(content, bytes) else content.encode())
    assert [said for said in coded.notes if said.startswith(note)] != []
    with pytest.warns(UserWarning, match="was|is|were|are"):
        bp.Cases.from_csv(content)


@pytest.mark.parametrize(
    ("cells", "how"),
    [
        (["12%", "55.5 %"], "in percent"),
        (["1,234,567"], "with commas between thousands"),
        (["1.234,5", "2"], "with decimal commas, with points between thousands"),
        (["€ 1'234.50"], "in €, with apostrophes between thousands"),
        (["−3"], "with a true minus"),
        (["3", "1e-3"], ""),
    ],
)
def test_how_a_column_of_numbers_was_read_is_said(cells, how):
    assert [found.how for found in notations(cells)] == [how]


def test_a_table_of_which_some_columns_cannot_be_used_is_read():
    coded = code(TITANIC.encode())
    assert [c.role for c in coded.codings] == ["input", "input", "input", "left out", "output", "left out"]
    assert coded.codings[3].how.startswith("because 'Sur51, Mr. X (\"Nick\")' is word number 51 of 79")
    assert coded.codings[5].how == "because 60 of 79 cells are empty"
    assert coded.notes == ("15 of 79 cases are left out: 'Age' is empty",)
    assert len(coded.cases) == 64
    assert coded.cases.names[4] == "line 7: 26"
    with pytest.warns(UserWarning, match="Cabin is left out, because 60 of 79 cells are empty; 15 of 79 cases"):
        bp.Cases.from_csv(TITANIC)
    asked = code(TITANIC.encode(), outputs=["Pclass"], inputs=["Survived", "Cabin"])
    assert asked.notes[0] == "60 of 79 cases are left out: 'Cabin' is empty"


def test_a_column_that_can_be_read_both_ways_is_asked_about():
    content = 'pop,x,kind\n"1,234",1,a\n"2,345",2,b\n'
    assert (
        code(content.encode()).codings[0].how == "because '1,234' can be 1234 or 1.234; say which its decimal mark is"
    )
    how = {mark: code(content.encode(), decimal={"pop": mark}).codings[0].how for mark in ",."}
    assert how == {
        ",": "with decimal commas, 1.234 to 2.345 became -1 to 1",
        ".": "with commas between thousands, 1234 to 2345 became -1 to 1",
    }
    german = "pop;x;kind\n1.234;1,5;a\n2.345;2,5;b\n"
    assert code(german.encode()).codings[0].how.startswith("because '1.234' can be 1.234 or 1234")
    assert code(german.replace(",", ".").encode()).codings[0].how.startswith("1.234 to 2.345")


def test_a_table_can_be_told_whether_its_first_line_holds_names():
    table = read_csv(b"hot,dry\ncold,wet\n")
    assert (table.names, table.has_names) == (("hot", "dry"), True)
    assert table.notes == ("line 1 was taken for names: hot, dry",)
    other = table.with_names(False)
    assert other == read_csv(b"hot,dry\ncold,wet\n", names=False)
    assert (other.names, other.lines, other.notes) == (("column 1", "column 2"), (1, 2), ())
    assert other.with_names(True) == table


def test_no_table_is_warned_of_if_nothing_had_to_be_decided():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        bp.Cases.from_csv(b"a,b\n1,x\n2,y\n")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("https://archive.org/iris.data", "'https://archive.org/iris.data' is an address on the net; save the file"),
        ("~/no such file.csv", "there is no file 'no such file.csv' in "),
        (b"\xff\xfea", "the table, line 1, column 1: this begins as UTF-16 and is not; save the file as UTF-8"),
    ],
)
def test_what_cannot_be_opened_gets_one_sentence(source, sentence):
    with pytest.raises(ValueError, match=r"^[^\n]+$") as wrong:
        read_csv(source)
    assert str(wrong.value).startswith(sentence)


def test_a_file_in_the_home_folder_and_an_open_file_are_read(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "mine.csv").write_text("a,b\n1,x\n2,y\n")
    assert read_csv("~/mine.csv").name == "mine.csv"
    with (tmp_path / "mine.csv").open("rb") as file:
        assert read_csv(file) == read_csv("~/mine.csv")


# --- anything that is written is read back -------------------------------------------------------------------------

GROUPED = {",": ". '", ".": ", '"}  # what may stand between thousands, by the decimal mark
LETTERS = st.sampled_from("abcxyzäß")
WORDS = st.tuples(LETTERS, st.text("abc xyß,;|'\"-", max_size=4), LETTERS).map("".join)


@st.composite
def numbers_written(draw, n):
    """(values, cells) of a column of numbers, all in one notation."""
    decimal = draw(st.sampled_from(".,"))
    group = draw(st.sampled_from(["", *GROUPED[decimal]]))
    # with points between thousands a column needs a decimal comma somewhere: 1.000 alone is plainly one
    digits = draw(st.integers(group == ".", 3))
    sign = draw(st.sampled_from("-−"))
    before, after = draw(st.sampled_from([("", "")] * 3 + [("", "%"), ("", " %"), ("$", ""), ("€ ", ""), ("", " EUR")]))
    values = [draw(st.integers(-9_999_999, 9_999_999)) / 10**digits for _ in range(n)]
    cells = []
    for value in values:
        text = f"{abs(value):,.{digits}f}".replace(",", "G").replace(".", decimal).replace("G", group)
        cells.append(f"{sign * (value < 0)}{before}{text}{after}")
    return values, cells


@st.composite
def tables(draw):
    """(values by column, names or None, records) as somebody may write them."""
    n, width = draw(st.integers(2, 6)), draw(st.integers(2, 5))
    values, written = [], []
    for _ in range(width):
        if draw(st.booleans()):
            column, cells = draw(numbers_written(n))
        else:
            column = cells = draw(st.lists(WORDS, min_size=n, max_size=n))
        mark = draw(st.sampled_from(["", "?", "-", "NA", "n/a", "NaN"]))
        gaps = draw(st.sets(st.integers(0, n - 1), max_size=n - 1)) if draw(st.booleans()) else ()
        values.append([None if k in gaps else value for k, value in enumerate(column)])
        written.append([mark if k in gaps else cell for k, cell in enumerate(cells)])
    names = draw(st.one_of(st.none(), st.lists(WORDS.map(str.upper), min_size=width, max_size=width, unique=True)))
    return values, names, [*([names] if names else []), *map(list, zip(*written, strict=True))]


def read_or_refused(content):
    """The table; None where one sentence says why it cannot be read."""
    try:
        return read_csv(content)
    except ValueError as wrong:
        sentence = str(wrong)
    assert "\n" not in sentence
    assert "line " in sentence
    return None


@given(
    tables(),
    st.sampled_from(",;\t|"),
    st.sampled_from("\"'"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
@example(([[1.5, 2.5], ["a", "b"]], None, [["1,5", "a"], ["2,5", "b"]]), ";", '"', csv.QUOTE_MINIMAL, "\n", "utf-8")
def test_what_is_read_back_equals_what_was_written(table, separator, quote, quoting, end, encoding):
    values, names, records = table
    records = [record if any(record) else ["?"] * len(record) for record in records]  # an empty line is no case
    encoding = "utf-8" if "−" in str(records) else encoding
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=separator, quotechar=quote, quoting=quoting, lineterminator=end).writerows(records)
    found = read_or_refused(file.getvalue().encode(encoding))
    if found is None:
        return
    if found.has_names != bool(names):  # a table of words alone: it is said
        assert any("was taken for" in note for note in found.notes)
        found = found.with_names(bool(names))
    if len(found.names) != len(values):  # it is said as well
        assert any("taken for what separates" in note for note in found.notes)
        return
    expected = names or [f"column {k + 1}" for k in range(len(values))]
    assert found.names == tuple(" ".join(name.split()) for name in expected)
    for column, wanted in zip(columns_of(found), values, strict=True):
        is_words = any(isinstance(value, str) for value in wanted)
        if column.unusable:
            assert column.decimal == "?" or "every cell is empty" in column.unusable
            continue
        assert column.as_words == is_words
        assert column.missing == {k for k, value in enumerate(wanted) if value is None}
        got = {k: column.cells[k] for k in range(len(wanted))} if is_words else column.numbers.values
        for k, value in enumerate(wanted):
            assert value is None or got[k] == (value if is_words else pytest.approx(value, abs=1e-9))


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), min_size=2, max_size=9), st.booleans())
def test_numbers_between_blanks_are_read_back(rows, has_names):
    lines = ["  ".join(map(repr, row)) for row in rows]
    table = read_csv("\n".join([*(["x  y z"] if has_names else []), *lines]))
    assert table.has_names == has_names
    assert [[float(cell) for cell in row] for row in table.rows] == rows


# --- small public tables, with invented rows -----------------------------------------------------------------------

SHAPES = {
    "abalone": "M,0.455,0.365,15\nF,0.53,0.42,9\nI,0.33,0.255,7\nM,0.44,0.365,10\n",
    "breast-cancer-wisconsin": "1000025,5,1,?,2\n1002945,5,4,10,4\n1015425,3,1,2,2\n1016277,6,8,4,4\n",
    "monks": " 1 1 1 1 1 3 1 data_5\n 0 1 1 1 1 3 2 data_6\n 1 1 2 1 3 1 1 data_19\n",
    "wine": "1,14.2,1.7,2.4,1065\n1,13.2,1.8,2.1,1050\n2,12.3,1.1,2.3,500\n3,12.9,2.4,2.6,630\n",
    "penguins": "species,island,bill_length_mm,sex\nAdelie,Dream,39.1,male\nAdelie,Dream,NA,NA\nGentoo,Biscoe,46,x\n",
}


@pytest.mark.parametrize(
    ("name", "cases", "has_names", "notes"),
    [
        ("abalone", 4, False, []),
        ("breast-cancer-wisconsin", 3, False, ["1 of 4 cases are left out: 'column 4' is '?'"]),
        ("monks", 3, False, []),
        ("wine", 4, False, []),
        ("penguins", 2, True, ["1 of 3 cases are left out: 'bill_length_mm' is 'NA' in 1, 'sex' is 'NA' in 1"]),
    ],
)
def test_small_public_tables_are_read_in_their_original_form(name, cases, has_names, notes):
    table = read_csv(SHAPES[name], name)
    coded = code(table)
    assert (len(coded.cases), table.has_names) == (cases, has_names)
    assert list(coded.notes[1 - has_names :]) == notes
    assert np.isfinite(coded.cases.inputs["input"]).all()
