"""Expressions: nothing but arithmetic is accepted, and ranges hold every value and no more than there are."""

import time
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langfang.audit.formula import dimension, interval, names_in, parse, render
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
    "1e15",
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
    "a ** 2 - 4 * a",
    "min(a, 4 - a)",
    "max(a, 60 - a) / a",
]
# Of whole numbers, which hypothesis draws much faster than fractions.
number = st.integers(20, 1000).map(lambda n: Fraction(n, 20))
width = st.integers(0, 100).map(lambda n: Fraction(n, 20))
part = st.integers(0, 16).map(lambda n: Fraction(n, 16))


def three(strategy):
    return st.tuples(strategy, strategy, strategy)


def at(text, **values):
    """The value of an expression at a point, by Python's own arithmetic."""
    return eval(text, {"min": min, "max": max}, values)  # the formulas above, not input


@pytest.mark.parametrize("text", NOT_ARITHMETIC, ids=[text[:20] or "nothing" for text in NOT_ARITHMETIC])
def test_nothing_but_arithmetic_is_accepted(text):
    with pytest.raises(LangfangError, match="expected"):
        parse(text)


def test_the_part_that_is_no_arithmetic_is_quoted():
    with pytest.raises(LangfangError, match=r'^"open\(b\)" – expected numbers'):
        parse("a + open(b)")


ENDLESS = {
    "9 ** 9 ** 9": "too large",
    "2 ** 10000": "too large",
    "10 ** 999 * a": "too many digits",
    "10 ** 200 * 10 ** 200": "too many digits",
    "1 / 10 ** 200 / 10 ** 200": "too many digits",
    "a ** 999 ** 999": "too many digits",
    "((10 ** 999) ** 999) ** 999": "too many digits",
    "((10 ** 250) ** 0.5) ** 3": "too many digits",
    "(10 ** 250) ** 999.5": "too large",
    "a ** b": "no fixed number",
    "1 / (a - a)": "holds zero",
    "*".join("a" * 400): "operations within each other",
    "*".join("a" * 600): "at most 1000 characters",
    f"({'+'.join('abcdefghijklmnopqrst')})/({'+'.join('abcdefghijklmnopqrst')})": "20 names",
    "-" * 900 + "a": "expected",
}


@pytest.mark.parametrize("text", ENDLESS, ids=lambda text: text[:30])
def test_what_would_take_for_ever_is_refused_at_once(text):
    start = time.process_time()
    with pytest.raises(LangfangError, match=ENDLESS[text]):
        interval(parse(text), {"a": (1, 2), "b": (1, 2)})
    assert time.process_time() - start < 0.5, "set a limit in langfang.audit.formula"


@pytest.mark.parametrize("text", FORMULAS)
@given(lows=three(number), widths=three(width), parts=three(part))
def test_no_value_lies_outside_the_range(text, lows, widths, parts):
    box = {name: (low, low + w) for name, low, w in zip("abc", lows, widths, strict=True)}
    point = {name: low + w * p for name, low, w, p in zip("abc", lows, widths, parts, strict=True)}
    low, high = interval(parse(text), box)
    assert low - Fraction(1, 10**12) <= at(text, **point) <= high + Fraction(1, 10**12)


@pytest.mark.parametrize("text", FORMULAS[:7] + FORMULAS[9:10])
@given(lows=three(number), widths=three(width))
def test_the_ends_of_a_range_are_reached(text, lows, widths):
    box = {name: (low, low + w) for name, low, w in zip("abc", lows, widths, strict=True)}
    corners = [at(text, a=a, b=b, c=c) for a in box["a"] for b in box["b"] for c in box["c"]]
    found = [float(end) for end in interval(parse(text), box)]
    assert found == pytest.approx([float(min(corners)), float(max(corners))])


def test_a_name_that_enters_twice_is_one_unknown():
    assert interval(parse("b - b"), {"b": (1, 2)}) == (0, 0)


def test_an_open_range_gives_an_open_result():
    low, high = interval(parse("b / a - 1"), {"a": (4, 5), "b": (10, float("inf"))})
    assert (low, high) == (1, float("inf"))


TURNING = [
    "a * (10 - a)",
    "a ** 2 - 4 * a",
    "(a - 3) ** 2 + a",
    "min(a, 4 - a)",
    "max(a, 6 - a) / a",
    "a / (a ** 2 + 1)",
    "min(a, 9 / a)",
    "1 / (a + 1) * (1 / (a - 10))",
]


@pytest.mark.parametrize("text", TURNING)
def test_a_turning_point_lies_in_the_range(text):
    """What rises and falls with one name that stands twice has its extremes between the ends."""
    for first in range(1, 7):
        for last in range(first + 1, 9):
            low, high = interval(parse(text), {"a": (Fraction(first), Fraction(last))})
            values = [at(text, a=first + Fraction(n, 4)) for n in range(4 * (last - first) + 1)]
            assert low <= min(values) and max(values) <= high


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("1 / a", (0, Fraction(1, 4))),
        ("b / a", (0, 5)),
        ("a / b", (Fraction(4, 20), float("inf"))),
        ("a - c", (float("-inf"), float("inf"))),
        ("0 * a", (0, 0)),
        ("a ** 2", (16, float("inf"))),
    ],
)
def test_an_open_end_is_large_but_finite(text, ends):
    box = {"a": (Fraction(4), float("inf")), "b": (Fraction(10), Fraction(20)), "c": (1, float("inf"))}
    assert interval(parse(text), box) == ends


def test_a_power_that_is_too_large_is_named():
    with pytest.raises(LangfangError, match="a power of 1001 – its result would be too large"):
        interval(parse("a ** 1001"), {"a": (1, 1)})
    assert interval(parse("a ** 1000 + a ** -1000"), {"a": (Fraction(1), Fraction(1))}) == (2, 2)


def test_a_result_may_have_as_many_digits_as_a_reader_can_use():
    """Up to 2^900, and 20,000 binary digits on the way."""
    assert interval(parse("2 ** 450 * 2 ** 450"), {}) == (2**900, 2**900)
    near = Fraction(2**20 - 1, 2**20 - 3)
    assert interval(parse("a ** 1000"), {"a": (near, near)})[0] == near**1000
    for text, a in (("2 ** 450 * 2 ** 451", near), ("a ** 1000", Fraction(2**21 - 1, 2**21 - 3))):
        with pytest.raises(LangfangError, match=r"too many digits|too large"):
            interval(parse(text), {"a": (a, a)})


def test_what_is_refused_is_quoted_as_far_as_a_line_goes():
    with pytest.raises(LangfangError) as refused:
        parse("a b " * 40)
    assert str(refused.value) == f"{('a b ' * 20)!r} – expected arithmetic"
    with pytest.raises(LangfangError) as refused:
        parse(f"f({'a' * 90})")
    assert str(refused.value).startswith(f'"f({"a" * 38}…" – expected')


@pytest.mark.parametrize("text", ["a / (a + 1)", "a * (a - 5)", "min(a, 20 - a)"])
@pytest.mark.parametrize("a", [1, 3, 10, 10**6])
def test_an_open_name_that_stands_twice_has_all_its_values_in_the_range(text, a):
    low, high = interval(parse(text), {"a": (Fraction(1), float("inf"))})
    assert low <= at(text, a=Fraction(a)) <= high


@pytest.mark.parametrize(
    "text, ends", [("min(a, b)", (1, 3)), ("max(a, b)", (2, 5)), ("min(a, b, 0)", (0, 0))]
)
def test_min_and_max_end_where_the_part_that_binds_ends(text, ends):
    assert interval(parse(text), {"a": (1, 5), "b": (2, 3)}) == ends


def test_no_divisor_may_be_zero_between_the_corners():
    with pytest.raises(LangfangError, match="holds zero"):
        interval(parse("a / (a - 2)"), {"a": (Fraction(1), Fraction(3))})


@pytest.mark.parametrize(
    "text", ["a - (b - c)", "a / (b / c)", "(a + b) * c", "(a ** b) ** c", "a ** (b ** c)", "-(a + b)"]
)
def test_print_keeps_the_brackets_that_matter(text):
    signs = {"−": "-", "×": "*", "÷": "/", "^": "**"}
    printed = render(parse(text), {name: name for name in "abc"})
    for print_sign, sign in signs.items():
        printed = printed.replace(print_sign, sign)
    assert at(printed, a=2, b=3, c=2) == at(text, a=2, b=3, c=2)


def test_print_names_min_and_max():
    assert render(parse("max(a, min(b, 2))"), {"a": "5户", "b": "3户"}) == "max(5户, min(3户, 2))"


def test_sixty_operations_within_each_other_are_the_most():
    assert render(parse("-" * 60 + "a"), {"a": "5"}).endswith("5")
    with pytest.raises(LangfangError, match="at most 60 operations"):
        parse("-" * 61 + "a")


def test_functions_of_a_period_are_numbers_of_the_box():
    node = parse("max(a ** years(a), -year(b))")
    assert interval(node, {"a": (2, 2), "years(a)": (5, 5), "year(b)": (9, 9)}) == (32, 32)
    assert set(names_in(node)) == {"a", "years(a)", "year(b)"}


@pytest.mark.parametrize(
    "text, unit",
    [
        ("money / households", "?"),
        ("money * households + money * households", "?"),
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
