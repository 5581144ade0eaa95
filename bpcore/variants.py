"""The same task for another network: fewer connections, more connections, other units."""

from dataclasses import replace

from .network import Link, Network


def direct(task):
    """`task` for a network whose input units are just connected to its output units.

    "One simple task that cannot be done by just connecting the input units to the output units is the detection of
    symmetry."
    """
    wanted = (*task.network.input_names, *task.cases.desired)
    links = [Link(source, target) for target in task.cases.desired for source in task.network.input_names]
    network = Network([group for group in task.network.groups if group.name in wanted], links)
    return replace(task, name=f"{task.name}, direct", network=network)


def with_skips(task):
    """`task` with "a few more connections": those that skip from every input group to every output group."""
    there = {(link.source, link.target) for link in task.network.links}
    ends = [(source, target) for target in task.cases.desired for source in task.network.input_names]
    links = [*task.network.links, *(Link(*both) for both in ends if both not in there)]
    return replace(task, name=f"{task.name}, with skips", network=Network(task.network.groups, links))


def with_units(task, unit, groups=None):
    """`task` with another input-output function: "any ... which has a bounded derivative will do".

    Parameters
    ----------
    task : Task
    unit : UnitFunction
    groups : iterable of str, optional
        Names of the groups that change; by default all hidden ones. An output has to be able to come near enough to
        its desired states.

    Raises
    ------
    ValueError
        For a group that the network does not have, or that is an input group.
    """
    network = task.network
    upward = [group.name for group in network.upward]
    groups = [name for name in upward if name not in task.cases.desired] if groups is None else list(groups)
    for name in groups:
        if name not in upward:
            raise ValueError(f"group '{name}' cannot have other units; one of {', '.join(upward)} is expected")
    changed = [replace(group, unit=unit) if group.name in groups else group for group in network.groups]
    return replace(task, name=f"{task.name}, {unit.name}", network=Network(changed, network.links))
