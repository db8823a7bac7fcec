"""Wrong cells, made on purpose: does the check notice?

A mutant is one changed cell. Hashes in datapackage.json are not looked at, as if they had been refreshed, so
that only meaning can object. ``make mutation`` runs all of them, the tests a seeded sample.
"""

import copy
import random
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from langfang.printed import numerals as written
from langfang.printed.reading import BOUNDS
from langfang.proof.check import check_tables, read_second, read_tables
from langfang.proof.schema import read_descriptor

# Columns for readers (titles, notes, definitions …) are not here: to a program all text is alike.
MEANING = {
    "sources": "source_id kind published sha256",
    "paragraphs": "source_id paragraph section sha256 numerals",
    "areas": "area name_en name_zh part_of",
    "indicators": "indicator_id theme measure unit name_en name_zh",
    "units": "unit base_unit factor countable",
    "facts": "fact_id indicator_id area period period_basis status value unit bound vintage source_id",
    "mentions": "source_id paragraph start text supplied role fact_id entity_id",
    "entities": "entity_id kind name_zh name_en county",
    "queries": "query_id fact_ids",
    "glossary": "term_zh term_en",
    "not_figures": "term",
}


class Mutant(NamedTuple):
    table: str
    column: str
    kind: str
    row: int
    value: str


class Data(NamedTuple):
    """A data set in memory, the article's text ("" without) and the rows of its second readings."""

    tables: dict
    schemas: dict
    text: str
    readings: list


def load(folder, text=""):
    folder = Path(folder)
    readings = read_second(folder)[0]
    return Data(read_tables(folder)[0], read_descriptor(folder)[1], text, readings)


# ---- making mutants ----


def mutants(data, seed=1):
    """Every mutant: for each meaningful cell one or more of each kind that fits the column."""
    dice = random.Random(seed)
    for name, columns in MEANING.items():
        table = data.tables[name]
        enums = _enums(data.schemas[name], name)
        for column in columns.split():
            others = sorted({row[column] for row in table.rows})
            for index, row in enumerate(table.rows):
                seen = {row[column]}
                for kind, value in _changes(data, name, column, row, others, enums.get(column), dice):
                    if value not in seen:
                        seen.add(value)
                        yield Mutant(name, column, kind, index, value)


def _enums(schema, name):
    """The allowed values of columns that have few; an enum as the descriptor's own test refuses others."""
    known = {
        ("sources", "kind"): ["transcribed", "cited"],
        ("facts", "period_basis"): ["stated", "inferred", ""],
        ("facts", "status"): ["actual", "target", "forecast", "norm"],
        ("facts", "bound"): list(BOUNDS),
        ("mentions", "role"): ["fact", "name", "label", "date", "other"],
        ("indicators", "measure"): ["level", "count", "share", "growth", "change", "rank"],
        ("units", "countable"): ["true", "false"],
    }
    return {column: values for (table, column), values in known.items() if table == name}


def _changes(data, table, column, row, others, enum, dice):
    cell = row[column]
    if enum:
        yield from (("another of the few", value) for value in enum)
        yield "no such value", cell + "s"
        return
    if cell:
        yield "emptied", ""
        yield "a character changed", _typo(cell, dice)
    if others and column not in ("period", "start", "numerals"):
        yield "another row's", dice.choice(others)
    if column in ("paragraph", "start", "numerals"):
        yield from ((f"{step:+}", str(int(cell) + step)) for step in (-1, 1, 10))
    if column == "value":
        yield from (("a digit more", cell + "0"), ("a digit less", cell[:-1]), ("ten times", _shift(cell)))
    if column == "period" and cell:
        yield from (
            ("a year later", _later(cell)),
            ("a month", cell + "-06"),
            ("coarser", cell[:-3]),
            ("doubled", f"{cell}/{cell}"),
        )
    if column == "supplied":
        yield from (("more", cell + "元"), ("more", "约…" + cell), ("more", "%"))
    if column in ("text", "term") and len(cell) > 1:
        yield from (("cut", cell[:-1]), ("cut", cell[1:]))
    if column == "text" and data.text:
        yield from _stretched(data, row)
    if column.startswith("name_"):
        yield (
            "the other language",
            row["name_zh" if column == "name_en" else "name_en"] if "name_zh" in row else "名",
        )


def _typo(cell, dice):
    """One character replaced by another of its kind, digits first."""
    digits = [m.start() for m in re.finditer(r"\d", cell, re.ASCII)]
    at = dice.choice(digits or range(len(cell)))
    pool = (
        "0123456789"
        if digits
        else "abcdefghijklmnopqrstuvwxyz"
        if cell.isascii()
        else "一二三四五六七八九万亿元项个的中"
    )
    return cell[:at] + dice.choice([c for c in pool if c != cell[at]]) + cell[at + 1 :]


def _shift(value):
    return str(float(value) * 10) if "." in value else value + "0"


def _later(period):
    return re.sub(r"\d{4}", lambda year: str(int(year[0]) + 1), period, count=1)


def _stretched(data, row):
    """The text with the article's next or previous character, which therefore stands at its place."""
    hashes = {(p["source_id"], p["paragraph"]): p["sha256"] for p in data.tables["paragraphs"].rows}
    texts = _texts(data.text)
    text = texts.get(hashes.get((row["source_id"], row["paragraph"])), "")
    end = int(row["start"]) + len(row["text"])
    if text[end : end + 1]:
        yield "stretched", row["text"] + text[end]


_cache = {}


def _texts(text):
    if text not in _cache:
        _cache[text] = {written.digest(p): p for p in written.paragraphs(text)}
    return _cache[text]


# ---- judging them ----


def apply(tables, mutant):
    table = copy.copy(tables[mutant.table])
    table.rows = list(table.rows)
    table.rows[mutant.row] = table.rows[mutant.row] | {mutant.column: mutant.value}
    return tables | {mutant.table: table}


def judge(data):
    """A function of a mutant that says who catches it: (tables, and the article, and the second readings)."""
    alone = set(check_tables(data.tables, data.schemas))
    whole = set(check_tables(data.tables, data.schemas, data.text, readings=data.readings))

    def caught(mutant):
        tables = apply(data.tables, mutant)
        first = bool(set(check_tables(tables, data.schemas)) - alone)
        second = first or bool(data.text and set(check_tables(tables, data.schemas, data.text)) - whole)
        third = second or bool(
            set(check_tables(tables, data.schemas, data.text, readings=data.readings)) - whole
        )
        return first, second, third

    return caught


def is_cited(data, mutant):
    """Whether the cell is of a fact or source that is only cited: no text here to hold it against."""
    if mutant.table not in ("facts", "sources"):
        return False
    cited = {row["source_id"] for row in data.tables["sources"].rows if row["kind"] == "cited"}
    return data.tables[mutant.table].rows[mutant.row]["source_id"] in cited


def report(data, verdicts):
    """A table of the share caught per column from (mutant, (alone, article, second)) pairs."""
    counts = defaultdict(Counter)
    for mutant, caught in verdicts:
        cited = " (cited)" if is_cited(data, mutant) else ""
        for key in ((mutant.table, mutant.column + cited), ("all columns", cited.strip())):
            counts[key]["all"] += 1
            for level, hit in enumerate(caught):
                counts[key][level] += hit
    lines = [f"{'caught by …':32}{'mutants':>8}{'tables':>9}{'article':>9}{'2nd read.':>10}"]
    tables = [*MEANING, "all columns"]
    for (table, column), count in sorted(
        counts.items(), key=lambda item: (tables.index(item[0][0]), item[0])
    ):
        shares = "".join(
            f"{100 * count[level] / count['all']:{width}.1f}%" for level, width in ((0, 8), (1, 8), (2, 9))
        )
        lines.append(f"{table + ' ' + column:32}{count['all']:>8}{shares}")
    return "\n".join(lines)
