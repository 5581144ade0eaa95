"""The map's plate shows what the study found."""

import bpcore as bp
from bpcore import tasks
from figures.epsilon_alpha import map_plate


def test_the_facts_are_those_of_the_study():
    grid = {"alpha": [0.0, 0.9], "epsilon": [0.03, 0.1]}
    study = bp.study(tasks.symmetry(), range(6), grid, 1425, stop_when_solved=True, progress=None)
    text = map_plate(study).text
    solved_at = study["solved_at"]
    for row, alpha in enumerate(grid["alpha"]):
        line = next(line for line in text.splitlines() if line.startswith(f"α = {alpha:g}: "))
        for column, epsilon in enumerate(grid["epsilon"]):
            share = (solved_at[row, column] >= 0).mean()
            assert (f"ε {epsilon:g}: {share:.0%}".replace("%", " %") in line) == (share > 0)
    assert "6 starts each" in text


def test_a_map_where_nobody_is_solved_says_so():
    study = bp.study(tasks.symmetry(), range(2), {"alpha": [0.0], "epsilon": [0.001]}, 5, progress=None)
    text = map_plate(study).text
    assert "α = 0: nobody" in text
    assert "quickest of those where all are solved: none" in text
