"""How a figure reaches a reader: as HTML that needs nothing else, its alt text checked."""

from __future__ import annotations

import base64
import math
import re
import sys
import unicodedata
from html import escape

from matplotlib.figure import Figure

from langfang.errors import LangfangError
from langfang.notebook import look
from langfang.notebook.prose import MARGIN, emit, marked_up

NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:,\d{3})*(?:\.\d+)?")
_SHORTEST_ALT = 40  # letters: less than that says what kind of chart it is, and not what it shows
_FIGURE = f"margin:1em 0;max-width:640px;page-break-inside:avoid;{MARGIN}"
_IMAGE = "display:block;max-width:100%;height:auto;background:#fff;padding:4px 0;box-sizing:border-box"
_CAPTION = "max-width:500px;margin-top:.2em;font-size:.9em;line-height:1.4;text-align:left"
_LINE = 675  # bytes of a picture in a line: 900 characters once encoded


def show(fig: Figure, alt: str, caption: str | None = None) -> None:
    """Show a figure as readers get it: picture, alt text, caption and a digest of what it plots.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Drawn by `langfang.charts`, or within ``langfang.charts.theme()`` by matplotlib or seaborn.
    alt : str
        What the chart shows and its key numbers, for those who cannot see it, in under 50 words. Every number
        in it must occur in the figure, rounded as it likes.
    caption : str, optional
        What is odd about the data, then *Source:* with document and date. ``[text](address)`` links.

    Raises
    ------
    LangfangError
        If the alt text is too short, repeats the caption or holds a number that the figure does not.

    Examples
    --------
    >>> from langfang import charts
    >>> fig = charts.bars({"a": 41.5}, title="One thing", subtitle="Things, 2019, %")
    >>> show(fig, alt="Bar chart with one bar, named a, that reaches 41.5.")
    Bar chart with one bar, named a, that reaches 41.5.
    """
    if not isinstance(fig, Figure):
        raise LangfangError(
            f"show: {type(fig).__name__}; expected a figure of matplotlib (axes.figure, of axes)"
        )
    _check_alt(alt, caption, fig)
    below = f'\n<figcaption style="{_CAPTION}">{marked_up(caption)}</figcaption>' if caption else ""
    emit(
        f'<figure data-plot="{look.digest(fig)}" style="{_FIGURE}">\n'
        f'<img alt="{escape(alt)}" style="{_IMAGE}"\n'
        f'src="data:image/svg+xml;base64,\n{encoded(look.svg(fig))}">{below}\n</figure>',
        alt,
    )
    if "matplotlib.pyplot" in sys.modules:  # else a figure of pyplot would be shown again after the cell
        sys.modules["matplotlib.pyplot"].close(fig)


def encoded(svg: str) -> str:
    """A picture in base64, a line for each group of marks: one that changes leaves the others as they are.

    Each line is filled with blanks to whole groups of three bytes, so that it is encoded by itself.
    """
    lines = [""]
    for piece in re.split(r"(?<=>)(?=<)", svg):
        is_whole = lines[-1].endswith("</g>") and not piece.startswith("</g>")
        if is_whole or len(lines[-1]) + len(piece) > _LINE:
            lines.append("")
        lines[-1] += piece
    filled = [line + b" " * (-len(line) % 3) for line in map(str.encode, filter(None, lines))]
    pieces = [line[start : start + _LINE] for line in filled for start in range(0, len(line), _LINE)]
    return "\n".join(base64.b64encode(piece).decode() for piece in pieces)


def _check_alt(alt: str, caption: str | None, fig: Figure) -> None:
    said, below, labels = (
        " ".join(unicodedata.normalize("NFKC", text).split())
        for text in (alt, caption or "", " ".join(look.strings(fig, ticks=False)))
    )
    expected = "expected what the chart shows and its key numbers"
    size = len(said.encode("gb18030"))  # a Chinese character says as much as two letters
    if size < _SHORTEST_ALT:
        raise LangfangError(f"alt {alt!r}: {size} letters of at least {_SHORTEST_ALT}; {expected}")
    if below and (said in below or below in said):
        raise LangfangError(f"alt {alt!r}: repeats the caption; {expected}")
    plotted, spans = look.values(fig, ranges=False), look.ranges(fig)
    known = {abs(value) for value in plotted} | {
        float(number.replace(",", "")) for number in NUMBER.findall(labels)
    }
    for number in NUMBER.findall(said):
        if not _is_among(number, known, spans):
            some = ", ".join(f"{value:g}" for value in plotted[:12])
            raise LangfangError(
                f"alt: {number} is neither plotted nor in a label; expected a number of the figure ({some} …)"
            )


def _is_among(number: str, known: set, spans: list) -> bool:
    """Whether a number is a known value, rounded if no year, or an end, rounded while the range stays one."""
    said, step = float(number.replace(",", "")), 10 ** -len(number.partition(".")[2])
    if re.fullmatch(r"(19|20)\d\d", number):
        reads = any(said in (value, math.floor(value)) for value in known)
    else:
        reads = any(abs(value - said) <= step / 2 * (1 + 1e-9) for value in known)
    return reads or any(
        min(abs(low - said), abs(high - said)) < (step / 2 if 1.001 * step < high - low else 1e-9)
        for low, high in spans
    )
