"""Every kind of chart and every figure of the notebooks: nothing covered or cut, the same bytes each time.

A figure's digest must change with whatever a reader could see change, and what has different bases or units
must not meet on one axis.
"""

import base64
import itertools
import os
import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from colours import contrast, without_green
from notebook_runs import NOTEBOOKS, figures

import langfang as lf
from langfang import charts
from langfang.errors import LangfangError
from langfang.notebook import figure, look
from langfang.notebook.charts import row
from langfang.printed.quantity import Quantity

TOLD = {"title": "A finding in words", "subtitle": "What, where, 2019, unit", "zh": "一句结论"}
PM = {
    "pm25_annual_mean-2018": "Langfang 廊坊",
    "pm25_annual_mean-beijing-2018": "Beijing 北京",
    "pm25_annual_mean-china-338-cities-2018": "China, 338 cities 全国",
}
SHARES = {
    f"gdp_share_{s}-{y}": name
    for s, name in {"primary": "Farming", "secondary": "Industry 第二产业", "tertiary": "Services"}.items()
    for y in (2015, 2018)
}
PLAN = [
    row("Steel 炼钢", 9.36, "target", part="planned"), row("Steel 炼钢", 5.22, part="closed"),
    row("Iron 炼铁", 10.56, "target", part="planned"), row("Iron 炼铁", 11.30, part="closed"),
]  # fmt: skip
RANGES = [
    row("An interval of a hundred and more 100余", Quantity(100, 100, 200, "household")),
    row("No more than", Quantity(40, 0, 40, "household"), "forecast"),
    row("At least", Quantity(60, 60, float("inf"), "household")),
    row("A target", Quantity.exact(150, "household"), "target"),
    row("A standard", Quantity.exact(120, "household"), "norm"),
]
REGISTER = [
    row("Households 户", 1680, part="on assistance", text="1,680 (86.9 %)"),
    row("Households 户", 254, part="not"),
    row("One 人", 3580, part="on assistance"),
    row("One 人", 12, part="not"),
]
PANEL = [row(f"City {c}", 40 + c + (c * y) % 5, period=str(2014 + y)) for c in range(11) for y in range(7)]
CLOSE = [row(n, v, period=p) for n, a, b in (("A", 2.41, 2.31), ("B", 2.4, 2.32), ("C", 2.39, 2.315))
         for p, v in (("2015", a), ("2019", b))]  # fmt: skip


def pick(labels):
    """Facts by their ids, under the names that a chart gives them."""
    facts = lf.load().set_index("fact_id", drop=False).loc[list(labels)]
    return facts.assign(label=list(labels.values()))


KINDS = {
    "bars": lambda: charts.bars(pick(PM), references={"WHO": 5, "China's limit": 35}, **TOLD),
    "bars of statuses": lambda: charts.bars(RANGES, highlight="A target", **TOLD),
    "dots": lambda: charts.dots(RANGES, **TOLD),
    "dots with a standard": lambda: charts.dots(pick(PM), references={"limit": 35}, zero=True, **TOLD),
    "dots joined": lambda: charts.dots(PLAN, group="part", joined=True, gap="{:+.2f}", digits=2, **TOLD),
    "stacked": lambda: charts.stacked(REGISTER, **TOLD),
    "slope": lambda: charts.lines(pick(SHARES), **TOLD),
    "slope of close values": lambda: charts.lines(CLOSE, highlight="A", **TOLD),
    "lines": lambda: charts.lines(
        lf.series("xiaokang_index", area="langfang").assign(label="Index"), **TOLD
    ),
    "lines of many": lambda: charts.lines(PANEL, highlight=["City 3", "City 7"], **TOLD),
}  # fmt: skip


@pytest.fixture(scope="session")
def drawn():
    return {name: draw() for name, draw in KINDS.items()}


every_kind = pytest.mark.parametrize("name", KINDS)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


# ---- what can be read ----


def texts(fig):
    """Every text that is painted: ticks beyond the limits are not."""
    fig.draw_without_rendering()
    beyond = {
        id(tick.label1)
        for ax in fig.axes
        for side in (ax.xaxis, ax.yaxis)
        for tick in side.get_major_ticks()
        if not min(side.get_view_interval()) <= tick.get_loc() <= max(side.get_view_interval())
    }
    shown = [text for text in fig.findobj(mpl.text.Text) if text.get_visible() and id(text) not in beyond]
    return [text for text in shown if text.get_text().strip()]


def faults(fig):
    """Pairs of labels that cover each other, labels that leave the figure, labels too small for a phone."""
    boxes = [(text.get_text(), text.get_window_extent().padded(-1)) for text in texts(fig)]
    covered = [(a, b) for (a, one), (b, two) in itertools.combinations(boxes, 2) if one.overlaps(two)]
    width, height = fig.get_size_inches() * fig.dpi
    cut = [t for t, b in boxes if b.x0 < -1 or b.y0 < -1 or b.x1 > width + 1 or b.y1 > height + 1]
    small = [text.get_text() for text in texts(fig) if text.get_size() * 360 / (look.WIDTH * 72) < 9]
    return {"covered": covered, "cut": cut, "small": small, "wide": [] if width <= 640 else [width]}


FINE = {"covered": [], "cut": [], "small": [], "wide": []}


@every_kind
def test_every_word_of_a_chart_can_be_read(drawn, name):
    assert faults(drawn[name]) == FINE, "give labels room, or let the chart place them"


@every_notebook
def test_every_word_of_a_notebooks_figures_can_be_read(path):
    seen = {alt[:60]: faults(fig) for fig, alt, _ in figures(path)}
    assert {alt: fault for alt, fault in seen.items() if fault != FINE} == {}, "shorter names, or more room"


@every_notebook
def test_alt_texts_and_captions_are_short(path):
    words = [
        (len(alt.split()), len((below or "").partition("*Source")[0].split()))
        for _, alt, below in figures(path)
    ]
    assert all(alt < 50 and caption <= 25 for alt, caption in words), f"words of (alt, caption): {words}"


@pytest.mark.parametrize("colour", [*look.COLOURS, look.CONTEXT])
def test_marks_have_contrast(colour):
    assert contrast(colour) >= 3


def test_words_on_fills_have_contrast():
    assert all(contrast(fill, ink) >= 4.5 for fill, ink in look.FILLS)


@pytest.mark.parametrize("pair", list(itertools.combinations(look.COLOURS, 2)), ids=" ".join)
def test_colours_differ_for_the_colour_blind(pair):
    assert np.linalg.norm(without_green(pair[0]) - without_green(pair[1])) >= 0.15


def test_each_status_has_a_look_without_colour():
    assert len({(shape, filled) for shape, filled, _ in look.STATUS.values()}) == len(look.STATUS)


def test_what_is_not_reached_is_joined_by_dashes():
    rows = [row("a", 1, period="2019"), row("a", 2, "target", period="2020")]
    joins = [line for line in charts.lines(rows, **TOLD).axes[0].lines if len(line.get_xdata()) == 2]
    assert joins and all(line.is_dashed() for line in joins)


@pytest.mark.parametrize(("upper", "shows"), [(100, True), (50.1, False)], ids=["wide", "narrow"])
def test_a_range_shows_where_it_is_longer_than_its_mark(upper, shows):
    fig = charts.dots({"a": Quantity(50, 20 if shows else 49.9, upper), "b": 100}, **TOLD)
    spans = fig.axes[0].containers[0].lines[2]
    assert all(span.get_visible() == shows for span in spans)
    assert upper in charts.values(fig), "a range that hides is still what was plotted"


def test_bars_begin_at_zero_and_so_do_their_ranges():
    open_below = {"a": Quantity(40, -100, 40), "b": Quantity(30, float("-inf"), 30)}
    fig = charts.bars(open_below, **TOLD)
    assert fig.axes[0].get_xlim()[0] == 0 and look.ranges(fig) == [(0, 40), (0, 30)]
    assert charts.values(charts.bars({"a": Quantity(-5, -7, -3)}, **TOLD)) == [-7, -3, 0, -5]


def test_a_column_of_quantities_carries_values_ranges_and_unit():
    things = {"a": Quantity(40, 30, 50, "户"), "b": Quantity.exact(30, "户")}
    frame = pd.Series(things, name="quantity").rename_axis("label").reset_index()
    assert charts.digest(charts.bars(frame, **TOLD)) == charts.digest(charts.bars(things, **TOLD))
    with pytest.raises(LangfangError, match="expected one unit"):
        charts.bars(frame, references={"c": Quantity.exact(1, "亿元")}, **TOLD)


def test_the_key_of_bars_shows_bars():
    rows = [row("a", 1, "forecast"), row("b", 2)]
    handles = charts.bars(rows, **TOLD).legends[0].legend_handles
    assert all(isinstance(handle, mpl.patches.Rectangle) for handle in handles)
    assert [handle.get_facecolor()[:3] == (1, 1, 1) for handle in handles] == [False, True]


# ---- what may be compared ----


@pytest.mark.parametrize("kind", [charts.bars, charts.dots])
def test_two_bases_do_not_meet(kind):
    ids = {"pm25_annual_mean-2018": "Langfang", "pm25_annual_mean-china-337-cities-2019": "China"}
    with pytest.raises(LangfangError, match=r"Langfang \(PM2.5, standard .*\) and China \(PM2.5, actual"):
        kind(pick(ids), **TOLD)


def test_a_line_does_not_run_from_one_basis_to_another():
    ids = ["gdp_share_tertiary-china-2015", "gdp_share_tertiary-china-2018-revised2019"]
    with pytest.raises(LangfangError, match="differ in vintage"):
        charts.lines(pick(dict.fromkeys(ids, "Services")), **TOLD)


def test_a_standard_in_another_unit_does_not_meet_the_data():
    with pytest.raises(LangfangError, match="'%' and 'yuan' meet"):
        charts.bars({"a": Quantity(1, unit="%")}, references={"b": Quantity(1, unit="yuan")}, **TOLD)


def test_a_bound_is_told_and_keeps_its_decimals():
    ids = {
        "registered_unemployment_rate-hebei-2019-target": "a ceiling",
        "bus_style_rate_20km-undated": "plain",
    }
    shown = charts.strings(charts.dots(pick(ids).assign(vintage=""), **TOLD), ticks=False)
    assert {"≤4.5", "62"} <= set(shown)


WRONG = {
    "no rows": lambda: charts.bars({}, **TOLD),
    "has no value": lambda: charts.bars([row("a", float("nan"))], **TOLD),
    "no column 'value'": lambda: charts.bars([{"label": "a"}], **TOLD),
    "'household' and 'person' meet": lambda: charts.bars(
        pick({"registered_poor_households-2019": "a", "registered_poor_persons-2019": "b"}), **TOLD
    ),
    "period '': expected": lambda: charts.lines([row("a", 1, period="")], **TOLD),
    "three lines": lambda: charts.bars({"a": 1}, references={"a": 1, "b": 2, "c": 3}, **TOLD),
    "highlight 'x': expected one of a": lambda: charts.bars({"a": 1}, highlight="x", **TOLD),
    "no subtitle": lambda: charts.bars({"a": 1}, title="A", subtitle=""),
    "lang 'fr'": lambda: charts.theme("fr").__enter__(),
    "Use a character": lambda: charts.bars({"a \N{EGYPTIAN HIEROGLYPH A001}": 1}, **TOLD),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_cannot_be_drawn_says_why(fault):
    with pytest.raises(LangfangError, match=fault.replace("three lines", "3 lines; expected two")):
        WRONG[fault]()


# ---- what nbval will compare ----


@every_kind
def test_drawing_twice_gives_the_same_bytes(drawn, name):
    assert charts.svg(drawn[name]) == charts.svg(KINDS[name]())


def test_picture_and_digest_do_not_depend_on_process_or_hash_seed():
    code = (
        "from langfang import charts, load; import hashlib;"
        "f = charts.dots(load('facts')['theme'].value_counts(), title='A', subtitle='B');"
        "print(charts.digest(f), hashlib.sha256(charts.svg(f).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in "01"
    }  # fmt: skip
    assert len(seen) == 1


def chart(data=None, **told):
    return charts.bars(data or {"a": 41.5, "b": 7}, **TOLD | told)


CHANGED = {
    "value": lambda: chart({"a": 41.6, "b": 7}),
    "label": lambda: chart({"a": 41.5, "c": 7}),
    "range": lambda: chart({"a": Quantity("41.5", "41.4", "41.6"), "b": 7}),
    "one digit in nine": lambda: chart({"a": 41.5000001, "b": 7}),
    "title": lambda: chart(title="Another finding"),
    "order": lambda: chart({"b": 7, "a": 41.5}),
}


@pytest.mark.parametrize("change", CHANGED)
def test_digest_changes_with_the(change):
    assert charts.digest(CHANGED[change]()) != charts.digest(chart())


def test_no_two_charts_share_a_digest(drawn):
    assert len({charts.digest(fig) for fig in drawn.values()}) == len(drawn)


@every_kind
def test_a_picture_is_small_and_asks_for_nothing(drawn, name):
    picture = charts.svg(drawn[name])
    links = [part.split('"')[0] for part in picture.split('href="')[1:]]
    assert len(picture) <= 60_000
    assert all(link.startswith("#") for link in links) and "<script" not in picture


@every_kind
def test_a_picture_goes_out_in_short_lines_and_comes_back_whole(drawn, name):
    lines = figure.encoded(charts.svg(drawn[name])).split("\n")
    assert max(map(len, lines)) <= 900
    whole = base64.b64decode("".join(lines)).decode()
    assert whole.replace(" ", "") == charts.svg(drawn[name]).replace(" ", "")


def test_one_changed_digit_changes_few_lines_of_a_picture():
    before, after = (set(figure.encoded(charts.svg(chart({"a": 9, "b": v}))).split("\n")) for v in (7, 8))
    assert len(after - before) <= 6, "a correction should be a small difference to review"


def test_values_are_the_numbers_plotted_and_not_the_places_of_names():
    assert charts.values(charts.dots({"a": 41.5, "b": 7}, **TOLD)) == [41.5, 7]


@pytest.mark.parametrize(("labels", "values"), [(["Langfang", "Hebei"], [41.5]), (["0", "1"], [41.5, 0, 1])])
def test_places_of_labels_that_somebody_chose_are_no_values(labels, values):
    with charts.theme():
        fig, axes = charts.canvas(2)
        axes.plot([41.5, 41.5], [0, 1], "o")
        axes.set_yticks([0, 1], labels)
    assert charts.values(fig) == values


# ---- the look ----


def test_drawing_leaves_no_settings_behind():
    before = dict(mpl.rcParams)
    charts.bars({"a 廊坊": 1}, **TOLD)
    assert dict(mpl.rcParams) == before


def test_a_visitors_own_seaborn_chart_has_the_look_and_goes_out(capsys):
    import seaborn as sns

    with charts.theme():
        ax = sns.stripplot(x=[41.5, 37.0], y=["廊坊", "河北"])
        ax.set_title("两市比较 of cities")
    lf.show(ax.figure, alt="Two dots: Langfang reaches 41.5 per cent and Hebei 37 per cent.")
    assert "41.5" in capsys.readouterr().out and charts.values(ax.figure) == [41.5, 37]


def test_within_the_chinese_theme_a_chart_is_chinese():
    with charts.theme("zh"):
        said = charts.strings(charts.dots(PLAN, **TOLD), ticks=False)
    assert "一句结论" in said and "目标" in said and "A finding in words" not in said


@pytest.mark.parametrize(
    ("text", "lines"), [("廊坊市综合指数逐年", 2), ("one two three", 2), ("a b", 1), ("a 100余万户", 2)]
)
def test_text_breaks_between_chinese_characters(text, lines):
    assert len(look.wrap(text, 0.95).split("\n")) == lines
