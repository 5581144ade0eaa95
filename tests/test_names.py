"""Every unit and every weight has a name, and no two have the same."""

from bpcore import tasks
from bpcore.names import unit_name, unit_names, weight_ends, weight_names


def test_hidden_units_are_h_and_a_group_of_one_is_called_as_it_is():
    network = tasks.xor().network
    assert unit_names(network) == {"input": ["input 1", "input 2"], "hidden": ["h1", "h2"], "output": ["output"]}
    assert unit_name(network, "hidden", 1) == "h2"


def test_weights_are_named_in_the_order_of_the_weight_vector():
    network = tasks.xor().network
    names = weight_names(network)
    assert names == [
        "h1 ← input 1", "h1 ← input 2", "h2 ← input 1", "h2 ← input 2", "bias of h1", "bias of h2", "output ← h1",
        "output ← h2", "bias of output",
    ]  # fmt: skip
    assert weight_ends(network)[3:5] == [("h2", "input 2"), ("h1", None)]
    assert [name.startswith("bias") for name in names] == network.is_bias.tolist()


def test_units_may_have_names_of_their_own():
    units = {"input": ["bias", "width"], "output": ["species"]}
    network = tasks.xor().network
    assert unit_names(network, units)["output"] == ["species"]
    assert weight_names(network, units)[::4] == ["h1 ← bias", "bias of h1", "bias of species"]


def test_weights_that_links_share_are_named_after_their_places():
    network = tasks.parity(3).cases.network([2, 2, 2], tied=True)
    names = weight_names(network)
    assert len(set(names)) == network.n_weights
    assert {"tied unit 1 ← 2 below", "tied bias of unit 2", "bias of output"} <= set(names)


def test_weights_of_an_iterative_net_are_named_after_the_groups_of_a_step():
    network = tasks.shift_register(2).network
    names = weight_names(network, {"ring": ["one", "two"]}, network.step_links)
    assert names == ["one ← one", "one ← two", "two ← one", "two ← two", "bias of one", "bias of two"]


def test_every_weight_of_a_layered_task_has_a_name_of_its_own():
    for task in (tasks.symmetry(), tasks.encoder(4), tasks.family_trees()):
        assert len(set(weight_names(task.network))) == task.network.n_weights
