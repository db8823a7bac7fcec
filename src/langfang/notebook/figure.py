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

from langfang.errors import NEEDS, LangfangError

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
    try:
        from langfang.notebook import look
    except ModuleNotFoundError as missing:
        raise LangfangError(NEEDS.format("show", missing.name)) from None
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


# ---- alt text ----


def _check_alt(alt: str, caption: str | None, fig) -> None:
    from langfang.notebook import look

    said, below = _plain(alt), _plain(caption or "")
    expected = "expected what the chart shows and its key numbers"
    if len(said) < _SHORTEST_ALT:
        raise LangfangError(f"alt {alt!r}: {len(said)} characters; {expected}")
    if below and (said in below or below in said):
        raise LangfangError(f"alt {alt!r}: repeats the caption; {expected}")
    plotted, spans = look.values(fig, ranges=False), look.ranges(fig)
    printed = NUMBER.findall(_plain(" ".join(look.strings(fig, ticks=False))))
    known = {abs(value) for value in plotted} | {float(number.replace(",", "")) for number in printed}
    for number in NUMBER.findall(said):
        if not _is_among(number, known, spans):
            some = ", ".join(f"{value:g}" for value in plotted[:12])
            raise LangfangError(
                f"alt: {number} is neither plotted nor in a label; expected a number of the figure ({some} …)"
            )


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


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
