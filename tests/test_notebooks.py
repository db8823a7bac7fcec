"""What holds for every committed notebook, as it stands in the repository; strict nbval runs them besides."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
STATISTIC = re.compile(r"(?<![\w-])\d+\.\d+|\d+(?:\.\d+)?\s?%")
VARYING = re.compile(
    r"\b0x[0-9a-f]{6,}|/(?:home|root|tmp|Users|var|opt|work|private)/\w|[A-Z]:\\\w|site-packages"
)
REMOTE = re.compile(
    r"<(?:script|iframe|object|embed|link)\b|\bsrc=[\"']?(?![\"']?data:)"
    r"|url\(\s*[\"']?(?:https?:)?//|\bon(?:load|error|click)="
)
RERUN = "run `make rerun` and commit what it writes"


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def book(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def cells(book, kind):
    return [cell for cell in book["cells"] if cell["cell_type"] == kind and "".join(cell["source"]).strip()]


def outputs(book):
    return [output for cell in cells(book, "code") for output in cell["outputs"]]


def shown(book):
    """The text of all outputs, without the pixels of figures."""
    text = json.dumps(
        [[output.get("data"), output.get("text")] for output in outputs(book)], ensure_ascii=False
    )
    return re.sub(r"base64,[A-Za-z0-9+/=]+", "base64,", text).replace('\\"', '"')


def test_there_are_notebooks():
    assert NOTEBOOKS, "notebooks/ is empty"


def test_every_code_cell_was_run_in_order(book):
    counts = [cell["execution_count"] for cell in cells(book, "code")]
    assert counts == list(range(1, len(counts) + 1)), RERUN


def test_nothing_was_written_to_stderr(book):
    assert not [
        output
        for output in outputs(book)
        if output.get("name") == "stderr" or output["output_type"] == "error"
    ]


def test_no_output_differs_between_machines(book):
    assert not VARYING.findall(shown(book)), "an output holds a path or the address of an object"


def test_metadata_do_not_differ_between_machines(book):
    assert "version" not in book["metadata"].get("language_info", {}), RERUN
    assert book["metadata"]["kernelspec"]["name"] == "python3", RERUN


def test_figures_go_out_as_html(book):
    kinds = {kind for output in outputs(book) for kind in output.get("data", {})}
    bare = {kind for kind in kinds if kind.startswith(("image/", "application/vnd."))}
    assert not bare, "show figures with lf.show(fig, alt=…, caption=…)"


def test_every_image_has_alt_text(book):
    images = re.findall(r"<img\b[^>]*>", shown(book))
    assert not [image for image in images if not re.search(r'\balt="[^"]+"', image)]


def test_outputs_load_and_run_nothing(book):
    assert not REMOTE.findall(shown(book)), "an output holds a script or loads something from elsewhere"


def test_no_number_is_typed_into_prose(book):
    typed = STATISTIC.findall("\n".join("".join(cell["source"]) for cell in cells(book, "markdown")))
    assert not typed, f"compute {typed} and show it with lf.brief or lf.say"


def test_code_cells_are_short(book):
    sources = ["".join(cell["source"]) for cell in cells(book, "code")]
    long = [source[:60] for source in sources if len(source.splitlines()) > 25]
    assert not long, "move what these cells do into the library"


def test_headings_go_down_one_step_at_a_time(book):
    text = "\n".join("".join(cell["source"]) for cell in cells(book, "markdown"))
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    depths = [len(marks) for marks in re.findall(r"^(#+) ", prose, flags=re.MULTILINE)]
    assert depths and depths.count(1) == 1 and depths[0] == 1, "one title, first"
    assert all(b <= a + 1 for a, b in pairwise(depths)), "a heading skips a level"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_stay_small(path):
    assert path.stat().st_size < 1_000_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_written_as_jupyter_writes_them(path):
    import nbformat

    text = path.read_text(encoding="utf-8")
    book = nbformat.reads(text, as_version=4)
    nbformat.validate(book)
    assert nbformat.writes(book) + "\n" == text, RERUN
