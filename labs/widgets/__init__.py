"""The labs: live views of a run, with controls that act while it learns."""

from .epsilon_alpha import EpsilonAlphaLab
from .family_trees import FamilyTreesLab
from .iterative import IterativeLab
from .local_minima import LocalMinimaLab
from .procedure import ProcedureLab
from .symmetry import SymmetryLab
from .workbench import Workbench

__all__ = [
    "EpsilonAlphaLab",
    "FamilyTreesLab",
    "IterativeLab",
    "LocalMinimaLab",
    "ProcedureLab",
    "SymmetryLab",
    "Workbench",
]
