"""Changing the weights: equations (8) and (9), weight decay, and the recipe that says how much of each and when."""

import json
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from .error import Tolerance
from .validate import choice, number, whole
from .weights import Start


@dataclass(frozen=True)
class Phase:
    """Parameters that hold from sweep `start` on, until the next phase.

    "epsilon = 0.005 and alpha = 0.5 for the first 20 sweeps and epsilon = 0.01 and alpha = 0.9 for the remaining".

    Parameters
    ----------
    start : int
        The first sweep they hold for; the first sweep of a run is sweep 0.
    epsilon : float or (runs,) array
        Step size, equation (8).
    alpha : float or (runs,) array
        Exponential decay factor of the velocity, equation (9), from 0 to 1.
    weight_decay : float
        Share by which every weight shrinks after each change: 0.002 for "0.2%".
    """

    start: int = 0
    epsilon: float = 0.1
    alpha: float = 0.9
    weight_decay: float = 0.0

    def __post_init__(self):
        object.__setattr__(self, "start", whole(self.start, "the first sweep of a phase"))
        object.__setattr__(self, "epsilon", number(self.epsilon, "epsilon", 0))
        object.__setattr__(self, "alpha", number(self.alpha, "alpha", 0, 1))
        object.__setattr__(self, "weight_decay", number(self.weight_decay, "the weight decay", 0, 1))

    def each_run(self, runs):
        """Epsilon and alpha of each run, two (runs,) arrays; ValueError if they are given for other numbers of runs."""
        for name, given in (("epsilon", self.epsilon), ("alpha", self.alpha)):
            if np.ndim(given) and len(given) != runs:
                found = f"{len(given)} runs, but there are {runs}"
                raise ValueError(f"{name} is given for {found}; one number for each run, or one for all, is expected")
        return np.full(runs, self.epsilon, float), np.full(runs, self.alpha, float)


@dataclass(frozen=True)
class Recipe:
    """Everything that is chosen about learning. What the paper leaves open is a switch here.

    Parameters
    ----------
    phases : sequence of Phase
        In the order of their first sweeps; the first starts at sweep 0.
    decay_biases : bool
        Whether biases decay too. The paper: "every weight", and a bias "can be treated just like the other weights".
    tolerance : Tolerance, optional
    update : {"sweep", "case"}
        Change the weights after each sweep, on the accumulated gradient, or "after every input-output case".
    tied : {"average", "sum"}
        What corresponding weights of an iterative net are changed by: the average of their derivatives, as Fig. 5 says,
        or the sum, as the 1988 program did.
    start : Start
        How the starting weights are drawn.
    held : tuple of int
        Places in the weight vector that neither learning nor decay changes.
    """

    phases: tuple = (Phase(),)
    decay_biases: bool = True
    tolerance: Tolerance | None = None
    update: str = "sweep"
    tied: str = "average"
    start: Start = field(default_factory=Start)
    held: tuple = ()

    def __post_init__(self):
        object.__setattr__(self, "phases", tuple(self.phases))
        object.__setattr__(
            self, "held", tuple(whole(place, "the place of a weight that is held") for place in self.held)
        )
        starts = [phase.start for phase in self.phases]
        if starts[:1] != [0] or starts != sorted(set(starts)):
            raise ValueError(f"the phases start at sweeps {starts}; 0 first, then later ones in order, is expected")
        choice(self.update, "update is", ("sweep", "case"))
        choice(self.tied, "tied is", ("average", "sum"))

    def to_dict(self):
        """The recipe as plain values, for JSON: each part by its name, a phase as a dict."""
        return json.loads(json.dumps(asdict(self), default=np.ndarray.tolist))

    @classmethod
    def from_dict(cls, plain):
        """The Recipe that `to_dict` described."""
        parts = {
            "phases": [Phase(**phase) for phase in plain["phases"]],
            "tolerance": plain["tolerance"] and Tolerance(**plain["tolerance"]),
            "start": Start(**plain["start"]),
        }
        return cls(**plain | parts)

    def phase(self, sweep):
        """The phase that holds for the change after sweep number `sweep`."""
        return next(phase for phase in reversed(self.phases) if phase.start <= sweep)

    def phases_between(self, first, end):
        """Every phase that holds between two sweeps, as (phase, first sweep, sweep after its last)."""
        ends = [*(phase.start for phase in self.phases[1:]), end]
        for phase, until in zip(self.phases, ends, strict=True):
            if max(phase.start, first) < min(until, end):
                yield phase, max(phase.start, first), min(until, end)

    def kept_by_decay(self, phase, is_bias):
        """The share of each weight that decay keeps at each change, (weights,) array; None if it keeps all."""
        if not phase.weight_decay:
            return None
        keep = np.where(is_bias & (not self.decay_biases), 1.0, 1.0 - phase.weight_decay)
        keep[list(self.held)] = 1.0
        return keep

    def steered(self, sweep, **changes):
        """This recipe with `changes` (epsilon, alpha, weight_decay) from `sweep` on, whatever was planned after it."""
        earlier = tuple(phase for phase in self.phases if phase.start < sweep)
        return replace(self, phases=(*earlier, replace(self.phase(sweep), start=sweep, **changes)))

    def from_sweep(self, sweep):
        """The rest of this recipe after `sweep` sweeps, for a run that begins there."""
        later = (replace(phase, start=phase.start - sweep) for phase in self.phases if phase.start > sweep)
        return replace(self, phases=(replace(self.phase(sweep), start=0), *later))

    def throughout(self, **changes):
        """This recipe with `changes` (epsilon, alpha, weight_decay) in every phase."""
        return replace(self, phases=tuple(replace(phase, **changes) for phase in self.phases))


def descend(w, delta_w, dE_dw, epsilon, alpha, keep=None):
    """One change of the weights, in place: the step (8), carried on by the one before (9), then weight decay.

    Parameters
    ----------
    w : (runs, weights) array           the points in weight space
    delta_w : (runs, weights) array     their velocities
    dE_dw : (runs, weights) array       accumulated gradient
    epsilon, alpha : float or (runs, 1) array
    keep : (weights,) array, optional   what decay leaves of each weight: 0.998 for a decay of 0.2 %
    """
    step = -epsilon * dE_dw  # (8)
    delta_w[...] = step + alpha * delta_w  # (9)
    w += delta_w
    if keep is not None:
        w *= keep  # "decrementing every weight by 0.2% after each weight change"
