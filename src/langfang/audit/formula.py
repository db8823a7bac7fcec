"""Arithmetic written as text: parsed safely, printed for readers, and evaluated over ranges of its names.

A range is a pair of exact fractions (an open end is an infinite float). Every name is one unknown, however
often it stands in an expression, so that ``b / (a + b)`` is not wider than a and b allow.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from itertools import chain, product

from langfang.errors import LangfangError
from langfang.printed.quantity import Quantity

__all__ = ["degree", "dimension", "extent", "minus", "names_in", "parse", "render", "with_calls"]

Range = tuple  # (lower, upper)
_SIGNS = {ast.Add: " + ", ast.Sub: " − ", ast.Mult: " × ", ast.Div: " ÷ ", ast.Pow: "^"}
_OF_FACTS = ("year", "years")  # functions that a caller puts numbers in place of
_ONE = (Fraction(1), Fraction(1))


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
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise LangfangError(f"{text!r} – expected arithmetic") from None
    _allow(node)
    return node


def _allow(node) -> None:
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
            expected = "numbers, names, + - * / **, min, max, year or years"
            raise LangfangError(f'"{ast.unparse(node)}" – expected {expected}')
    for part in parts:
        _allow(part)


def names_in(node) -> set[str]:
    """The names an expression uses, its functions not among them.

    Examples
    --------
    >>> sorted(names_in(parse("min(a, b) ** years(c)")))
    ['a', 'b', 'c']
    """
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.UnaryOp(operand=operand):
            return names_in(operand)
        case ast.BinOp(left=left, right=right):
            return names_in(left) | names_in(right)
        case ast.Call(args=parts):
            return set().union(*map(names_in, parts))
    return set()


def minus(left, right) -> ast.expr:
    return ast.BinOp(left, ast.Sub(), right)


def with_calls(node, number: Callable) -> ast.expr:
    """The expression with ``number(function, name)`` in the place of year(name) and years(name)."""
    match node:
        case ast.Call(func=ast.Name(id=function), args=[ast.Name(id=name)]) if function in _OF_FACTS:
            return ast.Constant(number(function, name))
        case ast.Call(func=function, args=parts):
            return ast.Call(function, [with_calls(part, number) for part in parts], [])
        case ast.BinOp(left=left, op=op, right=right):
            return ast.BinOp(with_calls(left, number), op, with_calls(right, number))
        case ast.UnaryOp(op=op, operand=operand):
            return ast.UnaryOp(op, with_calls(operand, number))
    return node


_LEVEL = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.Pow: 4}


def render(node, names: dict, level: int = 0) -> str:
    """An expression as readers write it, with what stands for its names.

    Examples
    --------
    >>> render(parse("a - (b - c)"), {"a": "3 %", "b": "2 %", "c": "1 %"})
    '3 % − (2 % − 1 %)'
    """
    match node:
        case ast.Constant(value=value):
            return f"{float(value):g}"
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(operand=operand):
            return f"−{render(operand, names, 3)}"
        case ast.Call(func=ast.Name(id=name), args=parts):
            inside = ", ".join(render(part, names) for part in parts)
            return f"{name}({inside})"
    own = _LEVEL[type(node.op)]
    left = own + isinstance(node.op, ast.Pow)
    right = own + (not isinstance(node.op, ast.Add | ast.Mult))
    text = f"{render(node.left, names, left)}{_SIGNS[type(node.op)]}{render(node.right, names, right)}"
    return f"({text})" if own < level else text


# ---- ranges ----


def extent(node, box: dict[str, Range], planes=(), depth: int = 3) -> Range:
    """The range of an expression over a box of ranges, each name counted once.

    Where it can only rise or only fall with each name, its ends lie at corners of the box; otherwise the box
    is halved, and what is still bent after some halvings keeps a range too wide rather than too narrow.
    ``planes`` are linear expressions that are zero as well; then the expression must be linear or a quotient
    of two such.

    Examples
    --------
    >>> [float(end) for end in extent(parse("b / (a + b)"), {"a": (1, 2), "b": (2, 3)})]
    [0.5, 0.75]
    >>> [float(end) for end in extent(parse("a"), {"a": (1, 3), "b": (8, 9)}, [parse("a + b - 10")])]
    [1.0, 2.0]
    """
    box = {name: tuple(map(_fraction, ends)) for name, ends in box.items()}
    if any(isinstance(part, ast.Call) for part in ast.walk(node)):
        depth = 0  # min and max take the range of the part that binds, which halving seldom narrows
    return _held(node, box, planes) if planes else _extent(node, box, depth)


def _fraction(end):
    return end if isinstance(end, float) and math.isinf(end) else Fraction(end)


def _extent(node, box, depth) -> Range:
    whole, slopes = _derive(node, box)
    wide = [name for name in slopes if _width(box[name])]
    unsure = [name for name in wide if slopes[name][0] < 0 < slopes[name][1]]
    # A quotient of two linear expressions of a name turns nowhere, whichever way it runs.
    bent = [name for name in unsure if max(degree(node, {name})) > 1 or math.isinf(_width(box[name]))]
    if not bent:
        found = [_derive(node, corner)[0] for corner in _corners(box, slopes, unsure)]
        return min(low for low, _ in found), max(high for _, high in found)
    finite = [name for name in bent if not math.isinf(_width(box[name]))]
    if not depth or not finite:
        return whole
    widest = max(finite, key=lambda name: _width(box[name]) * _width(slopes[name]))
    (low, high), middle = box[widest], sum(box[widest]) / 2
    halves = [_extent(node, box | {widest: half}, depth - 1) for half in ((low, middle), (middle, high))]
    return min(low for low, _ in halves), max(high for _, high in halves)


def _width(ends):
    return ends[1] - ends[0]


def _corners(box, slopes, unsure) -> Iterator[dict]:
    """The corners where an expression can be smallest or largest; an open range stays as it is."""
    for upper in (False, True):
        ends = {name: box[name][(low >= 0) == upper] for name, (low, _) in slopes.items()}
        corner = box | {name: (end, end) for name, end in ends.items() if not math.isinf(_width(box[name]))}
        for choice in product(*(box[name] for name in unsure)):
            yield corner | {name: (end, end) for name, end in zip(unsure, choice, strict=True)}


def _derive(node, box) -> tuple[Range, dict]:
    """Range of an expression, and of its slope in each name."""
    match node:
        case ast.Constant(value=number):
            exact = Fraction(repr(number)) if isinstance(number, float) else Fraction(number)
            return (exact, exact), {}
        case ast.Name(id=name):
            return box[name], {name: _ONE}
        case ast.UnaryOp(operand=operand):
            value, slopes = _derive(operand, box)
            return _negative(value), {name: _negative(slope) for name, slope in slopes.items()}
        case ast.BinOp(left=left, op=op, right=right):
            return _combine(type(op), _derive(left, box), _derive(right, box))
    return _outermost(node.func.id, [_derive(part, box) for part in node.args])


def _combine(op, left, right):
    (a, da), (b, db) = left, right
    if op is ast.Add:
        return _plus(a, b), _joined(da, db)
    if op is ast.Sub:
        return _plus(a, _negative(b)), _joined(da, {name: _negative(slope) for name, slope in db.items()})
    if op is ast.Mult:
        return _times(a, b), _joined(_scaled(da, b), _scaled(db, a))
    if op is ast.Div:
        part = _inverse(b)
        value = _times(a, part)
        return value, _joined(_scaled(da, part), _scaled(db, _negative(_times(value, part))))
    if db or b[0] != b[1]:
        raise LangfangError("an exponent with names in it – expected a number")
    power = b[0]
    slope = _times(_power(a, power - 1), (power, power)) if da else _ONE
    return _power(a, power), _scaled(da, slope)


def _outermost(function, parts):
    """min or max: any part may be the one, so slopes span those of all, zero where a part lacks the name."""
    pick = min if function == "min" else max
    value = pick(low for (low, _), _ in parts), pick(high for (_, high), _ in parts)
    names = dict.fromkeys(chain.from_iterable(slopes for _, slopes in parts))
    spans = {name: [slopes.get(name, (0, 0)) for _, slopes in parts] for name in names}
    return value, {name: (min(l for l, _ in span), max(h for _, h in span)) for name, span in spans.items()}  # noqa: E741


def _joined(a: dict, b: dict) -> dict:
    return a | {name: _plus(a[name], slope) if name in a else slope for name, slope in b.items()}


def _scaled(slopes: dict, factor: Range) -> dict:
    return {name: _times(slope, factor) for name, slope in slopes.items()}


def _negative(a: Range) -> Range:
    return -a[1], -a[0]


def _plus(a: Range, b: Range) -> Range:
    return a[0] + b[0], a[1] + b[1]


def _times(a: Range, b: Range) -> Range:
    if a[0] == a[1] and b[0] == b[1]:
        return (_product(a[0], b[0]),) * 2
    ends = [_product(x, y) for x in a for y in b]
    return min(ends), max(ends)


def _product(a, b):
    return a * b if a and b else Fraction(0)  # also 0 · ∞: an open end is large, but finite


def _inverse(a: Range) -> Range:
    if a[0] <= 0 <= a[1]:
        raise LangfangError("division by a range that holds zero")
    return tuple(Fraction(0) if isinstance(end, float) else 1 / end for end in reversed(a))


def _power(a: Range, power: Fraction) -> Range:
    middle = a[0] if not isinstance(a[0], float) else a[1] if not isinstance(a[1], float) else Fraction(1)
    return (Quantity(middle, *a) ** power).fractions[1:]


# ---- ranges where linear equations hold as well ----


def _held(node, box, planes) -> Range:
    """Over the vertices of what the planes leave of the box: exact for a quotient of linear expressions."""
    if max(degree(node)) > 1:
        raise LangfangError("with equations to hold – expected a linear expression or a quotient of two")
    edges = [_edge(plane, box) for plane in planes]
    if len(set(chain.from_iterable(map(names_in, planes)))) < sum(len(names_in(plane)) for plane in planes):
        raise LangfangError("equations to hold that share a name – expected one equation for each name")
    if not all(edges):
        raise LangfangError("equations to hold that no figures within their bounds meet")
    choices = (chain.from_iterable(vertex.items() for vertex in choice) for choice in product(*edges))
    found = [_extent(node, box | dict(choice), 0) for choice in choices]
    return min(low for low, _ in found), max(high for _, high in found)


def degree(node, names=None) -> tuple[int, int]:
    """Degrees of numerator and denominator in some names (in all), at most.

    Examples
    --------
    >>> degree(parse("a * (b - c) / (b + 1)")), degree(parse("a * (b - c) / (b + 1)"), {"b"})
    ((2, 1), (1, 1))
    """
    match node:
        case ast.Constant():
            return 0, 0
        case ast.Name(id=name):
            return int(names is None or name in names), 0
        case ast.UnaryOp(operand=operand):
            return degree(operand, names)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div() as op, right=right):
            (a, b), (c, d) = degree(left, names), degree(right, names)
            if isinstance(op, ast.Mult):
                return a + c, b + d
            return (a + d, b + c) if isinstance(op, ast.Div) else (max(a + d, b + c), b + d)
    used = names_in(node) if names is None else names_in(node) & set(names)
    return (9, 9) if used else (0, 0)


def _edge(plane, box) -> list[dict]:
    """The vertices of a box cut by a plane: all names but one at their ends, and that one solved for."""
    slopes = _derive(plane, box)[1]
    if any(_width(slope) for slope in slopes.values()) or any(
        math.isinf(_width(box[name])) for name in slopes
    ):
        raise LangfangError("an equation to hold – expected a linear one of figures with two bounds")
    found = []
    for free, (slope, _) in slopes.items():
        others = [name for name in slopes if name != free]
        for ends in product(*(box[name] for name in others)):
            vertex = {name: (end, end) for name, end in zip(others, ends, strict=True)}
            rest = _derive(plane, vertex | {free: (Fraction(0),) * 2})[0][0]
            if box[free][0] <= -rest / slope <= box[free][1]:
                found.append(vertex | {free: (-rest / slope,) * 2})
    return found


# ---- units ----

_PER_CENT = ("%", "个百分点", "percentage point")


def dimension(node, unit: Callable) -> str:
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


def _one_unit(units) -> str:
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
