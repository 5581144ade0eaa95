"""The workbench's table: a file to open, a truth table to type, roles of the columns, and how each was coded."""

from html import escape
from pathlib import Path

import ipywidgets as widgets

from bpcore.tables.reading import shortened

from ..kit.controls import button, when_typed

DATA = Path(__file__).parents[1] / "data"
"""Where the tables are that come with the lab."""
TABLES = {"circle": "circle.csv", "two spirals": "two_spirals.csv", "iris": "iris.csv"}
"""Those that have a button, by its name."""
_ROWS, _COLUMNS = 5, 24  # that are previewed; that have a role to click
_ROLES = {
    "input": ("input", False),
    "output": ("output", False),
    "left out": ("left out", False),
    "input, as words": ("input", True),
    "output, as words": ("output", True),
}


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
        self._quiet = False
        self._source, self._lines = None, {}  # what is shown; column -> (Dropdown, HTML)
        self._file = widgets.FileUpload(accept=".csv,.tsv,.txt", description="Open a CSV file", tooltip="Up to 10 MB")
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
        head = widgets.Box([self._file, *shipped, self._typed, take], layout=_wrapping())
        parts = [widgets.HTML("<b>Your cases</b>"), head, self._said, self._about, self._columns]
        self.widget = widgets.VBox(parts, layout=widgets.Layout(grid_area="auto / 1 / auto / -1", margin="10px 0 0"))
        self.widget.add_class("bp-cases-panel")

    def say(self, sentence):
        """Show one sentence above the table; "" takes it away."""
        self._said.value = f'<b role="alert" style="color: var(--bp-wrong)">{escape(sentence)}</b>' if sentence else ""

    def show(self, source):
        """Show what the workbench works on now, a `source.Source`."""
        self._source, self._quiet = source, True  # roles that are shown one by one are chosen by nobody
        self.say("")
        self._about.value = _about(source)
        codings = source.coded.codings[:_COLUMNS] if source.table else ()
        if [*self._lines] != [coding.column for coding in codings]:
            self._lines = {coding.column: self._line(coding) for coding in codings}
            self._columns.children = [widgets.Box([*line], layout=_wrapping()) for line in self._lines.values()]
        for column, coding in enumerate(codings):
            role, how = self._lines[coding.column]
            role.value, how.value = _role(coding), _how(source.table, column, coding)
        self._quiet = False

    def _line(self, coding):
        role = widgets.Dropdown(options=list(_ROLES), value=_role(coding), description=shortened(coding.column))
        role.style.description_width, role.layout.width = "130px", "290px"
        role.tooltip = coding.column
        role.observe(lambda _: self._quiet or self._home(self._assigned), "value")
        return role, widgets.HTML()

    def _assigned(self):
        """Take the roles as they are chosen; those beyond the ones on the screen stay as they are."""
        chosen = {coding.column: _role(coding) for coding in self._source.coded.codings}
        before = dict(chosen)
        chosen |= {column: role.value for column, (role, _) in self._lines.items()}
        if chosen == before:
            return
        named = {role: [name for name, its in chosen.items() if _ROLES[its][0] == role] for role in ("input", "output")}
        words = [name for name, its in chosen.items() if _ROLES[its][1]]
        self._do["assign"](named["output"], named["input"], words=words)

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
    return f"{coding.role}, as words" if coding.as_words else coding.role


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
    first = ", ".join(shortened(row[column]) for row in table.rows[:_ROWS])
    how = f"{escape(coding.how)} · " if coding.how else ""
    return f'{how}<span style="color: var(--jp-ui-font-color2)">{escape(first)}, …</span>'
