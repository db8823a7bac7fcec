"""What the tables must say to agree with each other: one rule each.

A rule is a function whose parameters are the tables that it reads: rows as dicts of text, each with its
``line`` and the file, ``in_file``. It yields the rows that break it; its decorator says where and why.
A rule runs when its tables could be read with all their columns, so that one broken file does not bury its
fault under hundreds of others.
"""

import inspect
import re
from collections import defaultdict
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from langfang.data.tables import Fault
from langfang.printed import numerals as written
from langfang.printed.reading import read_figure

COLUMNS = {
    "sources": "source_id kind title publisher author published locator accessed sha256 note",
    "paragraphs": "source_id paragraph section sha256 numerals",
    "areas": "area name_en name_zh part_of code",
    "indicators": "indicator_id theme measure unit name_en name_zh definition",
    "units": "unit name_en base_unit factor countable",
    "facts": "fact_id indicator_id area period period_basis status value unit bound vintage source_id note",
    "mentions": "source_id paragraph start text supplied role fact_id entity_id note",
    "entities": "entity_id kind name_zh name_en group county",
    "queries": "query_id fact_ids kind question readings status",
    "glossary": "term_zh term_en explanation",
    "not_figures": "term reason",
}
COLUMNS = {name: columns.split() for name, columns in COLUMNS.items()}


class Rule(NamedTuple):
    """A function of tables, the place of its faults and what it expects there."""

    function: object
    tables: list
    place: str
    expected: str

    def faults(self, tables):
        column = self.place.partition(".")[2]
        for found in self.function(*(tables[table] for table in self.tables)):
            row, *words = found if isinstance(found, tuple) else (found,)
            at = column or words.pop(0)
            yield Fault(row["in_file"], row["line"], at, str(row[at]), self.expected.format(*words, **row))


RULES = []


def rule(place, expected):
    """Register a rule.

    Parameters
    ----------
    place : str
        ``table.column`` of its faults; either is left out where it differs from row to row. A rule without
        a column yields (row, column, …).
    expected : str
        What was wanted. Names in braces are cells of the row; ``{0}``, ``{1}`` what is yielded beside it.
    """

    def register(function):
        RULES.append(Rule(function, list(inspect.signature(function).parameters), place, expected))
        return function

    return register


# ---- figures: what is printed against what is stored ----


@lru_cache(maxsize=2**14)
def figure(text, supplied, units):
    """The Figure that a printed text and what is supplied read as, or the reason why they read as none."""
    try:
        return read_figure(text, supplied, units)
    except ValueError as error:
        reason = str(error).partition("as a figure: ")[2] or str(error)
        return f"{reason}: if it is one, add it to units.csv" if "no unit known" in reason else reason


@lru_cache(maxsize=2**14)
def number(text):
    """The text as an exact number; None where it is none."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


@lru_cache(maxsize=2**14)
def numerals(text):
    return tuple(written.numerals(text))


def in_base(value, unit, units):
    """(amount, base unit) of a printed value; the amount is None where value or factor are no numbers."""
    row = units.get(unit, {"factor": "", "base_unit": unit})
    amount, factor = number(value), number(row["factor"])
    return None if None in (amount, factor) else amount * factor, row["base_unit"]


def by(column, rows):
    return {row[column]: row for row in rows}


def kinds_of(sources):
    return {row["source_id"]: row["kind"] for row in sources}


def in_order(mentions):
    return sorted(mentions, key=lambda row: (row["source_id"], row["paragraph"], row["start"]))


def of_facts(mentions):
    """The mentions of each fact, in the order of the text."""
    groups = defaultdict(list)
    for row in in_order(mentions):
        if row["role"] == "fact":
            groups[row["fact_id"]].append(row)
    return groups


@rule("facts", "{0!r}, as mentions.csv row {1} reads: {2}")
def figures_read_as_printed(facts, mentions, units):
    """Value, unit and bound follow the first mention; a unit may say in brackets what is counted."""
    names, groups = frozenset(by("unit", units)), of_facts(mentions)
    for fact in facts:
        for first in groups.get(fact["fact_id"], ())[:1]:
            read = figure(first["text"], first["supplied"], names)
            printed = first["text"] + (f" with {first['supplied']}" if first["supplied"] else "")
            for column in ("value", "unit", "bound") if isinstance(read, tuple) else ():
                if getattr(read, column) != fact[column].partition("(")[0]:
                    yield fact, column, getattr(read, column), first["line"], printed


@rule("mentions.text", "what row {0} says of {fact_id}: {1}")
def repetitions_say_the_same(mentions, units):
    """A figure that is printed again is the same in base units."""
    units = by("unit", units)
    names = frozenset(units)
    for first, *others in of_facts(mentions).values():
        read = figure(first["text"], first["supplied"], names)
        for row in others:
            again = figure(row["text"], row["supplied"], names)
            if isinstance(read, tuple) and isinstance(again, tuple) and not _same(read, again, units):
                yield row, first["line"], first["text"]


def _same(a, b, units):
    return a.bound == b.bound and in_base(a.value, a.unit, units) == in_base(b.value, b.unit, units)


@rule("mentions.text", "a figure: {0}")
def mentions_can_be_read(mentions, units):
    names = frozenset(by("unit", units))
    for row in mentions:
        read = figure(row["text"], row["supplied"], names) if row["role"] == "fact" else None
        if isinstance(read, str):
            yield row, read


@rule("facts.fact_id", "a mention of role fact in mentions.csv, or no such fact")
def facts_are_mentioned(facts, mentions, sources):
    kinds, groups = kinds_of(sources), of_facts(mentions)
    return (f for f in facts if kinds.get(f["source_id"]) == "transcribed" and f["fact_id"] not in groups)


@rule("facts.source_id", "{0}, where mentions.csv row {1} places it")
def a_fact_and_its_mentions_have_one_source(facts, mentions):
    known = by("fact_id", facts)
    for rows in of_facts(mentions).values():
        fact = known.get(rows[0]["fact_id"])
        yield from (
            (fact, row["source_id"], row["line"])
            for row in rows
            if fact and row["source_id"] != fact["source_id"]
        )


# ---- mentions: roles and places ----


@rule("mentions", "filled for role {0}, and only then (role is {role})")
def roles_have_their_ids(mentions):
    for column, role in (("fact_id", "fact"), ("entity_id", "name")):
        yield from ((row, column, role) for row in mentions if bool(row[column]) != (row["role"] == role))


@rule("mentions.note", "why this {role} is no statistic")
def what_is_no_figure_says_why(mentions):
    return (row for row in mentions if row["role"] in ("label", "other") and not row["note"])


@rule("mentions.supplied", "{0}")
def only_what_is_needed_is_supplied(mentions, units):
    names = frozenset(by("unit", units))
    for row in (row for row in mentions if row["supplied"]):
        read = figure(row["text"], row["supplied"], names)
        if row["role"] != "fact":
            yield row, "empty: only a figure is given what its sentence says elsewhere"
        elif isinstance(read, tuple) and read == figure(row["text"], "", names):
            yield row, "what the text needs to be read: without it, it reads the same"


def figures_by_paragraph(mentions):
    """Mentions that cover numerals (all but names) by source and paragraph, in order."""
    groups = defaultdict(list)
    for row in in_order(mentions):
        if row["role"] != "name":
            groups[row["source_id"], row["paragraph"]].append(row)
    return groups


@rule("mentions.start", "a place after the text of row {0}, {1}")
def mentions_do_not_overlap(mentions):
    for rows in figures_by_paragraph(mentions).values():
        for before, row in pairwise(rows):
            if row["start"] < before["start"] + len(before["text"]):
                yield row, before["line"], before["text"]


@rule("paragraphs.numerals", "{0}, as many Arabic numerals as its mentions hold")
def numerals_add_up(paragraphs, mentions):
    groups = figures_by_paragraph(mentions)
    for row in paragraphs:
        found = sum(len(numerals(m["text"])) for m in groups.get((row["source_id"], row["paragraph"]), ()))
        if found != row["numerals"]:
            yield row, found


@rule("paragraphs.paragraph", "{0}: numbered without gaps from 1 within its source")
def paragraphs_are_numbered(paragraphs):
    last = defaultdict(int)
    for row in paragraphs:
        last[row["source_id"]] += 1
        if row["paragraph"] != last[row["source_id"]]:
            yield row, last[row["source_id"]]


@rule("paragraphs.section", "a section in one stretch; this one ended before")
def sections_are_stretches(paragraphs):
    seen, before = set(), None
    for row in paragraphs:
        section = row["source_id"], row["section"]
        if section != before and section in seen:
            yield row
        seen.add(section)
        before = section


@rule("sources", "{0}")
def transcribed_sources_have_paragraphs(sources, paragraphs):
    there = {row["source_id"] for row in paragraphs}
    for row in sources:
        transcribed = row["kind"] == "transcribed"
        if transcribed != (row["source_id"] in there):
            yield row, "kind", "transcribed with rows in paragraphs.csv, or cited without"
        if transcribed != bool(row["sha256"]):
            yield row, "sha256", "filled for transcribed sources, and only for these"


# ---- what is used ----


SCALES = {"万亿": 10**12, "十亿": 10**9, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4}
SCALES |= {"千": 1000, "百": 100}


@rule("", "something that refers to it, or no such row")
def all_is_used(facts, indicators, units, areas, sources, entities, mentions):
    """Every indicator, unit, area, source and entity is there because something refers to it."""
    of_unit = {row["unit"] for row in facts} | {row["base_unit"] for row in units}
    # 斤 serves 亿斤, which is measured by it
    of_unit |= {unit.removeprefix(scale) for unit in of_unit for scale in SCALES if unit.startswith(scale)}
    of_area = {row["area"] for row in facts} | {row["part_of"] for row in areas}
    of_area |= {row["county"] for row in entities}
    # a document or paper that a sentence of a notebook rests on says so in its note
    papers = {r["source_id"] for r in sources if r["note"].startswith(("document: ", "literature: "))}
    for rows, key, used in (
        (indicators, "indicator_id", {row["indicator_id"] for row in facts}),
        (units, "unit", of_unit),
        (areas, "area", of_area),
        (sources, "source_id", papers | {row["source_id"] for row in facts}),
        (entities, "entity_id", {row["entity_id"] for row in mentions}),
    ):
        yield from ((row, key) for row in rows if row[key] not in used)


@rule("queries.fact_ids", "ids of facts.csv or entities.csv; {0} is none")
def queries_refer_to_facts(queries, facts, entities):
    known = {row["fact_id"] for row in facts} | {row["entity_id"] for row in entities}
    for row in queries:
        yield from ((row, name) for name in re.split(r"[;,\s]+", row["fact_ids"]) if name not in known | {""})


# ---- units, measures, ranges ----


@rule("units", "{0}")
def units_are_scaled(units):
    """One base unit is countable or not, whatever is printed; 万户 is 10,000 times 户."""
    known, countable = by("unit", units), {}
    bases = {r["base_unit"] for r in units if number(r["factor"]) == 1 or r["unit"].startswith(tuple(SCALES))}
    for row in units:
        base = row["base_unit"]
        scale = next((scale for scale in SCALES if row["unit"].startswith(scale)), "")
        plain = known.get(row["unit"].removeprefix(scale)) if scale else row
        one = number(plain["factor"]) if plain and scale else 1
        if countable.setdefault(base, row["countable"]) != row["countable"]:
            yield row, "countable", f"{countable[base]}, as other units of {base}"
        if plain and plain["base_unit"] != base:
            yield row, "base_unit", f"{plain['base_unit']}, as of {plain['unit']}"
        if (scale or row["countable"] == "true") and number(row["factor"]) != SCALES.get(scale, 1) * (
            one or 0
        ):
            plain_unit = row["unit"].removeprefix(scale)
            yield row, "factor", f"{SCALES.get(scale, 1)} times that of {plain_unit}"
        if base not in bases:
            yield row, "factor", f"1 for one unit at least of {base}"


def measures_of(unit, indicator_id):
    """The measures that a unit can be of.

    An id says why a measure has an unusual unit: an average (``_per_``), an index, a lead, a change.

    >>> measures_of({"base_unit": "percentage point", "countable": "false"}, "gdp_share_lead")
    ['change', 'level']
    """
    base, words = unit["base_unit"], indicator_id
    if base == "%":
        return ["share", "growth", *(["level"] if "index" in words else [])]
    if base == "percentage point":
        return ["change", *(["level"] if words.endswith("_lead") else [])]
    if base == "rank":
        return ["rank"]
    change = ["change"] if words.endswith(("_change", "_increase", "_decrease")) else []
    if unit["countable"] == "true":
        return ["count", *change, *(["level"] if "_per_" in words else [])]
    return ["level", *change, *(["share", "growth"] if base == "ratio" else [])]


@rule("facts.unit", "a unit of {0}, as indicator {indicator_id} has")
def units_are_those_of_the_indicator(facts, indicators, units):
    units, indicators = by("unit", units), by("indicator_id", indicators)
    for fact in facts:
        indicator, unit = indicators.get(fact["indicator_id"]), units.get(fact["unit"])
        if indicator and unit and unit["base_unit"] != indicator["unit"]:
            yield fact, indicator["unit"]


@rule("indicators.measure", "{0}, which {1} fits ({2})")
def units_fit_the_measure(indicators, facts, units):
    units, indicators = by("unit", units), by("indicator_id", indicators)
    for fact in facts:
        indicator, unit = indicators.get(fact["indicator_id"]), units.get(fact["unit"])
        fitting = measures_of(unit, fact["indicator_id"]) if indicator and unit else ()
        if fitting and indicator["measure"] not in fitting:
            yield indicator, " or ".join(fitting), fact["unit"], fact["fact_id"]


@rule("facts.value", "{0}")
def values_lie_where_they_can(facts, indicators, units):
    """Percentages within 0–100, changes within ±100 points, counts and ranks whole, nothing below zero."""
    units, indicators = by("unit", units), by("indicator_id", indicators)
    for fact in facts:
        measure = indicators.get(fact["indicator_id"], {}).get("measure", "")
        for value in fact["value"].split(".."):
            amount, base = in_base(value, fact["unit"], units)
            if amount is None:
                continue
            least, signed = int(measure == "rank"), measure in ("change", "growth")
            if (
                base in ("%", "percentage point")
                and measure != "growth"
                and not -100 * signed <= amount <= 100
            ):
                yield fact, "a percentage within 0–100"
            if measure in ("count", "rank") and amount.denominator != 1:
                yield fact, f"a whole number, as a {measure} is"
            if amount < least and not signed:
                yield fact, f"no {measure} below {least}"
