"""Tables load with names, base units and bounds; wrong input is named down to the cell."""

import math
import os
import re

import pandas as pd
import pytest

import langfang as lf
from langfang.data.cite import details
from langfang.data.facts import chosen, one_fact
from langfang.data.tables import data_dir, open_folder, read_table

FACT_COLUMNS = """
    fact_id indicator_id theme measure name_en name_zh area area_en area_zh period period_basis status
    value lower upper base_unit printed unit bound vintage source_id paragraph text note
"""


BAD_CONSTRAINTS = '{"resources": [{"name": "a", "schema": {"fields": [{"name": "b", "constraints": []}]}}]}'


def change(folder, table, old, new):
    path = folder / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# ---- load ----


def test_facts_come_joined_in_base_units_with_bounds(small_data):
    facts = lf.load(data=small_data).set_index("fact_id")
    revenue = facts.loc["revenue-2018"]
    assert (revenue["value"], revenue["lower"], revenue["upper"]) == (42e9, 42e9, math.inf)
    assert tuple(revenue[["printed", "unit", "base_unit", "text"]]) == ("420", "亿元", "yuan", "超过420亿元")
    assert tuple(revenue[["name_zh", "area_en", "theme"]]) == ("营业收入", "Small Town", "industry")


def test_facts_have_their_columns_and_types(small_data):
    facts = lf.load("facts", data=small_data)
    assert list(facts.columns) == FACT_COLUMNS.split()
    assert facts[["value", "lower", "upper"]].dtypes.eq("float64").all()
    assert str(facts["paragraph"].dtype) == "Int64" and facts["paragraph"].isna().sum() == 4
    assert not facts.drop(columns="paragraph").isna().any(axis=None)


@pytest.mark.parametrize(
    ("fact_id", "lower", "upper"),
    [
        ("forest_share-2018", 30.95, 31.05),
        ("forest_share-2020", 35, 35),
        ("firms-2018", 109, 109),
        ("firms-2022", 149.5, 150.5),
        ("revenue-2017-yearbook", 39.95e9, 40.05e9),
    ],
    ids=["share", "target", "count", "forecast of a count", "level"],
)
def test_precision_follows_from_print_status_and_unit(small_data, fact_id, lower, upper):
    quantity = lf.fact(fact_id, data=small_data)
    assert (quantity.lower, quantity.upper) == (lower, upper)


def test_the_first_mention_is_the_first_in_the_source(small_data):
    first = lf.load(data=small_data).set_index("fact_id").loc["forest_share-2018"]
    assert (first["paragraph"], first["text"]) == (1, "31.0%")


def test_other_tables_come_as_they_are(small_data):
    mentions = lf.load("mentions", data=small_data)
    assert mentions[["paragraph", "start"]].dtypes.eq("int64").all()
    assert mentions["supplied"].tolist() == [""] * 4
    assert lf.load("units", data=small_data)["factor"].tolist() == [1, 1, 1e8]


def test_a_changed_file_is_read_again_and_a_frame_is_yours_to_change(small_data):
    before = lf.load(data=small_data)
    before.loc[0, "note"] = "scribble"
    assert lf.load(data=small_data).loc[0, "note"] == ""
    change(small_data, "facts", "109,家", "1109,家")
    assert lf.fact("firms-2018", data=small_data).value == 1109


def test_a_table_without_rows_keeps_its_columns(small_data):
    (small_data / "mentions.csv").write_text(
        "source_id,paragraph,start,text,supplied,role,fact_id,entity_id,note\n", encoding="utf-8"
    )
    mentions = lf.load("mentions", data=small_data)
    assert len(mentions) == 0 and mentions["start"].dtype == "int64"
    assert lf.load(data=small_data)["paragraph"].isna().all()


def test_tables_saved_by_a_spreadsheet_are_read(small_data):
    for path in small_data.glob("*.csv"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.encode() + b"\r\n")
    assert len(lf.load(data=small_data)) == 7


@pytest.mark.parametrize(
    "call",
    [lambda folder: lf.load("facts", folder), lambda folder: lf.fact("firms-2018", folder)],
    ids=["load", "fact"],
)
def test_the_folder_is_given_by_name(small_data, call):
    with pytest.raises(TypeError, match="positional"):
        call(small_data)


def test_a_column_of_quantities_carries_bounds_through_pandas(small_data):
    facts = lf.load(quantity=True, data=small_data).set_index("fact_id")["quantity"]
    assert str(facts["revenue-2018"] - facts["revenue-2017-yearbook"]).startswith("2,000,000,000 yuan")
    firms = facts[["firms-2018", "firms-2022"]].sum()
    assert (firms.value, firms.lower, firms.upper) == (259, 258.5, 259.5)


def test_the_flat_table_loads_with_its_numbers():
    flat, facts = lf.load("langfang"), lf.load()
    assert flat["value_base"].tolist() == facts["value"].tolist()
    assert str(flat["paragraph"].dtype) == "Int64" and flat["upper_base"].isna().any()


def test_one_fact_and_the_frame_say_the_same():
    folder, facts = open_folder(), lf.load(quantity=True)
    for row in facts.to_dict("records"):
        one = one_fact(folder, row["fact_id"])
        assert one["fractions"] == row["quantity"].fractions
        assert {
            name: row[name] for name in ("theme", "area_zh", "base_unit", "printed")
        }.items() <= one.items()


def test_one_fact_is_read_without_the_mentions(small_data):
    (small_data / "mentions.csv").write_text("broken", encoding="utf-8")
    assert lf.fact("firms-2018", data=small_data).value == 109


# ---- the reader ----


def test_rows_carry_the_line_on_which_they_begin(small_data):
    change(small_data, "facts", "forest_share-2020", "\nforest_share-2020")
    change(small_data, "facts", "as_printed,,report,", 'as_printed,,report,"two\nlines"')
    table = read_table(small_data / "facts.csv")
    assert [row["line"] for row in table.rows] == [2, 5, 6, 7, 8, 9, 10] == table.lines
    assert [(fault.row, fault.expected) for fault in table.untidy] == [(4, "no empty line")]


def test_a_folder_is_one_object_until_a_file_changes(small_data):
    before = open_folder(small_data)
    assert open_folder(small_data) is before
    change(small_data, "facts", "109,家", "1109,家")
    assert open_folder(small_data) is not before


def test_more_rows_than_a_batch_keep_their_order(tmp_path):
    (tmp_path / "long.csv").write_text("n,same\n" + "".join(f"{n},x\n" for n in range(1000)))
    table = read_table(tmp_path / "long.csv")
    assert table.columns["n"] == [str(n) for n in range(1000)] and set(table.columns["same"]) == {"x"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_in_place_of_a_file_is_refused_unread(small_data):
    (small_data / "areas.csv").unlink()
    os.mkfifo(small_data / "areas.csv")
    assert "areas.csv: 'no plain file'" in str(read_table(small_data / "areas.csv").broken[0])


def test_types_come_from_the_folders_own_descriptor_or_the_librarys(small_data):
    assert open_folder(small_data).types["mentions"]["start"] == ("integer", True)
    (small_data / "datapackage.json").write_text(
        '{"resources": [{"name": "areas", "schema": {"fields": [{"name": "code", "type": "integer"}]}}]}'
    )
    assert open_folder(small_data).types == {"areas": {"code": ("integer", False)}}


@pytest.mark.parametrize(
    "text", ["", "[]", '{"resources": [{"name": 1, "schema": {}}]}', "[" * 99999, BAD_CONSTRAINTS]
)
def test_a_descriptor_that_describes_nothing_is_an_error(small_data, text):
    (small_data / "datapackage.json").write_text(text)
    with pytest.raises(lf.LangfangError, match=r"datapackage\.json: '' – expected resources"):
        open_folder(small_data).types  # noqa: B018


# ---- wrong input is named ----


@pytest.mark.parametrize(
    ("table", "old", "new", "words"),
    [
        ("facts", "109,家", "1o9,家", "facts.csv, row 5, value: '1o9' – expected digits as printed"),
        ("facts", "109,家", "109,加", "row 5, unit: '加' – expected one that stands in units.csv"),
        ("facts", "more_than", "morethan", "bound: 'morethan' – expected one of as_printed, about"),
        ("facts", "firms,town", "firm,town", "indicator_id: 'firm' – expected * did you mean firms?"),
        ("facts", "firms,town", "firms,twon", "area: 'twon' – expected one that stands in areas.csv"),
        ("facts", "firms-2022", "firms-2018", "fact_id: 'firms-2018' – expected an id of its own"),
        ("facts", ",value,", ",vlaue,", "facts.csv, row 1: * – expected a column value"),
        ("facts", "109,家,", "109,家", "facts.csv, row 5: '11 cells' – expected 12 cells"),
        ("facts", "109,家", '109,"家', "facts.csv, row 8: 'unexpected end of data' – expected CSV"),
        ("units", "100000000", "1e8x", "units.csv, row 4, factor: '1e8x' – expected a number above 0"),
        ("units", "100000000", "0", "units.csv, row 4, factor: '0' – expected a number above 0"),
        ("mentions", "1,20", "1,x", "row 4, start: 'x' – expected a whole number"),
        ("indicators", "measure,", "mesure,", "indicators.csv, row 1: * – expected a column measure"),
    ],
)
def test_an_error_names_file_row_column_value_and_what_was_expected(small_data, table, old, new, words):
    change(small_data, table, old, new)
    with pytest.raises(lf.LangfangError, match=re.escape(words).replace(r"\*", ".*")):
        lf.load(data=small_data)


def test_the_row_is_the_line_even_behind_gaps_and_quoted_line_ends(small_data):
    change(small_data, "facts", "forest_share-2020", "\nforest_share-2020")
    change(small_data, "facts", "as_printed,,report,", 'as_printed,,report,"two\nlines"')
    change(small_data, "facts", "109,家", "1o9,家")
    with pytest.raises(lf.LangfangError, match=r"facts\.csv, row 7, value"):
        lf.load(data=small_data)


def test_a_number_in_another_table_is_named(small_data):
    change(small_data, "mentions", "1,20", "1,x")
    with pytest.raises(lf.LangfangError, match=r"mentions\.csv, row 4, start: 'x' – expected a whole"):
        lf.load("mentions", data=small_data)


@pytest.mark.parametrize("number", ["", "1.5", "x", "9" * 30, "9" * 5000])
def test_what_is_no_whole_number_is_refused(small_data, number):
    change(small_data, "paragraphs", "report,1,", f"report,{number},")
    with pytest.raises(lf.LangfangError, match=r"paragraphs\.csv, row 2, paragraph"):
        lf.load("paragraphs", data=small_data)


def test_missing_files_folders_and_tables_are_named(small_data):
    (small_data / "units.csv").unlink()
    with pytest.raises(lf.LangfangError, match=r"units\.csv: .* – expected a file that can be read"):
        lf.load(data=small_data)
    with pytest.raises(lf.LangfangError, match="did you mean mentions"):
        lf.load("mention", data=small_data)
    with pytest.raises(lf.LangfangError, match=r"no table '\.\./areas'"):
        lf.load("../areas", data=small_data)
    with pytest.raises(lf.LangfangError, match="expected one that holds facts"):
        lf.load(data=small_data / "nowhere")


def test_bytes_that_are_no_text_are_an_error(small_data):
    (small_data / "facts.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(lf.LangfangError, match=r"facts\.csv, row 1: .*ff.* – expected text in UTF-8"):
        lf.load(data=small_data)


# ---- find and series ----


@pytest.mark.parametrize("word", ["森林", "FOREST", "forest shares", "forest_share", "覆盖 森林"])
def test_find_takes_chinese_and_english(small_data, word):
    found = lf.find(word, data=small_data)
    assert len(found) == 3 and found["figure"].tolist() == ["31.0%", "35%", "22.9%"]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("小城 企业", "firms-2018"),  # the area
        ("small town revenue", "revenue-2018"),
        ("number", "firms-2018"),  # the definition
        ("estimate", "revenue-2017-yearbook"),  # the note
        ("woods", "forest_share-2018"),  # the glossary, of a term that the name uses
        ("TREES", "forest_share-2018"),
    ],
)
def test_find_looks_into_areas_definitions_notes_and_the_glossary(small_data, words, first):
    change(small_data, "facts", "first release,yearbook,", "first release,yearbook,An estimate.")
    change(small_data, "glossary", "小康,", "森林覆盖率(林),forest cover,Woods and trees by area.\n小康,")
    assert lf.find(words, data=small_data)["fact_id"].iloc[0] == first


def test_find_gives_no_rows_where_nothing_matches(small_data):
    assert lf.find("dragon", data=small_data).empty and lf.find(" ", data=small_data).empty


def test_find_refuses_what_is_no_text():
    with pytest.raises(lf.LangfangError, match="expected text, such as"):
        lf.find(["poverty", "loan"])


def test_find_can_keep_to_one_source(small_data):
    assert lf.find("forest", "yearbook", data=small_data)["fact_id"].tolist() == ["forest_share-land-2018"]
    with pytest.raises(lf.LangfangError, match="has no source 'almanac'; it has 'report', 'yearbook'"):
        lf.find("forest", source="almanac", data=small_data)


def test_find_shows_the_reports_own_first_and_neighbours_where_they_are_named(small_data):
    change(small_data, "areas", "小城,,", "小城,land,\nport,The Port,港口,land,")
    change(
        small_data,
        "facts",
        "forest_share-land-2018",
        "forest_share-port,forest_share,port,2018,stated,actual,9.9,%,as_printed,,yearbook,\nforest_share-land-2018",
    )
    assert lf.find("forest", data=small_data)["area_en"].tolist() == ["Small Town", "Small Town", "The Land"]
    assert lf.find("port forest", data=small_data)["fact_id"].tolist() == ["forest_share-port"]


def test_what_is_named_by_every_word_comes_first(small_data):
    change(small_data, "indicators", "Share of land.", "Share of land without firms.")
    found = lf.find("firms town", data=small_data)["fact_id"].tolist()
    assert found == ["firms-2018", "firms-2022", "forest_share-2018", "forest_share-2020"]


def test_words_are_looked_for_in_the_singular():
    for many, one in (("counties", "county"), ("shares", "share")):
        assert lf.find(many)["fact_id"].tolist() == lf.find(one)["fact_id"].tolist() != []


def test_only_neighbours_are_left_out(small_data):
    """Parts of the whole that the report's town is part of; what is part of something else is listed."""
    change(
        small_data,
        "areas",
        "小城,,",
        "小城,land,\nport,The Port,港口,land,\nisle,The Isle,小岛,sea,\nsea,The Sea,大海,,",
    )
    row = "forest_share-{0},forest_share,{0},2018,stated,actual,9.9,%,as_printed,,yearbook,\n"
    change(
        small_data,
        "facts",
        "forest_share-land",
        row.format("port") + row.format("isle") + "forest_share-land",
    )
    assert set(lf.find("forest", data=small_data)["area_en"]) == {"Small Town", "The Land", "The Isle"}


def test_what_a_report_says_of_a_neighbour_is_found(small_data):
    change(small_data, "areas", "小城,,", "小城,land,\nport,The Port,港口,land,")
    row = "firms-port,firms,port,2018,stated,actual,9,家,as_printed,,report,\n"
    change(small_data, "facts", "firms-2022", f"{row}firms-2022")
    assert "firms-port" in set(lf.find("firms", data=small_data)["fact_id"])


def test_a_term_is_known_by_its_english_name_too(small_data):
    change(small_data, "glossary", "小康,", "某词,number of firms,What a register knows.\n小康,")
    assert lf.find("register", data=small_data)["fact_id"].tolist() == ["firms-2018", "firms-2022"]


def test_a_term_of_one_character_is_no_word_to_look_by(small_data):
    change(small_data, "glossary", "小康,", "林,w,Woods.\n小康,")
    assert lf.find("woods", data=small_data).empty


def test_find_says_values_in_english():
    assert lf.find("electronic information size")["value"].iloc[0] == "more than 42 billion yuan"


@pytest.mark.parametrize("words", ["loans", "贷款", "污染", "pollution", "fine particles", "Langfang poor"])
def test_find_finds_what_newcomers_looked_for(words):
    assert len(lf.find(words)) > 1, f"no fact for {words!r}: add the word to the glossary or a definition"


def test_a_series_is_in_the_order_of_time(small_data):
    firms = lf.series("firms", data=small_data)
    assert firms["period"].tolist() == ["2018", "2022"]
    assert lf.series("firms", status="forecast", data=small_data)["value"].tolist() == [150]


def test_a_series_counts_intervals_by_their_end(small_data):
    change(small_data, "facts", "firms,town,2018", "firms,town,2015/2019")
    change(small_data, "facts", "firms,town,2022", "firms,town,2016/2018")
    assert lf.series("firms", data=small_data)["period"].tolist() == ["2016/2018", "2015/2019"]


def test_a_series_shows_period_and_value_first_and_is_plotted_over_time(small_data):
    firms = lf.series("firms", data=small_data)
    assert list(firms.columns[:2]) == ["period", "value"] and list(firms.index) == ["2018", "2022"]
    assert set(firms.columns) == set(FACT_COLUMNS.split())


@pytest.mark.parametrize("name", ["firms", "Firms", "企业数"])
def test_a_series_takes_the_exact_name_of_an_indicator(small_data, name):
    assert len(lf.series(name, data=small_data)) == 2


def test_a_series_of_several_areas_asks_for_one(small_data):
    with pytest.raises(lf.LangfangError, match="several areas: land, town; choose one with area="):
        lf.series("forest_share", data=small_data)
    for name in ("land", "The Land", "大地"):
        assert lf.series("forest_share", area=name, data=small_data)["value"].tolist() == [22.9]


def test_a_series_refuses_two_bases_and_says_which(small_data):
    with pytest.raises(lf.LangfangError, match=r"'' \(report\) and 'first release' \(yearbook\) must not"):
        lf.series("revenue", data=small_data)
    assert len(lf.series("revenue", vintage="first release", data=small_data)) == 1
    assert len(lf.series("revenue", source="report", data=small_data)) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda data: lf.series("firm", data=data), "no facts of indicator 'firm'; did you mean firms?"),
        (lambda data: lf.series("firms", area="city", data=data), "firms has no area 'city'; it has 'town'"),
        (lambda data: lf.series("firms", status="norm", data=data), "firms has no status 'norm'"),
        (lambda data: lf.fact("firms-2081", data=data), "no fact 'firms-2081' in facts.csv; did you mean"),
        (lambda data: lf.cite("firms-2081", data=data), "did you mean firms-2018"),
        (
            lambda data: lf.cite("firms-2018", lang="fr", data=data),
            "lang 'fr': expected one of en, zh, bibtex",
        ),
    ],
)
def test_misspelt_names_get_the_nearest(small_data, call, words):
    with pytest.raises(lf.LangfangError, match=re.escape(words)):
        call(small_data)


@pytest.mark.parametrize("name", ["forest_share", "森林覆盖率", "Forest Share"])
def test_a_name_in_place_of_a_fact_gets_its_facts_the_reports_own_first(small_data, name):
    first = "it is an indicator, with the facts forest_share-2018, forest_share-2020, forest_share-land-2018"
    with pytest.raises(lf.LangfangError, match=first):
        lf.fact(name, data=small_data)


# ---- cite ----


def test_a_citation_leads_to_the_place(small_data):
    assert lf.cite("forest_share-2018", data=small_data) == (
        "张记者, “小报告”, 小城网, 2020-10-01."
        " Section “opening”, paragraph 1: printed as “31.0%”, again in paragraph 2."
    )


def test_a_citation_omits_what_is_unknown(small_data):
    assert lf.cite("forest_share-land-2018", data=small_data) == (
        "“A yearbook”, Small Press, 2019, https://example.org/yearbook. Figure: 22.9%."
    )


def test_a_citation_of_what_was_not_read_in_print_quotes_nothing_and_says_what_is_noted(small_data):
    change(small_data, "facts", "survey 9,yearbook,", "survey 9,yearbook,worked out from daily values")
    text = lf.cite("forest_share-land-2018", data=small_data)
    assert text.endswith("Figure: 22.9% (worked out from daily values).")


@pytest.mark.parametrize("lang", ["en", "zh", "bibtex"])
def test_without_an_address_nothing_was_accessed(small_data, lang):
    folder = accessed(small_data)
    change(folder, "sources", "https://example.org/yearbook", "")
    text = lf.cite("forest_share-land-2018", lang=lang, data=folder)
    assert "2026-11-24" not in text and ",  " not in text and ", ." not in text


def accessed(folder):
    """The report's address and the day on which it and the yearbook were read."""
    change(folder, "sources", "locator,", "locator,accessed,")
    change(folder, "sources", "2020-10-01,,", "2020-10-01,https://example.org/report,2026-11-25,")
    change(folder, "sources", "org/yearbook,", "org/yearbook,2026-11-24,")
    return folder


def test_a_chinese_citation_has_the_form_of_gb_t_7714(small_data):
    assert lf.cite("forest_share-2018", lang="zh", data=accessed(small_data)) == (
        "张记者. 小报告[EB/OL]. 小城网(2020-10-01)[2026-11-25]. https://example.org/report. 第1、2段“31.0%”."
    )
    assert lf.cite("forest_share-land-2018", lang="zh", data=small_data) == (
        "Small Press. A yearbook[EB/OL]. (2019)[2026-11-24]. https://example.org/yearbook. 数值:22.9%."
    )


def test_a_chinese_citation_without_address_is_not_one_of_the_web(small_data):
    assert lf.cite("firms-2018", lang="zh", data=small_data).startswith(
        "张记者. 小报告[Z]. 小城网(2020-10-01). 第1段"
    )


def test_an_english_citation_says_when_the_address_was_read(small_data):
    text = lf.cite("forest_share-land-2018", data=accessed(small_data))
    assert "https://example.org/yearbook (accessed 2026-11-24). Figure" in text


@pytest.mark.parametrize("lang", ["en", "zh", "bibtex"])
def test_a_source_without_a_title_carries_no_headline(small_data, lang):
    change(small_data, "sources", "小报告", "")
    text = lf.cite("firms-2018", lang=lang, data=small_data)
    assert "“”" not in text and "[Z]" not in text and "title" not in text


def test_a_bibtex_entry_has_place_and_figure_and_escapes_what_tex_reads(small_data):
    change(small_data, "sources", "A yearbook", "A_yearbook & {more}")
    assert lf.cite("forest_share-land-2018", lang="bibtex", data=accessed(small_data)).splitlines() == [
        "@online{forest_share-land-2018,",
        r"  title = {{A\_yearbook \& \{more\}}},",
        "  organization = {{Small Press}},",
        "  date = {2019},",
        "  url = {https://example.org/yearbook},",
        "  urldate = {2026-11-24},",
        r"  note = {Figure: 22.9\%}",
        "}",
    ]


@pytest.mark.parametrize(
    ("kind", "status", "doubted"),
    [("conflict", "open", True), ("conflict", "closed", False), ("ambiguity", "open", False)],
)
def test_an_open_conflict_is_the_last_line_of_a_citation(small_data, kind, status, doubted):
    (small_data / "queries.csv").write_text(
        "query_id,fact_ids,kind,question,readings,status\n"
        f"q,firms-2022 firms-2018,{kind},Both cannot be.,,{status}\n"
    )
    last = {lang: lf.cite("firms-2018", lang=lang, data=small_data).splitlines()[-1] for lang in ("en", "zh")}
    assert (last["en"] == "In doubt: Both cannot be.") is doubted is (last["zh"] == "存疑:Both cannot be.")
    assert "In doubt" not in lf.cite("revenue-2018", data=small_data)


def test_a_quantity_that_is_a_fact_can_be_cited_and_a_result_cannot(small_data):
    forest = lf.fact("forest_share-2018", data=small_data)
    assert (forest.fact_id, forest.status) == ("forest_share-2018", "actual")
    assert lf.cite(forest, data=small_data) == lf.cite("forest_share-2018", data=small_data)
    with pytest.raises(lf.LangfangError, match="worked out, it has no source"):
        lf.cite(forest - forest, data=small_data)


def test_details_give_place_note_source_and_queries_of_a_fact():
    found = details("backstop_household_share-undated")
    assert (found["figure"], found["paragraphs"], found["source"]["publisher"]) == ("87.23%", [49], "长城网")
    assert found["section"] and "backstop-shares" in [query["query_id"] for query in found["queries"]]


# ---- quantities of the tables, and the real ones ----


def test_quantities_speak_chinese_in_printed_units(small_data):
    assert lf.in_chinese(lf.fact("revenue-2018", data=small_data), data=small_data) == "420亿元以上"
    assert lf.in_chinese(lf.fact("firms-2018", data=small_data), data=small_data) == "109家"


def test_every_fact_lies_within_its_bounds_and_has_its_citations():
    facts = lf.load()
    assert ((facts["lower"] <= facts["value"]) & (facts["value"] <= facts["upper"])).all()
    for fact in facts.itertuples():
        assert lf.fact(fact.fact_id).value == fact.value
        figure = fact.text or fact.printed
        assert figure in lf.cite(fact.fact_id) and figure in lf.cite(fact.fact_id, lang="zh"), fact.fact_id


def test_every_indicator_gives_a_series_or_says_why_not():
    facts = lf.load()
    for (indicator, area, vintage), rows in facts.groupby(["indicator_id", "area", "vintage"]):
        assert len(lf.series(indicator, area=area, vintage=vintage)) == len(rows)


def test_every_table_loads_with_the_rows_of_its_file():
    # langfang.csv is no table of its own but all facts, flat, for spreadsheets
    tables = [path for path in data_dir().glob("*.csv") if path.stem != "langfang"]
    for path in tables:
        plain = pd.read_csv(path, dtype=str, keep_default_na=False)
        assert len(lf.load(path.stem)) == len(plain), path.name


def test_no_share_exceeds_its_whole():
    shares = lf.load().query("measure == 'share'")
    over = shares[shares["upper"] > 100]["fact_id"].tolist()
    assert not over, f"a share cannot be more than 100 %: {over}"


def test_a_place_in_a_ranking_is_a_whole_number_even_when_forecast():
    ranks = lf.load().query("measure == 'rank'")
    assert (ranks["lower"] == ranks["upper"]).all()


@pytest.mark.parametrize(("number", "end"), [(6, "'5'"), (7, "'5' and 1 more")])
def test_of_what_there_is_six_are_named(number, end):
    frame = pd.DataFrame({"area": list(map(str, range(number)))})
    with pytest.raises(lf.LangfangError, match=f"it has '0', '1', '2', '3', '4', {end}$"):
        chosen(frame, "firms", "area", "x", "area")


@pytest.mark.parametrize(
    "call",
    [
        lambda: lf.fact(3), lambda: lf.fact([]), lambda: lf.about(None), lambda: lf.cite(3.5),
        lambda: lf.load(5), lambda: lf.series(None), lambda: lf.implied(None), lambda: lf.implied([]),
        lambda: lf.audit([]), lambda: lf.audit(fact=7), lambda: lf.show(3, alt=""),
        lambda: lf.charts.bars(5, title="", subtitle=""), lambda: lf.in_chinese(5),
    ],
)  # fmt: skip
def test_what_has_the_wrong_type_is_refused_in_words(call):
    with pytest.raises(lf.LangfangError):
        call()


def test_about_takes_a_quantity():
    assert lf.about(lf.fact("forest_coverage-2019-06-30")).fact_id == "forest_coverage-2019-06-30"


def test_find_takes_a_year_and_a_chinese_word_with_others_between():
    assert lf.find("GDP 2018")["period"].str.contains("2018").sum() > 10
    assert set(lf.find("农民收入")["name_zh"]) >= {"农村居民人均可支配收入"}
    assert len(lf.find("城镇居民收入")) and lf.find("廊坊海洋收入").empty
