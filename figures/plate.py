"""A figure that says what it shows: a picture for the reader, sentences for the test."""

import base64
import io
import textwrap
from pathlib import Path

from matplotlib.text import Text
from PIL import Image

from .style import fixed_look

DPI = 160
_NO_DATES = {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}}


class Plate:
    """A matplotlib figure together with the facts it shows.

    A notebook displays it as a picture; its ``text/plain`` are the facts, then every word and number written on the
    picture. nbval compares text and never pictures, so a plate whose weights, captions or measures have changed no
    longer passes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    facts : iterable of str, or dict
        One sentence a line; of a dict, ``key: value``. Numbers in them are to be rounded so far that another
        processor writes the same.

    Attributes
    ----------
    text : str
        The facts and what is written on the picture.
    """

    def __init__(self, figure, facts):
        self.figure = figure
        self.facts = tuple(f"{key}: {value}" for key, value in facts.items()) if isinstance(facts, dict) else (*facts,)

    @property
    def text(self):
        written = " | ".join(" ".join(text.split()) for text in _written_on(self.figure))
        return "\n".join((*self.facts, *textwrap.wrap(f"Written on it: {written}", 110, subsequent_indent="  ")))

    def __str__(self):
        return "\n".join(self.facts)

    def _repr_mimebundle_(self, **_):
        width = round(self.figure.get_size_inches()[0] * 96)
        picture = base64.b64encode(self.png()).decode()
        return {"image/png": picture, "text/plain": self.text}, {"image/png": {"width": width}}

    def png(self):
        """The picture as PNG bytes, the same each time."""
        return self._rendered("png")

    def save(self, path):
        """Write the picture as .png, .svg or .pdf, whichever `path` ends in; no date goes into the file.

        Raises
        ------
        ValueError
            For any other ending.
        """
        path = Path(path)
        kind = path.suffix.removeprefix(".")
        if kind not in _NO_DATES:
            raise ValueError(f"{path.name}: a plate is saved as .png, .svg or .pdf")
        path.write_bytes(self._rendered(kind))

    def _rendered(self, kind):
        file = io.BytesIO()
        with fixed_look(**{"svg.hashsalt": "plate"}):
            self.figure.savefig(file, format=kind, dpi=DPI, metadata=_NO_DATES[kind])
        return _fewer_colours(file) if kind == "png" else file.getvalue()


def _fewer_colours(file):
    """PNG bytes with a palette: drawings have few colours, and a third of the bytes is enough for them."""
    smaller = io.BytesIO()
    Image.open(file).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(smaller, "png", optimize=True)
    return smaller.getvalue()


def _written_on(figure):
    """Every text drawn on a figure, in the order drawn; not the tick labels, which matplotlib chooses."""
    owned = [*figure.texts]
    for ax in figure.axes:
        owned += [ax.title, *ax.texts, *ax.artists]
        if ax.axison:
            owned += [ax.xaxis.label, ax.yaxis.label]
    return [text.get_text() for text in owned if isinstance(text, Text) and text.get_visible() and text.get_text()]
