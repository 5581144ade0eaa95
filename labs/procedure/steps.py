"""The eight steps of the procedure, each in one place: its equation, its numbers, its words and its question."""

from .moments import ENDS, total_error
from .writing import HIDDEN, INDEX, INPUTS, OUT, Question, equals, factor, fmt, state_of, top_down, weight_name

H1, H2 = HIDDEN
NO_BIAS = "You left out the bias: the weight of a unit that is always 1."
BEFORE_THE_CURVE = "That is y, after the curve (2); the question is the sum x before it."
SIGNS = "Mind the signs of the weights."
STEPS = []
"""The steps by their numbers; number 0 is before the first step."""


class Step:
    """A step of the procedure: a subclass with a title is one, in the order of this file.

    Its methods are given a `Worked`, n. ``words(n)`` says in three or four short sentences what happened;
    ``question(n)`` is a Question about the step while it is still to come.

    Attributes
    ----------
    title, equations : str
        "through the output unit", "(5)".
    reveals, units : tuple of str
        The numbers that are known from this step on, and of which units.
    general : tuple of str      lines of the paper's equation
    note : str
    form : {"lines", "rows"}    whether `worked` gives lines, or rows of a table
    """

    title = equations = note = ""
    reveals, units, general, form = (), (), (), "lines"

    def __init_subclass__(cls, **about):
        super().__init_subclass__(**about)
        if cls.title:
            STEPS.append(cls())

    @property
    def name(self):
        """The step's name and its equations: "through the output unit (5)"."""
        return f"{self.title} {self.equations}".strip()

    def equation(self, n):
        """The equation in general, and with its numbers: a dict with "general", "lines" or "rows", and "note"."""
        found = {"general": list(self.general), self.form: self.worked(n)}
        return found | {"note": self.note} if self.note else found

    def worked(self, n):
        """The equation with its numbers, unit by unit."""
        return [line for unit in self.units for line in self.lines_of(n, unit)]


class Presented(Step):
    """Before the first step."""

    title, reveals, units = "a case is presented", ("y",), INPUTS
    general = ("The case sets the states of the inputs.",)

    def worked(self, n):
        states = [f"y = {n.y[name]:.0f} for {name}" for name in INPUTS]
        return [f"case {n.case}", *states, f"d = {n.d[OUT]:.0f}, what the output should be"]

    def words(self, n):
        return (
            f"Case {n.case}: “an input vector is presented to the network by setting the states of the input units.” "
            f"The output should become {n.d[OUT]:.0f}. Nothing is computed yet: press Next step."
        )


class _Up(Step):
    equations, reveals = "(1) (2)", ("x", "y")
    general = "x_j = Σ_i y_i w_ji  (1)", "y_j = 1 / (1 + e^{−xⱼ})  (2)"
    note = "the last term of x is the bias, times 1"

    def total_input(self, n, unit, sources):
        """Equation (1) from its equals sign on."""
        left = " + ".join(f"{state_of(n, source)} · {factor(n.w[unit, source])}" for source in sources)
        bias = n.w[unit, "bias"]
        return f"= {left} {'−' if bias < 0 else '+'} {fmt(abs(bias))} {equals(n.x[unit])}"

    def output(self, n, unit):
        """Equation (2)."""
        return f"y_{INDEX[unit]} = 1 / (1 + e^{{{fmt(-n.x[unit])}}}) {equals(n.y[unit])}"


class HiddenUnits(_Up):
    """Step 1."""

    title, units = "hidden units", HIDDEN

    def lines_of(self, n, unit):
        return f"x_{INDEX[unit]} {self.total_input(n, unit, INPUTS)}", self.output(n, unit)

    def words(self, n):
        off, silent = _off(n), ""
        if off:
            silent = f"{off.capitalize()} is 0, so its weights play no part. "
        if " and " in off:
            silent = "Both inputs are 0, so only the biases are left. "
        return (
            "Each hidden unit adds up its inputs, each times its weight, and its bias. "
            f"{silent}The sum x goes through the S-shaped curve (2), which keeps y between 0 and 1."
        )

    def question(self, n):
        x, hint = n.x[H1], "By (1): each input times its weight to h_1, added up, and the bias of h_1."
        mistakes = (x - n.w[H1, "bias"], NO_BIAS), (n.y[H1], BEFORE_THE_CURVE)
        return Question("x_1", x, hint, SIGNS, mistakes, f" in case {n.case}")


class OutputUnit(_Up):
    """Step 2."""

    title, units = "output unit", (OUT,)

    def lines_of(self, n, unit):
        return "x_o = y_1 w_o1 + y_2 w_o2 + bias", self.total_input(n, unit, HIDDEN), self.output(n, unit)

    def words(self, n):
        return (
            "The same again, one layer up: the hidden units’ outputs are now the inputs. "
            f"The network’s answer is {fmt(n.y[OUT])}; it should be {n.d[OUT]:.0f}. That ends the forward pass."
        )

    def question(self, n):
        x, bias = n.x[OUT], n.w[OUT, "bias"]
        of_x = sum(n.x[i] * n.w[OUT, i] for i in HIDDEN) + bias
        not_y = "You took the hidden units’ x; what goes on is their y."
        mistakes = (x - bias, NO_BIAS), (n.y[OUT], BEFORE_THE_CURVE), (of_x, not_y)
        hint = "By (1): y_1 and y_2, each times its weight to the output, and the bias."
        return Question("x_o", x, hint, SIGNS, mistakes)


class Compare(Step):
    """Step 3."""

    title, equations, reveals, units = "compare with desired", "(3) (4)", ("dE_dy", "E"), (OUT,)
    general = "∂E/∂y_j = y_j − d_j  (4)", "E = ½ Σ_j (y_j − d_j)²  (3)"

    def lines_of(self, n, unit):
        dE_dy = n.dE_dy[unit]
        difference, half_square = f"= {fmt(n.y[unit])} − {n.d[unit]:.0f}", f"= ½ · {factor(dE_dy)}²"
        lines = "∂E/∂y_o = y_o − d", f"{difference} {equals(dE_dy)}", "E = ½ (y_o − d)², of this case alone"
        return *lines, f"{half_square} {equals(n.E)}"

    def words(self, n):
        amount, more, sign = ("little", "less", "negative") if n.dE_dy[OUT] < 0 else ("much", "more", "positive")
        return (
            f"The output is {fmt(abs(n.dE_dy[OUT]))} too {amount}. More output would mean {more} error, so ∂E/∂y is "
            f"{sign}. Here the backward pass starts: from now on, numbers flow down."
        )

    def question(self, n):
        hint, sign = "By (4): the output’s y minus the desired d.", "(4) is y − d: what is, minus what should be."
        mistakes = ((n.E, "That is E, (3). Its derivative by y is simpler."),)
        return Question("∂E/∂y_o", n.dE_dy[OUT], hint, sign, mistakes)


class _Through(Step):
    equations, reveals = "(5)", ("dE_dx",)
    general = ("∂E/∂x_j = ∂E/∂y_j · y_j (1 − y_j)  (5)",)

    def lines_of(self, n, unit):
        j, y = INDEX[unit], fmt(n.y[unit])
        numbers = f"= {fmt(n.dE_dy[unit])} · {y} · (1 − {y}) {equals(n.dE_dx[unit])}"
        return f"∂E/∂x_{j} = ∂E/∂y_{j} · y_{j} (1 − y_{j})", numbers

    def question(self, n):
        unit, j = self.units[0], INDEX[self.units[0]]
        dE_dy, y, hint = n.dE_dy[unit], n.y[unit], f"By (5): ∂E/∂y_{j} times y_{j} times (1 − y_{j})."
        mistakes = (
            (dE_dy, f"That is ∂E/∂y_{j}; it still has to come through the unit."),
            (y * (1 - y), "That is only the slope y (1 − y)."),
            (dE_dy * y, f"The factor (1 − y_{j}) is missing."),
            (dE_dy * (1 - y), f"The factor y_{j} is missing."),
            *((n.dE_dx[other], f"That is for h_{INDEX[other]}.") for other in self.units[1:]),
        )
        sign = "The slope y (1 − y) is never negative, so ∂E/∂x has the sign of ∂E/∂y."
        return Question(f"∂E/∂x_{j}", n.dE_dx[unit], hint, sign, mistakes)


class ThroughTheOutput(_Through):
    """Step 4."""

    title, units = "through the output unit", (OUT,)

    def words(self, n):
        y = n.y[OUT]
        return (
            f"How much does the total input matter? The curve’s slope here is y (1 − y) = {fmt(y * (1 - y))}, and that "
            "share of ∂E/∂y comes back through the unit. The most is a quarter; if y is near 0 or 1, almost nothing "
            "comes back."
        )


class ToTheHidden(Step):
    """Step 5."""

    title, equations, reveals, units = "to the hidden units", "(7)", ("dE_dy",), HIDDEN
    general = ("∂E/∂y_i = Σ_j ∂E/∂x_j · w_ji  (7)",)
    note = "one output unit, so the sum has one term"

    def lines_of(self, n, unit):
        i, numbers = INDEX[unit], f"= {fmt(n.dE_dx[OUT])} · {factor(n.w[OUT, unit])} {equals(n.dE_dy[unit])}"
        return f"∂E/∂y_{i} = ∂E/∂x_o · w_o{i}", numbers

    def words(self, n):
        told = ["“more”" if n.dE_dy[i] < 0 else "“less”" for i in HIDDEN]
        w = n.w[OUT, H1]
        x_would, E_would = "risen" if w > 0 else "fallen", "fallen" if n.dE_dy[H1] < 0 else "risen"
        small, large = sorted(abs(n.dE_dy[i]) for i in HIDDEN)
        how = f"{large / max(small, 1e-9):.1f} times as {'loudly' if abs(n.dE_dy[H2]) == large else 'faintly'}"
        if large < 1.15 * small:
            how = "about as loudly"
        return (
            f"Had h_1 been a little more active, the output’s x would have {x_would} by {fmt(abs(w))} of that, and the "
            f"error would have {E_would}: h_1 is told {told[0]}. h_2 is told {told[1]}, {how}: its weight to the "
            f"output is {fmt(n.w[OUT, H2])}."
        )

    def question(self, n):
        dE_dx, w = n.dE_dx[OUT], n.w[OUT, H1]
        mistakes = (
            (n.dE_dy[OUT] * w, "You took ∂E/∂y of the output; (7) takes its ∂E/∂x."),
            (dE_dx * n.w[OUT, H2], "That is for h_2: take the weight from h_1."),
            (dE_dx * n.y[H1], "You multiplied by y_1, that is (6). (7) multiplies by the weight."),
        )
        hint, sign = "By (7): ∂E/∂x_o times the weight from h_1 to the output.", "of ∂E/∂x_o and of the weight."
        return Question("∂E/∂y_1", n.dE_dy[H1], hint, f"Mind the signs {sign}", mistakes)


class ThroughTheHidden(_Through):
    """Step 6."""

    title, units = "through the hidden units", HIDDEN

    def words(self, n):
        slopes = [fmt(n.y[j] * (1 - n.y[j])) for j in HIDDEN]
        return (
            "Equation (5) again, one layer down: what h_1 and h_2 were told goes through their own curves. The slopes "
            f"y (1 − y) are {slopes[0]} and {slopes[1]}. With more layers, (7) and (5) would alternate."
        )


class EveryWeight(Step):
    """Step 7."""

    title, equations, reveals, units, form = "every weight", "(6)", ("dE_dw",), ENDS, "rows"
    general = ("∂E/∂w_ji = ∂E/∂x_j · y_i  (6)",)

    def worked(self, n):
        row = lambda ends: (fmt(n.dE_dx[ends[0]]), state_of(n, ends[1]), fmt(n.dE_dw[ends]))  # noqa: E731
        head = ["", "∂E/∂x_j", "· y_i", "= ∂E/∂w_ji"]
        return [head, *([weight_name(ends), *row(ends)] for ends in top_down(ENDS))]

    def words(self, n):
        off, none = _off(n), ""
        if off:
            is_off = "are" if " and " in off else "is"
            none = f"{off.capitalize()} {is_off} 0: weights from there had no part in the answer and get 0. "
        added = "This case was counted in this sweep already, so it is not added again."
        if not n.now.again:
            added = f"It is added to the accumulated gradient: {len(n.now.counted)} of 4 cases."
        return f"A weight’s share is the ∂E/∂x above it times the y that came through it. {none}{added}"

    def question(self, n):
        dE_dx, y = n.dE_dx[OUT], n.y[H1]
        mistakes = (
            (dE_dx * n.w[OUT, H1], "You multiplied by the weight, that is (7). (6) multiplies by y_1."),
            (n.dE_dy[OUT] * y, "You took ∂E/∂y of the output; (6) takes its ∂E/∂x."),
            (dE_dx * n.y[H2], "That is the weight from h_2."),
        )
        hint = "By (6): ∂E/∂x of the unit above, the output, times y of the unit below, h_1."
        sign = "y_1 is positive, so it has the sign of ∂E/∂x_o."
        return Question("∂E/∂w_o1", n.dE_dw[OUT, H1], hint, sign, mistakes)


class ChangeTheWeights(Step):
    """Step 8."""

    title, equations, form = "change the weights", "(8) (9)", "rows"
    general = ("Δw(t) = −ε ∂E/∂w(t) + α Δw(t−1)  (8)(9)",)

    def worked(self, n):
        made, numbers = n.now.change, (n.gathered, n.delta_w_before, n.delta_w)
        head = ["", f"−{made.epsilon:.4g} · ∂E/∂w", f"+ {made.alpha:.4g} · Δw(t−1)", "= Δw(t)"]
        return [head, *([weight_name(ends), *(fmt(of[ends]) for of in numbers)] for ends in top_down(ENDS))]

    def words(self, n):
        who = "This case has had its say" if n.alone else "All 4 cases have had their say"
        before, after = (fmt(total_error(w)[0]) for w in (n.now.used, n.now.w))
        return (
            f"{who}: every weight moves a little against its accumulated ∂E/∂w (8), and keeps α of its last change "
            f"(9). E over all 4 cases was {before} and is {after} now."
        )

    def question(self, n):
        ends, made = (OUT, H1), n.now.change
        velocity = made.alpha * n.delta_w_before[ends]
        step_8 = (-made.epsilon * n.gathered[ends], "That is (8). With momentum, (9) adds α times the last Δw.")
        alone, not_alone = made.epsilon * n.dE_dw[ends], "That is this case alone: take the accumulated ∂E/∂w."
        mistakes = (
            (n.gathered[ends], "That is the accumulated ∂E/∂w; (8) takes ε of it, with a minus."),
            (velocity - alone, not_alone),
            *([step_8] if velocity else []),
        )
        hint = "By (9): −ε times the accumulated ∂E/∂w, plus α times the last Δw. Point at the arc to read both."
        sign = "Weights go against their derivative: mind the minus in (8)."
        return Question("Δw_o1", n.delta_w[ends], hint, sign, mistakes)


def _off(n):
    """The inputs that are 0, by name."""
    return " and ".join(name for name in INPUTS if n.y[name] == 0)
