"""Exercises that answer: ``exercise("02.1")``, or with what it is about, ``exercise("02.5", lab)``."""

from functools import cache
from importlib import import_module
from pathlib import Path

from ..environment import without_code
from . import veils
from .box import ExerciseBox
from .veiled import veil
from .veils import show_answers


@cache
def exercises():
    """Every exercise by its number: of each folder of labs/ that has an ``exercises.py``."""
    found = sorted(Path(__file__).parents[2].glob("*/exercises.py"))
    modules = [import_module(f"labs.{file.parent.name}.exercises") for file in found]
    return dict(sorted((one.number, one) for module in modules for one in module.EXERCISES))


def exercise(number, given=None):
    """Show an exercise, and say to every answer whether it is right, and if not, why.

    Parameters
    ----------
    number : str            the lab and the exercise in it, "02.1"
    given : object, optional
        The function or the lab that the exercise asks for.

    Returns
    -------
    ExerciseBox

    Raises
    ------
    ValueError
        For a number that there is not.
    """
    if number not in exercises():
        raise ValueError(f"there is no exercise {number!r}; one of {', '.join(exercises())} is expected")
    box = ExerciseBox(exercises()[number], given, is_first=veils.is_first(number) and not without_code())
    if box.is_settled:
        veils.settle(number)
    else:
        veils.ask(number, box.give_up)
    return box


__all__ = ["ExerciseBox", "exercise", "exercises", "show_answers", "veil"]
