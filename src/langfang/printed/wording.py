"""Numbers and ranges as text, in English and Chinese: the one home of how a figure is written.

Two rules hold everywhere. A value is written with the decimals that its precision bears (`decimals`); a range
is rounded outward (`range_text`), so that it still holds and reads the same wherever it stands.
"""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import SupportsFloat

from langfang.errors import LangfangError
from langfang.printed.reading import print_figure

__all__ = [
    "decimals", "fixed", "in_chinese", "in_english", "number", "out_of_ten", "per_thousand", "range_decimals",
    "range_text", "scale", "with_unit", "words",
]  # fmt: skip

_MOST = 6  # decimals
_NO_BREAK = "\N{NO-BREAK SPACE}"
_SMALL = """no one two three four five six seven eight nine ten eleven twelve""".split()  # noqa: SIM905
_QUALIFIERS = {
    bound: f"{bound.replace('_', ' ')} "
    for bound in ("about", "nearly", "over", "more_than", "at_least", "at_most")
}
# What an English sentence calls several of a unit, and one.
_SEVERAL = {
    one: one + "s" for one in ("household", "tonne", "year", "item", "establishment", "school", "event")
}
_SEVERAL |= {"person": "people", "person/km²": "people per km²", "market entity": "market entities"}
_SEVERAL |= dict.fromkeys(("percentage point", "个百分点"), "points") | dict.fromkeys(
    ("1", "count", "rank"), ""
)
_ONE = dict.fromkeys(("percentage point", "个百分点"), "point") | dict.fromkeys(("1", "count", "rank"), "")
_SHARES = sorted(
    [(Fraction(n, 10), f"{_SMALL[n]} in ten") for n in (1, 2, 3, 4, 6, 7, 8, 9)]
    + [(Fraction(1, 4), "a quarter"), (Fraction(1, 3), "a third"), (Fraction(1, 2), "half")]
    + [(Fraction(2, 3), "two thirds"), (Fraction(3, 4), "three quarters"), (Fraction(1), "all")]
)


# ---- how many decimals ----


def _rational(number) -> Fraction | float:
    """A number as the decimal it is meant as (12 digits of a float: the rest is noise); infinities stay."""
    if isinstance(number, float):
        return number if math.isinf(number) else Fraction(format(number, ".12g"))
    return Fraction(number)


def _places(number: Fraction | float) -> int:
    """Decimals that print a number in full; one more than the most where none do, none for an open end."""
    if isinstance(number, float):
        return 0
    return next((n for n in range(_MOST + 1) if (number * 10**n).denominator == 1), _MOST + 1)


def _bearable(value, lower, upper) -> int:
    """Decimals in which a range shows two digits of its width (an open or exact one: four of its value)."""
    open_or_exact = isinstance(lower, float) or isinstance(upper, float) or lower == upper
    width = abs(value) / 100 if open_or_exact else upper - lower
    return min(max(1 - math.floor(math.log10(width) + 1e-9), 0), 12) if width else 0


def decimals(value, lower=None, upper=None) -> int:
    """How many decimals a value bears: those it was printed with, as far as its range can tell them apart.

    >>> decimals(98.04, 98.035, 98.045), decimals(4, 3.95, 4.05), decimals(18.226, 17.144, 19.307)
    (2, 1, 1)
    """
    value, lower, upper = map(
        _rational, (value, value if lower is None else lower, value if upper is None else upper)
    )
    places, exact = _places(value), lower == upper or isinstance(lower, float) or isinstance(upper, float)
    if exact and places <= _MOST:
        return places
    if lower < value < upper:  # 4.0 is 3.95–4.05: the digit that was printed
        places = max(places, _places(lower) - 1, _places(upper) - 1)
    return min(places, _bearable(value, lower, upper))


def range_decimals(lower, upper, least: int = 0) -> int:
    """How many decimals a range bears: all of its ends, or as many as show two digits of its width.

    >>> range_decimals(98.035, 98.045), range_decimals(17.1441, 19.3074), range_decimals(420, float("inf"))
    (3, 1, 0)
    """
    ends = lower, upper = _rational(lower), _rational(upper)
    finite = next((end for end in ends if not isinstance(end, float)), Fraction(0))
    places = max(map(_places, ends))
    return max(least, min(places, _bearable(finite, *ends)) if places > _MOST or lower != upper else places)


# ---- numbers and ranges ----


def fixed(number, spec: str = ".0f", rounding: str = ROUND_HALF_UP) -> str:
    """An exact number in a format of Python's, such as ``,.1f``, rounded half up; ``inf`` as such.

    >>> fixed(Fraction(2675, 1000), ".2f"), fixed(1934, ",d"), fixed(0.5, ".0%")
    ('2.68', '1,934', '50%')
    """
    number = _rational(number)
    if isinstance(number, float):
        return format(number, spec.replace("d", ".0f"))
    with localcontext() as context:
        context.prec, context.rounding = 60, rounding
        return format(
            Decimal(number.numerator) / number.denominator, spec[:-1] + ".0f" if spec[-1:] == "d" else spec
        )


def number(value, digits: int | None = None) -> str:
    """A number as prose and charts print it: thousands parted, a true minus sign, no minus before zero.

    >>> number(-26900), number(3.0649, 2), number(-0.004, 1), number(98.04)
    ('−26,900', '3.06', '0.0', '98.04')
    """
    return _signed(fixed(value, f",.{decimals(value) if digits is None else digits}f"))


def _signed(text: str) -> str:
    return text.replace("-", "−") if text.strip("-0.,") else text.lstrip("-")


def range_text(lower, upper, digits: int | None = None, unit: str = "") -> str:
    """A range as text, rounded outward so that it still holds; one number where both ends print the same.

    >>> range_text(17.1441048, 19.3073593, 1, "%"), range_text(420, float("inf")), range_text(0, 4)
    ('17.1–19.4\\xa0%', '≥ 420', '0–4')
    >>> range_text(-3.25, -3.15), range_text(29, 29, unit="item")
    ('−3.25 to −3.15', '29 items')
    """
    digits = range_decimals(lower, upper) if digits is None else digits
    low, high = (
        _signed(fixed(end, f",.{digits}f", towards))
        for end, towards in ((lower, ROUND_FLOOR), (upper, ROUND_CEILING))
    )
    if math.isinf(lower) or math.isinf(upper):
        parts = [
            sign + text
            for sign, text, end in (("≥ ", low, lower), ("≤ ", high, upper))
            if not math.isinf(end)
        ]
        return with_unit(parts[0] if parts else "open", unit)
    return with_unit(low if low == high else (" to " if lower < 0 else "–").join((low, high)), unit)


def with_unit(text: str, unit: str, one: bool = False) -> str:
    """A number with its unit: no-break space before %, *points* for differences of shares, plurals.

    >>> with_unit("84.4", "%"), with_unit("3.07", "percentage point"), with_unit("4,829", "person")
    ('84.4\\xa0%', '3.07 points', '4,829 people')
    """
    name = _ONE.get(unit, unit) if one or text == "1" else _SEVERAL.get(unit, unit)
    return f"{text}{_NO_BREAK if name in ('%', '‰') else ' '}{name}" if name else text


def scale(numbers, unit: str) -> tuple[int, str]:
    """What to divide large amounts by, and what they are then called in English.

    >>> scale([42.4e9, 100e9], "yuan"), scale([4829], "person"), scale([98.04], "%")
    ((1000000000, 'billion yuan'), (1, 'person'), (1, '%'))
    """
    largest = max((abs(n) for n in numbers if math.isfinite(n)), default=0)
    for size, name in ((10**9, "billion"), (10**6, "million")):
        if largest >= size and unit not in ("", "1", "%"):
            return size, f"{name} {_SEVERAL.get(unit, unit)}".strip()
    return 1, unit


# ---- sentences ----


def in_english(value, lower, upper, unit: str, bound: str = "as_printed") -> tuple[str, str]:
    """Value and range for English readers, in millions or billions where that reads better.

    >>> in_english(42e9, 42e9, float("inf"), "yuan", "more_than"), in_english(1934, 1934, 1934, "household")
    (('more than 42 billion yuan', '42 or more'), ('1,934 households', 'exact'))
    >>> in_english(98.04, 98.035, 98.045, "%")
    ('98.04\\xa0%', '98.035–98.045')
    """
    per, name = scale([value], unit)
    value, lower, upper = (end if math.isinf(end) else _rational(end) / per for end in (value, lower, upper))
    said = _QUALIFIERS.get(bound, "") + with_unit(number(value, decimals(value, lower, upper)), name)
    if bound == "range":
        said = range_text(lower, upper, unit=name)
    if lower == upper:
        return said, "exact"
    for open_end, end, words in ((upper, lower, "or more"), (lower, upper, "or less")):
        if math.isinf(open_end):
            return said, f"{number(end)} {words}"
    return said, range_text(lower, upper)


def words(n: SupportsFloat) -> str:
    """A small whole number in words, a larger one in figures.

    >>> words(3), words(0), words(4829)
    ('three', 'no', '4,829')
    """
    count = getattr(n, "value", n)
    if count != int(count) or count < 0:
        raise LangfangError(f"words: {n!r}; expected a whole number from 0")
    return _SMALL[int(count)] if count < len(_SMALL) else f"{int(count):,}"


def _ends(share) -> tuple[Fraction, Fraction]:
    """Ends of a share of 1: of a Quantity (per cent count as such), or of a plain number."""
    if not hasattr(share, "fractions"):
        return _rational(share), _rational(share)
    return tuple(end / 100 if share.unit == "%" else end for end in share.fractions[1:])


def out_of_ten(share: SupportsFloat) -> str:
    """A share (a Quantity, or a number from 0 to 1) as readers say it, true over its whole range.

    >>> out_of_ten(0.8687), out_of_ten(0.62), out_of_ten(0.5), out_of_ten(0.335), out_of_ten(0.03)
    ('nearly nine in ten', 'more than six in ten', 'half', 'more than a third', 'fewer than one in ten')
    """
    low, high = _ends(share)
    if not 0 <= low <= high <= 1:
        raise LangfangError(f"out_of_ten: {share!r}; expected a share from 0 to 1, or in per cent")
    for part, name in _SHARES:
        if low <= part <= high:
            return name if low == high else f"about {name}"
        if high < part <= high + Fraction(4, 100):
            return f"nearly {name}"
    below = [name for part, name in _SHARES if part < low]
    return f"more than {below[-1]}" if below else f"fewer than {_SHARES[0][1]}"


def per_thousand(share: SupportsFloat) -> str:
    """A small share (a Quantity, or a number from 0 to 1) as so many in every thousand.

    >>> per_thousand(0.0024), per_thousand(0.003)
    ('two or three in every thousand', 'three in every thousand')
    """
    low, high = (1000 * end for end in _ends(share))
    first, last = math.floor(low), math.ceil(high)
    join = " or " if last - first == 1 else " to "
    return f"{words(first) if first == last else words(first) + join + words(last)} in every thousand"


def in_chinese(quantity, spec: str = "", unit: str | None = None) -> str:
    """A Quantity in Chinese usage: 万 and 亿, 个百分点, and 余, 以上 or 以内 for what is open to one side.

    Parameters
    ----------
    quantity : Quantity
    spec : str
        Format of the number, such as ``".1f"``; by default as many decimals as its precision bears.
    unit : str
        The Chinese word for its unit; by default the unit as it is. `langfang.in_chinese` looks it up.

    Examples
    --------
    >>> from langfang.printed.quantity import Quantity
    >>> in_chinese(Quantity(42_000_000_000, 42_000_000_000, float("inf"), "元"))
    '420亿元以上'
    >>> in_chinese(Quantity("3.07", "3.065", "3.075", "个百分点")), in_chinese(Quantity.exact(13791, "家"))
    ('3.07个百分点', '13791家')
    """
    unit = ("" if quantity.unit == "1" else quantity.unit) if unit is None else unit
    value, lower, upper = quantity.fractions
    word = "" if unit in ("%", "‰", "个百分点") else _chinese_scale(value, lower, upper)
    size = {"": 1, "万": 10**4, "亿": 10**8}[word]
    ends = value / size, *(end if isinstance(end, float) else end / size for end in (lower, upper))
    return print_figure(
        fixed(ends[0], spec or f".{decimals(*ends)}f"), word + unit, _open_side(value, lower, upper)
    )


def _chinese_scale(value, lower, upper) -> str:
    counted = lower == upper and value.denominator == 1
    # 13791家 and 31195元 stay whole: 万 would only add decimals.
    if abs(value) < 10**4 or (abs(value) < 10**5 and (counted or 2 < _places(value / 10**4) <= _MOST)):
        return ""
    return "亿" if abs(value) >= 10**8 else "万"


def _open_side(value, lower, upper) -> str:
    if lower == upper or lower < value < upper:
        return "as_printed"
    if value == upper:
        return "at_most"
    return "at_least" if isinstance(upper, float) else "over"
