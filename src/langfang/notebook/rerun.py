"""Execute the notebooks in a real kernel and write them back: the same input, the same bytes.

What could differ from one run to the next is kept out: no timings and no version of Python in the file, and
nobody's own start-up files, matplotlib settings or kernels in the run. Time zone, locale and hash seed are
left as they are; a notebook whose output depends on them has a fault that should show.
"""

import ast
import asyncio
import contextlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# jsonschema would build a parser of 0.8 s for addresses in every process; notebooks hold none to be checked.
sys.modules.setdefault("rfc3987_syntax", None)

# ruff: noqa: E402
import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from tqdm import tqdm

from langfang.data.files import write_whole
from langfang.errors import LangfangError

if sys.modules["rfc3987_syntax"] is None:
    del sys.modules["rfc3987_syntax"]

CELL_SECONDS = 600
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3}, "file_extension": ".py",
    "mimetype": "text/x-python", "name": "python", "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}  # fmt: skip
# What somebody's shell may hold that changes what a kernel draws, says or leaves out (assert under -O).
FOREIGN = {"MPLBACKEND", "MATPLOTLIBRC", "PYTHONOPTIMIZE", "PYTHONSTARTUP", "PYTHONWARNINGS"}
SOCKET = 90  # characters of a path that leave room for the name of a socket


def rerun(notebooks=None, progress: bool = True) -> list[Path]:
    """Execute notebooks, paths or names (default: all), and return the files whose bytes changed.

    Each is written back as soon as it is done. When cells fail, a LangfangError names every notebook that
    stops, its cell, line, exception and the values there; these stay as they were, the others are written.
    """
    paths = find_notebooks(notebooks)
    books = [read(path) for path in paths]
    # One kernel more than cores, as each waits now and then.
    gate = asyncio.Semaphore(min(3, 1 + (os.cpu_count() or 1)))
    cells = sum(_runs(cell) for book in books for cell in book.cells)

    async def one(path, book):
        async with gate:
            bar.set_description(path.stem)
            try:
                await execute(book, path, step=bar.update)
                return write_whole(path, as_text(book))
            except LangfangError as error:
                return error

    async def every():
        return await asyncio.gather(*map(one, paths, books))

    with tqdm(total=cells, unit="cell", disable=not progress, file=sys.stderr) as bar:
        results = run_sync(every)()
    if stopped := [str(result) for result in results if isinstance(result, LangfangError)]:
        raise LangfangError("\n".join(stopped))
    return [path for path, changed in zip(paths, results, strict=True) if changed]


def find_notebooks(names=None) -> list[Path]:
    """The files that ``names`` mean: paths, or names of the project's notebooks, ``.ipynb`` or not."""
    clone = Path(__file__).parents[3] / "notebooks"
    folder = clone if clone.is_dir() else Path.cwd() / "notebooks"
    known = {path.stem: path for path in sorted(folder.glob("*.ipynb"))}
    if not names and not known:
        raise LangfangError(f"{folder}: no notebooks here; name the files, or run it in a clone")
    found = []
    for name in map(str, names or known):
        path = Path(name) if Path(name).is_file() else known.get(name.removesuffix(".ipynb"))
        if path is None:
            raise LangfangError(f"{name}: no such notebook; there are: {', '.join(known) or 'none'}")
        found.append(path.resolve())
    return found


def read(path: Path):
    """A notebook, without what earlier runs left in it."""
    try:
        book = nbformat.read(path, as_version=4)
    except Exception as error:  # nbformat raises whatever goes wrong inside it
        raise LangfangError(f"{path.name}: not a Jupyter notebook ({type(error).__name__})") from None
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return book


def _runs(cell) -> bool:
    return cell.cell_type == "code" and bool(cell.source.strip())


async def execute(book, path: Path, step=lambda: None) -> None:
    """Run every cell of ``book`` in a fresh kernel of the Python that runs this, in the notebook's folder."""
    place = None if len(tempfile.gettempdir()) < SOCKET - 20 or not Path("/tmp").is_dir() else "/tmp"
    with tempfile.TemporaryDirectory(prefix="langfang-", dir=place) as temporary:
        # No folder is searched for a kernel: what is left is ipykernel's own, of this very Python. Where the
        # system has sockets in the file system, the kernel listens on those, not on a port.
        file = str(Path(temporary, "kernel.json"))
        kernel = AsyncKernelManager(
            kernel_name=KERNELSPEC["name"], kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            connection_file=file, transport="ipc" if os.name == "posix" and len(file) < SOCKET else "tcp",
        )  # fmt: skip
        client = NotebookClient(
            book, km=kernel, timeout=CELL_SECONDS, record_timing=False, coalesce_streams=True,
            shutdown_kernel="immediate", resources={"metadata": {"path": str(path.parent)}},
            on_cell_executed=lambda **_: step(),
        )  # fmt: skip
        async with client.async_setup_kernel(env=_environment(temporary), cleanup_kc=True):
            for index, cell in enumerate(book.cells):
                try:
                    await client.async_execute_cell(cell, index)
                except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                    number = sum(map(_runs, book.cells[: index + 1]))
                    told = await _failure(error, cell, client)
                    raise LangfangError(f"{path.name}, code cell {number}: {told}") from None


def _environment(temporary) -> dict:
    """This process's environment less what is foreign; settings and caches in a folder of our own."""
    state = Path(sys.prefix, "var", "langfang")
    with contextlib.suppress(OSError):
        state.mkdir(parents=True, exist_ok=True)
    if not os.access(state, os.W_OK):
        state = Path(temporary)
    own = {"IPYTHONDIR": state / "ipython", "MPLCONFIGDIR": state / "matplotlib"}
    own["JUPYTER_RUNTIME_DIR"] = temporary
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    environment = kept | {name: str(folder) for name, folder in own.items()}
    # matplotlib lists a machine's fonts once, and where that takes long says so: not in a notebook.
    if not any(own["MPLCONFIGDIR"].glob("fontlist-*.json")):
        listing = [sys.executable, "-c", "import matplotlib.font_manager"]
        subprocess.run(listing, env=environment, stderr=subprocess.DEVNULL)
    return environment


async def _failure(error, cell, client) -> str:
    """What went wrong, the line where, and the values that stand in it."""
    if not isinstance(error, CellExecutionError):
        return f"{str(error).strip().splitlines()[0]}; the file is left as it was"
    told = [f"{error.ename}: {error.evalue}".removesuffix(": ") + "; the file is left as it was"]
    with contextlib.suppress(Exception):  # what went wrong matters more than what can be said about it
        line = int(re.search(r", line (\d+)", error.traceback)[1])
        source, names = _operands(cell.source, line)
        told.append(f"line {line}: {source}")
        asked = {name: name for name in names}
        reply = await client.kc.execute_interactive("", silent=True, user_expressions=asked, timeout=10)
        for name, answer in reply["content"]["user_expressions"].items():
            value = " ".join(answer["data"]["text/plain"].split()) if answer["status"] == "ok" else "<"
            if value != name and value[:1] not in ("", "<"):  # neither a number itself nor a function
                told.append(f"{name} = {value[:90]}")
    return "\n    ".join(told)


def _operands(source: str, line: int) -> tuple[str, list[str]]:
    """The statement at a line of a cell, and what it compares or else the names in it."""
    statements = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    statement = [node for node in statements if node.lineno <= line <= node.end_lineno][-1]
    compared, called, named = [], [], []
    for node in ast.walk(statement):
        match node:
            case ast.Compare():
                compared += [node.left, *node.comparators]
            case ast.Call(func=ast.Attribute(value=value)) if isinstance(statement, ast.Assert):
                called += [value, *node.args]  # q.surely_above(limit)
            case ast.Name(ctx=ast.Load()):
                named.append(node)
    found = [part for part in compared or called or named if not isinstance(part, ast.Constant)]
    return ast.unparse(statement).splitlines()[0][:120], list(dict.fromkeys(map(ast.unparse, found)))[:6]


def as_text(book) -> str:
    """The notebook as it is committed: as Jupyter writes it, less what varies between machines."""
    book.metadata["kernelspec"], book.metadata["language_info"] = dict(KERNELSPEC), dict(LANGUAGE)
    for cell in book.cells:
        for key in ("execution", "ExecuteTime", "trusted"):
            cell.metadata.pop(key, None)
    return nbformat.writes(book, version=4).rstrip("\n") + "\n"
