"""Each rule of the check on rows made up for it: what breaks it is named, what lies just within is not.

Only the tables that are given are looked at, so that the faults found are those of the rules about them.
"""

import pytest

from langfang.data.tables import Table
from langfang.printed.numerals import digest
from langfang.proof.check import check_tables, columns


def found(text="", readings=(), **tables):
    """The faults of tables, given as rows that say what matters, as (table.column, line, expected)."""
    made = {}
    for name, rows in tables.items():
        cells = {column: [str(row.get(column, "")) for row in rows] for column in columns()[name]}
        made[name] = Table(f"{name}.csv", cells, list(range(2, 2 + len(rows))))
    faults = check_tables(made, {}, text, "copy.txt", readings)
    return [
        (f"{fault.file.removesuffix('.csv')}.{fault.column}", fault.row, fault.expected) for fault in faults
    ]


def places(faults):
    return [f"{place} {line}" for place, line, _ in faults]


def fact(fact_id="firms-2018", value="109", unit="家", **cells):
    known = {"indicator_id": fact_id.split("-")[0], "area": "town", "source_id": "report", "status": "actual"}
    known |= {"period": "2018", "period_basis": "inferred", "bound": "as_printed"}
    return known | {"fact_id": fact_id, "value": value, "unit": unit} | cells


def mention(text, start=0, role="fact", fact_id="firms-2018", paragraph=1, **cells):
    known = {"source_id": "report", "paragraph": paragraph, "start": start, "text": text, "role": role}
    return (
        known
        | ({"fact_id": fact_id} if role == "fact" else {"note": "why"} if role != "name" else {})
        | cells
    )


UNITS = [
    {"unit": "家", "base_unit": "firm", "factor": "1", "countable": "true"},
    {"unit": "万家", "base_unit": "firm", "factor": "10000", "countable": "true"},
    {"unit": "%", "base_unit": "%", "factor": "1", "countable": "false"},
    {"unit": "个百分点", "base_unit": "percentage point", "factor": "1", "countable": "false"},
    {"unit": "位", "base_unit": "rank", "factor": "1", "countable": "false"},
    {"unit": "亿元", "base_unit": "yuan", "factor": "100000000", "countable": "false"},
    {"unit": "元", "base_unit": "yuan", "factor": "1", "countable": "false"},
]
REPORT = {"source_id": "report", "kind": "transcribed", "published": "2020-10-01", "sha256": "x"}
BOOK = {"source_id": "book", "kind": "cited", "published": "2019"}


# ---- figures and what prints them ----


@pytest.mark.parametrize(
    ("facts", "mentions", "wrong"),
    [
        ([fact()], [mention("109家")], []),
        ([fact(value="110")], [mention("109家")], ["facts.value 2"]),
        ([fact(unit="万家")], [mention("109家")], ["facts.unit 2"]),
        ([fact(bound="over")], [mention("109家")], ["facts.bound 2"]),
        ([fact(unit="家(企业)")], [mention("109家")], []),
        ([fact()], [mention("109"), mention("5家", 9, "other")], ["mentions.text 2"]),
        ([fact()], [mention("109"), mention("109家", 9)], ["mentions.text 2"]),
        ([fact()], [mention("109", supplied="家")], []),
        ([fact()], [mention("109家", supplied="家")], ["mentions.text 2"]),
        ([fact()], [mention("109家", 9), mention("110家", 2)], ["facts.value 2", "mentions.text 2"]),
        ([fact(value="2", unit="万家")], [mention("2万家"), mention("20000家", 9)], []),
        ([fact(value="2", unit="万家")], [mention("2万家"), mention("约20000家", 9)], ["mentions.text 3"]),
        ([fact()], [mention("109家", supplied="…")], ["mentions.supplied 2"]),
        ([fact()], [mention("109家"), mention("2018年", 9, "date", supplied="年")], ["mentions.supplied 3"]),
    ],
)
def test_a_figure_is_what_its_first_mention_reads_as(facts, mentions, wrong):
    assert places(found(facts=facts, mentions=mentions, units=UNITS)) == wrong


def test_a_paragraph_that_is_printed_twice_stands_twice():
    same = {"source_id": "report", "sha256": digest("共5家。"), "numerals": 1, "section": "x"}
    pages = [same | {"paragraph": page} for page in (1, 2)]
    rows = [mention("5家", 1, paragraph=page) for page in (1, 2)]
    assert found("共5家。\n共5家。\n", paragraphs=pages, mentions=rows) == []
    assert found("共5家。\n共5家。\n", paragraphs=pages, mentions=rows[:1]) != []


def test_what_cannot_be_read_says_why_and_what_to_do_about_a_unit():
    words = [words for *_, words in found(mentions=[mention("3炉"), mention("若干", 9)], units=UNITS)]
    assert words[0].endswith(
        "no nouns after the unit; add a row to units.csv): if it is one, add it to units.csv"
    )
    assert words[1] == "a figure: a vague amount states no number"


def test_facts_of_reports_are_mentioned_in_their_source():
    facts = [fact(), fact("firms-2019", source_id="book"), fact("firms-2020")]
    mentions = [mention("109家"), mention("110家", 9, fact_id="firms-2020", source_id="book")]
    assert places(found(facts=facts, mentions=mentions)) == ["facts.source_id 4"]
    tables = {"facts": facts, "sources": [REPORT, BOOK], "indicators": []}
    assert "facts.fact_id 2" in places(found(mentions=mentions[1:], **tables))
    assert not any("fact_id 3" in place for place in places(found(mentions=mentions[1:], **tables)))


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (mention("5家"), []),
        (mention("5家", fact_id=""), ["mentions.fact_id 2"]),
        (mention("5家", entity_id="x"), ["mentions.entity_id 2"]),
        (mention("甲", role="name", entity_id="x"), []),
        (mention("甲", role="name"), ["mentions.entity_id 2"]),
        (mention("甲", role="name", entity_id="x") | {"fact_id": "y"}, ["mentions.fact_id 2"]),
        (mention("5号", role="label"), []),
        (mention("5号", role="label", note=""), ["mentions.note 2"]),
        (mention("5号", role="other", note=""), ["mentions.note 2"]),
        (mention("5月", role="date", note=""), []),
    ],
)
def test_each_role_has_what_belongs_to_it(row, wrong):
    assert places(found(mentions=[row])) == wrong


def test_mentions_may_touch_and_not_overlap():
    names = mention("甲乙丙", 0, "name", entity_id="x")
    assert found(mentions=[mention("5家"), mention("6家", 2), names]) == []
    assert places(found(mentions=[mention("6家", 2), mention("15家", 0)])) == ["mentions.start 2"]
    assert (
        found(mentions=[mention("15家"), mention("6家", 2, paragraph=2), mention("7家", 1, source_id="b")])
        == []
    )


# ---- paragraphs and sources ----


def paragraph(number, section="", numerals=0, source="report"):
    return {"source_id": source, "paragraph": number, "section": section, "numerals": numerals}


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([paragraph(1), paragraph(2), paragraph(3), paragraph(1, source="b")], []),
        ([paragraph(0)], ["paragraphs.paragraph 2"]),
        ([paragraph(1), paragraph(3)], ["paragraphs.paragraph 3"]),
        ([paragraph(1, "a"), paragraph(2, "a"), paragraph(3, "b"), paragraph(1, "a", source="b")], []),
        ([paragraph(1, "a"), paragraph(2, "b"), paragraph(3, "a")], ["paragraphs.section 4"]),
    ],
)
def test_paragraphs_are_numbered_and_their_sections_in_one_stretch(rows, wrong):
    assert places(found(paragraphs=rows)) == wrong


def test_the_numerals_of_a_paragraph_are_those_of_its_mentions():
    mentions = [
        mention("5家"),
        mention("6-7家", 5),
        mention("8号", 11, "label"),
        mention("9号楼", 11, "name", entity_id="x"),
    ]
    assert found(paragraphs=[paragraph(1, numerals=4), paragraph(2)], mentions=mentions) == []
    wrong = found(paragraphs=[paragraph(1, numerals=5), paragraph(2, numerals=1)], mentions=mentions)
    assert [(place, line, words.split(",")[0]) for place, line, words in wrong] == [
        ("paragraphs.numerals", 2, "4"),
        ("paragraphs.numerals", 3, "0"),
    ]


@pytest.mark.parametrize(
    ("source", "there", "wrong"),
    [
        (REPORT, True, []),
        (REPORT, False, ["sources.kind 2"]),
        (REPORT | {"sha256": ""}, True, ["sources.sha256 2"]),
        (BOOK, False, []),
        (BOOK, True, ["sources.kind 2"]),
        (BOOK | {"sha256": "x"}, False, ["sources.sha256 2"]),
    ],
)
def test_what_is_transcribed_has_paragraphs_and_a_hash(source, there, wrong):
    rows = [paragraph(1, source=source["source_id"])] if there else []
    assert places(found(sources=[source], paragraphs=rows)) == wrong


def test_queries_are_about_what_is_there():
    tables = {"facts": [fact()], "entities": [{"entity_id": "boe", "name_zh": "甲", "name_en": "A"}]}
    assert found(queries=[{"fact_ids": "firms-2018 boe; boe"}], **tables) == []
    wrong = found(queries=[{"fact_ids": "firms-2018, firms-2081"}], **tables)
    assert wrong == [("queries.fact_ids", 2, "ids of facts.csv or entities.csv; firms-2081 is none")]


def test_what_nothing_refers_to_is_named():
    area = {"name_en": "A", "name_zh": "甲"}
    tables = {
        "facts": [fact(unit="亿斤", area="town")],
        "indicators": [{"indicator_id": "firms"}, {"indicator_id": "trees"}],
        "units": [{"unit": unit} for unit in ("亿斤", "斤", "吨")] + [{"unit": "公斤", "base_unit": "吨"}],
        "areas": [
            area | {"area": "town", "part_of": "land"},
            *(area | {"area": a} for a in ("land", "gu_an", "sea")),
        ],
        "sources": [{"source_id": "report"}, {"source_id": "book"}]
        + [{"source_id": s, "note": f"{s}: x"} for s in ("literature", "document")],
        "entities": [{"entity_id": "boe", "county": "gu_an"}, {"entity_id": "cec"}],
        "mentions": [mention("甲", role="name", entity_id="boe")],
    }
    unused = [place for place in found(**tables) if place[2].startswith("something that refers to it")]
    assert places(unused) == [
        "indicators.indicator_id 3",
        "units.unit 5",
        "areas.area 5",
        "sources.source_id 3",
        "entities.entity_id 3",
    ]


# ---- units and values ----


def unit(name, base, factor, countable="false"):
    return {"unit": name, "base_unit": base, "factor": factor, "countable": countable}


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([unit("吨", "tonne", "1"), unit("万吨", "tonne", "10000")], []),
        ([unit("吨", "tonne", "1"), unit("万吨", "tonne", "1000")], ["units.factor 3"]),
        ([unit("斤", "tonne", "0.0005"), unit("亿斤", "tonne", "50000"), unit("吨", "tonne", "1")], []),
        (
            [unit("斤", "tonne", "0.0005"), unit("亿斤", "tonne", "5000"), unit("吨", "tonne", "1")],
            ["units.factor 3"],
        ),
        ([unit("万吨", "tonne", "10000")], []),
        ([unit("吨", "tonne", "1"), unit("十万吨", "tonne", "1000000")], ["units.factor 3"]),
        ([unit("元", "yuan", "1"), unit("千亿元", "yuan", "100000000000")], []),
        ([unit("万吨", "tonne", "1000")], ["units.factor 2"]),
        ([unit("斤", "tonne", "0.0005")], ["units.factor 2"]),  # nothing is the base itself
        ([unit("户", "household", "1", "true")], []),
        ([unit("户", "household", "2", "true"), unit("家", "household", "1", "true")], ["units.factor 2"]),
        ([unit("户", "household", "1", "true"), unit("万户", "household", "10000")], ["units.countable 3"]),
        (
            [unit("户", "household", "1", "true"), unit("万户", "person", "10000", "true")],
            ["units.base_unit 3"],
        ),
    ],
)
def test_scaled_units_follow_from_plain_ones(rows, wrong):
    assert places(found(units=rows)) == wrong


@pytest.mark.parametrize(
    ("value", "unit", "measure", "fine"),
    [
        ("0", "%", "share", True),
        ("100", "%", "share", True),
        ("100.1", "%", "share", False),
        ("-0.1", "%", "share", False),
        ("-100", "个百分点", "change", True),
        ("-100.1", "个百分点", "change", False),
        ("100", "个百分点", "change", True),
        ("100.1", "个百分点", "change", False),
        ("300", "%", "growth", True),
        ("-30", "%", "growth", True),
        ("1.5", "家", "count", False),
        ("1.5", "万家", "count", True),
        ("1.00005", "万家", "count", False),
        ("0", "家", "count", True),
        ("-1", "家", "count", False),
        ("-1", "亿元", "change", True),
        ("-1", "亿元", "level", False),
        ("0", "亿元", "level", True),
        ("1", "位", "rank", True),
        ("0", "位", "rank", False),
        ("1.5", "位", "rank", False),
        ("99..101", "%", "share", False),
        ("90..95", "%", "share", True),
        ("x", "%", "share", True),  # the schema says it
    ],
)  # fmt: skip
def test_values_lie_where_they_can(value, unit, measure, fine):
    base = next(row["base_unit"] for row in UNITS if row["unit"] == unit)
    names = {"name_zh": "甲", "name_en": "A"}
    indicators = [{"indicator_id": "firms", "measure": measure, "unit": base} | names]
    faults = found(facts=[fact(value=value, unit=unit)], indicators=indicators, units=UNITS)
    assert ("facts.value 2" in places(faults)) != fine


@pytest.mark.parametrize(
    ("indicator", "unit", "measures"),
    [
        ("x", "%", "share growth"),
        ("x_index", "%", "share growth level"),
        ("x", "个百分点", "change"),
        ("x_lead", "个百分点", "change level"),
        ("x", "位", "rank"),
        ("x", "家", "count"),
        ("x_increase", "家", "count change"),
        ("x_per_y", "家", "count level"),
        ("x", "亿元", "level"),
        ("x_change", "亿元", "level change"),
    ],
)
def test_a_unit_is_one_of_its_measure(indicator, unit, measures):
    for measure in ("share", "growth", "level", "change", "rank", "count"):
        base = next(row["base_unit"] for row in UNITS if row["unit"] == unit)
        row = {"indicator_id": indicator, "measure": measure, "unit": base}
        faults = found(facts=[fact(f"{indicator}-2018", unit=unit)], indicators=[row], units=UNITS)
        wrong = [place for place in places(faults) if place == "indicators.measure 2"]
        assert bool(wrong) == (measure not in measures.split()), measure


def test_a_fact_has_the_unit_of_its_indicator():
    indicators = [{"indicator_id": "firms", "measure": "count", "unit": "household"}]
    wrong = found(facts=[fact(), fact("trees-2018")], indicators=indicators, units=UNITS)
    assert "facts.unit 2" in places(wrong) and "facts.unit 3" not in places(wrong)


def test_a_factor_is_said_to_be_that_of_its_scale():
    def expected(*rows):
        return [words for _, _, words in found(units=list(rows))]

    assert expected(unit("万吨", "tonne", "9"), unit("吨", "tonne", "1")) == ["10000 times that of 吨"]
    assert expected(unit("户", "household", "9", "true"), unit("家", "household", "1", "true")) == [
        "1 times that of 户"
    ]


# ---- areas and names ----


def area(name, part_of="", code="", zh="甲", en="A"):
    return {"area": name, "part_of": part_of, "code": code, "name_zh": zh, "name_en": en}


LAND = [area("land", "", "130000", "大省"), area("city", "land", "131000", "大城市")]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([], []),
        ([area("a", "b"), area("b", "a")], ["areas.part_of 4", "areas.part_of 5"]),
        ([area("a", "a")], ["areas.part_of 4"]),
        ([area("a", "nowhere")], []),
        ([area("a", "city", "13100")], ["areas.code 4"]),
        ([area("a", "city", "131002"), area("b", "a", "131002001"), area("c", "b", "131002001005")], []),
        ([area("a", "city", "131002"), area("b", "a", "131003001")], ["areas.code 5"]),
        ([area("a", "land", "140100")], ["areas.code 4"]),
        ([area("a", "land", "130100")], []),
        ([area("a", "land", "131002")], ["areas.part_of 4"]),
        ([area("a", "", "131002")], ["areas.part_of 4"]),
        ([area("a", "land", zh="大城各县")], ["areas.part_of 4"]),
        ([area("a", "city", zh="大城各县")], []),
        ([area("a", "land", zh="小城各县")], []),
    ],
)
def test_an_area_lies_where_its_code_and_name_say(rows, wrong):
    assert places(found(areas=LAND + rows)) == wrong


def test_entities_that_begin_alike_are_of_one_kind():
    kinds = [("firm-a", "firm"), ("firm-b", "firm"), ("plan-a", "plan"), ("firm-c", "plan")]
    entities = [{"entity_id": name, "kind": kind} for name, kind in kinds]
    assert places(found(entities=entities)) == ["entities.kind 5"]


def test_entities_lie_in_the_county_whose_name_they_bear():
    areas = [*LAND, area("xianghe", "city", "131024", "香河县"), area("gu", "city", "131022", "固县")]
    areas += [area("hohhot", "land", "130100", "呼和浩特市")]
    names = {"name_en": "A"}
    rows = [
        ("香河家具", "xianghe"),
        ("香河家具", "gu"),
        ("香河家具", ""),
        ("大厂家具", "gu"),
        ("固家具", "xianghe"),
        ("呼和浩特乳业", "gu"),
    ]
    entities = [
        {"entity_id": f"e{n}", "name_zh": zh, "county": county} | names for n, (zh, county) in enumerate(rows)
    ]
    assert places(found(areas=areas, entities=entities)) == ["entities.county 3", "entities.county 7"]


@pytest.mark.parametrize(
    ("zh", "en", "wrong"),
    [
        ("甲", "A", []),
        ("PM2.5", "PM2.5", []),
        ("7+6", "A", []),
        ("A", "A", ["areas.name_zh 2"]),
        ("甲", "5", ["areas.name_en 2"]),
        ("甲", "A甲", ["areas.name_en 2"]),
    ],
)
def test_names_are_in_their_language(zh, en, wrong):
    assert places(found(areas=[area("a", zh=zh, en=en)], indicators=[], entities=[], glossary=[])) == wrong


def test_names_share_a_word_with_the_glossary():
    glossary = [{"term_zh": "森林", "term_en": "forests and woods"}, {"term_zh": "人", "term_en": "people"}]
    rows = [area("a", zh="森林", en=en) for en in ("Forest", "Woodland", "Trees", "For")]
    rows += [area("b", zh="工人", en="Workers")]
    wrong = places(found(areas=rows, indicators=[], entities=[], glossary=glossary))
    assert wrong == ["areas.name_en 4", "areas.name_en 5"]


def test_a_name_is_printed_as_it_is_or_short():
    entities = [
        {"entity_id": "x", "name_zh": "“7+6”县域特色产业集群"},
        {"entity_id": "y", "name_zh": "甲公司"},
    ]
    texts = [
        ("“7+6”产业集群", "x"),
        ("“7+6”县域特色产业集群", "x"),
        ("“7+6”产业", "x"),
        ("7+6集群", "x"),
        ("甲公司", "y"),
    ]
    mentions = [mention(text, role="name", entity_id=name) for text, name in [*texts, ("公司", "y")]]
    assert places(found(mentions=mentions, entities=entities)) == [
        "mentions.text 4",
        "mentions.text 5",
        "mentions.text 7",
    ]


def test_one_theme_alone_among_ids_that_begin_alike_is_a_slip():
    def rows(*themes):
        return [{"indicator_id": f"gdp_share_{n}", "theme": theme} for n, theme in enumerate(themes)]

    assert places(found(indicators=rows("a", "a", "b"))) == ["indicators.theme 4"]
    assert found(indicators=rows("a", "b")) == found(indicators=rows("a", "a", "b", "b")) == []
    assert found(indicators=rows("a", "a", "b", "c")) == []


# ---- periods ----


def periods(*rows, sources=(REPORT, BOOK), **tables):
    return [
        place
        for place in places(found(facts=list(rows), sources=list(sources), **tables))
        if "fact_id" not in place
    ]


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        ({}, []),
        ({"period": "", "period_basis": ""}, []),
        ({"period_basis": ""}, ["facts.period_basis 2"]),
        ({"period": ""}, ["facts.period_basis 2"]),
        ({"period": "2018-13"}, ["facts.period 2"]),
        ({"period": "1948"}, ["facts.period 2"]),
        ({"period": "1949"}, []),
        ({"period": "2051", "status": "target"}, ["facts.period 2"]),
        ({"period": "2050", "status": "target"}, []),
        ({"period": "2020"}, []),  # it began before publication
        ({"period": "2020-10-01"}, []),
        ({"period": "2020-10-02"}, ["facts.status 2"]),
        ({"period": "2018/2021"}, ["facts.status 2"]),
        ({"period": "2020-09-30", "status": "target"}, ["facts.status 2"]),
        ({"period": "2020-10-01", "status": "forecast"}, []),
        ({"period": "2019", "status": "forecast"}, ["facts.status 2"]),
        ({"period": "2019", "status": "norm"}, []),
        ({"period": "2020", "status": "actual", "source_id": "book"}, ["facts.status 2"]),
    ],
)
def test_a_period_fits_status_and_publication(cells, wrong):
    assert periods(fact(**cells)) == wrong


@pytest.mark.parametrize(
    ("measure", "period", "source", "fine"),
    [
        ("share", "2018", "report", True),
        ("share", "2017/2018", "report", False),
        ("rank", "2017/2018", "report", False),
        ("level", "2017/2018", "report", True),
        ("growth", "2017/2018", "report", True),
        ("growth", "2018", "report", False),
        ("change", "2018", "report", False),
        ("growth", "2018", "book", True),
        ("growth", "", "report", True),
    ],
)
def test_a_period_fits_its_measure(measure, period, source, fine):
    row = fact(period=period, source_id=source, period_basis="inferred" if period else "")
    indicators = [{"indicator_id": "firms", "measure": measure}]
    assert periods(row, indicators=indicators) == ([] if fine else ["facts.period 2"])


def test_one_series_has_one_vintage():
    rows = [
        fact(vintage="a"),
        fact("firms-2019", vintage="b"),
        fact("firms-2017", vintage="c", source_id="book"),
    ]
    assert places(found(facts=[*rows, fact("trees-2018", vintage="d")])) == ["facts.vintage 3"]


@pytest.mark.parametrize(
    ("fact_id", "cells", "wrong"),
    [
        ("firms-2018", {}, []),
        ("firms-town-2018", {}, []),
        ("firms-old-town-2018", {"area": "old-town"}, []),
        ("firms-old-town-2018", {"area": "town"}, ["facts.area 3"]),
        ("firms-2018", {"area": "old-town"}, ["facts.area 3"]),
        ("firms-2018", {"indicator_id": "trees"}, ["facts.indicator_id 3"]),
        ("firms-2018", {"period": "2019"}, ["facts.period 3"]),
        ("firms-2017-2018", {"period": "2017/2018"}, []),
        ("firms-2017-2018", {"period": "2018"}, ["facts.period 3"]),
        ("firms-2018-06-30", {"period": "2018-06-30"}, []),
        ("firms-undated", {"period": "", "period_basis": ""}, []),
        ("firms-undated", {}, ["facts.period 3"]),
    ],
)
def test_an_id_says_what_it_is(fact_id, cells, wrong):
    row = fact(fact_id, **cells)
    areas = [area("town"), area("old-town")]
    assert places(found(facts=[fact("firms-2010", period="2010"), row], areas=areas)) == wrong


def test_publication_is_over_with_its_last_day():
    year = REPORT | {"published": "2019"}
    early, late = fact(period="2018", status="target"), fact("firms-2020", period="2020")
    words = [
        words for place, _, words in found(facts=[early, late], sources=[year]) if place == "facts.status"
    ]
    assert len(words) == 2 and all(text.endswith("publication (2019-12-31)") for text in words)
    assert periods(fact(period="2019", status="target"), sources=[year]) == []


def dated(text, **cells):
    return mention(text, 50, "date", **cells)


@pytest.mark.parametrize(
    ("period", "dates", "fine"),
    [
        ("2018", [dated("2018年")], True),
        ("2018", [dated("2019年")], False),
        ("2018", [], False),
        ("2018", [dated("2018年", paragraph=2)], False),
        ("2018", [dated("2018年", source_id="b")], False),
        ("2018-06", [dated("2018年"), dated("6月")], True),
        ("2018-06", [dated("2018年"), dated("7月")], False),
        ("2018-06-30", [dated("2018年6月")], True),  # no day is named
        ("2018-06-30", [dated("2018年6月30日")], True),
        ("2018-06-30", [dated("2018年6月29日")], False),
        ("2014/2018", [dated("2014年"), dated("2018年")], True),
        ("2014/2018", [dated("2018年")], False),
        ("2014/2018", [dated("2018年"), dated("四年")], True),
        ("2014/2018", [dated("2018年"), dated("三年")], False),
    ],
)
def test_a_stated_period_is_named_in_its_paragraph(period, dates, fine):
    row = fact(period=period, period_basis="stated")
    mentions = [mention("109家"), *(row | {"start": 50 * n} for n, row in enumerate(dates, 1))]
    assert periods(row, mentions=mentions) == ([] if fine else ["facts.period 2"])
    assert periods(row | {"period_basis": "inferred"}, mentions=mentions) == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        (REPORT, []),
        (REPORT | {"published": ""}, ["sources.published 2"]),
        (REPORT | {"published": "2020-02-30"}, ["sources.published 2"]),
        (REPORT | {"published": "2019/2020"}, ["sources.published 2"]),
        (BOOK | {"published": ""}, []),
        (BOOK | {"published": "soon"}, ["sources.published 2"]),
        (BOOK | {"published": "2019-02-22", "locator": "http://a/2019-02-22/b"}, []),
        (BOOK | {"published": "2019-02-22", "locator": "http://a/20190322/b"}, []),
        (BOOK | {"published": "2019-02-22", "locator": "http://a/2019/03/25/b"}, []),
        (BOOK | {"published": "2019-02-22", "locator": "http://a/2019/03/26/b"}, ["sources.published 2"]),
        (BOOK | {"published": "2019-02-22", "locator": "http://a/2019/02/21/b"}, ["sources.published 2"]),
        (BOOK | {"published": "2019-02-22", "locator": "http://a/20190221/b", "note": "a mirror"}, []),
        (BOOK | {"published": "2019-02", "locator": "http://a/20190121/b"}, []),
    ],
)
def test_publication_is_dated_and_near_the_date_of_its_address(source, wrong):
    assert places(found(sources=[source])) == wrong


def test_publication_is_that_of_the_dateline():
    for text, wrong in (
        ("2020-10-01 10:13", []),
        ("2020-10-0110:13", []),
        ("2020年10月2日", ["sources.published 2"]),
    ):
        line = dated(text, note="Dateline of the report")
        assert places(found(sources=[REPORT, BOOK], mentions=[line])) == wrong
        assert found(sources=[REPORT, BOOK], mentions=[line | {"note": "else"}]) == []


# ---- second readings ----


def read(**cells):
    return {"in_file": "second.csv", "line": 7, "source_id": "report", "paragraph": 1, "start": 0} | cells


PLACE = {"facts": [fact()], "mentions": [mention("109家"), mention("2018年", 9, "date")]}
BOTH = [read(text="109家", role="fact", value="109"), read(start=9, text="2018年", role="date")]


@pytest.mark.parametrize(
    ("readings", "wrong"),
    [
        (BOTH, []),
        ([BOTH[0] | {"value": "110"}, BOTH[1]], ["facts.value 2"]),
        ([BOTH[0] | {"text": "109"}, BOTH[1]], ["mentions.text 2"]),
        ([BOTH[0] | {"own": "x", "note": "y"}, BOTH[1]], []),
        ([BOTH[0], BOTH[1] | {"value": "5"}], []),
        ([BOTH[0]], ["mentions.start 3"]),
        ([*BOTH, read(start=20, text="5")], ["second.start 7"]),
        ([{"in_file": "second.csv", "line": 7, "fact_id": "firms-2018", "value": "109"}], []),
        ([{"in_file": "second.csv", "line": 7, "fact_id": "firms-2018", "value": "110"}], ["facts.value 2"]),
        ([{"in_file": "second.csv", "line": 7, "fact_id": "firms-2081"}], ["second.fact_id 7"]),
    ],
)
def test_a_second_reading_is_held_against_the_tables(readings, wrong):
    assert places(found(readings=readings, **PLACE)) == wrong


# ---- against the text ----

LINES = [
    "小城简报",
    "2018年,企业109家,预计2022年达150家。",
    "目标200家;增长5%,比2017年减少3家",
    "占地5亩以上,共6家",
]


def rows_of(lines, source="report"):
    return [
        {
            "source_id": source,
            "paragraph": n,
            "sha256": digest(line),
            "numerals": sum(map(str.isdigit, line)) and 9,
        }
        for n, line in enumerate(lines, 1)
    ]


def against(mentions, facts=(), lines=LINES, text=None, rows=None, **tables):
    """Places of faults of mentions and facts against a text, without those that are not tried here."""
    text = "\n".join(lines) if text is None else text
    tables = {
        "paragraphs": rows_of(lines) if rows is None else rows,
        "mentions": mentions,
        "facts": list(facts),
    } | tables
    tables |= {"sources": [REPORT | {"sha256": ""}]}
    skipped = ("paragraphs.numerals", "sources.", "facts.fact_id", "mentions.note")
    return [place for place in places(found(text, **tables)) if not place.startswith(skipped)]


@pytest.mark.parametrize(
    ("text", "start", "paragraph", "role", "wrong"),
    [
        ("109家", 8, 2, "fact", False),
        ("109家", 9, 2, "fact", True),
        ("109家", 8, 3, "fact", True),
        ("", 8, 2, "date", True),
        ("109家", 99, 2, "fact", True),
        ("2018年", 0, 2, "date", False),
        ("018年", 1, 2, "date", True),
        ("2018", 0, 2, "date", True),
        ("2022年", 15, 2, "date", False),
        ("22年", 17, 2, "date", True),
        ("5亩", 2, 4, "fact", True),
        ("5亩以上", 2, 4, "fact", False),
        ("6家", 8, 4, "fact", False),
    ],
)
def test_a_mention_is_the_whole_of_what_stands_there(text, start, paragraph, role, wrong):
    faults = against([mention(text, start, role, paragraph=paragraph)])
    assert ("mentions.text 2" in faults) == wrong, faults


@pytest.mark.parametrize(
    ("status", "period", "text", "start", "paragraph", "wrong"),
    [
        ("actual", "2018", "109家", 8, 2, False),
        ("forecast", "2018", "109家", 8, 2, True),
        ("forecast", "2021", "109家", 8, 2, False),  # still to come
        ("target", "2018", "109家", 8, 2, True),
        ("actual", "2018", "150家", 21, 2, True),
        ("forecast", "2022", "150家", 21, 2, False),
        ("target", "2022", "150家", 21, 2, True),
        ("target", "2021", "200家", 2, 3, False),
        ("actual", "2021", "200家", 2, 3, True),
        ("forecast", "2021", "200家", 2, 3, True),
        ("norm", "2021", "200家", 2, 3, False),
        ("actual", "2018", "5%", 9, 3, False),  # the semicolon ends what the aim governs
    ],
)
def test_status_follows_the_words_before_a_figure(status, period, text, start, paragraph, wrong):
    row = fact(status=status, period=period)
    faults = against([mention(text, start, paragraph=paragraph)], [row])
    assert ("facts.status 2" in faults) == wrong, faults


@pytest.mark.parametrize(
    ("fact_id", "value", "text", "start", "wrong"),
    [
        ("firms_growth-2018", "5", "5%", 9, False),
        ("firms_growth-2018", "-5", "5%", 9, True),
        ("firms_change-2018", "-3", "3家", 20, False),
        ("firms_change-2018", "3", "3家", 20, True),
        ("firms_reduction-2018", "3", "3家", 20, False),
        ("firms_reduction-2018", "-3", "3家", 20, True),
    ],
)
def test_signs_follow_the_words_before_a_figure(fact_id, value, text, start, wrong):
    head = fact_id.split("-")[0]
    indicators = [{"indicator_id": head, "measure": "growth" if "growth" in head else "change"}]
    row = fact(fact_id, value=value)
    faults = against([mention(text, start, paragraph=3, fact_id=fact_id)], [row], indicators=indicators)
    assert ("facts.value 2" in faults) == wrong, faults


def test_every_numeral_and_every_word_for_one_is_left_to_do():
    text = "二、共5家,1.5亩,八大类"
    tables = {
        "paragraphs": rows_of([text]),
        "mentions": [mention("5家", 3), mention("8", 20, "name", entity_id="x")],
    }
    left = found(text, not_figures=[{"term": "二、", "reason": "x"}, {"term": "", "reason": "x"}], **tables)
    assert [
        (place, line, words.partition(":")[0]) for place, line, words in left if place == "copy.txt.start"
    ] == [
        ("copy.txt.start", 1, "a mention at paragraph 1, start 6"),
        ("copy.txt.start", 1, "a mention at paragraph 1, start 11 or a term of not_figures.csv"),
    ]


def test_a_term_that_stands_nowhere_is_a_fault_where_one_source_is_all_there_is():
    terms = [{"term": "简报"}, {"term": "大报"}]
    assert "not_figures.term 3" in against([], not_figures=terms)
    assert "not_figures.term 3" not in against(
        [], not_figures=terms, rows=rows_of(LINES) + rows_of(["甲"], "b")
    )


def test_paragraphs_are_found_by_their_hash_wherever_a_copy_has_them():
    rows = rows_of(LINES)
    named = {"paragraphs.sha256", "paragraphs.paragraph", "article.paragraphs"}

    def wrong(text, rows=rows):
        return [place for place in against([], text=text, rows=rows) if place.split()[0] in named]

    assert wrong("转载\n\n" + "\n \n".join(LINES) + "\n完") == []
    assert wrong("\n".join([LINES[0], LINES[2], LINES[1], LINES[3]])) == ["paragraphs.paragraph 4"]
    assert wrong("\n".join(LINES[1:])) == ["paragraphs.sha256 2"]
    assert found("甲\n乙", paragraphs=rows)[0][:2] == ("copy.txt.paragraphs", 0)
    assert wrong("\n".join([*LINES, LINES[1]]), rows_of([*LINES, LINES[1]])) == []


def test_the_hash_of_a_source_is_asked_for_where_the_copy_is_whole():
    rows = rows_of(LINES)

    def hashes(*lines):
        faults = found("\n".join(lines), sources=[REPORT | {"sha256": "0" * 64}, BOOK], paragraphs=rows)
        return [place for place in places(faults) if place.startswith("sources.sha256")]

    assert hashes(*LINES) == ["sources.sha256 2"]
    assert hashes(*LINES, "完") == hashes(*LINES[1:]) == []
