"""Write environment.yml, for conda, mamba and Binder, from the lock (`make lock` calls this)."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """\
# For conda, mamba and Binder; generated from requirements.txt by `make lock`, do not edit.
name: langfang
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python=3.13
  - pip
  - pip:
"""


def environment(lock):
    """The text of environment.yml: Python and pip from conda-forge, every pin and the project from pip."""
    pins = [pin.rstrip(" \\") for pin in re.findall(r"^[a-z0-9].*==.*$", lock, flags=re.MULTILINE)]
    lines = [f"    - {pin!r}\n" if '"' in pin else f'    - "{pin}"\n' for pin in pins]
    return HEAD + "".join(lines) + "    - -e .\n"


if __name__ == "__main__":
    text = environment((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    (ROOT / "environment.yml").write_text(text, encoding="utf-8", newline="\n")
