"""With the article: every numeral is in its place, and the two readings of it agree.

Needs a copy of the article, which is not in the repository: LANGFANG_SOURCE, or the one beside the clone.
"""

from collections import Counter

import mutants
import pytest
from sources import ROOT, article_text, needs_article

from langfang.printed import numerals as written
from langfang.proof.check import check_tables

SOURCE = "changcheng-2020-10-01"
FIELDS = {
    "start",
    "text",
    "role",
    "value",
    "unit",
    "bound",
    "status",
    "period",
    "period_basis",
    "area",
    "vintage",
}


@pytest.fixture(scope="module")
def data():
    return mutants.load(ROOT / "data", article_text() or "")


def of_source(data, table):
    return [row for row in data.tables[table].rows if row["source_id"] == SOURCE]


# ---- the article ----


@needs_article
def test_it_has_258_numerals_as_printed_and_as_normalised(data):
    lines = written.paragraphs(data.text)
    assert len(written.numerals(data.text)) == 258
    assert sum(len(written.numerals(line)) for line in lines) == 258
    assert len(lines) == len(of_source(data, "paragraphs")) == 78


@needs_article
def test_every_numeral_is_in_exactly_one_mention(data):
    lines, covered = written.paragraphs(data.text), Counter()
    for row in of_source(data, "mentions"):
        if row["role"] != "name":
            first = int(row["start"])
            covered.update((int(row["paragraph"]), place) for place in range(first, first + len(row["text"])))
    wrong = [
        f"paragraph {number}, start {start}: {digits} in {covered[number, start]} mentions"
        for number, line in enumerate(lines, 1)
        for start, end, digits in written.numerals(line)
        if any(covered[number, place] != 1 for place in range(start, end))
    ]
    assert not wrong


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


@pytest.fixture(scope="module")
def second(data):
    """The rows of the second reading of the article."""
    return [row for row in data.readings if row.get("source_id") == SOURCE]


def test_both_readings_agree(data):
    faults = check_tables(data.tables, data.schemas, readings=data.readings)
    assert not faults, "a correction touches both:\n" + "\n".join(map(str, faults))


def test_the_check_finds_the_second_readings_of_a_clone(data):
    names = list(dict.fromkeys(row["in_file"] for row in data.readings))
    assert names[:2] == ["second_reading.csv", "second_reading_cited.csv"], "more reports bring more"


@pytest.mark.parametrize(
    ("column", "new", "file", "place"),
    [
        ("bound", "over", "facts.csv", "bound"),
        ("text", "0", "mentions.csv", "text"),
        ("start", 1, "", "start"),
    ],
)
def test_a_second_reading_that_differs_is_a_fault(data, second, column, new, file, place):
    index = next(i for i, row in enumerate(data.readings) if row is second[3])
    readings = [*data.readings[:index], second[3] | {column: new}, *data.readings[index + 1 :]]
    faults = check_tables(data.tables, data.schemas, readings=readings)
    assert (file or "second_reading.csv", place) in {(fault.file, fault.column) for fault in faults}


def settled(row):
    """The fields of a place in which the readings differed before the text settled it."""
    return {part.partition("=")[0].strip() for part in row["settled"].split(";") if "=" in part}


def test_the_agreement_before_settling_is_on_record(second):
    """Field by field, over the places where both read a figure (``pytest -rP`` shows the table)."""
    facts = [row for row in second if row["role"] == "fact"]
    apart = Counter(field for row in facts for field in settled(row))
    for field in sorted(FIELDS):
        print(f"{field:13} {len(facts) - apart[field]:4} of {len(facts)}")
    assert set(apart) <= FIELDS
    assert apart["value"] == 0, "the two readings never differed in a value: see the column 'settled'"


def test_the_second_reading_reads_as_it_says(second):
    """Its own values follow from its own texts, so that it was not copied from the facts."""
    rows = [row for row in second if row["role"] == "fact" and row["text"][0].isdigit()]
    wrong = [row["text"] for row in rows if not row["text"].startswith(row["value"])]
    assert rows and not wrong
