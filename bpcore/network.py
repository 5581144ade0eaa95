"""Layered networks: groups of units and the links between them.

"The simplest form of the learning procedure is for layered networks ... Connections within a layer or from higher to
lower layers are forbidden, but connections can skip intermediate layers."
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np

from .units import BUILT_IN, UnitFunction, logistic

ONE = "one"
"""The name of the extra unit that is always 1: "The weight on this extra input is called the bias"."""


@dataclass(frozen=True)
class Group:
    """Units that have their states set in parallel: a layer, or a part of one.

    Parameters
    ----------
    name : str
    size : int
        Number of units.
    unit : UnitFunction
        Their input-output function; the paper's logistic by default. Not used by input groups.
    biases : bool
        Whether each unit has a bias. Input groups have none.
    """

    name: str
    size: int
    unit: UnitFunction = logistic
    biases: bool = True

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name:
            raise ValueError(f"a group's name is {self.name!r}; a word is expected")
        if self.name == ONE:
            raise ValueError(f"a group is called '{ONE}'; that name belongs to the unit that is always 1")
        if isinstance(self.size, bool) or not isinstance(self.size, int | np.integer) or self.size < 1:
            raise ValueError(f"group '{self.name}' has {self.size!r} units; a whole number of at least 1 is expected")
        object.__setattr__(self, "size", int(self.size))


@dataclass(frozen=True)
class Link:
    """Every unit of `source` connected to every unit of `target`.

    Links that name the same `block` share their weights ("corresponding weights", Fig. 5); by default each has its own,
    called ``(source, target)``.
    """

    source: str
    target: str
    block: Hashable = None

    def __post_init__(self):
        if self.block is None:
            object.__setattr__(self, "block", (self.source, self.target))


@dataclass(frozen=True)
class Network:
    """Groups and links without a cycle. All its weights, biases too, are one vector: a point in weight space.

    The vector holds, from the bottom up, for each group the weights of the links into it in the order given, the
    biases last. ``network.blocks(w)`` shows it as matrices.

    Parameters
    ----------
    groups : iterable of Group
    links : iterable of Link
        Links from ``"one"``, the biases, are added for every group that has them unless they are given.

    Raises
    ------
    ValueError
        For a name used twice, a link to an unknown group, two links between the same groups, a cycle, or links that
        share a block but not its shape.
    """

    groups: tuple
    links: tuple
    _into: dict = field(init=False, repr=False, compare=False)
    _by_name: dict = field(init=False, repr=False, compare=False)

    def __init__(self, groups: Iterable[Group], links: Iterable[Link]):
        groups, links = tuple(groups), tuple(links)
        by_name = {group.name: group for group in groups}
        if len(by_name) < len(groups):
            twice = next(g.name for g in groups if [h.name for h in groups].count(g.name) > 1)
            raise ValueError(f"two groups are called '{twice}'; every group needs a name of its own")
        into = {group.name: [] for group in groups}
        for link in links:
            check_ends(link, by_name)
            if link.source in [other.source for other in into[link.target]]:
                raise ValueError(f"link {link.source} -> {link.target} is given twice")
            into[link.target].append(link)
        for group in groups:
            if into[group.name] and group.biases and ONE not in [link.source for link in into[group.name]]:
                into[group.name].append(Link(ONE, group.name))
        order = _bottom_up(by_name, into)
        object.__setattr__(self, "_by_name", {name: by_name[name] for name in order})
        object.__setattr__(self, "groups", tuple(self._by_name.values()))
        object.__setattr__(self, "links", tuple(link for name in order for link in into[name]))
        object.__setattr__(self, "_into", into)
        self._places  # noqa: B018  (blocks of unequal shape are found now, not at the first sweep)

    def __getitem__(self, name):
        """Return the group of that name."""
        if name not in self._by_name:
            raise KeyError(f"there is no group '{name}'; the groups are {_list(self._by_name)}")
        return self._by_name[name]

    def into(self, name):
        """Links into the group `name`, in the order of their weights."""
        return self._into[name]

    def size(self, name):
        """Count the units of the group `name`, ``"one"`` included."""
        return 1 if name == ONE else self[name].size

    @cached_property
    def input_names(self):
        """Names of the groups without links into them: their states are given by the case."""
        return tuple(group.name for group in self.groups if not self._into[group.name])

    @cached_property
    def upward(self):
        """Groups whose states the forward pass sets, from the bottom up."""
        return tuple(group for group in self.groups if self._into[group.name])

    @cached_property
    def fed(self):
        """Names of the groups that states spread to from an input group, the input groups included."""
        fed = list(self.input_names)
        for group in self.upward:
            if any(link.source in fed for link in self._into[group.name]):
                fed.append(group.name)
        return tuple(fed)

    @cached_property
    def _places(self):
        """Block -> (first position in the weight vector, units at the upper end, units at the lower end)."""
        places, first = {}, 0
        for link in self.links:
            shape = (self.size(link.target), self.size(link.source))
            if link.block not in places:
                places[link.block] = (first, *shape)
                first += shape[0] * shape[1]
            elif places[link.block][1:] != shape:
                found = "{1} x {2} weights, but joins {3} units to {4}".format(*places[link.block], *shape)
                raise ValueError(f"link {link.source} -> {link.target} shares block {link.block!r} of {found}")
        return places

    def place(self, block):
        """Position of the first weight of a block in the weight vector."""
        return self._places[block][0]

    @cached_property
    def n_weights(self):
        """Number of different weights, biases included: the dimensions of weight space."""
        return sum(to * frm for _, to, frm in self._places.values())

    def blocks(self, w):
        """Named views of weight vectors.

        Parameters
        ----------
        w : (..., weights) array

        Returns
        -------
        blocks : dict of (..., to, from) arrays
            ``blocks["input", "hidden"][..., j, i]`` is w_ji, from unit i to unit j. Views: no copy is made.
        """
        return {
            block: w[..., first : first + to * frm].reshape(*w.shape[:-1], to, frm)
            for block, (first, to, frm) in self._places.items()
        }

    def to_dict(self):
        """The network as plain values, for JSON.

        ``{"groups": [[name, size, name of the unit function, biases], ...], "links": [[source, target, block], ...]}``;
        a tuple that names a block becomes a list.
        """
        return {
            "groups": [[g.name, g.size, g.unit.name, g.biases] for g in self.groups],
            "links": [[link.source, link.target, _listed(link.block)] for link in self.links],
        }

    @staticmethod
    def from_dict(plain, units=()):
        """The Network that `to_dict` described. An iterative net comes back as its equivalent layered net.

        Parameters
        ----------
        plain : dict
        units : iterable of UnitFunction
            Functions that are not among the built-in ones.

        Raises
        ------
        ValueError
            For a unit function that is not known, or groups and links that make no network.
        """
        known = {unit.name: unit for unit in units} | BUILT_IN
        for _, _, unit, _ in plain["groups"]:
            if unit not in known:
                raise ValueError(f"the unit function is {unit!r}; one of {_list(known)} is expected")
        groups = [Group(name, size, known[unit], bool(biases)) for name, size, unit, biases in plain["groups"]]
        return Network(groups, [Link(source, target, hashable(block)) for source, target, block in plain["links"]])

    @cached_property
    def is_bias(self):
        """Which weights are biases, a (weights,) array of bool."""
        biases = np.zeros(self.n_weights, bool)
        for link in self.links:
            if link.source == ONE:
                self.blocks(biases)[link.block][...] = True
        return biases

    @cached_property
    def block_uses(self):
        """Block -> number of links that share it; 1 but for iterative nets."""
        uses = dict.fromkeys(self._places, 0)
        for link in self.links:
            uses[link.block] += 1
        return uses


def layered(sizes, *, unit=logistic, skips=()):
    """A network with links between neighbouring layers, and the skips asked for.

    Parameters
    ----------
    sizes : dict of str to int
        Units of each layer, from the bottom up: ``{"input": 6, "hidden": 2, "output": 1}``.
    unit : UnitFunction
        For all layers above the first.
    skips : iterable of (source, target)
        Links that skip intermediate layers.
    """
    if len(sizes) < 2:
        raise ValueError(f"a layered network needs at least two layers, but {len(sizes)} is given: {_list(sizes)}")
    groups = [Group(name, size, unit) for name, size in sizes.items()]
    names = list(sizes)
    pairs = [*pairwise(names), *skips]
    return Network(groups, [Link(source, target) for source, target in pairs])


def _bottom_up(by_name, into):
    """Names ordered so that every link leads upward; the given order if it already does."""
    order, waiting = [], list(by_name)
    while waiting:
        ready = next((n for n in waiting if all(k.source in order or k.source == ONE for k in into[n])), None)
        if ready is None:
            why = "states are set from the bottom up, so no link may lead back to a lower group or its own"
            raise ValueError(f"the links among {_list(waiting)} run in a cycle; {why}")
        order.append(ready)
        waiting.remove(ready)
    return order


def check_ends(link, names):
    """Raise ValueError unless both ends of a link are among these names of groups."""
    for end, known in ((link.source, (ONE, *names)), (link.target, names)):
        if end not in known:
            found = f"there is no group '{end}'; the groups are {_list(names)}"
            raise ValueError(f"link {link.source} -> {link.target}: {found}")


def hashable(block):
    """The name of a block from its plain form: lists become tuples."""
    return tuple(map(hashable, block)) if isinstance(block, list) else block


def _listed(block):
    return list(map(_listed, block)) if isinstance(block, tuple) else block


def _list(names):
    return ", ".join(f"'{name}'" for name in names)
