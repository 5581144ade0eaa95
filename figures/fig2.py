"""The plate of Fig. 2: two isomorphic family trees, and what can be said in triples about them."""

from collections import Counter

from bpcore.tasks.families import RELATIONSHIPS, triples
from bpcore.tasks.family_trees import PAPER as FAMILIES

from .plate import Plate
from .style import fixed_look, headline, place, sheet
from .trees import draw_tree, tree_layout


@fixed_look()
def family_trees_plate(families=FAMILIES):
    """Fig. 2: the trees, one below the other.

    Parameters
    ----------
    families : iterable of Family

    Returns
    -------
    Plate
    """
    families = tuple(families)
    layouts = [tree_layout(family) for family in families]
    heights = [0.72 * layout.rows + 0.55 for layout in layouts]
    figure = sheet(9.6, sum(heights) + 0.1)
    for k, family in enumerate(families):
        ax = place(figure, 0.3, sum(heights[k + 1 :]) + 0.1, 9, heights[k] - 0.45)
        draw_tree(ax, family)
        headline(ax, f"The {family.name} family")
    return Plate(figure, _facts(families, layouts))


def _facts(families, layouts):
    known = triples(families)
    asked = Counter((one, relationship) for one, relationship, _ in known)
    several = [f"{one} has-{relationship}" for (one, relationship), answers in asked.items() if answers > 1]
    counts = Counter(relationship for _, relationship, _ in known)
    facts = {
        f"the {family.name} family": f"{len(family.people)} people, {len(layout.marriages)} marriages, "
        f"{sum(len(names) for _, _, names in layout.descents)} children, {layout.rows} generations"
        for family, layout in zip(families, layouts, strict=True)
    }
    return facts | {
        "the trees are isomorphic": "yes" if _isomorphic(families) else "no",
        "triples (person 1)(relationship)(person 2)": len(known),
        "questions (person 1)(relationship) with an answer": f"{len(asked)} of {_possible(families)}",
        "with two answers": ", ".join(several) or "none",
        "triples by relationship": ", ".join(f"{name} {counts[name]}" for name in RELATIONSHIPS),
    }


def _isomorphic(families):
    """Whether every family has the triples of the first, person for person in the order of their units."""
    known = []
    for family in families:
        unit = family.people.index
        known.append({(unit(one), relationship, unit(two)) for one, relationship, two in triples([family])})
    return all(other == known[0] for other in known)


def _possible(families):
    return sum(len(family.people) for family in families) * len(RELATIONSHIPS)
