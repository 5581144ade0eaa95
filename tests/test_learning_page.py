"""A lab as a page that learns: what is in it says the run, the controls, and every task that the controls lead to."""

import base64
import json
import re
import zlib

import numpy as np
import pytest

from bpcore.task import Task
from labs import SymmetryLab
from labs.kit.export import page_of
from labs.kit.learning import KERNEL
from tests.test_ticket import made


def parts(page):
    """What a page holds: the lab, its other tasks, the kernel."""
    found = {name: re.search(rf'id="{name}">(.*?)</script>', page)[1] for name in ("learning", "others", "kernel")}
    others = zlib.decompress(base64.b64decode(found["others"]), -15)
    return json.loads(found["learning"]), json.loads(others), base64.b64decode(found["kernel"])


def task_of(packed, pool):
    return Task.from_dict(packed["task"] | {"cases": pool[packed["cases"]]})


@pytest.fixture(scope="module")
def page():
    return page_of(made("steered_symmetry")[0])


def test_it_holds_what_makes_the_run(page):
    lab, (about, _, kernel) = made("steered_symmetry")[0], parts(page)
    assert kernel == KERNEL.read_bytes()
    assert (about["seed"], about["sweeps"], about["start"]) == (3, 72, None)
    assert about["recipe"] == lab.run.recipe.to_dict()
    assert about["marks"] == [[40, "ε 0.3"], [65, "ε 0.05"], [65, "α 0.5"]]
    assert task_of(about["task"], about["pool"]).network == lab.run.task.network
    assert about["settings"] == json.loads(json.dumps(lab.settings))


def test_a_run_that_began_elsewhere_than_its_seed_says_brings_its_start():
    lab = made("symmetry_changed_by_hand")[0]
    start = [np.frombuffer(base64.b64decode(text)) for text in parts(page_of(lab))[0]["start"]]
    np.testing.assert_array_equal(start, [array[0] for array in (lab.run.kept[1][0], lab.run.kept[2][0])])


def test_it_holds_every_task_that_its_controls_lead_to(page):
    about, others, _ = parts(page)
    pool = about["pool"] + others["pool"]
    assert about["taskSettings"] == ["hidden", "width"]
    expected = {json.dumps([hidden, width]) for hidden in range(1, 9) for width in (4, 6, 8, 10)} - {"[3, 6]"}
    assert {json.dumps(json.loads(key)) for key in others["tasks"]} == expected
    for key, packed in others["tasks"].items():
        hidden, width = json.loads(key)
        lab = SymmetryLab(3, hidden=hidden, width=width)
        task = task_of(packed, pool)
        assert task.network == lab.run.task.network
        for name, rows in lab.run.task.cases.inputs.items():
            np.testing.assert_array_equal(task.cases.inputs[name], rows)
        shared = {part: pool[packed["cases"]][part] for part in packed["shared"]}
        assert about["task"]["scene"] | packed["scene"] | shared == json.loads(json.dumps(lab.scene()))


def test_its_controls_are_those_of_the_lab(page):
    about, _, _ = parts(page)
    labels = [one["label"] for one in about["controls"]]
    assert labels == ["ε learning rate", "α momentum", "hidden units", "inputs", "start range ±", "biases"]
    assert (about["look"]["seed"]["name"], about["look"]["speed"]["name"]) == ("seed", "speed")
    assert about["look"]["instant"]["choices"][1][:2] == [True, "rerun"]


def test_it_is_small():
    lab = SymmetryLab(3)
    lab.step(1425)
    assert len(page_of(lab).encode()) < 400_000


def test_a_lab_whose_units_the_kernel_does_not_know_is_recorded(page):
    lab = made("steered_symmetry")[0]
    assert 'id="recorded"' not in page
    assert 'id="recorded"' in page_of(lab, recording=True)
    assert 'id="recorded"' in page_of(made("sequences")[0])
