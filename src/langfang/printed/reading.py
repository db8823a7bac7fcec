"""Read figures as Chinese reports print them, and print them back.

Everything here works on text alone: no tables, no pandas.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

from langfang.errors import LangfangError

__all__ = [
    "BOUNDS",
    "Figure",
    "chinese_numerals",
    "digest",
    "normalise",
    "numerals",
    "paragraphs",
    "print_figure",
    "read_figure",
]

BOUNDS = ("as_printed", "about", "over", "more_than", "at_least", "at_most")

# Words that open or loosen a figure, before it and after it.
_BEFORE = {
    "about": ("大约", "约", "将近", "接近", "近"),
    "more_than": ("超过", "突破", "超", "逾", "高于", "多于"),
    "at_least": ("至少", "不低于", "不少于", "最低", "最少"),
    "at_most": ("最高", "最多", "至多", "不超过", "不高于", "不到", "不足", "低于", "少于"),
}
_AFTER = {
    "about": ("左右", "上下"),
    "at_least": ("及以上", "以上", "台阶"),
    "at_most": ("及以下", "以内", "以下", "之内"),
}
_BOUND_OF = {word: bound for table in (_BEFORE, _AFTER) for bound, words in table.items() for word in words}

# Measure words a figure may end in; a scale (万, 亿 …) may stand before each.
_MEASURE_WORDS = """
    元 美元 % ‰ 个百分点 倍 年 学年 个月 月 周 天 日 小时 分钟 岁
    户 人 人次 名 位 个 家 项 条 所 座 处 场 场次 件 批 次 级 重 种 类 门 部 册 张 套 间 台 辆 艘 架
    株 棵 头 只 床 栋 幢 份 宗 起 例 层 证 城 县 村 镇 乡 区 市 街道
    吨 吨标准煤 千克 公斤 亩 公顷 平方公里 平方千米 平方米 立方米 公里 千米 米 千瓦 千瓦时 兆瓦 升 度
    微克/立方米 毫克/立方米 毫克/升 元/平方米 吨/年 千瓦时/吨
"""
_MEASURES = frozenset(_MEASURE_WORDS.split())
# What is counted with one word and printed with another.
_SAME_MEASURE = {"大": "个", "百分点": "个百分点", "ug/m3": "微克/立方米", "μg/m3": "微克/立方米"}
_SCALES = ("万亿", "千亿", "百亿", "十亿", "亿", "千万", "百万", "十万", "万", "千", "百")
_PER = ("人", "户", "家", "名", "个", "亩", "吨", "年", "月", "天")

_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")}
_POWERS = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
_NUMERAL = "零〇一二两三四五六七八九十百千万亿半"

_ARABIC = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
# A scale that follows Arabic digits (14.4万, 100余万) belongs to them and is no numeral of its own.
_CHINESE = re.compile(rf"(?<!\d)(?<!\d[余多几])(?<![{_NUMERAL}])(?:第?[{_NUMERAL}]+|首(?=[位个批次家名例]))")


class Figure(NamedTuple):
    """What a printed figure states: digits as printed, unit as printed, and how they bound the true value."""

    value: str
    unit: str
    bound: str


def normalise(text: str) -> str:
    """Text in the one form that places and hashes refer to: NFKC, without any white space.

    Examples
    --------
    >>> normalise("１４.４ 万户")
    '14.4万户'
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def paragraphs(text: str) -> list[str]:
    """Non-empty lines of a source, normalised; paragraph n is item n - 1.

    Examples
    --------
    >>> paragraphs("题目\\n\\n 正 文：１户 \\n")
    ['题目', '正文:1户']
    """
    lines = (normalise(line) for line in text.splitlines())
    return [line for line in lines if line]


def digest(paragraph: str) -> str:
    """SHA-256 (hex) of a normalised paragraph: the same for full-width or half-width copies.

    Examples
    --------
    >>> digest("１ 户") == digest("1户")
    True
    """
    return hashlib.sha256(normalise(paragraph).encode()).hexdigest()


def numerals(text: str) -> list[tuple[int, int, str]]:
    """Arabic numerals of a normalised text as (start, end, digits).

    Examples
    --------
    >>> numerals("户均5.08个,共8户")
    [(2, 6, '5.08'), (9, 10, '8')]
    """
    return [(*match.span(), match.group()) for match in _ARABIC.finditer(text)]


def chinese_numerals(text: str) -> list[tuple[int, int, str]]:
    """Every run of Chinese numeral characters that may state a number, as (start, end, text).

    Many of them state none (一体, 零售): the data set says which do, and why the others do not.

    Examples
    --------
    >>> chinese_numerals("七大集群居第三位,14.4万户,居首位")
    [(0, 1, '七'), (5, 7, '第三'), (17, 18, '首')]
    """
    return [(*match.span(), match.group()) for match in _CHINESE.finditer(text)]


def read_figure(text: str, supplied: str = "", units: Collection[str] = ()) -> Figure:
    """Read a printed figure.

    Parameters
    ----------
    text : str
        The figure as printed, with its qualifier and unit: ``超过420亿元``.
    supplied : str
        What the sentence gives from outside the text. It is appended; where it holds ``…``, the text
        stands there instead: ``5万`` with ``最高…元`` reads as ``最高5万元``.
    units : collection of str
        Units to accept beside the measure words this module knows, such as those of ``units.csv``.

    Returns
    -------
    Figure
        ``value`` (digits as printed, Chinese numerals as digits), ``unit`` (scale and measure word) and
        ``bound`` (one of `BOUNDS`).

    Raises
    ------
    LangfangError
        If the text cannot be read as one figure; the message says why.

    Examples
    --------
    >>> read_figure("超过420亿元")
    Figure(value='420', unit='亿元', bound='more_than')
    >>> read_figure("5万", "最高…元")
    Figure(value='5', unit='万元', bound='at_most')
    >>> read_figure("没有贫困县")
    Figure(value='0', unit='个', bound='as_printed')
    """
    whole = _compose(text, supplied)
    try:
        return _read_rank(whole) or _read_zero(whole, units) or _read_count(whole, units)
    except LangfangError as error:
        given = f" with {supplied!r} supplied" if supplied else ""
        raise LangfangError(f"cannot read {text!r}{given} as a figure: {error}") from None


def print_figure(value: str, unit: str, bound: str = "as_printed") -> str:
    """Print a figure in Chinese, so that `read_figure` reads it back as the same three.

    Examples
    --------
    >>> print_figure("100", "万户", "over"), print_figure("783", "元/人·月"), print_figure("1", "位")
    ('100余万户', '每人每月783元', '第1位')
    """
    if bound not in BOUNDS:
        raise LangfangError(f"bound {bound!r}: expected one of {', '.join(BOUNDS)}")
    each = ""
    top, _, below = unit.partition("/")
    if below and unit not in _MEASURES and all(part in _PER for part in below.split("·")):
        unit, each = top, "".join(f"每{part}" for part in below.split("·"))
    if unit == "位" and bound == "as_printed":
        return f"第{value}位"
    if bound == "over":
        scale = next((scale for scale in _SCALES if unit.startswith(scale)), "")
        short = scale in ("万", "亿", "万亿") and len(value) == 1  # 4亿多元, but 100余万户
        return f"{each}{value}{scale}多{unit.removeprefix(scale)}" if short else f"{each}{value}余{unit}"
    before = "超过" if bound == "more_than" else ""
    after = {"about": "左右", "at_least": "以上", "at_most": "以内"}.get(bound, "")
    return f"{each}{before}{value}{unit}{after}"


def _compose(text: str, supplied: str) -> str:
    # NFKC turns … into three dots: split first.
    before, gap, after = supplied.partition("…") if "…" in supplied else supplied.partition("...")
    return normalise(f"{before}{text}{after}" if gap else f"{text}{supplied}")


def _choices(words) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_SCOPE = "(?:居|位居|位列|列)?(?:河北省?|全省|全国|全市|全球|世界)?"
_RANK = re.compile(
    rf"{_SCOPE}(?:首位|第(?P<place>[0-9]{{1,4}}|[{_NUMERAL}]{{1,9}})[位名]?|最[高低多少大小优好])"
)


def _read_rank(whole: str) -> Figure | None:
    match = _RANK.fullmatch(whole)
    if not match:
        return None
    place = match["place"] or "1"
    return Figure(place if place.isdigit() else _digits(place), "位", "as_printed")


_PLAIN = rf"[^\d{_NUMERAL}]"
_NONE = re.compile(rf"(?:没有|未|无)(?:出现|发生)?(?:一(?P<one>.))?(?P<rest>{_PLAIN}{{0,16}})")
_ZERO = re.compile(rf"(?:清零|零(?![售下部]))(?P<rest>{_PLAIN}{{0,12}})")


def _read_zero(whole: str, units: Collection[str]) -> Figure | None:
    """Zeros in words: 没有贫困县, 没有出现一户…, 零增长, 清零."""
    match = _NONE.fullmatch(whole)
    if match and (match["one"] or match["rest"]):
        unit = match["one"] if match["one"] in _MEASURES else _final_unit(match["rest"], units)
        # Places are measure words only after a numeral: 没有贫困县 is 0个.
        return Figure("0", unit if unit and unit not in "县村镇乡区市" else "个", "as_printed")
    if match := _ZERO.fullmatch(whole):
        rest = match["rest"]
        unit = "%" if re.search("增长$|率$", rest) else _final_unit(rest, units)
        if not unit:
            raise LangfangError("a zero without a unit; give the unit in 'supplied'")
        return Figure("0", unit, "as_printed")
    return None


def _final_unit(text: str, units: Collection[str]) -> str:
    """The longest known unit that the text ends in, or ''."""
    return next((text[i:] for i in range(len(text)) if _known(text[i:], units)), "")


_LEAD = _choices(word for words in _BEFORE.values() for word in words)
_TRAIL = _choices(word for words in _AFTER.values() for word in words)
_COUNT = re.compile(
    rf"(?P<before>{_LEAD}|均?迈上|前)?(?:可以|可|能|只)?(?:贷|达到|达|为|落实|享受|给予|奖励|补助|发放)?"
    rf"(?P<each>(?:每(?:{_choices(_PER)}))*)(?:一次性)?(?:奖励|补助|补贴|发放)?"
    rf"(?P<before2>{_LEAD})?(?P<percent>百分之)?"
    rf"(?P<number>-?\d{{1,3}}(?:,\d{{3}}){{1,4}}(?:\.\d{{1,15}})?|-?\d{{1,15}}(?:\.\d{{1,15}})?|[{_NUMERAL}]{{1,20}})"
    rf"(?P<over>[余多])?(?P<scale>{_choices(_SCALES)})?(?P<over2>[余多])?"
    rf"(?P<measure>.{{0,16}}?)(?P<after>{_TRAIL})?",
    re.ASCII,
)


def _read_count(whole: str, units: Collection[str]) -> Figure:
    match = _COUNT.fullmatch(whole)
    if not match:
        raise LangfangError("expected one number with its unit, such as 超过420亿元 or 100余万户")
    value, tail = _value(match["number"], match["scale"] or "")
    measure = "%" if match["percent"] and not match["measure"] else match["measure"]
    unit = tail + _SAME_MEASURE.get(measure, measure)
    unit = _SAME_MEASURE.get(unit, unit) + _each(match["each"])
    if not measure:
        raise LangfangError("no unit; give it in 'supplied'")
    if not _known(unit, units):
        raise LangfangError(f"{unit!r} is no unit known here (no nouns after the unit)")
    over = match["over"] or match["over2"]
    return Figure(value, unit, _bound(over, match["before"], match["before2"], match["after"]))


def _value(number: str, scale: str) -> tuple[str, str]:
    """Digits and scale: 千亿 → 1000, 亿; 14.4, 万 → 14.4, 万; 百 + 万 → 100, 万."""
    if number[-1].isdigit() and number.isascii():
        return number.replace(",", ""), scale
    for tail in ("万亿", "亿", "万"):
        if not scale and number.endswith(tail):
            number, scale = number.removesuffix(tail) or "一", tail
            break
    return _digits(number), scale


def _each(each: str) -> str:
    return "/" + "·".join(each.split("每")[1:]) if each else ""


def _known(unit: str, units: Collection[str]) -> bool:
    if unit in units:
        return True
    unit = re.sub(r"\([^()]*\)$", "", unit)  # 万户(市场主体): the word in brackets says what is counted
    top, _, below = unit.partition("/")
    if unit in _MEASURES or (below and not all(part in _PER for part in below.split("·"))):
        return unit in _MEASURES
    scale = next((scale for scale in _SCALES if top.startswith(scale)), "")
    return top.removeprefix(scale) in _MEASURES


def _bound(over: str | None, *words: str | None) -> str:
    found = {_BOUND_OF[word] for word in words if word in _BOUND_OF}
    if over:
        found = found - {"about"} | {"over"}  # 约200余: 余 says which side
    if len(found) > 1:
        raise LangfangError(f"it says both {' and '.join(sorted(found))}")
    return found.pop() if found else "as_printed"


def _digits(numeral: str) -> str:
    """Chinese numeral to digits: 七 → 7, 三十八 → 38, 半 → 0.5."""
    if numeral == "半":
        return "0.5"
    plain = numeral.replace("两", "二").replace("〇", "零")
    try:
        number = _number(plain)
    except KeyError:
        raise LangfangError(f"{numeral!r} is no well-formed Chinese numeral") from None
    # Written back it must be the same, or it was shorthand with two readings (三百五, 三五).
    if _chinese(number) not in (plain, "一" + plain):
        raise LangfangError(f"{numeral!r} is no well-formed Chinese numeral; {_chinese(number)}?")
    return str(number)


def _number(plain: str) -> int:
    for name, power in _POWERS:
        head, found, tail = plain.rpartition(name)
        if found:
            return (_number(head) if head else 1) * power + (_number(tail.lstrip("零")) if tail else 0)
    return _DIGITS[plain]


def _chinese(number: int) -> str:
    """A whole number in Chinese numerals, in full: 110 → 一百一十."""
    for name, power in _POWERS:
        if number >= power:
            head, rest = divmod(number, power)
            gap = "零" if 0 < rest < power // 10 else ""
            return _chinese(head) + name + gap + (_chinese(rest) if rest else "")
    return "零一二三四五六七八九"[number]
