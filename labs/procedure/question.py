"""Your turn: a question about the next step, and what to say to an answer."""

import math
from dataclasses import dataclass

from .explain import fmt

SHARE, LEAST = 0.02, 0.00006  # an answer is right within 2 %, or half of the last of four decimals
OUT, H1, H2 = "output", "h1", "h2"

NO_BIAS = "You left out the bias: the weight of a unit that is always 1."
BEFORE_THE_CURVE = "That is y, after the curve (2); asked is the sum x before it."
SIGNS = "Mind the signs of the weights."
SAME_SIGN = "The slope y (1 − y) is never negative, so ∂E/∂x has the sign of ∂E/∂y."
ONLY_SLOPE = "That is only the slope y (1 − y)."


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


def question(step, n, change=None, where=""):
    """Ask about a step that is still to come.

    Parameters
    ----------
    step : int           1 to 8
    n : dict             numbers of that step, see `numbers_of`
    change : tuple       at the last step, as for `equation`
    where : str
    """
    ask = (_x_1, _x_o, _dE_dy_o, _dE_dx_o, _dE_dy_1, _dE_dx_1, _dE_dw_o1, _delta_w_o1)[step - 1]
    return Question(*(ask(n, *change) if step == 8 else ask(n)), where)


def _x_1(n):
    x, bias = n["x"][H1], n["w"][H1, "bias"]
    hint = "By (1): each input times its weight to h_1, added up, and the bias of h_1."
    return "x_1", x, hint, SIGNS, ((x - bias, NO_BIAS), (n["y"][H1], BEFORE_THE_CURVE))


def _x_o(n):
    x, w = n["x"], n["w"]
    of_x = sum(x[i] * w[OUT, i] for i in (H1, H2)) + w[OUT, "bias"]
    mistakes = (
        (x[OUT] - w[OUT, "bias"], NO_BIAS),
        (n["y"][OUT], BEFORE_THE_CURVE),
        (of_x, "You took the hidden units’ x; what goes on is their y."),
    )
    return "x_o", x[OUT], "By (1): y_1 and y_2, each times its weight to the output, and the bias.", SIGNS, mistakes


def _dE_dy_o(n):
    hint, sign = "By (4): the output’s y minus the desired d.", "(4) is y − d: what is, minus what should be."
    return "∂E/∂y_o", n["dE_dy"][OUT], hint, sign, ((n["E"], "That is E, (3). Its derivative by y is simpler."),)


def _through(n, unit, j):
    dE_dy, y = n["dE_dy"][unit], n["y"][unit]
    return (
        (dE_dy, f"That is ∂E/∂y_{j}; it still has to come through the unit."),
        (y * (1 - y), ONLY_SLOPE),
        (dE_dy * y, f"The factor (1 − y_{j}) is missing."),
        (dE_dy * (1 - y), f"The factor y_{j} is missing."),
    )


def _dE_dx_o(n):
    hint = "By (5): ∂E/∂y_o times y_o times (1 − y_o)."
    return "∂E/∂x_o", n["dE_dx"][OUT], hint, SAME_SIGN, _through(n, OUT, "o")


def _dE_dx_1(n):
    hint = "By (5): ∂E/∂y_1 times y_1 times (1 − y_1)."
    mistakes = (*_through(n, H1, "1"), (n["dE_dx"][H2], "That is for h_2."))
    return "∂E/∂x_1", n["dE_dx"][H1], hint, SAME_SIGN, mistakes


def _dE_dy_1(n):
    dE_dx, w = n["dE_dx"][OUT], n["w"]
    mistakes = (
        (n["dE_dy"][OUT] * w[OUT, H1], "You took ∂E/∂y of the output; (7) takes its ∂E/∂x."),
        (dE_dx * w[OUT, H2], "That is for h_2: take the weight from h_1."),
        (dE_dx * n["y"][H1], "You multiplied by y_1, that is (6). (7) multiplies by the weight."),
    )
    hint, sign = (
        "By (7): ∂E/∂x_o times the weight from h_1 to the output.",
        "Mind the signs of ∂E/∂x_o and of the weight.",
    )
    return "∂E/∂y_1", n["dE_dy"][H1], hint, sign, mistakes


def _dE_dw_o1(n):
    dE_dx, y = n["dE_dx"][OUT], n["y"]
    mistakes = (
        (dE_dx * n["w"][OUT, H1], "You multiplied by the weight, that is (7). (6) multiplies by y_1."),
        (n["dE_dy"][OUT] * y[H1], "You took ∂E/∂y of the output; (6) takes its ∂E/∂x."),
        (dE_dx * y[H2], "That is the weight from h_2."),
    )
    hint = "By (6): ∂E/∂x of the unit above, the output, times y of the unit below, h_1."
    return "∂E/∂w_o1", n["dE_dw"][OUT, H1], hint, "y_1 is positive, so it has the sign of ∂E/∂x_o.", mistakes


def _delta_w_o1(n, made, gathered, before, delta_w):
    ends = (OUT, H1)
    step, velocity = made.epsilon * gathered[ends], made.alpha * before[ends]
    mistakes = [
        (gathered[ends], "That is the accumulated ∂E/∂w; (8) takes ε of it, with a minus."),
        (velocity - made.epsilon * n["dE_dw"][ends], "That is this case alone: take the accumulated ∂E/∂w."),
    ]
    if velocity:
        mistakes.append((-step, "That is (8). With momentum, (9) adds α times the last Δw."))
    hint = "By (9): −ε times the accumulated ∂E/∂w, plus α times the last Δw. Point at the arc: it tells both."
    return "Δw_o1", delta_w[ends], hint, "Weights go against their derivative: mind the minus in (8).", tuple(mistakes)
