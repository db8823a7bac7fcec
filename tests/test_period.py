"""Periods: which days they name, how long they are, and the dates that a Chinese text prints."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langfang.errors import LangfangError
from langfang.printed.period import (
    date_parts,
    dates,
    days,
    in_words,
    length,
    position,
    time_key,
    years,
)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2019", (2019, 1, 1), (2019, 12, 31)),
        ("2018-10", (2018, 10, 1), (2018, 10, 31)),
        ("2020-02", (2020, 2, 1), (2020, 2, 29)),
        ("2019-12", (2019, 12, 1), (2019, 12, 31)),
        ("2019-06-30", (2019, 6, 30), (2019, 6, 30)),
        ("2015/2019", (2015, 1, 1), (2019, 12, 31)),
        ("2016-01/2020-09", (2016, 1, 1), (2020, 9, 30)),
        ("2019-06-30/2019-07-01", (2019, 6, 30), (2019, 7, 1)),
    ],
)
def test_a_period_names_its_first_and_last_day(period, first, last):
    assert days(period) == (date(*first), date(*last))


NO_PERIOD = """
    / 2019/ 2019/2019 2019/2018 2015/2019-01 2015/2016/2017 2019-13 2019-02-30 20190630 0000 2019-6 ２０１９
""".split()  # noqa: SIM905


@pytest.mark.parametrize("period", ["", *NO_PERIOD])
def test_what_is_no_period_has_no_days(period):
    assert days(period) is None


def test_the_years_and_the_time_that_figures_share():
    assert years("2016-01/2020-09") == (2016, 2020) and years("2016-01/2016-09") == (2016,)
    periods = ["2018-10", "2016-01/2020-09", "2020-01/2020-09", "2019-06-30/2019-07-02", ""]
    assert [time_key(period) for period in periods] == ["2018", "2016/2020", "2020-01/2020-09", "2019", ""]


@pytest.mark.parametrize(
    ("period", "whole", "between"),
    [
        ("2015/2019", 5, 4),
        ("2020-01/2020-09", Fraction(9, 12), Fraction(8, 12)),
        ("2018-10/2019-03", Fraction(6, 12), Fraction(5, 12)),
        ("2019-01-01/2019-06-30", Fraction(6, 12), Fraction(5, 12)),
        ("2019", None, None),
        ("", None, None),
    ],
)
def test_a_period_is_counted_in_whole_months(period, whole, between):
    assert (length(period), length(period, between=True)) == (whole, between)


@pytest.mark.parametrize(
    ("period", "place"),
    [
        ("2018-01", 2018),
        ("2018-12", 2018 + 11 / 12),
        ("2019-01-01", 2019),
        ("2019-12-31", 2020),
        ("2020-07-01", 2020.5),
        ("2015-01/2018-07", 2018.5),
        (2019.25, 2019.25),
    ],
)
def test_a_period_has_a_place_on_an_axis(period, place):
    assert position(period) == pytest.approx(place, abs=1e-9)


@pytest.mark.parametrize(
    ("period", "english"),
    [
        ("2019", "2019"),
        ("2018-10", "October 2018"),
        ("2018-01", "January 2018"),
        ("2019-06-30", "30 June 2019"),
        ("2015/2019", "2015–2019"),
        ("2016-01/2020-12", "January 2016 to December 2020"),
        ("2019-06-30/2019-07-02", "30 June 2019 to 2 July 2019"),
        ("", "undated"),
    ],
)
def test_a_period_in_words(period, english):
    assert in_words(period) == english


@pytest.mark.parametrize("read", [position, in_words])
def test_what_is_no_period_is_refused(read):
    with pytest.raises(LangfangError, match="period 'spring': expected"):
        read("spring")


# ---- dates in print ----


@pytest.mark.parametrize(
    ("text", "date", "period"),
    [
        ("截至2019年6月底,", "2019年6月底", "2019-06-30"),
        ("到2020年2月末", "2020年2月末", "2020-02-29"),
        ("2019年6月初起", "2019年6月初", "2019-06"),
        ("2019年底前", "2019年底", "2019"),
        ("二〇一九年十二月三十日", "二〇一九年十二月三十日", "2019-12-30"),
        ("一九八○年十月二十五日", "一九八○年十月二十五日", "1980-10-25"),
        ("1980年04月30日", "1980年04月30日", "1980-04-30"),
        ("2020年1-9月", "2020年1-9月", "2020-01/2020-09"),
        ("2020年1月至9月", "2020年1月至9月", "2020-01/2020-09"),
        ("2016-2020年", "2016-2020年", "2016/2020"),
        ("2016-2020年6月", "2016-2020年6月", "2016/2020"),
        ("于2019/06/30.", "2019/06/30", "2019-06-30"),
        ("于2019.6。", "2019.6", "2019-06"),
    ],
)
def test_a_printed_date_is_found_in_its_place(text, date, period):
    start = text.index(date)
    assert list(dates(text)) == [(start, start + len(date), period)]


@pytest.mark.parametrize(
    "text",
    ["2019年2月30日", "2019年13月", "2020年9-1月", "2020-2016年", "12019/06", "2019/061", "6月30日", "2019"],
)
def test_what_is_no_date_is_not_found(text):
    assert list(dates(text)) == []


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_day_printed_in_chinese_is_read_as_that_day(day):
    [(start, _, period)] = dates(f"{day.year}年{day.month}月{day.day}日")
    assert (start, period) == (0, day.isoformat())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2019年6月30日", ({2019}, {6}, {30}, set())),
        ("9月24日", (set(), {9}, {24}, set())),
        ("二十九日", (set(), set(), {29}, set())),
        ("2019/06/30", ({2019}, {6}, {30}, set())),
        ("2019/06", ({2019}, {6}, set(), set())),
        ("2019-2020学年", ({2019, 2020}, {8, 9}, set(), set())),
        ("二〇一九年", ({2019}, set(), set(), set())),
        ("两年", (set(), set(), set(), {2})),
        ("近20年", (set(), set(), set(), {20})),
        ("“九五”", ({1996, 2000}, set(), set(), set())),
        ("“十四五”期间", ({2021, 2025}, set(), set(), set())),
        ("十三五规划", ({2016, 2020}, set(), set(), set())),
        ("十五年", (set(), set(), set(), {15})),
    ],
)
def test_the_parts_that_a_date_names(text, parts):
    assert date_parts(text) == parts
