#!/bin/sh
# Sets up .venv in the project's folder from the hashed locks; `make` calls it. By hand: sh tools/setup.sh
set -eu
cd "$(dirname "$0")/.."

fail() { printf 'langfang: %s\n' "$*" >&2; exit 1; }
recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

if [ -n "${PYTHON:-}" ]; then
    recent "$PYTHON" || fail "PYTHON=$PYTHON is not a Python 3.11 or newer ($("$PYTHON" --version 2>&1 || true))"
else
    for PYTHON in python3 python3.14 python3.13 python3.12 python3.11 ''; do
        if [ -n "$PYTHON" ] && recent "$PYTHON"; then break; fi
    done
    [ -n "$PYTHON" ] || fail "needs Python 3.11 or newer, found $(python3 --version 2>&1 || echo none)." \
        "Install one and name it: make PYTHON=/path/to/python3.11 ..."
fi
"$PYTHON" -c 'import ensurepip, venv' 2>/dev/null ||
    fail "$("$PYTHON" --version) cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv"

# Only what was made here is replaced: somebody's own .venv may hold what cannot be had again.
[ ! -e .venv ] || [ -e .venv/.made ] || [ -e .venv/.ready ] ||
    fail ".venv was not made by make and would be replaced. Remove or rename it, or let make have it: touch .venv/.made"

echo "Setting up .venv with $("$PYTHON" --version), once (a minute or less) ..." >&2
"$PYTHON" -m venv --clear .venv
touch .venv/.made
venv=.venv/bin/python
# uv, pinned and hashed like all else, installs several times as fast as pip. A mirror that is set for pip serves it too.
"$venv" -m pip install -q --disable-pip-version-check --no-deps --only-binary :all: --require-hashes -r requirements-uv.txt
index=${PIP_INDEX_URL:-$("$venv" -m pip config get global.index-url 2>/dev/null || true)}
if [ -n "$index" ]; then export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"; fi
# Without byte code every kernel would compile what it imports, each time anew where .venv is read-only.
"$venv" -m uv pip install -q --python "$venv" --no-deps --only-binary :all: --require-hashes \
    --compile-bytecode -r requirements.txt
"$venv" -m uv pip install -q --python "$venv" --no-build-isolation --no-deps -e .
# Up to version 3.12 Python reads .pth files in the locale's encoding: name src from there, without the folder's own name,
# which may be in Chinese.
for pth in .venv/lib/python3*/site-packages/_langfang.pth; do echo ../../../../src > "$pth"; done
pwd > .venv/.ready
