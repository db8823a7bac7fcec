"""One relation with all that it touches: the figures and names it uses, and the queries about them.

A case is small however many sources the data set holds, so that a relation costs the same in every data set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from langfang.audit.relations import Relation, read_relations
from langfang.data.bounds import bounds_of, is_exact, units_of
from langfang.data.tables import Folder, named_in, open_folder
from langfang.errors import LangfangError
from langfang.printed.period import length, years
from langfang.printed.reading import print_figure, read_figure

CONFLICT = "conflict"  # the kind of query whose readings mend a relation and do not excuse it
_COLUMNS = ("period", "status", "bound", "unit", "area", "indicator_id", "vintage")  # that a reading may set
_TABLES = {
    "facts": "fact_id indicator_id area period status value unit bound vintage source_id",
    "indicators": "indicator_id measure",
    "entities": "entity_id kind name_zh group county",
    "mentions": "source_id paragraph text supplied fact_id entity_id",
    "queries": "query_id fact_ids kind question readings status",
    "sources": "source_id kind",
}


class Untestable(Exception):
    """A relation that cannot be evaluated; the text says why."""


@dataclass(frozen=True)
class Case:
    """One relation and as much of a report as it touches; as printed, or under a reading."""

    relation: Relation
    facts: dict  # fact_id → row of facts.csv, with the measure of its indicator
    units: dict  # printed unit → base unit
    mentions: dict = field(default_factory=dict)  # fact_id → rows of mentions.csv
    names: list = field(default_factory=list)  # rows of mentions.csv and entities.csv, joined
    queries: list = field(default_factory=list)
    cited: frozenset = frozenset()  # the sources that are only quoted
    alias: dict = field(default_factory=dict)  # entity_id → its name under a reading, "" for none of the list

    def changed(self, cells: dict[str, dict]) -> Case:
        """The case with other cells in the rows of some facts."""
        rows = {fact: self.facts[fact] | other for fact, other in cells.items()}
        return replace(self, facts=self.facts | rows)

    def printed(self, facts: Iterable[str], how: str) -> Case:
        """The case with the last digits of some facts ``cut`` off, or ``either`` cut off or rounded."""
        return self.changed({fact: {"how": how} for fact in facts})

    def bounds(self, row: dict) -> tuple:
        """Value, lower and upper bound of a figure in base units."""
        return bounds_of(row, self.units[row["unit"]], row.get("how", "rounded"))

    def rounded(self) -> list[str]:
        """The facts of the relation whose last digit is uncertain, and nothing else."""
        rows = [self.facts[fact] for fact in dict.fromkeys(self.relation.facts.values())]
        plain = [row for row in rows if row["bound"] == "as_printed"]
        return [row["fact_id"] for row in plain if not is_exact(row, self.units[row["unit"]])]

    def listed(self, short: str, page: int = 0) -> list[dict]:
        """The mentions of names that a list is made of; with ``page``, those of one paragraph."""
        spec = self.relation.lists[short] | ({"paragraph": page} if page else {})
        wanted = {key: str(value) for key, value in spec.items() if key != "each"}
        wanted["source_id"] = self.relation.source
        return [row for row in self.names if all(row[key] == value for key, value in wanted.items())]

    def members(self, short: str, page: int = 0) -> list[str]:
        """The names of a list, each once, in their order."""
        column = self.relation.lists[short].get("each", "entity_id")
        found = (self.alias.get(row[column], row[column]) for row in self.listed(short, page))
        return [name for name in dict.fromkeys(found) if name]

    def copies(self, fact: str) -> list[dict]:
        """The mentions of a fact in the paragraphs that the relation says are copies."""
        places = {(self.relation.source, str(page)) for page in self.relation.copies}
        return [row for row in self.mentions.get(fact, ()) if (row["source_id"], row["paragraph"]) in places]

    def things(self) -> list[str]:
        """The ids of the facts and names that the relation uses."""
        found, pages = list(self.relation.facts.values()), self.relation.copies
        if pages and not found:  # all that stand in each of the paragraphs
            stands = {fact: {row["paragraph"] for row in self.copies(fact)} for fact in self.mentions}
            found = [fact for fact, places in stands.items() if len(places) == len(set(pages))]
        lists = [self.listed(short, page) for short in self.relation.lists for page in pages or [0]]
        return list(dict.fromkeys([*found, *(row["entity_id"] for rows in lists for row in rows)]))

    def box(self) -> dict[str, tuple]:
        """Value, lower and upper bound of every name of the formulas, in base units."""
        found = {short: (len(self.members(short)),) * 3 for short in self.relation.lists}
        rows = {short: self.facts[fact] for short, fact in self.relation.facts.items()}
        for short, row in rows.items():
            if not row["value"]:
                raise Untestable(f"{row['fact_id']} counts something else")
            found[short] = self.bounds(row)
        for call, (function, short) in self.relation.dates.items():
            fact, period, measure = (rows[short][column] for column in ("fact_id", "period", "measure"))
            between = measure in ("change", "growth")  # from base to end; of others both belong to it
            number = length(period, between) if function == "years" else max(years(period), default=0)
            if not number:
                raise Untestable(f"{fact} has no {function}")
            found[call] = (Fraction(number),) * 3
        return found


class Report:
    """The tables and relations of a data folder, and where in them each thing stands; not to be changed."""

    def __init__(self, folder: Folder):
        for name, columns in _TABLES.items():
            for column in columns.split():
                folder.table(name).column(column)
        tables = (folder.table(name).rows for name in _TABLES)
        facts, indicators, entities, mentions, self.queries, sources = tables
        self.units = units_of(folder)
        for index, row in enumerate(facts):
            if row["unit"] not in self.units:
                raise folder.table("facts").error(index, "unit", "one that stands in units.csv")
        measures = {row["indicator_id"]: row["measure"] for row in indicators}
        measured = (row | {"measure": measures.get(row["indicator_id"], "")} for row in facts)
        self.facts = {row["fact_id"]: row for row in measured}
        entities = {row["entity_id"]: row for row in entities}
        self.sources = {row["source_id"]: row["kind"] for row in sources}
        self.cited = frozenset(source for source, kind in self.sources.items() if kind == "cited")
        self.names, self.mentions = defaultdict(list), defaultdict(list)  # by entity, by fact
        self.queries_on = defaultdict(list)  # by fact and entity
        self._of_source = defaultdict(lambda: ([], {}))  # its names, and its mentions by fact
        for row in mentions:
            names, printed = self._of_source[row["source_id"]]
            if row["entity_id"] in entities:
                names.append(entities[row["entity_id"]] | row)
                self.names[row["entity_id"]].append(names[-1])
            elif row["fact_id"]:
                printed[row["fact_id"]] = self.mentions[row["fact_id"]]
                self.mentions[row["fact_id"]].append(row)
        for row in self.queries:
            for name in dict.fromkeys(named_in(row)):
                self.queries_on[name].append(row)
        self.relations = read_relations(folder.path, self.facts, self.units, self.sources)

    def case(self, relation: Relation) -> Case:
        names, mentions = self._of_source[relation.source]
        return self.excerpt(Case(relation, {}, {}, mentions, names).things(), relation)

    def cases(self) -> list[Case]:
        """Every relation as a case, in the order of relations.toml."""
        return [self.case(relation) for relation in self.relations.values()]

    def excerpt(self, wanted: list[str], relation: Relation) -> Case:
        """Some facts and names, the queries about them, and what those speak of in turn."""
        queries = {row["line"]: row for name in wanted for row in self.queries_on.get(name, ())}
        read = [to for row in queries.values() for _, changes in readings(row) for _, to in changes]
        known = dict.fromkeys([*wanted, *(name for row in queries.values() for name in named_in(row)), *read])
        return Case(
            relation,
            {name: self.facts[name] for name in known if name in self.facts},
            self.units,
            {name: self.mentions[name] for name in known if name in self.mentions},
            sorted((row for name in known for row in self.names.get(name, ())), key=lambda row: row["line"]),
            [queries[line] for line in sorted(queries)],
            self.cited,
        )


_in_state = lru_cache(maxsize=4)(Report)


def open_report(data=None) -> Report:
    """The tables and relations of a folder as they are now; read once for each state of its files."""
    return _in_state(open_folder(data))


def in_print(row: dict, case: Case) -> str:
    """A figure as printed, with what its sentence supplies; under another reading as it would be printed."""
    first = next(iter(case.mentions.get(row["fact_id"], ())), None)
    if not first or row.get("read"):
        return print_figure(row["value"], row["unit"], row["bound"])
    before, gap, after = first["supplied"].partition("…")
    return f"{before}{first['text']}{after}" if gap else f"{first['text']}{first['supplied']}"


def readings(query: dict) -> list[tuple[str, list]]:
    """The readings of a query as (label, [(what, figure or id)]): ``a slip: firms=12家, jobs=?``."""
    found = []
    for part in filter(None, map(str.strip, query["readings"].split(";"))):
        label, _, rest = part.partition(":")
        changes = (item.partition("=") for item in rest.split(",") if item.strip())
        found.append((label.strip(), [(what.strip(), to.strip()) for what, _, to in changes]))
    return found


def under(case: Case, query: dict, changes: list) -> Case:
    """The case as it reads with these changes."""
    read, alias = defaultdict(dict), dict(case.alias)
    entities = {row["entity_id"] for row in case.names}
    for what, to in changes:
        name, _, column = what.rpartition(".") if what.rpartition(".")[2] in _COLUMNS else (what, "", "")
        if not to or name not in named_in(query) or name not in {*case.facts, *entities}:
            place = f"queries.csv, row {query['line']}, readings: {what}={to!r}"
            raise LangfangError(f"{place} – expected one of its fact_ids and what it would be")
        if name in entities:
            alias[name] = "" if to == "?" else to
        elif column:
            read[name][column] = to
        elif to == "?":  # it counts something else
            read[name]["value"] = ""
        elif to in case.facts:
            read[name] |= {column: case.facts[to][column] for column in ("value", "unit", "bound")}
            read[name]["read"] = to
        else:
            read[name] |= read_figure(to, "", frozenset(case.units))._asdict() | {"read": to}
    return replace(case.changed(read), alias=alias)


def readings_on(case: Case) -> Iterator[tuple[bool, str, Case]]:
    """Every reading that changes what a relation uses: (whether it only mends, label, the case under it)."""
    used = set(case.things())
    touching = used | {f"{name}.{column}" for name in used for column in _COLUMNS}
    for query in case.queries:
        for label, changes in readings(query) if used & set(named_in(query)) else ():
            if touching & {what for what, _ in changes}:
                yield query["kind"] == CONFLICT, label, under(case, query, changes)
