"""langfang.csv: all facts in one flat table for spreadsheets, each with what is known against it."""

import os
from collections import defaultdict
from itertools import chain

from langfang.audit.case import open_report
from langfang.audit.verdict import AGREES, FAILS, ONLY_IF, judge
from langfang.data.facts import load
from langfang.data.files import write_whole
from langfang.data.tables import data_dir
from langfang.proof.schema import describe

# The columns of langfang.csv, and the column of `load("facts")` behind each where it has another name.
_NAMES = """
    fact_id theme indicator=name_en 指标=name_zh area=area_en 地区=area_zh period period_basis status
    as_printed=text value=printed unit bound value_base=value lower_base=lower upper_base=upper base_unit
    vintage source=title publisher published address=locator paragraph note
"""
FLAT = {name: column or name for name, _, column in (part.partition("=") for part in _NAMES.split())}


def flatten(data: str | os.PathLike | None = None) -> str:
    """All facts in one flat table, as the text of langfang.csv.

    Beside names in both languages, figures, bounds and place, ``audit`` has the verdict on the relations that
    use the fact, the gravest first named with those relations (``cannot be both: backstop_households``), and
    ``doubt`` the open queries about it. A figure of another document is no suspect: it has the relations that
    compare the report with it. An open bound is an empty cell.
    """
    report = open_report(data)
    facts = load("facts", data=data).merge(
        load("sources", data=data), on="source_id", suffixes=("", "_source")
    )
    flat = facts[list(FLAT.values())].set_axis(list(FLAT), axis="columns")
    flat = flat.replace(float("inf"), float("nan"))
    relations = defaultdict(lambda: defaultdict(list))  # that use a fact, by fact and verdict
    for case in report.cases():
        verdict = judge(case).verdict
        for name in case.things():
            relations[name][verdict].append(case.relation.id)

    def gravest(name):
        of = relations[name]
        if report.facts[name]["source_id"] in report.cited:
            return "compared: " * bool(of) + " ".join(chain(*of.values()))
        said = (f"{verdict}: {' '.join(of[verdict])}" for verdict in (FAILS, ONLY_IF) if verdict in of)
        return next(said, AGREES if AGREES in of else "")

    def doubt(name):
        queries = (row for row in report.queries_on.get(name, ()) if row["status"] == "open")
        return "; ".join(f"{row['query_id']}: {row['question']}" for row in queries)

    flat["audit"], flat["doubt"] = facts["fact_id"].map(gravest), facts["fact_id"].map(doubt)
    return flat.to_csv(index=False, lineterminator="\n", float_format="%.15g")


def refresh(data: str | os.PathLike | None = None) -> None:
    """Write langfang.csv anew, then hashes and sizes in datapackage.json."""
    folder = data_dir(data)
    write_whole(folder / "langfang.csv", flatten(folder))
    describe(folder)
