"""The tables as they lie on disk, held against data/datapackage.json: reading, types, keys, hashes.

Nothing here raises on what a file holds: every function returns what it could read and a list of faults.
"""

import csv
import hashlib
import io
import json
import math
import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from langfang.data.files import write_whole

DESCRIPTOR = "datapackage.json"
LARGEST = 64 * 2**20  # bytes; the article's tables together are about a quarter of one MB
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]")


class Fault(NamedTuple):
    """One thing that is wrong: where it stands, what stands there and what was expected.

    ``row`` is the line of the file (the header is line 1); 0 where the fault is the file's as a whole.

    Examples
    --------
    >>> print(Fault("facts.csv", 7, "value", "98.4", "98.04, as the text reads"))
    facts.csv, row 7, value: '98.4' – expected 98.04, as the text reads
    """

    file: str
    row: int
    column: str
    value: str
    expected: str

    def __str__(self):
        place = ", ".join(filter(None, [self.file, f"row {self.row}" if self.row else "", self.column]))
        value = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        return f"{place}: {value!r} – expected {self.expected}"


class Table(NamedTuple):
    """A table as text: column names, and rows as dicts that also hold their ``line`` in the file."""

    file: str
    columns: list
    rows: list


class Field(NamedTuple):
    name: str
    fits: object  # function of the cell's text
    expected: str
    required: bool
    unique: bool


class Schema(NamedTuple):
    fields: list
    key: list
    foreign: list  # (columns, other table, other columns)


# ---- files ----


def read_bytes(path):
    """The bytes of a file and its faults; None where it cannot be read or is too large to be one of ours."""
    try:
        size = path.stat().st_size
        if size > LARGEST or not path.is_file():
            return None, [Fault(path.name, 0, "", f"{size} bytes", f"a file of at most {LARGEST} bytes")]
        return path.read_bytes(), []
    except OSError as error:
        return None, [Fault(path.name, 0, "", error.strerror or "", f"a file that can be read: {path.name}")]


def read_text(path):
    """The text of a UTF-8 file with LF line ends, and what is wrong with it; None if undecodable."""
    raw, faults = read_bytes(path)
    if raw is None:
        return None, faults
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        faults.append(Fault(path.name, 1, "", "byte-order mark", "UTF-8 without a byte-order mark"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        row = raw.count(b"\n", 0, error.start) + 1
        faults.append(Fault(path.name, row, "", repr(raw[error.start : error.start + 8]), "UTF-8"))
        return None, faults
    if "\r" in text:
        row = text.count("\n", 0, text.index("\r")) + 1
        faults.append(Fault(path.name, row, "", "carriage return", "line ends LF, nothing else"))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text, faults


def read_table(path):
    """One CSV file as a Table (None where there is none to read) and the faults of its form."""
    text, faults = read_text(path)
    if text is None:
        return None, faults
    records = list(_records(path.name, text, faults))
    if not records:
        return None, [*faults, Fault(path.name, 1, "", "", "a header line and at least one row")]
    (_, columns), *rest = records
    if len(set(columns)) < len(columns):
        return None, [*faults, Fault(path.name, 1, "", ",".join(columns), "column names that differ")]
    if not rest:
        faults.append(Fault(path.name, 1, "", "", "at least one row below the header"))
    return Table(
        path.name, columns, [_row(path.name, n, columns, cells, faults) for n, cells in rest]
    ), faults


def _records(file, text, faults):
    """(line, cells) of each record; what csv refuses, odd characters and empty lines become faults."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(file, line, "", str(error), "CSV as in RFC 4180 (a row, its quotes closed)"))
            return
        if cells:
            yield line, cells
        else:
            faults.append(Fault(file, line, "", "", "no empty line"))


def _row(file, line, columns, cells, faults):
    """The record as a dict; a wrong number of cells and stray white space are faults, not obstacles."""
    if len(cells) != len(columns):
        faults.append(Fault(file, line, "", f"{len(cells)} cells", f"{len(columns)} cells, as in the header"))
        cells = (cells + [""] * len(columns))[: len(columns)]
    for column, cell in zip(columns, cells, strict=True):
        if cell != cell.strip() or CONTROL.search(cell) or "\n" in cell:
            faults.append(Fault(file, line, column, cell, "text on one line, no white space around it"))
    return {**dict(zip(columns, cells, strict=True)), "line": line}


# ---- the descriptor ----


def read_descriptor(folder):
    """datapackage.json as a dict ({} where unreadable), its schemas by table name, and its faults."""
    text, faults = read_text(folder / DESCRIPTOR)
    if text is None:
        return {}, {}, faults
    try:
        package = json.loads(text)
        schemas = {r["name"]: _schema(r["schema"]) for r in package["resources"] if "schema" in r}
        if not all(
            re.fullmatch(r"[\w.-]+", r["path"]) and isinstance(r["hash"], str) for r in package["resources"]
        ):
            raise ValueError("a path is a file name in the folder, a hash is text")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, re.error) as error:
        expected = "a Data Package (v2) whose resources each have name, path, hash and, if tabular, a schema"
        return {}, {}, [*faults, Fault(DESCRIPTOR, 0, "", f"{type(error).__name__}: {error}", expected)]
    return package, schemas, faults


def _schema(schema):
    key = schema.get("primaryKey", [])
    foreign = [
        (_list(k["fields"]), k["reference"].get("resource", ""), _list(k["reference"]["fields"]))
        for k in schema.get("foreignKeys", [])
    ]
    return Schema([_field(f) for f in schema["fields"]], _list(key), foreign)


def _list(names):
    names = [names] if isinstance(names, str) else list(names)
    if not all(isinstance(name, str) for name in names):
        raise TypeError("names of fields are text")
    return names


def _field(field):
    """One column of the schema; type and constraints become a function that accepts or refuses a cell."""
    rules = field.get("constraints", {})
    tests, expected = [], [TYPES[field["type"]][1]]
    if "enum" in rules:
        tests.append(frozenset(_list(rules["enum"])).__contains__)
        expected = ["one of " + ", ".join(rules["enum"])]
    if "pattern" in rules:
        tests.append(re.compile(rules["pattern"]).fullmatch)
        expected.append(f"like {rules['pattern']}")
    if "minimum" in rules:
        least = float(rules["minimum"])
        tests.append(lambda cell: float(cell) >= least)
        expected.append(f"at least {rules['minimum']}")
    tests = [TYPES[field["type"]][0], *tests]
    name, required, unique = field["name"], bool(rules.get("required")), bool(rules.get("unique"))
    return Field(
        *_list([name]), lambda cell: all(test(cell) for test in tests), ", ".join(expected), required, unique
    )


def is_date(cell):
    """Whether the text is an ISO date, or a year or month of one.

    >>> is_date("2020-10-01"), is_date("2020-02-30")
    (True, False)
    """
    try:
        date.fromisoformat(cell + "2020-01-01"[len(cell) :] if re.fullmatch(r"\d{4}(-\d\d)?", cell) else cell)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}(-\d\d){0,2}", cell, re.ASCII) is not None


def is_number(cell):
    """Whether the text is a plain finite decimal number.

    >>> is_number("4.0"), is_number("1e5"), is_number("nan")
    (True, True, False)
    """
    return bool(re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d\d?)?", cell, re.ASCII)) and math.isfinite(
        float(cell)
    )


TYPES = {
    "string": (lambda cell: True, "text"),
    "integer": (re.compile(r"-?\d{1,9}", re.ASCII).fullmatch, "a whole number"),
    "number": (is_number, "a number"),
    "boolean": (("true", "false").__contains__, "true or false"),
    "date": (is_date, "a date (YYYY-MM-DD)"),
}


# ---- structure ----


def check_structure(tables, schemas):
    """Faults of columns, types, keys and foreign keys: what the descriptor says of tables read as text."""
    return [
        fault
        for name, schema in schemas.items()
        if name in tables
        for part in (_columns, _cells, _keys, _foreign)
        for fault in part(tables, name, schema)
    ]


def _columns(tables, name, schema):
    table, expected = tables[name], [field.name for field in schema.fields]
    for column in expected:
        if column not in table.columns:
            yield Fault(table.file, 1, column, "", f"a column named {column}")
    for column in table.columns:
        if column not in expected:
            yield Fault(table.file, 1, column, column, "a column that datapackage.json describes")
    if sorted(expected) == sorted(table.columns) and expected != table.columns:
        yield Fault(table.file, 1, "", ",".join(table.columns), "the columns in order: " + ",".join(expected))


def _cells(tables, name, schema):
    table = tables[name]
    for field in (field for field in schema.fields if field.name in table.columns):
        seen = {}
        for row in table.rows:
            cell = row[field.name]
            if not cell:
                if field.required:
                    yield Fault(table.file, row["line"], field.name, cell, field.expected + " (never empty)")
            elif not field.fits(cell):
                yield Fault(table.file, row["line"], field.name, cell, field.expected)
            elif field.unique and seen.setdefault(cell, row["line"]) != row["line"]:
                yield Fault(table.file, row["line"], field.name, cell, f"no repetition of row {seen[cell]}")


def _keys(tables, name, schema):
    table, seen = tables[name], {}
    if not schema.key or not set(schema.key) <= set(table.columns):
        return
    for row in table.rows:
        key = tuple(row[column] for column in schema.key)
        if seen.setdefault(key, row["line"]) != row["line"]:
            yield Fault(
                table.file,
                row["line"],
                "+".join(schema.key),
                ",".join(key),
                f"a key that row {seen[key]} has not",
            )


def _foreign(tables, name, schema):
    table = tables[name]
    for columns, other, targets in schema.foreign:
        target = tables.get(other or name)
        if (
            target is None
            or not set(columns) <= set(table.columns)
            or not set(targets) <= set(target.columns)
        ):
            continue
        known = {tuple(row[column] for column in targets) for row in target.rows}
        for row in table.rows:
            key = tuple(row[column] for column in columns)
            if all(key) and key not in known:
                yield Fault(
                    table.file, row["line"], "+".join(columns), ",".join(key), f"a row of {target.file}"
                )


# ---- hashes ----


def check_hashes(folder, package):
    """Faults of files that changed since the descriptor was written, or that it does not list."""
    for resource in package.get("resources", []):
        raw, faults = read_bytes(folder / resource["path"])
        yield from faults
        if raw is not None and (resource["hash"], resource.get("bytes")) != (_hash(raw), len(raw)):
            yield Fault(DESCRIPTOR, 0, resource["path"], resource["hash"], f"{_hash(raw)} ({REFRESH})")
    listed = {resource["path"] for resource in package.get("resources", [])}
    for path in sorted(folder.glob("*.csv")) if package else []:
        if path.name not in listed:
            yield Fault(DESCRIPTOR, 0, "resources", path.name, "every CSV file of the folder listed")


REFRESH = "after a change that is meant: make describe"


def _hash(raw):
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def describe(data):
    """Refresh hash and size of every file in a folder's datapackage.json; words and schemas stay.

    A CSV file that is new in the folder is listed; its schema is written by hand.

    Parameters
    ----------
    data : path
        Folder with the tables and datapackage.json.
    """
    path = Path(data) / DESCRIPTOR
    package = json.loads(path.read_text(encoding="utf-8"))
    listed = {resource["path"] for resource in package["resources"]}
    for new in sorted({file.name for file in path.parent.glob("*.csv")} - listed):
        package["resources"].append({"name": Path(new).stem, "path": new})
    for resource in package["resources"]:
        raw = (path.parent / resource["path"]).read_bytes()
        resource |= {"bytes": len(raw), "hash": _hash(raw)}
    text = json.dumps(package, ensure_ascii=False, indent=2) + "\n"
    write_whole(path, text)
