"""How anything reaches a reader: HTML that needs nothing else, and a figure with its alt text checked.

HTML goes out in short lines, so that one changed digit is a small change of the committed notebook.
"""

from __future__ import annotations

import base64
import math
import re
import sys
import unicodedata
from html import escape
from typing import TYPE_CHECKING

from langfang.errors import LangfangError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:,\d{3})*(?:\.\d+)?")
CHINESE = re.compile(r"[\u3001-\u9fff\uff01-\uffef]+")
_SHORTEST_ALT = 40  # characters: less than that says what kind of chart it is, and not what it shows
# Where Jupyter begins the text of a Markdown cell, on a phone too; from what it does not trust, JupyterLab
# drops the second and keeps the first.
MARGIN = "margin-left:1.2em;margin-left:min(1.2em,1.5vw)"
_FIGURE = f"margin:1em 0;max-width:640px;page-break-inside:avoid;{MARGIN}"
_IMAGE = "display:block;max-width:100%;height:auto;background:#fff;padding:4px 0;box-sizing:border-box"
_CAPTION = "max-width:44em;margin-top:.2em;font-size:.9em;line-height:1.4;text-align:left"
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
    from langfang.notebook import look

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
        if (lines[-1].endswith("</g>") and not piece.startswith("</g>")) or len(lines[-1]) + len(
            piece
        ) > _LINE:
            lines.append("")
        lines[-1] += piece
    encoded = []
    for line in filter(None, lines):
        data = line.encode()
        data += b" " * (-len(data) % 3)
        encoded += [base64.b64encode(data[i : i + _LINE]).decode() for i in range(0, len(data), _LINE)]
    return "\n".join(encoded)


# ---- alt text ----


def _check_alt(alt: str, caption: str | None, fig) -> None:
    said, below = _plain(alt), _plain(caption or "")
    if len(said) < _SHORTEST_ALT:
        raise LangfangError(
            f"alt {alt!r}: {len(said)} characters; expected what the chart shows and its key numbers"
        )
    if below and (said in below or below in said):
        raise LangfangError(
            f"alt {alt!r}: repeats the caption; expected what the chart shows to who cannot see it"
        )
    from langfang.notebook import look

    plotted, spans = look.values(fig, ranges=False), look.ranges(fig)
    words = [_plain(text) for text in look.strings(fig, ticks=False)]
    known = {abs(value) for value in plotted}
    known |= {float(number.replace(",", "")) for text in words for number in NUMBER.findall(text)}
    for number in NUMBER.findall(said):
        fits = any(_rounds_to(value, number) for value in known)
        if not fits and not any(_ends_in(span, number) for span in spans):
            some = ", ".join(f"{value:g}" for value in plotted[:12])
            raise LangfangError(
                f"alt: {number} is neither plotted nor in a label; expected a number of the figure ({some} …)"
            )


def _ends_in(span: tuple, number: str) -> bool:
    """Whether a number is an end of a range: rounded only as far as the range stays a range."""
    step = 10 ** -len(number.partition(".")[2])
    near = step / 2 if 1.001 * step < span[1] - span[0] else 1e-9
    return any(abs(abs(end) - float(number.replace(",", ""))) < near for end in span)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _rounds_to(value: float, number: str) -> bool:
    """Whether a plotted value reads as the number: rounded to its decimals; a year must be that year."""
    said = float(number.replace(",", ""))
    if re.fullmatch(r"(19|20)\d\d", number):
        return said in (value, math.floor(value))
    places = len(number.partition(".")[2])
    return abs(value - said) <= 0.5 * 10**-places * (1 + 1e-9)


# ---- any output ----


def marked_up(text: str) -> str:
    """Text as HTML: ``**bold**``, ``*italic*``, ``[text](address)``, and Chinese marked as such.

    Unmarked Chinese is spelt by screen readers and drawn in Japanese forms.

    >>> marked_up("**A < B** 廊坊")
    '<strong>A &lt; B</strong> <span lang="zh">廊坊</span>'
    """
    html = CHINESE.sub(r'<span lang="zh">\g<0></span>', escape(text, quote=False))
    html = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html)
    html = re.sub(r"(?<!\w)\*(\w[^*]*)\*", r"<em>\1</em>", html)
    return re.sub(r"\[([^\[\]]+)\]\(([\w.:/#?=&;%~+-]+)\)", r'<a href="\2">\1</a>', html)


def without_marks(text: str) -> str:
    """The same text for a terminal."""
    text = re.sub(r"(?<!\w)\*(\w[^*]*)\*", r"\1", text.replace("**", ""))
    return re.sub(r"\[([^\[\]]+)\]\([\w.:/#?=&;%~+-]+\)", r"\1", text)


def emit(html: str, plain: str) -> None:
    """Give HTML to a notebook (Jupyter, or marimo), its words to a script or terminal."""
    html = html.replace(" %", "\N{NO-BREAK SPACE}%")  # a per cent sign never begins a line
    marimo = sys.modules.get("marimo")
    if marimo is not None and marimo.running_in_notebook():
        marimo.output.append(marimo.Html(html))
    elif "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.display import display

        display({"text/html": html, "text/plain": plain}, raw=True)
    else:
        print(plain)
