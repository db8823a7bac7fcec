"""Execute the notebooks in a real kernel and write them back: the same input, the same bytes.

What could differ from one run to the next is kept out, not papered over: no timings and no version of
Python in the file, and nobody's own start-up files, matplotlib settings or kernels in the run. Time zone,
locale and hash seed are left as they are; a notebook whose output depends on them has a fault that should
show.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from tqdm import tqdm

from langfang.data.files import write_whole
from langfang.errors import LangfangError

CELL_SECONDS = 600
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# What somebody's shell may hold that changes what a kernel draws or says.
FOREIGN = {"MPLBACKEND", "MATPLOTLIBRC", "PYTHONSTARTUP", "PYTHONWARNINGS"}


def rerun(notebooks=None, progress=True):
    """Execute notebooks and write each back as soon as it is done.

    Parameters
    ----------
    notebooks : list of paths or names, optional
        A name stands for a file of the project's folder ``notebooks``; default: all of them.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    list of Path
        The notebooks whose bytes changed.

    Raises
    ------
    LangfangError
        When a cell fails (names notebook, cell and exception) or a file cannot be read or written. That
        notebook stays as it was, and those that are not begun yet are not run.
    """
    paths = find_notebooks(notebooks)
    books = [read(path) for path in paths]
    with tqdm(total=sum(map(_cells, books)), unit="cell", disable=not progress, file=sys.stderr) as bar:
        return run_sync(_rerun_all)(list(zip(paths, books, strict=True)), bar)


async def _rerun_all(pairs, bar):
    """As many kernels at a time as there are cores, two at most; when one fails, no other is begun."""
    gate, changed, failures = asyncio.Semaphore(min(2, os.cpu_count() or 1)), set(), []

    async def one(path, book):
        async with gate:
            if failures:
                return
            bar.set_description(path.stem)
            try:
                await execute(book, path, step=bar.update)
                if write_whole(path, as_text(book)):
                    changed.add(path)
            except LangfangError as error:
                failures.append(error)

    await asyncio.gather(*(one(path, book) for path, book in pairs))
    if failures:
        raise failures[0]
    return [path for path, _ in pairs if path in changed]


def find_notebooks(names=None):
    """The files that ``names`` mean: paths, or names of the project's notebooks, ``.ipynb`` or not."""
    if names:
        return [_find(str(name)) for name in names]
    found = sorted(_folder().glob("*.ipynb"))
    if not found:
        raise LangfangError(
            f"{_folder()}: no notebooks here; name the files, or run it in a clone of the project"
        )
    return found


def _find(name):
    near = _folder() / name
    candidates = [Path(name), near, near.with_name(f"{near.name}.ipynb")]
    for path in candidates:
        if path.is_file():
            return path.resolve()
    known = ", ".join(path.stem for path in sorted(_folder().glob("*.ipynb"))) or "none"
    raise LangfangError(f"{name}: no such notebook; there are: {known}")


def _folder():
    clone = Path(__file__).parents[3] / "notebooks"
    return clone if clone.is_dir() else Path.cwd() / "notebooks"


def read(path):
    """A notebook, without what earlier runs left in it."""
    try:
        book = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises whatever goes wrong inside it
        raise LangfangError(f"{path.name}: not a Jupyter notebook ({type(error).__name__})") from None
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return book


def _cells(book):
    return sum(cell.cell_type == "code" and bool(cell.source.strip()) for cell in book.cells)


async def execute(book, path, step=lambda: None):
    """Run every cell of ``book`` in a fresh kernel of the Python that runs this, in the notebook's folder."""
    begun = []
    with tempfile.TemporaryDirectory(prefix="langfang-") as temporary:
        client = NotebookClient(
            book,
            km=_kernel(temporary),
            timeout=CELL_SECONDS,
            record_timing=False,
            coalesce_streams=True,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(path.parent)}},
            on_cell_execute=lambda cell, **_: begun.append(cell),
            on_cell_executed=lambda **_: step(),
        )
        try:
            await client.async_execute(env=_with_fonts(_environment(temporary)), cleanup_kc=True)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            place = f"{path.name}, code cell {len(begun)}"
            raise LangfangError(f"{place}: {_failure(error)}; the file is left as it was") from None


def _kernel(temporary):
    # No folder is searched for a kernel: what is left is ipykernel's own, of this very Python.
    # Where the system has sockets in the file system, the kernel listens on those, not on a port.
    return AsyncKernelManager(
        kernel_name=KERNELSPEC["name"],
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        connection_file=str(Path(temporary, "kernel.json")),
        transport="ipc" if os.name == "posix" else "tcp",
    )


def _environment(temporary):
    """This process's environment less what is foreign; settings and caches in a folder of our own."""
    state = Path(sys.prefix, "var", "langfang")
    with contextlib.suppress(OSError):
        state.mkdir(parents=True, exist_ok=True)
    if not os.access(state, os.W_OK):
        state = Path(temporary)
    own = {
        "IPYTHONDIR": state / "ipython",
        "MPLCONFIGDIR": state / "matplotlib",
        "JUPYTER_RUNTIME_DIR": temporary,
    }
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return kept | {name: str(folder) for name, folder in own.items()}


def _with_fonts(environment):
    """matplotlib lists the fonts of a machine once, and where that takes long says so: not in a notebook."""
    if not any(Path(environment["MPLCONFIGDIR"]).glob("fontlist-*.json")):
        listing = [sys.executable, "-c", "import matplotlib.font_manager"]
        subprocess.run(listing, env=environment, stderr=subprocess.DEVNULL)
    return environment


def _failure(error):
    if isinstance(error, CellExecutionError):
        return f"{error.ename}: {error.evalue}"
    return str(error).strip().splitlines()[0]


def as_text(book):
    """The notebook as it is committed: as Jupyter writes it, less what varies between machines."""
    book.metadata["kernelspec"] = dict(KERNELSPEC)
    book.metadata.get("language_info", {}).pop("version", None)
    for cell in book.cells:
        for key in ("execution", "ExecuteTime", "trusted"):
            cell.metadata.pop(key, None)
    return nbformat.writes(book, version=4).rstrip("\n") + "\n"
