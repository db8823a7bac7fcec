"""Prove the data set: every fault of the tables, against each other and against the article."""

import re
from collections import Counter
from pathlib import Path

from langfang.proof.article import Article
from langfang.proof.rules import COLUMNS, RULES, numerals
from langfang.proof.schema import (
    Fault,
    check_hashes,
    check_structure,
    read_bytes,
    read_descriptor,
    read_table,
)

# ---- the public functions ----


def check(data=None, source=None):
    """Every fault of a data set.

    Parameters
    ----------
    data : path, optional
        Folder with the tables; default: the data that come with the library.
    source : path, optional
        A copy of one source's text (UTF-8 or GB 18030). Its paragraphs are found by their hashes, so
        full-width digits and spaces do not matter. Without it, what stands in the text is not proven.

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
    folder = folder_of(data)
    package, schemas, faults = read_descriptor(folder)
    tables, unread = read_tables(folder)
    text, unreadable = read_source(source)
    wrong = unread + check_tables(tables, schemas, text, Path(source).name if source else "")
    faults += [*unreadable, *check_hashes(folder, package), *(wrong or _unexplained(folder))]
    return list(dict.fromkeys(faults))


def _unexplained(folder):
    """Relations that fail without a query and queries that are over; the tables themselves are sound."""
    from langfang.audit.verdict import unexplained  # pandas comes with it

    return unexplained(folder)


def folder_of(data):
    if data is None:
        from langfang.data.facts import data_dir  # pandas comes with it

        data = data_dir()
    return Path(data)


def read_tables(folder):
    """The tables of a folder by name, as far as they can be read, and the faults of their form."""
    tables, faults = {}, []
    for name in COLUMNS:
        table, found = read_table(folder / f"{name}.csv")
        faults += found
        if table is not None:
            tables[name] = table
    return tables, faults


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


def check_tables(tables, schemas, text="", file="source"):
    """The faults of tables in memory, and of a source's text if given: all of check() but the files."""
    whole = {
        name: [_typed(row) for row in tables[name].rows]
        for name, columns in COLUMNS.items()
        if name in tables and set(columns) <= set(tables[name].columns)
    }
    if text and "paragraphs" in whole:
        whole["article"] = Article.of(text, file, whole["paragraphs"])
    faults = check_structure(tables, schemas)
    for function, names in RULES:
        if all(name in whole for name in names):
            faults += function(*(whole[name] for name in names))
    return faults


WHOLE = ("paragraph", "start", "numerals")


def _typed(row):
    """The row with its whole numbers as such; what is none becomes -1 (the descriptor's types report it)."""
    numbers = {
        c: int(row[c]) if re.fullmatch(r"\d{1,9}", row[c], re.ASCII) else -1 for c in WHOLE if c in row
    }
    return row | numbers if numbers else row


# ---- the balance ----


def balance(data=None):
    """How the Arabic numerals of each transcribed source are accounted for, one line per source.

    Numerals are counted as printed: where a dateline's day and hour meet once white space is gone
    (``2020-10-0110:13``), they count as the two that they are.

    Parameters
    ----------
    data : path, optional
        Folder with the tables; default: the data that come with the library.

    Returns
    -------
    str
        ``source: total = facts + dates + labels + others``, and the figures that are put in words.
    """
    tables, _ = read_tables(folder_of(data))
    rows = tables["mentions"].rows if "mentions" in tables else []
    sources = dict.fromkeys(row.get("source_id", "") for row in rows)
    return "\n".join(
        _balance(source, [row for row in rows if row.get("source_id") == source]) for source in sources
    )


MET = re.compile(r"-\d\d(?=\d\d:\d\d)")


def _balance(source, rows):
    roles, counts, met = ("fact", "date", "label", "other"), Counter(), 0
    for row in rows:
        if row.get("role") in roles:
            counts[row["role"]] += len(numerals(row.get("text", "")))
            met += len(MET.findall(row.get("text", ""))) * (row["role"] == "date")
    counts["date"] += met
    words = sum(row.get("role") == "fact" and not numerals(row.get("text", "")) for row in rows)
    total = sum(counts.values())
    parts = " + ".join(f"{counts[role]} {role}s" for role in roles)
    note = f" ({total - met} once white space is gone: day and hour of the dateline meet)" if met else ""
    return f"{source}: {total} Arabic numerals{note} = {parts}; {words} further figures stand in words"
