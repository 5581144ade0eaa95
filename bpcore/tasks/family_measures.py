"""What the units that represent people mean: the measures behind what is said of Fig. 4."""

from functools import lru_cache

import numpy as np

from .family_trees import PAPER

_ORDINALS = ("first", "second", "third", "fourth")


def features(families=PAPER):
    """What Fig. 4 finds in the units: "English and Italian", "which generation", "which branch".

    Returns
    -------
    features : dict of str to tuple of str
        Feature -> one word or two for each person, in the order of their units. Husband and wife are of the same
        generation; a person who descends from two of the oldest couples belongs to both branches.
    """
    return dict(_features(tuple(families)))


@lru_cache
def _features(families):
    people = [(family, person) for family in families for person in family.people]
    generations = [family.generation(person) for family, person in people]
    return {
        "nationality": tuple(family.name for family, _ in people),
        "generation": tuple(_generation(number, max(generations)) for number in generations),
        "branch": tuple(_branch(family.branch(person)) for family, person in people),
    }


def person_weights(network, w):
    """Weights from people to the units that represent them, the receptive fields of Fig. 4: (runs, units, people)."""
    return network.blocks(np.atleast_2d(w))["person", "person code"]


def explained(network, w, families=PAPER):
    """How much of what a unit's weights say is one feature.

    The share of variance between groups: of the squared distances of a unit's weights (24 in the paper, biases apart)
    from their mean, the part that is left when every weight is replaced by the mean weight of its group, such as the
    oldest generation. 1 if people of a group have equal weights, 0 if all groups have equal means. Weights that
    mean nothing would have 1/23 by nationality and 2/23 by generation or branch, on average.

    Parameters
    ----------
    network : Network
        Of `tasks.family_trees`.
    w : (runs, weights) array
    families : iterable of Family

    Returns
    -------
    shares : dict of str to (runs, units) array
        By feature, see `features`.
    """
    weights = person_weights(network, w)
    return {feature: _between(weights, labels) for feature, labels in features(families).items()}


def likeness(network, w, families=PAPER):
    """How alike equivalent people of the first two families are to each unit, (runs, units) array.

    The correlation of a unit's weights from the English with those from their Italian equivalents: "the representation
    of an English person is very similar to the representation of their Italian equivalent". 0 if one family's
    weights are all the same.

    Raises
    ------
    ValueError
        Unless the first two families have as many people.
    """
    sizes = [len(family.people) for family in families][:2]
    if len(sizes) < 2 or sizes[0] != sizes[1]:
        raise ValueError(f"the families have {sizes} people; two families of as many people are expected")
    weights = person_weights(network, w)
    one, other = (_centred(part) for part in (weights[..., : sizes[0]], weights[..., sizes[0] : sum(sizes)]))
    return _ratio((one * other).sum(-1), np.sqrt(np.square(one).sum(-1) * np.square(other).sum(-1)))


def captions(network, w, families=PAPER):
    """What each unit of one run codes, in words.

    Parameters
    ----------
    w : (weights,) array

    Returns
    -------
    captions : list of str
        "nationality (95 %): high for English, low for Italian".
    """
    weights = person_weights(network, w)[0]
    labels, shares = features(families), explained(network, w, families)
    return [
        _caption(unit, labels, {name: share[0, k] for name, share in shares.items()}) for k, unit in enumerate(weights)
    ]


def _caption(weights, labels, shares):
    best, second, *_ = sorted(shares, key=shares.get, reverse=True)
    if shares[best] < 0.4:
        return "no single feature: " + ", ".join(f"{name} {100 * share:.0f} %" for name, share in shares.items())
    means = {word: weights[np.array(labels[best]) == word].mean() for word in dict.fromkeys(labels[best])}
    middle = (max(means.values()) + min(means.values())) / 2
    high, low = ([word for word, mean in means.items() if (mean > middle) == above] for above in (True, False))
    also = f"; also {second} ({100 * shares[second]:.0f} %)" if shares[second] >= 0.25 else ""
    return f"{best} ({100 * shares[best]:.0f} %): high for {' and '.join(high)}, low for {' and '.join(low)}{also}"


def _between(weights, labels):
    groups = [np.array(labels) == word for word in dict.fromkeys(labels)]
    centred = _centred(weights)
    between = sum(group.sum() * centred[..., group].mean(-1) ** 2 for group in groups)
    return _ratio(between, np.square(centred).sum(-1))


def _centred(weights):
    """Distances from the mean, as parts of the largest weight: squares of them are finite."""
    weights = weights / np.maximum(np.abs(weights).max(-1, keepdims=True), 1e-300)
    return weights - weights.mean(-1, keepdims=True)


def _ratio(part, whole):
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 1e-300)


def _generation(number, youngest):
    if number in (0, youngest):
        return "oldest" if number == 0 else "youngest"
    return "middle" if youngest == 2 else f"{number + 1}."


def _branch(couples):
    names = [_ORDINALS[k] if k < len(_ORDINALS) else f"{k + 1}." for k in couples]
    return f"{' and '.join(names)} branch" if len(names) < 3 else f"{len(names)} branches"
