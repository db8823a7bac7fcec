"""What the notebooks say follows from the data: change a fact and prose, figure or an assertion changes.

Here a sample of the facts is changed; `make response` changes every one.
"""

import random
import re
from itertools import pairwise

import pytest
from notebook_runs import NOTEBOOKS, cells, outputs
from response import answers, changed_tables, cited

import langfang as lf

SAMPLE = 16
ALT = re.compile(r'<img alt="([^"]*)"')
MUST_APPEAR = 0.95


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem, scope="module")
def notebook(request):
    return request.param


def test_nearly_every_fact_is_used():
    facts = lf.load()
    # The panel of Hebei's cities is drawn as a whole; Facts used names its sources, not its 168 figures.
    # Another report that was taken in has notebooks of its own, or none yet.
    read = lf.load("sources").query("kind == 'transcribed' and source_id != 'changcheng-2020-10-01'")
    apart = facts["source_id"].str.startswith("hebei-cities-") | facts["source_id"].isin(read["source_id"])
    facts = list(facts.loc[~apart, "fact_id"])
    missing = sorted(set(facts) - {name for path in NOTEBOOKS for name in cited(path)})
    used = 1 - len(missing) / len(facts)
    assert used >= MUST_APPEAR, f"{used:.1%} of the facts stand in Facts used; missing: {', '.join(missing)}"


def test_alt_texts_are_unique():
    alts = [alt for path in NOTEBOOKS for alt in ALT.findall(outputs(path))]
    twice = {alt for alt in alts if alts.count(alt) > 1}
    assert alts and not twice, f"two figures share an alt text: {twice}"


def test_the_frame_is_kept(notebook):
    text = "\n".join(cells(notebook, "markdown"))
    headings = re.findall(r"(?m)^(#+) (.+)$", text)
    titles = [title for _, title in headings]
    assert headings[0][0] == "#" and titles[0].endswith("?"), "the title is the question"
    assert titles[-2:] == ["Limits", "Facts used"], "a notebook ends with Limits and Facts used"
    code = "\n".join(cells(notebook))
    assert "lf.brief(" in code and "lf.brief_zh(" in code, "In brief and its Chinese abstract are missing"
    assert code.index("lf.brief(") < code.index("lf.brief_zh(")


def test_headings_hold_no_figures_and_are_asserted(notebook):
    """A heading states a finding; the next code cell that follows must fail once it is no longer true."""
    import json

    found = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    parts = [(cell["cell_type"], "".join(cell["source"])) for cell in found]
    for (kind, text), (_, following) in pairwise(parts):
        for heading in re.findall(r"(?m)^##+ (.+)$", text) if kind == "markdown" else ():
            if heading in ("Where to read on", "Also in the report", "Limits", "Facts used"):
                continue
            bare = re.sub(r"\b(?:19|20)\d\d\b|PM2\.5|2\+26|7\+6|3\+1", "", heading)
            assert not re.search(r"\d", bare), f"{heading!r}: figures belong into computed sentences"
            assert "assert" in following, f"{heading!r}: the cell below does not assert it"


@pytest.mark.parametrize("fact_id", random.Random(20201001).sample(sorted(lf.load()["fact_id"]), SAMPLE))
def test_a_changed_fact_is_seen(fact_id, tmp_path, monkeypatch):
    """By a tenth (a small count by one): some notebook that cites it says something else, or stops."""
    books = [path for path in NOTEBOOKS if fact_id in cited(path)]
    if not books:
        pytest.skip("in no notebook: test_nearly_every_fact_is_used counts these")
    changed_tables(fact_id, tmp_path)
    noticed = any(answers(path, tmp_path, monkeypatch) for path in books)
    assert noticed, f"no notebook notices a change of {fact_id}"


def test_a_planted_false_heading_turns_its_notebook_red(tmp_path, monkeypatch):
    """The index did not fall in 2019; with a table that says so, the overview's heading is false."""
    changed_tables("xiaokang_index-2019", tmp_path, value="90.00")
    with pytest.raises(AssertionError):
        answers(NOTEBOOKS[0], tmp_path, monkeypatch, raises=True)
