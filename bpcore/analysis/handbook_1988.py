"""Does this engine agree with the program of 1988?

J. L. McClelland and D. E. Rumelhart published a program with their handbook, Explorations in Parallel Distributed
Processing (MIT Press, 1988). Its exclusive-or example starts from given weights, so that its numbers can be followed.
"""

from dataclasses import dataclass

import numpy as np

from ..history import train
from ..tasks.classics import XOR_1988_STOP, XOR_1988_TSS, xor, xor_1988_start


@dataclass(frozen=True)
class Agreement:
    """What was published in 1988 beside what this engine computes.

    Attributes
    ----------
    epochs : tuple of int                 sweeps, as the program counts them: the first is 1
    published, computed : tuple of float  tss = sum of (d - y)^2 = 2 E, before the weights change in that epoch
    stops_at, published_stop : int        first epoch with tss < .04
    """

    epochs: tuple
    published: tuple
    computed: tuple
    stops_at: int
    published_stop: int

    @property
    def holds(self):
        """Whether every number agrees to the six digits that were printed, and the stop too."""
        near = np.abs(np.subtract(self.published, self.computed)) < 1e-6
        return bool(near.all()) and self.stops_at == self.published_stop

    def __str__(self):
        rows = [f"epoch {e:>3}   1988: {p:.6f}   here: {c:.6f}" for e, p, c in self._rows()]
        return "\n".join(
            [*rows, f"first tss below .04   1988: epoch {self.published_stop}   here: epoch {self.stops_at}"]
        )

    __repr__ = __str__

    def _repr_html_(self):
        rows = "".join(f"<tr><td>{e}</td><td>{p:.6f}</td><td>{c:.6f}</td></tr>" for e, p, c in self._rows())
        return (
            "<table><thead><tr><th>epoch</th><th>tss in 1988</th><th>tss = 2 E here</th></tr></thead>"
            f"<tbody>{rows}<tr><td>first tss below .04</td><td>epoch {self.published_stop}</td>"
            f"<td>epoch {self.stops_at}</td></tr></tbody></table>"
        )

    def _rows(self):
        return zip(self.epochs, self.published, self.computed, strict=True)


def agreement_1988(engine=None):
    """Run the exclusive-or example of the 1988 program and compare.

    Parameters
    ----------
    engine : str, optional
        As in `train`.

    Returns
    -------
    Agreement
    """
    task, (stop, enough) = xor(), XOR_1988_STOP
    run = train(task, w=xor_1988_start(task), sweeps=stop + 10, keep_every=stop, engine=engine)
    tss = 2 * run.E[:, 0]  # E[t] is the error after t changes, so epoch e has E[e - 1]
    below = np.flatnonzero(tss < enough)
    return Agreement(
        epochs=tuple(XOR_1988_TSS),
        published=tuple(XOR_1988_TSS.values()),
        computed=tuple(float(tss[epoch - 1]) for epoch in XOR_1988_TSS),
        stops_at=int(below[0]) + 1 if len(below) else -1,
        published_stop=stop,
    )
