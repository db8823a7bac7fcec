"""How figures are drawn: the look, room for words, marks, and what a finished figure plots and says.

Nothing here touches pyplot or leaves settings behind.
"""

from __future__ import annotations

import hashlib
import io
import json
import locale
import math
import re
import sys
import warnings
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib as mpl
import seaborn as sns
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter
from matplotlib.transforms import Bbox

from langfang.errors import LangfangError

WIDTH = 6.4  # inches: 614 px in a notebook; the smallest text is still 9 px on a phone of 390 px
PAD = 0.08  # inches of white around the figure
TEXT, SMALL, TITLE = 13, 12, 15  # points
MARK = 8.0  # points across
INK, MUTED, GRID, BAND = "#1b2733", "#56616d", "#d9dee3", "#dde4ec"
# Dark to light, so that the order survives in greyscale and for every kind of colour vision.
COLOURS = ("#12365f", "#9a2a4f", "#b5520a", "#3a93b4")
CONTEXT = "#7d868f"
STATUS = {"actual": "reached", "target": "target", "forecast": "forecast", "norm": "standard"}
# Labels of artists: no data; one dot for each thing; a range.
DECORATION, DOTS, RANGE = "_decoration", "_dots", "_range"
PATCH = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # behind words that cross a rule


# ---- theme ----


@cache
def font() -> str:
    """Register the Chinese font, a subset of Noto Sans SC that tools/font.py cuts, and return its name."""
    found = Path(__file__).with_name("NotoSansSC-GB2312.ttf")
    font_manager.fontManager.addfont(str(found))
    _settle_language(found)
    return font_manager.FontProperties(fname=str(found)).get_name()


def _settle_language(font) -> None:
    """Shape a first text under no language: that of the locale would hold for all that follow.

    Under a Chinese locale digits would have other forms and widths. The setting ``text.language`` does not
    reach where texts are measured.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    try:
        font_manager.get_font(str(font)).set_text("1")
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


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


# ---- canvas ----


def canvas(body: float, columns=1, lines=1, **shared):
    """A figure whose axes share `body` inches of height; header and footer are added by `_finish`."""
    fig = Figure(figsize=(WIDTH, body))
    FigureCanvasAgg(fig)
    axes = fig.subplots(lines, columns, squeeze=False, **shared)
    fig.body = body
    return fig, axes


def extent(artist) -> Bbox:
    return artist.get_window_extent(artist.get_figure(root=True).canvas.get_renderer())


def wrap(text, width, size=TEXT) -> str:
    """Break a text at blanks so that each line is at most `width` inches wide, as far as its words allow."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


@cache
def text_width(text: str, size=TEXT) -> float:
    """The width of a text in inches."""
    fig = _ruler()
    written = fig.text(0, 0, text, size=size)
    width = extent(written).width / fig.dpi
    written.remove()
    return width


@cache
def _ruler() -> Figure:
    fig = Figure(figsize=(1, 1))
    FigureCanvasAgg(fig)
    return fig


def _fit(fig, top: float, bottom: float) -> None:
    """Set the margins so that everything drawn just fits between header and footer (heights in inches)."""
    width, height = fig.get_size_inches()
    for _ in range(4):
        boxes = [ax.get_tightbbox(fig.canvas.get_renderer()) for ax in fig.axes]
        sides = [side for ax in fig.axes for side in (ax.xaxis, ax.yaxis)]
        # matplotlib 3.10 leaves out what of an axis' name is wider than the axis.
        boxes += [extent(side.label) for side in sides if side.get_label_text()]
        box = Bbox.union(boxes).transformed(fig.dpi_scale_trans.inverted())
        left, right = (PAD - box.x0) / width, (width - PAD - box.x1) / width
        low, high = (bottom - box.y0) / height, (height - top - box.y1) / height
        if max(map(abs, (left, right, low, high))) < 1e-4:
            return
        now = fig.subplotpars
        fig.subplots_adjust(now.left + left, now.bottom + low, now.right + right, now.top + high)


def finish(fig, title, subtitle, arrange=None, note="", key=()):
    """Header (title, unit, key), footer, margins; `arrange` places labels once sizes are known."""
    _plain_quotes(fig)
    _set_height(fig, 0.4, 0.3)
    ranges = _visible_ranges(fig)
    note = " ".join(filter(None, [note, _SMALL_RANGES.get(ranges, "")]))
    key = [
        *(key or _key(_statuses(fig))),
        *([("range", "rounding range", COLOURS[0])] if "some" in ranges else []),
    ]
    top = _header(fig, wrap(title, WIDTH - 2 * PAD, TITLE), wrap(subtitle, WIDTH - 2 * PAD), key)
    note = wrap(note, WIDTH - 2 * PAD, SMALL)
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


_SMALL_RANGES = {
    "none": "Rounding ranges are too small to see here.",
    "some, others hidden": "Where no range shows, it is smaller than the mark.",
}


def _visible_ranges(fig) -> str:
    """Whether ranges show beyond their marks: a key of _SMALL_RANGES, "some", or "" where all is exact.

    A range that hides is left out of the picture, where it would look like a speck, but not of the data.
    """
    lines = [line for ax in fig.axes for line in ax.lines if line.get_label() == RANGE]
    hidden = [line for line in lines if _length(line) <= MARK + 1]
    for line in hidden:
        line.set_visible(False)
    if not lines or len(hidden) == len(lines):
        return "none" if lines else ""
    return "some, others hidden" if hidden else "some"


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
    """Write title, unit and key; returns the height they need, in inches. `_hang` puts them in place."""
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
        wide = extent(words).width / fig.dpi
        if left > PAD and left + 0.28 + wide > WIDTH - PAD:
            left, down = PAD, down + 0.26
        words.set_x((left + 0.26) / WIDTH)
        fig.hung.append((words, down + 0.02))
        sign = Line2D(
            [(left + 0.1) / WIDTH], [0], label=DECORATION, transform=fig.transFigure, **look(kind, colour)
        )
        fig.hung.append((fig.add_artist(sign), down + 0.13))
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


# ---- marks ----


def look(status, colour) -> dict:
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


def mark(ax, x, y, item, colour, axis="x"):
    """Draw one figure: its range as a thin bar with ends, then its mark."""
    span_bar(ax, x, y, item, colour, axis)
    (line,) = ax.plot([x], [y], zorder=4, clip_on=False, **look(item.status, colour))
    line.langfang_status = item.status
    return line


def span_bar(ax, x, y, item, colour, axis):
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


def write(ax, x, y, text, dx=0, dy=0, ha="left", va="center", colour=INK, size=SMALL, **more):
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


def palette(names, highlight=None) -> dict:
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
def ink(colour) -> str:
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


def unstack(labels, gap=17) -> None:
    """Move labels up and down, each as little as possible, until none covers another."""
    if not labels:
        return
    fig = labels[0].get_figure(root=True)
    points = [label.axes.transData.transform(label.xy)[1] * 72 / fig.dpi for label in labels]
    for label, here, there in zip(labels, points, spread(points, gap), strict=False):
        label.set_position((label.xyann[0], there - here))


def place_labels(labels, obstacles) -> None:
    """Put each label above, below, right or left of its point: the first place that covers least."""
    taken = list(obstacles)
    for label in labels:
        fig = label.get_figure(root=True)
        frame = Bbox.from_bounds(0, 0, *(fig.get_size_inches() * fig.dpi))
        costs = [_cost(label, place, taken, frame) + 2 * rank for rank, place in enumerate(_PLACES)]
        _move(label, _PLACES[costs.index(min(costs))])
        taken.append(extent(label))


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
    box = extent(label).padded(1)
    outside = box.width * box.height - _overlap(box, frame)
    return round(sum(_overlap(box, other) for other in taken) + 3 * outside, 1)


def _overlap(a, b) -> float:
    wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return max(wide, 0) * max(high, 0)


# ---- what a figure says, for tests and readers ----


def _round9(value) -> float:
    """Nine digits, which are the same on every platform; whole numbers without a point."""
    number = float(f"{value:.9g}")
    return int(number) if math.isfinite(number) and number == int(number) else number


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
    """All words of a figure that show, in drawing order; without the numbers of its scales unless `ticks`.

    >>> from langfang.notebook.charts import bars
    >>> strings(bars({"a": 1}, title="One"), ticks=False)
    ['1', 'a', 'One']
    """
    if fig.stale:  # something changed since it was drawn last
        with theme():
            fig.draw_without_rendering()
    scales = [side for ax in fig.axes for side in (ax.xaxis, ax.yaxis) if not ticks and not _worded(side)]
    numbers = {id(text) for side in scales for text in side.get_ticklabels(which="both")}
    texts = [text for text in fig.findobj(mpl.text.Text) if text.get_visible() and id(text) not in numbers]
    fig.stale = False  # asking for the scales' numbers sets it, and changes nothing
    return [text.get_text() for text in texts if text.get_text()]


def close(fig) -> None:
    """Let go of a figure; one that pyplot made would otherwise be shown again at the end of the cell."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)


def values(fig, ranges=True) -> list:
    """The plotted numbers, each once, in drawing order; axes of names give none, dots give their count.

    Without `ranges`, the ends of ranges are left out.
    """
    found = []
    for ax in fig.axes:
        keep = [not _worded(ax.xaxis), not _worded(ax.yaxis)]
        for kind, points in _shapes(ax):
            if kind == DOTS:
                found.append(float(len(points)))
            elif ranges or kind != RANGE:
                numbers = (v for point in points for v, wanted in zip(point, keep, strict=True) if wanted)
                found += [_round9(v) for v in numbers if math.isfinite(v)]
    return list(dict.fromkeys(found))


def ranges(fig) -> list:
    """The ranges drawn, as pairs of lower and upper end."""
    lines = [line.get_xydata() for ax in fig.axes for line in ax.lines if line.get_label() == RANGE]
    along = [points[:, 0] if points[0, 0] != points[-1, 0] else points[:, 1] for points in lines]
    return [(_round9(ends[0]), _round9(ends[-1])) for ends in along]


def digest(fig) -> str:
    """A short sha256 of what a figure plots and says; not of its pixels, so it is the same on every platform.

    >>> from langfang.notebook.charts import bars
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
    """A glyph in whole 800ths of its em, each point counted from the last: half the size, same look."""
    at, start, out = (0, 0), (0, 0), []
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", match[2]):
        whole = [round(float(number) / 8) for number in numbers.split()]
        points = list(zip(whole[::2], whole[1::2], strict=True))
        steps = [f"{x - at[0]} {y - at[1]}" for x, y in points]
        out.append(command.lower() + " ".join(steps).replace(" -", "-"))
        start = points[-1] if command == "M" else start
        at = points[-1] if points else start
    return f'<path id="{match[1]}" d="{"".join(out)}" transform="scale(.125)"/>'
