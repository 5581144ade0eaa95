"""Input-output cases, and whether they fit a network."""

import numpy as np
import pytest

import bpcore as bp

NET = bp.layered({"input": 2, "hidden": 2, "output": 1})
XOR = bp.Cases({"input": [[0, 0], [0, 1], [1, 0], [1, 1]]}, {"output": [[0], [1], [1], [0]]})


def test_cases_are_named_after_their_inputs_unless_told():
    cases = bp.Cases({"left": [[0, 1], [1, 1]], "right": [[1], [0]]}, {"out": [[0], [1]]})
    assert cases.names == ("011", "110")
    assert bp.Cases({"in": [[0.25, -1]]}, {"out": [[0]]}).names == ("0.25 -1",)
    assert bp.Cases({"in": [[0, 1]]}, {"out": [[0]]}, ["Colin"]).names == ("Colin",)
    assert len(cases) == 2


def test_cases_do_not_change_with_the_arrays_they_were_made_from():
    inputs = np.zeros((1, 2))
    cases = bp.Cases({"input": inputs}, {"output": [[1]]})
    inputs[0, 0] = 5
    assert cases.inputs["input"].tolist() == [[0, 0]]
    with pytest.raises(ValueError, match="read-only"):
        cases.inputs["input"][0, 0] = 1


@pytest.mark.parametrize(
    ("inputs", "desired", "sentence"),
    [
        ([[0, np.nan]], [[1]], "inputs of group 'input': case 1, unit 2 is nan; a finite number is expected"),
        ([[0, 1]], [[np.inf]], "desired of group 'output': case 1, unit 1 is inf; a finite number is expected"),
        ([0, 1], [[1]], r"inputs of group 'input': the shape is \(2,\); \(cases, units\) is expected"),
        (np.zeros((0, 2)), [[1]], r"the shape is \(0, 2\); \(cases, units\) is expected, with at least one of each"),
        ([["a", "b"]], [[1]], "inputs of group 'input': a table of numbers is expected"),
        ([[0, 1], [0]], [[1]], "inputs of group 'input': a table of numbers is expected"),
        ([[0, 1], [1, 1]], [[1]], "the same number of cases, but there are 2 for 'input', 1 for 'output'"),
    ],
)
def test_tables_that_cannot_be_are_refused(inputs, desired, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.Cases({"input": inputs}, {"output": desired})


def test_cases_without_inputs_or_with_too_few_names_are_refused():
    with pytest.raises(ValueError, match="the cases have no inputs; at least one group is expected"):
        bp.Cases({}, {"output": [[1]]})
    with pytest.raises(ValueError, match="the cases have no desired; at least one group is expected"):
        bp.Cases({"input": [[1]]}, {})
    with pytest.raises(ValueError, match="1 names are given for 2 cases"):
        bp.Cases({"input": [[1], [0]]}, {"output": [[1], [0]]}, ["a"])


@pytest.mark.parametrize(
    ("inputs", "desired", "sentence"),
    [
        (
            {"input": [[0, 1, 1]]},
            {"output": [[1]]},
            "'input' have 3 numbers a case, but the group has 2 units",
        ),
        (
            {"input": [[0, 1]]},
            {"output": [[1, 0]]},
            "'output' have 2 numbers a case, but the group has 1 units",
        ),
        ({"inptu": [[0, 1]]}, {"output": [[1]]}, "input states for 'inptu', a group that the network does not have"),
        ({"input": [[0, 1]]}, {"out": [[1]]}, "desired states for 'out', a group that the network does not have"),
        ({"input": [[0, 1]], "hidden": [[0, 1]]}, {"output": [[1]]}, "group 'hidden', but links lead into it"),
        ({"input": [[0, 1]]}, {"input": [[0, 1]]}, "group 'input' has desired states, but no links lead up to it"),
    ],
)
def test_cases_that_do_not_fit_the_network_are_refused(inputs, desired, sentence):
    with pytest.raises(ValueError, match=sentence):
        bp.Task("bad", NET, bp.Cases(inputs, desired))


def test_an_output_that_no_link_leads_to_is_refused():
    net = bp.Network([bp.Group("input", 2), bp.Group("lost", 1), bp.Group("out", 1)], [bp.Link("input", "out")])
    with pytest.raises(ValueError, match=r"group 'lost' has desired states, but .* there is no path from any input"):
        bp.Task("bad", net, bp.Cases({"input": [[0, 1]]}, {"lost": [[1]]}))


def test_an_output_that_only_its_bias_leads_to_is_refused():
    groups = [bp.Group("input", 2), bp.Group("lost", 1), bp.Group("above", 1), bp.Group("out", 1)]
    net = bp.Network(groups, [bp.Link("input", "out"), bp.Link("one", "lost"), bp.Link("lost", "above")])
    with pytest.raises(ValueError, match=r"group 'above' has desired states, but .* there is no path from any input"):
        bp.Task("bad", net, bp.Cases({"input": [[0, 1]]}, {"above": [[1]]}))


def test_an_input_group_without_states_is_named():
    net = bp.Network(
        [bp.Group("person", 2), bp.Group("relation", 2), bp.Group("out", 1)],
        [bp.Link("person", "out"), bp.Link("relation", "out")],
    )
    with pytest.raises(ValueError, match="group 'relation' has no links into it, and the cases give no input states"):
        bp.Task("bad", net, bp.Cases({"person": [[0, 1]]}, {"out": [[1]]}))


# --- some of the cases ---------------------------------------------------------------------------------------------


def test_a_share_is_held_out_by_lot_and_every_case_is_in_one_part():
    cases = bp.Cases({"input": np.arange(50)[:, None]}, {"output": np.arange(50)[:, None] % 2})
    trained, held_out = cases.split(0.3)
    assert (len(trained), len(held_out)) == (35, 15)
    assert sorted([*trained.names, *held_out.names]) == sorted(cases.names)
    assert held_out.names == cases.split(0.3)[1].names
    assert held_out.names != cases.names[:15]
    for part in (trained, held_out):
        assert (part.desired["output"] == part.inputs["input"] % 2).all()


def test_one_case_at_least_is_trained_and_none_may_be_held_out():
    assert [part and len(part) for part in XOR.split(0)] == [4, None]
    assert [len(part) for part in XOR.some([1, 2]).split(0.9)] == [1, 1]


@pytest.mark.parametrize("share", [-0.1, 0.95, float("nan"), "half"])
def test_a_share_that_cannot_be_held_out_gets_a_sentence(share):
    with pytest.raises(ValueError, match=r"the share that is held out is .*; a number from 0 to 0.9 is expected"):
        XOR.split(share)


# --- a network for cases -------------------------------------------------------------------------------------------


def ends(network):
    return {(link.source, link.target) for link in network.links if link.source != bp.ONE}


def test_cases_give_a_layered_network_with_hidden_groups_of_any_size():
    assert XOR.network() == bp.layered({"input": 2, "hidden": 4, "output": 1})
    assert XOR.network(()) == bp.layered({"input": 2, "output": 1})
    net = XOR.network((3, 5), unit=bp.tanh)
    assert [(g.name, g.size, g.unit.name) for g in net.groups] == [
        ("input", 2, "logistic"), ("hidden1", 3, "tanh"), ("hidden2", 5, "tanh"), ("output", 1, "logistic"),
    ]  # fmt: skip
    XOR.check(net)


def test_skips_link_every_group_to_all_above_it():
    two = {("input", "hidden1"), ("hidden1", "hidden2"), ("hidden2", "output")}
    assert ends(XOR.network((2, 2))) == two
    assert ends(XOR.network((2, 2), skips=True)) == {
        *two, ("input", "hidden2"), ("input", "output"), ("hidden1", "output"),
    }  # fmt: skip


def test_groups_of_one_layer_are_not_linked_to_each_other():
    cases = bp.Cases({"a": [[0]], "b": [[1]]}, {"c": [[0]], "d": [[1]]})
    assert ends(cases.network((2,), skips=True)) == {
        ("a", "hidden"), ("b", "hidden"), ("hidden", "c"), ("hidden", "d"),
        ("a", "c"), ("a", "d"), ("b", "c"), ("b", "d"),
    }  # fmt: skip


def test_tied_weights_are_the_same_from_every_hidden_group_to_the_next():
    tied, free = XOR.network((3, 3, 3), tied=True), XOR.network((3, 3, 3))
    assert free.n_weights - tied.n_weights == 3 * 3 + 3
    w, same = bp.start(tied, [1]), np.zeros((1, free.n_weights))
    given, copied = tied.blocks(w), free.blocks(same)
    for link in tied.links:
        copied[link.source, link.target][...] = given[link.block]
    y, y_free = (bp.forward(net, w_, XOR.inputs)["output"] for net, w_ in ((tied, w), (free, same)))
    np.testing.assert_allclose(y, y_free)


@pytest.mark.parametrize("hidden", [(), (3,), (3, 3), (3, 4, 3)])
def test_tied_weights_need_three_groups_of_one_size(hidden):
    with pytest.raises(
        ValueError, match="tied weights need three hidden groups or more, all of one size; the sizes are"
    ):
        XOR.network(hidden, tied=True)


def test_a_hidden_group_without_units_is_refused():
    with pytest.raises(ValueError, match="group 'hidden' has 0 units; a whole number of at least 1 is expected"):
        XOR.network((0,))
