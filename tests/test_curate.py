"""What a curator's commands do to the tables: a report or its corrected text is taken in."""

import csv
import os
import shutil

import pytest
from sources import ROOT
from test_second_source import MADE_UP, add_rows

from langfang import check
from langfang.cli import main
from langfang.printed.numerals import paragraphs
from langfang.proof import curate
from langfang.proof.curate import refresh_source


@pytest.fixture
def folder(tmp_path):
    """A copy of the data, its tables without their last line feed, as some editors leave them."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    for path in (tmp_path / "data").glob("*.csv"):
        path.write_bytes(path.read_bytes().rstrip(b"\n"))
    return tmp_path / "data"


def taken_in(folder, **changes):
    given = {"file": MADE_UP / "report.txt", "id": "yunxi-2021", "published": "2021-03-01", "title": "简报"}
    file, *options = (given | changes).items()
    words = [word for name, value in options for word in (f"--{name}", value)]
    return main(["add-source", str(file[1]), *words, "--data", str(folder)])


WRONG = {
    "id with a space": {"id": "a b/ö"},
    "id that is there": {"id": "changcheng-2020-10-01"},
    "no date": {"published": "yesterday"},
    "two dates": {"published": "2020/2021"},
    "no title": {"title": " "},
    "title of two lines": {"title": "a\nb"},
    "no text": {"file": os.devnull},
    "no file": {"file": "nowhere.txt"},
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_cannot_be_taken_in_leaves_everything_as_it_was(folder, kind, capsys):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert taken_in(folder, **WRONG[kind]) == 2
    assert capsys.readouterr().err.startswith("langfang: ")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_text_of_blank_lines_is_none(folder, capsys):
    (folder.parent / "blank.txt").write_text(" \n\n", encoding="utf-8")
    assert taken_in(folder, file=folder.parent / "blank.txt") == 2
    assert "blank.txt: '' – expected text, a paragraph a line" in capsys.readouterr().err


def test_a_table_without_its_last_line_feed_is_no_harm(folder):
    assert taken_in(folder) == 0
    assert not [fault for fault in check(folder) if "cells" in fault.value], "rows ran into one"


def test_a_write_that_fails_is_undone(folder, monkeypatch):
    before = (folder / "sources.csv").read_bytes()
    monkeypatch.setattr(curate, "describe", lambda folder: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        taken_in(folder)
    assert (folder / "sources.csv").read_bytes() == before


def rows_of(folder, table, source="yunxi-2021"):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["source_id"] == source]


def test_a_report_is_taken_in_with_its_paragraphs(folder, capsys):
    before = {table: rows_of(folder, table, "changcheng-2020-10-01") for table in ("sources", "paragraphs")}
    assert taken_in(folder, title=" 简报 ") == 0
    [source], lines = rows_of(folder, "sources"), rows_of(folder, "paragraphs")
    assert (source["kind"], source["title"], source["published"]) == ("transcribed", "简报", "2021-03-01")
    assert len(source["accessed"]) == 10 and len(source["sha256"]) == 64 and source["publisher"] == ""
    text = paragraphs((MADE_UP / "report.txt").read_text(encoding="utf-8"))
    assert [row["paragraph"] for row in lines] == [str(n) for n in range(1, len(text) + 1)]
    assert sum(int(row["numerals"]) for row in lines) == 34
    assert before == {table: rows_of(folder, table, "changcheng-2020-10-01") for table in before}
    assert str(len(text)) in capsys.readouterr().out


@pytest.fixture
def settled(folder):
    """The data with the made-up report taken in and its rows added."""
    assert taken_in(folder) == 0
    for path in folder.glob("*.csv"):  # rows are added behind the last line feed
        path.write_bytes(path.read_bytes().rstrip(b"\n") + b"\n")
    add_rows(folder.parent)
    return folder


def corrected(folder, change):
    """Take in the report with its lines changed; which paragraphs that changed, and the faults of places."""
    lines = (MADE_UP / "report.txt").read_text(encoding="utf-8").splitlines()
    text = folder.parent / "corrected.txt"
    text.write_text("\n".join(change(lines)), encoding="utf-8")
    changed = refresh_source(text, "yunxi-2021", data=folder)
    places = ("mentions.csv", "paragraphs.csv", "sources.csv", "corrected.txt")
    return changed, [fault for fault in check(folder, text) if fault.file in places]


def test_the_same_text_changes_nothing(settled):
    before = {table: rows_of(settled, table) for table in ("sources", "paragraphs", "mentions")}
    assert corrected(settled, lambda lines: lines) == ([], [])
    assert before == {table: rows_of(settled, table) for table in before}


def test_paragraphs_keep_their_place_among_those_of_other_sources(settled):
    path = settled / "paragraphs.csv"
    header, *lines = path.read_text("utf-8").splitlines(keepends=True)
    before = "".join([header, *sorted(lines, key=lambda line: not line.startswith("yunxi"))])
    path.write_text(before, "utf-8")
    assert corrected(settled, lambda lines: lines)[0] == []
    assert path.read_text("utf-8") == before


def test_a_line_more_moves_the_mentions_behind_it(settled):
    before = [int(row["paragraph"]) for row in rows_of(settled, "mentions")]
    assert corrected(settled, lambda lines: ["编者按", *lines]) == ([1], [])
    assert [int(row["paragraph"]) for row in rows_of(settled, "mentions")] == [n + 1 for n in before]


def test_a_changed_line_keeps_its_section_and_its_mentions_are_named_where_they_no_longer_fit(settled):
    path = settled / "paragraphs.csv"
    path.write_text(path.read_text("utf-8").replace("yunxi-2021,8,,", "yunxi-2021,8,index,"), "utf-8")
    changed, faults = corrected(settled, lambda lines: [line.replace("９６.５", "1196.53") for line in lines])
    assert changed == [8] and rows_of(settled, "paragraphs")[7]["section"] == "index"
    named = {(fault.file, fault.column) for fault in faults if fault.column != "section"}
    assert named == {("mentions.csv", "text"), ("corrected.txt", "start")}


def test_only_a_source_that_is_there_can_be_corrected(settled):
    with pytest.raises(curate.LangfangError, match=r"id 'yunxi': expected a source that paragraphs\.csv has"):
        refresh_source(MADE_UP / "report.txt", "yunxi", data=settled)


def test_tables_of_other_columns_are_left_alone(folder, capsys):
    path = folder / "sources.csv"
    path.write_text(path.read_text("utf-8").replace("locator,accessed", "accessed,locator", 1), "utf-8")
    before = path.read_bytes()
    assert taken_in(folder) == 2 and path.read_bytes() == before
    assert "sources.csv: columns source_id, kind" in capsys.readouterr().err
