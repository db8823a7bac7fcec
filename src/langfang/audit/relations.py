"""What a report must satisfy: relations.toml, the figures it speaks of, and the readings of queries.csv."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from langfang.audit import formula as expression
from langfang.audit.formula import names_in, parse
from langfang.data.facts import _bases, _is_exact, _nearest, _table, data_dir
from langfang.errors import LangfangError
from langfang.printed.quantity import printed_bounds
from langfang.printed.reading import print_figure, read_figure

__all__ = ["Relation", "Report", "read_report", "readings", "under"]

FILE = "relations.toml"
KINDS = tuple("sum restatement growth share subset overlap flow list ratio money order".split())  # noqa: SIM905
OUTSIDE = "outside"  # the kind of a relation with a figure of another publication
CONFLICT = "conflict"  # the kind of query whose readings mend a relation and do not excuse it

_KEYS = {
    **dict.fromkeys(("title", "kind", "expression", "claim", "unit", "query", "source", "note"), str),
    **dict.fromkeys(("facts", "lists", "comparable"), dict),
    **dict.fromkeys(("copies", "hold"), list),
}
_CLAIM = re.compile(r"\s*(<=|>=|=|<|>)\s*(.+)")


def year(row: dict) -> str:
    return "/".join(sorted(set(re.findall(r"\d{4}", row["period"]))))


def _time(row: dict) -> str:
    """The year or years of a figure, with the months where they are only part of a year."""
    months = re.fullmatch(r"(\d{4})-\d\d/\1-\d\d", row["period"])
    return row["period"] if months else year(row)


FOUR = {
    "year": _time,
    "area": lambda row: row["area"],
    "definition": lambda row: row["indicator_id"],
    "vintage": lambda row: row["vintage"],
}


class Relation(NamedTuple):
    """One relation as it stands in relations.toml; the claim is split into its sign and what follows it."""

    id: str
    line: int
    title: str
    kind: str
    facts: dict  # short name → fact_id
    lists: dict  # short name → {kind, group, paragraph, each} of names
    copies: list  # the paragraphs of a restatement
    hold: list
    expression: str
    sign: str
    claim: str
    unit: str
    query: str
    source: str  # in which the paragraphs of lists and copies are
    comparable: dict
    note: str

    @property
    def claims(self) -> bool:
        return bool(self.sign or self.copies)


class Report(NamedTuple):
    """What the audit reads of a data set."""

    facts: dict  # fact_id → row
    units: dict
    names: list  # mentions of role name, with kind, group and county of the entity
    mentions: dict  # fact_id → rows
    queries: list
    sources: list  # the reports, by id
    cited: frozenset  # the sources that are quoted only
    relations: list
    alias: dict  # entity_id → another name of the same thing, "" for none of the list


# ---- reading ----


def read_report(data=None) -> Report:
    """The tables and relations of a data folder."""
    folder = data_dir(data)
    tables = ["facts", "indicators", "entities", "mentions", "queries", "sources"]
    facts, indicators, entities, mentions, queries, sources = (_rows(name, folder) for name in tables)
    measures = {row["indicator_id"]: row["measure"] for row in indicators}
    entities = {row["entity_id"]: row for row in entities}
    places = defaultdict(list)
    for row in mentions:
        places[row["fact_id"]].append(row)
    report = Report(
        facts={row["fact_id"]: row | {"measure": measures.get(row["indicator_id"], "")} for row in facts},
        units=_bases(_table("units", folder)),
        names=[entities[row["entity_id"]] | row for row in mentions if row["entity_id"] in entities],
        mentions=places,
        queries=queries,
        sources=[row["source_id"] for row in sources if row["kind"] != "cited"],
        cited=frozenset(row["source_id"] for row in sources if row["kind"] == "cited"),
        relations=[],
        alias={},
    )
    return report._replace(relations=_read_relations(folder / FILE, report))


def _rows(name: str, folder: Path) -> list[dict]:
    table = _table(name, folder)
    rows = zip(table.lines, table.rows, strict=True)
    return [dict(zip(table.columns, cells, strict=True), line=line) for line, cells in rows]


def _read_relations(path: Path, report: Report) -> list[Relation]:
    if not path.exists():
        return []
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LangfangError(f"{path.name}: {error} – expected relations in TOML") from None
    lines = {line.strip(): number for number, line in enumerate(text.splitlines(), 1)}
    return [_relation(name, row, lines.get(f"[{name}]", 0), report) for name, row in content.items()]


def _relation(name: str, row, line: int, report: Report) -> Relation:
    """One table of relations.toml, if it has everything it must have and nothing else."""
    if not isinstance(row, dict):
        raise LangfangError(f"{FILE}: {name} = {row!r} – expected a table, [{name}]")
    for key, value in row.items():
        if not isinstance(value, _KEYS.get(key, ())):
            known = f"a {_KEYS[key].__name__}" if key in _KEYS else f"one of {', '.join(_KEYS)}"
            raise _fault(name, key, value, known)
    row = {key: row.get(key, kind()) for key, kind in _KEYS.items()}
    claim = _CLAIM.fullmatch(row["claim"])
    if row["claim"] and not claim:
        raise _fault(name, "claim", row["claim"], "=, <=, >=, < or > and what the expression is held against")
    row["sign"], row["claim"] = claim.groups() if claim else ("", "")
    row["source"] = row["source"] or _source(row["facts"], report)
    relation = Relation(id=name, line=line, **row)
    _check_form(relation, report)
    return relation


def _source(facts: dict, report: Report) -> str:
    """The report that a relation is about if it does not say: that of its facts, or the first there is."""
    of_facts = (report.facts.get(fact, {}).get("source_id") for fact in facts.values())
    return next((source for source in of_facts if source in report.sources), (report.sources or [""])[0])


def _fault(name, key, value, expected) -> LangfangError:
    return LangfangError(f"{FILE}, [{name}], {key}: {value!r} – expected {expected}")


def _check_form(relation: Relation, report: Report) -> None:
    name, facts = relation.id, relation.facts.values()
    if relation.kind not in (*KINDS, OUTSIDE):
        raise _fault(name, "kind", relation.kind, f"one of {', '.join((*KINDS, OUTSIDE))}")
    if not relation.title:
        raise _fault(name, "title", "", "a sentence that says what must hold")
    if bool(relation.expression) == bool(relation.copies):
        raise _fault(name, "expression", relation.expression, "an expression, or the paragraphs of copies")
    for fact in facts:
        if fact not in report.facts:
            raise _fault(name, "facts", fact, f"a fact_id of facts.csv{_nearest(fact, report.facts)}")
    for key in relation.comparable:
        if key not in FOUR:
            raise _fault(name, "comparable", key, f"one of {', '.join(FOUR)}")
    outside = any(report.facts[fact]["source_id"] in report.cited for fact in facts)
    if outside != (relation.kind == OUTSIDE):
        raise _fault(name, "kind", relation.kind, "outside where a fact is of a cited source, and only there")
    if relation.expression:
        _check_formulas(relation, report)


def _check_formulas(relation: Relation, report: Report) -> None:
    """Names that are known and used, and one unit on both sides: that of the figures or the one declared."""
    try:
        nodes = formulas(relation)
        left, right = (expression.dimension(node, _base_of(relation, report)) for node in nodes[:2])
        units = {"left": _declared(relation, report) or left, "right": right}
        expression.dimension(parse("left - right"), units.get)
    except LangfangError as error:
        raise LangfangError(f"{FILE}, [{relation.id}]: {error}") from None
    used, known = set().union(*map(names_in, nodes)), {*relation.facts, *relation.lists}
    for short in sorted(used ^ known):
        expected = "a short name of facts or lists" if short in used else "a short name that a formula uses"
        raise _fault(relation.id, "facts", short, expected)


def formulas(relation: Relation) -> list:
    """Expression, claim (zero without one), and the equations of hold as what is zero."""
    sides = [text.partition("=")[::2] for text in relation.hold]
    held = [expression.minus(parse(left), parse(right)) for left, right in sides]
    return [parse(relation.expression), parse(relation.claim or "0"), *held]


# ---- figures and names ----


def figure_of(row: dict, report: Report, how: str = "rounded") -> tuple:
    """A fact as (value, lower, upper) in base units, its last digit ``rounded``, ``cut`` or ``either``."""
    unit = report.units[row["unit"]]
    value, lower, upper = _bounds(row["value"], row["bound"], _is_exact(row, unit), unit.factor)
    if how == "rounded" or not is_rounded(row, report):
        return value, lower, upper
    step = upper - lower if value >= 0 else lower - upper
    near = value if how == "cut" else lower if value >= 0 else upper
    return value, *sorted((near, value + step))


@lru_cache(maxsize=2**14)
def _bounds(value: str, bound: str, exact: bool, factor: Fraction) -> tuple:
    return tuple(end * factor for end in printed_bounds(value, bound, exact))


def is_rounded(row: dict, report: Report) -> bool:
    return row["bound"] == "as_printed" and not _is_exact(row, report.units[row["unit"]])


def in_print(row: dict, report: Report) -> str:
    """A figure as printed, with what its sentence supplies; under another reading as it would be printed."""
    first = next(iter(report.mentions.get(row["fact_id"], ())), None)
    if not first or row.get("read"):
        return print_figure(row["value"], row["unit"], row["bound"])
    before, gap, after = first["supplied"].partition("…")
    return f"{before}{first['text']}{after}" if gap else f"{first['text']}{first['supplied']}"


def named(spec: dict, source: str, report: Report) -> list[dict]:
    """The mentions of names that a list is made of."""
    wanted = {key: str(value) for key, value in spec.items() if key != "each"} | {"source_id": source}
    return [row for row in report.names if all(row[key] == value for key, value in wanted.items())]


def members(spec: dict, source: str, report: Report) -> list[str]:
    """The names of a list, each once, in their order, under the alias a reading gives them."""
    column = spec.get("each", "entity_id")
    listed = (report.alias.get(row[column], row[column]) for row in named(spec, source, report))
    return [name for name in dict.fromkeys(listed) if name]


def things(relation: Relation, report: Report) -> list[str]:
    """Ids of the facts and names that a relation uses."""
    facts, places = (
        list(relation.facts.values()),
        [{"paragraph": page} for page in pages_of(relation)] or [{}],
    )
    if relation.copies and not facts:
        facts = [fact for fact in report.mentions if fact and _stands_in_all(fact, relation, report)]
    specs = [spec | place for spec in relation.lists.values() for place in places]
    names = (row["entity_id"] for spec in specs for row in named(spec, relation.source, report))
    return list(dict.fromkeys([*facts, *names]))


def _stands_in_all(fact: str, relation: Relation, report: Report) -> bool:
    pages = {row["paragraph"] for row in report.mentions[fact] if row["source_id"] == relation.source}
    return pages >= set(pages_of(relation))


def pages_of(relation: Relation) -> list[str]:
    return [str(page) for page in relation.copies]


# ---- units ----


def _base_of(relation: Relation, report: Report):
    """The base unit of each short name; lists have none, they count."""
    units = {short: report.facts[fact]["unit"] for short, fact in relation.facts.items()}
    return lambda short: report.units[units[short]].name if short in units else ""


def _declared(relation: Relation, report: Report) -> str:
    return report.units[relation.unit].name if relation.unit in report.units else relation.unit and "?"


def unit_of(relation: Relation, report: Report) -> tuple[str, Fraction]:
    """The unit in which a result is shown, and how many base units it is."""
    printed = [report.facts[fact]["unit"] for fact in relation.facts.values()]
    if relation.unit or relation.copies:
        fitting = [relation.unit]
    else:
        base = expression.dimension(parse(relation.expression), _base_of(relation, report))
        fitting = [unit for unit in printed if report.units[unit].name == base]
    unit = next(iter(fitting), "")
    return unit, report.units[unit].factor if unit in report.units else Fraction(1)


# ---- what a relation touches ----


class Index(NamedTuple):
    """Where things stand in a report, so that none is looked for twice."""

    names: dict  # source_id → mentions of names
    mentions: dict  # source_id → {fact_id: mentions}
    named: dict  # entity_id → mentions
    queries: dict  # fact_id or entity_id → queries


def index(report: Report) -> Index:
    found = Index(defaultdict(list), defaultdict(dict), defaultdict(list), defaultdict(list))
    for row in report.names:
        found.names[row["source_id"]].append(row)
        found.named[row["entity_id"]].append(row)
    for fact, rows in report.mentions.items():
        for source in {row["source_id"] for row in rows}:
            found.mentions[source][fact] = rows
    for row in report.queries:
        for name in dict.fromkeys(ids(row)):
            found.queries[name].append(row)
    return found


def touched(relation: Relation, report: Report, found: Index) -> Report:
    """As much of the report as a relation touches: so it costs the same however many sources there are."""
    source = relation.source
    own = report._replace(names=found.names[source], mentions=found.mentions[source])
    return excerpt(things(relation, own), report, found)


def excerpt(wanted: list[str], report: Report, found: Index) -> Report:
    """Some figures and names of a report, the queries about them and what those speak of in turn."""
    queries = {row["line"]: row for name in wanted for row in found.queries.get(name, ())}
    spoken = (name for row in queries.values() for name in (*ids(row), *_read_as(row)))
    told = dict.fromkeys([*wanted, *spoken])
    names = (row for name in told for row in found.named.get(name, ()))
    return report._replace(
        facts={name: report.facts[name] for name in told if name in report.facts},
        names=sorted(names, key=lambda row: row["line"]),
        mentions=defaultdict(list, {name: report.mentions[name] for name in told if name in report.mentions}),
        queries=[queries[line] for line in sorted(queries)],
    )


def _read_as(query: dict) -> list[str]:
    return [to for _, changes in readings(query) for _, to in changes]


# ---- readings: what queries.csv allows a figure to mean ----

_COLUMNS = ("period", "status", "bound", "unit", "area", "indicator_id", "vintage")


def ids(row: dict) -> list[str]:
    return re.split(r"[;,\s]+", row["fact_ids"].strip())


def readings(query: dict) -> list[tuple[str, list]]:
    """The readings of a query as (label, [(what, figure or id)]).

    Examples
    --------
    >>> readings({"readings": "as printed; another register: households=1926户, persons=?"})
    [('as printed', []), ('another register', [('households', '1926户'), ('persons', '?')])]
    """
    found = []
    for part in filter(None, map(str.strip, query["readings"].split(";"))):
        label, _, rest = part.partition(":")
        changes = (item.partition("=") for item in rest.split(",") if item.strip())
        found.append((label.strip(), [(what.strip(), to.strip()) for what, _, to in changes]))
    return found


def under(report: Report, query: dict, changes: list) -> Report:
    """The report as it reads with these changes."""
    facts, alias = dict(report.facts), dict(report.alias)
    entities = {row["entity_id"] for row in report.names}
    for what, to in changes:
        name, _, column = what.rpartition(".") if what.rpartition(".")[2] in _COLUMNS else (what, "", "")
        if not to or name not in ids(query) or name not in {*facts, *entities}:
            place = f"queries.csv, row {query['line']}, readings: {what}={to!r}"
            raise LangfangError(f"{place} – expected one of its fact_ids and what it would be")
        if name in entities:
            alias[name] = "" if to == "?" else to
        else:
            facts[name] = facts[name] | ({column: to} if column else _as_read(to, report))
    return report._replace(facts=facts, alias=alias)


def _as_read(to: str, report: Report) -> dict:
    """Value, unit and bound of a figure, or of the one printed for another fact; no value for a ?."""
    if to == "?":
        return {"value": ""}
    if to in report.facts:
        return {column: report.facts[to][column] for column in ("value", "unit", "bound")} | {"read": to}
    return read_figure(to, "", frozenset(report.units))._asdict() | {"read": to}


def readings_on(relation: Relation, report: Report) -> Iterator[tuple[bool, str, Report]]:
    """Every reading that changes what a relation uses: (whether it only mends, label, report)."""
    used = set(things(relation, report))
    touching = used | {f"{name}.{column}" for name in used for column in _COLUMNS}
    for query in report.queries:
        for label, changes in readings(query) if used & set(ids(query)) else ():
            if touching & {what for what, _ in changes}:
                yield query["kind"] == CONFLICT, label, under(report, query, changes)
