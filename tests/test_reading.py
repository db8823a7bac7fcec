"""Printed figures are read into value, unit and bound, and what cannot be read is refused with its reason."""

import csv
import re
import string
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import langfang as lf
from langfang.errors import LangfangError
from langfang.printed.numerals import chinese_numerals, digest, normalise, numerals
from langfang.printed.reading import BOUNDS, Figure, beside, print_figure, read_figure

# Figures as reports print them, each with its kind, what the sentence supplies, and its reading: value, unit
# and bound, or the reason for which it is refused, or the numerals that are found.
with (Path(__file__).parent / "reading_cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = [row for row in csv.DictReader(file) if not row["reading"].startswith("numerals: ")]
    file.seek(0)
    FOUND = [row for row in csv.DictReader(file) if row["reading"].startswith("numerals: ")]
NAMES = [" + ".join(filter(None, (row["kind"], row["text"], row["supplied"]))) for row in CASES]


@pytest.mark.parametrize("row", CASES, ids=NAMES)
def test_a_figure_is_read_or_refused_with_its_reason(row):
    try:
        found = " ".join(read_figure(row["text"], row["supplied"]))
    except LangfangError as error:
        assert row["reading"].startswith("refused: "), error
        found = row["reading"] if row["reading"].removeprefix("refused: ") in str(error) else str(error)
    assert found == row["reading"]


@pytest.mark.parametrize("row", FOUND, ids=[f"{row['kind']} + {row['text']}" for row in FOUND])
def test_numerals_stay_apart(row):
    text = normalise(row["text"])
    found = [text for *_, text in numerals(text) + chinese_numerals(text)]
    assert found == row["reading"].removeprefix("numerals: ").split()


def test_every_fact_mention_reads_as_its_fact():
    facts = lf.load("facts").set_index("fact_id")[["printed", "unit", "bound"]]
    mentions, units = lf.load("mentions").query("role == 'fact'"), list(lf.load("units")["unit"])
    for text, supplied, fact_id in mentions[["text", "supplied", "fact_id"]].itertuples(index=False):
        value, unit, bound = facts.loc[fact_id]
        # 万户(市场主体): the word in brackets is the table's, the rest is print.
        read = read_figure(text, supplied, units)
        assert read in {(value, unit, bound), (value, unit.partition("(")[0], bound)}, fact_id


def test_a_unit_of_the_tables_is_taken_beside_those_known():
    with pytest.raises(LangfangError, match=r"add a row to units\.csv"):
        read_figure("3炉")
    assert read_figure("3炉", units={"炉"}) == Figure("3", "炉", "as_printed")
    assert read_figure("3km2").unit == "平方公里" and read_figure("3km2", units={"km2"}).unit == "km2"


def test_the_reason_names_text_and_supplement_and_units_that_fit():
    with pytest.raises(LangfangError, match=r"'5万' with '最高…' supplied"):
        read_figure("5万", "最高…")
    with pytest.raises(LangfangError, match="near it: 炉钢"):
        read_figure("3炉", units={"炉钢"})


@pytest.mark.parametrize(
    ("text", "units", "hint"),
    [
        ("3户籍", (), "near it: 户"),
        ("3炉", ("炉甲", "炉乙", "炉丙", "炉丁"), "near it: 炉甲, 炉乙, 炉丙"),
        ("3炉", (), "units.csv)"),
    ],
)
def test_of_units_only_three_that_are_near_are_named(text, units, hint):
    with pytest.raises(LangfangError) as refused:
        read_figure(text, units=units)
    assert str(refused.value).endswith(hint)


@pytest.mark.parametrize(
    "text", ["", "2" * 16 + "户", "百" * 5000, "百分之" * 99, "1亿" * 40 + "元", "5至" * 30]
)
def test_odd_texts_are_refused(text):
    with pytest.raises(LangfangError, match="cannot read"):
        read_figure(text)


# ---- print is the inverse of reading ----

places = st.integers(0, 3)
sizes = st.integers(1, 10**9)
decimals = st.builds(lambda n, p: f"{n / 10**p:.{p}f}", sizes, places)
values = decimals | st.just("0") | decimals.map("-{}".format) | st.sampled_from(["2/3", "1/10"])
ranges = st.builds(lambda a, b, p: f"{a / 10**p:.{p}f}..{(a + b) / 10**p:.{p}f}", sizes, sizes, places)
falls = ranges.map(lambda ends: "..".join(f"-{end}" for end in reversed(ends.split(".."))))
UNITS = "元 亿元 万元 万亿元 户 万户 个 家 项 % 个百分点 微克/立方米 元/人·月 万元/家 万吨/年 件/万人 1"
units = st.sampled_from(UNITS.split())
of_one = st.builds(Figure, values, units, st.sampled_from(BOUNDS[:-1]))
figures = of_one | st.builds(Figure, ranges | falls, units, st.just("range"))


@given(figures)
def test_a_figure_printed_is_read_back(figure):
    if "/" in figure.value:
        figure = figure._replace(unit="1")
    assert read_figure(print_figure(*figure), "1" if figure.unit == "1" else "") == figure


READ = [row for row in CASES if not row["reading"].startswith("refused: ")]


@pytest.mark.parametrize("row", READ, ids=[row["text"] for row in READ])
def test_a_figure_read_is_printed_so_that_it_reads_the_same(row):
    figure = read_figure(row["text"], row["supplied"])
    assert read_figure(print_figure(*figure), "1" if figure.unit == "1" else "") == figure


def test_what_is_not_counted_by_each_is_printed_behind_a_slash():
    assert print_figure("95", "升/年·炉") == "95升/年·炉" and print_figure("95", "升/人·年") == "每人每年95升"
    assert print_figure("95", "克/立方米") == "95克/立方米"


def test_an_unknown_bound_is_not_printed():
    with pytest.raises(LangfangError, match="expected one of as_printed"):
        print_figure("1", "户", "roughly")


# ---- numerals in words ----

DIGITS = "零一二三四五六七八九"


def in_words(number):
    """A whole number as a school book writes it."""
    if number < 10:
        return DIGITS[number]
    power, name = next(
        (p, n)
        for p, n in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))
        if number >= p
    )
    head, rest = divmod(number, power)
    return in_words(head) + name + ("零" if 0 < rest < power // 10 else "") + (in_words(rest) if rest else "")


def amount(figure):
    """The number a figure states, its scale multiplied out."""
    scale = {"万": 10**4, "亿": 10**8, "万亿": 10**12}[figure.unit[:-1]] if figure.unit != "元" else 1
    return int(figure.value) * scale


@given(st.integers(1, 10**12 - 1))
@example(100_050_000)
@example(4_712_636_740_600 // 10)
def test_a_number_in_words_is_read_as_that_number(number):
    assert amount(read_figure(in_words(number) + "元")) == number


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_digits_and_words_mixed_are_read_whole(hundred_millions, ten_thousands):
    text = f"{hundred_millions}亿{'零' if ten_thousands < 1000 else ''}{in_words(ten_thousands)}万元"
    assert amount(read_figure(text)) == hundred_millions * 10**8 + ten_thousands * 10**4


@given(st.text("零一二两三四五六七八九十百千万亿", min_size=1, max_size=8))
def test_a_numeral_is_read_in_one_way_or_refused(numeral):
    try:
        number = amount(read_figure(numeral + "元"))
    except LangfangError:
        return
    short = re.sub(r"零|(?<![二三四五六七八九])一(?=[十百千万亿])", "", numeral.replace("两", "二"))
    assert (
        short == re.sub(r"零|(?<![二三四五六七八九])一(?=[十百千万亿])", "", in_words(number)) or number == 0
    )


CHARACTERS = "约超过近余多万亿元户%没有无零首第位一二十百千成半番.0123456789,-至每人月/以上内下降分之点:"


@given(st.text(max_size=30) | st.text(CHARACTERS, max_size=12), st.sampled_from(["", "元", "-…", "1"]))
def test_any_text_is_read_or_refused(text, supplied):
    try:
        figure = read_figure(text, supplied)
    except LangfangError:
        return
    assert figure.bound in BOUNDS and figure.unit
    assert re.fullmatch(r"-?\d+(\.\d+)?(\.\.-?\d+(\.\d+)?)?|\d+/\d+", figure.value)


# ---- text ----


@given(st.text(string.printable + "１，％ 　廊坊②³一", max_size=40))
def test_normalising_twice_changes_nothing(text):
    assert normalise(normalise(text)) == normalise(text)


@given(
    st.lists(decimals, min_size=2, max_size=5), st.sampled_from([" ", "  ", "\t", "\N{IDEOGRAPHIC SPACE}"])
)
def test_numbers_in_a_row_of_a_table_stay_apart(row, space):
    assert [text for *_, text in numerals(normalise(space.join(row)))] == row


def test_numerals_in_words_stay_apart_too():
    assert normalise("共三 百户, 三 五户, 三户 五人") == "共三 百户,三 五户,三户五人"


def test_copies_in_full_width_and_with_spaces_have_one_digest():
    assert digest("２０１９ 年９８．０４％") == digest("2019年98.04%")


def test_numerals_are_found_where_they_stand():
    text = "8.3:44.6:47.1,共16项,增长-3.2%"
    assert numerals(text) == [
        (0, 3, "8.3"),
        (4, 8, "44.6"),
        (9, 13, "47.1"),
        (15, 17, "16"),
        (21, 25, "-3.2"),
    ]


@pytest.mark.parametrize("text", ["--2016年某区", "-2016年某区", "2015-2016年"])
def test_a_dash_before_a_year_is_no_minus_sign(text):
    assert numerals(text)[-1][2] == "2016"
    assert numerals("平均-12.5度")[0][2] == "-12.5"


def test_a_scale_behind_digits_is_no_numeral_of_its_own():
    assert chinese_numerals("100余万户,4亿多元,1.1亿元") == []


def test_what_goes_on_in_words_is_a_numeral_of_its_own():
    assert [text for *_, text in chinese_numerals("6亿二千三百一十四万人,3万亿五千元")] == [
        "二千三百一十四万",
        "五千",
    ]


def test_ordinals_and_runs_are_found_whole():
    found = [text for *_, text in chinese_numerals("七大集群、三十八证居第三位,首批,首都,陆地")]
    assert found == ["七", "三十八", "第三", "首"]


@pytest.mark.parametrize(
    ("text", "figure", "reason"),
    [
        ("用水95升/日", "95升", "/ goes on"),
        ("每月645元每人", "645元", "每 goes on"),
        ("分别高4个和6个百分点", "4个", "和6个百分点 goes on"),
        ("1亿5千万元", "1亿", "5千万 goes on"),
        ("首破5亿元", "5亿元", "首破 stands before"),
        ("过8亿元大关", "8亿元", "过 stands before"),
        ("近百家", "百家", "近 stands before"),
        ("600亿元以上", "600亿元", "以上 goes on"),
        ("600亿元及以上", "600亿元", "及以上 goes on"),
        ("达到千亿级", "千亿", "级 goes on"),
        ("通过5项", "5项", ""),
        ("最近3年", "3年", ""),
        ("节约5万元", "5万元", ""),
        ("共4个和6家", "4个", ""),
    ],
)
def test_words_beside_a_figure_are_not_left_out(text, figure, reason):
    start = text.index(figure)
    found = beside(text, start, start + len(figure))
    assert found.startswith(reason) if reason else not found
