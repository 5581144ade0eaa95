"""Sliders, fields and buttons as every lab has them."""

import math

import ipywidgets as widgets


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
        Significant digits of what the slider gives.
    """

    def __init__(self, name, value, least, most, *, paper=None, logarithmic=False, whole=False, step=None, digits=3):
        self._digits, self._whole, self._listeners, self._quiet = digits, whole, [], False
        place = math.log10 if logarithmic else float
        share = None if paper is None else (place(paper) - place(least)) / (place(most) - place(least))
        Slider = widgets.FloatLogSlider if logarithmic else widgets.IntSlider if whole else widgets.FloatSlider
        Field = widgets.BoundedIntText if whole else widgets.BoundedFloatText
        limits = {"min": place(least), "max": place(most)} if logarithmic else {"min": least, "max": most}
        step = step or (0.01 if logarithmic else 1 if whole else (most - least) / 100)
        self._place, self._tick = place, 0.505 * step  # half, and what rounding takes
        self.slider = Slider(value=least, **limits, step=step, readout=False)
        self.field = Field(value=least, min=least, max=most, step=step, description=name)
        mark = "" if share is None else f'<i style="left:{100 * share:.2f}%" title="the paper: {paper:g}">▲</i>'
        self.widget = widgets.VBox([self.field, self.slider, widgets.HTML(mark).add_class("bp-mark")])
        self.widget.add_class("bp-control")
        for part in (self.slider, self.field):
            part.observe(self._moved, "value")
        self._least, self._most = least, most
        self.set(value)

    @property
    def value(self):
        """The number, as the field shows it."""
        return self.field.value

    def set(self, value):
        """Show another number without telling anyone."""
        self._quiet = True
        try:
            self.field.min, self.field.max = min(self._least, value), max(self._most, value)  # Python may go further
            self.field.value = value
            self.slider.value = min(max(value, self._least), self._most)
        finally:
            self._quiet = False

    def on_change(self, listener):
        """Call `listener()` when the person moves this."""
        self._listeners.append(listener)

    def _moved(self, change):
        # A slider reports the tick nearest to the value it was set to: that is not a move.
        echo = change.owner is self.slider and abs(self._place(change.new) - self._place(self.value)) < self._tick
        if self._quiet or echo:
            return
        self.set(change.new if self._whole else float(f"{change.new:.{self._digits}g}"))
        for listener in self._listeners:
            listener()


def choice(name, options, value):
    """A few words, one of which holds."""
    return widgets.ToggleButtons(options=options, value=value, description=name).add_class("bp-choice")


def button(name, what, pressed, main=False):
    """A button; `what` says in a few words what it does."""
    made = widgets.Button(description=name, tooltip=what)
    if main:
        made.add_class("bp-main")
    made.on_click(lambda _: pressed())
    return made


def note(text):
    """A small line of explanation."""
    return widgets.HTML(text).add_class("bp-note")
