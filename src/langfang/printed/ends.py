"""Arithmetic on the exact ends of a range: fractions, or infinite floats."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction
from numbers import Integral, Real

from langfang.errors import LangfangError

INFINITY = math.inf


def exact_number(number) -> Fraction | float:
    """A plain number as the fraction it is written as; infinities stay floats."""
    if isinstance(number, Fraction | Integral | str | Decimal):
        try:
            return Fraction(int(number) if isinstance(number, Integral) else number)
        except (ValueError, OverflowError) as error:
            raise LangfangError(f"{number!r} is not a finite decimal number") from error
    if isinstance(number, Real):
        number = float(number)
        if math.isnan(number):
            raise LangfangError("nan is no number to calculate with")
        return number if math.isinf(number) else Fraction(repr(number))
    raise LangfangError(f"{number!r} is no number")


def add_ends(a, b):
    return a if isinstance(a, float) else b if isinstance(b, float) else a + b


def multiply_ends(a, b):
    if a == 0 or b == 0:
        return Fraction(0)  # also 0 · ∞: an open end is large, but finite
    if isinstance(a, float) or isinstance(b, float):
        return INFINITY if (a > 0) == (b > 0) else -INFINITY
    return a * b


def invert_end(a):
    return Fraction(0) if isinstance(a, float) else 1 / a


def power_of_end(a, exponent: Fraction, rounding: str):
    """a ** exponent for a >= 0 and a positive fractional exponent, rounded to 50 digits in one direction."""
    if a == 0 or isinstance(a, float):
        return a
    with localcontext() as context:
        context.prec = 60
        power = Decimal(exponent.numerator) / exponent.denominator
        result = (Decimal(a.numerator) / a.denominator) ** power
        near = Fraction(format(result, ".30g"))
        if exponent.denominator <= 64 and near**exponent.denominator == a**exponent.numerator:
            return near
        outward = {ROUND_FLOOR: -1, ROUND_CEILING: 1}.get(rounding, 0) * Decimal("1e-50")
        return Fraction(result * (1 + outward))
