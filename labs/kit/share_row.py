"""The last row of a lab: its ticket, a link to it, and its files."""

from pathlib import Path
from tempfile import TemporaryDirectory

import anywidget
import ipywidgets as widgets
import traitlets

from .bundle import bundle
from .canvas import style
from .controls import button, when_typed
from .export import FORMS, export
from .ticket import LABS, read

_MANY = 10_000  # sweeps of a ticket that may take a while
_followed, _announced = set(), {}  # tickets of addresses, in this kernel: a page loaded again must not undo later work


class Giving(anywidget.AnyWidget):
    """The page's part of sharing: it knows its own address, and saves the files that the kernel sends.

    Parameters
    ----------
    on_message : callable
        Given each message of the page, a dict. It may be called on another thread.
    """

    _esm = bundle(Path(__file__).parent / "stage" / "share.js")
    _css = style("kit/stage/share")
    forms = traitlets.List().tag(sync=True)

    def __init__(self, on_message):
        super().__init__(forms=list(FORMS))
        self.on_msg(lambda _, content, _buffers: on_message(content))


class ShareRow:
    """A field for tickets, and buttons.

    Parameters
    ----------
    lab : LiveLab
    at_home : callable
        ``at_home(f, ...)`` calls f on the thread that trains.
    """

    def __init__(self, lab, at_home):
        self._lab = lab
        self.field = widgets.Text(placeholder="paste a ticket and press Enter", description="Ticket")
        self.field.continuous_update = False
        self.field.on_msg(
            lambda _, content, _buffers: content.get("event") == "submit" and when_typed(lambda: at_home(self._entered))
        )
        what = "Write this lab, with every slider move, as a text to share"
        mine = button("Make ticket", what, lambda: at_home(self.tell))
        self._giving = Giving(lambda content: at_home(self._on_message, content))
        self.widget = widgets.Box([self.field, mine, self._giving]).add_class("bp-share")

    def tell(self, before=""):
        """Show the ticket of the lab, or a link: the ticket behind an address."""
        try:
            self.field.value = before + self._lab.ticket()
        except ValueError as wrong:  # it may begin with the name of a file
            self._lab.say(f"{wrong}.")
            return None
        return self.field.value

    def _entered(self):
        if self.field.value:
            self._follow(self.field.value)

    def _follow(self, ticket):
        try:
            contents = read(ticket)
            sweeps = contents["sweeps"]
            if isinstance(sweeps, int) and sweeps >= _MANY:
                self._lab.say(f"{sweeps:,} sweeps are run again; for a large network that takes a minute or more.")
            self._lab.follow(contents)
        except ValueError as wrong:
            self._say(wrong)

    def _say(self, wrong):
        self._lab.say(f"{str(wrong)[:1].upper()}{str(wrong)[1:]}.")

    def _on_message(self, content):
        kind, view = content.get("type"), content.get("view")
        if kind == "arrived":
            self._arrived(content["ticket"])
        elif kind == "link":
            self._giving.send({"type": "link", "view": view, "link": self.tell(f"{content['page']}#")})
        elif kind == "save":
            self._save(content["form"], view)

    # ---- a ticket in the address of the page

    def _arrived(self, ticket):
        """Follow it if no lab has, and this is the first of its kind."""
        if ticket in _followed:
            return
        try:
            kind = LABS[read(ticket)["lab"]]
        except ValueError as wrong:
            _followed.add(ticket)
            self._say(wrong)
            return
        announced = _announced.setdefault(ticket, [])
        if isinstance(self._lab, kind):
            _followed.add(ticket)
            for lab in announced:
                lab.say("")
            self._follow(ticket)
        elif not announced:
            announced.append(self._lab)
            self._lab.say(f"The address holds a ticket of the lab '{kind.title}'; this is '{self._lab.title}'.")

    # ---- files

    def _save(self, form, view):
        try:
            name, content = file_of(self._lab, form)
        except Exception as wrong:  # noqa: BLE001 - whatever it is, the user must see it
            self._giving.send({"type": "file", "view": view, "name": ""})
            self._lab.say(f"The file was not written: {' '.join(str(wrong).split()) or type(wrong).__name__}.")
        else:
            self._giving.send({"type": "file", "view": view, "name": name}, [content])


def file_of(lab, form):
    """A file of a lab, as (name, bytes); `form` is one of `export.FORMS`."""
    if form not in FORMS:
        raise ValueError(f"the form is {form!r}; one of {', '.join(FORMS)} is expected")
    ending, what = FORMS[form]
    about = lab.title.lower().replace(" ", "_") + (f"_{what}" if ending == ".csv" or what == "recording" else "")
    with TemporaryDirectory() as folder:
        path = export(lab, Path(folder) / f"{about}_sweep_{lab.run.sweeps}{ending}", what)
        return path.name, path.read_bytes()
