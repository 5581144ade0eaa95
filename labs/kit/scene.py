"""What a page is told of a task, so that it can draw and recompute every moment of a run."""

import numpy as np

import bpcore as bp


def scene_of(task, kind, title, **more):
    """What the page needs to know of a task to draw and recompute any moment of a run."""
    network = task.network
    places = network.blocks(np.arange(network.n_weights))
    return {
        "kind": kind,
        "title": title,
        "groups": [{"name": g.name, "size": g.size, "unit": g.unit.name} for g in network.groups],
        "links": [
            {
                "source": link.source,
                "target": link.target,
                "first": int(places[link.block][0, 0]),
                "to": network.size(link.target),
                "from": network.size(link.source),
            }
            for link in network.links
        ],
        "inputs": {name: rows.tolist() for name, rows in task.cases.inputs.items()},
        "desired": {name: rows.tolist() for name, rows in task.cases.desired.items()},
        "names": list(task.cases.names),
        "right_within": task.right_within,
        "tolerance": task.recipe.tolerance and vars(task.recipe.tolerance),
        **more,
    }


def weight_names(network):
    """A name for every weight of a network, as "h2 ← input 3" or "bias of h2"."""
    names = [""] * network.n_weights
    places = network.blocks(np.arange(network.n_weights))
    for link in network.links:
        for (j, i), k in np.ndenumerate(places[link.block]):
            upper = unit_name(network, link.target, j)
            lower = link.source != bp.ONE and unit_name(network, link.source, i)
            names[k] = f"{upper} ← {lower}" if lower else f"bias of {upper}"
    return names


def unit_names(network):
    """Names of the units of every group of a network, {group: list of str}."""
    return {g.name: [unit_name(network, g.name, j) for j in range(g.size)] for g in network.groups}


def unit_name(network, group, j):
    """A short name for unit j of a group: "h2", "input 3", "output"."""
    if group == "hidden":
        return f"h{j + 1}"
    return group if network.size(group) == 1 else f"{group} {j + 1}"
