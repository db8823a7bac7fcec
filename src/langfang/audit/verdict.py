"""Does a report agree with itself? The verdict on a relation follows from the intervals of its figures alone.

Every fact is one unknown within the bounds of how it is printed, so a disagreement is a proof and no matter
of rounding.
"""

from itertools import combinations
from typing import NamedTuple

from langfang.audit.case import CONFLICT, Case, Untestable, open_report, readings, readings_on, under
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
    """One evaluation: both sides as (value, lower, upper) in base units, and their difference."""

    recomputed: tuple = ()
    printed: tuple = ()
    difference: tuple = ()
    holds: bool | None = None  # None: not to be tested, and the detail says why
    detail: str = ""


class Verdict(NamedTuple):
    """The verdict, the reading it rests on, and the case as it then reads."""

    verdict: str
    reading: str
    outcome: Outcome
    case: Case
    because: str = ""
    mend: str = ""


def evaluate(case: Case, sides: bool = True) -> Outcome:
    """The outcome of one relation; without ``sides`` only the difference, and whether it can be."""
    relation = case.relation
    if relation.copies:
        return _compare_copies(case)
    try:
        box = case.box()
    except Untestable as why:
        return Outcome(detail=str(why))
    if relation.compares_lists:
        return _compare_lists(case)
    values = {name: ends[:1] * 2 for name, ends in box.items()}
    ranges = {name: ends[1:] for name, ends in box.items()}
    shown = [(interval(node, values)[0], *interval(node, ranges)) for node in relation.sides() if sides]
    difference = interval(relation.difference(), ranges) if relation.sign else ()
    recomputed, printed = [*shown, (), ()][:2]
    return Outcome(recomputed, printed, difference, not relation.sign or _HOLDS[relation.sign](*difference))


def holds(case: Case) -> bool | None:
    """Whether a relation holds; None where that cannot be tested."""
    return evaluate(case, sides=False).holds


def _compare_lists(case: Case) -> Outcome:
    """Two lists, name by name."""
    shorts = case.relation.expression, case.relation.claim
    left, right = map(case.members, shorts)
    only = [name for name in left if name not in right], [name for name in right if name not in left]
    chinese = {row["entity_id"]: row["name_zh"] for row in case.names}
    found = []
    for short, names in zip(shorts, only, strict=True):
        place, said = words_of(case.relation.lists[short]), (chinese.get(name, name) for name in names)
        found += [f"only in {place}: {'、'.join(said)}"] if names else []
    count = sum(map(len, only))
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
        copies[fact] = {case.bounds(case.facts[fact] | found._asdict()) for found in read}
    for short in case.relation.lists:
        copies[short] = {frozenset(case.members(short, page)) for page in case.relation.copies}
    differ = [what for what, found in copies.items() if len(found) > 1]
    same = len(copies) - len(differ)
    detail = f"not the same: {', '.join(differ)}" if differ else ""
    return Outcome((same,) * 3, (len(copies),) * 3, (-len(differ),) * 2, not differ, detail)


def cut(case: Case) -> Case | None:
    """The case as it agrees with the fewest figures cut off and not rounded; None if it never does."""
    rounded = case.rounded()
    if case.relation.copies or not rounded or not holds(either := case.printed(rounded, "either")):
        return None
    few = [*combinations(rounded, 1), *combinations(rounded, 2), rounded]
    tried = (case.printed(some, "cut") for some in few)
    return next((other for other in tried if holds(other)), either)


def rules(case: Case) -> str:
    """Under which rules it agrees: all figures ``rounded``, all ``cut off``, ``neither``; "" for no test."""
    rounded = case.rounded()
    if not rounded or not case.relation.sign or holds(case) is None:
        return ""
    both = {"rounded": case, "cut off": case.printed(rounded, "cut")}
    return ", ".join(rule for rule, how in both.items() if holds(how)) or "neither"


def judge(case: Case) -> Verdict:
    """The verdict on one relation: that of the most charitable reading.

    An outside figure that differs in what it counts is no test either way: both are shown side by side.
    """
    try:
        outcome = evaluate(case)
        found, differ = _judge(case, outcome), _not_comparable(case)
    except LangfangError as error:
        raise LangfangError(f"{FILE}, [{case.relation.id}]: {error}") from None
    if not differ:
        return found
    said = {None: outcome.detail, True: "side by side they fit", False: "side by side they do not fit"}
    why = said[outcome.holds] if case.relation.claims or outcome.holds is None else ""
    if outcome.holds is False and found.verdict == ONLY_IF:
        why += f"; they would if: {found.reading}"
    return Verdict(UNTESTED, "as printed", outcome, case, "; ".join(filter(None, [differ, why])))


def _judge(case: Case, outcome: Outcome) -> Verdict:
    relation, why = case.relation, outcome.detail
    if outcome.holds:
        return Verdict(AGREES if relation.claims else IMPLIES, "as printed", outcome, case)
    if outcome.holds is False and (other := cut(case)):
        names = " and ".join(fact for fact in case.rounded() if "how" in other.facts[fact])
        return Verdict(ONLY_IF, f"cut off and not rounded: {names}", evaluate(other), other)
    good = []  # readings under which it agrees, or falls away
    for mends, label, other in readings_on(case):
        found = evaluate(other)
        if found.holds or (found.holds is None and outcome.holds is False):
            good.append((mends, not found.holds, label, other, found))
    good.sort(key=lambda reading: reading[:2])  # those that the text allows first, and that agree
    mends, _, label, other, found = good[0] if good else (True, None, "", case, outcome)
    if relation.claims and not mends:
        if found.holds:
            return Verdict(ONLY_IF, label, found, other, why if outcome.holds is None else "")
        why = f"as printed they do not fit, but {found.detail} if: {label}"
        return Verdict(UNTESTED, label, outcome, case, why)
    if outcome.holds is None:
        return Verdict(UNTESTED, "as printed", outcome, case, why)
    return Verdict(FAILS, "as printed", outcome, case, why, label)


def _not_comparable(case: Case) -> str:
    """In which of the four an outside figure differs without a word why that may be; "" of all others."""
    rows = [case.facts[fact] for fact in case.relation.facts.values() if case.relation.kind == OUTSIDE]
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
    some = sorted(names)
    return ", ".join(some if len(some) < 4 else [*some[:2], f"{len(some) - 2} more"])


def unexplained(data=None) -> list[Fault]:
    """Failures that no query speaks of, and queries that are over.

    A relation that fails names a query about what it uses; one that names a query fails, or agrees only under
    a reading. A query of kind ``conflict`` is named by a relation that fails. Every reading can be run.
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
    faults, queries = [], {row["query_id"]: row for row in report.queries}
    for case, verdict in verdicts:
        relation, query, expected = case.relation, queries.get(case.relation.query), ""
        if verdict == FAILS and not query:
            expected = "a query_id of queries.csv: the relation fails"
        elif relation.query and verdict not in (FAILS, ONLY_IF):
            expected = f"no query: the verdict is {verdict!r}"
        elif query and not set(named_in(query)) & set(case.things()):
            expected = "a query about a figure or name of the relation"
        if expected:
            faults.append(Fault(FILE, relation.line, "query", relation.query, expected))
    failing = {case.relation.query for case, verdict in verdicts if verdict == FAILS}
    over = [row for row in report.queries if row["kind"] == CONFLICT and row["query_id"] not in failing]
    expected = f"another kind than {CONFLICT}: no relation of {FILE} that names it fails"
    return faults + [Fault("queries.csv", row["line"], "kind", row["kind"], expected) for row in over]
