"""The tasks of the paper and its companions: cases, a network and a recipe each."""

from .classics import encoder, parity, xor
from .symmetry import symmetry

__all__ = ["encoder", "parity", "symmetry", "xor"]
