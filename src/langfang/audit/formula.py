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
_OPERATORS = {  # as readers write it, how closely it binds, and how closely what is left and right of it must
    ast.Add: (" + ", 1, 1, 1),
    ast.Sub: (" − ", 1, 1, 2),
    ast.Mult: (" × ", 2, 2, 2),
    ast.Div: (" ÷ ", 2, 2, 3),
    ast.Pow: ("^", 4, 5, 5),
}
_ALLOWED = "numbers, names, + - * / **, min, max, year or years"
# Limits, so that no formula takes longer than a moment or leaves the range of floats.
_CHARACTERS, _DEPTH, _CORNERS, _EXPONENT = 1000, 60, 4, 1000
_LARGEST, _BITS = 900, 20_000  # results lie between 2^-900 and 2^900, and have so many binary digits at most


# ---- text to tree, and back ----


@lru_cache(maxsize=2**12)
def parse(text: str) -> ast.expr:
    """The tree of an expression that holds nothing but numbers, names, + - * / **, min, max, year and years.

    ``year(x)`` and ``years(x)`` are names of their own in it.

    >>> render(parse("100 * part / (part + year(x))"), {"part": "1680", "year(x)": "2019"})
    '100 × 1680 ÷ (1680 + 2019)'
    """
    if len(text) > _CHARACTERS:
        raise LangfangError(f"{text[:40]!r}… – expected arithmetic of at most {_CHARACTERS} characters")
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise LangfangError(f"{text[:80]!r} – expected arithmetic") from None
    parts = [(node, 0)]
    while parts:
        part, depth = parts.pop()
        if depth > _DEPTH:
            raise LangfangError(f"{text[:40]!r}… – expected at most {_DEPTH} operations within each other")
        if not _is_allowed(part):
            source = ast.get_source_segment(text.strip(), part) or text
            quoted = f'"{source}"' if len(source) < 80 else f'"{source[:40]}…"'
            raise LangfangError(f"{quoted} – expected {_ALLOWED}")
        inner = [child for child in ast.iter_child_nodes(part) if isinstance(child, ast.expr)]
        parts += [(child, depth + 1) for child in reversed(inner)]
    node = _Dates().visit(node)
    twice = _corner_names(node)
    if len(twice) > _CORNERS:
        raise LangfangError(f"{len(twice)} names that stand in it twice – expected {_CORNERS} at most")
    return node


def _is_allowed(node: ast.expr) -> bool:
    match node:
        case ast.Name() | ast.UnaryOp(op=ast.USub()):
            return True
        case ast.Constant(value=number):
            return type(number) in (int, float) and abs(number) < 1e15
        case ast.BinOp(op=op):
            return type(op) in _OPERATORS
        case ast.Call(func=ast.Name(id="year" | "years"), args=[ast.Name()], keywords=[]):
            return True
        case ast.Call(func=ast.Name(id="min" | "max"), args=[_, _, *_], keywords=[]):
            return True
    return False


class _Dates(ast.NodeTransformer):
    def visit_Call(self, node):
        name = node.func.id in ("year", "years") and ast.unparse(node)
        return ast.Name(name) if name else self.generic_visit(node)


def names_in(node: ast.expr) -> Counter:
    """How often each name stands in an expression; ``min`` and ``max`` are none, ``year(x)`` is one."""
    parts = list(ast.walk(node))
    functions = Counter(part.func.id for part in parts if isinstance(part, ast.Call))
    return Counter(part.id for part in parts if isinstance(part, ast.Name)) - functions


def render(node: ast.expr, names: Mapping[str, str], level: int = 0) -> str:
    """An expression as readers write it, with what stands for its names."""
    match node:
        case ast.Constant(value=value):
            return f"{float(value):g}"
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(operand=operand):
            return f"−{render(operand, names, 3)}"
        case ast.Call(func=ast.Name(id=name), args=parts):
            return f"{name}({', '.join(render(part, names) for part in parts)})"
    sign, own, left, right = _OPERATORS[type(node.op)]
    text = render(node.left, names, left) + sign + render(node.right, names, right)
    return f"({text})" if own < level else text


# ---- intervals ----


def interval(node: ast.expr, box: Mapping[str, Interval]) -> Interval:
    """The range of an expression over a box of intervals, one for each name.

    Plain interval arithmetic is exact where each name stands once. A name that stands twice is put at both
    ends of its interval in turn: the expression, if it is a quotient of two that are linear in the name, can
    only rise or only fall with it. Where that cannot be said, plain arithmetic takes the two as independent.

    >>> [float(end) for end in interval(parse("b / (a + b)"), {"a": (1, 2), "b": (2, 3)})]
    [0.5, 0.75]
    """
    whole = _plain(node, box)  # also at corners no divisor may be zero anywhere between them
    ends = {name: box[name] for name in _corner_names(node) if _is_wide(*box[name])}
    if not ends:
        return whole
    exact = ([(end, end) for end in choice] for choice in product(*ends.values()))
    found = [_plain(node, {**box, **dict(zip(ends, corner, strict=True))}) for corner in exact]
    return min(low for low, _ in found), max(high for _, high in found)


def _is_wide(low, high) -> bool:
    return low < high and not isinstance(low, float) and not isinstance(high, float)


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
    return (9, 9) if name in names_in(node) else (0, 0)


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
        case ast.Call(func=ast.Name(id=name), args=parts):
            ends = zip(*(_plain(part, box) for part in parts), strict=True)
            return tuple(map(min if name == "min" else max, ends))
    (a, b), (c, d) = _plain(node.left, box), _plain(node.right, box)
    match node.op:
        case ast.Add():
            ends = a + c, b + d
        case ast.Sub():
            ends = a - d, b - c
        case ast.Pow():
            ends = _power((a, b), c, d)
        case ast.Div() if c <= 0 <= d:
            raise LangfangError("division by a range that holds zero")
        case _:
            if isinstance(node.op, ast.Div):
                c, d = (Fraction(0) if isinstance(end, float) else 1 / end for end in (d, c))
            # 0 · ∞ is 0: an open end is large, but finite
            products = [x * y if x and y else Fraction(0) for x in (a, b) for y in (c, d)]
            ends = min(products), max(products)
    for end in ends:
        if end and not isinstance(end, float):
            above, below = (number.bit_length() for number in end.as_integer_ratio())
            if abs(above - below) > _LARGEST or max(above, below) > _BITS:
                raise LangfangError("a number of too many digits – expected results that a reader can use")
    return ends


def _power(base: Interval, low: Fraction, high: Fraction) -> Interval:
    if low != high:
        raise LangfangError("an exponent that is no fixed number – expected numbers or years in it")
    known = [end for end in base if not isinstance(end, float)]
    bits = max((number.bit_length() for end in known for number in end.as_integer_ratio()), default=0)
    if abs(low) > _EXPONENT or bits * abs(low) > _BITS:
        raise LangfangError(f"a power of {float(min(abs(low), 10**9)):g} – its result would be too large")
    return (Quantity([*known, 1][0], *base) ** low).fractions[1:]


# ---- units ----

_PER_CENT = ("%", "个百分点", "percentage point")
_PLAIN = ("", *_PER_CENT)


def dimension(node: ast.expr, unit: Callable[[str], str | None]) -> str:
    """The unit of an expression, given that of each name: "" for a plain number, "?" for a compound one.

    Sums, min and max need one unit; percentages and percentage points are one, and multiply as plain numbers.

    >>> dimension(parse("a + b"), {"a": "元", "b": "户"}.get)
    Traceback (most recent call last):
    langfang.errors.LangfangError: 元 with 户 – expected one unit in sums and comparisons
    """
    match node:
        case ast.Name(id=name):
            return unit(name) or ""
        case ast.UnaryOp(operand=operand):
            return dimension(operand, unit)
        case ast.BinOp(left=left, op=ast.Pow()):
            return "" if dimension(left, unit) in _PLAIN else "?"
        case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
            a, b = dimension(left, unit), dimension(right, unit)
            if isinstance(op, ast.Div) and a == b:
                return ""
            if b in _PLAIN:
                return a
            return b if isinstance(op, ast.Mult) and a in _PLAIN else "?"
        case ast.BinOp(left=left, right=right):
            parts = [left, right]
        case ast.Call(args=parts):
            pass
        case _:
            return ""
    found = [dimension(part, unit) for part in parts]
    units = dict.fromkeys("%" if name in _PER_CENT else name for name in found if name)
    known = [name for name in units if name != "?"]
    if len(known) > 1:
        raise LangfangError(f"{' with '.join(known)} – expected one unit in sums and comparisons")
    return next(iter(known or units), "")
