"""Validate the steps of an iterative net, with readable errors."""

from collections.abc import Iterable

from .network import _list
from .validate import whole


def at_steps(groups, steps_of, kind):
    """`steps_of` with its steps as tuples in order."""
    names = [group.name for group in groups]
    for name, steps in steps_of.items():
        if name not in names:
            raise ValueError(f"group '{name}' is {kind}, but there is no such group; the groups are {_list(names)}")
        if not isinstance(steps, Iterable) or not (steps := list(steps)):
            raise ValueError(f"group '{name}' is {kind} at {steps!r}; a list of at least one step is expected")
        for step in steps:
            whole(step, f"a step at which group '{name}' is {kind}")
    return {name: tuple(sorted({int(step) for step in steps})) for name, steps in steps_of.items()}


def check_given(given, fed, steps):
    """States are given at steps that the net has, and never to a group that links lead into."""
    if not given:
        raise ValueError("no group is given at any step; a net learns nothing about cases that it cannot see")
    for name, at in given.items():
        if name in fed and at != (0,):
            raise ValueError(f"group '{name}' is given at step {at[-1]}, but links lead into it; step 0 is expected")
        if at[-1] >= steps:
            expected = f"a step from 0 to {steps - 1} is expected"
            raise ValueError(f"group '{name}' is given at step {at[-1]}, but the net runs for {steps}; {expected}")


def check_driven(net):
    """Every group has links into it, or is given."""
    fed = {link.target for link in net.step_links}
    for group in net.step_groups:
        if group.name not in fed and group.name not in net.given:
            raise ValueError(f"group '{group.name}' has no links into it, and it is given at no step")


def check_desired(desired, fed, steps):
    """States are desired at steps that the net has, of groups that links lead into."""
    for name, at in desired.items():
        if name not in fed:
            raise ValueError(f"group '{name}' has desired states, but no links lead into it")
        odd = [t for t in at if not 1 <= t <= steps]
        if odd:
            expected = f"a step from 1 to {steps} is expected"
            raise ValueError(f"group '{name}' is to answer at step {odd[0]}, but the net runs for {steps}; {expected}")


def check_reached(links, steps, given, desired):
    """No answer may be desired at a step at which no input has reached its group."""
    reached = [{name for name, at in given.items() if 0 in at}]
    for t in range(1, steps + 1):
        by_links = {link.target for link in links if link.source in reached[-1]}
        reached.append(by_links | {name for name, at in given.items() if t in at})
    for name, at in desired.items():
        for t in at:
            if name not in reached[t]:
                there = [str(s) for s in range(steps + 1) if name in reached[s]]
                found = f"only at {', '.join(there)}" if there else "at none"
                found = f"what is given reaches it {found}; each link takes one step"
                raise ValueError(f"group '{name}' is to answer at step {t}, but {found}")
