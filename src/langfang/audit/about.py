"""Is a figure solid? All that is known of one fact, for it and against it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langfang.audit.case import open_report
from langfang.audit.frame import frame_of
from langfang.data.cite import cite, details
from langfang.data.facts import fact
from langfang.printed.period import in_words
from langfang.printed.quantity import Quantity
from langfang.printed.wording import in_english

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, repr=False)
class About:
    """One fact with what is known of it; ``print`` gives it as text."""

    fact_id: str
    quantity: Quantity  # in the base unit, with bounds
    row: dict  # what the tables say of it: the columns of ``load("facts")`` as text, and more
    citation: str
    relations: pd.DataFrame  # the rows of ``audit()`` that use the fact
    queries: list[dict]  # the rows of queries.csv about it

    def __str__(self) -> str:
        row, (value, lower, upper) = self.row, self.quantity.fractions
        said, ends = in_english(value, lower, upper, row["base_unit"], row["bound"])
        basis = f" ({row['period_basis']})" if row["period_basis"] else ""
        used = self.relations[["id", "verdict", "arithmetic"]].itertuples(index=False)
        lines = [
            f"{row['name_en']} ({row['name_zh']}), {row['area_en']} ({row['area_zh']})",
            f"figure: {said}; range: {ends}; in base units: {self.quantity}",
            f"period: {in_words(row['period'])}{basis}; status: {row['status']}",
            f"note: {row['note']}" if row["note"] else "",
            f"source: {self.citation}",
            *(f"audit: {verdict}, {name}: {arithmetic}" for name, verdict, arithmetic in used),
            *(f"query ({q['status']}), {q['query_id']}: {q['question']}" for q in self.queries),
            *(f"readings of {q['query_id']}: {q['readings']}" for q in self.queries if q["readings"]),
        ]
        return "\n".join(filter(None, lines))

    __repr__ = __str__


def about(fact_id: str, *, data: str | os.PathLike | None = None) -> About:
    """All that is known of one fact: bounds, period, place, the relations it is in, the queries about it.

    Parameters
    ----------
    fact_id : str
        As in ``load("facts")``.
    data : path, optional
        Folder with the tables and relations.toml; default: the data that come with the library.

    Returns
    -------
    About
        Its text names each relation that uses the fact with its verdict, and each query with its
        readings.

    Raises
    ------
    LangfangError
        For an unknown fact; the message offers the nearest.

    Examples
    --------
    >>> found = about("backstop_household_share-undated")
    >>> dict(zip(found.relations["id"], found.relations["verdict"]))["backstop_households"]
    'cannot be both'
    >>> str(found).splitlines()[1]
    'figure: 87.23\\xa0%; range: 87.225–87.235; in base units: 87.23 % (87.225–87.235)'
    """
    row = details(fact_id, data=data)
    relations, citation = frame_of(open_report(data), fact=fact_id), cite(fact_id, data=data)
    return About(fact_id, fact(fact_id, data=data), row, citation, relations, row["queries"])
