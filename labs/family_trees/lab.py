"""The family-tree lab: Figs 2 to 4, learnt in front of you, and every departure from the printed recipe a switch."""

from dataclasses import asdict
from functools import partial

import numpy as np

import bpcore as bp
from bpcore import tasks
from bpcore.measures import score as right_answers
from bpcore.tasks import family_measures as measures
from bpcore.tasks.families import RELATIONSHIPS, Family, check_families
from bpcore.tasks.family_trees import PAPER, PRINTED, WORKING
from figures.snapshot_family_trees import run_plate
from figures.trees import tree_layout

from ..kit.canvas import scene_of, weight_names
from ..kit.controls import Control, Switch, choice, note, row
from ..kit.lab import LiveLab, one_number, setting
from ..kit.script import code

DEPARTURES = {
    "epsilon": ("ε × 10", "An ε ten times as large as printed"),
    "half_range": ("start ± 1", "Starting weights between −1 and 1 in place of −.3 and .3"),
    "weight_decay": ("decay .4 %", "After each sweep weights shrink by .4 %, not by .2 %"),
    "reading": ("tolerance edge", "The error counts from .8 or .2 on, where the printed one jumps from 0"),
    "sweeps": ("20,000 sweeps", "20,000 sweeps in place of 1,500"),
}
"""What the working recipe changes of the caption of Fig. 4: what the switch of each says, and its explanation."""
BIASES_KEPT = ("biases kept", "Decay leaves the biases as they are")


def _values(settings):
    """A recipe's Settings as settings of the lab: its epsilon is the caption's second one."""
    values = asdict(settings)
    return {"epsilon": 0.01 * values.pop("epsilon_factor"), "alpha": 0.9, **values}


_MOST_PEOPLE = 300  # of a ticket
RECIPES = {"printed": _values(PRINTED), "working": _values(WORKING)}


class FamilyTreesLab(LiveLab):
    """Two families and twelve relationships, Figs 2 to 4: 104 facts, of which some are held out.

    Parameters
    ----------
    seed : int
        Of the starting weights, and of the held-out cases where they are drawn.
    recipe : {"working", "printed"}
        Where the settings begin: as the caption of Fig. 4 has them, or as they need to be today.
    families : Family or sequence of Family
        The paper's two, or your own.
    held_out : int or sequence of str
        How many cases are drawn and never trained, or which: ``["Colin has-aunt"]``.
    units : int
        Units that represent a person, 1 to 12; six in the paper.
    speed : float
        Sweeps a second.
    settings
        In place of the recipe's: epsilon, alpha, weight_decay, half_range, reading, decay_biases, sweeps.

    Raises
    ------
    ValueError
        For a value out of its range, or a case that there is not, in one sentence.

    Examples
    --------
    ``lab = FamilyTreesLab()``, then ``lab.play()``, ``lab.ask("Colin", "aunt")``, ``lab.recipe = "printed"``.
    """

    title = "Family trees"
    steering = ("epsilon", "alpha", "weight_decay", "sweeps")
    keep_every = 10
    own = ("families", "asked")

    def __init__(self, seed=170, *, recipe="working", families=PAPER, held_out=4, units=6, speed=1000, **settings):
        self.families = check_families(families)
        self.asked = ("Colin", "aunt") if "Colin" in self._people else (self._people[0], RELATIONSHIPS[0])
        values = _recipe(recipe) | {"units": units, "held_out": held_out}
        unknown = set(settings) - set(values)
        if unknown:
            raise ValueError(f"there is no setting {unknown.pop()!r}; one of {', '.join(values)} is expected")
        self._switches = {}
        super().__init__(seed, speed, values | settings)

    epsilon = setting("epsilon", "Step size from sweep 20 on, half of it before. Acts from the next sweep on.")
    alpha = setting(
        "alpha", "Decay factor of the velocity from sweep 20 on, equation (9). Acts from the next sweep on."
    )
    weight_decay = setting("weight_decay", "Share by which every weight shrinks after each change. Acts at once.")
    half_range = setting("half_range", "Half range of the starting weights. Begins a new run.")
    reading = setting("reading", "Of the tolerance: 'printed', 'edge' or None. Begins a new run.")
    decay_biases = setting("decay_biases", "Whether biases shrink like the other weights. Begins a new run.")
    sweeps = setting("sweeps", "Sweeps after which it pauses.")
    units = setting("units", "Units that represent a person. Begins a new run.")
    held_out = setting("held_out", "Cases that are not trained: how many are drawn, or which. Begins a new run.")

    @property
    def recipe(self):
        """'printed' or 'working', where all settings are as that recipe has them, else None."""
        return next((name for name, values in RECIPES.items() if values.items() <= self.settings.items()), None)

    @recipe.setter
    def recipe(self, name):
        self.set(**_recipe(name))

    def as_in_the_paper(self):
        """Set every value as the caption of Fig. 4 has it, and begin again."""
        self.set(**RECIPES["printed"], units=6, held_out=4)

    def ask(self, person, relationship):
        """Ask for the `relationship` of `person`, here and on the page.

        Returns
        -------
        answers : dict of str to float
            Activity of every person's unit, the strongest first.
        """
        self.asked = self._question(person, relationship)
        self.show_taken_over()
        return self.answers()

    def show_taken_over(self):
        """Show what is asked."""
        if self._stage is not None:
            person, relationship = (names.index(name) for names, name in zip(self._names, self.asked, strict=True))
            self._stage.send({"type": "ask", "person": person, "relationship": relationship})

    def answers(self):
        """What is answered now to what was asked: activity of every person's unit, the strongest first."""
        person, relationship = (names.index(name) for names, name in zip(self._names, self.asked, strict=True))
        inputs = {"person": np.eye(len(self._people))[[person]], "relationship": np.eye(12)[[relationship]]}
        y = bp.forward(self.run.task.network, self.run.state.w, inputs)["answer"][0, :, 0]
        return {self._people[k]: float(y[k]) for k in np.argsort(-y, kind="stable")}

    @property
    def _people(self):
        return [name for family in self.families for name in family.people]

    @property
    def _titles(self):
        if self.families == PAPER:
            return ["The English family (Fig. 2)", "The Italian family: the same tree, other names"]
        return [f"The {family.name} family" for family in self.families]

    @property
    def _names(self):
        return self._people, RELATIONSHIPS

    def _question(self, person, relationship):
        for name, names, what in zip((person, relationship), self._names, ("person", "relationship"), strict=True):
            if name not in names:
                raise ValueError(f"there is no {what} '{name}'; one such as '{names[0]}' is expected")
        return person, relationship

    # ---- what LiveLab asks for

    @property
    def shape(self):
        """The network and its cases, in a line."""
        task = self.run.task
        size = task.network.size
        cases = len(task.cases) + len(task.held_out or ())
        return (
            f"{size('person')}+12 → {size('person code')}+{size('relationship code')} → {size('centre')} → "
            f"{size('answer code')} → {size('answer')} · {cases} facts · Figs 2–4"
        )

    def task_of(self, settings):
        """Make the task with these settings."""
        for name in ("epsilon", "alpha", "weight_decay", "half_range"):
            one_number(settings[name], name)
        bp.validate.whole(settings["sweeps"], "the sweeps after which it pauses", 1)
        decay, reading = settings["weight_decay"], settings["reading"]
        recipe = bp.Recipe(
            phases=(
                bp.Phase(0, settings["epsilon"] / 2, min(0.5, settings["alpha"]), decay),
                bp.Phase(20, settings["epsilon"], settings["alpha"], decay),
            ),
            decay_biases=bool(settings["decay_biases"]),
            tolerance=reading and bp.Tolerance(0.2, reading),
            start=bp.Start(settings["half_range"]),
        )
        units = bp.validate.whole(settings["units"], "the number of units that represent a person", 1, 12)
        held_out = settings["held_out"]
        sizes = {"person code": units}
        return tasks.family_trees(self.families, held_out=held_out, held_out_seed=self.seed, recipe=recipe, sizes=sizes)

    def scene(self):
        """Describe the families and the task to the page."""
        task, people = self.run.task, self._people
        held = task.held_out
        return scene_of(
            task,
            "trees",
            self.title,
            weight_names=_weight_names(task.network, people),
            families=[
                _on_page(family, title, people) for family, title in zip(self.families, self._titles, strict=True)
            ],
            relationships=RELATIONSHIPS,
            answers=[
                [[people.index(name) for name in family.related(person, relation)] for relation in RELATIONSHIPS]
                for family in self.families
                for person in family.people
            ],
            asked=[people.index(self.asked[0]), RELATIONSHIPS.index(self.asked[1])],
            held=list(held.names) if held else [],
            heldInputs={name: rows.tolist() for name, rows in held.inputs.items()} if held else {},
            heldDesired={name: rows.tolist() for name, rows in held.desired.items()} if held else {},
            halfRange=self.settings["half_range"],
            features=measures.features(self.families),
            alike=_comparable(self.families),
        )

    def words(self, sweeps, w):
        """What was learnt at each of these sweeps: (mark, sentence) pairs."""
        return what_was_learnt(self.run.task, self.families, sweeps, np.asarray(w))

    def picture(self):
        """What the lab shows now, as a Plate."""
        return run_plate(self.run, self.families, self.digest().splitlines(), self._marks)

    def digest(self):
        """What the lab shows, in words."""
        captions = measures.captions(self.run.task.network, self.run.state.w, self.families)
        held = self.run.task.held_out
        return "\n".join([
            super().digest(),
            *(f"unit {k}: {caption}" for k, caption in enumerate(captions, 1)),
            f"held out: {', '.join(held.names) if held else 'nothing'}",
        ])  # fmt: skip

    __repr__ = digest

    def chosen(self):
        """What was asked, and families of your own."""
        families = None if self.families == PAPER else [asdict(family) for family in self.families]
        return {"asked": self.asked, "families": families}

    @classmethod
    def with_chosen(cls, chosen, **how):
        """Make a lab of the same families, in which the same is asked."""
        families = [Family(**family) for family in chosen["families"] or ()]
        bp.validate.whole(sum(len(family.people) for family in families), "the number of people", 0, _MOST_PEOPLE)
        lab = cls(families=families or PAPER, **how)
        lab.ask(*chosen["asked"])
        return lab

    def script_task(self):
        """Lines of Python that make the task, for a script."""
        families = "" if self.families == PAPER else f"{code(list(self.families))}, "
        held_out = f"held_out={code(self.held_out)}, held_out_seed={self.seed}"
        return f"task = tasks.family_trees({families}{held_out}, sizes={{'person code': {self.units}}})"

    # ---- the controls

    def make_controls(self):
        """Sliders and choices, from the top down."""
        values, control = self.settings, partial(Control, at_home=self._clock.at_home)
        self._controls = controls = {
            "epsilon": control("ε learning rate", values["epsilon"], 0.001, 1, paper=0.01, logarithmic=True),
            "alpha": control("α momentum", values["alpha"], 0, 0.99, paper=0.9, step=0.01),
            "weight_decay": control("weight decay", values["weight_decay"], 0, 0.01, paper=0.002, step=0.0002),
            "speed": control("sweeps a second", self.speed, 1, 20_000, logarithmic=True),
            "units": control("units for a person", values["units"], 1, 12, paper=6, whole=True),
            "seed": control("start number (seed)", self.seed, 0, 499, whole=True),
        }
        options = [("printed", "printed"), ("working", "working")]
        tips = ["Every value as the caption of Fig. 4 has it", "The same ingredients, in amounts that learn"]
        self._choices = {
            "recipe": choice("recipe", options, self.recipe, tips),
        }
        self._switches = {
            name: Switch(text, RECIPES["printed"][name], RECIPES["working"][name], values[name], what)
            for name, (text, what) in DEPARTURES.items()
        }
        text, what = BIASES_KEPT
        self._switches["decay_biases"] = Switch(text, True, False, values["decay_biases"], what)
        return [
            *(controls[name].widget for name in ("epsilon", "alpha", "weight_decay", "speed")),
            self._choices["recipe"],
            note("What was changed, switch by switch:"),
            row([switch.widget for switch in self._switches.values()]),
            note("▲ the paper's value. Below: a new run."),
            *(controls[name].widget for name in ("units", "seed")),
        ]

    def apply(self, moves):
        """Take what the sliders say, {name: value}."""
        if moves.get("recipe"):
            moves |= _recipe(moves["recipe"])
        moves.pop("recipe", None)
        super().apply(moves)

    def _listen(self):
        super()._listen()
        for name, switch in self._switches.items():
            switch.on_change(lambda name=name, switch=switch: self._clock.at_home(self._moved, name, switch.value))

    def _show_settings(self):
        super()._show_settings()
        for name, switch in self._switches.items():
            switch.set(self.settings[name])

    def _shown(self):
        return super()._shown() | {"recipe": self.recipe}

    def _steered(self, name, value):
        if not self.run.sweeps and not self._marks:  # a run of which a weight was changed has one
            self.reset()  # with the caption's first 20 sweeps still to come
        elif name != "sweeps":
            super()._steered(name, value)
            self.run.steer(**{steered: self.settings[steered] for steered in ("epsilon", "alpha", "weight_decay")})

    def _advance(self, sweeps):
        before, end = self.run.sweeps, self.settings["sweeps"]
        if self.playing and before < end:
            sweeps = min(sweeps, end - before)
        super()._advance(sweeps)
        if self.playing and before < end <= self.run.sweeps:
            self._halt(f"{end:,} sweeps are made, as many as the recipe has. Play goes on.")

    def _status(self):
        return super()._status() | {"weight_decay": self.run.recipe.phase(self.run.sweeps).weight_decay}

    def heard(self, content):
        """Take what was chosen on the canvas."""
        if content.get("type") == "asked":
            self.asked = (self._people[content["person"]], RELATIONSHIPS[content["relationship"]])
        elif content.get("type") == "hold":
            held = self.run.task.held_out
            names, name = list(held.names) if held else [], content["case"]
            self.set(held_out=[n for n in names if n != name] if name in names else [*names, name])


def _recipe(name):
    if name not in RECIPES:
        raise ValueError(f"the recipe is {name!r}; 'printed' or 'working' is expected")
    return RECIPES[name]


def _comparable(families):
    return len(families) > 1 and len(families[0].people) == len(families[1].people)


def _on_page(family, title, people):
    """A family and where its tree stands, everybody by number."""
    layout, number = tree_layout(family), family.people.index
    return {
        "name": family.name,
        "title": title,
        "people": family.people,
        "first": people.index(family.people[0]),
        "places": [layout.places[name] for name in family.people],
        "marriages": [[number(one), number(other)] for one, other in layout.marriages],
        "unmarried": [[number(one), number(other)] for one, other in layout.unmarried],
        "descents": [[x, level, [number(name) for name in names]] for x, level, names in layout.descents],
        "width": layout.width,
        "rows": layout.rows,
    }


def _weight_names(network, people):
    names = weight_names(network)
    places = network.blocks(np.arange(network.n_weights))["person", "person code"]
    for (j, i), k in np.ndenumerate(places):
        names[k] = f"{people[i]} → unit {j + 1}"
    return names


def what_was_learnt(task, families, sweeps, w):
    """Sentences about a family-tree network, with a mark each: ✓ it holds, · not yet, ✗ stuck, and why.

    Parameters
    ----------
    task : Task
    families : sequence of Family
    sweeps : (k,) list of int
    w : (k, weights) array

    Returns
    -------
    words : list of k lists of [mark, sentence]
    """
    score, held = right_answers(task, w), task.held_out
    spread = np.ones(len(w))
    nothing = score.trained == 0
    spread[nothing] = bp.forward(task.network, w[nothing], task.cases.inputs)["answer"].std(-1).mean(-1)
    explained = measures.explained(task.network, w, families)
    alike = measures.likeness(task.network, w, families) > 0.8 if _comparable(families) else None
    features = [name for name, labels in measures.features(families).items() if len(set(labels)) > 1]
    return [
        [
            _count(score.trained[k], len(task.cases), "trained facts right"),
            *([_held(score.held_out[k], score.held_out_strongest[k], len(held))] if held else []),
            *(_tells(name, explained[name][k]) for name in features),
            *([_alike(alike[k], families)] if alike is not None else []),
            *([_stuck(spread[k])] if sweep >= 100 and spread[k] < 0.01 else []),
        ]
        for k, sweep in enumerate(sweeps)
    ]


def _count(right, of, what):
    return ["✓" if right == of else "·", f"{right} of {of} {what}"]


def _held(right, strongest, of):
    mark, sentence = _count(right, of, f"fact{'s' * (of > 1)} it never saw")
    return [mark, sentence if strongest <= right else f"{sentence}; {strongest} if the strongest count"]


def _tells(feature, shares):
    best = int(shares.argmax())
    return ["✓" if shares[best] >= 0.7 else "·", f"unit {best + 1} tells {feature}: {100 * shares[best]:.0f} %"]


def _alike(alike, families):
    units = ", ".join(str(k + 1) for k in np.flatnonzero(alike)) or "no unit"
    mark = "✓" if alike.sum() * 2 >= len(alike) else "·"
    return [mark, f"{families[0].name} ≈ {families[1].name} in {units}"]


def _stuck(spread):
    why = f"from question to question its answers differ by {spread:.0e}".replace("e-0", " × 10⁻")
    return ["✗", f"stuck: whatever is asked, the answer is the same; {why}, and weights that carry nothing decay"]
