"""A task: cases, a network that may learn them, and the recipe to learn them by."""

from dataclasses import dataclass, field
from functools import lru_cache, wraps

from .cases import Cases
from .descent import Recipe
from .network import Network
from .validate import number


@dataclass(frozen=True)
class Task:
    """Everything a run needs but its seed.

    Parameters
    ----------
    name : str
    network : Network
    cases : Cases
    recipe : Recipe
    right_within : float
        An answer is right when every output is nearer than this to its desired state; 0.5 is "on the right side of .5".
    held_out : Cases, optional
        Cases "on which it was not trained" (Fig. 4), to see what it makes of them.

    Raises
    ------
    ValueError
        If the cases do not fit the network.
    """

    name: str
    network: Network
    cases: Cases
    recipe: Recipe = field(default_factory=Recipe)
    right_within: float = 0.5
    held_out: Cases | None = None

    def __post_init__(self):
        object.__setattr__(self, "right_within", number(self.right_within, "right_within", 0))
        self.cases.check(self.network)
        if self.held_out is not None:
            self.held_out.check(self.network)

    def to_dict(self):
        """The task as plain values, for JSON: network, cases, recipe and the held-out cases each have such a form."""
        return {
            "name": self.name,
            "network": self.network.to_dict(),
            "cases": self.cases.to_dict(),
            "recipe": self.recipe.to_dict(),
            "right_within": self.right_within,
            "held_out": self.held_out and self.held_out.to_dict(),
        }

    @classmethod
    def from_dict(cls, plain, units=()):
        """The Task that `to_dict` described. `units` are unit functions that are not among the built-in ones."""
        return cls(
            plain["name"],
            Network.from_dict(plain["network"], units),
            Cases.from_dict(plain["cases"]),
            Recipe.from_dict(plain["recipe"]),
            plain["right_within"],
            plain["held_out"] and Cases.from_dict(plain["held_out"]),
        )


def made_once(make):
    """A function that makes a task, with a memory of the last ones: the same arguments give the same Task again.

    A Task never changes, so it can be shared; to make one takes as long as some hundred sweeps of a small network.
    """
    remembered = lru_cache(16, typed=True)(make)

    @wraps(make)
    def task(*given, **named):
        try:
            hash((*given, *named.values()))
        except TypeError:  # a list, say
            return make(*given, **named)
        return remembered(*given, **named)

    return task
