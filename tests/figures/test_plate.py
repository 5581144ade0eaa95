"""A plate is a picture and its facts, and leaves no trace in matplotlib."""

import base64
import importlib
import io
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread

from figures import Plate, draw_hinton, draw_network, headline, place, sheet

ROOT = Path(__file__).parents[2]


def example():
    figure = sheet(4, 3)
    ax = place(figure, 0.5, 0.5, 3, 2)
    draw_hinton(ax, [[1.0, -2.0]], row_names=["h₁"])
    headline(ax, "Two weights", "one unit")
    return Plate(figure, {"ratio": "1 : −2"})


def test_a_notebook_gets_the_picture_and_the_facts():
    data, metadata = example()._repr_mimebundle_(include=None, exclude=None)
    assert set(data) == {"image/png", "text/plain"}
    picture = imread(io.BytesIO(base64.b64decode(data["image/png"])), format="png")
    assert picture.shape[:2] == (480, 640)
    assert metadata["image/png"]["width"] == 384
    assert data["text/plain"] == "ratio: 1 : −2\nWritten on it: h₁ | Two weights | one unit"


def test_everything_written_on_the_picture_is_in_its_text():
    plate = example()
    plate.figure.text(0.5, 0.1, "a caption\nof two lines")
    ax = plate.figure.axes[0]
    ax.set_axis_on()
    ax.set(title="a title", xlabel="sweeps", ylabel="E")
    text = " ".join(plate.text.split())
    for words in ("a caption of two lines", "a title", "sweeps", "| E"):
        assert words in text
    ax.texts[0].set_text("h₂")
    assert "h₂" in plate.text
    assert "h₁" not in plate.text


def test_facts_are_sentences_or_names_with_values():
    figure = sheet(1, 1)
    assert str(Plate(figure, ["One.", "Two."])) == "One.\nTwo."
    assert str(Plate(figure, {"solved at": "1,421"})) == "solved at: 1,421"


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_the_same_plate_is_the_same_file_without_a_date(tmp_path, kind):
    for name in ("one", "two"):
        example().save(tmp_path / f"{name}.{kind}")
    content = (tmp_path / f"one.{kind}").read_bytes()
    assert content == (tmp_path / f"two.{kind}").read_bytes()
    assert b"Date" not in content
    assert content.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[kind])


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"fig\.jpeg: a plate is saved as \.png, \.svg or \.pdf"):
        example().save(tmp_path / "fig.jpeg")


def test_a_palette_does_not_change_what_is_seen(tmp_path):
    picture = imread(io.BytesIO(example().png()), format="png")[..., :3]
    exact = tmp_path / "exact.png"
    plate = example()
    plate.figure.savefig(exact, dpi=160)
    assert np.abs(picture - imread(exact)[..., :3]).max() < 0.1


def test_drawing_leaves_pyplot_and_the_settings_alone():
    code = """
import sys
import matplotlib
before = matplotlib.rcParams.copy()
import numpy as np
from figures import Plate, draw_network, place, sheet
figure = sheet(3, 3)
draw_network(place(figure, 0, 0, 3, 3), np.ones((2, 4)), [1, 2], [3, 4], 5)
Plate(figure, []).png()
assert "matplotlib.pyplot" not in sys.modules, "pyplot was imported"
assert not [k for k in before if k != "backend" and before[k] != matplotlib.rcParams[k]]
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_drawing_does_not_change_its_arrays():
    w = np.array([[1.0, -2.0], [3.0, 4.0]])
    before = w.copy()
    draw_network(place(sheet(3, 3), 0, 0, 3, 3), w, w[0], w[1], 5)
    draw_hinton(place(sheet(3, 3), 0, 0, 3, 3), w)
    np.testing.assert_array_equal(w, before)


OF_A_READER = """
text.usetex: True
font.family: serif
lines.linewidth: 7
axes.facecolor: black
savefig.bbox: tight
savefig.facecolor: red
"""
DRAWS = """
import hashlib
import bpcore as bp
from figures.fig2 import family_trees_plate
from labs import SymmetryLab
lab = SymmetryLab(10)
lab.step(300)
for plate in (family_trees_plate(), lab.picture()):
    print(hashlib.sha256(plate.png()).hexdigest())
"""


def test_a_plate_is_the_same_whatever_the_readers_matplotlibrc_says(tmp_path):
    (tmp_path / "matplotlibrc").write_text(OF_A_READER)
    seen = {
        subprocess.run(
            [sys.executable, "-c", DRAWS], cwd=ROOT, capture_output=True, text=True, check=True,
            env={**os.environ, "MPLBACKEND": "agg", **rc},
        ).stdout
        for rc in ({}, {"MATPLOTLIBRC": str(tmp_path)})
    }  # fmt: skip
    assert len(seen) == 1


def test_every_plate_is_drawn_under_fixed_settings():
    for path in sorted((ROOT / "figures").glob("*.py")):
        module = importlib.import_module(f"figures.{path.stem}")
        for name, draw in vars(module).items():
            if name.endswith("_plate"):
                assert hasattr(draw, "__wrapped__"), f"{name} of {path.name} lacks @fixed_look()"
