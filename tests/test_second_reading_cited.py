"""The figures of other publications, read a second time from what was collected of them: both readings agree.

Unlike the article's, this needs no copy of a text. ``pytest -rP`` shows the agreement before settling.
"""

from collections import Counter

import mutants
import pytest
from sources import ROOT


@pytest.fixture(scope="module")
def data():
    return mutants.load(ROOT / "data")


def cited_facts(data):
    kinds = {row["source_id"]: row["kind"] for row in data.tables["sources"].rows}
    return [row for row in data.tables["facts"].rows if kinds[row["source_id"]] == "cited"]


def test_every_cited_fact_agrees_with_the_second_reading(data):
    differences = sorted(mutants.cited_differences(data.tables, data.cited))
    assert not differences, (
        "(fact, field, facts.csv, second_reading_cited.csv); a correction touches both:\n"
        + "\n".join(map(str, differences))
    )


def test_every_cited_fact_was_read_twice(data):
    ours = Counter(row["fact_id"] for row in cited_facts(data))
    theirs = Counter(row["fact_id"] for row in data.cited)
    assert ours == theirs, (
        f"only in facts.csv: {ours - theirs}; only in second_reading_cited.csv: {theirs - ours}"
    )


def test_the_agreement_before_settling_is_on_record(data):
    apart = Counter(
        part.partition("=")[0].strip() for row in data.cited for part in row["settled"].split(";") if part
    )
    for field in mutants.CITED_FIELDS:
        print(f"{field:13} {len(data.cited) - apart[field]:4} of {len(data.cited)}")
    assert set(apart) <= set(mutants.CITED_FIELDS)
