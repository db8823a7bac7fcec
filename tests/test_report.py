"""What readers get: alt text that tells the truth, HTML that is safe, plain and the same everywhere."""

import base64
import json
import re
from html.parser import HTMLParser

import pandas as pd
import pytest

import langfang as lf
from langfang import charts
from langfang.errors import LangfangError
from langfang.notebook import prose as report
from langfang.printed.quantity import Quantity

INDEX = "The index of Langfang rose in every year, from 84.44 in 2014 to 98.04 in 2019."


@pytest.fixture
def shown(monkeypatch):
    """What is sent to the notebook: pairs of HTML and plain text."""
    sent = []
    monkeypatch.setattr(report, "_emit", lambda html, plain: sent.append((html, plain)))
    return sent


def index():
    return charts.path(lf.series("xiaokang_index", area="langfang"))


class Tags(HTMLParser):
    """The tags of a piece of HTML, and whether all that open also close."""

    def __init__(self, html):
        super().__init__()
        self.found, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))
        if tag not in ("img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def of(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


# ---- figures ----


def test_a_figure_carries_digest_numbers_alt_and_caption(shown):
    fig = index()
    lf.show(fig, alt=INDEX, caption="Composite index; 100 means every target met.")
    [(html, plain)] = shown
    tags = Tags(html)
    assert plain == INDEX and not tags.open
    assert tags.of("figure")[0]["data-plot"] == charts.digest(fig)
    assert json.loads(tags.of("figure")[0]["data-values"]) == charts.values(fig)
    assert tags.of("img")[0]["alt"] == INDEX
    assert "Composite index; 100 means every target met.</figcaption>" in html


def test_the_picture_is_the_figure(shown):
    fig = index()
    lf.show(fig, alt=INDEX)
    kind, _, picture = Tags(shown[0][0]).of("img")[0]["src"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(picture).decode() == charts.svg(fig)


def test_show_returns_nothing_and_prints_the_alt_text_in_a_terminal(capsys):
    assert lf.show(index(), alt=INDEX) is None
    assert capsys.readouterr().out == INDEX + "\n"


def test_a_pyplot_figure_is_closed(shown):
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    lf.show(fig, alt="A line from 3 to 4, drawn with pyplot and not with a chart of the library.")
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("alt", ["", "   ", "Line chart.", "A chart of the index, 2014–2019"])
def test_an_alt_text_that_says_too_little_is_refused(alt):
    with pytest.raises(LangfangError, match="expected what the chart shows and its key numbers"):
        lf.show(index(), alt=alt)


def test_an_alt_text_that_repeats_the_caption_is_refused():
    with pytest.raises(LangfangError, match="repeats the caption"):
        lf.show(index(), alt=INDEX, caption=INDEX + " So it is printed.")


@pytest.mark.parametrize(
    ("wrong", "number"),
    [
        ("98.05 in 2019", "98.05"),
        ("97 in 2019", "97"),
        ("98.04 in 2021", "2021"),
        ("98.04 in 1,999 steps", "1,999"),
    ],
)
def test_a_number_that_is_not_in_the_figure_is_refused(wrong, number):
    with pytest.raises(LangfangError, match=f"^alt: {number} is neither plotted nor in a label"):
        lf.show(index(), alt=INDEX.replace("98.04 in 2019", wrong))


@pytest.mark.parametrize(
    "right", ["98.0 in 2019", "98 in 2019", "98.04 % in 2019", "９８ in 2019", "PM2.5 in 2019"]
)
def test_numbers_may_be_rounded_and_names_may_hold_digits(shown, right):
    lf.show(index(), alt=INDEX.replace("98.04 in 2019", right))
    assert len(shown) == 1


def test_the_ends_of_a_range_may_be_told(shown):
    fig = charts.range_plot({"growth": Quantity("23.2", "22.894", "23.512", "%")})
    lf.show(fig, alt="A growth of 23.2 per cent a year, with a rounding range from 22.9 to 23.5.")
    assert len(shown) == 1


def test_numbers_after_chinese_are_checked_too():
    with pytest.raises(LangfangError, match="99 is neither plotted"):
        lf.show(
            index(),
            alt="廊坊市全面建成小康社会综合指数逐年提高,2014年为84.44,到2019年达到99,提高幅度各年不一,其中2015年提高最多。",
        )


def test_counts_in_labels_may_be_told(shown):
    fig = charts.dot_matrix([charts.row("indicators", 29, total=32)])
    lf.show(fig, alt="Of 32 indicators, drawn as dots, 29 are filled and 3 are hollow: they fall short.")
    assert len(shown) == 1


# ---- every piece of HTML ----

PIECES = {
    "show": lambda: lf.show(index(), alt=INDEX, caption="A caption with < and & in it"),
    "brief": lambda: lf.brief("Index < 100 & rising.", "Second."),
    "brief_zh": lambda: lf.brief_zh("综合指数逐年提高。"),
    "say": lambda: lf.say("One.", "Two <b>."),
    "table": lambda: lf.table(pd.DataFrame({"a": ["<i>"], "b": [1.5], "c": [None]}), "A & B"),
    "facts_used": lambda: lf.facts_used(["xiaokang_index-2019", "gdp-china-2015"]),
}
every_piece = pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)


@every_piece
def test_html_is_well_formed_and_escaped(shown, piece):
    piece()
    tags = Tags(shown[0][0])
    assert not tags.open
    assert not {"i", "b", "script", "style", "link", "iframe"} & {tag for tag, _ in tags.found}


@every_piece
def test_html_needs_nothing_from_outside_and_has_no_ids(shown, piece):
    piece()
    html = shown[0][0]
    assert "http" not in html and "url(" not in html
    assert not [
        attributes for _, attributes in Tags(html).found if "id" in attributes or "class" in attributes
    ]


@every_piece
def test_html_takes_the_colours_of_the_page(shown, piece):
    piece()
    for tag, attributes in Tags(shown[0][0]).found:
        if tag != "img":  # a figure stands on its own white ground, also in a dark theme
            assert not re.search(r"color|background|#", attributes.get("style", ""))


@every_piece
def test_html_is_the_same_every_time(shown, piece):
    piece()
    piece()
    assert shown[0] == shown[1]


@every_piece
def test_a_terminal_gets_the_same_in_words(shown, piece):
    piece()
    plain = shown[0][1]
    assert plain.strip() and "<figure" not in plain and "<td" not in plain


# ---- prose ----


def test_chinese_is_marked_as_chinese(shown):
    lf.brief_zh("综合指数逐年提高。")
    assert Tags(shown[0][0]).of("div")[0]["lang"] == "zh"


@pytest.mark.parametrize("write", [lf.brief, lf.brief_zh, lf.say])
@pytest.mark.parametrize("sentences", [(), ("",), ("One.", None)], ids=["none", "empty", "no text"])
def test_nothing_to_say_is_an_error(write, sentences):
    with pytest.raises(LangfangError, match="expected one or more texts"):
        write(*sentences)


@pytest.mark.parametrize(
    ("quantity", "said"),
    [
        (Quantity("3.07", "3.06", "3.08", "%"), "3.06–3.08 %"),
        (Quantity(420, 420, float("inf"), "yuan"), "≥ 420 yuan"),
        (Quantity.exact(29, "item"), "29 item"),
        (Quantity("0.333", "0.3301", "0.3359", "1"), "0.330–0.336"),
    ],
    ids=str,
)
def test_a_range_in_a_sentence_is_rounded_outward(quantity, said):
    assert report.span(quantity) == said


@pytest.mark.parametrize("number", [-1, 1.5])
def test_only_whole_numbers_have_words(number):
    with pytest.raises(LangfangError, match="expected a whole number"):
        report.words(number)


# ---- tables ----


def test_a_table_has_caption_and_scoped_headers(shown):
    lf.table(pd.DataFrame({"area": ["Langfang", "Hebei"], "index": [98.04, 90.41]}), "The index")
    tags = Tags(shown[0][0])
    assert [th["scope"] for th in tags.of("th")] == ["col", "col", "row", "row"]
    assert "The index</caption>" in shown[0][0]


def test_numbers_stand_on_the_right(shown):
    lf.table(pd.DataFrame({"area": ["Langfang"], "index": [98.04]}), "The index")
    [cell] = Tags(shown[0][0]).of("td")
    assert "text-align:right" in cell["style"]


def test_a_wide_table_scrolls_within_itself_and_by_keyboard(shown):
    lf.table(pd.DataFrame({"a": [1]}), "Wide")
    box = Tags(shown[0][0]).of("div")[0]
    assert "overflow-x:auto" in box["style"] and box["tabindex"] == "0" and box["aria-label"] == "Wide"


def test_a_named_index_heads_the_lines(shown):
    lf.table(pd.DataFrame({"x": [1]}, index=pd.Index(["a"], name="place")), "Places")
    assert shown[0][1] == "Places\nplace | x\na | 1"


def test_facts_used_say_where_each_figure_stands(shown):
    lf.facts_used(["forest_coverage-2019-06-30", "electronic_information_industry_size-2019"])
    html, plain = shown[0]
    assert '<span lang="zh">33.86%</span><br>¶ 60' in html
    assert "33.86 %; 33.855–33.865; actual" in plain
    assert "超过420亿元; ¶ 10" in plain and "more than 42 billion yuan; 42 or more; actual" in plain


def test_facts_used_print_ranges_in_full(shown):
    most = "income_ratio_urban_rural-china-2020-target"
    lf.facts_used(["pm25_annual_mean-langfang-2015-cited", "award_total-2019", most])
    assert "82.25–82.35" in shown[0][1] and "105–115" in shown[0][1] and "at most 2.8" in shown[0][1]


def test_facts_used_mark_what_was_inferred_and_what_has_no_date(shown):
    lf.facts_used(["it_revenue-2019", "backstop_households-undated"])
    assert "2019 (inferred)" in shown[0][1] and "undated" in shown[0][1]


def test_facts_used_name_the_source_of_what_others_published(shown):
    lf.facts_used(["pm25_annual_mean-beijing-2018"])
    publisher = lf.load("sources").set_index("source_id")["publisher"]
    source = lf.load("facts").set_index("fact_id")["source_id"]["pm25_annual_mean-beijing-2018"]
    assert publisher[source] in shown[0][1]


def test_each_fact_is_listed_once_and_can_be_found(shown):
    lf.facts_used(["xiaokang_index-2019", "xiaokang_index-2019"])
    assert [tr.get("data-fact") for tr in Tags(shown[0][0]).of("tr")] == [None, "xiaokang_index-2019"]


@pytest.mark.parametrize(("ids", "fault"), [([], "no fact_id given"), (["x"], "no fact_id 'x'")])
def test_facts_that_do_not_exist_are_an_error(ids, fault):
    with pytest.raises(LangfangError, match=fault):
        lf.facts_used(ids)


def test_every_fact_can_be_listed(shown):
    lf.facts_used(lf.load("facts")["fact_id"])
    assert "nan" not in shown[0][1].lower().split()


def test_a_link_in_a_table_leads_to_its_file(shown):
    report.table(pd.DataFrame({"read": [report.link("Industry & trade", "01-industry.ipynb")]}), "Notebooks")
    html, plain = shown[-1]
    assert '<a href="01-industry.ipynb">Industry &amp; trade</a>' in html
    assert plain.splitlines()[-1] == "Industry & trade"
