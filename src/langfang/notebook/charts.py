"""Charts in one look: what was reached is filled, a target is a diamond, a forecast hollow, a standard a bar.

Each function takes rows and returns a matplotlib figure for `langfang.show`; a visitor goes on with its axes.
Rows are a dict or Series of Quantities or numbers by name, a frame (``label``, ``value``; where present
``quantity``, ``lower``, ``upper``, ``unit``, ``status``, ``period``, ``vintage``), or a list of `row`.
For a chart of another kind draw within `theme`, on a `canvas` that `finish` gives its titles.

In common: ``title`` is the finding, ``subtitle`` what, where, when and unit, ``zh`` the title in Chinese;
``per`` divides (1e9 for billions: the subtitle then says so), ``digits`` are the decimals of
labels (by default those that the rounding bears), ``highlight`` keeps its colour while the rest is grey,
``references`` are one or two standards drawn across. One unit and one vintage must hold for what is compared.
"""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from langfang.errors import LangfangError
from langfang.notebook import look, marks
from langfang.notebook.look import COLOURS, CONTEXT, INK, canvas, digest, finish, strings, svg, theme, values
from langfang.notebook.marks import each, key, lines_of, mark, row, scale, shown, tidy, write
from langfang.printed.period import position
from langfang.printed.wording import number

__all__ = [
    "COLOURS", "CONTEXT", "INK", "bars", "canvas", "digest", "dots", "finish", "lines", "row", "scale",
    "stacked", "strings", "svg", "theme", "values",
]  # fmt: skip
Rows = dict | pd.Series | pd.DataFrame | list
Names = str | list[str] | None


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
    frame = tidy(data, per)
    names, groups = each(frame), each(frame, group) if group else [None]
    colours = marks.palette(names if highlight else groups, highlight)
    widest = max(look.text_width(shown(item, digits), look.SMALL) for item in frame.itertuples())
    left = widest + 0.2 if len(names) < len(frame) else 0
    fig, ax = lines_of(names, frame, references, per, zero, 0.52 if gap else 0.4, left)
    for y, name in enumerate(names):
        items = frame[frame["label"] == name]
        if joined:
            ax.plot([items["value"].min(), items["value"].max()], [y, y], color=look.GRID, lw=4, zorder=1)
        for place, item in enumerate(items.sort_values("value").itertuples()):
            colour = colours[name if highlight else getattr(item, group) if group else None]
            mark(ax, item.value, y, item, colour)
            first, last = place == 0 and len(items) > 1, place == len(items) - 1
            end = item.lower if first else item.upper if last else item.value
            shift = (-9, 0) if first else (9, 0) if last else (0, 8)
            if not math.isfinite(end):  # beyond the arrow
                end, shift = item.value, (shift[0] * 4, 0)
            write(ax, shown(item, digits), (end, y), shift)
        if gap and len(items) > 1:
            told = gap.format(items["value"].iloc[-1] - items["value"].iloc[0]).replace("-", "−")
            write(ax, told, (items["value"].mean(), y), (0, 6), colour=look.MUTED)
    return finish(fig, title, subtitle, zh, key(frame, colours, group))


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
    frame = tidy(data, per)
    above = frame["value"] >= 0
    frame["lower"] = frame["lower"].mask(above, frame["lower"].clip(lower=0))  # where bars begin
    names, colour = each(frame), COLOURS[0]
    fig, ax = lines_of(names, frame, references, per, zero=True)
    colours = marks.palette(names, highlight) if highlight else dict.fromkeys(names, colour)
    patch = marks.PATCH if references is not None else None
    for item in frame.itertuples():
        y, ink = names.index(item.label), colours[item.label]
        ax.barh(y, item.value, 0.62, color=_fill(item.status, ink), ec=ink, lw=1.6, zorder=2)
        low, high = (end if math.isfinite(end) else item.value for end in (item.lower, item.upper))
        if low < high:
            style = {"fmt": "none", "ecolor": INK, "elinewidth": 1.6, "capsize": 3.5, "zorder": 3}
            ax.errorbar(item.value, y, xerr=[[item.value - low], [high - item.value]], **style)
        write(ax, shown(item, digits), (max(high, 0), y), (6, 0), bbox=patch)
    found = [status for status in look.STATUS if status in set(frame["status"])]
    keys = [Patch(fc=_fill(one, colour), ec=colour, lw=1.6, label=look.word(one)) for one in found]
    return finish(fig, title, subtitle, zh, keys if found != ["actual"] else [])


def _fill(status: str, colour: str) -> str:
    return colour if look.STATUS[status][1] else "white"


@theme()
def stacked(
    data: Rows, *, title: str, subtitle: str, zh: str = "", digits: int | None = None
) -> Figure:  # fmt: skip
    """Each whole as one bar of full length, cut by column ``part`` into three at most.

    Each bar's sum is its whole and stands below its name: wholes of different units may be shown together.
    A column ``text`` may say more than the value.

    >>> rows = [row("firms", 5, part="paid"), row("firms", 15, part="not paid")]
    >>> values(stacked(rows, title="One in four was paid", subtitle="Firms, 2019, number"))
    [0, 25, 100]
    """
    frame = pd.concat([tidy(items) for _, items in pd.DataFrame(data).groupby("label", sort=False)])
    names, parts = each(frame), each(frame, "part")
    if len(parts) > len(look.FILLS):
        raise LangfangError(f"stacked: {len(parts)} parts; expected {len(look.FILLS)} at most")
    fills = dict(zip(parts, look.FILLS if len(parts) > 2 else look.FILLS[::2], strict=False))
    wholes = frame.groupby("label", sort=False)["value"].sum()
    fig, ax = marks.named([f"{name}\n{number(wholes[name], digits)}" for name in names], 0.56, 0.1)
    ax.set(xlim=(0, 100), xticks=[])
    notes, starts = [], dict.fromkeys(names, 0.0)
    for item in frame.itertuples():
        y, (fill, ink), start = names.index(item.label), fills[item.part], starts[item.label]
        share = 100 * item.value / wholes[item.label]
        ax.barh(y, share, 0.66, left=start, color=fill, ec="white", lw=1.2)
        text = getattr(item, "text", None)
        text = text if isinstance(text, str) and text else shown(item, digits)
        style = {"ha": "center", "va": "center", "color": ink, "size": look.SMALL}
        notes.append(ax.text(start + share / 2, y, text, **style))
        starts[item.label] += share
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
    frame = tidy(data, by="label")
    frame["x"] = [position(period) for period in frame["period"]]
    colours, periods = marks.palette(each(frame), highlight), sorted(each(frame, "period"), key=position)
    fig, ax = canvas(3.3)
    ax.set(ylim=marks.limits(frame, air=0.1), xlim=(frame["x"].min() - 0.3, frame["x"].max() + 0.2))
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
            mark(ax, item.x, item.value, item, colour, along="y")
            told, spot = shown(item, digits), (item.x, item.value)
            if item is rows[-1]:
                told = told if len(colours) == 1 else look.wrap(f"{told}  {name}", 2.2, look.SMALL)
                right.append(write(ax, told, spot, (9, 0), ink))
            elif len(periods) == 2:
                left.append(write(ax, told, spot, (-9, 0), ink))
            else:
                write(ax, told, spot, (9, -3) if _is_steep(ax, item, after) else (0, 9), ink)
    placed = lambda: (marks.apart(left), marks.apart(right))  # noqa: E731
    return finish(fig, title, subtitle, zh, key(frame), placed)


def _is_steep(ax, start, end) -> bool:
    """Whether a line rises so fast that it would cross a label above its start."""
    (x0, y0), (x1, y1) = ax.transData.transform([(start.x, start.value), (end.x, end.value)])
    return y1 - y0 > 0.7 * (x1 - x0)
