"""Charts in one look: what was reached is filled, a target is a diamond, a forecast hollow, a standard a bar.

Each function takes rows and returns a matplotlib figure for `langfang.show`; a visitor goes on with its axes.
Rows are a dict or Series of Quantities or numbers by name, a frame (``label``, ``value``; where present
``quantity``, ``lower``, ``upper``, ``unit``, ``status``, ``period``, ``vintage``), or a list of `row`.

What all have in common: ``title`` is the finding, ``subtitle`` what, where, when and unit, ``zh`` the title in
Chinese; ``per`` divides the numbers (1e9 for billions: the subtitle then says so), ``digits`` are the decimals
of labels (by default those that the rounding bears), ``highlight`` keeps its colour while the rest is grey,
``references`` are one or two standards drawn across, ``compare`` is the column within whose groups one
vintage must hold (by default all that is drawn must share one).
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedFormatter, FuncFormatter, MaxNLocator

from langfang.errors import LangfangError
from langfang.notebook import look
from langfang.notebook.look import (
    COLOURS,
    CONTEXT,
    FILLS,
    GRID,
    INK,
    MARK,
    MUTED,
    SMALL,
    STATUS,
    TEXT,
    WIDTH,
    digest,
    extent,
    finish,
    strings,
    svg,
    text_width,
    theme,
    themed,
    values,
    word,
    wrap,
)
from langfang.printed.period import position as year
from langfang.printed.wording import decimals, number

__all__ = [
    "bars",
    "contradictions",
    "digest",
    "dots",
    "lines",
    "number",
    "pick",
    "register_sizes",
    "row",
    "slope",
    "stacked",
    "strings",
    "strip",
    "svg",
    "theme",
    "timeline",
    "values",
]

ASIDE = 2.1  # inches for the names on the left

# ---- data ----


def row(label: str, quantity, status: str | None = None, **more) -> dict:
    """One row of chart data: a name, a Quantity or plain number, and what else it needs (period, vintage …).

    >>> row("Langfang", 52, period="2018")["value"]
    52.0
    """
    value = float(getattr(quantity, "value", quantity))
    lower, upper = (float(getattr(quantity, end, value)) for end in ("lower", "upper"))
    unit, told = getattr(quantity, "unit", ""), getattr(quantity, "status", None)
    ends = {"value": value, "lower": lower, "upper": upper, "unit": unit}
    return {"label": label, **ends, "status": status or told or "actual", **more}


def pick(labels: dict, *, data=None) -> pd.DataFrame:
    """The facts named by `labels` (fact_id → name on the chart), in that order, ready for any chart."""
    from langfang.data.facts import load

    facts = load("facts", data=data).set_index("fact_id", drop=False)
    missing = [name for name in labels if name not in facts.index]
    if missing:
        raise LangfangError(f"facts.csv: no fact_id {missing[0]!r}; lf.find(word) lists those that match")
    return facts.loc[list(labels)].assign(label=list(labels.values())).reset_index(drop=True)


def tidy(data, per: float = 1, compare=None) -> pd.DataFrame:
    """Any accepted form of chart data as a frame with label, value, lower, upper, unit, status and vintage."""
    if isinstance(data, dict | pd.Series):
        data = [row(str(label), quantity) for label, quantity in data.items()]
    frame = pd.DataFrame(data).reset_index(drop=True)
    if frame.empty:
        raise LangfangError("chart: no rows; expected at least one")
    if "base_unit" in frame:
        frame["unit"] = frame["base_unit"]  # values of lf.load("facts") are in base units
    if "label" not in frame:
        frame["label"] = frame.get("name_en", "")
    if "quantity" in frame and "value" not in frame:
        drawn = pd.DataFrame([row("", quantity) for quantity in frame["quantity"]]).drop(columns="label")
        frame = drawn.assign(**{name: column for name, column in frame.items()})
    if "value" not in frame:
        raise LangfangError(f"chart: no column 'value' among {', '.join(frame.columns)}")
    for column, usual in {"unit": "", "status": "actual", "vintage": ""}.items():
        frame[column] = frame.get(column, pd.Series(usual, frame.index)).fillna(usual)
    for column in ("lower", "upper"):
        frame[column] = frame.get(column, frame["value"])
    ends = ["value", "lower", "upper"]
    frame[ends] = frame[ends].astype(float) / per
    bad = frame.index[frame["value"].isna()]
    if len(bad):
        raise LangfangError(f"chart: row {bad[0]} ({frame['label'][bad[0]]}) has no value; expected a number")
    units = list(dict.fromkeys(frame["unit"].replace("1", "")))
    if len(units) > 1:
        raise LangfangError(f"chart: {units[0]!r} and {units[1]!r} meet on one axis; expected one unit")
    return one_basis(frame, compare)


def one_basis(frame: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """The frame, if what it compares has one vintage (per group of column `by`); else an error naming two.

    A row without a vintage is the report's own: it may stand beside one other basis, but two that differ may
    not, and within one series (`by`) nothing may be mixed.

    >>> one_basis(pd.DataFrame({"label": ["a", "b"], "vintage": ["x", "y"]}))
    Traceback (most recent call last):
    ...
    langfang.errors.LangfangError: a (x) and b (y) differ in vintage; expected one basis for what is compared
    """
    for _, group in [(None, frame)] if by is None else frame.groupby(by, sort=False):
        stated = group if by is not None else group[group["vintage"] != ""]
        first = stated.drop_duplicates("vintage")
        if len(first) > 1:
            a, b = (f"{r.label} ({r.vintage or 'no vintage stated'})" for r in first.head(2).itertuples())
            raise LangfangError(f"{a} and {b} differ in vintage; expected one basis for what is compared")
    return frame


def shown(item, digits=None) -> str:
    """A row's value as its label, with the bound the source gives it (≥, ≤, >, ≈)."""
    places = decimals(item.value, item.lower, item.upper) if digits is None else digits
    text = number(item.value, places)
    bound = getattr(item, "bound", "")
    if not isinstance(bound, str) or not bound:
        bound = "at_least" if item.upper == math.inf else ""
        if item.lower < item.upper == item.value:
            bound = "at_most"
        elif item.value == item.lower < item.upper < math.inf:
            bound = "over"
    return {"about": "≈", "at_least": "≥", "more_than": ">", "over": ">", "at_most": "≤"}.get(bound, "") + text


def labels_of(frame, column="label") -> list:
    return list(dict.fromkeys(frame[column]))


# ---- parts of charts ----


def _rows(names, extra=0.0, pitch=0.4):
    """Axes with one line per name, the first on top."""
    folded = [wrap(name, ASIDE) for name in names]
    tallest = max(text.count("\n") for text in folded) + 1
    fig, ((ax,),) = look.canvas(max(pitch, 0.22 * tallest + 0.12) * len(names) + 0.4 + extra)
    ax.set_yticks(range(len(names)))
    ax.yaxis.set_major_formatter(FixedFormatter(folded))
    ax.tick_params(axis="y", labelsize=TEXT, labelcolor=INK, pad=6)
    ax.set_ylim(len(names) - 0.5, -0.5)
    return fig, ax


def _scale(ax, axis="x", bins=5) -> None:
    """Few round ticks with light rules."""
    side = getattr(ax, f"{axis}axis")
    side.set_major_locator(MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10]))
    side.set_major_formatter(FuncFormatter(lambda v, _: number(round(v, 6))))
    ax.grid(True, axis=axis)


def _limits(frame, others=(), zero=False, air=0.06) -> tuple:
    """Axis limits that hold every value and finite end, with a little air."""
    numbers = [v for column in ("value", "lower", "upper") for v in frame[column] if math.isfinite(v)]
    numbers += [*others, *([0] if zero else [])]
    low, high = min(numbers), max(numbers)
    margin = (high - low) * air or abs(high) * air or 1
    return (0 if zero and low == 0 else low - margin), (0 if zero and high == 0 else high + margin)


def _mark(ax, x, y, item, colour, along="x") -> None:
    """Draw one figure in the look of its status, with its range; an open end runs on as an arrow."""
    shape, filled = STATUS[item.status]
    ends = np.clip([item.value - item.lower, item.upper - item.value], 0, None)
    is_open = ~np.isfinite(ends)
    limits = ax.get_xlim() if along == "x" else ax.get_ylim()
    reach = np.where(is_open, 0.07 * abs(limits[1] - limits[0]), ends)[:, None]
    # matplotlib calls an error bar that runs on upwards a lower limit.
    names = ("xuplims", "xlolims") if along == "x" else ("uplims", "lolims")
    ink = INK if item.status == "norm" else colour
    ax.errorbar(
        x, y, **({f"{along}err": reach} if reach.any() else {}), **dict(zip(names, is_open, strict=True)),
        fmt=shape, ms=15 if shape == "|" else MARK - (shape == "D"), mew=2.4 if shape == "|" else 1.8,
        mfc=ink if filled else "white", mec=ink, color=ink, elinewidth=1.6, capsize=3.5, zorder=4,
        clip_on=False,
    )  # fmt: skip


def _write(ax, text, spot, shift=(8, 0), colour=INK, size=SMALL, **more):
    """Words beside a place in the data, on the side that `shift` (points) leads to."""
    side = {1: "left", 0: "center", -1: "right"}[int(np.sign(shift[0]))]
    high = {1: "bottom", 0: "center", -1: "top"}[int(np.sign(shift[1]))] if shift[0] == 0 else "center"
    given = {"ha": side, "va": high, "color": colour, "size": size, "annotation_clip": False, "zorder": 5}
    return ax.annotate(text, spot, shift, textcoords="offset points", **given | more)


PATCH = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}  # behind words that cross a rule


def _standards(references, per, frame) -> pd.DataFrame:
    """One or two standards to draw across a chart, the lower first; no rows where there are none."""
    if references is None:
        return frame.iloc[:0]
    marks = tidy(references, per).sort_values("value")
    if len(marks) > 2:
        raise LangfangError(f"references: {len(marks)} lines; expected two at most")
    units = [one["unit"].iloc[0].replace("1", "") for one in (frame, marks)]
    if all(units) and units[0] != units[1]:
        raise LangfangError(f"chart: {units[0]!r} and {units[1]!r} meet on one axis; expected one unit")
    return marks


def _across(ax, standards) -> None:
    """Standards as lines across; the left one's name runs to the left, the other's to the right."""
    for place, item in enumerate(standards.itertuples()):
        ax.axvline(item.value, color=INK, lw=1.6, zorder=2)
        left = place == 0 and (len(standards) == 2 or item.value > sum(ax.get_xlim()) / 2)
        top = {"xycoords": ax.get_xaxis_transform(), "va": "baseline", "ha": "right" if left else "left"}
        _write(ax, f"{item.label} {shown(item)}", (item.value, 1), (-3 if left else 3, 6), **top)


def _keys(frame, colours=None, group=None) -> list:
    """Entries of the key: each group in its colour, each status in its look; none if all was reached."""
    named = frame[group] if group else [""] * len(frame)
    pairs = list(dict.fromkeys(zip(named, frame["status"], strict=True)))
    if not group:
        pairs.sort(key=lambda pair: list(STATUS).index(pair[1]))
    if pairs == [("", "actual")]:
        return []
    several = len({name for name, _ in pairs}) < len(pairs)
    return [_key(name, status, (colours or {}).get(name, COLOURS[0]), several) for name, status in pairs]


def _key(name, status, colour, several) -> Line2D:
    shape, filled = STATUS[status]
    told = word(status) if not name else f"{name}, {word(status)}" if several else name
    ink = INK if status == "norm" else colour
    fill = {"mfc": ink if filled else "white", "mec": ink, "mew": 1.8}
    return Line2D([], [], ls="", marker=shape, ms=12 if shape == "|" else MARK, label=told, **fill)


def palette(names, highlight=None) -> dict:
    """A colour for each name; with `highlight` the others step back to grey."""
    if highlight is None and len(names) <= len(COLOURS):
        return dict(zip(names, COLOURS, strict=False))
    loud = [highlight] if isinstance(highlight, str) else list(highlight or names[:1])
    unknown = [name for name in loud if name not in names]
    if unknown:
        raise LangfangError(f"highlight {unknown[0]!r}: expected one of {', '.join(map(str, names))}")
    return {name: COLOURS[loud.index(name) % len(COLOURS)] if name in loud else CONTEXT for name in names}


def _apart(notes, gap=15.5) -> None:
    """Move labels up and down, by equal shares, until each has `gap` points to the next."""
    spots = [note.axes.transData.transform(note.xy)[1] * 72 / note.figure.dpi for note in notes]
    order = sorted(range(len(notes)), key=lambda n: (spots[n], -n))
    places = [spots[n] for n in order]
    for _ in range(300):
        for low, high in pairwise(range(len(places))):
            short = gap - (places[high] - places[low])
            if short > 0.01:
                places[low], places[high] = places[low] - short / 2, places[high] + short / 2
    for n, place in zip(order, places, strict=True):
        notes[n].set_position((notes[n].xyann[0], place - spots[n]))


# ---- the charts ----


@themed
def dots(
    data, *, title: str, subtitle: str, zh: str = "", group: str | None = None, joined: bool = False,
    gap: str | None = None, references=None, highlight=None, digits: int | None = None, per: float = 1,
    zero: bool = False, compare: str | None = None,
) -> Figure:
    """Values on one axis, a line per name, a colour per `group`; `joined` draws what lies between them.

    Parameters
    ----------
    gap : str, optional
        A format of the difference between a line's last and first row, written between them: ``"{:+.2f}"``.

    Examples
    --------
    >>> fig = dots({"a": 41.5, "b": 7}, title="A is larger", subtitle="Things, 2019, %")
    >>> values(fig)
    [41.5, 7]
    """
    frame = tidy(data, per, compare)
    names, groups = labels_of(frame), labels_of(frame, group) if group else [None]
    colours = palette(names if highlight else groups, highlight)
    standards = _standards(references, per, frame)
    fig, ax = _rows(names, extra=0.25 * bool(len(standards)), pitch=0.52 if gap else 0.4)
    low, high = _limits(frame, standards["value"], zero)
    if len(names) < len(frame):  # room for the values on the left of a line
        longest = max(text_width(shown(item, digits), SMALL) for item in frame.itertuples())
        low = min(low, frame["value"].min() - (high - low) * (longest + 0.2) / 3.6)
    ax.set_xlim(low, high)
    for y, name in enumerate(names):
        items = frame[frame["label"] == name]
        order = items.sort_values("value").itertuples()
        if joined and len(items) > 1:
            ax.plot([items["value"].min(), items["value"].max()], [y, y], color=GRID, lw=4, zorder=1)
        for place, item in enumerate(order):
            colour = colours[name if highlight else getattr(item, group) if group else None]
            _mark(ax, item.value, y, item, colour)
            first, last = place == 0 and len(items) > 1, place == len(items) - 1
            shift = (-9, 0) if first else (9, 0) if last else (0, 8)
            end = item.lower if first else item.upper if last else item.value
            is_open = not math.isfinite(end)
            shift = (shift[0] * 4, 0) if is_open else shift
            _write(ax, shown(item, digits), (item.value if is_open else end, y), shift)
        if gap and len(items) > 1:
            apart = items["value"].iloc[-1] - items["value"].iloc[0]
            middle = items["value"].mean()
            _write(ax, gap.format(apart).replace("-", "−"), (middle, y), (0, 6), colour=MUTED)
    _scale(ax)
    _across(ax, standards)
    return finish(fig, title, subtitle, zh, _keys(frame, colours, group))


@themed
def bars(
    data, *, title: str, subtitle: str, zh: str = "", references=None, highlight=None,
    digits: int | None = None, per: float = 1, compare: str | None = None,
) -> Figure:
    """Amounts as bars from zero, hollow where they are not reached, each with its value.

    Examples
    --------
    >>> fig = bars({"a": 41.5, "b": 7}, title="A is larger", subtitle="Things, 2019, %", references={"limit": 35})
    >>> strings(fig, ticks=False)
    ['41.5', '7', 'limit 35', 'a', 'b', 'A is larger', 'Things, 2019, %']
    """
    frame = tidy(data, per, compare)
    names = labels_of(frame)
    standards = _standards(references, per, frame)
    fig, ax = _rows(names, extra=0.25 * bool(len(standards)))
    ax.set_xlim(*_limits(frame, standards["value"], zero=True))
    colours = palette(names, highlight) if highlight else dict.fromkeys(names, COLOURS[0])
    for item in frame.itertuples():
        y, colour = names.index(item.label), colours[item.label]
        filled = colour if STATUS[item.status][1] else "white"
        ax.barh(y, item.value, 0.62, color=filled, ec=colour, lw=1.6, zorder=2)
        end = item.upper if math.isfinite(item.upper) else item.value
        if item.lower < end:
            reach = [[item.value - max(item.lower, 0)], [end - item.value]]
            ax.errorbar(item.value, y, xerr=reach, fmt="none", ecolor=INK, elinewidth=1.6, capsize=3.5, zorder=3)
        _write(ax, shown(item, digits), (max(end, 0), y), (6, 0), bbox=PATCH if len(standards) else None)
    _scale(ax)
    _across(ax, standards)
    return finish(fig, title, subtitle, zh, _keys(frame))


@themed
def stacked(
    data, *, title: str, subtitle: str, zh: str = "", part: str = "part", digits: int | None = None,
    per: float = 1,
) -> Figure:
    """Each whole as one bar of full length, cut into its parts; a column ``text`` may say more in each part.

    Parts are drawn in the order of the rows, dark to light, at most three; each bar's sum is its whole, so
    wholes of different size, or of households and people, may stand below each other.

    Examples
    --------
    >>> rows = [row("firms", 5, part="paid"), row("firms", 15, part="not paid")]
    >>> values(stacked(rows, title="One in four was paid", subtitle="Firms, 2019, number"))
    [0, 25, 100]
    """
    frame = pd.concat([tidy(items, per) for _, items in pd.DataFrame(data).groupby("label", sort=False)])
    names, parts = labels_of(frame), labels_of(frame, part)
    if len(parts) > len(FILLS):
        raise LangfangError(f"stacked: {len(parts)} parts; expected {len(FILLS)} at most")
    fills = dict(zip(parts, FILLS if len(parts) > 2 else FILLS[::2], strict=False))
    wholes = frame.groupby("label", sort=False)["value"].sum()
    fig, ax = _rows([f"{name}\n{number(wholes[name], digits)}" for name in names], pitch=0.56)
    ax.set_xlim(0, 100)
    notes = []
    for y, name in enumerate(names):
        items, start = frame[frame["label"] == name], 0.0
        for item in items.itertuples():
            fill, ink = fills[getattr(item, part)]
            share = 100 * item.value / wholes[name]
            ax.barh(y, share, 0.66, left=start, color=fill, ec="white", lw=1.2)
            text = getattr(item, "text", None)
            said = text if isinstance(text, str) and text else shown(item, digits)
            notes.append(ax.text(start + share / 2, y, said, ha="center", va="center", color=ink, size=SMALL))
            start += share
    ax.set_xticks([])
    key = [Patch(facecolor=fill, label=name) for name, (fill, _) in fills.items()]
    return finish(fig, title, subtitle, zh, key, lambda: _inside(ax, notes))


def _inside(ax, notes) -> None:
    """Words that do not fit into their part go below it, as far as the bar reaches."""
    for note, bar in zip(notes, ax.patches, strict=True):
        room = extent(bar)
        if extent(note).width > room.width - 6:
            note.set(color=INK, va="top", y=note.get_position()[1] + 0.36)
            right = extent(note).x1 > ax.bbox.x1
            note.set(ha="right" if right else "left", x=100 if right else bar.get_x())


@themed
def slope(
    data, *, title: str, subtitle: str, zh: str = "", highlight=None, digits: int | None = None,
    per: float = 1, compare: str | None = "label",
) -> Figure:
    """Two periods, a line for each name from one to the other, with its values at the ends.

    Examples
    --------
    >>> rows = [row("Services", 47, period="2015"), row("Services", 57, period="2018")]
    >>> values(slope(rows, title="Services grew", subtitle="Langfang, share of GDP, 2015 and 2018, %"))
    [2015, 47, 2018, 57]
    """
    frame = tidy(data, per, compare)
    periods = sorted(labels_of(frame, "period"), key=year)
    if len(periods) != 2:
        raise LangfangError(f"slope: {len(periods)} periods; expected two")
    return _over_time(frame, title, subtitle, zh, highlight, digits, ends=True)


@themed
def lines(
    data, *, title: str, subtitle: str, zh: str = "", highlight=None, digits: int | None = None,
    per: float = 1, zero: bool = False, compare: str | None = "label",
) -> Figure:
    """Levels over time, a line for each name, dashed up to what is not reached.

    One line has a value at each point; of several, those that keep their colour are named at their end.

    Examples
    --------
    >>> rows = [row("Index", v, period=str(y)) for v, y in ((84.4, 2014), (88.6, 2015), (98.0, 2019))]
    >>> values(lines(rows, title="The index rose", subtitle="Langfang, 2014 to 2019, points"))
    [2014, 84.4, 2015, 88.6, 2019, 98]
    """
    return _over_time(tidy(data, per, compare), title, subtitle, zh, highlight, digits, zero)


def _over_time(frame, title, subtitle, zh, highlight, digits, zero=False, ends=False) -> Figure:
    names = labels_of(frame)
    colours = palette(names, highlight)
    frame["x"] = [year(period) for period in frame["period"]]
    few = ends or len(names) == 1
    fig, ((ax,),) = look.canvas(3.3)
    ax.set_ylim(*_limits(frame, zero=zero, air=0.1))
    ax.set_xlim(frame["x"].min() - 0.3, frame["x"].max() + 0.2)
    left, right = [], []
    for name in names:
        items = frame[frame["label"] == name].sort_values("x")
        loud, colour = colours[name] != CONTEXT, colours[name]
        rows = list(items.itertuples())
        for start, end in pairwise(rows):
            dashed = "-" if end.status == "actual" else "--"
            width = 2.4 if loud else 1.2
            ax.plot([start.x, end.x], [start.value, end.value], dashed, color=colour, lw=width, zorder=2 + loud)
        for item in rows if few else rows[-1:] if loud else ():
            _mark(ax, item.x, item.value, item, colour, along="y")
            side = right if item is rows[-1] else left if ends else None
            spot = (item.x, item.value)
            ink = INK if colour in (CONTEXT, COLOURS[3]) else colour  # too light for words
            if side is None:
                _write(ax, shown(item, digits), spot, (0, 9), colour=ink)
            else:
                told = shown(item, digits) if side is left or len(names) == 1 else f"{shown(item, digits)}  {name}"
                side.append(_write(ax, wrap(told, 2.2, SMALL), spot, (-9 if side is left else 9, 0), colour=ink))
    if ends:
        ax.set_xticks(sorted(frame["x"].unique()), sorted(labels_of(frame, "period"), key=year))
    else:
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        _scale(ax, "y")
    if ends:
        ax.set_yticks([])
    return finish(fig, title, subtitle, zh, _keys(frame), lambda: (_apart(left), _apart(right)))


@themed
def strip(
    data, *, title: str, subtitle: str, zh: str = "", group: str, highlight, digits: int | None = None,
    per: float = 1, references=None, compare: str | None = None,
) -> Figure:
    """All values of each `group` (a year, say) as grey dots on one line, `highlight` in colour with its value.

    Examples
    --------
    >>> rows = [row("Langfang", 2.1, when="2019"), row("Tangshan", 0.4, when="2019")]
    >>> values(strip(rows, group="when", highlight="Langfang", title="A", subtitle="B"))
    [2.1, 0.4]
    """
    frame = tidy(data, per, compare)
    groups, colours = labels_of(frame, group), palette(labels_of(frame), highlight)
    standards = _standards(references, per, frame)
    fig, ax = _rows([str(name) for name in groups], extra=0.25 * bool(len(standards)))
    ax.set_xlim(*_limits(frame, standards["value"]))
    for item in frame.itertuples():
        y, loud = groups.index(getattr(item, group)), colours[item.label] != CONTEXT
        size, alpha = (MARK + 1, 1) if loud else (MARK - 1, 0.55)
        ax.plot(item.value, y, "o", color=colours[item.label], ms=size, alpha=alpha, mew=0, zorder=3 + loud)
        if loud:
            _write(ax, shown(item, digits), (item.value, y), (0, 6), colour=colours[item.label])
    _scale(ax)
    _across(ax, standards)
    key = [
        Line2D([], [], ls="", marker="o", ms=MARK, color=colours[name], label=name)
        for name in colours if colours[name] != CONTEXT
    ]  # fmt: skip
    return finish(fig, title, subtitle, zh, key)


@themed
def timeline(
    data, *, title: str, subtitle: str, zh: str = "", group: str, x: str = "period", highlight=None
) -> Figure:
    """How many rows of each `group` fall into each year, as dots of that size with their number.

    Rows without a period stand in a column of their own, on the right; years without any row are left out.

    Examples
    --------
    >>> rows = pd.DataFrame({"theme": ["reform", "reform", "air"], "period": ["", "", "2018"]})
    >>> fig = timeline(rows, group="theme", title="Reform has no dates", subtitle="Figures by year, number")
    >>> strings(fig)[-5:]
    ['no date', 'reform', 'air', 'Reform has no dates', 'Figures by year, number']
    """
    frame = pd.DataFrame(data)
    undated = word("undated")
    when = frame[x].fillna("").map(lambda period: str(math.floor(year(period))) if period else undated)
    table = pd.crosstab(frame[group], when).reindex(labels_of(frame, group))
    spots = sorted(table.columns, key=lambda name: (name == undated, name))
    colours = palette(list(table.index), highlight) if highlight else dict.fromkeys(table.index, COLOURS[0])
    fig, ax = _rows(list(table.index), pitch=0.46)
    for y, (name, counts) in enumerate(table[spots].iterrows()):
        for place, count in enumerate(counts):
            if count:
                ax.scatter(place, y, s=24 * count + 90, color=colours[name], alpha=0.3, lw=0, clip_on=False)
                ax.text(place, y, str(count), ha="center", va="center", size=SMALL, zorder=5)
    short = [name if len(spots) < 9 or name == undated else f"'{name[2:]}" for name in spots]
    ax.set_xticks(range(len(spots)))
    ax.xaxis.set_major_formatter(FixedFormatter(short))
    ax.set_xlim(-0.6, len(spots) - 0.4)
    ax.xaxis.tick_top()
    return finish(fig, title, subtitle, zh)


@themed
def contradictions(rows, *, title: str, subtitle: str, zh: str = "") -> Figure:
    """What a report prints beside what its own figures give, and what would explain the difference.

    Parameters
    ----------
    rows : list of dict
        ``what`` (the subject), ``prints`` and ``gives`` (short: a figure, a name), ``because`` (where ``gives``
        comes from) and ``explained`` (what would explain it); all texts.

    Examples
    --------
    >>> fig = contradictions(
    ...     [{"what": "Share", "prints": "87.23 %", "gives": "86.87 %", "because": "1,680 of 1,934", "explained": ""}],
    ...     title="The shares do not fit", subtitle="Langfang, 2020",
    ... )
    >>> strings(fig)[:3]
    ['The report prints', 'Its own figures give', 'Share']
    """
    inner = WIDTH - 2 * look.PAD
    half = inner / 2
    fig, ((ax,),) = look.canvas(1)
    down = 0.0
    for place, item in enumerate(rows):
        if place == 0:
            for left, key, colour in ((0, "prints", COLOURS[2]), (half, "gives", COLOURS[0])):
                ax.text(left, 0.1, word(key), size=SMALL, color=colour, va="center")
            down = 0.32
        ax.plot([0, inner], [down, down], color=GRID, lw=1)
        down = _told(ax, 0, down + 0.08, item["what"], TEXT, INK, inner) + 0.06
        for left, key, colour in ((0, "prints", COLOURS[2]), (half, "gives", COLOURS[0])):
            size = 22 if text_width(item[key], 22) < half - 0.2 else TEXT
            ax.text(left, down + 0.2, item[key], size=size, color=colour, va="center")
        ax.text(half - 0.12, down + 0.2, "≠", size=18, color=MUTED, va="center", ha="right")
        down = _told(ax, half, down + 0.42, item["because"], SMALL, MUTED, half) + 0.04
        down = _told(ax, 0, down, item["explained"], SMALL, INK, inner) + 0.12
    ax.set(xlim=(0, inner), ylim=(down, 0))
    ax.axis("off")
    fig.set_size_inches(WIDTH, down)
    return finish(fig, title, subtitle, zh)


def _told(ax, left, down, text, size, colour, width) -> float:
    """Write a paragraph whose top is `down` inches from the top; returns where it ends."""
    if not text:
        return down
    folded = wrap(text, width, size)
    ax.text(left, down, folded, size=size, color=colour, va="top", linespacing=1.2)
    return down + (folded.count("\n") + 1) * size * 1.35 / 72


@themed
def register_sizes(rows, *, title: str, subtitle: str, zh: str = "", reach: int = 12) -> Figure:
    """A counted part as a share of a whole of possible sizes, against the share that is printed.

    Each panel has a dot for every whole number around the printed size; the band is the printed share with
    its rounding. Sizes that fit are filled; the printed size is named, and so are those that fit.

    Parameters
    ----------
    rows : list of dict
        ``label``, ``part`` and ``whole`` (counts) and ``share`` (a Quantity in %), two at most.
    reach : int
        How many sizes are drawn beyond the printed and the fitting ones.

    Examples
    --------
    >>> from langfang.printed.quantity import Quantity
    >>> share = Quantity("87.23", "87.225", "87.235", "%")
    >>> panel = {"label": "Households", "part": 1680, "whole": 1934, "share": share}
    >>> fig = register_sizes([panel], title="A smaller register fits", subtitle="Langfang, 2019")
    >>> strings(fig, ticks=False)[:3]
    ['1,926 fits', '1,934 as printed: 86.87', '87.23 as printed']
    """
    fig, axes = look.canvas(3.0, columns=len(rows))
    for ax, item in zip(axes[0], rows, strict=True):
        part, whole, share = float(item["part"]), int(float(item["whole"])), item["share"]
        low, high = float(share.lower), float(share.upper)
        fitting = [n for n in range(max(1, int(part)), 3 * whole) if low <= 100 * part / n <= high]
        sizes = range(min([whole, *fitting]) - reach, max([whole, *fitting]) + reach + 1)
        shares = [100 * part / n for n in sizes]
        ax.axhspan(low, high, color=COLOURS[3], alpha=0.3, lw=0)
        ax.plot(sizes, shares, "o", ms=3.2, color=CONTEXT, zorder=2)
        for n in fitting:
            ax.plot(n, 100 * part / n, "o", ms=MARK, color=COLOURS[0], zorder=4)
        ax.plot(whole, 100 * part / whole, "X", ms=MARK + 1, color=COLOURS[2], zorder=4)
        if fitting:
            _write(ax, f"{number(fitting[0])} fits", (fitting[0], 100 * part / fitting[0]), (-9, -6), COLOURS[0], va="top", ha="right")
        told = f"{number(whole)} as printed: {100 * part / whole:.2f}"
        _write(ax, told, (whole, 100 * part / whole), (-9, -6), COLOURS[2], va="top", ha="right")
        _write(ax, f"{float(share.value):.2f} as printed", (sizes[-1], high), (0, 3), MUTED, ha="right")
        ax.set_title(item["label"])
        ax.margins(x=0.02, y=0.12)
        _scale(ax, "x", 3)
        _scale(ax, "y", 4)
    return finish(fig, title, subtitle, zh)
