"""Charts in one visual language, drawn from tidy frames or Quantities.

What was reached is a filled mark, a target a hollow diamond, a forecast a hollow circle on a dashed line, a norm a
bar across. Every range is drawn. Colour only repeats what shape, position and labels already say.

Each function returns a matplotlib Figure for :func:`langfang.show`; none of them touches pyplot or leaves settings
behind. A frame needs ``label`` (or ``name_en``) and ``value``; ``lower``, ``upper``, ``unit``, ``status``, ``period``
and ``vintage`` are used where present. A dict of names and Quantities, or a list of :func:`row`, serves as well.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import itertools
import json
import math
import re
import warnings
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import (
    FixedFormatter,
    FixedLocator,
    FuncFormatter,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)
from matplotlib.transforms import Bbox, blended_transform_factory

from .errors import LangfangError

WIDTH = 6.4  # inches: 614 px in a notebook; the smallest text is still 9 px on a phone of 390 px
TEXT, SMALL, TITLE = 13, 12, 15  # points
INK, MUTED, GRID, PALE = "#1b2733", "#56616d", "#d9dee3", "#eef1f4"
# Dark to light, so that the order survives in greyscale and for every kind of colour vision.
COLOURS = ("#12365f", "#9a2a4f", "#c65d0b", "#3a93b4")
CONTEXT, BAND = "#7d868f", "#dde4ec"
STATUS = {"actual": "reached", "target": "target", "forecast": "forecast", "norm": "standard"}
MARK = 8.0  # points across
DECORATION, DOTS, RANGE = (
    "_decoration",
    "_dots",
    "_range",
)  # artist labels: no data, one dot per thing, a range
PAD = 0.08  # inches of white around the figure


# --- theme -----------------------------------------------------------------------------------------------------


@cache
def font() -> str:
    """Register the Chinese font of the zhplot wheel and return its name; zhplot itself is not imported."""
    spec = importlib.util.find_spec("zhplot")
    places = list(spec.submodule_search_locations or []) if spec else []
    files = [Path(place) / "fonts" / "NotoSansSC-Regular.ttf" for place in places]
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        raise LangfangError(
            "Chinese font: NotoSansSC-Regular.ttf not found; expected it in the zhplot package "
            "(pip install -r requirements.txt brings it)"
        )
    font_manager.fontManager.addfont(str(found))
    return font_manager.FontProperties(fname=str(found)).get_name()


def _settings() -> dict:
    plain = {
        "font.family": [font(), "DejaVu Sans"],
        "font.size": TEXT,
        "text.color": INK,
        "axes.edgecolor": MUTED,
        "axes.labelcolor": MUTED,
        "axes.labelsize": SMALL,
        "axes.linewidth": 0.8,
        "axes.titlesize": TEXT,
        "axes.titlelocation": "left",
        "axes.grid": False,
        "axes.axisbelow": True,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "grid.color": GRID,
        "grid.linewidth": 0.8,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "axes.prop_cycle": mpl.cycler(color=COLOURS),
        "svg.fonttype": "path",
        "svg.hashsalt": "langfang",
        "path.simplify": False,
        "figure.dpi": 100,
        "figure.figsize": (WIDTH, 3.6),
    }
    bare = {f"axes.spines.{side}": False for side in ("left", "right", "top", "bottom")}
    return {**sns.axes_style("ticks"), **plain, **bare}


@contextmanager
def theme():
    """The look of every figure, for the time of a ``with`` block; a glyph no font has is an error.

    >>> with theme():
    ...     mpl.rcParams["svg.fonttype"]
    'path'
    """
    with mpl.rc_context(_settings()), warnings.catch_warnings():
        warnings.filterwarnings("error", message=r"Glyph .* missing")
        try:
            yield
        except UserWarning as fault:
            raise LangfangError(
                f"figure text: {fault} Use a character that Noto Sans SC or DejaVu Sans has."
            ) from None


# --- data ------------------------------------------------------------------------------------------------------


def row(label, quantity, status="actual", **more) -> dict:
    """One row of chart data: a label, a Quantity (or plain number) and what else a chart needs (period, vintage …).

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
    from .dataset import load

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
    units = list(dict.fromkeys(frame["unit"].fillna("")))
    if len(units) > 1:
        raise LangfangError(f"chart data: {units[0]!r} and {units[1]!r} meet on one axis; expected one unit")
    return units[0]


def one_basis(frame: pd.DataFrame, by=None) -> pd.DataFrame:
    """Return the frame if what it compares has one vintage (per group of column `by`); else say which two meet.

    A row without a vintage is the article's own: it may stand beside one other basis, but two that differ may not,
    and within one series (`by`) nothing may be mixed.

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
    text = number(item.value, digits_of(item.value, item.lower, item.upper) if digits is None else digits)
    if sign and item.value > 0:
        return "+" + text
    if item.upper == math.inf:
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


# --- canvas ----------------------------------------------------------------------------------------------------


def _canvas(body: float, columns=1, lines=1, **shared):
    """A figure whose axes share `body` inches of height; header and footer are added by `_finish`."""
    fig = Figure(figsize=(WIDTH, body))
    FigureCanvasAgg(fig)
    axes = fig.subplots(lines, columns, squeeze=False, **shared)
    fig.body = body
    return fig, axes


def _box(artist) -> Bbox:
    return artist.get_window_extent(artist.get_figure(root=True).canvas.get_renderer())


def _fit(fig, top: float, bottom: float) -> None:
    """Set the margins so that everything drawn lies just inside the space between header and footer (inches)."""
    width, height = fig.get_size_inches()
    for _ in range(4):
        renderer = fig.canvas.get_renderer()
        box = Bbox.union([ax.get_tightbbox(renderer) for ax in fig.axes])
        box = box.transformed(fig.dpi_scale_trans.inverted())
        pars = fig.subplotpars
        fig.subplots_adjust(
            left=pars.left + (PAD - box.x0) / width,
            right=pars.right + (width - PAD - box.x1) / width,
            bottom=pars.bottom + (bottom - box.y0) / height,
            top=pars.top + (height - top - box.y1) / height,
        )


def _finish(fig, title, subtitle, arrange=None, note="", key=()):
    """Header (title, unit, key), footer and margins around the axes; `arrange` places labels once sizes are known."""
    _plain_quotes(fig)
    _set_height(fig, 0.4, 0.3)
    ranges = _visible_ranges(fig)
    if ranges == "none":
        note = " ".join(filter(None, [note, "Rounding ranges are too small to see here."]))
    key = [
        *(key or _key(_statuses(fig))),
        *([("range", "rounding range", COLOURS[0])] if ranges == "some" else []),
    ]
    top = _header(fig, _wrap(title, WIDTH - 2 * PAD, TITLE), _wrap(subtitle, WIDTH - 2 * PAD), key)
    note = _wrap(note, WIDTH - 2 * PAD, SMALL)
    bottom = PAD + (0.24 * (note.count("\n") + 1) + 0.06 if note else 0)
    if note:
        fig.text(PAD / WIDTH, PAD / (fig.body + top + bottom), note, size=SMALL, color=MUTED, va="bottom")
    _set_height(fig, top, bottom)
    _hang(fig)
    if arrange:
        arrange()
        _fit(fig, top, bottom)
        arrange()  # once more, for the margins have moved
    return fig


def _set_height(fig, top, bottom) -> None:
    fig.set_size_inches(WIDTH, fig.body + top + bottom)
    fig.subplots_adjust(
        left=0.1, right=0.9, bottom=bottom / fig.get_figheight(), top=1 - top / fig.get_figheight()
    )
    _fit(fig, top, bottom)


def _plain_quotes(fig) -> None:
    """Curly quotes are as wide as a Chinese character in the font; straight ones read better."""
    for text in fig.findobj(mpl.text.Text):
        text.set_text(text.get_text().translate(str.maketrans("‘’“”", "''\"\"")))


def _statuses(fig) -> list:
    """The statuses drawn, in the order of STATUS; found by the marks themselves."""
    found = {getattr(line, "langfang_status", None) for ax in fig.axes for line in ax.lines}
    return [status for status in STATUS if status in found]


def _visible_ranges(fig) -> str:
    """'some' where a range shows beyond its mark, 'none' where all hide behind it, '' where all is exact.

    The ends of a range that hides are not drawn: they would look like specks.
    """
    lines = [line for ax in fig.axes for line in ax.lines if line.get_label() == RANGE]
    lengths = [_length(line) for line in lines]
    for line, length in zip(lines, lengths, strict=False):
        if length <= MARK + 1:
            line.set_marker("")
    return "" if not lines else "some" if max(lengths) > MARK + 1 else "none"


def _length(line) -> float:
    """How long a straight line is on paper, in points."""
    ends = line.get_transform().transform(line.get_xydata())
    return abs(ends[-1] - ends[0]).max() * 72 / line.get_figure(root=True).dpi


def _key(statuses) -> list:
    """Entries of the key, unless everything drawn was reached, which needs none."""
    return (
        [] if statuses in ([], ["actual"]) else [(status, STATUS[status], COLOURS[0]) for status in statuses]
    )


def _header(fig, title, subtitle, key) -> float:
    """Write title, unit and key from the top down; returns the height used, in inches. `_hang` moves them up."""
    fig.hung, down = [], PAD
    for text, size, colour, height in ((title, TITLE, INK, 0.32), (subtitle, TEXT, MUTED, 0.28)):
        if text:
            fig.hung.append((fig.text(PAD / WIDTH, 0, text, size=size, color=colour, va="top"), down))
            down += height * (text.count("\n") + 1)
    if key:
        down = _key_line(fig, key, down) + 0.27
    return down + (0.1 if down > PAD else 0)


def _key_line(fig, key, down) -> float:
    """Set the key as a flowing line of marks and words."""
    left = PAD
    for kind, text, colour in key:
        words = fig.text(0, 0, text, size=SMALL, color=INK, va="top")
        wide = _box(words).width / fig.dpi
        if left > PAD and left + 0.28 + wide > WIDTH - PAD:
            left, down = PAD, down + 0.26
        words.set_x((left + 0.26) / WIDTH)
        fig.hung.append((words, down + 0.02))
        mark = Line2D(
            [(left + 0.1) / WIDTH], [0], label=DECORATION, transform=fig.transFigure, **_look(kind, colour)
        )
        fig.hung.append((fig.add_artist(mark), down + 0.13))
        left += 0.26 + wide + 0.22
    return down


def _hang(fig) -> None:
    """Place header artists at their distance from the top, now that the height is final."""
    height = fig.get_figheight()
    for artist, down in fig.hung:
        y = 1 - down / height
        if isinstance(artist, Line2D):
            xs = artist.get_xdata()
            artist.set_data(xs, [y] * len(xs))
        else:
            artist.set_y(y)


# --- marks -----------------------------------------------------------------------------------------------------


def _look(status, colour) -> dict:
    """How a status looks: filled circle, hollow diamond, hollow circle, bar."""
    base = {
        "linestyle": "none",
        "color": colour,
        "markeredgecolor": colour,
        "markersize": MARK,
        "markeredgewidth": 1.8,
        "markerfacecolor": "white",
    }
    if status == "range":
        return {**base, "marker": _RANGE_MARK, "markersize": 15, "markeredgewidth": 1.6}
    if status == "band":
        return {**base, "marker": "s", "markersize": 12, "markerfacecolor": colour}
    if status == "unfit":
        return {**base, "marker": "X", "markersize": MARK + 1, "markeredgewidth": 1.4}
    if status == "norm":
        return {
            **base,
            "marker": "|",
            "markersize": 15,
            "markeredgewidth": 2.6,
            "color": INK,
            "markeredgecolor": INK,
        }
    shape = {"target": {"marker": "D", "markersize": MARK - 1}, "forecast": {"marker": "o"}}
    return {**base, **shape.get(status, {"marker": "o", "markerfacecolor": colour})}


_RANGE_MARK = mpl.path.Path([(-1, 0), (1, 0), (-1, -0.35), (-1, 0.35), (1, -0.35), (1, 0.35)], [1, 2] * 3)


def _mark(ax, x, y, item, colour, axis="x"):
    """Draw one figure: its range as a thin bar with ends, then its mark."""
    _range(ax, x, y, item, colour, axis)
    (line,) = ax.plot([x], [y], zorder=4, clip_on=False, **_look(item.status, colour))
    line.langfang_status = item.status
    return line


def _range(ax, x, y, item, colour, axis):
    """The range from lower to upper; an open end runs on as an arrow."""
    lower, upper = item.lower, item.upper
    if not lower < upper:
        return
    ends = [lower if math.isfinite(lower) else item.value, upper if math.isfinite(upper) else item.value]
    if ends[0] < ends[1]:
        xs, ys = (ends, [y, y]) if axis == "x" else ([x, x], ends)
        ax.plot(
            xs,
            ys,
            color=colour,
            lw=1.6,
            zorder=3,
            label=RANGE,
            solid_capstyle="butt",
            clip_on=False,
            marker="|" if axis == "x" else "_",
            markersize=7,
            markeredgewidth=1.6,
        )
    for end, way in ((lower, -1), (upper, 1)):
        if not math.isfinite(end):
            tip = (way * 26, 0) if axis == "x" else (0, way * 26)
            ax.annotate(
                "",
                (x, y),
                tip,
                textcoords="offset points",
                zorder=3,
                label=DECORATION,
                arrowprops={"arrowstyle": "<-", "color": colour, "lw": 1.6, "shrinkA": 0, "shrinkB": 3},
            )


def _label(ax, x, y, text, dx=0, dy=0, ha="left", va="center", colour=INK, size=SMALL, **more):
    """A direct label `dx`, `dy` points from a place in the data."""
    return ax.annotate(
        text,
        (x, y),
        (dx, dy),
        textcoords="offset points",
        ha=ha,
        va=va,
        color=colour,
        size=size,
        annotation_clip=False,
        zorder=5,
        **more,
    )


def _colours(names, highlight=None) -> dict:
    """A colour for each name; with `highlight` the others step back to grey."""
    if highlight is None and len(names) <= len(COLOURS):
        return dict(zip(names, COLOURS, strict=False))
    loud = (
        list(names)[:1]
        if highlight is None
        else [highlight]
        if isinstance(highlight, str)
        else list(highlight)
    )
    return {name: COLOURS[loud.index(name) % len(COLOURS)] if name in loud else CONTEXT for name in names}


def contrast(a, b="white") -> float:
    """The contrast ratio of two colours after WCAG 2: at least 4.5 for text, 3 for marks.

    >>> round(contrast("black"), 1)
    21.0
    """
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour) -> float:
    parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@cache
def _ink(colour) -> str:
    """A colour darkened as far as text on white needs it."""
    parts = mpl.colors.to_rgb(colour)
    while contrast(parts) < 4.6:
        parts = tuple(0.95 * part for part in parts)
    return mpl.colors.to_hex(parts)


def spread(wanted, gap, low=-math.inf, high=math.inf) -> list:
    """Places as near as can be to those wanted (least squares) with `gap` between neighbours.

    >>> spread([1, 1.2, 5], 1)
    [0.6, 1.6, 5]
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    blocks: list = []
    for rank, i in enumerate(order):
        blocks.append((wanted[i] - rank * gap, 1))
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            (b, m), (a, n) = blocks.pop(), blocks.pop()
            blocks.append(((a * n + b * m) / (n + m), n + m))
    flat = [start for start, count in blocks for _ in range(count)]
    top = high - (len(flat) - 1) * gap
    places = [0.0] * len(flat)
    for rank, i in enumerate(order):
        places[i] = round(max(min(flat[rank], top), low) + rank * gap, 9)
    return places


def _unstack(labels, gap=17) -> None:
    """Move labels up and down, each as little as possible, until none covers another."""
    if not labels:
        return
    fig = labels[0].get_figure(root=True)
    points = [label.axes.transData.transform(label.xy)[1] * 72 / fig.dpi for label in labels]
    for label, here, there in zip(labels, points, spread(points, gap), strict=False):
        label.set_position((label.xyann[0], there - here))


def _place(labels, obstacles) -> None:
    """Put each label above, below, right or left of its point: the first place that covers least."""
    taken = list(obstacles)
    for label in labels:
        fig = label.get_figure(root=True)
        frame = Bbox.from_bounds(0, 0, *(fig.get_size_inches() * fig.dpi))
        costs = [_cost(label, place, taken, frame) + 2 * rank for rank, place in enumerate(_PLACES)]
        _move(label, _PLACES[costs.index(min(costs))])
        taken.append(_box(label))


# dx, dy in points and the alignment: first beside the point, then aslant, then further off
_PLACES = (
    (0, 8, "center", "bottom"),
    (0, -8, "center", "top"),
    (9, 0, "left", "center"),
    (-9, 0, "right", "center"),
    (7, 6, "left", "bottom"),
    (-7, 6, "right", "bottom"),
    (7, -6, "left", "top"),
    (-7, -6, "right", "top"),
    (0, 22, "center", "bottom"),
    (0, -22, "center", "top"),
)


def _move(label, place) -> None:
    dx, dy, ha, va = place
    label.set_position((dx, dy))
    label.set(ha=ha, va=va)


def _cost(label, place, taken, frame) -> float:
    """How much of other things, and of the world outside, a label would cover at a place (square pixels)."""
    _move(label, place)
    box = _box(label).padded(1)
    outside = box.width * box.height - _overlap(box, frame)
    return round(sum(_overlap(box, other) for other in taken) + 3 * outside, 1)


def _overlap(a, b) -> float:
    wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return max(wide, 0) * max(high, 0)


# --- scaffolding of charts with one line per thing --------------------------------------------------------------

_ASIDE = (
    1.8  # inches for names on the left; where two lines of that do not hold one, names go above their line
)


def _lines(labels, pitch=0.4, above=0.64, rise=0.3, head=0.0, extra=0.0):
    """Axes with one line per label, first on top; names that are too long for the left stand above their line.

    `pitch` and `above` are the heights of a line (inches) in either case, `rise` how far up the name then stands,
    `head` what the first line needs for more words, `extra` what goes above all.
    """
    wrapped = [_wrap(label, _ASIDE) for label in labels]
    aside = all(text.count("\n") < 2 and _text_width(text) <= _ASIDE for text in wrapped)
    unit = (max(pitch, 0.5) if any("\n" in text for text in wrapped) else pitch) if aside else above
    top = (0 if aside else rise) + head + (unit / 2 if aside else 0.16)
    bottom = len(labels) - 1 + 0.5 * (unit if aside else 0.5) / unit
    fig, axes = _canvas(unit * bottom + top + 0.35 + extra)
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
            bbox=_PATCH,
            zorder=4,
        )
    return fig, ax


def _wrap(text, width, size=TEXT) -> str:
    """Break a text at blanks so that each line is at most `width` inches wide, as far as its words allow."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


@cache
def _text_width(text: str, size=TEXT) -> float:
    """The width of a text in inches."""
    fig = Figure()
    FigureCanvasAgg(fig)
    return _box(fig.text(0, 0, text, size=size)).width / fig.dpi


def _number_axis(ax, axis="x", zero=False, bins=5, log=False) -> None:
    """Few round ticks with light rules; whole numbers with thousands parted."""
    side = getattr(ax, f"{axis}axis")
    if log:
        ax.set(**{f"{axis}scale": "log"})
        side.set_minor_locator(NullLocator())
        side.set_minor_formatter(NullFormatter())
        side.set_major_locator(mpl.ticker.LogLocator(subs=(1, 2, 5)))
    else:
        side.set_major_locator(MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10]))
    side.set_major_formatter(FuncFormatter(lambda v, _: number(v, digits_of(round(v, 6), 0, 0))))
    ax.grid(True, axis=axis)


def _reach(frame, others=(), zero=False, pad=0.06) -> tuple:
    """Axis limits that hold every finite value and end of a range, with a little air."""
    numbers = [
        v for f in (frame, *others) for c in ("value", "lower", "upper") for v in f[c] if math.isfinite(v)
    ]
    low, high = min(numbers + [0] * zero), max(numbers + [0] * zero)
    air = (high - low) * pad or abs(high) * pad or 1
    return (0 if zero and low >= 0 else low - air), (0 if zero and high <= 0 else high + air)


def _references(references, per, unit, frame) -> pd.DataFrame:
    """Standards and dates to draw across a chart, in the unit and scale of the chart's frame (none: no rows)."""
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
    """Reference lines across all lines of a chart, their names above: each a step higher than those it would cross."""
    notes = []
    for item, text in zip(frame.itertuples(), labels, strict=True):
        (line,) = ax.plot(
            [item.value] * 2,
            [0, 1],
            transform=ax.get_xaxis_transform(),
            color=INK,
            lw=1.8,
            zorder=2,
            solid_capstyle="butt",
            clip_on=False,
        )
        line.langfang_status = "norm" if item.status == "norm" else None
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
        box = _box(note)
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
    return [f"{item.label} {_shown(item, digits)}" for item in frame.itertuples()]


def _subtitle(unit) -> str:
    """The unit as it stands over a chart: in the plural, its first word with a capital unless it is a symbol."""
    text = _PLURALS.get(unit, unit)
    return text[:1].upper() + text[1:] if text[1:2].isalpha() and not text.startswith("µ") else text


# --- charts ----------------------------------------------------------------------------------------------------


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

    Parameters
    ----------
    data : frame, dict of Quantities or list of rows
        One row per thing; see :func:`tidy`.
    references : same forms, optional
        Limits or dates; status ``norm`` shows in the key.
    compare : str, optional
        Column within whose groups one vintage must hold; otherwise all rows must share one.
    """
    frame = one_basis(tidy(data, per, unit), compare)
    marks = _references(references, per, unit, frame)
    fig, ax = _lines(list(frame["label"]), extra=0.26 * len(marks))
    ax.set_xlim(*_reach(frame, [marks], zero))
    _number_axis(ax, log=log)
    colours = _colours(list(frame["label"]), highlight) if highlight is not None else {}
    for y, item in enumerate(frame.itertuples()):
        colour = colours.get(item.label, COLOURS[0])
        _mark(ax, item.value, y, item, colour)
        _value_beside(ax, item, y, digits)
    notes = _upright(ax, marks, _reference_names(marks, digits))
    return _finish(
        fig, title, _subtitle(frame["unit"].iloc[0]), arrange=lambda: _stagger(ax, notes), note=note
    )


def _value_beside(ax, item, y, digits) -> None:
    """The value to the right of the mark and of its range."""
    open_end = item.upper == math.inf
    end = item.value if open_end else item.upper
    _label(ax, end, y, _shown(item, digits), dx=32 if open_end else 9, bbox=_PATCH)


_PATCH = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}


@theme()
def bars(
    data, *, references=None, title="", unit=None, per=1, digits=None, highlight=None, compare=None, note=""
) -> Figure:
    """Amounts as bars from zero: solid where reached, open for targets, open and dashed for forecasts."""
    frame = one_basis(tidy(data, per, unit), compare)
    marks = _references(references, per, unit, frame)
    fig, ax = _lines(list(frame["label"]), above=0.7, rise=0.34, extra=0.26 * len(marks))
    ax.set_xlim(*_reach(frame, [marks], zero=True))
    _number_axis(ax)
    colours = _colours(list(frame["label"]), highlight) if highlight is not None else {}
    for y, item in enumerate(frame.itertuples()):
        _bar(ax, y, item, colours.get(item.label, COLOURS[0]))
        _value_beside(ax, item, y, digits)
    notes = _upright(ax, marks, _reference_names(marks, digits))
    return _finish(
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
        _range(ax, item.value, y, item, INK, "x")
    else:
        _mark(ax, item.value, y, item, colour)


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
        _across(ax, y, norm, f"{standard_name} {_shown(norm, digits)}")
        _bullet_value(ax, y, item, norm, digits)
    return _finish(fig, title, _subtitle(frame["unit"].iloc[0]), note=note)


def _across(ax, y, norm, text) -> None:
    """A standard: a bar across the line, named below it."""
    half = 0.19 / _pitch(ax)
    ax.plot([norm.value] * 2, [y - half, y + half], color="white", lw=5.5, zorder=4, label=DECORATION)
    (line,) = ax.plot(
        [norm.value] * 2, [y - half, y + half], color=INK, lw=3, zorder=4, solid_capstyle="butt"
    )
    line.langfang_status = "norm"
    _label(ax, norm.value, y + half, text, dy=-1, ha="center", va="top", bbox=_PATCH)


def _bullet_value(ax, y, item, norm, digits) -> None:
    """The value after the bar, or after the standard where that stands just there."""
    low, high = ax.get_xlim()
    near = 0 <= norm.value - item.upper < (high - low) * 0.14
    _label(ax, norm.value if near else item.upper, y, _shown(item, digits), dx=8)


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
    """
    frame = one_basis(tidy(data, per, unit), compare)
    names, groups = _order(frame, "label"), _order(frame, group)
    palette = dict(zip(groups, colours or _ends(len(groups)), strict=False))
    marks = _references(references, per, unit, frame)
    fig, ax = _lines(names, pitch=0.5, above=0.7, head=0.16, extra=0.26 * len(marks))
    ax.set_xlim(*_reach(frame, [marks], zero, pad=0.1))
    _number_axis(ax, log=log)
    for y, name in enumerate(names):
        _joined(ax, y, frame[frame["label"] == name], group, palette, digits)
    first = frame[frame["label"] == names[0]]
    heads = [
        _label(
            ax,
            item.value,
            0,
            getattr(item, group),
            dy=8,
            ha="center",
            va="bottom",
            size=SMALL,
            bbox=_PATCH,
            colour=_ink(palette[getattr(item, group)]),
        )
        for item in first.itertuples()
    ]
    notes = _upright(ax, marks, _reference_names(marks, digits))
    return _finish(
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
    for rank, item in enumerate(ordered):
        _mark(ax, item.value, y, item, palette[getattr(item, group)])
        if rank == 0 and len(ordered) > 1:
            _label(ax, min(item.lower, item.value), y, _shown(item, digits), dx=-9, ha="right")
        elif rank == len(ordered) - 1:
            _label(ax, item.upper if math.isfinite(item.upper) else item.value, y, _shown(item, digits), dx=9)
        else:
            _label(ax, item.value, y, _shown(item, digits), dy=-8, ha="center", va="top")


def _sidestep(labels) -> None:
    """Move labels sideways, each as little as possible, until none covers another."""
    if len(labels) < 2:
        return
    boxes = sorted(labels, key=lambda label: _box(label).x0)
    scale = 72 / boxes[0].get_figure(root=True).dpi
    for left, right in itertools.pairwise(boxes):
        short = (_box(left).x1 - _box(right).x0) * scale + 8
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
    """Several series between two years: value on the left, value and name on the right."""
    frame = one_basis(tidy(data, per, unit), series)
    frame["x"] = [year(value) for value in frame[x]]
    years = sorted(frame["x"].unique())
    if len(years) != 2:
        raise LangfangError(f"slope: {len(years)} years ({', '.join(f'{y:g}' for y in years)}); expected two")
    fig, axes = _canvas(height)
    ax = axes[0, 0]
    colours = _colours(_order(frame, series), highlight)
    sides = {years[0]: [], years[1]: []}
    for name, items in frame.groupby(series, sort=False):
        _thread(ax, items, colours[name])
        for item in items.itertuples():
            sides[item.x].append(_slope_label(ax, item, name, years, digits, colours[name]))
    _two_years(ax, years, frame)
    return _finish(
        fig,
        title,
        _subtitle(frame["unit"].iloc[0]),
        note=note,
        arrange=lambda: [_unstack(labels) for labels in sides.values()],
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
        _mark(ax, item.x, item.value, item, colour, axis="y")


def _slope_label(ax, item, name, years, digits, colour):
    left = item.x == years[0]
    text = _shown(item, digits) if left else f"{_shown(item, digits)}  {name}"
    return _label(
        ax,
        item.x,
        item.value,
        text,
        dx=-10 if left else 10,
        ha="right" if left else "left",
        colour=_ink(colour),
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
    """
    frame = tidy(data, per, unit)
    frame["x"], frame["panel_"] = [year(v) for v in frame[x]], frame[panel] if panel else ""
    frame["series_"] = frame[series] if series else (frame["panel_"] if panel else "")
    one_basis(frame, ["panel_", "series_"])
    marks = _references(references, per, unit, frame)
    panels = _order(frame, "panel_")
    columns = min(columns, len(panels))
    lines = math.ceil(len(panels) / columns)
    heads = {name: _wrap(name, WIDTH / columns - 0.5) for name in panels}
    deep = max(text.count("\n") for text in heads.values())
    fig, axes = _canvas(
        height or ((1.9 + 0.2 * deep) * lines if panel else 3.4),
        columns,
        lines,
        sharex=True,
        sharey=True,
        gridspec_kw={"hspace": 0.5 + 0.16 * deep, "wspace": 0.18},
    )
    names = _order(frame, "series_")
    colours = _colours(names, highlight) if series else dict.fromkeys(names, COLOURS[0])
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
    return _finish(
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
    few = (
        years
        if len(years) <= 4 and min([b - a for a, b in itertools.pairwise(years)] + [9]) > 1
        else range(years[0], years[-1] + 1, step)
    )
    low, high = _reach(frame, [marks], zero, pad=0.14)
    if log:
        numbers = [
            v for f in (frame, marks) for c in ("value", "lower", "upper") for v in f[c] if 0 < v < math.inf
        ]
        low, high = min(numbers) / 1.3, max(numbers) * 1.45
    for ax in axes:
        _number_axis(ax, "y", log=log, bins=4)
        ax.set_ylim(low, high)
        margin = (max(frame["x"]) - min(frame["x"])) * 0.06 or 0.5
        ax.set_xlim(min(frame["x"]) - margin, max(frame["x"]) + margin)
        ax.xaxis.set_major_locator(FixedLocator(list(few)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:.10g}"))
        ax.tick_params(labelbottom=True)


def _panel(ax, items, colours, marks, labels, digits, name, named):
    """Draw one panel; returns what must still be placed once sizes are known."""
    if name:
        ax.set_title(name, color=INK, size=TEXT, pad=8)
    values, ends = [], []
    for series, part in items.groupby("series_", sort=False):
        _thread(ax, part, colours[series])
        ordered = list(part.sort_values("x", kind="stable").itertuples())
        colour = _ink(colours[series]) if named else INK
        if named and series:
            last = ordered.pop()
            text = series if labels == "none" else f"{_shown(last, digits)}  {series}"
            ends.append(_label(ax, last.x, last.value, text, dx=10, colour=colour, size=TEXT))
        some = {
            "all": ordered,
            "ends": ordered[:1] if named else ordered[:: max(len(ordered) - 1, 1)],
            "none": [],
        }
        values += [
            _label(ax, item.x, item.value, _shown(item, digits), colour=colour) for item in some[labels]
        ]
    lines = [_level_line(ax, item, digits) for item in marks.itertuples()]
    return ax, items, values, ends, lines


def _level_line(ax, item, digits):
    """A standard across a chart of levels, named on the left above it."""
    line = ax.axhline(item.value, color=INK, lw=1.6, zorder=1)
    line.langfang_status = "norm" if item.status == "norm" else None
    return ax.annotate(
        f"{item.label} {_shown(item, digits)}",
        (0, item.value),
        (0, 3),
        size=SMALL,
        va="bottom",
        xycoords=ax.get_yaxis_transform(),
        textcoords="offset points",
        annotation_clip=False,
    )


def _tidy_labels(ax, items, values, ends, lines) -> None:
    """Series names apart at the right end, then every value where it covers least."""
    _unstack(ends)
    scale = ax.get_figure(root=True).dpi / 72
    obstacles = [_box(label) for label in (*ends, *lines)]
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
        obstacles += [_speck(a, b, t / 12, scale) for a, b in itertools.pairwise(points) for t in range(1, 12)]
    _place(values, obstacles)


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
    change_unit="",
    height=3.4,
    note="",
) -> Figure:
    """A level that rises step by step: the first level, then what each period added, with the range of each step.

    `data` holds the levels; the steps are taken here, so that their ranges are those of a difference.
    """
    frame = one_basis(tidy(data, per, unit))
    frame["x"] = [year(v) for v in frame[x]]
    frame = frame.sort_values("x").reset_index(drop=True)
    marks = _references(references, per, unit, frame)
    fig, axes = _canvas(height)
    ax = axes[0, 0]
    for before, after in zip(frame.itertuples(), list(frame.itertuples())[1:], strict=False):
        _step(ax, before, after, digits)
    first = next(frame.itertuples())
    _mark(ax, first.x, first.value, first, COLOURS[0], axis="y")
    for item in marks.itertuples():
        _level_line(ax, item, digits)
    _step_axis(ax, frame, marks, digits)
    return _finish(fig, title, _subtitle(frame["unit"].iloc[0]), note=note)


def _step(ax, before, after, digits) -> None:
    """One step: the bar between two levels, its size above (below, where it falls) and a thread from the last."""
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
    _range(ax, after.x, after.value, after, INK, "y")
    _label(
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
    """Years below, the level reached under each year; the level axis may start above zero, for only steps are bars."""
    texts = [f"{item.x:.10g}\n{_shown(item, digits)}" for item in frame.itertuples()]
    ax.xaxis.set_major_locator(FixedLocator(list(frame["x"])))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, i: texts[i] if i is not None else f"{v:g}"))
    ax.set_xlim(frame["x"].min() - 0.5, frame["x"].max() + 0.5)
    ax.set_ylim(*_reach(frame, [marks], pad=0.12))
    _number_axis(ax, "y", bins=4)


@theme()
def composition(
    data, *, part="part", title="", unit=None, per=1, digits=None, compare="label", whole=100.0, note=""
) -> Figure:
    """Shares of a whole, one bar per label; every boundary with the range that the printed shares leave it.

    The values of one label must add to `whole` within their ranges. The first bar carries the names of the parts.
    """
    frame = one_basis(tidy(data, per, unit), compare)
    names, parts = _order(frame, "label"), _order(frame, part)
    fig, ax = _lines(names, pitch=0.56, extra=0.3)
    fills = dict(zip(parts, _tints(len(parts)), strict=False))
    for y, name in enumerate(names):
        _stack(ax, y, frame[frame["label"] == name].set_index(part).loc[parts], fills, digits, whole, name)
    ax.set_xlim(0, whole)
    _number_axis(ax)
    ax.grid(False)
    heads = _part_names(ax, frame[frame["label"] == names[0]], part, fills)
    return _finish(
        fig, title, _subtitle(frame["unit"].iloc[0]), note=note, arrange=lambda: _keep_inside(ax, heads)
    )


def _tints(count) -> list:
    """Fills from light to dark with the ink that reads on each."""
    fills = [
        ("#d5dde6", INK),
        ("#8fa6bf", INK),
        (COLOURS[0], "white"),
        ("#f0d9c3", INK),
        (COLOURS[2], "white"),
    ]
    return fills[:count] if count <= len(fills) else [fills[i % len(fills)] for i in range(count)]


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
        _label(
            ax, start + item.value / 2, -0.25, getattr(item, part), dy=4, ha="center", va="bottom", size=SMALL
        )
        for start, item in zip(starts, items.itertuples(), strict=False)
    ]


def _keep_inside(ax, labels) -> None:
    """Sideways: apart from each other and not beyond the bar."""
    _sidestep(labels)
    left = ax.get_window_extent().x0
    first = _box(labels[0])
    if first.x0 < left:
        labels[0].set_position(
            (labels[0].xyann[0] + (left - first.x0) * 72 / ax.get_figure(root=True).dpi, 4)
        )
        _sidestep(labels)


@theme()
def dot_matrix(
    data, *, total="total", title="", unit="", across=20, counted="counted", rest="", note=""
) -> Figure:
    """Counts as dots, one each: filled those that count, hollow the rest up to `total` (a column, or none)."""
    frame = tidy(data, unit=unit)
    if ((frame["value"] % 1) != 0).any() or (frame["value"] < 0).any():
        bad = frame[(frame["value"] % 1 != 0) | (frame["value"] < 0)].iloc[0]
        raise LangfangError(f"dot_matrix: {bad['label']} is {bad['value']:g}; expected a whole count")
    wholes = [int(v) for v in (frame[total] if total in frame else frame["value"])]
    lines = [max(1, math.ceil(count / across)) for count in wholes]
    fig, axes = _canvas(sum(0.52 + 0.27 * n for n in lines) - 0.1)
    ax = axes[0, 0]
    down = 0.0
    for item, count, deep in zip(frame.itertuples(), wholes, lines, strict=False):
        _dots(ax, item, count, down, across)
        down += 0.52 + 0.27 * deep
    ax.set(xlim=(-0.5, (WIDTH - 2 * PAD) / _DOT - 0.5), ylim=(down - 0.2, -0.12))
    ax.axis("off")
    key = [("actual", counted, COLOURS[0]), ("forecast", rest, COLOURS[0])] if rest else []
    return _finish(fig, title, unit, note=note, key=key)


_DOT = 0.27  # inches from dot to dot


def _dots(ax, item, count, down, across) -> None:
    """One count: its words, then its dots in lines of `across`."""
    some = int(item.value)
    words = f"{some:,} of {count:,}" if count != some else f"{some:,}"
    ax.text(-0.5, down, f"{words}  {item.label}", va="center", ha="left")
    for part, look in ((range(some), "actual"), (range(some, count), "forecast")):
        if not part:
            continue
        ax.plot(
            [i % across for i in part],
            [down + 0.3 + 0.27 * (i // across) for i in part],
            label=DOTS,
            clip_on=False,
            **{**_look(look, COLOURS[0]), "markersize": 9.5, "markeredgewidth": 1.4},
        )


@theme()
def roster(data, *, group, kind=None, title="", note="") -> Figure:
    """Named things by group (clusters by county): one mark and name each, filled or hollow by `kind` (a column)."""
    frame = pd.DataFrame(data).reset_index(drop=True)
    kinds = _order(frame, kind) if kind else [""]
    if len(kinds) > 3:
        raise LangfangError(f"roster: {len(kinds)} kinds in {kind!r}; expected three at most")
    looks = dict(zip(kinds, ("actual", "forecast", "target"), strict=False))
    groups = _order(frame, group)
    fig, axes = _canvas(0.29 * len(frame) + 0.14 * len(groups))
    ax, down = axes[0, 0], 0.0
    for name in groups:
        down = _members(ax, name, frame[frame[group] == name], down, kind, looks)
    ax.set(xlim=(0, WIDTH), ylim=(down - 0.25, -0.15))
    ax.axis("off")
    key = [(looks[k], f"{k} ({(frame[kind] == k).sum()})", COLOURS[0]) for k in kinds] if kind else []
    return _finish(fig, title, "", note=note, key=key)


def _members(ax, name, items, down, kind, looks) -> float:
    ax.text(0, down, f"{name}  {len(items)}", va="center", color=MUTED)
    for item in items.itertuples():
        look = looks[getattr(item, kind)] if kind else "actual"
        ax.plot([1.75], [down], label=DOTS, clip_on=False, **_look(look, COLOURS[0]))
        ax.text(1.95, down, item.label, va="center")
        down += 0.29
    ax.plot([0, WIDTH], [down - 0.08] * 2, color=GRID, lw=0.8, label=DECORATION)
    return down + 0.14


@theme()
def strip(data, *, x="period", group=None, title="", reference=None, undated="undated", note="") -> Figure:
    """When things are dated: one dot each, stacked by year, one line per `group`; those without a date stand apart.

    `reference` is a pair (label, date) such as the day of publication. Dots are filled, hollow or diamonds by status.
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
    fig, axes = _canvas(sum(0.5 + 0.125 * n for n in deep.values()) + 0.3)
    ax, base = axes[0, 0], 0.0
    for name in groups:
        base -= 0.34 + 0.125 * deep[name]
        _pile_line(ax, frame[frame["group_"] == name], name, base, bins, across, deep[name])
        base -= 0.16
    _strip_axis(ax, bins, base, undated if frame["bin"].isna().any() else "", reference)
    return _finish(fig, title, "One dot is one figure", note=note)


def _pile_line(ax, items, name, base, bins, across, deep) -> None:
    """One line of piles: a thin ground, the dots, their number above."""
    ax.plot(
        [bins[0] - 0.5, bins[-1] + 1.9],
        [base - 0.07] * 2,
        color=GRID,
        lw=0.8,
        label=DECORATION,
        clip_on=False,
    )
    if name:
        ax.text(bins[0] - 0.5, base + 0.125 * deep + 0.09, name, va="center", color=INK)
    for spot in [*bins, None]:
        pile = items[items["bin"] == spot] if spot is not None else items[items["bin"].isna()]
        if len(pile):
            _pile(ax, pile, bins[-1] + 1.4 if spot is None else spot, base, across)


def _pile(ax, pile, centre, base, across) -> None:
    order = sorted(pile["status"], key=lambda s: list(STATUS).index(s))
    width = 0.84 / across
    start = centre - width * (min(len(order), across) - 1) / 2
    for status in dict.fromkeys(order):
        spots = [i for i, s in enumerate(order) if s == status]
        look = {
            **_look(status, COLOURS[0]),
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
    _label(ax, centre, top, str(len(order)), dy=4, ha="center", va="bottom", colour=MUTED)


def _strip_axis(ax, bins, base, undated, reference) -> None:
    ax.set(xlim=(bins[0] - 0.5, bins[-1] + (1.6 if undated else 0.5)), ylim=(base, 0.05))
    ax.yaxis.set_major_locator(NullLocator())
    ax.yaxis.set_major_formatter(FixedFormatter([]))
    spots = [*bins, *([bins[-1] + 1.4] if undated else [])]
    ax.xaxis.set_major_locator(FixedLocator(spots))
    ax.xaxis.set_major_formatter(FixedFormatter([*map(str, bins), *([undated] if undated else [])]))
    if reference:
        name, when = reference
        ax.plot([year(when) - 0.5] * 2, [base, 0.02], color=MUTED, lw=1, zorder=1)
        _label(ax, year(when) - 0.5, 0.02, name, dy=3, ha="center", va="bottom")


@theme()
def audit_ranges(data, *, title="", limit=8, note="") -> Figure:
    """Does the article add up? Each printed figure as a band, one half-digit to either side, and what follows from
    its other figures as a range.

    Columns: label; printed, printed_lower, printed_upper; value, lower, upper (recomputed). What lies beyond `limit`
    half-digits is drawn at the edge as an arrow with its distance.
    """
    frame = pd.DataFrame(data).reset_index(drop=True)
    half = (frame["printed_upper"] - frame["printed_lower"]) / 2
    if (half <= 0).any():
        name = frame.loc[half <= 0, "label"].iloc[0]
        raise LangfangError(
            f"audit_ranges: {name} is printed exactly; expected a rounding range to measure by"
        )
    for column in ("value", "lower", "upper"):
        frame[column] = (frame[column] - frame["printed"]) / half
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
    return _finish(fig, title, "", note=note, key=key if not frame["fits"].all() else key[:2])


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
    look = _look("actual" if item.fits else "unfit", colour)
    if not inside:
        look["marker"] = ">" if item.value > 0 else "<"
        _label(
            ax,
            spot,
            y,
            number(item.value, 0),
            dx=-9 if spot > 0 else 9,
            ha="right" if spot > 0 else "left",
            bbox=_PATCH,
        )
    ax.plot([spot], [y], zorder=4, clip_on=False, **look)


# --- what a figure says, for tests and readers -------------------------------------------------------------------


def _round9(value) -> float:
    return float(f"{value:.9g}") + 0.0


def _worded(axis) -> bool:
    """An axis whose ticks are words: its coordinates are places, no numbers."""
    return isinstance(axis.get_major_formatter(), FixedFormatter | mpl.category.StrCategoryFormatter)


def _shapes(ax):
    """Every plotted artist as (kind, points): lines, collections, patches in data coordinates."""
    for line in ax.lines:
        if line.get_label() != DECORATION:
            yield (
                line.get_label() if line.get_label() in (DOTS, RANGE) else "line",
                line.get_xydata().tolist(),
            )
    for group in ax.collections:
        points = (
            [p for part in group.get_paths() for p in part.vertices.tolist()]
            if len(group.get_offsets()) == 1 and not group.get_offsets().any()
            else group.get_offsets().tolist()
        )
        yield "collection", points
    for patch in ax.patches:
        box = patch.get_bbox() if hasattr(patch, "get_bbox") else patch.get_path().get_extents()
        yield "patch", [[box.x0, box.y0], [box.x1, box.y1]]


def strings(fig, ticks=True) -> list:
    """All words of a figure that show, in drawing order; without the numbers of its scales if `ticks` is false.

    >>> strings(bars({"a": 1}, title="One"), ticks=False)
    ['1', 'a', 'One']
    """
    with theme():
        fig.draw_without_rendering()
    scales = [side for ax in fig.axes for side in (ax.xaxis, ax.yaxis) if not ticks and not _worded(side)]
    numbers = {id(text) for side in scales for text in side.get_ticklabels(which="both")}
    texts = [text for text in fig.findobj(mpl.text.Text) if text.get_visible() and id(text) not in numbers]
    return [text.get_text() for text in texts if text.get_text()]


def close(fig) -> None:
    """Let go of a figure; one that pyplot made would otherwise be shown again at the end of the cell."""
    import sys

    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)


def values(fig) -> list:
    """The plotted numbers, each once, in drawing order; axes of names give none, dots give their count."""
    found = []
    for ax in fig.axes:
        keep = [not _worded(ax.xaxis), not _worded(ax.yaxis)]
        for kind, points in _shapes(ax):
            if kind == DOTS:
                found.append(float(len(points)))
            else:
                found += [
                    _round9(v) for point in points for v, wanted in zip(point, keep, strict=False) if wanted and v == v
                ]
    return [v for v in dict.fromkeys(found) if math.isfinite(v)]


def digest(fig) -> str:
    """A short sha256 of what a figure plots and says; not of its pixels, so it is the same on every platform.

    >>> digest(bars({"a": 1})) == digest(bars({"a": 1})) != digest(bars({"a": 2}))
    True
    """
    axes = [
        [[kind, [[_round9(v) for v in point] for point in points]] for kind, points in _shapes(ax)]
        for ax in fig.axes
    ]
    said = json.dumps([axes, strings(fig)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def svg(fig) -> str:
    """The figure as a small SVG text, the same bytes every time."""
    page = io.StringIO()
    with theme():
        fig.savefig(
            page, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return _shrink(page.getvalue())


def _shrink(text: str) -> str:
    """Drop what a picture does not need (prologue, comments, blanks, far decimals), in one fixed way."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", text, flags=re.S)
    text = re.sub(r'<path id="([^"]+)" d="([^"]+)" transform="scale\(0\.015625\)"/>', _small_glyph, text)
    text = re.sub(r"(?<![(\w.-])-?\d+\.\d{3,}", _two_decimals, text)
    text = re.sub(r"\s+", " ", text).replace("> <", "><").replace("; ", ";").replace(": ", ":")
    text = re.sub(r' (?=[MLQCz"])|(?<=[MLQC]) ', "", text)
    text = re.sub(r'<g id="[^"]+"', "<g", text).replace("<g/>", "")
    return text.replace("NotoSansSC-Regular-", "n").replace("DejaVuSans-", "d")


def _two_decimals(match) -> str:
    return f"{float(match.group()):.2f}".rstrip("0").rstrip(".")


def _small_glyph(match) -> str:
    """A glyph in whole 800ths of its em, each point counted from the last: half the size, no visible change."""
    at, start, out = (0, 0), (0, 0), []
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", match[2]):
        whole = [round(float(number) / 8) for number in numbers.split()]
        points = list(zip(whole[::2], whole[1::2], strict=True))
        steps = [f"{x - at[0]} {y - at[1]}" for x, y in points]
        out.append(command.lower() + " ".join(steps).replace(" -", "-"))
        start = points[-1] if command == "M" else start
        at = points[-1] if points else start
    return f'<path id="{match[1]}" d="{"".join(out)}" transform="scale(.125)"/>'
