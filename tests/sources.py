"""Where the tests find a copy of the article, which is not part of the repository."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NEAR = ROOT.parent / "shared" / "source" / "changcheng-2020-10-01.txt"


def article_path():
    """The copy that LANGFANG_SOURCE names, or the one beside the clone; None without."""
    path = Path(os.environ.get("LANGFANG_SOURCE") or NEAR)
    return path if path.is_file() else None


def article_text():
    path = article_path()
    return path.read_text(encoding="utf-8") if path else None


needs_article = pytest.mark.skipif(
    article_path() is None, reason="no copy of the article at hand: set LANGFANG_SOURCE to one"
)
