"""What charts are made of: rows of data in one form, axes with a line per name, marks, labels, keys."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import SupportsFloat

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FuncFormatter, MaxNLocator

from langfang.errors import LangfangError
from langfang.notebook.look import COLOURS, CONTEXT, INK, MARK, SMALL, STATUS, TEXT, canvas, word, wrap
from langfang.printed.wording import decimals, number

ASIDE = 2.1  # inches for the names on the left
PATCH = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}  # behind words that cross a rule
SIGNS = {"about": "≈", "nearly": "≈", "at_least": "≥", "more_than": ">", "over": ">", "at_most": "≤"}

# ---- data ----


def row(label: str, quantity: SupportsFloat, status: str | None = None, **more: object) -> dict:
    """One row of chart data: a name, a Quantity or plain number, and what else it needs (period, vintage …).

    >>> row("Langfang", 52, period="2018")["value"]
    52.0
    """
    value = float(getattr(quantity, "value", quantity))
    lower, upper = (float(getattr(quantity, end, value)) for end in ("lower", "upper"))
    status = status or getattr(quantity, "status", None) or "actual"
    known = {"value": value, "lower": lower, "upper": upper, "unit": getattr(quantity, "unit", "")}
    return {"label": label, **known, "status": status, **more}


def tidy(data, per: float = 1, by: str | None = None, units=()) -> pd.DataFrame:
    """Any accepted form of chart data as a frame with label, value, lower, upper, unit, status, vintage.

    One unit must hold for all, and for `units`; none, and 1, meet any. One vintage must hold for what is
    compared: within each group of column `by`, or in all that has one. A row without a vintage is the
    report's own and may stand beside one other.

    >>> tidy([row("a", 1, vintage="x"), row("b", 2, vintage="y")])
    Traceback (most recent call last):
    ...
    langfang.errors.LangfangError: a (x) and b (y) differ in vintage; expected one basis for what is compared
    """
    if isinstance(data, dict | pd.Series):
        data = [row(str(label), quantity) for label, quantity in data.items()]
    frame = pd.DataFrame(data).reset_index(drop=True)
    if frame.empty:
        raise LangfangError("chart: no rows; expected at least one")
    if "base_unit" in frame:
        frame["unit"] = frame["base_unit"]  # values of lf.load("facts") are in base units
    if "value" not in frame and "quantity" in frame:
        rows = pd.DataFrame([row("", quantity) for quantity in frame["quantity"]])
        frame = frame.assign(**rows.drop(columns="label"))
    if "value" not in frame:
        raise LangfangError(f"chart: no column 'value' among {', '.join(frame.columns)}")
    plain = {"unit": "", "status": "actual", "vintage": ""}
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


def each(frame, column: str = "label") -> list:
    """What stands in a column, each once, in order."""
    return list(dict.fromkeys(frame[column]))


def shown(item, digits: int | None = None) -> str:
    """A row's value as its label, with the bound the source gives it (≥, ≤, >, ≈)."""
    places = decimals(item.value, item.lower, item.upper) if digits is None else digits
    bound = getattr(item, "bound", "")
    if isinstance(bound, str) and bound:
        sign = SIGNS.get(bound, "")
    elif item.upper == math.inf:  # worked out: what its range is open to
        sign = "≥"
    elif item.lower == item.value < item.upper:
        sign = ">"
    else:
        sign = "≤" if item.lower < item.upper == item.value else ""
    return sign + number(item.value, places)


# ---- axes ----


def lines_of(names, frame, references=None, per=1.0, zero=False, pitch=0.4, left=0.0):
    """Axes with one line per name, the first on top, a scale that holds the frame, and standards across.

    `left` is room in inches for labels on the left of the smallest value.
    """
    standards = frame.iloc[:0]
    if references is not None:
        standards = tidy(references, per, units=frame["unit"]).sort_values("value")
    if len(standards) > 2:
        raise LangfangError(f"references: {len(standards)} lines; expected two at most")
    fig, ax = named(names, pitch, 0.25 * bool(len(standards)))
    low, high = limits(frame, standards["value"], zero)
    if left:
        low = min(low, frame["value"].min() - (high - low) * left / 3.6)
    ax.set_xlim(low, high)
    scale(ax)
    for place, item in enumerate(standards.itertuples()):
        ax.axvline(item.value, color=INK, lw=1.6, zorder=2)
        leftward = place == 0 and (len(standards) == 2 or item.value > (low + high) / 2)
        top = {"xycoords": ax.get_xaxis_transform(), "va": "baseline", "ha": "right" if leftward else "left"}
        write(ax, f"{item.label} {shown(item)}", (item.value, 1), (-3 if leftward else 3, 6), **top)
    return fig, ax


def named(names, pitch=0.4, extra=0.0):
    """Axes with one line per name, and nothing else."""
    folded = [wrap(name, ASIDE) for name in names]
    tallest = max(text.count("\n") for text in folded) + 1
    fig, ax = canvas(max(pitch, 0.22 * tallest + 0.12) * len(names) + 0.4 + extra)
    ax.set_yticks(range(len(names)))
    ax.yaxis.set_major_formatter(FixedFormatter(folded))
    ax.tick_params(axis="y", labelsize=TEXT, labelcolor=INK, pad=6)
    ax.set_ylim(len(names) - 0.5, -0.5)
    return fig, ax


def scale(ax: Axes, axis: str = "x", bins: int = 5) -> None:
    """Few round ticks with light rules."""
    side = getattr(ax, f"{axis}axis")
    side.set_major_locator(MaxNLocator(bins, steps=[1, 2, 2.5, 5, 10]))
    side.set_major_formatter(FuncFormatter(lambda v, _: number(round(v, 6))))
    ax.grid(True, axis=axis)


def limits(frame, others=(), zero=False, air=0.06) -> tuple:
    """Axis limits that hold every value and finite end, with a little air."""
    numbers = [*frame[["value", "lower", "upper"]].to_numpy().ravel(), *others, *([0] if zero else [])]
    finite = [v for v in numbers if math.isfinite(v)]
    low, high = min(finite), max(finite)
    margin = (high - low) * air or abs(high) * air or 1
    return (0 if zero and low == 0 else low - margin), (0 if zero and high == 0 else high + margin)


# ---- marks and words ----


def sign(status: str, colour: str) -> dict:
    """How a mark of a status looks."""
    shape, filled = STATUS[status]
    ink, size = (INK, 15) if status == "norm" else (colour, MARK - (shape == "D"))
    fill = ink if filled else "white"
    return {"marker": shape, "ms": size, "mew": 2.0, "mfc": fill, "mec": ink, "color": ink}


def mark(ax, x, y, item, colour: str, along: str = "x") -> None:
    """Draw one figure in the look of its status, with its range; an open end runs on as an arrow."""
    ends = np.clip([item.value - item.lower, item.upper - item.value], 0, None)
    is_open = ~np.isfinite(ends)
    reach = np.where(is_open, 0.07 * np.ptp(getattr(ax, f"get_{along}lim")()), ends)[:, None]
    # matplotlib calls an error bar that runs on upwards a lower limit.
    names = ("xuplims", "xlolims") if along == "x" else ("uplims", "lolims")
    error = {f"{along}err": reach} | dict(zip(names, is_open, strict=True)) if reach.any() else {}
    look = {"elinewidth": 1.6, "capsize": 3.5, "zorder": 4, "clip_on": False, **sign(item.status, colour)}
    ax.errorbar(x, y, ls="none", **look, **error)


def write(ax, text, spot, shift=(8, 0), colour=INK, **more):
    """Words beside a place in the data, on the side that `shift` (points) leads to."""
    side = {1: "left", 0: "center", -1: "right"}[int(np.sign(shift[0]))]
    high = "center" if shift[0] else "bottom" if shift[1] > 0 else "top"
    usual = {"ha": side, "va": high, "color": colour, "size": SMALL, "annotation_clip": False, "zorder": 5}
    return ax.annotate(text, spot, shift, textcoords="offset points", **usual | more)


def key(frame, colours=None, group: str | None = None) -> list:
    """Entries of the key: each group in its colour, each status in its look; none if all was reached."""
    groups = frame[group] if group else [""] * len(frame)
    pairs = list(dict.fromkeys(zip(groups, frame["status"], strict=True)))
    if not group:
        pairs.sort(key=lambda pair: list(STATUS).index(pair[1]))
    if pairs == [("", "actual")]:
        return []
    several = len({name for name, _ in pairs}) < len(pairs)
    entries = []
    for name, status in pairs:
        told = word(status) if not name else f"{name}, {word(status)}" if several else name
        look = sign(status, (colours or {}).get(name, COLOURS[0]))
        entries.append(Line2D([], [], ls="", label=told, **look | {"ms": min(look["ms"], 12)}))
    return entries


def palette(names, highlight=None) -> dict:
    """A colour for each name; with `highlight` the others step back to grey."""
    if highlight is None and len(names) <= len(COLOURS):
        return dict(zip(names, COLOURS, strict=False))
    loud = [highlight] if isinstance(highlight, str) else list(highlight or names[:1])
    for name in loud:
        if name not in names:
            raise LangfangError(f"highlight {name!r}: expected one of {', '.join(map(str, names))}")
    return {name: COLOURS[loud.index(name) % len(COLOURS)] if name in loud else CONTEXT for name in names}


def apart(notes, gap: float = 15.5) -> None:
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
