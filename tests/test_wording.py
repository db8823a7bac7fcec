"""Numbers as text: the decimals that a figure bears, ranges that still hold, units as sentences say them."""

import math
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langfang.errors import LangfangError
from langfang.printed.quantity import Quantity
from langfang.printed.wording import (
    decimals,
    fixed,
    in_chinese,
    in_english,
    number,
    out_of_ten,
    per_thousand,
    range_decimals,
    range_text,
    with_unit,
    words,
)

INF = math.inf
THIRD = Fraction(1, 3)


# ---- decimals ----


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        ((0.25,), 2),
        ((0,), 0),
        ((0.1 + 0.2,), 1),  # the noise of a float is no digit
        ((THIRD,), 4),  # four digits of what has no end
        ((100 * THIRD,), 2),
        ((4, 3.95, 4.05), 1),
        ((4, 4, 4), 0),
        ((98.04, 98.04, 98.05), 2),
        ((98.04, 98.035, 98.045), 2),
        ((18.226, 17.144, 19.307), 1),
        ((4, 4, 4.05), 0),
        ((4, 3.95, 4), 0),
        ((1.234567,), 6),
        ((98.04, 98, 98.04), 2),
        ((4.5, 0, 10), 0),  # a range of ten bears none
        ((4.55, 0, 9.9), 1),
        ((4.55, 4, 5), 1),
        ((4.555, 4.5, 4.6), 2),
        ((420, 420, INF), 0),
        ((0.125, 0, INF), 3),
        ((0.125, -INF, 1), 3),
        ((THIRD, 0, INF), 4),
        ((THIRD, -INF, 1), 4),
        ((THIRD, THIRD, THIRD), 4),
    ],
)
def test_a_value_has_the_decimals_that_its_range_bears(figure, expected):
    assert decimals(*figure) == expected


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((0, 4), 0),
        ((98.035, 98.045), 3),
        ((17.1441, 19.3074), 1),
        ((0.25, 0.25), 2),
        ((THIRD, THIRD), 4),
        ((THIRD, 2 * THIRD), 2),
        ((0.001, INF), 3),
        ((-INF, THIRD), 4),
        ((-INF, INF), 0),
    ],
)
def test_a_range_has_the_decimals_of_its_ends_or_two_digits_of_its_width(ends, expected):
    assert range_decimals(*ends) == expected


def test_an_end_that_is_not_given_is_the_value():
    assert decimals(THIRD, upper=0.5) == decimals(THIRD, THIRD, 0.5) == 2
    assert decimals(THIRD, lower=0.25) == decimals(THIRD, 0.25, THIRD) == 3


# ---- numbers and ranges ----


def test_numbers_are_rounded_half_up_and_open_ends_stay():
    assert [fixed(n) for n in (0.5, 1.5, -0.5)] == ["1", "2", "-1"]
    assert fixed(0.5, ".0%") == "50%"
    assert (fixed(INF), fixed(INF, ",d"), fixed(1934.5, "d")) == ("inf", "inf", "1935")
    assert fixed(Fraction(10**30 + 1, 2), ",d") == f"{10**30 // 2 + 1:,d}"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.1 + 0.2, None, "0.3"),
        (1234.5, None, "1,234.5"),
        (-1234.5, 0, "−1,235"),
        (-0.004, 2, "0.00"),
        (-0.005, 2, "−0.01"),
        (-26900, None, "−26,900"),
        (2, 1, "2.0"),
    ],
)
def test_numbers_as_prose_prints_them(value, digits, text):
    assert number(value, digits) == text


@pytest.mark.parametrize(
    ("ends", "options", "text"),
    [
        ((-INF, 4), {}, "≤ 4"),
        ((4, INF), {"unit": "%"}, "≥ 4\N{NO-BREAK SPACE}%"),
        ((-INF, INF), {}, "open"),
        ((-0.4, 0.4), {"digits": 0}, "−1 to 1"),
        ((0.001, 0.002), {"digits": 0}, "0–1"),
        ((0, 0.4), {"digits": 0}, "0–1"),
        ((2.5, 2.5), {}, "2.5"),
        ((17.1441048, 19.3073593), {}, "17.1–19.4"),
        ((-3.25, -3.15), {}, "−3.25 to −3.15"),
        ((1, 1), {"unit": "item"}, "1 item"),
        ((1, 2), {"unit": "item"}, "1–2 items"),
        ((-2, 0), {}, "−2 to 0"),
    ],
)
def test_ranges_as_text(ends, options, text):
    assert range_text(*ends, **options) == text


@given(st.tuples(*[st.fractions(-1000, 1000, max_denominator=997)] * 2).map(sorted), st.integers(0, 3))
def test_a_range_as_text_holds_the_range_and_little_more(ends, digits):
    parts = [
        Fraction(part.replace("−", "-").replace(",", ""))
        for part in re.split(" to |–", range_text(*ends, digits))
    ]
    step = Fraction(1, 10**digits)
    assert ends[0] - step < parts[0] <= ends[0] and ends[1] <= parts[-1] < ends[1] + step


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("1", "household", "1 household"),
        ("2", "household", "2 households"),
        ("1.0", "household", "1.0 households"),
        ("1", "percentage point", "1 point"),
        ("2", "个百分点", "2 points"),
        ("5", "‰", "5\N{NO-BREAK SPACE}‰"),
        ("5", "rank", "5"),
        ("1", "count", "1"),
        ("5", "", "5"),
        ("5", "yuan", "5 yuan"),
        ("4,829", "person", "4,829 people"),
        ("84.4", "%", "84.4\N{NO-BREAK SPACE}%"),
    ],
)
def test_a_number_with_its_unit(text, unit, expected):
    assert with_unit(text, unit) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (10**9, "yuan", "1 billion yuan"),
        (10**9 - 10**3, "yuan", "999.999 million yuan"),
        (10**6, "person", "1 million people"),
        (10**6 - 1, "person", "999,999 people"),
        (-2 * 10**9, "yuan", "−2 billion yuan"),
        (10**9, "count", "1 billion"),
        (10**9, "%", "1,000,000,000\N{NO-BREAK SPACE}%"),
        (10**9, "1", "1,000,000,000"),
        (10**9, "", "1,000,000,000"),
    ],
)
def test_large_amounts_are_told_in_millions_and_billions(value, unit, expected):
    assert in_english(value, value, value, unit) == (expected, "exact")


# ---- sentences ----


@pytest.mark.parametrize(
    ("figure", "value", "span"),
    [
        ((4, 3.95, 4.05, "%"), "4.0\N{NO-BREAK SPACE}%", "3.95–4.05"),
        ((4, 3.95, 4, "%", "nearly"), "nearly 4\N{NO-BREAK SPACE}%", "3.95–4.00"),
        ((400, 350, 450, "tonne", "about"), "about 400 tonnes", "350–450"),
        ((5.5, 5, 6, "year", "range"), "5–6 years", "5–6"),
        ((2.5e6, 2.45e6, 2.55e6, "person"), "2.5 million people", "2.45–2.55"),
        ((-3, -INF, -3, "%", "more_than"), "more than −3\N{NO-BREAK SPACE}%", "−3 or less"),
        ((600, 600, INF, "yuan", "at_least"), "at least 600 yuan", "600 or more"),
        ((1, 1, 1, "household"), "1 household", "exact"),
        ((1e8, 1e8, 2e8, "yuan", "over"), "over 100 million yuan", "100–200"),
    ],
)
def test_figures_in_english(figure, value, span):
    assert in_english(*figure) == (value, span)


def test_small_whole_numbers_are_words():
    assert [words(n) for n in (0, 1, 12, 13, 1000)] == ["no", "one", "twelve", "13", "1,000"]
    assert words(Quantity.exact(2, "项")) == "two"
    for wrong in (1.5, -1):
        with pytest.raises(LangfangError, match="expected a whole number from 0"):
            words(wrong)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "fewer than one in ten"),
        (Fraction(5, 100), "fewer than one in ten"),
        (Fraction(6, 100), "nearly one in ten"),
        (Fraction(1, 10), "one in ten"),
        (Fraction(11, 100), "more than one in ten"),
        (Fraction(1, 4), "a quarter"),
        (2 * THIRD, "two thirds"),
        (Fraction(3, 4), "three quarters"),
        (Fraction(46, 100), "nearly half"),
        (Fraction(45, 100), "more than four in ten"),
        (1, "all"),
        (Quantity("86.87", "86.8", "86.9", "%"), "nearly nine in ten"),
        (Quantity("50", "49.5", "50.5", "%"), "about half"),
        (Quantity("0.5", "0.5", "0.52"), "about half"),
        (Quantity("0.5", "0.48", "0.5"), "about half"),
        (Quantity("0.61", "0.605", "0.62"), "more than six in ten"),
        (Quantity("0.52", "0.51", "0.56"), "nearly six in ten"),
    ],
)
def test_shares_as_readers_say_them(share, text):
    assert out_of_ten(share) == text


@pytest.mark.parametrize("share", [-0.01, 1.01, Quantity(100, 99, 101, "%"), Quantity(0, -1, 1, "%")])
def test_what_is_no_share_is_not_told_as_one(share):
    with pytest.raises(LangfangError, match="expected a share from 0 to 1"):
        out_of_ten(share)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (Quantity("0.3", "0.21", "0.45", "%"), "two to five"),
        (Quantity("0.003", "0.002", "0.003"), "two or three"),
        (Quantity("0.2", "0.2", "0.2", "%"), "two"),
    ],
)
def test_small_shares_are_so_many_in_every_thousand(share, text):
    assert per_thousand(share) == f"{text} in every thousand"


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity.exact(9999, "家"), "9999家"),
        (Quantity(42 * 10**9, 42 * 10**9, INF, "元"), "420亿元以上"),
        (Quantity("3.07", "3.065", "3.075", "个百分点"), "3.07个百分点"),
        (Quantity.exact(12000, "家"), "12000家"),  # a count stays whole
        (Quantity(9990, 9985, 9995, "元"), "9990元"),
        (Quantity(10000, 9500, 10500, "元"), "1.0万元"),
        (Quantity(10900, 10850, 10950, "元"), "1.09万元"),
        (Quantity(12300, 12250, 12350, "元"), "1.23万元"),
        (Quantity(-12300, -12350, -12250, "元"), "-1.23万元"),
        (Quantity(12340, 12335, 12345, "元"), "12340元"),  # 万 would only add decimals
        (Quantity(31195, "31194.5", "31195.5", "元"), "31195元"),
        (Quantity.exact(Fraction(40_000, 3), "元"), "1.333万元"),
        (Quantity.exact(123_456, "家"), "12.3456万家"),
        (Quantity.exact(100_000, "家"), "10万家"),
        (Quantity.exact(99_999_999, "家"), "9999.9999万家"),
        (Quantity.exact(10**8, "家"), "1亿家"),
        (Quantity.exact(20_000, "%"), "20000%"),
        (Quantity.exact(20_000, "个百分点"), "20000个百分点"),
        (Quantity.exact(5), "5"),
        (Quantity(400, 350, 400, "万吨"), "400万吨以内"),
        (Quantity(4, 4, INF, "%"), "4%以上"),
        (Quantity(4, 4, 5, "年"), "4余年"),
        (Quantity(4, 3, 5, "年"), "4年"),
    ],
)
def test_quantities_in_chinese(quantity, text):
    assert in_chinese(quantity) == text


def test_a_quantity_in_chinese_takes_a_word_for_its_unit():
    assert in_chinese(Quantity(12300, 12250, 12350, "yuan"), "元") == "1.23万元"
