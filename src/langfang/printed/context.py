"""What the words next to a figure say that its own text leaves out."""

from __future__ import annotations

import re

from langfang.printed.numerals import CHARACTERS, NUMBER, POWER
from langfang.printed.reading import TRAIL

_CUT_BEFORE = re.compile(
    r"(?:超过|突破|首破|逾|至少|不低于|不少于|不超过|不足|不到|将近|接近|大约|超"
    r"|(?<![通经超透度路来见去不])过|(?<![最附靠远邻])近|(?<![节预公条合特大契])约)$"
)
_CUT_AFTER = re.compile(rf"(?:{TRAIL})|[/每级]|多(?=[元户人个家万亿])|(?:和|、|及){NUMBER}个百分点", re.ASCII)


def beside(text: str, start: int, end: int) -> str:
    """What the words next to a figure say and its text leaves out, as a reason; "" where nothing does.

    Parameters
    ----------
    text : str
        A normalised paragraph; the figure's text is ``text[start:end]``.

    Examples
    --------
    >>> beside("用水95升/日", 2, 5), beside("首破5亿元", 2, 5), beside("共5户。", 1, 3)
    ('/ goes on after it', '首破 stands before it', '')
    >>> beside("高4个和6个百分点", 1, 3)
    '和6个百分点 goes on after it'
    """
    figure, after = text[start:end], text[end:]
    if cut := _CUT_BEFORE.search(text[:start]):
        return f"{cut[0]} stands before it"
    tail = re.match(rf"[\d{CHARACTERS}]+", after) if re.search(rf"[\d{POWER}]$", figure) else None
    cut = tail or _CUT_AFTER.match(after)
    if not cut or (cut[0].startswith(("和", "、", "及")) and not figure.endswith("个")):
        return ""
    return f"{cut[0]} goes on after it"
