"""langfang.csv, the one table for spreadsheets, says what the other tables say."""

import csv
import io

import langfang as lf
from langfang.audit.flat import FLAT, flatten
from langfang.data.tables import data_dir

FILE = data_dir() / "langfang.csv"


def rows():
    return list(csv.DictReader(io.StringIO(FILE.read_text(encoding="utf-8"))))


def test_it_is_fresh():
    assert FILE.read_bytes().decode("utf-8") == flatten(), "stale: make describe"


def test_other_tools_find_no_byte_order_mark():
    assert FILE.read_bytes().startswith(b"fact_id,"), "write langfang.csv as plain UTF-8"


def test_every_fact_is_one_row_under_known_columns():
    assert list(rows()[0]) == [*FLAT, "audit", "doubt"]
    assert [row["fact_id"] for row in rows()] == list(lf.load()["fact_id"])


def test_open_ends_are_empty_and_no_cell_is_a_formula():
    more = [row for row in rows() if row["bound"] == "more_than" and row["base_unit"] != "%"]
    assert more and all(row["upper_base"] == "" for row in more)
    assert not [cell for row in rows() for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_a_figure_carries_what_is_known_against_it():
    found = {row["fact_id"]: row for row in rows()}["backstop_household_share-undated"]
    assert found["audit"] == "cannot be both: backstop_households"
    assert found["doubt"].startswith("backstop-shares: ") and "; backstop-date: " in found["doubt"]


def test_every_failing_relation_and_every_open_query_is_told_of_its_facts():
    said = " ".join(row["audit"] for row in rows()).split()
    failing = lf.audit().query("verdict == 'cannot be both' and kind != 'list'")["id"]
    assert set(failing) <= set(said)
    ids = {name for name in " ".join(lf.load("queries").query("status == 'open'")["fact_ids"]).split()}
    assert {row["fact_id"] for row in rows() if row["doubt"]} == ids & {row["fact_id"] for row in rows()}


def test_a_figure_of_another_document_is_no_suspect():
    of = {row["fact_id"]: row["audit"] for row in rows()}
    assert of["gdp_share_tertiary-tangshan-2018"].startswith("compared: ")
    assert not [name for name, said in of.items() if said.startswith("cannot") and name.endswith("-cited")]
