"""A data set of many sources is as sound as one, and no more of it is looked at than of one alone."""

import pytest
from copies import copies

import langfang as lf
from langfang.audit.relations import index, read_report, touched

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
    found = index(report)
    parts = {relation.id: touched(relation, report, found) for relation in report.relations}
    return {
        name: [len(part.facts), len(part.names), len(part.mentions), len(part.queries)]
        for name, part in parts.items()
    }


def test_a_relation_touches_no_more_where_there_are_more_sources(folder):
    one, many = sizes(read_report()), sizes(read_report(folder))
    assert len(many) == NUMBER * len(one)
    grown = [name for name, size in many.items() if size != one[name.partition("_copy")[0]]]
    assert not grown, "langfang.relations.touched must not take in what another source says"
