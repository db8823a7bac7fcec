"""Read figures as Chinese reports print them, and print them back.

What cannot be read as one figure is refused with a reason; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

from langfang.errors import LangfangError
from langfang.printed.numerals import CHARACTERS, NUMBER, POWER, SAME, SCALES, choices, normalise, read_number

# Words that open or loosen a figure, before it and after it.
_BEFORE = {
    "about": "大约 大致 约",
    "nearly": "将近 接近 逼近 近",
    "more_than": "超过 超出 突破 冲破 首破 破 跨过 跨越 越过 跨 迈过 超 逾 高于 多于 大于 过",
    "at_least": "至少 不低于 不少于 不小于 最低 最少 迈上 均迈上 站上 跃上 登上 够上",
    "at_most": "最高 最多 至多 不超过 不超出 不超 不高于 不多于 不大于 不到 不足 不满 低于 少于 小于 跌破",
}
_AFTER = {
    "about": "左右 上下",
    "at_least": "及以上 以上 台阶 大关",  # 突破…大关 says more_than, which is the stronger
    "at_most": "及以下 以内 以下 之内",
}
_BOUND_OF = {word: bound for bound, words in (*_BEFORE.items(), *_AFTER.items()) for word in words.split()}
_BOUND_OF |= dict.fromkeys("余多", "over")
# Two words that say one thing: the one that says more (约200余: 余 says which side).
_STRONGER = {"at_least more_than": "more_than", "more_than over": "over", "about over": "over"}
FALLS = ("负增长", "下降", "减少", "降低", "回落", "下滑", "下跌", "缩减")
RISES = ("增长", "增加", "上升", "提高", "提升", "扩大", "回升", "上涨")
_FALL = choices(["减", *FALLS]).translate(SAME)  # as in normalised text, where 负 is a minus sign

# Measure words a figure may end in; a scale (万, 亿 …) may stand before each.
_MEASURE_WORDS = """
    元 美元 % ‰ ‱ 个百分点 个千分点 个基点 倍 年 学年 个月 周 天 小时 个小时 分钟 秒 岁 分
    户 人 人次 名 位 个 家 项 条 所 座 处 场 场次 件 批 批次 次 天次 级 重 种 类 门 部 册 张 套 间 台 辆
    列 艘 架 株 棵 头 只 床 栋 幢 份 宗 起 例 层 证 城 县 村 镇 乡 区 市 街道 块 支 对 届
    期 页 字 篇 标箱 标准箱
    吨 吨标准煤 千克 公斤 斤 克 毫克 微克 亩 公顷 平方公里 平方千米 平方米 立方米 公里 千米 米 厘米 毫米 升 度
    千瓦 千瓦时 兆瓦 匹
"""
_MEASURES = frozenset(_MEASURE_WORDS.split())
_SAME_MEASURE = {"大": "个", "百分点": "个百分点", "载": "年"}  # counted with one word, printed with another
_SAME_IN_UNIT = """
    km2:平方公里 m2:平方米 m3:立方米 km²:平方公里 m²:平方米 m³:立方米 km:公里
    ug/:微克/ μg/:微克/ mg/:毫克/ 千分点:个千分点
"""
# How a figure of each bound is printed, from its value and unit.
_PRINTED = {
    "as_printed": "{}{}",
    "about": "{}{}左右",
    "nearly": "近{}{}",
    "over": "{}余{}",
    "more_than": "超过{}{}",
    "at_least": "{}{}以上",
    "at_most": "{}{}以内",
    "range": "{}{}",
}
BOUNDS = tuple(_PRINTED)

# ---- the forms of a figure ----

_LEADS = " ".join(_BEFORE.values()).split()
_LEAD, _TRAIL = choices(_LEADS), choices(" ".join(_AFTER.values()).split())
_VERB = "居|位居|稳居|位列|列|名列|排名|排在|排|跃居|升至|并列|保持"
_PLACE = "[一-鿿]{0,6}(?:省|市|区|县|州|国|球|界|部|地)"
_RANK = re.compile(
    rf"(?:{_VERB})?(?:{_PLACE}|(?<=[居列])[一-鿿]{{2,3}})?"
    rf"(?:首位|第(?P<place>[0-9]{{1,4}}|[{CHARACTERS}]{{1,9}})[位名]?|最[高低多少大小优好])"
)
_ZERO = re.compile(
    rf"(?:(?P<no>没有|未|无)(?P<verb>出现|发生|发现|新增)?(?:一(?P<one>.))?|(?:清零|零(?![售下部]))(?!.{{13}}))"
    rf"(?P<rest>[^\d{CHARACTERS}]{{0,16}})"
)
_PART = re.compile(
    rf"(?P<before>{_LEAD})?(?:(?P<below>{NUMBER})分之(?P<above>{NUMBER})|(?P<n>\d{{1,4}})/(?P<d>\d{{1,4}})"
    rf"|(?P<ratio>{NUMBER})[:∶]1|(?P<half>一半|半(?=数)|(?<=过)半)数?|(?P<tenths>{NUMBER})成(?P<five>半|五)?"
    rf"|翻了?(?P<doubled>{NUMBER})?番)(?P<over>[余多])?(?P<after>{_TRAIL})?",
    re.ASCII,
)
_RANGE = re.compile(
    rf"(?P<fall>{_FALL})?(?P<each>(?:每[^\d]{{1,3}})*)(?P<per>[百千万]分之)?(?P<low>-?{NUMBER})"
    rf"(?P<own>[^\d{CHARACTERS[:10]}:∶]{{0,8}}?)(?:[—–~至到-]|——)(?:[百千万]分之)?(?P<rest>-?(?:{NUMBER}).*)",
    re.ASCII,
)
_PER = "人 户 家 名 个 亩 吨 年 月 天 日 周 米 平方米 平方公里 平方千米 立方米 公里 千米 项 件 村 辆 小时"
_SCALE = rf"(?:{choices(SCALES)})"
_EACH = rf"每(?:\d{{0,4}}{_SCALE}?(?:{choices(_PER.split())}))"
_VERB_BEFORE = "(?:可以|可|能|只)?(?:贷|达到|达|为|落实|享受|给予|奖励|补助|发放)?"
_MIXED = rf"\d[\d.,]*[{POWER}]+(?![百千万亿])[\d{CHARACTERS}][\d.{CHARACTERS}]*"
_COUNT = re.compile(
    rf"(?:(?P<fall>{_FALL})了?)?(?P<before>{_LEAD}|前)?(?(fall)|{_VERB_BEFORE})(?P<each>(?:{_EACH})*)"
    rf"(?:一次性)?(?:奖励|补助|补贴|发放)?(?P<before2>{_LEAD})?(?P<per>[百千万]分之)?(?:(?P<minus>-|零下)|\+)?"
    rf"(?:(?P<mixed>{_MIXED})|(?P<number>{NUMBER})(?P<over>[余多])?(?P<scale>{_SCALE})?(?P<over2>[余多])?)"
    rf"(?P<measure>.{{0,16}}?)(?P<after>{_TRAIL})?(?P<end>大关)?",
    re.ASCII,
)
_VAGUE = re.compile("[几数上好][十百千万亿]|几|若干|成百上千")
_EACH_OF = rf"\d{{0,4}}{_SCALE}?(?:{choices({*_MEASURES, *_PER.split()})})"
_UNIT = re.compile(  # 微克/立方米, 元/人·月, 万户(市场主体): in brackets what is counted
    rf"{_SCALE}?(?:{choices(_MEASURES)})(?:/{_EACH_OF}(?:·{_EACH_OF})*)?(?:\([^()]*\))?", re.ASCII
)
# Words before a figure that are none where they are part of another word (通过, 附近, 节约).
_PART_OF = {"过": "通经超透度路来见去不", "近": "最附靠远邻", "约": "节预公条合特大契"}
_CUT_BEFORE = re.compile(
    rf"(?:{choices(word for word in _LEADS if len(word) > 1)}|[超逾]"
    rf"|{'|'.join(f'(?<![{first}]){word}' for word, first in _PART_OF.items())})$"
)
_CUT_AFTER = re.compile(
    rf"(?<=[\d{POWER}])[\d{CHARACTERS}]+|{_TRAIL}|[/每级]|多(?=[元户人个家万亿])|(?<=个)[和、及]{NUMBER}个百分点",
    re.ASCII,
)


class Figure(NamedTuple):
    """What a printed figure states.

    ``value`` has the digits as printed (a fraction as 2/3, a range as 5..6), ``unit`` scale and measure word,
    and ``bound`` says how both limit the true value. A fall is negative; its bound is that of its size.
    """

    value: str
    unit: str
    bound: str = "as_printed"


def read_figure(text: str, supplied: str = "", units: Collection[str] = ()) -> Figure:
    """Read a figure as printed, with its qualifier and unit; an error says why it cannot be read as one.

    ``supplied`` is what the sentence gives from outside the text. It is appended; where it holds ``…``, the
    text stands there. ``-…`` marks a fall, ``1`` no unit. ``units`` are accepted beside the measure words
    known here, such as those of ``units.csv``.

    >>> read_figure("超过420亿元"), read_figure("5万", "最高…元")
    (Figure(value='420', unit='亿元', bound='more_than'), Figure(value='5', unit='万元', bound='at_most'))
    """
    unitless = supplied.strip() == "1"
    before, gap, after = supplied.partition("…" if "…" in supplied else "...")
    if not gap:
        before, after = "", "" if unitless else supplied
    before = "下降" if before.strip() in ("-", "−", "－") else before
    whole = normalise(f"{before}{text}{after}").translate(SAME)
    try:
        if rank := _RANK.fullmatch(whole):
            return Figure(read_number(rank["place"] or "1")[0], "位")
        return (
            _read_zero(whole, units, bool(supplied))
            or _read_part(whole)
            or _read_range(whole, units, unitless)
            or _read_count(whole, units, unitless)
        )
    except LangfangError as error:
        given = f" with {supplied!r} supplied" if supplied else ""
        raise LangfangError(f"cannot read {text!r}{given} as a figure: {error}") from None


def _read_zero(whole: str, units: Collection[str], supplied: bool) -> Figure | None:
    """Zeros in words: 没有贫困县, 没有出现一户…, 零增长, 清零."""
    match = _ZERO.fullmatch(whole)
    if not match or (match["no"] and not match["one"] and not match["rest"]):
        return None
    no, verb, one, rest = match.group("no", "verb", "one", "rest")
    # 未 and 无 begin many a word (未来, 无人机): alone they are no zero.
    if no and not (no == "没有" or verb or one or supplied):
        raise LangfangError(f"{no} may be part of a word; give the unit of a zero in 'supplied'")
    if not no and re.search("增长$|率$", rest):
        return Figure("0", "%")
    tails = (rest[i:] for i in range(len(rest)))
    known = (tail for tail in tails if tail in units or _UNIT.fullmatch(tail))
    unit = one if one in _MEASURES else next(known, "")
    if not unit and not (no and (verb or supplied)):
        raise LangfangError("a zero without a unit; give the unit in 'supplied'")
    # Places are measure words only after a numeral: 没有贫困县 is 0个.
    return Figure("0", unit if unit and (not no or unit not in "县村镇乡区市") else "个")


def _read_part(whole: str) -> Figure | None:
    """Parts and multiples: 三分之二, 2/3, 一半, 七成, 翻一番, 5:1."""
    match = _PART.fullmatch(whole)
    if not match:
        if re.fullmatch(rf"(?:{NUMBER}[:∶])+{NUMBER}", whole):
            raise LangfangError("a ratio is read as 5:1; give the members of others one by one")
        return None
    above, below = match["above"] or match["n"], match["below"] or match["d"]
    if below in ("百", "千", "万"):
        return None  # 百分之五 is a count of per cents
    value, unit = "50", "%"
    if match["ratio"]:
        value, unit = read_number(match["ratio"])[0], "1"
    elif match["tenths"]:
        tenths = Fraction(read_number(match["tenths"])[0]) * 10 + (5 if match["five"] else 0)
        value = f"{float(tenths):g}"
    elif below:
        value, unit = f"{read_number(above)[0]}/{read_number(below)[0]}", "1"
        if value.endswith("/0") or not 0 < Fraction(value) < 1:
            raise LangfangError(f"{value} is no fraction below 1")
    elif not match["half"]:
        value, unit = str(2 ** int(read_number(match["doubled"] or "一")[0])), "倍"
    return Figure(value, unit, _bound(match["over"], match["before"], match["after"]))


def _read_range(whole: str, units: Collection[str], unitless: bool) -> Figure | None:
    """Two ends of one unit: 5-6个, 5%—5.5%, 三至五年."""
    match = _RANGE.fullmatch(whole)
    if not match:
        return None
    fall, front = match["fall"] or "", match["each"] + (match["per"] or "")
    high = _read_count(fall + front + match["rest"], units, unitless)
    if match["own"]:
        own = match["own"] + (high.unit.lstrip("十百千万亿") if match["own"] in SCALES else "")
        low = _read_count(fall + front + match["low"] + own, units, unitless)
    else:
        negative = fall or match["low"].startswith("-")
        low = high._replace(value="-" * bool(negative) + read_number(match["low"].lstrip("-"))[0])
    if low[1:] != high[1:] or high.bound != "as_printed":
        raise LangfangError("expected one range with one unit, such as 5-6个 or 5%—5.5%")
    ends = sorted((low.value, high.value), key=float)
    if low.value == high.value or (not fall and ends[0] != low.value):
        raise LangfangError("the ends of a range do not rise")
    return Figure("..".join(ends), high.unit, "range")


def _read_count(whole: str, units: Collection[str], unitless: bool) -> Figure:
    """One number with its unit, and all that may stand with both: 每人每月奖励超过1万余元."""
    match = _COUNT.fullmatch(whole)
    if not match:
        if _VAGUE.search(whole):
            raise LangfangError("a vague amount states no number")
        if re.search(r"\d{16}", whole):
            raise LangfangError("a number of more than 15 digits")
        raise LangfangError("expected one number with its unit, such as 超过420亿元 or 100余万户")
    value, scale = read_number(match["mixed"] or match["number"], match["scale"] or "")
    per = {"百分之": "%", "千分之": "‰", "万分之": "‱"}.get(match["per"], "")
    measure, inner = per + match["measure"], ""
    if within := re.fullmatch(r"(个|年|天|小时|倍|成)?(半|[余多])(.*)", measure):  # 2个半月, 1个多小时, 2倍多
        measure, inner = (within[1] or "") + within[3], within[2]
        value = f"{value}.5" if inner == "半" and value.isdigit() else value
    unit = _unit(match, value, scale, measure, units, unitless)
    bound = _bound(inner, *match.group("before", "before2", "over", "over2", "after", "end"))
    if bound == "as_printed" and match["number"] in ("万", "亿", "万亿"):
        raise LangfangError(f"{whole} is a unit without a number")
    if match["minus"] and (match["fall"] or bound not in ("as_printed", "about")):
        raise LangfangError("a bound on a negative number can be read two ways; print the fall: 下降超过3%")
    falls = (match["minus"] or match["fall"]) and value.strip("0.")
    return Figure(f"-{value}" if falls else value, unit, bound)


def _unit(
    match: re.Match, value: str, scale: str, measure: str, units: Collection[str], unitless: bool
) -> str:
    """The unit of a number that was read; an error says what is wrong with it."""
    whole, each, word = match.string, match["each"], measure
    for printed, meant in (pair.split(":") for pair in _SAME_IN_UNIT.split()):
        if word not in units and meant not in word:
            word = word.replace(printed, meant)
    unit = scale + _SAME_MEASURE.get(word, word)
    unit += ("·" if "/" in unit else "/") + "·".join(each.split("每")[1:]) if each else ""
    bare = re.sub("m[²³23]", "", measure)
    if unitless and not unit:
        return "1"
    if not measure or unitless:
        raise LangfangError("a unit beside 'supplied' 1" if measure else "no unit; give it in 'supplied'")
    if measure in ("月", "日", "号") or (unit == measure == "年" and re.fullmatch(r"(?:19|20)\d\d", value)):
        raise LangfangError(f"{whole} is a date, no amount")
    if match["before"] == "前" and "(" not in measure:
        raise LangfangError(f"{whole} names a group; to count its members say what they are, such as (企业)")
    if measure.endswith("级") and unit != "级":
        raise LangfangError(f"{whole} names a class of size, no amount")
    if any(unicodedata.category(c) == "No" for c in bare):
        raise LangfangError(
            f"{measure!r} has a note mark or superscript; leave the mark out of the figure's text"
        )
    if unit in units or _UNIT.fullmatch(unit):
        return unit
    why = "no unit known here"
    if re.search(rf"[\d{CHARACTERS[:10]}±]", bare):
        raise LangfangError(f"{unit!r} is {why}: the number goes on, and states more than one figure")
    near = [known for known in (*units, *_MEASURES) if known and (known in measure or measure in known)]
    hint = f"; near it: {', '.join(dict.fromkeys(near[:3]))}" if near else ""
    raise LangfangError(f"{unit!r} is {why} (no nouns after the unit; add a row to units.csv){hint}")


def _bound(*words: str | None) -> str:
    found = sorted({_BOUND_OF[word] for word in words if word in _BOUND_OF})
    if "大关" in words and len(found) > 1:
        found.remove("at_least")
    if len(found) < 2:
        return found[0] if found else "as_printed"
    if " ".join(found) not in _STRONGER:
        raise LangfangError(f"it says both {' and '.join(found)}")
    return _STRONGER[" ".join(found)]


def print_figure(value: str, unit: str, bound: str = "as_printed") -> str:
    """Print a figure in Chinese, so that `read_figure` reads back the same three (1 supplied for unit 1).

    >>> print_figure("100", "万户", "over"), print_figure("-3", "%", "more_than")
    ('100余万户', '下降超过3%')
    """
    if bound not in BOUNDS:
        raise LangfangError(f"bound {bound!r}: expected one of {', '.join(BOUNDS)}")
    if value.split("..")[-1].startswith("-") and bound not in ("as_printed", "about"):
        sizes = value.replace("-", "").split("..")  # the bound is that of the fall's size
        return "下降" + print_figure("..".join(reversed(sizes)), unit, bound)
    if unit == "位" and bound == "as_printed" and value.isdigit():
        return f"第{value}位"
    each, unit = "", "" if unit == "1" else unit
    top, _, below = unit.partition("/")
    parts = [f"每{part}" for part in below.split("·")]
    if below and unit[-1] not in "米里" and all(re.fullmatch(_EACH, part) for part in parts):
        each, unit = "".join(parts), top
    scale = re.match("万亿|[万亿]|", unit)[0]
    if bound == "over" and scale and len(value) == 1:  # 4亿多元, but 100余万户
        return f"{each}{value}{scale}多{unit.removeprefix(scale)}"
    return each + _PRINTED[bound].format(value.replace("..", "至"), unit)


def beside(text: str, start: int, end: int) -> str:
    """What stands next to the figure ``text[start:end]`` and belongs to it, as a reason; "" for nothing."""
    if cut := _CUT_BEFORE.search(text, 0, start):
        return f"{cut[0]} stands before it"
    cut = _CUT_AFTER.match(text, end)
    return f"{cut[0]} goes on after it" if cut else ""
