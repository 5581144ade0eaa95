"""Iterative nets: "A synchronous iterative net ... and the equivalent layered net" (Fig. 5).

Every unit is set anew at every step, from the states one step before: each link takes one step. "Each time-step in the
recurrent net corresponds to a layer in the layered net", so the net is unrolled into a Network whose groups are called
"hidden at 3", and the engines need not know that it is one. The caption names two complications:

1. "it is necessary to store the history of output states of each unit": `states`, one array for all steps of a group;
2. "corresponding weights between different layers must have the same value. To preserve this property, we average dE/dw
   for all the weights in each set of corresponding weights": links of all steps share a block; `places` lists them,
   `gradient_of_places` has dE/dw of each; Recipe.tied says "average", or "sum" as the program of 1988 did.
"""

from dataclasses import dataclass, field

import numpy as np

from .cases import Cases
from .iterative_checks import at_steps, check_desired, check_driven, check_given, check_reached
from .network import ONE, Group, Link, Network, _list, check_ends
from .passes import Passes, forward
from .validate import whole


@dataclass(frozen=True)
class IterativeNetwork(Network):
    """The layered net that an iterative net is equivalent to. Make one with `iterative`.

    The weights are those of one step, whatever the number of steps: ``net.blocks(w)["hidden", "hidden"]``.

    Attributes
    ----------
    step_groups, step_links : tuple of Group, tuple of Link
        Of one step.
    steps : int
        Steps that the net is run for. Step 0 is before the first.
    given, desired : dict of {str: tuple of int}
        Steps at which the case gives the states of a group, and at which it has desired states.
    before : dict of {str: (units,) array}
        States before the first step, of groups that the case does not give them for.
    """

    step_groups: tuple = field(compare=False)
    step_links: tuple = field(compare=False)
    steps: int
    given: dict = field(compare=False)
    desired: dict = field(compare=False)
    before: dict = field(compare=False)

    def __init__(self, groups, links, steps, given, desired=None, before=0.0):
        groups = _groups(groups)
        links = _with_biases(groups, links)
        fed = {link.target for link in links}
        steps = whole(steps, "the number of steps", 1)
        given, desired = at_steps(groups, given, "given"), at_steps(groups, desired or {}, "desired")
        check_given(given, fed, steps)
        check_desired(desired, fed, steps)
        check_reached(links, steps, given, desired)
        unrolled = [Group(at(group.name, t), group.size, group.unit, False) for t in _all(steps) for group in groups]
        tied = [_at_step(link, t) for t in _all(steps)[1:] for group in groups for link in links
                if link.target == group.name]  # fmt: skip
        super().__init__(unrolled, tied)
        about = {"step_groups": groups, "step_links": links, "steps": steps, "given": given, "desired": desired}
        for name, value in {**about, "before": _states_before(groups, before)}.items():
            object.__setattr__(self, name, value)

    def unrolled(self, steps, given=None, desired=None):
        """The same net, with the same weights, run for another number of steps.

        Parameters
        ----------
        steps : int
        given, desired : dict of {str: iterable of int}, optional
            In place of this net's, of which otherwise those remain that the other number of steps has.
        """
        steps = whole(steps, "the number of steps", 1)
        given = _up_to(self.given, steps - 1) if given is None else given
        desired = _up_to(self.desired, steps) if desired is None else desired
        return IterativeNetwork(self.step_groups, self.step_links, steps, given, desired, self.before)

    # The first complication: the history of states

    def states(self, w, cases):
        """The states of all units at all steps: "the history of output states of each unit".

        Parameters
        ----------
        w : (runs, weights) or (weights,) array
        cases : Cases, or dict of {str: (cases, units) array}
            States that are given, under names such as "letters at 0"; cases of another number of steps will do.

        Returns
        -------
        y : dict of {str: (steps + 1, runs, units, cases) array}
            ``y["hidden"][3]`` are the states of the group "hidden" at step 3, ``y["hidden"][0]`` before the first.
        """
        y = forward(self, w, self.complete(cases.inputs if isinstance(cases, Cases) else cases))
        runs, count = len(np.atleast_2d(w)), next(iter(y.values())).shape[-1]
        return {
            group.name: np.stack(
                [np.broadcast_to(y[at(group.name, t)], (runs, group.size, count)) for t in _all(self.steps)]
            )
            for group in self.step_groups
        }

    def complete(self, inputs):
        """The given states and all others: those before the first step, and 0 for input groups that are not given.

        Parameters
        ----------
        inputs : dict of {str: (cases, units) array}

        Returns
        -------
        inputs : dict of {str: (cases, units) array}
            One for each of `input_names`.
        """
        wanted = [at(name, t) for name, steps in self.given.items() for t in steps]
        missing = [name for name in wanted if name not in inputs]
        if missing:
            raise ValueError(
                f"the states of '{missing[0]}' are not given; (cases, {self.size(missing[0])}) is expected"
            )
        count = len(inputs[wanted[0]])
        rows = {at(name, 0): states for name, states in self.before.items()}
        rest = {
            name: np.tile(rows.get(name, np.zeros(self.size(name))), (count, 1))
            for name in self.input_names
            if name not in wanted
        }
        return {name: inputs[name] if name in wanted else rest[name] for name in self.input_names}

    def cases(self, inputs, desired, names=()):
        """Cases for this net.

        Parameters
        ----------
        inputs, desired : dict of {str: (cases, steps, units) array}
            For each group that is given or desired, its states at those steps, in their order.
        names : sequence of str, optional

        Returns
        -------
        Cases
            Its tables are called "letters at 0", "digits at 3" and so on.
        """
        tables = [_by_step(self, *what) for what in ((inputs, self.given, "given"), (desired, self.desired, "desired"))]
        return Cases(self.complete(tables[0]), tables[1], names)

    # The second complication: corresponding weights

    def places(self, block):
        """Where the weights of a block stand in the layered net, tuple of (step, Link): step t sets the states at t."""
        links = [link for link in self.links if link.block == block]
        if not links:
            raise ValueError(f"there is no block {block!r}; the blocks are {', '.join(map(repr, self.block_uses))}")
        return tuple((_step_of(link.target), link) for link in links)

    def gradient_of_places(self, w, cases, tolerance=None):
        """dE/dw of each single weight of the layered net, before corresponding ones are averaged or summed.

        Returns
        -------
        dE_dw : dict of {block: (places, runs, to, from) array}
            In the order of `places`: ``dE_dw["hidden", "hidden"][2]`` is that of the third step.
        """
        cases.check(self)
        w = np.atleast_2d(np.asarray(w, float))
        passes = Passes(self, w, cases.inputs, cases.desired, tolerance)
        passes.forward()
        passes.compare()
        passes.backward()
        y = passes.y | {ONE: np.ones((1, 1, len(cases)))}
        return {
            block: np.stack(
                [passes.dE_dx[link.target] @ y[link.source].swapaxes(-1, -2) for _, link in self.places(block)]  # (6)
            )
            for block in self.block_uses
        }


def iterative(groups, links, steps, *, given, desired=None, before=0.0):
    """A synchronous iterative net, as the layered net that it is equivalent to (Fig. 5).

    Parameters
    ----------
    groups : dict of {str: int}, or iterable of Group
        Of one time step: name and number of units.
    links : iterable of (source, target) or Link
        Of one time step. A link leads from the states of a step to those of the next one; a group may be linked to
        itself. Links of different steps correspond: they have the same weights.
    steps : int
        How often all units are set anew.
    given : dict of {str: iterable of int}
        Steps at which the case gives the states of a group, 0 for "before the first step". A group with links into it
        can only be given there; one without is off, 0, at steps at which it is not given.
    desired : dict of {str: iterable of int}
        Steps at which the case has desired states for a group, from 1 to `steps`.
    before : float, or dict of {str: float or (units,) array}
        States before the first step if the case does not give them, 0 by default.

    Returns
    -------
    IterativeNetwork

    Raises
    ------
    ValueError
        For a step that does not exist, an answer that is desired before any input can reach it, an unknown group.

    Examples
    --------
    >>> net = iterative({"unit": 3}, [("unit", "unit")], steps=2, given={"unit": [0]}, desired={"unit": [2]})
    >>> net.input_names
    ('unit at 0',)
    """
    net = IterativeNetwork(groups, links, steps, given, desired, before)
    check_driven(net)
    return net


def at(name, step):
    """Name of a group at a step: "hidden at 3"."""
    return f"{name} at {step}"


def _step_of(name):
    return int(name.rpartition(" at ")[2])


def _all(steps):
    """All steps, that before the first included."""
    return range(steps + 1)


def _groups(groups):
    return tuple(Group(*one) for one in groups.items()) if isinstance(groups, dict) else tuple(groups)


def _with_biases(groups, links):
    """Links of one step, with those from the unit that is always 1 for every group that is fed and has biases."""
    links = tuple(link if isinstance(link, Link) else Link(*link) for link in links)
    names = [group.name for group in groups]
    for link in links:
        check_ends(link, names)
    fed = {link.target for link in links}
    biased = {link.target for link in links if link.source == ONE}
    biases = [Link(ONE, g.name) for g in groups if g.biases and g.name in fed - biased]
    return (*links, *biases)


def _at_step(link, t):
    """`link` as it leads from step t - 1 to step t, with the weights that all steps share."""
    source = ONE if link.source == ONE else at(link.source, t - 1)
    return Link(source, at(link.target, t), link.block)


def _up_to(steps_of, last):
    kept = {name: tuple(t for t in steps if t <= last) for name, steps in steps_of.items()}
    return {name: steps for name, steps in kept.items() if steps}


def _states_before(groups, before):
    """State of every group before the first step, dict of (units,) arrays."""
    names = [group.name for group in groups]
    unknown = [name for name in before if name not in names] if isinstance(before, dict) else []
    if unknown:
        raise ValueError(f"states before the first step of '{unknown[0]}': the groups are {_list(names)}")
    states = {}
    for group in groups:
        values = np.asarray(before.get(group.name, 0.0) if isinstance(before, dict) else before)
        if values.dtype.kind not in "iuf" or values.shape not in ((), (group.size,)) or not np.isfinite(values).all():
            expected = f"a number, or {group.size} of them, is expected"
            raise ValueError(f"the state of '{group.name}' before the first step is {before!r}; {expected}")
        states[group.name] = np.broadcast_to(values.astype(float), group.size)
    return states


def _by_step(net, tables, steps_of, kind):
    """Tables "letters at 0", ... from one array (cases, steps, units) a group."""
    for name in (*tables, *steps_of):
        if (name in tables) != (name in steps_of):
            found = "the net has no step for them" if name in tables else "there are none"
            raise ValueError(f"states that are {kind} for group '{name}': {found}")
    by_step = {}
    for name, steps in steps_of.items():
        shape, units = np.shape(tables[name]), net.size(at(name, 0))
        if len(shape) != 3 or shape[1:] != (len(steps), units):
            expected = f"(cases, {len(steps)}, {units}) is expected: cases, steps, units"
            raise ValueError(f"states that are {kind} for group '{name}' have the shape {shape}; {expected}")
        by_step |= {at(name, t): np.asarray(tables[name])[:, k] for k, t in enumerate(steps)}
    return by_step
