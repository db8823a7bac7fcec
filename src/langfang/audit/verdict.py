"""Does a report agree with itself? The verdict on a relation follows from the intervals of its figures alone.

Every fact is one unknown within the bounds of how it is printed, so a disagreement is a proof and no matter
of rounding.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from langfang.audit.case import (
    CONFLICT,
    Case,
    Report,
    Untestable,
    figure,
    is_rounded,
    open_report,
    readings,
    readings_on,
    under,
)
from langfang.audit.formula import interval
from langfang.audit.relations import COMPARABLE, FILE, OUTSIDE, Relation
from langfang.data.tables import Fault, named_in
from langfang.errors import LangfangError
from langfang.printed.period import time_key
from langfang.printed.reading import read_figure

AGREES, IMPLIES, ONLY_IF = "agrees", "implies", "agrees only if"
FAILS, UNTESTED = "cannot be both", "not testable"
_HOLDS = {
    "=": lambda low, high: low <= 0 <= high,
    "<=": lambda low, high: low <= 0,
    "<": lambda low, high: low < 0,
    ">=": lambda low, high: high >= 0,
    ">": lambda low, high: high > 0,
}


class Outcome(NamedTuple):
    """One evaluation: both sides as (value, lower, upper) in base units, their difference, if it can be."""

    recomputed: tuple
    printed: tuple
    difference: tuple
    holds: bool
    detail: str = ""


class Verdict(NamedTuple):
    """The verdict, the reading it rests on, and the case as it then reads."""

    verdict: str
    reading: str
    outcome: Outcome | None
    case: Case
    because: str = ""
    mend: str = ""


# ---- evaluating ----


def evaluate(case: Case, how: dict | None = None, sides: bool = True) -> Outcome:
    """The outcome of one relation; ``how`` maps short names to cut or either, see `figure`.

    Without ``sides`` only the difference is worked out, and whether it can be.
    """
    relation = case.relation
    if relation.copies:
        return _compare_copies(case)
    for fact in relation.facts.values():
        if not case.facts[fact]["value"]:
            raise Untestable(f"{fact} counts something else")
    if relation.expression in relation.lists and relation.claim in relation.lists:
        return _compare_lists(case)
    left, right = relation.sides()
    box = case.box(how or {})
    values = {name: ends[:1] * 2 for name, ends in box.items()}
    ranges = {name: ends[1:] for name, ends in box.items()}

    def side(node, wanted=True):
        return (interval(node, values)[0], *interval(node, ranges)) if wanted and sides else ()

    difference = interval(relation.difference(), ranges) if relation.sign else ()
    holds = not relation.sign or _HOLDS[relation.sign](*difference)
    return Outcome(side(left), side(right, relation.sign), difference, holds)


def _compare_lists(case: Case) -> Outcome:
    """Two lists, name by name."""
    shorts = case.relation.expression, case.relation.claim
    left, right = map(case.members, shorts)
    only = [[name for name in left if name not in right], [name for name in right if name not in left]]
    chinese = {row["entity_id"]: row["name_zh"] for row in case.names}
    found = [
        f"only in {words_of(case.relation.lists[short])}: {'、'.join(chinese.get(n, n) for n in names)}"
        for short, names in zip(shorts, only, strict=True)
        if names
    ]
    count = len(only[0]) + len(only[1])
    return Outcome((len(left),) * 3, (len(right),) * 3, (count, count), not count, "; ".join(found))


def words_of(spec: dict) -> str:
    """What a list counts, in words."""
    place = f", paragraph {spec['paragraph']}" if "paragraph" in spec else ""
    return " ".join(str(value) for key, value in spec.items() if key != "paragraph") + place


def _compare_copies(case: Case) -> Outcome:
    """Figures that stand in all the paragraphs, and lists of names, read in each: they must be the same."""
    copies, units = {}, frozenset(case.units)
    for fact in filter(case.facts.__contains__, case.things()):
        read = (read_figure(row["text"], row["supplied"], units) for row in case.copies(fact))
        copies[fact] = {figure(case.facts[fact] | found._asdict(), case.units) for found in read}
    for short in case.relation.lists:
        copies[short] = {frozenset(case.members(short, page)) for page in case.relation.copies}
    differ = [what for what, found in copies.items() if len(found) > 1]
    same = len(copies) - len(differ)
    detail = f"not the same: {', '.join(differ)}" if differ else ""
    return Outcome((same,) * 3, (len(copies),) * 3, (-len(differ),) * 2, not differ, detail)


def attempt(case: Case) -> tuple[Outcome | None, str]:
    """The outcome, or None and why there is none."""
    try:
        return evaluate(case), ""
    except Untestable as why:
        return None, str(why)


# ---- rounded, or cut off ----


def rounded_in(case: Case) -> list[str]:
    facts = case.relation.facts.items()
    return [short for short, fact in facts if is_rounded(case.facts[fact], case.units)]


def cut(case: Case) -> dict:
    """The fewest figures that, cut off and not rounded, make a relation agree, as ``how``; {} if none do."""
    rounded = rounded_in(case)
    either = dict.fromkeys(rounded, "either")
    if case.relation.copies or not rounded or not evaluate(case, either, sides=False).holds:
        return {}
    few = (dict.fromkeys(some, "cut") for n in (1, 2) for some in combinations(rounded, n))
    tried = (how for how in (*few, dict.fromkeys(rounded, "cut")) if evaluate(case, how, sides=False).holds)
    return next(tried, either)


def rules(case: Case) -> str:
    """Under which rules it agrees: all figures ``rounded``, all ``cut off``, ``neither``; "" for no test."""
    rounded = rounded_in(case)
    if not (rounded and case.relation.sign and attempt(case)[0]):
        return ""
    both = {"rounded": {}, "cut off": dict.fromkeys(rounded, "cut")}
    return (
        ", ".join(rule for rule, how in both.items() if evaluate(case, how, sides=False).holds) or "neither"
    )


# ---- the verdict ----


def judge(case: Case) -> Verdict:
    """The verdict on one relation: that of the most charitable reading."""
    try:
        found = _judge(case)
        differ = _not_comparable(case) if case.relation.kind == OUTSIDE else ""
    except LangfangError as error:
        raise LangfangError(f"{FILE}, [{case.relation.id}]: {error}") from None
    return _side_by_side(found, differ, case) if differ else found


def _side_by_side(found: Verdict, differ: str, case: Case) -> Verdict:
    """Not testable, shown as printed: two figures that differ in what they count are no test either way."""
    outcome, why = attempt(case)
    if outcome and case.relation.claims:
        why = f"side by side they {'fit' if outcome.holds else 'do not fit'}"
    if outcome and found.verdict == ONLY_IF:
        why += f"; they would if: {found.reading}"
    return Verdict(UNTESTED, "as printed", outcome, case, "; ".join(filter(None, [differ, why])))


def _judge(case: Case) -> Verdict:
    relation = case.relation
    outcome, why = attempt(case)
    if outcome and outcome.holds:
        return Verdict(AGREES if relation.claims else IMPLIES, "as printed", outcome, case)
    if outcome and (how := cut(case)):
        names = " and ".join(relation.facts[short] for short in how)
        return Verdict(ONLY_IF, f"cut off and not rounded: {names}", evaluate(case, how), case)
    allowed, mends = _good_readings(case, outcome)
    if allowed and relation.claims:
        label, other, found, reason = allowed[0]
        if found:
            return Verdict(ONLY_IF, label, found, other, why)
        why = f"as printed they do not fit, but {reason} if: {label}"
        return Verdict(UNTESTED, label, outcome, case, why)
    if not outcome:
        return Verdict(UNTESTED, "as printed", None, case, why)
    return Verdict(FAILS, "as printed", outcome, case, outcome.detail, mends[0][0] if mends else "")


def _good_readings(case: Case, outcome: Outcome | None) -> tuple[list, list]:
    """Readings under which it agrees, or falls away: those that the text allows, and those that mend.

    Those under which it agrees come first.
    """
    good = {False: [], True: []}
    for mends, label, other in readings_on(case):
        found, reason = attempt(other)
        if found.holds if found else outcome:
            good[mends].append((label, other, found, reason))
    return tuple(sorted(good[mends], key=lambda reading: not reading[2]) for mends in (False, True))


def _not_comparable(case: Case) -> str:
    """In which of the four an outside figure differs without a word why that may be."""
    rows = [case.facts[fact] for fact in case.relation.facts.values()]
    found = []
    for name, column in COMPARABLE.items():
        sides = {False: set(), True: set()}
        for row in rows:
            cell = time_key(row["period"]) if column == "period" else row[column]
            sides[row["source_id"] in case.cited].add(cell or "none")
        if sides[True] - sides[False] and name not in case.relation.comparable:
            found.append(f"{name}: {_several(sides[True])} against {_several(sides[False])}")
    return "; ".join(found)


def _several(names: set) -> str:
    """Some names in their order; of many only the first two."""
    first = sorted(names)[: 2 if len(names) > 3 else 3]
    return ", ".join([*first, *([f"{len(names) - 2} more"] if len(names) > 3 else [])])


# ---- failures and queries, both ways ----


def unexplained(data=None) -> list[Fault]:
    """Failures that no query speaks of, and queries that are over.

    A relation that fails names a query about what it uses; one that names a query fails, or agrees only under
    a reading. A query of kind ``conflict`` is named by a relation that fails. Every reading can be run.

    Examples
    --------
    >>> unexplained()
    []
    """
    try:
        report = open_report(data)
        for query in report.queries:
            part = report.excerpt(named_in(query), Relation(""))
            for _, changes in readings(query):
                under(part, query, changes)
        verdicts = [(case, judge(case).verdict) for case in report.cases()]
    except LangfangError as error:
        place, _, rest = str(error).partition(": ")
        value, _, expected = rest.partition(" – expected ")
        return [Fault(place, 0, "", value.strip("'"), expected or "a relation that can be worked out")]
    return [*_unnamed(report, verdicts), *_outlived(report, verdicts)]


def _unnamed(report: Report, verdicts: list) -> Iterator[Fault]:
    queries = {row["query_id"]: row for row in report.queries}
    for case, verdict in verdicts:
        relation, expected = case.relation, ""
        query = queries.get(relation.query)
        if verdict == FAILS and not query:
            expected = "a query_id of queries.csv: the relation fails"
        elif relation.query and verdict not in (FAILS, ONLY_IF):
            expected = f"no query: the verdict is {verdict!r}"
        elif query and not set(named_in(query)) & set(case.things()):
            expected = "a query about a figure or name of the relation"
        if expected:
            yield Fault(FILE, relation.line, "query", relation.query, expected)


def _outlived(report: Report, verdicts: list) -> Iterator[Fault]:
    failing = {case.relation.query for case, verdict in verdicts if verdict == FAILS}
    for row in report.queries:
        if row["kind"] == CONFLICT and row["query_id"] not in failing:
            expected = f"another kind than {CONFLICT}: no relation of {FILE} that names it fails"
            yield Fault("queries.csv", row["line"], "kind", row["kind"], expected)
