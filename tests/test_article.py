"""The rules that need a source's text, tried on a made-up report: each wrong cell is named."""

import shutil

import mutants
import pytest
from sources import ROOT
from test_second_source import MADE_UP, add_rows

from langfang.cli import main
from langfang.proof.article import CUT_BEFORE, context, read_source
from langfang.proof.check import check_tables

TEXT = read_source(MADE_UP / "report.txt")[0]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The tables with the made-up report taken in."""
    folder = tmp_path_factory.mktemp("made_up")
    shutil.copytree(ROOT / "data", folder / "data")
    given = [
        "--id",
        "yunxi-2021",
        "--published",
        "2021-03-01",
        "--title",
        "简报",
        "--data",
        str(folder / "data"),
    ]
    assert main(["add-source", str(MADE_UP / "report.txt"), *given]) == 0
    add_rows(folder)
    return mutants.load(folder / "data", TEXT)


def faults_of(data, *changes):
    """Faults after changes of cells: (table, text of the row's fact_id or text, column, new value)."""
    tables = data.tables
    for table, key, column, new in changes:
        rows = tables[table].rows
        index = max(
            n for n, row in enumerate(rows) if key in (row.get("fact_id"), row.get("text"), row["source_id"])
        )
        tables = mutants.apply(tables, mutants.Mutant(table, column, "", index, new))
    return check_tables(tables, data.schemas, TEXT, "report.txt")


def test_a_date_behind_a_dash_is_whole_and_one_behind_a_year_is_not():
    places = {"--2016年": 2, "2015-2016年": 5, "2020-10-01": 5}
    assert [bool(CUT_BEFORE.match(text, at - 1)) for text, at in places.items()] == [False, True, True]


def test_a_copy_that_is_no_text_is_a_fault_of_the_file(tmp_path):
    (tmp_path / "copy.txt").write_bytes(b"\xff\xff\xff")
    assert [str(fault) for fault in read_source(tmp_path / "copy.txt")[1]] == [
        "copy.txt: '' – expected text, in UTF-8 or GB 18030"
    ]


def test_the_made_up_report_has_no_fault(data):
    faults = faults_of(data)
    assert not faults, "\n".join(map(str, faults))


GRAIN, GROWTH, PARKS = (
    "grain_output-yunxi-2020",
    "grain_output_growth-yunxi-2019-2020",
    "industrial_park_revenue-yunxi-2022",
)
WRONG = {
    "a target without the word": ([("facts", GRAIN, "status", "target")], "facts.csv", "status", "no target"),
    "a forecast without the word": (
        [("facts", GRAIN, "status", "forecast")],
        "facts.csv",
        "status",
        "no forecast",
    ),
    "a forecast as actual": ([("facts", PARKS, "status", "actual")], "facts.csv", "status", "预计"),
    "a fall as a rise": (
        [("facts", GROWTH, "value", "2.3"), ("mentions", GROWTH, "supplied", "")],
        "facts.csv",
        "value",
        "-2.3",
    ),
    "a rise as a fall": (
        [("facts", "average_income_growth-yunxi-2019-2020", "value", "-5.2")],
        "facts.csv",
        "value",
        "above 0",
    ),
    "a date cut at its front": (
        [("mentions", "2021年", "start", "2"), ("mentions", "2021年", "text", "21年")],
        "mentions.csv",
        "text",
        "whole date",
    ),
    "a figure cut at its end": (
        [("mentions", PARKS, "text", "150亿元")],
        "mentions.csv",
        "text",
        "左右 goes on",
    ),
    "a figure at the front of its paragraph": (
        [("mentions", PARKS, "start", "0")],
        "mentions.csv",
        "text",
        "stands there",
    ),
    "a figure at another place": (
        [("mentions", PARKS, "start", "3")],
        "mentions.csv",
        "text",
        "stands there",
    ),
    "a figure that no row covers": ([("mentions", GRAIN, "role", "name")], "report.txt", "start", "[41.7]"),
    "a month that is not printed": (
        [("facts", GRAIN, "period", "2020-06")],
        "facts.csv",
        "period",
        "paragraph names",
    ),
    "another text": (
        [("sources", "yunxi-2021", "sha256", "0" * 64)],
        "sources.csv",
        "sha256",
        "normalised paragraphs",
    ),
    "another paragraph": (
        [("paragraphs", "yunxi-2021", "sha256", "0" * 64)],
        "paragraphs.csv",
        "sha256",
        "none has this",
    ),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_cell_that_does_not_fit_the_text_is_named(data, kind):
    changes, file, column, expected = WRONG[kind]
    faults = faults_of(data, *changes)
    found = [
        fault
        for fault in faults
        if (fault.file, fault.column) == (file, column) and expected in fault.expected
    ]
    assert found, f"no fault of {file}, {column} says {expected!r}:\n" + "\n".join(map(str, faults))


def test_a_paragraph_that_is_printed_twice_is_no_fault(data):
    """The report says twice where its figures are from; each stands in its place."""
    hashes = [row["sha256"] for row in data.tables["paragraphs"].rows if row["source_id"] == "yunxi-2021"]
    assert len(set(hashes)) == len(hashes) - 1


def test_paragraphs_in_another_order_are_a_fault(data):
    lines = TEXT.splitlines()
    swapped = "\n".join([*lines[:6], lines[7], lines[6], *lines[8:]])
    faults = check_tables(data.tables, data.schemas, swapped, "report.txt")
    assert any(fault.column == "paragraph" and "order" in fault.expected for fault in faults)


def test_what_stands_around_a_place_is_shown_from_the_first_character():
    assert context("覆盖率33.86%,林木", 3, 9, width=3) == "覆盖率[33.86%],林木"
    assert context("覆盖率33.86%,林木", 3, 9, width=2) == "盖率[33.86%],林"
