"""Bounds are hard: the true result always lies inside, whatever is done with a quantity."""

import copy
import math
import pickle
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from langfang.errors import LangfangError
from langfang.printed.quantity import Quantity, corners, per_year
from langfang.printed.wording import in_chinese

INF = math.inf


# ---- arithmetic: the true result lies inside ----

# Of whole numbers, which hypothesis draws much faster than fractions.
fractions = st.builds(Fraction, st.integers(-(10**6), 10**6), st.integers(1, 1000))
positive = st.builds(Fraction, st.integers(10, 10**6), st.integers(1, 1000))


@st.composite
def quantities(draw, numbers=fractions, unit="1"):
    """A quantity and a true number that it may stand for."""
    lower, value, true, upper = sorted(draw(st.lists(numbers, min_size=4, max_size=4)))
    if draw(st.booleans()):
        value, true = true, value
    return Quantity(value, lower, upper, unit), true


def holds(quantity, number):
    _, lower, upper = quantity.fractions
    return lower <= number <= upper


OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "mixed": lambda a, b: (2 * a - b / 3 + 1) * (5 - a),
}
operations = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


@operations
@given(data=st.data())
def test_the_true_result_lies_inside(operation, data):
    a, true_a = data.draw(quantities())
    b, true_b = data.draw(quantities(positive if operation is OPERATIONS["/"] else fractions))
    assert holds(operation(a, b), operation(true_a, true_b))


@given(quantities(), st.integers(0, 6))
def test_the_true_whole_power_lies_inside(pair, exponent):
    quantity, true = pair
    assert holds(quantity**exponent, true**exponent)


@given(quantities(positive), st.integers(1, 8), st.integers(-8, 8))
def test_the_true_root_lies_inside(pair, root, power):
    quantity, true = pair
    _, lower, upper = (quantity ** Fraction(power, root)).fractions
    assert lower**root <= true**power <= upper**root


@given(quantities(positive), quantities(positive), st.integers(1, 10))
def test_a_growth_rate_per_year_lies_inside(first, last, years):
    (a, true_a), (b, true_b) = first, last
    _, lower, upper = (((b / a) ** (1 / years) - 1).to("%")).fractions
    growth = 100 * ((true_b / true_a) ** (1 / years) - 1)
    assert float(lower) - 1e-6 <= growth <= float(upper) + 1e-6


@operations
@given(data=st.data(), more=st.fractions(0, 10, max_denominator=10))
def test_widening_an_input_never_narrows_the_result(operation, data, more):
    divides = operation is OPERATIONS["/"]
    a, _ = data.draw(quantities())
    b, _ = data.draw(quantities(positive if divides else fractions))
    value, lower, upper = b.fractions
    wide = Quantity(value, lower / (1 + more) if divides else lower - more, upper + more)
    narrow_result, wide_result = operation(a, b), operation(a, wide)
    assert wide_result.fractions[1] <= narrow_result.fractions[1]
    assert wide_result.fractions[2] >= narrow_result.fractions[2]


@given(quantities(), quantities(st.fractions(-5, 5)))
def test_division_by_a_range_that_holds_zero_is_an_error(dividend, divisor):
    zero = Quantity(0, min(divisor[0].fractions[1], 0), max(divisor[0].fractions[2], 0))
    number = dividend[0]
    for divide in (lambda: number / zero, lambda: 1 / zero, lambda: number.over(zero, "1"), lambda: zero**-1):
        with pytest.raises(LangfangError, match="holds zero"):
            divide()


# ---- open ends ----


def test_open_ends_stay_open():
    least = Quantity(600, 600, INF, "元")
    assert (least + Quantity.exact(1, "元")).range(".0f") == "≥ 601"
    assert (-least).upper == -600 and (-least).lower == -INF
    assert (least * 2).upper == INF
    assert (1 / (least / Quantity.exact(1, "元"))).lower == 0


def test_zero_times_an_open_end_is_zero():
    product = Quantity(600, 600, INF) * Quantity.exact(0)
    assert product.fractions == (0, 0, 0)
    assert (Quantity(1, -INF, 2) * 0).fractions == (0, 0, 0)


def test_two_open_ends_divide_without_nan():
    ratio = Quantity(5, 4, INF) / Quantity(2, 1, INF)
    assert (ratio.lower, ratio.upper) == (0, INF)


def test_a_value_must_lie_within_its_bounds_and_be_a_number():
    for wrong in ((5, 6, 7), (INF,), ("x",), (float("nan"),), (None,)):
        with pytest.raises(LangfangError):
            Quantity(*wrong)


# ---- units ----


def test_unlike_units_are_named_when_they_meet():
    yuan, firms = Quantity.exact(5, "yuan"), Quantity.exact(2, "establishment")
    for meet in (lambda: yuan + firms, lambda: yuan - firms, lambda: yuan.overlaps(firms)):
        with pytest.raises(LangfangError, match=r"yuan .* establishment: expected one unit"):
            meet()
    with pytest.raises(LangfangError, match="name the unit"):
        yuan * firms
    with pytest.raises(LangfangError, match="name the unit"):
        yuan / firms
    assert str(yuan.over(firms, unit="yuan per firm")) == "2.5 yuan per firm"


def test_a_bare_number_needs_a_unit_to_be_added():
    with pytest.raises(LangfangError, match=r"Quantity\.exact\(100, '%'\)"):
        100 - Quantity.exact(40, "%")
    assert sum([Quantity.exact(40, "%"), Quantity.exact(60, "%")]) == Quantity.exact(100, "%")


def test_per_cent_and_percentage_points_go_together():
    index, rise = Quantity.exact("94.97", "%"), Quantity.exact("3.07", "percentage point")
    assert index + rise == Quantity.exact("98.04", "%")
    assert (index + rise - index).overlaps(rise)


def test_a_percentage_counts_as_hundredths_where_units_are_named():
    revenue, share = Quantity.exact("984.8", "yuan"), Quantity.exact("11.5", "%")
    assert (revenue / 1).over(share, unit="yuan").value == pytest.approx(8563.478)
    assert revenue.over(revenue, unit="%") == Quantity.exact(100, "%")
    assert share.to("1").to("%") == share
    with pytest.raises(LangfangError, match="yuan to %"):
        revenue.to("%")


def test_a_power_needs_a_plain_number():
    with pytest.raises(LangfangError, match="a power of yuan"):
        Quantity.exact(2, "yuan") ** 2
    with pytest.raises(LangfangError, match="below zero"):
        Quantity(1, -1, 2) ** 0.5
    assert Quantity.exact(4) ** 0.5 == Quantity.exact(2)


# ---- corners ----


@given(quantities(positive), quantities(positive))
def test_corners_hold_the_true_result_and_are_never_wider_than_step_by_step(first, second):
    (a, true_a), (b, true_b) = first, second

    def share(part, rest):
        return part / (part + rest)

    result, steps = corners(share, a, b), share(a, b)
    assert holds(result, share(true_a, true_b))
    assert steps.fractions[1] <= result.fractions[1] and result.fractions[2] <= steps.fractions[2]


def test_corners_count_a_fact_once_that_enters_twice():
    a, b = Quantity(20, 15, 25), Quantity(80, 75, 85)
    step_by_step = a / (a + b)
    once = corners(lambda a, b: a / (a + b), a, b)
    assert once.upper - once.lower < step_by_step.upper - step_by_step.lower


def test_corners_refuse_what_is_not_monotone_or_divides_by_zero():
    around_zero = Quantity("0.5", -1, 1)
    with pytest.raises(LangfangError, match="holds zero"):
        corners(lambda a: 1 / a, around_zero)
    with pytest.raises(LangfangError, match="not monotone"):
        corners(lambda a: a * (1 - a), Quantity("0.5", 0, 1))


def test_corners_with_an_open_end_go_step_by_step():
    result = corners(lambda a, b: a - b, Quantity(600, 600, INF), Quantity(100, 90, 110), unit="元")
    assert (result.lower, result.upper, result.unit) == (490, INF, "元")


# ---- behaviour and print ----


def test_a_quantity_does_not_change_and_can_be_copied():
    quantity = Quantity("3.07", "3.06", "3.08", "%", "rise")
    with pytest.raises(AttributeError, match="does not change"):
        quantity.unit = "元"
    assert copy.deepcopy(quantity) == quantity == pickle.loads(pickle.dumps(quantity))
    assert len({quantity, copy.copy(quantity)}) == 1


def test_comparisons_need_the_whole_range():
    low, high, between = Quantity(1, 0, 2), Quantity(5, 4, 6), Quantity(3, 2, 4)
    assert high.surely_above(low) and low.surely_below(high) and high.surely_above(3)
    assert not between.surely_above(low) and between.overlaps(low) and between.overlaps(high)
    assert not low.overlaps(high) and not low.overlaps(7)


@given(quantities(), st.integers(0, 4))
def test_a_printed_range_holds_the_range(pair, places):
    quantity, _ = pair
    text = quantity.range(f".{places}f")
    ends = [Fraction(end) for end in (text.split(" to ") if " to " in text else text.split("–"))]
    assert ends[0] <= quantity.fractions[1] and quantity.fractions[2] <= ends[-1]


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity("98.04", "98.035", "98.045", "%"), "98.04 % (98.035–98.045)"),
        (Quantity(4, "3.95", "4.05", "%"), "4.0 % (3.95–4.05)"),
        (Quantity.exact(1934, "household"), "1,934 household"),
        (Quantity(420, 420, INF, "yuan"), "420 yuan (≥ 420)"),
        (Quantity(0, "-0.5", "0.5", "%"), "0 % (-0.5 to 0.5)"),
        (Quantity(2, 0, 4, "%"), "2 % (0–4)"),
        (Quantity(Fraction(1, 3), Fraction(1, 4), Fraction(1, 2)), "0.33 (0.25–0.50)"),
    ],
)
def test_a_quantity_prints_with_unit_and_range(quantity, text):
    assert str(quantity) == text


def test_formats_round_halves_up_and_take_digits():
    assert f"{Quantity.exact('2.675'):.2f}" == "2.68"
    assert f"{Quantity.exact(1934):,d} {Quantity.exact('0.5'):.0%}" == "1,934 50%"


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity(100, 100, 200, "户") * 10**4, "100余万户"),
        (Quantity(4, 4, 5, "元") * 10**8, "4亿多元"),
        (Quantity(4, 0, 4, "%"), "4%以内"),
        (Quantity.exact(1, "位"), "第1位"),
        (Quantity.exact(783, "元/人·月"), "每人每月783元"),
    ],
)
def test_quantities_in_chinese(quantity, text):
    assert in_chinese(quantity) == text


# ---- growth, and shares of a whole ----

TENTHS = st.tuples(st.integers(20, 300), st.integers(300, 450)).map(lambda ab: (*ab, 1000 - sum(ab)))
OFFS = st.tuples(*[st.integers(-25, 25)] * 2).map(lambda ab: (*ab, -sum(ab)))  # thousandths; they cancel out


def true_shares(tenths, offs):
    return [Fraction(n, 10) + Fraction(off, 1000) for n, off in zip(tenths, offs, strict=True)]


def test_growth_a_year_leads_from_one_level_to_the_other():
    rate = per_year(Quantity(400, 350, 450, "元"), Quantity.exact(600, "元"), 2)
    assert rate.unit == "%"
    assert rate.range(".2f") == "15.47–30.94"
    assert f"{rate:.2f}" == "22.47"


# ---- what a number says of itself ----

SHARE = Quantity("33.86", "33.855", "33.865", "%")


@pytest.mark.parametrize(
    "drop", [float, int, math.sqrt, math.log, round, np.log, lambda q: np.array([q]).astype(float)]
)
def test_what_would_drop_the_bounds_is_refused_and_names_the_way(drop):
    with pytest.raises(LangfangError, match=r"would drop its bounds; take \.value"):
        drop(SHARE)


def test_a_percentage_is_not_formatted_as_one_again():
    with pytest.raises(LangfangError, match=r"it is in % already; use \.1f"):
        f"{SHARE:.1%}"
    assert f"{SHARE.to('1'):.1%}" == "33.9%"


@given(quantities(), quantities())
def test_a_comparison_holds_for_all_values_or_is_an_error(a, b):
    (a, _), (b, _) = a, b
    open_ = not (a.surely_above(b) or a.surely_below(b))
    touching = a.fractions[1] == b.fractions[2] or a.fractions[2] == b.fractions[1]
    if open_ and not touching and a != b:
        with pytest.raises(LangfangError, match="the ranges leave it open"):
            a > b  # noqa: B015
    elif not touching and not open_:
        assert (a > b) == a.surely_above(b) == (not a <= b)


def test_touching_ranges_are_not_surely_apart():
    low, high = Quantity(4, 3, 5), Quantity(6, 5, 7)
    assert not low.surely_below(high) and not high.surely_above(low) and low.overlaps(high)
    assert low <= high and not low > high


def test_sorting_takes_ranges_that_are_apart():
    low, high = Quantity(4, 3, 5), Quantity(9, 8, 10)
    assert sorted([high, low]) == [low, high] and max(low, high) == high


def test_a_share_less_a_share_is_in_points():
    assert (SHARE - Quantity.exact(30, "%")).unit == "percentage point"
    assert (SHARE - Quantity.exact(3, "percentage point")).unit == "%"


def test_columns_of_quantities_carry_bounds():
    column = pd.Series([SHARE, SHARE])
    assert column.sum() == SHARE + SHARE
    assert (column / 2).iloc[0] == SHARE / 2 and (column - SHARE).iloc[0].unit == "percentage point"
    assert np.sqrt(Quantity(4, 1, 9)) == Quantity(2, 1, 3)


@pytest.mark.parametrize("columns", [pd.Series, np.array, lambda items: pd.DataFrame({"a": items})])
def test_a_quantity_meets_columns_from_either_side(columns):
    column, ten = columns([SHARE, Quantity.exact(5, "%")]), Quantity.exact(10, "%")
    for mixed, item in [
        (ten + column, ten + SHARE),
        (ten - column, ten - SHARE),
        (2 * (ten / column), 2 * (ten / SHARE)),
        (Quantity.exact(3) * column, 3 * SHARE),
        (ten < column, True),
        (ten >= column, False),
    ]:
        assert np.asarray(mixed).ravel()[0] == item and np.shape(mixed) == np.shape(column)


def test_a_root_that_never_ends_lies_between_its_bounds():
    _, lower, upper = (Quantity.exact(2) ** 0.5).fractions
    assert lower**2 < 2 < upper**2


def test_a_third_is_meant_as_a_third():
    assert (Quantity.exact(27) ** (1 / 3)).fractions == (3, 3, 3)
    assert (Quantity.exact(2**64) ** (1 / 64)).fractions == (2, 2, 2)


def test_corners_are_worked_out_for_ten_facts_at_most():
    ten = [Quantity(1, 0, 2)] * 10
    assert corners(lambda *q: sum(q), *ten).fractions[1:] == (0, 20)
    with pytest.raises(LangfangError, match="ten at most"):
        corners(lambda *q: sum(q), *ten, Quantity(1, 0, 2))


@pytest.mark.parametrize(
    ("quantity", "size"),
    [
        ((-3, -5, -1), (3, 1, 5)),
        ((3, 1, 5), (3, 1, 5)),
        ((1, -2, 3), (1, 0, 3)),
        ((-1, -4, 3), (1, 0, 4)),
        ((-1, -2, 0), (1, 0, 2)),
        ((1, 0, 2), (1, 0, 2)),
        ((Fraction(1, 2), -2, Fraction(1, 2)), (Fraction(1, 2), 0, 2)),
    ],
)
def test_the_size_of_a_quantity(quantity, size):
    assert abs(Quantity(*quantity)).fractions == size


def test_touching_ranges_are_at_least_and_at_most_each_other():
    low, high = Quantity(4, 3, 5), Quantity(6, 5, 7)
    assert high >= low and low <= high and not high < low and not low > high


@pytest.mark.parametrize(("digits", "text"), [(None, "34"), (0, "34"), (1, "33.9"), (-1, "34")])
def test_rounding_names_the_way_to_do_it_in_a_text(digits, text):
    with pytest.raises(LangfangError, match=rf"round\(\) \({text} in a text\)"):
        round(SHARE, digits)


@pytest.mark.parametrize("exponent", [1001, -1001, INF])
def test_exponents_have_a_limit(exponent):
    assert Quantity.exact(1) ** 1000 == Quantity.exact(1) ** -1000 == Quantity.exact(1)
    with pytest.raises(LangfangError, match="between -1000 and 1000"):
        Quantity.exact(1) ** exponent


def test_values_on_their_bounds_are_within_them_and_others_are_not():
    assert Quantity(4, 4, 5).lower == Quantity(4, 3, 4).upper == 4
    with pytest.raises(LangfangError, match="value 4 does not lie within 5 and 6"):
        Quantity(4, 5, 6)
