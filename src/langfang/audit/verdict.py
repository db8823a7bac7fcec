"""The audit: does a report agree with itself?

``relations.toml`` states what the figures of a report must satisfy. Each relation is recomputed over its
facts together, every fact one unknown within the bounds of how it is printed, so that a disagreement is a
proof and no matter of rounding. The verdict follows from those ranges alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, combinations
from typing import NamedTuple

from langfang.audit import formula as expression
from langfang.audit.formula import extent, parse, render
from langfang.audit.relations import (
    CONFLICT,
    FILE,
    FOUR,
    OUTSIDE,
    Relation,
    Report,
    excerpt,
    figure_of,
    formulas,
    ids,
    in_print,
    index,
    is_rounded,
    members,
    named,
    pages_of,
    read_report,
    readings,
    readings_on,
    things,
    touched,
    under,
    unit_of,
    year,
)
from langfang.data.facts import _nearest, data_dir
from langfang.errors import LangfangError
from langfang.printed.quantity import Quantity
from langfang.printed.reading import print_figure, read_figure
from langfang.proof.schema import Fault

__all__ = ["audit", "implied", "unexplained"]

AGREES, IMPLIES, ONLY_IF = "agrees", "implies", "agrees only if"
FAILS, UNTESTED = "cannot be both", "not testable"
_SIGN = {"<=": "≤", ">=": "≥"}  # as readers write them
_ROUND = ("about", "over")  # bounds whose width hangs on the last or leading digit that is not 0
_COLUMNS = """
    id source title kind claim arithmetic recomputed recomputed_lower recomputed_upper printed printed_lower
    printed_upper unit verdict reading because power smallest query mend note
""".split()
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
    """The verdict, the reading it rests on, and the report as it then reads."""

    verdict: str
    reading: str
    outcome: Outcome | None
    report: Report
    because: str = ""
    mend: str = ""


# ---- the public functions ----


def audit(source=None, fact=None, *, data=None):
    """Every relation of the report, recomputed from how its figures are printed.

    Parameters
    ----------
    source : str, optional
        A source_id: only the relations about that report.
    fact : str, optional
        A fact_id: only the relations that use it.
    data : path, optional
        Folder with the tables and relations.toml; default: the data that come with the library.

    Returns
    -------
    pandas.DataFrame
        A row for each relation: ``id``, ``source`` (the report it is about), ``title``, ``kind``. ``claim`` names the facts, ``arithmetic`` shows
        the figures. ``recomputed`` and ``printed``, each with ``_lower`` and ``_upper``, are the two sides of
        the claim in ``unit``. ``verdict`` is ``agrees``, ``agrees only if``, ``cannot be both``, ``implies``
        (nothing is printed to hold it against) or ``not testable``; ``reading`` is the reading it rests on,
        ``because`` says more. ``power`` lists the facts and lists in which an error of one last digit, or of
        one name, would make the relation fail, or did; ``smallest`` is the smallest error in any one figure,
        in last digits (of *about* and *over* the last that is not 0), that would. One
        that fails has shown its power, so a relation could fail by so little, or does, where ``power`` is not
        empty. Where it fails, ``query`` is the row of queries.csv that speaks of it and ``mend`` the most
        charitable reading under which it would agree. ``note`` is what relations.toml adds.

    Examples
    --------
    >>> relations = audit().set_index("id")
    >>> relations.loc["backstop_households", ["arithmetic", "verdict"]].tolist()
    ['100 × 1680户 ÷ 1934户 = 86.8666 %, printed 87.23%', 'cannot be both']
    """
    import pandas as pd

    report = read_report(data)
    if not report.relations:
        raise LangfangError(f"{FILE}: no relations in {data_dir(data)} – expected at least one")
    _known(source, {relation.source for relation in report.relations}, "source of relations")
    _known(fact, report.facts, "fact")
    found = index(report)
    parts = ((relation, touched(relation, report, found)) for relation in report.relations)
    rows = [
        _row(relation, part)
        for relation, part in parts
        if source in (None, relation.source) and (fact is None or fact in things(relation, part))
    ]
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"smallest": "Int64"})


def implied(relation_id: str, *, data=None) -> Quantity:
    """What a relation works out to: the side that is recomputed from the report's figures.

    Parameters
    ----------
    relation_id : str
        The name of a relation of relations.toml, such as ``private_growth_2019``.
    data : path, optional
        Folder with the tables and relations.toml; default: the data that come with the library.

    Returns
    -------
    Quantity
        In the base unit where the result has a unit of units.csv, as `langfang.fact` gives it; otherwise in
        the unit that the relation declares, or as a plain number. Its name is the title of the relation.

    Raises
    ------
    LangfangError
        For an unknown relation (with the nearest names) and one that has no result, such as a restatement.

    Examples
    --------
    >>> implied("backstop_households").range(".2f"), implied("backstop_households").unit
    ('86.86–86.87', '%')
    """
    report = read_report(data)
    relations = {relation.id: relation for relation in report.relations}
    _known(relation_id, relations, "relation")
    relation = relations[relation_id]
    part = touched(relation, report, index(report))
    found = judge(relation, part)
    if relation.copies or not found.outcome:
        why = found.because or "it compares copies"
        raise LangfangError(f"{FILE}, [{relation_id}] has no result: {why}")
    unit, _ = unit_of(relation, part)
    name = report.units[unit].name if unit in report.units else unit or "1"
    return Quantity(*found.outcome.recomputed, name, relation.title)


def _known(name, names, what: str) -> None:
    if name is not None and name not in names:
        raise LangfangError(f"no {what} {name!r}{_nearest(str(name), sorted(names))}")


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
        report = read_report(data)
        found = index(report)
        for query in report.queries:
            part = excerpt(ids(query), report, found)
            for _, changes in readings(query):
                under(part, query, changes)
        parts = {relation.id: touched(relation, report, found) for relation in report.relations}
        verdicts = {relation.id: judge(relation, parts[relation.id]).verdict for relation in report.relations}
    except LangfangError as error:
        return [Fault(FILE, 0, "", "", str(error))]
    return [*_unnamed(report, verdicts, parts), *_outlived(report, verdicts)]


def _unnamed(report, verdicts, parts) -> Iterator[Fault]:
    queries = {row["query_id"]: row for row in report.queries}
    for relation in report.relations:
        verdict, query, expected = verdicts[relation.id], queries.get(relation.query), ""
        if verdict == FAILS and not query:
            expected = "a query_id of queries.csv: the relation fails"
        elif relation.query and verdict not in (FAILS, ONLY_IF):
            expected = f"no query: the verdict is {verdict!r}"
        elif query and not set(ids(query)) & set(things(relation, parts[relation.id])):
            expected = "a query about a figure or name of the relation"
        if expected:
            yield Fault(FILE, relation.line, "query", relation.query, expected)


def _outlived(report, verdicts) -> Iterator[Fault]:
    failing = {relation.query for relation in report.relations if verdicts[relation.id] == FAILS}
    for row in report.queries:
        if row["kind"] == CONFLICT and row["query_id"] not in failing:
            expected = f"another kind than {CONFLICT}: no relation of {FILE} that names it fails"
            yield Fault("queries.csv", row["line"], "kind", row["kind"], expected)


# ---- evaluating ----


class _Untestable(Exception):
    """The relation cannot be evaluated; the text says why."""


def evaluate(relation: Relation, report: Report, how=(), sides: bool = True) -> Outcome:
    """The outcome of one relation; ``how`` maps short names to cut or either, see `figure_of`.

    Without ``sides`` only the difference is worked out, and whether it can be.
    """
    if relation.copies:
        return _compare_copies(relation, report)
    for fact in relation.facts.values():
        if not report.facts[fact]["value"]:
            raise _Untestable(f"{fact} counts something else")
    lists = {short: members(spec, relation.source, report) for short, spec in relation.lists.items()}
    if relation.expression in lists and relation.claim in lists:
        return _compare_lists(relation, report, lists)
    box, how = {short: (len(names),) * 3 for short, names in lists.items()}, dict(how)
    for short, fact in relation.facts.items():
        box[short] = figure_of(report.facts[fact], report, how.get(short, "rounded"))
    return _compare_ranges(relation, report, box, sides)


def _compare_ranges(relation: Relation, report: Report, box: dict, sides: bool) -> Outcome:
    left, right, *planes = (_dated(node, relation, report) for node in formulas(relation))
    ends = {short: figure[1:] for short, figure in box.items()}

    def side(node, wanted):
        values = {short: (figure[0],) * 2 for short, figure in box.items()}
        return (extent(node, values)[0], *extent(node, ends, planes)) if wanted and sides else ()

    difference = extent(expression.minus(left, right), ends, planes) if relation.sign else ()
    holds = not relation.sign or _HOLDS[relation.sign](*difference)
    return Outcome(side(left, True), side(right, relation.sign), difference, holds)


def _dated(node, relation: Relation, report: Report):
    """The expression with the numbers of years of its facts."""

    def number(function, short):
        row = report.facts[relation.facts[short]]
        found = _years(row) if function == "years" else year(row)[-4:]
        if not found:
            raise _Untestable(f"{row['fact_id']} has no {function}")
        return Fraction(found)

    return expression.with_calls(node, number)


def _years(row: dict) -> Fraction | None:
    """Years of a period: from base to end for a change or growth, else from its first month to its last."""
    ends = [[int(part) for part in end.split("-")] for end in row["period"].split("/") if end]
    if len(ends) < 2:
        return None
    months = [end[0] * 12 + (end[1] if len(end) > 1 else 0) for end in ends]
    both = 0 if row["measure"] in ("change", "growth") else 12 if len(ends[1]) == 1 else 1
    return Fraction(months[1] - months[0] + both, 12)


def _compare_lists(relation: Relation, report: Report, lists: dict) -> Outcome:
    """Two lists, name by name."""
    shorts = (relation.expression, relation.claim)
    left, right = (lists[short] for short in shorts)
    only = [[n for n in left if n not in right], [n for n in right if n not in left]]
    chinese = {row["entity_id"]: row["name_zh"] for row in report.names}
    found = [
        f"only in {_of(relation.lists[short])}: {'、'.join(chinese.get(name, name) for name in names)}"
        for short, names in zip(shorts, only, strict=True)
        if names
    ]
    count = len(only[0]) + len(only[1])
    return Outcome((len(left),) * 3, (len(right),) * 3, (count, count), not count, "; ".join(found))


def _compare_copies(relation: Relation, report: Report) -> Outcome:
    """Figures that stand in all the paragraphs, and lists of names, read in each: they must be the same."""
    facts = [thing for thing in things(relation, report) if thing in report.facts]
    copies = {fact: set(_copies(fact, relation, report)) for fact in facts}
    for short, spec in relation.lists.items():
        places = (spec | {"paragraph": page} for page in relation.copies)
        copies[short] = {frozenset(members(place, relation.source, report)) for place in places}
    differ = [what for what, found in copies.items() if len(found) > 1]
    same = len(copies) - len(differ)
    detail = f"not the same: {', '.join(differ)}" if differ else ""
    return Outcome((same,) * 3, (len(copies),) * 3, (-len(differ),) * 2, not differ, detail)


def _copies(fact: str, relation: Relation, report: Report) -> list[tuple]:
    """Each copy of a fact in a relation's paragraphs, read where it stands."""
    places = {(relation.source, page) for page in pages_of(relation)}
    rows = [row for row in report.mentions[fact] if (row["source_id"], row["paragraph"]) in places]
    read = (read_figure(row["text"], row["supplied"], frozenset(report.units)) for row in rows)
    return [figure_of(report.facts[fact] | figure._asdict(), report) for figure in read]


# ---- the verdict ----


def judge(relation: Relation, report: Report) -> Verdict:
    """The verdict on one relation: that of the most charitable reading."""
    found = _judge(relation, report)
    differ = _not_comparable(relation, report) if relation.kind == OUTSIDE else ""
    return _side_by_side(found, differ, relation, report) if differ else found


def _side_by_side(found: Verdict, differ: str, relation: Relation, report: Report) -> Verdict:
    """Not testable, shown as printed: two figures that differ in what they count are no test either way."""
    outcome, why = _try(relation, report)
    if outcome and relation.claims:
        why = f"side by side they {'fit' if outcome.holds else 'do not fit'}"
    if outcome and found.verdict == ONLY_IF:
        why += f"; they would if: {found.reading}"
    return Verdict(UNTESTED, "as printed", outcome, report, "; ".join(filter(None, [differ, why])))


def _judge(relation: Relation, report: Report) -> Verdict:
    outcome, why = _try(relation, report)
    if outcome and outcome.holds:
        return Verdict(AGREES if relation.claims else IMPLIES, "as printed", outcome, report)
    if outcome and (cut := _cut(relation, report)):
        names = " and ".join(relation.facts[short] for short in cut)
        found = evaluate(relation, report, dict.fromkeys(cut, "cut"))
        return Verdict(ONLY_IF, f"cut off and not rounded: {names}", found, report)
    open_, mends = _good_readings(relation, report, outcome)
    if open_ and relation.claims:
        label, other, found, reason = open_[0]
        if found:
            return Verdict(ONLY_IF, label, found, other, why)
        why = f"as printed they do not fit, but {reason} if: {label}"
        return Verdict(UNTESTED, label, outcome, report, why)
    if not outcome:
        return Verdict(UNTESTED, "as printed", None, report, why)
    return Verdict(FAILS, "as printed", outcome, report, outcome.detail, mends[0][0] if mends else "")


def _good_readings(relation: Relation, report: Report, outcome) -> tuple[list, list]:
    """Readings under which it agrees, or falls away: those that the text allows, and those that mend.

    Those under which it agrees come first.
    """
    good = {False: [], True: []}
    for mends, label, other in readings_on(relation, report):
        found, reason = _try(relation, other)
        if found.holds if found else outcome:
            good[mends].append((label, other, found, reason))
    return tuple(sorted(good[mends], key=lambda reading: not reading[2]) for mends in (False, True))


def _try(relation: Relation, report: Report) -> tuple[Outcome | None, str]:
    try:
        return evaluate(relation, report), ""
    except _Untestable as why:
        return None, str(why)


def _cut(relation: Relation, report: Report) -> tuple:
    """The fewest figures that, cut off and not rounded, make a relation agree."""
    rounded = [short for short, fact in relation.facts.items() if is_rounded(report.facts[fact], report)]
    if relation.copies or not evaluate(relation, report, dict.fromkeys(rounded, "either"), sides=False).holds:
        return ()
    for cut in chain.from_iterable(combinations(rounded, n) for n in range(1, len(rounded) + 1)):
        if evaluate(relation, report, dict.fromkeys(cut, "cut"), sides=False).holds:
            return cut
    return ()


def _not_comparable(relation: Relation, report: Report) -> str:
    """In which of the four an outside figure differs without a word why that may be."""
    rows = [report.facts[fact] for fact in relation.facts.values()]
    found = []
    for name, key in FOUR.items():
        theirs = {key(row) or "none" for row in rows if row["source_id"] in report.cited}
        ours = {key(row) or "none" for row in rows if row["source_id"] not in report.cited}
        if theirs - ours and name not in relation.comparable:
            found.append(f"{name}: {_several(theirs)} against {_several(ours)}")
    return "; ".join(found)


def _several(names: set) -> str:
    """Some names in their order; of many only the first two."""
    first = sorted(names)[: 2 if len(names) > 3 else 3]
    return ", ".join([*first, *([f"{len(names) - 2} more"] if len(names) > 3 else [])])


# ---- power: would an error of one last digit be seen? ----


def twin(relation: Relation, report: Report) -> tuple[Report, dict] | None:
    """The report under which a relation agrees: as printed, cut off, or mended; None if there is none."""
    outcome, _ = _try(relation, report)
    if outcome and outcome.holds:
        return report, {}
    if outcome and (cut := _cut(relation, report)):
        return report, dict.fromkeys(cut, "cut")
    tried = ((other, _try(relation, other)[0]) for _, _, other in readings_on(relation, report))
    return next(((other, {}) for other, found in tried if found and found.holds), None)


def plant(relation: Relation, report: Report, what: str, digits: int = 1) -> Report:
    """The report with one of a relation's figures off by some last digits, or a list short of a name."""
    if what in relation.lists:
        page = {"paragraph": relation.copies[-1]} if relation.copies else {}
        listed = named(relation.lists[what] | page, relation.source, report)
        gone = [row for row in listed if row["entity_id"] == listed[-1]["entity_id"]]
        return report._replace(names=[row for row in report.names if row not in gone])
    fact = relation.facts.get(what, what)
    row = report.facts[fact]
    places = len(row["value"].partition(".")[2])
    value = Fraction(row["value"]) + digits * _last_digit(row)
    row = row | {"value": f"{float(value):.{places}f}", "read": "planted"}
    if not relation.copies:
        return report._replace(facts=report.facts | {fact: row})
    *others, copy = report.mentions[fact]
    copy = copy | {"text": print_figure(row["value"], row["unit"], row["bound"]), "supplied": ""}
    return report._replace(mentions=report.mentions | {fact: [*others, copy]})


def _last_digit(row: dict) -> Fraction:
    """One in the last digit of a figure; of a round one (about, over) the last that is not 0."""
    digits = row["value"].replace(".", "").lstrip("-0")
    zeros = len(digits) - len(digits.rstrip("0")) if row["bound"] in _ROUND else 0
    return Fraction(10**zeros, 10 ** len(row["value"].partition(".")[2]))


def power(relation: Relation, report: Report) -> tuple[list[str], int | None]:
    """The facts and lists in which an error of one makes a relation fail, and the smallest that does.

    One that fails has shown its power: where nothing tells how its figures would agree, it lies in all of
    them. One that falls away under a reading that the text allows can never fail, and has none.
    """
    if not relation.claims or _can_fall_away(relation, report):
        return [], None
    facts = relation.facts or {thing: thing for thing in things(relation, report) if thing in report.facts}
    found = twin(relation, report)
    if not found:
        shown = [*facts.values(), *relation.lists] if judge(relation, report).verdict == FAILS else []
        return shown, None
    base, how = found
    sizes = {fact: _smallest(relation, base, how, short) for short, fact in facts.items()}
    sizes |= {short: int(_fails(relation, plant(relation, base, short), how)) for short in relation.lists}
    seen = [what for what, size in sizes.items() if size == 1]
    return seen, min(filter(None, sizes.values()), default=None)


def _can_fall_away(relation: Relation, report: Report) -> bool:
    """Whether the text allows a reading under which there is nothing to hold together."""
    allowed = (other for mends, _, other in readings_on(relation, report) if not mends)
    return any(not _try(relation, other)[0] for other in allowed)


def _fails(relation: Relation, report: Report, how: dict) -> bool:
    try:
        return not (evaluate(relation, report, how, sides=False).holds or _cut(relation, report))
    except LangfangError:  # the expression has no value, as at a division by zero
        return False


def _smallest(relation: Relation, report: Report, how: dict, short: str) -> int | None:
    """The smallest error in a figure, up or down, in last digits, that makes the relation fail."""
    if relation.copies:
        return 1 if _fails(relation, plant(relation, report, short), how) else None
    found = [_reach(relation, report, how, short, step) for step in (1, -1)]
    return min(filter(None, found), default=None)


def _reach(relation: Relation, report: Report, how: dict, short: str, step: int) -> int | None:
    """The first error in one direction that makes the relation fail, in last digits."""

    def fails(size):
        return _fails(relation, plant(relation, report, short, step * size), how)

    row = report.facts[relation.facts[short]]
    least = int(row["bound"] in _ROUND)  # about 0 and over 0 are never said
    most = int(Fraction(row["value"]) / _last_digit(row)) - least if step < 0 else 2**20
    high = min(most, _estimate(relation, report, how, short, step))
    while 0 < high < most and not fails(high):
        high = min(most, high * 2)
    if not high or not fails(high):
        return None
    low = high - 1 if high == 1 or not fails(high - 1) else 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fails(middle) else (middle, high)
    return high


def _estimate(relation: Relation, report: Report, how: dict, short: str, step: int) -> int:
    """Where the error that makes the relation fail may lie, from what one last digit does; 0 if nowhere."""
    here = evaluate(relation, report, how, sides=False).difference
    try:
        there = evaluate(relation, plant(relation, report, short, step), how, sides=False).difference
    except LangfangError:
        return 1
    ends = [(-here[0], there[0] - here[0])] if ">" not in relation.sign else []
    ends += [(here[1], here[1] - there[1])] if "<" not in relation.sign else []
    sizes = [gap / change for gap, change in ends if change > 0 and not math.isinf(gap)]
    turning = any(mark in relation.expression for mark in ("min", "max", "/"))
    turning |= report.facts[relation.facts[short]]["bound"] in _ROUND  # 99 has another range than 100
    return max(1, math.ceil(min(sizes))) if sizes else int(turning)


# ---- shares: which whole numbers can stand behind a percentage ----


def whole_values(relation: Relation, report: Report, short: str, how=()) -> range:
    """The whole numbers that, in the place of one of a relation's counts, would make it agree."""
    fact = relation.facts[short]

    def difference(number):
        row = report.facts[fact] | {"value": str(number)}
        changed = report._replace(facts=report.facts | {fact: row})
        return evaluate(relation, changed, how, sides=False).difference

    rising = difference(10**6)[0] > difference(1)[0]
    below, above = (lambda n: difference(n)[1] < 0), (lambda n: difference(n)[0] > 0)
    small, large = (below, above) if rising else (above, below)
    return range(_first(lambda n: not small(n)), _first(large))


def _first(holds) -> int:
    """The first whole number from 1 where a condition holds that then goes on holding."""
    high = 1
    while not holds(high) and high < 10**9:
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def chance(relation: Relation, report: Report, short: str) -> float:
    """How often some whole number in the place of a count would fit, were the printed percentage random."""
    here = evaluate(relation, report).difference
    there = evaluate(relation, plant(relation, report, short)).difference
    step = abs(sum(there) - sum(here)) / 2
    return float(min(1, (here[1] - here[0]) / step)) if step else 1.0


def whole_totals(lower, upper, most: int = 1000) -> list[int]:
    """The totals of which some whole part is between two percentages.

    Examples
    --------
    >>> whole_totals(66.65, 66.75, 15)
    [3, 6, 9, 12, 15]
    """
    return [n for n in range(1, most + 1) if math.ceil(n * lower / 100) <= math.floor(n * upper / 100)]


def _grim(relation: Relation, report: Report) -> str:
    """Which whole numbers can stand behind a share, in words."""
    rows = {short: report.facts[fact] for short, fact in relation.facts.items()}
    if not relation.sign:
        totals = whole_totals(*figure_of(*rows.values(), report)[1:])
        return f"the smallest whole totals that can have it: {', '.join(map(str, totals[:4]))}"
    rounded = {short: "cut" for short, row in rows.items() if is_rounded(row, report)}
    return "; ".join(
        f"in place of {in_print(row, report)}, {_fitting(relation, report, short, rounded)} would fit"
        f" (some number does for {chance(relation, report, short):.0%} of random percentages)"
        for short, row in rows.items()
        if short not in rounded
    )


def _fitting(relation: Relation, report: Report, short: str, rounded: dict) -> str:
    fits, cut = whole_values(relation, report, short), whole_values(relation, report, short, rounded)
    either = [(fits, ""), (cut, ", were the share cut off and not rounded,")]
    found = next(((numbers, word) for numbers, word in either if numbers), None)
    if not found:
        return "no whole number"
    numbers, word = found
    return f"{numbers[0]}{f'–{numbers[-1]}' if len(numbers) > 1 else ''}{word}"


# ---- what a reader sees ----


def _row(relation: Relation, report: Report) -> dict:
    verdict = judge(relation, report)
    seen, smallest = power(relation, report) if verdict.verdict != UNTESTED else ([], None)
    unit, factor = unit_of(relation, report)
    asides = [verdict.because, "" if relation.claims else _others(relation, verdict, report)]
    asides += [_grim(relation, report)] if relation.kind == "share" else []
    sides = verdict.outcome[:2] if verdict.outcome else ((), ())
    return {
        "id": relation.id,
        "source": relation.source,
        "title": relation.title,
        "kind": relation.kind,
        "claim": _claim(relation, report),
        "arithmetic": _arithmetic(relation, verdict),
        **{f"recomputed{end}": number for end, number in _ends(sides[0], factor)},
        **{f"printed{end}": number for end, number in _ends(sides[1], factor)},
        "unit": unit,
        "verdict": verdict.verdict,
        "reading": verdict.reading,
        "because": "; ".join(filter(None, asides)),
        "power": " ".join(seen),
        "smallest": smallest,
        "query": relation.query,
        "mend": verdict.mend,
        "note": relation.note,
    }


def _ends(side: tuple, factor: Fraction):
    numbers = [float(end / factor) for end in side] or [math.nan] * 3
    return zip(("", "_lower", "_upper"), numbers, strict=True)


def _others(relation: Relation, verdict: Verdict, report: Report) -> str:
    """What other readings of an implied quantity give, where it is another one."""
    own = verdict.outcome.recomputed if verdict.outcome else ()
    tried = [(label, _try(relation, other)[0]) for _, label, other in readings_on(relation, report)]
    unit = unit_of(relation, report)
    return "; ".join(
        f"{label}: {_shown(found.recomputed, *unit)}"
        for label, found in tried
        if found and found.recomputed != own
    )


def _claim(relation: Relation, report: Report) -> str:
    """The claim with ids."""
    if relation.copies:
        places = " and ".join(pages_of(relation))
        return f"the same in paragraphs {places}: {', '.join(things(relation, report))}"
    names = relation.facts | {short: f"names({_of(spec)})" for short, spec in relation.lists.items()}
    sides = [render(parse(text), names) for text in (relation.expression, relation.claim) if text]
    held = (" = ".join(render(parse(side), names) for side in text.split("=")) for text in relation.hold)
    return ", where ".join([f" {_SIGN.get(relation.sign, relation.sign)} ".join(sides), *held])


def _of(spec: dict) -> str:
    place = f", paragraph {spec['paragraph']}" if "paragraph" in spec else ""
    return " ".join(str(value) for key, value in spec.items() if key != "paragraph") + place


def _arithmetic(relation: Relation, verdict: Verdict) -> str:
    """The figures as printed, or as read, put into the expression, and what comes out."""
    outcome, report = verdict.outcome, verdict.report
    if not outcome:
        return ""
    if relation.copies:
        return f"{outcome.recomputed[0]} of {outcome.printed[0]} figures and lists the same"
    names = {short: in_print(report.facts[fact], report) for short, fact in relation.facts.items()}
    for short, spec in relation.lists.items():
        names[short] = f"{len(members(spec, relation.source, report))} names"
    left, right = (_dated(node, relation, report) for node in formulas(relation)[:2])
    text = render(left, names)
    if relation.expression not in names:
        result = _shown(outcome.recomputed, *unit_of(relation, report))
        text += f" {result}" if result[0] in "≥≤" else f" = {result}"
    if relation.claim in relation.lists:
        return f"{text} against {render(right, names)}{_in_common(relation, report)}"
    return f"{text}{_sign(relation, outcome.holds)} {render(right, names)}" if relation.sign else text


def _sign(relation: Relation, holds: bool) -> str:
    if relation.sign == "=":
        return ", printed" if relation.claim in relation.facts else ", to be"
    return f"{'' if holds else ' is not'} {_SIGN.get(relation.sign, relation.sign)}"


def _in_common(relation: Relation, report: Report) -> str:
    """How many names stand in both lists, unless all do."""
    left, right = (
        members(relation.lists[short], relation.source, report)
        for short in (relation.expression, relation.claim)
    )
    both = len(set(left) & set(right))
    return "" if both == len(left) == len(right) else f", {both} of them the same"


def _shown(side: tuple, unit: str, factor: Fraction) -> str:
    return f"{_number(Quantity(*(end / factor for end in side)))} {unit}".strip()


def _number(quantity: Quantity) -> str:
    """The value with as many decimals as its range bears, and the range."""
    value, lower, upper = quantity.fractions
    width = float(upper - lower)
    if math.isinf(width):
        return quantity.range(".6g")
    if width < 1e-9:
        return f"{float(value):.4f}".rstrip("0").rstrip(".")
    places = min(4, max(0, 1 - math.floor(math.log10(width))))
    return f"{quantity:.{places}f} ({quantity.range(f'.{places}f')})"
