"""Printed figures are read into value, unit and bound, and what cannot be read is refused with its reason."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

import langfang as lf
from langfang.errors import LangfangError
from langfang.printed import reading
from langfang.printed.reading import Figure, print_figure, read_figure

# Every form in which the article prints a figure: text, what the sentence supplies, value, unit, bound.
FORMS = """
超过420亿元 | | 420 亿元 more_than
100余万户 | | 100 万户 over
约200余万吨 | | 200 万吨 over
4亿多元 | | 4 亿元 over
14.4万户 | | 14.4 万户 as_printed
14.4万户 | (市场主体) | 14.4 万户(市场主体) as_printed
1.1亿元 | | 1.1 亿元 as_printed
4.0% | | 4.0 % as_printed
3.07个百分点 | | 3.07 个百分点 as_printed
8.3 | % | 8.3 % as_printed
52微克/立方米 | | 52 微克/立方米 as_printed
每人每月783元 | | 783 元/人·月 as_printed
每家一次性奖励1000万元 | | 1000 万元/家 as_printed
5.08个 | | 5.08 个 as_printed
20公里 | | 20 公里 as_printed
前5名 | (企业) | 5 名(企业) as_printed
600亿元以上 | | 600 亿元 at_least
50%以上 | | 50 % at_least
10亿元台阶 | | 10 亿元 at_least
均迈上10亿元台阶 | | 10 亿元 at_least
至少落实1项 | | 1 项 at_least
4%以内 | | 4 % at_most
最高可以贷5万 | 元 | 5 万元 at_most
5万 | 最高…元 | 5 万元 at_most
400亿元左右 | | 400 亿元 about
七大 | | 7 个 as_printed
三重 | | 3 重 as_printed
两个 | | 2 个 as_printed
四级 | | 4 级 as_printed
三十八证 | | 38 证 as_printed
千亿元 | | 1000 亿元 as_printed
百亿元以上 | | 100 亿元 at_least
首位 | | 1 位 as_printed
第1位 | | 1 位 as_printed
第三位 | | 3 位 as_printed
全省第一 | | 1 位 as_printed
全省最低 | | 1 位 as_printed
没有贫困县 | | 0 个 as_printed
贫困村 | 没有… | 0 个 as_printed
没有出现一户 | | 0 户 as_printed
无辍学失学 | 人 | 0 人 as_printed
零增长 | | 0 % as_printed
清零 | 吨 | 0 吨 as_printed
"""
FORMS = [[part.strip() for part in line.split("|")] for line in FORMS.strip().splitlines()]


@pytest.mark.parametrize(("text", "supplied", "figure"), FORMS, ids=[" + ".join(f[:2]) for f in FORMS])
def test_each_form_of_the_article_is_read(text, supplied, figure):
    assert read_figure(text, supplied) == tuple(figure.split())


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("１００余万户", "100 万户 over"),
        ("1,024户", "1024 户 as_printed"),
        ("百分之五", "5 % as_printed"),
        ("-3.2%", "-3.2 % as_printed"),
        ("一百零五元", "105 元 as_printed"),
        ("十余万户", "10 万户 over"),
        ("2万亿元", "2 万亿元 as_printed"),
        ("半年", "0.5 年 as_printed"),
        ("近100户", "100 户 about"),
        ("不低于80%", "80 % at_least"),
    ],
)
def test_forms_of_other_reports_are_read(text, figure):
    assert read_figure(text) == tuple(figure.split())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "one number"),
        ("几十道", "one number"),
        ("8.3", "no unit"),
        ("两", "no unit"),
        ("7大领域", "no nouns"),
        ("1934户4829名", "no unit known"),
        ("39+8项", "no unit known"),
        ("3万5千元", "no unit known"),
        ("三百五元", "well-formed"),
        ("三五个", "well-formed"),
        ("至少200余户", "both at_least and over"),
        ("超过600亿元以上", "both at_least and more_than"),
        ("清零", "without a unit"),
        ("没有三户", "one number"),
        ("零八户", "well-formed"),
        ("2" * 16 + "户", "no unit known"),
        ("百" * 5000, "one number"),
    ],
)
def test_what_states_no_one_figure_is_refused_with_its_reason(text, reason):
    with pytest.raises(LangfangError, match=re.escape(reason)) as caught:
        read_figure(text)
    assert text[:20] in str(caught.value)


def test_the_error_shows_what_was_supplied():
    with pytest.raises(LangfangError, match=r"'5万' with '最高…' supplied"):
        read_figure("5万", "最高…")


def test_a_unit_of_the_tables_is_taken_beside_those_known():
    with pytest.raises(LangfangError):
        read_figure("3炉")
    assert read_figure("3炉", units={"炉"}) == Figure("3", "炉", "as_printed")


def test_every_fact_mention_reads_as_its_fact():
    facts = lf.load("facts").set_index("fact_id")[["printed", "unit", "bound"]]
    mentions, units = lf.load("mentions").query("role == 'fact'"), list(lf.load("units")["unit"])
    for text, supplied, fact_id in mentions[["text", "supplied", "fact_id"]].itertuples(index=False):
        value, unit, bound = facts.loc[fact_id]
        # 万户(市场主体): the word in brackets is the table's, the rest is print.
        read = read_figure(text, supplied, units)
        assert read in {(value, unit, bound), (value, unit.partition("(")[0], bound)}, fact_id


# ---- both directions ----

counts = st.integers(0, 10**12).map(str)
decimals = st.decimals(0, 10**6, places=2, allow_nan=False).map("{:f}".format)
UNITS = "元 亿元 万元 万亿元 户 万户 个 家 项 % 个百分点 微克/立方米 元/人·月 万元/家 万吨/年"
units = st.sampled_from(UNITS.split())
figures = st.builds(Figure, counts | decimals, units, st.sampled_from(reading.BOUNDS))


@given(figures)
def test_a_figure_printed_is_read_back(figure):
    assert read_figure(print_figure(*figure)) == figure


@given(st.sampled_from([form for form in FORMS if not form[1]]))
def test_a_figure_read_is_printed_so_that_it_reads_the_same(form):
    figure = read_figure(form[0])
    assert read_figure(print_figure(*figure)) == figure


@given(st.integers(1, 10**12 - 1))
def test_chinese_numerals_are_read_and_written(number):
    assert reading._digits(reading._chinese(number)) == str(number)


@given(st.text("零一二两三四五六七八九十百千万亿半", max_size=8))
def test_a_numeral_is_read_in_one_way_or_refused(numeral):
    try:
        digits = reading._digits(numeral)
    except LangfangError:
        return
    written = reading._chinese(int(digits)) if digits != "0.5" else "半"
    assert numeral.replace("两", "二") in (written, written.removeprefix("一"))


CHARACTERS = "约超过余多万亿元户%没有零首第位一二十百千.0123456789,-每人月/以上内"


@given(st.text(max_size=30) | st.text(CHARACTERS, max_size=12))
def test_any_text_is_read_or_refused(text):
    try:
        figure = read_figure(text)
    except LangfangError:
        return
    assert figure.bound in reading.BOUNDS and figure.unit and re.fullmatch(r"-?\d+(\.\d+)?", figure.value)


def test_an_unknown_bound_is_not_printed():
    with pytest.raises(LangfangError, match="expected one of as_printed"):
        print_figure("1", "户", "roughly")


# ---- text ----


@given(st.text(string.printable + "１，％ 　廊坊", max_size=40))
def test_normalising_twice_changes_nothing(text):
    assert reading.normalise(reading.normalise(text)) == reading.normalise(text)


def test_copies_in_full_width_and_with_spaces_have_one_digest():
    assert reading.digest("２０１９ 年９８．０４％") == reading.digest("2019年98.04%")


def test_numerals_are_found_where_they_stand():
    text = "8.3:44.6:47.1,共16项"
    assert reading.numerals(text) == [(0, 3, "8.3"), (4, 8, "44.6"), (9, 13, "47.1"), (15, 17, "16")]


def test_a_scale_behind_digits_is_no_numeral_of_its_own():
    assert reading.chinese_numerals("100余万户,4亿多元,1.1亿元") == []


def test_ordinals_and_runs_are_found_whole():
    found = [text for *_, text in reading.chinese_numerals("七大集群、三十八证居第三位,首批,首都")]
    assert found == ["七", "三十八", "第三", "首"]
