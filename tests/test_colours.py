"""The colours of the canvas, seen by everybody: also by who does not see red (protanopia) or green (deuteranopia).

What such eyes see is computed by the matrices of Machado, Oliveira and Fernandes (2009), how far apart two colours
are in CIELAB, and contrast as WCAG 2 defines it; none of it is used by the lab.
"""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from figures import snapshot_race as race

LABS = Path(__file__).parents[1] / "labs"
PAPER = {"LANES": "#ffffff", "LANES_DARK": "#111111"}
EYES = {
    "most": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour):
    share = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    dark, light = sorted(float(linear(colour) @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    to_xyz = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    xyz = to_xyz @ np.clip(rgb, 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one, other, eyes):
    return float(np.linalg.norm(lab(EYES[eyes] @ linear(one)) - lab(EYES[eyes] @ linear(other))))


def lanes(name):
    """A list of colours of race.js."""
    scene = (LABS / "epsilon_alpha" / "scene.js").read_text(encoding="utf-8")
    listed = re.search(rf"const {name} = \[(.*?)\]", scene)[1]
    return re.findall(r"#[0-9a-f]{6}", listed)


def themed(name):
    """A colour of pen.js, (light, dark)."""
    dark, light = re.search(
        rf'{name}: dark \? "(#\w{{6}})" : "(#\w{{6}})"', (LABS / "kit" / "stage" / "pen.js").read_text(encoding="utf-8")
    ).groups()
    return light, dark


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("name", PAPER)
def test_lanes_are_told_apart_by_everybody(name, eyes):
    assert len(lanes(name)) == 6
    assert min(apart(one, other, eyes) for one, other in combinations(lanes(name), 2)) > 20


@pytest.mark.parametrize("name", PAPER)
def test_lanes_stand_out_from_the_paper(name):
    assert min(contrast(colour, PAPER[name]) for colour in lanes(name)) >= 3


@pytest.mark.parametrize("name", ["accent", "right", "wrong", "held"])
def test_words_and_lines_of_the_theme_stand_out_from_the_paper(name):
    for colour, paper in zip(themed(name), PAPER.values(), strict=True):
        assert contrast(colour, paper) >= 4.4


@pytest.mark.parametrize("eyes", EYES)
def test_right_and_wrong_are_told_apart_by_everybody(eyes):
    for right, wrong in zip(themed("right"), themed("wrong"), strict=True):
        assert apart(right, wrong, eyes) > 12


def test_the_printed_race_has_the_colours_of_the_lab():
    assert list(race.LANES) == lanes("LANES")
