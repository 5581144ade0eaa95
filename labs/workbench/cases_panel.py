"""The workbench's table: a file to open, a truth table to type, roles of the columns, and how each was coded."""

from html import escape
from pathlib import Path

import ipywidgets as widgets

from bpcore.tables.coding import LEFT_OUT, outlook
from bpcore.tables.text import shortened

from ..kit.controls import ByProgram, button, fold, when_typed

DATA = Path(__file__).parents[1] / "data"
"""Where the tables are that come with the lab."""
TABLES = {"circle": "circle.csv", "two spirals": "two_spirals.csv", "iris": "iris.csv"}
"""Those that have a button, by its name."""
_ENDINGS = ".csv,.tsv,.txt,.data,.dat,.tab"
_ROWS, _COLUMNS = 5, 24  # that are previewed; that have a role to click
_ROLES = {
    "input": ("input", False, ""),
    "output": ("output", False, ""),
    "left out": ("left out", False, ""),
    "input, as words": ("input", True, ""),
    "output, as words": ("output", True, ""),
}
DECIMALS = {",": "decimal comma", ".": "decimal point"}
_DECIMAL = {f"{role}, {name}": (role, False, mark) for mark, name in DECIMALS.items() for role in ("input", "output")}
"""Roles of columns that can be read both ways."""


class CasesPanel:
    """What stands below the canvas of a workbench.

    Parameters
    ----------
    at_home : callable
        ``at_home(f, ...)`` calls f on the thread that trains.
    actions : dict
        "load", "type" and "assign", each of which says on the screen what it cannot do.
    """

    def __init__(self, at_home, actions):
        self._home, self._do = at_home, actions
        self._by_program = ByProgram()
        self._codings, self._lines = (), {}  # of the columns that are shown; column -> (Dropdown, HTML)
        self._file = widgets.FileUpload(accept=_ENDINGS, description="Open a CSV file", tooltip="Up to 10 MB")
        self._file.observe(self._opened, "value")
        self._typed = widgets.Textarea(placeholder="0 1 | 1", description="truth table", continuous_update=False)
        self._typed.layout = widgets.Layout(width="270px", height="92px")
        take = button("Take it", "Train on this truth table", lambda: when_typed(self._take_typed))
        shipped = [
            button(name, f"Train on {file}", lambda file=file: at_home(self._do["load"], DATA / file))
            for name, file in TABLES.items()
        ]
        for made in (self._file, take, *shipped):
            made.layout.width = "auto"
        self._said, self._about, self._columns = widgets.HTML(), widgets.HTML(), widgets.VBox()
        self._names = widgets.Dropdown(options={"holds names": True, "is a case": False}, description="first line")
        self._names.style.description_width, self._names.layout.width = "130px", "290px"
        self._names.observe(lambda change: self._by_program.here or at_home(self._renamed, change.new), "value")
        head = widgets.Box([self._file, *shipped, self._typed, take], layout=_wrapping())
        parts = fold(
            "Your own cases: open a CSV file, type a truth table, choose inputs and outputs …",
            head, self._said, self._about, self._names, self._columns,
        )  # fmt: skip
        self.widget = widgets.VBox(parts, layout=widgets.Layout(grid_area="auto / 1 / auto / -1", margin="4px 0 0"))
        self.widget.add_class("bp-cases-panel")

    def say(self, sentence):
        """Show one sentence above the table; "" takes it away."""
        self._said.value = f'<b role="alert" style="color: var(--bp-wrong)">{escape(sentence)}</b>' if sentence else ""

    def show(self, source):
        """Show what the workbench works on now, a `source.Source`."""
        self._show(source.table, source.coded.codings if source.table else (), _about(source))

    def offer(self, table):
        """Show the columns of a table that makes no cases yet, so that they can be given roles."""
        about = f"{table.name}: {len(table.rows):,} cases were read; give its columns other roles to learn them."
        self._show(table, outlook(table), "<br>".join(map(escape, [about, *(f"{note}." for note in table.notes)])))

    def _show(self, table, codings, about):
        self._codings = codings
        self.say("")
        self._about.value = about
        with self._by_program:
            self._names.layout.display = "" if table else "none"
            self._names.value = not table or table.has_names
            codings = codings[:_COLUMNS]
            if [*self._lines] != [coding.column for coding in codings]:
                self._lines = {coding.column: self._line(coding) for coding in codings}
                self._columns.children = [widgets.Box([*line], layout=_wrapping()) for line in self._lines.values()]
            for column, coding in enumerate(codings):
                role, how = self._lines[coding.column]
                options = [*_ROLES, *(_DECIMAL if coding.decimal else ())]
                if [*role.options] != options:
                    role.options = options
                role.value, how.value = _role(coding), _how(table, column, coding)

    def _line(self, coding):
        role = widgets.Dropdown(options=list(_ROLES), description=shortened(coding.column))
        role.style.description_width, role.layout.width = "130px", "290px"
        role.tooltip = coding.column
        role.observe(
            lambda change: self._by_program.here or self._home(self._assigned, coding.column, change.new), "value"
        )
        return role, widgets.HTML()

    def _renamed(self, has_names):
        self._do["assign"](names=has_names)

    def _assigned(self, column, its):
        """Take the roles as they are chosen; those beyond the ones on the screen stay as they are."""
        chosen = {coding.column: _role(coding) for coding in self._codings}
        before = dict(chosen)
        chosen |= {column: role.value for column, (role, _) in self._lines.items()} | {column: its}
        if chosen == before:
            return
        roles = {name: (_ROLES | _DECIMAL)[its] for name, its in chosen.items()}
        named = {role: [name for name, its in roles.items() if its[0] == role] for role in ("input", "output")}
        words = [name for name, its in roles.items() if its[1]]
        decimal = {name: its[2] for name, its in roles.items() if its[2]}
        self._do["assign"](named["output"], named["input"], words=words, decimal=decimal)

    def _take_typed(self):
        self._home(self._do["type"], self._typed.value)

    def _opened(self, change):
        for file in change["new"]:
            self._home(self._take_file, file)

    def _take_file(self, file):
        self._file.value = ()  # so that the same file can be opened again
        self._do["load"](bytes(file["content"]), name=file["name"])


def _wrapping():
    return widgets.Layout(display="flex", flex_flow="row wrap", align_items="center", grid_gap="2px 10px")


def _role(coding):
    """The choice that says a column's role."""
    if coding.role == LEFT_OUT or not (coding.as_words or coding.decimal):
        return coding.role
    return f"{coding.role}, {'as words' if coding.as_words else DECIMALS[coding.decimal]}"


def _about(source):
    """The table in a line, and what is worth knowing of it, as HTML."""
    inputs, outputs = (sum(t.shape[1] for t in k.values()) for k in (source.cases.inputs, source.cases.desired))
    units = f"{inputs} input unit{'s' * (inputs > 1)}, {outputs} output unit{'s' * (outputs > 1)}"
    lines = [f"{source.name}: {len(source.cases):,} cases, {units}."]
    lines += [f"{note}." for note in (source.coded.notes if source.coded else ())]
    more = len(source.table.names) - _COLUMNS if source.table else 0
    if more > 0:
        lines.append(f"The first {_COLUMNS} columns can be clicked; {more} more can be given roles by lab.assign(...).")
    return "<br>".join(map(escape, lines))


def _how(table, column, coding):
    """How a column was coded, and its first values, as HTML."""
    first = ", ".join(shortened(row[column]) or "(empty)" for row in table.rows[:_ROWS])
    how = f"{escape(coding.how)} · " if coding.how else ""
    return f'{how}<span style="color: var(--jp-ui-font-color2)">{escape(first)}, …</span>'
