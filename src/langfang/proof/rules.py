"""What the tables must say to agree with each other: one rule each.

A rule runs when the tables that it reads are there with all their columns, so that one broken file does not
bury its fault under hundreds of others.
"""

import re
from collections import defaultdict
from fractions import Fraction
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter

from langfang.data.tables import Fault, named_in
from langfang.printed.numerals import SCALES, numerals
from langfang.printed.period import days
from langfang.printed.reading import read_figure

RULES = []


def rule(place, expected):
    """Register a function of tables that yields the rows that break a rule, as one that yields faults.

    ``place`` is the ``table.column`` of its faults, or as much of it as all have in common: a rule without a
    column yields (row, column, …). In ``expected``, names in braces are cells of the row, ``{0}`` and ``{1}``
    what is yielded beside it.
    """
    column = place.partition(".")[2]

    def register(function):
        def faults(tables):
            for found in function(tables):
                row, *words = found if isinstance(found, tuple) else (found,)
                at = column or words.pop(0)
                yield Fault(row["in_file"], row["line"], at, str(row[at]), expected.format(*words, **row))

        RULES.append(faults)
        return function

    return register


class MissingTable(LookupError):
    """A table that a rule reads and that could not be read, or not with all its columns."""


class Tables:
    """Tables by their names, each a list of rows (dicts of text with ``line`` and ``in_file``), and VIEWS."""

    def __init__(self, tables):
        vars(self).update(tables)

    def __getattr__(self, name):
        if name not in VIEWS:
            raise MissingTable(name)
        vars(self)[name] = VIEWS[name](self)
        return vars(self)[name]

    def read(self, mention):
        """(The Figure that a mention reads as, "") or (None, the reason why it reads as none)."""
        return _figure(mention["text"], mention["supplied"], self.unit_names)

    def in_base(self, value, unit):
        """(Amount, base unit) of a printed value; the amount is None where value or factor are no numbers."""
        row = self.unit.get(unit, {"factor": "", "base_unit": unit})
        amount, factor = number(value), number(row["factor"])
        return None if None in (amount, factor) else amount * factor, row["base_unit"]

    def measure(self, fact):
        return self.indicator.get(fact["indicator_id"], {"measure": ""})["measure"]


def by(column, rows):
    return {row[column]: row for row in rows}


def grouped(rows, *columns):
    groups, key = defaultdict(list), itemgetter(*columns)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)


# What several rules ask of the tables, worked out when it is first asked for.
VIEWS = {
    "unit": lambda t: by("unit", t.units),
    "unit_names": lambda t: tuple(t.unit),  # in the order of units.csv, in which the nearest are named
    "indicator": lambda t: by("indicator_id", t.indicators),
    "in_order": lambda t: sorted(t.mentions, key=itemgetter("source_id", "paragraph", "start")),
    # mentions of the article's source, each with the text of its paragraph
    "placed": lambda t: [(row, text) for row in t.in_order if (text := t.article.text_of(row)) is not None],
    # mentions of each fact, in the order of the text
    "places": lambda t: grouped((row for row in t.in_order if row["role"] == "fact"), "fact_id"),
    # mentions that cover numerals, by source and paragraph
    "covering": lambda t: grouped((r for r in t.in_order if r["role"] != "name"), "source_id", "paragraph"),
    "spots": lambda t: {_place(row): row for row in t.mentions if row["role"] != "name"},
    "transcribed": lambda t: {row["source_id"] for row in t.sources if row["kind"] == "transcribed"},
    # first and last day of a source's time of publication; None where it says none
    "published": lambda t: {row["source_id"]: days(row["published"]) for row in t.sources},
}


@lru_cache(maxsize=2**14)
def _figure(text, supplied, units):
    try:
        return read_figure(text, supplied, units), ""
    except ValueError as error:
        reason = str(error).partition("as a figure: ")[2] or str(error)
        return None, f"{reason}: if it is one, add it to units.csv" if "no unit known" in reason else reason


@lru_cache(maxsize=2**14)
def number(text):
    """The text as an exact number; None where it is none."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


# ---- figures: what is printed against what is stored ----


@rule("facts", "{0!r}, as mentions.csv row {1} reads: {2}")
def figures_read_as_printed(tables):
    """Value, unit and bound follow the first mention; a unit may say in brackets what is counted."""
    for fact in tables.facts:
        for first in tables.places.get(fact["fact_id"], ())[:1]:
            figure, _ = tables.read(first)
            printed = first["text"] + (f" with {first['supplied']}" if first["supplied"] else "")
            for column in ("value", "unit", "bound") if figure else ():
                if getattr(figure, column) != fact[column].partition("(")[0]:
                    yield fact, column, getattr(figure, column), first["line"], printed


@rule("mentions.text", "what row {0} says of {fact_id}: {1}")
def repetitions_say_the_same(tables):
    """A figure that is printed again is the same in base units."""
    for rows in tables.places.values():
        figures = [(row, tables.read(row)[0]) for row in rows]
        said = [(row, f and (f.bound, tables.in_base(f.value, f.unit))) for row, f in figures]
        for row, meant in said[1:]:
            if said[0][1] and meant and meant != said[0][1]:
                yield row, rows[0]["line"], rows[0]["text"]


@rule("facts.fact_id", "a mention of role fact in mentions.csv, or no such fact")
def facts_are_mentioned(tables):
    for row in tables.facts:
        if row["source_id"] in tables.transcribed and row["fact_id"] not in tables.places:
            yield row


@rule("facts.source_id", "{0}, where mentions.csv row {1} places it")
def a_fact_and_its_mentions_have_one_source(tables):
    for fact in tables.facts:
        for row in tables.places.get(fact["fact_id"], ()):
            if row["source_id"] != fact["source_id"]:
                yield fact, row["source_id"], row["line"]


# ---- mentions: roles and places ----


@rule("mentions", "{0}")
def mentions_are_what_their_role_says(tables):
    for row in tables.mentions:
        for column, role in (("fact_id", "fact"), ("entity_id", "name")):
            if bool(row[column]) != (row["role"] == role):
                yield row, column, f"filled for role {role}, and only then (role is {row['role']})"
        if row["role"] in ("label", "other") and not row["note"]:
            yield row, "note", f"why this {row['role']} is no statistic"


@rule("mentions", "{0}")
def mentions_can_be_read(tables):
    """As figures, with no more supplied than they need."""
    for row in tables.mentions:
        figure, reason = tables.read(row)
        if row["role"] == "fact" and not figure:
            yield row, "text", f"a figure: {reason}"
        if row["role"] != "fact" and row["supplied"]:
            yield row, "supplied", "empty: only a figure is given what its sentence says elsewhere"
        elif row["supplied"] and figure and figure == tables.read(row | {"supplied": ""})[0]:
            yield row, "supplied", "what the text needs to be read: without it, it reads the same"


@rule("mentions.start", "a place after the text of row {0}, {1}")
def mentions_do_not_overlap(tables):
    for rows in tables.covering.values():
        for before, row in pairwise(rows):
            if row["start"] < before["start"] + len(before["text"]):
                yield row, before["line"], before["text"]


@rule("paragraphs.numerals", "{0}, as many Arabic numerals as its mentions hold")
def numerals_add_up(tables):
    for row in tables.paragraphs:
        mentions = tables.covering.get((row["source_id"], row["paragraph"]), ())
        found = sum(len(numerals(mention["text"])) for mention in mentions)
        if found != row["numerals"]:
            yield row, found


@rule("paragraphs", "{0}")
def paragraphs_are_numbered_and_sections_are_stretches(tables):
    for rows in grouped(tables.paragraphs, "source_id").values():
        for wanted, row in enumerate(rows, 1):
            if row["paragraph"] != wanted:
                yield row, "paragraph", f"{wanted}: numbered without gaps from 1 within its source"
    seen = set()
    for section, rows in groupby(tables.paragraphs, key=itemgetter("source_id", "section")):
        if section in seen:
            yield next(rows), "section", "a section in one stretch; this one ended before"
        seen.add(section)


@rule("sources", "{0}")
def transcribed_sources_have_paragraphs(tables):
    there = {row["source_id"] for row in tables.paragraphs}
    for row in tables.sources:
        transcribed = row["kind"] == "transcribed"
        if transcribed != (row["source_id"] in there):
            yield row, "kind", "transcribed with rows in paragraphs.csv, or cited without"
        if transcribed != bool(row["sha256"]):
            yield row, "sha256", "filled for transcribed sources, and only for these"


# ---- what is used ----


@rule("", "something that refers to it, or no such row")
def all_is_used(tables):
    """Every indicator, unit, area, source and entity is there because something refers to it."""
    units = {row["unit"] for row in tables.facts} | {row["base_unit"] for row in tables.units}
    units |= {unit.removeprefix(scale) for unit in units for scale in SCALES}  # 斤 serves 亿斤
    areas = {row["area"] for row in tables.facts} | {row["part_of"] for row in tables.areas}
    # a document or paper that a sentence of a notebook rests on says so in its note
    papers = [row for row in tables.sources if row["note"].startswith(("document: ", "literature: "))]
    for key, rows, used in (
        ("indicator_id", tables.indicators, {row["indicator_id"] for row in tables.facts}),
        ("unit", tables.units, units),
        ("area", tables.areas, areas | {row["county"] for row in tables.entities}),
        ("source_id", tables.sources, {row["source_id"] for row in (*tables.facts, *papers)}),
        ("entity_id", tables.entities, {row["entity_id"] for row in tables.mentions}),
    ):
        yield from ((row, key) for row in rows if row[key] not in used)


@rule("queries.fact_ids", "ids of facts.csv or entities.csv; {0} is none")
def queries_refer_to_facts(tables):
    known = {row["fact_id"] for row in tables.facts} | {row["entity_id"] for row in tables.entities} | {""}
    for row in tables.queries:
        yield from ((row, name) for name in named_in(row) if name not in known)


# ---- units, measures, ranges ----


@rule("units", "{0}")
def units_are_scaled(tables):
    """One base unit is countable or not, whatever is printed; 万户 is 10,000 times 户."""
    known, countable = tables.unit, {}
    scaled = [row for row in tables.units if row["unit"].startswith(tuple(SCALES))]
    bases = {row["base_unit"] for row in (*scaled, *(r for r in tables.units if number(r["factor"]) == 1))}
    for row in tables.units:
        base = row["base_unit"]
        scale = next((scale for scale in SCALES if row["unit"].startswith(scale)), "")
        name, times = row["unit"].removeprefix(scale), SCALES.get(scale, 1)
        plain = known.get(name) if scale else row
        one = number(plain["factor"]) or 0 if plain and scale else 1
        if countable.setdefault(base, row["countable"]) != row["countable"]:
            yield row, "countable", f"{countable[base]}, as other units of {base}"
        if plain and plain["base_unit"] != base:
            yield row, "base_unit", f"{plain['base_unit']}, as of {name}"
        if (scale or row["countable"] == "true") and number(row["factor"]) != times * one:
            yield row, "factor", f"{times} times that of {name}"
        if base not in bases:
            yield row, "factor", f"1 for one unit at least of {base}"


CHANGED = "_(change|increase|decrease)$"
# The measures of a base unit, or else of units that count or that measure, and what an id must hold for each.
MEASURES = {
    "%": {"share": "", "growth": "", "level": "index"},
    "percentage point": {"change": "", "level": "_lead$"},
    "rank": {"rank": ""},
    "ratio": {"level": "", "change": CHANGED, "share": "", "growth": ""},
    "counted": {"count": "", "change": CHANGED, "level": "_per_"},
    "measured": {"level": "", "change": CHANGED},
}


@rule("", "{0}")
def units_fit_the_indicator_and_its_measure(tables):
    for fact in tables.facts:
        indicator, unit = tables.indicator.get(fact["indicator_id"]), tables.unit.get(fact["unit"])
        if not indicator or not unit:
            continue
        base = unit["base_unit"]
        if base != indicator["unit"]:
            yield fact, "unit", f"a unit of {indicator['unit']}, as indicator {fact['indicator_id']} has"
        if unit["countable"] == "true" and base not in ("%", "percentage point", "rank"):
            base = "counted"
        possible = MEASURES.get(base, MEASURES["measured"]).items()
        measures = [measure for measure, words in possible if re.search(words, fact["indicator_id"])]
        if indicator["measure"] not in measures:
            fitting = f"{' or '.join(measures)}, which {fact['unit']} fits ({fact['fact_id']})"
            yield indicator, "measure", fitting


@rule("facts.value", "{0}")
def values_lie_where_they_can(tables):
    """Percentages within 0–100, changes within ±100 points, counts and ranks whole, nothing below zero."""
    for fact in tables.facts:
        measure = tables.measure(fact)
        least, signed = int(measure == "rank"), measure in ("change", "growth")
        for value in fact["value"].split(".."):
            amount, base = tables.in_base(value, fact["unit"])
            if amount is None:
                continue
            percent = base in ("%", "percentage point") and measure != "growth"
            if percent and not -100 * signed <= amount <= 100:
                yield fact, "a percentage within 0–100"
            if measure in ("count", "rank") and amount.denominator != 1:
                yield fact, f"a whole number, as a {measure} is"
            if amount < least and not signed:
                yield fact, f"no {measure} below {least}"


# ---- the second readings: what someone read of the sources without sight of the tables ----


def _place(row):
    return row.get("source_id"), row.get("paragraph"), row.get("start")


@rule("", "{0}")
def tables_agree_with_the_second_readings(tables):
    """A row with a fact_id is a fact, else a place; what a table has too is compared."""
    facts = by("fact_id", tables.facts)
    for row in tables.readings:
        of_fact = "fact_id" in row
        mention = {} if of_fact else tables.spots.get(_place(row), {})
        fact = facts.get(row.get("fact_id", mention.get("fact_id")), {})
        if of_fact and not fact:
            yield row, "fact_id", "a fact of facts.csv, or no such row"
        if not of_fact and not mention:
            yield row, "start", "a place of mentions.csv, or no such row"
        compared = row.keys() - {"source_id", "note", "line", "in_file"}
        is_figure = row.get("role", "fact") == "fact"
        for ours, keys in ((fact if is_figure else {}, {"fact_id"}), (mention, {"paragraph", "start"})):
            for column in sorted((compared & ours.keys()) - keys):
                if ours[column] != row[column]:
                    place = f"{row['in_file']} row {row['line']}"
                    yield ours, column, f"{row[column]!r}, as {place} reads it; a correction touches both"


@rule("mentions.start", "a row of {0} for this place: it reads this source to the end")
def every_place_was_read_twice(tables):
    read = {_place(row): row["in_file"] for row in tables.readings if "fact_id" not in row}
    files = {source: file for (source, *_), file in read.items()}
    for place, row in tables.spots.items():
        if place[0] in files and place not in read:
            yield row, files[place[0]]
