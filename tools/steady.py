"""make steady: do the notebooks come out the same, time after time and under odd circumstances?

Prints one line for each circumstance and records them in build/steady.json; exit code 1 if any failed.
`python tools/steady.py 3` runs the strict comparison 3 times in place of 20. Pythons of other versions are
tried where PATH has them.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RERUN = [sys.executable, "-m", "langfang", "rerun"]
STRICT = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "notebooks"]
CIRCUMSTANCES = {
    "time zone Asia/Shanghai": {"TZ": "Asia/Shanghai"},
    "time zone America/St_Johns": {"TZ": "America/St_Johns"},
    "locale C": {"LC_ALL": "C"},
    "locale zh_CN.UTF-8": {"LC_ALL": "zh_CN.UTF-8"},
    "hash seed 0": {"PYTHONHASHSEED": "0"},
    "hash seed 4711": {"PYTHONHASHSEED": "4711"},
    "a home that cannot be written": {"HOME": os.path.join(os.devnull, "home")},
    "no display": {"DISPLAY": "", "WAYLAND_DISPLAY": ""},
    "somebody's matplotlib back end": {"MPLBACKEND": "TkAgg"},
}


def books(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.ipynb"))}


def never_run(folder):
    """Copies of the notebooks without outputs, in a folder whose name has a space and Chinese characters."""
    shutil.copytree(ROOT / "notebooks", folder, ignore=shutil.ignore_patterns(".*"))
    for path in folder.glob("*.ipynb"):
        book = json.loads(path.read_text(encoding="utf-8"))
        for cell in book["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        path.write_text(json.dumps(book), encoding="utf-8")
    return folder


def same_bytes(folder, environment):
    """Whether a rerun from another working folder gives the committed bytes; None without the locale."""
    if "LC_ALL" in environment and shutil.which("localedef"):  # few machines have Chinese installed
        environment = environment | {"LOCPATH": str(folder)}
        name, _, charset = environment["LC_ALL"].partition(".")
        made = ["localedef", "-i", name, "-f", charset or "UTF-8", folder / environment["LC_ALL"]]
        subprocess.run(made, capture_output=True)
    known = [sys.executable, "-c", "import locale; locale.setlocale(locale.LC_ALL, '')"]
    if subprocess.run(known, env=os.environ | environment, capture_output=True).returncode:
        return None
    paths = map(str, sorted(folder.glob("*.ipynb")))
    ran = subprocess.run(
        [*RERUN, *paths], cwd="/", env=os.environ | environment, capture_output=True, text=True
    )
    return ran.returncode == 0 and books(folder) == books(ROOT / "notebooks")


def killed(folder, moments):
    """Kill the rerun at that many moments: each notebook has to be whole, the old one or the new one."""
    old, new = books(folder), books(ROOT / "notebooks")
    for _ in range(moments):
        for name, raw in old.items():
            (folder / name).write_bytes(raw)
        run = subprocess.Popen(
            [*RERUN, *map(str, sorted(folder.glob("*.ipynb")))],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(random.uniform(1, 3 + 2 * len(old)))
        run.send_signal(signal.SIGKILL)
        run.wait()
        if not all(found in (old[name], new[name]) for name, found in books(folder).items()):
            return False
    return True


# A disk too small for what is to be written, in a name space of its own: needs no rights, leaves nothing.
DISK = """
mount -t tmpfs -o size="$2" none "$1/disk" && cp "$1"/*.ipynb "$1/disk" || exit 77
"$0" -m langfang rerun "$1"/disk/*.ipynb && exit 1
for book in "$1"/*.ipynb; do cmp "$book" "$1/disk/${book##*/}" || exit 1; done
! ls -A "$1/disk" | grep -v "ipynb$"
"""


def full_disk(folder):
    """Whether a rerun on a full disk says so and leaves the old files; None where no such disk can be had."""
    apart = ["unshare", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*apart, "true"], capture_output=True).returncode:
        return None
    (folder / "disk").mkdir()
    size = sum(map(len, books(folder).values())) + 40_000
    command = [*apart, "sh", "-c", DISK, sys.executable, str(folder), str(size)]
    ran = subprocess.run(command, capture_output=True, text=True)
    if ran.returncode == 77:
        return None
    clear = "cannot be written (No space left on device)" in ran.stderr and "Traceback" not in ran.stderr
    return clear and ran.returncode == 0


def clean_clone(folder, python):
    """Whether, with that Python, a fresh clone is the same after `make rerun`."""
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    environment = os.environ | {"PYTHON": python}
    ran = subprocess.run(["make", "-C", str(folder), "rerun"], env=environment, capture_output=True)
    status = subprocess.run(
        ["git", "-C", str(folder), "status", "--porcelain"], capture_output=True, check=True
    )
    return ran.returncode == 0 and not status.stdout


def pythons():
    """Pythons of other versions than this one, if the machine has any."""
    for minor in (11, 12, 13):
        name = f"python3.{minor}"
        works = shutil.which(name) and subprocess.run([name, "-c", ""], capture_output=True).returncode == 0
        if works and minor != sys.version_info.minor:
            yield name


def trials(strict_runs, temporary):
    for number in range(1, strict_runs + 1):
        yield (
            f"strict run {number} of {strict_runs}",
            lambda: not subprocess.run(STRICT, capture_output=True).returncode,
        )
    for number, (name, environment) in enumerate(CIRCUMSTANCES.items()):
        folder = temporary / f"有 空格 {number}"
        yield name, lambda folder=folder, changed=environment: same_bytes(never_run(folder), changed)
    yield "killed at ten moments", lambda: killed(never_run(temporary / "killed"), 10)
    yield "a full disk", lambda: full_disk(never_run(temporary / "full"))
    for name in pythons():
        yield f"a fresh clone with {name}", lambda name=name: clean_clone(temporary / f"有 空格 {name}", name)


WORDS = {True: "passed", False: "FAILED", None: "not possible here"}


def main(strict_runs=20):
    os.chdir(ROOT)
    record = {"python": sys.version.split()[0], "trials": {}}
    with tempfile.TemporaryDirectory() as temporary:
        for name, trial in trials(strict_runs, Path(temporary)):
            word = record["trials"][name] = WORDS[trial()]
            print(f"{word}  {name}", flush=True)
    (ROOT / "build").mkdir(exist_ok=True)
    text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
    (ROOT / "build" / "steady.json").write_text(text, encoding="utf-8")
    failed = list(record["trials"].values()).count(WORDS[False])
    print(f"{failed} failed; written to build/steady.json")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
