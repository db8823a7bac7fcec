"""The README's findings and gallery are those of the data and of the committed notebooks."""

import csv
import io
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import front
import sheets

PAGE = """<div><h2>What we found</h2><ol>
<li style="margin:0"><strong>Half &amp; half.</strong>
It is <span lang="zh">一半</span>.</li><li><strong>Second.</strong> No.</li></ol></div>
<div lang="zh"><h2>中文要点</h2>
<p><strong>一半。</strong></p>
<ul><li>两个数。</li></ul></div>
<figure data-plot="1"><img alt="Bars &lt;1"
src="data:image/svg+xml;base64,PHN2Zy8+"></figure>"""


@pytest.fixture
def page(monkeypatch):
    """A made-up page in place of every notebook."""
    monkeypatch.setattr(front, "outputs", lambda path: PAGE)


def test_what_is_written_from_notebooks_data_and_address_is_fresh():
    stale = [path.name for path, text in front.files() if path.read_text(encoding="utf-8") != text]
    assert not stale, f"{stale}: make front writes them anew"


def test_no_picture_is_left_over():
    kept = {path.stem for path in front.GALLERY.glob("*")}
    assert kept == {stem for stems in front.PICTURES.values() for stem in stems}


def test_a_finding_is_the_first_claim_of_its_page(page):
    link = "[overview](notebooks/00-overview.ipynb)"
    assert front.finding("00-overview", "en") == f"- **Half & half.** It is 一半. → {link}"
    assert front.finding("00-overview", "zh").startswith("- **一半。** 两个数。 → [概览]")


def test_a_picture_keeps_its_alt_text(page):
    assert front.picture("00-overview") == ("Bars <1", "<svg/>")
    assert 'alt="Bars &lt;1"' in front.linked("00-overview")


def test_the_doubts_are_the_relations_that_fail():
    assert "| 兜底保障户占比 | 第49段 | 87.23% | 1680户 ÷ 1934户（第19段） = 86.87% |" in front.doubts()


@pytest.mark.parametrize("name", ["README.md", "CITATION.cff", "data/datapackage.json"])
def test_the_address_goes_where_it_is_looked_for(name, page):
    written = {path: text for path, text in front.files("https://example.org/someone/langfang")}
    assert "https://example.org/someone/langfang" in written[front.ROOT / name]


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
