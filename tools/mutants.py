"""Plant faults in the source, one at a time: which does no test of their floor notice?

Run as ``make mutants`` (``make mutants FLOORS="audit --number 100"``). Each fault is planted in a copy of the
project, so that nothing here changes. Of every ten at most one may survive.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
TESTS = {
    "printed": ["reading", "quantity", "period", "wording"],
    "data": ["dataset", "tables", "find", "cite"],
    "proof": ["check", "descriptor", "source", "second_source", "mutation", "fuzz", "propose"],
    "audit": ["expression", "audit", "about", "flat", "copies"],
}
_PAIRS = "Lt LtE, Gt GtE, Eq NotEq, In NotIn, Is IsNot, And Or, Add Sub, Mult Div"
SWAPS = {}
for pair in _PAIRS.split(", "):
    one, other = (getattr(ast, name) for name in pair.split())
    SWAPS |= {one: other, other: one}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "lower": "upper", "upper": "lower"}


def faults(source):
    """Every fault that can be planted in the functions of a module: its ends in bytes, new text, words."""
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    parts = [node for function in functions for part in function.body for node in ast.walk(part)]
    strict = {id(part.value) for part in parts if isinstance(part, ast.keyword) and part.arg == "strict"}
    for node in {id(node): node for node in parts if id(node) not in strict}.values():
        old = ast.unparse(node)
        change(node)
        if (new := ast.unparse(node)) != old:
            start, end = (
                starts[node.lineno - 1] + node.col_offset,
                starts[node.end_lineno - 1] + node.end_col_offset,
            )
            yield start, end, f"({new})".encode(), f"line {node.lineno}: {old} → {new}"
            change(node)  # back: every swap is its own inverse


def change(node):
    """Swap one operator, name, truth value or small number of a node, in place."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in SWAPS:
            node.ops = [SWAPS[type(op)]()]
        case ast.BoolOp(op=op) | ast.BinOp(op=op) if type(op) in SWAPS:
            node.op = SWAPS[type(op)]()
        case ast.Name(id=name, ctx=ast.Load()) if name in NAMES:
            node.id = NAMES[name]
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=0 | 1 as value) if type(value) is int:
            node.value = 1 - value


def survives(path, fault, tests, folder):
    """Whether the tests of a floor pass with this fault in a file of the copy."""
    raw, (start, end, new, _) = path.read_bytes(), fault
    path.write_bytes(raw[:start] + new + raw[end:])
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    shell = os.environ | {"PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return not subprocess.run(command, cwd=folder, env=shell, capture_output=True, timeout=300).returncode
    except subprocess.TimeoutExpired:
        return False
    finally:
        path.write_bytes(raw)


def tried(floor, number, seed):
    """Share of the faults that survive on one floor; each survivor is printed."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "project")
        shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".venv", ".git", "build"))
        tests = [str(path) for name in TESTS[floor] for path in folder.glob(f"tests/test_{name}.py")]
        modules = sorted((folder / "src/langfang" / floor).glob("*.py"))
        found = [(path, fault) for path in modules for fault in faults(path.read_text("utf-8"))]
        chosen = random.Random(seed).sample(found, min(number, len(found)))
        alive = [(path, fault) for path, fault in chosen if survives(path, fault, tests, folder)]
    for path, (*_, said) in alive:
        print(f"  {path.name}, {said}")
    print(
        f"{floor}: {len(alive)} of {len(chosen)} faults survive (of {len(found)} that can be planted)",
        flush=True,
    )
    return len(alive) / len(chosen)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("floors", nargs="*", default=list(TESTS), metavar="FLOOR")
    parser.add_argument("--number", type=int, default=40, help="faults for each floor")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.exit(max([tried(floor, options.number, options.seed) for floor in options.floors]) > 0.1)
