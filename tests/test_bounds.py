"""How exact a figure is follows from how it is printed, what it counts and what it is: aim, norm or fact."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langfang.data.bounds import Unit, bounds_of, is_exact, printed_bounds
from langfang.errors import LangfangError

INF = float("inf")


# ---- bounds from print ----


@pytest.mark.parametrize(
    ("value", "bound", "exact", "lower", "upper"),
    [
        ("98.04", "as_printed", False, 98.035, 98.045),
        ("4.0", "as_printed", False, 3.95, 4.05),
        ("1000", "as_printed", False, 999.5, 1000.5),
        ("1934", "as_printed", True, 1934, 1934),
        ("100", "over", False, 100, 200),
        ("200", "over", True, 200, 300),
        ("4", "over", False, 4, 5),
        ("120", "over", False, 120, 200),
        ("0.5", "over", False, 0.5, 0.6),
        ("999", "over", False, 999, 1000),
        ("400", "about", False, 350, 450),
        ("4.50", "about", False, 4.45, 4.55),
        ("105", "about", False, 104.5, 105.5),
        ("420", "more_than", False, 420, INF),
        ("600", "at_least", True, 600, INF),
        ("4", "at_most", False, 0, 4),
        ("400", "nearly", False, 350, 400),
        ("0.5", "nearly", False, 0.45, 0.5),
        ("5..6", "range", False, 5, 6),
        ("-5..-3.5", "range", False, -5, -3.5),
        ("2/3", "as_printed", False, 0.5, 5 / 6),
        ("2/3", "at_least", False, 2 / 3, INF),
        ("-3", "at_most", False, -3, 0),
        ("-3", "more_than", False, -INF, -3),
        ("-3", "over", False, -4, -3),
        ("-40", "nearly", False, -40, -35),
        ("0", "as_printed", False, -0.5, 0.5),
        ("0", "about", False, -0.5, 0.5),
        ("-3.2", "as_printed", False, -3.25, -3.15),
    ],
)
def test_bounds_follow_from_print(value, bound, exact, lower, upper):
    found = printed_bounds(value, bound, exact)
    middle = (lower + upper) / 2 if bound == "range" else float(Fraction(value))
    assert [float(end) for end in found] == [middle, lower, upper]


@pytest.mark.parametrize("value", ["", "abc", "1e5", "nan", "1,000", " 4", "٣", "4.", "--4", "1/0", "5..6"])
def test_digits_that_are_none_are_refused(value):
    with pytest.raises(LangfangError, match="expected digits as printed"):
        printed_bounds(value)


@pytest.mark.parametrize("value", ["5", "6..5", "5..5", "5..", "5..6..7", "5…6"])
def test_a_range_has_two_ends_that_rise(value):
    with pytest.raises(LangfangError, match="expected digits as printed"):
        printed_bounds(value, "range")


def test_an_unknown_bound_is_refused():
    with pytest.raises(LangfangError, match="expected one of as_printed, about"):
        printed_bounds("4", "roughly")


@given(st.integers(1, 10**9), st.integers(0, 4), st.sampled_from(["about", "over", "as_printed"]))
def test_a_figure_with_more_digits_is_never_less_precise(number, places, bound):
    value = f"{number / 10**places:.{places}f}"
    _, lower, upper = printed_bounds(value, "as_printed")
    _, low, high = printed_bounds(value, bound)
    assert low <= Fraction(value) <= high
    if bound == "about":
        assert low <= lower and upper <= high


# ---- bounds of facts ----

SHARE, PEOPLE, TONNES = (
    Unit("%", Fraction(1), False),
    Unit("person", Fraction(1), True),
    Unit("tonne", Fraction(10**4), False),
)


def figure(value, bound="as_printed", status="actual", measure="level"):
    return {"value": value, "bound": bound, "status": status, "measure": measure}


@pytest.mark.parametrize(
    ("value", "how", "lower", "upper"),
    [
        ("3.2", "rounded", "3.15", "3.25"),
        ("3.2", "cut", "3.2", "3.3"),
        ("3.2", "either", "3.15", "3.3"),
        ("-3.2", "rounded", "-3.25", "-3.15"),
        ("-3.2", "cut", "-3.3", "-3.2"),  # towards zero: the true fall is the larger one
        ("-3.2", "either", "-3.3", "-3.15"),
        ("0.0", "cut", "0", "0.1"),
        ("0.0", "either", "-0.05", "0.1"),
        ("0.3", "either", "0.25", "0.4"),
    ],
)
def test_a_last_digit_is_rounded_or_cut_or_either(value, how, lower, upper):
    assert bounds_of(figure(value), SHARE, how) == (Fraction(value), Fraction(lower), Fraction(upper))


@pytest.mark.parametrize("how", ["rounded", "cut", "either"])
@pytest.mark.parametrize(
    ("row", "unit", "ends"),
    [
        (figure("32"), PEOPLE, (32, 32)),
        (figure("32", "over"), PEOPLE, (32, 40)),
        (figure("40", "about"), SHARE, (35, 45)),
        (figure("3.2", status="target"), SHARE, (Fraction("3.2"), Fraction("3.2"))),
    ],
)
def test_what_is_exact_or_has_words_of_its_own_is_not_cut(row, unit, ends, how):
    assert bounds_of(row, unit, how)[1:] == ends


def test_bounds_are_in_base_units_and_open_ends_stay_open():
    assert bounds_of(figure("1.5"), TONNES) == (15_000, 14_500, 15_500)
    assert bounds_of(figure("2", "at_least"), TONNES) == (20_000, 20_000, float("inf"))


@pytest.mark.parametrize(
    ("value", "measure", "upper"),
    [
        ("99.96", "share", "99.965"),
        ("100.0", "share", "100"),
        ("99.7", "share", "99.75"),
        ("100", "share", "100"),
        ("100.4", "share", "100.4"),  # wrong already, and said by the check
        ("100.0", "growth", "100.05"),
    ],
)
def test_no_part_is_larger_than_its_whole(value, measure, upper):
    assert bounds_of(figure(value, measure=measure), SHARE)[2] == Fraction(upper)


@pytest.mark.parametrize(
    ("row", "unit", "exact"),
    [
        (figure("32"), PEOPLE, True),
        (figure("32.5"), PEOPLE, False),
        (figure("32", status="forecast"), PEOPLE, False),
        (figure("32", status="target"), TONNES, True),
        (figure("32", status="norm"), TONNES, True),
        (figure("32"), TONNES, False),
        (figure("3", measure="rank", status="forecast"), TONNES, True),
    ],
)
def test_counts_ranks_aims_and_norms_are_exact(row, unit, exact):
    assert is_exact(row, unit) is exact


@given(st.integers(-(10**6), 10**6), st.integers(0, 3))
def test_what_is_rounded_or_cut_lies_within_either(number, places):
    row = figure(f"{number / 10**places:.{places}f}")
    (value, *rounded), (_, *cut), (_, *either) = (
        bounds_of(row, SHARE, how) for how in ("rounded", "cut", "either")
    )
    assert either == [min(rounded[0], cut[0]), max(rounded[1], cut[1])] and value in cut
    assert rounded[1] - rounded[0] == cut[1] - cut[0] == Fraction(1, 10**places)
