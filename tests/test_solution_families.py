"""The theorem of the families, against oracles that share no code with it."""

from fractions import Fraction
from itertools import combinations, permutations, product
from math import prod

import numpy as np
import pytest
from scipy.optimize import linprog

from bpcore import tasks
from bpcore.analysis import solution_families as sf

FOURTEEN = "1248 1468 2348 2-3-4-10 2-3-6-10 2458 2478 2-4-7-10 2-6-7-10 3468 3-4-8-10 3567 3-6-8-10 4568"
"""Found by hand, before there was code for it."""


def signed_sums(pairs):
    """Coefficients -1, 0, 1 of every signed sum, each with its first non-zero one positive."""
    return [c for c in product((-1, 0, 1), repeat=pairs) if next((x for x in c if x), 0) > 0]


def possible(rows):
    """Whether some rising positive sizes make all these sums at least 1 (scale is free), by linear programming."""
    pairs = len(rows[0])
    rising = [[1] + [0] * (pairs - 1)]
    rising += [[0] * k + [-1, 1] + [0] * (pairs - k - 2) for k in range(pairs - 1)]
    A = -np.array([*rising, *rows], float)
    return linprog(np.zeros(pairs), A_ub=A, b_ub=-np.ones(len(A)), bounds=(0, None)).status == 0


def by_exhaustion(pairs):
    """All signs that the signed sums of rising sizes can have together, each sum tried both ways."""
    found = [[]]
    for c in signed_sums(pairs):
        ways = (tuple(c), tuple(-x for x in c))
        found = [[*signs, way] for signs in found for way in ways if possible([*signs, way])]
    return found


def number_of_families(pairs):
    """By counting points over finite fields: |chi(-1)| / (2^pairs pairs!), chi a polynomial (Athanasiadis 1996).

    Over the integers modulo a large enough prime q, chi(q) points have no signed sum that is 0. The arrangement of the
    planes on which one is 0 has |chi(-1)| regions (Zaslavsky), and each family stands for 2^pairs pairs! of them.
    """
    primes = [q for q in range(50, 120) if all(q % p for p in range(2, 11))][: pairs + 1]
    families = Fraction(0)
    for q in primes:
        others = [p for p in primes if p != q]
        families += sets_without_zero_sums(q, pairs) * Fraction(
            prod(-1 - p for p in others), prod(q - p for p in others)
        )
    return abs(families)


def sets_without_zero_sums(q, pairs):
    """Number of sets of so many of 1 .. (q - 1)/2 that have no signed sum of 0 modulo q. A sum is a bit of a number."""

    def sets(sums, last, left):
        if not left:
            return 1
        return sum(
            sets(sums | turned(sums, x) | turned(sums, q - x), x, left - 1)
            for x in range(last + 1, q // 2 + 1)
            if not sums >> x & 1
        )

    def turned(sums, by):
        return (sums << by | sums >> (q - by)) & ((1 << q) - 1)

    with_1 = sets(0b11 | 1 << (q - 1), 1, pairs - 1)  # 0, 1 and -1
    return Fraction(with_1 * (q // 2), pairs)


@pytest.mark.parametrize(("pairs", "number"), [(1, 1), (2, 1), (3, 2), (4, 14), (5, 516)])
def test_there_are_as_many_families_as_counting_over_finite_fields_finds(pairs, number):
    assert number_of_families(pairs) == number == len(sf.families_of(pairs))


@pytest.mark.parametrize("pairs", [2, 3, 4])
def test_families_are_all_the_signs_that_signed_sums_can_have(pairs):
    def signs(sizes):
        return tuple(np.sign([np.dot(c, sizes) for c in signed_sums(pairs)]).astype(int))

    def signs_of(ways):
        return tuple(1 if way == c else -1 for way, c in zip(ways, signed_sums(pairs), strict=True))

    assert {signs(family) for family in sf.families_of(pairs)} == set(map(signs_of, by_exhaustion(pairs)))


def test_three_pairs_have_two_families_and_four_the_fourteen_found_by_hand():
    assert sf.families_of(3) == ((1, 2, 4), (2, 3, 4))
    by_hand = [tuple(map(int, word.split("-") if "-" in word else word)) for word in FOURTEEN.split()]
    assert sf.families_of(4) == tuple(by_hand)


@pytest.mark.parametrize("pairs", [3, 4])
def test_each_is_named_by_its_member_with_the_smallest_largest_size(pairs):
    """Every smaller rising set of whole numbers is of another family, or has two subsets of the same sum."""

    def order(sizes):
        subsets = [some for n in range(pairs + 1) for some in combinations(range(pairs), n)]
        sums = [sum(sizes[k] for k in some) for some in subsets]
        return tuple(sorted(range(len(sums)), key=sums.__getitem__)) if len(set(sums)) == len(sums) else None

    smaller = sorted(combinations(range(1, 11), pairs), key=lambda sizes: (sizes[-1], sizes))
    first = {}
    for sizes in smaller:
        first.setdefault(order(sizes), sizes)
    del first[None]
    assert sorted(first.values()) == list(sf.families_of(pairs))


@pytest.mark.parametrize("pairs", [1, 2, 3, 4, 5])
def test_sizes_are_of_their_family_in_any_order_and_scale(pairs):
    rng = np.random.default_rng(0)
    for family in sf.families_of(pairs)[:: 1 if pairs < 5 else 40]:
        sizes = rng.permutation(family) * rng.uniform(0.01, 100)
        assert sf.family_of(sizes) == family
        assert sf.family_of(sizes * rng.uniform(1 - 0.4 / sum(family), 1 + 0.4 / sum(family), pairs)) == family


def test_sizes_with_two_equal_sums_are_of_no_family():
    for sizes in ((1, 2, 3), (1, 1, 4), (0, 1, 2), (3, 5, 8, 20)):
        assert sf.family_of(sizes) is None
    assert sf.named(None) == "none"
    assert sf.named((2, 3, 4)) == "2 : 3 : 4"


@pytest.mark.parametrize("sizes", [(), (1, 2, 4, 8, 16, 32), (1, np.nan), (-1, 2), [[1, 2]]])
def test_what_cannot_be_sizes_is_refused(sizes):
    with pytest.raises(ValueError, match="one to 5 finite numbers from 0 up are expected"):
        sf.family_of(sizes)


def test_too_many_pairs_are_refused():
    with pytest.raises(ValueError, match="a whole number from 1 to 5 is expected"):
        sf.families_of(6)


def test_margin_is_the_smallest_signed_sum():
    for family in sf.families_of(4):
        sums = [abs(np.dot(c, family)) for c in signed_sums(4)]
        assert sf.margin(family) == min(sums) / max(family)


def test_only_solutions_are_built_of_families():
    """A network with mirror pairs of these sizes tells every pattern apart exactly if the sizes are of a family."""
    patterns = tasks.symmetry(6).cases.inputs["input"]
    symmetric = tasks.symmetry(6).cases.desired["output"][:, 0] == 1
    for sizes in combinations(range(1, 6), 3):
        for order in permutations(sizes):
            x = patterns @ np.array([*order, *(-s for s in order[::-1])])
            assert ((x == 0) == symmetric).all() == (sf.family_of(sizes) is not None)


def test_sizes_of_pairs_are_read_from_the_outside_in():
    task = tasks.symmetry(6, 1)
    w = np.zeros((1, task.network.n_weights))
    task.network.blocks(w)["input", "hidden"][...] = [1, -2, 4, -4, 2, -1]
    assert sf.pair_sizes(task.network, w).tolist() == [[[1, 2, 4]]]
