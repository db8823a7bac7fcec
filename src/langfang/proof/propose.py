"""Propose rows for a report that is not read yet: its figures, dates and labels, for a curator to settle.

Nothing proposed is believed: the check proves the places, a second reading the figures.
"""

import csv
import io
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from langfang.data.files import write_whole
from langfang.data.tables import data_dir, read_table
from langfang.errors import LangfangError
from langfang.printed.numerals import chinese_numerals, numerals, paragraphs
from langfang.printed.period import NUMBER, TO, YEAR, dates
from langfang.printed.reading import FALLS, read_figure
from langfang.proof.article import AIMED, FALL, FORESEEN, RISE, context
from langfang.proof.check import read_source
from langfang.proof.rules import COLUMNS

SURE, LIKELY, UNSURE = "1 sure", "2 likely", "3 unsure"


class Proposal(NamedTuple):
    """A row to settle; a fact has a status, a period, an id and the indicators that its words resemble."""

    confidence: str
    paragraph: int
    start: int
    text: str
    supplied: str
    role: str
    value: str = ""
    unit: str = ""
    bound: str = ""
    status: str = ""
    period: str = ""
    fact_id: str = ""
    indicators: str = ""
    context: str = ""


def propose(file, data=None):
    """Propose a row for every figure, date and label of a text.

    Parameters
    ----------
    file : path
        The text of a report, UTF-8 or GB 18030, one paragraph a line.
    data : path, optional
        Folder whose units and indicators are known; default: that of the library.

    Returns
    -------
    list of Proposal
        The sure ones first, each group in the order of the text.

    Raises
    ------
    LangfangError
        If the text cannot be read.
    """
    text, faults = read_source(file)
    if faults or not text.strip():
        raise LangfangError(str(faults[0]) if faults else f"{file}: expected text, one paragraph a line")
    folder = data_dir(data)
    units = frozenset(row["unit"] for row in read_table(folder / "units.csv").rows)
    indicators = [
        (row["indicator_id"], _pairs(row["name_zh"])) for row in read_table(folder / "indicators.csv").rows
    ]
    terms = [row["term"] for row in read_table(folder / "not_figures.csv").rows]
    found, year, ids = [], "", defaultdict(int)
    for number, line in enumerate(paragraphs(text), 1):
        rows = list(_rows(number, line, units))
        rows += _no_figures(number, line, rows, terms)
        for row in sorted(rows, key=lambda row: row.start):
            if row.role == "date":
                year = next((period for *_, period in dates(row.text)), year)
            if row.role == "fact":
                row = _with_meaning(row, line, year, indicators)
                ids[row.fact_id] += 1
                row = row._replace(fact_id=row.fact_id + f"-{ids[row.fact_id]}" * (ids[row.fact_id] > 1))
            found.append(row._replace(context=context(line, row.start, row.start + len(row.text))))
    return sorted(found, key=lambda row: row.confidence)


# ---- dates and labels ----

N = "零〇○一二两三四五六七八九十"
MONTH = rf"(?:(?:{NUMBER}){TO})?(?:{NUMBER})月份?"
DAY = rf"(?:(?:{NUMBER})日)"
DATE = re.compile(
    rf"(?:{YEAR})[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?: ?\d\d:\d\d(?::\d\d)?)?(?!\d)"
    rf"|(?<![\d.:])\d{{1,2}}:\d\d(?::\d\d)?(?![\d.:])"
    rf"|(?:{YEAR}){TO}(?:{YEAR})(?=学?年)学?年|(?:{YEAR})学?年度?(?:{MONTH}{DAY}?)?(?:[底末初]|[上中下]旬)?"
    rf"|(?<![\d.]){MONTH}{DAY}?(?:[底末初]|[上中下]旬)?(?!季)"
    rf"|“十[一二三四五]?五”|(?<![{N}])十[一二三四五]五(?=规划|时期|期间|末)"
)
SPAN = re.compile(rf"(?<!提前)(?<!为期)(?<!期限)(?:(?<=[这近前后过来去])\d|[{N[3:]}])(?:个)?年(?![级期以])")
LABEL = re.compile(
    r"[〔\[(]\d{4}[〕\])]\d+号|第?\d+号|[A-Za-z]+-?\d+(?:\.\d+)?|(?<![\d.])\d[ADGKV](?![a-z])级?|\d+(?:\+\d+)+|[图表]\d+(?:-\d+)?"
    r"|^(?:\(?\d{1,2}[.、)](?!\d))"
    rf"|第[{N}百\d]+(?![位名{N}百\d])|(?:十[一二三四五六七八九]|二十)大(?![{N}])|[{N}]+届(?=[{N}]+[中次])|(?<=[东南西北])[{N[3:]}]县"
)
QUOTED = re.compile("“[^”]{1,24}”|《[^》]{1,40}》")
RANK = re.compile(
    rf"首位|第(?:\d{{1,3}}|[{N}]+)[位名]|(?:全[省市国县区]|(?<=[居列排]))第(?:\d{{1,3}}|[{N}]+)(?=[,。;、)]|$)"
    rf"|(?:世界|全球|亚洲)第(?:\d{{1,3}}|[{N}]+)(?![{N}产])|全[省市国县区]最[高低多少大小优好]"
)


# Years by which something came early, and zeros in words.
AHEAD = re.compile(
    rf"(?<=提前)(?:\d|[{N}])年|没有(?:(?:出现|发生)一[户人例起]|[\u4e00-\u9fff]{{2}}[县村户乡])"
)


def _rows(number, line, units):
    """The proposals of one paragraph; what a date or a label covers is no figure."""
    taken = []

    def free(start, end):
        return not any(first < end and start < last for first, last in taken)

    def claim(pattern, role, confidence):
        for match in pattern.finditer(line):
            start, end = match.span()
            if free(start, end) and end > start and re.search(rf"[\d{N}]", match[0]):
                taken.append((start, end))
                yield Proposal(confidence, number, start, match[0], "", role)

    for pattern, confidence in ((RANK, SURE), (AHEAD, LIKELY)):
        for match in pattern.finditer(line):
            taken.append(match.span())
            yield from _figure(number, line, *match.span(), "", units, confidence)
    yield from claim(DATE, "date", SURE)
    yield from claim(SPAN, "date", UNSURE)
    quoted = [m.span() for m in QUOTED.finditer(line)]
    for start, end, text in numerals(line):
        named = any(first < start and end < last for first, last in quoted) and free(start, end)
        if named and not re.match("[%‰]|[余多]?[万亿个]", line[end:]):
            taken.append((start, end))
            yield Proposal(LIKELY, number, start, text, "", "label")
    yield from claim(LABEL, "label", LIKELY)
    arabic = [(start, end) for start, end, _ in numerals(line) if free(start, end)]
    yield from _arabic(number, line, arabic, units, taken)
    for start, end, text in chinese_numerals(line):
        if free(start, end) and not any(first <= start and end <= last for first, last in quoted):
            yield from _chinese(number, line, start, end, text, units)


# ---- figures ----

LEAD = re.compile(
    "(?:(?:每[人户亩吨家个村年月]){1,2}|大约|将近|接近|超过|突破|首破|不低于|不少于|不超过|不高于|不足|不到|至少|最高|最低|最多|高于|低于|"
    "逾|超|约|近|破|迈上|站上|跃上|登上)+$"
)
TAIL = re.compile(r"[^,。;:、!?()“”《》\s]{0,12}")
IMPLIED = [
    ("元", "收入|投资|资金|贷款|产值|价值|营业|产业规模|增加值|税收"),
    ("人", "人口|游客|群众|劳动力|就业|学生|工"),
]

FELL = re.compile(
    rf"(?:(?:{'|'.join(FALLS)}|减)了?(?:约|近|超过|逾)?|偏[少低小]|[较比][^,。;]{{1,12}}[少低减])$"
)


def _figure(number, line, start, end, supplied, units, confidence):
    """One proposal of a text that reads as a figure with what is supplied; none where it does not."""
    text = line[start:end]
    try:
        read = read_figure(text, supplied, units)
        fallen = FELL.search(line[:start])
        if fallen and read.unit != "位" and not supplied:
            supplied, read = "-…", read_figure(text, "-…", units)
    except LangfangError:
        return []
    return [Proposal(confidence, number, start, text, supplied, "fact", *read)]


def _widest(number, line, start, end, units, confidence):
    """The widest text round a number that reads as one figure, its qualifiers first."""
    lead = LEAD.search(line[:start])
    reach = end + len(TAIL.match(line, end)[0])
    for first in ([lead.start()] if lead else []) + [start]:
        for last in range(reach, end - 1, -1):
            if found := _figure(number, line, first, last, "", units, confidence):
                return found
    return []


BETWEEN = re.compile("[、和与及:~—-]|个[和、]|、?分别为?")


def _arabic(number, line, places, units, taken):
    """Figures in Arabic digits, from right to left: a unit said once for several stands behind the last."""
    behind = None  # the start of the figure to the right, and its unit
    done = []
    for start, end in reversed(places):
        if behind and end > behind[0]:
            continue  # a range took it already
        found = _widest(number, line, start, end, units, SURE)
        gap = line[end : behind[0]] if behind else ""
        member = behind and BETWEEN.fullmatch(gap)
        if member and (not found or gap.startswith("个")):
            found = _figure(number, line, start, end, behind[1], units, LIKELY)
        if (
            not found
            and member is None
            and re.search(r"[:∶]$", line[:start])
            and re.search(r"\d", line[max(0, start - 5) : start])
        ):
            found = _figure(number, line, start, end, "%", units, UNSURE)
        if not found:
            scale = re.match("[余多]?[万亿]+", line[end:])
            last = end + (scale.end() if scale else 0)
            word = next(
                (unit for unit, words in IMPLIED if re.search(words, line[max(0, start - 12) : last + 6])), ""
            )
            found = (
                _figure(number, line, start, last, word if scale else "1", units, UNSURE)
                if word or not scale
                else []
            )
        if found:
            done += found
            behind = (found[0].start, found[0].unit)
            taken.append((found[0].start, found[0].start + len(found[0].text)))
    return done


COUNTED = "个大项条家所座处件名户人村县市区乡镇吨元亩类门张层重亿万倍成道支台辆套场"
SLOGAN = re.compile(
    "两个(?:维护|确立|一百年|翻番|毫不|大局)|[三四五六]个(?:自信|意识|全面|一批|面向|更加|伟大|坚持)|三农|五位一体|两不愁|三保障|六[稳保]|三大攻坚|两山|[一二三]次产业|一[个件项批张条]|千家|万家|千方|百计|百姓|万众|万物|百年|千[年瓦]|两[手岸会]|百分点|八项规定|[百千万][城县村]"
)


PART = re.compile(rf"百分之[{N}百点]+|[{N}]+分之[{N}]+|[{N}]+成(?:半|以上|左右|多)?|翻了?[{N}]?番")


def _chinese(number, line, start, end, text, units):
    """Figures in Chinese numerals: counts of two and more with a measure word, parts, multiples, zeros."""
    after = line[end : end + 1]
    if SLOGAN.match(line, start) or text[0] == "第" or (text in ("一", "首", "半") and after not in "成半倍"):
        return []
    if after and after in "是、)）" and len(text) <= 2 and start <= 1:
        return []
    part = PART.search(line, max(0, start - 3), end + 6)
    if part and part.start() <= start < part.end():
        earlier = re.search(f"[{N}]", line[part.start() : start].replace("百分之", ""))
        return [] if earlier else _figure(number, line, *part.span(), "", units, LIKELY)
    if text == "零":
        grows = line.startswith("增长", end)
        return _figure(number, line, start, end + 2, "", units, LIKELY) if grows else []
    if not after or after not in COUNTED + "余多" or re.search("[几数上]$", line[:start]):
        return []
    confidence = LIKELY if len(text) > 1 and after not in "大个项" else UNSURE
    found = _widest(number, line, start, end, units, confidence)
    return [row for row in found if row.unit and not row.unit.endswith("年")]


def _no_figures(number, line, rows, terms):
    """Chinese numerals that no row and no known term covers: words for not_figures.csv."""
    covered = [(row.start, row.start + len(row.text)) for row in rows]
    covered += [match.span() for term in terms if term for match in re.finditer(re.escape(term), line)]
    for start, end, _ in chinese_numerals(line):
        if not any(first <= start and end <= last for first, last in covered):
            yield Proposal(UNSURE, number, start, line[start : end + 1], "", "not_figure")


# ---- what a figure means ----


def _with_meaning(row, line, year, indicators):
    """Status by the words before it, the period in force, and indicators whose names share its words."""
    before = re.split("[。;!?]", line[: row.start])[-1]
    clause = re.split("[,:(]", before)[-1]
    status = "forecast" if FORESEEN.search(before) else "target" if AIMED.search(before) else "actual"
    period, changed = year, FALL.search(clause) or RISE.search(clause)
    if changed and row.unit in ("%", "个百分点") and re.fullmatch(r"\d{4}", year):
        period = f"{int(year) - 1}/{year}"
    words = _pairs(before[-24:] + row.text + line[row.start + len(row.text) :][:4])
    scores = sorted(
        ((len(words & name) / len(name), each) for each, name in indicators if name & words), reverse=True
    )
    near = [each for _, each in scores[:3]]
    fact_id = f"{near[0] if near else 'indicator'}-{period.replace('/', '-') or 'undated'}"
    return row._replace(status=status, period=period, fact_id=fact_id, indicators=" ".join(near))


def _pairs(text):
    """The pairs of neighbouring characters of a Chinese text."""
    return {text[i : i + 2] for i in range(len(text) - 1)}


# ---- drafts ----


def write_drafts(rows, folder, source_id=""):
    """Write the rows as the end of facts.csv, mentions.csv and not_figures.csv, to be settled and pasted.

    Returns
    -------
    list of Path
        The files written.
    """
    facts, mentions = [], []
    named = {(r.paragraph, period) for r in rows if r.role == "date" for *_, period in dates(r.text)}
    for row in sorted(rows, key=lambda row: (row.paragraph, row.start)):
        settle = f"{row.confidence[2:]}: {row.indicators or row.context}"
        if row.role != "not_figure":
            place = [source_id, row.paragraph, row.start, row.text, row.supplied, row.role, row.fact_id, ""]
            mentions.append([*place, "" if row.role in ("fact", "date") else "TODO: " + settle])
        if row.role == "fact":
            indicator = row.fact_id.partition("-")[0]
            stated = "stated" if (row.paragraph, row.period) in named else "inferred"
            basis = stated if row.period else ""
            known = [
                row.fact_id,
                indicator,
                "TODO",
                row.period,
                basis,
                row.status,
                row.value,
                row.unit,
                row.bound,
            ]
            facts.append([*known, "", source_id, "TODO: " + settle])
    others = dict.fromkeys((row.text, "TODO") for row in rows if row.role == "not_figure")
    Path(folder).mkdir(parents=True, exist_ok=True)
    written = {"facts": facts, "mentions": mentions, "not_figures": list(others)}
    for name, cells in written.items():
        write_whole(Path(folder) / f"{name}.csv", as_csv([COLUMNS[name], *cells]))
    return [Path(folder) / f"{name}.csv" for name in written]


def as_csv(rows):
    """Rows of cells as CSV with LF line ends."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
