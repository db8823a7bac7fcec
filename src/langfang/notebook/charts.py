"""Charts in one look: what was reached is filled, a target is a diamond, a forecast hollow, a standard a bar.

Each function takes rows and returns a matplotlib figure for `langfang.show`; a visitor goes on with its axes.
Rows are a dict or Series of Quantities or numbers by name, a frame (``label``, ``value``; where present
``quantity``, ``lower``, ``upper``, ``unit``, ``status``, ``period``, ``vintage``), or a list of `row`.

In common: ``title`` is the finding, ``subtitle`` what, where, when and unit, ``zh`` the title in Chinese;
``per`` divides (1e9 for billions: the subtitle then says so), ``digits`` are the decimals of
labels (by default those that the rounding bears), ``highlight`` keeps its colour while the rest is grey,
``references`` are one or two standards drawn across, ``compare`` is the column within whose groups one
vintage must hold (by default all that is drawn must share one).
"""

from __future__ import annotations

import math
from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedFormatter, MaxNLocator

from langfang.errors import LangfangError
from langfang.notebook import look, marks
from langfang.notebook.look import COLOURS, CONTEXT, INK, digest, finish, strings, svg, theme, themed, values
from langfang.notebook.marks import each, key, lines_of, mark, pick, row, scale, shown, tidy, write
from langfang.printed.period import position
from langfang.printed.wording import number

__all__ = [
    "bars", "contradictions", "digest", "dots", "lines", "pick", "register_sizes", "row", "slope", "stacked",
    "strings", "strip", "svg", "theme", "timeline", "values",
]  # fmt: skip
Rows = dict | pd.Series | pd.DataFrame | list
Names = str | list[str] | None


@themed
def dots(
    data: Rows, *, title: str, subtitle: str, zh: str = "", group: str | None = None, joined: bool = False,
    gap: str | None = None, references: dict | None = None, highlight: Names = None,
    digits: int | None = None, per: float = 1, zero: bool = False, compare: str | None = None,
) -> Figure:  # fmt: skip
    """Values on one axis, a line per name, a colour per `group`; `joined` draws what lies between them.

    `gap` is a format (``"{:+.2f}"``) of the difference between a line's last and first row, written between.

    >>> values(dots({"a": 41.5, "b": 7}, title="A is larger", subtitle="Things, 2019, %"))
    [41.5, 7]
    """
    frame = tidy(data, per, compare)
    names, groups = each(frame), each(frame, group) if group else [None]
    colours = marks.palette(names if highlight else groups, highlight)
    left = marks.widest(frame, digits) + 0.2 if len(names) < len(frame) else 0
    fig, ax = lines_of(names, frame, references, per, zero, 0.52 if gap else 0.4, left)
    for y, name in enumerate(names):
        items = frame[frame["label"] == name]
        if joined:
            ax.plot([items["value"].min(), items["value"].max()], [y, y], color=look.GRID, lw=4, zorder=1)
        for place, item in enumerate(items.sort_values("value").itertuples()):
            mark(
                ax,
                item.value,
                y,
                item,
                colours[name if highlight else getattr(item, group) if group else None],
            )
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


@themed
def bars(
    data: Rows, *, title: str, subtitle: str, zh: str = "", references: dict | None = None,
    highlight: Names = None, digits: int | None = None, per: float = 1, compare: str | None = None,
) -> Figure:  # fmt: skip
    """Amounts as bars from zero, hollow where they are not reached, each with its value.

    >>> fig = bars({"a": 41.5}, references={"limit": 35}, title="A", subtitle="Things, 2019, %")
    >>> strings(fig, ticks=False)
    ['limit 35', '41.5', 'a', 'A', 'Things, 2019, %']
    """
    frame = tidy(data, per, compare)
    names = each(frame)
    fig, ax = lines_of(names, frame, references, per, zero=True)
    colours = marks.palette(names, highlight) if highlight else dict.fromkeys(names, COLOURS[0])
    for item in frame.itertuples():
        y, colour = names.index(item.label), colours[item.label]
        fill = colour if look.STATUS[item.status][1] else "white"
        ax.barh(y, item.value, 0.62, color=fill, ec=colour, lw=1.6, zorder=2)
        end = item.upper if math.isfinite(item.upper) else item.value
        if item.lower < end:
            reach = [[item.value - max(item.lower, 0)], [end - item.value]]
            ax.errorbar(
                item.value, y, xerr=reach, fmt="none", ecolor=INK, elinewidth=1.6, capsize=3.5, zorder=3
            )
        write(
            ax,
            shown(item, digits),
            (max(end, 0), y),
            (6, 0),
            bbox=marks.PATCH if references is not None else None,
        )
    return finish(fig, title, subtitle, zh, key(frame))


@themed
def stacked(
    data: Rows,
    *,
    title: str,
    subtitle: str,
    zh: str = "",
    part: str = "part",
    digits: int | None = None, per: float = 1,
) -> Figure:
    """Each whole as one bar of full length, cut into three parts at most; a column ``text`` may say more.

    Each bar's sum is its whole and stands below its name: wholes of different units may be shown together.

    >>> rows = [row("firms", 5, part="paid"), row("firms", 15, part="not paid")]
    >>> values(stacked(rows, title="One in four was paid", subtitle="Firms, 2019, number"))
    [0, 25, 100]
    """
    frame = pd.concat([tidy(items, per) for _, items in pd.DataFrame(data).groupby("label", sort=False)])
    names, parts = each(frame), each(frame, part)
    if len(parts) > len(look.FILLS):
        raise LangfangError(f"stacked: {len(parts)} parts; expected {len(look.FILLS)} at most")
    fills = dict(zip(parts, look.FILLS if len(parts) > 2 else look.FILLS[::2], strict=False))
    wholes = frame.groupby("label", sort=False)["value"].sum()
    fig, ax = marks.named([f"{name}\n{number(wholes[name], digits)}" for name in names], 0.56, 0.1)
    ax.set(xlim=(0, 100), xticks=[])
    notes, starts = [], dict.fromkeys(names, 0.0)
    for item in frame.itertuples():
        y, (fill, ink), start = names.index(item.label), fills[getattr(item, part)], starts[item.label]
        share = 100 * item.value / wholes[item.label]
        ax.barh(y, share, 0.66, left=start, color=fill, ec="white", lw=1.2)
        text = getattr(item, "text", None)
        text = text if isinstance(text, str) and text else shown(item, digits)
        notes.append(
            ax.text(start + share / 2, y, text, ha="center", va="center", color=ink, size=look.SMALL)
        )
        starts[item.label] += share
    entries = [Patch(facecolor=fill, label=name) for name, (fill, _) in fills.items()]
    return finish(fig, title, subtitle, zh, entries, lambda: _inside(ax, notes))


def _inside(ax, notes) -> None:
    """Words that do not fit into their part go below it, as far as the bar reaches."""
    for note, bar in zip(notes, ax.patches, strict=True):
        if look.extent(note).width > look.extent(bar).width - 6:
            note.set(color=INK, va="top", y=note.get_position()[1] + 0.36)
            right = look.extent(note).x1 > ax.bbox.x1
            note.set(ha="right" if right else "left", x=100 if right else bar.get_x())


@themed
def slope(
    data: Rows, *, title: str, subtitle: str, zh: str = "", highlight: Names = None,
    digits: int | None = None, per: float = 1, compare: str | None = "label",
) -> Figure:  # fmt: skip
    """Two periods, a line for each name from one to the other, with its values at the ends.

    >>> rows = [row("Services", 47, period="2015"), row("Services", 57, period="2018")]
    >>> values(slope(rows, title="Services grew", subtitle="Langfang, share of GDP, 2015 and 2018, %"))
    [2015, 47, 2018, 57]
    """
    frame = tidy(data, per, compare)
    periods = sorted(each(frame, "period"), key=position)
    if len(periods) != 2:
        raise LangfangError(f"slope: {len(periods)} periods; expected two")
    fig, ax, placed = _over_time(frame, highlight, digits, ends=True)
    ax.set_xticks([position(period) for period in periods], periods)
    ax.set_yticks([])
    return finish(fig, title, subtitle, zh, key(frame), placed)


@themed
def lines(
    data: Rows, *, title: str, subtitle: str, zh: str = "", highlight: Names = None,
    digits: int | None = None, per: float = 1, zero: bool = False, compare: str | None = "label",
) -> Figure:  # fmt: skip
    """Levels over time, a line for each name, dashed up to what is not reached.

    One line has a value at each point; of several, those that keep their colour are named at their end.

    >>> rows = [row("Index", v, period=str(y)) for v, y in ((84.4, 2014), (88.6, 2015), (98.0, 2019))]
    >>> values(lines(rows, title="The index rose", subtitle="Langfang, 2014 to 2019, points"))
    [2014, 84.4, 2015, 88.6, 2019, 98]
    """
    frame = tidy(data, per, compare)
    fig, ax, placed = _over_time(frame, highlight, digits, zero)
    ax.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    scale(ax, "y")
    return finish(fig, title, subtitle, zh, key(frame), placed)


def _over_time(frame, highlight, digits, zero=False, ends=False):
    """Lines over years, with labels that `placed` moves apart; with `ends`, each has its values at both."""
    frame["x"] = [position(period) for period in frame["period"]]
    colours = marks.palette(each(frame), highlight)
    fig, ((ax,),) = look.canvas(3.3)
    ax.set(
        ylim=marks.limits(frame, zero=zero, air=0.1), xlim=(frame["x"].min() - 0.3, frame["x"].max() + 0.2)
    )
    left, right = [], []
    for name, colour in colours.items():
        rows, loud = list(frame[frame["label"] == name].sort_values("x").itertuples()), colour != CONTEXT
        ink = INK if colour in (CONTEXT, COLOURS[3]) else colour  # too light for words
        for start, end in pairwise(rows):
            dash, width = "-" if end.status == "actual" else "--", 2.4 if loud else 1.2
            ax.plot([start.x, end.x], [start.value, end.value], dash, color=colour, lw=width, zorder=2 + loud)
        for item, after in zip(rows, [*rows[1:], None], strict=True):
            if not (ends or len(colours) == 1 or (loud and item is rows[-1])):
                continue
            mark(ax, item.x, item.value, item, colour, along="y")
            told, spot = shown(item, digits), (item.x, item.value)
            if item is rows[-1]:
                told = told if len(colours) == 1 else look.wrap(f"{told}  {name}", 2.2, look.SMALL)
                right.append(write(ax, told, spot, (9, 0), ink))
            elif ends:
                left.append(write(ax, told, spot, (-9, 0), ink))
            else:
                write(ax, told, spot, (9, -3) if _is_steep(ax, item, after) else (0, 9), ink)
    return fig, ax, lambda: (marks.apart(left), marks.apart(right))


def _is_steep(ax, start, end) -> bool:
    """Whether a line rises so fast that it would cross a label above its start."""
    (x0, y0), (x1, y1) = ax.transData.transform([(start.x, start.value), (end.x, end.value)])
    return y1 - y0 > 0.7 * (x1 - x0)


@themed
def strip(
    data: Rows, *, title: str, subtitle: str, zh: str = "", group: str, highlight: Names,
    digits: int | None = None, per: float = 1, references: dict | None = None, compare: str | None = None,
) -> Figure:  # fmt: skip
    """All values of each `group` (a year, say) as grey dots on a line, `highlight` in colour with its value.

    >>> rows = [row("Langfang", 2.1, when="2019"), row("Tangshan", 0.4, when="2019")]
    >>> values(strip(rows, group="when", highlight="Langfang", title="A", subtitle="B"))
    [2.1, 0.4]
    """
    frame = tidy(data, per, compare)
    groups, colours = each(frame, group), marks.palette(each(frame), highlight)
    fig, ax = lines_of([str(name) for name in groups], frame, references, per)
    for item in frame.itertuples():
        y, colour = groups.index(getattr(item, group)), colours[item.label]
        loud = colour != CONTEXT
        size, ink = (look.MARK + 1, colour) if loud else (look.MARK - 1, look.pale(colour, 0.6))
        ax.plot(item.value, y, "o", color=ink, ms=size, mec="white", mew=0.6, zorder=3 + loud)
        if loud:
            write(ax, shown(item, digits), (item.value, y), (0, 6), colour)
    loud = {name: colour for name, colour in colours.items() if colour != CONTEXT}
    dot = {"ls": "", "marker": "o", "ms": look.MARK}
    return finish(
        fig, title, subtitle, zh, [Line2D([], [], color=c, label=n, **dot) for n, c in loud.items()]
    )


@themed
def timeline(
    data: Rows, *, title: str, subtitle: str, zh: str = "", group: str,
    x: str = "period", highlight: Names = None,
) -> Figure:
    """How many rows of each `group` fall into each year, as dots of that size with their number.

    Rows without a period stand in a column of their own, on the right; years without any row are left out.

    >>> rows = pd.DataFrame({"theme": ["reform", "reform", "air"], "period": ["", "", "2018"]})
    >>> strings(timeline(rows, group="theme", title="No dates", subtitle="Figures by year, number"))[:4]
    ['2', '1', '2018', 'no date']
    """
    frame, undated = pd.DataFrame(data), look.word("undated")
    when = frame[x].fillna("").map(lambda period: str(math.floor(position(period))) if period else undated)
    table = pd.crosstab(frame[group], when).reindex(each(frame, group))
    spots = sorted(table.columns, key=lambda name: (name == undated, name))
    colours = (
        marks.palette(list(table.index), highlight) if highlight else dict.fromkeys(table.index, COLOURS[0])
    )
    fig, ax = marks.named(list(table.index), pitch=0.46)
    places = [place + 0.4 * (name == undated) for place, name in enumerate(spots)]  # apart from the years
    for y, (name, counts) in enumerate(table[spots].iterrows()):
        for place, count in zip(places, counts, strict=True):
            if count:
                ink = look.pale(colours[name], 0.3 if colours[name] == CONTEXT else 0.5)
                ax.scatter(place, y, s=24 * count + 90, color=ink, lw=0, clip_on=False)
                ax.text(place, y, str(count), ha="center", va="center", size=look.SMALL, zorder=5)
    ax.set(xlim=(-0.6, places[-1] + 0.6), xticks=places)
    short = [name if len(spots) < 9 or name == undated else f"'{name[2:]}" for name in spots]
    ax.xaxis.set_major_formatter(FixedFormatter(short))
    ax.xaxis.tick_top()
    return finish(fig, title, subtitle, zh)


@themed
def contradictions(rows: list[dict], *, title: str, subtitle: str, zh: str = "") -> Figure:
    """What a report prints beside what its own figures give, and what would explain the difference.

    Parameters
    ----------
    rows : list of dict
        Texts: ``what`` (the subject), ``prints`` and ``gives`` (a figure, a name), ``because`` (where
        ``gives`` comes from) and ``explained`` (what would explain it).
    """
    width, half = look.WIDTH - 2 * look.PAD, look.WIDTH / 2 - look.PAD
    columns = ((0, "prints", COLOURS[2]), (half, "gives", COLOURS[0]))
    fig, ((ax,),) = look.canvas(1)
    for left, side, colour in columns:
        ax.text(left, 0.1, look.word(side), size=look.SMALL, color=colour, va="center")
    down = 0.32
    for item in rows:
        ax.plot([0, width], [down, down], color=look.GRID, lw=1)
        down = _told(ax, 0, down + 0.08, item["what"], look.TEXT, INK, width) + 0.06
        for left, side, colour in columns:
            size = 22 if look.text_width(item[side], 22) < half - 0.4 else look.TEXT
            told = look.wrap(item[side], half - 0.4, size)
            ax.text(left, down + 0.2, told, size=size, color=colour, va="center", linespacing=1.1)
        ax.text(half - 0.12, down + 0.2, "≠", size=18, color=look.MUTED, va="center", ha="right")
        down = _told(ax, half, down + 0.42, item["because"], look.SMALL, look.MUTED, half) + 0.04
        down = _told(ax, 0, down, item["explained"], look.SMALL, INK, width) + 0.12
    ax.set(xlim=(0, width), ylim=(down, 0))
    ax.axis("off")
    fig.set_size_inches(look.WIDTH, down)
    return finish(fig, title, subtitle, zh)


def _told(ax, left, down, text, size, colour, width) -> float:
    """Write a paragraph whose top is `down` inches from the top; returns where it ends."""
    if not text:
        return down
    folded = look.wrap(text, width, size)
    ax.text(left, down, folded, size=size, color=colour, va="top", linespacing=1.2)
    return down + (folded.count("\n") + 1) * size * 1.35 / 72


@themed
def register_sizes(rows: list[dict], *, title: str, subtitle: str, zh: str = "", reach: int = 12) -> Figure:
    """A counted part as a share of a whole of possible sizes, against the share that is printed (the band).

    Parameters
    ----------
    rows : list of dict
        ``label``, ``part`` and ``whole`` (counts) and ``share`` (a Quantity in %), two at most.
    reach : int
        How many sizes are drawn beyond the printed one and those that fit.
    """
    fig, axes = look.canvas(3.0, columns=len(rows))
    for ax, item in zip(axes[0], rows, strict=True):
        part, whole = (int(getattr(item[name], "value", item[name])) for name in ("part", "whole"))
        share = item["share"]
        low, high = float(share.lower), float(share.upper)
        fitting = [n for n in range(max(1, int(part)), 3 * whole) if low <= 100 * part / n <= high]
        sizes = range(min([whole, *fitting]) - reach, max([whole, *fitting]) + reach + 1)
        ax.axhspan(low, high, color=look.pale(COLOURS[3], 0.3), lw=0)
        ax.plot(sizes, [100 * part / n for n in sizes], "o", ms=3.2, color=CONTEXT, zorder=2)
        ax.plot(fitting, [100 * part / n for n in fitting], "o", ms=look.MARK, color=COLOURS[0], zorder=4)
        ours, below = (whole, 100 * part / whole), {"va": "top", "ha": "right"}
        ax.plot(*ours, "X", ms=look.MARK + 1, color=COLOURS[2], zorder=4)
        for n in fitting[:1]:
            write(ax, f"{number(n)} fits", (n, 100 * part / n), (-9, -6), COLOURS[0], **below)
        write(
            ax, f"{number(whole)} {look.word('printed')}: {ours[1]:.2f}", ours, (-9, -6), COLOURS[2], **below
        )
        write(
            ax,
            f"{float(share.value):.2f} {look.word('printed')}",
            (sizes[-1], high),
            (0, 3),
            look.MUTED,
            ha="right",
        )
        ax.set_title(item["label"])
        ax.margins(x=0.02, y=0.12)
        scale(ax, "x", 3)
        scale(ax, "y", 4)
    return finish(fig, title, subtitle, zh)
