"""What a family-tree network has learnt, in sentences."""

import numpy as np

import bpcore as bp
from bpcore.measures import score as right_answers
from bpcore.tasks import family_measures as measures


def comparable(families):
    """Whether two families have the same tree, so that their people can be compared one by one."""
    return len(families) > 1 and len(families[0].people) == len(families[1].people)


def what_was_learnt(task, families, sweeps, w):
    """Sentences about a family-tree network, with a mark each: ✓ it holds, · not yet, ✗ on a plateau, and why.

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
    alike = measures.likeness(task.network, w, families) > 0.8 if comparable(families) else None
    features = [name for name, labels in measures.features(families).items() if len(set(labels)) > 1]
    return [
        [
            _count(score.trained[k], len(task.cases), "trained facts right"),
            *([_held(score.held_out[k], score.held_out_strongest[k], len(held))] if held else []),
            *(_best_unit(name, explained[name][k]) for name in features),
            *([_alike(alike[k], families)] if alike is not None else []),
            *([_plateau(spread[k])] if sweep >= 100 and spread[k] < 0.01 else []),
        ]
        for k, sweep in enumerate(sweeps)
    ]


def _count(right, of, what):
    return ["✓" if right == of else "·", f"{right} of {of} {what}"]


def _held(right, strongest, of):
    mark, sentence = _count(right, of, f"fact{'s' * (of > 1)} it never saw")
    return [
        mark,
        sentence if strongest <= right else f"{sentence}; {strongest} if the most active person counts as the answer",
    ]


def _best_unit(feature, shares):
    best = int(shares.argmax())
    asked = ["04.5"] if feature == "nationality" and shares[best] >= 0.4 else []
    return ["✓" if shares[best] >= 0.7 else "·", f"unit {best + 1} tells {feature}: {100 * shares[best]:.0f} %", *asked]


def _alike(alike, families):
    units = ", ".join(str(k + 1) for k in np.flatnonzero(alike)) or "no unit"
    mark = "✓" if alike.sum() * 2 >= len(alike) else "·"
    return [mark, f"{families[0].name} ≈ {families[1].name} in {units}"]


def _plateau(spread):
    differ = f"by {spread:.4f}" if spread >= 0.0001 else "by less than .0001"
    why = f"from question to question it differs {differ}, and weights that carry nothing decay"
    return ["✗", f"on a plateau: whatever is asked, the answer is the same; {why}"]
