"""Change every fact by a tenth, one at a time, and rerun the notebooks that cite it: does one of them notice?

`make response` lists the facts that none notices; those that are only listed, with the reason, stand in
tests/only_listed.csv, and each row of that file has to be needed.
"""

import sys
import tempfile
from pathlib import Path

import pytest
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from notebook_runs import NOTEBOOKS
from response import answers, changed_tables, cited, quiet

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
    new, gone = sorted(set(found) - set(quiet())), sorted(set(quiet()) - set(found))
    listed = "tests/only_listed.csv"
    print(f"{len(found)} facts are only listed; {len(new)} of them are not in {listed}", *new, sep="\n  ")
    print(f"{len(gone)} rows of {listed} are no longer needed", *gone, sep="\n  ")
    sys.exit(bool(new or gone))
