"""Numbers that carry hard bounds and a unit, as exact fractions: no rounding of ours narrows a range."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import wraps
from itertools import product
from numbers import Integral, Rational, Real
from operator import add, ge, gt, le, lt

from langfang.errors import LangfangError
from langfang.printed.wording import between, decimals, fixed, range_decimals

# What a unit says about the bare number in front of it: 5 % is 0.05.
PER_CENT = dict.fromkeys(("%", "percentage point", "percentage points", "个百分点"), Fraction(1, 100))
_PLAIN = dict.fromkeys(("1", "ratio"), Fraction(1)) | {"‰": Fraction(1, 1000)} | PER_CENT
# What numpy may do with quantities, one by one: it keeps their bounds.
_UFUNCS = """
    add subtract multiply divide power negative absolute sqrt equal greater less greater_equal less_equal
""".split()  # noqa: SIM905


def _exact(number) -> Fraction | float:
    """A plain number as the fraction it is written as; infinities stay floats."""
    try:
        if isinstance(number, Real) and not isinstance(number, Rational):
            number = float(number)
            return number if math.isinf(number) else Fraction(repr(number))
        return Fraction(int(number) if isinstance(number, Integral) else number)
    except (TypeError, ValueError, OverflowError) as error:
        raise LangfangError(f"{number!r} is no finite number") from error


def _operator(method):
    """An operator that leaves columns of pandas and numpy to them: they come back with one item at a time."""

    @wraps(method)
    def operator(self, other):
        return NotImplemented if getattr(other, "ndim", 0) else method(self, other)

    return operator


def _comparison(compare, sign):
    """An operator that says what holds for all values within both bounds; an error where that is open."""

    @_operator
    def comparison(self, other) -> bool:
        ends = product(self.fractions[1:], self._like(other, "compared with").fractions[1:])
        answers = {compare(*pair) for pair in ends}
        if len(answers) == 2 and self != other:
            ask = "ask surely_above, surely_below or overlaps, or compare .value"
            raise LangfangError(f"{self} {sign} {other}: the ranges leave it open; {ask}")
        return answers == {True}

    return comparison


class Quantity:
    """A number with a unit and hard bounds; arithmetic carries both.

    ``value``, ``lower`` and ``upper`` are floats, ``fractions`` the same three, exact but for an open end.

    Parameters
    ----------
    value, lower, upper : int, float, str, decimal.Decimal or fractions.Fraction
        The number and its bounds; floats count as the decimal they print as. Bounds default to the value, and
        may be infinite.
    unit : str
        ``"1"`` for a plain number.
    name, fact_id, status : str
        What it measures, and for a fact its id and status; results of arithmetic have none of them.

    Notes
    -----
    ``+`` and ``-`` need one unit (% and percentage points go together; % less % gives points). ``*`` and
    ``/`` take plain numbers and quantities of unit ``"1"``, and ``/`` takes two quantities of one unit to
    give a ratio; for anything else use `times` and `over` and name the unit. ``**`` takes plain numbers, as
    in ``(b / a) ** (1 / 4)``, and shares as such: 50 % squared is 0.25. A comparison that the bounds leave
    open is an error, and so is what would drop them: ``float``, functions of ``math``, ``round``.
    Each operation takes its operands as independent: where one fact enters a formula twice, use `corners`.

    Examples
    --------
    >>> index = Quantity("98.04", "98.035", "98.045", unit="%")
    >>> index - Quantity("94.97", "94.965", "94.975", unit="%")
    3.07 percentage point (3.06–3.08)
    >>> index > 95, index ** 2
    (True, 0.96118 (0.96108–0.96129))
    >>> print(f"{index:.1f}, that is {index.range('.1f')}")
    98.0, that is 98.0–98.1
    """

    __slots__ = ("fact_id", "fractions", "name", "status", "unit")

    def __init__(self, value, lower=None, upper=None, unit: str = "1", name: str = "", fact_id="", status=""):
        value, lower, upper = (_exact(value if end is None else end) for end in (value, lower, upper))
        if isinstance(value, float) or not lower <= value <= upper:
            raise LangfangError(f"value {value} does not lie within {lower} and {upper}, or is not finite")
        contents = (fact_id, (value, lower, upper), name, status, unit)
        for slot, content in zip(self.__slots__, contents, strict=True):
            object.__setattr__(self, slot, content)

    @classmethod
    def exact(cls, value, unit: str = "1") -> Quantity:
        """A number without any doubt about it.

        >>> Quantity.exact(32, "项")
        32 项
        """
        return cls(value, unit=unit)

    def __setattr__(self, name, value):
        raise AttributeError("a Quantity does not change; make a new one")

    def __reduce__(self):
        return Quantity, (*self.fractions, self.unit, self.name, self.fact_id, self.status)

    value = property(lambda self: float(self.fractions[0]), doc="The number, as the nearest float.")
    lower = property(lambda self: float(self.fractions[1]), doc="Its lower bound; -inf where it is open.")
    upper = property(lambda self: float(self.fractions[2]), doc="Its upper bound; inf where it is open.")

    @_operator
    def __add__(self, other):
        other = self._like(other, "+")
        unit = "%" if "%" in (self.unit, other.unit) else self.unit
        return Quantity(*map(add, self.fractions, other.fractions), unit)

    __radd__ = __add__

    def __neg__(self):
        value, lower, upper = self.fractions
        return Quantity(-value, -upper, -lower, self.unit)

    def __abs__(self):
        value, lower, upper = self.fractions
        if lower < 0 < upper:
            return Quantity(abs(value), 0, max(-lower, upper), self.unit)
        return self if lower >= 0 else -self

    @_operator
    def __sub__(self, other):
        other = self._like(other, "-")
        difference = self + -other
        points = self.unit == other.unit == "%"
        return Quantity(*difference.fractions, "percentage point" if points else difference.unit)

    def __rsub__(self, other):
        return -self + other

    @_operator
    def __mul__(self, other):
        other = _quantity(other)
        if "1" not in (self.unit, other.unit):
            raise LangfangError(f"{self.unit} times {other.unit}: name the unit, a.times(b, unit=…)")
        return self._product(other, other.unit if self.unit == "1" else self.unit)

    __rmul__ = __mul__

    @_operator
    def __truediv__(self, other):
        other = _quantity(other)
        if other.unit not in (self.unit, "1"):
            raise LangfangError(f"{self.unit} over {other.unit}: name the unit, a.over(b, unit=…)")
        return self._product(other._inverse(), "1" if other.unit == self.unit else self.unit)

    def __rtruediv__(self, other):
        return _quantity(other) / self

    def __pow__(self, exponent):
        if self.unit not in _PLAIN:
            raise LangfangError(f"a power of {self.unit}: expected a plain number, such as (b / a)")
        power, base = _exact(exponent), self.to("1")
        if isinstance(power, float) or abs(power) > 1000:
            raise LangfangError(f"exponent {exponent!r}: expected a number between -1000 and 1000")
        near = power.limit_denominator(10**6)  # 1 / 3 is meant as a third
        power = near if float(near) == float(power) else power
        base, power = base if power >= 0 else base._inverse(), abs(power)
        value, lower, upper = (abs(base) if power % 2 == 0 else base).fractions
        if power.denominator == 1:
            return Quantity(value**power, lower**power, upper**power)
        if lower < 0:
            raise LangfangError(f"fractional power of {base}: the range reaches below zero")
        return Quantity(_power(value, power), _power(lower, power, -1), _power(upper, power, 1))

    def times(self, other: Quantity | float | Fraction, unit: str) -> Quantity:
        """The product, in the unit you name; a percentage counts as hundredths.

        >>> Quantity.exact(200, "元").times(Quantity.exact(15, "%"), unit="元")
        30 元
        """
        other = _quantity(other)
        return self._product(other, unit) * (_size(self.unit) * _size(other.unit) / _size(unit))

    def over(self, other: Quantity | float | Fraction, unit: str) -> Quantity:
        """The quotient, in the unit you name; a percentage counts as hundredths, given or asked for.

        >>> Quantity.exact(29, "项").over(Quantity.exact(32, "项"), unit="%")
        90.625 %
        """
        return self.times(_quantity(other)._inverse(), unit)

    def to(self, unit: str) -> Quantity:
        """The same in another unit of plain numbers: ``"1"``, ``"%"``, ``"‰"`` or ``"percentage point"``.

        >>> 1 + Quantity.exact(32, "%").to("1")
        1.32
        """
        if self.unit not in _PLAIN or unit not in _PLAIN:
            raise LangfangError(f"{self.unit} to {unit}: expected two of {', '.join(_PLAIN)}")
        return self.times(1, unit)

    def _product(self, other, unit):
        value, *ends = self.fractions
        factor, *factors = other.fractions
        # Also 0 · ∞ is 0: an open end is large, but finite.
        results = [a * b if a and b else 0 for a, b in product(ends, factors)]
        return Quantity(value * factor, min(results), max(results), unit)

    def _inverse(self):
        value, lower, upper = self.fractions
        if lower <= 0 <= upper:
            raise LangfangError(f"division by {self}: the range holds zero")
        return Quantity(1 / value, 1 / upper, 1 / lower, f"1/{self.unit}")

    def _like(self, other, sign):
        """The other operand, if it has this one's unit; a bare number has it in a comparison, 0 always."""
        if not isinstance(other, Quantity):
            number = _exact(other)
            if number and self.unit != "1" and sign in ("+", "-"):  # sum() begins with 0
                unit = f"Quantity.exact({other}, {self.unit!r})"
                raise LangfangError(f"{self.unit} {sign} {other}: the number needs a unit, such as {unit}")
            return Quantity.exact(number, self.unit)
        if other.unit != self.unit and not {self.unit, other.unit} <= PER_CENT.keys():
            raise LangfangError(f"{self.unit} {sign} {other.unit}: expected one unit")
        return other

    def __eq__(self, other):
        if not isinstance(other, Quantity):
            return NotImplemented
        return (self.fractions, self.unit) == (other.fractions, other.unit)

    def __hash__(self):
        return hash((self.fractions, self.unit))

    def surely_above(self, other: Quantity | float | Fraction) -> bool:
        """Whether it is larger wherever both lie within their bounds.

        >>> Quantity(5, 4, 6, "%").surely_above(Quantity.exact(4, "%"))
        False
        """
        return self.fractions[1] > self._like(other, "compared with").fractions[2]

    def surely_below(self, other: Quantity | float | Fraction) -> bool:
        """Whether it is smaller wherever both lie within their bounds."""
        return self.fractions[2] < self._like(other, "compared with").fractions[1]

    def overlaps(self, other: Quantity | float | Fraction) -> bool:
        """Whether both can be the same number.

        >>> Quantity(3, "2.5", "3.5", "percentage point").overlaps(Quantity("3.07", "3.06", "3.08", "%"))
        True
        """
        return not (self.surely_above(other) or self.surely_below(other))

    __gt__, __lt__ = _comparison(gt, ">"), _comparison(lt, "<")
    __ge__, __le__ = _comparison(ge, ">="), _comparison(le, "<=")

    def __array_ufunc__(self, ufunc, method, *inputs, **_):
        """What numpy asks of a number beside it: arithmetic keeps bounds, everything else is refused."""
        if ufunc.__name__ not in _UFUNCS or method != "__call__":
            return self._drops(f"numpy.{ufunc.__name__}")
        import numpy as np

        return ufunc(*map(np.asarray, inputs), dtype=object)  # one item at a time

    def _drops(self, call: str):
        raise LangfangError(f"{call} of {self} would drop its bounds; take .value, .lower or .upper")

    def __float__(self):
        return self._drops("float() or a function of math")

    def __int__(self):
        return self._drops("int()")

    def __round__(self, digits=0):
        return self._drops(f"round() ({self:.{max(digits or 0, 0)}f} in a text)")

    def sqrt(self) -> Quantity:
        """The square root of a plain number, with its bounds."""
        return self ** Fraction(1, 2)

    def __format__(self, spec):
        if spec.endswith("%") and self.unit in _PLAIN and self.unit not in ("1", "ratio"):
            raise LangfangError(f"format {spec!r} of {self}: it is in {self.unit} already; use {spec[:-1]}f")
        return fixed(self.fractions[0], spec) if spec else str(self)

    def range(self, spec: str = ".6g") -> str:
        """The bounds as text, rounded outward so that they still hold.

        >>> Quantity("3.07", "3.065", "3.075").range(".2f"), Quantity(420, 420, float("inf")).range(".0f")
        ('3.06–3.08', '≥ 420')
        """
        return between(*self.fractions[1:], spec)

    def __str__(self):
        value, lower, upper = self.fractions
        own, shared = decimals(value, lower, upper), range_decimals(lower, upper)
        unit = "" if self.unit == "1" else f" {self.unit}"
        span = "" if lower == upper else f" ({self.range(f',.{max(shared, own)}f')})"
        return f"{self:,.{own}f}{unit}{span}"

    __repr__ = __str__


def _quantity(number) -> Quantity:
    return number if isinstance(number, Quantity) else Quantity.exact(number)


def _size(unit: str) -> Fraction:
    """What one of the unit is as a plain number, as far as it is one: 1/100 for % and for %/年."""
    top, *below = (_PLAIN.get(part, 1) for part in unit.split("/"))
    return Fraction(top) / math.prod(below)


def _power(number: Fraction | float, exponent: Fraction, outward: int = 0) -> Fraction | float:
    """A number from 0 to a power above 0, to 50 digits, rounded up (1), down (-1) or to the nearest."""
    if isinstance(number, float):
        return number
    with localcontext(prec=60):
        power = Decimal(exponent.numerator) / exponent.denominator
        result = (Decimal(number.numerator) / number.denominator) ** power
        near = Fraction(format(result, ".30g"))
        if exponent.denominator <= 64 and near**exponent.denominator == number**exponent.numerator:
            return near
        return Fraction(result * (1 + outward * Decimal("1e-50")))


def corners(function: Callable, *quantities: Quantity, unit: str = "1") -> Quantity:
    """Hard range of a formula that rises or falls steadily with each of its facts.

    A fact that enters the formula twice is counted once: the formula is worked out at every corner of the
    facts' bounds, instead of step by step.

    Parameters
    ----------
    function : callable
        Takes as many plain numbers (quantities of unit ``"1"``: + - * / ** and no unit to mind) as there are
        quantities, and gives one. A percentage comes as 5 for 5 %.
    *quantities : Quantity
        The facts, each once; ten at most. With an open-ended one the range is taken step by step.
    unit : str
        Of the result.

    Raises
    ------
    LangfangError
        If the formula divides by a range that holds zero, or is not monotone.

    Examples
    --------
    >>> part, rest = Quantity(20, 15, 25, "户"), Quantity(80, 75, 85, "户")
    >>> corners(lambda a, b: 100 * a / (a + b), part, rest, unit="%")
    20 % (15–25)
    >>> part.over(part + rest, unit="%")
    20 % (13–28)
    """
    if len(quantities) > 10:
        raise LangfangError(f"{len(quantities)} quantities: corners are worked out for ten at most")
    step_by_step = _quantity(function(*(Quantity(*q.fractions) for q in quantities)))
    value, *_ = step_by_step.fractions
    if any(isinstance(end, float) for q in quantities for end in q.fractions):
        return Quantity(*step_by_step.fractions, unit)
    ends = product(*(dict.fromkeys(q.fractions[1:]) for q in quantities))
    results = [_quantity(function(*map(Quantity.exact, corner))).fractions for corner in ends]
    lower, upper = min(low for _, low, _ in results), max(high for *_, high in results)
    if not lower <= value <= upper:
        raise LangfangError("the formula is not monotone in its facts: its value lies outside its corners")
    return Quantity(value, lower, upper, unit)


def per_year(before: Quantity, after: Quantity, years: Quantity | float | Fraction) -> Quantity:
    """The mean rate of growth a year (compound, in per cent) that leads from one level to another.

    >>> per_year(Quantity.exact(800, "元"), Quantity.exact(1000, "元"), 3).range(".1f")
    '7.7–7.8'
    """
    return ((after / before) ** (1 / Fraction(years)) - 1).to("%")
