"""What a curator runs: take in the paragraphs of a new source, refresh what is generated from the tables.

``python -m langfang.proof.curate add-source report.txt --id example-2021 --published 2021-03-01 --title "…"``
``python -m langfang.proof.curate describe``
"""

import argparse
import csv
import io
import sys
from datetime import date
from pathlib import Path

from langfang.data.files import write_whole
from langfang.errors import LangfangError
from langfang.printed.reading import digest, numerals, paragraphs
from langfang.proof.article import digest_of
from langfang.proof.check import folder_of, read_source
from langfang.proof.rules import COLUMNS
from langfang.proof.schema import describe, read_table


def add_source(file, source_id, published, title, data=None):
    """Add a source and its paragraphs (number, hash, count of numerals) to the tables; figures are not read.

    Parameters
    ----------
    file : path
        The text of the source, UTF-8 or GB 18030, one paragraph a line.
    source_id, published, title : str
        Its id, ISO date and title; publisher, author and locator are filled in by hand.
    data : path, optional
        Folder with the tables; default: the data that come with the library.

    Returns
    -------
    int
        How many paragraphs were added.
    """
    folder = folder_of(data)
    text, faults = read_source(file)
    if faults:
        raise LangfangError(str(faults[0]))
    lines = paragraphs(text)
    rows = [
        {"source_id": source_id, "paragraph": n, "sha256": digest(line), "numerals": len(numerals(line))}
        for n, line in enumerate(lines, 1)
    ]
    source = {"source_id": source_id, "kind": "transcribed", "title": title, "published": published}
    source["accessed"] = date.today().isoformat()
    append(folder, "sources", [source | {"sha256": digest_of(lines)}], "source_id")
    append(folder, "paragraphs", rows, "source_id")
    describe(folder)
    return len(rows)


def append(folder, table, rows, key):
    """Add rows (dicts; what is missing is empty) to the end of a table; refuse keys that it already has."""
    path = Path(folder) / f"{table}.csv"
    old, faults = read_table(path)
    if old is None or old.columns != COLUMNS[table]:
        raise LangfangError(
            str(faults[0]) if faults else f"{path.name}: columns {', '.join(COLUMNS[table])} expected"
        )
    known = {row[key] for row in old.rows}
    for row in rows:
        if row[key] in known:
            raise LangfangError(f"{path.name}, {key}: {row[key]!r} is already there")
    out = io.StringIO()
    csv.DictWriter(out, old.columns, restval="", lineterminator="\n").writerows(rows)
    write_whole(path, path.read_text(encoding="utf-8") + out.getvalue())


# The columns of langfang.csv, for readers of a spreadsheet, and the column of `load("facts")` behind each.
FLAT = {
    "fact_id": "fact_id",
    "theme": "theme",
    "indicator": "name_en",
    "指标": "name_zh",
    "area": "area_en",
    "地区": "area_zh",
    "period": "period",
    "period_basis": "period_basis",
    "status": "status",
    "as_printed": "text",
    "value": "printed",
    "unit": "unit",
    "bound": "bound",
    "value_base": "value",
    "lower_base": "lower",
    "upper_base": "upper",
    "base_unit": "base_unit",
    "vintage": "vintage",
    "source": "title",
    "publisher": "publisher",
    "paragraph": "paragraph",
    "note": "note",
}


def flatten(data=None):
    """All facts in one flat table with names in both languages, bounds and place: the text of langfang.csv.

    Parameters
    ----------
    data : path, optional
        Folder with the tables; default: the data that come with the library.

    Returns
    -------
    str
        CSV that starts with a byte-order mark: without it Excel takes UTF-8 for another encoding.
    """
    from langfang.data.facts import load

    sources = load("sources", data=data).set_index("source_id")
    facts = load("facts", data=data).join(sources[["title", "publisher"]], on="source_id")
    flat = facts[list(FLAT.values())].set_axis(list(FLAT), axis="columns")
    flat = flat.replace(float("inf"), float("nan"))  # an open end is an empty cell in a spreadsheet
    return "\ufeff" + flat.to_csv(index=False, lineterminator="\n", float_format="%.15g")


def refresh(data=None):
    """Write langfang.csv anew, then hashes and sizes in datapackage.json."""
    folder = Path(folder_of(data))
    write_whole(folder / "langfang.csv", flatten(folder))
    describe(folder)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m langfang.proof.curate", description=__doc__.splitlines()[0])
    jobs = parser.add_subparsers(dest="job", required=True)
    add = jobs.add_parser("add-source", help="take in the paragraphs of a new source")
    add.add_argument("file")
    for name in ("--id", "--published", "--title"):
        add.add_argument(name, required=True)
    describing = jobs.add_parser("describe", help="refresh langfang.csv, and the hashes in datapackage.json")
    for job in (add, describing):
        job.add_argument("--data", help="folder with the tables")
    given = parser.parse_args(arguments)
    try:
        if given.job == "describe":
            refresh(given.data)
            return 0
        number = add_source(given.file, given.id, given.published, given.title, given.data)
    except LangfangError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{number} paragraphs taken in. Fill in section, publisher and locator; then list what is left to do:"
    )
    print(f"langfang check --source {given.file}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
