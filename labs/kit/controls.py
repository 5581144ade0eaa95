"""Sliders, fields and buttons as every lab has them."""

import math
import threading
from collections import deque

import ipywidgets as widgets

from .clock import running_loop


class ByProgram:
    """Marks the changes of widgets that the program makes: ``with by_program: ...`` and there ``by_program.here``.

    What the person does may arrive on another thread in the middle of that, and is not to be taken for it.
    """

    def __init__(self):
        self._thread = None

    def __enter__(self):
        self._thread = threading.get_ident()

    def __exit__(self, *_):
        self._thread = None

    @property
    def here(self):
        """Whether the change that is being told of is the program's."""
        return self._thread == threading.get_ident()


class Control:
    """A number that can be dragged or typed, with a small mark at the paper's value.

    Parameters
    ----------
    name : str
        As it stands on the screen: "ε learning rate".
    value, least, most : float
    paper : float, optional
        The paper's value.
    logarithmic, whole : bool
        Every tick of the slider multiplies; only whole numbers.
    digits : int
        Significant digits of the slider's values.
    at_home : callable, optional
        ``at_home(f)`` calls f on the thread that `set` is called on: moves may arrive on another.
    """

    def __init__(
        self, name, value, least, most, *, paper=None, logarithmic=False, whole=False, step=None, digits=3, at_home=None
    ):
        self.name, self._digits, self._whole, self._listeners = name, digits, whole, []
        self._at_home = at_home or (lambda call: call())
        self._waiting, self._by_program = None, ByProgram()  # a move not handled yet
        self._echoes = deque()  # ticks that the slider may echo, see _expect_echo
        place = math.log10 if logarithmic else float
        share = None if paper is None else (place(paper) - place(least)) / (place(most) - place(least))
        Slider = widgets.FloatLogSlider if logarithmic else widgets.IntSlider if whole else widgets.FloatSlider
        Field = widgets.BoundedIntText if whole else widgets.BoundedFloatText
        limits = {"min": place(least), "max": place(most)} if logarithmic else {"min": least, "max": most}
        step = step or (0.01 if logarithmic else 1 if whole else (most - least) / 100)
        self._place, self._step, self._tick = place, step, 0.505 * step  # half, and what rounding takes
        self.slider = Slider(value=least, **limits, step=step, readout=False)
        self.field = Field(value=least, min=least, max=most, step=step, description=name)
        mark = "" if share is None else f'<i style="left:{100 * share:.2f}%" title="the paper: {paper:g}">▲</i>'
        self.widget = widgets.VBox([self.field, self.slider, widgets.HTML(mark).add_class("bp-mark")])
        self.widget.add_class("bp-control")
        for part in (self.slider, self.field):
            part.observe(self._changed, "value")
        self._least, self._most = least, most
        self.set(value)

    @property
    def value(self):
        """The number, as the field shows it."""
        return self.field.value

    def set(self, value):
        """Show another number without notifying listeners. Ignored if a newer move by the user is waiting."""
        if self._waiting is not None:
            return
        with self._by_program:
            self.field.min, self.field.max = min(self._least, value), max(self._most, value)  # Python may go further
            self.field.value = value
            nearest = min(max(value, self._least), self._most)
            if not self._is_near(nearest, self.slider.value):  # else it would jump back while it is dragged
                self.slider.value = nearest
                self._expect_echo(nearest)

    def rename(self, name):
        """Give it another label."""
        self.field.description = name

    def on_change(self, listener):
        """Call `listener()` when the person moves this."""
        self._listeners.append(listener)

    def _is_near(self, value, other):
        return abs(self._place(value) - self._place(other)) < self._tick

    def _expect_echo(self, value):
        """Note that the slider was set to `value`; if that is between two ticks, it echoes the nearest tick."""
        place = (self._place(value) - self._place(self._least)) / self._step
        if abs(place - round(place)) > 1e-6 and after(_ECHOED, self._echoes.popleft):
            self._echoes.append(round(place))

    def _is_echo(self, value):
        """True if the message is the slider's echo of a value that Python set, not a move by the user."""
        place = (self._place(value) - self._place(self._least)) / self._step
        return self._is_near(value, self.value) or any(abs(place - tick) < 1e-3 for tick in self._echoes)

    def _changed(self, change):
        if not self._by_program.here:
            self._waiting = change
            self._at_home(self._take)

    def _take(self):
        change, self._waiting = self._waiting, None
        if change is None:
            return
        if change.owner is self.slider and self._is_echo(change.new):
            self.set(self.value)
            return
        self.set(change.new if self._whole else float(f"{change.new:.{self._digits}g}"))
        for listener in self._listeners:
            listener()


class Choice:
    """Buttons of which one is down; none, if the value is not among the choices.

    Parameters
    ----------
    name : str
    choices : dict
        Value -> (word, explanation).
    value : object
    """

    def __init__(self, name, choices, value):
        options = [(word, one) for one, (word, _) in choices.items()]
        self._values, tips = list(choices), [what for _, what in choices.values()]
        self._by_program = ByProgram()
        self.widget = widgets.ToggleButtons(options=options, value=None, description=name, tooltips=tips)
        self.widget.add_class("bp-choice").add_class("bp-named" if name else "bp-unnamed")
        self.set(value)

    @property
    def value(self):
        """The chosen value."""
        return self.widget.value

    def set(self, value):
        """Show another value without notifying listeners."""
        with self._by_program:
            self.widget.value = value if value in self._values else None

    def on_change(self, listener):
        """Call `listener()` when the person chooses another value."""
        self.widget.observe(lambda _: self._by_program.here or self.widget.value is None or listener(), "value")


class Switch:
    """A small button that is down for one value and up for another; up for any third.

    Parameters
    ----------
    name : str
    up, down : object
    value : object
    what : str
        What it does when it is down, in a few words.
    """

    def __init__(self, name, up, down, value, what):
        self._values, self._by_program = (up, down), ByProgram()
        self.widget = widgets.ToggleButton(description=name, tooltip=what).add_class("bp-switch")
        self.set(value)

    @property
    def value(self):
        """The value that holds when the person has pressed it."""
        return self._values[self.widget.value]

    def set(self, value):
        """Show another value without notifying listeners."""
        with self._by_program:
            self.widget.value = value == self._values[True]

    def on_change(self, listener):
        """Call `listener()` when the person presses this."""
        self.widget.observe(lambda _: self._by_program.here or listener(), "value")


def row(parts):
    """Parts side by side, wrapped into as many lines as they need."""
    return widgets.Box(parts).add_class("bp-row")


def button(name, what, pressed, main=False):
    """A button; `what` says in a few words what it does."""
    made = widgets.Button(description=name, tooltip=what)
    if main:
        made.add_class("bp-main")
    made.on_click(lambda _: pressed())
    return made


_TYPED, _ECHOED = 0.25, 2.0  # seconds


def when_typed(call):
    """Call `call()` a moment after a press: text typed before the press may arrive after it.

    JupyterLab sends the messages of each widget separately, so one may overtake another.
    """
    if not after(_TYPED, call):  # pressed from Python: no message is on its way
        call()


def after(seconds, call):
    """Call `call()` so many seconds after everything in the queue is done; False if no event loop runs."""
    loop = running_loop()
    if loop is None:
        return False
    loop.call_soon(loop.call_later, seconds, call)
    return True


def note(text):
    """A small line of explanation."""
    return widgets.HTML(text).add_class("bp-note")


def fold(title, *parts):
    """A line, and parts that are shown while it is open."""
    line = note(f"<details><summary>{title}</summary></details>").add_class("bp-fold")
    return [line, widgets.VBox(parts).add_class("bp-folded")]


def larger(lab):
    """A button for larger type, on a projector; ``lab()`` is the widget that it enlarges."""
    made = Switch("A+", False, True, False, "Larger type, for a projector")
    made.on_change(lambda: (lab().add_class if made.value else lab().remove_class)("bp-large"))
    return made.widget.remove_class("bp-switch").add_class("bp-larger")
