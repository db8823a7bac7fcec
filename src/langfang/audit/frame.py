"""The audit as readers get it: each relation with its verdict, what it implies, what is known of a fact."""

import math
import os
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from langfang.audit.case import Case, Report, in_print, open_report, readings_on
from langfang.audit.formula import dimension, render
from langfang.audit.power import behind_share, power
from langfang.audit.relations import FILE
from langfang.audit.verdict import FAILS, UNTESTED, Verdict, evaluate, judge, rules, words_of
from langfang.data.cite import cite, details
from langfang.data.facts import fact as fact_of
from langfang.data.tables import data_dir, nearest
from langfang.errors import LangfangError
from langfang.printed.period import in_words
from langfang.printed.quantity import Quantity
from langfang.printed.wording import bearable, in_english

_ENDS = ("", "_lower", "_upper")
_COLUMNS = [
    *("id", "source", "title", "kind", "claim", "arithmetic"),
    *(side + end for side in ("recomputed", "printed") for end in _ENDS),
    *("unit", "verdict", "reading", "because", "rules", "power", "smallest", "query", "mend", "note"),
]
_SIGN = {"<=": "≤", ">=": "≥"}  # as readers write them


def audit(
    source: str | None = None, fact: str | None = None, *, data: str | os.PathLike | None = None
) -> pd.DataFrame:
    """Every relation of a report, recomputed from how its figures are printed.

    Parameters
    ----------
    source : str, optional
        A source_id: only the relations about that report.
    fact : str, optional
        A fact_id: only the relations that use it.
    data : path, optional
        Folder with the tables and relations.toml; default: the data that come with the library.

    Returns
    -------
    pandas.DataFrame
        A row for each relation: ``id``, ``source`` (the report it is about), ``title``, ``kind``. ``claim``
        names the facts, ``arithmetic`` shows the figures. ``recomputed`` and ``printed``, each with
        ``_lower`` and ``_upper``, are the two sides of the claim in ``unit``. ``verdict`` is ``agrees``,
        ``agrees only if``, ``cannot be both``, ``implies`` (nothing is printed to hold it against) or ``not
        testable``; ``reading`` is the reading it rests on, ``because`` says more. A figure counts as right
        whether it is rounded or cut off; ``rules`` says under which of the two, kept to throughout, the
        relation agrees (``neither``: under none; empty where there is nothing to round). ``power`` lists the
        facts and lists in which an error of one last digit, or of one name, would make the relation fail, or
        did; ``smallest`` is the smallest error in any one figure that would, in last digits (of *about* and
        *over* the last that is not 0). One that fails has shown its power, so a relation could fail by so
        little, or does, where ``power`` is not empty. Where it fails, ``query`` is the row of queries.csv
        that speaks of it and ``mend`` the most charitable reading under which it would agree. ``note`` is
        what relations.toml adds.

    Raises
    ------
    LangfangError
        For an unknown source or fact (with the nearest names) and a relation that cannot be read or worked
        out; it names the relation.

    Examples
    --------
    >>> relations = audit().set_index("id")
    >>> relations.loc["backstop_households", ["arithmetic", "verdict"]].tolist()
    ['100 × 1680户 ÷ 1934户 = 86.8666 %, printed 87.23%', 'cannot be both']
    """
    report = open_report(data)
    if not report.relations:
        raise LangfangError(f"{FILE}: no relations in {data_dir(data)} – expected at least one")
    _known(source, report.sources, "source")
    _known(fact, report.facts, "fact")
    return frame_of(report, source, fact)


def frame_of(report: Report, source: str | None = None, fact: str | None = None) -> pd.DataFrame:
    """The frame of `audit` for a report that has been read."""
    cases = (case for case in report.cases() if source in (None, case.relation.source))
    rows = [_row(case) for case in cases if fact is None or fact in case.things()]
    return pd.DataFrame(rows, columns=_COLUMNS).astype({"smallest": "Int64"})


def implied(relation_id: str, *, data: str | os.PathLike | None = None) -> Quantity:
    """What a relation works out to: the side that is recomputed from the report's figures.

    Parameters
    ----------
    relation_id : str
        The name of a relation of relations.toml, such as ``private_growth_2019``.
    data : path, optional
        Another folder with the tables and relations.toml.

    Returns
    -------
    Quantity
        In the base unit where the result has a unit of units.csv, as `langfang.fact` gives it; otherwise in
        the unit that the relation declares, or as a plain number. Its name is the title of the relation.

    Raises
    ------
    LangfangError
        For an unknown relation (with the nearest names) and one that has no result, such as a restatement.

    Examples
    --------
    >>> implied("backstop_households").range(".2f"), implied("backstop_households").unit
    ('86.86–86.87', '%')
    """
    report = open_report(data)
    _known(str(relation_id), report.relations, "relation")
    case = report.case(report.relations[relation_id])
    found = judge(case)
    if case.relation.copies or found.outcome.holds is None:
        why = found.because or "it compares copies"
        raise LangfangError(f"{FILE}, [{relation_id}] has no result: {why}")
    unit = _unit(case)[0]
    base = case.units[unit].base if unit in case.units else unit or "1"
    return Quantity(*found.outcome.recomputed, base, case.relation.title)


@dataclass(frozen=True, repr=False)
class About:
    """One fact with what is known of it; ``print`` gives it as text."""

    fact_id: str
    quantity: Quantity  # in the base unit, with bounds
    row: dict  # the columns of ``load("facts")``, and more
    citation: str
    relations: pd.DataFrame  # the rows of ``audit()`` that use the fact
    queries: list[dict]  # the rows of queries.csv about it

    def __str__(self) -> str:
        row, (value, lower, upper) = self.row, self.quantity.fractions
        said, ends = in_english(value, lower, upper, row["base_unit"], row["bound"])
        basis = f" ({row['period_basis']})" if row["period_basis"] else ""
        used = self.relations[["id", "verdict", "arithmetic"]].itertuples(index=False)
        against = ", ".join(self.relations.loc[self.relations["verdict"] == FAILS, "id"])
        doubts = ", ".join(query["query_id"] for query in self.queries if query["status"] == "open")
        lines = [
            f"{row['name_en']} ({row['name_zh']}), {row['area_en']} ({row['area_zh']})",
            f"figure: {said}; range: {ends}; in base units: {self.quantity}",
            f"in short: against it {against or 'no relation'}; open queries: {doubts or 'none'}",
            f"period: {in_words(row['period'])}{basis}; status: {row['status']}",
            f"note: {row['note']}" if row["note"] else "",
            f"source: {self.citation}",
            *(f"audit: {verdict}, {name}: {arithmetic}" for name, verdict, arithmetic in used),
            *(f"query ({q['status']}), {q['query_id']}: {q['question']}" for q in self.queries),
            *(f"readings of {q['query_id']}: {q['readings']}" for q in self.queries if q["readings"]),
        ]
        return "\n".join(filter(None, lines))

    __repr__ = __str__


def about(fact_id: str, *, data: str | os.PathLike | None = None) -> About:
    """All that is known of one fact: bounds, period, place, the relations it is in, the queries about it.

    Parameters
    ----------
    fact_id : str
        As in ``load("facts")``.
    data : path, optional
        Another folder with the tables and relations.toml.

    Returns
    -------
    About
        Its text names each relation that uses the fact with its verdict, and each query with its readings.

    Raises
    ------
    LangfangError
        For an unknown fact; the message offers the nearest.

    Examples
    --------
    >>> str(about("backstop_household_share-undated")).splitlines()[1]
    'figure: 87.23\\xa0%; range: 87.225–87.235; in base units: 87.23 % (87.225–87.235)'
    """
    row = details(fact_id, data=data)
    name = row["fact_id"]
    relations, citation = frame_of(open_report(data), fact=name), cite(name, data=data)
    return About(name, fact_of(name, data=data), row, citation, relations, row["queries"])


def _known(name: str | None, names, what: str) -> None:
    if name is not None and str(name) not in names:
        raise LangfangError(f"no {what} {name!r}{nearest(str(name), sorted(names))}")


def _row(case: Case) -> dict:
    relation, verdict = case.relation, judge(case)
    tested = verdict.verdict != UNTESTED
    seen, smallest = power(case) if tested else ([], None)
    unit, factor = _unit(case)
    asides = [verdict.because, "" if relation.claims else _others(case, verdict)]
    asides += [behind_share(case)] if relation.kind == "share" else []
    row = {name: getattr(relation, name) for name in ("id", "source", "title", "kind", "query", "note")}
    row |= {name: getattr(verdict, name) for name in ("verdict", "reading", "mend")}
    row |= {"claim": _claim(case), "arithmetic": _arithmetic(verdict), "unit": unit}
    row |= {"because": "; ".join(filter(None, asides)), "rules": rules(case) if tested else ""}
    for side in ("recomputed", "printed"):
        ends = getattr(verdict.outcome, side) or [math.nan] * 3
        row |= {side + end: float(number / factor) for end, number in zip(_ENDS, ends, strict=True)}
    return row | {"power": " ".join(seen), "smallest": smallest}


def _unit(case: Case) -> tuple[str, Fraction]:
    """The unit in which a result is shown, and how many base units it is."""
    unit = case.relation.unit
    if not unit and not case.relation.copies:
        printed = {short: case.facts[fact]["unit"] for short, fact in case.relation.facts.items()}
        bases = {short: case.units[name].base for short, name in printed.items()}
        base = dimension(case.relation.sides()[0], bases.get)
        unit = next((name for short, name in printed.items() if bases[short] == base), "")
    return unit, case.units[unit].factor if unit in case.units else Fraction(1)


def _others(case: Case, verdict: Verdict) -> str:
    """What other readings of an implied quantity give, where it is another one."""
    own, unit = verdict.outcome.recomputed, _unit(case)
    other = ((label, evaluate(other).recomputed) for _, label, other in readings_on(case))
    return "; ".join(f"{label}: {_shown(side, *unit)}" for label, side in other if side not in (own, ()))


def _claim(case: Case) -> str:
    """The claim with ids."""
    relation = case.relation
    if relation.copies:
        return f"the same in paragraphs {' and '.join(map(str, relation.copies))}: {', '.join(case.things())}"
    names = relation.facts | {short: f"names({words_of(spec)})" for short, spec in relation.lists.items()}
    names |= {call: f"{function}({names[short]})" for call, (function, short) in relation.dates.items()}
    sign = _SIGN.get(relation.sign, relation.sign)
    return f" {sign} ".join(render(node, names) for node in relation.sides())


def _arithmetic(verdict: Verdict) -> str:
    """The figures as printed, or as read, put into the expression, and what comes out."""
    outcome, case, relation = verdict.outcome, verdict.case, verdict.case.relation
    if outcome.holds is None:
        return ""
    if relation.copies:
        return f"{outcome.recomputed[0]} of {outcome.printed[0]} figures and lists the same"
    names = {short: in_print(case.facts[fact], case) for short, fact in relation.facts.items()}
    numbers = {name: ends[0] for name, ends in case.box().items()}
    names |= {short: f"{numbers[short]} names" for short in relation.lists}
    names |= {call: f"{float(numbers[call]):g}" for call in relation.dates}
    left, right = [*(render(node, names) for node in relation.sides()), ""][:2]
    if relation.compares_lists:
        sets = [set(case.members(short)) for short in (relation.expression, relation.claim)]
        common = "" if sets[0] == sets[1] else f", {len(sets[0] & sets[1])} of them the same"
        return f"{left} against {right}{common}"
    if relation.expression not in names:
        result = _shown(outcome.recomputed, *_unit(case))
        left += f" {result}" if result[0] in "≥≤" else f" = {result}"
    if relation.sign == "=":
        return f"{left}, {'printed' if relation.claim in relation.facts else 'to be'} {right}"
    sign = f"{'' if outcome.holds else ' is not'} {_SIGN.get(relation.sign, relation.sign)} {right}"
    return left + sign if relation.sign else left


def _shown(side: tuple, unit: str, factor: Fraction) -> str:
    """A result with as many decimals as its range bears, and its range and unit."""
    result = Quantity(*(end / factor for end in side))
    value, lower, upper = result.fractions
    places = min(4, bearable(value, lower, upper))
    text = f"{result:.{places}f} ({result.range(f'.{places}f')})"
    if math.isinf(upper - lower):
        text = result.range(".6g")
    elif upper - lower < 1e-9:
        text = f"{float(value):.4f}".rstrip("0").rstrip(".")
    return f"{text} {unit}".strip()
