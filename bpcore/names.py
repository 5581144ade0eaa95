"""Names of single units and weights, as people read them: "h2", "input 3", "h2 ← input 3", "bias of h2"."""

import numpy as np

from .network import ONE


def unit_name(network, group, j, units=None):
    """A short name for unit j of a group: "h2", "input 3", "output"; that in `units`, {group: names}, if it has one."""
    if units and group in units:
        return units[group][j]
    if group == "hidden":
        return f"h{j + 1}"
    return group if network.size(group) == 1 else f"{group} {j + 1}"


def unit_names(network, units=None):
    """Names of the units of every group, {group: list of str}; `units` as in `unit_name`."""
    return {g.name: [unit_name(network, g.name, j, units) for j in range(g.size)] for g in network.groups}


def weight_ends(network, units=None, links=None):
    """Names of the two units that every weight joins.

    Parameters
    ----------
    network : Network
    units : dict of {str: sequence of str}, optional
        Names for the units of some groups, in place of the usual ones.
    links : iterable of Link, optional
        In place of the network's: the ``step_links`` of an iterative net, for whose groups `units` has all names.

    Returns
    -------
    ends : list of (str, str or None)
        Upper end and lower end, which is None for a bias, in the order of the weight vector.
    """
    ends = [None] * network.n_weights
    for link, j, i, k in _weights(network, links or network.links):
        lower = None if link.source == ONE else unit_name(network, link.source, i, units)
        ends[k] = unit_name(network, link.target, j, units), lower
    return ends


def weight_names(network, units=None, links=None):
    """A name for every weight; parameters as in `weight_ends`. A weight that links share is called after its places.

    Returns
    -------
    names : list of str
        Such as "h2 ← input 3", "bias of h2", "tied unit 1 ← 2 below", "tied bias of unit 1".
    """
    ends = weight_ends(network, units, links)
    names = [f"bias of {upper}" if lower is None else f"{upper} ← {lower}" for upper, lower in ends]
    shared = [] if links else [link for link in network.links if network.block_uses[link.block] > 1]
    for link, j, i, k in _weights(network, shared):
        names[k] = f"tied bias of unit {j + 1}" if link.source == ONE else f"tied unit {j + 1} ← {i + 1} below"
    return names


def _weights(network, links):
    """Every weight of some links, as (link, upper unit, lower unit, place in the weight vector)."""
    places = network.blocks(np.arange(network.n_weights))
    return [(link, j, i, k) for link in links for (j, i), k in np.ndenumerate(places[link.block])]
