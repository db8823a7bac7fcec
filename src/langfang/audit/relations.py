"""What a report must satisfy, as relations.toml states it: read, and refused where it cannot be meant."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from langfang.audit.formula import Tree, dimension, names_in, parse
from langfang.data.tables import nearest, read_text
from langfang.errors import LangfangError

FILE = "relations.toml"
OUTSIDE = "outside"  # the kind of a relation with a figure of another publication
KINDS = "sum restatement growth share subset overlap flow list ratio money order outside".split()  # noqa: SIM905
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
    lists: dict = field(default_factory=dict)  # short name → columns of entities.csv whose rows it counts
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

    @property
    def compares_lists(self) -> bool:
        return {self.expression, self.claim} <= {*self.lists}

    def sides(self) -> list[Tree]:
        """Expression, and claim where there is one, as trees."""
        return [parse(text) for text in (self.expression, self.claim) if text]

    def difference(self) -> Tree:
        """Expression less claim, in which a name of both sides is one unknown."""
        return parse(f"({self.expression}) - ({self.claim})")

    @cached_property
    def dates(self) -> dict[str, list[str]]:
        """The calls ``year(x)`` and ``years(x)`` of the formulas, each as function and short name."""
        names = set().union(*map(names_in, self.sides()))
        return {name: name.strip(")").split("(") for name in sorted(names) if "(" in name}


def read_relations(folder: Path, facts: dict, units: dict, sources: dict) -> dict[str, Relation]:
    """The relations of a folder by id, none where it has no such file.

    ``facts`` are rows by id, ``units`` base units by printed unit, ``sources`` kinds by id.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    text, faults = read_text(path)
    if text is None:
        raise LangfangError(str(faults[0]))
    content, starts = _toml(text), {found[1]: found.start() for found in _HEADER.finditer(text)}
    if isinstance(content, Exception):
        parts = [text[start:end] for start, end in pairwise([*starts.values(), None])]
        places = (f", {part.split()[0]}" for part in parts if isinstance(_toml(part), Exception))
        raise LangfangError(f"{FILE}{next(places, '')}: {content} – expected relations in TOML")
    reports = [source for source, kind in sources.items() if kind != "cited"]
    relations = {}
    for name, row in content.items():
        _check_type(name, "", row, _TYPES)
        claim = row.get("claim", "")
        found = _CLAIM.fullmatch(claim)
        if claim and not found:
            raise _fault(name, "claim", claim, "=, <=, >=, < or > and what the expression is held against")
        sign, right = found.groups() if found else ("", "")
        of_facts = [facts.get(fact, {}).get("source_id") for fact in row.get("facts", {}).values()]
        # The report that a relation is about if it does not say: that of its facts, or the first there is.
        source = row.get("source") or next((one for one in [*of_facts, *reports] if one in reports), "")
        row |= {"sign": sign, "claim": right, "source": source}
        line = text.count("\n", 0, starts[name]) + 1 if name in starts else 0
        relations[name] = Relation(name, line, **row)
        try:
            fault = next(_faults(relations[name], facts, units, sources), None)
        except LangfangError as error:
            raise LangfangError(f"{FILE}, [{name}]: {error}") from None
        if fault:
            raise _fault(name, *fault)
    return relations


def _toml(text: str) -> dict | Exception:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also an integer of too many digits
        return error


def _fault(name: str, place: str, value, expected: str) -> LangfangError:
    try:
        shown = repr(value)
    except (ValueError, RecursionError):  # such as a number of 5,000 digits, which Python does not print
        shown = f"a {type(value).__name__}"
    shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
    return LangfangError(f"{FILE}, [{name}]{', ' if place else ''}{place}: {shown} – expected {expected}")


def _check_type(name: str, place: str, value, wanted) -> None:
    """Whether a value of relations.toml, and what is in it, has the types that are wanted."""
    kind = wanted if isinstance(wanted, type) else type(wanted)
    if type(value) is not kind or (kind is int and not 0 < value < 10**6):
        raise _fault(name, place, value, _CALLED[kind])
    for part in value if kind is list else ():
        _check_type(name, place, part, wanted[0])
    for key, part in value.items() if kind is dict else ():
        inner = wanted.get(key, wanted.get(""))
        if not inner:
            raise _fault(name, ", ".join(filter(None, [place, key])), part, f"one of {', '.join(wanted)}")
        _check_type(name, f"{place}.{key}".lstrip("."), part, inner)


def _faults(relation: Relation, facts: dict, units: dict, sources: dict) -> Iterator[tuple]:
    """Why a relation cannot be meant, as (place, value, expected); an error where a formula is none."""
    used, lists = list(relation.facts.values()), relation.lists.items()
    choices = [("kind", relation.kind, KINDS)]
    choices += [(f"lists.{short}.each", spec["each"], _NAMES) for short, spec in lists if "each" in spec]
    choices += [("comparable", key, COMPARABLE) for key in relation.comparable]
    for place, value, known in choices:
        if value not in known:
            yield place, value, f"one of {', '.join(known)}"
    if relation.source not in sources:
        yield "source", relation.source, f"a source_id{nearest(relation.source, sources)}"
    if not relation.title:
        yield "title", "", "a sentence that says what must hold"
    if bool(relation.expression) == bool(relation.copies):
        yield "expression", relation.expression, "an expression, or the paragraphs of copies"
    if len(used) > _FACTS:
        yield "facts", f"{len(used)} facts", f"{_FACTS} at most"
    for fact in used:
        if fact not in facts:
            yield "facts", fact, f"a fact_id of facts.csv{nearest(fact, facts)}"
    outside = any(sources.get(facts[fact]["source_id"]) == "cited" for fact in used)
    if outside != (relation.kind == OUTSIDE):
        yield "kind", relation.kind, "outside where a fact is of a cited source, and only there"
    if relation.expression:
        yield from _faults_of_formulas(relation, facts, units)


def _faults_of_formulas(relation: Relation, facts: dict, units: dict) -> Iterator[tuple]:
    """Names that are unknown or not used, or an error where the two sides have no unit in common."""
    sides = relation.sides()
    if relation.sign:
        relation.difference()
    dated = {short for _, short in relation.dates.values()}
    names = (set().union(*map(names_in, sides)) - {*relation.dates}) | dated
    for short in sorted(names ^ {*relation.facts, *relation.lists}):
        yield "", short, f"a short name {'of facts or lists' if short in names else 'that a formula uses'}"
    for short in sorted(dated - {*relation.facts}):
        yield "", short, "the year of a fact, not of a list"
    bases = {short: units[facts[fact]["unit"]].base for short, fact in relation.facts.items()}
    left, right = [*(dimension(tree, bases.get) for tree in sides), ""][:2]
    declared = units[relation.unit].base if relation.unit in units else relation.unit and "?"
    dimension(parse("left - right"), {"left": declared or left, "right": right}.get)
