"""Families as data, and the twelve relationships of Fig. 2 as rules: the triples are derived, not listed."""

from collections.abc import Mapping
from dataclasses import dataclass

RELATIONSHIPS = (
    "father", "mother", "husband", "wife", "son", "daughter",
    "uncle", "aunt", "brother", "sister", "nephew", "niece",
)  # fmt: skip
"""In the order of Fig. 2's caption."""


@dataclass(frozen=True)
class Family:
    """People, marriages and children. Everything else about a family follows from these.

    Parameters
    ----------
    name : str
        What the family is called: "English".
    men, women : sequence of str
        Everybody, once, in the order of their units; men first. In families that are alike, people in the same place
        are each other's equivalents.
    marriages : sequence of (str, str)
    children : mapping of (str, str) to sequence of str
        Parents (or one of them alone, as ``("James",)``) and their children.

    Raises
    ------
    ValueError
        For a family that cannot be: a name that is unknown or used twice, three parents, two marriages at once, or
        a person who is their own ancestor.
    """

    name: str
    men: tuple
    women: tuple
    marriages: tuple = ()
    children: tuple = ()

    def __post_init__(self):
        children = self.children.items() if isinstance(self.children, Mapping) else self.children
        tidy = {
            "men": _names(self.men),
            "women": _names(self.women),
            "marriages": tuple(_names(couple) for couple in self.marriages),
            "children": tuple((_names(parents), _names(names)) for parents, names in children),
        }
        for name, value in tidy.items():
            object.__setattr__(self, name, value)
        _check(self)

    @property
    def people(self):
        """Everybody, in the order of their units."""
        return self.men + self.women

    def alike(self, name, men, women):
        """The family of other people who have the same places as these."""
        new = dict(zip(self.people, (*men, *women), strict=True)).get
        marriages = [map(new, couple) for couple in self.marriages]
        children = [(map(new, parents), map(new, names)) for parents, names in self.children]
        return Family(name, men, women, marriages, children)

    def parents(self, person):
        """Names of the parents, a set."""
        return {parent for parents, names in self.children if person in names for parent in parents}

    def offspring(self, person):
        """Names of the children, a set."""
        return {name for parents, names in self.children if person in parents for name in names}

    def spouse(self, person):
        """The husband or wife, a set of one or none."""
        return {other for couple in self.marriages if person in couple for other in couple} - {person}

    def siblings(self, person):
        """Other children of the parents, a set."""
        return _all(self.offspring, self.parents(person)) - {person}

    def related(self, person, relationship):
        """Who is the `relationship` of `person`: ``related("Colin", "aunt")`` is ``("Jennifer", "Margaret")``."""
        rule, sex = _RULES[relationship]
        found = rule(self, person)
        return tuple(name for name in getattr(self, sex) if name in found)

    def generation(self, person):
        """0 for the oldest; husband and wife are of the same."""
        generations = dict.fromkeys(self.people, 0)
        for _ in self.people:
            for name in self.people:
                above = [generations[parent] + 1 for parent in self.parents(name)]
                beside = [generations[other] for other in self.spouse(name)]
                generations[name] = max(generations[name], *above, *beside, 0)
        return generations[person]

    def branch(self, person):
        """Which of the oldest couples `person` descends from, or married into: (0,) for the first, (0, 1) for both."""
        oldest = [name for name in self.people if not any(map(self.parents, (name, *self.spouse(name))))]
        couples = list(dict.fromkeys(frozenset({name, *self.spouse(name)}) for name in oldest))
        lines = self._lines(person) or _all(self._lines, self.spouse(person)) or {person}
        return tuple(k for k, couple in enumerate(couples) if couple & lines)

    def _lines(self, person):
        """Ancestors of `person` who have no parents themselves."""
        return _all(lambda parent: self._lines(parent) or {parent}, self.parents(person))


def triples(families):
    """Every (person 1, relationship, person 2) that is true, as ("Colin", "aunt", "Jennifer").

    Parameters
    ----------
    families : iterable of Family
    """
    return [
        (person, relationship, other)
        for family in families
        for person in family.people
        for relationship in RELATIONSHIPS
        for other in family.related(person, relationship)
    ]


def check_families(families):
    """`families` as a tuple; ValueError if there is none, or two people share a name."""
    families = (families,) if isinstance(families, Family) else tuple(families)
    if not families:
        raise ValueError("no family is given; at least one is expected")
    _once([name for family in families for name in family.people], "of the families")
    return families


def _uncles_and_aunts(family, person):
    siblings = _all(family.siblings, family.parents(person))
    return (siblings | _all(family.spouse, siblings)) - family.parents(person)


def _nephews_and_nieces(family, person):
    siblings = _all(family.siblings, {person} | family.spouse(person))
    return _all(family.offspring, siblings - family.spouse(person)) - family.offspring(person)


_RULES = {
    "father": (Family.parents, "men"),
    "mother": (Family.parents, "women"),
    "husband": (Family.spouse, "men"),
    "wife": (Family.spouse, "women"),
    "son": (Family.offspring, "men"),
    "daughter": (Family.offspring, "women"),
    "uncle": (_uncles_and_aunts, "men"),  # by marriage too: Colin's are Arthur and Charles
    "aunt": (_uncles_and_aunts, "women"),
    "brother": (Family.siblings, "men"),
    "sister": (Family.siblings, "women"),
    "nephew": (_nephews_and_nieces, "men"),
    "niece": (_nephews_and_nieces, "women"),
}


def _all(relation, people):
    return set().union(*map(relation, people))


def _names(names):
    return (names,) if isinstance(names, str) else tuple(names)


# --- families that cannot be ---------------------------------------------------------------------------------------


def _check(family):
    _check_people(family)
    _check_marriages(family)
    for parents, names in family.children:
        _known(family, parents, "a parent")
        _known(family, names, f"a child of {_and(parents)}")
    for name in family.people:
        if len(family.parents(name)) > 2:
            parents = [other for other in family.people if other in family.parents(name)]
            raise ValueError(f"{name} has {len(parents)} parents, {_and(parents)}; at most two are expected")
    _check_descent(family)


def _check_people(family):
    if not family.people:
        raise ValueError(f"the {family.name} family has nobody in it; at least one person is expected")
    for name in family.people:
        if not isinstance(name, str) or not name.strip():
            raise ValueError(f"a person of the {family.name} family is called {name!r}; a name is expected")
        if name in family.men and name in family.women:
            raise ValueError(f"{name} is among the men and the women of the {family.name} family; one is expected")
    _once(family.people, f"of the {family.name} family")


def _check_marriages(family):
    for couple in family.marriages:
        if len(couple) != 2 or couple[0] == couple[1]:
            raise ValueError(f"a marriage is between {_and(couple)}; two people are expected")
        _known(family, couple, "married")
    for name in family.people:
        spouses = [other for other in family.people if other in family.spouse(name)]
        if len(spouses) > 1:
            raise ValueError(f"{name} is married to {_and(spouses)} at once; one husband or wife is expected")


def _check_descent(family):
    for name in family.people:
        above, ancestors = family.parents(name), set()
        while above - ancestors:
            ancestors |= above
            above = _all(family.parents, above)
        if name in ancestors:
            raise ValueError(f"{name} is an ancestor of {name}; children are expected to come after their parents")


def _known(family, names, what):
    for name in names:
        if name not in family.people:
            raise ValueError(f"{name} is {what} in the {family.name} family, but is not among its men or its women")


def _once(names, where):
    for name in names:
        if list(names).count(name) > 1:
            raise ValueError(f"two people {where} are called {name}; every person needs a name of their own")


def _and(names):
    names = [str(name) for name in names]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]])) or "nobody"
