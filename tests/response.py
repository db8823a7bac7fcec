"""How the notebooks respond to the data: a fact is changed in a copy of the tables and they run again.

`make response` changes every fact by a tenth, one at a time, and lists those that no notebook citing them
notices, the closing table *Facts used* left aside.
"""

import csv
import re
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest
from notebook_runs import NOTEBOOKS, outputs, run
from tqdm import tqdm

from langfang.data.facts import load
from langfang.data.tables import data_dir
from langfang.errors import LangfangError

FACT = re.compile(r'data-fact="([^"]+)"')


@cache
def cited(path):
    """The facts that a notebook lists under *Facts used*."""
    return set(FACT.findall(outputs(path)))


def another(value):
    """A figure a tenth larger with as many decimals; a small whole number one larger."""
    places = len(value.partition(".")[2])
    larger = f"{float(value) * 1.1:.{places}f}"
    return larger if larger != value else f"{float(value) + 10**-places:.{places}f}"


def changed_tables(fact_id, folder, value=None):
    """A copy of the tables in which one fact has another value."""
    for file in data_dir().iterdir():
        if file.is_file():
            shutil.copy(file, folder / file.name)
    path = folder / "facts.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        rows = list(reader)
    for row in rows:
        if row["fact_id"] == fact_id:
            row["value"] = value or another(row["value"])
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, reader.fieldnames, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


_before = {}


def answers(path, folder, monkeypatch, raises=False):
    """Whether a notebook says something else on the tables of a folder, or fails on them."""
    if path not in _before:
        with monkeypatch.context() as patch:
            _before[path] = run(path, patch)
    with monkeypatch.context() as patch:
        try:
            return run(path, patch, folder) != _before[path]
        except (AssertionError, LangfangError):
            if raises:
                raise
            return True


def unnoticed():
    """Facts that a notebook cites and none notices."""
    patch = pytest.MonkeyPatch()
    for fact_id in tqdm(load()["fact_id"], unit="fact"):
        books = [path for path in NOTEBOOKS if fact_id in cited(path)]
        with tempfile.TemporaryDirectory() as folder:
            changed_tables(fact_id, Path(folder))
            if books and not any(answers(path, Path(folder), patch) for path in books):
                yield fact_id


if __name__ == "__main__":
    found = list(unnoticed())
    print(f"{len(found)} facts could change without a notebook noticing", *found, sep="\n  ")
    sys.exit(bool(found))
