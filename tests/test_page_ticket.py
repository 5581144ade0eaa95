"""A ticket goes both ways between a page without Python and a lab: the same text, the same run."""

import json
import math

import numpy as np
import pytest

from labs.kit.ticket import agrees, fingerprint, lab_of, read, ticket_of

from . import test_ticket
from .in_page import in_page, needs_node
from .test_ticket import made

pytestmark = needs_node
MODULES = ("engine", "numbers", "run", "ticket")
LABS = [name for name in test_ticket.LABS if type(made(name)[0]).__name__ != "IterativeLab"]
"""Iterative nets are left to Python."""
FOLLOW = """
const kernel = await makeKernel();
return told.map(({ task, ticket }) => {
  const said = page.readTicket(`> see https://example.org/#${ticket} there`), { written } = said;
  const run = page.runOf(kernel, task, said), wholes = page.wholesIn(written.settings);
  const about = { ...said, shown: written.shown };
  return { ticket: page.ticketOf(run, about, wholes), agrees: page.agrees(run, said), E: [...run.E], wholes };
});
"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """What a page makes of every lab's ticket."""
    labs = [made(name) for name in LABS]
    told = [{"task": lab.run.task.to_dict(), "ticket": ticket} for lab, ticket in labs]
    return dict(zip(LABS, in_page(tmp_path_factory.mktemp("page"), FOLLOW, told, MODULES), strict=True))


@pytest.mark.parametrize("name", LABS)
def test_a_page_follows_the_ticket_of_a_lab(followed, name):
    run = made(name)[0].run
    assert followed[name]["agrees"]
    np.testing.assert_allclose(np.array(followed[name]["E"], float).reshape(-1, run.runs), run.E, rtol=1e-9)


@pytest.mark.parametrize("name", LABS)
def test_a_page_writes_the_ticket_that_the_lab_writes(followed, name):
    lab, ticket = made(name)
    expected = read(ticket) | {"engine": "compiled"}
    assert json.dumps(read(followed[name]["ticket"])) == json.dumps(expected)  # 1.0 and 1 are not the same there
    if lab.run.engine == "compiled":
        assert followed[name]["ticket"] == ticket


WRITE = """
const kernel = await makeKernel(), run = new page.Run(kernel, told.task, told.task.recipe, 3);
run.learn(60);
const before = run.edit(4, 1 / 3);
run.learn(30);
run.steer({ epsilon: 0.3 });
run.cut(15, { sweep: 20, recipe: { ...told.task.recipe, phases: [{ ...run.phase, start: 0 }] } });
run.learn(40);
run.steer({ alpha: 1 });
run.learn(5);
const about = { ...told.about, marks: [[0, "output ← h2 cut"], [40, "α 1"]] };
return [before, run].map((one) => page.ticketOf(one, about, told.wholes));
"""


def test_a_lab_follows_the_ticket_of_a_page_and_writes_it_again(tmp_path):
    lab = test_ticket.steered_symmetry()
    start = test_ticket.SymmetryLab(3)
    told = {"task": start.run.task.to_dict(), "about": {"lab": "SymmetryLab", "shown": {}, **start.to_dict()},
            "wholes": ["hidden", "width"]}  # fmt: skip
    for ticket in in_page(tmp_path, WRITE, told, MODULES):
        lab.follow(ticket)
        assert agrees(lab, ticket)
        again = read(ticket_of(lab))
        assert json.dumps(again | {"engine": "compiled"}) == json.dumps(read(ticket))
        assert ticket_of(lab_of(ticket)) == ticket_of(lab)
    assert lab.frozen == {15}
    assert lab.run.recipe.phases[-1].alpha == 1


WRONG = """
const kernel = await makeKernel(), sentence = (act) => { try { act(); return null; } catch (e) { return e.message; } };
const said = page.readTicket(told.ticket);
return [
  ...told.texts.map((text) => sentence(() => page.readTicket(text))),
  ...told.changes.map((change) => sentence(() => page.runOf(kernel, told.task, { ...said, ...change }))),
];
"""


def sentence(act, *arguments):
    """What is wrong with a ticket, as a lab says it."""
    with pytest.raises(ValueError) as wrong:  # noqa: PT011 (each its own sentence)
        act(*arguments)
    return str(wrong.value)


def test_a_page_refuses_what_a_lab_refuses_with_the_same_sentence(tmp_path):
    lab, ticket = made("steered_symmetry")
    _, body, check = ticket.split(".")
    changed = ticket.replace(body[:9], body[1:9] + "A")
    texts = ["", "hello", ticket[:-20], changed, f"bp2.{body}.{check}", "x" * 200_000]
    changes = [
        {"sweeps": 200_000}, {"every": 0}, {"marks": [[1, "x" * 200]]}, {"held": [-1]},
        {"phases": [[5, 0.1, 0.9, 0.0]]}, {"phases": [[0, 0.1, 1.5, 0.0]]},
    ]  # fmt: skip
    told = {"task": lab.run.task.to_dict(), "ticket": ticket, "texts": texts, "changes": changes}
    found = in_page(tmp_path, WRONG, told, MODULES)
    expected = [sentence(read, text) for text in texts]
    expected += [sentence(test_ticket.module.lab_from, read(ticket) | change) for change in changes]
    assert found == expected


# ---- numbers


def test_numbers_are_written_as_python_writes_them(tmp_path):
    random = np.random.default_rng(1986)
    numbers = [0.0, -0.0, 1.0, -1.0, 0.1, 1e-5, 9.9999e-5, 1e-4, 1e16, 1.5e300, 5e-324, 123456.5, 123455.5, 0.5, 2.5,
               1.5, 2.125, 0.125, 0.375, 1000.0, 99999.5, 999999.5, 1e22, 1234567.0, 100000.5, 0.0625]  # fmt: skip
    numbers += (random.normal(size=3000) * 10.0 ** random.integers(-9, 9, 3000)).tolist()
    numbers += (random.integers(-4000, 4000, 2000) / 16).tolist()
    code = """
    return told.map((x) => [page.repr(x), page.general(x), page.general(x, 3), page.fixed(x, 1), page.fixed(x, 3),
      page.fixed(x, 0), page.rint(x), page.grouped(Math.abs(Math.round(x)) % 1e9)]);
    """
    for x, found in zip(numbers, in_page(tmp_path, code, numbers, ("numbers",)), strict=True):
        whole = abs(math.floor(x + 0.5)) % 10**9
        expected = [repr(x), f"{x:g}", f"{x:.3g}", f"{x:.1f}", f"{x:.3f}", f"{x:.0f}", float(np.rint(x)), f"{whole:,}"]
        if abs(x) >= 1e15:
            found[3:6], expected[3:6] = [], []
        assert found == expected, x


def test_fingerprints_are_those_of_labs(tmp_path):
    random = np.random.default_rng(1986)
    weights = [(random.normal(size=20) * 10.0**k).tolist() for k in range(-12, 9)] + [[0.0, 0.0], [0.5], [-3.0, 1e-7]]
    found = in_page(tmp_path, "return told.map(page.fingerprint);", weights, MODULES)
    assert found == [fingerprint(np.array(w)) for w in weights]
