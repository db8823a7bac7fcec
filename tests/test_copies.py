"""A data set of many sources is as sound as one, and no more of it is looked at than of one alone."""

import pytest
from copies import copies

import langfang as lf
from langfang.audit.case import open_report

NUMBER = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return copies(tmp_path_factory.mktemp("sources") / "data", NUMBER)


def test_the_check_finds_no_fault_in_copies(folder):
    assert [str(fault) for fault in lf.check(folder)] == []


def test_every_table_of_a_source_is_copied(folder):
    for table in ("facts", "mentions", "sources", "paragraphs", "queries"):
        assert len(lf.load(table, data=folder)) == NUMBER * len(lf.load(table))


def sizes(report):
    """How much of a report each relation touches: facts, names, mentions, queries."""
    return {
        case.relation.id: [len(case.facts), len(case.names), len(case.mentions), len(case.queries)]
        for case in report.cases()
    }


def test_a_relation_touches_no_more_where_there_are_more_sources(folder):
    one, many = sizes(open_report()), sizes(open_report(folder))
    assert len(many) == NUMBER * len(one)
    grown = [name for name, size in many.items() if size != one[name.partition("_copy")[0]]]
    assert not grown, "langfang.audit.case.Report.case must not take in what another source says"
