"""What a report must satisfy, as relations.toml states it: read, and refused where it cannot be meant."""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from langfang.audit.formula import dimension, is_date, names_in, parse
from langfang.data.tables import nearest, read_text
from langfang.errors import LangfangError

FILE = "relations.toml"
OUTSIDE = "outside"  # the kind of a relation with a figure of another publication
KINDS = (
    "sum",
    "restatement",
    "growth",
    "share",
    "subset",
    "overlap",
    "flow",
    "list",
    "ratio",
    "money",
    "order",
    OUTSIDE,
)
# In what an outside figure may differ, and the column of facts.csv that says so.
COMPARABLE = {"year": "period", "area": "area", "definition": "indicator_id", "vintage": "vintage"}
_FACTS = 24  # figures in one relation, so that trying an error in each takes no more than a moment
# A type; [type] for a list of such; {"": type} for a table of any keys; {key: type} for one of those keys.
_NAMES = dict.fromkeys(("kind", "group", "county", "name_zh", "name_en", "each"), str) | {"paragraph": int}
_TYPES = {
    **dict.fromkeys(("title", "kind", "expression", "claim", "unit", "query", "source", "note"), str),
    **{"facts": {"": str}, "lists": {"": _NAMES}, "comparable": {"": str}, "copies": [int]},
}
_CALLED = {str: "text", int: "a whole number from 1 to 999999", list: "a list", dict: "a table"}
_CLAIM = re.compile(r"\s*(<=|>=|=|<|>)\s*(.+)")
_HEADER = re.compile(r"^\[([\w-]+)\]\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Relation:
    """One relation of relations.toml; its claim is split into the sign and what follows it."""

    id: str
    line: int = 0
    title: str = ""
    kind: str = ""
    facts: dict = field(default_factory=dict)  # short name → fact_id
    lists: dict = field(
        default_factory=dict
    )  # short name → what the rows of entities.csv have that it counts
    copies: list = field(default_factory=list)  # the paragraphs of a restatement
    expression: str = ""
    sign: str = ""
    claim: str = ""
    unit: str = ""  # of the result
    query: str = ""
    source: str = ""  # the report it is about, in which the paragraphs of lists and copies are
    comparable: dict = field(default_factory=dict)
    note: str = ""

    @property
    def claims(self) -> bool:
        return bool(self.sign or self.copies)

    @cached_property
    def dates(self) -> dict[str, tuple[str, str]]:
        """The calls ``year(…)`` and ``years(…)`` of the formulas: text → (function, short name)."""
        calls = [part for node in self.sides() for part in ast.walk(node) if is_date(part)]
        return {ast.unparse(call): (call.func.id, call.args[0].id) for call in calls}

    def sides(self) -> tuple[ast.expr, ast.expr]:
        """Expression and claim as trees; a claim of zero where there is none."""
        return parse(self.expression), parse(self.claim or "0")

    def difference(self) -> ast.expr:
        """Expression less claim, in which a name of both sides is one unknown."""
        return parse(f"({self.expression}) - ({self.claim or 0})")


def read_relations(folder: Path, facts: dict, units: dict, sources: dict) -> list[Relation]:
    """The relations of a folder, none where it has no such file.

    ``facts`` are rows by id, ``units`` base units by printed unit, ``sources`` kinds by id.
    """
    path = folder / FILE
    if not path.exists():
        return []
    text, faults = read_text(path)
    if text is None:
        raise LangfangError(str(faults[0]))
    lines = {found[1]: text.count("\n", 0, found.start()) + 1 for found in _HEADER.finditer(text)}
    relations = []
    for name, row in _content(text).items():
        row = _typed(name, row)
        row["source"] = row.get("source") or _source(row.get("facts", {}), facts, sources)
        relation = Relation(id=name, line=lines.get(name, 0), **row)
        _check(relation, facts, units, sources)
        relations.append(relation)
    return relations


def _content(text: str) -> dict:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also an integer of too many digits
        starts = [found.start() for found in _HEADER.finditer(text)]
        parts = [text[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]
        place = next((f", {part.split()[0]}" for part in parts if not _is_toml(part)), "")
        raise LangfangError(f"{FILE}{place}: {error} – expected relations in TOML") from None


def _is_toml(text: str) -> bool:
    try:
        return bool(tomllib.loads(text))
    except (ValueError, RecursionError):
        return False


def _fault(name: str, place: str, value, expected: str) -> LangfangError:
    try:
        shown = repr(value)
    except (ValueError, RecursionError):  # such as a number of 5,000 digits, which Python does not print
        shown = f"a {type(value).__name__}"
    shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
    return LangfangError(f"{FILE}, [{name}]{', ' if place else ''}{place}: {shown} – expected {expected}")


def _typed(name: str, row) -> dict:
    """One table of relations.toml, if its keys and types are those of a relation; the claim is split."""
    _check_type(name, "", row, _TYPES)
    row, claim = dict(row), row.get("claim", "")
    found = _CLAIM.fullmatch(claim)
    if claim and not found:
        raise _fault(name, "claim", claim, "=, <=, >=, < or > and what the expression is held against")
    row["sign"], row["claim"] = found.groups() if found else ("", "")
    return row


def _check_type(name: str, place: str, value, wanted) -> None:
    kind = wanted if isinstance(wanted, type) else type(wanted)
    if type(value) is not kind or (kind is int and not 0 < value < 10**6):
        raise _fault(name, place, value, _CALLED[kind])
    if kind is list:
        for part in value:
            _check_type(name, place, part, wanted[0])
    if kind is dict:
        for key, part in value.items():
            if key not in wanted and "" not in wanted:
                raise _fault(name, ", ".join(filter(None, [place, key])), part, f"one of {', '.join(wanted)}")
            inner = wanted.get(key, wanted.get(""))
            _check_type(name, f"{place}.{key}" if place else key, part, inner)


def _source(named: dict, facts: dict, sources: dict) -> str:
    """The report that a relation is about if it does not say: that of its facts, or the first there is."""
    reports = [source for source, kind in sources.items() if kind != "cited"]
    of_facts = (facts.get(fact, {}).get("source_id") for fact in named.values())
    return next((source for source in of_facts if source in reports), next(iter(reports), ""))


def _check(relation: Relation, facts: dict, units: dict, sources: dict) -> None:
    """Whether a relation can be meant: its figures are known, its formulas add up, its names are used."""
    name, used = relation.id, list(relation.facts.values())
    if relation.kind not in KINDS:
        raise _fault(name, "kind", relation.kind, f"one of {', '.join(KINDS)}")
    if relation.source not in sources:
        raise _fault(name, "source", relation.source, f"a source_id{nearest(relation.source, sources)}")
    if not relation.title:
        raise _fault(name, "title", "", "a sentence that says what must hold")
    if bool(relation.expression) == bool(relation.copies):
        raise _fault(name, "expression", relation.expression, "an expression, or the paragraphs of copies")
    if len(used) > _FACTS:
        raise _fault(name, "facts", f"{len(used)} facts", f"{_FACTS} at most")
    for fact in used:
        if fact not in facts:
            raise _fault(name, "facts", fact, f"a fact_id of facts.csv{nearest(fact, facts)}")
    for short, spec in relation.lists.items():
        if spec.get("each", "county") not in _NAMES:
            raise _fault(name, f"lists.{short}.each", spec["each"], f"one of {', '.join(_NAMES)}")
    for key in relation.comparable:
        if key not in COMPARABLE:
            raise _fault(name, "comparable", key, f"one of {', '.join(COMPARABLE)}")
    outside = any(sources.get(facts[fact]["source_id"]) == "cited" for fact in used)
    if outside != (relation.kind == OUTSIDE):
        raise _fault(name, "kind", relation.kind, "outside where a fact is of a cited source, and only there")
    if relation.expression:
        _check_formulas(relation, facts, units)


def _check_formulas(relation: Relation, facts: dict, units: dict) -> None:
    """Names that are known and used, and one unit on both sides: that of the figures or the one declared."""
    try:
        nodes = relation.sides()
        relation.difference()
        names = set().union(*map(names_in, nodes))
        for short in sorted(names ^ {*relation.facts, *relation.lists}):
            expected = (
                "a short name of facts or lists" if short in names else "a short name that a formula uses"
            )
            raise LangfangError(f"{short!r} – expected {expected}")
        calls = {short for _, short in relation.dates.values()}
        if calls - {*relation.facts}:
            raise LangfangError(
                f"{min(calls - {*relation.facts})!r} – expected the year of a fact, not of a list"
            )
        bases = {short: units[facts[fact]["unit"]].base for short, fact in relation.facts.items()}
        left, right = (dimension(node, lambda short: bases.get(short, "")) for node in nodes)
        declared = units[relation.unit].base if relation.unit in units else relation.unit and "?"
        dimension(parse("left - right"), {"left": declared or left, "right": right}.get)
    except LangfangError as error:
        raise LangfangError(f"{FILE}, [{relation.id}]: {error}") from None
