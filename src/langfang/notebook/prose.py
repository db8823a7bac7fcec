"""What a notebook says: findings, sentences, tables, the facts and documents it rests on.

Everything goes out as HTML without scripts, ids or colours of its own, and as the same words to a terminal.
Sentences may hold ``**bold**`` and ``[text](address)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from itertools import cycle
from numbers import Real
from os import PathLike

import pandas as pd

from langfang.data.facts import load
from langfang.errors import LangfangError
from langfang.notebook.figure import CHINESE, MARGIN, emit, marked_up, without_marks
from langfang.printed.period import in_words
from langfang.printed.quantity import Quantity
from langfang.printed.wording import in_english, range_text

_PROSE = f"max-width:46em;line-height:1.5;{MARGIN}"
_HEAD = "font-size:1.25em;margin:.8em 0 .3em"
_CELL = "padding:.3em .5em;border-bottom:1px solid rgba(128,128,128,.4);vertical-align:top;white-space:normal"
_TABLE = "border-collapse:collapse;margin:.3em 0;font-size:.95em;border:none;table-layout:auto"
_CAPTION = "text-align:left;font-weight:bold;padding:.3em .5em;caption-side:top"
_SCROLLS = f"overflow-x:auto;{MARGIN}"
_ROOM = 6  # Chinese characters in a line of a table


# ---- sentences ----


def brief(*claims: tuple[str, str], sure: str = "") -> None:
    """*What we found*: three to five numbered claims; then *How sure is this?*, in three sentences at most.

    Each claim is a pair: a sentence in bold and the one that supports it.

    >>> brief(("The index rose.", "It reached 98."), sure="The report gives no method.")
    What we found
    1. The index rose. It reached 98.
    How sure is this?
    The report gives no method.
    """
    for claim in claims:
        if not isinstance(claim, tuple) or len(claim) != 2:
            raise LangfangError(f"brief: {claim!r}; expected a pair (claim, evidence)")
    _need([text for claim in claims for text in claim])
    item = '<li style="margin:.4em 0"><strong>{}</strong>\n{}</li>'
    items = "\n".join(item.format(*map(marked_up, claim)) for claim in claims)
    html = f'<h2 style="{_HEAD}">What we found</h2>\n<ol style="margin:0">\n{items}\n</ol>'
    plain = ["What we found", *(f"{n}. {a} {b}" for n, (a, b) in enumerate(claims, 1))]
    if sure:
        html += f'\n<h2 style="{_HEAD}">How sure is this?</h2>\n<p>{marked_up(sure)}</p>'
        plain += ["How sure is this?", sure]
    emit(f'<div style="{_PROSE}">\n{html}\n</div>', without_marks("\n".join(plain)))


def brief_zh(lead: str, *points: str) -> None:
    """中文要点: the lead in bold, then the findings as a list.

    >>> brief_zh("综合指数逐年提高。", "2015年提高最多。")
    中文要点
    综合指数逐年提高。
    • 2015年提高最多。
    """
    _need([lead, *points])
    items = "\n".join(f'<li style="margin:.3em 0">{marked_up(text)}</li>' for text in points)
    items = re.sub(r'<span lang="zh">(.*?)</span>', r"\1", items)  # all of it is Chinese
    emit(
        f'<div lang="zh" style="{_PROSE}">\n<h2 style="{_HEAD}">中文要点</h2>\n'
        f"<p><strong>{escape(lead)}</strong></p>\n<ul>\n{items}\n</ul>\n</div>",
        without_marks("\n".join(["中文要点", lead, *(f"• {text}" for text in points)])),
    )


def say(*sentences: str) -> None:
    """A paragraph of computed sentences.

    >>> say("One **finding**.", "Another.")
    One finding. Another.
    """
    _need(sentences)
    html = "\n".join(map(marked_up, sentences))
    emit(f'<p style="{_PROSE}">{html}</p>', without_marks(" ".join(sentences)))


def _need(sentences) -> None:
    if not sentences or not all(isinstance(text, str) and text.strip() for text in sentences):
        raise LangfangError(f"sentences {sentences!r}: expected one or more texts, none of them empty")


def span(q: Quantity, digits: int | None = None) -> str:
    """The range of a Quantity for a sentence, rounded outward so that it still holds, with its unit.

    >>> span(Quantity("3.07", "3.06", "3.08", "%"), 2), span(Quantity.exact(29, "item"))
    ('3.06–3.08\\xa0%', '29 items')
    """
    return range_text(*q.fractions[1:], digits=digits, unit=q.unit)


# ---- tables ----


def table(df: pd.DataFrame, caption: str, fold: bool = False) -> None:
    """A frame as a plain table that screen readers can walk: caption, scoped headers, numbers on the right.

    The first column heads its line (the index, where it has a name). Numbers come out as they are given:
    format floats before, or hand over Quantities, which bring their range. With `fold` a reader opens it.

    >>> table(pd.DataFrame({"year": ["2019"], "index": [98.04]}), "The index")
    The index
    year | index
    2019 | 98.04
    """
    frame = df.reset_index() if any(name is not None for name in df.index.names) else df
    right = [all(isinstance(cell, Real) for cell in frame[column]) for column in frame]
    cells = frame.astype(object).map(_cell)
    lines = [caption, " | ".join(map(str, cells)), *(" | ".join(line) for line in cells.values.tolist())]
    emit(_table(cells.map(marked_up), caption, right, fold), without_marks("\n".join(lines)))


def _cell(value) -> str:
    """A cell as text; what is missing is a dash."""
    if value is None or value is pd.NA or value != value:
        return "–"
    if isinstance(value, bool) or not isinstance(value, Real):
        return str(value)
    return f"{value:,}" if abs(value) >= 10_000 else f"{value}"


def _table(cells: pd.DataFrame, caption: str, right=(), fold=False) -> str:
    """A table of HTML cells; Jupyter sets all to the right, so each says its own side."""
    styles = []
    for (_, column), number in zip(cells.items(), [*right, *[False] * len(cells.columns)], strict=False):
        # Chinese may break after any character, and in a narrow column on a phone it would, after each.
        longest = max((len(run) for cell in column for run in CHINESE.findall(cell)), default=0)
        room = f";min-width:{min(longest, _ROOM)}em" if longest > 1 else ""
        styles.append(f"{_CELL};text-align:{'right' if number else 'left'}{room}")
    with pd.option_context("display.max_colwidth", None, "display.html.border", 0):
        html = cells.rename(columns=lambda name: marked_up(str(name))).to_html(index=False, escape=False)
    first = f'<th scope="row" style="{styles[0]};font-weight:normal">', "</th>"
    heads = cycle(f'<th scope="col" style="{style}">' for style in styles)
    bodies = cycle([first, *((f'<td style="{style}">', "</td>") for style in styles[1:])])
    html = re.sub("<th>", lambda _: next(heads), html)
    html = re.sub(r"<td>(.*?)</td>", lambda found: found[1].join(next(bodies)), html, flags=re.S)
    html = re.sub(r"<tr[^>]*>", '<tr style="page-break-inside:avoid">', re.sub(r"\n +", "\n", html))
    name = "" if fold else f'\n<caption style="{_CAPTION}">{marked_up(caption)}</caption>'
    html = re.sub(r"<table[^>]*>", lambda _: f'<table style="{_TABLE}">{name}', html, count=1)
    region = f'<div role="region" aria-label="{escape(caption)}" tabindex="0" style="{_SCROLLS}">'
    html = f"{region}\n{html}\n</div>"
    if not fold:
        return html
    style = f"display:list-item;cursor:pointer;margin-top:.4em;{MARGIN}"
    return f'<details>\n<summary style="{style}">{marked_up(caption)}</summary>\n{html}\n</details>'


# ---- what a notebook rests on ----


def facts_used(fact_ids: Iterable[str], *, data: str | PathLike | None = None) -> None:
    """The facts a notebook rests on, folded: as printed, in English, period, range, paragraph or document.

    Each is shown once, in the order given.
    """
    facts, documents = _named("facts", "fact_id", fact_ids, data), load("sources", data=data)
    documents = documents.set_index("source_id").fillna("")
    parts = pd.DataFrame([_fact_parts(fact, documents) for _, fact in facts.iterrows()])
    cells = parts.map(lambda texts: "<br>".join(map(marked_up, texts)))
    # programs that read a page find the fact behind a row
    marks = "<span data-fact=\"" + facts.index + "\">"
    cells["As printed"] = marks + cells["As printed"].to_numpy() + "</span>"
    plain = [" | ".join("; ".join(map(without_marks, texts)) for texts in line) for line in parts.values]
    caption = f"{len(facts)} figures as printed, with paragraph or document, and range"
    emit(_table(cells, caption, fold=True), "\n".join([caption, " | ".join(parts), *plain]))


def _named(table: str, key: str, names: Iterable[str], data) -> pd.DataFrame:
    """The rows of a table with these ids, each once, in this order."""
    rows, wanted = load(table, data=data).set_index(key, drop=False), list(dict.fromkeys(names))
    if not wanted:
        raise LangfangError(f"{table}.csv: no {key} given")
    if missing := [name for name in wanted if name not in rows.index]:
        raise LangfangError(f"{table}.csv: no {key} {missing[0]!r}; lf.load({table!r}) lists them")
    return rows.loc[wanted]


def _fact_parts(fact, documents) -> dict:
    """The cells of a fact, each a list of texts."""
    printed = fact["text"] or f"{fact['printed']}{'' if fact['unit'] == '1' else fact['unit']}"
    place = f"¶ {fact['paragraph']}" if fact["text"] else _document(documents.loc[fact["source_id"]])
    inferred = " (inferred)" if fact["period_basis"] == "inferred" and fact["period"] else ""
    ends = (fact["value"], fact["lower"], fact["upper"])
    value, limits = in_english(*ends, fact["base_unit"], fact["bound"])
    status = [] if fact["status"] == "actual" else [fact["status"]]
    return {
        "As printed": [printed, place],
        "Indicator": [fact["name_zh"], fact["name_en"]],
        "Area, period": [fact["area_en"], in_words(fact["period"]) + inferred],
        "In English": [value, limits, *status],
    }


def _document(source) -> str:
    """A document with its date and address."""
    title = source["title"] or source["publisher"]
    address = re.fullmatch(r"https?://[\w.:/#?=&;%~+-]+", source["locator"])
    linked = f"[{title}]({address[0]})" if address and "[" not in title else title
    return ", ".join(filter(None, [linked, source["title"] and source["publisher"], source["published"]]))


def literature(*source_ids: str, data: str | PathLike | None = None) -> None:
    """What a notebook rests on beside the report: author, title, publisher, date and address of each.

    >>> literature("nbs-income-2015")  # doctest: +ELLIPSIS
    Literature and documents
    • 2015年全国居民人均可支配收入增8.9%, China Radio International ..., 2016-01-19
    """
    documents = _named("sources", "source_id", source_ids, data).fillna("")
    texts = [", ".join(filter(None, [row["author"], _document(row)])) for _, row in documents.iterrows()]
    items = "\n".join(f"<li>{marked_up(text)}</li>" for text in texts)
    title = "Literature and documents"
    emit(
        f'<div style="{_PROSE}">\n<p><strong>{title}</strong></p>\n<ul>\n{items}\n</ul>\n</div>',
        without_marks("\n".join([title, *(f"• {text}" for text in texts)])),
    )
