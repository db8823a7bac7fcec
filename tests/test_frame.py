"""The audit of a small report that is made up: each relation as a reader gets it, in words and numbers."""

import math

import pytest

import langfang as lf
from langfang.audit.case import open_report
from langfang.audit.power import behind_share
from langfang.audit.verdict import unexplained
from langfang.errors import LangfangError

ENTITIES = """entity_id,kind,name_zh,name_en,group,county
f-a,firm,甲,A,new,town
f-b,firm,乙,B,new,land
f-c,firm,丙,C,old,town
"""
NAMED = """report,1,40,甲,,name,,f-a,
report,1,42,乙,,name,,f-b,
report,2,44,甲,,name,,f-a,
report,2,46,丙,,name,,f-c,
"""
QUERIES = """query_id,fact_ids,kind,question,readings,status
q,firms-2018,unclear,When?,as printed; a year later: firms-2018.period=2019; fewer: firms-2018=100家,open
d,forest_share-2018,conflict,Once 31 once 31.0.,rounded: forest_share-2018=31%,open
"""
SHARES = 'facts = { now = "forest_share-2018", aim = "forest_share-2020" }'
FIRMS = 'facts = { first = "firms-2018", last = "firms-2022" }'
SALES = 'r = "revenue-2018"'
NEW = 'n = { kind = "firm", group = "new" }'
RELATIONS = {  # kind, facts or lists, expression, claim, and what more there is to say
    "gain": ("order", SHARES, "aim - now", "> 0", ""),
    "rise": ("order", SHARES, "aim - now", "", 'note = "n"'),
    "register": ("share", 'facts = { share = "forest_share-2018" }', "share", "", ""),
    "per_firm": ("money", f'facts = {{ {SALES}, f = "firms-2018" }}', "r / f", "", 'unit = "yuan a firm"'),
    "more": ("order", FIRMS, "first", "<= last", ""),
    "fewer": ("order", FIRMS, "first", ">= last", 'query = "q"'),
    "part": ("share", FIRMS, "100 * first / last", "= 73", ""),
    "span": ("flow", 'facts = { r = "revenue-2018" }', "years(r)", "= 2", ""),
    "since": ("order", 'facts = { f = "firms-2018" }', "f * year(f) / 109", "", 'unit = "year"'),
    "book": ("outside", 'facts = { r = "revenue-2018", b = "revenue-2017-yearbook" }', "r", ">= b", ""),
    "same": ("list", f'lists = {{ {NEW}, o = {{ kind = "firm", paragraph = 1 }} }}', "n", "= o", ""),
    "other": ("list", f'lists = {{ {NEW}, o = {{ kind = "firm", paragraph = 2 }} }}', "n", "= o", ""),
    "count": ("list", 'lists = { all = { kind = "firm" } }', "all", "= 3", ""),
    "towns": ("list", 'lists = { all = { kind = "firm", each = "county" } }', "all", "", ""),
}  # fmt: skip
TWICE = '[twice]\ntitle = "t"\nkind = "restatement"\ncopies = [1, 2]\nquery = "d"\n'


@pytest.fixture
def folder(small_data):
    relations = [TWICE]
    for name, (kind, parts, expression, claim, more) in RELATIONS.items():
        lines = [f"[{name}]", f'title = "t"\nkind = "{kind}"', parts, f'expression = "{expression}"', more]
        relations.append("\n".join([*lines, f'claim = "{claim}"' if claim else ""]))
    (small_data / "relations.toml").write_text("\n\n".join(relations), "utf-8")
    (small_data / "entities.csv").write_text(ENTITIES, "utf-8")
    (small_data / "queries.csv").write_text(QUERIES, "utf-8")
    with (small_data / "mentions.csv").open("a", encoding="utf-8") as mentions:
        mentions.write(NAMED)
    return small_data


@pytest.fixture
def rows(folder):
    return lf.audit(data=folder).set_index("id")


# relation: (claim, arithmetic, unit, verdict, because)
SAID = {
    "gain": ("forest_share-2020 − forest_share-2018 > 0", "35% − 31% = 4.00 (3.95–4.05) % > 0", "%",
             "agrees", ""),
    "rise": ("forest_share-2020 − forest_share-2018", "35% − 31% = 4.00 (3.95–4.05) %", "%", "implies",
             "rounded: 4.0 (3.5–4.5) %"),
    "register": ("forest_share-2018", "31%", "%", "implies",
                 "rounded: 31.0 (30.5–31.5) %; the smallest whole totals that can have it: 29, 42, 58, 71"),
    "per_firm": ("revenue-2018 ÷ firms-2018", "超过420亿元 ÷ 109家 ≥ 3.85321e+8 yuan a firm", "yuan a firm",
                 "implies", "fewer: ≥ 4.20000e+8 yuan a firm"),
    "more": ("firms-2018 ≤ firms-2022", "109家 ≤ 150家", "家", "agrees", ""),
    "fewer": ("firms-2018 ≥ firms-2022", "109家 is not ≥ 150家", "家", "cannot be both", ""),
    "span": ("years(revenue-2018) = 2", "2, to be 2", "", "agrees", ""),
    "since": ("firms-2018 × year(firms-2018) ÷ 109", "109家 × 2018 ÷ 109 = 2018 year", "year", "implies",
              "a year later: 2019 year; fewer: 1851.3761 year"),
    "book": ("revenue-2018 ≥ revenue-2017-yearbook", "超过420亿元 ≥ 400亿元", "亿元", "not testable",
             "year: 2017 against 2017/2018; vintage: first release against none; side by side they fit"),
    "same": ("names(firm new) = names(firm, paragraph 1)", "2 names against 2 names", "", "agrees", ""),
    "other": ("names(firm new) = names(firm, paragraph 2)", "2 names against 2 names, 1 of them the same", "",
              "cannot be both", "only in firm new: 乙; only in firm, paragraph 2: 丙"),
    "count": ("names(firm) = 3", "3 names, to be 3", "", "agrees", ""),
    "towns": ("names(firm county)", "2 names", "", "implies", ""),
    "twice": ("the same in paragraphs 1 and 2: forest_share-2018", "0 of 1 figures and lists the same", "",
              "cannot be both", "not the same: forest_share-2018"),
}  # fmt: skip


def test_each_relation_is_told_in_words(rows):
    columns = ["claim", "arithmetic", "unit", "verdict", "because"]
    assert {name: tuple(rows.loc[name, columns]) for name in SAID} == SAID
    assert rows.loc["rise", "note"] == "n" and set(rows["source"]) == {"report"}


@pytest.mark.parametrize(
    ("name", "recomputed", "printed"),
    [
        ("gain", (4, 3.95, 4.05), (0, 0, 0)),
        ("more", (109, 109, 109), (150, 149.5, 150.5)),
        ("book", (420, 420, math.inf), (400, 399.5, 400.5)),
        ("same", (2, 2, 2), (2, 2, 2)),
        ("twice", (0, 0, 0), (1, 1, 1)),
    ],
)
def test_both_sides_have_value_and_ends_in_their_unit(rows, name, recomputed, printed):
    for side, ends in (("recomputed", recomputed), ("printed", printed)):
        assert tuple(rows.loc[name, [side, f"{side}_lower", f"{side}_upper"]]) == pytest.approx(ends)
    assert rows.loc["rise", ["printed", "printed_lower"]].isna().all()


@pytest.mark.parametrize(
    ("name", "rules", "power", "smallest"),
    [
        ("gain", "rounded, cut off", "", 5),  # an aim of 30 is not above 31
        ("more", "rounded, cut off", "", 43),  # 109 and 108, which may be cut off and nearly 109
        ("fewer", "neither", "firms-2018 firms-2022", None),
        ("count", "", "all", 1),
        ("same", "", "", None),
        ("twice", "", "forest_share-2018", None),
        ("rise", "", "", None),
        ("book", "", "", None),
    ],
)
def test_power_and_rules_of_print(rows, name, rules, power, smallest):
    row = rows.loc[name]
    assert (row["rules"], row["power"]) == (rules, power)
    assert row["smallest"] == smallest if smallest else row.isna()["smallest"]


def test_what_a_relation_implies_has_its_unit(folder):
    per_firm = lf.implied("per_firm", data=folder)
    assert (per_firm.unit, per_firm.upper) == ("yuan a firm", math.inf)
    assert per_firm.lower == pytest.approx(42e9 / 109)
    rise = lf.implied("rise", data=folder)
    assert (rise.value, rise.lower, rise.upper, rise.unit, rise.name) == (4, 3.95, 4.05, "%", "t")
    assert lf.implied("towns", data=folder).unit == "1"
    with pytest.raises(LangfangError, match=r"\[twice\] has no result: "):
        lf.implied("twice", data=folder)


def test_whole_numbers_behind_a_share_are_told(folder):
    case = next(case for case in open_report(folder).cases() if case.relation.id == "part")
    # 100 × 109 ÷ 149.5 is 72.91, 100 × 110 ÷ 150.5 is 73.09; but of 150.7, cut off to 150, 110 are 73
    assert behind_share(case).startswith(
        "in place of 109家, no whole number would fit, 110 were the share cut off"
    )


def test_failures_without_a_query_and_queries_without_a_failure_are_named(folder):
    wrong = [(fault.file, fault.column, fault.value) for fault in unexplained(folder)]
    assert wrong == [("relations.toml", "query", ""), ("relations.toml", "query", "")]
    path = folder / "relations.toml"
    text = path.read_text("utf-8")
    lines = text.splitlines()
    assert {lines[fault.row - 1] for fault in unexplained(folder)} == {"[part]", "[other]"}
    path.write_text(text.replace('"= 73"', '"<= 73"').replace('claim = "= o"', 'claim = "<= n"'), "utf-8")
    path.write_text(text.replace('query = "d"', 'query = "q"'), "utf-8")
    said = {(fault.file, fault.column, fault.expected.split(":")[0]) for fault in unexplained(folder)}
    assert ("queries.csv", "kind", "another kind than conflict") in said
    assert ("relations.toml", "query", "a query about a figure or name of the relation") in said


def test_the_audit_keeps_to_a_source_or_a_fact(folder):
    assert list(lf.audit(fact="revenue-2018", data=folder)["id"]) == ["per_firm", "span", "book"]
    assert len(lf.audit("report", data=folder)) == len(RELATIONS) + 1
    assert lf.audit("yearbook", data=folder).empty


def test_the_arithmetic_is_in_the_unit_that_is_shown():
    shown = lf.audit().set_index("id").loc["revenue_per_key_firm", "arithmetic"]
    assert shown == "424亿元 ÷ 109家 = 3.8899 (3.8853–3.8945) 亿元"
