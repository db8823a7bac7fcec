"""How exact a figure is: its value and bounds in base units, decided here and nowhere else."""

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from langfang.data.tables import Folder
from langfang.errors import LangfangError
from langfang.printed.reading import BOUNDS

Bounds = tuple[Fraction, Fraction | float, Fraction | float]  # value, lower, upper; an open end is infinite


class Unit(NamedTuple):
    """A printed unit: one is ``factor`` of its base unit; ``counted`` where whole numbers are counts."""

    base: str
    factor: Fraction
    counted: bool


def units_of(folder: Folder) -> dict[str, Unit]:
    """The printed units of units.csv by name."""
    table, units = folder.table("units"), {}
    columns = map(table.column, ("unit", "base_unit", "factor", "countable"))
    for index, (unit, base, factor, countable) in enumerate(zip(*columns, strict=True)):
        number = Fraction(factor if re.fullmatch(r"\d{1,18}(\.\d{1,18})?", factor, re.ASCII) else 0)
        if number <= 0:
            raise table.error(index, "factor", "a number above 0")
        units[unit] = Unit(base, number, countable == "true" and number == 1)
    return units


@lru_cache(maxsize=2**14)  # the audit asks again and again
def printed_bounds(value: str, bound: str = "as_printed", exact: bool = False) -> Bounds:
    """Value, lower and upper bound of digits as printed, a fraction (``2/3``) or the ends of a ``range``.

    A range (``5..6``) has their middle as its value. The bound of a negative value is that of its size: a
    fall of more than 3 is below −3. ``exact`` (see `is_exact`) matters for ``as_printed`` only.
    """
    if bound == "range":
        low, _, high = value.partition("..")
        low, high = _printed(low)[0], _printed(high)[0]
        if low < high:
            return (low + high) / 2, low, high
        raise LangfangError(f"value {value!r}: expected digits as printed, two ends that rise, such as 5..6")
    if re.match(r"-(?=\d)(?!0+(\.0*)?$)", value, re.ASCII):
        number, lower, upper = printed_bounds(value[1:], bound, exact)
        return -number, -upper, -lower
    number, last, nonzero, leading = _printed(value)
    match bound:
        case "as_printed":
            half = 0 if exact else last / 2
            return number, number - half, number + half
        case "about":
            return number, number - nonzero / 2, number + nonzero / 2
        case "nearly":
            return number, number - nonzero / 2, number
        case "over":  # up to the next step of the leading digit
            return number, number, (number // leading + 1) * leading
        case "more_than" | "at_least":
            return number, number, math.inf
        case "at_most":
            return number, Fraction(0), number
    raise LangfangError(f"bound {bound!r}: expected one of {', '.join(BOUNDS)}")


def _printed(value: str) -> tuple[Fraction, Fraction, Fraction, Fraction]:
    """A number, and the steps of its last digit, its last digit that is not zero, and its leading one."""
    if part := re.fullmatch(r"(\d{1,4})/(\d{1,4})", value, re.ASCII):  # 2/3 is good to half of a third
        if int(part[2]):
            return (Fraction(value), *[Fraction(1, int(part[2]))] * 3)
    elif re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value, re.ASCII):
        digits, places = value.replace(".", "").lstrip("-"), len(value.partition(".")[2])
        number, last = Fraction(value), Fraction(1, 10**places)
        zeros = len(digits) - len(digits.rstrip("0")) if number else 0
        return number, last, last * 10**zeros, last * 10 ** max(len(digits.lstrip("0")) - 1, 0)
    raise LangfangError(f"value {value!r}: expected digits as printed, such as 4.0")


def is_exact(row: dict, unit: Unit) -> bool:
    """Whether print leaves no doubt: a rank, a count of countable things, or a figure set by rule."""
    counted = unit.counted and row["status"] != "forecast" and "." not in row["value"]
    return counted or row["status"] in ("target", "norm") or row["measure"] == "rank"


def bounds_of(row: dict, unit: Unit, how: str = "rounded") -> Bounds:
    """Value, lower and upper bound of a fact in its base unit.

    ``row`` has its value, bound, status and measure as text, ``how`` says how the last digit of a figure that
    is not exact came about: ``rounded``, ``cut`` or ``either``. An error begins with ``value`` or ``bound``.
    """
    exact = is_exact(row, unit)
    value, lower, upper = printed_bounds(row["value"], row["bound"], exact)
    if how != "rounded" and row["bound"] == "as_printed" and not exact:
        step = upper - lower if value >= 0 else lower - upper
        near = value if how == "cut" else lower if value >= 0 else upper
        lower, upper = sorted((near, value + step))
    if unit.factor != 1:
        value, lower, upper = (end * unit.factor for end in (value, lower, upper))  # inf stays inf
    if row["measure"] == "share" and upper > 100:  # no part is larger than its whole
        upper = max(value, Fraction(100))
    return value, lower, upper
