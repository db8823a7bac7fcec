"""The one reader of a folder of CSV files, whose cells are text.

Of which type a column is says the folder's datapackage.json, or the library's own where it has none.
"""

import csv
import io
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from langfang.errors import LangfangError

DESCRIPTOR = "datapackage.json"
LARGEST = 2**30  # bytes: no table of ours comes near it
_DISTINCT = 4096  # texts of a column; beyond that they hardly repeat
_BATCH = 256  # rows; more small lists than that call the garbage collector, which walks through all of them
_NUMBER = r"-?\d{1,18}(\.\d{1,18})?([eE][+-]?\d\d?)?"
# Types of a column that are not text: how a cell is written, words for it, what it is read as, and the
# array's types without and with empty cells.
TYPES = {
    "integer": (re.compile(r"-?\d{1,9}", re.ASCII), "a whole number", int, ("int64", "Int64")),
    "number": (re.compile(_NUMBER, re.ASCII), "a number", float, ("float64", "float64")),
    "boolean": (re.compile("true|false"), "true or false", "true".__eq__, ("bool", "boolean")),
}


class Fault(NamedTuple):
    """One thing that is wrong: where it stands, what stands there and what was expected.

    ``row`` is the line of the file (the header is line 1); 0 where the fault is the file's as a whole.
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


@dataclass(eq=False)
class Table:
    """One CSV file as text; without columns where it cannot be read."""

    file: str
    columns: dict[str, list[str]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)  # of the file, on which each row begins
    broken: list[Fault] = field(default_factory=list)  # what keeps the library from using it
    untidy: list[Fault] = field(default_factory=list)  # what only the check objects to
    _indices: dict[str, dict] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[dict]:
        return [self.row(index) for index in range(len(self.lines))]

    def row(self, index: int) -> dict:
        """A row as a dict of text that also holds its ``line``."""
        return {name: cells[index] for name, cells in self.columns.items()} | {"line": self.lines[index]}

    def column(self, name: str) -> list[str]:
        """The cells of a column; an error where the file has none of that name."""
        if name not in self.columns:
            raise LangfangError(Fault(self.file, 1, "", ",".join(self.columns), f"a column {name}"))
        return self.columns[name]

    def index(self, name: str) -> dict[str, int]:
        """The place of each value in a column of values that differ, made once."""
        if name not in self._indices:
            cells = self.column(name)
            found = self._indices[name] = dict(zip(cells, range(len(cells)), strict=True))
            if len(found) < len(cells) or "" in found:
                del self._indices[name]
                first = dict(zip(cells[::-1], range(len(cells))[::-1], strict=True))
                odd = next(n for n, cell in enumerate(cells) if not cell or first[cell] < n)
                raise self.error(odd, name, "an id of its own")
        return self._indices[name]

    def error(self, index: int, column: str, expected: str) -> LangfangError:
        """The error that names a cell and what was expected there."""
        return LangfangError(
            Fault(self.file, self.lines[index], column, self.column(column)[index], expected)
        )


@dataclass(eq=False)
class Folder:
    """A folder of tables in one state of its files; each is read when it is first asked for."""

    path: Path
    _tables: dict[str, Table] = field(default_factory=dict)

    def names(self) -> list[str]:
        """The tables that lie in the folder, in the order of their names."""
        return sorted(path.stem for path in self.path.glob("*.csv"))

    def table(self, name: str) -> Table:
        """A table that can be used; an error that names the first thing that is broken."""
        if name not in self._tables:
            self._tables[name] = read_table(self.path / f"{name}.csv")
        if self._tables[name].broken:
            raise LangfangError(self._tables[name].broken[0])
        return self._tables[name]

    @cached_property
    def types(self) -> dict[str, dict[str, tuple[str, bool]]]:
        """Of each column of each table its type, and whether no cell may be empty, by datapackage.json."""
        path = self.path / DESCRIPTOR
        text, faults = read_text(path if path.exists() else data_dir() / DESCRIPTOR)
        try:
            tables = [one for one in json.loads(text or "")["resources"] if "schema" in one]
            return {
                table["name"]: {
                    one["name"]: (str(one.get("type")), bool(one.get("constraints", {}).get("required")))
                    for one in table["schema"]["fields"]
                }
                for table in tables
            }
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
            expected = "resources, each with a name and a schema whose fields have a name"
            raise LangfangError((faults or [Fault(DESCRIPTOR, 0, "", "", expected)])[0]) from None


def data_dir(data: str | os.PathLike | None = None) -> Path:
    """The folder of the tables: the one given, else the one inside the wheel, else the clone's."""
    if data is None:
        here = Path(__file__).parent  # a wheel has the tables beside this module
        return here if (here / "facts.csv").is_file() else here.parents[2] / "data"
    if not isinstance(data, str | os.PathLike):
        raise LangfangError(f"data {data!r}: expected the path of a folder that holds facts.csv")
    if Path(data).is_dir():
        return Path(data)
    raise LangfangError(f"no folder {data}: expected one that holds facts.csv")


def open_folder(data: str | os.PathLike | None = None) -> Folder:
    """The tables of a folder as they are now: the same object as long as no file changes."""
    path, state = data_dir(data).absolute(), []
    for file in path.iterdir():
        if file.suffix in (".csv", ".json", ".toml") and os.path.exists(file):
            found = file.stat()
            state.append((file.name, found.st_mtime_ns, found.st_size, found.st_ino))
    return _in_state(path, tuple(sorted(state)))


@lru_cache(maxsize=4)
def _in_state(path: Path, state: tuple) -> Folder:
    return Folder(path)


def read_bytes(path: Path) -> tuple[bytes | None, list[Fault]]:
    """The bytes of a plain file and its faults; None where it is none, cannot be read or is too large."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):  # a pipe or a device would keep us waiting for ever
            return None, [Fault(path.name, 0, "", "no plain file", "a file that can be read")]
        if found.st_size > LARGEST:
            return None, [Fault(path.name, 0, "", f"{found.st_size} bytes", f"at most {LARGEST} bytes")]
        return path.read_bytes(), []
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return None, [Fault(path.name, 0, "", reason, f"a file that can be read in {path.absolute().parent}")]


def read_text(path: Path) -> tuple[str | None, list[Fault]]:
    """The text of a UTF-8 file with its line ends as LF, and its faults; None where there is none."""
    raw, faults = _with_lf(path)
    try:
        return None if raw is None else raw.decode("utf-8"), faults
    except UnicodeDecodeError as error:
        row, found = raw.count(b"\n", 0, error.start) + 1, raw[error.start : error.start + 8]
        return None, [Fault(path.name, row, "", repr(found), "text in UTF-8")]


def _with_lf(path: Path) -> tuple[bytes | None, list[Fault]]:
    """The bytes of a text file without a byte-order mark and carriage returns, and faults of those it had."""
    raw, faults = read_bytes(path)
    if raw and raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
        faults.append(Fault(path.name, 1, "", "byte-order mark", "UTF-8 without a byte-order mark"))
    if raw and b"\r" in raw:
        row = raw.count(b"\n", 0, raw.index(b"\r")) + 1
        faults.append(Fault(path.name, row, "", "carriage return", "line ends LF, nothing else"))
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return raw, faults


def read_table(path: Path) -> Table:
    """One CSV file with what is wrong with its form; nothing that a file holds raises an error."""
    raw, faults = _with_lf(path)
    if raw is None:
        return Table(path.name, broken=faults)
    table = Table(path.name, untidy=faults)
    reader = csv.reader(map(bytes.decode, io.BytesIO(raw)), strict=True)
    try:
        header = next(reader, [])
        if not header or len(set(header)) < len(header):
            expected = "a header line of column names that differ"
            table.broken.append(Fault(path.name, 1, "", ",".join(header), expected))
        else:
            table.columns = {name: [] for name in header}
            _read_rows(reader, table)
    except (csv.Error, UnicodeDecodeError) as error:
        expected = "CSV as in RFC 4180 (a row, its quotes closed)"
        table.broken.append(Fault(path.name, reader.line_num, "", str(error), expected))
    if table.broken and read_text(path)[0] is None:  # the cause of whatever else is wrong
        return Table(path.name, broken=read_text(path)[1])
    if not table.lines and not table.broken:
        table.untidy.append(Fault(path.name, 1, "", "", "at least one row below the header"))
    return table


def _read_rows(reader, table: Table) -> None:
    """Append all rows to a table, as far as they can be read, and their lines and faults."""
    columns = list(table.columns.values())
    known = [{} for _ in columns]  # what repeats is kept once: a table takes half the memory
    rows = [[]]
    while rows:
        rows, line = [], reader.line_num + 1
        try:
            rows.extend(islice(reader, _BATCH))
        finally:  # also what was read before it broke
            cells = rows
            if reader.line_num + 1 - line == len(rows) and {*map(len, rows)} == {len(columns)}:
                table.lines.extend(range(line, line + len(rows)))
            else:
                cells = _in_shape(rows, line, table)
            for column, once, more in zip(columns, known, zip(*cells, strict=True), strict=False):
                column.extend(map(once.setdefault, more, more) if len(once) <= _DISTINCT else more)


def _in_shape(rows: list[list[str]], line: int, table: Table) -> Iterator[list[str]]:
    """The rows that have cells, each with as many as the header; their lines and faults go to the table."""
    width = len(table.columns)
    for cells in rows:
        if not cells:
            table.untidy.append(Fault(table.file, line, "", "", "no empty line"))
        else:
            table.lines.append(line)
            if len(cells) != width:
                expected = f"{width} cells, as in the header"
                table.broken.append(Fault(table.file, line, "", f"{len(cells)} cells", expected))
            yield (cells + [""] * width)[:width]
        line += 1 + "".join(cells).count("\n")


def named_in(query: dict) -> list[str]:
    """The ids of facts and entities that a row of queries.csv is about."""
    return re.split(r"[;,\s]+", query["fact_ids"].strip())


def nearest(name: str, names) -> str:
    """Names that a misspelt one may stand for, as the end of a message; empty where none is near."""
    from difflib import get_close_matches

    name, names = str(name), list(names)
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    near = near or [known for known in names if name and name in known][:3]  # "pm25" for pm25_annual_mean
    return f"; did you mean {', '.join(near)}?" if near else ""
