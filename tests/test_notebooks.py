"""What holds for every committed notebook, as it stands in the repository; strict nbval runs them besides."""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from reading import hedged, sentences

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
VARYING = re.compile(
    r"\b0x[0-9a-f]{6,}|/(?:home|root|tmp|Users|var|opt|work|private)/\w|[A-Z]:\\\w|site-packages"
)
RERUN = "run `make rerun` and commit what it writes"
HIDDEN = {"jupyter": {"source_hidden": True}, "transient": {"remove_source": True}}
SPOKEN = {"say", "brief", "brief_zh", "show", "table"}
# Digits that are no statistic: years, dates, paragraphs, names that hold a digit.
NO_STATISTIC = re.compile(
    r"\b(?:18|19|20)\d\d(?:[–/-](?:20)?\d\d)?|[年月日期]?\d{1,2}(?=[月日])|(?:20\d\d)(?=年)|PM2\.5|2\+26|\]\([^)]*\)"
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:paragraphs?|¶+|第|pages?|sections?|articles?|tables?)\s?\d+(?:(?:[–,、 ]| and | to )+\d+)*",
    re.IGNORECASE,
)
MARKDOWN_STATISTIC = re.compile(r"(?<![\w-])\d+\.\d+|\d+(?:\.\d+)?\s?%")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def book(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def source(cell):
    return "".join(cell["source"])


def cells(book, kind):
    return [cell for cell in book["cells"] if cell["cell_type"] == kind and source(cell).strip()]


def outputs(book):
    return [output for cell in cells(book, "code") for output in cell["outputs"]]


def hides(cell):
    return {key: cell["metadata"][key] for key in HIDDEN if key in cell["metadata"]}


def test_there_are_notebooks():
    assert NOTEBOOKS, "notebooks/ is empty"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_notebook_is_linked_from_another_page(path):
    pages = [ROOT / "README.md", *(other for other in NOTEBOOKS if other != path)]
    assert any(path.name in page.read_text(encoding="utf-8") for page in pages), f"nobody finds {path.name}"


def test_every_code_cell_was_run_in_order(book):
    counts = [cell["execution_count"] for cell in cells(book, "code")]
    assert counts == list(range(1, len(counts) + 1)), RERUN


def test_nothing_was_written_to_stderr(book):
    odd = [out for out in outputs(book) if out.get("name") == "stderr" or out["output_type"] == "error"]
    assert not odd


def test_no_output_differs_between_machines(book):
    said = [
        line
        for out in outputs(book)
        for lines in (*out.get("data", {}).values(), out.get("text", []))
        for line in lines
    ]
    pixels = re.compile(r"^[A-Za-z0-9+/=]{60,}$")
    assert not VARYING.findall("".join(line for line in said if not pixels.match(line.strip())))


def test_lines_can_be_reviewed(book):
    said = [line for out in outputs(book) for lines in out.get("data", {}).values() for line in lines]
    assert max(map(len, said), default=0) < 1000


# ---- what a reader sees of the code ----


def test_a_hidden_cell_is_hidden_everywhere(book):
    odd = [source(cell)[:60] for cell in cells(book, "code") if hides(cell) not in ({}, HIDDEN)]
    assert not odd, f"both keys or none, {HIDDEN}: {odd}"


def test_a_hidden_cell_begins_with_a_comment(book):
    bare = [source(cell)[:60] for cell in cells(book, "code") if hides(cell) and source(cell)[0] != "#"]
    assert not bare, f"JupyterLab shows the first line of a folded cell: {bare}"


def test_a_section_shows_one_short_cell_at_most(book):
    section, shown = "", {}
    for cell in book["cells"]:
        if cell["cell_type"] == "markdown":
            section = ([section, *re.findall(r"^##? (.+)", source(cell), flags=re.MULTILINE)])[-1]
        elif not hides(cell) and source(cell).strip():
            shown.setdefault(section, []).append(len(source(cell).splitlines()))
    long = {name: sizes for name, sizes in shown.items() if len(sizes) > 1 or max(sizes) > 12}
    assert not long, f"lines of the visible cells of a section; hide what only writes or draws: {long}"


# ---- numbers come from the data ----


def test_no_number_is_typed_into_markdown(book):
    typed = MARKDOWN_STATISTIC.findall("\n".join(map(source, cells(book, "markdown"))))
    assert not typed, f"compute {typed} and show it with lf.say"


def typed_numbers(code):
    """Digits in the string constants of what a cell says, but for years, dates and paragraphs."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    spoken = [call for call in calls if getattr(call.func, "attr", "") in SPOKEN]
    found = []
    for call in spoken:
        specs = {
            id(part)
            for node in ast.walk(call) if isinstance(node, ast.FormattedValue)
            for part in ast.walk(node)
        }  # fmt: skip
        texts = [
            node.value for node in ast.walk(call)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in specs
        ]  # fmt: skip
        found += [text for text in texts if re.search(r"\d", NO_STATISTIC.sub("", text))]
    return found


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ('lf.say("It grew by 12.3 %.")', True),
        ('lf.brief(("Nine of 32 fell.", f"{x:.1f} %"))', True),
        ('lf.show(fig, alt=f"{a} of 1,934 households", caption=None)', True),
        ('lf.say(f"In 2019, on 1 October 2020, {x:,.0f} of paragraph 19 and PM2.5.")', False),
        ('lf.show(fig, alt=alt, caption="*Source:* the report, paragraphs 19, 45 and 49.")', False),
        ('lf.brief_zh(f"2019年10月1日，{x:.1f}%")', False),
    ],
)
def test_typed_numbers_are_seen(code, typed):
    assert bool(typed_numbers(code)) == typed


def test_no_number_is_typed_into_what_a_notebook_says(book):
    typed = [text for cell in cells(book, "code") for text in typed_numbers(source(cell))]
    assert not typed, f"compute it: {typed}"


# ---- the frame ----


def test_headings_go_down_one_step_at_a_time(book):
    text = "\n".join(map(source, cells(book, "markdown")))
    depths = [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]
    assert depths and depths.count(1) == 1 and depths[0] == 1, "one title, first"
    assert all(b <= a + 1 for a, b in pairwise(depths)), "a heading skips a level"


def test_headings_are_short_claims(book):
    headings = re.findall(r"^## (.+)", "\n".join(map(source, cells(book, "markdown"))), flags=re.MULTILINE)
    frame = {"Also in the report", "Limits", "Literature", "Facts used"}
    sections = [heading for heading in headings if heading not in frame]
    assert 1 <= len(sections) <= 8, f"{len(sections)} sections: one finding lives in one notebook"
    assert {"Limits", "Facts used"} <= set(headings)
    long = [
        text
        for text in sections
        if len(re.sub(r"\([^)]*\)", "", text).split()) > 10 or re.search(r"\d", text)
    ]
    assert not long, f"a claim in at most ten words, without figures: {long}"


def test_few_sentences_hedge(book):
    found, every = hedged(book), sentences(book)
    assert len(found) <= max(0.15 * len(every), 2), (
        f"{len(found)} of {len(every)}; once, where it bites: {found}"
    )


def test_few_sentences_hedge_in_all():
    books = [json.loads(path.read_text(encoding="utf-8")) for path in NOTEBOOKS]
    found, every = (sum(len(count(book)) for book in books) for count in (hedged, sentences))
    assert found <= 0.12 * every, f"{found} of {every} sentences"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_small_and_written_as_jupyter_writes_them(path):
    """But for the version of Python, which JupyterLab adds when it saves: looking is harmless."""
    import nbformat

    text = path.read_text(encoding="utf-8")
    book = nbformat.reads(text, as_version=4)
    nbformat.validate(book)
    assert nbformat.writes(book) + "\n" == text, RERUN
    assert path.stat().st_size < 1_000_000 and book["metadata"]["kernelspec"]["name"] == "python3"
