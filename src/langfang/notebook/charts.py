"""Charts in one visual language, drawn from tidy frames or Quantities.

What was reached is a filled mark, a target a hollow diamond, a forecast a hollow circle on a dashed line, a
norm a bar across. Every range is drawn. Colour only repeats what shape, position and labels already say.

Each function returns a matplotlib Figure for `langfang.show`. A frame needs ``label`` (or ``name_en``) and
``value``; ``lower``, ``upper``, ``unit``, ``status``, ``period`` and ``vintage`` are used where present. A
dict of names and Quantities, or a list of `row`, serves as well.

What the charts have in common: ``title`` (optional; the notebook's heading states the finding), ``unit`` and
``per`` (what the numbers are divided by and are then called; large amounts become millions and billions by
themselves), ``digits`` (decimals of labels; by default what the range bears), ``highlight`` (what keeps its
colour while the rest steps back), ``references`` (standards drawn across), ``compare`` (the column within
whose groups one vintage must hold; by default all that is drawn must share one), ``note`` (a line below).
"""

from __future__ import annotations

import itertools
import math

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FixedFormatter,
    FixedLocator,
    FuncFormatter,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)
from matplotlib.transforms import Bbox, blended_transform_factory

from langfang.errors import LangfangError
from langfang.notebook import look as draw
from langfang.notebook.look import (
    BAND,
    COLOURS,
    DECORATION,
    DOTS,
    GRID,
    INK,
    MUTED,
    PAD,
    PATCH,
    RANGE,
    SMALL,
    STATUS,
    TEXT,
    WIDTH,
    digest,
    strings,
    svg,
    theme,
    values,
)

__all__ = [
    "audit_ranges",
    "bars",
    "bullet",
    "composition",
    "digest",
    "dot_matrix",
    "dumbbell",
    "number",
    "one_basis",
    "path",
    "pick",
    "range_plot",
    "roster",
    "row",
    "scale",
    "slope",
    "steps",
    "strings",
    "strip",
    "svg",
    "theme",
    "tidy",
    "values",
    "year",
]


# ---- data ----


def row(label, quantity, status="actual", **more) -> dict:
    """One row of chart data: a label, a Quantity or plain number, and what else it needs (period, vintage …).

    >>> row("Langfang", 52, period="2018")["value"]
    52.0
    """
    value = float(getattr(quantity, "value", quantity))
    lower, upper = (float(getattr(quantity, end, value)) for end in ("lower", "upper"))
    return {
        "label": label,
        "value": value,
        "lower": lower,
        "upper": upper,
        "unit": getattr(quantity, "unit", ""),
        "status": status,
        **more,
    }


def pick(labels: dict, data=None) -> pd.DataFrame:
    """The facts named by `labels` (fact_id → label on the chart), in that order, ready for any chart."""
    from langfang.data.facts import load

    facts = load("facts", data=data).set_index("fact_id", drop=False)
    missing = [name for name in labels if name not in facts.index]
    if missing:
        raise LangfangError(
            f"facts.csv: no fact_id {missing[0]!r}; lf.find(word) lists those that match a word"
        )
    return facts.loc[list(labels)].assign(label=list(labels.values())).reset_index(drop=True)


def tidy(data, per: float = 1, unit: str | None = None) -> pd.DataFrame:
    """Any accepted form of chart data as a frame with label, value, lower, upper, unit, status and vintage.

    `per` divides the numbers (1e9 for billions) and `unit` then names what is shown.

    >>> tidy({"a": 2, "b": 3}, unit="%")[["label", "value", "unit", "status"]].values.tolist()
    [['a', 2.0, '%', 'actual'], ['b', 3.0, '%', 'actual']]
    """
    frame = _frame(data)
    if frame.empty:
        raise LangfangError("chart data: no rows; expected at least one")
    frame = frame.assign(lower=frame.get("lower", frame["value"]), upper=frame.get("upper", frame["value"]))
    ends = ["value", "lower", "upper"]
    if unit is None:
        unit = _one_unit(frame)
        per, unit = scale(frame["value"], unit) if per == 1 else (per, unit)
    frame[ends] = frame[ends].astype(float) / per
    bad = frame.index[frame["value"].isna()]
    if len(bad):
        raise LangfangError(
            f"chart data: row {bad[0]} ({frame['label'][bad[0]]}) has no value; expected a number"
        )
    return frame.assign(unit=unit)


def _frame(data) -> pd.DataFrame:
    if isinstance(data, dict):
        data = [row(label, quantity) for label, quantity in data.items()]
    if not isinstance(data, pd.DataFrame):
        data = [item if isinstance(item, dict) else row(item.name, item) for item in data]
    frame = pd.DataFrame(data).reset_index(drop=True)
    if frame.empty:
        return frame
    if "base_unit" in frame:
        frame["unit"] = frame["base_unit"]  # values of lf.load("facts") are in base units
    for column, default in {
        "label": frame.get("name_en", ""),
        "unit": "",
        "status": "actual",
        "vintage": "",
    }.items():
        if column not in frame:
            frame[column] = default
    if "value" not in frame:
        raise LangfangError(f"chart data: no column 'value' among {', '.join(frame.columns)}")
    return frame


def _one_unit(frame) -> str:
    units = list(dict.fromkeys(frame["unit"].fillna("").replace("1", "")))
    if len(units) > 1:
        raise LangfangError(f"chart data: {units[0]!r} and {units[1]!r} meet on one axis; expected one unit")
    return units[0]


def one_basis(frame: pd.DataFrame, by=None) -> pd.DataFrame:
    """The frame, if what it compares has one vintage (per group of column `by`); else an error naming two.

    A row without a vintage is the article's own: it may stand beside one other basis, but two that differ may
    not, and within one series (`by`) nothing may be mixed.

    >>> one_basis(pd.DataFrame({"label": ["a", "b"], "vintage": ["x", "y"]}))
    Traceback (most recent call last):
    ...
    langfang.errors.LangfangError: a (x) and b (y) differ in vintage; expected one basis for what is compared
    """
    for _, group in [(None, frame)] if by is None else frame.groupby(by, sort=False):
        stated = group if by is not None else group[group["vintage"].fillna("") != ""]
        first = stated.drop_duplicates("vintage")
        if len(first) > 1:
            a, b = (f"{r.label} ({r.vintage or 'no vintage stated'})" for r in first.head(2).itertuples())
            raise LangfangError(f"{a} and {b} differ in vintage; expected one basis for what is compared")
    return frame


def year(period) -> float:
    """A period as a number of years: 2019 for the year, the day itself for a date, the end for an interval.

    >>> year("2019"), year("2015/2019"), year("2019-07-02"), year("2018-10")
    (2019.0, 2019.0, 2019.5, 2018.75)
    """
    if not isinstance(period, str):
        return float(period)
    numbers = [int(part) for part in period.split("/")[-1].split("-") if part]
    if not numbers:
        raise LangfangError(
            "period: empty; expected a year, month or date (leave undated rows out, or use strip)"
        )
    whole = str(numbers[0])
    if len(numbers) == 1:
        return float(numbers[0])
    if len(numbers) == 2:
        return numbers[0] + (numbers[1] - 1) / 12
    start, day, end = (
        pd.Timestamp(text) for text in (whole, "-".join(map(str, numbers)), str(numbers[0] + 1))
    )
    return round(numbers[0] + (day - start) / (end - start), 2)


def digits_of(value, lower, upper) -> int:
    """How many decimals a value bears: those its range can tell apart.

    >>> digits_of(98.04, 98.035, 98.045), digits_of(29, 29, 29), digits_of(5.5, 5.5, 5.5)
    (2, 0, 1)
    """
    wide = upper - lower
    if 0 < wide < math.inf:
        return max(0, -math.floor(math.log10(wide) + 1e-6))
    return min(len(f"{value:.6f}".rstrip("0").split(".")[1]), 3)


def number(value, digits=0) -> str:
    """A number as charts print it: thousands parted, a true minus sign.

    >>> number(-26900, 0), number(3.0649, 2)
    ('−26,900', '3.06')
    """
    text = f"{value:,.{digits}f}"
    return text.replace("-", "−") if float(text.replace(",", "")) else text.lstrip("-")


def _shown(item, digits=None, sign=False) -> str:
    """A row's value as its direct label, with the bound the source gives it (≥, ≤, over)."""
    ends = (item.value, item.value) if item.value in (item.lower, item.upper) else (item.lower, item.upper)
    text = number(item.value, digits_of(item.value, *ends) if digits is None else digits)  # ≤4.5, not ≤4
    if sign and item.value > 0:
        return "+" + text
    if getattr(item, "bound", "") == "about":
        return "≈" + text
    if item.upper == math.inf or getattr(item, "bound", "") == "at_least":  # a share ends at 100
        return (">" if getattr(item, "bound", "") == "more_than" else "≥") + text
    if item.lower < item.value == item.upper:
        return "≤" + text
    return ">" + text if item.value == item.lower < item.upper else text


def _order(frame, column) -> list:
    return list(dict.fromkeys(frame[column]))


def scale(numbers, unit: str) -> tuple:
    """What to divide large amounts by, and what they are then called.

    >>> scale([42.4e9, 100e9], "yuan"), scale([4829], "person"), scale([98.04], "%")
    ((1000000000.0, 'billion yuan'), (1, 'person'), (1, '%'))
    """
    largest = max((abs(v) for v in numbers if math.isfinite(v)), default=0)
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if largest >= size and unit not in ("", "1", "%"):
            return size, f"{name} {_PLURALS.get(unit, unit)}"
    return 1, unit


_PLURALS = {
    "%": "Per cent",
    "percentage point": "Percentage points",
    "1": "",
    "household": "households",
    "person": "persons",
    "tonne": "tonnes",
    "year": "years",
    "item": "items",
    "count": "",
    "rank": "rank",
    "establishment": "establishments",
    "market entity": "market entities",
    "school": "schools",
}


# ---- scaffolding of charts with one line per thing ----

_ASIDE = (
    1.8  # inches for names on the left; where two lines of that do not hold one, names go above their line
)


def _lines(labels, pitch=0.4, above=0.64, rise=0.3, head=0.0, extra=0.0):
    """Axes with one line per label, first on top; names too long for the left stand above their line.

    `pitch` and `above` are the heights of a line (inches) in either case, `rise` how far up the name then is,
    `head` what the first line needs for more words, `extra` what goes above all.
    """
    wrapped = [draw.wrap(label, _ASIDE) for label in labels]
    aside = all(text.count("\n") < 2 and draw.text_width(text) <= _ASIDE for text in wrapped)
    unit = (max(pitch, 0.5) if any("\n" in text for text in wrapped) else pitch) if aside else above
    top = (0 if aside else rise) + head + (unit / 2 if aside else 0.16)
    bottom = len(labels) - 1 + 0.5 * (unit if aside else 0.5) / unit
    fig, axes = draw.canvas(unit * bottom + top + 0.35 + extra)
    ax = axes[0, 0]
    ax.set_ylim(bottom, -top / unit)
    ax.yaxis.set_major_locator(FixedLocator(range(len(labels))))
    ax.yaxis.set_major_formatter(FixedFormatter(wrapped))
    ax.tick_params(axis="y", labelleft=aside, pad=8, labelcolor=INK, labelsize=TEXT)
    for y, label in enumerate(labels) if not aside else ():
        up = rise + (head if y == 0 else 0)
        ax.text(
            0,
            y - up / unit,
            label,
            transform=blended_transform_factory(ax.transAxes, ax.transData),
            va="center",
            bbox=PATCH,
            zorder=4,
        )
    return fig, ax


def _number_axis(ax, axis="x", bins=5, log=False) -> None:
    """Few round ticks within the limits (which must be set), with light rules."""
    side = getattr(ax, f"{axis}axis")
    low, high = sorted(getattr(ax, f"get_{axis}lim")())
    if log:
        ax.set(**{f"{axis}scale": "log"})
        side.set_minor_locator(NullLocator())
        side.set_minor_formatter(NullFormatter())
        between = (1, 2, 5) if high < 1000 * low else (1,)  # over many tens, the tens alone leave room
        ticks = [m * 10.0**k for k in range(-6, 15) for m in between]
    else:
        ticks = MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high)
    side.set_major_locator(FixedLocator([tick for tick in ticks if low <= tick <= high]))
    side.set_major_formatter(FuncFormatter(lambda v, _: number(v, digits_of(round(v, 6), 0, 0))))
    ax.grid(True, axis=axis)


def _reach(frame, others=(), zero=False, log=False, pad=0.06) -> tuple:
    """Axis limits that hold every finite value and end of a range, with a little air."""
    numbers = [v for column in ("value", "lower", "upper") for v in frame[column] if math.isfinite(v)]
    numbers += [v for marks in others for v in marks["value"]]  # standards are drawn without their range
    if log:
        numbers = [v for v in numbers if v > 0]
        return min(numbers) / 1.3, max(numbers) * 1.45
    low, high = min(numbers + [0] * zero), max(numbers + [0] * zero)
    air = (high - low) * pad or abs(high) * pad or 1
    return (0 if zero and low >= 0 else low - air), (0 if zero and high <= 0 else high + air)


def _references(references, per, unit, frame) -> pd.DataFrame:
    """Standards to draw across a chart, in the unit and scale of the chart's frame (none: no rows)."""
    if references is None or len(references) == 0:
        return frame.iloc[:0]
    shown = frame["unit"].iloc[0]
    marks = _frame(references)
    theirs = _one_unit(marks)
    if unit is None and per == 1:
        words = {"billion": 1e9, "million": 1e6}
        per = words.get(shown.split(" ")[0], 1) if theirs != shown else 1
        if theirs not in ("", shown) and f"{shown.split(' ')[0]} {_PLURALS.get(theirs, theirs)}" != shown:
            raise LangfangError(f"chart data: {shown!r} and {theirs!r} meet on one axis; expected one unit")
    return tidy(marks, per, shown)


def _upright(ax, frame, labels) -> list:
    """Reference lines across a chart, their names above; `_stagger` lifts those that would meet."""
    notes = []
    for item, text in zip(frame.itertuples(), labels, strict=True):
        ax.plot(
            [item.value] * 2,
            [0, 1],
            transform=ax.get_xaxis_transform(),
            color=INK,
            lw=1.8,
            zorder=2,
            solid_capstyle="butt",
            clip_on=False,
        )
        notes.append(
            ax.annotate(
                text,
                (item.value, 1),
                (3, 4),
                xycoords=ax.get_xaxis_transform(),
                size=SMALL,
                textcoords="offset points",
                va="bottom",
                color=INK,
                annotation_clip=False,
                zorder=5,
            )
        )
    return notes


def _stagger(ax, notes) -> None:
    """Lift the names of reference lines so that none covers a name or line to its right."""
    placed = []
    for note in sorted(notes, key=lambda n: -n.xy[0]):
        box = draw.extent(note)
        level = 1 + max((lv for left, right, lv in placed if left < box.x1 + 6), default=-1)
        note.set_position((3, 4 + 17 * level))
        placed.append((box.x0, box.x1, level))
        if level and not hasattr(note, "stalk"):
            note.stalk = ax.annotate(
                "",
                (note.xy[0], 1),
                (0, 17 * level + 16),
                xycoords=ax.get_xaxis_transform(),
                zorder=2,
                textcoords="offset points",
                label=DECORATION,
                annotation_clip=False,
                arrowprops={"arrowstyle": "-", "color": INK, "lw": 0.8, "shrinkA": 0, "shrinkB": 0},
            )


def _reference_names(frame, digits) -> list:
    return [f"{item.label}: {_shown(item, digits)}" for item in frame.itertuples()]


def _subtitle(unit) -> str:
    """The unit as it stands over a chart: in the plural, with a capital unless it is a symbol."""
    text = _PLURALS.get(unit, unit)
    return text[:1].upper() + text[1:] if text.partition(" ")[0].isalpha() else text  # km², µg/m³ stay


# ---- charts ----


@theme()
def range_plot(
    data,
    *,
    references=None,
    title="",
    unit=None,
    per=1,
    digits=None,
    highlight=None,
    compare=None,
    zero=False,
    log=False,
    note="",
) -> Figure:
    """Things on one axis, each with its mark and range; `references` are standards drawn across.

    Examples
    --------
    >>> values(range_plot({"Langfang": 52, "Beijing": 51}, references={"limit": 35}, zero=True))
    [52, 51, 35]
    """
    frame = one_basis(tidy(data, per, unit), compare)
    marks = _references(references, per, unit, frame)
    fig, ax = _lines(list(frame["label"]), extra=0.26 * len(marks))
    ax.set_xlim(*_reach(frame, [marks], zero, log))
    _number_axis(ax, log=log)
    colours = draw.palette(list(frame["label"]), highlight) if highlight is not None else {}
    for y, item in enumerate(frame.itertuples()):
        colour = colours.get(item.label, COLOURS[0])
        draw.mark(ax, item.value, y, item, colour)
        _value_beside(ax, item, y, digits)
    notes = _upright(ax, marks, _reference_names(marks, digits))
    return draw.finish(
        fig, title, _subtitle(frame["unit"].iloc[0]), arrange=lambda: _stagger(ax, notes), note=note
    )


def _value_beside(ax, item, y, digits) -> None:
    """The value to the right of the mark and of its range."""
    open_end = item.upper == math.inf
    end = item.value if open_end else item.upper
    draw.write(ax, end, y, _shown(item, digits), dx=32 if open_end else 9, bbox=PATCH)


@theme()
def bars(
    data, *, references=None, title="", unit=None, per=1, digits=None, highlight=None, compare=None, note=""
) -> Figure:
    """Amounts as bars from zero: solid where reached, open for targets, open and dashed for forecasts.

    Examples
    --------
    >>> values(bars({"2020": 60, "2022": 80}))
    [0, 60, 80]
    """
    frame = one_basis(tidy(data, per, unit), compare)
    marks = _references(references, per, unit, frame)
    fig, ax = _lines(list(frame["label"]), above=0.7, rise=0.34, extra=0.26 * len(marks))
    ax.set_xlim(*_reach(frame, [marks], zero=True))
    _number_axis(ax)
    colours = draw.palette(list(frame["label"]), highlight) if highlight is not None else {}
    for y, item in enumerate(frame.itertuples()):
        _bar(ax, y, item, colours.get(item.label, COLOURS[0]))
        _value_beside(ax, item, y, digits)
    notes = _upright(ax, marks, _reference_names(marks, digits))
    return draw.finish(
        fig, title, _subtitle(frame["unit"].iloc[0]), arrange=lambda: _stagger(ax, notes), note=note
    )


def _bar(ax, y, item, colour) -> None:
    """A bar that says its status by its fill and edge, with the mark at its end."""
    height = 0.24 / _pitch(ax)
    style = {"target": {"fc": "white"}, "forecast": {"fc": "white", "ls": (0, (3, 2))}}.get(
        item.status, {"fc": colour}
    )
    ax.barh(y, item.value, height, ec=colour, lw=1.5, zorder=2, **style)
    if item.status == "actual" and math.isfinite(item.upper):
        draw.span_bar(ax, item.value, y, item, INK, "x")
    else:
        draw.mark(ax, item.value, y, item, colour)


def _pitch(ax) -> float:
    """Inches from one line to the next, near enough for the height of bars."""
    low, high = sorted(ax.get_ylim())
    return (ax.get_figure(root=True).body - 0.35) / (high - low)


@theme()
def bullet(
    data,
    standards,
    *,
    title="",
    unit=None,
    per=1,
    digits=None,
    standard_name="standard",
    compare=None,
    note="",
) -> Figure:
    """Each thing as a bar from zero against its own standard, a bar across.

    `standards` gives a Quantity or number for each label of `data` (or one for all).

    Examples
    --------
    >>> strings(bullet({"dibao": 783}, 445, standard_name="Hebei"), ticks=False)
    ['Hebei: 445', '783', 'dibao']
    """
    frame = one_basis(tidy(data, per, unit), compare)
    each = standards if isinstance(standards, dict) else dict.fromkeys(frame["label"], standards)
    missing = [label for label in frame["label"] if label not in each]
    if missing:
        raise LangfangError(f"standards: none for {missing[0]!r}; expected one for each label")
    norms = tidy(
        [row(label, each[label], status="norm") for label in frame["label"]], per, frame["unit"].iloc[0]
    )
    fig, ax = _lines(list(frame["label"]), pitch=0.66, above=0.92, rise=0.36)
    ax.set_xlim(*_reach(frame, [norms], zero=True))
    _number_axis(ax)
    for y, (item, norm) in enumerate(zip(frame.itertuples(), norms.itertuples(), strict=False)):
        _bar(ax, y, item, COLOURS[0])
        _across(ax, y, norm, f"{standard_name}: {_shown(norm, digits)}")
        _bullet_value(ax, y, item, norm, digits)
    return draw.finish(fig, title, _subtitle(frame["unit"].iloc[0]), note=note)


def _across(ax, y, norm, text) -> None:
    """A standard: a bar across the line, named below it."""
    half = 0.19 / _pitch(ax)
    ax.plot([norm.value] * 2, [y - half, y + half], color="white", lw=5.5, zorder=4, label=DECORATION)
    ax.plot([norm.value] * 2, [y - half, y + half], color=INK, lw=3, zorder=4, solid_capstyle="butt")
    draw.write(ax, norm.value, y + half, text, dy=-1, ha="center", va="top", bbox=PATCH)


def _bullet_value(ax, y, item, norm, digits) -> None:
    """The value after the bar, or after the standard where that stands just there."""
    low, high = ax.get_xlim()
    near = 0 <= norm.value - item.upper < (high - low) * 0.14
    draw.write(ax, norm.value if near else item.upper, y, _shown(item, digits), dx=8)


@theme()
def dumbbell(
    data,
    *,
    group,
    title="",
    unit=None,
    per=1,
    digits=None,
    references=None,
    colours=None,
    zero=False,
    log=False,
    compare=None,
    note="",
) -> Figure:
    """Two or more values per thing, joined: then and now, town and country, here and elsewhere.

    `group` names the column that tells the values of one line apart; their names stand over the first line.

    Examples
    --------
    >>> pair = [row("Langfang", 4.39, group="urban"), row("Langfang", 1.85, group="rural")]
    >>> values(dumbbell(pair, group="group"))
    [1.85, 4.39]
    """
    frame = one_basis(tidy(data, per, unit), compare)
    names, groups = _order(frame, "label"), _order(frame, group)
    palette = dict(zip(groups, colours or _ends(len(groups)), strict=False))
    marks = _references(references, per, unit, frame)
    fig, ax = _lines(names, pitch=0.5, above=0.7, head=0.16, extra=0.26 * len(marks))
    ax.set_xlim(*_reach(frame, [marks], zero, log, pad=0.16))
    _number_axis(ax, log=log)
    for y, name in enumerate(names):
        _joined(ax, y, frame[frame["label"] == name], group, palette, digits)
    first = frame[frame["label"] == names[0]]
    heads = [
        draw.write(
            ax,
            item.value,
            0,
            getattr(item, group),
            dy=8,
            ha="center",
            va="bottom",
            size=SMALL,
            bbox=PATCH,
            colour=draw.ink(palette[getattr(item, group)]),
        )
        for item in first.itertuples()
    ]
    notes = _upright(ax, marks, _reference_names(marks, digits))
    return draw.finish(
        fig,
        title,
        _subtitle(frame["unit"].iloc[0]),
        note=note,
        arrange=lambda: (_sidestep(heads), _stagger(ax, notes)),
    )


def _ends(count) -> list:
    """Colours for an order: light first, dark last."""
    return list(reversed(COLOURS[:count])) if count != 2 else [COLOURS[2], COLOURS[0]]


def _joined(ax, y, items, group, palette, digits) -> None:
    """One line of a dumbbell: the span, its marks, the outer values left and right, inner ones above."""
    ordered = list(items.sort_values("value", kind="stable").itertuples())
    dashed = any(item.status in ("target", "forecast") for item in ordered)
    ax.plot(
        [ordered[0].value, ordered[-1].value],
        [y, y],
        color="#a9b1b9",
        lw=2.2,
        zorder=1,
        label=DECORATION,
        ls=(0, (2, 1.5)) if dashed else "-",
    )
    ends = [v for item in ordered for v in (item.lower, item.value, item.upper) if math.isfinite(v)]
    for rank, item in enumerate(ordered):
        draw.mark(ax, item.value, y, item, palette[getattr(item, group)])
        if rank == 0 and len(ordered) > 1:
            draw.write(ax, min(ends), y, _shown(item, digits), dx=-9, ha="right")
        elif rank == len(ordered) - 1:
            draw.write(ax, max(ends), y, _shown(item, digits), dx=9)
        else:
            draw.write(ax, item.value, y, _shown(item, digits), dy=-8, ha="center", va="top")


def _sidestep(labels) -> None:
    """Move labels sideways, each as little as possible, until none covers another."""
    if len(labels) < 2:
        return
    boxes = sorted(labels, key=lambda label: draw.extent(label).x0)
    scale = 72 / boxes[0].get_figure(root=True).dpi
    for left, right in itertools.pairwise(boxes):
        short = (draw.extent(left).x1 - draw.extent(right).x0) * scale + 8
        if short > 0:
            left.set_position((left.xyann[0] - short / 2, left.xyann[1]))
            right.set_position((right.xyann[0] + short / 2, right.xyann[1]))


@theme()
def slope(
    data,
    *,
    series="label",
    x="period",
    title="",
    unit=None,
    per=1,
    digits=None,
    highlight=None,
    height=3.6,
    note="",
) -> Figure:
    """Several series between two years: value on the left, value and name on the right.

    Examples
    --------
    >>> values(slope([row("Services", 47.1, period="2015"), row("Services", 57.1, period="2018")]))
    [2015, 47.1, 2018, 57.1]
    """
    frame = one_basis(tidy(data, per, unit), series)
    frame["x"] = [year(value) for value in frame[x]]
    years = sorted(frame["x"].unique())
    if len(years) != 2:
        raise LangfangError(f"slope: {len(years)} years ({', '.join(f'{y:g}' for y in years)}); expected two")
    fig, axes = draw.canvas(height)
    ax = axes[0, 0]
    colours = draw.palette(_order(frame, series), highlight)
    sides = {years[0]: [], years[1]: []}
    for name, items in frame.groupby(series, sort=False):
        _thread(ax, items, colours[name])
        for item in items.itertuples():
            sides[item.x].append(_slope_label(ax, item, name, years, digits, colours[name]))
    _two_years(ax, years, frame)
    return draw.finish(
        fig,
        title,
        _subtitle(frame["unit"].iloc[0]),
        note=note,
        arrange=lambda: [draw.unstack(labels) for labels in sides.values()],
    )


def _two_years(ax, years, frame) -> None:
    """The frame of a slope chart: two uprights, the years above them, no other axis."""
    ax.set_xlim(*years)
    ax.set_ylim(*_reach(frame, pad=0.08))
    ax.xaxis.set_major_locator(FixedLocator(years))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.10g}"))
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", labelsize=TEXT, labelcolor=INK, pad=6)
    ax.yaxis.set_major_locator(NullLocator())
    for when in years:
        ax.axvline(when, color=GRID, lw=1, zorder=0, label=DECORATION, clip_on=False)


def _thread(ax, items, colour, width=2.0) -> None:
    """Marks of one series joined in time; dashed up to whatever is not yet reached."""
    items = list(items.sort_values("x", kind="stable").itertuples())
    for a, b in itertools.pairwise(items):
        firm = {a.status, b.status} <= {"actual"}
        ax.plot(
            [a.x, b.x],
            [a.value, b.value],
            color=colour,
            lw=width if firm else 1.5,
            zorder=2,
            clip_on=False,
            ls="-" if firm else (0, (3, 2.2)),
            solid_capstyle="round",
        )
    for item in items:
        draw.mark(ax, item.x, item.value, item, colour, axis="y")


def _slope_label(ax, item, name, years, digits, colour):
    left = item.x == years[0]
    text = _shown(item, digits) if left else f"{_shown(item, digits)}  {name}"
    return draw.write(
        ax,
        item.x,
        item.value,
        text,
        dx=-10 if left else 10,
        ha="right" if left else "left",
        colour=draw.ink(colour),
        size=TEXT,
    )


@theme()
def path(
    data,
    *,
    series=None,
    panel=None,
    x="period",
    title="",
    unit=None,
    per=1,
    digits=None,
    highlight=None,
    references=None,
    log=False,
    zero=False,
    labels="all",
    height=None,
    columns=2,
    note="",
) -> Figure:
    """Levels by year, one line per series and one panel per value of `panel`; all panels share both axes.

    `labels` says which values are printed: ``"all"``, ``"ends"`` (first and last) or ``"none"``.

    Examples
    --------
    >>> values(path([row("index", 94.97, period="2018"), row("index", 98.04, period="2019")]))
    [2018, 94.97, 2019, 98.04]
    """
    frame = tidy(data, per, unit)
    frame["x"], frame["panel_"] = [year(v) for v in frame[x]], frame[panel] if panel else ""
    frame["series_"] = frame[series] if series else (frame["panel_"] if panel else "")
    one_basis(frame, ["panel_", "series_"])
    marks = _references(references, per, unit, frame)
    panels = _order(frame, "panel_")
    columns = min(columns, len(panels))
    lines = math.ceil(len(panels) / columns)
    heads = {name: draw.wrap(name, WIDTH / columns - 0.5) for name in panels}
    deep = max(text.count("\n") for text in heads.values())
    fig, axes = draw.canvas(
        height or ((1.9 + 0.2 * deep) * lines if panel else 3.4),
        columns,
        lines,
        sharex=True,
        sharey=True,
        gridspec_kw={"hspace": 0.5 + 0.16 * deep, "wspace": 0.18},
    )
    names = _order(frame, "series_")
    colours = draw.palette(names, highlight) if series else dict.fromkeys(names, COLOURS[0])
    drawn = []
    for ax, name in zip(axes.flat, panels, strict=False):
        drawn.append(
            _panel(
                ax, frame[frame["panel_"] == name], colours, marks, labels, digits, heads[name], bool(series)
            )
        )
    for ax in axes.flat[len(panels) :]:
        ax.remove()
    _level_axes(axes.flat[: len(panels)], frame, marks, zero, log)
    return draw.finish(
        fig,
        title,
        _subtitle(frame["unit"].iloc[0]),
        note=note,
        arrange=lambda: [_tidy_labels(*part) for part in drawn],
    )


def _level_axes(axes, frame, marks, zero, log) -> None:
    """Years below, light level lines behind."""
    years = sorted({math.floor(v) for v in frame["x"]})
    step = math.ceil(len(range(years[0], years[-1] + 1)) / 7)
    few = years if len(years) <= 4 else range(years[0], years[-1] + 1, step)
    low, high = _reach(frame, [marks], zero, log, pad=0.14)
    for ax in axes:
        ax.set_ylim(low, high)
        _number_axis(ax, "y", log=log, bins=4)
        margin = (max(frame["x"]) - min(frame["x"])) * 0.06 or 0.5
        ax.set_xlim(min(frame["x"]) - margin, max(frame["x"]) + margin)
        ax.xaxis.set_major_locator(FixedLocator(list(few)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.10g}"))
        ax.tick_params(labelbottom=True)


def _panel(ax, items, colours, marks, labels, digits, name, named):
    """Draw one panel; returns what must still be placed once sizes are known."""
    if name:
        ax.set_title(name, color=INK, size=TEXT, pad=8)
    shown, ends = [], []
    for series, part in items.groupby("series_", sort=False):
        _thread(ax, part, colours[series])
        ordered = list(part.sort_values("x", kind="stable").itertuples())
        colour = draw.ink(colours[series]) if named else INK
        if named and series:
            last = ordered.pop()
            text = series if labels == "none" else f"{_shown(last, digits)}  {series}"
            ends.append(draw.write(ax, last.x, last.value, text, dx=10, colour=colour, size=TEXT))
        some = {
            "all": ordered,
            "ends": ordered[:1] if named else ordered[:: max(len(ordered) - 1, 1)],
            "none": [],
        }
        shown += [
            draw.write(ax, item.x, item.value, _shown(item, digits), colour=colour) for item in some[labels]
        ]
    lines = [_level_line(ax, item, digits) for item in marks.itertuples()]
    return ax, items, shown, ends, lines


def _level_line(ax, item, digits):
    """A standard across a chart of levels, named on the left above it."""
    ax.axhline(item.value, color=INK, lw=1.6, zorder=1)
    return ax.annotate(
        f"{item.label}: {_shown(item, digits)}",
        (0, item.value),
        (0, 3),
        size=SMALL,
        va="bottom",
        xycoords=ax.get_yaxis_transform(),
        textcoords="offset points",
        annotation_clip=False,
    )


def _tidy_labels(ax, items, shown, ends, lines) -> None:
    """Series names apart at the right end, then every value where it covers least."""
    draw.unstack(ends)
    scale = ax.get_figure(root=True).dpi / 72
    obstacles = [draw.extent(label) for label in (*ends, *lines)]
    spans = [line for line in ax.lines if line.get_label() == RANGE and line.get_visible()]
    obstacles += [draw.extent(line).padded(2) for line in spans]
    for _, part in items.groupby("series_", sort=False):
        points = ax.transData.transform(part.sort_values("x")[["x", "value"]].to_numpy())
        obstacles += [
            Bbox.from_bounds(x - 5 * scale, y - 5 * scale, 10 * scale, 10 * scale) for x, y in points
        ]
        obstacles += [
            Bbox.from_bounds(x - 5 * scale, y, 10 * scale, 26 * scale)
            for (x, y), upper in zip(points, part.sort_values("x")["upper"], strict=False)
            if upper == math.inf
        ]
        obstacles += [
            _speck(a, b, t / 12, scale) for a, b in itertools.pairwise(points) for t in range(1, 12)
        ]
    draw.place_labels(shown, obstacles)


def _speck(a, b, share, scale) -> Bbox:
    x, y = a + (b - a) * share
    return Bbox.from_bounds(x - 2 * scale, y - 2 * scale, 4 * scale, 4 * scale)


@theme()
def steps(
    data,
    *,
    x="period",
    title="",
    unit=None,
    per=1,
    digits=None,
    references=None,
    height=3.4,
    note="",
) -> Figure:
    """A level that rises step by step: the first level, then what each period added, each with its range.

    `data` holds the levels; the steps are taken here, so that their ranges are those of a difference.

    Examples
    --------
    >>> fig = steps([row("index", 94.97, period="2018"), row("index", 98.04, period="2019")])
    >>> "+3.07" in strings(fig)
    True
    """
    frame = one_basis(tidy(data, per, unit))
    frame["x"] = [year(v) for v in frame[x]]
    frame = frame.sort_values("x").reset_index(drop=True)
    marks = _references(references, per, unit, frame)
    fig, axes = draw.canvas(height)
    ax = axes[0, 0]
    for before, after in zip(frame.itertuples(), list(frame.itertuples())[1:], strict=False):
        _step(ax, before, after, digits)
    first = next(frame.itertuples())
    draw.mark(ax, first.x, first.value, first, COLOURS[0], axis="y")
    for item in marks.itertuples():
        _level_line(ax, item, digits)
    _step_axis(ax, frame, marks, digits)
    return draw.finish(fig, title, _subtitle(frame["unit"].iloc[0]), note=note)


def _step(ax, before, after, digits) -> None:
    """One step: the bar between two levels, its size above (below a fall), a thread from the last."""
    rise = after.value - before.value
    low, high = after.lower - before.upper, after.upper - before.lower
    ax.plot([before.x, after.x], [before.value] * 2, color=MUTED, lw=1, zorder=1, label=DECORATION)
    firm = after.status == "actual"
    ax.bar(
        after.x,
        rise,
        0.56,
        bottom=before.value,
        fc=COLOURS[0] if firm else "white",
        ec=COLOURS[0],
        lw=1.5,
        ls="-" if firm else (0, (3, 2)),
        zorder=2,
    )
    ends = type("Step", (), {"value": rise, "lower": low, "upper": high})
    text = _shown(ends, digits_of(rise, low, high) if digits is None else digits, sign=True)
    draw.span_bar(ax, after.x, after.value, after, INK, "y")
    draw.write(
        ax,
        after.x,
        after.value,
        text,
        dy=6 if rise >= 0 else -6,
        ha="center",
        size=TEXT,
        va="bottom" if rise >= 0 else "top",
    )


def _step_axis(ax, frame, marks, digits) -> None:
    """Years below, with the level reached; the axis may start above zero, for only steps are bars."""
    texts = [f"{item.x:.10g}\n{_shown(item, digits)}" for item in frame.itertuples()]
    ax.xaxis.set_major_locator(FixedLocator(list(frame["x"])))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, i: texts[i] if i is not None else f"{v:g}"))
    ax.set_xlim(frame["x"].min() - 0.5, frame["x"].max() + 0.5)
    ax.set_ylim(*_reach(frame, [marks], pad=0.12))
    _number_axis(ax, "y", bins=4)


@theme()
def composition(
    data, *, part="part", title="", unit=None, per=1, digits=None, compare=None, whole=100.0, note=""
) -> Figure:
    """Shares of a whole, one bar per label; every boundary with the range that the printed shares leave it.

    The values of one label must add to `whole` within their ranges. The first bar carries the names of the
    parts. `compare` names the column within which one vintage must hold (such as ``"area"``).

    Examples
    --------
    >>> parts = [row("2015", 52.9, part="the rest"), row("2015", 47.1, part="services")]
    >>> strings(composition(parts), ticks=False)
    ['52.9', '47.1', 'the rest', 'services', '2015']
    """
    frame = one_basis(tidy(data, per, unit), compare)
    names, parts = _order(frame, "label"), _order(frame, part)
    fig, ax = _lines(names, pitch=0.56, extra=0.3)
    fills = dict(zip(parts, itertools.cycle(FILLS), strict=False))
    for y, name in enumerate(names):
        _stack(ax, y, frame[frame["label"] == name].set_index(part).loc[parts], fills, digits, whole, name)
    ax.set_xlim(0, whole)
    _number_axis(ax)
    ax.grid(False)
    heads = _part_names(ax, frame[frame["label"] == names[0]], part, fills)
    return draw.finish(
        fig, title, _subtitle(frame["unit"].iloc[0]), note=note, arrange=lambda: _keep_inside(ax, heads)
    )


# Light to dark, each with the ink that reads on it.
FILLS = (("#d5dde6", INK), ("#8fa6bf", INK), (COLOURS[0], "white"), ("#f0d9c3", INK), ("#b3540a", "white"))


def _stack(ax, y, items, fills, digits, whole, name) -> None:
    if not items["lower"].sum() <= whole * (1 + 1e-9) or not items["upper"].sum() >= whole * (1 - 1e-9):
        raise LangfangError(
            f"composition: the parts of {name!r} add to {items['value'].sum():g}, "
            f"whose range does not hold {whole:g}"
        )
    start = 0.0
    for item in items.itertuples():
        fill, ink = fills[item.Index]
        ax.barh(y, item.value, 0.5, left=start, fc=fill, ec="white", lw=1.2, zorder=2)
        inside = item.value / whole > 0.05
        ax.text(
            start + item.value / 2,
            y + (0 if inside else 0.28),
            _shown(item, digits),
            ha="center",
            zorder=5,
            va="center" if inside else "top",
            color=ink if inside else INK,
            size=TEXT if inside else SMALL,
        )
        start += item.value
    _boundaries(ax, y, items, whole)


def _boundaries(ax, y, items, whole) -> None:
    """Where each boundary may lie: what the shares before it allow and what those after it allow."""
    low, high = items["lower"].to_numpy(), items["upper"].to_numpy()
    for k in range(1, len(items)):
        ends = max(low[:k].sum(), whole - high[k:].sum()), min(high[:k].sum(), whole - low[k:].sum())
        if ends[0] < ends[1]:
            ax.plot(
                ends,
                [y, y],
                color=INK,
                lw=1.6,
                zorder=3,
                label=RANGE,
                marker="|",
                markersize=7,
                solid_capstyle="butt",
            )


def _part_names(ax, items, part, fills) -> list:
    """The parts' names over the first bar."""
    starts = items["value"].cumsum() - items["value"]
    return [
        draw.write(
            ax, start + item.value / 2, -0.25, getattr(item, part), dy=4, ha="center", va="bottom", size=SMALL
        )
        for start, item in zip(starts, items.itertuples(), strict=False)
    ]


def _keep_inside(ax, labels) -> None:
    """Sideways: apart from each other and not beyond the bar."""
    _sidestep(labels)
    left = ax.get_window_extent().x0
    first = draw.extent(labels[0])
    if first.x0 < left:
        labels[0].set_position(
            (labels[0].xyann[0] + (left - first.x0) * 72 / ax.get_figure(root=True).dpi, 4)
        )
        _sidestep(labels)


@theme()
def dot_matrix(
    data, *, total="total", title="", unit="", across=20, counted="counted", rest="", note=""
) -> Figure:
    """Counts as dots, one each: filled those that count, hollow the rest up to the column `total`.

    A count has one line, name on the left, where all are small; else its words stand above its dots.

    Examples
    --------
    >>> strings(dot_matrix([row("indicators met", 29, total=32)]))
    ['29 of 32  indicators met']
    """
    frame = tidy(data, unit=unit)
    wholes = [int(v) for v in (frame[total] if total in frame else frame["value"])]
    odd = [v for v, whole in zip(frame["value"], wholes, strict=True) if v % 1 or not 0 <= v <= whole]
    if odd:
        raise LangfangError(f"dot_matrix: {odd[0]:g}; expected a whole count from 0 to the total")
    aside = max(wholes) <= 12 and max(map(draw.text_width, frame["label"])) <= _DOT * 9
    fig, axes = draw.canvas(1)
    down, ax = 0.0, axes[0, 0]
    for item, whole in zip(frame.itertuples(), wholes, strict=True):
        down += _dots(ax, item, whole, down, 12 if aside else across, aside)
    fig.body = down - (0 if aside else 0.15)
    ax.set(xlim=(-0.5, (WIDTH - 2 * PAD) / _DOT - 0.5), ylim=(fig.body - 0.12, -0.12))
    ax.axis("off")
    key = [("actual", counted, COLOURS[0]), ("forecast", rest, COLOURS[0])] if rest else []
    return draw.finish(fig, title, unit, note=note, key=key)


_DOT = 0.27  # inches from dot to dot


def _dots(ax, item, whole, down, across, aside) -> float:
    """One count: its words, then its dots in lines of `across`; returns the height used, in inches."""
    some = int(item.value)
    words = f"{some:,} of {whole:,}" if whole != some else f"{some:,}"
    left, top = (9, down) if aside else (0, down + 0.3)
    if aside:
        ax.text(left - 1, down, item.label, va="center", ha="right")
        ax.text(left + whole, down, words, va="center", ha="left", size=SMALL, color=MUTED)
    else:
        ax.text(-0.5, down, f"{words}  {item.label}", va="center", ha="left")
    for part, look in ((range(some), "actual"), (range(some, whole), "forecast")):
        if part:
            xs, ys = [left + i % across for i in part], [top + _DOT * (i // across) for i in part]
            size = {"markersize": 9.5, "markeredgewidth": 1.4}
            ax.plot(xs, ys, label=DOTS, clip_on=False, **{**draw.look(look, COLOURS[0]), **size})
    return 0.34 if aside else 0.52 + _DOT * math.ceil(whole / across)


@theme()
def roster(data, *, group, kind=None, title="", note="") -> Figure:
    """Named things by group (clusters by county): a mark and a name each, filled or hollow by `kind`.

    Examples
    --------
    >>> strings(roster([{"label": "Furniture 家具", "county": "Xianghe"}], group="county"))
    ['Xianghe  1', 'Furniture 家具']
    """
    frame = pd.DataFrame(data).reset_index(drop=True)
    kinds = _order(frame, kind) if kind else [""]
    if len(kinds) > 3:
        raise LangfangError(f"roster: {len(kinds)} kinds in {kind!r}; expected three at most")
    looks = dict(zip(kinds, ("actual", "forecast", "target"), strict=False))
    groups = _order(frame, group)
    left = max(draw.text_width(f"{name}  99") for name in groups) + 0.25
    fig, axes = draw.canvas(1)
    ax, down = axes[0, 0], 0.0
    for name in groups:
        down = _members(ax, name, frame[frame[group] == name], down, left, kind, looks)
    fig.body = down
    ax.set(xlim=(0, WIDTH), ylim=(down - 0.25, -0.15))
    ax.axis("off")
    key = [(looks[k], f"{k} ({(frame[kind] == k).sum()})", COLOURS[0]) for k in kinds] if kind else []
    return draw.finish(fig, title, "", note=note, key=key)


def _members(ax, name, items, down, left, kind, looks) -> float:
    """One group: its name and number, a mark and a name for each; returns how far down (inches) it ends."""
    ax.text(0, down, f"{name}  {len(items)}", va="center", color=MUTED)
    for item in items.itertuples():
        look = looks[getattr(item, kind)] if kind else "actual"
        ax.plot([left], [down], label=DOTS, clip_on=False, **draw.look(look, COLOURS[0]))
        for line in draw.wrap(item.label, WIDTH - left - 0.4).split("\n"):
            ax.text(left + 0.18, down, line, va="center")
            down += 0.24
        down += 0.05
    ax.plot([0, WIDTH], [down - 0.06] * 2, color=GRID, lw=0.8, label=DECORATION)
    return down + 0.14


@theme()
def strip(data, *, x="period", group=None, title="", reference=None, undated="undated", note="") -> Figure:
    """When things are dated: one dot each, stacked by year, a line per `group`; undated ones stand apart.

    `reference` is a pair (label, date) such as the day of publication. Dots show the status as everywhere.

    Examples
    --------
    >>> fig = strip([{"period": "2018"}, {"period": "2019"}, {"period": ""}])
    >>> strings(fig)[:3]
    ['1', '1', '1']
    """
    frame = pd.DataFrame(data).reset_index(drop=True)
    frame["status"] = frame.get("status", "actual")
    frame["group_"] = frame[group] if group else ""
    frame["bin"] = [
        math.floor(year(v)) if (isinstance(v, str) and v) or not isinstance(v, str) else None
        for v in frame[x].fillna("")
    ]
    years = [int(v) for v in frame["bin"].dropna()]
    bins = list(range(min(years), max(years) + 1))
    groups = _order(frame, "group_")
    across = max(3, int(34 / (len(bins) + 1)))
    deep = {
        g: max(math.ceil(n / across) for n in frame[frame["group_"] == g]["bin"].fillna(-1).value_counts())
        for g in groups
    }
    fig, axes = draw.canvas(sum(0.5 + 0.125 * n for n in deep.values()) + 0.3)
    ax, base = axes[0, 0], 0.0
    for name in groups:
        base -= 0.34 + 0.125 * deep[name]
        _pile_line(ax, frame[frame["group_"] == name], name, base, bins, across, deep[name])
        base -= 0.16
    _strip_axis(ax, bins, base, undated if frame["bin"].isna().any() else "", reference)
    return draw.finish(fig, title, "One dot is one figure", note=note)


def _pile_line(ax, items, name, base, bins, across, deep) -> None:
    """One line of piles: a thin ground, the dots, their number above."""
    across_all = ax.get_yaxis_transform()
    ax.plot([0, 1], [base - 0.07] * 2, color=GRID, lw=0.8, label=DECORATION, transform=across_all)
    if name:
        ax.text(bins[0] - 0.5, base + 0.125 * deep + 0.09, name, va="center", color=INK)
    for spot in [*bins, None]:
        pile = items[items["bin"] == spot] if spot is not None else items[items["bin"].isna()]
        if len(pile):
            _pile(ax, pile, _beyond(bins) if spot is None else spot, base, across)


def _pile(ax, pile, centre, base, across) -> None:
    order = sorted(pile["status"], key=lambda s: list(STATUS).index(s))
    width = 0.84 / across
    start = centre - width * (min(len(order), across) - 1) / 2
    for status in dict.fromkeys(order):
        spots = [i for i, s in enumerate(order) if s == status]
        look = {
            **draw.look(status, COLOURS[0]),
            "markersize": 4.6 if status != "target" else 4.2,
            "markeredgewidth": 1.1,
        }
        (line,) = ax.plot(
            [start + width * (i % across) for i in spots],
            [base + 0.125 * (i // across) for i in spots],
            label=DOTS,
            clip_on=False,
            **look,
        )
        line.langfang_status = status
    top = base + 0.125 * ((len(order) - 1) // across)
    draw.write(ax, centre, top, str(len(order)), dy=4, ha="center", va="bottom", colour=MUTED, bbox=PATCH)


def _beyond(bins) -> float:
    """Where the pile of the undated stands, clear of the last year."""
    return bins[-1] + 1.4 * max(1, len(bins) / 12)


def _strip_axis(ax, bins, base, undated, reference) -> None:
    ax.set(xlim=(bins[0] - 0.5, (_beyond(bins) if undated else bins[-1]) + 0.5), ylim=(base, 0.05))
    ax.yaxis.set_major_locator(NullLocator())
    ax.yaxis.set_major_formatter(FixedFormatter([]))
    spots = [*bins, *([_beyond(bins)] if undated else [])]
    ax.xaxis.set_major_locator(FixedLocator(spots))
    every = math.ceil(len(bins) / 12)
    named = [str(b) if (bins[-1] - b) % every == 0 else "" for b in bins]
    ax.xaxis.set_major_formatter(FixedFormatter([*named, *([undated] if undated else [])]))
    if reference:
        name, when = reference
        ax.plot([year(when) - 0.5] * 2, [base, 0.02], color=MUTED, lw=1, zorder=1)
        draw.write(ax, year(when) - 0.5, 0.02, name, dy=3, ha="center", va="bottom")


@theme()
def audit_ranges(data, *, title="", limit=8, note="") -> Figure:
    """Does the article add up? Each printed figure as a band, one half-digit to either side, and what follows
    from its other figures as a range.

    Columns: label (or title); printed, printed_lower, printed_upper; recomputed, recomputed_lower,
    recomputed_upper (as of ``langfang.audit()``). What lies beyond `limit` half-digits is drawn at the edge,
    as an arrow with its distance.

    Examples
    --------
    >>> line = {"label": "2019 less 2018", "printed": 3.07, "printed_lower": 3.065, "printed_upper": 3.075}
    >>> line |= {"recomputed": 3.07, "recomputed_lower": 3.06, "recomputed_upper": 3.08}
    >>> [round(end) for end in draw.ranges(audit_ranges([line]))[0]]
    [-2, 2]
    """
    frame = pd.DataFrame(data).reset_index(drop=True)
    frame["label"] = frame.get("label", frame.get("title"))
    half = (frame["printed_upper"] - frame["printed_lower"]) / 2
    if not (half > 0).all():
        name = frame.loc[~(half > 0), "label"].iloc[0]
        raise LangfangError(f"audit_ranges: {name} is printed exactly; expected a rounding range")
    for ours, suffix in (("value", ""), ("lower", "_lower"), ("upper", "_upper")):
        frame[ours] = (frame[f"recomputed{suffix}"] - frame["printed"]) / half
    frame["fits"] = (frame["lower"] <= 1 + 1e-9) & (frame["upper"] >= -1 - 1e-9)
    fig, ax = _lines(list(frame["label"]), extra=0.2)
    ax.set_xlim(-limit - 0.8, limit + 0.8)
    ax.axvspan(-1, 1, color=BAND, zorder=0, lw=0)
    ax.axvline(0, color=MUTED, lw=1, zorder=1)
    for y, item in enumerate(frame.itertuples()):
        _audited(ax, y, item, limit)
    _number_axis(ax)
    ax.xaxis.set_major_locator(FixedLocator([-limit, -limit / 2, -1, 0, 1, limit / 2, limit]))
    ax.set_xlabel("distance from the printed figure, in half-units of its last digit")
    key = [
        ("band", "printed, with its rounding range", BAND),
        ("actual", "recomputed: fits", COLOURS[0]),
        ("unfit", "recomputed: does not fit", COLOURS[2]),
    ]
    return draw.finish(fig, title, "", note=note, key=key if not frame["fits"].all() else key[:2])


def _audited(ax, y, item, limit) -> None:
    """One relation: its range, cut at the limit, and its value, or an arrow where that lies beyond."""
    colour = COLOURS[0] if item.fits else COLOURS[2]
    ends = [max(-limit, min(limit, end)) for end in (item.lower, item.upper)]
    if ends[0] < ends[1]:
        ax.plot(
            ends,
            [y, y],
            color=colour,
            lw=2,
            zorder=3,
            label=RANGE,
            marker="|",
            markersize=7,
            clip_on=False,
            markeredgewidth=2,
            solid_capstyle="butt",
        )
    inside = -limit <= item.value <= limit
    spot = item.value if inside else math.copysign(limit + 0.5, item.value)
    look = draw.look("actual" if item.fits else "unfit", colour)
    if not inside:
        look["marker"] = ">" if item.value > 0 else "<"
        draw.write(
            ax,
            spot,
            y,
            number(item.value, 0),
            dx=-9 if spot > 0 else 9,
            ha="right" if spot > 0 else "left",
            bbox=PATCH,
        )
    ax.plot([spot], [y], zorder=4, clip_on=False, **look)
