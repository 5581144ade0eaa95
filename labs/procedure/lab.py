"""The procedure lab: both passes through a 2-2-1 network, every number on its arc or unit."""

from collections import deque
from functools import cache, partial

import ipywidgets as widgets
import numpy as np

import bpcore as bp
from bpcore.analysis.handbook_1988 import agreement_1988
from bpcore.tasks.classics import xor_1988_start

from ..kit.clock import Clock
from ..kit.controls import Choice, Control, button, larger, note
from ..kit.exercises import veils
from ..kit.settings import UPDATES, Setting, alpha, declared, epsilon
from .moments import CHANGE, ENDS, LAST_OF_CASE, TASK, Moment, Worked, case_name, nudge, total_error
from .step_canvas import StepCanvas
from .step_view import StepView, numbers_so_far
from .writing import plain

AS_IN_1988 = {"epsilon": 0.5, "alpha": 0.9, "update": "sweep"}
_REMEMBER = 20_000  # steps that Back can undo
_ROWS = 4  # weights in the check table


class ProcedureLab:
    """Equations (1) to (9) on a 2-2-1 network that learns exclusive or, one step at a time.

    Parameters
    ----------
    seed : int, optional
        Draw the starting weights from this seed; by default they are those of the 1988 program.
    epsilon, alpha : float
        Equation (9). They act from the next change of the weights on.
    update : {"sweep", "case"}
        Change the weights after each sweep, as the paper does, or after each case.

    Attributes
    ----------
    moment : Moment
        Where you are: sweep, case, step, and what was accumulated.
    settings : dict
        epsilon, alpha and update.

    Raises
    ------
    ValueError
        For a value out of its range, in one sentence.

    Examples
    --------
    ``lab.next()``, ``lab.back()``, ``lab.case(2)``, ``lab.whole_case()``, ``lab.whole_sweep()``, ``lab.reset()``;
    ``lab.numbers["dE_dx"]["h1"]``, ``lab.nudge("h1", "input 2")``, ``lab.answer(-0.0062)``, ``lab.state``.
    """

    title, shape = "The procedure", "2–2–1 · exclusive or · one case at a time"

    def __init__(self, seed=None, *, epsilon=0.5, alpha=0.9, update="sweep"):
        self.task = TASK
        self.settings = _checked(epsilon=epsilon, alpha=alpha, update=update)
        self._clock = Clock(tick=None, failed=None)  # never started; it calls on the right thread
        self._canvas = None
        self._rows, self._reply, self._message = [("output", "h1")], None, ""
        self._start(seed)
        self._build()

    # ---- from Python, as by hand

    def next(self, steps=1):
        """Go on by one step, or by several."""
        bp.validate.whole(steps, "the number of steps", 1)
        self._go_on(lambda moments: len(moments) > steps)

    def back(self, steps=1):
        """Undo one step, or several; at the start there is nothing to undo."""
        for _ in range(min(bp.validate.whole(steps, "the number of steps", 1), len(self._past))):
            self.moment = self._past.pop()
        self._moved()

    def case(self, case):
        """Put a case on the table: its number from 0 to 3, or its name, "10"."""
        names = self.task.cases.names
        if isinstance(case, str) and case in names:
            case = names.index(case)
        if isinstance(case, bool) or not isinstance(case, int | np.integer) or not 0 <= case < len(names):
            listed = ", ".join(f"{k} or '{name}'" for k, name in enumerate(names))
            raise ValueError(f"there is no case {case!r}; {listed} is expected")
        self._go([self.moment, self.moment.present(int(case))])

    def whole_case(self):
        """Go on to the end of a case; with a change after each case, to that change."""
        self._go_on(lambda moments: self._case_is_over(moments[-1]))

    def whole_sweep(self, sweeps=1):
        """Go on until the weights were changed for the whole sweep, or for several."""
        end = self.moment.sweep + bp.validate.whole(sweeps, "the number of sweeps", 1)
        self._go_on(lambda moments: moments[-1].sweep >= end)

    def reset(self):
        """Go back to the starting weights; epsilon, alpha and update stay."""
        self._start(self.seed)
        self._moved()

    def start_1988(self):
        """Begin as the 1988 program does: its weights, epsilon .5, alpha .9, a change after each sweep."""
        self.settings = dict(AS_IN_1988)
        self._start(None)
        self._moved()

    def set(self, **settings):
        """Change epsilon, alpha or update; they act from the next change of the weights on."""
        self.settings = _checked(**self.settings | settings)
        self._moved()

    update = Setting("change after", "sweep", choices=UPDATES, doc="When the weights change.")
    epsilon, alpha = epsilon(0.5, paper=0.5), alpha()

    @property
    def numbers(self):
        """Every number so far, by the names of units and weights.

        ``numbers["y"]["h1"]``, ``numbers["dE_dw"]["h1", "input 2"]``, ``numbers["w"]["output", "bias"]``; also x, d, E,
        dE_dy and dE_dx, delta_w, and "gathered": dE/dw accumulated for the next change. At the last step w are the new
        weights, w_before and delta_w_before what they changed from.
        """
        return numbers_so_far(Worked(self.moment))

    @property
    def state(self):
        """The State of bpcore: sweep, weights, velocity and the total error of all cases."""
        now = self.moment
        return bp.State(now.sweep, now.w[None], now.delta_w[None], total_error(now.w))

    def nudge(self, upper, lower):
        """The derivative of this case's error by one weight: by equation (6), and by nudging the weight up and down.

        Parameters
        ----------
        upper, lower : str
            Both ends of the weight: ``nudge("h1", "input 2")``, ``nudge("output", "bias")``.

        Returns
        -------
        Nudge
        """
        if (upper, lower) not in ENDS:
            listed = ", ".join(map(str, ENDS))
            raise ValueError(f"there is no weight from {lower!r} to {upper!r}; one of {listed} is expected")
        self._rows = [*[row for row in self._rows if row != (upper, lower)][1 - _ROWS :], (upper, lower)]
        self._show()
        return nudge(Worked(self.moment), (upper, lower))

    def answer(self, value):
        """Answer the question below the lab; returns what there is to say, and shows it."""
        self._reply = self._step_view().question.judge(value)
        self._show()
        return plain(self._reply[1])

    @staticmethod
    def agreement_1988():
        """Compare this engine with what the 1988 program printed, see `bpcore.analysis.handbook_1988`."""
        return _agreement()

    # ---- stepping

    def _after(self, moment):
        return moment.next(**self.settings)

    def _start(self, seed):
        w = xor_1988_start(TASK) if seed is None else bp.start(TASK.network, seed)
        self.seed, self.moment = seed, Moment.first(w[0])
        self._past = deque(maxlen=_REMEMBER)

    def _go_on(self, over):
        moments = [self.moment, self._after(self.moment)]
        while not over(moments):
            moments.append(self._after(moments[-1]))
        self._go(moments)

    def _go(self, moments):
        self._past.extend(moments[:-1])
        self.moment = moments[-1]
        self._moved()

    def _moved(self):
        self._reply, self._message = None, ""
        self._show()

    def _case_is_over(self, moment):
        waits = moment.gathered and self.settings["update"] == "case"
        return moment.step == CHANGE or (moment.step == LAST_OF_CASE and not waits)

    # ---- on the screen

    def _step_view(self):
        try:
            ahead = self._after(self.moment)
        except ValueError:  # the next change would blow up; it says so when it is tried
            ahead = self.moment
        return StepView(self.moment, ahead, alone=self.update == "case")

    def digest(self):
        """What the lab shows, in words."""
        return f"{self.title} {self.shape}\n{self._step_view().digest()}"

    __repr__ = digest

    def _repr_mimebundle_(self, **kwargs):
        return {**self.widget._repr_mimebundle_(**kwargs), "text/plain": self.digest()}

    def _scene(self):
        more = {"reply": self._reply, "message": self._message, "agreement": _agreement_sentence()}
        return self._step_view().scene(self._rows) | more

    def _show(self):
        if self._canvas is None:
            return
        self._canvas.scene = self._scene()
        for case, shown in enumerate(self._cases):
            (shown.add_class if case == self.moment.case else shown.remove_class)("bp-on")
        for name, control in self._controls.items():
            control.set(self.settings[name])
        self._back_button.disabled = not self._past

    def _build(self):
        head = [
            self._button(*about)
            for about in (
                ("◀ Back", "Undo one step", self.back),
                ("Next step ▶", "Compute the next layer, or change the weights", self._press_next, True),
                ("Whole case", "On to the end of this case", self.whole_case),
                ("Whole sweep", "On through all cases, until the weights are changed", self.whole_sweep),
                ("1988 start", "Begin again as the program of 1988 does: its weights, its ε and α", self.start_1988),
            )
        ]
        self._back_button = head[0]
        name = widgets.HTML(f"<b>{self.title}</b><span>{self.shape}</span>").add_class("bp-name")
        # Buttons, not a choice: to press the case that is on the table means to begin it again.
        self._cases = [
            self._button(case_name(case), "Put this case on the table", partial(self.case, case))
            for case in range(len(TASK.cases))
        ]
        self._controls = {name: self._control(name, one) for name, one in declared(type(self)).items()}
        self._canvas = StepCanvas(self._scene(), lambda content: self._at_home(self._on_message, content))
        settings = [*(control.widget for control in self._controls.values()), note("▲ is the value of 1988")]
        parts = [
            widgets.Box([name, *head, larger(lambda: self.widget)]).add_class("bp-head"),
            widgets.VBox([widgets.HTML("<h4>Case</h4>"), widgets.Box(self._cases).add_class("bp-cases")]),
            self._canvas,
            widgets.VBox(settings).add_class("bp-controls").add_class("bp-settings"),
        ]
        parts[1].add_class("bp-choose")
        self.widget = widgets.Box(parts).add_class("bp-lab").add_class("bp-procedure")
        self._show()

    def _control(self, name, one):
        if one.choices:
            made = Choice(one.label, one.choices, self.settings[name])
        else:
            look = {"paper": one.paper, "logarithmic": one.logarithmic, "step": one.step}
            made = Control(one.label, self.settings[name], one.least, one.most, **look)
        made.on_change(lambda: self._at_home(self._on_control, name, made.value))
        return made

    # ---- messages from the page; they may arrive on another thread

    def _press_next(self):
        """Go on, but in a lesson only once the number was answered: `next` and “Show me” do not ask."""
        if veils.is_asked("01") and not (self._reply and self._reply[0] == "✓"):
            if self._reply is None:
                self._reply = ["·", "First your number: type it and press Check. Or press Show me."]
            self._show()
        else:
            self.next()

    def _button(self, name, what, pressed, main=False):
        return button(name, what, lambda: self._at_home(pressed), main)

    def _at_home(self, call, *arguments):
        self._clock.at_home(self._show_error_of, call, *arguments)

    def _show_error_of(self, call, *arguments):
        try:
            call(*arguments)
        except ValueError as wrong:
            self._message = f"{str(wrong)[:1].upper()}{str(wrong)[1:]}."
            self._show()

    def _on_control(self, name, value):
        if value != self.settings[name]:
            self.set(**{name: value})

    def _on_message(self, content):
        if content.get("type") == "answer":
            self.answer(content.get("text", ""))
        elif content.get("type") == "show_me":
            self.next()
        elif content.get("type") == "nudge":
            ends = ENDS[content["key"]]
            if ends in self._rows:
                self._rows.remove(ends)
                self._show()
            else:
                self.nudge(*ends)


def _checked(*, epsilon, alpha, update):
    """Validate the settings; ValueError with a sentence if one is invalid."""
    for name, value in (("epsilon", epsilon), ("alpha", alpha)):
        if np.ndim(value) or isinstance(value, bool):
            raise ValueError(f"{name} is {value!r}; one number is expected")
    phase = bp.Phase(epsilon=epsilon, alpha=alpha)
    return {"epsilon": phase.epsilon, "alpha": phase.alpha, "update": bp.Recipe((phase,), update=update).update}


@cache
def _agreement():
    return agreement_1988(engine="numpy")  # the engine whose numbers the lab shows, and quick to start


def _agreement_sentence():
    found, says = _agreement(), "agrees" if _agreement().holds else "does not agree"
    first = f"tss {found.computed[0]:.6f} before the first change"
    return ["✓" if found.holds else "✗", f"{says} with the 1988 program: {first}, below .04 at sweep {found.stops_at}"]
