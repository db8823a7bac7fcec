"""What the tables must say to agree with the text of a source, ``tables.article``: rules as in rules.py."""

import hashlib
import re
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from langfang.data.tables import Fault, read_bytes
from langfang.errors import LangfangError
from langfang.printed.numerals import chinese_numerals, digest, normalise, numerals, paragraphs
from langfang.printed.period import days
from langfang.printed.reading import FALLS, RISES, beside
from langfang.proof.rules import by, rule


def read_source(path):
    """The text of a source's copy ("" for none) and its faults; UTF-8 or, as in older copies, GB 18030."""
    if path is None:
        return "", []
    raw, faults = read_bytes(Path(path))
    for encoding in ("utf-8-sig", "gb18030") if raw else ():
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding), faults
    return "", faults or [Fault(Path(path).name, 0, "", "", "text, in UTF-8 or GB 18030")]


def read_paragraphs(path):
    """The normalised paragraphs of a source's copy, at least one; an error where there is none."""
    text, faults = read_source(path)
    lines = paragraphs(text)
    if faults or not lines:
        faults = faults or [Fault(Path(path).name, 0, "", "", "text, a paragraph a line")]
        raise LangfangError(faults[0])
    return lines


class Article(NamedTuple):
    """A copy of a source: its paragraphs as (line of the file, text), and where those of the tables stand."""

    file: str
    source_id: str
    paragraphs: list
    place: dict  # paragraph of the tables -> index of paragraphs, or None where the copy has it not

    @classmethod
    def of(cls, text, file, rows):
        """The source of which the copy has most paragraphs; one that is printed twice stands twice."""
        lines = ((number, normalise(line)) for number, line in enumerate(text.splitlines(), 1))
        paragraphs, places = [(number, line) for number, line in lines if line], defaultdict(list)
        for index, (_, line) in enumerate(paragraphs):
            places[digest(line)].append(index)
        found = Counter(row["source_id"] for row in rows if row["sha256"] in places)
        source = max(found, key=found.get, default="")
        place, last = {}, -1
        for row in (row for row in rows if row["source_id"] == source):
            there = places.get(row["sha256"], [])
            index = next((index for index in there if index > last), there[0] if there else None)
            place[row["paragraph"]] = index
            last = last if index is None else max(last, index)
        return cls(file, source, paragraphs, place)

    def text_of(self, row):
        """The text of a row's paragraph; None where the row is of another source or the copy has it not."""
        index = self.place.get(row["paragraph"]) if row["source_id"] == self.source_id else None
        return None if index is None else self.paragraphs[index][1]


@rule("paragraphs", "{0}")
def paragraphs_stand_in_the_article(tables):
    """Each paragraph is found by its hash, in order, with as many numerals as its row says."""
    article, last = tables.article, -1
    if not article.source_id:
        row = {"in_file": article.file, "line": 0, "paragraphs": len(article.paragraphs)}
        yield row, "paragraphs", "a paragraph that paragraphs.csv has (a new source? langfang add-source)"
    for row in (row for row in tables.paragraphs if row["source_id"] == article.source_id):
        text, place = article.text_of(row), article.place[row["paragraph"]]
        if text is None:
            yield row, "sha256", f"the hash of a paragraph of {article.file}: none has this one"
            continue
        if place <= last:
            yield row, "paragraph", f"the order in which the paragraphs stand in {article.file}"
        elif len(numerals(text)) != row["numerals"]:
            yield row, "numerals", f"{len(numerals(text))} Arabic numerals, as {article.file} has there"
        last = max(last, place)


def digest_of(paragraphs):
    """SHA-256 of a whole source: its normalised paragraphs, joined by line feeds."""
    return hashlib.sha256("\n".join(paragraphs).encode()).hexdigest()


@rule("sources.sha256", "{0}, the hash of the normalised paragraphs joined by line feeds")
def the_source_is_the_article(tables):
    """A copy with every paragraph of the source and no more has the source's hash."""
    article = tables.article
    whole = Counter(article.place.values()) == Counter(range(len(article.paragraphs)))
    digest = digest_of(text for _, text in article.paragraphs)
    for row in tables.sources if whole else ():
        if row["source_id"] == article.source_id and row["sha256"] != digest:
            yield row, digest


# One date cut in two, seen from its last and from its first character.
CUT_AFTER = re.compile(r"\d[\d年月日:-]|[年月](?:[底末初份]|\d{1,2}[月日])|“?十.五”|-")
CUT_BEFORE = re.compile(r"\d\d|(?<=[\d年月日])-\d|年\d{1,2}月|月\d{1,2}日|[年月][底末初]")


@rule("mentions.text", "{0}")
def mentions_stand_in_the_article(tables):
    """Each at its place and whole: 95升 of 95升/日 states another figure; so does 5亿元 of 突破5亿元."""
    for row, text in tables.placed:
        start, end = row["start"], row["start"] + len(row["text"])
        cut = CUT_AFTER.match(text, end - 1) or (start and CUT_BEFORE.match(text, start - 1))
        if not row["text"] or text[start:end] != row["text"]:
            outside = not 0 <= start < len(text)
            there = f"it has {len(text)} characters" if outside else f"{text[start:end]!r} stands there"
            yield row, f"what paragraph {row['paragraph']} has from {start}: {there}"
        elif row["role"] == "date" and cut:
            yield row, f"the whole date: {context(text, start, end)}"
        if row["role"] == "fact" and not row["supplied"] and (reason := beside(text, start, end)):
            yield row, f"the whole figure, or what it leaves out in supplied: {reason}"


def _first_places(tables):
    """(fact, mention, what stands before it in its sentence) for the first place of each fact."""
    left = by("fact_id", tables.facts)
    for row, text in tables.placed:
        if row["role"] == "fact" and row["fact_id"] in left:
            yield left.pop(row["fact_id"]), row, re.split("[。;!?]", text[: max(row["start"], 0)])[-1]


FORESEEN = re.compile("预计|预期|有望|将达|将实现|将完成|将突破|可达|可控制|可实现")
AIMED = re.compile("(?<!为)目标|力争|计划")


@rule("facts.status", "{0}")
def status_follows_the_words(tables):
    """目标 before a figure in its sentence makes a target, 预计 or 将 a forecast; else there is none."""
    for fact, row, before in _first_places(tables):
        foreseen, aimed = (words.search(before + row["text"]) for words in (FORESEEN, AIMED))
        span, day, status = days(fact["period"]), tables.published.get(fact["source_id"]), fact["status"]
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
def signs_follow_the_words(tables):
    """下降3.2% is a growth of -3.2; an indicator that is named a reduction keeps the digits."""
    for fact, row, before in _first_places(tables):
        clause = re.split("[,:(]", before)[-1] + row["text"]
        fallen, risen = FALL.search(clause), RISE.search(clause)
        if tables.measure(fact) not in ("growth", "change") or bool(fallen) == bool(risen):
            continue  # 降幅扩大 and the like can be read either way
        negative, word = fact["value"].startswith("-"), (fallen or risen)[0]
        reduction = REDUCTION.search(fact["indicator_id"])
        if negative and (risen or reduction):
            yield fact, f"a figure above 0, as {word} stands before it"
        if fallen and not negative and not reduction:
            yield fact, f"-{fact['value']} (supplied: -…), as {word} stands before it, or a reduction's id"


@rule("article.start", "{0}")
def every_numeral_is_covered(tables):
    """The to-do of a new source: numerals, Arabic or Chinese, that no mention covers, with their context."""
    article, spans = tables.article, defaultdict(list)
    for row, _ in tables.placed:
        span = row["start"], row["start"] + len(row["text"]), row["role"]
        spans[article.place[row["paragraph"]]].append(span)
    numbers = {index: paragraph for paragraph, index in article.place.items()}
    terms = [row["term"] for row in tables.not_figures]
    for index, (line, text) in enumerate(article.paragraphs):
        figures = [span for span in spans[index] if span[2] != "name"]  # which holds numerals in words only
        left = [(each, "") for each in numerals(text) if not within(*each[:2], figures)]
        words = words_left(text, spans[index], terms)
        left += [(each, " or a term of not_figures.csv") for each in words]
        for (start, end, numeral), otherwise in left:
            place = f"a mention at paragraph {numbers.get(index, index + 1)}, start {start}{otherwise}"
            row = {"in_file": article.file, "line": line, "start": numeral}
            yield row, f"{place}: {context(text, start, end)}"


def words_left(text, spans, terms):
    """The Chinese numerals of a text that neither a span nor a term covers."""
    return [
        (start, end, numeral)
        for start, end, numeral in chinese_numerals(text)
        if not within(start, end, spans)
        and not any(term and term in text[max(0, end - len(term)) : start + len(term)] for term in terms)
    ]


def within(start, end, spans):
    return any(first <= start and end <= last for first, last, *_ in spans)


def context(text, start, end, width=12):
    """The characters around a place, the place itself in brackets: 覆盖率[33.86]%,林木."""
    return text[max(0, start - width) : start] + f"[{text[start:end]}]" + text[end : end + width]


@rule("not_figures.term", "a term that stands in {0}, or no such row")
def skipped_terms_are_there(tables):
    """A term that the check skips stands in the text; asked only where one source is all there is."""
    if {row["source_id"] for row in tables.paragraphs} == {tables.article.source_id}:
        whole = "\n".join(text for _, text in tables.article.paragraphs)
        yield from ((row, tables.article.file) for row in tables.not_figures if row["term"] not in whole)
