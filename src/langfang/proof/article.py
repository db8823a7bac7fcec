"""What the tables must say to agree with the text of a source, ``article``: rules as in rules.py."""

import hashlib
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import NamedTuple

from langfang.printed import numerals as written
from langfang.printed.period import days
from langfang.printed.reading import FALLS, RISES, beside
from langfang.proof.rules import by, in_order, numerals, rule


class Article(NamedTuple):
    """A copy of a source: its paragraphs as (line of the file, text), and where those of the tables stand."""

    file: str
    source_id: str
    paragraphs: list
    place: dict  # paragraph of the tables -> index of paragraphs, or None where the copy has it not

    @classmethod
    def of(cls, text, file, rows):
        """The source of which the copy has most paragraphs; one that is printed twice stands twice."""
        paragraphs = _lines(text)
        places = defaultdict(list)
        for index, (_, line) in enumerate(paragraphs):
            places[written.digest(line)].append(index)
        found = Counter(row["source_id"] for row in rows if row["sha256"] in places)
        source = max(found, key=found.get, default="")
        place, last = {}, -1
        for row in (row for row in rows if row["source_id"] == source):
            there = places.get(row["sha256"], [])
            place[row["paragraph"]] = next((i for i in there if i > last), there[0] if there else None)
            last = max(last, -1 if place[row["paragraph"]] is None else place[row["paragraph"]])
        return cls(file, source, paragraphs, place)

    def text_of(self, row):
        """The text of a row's paragraph; None where the row is of another source or the copy has it not."""
        index = self.place.get(row["paragraph"]) if row["source_id"] == self.source_id else None
        return None if index is None else self.paragraphs[index][1]


@lru_cache(maxsize=4)
def _lines(text):
    lines = ((number, written.normalise(line)) for number, line in enumerate(text.splitlines(), 1))
    return [(number, line) for number, line in lines if line]


@lru_cache(maxsize=2**12)
def chinese_numerals(text):
    return tuple(written.chinese_numerals(text))


@rule("article.paragraphs", "a paragraph that paragraphs.csv has (a new source? langfang add-source)")
def the_source_is_known(article):
    if not article.source_id:
        yield {"in_file": article.file, "line": 0, "paragraphs": len(article.paragraphs)}


@rule("paragraphs", "{0}")
def paragraphs_stand_in_the_article(paragraphs, article):
    """Each paragraph is found by its hash, in order, with as many numerals as its row says."""
    last = -1
    for row in (row for row in paragraphs if row["source_id"] == article.source_id):
        text, place = article.text_of(row), article.place[row["paragraph"]]
        if text is None:
            yield row, "sha256", f"the hash of a paragraph of {article.file}: none has this one"
        elif place <= last:
            yield row, "paragraph", f"the order in which the paragraphs stand in {article.file}"
        elif len(numerals(text)) != row["numerals"]:
            expected = f"{len(numerals(text))} Arabic numerals, as {article.file} has there"
            yield row, "numerals", expected
        last = max(last, -1 if text is None else place)


def digest_of(paragraphs):
    """SHA-256 of a whole source: its normalised paragraphs, joined by line feeds."""
    return hashlib.sha256("\n".join(paragraphs).encode()).hexdigest()


@rule("sources.sha256", "{0}, the hash of the normalised paragraphs joined by line feeds")
def the_source_is_the_article(sources, article):
    """A copy with every paragraph of the source and no more has the source's hash."""
    places = [*article.place.values()]
    whole = None not in places and sorted(places) == [*range(len(article.paragraphs))]
    digest = digest_of(text for _, text in article.paragraphs)
    for row in sources:
        if row["source_id"] == article.source_id and whole and row["sha256"] != digest:
            yield row, digest


# One date cut in two, seen from its last and from its first character.
CUT_AFTER = re.compile(r"\d[\d年月日:-]|[年月](?:[底末初份]|\d{1,2}[月日])|“?十.五”|-")
CUT_BEFORE = re.compile(r"\d\d|(?<=[\d年月日])-\d|年\d{1,2}月|月\d{1,2}日|[年月][底末初]")


@rule("mentions.text", "{0}")
def mentions_stand_in_the_article(mentions, article):
    for row, text in _placed(mentions, article):
        start, end = row["start"], row["start"] + len(row["text"])
        if not row["text"] or text[start:end] != row["text"]:
            within = 0 <= start < len(text)
            there = f"{text[start:end]!r} stands there" if within else f"it has {len(text)} characters"
            yield row, f"what paragraph {row['paragraph']} has from {start}: {there}"
        elif row["role"] == "date" and (
            CUT_AFTER.match(text, end - 1) or (start and CUT_BEFORE.match(text, start - 1))
        ):
            yield row, f"the whole date: {context(text, start, end)}"


@rule("mentions.text", "the whole figure, or what it leaves out in supplied: {0}")
def figures_are_not_cut_short(mentions, article):
    """95升 of 95升/日 states another figure; so does 5亿元 of 突破5亿元."""
    for row, text in _placed(mentions, article):
        reason = beside(text, row["start"], row["start"] + len(row["text"]))
        if reason and row["role"] == "fact" and not row["supplied"]:
            yield row, reason


def _placed(mentions, article):
    """The mentions of the article's source, each with the text of its paragraph."""
    texts = ((row, article.text_of(row)) for row in mentions)
    return ((row, text) for row, text in texts if text is not None)


# ---- the words before a figure ----


def _first_places(facts, mentions, article):
    """(fact, mention, what stands before it in its sentence) for the first place of each fact."""
    known, seen = by("fact_id", facts), set()
    for row, text in _placed(in_order(mentions), article):
        if row["role"] == "fact" and row["fact_id"] in known and row["fact_id"] not in seen:
            seen.add(row["fact_id"])
            yield known[row["fact_id"]], row, re.split("[。;!?]", text[: max(row["start"], 0)])[-1]


FORESEEN = re.compile("预计|预期|有望|将达|将实现|将完成|将突破|可达|可控制|可实现")
AIMED = re.compile("(?<!为)目标|力争|计划")


@rule("facts.status", "{0}")
def status_follows_the_words(facts, mentions, sources, article):
    """目标 before a figure in its sentence makes a target, 预计 or 将 a forecast; else there is none."""
    published = {row["source_id"]: days(row["published"]) for row in sources}
    for fact, row, before in _first_places(facts, mentions, article):
        foreseen, aimed = (words.search(before + row["text"]) for words in (FORESEEN, AIMED))
        span, day, status = days(fact["period"]), published.get(fact["source_id"]), fact["status"]
        later = span and day and span[1] > day[1]
        if status == "actual" and (foreseen or aimed):
            yield fact, f"forecast or target, as {(foreseen or aimed)[0]} stands before it"
        if status == "target" and not aimed:
            yield fact, "no target: neither 目标 nor 力争 nor 计划 stands before it in its sentence"
        if status == "forecast" and not foreseen and aimed:
            yield fact, f"target, as {aimed[0]} stands before it"
        if status == "forecast" and not foreseen and not aimed and not later:
            yield fact, "no forecast: neither 预计 nor 将 stands before it, nor is its period to come"


# 下降到3% says where it fell to, not how far.
FALL = re.compile(rf"(?:{'|'.join(FALLS)}|萎缩|减幅|降幅)了?(?![到至为])")
RISE = re.compile(rf"(?:{'|'.join(RISES)}|增幅)了?(?![到至为])")
REDUCTION = re.compile("reduction|decline|decrease|fall|cut|drop|loss")


@rule("facts.value", "{0}")
def signs_follow_the_words(facts, mentions, indicators, article):
    """下降3.2% is a growth of -3.2; an indicator that is named a reduction keeps the digits."""
    indicators = by("indicator_id", indicators)
    for fact, row, before in _first_places(facts, mentions, article):
        measure = indicators.get(fact["indicator_id"], {}).get("measure")
        clause = re.split("[,:(]", before)[-1] + row["text"]
        fallen, risen = FALL.search(clause), RISE.search(clause)
        if measure not in ("growth", "change") or bool(fallen) == bool(risen):
            continue  # 降幅扩大 and the like can be read either way
        negative, word = fact["value"].startswith("-"), (fallen or risen)[0]
        if negative and (risen or REDUCTION.search(fact["indicator_id"])):
            yield fact, f"a figure above 0, as {word} stands before it"
        if fallen and not negative and not REDUCTION.search(fact["indicator_id"]):
            yield fact, f"-{fact['value']} (supplied: -…), as {word} stands before it, or a reduction's id"


# ---- what is left to do ----


@rule("article.start", "{0}")
def every_numeral_is_covered(mentions, paragraphs, not_figures, article):
    """The to-do of a new source: numerals, Arabic or Chinese, that no mention covers, with their context."""
    covered, named = defaultdict(list), defaultdict(list)
    for row, _ in _placed(mentions, article):
        spans = named if row["role"] == "name" else covered
        spans[article.place[row["paragraph"]]].append((row["start"], row["start"] + len(row["text"])))
    numbers = {index: paragraph for paragraph, index in article.place.items()}
    terms = tuple(row["term"] for row in not_figures)
    for index, (line, text) in enumerate(article.paragraphs):
        place = f"a mention at paragraph {numbers.get(index, index + 1)}, start"
        skipped = covered[index] + named[index] + list(_terms(text, terms))
        found = [(*each, covered[index], "") for each in numerals(text)]
        found += [(*each, skipped, " or a term of not_figures.csv:") for each in chinese_numerals(text)]
        for start, end, numeral, spans, otherwise in found:
            if not any(first <= start and end <= last for first, last in spans):
                expected = f"{place} {start}{otherwise or ':'} {context(text, start, end)}"
                yield {"in_file": article.file, "line": line, "start": numeral}, expected


@lru_cache(maxsize=2**12)
def _terms(text, terms):
    return tuple((m.start(), m.end()) for term in terms if term for m in re.finditer(re.escape(term), text))


def context(text, start, end, width=12):
    """The characters around a place, the place itself in brackets.

    >>> context("森林覆盖率33.86%,林木", 5, 10)
    '森林覆盖率[33.86]%,林木'
    """
    return text[max(0, start - width) : start] + f"[{text[start:end]}]" + text[end : end + width]


@rule("not_figures.term", "a term that stands in {0}, or no such row")
def skipped_terms_are_there(not_figures, paragraphs, article):
    """A term that the check skips stands in the text; asked only where one source is all there is."""
    if {row["source_id"] for row in paragraphs} == {article.source_id}:
        whole = "\n".join(text for _, text in article.paragraphs)
        yield from ((row, article.file) for row in not_figures if row["term"] not in whole)
