"""A page without Python says what the labs say: both are held to words.json, and to each other in whole runs."""

import json
import re

import numpy as np
import pytest

from bpcore.analysis.solution_families import families_of, family_of, named
from labs import EpsilonAlphaLab, FamilyTreesLab, LocalMinimaLab, SymmetryLab, Workbench

from .in_page import in_page, needs_node
from .make_words import LABS, TABLE, say

TABLE = json.loads(TABLE.read_text(encoding="utf-8"))
MODULES = ("engine", "network", "run", "words", "words_symmetry")
SAY = """
return told.map(({ task, scene, settings, moments }) => moments.map(({ sweep, solved, w }) => {
  const run = { network: page.networkOf(task), solvedAt: solved[0], solved };
  return page.say({ run, task, scene, settings }, sweep, w);
}));
"""


def about(lab):
    """A lab as a page is told of it."""
    return {"task": lab.run.task.to_dict(), "scene": lab.scene(), "settings": lab.settings}


def by_lab():
    """The moments of the table, and a lab for those of one lab and seed."""
    found = {}
    for moment in TABLE:
        found.setdefault((moment["lab"], moment["seed"]), []).append(moment)
    return [(LABS[name][0](seed), moments) for (name, seed), moments in found.items()]


def ask(scratch, labs_and_moments):
    told = [about(lab) | {"moments": moments} for lab, moments in labs_and_moments]
    told = json.loads(json.dumps(told, default=lambda array: array.tolist()))
    return in_page(scratch, SAY, told, MODULES)


def test_the_table_has_all_kinds_of_sentences():
    said = {re.sub(r"[\d.]+", "0", sentence) for moment in TABLE for _, sentence, *_ in moment["words"]}
    assert len(said) > 40


@pytest.mark.parametrize("name", LABS)
def test_a_lab_says_what_the_table_has(name):
    for moment in TABLE:
        if moment["lab"] == name:
            lab = LABS[name][0](moment["seed"])
            assert say(lab, moment["sweep"], moment["solved"], moment["w"]) == moment["words"]


@needs_node
def test_a_page_says_what_the_table_has(tmp_path):
    labs = by_lab()
    for (_, moments), found in zip(labs, ask(tmp_path, labs), strict=True):
        for moment, words in zip(moments, found, strict=True):
            assert words == moment["words"], (moment["lab"], moment["sweep"])


@needs_node
def test_a_page_says_the_same_of_every_moment_of_whole_runs(tmp_path):
    labs = []
    for name, (make, sweeps, _) in LABS.items():
        lab = make(5)
        lab.step(min(sweeps, 1500))
        kept, w, _ = lab.run.kept
        at = np.unique(np.linspace(0, len(kept) - 1, 10 if "trees" in name else 100).astype(int))
        solved = lab.run.solved_at.tolist()
        labs.append((lab, [{"sweep": int(kept[k]), "solved": solved, "w": w[k][0].tolist()} for k in at]))
    for (lab, moments), found in zip(labs, ask(tmp_path, labs), strict=True):
        solved = moments[0]["solved"]
        for moment, words in zip(moments, found, strict=True):
            assert words == say(lab, moment["sweep"], solved, moment["w"]), lab.title


DIGEST = """
const kernel = await makeKernel();
return told.map(({ task, scene, settings, seed, sweeps, title, shape }) => {
  const run = new page.Run(kernel, task, task.recipe, seed);
  run.learn(sweeps);
  return page.digestOf({ run, task, scene, settings }, title, shape);
});
"""


@needs_node
def test_a_page_has_the_digest_of_a_lab(tmp_path):
    made = [
        SymmetryLab(3),
        SymmetryLab(4, width=8),
        FamilyTreesLab(171),
        EpsilonAlphaLab(10),
        Workbench(seed=2),
        LocalMinimaLab("xor", 1),
    ]
    told = [about(lab) | {"seed": lab.seed, "sweeps": 30, "title": lab.title, "shape": lab.shape} for lab in made]
    told = json.loads(json.dumps(told, default=lambda array: array.tolist()))
    digests = in_page(tmp_path, DIGEST, told, MODULES)
    for lab, digest in zip(made, digests, strict=True):
        lab.step(30)
        assert digest == lab.digest()


@needs_node
def test_the_families_of_sizes_are_those_of_bpcore(tmp_path):
    random = np.random.default_rng(1986)
    sizes = [np.sort(random.uniform(0.1, 9, pairs)).tolist() for pairs in (2, 3, 4, 5) for _ in range(60)]
    sizes += [list(map(float, family)) for pairs in (1, 2, 3, 4) for family in families_of(pairs)] + [[1, 2, 3], [1, 1]]
    found = in_page(tmp_path, "return told.map((one) => page.familyOf(one));", sizes, MODULES)
    assert [one or "none" for one in found] == [named(family_of(one)) for one in sizes]
