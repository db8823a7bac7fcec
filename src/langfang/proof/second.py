"""The second readings: what someone read of the sources without sight of the tables, held against them.

A second reading is a CSV file. With a column ``fact_id`` its rows are facts; else each row is a place of a
transcribed source (``source_id``, ``paragraph``, ``start``), and every place is there. Columns that a table
has too are compared; the others are the reader's own.
"""

from langfang.proof.rules import by, rule

KEYS = {"source_id", "note", "line", "in_file"}


@rule("", "{0}")
def tables_agree_with_the_second_readings(tables):
    facts, mentions = by("fact_id", tables.facts), _places(tables)
    for row in tables.readings:
        of_fact = "fact_id" in row
        mention = {} if of_fact else mentions.get(_place(row), {})
        fact = facts.get(row.get("fact_id", mention.get("fact_id")), {})
        if of_fact and not fact:
            yield row, "fact_id", "a fact of facts.csv, or no such row"
        if not of_fact and not mention:
            yield row, "start", "a place of mentions.csv, or no such row"
        is_figure = row.get("role", "fact") == "fact"
        for ours, keys in ((fact if is_figure else {}, {"fact_id"}), (mention, {"paragraph", "start"})):
            for column in sorted((row.keys() & ours.keys()) - keys - KEYS):
                if ours[column] != row[column]:
                    place = f"{row['in_file']} row {row['line']}"
                    yield ours, column, f"{row[column]!r}, as {place} reads it; a correction touches both"


@rule("mentions.start", "a row of {0} for this place: it reads this source to the end")
def every_place_was_read_twice(tables):
    read = {_place(row): row["in_file"] for row in tables.readings if "fact_id" not in row}
    files = {source: file for (source, *_), file in read.items()}
    for place, row in _places(tables).items():
        if place[0] in files and place not in read:
            yield row, files[place[0]]


def _place(row):
    return row.get("source_id"), row.get("paragraph"), row.get("start")


def _places(tables):
    return {_place(row): row for row in tables.mentions if row["role"] != "name"}
