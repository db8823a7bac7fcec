"""The figures of other publications, read a second time; that both readings agree, the check says.

Unlike the article's, this needs no copy of a text. ``pytest -rP`` shows the agreement before settling.
"""

from collections import Counter

import mutants
import pytest
from sources import ROOT

READ = ("value", "unit", "bound", "status", "period", "period_basis", "vintage")


@pytest.fixture(scope="module")
def data():
    return mutants.load(ROOT / "data")


@pytest.fixture(scope="module")
def cited(data):
    """The rows of the second reading of cited figures."""
    return [row for row in data.readings if "fact_id" in row]


def test_every_cited_fact_was_read_twice(data, cited):
    kinds = {row["source_id"]: row["kind"] for row in data.tables["sources"].rows}
    ours = Counter(r["fact_id"] for r in data.tables["facts"].rows if kinds[r["source_id"]] == "cited")
    theirs = Counter(row["fact_id"] for row in cited)
    assert ours == theirs, (
        f"only in facts.csv: {ours - theirs}; only in second_reading_cited.csv: {theirs - ours}"
    )


def test_the_agreement_before_settling_is_on_record(cited):
    settled = (part for row in cited for part in row["settled"].split(";") if part)
    apart = Counter(part.partition("=")[0].strip() for part in settled)
    for field in READ:
        print(f"{field:13} {len(cited) - apart[field]:4} of {len(cited)}")
    assert set(apart) <= set(READ)
