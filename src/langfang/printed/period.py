"""Periods as ISO 8601 writes them, and dates as Chinese reports print them: the one home of both.

A period is a year, a month, a day (``2019``, ``2018-10``, ``2019-06-30``) or two of a kind, first and last
(``2015/2019``, ``2016-01/2020-09``).
"""

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import lru_cache

from langfang.errors import LangfangError
from langfang.printed.numerals import choices, read_number

_END = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_MONTHS = """
    January February March April May June July August September October November December
""".split()  # noqa: SIM905 (not calendar.month_name, which follows the locale)
_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
NUMBER = r"\d{1,2}|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_ARABIC_YEAR = r"(?<!\d)(?:19|20)\d\d(?!\d)"
YEAR = rf"{_ARABIC_YEAR}|[一二][零〇○一二三四五六七八九]{{3}}"
TO = r"[-—–~至到]"
_DATE = re.compile(
    rf"(?P<year>{YEAR})(?:{TO}(?P<until>{YEAR}))?年"
    rf"(?:(?P<month>{NUMBER})(?:月?{TO}(?P<last>{NUMBER}))?月(?:(?P<day>{NUMBER})[日号])?)?(?P<end>[底末]|初)?"
    rf"|(?P<y>(?<!\d)(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d{{1,2}})(?:(?P=sep)(?P<d>\d{{1,2}}))?(?!\d)",
    re.ASCII,
)
_PLANS = {f"{n}五": 1996 + 5 * i for i, n in enumerate(("九", "十", "十一", "十二", "十三", "十四", "十五"))}
_PLAN = re.compile(rf"“({choices(_PLANS)})”|^({choices(_PLANS)})(?![五年])")


@lru_cache(maxsize=2**12)
def days(period: str) -> tuple[date, date] | None:
    """First and last day of a period; None where its text is none, or its ends do not fit."""
    ends = period.split("/")
    rising = len(ends) <= 2 and ends == sorted(set(ends))
    if not rising or len(set(map(len, ends))) > 1 or not all(map(_END.fullmatch, ends)):
        return None
    try:
        first, last = (date.fromisoformat(end + "-01-01"[len(end) - 4 :]) for end in (ends[0], ends[-1]))
    except ValueError:
        return None
    month = last.month if len(ends[-1]) > 4 else 12
    day = last.day if len(ends[-1]) > 7 else monthrange(last.year, month)[1]
    return first, last.replace(month=month, day=day)


def years(period: str) -> tuple[int, ...]:
    """The years a period names, in order and each once; none for an empty one."""
    return tuple(sorted({int(end[:4]) for end in period.split("/") if end}))


def time_key(period: str) -> str:
    """What figures of one time share: the year or years, with the months where they are part of one year."""
    part = re.fullmatch(r"(\d{4})-\d\d/\1-\d\d", period)
    return period if part else "/".join(map(str, years(period)))


def length(period: str, between: bool = False) -> Fraction | None:
    """Length of a period in years, counted in whole months; None for a single time or for none.

    First and last month both belong to it, but where it leads ``between`` them, as for growth.
    """
    ends = [end.split("-") for end in period.split("/")]
    if len(ends) < 2:
        return None
    first, last = (12 * int(end[0]) + (int(end[1]) if len(end) > 1 else 0) for end in ends)
    both = 0 if between else 12 if len(ends[1]) == 1 else 1
    return Fraction(last - first + both, 12)


def position(period: str | float) -> float:
    """A period as a number of years on an axis, 2018.75 for October 2018; an interval counts by its end."""
    if not isinstance(period, str):
        return float(period)
    end = period.split("/")[-1]
    if not days(end):
        raise LangfangError(f"period {period!r}: expected a year, month or day, such as 2019 or 2019-06-30")
    day = days(end)[0]
    if len(end) < 10:
        return day.year + (day.month - 1) / 12
    return round(day.year + (day.timetuple().tm_yday - 1) / (365 + isleap(day.year)), 2)


def in_words(period: str) -> str:
    """A period as an English sentence writes it; "undated" for none.

    >>> in_words("2019-06-30"), in_words("2016-01/2020-09"), in_words("2015/2019")
    ('30 June 2019', 'January 2016 to September 2020', '2015–2019')
    """
    if not period:
        return "undated"
    if not days(period):
        raise LangfangError(f"period {period!r}: expected ISO 8601, such as 2019, 2018-10 or 2015/2019")
    ends = [[int(part) for part in end.split("-")] for end in period.split("/")]
    texts = [" ".join(map(str, [*end[:1:-1], *(_MONTHS[m - 1] for m in end[1:2]), end[0]])) for end in ends]
    return ("–" if len(ends[0]) == 1 else " to ").join(texts)


def _number(text: str) -> int:
    return int(read_number(text)[0])


def dates(text: str) -> Iterator[tuple[int, int, str]]:
    """The dates that a normalised text prints with their year, as (start, end, ISO 8601 period).

    Digits may be Arabic or Chinese (also with ○, U+25CB); 月底 is the month's last day.
    """
    for match in _DATE.finditer(text):
        year, month, day = (match[part] or match[part[0]] for part in ("year", "month", "day"))
        start = year.translate(_DIGITS) + "".join(f"-{_number(part):02}" for part in (month, day) if part)
        period = start
        if match["last"] and not day:
            period = f"{start}/{start[:4]}-{_number(match['last']):02}"
        elif match["until"]:
            period = f"{start[:4]}/{match['until'].translate(_DIGITS)}"
        elif match["end"] in ("底", "末") and month and not day and days(start):
            period = str(days(start)[1])
        if days(period):
            yield match.start(), match.end(), period


@lru_cache(maxsize=2**12)
def date_parts(text: str) -> tuple[frozenset[int], ...]:
    """The years, months, days and lengths in years that the text of a date names, each part by itself.

    9月24日 has no year, 四年 only a length; a five-year plan names its first and last year.
    """
    patterns = (rf"({NUMBER})月", rf"({NUMBER})[日号]", rf"(?<![\d零〇○一二三四五六七八九])({NUMBER})年")
    found = (re.findall(pattern, text.replace("两", "二")) for pattern in patterns)
    months, days, lengths = (set(map(_number, numbers)) for numbers in found)
    months |= {8, 9} if "学年" in text else set()
    for month, day in re.findall(r"\d{4}[-/.](\d\d?)(?:[-/.](\d\d?))?(?!\d)", text):
        months.add(int(month))
        days |= {int(day)} if day else set()
    years = {int(year.translate(_DIGITS)) for year in re.findall(rf"{YEAR}(?=年)|{_ARABIC_YEAR}", text)}
    for plan in _PLAN.finditer(text):
        first = _PLANS[plan[1] or plan[2]]
        years |= {first, first + 4}
    return tuple(map(frozenset, (years, months, days, lengths)))
