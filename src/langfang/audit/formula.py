"""Arithmetic written as text: parsed safely, printed for readers, and worked out over intervals of its names.

An interval is a pair of exact fractions; an open end is an infinite float. An interval may come out too wide,
never too narrow, so that a relation which fails over intervals cannot hold.
"""

import ast
from collections import Counter
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product

from langfang.errors import LangfangError
from langfang.printed.quantity import PER_CENT, Quantity

Interval = tuple  # (lower, upper)
Tree = Fraction | str | tuple  # a number, a name, or an operator with its operands
_SIGNS = {ast.Add: " + ", ast.Sub: " − ", ast.Mult: " × ", ast.Div: " ÷ ", ast.Pow: "^"}
# How closely an operator binds, and how closely what stands left and right of it must.
_LEVELS = {" + ": (1, 1, 1), " − ": (1, 1, 2), " × ": (2, 2, 2), " ÷ ": (2, 2, 3), "^": (4, 5, 5)}
_ALLOWED = "numbers, names, + - * / **, min, max, year or years"
_PURE = ("", *PER_CENT)  # what leaves a unit as it is, times or over
# Limits, so that no formula takes longer than a moment or leaves the range of floats.
_CHARACTERS, _DEPTH, _CORNERS, _EXPONENT = 1000, 60, 4, 1000
_LARGEST, _BITS = 900, 20_000  # results lie between 2^-900 and 2^900, and have so many binary digits at most


@lru_cache(maxsize=2**12)
def parse(text: str) -> Tree:
    """The tree of an expression; ``year(x)`` and ``years(x)`` are names in it, nothing else is called."""
    if len(text) > _CHARACTERS:
        raise LangfangError(f"{text[:40]!r}… – expected arithmetic of at most {_CHARACTERS} characters")
    try:
        node = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise LangfangError(f"{text[:80]!r} – expected arithmetic") from None
    tree = _tree(node, text)
    twice = _corner_names(tree)
    if len(twice) > _CORNERS:
        raise LangfangError(f"{len(twice)} names that stand in it twice – expected {_CORNERS} at most")
    return tree


def _tree(node: ast.expr, text: str, depth: int = 0) -> Tree:
    if depth > _DEPTH:
        raise LangfangError(f"{text[:40]!r}… – expected at most {_DEPTH} operations within each other")
    match node:
        case ast.Constant(value=number) if type(number) in (int, float) and abs(number) < 1e15:
            return Fraction(repr(number))
        case ast.Name(id=name):
            return name
        case ast.Call(func=ast.Name(id="year" | "years"), args=[ast.Name()], keywords=[]):
            return ast.unparse(node)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            sign, parts = "−", [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
            sign, parts = _SIGNS[type(op)], [left, right]
        case ast.Call(func=ast.Name(id="min" | "max" as sign), args=[_, _, *_] as parts, keywords=[]):
            pass
        case _:
            source = ast.get_source_segment(text.strip(), node) or text
            quoted = f'"{source}"' if len(source) < 80 else f'"{source[:40]}…"'
            raise LangfangError(f"{quoted} – expected {_ALLOWED}")
    return (sign, *(_tree(part, text, depth + 1) for part in parts))


def names_in(tree: Tree) -> Counter:
    """How often each name stands in an expression."""
    if isinstance(tree, tuple):
        return sum(map(names_in, tree[1:]), Counter())
    return Counter([tree] if isinstance(tree, str) else [])


def render(tree: Tree, names: Mapping[str, str], level: int = 0) -> str:
    """An expression as readers write it, with what stands for its names."""
    match tree:
        case Fraction():
            return f"{float(tree):g}"
        case str():
            return names[tree]
        case "−", part:
            return f"−{render(part, names, 3)}"
        case "min" | "max", *parts:
            return f"{tree[0]}({', '.join(render(part, names) for part in parts)})"
    sign, left, right = tree
    own, before, after = _LEVELS[sign]
    text = render(left, names, before) + sign + render(right, names, after)
    return f"({text})" if own < level else text


def interval(tree: Tree, box: Mapping[str, Interval]) -> Interval:
    """The range of an expression over a box of intervals, one for each name.

    Plain interval arithmetic is exact where each name stands once. A name that stands twice is put at both
    ends of its interval in turn: the expression, if it is a quotient of two that are linear in the name, can
    only rise or only fall with it. Where that cannot be said, plain arithmetic takes the two as independent.
    """
    whole = _plain(tree, box)  # also at corners no divisor may be zero anywhere between them
    ends = {name: box[name] for name in _corner_names(tree) if box[name][0] < box[name][1]}
    ends = {name: both for name, both in ends.items() if not any(isinstance(end, float) for end in both)}
    if not ends:
        return whole
    exact = ([(end, end) for end in choice] for choice in product(*ends.values()))
    found = [_plain(tree, {**box, **dict(zip(ends, corner, strict=True))}) for corner in exact]
    return min(low for low, _ in found), max(high for _, high in found)


@lru_cache(maxsize=2**12)
def _corner_names(tree: Tree) -> list[str]:
    """The names that stand in an expression twice, as no more than a quotient of linear expressions."""
    return [name for name, times in names_in(tree).items() if times > 1 and max(_degree(tree, name)) <= 1]


def _degree(tree: Tree, name: str) -> tuple[int, int]:
    """Degrees of numerator and denominator in a name, at most; 9 where it is in a power, min or max."""
    match tree:
        case "−", part:
            return _degree(part, name)
        case " + " | " − " | " × " | " ÷ " as sign, left, right:
            (a, b), (c, d) = _degree(left, name), _degree(right, name)
            if sign == " × ":
                return a + c, b + d
            return (a + d, b + c) if sign == " ÷ " else (max(a + d, b + c), b + d)
        case str():
            return int(tree == name), 0
    return (9, 9) if name in names_in(tree) else (0, 0)


def _plain(tree: Tree, box: Mapping[str, Interval]) -> Interval:
    match tree:
        case str():
            return box[tree]
        case Fraction():
            return tree, tree
        case "−", part:
            low, high = _plain(part, box)
            return -high, -low
        case "min" | "max" as name, *parts:
            ends = zip(*(_plain(part, box) for part in parts), strict=True)
            return tuple(map(min if name == "min" else max, ends))
    sign, (a, b), (c, d) = tree[0], _plain(tree[1], box), _plain(tree[2], box)
    match sign:
        case " + ":
            ends = a + c, b + d
        case " − ":
            ends = a - d, b - c
        case "^":
            ends = _power((a, b), c, d)
        case " ÷ " if c <= 0 <= d:
            raise LangfangError("division by a range that holds zero")
        case _:
            if sign == " ÷ ":
                c, d = (Fraction(0) if isinstance(end, float) else 1 / end for end in (d, c))
            # 0 · ∞ is 0: an open end is large, but finite
            products = [x * y if x and y else Fraction(0) for x in (a, b) for y in (c, d)]
            ends = min(products), max(products)
    for end in ends:
        if end and not isinstance(end, float):
            above, below = map(int.bit_length, end.as_integer_ratio())
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


def dimension(tree: Tree, unit: Callable[[str], str | None]) -> str:
    """The unit of an expression, given that of each name: "" for a plain number, "?" for a compound one.

    Sums, min and max need one unit; percentages and percentage points are one, and multiply as plain numbers.
    """
    match tree:
        case Fraction():
            return ""
        case str():
            return unit(tree) or ""
        case "−", part:
            return dimension(part, unit)
        case "^", base, _:
            return "" if dimension(base, unit) in _PURE else "?"
    found = [dimension(part, unit) for part in tree[1:]]
    if tree[0] in (" × ", " ÷ "):
        a, b = found
        if tree[0] == " ÷ " and a == b:
            return ""
        if b in _PURE:
            return a
        return b if tree[0] == " × " and a in _PURE else "?"
    units = dict.fromkeys("%" if name in PER_CENT else name for name in found if name)
    known = [name for name in units if name != "?"]
    if len(known) > 1:
        raise LangfangError(f"{' with '.join(known)} – expected one unit in sums and comparisons")
    return next(iter(known or units), "")
