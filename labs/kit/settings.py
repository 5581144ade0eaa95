"""Settings that are declared once: default, control, check, ticket, script and help follow from the declaration."""

import numpy as np

from bpcore import validate

NOW, ANEW = ("phase", "now"), ("start", "recipe", "task")
"""Where a setting goes: those of NOW steer the run that goes on, those of ANEW begin a new one."""


class Setting:
    """A value of a lab, as an attribute of it.

    Parameters
    ----------
    label : str or callable
        As it stands on the screen; a callable is given the lab.
    default : object
        What it begins with.
    least, most : float, optional
        Ends of its slider; without them, and without `choices`, it has no slider. From Python a number may go further,
        unless it is `strict`.
    to : {"phase", "now", "start", "recipe", "task"}
        What of the task it changes: the phase that goes on (epsilon, alpha, weight_decay), nothing ("now"), the start,
        the recipe, or the task itself (an argument of the lab's `make_task`).
    choices : dict, optional
        Value -> (word on its button, explanation).
    open_choices : bool
        Whether values that have no button are checked by someone else.
    switch : tuple, optional
        (text, value when up, value when down, explanation) of a switch.
    paper : float, optional
        The paper's value.
    logarithmic, whole : bool
        Of the slider; only whole numbers.
    strict : bool
        Whether the ends of the slider hold from Python too; of whole numbers.
    step : float, optional
        Of the slider.
    noun : str, optional
        What a message calls it: "the number of hidden units".
    first : bool
        Whether its control comes before all others.
    fits : callable, optional
        Given the lab: whether the control is of any use now.
    doc : str
        What it is, in a line.
    """

    def __init__(
        self, label, default=None, least=None, most=None, *, to="task", choices=None, open_choices=False, switch=None,
        paper=None, logarithmic=False, whole=False, strict=False, step=None, noun=None, first=False, fits=None, doc="",
    ):  # fmt: skip
        self.label, self.default, self.least, self.most, self.to = label, default, least, most, to
        self.choices, self.open_choices, self.switch, self.paper = choices, open_choices, switch, paper
        self.logarithmic, self.whole, self.strict, self.step, self.first = logarithmic, whole, strict, step, first
        self.noun, self.fits, self.doc, self.name = noun or f"the number of {label}", fits, doc, None

    def __set_name__(self, owner, name):
        self.name = name
        self.__doc__ = f"{self.doc} {'Acts from the next sweep on.' if self.steers else 'Begins a new run.'}".strip()

    def __get__(self, lab, owner=None):
        return self if lab is None else lab.settings[self.name]

    def __set__(self, lab, value):
        lab.set(**{self.name: value})

    @property
    def steers(self):
        """Whether it acts on the run that goes on."""
        return self.to in NOW

    @property
    def is_slider(self):
        """Whether its control is a slider."""
        return self.most is not None

    def label_of(self, lab):
        """The label on the screen of a lab."""
        return self.label(lab) if callable(self.label) else self.label

    def check(self, value):
        """Refuse a value that cannot be, in one sentence; what the engine checks itself is left to it."""
        if self.choices and not self.open_choices and value not in self.choices:
            raise ValueError(f"{self.name} is {value!r}; one of {', '.join(map(repr, self.choices))} is expected")
        if self.strict:
            validate.whole(value, self.noun, self.least, self.most)
        elif isinstance(self.default, float):
            one_number(value, self.name)

    def to_dict(self):
        """Plain data, from which a page without Python can build the control."""
        about = {"name": self.name, "label": self.label if isinstance(self.label, str) else self.name, "help": self.doc}
        about |= {
            "default": self.default,
            "to": self.to,
            "steers": self.steers,
            "first": self.first,
            "paper": self.paper,
        }
        if self.is_slider:
            about |= {"least": self.least, "most": self.most, "logarithmic": self.logarithmic, "whole": self.whole}
            about["step"] = self.step
        if self.switch:
            about["switch"] = list(self.switch)
        if self.choices:
            about["choices"] = [[value, *words] for value, words in self.choices.items()]
        return about


class Derived(Setting):
    """A control for what follows from other settings: read and set by functions of the lab.

    Parameters
    ----------
    label : str or callable
    get, put : callable
        ``get(lab)`` gives the value, ``put(lab, value)`` sets it.
    """

    def __init__(self, label, get, put, least=None, most=None, **how):
        super().__init__(label, None, least, most, **how)
        self._get, self._put = get, put

    def __get__(self, lab, owner=None):
        return self if lab is None else self._get(lab)

    def __set__(self, lab, value):
        self._put(lab, value)


def one_number(value, name):
    """`value`, if it is one number and not one a run."""
    if np.ndim(value):
        raise ValueError(f"{name} is {value!r}; one number is expected, because a lab shows one run")
    return value


def declared(cls):
    """Settings of a class of labs, {name: Setting}, in the order of declaration."""
    return {name: one for part in reversed(cls.__mro__) for name, one in vars(part).items() if isinstance(one, Setting)}


def described(cls):
    """The parameters of a class of labs as its docstring lists them."""
    lines = [f"    {name}\n        {one.doc}" for name, one in declared(cls).items() if one.doc]
    return "\n".join(["    Settings", "    --------", *lines]) if lines else ""


# ---- settings that several labs have

BIASES = {
    "uniform": ("random", "Biases start at random in the start range, like the other weights"),
    "zero": ("at 0", "Biases start at 0"),
}
UPDATES = {
    "sweep": ("sweep", "The weights change once, after all cases"),
    "case": ("case", "The weights change after every case"),
}
UNITS = {"logistic": ("logistic", "Equation (2)"), "tanh": ("tanh", "Another function with a bounded derivative")}


INSTANT = Setting(
    "sliders", False, to="now",
    choices={
        False: ("steer", "A slider steers this run from the next sweep on"),
        True: ("rerun", "Every move of a slider reruns all 5,000 sweeps from the start"),
    },
)  # fmt: skip
SLOW_START = Setting(
    "slow start", False, to="now",
    switch=("first 50 sweeps slowly", False, True, "Ten sweeps a second until sweep 50, then the speed set above"),
)  # fmt: skip


def epsilon(default=0.1, least=0.001, most=3, *, paper=0.1, doc="Step size, equation (8)."):
    """The learning rate."""
    return Setting("ε learning rate", default, least, most, to="phase", paper=paper, logarithmic=True, doc=doc)


def alpha(default=0.9, *, paper=0.9, doc="Decay factor of the velocity, equation (9)."):
    """The momentum."""
    return Setting("α momentum", default, 0, 0.99, to="phase", paper=paper, step=0.01, doc=doc)


def weight_decay(default=0.0, *, paper=None, step=0.0001, switch=None):
    """What every weight loses after each change."""
    doc = "Share by which every weight shrinks after each change."
    return Setting("weight decay", default, 0, 0.01, to="phase", paper=paper, step=step, switch=switch, doc=doc)


def hidden(default=2, most=8, *, paper=None):
    """The number of hidden units."""
    return Setting(
        "hidden units", default, 1, most, whole=True, strict=True, paper=paper, doc="Number of hidden units."
    )


def half_range(default=0.3):
    """Where weights start."""
    doc = "Starting weights are uniform between -half_range and half_range."
    return Setting("start range ±", default, 0.01, 3, to="start", paper=0.3, logarithmic=True, doc=doc)


def biases():
    """Where biases start."""
    doc = "How biases start: 'uniform', at random like the weights, or 'zero'."
    return Setting("biases", "uniform", to="start", choices=BIASES, open_choices=True, doc=doc)
