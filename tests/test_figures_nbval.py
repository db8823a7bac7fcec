"""Strict nbval sees figures: it fails when a value, a label, a title or the alt text of a chart changes.

A cell is run and kept as a reader would commit it; then its source changes and its output does not.
"""

import copy
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbclient import NotebookClient

SANITIZE = Path(__file__).parent / "nbval_sanitize.cfg"
SOURCE = """\
import langfang as lf
fig = lf.charts.bars({"Langfang 廊坊": 41.5, "Hebei 河北": 37.0}, title="Shares", subtitle="2019, %")
lf.show(fig, alt="Two bars: Langfang reaches 41.5 per cent and Hebei 37.")
"""
CHANGES = {
    "value": ("37.0", "37.2"),  # which the alt text still rounds to
    "title": ('title="Shares"', 'title="Share"'),
    "alt text": ("Two bars:", "Both bars:"),
}


@pytest.fixture(scope="module")
def committed():
    """A notebook with its outputs, as committed."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SOURCE, id="figure")])
    book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return NotebookClient(book, record_timing=False).execute()


@pytest.fixture(scope="module")
def strict(committed, tmp_path_factory):
    """What strict nbval says of the figure, of each change to it, and of it as drawn elsewhere."""
    cells = variants(committed.cells[0]) | {"drawn elsewhere": with_other_pixels(committed.cells[0])}
    return nbval(committed, cells, tmp_path_factory.mktemp("strict"))


@pytest.fixture(scope="module")
def masked(committed, tmp_path_factory):
    """The same on another platform, where the pixels differ and are masked."""
    cells = variants(with_other_pixels(committed.cells[0]))
    options = ("--nbval-sanitize-with", str(SANITIZE))
    return nbval(committed, cells, tmp_path_factory.mktemp("masked"), *options)


def variants(cell):
    """The cell as it is, and with each change to its source but none to its output."""
    cells = {"unchanged": cell}
    for name, (old, new) in CHANGES.items():
        cells[name] = copy.deepcopy(cell)
        assert old in cell.source
        cells[name].source = cell.source.replace(old, new)
    return cells


def with_other_pixels(cell):
    cell = copy.deepcopy(cell)
    data = cell.outputs[0]["data"]
    data["text/html"] = re.sub(r"base64,[^\"]+", "base64,PHN2Zz4=", data["text/html"])
    return cell


def nbval(committed, cells, folder, *options):
    """The complaint of nbval about each cell, "" where it passes; all in one notebook and one run."""
    book = nbformat.v4.new_notebook(metadata=committed.metadata)
    book.cells = [nbformat.from_dict(cell | {"id": f"cell-{n}"}) for n, cell in enumerate(cells.values())]
    nbformat.write(book, folder / "figures.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "-p", "no:cacheprovider", "--junitxml=said.xml"]
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST")}
    done = subprocess.run([*command, *options], cwd=folder, env=env, capture_output=True, text=True)
    assert done.returncode in (0, 1), f"nbval did not run: {done.stdout}{done.stderr}"
    cases = ElementTree.parse(folder / "said.xml").iter("testcase")
    said = ["".join(fault.text or "" for fault in case) for case in cases]
    return dict(zip(cells, said, strict=True))


def test_the_notebook_holds_one_output_and_it_is_the_figure(committed):
    [output] = committed.cells[0].outputs
    assert set(output["data"]) == {"text/html", "text/plain"}
    assert output["data"]["text/html"].startswith("<figure data-plot=")


def test_an_unchanged_figure_passes(strict):
    assert strict["unchanged"] == ""


@pytest.mark.parametrize("change", CHANGES)
def test_strict_nbval_fails_on_a_changed(strict, change):
    assert "mismatch 'text/html'" in strict[change], f"nbval did not see it: {strict[change]!r}"


def test_pixels_that_differ_fail_where_they_are_not_masked(strict):
    assert "mismatch 'text/html'" in strict["drawn elsewhere"]


def test_masked_pixels_may_differ(masked):
    assert masked["unchanged"] == ""


@pytest.mark.parametrize("change", ["value", "title"])
def test_with_masked_pixels_the_digest_still_catches_a_changed(masked, change):
    assert "mismatch 'text/html'" in masked[change], f"nbval did not see it: {masked[change]!r}"
