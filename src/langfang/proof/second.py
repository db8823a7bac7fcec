"""The second readings: what someone read of the sources without sight of the tables, held against them.

A second reading is a CSV file. With a column ``fact_id`` its rows are facts; else each row is a place of a
transcribed source (``source_id``, ``paragraph``, ``start``), and every place is there. Columns that a table
has too are compared; the others are the reader's own.
"""

from langfang.proof.rules import by, rule

SETTLE = "as {0} row {1} reads it; a correction touches both"


@rule("facts", "{2!r}, " + SETTLE)
def facts_agree_with_the_second_reading(facts, mentions, readings):
    known, places = by("fact_id", facts), _places(mentions)
    for row in readings:
        mention = places.get(_place(row))
        fact = known.get(row["fact_id"] if "fact_id" in row else mention["fact_id"] if mention else "")
        for column in _shared(row, fact or {}, ("fact_id", "source_id", "note")):
            if row.get("role", "fact") == "fact" and fact[column] != row[column]:
                yield fact, column, row["in_file"], row["line"], row[column]


@rule("mentions", "{2!r}, " + SETTLE)
def mentions_agree_with_the_second_reading(mentions, readings):
    places = _places(mentions)
    for row in readings:
        mention = places.get(_place(row), {}) if "fact_id" not in row else {}
        for column in _shared(row, mention, ("source_id", "paragraph", "start", "note")):
            if mention[column] != row[column]:
                yield mention, column, row["in_file"], row["line"], row[column]


@rule("readings", "{0}")
def the_second_reading_has_the_same_rows(facts, mentions, readings):
    known, places = by("fact_id", facts), _places(mentions)
    for row in readings:
        if "fact_id" in row and row["fact_id"] not in known:
            yield row, "fact_id", "a fact of facts.csv, or no such row"
        if "fact_id" not in row and _place(row) not in places:
            yield row, "start", "a place of mentions.csv, or no such row"


@rule("mentions.start", "a row of {0} for this place: it reads this source to the end")
def every_place_was_read_twice(mentions, readings):
    files = {_place(row)[0]: row["in_file"] for row in readings if "fact_id" not in row}
    read = {_place(row) for row in readings if "fact_id" not in row}
    for place, row in _places(mentions).items():
        if place[0] in files and place not in read:
            yield row, files[place[0]]


def _place(row):
    return row.get("source_id"), row.get("paragraph"), row.get("start")


def _places(mentions):
    return {_place(row): row for row in mentions if row["role"] != "name"}


def _shared(row, ours, keys):
    """The columns that a second reading and a row of ours have both, keys and notes apart."""
    return [column for column in row if column in ours and column not in (*keys, "line", "in_file")]
