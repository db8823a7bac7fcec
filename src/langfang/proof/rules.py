"""What the tables must say to hold together: one rule each.

A rule is a function whose parameters are the names of the tables it reads (rows as dicts of text, with their
``line``) and which yields faults. It runs when those tables could be read with all their columns, so that one
broken file does not bury its fault under hundreds of others.
"""

import inspect
import re
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from langfang.printed import reading
from langfang.proof.schema import Fault

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
RULES = []


def rule(function):
    RULES.append((function, list(inspect.signature(function).parameters)))
    return function


def fault_of(file, row, column, expected):
    return Fault(f"{file}.csv", row["line"], column, str(row[column]), expected)


# ---- figures: what is printed against what is stored ----


@lru_cache(maxsize=2**14)
def figure(text, supplied, units):
    """The Figure that a printed text and what is supplied read as; None if they read as none."""
    try:
        return reading.read_figure(text, supplied, units)
    except ValueError:
        return None


@lru_cache(maxsize=2**14)
def number(text):
    """The text as an exact number; None where it is none."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


@lru_cache(maxsize=2**14)
def numerals(text):
    return tuple(reading.numerals(text))


def in_base(value, unit, units):
    """(amount, base unit) of a printed value; the amount is None where value or factor are no numbers."""
    row = units.get(unit, {"factor": "", "base_unit": unit})
    amount, factor = number(value), number(row["factor"])
    return None if None in (amount, factor) else amount * factor, row["base_unit"]


def by(column, rows):
    return {row[column]: row for row in rows}


def of_facts(mentions):
    """The mentions of each fact, in the order of the text."""
    groups = defaultdict(list)
    for row in sorted(mentions, key=lambda row: (row["source_id"], row["paragraph"], row["start"])):
        if row["role"] == "fact":
            groups[row["fact_id"]].append(row)
    return groups


@rule
def figures_read_as_printed(facts, mentions, units):
    """Value, unit and bound follow the first mention; the others say the same in base units."""
    units, groups = by("unit", units), of_facts(mentions)
    names = frozenset(units)
    for fact in facts:
        first, *others = groups.get(fact["fact_id"], [None])
        read = first and figure(first["text"], first["supplied"], names)
        for column in ("value", "unit", "bound") if read else ():
            if (
                getattr(read, column) != fact[column].partition("(")[0]
            ):  # 万户(市场主体): printed 万户, of enterprises
                printed = f"{first['text']} with {first['supplied']}" if first["supplied"] else first["text"]
                yield fault_of(
                    "facts",
                    fact,
                    column,
                    f"{getattr(read, column)!r}, as mentions.csv row {first['line']} reads: {printed}",
                )
        for row in others:
            again = figure(row["text"], row["supplied"], names)
            if read and again and not same_figure(read, again, units):
                yield fault_of(
                    "mentions",
                    row,
                    "text",
                    f"what row {first['line']} says of {fact['fact_id']}: {first['text']}",
                )


def same_reading(row, names):
    """Whether a mention reads the same without what is supplied."""
    return figure(row["text"], row["supplied"], names) == figure(row["text"], "", names) is not None


def same_figure(a, b, units):
    return a.bound == b.bound and in_base(a.value, a.unit, units) == in_base(b.value, b.unit, units)


@rule
def mentions_can_be_read(mentions, units):
    names = frozenset(row["unit"] for row in units)
    for row in mentions:
        if row["role"] == "fact" and not figure(row["text"], row["supplied"], names):
            yield fault_of(
                "mentions",
                row,
                "text",
                f"a figure; it and what is supplied ({row['supplied']!r}) do not read as one",
            )


@rule
def facts_are_mentioned(facts, mentions, sources):
    """A fact of a transcribed source stands in it; a mention and its fact have one source."""
    kinds, known = {row["source_id"]: row["kind"] for row in sources}, by("fact_id", facts)
    groups = of_facts(mentions)
    for fact in facts:
        if kinds.get(fact["source_id"]) == "transcribed" and fact["fact_id"] not in groups:
            yield fault_of(
                "facts", fact, "fact_id", "a mention of role fact in mentions.csv, or no such fact"
            )
    for row in (row for rows in groups.values() for row in rows):
        fact = known.get(row["fact_id"])
        if fact and fact["source_id"] != row["source_id"]:
            yield fault_of(
                "facts",
                fact,
                "source_id",
                f"{row['source_id']}, where mentions.csv row {row['line']} places it",
            )


# ---- mentions: roles and places ----


@rule
def roles_and_ids(mentions, units):
    """What each role must have, and must not."""
    names = frozenset(row["unit"] for row in units)
    for row in mentions:
        for column, role in (("fact_id", "fact"), ("entity_id", "name")):
            if bool(row[column]) != (row["role"] == role):
                yield fault_of(
                    "mentions", row, column, f"filled for role {role}, and only then (role is {row['role']})"
                )
        if row["role"] in ("label", "other") and not row["note"]:
            yield fault_of("mentions", row, "note", f"why this {row['role']} is no statistic")
        if row["supplied"] and row["role"] == "fact" and same_reading(row, names):
            yield fault_of(
                "mentions", row, "supplied", "what the text needs to be read: without it, it reads the same"
            )
        if row["supplied"] and row["role"] != "fact":
            yield fault_of(
                "mentions", row, "supplied", "empty: only a figure is given what its sentence says elsewhere"
            )


@rule
def mentions_do_not_overlap(mentions):
    for rows in _figures_by_paragraph(mentions).values():
        for before, row in pairwise(rows):
            if row["start"] < before["start"] + len(before["text"]):
                yield fault_of(
                    "mentions",
                    row,
                    "start",
                    f"a place after the text of row {before['line']}, {before['text']}",
                )


def _figures_by_paragraph(mentions):
    """Mentions that cover numerals (all but names) by source and paragraph, in order."""
    groups = defaultdict(list)
    for row in sorted(mentions, key=lambda row: row["start"]):
        if row["role"] != "name":
            groups[row["source_id"], row["paragraph"]].append(row)
    return groups


@rule
def numerals_add_up(paragraphs, mentions):
    groups = _figures_by_paragraph(mentions)
    for row in paragraphs:
        found = sum(len(numerals(m["text"])) for m in groups.get((row["source_id"], row["paragraph"]), ()))
        if found != row["numerals"]:
            yield fault_of(
                "paragraphs", row, "numerals", f"{found}, as many Arabic numerals as its mentions hold"
            )


@rule
def paragraphs_are_numbered(paragraphs, sources):
    """1, 2, 3 … within each source, in the order of the file; a section is one stretch of them."""
    last, sections = {}, {}
    for row in paragraphs:
        source = row["source_id"]
        if row["paragraph"] != last.get(source, 0) + 1:
            yield fault_of(
                "paragraphs", row, "paragraph", f"{last.get(source, 0) + 1}: numbered without gaps from 1"
            )
        last[source] = last.get(source, 0) + 1
        if sections.setdefault((source, row["section"]), last[source] - 1) != last[source] - 1:
            yield fault_of("paragraphs", row, "section", "a section in one stretch; this one ended before")
        sections[source, row["section"]] = last[source]
    for row in sources:
        if (row["kind"] == "transcribed") != (row["source_id"] in last):
            yield fault_of(
                "sources", row, "kind", "transcribed with rows in paragraphs.csv, or cited without"
            )
        if (row["kind"] == "transcribed") != bool(row["sha256"]):
            yield fault_of("sources", row, "sha256", "filled for transcribed sources, and only for these")


# ---- what is used ----


@rule
def all_is_used(facts, indicators, units, areas, sources, entities, mentions):
    """Every indicator, unit, area, source and entity is there because something refers to it."""
    used = {
        "indicators": {row["indicator_id"] for row in facts},
        "units": {row["unit"] for row in facts} | {row["base_unit"] for row in units},
        "areas": {row["area"] for row in facts}
        | {row["part_of"] for row in areas}
        | {row["county"] for row in entities},
        # a document or paper that a sentence of a notebook rests on says so in its note
        "sources": {row["source_id"] for row in facts}
        | {r["source_id"] for r in sources if r["note"].startswith(("document: ", "literature: "))},
        "entities": {row["entity_id"] for row in mentions},
    }
    tables = {
        "indicators": indicators,
        "units": units,
        "areas": areas,
        "sources": sources,
        "entities": entities,
    }
    for name, rows in tables.items():
        key = COLUMNS[name][0]
        for row in rows:
            if row[key] not in used[name]:
                yield fault_of(name, row, key, "something that refers to it, or no such row")


@rule
def entities_are_of_a_kind(entities, areas):
    """Ids that begin alike are of one kind; 香河家具 belongs to 香河县."""
    short = {
        re.sub("(回族自治)?[市县区]$", "", row["name_zh"]): row["area"]
        for row in areas
        if row["part_of"] and row["code"]
    }
    kinds = {}
    for row in entities:
        head = row["entity_id"].partition("-")[0]
        if kinds.setdefault(head, row["kind"]) != row["kind"]:
            yield fault_of("entities", row, "kind", f"{kinds[head]}, as of other ids that begin with {head}")
        county = next(
            (short[row["name_zh"][:n]] for n in (4, 3, 2) if row["name_zh"][:n] in short), row["county"]
        )
        if row["county"] and row["county"] != county:
            yield fault_of("entities", row, "county", f"{county}, with whose name it begins")


@rule
def queries_refer_to_facts(queries, facts, entities):
    known = {row["fact_id"] for row in facts} | {row["entity_id"] for row in entities}
    for row in queries:
        ids = re.split(r"[;,\s]+", row["fact_ids"]) if row["fact_ids"] else []
        for name in ids:
            if name not in known:
                yield fault_of("queries", row, "fact_ids", f"ids of facts.csv; {name} is none")


@rule
def areas_lead_somewhere(areas):
    parents, codes = ({row["area"]: row[column] for row in areas} for column in ("part_of", "code"))
    for row in areas:
        area, seen = row["area"], set()
        while area and area not in seen:
            seen.add(area)
            area = parents.get(area, "")
        if area:
            yield fault_of("areas", row, "part_of", "a larger area; this one contains itself")
        code = codes.get(row["part_of"], "")
        if row["code"] and code and not row["code"].startswith(re.sub("(00)+$", "", code)):
            yield fault_of("areas", row, "code", f"a code within {code}, that of {row['part_of']}")


# ---- names ----


@rule
def names_in_two_languages(areas, indicators, entities, glossary):
    """Chinese names hold Chinese (or digits: 7+6, PM2.5), English names Latin letters and no Chinese."""
    pairs = [("areas", areas), ("indicators", indicators), ("entities", entities), ("glossary", glossary)]
    for name, rows in pairs:
        zh, en = ("term_zh", "term_en") if name == "glossary" else ("name_zh", "name_en")
        for row in rows:
            if not re.search(r"[\u4e00-\u9fff\d]", row[zh]):
                yield fault_of(name, row, zh, "a name in Chinese")
            if not re.search("[A-Za-z]", row[en]) or re.search("[\u4e00-\u9fff]", row[en]):
                yield fault_of(name, row, en, "a name in English")


@rule
def names_are_printed(mentions, entities):
    """An entity is named as the text has it."""
    known = by("entity_id", entities)
    for row in mentions:
        name = known[row["entity_id"]]["name_zh"] if row["entity_id"] in known else row["text"]
        if not _names(row["text"], name):
            yield fault_of("mentions", row, "text", f"the name of {row['entity_id']}, {name}")


def _names(text, name):
    """Whether the text is the name, or a short form of it: what it has in quotes, and its last word.

    >>> _names("“7+6”产业集群", "“7+6”县域特色产业集群"), _names("“7+6”产业", "“7+6”县域特色产业集群")
    (True, False)
    """
    head, quote, tail = name.rpartition("”")
    return text == name or bool(quote and tail and text.startswith(head + quote) and text.endswith(tail[-2:]))


# ---- units, measures, ranges ----

SCALES = {
    "万亿": 10**12,
    "十亿": 10**9,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "万": 10**4,
    "千": 1000,
    "百": 100,
}


@rule
def units_are_scaled(units):
    """One base unit is countable or not, whatever is printed; 万户 is 10,000 times 户."""
    known, countable = by("unit", units), {}
    for row in units:
        if countable.setdefault(row["base_unit"], row["countable"]) != row["countable"]:
            yield fault_of(
                "units",
                row,
                "countable",
                f"{countable[row['base_unit']]}, as other units of {row['base_unit']}",
            )
        scale = next((scale for scale in SCALES if row["unit"].startswith(scale)), "")
        plain = known.get(row["unit"].removeprefix(scale))
        if plain and plain["base_unit"] != row["base_unit"]:
            yield fault_of("units", row, "base_unit", f"{plain['base_unit']}, as of {plain['unit']}")
        single = number(plain["factor"]) if scale and plain else 1
        if (scale or row["countable"] == "true") and number(row["factor"]) != SCALES.get(scale, 1) * (
            single or 0
        ):
            yield fault_of(
                "units",
                row,
                "factor",
                f"{SCALES.get(scale, 1)} times that of {row['unit'].removeprefix(scale)}",
            )
    bases = {
        row["base_unit"]
        for row in units
        if number(row["factor"]) == 1 or row["unit"].startswith(tuple(SCALES))
    }
    for row in (row for row in units if row["base_unit"] not in bases):
        yield fault_of("units", row, "factor", f"1 for one unit at least of {row['base_unit']}")


PERCENT = {"share", "growth"}


def fits(indicator, unit):
    """Whether a unit fits what is measured: % a share or growth, points a change, countable things a count.

    Three kinds of level say in their id why they have such a unit: an average (``_per_``), an index, a lead.

    >>> fits({"measure": "level", "indicator_id": "gdp_share_lead"}, {"base_unit": "percentage point"})
    True
    """
    measure, name, base = indicator["measure"], indicator["indicator_id"], unit["base_unit"]
    if base == "%":
        return measure in PERCENT or (measure == "level" and "index" in name)
    if base == "percentage point":
        return measure == "change" or (measure == "level" and name.endswith("_lead"))
    if base == "rank":
        return measure == "rank"
    if unit["countable"] == "true":
        return measure == "count" or (measure == "level" and "_per_" in name)
    return measure == "level"


@rule
def units_fit_the_measure(facts, indicators, units):
    units, indicators = by("unit", units), by("indicator_id", indicators)
    for fact in facts:
        indicator, unit = indicators.get(fact["indicator_id"]), units.get(fact["unit"])
        if not indicator or not unit:
            continue
        if unit["base_unit"] != indicator["unit"]:
            expected = f"a unit of {indicator['unit']}, as indicator {indicator['indicator_id']} has"
            yield fault_of("facts", fact, "unit", expected)
        if not fits(indicator, unit):
            expected = f"a measure that {fact['unit']} fits ({fact['fact_id']})"
            yield fault_of("indicators", indicator, "measure", expected)


@rule
def values_lie_where_they_can(facts, indicators, units):
    """Percentages within 0–100, changes within ±100 points, counts and ranks whole, nothing below zero."""
    units, indicators = by("unit", units), by("indicator_id", indicators)
    for fact in facts:
        measure = indicators.get(fact["indicator_id"], {}).get("measure", "")
        amount, base = in_base(fact["value"], fact["unit"], units)
        if amount is None:
            continue
        if (
            base in ("%", "percentage point")
            and measure != "growth"
            and not -100 * (measure == "change") <= amount <= 100
        ):
            yield fault_of("facts", fact, "value", "a percentage within 0–100")
        if measure in ("count", "rank") and amount.denominator != 1:
            yield fault_of("facts", fact, "value", f"a whole number, as a {measure} is")
        if amount < (measure == "rank") and measure not in ("change", "growth"):
            yield fault_of("facts", fact, "value", f"no {measure} below {int(measure == 'rank')}")


# ---- periods and status ----


@lru_cache(maxsize=2**12)
def days(period):
    """First and last day of an ISO 8601 period; None where it is none.

    >>> days("2019-06")
    (datetime.date(2019, 6, 1), datetime.date(2019, 6, 30))
    >>> days("2015/2019")
    (datetime.date(2015, 1, 1), datetime.date(2019, 12, 31))
    """
    parts = period.split("/")
    try:
        firsts = [date.fromisoformat(part + "2020-01-01"[len(part) :]) for part in parts]
        last = _last_day(parts[-1], firsts[-1])
    except (ValueError, OverflowError):
        return None
    in_order = len(parts) == 1 or (
        len(parts) == 2 and firsts[0] < firsts[1] and len(parts[0]) == len(parts[1])
    )
    return (firsts[0], last) if in_order and all(len(part) in (4, 7, 10) for part in parts) else None


def _last_day(part, first):
    if len(part) == 4:
        return first.replace(month=12, day=31)
    return first if len(part) == 10 else (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def published_days(sources):
    return {row["source_id"]: days(row["published"]) for row in sources}


@rule
def periods_lie_in_the_sources_time(facts, sources):
    """The last period of an actual figure begins before publication; one to come ends after it."""
    published = published_days(sources)
    for fact in facts:
        span, day = days(fact["period"]), published.get(fact["source_id"])
        if bool(fact["period"]) != bool(fact["period_basis"]):
            yield fault_of("facts", fact, "period_basis", "stated or inferred with a period, empty without")
        if fact["period"] and not span:
            yield fault_of(
                "facts", fact, "period", "ISO 8601: 2019, 2018-10, 2019-06-30, first/last, or empty"
            )
        if not span or not day:
            continue
        if not 1949 <= span[0].year <= span[1].year <= day[1].year + 30:
            yield fault_of("facts", fact, "period", "a year within the source's time")
        if fact["status"] == "actual" and days(fact["period"].split("/")[-1])[0] > day[1]:
            yield fault_of(
                "facts", fact, "status", f"no actual figure: its period comes after publication ({day[1]})"
            )
        if fact["status"] in ("forecast", "target") and span[1] < day[1]:
            yield fault_of(
                "facts",
                fact,
                "status",
                f"no {fact['status']}: the period ended before publication ({day[1]})",
            )


@rule
def periods_fit_the_measure(facts, indicators, sources):
    """A growth or change runs from a base to an end; a share or rank is of one time."""
    measures = {row["indicator_id"]: row["measure"] for row in indicators}
    kinds = {row["source_id"]: row["kind"] for row in sources}
    for fact in facts:
        measure, spans = measures.get(fact["indicator_id"]), "/" in fact["period"]
        if measure in ("share", "rank") and spans:
            yield fault_of("facts", fact, "period", f"one time, not two, for a {measure}")
        # What is quoted from elsewhere often leaves the base out.
        if (
            measure in ("growth", "change")
            and fact["period"]
            and not spans
            and kinds.get(fact["source_id"]) == "transcribed"
        ):
            yield fault_of("facts", fact, "period", f"base/end for a {measure}")


@rule
def one_series_one_vintage(facts):
    """What one source gives of one indicator is of one vintage."""
    vintages = {}
    for fact in facts:
        first = vintages.setdefault((fact["indicator_id"], fact["source_id"]), fact)
        if first["vintage"] != fact["vintage"]:
            yield fault_of("facts", fact, "vintage", f"{first['vintage']!r}, as {first['fact_id']} has")


@rule
def ids_say_what_they_are(facts, areas):
    """A fact_id is indicator_id[-area][-period or a word]; without an area it means one and the same."""
    names, usual = {row["area"] for row in areas}, {}
    for fact in facts:
        head, area, period = _told(fact["fact_id"], names)
        area = area or usual.setdefault((head, fact["source_id"]), fact["area"])
        if head != fact["indicator_id"]:
            yield fault_of("facts", fact, "indicator_id", f"{head}, with which the fact_id begins")
        if area != fact["area"]:
            yield fault_of(
                "facts", fact, "area", f"{area}, as the fact_id says or as other facts that name no area"
            )
        if period != fact["period"].replace("/", "-"):
            yield fault_of("facts", fact, "period", f"{period or 'none'}, as the fact_id says")


PERIOD = re.compile(r"(?<!\d)(?:19|20)\d\d(?:-\d\d)*(?:-(?:19|20)\d\d(?:-\d\d)*)?(?!\d)", re.ASCII)


def _told(fact_id, areas):
    """(indicator, area, period) as a fact_id tells them; "" for what it leaves out.

    >>> _told("loan_cap-anci-2020-09-24", {"anci"})
    ('loan_cap', 'anci', '2020-09-24')
    """
    head, *tail = fact_id.split("-")
    length = next((n for n in range(len(tail), 0, -1) if "-".join(tail[:n]) in areas), 0)
    period = PERIOD.search("-".join(tail[length:]))
    return head, "-".join(tail[:length]), period[0] if period else ""


# ---- dates that support a period ----

PLANS = {
    "九五": 1996,
    "十五": 2001,
    "十一五": 2006,
    "十二五": 2011,
    "十三五": 2016,
    "十四五": 2021,
    "十五五": 2026,
}
DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"两": 2}


@lru_cache(maxsize=2**12)
def date_parts(text):
    """(years, months, days, durations in years) that the text of a date names."""
    years = {int(y) for y in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)}
    for plan, first in PLANS.items():
        if f"“{plan}”" in text or text.startswith(plan):
            years |= {first, first + 4}
    months = {int(m) for m in re.findall(r"(\d{1,2})月", text)}
    in_month = {int(d) for d in re.findall(r"(\d{1,2})日", text)}
    months |= {8, 9} if "学年" in text else set()
    spans = {DIGITS.get(n) or int(n) for n in re.findall(r"(?<!\d)(\d|[一二两三四五六七八九十])年", text)}
    return years, months, in_month, spans


@rule
def publication_is_dated(sources, mentions):
    """A transcribed source says when it was published."""
    dates = defaultdict(str)
    for row in mentions:
        if row["role"] == "date":
            dates[row["source_id"]] += row["text"] + " "
    for row in sources:
        year, month, day = (row["published"] + "--").split("-")[:3]
        printed = row["published"], f"{year}年{month.lstrip('0')}月{day.lstrip('0')}日"
        if row["kind"] == "transcribed" and not (
            row["published"] and any(date in dates[row["source_id"]] for date in printed)
        ):
            yield fault_of(
                "sources", row, "published", "the day of publication, as a mention of role date has it"
            )


@rule
def stated_periods_are_printed(facts, mentions, sources):
    """A stated period is named by dates in a paragraph where the figure stands."""
    dates, groups = defaultdict(list), of_facts(mentions)
    kinds = {row["source_id"]: row["kind"] for row in sources}
    for row in mentions:
        if row["role"] == "date":
            dates[row["source_id"], row["paragraph"]].append(date_parts(row["text"]))
    for fact in facts:
        if (
            fact["period_basis"] != "stated"
            or kinds.get(fact["source_id"]) != "transcribed"
            or not days(fact["period"])
        ):
            continue
        places = {(row["source_id"], row["paragraph"]) for row in groups.get(fact["fact_id"], ())}
        if places and not any(_supports(dates[place], fact["period"]) for place in places):
            yield fault_of(
                "facts",
                fact,
                "period",
                "a period that a date in the figure's paragraph names, or basis inferred",
            )


def _supports(parts, period):
    years, months, in_month, spans = (set().union(*(p[i] for p in parts)) for i in range(4))
    ends = [end.split("-") for end in period.split("/")]
    if len(ends) == 2 and int(ends[1][0]) - int(ends[0][0]) in spans:
        ends = ends[1:]
    return all(
        int(end[0]) in years
        and (len(end) < 2 or int(end[1]) in months)
        and (len(end) < 3 or not in_month or int(end[2]) in in_month)
        for end in ends
    )
