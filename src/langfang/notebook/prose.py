"""What a notebook says: findings, sentences, tables, the facts and documents it rests on.

Everything goes out as HTML without scripts, ids or colours of its own, in short lines, so that one changed
digit is a small change of the committed notebook; and as the same words to a terminal.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from html import escape
from itertools import chain, cycle
from numbers import Real
from os import PathLike

import pandas as pd

from langfang.data.facts import as_printed, load
from langfang.errors import LangfangError
from langfang.printed.period import in_words
from langfang.printed.quantity import Quantity
from langfang.printed.wording import in_english, range_text

CHINESE = r"\u3001-\u9fff\uff01-\uffef"  # characters and punctuation, as a range of a pattern
_CHINESE = re.compile(f"[{CHINESE}]+")
# Where Jupyter begins the text of a Markdown cell, on a phone too; from what it does not trust, JupyterLab
# drops the second and keeps the first.
MARGIN = "margin-left:1.2em;margin-left:min(1.2em,1.5vw)"
_PROSE = f"max-width:46em;line-height:1.5;{MARGIN}"
_HEAD = "font-size:1.25em;margin:.8em 0 .3em"
_CELL = "padding:.3em .5em;border-bottom:1px solid rgba(128,128,128,.4);vertical-align:top;white-space:normal"
_TABLE = "border-collapse:collapse;margin:.3em 0;font-size:.95em;border:none;table-layout:auto"
_CAPTION = "text-align:left;font-weight:bold;padding:.3em .5em;caption-side:top"
_SCROLLS = f"overflow-x:auto;{MARGIN}"
_ROOM = 6  # Chinese characters in a line of a table
_MARKS = {  # in a sentence, and as HTML
    r"\*\*(.+?)\*\*": r"<strong>\1</strong>",
    r"(?<!\w)\*(\w[^*]*)\*": r"<em>\1</em>",
    r"\[([^\[\]]+)\]\(([\w.:/#?=&;%~+-]+)\)": r'<a href="\2">\1</a>',
}


def marked_up(text: str) -> str:
    """Text as HTML: ``**bold**``, ``*italic*``, ``[text](address)``, and Chinese marked as such.

    Unmarked Chinese is spelt by screen readers and drawn in Japanese forms.
    """
    text = _CHINESE.sub(r'<span lang="zh">\g<0></span>', escape(text, quote=False))
    for mark, html in _MARKS.items():
        text = re.sub(mark, html, text)
    return text


def without_marks(text: str) -> str:
    for mark in _MARKS:
        text = re.sub(mark, r"\1", text)
    return text


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
    cells = frame.astype(object).map(
        lambda cell: f"{cell:,}" if isinstance(cell, Real) and abs(cell) >= 10_000 else str(cell)
    )
    cells = cells.where(frame.notna(), "–")
    _emit_table(cells.map(marked_up), cells.map(without_marks), caption, right, fold)


def _emit_table(cells: pd.DataFrame, plain: pd.DataFrame, caption: str, right: list, fold: bool) -> None:
    """A table of HTML cells, `plain` in words; Jupyter sets all to the right, so each says its own side."""
    styles = []
    for (_, column), number in zip(cells.items(), right, strict=True):
        # Chinese may break after any character, and in a narrow column on a phone it would, after each.
        longest = max((len(run) for cell in column for run in _CHINESE.findall(cell)), default=0)
        room = f";min-width:{min(longest, _ROOM)}em" if longest > 1 else ""
        styles.append(f"{_CELL};text-align:{'right' if number else 'left'}{room}")
    with pd.option_context("display.max_colwidth", None, "display.html.border", 0):
        html = cells.rename(columns=lambda name: marked_up(str(name))).to_html(index=False, escape=False)
    heads = [f'<th scope="col" style="{style}">{{}}</th>' for style in styles]
    first = f'<th scope="row" style="{styles[0]};font-weight:normal">{{}}</th>'
    tags = chain(heads, cycle([first, *(f'<td style="{style}">{{}}</td>' for style in styles[1:])]))
    html = re.sub(r"<t[hd]>(.*?)</t[hd]>", lambda found: next(tags).format(found[1]), html, flags=re.S)
    html = re.sub(r"<tr[^>]*>", '<tr style="page-break-inside:avoid">', re.sub(r"\n +", "\n", html))
    name = "" if fold else f'\n<caption style="{_CAPTION}">{marked_up(caption)}</caption>'
    html = re.sub(r"<table[^>]*>", lambda _: f'<table style="{_TABLE}">{name}', html, count=1)
    region = f'<div role="region" aria-label="{escape(caption)}" tabindex="0" style="{_SCROLLS}">'
    html = f"{region}\n{html}\n</div>"
    if fold:
        style = f"display:list-item;cursor:pointer;margin-top:.4em;{MARGIN}"
        html = f'<details>\n<summary style="{style}">{marked_up(caption)}</summary>\n{html}\n</details>'
    lines = [" | ".join(line) for line in plain.values.tolist()]
    emit(html, "\n".join([*map(without_marks, [caption, " | ".join(map(str, cells))]), *lines]))


def facts_used(fact_ids: Iterable[str], *, data: str | PathLike | None = None) -> None:
    """The facts a notebook rests on, folded: as printed, in English, period, range, paragraph or document.

    Each is shown once, in the order given.
    """
    facts, documents = _named("facts", "fact_id", fact_ids, data), load("sources", data=data)
    documents = documents.set_index("source_id").fillna("")
    parts = pd.DataFrame([_fact_parts(fact, documents) for _, fact in facts.iterrows()])
    cells = parts.map(lambda text: marked_up(text).replace("\n", "<br>"))
    # programs that read a page find the fact behind a row
    marks = '<span data-fact="' + facts.index + '">'
    cells["As printed"] = marks + cells["As printed"].to_numpy() + "</span>"
    caption = f"{len(facts)} figures as printed, with paragraph or document, and range"
    plain = parts.map(lambda text: without_marks(text).replace("\n", "; "))
    _emit_table(cells, plain, caption, [False] * len(cells.columns), fold=True)


def _named(table: str, key: str, names: Iterable[str], data) -> pd.DataFrame:
    """The rows of a table with these ids, each once, in this order."""
    rows, wanted = load(table, data=data).set_index(key, drop=False), list(dict.fromkeys(names))
    if not wanted:
        raise LangfangError(f"{table}.csv: no {key} given")
    if missing := [name for name in wanted if name not in rows.index]:
        raise LangfangError(f"{table}.csv: no {key} {missing[0]!r}; lf.load({table!r}) lists them")
    return rows.loc[wanted]


def _fact_parts(fact, documents) -> dict:
    """The cells of a fact, a line for each thing said."""
    place = f"¶ {fact['paragraph']}" if fact["text"] else _document(documents.loc[fact["source_id"]])
    inferred = " (inferred)" if fact["period_basis"] == "inferred" and fact["period"] else ""
    value, limits = in_english(*fact[["value", "lower", "upper", "base_unit", "bound"]])
    status = "" if fact["status"] == "actual" else f"\n{fact['status']}"
    return {
        "As printed": f"{as_printed(fact)}\n{place}",
        "Indicator": f"{fact['name_zh']}\n{fact['name_en']}",
        "Area, period": f"{fact['area_en']}\n{in_words(fact['period'])}{inferred}",
        "In English": f"{value}\n{limits}{status}",
    }


def _document(source) -> str:
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
