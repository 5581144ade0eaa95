"""What a cell prints, hidden until the reader asks for it: an exercise or a prediction comes first.

nbval compares the text as before; the page shows a line that opens with a click, with or without a kernel.
"""

import contextlib
import html
import io

from IPython.display import display

from .veils import SHOW, answers_are_shown


class Veiled:
    """A text that a notebook shows closed.

    Parameters
    ----------
    about : str         what the reader does first: "exercises 02.1 and 02.2", "your prediction"
    text : str
    """

    def __init__(self, about, text):
        self.about, self.text = about, text

    def __repr__(self):
        return self.text

    def _repr_html_(self):
        is_open = " open" if answers_are_shown() else ""
        summary = f"<summary>First {html.escape(self.about)}; then click here for the result</summary>"
        return f"<details{is_open}>{summary}<pre>{html.escape(self.text)}</pre></details>"


@contextlib.contextmanager
def veil(about):
    """Hide what is printed inside a ``with`` until the reader opens it.

    Parameters
    ----------
    about : str         what the reader does first
    """
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        yield
    display(Veiled(about, printed.getvalue().rstrip()))


__all__ = ["SHOW", "Veiled", "veil"]
