"""make bench: how fast and how small, as ratios to what cannot be avoided.

Prints one table and writes it, with what it rests on, to build/bench.json.
`python tools/bench.py load growth` measures these parts only and leaves the others in the file as they were.

Machines are noisy: what is compared runs in turn, over and over, and what counts is the median of the ratios
of runs that stood next to each other. (Neither pytest-benchmark nor hyperfine runs things in turn.) Imports,
loading and growth are measured in seconds of the processor, the rest by the clock.
"""

import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
RESULTS = BUILD / "bench.json"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
sys.path.insert(0, str(ROOT / "tests"))
# A reader's Python keeps the byte code of what it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


class Row(NamedTuple):
    """One line of the table; ``most`` is the target, None where there is none."""

    what: str
    value: float
    unit: str
    most: float | None = None
    note: str = ""

    def __str__(self):
        target = f"≤ {self.most:g}" if self.most else ""
        word = "" if not self.most else "ok" if self.value <= self.most else "MISSED"
        return f"{self.what:<58} {self.value:>8.2f} {self.unit:<5} {target:<7} {word:<7} {self.note}"


# ---- measuring ----


def in_turn(rounds, **runs):
    """Times of functions that run in turn, each round in another order, after a round that does not count."""
    times = {name: [] for name in runs}
    for number in range(rounds + 1):
        names = sorted(runs, reverse=number % 2)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            taken = runs[name]()
            times[name] += [taken] if number else []
    return times


def ratio(times, name, base):
    """The median of the ratios of runs of one round."""
    return median(a / b for a, b in zip(times[name], times[base], strict=True))


def seconds(function, clock=time.perf_counter):
    """How long a call takes."""
    begun = clock()
    function()
    return clock() - begun


processor = partial(seconds, clock=time.process_time)


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **{"cwd": ROOT} | options)
    if done.returncode:
        sys.exit(f"bench: {' '.join(map(str, command))} failed\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


python = partial(run, sys.executable)


def megabytes(*files):
    return sum(file.stat().st_size for file in files) / 1e6


# ---- import ----


def imports(rounds=21):
    """Imports, each in a process of its own, without the start of Python."""
    statements = {
        "pandas": "import pandas",
        "lazy": "import langfang",
        "rooms": "import langfang as lf; lf.load",
        "penguins": "import palmerpenguins",
        "vega": "import vega_datasets",
    }
    code = "import time; begun = time.process_time(); {}; print(time.process_time() - begun)"
    times = in_turn(
        rounds, **{name: partial(_clocked, code.format(text)) for name, text in statements.items()}
    )
    against = "× import pandas"
    yield Row(
        "import langfang", ratio(times, "lazy", "pandas"), "×", 1.05, f"{against}; pandas not loaded yet"
    )
    yield Row("… and the rooms that load data (lf.load)", ratio(times, "rooms", "pandas"), "×", 1.05, against)
    yield Row("  import palmerpenguins", ratio(times, "penguins", "pandas"), "×", None, against)
    yield Row("  import vega_datasets", ratio(times, "vega", "pandas"), "×", None, against)


def _clocked(code):
    return float(python("-c", code))


# ---- load ----


def load(rounds=31):
    """Tables from disk, nothing kept from before, against pandas.read_csv of the same files."""
    import pandas as pd

    import langfang as lf
    from langfang.data.tables import data_dir
    from langfang.proof.rules import COLUMNS

    files = {name: data_dir() / f"{name}.csv" for name in COLUMNS}

    def plain():
        return [pd.read_csv(file) for file in files.values()]

    def ours():
        return [lf.load(name) for name in files]

    times = in_turn(rounds, plain=lambda: processor(plain), ours=lambda: anew(ours))
    again = in_turn(rounds, plain=lambda: processor(plain), ours=lambda: processor(ours))
    against = "× pandas.read_csv of the same files"
    all_tables = f"lf.load of all {len(files)} tables, joins and bounds"
    yield Row(all_tables, ratio(times, "ours", "plain"), "×", 3, against)
    yield Row("… a second time in a session", ratio(again, "ours", "plain"), "×", None, against)
    single = {name: _one(rounds, lf, pd, name, file) for name, file in files.items() if name != "facts"}
    slowest = max(single, key=single.get)
    yield Row(
        "lf.load of a table without joins, the slowest", single[slowest], "×", 1.2, f"{slowest}; {against}"
    )
    yield Row("… the median of them", median(single.values()), "×", 1.2, against)
    memory = [_memory(frames) for frames in (ours(), plain())]
    yield Row("memory of the loaded tables", memory[0], "MB", None, f"read_csv: {memory[1]:.2f} MB")
    yield from _others(rounds, pd)


def _one(rounds, lf, pd, name, file):
    plain, ours = partial(pd.read_csv, file), partial(lf.load, name)
    return ratio(in_turn(rounds, plain=lambda: processor(plain), ours=lambda: anew(ours)), "ours", "plain")


def _memory(frames):
    return sum(frame.memory_usage(deep=True).sum() for frame in frames) / 1e6


def _others(rounds, pd):
    """The loaders of two known packages, against read_csv of the files that they read."""
    import palmerpenguins
    import vega_datasets

    folders = [Path(package.__file__).parent for package in (palmerpenguins, vega_datasets)]
    penguins, weather = folders[0] / "data" / "penguins.csv", folders[1] / "_data" / "seattle-weather.csv"
    pairs = {
        "palmerpenguins.load_penguins": (palmerpenguins.load_penguins, penguins),
        "vega_datasets.local_data.seattle_weather": (vega_datasets.local_data.seattle_weather, weather),
    }
    for name, (loader, file) in pairs.items():
        plain = partial(pd.read_csv, file)
        times = in_turn(rounds, plain=partial(processor, plain), ours=partial(processor, loader))
        yield Row(f"  {name}", ratio(times, "ours", "plain"), "×", None, "× pandas.read_csv of the same file")


def anew(function):
    """How long a call takes when every cache of the library is empty, as in a new session."""
    for name in [name for name in sys.modules if name.startswith("langfang.")]:
        for value in vars(sys.modules[name]).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
    return processor(function)


# ---- notebooks ----

KERNELS = """
import sys
from jupyter_client.manager import start_new_kernel
for _ in range(int(sys.argv[1])):
    manager, client = start_new_kernel(kernel_name="python3")
    client.execute_interactive("import pandas, seaborn")
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""


def notebooks(rounds=3):
    """Rerun and strict comparison of all notebooks, against kernels that only import pandas and seaborn."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as temporary:
        copied = shutil.copytree(ROOT / "notebooks", Path(temporary, "notebooks"))
        empty = Path(temporary, "test_nothing.py")
        empty.write_text("def test_nothing():\n    pass\n", encoding="utf-8")
        strict = ["-m", "pytest", "-q", "--nbval", "--nbval-current-env", *NOTEBOOKS]
        runs = {
            "kernels": ["-c", KERNELS, str(len(NOTEBOOKS))],
            "pytest": ["-m", "pytest", "-q", empty],
            "rerun": ["-m", "langfang", "rerun", *sorted(copied.glob("*.ipynb"))],
            "strict": strict,
        }
        times = in_turn(rounds, **{n: partial(seconds, partial(python, *c)) for n, c in runs.items()})
    times["floor"] = [a + b for a, b in zip(times["kernels"], times["pytest"], strict=True)]
    floor = f"× {len(NOTEBOOKS)} bare kernels and one pytest start ({median(times['floor']):.1f} s)"
    yield Row(f"make rerun, {len(NOTEBOOKS)} notebooks", ratio(times, "rerun", "floor"), "×", 2, floor)
    yield Row("… against the kernels alone", ratio(times, "rerun", "kernels"), "×")
    yield Row("strict nbval of all notebooks", ratio(times, "strict", "floor"), "×", 2, floor)
    yield from _where_the_time_goes()


def _where_the_time_goes():
    """Seconds of each notebook: its kernel's start and stop, its cells, the longest of them."""
    for path in NOTEBOOKS:
        whole, cells = cell_times(path)
        spent = sum(taken for _, taken in cells)
        longest = sorted(cells, key=lambda cell: -cell[1])[:3]
        said = "; ".join(f"{taken:.2f} {line}" for line, taken in longest)
        yield Row(
            f"  {path.stem}", whole, "s", None, f"kernel {whole - spent:.2f}, cells {spent:.2f}: {said}"
        )


def cell_times(path):
    """Seconds of a notebook's run, and (first words, seconds) of each of its cells."""
    from datetime import datetime

    from langfang.notebook import rerun

    book, plain = rerun.read(path), rerun.NotebookClient
    rerun.NotebookClient = lambda book, **options: plain(book, **options | {"record_timing": True})
    try:
        whole = seconds(lambda: asyncio.run(rerun.execute(book, path)))
    finally:
        rerun.NotebookClient = plain
    cells = []
    for number, cell in enumerate((cell for cell in book.cells if cell.cell_type == "code"), 1):
        stamps = cell.metadata.get("execution", {})
        ends = [stamps.get(name) for name in ("iopub.execute_input", "shell.execute_reply")]
        if all(ends):
            begun, ended = (datetime.fromisoformat(end) for end in ends)
            cells.append((f"[{number}]", (ended - begun).total_seconds()))
    return whole, cells


# ---- set-up ----


def setup(rounds=3):
    """A fresh clone: set-up with a warm package cache, then the first result; what it downloads if cold."""
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD) as temporary:
        clone = _clone(Path(temporary))
        environment = os.environ | {"PYTHON": os.path.realpath(sys.executable)}
        cite = [clone / ".venv/bin/langfang", "cite", "forest_coverage-2019-06-30"]
        steps = [["sh", "tools/setup.sh"], cite]

        def from_nothing():
            for step in steps:
                run(*step, cwd=clone, env=environment)

        def once():
            shutil.rmtree(clone / ".venv", ignore_errors=True)
            return seconds(from_nothing)

        times = in_turn(rounds, all=once)["all"]
        yield Row("set-up from nothing to the first citation, warm cache", median(times), "s", 30)
    wheels = _download()
    heaviest = ", ".join(f"{w.name.split('-')[0]} {megabytes(w):.0f}" for w in wheels[:6])
    yield Row(f"… downloads, {len(wheels)} packages", megabytes(*wheels), "MB", None, f"heaviest: {heaviest}")


def _clone(folder):
    run("git", "clone", "-q", "--no-local", ROOT, folder / "clone")
    return folder / "clone"


def _download():
    """The packages of the lock for this machine, the largest first; fetched once for each lock."""
    folder, locks = BUILD / "wheels", [ROOT / "requirements-uv.txt", ROOT / "requirements.txt"]
    lock = b"".join(path.read_bytes() for path in locks)
    if not (folder / "lock").exists() or (folder / "lock").read_bytes() != lock:
        shutil.rmtree(folder, ignore_errors=True)
        wanted = [word for path in locks for word in ("-r", path)]
        python("-m", "pip", "download", "-q", "--no-deps", "--require-hashes", "-d", folder, *wanted)
        (folder / "lock").write_bytes(lock)
    found = [path for path in folder.iterdir() if path.name != "lock"]
    return sorted(found, key=lambda path: -path.stat().st_size)


# ---- size ----


def size():
    """What a reader downloads: the clone, the wheel, a notebook."""
    with tempfile.TemporaryDirectory() as temporary:
        clone = _clone(Path(temporary))
        files = [path for path in clone.rglob("*") if path.is_file()]
        history = megabytes(*(path for path in files if ".git" in path.parts))
        yield Row("clone", megabytes(*files), "MB", 10, f"of it history {history:.1f} MB")
        python("-m", "hatchling", "build", "-t", "wheel", "-d", temporary, cwd=clone)
        yield Row("wheel", megabytes(*Path(temporary).glob("*.whl")), "MB")
    for path in NOTEBOOKS:
        yield Row(f"notebook {path.stem}", megabytes(path), "MB", 1)


# ---- growth ----


def growth(sizes=(1, 10, 100)):
    """Load, check and audit of 1, 10 and 100 times the sources: seconds of the processor for each source."""
    from copies import copies

    import langfang as lf

    jobs = {"load": lf.load, "check": lf.check, "audit": lf.audit}
    spent = {name: {} for name in jobs}
    with tempfile.TemporaryDirectory() as temporary:
        for number in sizes:
            folder = copies(Path(temporary, str(number)), number)
            for name, job in jobs.items():
                rounds = 5 if number < 10 else 1
                spent[name][number] = median(anew(partial(job, data=folder)) for _ in range(rounds))
    for name, by_size in spent.items():
        said = ", ".join(f"{number}: {taken:.3g} s" for number, taken in by_size.items())
        for number in sizes[1:]:
            times = by_size[number] / by_size[1]
            yield Row(
                f"{name} at {number} sources, for each source", times / number, "×", 1.5, f"× at one; {said}"
            )


# ---- the table ----

PARTS = {
    "import": imports,
    "load": load,
    "notebooks": notebooks,
    "setup": setup,
    "size": size,
    "growth": growth,
}


def machine():
    versions = {"python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return versions | {"cores": os.cpu_count(), "load before": load}


def main(*parts):
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() and parts else {}
    missed = 0
    print(f"machine: {machine()}")
    for part in parts or PARTS:
        entry = {"machine": machine(), "rows": []}
        for row in PARTS[part]():
            print(row, flush=True)
            missed += row.most is not None and row.value > row.most
            entry["rows"].append(row._asdict())
        known[part] = entry
    BUILD.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{missed} targets missed; written to {RESULTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
