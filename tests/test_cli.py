"""The command line: results on stdout, errors on stderr, exit codes 0, 1 and 2, and never a traceback."""

import os
import subprocess
import sys

import pytest
from sources import article_path, needs_article

from langfang.cli import main

COMMANDS = (
    "check",
    "audit",
    "find",
    "cite",
    "show",
    "rerun",
    "add-source",
    "refresh-source",
    "describe",
    "propose",
)
FACT = "forest_coverage-2019-06-30"


@pytest.fixture
def run(capsys):
    def run(*arguments):
        code = main([*arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def shell(*arguments, **environment):
    command = [sys.executable, "-m", "langfang", *arguments]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, encoding="utf-8")


def test_the_data_have_no_faults(run):
    code, out, err = run("check")
    assert (code, err) == (0, ""), out
    assert out.rstrip().splitlines()[-1].startswith("no faults")


def test_check_accounts_for_the_numerals(run):
    assert "258 Arabic numerals" in run("check")[1]


@needs_article
def test_check_reads_the_article(run):
    code, out, _ = run("check", "--source", str(article_path()))
    assert code == 0, out


def test_audit_prints_every_relation(run):
    code, out, _ = run("audit")
    assert code == 0
    assert len(out.splitlines()) > 10


def test_audit_names_the_facts(run):
    assert "xiaokang_index_change-2018-2019" in run("audit", "xiaokang_index-2019")[1]


def test_a_form_of_citation_that_there_is_not_is_an_error(run):
    code, out, err = run("cite", FACT, "--lang", "fr")
    assert (code, out) == (2, "")
    assert "en or zh" in err or "bibtex" in err


def test_audit_takes_a_fact(run):
    whole, one = run("audit")[1], run("audit", "forest_land_area-2019-06-30")[1]
    assert 1 < len(one.splitlines()) < len(whole.splitlines()) / 10


def test_it_names_its_version(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith("langfang 0.")


def test_words_need_no_quotes(run):
    code, out, _ = run("find", "poor", "households")
    assert code == 0
    assert "registered_poor_households-2019" in out


@pytest.mark.parametrize("word", ["森林", "forest"])
def test_find_knows_both_languages(word, run):
    code, out, _ = run("find", word)
    assert code == 0
    assert FACT in out


def test_find_says_when_there_is_nothing(run):
    code, out, err = run("find", "unicorn")
    assert (code, out) == (1, "")
    assert "unicorn" in err


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_cite_gives_the_source(lang, run):
    code, out, _ = run("cite", FACT, "--lang", lang)
    assert code == 0
    assert "2020" in out


def test_a_misspelt_fact_gets_the_nearest(run):
    code, out, err = run("cite", "forest_coverage-2019-06-31")
    assert (code, out) == (2, "")
    assert FACT in err


@pytest.mark.parametrize(
    "arguments", [("audit",), ("find", "x"), ("cite", FACT)], ids=lambda arguments: arguments[0]
)
def test_a_folder_without_tables_is_an_error(arguments, run, tmp_path):
    code, out, err = run(*arguments, "--data", str(tmp_path / "nowhere"))
    assert (code, out) == (2, "")
    assert "nowhere" in err


def test_check_lists_what_is_wrong_with_a_folder(run, tmp_path):
    code, out, err = run("check", "--data", str(tmp_path))
    assert code in (1, 2)
    assert (out + err).strip()


def test_rerun_names_the_notebooks_there_are(run):
    code, _, err = run("rerun", "no-such")
    assert code == 2
    assert "no such notebook" in err


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: langfang {command}")


def test_a_wrong_command_is_a_usage_error(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["chekc"])
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert all(command in said for command in COMMANDS)


@pytest.mark.parametrize("settings", [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "cp1252"}], ids=["C", "cp1252"])
def test_chinese_is_written_where_the_terminal_has_none(settings):
    ran = shell("find", "森林", **settings)
    assert ran.returncode == 0, ran.stderr
    assert "森林" in ran.stdout


@pytest.mark.parametrize("command", [("find", "e"), ("audit",), ("check",)], ids=lambda words: words[0])
def test_a_reader_that_stops_early_gets_no_traceback(command):
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "langfang", *command]
    ran = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, encoding="utf-8")
    os.close(write)
    assert "Traceback" not in ran.stderr and "BrokenPipe" not in ran.stderr


def test_a_missing_extra_is_named(monkeypatch, run):
    monkeypatch.setitem(sys.modules, "nbclient", None)
    monkeypatch.delitem(sys.modules, "langfang.notebook.rerun", raising=False)
    code, _, err = run("rerun")
    assert code == 2
    assert "langfang[notebooks]" in err
