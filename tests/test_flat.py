"""langfang.csv, the one table for spreadsheets, says what the other tables say."""

import csv
import io

import langfang as lf
from langfang.data.facts import data_dir
from langfang.proof.curate import FLAT, flatten

FILE = data_dir() / "langfang.csv"


def test_it_is_fresh():
    assert FILE.read_bytes().decode("utf-8") == flatten(), "stale: make describe"


def test_excel_is_told_the_encoding():
    assert FILE.read_bytes().startswith(b"\xef\xbb\xbf"), "no byte-order mark: Excel would garble it"


def test_every_fact_is_one_row_under_known_columns():
    rows = list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8-sig"))))
    assert list(rows[0]) == list(FLAT)
    assert [row["fact_id"] for row in rows] == list(lf.load()["fact_id"])


def test_open_ends_are_empty_and_no_cell_is_a_formula():
    rows = list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8-sig"))))
    more = [row for row in rows if row["bound"] == "more_than" and row["base_unit"] != "%"]
    assert more and all(row["upper_base"] == "" for row in more)
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]
