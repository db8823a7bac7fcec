"""The site that `make pages` writes: every link leads somewhere, and nobody sees code."""

import os
import re
import sys
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import pages


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site that `make pages` has just built, or one for these tests."""
    built = os.environ.get("SITE")
    return Path(built).resolve() if built else pages.build(tmp_path_factory.mktemp("site") / "pages")


def dead(folder):
    """Every link of the site that leads nowhere: page and target."""
    texts = {page: unescape(pages.SCRIPT.sub("", page.read_text("utf-8"))) for page in folder.rglob("*.html")}
    for page, text in texts.items():
        for target, anchor in pages.LINK.findall(text):
            there = (page.parent / unquote(target)).resolve() if target else page
            ends = {f'id="{end}"' for end in (anchor[1:], unquote(anchor[1:]))}
            found = not anchor or any(end in texts.get(there, end) for end in ends)
            if not there.exists() or not found:
                yield f"{page.relative_to(folder)}: {target}{anchor}"


def test_every_link_works(site):
    assert list(dead(site)) == []


def test_a_dead_link_is_found(tmp_path):
    (tmp_path / "a.html").write_text('<a href="b.html">b</a><a href="#no">c</a><a href="">a</a>', "utf-8")
    assert list(dead(tmp_path)) == ["a.html: b.html", "a.html: #no"]


def test_every_notebook_has_a_page_without_code(site):
    written = {path.stem: path.read_text("utf-8") for path in (site / "notebooks").glob("*.html")}
    assert written.keys() == {path.stem for path in pages.ROOT.glob("notebooks/*.ipynb")}
    assert not [name for name, text in written.items() if "import langfang" in text or "<script" in text]


def test_the_reference_has_every_public_function(site):
    import langfang

    named = set(re.findall(r'<section id="(\w+)"', (site / "api/langfang.html").read_text("utf-8")))
    assert set(langfang.__all__) - named == {"charts"}, "charts has a page of its own"
    assert (site / "api/langfang/notebook/charts.html").exists()
