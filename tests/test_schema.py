"""What datapackage.json says of a table, and what of it each cell, key and reference has to keep."""

import json

import pytest

from langfang.data.tables import Table
from langfang.proof.schema import check_hashes, check_structure, describe, read_descriptor

FIELDS = {
    "id": {"type": "string", "constraints": {"required": True, "unique": True}},
    "kind": {"type": "string", "constraints": {"enum": ["a", "b"]}},
    "code": {"type": "string", "constraints": {"pattern": "[0-9]{2}"}},
    "count": {"type": "integer", "constraints": {"minimum": 0}},
    "share": {"type": "number", "constraints": {"minimum": 0.5}},
    "sure": {"type": "boolean"},
    "day": {"type": "date"},
}


def described(folder, fields, key=(), foreign=(), **more):
    """The schemas that a descriptor with one table, ``t``, gives, and its faults."""
    schema = {"fields": [{"name": name} | field for name, field in fields.items()]}
    schema |= {"primaryKey": list(key)} if key else {}
    schema |= {"foreignKeys": list(foreign)} if foreign else {}
    one = {"name": "t", "path": "t.csv", "hash": "x", "schema": schema} | more
    (folder / "datapackage.json").write_text(json.dumps({"resources": [one]}), encoding="utf-8")
    _, schemas, faults = read_descriptor(folder)
    return schemas, faults


def table(columns, *rows, name="t"):
    cells = dict(zip(columns.split(), map(list, zip(*rows, strict=True)), strict=True))
    return Table(f"{name}.csv", cells, [n + 2 for n in range(len(rows))])


@pytest.mark.parametrize(
    ("column", "cell", "fine"),
    [
        ("kind", "a", True),
        ("kind", "c", False),
        ("kind", "", True),
        ("code", "12", True),
        ("code", "123", False),
        ("count", "0", True),
        ("count", "-1", False),
        ("count", "1.5", False),
        ("count", "9" * 9, True),
        ("count", "9" * 10, False),
        ("share", "0.5", True),
        ("share", "0.49", False),
        ("share", "1e5", True),
        ("share", "nan", False),
        ("sure", "true", True),
        ("sure", "True", False),
        ("day", "2020-10-01", True),
        ("day", "2020-02-30", False),
        ("day", "2019/2020", False),
        ("id", "", False),
        ("id", "x y", True),
        ("id", " x", False),
        ("id", "x\n", False),
        ("id", "x\u2028y", False),
    ],
)
def test_a_cell_keeps_its_type_and_limits(tmp_path, column, cell, fine):
    schemas, faults = described(tmp_path, FIELDS)
    assert not faults
    row = ["x", *[""] * 6]
    row[list(FIELDS).index(column)] = cell
    wrong = {
        (fault.row, fault.column, fault.value)
        for fault in check_structure({"t": table(" ".join(FIELDS), row)}, schemas)
    }
    assert wrong == (set() if fine else {(2, column, cell)})


def test_what_is_expected_is_said(tmp_path):
    schemas, _ = described(tmp_path, FIELDS)
    rows = [["", "c", "x", "-1", "x", "x", "x"]]
    faults = check_structure({"t": table(" ".join(FIELDS), *rows)}, schemas)
    assert [fault.expected for fault in faults] == [
        "text (never empty)",
        "one of a, b",
        "text, like [0-9]{2}",
        "a whole number, at least 0",
        "a number, at least 0.5",
        "true or false",
        "a date (YYYY-MM-DD)",
    ]


def test_what_is_unique_is_not_repeated_and_empty_cells_are_no_repetition(tmp_path):
    schemas, _ = described(tmp_path, {"id": {"type": "string", "constraints": {"unique": True}}})
    faults = check_structure({"t": table("id", ["x"], [""], [""], ["y"], ["x"])}, schemas)
    assert [(fault.row, fault.expected) for fault in faults] == [(6, "no repetition of row 2")]


TWO = {"a": {"type": "string"}, "b": {"type": "string"}}


def test_a_key_is_one_of_its_own(tmp_path):
    schemas, _ = described(tmp_path, TWO, key=["a", "b"])
    faults = check_structure({"t": table("a b", ["x", "y"], ["x", "z"], ["x", "y"])}, schemas)
    assert [(f.row, f.column, f.value, f.expected) for f in faults] == [
        (4, "a+b", "x,y", "a key that row 2 has not")
    ]
    assert all(fault.row == 1 for fault in check_structure({"t": table("a", ["x"], ["x"])}, schemas))


def test_a_reference_leads_to_a_row_and_one_that_is_empty_leads_nowhere(tmp_path):
    foreign = [{"fields": ["a", "b"], "reference": {"resource": "u", "fields": ["c", "d"]}}]
    schemas, _ = described(tmp_path, TWO, foreign=foreign)
    rows = table("a b", ["x", "y"], ["x", "z"], ["", "z"], ["x", ""], ["", ""])
    other = table("c d", ["x", "y"], name="u")
    faults = check_structure({"t": rows, "u": other}, schemas)
    assert [(f.row, f.column, f.value, f.expected) for f in faults] == [(3, "a+b", "x,z", "a row of u.csv")]
    assert check_structure({"t": rows}, schemas) == []  # that the other is missing is said elsewhere
    assert check_structure({"t": rows, "u": table("c e", ["x", "y"], name="u")}, schemas) == []


def test_a_reference_may_lead_into_its_own_table(tmp_path):
    schemas, _ = described(
        tmp_path, TWO, foreign=[{"fields": "b", "reference": {"resource": "", "fields": "a"}}]
    )
    faults = check_structure({"t": table("a b", ["x", "x"], ["y", "z"])}, schemas)
    assert [(fault.row, fault.column) for fault in faults] == [(3, "b")]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ("a b", []),
        ("b a", ["the columns in order: a,b"]),
        ("a", ["a column named b"]),
        ("a b c", ["a column that datapackage.json describes"]),
        ("a c", ["a column named b", "a column that datapackage.json describes"]),
    ],
)
def test_the_columns_are_those_described(tmp_path, columns, expected):
    schemas, _ = described(tmp_path, TWO)
    faults = check_structure({"t": table(columns, ["x"] * len(columns.split()))}, schemas)
    assert [fault.expected for fault in faults] == expected and all(fault.row == 1 for fault in faults)


@pytest.mark.parametrize(
    "more",
    [{"path": "../t.csv"}, {"path": "a/b"}, {"hash": 5}, {"name": 5}, {"path": ""}],
    ids=str,
)
def test_a_descriptor_that_names_no_file_of_the_folder_is_refused(tmp_path, more):
    schemas, faults = described(tmp_path, TWO, **more)
    assert not schemas and [(fault.file, fault.row) for fault in faults] == [("datapackage.json", 0)]


def test_a_minimum_is_one_of_numbers(tmp_path):
    fields = {"a": {"type": "string", "constraints": {"minimum": 5}}}
    assert "a minimum is one of numbers" in str(described(tmp_path, fields)[1][0])


def test_hashes_and_sizes_are_those_of_the_files(tmp_path):
    described(tmp_path, TWO)
    (tmp_path / "t.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "new.csv").write_text("a\n", encoding="utf-8")

    def wrong():
        return [(f.column, f.value) for f in check_hashes(tmp_path, read_descriptor(tmp_path)[0])]

    assert wrong() == [("t.csv", "x"), ("resources", "new.csv")]
    describe(tmp_path)
    assert wrong() == []
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert [(one["path"], one["bytes"]) for one in package["resources"]] == [("t.csv", 8), ("new.csv", 2)]
    package["resources"][0]["bytes"] = 9
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert [column for column, _ in wrong()] == ["t.csv"]
    (tmp_path / "t.csv").unlink()
    assert ("", "No such file or directory") in wrong()
