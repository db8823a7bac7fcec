"""What readers get: alt text that tells the truth, HTML that is safe, plain and the same everywhere."""

import base64
import re
import sys
import types
from html.parser import HTMLParser

import pandas as pd
import pytest

import langfang as lf
from langfang import charts
from langfang.errors import LangfangError
from langfang.notebook import figure, prose
from langfang.printed.quantity import Quantity

INDEX = "The index of Langfang rose in every year, from 84.44 in 2014 to 98.04 in 2019."
TOLD = {"title": "A finding", "subtitle": "What, where, when, unit"}


@pytest.fixture
def shown(monkeypatch):
    """What is sent to the notebook: pairs of HTML and plain text."""
    sent = []
    for module in (figure, prose):
        monkeypatch.setattr(module, "emit", lambda html, plain: sent.append((html, plain)))
    return sent


@pytest.fixture(scope="module")
def index():
    return charts.lines(lf.series("xiaokang_index", area="langfang").assign(label="Index"), **TOLD)


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


def test_a_figure_carries_digest_alt_and_caption(shown, index):
    lf.show(index, alt=INDEX, caption="Composite index. *Source:* the report.")
    [(html, plain)] = shown
    tags = Tags(html)
    assert plain == tags.of("img")[0]["alt"] == INDEX
    assert tags.of("figure")[0]["data-plot"] == charts.digest(index)
    assert "Composite index. <em>Source:</em> the report.</figcaption>" in html


def test_the_picture_is_the_figure(shown, index):
    lf.show(index, alt=INDEX)
    kind, _, picture = Tags(shown[0][0]).of("img")[0]["src"].partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(picture).decode().replace(" ", "") == charts.svg(index).replace(" ", "")


def test_show_returns_nothing_and_prints_the_alt_text_in_a_terminal(capsys, index):
    assert lf.show(index, alt=INDEX) is None
    assert capsys.readouterr().out == INDEX + "\n"


def test_a_pyplot_figure_is_closed(shown):
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots()
    ax.plot([1, 2], [3, 4])
    lf.show(fig, alt="A line from 3 to 4, drawn with pyplot and not with a chart of the library.")
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("alt", ["", "   ", "Line chart.", "A chart of the index, 2014–2019"])
def test_an_alt_text_that_says_too_little_is_refused(alt, index):
    with pytest.raises(LangfangError, match="expected what the chart shows and its key numbers"):
        lf.show(index, alt=alt)


def test_an_alt_text_that_repeats_the_caption_is_refused(index):
    with pytest.raises(LangfangError, match="repeats the caption"):
        lf.show(index, alt=INDEX, caption=INDEX + " So it is printed.")


@pytest.mark.parametrize(
    "wrong", ["98.05 in 2019", "97 in 2019", "98.04 in 2021", "1,999 in 2019", "到2019年达到99"]
)
def test_a_number_that_is_not_in_the_figure_is_refused(wrong, index):
    with pytest.raises(
        LangfangError, match=r"^alt: (98.05|97|2021|1,999|99) is neither plotted"
    ):
        lf.show(index, alt=INDEX.replace("98.04 in 2019", wrong))


@pytest.mark.parametrize(
    "right", ["98.0 in 2019", "98 in 2019", "98.04 % in 2019", "９８ in 2019", "PM2.5 in 2019"]
)
def test_numbers_may_be_rounded_and_names_may_hold_digits(right, shown, index):
    lf.show(index, alt=INDEX.replace("98.04 in 2019", right))
    assert len(shown) == 1


def test_the_ends_of_a_range_may_be_named(shown):
    fig = charts.dots({"growth": Quantity("23.2", "22.894", "23.512", "%")}, **TOLD)
    lf.show(fig, alt="A growth of 23.2 per cent a year, with a rounding range from 22.9 to 23.5.")
    assert len(shown) == 1


# ---- every piece of HTML ----

FACTS = ["xiaokang_index-2019", "gdp-china-2015"]
PIECES = {
    "show": lambda: lf.show(
        charts.bars({"a": 1}, **TOLD), alt=f"One bar named a {'.' * 40}", caption="< and &"
    ),
    "brief": lambda: lf.brief(("Index < 100 & rising.", "**Second** <i>."), sure="Not *quite* <b>."),
    "brief_zh": lambda: lf.brief_zh("综合指数逐年提高。", "其中2015年提高最多<b>。"),
    "say": lambda: lf.say("One.", "Two <b> [there](01-industry.ipynb)."),
    "table": lambda: lf.table(pd.DataFrame({"a": ["<i>"], "b": [1.5], "c": [None]}), "A & B"),
    "folded table": lambda: lf.table(pd.DataFrame({"a": ["x"]}), "A & <b>", fold=True),
    "facts_used": lambda: lf.facts_used(FACTS),
    "literature": lambda: lf.literature("nbs-income-2015"),
}
every_piece = pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)


@every_piece
def test_html_is_well_formed_escaped_and_plain(shown, piece):
    piece()
    tags = Tags(shown[0][0])
    assert not tags.open
    assert not {"i", "b", "script", "style", "link", "iframe"} & {tag for tag, _ in tags.found}
    assert not [attributes for _, attributes in tags.found if "id" in attributes or "class" in attributes]


@every_piece
def test_html_takes_the_colours_of_the_page(shown, piece):
    piece()
    for tag, attributes in Tags(shown[0][0]).found:
        if tag != "img":  # a figure stands on its own white ground, also in a dark theme
            assert not re.search(r"color|background|#", attributes.get("style", ""))


@every_piece
def test_html_is_the_same_every_time_and_in_short_lines(shown, piece):
    piece()
    piece()
    assert shown[0] == shown[1]
    assert max(map(len, shown[0][0].split("\n"))) < 1000, "a change should be readable line by line"


@every_piece
def test_a_terminal_gets_the_same_in_words(shown, piece):
    piece()
    plain = shown[0][1]
    assert plain.strip() and not re.search(r"<figure|<td|\*\*|\]\(", plain)


def test_one_changed_cell_changes_one_line(shown):
    for value in (1, 2):
        lf.table(pd.DataFrame({"a": ["x", "y", "z"], "b": [0, value, 3]}), "A table")
    before, after = (html.split("\n") for html, _ in shown)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


# ---- prose ----


def test_the_claims_are_numbered_and_bold(shown):
    lf.brief(("Claim one.", "Evidence."), ("Claim two.", "More."), sure="Fairly.")
    html, plain = shown[0]
    assert "<li" in html and html.count("<strong>Claim") == 2 and html.index("<ol") < html.index("How sure")
    assert plain.splitlines()[1:3] == ["1. Claim one. Evidence.", "2. Claim two. More."]


def test_chinese_is_marked_once(shown):
    lf.brief_zh("综合指数逐年提高。", "2015年提高最多。")
    tags = Tags(shown[0][0])
    assert tags.of("div")[0]["lang"] == "zh" and not tags.of("span")


@pytest.mark.parametrize("sentences", [("",), ("One.", None)], ids=["empty", "no text"])
@pytest.mark.parametrize("write", [lf.say, lf.brief_zh, lambda *texts: lf.brief(("One.", texts[-1]))])
def test_nothing_to_say_is_an_error(write, sentences):
    with pytest.raises(LangfangError, match="expected one or more texts"):
        write(*sentences)


def test_a_claim_without_evidence_is_an_error():
    with pytest.raises(LangfangError, match=r"expected a pair \(claim, evidence\)"):
        lf.brief("Only a claim.")


@pytest.mark.parametrize(("text", "html"), {
    "**A** *b* c*d*e": "<strong>A</strong> <em>b</em> c*d*e",
    "[03](03-environment.ipynb)": '<a href="03-environment.ipynb">03</a>',
    "[x](javascript:alert(1))": "[x](javascript:alert(1))",
    "a < 2 * 3 * 4": "a &lt; 2 * 3 * 4",
    "**A < B** 廊坊": '<strong>A &lt; B</strong> <span lang="zh">廊坊</span>',
}.items())  # fmt: skip
def test_marks_in_a_sentence(text, html):
    assert prose.marked_up(text) == html


def test_marimo_gets_the_html(monkeypatch):
    got = []
    output = types.SimpleNamespace(append=got.append)
    fake = types.SimpleNamespace(
        running_in_notebook=lambda: True, output=output, Html=lambda html: ("html", html)
    )
    monkeypatch.setitem(sys.modules, "marimo", fake)
    lf.say("A finding.")
    assert got[0][0] == "html" and "A finding." in got[0][1]


def test_without_matplotlib_the_error_names_the_extra(monkeypatch):
    monkeypatch.delitem(vars(lf), "charts", raising=False)
    monkeypatch.delitem(sys.modules, "langfang.notebook.charts")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(LangfangError, match=r"pip install 'langfang\[charts\]'"):
        _ = lf.charts


def test_showing_without_matplotlib_names_the_extra(monkeypatch):
    monkeypatch.delitem(vars(lf), "show", raising=False)
    monkeypatch.delitem(sys.modules, "langfang.notebook.figure")
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(LangfangError, match=r"lf.show needs matplotlib.*: pip install 'langfang\[charts\]'"):
        lf.show(None, alt="A chart")


# ---- tables ----


def test_a_table_has_caption_scoped_headers_and_numbers_on_the_right(shown):
    lf.table(pd.DataFrame({"area": ["Langfang", "Hebei"], "index": [98.04, 90.41]}), "The index")
    tags = Tags(shown[0][0])
    assert [th["scope"] for th in tags.of("th")] == ["col", "col", "row", "row"]
    assert all("text-align:right" in td["style"] for td in tags.of("td"))
    assert "The index</caption>" in shown[0][0]


def test_a_long_cell_is_not_cut(shown):
    lf.table(pd.DataFrame({"a": ["long " * 40]}), "Long")
    assert "long " * 39 in shown[0][0]


def test_a_wide_table_scrolls_within_itself_and_by_keyboard(shown):
    lf.table(pd.DataFrame({"a": [1]}), "Wide")
    box = Tags(shown[0][0]).of("div")[0]
    assert "overflow-x:auto" in box["style"] and box["tabindex"] == "0" and box["aria-label"] == "Wide"


def test_a_named_index_heads_the_lines_and_quantities_bring_their_range(shown):
    frame = pd.DataFrame({"x": [Quantity("3.1", "3.05", "3.15", "%")]}, index=pd.Index(["a"], name="place"))
    lf.table(frame, "Places")
    assert shown[0][1].splitlines()[1:] == ["place | x", f"a | {frame['x'].iloc[0]}"]


# ---- what a notebook rests on ----


def test_facts_used_are_folded_and_say_where_each_figure_stands(shown):
    lf.facts_used(["forest_coverage-2019-06-30", "electronic_information_industry_size-2019"])
    html, plain = shown[0]
    assert html.startswith("<details>") and "33.86%<br>¶ 60" in html
    assert "33.86\u00a0%; 33.855–33.865" in plain and "more than 42 billion yuan; 42 or more" in plain


def test_facts_used_mark_what_was_inferred_and_what_has_no_date(shown):
    lf.facts_used(["it_revenue-2019", "backstop_households-undated"])
    assert "2019 (inferred)" in shown[0][1] and "undated" in shown[0][1]


def test_a_cited_fact_has_its_document_with_date_and_address(shown):
    lf.facts_used(["gdp-china-2015"])
    fact = lf.load("facts").set_index("fact_id").loc["gdp-china-2015"]
    source = lf.load("sources").set_index("source_id").loc[fact["source_id"]]
    assert source["title"] in shown[0][1] and source["published"] in shown[0][1]
    assert Tags(shown[0][0]).of("a")[0]["href"] == source["locator"]


@pytest.mark.parametrize(("ids", "fault"), [([], "no fact_id given"), (["x"], "no fact_id 'x'")])
def test_facts_that_do_not_exist_are_an_error(ids, fault):
    with pytest.raises(LangfangError, match=fault):
        lf.facts_used(ids)


def test_documents_that_do_not_exist_are_an_error():
    with pytest.raises(LangfangError, match="no source_id 'x'"):
        lf.literature("x")


def test_every_fact_and_document_can_be_listed(shown):
    lf.facts_used(lf.load("facts")["fact_id"])
    lf.literature(*lf.load("sources")["source_id"])
    assert not {"nan", "<na>"} & set((shown[0][1] + shown[1][1]).lower().split())
    assert "](" not in shown[0][1] + shown[1][1], "an address that no link takes"
