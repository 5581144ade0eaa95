"""An exercise on the screen: the question, a field or a choice, Check, and the sentence."""

import html
import re
import textwrap
import time
from pathlib import Path

import anywidget
import ipywidgets as widgets
import traitlets

from ..controls import button, when_typed
from ..environment import without_code
from . import veils
from .kinds import Choice, Explain, Function, Verdict
from .progress import Progress

WANTS_CODE = "This exercise needs a notebook, where you can write Python: python3 run.py lab opens it."

KEPT = 4000
"""Characters of an answer that are kept."""
WIDTH = 96
"""Characters in a line of the text: before it is run, a notebook shows this, and would break longer lines anywhere."""

_STYLE = f"<style>\n{Path(__file__).with_name('exercise.css').read_text(encoding='utf-8')}</style>"


class _Return(anywidget.AnyWidget):
    """Brings its cell back into sight after Run All Cells."""

    _esm = Path(__file__).with_name("return.js").read_text(encoding="utf-8")
    made = traitlets.Float().tag(sync=True)  # when, in milliseconds as JavaScript counts them


class ExerciseBox:
    """An exercise that answers.

    Parameters
    ----------
    exercise : Exercise
    given : object, optional
        The function or the lab that it is about; whatever it is when Check is pressed counts.
    progress : Progress, optional
    is_first : bool         whether it is the first exercise of its notebook, where reading begins
    """

    def __init__(self, exercise, given=None, progress=None, is_first=False):
        self.exercise, self._given = exercise, given
        self._progress = progress or Progress(exercise.number.partition(".")[0])
        self.verdict = None
        kept = self._progress.of(exercise.number)
        self._field = self._answer_field(kept.get("answer"))
        self._said = widgets.HTML()
        name = f"Check exercise {exercise.number}"
        self._button = button("Compare" if isinstance(exercise, Explain) else "Check", name, self._pressed, main=True)
        self._give_up = button("Show me", f"Give exercise {exercise.number} up, and show its answer", self.give_up)
        self._give_up.add_class("bp-give-up")
        first = widgets.HTML(exercise.asks_for) if self._field is None else self._field
        answering = widgets.Box([first, self._button, self._give_up]).add_class("bp-answering")
        if isinstance(exercise, Choice | Explain):
            answering.add_class("bp-choosing")
        if isinstance(exercise, Function) and without_code():
            answering = widgets.HTML(WANTS_CODE)
        self.widget = widgets.VBox([widgets.HTML(self._heading()), answering, self._said]).add_class("bp-exercise")
        if is_first:
            self.widget.children += (_Return(made=1000 * time.time()),)
        if kept.get("right") is True:
            self._say(Verdict(True, "You had this right before."), role="note")
        self.is_settled = kept.get("right") is True or kept.get("shown") is True
        if self.is_settled:
            self._give_up.layout.display = "none"

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
        trouble = self._progress.note(self.exercise.number, verdict.right, str(answer)[:KEPT] if typed else "")
        self._say(verdict, trouble)
        if verdict.right:
            self._settle()
        return verdict

    def give_up(self):
        """Show the answer, and what was veiled because of it."""
        trouble = self._progress.give_up(self.exercise.number)
        self._said.value = self._sentence("→", "shown", f"{self.exercise.solution} {trouble}", "alert")
        self._settle()

    def _settle(self):
        self.is_settled = True
        self._give_up.layout.display = "none"
        veils.settle(self.exercise.number)

    def _answer_field(self, before):
        if self.exercise.takes_object:
            return None
        if isinstance(self.exercise, Choice):
            options = list(self.exercise.options)
            value = before if before in options else None
            return widgets.RadioButtons(options=options, value=value, description="Your answer")
        before = before if isinstance(before, str) else ""
        if isinstance(self.exercise, Explain):
            return widgets.Textarea(value=before, placeholder=self.exercise.asks_for, description="Your answer", rows=3)
        made = widgets.Text(value=before, placeholder=self.exercise.asks_for, description="Your answer")
        made.continuous_update = False  # letter by letter it would be longer on its way
        made.on_msg(lambda _, content, _buffers: content.get("event") == "submit" and self._pressed())
        return made

    def _pressed(self):
        when_typed(self.check)

    def _say(self, verdict, trouble="", role="alert"):
        self.verdict = verdict
        right = str(verdict.right).lower()
        self._said.value = self._sentence(verdict.mark, right, f"{verdict.sentence} {trouble}", role)

    @staticmethod
    def _sentence(mark, right, words, role):
        words = html.escape(words.strip())
        return f'<div class="bp-verdict" role="{role}" data-right="{right}"><b>{mark}</b> {words}</div>'

    @property
    def _name(self):
        lab, _, which = self.exercise.number.partition(".")
        return f"Explain {lab}" if which == "explain" else f"Exercise {self.exercise.number}"

    def _heading(self):
        words = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.exercise.question, quote=False))
        return f"{_STYLE}<b>{self._name}</b> &nbsp;{words}"

    def _repr_mimebundle_(self, **kwargs):
        return {**self.widget._repr_mimebundle_(**kwargs), "text/plain": repr(self)}

    def __repr__(self):
        lines = [f"{self._name}: {self.exercise.question}"]
        if isinstance(self.exercise, Choice):
            lines += [f"  {k}. {option}" for k, option in enumerate(self.exercise.options, 1)]
        return "\n".join(
            textwrap.fill(line, WIDTH, subsequent_indent="     " if line[0] == " " else "") for line in lines
        )
