"""The rerun writes the same bytes each time, and a notebook is whole at any moment: the old or the new."""

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile

import nbformat
import pytest

from langfang import LangfangError
from langfang.data import files
from langfang.notebook import rerun

FAILING = "1 / 0"


def notebook(path, *sources, **metadata):
    cells = [
        nbformat.v4.new_code_cell(source, id=f"cell-{n}", metadata=metadata)
        for n, source in enumerate(sources)
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def run(*paths):
    return rerun.rerun(paths, progress=False)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A notebook after its first run."""
    folder = tmp_path_factory.mktemp("有 空格", numbered=False)
    sources = ["print('a')\nprint('b')", "", "import os, sys\nos.path.basename(os.getcwd())", "sys.prefix"]
    path = notebook(folder / "示例.ipynb", *sources)
    assert run(path) == [path]
    return path


def cells(path):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["source"]]


def test_a_second_run_changes_no_byte(done):
    before, time = done.read_bytes(), done.stat().st_mtime_ns
    assert run(done) == []
    assert done.read_bytes() == before
    assert done.stat().st_mtime_ns == time, "a file that is the same should not be written"


ODD = {
    "TZ": "America/St_Johns",
    "PYTHONHASHSEED": "4711",
    "HOME": os.path.join(os.devnull, "home"),
    "MPLBACKEND": "TkAgg",
}
DRAWING = """
import langfang as lf
rows = lf.series("xiaokang_index", area="langfang")
fig = lf.charts.bars(rows.set_index("period")["value"].to_dict(), title="廊坊", subtitle="2014–2019")
lf.show(fig, alt="Bar chart of Langfang's index by year, a bar for each.")
"""


def chinese(folder):
    """Settings of a Chinese locale, which few machines have: made in a folder; else those of the C locale."""
    made = ["localedef", "-i", "zh_CN", "-f", "UTF-8", str(folder / "zh_CN.UTF-8")]
    if not shutil.which("localedef") or subprocess.run(made, capture_output=True).returncode:
        return {"LC_ALL": "C"}
    return {"LC_ALL": "zh_CN.UTF-8", "LOCPATH": str(folder)}


def test_odd_circumstances_change_no_byte(tmp_path, monkeypatch):
    path = notebook(tmp_path / "图 表.ipynb", DRAWING, "lf.find('森林')")
    run(path)
    before = path.read_bytes()
    monkeypatch.delenv("DISPLAY", raising=False)
    command = [sys.executable, "-m", "langfang", "rerun", str(path)]
    odd = os.environ | ODD | chinese(tmp_path)
    ran = subprocess.run(command, cwd="/", env=odd, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr
    assert path.read_bytes() == before


def test_cells_count_from_one(done):
    assert [cell["execution_count"] for cell in cells(done)] == [1, 2, 3]


def test_cell_ids_are_kept(done):
    assert [cell["id"] for cell in cells(done)] == ["cell-0", "cell-2", "cell-3"]


def test_prints_are_one_stream(done):
    (stream,) = cells(done)[0]["outputs"]
    assert stream["text"] == ["a\n", "b\n"]


def test_it_runs_in_the_notebooks_folder(done):
    assert cells(done)[1]["outputs"][0]["data"]["text/plain"] == ["'有 空格'"]


def test_the_kernel_is_this_python(done):
    assert cells(done)[2]["outputs"][0]["data"]["text/plain"] == [repr(sys.prefix)]


def test_nothing_that_varies_is_written(done):
    metadata = json.loads(done.read_text(encoding="utf-8"))["metadata"]
    assert metadata["kernelspec"] == rerun.KERNELSPEC
    assert metadata["language_info"] == rerun.LANGUAGE
    assert all(cell["metadata"] == {} for cell in cells(done))


def test_it_is_written_as_jupyter_writes_it(done):
    text = done.read_text(encoding="utf-8")
    assert text == nbformat.writes(nbformat.reads(text, as_version=4)) + "\n"


def test_foreign_settings_do_not_reach_the_kernel(tmp_path, monkeypatch):
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("HOME", os.devnull)
    monkeypatch.setenv("MPLBACKEND", "nonsense")
    path = notebook(tmp_path / "a.ipynb", "import os\nos.environ['MPLBACKEND']")
    run(path)
    assert "inline" in cells(path)[0]["outputs"][0]["data"]["text/plain"][0]


def test_the_fonts_are_listed_before_the_first_kernel_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(rerun.sys, "prefix", str(tmp_path))
    path = notebook(tmp_path / "a.ipynb", "import os\nos.listdir(os.environ['MPLCONFIGDIR'])")
    run(path)
    assert "fontlist" in cells(path)[0]["outputs"][0]["data"]["text/plain"][0]


FAILURES = {
    "exception": (FAILING, "ZeroDivisionError: division by zero"),
    "no Python": ("a = = 1", "SyntaxError: invalid syntax"),
    "dead kernel": ("import os; os._exit(1)", "Kernel died"),
}


@pytest.mark.parametrize(("source", "said"), FAILURES.values(), ids=FAILURES)
def test_a_failing_notebook_is_named_and_left(source, said, tmp_path):
    path = notebook(tmp_path / "bad.ipynb", "1", source, "2")
    before = path.read_bytes()
    with pytest.raises(LangfangError, match=f"bad.ipynb, code cell 2: {said}"):
        run(path)
    assert path.read_bytes() == before


def test_all_that_stop_are_listed_with_line_and_operands_and_the_rest_run(tmp_path):
    false = "limit = 90\n# the heading says: above the limit\nassert limit * 2 > limit * 3"
    bad, good, worse = (
        notebook(tmp_path / f"{name}.ipynb", source)
        for name, source in (("a", false), ("b", "1"), ("c", FAILING))
    )
    with pytest.raises(LangfangError) as error:
        run(bad, good, worse)
    said = str(error.value)
    assert "a.ipynb, code cell 1: AssertionError" in said and "c.ipynb, code cell 1" in said
    assert "line 3: assert limit * 2 > limit * 3" in said and "limit * 2 = 180\n    limit * 3 = 270" in said
    assert cells(good)[0]["execution_count"] == 1


@pytest.mark.parametrize(
    ("line", "operands"),
    [
        ("assert share.surely_above(limit)", ["share", "limit"]),
        ("assert 0 < a <= b.upper and c", ["a", "b.upper"]),
        ("y = f(x) / z", ["f", "x", "z"]),
    ],
)
def test_operands_are_what_a_line_compares_or_else_its_names(line, operands):
    assert sorted(rerun._operands(line, 1)[1]) == sorted(operands)


def test_a_false_heading_does_not_pass_in_an_optimised_python(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    path = notebook(tmp_path / "a.ipynb", "assert False")
    command = [sys.executable, "-O", "-m", "langfang", "rerun", str(path)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8")
    assert ran.returncode and "AssertionError" in ran.stderr


def test_keys_that_hide_a_cell_are_kept(tmp_path):
    hidden = {"jupyter": {"source_hidden": True}, "transient": {"remove_source": True}}
    path = notebook(tmp_path / "a.ipynb", "1", **hidden)
    run(path)
    assert cells(path)[0]["metadata"] == hidden


def test_a_long_folder_for_temporary_files_does_not_stop_it(tmp_path, monkeypatch):
    deep = tmp_path / ("long" * 25)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    assert run(notebook(tmp_path / "a.ipynb", "1"))


def test_no_parser_of_addresses_is_built():
    code = "import sys; import langfang.notebook.rerun; print('lark' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False", "jsonschema's checks of addresses cost 0.8 s in every process"


def full(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file(step, tmp_path, monkeypatch):
    path = notebook(tmp_path / "a.ipynb", "1")
    before = path.read_bytes()
    monkeypatch.setattr(os, step, full)
    with pytest.raises(LangfangError, match=r"a\.ipynb: cannot be written \(No space left on device\)"):
        files.write_whole(path, "new")
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.ipynb"], "the temporary file must go"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_killed_while_writing_the_file_is_whole(step, tmp_path):
    path = notebook(tmp_path / "a.ipynb", "1")
    before = path.read_bytes()
    child = os.fork()
    if not child:
        setattr(os, step, lambda *_: os.kill(os.getpid(), 9))
        files.write_whole(path, "new")
    assert os.waitpid(child, 0)[1] == 9
    assert path.read_bytes() == before


def test_what_a_killed_run_leaves_behind_is_ignored_by_git(tmp_path):
    import fnmatch
    import tempfile
    from pathlib import Path

    ignored = (Path(rerun.__file__).parents[3] / ".gitignore").read_text(encoding="utf-8").split()
    with tempfile.NamedTemporaryFile(dir=tmp_path, prefix=".a.ipynb.", suffix=".tmp") as file:
        assert any(fnmatch.fnmatch(os.path.basename(file.name), pattern) for pattern in ignored)


def test_permissions_are_kept(tmp_path):
    path = notebook(tmp_path / "a.ipynb", "1")
    path.chmod(0o644)
    assert files.write_whole(path, "new")
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("text", ["", "{", "[]", '{"cells": 1}'])
def test_what_is_no_notebook_is_named(text, tmp_path):
    path = tmp_path / "odd.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LangfangError, match=r"odd\.ipynb: not a Jupyter notebook"):
        run(path)


def test_a_misspelt_name_gets_the_names_there_are():
    with pytest.raises(LangfangError, match="no-such: no such notebook; there are: "):
        run("no-such")
