"""Numbers and ranges as text, in English and Chinese.

Two rules hold everywhere: a value is written with the decimals that its precision bears (`decimals`), and a
range is rounded outward (`between`), so that it still holds and reads the same wherever it stands.
"""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import SupportsFloat

from langfang.errors import LangfangError
from langfang.printed.reading import print_figure

_MOST = 6  # decimals
_SMALL = "no one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
# What an English sentence calls one of a unit, and several.
_ONE = dict.fromkeys(("percentage point", "个百分点"), "point") | dict.fromkeys(("1", "count", "rank"), "")
_SEVERAL = {unit: name and f"{name}s" for unit, name in _ONE.items()}
_SEVERAL |= {"person": "people", "person/km²": "people per km²", "market entity": "market entities"}
_SEVERAL |= {unit: unit + "s" for unit in "household tonne year item establishment school event tier".split()}  # noqa: SIM905
_SCALES = ((10**9, "billion"), (10**6, "million"))
_SHARES = sorted(
    [(Fraction(n, 10), f"{_SMALL[n]} in ten") for n in (1, 2, 3, 4, 6, 7, 8, 9)]
    + [(Fraction(1, 4), "a quarter"), (Fraction(1, 3), "a third"), (Fraction(1, 2), "half")]
    + [(Fraction(2, 3), "two thirds"), (Fraction(3, 4), "three quarters"), (Fraction(1), "all")]
)


def _rational(number) -> Fraction | float:
    """A number as the decimal it is meant as (of a float 12 digits, the rest is noise); infinities stay."""
    if not isinstance(number, float):
        return Fraction(number)
    return number if math.isinf(number) else Fraction(format(number, ".12g"))


def _places(number: Fraction | float) -> int:
    """Decimals that print a number in full; one more than the most where none do, none for an open end."""
    if isinstance(number, float):
        return 0
    return next((n for n in range(_MOST + 1) if (number * 10**n).denominator == 1), _MOST + 1)


def bearable(value, lower, upper) -> int:
    """Decimals in which a range shows two digits of its width (an open or exact one: four of its value)."""
    width = upper - lower
    if not width or isinstance(width, float):  # exact, or open
        width = abs(value) / 100
    return min(max(1 - math.floor(math.log10(width) + 1e-9), 0), 12) if width else 0


def decimals(value, lower=None, upper=None) -> int:
    """How many decimals a value bears: those it was printed with, as far as its range can tell them apart."""
    value, lower, upper = (_rational(value if end is None else end) for end in (value, lower, upper))
    places, width = _places(value), upper - lower
    if places <= _MOST and (not width or isinstance(width, float)):
        return places
    if lower < value < upper:  # 4.0 is 3.95–4.05: the digit that was printed
        places = max(places, _places(lower) - 1, _places(upper) - 1)
    return min(places, bearable(value, lower, upper))


def range_decimals(lower, upper) -> int:
    """How many decimals a range bears: all of its ends, or as many as show two digits of its width."""
    lower, upper = _rational(lower), _rational(upper)
    places = max(_places(lower), _places(upper))
    if places <= (_MOST if lower == upper else 0):
        return places
    return min(places, bearable(upper if isinstance(lower, float) else lower, lower, upper))


def fixed(number, spec: str = ".0f", rounding: str = ROUND_HALF_UP) -> str:
    """An exact number in a format of Python's, such as ``,.1f``, rounded half up; ``inf`` as such."""
    number, spec = _rational(number), spec.replace("d", ".0f")
    if isinstance(number, float):
        return format(number, spec)
    with localcontext(prec=60, rounding=rounding):
        return format(Decimal(number.numerator) / number.denominator, spec)


def number(value, digits: int | None = None) -> str:
    """A number as prose and charts print it: thousands parted, a true minus sign, no minus before zero."""
    return fixed(value, f"z,.{decimals(value) if digits is None else digits}f").replace("-", "−")


def between(lower, upper, spec: str) -> str:
    """A range in a format of Python's, rounded outward so that it still holds: 17.1–19.4, -2 to 0, ≥ 420."""
    low, high = fixed(lower, spec, ROUND_FLOOR), fixed(upper, spec, ROUND_CEILING)
    if math.isinf(upper):
        return "open" if math.isinf(lower) else f"≥ {low}"
    if math.isinf(lower):
        return f"≤ {high}"
    return low if low == high else (" to " if lower < 0 else "–").join((low, high))


def range_text(lower, upper, digits: int | None = None, unit: str = "") -> str:
    """A range as prose prints it, with its unit; one number where both ends print the same."""
    digits = range_decimals(lower, upper) if digits is None else digits
    return with_unit(between(lower, upper, f"z,.{digits}f").replace("-", "−"), unit)


def with_unit(text: str, unit: str) -> str:
    """A number with its unit: no-break space before %, *points* for differences of shares, plurals."""
    name = (_ONE if text == "1" else _SEVERAL).get(unit, unit)
    space = "\N{NO-BREAK SPACE}" if name in ("%", "‰") else " "
    return f"{text}{space}{name}" if name else text


def in_english(value, lower, upper, unit: str, bound: str = "as_printed") -> tuple[str, str]:
    """Value and range for English readers, in millions or billions where that reads better.

    >>> in_english(42e9, 42e9, float("inf"), "yuan", "more_than"), in_english(1934, 1934, 1934, "household")
    (('more than 42 billion yuan', '42 or more'), ('1,934 households', 'exact'))
    """
    fitting = [] if unit in ("", "1", "%") else [scale for scale in _SCALES if abs(value) >= scale[0]]
    size, name = fitting[0] if fitting else (1, "")
    unit = f"{name} {_SEVERAL.get(unit, unit)}".strip() if name else unit
    value, lower, upper = (_rational(end) / size for end in (value, lower, upper))
    said = with_unit(number(value, decimals(value, lower, upper)), unit)
    if bound == "range":
        said = range_text(lower, upper, unit=unit)
    elif bound != "as_printed":
        said = f"{bound.replace('_', ' ')} {said}"
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


def in_chinese(quantity, unit: str | None = None) -> str:
    """A Quantity in Chinese usage: 万 and 亿, 个百分点, and 余, 以上 or 以内 for what is open to one side.

    ``unit`` is the Chinese word for its unit, which `langfang.in_chinese` looks up.
    """
    unit = ("" if quantity.unit == "1" else quantity.unit) if unit is None else unit
    value, lower, upper = quantity.fractions
    counted = lower == upper and value.denominator == 1
    # 13791家 and 31195元 stay whole: 万 would only add decimals.
    most = 10**5 if counted or 2 < _places(value / 10**4) <= _MOST else 10**4
    size, scale = (10**8, "亿") if abs(value) >= 10**8 else (10**4, "万")
    if abs(value) < most or unit in ("%", "‰", "个百分点"):
        size, scale = 1, ""
    bound = "as_printed"
    if lower < upper and value in (lower, upper):
        bound = "at_most" if value == upper else "at_least" if math.isinf(upper) else "over"
    ends = [end / size for end in quantity.fractions]
    return print_figure(fixed(ends[0], f".{decimals(*ends)}f"), scale + unit, bound)
