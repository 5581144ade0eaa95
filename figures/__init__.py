"""Plates: what is printed, tested and exported. A drawing takes an Axes and arrays; it learns and remembers nothing."""

from .curves import draw_error_curve, draw_solved_distribution
from .network import draw_network
from .plate import Plate
from .squares import draw_cases, draw_hinton
from .style import headline, place, sheet
from .trees import TreeLayout, draw_tree, tree_layout

__all__ = [
    "Plate",
    "TreeLayout",
    "draw_cases",
    "draw_error_curve",
    "draw_hinton",
    "draw_network",
    "draw_solved_distribution",
    "draw_tree",
    "headline",
    "place",
    "sheet",
    "tree_layout",
]
