"""The tables as pandas frames, one fact as a Quantity, and the citation of each."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from fractions import Fraction
from functools import lru_cache, partial
from itertools import starmap
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from langfang.errors import LangfangError
from langfang.printed import quantity as _quantity
from langfang.printed.quantity import Quantity, printed_bounds
from langfang.printed.reading import normalise, print_figure

__all__ = ["cite", "data_dir", "fact", "find", "in_chinese", "load", "series"]

# Columns of numbers, in whichever table they stand.
_NUMBERS = dict.fromkeys(("paragraph", "start", "numerals"), (int, "int64", "a whole number"))
_NUMBERS["factor"] = (float, "float64", "a number")
_TEXT = pd.Series([""]).dtype  # what this pandas takes text for: str, or object before 3.0
_NEEDED = {
    "facts": "fact_id indicator_id area period period_basis status value unit bound vintage source_id note",
    "indicators": "indicator_id theme measure unit name_en name_zh",
    "areas": "area name_en name_zh",
    "units": "unit base_unit factor countable",
    "mentions": "source_id paragraph start text role fact_id",
    "paragraphs": "source_id paragraph section",
    "sources": "source_id title publisher author published locator",
}
_COLUMNS = """
    fact_id indicator_id theme measure name_en name_zh area area_en area_zh period period_basis status
    value lower upper base_unit printed unit bound vintage source_id paragraph text note
"""
_TYPES = dict.fromkeys(("value", "lower", "upper"), partial(np.array, dtype=float))
_TYPES["paragraph"] = partial(pd.array, dtype="Int64")


# ---- files ----


class _Table(NamedTuple):
    file: str
    columns: list
    rows: list  # of lists of text
    lines: list | range  # where each row stands in the file

    def fault(self, index: int, column: str, value: str, expected: str) -> LangfangError:
        place = f"{self.file}, row {self.lines[index]}, column {column}"
        return LangfangError(f"{place}: {value!r} – expected {expected}")

    def pick(self, *columns: str):
        """The named columns, row by row."""
        places = [self.columns.index(column) for column in columns]
        return zip(*([row[place] for row in self.rows] for place in places), strict=True)


def data_dir(data=None) -> Path:
    """The folder of the tables: the one given, else the one inside the wheel, else the clone's.

    Examples
    --------
    >>> (data_dir() / "facts.csv").exists()
    True
    """
    if data is None:
        here = Path(__file__).parent  # a wheel has the tables beside this module
        return here if (here / "facts.csv").is_file() else here.parents[2] / "data"
    if Path(data).is_dir():
        return Path(data)
    raise LangfangError(f"no folder {data}: expected one that holds facts.csv")


def _table(name: str, folder: Path) -> _Table:
    path = folder / f"{name}.csv"
    try:
        stat = path.stat()
        return _parsed(path, stat.st_mtime_ns, stat.st_size)
    except OSError as error:
        raise LangfangError(f"{path.name}: cannot be read in {folder} ({error.strerror or error})") from None


@lru_cache(maxsize=64)
def _parsed(path: Path, changed: int, size: int) -> _Table:
    """One CSV file as text; `changed` and `size` make a changed file a new one."""
    try:
        text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        columns, rows = next(reader, []), list(reader)
        lines = range(2, len(rows) + 2)
        widths = set(map(len, rows))
        if reader.line_num != len(rows) + 1 or 0 in widths:  # a cell or a gap goes over lines: count them
            lines, rows = _numbered(text)
    except (UnicodeDecodeError, csv.Error) as error:
        raise LangfangError(f"{path.name}: expected CSV in UTF-8 ({error})") from None
    table = _Table(path.name, columns, rows, lines)
    missing = [column for column in _NEEDED.get(path.stem, "").split() if column not in columns]
    if missing or not columns or len(set(columns)) < len(columns):
        expected = f"a column {', '.join(missing)}" if missing else "column names, no two the same"
        raise LangfangError(f"{path.name}, row 1: {', '.join(columns)!r} – expected {expected}")
    if widths - {len(columns), 0}:
        index, cells = next((n, len(row)) for n, row in enumerate(rows) if len(row) != len(columns))
        raise table.fault(index, "(all)", f"{cells} cells", f"{len(columns)} cells, as in the header")
    return table


def _numbered(text: str) -> tuple[list, list]:
    """The lines on which rows end, and the rows, without empty ones and the header."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found = [(reader.line_num, row) for row in reader if row][1:]
    return [line for line, _ in found], [row for _, row in found]


def _frame(table: _Table) -> pd.DataFrame:
    cells = zip(*table.rows, strict=True) if table.rows else [[] for _ in table.columns]
    columns = dict(zip(table.columns, cells, strict=True))
    numbers = {name: _numbers(table, name, columns[name]) for name in table.columns if name in _NUMBERS}
    return _typed({**columns, **numbers}, dict.fromkeys(numbers, _as_is))


def _numbers(table: _Table, column: str, cells) -> np.ndarray:
    kind, dtype, expected = _NUMBERS[column]

    def read(cells):
        return np.array(list(map(kind, cells)), dtype=dtype)

    try:
        return read(cells)
    except (ValueError, OverflowError):
        index = next(index for index, cell in enumerate(cells) if _fails(read, cell))
        raise table.fault(index, column, cells[index], expected) from None


def _fails(read, cell: str) -> bool:
    try:
        read([cell])
    except (ValueError, OverflowError):
        return True
    return False


def _as_is(array):
    return array


def _typed(columns: dict, types: dict) -> pd.DataFrame:
    """A frame of columns whose types are known, which is faster than letting pandas find them out."""
    arrays = {name: types.get(name, _text)(cells) for name, cells in columns.items()}
    return pd.DataFrame(arrays, copy=False)


def _text(cells):
    return pd.array(np.array(cells, dtype=object), dtype=_TEXT)


# ---- facts with what they mean ----


def _facts(folder: Path) -> dict[str, dict]:
    """Every fact by its id, joined and with bounds; worked out once for each state of the files."""
    names = ("facts", "indicators", "areas", "units", "mentions")
    return _joined(*(_Same(_table(name, folder)) for name in names))


class _Same:
    """A table as a cache key: the same object is the same table."""

    def __init__(self, table):
        self.table = table

    def __eq__(self, other):
        return self.table is other.table

    def __hash__(self):
        return id(self.table)


@lru_cache(maxsize=4)
def _joined(*tables: _Same) -> dict[str, dict]:
    facts, indicators, areas, units, mentions = (same.table for same in tables)
    names = _by_id(indicators, "indicator_id", "theme", "measure", "name_en", "name_zh")
    places = _by_id(areas, "area", area_en="name_en", area_zh="name_zh")
    bases, printed = _bases(units), _mentions(mentions)
    joined, measured = {}, {}
    for index, cells in enumerate(facts.rows):
        row = dict(zip(facts.columns, cells, strict=True))
        if row["fact_id"] in joined or not row["fact_id"]:
            raise facts.fault(index, "fact_id", row["fact_id"], "an id of its own")
        name = _of(names, facts, index, "indicator_id", row, "indicators.csv")
        place = _of(places, facts, index, "area", row, "areas.csv")
        base = _of(bases, facts, index, "unit", row, "units.csv")
        # a place in a ranking is a whole number, even a forecast one
        exact = _is_exact(row, base) or name["measure"] == "rank"
        most = 100 if name["measure"] == "share" else math.inf  # no part is larger than its whole
        figure = row["value"], row["unit"], row["bound"], exact, most
        if figure not in measured:  # the same figure is measured once, however many facts print it
            measured[figure] = _measured(facts, index, row, base, exact, most)
        places_in_text = printed.get(row["fact_id"], _UNPRINTED)
        joined[row["fact_id"]] = row | name | place | measured[figure] | places_in_text
    return joined


def _by_id(table: _Table, key: str, *columns: str, **renamed: str) -> dict[str, dict]:
    """The columns of each row as a dict, by the row's key."""
    taken = dict(zip(columns, columns, strict=True)) | renamed
    rows = table.pick(key, *taken.values())
    return {name: dict(zip(taken, cells, strict=True)) for name, *cells in rows}


def _measured(facts: _Table, index: int, row: dict, base: _Base, exact: bool, most: float) -> dict:
    """A figure in its base unit: exact, and as floats."""
    try:
        value, lower, upper = printed_bounds(row["value"], row["bound"], exact)
    except LangfangError as error:
        column = "bound" if str(error).startswith("bound") else "value"
        raise facts.fault(index, column, row[column], str(error).partition("expected ")[2]) from None
    value, lower, upper = (e if isinstance(e, float) else e * base.factor for e in (value, lower, upper))
    ends = value, lower, max(value, Fraction(most) if upper > most else upper)
    floats = dict(zip(("value", "lower", "upper"), map(float, ends), strict=True))
    return {"printed": row["value"], "base_unit": base.name, "fractions": ends, **floats}


class _Base(NamedTuple):
    name: str
    factor: Fraction
    counted: bool  # one of it is one of the base unit, and whole numbers of it are counts


def _bases(units: _Table) -> dict[str, _Base]:
    bases = {}
    columns = units.pick("unit", "base_unit", "factor", "countable")
    for index, (unit, name, factor, countable) in enumerate(columns):
        number = Fraction(factor if re.fullmatch(r"\d{1,18}(\.\d{1,18})?", factor, re.ASCII) else 0)
        if number <= 0:
            raise units.fault(index, "factor", factor, "a number above 0")
        bases[unit] = _Base(name, number, countable == "true" and number == 1)
    return bases


_UNPRINTED = {"paragraph": None, "text": "", "paragraphs": []}


def _mentions(mentions: _Table) -> dict[str, dict]:
    """Where each fact is printed, in the order of the source: first paragraph and text, all paragraphs."""
    found = {}
    columns = mentions.pick("fact_id", "role", "paragraph", "start", "text")
    for index, (fact_id, role, paragraph, start, text) in enumerate(columns):
        if role == "fact":
            try:
                found.setdefault(fact_id, []).append((int(paragraph[:18]), int(start[:18]), text))
            except ValueError:
                cells = f"{paragraph}, {start}"
                raise mentions.fault(index, "paragraph, start", cells, "whole numbers") from None
    return {fact_id: _places(sorted(places)) for fact_id, places in found.items()}


def _places(places: list[tuple[int, int, str]]) -> dict:
    paragraphs = list(dict.fromkeys(paragraph for paragraph, _, _ in places))
    return {"paragraph": paragraphs[0], "text": places[0][2], "paragraphs": paragraphs}


def _of(known: dict, facts: _Table, index: int, column: str, row: dict, file: str):
    try:
        return known[row[column]]
    except KeyError:
        expected = f"one that stands in {file}{_nearest(row[column], known)}"
        raise facts.fault(index, column, row[column], expected) from None


def _is_exact(row: dict, base: _Base) -> bool:
    """Whether print leaves no doubt: a count of countable things, or a figure set by rule."""
    if row["status"] in ("target", "norm"):
        return True
    return base.counted and row["status"] != "forecast" and "." not in row["value"]


def _nearest(name: str, names) -> str:
    """Names a misspelt one may stand for, as the end of a message."""
    from difflib import get_close_matches

    near = get_close_matches(name, list(names), n=3, cutoff=0.5)
    near = near or [known for known in names if name and name in known][:3]  # "pm25" for pm25_annual_mean
    return f"; did you mean {', '.join(near)}?" if near else ""


def _one_fact(fact_id: str, folder: Path) -> dict:
    facts = _facts(folder)
    if fact_id not in facts:
        raise LangfangError(f"no fact {fact_id!r} in facts.csv{_nearest(fact_id, facts)}")
    return facts[fact_id]


# ---- the public functions ----


def load(table: str = "facts", data=None) -> pd.DataFrame:
    """A table as a tidy frame.

    Parameters
    ----------
    table : str
        ``facts`` comes joined and in base units (below). The others, such as ``mentions``, ``entities``,
        ``queries`` or ``sources``, come as in their files: text as text (empty cells are ``""``), numbers as
        numbers.
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
        For an unknown table, a missing file or column, an unknown unit or a value that cannot be read; it
        names file, row, column, value and what was expected.

    Examples
    --------
    >>> facts = load("facts")
    >>> forest = facts[facts["indicator_id"] == "forest_land_area"]
    >>> forest[["printed", "unit", "value", "base_unit"]].to_dict("list")
    {'printed': ['326.41'], 'unit': ['万亩'], 'value': [3264100.0], 'base_unit': ['mu']}
    """
    folder = data_dir(data)
    if table not in _NEEDED and f"{table}.csv" not in os.listdir(folder):
        known = sorted(path.stem for path in folder.glob("*.csv"))
        near = _nearest(table, known) or f"; it holds {', '.join(known) or 'none'}"
        raise LangfangError(f"no table {table!r} in {folder}{near}")
    return _facts_frame(_facts(folder).values()) if table == "facts" else _frame(_table(table, folder))


def _facts_frame(facts) -> pd.DataFrame:
    facts = list(facts)
    columns = {name: [fact[name] for fact in facts] for name in _COLUMNS.split()}
    return _typed(columns, _TYPES)


def find(word: str, data=None) -> pd.DataFrame:
    """Facts whose indicator's name holds the word, Chinese or English, in capitals or not.

    Parameters
    ----------
    word : str
        One word or several; all must stand in the names or the id of the indicator.
    data : path, optional
        Another folder of tables.

    Returns
    -------
    pandas.DataFrame
        ``fact_id``, ``name_en``, ``name_zh``, ``area_en``, ``period``, ``status``, ``figure`` (as printed)
        and ``paragraph``; no rows where nothing matches.

    Examples
    --------
    >>> find("林地面积")[["fact_id", "figure", "paragraph"]]
                           fact_id    figure  paragraph
    0  forest_land_area-2019-06-30  326.41万亩         60
    >>> len(find("Forest Coverage")) == len(find("forest coverage")) > 0
    True
    """
    wanted = [normalise(part).casefold() for part in str(word).split()]
    hits = [fact for fact in _facts(data_dir(data)).values() if _names_hold(fact, wanted)]
    frame = _facts_frame(hits)
    frame["figure"] = [_as_printed(fact) for fact in hits]
    return frame[["fact_id", "name_en", "name_zh", "area_en", "period", "status", "figure", "paragraph"]]


def _names_hold(fact: dict, wanted: list[str]) -> bool:
    names = normalise(f"{fact['name_en']}|{fact['name_zh']}|{fact['indicator_id']}").casefold()
    return bool(wanted) and all(word in names for word in wanted)


def _as_printed(fact: dict) -> str:
    return fact["text"] or print_figure(fact["printed"], fact["unit"], fact["bound"])


def series(
    indicator_id: str,
    area: str | None = None,
    status: str | None = None,
    source: str | None = None,
    vintage: str | None = None,
    data=None,
) -> pd.DataFrame:
    """One indicator over time.

    Parameters
    ----------
    indicator_id : str
        As in ``load("indicators")``.
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
        Rows of ``load("facts")`` in the order of their periods.

    Raises
    ------
    LangfangError
        For an unknown name (with the nearest ones), for several areas or vintages where none is chosen, and
        where nothing is left.

    Examples
    --------
    >>> series("xiaokang_index", area="langfang")[["period", "value"]].tail(2)
      period  value
    4   2018  94.97
    5   2019  98.04
    """
    facts = [fact for fact in _facts(data_dir(data)).values() if fact["indicator_id"] == indicator_id]
    if not facts:
        known = {fact["indicator_id"] for fact in _facts(data_dir(data)).values()}
        raise LangfangError(f"no facts of indicator {indicator_id!r}{_nearest(indicator_id, sorted(known))}")
    facts = _chosen(facts, indicator_id, "area", area, ("area", "area_en", "area_zh"))
    facts = _chosen(facts, indicator_id, "status", status)
    facts = _chosen(facts, indicator_id, "source", source, ("source_id",))
    facts = _chosen(facts, indicator_id, "vintage", vintage)
    _refuse_mixture(facts, indicator_id)
    return _facts_frame(sorted(facts, key=_time))


def _chosen(facts: list, indicator_id: str, what: str, wanted: str | None, columns=()) -> list:
    if wanted is None:
        return facts
    columns = columns or (what,)
    left = [fact for fact in facts if wanted in (fact[column] for column in columns)]
    if not left:
        known = ", ".join(sorted({repr(fact[columns[0]]) for fact in facts}))
        raise LangfangError(f"{indicator_id} has no {what} {wanted!r}; it has {known}")
    return left


def _refuse_mixture(facts: list, indicator_id: str) -> None:
    areas = sorted({fact["area"] for fact in facts})
    if len(areas) > 1:
        raise LangfangError(f"{indicator_id} has several areas: {', '.join(areas)}; choose one with area=")
    bases = sorted({fact["vintage"]: fact["source_id"] for fact in facts}.items())
    if len(bases) > 1:
        meet = " and ".join(f"{vintage!r} ({source})" for vintage, source in bases)
        raise LangfangError(f"{indicator_id}: {meet} must not be compared; choose with vintage= or source=")
    units = sorted({fact["base_unit"] for fact in facts})
    if len(units) > 1:
        raise LangfangError(f"{indicator_id} has several base units: {', '.join(units)}; expected one")


def _time(fact: dict) -> tuple[str, ...]:
    """Sorts by the period's end, then its start."""
    period = fact["period"]
    return period.partition("/")[2] or period, period, fact["fact_id"]


def fact(fact_id: str, data=None) -> Quantity:
    """One fact as a quantity in its base unit, with the bounds that follow from how it is printed.

    Examples
    --------
    >>> q = fact("forest_coverage-2019-06-30")
    >>> q.value, q.lower, q.upper, q.unit
    (33.86, 33.855, 33.865, '%')
    """
    found = _one_fact(fact_id, data_dir(data))
    return Quantity(*found["fractions"], found["base_unit"], found["name_en"])


def in_chinese(quantity: Quantity, spec: str = "", data=None) -> str:
    """A quantity in Chinese usage, its unit in Chinese: 420亿元以上, 7.63个百分点, 13791家.

    Parameters
    ----------
    quantity : Quantity
    spec : str
        Format of the number, such as ``".1f"``; by default as many decimals as its precision bears.
    data : path, optional
        Another folder of tables.

    Examples
    --------
    >>> in_chinese(fact("households_coal_replaced-undated")), in_chinese(fact("listed_companies-latest"))
    ('100余万户', '65家')
    """
    units = _bases(_table("units", data_dir(data)))
    same = [(unit, base) for unit, base in units.items() if base.name == quantity.unit]
    same.sort(key=lambda pair: "(" in pair[0])  # 家 rather than 名(企业)
    return _quantity.in_chinese(quantity, spec, next(filter(None, starmap(_word, same)), None))


def _word(unit: str, base: _Base) -> str:
    """The measure word of a printed unit (万吨 → 吨), or '' where the factor is not that of its scale."""
    scale = {10**4: "万", 10**8: "亿", 10**12: "万亿"}.get(base.factor, "")
    unit = unit.partition("(")[0]  # 万户(市场主体)
    return unit.removeprefix(scale) if base.factor == 1 or (scale and unit.startswith(scale)) else ""


def cite(fact_id: str, lang: str = "en", data=None) -> str:
    """The citation of a fact: source, place in it, and the figure as printed; what is unknown is left out.

    Parameters
    ----------
    fact_id : str
    lang : str
        ``en``, or ``zh`` for the form of GB/T 7714 for a page on the web.
    data : path, optional
        Another folder of tables.

    Examples
    --------
    >>> print(cite("forest_coverage-2019-06-30").partition(". ")[2])
    Section “survey: results (5) environment”, paragraph 60: printed as “33.86%”.
    >>> cite("forest_coverage-2019-06-30", lang="zh").partition(":")[0]
    '祝雪娟. 百城千县万村调研行丨河北廊坊'
    """
    folder = data_dir(data)
    found = _one_fact(fact_id, folder)
    source = _source(found, folder)
    if lang not in ("en", "zh"):
        raise LangfangError(f"lang {lang!r}: expected en or zh")
    return (_cite_zh if lang == "zh" else _cite_en)(source, found, found["paragraphs"], folder)


def _source(found: dict, folder: Path) -> dict:
    table = _table("sources", folder)
    for row in table.rows:
        source = dict(zip(table.columns, row, strict=True))
        if source["source_id"] == found["source_id"]:
            return source
    raise LangfangError(f"facts.csv, column source_id: {found['source_id']!r} – expected one of sources.csv")


def _cite_en(source: dict, found: dict, places: list[int], folder: Path) -> str:
    section = _section(found, folder)
    columns = ("author", "title", "publisher", "published", "locator")
    title = source["title"].translate(str.maketrans("“”", "‘’"))
    work = [f"“{title}”" if name == "title" else source[name] for name in columns]
    where = [f"Section “{section}”" if section else "", f"paragraph {places[0]}" if places else ""]
    again = f", again in paragraph{'s' if len(places) > 2 else ''} {_and(places[1:])}" if places[1:] else ""
    figure = f"printed as “{_as_printed(found)}”{again}"
    place = _some(": ", [_some(", ", where), figure])
    return f"{_some(', ', work)}. {place[0].upper()}{place[1:]}."


def _some(between: str, parts) -> str:
    return between.join(filter(None, parts))


def _and(numbers: list[int]) -> str:
    *most, last = map(str, numbers)
    return _some(" and ", [", ".join(most), last])


def _section(found: dict, folder: Path) -> str:
    place = (found["source_id"], str(found["paragraph"]))
    rows = _table("paragraphs", folder).pick("source_id", "paragraph", "section")
    return next((section for source, paragraph, section in rows if (source, paragraph) == place), "")


def _cite_zh(source: dict, found: dict, places: list[int], folder: Path) -> str:
    work = [source["author"] or source["publisher"], f"{source['title']}[EB/OL]"]
    made = source["publisher"] if source["author"] else ""
    made += f"({source['published']})" if source["published"] else ""
    place = f"第{'、'.join(map(str, places))}段" if places else ""
    return _some(". ", [*work, made, source["locator"], f"{place}“{_as_printed(found)}”"]) + "."
