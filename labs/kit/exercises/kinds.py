"""The kinds of exercises: a number, a choice, something written, a function, something done in a lab.

Each says to any answer whatever, nonsense included, whether it is right (✓) or not yet (·) and why, without giving
the solution away.
"""

import math
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bpcore.measures import right_cases

from .bounded import SECONDS, EndlessError, bounded

RIGHT, NOT_YET = "✓", "·"
LEAST_WORDS = 5
"""Of an explanation, so that there is something to compare."""


@dataclass(frozen=True)
class Verdict:
    """What is said to an answer.

    Attributes
    ----------
    right : bool
    sentence : str
    """

    right: bool
    sentence: str

    @property
    def mark(self):
        """✓ or ·."""
        return RIGHT if self.right else NOT_YET

    def __str__(self):
        return f"{self.mark} {self.sentence}"


def not_yet(sentence):
    """A verdict on an answer that is not right."""
    return Verdict(False, f"Not yet. {sentence}")


@dataclass(frozen=True)
class Exercise:
    """A question and what is said to answers.

    Attributes
    ----------
    number : str        lab and place in it, "02.1"
    question : str
    right : str         what is said to a right answer: why it is right
    """

    number: str
    question: str
    right: str

    asks_for = ""  # what stands in the empty field, or before Check
    takes_object = False  # whether the answer is a thing of the notebook, not what is typed

    def check(self, answer):
        """Judge any answer; never raises.

        Returns
        -------
        Verdict
        """
        try:
            wrong = self._wrong(answer)
        except Exception as trouble:  # noqa: BLE001 - nonsense must not show a traceback
            wrong = f"This answer could not be read ({type(trouble).__name__})."
        return not_yet(wrong) if wrong else Verdict(True, f"Right. {self.right}")

    @property
    def solution(self):
        """What “Show me” says."""
        return self.right

    def _wrong(self, answer):
        """Why an answer is not right, or None."""
        raise NotImplementedError


@dataclass(frozen=True)
class Number(Exercise):
    """A number.

    Attributes
    ----------
    value : float
    hint : str                          said to any other number: where to look
    within : float                      share of the value that it may be off
    mistakes : tuple of (value, str)    numbers that one gets by a known slip
    """

    value: float = 0.0
    hint: str = ""
    within: float = 0.004
    mistakes: tuple = ()

    asks_for = "a number"

    @property
    def solution(self):
        """The number, and why."""
        return f"{self.value:,.4g}. {self.right}" if self.value < 1000 else f"{self.value:,.0f}. {self.right}"

    def _wrong(self, answer):
        readings = numbers_in(answer)
        if not readings:
            return f"“{shortly(answer)}” is not a number: write it like 0.25 or 1/4."
        if self._near(readings, self.value):
            return None
        for value, sentence in self.mistakes:
            if self._near(readings, value):
                return sentence
        if self._near([-x for x in readings], self.value):
            return "The size is right, the sign is not."
        return self.hint

    def _near(self, readings, value):
        return any(abs(x - value) <= self.within * abs(value) for x in readings)


def numbers_in(answer):
    """What an answer may mean as one finite number: a list, empty where it means none.

    A comma is a decimal point, or stands between thousands; 1/8, ⅛ and 12 % are numbers too.
    """
    said = unicodedata.normalize("NFKC", str(answer)[:80]).replace("\N{FRACTION SLASH}", "/")  # ¼ is 1/4
    said = "".join(said.replace("−", "-").split())
    if len(said) > 40:
        return []
    share = 0.01 if said.endswith("%") else 1
    said = said.removesuffix("%")
    ways = {said.replace(",", ".")}
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}(,\d{3})+", said):
        ways.add(said.replace(",", ""))
    found = []
    for way in ways:
        over, _, under = way.partition("/")
        try:
            x = share * float(over) / float(under or 1)
        except (ValueError, ZeroDivisionError):
            continue
        if math.isfinite(x):
            found.append(x)
    return found


def shortly(answer):
    """The first few characters of an answer."""
    said = " ".join(str(answer).split())
    return said if len(said) <= 24 else f"{said[:24]}…"


@dataclass(frozen=True)
class Choice(Exercise):
    """One of a few sentences.

    Attributes
    ----------
    options : dict      sentence -> why it is not right, None for the one that is
    """

    options: dict = field(default_factory=dict)

    asks_for = "the number of a sentence"

    @property
    def solution(self):
        """The sentence that is right, and why."""
        return f"“{next(said for said, why in self.options.items() if why is None)}.” {self.right}"

    def _wrong(self, answer):
        said = str(answer).strip()
        sentences = list(self.options)
        if said in map(str, range(1, len(sentences) + 1)):
            said = sentences[int(said) - 1]
        if said not in self.options:
            return f"Choose one of the {len(sentences)} sentences."
        return self.options[said]


@dataclass(frozen=True)
class Written(Exercise):
    """A few words or numbers with many right answers.

    Attributes
    ----------
    judge : callable        given what was written, a str: why it is not right, or None
    example : str           the form of an answer
    """

    judge: callable = None
    example: str = ""

    @property
    def asks_for(self):
        """What stands in the empty field."""
        return f"like {self.example}"

    def _wrong(self, answer):
        if not isinstance(answer, str) or len(answer) > 200:
            return f"Write it like {self.example}."
        return self.judge(answer)


@dataclass(frozen=True)
class Explain(Exercise):
    """An explanation in the student's own words: never wrong, and compared with another one once it is written."""

    asks_for = "In your own words, in a sentence or two"

    def _wrong(self, answer):
        words = len(str(answer).split())
        return (
            None if words >= LEAST_WORDS else f"Write at least {LEAST_WORDS} words; then compare with another answer."
        )

    def check(self, answer):
        """Show another answer to compare with, if something was written.

        Returns
        -------
        Verdict
        """
        wrong = self._wrong(answer)
        return not_yet(wrong) if wrong else Verdict(True, f"Kept. Compare: {self.right}")


@dataclass(frozen=True)
class Function(Exercise):
    """A function that the student writes, held against the engine.

    Attributes
    ----------
    form : str                              how it is called: "hear(dE_dx, w)"
    cases : callable                        yields (arguments, expected array); called when first needed
    hint : str
    mistakes : tuple of (callable, str)     functions that one writes by a known slip
    """

    form: str = ""
    cases: callable = tuple
    hint: str = ""
    mistakes: tuple = ()

    asks_for = "Write it above, run the cell (Shift+Enter), then"
    takes_object = True

    @cached_property
    def _made(self):
        return tuple(self.cases())

    def _wrong(self, answer):
        if not callable(answer) or isinstance(answer, type):
            return f"A function {self.form} is expected, not “{shortly(answer)}”."
        cases = self._made  # first, so that making them takes nothing of the student's time
        try:
            found = bounded(lambda: [_called(answer, arguments) for arguments, _ in cases])
        except EndlessError:
            return f"Your function did not end within {SECONDS:g} second."
        except BaseException as trouble:  # noqa: BLE001 - whatever it raises is the student's to know
            return f"Your function raised {type(trouble).__name__}: {shortly(trouble) or 'without a word'}."
        return next(filter(None, (self._differs(*case) for case in zip(cases, found, strict=True))), None)

    def _differs(self, case, found):
        arguments, expected = case
        if found is None:
            return "Your function gives nothing back: does it end with return?"
        if found is Ellipsis:
            return "Your line is still to come: write it in place of the three dots, and run the cell again."
        try:
            found = np.asarray(found, float)
        except (TypeError, ValueError):
            return "Your function gives something that is not an array of numbers."
        if found.shape != expected.shape:
            return f"Your function gives an array of shape {found.shape}; {expected.shape} is expected."
        if not np.isfinite(found).all():
            return "Your function gives numbers that are not finite."
        if np.allclose(found, expected, rtol=1e-6, atol=1e-9):
            return None
        for slip, sentence in self.mistakes:
            if np.allclose(found, slip(*arguments), rtol=1e-6, atol=1e-9):
                return sentence
        return f"The shape is right, the numbers are not. {self.hint}"


def _called(function, arguments):
    """What a function gives for copies of the arguments, so that it can spoil nothing."""
    given = function(*(np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments))
    return np.copy(given) if isinstance(given, np.ndarray) else given


@dataclass(frozen=True)
class Done(Exercise):
    """Something that is done with a lab.

    Attributes
    ----------
    lab : type              the class of lab
    judge : callable        given the lab: why it is not done yet, or None
    """

    lab: type = object
    judge: callable = None

    asks_for = "Do it in the lab, then"
    takes_object = True

    def _wrong(self, answer):
        if not isinstance(answer, self.lab):
            return f"The exercise needs your lab, a {self.lab.__name__}, not “{shortly(answer)}”."
        return self.judge(answer)


def right_count(lab, cases=None):
    """How many of a lab's cases are right now, or of others."""
    return int(right_cases(lab.run.task, np.array(lab.run.state.w), cases).sum())
