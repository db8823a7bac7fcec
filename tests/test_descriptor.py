"""datapackage.json describes the tables as they are; frictionless, which knows nothing of us, agrees."""

import json

import pytest
from sources import ROOT

from langfang.proof.check import columns
from langfang.proof.schema import read_descriptor

DATA = ROOT / "data"
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in PACKAGE["resources"]}


@pytest.mark.filterwarnings("ignore")  # of the validator's own dependencies
def test_frictionless_finds_the_package_valid():
    frictionless = pytest.importorskip("frictionless")
    found = frictionless.validate(str(DATA / "datapackage.json"))
    assert found.valid, found.flatten(["title", "rowNumber", "fieldName", "note"])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("98.04,%", "ninety,%"),
        (",actual,98.04", ",real,98.04"),
        (",langfang,2019,stated", ",nowhere,2019,stated"),
    ],
)
def test_frictionless_and_the_check_object_to_the_same(tmp_path, old, new):
    frictionless = pytest.importorskip("frictionless")
    from test_check import edit

    from langfang.proof.check import check

    for path in DATA.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    edit(tmp_path, "facts.csv", old, new)
    theirs = frictionless.validate(str(tmp_path / "datapackage.json")).flatten(["rowNumber"])
    assert {row for (row,) in theirs} <= {fault.row for fault in check(tmp_path)}
    assert theirs


@pytest.mark.parametrize("table", columns())
def test_a_table_is_described_column_by_column(table):
    schema = RESOURCES[table]["schema"]
    header = (DATA / f"{table}.csv").read_text(encoding="utf-8").partition("\n")[0]
    assert columns()[table] == [field["name"] for field in schema["fields"]] == header.split(",")
    assert schema["primaryKey"], f"give {table} a primary key in datapackage.json"


FIELDS = [
    (name, field) for name, one in RESOURCES.items() for field in one.get("schema", {}).get("fields", [])
]


def test_every_field_is_described():
    bare = [f"{table}.{field['name']}" for table, field in FIELDS if not field.get("description", "").strip()]
    assert not bare, f"say in datapackage.json what they hold, and in which unit: {', '.join(bare)}"


def test_no_column_that_may_be_empty_has_a_pattern():
    """An export to SQLite applies the pattern to empty cells too and fails."""
    limits = [(table, field["name"], field.get("constraints", {})) for table, field in FIELDS]
    nullable = [(table, name, limit) for table, name, limit in limits if not limit.get("required")]
    assert not [(table, name) for table, name, limit in nullable if "pattern" in limit]


def test_the_package_says_where_it_comes_from():
    assert all(PACKAGE.get(key) for key in ("id", "homepage", "created", "contributors", "sources"))
    assert [file["path"] for file in PACKAGE["files"]] == ["relations.toml"]


def test_every_table_of_the_folder_is_listed():
    there = {path.name for path in DATA.glob("*.csv")}
    assert there <= {resource["path"] for resource in PACKAGE["resources"]}, "run: make describe"


def test_the_check_reads_the_descriptor():
    _, schemas, faults = read_descriptor(DATA)
    assert not faults
    assert set(columns()) <= set(schemas)


def test_the_package_names_its_profile_licence_and_version():
    assert PACKAGE["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert PACKAGE["licenses"][0]["name"] == "CC-BY-4.0"
    assert PACKAGE["version"]


def test_the_change_log_names_the_version_of_the_data():
    log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"data {PACKAGE['version']}" in log, "CHANGELOG.md and datapackage.json differ on it"
