"""The last row of a lab without a page: links that arrive, and files for the browser."""

import numpy as np
import pytest

import bpcore as bp
from bpcore import tasks
from labs import FamilyTreesLab, SymmetryLab, Workbench
from labs.kit import share_row as module
from labs.kit.export import FORMS
from labs.kit.share_row import file_of
from labs.kit.ticket import lab_of
from tests.pressing import enter


@pytest.fixture(autouse=True)
def _another_kernel(monkeypatch):
    """No test knows of the tickets that arrived in another."""
    monkeypatch.setattr(module, "_followed", set())
    monkeypatch.setattr(module, "_announced", {})


def ticket(sweeps=30):
    lab = SymmetryLab(3)
    lab.step(sweeps)
    return lab.ticket()


def arrive(lab, ticket):
    """A page tells what ticket it was opened with; what the lab says then."""
    lab.view.share._on_message({"type": "arrived", "ticket": ticket})
    return lab.message


def sent_by(lab):
    """What the row sends to its page, a list that grows."""
    sent = []
    lab.view.share._giving.send = lambda content, buffers=(): sent.append((content, *buffers))
    return sent


# --- a link that arrives -------------------------------------------------------------------------------------------


def test_of_several_labs_the_first_of_the_kind_follows_and_only_once():
    labs = [SymmetryLab(), SymmetryLab()]
    for lab in labs:
        assert arrive(lab, ticket()) == ""
    assert [lab.run.sweeps for lab in labs] == [30, 0]
    labs[0].step(5)
    for lab in labs:  # the page is loaded again
        arrive(lab, ticket())
    assert [lab.run.sweeps for lab in labs] == [35, 0]
    arrive(labs[1], ticket(40))  # another link
    assert [lab.run.sweeps for lab in labs] == [35, 40]


def test_a_ticket_of_another_lab_is_named_until_that_lab_is_there():
    other, lab = Workbench(), SymmetryLab()
    assert arrive(other, ticket()) == "The address holds a ticket of the lab 'Symmetry'; this is 'Workbench'."
    assert arrive(FamilyTreesLab(), ticket()) == "", "one sentence is enough"
    assert arrive(lab, ticket()) == other.message == ""
    assert lab.run.sweeps == 30


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda text: text[:40], "This is no ticket, or only a part of one; a text such as bp1.…"),
        (lambda text: text.replace(".", ".A", 1), "The ticket was changed or is cut short: its checksum does not fit"),
        (lambda text: text.replace("bp1", "bp2"), "The ticket is of version 2; this lab reads version 1."),
    ],
)
def test_a_damaged_ticket_gets_one_sentence_in_one_lab(damage, sentence):
    labs = [SymmetryLab(), SymmetryLab()]
    said = [arrive(lab, damage(ticket())) for lab in labs]
    assert said[0].startswith(sentence)
    assert said[1] == ""
    assert [lab.run.sweeps for lab in labs] == [0, 0]


# --- a link that is given ------------------------------------------------------------------------------------------


def test_a_link_is_an_address_and_a_ticket_and_can_be_pasted_like_one():
    lab, again = SymmetryLab(3), SymmetryLab()
    lab.step(20)
    sent = sent_by(lab)
    lab.view.share._on_message(
        {"type": "link", "view": "a", "page": "http://localhost:8888/lab/tree/labs/02_symmetry.ipynb"}
    )
    link = f"http://localhost:8888/lab/tree/labs/02_symmetry.ipynb#{lab.ticket()}"
    assert sent == [({"type": "link", "view": "a", "link": link},)]
    assert lab.view.share.field.value == link
    enter(again, link)
    assert again.digest() == lab.digest() == lab_of(link).digest()


# --- files for the browser -----------------------------------------------------------------------------------------


def test_every_form_is_a_file_of_its_kind():
    lab = SymmetryLab(3)
    lab.step(20)
    page = b"<!DOCTYPE html>"
    starts = [b"<?xml", b"%PDF", b"\x89PNG", b"sweep,E\r\n", b"sweep,h1", b"PK", b'"""Symmetry', page, page]
    names = [
        "symmetry_sweep_20.svg", "symmetry_sweep_20.pdf", "symmetry_sweep_20.png", "symmetry_errors_sweep_20.csv",
        "symmetry_weights_sweep_20.csv", "symmetry_sweep_20.npz", "symmetry_sweep_20.py", "symmetry_sweep_20.html",
        "symmetry_recording_sweep_20.html",
    ]  # fmt: skip
    files = [file_of(lab, form) for form in FORMS]
    assert [name for name, _ in files] == names
    assert [content.startswith(start) for (_, content), start in zip(files, starts, strict=True)] == [True] * 9
    rows = files[3][1].decode().splitlines()[1:]
    np.testing.assert_array_equal([float(row.split(",")[1]) for row in rows], lab.run.E[:, 0])


def test_the_view_that_asked_is_given_the_file():
    lab = SymmetryLab()
    sent = sent_by(lab)
    lab.view.share._on_message({"type": "save", "view": "b", "form": "errors (CSV)"})
    [(content, data)] = sent
    assert content == {"type": "file", "view": "b", "name": "symmetry_errors_sweep_0.csv"}
    assert data.startswith(b"sweep,E")


def test_what_cannot_be_written_is_said_in_one_sentence():
    own = bp.UnitFunction("cube", lambda x: x**3, lambda y, x: 3 * x**2)
    network = bp.layered({"input": 2, "hidden": 2, "output": 1}, unit=own)
    lab = Workbench(bp.Task("mine", network, tasks.xor().cases))
    sent = sent_by(lab)
    for form in ("script (py)", "film (GIF)"):
        lab.view.share._on_message({"type": "save", "view": "a", "form": form})
        assert sent[-1] == ({"type": "file", "view": "a", "name": ""},)
        assert lab.message.startswith("The file was not written: the ")
        assert lab.message.endswith(("can be written down.", "is expected."))
    lab.picture = lambda: 1 / 0
    lab.view.share._on_message({"type": "save", "view": "a", "form": "figure (SVG)"})
    assert lab.message == "The file was not written: division by zero."
