"""Layered networks: what may be linked, in which order states are set, where each weight lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpcore as bp

from .networks import as_network, sketches


def group(name, size=1, **more):
    return bp.Group(name, size, **more)


def test_weights_lie_from_the_bottom_up_biases_last():
    net = bp.layered({"input": 2, "hidden": 3, "output": 1}, skips=[("input", "output")])
    blocks = net.blocks(np.arange(net.n_weights))
    assert list(blocks) == [
        ("input", "hidden"),
        ("one", "hidden"),
        ("hidden", "output"),
        ("input", "output"),
        ("one", "output"),
    ]
    assert blocks["input", "hidden"].tolist() == [[0, 1], [2, 3], [4, 5]]  # w_ji in row j, column i
    assert blocks["one", "hidden"].tolist() == [[6], [7], [8]]
    assert blocks["input", "output"].tolist() == [[12, 13]]
    assert net.is_bias.nonzero()[0].tolist() == [6, 7, 8, 14]


def test_blocks_are_views_of_the_weights_of_many_runs():
    net = bp.layered({"input": 2, "output": 1})
    w = np.zeros((4, net.n_weights))
    net.blocks(w)["input", "output"][2, 0, 1] = 5.0
    assert w[2].tolist() == [0, 5, 0]


@settings(max_examples=60, deadline=None)
@given(sketches(), st.integers(0, 99))
def test_whatever_the_order_they_are_given_in_groups_stand_above_those_they_are_fed_by(net, seed):
    network = as_network(net, np.random.default_rng(seed))
    place = {group.name: k for k, group in enumerate(network.groups)}
    assert all(place[link.source] < place[link.target] for link in network.links if link.source != bp.ONE)
    assert set(network.input_names) == set(net.inputs)
    assert sum(block.size for block in network.blocks(np.zeros(network.n_weights)).values()) == network.n_weights


@settings(max_examples=30, deadline=None)
@given(sketches(), st.integers(0, 99))
def test_every_weight_has_one_place_and_only_links_from_one_are_biases(net, seed):
    network = as_network(net, np.random.default_rng(seed))
    places = np.concatenate([block.ravel() for block in network.blocks(np.arange(network.n_weights)).values()])
    assert sorted(places) == list(range(network.n_weights))
    biases = {block for source, _, block in net.links if source == "one"}
    found = {block for block, are in network.blocks(network.is_bias).items() if are.any()}
    assert found == biases


def test_groups_without_biases_have_none():
    net = bp.Network([group("in", 2), group("out", 3, biases=False)], [bp.Link("in", "out")])
    assert net.n_weights == 6
    assert not net.is_bias.any()


@pytest.mark.parametrize(
    ("groups", "links", "sentence"),
    [
        ("a b", "a>b b>b", r"the links among 'b' run in a cycle"),
        (
            "in a b c",
            "in>a a>b b>c c>a",
            r"the links among 'a', 'b', 'c' run in a cycle; .* no link may lead back",
        ),
        ("a b", "a>b b>a", r"the links among 'a', 'b' run in a cycle"),
        ("a b", "a>c", r"link a -> c: there is no group 'c'; the groups are 'a', 'b'"),
        ("a b", "c>b", r"link c -> b: there is no group 'c'"),
        ("a b", "a>one", r"link a -> one: there is no group 'one'"),
        ("a b", "one>one", r"link one -> one: there is no group 'one'"),
        ("a b", "a>b a>b", r"link a -> b is given twice"),
        ("a b a", "a>b", r"two groups are called 'a'; every group needs a name of its own"),
    ],
)
def test_links_that_cannot_be_are_refused(groups, links, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.Network([group(name) for name in groups.split()], [bp.Link(*link.split(">")) for link in links.split()])


@pytest.mark.parametrize("size", [0, -1, 2.5, "two", True, None])
def test_groups_of_no_whole_number_of_units_are_refused(size):
    with pytest.raises(ValueError, match=r"group 'a' has .* units; a whole number of at least 1 is expected"):
        group("a", size)


@pytest.mark.parametrize(("name", "sentence"), [("", "a word is expected"), (3, "a word"), ("one", "that is always 1")])
def test_groups_of_no_proper_name_are_refused(name, sentence):
    with pytest.raises(ValueError, match=sentence):
        group(name)


def test_links_that_share_a_block_join_as_many_units_to_as_many():
    groups = [group("in", 2), group("a", 3), group("b", 1)]
    with pytest.raises(ValueError, match=r"link a -> b shares block 'w' of 3 x 2 weights, but joins 1 units to 3"):
        bp.Network(groups, [bp.Link("in", "a", "w"), bp.Link("a", "b", "w")])


def test_a_layered_network_has_two_layers_or_more():
    with pytest.raises(ValueError, match="at least two layers, but 1 is given: 'input'"):
        bp.layered({"input": 3})


def test_a_group_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="there is no group 'middle'; the groups are 'in', 'out'"):
        bp.layered({"in": 1, "out": 1})["middle"]


# --- where learning starts


def test_starting_weights_are_uniform_within_the_range():
    net = bp.layered({"input": 10, "output": 9})
    w = bp.start(net, range(100), half_range=0.3)
    assert w.shape == (100, 99)
    assert np.abs(w).max() == pytest.approx(0.3, rel=1e-2)
    assert np.abs(w).max() <= 0.3
    assert np.histogram(w, 3, (-0.3, 0.3))[0] / w.size == pytest.approx([1 / 3] * 3, abs=0.02)


def test_a_seed_draws_the_same_weights_in_any_company():
    net = bp.layered({"input": 3, "output": 2})
    together = bp.start(net, [5, 1, 9])
    np.testing.assert_array_equal(together[2:], bp.start(net, [9]))
    np.testing.assert_array_equal(together[2:], bp.start(net, 9))
    assert len(np.unique(together)) == together.size


def test_biases_may_start_at_zero_and_the_weights_are_the_same():
    net = bp.layered({"input": 3, "output": 2})
    drawn, zero = bp.start(net, [4]), bp.start(net, [4], biases="zero")
    np.testing.assert_array_equal(zero[:, net.is_bias], 0)
    np.testing.assert_array_equal(zero[:, ~net.is_bias], drawn[:, ~net.is_bias])
    assert drawn[:, net.is_bias].all()


@pytest.mark.parametrize("seeds", [-1, 1.5, [0, -1], [0.0], "seven", [True], [None]])
def test_seeds_that_are_no_whole_numbers_are_refused(seeds):
    with pytest.raises(ValueError, match=r"seed .*: a whole number of at least 0 is expected"):
        bp.start(bp.layered({"in": 1, "out": 1}), seeds)


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"half_range": -0.3}, "the start range is -0.3; a number of at least 0 is expected"),
        ({"half_range": "wide"}, "the start range is 'wide'; a number of at least 0 is expected"),
        ({"biases": "none"}, "biases start 'none'; 'uniform' or 'zero' is expected"),
        ({"seeds": []}, "no seeds are given; at least one run is expected"),
    ],
)
def test_starts_that_cannot_be_are_refused(how, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.start(bp.layered({"in": 1, "out": 1}), **how)
