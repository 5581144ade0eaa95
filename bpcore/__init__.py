"""The learning procedure of Rumelhart, Hinton and Williams (1986), to be read beside the paper.

The data goes one way: ``Task(network, cases, recipe) -> learn() -> State -> History``. All weights of a run, biases
too, are one vector, the paper's "point in weight space"; many runs lie side by side along the first axis.
"""

# ruff: noqa: F401 (these are the public names)
from . import measures, tasks, variants
from .analysis import curvature, diagnosis, landscape, perceptron
from .cases import Cases
from .descent import Phase, Recipe
from .error import Tolerance, total_error
from .history import History, train
from .iterative import iterative
from .learning import State, learn
from .network import ONE, Group, Link, Network, layered
from .passes import forward, gradient
from .saving import load, save
from .studies.study import Study, study
from .task import Task
from .tasks import family_measures
from .units import UnitFunction, linear, logistic, softplus, tanh
from .weights import Start, start
