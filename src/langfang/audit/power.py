"""Would an error be seen? The smallest error in each figure of a relation that would make it fail."""

import re
from bisect import bisect_left
from dataclasses import replace
from fractions import Fraction

from langfang.audit.case import Case, in_print, readings_on
from langfang.audit.verdict import FAILS, cut, evaluate, holds, judge
from langfang.errors import LangfangError
from langfang.printed.reading import print_figure

_ROUND = ("about", "nearly", "over")  # bounds whose width hangs on the last or leading digit that is not 0
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_SIZES = [32**n for n in range(5)]  # errors that are tried first, in last digits
_NUMBERS = range(1, 10**9)  # the whole numbers that are tried behind a share


def agreeing(case: Case) -> Case | None:
    """The case under which a relation agrees: as printed, cut off or mended."""
    if holds(case):
        return case
    others = (other for _, _, other in readings_on(case) if holds(other))
    return cut(case) or next(others, None)


def perturb(case: Case, what: str, digits: int = 1) -> Case:
    """The case with one of its figures off by some last digits, or with a list short of a name."""
    relation = case.relation
    if what in relation.lists:
        listed = case.listed(what, relation.copies[-1] if relation.copies else 0)
        gone = [row for row in listed if row["entity_id"] == listed[-1]["entity_id"]]
        return replace(case, names=[row for row in case.names if row not in gone])
    fact = relation.facts.get(what, what)
    row = case.facts[fact]

    def shifted(number):
        places = len(number[0].partition(".")[2])
        return f"{float(Fraction(number[0]) + digits * _last_digit(row)):.{places}f}"

    # Both ends of a range (5..6), the numerator of a fraction (2/3).
    value = _NUMBER.sub(shifted, row["value"], count="/" in row["value"])
    if not relation.copies:
        return case.changed({fact: {"value": value, "read": "off"}})
    *others, copy = case.mentions[fact]
    copy = copy | {"text": print_figure(value, row["unit"], row["bound"]), "supplied": ""}
    return replace(case, mentions=case.mentions | {fact: [*others, copy]})


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
    if not relation.claims or any(holds(other) is None for other in allowed):
        return [], None
    facts = list(relation.facts.values()) or [thing for thing in case.things() if thing in case.facts]
    base = agreeing(case)
    if not base:
        return [*facts, *relation.lists] if judge(case).verdict == FAILS else [], None
    sizes = {fact: _smallest(base, fact) for fact in facts}
    sizes |= {short: int(_fails(perturb(base, short))) for short in relation.lists}
    smallest = min(filter(None, sizes.values()), default=None)
    return [what for what, size in sizes.items() if size == 1], smallest


def _fails(case: Case) -> bool:
    try:
        return not (holds(case) or cut(case))
    except LangfangError:  # the expression has no value, as at a division by zero
        return False


def _smallest(case: Case, fact: str) -> int | None:
    """The smallest error in a figure, up or down, in last digits, that makes the relation fail.

    In either direction some sizes are tried, and the step to the first that fails is halved.
    """
    if case.relation.copies:
        return 1 if _fails(perturb(case, fact)) else None

    def fails(digits):
        return _fails(perturb(case, fact, digits))

    row, found = case.facts[fact], []
    least = int(row["bound"] in _ROUND)  # about 0 and over 0 are never said
    down = int(Fraction(_NUMBER.search(row["value"])[0]) / _last_digit(row)) - least
    for step, most in ((1, _SIZES[-1]), (-1, down)):
        sizes = sorted({min(size, most) for size in _SIZES if most > 0})
        first = next((n for n, size in enumerate(sizes) if fails(step * size)), None)
        if first is not None:
            low, high = [0, *sizes][first : first + 2]
            found.append(bisect_left(range(0, step * high, step), True, low + 1, high, key=fails))
    return min(found, default=None)


def whole_values(case: Case, short: str) -> range:
    """The whole numbers that, in the place of one of a relation's counts, would make it agree."""

    def difference(number) -> tuple:
        other = case.changed({case.relation.facts[short]: {"value": str(number)}})
        return evaluate(other, sides=False).difference

    rising = 1 if difference(10**6)[0] > difference(1)[0] else -1
    # Before the first, the difference is on one side of zero; from the second on, on the other.
    first = bisect_left(_NUMBERS, True, key=lambda n: max(end * rising for end in difference(n)) >= 0)
    last = bisect_left(_NUMBERS, True, key=lambda n: min(end * rising for end in difference(n)) > 0)
    return _NUMBERS[first:last]


def whole_totals(lower, upper, most: int = 1000) -> list[int]:
    """The totals of which some whole part is between two percentages."""
    return [n for n in range(1, most + 1) if -(-n * lower // 100) <= n * upper // 100]


def behind_share(case: Case) -> str:
    """Which whole numbers can stand behind a share, in words, if it is rounded and if it is cut off.

    Beside them stands how often some number would fit, were the printed percentage random.
    """
    if not case.relation.sign:
        _, lower, upper = next(iter(case.box().values()))
        totals = ", ".join(map(str, whole_totals(lower, upper)[:4]))
        return f"the smallest whole totals that can have it: {totals}"
    parts, rounded = [], case.rounded()
    for short, fact in case.relation.facts.items():
        if fact not in rounded:
            both = (case, case.printed(rounded, "cut"))
            fits, cut_off = (_fitting(whole_values(how, short)) for how in both)
            which = f"{fits} would fit"
            which += "" if fits == cut_off else f", {cut_off} were the share cut off and not rounded"
            here, there = (evaluate(one, sides=False).difference for one in (case, perturb(case, short)))
            step = abs(sum(there) - sum(here)) / 2
            chance = float(min(1, (here[1] - here[0]) / step)) if step else 1.0
            luck = f"some number does for {chance:.0%} of random percentages"
            parts.append(f"in place of {in_print(case.facts[fact], case)}, {which} ({luck})")
    return "; ".join(parts)


def _fitting(numbers: range) -> str:
    ends = dict.fromkeys([*numbers[:1], *numbers[-1:]])
    return "–".join(map(str, ends)) or "no whole number"
