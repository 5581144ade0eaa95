"""What there is to see of a moment of the procedure: the numbers, the equation, the words, the check, the question."""

from . import explain
from .explain import case_name, fmt, plain
from .question import question
from .steps import CHANGE, LAST_OF_CASE, STEPS, ends_of_weights, nudge, numbers_of, numbers_so_far, total_error

UNITS = ("input 1", "input 2", "h1", "h2", "output")


class Seen:
    """A moment, made ready to be shown.

    Parameters
    ----------
    task : Task
    now, ahead : Moment     the present one, and the one after the next step
    again : bool            the case was counted in this sweep before
    alone : bool            weights change after each case
    """

    def __init__(self, task, now, ahead, *, again, alone):
        self.task, self.now, self.ahead, self.again, self.alone = task, now, ahead, again, alone
        self.ends = ends_of_weights(task.network)
        self.numbers, self.so_far = numbers_of(task, now), numbers_so_far(task, now)

    @property
    def sweep(self):
        """Number of the sweep that goes on, or that was just ended; the first is 1."""
        ended = self.now.step == CHANGE and len(self.now.counted) == len(self.task.cases)
        return self.now.sweep + (not ended)

    def _change(self, moment):
        if not moment.change:
            return None
        made = moment.change
        arrays = made.dE_dw, made.delta_w, moment.delta_w
        return made, *(dict(zip(self.ends, array.tolist(), strict=True)) for array in arrays)

    def equation(self):
        """The equation of the step, see `explain.equation`."""
        return explain.equation(
            self.now.step, self.numbers, self._change(self.now), case_name(self.task, self.now.case)
        )

    def words(self):
        """What happened, in words."""
        about = {
            "counted": len(self.now.counted),
            "cases": len(self.task.cases),
            "again": self.again,
            "alone": self.alone,
        }
        if self.now.change:
            about["E_before"], about["E_after"] = (total_error(self.task, w)[0] for w in (self.now.used, self.now.w))
        return explain.words(self.now.step, self.numbers, case_name(self.task, self.now.case), about)

    def question(self):
        """The Question about the next step."""
        new_case = self.ahead.step == 1
        where = f" in case {case_name(self.task, self.ahead.case)}" if new_case else ""
        return question(self.ahead.step, numbers_of(self.task, self.ahead), self._change(self.ahead), where)

    def digest(self):
        """All of it in a few lines of text."""
        now, equation = self.now, self.equation()
        place = f"sweep {self.sweep}, case {case_name(self.task, now.case)}, step {now.step} of {len(STEPS)}"
        lines = equation.get("lines") or ["  ".join(row).strip() for row in equation["rows"]]
        return "\n".join([f"{place}: {explain.title_of(now.step)}", *map(plain, lines)])

    def scene(self, rows):
        """Everything for the page; `rows` are the ends of the weights in the check table."""
        return {
            "step": self.now.step,
            "case": self.now.case,
            "case_name": case_name(self.task, self.now.case),
            "sweep": self.sweep,
            "steps": [list(step) for step in STEPS],
            "title": explain.title_of(self.now.step),
            "units": {unit: self._unit(unit) for unit in UNITS},
            "weights": [self._weight(ends, ends in rows) for ends in self.ends],
            "equation": self.equation(),
            "words": self.words(),
            "sofar": {"cases": len(self.task.cases), "done": len(self.now.counted), "E": self._error_so_far()},
            "checks": [self._check(ends) for ends in rows],
            "question": self.question().text,
        }

    def _unit(self, unit):
        shown = {
            name: fmt(self.so_far[name][unit]) for name in ("x", "y", "dE_dy", "dE_dx") if unit in self.so_far[name]
        }
        if unit in self.so_far["d"]:
            shown["d"] = f"{self.so_far['d'][unit]:.0f}"
        if unit.startswith("input"):
            shown["state"] = self.so_far["y"][unit]
        return shown

    def _weight(self, ends, checked):
        shown = self.so_far
        dE_dw = "" if self.now.change or not shown["dE_dw"] else fmt(shown["dE_dw"][ends], sign=True)
        return {
            "upper": ends[0],
            "lower": ends[1],
            "name": explain.weight_name(ends),
            "value": shown["w"][ends],
            "w": fmt(shown["w"][ends], sign=True),
            "dE_dw": dE_dw,
            "delta_w": fmt(shown["delta_w"][ends], sign=True),
            "gathered": fmt(shown["gathered"][ends], sign=True),
            "checked": checked,
        }

    def _error_so_far(self):
        counted = self.now.counted
        total = sum(counted.values())
        if len(counted) == len(self.task.cases):
            return f"{fmt(total)}" if self.alone else f"{fmt(total)}, tss = 2 E = {2 * total:.6f}"
        return f"{fmt(total)} + …" if counted else "…"

    def _check(self, ends):
        by_6, by_nudging = nudge(self.task, self.now, ends)
        known = self.now.step >= LAST_OF_CASE
        return {
            "name": explain.weight_name(ends),
            "by_6": fmt(by_6, 6) if known else "",
            "by_nudging": fmt(by_nudging, 6),
            "agrees": known and abs(by_6 - by_nudging) < 1e-8,
        }
