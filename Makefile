# Everything runs in .venv, made here on first use.
#   make dashboard [PORT=8900]     make lab     make test     make PYTHON=/path/to/python3.12 ...

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
# Without compiled files beside the sources, every process of a test run would compile every library anew.
unexport PYTHONDONTWRITEBYTECODE
BIN := .venv/bin
CANDIDATES := $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python)

# The first interpreter that is new enough, and the first that can also make an environment.
NEW_ENOUGH = $(shell for py in $(CANDIDATES); do \
	"$$py" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$py" && break; done)
USABLE = $(shell for py in $(CANDIDATES); do \
	"$$py" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo "$$py" && break; done)
NO_PYTHON = qpsviz needs Python 3.11 or newer and found none among: $(CANDIDATES). Name one: make PYTHON=/path/to/python3.12
OTHER_PYTHON = .venv holds another version than $(PYTHON): run make clean first
NO_VENV = $(NEW_ENOUGH) has no venv module. On Debian or Ubuntu: apt install python3-venv, then run make again

# uv where there is one (seconds), else pip (a minute): the same pins either way.
define install
@echo "Installing $(1) into .venv (once) ..."
@uv pip install --quiet --python $(BIN)/python --constraint constraints.txt --editable '$(1)' 2>/dev/null \
	|| $(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '$(1)'
endef

.PHONY: help same_python dashboard lab test check quick_models quick_pages lint lint_scripts fuzz bench lock hooks clean

help:
	@echo "make dashboard   open the explorer in a browser (PORT=8900 picks the port)"
	@echo "make lab         open the notebooks in JupyterLab"
	@echo "make test        lint, types, and every test; make lint for the first two; make check for a minute's worth"
	@echo "make bench       measure speed; make fuzz: ten minutes on the frame decoder, then the laws"
	@echo "make lock        resolve constraints.txt anew; make hooks: check every commit; make clean"

dashboard: .venv/.app
	@exec $(BIN)/qpsviz dashboard $(if $(PORT),--port $(PORT))

lab: .venv/.app
	@exec $(BIN)/qpsviz lab $(if $(PORT),--port $(PORT))

test: lint
	@$(BIN)/python -m pytest

# While one works: what is quick, with few examples of each property, beside lint on the other core.
check: .venv/.test
	@$(MAKE) --jobs 2 --output-sync=target lint quick_models quick_pages

PAGE_TESTS := $(addprefix tests/,cli lessons session web widgets)
SLOW_TESTS := $(shell cat tests/slow.txt)
MODEL_TESTS := $(filter-out $(PAGE_TESTS) $(SLOW_TESTS) tests/browser tests/%.txt tests/conftest.py tests/__pycache__,$(wildcard tests/*))
QUICK := HYPOTHESIS_PROFILE=quick $(BIN)/python -m pytest -m "not browser and not slow"

quick_models: .venv/.test
	@$(QUICK) $(MODEL_TESTS)

quick_pages: .venv/.test
	@$(QUICK) $(PAGE_TESTS)

lint: .venv/.test
	@$(BIN)/ruff format --quiet --check --output-format concise .
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo >.venv/imports.log || { cat .venv/imports.log; exit 1; }
	@$(MAKE) lint_scripts

# Types, format and lint of the browser code; the application itself needs neither Node nor what this installs.
lint_scripts:
	@if ! command -v node >/dev/null || ! command -v npm >/dev/null; then \
		echo "Left out: checks of the browser code, because Node or npm was not found (on Debian: apt install nodejs npm)"; \
	elif ! $(MAKE) -s node_modules/.installed 2>/dev/null; then \
		echo "Left out: checks of the browser code, because npm could not install their tools (see package.json)"; \
	else node_modules/.bin/tsc && { node_modules/.bin/biome check --error-on-warnings >node_modules/.biome.log 2>&1 \
		|| { cat node_modules/.biome.log; exit 1; }; }; fi

fuzz: .venv/.test
	$(call install,.[fuzz])
	@$(BIN)/python fuzz/fuzz_frame.py --minutes $(or $(MINUTES),10)
	@HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -m hypothesis

bench: .venv/.test
	@set -e; for file in benchmarks/bench_*.py; do $(BIN)/python "$$file"; done

lock:
	@command -v uv >/dev/null || { $(MAKE) $(BIN)/python && $(BIN)/python -m pip install --quiet uv; }
	@PATH="$(BIN):$$PATH" uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml --output-file constraints.txt

hooks: .venv/.test
	$(call install,.[dev])
	@$(BIN)/pre-commit install
	@$(BIN)/nbstripout --install

clean:
	rm -rf .venv node_modules build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(if $(USABLE),,$(error $(if $(NEW_ENOUGH),$(NO_VENV),$(NO_PYTHON))))
	@"$(USABLE)" -m venv --clear .venv

node_modules/.installed: package.json
	@echo "Installing tools for the browser code into node_modules (once) ..."
	@npm install --silent --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-timeout=30000
	@touch $@

PINS := pyproject.toml constraints.txt $(wildcard qpsviz/serve/jupyter/jupyter_server_config.d/*.json)

# An interpreter named after .venv was made would be ignored without a word.
ifdef PYTHON
same_python: | $(BIN)/python
	@$(if $(shell test "$$($(BIN)/python -V)" = "$$($(PYTHON) -V 2>&1)" && echo same),,$(error $(OTHER_PYTHON)))
else
same_python:
endif

.venv/.app: $(PINS) | $(BIN)/python same_python
	$(call install,.)
	@touch $@

.venv/.test: $(PINS) | $(BIN)/python same_python
	$(call install,.[test])
	@touch .venv/.app $@
