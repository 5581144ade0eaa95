"""Exercises that answer: ``exercise("02.1")``, or with what it is about, ``exercise("02.5", lab)``."""

from . import lab_00, lab_01, lab_02, lab_03, lab_04, lab_05, lab_06, lab_07
from .box import ExerciseBox

_LABS = (lab_00, lab_01, lab_02, lab_03, lab_04, lab_05, lab_06, lab_07)
EXERCISES = {one.number: one for lab in _LABS for one in lab.EXERCISES}
"""Every exercise by its number."""


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
    if number not in EXERCISES:
        raise ValueError(f"there is no exercise {number!r}; one of {', '.join(EXERCISES)} is expected")
    return ExerciseBox(EXERCISES[number], given)


__all__ = ["EXERCISES", "ExerciseBox", "exercise"]
