"""What areas, entities and names must say to agree with each other: rules as in rules.py."""

import re
from collections import Counter
from functools import lru_cache

from langfang.proof.rules import grouped, rule


@rule("areas", "{0}")
def areas_lie_within_larger_ones(tables):
    """By part_of, by codes of GB/T 2260 (131002 lies in 131000) and by names (廊坊市各县 in 廊坊)."""
    parents, codes = ({row["area"]: row[column] for row in tables.areas} for column in ("part_of", "code"))
    coded = {row["code"]: row["area"] for row in tables.areas if row["code"]}
    short = _short_names(tables.areas)
    for row in tables.areas:
        code, larger, around = row["code"], codes.get(row["part_of"], ""), []
        area = parents[row["area"]]
        while area and area not in around:
            around.append(area)
            area = parents.get(area)
        if row["area"] in around:
            yield row, "part_of", "a larger area; this one contains itself"
        if not re.fullmatch(r"(\d{6}|\d{9}|\d{12})?", code, re.ASCII):
            yield row, "code", "a code of GB/T 2260: six, nine or twelve digits"
        if code and larger and not code.startswith(re.sub("(00)+$", "", larger)):
            yield row, "code", f"a code within {larger}, that of {row['part_of']}"
        within = [coded.get(c) for c in (f"{code[:4]:0<6}", f"{code[:2]:0<6}") if code and c != code]
        named = [area for name, area in short.items() if name in row["name_zh"] and not code]
        wanted = next(filter(None, within + named), None)
        if wanted and wanted not in around:
            yield row, "part_of", f"{wanted}, whose code or name {row['name_zh']} carries"


def _short_names(areas):
    """The areas that have a code, by their name without what kind of area it is: 香河 for 香河县."""
    rows = [row for row in areas if row["code"] and row["part_of"]]
    short = {re.sub("(回族自治)?[市县区省]$", "", row["name_zh"]): row["area"] for row in rows}
    return {name: area for name, area in short.items() if len(name) > 1}


@rule("entities.kind", "{0}, as of other ids that begin with {1}")
def ids_that_begin_alike_are_of_one_kind(tables):
    kinds = {}
    for row in tables.entities:
        head = row["entity_id"].partition("-")[0]
        if kinds.setdefault(head, row["kind"]) != row["kind"]:
            yield row, kinds[head], head


@rule("entities.county", "{0}, with whose name it begins")
def entities_lie_in_the_county_of_their_name(tables):
    """香河家具 belongs to 香河县."""
    short = _short_names(tables.areas)
    for row in tables.entities:
        county = next((short[row["name_zh"][:n]] for n in (4, 3, 2) if row["name_zh"][:n] in short), "")
        if row["county"] and county and row["county"] != county:
            yield row, county


@rule("", "a name in {0}")
def names_are_in_their_language(tables):
    """Chinese names hold Chinese (or digits: 7+6, PM2.5), English names Latin letters and no Chinese."""
    named = [("name_zh", "name_en", rows) for rows in (tables.areas, tables.indicators, tables.entities)]
    for zh, en, rows in (*named, ("term_zh", "term_en", tables.glossary)):
        for row in rows:
            if not re.search(r"[\u4e00-\u9fff\d]", row[zh]):
                yield row, zh, "Chinese"
            if not re.search("[A-Za-z]", row[en]) or re.search("[\u4e00-\u9fff]", row[en]):
                yield row, en, "English"


@rule(".name_en", "a word of {1}, as glossary.csv has for {0}")
def terms_are_translated_as_in_the_glossary(tables):
    """A name that holds a term shares a word with its English, in some form of it (three letters)."""
    stems = lru_cache(lambda text: {word[:3] for word in re.findall(r"[a-z]{4,}", text.lower())})
    terms = [(row["term_zh"], row["term_en"]) for row in tables.glossary if len(row["term_zh"]) > 1]
    for row in (*tables.areas, *tables.indicators, *tables.entities):
        for zh, en in terms:
            if zh in row["name_zh"] and stems(en) and not stems(en) & stems(row["name_en"]):
                yield row, zh, en


@rule("mentions.text", "the name of {entity_id}, {0}")
def names_are_printed(tables):
    """As the text has them, or in a short form: what stands in quotes (“7+6”) and the last word (集群)."""
    names = {row["entity_id"]: row["name_zh"] for row in tables.entities}
    for row in tables.mentions:
        text, name = row["text"], names.get(row["entity_id"])
        head, quote, tail = (name or "").rpartition("”")
        short = quote and tail and text.startswith(head + quote) and text.endswith(tail[-2:])
        if name is not None and text != name and not short:
            yield row, name


@rule("indicators.theme", "{0}, as {1} others have whose id begins with the same words")
def ids_that_begin_alike_have_one_theme(tables):
    """The first two words of an id say what is measured; one theme alone against two or more is a slip."""
    heads = (row | {"head": "_".join(row["indicator_id"].split("_")[:2])} for row in tables.indicators)
    for rows in grouped(heads, "head").values():
        usual, times = Counter(row["theme"] for row in rows).most_common(1)[0]
        if times >= 2 and len(rows) == times + 1:
            yield from ((row, usual, times) for row in rows if row["theme"] != usual)
