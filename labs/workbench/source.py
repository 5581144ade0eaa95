"""The cases of a workbench and their origin, in a ticket and in a script."""

import contextlib
import csv
import io
from dataclasses import dataclass, fields

import bpcore as bp
from bpcore.tables.coding import Coded, Coding, code, truth_table
from bpcore.tables.numbers import MISSING
from bpcore.tables.reading import Table, read_csv
from bpcore.units import BUILT_IN

from ..kit.script import code as python
from .cases_panel import DATA, TABLES

XOR = "0 0 | 0\n0 1 | 1\n1 0 | 1\n1 1 | 0"
"""The truth table that a workbench begins with if none is given."""
MOST_UNITS = 500
"""Units, of all groups together, of a network that a ticket holds."""
_LONGEST_NAME = 120
_PHASE = tuple(field.name for field in fields(bp.Phase))


@dataclass(frozen=True)
class Source:
    """What a workbench works on.

    Attributes
    ----------
    name : str
    cases : Cases
    task : Task or None         if it came with a network of its own
    table : Table or None       if it came from a file
    coded : Coded or None       how its columns became units
    """

    name: str
    cases: bp.Cases
    task: bp.Task | None = None
    table: Table | None = None
    coded: Coded | None = None

    @classmethod
    def of(cls, what):
        """A Source, from whatever a workbench takes."""
        if what is None:
            what = truth_table(XOR)
        if isinstance(what, Source):
            return what
        if isinstance(what, Coded):
            return cls("truth table", what.cases, coded=what)
        if isinstance(what, bp.Task):
            return cls(what.name, what.cases, task=what)
        if isinstance(what, bp.Cases):
            return cls("cases", what)
        raise ValueError(f"a workbench takes a Cases, a Coded or a Task, but {type(what).__name__} is given")

    @classmethod
    def of_table(cls, source, outputs=None, inputs=None, *, name=None, **how):
        """The Source of a table: a Table, or whatever `read_csv` takes; how it is coded, see `code`."""
        table = source if isinstance(source, Table) else read_csv(source, name)
        coded = code(table, outputs, inputs, **how)
        return cls(table.name, coded.cases, table=table, coded=coded)

    @property
    def roles(self):
        """Names of the columns of a table that are outputs, inputs, words: a dict, as `of_table` takes it."""
        codings = self.coded.codings
        roles = {f"{role}s": [c.column for c in codings if c.role == role] for role in ("output", "input")}
        roles["words"] = [c.column for c in codings if c.as_words]
        decimal = {c.column: c.decimal for c in codings if c.decimal in (*",.",)}
        missing = {} if self.coded.missing == MISSING else {"missing": sorted(self.coded.missing)}
        return roles | ({"decimal": decimal} if decimal else {}) | missing


# ---- in a ticket


def told(source):
    """Everything that `source_told` needs to make a Source again, as plain values."""
    if source.table:
        about = {"name": source.name, "table": csv_text(source.table), "names": source.table.has_names}
        return about | source.roles
    about = {"name": source.name, "cases": source.cases.to_dict()}
    if source.coded:
        about["units"] = source.coded.units
    return about | ({"task": _told_task(source.task)} if source.task else {})


def source_told(about):
    """The Source that `told` described; ValueError if it is none, or too large for a ticket."""
    name = about["name"]
    if not isinstance(name, str) or not name.isprintable() or len(name) > _LONGEST_NAME:
        raise ValueError(f"the cases are called {name!r}; a few words are expected")
    if "table" in about:
        roles = {role: [str(column) for column in about[role]] for role in ("outputs", "inputs", "words")}
        decimal, missing = about.get("decimal", {}), about.get("missing", MISSING)
        if "names" not in about:  # an older ticket: plain numbers and words, and nothing is missing
            decimal = dict.fromkeys({*roles["outputs"], *roles["inputs"]} - {*roles["words"]}, ".")
            missing = ()
        table = _table(about["table"], name, about.get("names", True))
        return Source.of_table(table, **roles, decimal=dict(decimal), missing=[str(mark) for mark in missing])
    cases = _cases(about["cases"])
    if "task" in about:
        task = _task_told(name, cases, about["task"])
        return Source(name, cases, task=task)
    return Source(name, cases, coded=_coded(cases, about["units"]) if "units" in about else None)


def check_units(source, hidden):
    """Refuse a network that is too large for a ticket, before it is made."""
    groups = (*source.cases.inputs.values(), *source.cases.desired.values())
    units = sum(rows.shape[1] for rows in groups) + sum(hidden)
    bp.validate.whole(units, "the number of units in a ticket", 1, MOST_UNITS)


def csv_text(table):
    """A table as the text of a CSV file, which reads back the same: every row on the line where it stood."""
    for separator in ",;\t":
        text = _csv(table, separator)
        with contextlib.suppress(ValueError):  # names that hold so many semicolons that these seem to separate them
            if _table(text, table.name, table.has_names) == table:
                return text
    raise ValueError(f"{table.name}: its cells hold what no CSV file can hold between them")


def _table(text, name, has_names):
    """The table that `csv_text` wrote: what its first line holds most of separates its cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return read_csv(text.encode(), name, names=bool(has_names), separator=max(",;\t", key=first.count))


def _csv(table, separator):
    written, line = [], 1
    names = [(1, table.names)] if table.has_names else []
    for at, row in [*names, *zip(table.lines, table.rows, strict=True)]:
        file = io.StringIO()
        csv.writer(file, delimiter=separator, lineterminator="\n").writerow(row)
        written += ["\n" * (at - line), file.getvalue()]
        line = max(at, line) + file.getvalue().count("\n")
    return "".join(written)


def _cases(plain):
    names = [str(name)[:_LONGEST_NAME] for name in plain["names"]]
    return bp.Cases.from_dict(plain | {"names": names})


def _coded(cases, units):
    """A Coded for cases that came from no table, so that weights are called after its units."""
    named = [(role, str(name)) for role in ("input", "output") for name in units[role]]
    coded = Coded(cases, tuple(Coding(name, role, "as it is", (name,)) for role, name in named))
    for group, rows in (*cases.inputs.items(), *cases.desired.items()):
        if len(coded.units[group]) != rows.shape[1]:
            raise ValueError(f"group '{group}' has {rows.shape[1]} units, and {len(coded.units[group])} names")
    return coded


def _told_task(task):
    for group in task.network.groups:
        _built_in(group.unit)
    plain = task.to_dict()
    recipe = plain["recipe"]
    return {
        **plain["network"],
        "recipe": {name: recipe[name] for name in ("decay_biases", "tolerance", "update", "tied", "start")},
        "phase": list(recipe["phases"][0].values()),
        "right_within": plain["right_within"],
        "held_out": plain["held_out"],
    }


def _task_told(name, cases, about):
    bp.validate.whole(sum(group[1] for group in about["groups"]), "the number of units in a ticket", 1, MOST_UNITS)
    network, phase = bp.Network.from_dict(about), dict(zip(_PHASE, about["phase"], strict=True))
    recipe = bp.Recipe.from_dict(about["recipe"] | {"phases": [phase]})
    held_out = about["held_out"] and _cases(about["held_out"])
    return bp.Task(name, network, cases, recipe, about["right_within"], held_out)


def _built_in(unit):
    if BUILT_IN.get(unit.name) is not unit:
        raise ValueError(
            f"the unit function '{unit.name}' is your own; one of {', '.join(BUILT_IN)} can be written down"
        )
    return unit.name


# ---- in a script


def python_cases(source):
    """Python that makes the cases: from the table that comes with the lab, or from what is spelt out."""
    if not source.table:
        return f"cases = {_python_cases(source.cases)}"
    roles = ", ".join(f"{role}={names!r}" for role, names in source.roles.items())
    if source.name in TABLES.values() and read_csv(DATA / source.name) == source.table:
        return f'TABLE = Path(bp.__file__).parents[1] / "labs" / "data" / {source.name!r}\n' + _from_csv("TABLE", roles)
    text = csv_text(source.table)
    roles += _reading(text, source.table)
    lines = text.splitlines(keepends=True)
    return "\n".join(["TABLE = (", *(f"    {line!r}" for line in lines), ")", _from_csv("TABLE.encode()", roles)])


def _reading(text, table):
    """What `read_csv` has to be told to read the text as this table, in Python."""
    for how in ({}, {"names": table.has_names}, *({"names": table.has_names, "separator": mark} for mark in ",;\t")):
        with contextlib.suppress(ValueError):
            if read_csv(text.encode(), table.name, **how) == table:
                return "".join(f", {name}={value!r}" for name, value in how.items())
    raise ValueError(f"{table.name}: its cells hold what no CSV file can hold between them")


def _from_csv(table, roles):
    return f"cases = bp.Cases.from_csv({table}, {roles})"


def python_network(network):
    """Python that makes a network, with every group and link spelt out."""
    groups = [f"    bp.Group({g.name!r}, {g.size}, bp.{_built_in(g.unit)}, {g.biases})," for g in network.groups]
    links = [f"    bp.Link({k.source!r}, {k.target!r}, {k.block!r})," for k in network.links]
    return "\n".join(["groups = [", *groups, "]", "links = [", *links, "]", "network = bp.Network(groups, links)"])


def _python_cases(cases):
    names = cases.to_dict()["names"]
    kinds = (", ".join(f"{name!r}: {python(rows)}" for name, rows in k.items()) for k in (cases.inputs, cases.desired))
    return f"bp.Cases({', '.join([*(f'{{{kind}}}' for kind in kinds), *([repr(names)] if names else [])])})"
