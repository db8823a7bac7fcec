"""What a curator's commands do: take in a source, or its corrected text."""

import re
from datetime import date
from difflib import SequenceMatcher

from langfang.data.files import write_whole
from langfang.data.tables import data_dir, open_folder
from langfang.errors import LangfangError
from langfang.printed.numerals import digest, numerals
from langfang.proof.article import digest_of, read_paragraphs
from langfang.proof.propose import as_csv
from langfang.proof.schema import describe, is_date


def add_source(file, source_id, published, title, data=None):
    """Add a source and its paragraphs (number, hash, count of numerals) to the tables; returns their number.

    Publisher, author, locator and figures are filled in by hand. Everything given is tested first, and the
    tables are written all or not at all. Raises a LangfangError if the id is no slug or taken, the date no
    date, the title empty, or the text (UTF-8 or GB 18030, a paragraph a line) none.
    """
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", source_id):
        raise LangfangError(
            f"id {source_id!r}: expected lower-case letters, digits and hyphens, as in dali-2017"
        )
    if not is_date(published):
        raise LangfangError(f"published {published!r}: expected a date: 2021-03-01, 2021-03 or 2021")
    if not title.strip() or len(title.splitlines()) > 1:
        raise LangfangError(f"title {title!r}: expected a title on one line")
    lines, tables = read_paragraphs(file), _tables(data, "sources", "paragraphs")
    if any(row["source_id"] == source_id for rows in tables.values() for row in rows):
        raise LangfangError(f"sources.csv, source_id: {source_id!r} is already there")
    source = {"source_id": source_id, "kind": "transcribed", "title": title.strip(), "published": published}
    source |= {"accessed": date.today().isoformat(), "sha256": digest_of(lines)}
    tables["sources"].append(source)
    tables["paragraphs"] += _paragraphs(source_id, lines)
    _write(data, tables)
    return len(lines)


def refresh_source(file, source_id, data=None):
    """Take in a corrected text of a source: hashes and counts anew, sections and mentions where they belong.

    Returns the numbers of the paragraphs whose text is new or changed. Mentions move with their paragraphs;
    the check then names those whose place within one has changed.
    """
    lines, tables = read_paragraphs(file), _tables(data, "sources", "paragraphs", "mentions")
    old = [row for row in tables["paragraphs"] if row["source_id"] == source_id]
    if not old:
        raise LangfangError(f"id {source_id!r}: expected a source that paragraphs.csv has")
    new = _paragraphs(source_id, lines)
    moved, changed = {}, []
    hashes = [[row["sha256"] for row in part] for part in (old, new)]
    for kind, first, last, start, end in SequenceMatcher(None, *hashes, autojunk=False).get_opcodes():
        for before, after in zip(old[first:last], new[start:end], strict=False):
            moved[before["paragraph"]] = str(after["paragraph"])
            after["section"] = before["section"]
        changed += [] if kind == "equal" else range(start + 1, end + 1)
    for row in tables["mentions"]:
        if row["source_id"] == source_id:
            row["paragraph"] = moved.get(row["paragraph"], row["paragraph"])
    for row in tables["sources"]:
        row["sha256"] = digest_of(lines) if row["source_id"] == source_id else row["sha256"]
    at = tables["paragraphs"].index(old[0])
    rest = [row for row in tables["paragraphs"] if row["source_id"] != source_id]
    tables["paragraphs"] = [*rest[:at], *new, *rest[at:]]
    _write(data, tables)
    return changed


def _paragraphs(source_id, lines):
    return [
        {"source_id": source_id, "paragraph": number, "sha256": digest(line), "numerals": len(numerals(line))}
        for number, line in enumerate(lines, 1)
    ]


def _tables(data, *names):
    """Copies of the rows of tables that can be read and have their columns, by name."""
    folder, tables = open_folder(data), {}
    for name in names:
        table, expected = folder.table(name), list(open_folder().types[name])
        if list(table.columns) != expected:
            raise LangfangError(f"{name}.csv: columns {', '.join(expected)} expected")
        tables[name] = [dict(row) for row in table.rows]
    return tables


def _write(data, tables):
    """Write tables, all or none: what was written before one failed is put back."""
    paths = {name: data_dir(data) / f"{name}.csv" for name in tables}
    old = {path: path.read_bytes().decode("utf-8") for path in paths.values()}
    try:
        for name, rows in tables.items():
            write_whole(paths[name], as_csv(rows, open_folder().types[name]))
        describe(data_dir(data))
    except (LangfangError, OSError):
        for path, text in old.items():
            write_whole(path, text)
        raise
