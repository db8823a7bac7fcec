"""Facts by words, Chinese or English."""

import os
import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from langfang.data.facts import as_printed, chosen, facts_of, own_first, reports
from langfang.data.tables import Folder, open_folder
from langfang.errors import LangfangError
from langfang.printed.wording import in_english

_SHOWN = "fact_id figure value area_en period status paragraph name_en name_zh source_id".split()  # noqa: SIM905


def find(words: str, source: str | None = None, *, data: str | os.PathLike | None = None) -> pd.DataFrame:
    """Facts that hold each of the words, in capitals or not, in the plural or not.

    Words are looked for in the names, id and definition of the indicator, in the area, the period, the note
    and what the glossary says of a term that the indicator's names or definition use; a Chinese word that
    stands nowhere may have other characters between its own. The reports' own figures come first, and of
    these what is named so. Figures of other sources on areas beside that of a report, such as another city of
    its province, are listed where a word names the area.

    Parameters
    ----------
    words : str
        One word or several, with spaces between.
    source : str, optional
        Only facts of this source id.
    data : path, optional
        Another folder of tables.

    Returns
    -------
    pandas.DataFrame
        ``fact_id``, ``figure`` (as printed), ``value`` (in English), ``area_en``, ``period``, ``status``,
        ``paragraph``, ``name_en``, ``name_zh``, ``source_id``; no rows where nothing matches.

    Examples
    --------
    >>> find("林地面积")[["fact_id", "figure", "paragraph"]]
                           fact_id    figure  paragraph
    0  forest_land_area-2019-06-30  326.41万亩         60
    >>> len(find("loans")) > len(find("loan ceiling")) > 0
    True
    """
    if not isinstance(words, str):
        raise LangfangError(f"words {words!r}: expected text, such as 'forest coverage' or '森林'")
    folder = open_folder(data)
    wanted = [_singular(_folded(word)) for word in words.split()]
    alike, texts = _searched(folder)
    tests = [_test(word, texts) for word in wanted]
    hits = [[all(test(text) for test in tests) for text in pair] for pair in texts]
    named, said = np.array(hits, dtype=bool).reshape(-1, 2)[alike].T
    facts = facts_of(folder).assign(unnamed=~named, said=said & bool(wanted))
    facts = chosen(facts, "facts.csv", "source", source, "source_id")
    near = facts["source_id"].isin(reports(folder)[0]) | ~facts["area"].isin(_neighbours(folder, wanted))
    facts = facts[facts["said"] & near]
    found = facts.loc[own_first(folder, facts, facts["unnamed"])].reset_index(drop=True)
    found["figure"] = [as_printed(row) for row in found.to_dict("records")]
    in_words, ends = cache(in_english), found[["value", "lower", "upper", "base_unit", "bound"]]
    found["value"] = [in_words(*row)[0] for row in ends.itertuples(index=False)]
    return found[_SHOWN]


def _test(word: str, texts: list[tuple[str, str]]) -> Callable:
    """Whether a text holds a word; where none does, a Chinese word's characters, others between them.

    So 农民收入 finds 农村居民人均可支配收入.
    """
    if not re.fullmatch("[一-鿿]{3,}", word) or any(word in said for _, said in texts):
        return lambda text: word in text
    return re.compile("[^|]{0,6}".join(word)).search


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _singular(word: str) -> str:
    if not re.fullmatch("[a-z]{4,}", word) or word.endswith("ss"):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def _texts(folder: Folder, table: str, *columns: str) -> dict[str, str]:
    """What is searched of each row of a table, by the row's key, which is the first column."""
    rows = zip(*map(folder.table(table).column, columns), strict=True)
    return {row[0]: _folded(" | ".join(row)) for row in rows}


@lru_cache(maxsize=4)
def _searched(folder: Folder) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """For each fact the place of its texts, which many share: its names, and these with all that is said."""
    names = _texts(folder, "indicators", "indicator_id", "name_en", "name_zh")
    said = _texts(folder, "indicators", "indicator_id", "name_en", "name_zh", "definition")
    for term, text in _texts(folder, "glossary", "term_zh", "term_en", "explanation").items():
        forms = {form.strip() for form in (*re.split(r"[()、;]", _folded(term)), text.split(" | ")[1])}
        using = [name for name in said if any(len(form) > 1 and form in said[name] for form in forms)]
        said |= {name: f"{said[name]} | {text}" for name in using}
    facts = facts_of(folder)[["indicator_id", "area", "period", "note"]]
    alike = facts.groupby(list(facts), sort=False).ngroup().to_numpy()
    areas = _texts(folder, "areas", "area", "name_en", "name_zh")
    unlike = facts.drop_duplicates().itertuples(index=False)
    texts = []
    for key, area, period, note in unlike:
        named = f"{names[key]} | {areas[area]} | {period}"
        texts.append((named, f"{named} | {said[key]} | {_folded(note)}"))
    return alike, texts


def _neighbours(folder: Folder, wanted: list[str]) -> set[str]:
    """Other parts of the whole that the reports' areas are parts of, but for those that a word names."""
    texts, own = _texts(folder, "areas", "area", "name_en", "name_zh"), reports(folder)[1]
    rows = folder.table("areas").rows
    wholes = {row["part_of"] for row in rows if row["area"] in own} - {""}
    around = {row["area"] for row in rows if row["part_of"] in wholes} - own
    return {area for area in around if not any(word in texts[area] for word in wanted)}
