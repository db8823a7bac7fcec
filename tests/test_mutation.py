"""One wrong cell at a time: the check notices, as far as meaning can tell. ``make mutation`` runs them all.

The share caught per column is printed into the output (``pytest -rP tests/test_mutation.py`` shows it).
"""

import random
from collections import defaultdict

import mutants
import pytest
from hypothesis import settings
from sources import ROOT, article_text, needs_article

from langfang.proof.check import check_tables

NUMBER = 200 if settings.default.max_examples < 100 else 500
# With the article and the second reading at hand nothing passes here.
SURE = {
    ("facts", "fact_id"), ("facts", "indicator_id"), ("facts", "source_id"),
    ("facts", "value"), ("facts", "unit"), ("facts", "bound"), ("facts", "period"), ("facts", "period_basis"),
    ("facts", "status"), ("facts", "area"),
    ("mentions", "source_id"), ("mentions", "paragraph"), ("mentions", "start"), ("mentions", "text"),
    ("mentions", "supplied"), ("mentions", "role"), ("mentions", "fact_id"), ("mentions", "entity_id"),
    ("paragraphs", "source_id"), ("paragraphs", "paragraph"), ("paragraphs", "sha256"),
    ("paragraphs", "numerals"),
}  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return mutants.load(ROOT / "data", article_text() or "")


@pytest.fixture(scope="module")
def verdicts(data):
    """Mutants, most of columns that the article speaks of, and who caught each; with profile ``ci`` 500."""
    columns = defaultdict(list)
    for mutant in mutants.mutants(data):
        columns[
            mutant.table in ("facts", "mentions", "paragraphs"),
            mutant.table,
            mutant.column,
            mutants.is_cited(data, mutant),
        ].append(mutant)
    dice, spread = random.Random(2020), []
    for (printed, *_), group in sorted(columns.items()):
        spread += dice.sample(group, min(len(group), 12 if printed else 5))
    caught = mutants.judge(data)
    return [(mutant, caught(mutant)) for mutant in dice.sample(spread, NUMBER)]


@needs_article
def test_no_wrong_cell_of_the_article_passes(data, verdicts):
    missed = [
        f"{mutant.table}.csv, record {mutant.row}, {mutant.column} = {mutant.value!r}"
        for mutant, caught in verdicts
        if mutant[:2] in SURE and not any(caught) and not mutants.is_cited(data, mutant)
    ]
    assert not missed, "the check does not notice:\n" + "\n".join(missed)


def test_no_wrong_cell_of_a_cited_figure_passes(data, verdicts):
    read = set().union(*(row for row in data.readings if "fact_id" in row)) - {"fact_id"}
    missed = [
        f"facts.csv, record {mutant.row}, {mutant.column} = {mutant.value!r}"
        for mutant, caught in verdicts
        if mutant.table == "facts" and mutant.column in read
        if mutants.is_cited(data, mutant) and not any(caught)
    ]
    assert not missed, "the second reading of the cited figures does not notice:\n" + "\n".join(missed)


def test_two_cited_values_of_one_indicator_are_not_swapped(data):
    """Ranges and units fit as well as before; only a second reading can tell."""
    rows = [row for row in data.tables["facts"].rows if row["indicator_id"] == "disposable_income_urban"]
    first, other = [row["line"] - 2 for row in rows if "-china-" in row["fact_id"]][:2]
    tables = data.tables
    for index, twin in ((first, other), (other, first)):
        value = data.tables["facts"].rows[twin]["value"]
        tables = mutants.apply(tables, mutants.Mutant("facts", "value", "swapped", index, value))
    faults = check_tables(tables, data.schemas, readings=data.readings)
    assert {(fault.row, fault.column) for fault in faults} == {(first + 2, "value"), (other + 2, "value")}


def test_dangling_and_duplicate_ids_never_pass(data):
    """Every key and every reference, with some of its cells wrong."""
    missed = [
        mutant
        for mutant in dangling_and_duplicate(data)
        if not check_tables(mutants.apply(data.tables, mutant), data.schemas)
    ]
    assert not missed, missed


def dangling_and_duplicate(data):
    for name, table in data.tables.items():
        rows, schema = table.rows, data.schemas[name]
        for columns, _, _ in schema.foreign:
            filled = [index for index, row in enumerate(rows) if row[columns[-1]]]
            yield mutants.Mutant(name, columns[-1], "dangling", filled[len(filled) // 2], "9999")
        for index in (0, len(rows) // 2) if len(schema.key) == 1 else ():
            yield mutants.Mutant(name, schema.key[0], "duplicate", index, rows[-1][schema.key[0]])


def test_the_report(data, verdicts):
    text = mutants.report(data, verdicts)
    print("\n" + text)
    assert "facts value" in text


def test_sound_data_are_not_accused(data):
    caught = mutants.judge(data)
    row = data.tables["facts"].rows[0]
    assert caught(mutants.Mutant("facts", "value", "unchanged", 0, row["value"])) == (False, False, False)
