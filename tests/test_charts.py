"""Every chart, drawn from the project's own facts: nothing covered, cut off or told by colour alone.

A figure's digest must change with whatever a reader could see change, its picture must not change at all, and
what has different bases or units must not meet on one axis.
"""

import itertools
import subprocess
import sys
from fractions import Fraction

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import langfang as lf
from langfang import charts
from langfang.errors import LangfangError
from langfang.notebook import look as drawing
from langfang.notebook.charts import pick, row
from langfang.printed.quantity import Quantity

SECTORS = ("primary", "secondary", "tertiary")
SEGMENTS = {
    "it": "New-generation IT 新一代信息技术",
    "equipment": "Advanced equipment 高端装备制造",
    "biomedicine": "Biomedicine and health 生物医药与健康",
    "logistics": "Trade and logistics 现代商贸物流",
}


def shares():
    names = {f"gdp_share_{s}-{y}": f"{s.capitalize()} industry" for s in SECTORS for y in (2015, 2018)}
    return pick(names)


def revenues():
    ids = {f"{key}_revenue-{year}": name for key, name in SEGMENTS.items() for year in (2020, 2022, 2025)}
    return pick(ids).assign(segment=lambda f: f["label"])


def incomes():
    places = {"Langfang 廊坊": "", "China 全国": "china-"}
    ids = {f"disposable_income_{g}-{key}2019": n for n, key in places.items() for g in ("urban", "rural")}
    frame = pick(ids)
    return frame.assign(group=["Urban" if "urban" in name else "Rural" for name in frame["fact_id"]])


def clusters():
    frame = lf.load("entities").query("kind == 'cluster'")
    return frame.assign(label=frame["name_en"] + " " + frame["name_zh"])


def ranges():
    return [
        row("An interval of a hundred and more 100余", Quantity(100, 100, 200, "household")),
        row("No more than", Quantity(40, 0, 40, "household"), "forecast"),
        row("At least", Quantity(60, 60, float("inf"), "household")),
        row("A target", Quantity.exact(150, "household"), "target"),
        row("A count", Quantity.exact(120, "household")),
    ]


def relations():
    return pd.DataFrame(
        {
            "label": ["Index 2019 less 2018", "Backstop share of households", "Backstop share of persons"],
            "printed": [3.07, 87.23, 74.75],
            "printed_lower": [3.065, 87.225, 74.745],
            "printed_upper": [3.075, 87.235, 74.755],
            "recomputed": [3.07, 86.866, 74.135],
            "recomputed_lower": [3.06, 86.866, 74.135],
            "recomputed_upper": [3.08, 86.866, 74.135],
        }
    )


LIMITS = {"pm25_annual_limit-china-2012": "national limit", "who_pm25_guideline-who-2021": "WHO 2021"}
NEIGHBOURS = {
    "pm25_annual_mean-2018": "Langfang 廊坊",
    "pm25_annual_mean-beijing-2018": "Beijing 北京",
    "pm25_annual_mean-china-338-cities-2018": "China, 338 cities 全国",
}
STANDARDS = {
    "dibao_rural_standard-undated": "Rural dibao 农村低保",
    "tekun_minimum_standard-undated": "Tekun 特困",
}

DRAWN = {
    "steps": lambda: charts.steps(
        lf.series("xiaokang_index", area="langfang"), references=[row("every target met", 100)]
    ),
    "slope": lambda: charts.slope(shares(), title="Shares of GRP 三次产业"),
    "dumbbell": lambda: charts.dumbbell(incomes(), group="group"),
    "dumbbell of three": lambda: charts.dumbbell(revenues(), group="period"),
    "range_plot": lambda: charts.range_plot(pick(NEIGHBOURS), references=pick(LIMITS), zero=True),
    "range_plot of ranges": lambda: charts.range_plot(ranges()),
    "bars": lambda: charts.bars(
        revenues().query("segment.str.startswith('New')").assign(label=lambda f: f["period"])
    ),
    "bullet": lambda: charts.bullet(pick(STANDARDS), 445.5, standard_name="elsewhere"),
    "path": lambda: charts.path(lf.series("xiaokang_index", area="langfang")),
    "path of series": lambda: charts.path(revenues(), series="segment", log=True, labels="ends"),
    "path in panels": lambda: charts.path(revenues(), panel="segment", log=True),
    "composition": lambda: charts.composition(
        shares().assign(part=lambda f: f["label"], label=lambda f: "Langfang " + f["period"])
    ),
    "dot_matrix": lambda: charts.dot_matrix([row("indicators", 29, total=32)], rest="short", across=16),
    "dot_matrix of few": lambda: charts.dot_matrix({"Sanhe 三河": 3, "Bazhou 霸州": 2}),
    "roster": lambda: charts.roster(clusters(), group="county", kind="group", title="Clusters 产业集群"),
    "strip": lambda: charts.strip(lf.load("facts"), reference=("published 1 Oct 2020", "2020-10-01")),
    "strip in groups": lambda: charts.strip(lf.load("facts").query("paragraph.notna()"), group="theme"),
    "audit_ranges": lambda: charts.audit_ranges(relations()),
}


@pytest.fixture(scope="module")
def drawn():
    return {name: draw() for name, draw in DRAWN.items()}


every_chart = pytest.mark.parametrize("name", DRAWN)


def texts(fig):
    fig.draw_without_rendering()
    return [text for text in fig.findobj(mpl.text.Text) if text.get_visible() and text.get_text().strip()]


# ---- what can be read ----


@every_chart
def test_no_text_covers_another(drawn, name):
    boxes = [(text.get_text(), drawing.extent(text).padded(-1)) for text in texts(drawn[name])]
    covered = [(a, b) for (a, one), (b, two) in itertools.combinations(boxes, 2) if one.overlaps(two)]
    assert not covered, f"{name}: these labels overlap; give them room or let them be placed: {covered}"


@every_chart
def test_no_text_is_cut_off(drawn, name):
    fig = drawn[name]
    width, height = fig.get_size_inches() * fig.dpi
    boxes = {text.get_text(): drawing.extent(text) for text in texts(fig)}
    cut = [t for t, b in boxes.items() if b.x0 < 0 or b.y0 < 0 or b.x1 > width or b.y1 > height]
    assert not cut, f"{name}: reaches out of the figure: {cut}"


@every_chart
def test_text_is_large_enough_for_a_phone(drawn, name):
    smallest = min(text.get_size() for text in texts(drawn[name]))
    on_phone = smallest * (390 - 30) / (drawing.WIDTH * 72)
    assert smallest >= 10 and on_phone >= 9, (
        f"{name}: {smallest} pt is {on_phone:.1f} px on a phone of 390 px"
    )


@every_chart
def test_text_has_contrast(drawn, name):
    on_bars = {"composition"}  # there words stand on fills, tested below
    faint = [
        (text.get_text(), text.get_color())
        for text in texts(drawn[name])
        if name not in on_bars and drawing.contrast(text.get_color()) < 4.5
    ]
    assert not faint, f"{name}: contrast below 4.5 to 1: {faint}"


def test_words_on_fills_have_contrast():
    assert all(drawing.contrast(fill, ink) >= 4.5 for fill, ink in charts.FILLS)


@pytest.mark.parametrize("colour", [*drawing.COLOURS, drawing.CONTEXT, drawing.INK])
def test_marks_have_contrast(colour):
    assert drawing.contrast(colour) >= 3


PAIRS = list(itertools.combinations(drawing.COLOURS, 2))


def greyscale(colour):
    """Lightness L* of CIE Lab, 0 to 100."""
    luminance = 1.05 / drawing.contrast(colour) - 0.05
    return 116 * luminance ** (1 / 3) - 16


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_colours_differ_in_greyscale(pair):
    assert abs(greyscale(pair[0]) - greyscale(pair[1])) >= 8


# Deuteranopia at full strength, linear RGB (Machado, Oliveira and Fernandes 2009).
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)


def seen_without_green(colour):
    rgb = np.array(mpl.colors.to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.clip(DEUTERANOPIA @ linear, 0, 1) ** (1 / 2.2)


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_colours_differ_for_the_colour_blind(pair):
    a, b = map(seen_without_green, pair)
    assert np.linalg.norm(a - b) >= 0.15


def test_each_status_has_a_look_without_colour():
    looks = {s: drawing.look(s, "black") for s in ("actual", "target", "forecast", "norm")}
    seen = {(look["marker"], look["markerfacecolor"] == "white") for look in looks.values()}
    assert len(seen) == len(looks)


def test_forecasts_are_joined_by_dashes():
    fig = charts.path(revenues().query("segment.str.startswith('Bio')"))
    joins = [
        line for line in fig.axes[0].lines if len(line.get_xdata()) == 2 and line.get_label() != drawing.RANGE
    ]
    assert joins and all(line.is_dashed() for line in joins)


def test_every_range_is_in_the_figure():
    fig = charts.range_plot(ranges())
    spans = [tuple(line.get_xdata()) for line in fig.axes[0].lines if line.get_label() == drawing.RANGE]
    assert spans == [(100, 200), (0, 40)]
    assert "rounding range" in charts.strings(fig)


def test_ranges_that_hide_behind_marks_are_said_to():
    fig = charts.path(lf.series("xiaokang_index", area="langfang"))
    assert "Rounding ranges are too small to see here." in charts.strings(fig)


# ---- what may be compared ----


def test_two_bases_do_not_meet():
    ids = {"pm25_annual_mean-2018": "Langfang", "pm25_annual_mean-china-337-cities-2019": "China"}
    with pytest.raises(
        LangfangError, match=r"Langfang \(PM2.5, standard state\) and China \(PM2.5, actual cond"
    ):
        charts.range_plot(pick(ids))


def test_a_line_does_not_run_from_one_basis_to_another():
    ids = ["gdp_share_tertiary-china-2015", "gdp_share_tertiary-china-2018-revised2019"]
    with pytest.raises(LangfangError, match="differ in vintage"):
        charts.slope(pick(dict.fromkeys(ids, "Services")))


@pytest.mark.parametrize(
    ("unit", "shown"),
    [("km²", "km²"), ("µg/m³", "µg/m³"), ("%", "Per cent"), ("yuan per person", "Yuan per person")],
)
def test_a_unit_over_a_chart_has_a_capital_unless_it_is_a_symbol(unit, shown):
    assert shown in drawing.strings(charts.range_plot([row("a", Quantity.exact(5, unit))]))


def test_two_units_do_not_meet():
    with pytest.raises(LangfangError, match="'household' and 'person' meet"):
        charts.bars(pick({"registered_poor_households-2019": "a", "registered_poor_persons-2019": "b"}))


def test_a_figure_open_to_one_side_keeps_its_decimals_and_says_which_side():
    figures = pick({
        "registered_unemployment_rate-hebei-2019-target": "a ceiling",
        "sports_facilities_rural-undated": "a floor, and a share",
        "bus_style_rate_20km-undated": "a plain figure",
    })  # fmt: skip
    shown = charts.strings(charts.range_plot(figures.assign(vintage="")), ticks=False)
    assert {"≤4.5", "≥80", "62"} <= set(shown)


def test_the_open_side_of_a_standard_does_not_stretch_the_axis():
    ceiling = row("at most", Quantity("2.8", 0, "2.8"), "target")
    fig = charts.range_plot({"here": 2.4, "there": 2.6}, references=[ceiling])
    assert fig.axes[0].get_xlim()[0] > 2


def test_a_reference_in_another_unit_does_not_meet_the_data():
    with pytest.raises(LangfangError, match="meet on one axis"):
        charts.bars({"a": Quantity(1, unit="%")}, references={"b": Quantity(1, unit="yuan")})


def test_references_follow_the_scale_of_the_data():
    fig = charts.bars({"a": Quantity(5e9, unit="yuan")}, references={"b": Quantity(2e9, unit="yuan")})
    assert "Billion yuan" in charts.strings(fig) and "b: 2" in charts.strings(fig)


def test_parts_that_do_not_make_a_whole_are_refused():
    with pytest.raises(LangfangError, match="add to 90"):
        charts.composition([row("a", 40, part="x"), row("a", 50, part="y")])


@pytest.mark.parametrize(
    ("draw", "fault"),
    [
        (lambda: charts.bars({}), "no rows"),
        (lambda: charts.bars([row("a", float("nan"))]), "has no value"),
        (lambda: charts.pick({"forest": "a"}), "no fact_id 'forest'"),
        (lambda: charts.slope([row("a", 1, period="2019")]), "expected two"),
        (lambda: charts.dot_matrix([row("a", 33, total=32)]), "whole count"),
        (lambda: charts.bullet({"a": 1}, {"b": 2}), "none for 'a'"),
        (lambda: charts.path([row("a", 1, period="")]), "period: empty"),
        (
            lambda: charts.audit_ranges(relations().assign(printed_upper=0, printed_lower=0)),
            "printed exactly",
        ),
    ],
    ids=[
        "no rows",
        "no number",
        "no such fact",
        "one year",
        "too many dots",
        "no standard",
        "no date",
        "no range",
    ],
)
def test_what_cannot_be_drawn_says_why(draw, fault):
    with pytest.raises(LangfangError, match=fault):
        draw()


# ---- what nbval will compare ----


@every_chart
def test_drawing_twice_gives_the_same_bytes(drawn, name):
    assert charts.svg(drawn[name]) == charts.svg(DRAWN[name]())


def test_picture_and_digest_do_not_depend_on_the_hash_seed():
    code = (
        "from langfang import charts, load; f = charts.strip(load('facts'), group='theme');"
        "import hashlib; print(charts.digest(f), hashlib.sha256(charts.svg(f).encode()).hexdigest())"
    )
    seen = {_run(code, seed) for seed in ("0", "1")}
    assert len(seen) == 1


def _run(code, seed):
    import os

    env = {**os.environ, "PYTHONHASHSEED": seed, "MPLBACKEND": "agg"}
    return subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    ).stdout


CHANGED = {
    "value": {"a": 41.6, "b": 7},
    "label": {"a": 41.5, "c": 7},
    "range": {"a": Quantity("41.5", "41.4", "41.6"), "b": 7},
    "one digit in nine": {"a": 41.5000001, "b": 7},
}


@pytest.mark.parametrize("data", CHANGED.values(), ids=CHANGED)
@pytest.mark.parametrize("chart", [charts.bars, charts.range_plot], ids=["bars", "range_plot"])
def test_digest_changes_with_the(chart, data):
    assert charts.digest(chart(data)) != charts.digest(chart({"a": 41.5, "b": 7}))


def test_digest_changes_with_the_title():
    assert charts.digest(charts.bars({"a": 1}, title="A")) != charts.digest(charts.bars({"a": 1}, title="B"))


def test_no_two_charts_share_a_digest(drawn):
    assert len({charts.digest(fig) for fig in drawn.values()}) == len(drawn)


@every_chart
def test_a_picture_is_small(drawn, name):
    most = 110_000 if name == "roster" else 60_000  # a roster is all Chinese glyphs
    assert len(charts.svg(drawn[name])) <= most


@every_chart
def test_a_picture_asks_for_nothing_from_outside(drawn, name):
    picture = charts.svg(drawn[name])
    links = [part.split('"')[0] for part in picture.split('href="')[1:]]
    assert all(link.startswith("#") for link in links) and "<script" not in picture


def test_values_are_the_numbers_plotted_and_not_the_places_of_names():
    assert charts.values(charts.range_plot({"a": 41.5, "b": 7})) == [41.5, 7]


def test_dots_count_as_their_number():
    assert charts.values(charts.dot_matrix([row("met", 29, total=32)])) == [29, 3]


# ---- the look ----


def test_a_glyph_that_no_font_has_is_an_error():
    with pytest.raises(LangfangError, match="missing"):
        charts.svg(charts.bars({"a \N{EGYPTIAN HIEROGLYPH A001}": 1}))


def test_drawing_leaves_no_settings_behind():
    before = dict(mpl.rcParams)
    charts.bars({"a 廊坊": 1})
    assert dict(mpl.rcParams) == before


@pytest.mark.parametrize("wanted", [[1, 1, 1], [3, 1, 2], [0, 10, 10.5, 11], [5]])
def test_labels_are_spread_with_least_movement(wanted):
    places = drawing.spread(wanted, 1)
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    gaps = [places[b] - places[a] for a, b in itertools.pairwise(order)]
    assert all(gap >= 1 - 1e-6 for gap in gaps)
    assert sum(Fraction(str(p)) - Fraction(str(w)) for p, w in zip(places, wanted, strict=True)) < 1e-6


def test_values_of_a_dumbbell_stand_outside_every_range_of_their_line():
    rows = [
        charts.row("a", Quantity(19, 18, 20, "%"), step="later"),
        charts.row("a", Quantity(22, 10, 30, "%"), step="first"),
    ]
    figure = charts.dumbbell(rows, group="step")
    places = {text.get_text(): text.xy[0] for text in figure.axes[0].texts if text.get_text() in ("19", "22")}
    assert places == {"19": 10, "22": 30}


def test_few_years_are_the_ticks_of_a_path():
    rows = [charts.row("a", n, period=str(year)) for n, year in enumerate((2019, 2020, 2022, 2025), 1)]
    assert list(charts.path(rows).axes[0].get_xticks()) == [2019, 2020, 2022, 2025]


def test_a_logarithmic_scale_over_many_tens_names_the_tens_alone():
    wide = charts.range_plot({"a": 4.8, "b": 99_000}, log=True)
    assert list(wide.axes[0].get_xticks()) == [10, 100, 1000, 10_000, 100_000]
    near = charts.range_plot({"a": 4.8, "b": 99}, log=True)
    assert list(near.axes[0].get_xticks()) == [5, 10, 20, 50, 100]
