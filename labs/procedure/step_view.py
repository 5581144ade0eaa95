"""The view of a moment of the procedure: the numbers, the equation, the words, the check, the question."""

from .moments import CHANGE, ENDS, TASK, UNITS, Worked, by_ends, nudge
from .steps import STEPS
from .writing import INPUTS, fmt, plain, weight_name


def numbers_so_far(n):
    """The numbers of a `Worked` that the completed steps have shown, the accumulated dE/dw and the change."""
    shown = {"w": n.w, "d": n.d, "x": {}, "y": {}, "dE_dy": {}, "dE_dx": {}, "dE_dw": {}}
    for step in STEPS[: n.now.step + 1]:
        for name in step.reveals:
            found = getattr(n, name)
            shown[name] = found if name == "E" else shown[name] | {unit: found[unit] for unit in step.units}
    shown |= {"gathered": n.gathered, "delta_w": n.delta_w}
    if n.now.change:
        shown |= {"w_before": n.w, "w": by_ends(n.now.w), "delta_w_before": n.delta_w_before}
    return shown


class StepView:
    """A moment in the form in which it is shown.

    Parameters
    ----------
    now, ahead : Moment     the present one, and the one after the next step
    alone : bool            whether weights change after each case
    """

    def __init__(self, now, ahead, *, alone):
        self.now, self.n, self.ahead = now, Worked(now, alone), ahead
        self.step, self.so_far = STEPS[now.step], numbers_so_far(self.n)

    @property
    def sweep(self):
        """Number of the sweep that goes on, or that was just ended; the first is 1."""
        return self.now.sweep + (not (self.now.step == CHANGE and self.now.sweep_is_over))

    @property
    def question(self):
        """The Question about the next step."""
        return STEPS[self.ahead.step].question(Worked(self.ahead))

    def digest(self):
        """All of it in a few lines of text."""
        equation = self.step.equation(self.n)
        place = f"sweep {self.sweep}, case {self.n.case}, step {self.now.step} of {len(STEPS) - 1}"
        lines = equation.get("lines") or ["  ".join(row).strip() for row in equation["rows"]]
        return "\n".join([f"{place}: {self.step.name}", *map(plain, lines)])

    def scene(self, rows):
        """Everything for the page; `rows` are the ends of the weights in the check table."""
        return {
            "step": self.now.step,
            "case": self.now.case,
            "case_name": self.n.case,
            "sweep": self.sweep,
            "steps": [[step.title, step.equations] for step in STEPS[1:]],
            "title": self.step.name,
            "units": {unit: self._unit(unit) for units in UNITS.values() for unit in units},
            "weights": [self._weight(ends, ends in rows) for ends in ENDS],
            "equation": self.step.equation(self.n),
            "words": self.step.words(self.n),
            "sofar": {"cases": len(TASK.cases), "done": len(self.now.counted), "E": self._error_so_far()},
            "checks": [self._check(ends) for ends in rows],
            "question": self.question.text,
        }

    def _unit(self, unit):
        known = {name: self.so_far[name] for name in ("x", "y", "dE_dy", "dE_dx")}
        shown = {name: fmt(values[unit]) for name, values in known.items() if unit in values}
        shown |= {"d": f"{self.n.d[unit]:.0f}"} if unit in self.n.d else {}
        return shown | ({"state": self.n.y[unit]} if unit in INPUTS else {})

    def _weight(self, ends, checked):
        known = {name: self.so_far[name] for name in ("w", "delta_w", "gathered", "dE_dw")}
        shown = {name: fmt(values[ends], sign=True) if values else "" for name, values in known.items()}
        if self.now.change:  # the new number is the weight
            shown["dE_dw"] = ""
        about = {"upper": ends[0], "lower": ends[1], "name": weight_name(ends), "checked": checked}
        return about | shown | {"value": known["w"][ends]}

    def _error_so_far(self):
        total = sum(self.now.counted.values())
        if self.now.sweep_is_over:
            return fmt(total) if self.n.alone else f"{fmt(total)}, tss = 2 E = {2 * total:.6f}"
        return f"{fmt(total)} + …" if self.now.counted else "…"

    def _check(self, ends):
        by_6, by_nudging = nudge(self.n, ends)
        agrees, name = abs(by_6 - by_nudging) < 1e-8, weight_name(ends)
        known = {"by_6": fmt(by_6, 6), "agrees": agrees} if self.so_far["dE_dw"] else {"by_6": "", "agrees": False}
        return {"name": name, "by_nudging": fmt(by_nudging, 6), **known}
