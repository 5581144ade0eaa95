"""An exercise on the screen: the question, a field or a choice, Check, and the sentence."""

import html
import re
from pathlib import Path

import ipywidgets as widgets

from ..controls import button, when_typed
from ..environment import without_code
from .kinds import Choice, Function, Verdict
from .progress import Progress

WANTS_CODE = "This exercise wants a notebook, where you can write: python3 run.py lab opens it."

_STYLE = f"<style>\n{Path(__file__).with_name('exercise.css').read_text(encoding='utf-8')}</style>"


class ExerciseBox:
    """An exercise that answers.

    Parameters
    ----------
    exercise : Exercise
    given : object, optional
        The function or the lab that it is about; whatever it is when Check is pressed counts.
    progress : Progress, optional
    """

    def __init__(self, exercise, given=None, progress=None):
        self.exercise, self._given = exercise, given
        self._progress = progress or Progress(exercise.number.partition(".")[0])
        self.verdict = None
        kept = self._progress.of(exercise.number)
        self._field = self._answer_field(kept.get("answer"))
        self._said = widgets.HTML()
        name = f"Check exercise {exercise.number}"
        self._button = button("Check", name, self._pressed, main=True)
        first = widgets.HTML(exercise.asks_for) if self._field is None else self._field
        answering = widgets.Box([first, self._button]).add_class("bp-answering")
        if isinstance(exercise, Choice):
            answering.add_class("bp-choosing")
        if isinstance(exercise, Function) and without_code():
            answering = widgets.HTML(WANTS_CODE)
        self.widget = widgets.VBox([widgets.HTML(self._heading()), answering, self._said]).add_class("bp-exercise")
        if kept.get("right") is True:
            self._say(Verdict(True, "You had this right before."), role="note")

    def check(self, answer=None):
        """Judge an answer, or what stands in the field, and say so on the screen.

        Parameters
        ----------
        answer : optional

        Returns
        -------
        Verdict
        """
        if answer is None:
            answer = self._given if self._field is None else self._field.value
        typed = isinstance(answer, (str, int, float))
        verdict = self.exercise.check(answer)
        trouble = self._progress.note(self.exercise.number, verdict.right, str(answer)[:200] if typed else "")
        self._say(verdict, trouble)
        return verdict

    def _answer_field(self, before):
        if self.exercise.takes_object:
            return None
        if isinstance(self.exercise, Choice):
            options = list(self.exercise.options)
            value = before if before in options else None
            return widgets.RadioButtons(options=options, value=value, description="Your answer")
        before = before if isinstance(before, str) else ""
        made = widgets.Text(value=before, placeholder=self.exercise.asks_for, description="Your answer")
        made.continuous_update = False  # letter by letter it would be longer on its way
        made.on_msg(lambda _, content, _buffers: content.get("event") == "submit" and self._pressed())
        return made

    def _pressed(self):
        when_typed(self.check)

    def _say(self, verdict, trouble="", role="alert"):
        self.verdict = verdict
        words = html.escape(f"{verdict.sentence} {trouble}".strip())
        right = str(verdict.right).lower()
        self._said.value = (
            f'<div class="bp-verdict" role="{role}" data-right="{right}"><b>{verdict.mark}</b> {words}</div>'
        )

    def _heading(self):
        words = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.exercise.question, quote=False))
        return f"{_STYLE}<b>Exercise {self.exercise.number}</b> &nbsp;{words}"

    def _repr_mimebundle_(self, **kwargs):
        return {**self.widget._repr_mimebundle_(**kwargs), "text/plain": repr(self)}

    def __repr__(self):
        lines = [f"Exercise {self.exercise.number}: {self.exercise.question}"]
        if isinstance(self.exercise, Choice):
            lines += [f"  {k}. {option}" for k, option in enumerate(self.exercise.options, 1)]
        return "\n".join(lines)
