"""Names of the weights of a network that was built for a table."""

import bpcore as bp

from ..kit.scene import weight_names


def name_weights(network, coded):
    """A name for every weight, with the columns' names for the units that have them."""
    names = weight_names(network)
    for link in network.links:
        if network.block_uses[link.block] > 1:
            at, below = network.place(link.block), network.size(link.source)
            for k in range(network.size(link.target) * below):
                end = f"unit {k // below + 1}"
                names[at + k] = (
                    f"tied bias of {end}" if link.source == bp.ONE else f"tied {end} ← {k % below + 1} below"
                )
    if coded is None:
        return names
    units = {f"{g} {k + 1}" if len(of) > 1 else g: name for g, of in coded.units.items() for k, name in enumerate(of)}
    ends = (name.removeprefix("bias of ").split(" ← ") for name in names)
    told = [" ← ".join(units.get(end, end) for end in both) for both in ends]
    return [f"bias of {new}" if old.startswith("bias of ") else new for old, new in zip(names, told, strict=True)]
