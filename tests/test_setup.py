"""What a stranger's machine relies on: locks that are whole and name no place, a set-up that says what it
lacks.

The locks are compared with pyproject.toml and environment.yml, and both installers are shown to refuse a
package whose bytes are not those that were locked. Nothing here needs a network.
"""

import ast
import hashlib
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
each_lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
RELOCK = "run `make lock` and commit what it writes"


def entries(path):
    """The lock's requirements, each with its hashes, as one line of text."""
    text = re.sub(r"^#.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def pinned(path):
    requirements = [Requirement(line.split("--hash")[0]) for line in entries(path)]
    return {canonicalize_name(requirement.name): requirement for requirement in requirements}


def version(requirement):
    (specifier,) = requirement.specifier
    return specifier.version


@each_lock
def test_every_line_is_exact_and_hashed(lock):
    exact = re.compile(r"[a-z0-9-]+==[^ ]+ .*--hash=sha256:[0-9a-f]{64}")
    loose = [line for line in entries(lock) if not exact.match(line)]
    assert not loose, f"{lock.name}: no exact version with hash; {RELOCK}"


@each_lock
def test_lock_names_no_address_and_no_folder(lock):
    found = re.findall(r".*(?:://|index-url|find-links|file:| @ |/\w+/).*", lock.read_text(encoding="utf-8"))
    assert not found, f"{lock.name}: a lock must work from any mirror and folder"


@each_lock
def test_each_package_stands_once(lock):
    assert len(pinned(lock)) == len(entries(lock)), f"{lock.name}: versions fork between Pythons; {RELOCK}"


@each_lock
def test_locks_agree_with_each_other(lock):
    main, own = pinned(ROOT / "requirements.txt"), pinned(lock)
    other = [name for name in main.keys() & own.keys() if version(own[name]) != version(main[name])]
    assert not other, f"{lock.name} and requirements.txt pin different versions; {RELOCK}"


def wanted():
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = project["optional-dependencies"]
    main = project["dependencies"] + extras["charts"] + groups["build"] + groups["held"]
    main += PROJECT["build-system"]["requires"]
    main += [text for text in extras["notebooks"] if not text.startswith("langfang[")]
    apart = {f"requirements-{name}": groups[name] for name in ("uv", "test", "browser")}
    return {"requirements": main, **apart}


def test_a_reader_does_not_download_what_only_tests_need():
    asked = [text for name in ("test", "browser") for text in wanted()[f"requirements-{name}"]]
    apart = {Requirement(text).name for text in asked}
    assert not apart & pinned(ROOT / "requirements.txt").keys(), RELOCK


@each_lock
def test_lock_holds_what_pyproject_asks_for(lock):
    stem, lock = lock.stem, pinned(lock)
    for text in wanted()[stem]:
        asked = Requirement(text)
        found = lock.get(canonicalize_name(asked.name))
        satisfied = found and asked.specifier.contains(version(found))
        assert satisfied, f"{stem}.txt does not satisfy {text}; {RELOCK}"


def test_environment_for_conda_is_made_from_the_lock():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    pins = [entry.partition(" --hash")[0].strip() for entry in entries(ROOT / "requirements.txt")]
    lines = [f'    - "{pin}"\n' for pin in pins]
    assert text.partition("  - pip:\n")[2] == "".join(lines) + "    - -e .\n", RELOCK


# ---- hashes are enforced ----


def wheel(folder, name="tiny", version="1.0"):
    """A package of one file; returns the hash of its wheel."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        info = f"{name}-{version}.dist-info"
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def install(tool, folder, locked):
    (folder / "lock.txt").write_text(locked + "\n", encoding="utf-8")
    command = [sys.executable, "-m", *tool.split(), "install", "--no-index", "--find-links", ".", "--no-deps"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    own = {"PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1", "UV_CACHE_DIR": str(folder / "cache")}
    command += ["--target", "out", "--require-hashes", "-r", "lock.txt"]
    return subprocess.run(command, cwd=folder, env=kept | own, capture_output=True, encoding="utf-8")


with_each_tool = pytest.mark.parametrize("tool", ["pip", "uv pip"])


@with_each_tool
def test_a_changed_hash_stops_the_installation(tool, tmp_path):
    pytest.importorskip(tool.split()[0], reason=f"{tool.split()[0]} is not installed here")
    locked = f"tiny==1.0 --hash=sha256:{wheel(tmp_path)}"
    changed = install(tool, tmp_path, locked[:-1] + ("0" if locked[-1] != "0" else "1"))
    assert changed.returncode, f"{tool} installed other bytes than those that are locked"
    assert not (tmp_path / "out" / "tiny.py").exists()
    assert "hash" in changed.stderr.lower()
    assert install(tool, tmp_path, locked).returncode == 0, "the right hash must be accepted"


@with_each_tool
def test_another_build_backend_than_the_locked_one_is_not_installed(tool, tmp_path):
    pytest.importorskip(tool.split()[0], reason=f"{tool.split()[0]} is not installed here")
    (backend,) = PROJECT["build-system"]["requires"]
    name = Requirement(backend).name
    (locked,) = [line for line in entries(ROOT / "requirements.txt") if line.startswith(f"{name}==")]
    wheel(tmp_path, name, version(Requirement(locked.split("--hash")[0])))
    done = install(tool, tmp_path, locked)
    assert done.returncode and "hash" in done.stderr.lower(), f"{tool} took other bytes for {name}"


# ---- the set-up says what it lacks ----


def set_up(tmp_path, python):
    """Run the set-up in a folder of its own with a made-up Python; returns what it says."""
    tools = tmp_path / "有 空格" / "tools"
    tools.mkdir(parents=True)
    before = sorted(tools.parent.iterdir())
    script = tools / "setup.sh"
    script.write_bytes((ROOT / "tools" / "setup.sh").read_bytes())
    made_up = tools / "python"
    made_up.write_text(f"#!/bin/sh\n{python}\n", encoding="utf-8")
    made_up.chmod(0o755)
    environment = os.environ | {"PYTHON": str(made_up)}
    ran = subprocess.run(["sh", str(script)], env=environment, capture_output=True, encoding="utf-8")
    assert ran.returncode == 1 and sorted(tools.parent.iterdir()) == before
    return ran.stderr


posix = pytest.mark.skipif(os.name != "posix", reason="sh is for POSIX systems; the README has the commands")


@posix
def test_an_old_python_is_named(tmp_path):
    said = set_up(tmp_path, 'case "$1" in --version) echo "Python 3.9.2";; *) exit 1;; esac')
    assert "3.11 or newer" in said and "Python 3.9.2" in said


@posix
def test_a_venv_made_by_hand_is_not_wiped(tmp_path):
    (tmp_path / "有 空格" / ".venv").mkdir(parents=True)
    mine = tmp_path / "有 空格" / ".venv" / "mine"
    mine.touch()
    said = set_up(tmp_path, "exit 0")
    assert "not made by make" in said and ".venv/.made" in said and mine.exists()


@posix
def test_a_python_without_venv_says_what_to_install(tmp_path):
    said = set_up(tmp_path, 'case "$1 $2" in *ensurepip*) exit 1;; *--version*) echo "Python 3.11.2";; esac')
    assert "Python 3.11.2" in said and "python3-venv" in said


# ---- importing is cheap ----


@pytest.mark.parametrize("first", ["proof.check", "audit.verdict"])
def test_a_public_function_is_not_hidden_by_its_module(first):
    name = first.rpartition(".")[2].replace("verdict", "audit")
    code = f"import langfang.{first}, langfang as lf; print(lf.{name}.__name__, callable(lf.{name}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [name, "True"]


def test_every_public_name_is_there():
    import langfang

    assert [name for name in langfang.__all__ if not hasattr(langfang, name)] == []
    assert dir(langfang) == sorted(langfang.__all__)


def test_editors_are_told_every_public_name():
    """The names that a type checker reads are those that are there at run time."""
    tree = ast.parse((ROOT / "src/langfang/__init__.py").read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    told = {
        (name.name, node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module.startswith("langfang.")
        for name in node.names
    }
    told = {(name, f"{home}.{name}" if name == "charts" else home) for name, home in told}
    import langfang

    lazy = {(name, f"langfang.{home}") for name, home in langfang._HOME.items()}
    assert told - {("Fault", "langfang.data.tables")} == lazy, "langfang/__init__.py: keep both lists alike"
    plain = {"LangfangError", "check"}
    assert set(langfang.__all__) == {name for name, _ in lazy} | plain


@pytest.mark.parametrize("use", ["load()", "find('forest')", "cite('forest_coverage-2019-06-30')", "check()"])
def test_no_chart_library_is_imported_before_a_chart_is_drawn(use):
    code = f"import sys, langfang as lf; lf.{use}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"matplotlib", "seaborn", "IPython", "nbclient", "jinja2"} & set(ran.stdout.split())


def modules_after(code):
    command = [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


LIGHT = {"langfang", "langfang.audit", "langfang.errors"}
DATA = LIGHT | {"langfang.data", "langfang.data.bounds", "langfang.data.facts", "langfang.data.tables"}
PRINTED = ["", ".numerals", ".quantity", ".reading", ".wording"]
DATA |= {f"langfang.printed{module}" for module in PRINTED}


@pytest.mark.parametrize(
    ("use", "rooms"),
    [
        ("lf", LIGHT),
        ("lf.load()", DATA),
        ("lf.series('xiaokang_index', area='langfang')", DATA),
    ],
)
def test_loading_data_imports_these_rooms_and_what_pandas_imports(use, rooms):
    ours, pandas = modules_after(f"import langfang as lf; {use}"), modules_after("import pandas")
    assert {name for name in ours if name.startswith("langfang")} == rooms
    tops = [{name.split(".")[0] for name in found} for found in (ours, pandas)]
    heavier = tops[0] - tops[1] - sys.stdlib_module_names - {"langfang"}
    assert not heavier, f"imported beside pandas: {heavier}; import it where a chart is drawn"


def test_importing_langfang_imports_pandas_at_most():
    code = "import sys, pandas; had = set(sys.modules); import langfang; print(*set(sys.modules) - had)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    tops = {name.split(".")[0] for name in ran.stdout.split()} - {"langfang"}
    heavy = tops - sys.stdlib_module_names
    assert not heavy, f"`import langfang` must cost what pandas costs; import where they are used: {heavy}"


def test_the_charts_have_every_character_of_the_data_and_notebooks():
    from matplotlib import get_data_path
    from matplotlib.ft2font import FT2Font

    ours = ROOT / "src/langfang/notebook/NotoSansSC-GB2312.ttf"
    fonts = [ours, Path(get_data_path(), "fonts/ttf/DejaVuSans.ttf")]
    drawn = set().union(*(FT2Font(str(font)).get_charmap() for font in fonts))
    files = [*(ROOT / "data").glob("*.[ct]*"), *(ROOT / "notebooks").glob("*.ipynb")]
    said = set().union(*(path.read_text(encoding="utf-8-sig") for path in files))
    missing = {letter for letter in said if ord(letter) not in drawn and letter not in "\n\r\ufeff"}
    assert not missing, f"no font draws {missing}: add them to GB2312 in the Makefile; make font"
