"""Types as editors see them: pyright reads the README's examples and the notebooks' code with the library."""

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import langfang as lf

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"```python\n(.*?)```", re.DOTALL)
ANY = "from typing import Any\ndef __getattr__(name: str) -> Any: ...\n"


def snippets():
    """Name and Python text of each piece of code that readers see and copy."""
    for path in sorted(ROOT.glob("*.md")):
        for number, code in enumerate(FENCE.findall(path.read_text(encoding="utf-8")), 1):
            yield f"{path.stem}-{number}", code
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield path.stem, "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")


def pyright(folder, codes):
    """What pyright says of pieces of code: nothing if all is well."""
    # What is checked is how this library is called: pandas' own types would call most of its methods unsure.
    for package in ("pandas", "numpy", "matplotlib", "seaborn"):
        (folder / "typings" / package).mkdir(parents=True)
        (folder / "typings" / package / "__init__.pyi").write_text(ANY, encoding="utf-8")
    for name, code in codes:
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    settings = {"stubPath": "typings", "typeCheckingMode": "standard"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    command = [sys.executable, "-m", "basedpyright", "--level", "error", "--pythonpath", sys.executable]
    ran = subprocess.run([*command, "--project", str(folder)], capture_output=True, encoding="utf-8")
    return ran.stdout if ran.returncode else ""


def test_readers_examples_and_notebooks_have_no_type_errors(tmp_path):
    said = pyright(tmp_path, snippets())
    assert not said, said


def public():
    """Every public function by name, with those of `Quantity` and of the charts."""
    owners = {"": lf, "Quantity.": lf.Quantity, "charts.": lf.charts}
    for prefix, owner in owners.items():
        for name in getattr(owner, "__all__", vars(owner)):
            if inspect.isfunction(found := getattr(owner, name)) and not name.startswith("_"):
                yield prefix + name, inspect.signature(found)


def test_every_public_function_says_its_types():
    bare = {
        f"{name}: {part.name}"
        for name, signature in public()
        for part in signature.parameters.values()
        if part.annotation is part.empty and part.name not in ("self", "cls")
    }
    silent = {name for name, signature in public() if signature.return_annotation is signature.empty}
    assert not bare | silent, "editors show these without a type"


def test_a_wrong_call_is_found(tmp_path):
    said = pyright(tmp_path, [("wrong", "import langfang as lf\nlf.fact(2019)\nlf.facts('a')\n")])
    assert '"Literal[2019]" is not assignable to "str"' in said
