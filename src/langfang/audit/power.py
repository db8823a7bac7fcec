"""Would an error be seen? The smallest error in each figure of a relation that would make it fail."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from fractions import Fraction

from langfang.audit.case import Case, in_print, readings_on
from langfang.audit.formula import Interval
from langfang.audit.verdict import FAILS, attempt, cut, evaluate, judge, rounded_in
from langfang.errors import LangfangError
from langfang.printed.reading import print_figure

_ROUND = ("about", "nearly", "over")  # bounds whose width hangs on the last or leading digit that is not 0
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SIZES = [32**n for n in range(5)]  # errors that are tried first, in last digits
_MOST = 10**9  # the largest whole number that is tried behind a share


def agreeing(case: Case) -> tuple[Case, dict] | None:
    """The case under which a relation agrees, as printed, cut off or mended, and how its figures are cut."""
    outcome, _ = attempt(case)
    if outcome and outcome.holds:
        return case, {}
    if outcome and (how := cut(case)):
        return case, how
    tried = ((other, attempt(other)[0]) for _, _, other in readings_on(case))
    return next(((other, {}) for other, found in tried if found and found.holds), None)


def perturb(case: Case, what: str, digits: int = 1) -> Case:
    """The case with one of its figures off by some last digits, or with a list short of a name."""
    relation = case.relation
    if what in relation.lists:
        listed = case.listed(what, relation.copies[-1] if relation.copies else 0)
        gone = [row for row in listed if row["entity_id"] == listed[-1]["entity_id"]]
        return replace(case, names=[row for row in case.names if row not in gone])
    fact = relation.facts.get(what, what)
    row = _off(case.facts[fact], digits)
    if not relation.copies:
        return replace(case, facts=case.facts | {fact: row})
    *others, copy = case.mentions[fact]
    copy = copy | {"text": print_figure(row["value"], row["unit"], row["bound"]), "supplied": ""}
    return replace(case, mentions=case.mentions | {fact: [*others, copy]})


def _off(row: dict, digits: int) -> dict:
    """A figure some last digits larger: both ends of a range (5..6), the numerator of a fraction (2/3)."""

    def shifted(number):
        places = len(number[0].partition(".")[2])
        return f"{float(Fraction(number[0]) + digits * _last_digit(row)):.{places}f}"

    return row | {"value": _NUMBER.sub(shifted, row["value"], count="/" in row["value"]), "read": "off"}


def _last_digit(row: dict) -> Fraction:
    """One in the last digit of a figure; of a round one (about, over) the last that is not 0."""
    value = _NUMBER.search(row["value"])[0]
    digits = value.replace(".", "").lstrip("-0")
    zeros = len(digits) - len(digits.rstrip("0")) if row["bound"] in _ROUND else 0
    return Fraction(10**zeros, 10 ** len(value.partition(".")[2]))


def power(case: Case) -> tuple[list[str], int | None]:
    """The facts and lists in which an error of one makes a relation fail, and the smallest that does.

    One that fails has shown its power: where nothing tells how its figures would agree, it lies in all of
    them. One that falls away under a reading that the text allows can never fail, and has none.
    """
    relation = case.relation
    allowed = (other for mends, _, other in readings_on(case) if not mends)
    if not relation.claims or any(not attempt(other)[0] for other in allowed):
        return [], None
    facts = relation.facts or {thing: thing for thing in case.things() if thing in case.facts}
    base, how = agreeing(case) or (None, {})
    if not base:
        failed = judge(case).verdict == FAILS
        return [*facts.values(), *relation.lists] if failed else [], None
    sizes = {fact: _smallest(base, how, short) for short, fact in facts.items()}
    sizes |= {short: int(_fails(perturb(base, short), how)) for short in relation.lists}
    return [what for what, size in sizes.items() if size == 1], min(
        filter(None, sizes.values()), default=None
    )


def _fails(case: Case, how: dict) -> bool:
    try:
        return not (evaluate(case, how, sides=False).holds or cut(case))
    except LangfangError:  # the expression has no value, as at a division by zero
        return False


def _smallest(case: Case, how: dict, short: str) -> int | None:
    """The smallest error in a figure, up or down, in last digits, that makes the relation fail."""
    if case.relation.copies:
        return 1 if _fails(perturb(case, short), how) else None
    row = case.facts[case.relation.facts[short]]
    least = int(row["bound"] in _ROUND)  # about 0 and over 0 are never said
    down = int(Fraction(_NUMBER.search(row["value"])[0]) / _last_digit(row)) - least
    found = [_first(case, how, short, 1, _SIZES[-1]), _first(case, how, short, -1, down)]
    return min(filter(None, found), default=None)


def _first(case: Case, how: dict, short: str, step: int, most: int) -> int | None:
    """The smallest error in one direction, of some sizes that are tried and then halved, or None."""
    low = 0
    for high in sorted({min(size, most) for size in _SIZES}):
        if high > 0 and _fails(perturb(case, short, step * high), how):
            sizes = range(low + 1, high)
            return (
                low + 1 + bisect_left(sizes, True, key=lambda n: _fails(perturb(case, short, step * n), how))
            )
        low = high
    return None


# ---- shares: which whole numbers can stand behind a percentage ----


def whole_values(case: Case, short: str, how: dict | None = None) -> range:
    """The whole numbers that, in the place of one of a relation's counts, would make it agree."""
    fact = case.relation.facts[short]

    def difference(number) -> Interval:
        row = case.facts[fact] | {"value": str(number)}
        return evaluate(replace(case, facts=case.facts | {fact: row}), how, sides=False).difference

    rising = 1 if difference(10**6)[0] > difference(1)[0] else -1
    numbers = range(
        1, _MOST
    )  # below the first, the difference is on one side of zero; from the second on, on the other
    first = bisect_left(numbers, True, key=lambda n: max(end * rising for end in difference(n)) >= 0)
    last = bisect_left(numbers, True, key=lambda n: min(end * rising for end in difference(n)) > 0)
    return numbers[first:last]


def _chance(case: Case, short: str) -> float:
    """How often some whole number in the place of a count would fit, were the printed percentage random."""
    here = evaluate(case, sides=False).difference
    there = evaluate(perturb(case, short), sides=False).difference
    step = abs(sum(there) - sum(here)) / 2
    return float(min(1, (here[1] - here[0]) / step)) if step else 1.0


def whole_totals(lower, upper, most: int = 1000) -> list[int]:
    """The totals of which some whole part is between two percentages.

    Examples
    --------
    >>> whole_totals(66.65, 66.75, 15)
    [3, 6, 9, 12, 15]
    """
    return [n for n in range(1, most + 1) if -(-n * lower // 100) <= n * upper // 100]


def behind_share(case: Case) -> str:
    """Which whole numbers can stand behind a share, in words, if it is rounded and if it is cut off."""
    rounded = dict.fromkeys(rounded_in(case), "cut")
    if not case.relation.sign:
        _, lower, upper = next(iter(case.box({}).values()))
        totals = ", ".join(map(str, whole_totals(lower, upper)[:4]))
        return f"the smallest whole totals that can have it: {totals}"
    parts = []
    for short, fact in case.relation.facts.items():
        if short not in rounded:
            fits, cut_off = (_fitting(whole_values(case, short, how)) for how in ({}, rounded))
            which = f"{fits} would fit"
            which += "" if fits == cut_off else f", {cut_off} were the share cut off and not rounded"
            luck = f"some number does for {_chance(case, short):.0%} of random percentages"
            parts.append(f"in place of {in_print(case.facts[fact], case)}, {which} ({luck})")
    return "; ".join(parts)


def _fitting(numbers: range) -> str:
    if not numbers:
        return "no whole number"
    return f"{numbers[0]}–{numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]}"
