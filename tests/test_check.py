"""The check finds what is wrong, wherever it is, and says it so that a curator can act.

Broken files are made from the real tables: each test breaks one thing and looks for the fault that names it.
"""

import csv
import json
import re
import shutil
from pathlib import Path

import mutants
import pytest
from sources import ROOT, article_path, needs_article

from langfang import check
from langfang.data.tables import LARGEST, open_folder
from langfang.proof.check import balance, check_tables
from langfang.proof.schema import describe

DATA = ROOT / "data"
MADE_UP = Path(__file__).parent / "second_source"
HOW_TO_READ = "fix the data, or the check where the data are right:\n"


@pytest.fixture
def folder(tmp_path):
    """A copy of the data to break."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.fixture(scope="module")
def sound():
    return mutants.load(DATA)


def listed(faults):
    return HOW_TO_READ + "\n".join(map(str, faults))


def edit(folder, file, old, new):
    """Replace text in a file, once, and refresh the hashes, so that only what is wrong can object."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} no longer holds {old!r}: choose another example"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")
    describe(folder)


def test_the_data_have_no_fault():
    faults = check(DATA)
    assert not faults, listed(faults)


@needs_article
def test_the_data_agree_with_the_article():
    faults = check(DATA, article_path())
    assert not faults, listed(faults)


# ---- broken files ----


def write(folder, file, change):
    path = folder / file
    path.write_bytes(change(path.read_bytes()))


def without_column(raw):
    return b"\n".join(line.split(b",", 1)[-1] for line in raw.split(b"\n"))


BROKEN = {
    "missing file": (lambda raw: None, 0, "a file that can be read"),
    "byte-order mark": (lambda raw: b"\xef\xbb\xbf" + raw, 1, "without a byte-order mark"),
    "CRLF": (lambda raw: raw.replace(b"\n", b"\r\n"), 1, "line ends LF"),
    "another encoding": (lambda raw: raw.decode().encode("gb18030"), None, "UTF-8"),
    "binary": (lambda raw: b"\x89PNG\r\n\x1a\n\x00\xff" * 50, 1, "UTF-8"),
    "nothing": (lambda raw: b"", 1, "a header line"),
    "header only": (lambda raw: raw.split(b"\n")[0] + b"\n", 1, "at least one row"),
    "missing column": (without_column, 1, "a column named"),
    "cell too many": (lambda raw: raw.replace(b"\n", b"\n,", 1), 2, "cells, as in the header"),
    "quote left open": (lambda raw: raw + b'"never closed', None, "its quotes closed"),
    "empty line": (lambda raw: raw.replace(b"\n", b"\n\n", 1), 2, "no empty line"),
    "control character": (lambda raw: raw.replace(b"\n", b"\n\x07", 1), 2, "no white space around"),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("file", ["facts.csv", "units.csv"])
def test_a_broken_table_is_named(folder, file, kind):
    change, row, expected = BROKEN[kind]
    raw = change((folder / file).read_bytes())
    (folder / file).unlink() if raw is None else (folder / file).write_bytes(raw)
    found = [f for f in check(folder) if f.file == file and expected in f.expected and row in (None, f.row)]
    assert found, f"{kind} of {file}: no fault says '{expected}' at row {row}\n" + listed(check(folder))


def test_a_quoted_newline_is_no_new_row(folder):
    edit(folder, "glossary.csv", "moderately prosperous society (xiaokang)", '"moderately\nprosperous"')
    faults = [fault for fault in check(folder) if fault.file == "glossary.csv"]
    assert [(fault.row, fault.column) for fault in faults] == [(2, "term_en")], listed(faults)


def test_a_table_of_a_gigabyte_is_refused_unread(folder):
    with (folder / "facts.csv").open("r+b") as file:
        file.truncate(LARGEST + 1)
    found = [str(fault) for fault in check(folder) if fault.file == "facts.csv"]
    assert found == [f"facts.csv: '{LARGEST + 1} bytes' – expected at most {LARGEST} bytes"]


def test_one_broken_file_does_not_hide_the_faults_of_others(folder):
    edit(folder, "units.csv", "100000000,false", "10000000,false")
    (folder / "glossary.csv").unlink()
    (folder / "entities.csv").write_bytes(b"\xff\xfe")
    assert {"units.csv", "glossary.csv", "entities.csv"} <= {fault.file for fault in check(folder)}


@pytest.mark.parametrize("text", ["", "{", "[]", '{"resources": [{"name": 1}]}', "null", "[" * 100_000])
def test_a_broken_descriptor_is_a_fault(folder, text):
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    assert any(fault.file == "datapackage.json" for fault in check(folder))


@pytest.fixture
def own(folder, monkeypatch):
    """The copy as the library's own folder, whose descriptor says which columns the rules can rely on."""
    monkeypatch.setattr("langfang.proof.check.open_folder", lambda: open_folder(folder))
    return folder


def test_a_column_that_neither_table_nor_description_has_is_a_fault(own):
    package = json.loads((own / "datapackage.json").read_text(encoding="utf-8"))
    (areas,) = (one["schema"] for one in package["resources"] if one["name"] == "areas")
    areas["fields"] = [field for field in areas["fields"] if field["name"] != "code"]
    (own / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    rows = [line.rpartition(",")[0] for line in (own / "areas.csv").read_text(encoding="utf-8").splitlines()]
    (own / "areas.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    describe(own)
    assert {(fault.file, fault.column) for fault in check(own)} == {("datapackage.json", "code")}


def test_where_the_library_s_own_descriptor_is_broken_the_files_are_still_looked_at(own):
    (own / "datapackage.json").write_text("{", encoding="utf-8")
    (own / "areas.csv").write_bytes(b"")
    assert {fault.file for fault in check(own)} == {"datapackage.json", "areas.csv"}


def test_a_file_changed_without_its_hash_is_a_fault(folder):
    (folder / "glossary.csv").write_text(
        (folder / "glossary.csv").read_text(encoding="utf-8") + "新,new,\n", encoding="utf-8"
    )
    (fault,) = check(folder)
    assert (fault.file, fault.column) == ("datapackage.json", "glossary.csv")
    assert "make describe" in fault.expected


def test_describing_twice_changes_nothing(folder):
    describe(folder)
    assert (folder / "datapackage.json").read_bytes() == (DATA / "datapackage.json").read_bytes(), (
        "run: make describe"
    )


def test_a_folder_with_nothing_in_it_lists_every_file(tmp_path):
    assert {"facts.csv", "mentions.csv", "datapackage.json"} <= {fault.file for fault in check(tmp_path)}


# ---- wrong meaning ----

# table, its row (key column, key), column changed, new value -> where the fault is reported, what it must say
# fmt: off
# ruff: noqa: E501
WRONG = {
    "digits swapped": ("facts", "fact_id", "xiaokang_index-2019", "value", "98.40", "facts.value", "98.04"),
    "a zero dropped": ("facts", "fact_id", "pension_urban_covered_growth-2015-2019", "value", "4", "facts.value", "4.0"),
    "another unit": ("facts", "fact_id", "xiaokang_index-2019", "unit", "个百分点", "facts.unit", "'%'"),
    "no such unit": ("facts", "fact_id", "xiaokang_index-2019", "unit", "percent", "facts.unit", "units.csv"),
    "bound lost": ("facts", "fact_id", "equipment_revenue-2020", "bound", "as_printed", "facts.bound", "about"),
    "no such bound": ("facts", "fact_id", "equipment_revenue-2020", "bound", "roughly", "facts.bound", "one of"),
    "no day": ("facts", "fact_id", "xiaokang_index-2019", "period", "2019-02-30", "facts.period", "ISO 8601"),
    "another year": ("facts", "fact_id", "xiaokang_index-2019", "period", "2018", "facts.period", "2019"),
    "no period": ("facts", "fact_id", "xiaokang_index-2019", "period", "", "facts.period_basis", "empty without"),
    "a forecast of the past": ("facts", "fact_id", "xiaokang_index-2018", "status", "forecast", "facts.status", "publication"),
    "an actual future": ("facts", "fact_id", "it_revenue-2025", "status", "actual", "facts.status", "publication"),
    "dangling area": ("facts", "fact_id", "xiaokang_index-2019", "area", "langfanq", "facts.area", "areas.csv"),
    "duplicate fact": ("facts", "fact_id", "xiaokang_index-2019", "fact_id", "xiaokang_index-2018", "facts.fact_id", "a key that row"),
    "dangling fact": ("mentions", "fact_id", "xiaokang_index-2019", "fact_id", "xiaokang_index-2021", "mentions.fact_id", "facts.csv"),
    "label without reason": ("mentions", "role", "label", "note", "", "mentions.note", "no statistic"),
    "figure as label": ("mentions", "fact_id", "xiaokang_index-2019", "role", "label", "mentions.fact_id", "only then"),
    "what cannot be read": ("mentions", "fact_id", "xiaokang_index-2019", "text", "98.04%提高", "mentions.text", "'%提高' is no unit known here"),
    "overlap": ("mentions", "fact_id", "xiaokang_index_change-2018-2019", "start", "99", "mentions.start", "after the text"),
    "numerals": ("paragraphs", "paragraph", "30", "numerals", "16", "paragraphs.numerals", "17"),
    "gap": ("paragraphs", "paragraph", "40", "paragraph", "140", "paragraphs.paragraph", "without gaps"),
    "factor": ("units", "unit", "万户", "factor", "1000", "units.factor", "10000 times"),
    "countable": ("units", "unit", "万户", "countable", "false", "units.countable", "true"),
    "measure": ("indicators", "indicator_id", "xiaokang_index", "measure", "count", "indicators.measure", "share or growth or level"),
    "unused indicator": ("indicators", "indicator_id", "xiaokang_index", "indicator_id", "unused", "indicators.indicator_id", "refers"),
    "no Chinese name": ("indicators", "indicator_id", "xiaokang_index", "name_zh", "index", "indicators.name_zh", "Chinese"),
    "an area in itself": ("areas", "area", "hebei", "part_of", "langfang", "areas.part_of", "contains itself"),
    "query of nothing": ("queries", "query_id", "backstop-shares", "fact_ids", "nothing-2019", "queries.fact_ids", "nothing-2019"),
    "no date": ("sources", "source_id", "nbs-income-2015", "published", "2016-13", "sources.published", "ISO 8601"),
    "a code too short": ("areas", "area", "hebei", "code", "1300", "areas.code", "six"),
    "published later": ("sources", "source_id", "changcheng-2020-10-01", "published", "2020-10-02", "sources.published", "dateline"),
    "white space in a key": ("areas", "area", "hebei", "area", "hebei ", "areas.area", "like"),
    "figure without unit": ("mentions", "fact_id", "xiaokang_index-2019", "text", "98.04", "mentions.text", "no unit"),
    "another theme": ("indicators", "indicator_id", "gdp_share_tertiary_rank", "theme", "poverty", "indicators.theme", "industry"),
    "a code of another city": ("areas", "area", "anci", "code", "132002", "areas.code", "a code within 131000"),
    "a firm in another county": ("entities", "entity_id", "cluster-xianghe-furniture", "county", "sanhe", "entities.county", "xianghe"),
    "a count below zero": ("facts", "fact_id", "registered_poor_households-2019", "value", "-1934", "facts.value", "no count below 0"),
    "a year long before": ("facts", "fact_id", "xiaokang_index-2019", "period", "1920", "facts.period", "within the source's time"),
    "a scaled unit of another kind": ("units", "unit", "万户", "base_unit", "person", "units.base_unit", "household, as of 户"),
    "county in another city": ("areas", "area", "anci", "part_of", "hebei", "areas.part_of", "langfang"),
    "zone in another city": ("areas", "area", "airport-zone", "part_of", "beijing", "areas.part_of", "langfang"),
    "English of another term": ("indicators", "indicator_id", "forest_coverage", "name_en", "Industrial output", "indicators.name_en", "glossary.csv"),
    "address of another day": ("sources", "source_id", "nbs-income-2016", "published", "2019-02-22", "sources.published", "2017-02-22"),
}
# fmt: on


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_cell_is_named(sound, kind):
    table, key, value, column, new, place, expected = WRONG[kind]
    index = next(i for i, row in enumerate(sound.tables[table].rows) if row[key] == value)
    tables = mutants.apply(sound.tables, mutants.Mutant(table, column, kind, index, new))
    faults = check_tables(tables, sound.schemas)
    found = [
        f for f in faults if f"{f.file.removesuffix('.csv')}.{f.column}" == place and expected in f.expected
    ]
    assert found, f"no fault of {place} says '{expected}'\n" + listed(faults)


def test_a_repetition_that_differs_is_a_fault(sound):
    rows = sound.tables["mentions"].rows
    again = [i for i, row in enumerate(rows) if row["fact_id"] == "registered_poor_households-2019"][1]
    tables = mutants.apply(sound.tables, mutants.Mutant("mentions", "text", "", again, "1943户"))
    first = next(row["line"] for row in rows if row["fact_id"] == "registered_poor_households-2019")
    said = f"what row {first} says of registered_poor_households-2019: 1934户"
    found = [(f.row, f.expected) for f in check_tables(tables, sound.schemas) if "what row" in f.expected]
    assert found == [(rows[again]["line"], said)]


# ---- copies of the article ----


def full_width(text):
    return text.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789%.,:()"})


COPIES = {
    "full-width": lambda text: full_width(text).encode(),
    # White space inside a number, Chinese ones too, would make two of it.
    "spaces everywhere else": lambda text: "\n\n".join(
        re.sub(r"([^\W\d零一二两三四五六七八九十百千万亿半])", r"\1 ", line) + "　"
        for line in text.splitlines()
    ).encode(),
    "GB 18030": lambda text: text.encode("gb18030"),
    "CRLF and a byte-order mark": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
    "lines of a reprint": lambda text: ("转载\n" + text + "\n版权所有\n").encode(),
}


@needs_article
@pytest.mark.parametrize("kind", COPIES)
def test_any_copy_of_the_article_will_do(tmp_path, kind):
    copy = tmp_path / "copy.txt"
    copy.write_bytes(COPIES[kind](article_path().read_text(encoding="utf-8")))
    faults = check(DATA, copy)
    assert not faults, listed(faults)


@needs_article
def test_a_copy_with_another_digit_is_noticed(tmp_path):
    copy = tmp_path / "copy.txt"
    copy.write_text(article_path().read_text(encoding="utf-8").replace("98.04", "98.40"), encoding="utf-8")
    found = {(fault.file, fault.column) for fault in check(DATA, copy)}
    assert {("paragraphs.csv", "sha256"), ("copy.txt", "start")} <= found


@pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe" * 99, b"2019" * 9, b"another text", None])
def test_what_is_no_article_is_no_traceback(tmp_path, raw):
    copy = tmp_path / "copy.txt"
    if raw is not None:
        copy.write_bytes(raw)
    assert check(DATA, copy)


# ---- the balance ----


def test_every_numeral_is_accounted_for():
    line = balance(DATA).splitlines()[0]
    total, parts = line.split(": ", 1)[1].split(" = ")
    assert total.startswith("258 Arabic numerals")
    assert sum(int(part.split()[0]) for part in parts.split(";")[0].split(" + ")) == 258, line
    with (DATA / "mentions.csv").open(encoding="utf-8", newline="") as lines:
        figures = [row["text"] for row in csv.DictReader(lines) if row["role"] == "fact"]
    in_words = [text for text in figures if not any(map(str.isdecimal, text))]
    assert line.endswith(f"; {len(in_words)} further figures stand in words")
