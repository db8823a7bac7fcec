# What readers and contributors run; `make` alone lists it. The first target that is run sets up .venv from the
# hashed lock (again when the lock changes or the folder was moved). Works from elsewhere too: make -C FOLDER rerun
#   PYTHON=…     the Python to build .venv with (3.11 or newer; found by itself where not given)
#   NOTEBOOKS=…  which notebooks to rerun (all)
#   SOURCE=…     your own copy of the article, for `check` and `test`
#   LAB=…        more arguments for JupyterLab; in a container as root: make lab LAB=--allow-root

NOTEBOOKS ?=
PYTHON    ?=
SOURCE    ?= $(LANGFANG_SOURCE)
LAB       ?=
NAME      ?=
FULL      ?=
UPGRADE   ?=

READY := .venv/.ready
PY    := .venv/bin/python
LOCK  := .venv/bin/python -m uv pip compile -q --universal --fork-strategy fewest --generate-hashes --no-annotate \
         --python-version 3.11 --custom-compile-command "make lock" $(UPGRADE)

# Tests and tools that need the article look where SOURCE says; in the repository it is not.
export LANGFANG_SOURCE := $(SOURCE)

# Programs keep their state inside .venv: nobody's own settings, start-up files or kernels reach a run, and a
# home folder that cannot be written is no hindrance.
STATE := $(CURDIR)/.venv/var/langfang
export PYTHON
unexport JUPYTER_PATH MPLBACKEND MATPLOTLIBRC PYTHONSTARTUP PYTHONPATH

# Pixels of a figure are compared where they were made; elsewhere fonts are drawn with other roundings, and the
# digest of the plotted data and the alt text are compared alone.
MASK := $(if $(filter Linux-x86_64,$(shell uname -s -m | tr ' ' '-')),,--nbval-sanitize-with tests/nbval_sanitize.cfg)

UNIT := --doctest-modules src tests $(addprefix --ignore=tests/,browser conda steady)
# The unit tests in two halves for two cores: what draws or runs notebooks, and the rest.
DRAWN := $(wildcard $(patsubst %,tests/test_%.py,charts figures_nbval findings front notebooks pages report rerun security))

.DEFAULT_GOAL := help
.PHONY: help lab rerun check describe front response audit notebook pages lint unit drawn strict strict-1 strict-2 test test-browser bench mutation mutants fuzz steady lowest newest lock font clean

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \2/p' Makefile | awk '{ printf "  make %-13s", $$2; $$1 = $$2 = ""; print }'

lab: $(READY) ## open the notebooks in JupyterLab
	JUPYTER_PREFER_ENV_PATH=1 $(PY) -m jupyter lab --ServerApp.ip=127.0.0.1 --ServerApp.root_dir=. $(LAB) notebooks/00-overview.ipynb

rerun: $(READY) ## execute every notebook and write it back: the same bytes
	$(PY) -m langfang rerun $(NOTEBOOKS)

check: $(READY) ## check the data, fact by fact (SOURCE=article.txt: against the article too)
	$(PY) -m langfang check $(if $(SOURCE),--source "$(SOURCE)")

describe: $(READY) ## after a change of the data that is meant: refresh langfang.csv, .xlsx, glossary.md and the hashes
	$(PY) -m langfang describe
	$(PY) tools/sheets.py

front: .venv/.test ## the README's findings and gallery, from the data and the committed notebooks
	$(PY) tools/front.py

response: .venv/.test ## change every fact: does a notebook that cites it notice?
	$(PY) tests/response.py

audit: $(READY) ## hold the report against itself
	$(PY) -m langfang audit

test unit drawn strict test-browser rerun steady bench pages lowest newest: export MPLCONFIGDIR = $(STATE)/matplotlib
test unit drawn strict test-browser steady bench pages: export IPYTHONDIR = $(STATE)/ipython
test unit drawn strict test-browser steady bench pages: export JUPYTER_CONFIG_DIR = $(STATE)/jupyter/config
test unit drawn strict test-browser steady bench pages: export JUPYTER_DATA_DIR = $(STATE)/jupyter/data
test unit drawn strict test-browser steady bench pages: export JUPYTER_RUNTIME_DIR = $(STATE)/jupyter/runtime
test: .venv/.test ## style, types, unit tests, and every notebook's committed outputs against a fresh run
	@$(MAKE) --no-print-directory -j2 -O -k unit drawn strict lint

unit: .venv/.test
	$(PY) -m pytest $(UNIT) $(addprefix --ignore=,$(DRAWN))

drawn: .venv/.test
	$(PY) -m pytest $(DRAWN)

# Two processes side by side; they are made from `strict`, whose settings they inherit.
BOOKS := $(sort $(wildcard notebooks/[0-9]*.ipynb))
strict: .venv/.test
	@$(MAKE) --no-print-directory -O -k $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2) strict-1 strict-2

strict-1: STRICT = $(wordlist 1,3,$(BOOKS))
strict-2: STRICT = $(filter-out $(wordlist 1,3,$(BOOKS)),$(BOOKS))
strict-1 strict-2: .venv/.test
	$(PY) -m pytest --nbval --nbval-current-env $(MASK) $(STRICT)

lint: .venv/.test ## style, and types as editors see them: library, README, notebooks
	$(PY) -m ruff check
	$(PY) -m pytest -q tests/lint.py

notebook: ## a new notebook from the template: make notebook NAME=07-health
	@case "$(NAME)" in [0-9][0-9]-?*) ;; *) echo "name it: make notebook NAME=07-health" >&2; exit 2;; esac
	@[ ! -e notebooks/$(NAME).ipynb ] || { echo "notebooks/$(NAME).ipynb is already there" >&2; exit 2; }
	cp tools/template.ipynb notebooks/$(NAME).ipynb

pages: .venv/.test ## the notebooks without code, the documents and the API as a site: build/pages
	$(PY) tools/pages.py
	SITE=build/pages $(PY) -m pytest -q tests/test_pages.py

test-browser: .venv/.test .venv/.browser ## what readers see in a real Chromium; what conda and Binder would build
	$(PY) -m pytest $(wildcard tests/browser tests/conda)

bench: .venv/.test ## measure speed and size, into build/bench.json
	$(PY) tools/bench.py $(PARTS)

mutants: .venv/.test ## plant faults in the source: does no test of their floor notice?
	$(PY) tests/planted.py $(FLOORS)

mutation: .venv/.test ## change the data cell by cell: does the check notice?
	$(PY) tests/mutation.py

fuzz: .venv/.test ## feed broken files to the check: a clear error, never a traceback
	HYPOTHESIS_PROFILE=fuzz $(PY) -m pytest -q tests/test_fuzz.py

steady: .venv/.test ## many runs in a row and under odd circumstances
	$(PY) -m pytest tests/steady

# Bytes of notebooks and of the workbook are compared with the locked versions only, and old versions of other
# packages warn about each other.
BYTES := test_second_source.py::test_a_notebook_keeps_its_bytes_with_two_reports \
         test_front.py::test_the_workbook_is_that_of_the_tables
lowest: RESOLUTION = lowest-direct
newest: RESOLUTION = highest
lowest: ## unit tests with the oldest supported versions
newest: ## unit tests with the newest versions there are
lowest newest: $(READY)
	$(PY) -m venv --clear build/$@
	$(PY) -m uv pip install -q --python build/$@/bin/python --resolution $(RESOLUTION) -e '.[notebooks]' --group test --group build
	PYTEST_ADDOPTS="-W default" build/$@/bin/python -m pytest $(UNIT) $(addprefix --deselect=tests/,$(BYTES))

lock: $(READY) ## resolve the locks anew from pyproject.toml (UPGRADE=--upgrade: to newer versions)
	$(LOCK) --extra notebooks --group build --group held pyproject.toml -o requirements.txt
	for group in uv test browser; do \
	    $(LOCK) --group $$group -c requirements.txt -o requirements-$$group.txt || exit; done
	@# environment.yml, for conda, mamba and Binder, keeps its head and takes every pin of the lock
	{ sed '/- pip:$$/q' environment.yml; sed -n 's/^\([a-z0-9].*==[^\]*[^ \]\).*/    - "\1"/p' requirements.txt; \
	    echo '    - -e .'; } > .venv/environment.yml
	mv .venv/environment.yml environment.yml

# Kept are Latin and the characters of GB 2312: 2.5 MB of 10.6. The committed file was cut with fontTools 4.68 from
# version 2.004 as zhplot 1.0.0 on PyPI carries it, under the Open Font License (OFL.txt beside the font).
GB2312 := print(*(bytes([r, p]).decode("gb2312", "ignore") for r in range(0xA1, 0xF8) for p in range(0xA1, 0xFF)), "〇洸•–—−")
font: $(READY) ## cut the Chinese font of the charts anew: make font FULL=NotoSansSC-Regular.ttf
	$(PY) -X utf8 -c '$(GB2312)' > .venv/gb2312.txt
	$(PY) -m fontTools.subset "$(FULL)" --unicodes=20-17F --text-file=.venv/gb2312.txt --no-hinting --name-IDs='*' \
	    --notdef-outline --retain-gids --drop-tables+=BASE,STAT,vhea,vmtx --canonical-order \
	    --output-file=src/langfang/notebook/NotoSansSC-GB2312.ttf

clean: ## remove .venv and everything built
	rm -rf .venv build dist

# A folder that was moved needs a new .venv: the stamp says where it was made.
ifneq ($(shell cat $(READY) 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif
$(READY): requirements.txt requirements-uv.txt pyproject.toml tools/setup.sh
	@sh tools/setup.sh

.venv/.test .venv/.browser: .venv/.%: requirements-%.txt $(READY)
	$(PY) -m uv pip install -q --python $(PY) --no-deps --require-hashes --compile-bytecode -r $<
	@touch $@
