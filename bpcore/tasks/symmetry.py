"""Mirror symmetry (Fig. 1): is the input vector symmetrical about its centre?"""

import numpy as np

from ..cases import Cases
from ..descent import Phase, Recipe
from ..network import layered
from ..task import Task, made_once
from ..validate import whole
from ..weights import Start
from .patterns import all_patterns


@made_once
def symmetry(width=6, hidden=2, *, biases="uniform"):
    """Detect mirror symmetry in the input vector, Fig. 1.

    "The learning required 1,425 sweeps through the set of 64 possible input vectors ... epsilon = 0.1 and alpha = 0.9.
    The initial weights were random and were uniformly distributed between -0.3 and 0.3."

    Parameters
    ----------
    width : int
        Input units, an even number; 6 in the paper.
    hidden : int
        Hidden units; 2 in the paper.
    biases : {"uniform", "zero"}
        Where biases start, which the paper does not say.
    """
    if whole(width, "the width of the input", 2) % 2 or width > 16:
        raise ValueError(f"the width of the input is {width}; an even number from 2 to 16 is expected")
    patterns = all_patterns(width)
    symmetrical = (patterns == patterns[:, ::-1]).all(1, keepdims=True)
    return Task(
        name="symmetry",
        network=layered({"input": width, "hidden": whole(hidden, "the number of hidden units", 1), "output": 1}),
        cases=Cases({"input": patterns}, {"output": symmetrical.astype(float)}),
        recipe=Recipe((Phase(epsilon=0.1, alpha=0.9),), start=Start(0.3, biases)),
    )


def symmetrical_cases(task):
    """Which cases are symmetrical, (cases,) array of bool."""
    return np.asarray(task.cases.desired["output"][:, 0] == 1)
