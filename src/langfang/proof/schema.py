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


class Schema(NamedTuple):
    """What the descriptor says of a table."""

    tests: dict  # of each column: what is expected of a cell -> whether a text is that
    required: list  # columns
    unique: list  # columns
    key: list  # columns
    foreign: list  # (columns, other table, its columns)


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
    tests, limits = {}, {}
    for field in schema["fields"]:
        limit = field.get("constraints", {})
        test, (name,) = _tests(field["type"], limit), _names([field["name"]])
        tests[name], limits[name] = test, limit
    required, unique = ([n for n in limits if limits[n].get(word)] for word in ("required", "unique"))
    return Schema(tests, required, unique, _names(schema.get("primaryKey", [])), foreign)


def _tests(kind, limits):
    """Type and constraints of a column as tests that accept or refuse a cell."""
    tests = dict([FITS[kind]])
    if "enum" in limits:
        tests = {"one of " + ", ".join(limits["enum"]): frozenset(_names(limits["enum"])).__contains__}
    if "pattern" in limits:
        tests[f"like {limits['pattern']}"] = re.compile(limits["pattern"]).fullmatch
    if "minimum" in limits:
        least = float(limits["minimum"])
        if kind not in ("integer", "number"):
            raise ValueError("a minimum is one of numbers")
        tests[f"at least {limits['minimum']}"] = lambda cell: float(cell) >= least
    return tests


def _names(names):
    names = [names] if isinstance(names, str) else list(names)
    if not all(isinstance(name, str) for name in names):
        raise TypeError("names of fields are text")
    return names


def is_date(cell):
    """Whether the text is an ISO date, or a year or month of one."""
    return "/" not in cell and days(cell) is not None


FITS = {kind: (expected, pattern.fullmatch) for kind, (pattern, expected, *_) in TYPES.items()}
FITS |= {"string": ("text", lambda cell: True), "date": ("a date (YYYY-MM-DD)", is_date)}


def check_structure(tables, schemas):
    """Faults of columns, cells, keys and references: what the descriptor says of tables read as text."""
    parts = (_columns, _cells, _keys)
    described = [(name, schema) for name, schema in schemas.items() if name in tables]
    return [fault for name, schema in described for part in parts for fault in part(tables, name, schema)]


def _columns(tables, name, schema):
    file, columns, expected = tables[name].file, list(tables[name].columns), list(schema.tests)
    yield from (Fault(file, 1, c, "", f"a column named {c}") for c in expected if c not in columns)
    unknown = [column for column in columns if column not in expected]
    yield from (Fault(file, 1, c, c, f"a column that {DESCRIPTOR} describes") for c in unknown)
    if sorted(expected) == sorted(columns) and expected != columns:
        yield Fault(file, 1, "", ",".join(columns), "the columns in order: " + ",".join(expected))


def _cells(tables, name, schema):
    for column in tables[name].columns:
        tests, wrong = schema.tests.get(column, {}), {}
        for cell in {row[column] for row in tables[name].rows}:
            wrong[cell] = []
            if cell != cell.strip() or CONTROL.search(cell):
                wrong[cell].append("text on one line, no white space around it")
            if not cell and column in schema.required:
                wrong[cell].append(", ".join(tests) + " (never empty)")
            if cell.startswith("TODO"):
                wrong[cell].append("what was decided")
            if cell and not all(test(cell) for test in tests.values()):
                wrong[cell].append(", ".join(tests))
        for row in tables[name].rows:
            for expected in wrong[row[column]]:
                yield Fault(tables[name].file, row["line"], column, row[column], expected)


def _keys(tables, name, schema):
    """Of keys and unique columns that repeat (empty cells may), and of references that lead nowhere."""
    file = tables[name].file
    keys = [(schema.key, "a key that row {} has not")]
    for columns, expected in [*keys, *(([column], "no repetition of row {}") for column in schema.unique)]:
        seen = {}
        for line, key in _cells_of(tables[name], columns):
            if any(key) and seen.setdefault(key, line) != line:
                yield Fault(file, line, "+".join(columns), ",".join(key), expected.format(seen[key]))
    for columns, other, targets in schema.foreign:
        target = tables.get(other or name)
        if target and set(targets) <= set(target.columns):
            known = {key for _, key in _cells_of(target, targets)}
            for line, key in _cells_of(tables[name], columns):
                if all(key) and key not in known:
                    yield Fault(file, line, "+".join(columns), ",".join(key), f"a row of {target.file}")


def _cells_of(table, columns):
    """(Line, cells of the columns) of each row; nothing where a column is missing."""
    if columns and set(columns) <= set(table.columns):
        yield from ((row["line"], tuple(row[column] for column in columns)) for row in table.rows)


def check_hashes(folder, package):
    """Faults of files that changed since the descriptor was written, or that it does not list."""
    for resource in _files(package):
        raw, faults = read_bytes(folder / resource["path"])
        yield from faults
        if raw is not None and (resource["hash"], resource.get("bytes")) != (_hash(raw), len(raw)):
            expected = f"{_hash(raw)} (after a change that is meant: make describe)"
            yield Fault(DESCRIPTOR, 0, resource["path"], resource["hash"], expected)
    for path in _unlisted(folder, package) if package else ():
        yield Fault(DESCRIPTOR, 0, "resources", path, "every CSV file of the folder listed")


def _unlisted(folder, package):
    listed = {resource["path"] for resource in package.get("resources", [])}
    return sorted({path.name for path in folder.glob("*.csv")} - listed)


def _hash(raw):
    return "sha256:" + hashlib.sha256(raw).hexdigest()


def describe(data):
    """Refresh hash and size of every file in a folder's datapackage.json; words and schemas stay.

    A CSV file that is new in the folder is listed; its schema is written by hand.
    """
    folder = Path(data)
    package = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
    package["resources"] += [{"name": Path(new).stem, "path": new} for new in _unlisted(folder, package)]
    for resource in _files(package):
        raw = (folder / resource["path"]).read_bytes()
        resource |= {"bytes": len(raw), "hash": _hash(raw)}
    write_whole(folder / DESCRIPTOR, json.dumps(package, ensure_ascii=False, indent=2) + "\n")
