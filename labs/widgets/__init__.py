"""The labs: live views of a run, with controls that act while it learns."""

from .symmetry import SymmetryLab

__all__ = ["SymmetryLab"]
