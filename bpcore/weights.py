"""Starting weights: "To break symmetry we start with small random weights"."""

from dataclasses import dataclass

import numpy as np

from .validate import choice, number


@dataclass(frozen=True)
class Start:
    """How starting weights are drawn: uniformly between -half_range and half_range.

    The paper does not say how biases start. ``biases="uniform"`` draws them like the weights, ``"zero"`` leaves them
    at 0; the weights of a seed are the same either way.
    """

    half_range: float = 0.3
    biases: str = "uniform"

    def __post_init__(self):
        object.__setattr__(self, "half_range", number(self.half_range, "the start range", 0))
        choice(self.biases, "biases start", ("uniform", "zero"))


def start(network, seeds=(0,), half_range=0.3, biases="uniform"):
    """Starting weights, one run a seed.

    Parameters
    ----------
    network : Network
    seeds : iterable of int
        Every run draws from a generator of its own seed, so that run k is the same alone and in any company.
    half_range : float
        Weights are uniform between -half_range and half_range; the paper's is 0.3.
    biases : {"uniform", "zero"}
        Biases drawn like the weights, or 0.

    Returns
    -------
    w : (runs, weights) array
    """
    how = Start(half_range, biases)
    draws = [np.random.default_rng(seed).uniform(-1, 1, network.n_weights) for seed in seed_list(seeds)]
    w = how.half_range * np.array(draws)
    if how.biases == "zero":
        w[:, network.is_bias] = 0.0
    return w


def seed_list(seeds):
    """Seeds as a tuple of int; ValueError if one is not a whole number of at least 0."""
    seeds = tuple(seeds) if isinstance(seeds, list | tuple | range) or np.ndim(seeds) else (seeds,)
    if not seeds:
        raise ValueError("no seeds are given; at least one run is expected")
    for seed in seeds:
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
            raise ValueError(f"seed {seed!r}: a whole number of at least 0 is expected")
    return tuple(int(seed) for seed in seeds)
