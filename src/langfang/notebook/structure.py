"""How much the structure of a whole changed: shares that are held to their sum, and two measures."""

from __future__ import annotations

import math
from fractions import Fraction
from operator import mul as _mul

from langfang.errors import LangfangError
from langfang.printed.quantity import Quantity, corners


def held(*shares: Quantity, whole=100) -> list[Quantity]:
    """Shares of one whole, each within what the others leave of it.

    Examples
    --------
    >>> ends = {"7.2": ("7.15", "7.25"), "40.7": ("40.65", "40.75"), "52.2": ("52.15", "52.25")}
    >>> held(*(Quantity(value, *both, "%") for value, both in ends.items()))[2].range(".2f")
    '52.15–52.20'
    """
    lowest, highest = (sum(share.fractions[end] for share in shares) for end in (1, 2))
    if not lowest <= whole <= highest:
        raise LangfangError(f"shares that add up to {float(lowest):g}–{float(highest):g}; expected {whole}")
    return [_rest(share, whole - highest, whole - lowest) for share in shares]


def _rest(share: Quantity, short: Fraction, over: Fraction) -> Quantity:
    """A share if all together may rise by `over` from their lowest and fall by `short` from their highest."""
    value, low, high = share.fractions
    lower, upper = max(low, high + short), min(high, low + over)
    return Quantity(min(max(value, lower), upper), lower, upper, share.unit, share.name)


def structural_change(before, after) -> Quantity:
    """Half the sum of the absolute changes of three shares of a whole, in percentage points.

    Because the changes cancel out, that is the largest of them; so it ranges from the largest of their lower
    bounds to the largest of their upper bounds. Hand over shares that are `held`.

    Examples
    --------
    >>> then, now = ([Quantity.exact(v, "%") for v in shares] for shares in ((10, 50, 40), (7, 45, 48)))
    >>> structural_change(then, now)
    8 percentage point
    """
    changes = [abs(b - a).fractions for a, b in zip(before, after, strict=True)]
    half, *_ = (sum(column) / 2 for column in zip(*changes, strict=True))
    lower, upper = (max(change[end] for change in changes) for end in (1, 2))
    return Quantity(min(max(half, lower), upper), lower, upper, "percentage point")


def moore_angle(before, after) -> Quantity:
    """Moore's measure of structural change: the angle, in degrees, between two vectors of shares.

    Examples
    --------
    >>> then, now = ([Quantity.exact(v, "%") for v in shares] for shares in ((0, 50, 50), (50, 50, 0)))
    >>> print(f"{moore_angle(then, now):.1f}")
    60.0
    """
    # Two shares are free and the third is what they leave. Within bounds as narrow as those of print the
    # angle rises or falls with each, so its ends lie at corners; the bounds of the third are left out, which
    # can only widen the range.
    pairs = (before[0], before[1], after[0], after[1])
    ends = corners(lambda a, b, c, d: _squared_cosine((a, b, 100 - a - b), (c, d, 100 - c - d)), *pairs)
    printed = _squared_cosine(*([share.fractions[0] for share in shares] for shares in (before, after)))
    value, lower, upper = map(_angle, (printed, *reversed(ends.fractions[1:])))
    return Quantity(min(max(value, lower), upper), lower, upper, "°")


def _squared_cosine(x, y):
    return sum(map(_mul, x, y)) ** 2 / (sum(map(_mul, x, x)) * sum(map(_mul, y, y)))


def _angle(squared_cosine) -> float:
    return math.degrees(math.acos(min(math.sqrt(squared_cosine), 1)))
