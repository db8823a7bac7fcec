"""What a notebook shows its readers: figures with alt text, findings, tables, the facts it used.

Everything goes out as HTML that needs nothing else (no scripts, no addresses, no ids), takes its colours from
the page around it and says the same as plain text to a terminal.
"""

from __future__ import annotations

import base64
import json
import math
import re
import unicodedata
from html import escape
from numbers import Real
from typing import NamedTuple

from langfang.errors import LangfangError

__all__ = ["brief", "brief_zh", "facts_used", "link", "say", "show", "span", "table", "words"]

_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:,\d{3})*(?:\.\d+)?")
_CHINESE = re.compile(r"[\u3001-\u9fff\uff01-\uffef]+")
_ROOM = 6  # Chinese characters in a line of a table
_SHORTEST_ALT = 40  # characters: less than that says what kind of chart it is, and not what it shows
_FIGURE = "margin:1em 0;page-break-inside:avoid"
_IMAGE = "max-width:100%;height:auto;background:#fff;padding:6px;box-sizing:border-box"
_CAPTION = "max-width:42em;margin-top:.4em;font-size:.95em;line-height:1.45;text-align:left"
_CELL = (
    "padding:.35em .5em;border-bottom:1px solid rgba(128,128,128,.4);vertical-align:top;white-space:normal"
)
_PROSE = "max-width:46em;line-height:1.5"
_HEADING = "text-align:left;font-weight:bold;padding:.3em .6em;caption-side:top"
_TABLE = "border-collapse:collapse;margin:.5em 0;font-size:.95em;border:none;table-layout:auto"


# ---- figures ----


def show(fig, alt: str, caption: str | None = None) -> None:
    """Show a figure as readers get it: picture, alt text, caption and a digest of what it plots.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Drawn by `langfang.charts`, or within ``langfang.charts.theme()``.
    alt : str
        What the chart shows and its key numbers, for those who cannot see it. Every number in it must occur
        in the figure, rounded as it likes.
    caption : str, optional
        What the figure rests on; shown below it.

    Raises
    ------
    LangfangError
        If the alt text is too short, repeats the caption or holds a number that the figure does not.

    Examples
    --------
    >>> from langfang import charts
    >>> show(charts.bars({"a": 41.5}), alt="Bar chart with one bar, named a, that reaches 41.5.")
    Bar chart with one bar, named a, that reaches 41.5.
    """
    from langfang.notebook import look as drawing

    _check_alt(alt, caption, fig)
    picture = base64.b64encode(drawing.svg(fig).encode()).decode()
    numbers = json.dumps(drawing.values(fig), separators=(",", ":"))
    below = f'<figcaption style="{_CAPTION}">{_html(caption)}</figcaption>' if caption else ""
    _emit(
        f'<figure data-plot="{drawing.digest(fig)}" data-values="{numbers}" style="{_FIGURE}">'
        f'<img alt="{escape(alt)}" src="data:image/svg+xml;base64,{picture}" style="{_IMAGE}">'
        f"{below}</figure>",
        alt,
    )
    drawing.close(fig)


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
    _check_numbers(said, fig)


def _check_numbers(said: str, fig) -> None:
    """Every number said is plotted, is the end of a range, or stands in a label."""
    from langfang.notebook import look as drawing

    plotted, spans = drawing.values(fig, ranges=False), drawing.ranges(fig)
    labels = [_plain(text) for text in drawing.strings(fig, ticks=False)]
    known = {abs(value) for value in plotted}
    known |= {float(number.replace(",", "")) for text in labels for number in _NUMBER.findall(text)}
    for number in _NUMBER.findall(said):
        fits = (_rounds_to(value, number) for value in known)
        if not any(fits) and not any(_ends_in(span, number) for span in spans):
            some = ", ".join(f"{value:g}" for value in plotted[:12])
            raise LangfangError(
                f"alt: {number} is neither plotted nor in a label; expected a number of the figure ({some} …)"
            )


def _ends_in(span: tuple, number: str) -> bool:
    """Whether a number is an end of a range: rounded only as far as the range stays a range."""
    step = 10 ** -len(number.partition(".")[2])
    said = float(number.replace(",", ""))
    return any(
        abs(abs(end) - said) < (step / 2 if 1.001 * step < span[1] - span[0] else 1e-9) for end in span
    )


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _rounds_to(value: float, number: str) -> bool:
    """Whether a plotted value reads as the number: rounded to its decimals; a year must be that year."""
    said = float(number.replace(",", ""))
    if re.fullmatch(r"(19|20)\d\d", number):
        return said in (value, math.floor(value))
    places = len(number.partition(".")[2])
    return abs(value - said) <= 0.5 * 10**-places * (1 + 1e-9)


def _html(text: str) -> str:
    """Text as HTML, its Chinese marked: else screen readers spell it and browsers draw Japanese forms."""
    return _CHINESE.sub(r'<span lang="zh">\g<0></span>', escape(text))


def _emit(html: str, plain: str) -> None:
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    if get_ipython() is None:  # a script or a doctest
        print(plain)
    else:
        whole = html.replace(" %", "\N{NO-BREAK SPACE}%")  # a per cent sign never begins a line
        display({"text/html": whole, "text/plain": plain}, raw=True)


# ---- prose ----


def brief(*sentences: str) -> None:
    """*In brief*: the findings of a notebook, a sentence each.

    >>> brief("The index rose in every year.")
    In brief
    • The index rose in every year.
    """
    _list("In brief", sentences)


def brief_zh(*sentences: str) -> None:
    """中文摘要: the findings in Chinese, as one paragraph.

    >>> brief_zh("综合指数逐年提高。", "提高幅度不一。")
    中文摘要
    综合指数逐年提高。提高幅度不一。
    """
    _need(sentences)
    text = "".join(sentences)
    _emit(
        f'<div lang="zh" style="{_PROSE}"><p><strong>中文摘要</strong></p><p>{escape(text)}</p></div>',
        f"中文摘要\n{text}",
    )


def say(*sentences: str) -> None:
    """A paragraph of computed sentences.

    >>> say("One finding.", "Another.")
    One finding. Another.
    """
    _need(sentences)
    text = " ".join(sentences)
    _emit(f'<p style="{_PROSE}">{_html(text)}</p>', text)


def _list(title: str, sentences) -> None:
    _need(sentences)
    items = "".join(f'<li style="margin:.3em 0">{_html(text)}</li>' for text in sentences)
    _emit(
        f'<div style="{_PROSE}"><p><strong>{title}</strong></p><ul>{items}</ul></div>',
        "\n".join([title, *(f"• {text}" for text in sentences)]),
    )


def _need(sentences) -> None:
    if not sentences or not all(isinstance(text, str) and text.strip() for text in sentences):
        raise LangfangError(f"sentences {sentences!r}: expected one or more texts, none of them empty")


def span(q, digits: int | None = None) -> str:
    """The range of a Quantity for a sentence, rounded outward so that it still holds, with its unit.

    >>> from langfang.printed.quantity import Quantity
    >>> span(Quantity("3.07", "3.06", "3.08", "%"), 2), span(Quantity.exact(29, "item"))
    ('3.06–3.08 %', '29 item')
    """
    from langfang.notebook.charts import digits_of

    places = digits_of(q.value, q.lower, q.upper) if digits is None else digits
    return f"{q.range(f',.{places}f')} {q.unit if q.unit != '1' else ''}".strip()


_WORDS = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def words(n) -> str:
    """A small whole number in words, a larger one in figures.

    >>> words(3), words(0), words(4829)
    ('three', 'no', '4,829')
    """
    number = float(getattr(n, "value", n))
    if number != int(number) or number < 0:
        raise LangfangError(f"words: {n!r}; expected a whole number from 0")
    return _WORDS[int(number)] if number < len(_WORDS) else f"{int(number):,}"


# ---- tables ----


def table(df, caption: str) -> None:
    """A frame as a plain table that screen readers can walk: caption, scoped headers, numbers on the right.

    The first column heads its line (the index, where it has a name). Numbers come out as they are given:
    format floats before, or hand over Quantities, which bring their range.

    >>> import pandas as pd
    >>> table(pd.DataFrame({"year": ["2019"], "index": [98.04]}), "The index")
    The index
    year | index
    2019 | 98.04
    """
    frame = df.reset_index() if any(name is not None for name in df.index.names) else df
    right = [all(isinstance(cell, Real) for cell in frame[column]) for column in frame]
    raw = list(frame.itertuples(index=False, name=None))
    cells = [[_cell(cell) for cell in line] for line in raw]
    body = [[_anchored(cell, _cell(cell)) for cell in line] for line in raw]
    head = [str(column) for column in frame]
    plain = [caption, " | ".join(head), *(" | ".join(line) for line in cells)]
    _emit(_table(head, body, caption, right), "\n".join(plain))


class link(NamedTuple):
    """A cell of a table that leads somewhere: a file of the project, by its place as seen from the notebooks.

    >>> import pandas as pd
    >>> table(pd.DataFrame({"read": [link("Industry", "01-industry.ipynb")]}), "Notebooks")
    Notebooks
    read
    Industry
    """

    text: str
    target: str


def _anchored(value, text) -> str:
    return f'<a href="{escape(value.target)}">{_html(text)}</a>' if isinstance(value, link) else _html(text)


def _cell(value) -> str:
    """A cell as text; what is missing is a dash."""
    if value is None or value != value:
        return "–"
    if isinstance(value, link):
        return value.text
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    return f"{value:,}" if abs(value) >= 10_000 else f"{value}"


def _table(head, body, caption, right=(), lines=()) -> str:
    """Put a table together; `lines` are attributes for its lines."""
    right = [*right, *[False] * len(head)]
    side = ["right" if is_number else "left" for is_number in right]
    room = [_room(column) for column in zip(*body, strict=True)] or [""] * len(head)
    top = "".join(
        f'<th scope="col" style="{_CELL};text-align:{s}{r}">{_html(h)}</th>'
        for h, s, r in zip(head, side, room, strict=False)
    )
    rows = []
    for line, attribute in zip(body, [*lines, *[""] * len(body)], strict=False):
        first = f'<th scope="row" style="{_CELL};text-align:{side[0]};font-weight:normal">{line[0]}</th>'
        rest = "".join(
            f'<td style="{_CELL};text-align:{s}">{cell}</td>'
            for cell, s in zip(line[1:], side[1:], strict=False)
        )
        rows.append(f'<tr style="page-break-inside:avoid"{attribute}>{first}{rest}</tr>')
    return (
        f'<div role="region" aria-label="{escape(caption)}" tabindex="0" style="overflow-x:auto">'
        f'<table style="{_TABLE}">'
        f'<caption style="{_HEADING}">{_html(caption)}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _room(column) -> str:
    """Room for a column of Chinese: it may break after any character, and on a phone it would, after each."""
    longest = max(len(run) for cell in column for run in ["", *_CHINESE.findall(cell)])
    return f";min-width:{min(longest, _ROOM)}em" if longest > 1 else ""


def facts_used(fact_ids, data=None, caption: str = "Facts used") -> None:
    """The facts a notebook rests on: as printed, both names, area, period, value, range, status.

    Parameters
    ----------
    fact_ids : iterable of str
        In the order they should stand; each is shown once.
    """
    from langfang.data.facts import load

    facts = load("facts", data=data).set_index("fact_id", drop=False)
    wanted = list(dict.fromkeys(fact_ids))
    missing = [name for name in wanted if name not in facts.index]
    if missing or not wanted:
        raise LangfangError(
            f"facts.csv: no fact_id {missing[0]!r}; lf.find(word) lists those that match a word"
            if missing
            else "facts_used: no fact_id given"
        )
    sources = load("sources", data=data).set_index("source_id")["publisher"]
    parts = [_fact_parts(facts.loc[name], sources) for name in wanted]
    head = ["As printed", "Indicator", "Area, period", "In English"]
    body = [[_fact_cell(part) for part in line] for line in parts]
    lines = [f' data-fact="{escape(name)}"' for name in wanted]
    plain = [
        caption,
        " | ".join(head),
        *(" | ".join("; ".join(t for t, _ in cell) for cell in line) for line in parts),
    ]
    _emit(_table(head, body, caption, lines=lines), "\n".join(plain))


def _fact_parts(fact, sources) -> list:
    """The four cells of a fact, each a list of (text, language)."""
    place = (
        f"¶ {fact['paragraph']}" if fact["text"] else str(sources.get(fact["source_id"], fact["source_id"]))
    )
    printed = fact["text"] or f"{fact['printed']}{'' if fact['unit'] == '1' else fact['unit']}"
    period = fact["period"].replace("/", "–") or "undated"
    mark = " (inferred)" if fact["period_basis"] == "inferred" and fact["period"] else ""
    value, limits = _in_english(fact)
    return [
        [(printed, "zh"), (place, "")],
        [(fact["name_zh"], "zh"), (fact["name_en"], "")],
        [(fact["area_en"], ""), (period + mark, "")],
        [(value, ""), (limits, ""), (fact["status"], "")],
    ]


def _fact_cell(parts) -> str:
    lines = (f'<span lang="{lang}">{escape(text)}</span>' if lang else _html(text) for text, lang in parts)
    return "<br>".join(lines)


def _in_english(fact) -> tuple:
    """Value with unit, and what its printing leaves open, in millions or billions where that reads better."""
    from langfang.notebook.charts import digits_of, number, scale

    per, name = scale([fact["value"]], fact["base_unit"])
    value, lower, upper = (fact[end] / per for end in ("value", "lower", "upper"))
    places = digits_of(value, lower, upper)
    unit = "" if name in ("", "1") else f" {name}"
    shown = number(value, places if fact["bound"] == "as_printed" else _decimals(places, value))
    said = f"{_BOUNDS.get(fact['bound'], '')}{shown}{unit}"
    if lower == upper:
        return said, "exact"
    low, high = (number(end, _decimals(places, lower, upper)) for end in (lower, upper))
    return (
        said,
        f"{low} or more"
        if upper == math.inf
        else f"{high} or less"
        if lower == -math.inf
        else f"{low}–{high}",
    )


def _decimals(least: int, *numbers: float) -> int:
    """With how many decimals, from `least` on, all the finite numbers are printed in full."""
    finite = [number for number in numbers if math.isfinite(number)]
    enough = (p for p in range(least, 9) if all(math.isclose(round(n, p), n) for n in finite))
    return next(enough, least)


_BOUNDS = {
    "about": "about ",
    "over": "over ",
    "more_than": "more than ",
    "at_least": "at least ",
    "at_most": "at most ",
}
