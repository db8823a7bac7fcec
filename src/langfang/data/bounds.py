"""How exact a figure is: its value and bounds in base units, decided here and nowhere else."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from langfang.data.tables import Folder
from langfang.printed.bounds import printed_bounds


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


def is_exact(row: dict, unit: Unit) -> bool:
    """Whether print leaves no doubt: a rank, a count of countable things, or a figure set by rule."""
    if row["status"] in ("target", "norm") or row["measure"] == "rank":
        return True
    return unit.counted and row["status"] != "forecast" and "." not in row["value"]


def bounds_of(
    row: dict, unit: Unit, how: str = "rounded"
) -> tuple[Fraction, Fraction | float, Fraction | float]:
    """Value, lower and upper bound of a fact in its base unit; an open end is an infinite float.

    ``row`` has its value, bound, status and measure as text, ``how`` says how the last digit of a figure that
    is not exact came about: ``rounded``, ``cut`` or ``either``. An error begins with ``value`` or ``bound``.

    >>> share = {"value": "99.9", "bound": "as_printed", "status": "actual", "measure": "share"}
    >>> [float(end) for end in bounds_of(share, Unit("%", Fraction(1), False))]
    [99.9, 99.85, 99.95]
    >>> [float(end) for end in bounds_of(share, Unit("%", Fraction(1), False), "cut")]
    [99.9, 99.9, 100.0]
    """
    exact = is_exact(row, unit)
    value, lower, upper = printed_bounds(row["value"], row["bound"], exact)
    if how != "rounded" and row["bound"] == "as_printed" and not exact:
        step = upper - lower if value >= 0 else lower - upper
        near = value if how == "cut" else lower if value >= 0 else upper
        lower, upper = sorted((near, value + step))
    value, lower, upper = (end * unit.factor for end in (value, lower, upper))  # inf stays inf
    if row["measure"] == "share" and upper > 100:  # no part is larger than its whole
        upper = max(value, Fraction(100))
    return value, lower, upper
