"""With the article: every numeral is in its place, and the two readings of it agree.

Needs a copy of the article, which is not in the repository: LANGFANG_SOURCE, or the one beside the clone.
"""

import csv
from collections import Counter

import mutants
import pytest
from sources import ROOT, article_text, needs_article

from langfang.printed import reading
from langfang.proof.check import check_tables

SOURCE = "changcheng-2020-10-01"
FIELDS = ("start", "text", "role", *mutants.FIELDS)


@pytest.fixture(scope="module")
def data():
    return mutants.load(ROOT / "data", article_text() or "")


def of_source(data, table):
    return [row for row in data.tables[table].rows if row["source_id"] == SOURCE]


# ---- the article ----


@needs_article
def test_it_has_258_numerals_and_257_without_white_space(data):
    lines = reading.paragraphs(data.text)
    assert len(reading.numerals(data.text)) == 258
    assert sum(len(reading.numerals(line)) for line in lines) == 257
    assert len(lines) == len(of_source(data, "paragraphs")) == 78


@needs_article
def test_every_numeral_is_in_exactly_one_mention(data):
    lines, covered = reading.paragraphs(data.text), Counter()
    for row in of_source(data, "mentions"):
        if row["role"] != "name":
            first = int(row["start"])
            covered.update((int(row["paragraph"]), place) for place in range(first, first + len(row["text"])))
    wrong = [
        f"paragraph {number}, start {start}: {digits} in {covered[number, start]} mentions"
        for number, line in enumerate(lines, 1)
        for start, end, digits in reading.numerals(line)
        if any(covered[number, place] != 1 for place in range(start, end))
    ]
    assert not wrong


@needs_article
def test_every_mention_stands_where_it_says(data):
    lines = reading.paragraphs(data.text)
    wrong = [
        row["line"]
        for row in of_source(data, "mentions")
        if not lines[int(row["paragraph"]) - 1].startswith(row["text"], int(row["start"]))
    ]
    assert not wrong, f"rows of mentions.csv: {wrong}"


@needs_article
def test_paragraphs_are_known_by_their_hashes(data):
    hashes = [reading.digest(line) for line in reading.paragraphs(data.text)]
    assert hashes == [row["sha256"] for row in of_source(data, "paragraphs")]


@needs_article
def test_the_check_finds_nothing(data):
    assert not check_tables(data.tables, data.schemas, data.text)


def test_no_sentence_of_the_article_is_copied(data):
    """A printed figure is short; names of plans and documents are the longest texts taken over."""
    long = [
        row["text"] for row in of_source(data, "mentions") if row["role"] != "name" and len(row["text"]) > 20
    ]
    assert not long


# ---- the second reading ----


def test_both_readings_agree(data):
    differences = sorted(mutants.differences(data.tables, data.second), key=str)
    assert not differences, (
        "(paragraph, start, field, data, second reading); a correction touches both:\n"
        + "\n".join(map(str, differences))
    )


def test_both_readings_have_the_same_places(data):
    ours = {(row["paragraph"], row["start"]) for row in of_source(data, "mentions") if row["role"] != "name"}
    theirs = {(row["paragraph"], row["start"]) for row in data.second}
    assert ours == theirs, (
        f"only in mentions.csv: {ours - theirs}; only in second_reading.csv: {theirs - ours}"
    )


def settled(row):
    """The fields of a place in which the readings differed before the text settled it."""
    return {part.partition("=")[0].strip() for part in row["settled"].split(";") if "=" in part}


def test_the_agreement_before_settling_is_on_record(data):
    """Field by field, over the places where both read a figure (``pytest -rP`` shows the table)."""
    facts = [row for row in data.second if row["role"] == "fact"]
    apart = Counter(field for row in facts for field in settled(row))
    for field in FIELDS:
        print(f"{field:13} {len(facts) - apart[field]:4} of {len(facts)}")
    assert set(apart) <= set(FIELDS)
    assert apart["value"] == 0, "the two readings never differed in a value: see the column 'settled'"


def test_the_second_reading_reads_as_it_says(data):
    """Its own values follow from its own texts, so that it was not copied from the facts."""
    with (ROOT / "tests" / "second_reading.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["role"] == "fact" and row["text"][0].isdigit()]
    wrong = [row["text"] for row in rows if not row["text"].startswith(row["value"])]
    assert not wrong
