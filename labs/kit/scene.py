"""What a page is told of a task, so that it can draw and recompute every moment of a run."""

import numpy as np


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
