"""Prove a data set: every fault of its tables, against each other, the source and the second readings."""

import re
from collections import Counter
from pathlib import Path

from langfang.data.tables import Fault, data_dir, read_bytes, read_table
from langfang.proof import names, periods, second  # noqa: F401  (their rules)
from langfang.proof.article import Article
from langfang.proof.rules import COLUMNS, RULES, numerals
from langfang.proof.schema import check_hashes, check_structure, read_descriptor

# ---- the public functions ----


def check(data=None, source=None, second_reading=None):
    """Every fault of a data set.

    Parameters
    ----------
    data : path, optional
        Folder with the tables; default: the data that come with the library.
    source : path, optional
        A copy of one source's text (UTF-8 or GB 18030). Its paragraphs are found by their hashes, so
        full-width digits and spaces do not matter. Without it, what stands in the text is not proven.
    second_reading : path or list of paths, optional
        Tables of a second reading; default: those beside the tests of the clone that the data lie in.

    Returns
    -------
    list of Fault
        Empty when everything holds; each fault names file, row, column, value and what was expected.

    Examples
    --------
    >>> from langfang.proof.check import check
    >>> check()
    []
    """
    folder = data_dir(data)
    package, schemas, faults = read_descriptor(folder)
    tables, unread = read_tables(folder)
    text, unreadable = read_source(source)
    readings, unread_too = read_second(second_readings_of(folder, second_reading))
    name = Path(source).name if source else ""
    faults += unread + check_tables(tables, schemas, text, name, readings)
    return list(dict.fromkeys([*faults, *unreadable, *unread_too, *check_hashes(folder, package)]))


def second_readings_of(folder, given=None):
    """The files of the second readings: those given, else those of the clone that the folder is part of."""
    if given is not None:
        return [Path(path) for path in ([given] if isinstance(given, str | Path) else given)]
    return sorted((Path(folder).resolve().parent / "tests").glob("second_reading*.csv"))


def read_tables(folder):
    """The tables of a folder by name, as far as they can be read, and the faults of their form."""
    tables = {name: read_table(Path(folder) / f"{name}.csv") for name in COLUMNS}
    faults = [fault for table in tables.values() for fault in (*table.broken, *table.untidy)]
    return {name: table for name, table in tables.items() if table.columns}, faults


def read_source(path):
    """The text of a source's copy ("" for none) and its faults; UTF-8 or, as in older copies, GB 18030."""
    if path is None:
        return "", []
    raw, faults = read_bytes(Path(path))
    for encoding in ("utf-8-sig", "gb18030") if raw else ():
        try:
            return raw.decode(encoding), faults
        except UnicodeDecodeError:
            continue
    return "", faults or [Fault(Path(path).name, 0, "", "", "text, in UTF-8 or GB 18030")]


def read_second(paths):
    """The rows of second readings, each with its ``in_file``, and the faults of their form."""
    tables = [read_table(path) for path in paths]
    faults = [fault for table in tables for fault in (*table.broken, *table.untidy)]
    return [row for table in tables for row in _rows(table)], faults


def check_tables(tables, schemas, text="", file="source", readings=()):
    """The faults of tables in memory, of a source's text and of second readings: all of check() but files."""
    whole = {
        name: _rows(tables[name])
        for name, columns in COLUMNS.items()
        if name in tables and set(columns) <= set(tables[name].columns)
    }
    if text and "paragraphs" in whole:
        whole["article"] = Article.of(text, file, whole["paragraphs"])
    if readings:
        whole["readings"] = readings
    faults = check_structure(tables, schemas)
    for rule in RULES:
        if all(name in whole for name in rule.tables):
            faults += rule.faults(whole)
    return faults


def _rows(table):
    """The rows with their file, and whole numbers as such; what is none becomes -1 (its type is a fault)."""
    whole = [column for column in ("paragraph", "start", "numerals") if column in table.columns]
    rows = [row | {"in_file": table.file} for row in table.rows]
    for row in rows if whole else ():
        for column in whole:
            row[column] = int(row[column]) if re.fullmatch(r"\d{1,9}", row[column], re.ASCII) else -1
    return rows


# ---- the balance ----


def balance(data=None):
    """How the Arabic numerals of each transcribed source are accounted for, one line per source.

    Parameters
    ----------
    data : path, optional
        Folder with the tables; default: the data that come with the library.

    Returns
    -------
    str
        ``source: total = facts + dates + labels + others``, and the figures that are put in words.
    """
    tables, _ = read_tables(data_dir(data))
    rows = tables["mentions"].rows if "mentions" in tables else []
    sources = dict.fromkeys(row.get("source_id", "") for row in rows)
    return "\n".join(
        _balance(source, [row for row in rows if row.get("source_id") == source]) for source in sources
    )


def _balance(source, rows):
    roles, counts = ("fact", "date", "label", "other"), Counter()
    for row in rows:
        if row.get("role") in roles:
            counts[row["role"]] += len(numerals(row.get("text", "")))
    words = sum(row.get("role") == "fact" and not numerals(row.get("text", "")) for row in rows)
    total = sum(counts.values())
    parts = " + ".join(f"{counts[role]} {role}s" for role in roles)
    return f"{source}: {total} Arabic numerals = {parts}; {words} further figures stand in words"
