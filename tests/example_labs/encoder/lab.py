"""The encoder lab: 8-3-8, where three hidden units have to find a binary code."""

import bpcore as bp
from bpcore import tasks
from labs.kit.lab import LiveLab
from labs.kit.settings import alpha, epsilon, half_range, hidden


class EncoderLab(LiveLab):
    """Eight patterns through a narrow middle."""

    title = "The encoder"
    epsilon, alpha, hidden, half_range = epsilon(0.5), alpha(), hidden(3), half_range()

    def make_task(self, hidden):
        """Make the task with so many hidden units."""
        return tasks.encoder(8, hidden)

    def words(self, sweeps, w):
        """What was learnt at each of these sweeps."""
        codes = bp.forward(self.run.task.network, w, self.run.task.cases.inputs)["hidden"] > 0.5
        count = [len({*map(tuple, code.T.tolist())}) for code in codes]
        said = zip(super().words(sweeps, w), count, strict=True)
        return [[*words, ["·", f"{n} different code words of 8"]] for words, n in said]

    def script_task(self):
        """Lines of Python that make the task, for a script."""
        return f"task = tasks.encoder(8, {self.hidden})"
