"""The family-tree lab: Figs 2 to 4, learnt in front of you, and every departure from the printed recipe a switch."""

from dataclasses import asdict

import numpy as np

import bpcore as bp
from bpcore import tasks
from bpcore.names import weight_names
from bpcore.tasks import family_measures as measures
from bpcore.tasks.families import RELATIONSHIPS, Family, check_families
from bpcore.tasks.family_trees import PAPER, PRINTED, WORKING
from figures.snapshot_family_trees import run_plate
from figures.trees import tree_layout

from ..kit.lab import LiveLab
from ..kit.script import code
from ..kit.settings import Derived, Setting, alpha
from .words import comparable, what_was_learnt

_SAME_ELSEWHERE = 300  # sweeps after which another engine's run is still the same within rounding
_MOST_PEOPLE = 300  # of a ticket


def _values(settings):
    """A recipe's Settings as settings of the lab: its epsilon is the caption's second one."""
    values = asdict(settings)
    return {"epsilon": 0.01 * values.pop("epsilon_factor"), "alpha": 0.9, **values}


RECIPES = {"printed": _values(PRINTED), "working": _values(WORKING)}
CHOICES = {
    "printed": ("printed", "Every value as the caption of Fig. 4 has it"),
    "working": ("working", "The same ingredients, in amounts that learn"),
}


def _departure(name, text, what, label=None, *ends, **how):
    """A setting with a switch: up as printed, down as the working recipe has it."""
    up, down = RECIPES["printed"][name], RECIPES["working"][name]
    return Setting(label or text, down, *ends, switch=(text, up, down, what), **how)


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
    speed : float
        Sweeps a second.

    Raises
    ------
    ValueError
        For a value out of its range, or a case that there is not, in one sentence.

    Examples
    --------
    ``lab = FamilyTreesLab()``, then ``lab.play()``, ``lab.ask("Colin", "aunt")``, ``lab.recipe = "printed"``.
    """

    title = "Family trees"
    keep_every = 10
    note = "▲ is the paper's value. Changing these starts a new run."

    epsilon = _departure(
        "epsilon", "ε × 10", "An ε ten times as large as printed", "ε learning rate", 0.001, 1, to="phase", paper=0.01,
        logarithmic=True, doc="Step size from sweep 20 on, half of it before.",
    )  # fmt: skip
    alpha = alpha(doc="Decay factor of the velocity from sweep 20 on, equation (9).")
    half_range = _departure("half_range", "start ± 1", "Starting weights between −1 and 1 in place of −.3 and .3",
                            to="start", doc="Half range of the starting weights.")  # fmt: skip
    reading = _departure(
        "reading", "tolerance edge", "The error counts from .8 or .2 on, where the printed one jumps from 0",
        doc="Of the tolerance: 'printed', 'edge' or None.",
    )  # fmt: skip
    weight_decay = _departure(
        "weight_decay", "decay .4 %", "After each sweep weights shrink by .4 %, not by .2 %", "weight decay", 0, 0.01,
        to="phase", paper=0.002, step=0.0002, doc="Share by which every weight shrinks after each change.",
    )  # fmt: skip
    decay_biases = Setting(
        "decay biases", RECIPES["working"]["decay_biases"], to="recipe",
        doc="Whether biases shrink like the other weights.",
        switch=("biases kept", True, False, "Decay leaves the biases as they are"),
    )  # fmt: skip
    sweeps = _departure("sweeps", "20,000 sweeps", "20,000 sweeps in place of 1,500", to="now",
                        doc="Sweeps after which it pauses.")  # fmt: skip
    recipe = Derived("recipe", lambda lab: lab.recipe_name(), lambda lab, name: lab.set(**_recipe(name)), to="now",
                     choices=CHOICES)  # fmt: skip
    units = Setting("units for a person", 6, 1, 12, whole=True, strict=True, paper=6,
                    noun="the number of units that represent a person",
                    doc="Units that represent a person.")  # fmt: skip
    held_out = Setting("held out", 4, doc="Cases that are not trained: how many are drawn, or which.")
    switched = ("epsilon", "half_range", "weight_decay", "reading", "sweeps", "decay_biases")

    def __init__(self, seed=170, *, recipe="working", families=PAPER, speed=1000, **settings):
        self.families = check_families(families)
        self.asked = ("Colin", "aunt") if "Colin" in self.people else (self.people[0], RELATIONSHIPS[0])
        super().__init__(seed, speed=speed, **_recipe(recipe) | settings)

    def recipe_name(self):
        """'printed' or 'working', where all settings are as that recipe has them, else None."""
        return next((name for name, values in RECIPES.items() if values.items() <= self.settings.items()), None)

    def as_in_the_paper(self):
        """Set every value as the caption of Fig. 4 has it, and begin again."""
        self.set(**RECIPES["printed"], units=6, held_out=4)

    # ---- questions

    def ask(self, person, relationship):
        """Ask for the `relationship` of `person`, here and on the page.

        Returns
        -------
        answers : dict of str to float
            Activity of every person's unit, the strongest first.
        """
        names = {"person": self.people, "relationship": RELATIONSHIPS}
        for (what, known), name in zip(names.items(), (person, relationship), strict=True):
            if name not in known:
                raise ValueError(f"there is no {what} '{name}'; one such as '{known[0]}' is expected")
        self.asked = (person, relationship)
        self.tell("content", self._question())
        return self.answers()

    def answers(self):
        """What is answered now to what was asked: activity of every person's unit, the strongest first."""
        person, relationship = self._asked_places()
        inputs = {"person": np.eye(len(self.people))[[person]], "relationship": np.eye(12)[[relationship]]}
        y = bp.forward(self.run.task.network, self.run.state.w, inputs)["answer"][0, :, 0]
        return {self.people[k]: float(y[k]) for k in np.argsort(-y, kind="stable")}

    def _asked_places(self):
        return [self.people.index(self.asked[0]), RELATIONSHIPS.index(self.asked[1])]

    def _question(self):
        return {"type": "ask"} | dict(zip(("person", "relationship"), self._asked_places(), strict=True))

    def contents(self):
        """What is asked, for a page that opens now."""
        return [self._question(), *super().contents()]

    @property
    def people(self):
        """Names of all people of all families."""
        return [name for family in self.families for name in family.people]

    @property
    def _titles(self):
        if self.families == PAPER:
            return ["The English family (Fig. 2)", "The Italian family: the same tree, other names"]
        return [f"The {family.name} family" for family in self.families]

    # ---- what a session asks for

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
        bp.validate.whole(settings["sweeps"], "the sweeps after which it pauses", 1)
        return super().task_of(settings | {"decay_biases": bool(settings["decay_biases"])})

    def make_task(self, reading, units, held_out):
        """Make the task: who is held out depends on the seed."""
        recipe = bp.Recipe(tolerance=reading and bp.Tolerance(0.2, reading))
        sizes, seed = {"person code": units}, self.seed
        return tasks.family_trees(self.families, held_out=held_out, held_out_seed=seed, recipe=recipe, sizes=sizes)

    def phases(self, settings):
        """The caption's two: the first 20 sweeps are made with half of epsilon."""
        epsilon, alpha, decay = (settings[name] for name in ("epsilon", "alpha", "weight_decay"))
        return bp.Phase(0, epsilon / 2, min(0.5, alpha), decay), bp.Phase(20, epsilon, alpha, decay)

    def scene(self):
        """Describe the families and the task to the page."""
        people, held = self.people, self.run.task.held_out
        return super().scene() | {
            "kind": "trees",
            "families": [
                _on_page(family, title, people) for family, title in zip(self.families, self._titles, strict=True)
            ],
            "relationships": RELATIONSHIPS,
            "answers": [
                [[people.index(name) for name in family.related(person, relation)] for relation in RELATIONSHIPS]
                for family in self.families
                for person in family.people
            ],
            "asked": self._asked_places(),
            "held": list(held.names) if held else [],
            "heldInputs": {name: rows.tolist() for name, rows in held.inputs.items()} if held else {},
            "heldDesired": {name: rows.tolist() for name, rows in held.desired.items()} if held else {},
            "halfRange": self.half_range,
            "features": measures.features(self.families),
            "alike": comparable(self.families),
        }

    def name_weights(self, network):
        """Names of the weights, those of the people's units by the people."""
        names = weight_names(network)
        places = network.blocks(np.arange(network.n_weights))["person", "person code"]
        for (j, i), k in np.ndenumerate(places):
            names[k] = f"{self.people[i]} → unit {j + 1}"
        return names

    def words(self, sweeps, w):
        """What was learnt at each of these sweeps: (mark, sentence) pairs."""
        return what_was_learnt(self.run.task, self.families, sweeps, np.asarray(w))

    def picture(self):
        """What the lab shows now, as a Plate."""
        return run_plate(self.run, self.families, self.digest().splitlines(), self.marks)

    def digest(self):
        """What the lab shows, in words."""
        held = self.run.task.held_out
        return "\n".join([
            super().digest(),
            *(f"unit {k}: {caption}" for k, caption in enumerate(self._captions(), 1)),
            f"held out: {', '.join(held.names) if held else 'nothing'}",
        ])  # fmt: skip

    def spoilers(self):
        """What of `digest` exercises ask for: captions that name the nationality."""
        return [["", caption, "04.5"] for caption in self._captions() if "nationality (" in caption]

    def _captions(self):
        return measures.captions(self.run.task.network, self.run.state.w, self.families)

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

    # ---- learning

    @property
    def learns_in_page(self):
        """Whether a page comes to the same run: only a short one, because rounding grows from sweep to sweep."""
        return self.run.sweeps <= _SAME_ELSEWHERE

    def page_data(self):
        """All facts, of which a page holds out some, and the recipes."""
        facts = tasks.family_trees(self.families, held_out=0).cases
        paper = self.settings | RECIPES["printed"] | {"units": 6, "held_out": 4}
        return {"all": facts.to_dict() | {"names": list(facts.names)}, "recipes": RECIPES, "defaults": paper}

    def steer(self, name, value):
        """Act on the run that goes on; before its first sweep, begin it again with the caption's first 20 sweeps."""
        if not self.run.sweeps and not self.marks:  # a run of which a weight was changed has one
            self.reset()
        elif name != "sweeps":
            super().steer(name, value)
            self.run.steer(**{steered: self.settings[steered] for steered in ("epsilon", "alpha", "weight_decay")})

    def advance(self, sweeps):
        """Make some sweeps; pause where the recipe ends."""
        before, end = self.run.sweeps, self.sweeps
        if self.playing and before < end:
            sweeps = min(sweeps, end - before)
        super().advance(sweeps)
        if self.playing and before < end <= self.run.sweeps:
            self.halt(f"The recipe's {end:,} sweeps are done. Play continues.")

    def status(self):
        """What a page is told with every piece of a run."""
        return super().status() | {"weight_decay": self.run.recipe.phase(self.run.sweeps).weight_decay}

    def on_message(self, content):
        """Take what was chosen on the canvas."""
        if content.get("type") == "asked":
            person, relationship = (
                names[bp.validate.whole(content[what], f"the {what} that is asked", 0, len(names) - 1)]
                for what, names in (("person", self.people), ("relationship", RELATIONSHIPS))
            )
            self.asked = (person, relationship)
        elif content.get("type") == "hold":
            held = self.run.task.held_out
            names, name = list(held.names) if held else [], content["case"]
            self.set(held_out=[n for n in names if n != name] if name in names else [*names, name])


def _recipe(name):
    if name not in RECIPES:
        raise ValueError(f"the recipe is {name!r}; 'printed' or 'working' is expected")
    return RECIPES[name]


def _on_page(family, title, people):
    """A family and where its tree stands, everybody by number."""
    layout, number = tree_layout(family), family.people.index
    about = {"name": family.name, "title": title, "people": family.people, "first": people.index(family.people[0])}
    return about | {
        "places": [layout.places[name] for name in family.people],
        "marriages": [[number(one), number(other)] for one, other in layout.marriages],
        "unmarried": [[number(one), number(other)] for one, other in layout.unmarried],
        "descents": [[x, level, [number(name) for name in names]] for x, level, names in layout.descents],
        "width": layout.width, "rows": layout.rows,
    }  # fmt: skip
