"""Single weights of a lab changed by hand, frozen or cut, and runs kept to compare the next ones with."""

from dataclasses import replace

import numpy as np

import bpcore as bp

_BACK = 20  # changes that can be undone
_COMPARED = 4  # kept curves; the oldest goes first
_POINTS = 1000  # of a kept curve


class Surgery:
    """A part of every live lab; see `LiveLab`."""

    front = 0
    """Which of the runs side by side stands in front."""
    told_by_front = ()
    """Settings of all runs side by side, of which the name of a kept curve tells those of the one in front."""

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
        self._operate(sweep, w, delta_w, self.frozen, f"{self._weight_names()[k]} = {value:.3g}", more)

    def cut(self, weight, *, sweep=None):
        """Cut a link: its weight is 0 and stays so."""
        k = self._place(weight)
        sweep, w, delta_w = self._at(sweep)
        w[:, k] = 0.0
        self._operate(sweep, w, delta_w, {*self.frozen, k}, f"{self._weight_names()[k]} cut")

    def freeze(self, weight, on=True, *, sweep=None):
        """Let neither learning nor decay change a weight; or let them again."""
        k = self._place(weight)
        frozen = self.frozen | {k} if on else self.frozen - {k}
        self._operate(*self._at(sweep), frozen, f"{self._weight_names()[k]} {'frozen' if on else 'free'}")

    def undo(self):
        """Go back to the run before the last change of a weight, as it was.

        Raises
        ------
        ValueError
            Where no weight has been changed since the last restart.
        """
        if not self._past:
            raise ValueError("no weight has been changed since the last restart; there is nothing to undo")
        self.run, self._marks, self.settings = self._past.pop()
        self._show_settings()
        self._show_anew()

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
        curve = {"name": name or self._kept_name(), "sweeps": sweeps.tolist(), "E": _finite(E[sweeps])}
        others = [kept for kept in self._compared if kept != curve]  # the same twice is one
        self._compared = [*others, curve][-_COMPARED:]
        self._send_compared()

    def forget(self, curve=None):
        """Take kept curves away: the one at this place among them, or all."""
        self._compared = [] if curve is None else [k for at, k in enumerate(self._compared) if at != curve]
        self._send_compared()

    # ---- how

    def _place(self, weight):
        names = self._weight_names()
        if isinstance(weight, str):
            if weight not in names:
                raise ValueError(f"there is no weight '{weight}'; one such as '{names[0]}' is expected")
            return names.index(weight)
        return bp.validate.whole(weight, "the place of a weight", 0, len(names) - 1)

    def _weight_names(self):
        return self.scene()["weight_names"]

    def _at(self, sweep):
        state = self.run.state if sweep is None else self.run.at(min(sweep, self.run.sweeps))
        return state.sweep, state.w.copy(), state.delta_w.copy()

    def _operate(self, sweep, w, delta_w, frozen, mark, more=False):
        before = (self.run, self._marks, self.settings)
        # What the sliders say holds from there, whatever they said then, and what the task plans for later.
        recipe = replace(self.task_of(self.settings).recipe.from_sweep(sweep), held=tuple(sorted(frozen)))
        task, every = self.run.task, self.run.keep_every
        self.run = bp.History(
            task, recipe=recipe, w=w, delta_w=delta_w, keep_every=every, keep_bytes=self._memory(task)
        )
        self._marks = [[0, mark]]
        if not (more and self._past):
            self._past = [*self._past, before][-_BACK:]
        self._show_anew()

    def _kept_name(self):
        phase = self.run.recipe.phase(self.run.sweeps)
        epsilon, alpha = (np.broadcast_to(v, self.run.runs)[self.front] for v in (phase.epsilon, phase.alpha))
        other = [
            self._in_words(name, value)
            for name, value in self.settings.items()
            if name not in (*self.steering, *self.told_by_front) and value != self._first_settings[name]
        ]
        return ", ".join([f"start {self.seed}, ε {epsilon:g}, α {alpha:g}", *other])

    def _in_words(self, name, value):
        """A setting as its control names it."""
        if name in self._controls:
            return f"{self._controls[name].name} {value:g}"
        if name in self._choices:
            choice = self._choices[name]
            return f"{choice.description} {next((word for word, v in choice.options if v == value), value)}".strip()
        return f"{name.replace('_', ' ')} {value}"

    def _send_compared(self):
        if self._stage is not None:
            self._stage.send({"type": "compared", "curves": self._compared})

    def _heard_of_weights(self, content):
        """Take what was done to a weight on the page; True where it was that."""
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
                if [kept["name"] for kept in self._compared[at : at + 1]] == [name]:  # it may have moved up since
                    self.forget(at)
            else:
                return False
        except ValueError as wrong:
            self._stage.say(f"{wrong}.")
        return True


def _finite(values):
    return [float(v) if np.isfinite(v) else None for v in values]
