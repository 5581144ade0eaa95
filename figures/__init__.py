"""Plates: what is printed, tested and exported. A drawing takes an Axes and arrays; it learns and remembers nothing."""

from .curves import draw_error_curve, draw_solved_distribution
from .network import draw_network
from .plate import Plate
from .squares import draw_cases, draw_hinton
from .style import headline, place, sheet

__all__ = [
    "Plate",
    "draw_cases",
    "draw_error_curve",
    "draw_hinton",
    "draw_network",
    "draw_solved_distribution",
    "headline",
    "place",
    "sheet",
]
