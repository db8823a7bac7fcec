"""lf.about: a figure with what is known for it and against it."""

import pytest

import langfang as lf


def test_a_figure_in_doubt_says_so():
    text = str(lf.about("backstop_household_share-undated"))
    assert "audit: cannot be both, backstop_households: 100 × 1680户 ÷ 1934户" in text
    assert "query (open), backstop-shares: " in text and "=1926户" in text


def test_a_note_a_basis_and_the_place_are_shown():
    fact = lf.load().query("note != '' and period_basis == 'inferred' and paragraph.notna()").iloc[0]
    text = str(lf.about(fact["fact_id"]))
    assert (
        f"note: {fact['note']}" in text and "(inferred)" in text and f"paragraph {fact['paragraph']}" in text
    )


@pytest.mark.parametrize("place", range(0, 480, 40))
def test_the_row_says_what_the_frame_of_all_facts_says(place):
    row = lf.load().astype(object).iloc[place].to_dict()
    about = lf.about(row["fact_id"]).row
    assert {name: about[name] for name in row} == row


@pytest.mark.parametrize("fact_id", lf.load()["fact_id"].iloc[::40])
def test_every_kind_of_fact_has_words(fact_id):
    found = lf.about(fact_id)
    assert found.citation in str(found) and "<" not in repr(found)
    assert set(found.relations["id"]) == set(lf.audit(fact=fact_id)["id"])


def test_a_folder_without_relations_still_tells_of_its_facts(small_data):
    header = "query_id,fact_ids,kind,question,readings,status\n"
    (small_data / "queries.csv").write_text(header, "utf-8")
    (small_data / "entities.csv").write_text("entity_id,kind,name_zh,name_en,group,county\n", "utf-8")
    assert lf.about("firms-2018", data=small_data).relations.empty


def test_an_unknown_fact_gets_the_nearest():
    with pytest.raises(lf.LangfangError, match="backstop_household_share-undated"):
        lf.about("backstop_household_share")


def test_it_says_in_short_what_is_against_it():
    doubted, sound = map(lf.about, ("backstop_household_share-undated", "forest_coverage-2019-06-30"))
    assert "in short: against it backstop_households; open queries: backstop-shares, " in str(doubted)
    assert "in short: against it no relation; open queries: forest-land-term" in str(sound)
