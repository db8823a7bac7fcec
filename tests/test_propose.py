"""What is proposed for a report that is not read yet: sentence by sentence, made up."""

import csv

import pytest

from langfang.errors import LangfangError
from langfang.proof.propose import propose, write_drafts


@pytest.fixture
def proposed(tmp_path):
    """A function from a text to its proposals in the order of the text."""

    def rows(text):
        (tmp_path / "report.txt").write_text(text, encoding="utf-8")
        return sorted(propose(tmp_path / "report.txt"), key=lambda row: (row.paragraph, row.start))

    return rows


def short(row):
    """A proposal as text[supplied] = reading, a label or date as its role."""
    supplied = f"[{row.supplied}]" if row.supplied else ""
    reading = f"{row.value} {row.unit} {row.bound}" if row.role == "fact" else row.role
    return f"{row.confidence[0]} {row.text}{supplied} = {reading}"


SENTENCES = {
    "全市粮食产量41.7万吨": ["1 41.7万吨 = 41.7 万吨 as_printed"],
    "预计收入150亿元左右": ["1 150亿元左右 = 150 亿元 about"],
    "收入首破5亿元": ["1 首破5亿元 = 5 亿元 more_than"],
    "每人每月783元": ["1 每人每月783元 = 783 元/人·月 as_printed"],
    "投资额达20余亿": ["3 20余亿[元] = 20 亿元 over"],
    "游客30万": ["3 30万[人] = 30 万人 as_printed"],
    "帮助30万群众": ["3 30万[人] = 30 万人 as_printed"],
    "带动5000": ["3 5000[1] = 5000 1 as_printed"],
    "达到30万": [],
    "浓度下降12%,减少3天": ["1 12%[-…] = -12 % as_printed", "1 3天[-…] = -3 天 as_printed"],
    "下降到12%": ["1 12% = 12 % as_printed"],
    "占比为5、6个百分点": ["2 5[个百分点] = 5 个百分点 as_printed", "1 6个百分点 = 6 个百分点 as_printed"],
    "新建学校3个和5个": ["2 3[个] = 3 个 as_printed", "1 5个 = 5 个 as_printed"],
    "改造1200户、1300户": ["1 1200户 = 1200 户 as_printed", "1 1300户 = 1300 户 as_printed"],
    "比重为8.3:44.6:47.1": [
        "2 8.3[%] = 8.3 % as_printed",
        "2 44.6[%] = 44.6 % as_printed",
        "3 47.1[%] = 47.1 % as_printed",
    ],
    "就业12万、13.5万人": ["2 12万[人] = 12 万人 as_printed", "1 13.5万人 = 13.5 万人 as_printed"],
    "建3–5个园区、7条路": ["1 3–5个 = 3..5 个 range", "1 7条 = 7 条 as_printed"],
    # ranks and zeros
    "居全省第三位,位居首位": ["1 第三位 = 3 位 as_printed", "1 首位 = 1 位 as_printed"],
    "全省最高,世界第一": ["1 全省最高 = 1 位 as_printed", "1 世界第一 = 1 位 as_printed"],
    "没有贫困县,没有发生一起": ["2 没有贫困县 = 0 个 as_printed", "2 没有发生一起 = 0 起 as_printed"],
    "提前2年完成,零增长": ["2 2年 = 2 年 as_printed", "2 零增长 = 0 % as_printed"],
    "零售": [],  # a term that not_figures.csv knows
    # numbers in words
    "老旧小区十二个、道路三条": ["3 十二个 = 12 个 as_printed", "3 三条 = 3 条 as_printed"],
    "占一成,一户": ["2 一成 = 10 % as_printed"],
    "“甲乙”村3户,“甲3乙”": ["1 3户 = 3 户 as_printed", "2 3 = label"],
    "“甲乙”等八百户": ["2 八百户 = 800 户 as_printed"],
    "收入4亿三千万元": ["1 4亿三千万元 = 43000 万元 as_printed"],
    "第一名3户": ["1 第一名 = 1 位 as_printed", "1 3户 = 3 户 as_printed"],
    "五载奋斗": ["3 五载 = not_figure"],
    "实现零增长后": ["2 零增长 = 0 % as_printed"],
    "总分60第一名": ["3 60[1] = 60 1 as_printed", "1 第一名 = 1 位 as_printed"],
    "八百亿元,二十户": ["2 八百亿元 = 800 亿元 as_printed", "2 二十户 = 20 户 as_printed"],
    "三分之二,七成以上": ["2 三分之二 = 2/3 1 as_printed", "2 七成以上 = 70 % at_least"],
    "数百家,千家": ["3 百家 = not_figure", "3 千家 = not_figure"],
    "三至五个园区": ["3 三至五个 = 3..5 个 range"],
    "两个维护": ["3 两个 = not_figure"],
    "一、总体情况": ["3 一、 = not_figure"],
    # dates
    "到2020年底": ["1 2020年底 = date"],
    "1-9月,六月三十日": ["1 1-9月 = date", "1 六月三十日 = date"],
    "2016-2020年": ["1 2016-2020年 = date"],
    "2020-10-01 10:13": ["1 2020-10-01 10:13 = date"],
    "“十三五”期间,十四五规划": ["1 “十三五” = date", "1 十四五 = date"],
    "二〇一九年": ["1 二〇一九年 = date"],
    "近五年来,九年义务教育": ["3 五年 = date", "3 九年 = date"],
    # labels
    "〔2019〕12号,图3-1": ["2 〔2019〕12号 = label", "2 图3-1 = label"],
    "5G基站,A4纸": ["2 5G = label", "2 A4 = label"],
    "(1)脱贫攻坚": ["2 (1) = label"],
    "第一、第5次": ["2 第一 = label", "2 第5 = label"],
    "“7+6”产业": ["2 7 = label", "2 6 = label"],
    "“5亿元”": ["1 5亿元 = 5 亿元 as_printed"],
    "《2019规划》": ["2 2019 = label"],
    "十九大,一届三次": ["2 十九大 = label", "2 一届 = label", "3 三次 = not_figure"],
}  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_and_what_is_proposed_for_it(proposed, sentence):
    assert [short(row) for row in proposed(sentence)] == SENTENCES[sentence]


def test_every_proposal_stands_in_its_place_with_its_context(proposed):
    text = "\n".join(SENTENCES)
    lines = text.splitlines()
    rows = proposed(text)
    assert {row.paragraph for row in rows} == {n for n, line in enumerate(lines, 1) if SENTENCES[line]}
    for row in rows:
        assert lines[row.paragraph - 1].startswith(row.text, row.start), row
        assert f"[{row.text}]" in row.context


def test_status_and_period_follow_the_words_before_a_figure(proposed):
    text = "2018年产量5万吨,增长2%。2019年目标为6万吨;预计2022年达7万吨。计划投资,有望达到8万吨"
    facts = [(row.status, row.period) for row in proposed(text) if row.role == "fact"]
    assert facts == [
        ("actual", "2018"),
        ("actual", "2017/2018"),
        ("target", "2019"),
        ("forecast", "2022"),
        ("forecast", "2022"),
    ]


def test_a_change_has_a_base_only_behind_a_year(proposed):
    facts = [
        row.period for row in proposed("6月底,增长2%。2018年6月增长3%。2018年增加5万吨") if row.role == "fact"
    ]
    assert facts == ["", "2018-06", "2018"]


def test_the_indicators_whose_names_are_nearest_are_named(proposed):
    rows = proposed("2019年森林覆盖率33.86%,森林覆盖率34%")
    assert [row.fact_id for row in rows[1:]] == ["forest_coverage-2019", "forest_coverage-2019-2"]
    assert rows[1].indicators.split()[0] == "forest_coverage" and len(rows[1].indicators.split()) <= 3
    assert proposed("甲乙9个")[0].fact_id == "indicator-undated"
    assert proposed("林地3万亩")[0].indicators.split()[0] == "forest_land_area"


def test_the_sure_ones_come_first(tmp_path):
    (tmp_path / "report.txt").write_text("投资额达20余亿,第一\n产量5万吨\n2019年", encoding="utf-8")
    assert [row.confidence for row in propose(tmp_path / "report.txt")] == ["1 sure"] * 2 + [
        "2 likely",
        "3 unsure",
    ]


@pytest.mark.parametrize("text", ["", " \n"])
def test_without_a_text_nothing_is_proposed(tmp_path, text):
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")
    with pytest.raises(LangfangError, match="expected text"):
        propose(tmp_path / "report.txt")


def test_drafts_are_rows_to_settle(proposed, tmp_path):
    text = "2019年产量5万吨,投资额达20余亿,数百家,第一,第二,数百家\n产量6万吨"
    paths = write_drafts(proposed(text), tmp_path / "new" / "drafts", "report")
    assert [path.name for path in paths] == ["facts.csv", "mentions.csv", "not_figures.csv"]
    facts, mentions, terms = (list(csv.DictReader(path.read_text("utf-8").splitlines())) for path in paths)
    assert [
        (row["value"], row["period"], row["period_basis"], row["status"], row["source_id"]) for row in facts
    ] == [
        ("5", "2019", "stated", "actual", "report"),
        ("20", "2019", "stated", "actual", "report"),
        ("6", "2019", "inferred", "actual", "report"),
    ]
    assert [fact["note"][:6] for fact in facts] == ["TODO: "] * 3
    assert [row["fact_id"] for row in mentions if row["role"] == "fact"] == [row["fact_id"] for row in facts]
    notes = {row["text"]: row["note"] for row in mentions}
    assert notes["第一"].startswith("TODO: reading likely; ") and "[第一]" in notes["第一"]
    assert notes["2019年"] == notes["5万吨"] == ""
    assert [(row["paragraph"], row["start"]) for row in mentions] == [
        ("1", "0"), ("1", "7"), ("1", "15"), ("1", "24"), ("1", "27"), ("2", "2"),
    ]  # fmt: skip
    assert [row["term"] for row in terms] == ["百家"]
    with pytest.raises(LangfangError, match=r"facts\.csv: is there already.*expected another folder"):
        write_drafts(proposed(text), tmp_path / "new" / "drafts", "report")


def test_an_indicator_of_another_unit_is_not_proposed(proposed):
    (row,) = proposed("地区生产总值3553.1亿元")
    assert row.indicators.split()[0] == "gdp" and "growth" not in row.indicators
