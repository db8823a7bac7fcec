"""Whatever the files hold, the check answers with faults. ``make fuzz`` runs 10,000 broken files."""

import fuzzing
import pytest
from sources import ROOT, article_path

from langfang import check


@pytest.mark.parametrize("seed", range(6))
def test_broken_files_give_no_traceback(tmp_path, seed):
    names = sorted(fuzzing.copy(ROOT / "data", tmp_path, article_path()))
    source = tmp_path / "article.txt"
    for name, way in fuzzing.broken(tmp_path, names, 50, seed):
        try:
            check(tmp_path, source if article_path() else None)
        except Exception as error:
            raise AssertionError(f"{name}, {way}: {error!r}; the check must give a fault instead") from error
