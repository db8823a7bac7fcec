"""Arithmetic written as text: parsed safely, printed for readers, and worked out over intervals of its names.

An interval is a pair of exact fractions; an open end is an infinite float. An interval may come out too wide,
never too narrow, so that a relation which fails over intervals cannot hold.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product

from langfang.errors import LangfangError
from langfang.printed.quantity import Quantity

Interval = tuple  # (lower, upper)
_SIGNS = {ast.Add: " + ", ast.Sub: " − ", ast.Mult: " × ", ast.Div: " ÷ ", ast.Pow: "^"}
_LEVEL = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.Pow: 4}
_ALLOWED = "numbers, names, + - * / **, min, max, year or years"
# Limits, so that no formula takes longer than a moment or leaves the range of floats.
_CHARACTERS, _DEPTH, _CORNERS, _EXPONENT = 1000, 60, 4, 1000
_LARGEST, _BITS = 900, 20_000  # results lie between 2^-900 and 2^900, and have so many binary digits at most


# ---- text to tree, and back ----


@lru_cache(maxsize=2**12)
def parse(text: str) -> ast.expr:
    """The tree of an expression that holds nothing but numbers, names, + - * / **, min, max, year and years.

    Examples
    --------
    >>> render(parse("100 * part / (part + rest)"), {"part": "1680", "rest": "254"})
    '100 × 1680 ÷ (1680 + 254)'
    >>> parse("open('x')")
    Traceback (most recent call last):
    langfang.errors.LangfangError: "open('x')" – expected numbers, names, + - * / **, min, max, year or years
    """
    if len(text) > _CHARACTERS:
        raise LangfangError(f"{text[:40]!r}… – expected arithmetic of at most {_CHARACTERS} characters")
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise LangfangError(f"{text[:80]!r} – expected arithmetic") from None
    _allow(node, text)
    twice = _corner_names(node)
    if len(twice) > _CORNERS:
        raise LangfangError(f"{len(twice)} names that stand in it twice – expected {_CORNERS} at most")
    return node


def _allow(node: ast.expr, text: str, depth: int = 0) -> None:
    if depth > _DEPTH:
        raise LangfangError(f"{text[:40]!r}… – expected at most {_DEPTH} operations within each other")
    match node:
        case ast.Constant(value=number) if type(number) in (int, float) and abs(number) < 1e15:
            parts = []
        case ast.Name():
            parts = []
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            parts = [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            parts = [left, right]
        case ast.Call(func=ast.Name(id="year" | "years"), args=[ast.Name()] as parts, keywords=[]):
            pass
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_] as parts, keywords=[]):
            pass
        case _:
            source = ast.get_source_segment(text.strip(), node) or text
            quoted = f'"{source}"' if len(source) < 80 else f'"{source[:40]}…"'
            raise LangfangError(f"{quoted} – expected {_ALLOWED}")
    for part in parts:
        _allow(part, text, depth + 1)


def names_in(node: ast.expr) -> Counter:
    """How often each name stands in an expression, its functions not among them.

    Examples
    --------
    >>> sorted(names_in(parse("min(a, b) ** years(c)")))
    ['a', 'b', 'c']
    """
    parts = list(ast.walk(node))
    functions = Counter(part.func.id for part in parts if isinstance(part, ast.Call))
    return Counter(part.id for part in parts if isinstance(part, ast.Name)) - functions


def is_date(node: ast.AST) -> bool:
    """Whether it is ``year(name)`` or ``years(name)``."""
    return isinstance(node, ast.Call) and node.func.id in ("year", "years")


def render(node: ast.expr, names: Mapping[str, str], level: int = 0) -> str:
    """An expression as readers write it, with what stands for its names (and for its ``year(name)``).

    Examples
    --------
    >>> render(parse("a - (b - year(c))"), {"a": "3", "b": "2", "year(c)": "2019"})
    '3 − (2 − 2019)'
    """
    match node:
        case ast.Constant(value=value):
            return f"{float(value):g}"
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(operand=operand):
            return f"−{render(operand, names, 3)}"
        case ast.Call(func=ast.Name(id="year" | "years")):
            return names[ast.unparse(node)]
        case ast.Call(func=ast.Name(id=name), args=parts):
            return f"{name}({', '.join(render(part, names) for part in parts)})"
    own = _LEVEL[type(node.op)]
    left = own + isinstance(node.op, ast.Pow)
    right = own + (not isinstance(node.op, ast.Add | ast.Mult))
    text = f"{render(node.left, names, left)}{_SIGNS[type(node.op)]}{render(node.right, names, right)}"
    return f"({text})" if own < level else text


# ---- intervals ----


def interval(node: ast.expr, box: Mapping[str, Interval]) -> Interval:
    """The range of an expression over a box of intervals, one for each name (and each ``year(name)``).

    Plain interval arithmetic is exact where each name stands once. A name that stands twice is put at both
    ends of its interval in turn: the expression, if it is a quotient of two that are linear in the name, can
    only rise or only fall with it. Where that cannot be said, plain arithmetic takes the two as independent.

    Examples
    --------
    >>> [float(end) for end in interval(parse("b / (a + b)"), {"a": (1, 2), "b": (2, 3)})]
    [0.5, 0.75]
    """
    whole = _plain(node, box)  # also at corners no divisor may be zero anywhere between them
    ends = {name: box[name] for name in _corner_names(node) if _is_wide(box[name])}
    if not ends:
        return whole
    corners = [
        dict(zip(ends, [(end, end) for end in choice], strict=True)) for choice in product(*ends.values())
    ]
    found = [_plain(node, {**box, **corner}) for corner in corners]
    return min(low for low, _ in found), max(high for _, high in found)


def _is_wide(ends: Interval) -> bool:
    return ends[0] < ends[1] and not any(isinstance(end, float) for end in ends)


@lru_cache(maxsize=2**12)
def _corner_names(node: ast.expr) -> list[str]:
    """The names that stand in an expression twice, as no more than a quotient of linear expressions."""
    return [name for name, times in names_in(node).items() if times > 1 and max(_degree(node, name)) <= 1]


def _degree(node: ast.expr, name: str) -> tuple[int, int]:
    """Degrees of numerator and denominator in a name, at most; 9 where it is in a power, min or max."""
    match node:
        case ast.Name():
            return int(node.id == name), 0
        case ast.UnaryOp(operand=operand):
            return _degree(operand, name)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as op, right=right):
            (a, b), (c, d) = _degree(left, name), _degree(right, name)
            if isinstance(op, ast.Mult):
                return a + c, b + d
            return (a + d, b + c) if isinstance(op, ast.Div) else (max(a + d, b + c), b + d)
        case ast.BinOp() | ast.Call(func=ast.Name(id="min" | "max")) if name in names_in(node):
            return 9, 9
    return 0, 0


def _plain(node: ast.expr, box: Mapping[str, Interval]) -> Interval:
    match node:
        case ast.Constant(value=number):
            exact = Fraction(repr(number)) if isinstance(number, float) else Fraction(number)
            return exact, exact
        case ast.Name(id=name):
            return box[name]
        case ast.UnaryOp(operand=operand):
            low, high = _plain(operand, box)
            return -high, -low
        case ast.Call(func=ast.Name(id="min" | "max" as name), args=parts):
            ends = zip(*(_plain(part, box) for part in parts), strict=True)
            return tuple(map(min if name == "min" else max, ends))
        case ast.Call():
            return box[ast.unparse(node)]
    (a, b), (c, d) = _plain(node.left, box), _plain(node.right, box)
    match node.op:
        case ast.Add():
            return _sized(a + c, b + d)
        case ast.Sub():
            return _sized(a - d, b - c)
        case ast.Mult():
            return _times((a, b), (c, d))
        case ast.Div() if c <= 0 <= d:
            raise LangfangError("division by a range that holds zero")
        case ast.Div():
            return _times((a, b), tuple(Fraction(0) if isinstance(end, float) else 1 / end for end in (d, c)))
    return _power((a, b), c, d)


def _times(a: Interval, b: Interval) -> Interval:
    # 0 · ∞ is 0: an open end is large, but finite
    ends = [x * y if x and y else Fraction(0) for x in a for y in b]
    return _sized(min(ends), max(ends))


def _power(base: Interval, low: Fraction, high: Fraction) -> Interval:
    if low != high:
        raise LangfangError("an exponent that is no fixed number – expected numbers or years in it")
    bits = max((_bits(end) for end in base if not isinstance(end, float)), default=0)
    if abs(low) > _EXPONENT or bits * abs(low) > _BITS:
        raise LangfangError(f"a power of {float(min(abs(low), 10**9)):g} – its result would be too large")
    middle = next((end for end in base if not isinstance(end, float)), Fraction(1))
    return _sized(*(Quantity(middle, *base) ** low).fractions[1:])


def _bits(number: Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def _sized(*ends) -> Interval:
    for end in ends:
        if end and not isinstance(end, float):
            above = end.numerator.bit_length() - end.denominator.bit_length()
            if abs(above) > _LARGEST or _bits(end) > _BITS:
                raise LangfangError("a number of too many digits – expected results that a reader can use")
    return ends


# ---- units ----

_PER_CENT = ("%", "个百分点", "percentage point")


def dimension(node: ast.expr, unit: Callable[[str], str]) -> str:
    """The unit of an expression, given that of each name: "" for a plain number, "?" for a compound one.

    Sums, min and max need one unit; percentages and percentage points are one, and multiply as plain numbers.

    Examples
    --------
    >>> dimension(parse("a * (1 + b / 100)"), {"a": "元", "b": "%"}.get)
    '元'
    >>> dimension(parse("a + b"), {"a": "元", "b": "户"}.get)
    Traceback (most recent call last):
    langfang.errors.LangfangError: 元 with 户 – expected one unit in sums and comparisons
    """
    match node:
        case ast.Name(id=name):
            return unit(name)
        case ast.UnaryOp(operand=operand):
            return dimension(operand, unit)
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
            return _compound(dimension(left, unit), dimension(right, unit), isinstance(op, ast.Div))
        case ast.BinOp(left=left, op=ast.Pow()):
            return "?" if _counted(dimension(left, unit)) else ""
        case ast.BinOp(left=left, right=right):
            return _one_unit([dimension(left, unit), dimension(right, unit)])
        case ast.Call(func=ast.Name(id="min" | "max"), args=parts):
            return _one_unit([dimension(part, unit) for part in parts])
    return ""


def _counted(unit: str) -> str:
    return "" if unit in _PER_CENT else unit


def _one_unit(units: list[str]) -> str:
    found = list(dict.fromkeys("%" if unit in _PER_CENT else unit for unit in units if unit))
    known = [unit for unit in found if unit != "?"]
    if len(known) > 1:
        raise LangfangError(f"{' with '.join(known)} – expected one unit in sums and comparisons")
    return known[0] if known else "?" if found else ""


def _compound(a: str, b: str, divided: bool) -> str:
    if divided and a == b:
        return ""
    if not _counted(b):
        return a
    return b if not divided and not _counted(a) else "?"
