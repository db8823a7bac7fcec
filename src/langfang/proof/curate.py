"""What a curator's commands do: take in a source, or its corrected text."""

import re
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

from langfang.data.files import write_whole
from langfang.data.tables import data_dir, read_table
from langfang.errors import LangfangError
from langfang.printed.numerals import digest, numerals, paragraphs
from langfang.proof.article import digest_of
from langfang.proof.check import read_source
from langfang.proof.propose import as_csv
from langfang.proof.rules import COLUMNS
from langfang.proof.schema import describe, is_date


def add_source(file, source_id, published, title, data=None):
    """Add a source and its paragraphs (number, hash, count of numerals) to the tables; figures are not read.

    Everything given is tested first, and the tables are written all or not at all.

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

    Raises
    ------
    LangfangError
        If the id is no slug or taken, the date no date, the title empty, or the text none.
    """
    folder = Path(data_dir(data))
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", source_id):
        raise LangfangError(
            f"id {source_id!r}: expected lower-case letters, digits and hyphens, as in dali-2017"
        )
    if not is_date(published):
        raise LangfangError(f"published {published!r}: expected a date: 2021-03-01, 2021-03 or 2021")
    if not title.strip() or len(title.splitlines()) > 1:
        raise LangfangError(f"title {title!r}: expected a title on one line")
    lines = _lines(file)
    sources, rows = _rows(folder, "sources"), _rows(folder, "paragraphs")
    if any(row["source_id"] == source_id for row in [*sources, *rows]):
        raise LangfangError(f"sources.csv, source_id: {source_id!r} is already there")
    source = {"source_id": source_id, "kind": "transcribed", "title": title.strip(), "published": published}
    source["accessed"] = date.today().isoformat()
    sources.append(dict.fromkeys(COLUMNS["sources"], "") | source | {"sha256": digest_of(lines)})
    rows += (_paragraph(source_id, number, line) for number, line in enumerate(lines, 1))
    _write(folder, sources=sources, paragraphs=rows)
    return len(lines)


def refresh_source(file, source_id, data=None):
    """Take in a corrected text of a source: hashes and counts anew, sections and mentions where they belong.

    Mentions move with their paragraphs; the check then names those whose place within one has changed.

    Parameters
    ----------
    file, source_id, data : as for `add_source`

    Returns
    -------
    list of int
        The paragraphs whose text is new or changed.
    """
    folder, lines = Path(data_dir(data)), _lines(file)
    sources, rows, mentions = (_rows(folder, name) for name in ("sources", "paragraphs", "mentions"))
    old = [row for row in rows if row["source_id"] == source_id]
    if not old:
        raise LangfangError(f"id {source_id!r}: expected a source that paragraphs.csv has")
    new = [_paragraph(source_id, number, line) for number, line in enumerate(lines, 1)]
    moved, changed = {}, []
    hashes = [[row["sha256"] for row in part] for part in (old, new)]
    for kind, first, last, start, end in SequenceMatcher(None, *hashes, autojunk=False).get_opcodes():
        for before, after in zip(old[first:last], new[start:end], strict=False):
            moved[before["paragraph"]] = str(after["paragraph"])
            after["section"] = before["section"]
        changed += [] if kind == "equal" else range(start + 1, end + 1)
    for row in mentions:
        if row["source_id"] == source_id:
            row["paragraph"] = moved.get(row["paragraph"], row["paragraph"])
    for row in sources:
        row["sha256"] = digest_of(lines) if row["source_id"] == source_id else row["sha256"]
    at = rows.index(old[0])
    rest = [row for row in rows if row["source_id"] != source_id]
    _write(folder, sources=sources, paragraphs=[*rest[:at], *new, *rest[at:]], mentions=mentions)
    return changed


def _lines(file):
    """The normalised paragraphs of a text file, at least one."""
    text, faults = read_source(file)
    lines = paragraphs(text)
    if faults or not lines:
        raise LangfangError(
            str(faults[0]) if faults else f"{Path(file).name}: '' – expected text, a paragraph a line"
        )
    return lines


def _paragraph(source_id, number, line):
    found = {"paragraph": number, "sha256": digest(line), "numerals": len(numerals(line))}
    return {"source_id": source_id, "section": ""} | found


def _rows(folder, name):
    """The rows of a table that can be read and has its columns."""
    table = read_table(folder / f"{name}.csv")
    if table.broken or list(table.columns) != COLUMNS[name]:
        expected = f"{name}.csv: columns {', '.join(COLUMNS[name])} expected"
        raise LangfangError(str(table.broken[0]) if table.broken else expected)
    return table.rows


def _write(folder, **tables):
    """Write tables, all or none: what was written before one failed is put back."""
    old = {name: (folder / f"{name}.csv").read_bytes().decode("utf-8") for name in tables}
    try:
        for name, rows in tables.items():
            cells = ([row[column] for column in COLUMNS[name]] for row in rows)
            write_whole(folder / f"{name}.csv", as_csv([COLUMNS[name], *cells]))
        describe(folder)
    except (LangfangError, OSError):
        for name, text in old.items():
            write_whole(folder / f"{name}.csv", text)
        raise
