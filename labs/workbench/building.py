"""Where the settings of a workbench begin, and which of them build its network."""

import numpy as np

import bpcore as bp
from bpcore.measures import right_cases

MOST_GROUPS, MOST_UNITS = 6, 200
_AT_ONCE = 2_000_000  # states of units that are computed at once
SKIPS = {
    False: ("none", "Groups are linked to the next group alone"),
    True: ("all", "Groups are linked to all groups above"),
}
TIED = {
    False: ("free", "Every weight is its own"),
    True: ("tied", "From each hidden group to the next the same weights"),
}
BUILDING = ("hidden", "units", "skips", "tied")
"""Settings that build a network; a task that came with its own keeps that until one of them is set."""


def first_settings(source):
    """Where the settings begin. E is a sum over all cases, so epsilon is the smaller the more there are."""
    settings = {"alpha": 0.9, "units": "logistic", "skips": False, "tied": False, "half_range": 0.3, "held_out": 0.0}
    if source.task:
        recipe = source.task.recipe
        phase = recipe.phases[0]
        return settings | {
            "epsilon": phase.epsilon, "alpha": phase.alpha, "hidden": None, "half_range": recipe.start.half_range,
        }  # fmt: skip
    return settings | {"epsilon": float(f"{min(0.5, 6.4 / len(source.cases)):.2g}"), "hidden": (4,)}


def with_hidden(before, settings):
    """These settings, where any that builds a network also says how many hidden units it has."""
    if settings.get("hidden") is not None:
        sizes = settings["hidden"]
        sizes = (sizes,) if np.ndim(sizes) == 0 else tuple(sizes)
        if len(sizes) > MOST_GROUPS:
            raise ValueError(f"there are {len(sizes)} hidden groups; {MOST_GROUPS} at most are expected")
        what = "the number of units of a hidden group"
        return settings | {"hidden": tuple(bp.validate.whole(size, what, 1, MOST_UNITS) for size in sizes)}
    if "hidden" not in settings and {*BUILDING} & {*settings}:
        return settings | {"hidden": before["hidden"]}
    return settings


def right_within(cases):
    """How near an answer has to be: on its side of .5, or for outputs between 0 and 1 within a tenth."""
    return 0.5 if all(np.isin(rows, (0, 1)).all() for rows in cases.desired.values()) else 0.1


def held_out_scene(task, most):
    """Cases that are held out, as the page draws them in the plane: so many at most."""
    if not task.held_out:
        return None
    inputs, desired = ({name: rows[:most].tolist() for name, rows in kind.items()}
                       for kind in (task.held_out.inputs, task.held_out.desired))  # fmt: skip
    return {"inputs": inputs, "desired": desired}


def count_right(task, w, cases):
    """How many of these cases are right with each of these weights; None for no cases."""
    if cases is None:
        return None
    n = 1 + _AT_ONCE // (len(cases) * sum(group.size for group in task.network.groups))
    parts = (w[k : k + n] for k in range(0, len(w), n))
    return np.concatenate([right_cases(task, np.asarray(part), cases).sum(1) for part in parts])


def counted(right, n, what):
    """How many of n are right, as a mark and a sentence."""
    return ["✓" if right == n else "·", f"{right:,} of {n:,} {what}"]
