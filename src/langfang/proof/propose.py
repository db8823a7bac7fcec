"""Propose rows for a report that is not read yet: its figures, dates and labels, for a curator to settle.

Nothing proposed is believed: the check proves the places, a second reading the figures.
"""

import re
from collections import Counter, namedtuple
from pathlib import Path

import pandas as pd

from langfang.data.bounds import units_of
from langfang.data.files import write_whole
from langfang.data.tables import open_folder
from langfang.errors import LangfangError
from langfang.printed.numerals import chinese_numerals, numerals
from langfang.printed.period import NUMBER, TO, YEAR, dates
from langfang.printed.reading import FALLS, read_figure
from langfang.proof.article import AIMED, FALL, FORESEEN, RISE, context, read_paragraphs, within, words_left

SURE, LIKELY, UNSURE = "1 sure", "2 likely", "3 unsure"

# A row to settle; a fact has a status, a period, an id and the indicators that its words resemble.
FIELDS = (
    "confidence paragraph start text supplied role value unit bound status period fact_id indicators context"
)
Proposal = namedtuple("Proposal", FIELDS, defaults=[""] * 8)


def propose(file, data=None):
    """Propose a row for every figure, date and label of a text (UTF-8 or GB 18030, one paragraph a line).

    The sure ones come first, each group in the order of the text; ``data`` is the folder whose units and
    indicators are known. Raises a LangfangError if the text cannot be read.
    """
    lines, folder = read_paragraphs(file), open_folder(data)
    bases = {name: unit.base for name, unit in units_of(folder).items()}
    indicators = [
        (r["indicator_id"], r["unit"], _pairs(r["name_zh"])) for r in folder.table("indicators").rows
    ]
    terms = folder.table("not_figures").column("term")
    found, year, ids = [], "", Counter()
    for number, line in enumerate(lines, 1):
        for row in Paragraph(number, line, frozenset(bases)).read(terms):
            if row.role == "date":
                year = next((period for *_, period in dates(row.text)), year)
            if row.role == "fact":
                fitting = [
                    (each, name) for each, unit, name in indicators if unit == bases.get(row.unit, unit)
                ]
                row = _with_meaning(row, line, year, fitting)
                ids[row.fact_id] += 1
                row = row._replace(fact_id=row.fact_id + f"-{ids[row.fact_id]}" * (ids[row.fact_id] > 1))
            found.append(row)
    return sorted(found, key=lambda row: row.confidence)


# ---- what a text is searched for ----

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
    rf"|第百*[{N}\d][{N}百\d]*(?![位名{N}百\d])|(?:十[一二三四五六七八九]|二十)大(?![{N}])|[{N}]+届(?=[{N}]+[中次])|(?<=[东南西北])[{N[3:]}]县"
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
BETWEEN = re.compile("[、和与及:~—-]|个[和、]|、?分别为?")
COUNTED = "个大项条家所座处件名户人村县市区乡镇吨元亩类门张层重亿万倍成道支台辆套场"
SLOGAN = re.compile(
    "两个(?:维护|确立|一百年|翻番|毫不|大局)|[三四五六]个(?:自信|意识|全面|一批|面向|更加|伟大|坚持)|三农|五位一体|两不愁|三保障|六[稳保]|三大攻坚|两山|[一二三]次产业|一[个件项批张条]|千家|万家|千方|百计|百姓|万众|万物|百年|千[年瓦]|两[手岸会]|百分点|八项规定|[百千万][城县村]"
)
PART = re.compile(rf"百分之[{N}百点]+|[{N}]+分之[{N}]+|[{N}]+成(?:半|以上|左右|多)?|翻了?[{N}]?番")


class Paragraph:
    """A paragraph of a text, and what of it the proposals so far cover."""

    def __init__(self, number, line, units):
        self.number, self.line, self.units = number, line, units
        self.rows, self.taken = [], []

    def read(self, terms):
        """The proposals in the order of the text; what a date or a label covers is no figure."""
        self._claim(RANK, "fact", SURE)
        self._claim(AHEAD, "fact", LIKELY)
        self._claim(DATE, "date", SURE)
        self._claim(SPAN, "date", UNSURE)
        quoted = [match.span() for match in QUOTED.finditer(self.line)]
        for start, end, _ in numerals(self.line):
            named = within(start, end, quoted) and self._free(start, end)
            if named and not re.match("[%‰]|[余多]?[万亿个]", self.line[end:]):
                self._take(start, end, self._row(start, end, LIKELY, "label"))
        self._claim(LABEL, "label", LIKELY)
        self._arabic([(start, end) for start, end, _ in numerals(self.line) if self._free(start, end)])
        for start, end, text in chinese_numerals(self.line):
            if self._free(start, end) and not within(start, end, quoted):
                self._take_figure(self._chinese(start, end, text))
        covered = [(row.start, row.start + len(row.text)) for row in self.rows]
        for start, end, _ in words_left(self.line, covered, terms):
            self.rows.append(self._row(start, end + 1, UNSURE, "not_figure"))
        return sorted(self.rows, key=lambda row: row.start)

    def _free(self, start, end):
        return not any(first < end and start < last for first, last in self.taken)

    def _take(self, start, end, row):
        self.taken.append((start, end))
        self.rows += [row] if row else []

    def _take_figure(self, found):
        if found:
            self._take(found.start, found.start + len(found.text), found)

    def _row(self, start, end, confidence, role, supplied="", read=()):
        text, near = self.line[start:end], context(self.line, start, end)
        return Proposal(confidence, self.number, start, text, supplied, role, *read, context=near)

    def _claim(self, pattern, role, confidence):
        for at in (match.span() for match in pattern.finditer(self.line)):
            if self._free(*at):
                row = self._figure(*at, confidence) if role == "fact" else self._row(*at, confidence, role)
                self._take(*at, row)

    def _figure(self, start, end, confidence, supplied=""):
        """A proposal of a text that reads as a figure with what is supplied; None where it does not."""
        text = self.line[start:end]
        try:
            read = read_figure(text, supplied, self.units)
            if not supplied and read.unit != "位" and FELL.search(self.line[:start]):
                supplied, read = "-…", read_figure(text, "-…", self.units)
        except LangfangError:
            return None
        return self._row(start, end, confidence, "fact", supplied, read)

    def _widest(self, start, end, confidence):
        """The widest text round a number that reads as one figure, its qualifiers first."""
        lead, reach = LEAD.search(self.line[:start]), TAIL.match(self.line, end).end()
        starts = [lead.start(), start] if lead else [start]
        texts = ((first, last) for first in starts for last in range(reach, end - 1, -1))
        return next(filter(None, (self._figure(*text, confidence) for text in texts)), None)

    def _arabic(self, places):
        """Figures in Arabic digits, from right to left: a unit said once for several is behind the last."""
        line, behind = self.line, None
        for start, end in reversed(places):
            scale = re.match("(?:[余多]?[万亿]+)?", line[end:])[0]
            last = end + len(scale)
            found = self._widest(start, end, SURE)
            gap = line[last : behind.start] if behind else ""
            member = BETWEEN.fullmatch(gap)
            if member and (not found or gap.startswith("个")):
                found = self._figure(start, last, LIKELY, behind.unit.lstrip("万亿" if scale else ""))
            if not found and not member and re.search(r"\d.{0,3}[:∶]$", line[:start]):
                found = self._figure(start, end, UNSURE, "%")
            if not found:
                about = line[max(0, start - 12) : last + 6]
                word = next((unit for unit, words in IMPLIED if re.search(words, about)), "")
                if word or not scale:
                    found = self._figure(start, last, UNSURE, word if scale else "1")
            if found and behind and found.start + len(found.text) > behind.start:
                self.rows.remove(behind)  # it was the upper end of this range
            behind = found or behind
            self._take_figure(found)

    def _chinese(self, start, end, text):
        """A figure in Chinese numerals: a count (two and more, a measure word), a part, a multiple, zero."""
        line, after = self.line, self.line[end : end + 1]
        alone = text in ("一", "首", "半") and after not in "成半倍"
        heads_a_list = after and after in "是、)）" and len(text) <= 2 and start <= 1
        if SLOGAN.match(line, start) or text[0] == "第" or alone or heads_a_list:
            return None
        part = PART.search(line, max(0, start - 3), end + 6)
        if part and part.start() <= start < part.end():
            earlier = re.search(f"[{N}]", line[part.start() : start].replace("百分之", ""))
            return None if earlier else self._figure(*part.span(), LIKELY)
        if text == "零":
            return self._figure(start, end + 2, LIKELY) if line.startswith("增长", end) else None
        if not after or after not in COUNTED + "余多至到" or re.search("[几数上]$", line[:start]):
            return None
        found = self._widest(start, end, LIKELY if len(text) > 1 and after not in "大个项" else UNSURE)
        return found if found and found.unit and not found.unit.endswith("年") else None


def _with_meaning(row, line, year, indicators):
    """Status by the words before it, the period in force, and indicators whose names share its words."""
    before = re.split("[。;!?]", line[: row.start])[-1]
    clause = re.split("[,:(]", before)[-1]
    status = "forecast" if FORESEEN.search(before) else "target" if AIMED.search(before) else "actual"
    period, changed = year, FALL.search(clause) or RISE.search(clause)
    if changed and row.unit in ("%", "个百分点") and re.fullmatch(r"\d{4}", year):
        period = f"{int(year) - 1}/{year}"
    words = _pairs(before[-24:] + row.text + line[row.start + len(row.text) :][:4])
    scores = ((len(words & name) / len(name), each) for each, name in indicators if name & words)
    near = [each for _, each in sorted(scores, reverse=True)[:3]]
    fact_id = f"{near[0] if near else 'indicator'}-{period.replace('/', '-') or 'undated'}"
    return row._replace(status=status, period=period, fact_id=fact_id, indicators=" ".join(near))


def _pairs(text):
    """The pairs of neighbouring characters of a Chinese text."""
    return {text[i : i + 2] for i in range(len(text) - 1)}


def write_drafts(rows, folder, source_id=""):
    """Write rows to settle as the ends of facts.csv, mentions.csv and not_figures.csv; their paths.

    The folder must not hold such files yet: somebody may have worked on them.
    """
    named = {(r.paragraph, period) for r in rows if r.role == "date" for *_, period in dates(r.text)}
    terms = dict.fromkeys(row.text for row in rows if row.role == "not_figure")
    not_figures = [{"term": term, "reason": "TODO"} for term in terms]
    drafts = {"facts": [], "mentions": [], "not_figures": not_figures}
    for row in sorted(rows, key=lambda row: (row.paragraph, row.start)):
        near = f"perhaps {row.indicators}" if row.indicators else row.context
        note = f"TODO: reading {row.confidence[2:]}; {near}"
        cells = row._asdict() | {"source_id": source_id, "note": note, "area": "TODO"}
        if row.role == "fact":
            stated = "stated" if (row.paragraph, row.period) in named else "inferred"
            basis = {"period_basis": stated if row.period else ""}
            drafts["facts"].append(cells | basis | {"indicator_id": row.fact_id.partition("-")[0]})
        if row.role != "not_figure":
            drafts["mentions"].append(cells | ({"note": ""} if row.role in ("fact", "date") else {}))
    paths = [Path(folder) / f"{name}.csv" for name in drafts]
    for path in filter(Path.exists, paths):
        raise LangfangError(f"{path}: is there already, and may hold your work; expected another folder")
    Path(folder).mkdir(parents=True, exist_ok=True)
    for path in paths:
        write_whole(path, as_csv(drafts[path.stem], open_folder().types[path.stem]))
    return paths


def as_csv(rows, names):
    """Rows, tuples or dicts, as CSV with these columns and LF line ends."""
    return pd.DataFrame(rows, columns=list(names)).to_csv(index=False, lineterminator="\n")
