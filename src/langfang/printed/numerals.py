"""The numbers of a Chinese text: the form of text that places refer to, where numerals stand, what they say.

Arabic, Chinese and mixed numerals; full-width, traditional and formal characters.
"""

import hashlib
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from langfang.errors import LangfangError

# What may stand before a unit (万户, 百亿元) and how many it makes, 千亿 before 千.
SCALES = {"万亿": 10**12, "千亿": 10**11, "百亿": 10**10, "十亿": 10**9, "亿": 10**8}
SCALES |= {"千万": 10**7, "百万": 10**6, "十万": 10**5, "万": 10**4, "千": 1000, "百": 100}

# Chinese numerals: traditional and formal ones are read as the plain ones.
SAME = str.maketrans(
    "〇○两兩壹贰叁肆伍陆柒捌玖拾佰仟億萬個點戶畝噸幾−负負",
    "零零二二一二三四五六七八九十百千亿万个点户亩吨几---",
)
CHARACTERS = "零一二三四五六七八九十百千万亿半廿卅"
_DIGITS = {character: number for number, character in enumerate(CHARACTERS[:10])}
_POWERS = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
_DIGIT, POWER = "零〇○一二两兩三四五六七八九半廿卅", "十百千万亿億萬"
_NUMERAL = _DIGIT + POWER
_FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"

# A minus sign belongs to its number, a dash between two numbers or before a year (--2016年) to none; a list
# number before a year (1.2021年) is a numeral of its own.
_YEAR = r"(?:19|20)\d\d年"
_ARABIC = re.compile(rf"(?:(?<![\dA-Za-z%‰年月日)\]])[-−](?!{_YEAR}))?\d+(?:\.(?!{_YEAR})\d+)?", re.ASCII)
# A scale that follows Arabic digits (14.4万, 100余万) belongs to them; what goes on behind it (6亿二千万)
# does not.
_CHINESE = re.compile(
    rf"(?<!\d)(?<!\d[余多几])(?<![{_NUMERAL}])第?[{_NUMERAL}]+|首(?=[位个批次家名例])"
    rf"|(?:(?<=\d[{POWER}])|(?<=\d[{POWER}]{{2}}))[{_DIGIT}][{_NUMERAL}]*"
    rf"|[{_FORMAL}{_NUMERAL}]*[{_FORMAL}]{{2}}[{_FORMAL}{_NUMERAL}]*|(?<=翻)番"
)
# White space, with a group where it stands between two numbers that would join without it.
_SPACE = re.compile(
    rf"(?=\s)(?:(?:(?<=[\d%‰])|(?<=[\d%‰][.,])|(?<=[{_NUMERAL}]))(\s+)(?=[-+±−.]?\d|[{_DIGIT}])"
    rf"|(?<=[{_NUMERAL}])(\s+)(?=[{_NUMERAL}])|\s+)"
)
_PLAIN_NUMBER = r"\d{1,3}(?:[, ]\d{3}){1,4}(?:\.\d{1,15})?(?!\d)|\d{1,15}(?:\.\d{1,15})?(?![.\d])"
NUMBER = rf"(?:{_PLAIN_NUMBER}|[{CHARACTERS}]{{1,30}}(?:点[{CHARACTERS[:10]}]{{1,9}})?)"


def choices(words) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def normalise(text: str) -> str:
    """Text in the one form that places and hashes refer to: NFKC, white space dropped, numbers kept apart.

    One space stays where two numbers would join without it. Note marks and superscripts (②, ³) stay as they
    are, for NFKC would turn them into digits.

    >>> normalise("１４.４ 万户"), normalise("310.5　 -4.8 7.6"), normalise("总值②1234.5 亿元")
    ('14.4万户', '310.5 -4.8 7.6', '总值②1234.5亿元')
    """
    plain = ""
    for is_mark, run in groupby(text, lambda c: unicodedata.category(c) == "No"):
        part = "".join(run)
        plain += part if is_mark else unicodedata.normalize("NFKC", part)
    return _SPACE.sub(lambda match: " " if match.lastindex else "", plain.strip())


def paragraphs(text: str) -> list[str]:
    """Non-empty lines of a source, normalised; paragraph n is item n - 1."""
    return [line for line in map(normalise, text.splitlines()) if line]


def digest(paragraph: str) -> str:
    """SHA-256 (hex) of a normalised paragraph: the same for full-width or half-width copies."""
    return hashlib.sha256(normalise(paragraph).encode()).hexdigest()


def numerals(text: str) -> list[tuple[int, int, str]]:
    """Arabic numerals of a normalised text as (start, end, digits)."""
    return [(*match.span(), match.group()) for match in _ARABIC.finditer(text)]


def chinese_numerals(text: str) -> list[tuple[int, int, str]]:
    """Every run of Chinese numeral characters that may state a number, as (start, end, text).

    Many of them state none (一体, 零售): the data set says which do, and why the others do not.
    """
    return [(*match.span(), match.group()) for match in _CHINESE.finditer(text)]


def read_number(text: str, scale: str = "") -> tuple[str, str]:
    """Digits and scale: 千亿 → 1000, 亿; 14.4, 万 → 14.4, 万; 百 + 万 → 100, 万; 1亿5千万 → 15000, 万."""
    if re.fullmatch(_PLAIN_NUMBER, text, re.ASCII):
        return text.replace(",", "").replace(" ", ""), scale
    number = Fraction(1, 2) if text == "半" else _number(text.replace("廿", "二十").replace("卅", "三十"))
    for tail, size in (("万亿", 10**12), ("亿", 10**8), ("万", 10**4)):
        if not scale and text.endswith(tail):  # the last scale is the unit's: 二亿六千三百万 is 26300万
            number, scale = number / size, tail
    whole = number.denominator == 1
    return str(number if whole else Decimal(number.numerator) / number.denominator), scale


def _number(text: str) -> Fraction:
    """A Chinese or mixed numeral; refused where it is none, or shorthand with two readings (三百五, 三五)."""
    try:
        number = _value_of(text.replace("点", "."))
    except (KeyError, ValueError, RecursionError):
        raise LangfangError(f"{text!r} is no well-formed numeral") from None
    if "点" in text or "." in text:
        return number
    # Written back it must be the same, with digits in characters and 一 where 十, 百 or 万 leave it out.
    full = re.sub(r"\d+", lambda match: _chinese(int(match[0])), text)
    full = re.sub(r"^(?=[百千万亿])|(?<![一二三四五六七八九])(?=十)", "一", full)
    if "零零" in text or not re.fullmatch("零?".join(_chinese(int(number))), full):
        raise LangfangError(f"{text!r} is no well-formed numeral; {_chinese(int(number))}?")
    return number


def _value_of(text: str) -> Fraction:
    for name, power in _POWERS:
        head, found, tail = text.rpartition(name)
        if found:
            rest = _value_of(tail.lstrip("零")) if tail.strip("零") else 0
            if rest and "." in head:
                raise ValueError("a decimal that goes on")
            return (_value_of(head) if head else Fraction(1)) * power + rest
    if text.isascii():
        return Fraction(text)
    whole, _, part = text.partition(".")
    return Fraction(f"{_DIGITS[whole]}.{''.join(str(_DIGITS[c]) for c in part) or 0}")


def _chinese(number: int) -> str:
    """A whole number in Chinese numerals, in full: 110 → 一百一十."""
    for name, power in _POWERS:
        if number >= power:
            head, rest = divmod(number, power)
            gap = "零" if 0 < rest < power // 10 else ""
            return _chinese(head) + name + gap + (_chinese(rest) if rest else "")
    return CHARACTERS[number]
