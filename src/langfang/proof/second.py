"""The second readings: what someone read of the sources without sight of the tables, held against them.

A second reading is a CSV file. With a column ``fact_id`` its rows are facts; else each row is a place of a
transcribed source (``source_id``, ``paragraph``, ``start``), and every place is there. Columns that a table
has too are compared; the others are the reader's own.
"""

from langfang.proof.rules import by, rule

SETTLE = "{2!r}, as {0} row {1} reads it; a correction touches both"


def _place(row):
    return row.get("source_id"), row.get("paragraph"), row.get("start")


def _pairs(tables):
    """(row read, the mention at its place, the fact) of every second reading; {} for what is not there."""
    facts, mentions = by("fact_id", tables.facts), _places(tables)
    for row in tables.readings:
        mention = {} if "fact_id" in row else mentions.get(_place(row), {})
        yield row, mention, facts.get(row.get("fact_id", mention.get("fact_id")), {})


def _places(tables):
    return {_place(row): row for row in tables.mentions if row["role"] != "name"}


def _differing(row, ours, keys):
    """The columns, but for keys and notes, in which a second reading and a row of ours differ."""
    own = ("source_id", "note", "line", "in_file", *keys)
    for column in row:
        if column in ours and column not in own and ours[column] != row[column]:
            yield ours, column, row["in_file"], row["line"], row[column]


@rule("facts", SETTLE)
def facts_agree_with_the_second_reading(tables):
    for row, _, fact in _pairs(tables):
        if row.get("role", "fact") == "fact":
            yield from _differing(row, fact, ["fact_id"])


@rule("mentions", SETTLE)
def mentions_agree_with_the_second_reading(tables):
    for row, mention, _ in _pairs(tables):
        yield from _differing(row, mention, ["paragraph", "start"])


@rule("readings", "{0}")
def the_second_reading_has_the_same_rows(tables):
    for row, mention, fact in _pairs(tables):
        if "fact_id" in row and not fact:
            yield row, "fact_id", "a fact of facts.csv, or no such row"
        if "fact_id" not in row and not mention:
            yield row, "start", "a place of mentions.csv, or no such row"


@rule("mentions.start", "a row of {0} for this place: it reads this source to the end")
def every_place_was_read_twice(tables):
    read = {_place(row): row["in_file"] for row in tables.readings if "fact_id" not in row}
    files = {source: file for (source, *_), file in read.items()}
    for place, row in _places(tables).items():
        if place[0] in files and place not in read:
            yield row, files[place[0]]
