"""Input-output cases: "the desired state vector of the output units for each state vector of the input units"."""

import warnings
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from .network import ONE, Group, Link, Network
from .units import logistic
from .validate import number, same_length, whole

_SPLIT_SEED = 1986


@dataclass(frozen=True)
class Cases:
    """A fixed, finite set of input-output cases, one a row.

    Parameters
    ----------
    inputs : dict of (cases, units) arrays
        State of every input group.
    desired : dict of (cases, units) arrays
        Desired state of every output group.
    names : sequence of str, optional
        One a case; its input by default, as "010010".

    Raises
    ------
    ValueError
        For arrays that are not tables of numbers, hold a NaN, or differ in their number of cases.
    """

    inputs: dict
    desired: dict
    names: tuple = ()

    def __post_init__(self):
        for kind in ("inputs", "desired"):
            tables = {name: _table(values, f"{kind} of group '{name}'") for name, values in getattr(self, kind).items()}
            if not tables:
                raise ValueError(f"the cases have no {kind}; at least one group is expected")
            object.__setattr__(self, kind, tables)
        same_length((*self.inputs.items(), *self.desired.items()))
        names = tuple(self.names) or _usual_names(self.inputs)
        if len(names) != len(self):
            raise ValueError(f"{len(names)} names are given for {len(self)} cases")
        object.__setattr__(self, "names", names)

    def __len__(self):
        return len(next(iter(self.inputs.values())))

    def some(self, places):
        """Only the cases at these places, a sequence of int."""
        inputs, desired = ({name: t[places] for name, t in kind.items()} for kind in (self.inputs, self.desired))
        return Cases(inputs, desired, [self.names[k] for k in places])

    def split(self, share):
        """Hold out a share of the cases, drawn at random, the same ones every time.

        Parameters
        ----------
        share : float
            From 0 to .9.

        Returns
        -------
        trained : Cases
            At least one case.
        held_out : Cases or None
            None if the share is less than half a case.
        """
        n, share = len(self), number(share, "the share that is held out", 0, 0.9)
        return self.hold_out(min(round(share * n), n - 1), _SPLIT_SEED)

    def hold_out(self, which, seed=0):
        """Hold out some of the cases: so many, drawn at random, or by name.

        Parameters
        ----------
        which : int or iterable of str
        seed : int
            Of the draw.

        Returns
        -------
        trained : Cases
            At least one case.
        held_out : Cases or None
            None if nothing is held out.

        Raises
        ------
        ValueError
            For names that no case has, or if nothing is left to learn.
        """
        held = self._held_out(which, seed)
        return self.some(np.flatnonzero(~held)), self.some(np.flatnonzero(held)) if held.any() else None

    def _held_out(self, which, seed):
        """Which cases are held out, (cases,) array of bool."""
        n = len(self)
        if isinstance(which, str | bool) or np.ndim(which) > 1:
            raise ValueError(f"held_out is {which!r}; a number of cases or a list of their names is expected")
        if np.ndim(which) == 0 and not isinstance(which, set | frozenset):
            which = whole(which, "the number of held-out cases", 0, n - 1)
            seed = whole(seed, "the seed of the held-out cases")
            return np.isin(np.arange(n), np.random.default_rng(seed).permutation(n)[:which])
        for name in which:
            if name not in self.names:
                raise ValueError(f"there is no case '{name}' to hold out; one such as '{self.names[0]}' is expected")
        if len(set(which)) == n:
            raise ValueError(f"all {n} cases are held out; at least one to learn is expected")
        return np.isin(self.names, list(which))

    def to_dict(self):
        """The cases as plain values, for JSON: inputs, desired and names; names is empty if they are the usual ones."""
        kinds = {
            kind: {name: rows.tolist() for name, rows in getattr(self, kind).items()} for kind in ("inputs", "desired")
        }
        return kinds | {"names": [] if self.names == _usual_names(self.inputs) else list(self.names)}

    @classmethod
    def from_dict(cls, plain):
        """The Cases that `to_dict` described."""
        return cls(dict(plain["inputs"]), dict(plain["desired"]), plain["names"])

    @classmethod
    def from_csv(cls, source, outputs=None, inputs=None, **how):
        """Cases from a table: groups "input" and "output"; see `bpcore.tables.coding.code`, which also says how.

        Parameters
        ----------
        source : str, Path, bytes or file
        outputs, inputs : sequence of str, optional
            Names of columns; the last column is the output, the others are inputs by default.
        **how
            As `code` takes it: ``words=["kind"]``, names of columns whose numbers are names of kinds.

        Warns
        -----
        UserWarning
            For columns and cases that are left out, and what else the reader had to decide.

        Raises
        ------
        ValueError
            In one sentence, with the line and column if there is one.
        """
        from .tables.coding import code

        coded = code(source, outputs, inputs, **how)
        if coded.said_aloud:
            warnings.warn("; ".join(coded.said_aloud), stacklevel=2)
        return coded.cases

    def network(self, hidden=(4,), *, unit=logistic, skips=False, tied=False):
        """A layered network for these cases; its output units are logistic.

        Parameters
        ----------
        hidden : sequence of int
            Units of each hidden group, from the bottom up; none links inputs to outputs directly.
        unit : UnitFunction
            Of the hidden units.
        skips : bool
            Whether every group is linked to all groups above it: "connections can skip intermediate layers".
        tied : bool
            Whether corresponding weights are kept equal, as in Fig. 5: those between one hidden group and the next.

        Raises
        ------
        ValueError
            For sizes that are not whole numbers, or tied weights without three hidden groups of one size.
        """
        names = ["hidden"] if len(hidden) == 1 else [f"hidden{k + 1}" for k in range(len(hidden))]
        if tied and (len(hidden) < 3 or len(set(hidden)) > 1):
            found = ", ".join(map(str, hidden)) or "none"
            raise ValueError(f"tied weights need three hidden groups or more, all of one size; the sizes are {found}")
        groups = [
            *(Group(name, rows.shape[1]) for name, rows in self.inputs.items()),
            *(Group(name, size, unit) for name, size in zip(names, hidden, strict=True)),
            *(Group(name, rows.shape[1]) for name, rows in self.desired.items()),
        ]
        layers = [list(self.inputs), *([name] for name in names), list(self.desired)]
        pairs = combinations(layers, 2) if skips else pairwise(layers)
        links = [Link(source, target) for lower, upper in pairs for target in upper for source in lower]
        return Network(groups, _tied(links, names) if tied else links)

    def check(self, network):
        """Raise ValueError unless these cases fit `network`, naming the group that does not."""
        self._check_shapes(network)
        for name in self.desired:
            if name in network.input_names or name not in network.fed:
                raise ValueError(
                    f"group '{name}' has desired states, but no links lead up to it: there is no path from any input"
                )
        for name in network.input_names:
            if name not in self.inputs:
                raise ValueError(f"group '{name}' has no links into it, and the cases give no input states for it")
        for name in self.inputs:
            if name not in network.input_names:
                raise ValueError(f"the cases give input states for group '{name}', but links lead into it")

    def _check_shapes(self, network):
        for kind, tables in (("input", self.inputs), ("desired", self.desired)):
            for name, values in tables.items():
                if name not in {group.name for group in network.groups}:
                    raise ValueError(
                        f"the cases give {kind} states for '{name}', a group that the network does not have"
                    )
                if values.shape[1] != network.size(name):
                    found = f"{values.shape[1]} numbers a case, but the group has {network.size(name)} units"
                    raise ValueError(f"{kind} states of group '{name}' have {found}")


def _tied(links, names):
    """The same links, but those from each of these groups to the next share their weights and biases."""
    steps = set(pairwise(names))
    shared = [Link(k.source, k.target, "one to the next") if (k.source, k.target) in steps else k for k in links]
    return [*shared, *(Link(ONE, name, "biases of the next") for name in names[1:])]


def _table(values, what):
    try:
        table = np.array(values, float)
    except (TypeError, ValueError):
        raise ValueError(f"{what}: a table of numbers is expected") from None
    if table.ndim != 2 or table.size == 0:
        raise ValueError(f"{what}: the shape is {table.shape}; (cases, units) is expected, with at least one of each")
    if not np.isfinite(table).all():
        case, unit = np.argwhere(~np.isfinite(table))[0]
        raise ValueError(
            f"{what}: case {case + 1}, unit {unit + 1} is {table[case, unit]}; a finite number is expected"
        )
    table.flags.writeable = False
    return table


def _usual_names(inputs):
    states = np.hstack(list(inputs.values()))
    on = states == 1
    digits, n = (on + np.uint8(ord("0"))).tobytes().decode(), states.shape[1]
    binary = (on | (states == 0)).all(1).tolist()
    return tuple(
        digits[k * n : (k + 1) * n] if binary[k] else " ".join(f"{value:g}" for value in row.tolist())
        for k, row in enumerate(states)
    )
