"""The tables as pandas frames: facts joined with what they mean, and three ways to choose from them."""

import os
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
import pandas as pd

from langfang.data.bounds import bounds_of, units_of
from langfang.data.tables import TYPES, Folder, Table, nearest, open_folder
from langfang.errors import LangfangError
from langfang.printed.quantity import Quantity
from langfang.printed.reading import print_figure

_NAMES = ["base_unit", "name_en", "fact_id", "status"]  # of a Quantity, behind its bounds
_ENDS = ("value", "lower", "upper")
_TEXT = pd.Series([""]).dtype  # what this pandas takes text for: str, or object before 3.0
_COPIED_ON_WRITE = int(pd.__version__.partition(".")[0]) >= 3
_COLUMNS = """
    fact_id indicator_id theme measure name_en name_zh area area_en area_zh period period_basis status
    value lower upper base_unit printed unit bound vintage source_id paragraph text note
""".split()  # noqa: SIM905
_OWN = "fact_id indicator_id area period period_basis status unit bound vintage source_id note".split()  # noqa: SIM905


def load(
    table: str = "facts", *, quantity: bool = False, data: str | os.PathLike | None = None
) -> pd.DataFrame:
    """A table as a tidy frame.

    Parameters
    ----------
    table : str
        ``facts`` comes joined and in base units. The others, such as ``mentions``, ``sources`` or the flat
        ``langfang``, come as in their files: text as text (empty cells are ``""``), numbers as numbers.
    quantity : bool
        Whether ``facts`` get a column ``quantity`` of Quantities, which carry their bounds through pandas'
        ``pivot``, ``-``, ``/`` and ``sum``.
    data : path, optional
        Another folder of tables; default: the data that come with the library.

    Returns
    -------
    pandas.DataFrame
        For ``facts`` one row for each fact: ``fact_id``, ``indicator_id``, ``theme``, ``measure``,
        ``name_en``, ``name_zh``, ``area``, ``area_en``, ``area_zh``, ``period``, ``period_basis``,
        ``status``; ``value``, ``lower``, ``upper`` (floats) and their ``base_unit``; ``printed``, ``unit``,
        ``bound`` (as printed); ``vintage``, ``source_id``; ``paragraph`` and ``text`` of the first mention
        (missing and empty where only cited); ``note``.

    Raises
    ------
    LangfangError
        For an unknown table, or what is missing or cannot be read; it names file, row, column and value.

    Examples
    --------
    >>> facts = load("facts", quantity=True).set_index("indicator_id")
    >>> facts.loc["forest_land_area", ["printed", "unit", "quantity"]].tolist()
    ['326.41', '万亩', 3,264,100 mu (3,264,050–3,264,150)]
    """
    folder = open_folder(data)
    if table == "facts":
        frame = facts_of(folder).copy(deep=not _COPIED_ON_WRITE)
        if quantity:
            (alike, bounds), names = _figures(folder), frame[_NAMES].itertuples(index=False)
            found = [Quantity(*bounds[first], *row) for first, row in zip(alike, names, strict=True)]
            frame["quantity"] = pd.Series(found, index=frame.index, dtype=object)
        return frame
    if table not in folder.names():
        near = nearest(table, folder.names()) or f"; it holds {', '.join(folder.names()) or 'none'}"
        raise LangfangError(f"no table {table!r} in {folder.path}{near}")
    found, types = folder.table(table), folder.types.get(table, {})
    columns = {name: _typed(found, name, *types.get(name, ("string", False))) for name in found.columns}
    return pd.DataFrame(columns, copy=False)


def _typed(table: Table, column: str, kind: str, required: bool):
    """A column as an array of its type; empty cells are missing values, where they are allowed."""
    cells = table.column(column)
    if kind not in TYPES:
        return _text(cells)
    pattern, expected, read, types = TYPES[kind]
    known = {cell: read(cell) for cell in set(cells) if pattern.fullmatch(cell)}
    if not required:
        known[""] = None
    try:
        values = list(map(known.__getitem__, cells))
    except KeyError as error:
        raise table.error(cells.index(error.args[0]), column, expected) from None
    return pd.array(values, dtype=types["" in known and "" in cells])


def _text(cells):
    return pd.array(np.fromiter(cells, dtype=object, count=len(cells)), dtype=_TEXT)


_JOINS = {  # each column of facts that points to another table, and what it brings under which name
    "indicator_id": ("indicators", {name: name for name in ("theme", "measure", "name_en", "name_zh")}),
    "area": ("areas", {"area_en": "name_en", "area_zh": "name_zh"}),
    "unit": ("units", {"base_unit": "base_unit"}),
}


def _joined(folder: Folder, only: int | None = None) -> Iterator[tuple[dict, Table, list[int]]]:
    """For all facts, or one: each table they point to, what it brings, and its rows they point to."""
    facts = folder.table("facts")
    for key, (name, taken) in _JOINS.items():
        cells, table, places = facts.column(key), folder.table(name), folder.table(name).index(key)
        found = list(map(places.get, cells if only is None else [cells[only]]))
        if None in found:
            odd = only or found.index(None)
            near = nearest(cells[odd], places)
            raise facts.error(odd, key, f"one that stands in {table.file}{near}")
        yield taken, table, found


@lru_cache(maxsize=4)
def facts_of(folder: Folder) -> pd.DataFrame:
    """The frame of ``load("facts")``, worked out once for each state of the files; not to be changed."""
    facts = folder.table("facts")
    columns = {name: _text(facts.column(name)) for name in _OWN} | {"printed": _text(facts.column("value"))}
    for taken, table, rows in _joined(folder):
        columns |= {new: _text(table.column(old)).take(rows) for new, old in taken.items()}
    alike, bounds = _figures(folder)
    ends = np.empty((len(alike), 3))
    ends[list(bounds)] = np.reshape([list(map(float, exact)) for exact in bounds.values()], (-1, 3))
    columns |= dict(zip(_ENDS, ends[alike].T, strict=True))
    columns["paragraph"], columns["text"] = _first_mentions(folder, facts.index("fact_id"))
    return pd.DataFrame({name: columns[name] for name in _COLUMNS}, copy=False)


@lru_cache(maxsize=4)
def _figures(folder: Folder) -> tuple[list[int], dict[int, tuple]]:
    """For each fact the first fact that is printed alike, and the exact bounds of each such first fact."""
    facts, units, indicators = folder.table("facts"), units_of(folder), folder.table("indicators")
    measure = dict(zip(indicators.column("indicator_id"), indicators.column("measure"), strict=True))
    measures = map(measure.__getitem__, facts.column("indicator_id"))
    cells = (facts.column(name) for name in ("value", "unit", "bound", "status"))
    seen = {}
    alike = [seen.setdefault(key, row) for row, key in enumerate(zip(*cells, measures, strict=True))]
    return alike, {row: _measured(facts, row, key[-1], units) for key, row in seen.items()}


def _measured(facts: Table, index: int, measure: str, units: dict) -> tuple:
    row = facts.row(index)
    try:
        return bounds_of(row | {"measure": measure}, units[row["unit"]])
    except LangfangError as error:
        column = "bound" if str(error).startswith("bound") else "value"
        raise facts.error(index, column, str(error).partition("expected ")[2]) from None


def _first_mentions(folder: Folder, facts: dict[str, int]) -> tuple:
    """Paragraph and text of the first place in which each fact is printed."""
    mentions = folder.table("mentions")
    names, texts, roles = map(mentions.column, ("fact_id", "text", "role"))
    page, start = (_typed(mentions, name, "integer", True) for name in ("paragraph", "start"))
    printed = np.flatnonzero([role == "fact" for role in roles])
    # backwards: the first place is the one that is kept
    printed = printed[np.lexsort((start[printed], page[printed]))[::-1]]
    rows = np.full(len(facts) + 1, -1)  # -1: what is added behind the last
    rows[[facts.get(names[row], -1) for row in printed.tolist()]] = printed
    rows = rows[:-1]
    pages = pd.arrays.IntegerArray(np.append(page, 0)[rows], rows < 0)
    return pages, _text(np.array([*texts, ""], dtype=object)[rows])


def one_fact(folder: Folder, fact_id: str) -> dict:
    """One fact as the frame has it, and its exact bounds, without joining the others or reading mentions."""
    facts, fact_id = folder.table("facts"), str(getattr(fact_id, "fact_id", fact_id))
    index = facts.index("fact_id").get(fact_id)
    if index is None:  # an indicator has facts to offer, the reports' own first
        known = _having(facts_of(folder), fact_id, "indicator_id", "name_en", "name_zh")
        ids = known.loc[own_first(folder, known), "fact_id"].tolist()
        hint = ids and f"; it is an indicator, with the facts {_listed(ids)}"
        hint = hint or nearest(fact_id, facts.column("fact_id"))
        raise LangfangError(f"no fact {fact_id!r} in facts.csv{hint}")
    row = facts.row(index)
    for taken, table, (place,) in _joined(folder, index):
        row |= {new: table.column(old)[place] for new, old in taken.items()}
    bounds = _measured(facts, index, row["measure"], units_of(folder))
    ends = dict(zip(_ENDS, map(float, bounds), strict=True))
    return row | {"printed": row["value"], "fractions": bounds} | ends


def _having(facts: pd.DataFrame, wanted: str, *columns: str) -> pd.DataFrame:
    return facts[(facts[list(columns)] == wanted).any(axis="columns")]


def _listed(names, most: int = 6) -> str:
    names = list(names)
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def own_first(folder: Folder, facts: pd.DataFrame, *keys) -> pd.Index:
    """The index of facts, those of transcribed reports first, then by keys, then the areas of the reports."""
    sources, areas = reports(folder)
    return facts.index[np.lexsort((~facts["area"].isin(areas), *keys, ~facts["source_id"].isin(sources)))]


@lru_cache(maxsize=4)
def reports(folder: Folder) -> tuple[set[str], set[str]]:
    """The sources that are taken in whole, and the areas that they are about: of each the most frequent."""
    rows = zip(*map(folder.table("sources").column, ("source_id", "kind")), strict=True)
    sources, facts = {source for source, kind in rows if kind == "transcribed"}, facts_of(folder)
    areas = facts[facts["source_id"].isin(sources)].value_counts(["source_id", "area"]).reset_index()
    return sources, set(areas.drop_duplicates("source_id")["area"])


def fact(fact_id: str, *, data: str | os.PathLike | None = None) -> Quantity:
    """One fact as a quantity in its base unit, with the bounds that follow from how it is printed.

    Parameters
    ----------
    fact_id : str
        As in ``load("facts")``.
    data : path, optional
        Another folder of tables.

    Raises
    ------
    LangfangError
        For an unknown id; the message offers the nearest, or the facts of an indicator of that name.

    Examples
    --------
    >>> q = fact("forest_coverage-2019-06-30")
    >>> q.value, q.lower, q.upper, q.unit
    (33.86, 33.855, 33.865, '%')
    """
    found = one_fact(open_folder(data), fact_id)
    return Quantity(*found["fractions"], *(found[name] for name in _NAMES))


def as_printed(row: dict) -> str:
    """A fact as its source prints it, or as its value, unit and bound would be printed."""
    return row["text"] or print_figure(row["printed"], row["unit"], row["bound"])


def series(
    indicator: str,
    area: str | None = None,
    status: str | None = None,
    source: str | None = None,
    vintage: str | None = None,
    *,
    data: str | os.PathLike | None = None,
) -> pd.DataFrame:
    """One indicator over time.

    Parameters
    ----------
    indicator : str
        Id of the indicator as in ``load("indicators")``, or its exact name in English or Chinese.
    area : str, optional
        Id or name of an area; needed where the indicator has several.
    status : str, optional
        ``actual``, ``target``, ``forecast`` or ``norm``; default: all.
    source, vintage : str, optional
        Source id, and series, basis and release: needed where two meet that must not be compared.
    data : path, optional
        Another folder of tables.

    Returns
    -------
    pandas.DataFrame
        The columns of ``load("facts")``, those to look at first, in the order of the periods, which are the
        index too: a plot of ``["value"]`` has them on its axis.

    Raises
    ------
    LangfangError
        For an unknown name (with the nearest ones), and several areas or vintages where none is chosen.

    Examples
    --------
    >>> series("全面建成小康社会综合指数", area="langfang")["value"].tail(2).to_dict()
    {'2018': 94.97, '2019': 98.04}
    """
    facts = facts_of(open_folder(data))
    own = _having(facts, indicator, "indicator_id", "name_en", "name_zh")
    if own.empty:
        near = nearest(indicator, sorted(set(facts["indicator_id"])))
        raise LangfangError(f"no facts of indicator {indicator!r}{near}")
    name = own["indicator_id"].iloc[0]
    own = chosen(own, name, "area", area, "area", "area_en", "area_zh")
    own = chosen(own, name, "status", status, "status")
    own = chosen(own, name, "source", source, "source_id")
    own = chosen(own, name, "vintage", vintage, "vintage")
    areas, units = (sorted(set(own[column])) for column in ("area", "base_unit"))
    if len(areas) > 1:
        raise LangfangError(f"{name} has several areas: {_listed(areas)}; choose one with area=")
    bases = sorted(dict(zip(own["vintage"], own["source_id"], strict=True)).items())
    if len(bases) > 1:
        meet = " and ".join(f"{vintage!r} ({source})" for vintage, source in bases)
        raise LangfangError(f"{name}: {meet} must not be compared; choose with vintage= or source=")
    if len(units) > 1:
        raise LangfangError(f"{name} has several base units: {', '.join(units)}; expected one")
    # By the end of a period, then by its start.
    keys = {row.Index: (row.period.split("/")[-1], row.period, row.fact_id) for row in own.itertuples()}
    first = "period value lower upper base_unit status area_en".split()  # noqa: SIM905
    own = own.loc[sorted(keys, key=keys.get), list(dict.fromkeys([*first, *_COLUMNS]))]
    return own.set_axis(own["period"].tolist())


def chosen(facts: pd.DataFrame, name: str, what: str, wanted: str | None, *columns: str) -> pd.DataFrame:
    """The facts that have what is wanted, if anything, in a column; an error lists what there is."""
    left = facts if wanted is None else _having(facts, wanted, *columns)
    if left.empty and wanted is not None:
        known = _listed(map(repr, sorted(set(facts[columns[0]]))))
        raise LangfangError(f"{name} has no {what} {wanted!r}; it has {known}")
    return left
