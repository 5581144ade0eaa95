"""The view of a session: widgets made from its declared settings, the canvas, and the row of tickets and files."""

from html import escape

import ipywidgets as widgets
from IPython import get_ipython

from .canvas import Stage
from .controls import Choice, Control, Switch, button, fold, larger, note, row
from .exercises import veils
from .settings import INSTANT, SLOW_START
from .share_row import ShareRow

PLAY, PAUSE = "▶ Play", "❚❚ Pause"
_READING = 0.12  # seconds between two texts, while it learns: nobody reads more quickly
_labs_of_cell = {}  # cell -> (execution, labs it made): rerunning a cell stops the clocks it started before


class View:
    """Shows one session and forwards the user's actions; see `Session` for the notifications.

    Parameters
    ----------
    lab : Session
    """

    def __init__(self, lab):
        self.lab, self.behind = lab, True  # whether the page has not been shown the latest
        self._moves, self._unseen = {}, set()  # sliders moved since the last look; pages in a hidden tab
        self._shown_task, self._shown_sweep = lab.run.task, -1
        home = lab.clock.at_home
        self.play_button = button(
            PLAY, "Learn, or stop learning", lambda: home(self._pressed, self.play_button.description), main=True
        )
        self.name = widgets.HTML(self.heading()).add_class("bp-name")
        head = [
            self.name,
            self.play_button,
            button("One sweep", "One pass through all cases, one change of the weights", lambda: home(lab.step)),
            button("Until solved", "Learn until every case is right", lambda: home(lab.play_until_solved)),
            button("Restart", "Back to the same starting weights", lambda: home(lab.reset)),
            button("Keep", "Keep this error curve to compare others with it; four are kept", lambda: home(lab.keep)),
            larger(lambda: self.widget),
        ]
        self.controls, self.choices, self.switches = {}, {}, {}
        boxes = [widgets.VBox(part).add_class(name) for name, part in self.make_controls().items()]
        controls = widgets.VBox(boxes).add_class("bp-controls")
        self.stage = Stage(lab.scene(), home, self._on_ready, self._on_message)
        self.share = ShareRow(lab, home)
        parts = [widgets.Box(head).add_class("bp-head"), controls, self.stage, self.share.widget]
        if lab.panel:
            parts.append(lab.panel.widget)
        self.widget = widgets.Box(parts).add_class("bp-lab")
        lab.views.append(self)
        veils.listen(self)
        self.on_settings()
        self.on_playing()
        self.stage.say(lab.message)

    def heading(self):
        """Title and shape, as HTML."""
        shape = escape(self.lab.shape)  # a file may be called anything, and what is too long is cut
        return f'<b>{escape(self.lab.title)}</b><span title="{shape}">{shape}</span>'

    @property
    def pace(self):
        """Seconds from one frame to the next that the page keeps up with."""
        return self.stage.pace

    # ---- notifications from the session

    def on_settings(self):
        """Show what is set now."""
        for name, control in [*self.controls.items(), *self.choices.items(), *self.switches.items()]:
            one = self.lab.offered.get(name)
            control.set(getattr(self.lab, name))
            if one and one.fits:
                control.widget.layout.display = None if one.fits(self.lab) else "none"
            if one and callable(one.label):
                control.rename(one.label(self.lab))

    def on_new_run(self):
        """Show another run from its beginning."""
        if self._shown_task is not self.lab.run.task:
            self._shown_task = self.lab.run.task
            self.name.value = self.heading()
            self.stage.scene = self.lab.scene()
        self.stage.new_run()
        self.behind = True

    def on_sweeps(self):
        """Show what was learnt since."""
        if self._shown_sweep != self.lab.run.sweeps:
            self.behind = True
        self._show()

    def on_status(self):
        """Show a change other than new sweeps: a slider, a lane."""
        self.behind = True
        self._show()

    def on_playing(self):
        """Show whether it learns."""
        self.play_button.description = PAUSE if self.lab.playing else PLAY
        self.on_status()

    def _show(self):
        """Send the page what is new. If it is busy, wait until it asks for more."""
        if self.behind and not self.stage.busy:
            lab = self.lab
            lab.find_words(wait=_READING if lab.playing else 0)
            self._shown_sweep = lab.run.sweeps
            status = lab.status() | {"veiled": veils.veiled()}
            self.behind = not self.stage.show(lab.run, lab.words_so_far, lab.marks, **status)

    def on_veils(self):
        """Show what an exercise veils, or no longer does."""
        self.lab.clock.at_home(self.on_status)

    def on_message(self, sentence):
        """Show a sentence."""
        self.stage.say(sentence)

    def on_content(self, content):
        """Send the page something of the lab's own."""
        self.stage.send(content)

    # ---- messages from the page, always on the clock's thread

    def _on_ready(self):
        """Send a newly opened page everything, and any page its next piece."""
        if self.stage.fresh:
            self.behind = True
            for content in self.lab.contents():
                self.stage.send(content)
            self._wake()
        self._show()

    def _on_message(self, content):
        if content.get("type") in ("hidden", "shown"):
            seen, view = content["type"] == "shown", content["view"]
            self._unseen = self._unseen - {view} if seen else self._unseen | {view}
            if self.stage.views <= self._unseen:
                self.lab.rest()
            self._wake()
        elif content.get("type") == "give_up":
            veils.give_up(content.get("exercise"))
        else:
            try:
                if not self.lab.on_weight_message(content):
                    self.lab.on_message(content)
            except ValueError as wrong:
                self.lab.say(f"{wrong}.")
            except (IndexError, KeyError, TypeError):
                self.lab.say("The page asked for something that is not in this lab; nothing was changed.")

    def _wake(self):
        """Resume learning if any page shows the lab."""
        if not self.stage.views <= self._unseen:
            self.lab.wake()

    def _pressed(self, label):
        """Do what the button said when it was pressed: it may have stopped by itself since."""
        if label == PLAY:
            self.lab.play()
        else:
            self.lab.pause()

    def moved(self, name, value):
        """Queue a control's move; of several waiting moves of one control, only the last counts."""
        waiting, self._moves[name] = bool(self._moves), value
        if not waiting:
            self.lab.clock.soon(self._apply_moves)

    def _apply_moves(self):
        moves, self._moves = self._moves, {}
        try:
            self.lab.apply({name: value for name, value in moves.items() if value != getattr(self.lab, name)})
        except ValueError as wrong:  # the slider goes further than this task can
            self.on_settings()
            self.lab.say(f"{wrong}.")

    # ---- the controls

    def make_controls(self):
        """Sliders, choices and switches, from the top down, by class: on a phone the canvas stands between them."""
        lab, ours = self.lab, self.lab.offered
        steering = [name for name, one in ours.items() if one.steers and not one.first]
        anew = [name for name, one in ours.items() if not one.steers and not one.first]
        switches = [self._switch(name, ours[name]) for name in lab.switched if ours[name].switch]
        switches = fold("What was changed …", row(switches)) if switches else []
        sliders = [self._control(name, ours[name]) for name in steering if ours[name].is_slider]
        first = [self._control(name, one) for name, one in ours.items() if one.first]
        rest = [
            *sliders[2:],
            self._control("speed", type(lab).speed_control),
            row([self._switch("slow_start", SLOW_START)]),
            *([self._control("instant", INSTANT)] if lab.has_instant else []),
            *(self._control(name, ours[name]) for name in steering if ours[name].choices),
            *(row([self._action(*action) for action in actions]) for actions in lab.actions()),
            *switches,
            *fold("New run …", *self._anew(anew)),
        ]
        return {"bp-first": first, "bp-steer": sliders[:2], "bp-rest": rest}

    def _anew(self, names):
        """What begins a new run: it is shown while the fold above it is open."""
        lab, ours, home = self.lab, self.lab.offered, self.lab.clock.at_home
        return [
            row([
                button("New start", "Other starting weights", lambda: home(lab.new_start)),
                button(lab.button_back, lab.what_it_sets, lambda: home(lab.as_in_the_paper)),
            ]),
            note(lab.note),
            *(self._control(name, ours[name]) for name in names if ours[name].is_slider),
            self._control("seed", type(lab).seed_control),
            *(self._control(name, ours[name]) for name in names if ours[name].choices),
        ]  # fmt: skip

    def _action(self, name, what, act):
        return button(name, what, lambda: self.lab.clock.at_home(self._try, act))

    def _try(self, act):
        try:
            act()
        except ValueError as wrong:
            self.lab.say(f"{wrong}.")

    def _control(self, name, one):
        value, home = getattr(self.lab, name), self.lab.clock.at_home
        if one.choices:
            made = self.choices[name] = Choice(one.label_of(self.lab), one.choices, value)
        else:
            look = {"paper": one.paper, "logarithmic": one.logarithmic, "whole": one.whole, "step": one.step}
            limits = one.least, one.most
            made = self.controls[name] = Control(one.label_of(self.lab), value, *limits, at_home=home, **look)
        return self._listen(name, made)

    def _switch(self, name, one):
        text, up, down, what = one.switch
        self.switches[name] = Switch(text, up, down, getattr(self.lab, name), what)
        return self._listen(name, self.switches[name])

    def _listen(self, name, made):
        made.on_change(lambda: self.lab.clock.at_home(self.moved, name, made.value))
        return made.widget


def stop_earlier(lab):
    """Stop the clocks of labs that this cell made when it was run before."""
    shell = get_ipython()
    knows = shell if hasattr(shell, "get_parent") else getattr(shell, "kernel", None)  # in a browser the kernel does
    parent = (knows.get_parent() if knows else None) or {}
    cell, execution = parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
    if cell is None:
        return
    before, labs = _labs_of_cell.get(cell, (execution, []))
    if before != execution:
        for earlier in labs:
            earlier.pause()
        labs = []
    _labs_of_cell[cell] = (execution, [*labs, lab])
