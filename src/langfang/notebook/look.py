"""How figures look: settings, fonts, the frame of title and key; and a figure as picture, words and numbers.

Nothing here touches pyplot or leaves settings behind.
"""

from __future__ import annotations

import hashlib
import io
import json
import locale
import math
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator, FuncFormatter

from langfang.errors import LangfangError
from langfang.notebook.prose import CHINESE

WIDTH = 5.2  # inches: 499 px in a notebook; the smallest text is still 10.8 px on a phone of 390 px
PAD = 0.08  # inches of white around the figure
TEXT, SMALL, TITLE = 13, 12, 15  # points
MARK = 8.0  # points across
INK, MUTED, GRID = "#1b2733", "#56616d", "#d9dee3"
# Dark to light, so that the order survives in greyscale and for every kind of colour vision.
COLOURS = ("#12365f", "#9a2a4f", "#b5520a", "#3a93b4")
CONTEXT = "#7d868f"
FILLS = ((COLOURS[0], "white"), ("#8fa6bf", INK), ("#dbe3ec", INK))  # parts of a bar, and the ink on them
# How each status is drawn (the marker and whether it is filled) and called.
STATUS = {
    "actual": ("o", True, {"en": "reached", "zh": "已实现"}),
    "target": ("D", False, {"en": "target", "zh": "目标"}),
    "forecast": ("o", False, {"en": "forecast", "zh": "预期"}),
    "norm": ("|", True, {"en": "standard", "zh": "标准"}),
}
_PAPER = RendererAgg(1, 1, dpi=100)  # where texts are measured
language: ContextVar[str] = ContextVar("language of what charts say by themselves", default="en")
_SIDES = [f"axes.spines.{side}" for side in ("left", "right", "top", "bottom")]
_TICKS = [f"{axis}tick.{size}.size" for axis in "xy" for size in ("major", "minor")]
_MUTED = ["axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"]
_SMALL = ["legend.fontsize", "axes.labelsize", "xtick.labelsize", "ytick.labelsize"]
_SETTINGS = {
    **dict.fromkeys(_SIDES, False), **dict.fromkeys(_TICKS, 0), **dict.fromkeys(_MUTED, MUTED),
    **dict.fromkeys(_SMALL, SMALL), **dict.fromkeys(["font.size", "axes.titlesize"], TEXT),
    **dict.fromkeys(["figure.facecolor", "savefig.facecolor"], "white"),
    "text.color": INK, "grid.color": GRID, "axes.grid": False,
    "axes.prop_cycle": mpl.cycler(color=COLOURS), "axes.titlelocation": "left", "axes.axisbelow": True,
    "axes.linewidth": 0.8, "lines.solid_capstyle": "butt", "figure.figsize": (WIDTH, 3.6),
    "legend.frameon": False, "legend.handletextpad": 0.4, "legend.borderaxespad": 0,
    "legend.borderpad": 0, "figure.dpi": 100, "svg.fonttype": "path",
    "svg.hashsalt": "langfang", "path.simplify": False,
}  # fmt: skip


_QUOTES = str.maketrans("‘’“”", "''\"\"")  # curly ones are as wide as a Chinese character in the font


@cache
def fonts() -> list[str]:
    """The fonts of a figure, the Chinese one registered: a subset of Noto Sans SC, cut by `make font`."""
    file = str(Path(__file__).with_name("NotoSansSC-GB2312.ttf"))
    font_manager.fontManager.addfont(file)
    # The language under which a font shapes its first text holds for all that follow; that of a Chinese
    # locale has digits of other widths. The setting ``text.language`` is not heeded where texts are measured.
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    font_manager.get_font(file).set_text("1")
    locale.setlocale(locale.LC_CTYPE, before)
    return [font_manager.FontProperties(fname=file).get_name(), "DejaVu Sans"]


@contextmanager
def theme(lang: str | None = None) -> Iterator[None]:
    """The look of every figure, for a ``with`` block or a decorated function; a missing glyph is an error.

    Any matplotlib or seaborn figure drawn within has the look and the font and goes through `lf.show`.
    `lang`, "en" or "zh", is the language of words that charts add; in "zh" the Chinese title stands alone.

    >>> with theme():
    ...     mpl.rcParams["svg.fonttype"]
    'path'
    """
    if lang not in (None, "en", "zh"):
        raise LangfangError(f"theme: lang {lang!r}; expected 'en' or 'zh'")
    token = language.set(lang or language.get())
    try:
        with mpl.rc_context(_SETTINGS | {"font.family": fonts()}), warnings.catch_warnings():
            warnings.filterwarnings("error", message=r"Glyph .* missing")
            yield
    except UserWarning as fault:
        message = f"figure text: {fault} Use a character that Noto Sans SC or DejaVu Sans has."
        raise LangfangError(message) from None
    finally:
        language.reset(token)


def canvas(height: float, columns: int = 1) -> tuple[Figure, Any]:
    """A figure whose axes have `height` inches, and its axes; title and key are added by `finish`."""
    fig = FigureCanvasAgg(Figure(figsize=(WIDTH, height), layout="constrained")).figure
    return fig, fig.subplots(1, columns)


@theme()
def finish(
    fig: Figure, title: str, subtitle: str, zh: str = "", key: Sequence = (), placed: Callable | None = None
) -> Figure:  # fmt: skip
    """Write title, Chinese title, subtitle and key above the axes, and lay everything out once.

    `key` holds the legend's handles; `placed` is called when places on paper are known, to move labels.
    """
    for name, text in (("title", title), ("subtitle", subtitle)):
        if not text.strip():
            expected = "the finding as title and what, where, when, unit"
            raise LangfangError(f"chart: no {name}; expected {expected}")
    if language.get() == "zh" and zh:
        title, zh = zh, ""
    body, down, written = fig.get_figheight(), PAD, []
    heads = [(title, TITLE, INK, 0.285), (zh, TEXT, INK, 0.26), (subtitle, SMALL, MUTED, 0.235)]
    for text, size, colour, tall in heads:
        if text:
            folded = wrap(text, WIDTH - 2 * PAD, size)
            style = {"size": size, "color": colour, "va": "top", "linespacing": 1.15}
            written.append((fig.text(PAD / WIDTH, 1, folded, **style), down))
            down += tall * (folded.count("\n") + 1)
    down += 0.1
    wide = sum(text_width(entry.get_label(), SMALL) + 0.45 for entry in key)
    rows, columns = (min(1, len(key)), len(key)) if wide <= WIDTH - 2 * PAD else (len(key), 1)
    height = down + body + 0.26 * rows + PAD
    fig.set_size_inches(WIDTH, height)
    for words, top in written:
        words.set_y(1 - top / height)
    if key:
        corner = {"loc": "upper left", "bbox_to_anchor": (PAD / WIDTH, 1 - down / height)}
        fig.legend(handles=key, ncols=columns, columnspacing=1.2, handlelength=1.2, **corner)
    sides = (PAD / WIDTH, PAD / height, 1 - 2 * PAD / WIDTH, body / height)
    fig.get_layout_engine().set(rect=sides, w_pad=0, h_pad=0)
    fig.draw_without_rendering()
    fig.set_layout_engine(None)  # laid out once: else every drawing would move things by a hair
    for text in fig.findobj(mpl.text.Text):
        text.set_text(text.get_text().translate(_QUOTES))
    for caps, spans in _error_bars(fig):  # a range no longer than its mark is data, but no picture
        ends = [span.get_transform().transform(path.vertices) for span in spans for path in span.get_paths()]
        if all(abs(end[-1] - end[0]).max() * 72 / fig.dpi <= MARK + 1 for end in ends):
            mpl.artist.setp([*caps, *spans], visible=False)
    if placed:
        placed()
    return fig


# What stays in one line: a word with a first Chinese character, or one of these with its closing mark.
_PIECES = re.compile(rf"\s*(?:[^\s{CHINESE}]+[{CHINESE}]?|[{CHINESE}])[，。、；：）》”]*")


def wrap(text: str, width: float, size=TEXT) -> str:
    """Break a text at blanks and between Chinese characters into lines of at most `width` inches."""
    lines = []
    for given in text.split("\n"):
        line = ""
        for piece in _PIECES.findall(given):
            if line and text_width(line + piece, size) > width:
                lines.append(line)
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line)
    return "\n".join(lines).translate(_QUOTES)  # here too: ticks write their words anew when they are drawn


@cache
def text_width(text: str, size=TEXT) -> float:
    """The width of a line of text in inches, inside the theme or not."""
    letters = font_manager.FontProperties(family=fonts(), size=size)
    return _PAPER.get_text_width_height_descent(text, letters, ismath=False)[0] / _PAPER.dpi


# ---- what a figure plots and says ----


def _round9(value) -> float:
    """Nine digits, which are the same on every platform; whole numbers without a point."""
    number = float(f"{value:.9g}")
    return int(number) if number.is_integer() else number


def _is_numeric(side) -> bool:
    """Whether an axis carries numbers; where its ticks are words, coordinates are places."""
    form, places = side.get_major_formatter(), side.get_majorticklocs()
    chosen = isinstance(side.get_major_locator(), FixedLocator)
    if chosen and isinstance(form, FixedFormatter | FuncFormatter):
        return [text.replace(",", "") for text in form.format_ticks(places)] == [f"{x:.9g}" for x in places]
    return not isinstance(form, mpl.category.StrCategoryFormatter)


def _error_bars(fig) -> list:
    """The parts of each error bar: (caps, spans)."""
    bars = [bars for ax in fig.axes for bars in ax.containers]
    return [bar.lines[1:] for bar in bars if isinstance(bar, mpl.container.ErrorbarContainer)]


def _plotted(ax) -> Iterator[tuple]:
    """Every line, bar and collection of axes, which of its coordinates are data, and its points."""
    for artist in (*ax.lines, *ax.collections, *ax.patches):
        transform = artist.get_transform()
        if isinstance(artist, mpl.patches.Rectangle):
            points = artist.get_bbox().get_points()
        elif isinstance(artist, mpl.lines.Line2D | mpl.patches.Patch):
            points = artist.get_path().vertices
        elif artist.get_offsets().any():
            points, transform = artist.get_offsets(), artist.get_offset_transform()
        else:
            points = [point for path in artist.get_paths() for point in path.vertices]
        in_data = transform.contains_branch_seperately(ax.transData)
        if any(in_data):
            yield artist, in_data, np.reshape(points, (-1, 2))


def ranges(fig) -> list:
    """The ranges drawn, as pairs of lower and upper end."""
    paths = [path for _, spans in _error_bars(fig) for span in spans for path in span.get_paths()]
    ends = [(path.vertices[0], path.vertices[-1]) for path in paths]
    return [tuple(map(_round9, (a[0], b[0]) if a[0] != b[0] else (a[1], b[1]))) for a, b in ends]


def values(fig: Figure, ranges: bool = True) -> list:
    """The plotted numbers, each once, in drawing order, ends of ranges if wanted; axes of names give none."""
    found = []
    bars = [] if ranges else [part for caps, spans in _error_bars(fig) for part in (*caps, *spans)]
    for ax in fig.axes:
        numeric = _is_numeric(ax.xaxis), _is_numeric(ax.yaxis)
        for artist, in_data, points in _plotted(ax):
            if artist not in bars:
                numbers = points[:, np.logical_and(numeric, in_data)]
                found += [_round9(value) for value in numbers.ravel() if math.isfinite(value)]
    return list(dict.fromkeys(found))


def strings(fig: Figure, ticks: bool = True) -> list:
    """All words of a figure that show, in drawing order; without the numbers of its scales unless `ticks`."""
    if fig.stale:  # something changed since it was drawn last
        with theme():
            fig.draw_without_rendering()
    sides = [side for ax in fig.axes for side in (ax.xaxis, ax.yaxis) if not ticks]
    scales = [side.get_ticklabels(which="both") for side in sides if _is_numeric(side)]
    numbers = {id(text) for texts in scales for text in texts}
    texts = [text for text in fig.findobj(mpl.text.Text) if text.get_visible() and id(text) not in numbers]
    fig.stale = False  # asking for the scales' numbers sets it, and changes nothing
    return [text.get_text() for text in texts if text.get_text()]


def digest(fig: Figure) -> str:
    """A short sha256 of what a figure plots and says; not of pixels: the same on every platform."""
    axes = [
        [[type(artist).__name__, [[_round9(v) for v in point[list(in_data)]] for point in points]]
         for artist, in_data, points in _plotted(ax)] for ax in fig.axes
    ]  # fmt: skip
    said = json.dumps([axes, strings(fig)], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@theme()
def svg(fig: Figure) -> str:
    """The figure as a small SVG text, the same bytes every time.

    Left out is what a picture does not need: prologue, comments, blanks, far decimals.
    """
    page = io.StringIO()
    fig.savefig(page, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    text = page.getvalue().partition("<svg")[2]
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", f"<svg{text}", flags=re.S)
    text = re.sub(r'<path id="([^"]+)" d="([^"]+)" transform="scale\(0\.015625\)"/>', _small_glyph, text)
    long = re.compile(r"(?<![(\w.-])-?\d+\.\d{3,}")
    text = long.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), text)
    text = re.sub(r"\s+", " ", text).replace("> <", "><").replace("; ", ";").replace(": ", ":")
    text = re.sub(r' (?=[MLQCz"])|(?<=[MLQC]) ', "", text)
    text = re.sub(r'<g id="[^"]+"', "<g", text).replace("<g/>", "")
    return text.replace("NotoSansSC-Regular-", "n").replace("DejaVuSans-", "d")


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
