"""The two engines that make whole sweeps, and the choice between them.

NumpyEngine goes by the definition in passes.py; CompiledEngine does the same as machine code, to 1e-10.
"""

from ..units import BUILT_IN
from .compiled_engine import CompiledEngine, machine_code
from .numpy_engine import NumpyEngine

__all__ = ["CompiledEngine", "NumpyEngine", "available", "is_wide", "machine_code", "make_engine", "own_unit"]

_WIDE, _MUCH = 200_000, 2e8  # a link's weights, and weights times cases; from both on, matrix products are faster
_PATIENCE = 2.0  # seconds: code in the cache loads in less; other code is compiled in the background


def make_engine(task, recipe, w, delta_w, engine=None, **more):
    """Return the engine called `engine`, or the fastest that can do the task now; `more` goes to the engine.

    Raises
    ------
    ValueError
        For an unknown engine, "compiled" for a unit function of your own, or a held weight that does not exist.
    RuntimeError
        If "compiled" is asked for and cannot be used here.
    """
    if engine not in (None, "numpy", "compiled"):
        raise ValueError(f"engine {engine!r}; 'numpy' or 'compiled' is expected")
    if max(recipe.held, default=0) >= task.network.n_weights:
        raise ValueError(f"weight {max(recipe.held)} is held; places below {task.network.n_weights} are expected")
    own = own_unit(task)
    if engine == "compiled" and own:
        raise ValueError(f"engine 'compiled' does not know the unit function '{own}'; engine 'numpy' does")
    if engine is None and (own or is_wide(task)):
        engine = "numpy"
    elif engine is None:
        engine = "compiled" if machine_code.ready(_PATIENCE) else "numpy"
        if engine == "numpy":
            machine_code.say_why_not()
    return (CompiledEngine if engine == "compiled" else NumpyEngine)(task, recipe, w, delta_w, **more)


def is_wide(task):
    """True if a link has so many weights, and the task so many cases, that the numpy engine is the faster one."""
    network = task.network
    if network.n_weights < _WIDE:
        return False
    widest = max(network.size(link.source) * network.size(link.target) for link in network.links)
    return widest >= _WIDE and widest * len(task.cases) >= _MUCH


def own_unit(task):
    """Name of the first unit function that is not built in, which only the numpy engine can use; or None."""
    units = (group.unit for group in task.network.upward)
    return next((unit.name for unit in units if BUILT_IN.get(unit.name) is not unit), None)


def available(engine):
    """True if that engine can be used here. Waits while it is being compiled."""
    return engine == "numpy" or (engine == "compiled" and machine_code.ready(None))
