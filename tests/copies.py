"""The data set several times over, as if so many reports had been taken in: what takes how long then?

Every row that belongs to a source is copied with ids of its own; areas, indicators, units and terms, which
sources share, are not. Copies have the same faults and verdicts as the original.
"""

import csv
import io
import re
import shutil
from pathlib import Path

from langfang.audit.flat import refresh
from langfang.data.tables import data_dir

# The columns of each table that hold ids of one source, and those whose text holds some.
IDS = {
    "sources": ["source_id"],
    "paragraphs": ["source_id"],
    "facts": ["fact_id", "source_id"],
    "mentions": ["source_id", "fact_id", "entity_id"],
    "entities": ["entity_id"],
    "queries": ["query_id", "fact_ids", "readings"],
}
KEYS = {table: columns[0] for table, columns in IDS.items() if table not in ("mentions", "paragraphs")}


def copies(folder, number, data=None, whole=True):
    """Write the tables into ``folder`` as if there were ``number`` times as many sources.

    Without ``whole`` relations, hashes and the flat table stay those of one: enough to load a thousand.
    """
    shutil.copytree(data_dir(data), folder)
    tables = {table: rows(folder / f"{table}.csv") for table in IDS}
    known = {row[key] for table, key in KEYS.items() for row in tables[table]}
    relations = (folder / "relations.toml").read_text(encoding="utf-8")
    report = next(row["source_id"] for row in tables["sources"] if row["kind"] == "transcribed")
    for n in range(2, number + 1):
        for table, columns in IDS.items():
            copied = (row | {c: renamed(row[c], known, n) for c in columns} for row in tables[table])
            append(folder / f"{table}.csv", as_csv(copied, list(tables[table][0])))
        if whole:
            source = renamed(report, known, n)
            append(folder / "relations.toml", copied_relations(relations, known, n, source))
    if whole:
        refresh(folder)
    return folder


def rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def renamed(text, known, n):
    """The text with every known id in it marked as that of a copy."""
    return re.sub(r"[\w.-]*[\w-]", lambda m: _one(m[0], known, n), text, flags=re.ASCII)


def _one(word, known, n):
    name, _, column = word.partition(".")  # it_revenue-2019.period, in a reading
    return f"{name}-copy{n}{_}{column}" if name in known else word


def copied_relations(text, known, n, source):
    """Each relation under a name of its own, about the facts of the copy."""
    text = re.sub(r'(?<=")[\w-]+(?=")', lambda m: _one(m[0], known, n), text)
    text = re.sub(r"(?m)^\[(\w+)(.*)\]$", rf"[\1_copy{n}\2]", text)
    return re.sub(r"(?m)^\[\w+\]$", rf'\g<0>\nsource = "{source}"', text)


def as_csv(rows, columns):
    text = io.StringIO()
    csv.DictWriter(text, columns, lineterminator="\n").writerows(rows)
    return text.getvalue()


def append(path, text):
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text)


if __name__ == "__main__":
    import sys

    copies(Path(sys.argv[1]), int(sys.argv[2]))
