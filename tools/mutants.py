"""Plant faults in the source, one at a time: which does no test of their floor notice?

Run as ``make mutants`` (``make mutants FLOORS="audit --number 100 --jobs 2"``). Each fault is planted in a
copy of the project, without the article, so that everybody gets the same result. Of every ten at most one may
survive, and tests/survivors.txt says of each why no test needs to notice it.
"""

import argparse
import ast
import copy
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[1]
# After the floor's doctests its quick tests, those most likely to notice first; none draws.
TESTS = {
    "printed": "wording period reading quantity",
    "data": "bounds tables dataset cli about",
    "proof": "rules schema article propose curate check descriptor second_reading_cited mutation",
    "audit": "expression audit about flat",
}
PAIRS = "Lt LtE, Gt GtE, Eq NotEq, In NotIn, Is IsNot, And Or, Add Sub, Mult Div"
SWAPS = {getattr(ast, a): getattr(ast, b) for p in PAIRS.split(", ") for a, b in (p.split(), p.split()[::-1])}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "lower": "upper", "upper": "lower"}


def faults(source):
    """Every fault that can be planted in the functions of a module: (line, first byte, last byte, new)."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    parts = [node for function in functions for part in function.body for node in ast.walk(part)]
    strict = {part.value for part in parts if isinstance(part, ast.keyword) and part.arg == "strict"}
    for node in dict.fromkeys(parts):
        if node not in strict and (new := changed(copy.copy(node))):
            start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1]
            yield node.lineno, start, end + node.end_col_offset, f"({ast.unparse(new)})".encode()


def changed(node):
    """A node with its own operator, name, truth value or whole number swapped; None where it has none."""
    match node:
        case ast.Compare(ops=[op, *more]) if type(op) in SWAPS:
            node.ops = [SWAPS[type(op)](), *more]
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPS:
            node.op = SWAPS[type(op)]()
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            node.id = NAMES[name]
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1 if value > 1 else 1 - value
        case _:
            return None
    return node


def passes(folder, floor, timeout=None):
    """Whether the tests of a floor pass in a copy of the project; what takes too long does not."""
    tests = [f"tests/test_{name}.py" for name in TESTS[floor].split()]
    words = ["-q", "-x", "-p", "no:cacheprovider", "--doctest-modules", f"src/langfang/{floor}", *tests]
    shell = {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1", "LANGFANG_SOURCE": ""}
    command, given = [sys.executable, "-m", "pytest", *words], {"cwd": folder, "env": os.environ | shell}
    try:
        done = subprocess.run(command, **given, capture_output=True, text=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return False
    if done.returncode and timeout is None:
        sys.exit(f"without any fault the tests of {floor} fail:\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def tried(floor, explained, options):
    """Plant faults in one floor and print which survive; whether they are too many, or one has no reason."""
    with tempfile.TemporaryDirectory() as temporary:
        free, ignore = Queue(), shutil.ignore_patterns(".venv", ".git", "build")
        for job in range(options.jobs):
            free.put(Path(shutil.copytree(ROOT, Path(temporary, str(job), "project"), ignore=ignore)))
        first, start = free.queue[0], time.monotonic()
        passes(first, floor)
        limit = 10 + 4 * (time.monotonic() - start)
        files = sorted(path.relative_to(first) for path in first.glob(f"src/langfang/{floor}/*.py"))
        found = [(file, fault) for file in files for fault in faults((first / file).read_bytes())]
        chosen = random.Random(options.seed).sample(found, min(options.number, len(found)))

        def survivor(planted):
            """File, line and words of a fault that no test notices."""
            (file, (line, start, end, new)), folder = planted, free.get()
            raw = (folder / file).read_bytes()
            first, last = raw.rfind(b"\n", 0, start) + 1, raw.find(b"\n", end)
            old, new = raw[first:last], raw[first:start] + new + raw[end:last]
            (folder / file).write_bytes(raw[:first] + new + raw[last:])
            alive = passes(folder, floor, limit)
            (folder / file).write_bytes(raw)
            free.put(folder)
            words = " → ".join(re.sub(r"\s+", " ", text.decode().strip()) for text in (old, new))
            return (f"{floor}/{file.name}", line, words) if alive else None

        alive, without = 0, 0
        with ThreadPoolExecutor(options.jobs) as pool:
            for file, line, words in filter(None, pool.map(survivor, chosen)):
                known = f"{file}: {words}" in explained
                alive, without = alive + 1, without + (not known)
                print(f"  {file}, line {line}: {words}{' (explained)' if known else ''}", flush=True)
    total = f"{len(chosen)} faults (of {len(found)} that can be planted)"
    print(f"{floor}: {alive} of {total} survive, {without} of them unexplained", flush=True)
    return alive > len(chosen) / 10 or without > 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("floors", nargs="*", default=list(TESTS), metavar="FLOOR")
    parser.add_argument("--number", type=int, default=60, help="faults for each floor")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="how many are tried at a time")
    options = parser.parse_args()
    explained = set((ROOT / "tests/survivors.txt").read_text("utf-8").splitlines())
    sys.exit(any([tried(floor, explained, options) for floor in options.floors]))
