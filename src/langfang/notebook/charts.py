"""Charts in one look: what was reached is filled, a target is a diamond, a forecast hollow, a standard a bar.

Each function takes rows and returns a matplotlib figure for `langfang.show`; a visitor goes on with its axes.
Rows are a dict or Series of Quantities or numbers by name, a frame (``label``, ``value``; where present
``lower``, ``upper``, ``unit``, ``bound``, ``status``, ``period``, ``vintage``; a column ``quantity`` gives
value, range, unit and status), or a list of `row`.
For a chart of another kind draw within `theme`, on a `canvas` that `finish` gives its titles.

In common: ``title`` is the finding, ``subtitle`` what, where, when and unit, ``zh`` the title in Chinese;
``per`` divides (1e9 for billions: say so in the subtitle), ``digits`` are the decimals of
labels (by default those that the rounding bears), ``highlight`` keeps its colour while the rest is grey,
``references`` are one or two standards drawn across. One unit and one vintage must hold for what is compared.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import SupportsFloat

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from langfang.errors import LangfangError
from langfang.notebook import look
from langfang.notebook.look import COLOURS, CONTEXT, INK, canvas, digest, finish, strings, svg, theme, values
from langfang.printed.period import position
from langfang.printed.wording import decimals, number

__all__ = [
    "COLOURS", "CONTEXT", "GRID", "INK", "MUTED", "bars", "canvas", "digest", "dots", "finish", "lines",
    "row", "scale", "stacked", "strings", "svg", "theme", "values",
]  # fmt: skip
GRID, MUTED = look.GRID, look.MUTED  # of rules, and of small words
Rows = dict | pd.Series | pd.DataFrame | list
Names = str | list[str] | None
ASIDE = 2.1  # inches for the names on the left
SIGNS = {"about": "≈", "nearly": "≈", "at_least": "≥", "more_than": ">", "over": ">", "at_most": "≤"}


@theme()
def dots(
    data: Rows, *, title: str, subtitle: str, zh: str = "", group: str | None = None, joined: bool = False,
    gap: str | None = None, references: dict | None = None, highlight: Names = None,
    digits: int | None = None, per: float = 1, zero: bool = False,
) -> Figure:  # fmt: skip
    """Values on one axis, a line per name, a colour per `group`; `joined` draws what lies between them.

    `gap` is a format (``"{:+.2f}"``) of the difference between a line's last and first row, written between.

    >>> values(dots({"a": 41.5, "b": 7}, title="A is larger", subtitle="Things, 2019, %"))
    [41.5, 7]
    """
    frame = _tidy(data, per)
    names, groups = list(frame["label"].unique()), list(frame[group].unique()) if group else [None]
    colours = _palette(names if highlight else groups, highlight)
    widest = max(look.text_width(_shown(item, digits), look.SMALL) for item in frame.itertuples())
    left = widest + 0.2 if len(names) < len(frame) else 0
    fig, ax = _lines_of(names, frame, references, per, zero, 0.52 if gap else 0.4, left)
    for y, name in enumerate(names):
        items = frame[frame["label"] == name]
        if joined:
            ax.plot([items["value"].min(), items["value"].max()], [y, y], color=GRID, lw=4, zorder=1)
        for place, item in enumerate(items.sort_values("value").itertuples()):
            colour = colours[name if highlight else getattr(item, group) if group else None]
            _mark(ax, item.value, y, item, colour)
            if place == len(items) - 1:
                end, shift = item.upper, (9, 0)
            else:
                end, shift = (item.value, (0, 8)) if place else (item.lower, (-9, 0))
            if not math.isfinite(end):  # beyond the arrow
                end, shift = item.value, (shift[0] * 4, 0)
            _write(ax, _shown(item, digits), (end, y), shift)
        if gap and len(items) > 1:
            told = gap.format(items["value"].iloc[-1] - items["value"].iloc[0]).replace("-", "−")
            _write(ax, told, (items["value"].mean(), y), (0, 6), colour=MUTED)
    return finish(fig, title, subtitle, zh, _key(frame, colours, group))


@theme()
def bars(
    data: Rows, *, title: str, subtitle: str, zh: str = "", references: dict | None = None,
    highlight: Names = None, digits: int | None = None, per: float = 1,
) -> Figure:  # fmt: skip
    """Amounts as bars from zero, hollow where they are not reached, each with its value.

    >>> fig = bars({"a": 41.5}, references={"limit": 35}, title="A", subtitle="Things, 2019, %")
    >>> strings(fig, ticks=False)
    ['limit 35', '41.5', 'a', 'A', 'Things, 2019, %']
    """
    frame = _tidy(data, per)
    frame["lower"] = frame["lower"].where(frame["value"] < 0, frame["lower"].clip(lower=0))
    names = list(frame["label"].unique())
    fig, ax = _lines_of(names, frame, references, per, zero=True)
    colours = _palette(names, highlight) if highlight else dict.fromkeys(names, COLOURS[0])
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if references else None
    for item in frame.itertuples():
        y, ink = names.index(item.label), colours[item.label]
        ax.barh(y, item.value, 0.62, color=_sign(item.status, ink)["mfc"], ec=ink, lw=1.6, zorder=2)
        low, high = (end if math.isfinite(end) else item.value for end in (item.lower, item.upper))
        if low < high:
            style = {"fmt": "none", "ecolor": INK, "elinewidth": 1.6, "capsize": 3.5, "zorder": 3}
            ax.errorbar(item.value, y, xerr=[[item.value - low], [high - item.value]], **style)
        _write(ax, _shown(item, digits), (max(high, 0), y), (6, 0), bbox=behind)
    return finish(fig, title, subtitle, zh, _key(frame, bars=True))


@theme()
def stacked(data: Rows, *, title: str, subtitle: str, zh: str = "", digits: int | None = None) -> Figure:
    """Each whole as one bar of full length, cut by column ``part`` into three at most.

    Each bar's sum is its whole and stands below its name: wholes of different units may be shown together.
    A column ``text`` may say more than the value.

    >>> rows = [row("firms", 5, part="paid"), row("firms", 15, part="not paid")]
    >>> values(stacked(rows, title="One in four was paid", subtitle="Firms, 2019, number"))
    [0, 25, 100]
    """
    frame = pd.concat([_tidy(items) for _, items in pd.DataFrame(data).groupby("label", sort=False)])
    names, parts = list(frame["label"].unique()), list(frame["part"].unique())
    if len(parts) > len(look.FILLS):
        raise LangfangError(f"stacked: {len(parts)} parts; expected {len(look.FILLS)} at most")
    fills = dict(zip(parts, look.FILLS if len(parts) > 2 else look.FILLS[::2], strict=False))
    wholes = frame.groupby("label", sort=False)["value"].sum()
    frame["share"] = 100 * frame["value"] / frame["label"].map(wholes)
    frame["start"] = frame.groupby("label")["share"].cumsum() - frame["share"]
    fig, ax = _named([f"{name}\n{number(wholes[name], digits)}" for name in names], 0.56, 0.1)
    ax.set(xlim=(0, 100), xticks=[])
    notes = []
    for item in frame.itertuples():
        y, (fill, ink) = names.index(item.label), fills[item.part]
        ax.barh(y, item.share, 0.66, left=item.start, color=fill, ec="white", lw=1.2)
        style = {"ha": "center", "va": "center", "color": ink, "size": look.SMALL}
        notes.append(ax.text(item.start + item.share / 2, y, item.text or _shown(item, digits), **style))
    entries = [Patch(facecolor=fill, label=name) for name, (fill, _) in fills.items()]
    return finish(fig, title, subtitle, zh, entries, lambda: _inside(ax, notes))


def _inside(ax, notes) -> None:
    """Words that do not fit into their part go below it, as far as the bar reaches."""
    for note, bar in zip(notes, ax.patches, strict=True):
        if note.get_window_extent().width > bar.get_window_extent().width - 6:
            note.set(color=INK, va="top", y=note.get_position()[1] + 0.36)
            right = note.get_window_extent().x1 > ax.bbox.x1
            note.set(ha="right" if right else "left", x=100 if right else bar.get_x())


@theme()
def lines(
    data: Rows, *, title: str, subtitle: str, zh: str = "", highlight: Names = None, digits: int | None = None
) -> Figure:  # fmt: skip
    """Levels over time, a line for each name, dashed up to what is not reached.

    One line has a value at each point; of several, those that keep their colour are named at their end. Of
    two periods all have their values at both.

    >>> rows = [row("Index", v, period=str(y)) for v, y in ((84.4, 2014), (88.6, 2015), (98.0, 2019))]
    >>> values(lines(rows, title="The index rose", subtitle="Langfang, 2014 to 2019, points"))
    [2014, 84.4, 2015, 88.6, 2019, 98]
    """
    frame = _tidy(data, by="label")
    frame["x"] = [position(period) for period in frame["period"]]
    colours = _palette(list(frame["label"].unique()), highlight)
    periods = sorted(frame["period"].unique(), key=position)
    fig, ax = canvas(3.3)
    ax.set(ylim=_limits(frame, air=0.1), xlim=(frame["x"].min() - 0.3, frame["x"].max() + 0.2))
    if len(periods) == 2:
        ax.set(xticks=[position(period) for period in periods], xticklabels=periods, yticks=[])
    else:
        ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
        scale(ax, "y")
    left, right = [], []
    for name, colour in colours.items():
        rows, loud = list(frame[frame["label"] == name].sort_values("x").itertuples()), colour != CONTEXT
        ink = INK if colour in (CONTEXT, COLOURS[3]) else colour  # too light for words
        for start, end in pairwise(rows):
            dash, width = "-" if end.status == "actual" else "--", 2.4 if loud else 1.2
            ax.plot([start.x, end.x], [start.value, end.value], dash, color=colour, lw=width, zorder=2 + loud)
        for item, after in zip(rows, [*rows[1:], None], strict=True):
            if not (len(periods) == 2 or len(colours) == 1 or (loud and item is rows[-1])):
                continue
            _mark(ax, item.x, item.value, item, colour, along="y")
            told, spot = _shown(item, digits), (item.x, item.value)
            if item is rows[-1]:
                told = told if len(colours) == 1 else look.wrap(f"{told}  {name}", 2.2, look.SMALL)
                right.append(_write(ax, told, spot, (9, 0), ink))
            elif len(periods) == 2:
                left.append(_write(ax, told, spot, (-9, 0), ink))
            else:  # a line that rises fast would cross a label above its start
                dx, dy = np.subtract(*ax.transData.transform([(after.x, after.value), spot]))
                _write(ax, told, spot, (9, -3) if dy > 0.7 * dx else (0, 9), ink)
    return finish(fig, title, subtitle, zh, _key(frame), lambda: (_apart(left), _apart(right)))


# ---- rows ----


def row(label: str, quantity: SupportsFloat, status: str | None = None, **more: object) -> dict:
    """One row of chart data: a name, a Quantity or plain number, and what else it needs (period, vintage …).

    >>> row("Langfang", 52, period="2018")["value"]
    52.0
    """
    value = float(getattr(quantity, "value", quantity))
    ends = {end: float(getattr(quantity, end, value)) for end in ("lower", "upper")}
    unit, status = getattr(quantity, "unit", ""), status or getattr(quantity, "status", "") or "actual"
    return {"label": label, "value": value, **ends, "unit": unit, "status": status, **more}


def _tidy(data, per: float = 1, by: str | None = None, units=()) -> pd.DataFrame:
    """Any accepted form of chart data as a frame with every column that a chart reads.

    One unit must hold, for `units` too; none, and 1, meet any. One vintage must hold within each group of
    column `by`; without `by` among the rows that have one, for a row without is the report's own.
    """
    if isinstance(data, dict | pd.Series):
        data = [row(str(label), quantity) for label, quantity in data.items()]
    if not isinstance(data, pd.DataFrame | list):
        raise LangfangError(f"chart: {data!r}; expected a dict, a Series, a frame or a list of rows")
    frame = pd.DataFrame(data).reset_index(drop=True)
    if frame.empty:
        raise LangfangError("chart: no rows; expected at least one")
    if "quantity" in frame and "value" not in frame:
        rows = pd.DataFrame([row("", quantity) for quantity in frame["quantity"]])
        frame = frame.assign(**rows.drop(columns="label"))
    if "value" not in frame:
        raise LangfangError(f"chart: no column 'value' among {', '.join(frame.columns)}")
    frame["unit"] = frame.get("base_unit", frame.get("unit", ""))  # values of lf.load() are in base units
    plain = {"unit": "", "status": "actual", "vintage": "", "bound": "", "text": ""}
    usual = plain | {"label": frame.get("name_en", ""), "lower": frame["value"], "upper": frame["value"]}
    frame = frame.assign(**usual | dict(frame)).fillna(plain)
    ends = ["value", "lower", "upper"]
    frame[ends] = frame[ends].astype(float) / per
    for place in frame.index[frame["value"].isna()]:
        raise LangfangError(f"chart: row {place} ({frame['label'][place]}) has no value; expected a number")
    stated = [unit for unit in dict.fromkeys([*units, *frame["unit"]]) if unit not in ("", "1")]
    if len(stated) > 1:
        raise LangfangError(f"chart: {stated[0]!r} and {stated[1]!r} meet on one axis; expected one unit")
    for _, group in frame.groupby(by, sort=False) if by else [(None, frame[frame["vintage"] != ""])]:
        first = group.drop_duplicates("vintage")
        if len(first) > 1:
            a, b = (f"{r.label} ({r.vintage or 'no vintage stated'})" for r in first.head(2).itertuples())
            raise LangfangError(f"{a} and {b} differ in vintage; expected one basis for what is compared")
    return frame


def _shown(item, digits: int | None = None) -> str:
    """A row's value as its label, with the bound the source gives it (≥, ≤, >, ≈)."""
    places = decimals(item.value, item.lower, item.upper) if digits is None else digits
    if item.bound:
        sign = SIGNS.get(item.bound, "")
    elif item.upper == math.inf:  # worked out: what its range is open to
        sign = "≥"
    elif item.lower == item.value < item.upper:
        sign = ">"
    else:
        sign = "≤" if item.lower < item.upper == item.value else ""
    return sign + number(item.value, places)


# ---- axes, marks and words ----


def _lines_of(names, frame, references=None, per=1.0, zero=False, pitch=0.4, left=0.0):
    """Axes with one line per name, the first on top, a scale that holds the frame, and standards across.

    `left` is room in inches for labels on the left of the smallest value.
    """
    standards = frame.iloc[:0] if references is None else _tidy(references, per, units=frame["unit"])
    if len(standards) > 2:
        raise LangfangError(f"references: {len(standards)} lines; expected two at most")
    fig, ax = _named(names, pitch, 0.25 * bool(len(standards)))
    low, high = _limits(frame, standards["value"], zero)
    if left:
        low = min(low, frame["value"].min() - (high - low) * left / (look.WIDTH - 2.8))
    ax.set_xlim(low, high)
    scale(ax)
    for place, item in enumerate(standards.sort_values("value").itertuples()):
        # With a white edge it is seen on a dark bar too.
        ax.axvline(
            item.value,
            color=INK,
            lw=1.6,
            zorder=2.5,
            path_effects=[withStroke(linewidth=4, foreground="white")],
        )
        leftward = place == 0 and (len(standards) == 2 or item.value > (low + high) / 2)
        top = {"xycoords": ax.get_xaxis_transform(), "va": "baseline", "ha": "right" if leftward else "left"}
        _write(ax, f"{item.label} {_shown(item)}", (item.value, 1), (-3 if leftward else 3, 6), **top)
    return fig, ax


def _named(names, pitch=0.4, extra=0.0):
    """Axes with one line per name, and nothing else."""
    folded = [look.wrap(name, ASIDE) for name in names]
    tallest = max(text.count("\n") for text in folded) + 1
    fig, ax = canvas(max(pitch, 0.22 * tallest + 0.12) * len(names) + 0.4 + extra)
    ax.set_yticks(range(len(names)), folded)
    ax.tick_params(axis="y", labelsize=look.TEXT, labelcolor=INK, pad=6)
    ax.set_ylim(len(names) - 0.5, -0.5)
    return fig, ax


def scale(ax: Axes, axis: str = "x", bins: int = 5) -> None:
    """Few round ticks with light rules."""
    side = getattr(ax, f"{axis}axis")
    side.set_major_locator(MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10]))
    side.set_major_formatter(FuncFormatter(lambda v, _: number(round(v, 6))))
    ax.grid(True, axis=axis)


def _limits(frame, others=(), zero=False, air=0.06) -> tuple:
    """Axis limits that hold every value and finite end, with a little air."""
    numbers = [*frame[["value", "lower", "upper"]].to_numpy().ravel(), *others, *([0] if zero else [])]
    finite = [v for v in numbers if math.isfinite(v)]
    low, high = min(finite), max(finite)
    margin = (high - low) * air or abs(high) * air or 1
    return (0 if zero and low == 0 else low - margin), (0 if zero and high == 0 else high + margin)


def _sign(status: str, colour: str) -> dict:
    """How a mark of a status looks."""
    shape, filled, _ = look.STATUS[status]
    ink, size = (INK, 15) if status == "norm" else (colour, look.MARK - (shape == "D"))
    fill = ink if filled else "white"
    return {"marker": shape, "ms": size, "mew": 2.0, "mfc": fill, "mec": ink, "color": ink}


def _mark(ax, x, y, item, colour: str, along: str = "x") -> None:
    """Draw one figure in the look of its status, with its range; an open end runs on as an arrow."""
    ends = np.clip([item.value - item.lower, item.upper - item.value], 0, None)
    is_open = ~np.isfinite(ends)
    reach = np.where(is_open, 0.07 * np.ptp(getattr(ax, f"get_{along}lim")()), ends)[:, None]
    # matplotlib calls an error bar that runs on upwards a lower limit.
    names = ("xuplims", "xlolims") if along == "x" else ("uplims", "lolims")
    error = {f"{along}err": reach} | dict(zip(names, is_open, strict=True)) if reach.any() else {}
    style = {"elinewidth": 1.6, "capsize": 3.5, "zorder": 4, "clip_on": False, **_sign(item.status, colour)}
    ax.errorbar(x, y, ls="none", **style, **error)


def _write(ax, text, spot, shift=(8, 0), colour=INK, **more):
    """Words beside a place in the data, on the side that `shift` (points) leads to."""
    side = {1: "left", 0: "center", -1: "right"}[int(np.sign(shift[0]))]
    high = "center" if shift[0] else "bottom" if shift[1] > 0 else "top"
    usual = {"ha": side, "va": high, "color": colour, "size": look.SMALL, "zorder": 5}
    return ax.annotate(text, spot, shift, textcoords="offset points", annotation_clip=False, **usual | more)


def _key(frame, colours=None, group: str | None = None, bars: bool = False) -> list:
    """Entries of the key: each group in its colour, each status in its look; none if all was reached."""
    groups = frame[group] if group else [""] * len(frame)
    pairs = list(dict.fromkeys(zip(groups, frame["status"], strict=True)))
    if not group:
        pairs.sort(key=lambda pair: list(look.STATUS).index(pair[1]))
    if pairs == [("", "actual")]:
        return []
    several = len({name for name, _ in pairs}) < len(pairs)
    entries = []
    for name, status in pairs:
        word = look.STATUS[status][2][look.language.get()]
        told = word if not name else f"{name}, {word}" if several else name
        style = _sign(status, (colours or {}).get(name, COLOURS[0]))
        if bars:
            entries.append(Patch(fc=style["mfc"], ec=style["mec"], lw=1.6, label=told))
        else:
            entries.append(Line2D([], [], ls="", label=told, **style | {"ms": min(style["ms"], 12)}))
    return entries


def _palette(names, highlight=None) -> dict:
    """A colour for each name; with `highlight` the others step back to grey."""
    if highlight is None and len(names) <= len(COLOURS):
        return dict(zip(names, COLOURS, strict=False))
    loud = [highlight] if isinstance(highlight, str) else list(highlight or names[:1])
    if odd := [name for name in loud if name not in names]:
        raise LangfangError(f"highlight {odd[0]!r}: expected one of {', '.join(map(str, names))}")
    return {name: COLOURS[loud.index(name) % len(COLOURS)] if name in loud else CONTEXT for name in names}


def _apart(notes, gap: float = 15.5) -> None:
    """Move labels up and down, by equal shares, until each has `gap` points to the next."""
    spots = [note.axes.transData.transform(note.xy)[1] * 72 / note.figure.dpi for note in notes]
    places = dict(enumerate(spots))
    order = sorted(places, key=lambda n: (spots[n], -n))
    for _ in range(300):
        for low, high in pairwise(order):
            short = gap - (places[high] - places[low])
            if short > 0.01:
                places[low], places[high] = places[low] - short / 2, places[high] + short / 2
    for n, note in enumerate(notes):
        note.set_position((note.xyann[0], places[n] - spots[n]))
