"""Plant faults in the source, one at a time: which does no test of their floor notice?

As in ``make mutants FLOORS="audit --number 100 --jobs 2"``: in a copy of the project, without the article.
Of every ten at most one may survive; tests/survivors.txt says of each why no test needs to notice it.
"""

import argparse
import ast
import contextlib
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
from itertools import accumulate
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[1]
# After the floor's doctests its quick tests, those most likely to notice first; none draws.
TESTS = {
    "printed": "wording period reading quantity",
    "data": "bounds tables dataset cli about",
    "proof": "rules schema article propose curate check descriptor second_reading_cited mutation",
    "audit": "expression frame audit about flat",
}
PAIRS = "Lt LtE, Gt GtE, Eq NotEq, In NotIn, Is IsNot, And Or, Add Sub, Mult Div"
SWAPS = {getattr(ast, a): getattr(ast, b) for p in PAIRS.split(", ") for a, b in (p.split(), p.split()[::-1])}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "lower": "upper", "upper": "lower"}


def faults(source):
    """Every fault that can be planted in the functions of a module: (line, first byte, last byte, new)."""
    starts = [0, *accumulate(map(len, source.splitlines(keepends=True)))]
    functions = [node.body for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    parts = [node for body in functions for part in body for node in ast.walk(part)]
    strict = {part.value for part in parts if isinstance(part, ast.keyword) and part.arg == "strict"}
    for node in dict.fromkeys(parts):
        if node not in strict and (new := ast.unparse(changed(copy.copy(node)))) != ast.unparse(node):
            start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1]
            yield node.lineno, start, end + node.end_col_offset, f"({new})".encode()


def changed(node):
    """A node with its own operator, name, truth value or whole number swapped, if it is one of these."""
    match node:
        case ast.Compare(ops=[op, *more]) if type(op) in SWAPS:
            node.ops = [SWAPS[type(op)](), *more]
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPS:
            node.op = SWAPS[type(op)]()
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            node.id = NAMES[name]
        case ast.Constant(value=int(value)):  # a truth value too
            node.value = value + 1 if value > 1 else type(value)(1 - value)
    return node


def passes(folder, floor, timeout):
    """Whether the tests of a floor pass in a copy of the project; what takes too long does not."""
    tests = [f"src/langfang/{floor}", *(f"tests/test_{name}.py" for name in TESTS[floor].split())]
    words = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "--doctest-modules", *tests]
    env = os.environ | {"PYTHONPATH": f"{folder}/src", "PYTHONDONTWRITEBYTECODE": "1", "LANGFANG_SOURCE": ""}
    with contextlib.suppress(subprocess.TimeoutExpired):
        return not subprocess.run(words, cwd=folder, env=env, capture_output=True, timeout=timeout).returncode


def tried(floor, explained, number, seed, jobs):
    """Plant faults in one floor and print which survive; whether they are too many, or one has no reason."""
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(jobs) as pool:
        free, start, ignore = Queue(), time.monotonic(), shutil.ignore_patterns(".venv", ".git", "build")
        for job in range(jobs):
            free.put(first := shutil.copytree(ROOT, Path(temporary, str(job), "project"), ignore=ignore))
        if not passes(first, floor, None):
            sys.exit(f"without any fault the tests of {floor} fail, or are not there: {TESTS[floor]}")
        limit = 10 + 4 * (time.monotonic() - start)
        files = sorted(first.glob(f"src/langfang/{floor}/*.py"))
        found = [(path.relative_to(first), fault) for path in files for fault in faults(path.read_bytes())]
        chosen = random.Random(seed).sample(found, min(number, len(found)))

        def survivor(planted):
            (file, (line, start, end, new)), folder = planted, free.get()
            raw = (folder / file).read_bytes()
            (folder / file).write_bytes(raw[:start] + new + raw[end:])
            alive = passes(folder, floor, limit)
            (folder / file).write_bytes(raw)
            free.put(folder)
            lines = [raw[raw.rfind(b"\n", 0, start) + 1 : start], raw[end : raw.find(b"\n", end)]]
            words = [re.sub(r"\s+", " ", part.join(lines).decode()).strip() for part in (raw[start:end], new)]
            return (f"{floor}/{file.name}", line, " → ".join(words)) if alive else None

        known = []
        for file, line, words in filter(None, pool.map(survivor, chosen)):
            known.append(f"{file}: {words}" in explained)
            print(f"  {file}, line {line}: {words}{' (explained)' * known[-1]}", flush=True)
    print(f"{floor}: {len(known)} of {len(chosen)} survive, {known.count(False)} unexplained", flush=True)
    return len(known) > len(chosen) / 10 or not all(known)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("floors", nargs="*", default=list(TESTS), metavar="FLOOR")
    for name, usual in {"--number": 60, "--seed": 1, "--jobs": 1}.items():
        parser.add_argument(name, type=int, default=usual)
    given, listed = vars(parser.parse_args()), (ROOT / "tests/survivors.txt").read_text("utf-8").splitlines()
    sys.exit(any([tried(floor, listed, **given) for floor in given.pop("floors")]))
