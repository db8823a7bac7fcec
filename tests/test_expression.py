"""Expressions: nothing but arithmetic is accepted, and ranges hold every value and no more than there are."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langfang.audit.formula import dimension, extent, names_in, parse, render, with_calls
from langfang.errors import LangfangError

NOT_ARITHMETIC = [
    "__import__('os').system('true')",
    "a.real",
    "a[0]",
    "[a]",
    "(lambda: 1)()",
    "a if b else c",
    "a and b",
    "a < b",
    "a // b",
    "a % b",
    "~a",
    "+a",
    "abs(a)",
    "min(a)",
    "min(a, key=b)",
    "years(a + b)",
    "'a'",
    "True",
    "1e999",
    "1j",
    "a := 1",
    "a b",
    "",
    "(" * 500 + "a" + ")" * 500,
]
FORMULAS = [
    "a + b - c",
    "a * b / c",
    "100 * a / (a + b + c)",
    "(a - b) / (a + b)",
    "a / (1 + b / 100) ** 4",
    "(a / b) ** (1 / 4)",
    "a * (b - c) / (b + c)",
    "min(a - b, b - c)",
    "max(0, a + b - c)",
    "-a * b",
    "a * (10 - a)",
]
number = st.fractions(min_value=1, max_value=50, max_denominator=20)
width = st.fractions(min_value=0, max_value=5, max_denominator=20)
part = st.fractions(min_value=0, max_value=1, max_denominator=16)


def three(strategy):
    return st.tuples(strategy, strategy, strategy)


def at(text, **values):
    """The value of an expression at a point, by Python's own arithmetic."""
    return eval(text, {"min": min, "max": max}, values)  # the formulas above, not input


@pytest.mark.parametrize("text", NOT_ARITHMETIC, ids=[text[:20] or "nothing" for text in NOT_ARITHMETIC])
def test_nothing_but_arithmetic_is_accepted(text):
    with pytest.raises(LangfangError, match="expected"):
        parse(text)


@pytest.mark.parametrize("text", ["9 ** 9 ** 9", "2 ** 10000", "a ** b", "1 / (a - a)"])
def test_what_cannot_be_worked_out_is_refused_not_tried(text):
    with pytest.raises(LangfangError):
        extent(parse(text), {"a": (1, 2), "b": (1, 2)})


@pytest.mark.parametrize("text", FORMULAS)
@given(lows=three(number), widths=three(width), parts=three(part))
def test_no_value_lies_outside_the_range(text, lows, widths, parts):
    box = {name: (low, low + w) for name, low, w in zip("abc", lows, widths, strict=True)}
    point = {name: low + w * p for name, low, w, p in zip("abc", lows, widths, parts, strict=True)}
    low, high = extent(parse(text), box)
    assert low - Fraction(1, 10**12) <= at(text, **point) <= high + Fraction(1, 10**12)


@pytest.mark.parametrize("text", FORMULAS[:7] + FORMULAS[9:10])
@given(lows=three(number), widths=three(width))
def test_the_ends_of_a_range_are_reached(text, lows, widths):
    box = {name: (low, low + w) for name, low, w in zip("abc", lows, widths, strict=True)}
    corners = [at(text, a=a, b=b, c=c) for a in box["a"] for b in box["b"] for c in box["c"]]
    found = [float(end) for end in extent(parse(text), box)]
    assert found == pytest.approx([float(min(corners)), float(max(corners))])


def test_a_name_that_enters_twice_is_one_unknown():
    assert extent(parse("b - b"), {"b": (1, 2)}) == (0, 0)


def test_an_open_range_gives_an_open_result():
    low, high = extent(parse("b / a - 1"), {"a": (4, 5), "b": (10, float("inf"))})
    assert (low, high) == (1, float("inf"))


def test_shares_held_to_100_narrow_each_other():
    box = {"a": (10, 30), "b": (20, 30), "c": (50, 60)}
    assert extent(parse("a"), box, [parse("a + b + c - 100")]) == (10, 30)
    assert extent(parse("a + b"), box, [parse("a + b + c - 100")]) == (40, 50)


def test_two_equations_hold_at_once():
    box = dict.fromkeys("abcd", (Fraction(0), Fraction(10)))
    planes = [parse("a + b - 10"), parse("c + d - 10")]
    assert extent(parse("a + b + c + d"), box, planes) == (20, 20)


@pytest.mark.parametrize(
    "text, planes, message",
    [
        ("a * b", ["a + b - 10"], "linear expression"),
        ("a + b", ["a * b - 10"], "linear one"),
        ("a + b", ["a + b - 90"], "no figures"),
        ("a + b", ["a + b - 10", "a - 5"], "share a name"),
    ],
)
def test_equations_that_cannot_be_held_are_refused(text, planes, message):
    with pytest.raises(LangfangError, match=message):
        extent(parse(text), {"a": (0, 10), "b": (0, 10)}, [parse(plane) for plane in planes])


@pytest.mark.parametrize(
    "text", ["a - (b - c)", "a / (b / c)", "(a + b) * c", "(a ** b) ** c", "a ** (b ** c)", "-(a + b)"]
)
def test_print_keeps_the_brackets_that_matter(text):
    signs = {"−": "-", "×": "*", "÷": "/", "^": "**"}
    printed = render(parse(text), {name: name for name in "abc"})
    for print_sign, sign in signs.items():
        printed = printed.replace(print_sign, sign)
    assert at(printed, a=2, b=3, c=2) == at(text, a=2, b=3, c=2)


def test_functions_of_a_period_become_numbers():
    node = with_calls(parse("max(a ** years(a), -year(b))"), lambda function, name: Fraction(len(function)))
    assert names_in(node) == {"a"} and extent(node, {"a": (2, 2)}) == (32, 32)


@pytest.mark.parametrize(
    "text, unit",
    [
        ("money / households", "?"),
        ("money / (share / 100)", "yuan"),
        ("share - points", "%"),
        ("money / money", ""),
        ("100 * money / money", ""),
        ("(1 + share / 100) ** 4 * money", "yuan"),
        ("min(money, 2 * money)", "yuan"),
        ("-money", "yuan"),
    ],
)
def test_units_follow_the_arithmetic(text, unit):
    units = {"money": "yuan", "households": "household", "share": "%", "points": "percentage point"}
    assert dimension(parse(text), units.get) == unit
