"""Types as editors see them: pyright reads the README's examples and the notebooks' code with the library."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def snippets():
    """Name and Python text of each piece of code that readers see and copy."""
    for path in sorted(ROOT.glob("*.md")):
        for number, code in enumerate(FENCE.findall(path.read_text(encoding="utf-8")), 1):
            yield f"{path.stem}-{number}", code
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        yield path.stem, "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")


def main():
    folder = ROOT / "build" / "lint"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.py"):
        old.unlink()
    for name, code in snippets():
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    # What is checked is how this library is called: pandas' own types would call most of its methods unsure.
    for package in ("pandas", "numpy", "matplotlib", "seaborn"):
        (folder / "typings" / package).mkdir(parents=True, exist_ok=True)
        stub = folder / "typings" / package / "__init__.pyi"
        stub.write_text("from typing import Any\ndef __getattr__(name: str) -> Any: ...\n", encoding="utf-8")
    settings = {"stubPath": "typings", "typeCheckingMode": "standard", "include": ["."], "exclude": []}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    pyright = [sys.executable, "-m", "basedpyright", "--level", "error", "--pythonpath", sys.executable]
    return subprocess.run([*pyright, "--project", str(folder)]).returncode


if __name__ == "__main__":
    sys.exit(main())
