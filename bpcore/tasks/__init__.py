"""The tasks of the paper and its companions: cases, a network and a recipe each."""

from .classics import encoder, parity, xor
from .families import Family
from .family_trees import family_trees
from .search import search
from .sequences import sequences
from .shift_register import shift_register
from .symmetry import symmetry

__all__ = ["Family", "encoder", "family_trees", "parity", "search", "sequences", "shift_register", "symmetry", "xor"]
