"""Change every fact by a tenth, one at a time, and rerun the notebooks that cite it: does one of them notice?

`make response` lists the facts that no notebook notices, the closing table *Facts used* left aside.
"""

import sys
import tempfile
from pathlib import Path

import pytest
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from notebook_runs import NOTEBOOKS
from response import answers, changed_tables, cited

import langfang as lf


def unnoticed():
    """Facts that a notebook cites and none notices."""
    patch = pytest.MonkeyPatch()
    for fact_id in tqdm(lf.load()["fact_id"], unit="fact"):
        books = [path for path in NOTEBOOKS if fact_id in cited(path)]
        with tempfile.TemporaryDirectory() as folder:
            changed_tables(fact_id, Path(folder))
            if books and not any(answers(path, Path(folder), patch) for path in books):
                yield fact_id


if __name__ == "__main__":
    found = list(unnoticed())
    print(f"{len(found)} facts could change without a notebook noticing", *found, sep="\n  ")
    sys.exit(bool(found))
