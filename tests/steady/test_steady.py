"""Do the notebooks come out the same, time after time and under odd circumstances? `make steady` asks.

STRICT=20 in the environment runs the strict comparison that often. What a machine does not have is skipped.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BOOKS = {path.name: path.read_bytes() for path in sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))}
RERUN = [sys.executable, "-m", "langfang", "rerun"]
CIRCUMSTANCES = {
    "time zone Asia/Shanghai": {"TZ": "Asia/Shanghai"},
    "locale C": {"LC_ALL": "C"},
    "locale zh_CN.UTF-8": {"LC_ALL": "zh_CN.UTF-8"},
    "hash seed 4711": {"PYTHONHASHSEED": "4711"},
    "a home that cannot be written": {"HOME": os.path.join(os.devnull, "home")},
    "no display": {"DISPLAY": "", "WAYLAND_DISPLAY": ""},
    "somebody's matplotlib back end": {"MPLBACKEND": "TkAgg"},
    "a long folder for temporary files": {"TMPDIR": "long"},
}


def books(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.ipynb"))}


@pytest.fixture
def never_run(tmp_path):
    """Copies of the notebooks without outputs, in a folder whose name has a space and Chinese characters."""
    folder = tmp_path / "有 空格"
    folder.mkdir()
    for name, raw in BOOKS.items():
        book = json.loads(raw)
        for cell in book["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        (folder / name).write_text(json.dumps(book), encoding="utf-8")
    return folder


def made(locale, folder):
    """The environment of a locale, made here if the machine lacks it, as most lack Chinese."""
    name, _, charset = locale.partition(".")
    if name == "C":
        return {"LC_ALL": locale}
    command = ["localedef", "-i", name, "-f", charset, folder / locale]
    if not shutil.which("localedef") or subprocess.run(command, capture_output=True).returncode > 1:
        pytest.skip(f"no locale {locale} here")
    return {"LC_ALL": locale, "LOCPATH": str(folder)}


@pytest.mark.parametrize("circumstance", CIRCUMSTANCES)
def test_a_rerun_gives_the_same_bytes(circumstance, never_run, tmp_path):
    changed = dict(CIRCUMSTANCES[circumstance])
    if "LC_ALL" in changed:
        changed = made(changed["LC_ALL"], tmp_path)
    if "TMPDIR" in changed:
        changed["TMPDIR"] = str(tmp_path / ("long" * 30))
        Path(changed["TMPDIR"]).mkdir()
    command = [*RERUN, *map(str, sorted(never_run.glob("*.ipynb")))]
    ran = subprocess.run(command, cwd="/", env=os.environ | changed, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert [name for name, raw in books(never_run).items() if raw != BOOKS[name]] == []


@pytest.mark.parametrize("number", range(int(os.environ.get("STRICT", 3))))
def test_a_strict_run_is_green(number):
    strict = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "notebooks"]
    ran = subprocess.run(strict, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stdout[-2000:]


@pytest.mark.parametrize("moment", [1, 3, 6, 10])
def test_a_killed_rerun_leaves_whole_notebooks(moment, never_run):
    old = books(never_run)
    run = subprocess.Popen([*RERUN, *map(str, never_run.glob("*.ipynb"))], stderr=subprocess.DEVNULL)
    time.sleep(moment + random.random())
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert [name for name, raw in books(never_run).items() if raw not in (old[name], BOOKS[name])] == []


# A disk too small for what is to be written, in a name space of its own: needs no rights, leaves nothing.
DISK = """
mount -t tmpfs -o size="$2" none "$1/disk" && cp "$1"/*.ipynb "$1/disk" || exit 77
"$0" -m langfang rerun "$1"/disk/*.ipynb && exit 1
for book in "$1"/*.ipynb; do cmp "$book" "$1/disk/${book##*/}" || exit 1; done
! ls -A "$1/disk" | grep -v "ipynb$"
"""


def test_a_full_disk_leaves_the_old_notebooks(never_run):
    (never_run / "disk").mkdir()
    size = sum(map(len, books(never_run).values())) + 40_000
    apart = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*apart, "true"], capture_output=True).returncode:
        pytest.skip("no disk of one's own can be made here")
    command = [*apart, "sh", "-c", DISK, sys.executable, str(never_run), str(size)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8")
    if ran.returncode == 77:
        pytest.skip("no disk of one's own can be made here")
    assert ran.returncode == 0 and "No space left on device" in ran.stderr and "Traceback" not in ran.stderr


@pytest.mark.parametrize("python", [f"python3.{minor}" for minor in (11, 12, 13, 14)])
def test_a_fresh_clone_stays_clean(python, tmp_path):
    if not shutil.which(python) or subprocess.run([python, "-c", ""], capture_output=True).returncode:
        pytest.skip(f"no {python} here")
    clone = tmp_path / "克隆"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
    chosen = os.environ | {"PYTHON": python}
    ran = subprocess.run(["make", "rerun"], cwd=clone, env=chosen, capture_output=True)
    status = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, check=True)
    assert ran.returncode == 0 and not status.stdout
