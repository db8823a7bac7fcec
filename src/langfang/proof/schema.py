"""The tables held against data/datapackage.json: columns, types, keys, references, hashes.

Nothing here raises on what a file holds: every function gives the faults that it found.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import NamedTuple

from langfang.data.files import write_whole
from langfang.data.tables import DESCRIPTOR, TYPES, Fault, read_bytes, read_text
from langfang.printed.period import days

CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class Field(NamedTuple):
    """A column: its name, tests of a cell's text by what they expect; whether required, whether unique."""

    name: str
    tests: dict
    required: bool
    unique: bool


class Schema(NamedTuple):
    """Fields, the columns of the key, and references (columns, other table, other columns)."""

    fields: list
    key: list
    foreign: list


# ---- the descriptor ----


def read_descriptor(folder):
    """datapackage.json as a dict ({} where unreadable), its schemas by table name, and its faults."""
    text, faults = read_text(Path(folder) / DESCRIPTOR)
    if text is None:
        return {}, {}, faults
    try:
        package = json.loads(text)
        schemas = {one["name"]: _schema(one["schema"]) for one in package["resources"] if "schema" in one}
        for one in _files(package):
            if not re.fullmatch(r"[\w.-]+", one["path"]) or not isinstance(one["hash"], str):
                raise ValueError("a path is a file name in the folder, a hash is text")
            _names([one["name"]])
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, re.error) as error:
        expected = "a Data Package (v2) whose resources each have name, path, hash and, if tabular, a schema"
        return {}, {}, [*faults, Fault(DESCRIPTOR, 0, "", f"{type(error).__name__}: {error}", expected)]
    return package, schemas, faults


def _files(package):
    """What has a hash: the tables and, apart from them, files that are none: exporters make tables of all."""
    return [*package.get("resources", []), *package.get("files", [])]


def _schema(schema):
    foreign = []
    for key in schema.get("foreignKeys", []):
        other, targets = key["reference"]["resource"], key["reference"]["fields"]
        foreign.append((_names(key["fields"]), *_names([other]), _names(targets)))
    fields = [_field(field) for field in schema["fields"]]
    return Schema(fields, _names(schema.get("primaryKey", [])), foreign)


def _names(names):
    names = [names] if isinstance(names, str) else list(names)
    if not all(isinstance(name, str) for name in names):
        raise TypeError("names of fields are text")
    return names


def _field(field):
    """One column of the schema; type and constraints become tests that accept or refuse a cell."""
    limits = field.get("constraints", {})
    tests = dict([FITS[field["type"]]])
    if "enum" in limits:
        tests = {"one of " + ", ".join(limits["enum"]): frozenset(_names(limits["enum"])).__contains__}
    if "pattern" in limits:
        tests[f"like {limits['pattern']}"] = re.compile(limits["pattern"]).fullmatch
    if "minimum" in limits:
        least = float(limits["minimum"])
        if field["type"] not in ("integer", "number"):
            raise ValueError("a minimum is one of numbers")
        tests[f"at least {limits['minimum']}"] = lambda cell: float(cell) >= least
    (name,) = _names([field["name"]])
    return Field(name, tests, bool(limits.get("required")), bool(limits.get("unique")))


def is_date(cell):
    """Whether the text is an ISO date, or a year or month of one.

    >>> is_date("2020-10-01"), is_date("2020-02-30")
    (True, False)
    """
    return "/" not in cell and days(cell) is not None


FITS = {kind: (expected, pattern.fullmatch) for kind, (pattern, _, expected) in TYPES.items()}
FITS |= {"string": ("text", lambda cell: True), "date": ("a date (YYYY-MM-DD)", is_date)}


# ---- structure ----


def check_structure(tables, schemas):
    """Faults of columns, cells, keys and references: what the descriptor says of tables read as text."""
    parts = (_columns, _cells, _keys, _foreign)
    described = [(name, schema) for name, schema in schemas.items() if name in tables]
    return [fault for name, schema in described for part in parts for fault in part(tables, name, schema)]


def _columns(tables, name, schema):
    file, columns, expected = tables[name].file, list(tables[name].columns), [f.name for f in schema.fields]
    yield from (Fault(file, 1, c, "", f"a column named {c}") for c in expected if c not in columns)
    for column in columns:
        if column not in expected:
            yield Fault(file, 1, column, column, f"a column that {DESCRIPTOR} describes")
    if sorted(expected) == sorted(columns) and expected != columns:
        yield Fault(file, 1, "", ",".join(columns), "the columns in order: " + ",".join(expected))


def _cells(tables, name, schema):
    table, fields = tables[name], {field.name: field for field in schema.fields}
    for column in table.columns:
        cells = {row[column] for row in table.rows}
        wrong = {cell: list(_expected(cell, fields.get(column))) for cell in cells}
        for row in table.rows if any(wrong.values()) else ():
            for expected in wrong[row[column]]:
                yield Fault(table.file, row["line"], column, row[column], expected)


def _expected(cell, field):
    """What was expected of a cell that is not as it should be."""
    if cell != cell.strip() or CONTROL.search(cell):
        yield "text on one line, no white space around it"
    if field and field.required and not cell:
        yield ", ".join(field.tests) + " (never empty)"
    if field and cell and not all(test(cell) for test in field.tests.values()):
        yield ", ".join(field.tests)


def _keys(tables, name, schema):
    """Faults of keys that repeat, and of cells that do in a column of its own that is unique where filled."""
    table = tables[name]
    keys = [(schema.key, "a key that row {} has not")]
    keys += [([field.name], "no repetition of row {}") for field in schema.fields if field.unique]
    for columns, expected in keys:
        seen = {}
        for line, key in _cells_of(table, columns):
            if any(key) and seen.setdefault(key, line) != line:
                yield Fault(table.file, line, "+".join(columns), ",".join(key), expected.format(seen[key]))


def _foreign(tables, name, schema):
    for columns, other, targets in schema.foreign:
        target = tables.get(other or name)
        if not target or not set(targets) <= set(target.columns):
            continue
        known = {key for _, key in _cells_of(target, targets)}
        for line, key in _cells_of(tables[name], columns):
            if all(key) and key not in known:
                expected = f"a row of {target.file}"
                yield Fault(tables[name].file, line, "+".join(columns), ",".join(key), expected)


def _cells_of(table, columns):
    """(Line, cells of the columns) of each row; nothing where a column is missing."""
    if columns and set(columns) <= set(table.columns):
        yield from ((row["line"], tuple(row[column] for column in columns)) for row in table.rows)


# ---- hashes ----

REFRESH = "after a change that is meant: make describe"


def check_hashes(folder, package):
    """Faults of files that changed since the descriptor was written, or that it does not list."""
    for resource in _files(package):
        raw, faults = read_bytes(folder / resource["path"])
        yield from faults
        if raw is not None and (resource["hash"], resource.get("bytes")) != (_hash(raw), len(raw)):
            yield Fault(DESCRIPTOR, 0, resource["path"], resource["hash"], f"{_hash(raw)} ({REFRESH})")
    listed = {resource["path"] for resource in package.get("resources", [])}
    for path in sorted(folder.glob("*.csv")) if package else []:
        if path.name not in listed:
            yield Fault(DESCRIPTOR, 0, "resources", path.name, "every CSV file of the folder listed")


def _hash(raw):
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def describe(data):
    """Refresh hash and size of every file in a folder's datapackage.json; words and schemas stay.

    A CSV file that is new in the folder is listed; its schema is written by hand.
    """
    path = Path(data) / DESCRIPTOR
    package = json.loads(path.read_text(encoding="utf-8"))
    listed = {resource["path"] for resource in package["resources"]}
    for new in sorted({file.name for file in path.parent.glob("*.csv")} - listed):
        package["resources"].append({"name": Path(new).stem, "path": new})
    for resource in _files(package):
        raw = (path.parent / resource["path"]).read_bytes()
        resource |= {"bytes": len(raw), "hash": _hash(raw)}
    write_whole(path, json.dumps(package, ensure_ascii=False, indent=2) + "\n")
