"""make bench: how fast and how small, as ratios to what cannot be avoided; written to build/bench.json.

`make bench PARTS="load size"` measures these and leaves the rest of the file. Machines are noisy: what is
compared runs in turn, and the median of the ratios of neighbouring runs counts. Imports and loading are
measured in seconds of the processor, the rest by the clock.
"""

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

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(ROOT.glob("notebooks/[0-9]*.ipynb"))
sys.path.insert(0, str(ROOT / "tests"))
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # a reader's Python keeps byte code
CLOCKED = "import time; begun = time.process_time(); {}; print(time.process_time() - begun)"
KERNELS = """
from jupyter_client.manager import run_kernel
for _ in range({}):
    with run_kernel(kernel_name="python3") as client:
        client.execute_interactive("import pandas, seaborn")
"""


def spent(run, clock=time.perf_counter):
    begun = clock()
    run()
    return clock() - begun


def ratios(rounds, clock=spent, *, base, **runs):
    """The median of each run's ratio to the base of its round; the first round does not count."""
    times = [[clock(run) for run in (base, *runs.values())] for _ in range(rounds + 1)][1:]
    found = {name: median(row[n] / row[0] for row in times) for n, name in enumerate(runs, 1)}
    return found | {"base, seconds": median(row[0] for row in times)}


def ran(*command, cwd=ROOT):
    """What a command prints; the end of it is shown where the command fails."""
    env = os.environ | {"PYTHON": os.path.realpath(sys.executable)}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, cwd=cwd, env=env)
    if done.returncode:
        sys.exit(f"{' '.join(done.args)}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


python = partial(ran, sys.executable)


def imports(_):
    """Against `import pandas`, each in a process of its own, without the start of Python."""
    runs = {"base": "import pandas", "langfang": "import langfang", "load": "import langfang as lf; lf.load"}
    return ratios(15, lambda code: float(python("-c", CLOCKED.format(code))), **runs)


def load(folder):
    """All tables, joined, with bounds, and one fact, nothing kept, against read_csv; 1 and 1,000 sources."""
    import pandas as pd
    from copies import copies

    import langfang as lf

    def anew(*calls):
        for module in [module for name, module in sys.modules.items() if name.startswith("langfang.")]:
            for value in vars(module).values():
                getattr(value, "cache_clear", int)()
        return [call() for call in calls]

    found = {}
    for number, rounds in ((1, 15), (1000, 3)):
        data = copies(folder / str(number), number, whole=False)
        files = [path for path in sorted(data.glob("*.csv")) if path.stem != "langfang"]
        plain = partial(anew, *(partial(pd.read_csv, path) for path in files))
        tables = partial(anew, *(partial(lf.load, path.stem, data=data) for path in files))
        fact = partial(anew, partial(lf.fact, "forest_coverage-2019-06-30", data=data))
        clock = partial(spent, clock=time.process_time)
        found[f"{number} sources"] = ratios(rounds, clock, base=plain, tables=tables, fact=fact)
    return found


def notebooks(folder):
    """The rerun and the strict comparison, against as many bare kernels that import pandas and seaborn."""
    books = shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    rerun = partial(python, "-m", "langfang", "rerun", *sorted(books.glob("[0-9]*.ipynb")))
    strict = partial(ran, "make", "strict")
    kernels = partial(python, "-c", KERNELS.format(len(NOTEBOOKS)))
    return ratios(3, base=kernels, rerun=rerun, strict=strict)


def setup(folder):
    """A fresh clone: from nothing to the first citation, packages cached; their number and size on disk."""
    clone = folder / "clone"
    ran("git", "clone", "-q", "--no-local", ROOT, clone)
    sizes = {"clone, MB": megabytes(clone), "its history": megabytes(clone / ".git")}
    steps = [["sh", "tools/setup.sh"], [".venv/bin/langfang", "cite", "forest_coverage-2019-06-30"]]
    taken = median(spent(lambda: [ran(*step, cwd=clone) for step in steps]) for _ in range(3))
    packages = len(list(clone.glob(".venv/lib/python3*/site-packages/*.dist-info")))
    return sizes | {"seconds": taken, "packages": packages, "on disk, MB": megabytes(clone / ".venv")}


def size(folder):
    """What a reader downloads: the wheel, each notebook, in MB."""
    python("-m", "hatchling", "build", "-t", "wheel", "-d", folder)
    return {"wheel": megabytes(folder)} | {path.stem: megabytes(path) for path in NOTEBOOKS}


def megabytes(path):
    return sum(file.lstat().st_size for file in (path, *path.rglob("*")) if not file.is_dir()) / 1e6


def main(*parts):
    results = ROOT / "build" / "bench.json"
    results.parent.mkdir(exist_ok=True)
    known = json.loads(results.read_text(encoding="utf-8")) if results.exists() else {}
    measures = {measure.__name__: measure for measure in (imports, load, notebooks, setup, size)}
    if unknown := set(parts) - set(measures):
        sys.exit(f"{' '.join(sorted(unknown))}: no such part; there are: {', '.join(measures)}")
    for part in parts or measures:
        measure = measures[part]
        machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
        with tempfile.TemporaryDirectory(dir=results.parent) as folder:
            known[part] = {"what": measure.__doc__, "machine": machine, **measure(Path(folder))}
        results.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
        print(json.dumps({part: known[part]}, indent=1), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
