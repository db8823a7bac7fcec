"""What the tables must say to agree with a source: rules as in rules.py, with its text as ``article``."""

import hashlib
import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import NamedTuple

from langfang.printed import reading
from langfang.proof.rules import by, days, fault_of, numerals, published_days, rule
from langfang.proof.schema import Fault


class Article(NamedTuple):
    """A source's copy: paragraphs as (line of the file, text), where each hash stands, which source it is."""

    file: str
    paragraphs: list
    place: dict
    source_id: str

    @classmethod
    def of(cls, text, file, rows):
        paragraphs, place = _lines(text)
        found = Counter(row["source_id"] for row in rows if row["sha256"] in place)
        return cls(file, paragraphs, place, max(found, key=found.get, default=""))

    def text_of(self, row):
        index = self.place.get(row["sha256"])
        return None if index is None else self.paragraphs[index][1]


@lru_cache(maxsize=4)
def _lines(text):
    lines = ((n, reading.normalise(line)) for n, line in enumerate(text.splitlines(), 1))
    paragraphs = [(n, line) for n, line in lines if line]
    return paragraphs, {reading.digest(line): i for i, (_, line) in reversed(list(enumerate(paragraphs)))}


@lru_cache(maxsize=2**12)
def chinese_numerals(text):
    return tuple(reading.chinese_numerals(text))


@rule
def the_source_is_known(article):
    if not article.source_id:
        expected = "a paragraph that paragraphs.csv has (a new source? python -m langfang.proof.curate add-source)"
        yield Fault(article.file, 0, "", f"{len(article.paragraphs)} paragraphs", expected)


@rule
def paragraphs_stand_in_the_article(paragraphs, article):
    """Each paragraph is found by its hash, in order, with as many numerals as its row says."""
    last = -1
    for row in paragraphs:
        if row["source_id"] != article.source_id:
            continue
        text, place = article.text_of(row), article.place.get(row["sha256"], -1)
        if text is None:
            yield fault_of(
                "paragraphs", row, "sha256", f"the hash of a paragraph of {article.file}: none has this one"
            )
        elif place < last:
            yield fault_of(
                "paragraphs", row, "paragraph", f"the order in which the paragraphs stand in {article.file}"
            )
        elif len(numerals(text)) != row["numerals"]:
            yield fault_of(
                "paragraphs",
                row,
                "numerals",
                f"{len(numerals(text))} Arabic numerals, as {article.file} has there",
            )
        last = max(last, place)


def digest_of(paragraphs):
    """SHA-256 of a whole source: its normalised paragraphs, joined by line feeds."""
    return hashlib.sha256("\n".join(paragraphs).encode()).hexdigest()


@rule
def source_is_the_article(sources, paragraphs, article):
    """A copy with every paragraph of the source and no more has the source's hash."""
    hashes = {row["sha256"] for row in paragraphs if row["source_id"] == article.source_id}
    digest = digest_of(text for _, text in article.paragraphs)
    for row in sources:
        if row["source_id"] == article.source_id and hashes == set(article.place) and row["sha256"] != digest:
            yield fault_of(
                "sources",
                row,
                "sha256",
                f"{digest}, the hash of the normalised paragraphs joined by line feeds",
            )


# One date cut in two, seen from its last and from its first character.
CUT_AFTER = re.compile(r"\d[\d年月日:-]|[年月](?:[底末初份]|\d{1,2}[月日])|“?十.五”|-")
CUT_BEFORE = re.compile(r"\d\d|-\d|年\d{1,2}月|月\d{1,2}日|[年月][底末初]")


@rule
def mentions_stand_in_the_article(mentions, paragraphs, article):
    for row, text in _placed(mentions, paragraphs, article):
        start, end = row["start"], row["start"] + len(row["text"])
        if not row["text"] or text[start:end] != row["text"]:
            stands = (
                f"{text[start:end]!r} stands there"
                if 0 <= start < len(text)
                else f"it has {len(text)} characters"
            )
            yield fault_of(
                "mentions", row, "text", f"what paragraph {row['paragraph']} has from {start}: {stands}"
            )
        elif row["role"] == "date" and (
            CUT_AFTER.match(text, end - 1) or (start and CUT_BEFORE.match(text, start - 1))
        ):
            yield fault_of("mentions", row, "text", f"the whole date: {context(text, start, end)}")


def _placed(mentions, paragraphs, article):
    """The article's mentions, each with the text of its paragraph."""
    texts = {(row["source_id"], row["paragraph"]): article.text_of(row) for row in paragraphs}
    for row in mentions:
        text = texts.get((row["source_id"], row["paragraph"]))
        if row["source_id"] == article.source_id and text is not None:
            yield row, text


FORESEEN = re.compile("预计|预期|有望|将达|将实现|将完成|将突破|可达|可控制|可实现")
AIMED = re.compile("(?<!为)目标|力争|计划")


@rule
def status_follows_the_words(facts, mentions, paragraphs, sources, article):
    """目标 before a figure in its sentence makes a target, 预计 or 将 a forecast; else there is none."""
    known, seen, published = by("fact_id", facts), set(), published_days(sources)
    for row, text in sorted(
        _placed(mentions, paragraphs, article), key=lambda m: (m[0]["paragraph"], m[0]["start"])
    ):
        fact = known.get(row["fact_id"])
        if fact is None or row["fact_id"] in seen or row["role"] != "fact":
            continue
        seen.add(row["fact_id"])
        before = re.split("[。;!?]", text[: max(row["start"], 0)])[-1] + row["text"]
        foreseen, aimed = FORESEEN.search(before), AIMED.search(before)
        span, day = days(fact["period"]), published.get(fact["source_id"])
        later = span and day and span[1] > day[1]
        if fact["status"] == "actual" and (foreseen or aimed):
            yield fault_of(
                "facts", fact, "status", f"forecast or target, as {(foreseen or aimed)[0]} stands before it"
            )
        if fact["status"] == "target" and not aimed:
            yield fault_of(
                "facts",
                fact,
                "status",
                "no target: neither 目标 nor 力争 nor 计划 stands before it in its sentence",
            )
        if fact["status"] == "forecast" and not foreseen and (aimed or not later):
            why = (
                f"target, as {aimed[0]} stands before it"
                if aimed
                else "no forecast: " + ("neither 预计 nor 将 stands before it, nor is its period to come")
            )
            yield fault_of("facts", fact, "status", why)


@rule
def every_numeral_is_covered(mentions, paragraphs, not_figures, article):
    """The to-do of a new source: numerals, Arabic or Chinese, that no mention covers, with their context."""
    covered, named = defaultdict(list), defaultdict(list)
    for row, text in _placed(mentions, paragraphs, article):
        (named if row["role"] == "name" else covered)[text].append(
            (row["start"], row["start"] + len(row["text"]))
        )
    numbers = {row["sha256"]: row["paragraph"] for row in paragraphs if row["source_id"] == article.source_id}
    names = {index: numbers.get(sha) for sha, index in article.place.items()}
    for index, (line, text) in enumerate(article.paragraphs):
        place = f"paragraph {names.get(index) or index + 1}"
        for start, end, found in numerals(text):
            if not _within(start, end, covered[text]):
                yield Fault(
                    article.file,
                    line,
                    "start",
                    found,
                    f"one mention at {place}, start {start}: {context(text, start, end)}",
                )
        spans = covered[text] + named[text] + list(_terms(text, tuple(row["term"] for row in not_figures)))
        for start, end, found in chinese_numerals(text):
            if not _within(start, end, spans):
                expected = f"a mention at {place}, start {start}, or a term of not_figures.csv: "
                expected += context(text, start, end)
                yield Fault(article.file, line, "start", found, expected)


def _within(start, end, spans):
    return any(first <= start and end <= last for first, last in spans)


@lru_cache(maxsize=2**12)
def _terms(text, terms):
    return tuple((m.start(), m.end()) for term in terms if term for m in re.finditer(re.escape(term), text))


def context(text, start, end, width=12):
    """The characters around a place, the place itself in brackets.

    >>> context("森林覆盖率33.86%,林木", 5, 10)
    '森林覆盖率[33.86]%,林木'
    """
    return text[max(0, start - width) : start] + f"[{text[start:end]}]" + text[end : end + width]


@rule
def skipped_terms_are_there(not_figures, paragraphs, article):
    """A term that the check skips stands in the text; told only where one source is all there is."""
    if {row["source_id"] for row in paragraphs} == {article.source_id}:
        whole = "\n".join(text for _, text in article.paragraphs)
        for row in not_figures:
            if row["term"] not in whole:
                yield fault_of(
                    "not_figures", row, "term", f"a term that stands in {article.file}, or no such row"
                )
