"""How numbers, weights and equations of this lab are written, and what is said to an answer.

In these texts ``_ji`` is a subscript and ``^{...}`` a superscript, as the page and `plain` show them.
"""

import math
import re
from dataclasses import dataclass

OUT, HIDDEN, INPUTS = "output", ("h1", "h2"), ("input 1", "input 2")
INDEX = {"h1": "1", "h2": "2", OUT: "o"}
_NAMES = {"h1": "h_1", "h2": "h_2", OUT: "o"}
_MARKUP = re.compile(r"([_^])(?:\{([^}]*)\}|(\w+))")
_LOW = str.maketrans("0123456789ijot", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₒₜ")
SHARE, LEAST = 0.02, 0.00006  # an answer is right within 2 %, or half of the last of four decimals


def fmt(value, digits=4, *, sign=False):
    """A number as it is shown everywhere in this lab: four decimals, a real minus sign, no minus zero."""
    size = f"{abs(value):.{digits}f}" if abs(value) < 1e4 else f"{abs(value):.1e}"
    if float(size) == 0:
        return size
    return ("−" if value < 0 else "+" if sign else "") + size


def plain(text):
    """A text with subscripts and without markup."""
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    return _MARKUP.sub(lambda m: (m[2] or m[3]).translate(_LOW) if m[1] == "_" else f"^({m[2] or m[3]})", text)


def weight_name(ends):
    """A weight in a few letters: "o ← h_1", "h_1 ← input 2", "h_1 ← bias"."""
    return " ← ".join(_NAMES.get(end, end) for end in ends)


def top_down(ends):
    """Weights from the output down, the biases last of each unit."""
    return sorted(ends, key=lambda e: (e[0] != OUT, e[0], e[1] == "bias", e[1]))


def factor(value):
    """A number as the second factor of a product."""
    return f"({fmt(value)})" if fmt(value).startswith("−") else fmt(value)


def equals(value):
    """= and a number, which stay together where a line is broken."""
    return f"=\N{NO-BREAK SPACE}{fmt(value)}"


def state_of(n, unit):
    """What a unit, or the bias, sends up; the inputs are whole numbers."""
    return fmt(n.y[unit]) if unit in HIDDEN else f"{n.y.get(unit, 1):.0f}"


@dataclass(frozen=True)
class Question:
    """A number of the next step.

    Attributes
    ----------
    symbol : str         as it is written in the equations: "∂E/∂x_1"
    value : float
    hint : str           which equation leads there
    sign : str           what the sign means
    mistakes : tuple of (value, sentence)
        Numbers that one gets by a known slip.
    where : str          " in case 1 0 → 1", where that needs to be said
    """

    symbol: str
    value: float
    hint: str
    sign: str
    mistakes: tuple
    where: str = ""

    @property
    def text(self):
        """The question in words."""
        return f"what will {self.symbol} be{self.where}?"

    def judge(self, answer):
        """What to say to an answer, never the number itself unless it is right: (mark, sentence)."""
        try:
            given = float(str(answer).strip().replace("−", "-").replace(",", "."))
        except ValueError:
            given = math.nan
        if not math.isfinite(given):
            return "✗", f"“{str(answer).strip()[:12]}” is not a number: write it like −0.0123."
        if _near(given, self.value):
            return "✓", f"Right: {self.symbol} = {fmt(self.value)}."
        for wrong, sentence in self.mistakes:
            if _near(given, wrong):
                return "·", f"Not yet. {sentence}"
        if _near(-given, self.value):
            return "·", f"Not yet: the size is right, the sign is not. {self.sign}"
        if any(_near(given * shift, self.value) for shift in (0.01, 0.1, 10, 100)):
            return "·", "Not yet: the digits are right, the decimal point is not."
        return "·", f"Not yet. {self.hint}"


def _near(given, value):
    return abs(given - value) <= SHARE * abs(value) + LEAST
