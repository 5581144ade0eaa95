"""Single weights of a session changed by hand, frozen or cut, and runs kept to compare the next ones with."""

from dataclasses import replace

import numpy as np

import bpcore as bp

_BACK = 20  # changes that can be undone
_COMPARED = 4  # kept curves; the oldest goes first
_POINTS = 1000  # of a kept curve


class WeightEdits:
    """A part of every session; see `Session`."""

    front = 0
    """Which of the runs side by side stands in front."""
    named_by_front = ()
    """Settings of all runs side by side; the name of a kept curve says those of the one in front instead."""

    def edit(self, weight, value, *, sweep=None, more=False):
        """Give a weight another value; learning goes on from there, as a run that can be undone.

        Parameters
        ----------
        weight : str or int
            Its name, as "h2 ← input 3", or its place in the weight vector.
        value : float
        sweep : int, optional
            Go on from the weights after that many sweeps; from the present ones by default.
        more : bool
            This goes on with the last change, so that one `undo` takes back both.
        """
        k, value = self._place(weight), bp.validate.number(value, "the value of a weight")
        sweep, w, delta_w = self._at(sweep)
        w[:, k], delta_w[:, k] = value, 0.0
        self._operate(sweep, w, delta_w, self.frozen, f"{self.weight_names[k]} = {value:.3g}", more)

    def cut(self, weight, *, sweep=None):
        """Cut a link: its weight is 0 and stays so."""
        k = self._place(weight)
        sweep, w, delta_w = self._at(sweep)
        w[:, k] = 0.0
        self._operate(sweep, w, delta_w, {*self.frozen, k}, f"{self.weight_names[k]} cut")

    def freeze(self, weight, on=True, *, sweep=None):
        """Keep learning and decay from changing a weight; or free it again."""
        k = self._place(weight)
        frozen = self.frozen | {k} if on else self.frozen - {k}
        self._operate(*self._at(sweep), frozen, f"{self.weight_names[k]} {'frozen' if on else 'free'}")

    def undo(self):
        """Go back to the run before the last change of a weight, as it was.

        Raises
        ------
        ValueError
            If no weight has been changed since the last restart.
        """
        if not self.past:
            raise ValueError("no weight has been changed since the last restart; there is nothing to undo")
        run, marks, self.settings = self.past.pop()
        self.tell("settings")
        self.replace_run(run, marks, self.past)

    @property
    def frozen(self):
        """Places of the weights that are frozen or cut, a set."""
        return set(self.run.recipe.held)

    def keep(self, name=None):
        """Keep the error curve of this run, so that the next ones are drawn over it; of five, the oldest goes.

        Parameters
        ----------
        name : str, optional
        """
        E = self.run.E[:, self.front]
        sweeps = np.unique(np.linspace(0, len(E) - 1, _POINTS).astype(int))
        curve = {"name": name or self.curve_name(), "sweeps": sweeps.tolist(), "E": _finite(E[sweeps])}
        others = [kept for kept in self.kept_curves if kept != curve]  # the same twice is one
        self.kept_curves = [*others, curve][-_COMPARED:]
        self.tell("content", self.compared())

    def forget(self, curve=None):
        """Take kept curves away: the one at this place among them, or all."""
        self.kept_curves = [] if curve is None else [k for at, k in enumerate(self.kept_curves) if at != curve]
        self.tell("content", self.compared())

    def compared(self):
        """The kept curves, as a page is told of them."""
        return {"type": "compared", "curves": self.kept_curves}

    def on_weight_message(self, content):
        """Take what was done to a weight on the page; True if it was that."""
        kind, weight, sweep = (content.get(name) for name in ("type", "weight", "sweep"))
        try:
            if kind == "edit":
                self.edit(weight, content["value"], sweep=sweep, more=bool(content.get("more")))
            elif kind == "cut":
                self.cut(weight, sweep=sweep)
            elif kind == "freeze":
                self.freeze(weight, weight not in self.frozen, sweep=sweep)
            elif kind == "undo":
                self.undo()
            elif kind == "forget":
                at, name = content["curve"], content["name"]
                if [kept["name"] for kept in self.kept_curves[at : at + 1]] == [name]:  # it may have moved up since
                    self.forget(at)
            else:
                return False
        except ValueError as wrong:
            self.say(f"{wrong}.")
        return True

    def curve_name(self):
        """What a kept curve is called: everything that was set differently."""
        phase = self.run.recipe.phase(self.run.sweeps)
        epsilon, alpha = (np.broadcast_to(v, self.run.runs)[self.front] for v in (phase.epsilon, phase.alpha))
        other = [
            self._in_words(name, value)
            for name, value in self.settings.items()
            if not (self.declared[name].steers or name in self.named_by_front) and value != self.first_settings[name]
        ]
        return ", ".join([f"start {self.seed}, ε {epsilon:g}, α {alpha:g}", *other])

    def _in_words(self, name, value):
        """A setting as its control names it."""
        one = self.declared[name]
        if one.is_slider:
            return f"{one.label_of(self)} {value:g}"
        if one.choices:
            return f"{one.label_of(self)} {one.choices.get(value, [value])[0]}".strip()
        return f"{name.replace('_', ' ')} {value}"

    def _place(self, weight):
        names = self.weight_names
        if isinstance(weight, str):
            if weight not in names:
                raise ValueError(f"there is no weight '{weight}'; one such as '{names[0]}' is expected")
            return names.index(weight)
        return bp.validate.whole(weight, "the place of a weight", 0, len(names) - 1)

    def _at(self, sweep):
        state = self.run.state if sweep is None else self.run.at(min(sweep, self.run.sweeps))
        return state.sweep, state.w.copy(), state.delta_w.copy()

    def _operate(self, sweep, w, delta_w, frozen, mark, more=False):
        before = (self.run, self.marks, self.settings)
        # What the sliders say holds from there, whatever they said then, and what the task plans for later.
        recipe = replace(self.task_of(self.settings).recipe.from_sweep(sweep), held=tuple(sorted(frozen)))
        how = {"keep_every": self.run.keep_every, "keep_bytes": self.memory(self.run.task)}
        run = bp.History(self.run.task, recipe=recipe, w=w, delta_w=delta_w, **how)
        past = self.past if more and self.past else [*self.past, before][-_BACK:]
        self.replace_run(run, [[0, mark]], past)


def _finite(values):
    return [float(v) if np.isfinite(v) else None for v in values]
