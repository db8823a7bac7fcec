"""The README's findings and gallery are those of the data and of the committed notebooks."""

import csv
import io
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import front
import sheets

STALE = "make front writes it anew"


def test_the_findings_are_what_the_data_say():
    text = front.README.read_text(encoding="utf-8")
    assert front.readme(text) == text, f"README.md: findings or gallery are stale; {STALE}"


def test_the_pictures_are_those_of_the_notebooks():
    made = {name: picture for name, _, picture, _ in front.pictures()}
    found = {path.name: path.read_text(encoding="utf-8") for path in front.GALLERY.glob("*")}
    assert found == made, f"notebooks/gallery is stale; {STALE}"


def test_the_workbook_is_that_of_the_tables():
    made = sheets.workbook(sheets.sheets())
    found = sheets.parts(sheets.DATA / "langfang.xlsx")
    assert found == sheets.parts(io.BytesIO(made)), "data/langfang.xlsx is stale: make describe"


def test_a_spreadsheet_shows_the_figures_as_they_are_printed():
    from openpyxl import load_workbook

    figures, columns, doubts = load_workbook(sheets.DATA / "langfang.xlsx").worksheets
    shown = [["" if cell is None else cell for cell in row] for row in figures.iter_rows(values_only=True)]
    with (sheets.DATA / "langfang.csv").open(encoding="utf-8", newline="") as lines:
        head, *rows = csv.reader(lines)
    numbers = [head.index(name) for name in sheets.NUMBERS]
    for row in rows:
        for place in numbers:
            row[place] = float(row[place]) if row[place] else ""
    assert shown == [head, *rows]
    assert [row[0].value for row in columns][1:] == head
    assert doubts.max_row > 1


def test_the_glossary_page_is_that_of_the_table():
    text = (sheets.DATA / "glossary.md").read_text(encoding="utf-8")
    assert text == sheets.glossary(), "data/glossary.md is stale; make describe writes it anew"
