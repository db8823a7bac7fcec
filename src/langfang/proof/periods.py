"""What periods, dates and ids must say to agree with each other: rules as in rules.py."""

import re
from datetime import timedelta

from langfang.printed.period import date_parts, dates, days
from langfang.proof.rules import by, grouped, rule
from langfang.proof.schema import is_date

MONTH = timedelta(days=31)


@rule("facts", "{0}")
def periods_are_iso_and_have_a_basis(tables):
    for fact in tables.facts:
        if bool(fact["period"]) != bool(fact["period_basis"]):
            yield fact, "period_basis", "stated or inferred with a period, empty without"
        if fact["period"] and not days(fact["period"]):
            yield fact, "period", "ISO 8601: 2019, 2018-10, 2019-06-30, first/last, or empty"


@rule("facts", "{0}")
def periods_lie_in_the_sources_time(tables):
    """The last period of an actual figure begins before publication; one to come ends after it."""
    for fact in tables.facts:
        span, day = days(fact["period"]), tables.published.get(fact["source_id"])
        if not span or not day:
            continue
        if not 1949 <= span[0].year <= span[1].year <= day[1].year + 30:
            yield fact, "period", "a year within the source's time"
        if fact["status"] == "actual" and days(fact["period"].split("/")[-1])[0] > day[1]:
            yield fact, "status", f"no actual figure: its period comes after publication ({day[1]})"
        if fact["status"] in ("forecast", "target") and span[1] < day[1]:
            yield fact, "status", f"no {fact['status']}: the period ended before publication ({day[1]})"


@rule("facts.period", "{0} for a {1}")
def periods_fit_the_measure(tables):
    """A growth has a base and an end (what is quoted often leaves out the base), a share one time."""
    for fact in tables.facts:
        measure, spans = tables.measure(fact), "/" in fact["period"]
        if measure in ("share", "rank") and spans:
            yield fact, "one time, not two,", measure
        told = fact["period"] and fact["source_id"] in tables.transcribed
        if measure in ("growth", "change") and told and not spans:
            yield fact, "base/end", measure


@rule("facts.vintage", "{0!r}, as {1} has")
def one_series_has_one_vintage(tables):
    """What one source gives of one indicator is of one vintage."""
    vintages = {}
    for fact in tables.facts:
        first = vintages.setdefault((fact["indicator_id"], fact["source_id"]), fact)
        if first["vintage"] != fact["vintage"]:
            yield fact, first["vintage"], first["fact_id"]


PERIOD = re.compile(r"(?<!\d)(?:19|20)\d\d(?:-\d\d)*(?:-(?:19|20)\d\d(?:-\d\d)*)?(?!\d)", re.ASCII)


@rule("facts", "{0}")
def ids_say_what_they_are(tables):
    """A fact_id is indicator_id[-area][-period or a word]; without an area it means one and the same."""
    names, usual = {row["area"] for row in tables.areas}, {}
    for fact in tables.facts:
        head, *tail = fact["fact_id"].split("-")
        length = next((n for n in range(len(tail), 0, -1) if "-".join(tail[:n]) in names), 0)
        area = "-".join(tail[:length]) or usual.setdefault((head, fact["source_id"]), fact["area"])
        found = PERIOD.search("-".join(tail[length:]))
        period = found[0] if found else ""
        if head != fact["indicator_id"]:
            yield fact, "indicator_id", f"{head}, with which the fact_id begins"
        if area != fact["area"]:
            yield fact, "area", f"{area}, as the fact_id says or as other facts that name no area"
        if period != fact["period"].replace("/", "-"):
            yield fact, "period", f"{period or 'none'}, as the fact_id says"


@rule("sources.published", "{0}, the dateline that mentions.csv row {1} reads")
def publication_is_that_of_the_dateline(tables):
    """A mention of role date whose note begins with Dateline says when its source was published."""
    sources = by("source_id", tables.sources)
    for row in tables.mentions:
        source = sources.get(row["source_id"])
        if row["role"] == "date" and row["note"].startswith("Dateline") and source:
            text = re.sub(r"(?<=-\d\d)(?=\d\d:)", " ", row["text"])  # day and hour may meet
            printed = next((period for *_, period in dates(text)), "")
            if printed and source["published"] != printed:
                yield source, printed, row["line"]


ADDRESS_DATE = re.compile(r"(?<!\d)(20\d\d)[-/]?([01]\d)[-/]?([0-3]\d)(?!\d)")


@rule("sources.published", "{0}")
def sources_are_dated_as_their_address(tables):
    """Addresses often carry the day; the note of a mirror (read in, reprint) says that it may be later."""
    for row in tables.sources:
        # a pattern in datapackage.json cannot say it: other people's tools apply it to empty cells too
        if not is_date(row["published"]) and (row["published"] or row["kind"] == "transcribed"):
            yield row, "a date of ISO 8601, or for a cited source nothing"
        found, at = ADDRESS_DATE.search(row["locator"]), days(row["published"])
        day = days("-".join(found.groups())) if found and len(row["published"]) == 10 else None
        mirrored = re.search("mirror|reprint|copy", row["note"])
        if day and at and not mirrored and not at[0] <= day[0] <= at[1] + MONTH:
            yield row, f"a day from {day[0]} back to a month before it: the address has that date"


@rule("facts.period", "a period that a date in the figure's paragraph names, or basis inferred")
def stated_periods_are_printed(tables):
    """Dates in a paragraph where the figure stands name both its ends, or its end and how long it is."""
    dated = grouped((row for row in tables.mentions if row["role"] == "date"), "source_id", "paragraph")
    for fact in tables.facts:
        places = {(row["source_id"], row["paragraph"]) for row in tables.places.get(fact["fact_id"], ())}
        if not places or fact["period_basis"] != "stated" or fact["source_id"] not in tables.transcribed:
            continue
        named = (_is_named(fact["period"], dated[place]) for place in places if place in dated)
        if days(fact["period"]) and not any(named):
            yield fact


def _is_named(period, mentions):
    parts = zip(*(date_parts(row["text"]) for row in mentions), strict=True)
    years, months, in_month, lengths = (set().union(*each) for each in parts)
    ends = [[int(part) for part in end.split("-")] for end in period.split("/")]
    if len(ends) == 2 and ends[1][0] - ends[0][0] in lengths:
        ends = ends[1:]
    return all(
        year in years
        and (not month or month[0] in months)
        and (len(month) < 2 or not in_month or month[1] in in_month)
        for year, *month in ends
    )
