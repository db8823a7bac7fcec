"""The project grows: a second source is taken in by doing what CONTRIBUTING.md says, command by command.

The report in second_source/ is made up, city and figures, and so are the rows next to it.
"""

import csv
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sources import ROOT, article_path

import langfang as lf
from langfang.proof.check import check

MADE_UP = Path(__file__).parent / "second_source"
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def run(command, folder):
    """A command of the page, on a copy of the data: (exit code, output)."""
    words = shlex.split(command)
    words = (
        [sys.executable, "-m", "langfang", *words[1:]]
        if words[0] == "langfang"
        else [sys.executable, *words[1:]]
    )
    done = subprocess.run(
        [*words, "--data", "data"],
        cwd=folder,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def add_rows(folder):
    """What a curator does in an editor: add the prepared rows and relations to the ends of the files."""
    for path in MADE_UP.glob("*.csv"):
        there = (folder / "data" / path.name).read_text(encoding="utf-8")
        rows = path.read_text(encoding="utf-8").splitlines(keepends=True)[1:]
        if path.name == "not_figures.csv":  # 一、 may be a term of a report taken in before
            rows = [row for row in rows if f"\n{row.split(',')[0]}," not in there]
        with (folder / "data" / path.name).open("a", encoding="utf-8", newline="\n") as table:
            table.writelines(rows)
    with (folder / "data" / "relations.toml").open("a", encoding="utf-8", newline="\n") as relations:
        relations.write((MADE_UP / "relations.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """The page's commands in their order, in a copy of the project; what each printed."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("data", "src", "tests", "notebooks", "pyproject.toml", "CHANGELOG.md"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    shutil.copy(MADE_UP / "report.txt", folder)
    taken, proposed, to_do = (run(command, folder) for command in COMMANDS[:3])
    add_rows(folder)
    described, proven = (run(command, folder) for command in COMMANDS[3:])
    done = {"taken": taken, "proposed": proposed, "to do": to_do, "described": described, "proven": proven}
    return done | {"folder": folder}


def test_the_page_has_the_five_commands():
    found = [re.search("add-source|propose|check|describe", line)[0] for line in COMMANDS]
    assert found == ["add-source", "propose", "check", "describe", "check"]


def test_the_paragraphs_are_taken_in(steps):
    code, out = steps["taken"]
    assert code == 0, out
    assert out.startswith("16 paragraphs taken in")


def test_the_drafts_hold_the_figures(steps):
    """Nearly all facts of the prepared rows are among those proposed, and few others."""
    drafts = [
        {(row["paragraph"], row["start"], row["text"]) for row in table if row["role"] == "fact"}
        for table in (rows_of(folder / "mentions.csv") for folder in (MADE_UP, steps["folder"] / "drafts"))
    ]
    prepared, proposed = drafts
    assert len(prepared & proposed) >= 0.9 * len(prepared), f"not proposed: {sorted(prepared - proposed)}"
    assert len(prepared & proposed) >= 0.85 * len(proposed), f"no figures: {sorted(proposed - prepared)}"


def test_a_draft_period_is_stated_where_its_paragraph_names_it(steps):
    mentions = rows_of(steps["folder"] / "drafts" / "mentions.csv")
    years = {(row["paragraph"], row["text"]) for row in mentions if row["role"] == "date"}
    place = {row["fact_id"]: row["paragraph"] for row in mentions}
    drafts = [row for row in rows_of(steps["folder"] / "drafts" / "facts.csv") if len(row["period"]) == 4]
    assert {row["period_basis"] for row in drafts} == {"stated", "inferred"}
    for row in drafts:
        dated = any(p == place[row["fact_id"]] and row["period"] + "年" == text for p, text in years)
        assert row["period_basis"] == "stated" or not dated, row


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_to_do_lists_every_numeral_with_place_and_context(steps):
    code, out = steps["to do"]
    assert code == 1
    found = re.findall(
        r"report.txt, row (\d+), start: '(.+?)' – expected .*? at paragraph (\d+), start (\d+)", out
    )
    numbers = {(row, value): (paragraph, start) for row, value, paragraph, start in found}
    assert numbers["9", "96.5"] == ("8", "22")
    assert ("11", "七") in numbers


def test_the_to_do_says_that_the_page_quotes(steps):
    quoted = re.search(r"^    (report.txt, row .*)$", PAGE, re.MULTILINE)[1]
    assert quoted in steps["to do"][1], "mend the example in CONTRIBUTING.md"


def test_with_the_rows_added_the_check_is_green(steps):
    assert steps["described"][0] == 0
    code, out = steps["proven"]
    assert code == 0, out
    assert re.search("yunxi-2021: 34 Arabic numerals", out), out


def test_the_first_source_is_still_proven(steps):
    faults = check(steps["folder"] / "data", article_path())
    assert not faults, "\n".join(map(str, faults))


def test_load_and_series_work_over_both(steps):
    data = steps["folder"] / "data"
    assert set(lf.load("facts", data=data)["source_id"]) >= {"changcheng-2020-10-01", "yunxi-2021"}
    assert lf.series("xiaokang_index", area="yunxi", data=data)["value"].tolist() == [96.5]
    assert len(lf.series("xiaokang_index", area="langfang", data=data)) == 6


def test_a_fall_and_a_range_are_read_as_such(steps):
    facts = lf.load("facts", data=steps["folder"] / "data").set_index("fact_id")
    assert facts.loc["grain_output_growth-yunxi-2019-2020", "value"] == -2.3
    assert facts.loc["gdp_growth-yunxi-2020-2021", ["lower", "upper"]].tolist() == [6, 6.5]


def test_a_figure_of_the_second_source_is_cited_with_its_place(steps):
    text = lf.cite("xiaokang_index-yunxi-2020", data=steps["folder"] / "data")
    assert "云溪市经济社会发展简报" in text
    assert "8" in text


def test_each_report_is_audited_by_itself(steps):
    """A relation of one city that fails is not counted against another."""
    data = steps["folder"] / "data"
    verdicts = lf.audit("yunxi-2021", data=data).set_index("id")["verdict"]
    assert verdicts.to_dict() == {"yunxi_gdp_parts": "agrees", "yunxi_park_firms": "cannot be both"}
    assert lf.audit("changcheng-2020-10-01", data=data).equals(lf.audit("changcheng-2020-10-01"))


def in_the_copy(steps, *words):
    """The output of a Python module in the copy of the project, with the library that lies there."""
    source = {"PYTHONPATH": str(steps["folder"] / "src"), "LANGFANG_SOURCE": str(article_path() or "")}
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=steps["folder"],
        env=os.environ | source,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def test_the_unit_tests_pass_with_two_reports(steps):
    """Tests ask for their source; negatives, ranges and headings of another report break none."""
    names = ("source", "second_reading_cited", "dataset", "descriptor")
    files = [f"tests/test_{name}.py" for name in names]
    assert "passed" in in_the_copy(steps, "pytest", "-q", "-x", "-p", "no:cacheprovider", *files)


def test_notebooks_keep_their_bytes_with_two_reports(steps):
    """Those that count all figures or all relations, and one that does not."""
    names = ["00-overview", "01-industry", "02-poverty-alleviation", "06-consistency-audit"]
    assert "the same bytes" in in_the_copy(steps, "langfang", "rerun", *names)


def test_a_report_that_is_not_taken_in_is_a_to_do_too():
    faults = check(ROOT / "data", MADE_UP / "report.txt")
    assert {"96.5", "七"} <= {fault.value for fault in faults if fault.file == "report.txt"}
