"""The audit as readers get it: every relation with its verdict, as a frame; and what a relation implies."""

from __future__ import annotations

import math
import os
from fractions import Fraction
from typing import TYPE_CHECKING

from langfang.audit.case import Case, Report, in_print, open_report, readings_on
from langfang.audit.formula import dimension, render
from langfang.audit.power import behind_share, power
from langfang.audit.relations import FILE, Relation
from langfang.audit.verdict import UNTESTED, Verdict, attempt, judge, rules, words_of
from langfang.data.tables import data_dir, nearest
from langfang.errors import LangfangError
from langfang.printed.quantity import Quantity
from langfang.printed.wording import bearable

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = [
    *("id", "source", "title", "kind", "claim", "arithmetic"),
    *(f"{side}{end}" for side in ("recomputed", "printed") for end in ("", "_lower", "_upper")),
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
    import pandas as pd

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
        Folder with the tables and relations.toml; default: the data that come with the library.

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
    relations = {relation.id: relation for relation in report.relations}
    _known(relation_id, relations, "relation")
    case = report.case(relations[relation_id])
    found = judge(case)
    if case.relation.copies or not found.outcome:
        why = found.because or "it compares copies"
        raise LangfangError(f"{FILE}, [{relation_id}] has no result: {why}")
    unit, _ = _unit(case)
    base = case.units[unit].base if unit in case.units else unit or "1"
    return Quantity(*found.outcome.recomputed, base, case.relation.title)


def _known(name: str | None, names, what: str) -> None:
    if name is not None and name not in names:
        raise LangfangError(f"no {what} {name!r}{nearest(str(name), sorted(names))}")


# ---- a row ----


def _row(case: Case) -> dict:
    relation, verdict = case.relation, judge(case)
    seen, smallest = power(case) if verdict.verdict != UNTESTED else ([], None)
    unit, factor = _unit(case)
    asides = [verdict.because, "" if relation.claims else _others(case, verdict)]
    asides += [behind_share(case)] if relation.kind == "share" else []
    sides = verdict.outcome[:2] if verdict.outcome else ((), ())
    return {
        **{name: getattr(relation, name) for name in ("id", "source", "title", "kind", "query", "note")},
        "claim": _claim(case),
        "arithmetic": _arithmetic(verdict),
        **{f"recomputed{end}": number for end, number in _ends(sides[0], factor)},
        **{f"printed{end}": number for end, number in _ends(sides[1], factor)},
        "unit": unit,
        "verdict": verdict.verdict,
        "reading": verdict.reading,
        "because": "; ".join(filter(None, asides)),
        "rules": rules(case) if verdict.verdict != UNTESTED else "",
        "power": " ".join(seen),
        "smallest": smallest,
        "mend": verdict.mend,
    }


def _unit(case: Case) -> tuple[str, Fraction]:
    """The unit in which a result is shown, and how many base units it is."""
    relation, unit = case.relation, case.relation.unit
    if not unit and not relation.copies:
        printed = {short: case.facts[fact]["unit"] for short, fact in relation.facts.items()}
        base = dimension(
            relation.sides()[0], lambda short: case.units[printed[short]].base if short in printed else ""
        )
        unit = next((unit for unit in printed.values() if case.units[unit].base == base), "")
    return unit, case.units[unit].factor if unit in case.units else Fraction(1)


def _ends(side: tuple, factor: Fraction):
    numbers = [float(end / factor) for end in side] or [math.nan] * 3
    return zip(("", "_lower", "_upper"), numbers, strict=True)


def _others(case: Case, verdict: Verdict) -> str:
    """What other readings of an implied quantity give, where it is another one."""
    own = verdict.outcome.recomputed if verdict.outcome else ()
    tried = [(label, attempt(other)[0]) for _, label, other in readings_on(case)]
    other = ((label, found.recomputed) for label, found in tried if found and found.recomputed != own)
    return "; ".join(f"{label}: {_shown(result, *_unit(case))}" for label, result in other)


def _claim(case: Case) -> str:
    """The claim with ids."""
    relation = case.relation
    if relation.copies:
        return f"the same in paragraphs {' and '.join(map(str, relation.copies))}: {', '.join(case.things())}"
    names = relation.facts | {short: f"names({words_of(spec)})" for short, spec in relation.lists.items()}
    names |= {
        f"{function}({short})": f"{function}({fact})"
        for short, fact in names.items()
        for function in ("year", "years")
    }
    sides = [render(node, names) for node in relation.sides()[: 2 if relation.sign else 1]]
    return f" {_SIGN.get(relation.sign, relation.sign)} ".join(sides)


def _arithmetic(verdict: Verdict) -> str:
    """The figures as printed, or as read, put into the expression, and what comes out."""
    outcome, case, relation = verdict.outcome, verdict.case, verdict.case.relation
    if not outcome:
        return ""
    if relation.copies:
        return f"{outcome.recomputed[0]} of {outcome.printed[0]} figures and lists the same"
    names = {short: in_print(case.facts[fact], case) for short, fact in relation.facts.items()}
    names |= {short: f"{len(case.members(short))} names" for short in relation.lists}
    names |= {call: f"{float(number):g}" for call, number in case.dates().items()}
    left, right = (render(node, names) for node in relation.sides())
    if relation.expression not in names:
        result = _shown(outcome.recomputed, *_unit(case))
        left += f" {result}" if result[0] in "≥≤" else f" = {result}"
    if relation.claim in relation.lists:
        return f"{left} against {right}{_in_common(case)}"
    return f"{left}{_sign(relation, outcome.holds)} {right}" if relation.sign else left


def _sign(relation: Relation, holds: bool) -> str:
    if relation.sign == "=":
        return ", printed" if relation.claim in relation.facts else ", to be"
    return f"{'' if holds else ' is not'} {_SIGN.get(relation.sign, relation.sign)}"


def _in_common(case: Case) -> str:
    """How many names stand in both lists, unless all do."""
    left, right = (set(case.members(short)) for short in (case.relation.expression, case.relation.claim))
    return "" if left == right else f", {len(left & right)} of them the same"


def _shown(side: tuple, unit: str, factor: Fraction) -> str:
    return f"{_number(Quantity(*(end / factor for end in side)))} {unit}".strip()


def _number(quantity: Quantity) -> str:
    """The value with as many decimals as its range bears, and the range."""
    value, lower, upper = quantity.fractions
    width = float(upper - lower)
    if math.isinf(width):
        return quantity.range(".6g")
    if width < 1e-9:
        return f"{float(value):.4f}".rstrip("0").rstrip(".")
    places = min(4, bearable(*quantity.fractions))
    return f"{quantity:.{places}f} ({quantity.range(f'.{places}f')})"
