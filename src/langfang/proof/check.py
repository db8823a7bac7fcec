"""Prove a data set: every fault of its tables, against each other, the source and the second readings."""

import re
from contextlib import suppress
from pathlib import Path

from langfang.data.tables import DESCRIPTOR, Fault, data_dir, open_folder, read_table
from langfang.errors import LangfangError
from langfang.printed.numerals import numerals
from langfang.proof import names, periods  # noqa: F401  (their rules)
from langfang.proof.article import Article, read_source
from langfang.proof.rules import RULES, MissingTable, Tables, grouped
from langfang.proof.schema import check_hashes, check_structure, read_descriptor


def check(data=None, source=None, second_reading=None):
    """Every fault of a data set but those of the audit; parameters as for `langfang.check`.

    The source's paragraphs are found by their hashes, so full-width digits and spaces do not matter.
    Without it, what stands in the text is not proven.
    """
    folder = data_dir(data)
    package, schemas, faults = read_descriptor(folder)
    tables, unread = read_tables(folder)
    text, unreadable = read_source(source)
    readings, unread_too = read_second(folder, second_reading)
    name = Path(source).name if source else ""
    faults += unread + check_tables(tables, schemas, text, name, readings)
    return list(dict.fromkeys([*faults, *unreadable, *unread_too, *check_hashes(folder, package)]))


def columns():
    """The columns of each table that the rules are about, by the library's own datapackage.json."""
    with suppress(LangfangError):  # it is broken: a fault where its own folder is checked
        tables = open_folder().types.items()
        return {name: list(fields) for name, fields in tables if name != "langfang"}  # all facts again, flat
    return {}


def read_tables(folder):
    """The tables of a folder by name, as far as they can be read, and the faults of their form."""
    there = columns() or sorted(path.stem for path in Path(folder).glob("*.csv"))
    tables = {name: read_table(Path(folder) / f"{name}.csv") for name in there}
    return {name: table for name, table in tables.items() if table.columns}, _faults(tables.values())


def read_second(folder, given=None):
    """The rows of the second readings, those given or those in the folder's clone, and faults of form."""
    if given is None:
        given = sorted((Path(folder).resolve().parent / "tests").glob("second_reading*.csv"))
    tables = [read_table(Path(path)) for path in ([given] if isinstance(given, str | Path) else given)]
    return [row for table in tables for row in _rows(table)], _faults(tables)


def _faults(tables):
    return [fault for table in tables for fault in (*table.broken, *table.untidy)]


def check_tables(tables, schemas, text="", file="source", readings=()):
    """The faults of tables in memory, of a source's text and of second readings: all of check() but files."""
    known = columns().items()
    there = [name for name, needed in known if name in tables and set(needed) <= set(tables[name].columns)]
    whole = {name: _rows(tables[name]) for name in there}
    if text and "paragraphs" in whole:
        whole["article"] = Article.of(text, file, whole["paragraphs"])
    if readings:
        whole["readings"] = readings
    faults, whole = check_structure(tables, schemas), Tables(whole)
    for rule in RULES:
        try:
            faults += list(rule(whole))
        except MissingTable:  # a fault of its own, or of the columns
            continue
        except KeyError as missing:  # in the table neither
            faults.append(Fault(DESCRIPTOR, 0, str(missing.args[0]), "", "a column that the check reads"))
    return faults


def _rows(table):
    """The rows with their file, and whole numbers as such; what is none becomes -1 (its type is a fault)."""
    rows = [row | {"in_file": table.file} for row in table.rows]
    for column in {"paragraph", "start", "numerals"} & table.columns.keys():
        for row in rows:
            row[column] = int(row[column]) if re.fullmatch(r"\d{1,9}", row[column], re.ASCII) else -1
    return rows


def balance(data=None):
    """How the Arabic numerals of each transcribed source are accounted for, one line per source.

    ``source: total = facts + dates + labels + others``, and the figures that are put in words.
    """
    lines = []
    for source, rows in grouped(read_tables(data_dir(data))[0]["mentions"].rows, "source_id").items():
        counts = dict.fromkeys(("fact", "date", "label", "other"), 0)
        for row in rows:
            if row["role"] in counts:
                counts[row["role"]] += len(numerals(row["text"]))
        words = sum(row["role"] == "fact" and not numerals(row["text"]) for row in rows)
        parts = " + ".join(f"{count} {role}s" for role, count in counts.items())
        total = f"{sum(counts.values())} Arabic numerals"
        lines.append(f"{source}: {total} = {parts}; {words} further figures stand in words")
    return "\n".join(lines)
