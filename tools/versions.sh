#!/bin/sh
# Unit tests with other versions than the locked ones: sh tools/versions.sh lowest-direct | highest
# Figures and notebooks are compared in the locked environment only; other versions may draw them otherwise.
set -eu
cd "$(dirname "$0")/.."
venv=build/$1/bin/python
.venv/bin/python -m venv --clear "build/$1"
.venv/bin/python -m uv pip install -q --python "$venv" --resolution "$1" -e '.[notebooks]' --group test
.venv/bin/python -m uv pip freeze -q --python "$venv" | grep -E '^(pandas|numpy|matplotlib|seaborn|pytest)=='
echo "Unit tests only: notebooks are compared with the locked versions; these may draw figures otherwise."
# Warnings are no errors here: old versions of other packages warn about each other.
"$venv" -m pytest -q -W default --doctest-modules src tests --ignore=tests/browser --ignore=tests/conda
